"""Answers remembered until the store's stamp moves: thin wrappers around plain functions.

The key of every answer is (store, its identity and stamp, catalogue hash, as_of with its seq). Nothing expires
by the clock; an import by another process shows on the next run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

import pandas as pd

from .. import queries
from ..catalogue import CITY
from ..config import Basemap, settings
from ..english import English, english_of
from ..geo import Outline
from ..importers.meetings import Entered, entered
from ..knowledge import AsOf
from ..language import to_simplified
from ..lights import rule_of
from ..readouts import amendments, measures, readings, returned, unit
from ..readouts import cards as city_cards
from ..readouts import changes as change_readouts
from ..readouts import due as due_readouts
from ..readouts import evidence as evidence_readouts
from ..readouts import jumps as jump_readouts
from ..readouts import last_said as last_words
from ..readouts import leads as lead_readouts
from ..readouts import ledger as ledgers
from ..readouts import measure as measure_readouts
from ..readouts import pilots as pilot_readouts
from ..readouts import reminders as reminder_readouts
from ..readouts import stations as station_readouts
from ..readouts import unit_map as unit_maps
from ..readouts.amendments import FigureCorrection
from ..readouts.cards import Card
from ..readouts.changes import Changes, FigureMove, Side
from ..readouts.due import DueReadout
from ..readouts.evidence import Claim
from ..readouts.jumps import Jumps
from ..readouts.leads import Lead, Responsible
from ..readouts.measure import MeasureDetail
from ..readouts.measures import ListReadout
from ..readouts.pilots import Pilot
from ..readouts.points import PointReadout, point_list
from ..readouts.readings import Definition, Said
from ..readouts.reminders import Letter, NotYetOwed, Reminder
from ..readouts.returned import Returning
from ..readouts.stations import ANY, AreaStations, StationReadout, Stations, Wanted
from ..readouts.unit import Line, Places
from ..readouts.unit_map import UnitMap
from ..startup import Stores, prepare
from ..store import Stamp, StoreError, stamp


@dataclass(frozen=True)
class Key:
    """What an answer depends on."""

    data: str
    stamp: Stamp
    catalogue: str
    as_of: AsOf

    @property
    def of_the_day(self) -> Key:
        """The same without a chosen period, for what is judged on the day."""
        return replace(self, as_of=self.as_of.of_the_day)

    def on(self, day: date) -> Key:
        """The same as of another day."""
        return replace(self, as_of=replace(self.as_of, day=day))


@cache
def stores() -> Stores:
    """The catalogue and both stores, opened once in this process."""
    return prepare(settings())


class Moment:
    """The stores as a run finds them: each is asked for its stamp once, and what hangs on it alone is kept."""

    def __init__(self) -> None:
        self._stamps = {data: _stamp_of(data) for data in stores().by_data}

    def today(self) -> Mapping[str, date]:
        """The day of each store's own clock."""
        return {data: _today(data, found) for data, found in self._stamps.items()}

    def opens_with(self) -> str:
        """Which store opens first."""
        found = self._stamps["live"]
        return stores().opens_with if isinstance(found, StoreError) else _opens_with(found)

    def key(self, data: str, as_of: AsOf) -> Key:
        """The key of this moment; raises StoreError when the store does not answer.

        Its seq is that of the moment, or of the receipt: what is accepted while a page is drawn, or before its
        file is fetched, is no part of it.
        """
        found = self._stamps[data]
        if isinstance(found, StoreError):
            raise found
        seq = found.seq if as_of.seq is None else as_of.seq
        return Key(data, found, stores().catalogue.digest, replace(as_of, seq=seq))


def _stamp_of(data: str) -> Stamp | StoreError:
    try:
        return stamp(stores()[data])
    except StoreError as error:
        return error


def _today(data: str, found: Stamp | StoreError) -> date:
    """The real day moves by itself, the demo's only with its store."""
    return _demo_day(found) if data == "demo" and isinstance(found, Stamp) else stores()[data].today()


@lru_cache(maxsize=4)
def _demo_day(_stamp: Stamp) -> date:
    return stores()["demo"].today()


@lru_cache(maxsize=4)
def _opens_with(_live: Stamp) -> str:
    return stores().opens_with


@lru_cache(maxsize=64)
def definitions(of: Key) -> Mapping[str, Definition]:
    """Definitions in force."""
    return readings.definitions_on(stores()[of.data].engine, of.as_of, stores().catalogue)


