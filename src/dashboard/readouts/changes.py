"""What moved between two days: lights and completions of measures, figures of the city, what came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from .. import formulas
from ..catalogue import Catalogue, LightRule
from ..knowledge import AsOf
from ..lights import SEVERITY
from ..queries import definition_changes, returns
from .cards import Card, cards
from .measures import ListReadout, MeasureReadout, list_readout
from .readings import Definition

KINDS = ("reopened", "worse", "silent", "completed", "better", "first")


@dataclass(frozen=True)
class Move:
    """A measure whose light changed; ``kind`` is one of KINDS, the most important first."""

    kind: str
    measure: MeasureReadout
    before: str
    after: str


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
    """

    since: date
    until: date
    moves: tuple[Move, ...] | None
    returned: pd.DataFrame
    done_before: int | None
    done_after: int | None


def changes(engine: Engine, as_of: AsOf, since: date, rules: Sequence[LightRule]) -> Changes:
    """Compare what was known on ``since`` with what is known on the day of ``as_of``."""
    before = list_readout(engine, replace(as_of, day=since), rules)
    after = list_readout(engine, as_of, rules)
    new = returns(engine, as_of)
    new = new[(new["known_on"] > since) & (new["kind"] != "catalogue")]
    return Changes(
        since=since,
        until=as_of.day,
        moves=_moves(before, after),
        returned=new.reset_index(drop=True),
        done_before=_done(before),
        done_after=_done(after),
    )


def _done(found: ListReadout | None) -> int | None:
    """How many measures are done; None while nobody has reported: that is not nought."""
    return None if found is None or found.silent else found.whole.done


def _moves(before: ListReadout | None, after: ListReadout | None) -> tuple[Move, ...] | None:
    if before is None or after is None:
        return None
    lights = {m.number: m.light for m in before.measures}
    moved = [
        Move(_kind(lights[m.number], m.light), m, lights[m.number], m.light)
        for m in after.measures
        if m.number in lights and lights[m.number] != m.light
    ]
    return tuple(sorted(moved, key=lambda move: (KINDS.index(move.kind), move.measure.rank)))


def _kind(before: str, after: str) -> str:
    if before == "done":
        return "reopened"
    if after == "done":
        return "completed"
    if after == "not_reported":
        return "silent"
    if before == "not_reported":
        return "first"
    return "worse" if SEVERITY.index(after) < SEVERITY.index(before) else "better"


def figure_moves(
    engine: Engine, as_of: AsOf, since: date, catalogue: Catalogue, known: Mapping[str, Definition]
) -> tuple[FigureMove, ...]:
    """The overview's figures on both days, in their order; one nobody knew on either day is left out."""
    before = {c.definition.indicator: c for c in cards(engine, replace(as_of, day=since), catalogue, known)}
    changed = definition_changes(engine, as_of)
    redefined = {str(name): set(group["valid_from"]) for name, group in changed.groupby("indicator")}
    pairs = [(before[c.definition.indicator], c) for c in cards(engine, as_of, catalogue, known)]
    return tuple(
        _figure_move(then, now, redefined.get(now.definition.indicator, set()))
        for then, now in pairs
        if then.period is not None or now.period is not None
    )


def _figure_move(before: Card, after: Card, redefined: set[date]) -> FigureMove:
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
