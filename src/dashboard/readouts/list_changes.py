"""What is another in the list on two days: editions, measures, dates, who leads and who answers.

Both sides are compared as they were known on their days, whatever the edition is called: one that is imported
again under its name changes as much as a new one. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .measures import ListReadout, MeasureReadout


@dataclass(frozen=True)
class Redated:
    """A measure, or the assignment of one ``organisation`` ("": the measure), with another day; ``what``: start, due.

    ``before`` and ``after`` None: no day, as of what is kept up for good.
    """

    number: str
    organisation: str
    what: str
    before: date | None
    after: date | None


@dataclass(frozen=True)
class Reassigned:
    """Who came to a measure and who went, in the ``role`` lead or responsible."""

    number: str
    role: str
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True)
class ListChange:
    """The list on two days: measures are compared by number only where their sentence is the same.

    ``since`` is the day from which the later edition holds, None: the same edition with other words.
    ``reworded`` numbers stand for another measure now. ``official``: it was not the official list and is now;
    ``unofficial``: the later one is not.
    """

    before: str
    after: str
    since: date | None
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    redated: tuple[Redated, ...] = ()
    reassigned: tuple[Reassigned, ...] = ()
    official: bool = False
    unofficial: bool = False

    @property
    def same_measures(self) -> bool:
        """Whether what is counted on both days are the same measures of one edition."""
        return self.since is None and not (self.new or self.gone or self.reworded)


def list_change(before: ListReadout, after: ListReadout) -> ListChange | None:
    """How the later list differs; None when it does not."""
    was, is_ = ({m.number: m for m in listed.measures} for listed in (before, after))
    both = [n for n in is_ if n in was]
    same = [n for n in both if was[n].text == is_[n].text]
    change = ListChange(
        before=before.title,
        after=after.title,
        since=None if before.list_version == after.list_version else after.start,
        new=tuple(n for n in is_ if n not in was),
        gone=tuple(n for n in was if n not in is_),
        reworded=tuple(n for n in both if was[n].text != is_[n].text),
        redated=tuple(_redated(before, after, was, is_, same)),
        reassigned=tuple(_reassigned(before, after, was, is_, same)),
        official=after.official and not before.official,
        unofficial=not after.official,
    )
    nothing = ListChange(before.title, after.title, None, unofficial=not after.official)
    return None if change == nothing and before.title == after.title else change


Measures = Mapping[str, MeasureReadout]


def _redated(
    before: ListReadout, after: ListReadout, was: Measures, is_: Measures, numbers: list[str]
) -> Iterator[Redated]:
    """Of every measure its own days, then the days of those who answer for it where they moved otherwise."""
    own_then, own_now = _own_dues(before), _own_dues(after)
    for number in numbers:
        then, now = was[number], is_[number]
        if then.start != now.start:
            yield Redated(number, "", "start", then.start, now.start)
        if then.due != now.due:
            yield Redated(number, "", "due", then.due, now.due)
        for organisation, due in own_now.get(number, {}).items():
            known = own_then.get(number, {}).get(organisation, due)
            if known != due and (known, due) != (then.due, now.due):
                yield Redated(number, organisation, "due", known, due)


def _reassigned(
    before: ListReadout, after: ListReadout, was: Measures, is_: Measures, numbers: list[str]
) -> Iterator[Reassigned]:
    answering_then, answering_now = _own_dues(before), _own_dues(after)
    for number in numbers:
        pairs = (
            ("lead", was[number].leads, is_[number].leads),
            ("responsible", tuple(answering_then.get(number, ())), tuple(answering_now.get(number, ()))),
        )
        for role, then, now in pairs:
            if set(then) != set(now):
                came = tuple(o for o in now if o not in then)
                yield Reassigned(number, role, came, tuple(o for o in then if o not in now))


def _own_dues(listed: ListReadout) -> Mapping[str, Mapping[str, date | None]]:
    found: dict[str, dict[str, date | None]] = {}
    for duty in listed.duties:
        found.setdefault(duty.number, {})[duty.organisation] = duty.due
    return found
