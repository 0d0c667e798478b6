"""What moved between two days: lights and completions of measures, who returns, figures of the city, what came in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from .. import formulas
from ..catalogue import Catalogue
from ..interval import returned
from ..knowledge import AsOf
from ..lights import SEVERITY
from ..queries import list_in_force
from ..returning import last_due_period_end
from .amendments import Correction, corrections
from .cards import Card
from .list_changes import ListChange, list_change
from .measures import Duty, ListReadout, MeasureReadout
from .readings import Definition
from .returned import Returning

KINDS = ("reopened", "worse", "silent", "corrected", "completed", "better", "first", "begun")


@dataclass(frozen=True)
class Move:
    """A measure whose light changed; ``kind`` is one of KINDS, the most important first.

    ``corrected``: what was said of it earlier was told otherwise as well, which is listed beside the moves.
    ``redated``: its days were moved as well, which may be all that changed the light.
    """

    kind: str
    measure: MeasureReadout
    before: str
    after: str
    corrected: bool = False
    redated: bool = False


@dataclass(frozen=True)
class Turn:
    """An organisation that returns again, or no more; ``kinds`` of what: readings, progress."""

    organisation: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class FigureMove:
    """A figure of the city as it was known on two days, each card with its own period, qualifier and coverage.

    ``change`` is taken over the ``organisations`` that reported both periods, or between two published
    figures; None: 不可比, ``why``.
    """

    before: Card
    after: Card
    change: float | None
    organisations: int
    why: str = ""

    @property
    def definition(self) -> Definition:
        """The indicator, as it is defined on the later day."""
        return self.after.definition


@dataclass(frozen=True)
class Changes:
    """Everything that moved after ``since`` up to ``until``.

    ``moves`` None: no list on one of the days; ``done_before`` and ``done_after`` None: nobody had reported.
    ``nobody_then``: there was a list on the first day and nobody had reported on it, so that nothing can have got
    worse since: moves are what was completed or reported for the first time. ``nobody_now``: the list of the later
    day is a new one on which nobody has reported, so that there is nothing to compare and no moves.
    ``new_list`` None: the same list on both days. ``resumed`` were silent for the last month due on the first
    day and are not on the later one, ``fell_silent`` the other way round; both in official order. ``texts``
    are the sentences of the measures by list version and number; ``anybody``: on one of the days somebody was not silent.
    """

    since: date
    until: date
    moves: tuple[Move, ...] | None
    returned: pd.DataFrame
    done_before: int | None
    done_after: int | None
    corrections: tuple[Correction, ...] = ()
    new_list: ListChange | None = None
    resumed: tuple[Turn, ...] = ()
    fell_silent: tuple[Turn, ...] = ()
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    anybody: bool = True
    nobody_then: bool = False
    nobody_now: bool = False


@dataclass(frozen=True)
class Side:
    """What was known on one of the two days: the list in force, since when it holds, and who had returned."""

    listed: ListReadout | None
    list_from: date | None
    returning: Returning
    day: date


def side(engine: Engine, as_of: AsOf, listed: ListReadout | None, told: Returning) -> Side:
    """One of the two days, of answers that other pages ask for as well."""
    version: Any = list_in_force(engine, as_of)
    return Side(listed, None if version is None else version["valid_from"], told, as_of.day)


def changes(engine: Engine, as_of: AsOf, catalogue: Catalogue, then: Side, now: Side) -> Changes:
    """Compare what was known on the day of ``then`` with what is known on that of ``as_of``, which is ``now``."""
    order = catalogue.official_order
    corrected = corrections(engine, as_of, then.day, order)
    silent_then, silent_now = _silences(then), _silences(now)
    new_list = _list_change(then, now)
    return Changes(
        since=then.day,
        until=as_of.day,
        moves=_moves(then.listed, now.listed, {c.number for c in corrected}, _moved_days(new_list)),
        returned=returned(engine, as_of, then.day),
        done_before=_done(then.listed),
        done_after=_done(now.listed),
        corrections=corrected,
        new_list=new_list,
        resumed=_turns(silent_then, silent_now, order),
        fell_silent=_turns(silent_now, silent_then, order),
        texts={
            (listed.list_version, m.number): m.text
            for listed in (then.listed, now.listed)
            if listed
            for m in listed.measures
        },
        anybody=not all((*silent_then.values(), *silent_now.values())),
        nobody_then=then.listed is not None and then.listed.silent,
        nobody_now=_unspoken(then.listed, now.listed),
    )


def _done(found: ListReadout | None) -> int | None:
    """How many measures are done; None while nobody has reported: that is not nought."""
    return None if found is None or found.silent else found.whole.done


# --- measures ---------------------------------------------------------------------------------------


def _unspoken(before: ListReadout | None, after: ListReadout | None) -> bool:
    """Whether a list on which somebody had reported gave way to one on which nobody has."""
    if before is None or after is None or before.list_version == after.list_version:
        return False
    return after.silent and not before.silent


def _moved_days(change: ListChange | None) -> Collection[str]:
    return {r.number for r in change.redated} if change else ()


def _moves(
    before: ListReadout | None,
    after: ListReadout | None,
    corrected: Collection[str],
    redated: Collection[str],
) -> tuple[Move, ...] | None:
    if before is None or after is None:
        return None
    was = {m.number: m for m in before.measures}
    pairs = [(was[m.number], m) for m in after.measures if m.number in was and was[m.number].text == m.text]
    if _unspoken(before, after):
        return ()
    kinds = _first_kinds(after) if before.silent else _kinds(pairs)
    moved = [
        Move(kinds[m.number], m, old.light, m.light, m.number in corrected, m.number in redated)
        for old, m in pairs
        if m.number in kinds
    ]
    return tuple(sorted(moved, key=lambda move: (KINDS.index(move.kind), move.measure.rank)))


def _kinds(pairs: Sequence[tuple[MeasureReadout, MeasureReadout]]) -> Mapping[str, str]:
    """What happened to each measure whose light changed, by number."""
    return {new.number: move_kind(old.light, new.light) for old, new in pairs if old.light != new.light}


def _first_kinds(after: ListReadout) -> Mapping[str, str]:
    """Where nobody had reported there was no light to get worse: completed, or reported for the first time."""
    told = {d.number for d in after.duties if d.period is not None}
    return {
        m.number: "completed" if m.light == "done" else "first" for m in after.measures if m.number in told
    }


def move_kind(before: str, after: str) -> str:
    """What the way from one light to another is called, one of KINDS.

    A silent measure whose due day passed got worse and reported nothing: silence alone can end so.
    """
    if before == "done":
        return "reopened"
    if after == "done":
        return "completed"
    if after == "not_reported":
        return "silent"
    if before == "not_started" and after in ("on_track", "standing"):
        return "begun"  # its first day came, which is no merit
    if before == "not_reported" and after != "overdue":
        return "first"
    return "worse" if SEVERITY.index(after) < SEVERITY.index(before) else "better"


def _list_change(then: Side, now: Side) -> ListChange | None:
    """None when the same list holds on both days, or on one of them there is none."""
    if then.listed is None or now.listed is None:
        return None
    return list_change(then.listed, now.listed)


# --- who returns ------------------------------------------------------------------------------------

Silences = Mapping[tuple[str, str], bool]


def _silences(side: Side) -> Silences:
    """Who is silent for the last month due, by organisation and kind; whoever owes nothing is not in it."""
    units = side.returning.units
    told = {(u.code, "readings"): u.state == "silent" for u in units if u.state != "before"}
    return told | {(code, "progress"): silent for code, silent in _mute(side)}


def _mute(side: Side) -> Iterator[tuple[str, bool]]:
    """Of each organisation with a measure still open, whether nothing was said of any of them for that month."""
    due = last_due_period_end(side.day)
    if side.listed is None or side.list_from is None or due < side.list_from:
        return
    duties: dict[str, list[Duty]] = {}
    for duty in side.listed.duties:
        duties.setdefault(duty.organisation, []).append(duty)
    for code, own in duties.items():
        if any(d.light != "done" for d in own):
            yield code, not any(d.period and d.period.end >= due for d in own)


def _turns(silent: Silences, spoke: Silences, order: Sequence[str]) -> tuple[Turn, ...]:
    """Who is silent in the one and is not in the other."""
    turned: dict[str, list[str]] = {}
    for (code, kind), mute in silent.items():
        if mute and spoke.get((code, kind)) is False:
            turned.setdefault(code, []).append(kind)
    return tuple(Turn(code, tuple(turned[code])) for code in order if code in turned)


# --- figures ----------------------------------------------------------------------------------------


def figure_moves(
    then: Sequence[Card], now: Sequence[Card], redefined: Mapping[str, Collection[date]]
) -> tuple[FigureMove, ...]:
    """The overview's figures on both days, in their order; one nobody knew on either day is left out.

    ``redefined`` are the days on which the definition of an indicator changed.
    """
    before = {c.definition.indicator: c for c in then}
    pairs = [(before[c.definition.indicator], c) for c in now]
    return tuple(
        _figure_move(one, other, redefined.get(other.definition.indicator, ()))
        for one, other in pairs
        if one.period is not None or other.period is not None
    )


def _figure_move(before: Card, after: Card, redefined: Collection[date]) -> FigureMove:
    """By the rules of design section 8: the same reporters, = figures, one definition, one year."""
    if before.period is None or after.period is None:
        return FigureMove(before, after, None, 0, "当时没有数" if after.period else "现在没有数")
    if any(before.period.end < day <= after.period.end for day in redefined):
        return FigureMove(before, after, None, 0, "口径有变化")
    if before.value.basis == "published" == after.value.basis:
        change = formulas.change(after.value.quantity, before.value.quantity)
        return FigureMove(before, after, change, 0, "" if change is not None else "公开的不是确数")
    if after.definition.since == "year" and before.period.end.year != after.period.end.year:
        return FigureMove(before, after, None, 0, "年初重新累计")
    pairs = [(q, before.parts[code]) for code, q in after.parts.items() if code in before.parts]
    change, organisations = formulas.paired_change(pairs)
    why = "" if change is not None else "有单位报的不是确数" if organisations else "没有两期都报的单位"
    return FigureMove(before, after, change, organisations, why)


def by_organisation(frame: pd.DataFrame, order: Sequence[str]) -> list[tuple[str, int]]:
    """How many returns each organisation handed in, in the official ``order``: nobody is ranked."""
    counts: Any = frame["organisation"].value_counts()
    return [(code, int(counts[code])) for code in order if code in counts]