@lru_cache(maxsize=64)
def definition_changes(of: Key) -> Mapping[str, tuple[date, ...]]:
    """Days on which definitions changed, by indicator."""
    rows = queries.definition_changes(stores()[of.data].engine, of.as_of)
    return {str(name): tuple(group["valid_from"]) for name, group in rows.groupby("indicator")}


@lru_cache(maxsize=64)
def cards(of: Key) -> tuple[Card, ...]:
    """KPI cards of the overview."""
    return city_cards.cards(stores()[of.data].engine, of.as_of, stores().catalogue, definitions(of))


@lru_cache(maxsize=64)
def default_indicator(of: Key) -> str:
    """The indicator the map opens with."""
    return city_cards.default_indicator(
        stores()[of.data].engine, of.as_of, stores().catalogue, definitions(of)
    )


@lru_cache(maxsize=512)
def unit_map(of: Key, indicator: str, per: str, with_zones: bool) -> UnitMap:
    """An indicator over the units."""
    definition = definitions(of)[indicator]
    return unit_maps.unit_map(
        stores()[of.data].engine, of.as_of, stores().catalogue, definition, per, with_zones=with_zones
    )


@lru_cache(maxsize=64)
def list_readout(of: Key) -> ListReadout | None:
    """The list in force, counted."""
    return measures.list_readout(stores()[of.data].engine, of.as_of, stores().catalogue.light_rules)


@lru_cache(maxsize=64)
def claims(of: Key) -> tuple[Claim, ...]:
    """Claimed progress beside countable evidence, of the measures that an indicator can prove."""
    return _claims(of)


def _claims(of: Key, number: str = "") -> tuple[Claim, ...]:
    found = stores()
    units = [u.code for u in found.catalogue.units]
    engine, listed = found[of.data].engine, list_readout(of)
    return evidence_readouts.claims(engine, of.as_of, listed, definitions(of), units, number)


@lru_cache(maxsize=256)
def measure(of: Key, number: str) -> MeasureDetail | None:
    """One measure of the list in force; None when it is not in it."""
    engine = stores()[of.data].engine
    claim = next(iter(_claims(of, number)), None)
    return measure_readouts.measure_detail(engine, of.as_of, list_readout(of), number, claim)


@lru_cache(maxsize=8)
def ledger(of: Key) -> pd.DataFrame:
    """The list in force with every responsible assignment; not to be changed by the caller."""
    found = stores()
    engine, listed = found[of.data].engine, list_readout(of)
    return ledgers.ledger(engine, of.as_of, listed, found.catalogue, found.catalogue.light_rules)


def leads_of(of: Key) -> Mapping[str, tuple[str, ...]]:
    """Who leads each measure of the list in force; empty before the first list."""
    found = list_readout(of)
    return found.leads if found else {}


@lru_cache(maxsize=64)
def by_lead(of: Key) -> tuple[Lead, ...]:
    """The list by the organisations that lead its measures."""
    found, order = list_readout(of), stores().catalogue.official_order
    return () if found is None else lead_readouts.by_lead(found, leads_of(of), order, found.day)


@lru_cache(maxsize=64)
def by_responsible(of: Key) -> tuple[Responsible, ...]:
    """The list by the organisations that answer for its measures."""
    found, order = list_readout(of), stores().catalogue.official_order
    return () if found is None else lead_readouts.by_responsible(found, order, found.day)


@lru_cache(maxsize=64)
def due(of: Key, organisation: str = "") -> DueReadout | None:
    """What falls due and what is past its day, of everybody or one organisation; None before the first list."""
    found = list_readout(of)
    if found is None:
        return None
    if organisation:
        return due_readouts.due_of(found, leads_of(of), found.day, organisation)
    return due_readouts.due_readout(found, leads_of(of), found.day)


@lru_cache(maxsize=16)
def reminders(of: Key) -> tuple[Reminder, ...]:
    """The texts for what is late or silent."""
    of = of.of_the_day
    catalogue, found = stores().catalogue, list_readout(of)
    letter = Letter(
        day=of.as_of.day,
        names={o.code: o.name for o in catalogue.organisations},
        order=catalogue.official_order,
        rule=rule_of(catalogue.light_rules, of.as_of.day),
        leads=leads_of(of),
        said=last_words.last_said(stores()[of.data].engine, of.as_of, found),
        demo=of.data == "demo",
    )
    return reminder_readouts.reminders(found, returning(of), letter)


@lru_cache(maxsize=16)
def not_yet_owed(of: Key) -> NotYetOwed | None:
    """What reads 未报送 and is in no text, since its first return day has not passed."""
    of = of.of_the_day
    return reminder_readouts.not_yet_owed(list_readout(of), of.as_of.day)


