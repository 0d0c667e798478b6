"""Stations as of the day: where they are, in which state, how many are open by unit and town.

Only stations open on the day are counted in a figure; one without coordinates counts like any other. A unit
that has handed in no ledger has no figure at all, not even nought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from ..catalogue import Catalogue, Organisation
from ..formulas import NOTHING, Quantity, joint_ratio, ratio
from ..knowledge import AsOf
from ..mercator import Box
from ..periods import Period
from ..queries import STATION_STATES, aliases, ledger_days, ledgers, station_events, station_places, stations
from .readings import PER, Said, people

ALL_DAY = "00:00-24:00"


@dataclass(frozen=True)
class StationReadout:
    """One station; ``lon`` and ``lat`` None: counted and listed, but nobody knows where it stands.

    ``told_on`` is the day of the ledger that last named it, which need not be the newest of its unit.
    """

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
    told_on: date | None = None

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
    ``hours_told`` are the open ones whose hours somebody wrote down: of the others nobody knows whether they are open
    round the clock.
    ``towns_without`` are towns without one that is open, as (code, name). ``residents`` are those of the period
    ``residents_of``; None: nobody reported them.
    """

    code: str
    name: str
    reported: bool
    open: int
    all_day: int
    hours_told: int
    unlocated: int
    unlocated_known: int
    known: int
    by_state: tuple[tuple[str, int], ...]
    residents: Quantity
    towns: int
    towns_without: tuple[tuple[str, str], ...]
    residents_of: Period | None = None

    @property
    def others(self) -> int:
        """How many are known that are not open."""
        return self.known - self.open

    @property
    def per_10k(self) -> Quantity:
        """Open ones per 10,000 residents."""
        return ratio(Quantity(float(self.open)), self.residents, PER) if self.reported else NOTHING


@dataclass(frozen=True)
class Wanted:
    """What a station must offer to be counted at all: a service, being open round the clock, a kind."""

    service: str = ""
    all_day: bool = False
    kind: str = ""


ANY = Wanted()
_NAMED_MOST = 500


