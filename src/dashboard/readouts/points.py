"""The observation points with their visits: what was found, solved and taken over elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from ..knowledge import AsOf
from ..queries import point_visits, points


@dataclass(frozen=True)
class Visit:
    """One visit; None: not said."""

    on: date
    found: int | None
    solved: int | None
    adopted: str
    words: str


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
    def found(self) -> int:
        """Problems found on all visits that said so."""
        return sum(v.found or 0 for v in self.visits)

    @property
    def solved(self) -> int:
        """Problems solved on all visits that said so."""
        return sum(v.solved or 0 for v in self.visits)


def point_list(engine: Engine, as_of: AsOf) -> tuple[PointReadout, ...]:
    """Every point known on the day, the national one first."""
    visits: dict[str, list[Visit]] = {}
    row: Any
    for row in point_visits(engine, as_of).itertuples():
        visit = Visit(row.visited_on, row.found, row.solved, row.adopted, row.words)
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
            lon=row.lon,
            lat=row.lat,
            visits=tuple(visits.get(row.point, ())),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda p: (not p.national, p.point)))
