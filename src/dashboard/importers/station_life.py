"""The life line of a station against what a ledger says of it: steps added, days amended, nothing else. Pure.

A life is a sequence of (event, day) in order of days; of two on one day the later step of the line comes last.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .station_cells import STATE_WORDS

ORDER = {state: at for at, state in enumerate(STATE_WORDS)}
WORD = {state: words[0] for state, words in STATE_WORDS.items()}

Step = tuple[str, date]
Life = tuple[Step, ...]

# What ends the time in which a step of this kind can be told only once.
_ENDED_BY = {
    "planned": (),
    "built": (),
    "opened": ("suspended", "closed"),
    "suspended": ("opened",),
    "closed": ("opened",),
}


def in_order(life: Sequence[Step]) -> Life:
    """By day, and on one day by the order of a life line."""
    return tuple(sorted(life, key=lambda step: (step[1], ORDER[step[0]])))


def reached(life: Sequence[Step]) -> Step | None:
    """The last step; None for an empty life."""
    return in_order(life)[-1] if life else None


def is_closed(life: Life) -> bool:
    """Whether it is gone for good."""
    last = reached(life)
    return last is not None and last[0] == "closed"


@dataclass(frozen=True)
class Amended:
    """A life with what a ledger said of it; ``moved`` are steps that got another day: event, before, now."""

    life: Life
    moved: tuple[tuple[str, date, date], ...]


def amended(known: Life, told: Sequence[Step]) -> Amended:
    """The known life with the dated steps of a ledger: those it has already change nothing.

    A step on another day amends the one that was known, unless something lies between that makes it a second one:
    what was shut may open again.
    """
    life, moved = list(known), []
    for event, on in in_order(told):
        if (event, on) in life:
            continue
        was = _the_same_step(life, (event, on), told)
        if was is not None:
            life.remove((event, was))
            moved.append((event, was, on))
        life.append((event, on))
    return Amended(in_order(life), tuple(moved))


def _the_same_step(life: Sequence[Step], step: Step, told: Sequence[Step]) -> date | None:
    """The day on which this step was known before; None when it is a step of its own."""
    event, on = step
    ends = [day for other, day in life if other in _ENDED_BY[event]]
    for other, day in reversed(in_order(life)):
        if other != event or (other, day) in told:
            continue
        first, last = min(day, on), max(day, on)
        if not any(first <= end <= last for end in ends):
            return day
    return None


def brought_to(life: Life, state: str, on: date) -> Life:
    """The life with this state reached on the day; of the same day a later step is taken back first."""
    kept = [step for step in life if not (step[1] == on and ORDER[step[0]] > ORDER[state])]
    last = reached(kept)
    return in_order(kept if last and last[0] == state else [*kept, (state, on)])


def out_of_order(life: Life) -> tuple[Step, Step] | None:
    """Of 计划, 建成 and the first 开放 the first that stands before an earlier one, and that one; None: all is well."""
    first = {event: day for event, day in reversed(life)}
    line = [(event, first[event]) for event in ("planned", "built", "opened") if event in first]
    return next(((b, a) for a, b in itertools.pairwise(line) if b[1] < a[1]), None)