@dataclass(frozen=True, eq=False)
class Stations:
    """Every station known on a day, or those of them that meet a filter, as columns: there may be 50,000.

    ``rows`` has station, kind, unit, town, services, hours, state (words, of few kinds each) and lon, lat (NaN: not
    located), by station.
    """

    rows: pd.DataFrame

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def located(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Of each, whether it can stand on the map."""
        return self.rows["lon"].notna().to_numpy() & self.rows["lat"].notna().to_numpy()

    @property
    def all_day(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Of each, whether it is open round the clock."""
        return self._is("hours", ALL_DAY)

    @property
    def on_map(self) -> Stations:
        """Those that can stand on the map."""
        return Stations(self.rows[self.located])

    @property
    def opened(self) -> Stations:
        """Those that are open."""
        return self.chosen(state="opened")

    def chosen(
        self, wanted: Wanted = ANY, *, unit: str = "", town: str = "", state: str = "", box: Box | None = None
    ) -> Stations:
        """Those that meet every filter; ``box`` is west, south, east, north."""
        kept = np.ones(len(self.rows), dtype=bool)
        asked = (("unit", unit), ("town", town), ("state", state), ("kind", wanted.kind))
        for column, value in asked:
            if value:
                kept &= self._is(column, value)
        if wanted.service:
            kept &= self._any("services", lambda offered: wanted.service in offered.split())
        if wanted.all_day:
            kept &= self.all_day
        if box:
            kept &= self.rows["lon"].between(box[0], box[2]).to_numpy()
            kept &= self.rows["lat"].between(box[1], box[3]).to_numpy()
        return self if kept.all() else Stations(self.rows[kept])

    def counts(self, column: str) -> dict[str, int]:
        """How many have each value of a column, the most frequent first; what nobody has is left out."""
        found = self.rows[column].value_counts()
        told = {str(value): int(count) for value, count in found.items() if count}
        return dict(sorted(told.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def services(self) -> dict[str, int]:
        """How many offer each service, the most frequent first."""
        found: Counter[str] = Counter()
        for offered, count in self.counts("services").items():
            found.update(dict.fromkeys(offered.split(), count))
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def in_order(self) -> list[str]:
        """Their keys: first those that are not open, then those that stand nowhere, each by its key."""
        order = np.lexsort((self.located, self._is("state", "opened")))
        return list(self.rows["station"].to_numpy()[order])

    def _is(self, column: str, value: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return self.rows[column].eq(value).to_numpy()

    def _any(self, column: str, fits: Callable[[str], bool]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Of each, whether its value fits: every value is asked once."""
        values = self.rows[column].cat
        return np.array([fits(value) for value in values.categories], dtype=bool)[values.codes.to_numpy()]


def known_stations(engine: Engine, as_of: AsOf) -> Stations:
    """Every station known on the day."""
    rows = station_places(engine, as_of)
    rows["state"] = rows["state"].where(rows["state"].notna(), "planned")
    words = dict.fromkeys(("kind", "unit", "town", "services", "hours", "state"), "category")
    return Stations(rows.astype({**words, "lon": float, "lat": float}))


def station_list(
    engine: Engine, as_of: AsOf, only: Sequence[str] | None = None
) -> tuple[StationReadout, ...]:
    """What is known of these stations on the day, in their order; of all of them, by station, for None."""
    few = only if only is not None and len(only) <= _NAMED_MOST else None  # a database takes so many values
    rows: list[Any] = list(stations(engine, as_of, only=few).itertuples())
    days = ledger_days(engine, "stations")
    found = (
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
            told_on=days.get(row.return_id),
        )
        for row in rows
    )
    if only is None:
        return tuple(found)
    told = {s.station: s for s in found}
    return tuple(told[station] for station in only if station in told)


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)  # noqa: PLR0124, NaN is not itself


def station_ledgers(engine: Engine, as_of: AsOf) -> Mapping[str, date]:
    """The units whose ledger of stations counts on the day, each with the day of its newest."""
    frame = ledgers(engine, as_of, "stations")
    return dict(zip(frame["organisation"], frame["on"], strict=True))


def by_unit(
    engine: Engine, as_of: AsOf, catalogue: Catalogue, every: Stations, reported: Collection[str]
) -> tuple[AreaStations, ...]:
    """The 13 in their order, counted."""
    codes = [u.code for u in catalogue.units]
    residents = people(engine, as_of, codes)
    return tuple(
        _area(
            (code, catalogue.organisation(code).short_name),
            every.chosen(unit=code),
            residents.on(code, as_of.day),
            _towns(catalogue, code),
            reported=code in reported,
        )
        for code in codes
    )


def by_town(
    engine: Engine,
    as_of: AsOf,
    catalogue: Catalogue,
    unit: str,
    every: Stations,
    reported: Collection[str],
) -> tuple[AreaStations, ...]:
    """The towns of a unit, counted; a park only where it has one; last those whose town nobody wrote down."""
    own = every.chosen(unit=unit)
    told = unit in reported
    places = [o for o in catalogue.organisations if o.level == "town" and o.parent_code == unit]
    counted = {t.code for t in _towns(catalogue, unit)}
    residents = people(engine, as_of, [p.code for p in places])
    found = []
    for place in places:
        here = own.chosen(town=place.code)
        if place.code in counted or len(here):
            towns = (place,) if place.code in counted else ()
            known = residents.on(place.code, as_of.day)
            found.append(_area((place.code, place.name), here, known, towns, reported=told))
    nowhere = Stations(own.rows[~own.rows["town"].isin([p.code for p in places])])
    if places and len(nowhere):
        found.append(_area(("", "未写镇街"), nowhere, None, (), reported=told))
    return tuple(found)


def _towns(catalogue: Catalogue, unit: str) -> tuple[Organisation, ...]:
    """Towns of a unit; a park is no town of its own."""
    return tuple(o for o in catalogue.organisations if o.is_town_or_street and o.parent_code == unit)


def _area(
    place: tuple[str, str],
    own: Stations,
    residents: Said | None,
    towns: Sequence[Organisation],
    *,
    reported: bool,
) -> AreaStations:
    opened, counts = own.opened, own.counts("state")
    with_one = opened.counts("town")
    return AreaStations(
        code=place[0],
        name=place[1],
        reported=reported or bool(len(own)),
        open=len(opened),
        all_day=int(opened.all_day.sum()),
        hours_told=int((opened.rows["hours"] != "").sum()),
        unlocated=int((~opened.located).sum()),
        unlocated_known=int((~own.located).sum()),
        known=len(own),
        by_state=tuple((s, counts[s]) for s in STATION_STATES[1:] if s in counts),
        residents=residents.quantity if residents else NOTHING,
        residents_of=residents.period if residents else None,
        towns=len(towns),
        towns_without=tuple((t.code, t.name) for t in towns if t.code not in with_one),
    )


def all_day(areas: Sequence[AreaStations]) -> int | None:
    """How many are open round the clock; None when nobody wrote down the hours of any that is open."""
    untold = any(a.open for a in areas) and not any(a.hours_told for a in areas)
    return None if untold else sum(a.all_day for a in areas)


def rate(areas: Sequence[AreaStations]) -> Quantity:
    """Open ones per 10,000 residents over those that reported and whose population is known."""
    return joint_ratio(((Quantity(float(a.open)), a.residents) for a in areas if a.reported), PER)


def life(engine: Engine, as_of: AsOf, station: str) -> tuple[tuple[str, date], ...]:
    """The life line of one station: (event, day) in order."""
    frame = station_events(engine, as_of, station)
    return tuple((row[0], row[1]) for row in frame.to_numpy().tolist())


def former_names(engine: Engine, as_of: AsOf, station: StationReadout) -> tuple[str, ...]:
    """What the station was called before, in the order of the names; empty when nobody told of another name."""
    known = aliases(engine, as_of, "station")
    own = known.loc[known["target"] == station.station, "alias"]
    return tuple(name for name in own if name != station.name)
