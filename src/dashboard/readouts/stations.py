"""Stations as of the day: where they are, in which state, how many are open by unit and town."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from ..catalogue import Catalogue
from ..formulas import Quantity, ratio
from ..knowledge import AsOf
from ..queries import station_events, stations
from .readings import PER, people

ALL_DAY = "00:00-24:00"


@dataclass(frozen=True)
class StationReadout:
    """One station; ``lon`` and ``lat`` None: counted and listed, but nobody knows where it stands."""

    station: str
    name: str
    kind: str
    unit: str
    town: str
    address: str
    lon: float | None
    lat: float | None
    services: tuple[str, ...]
    hours: str
    operator: str
    state: str
    since: date | None
    checked_on: date | None


@dataclass(frozen=True)
class UnitStations:
    """A unit's stations: those open count, the others are named by state."""

    code: str
    name: str
    open: int
    others: int
    unlocated: int
    per_10k: Quantity
    towns: int
    towns_without: tuple[str, ...]


def station_list(engine: Engine, as_of: AsOf) -> tuple[StationReadout, ...]:
    """Every station known on the day."""
    rows: list[Any] = list(stations(engine, as_of).itertuples())
    return tuple(
        StationReadout(
            station=row.station,
            name=row.name,
            kind=row.kind,
            unit=row.unit,
            town=row.town,
            address=row.address,
            lon=_number(row.lon),
            lat=_number(row.lat),
            services=tuple(row.services.split()),
            hours=row.hours,
            operator=row.operator,
            state=row.state or "planned",
            since=row.state_since,
            checked_on=row.checked_on,
        )
        for row in rows
    )


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)  # noqa: PLR0124, NaN is not itself


def chosen(
    every: Sequence[StationReadout], *, unit: str = "", town: str = "", state: str = "", service: str = ""
) -> tuple[StationReadout, ...]:
    """Those that meet every filter; ``service`` may also be 24小时."""
    return tuple(
        s
        for s in every
        if (not unit or s.unit == unit)
        and (not town or s.town == town)
        and (not state or s.state == state)
        and (not service or service in s.services or (service == "24小时" and s.hours == ALL_DAY))
    )


def by_unit(
    engine: Engine, as_of: AsOf, catalogue: Catalogue, every: Sequence[StationReadout]
) -> tuple[UnitStations, ...]:
    """Counts of the 13; only stations open on the day count."""
    codes = [u.code for u in catalogue.units]
    residents = people(engine, as_of, codes)
    return tuple(
        _unit(code, catalogue, [s for s in every if s.unit == code], residents.quantity(code, as_of.day))
        for code in codes
    )


def _unit(
    code: str, catalogue: Catalogue, own: Sequence[StationReadout], residents: Quantity
) -> UnitStations:
    opened = [s for s in own if s.state == "opened"]
    towns = [o for o in catalogue.organisations if o.level == "town" and o.parent_code == code and not o.note]
    with_one = Counter(s.town for s in opened)
    return UnitStations(
        code=code,
        name=catalogue.organisation(code).short_name,
        open=len(opened),
        others=len(own) - len(opened),
        unlocated=sum(s.lon is None for s in own),
        per_10k=ratio(Quantity(float(len(opened))), residents, PER),
        towns=len(towns),
        towns_without=tuple(t.name for t in towns if not with_one[t.code]) if own else (),
    )


def life(engine: Engine, as_of: AsOf, station: str) -> tuple[tuple[str, date], ...]:
    """The life line of one station: (event, day) in order."""
    frame = station_events(engine, as_of, station)
    return tuple((row[0], row[1]) for row in frame.to_numpy().tolist())
