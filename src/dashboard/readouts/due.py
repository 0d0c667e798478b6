"""When: what falls due in the days to come, and what fell due and is not done.

A day to keep is that of the measure, or of an assignment that has its own. Pure: the list as it was read, a day.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..lights import worst
from .measures import Duty, ListReadout, MeasureReadout, is_open

WINDOWS = (30, 60, 90)


@dataclass(frozen=True)
class FallingDue:
    """One measure and one day on which something of it is due and not done.

    ``days`` are left until then, negative once it has passed; ``movers`` are the organisations that have not
    delivered what is due on this day, in the order of the list, ``light`` the worst of theirs and ``percent`` the
    mean of what they reported, None when none did; ``own``: the day is an assignment's own, not the measure's.
    """

    number: str
    text: str
    due: date
    days: int
    light: str
    percent: float | None
    leads: tuple[str, ...]
    movers: tuple[str, ...]
    own: bool


@dataclass(frozen=True)
class DueReadout:
    """What falls due on ``day`` or later, the nearest first, and what is ``past``, the longest overdue first."""

    day: date
    ahead: tuple[FallingDue, ...]
    past: tuple[FallingDue, ...]

    def within(self, days: int) -> tuple[FallingDue, ...]:
        """What falls due from today, which counts, up to this many days later."""
        return tuple(row for row in self.ahead if row.days <= days)

    def between(self, after: int, upto: int) -> tuple[FallingDue, ...]:
        """What falls due more than ``after`` and at most ``upto`` days from now."""
        return tuple(row for row in self.ahead if after < row.days <= upto)

    @property
    def month_left(self) -> int:
        """Days until the last one of this month."""
        return calendar.monthrange(self.day.year, self.day.month)[1] - self.day.day

    @property
    def this_month(self) -> tuple[FallingDue, ...]:
        """What falls due from today up to the last day of this month."""
        return self.within(self.month_left)

    @property
    def past_this_month(self) -> tuple[FallingDue, ...]:
        """What fell due earlier in this month and is not done."""
        return tuple(row for row in self.past if -row.days < self.day.day)

    def only(self, numbers: Collection[str]) -> DueReadout:
        """The same for these measures."""
        ahead, past = (tuple(r for r in rows if r.number in numbers) for rows in (self.ahead, self.past))
        return DueReadout(self.day, ahead, past)


def count_of(rows: Iterable[FallingDue]) -> int:
    """How many measures these are: one that is due on two days counts once."""
    return len({row.number for row in rows})


def due_of(
    found: ListReadout, leads: Mapping[str, tuple[str, ...]], day: date, organisation: str
) -> DueReadout:
    """What one organisation has to deliver itself, and of the measures that it only leads, what anybody has to."""
    own = {d.number for d in found.duties if d.organisation == organisation}
    led = {number for number, codes in leads.items() if organisation in codes} - own
    duties = tuple(d for d in found.duties if d.organisation == organisation or d.number in led)
    return due_readout(replace(found, duties=duties), leads, day)


def due_readout(found: ListReadout, leads: Mapping[str, tuple[str, ...]], day: date) -> DueReadout:
    """What of the list is due when, as of the day. 长期坚持 never falls due, and what is done no more."""
    groups: dict[tuple[str, date], list[Duty]] = {}
    for duty in found.duties:
        if is_open(duty.due, duty.light) and duty.due is not None:
            groups.setdefault((duty.number, duty.due), []).append(duty)
    rows = [
        _row(measure, leads.get(measure.number, ()), due, own, day)
        for measure in found.measures
        for (number, due), own in groups.items()
        if number == measure.number
    ]
    # Both sorts keep the order of the list among those of one day.
    rows.sort(key=lambda row: row.days)
    ahead = tuple(row for row in rows if row.days >= 0)
    return DueReadout(day, ahead, tuple(row for row in rows if row.days < 0))


def _row(
    measure: MeasureReadout, leads: tuple[str, ...], due: date, duties: Sequence[Duty], day: date
) -> FallingDue:
    said = [d.percent for d in duties if d.percent is not None]
    return FallingDue(
        number=measure.number,
        text=measure.text,
        due=due,
        days=(due - day).days,
        light=worst([d.light for d in duties])[0],
        percent=sum(said) / len(said) if said else None,
        leads=leads,
        movers=tuple(d.organisation for d in duties),
        own=due != measure.due,
    )