@lru_cache(maxsize=512)
def unit_lines(of: Key, code: str, with_zones: bool) -> tuple[Line, ...]:
    """Figures of one unit beside the others."""
    return unit.unit_lines(
        stores()[of.data].engine,
        of.as_of,
        stores().catalogue,
        definitions(of),
        code,
        with_zones=with_zones,
    )


@lru_cache(maxsize=512)
def history(of: Key, indicator: str, organisation: str) -> tuple[tuple[Said, bool, bool], ...]:
    """Every row known of one figure."""
    return tuple(readings.reading_history(stores()[of.data].engine, of.as_of, indicator, organisation))


@lru_cache(maxsize=64)
def returning(of: Key) -> Returning:
    """Who has returned for the last month that is due."""
    return returned.returning(stores()[of.data].engine, of.as_of, stores().catalogue)


@lru_cache(maxsize=128)
def towns(of: Key, code: str) -> Places:
    """The towns of a unit, or the units of the city."""
    return unit.places(stores()[of.data].engine, of.as_of, stores().catalogue, definitions(of), code)


@lru_cache(maxsize=64)
def published_by_unit(of: Key) -> Mapping[tuple[str, str], Said]:
    """The latest reading of every overview indicator and unit."""
    return readings.by_unit(stores()[of.data].engine, of.as_of, stores().catalogue, definitions(of))


@lru_cache(maxsize=64)
def printed_indicators(of: Key) -> Mapping[str, int]:
    """How many indicators of each unit have a published figure, populations apart."""
    return readings.printed_indicators(stores()[of.data].engine, of.as_of, stores().catalogue)


@lru_cache(maxsize=8)
def stations(of: Key) -> Stations:
    """Every station known, as columns."""
    return station_readouts.known_stations(stores()[of.data].engine, of.as_of)


@lru_cache(maxsize=128)
def station_details(of: Key, named: tuple[str, ...]) -> tuple[StationReadout, ...]:
    """All that is known of these stations, in their order."""
    return station_readouts.station_list(stores()[of.data].engine, of.as_of, named)


def station_rows(of: Key, named: Sequence[str]) -> tuple[StationReadout, ...]:
    """The same of a whole list, for a file: not remembered, since it may be 50,000."""
    return station_readouts.station_list(stores()[of.data].engine, of.as_of, named)


@lru_cache(maxsize=32)
def station_ledgers(of: Key) -> Mapping[str, date]:
    """The units whose ledger of stations counts, each with the day of its newest."""
    return station_readouts.station_ledgers(stores()[of.data].engine, of.as_of)


@lru_cache(maxsize=64)
def stations_by_unit(of: Key, wanted: Wanted = ANY) -> tuple[AreaStations, ...]:
    """Stations counted by unit, as far as they offer what is wanted."""
    kept, told = stations(of).chosen(wanted), frozenset(station_ledgers(of))
    return station_readouts.by_unit(stores()[of.data].engine, of.as_of, stores().catalogue, kept, told)


@lru_cache(maxsize=128)
def stations_by_town(of: Key, code: str, wanted: Wanted = ANY) -> tuple[AreaStations, ...]:
    """Stations of a unit counted by town."""
    kept, told = stations(of).chosen(wanted), frozenset(station_ledgers(of))
    return station_readouts.by_town(stores()[of.data].engine, of.as_of, stores().catalogue, code, kept, told)


@lru_cache(maxsize=256)
def station_life(of: Key, station: str) -> tuple[tuple[str, date], ...]:
    """The life line of one station."""
    return station_readouts.life(stores()[of.data].engine, of.as_of, station)


@lru_cache(maxsize=256)
def station_former_names(of: Key, station: StationReadout) -> tuple[str, ...]:
    """What one station was called before."""
    return station_readouts.former_names(stores()[of.data].engine, of.as_of, station)


@lru_cache(maxsize=32)
def services(of: Key) -> tuple[str, ...]:
    """What any station offers, the most frequent first."""
    return tuple(stations(of).services)


@lru_cache(maxsize=32)
def kinds(of: Key) -> tuple[str, ...]:
    """What kinds of stations there are, the most frequent first."""
    return tuple(kind for kind in stations(of).counts("kind") if kind)


@lru_cache(maxsize=32)
def points(of: Key) -> tuple[PointReadout, ...]:
    """The observation points."""
    return point_list(stores()[of.data].engine, of.as_of)


