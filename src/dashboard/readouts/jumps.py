"""Figures whose latest change is out of the ordinary: outside median ± 3 MAD of the changes before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import Engine

from .. import formulas
from ..catalogue import CITY, Catalogue
from ..formulas import Quantity, UsualRange
from ..interval import came_in, courses
from ..knowledge import AsOf
from ..periods import GRAINS, Period, of, previous
from ..queries import definition_changes
from .readings import Definition

# Twelve changes and the one that is judged, a year's restart and a year of gaps.
_LOOKED_BACK = 27
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Jump:
    """A figure that came in beside its usual changes; outside of them it is to be checked, which is no accusation.

    ``change`` is that from ``before``, the period just before it, of the same grain.
    """

    definition: Definition
    organisation: str
    period: Period
    value: Quantity
    before: Quantity
    change: float
    usual: UsualRange
    outside: bool

    @property
    def distance(self) -> float:
        """How many MAD the change lies off the median; 0 where MAD is 0, so that nothing can be said of it."""
        return abs(self.change - self.usual.median) / self.usual.spread if self.usual.spread else 0.0


@dataclass(frozen=True)
class Jumps:
    """What is out of the ordinary, the furthest off first; how many figures could be judged, of how many that came in."""

    found: tuple[Jump, ...]
    judged: int
    new: int


def jumps(
    engine: Engine, as_of: AsOf, since: date, catalogue: Catalogue, known: Mapping[str, Definition]
) -> Jumps:
    """Figures of the city and its units that became known after ``since``: of each the newest is judged."""
    codes = [CITY, *(u.code for u in catalogue.units)]
    places = {code: place for place, code in enumerate(codes)}
    new = [told for told in came_in(engine, as_of, since) if told[1] in places]
    changed = definition_changes(engine, as_of)
    redefined = {str(name): list(group["valid_from"]) for name, group in changed.groupby("indicator")}
    judged = [
        one
        for grain in GRAINS
        if grain != "day"  # days are those of newspapers: none is the one after another
        for one in _of_grain(engine, as_of, since, grain, new, known, redefined)
    ]
    found = [jump for jump in judged if jump.outside]
    found.sort(key=lambda j: (-j.distance, places[j.organisation], j.definition.indicator))
    return Jumps(tuple(found), len(judged), len(new))


def _of_grain(
    engine: Engine,
    as_of: AsOf,
    since: date,
    grain: str,
    new: Sequence[tuple[str, str, str, date]],
    known: Mapping[str, Definition],
    redefined: Mapping[str, Sequence[date]],
) -> list[Jump]:
    judged = {(i, o): end for i, o, g, end in new if g == grain and i in known}
    if not judged:
        return []
    first = previous(of(grain, min(judged.values())), _LOOKED_BACK).start
    indicators, organisations = {i for i, _ in judged}, {o for _, o in judged}
    told = courses(engine, as_of, grain, indicators, organisations, first)
    found = []
    for (indicator, organisation), end in judged.items():
        course = told.get((indicator, organisation), [])
        if course and course[-1][0].end == end and course[-1][2] > since:
            points = [(period, value) for period, value, _ in course]
            jump = _judged(known[indicator], organisation, points, redefined.get(indicator, ()))
            found += [jump] if jump else []
    return found


def _judged(
    definition: Definition,
    organisation: str,
    points: Sequence[tuple[Period, Quantity]],
    redefined: Sequence[date],
) -> Jump | None:
    """The last of these figures beside its usual changes; None when it cannot be judged."""
    if len(points) < 2 or not _follows(definition, points[-2][0], points[-1][0], redefined):
        return None
    changes = course_changes(definition, points[-_LOOKED_BACK:], redefined)
    *earlier, change = changes
    usual = formulas.usual_range(earlier)
    if usual is None:
        return None
    (_, before), (period, value) = points[-2:]
    outside = formulas.outlier(earlier, change) is not None
    return Jump(definition, organisation, period, value, before, change, usual, outside)


def course_changes(
    definition: Definition, points: Sequence[tuple[Period, Quantity]], redefined: Sequence[date]
) -> list[float]:
    """The changes from each period to the one just after it, oldest first; a gap or a restart is none."""
    pairs = pairwise(points)
    return [
        change
        for (before, was), (after, is_) in pairs
        if _follows(definition, before, after, redefined)
        and (change := formulas.change(is_, was)) is not None
    ]


def _follows(definition: Definition, before: Period, after: Period, redefined: Sequence[date]) -> bool:
    """Whether the difference of two periods is a change: next to each other, one year's count, one definition."""
    if before.end + _A_DAY != after.start or any(before.end < day <= after.end for day in redefined):
        return False
    return definition.since != "year" or before.end.year == after.end.year
