"""Stations as of the day: where they are, in which state, how many are open by unit and town.

Only stations open on the day are counted in a figure; one without coordinates counts like any other. A unit
that has handed in no ledger has no figure at all, not even nought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from ..catalogue import Catalogue, Organisation
from ..formulas import NOTHING, Quantity, joint_ratio, ratio
from ..knowledge import AsOf
from ..queries import STATION_STATES, ledgers, station_events, stations
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
    visits: int | None

    @property
    def located(self) -> bool:
        """Whether it can stand on the map."""
        return self.lon is not None and self.lat is not None

    @property
    def all_day(self) -> bool:
        """Whether it is open round the clock."""
        return self.hours == ALL_DAY


@dataclass(frozen=True)
class AreaStations:
    """The stations of a unit or a town. ``reported`` False: no ledger, so nothing is known of it.

    ``open``, ``all_day`` and ``unlocated`` count those open on the day; ``by_state`` are the other states
    with their counts, ``known`` is all of them, ``unlocated_known`` those without coordinates in any state.
    ``towns_without`` are towns without one that is open, as (code, name).
    """

    code: str
    name: str
    reported: bool
    open: int
    all_day: int
    unlocated: int
    unlocated_known: int
    known: int
    by_state: tuple[tuple[str, int], ...]
    residents: Quantity
    towns: int
    towns_without: tuple[tuple[str, str], ...]

    @property
    def others(self) -> int:
        """How many are known that are not open."""
        return self.known - self.open

    @property
    def per_10k(self) -> Quantity:
        """Open ones per 10,000 residents."""
        return ratio(Quantity(float(self.open)), self.residents, PER) if self.reported else NOTHING


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
            visits=None if _number(row.visits) is None else int(row.visits),
        )
        for row in rows
    )


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)  # noqa: PLR0124, NaN is not itself


def station_ledgers(engine: Engine, as_of: AsOf) -> Mapping[str, date]:
    """The units whose ledger of stations counts on the day, each with the day of its newest."""
    frame = ledgers(engine, as_of, "stations")
    return dict(zip(frame["organisation"], frame["on"], strict=True))


def chosen(
    every: Sequence[StationReadout],
    *,
    unit: str = "",
    town: str = "",
    state: str = "",
    service: str = "",
    all_day: bool = False,
) -> tuple[StationReadout, ...]:
    """Those that meet every filter."""
    return tuple(
        s
        for s in every
        if (not unit or s.unit == unit)
        and (not town or s.town == town)
        and (not state or s.state == state)
        and (not service or service in s.services)
        and (not all_day or s.all_day)
    )


def services(every: Sequence[StationReadout]) -> tuple[str, ...]:
    """What stations offer, the most frequent first."""
    counts = Counter(service for s in every for service in s.services)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def by_unit(
    engine: Engine,
    as_of: AsOf,
    catalogue: Catalogue,
    every: Sequence[StationReadout],
    reported: Collection[str],
) -> tuple[AreaStations, ...]:
    """The 13 in their order, counted."""
    codes = [u.code for u in catalogue.units]
    residents = people(engine, as_of, codes)
    return tuple(
        _area(
            (code, catalogue.organisation(code).short_name),
            [s for s in every if s.unit == code],
            residents.quantity(code, as_of.day),
            _towns(catalogue, code),
            reported=code in reported,
        )
        for code in codes
    )


def by_town(
    catalogue: Catalogue, unit: str, every: Sequence[StationReadout], reported: Collection[str]
) -> tuple[AreaStations, ...]:
    """The towns of a unit, counted; a park only where it has one; last those whose town nobody wrote down."""
    own = [s for s in every if s.unit == unit]
    told = unit in reported
    places = [o for o in catalogue.organisations if o.level == "town" and o.parent_code == unit]
    counted = {t.code for t in _towns(catalogue, unit)}
    found = []
    for place in places:
        here = [s for s in own if s.town == place.code]
        if place.code in counted or here:
            towns = (place,) if place.code in counted else ()
            found.append(_area((place.code, place.name), here, NOTHING, towns, reported=told))
    nowhere = [s for s in own if s.town not in {p.code for p in places}]
    if places and nowhere:
        found.append(_area(("", "未写镇街"), nowhere, NOTHING, (), reported=told))
    return tuple(found)


def _towns(catalogue: Catalogue, unit: str) -> tuple[Organisation, ...]:
    """Towns of a unit; a park is no town of its own."""
    return tuple(o for o in catalogue.organisations if o.is_town_or_street and o.parent_code == unit)


def _area(
    place: tuple[str, str],
    own: Sequence[StationReadout],
    residents: Quantity,
    towns: Sequence[Organisation],
    *,
    reported: bool,
) -> AreaStations:
    opened = [s for s in own if s.state == "opened"]
    counts: Mapping[str, int] = Counter(s.state for s in own)
    with_one = {s.town for s in opened}
    return AreaStations(
        code=place[0],
        name=place[1],
        reported=reported or bool(own),
        open=len(opened),
        all_day=sum(s.all_day for s in opened),
        unlocated=sum(not s.located for s in opened),
        unlocated_known=sum(not s.located for s in own),
        known=len(own),
        by_state=tuple((s, counts[s]) for s in STATION_STATES[1:] if counts[s]),
        residents=residents,
        towns=len(towns),
        towns_without=tuple((t.code, t.name) for t in towns if t.code not in with_one),
    )


def rate(areas: Sequence[AreaStations]) -> Quantity:
    """Open ones per 10,000 residents over those that reported and whose population is known."""
    return joint_ratio(((Quantity(float(a.open)), a.residents) for a in areas if a.reported), PER)


def life(engine: Engine, as_of: AsOf, station: str) -> tuple[tuple[str, date], ...]:
    """The life line of one station: (event, day) in order."""
    frame = station_events(engine, as_of, station)
    return tuple((row[0], row[1]) for row in frame.to_numpy().tolist())
