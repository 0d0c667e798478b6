"""The observation points with their visits: what was found, solved and taken over elsewhere.

A visit that says nothing of a figure adds nothing to it; a point of which no visit says one has none. What share was
solved, and what is still open, is asked of a point's whole record, since a visit solves what earlier ones found: where
some visits tell only what they found, the share is a lower bound; where some tell only what they solved, or more was
solved by any day than is known to have been found, there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from ..knowledge import AsOf
from ..queries import point_visits, points

LONG_AGO_DAYS = 60


@dataclass(frozen=True)
class Visit:
    """One visit; None: not said."""

    on: date
    found: int | None
    solved: int | None
    adopted: str
    words: str


@dataclass(frozen=True)
class Solved:
    """Found and solved, added up; ``told`` of ``of`` visits say both, or points have a balance.

    ``at_least``: some visits say only what they found, so more may be solved. ``known`` is False where some say only
    what they solved, or more was solved by some day than was known to be found: then what was found is not known.
    """

    found: int
    solved: int
    told: int
    of: int
    at_least: bool = False
    known: bool = True

    @property
    def open(self) -> int | None:
        """Found and not solved, with ``at_least`` at most that many; None when that is not known."""
        return self.found - self.solved if self.known else None

    @property
    def share(self) -> float | None:
        """Solved of found, at most 1; None when nothing was found, or not all of it is known."""
        return self.solved / self.found if self.found and self.known else None


@dataclass(frozen=True)
class PointReadout:
    """One point and its visits, newest first."""

    point: str
    name: str
    unit: str
    town: str
    national: bool
    tests: str
    measures: tuple[str, ...]
    lon: float | None
    lat: float | None
    visits: tuple[Visit, ...]

    @property
    def found(self) -> int | None:
        """Problems found on all visits that said so."""
        return _sum(v.found for v in self.visits)

    @property
    def solved(self) -> int | None:
        """Problems solved on all visits that said so."""
        return _sum(v.solved for v in self.visits)

    @property
    def balance(self) -> Solved | None:
        """Found and solved over all visits; None when none says the one, or none the other."""
        return _balance(self.visits)

    @property
    def located(self) -> bool:
        """Whether it can stand on a map."""
        return self.lon is not None and self.lat is not None

    @property
    def every_days(self) -> float | None:
        """Days from one visit to the next, on average; None before the second."""
        if len(self.visits) < 2:
            return None
        return (self.visits[0].on - self.visits[-1].on).days / (len(self.visits) - 1)

    @property
    def adopted(self) -> tuple[Visit, ...]:
        """The visits after which something was taken over elsewhere, newest first."""
        return tuple(v for v in self.visits if v.adopted)

    def days_since(self, day: date) -> int | None:
        """Days from the last visit to ``day``; None when there was none."""
        return (day - self.visits[0].on).days if self.visits else None

    def long_ago(self, day: date) -> bool:
        """Whether the last visit is more than sixty days ago; without any visit nothing is known of it: False."""
        since = self.days_since(day)
        return since is not None and since > LONG_AGO_DAYS


@dataclass(frozen=True)
class Visited:
    """All points together; ``found`` None: no visit says; ``balance``: over the points whose own is known, None when none is.

    ``long_ago`` were visited, but not within sixty days; of ``unvisited`` there is no visit at all.
    """

    points: int
    national: int
    units: int
    long_ago: tuple[PointReadout, ...]
    unvisited: tuple[PointReadout, ...]
    visits: int
    first: date | None
    last: date | None
    found: int | None
    balance: Solved | None
    adopted: tuple[tuple[PointReadout, Visit], ...]
    unlocated: int


def _sum(parts: Iterable[int | None]) -> int | None:
    said = [part for part in parts if part is not None]
    return sum(said) if said else None


def _balance(visits: Sequence[Visit]) -> Solved | None:
    found, solved = _sum(v.found for v in visits), _sum(v.solved for v in visits)
    if found is None or solved is None:
        return None
    return Solved(
        found,
        solved,
        told=sum(v.found is not None and v.solved is not None for v in visits),
        of=len(visits),
        at_least=any(v.solved is None and v.found is not None for v in visits),
        known=_never_oversolved(visits),
    )


def _never_oversolved(visits: Sequence[Visit]) -> bool:
    """Whether, by every day, all that was solved is known to have been found, and no visit hides what it found."""
    left = 0
    for visit in _in_time(visits):
        if visit.found is None and visit.solved is not None:
            return False
        left += (visit.found or 0) - (visit.solved or 0)
        if left < 0:
            return False
    return True


def _balance_of_all(every: Sequence[PointReadout]) -> Solved | None:
    own = [p.balance for p in every]
    known = [b for b in own if b is not None and b.known]
    if not known:
        return None
    return Solved(
        sum(b.found for b in known),
        sum(b.solved for b in known),
        told=len(known),
        of=sum(p.found is not None or p.solved is not None for p in every),
        at_least=any(b.at_least for b in known),
    )


def open_through(visits: Sequence[Visit]) -> list[tuple[Visit, int | None]]:
    """The visits in the order of time, each with the problems open after it: all found less all solved so far.

    None after a visit that says neither: how many are open then is not known. None from the first visit on that says
    only one of the two, or by which more was solved than is known to have been found.
    """
    told: list[tuple[Visit, int | None]] = []
    left: int | None = 0
    for visit in _in_time(visits):
        if visit.found is None and visit.solved is None:
            told.append((visit, None))
            continue
        left = _left(left, visit)
        told.append((visit, left))
    return told


def _left(before: int | None, visit: Visit) -> int | None:
    if before is None or visit.found is None or visit.solved is None:
        return None
    after = before + visit.found - visit.solved
    return after if after >= 0 else None


def _in_time(visits: Sequence[Visit]) -> list[Visit]:
    return sorted(visits, key=lambda v: v.on)


def point_list(engine: Engine, as_of: AsOf) -> tuple[PointReadout, ...]:
    """Every point known on the day, the national one first."""
    visits: dict[str, list[Visit]] = {}
    row: Any
    for row in point_visits(engine, as_of).itertuples():
        visit = Visit(row.visited_on, _count(row.found), _count(row.solved), row.adopted, row.words)
        visits.setdefault(row.point, []).append(visit)
    rows: list[Any] = list(points(engine, as_of).itertuples())
    found = [
        PointReadout(
            point=row.point,
            name=row.name,
            unit=row.unit,
            town=row.town,
            national=bool(row.national),
            tests=row.tests,
            measures=tuple(row.measures),
            lon=_number(row.lon),
            lat=_number(row.lat),
            visits=tuple(visits.get(row.point, ())),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda p: (not p.national, p.point)))


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)  # noqa: PLR0124, NaN is not itself


def _count(value: float | None) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def visited(every: Sequence[PointReadout], day: date) -> Visited:
    """All points counted, with those nobody has visited for long and what was taken over, newest first."""
    days = [v.on for p in every for v in p.visits]
    adopted = [(p, v) for p in every for v in p.adopted]
    return Visited(
        points=len(every),
        national=sum(p.national for p in every),
        units=len({p.unit for p in every}),
        long_ago=tuple(p for p in every if p.long_ago(day)),
        unvisited=tuple(p for p in every if not p.visits),
        visits=len(days),
        first=min(days, default=None),
        last=max(days, default=None),
        found=_sum(p.found for p in every),
        balance=_balance_of_all(every),
        unlocated=sum(not p.located for p in every),
        adopted=tuple(sorted(adopted, key=lambda pair: pair[1].on, reverse=True)),
    )
