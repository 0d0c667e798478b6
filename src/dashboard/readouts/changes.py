"""What moved between two days: lights, completions, corrections, first returns and silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from ..catalogue import LightRule
from ..knowledge import AsOf
from ..lights import SEVERITY
from ..queries import returns
from .measures import ListReadout, MeasureReadout, list_readout

KINDS = ("reopened", "worse", "silent", "completed", "better", "first")


@dataclass(frozen=True)
class Move:
    """A measure whose light changed; ``kind`` is one of KINDS, the most important first."""

    kind: str
    measure: MeasureReadout
    before: str
    after: str


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
    before = list_readout(engine, AsOf(since, as_of.seq), rules)
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


def by_organisation(frame: pd.DataFrame) -> list[tuple[str, int]]:
    """How many returns each organisation handed in, most first."""
    counts: Any = frame["organisation"].value_counts()
    return [(str(code), int(count)) for code, count in counts.items()]