@lru_cache(maxsize=32)
def pilots(of: Key) -> Mapping[str, tuple[Pilot, ...]]:
    """The measures that each point pilots, by point: its own unit beside the others."""
    found = list_readout(of)
    return {p.point: pilot_readouts.pilots(found, p.measures, p.unit) for p in points(of)}


@lru_cache(maxsize=64)
def meetings(of: Key) -> tuple[tuple[date, str], ...]:
    """Meetings held by the day, newest first: (day, title)."""
    rows = queries.meetings(stores()[of.data].engine, of.as_of)
    return tuple((row[0], row[1]) for row in rows[["held_on", "title"]].to_numpy().tolist())


@lru_cache(maxsize=16)
def entered_meetings(of: Key) -> tuple[Entered, ...]:
    """Meetings that were entered in the product and still count."""
    return entered(stores()[of.data])


@lru_cache(maxsize=64)
def changes(of: Key, since: date) -> Changes:
    """What moved since that day, whatever period of figures is chosen."""
    of = of.of_the_day
    then, now = side(of.on(since)), side(of)
    return change_readouts.changes(stores()[of.data].engine, of.as_of, stores().catalogue, then, now)


@lru_cache(maxsize=64)
def side(of: Key) -> Side:
    """One of two days that are compared."""
    return change_readouts.side(stores()[of.data].engine, of.as_of, list_readout(of), returning(of))


@lru_cache(maxsize=64)
def figure_corrections(of: Key, since: date) -> tuple[FigureCorrection, ...]:
    """Figures known on that day that are told otherwise now."""
    order = stores().catalogue.official_order
    return amendments.figure_corrections(
        stores()[of.data].engine, of.as_of, since, tuple(definitions(of)), order
    )


@lru_cache(maxsize=64)
def jumps(of: Key, since: date) -> Jumps:
    """Figures that came in since that day and lie outside of their usual changes."""
    return jump_readouts.jumps(stores()[of.data].engine, of.as_of, since, stores().catalogue, definitions(of))


@lru_cache(maxsize=64)
def figure_moves(of: Key, since: date) -> tuple[FigureMove, ...]:
    """The overview's figures on that day and on the day of the page."""
    return change_readouts.figure_moves(_cards_by(of, since), cards(of), definition_changes(of))


def _cards_by(of: Key, day: date) -> tuple[Card, ...]:
    """The cards of another day, of the indicators as they are defined on that of the key."""
    known = definitions(of)
    if definitions(of.on(day)) == known:
        return cards(of.on(day))
    return city_cards.cards(stores()[of.data].engine, of.on(day).as_of, stores().catalogue, known)


def map_source() -> str:
    """The line under every map that shows the outlines: what their file says of itself."""
    return stores().drawing.credit or "没有轮廓图"


def basemap() -> Basemap | None:
    """The ground below the maps that can be moved, where the installation has one."""
    return stores().basemap


def no_outlines() -> str:
    """Why there are no outlines, in a sentence with the way out; "" when there are."""
    return stores().drawing.briefly_refused


@lru_cache(maxsize=16)
def sources(of: Key) -> Mapping[str, tuple[str, ...]]:
    """Where the figures of each indicator come from, newest first."""
    found = stores()
    own = [CITY, *(u.code for u in found.catalogue.units)]
    return readings.sources(found[of.data].engine, of.as_of, own)


@lru_cache(maxsize=16)
def returns(of: Key) -> pd.DataFrame:
    """Accepted returns; not to be changed by the caller."""
    return queries.returns(stores()[of.data].engine, of.as_of)


@lru_cache(maxsize=64)
def last_seq(of: Key) -> int:
    """The greatest seq that counts on the day."""
    return queries.last_seq(stores()[of.data].engine, of.as_of)


def english() -> English:
    """English for the texts of the product and the names of the catalogue that is open."""
    return _english_by(stores().catalogue.digest)


@lru_cache(maxsize=2)
def _english_by(_digest: str) -> English:
    return english_of(stores().catalogue)


def simplified(text: str) -> str:
    """What a reader of Traditional typed, in Simplified, in which names are stored."""
    return to_simplified(text)


def shapes() -> tuple[Outline, ...]:
    """The outlines of the counties; none when their file cannot be used."""
    return stores().drawing.shapes


def warm_up() -> None:
    """Ask once what the first visitor will ask, so that libraries and answers are there."""
    now = Moment()
    default = now.opens_with()
    of = now.key(default, AsOf(now.today()[default]))
    cards(of)
    list_readout(of)
    unit_map(of, default_indicator(of), "count", True)
    published_by_unit(of)
    returning(of)
    english()
