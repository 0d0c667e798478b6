"""Stations and points: what is counted, from a store into which a handful was told, and from the demo."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Clock
from dashboard import queries
from dashboard.catalogue import Catalogue
from dashboard.charts.visits import WALL
from dashboard.config import DATA
from dashboard.csvfile import csv_bytes
from dashboard.formulas import NOTHING, Quantity
from dashboard.geo import bounds, outlines
from dashboard.grid import counted, of_code
from dashboard.importers.seed import seed_catalogue
from dashboard.importers.station_import import Asked, prepare_stations
from dashboard.knowledge import AsOf
from dashboard.maps import view_state, with_room
from dashboard.mercator import to_pixels
from dashboard.periods import parse
from dashboard.readouts.points import PointReadout, Visit, point_list, visited
from dashboard.readouts.readings import POPULATION
from dashboard.readouts.stations import (
    AreaStations,
    Wanted,
    all_day,
    by_town,
    by_unit,
    known_stations,
    life,
    rate,
    station_ledgers,
    station_list,
)
from dashboard.startup import Stores
from dashboard.store import SYSTEM, Draft, FactDraft, Store, accept, open_store, receive, withdraw
from dashboard.ui import cached, county_table, points_table, station_facts, stations_table
from dashboard.ui.points_page import RADIUS
from dashboard.ui.station_map import COUNTED_FROM, MAP_SIZE
from dashboard.ui.stations_page import STATES
from dashboard.ui.theme import SHAPES, TOKENS, rgba
from dashboard.ui.wall_room import lines, rows_with_room
from ui_fixtures import Page, installed

DAY = AsOf(date(2026, 1, 15))
JINJIANG, SHISHI = "350582", "350581"
CIZAO, ANHAI = "磁灶镇", "安海镇"
LIFE = {"planned": date(2025, 3, 1), "built": date(2025, 4, 1), "opened": date(2025, 5, 1)}


class Ledger:
    """A store into which ledgers of stations and points are handed in, and what is read out of it."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self.store, self.catalogue = store, catalogue
        self._number = itertools.count(1)

    def town(self, name: str) -> str:
        return next(o.code for o in self.catalogue.organisations if o.name == name)

    def hand_in(self, kind: str, organisation: str, *facts: FactDraft, on: str = "2026-01-10") -> int:
        content = f"{next(self._number)}".encode()
        draft = Draft(kind, organisation, "台账.xlsx", content, facts, parse(on))
        received = receive(self.store, SYSTEM, draft)
        accept(self.store, SYSTEM, received)
        return received

    def units(self) -> dict[str, AreaStations]:
        every = known_stations(self.store.engine, DAY)
        told = station_ledgers(self.store.engine, DAY)
        return {a.code: a for a in by_unit(self.store.engine, DAY, self.catalogue, every, frozenset(told))}

    def towns(self, unit: str) -> dict[str, AreaStations]:
        engine = self.store.engine
        told = frozenset(station_ledgers(engine, DAY))
        every = known_stations(engine, DAY)
        return {a.name: a for a in by_town(engine, DAY, self.catalogue, unit, every, told)}


def station(code: str, lived: Mapping[str, date], **values: Any) -> list[FactDraft]:
    """A station of 晋江 with its life line; what is not said is usual."""
    usual = {
        "station": code,
        "name": f"驿站{code}",
        "kind": "商超门店",
        "unit": JINJIANG,
        "town": "",
        "address": "示例路1号",
        "lon": 118.5,
        "lat": 24.7,
        "datum": "WGS-84",
        "lon_as_given": None,
        "lat_as_given": None,
        "services": "饮水 休息",
        "hours": "08:00-20:00",
        "operator": "工会",
        "visits": None,
        "checked_on": None,
    }
    events = [
        FactDraft("station_event", {"station": code, "event": event, "happened_on": day})
        for event, day in lived.items()
    ]
    return [FactDraft("station", usual | values), *events]


@pytest.fixture
def ledger(store: Store, catalogue: Catalogue) -> Ledger:
    seed_catalogue(store, catalogue)
    return Ledger(store, catalogue)


# --- stations: what counts --------------------------------------------------------------------------


def test_only_stations_open_on_the_day_are_counted_and_the_others_are_named_by_state(ledger):
    ledger.hand_in(
        "stations",
        JINJIANG,
        *station("a", LIFE),
        *station("b", {**LIFE, "suspended": date(2025, 9, 1)}),
        *station("c", {**LIFE, "closed": date(2025, 9, 1)}),
        *station("d", {"planned": date(2025, 3, 1)}),
        *station("e", {"planned": date(2025, 3, 1), "built": date(2025, 4, 1)}),
        *station("f", {**LIFE, "closed": date(2026, 1, 16)}),  # tomorrow is not yet
    )
    found = ledger.units()[JINJIANG]

    assert (found.open, found.others, found.known) == (2, 4, 6)
    assert found.by_state == (("suspended", 1), ("built", 1), ("planned", 1), ("closed", 1))


def test_a_unit_that_handed_in_no_ledger_has_no_figure_and_not_nought(ledger):
    ledger.hand_in("stations", JINJIANG, *station("a", {"planned": date(2025, 3, 1)}))
    found = ledger.units()

    assert (found[JINJIANG].reported, found[JINJIANG].open) == (True, 0)
    assert [code for code, unit in found.items() if unit.reported] == [JINJIANG]
    assert found[SHISHI].per_10k == NOTHING
    assert rate([found[SHISHI]]) == NOTHING


def test_a_ledger_that_was_taken_back_is_no_ledger(ledger):
    received = ledger.hand_in("stations", JINJIANG, *station("a", LIFE))
    assert JINJIANG in station_ledgers(ledger.store.engine, DAY)
    withdraw(ledger.store, SYSTEM, received, "报错了")

    assert station_ledgers(ledger.store.engine, DAY) == {}
    assert not ledger.units()[JINJIANG].reported


def test_a_ledger_has_the_day_it_is_of_and_a_station_that_of_the_last_one_that_names_it(ledger):
    """On 15 January they came in: what is told of a month does not get younger by coming in late."""
    ledger.hand_in("stations", JINJIANG, *station("a", LIFE), *station("b", LIFE), on="2026-01-10")
    ledger.hand_in("stations", JINJIANG, *station("b", LIFE), on="2026-01-12")
    told = {s.station: s.told_on for s in station_list(ledger.store.engine, DAY)}

    assert station_ledgers(ledger.store.engine, DAY) == {JINJIANG: date(2026, 1, 12)}
    assert told == {"a": date(2026, 1, 10), "b": date(2026, 1, 12)}


def test_hours_that_nobody_wrote_down_are_not_taken_for_less_than_round_the_clock(ledger):
    ledger.hand_in(
        "stations",
        JINJIANG,
        *station("a", LIFE, hours=""),
        *station("b", {**LIFE, "closed": date(2026, 1, 2)}),
    )
    untold = ledger.units()[JINJIANG]
    ledger.hand_in(
        "stations", SHISHI, *station("c", LIFE, unit=SHISHI), *station("d", LIFE, unit=SHISHI, hours="")
    )
    told = ledger.units()[SHISHI]

    assert (untold.open, untold.hours_told, all_day([untold])) == (1, 0, None)
    assert (told.open, told.hours_told, all_day([told])) == (2, 1, 0)
    assert all_day([untold, told]) == 0
    assert all_day([]) == 0


def test_a_ledger_does_not_count_before_the_day_it_was_known(ledger):
    ledger.hand_in("stations", JINJIANG, *station("a", LIFE))

    assert station_ledgers(ledger.store.engine, AsOf(date(2026, 1, 14))) == {}


def test_a_station_without_a_place_is_counted_and_listed_like_any_other(ledger):
    ledger.hand_in(
        "stations",
        JINJIANG,
        *station("a", LIFE, lon=None, lat=None),
        *station("b", LIFE),
        *station("c", {"planned": date(2025, 3, 1)}, lon=None, lat=None),
    )
    found = ledger.units()[JINJIANG]

    assert (found.open, found.unlocated, found.unlocated_known) == (2, 1, 2)
    assert [s.located for s in station_list(ledger.store.engine, DAY)] == [False, True, False]


def test_a_town_whose_only_station_is_suspended_has_none(ledger):
    ledger.hand_in(
        "stations",
        JINJIANG,
        *station("a", LIFE, town=ledger.town(CIZAO)),
        *station("b", {**LIFE, "suspended": date(2025, 9, 1)}, town=ledger.town(ANHAI)),
    )
    found = ledger.units()[JINJIANG]

    assert found.towns == 19
    assert CIZAO not in dict(found.towns_without).values()
    assert (ledger.town(ANHAI), ANHAI) in found.towns_without
    assert len(found.towns_without) == 18
    assert (ledger.towns(JINJIANG)[ANHAI].open, ledger.towns(JINJIANG)[ANHAI].reported) == (0, True)


def test_a_park_is_no_town_without_a_station_and_is_named_only_where_it_has_one(ledger):
    park = "安平开发区"
    ledger.hand_in("stations", JINJIANG, *station("a", LIFE, town=ledger.town(CIZAO)))
    assert park not in ledger.towns(JINJIANG)
    ledger.hand_in("stations", JINJIANG, *station("b", LIFE, town=ledger.town(park)))

    assert ledger.towns(JINJIANG)[park].open == 1
    assert ledger.units()[JINJIANG].towns == 19


def test_a_station_whose_town_nobody_wrote_down_is_counted_by_itself(ledger):
    ledger.hand_in("stations", JINJIANG, *station("a", LIFE), *station("b", LIFE, town=ledger.town(CIZAO)))
    towns = ledger.towns(JINJIANG)

    assert (towns["未写镇街"].open, towns[CIZAO].open) == (1, 1)
    assert sum(t.open for t in towns.values()) == ledger.units()[JINJIANG].open


def test_stations_are_chosen_by_service_and_by_being_open_round_the_clock(ledger):
    ledger.hand_in(
        "stations",
        JINJIANG,
        *station("a", LIFE, services="饮水 热饭", hours="00:00-24:00"),
        *station("b", LIFE, services="饮水 充电"),
        *station("c", LIFE, services="饮水"),
    )
    every = known_stations(ledger.store.engine, DAY)

    assert every.chosen(Wanted("热饭")).in_order == ["a"]
    assert every.chosen(Wanted(all_day=True)).in_order == ["a"]
    assert len(every.chosen(Wanted("充电", all_day=True))) == 0
    assert every.services == {"饮水": 3, "充电": 1, "热饭": 1}


def test_stations_are_chosen_by_kind_and_counted_by_it(ledger):
    kinds = {"a": "银行网点", "b": "加油站", "c": "银行网点"}
    ledger.hand_in(
        "stations", JINJIANG, *(f for code, kind in kinds.items() for f in station(code, LIFE, kind=kind))
    )
    every = known_stations(ledger.store.engine, DAY)

    assert every.chosen(Wanted(kind="银行网点")).in_order == ["a", "c"]
    assert every.counts("kind") == {"银行网点": 2, "加油站": 1}


def test_a_town_has_a_rate_as_soon_as_its_residents_are_known(ledger):
    anhai = ledger.town(ANHAI)
    ledger.hand_in("stations", JINJIANG, *station("a", LIFE, town=anhai), *station("b", LIFE, town=anhai))
    assert ledger.towns(JINJIANG)[ANHAI].per_10k == NOTHING
    residents = {"indicator": POPULATION, "organisation": anhai, "value": 50_000.0, "qualifier": "eq"}
    of_2021 = {"period_start": date(2021, 1, 1), "period_end": date(2021, 12, 31), "grain": "year"}
    ledger.hand_in("readings", JINJIANG, FactDraft("reading", residents | of_2021))

    assert ledger.towns(JINJIANG)[ANHAI].per_10k == Quantity(0.4)
    assert ledger.towns(JINJIANG)[CIZAO].per_10k == NOTHING


def test_the_state_is_that_of_the_last_step_that_still_stands(ledger):
    """Two steps on one day count in the order of a life; a step that is taken back never was."""
    one_day = dict.fromkeys(("planned", "built", "opened"), date(2025, 5, 1))
    first = ledger.hand_in(
        "stations",
        JINJIANG,
        *station("a", one_day),
        *station("b", {**LIFE, "closed": date(2025, 9, 1)}),
        *station("c", {**LIFE, "suspended": date(2025, 9, 1)}),
    )
    gone = {"station": "b", "event": "closed", "happened_on": date(2025, 9, 1), "void": True}
    later = ledger.hand_in("stations", JINJIANG, FactDraft("station_event", gone))

    def states() -> dict[str, str]:
        return {s.station: s.state for s in station_list(ledger.store.engine, DAY)}

    assert states() == {"a": "opened", "b": "opened", "c": "suspended"}
    withdraw(ledger.store, SYSTEM, later, "还是关闭了")
    assert states() == {"a": "opened", "b": "closed", "c": "suspended"}
    withdraw(ledger.store, SYSTEM, first, "报错了")
    assert states() == {}


def test_a_step_that_was_taken_back_and_told_again_stands(ledger):
    closed = {"station": "a", "event": "closed", "happened_on": date(2025, 9, 1)}
    ledger.hand_in("stations", JINJIANG, *station("a", {**LIFE, "closed": date(2025, 9, 1)}))
    ledger.hand_in("stations", JINJIANG, FactDraft("station_event", closed | {"void": True}))
    ledger.hand_in("stations", JINJIANG, FactDraft("station_event", closed))

    assert [s.state for s in station_list(ledger.store.engine, DAY)] == ["closed"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["planned", "built", "opened", "suspended", "closed"]),
            st.integers(1, 20),
            st.booleans(),
        ),
        min_size=1,
        max_size=12,
        unique_by=lambda told: told[:3],
    ),
    st.integers(1, 4),
)
@settings(max_examples=25, deadline=None)
def test_the_states_are_those_of_a_plain_reading_of_all_that_was_told(
    catalogue, tmp_path_factory, told, parts
):
    """Against the rule said another way: of every step the last word counts, of the steps that stand the last."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('lives')}/s.sqlite", "live", Clock(DAY.day))
    ledger = Ledger(store, catalogue)
    ledger.hand_in("stations", JINJIANG, *(f for code in "abc" for f in station(code, {})))
    words: dict[tuple[str, str, date], bool] = {}
    for part in range(parts):
        facts = []
        for code, event, day, void in told[part::parts] + told[: part * 2]:
            key = (code, event, date(2026, 1, day))
            if key not in {(f.values["station"], f.values["event"], f.values["happened_on"]) for f in facts}:
                values = {"station": code, "event": event, "happened_on": key[2], "void": void}
                facts.append(FactDraft("station_event", values))
                words[key] = void
        if facts:
            ledger.hand_in("stations", JINJIANG, *facts)
    order = ["planned", "built", "opened", "suspended", "closed"]
    expected = {}
    for code in "abc":
        standing = [
            (day, order.index(event))
            for (own, event, day), void in words.items()
            if own == code and not void and day <= DAY.day
        ]
        expected[code] = order[max(standing)[1]] if standing else "planned"
    found = {s.station: s.state for s in station_list(store.engine, DAY)}
    store.engine.dispose()

    assert found == expected


def test_the_life_line_is_told_in_the_order_of_its_days(ledger):
    again = FactDraft("station_event", {"station": "a", "event": "opened", "happened_on": date(2025, 10, 1)})
    ledger.hand_in("stations", JINJIANG, *station("a", {**LIFE, "suspended": date(2025, 9, 1)}), again)
    told = life(ledger.store.engine, DAY, "a")

    assert told == (*LIFE.items(), ("suspended", date(2025, 9, 1)), ("opened", date(2025, 10, 1)))
    assert ledger.units()[JINJIANG].open == 1


# --- points: what counts ----------------------------------------------------------------------------


def point(code: str, **values: Any) -> FactDraft:
    usual = {
        "point": code,
        "name": code,
        "unit": JINJIANG,
        "town": "",
        "national": False,
        "tests": "试一试",
        "measures": ["1-1-1"],
        "lon": None,
        "lat": None,
    }
    return FactDraft("point", usual | values)


def visit(code: str, on: date, found: int | None, solved: int | None, adopted: str = "") -> FactDraft:
    told = {
        "point": code,
        "visited_on": on,
        "found": found,
        "solved": solved,
        "adopted": adopted,
        "words": "",
    }
    return FactDraft("point_visit", told)


def test_a_point_of_which_no_visit_says_what_was_found_has_no_figure_and_not_nought(ledger):
    ledger.hand_in(
        "points",
        "D-SWB",
        point("P1"),
        point("P2", national=True),
        visit("P1", date(2025, 10, 1), None, None),
        visit("P2", date(2025, 10, 1), None, 1),
        visit("P2", date(2025, 11, 1), 3, None),
    )
    two, one = point_list(ledger.store.engine, DAY)

    assert (one.point, one.found, one.solved) == ("P1", None, None)
    assert (two.point, two.found, two.solved) == ("P2", 3, 1)
    assert visited((two, one), DAY.day).found == 3
    assert visited((one,), DAY.day).found is None


@pytest.mark.parametrize(("days", "long_ago"), [(0, False), (60, False), (61, True), (None, False)])
def test_a_visit_is_long_ago_after_sixty_days_and_one_that_never_was_is_not(days, long_ago):
    made = () if days is None else (Visit(date.fromordinal(DAY.day.toordinal() - days), 1, 1, "", ""),)
    found = PointReadout("P1", "甲", JINJIANG, "", False, "", (), None, None, made)

    assert found.days_since(DAY.day) == days
    assert found.long_ago(DAY.day) is long_ago
    assert visited([found], DAY.day).long_ago == ((found,) if long_ago else ())
    assert visited([found], DAY.day).unvisited == ((found,) if days is None else ())


def test_what_was_taken_over_is_told_newest_first_with_its_point(ledger):
    ledger.hand_in(
        "points",
        "D-SWB",
        point("P1"),
        point("P2"),
        visit("P1", date(2025, 10, 1), 1, 1, "推广到全县"),
        visit("P2", date(2025, 11, 1), 1, 1, "写入县级办法"),
        visit("P1", date(2025, 12, 1), 1, 1),
    )
    told = visited(point_list(ledger.store.engine, DAY), DAY.day)

    assert [(p.point, v.adopted) for p, v in told.adopted] == [("P2", "写入县级办法"), ("P1", "推广到全县")]
    assert (told.visits, told.first, told.last) == (3, date(2025, 10, 1), date(2025, 12, 1))


# --- the pages, on the demo -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown_demo(current_demo_home) -> Iterator[Stores]:
    with installed(current_demo_home, DASHBOARD_DEMO="on", DASHBOARD_DEFAULT_DATA="demo") as stores:
        yield stores


@pytest.fixture(scope="module")
def frame(shown_demo) -> pd.DataFrame:
    """The stations of the demo as they are asked directly."""
    return queries.stations(shown_demo["demo"].engine, AsOf(shown_demo["demo"].today()))


def facts(page: Page) -> dict[str, str]:
    """The four figures: what stands under each name."""
    text = page.html(page_of(page)).split('<section class="panel fact">')[1:5]
    return {_words(part)[0]: " ".join(_words(part)[1:]) for part in text}


def page_of(page: Page) -> str:
    return "stations" if "驿站" in page.current("header") or "驛站" in page.current("header") else "points"


def _words(html: str) -> list[str]:
    return [w for w in re.sub(r"<[^>]+>", "\n", html).split("\n") if w.strip()]


def test_the_four_figures_are_those_of_the_stations_open_on_the_day(shown_demo, frame):
    opened = frame[frame["state"] == "opened"]
    nowhere = opened[opened["lon"].isna()]
    towns = [o for o in shown_demo.catalogue.organisations if o.level == "town" and not o.note]
    without = [t for t in towns if t.code not in set(opened["town"])]
    told = facts(Page("stations"))

    assert told["开放驿站"].startswith(f"{len(opened)} 个 每万人 ")
    assert "台账 13/13 已报" in told["开放驿站"]
    assert f"截至 {shown_demo['demo'].today()}" in told["开放驿站"]
    all_day = (opened["hours"] == "00:00-24:00").sum()
    assert told["24 小时开放"].startswith(f"{all_day} 个 占开放的 {all_day / len(opened):.0%}")
    every = frame["lon"].isna().sum()
    more = f"；连未开放的共 {every}" if every > len(nowhere) else ""
    assert told["开放但无坐标"].startswith(f"{len(nowhere)} 个 已计数、已列名{more} ")
    assert told["没有开放驿站的镇街"].startswith(f"{len(without)} 个 共 163 个镇街")
    assert len(opened) < len(frame)


def test_the_four_figures_of_a_unit_a_service_and_round_the_clock_are_those_of_its_stations(
    shown_demo, frame
):
    own = frame[(frame["unit"] == JINJIANG) & (frame["state"] == "opened")]
    warm = own[own["services"].str.split().map(lambda s: "热饭" in s)]
    open_always = warm[warm["hours"] == "00:00-24:00"]

    assert facts(Page("stations", unit=JINJIANG))["开放驿站"].startswith(f"晋江 {len(own)} 个 ")
    told = facts(Page("stations", unit=JINJIANG, service="热饭"))
    assert told["开放驿站"].startswith(f"晋江 · 热饭 {len(warm)} 个 ")
    told = facts(Page("stations", unit=JINJIANG, service="热饭", hours="24"))
    assert told["开放驿站"].startswith(f"晋江 · 热饭 · 24 小时 {len(open_always)} 个 ")
    assert list(told) == list(station_facts.NAMES)
    assert all(text.startswith("晋江 · 热饭 · 24 小时 ") for text in told.values())


def test_the_title_of_the_map_names_the_filters_and_the_state_it_shows(shown_demo):
    asked = {"unit": JINJIANG, "service": "热饭", "hours": "24", "kind": "物业服务点", "state": "suspended"}
    title = re.search(r"<h2>(.*?)</h2>", Page("stations", **asked).html("panel_stations"))

    assert title is not None
    assert title[1] == "晋江市驿站 · 热饭 · 24 小时 · 物业服务点 · 暂停"


def test_the_table_counts_the_thirteen_in_official_order_and_leads_to_them(shown_demo, frame):
    page = Page("stations")
    _, *rows = page.rows("panel_areas")
    counts = frame[frame["state"] == "opened"]["unit"].value_counts()

    assert [r[0] for r in rows] == [u.short_name for u in shown_demo.catalogue.units]
    assert [int(r[1]) for r in rows] == [counts[u.code] for u in shown_demo.catalogue.units]
    nowhere = frame[(frame["state"] == "opened") & frame["lon"].isna()]["unit"].value_counts()
    assert [r[4] for r in rows] == [str(nowhere.get(u.code, 0)) for u in shown_demo.catalogue.units]
    assert page.links("panel_areas")["晋江"] == f"./stations?unit={JINJIANG}"


def test_a_chosen_unit_is_told_by_town_and_no_town_is_left_out(shown_demo, frame):
    page = Page("stations", unit="350526")
    _, *rows = page.rows("panel_areas")
    towns = [o for o in shown_demo.catalogue.organisations if o.parent_code == "350526" and not o.note]
    counts = frame[(frame["state"] == "opened")]["town"].value_counts()

    assert [r[0] for r in rows] == [t.name for t in towns]
    assert [r[1] for r in rows] == [str(counts[t.code]) if t.code in counts else "无" for t in towns]
    assert page.text("panel_station").startswith(
        f"没有开放驿站的镇街 点一个驿站，这里换成它 德化 {[r[1] for r in rows].count('无')} /18"
    )


def test_the_list_holds_every_station_and_begins_with_those_that_are_not_open_or_stand_nowhere(
    shown_demo, frame
):
    parts = [Page("stations", part=str(part)).rows("panel_station_list")[1:] for part in range(1, 7)]
    rows = [row for part in parts for row in part]
    states = [row[0].split()[1] for row in rows]
    special = sum((frame["state"] != "opened") | frame["lon"].isna())

    assert [len(part) for part in parts] == [100, 100, 100, 100, 100, 12]
    assert len(rows) == len(frame) == 512
    assert "开放" not in states[: sum(frame["state"] != "opened")]
    assert sum("无坐标" in row[1] for row in rows) == frame["lon"].isna().sum() == 9
    assert all("无坐标" not in row[1] for row in rows[special:])
    assert {" ".join(row[0].split()) for row in rows} <= {
        f"{shape} {word}" for shape, _, word in STATES.values()
    }


def test_the_map_holds_every_station_that_has_a_place_each_state_in_its_own_look(shown_demo, frame):
    layers = [layer for layer in Page("stations", shape="points").deck()["layers"] if layer.get("pickable")]
    drawn = {datum["code"] for layer in layers for datum in layer["data"]}
    looks = [
        (la["@@type"], str(la.get("getFillColor") or la.get("getColor")), la["data"][0].get("text"))
        for la in layers
    ]

    assert drawn == set(frame[frame["lon"].notna()]["station"])
    assert len(set(looks)) == len(looks) == frame[frame["lon"].notna()]["state"].nunique()


def test_the_legend_counts_no_state_that_was_filtered_away(shown_demo):
    text = Page("stations", unit="350583", state="closed").text("panel_stations")

    assert "关闭" in text
    assert re.findall("(?:开放|暂停|建成|计划) [0-9]+", text) == []


def test_the_map_of_a_unit_is_fitted_to_its_outline_and_that_of_a_zone_to_the_county_around_it(shown_demo):
    shapes = {s.code: s for s in outlines(DATA / "geo" / "counties.geojson")}
    city = view_state(with_room(bounds(tuple(shapes.values()))), MAP_SIZE)
    for unit, outline in ((JINJIANG, JINJIANG), ("QZ-TS", "350521")):
        view = Page("stations", unit=unit).deck()["initialViewState"]
        fitted = view_state(bounds((shapes[outline],)), MAP_SIZE)
        assert (view["longitude"], view["zoom"]) == (fitted.longitude, fitted.zoom)
    whole = Page("stations").deck()["initialViewState"]

    assert (whole["longitude"], whole["zoom"]) == (city.longitude, city.zoom)
    assert "台商区没有单独的轮廓，按惠安县显示" in Page("stations", unit="QZ-TS").text("panel_stations")


def test_a_chosen_station_tells_what_it_offers_and_how_it_has_lived(shown_demo, frame):
    row = frame[frame["state"] == "suspended"].iloc[0]
    page = Page("stations", station=row["station"])
    text = page.text("panel_station")

    assert text.startswith(f"{row['name']} ‹ 返回")
    assert "▲ 暂停" in text
    for service in row["services"].split():
        assert f" {service} " in text
    assert (
        f"到站人次（{cached.station_ledgers(page.at.session_state['here'][1])[row['unit']]} 台账）" in text
        or pd.isna(row["visits"])
    )
    for event, day in life(shown_demo["demo"].engine, AsOf(shown_demo["demo"].today()), row["station"]):
        assert f"{STATES[event][0]} {STATES[event][2]} {day}" in text
    assert [la["data"][0]["at"] for la in page.deck()["layers"] if la["id"] == "ring"] == [
        [row["lon"], row["lat"]]
    ]
    assert page.links("panel_station")["‹ 返回"] == "./stations"


def test_what_lies_ahead_of_a_planned_station_is_not_called_unrecorded(shown_demo, frame):
    code = frame[frame["state"] == "planned"].iloc[0]["station"]

    assert "■ 建成 尚未 ● 开放 尚未" in Page("stations", station=code).text("panel_station")


def test_a_park_without_a_station_is_not_called_unreported(shown_demo, frame):
    parks = [o for o in shown_demo.catalogue.organisations if o.level == "town" and o.note]
    park = next(o for o in parks if o.code not in set(frame["town"]))
    told = facts(Page("stations", unit=park.parent_code, town=park.code))

    assert {words.split()[1] for words in told.values()} == {"没有驿站"}


def test_a_station_that_there_is_not_is_a_sentence_with_a_way_back(shown_demo):
    page = Page("stations", station="nowhere")

    assert page.failures == []
    assert "没有编号为 nowhere 的驿站" in page.text("panel_station")
    assert page.links("panel_station")["‹ 返回"] == "./stations"


def test_a_chosen_station_changes_the_map_and_the_panel_and_nothing_else(shown_demo, frame):
    """A browser keeps what is the same text: a click must not send five hundred rows again."""
    one, other = Page("stations"), Page("stations", station=frame.iloc[0]["station"])
    same = [h.value for h in one.at.get("html") if h.value in [o.value for o in other.at.get("html")]]

    for part in ('class="facts"', 'class="filters"', 'class="plain areas', 'class="plain stations"'):
        assert any(part in h for h in same), part
    assert max(len(h.value.encode()) for h in other.at.get("html") if h.value not in same) < 6_000
    assert len(other.at.get("deck_gl_json_chart")[0].proto.json.encode()) < 60_000


def test_another_unit_drops_the_town_and_the_station_that_belong_to_the_last_one(shown_demo):
    town = next(o.code for o in shown_demo.catalogue.organisations if o.name == CIZAO)
    page = Page("stations", unit=JINJIANG, town=town, service="饮水", station="350582-001")
    links = page.links("stations")

    assert page.failures == []
    assert dict(parse_qsl(urlsplit(links["石狮"]).query)) == {"unit": SHISHI, "service": "饮水"}
    assert dict(parse_qsl(urlsplit(links["全部单位"]).query)) == {"service": "饮水"}
    assert links["清除筛选"] == "./stations"


# --- the map: on a grid, and one by one -------------------------------------------------------------


def squares(page: Page) -> dict[str, int]:
    """What stands in each square of the map, by its code."""
    layers = {layer["id"]: layer["data"] for layer in page.deck()["layers"]}
    codes = [f["properties"]["code"] for f in layers["squares"]["features"]]
    return dict(zip(codes, [int(row["text"]) for row in layers["counts"]], strict=True))


def test_a_whole_city_is_counted_on_a_grid_that_loses_no_station(shown_demo, frame):
    opened = frame[(frame["state"] == "opened") & frame["lon"].notna()]
    found = squares(Page("stations"))
    (zoom,) = {of_code(code).zoom for code in found}
    expected = {s.code: n for s, n in counted(list(opened["lon"]), list(opened["lat"]), zoom)}

    assert found == expected
    assert sum(found.values()) == len(opened)


def test_the_legend_of_the_grid_prints_the_bounds_of_its_classes_and_how_wide_a_square_is(shown_demo):
    page = Page("stations")
    found = squares(page)
    swatches = re.findall(r"</b>([\d–]+)</span>", page.html("panel_stations").split('class="marks"')[0])
    bounds_of = [tuple(map(int, (text.split("–") * 2)[:2])) for text in swatches]

    assert bounds_of[0][0] == min(found.values())
    assert bounds_of[-1][1] == max(found.values())
    assert all(low <= high < after for (low, high), (after, _) in itertools.pairwise(bounds_of))
    assert "每格 8.8 公里见方，开放的个数" in page.text("panel_stations")
    # The map bears none of their signs.
    legend = page.html("panel_stations").split('class="marks"')[1]
    assert "开放" in legend
    assert not any(shape in legend for shape, _, _ in STATES.values())


def test_the_table_of_the_grid_is_named_for_it_and_sums_up_to_what_the_head_of_the_map_says(shown_demo):
    found = squares(Page("stations"))
    page = Page("stations", table="1")
    head, *rows, on_map, nowhere = page.rows("panel_stations")

    assert "<caption>泉州市每格 8.8 公里见方里开放的驿站数；驿站列在名录里</caption>" in page.html(
        "panel_stations"
    )
    assert head == ["单位", "中心经纬度", "开放"]
    assert sorted(int(row[2]) for row in rows) == sorted(found.values())
    assert on_map == ["合计", "", f"{sum(found.values())}"]
    assert f"图上 {on_map[2]} · 无坐标 {nowhere[2]}" in page.text("panel_stations")


@pytest.mark.parametrize("asked", [{}, {"unit": JINJIANG}])
def test_a_table_on_a_wall_ends_where_it_is_seen_and_says_how_many_rows_more_there_are(shown_demo, asked):
    desk, wall = (Page("stations", table="1", **asked, **more) for more in ({}, {"wall": "1"}))
    rows = wall.rows("panel_stations")[1:]
    every = [row for row in desk.rows("panel_stations")[1:] if row[0] not in ("合计", "无坐标")]
    shown = [row for row in rows if row[0] not in ("合计", "无坐标")]

    assert len(rows) == 13
    assert shown == every[: len(shown)]
    assert f"另 {len(every) - len(shown)} 行" in wall.text("panel_stations")


def test_a_square_is_looked_at_closely_as_points_with_its_own_list(shown_demo, frame):
    opened = frame[(frame["state"] == "opened") & frame["lon"].notna()]
    code = max(squares(Page("stations")).items(), key=lambda pair: pair[1])[0]
    west, south, east, north = of_code(code).box
    inside = frame[frame["lon"].between(west, east) & frame["lat"].between(south, north)]
    page = Page("stations", cell=code)
    layers = [layer for layer in page.deck()["layers"] if layer.get("pickable")]

    assert {datum["code"] for layer in layers for datum in layer["data"]} == set(inside["station"])
    assert len(page.rows("panel_station_list")) - 1 == len(inside) < len(opened)
    assert page.links("panel_stations")["‹ 返回"] == "./stations"
    assert page.text("panel_station_list").startswith("方格内的名录")


def test_few_stations_are_drawn_one_by_one_and_either_can_be_asked_for(shown_demo, frame):
    def layers(**asked: str) -> set[str]:
        return {re.sub(r"\d.*", "", layer["id"]) for layer in Page("stations", **asked).deck()["layers"]}

    suspended = frame[(frame["state"] == "suspended") & frame["lon"].notna()]
    assert 0 < len(suspended) <= COUNTED_FROM < len(frame)
    assert "squares" not in layers(state="suspended")
    assert "squares" in layers()
    assert "squares" not in layers(shape="points")
    assert "squares" not in layers(unit=JINJIANG, shape="density")  # too few, and no way back to the points
    assert "squares" not in layers(unit=JINJIANG)


def test_a_square_without_a_station_and_a_part_that_is_not_are_sentences_with_a_way_back(shown_demo):
    for asked, sentence in (
        ({"cell": "12-1-1"}, "cell=12-1-1：这个方格里没有驿站。"),
        ({"cell": "0-0-0"}, "cell=0-0-0：应写成 12-3398-1755 这样的方格。"),
        ({"cell": "12-3397-1755", "unit": "350526"}, "cell=12-3397-1755：这个方格里没有驿站。"),
        ({"part": "7"}, "part=7：名录只有 6 页。"),
        ({"part": "0"}, "part=0：可写 1 到 9999 的页码。"),
    ):
        page = Page("stations", **asked)
        assert page.failures == []
        assert sentence in page.text(), asked
        assert "开放驿站" not in page.text()


def test_the_head_of_the_map_counts_what_is_drawn_and_what_cannot_be(shown_demo, frame):
    """On a grid the open ones, as points all of them; the kinds are of the open ones, which bear their signs."""
    opened = frame[frame["state"] == "opened"]
    for asked, told in (({}, opened), ({"shape": "points"}, frame)):
        located = told["lon"].notna().sum()
        words = f"图上 {located} · 无坐标 {len(told) - located}"
        assert words in Page("stations", **asked).text("panel_stations"), asked
    own = opened[opened["unit"] == JINJIANG]
    kinds = re.findall(
        r"</i>(\S+?) <b class=\"num\">(\d+)</b>", Page("stations", unit=JINJIANG).html("panel_stations")
    )
    assert {kind: int(count) for kind, count in kinds} == own["kind"].value_counts().to_dict()
    suspended = Page("stations", unit=JINJIANG, state="suspended").html("panel_stations")
    assert "商超门店" not in suspended  # none that is drawn bears the sign of its kind


def test_only_kinds_that_are_on_the_map_stand_in_its_legend(shown_demo, frame):
    for unit in ("350502", JINJIANG, "QZ-KF"):
        own = frame[(frame["unit"] == unit) & (frame["state"] == "opened")]
        kinds = re.findall(
            r"</i>(\S+?) <b class=\"num\">", Page("stations", unit=unit).html("panel_stations")
        )
        assert set(kinds) == set(own[own["lon"].notna()]["kind"]), unit


def test_units_stand_in_their_own_order_and_of_many_it_is_said_how_many(shown_demo):
    asked = {"service": "热饭", "hours": "24"}
    page = Page("stations", **asked)
    counts = {row[0]: int(row[5]) for row in page.rows("panel_areas")[1:]}
    named = re.findall(r"<dt><a [^>]*>(\S+?)</a>", page.html("panel_station"))
    some = [name for name, count in counts.items() if count]

    assert named == some
    assert len(some) > 5
    told = "、".join(f"{name} {counts[name]}" for name in some[:4])
    assert f"{told} 等 {len(some)} 个" in facts(page)["没有开放驿站的镇街"]


def test_a_rate_that_is_not_nought_has_a_digit_that_is_not(shown_demo):
    """One station of 2,000,000 residents is 0.0048 of ten thousand and never 0.00."""
    asked = {"unit": JINJIANG, "service": "政策咨询", "hours": "24", "kind": "党群服务中心"}
    page = Page("stations", **asked)
    told = facts(page)["开放驿站"].removeprefix("晋江 · 政策咨询 · 24 小时 · 党群服务中心 ")
    count = int(told.split(" ")[0])
    rate_told = float(re.search(r"每万人 ([\d.]+)", told)[1])

    assert count > 0
    assert rate_told > 0
    table = stations_table.as_frame(*page.at.session_state["here"])
    assert table[table["栏目"] == "合计"]["每万人"].item() == rate_told


def test_the_rate_says_of_which_year_its_residents_are(shown_demo):
    assert "每万人 " in facts(Page("stations"))["开放驿站"]
    assert "（2021年人口）" in facts(Page("stations"))["开放驿站"]


def test_a_zone_without_towns_is_told_by_unit_and_owes_no_town(shown_demo):
    page = Page("stations", unit="QZ-KF")

    assert len(page.rows("panel_areas")) == 14
    assert "未写镇街" not in page.text("panel_areas")
    assert "镇街人口未报" not in page.text("panel_areas")


def test_a_county_with_its_zone_leads_to_no_list_that_holds_only_one_of_them(shown_demo):
    html = Page("county", unit="350502", zones="with").html("panel_unit_stations")

    assert "state=opened" not in html
    assert "state=opened" in Page("county", unit="350502").html("panel_unit_stations")


def test_seen_closely_each_open_station_bears_the_sign_of_its_kind(shown_demo, frame):
    page = Page("stations", unit=SHISHI)
    own = frame[(frame["unit"] == SHISHI) & frame["lon"].notna()]
    opened = own[own["state"] == "opened"]
    signs = {
        re.sub(r"\s.*", "", kind): sign
        for sign, kind in re.findall(r"<i>(.)</i>(.+?) <b", page.html("panel_stations"))
    }
    (layer,) = [layer for layer in page.deck()["layers"] if layer["id"] == "figures"]

    assert len(set(signs.values())) == len(signs) == own["kind"].nunique()
    assert all(sign in kind for kind, sign in signs.items())
    told = {tuple(row["at"]): row["text"] for row in layer["data"]}
    kinds = {(row.lon, row.lat): signs[row.kind] for row in opened.itertuples()}
    world = 512 * 2 ** page.deck()["initialViewState"]["zoom"]
    spots = [to_pixels(spot, world) for spot in zip(own["lon"], own["lat"], strict=True)]

    def alone(spot: tuple[float, float]) -> bool:
        return sum(math.dist(to_pixels(spot, world), other) < 20 for other in spots) == 1

    assert told.items() <= kinds.items()
    assert {spot for spot in kinds if alone(spot)} <= told.keys()


def test_no_name_repeats_the_heading_and_none_stands_on_a_station(shown_demo):
    names = {row["text"] for row in _labels(Page("stations", unit=JINJIANG))}
    page = Page("stations", shape="points")
    world = 512 * 2 ** page.deck()["initialViewState"]["zoom"]
    dots = [row["at"] for la in page.deck()["layers"] for row in _rows(la) if "code" in row]

    assert "晋江" not in names
    assert len(dots) > COUNTED_FROM
    for label in _labels(page):
        x, y = to_pixels(label["at"], world)
        if label["anchor"] == "middle" and not label.get("ground"):
            half = 17 * len(label["text"]) / 2
            near = (to_pixels(dot, world) for dot in dots)
            assert not [1 for right, down in near if abs(right - x) < half and abs(down - y) < 9], label


def test_a_wall_writes_larger_names_lists_what_has_room_and_says_its_day_once(shown_demo):
    desk, wall = Page("stations"), Page("stations", wall="1")
    sizes = [
        next(la["getSize"] for la in page.deck()["layers"] if la["id"] == "labels") for page in (desk, wall)
    ]

    assert sizes == [17, 24]
    assert len(desk.rows("panel_station_list")) == 1 + 100
    assert len(wall.rows("panel_station_list")) == 1 + 3
    assert "截至" in facts(desk)["开放驿站"]
    assert "截至" not in facts(wall)["开放驿站"]


def _labels(page: Page) -> list[dict[str, Any]]:
    return next((la["data"] for la in page.deck()["layers"] if la["id"] == "labels"), [])


def test_what_lies_below_a_planned_station_is_seen_through_its_ring(shown_demo, frame):
    planned = frame[(frame["state"] == "planned") & frame["lon"].notna()].iloc[0]
    layers = Page("stations", unit=planned["unit"]).deck()["layers"]
    (ring,) = [la for la in layers if planned["station"] in [row.get("code") for row in _rows(la)]]

    assert (
        0 < ring["getFillColor"][3] < 255
    )  # clear through, it would be taken for the ring of the chosen one
    assert ring["getLineColor"] == list(rgba("not_started", "dark"))


def _rows(layer: dict[str, Any]) -> list[dict[str, Any]]:
    """The places of a layer, none for that of the outlines."""
    return layer["data"] if isinstance(layer["data"], list) else []


def test_the_words_on_the_outlines_cover_no_figure_of_the_grid(shown_demo):
    deck = Page("stations").deck()
    layers = {layer["id"]: layer["data"] for layer in deck["layers"]}
    world = 512 * 2 ** deck["initialViewState"]["zoom"]

    def pixel(lon: float, lat: float) -> tuple[float, float]:
        up = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
        return lon / 360 * world, -up / (2 * math.pi) * world

    for label in layers["labels"]:
        x, y = pixel(*label["at"])
        width = 16 * len(label["text"])
        left = x - width / 2 if label["anchor"] == "middle" else x
        for square in layers["squares"]["features"]:
            ring = [pixel(*spot) for spot in square["geometry"]["coordinates"][0]]
            over = (
                left < max(p[0] for p in ring)
                and left + width > min(p[0] for p in ring)
                and y - 8 < max(p[1] for p in ring)
                and y + 8 > min(p[1] for p in ring)
            )
            assert not over, label["text"]


def test_a_county_without_a_ledger_is_grey_and_says_so(tmp_path, catalogue):
    with installed(tmp_path, DASHBOARD_DEMO="off") as stores:
        ledger = Ledger(stores["live"], catalogue)
        ledger.hand_in("stations", JINJIANG, *station("a", LIFE), *station("b", LIFE, lon=None, lat=None))
        page = Page("stations", lang="zh-CN")
        layers = {layer["id"]: layer["data"] for layer in page.deck()["layers"]}
        fills = {f["properties"]["code"]: f["properties"]["fill"] for f in layers["units"]["features"][:12]}
        names = {row["text"] for row in layers["labels"]}

        assert page.failures == []
        assert fills[JINJIANG] == list(rgba("land", "dark"))
        assert fills[SHISHI] == list(rgba("unreported", "dark")) != fills[JINJIANG]
        assert {"晋江", "石狮\n未报", "惠安\n含台商区\n未报"} <= names
        assert "▨ 未报送 12" in page.text("panel_stations")
        assert "图上 1 · 无坐标 1" in page.text("panel_stations")


def test_an_open_station_tells_its_former_names_and_no_label_of_what_nobody_wrote(tmp_path, catalogue):
    bare = station("b", LIFE, kind="", operator="", hours="", services="")
    renamed = FactDraft("alias", {"subject": "station", "alias": "旧驿站<甲>", "target": "a"})
    back_again = FactDraft("alias", {"subject": "station", "alias": "驿站a", "target": "a"})
    with installed(tmp_path, DASHBOARD_DEMO="off") as stores:
        ledger = Ledger(stores["live"], catalogue)
        ledger.hand_in("stations", JINJIANG, *station("a", LIFE), *bare, renamed, back_again)
        told, untold, english = (
            Page("stations", station=code, lang=lang) for code, lang in (("a", ""), ("b", ""), ("a", "en"))
        )

        assert " 曾用名：旧驿站<甲> ● 开放 时间 08:00-20:00 类型 商超门店 运营 工会 " in told.text(
            "panel_station"
        )
        assert "Formerly: 旧驿站<甲>" in english.text("panel_station")
        assert not {"曾用名", "时间", "类型", "运营"} & set(untold.text("panel_station").split())
        assert "● 开放 ○ 计划 2025-03-01" in untold.text("panel_station")


def test_a_unit_without_a_ledger_has_no_nought_anywhere(tmp_path, catalogue):
    """What nobody said is not that there is none: neither in the legend nor in a list, a table or the CSV."""
    said = "石狮还没有报送驿站台账。"
    with installed(tmp_path, DASHBOARD_DEMO="off") as stores:
        Ledger(stores["live"], catalogue).hand_in("stations", JINJIANG, *station("a", LIFE))
        page = Page("stations", unit=SHISHI)

        assert page.failures == []
        assert "▨ 未报送 " in page.text("panel_stations") + " "
        assert said in page.text("panel_station")
        assert said in page.text("panel_station_list")
        assert said in Page("stations", unit=SHISHI, table="1").text("panel_stations")
        assert {row[1] for row in page.rows("panel_areas")[1:]} == {"▨ 未报送"}
        rows = stations_table.as_frame(*page.at.session_state["here"])
        assert rows[["开放个数", "每万人", "无驿站镇街"]].isna().all(axis=None)
        county = Page("county", unit=SHISHI)
        assert "石狮市驿站 地图 表格 t 还没有收到台账 名录 › ▨ 未报送 " in county.text("panel_unit_stations")
        assert TOKENS["dark"]["unreported"] in unquote(county.html("panel_unit_stations"))
        for words in (page.text("panel_stations"), county.text("panel_unit_stations")):
            assert not re.search(r" 0\b", words)


def test_a_county_whose_zone_has_no_ledger_says_that_on_the_map(tmp_path, catalogue):
    with installed(tmp_path, DASHBOARD_DEMO="off") as stores:
        given = station("a", LIFE, unit="350521", lon=118.8, lat=25.03)
        Ledger(stores["live"], catalogue).hand_in("stations", "350521", *given)
        for lang, told in (("zh-CN", "惠安\n台商区 未报"), ("en", "Hui'an\nInv. Zone no report")):
            layers = {la["id"]: la["data"] for la in Page("stations", lang=lang).deck()["layers"]}
            fills = {
                f["properties"]["code"]: f["properties"]["fill"] for f in layers["units"]["features"][:12]
            }

            assert told in {row["text"] for row in layers["labels"]}
            assert fills["350521"] == list(rgba("land", "dark"))


def test_the_csv_of_the_stations_holds_the_sums_the_units_and_the_list_it_shows(shown_demo, frame):
    page = Page("stations", unit=JINJIANG)
    view, key = page.at.session_state["here"]
    table = stations_table.as_frame(view, key)
    own = frame[frame["unit"] == JINJIANG]

    assert csv_bytes(table).startswith(b"\xef\xbb\xbf")
    assert table["栏目"].value_counts().to_dict() == {"名录": len(own), "按镇街": 19, "合计": 1}
    assert table.iloc[0]["开放个数"] == (own["state"] == "opened").sum()
    assert list(table[table["栏目"] == "名录"]["名称"]) == [
        row[1].removesuffix(" 无坐标") for row in page.rows("panel_station_list")[1:]
    ]


def test_the_points_page_counts_visits_as_they_are_asked_directly(shown_demo):
    day = shown_demo["demo"].today()
    visits = queries.point_visits(shown_demo["demo"].engine, AsOf(day))
    last = visits.groupby("point")["visited_on"].max()
    long_ago = [p for p, on in last.items() if (day - on).days > 60]
    told = facts(Page("points"))

    assert told["观察联系点"].startswith("12 个 在 12 个填报单位")
    assert "★ 中央社会工作部观察联系点 1 个" in told["观察联系点"]
    assert told["超过 60 天没有走访"].startswith(f"{len(long_ago)} 个 ")
    # Every visit of the demo counts both or neither, so the share is that of all of them.
    assert (visits["found"].isna() == visits["solved"].isna()).all()
    found, solved = visits["found"].sum(), visits["solved"].sum()
    assert told["走访发现的问题"].startswith(
        f"{found:.0f} 个 已解决 {solved:.0f} 个，{solved / found:.0%} 走访 {len(visits)} 次"
    )
    assert told["被推广"].startswith(f"{(visits['adopted'] != '').sum()} 次 ")


def test_the_switch_to_the_other_data_leaves_the_point_and_the_station_that_are_not_there(shown_demo, frame):
    for page in (Page("points", point="P00"), Page("stations", station=frame.iloc[0]["station"])):
        assert "data=live" in page.links("header")["正式"]
        assert "point=" not in page.links("header")["正式"]
        assert "station=" not in page.links("header")["正式"]


def test_a_card_tells_the_last_visit_how_long_ago_what_was_found_solved_and_taken_over(shown_demo):
    day = shown_demo["demo"].today()
    visits = queries.point_visits(shown_demo["demo"].engine, AsOf(day))
    html = Page("points").html("panel_point_cards")
    for code in ("P00", "P02", "P07"):
        own = visits[visits["point"] == code]
        card = _words(html.split(f'data-point="{code}"')[1].split("</a>")[0])
        since = (day - own.iloc[0]["visited_on"]).days
        assert ("▲" if since > 60 else "●") in card
        assert f"{since} 天前走访" in card
        assert str(own.iloc[0]["visited_on"]) in card
        assert f"解决 {own['solved'].sum():.0f}/{own['found'].sum():.0f}" in card
        assert f"推广 {(own['adopted'] != '').sum()} 次" in card


def test_the_page_of_a_point_shows_the_measures_it_pilots_with_shape_and_word_and_every_visit(shown_demo):
    day = shown_demo["demo"].today()
    page = Page("points", point="P02")
    visits = queries.point_visits(shown_demo["demo"].engine, AsOf(day))
    own = visits[visits["point"] == "P02"]
    found = cached.list_readout(cached.Moment().key("demo", AsOf(day)))
    assert found is not None
    duties = {d.number: d for d in found.of("350503")}
    names = {light.light: light.name for light in shown_demo.catalogue.light_rules[0].lights}

    rows = page.rows("panel_pilots")[1:]
    assert [row[0].split()[0] for row in rows] == ["7-20-1", "7-20-2", "7-20-3"]
    for row in rows:
        duty = duties[row[0].split()[0]]
        assert row[1].startswith(f"{SHAPES[duty.light]} {names[duty.light]} ")
        assert row[1].endswith(duty.reason)
    assert [r[0] for r in page.rows("panel_visits")[1:]] == [on.isoformat() for on in own["visited_on"]]
    drawn = {s["name"]: s["data"] for s in page.chart(0)["series"]}
    open_now = (own["found"] - own["solved"])[::-1].cumsum()
    assert drawn == {
        "found": list(own["found"])[::-1],
        "solved": list(own["solved"])[::-1],
        "open": list(open_now),
    }


def test_a_wall_shows_the_newest_visits_that_have_room_and_counts_the_others(shown_demo):
    visits = queries.point_visits(shown_demo["demo"].engine, AsOf(shown_demo["demo"].today()))
    code = visits["point"].value_counts().index[0]
    own = [on.isoformat() for on in visits[visits["point"] == code]["visited_on"]]
    desk, wall = Page("points", point=code), Page("points", point=code, wall="1")
    shown = [row[0] for row in wall.rows("panel_visits")[1:]]

    assert [row[0] for row in desk.rows("panel_visits")[1:]] == own
    assert "另" not in desk.text("panel_visits")
    assert 1 < len(shown) < len(own)
    assert shown == own[: len(shown)]
    assert wall.text("panel_visits").endswith(f"另 {len(own) - len(shown)} 次")
    assert len(wall.chart(0)["xAxis"][0]["data"]) == WALL.shown
    assert f"最近 {WALL.shown} 次走访的问题" in wall.text("panel_visited")


@pytest.mark.parametrize(
    ("heights", "shown"),
    [([], 0), ([40, 40], 2), ([40, 40, 40], 1), ([70, 40], 1), ([200, 40], 1), ([20, 20, 20, 40, 40], 3)],
)
def test_rows_that_have_no_room_leave_some_for_the_line_that_counts_them(heights, shown):
    assert rows_with_room(heights, room=100, rest=30) == shown


def test_how_many_lines_a_text_takes_is_rather_too_many():
    assert [lines("一" * n, 240, 24, most=3) for n in (0, 10, 11, 18, 19, 500)] == [0, 1, 2, 2, 3, 3]


def test_no_two_points_lie_on_one_another_on_the_map_and_each_has_its_sign(shown_demo):
    deck = Page("points").deck()
    drawn = [d["at"] for la in deck["layers"] if la.get("pickable") for d in la["data"]]
    signs = [d["text"] for la in deck["layers"] if la["id"] == "figures" for d in la["data"]]
    world = 512 * 2 ** deck["initialViewState"]["zoom"]

    assert sorted(signs) == sorted(["★", *map(str, range(1, 11))])
    assert Page("points").text("panel_points").startswith("联系点在哪里 地图 表格 t 无坐标 1：示例联系点 11")
    stretch = 1 / math.cos(math.radians(25))
    near = [
        (one, other)
        for one, other in itertools.combinations(drawn, 2)
        if math.hypot(one[0] - other[0], (one[1] - other[1]) * stretch) * world / 360 < 2 * RADIUS
    ]
    assert near == []


def test_the_csv_of_the_points_holds_points_measures_and_visits(shown_demo):
    page = Page("points")
    view, key = page.at.session_state["here"]
    table = points_table.as_frame(view, key)
    visits = queries.point_visits(shown_demo["demo"].engine, AsOf(shown_demo["demo"].today()))

    piloted = queries.points(shown_demo["demo"].engine, AsOf(shown_demo["demo"].today()))["measures"].map(len)

    assert table["栏目"].value_counts().to_dict() == {
        "走访": len(visits),
        "先行先试": piloted.sum(),
        "联系点": 12,
    }
    first = table[table["编号"] == "P00"].iloc[0]
    assert (first["名称"], first["中央联系点"]) == ("磁灶镇", "是")


@pytest.mark.parametrize("name", ["stations", "points"])
@pytest.mark.parametrize("lang", ["zh-TW", "en"])
def test_both_pages_are_drawn_in_other_languages(shown_demo, name, lang):
    page = Page(name, lang=lang)

    assert page.failures == []
    if lang == "zh-TW":
        assert "驛站" in page.text("header")
        assert "觀察聯繫點" in page.text() if name == "points" else "開放驛站" in page.text()


# --- nothing there ----------------------------------------------------------------------------------


def test_without_a_ledger_the_stations_page_shows_what_was_published_and_who_owes_the_rest(shown_demo):
    page = Page("stations", data="live")
    told = facts(page)

    assert page.failures == []
    assert (
        told["暖“新”驿站"] == "500+ 个 2025年1月 · 市级公开 泉州首次市委社会工作会议综述（2025年1月）（B 级）"
    )
    assert told["24 小时开放"] == "未报送 ▨ 由填报单位的台账得出"
    assert "还没有单位报送驿站台账" in page.text("stations")
    assert [row[1] for row in page.rows("panel_areas")[1:]] == ["▨ 未报送"] * 13
    assert "数怎样到这里" in page.text("panel_station_list")
    assert not [la for la in page.deck()["layers"] if la.get("pickable")]
    view, key = page.at.session_state["here"]
    table = stations_table.as_frame(view, key)
    assert list(table["栏目"]) == ["公开数"] + ["按单位"] * 13
    assert list(table["开放个数"].dropna()) == []


def test_without_a_ledger_the_points_page_shows_what_was_published_and_who_owes_the_rest(shown_demo):
    page = Page("points", data="live")
    told = facts(page)

    assert page.failures == []
    assert told["观察联系点"].startswith(
        "12 个 2025年1月 · 市级公开 泉州首次市委社会工作会议综述（2025年1月）"
    )
    assert told["超过 60 天没有走访"] == "未报送 ▨ 由市委社会工作部的走访记录得出"
    assert "中央社会工作部观察联系点 1 个" in page.text("panel_point")
    assert page.at.get("echarts_chart") == []
    # Nobody told of a point: no county is known to have none, and no roster is named as the source.
    (land,) = (la["data"]["features"] for la in page.deck()["layers"] if la["id"] == "units")
    fills = {f["properties"]["code"]: f["properties"]["fill"] for f in land if "fill" in f["properties"]}
    assert fills[JINJIANG] == fills["350502"] == list(rgba("unreported", "dark"))
    assert fills["350527"] == list(rgba("outside", "dark"))
    day = page.at.session_state["here"][1].as_of.day
    assert re.search(rf"▨ 名册未报送 截至 {day} · 轮廓依据", page.text("panel_points"))


def test_before_anything_was_known_neither_page_shows_a_figure(shown_demo):
    for name in ("stations", "points"):
        page = Page(name, data="live", as_of="2015-01-05")
        assert page.failures == []
        assert {told.split()[0] for told in facts(page).values()} == {"未报送"}
        assert "到这一天还没有公开过" in page.text(name)


def test_a_link_of_the_table_of_units_keeps_the_filters_and_drops_the_town(shown_demo):
    town = next(o.code for o in shown_demo.catalogue.organisations if o.name == CIZAO)
    link = Page("stations", unit=JINJIANG, town=town, service="热饭").links("panel_areas")["‹ 全市"]

    assert dict(parse_qsl(urlsplit(link).query)) == {"service": "热饭"}


def test_the_page_of_a_unit_shows_its_located_stations_as_links_and_counts_the_others(shown_demo, frame):
    own = frame[frame["unit"] == "350582"]
    located = own[own["lon"].notna()]
    page = Page("county", unit="350582")
    html = page.html("panel_unit_stations")
    linked = re.findall(r'href="\./stations\?unit=350582&amp;station=([^"&]+)', html)

    assert sorted(linked) == sorted(located["station"])
    assert f"图上 {len(located)} · 无坐标 {len(own) - len(located)}" in page.text("panel_unit_stations")
    places = re.findall(r"left:(-?[\d.]+)%;top:(-?[\d.]+)%", html)
    assert all(0 <= float(share) <= 100 for place in places for share in place)


@pytest.mark.parametrize(("unit", "zone"), [("350502", "QZ-KF"), ("350521", "QZ-TS")])
def test_the_marks_under_the_map_of_a_county_count_what_is_drawn_on_it(shown_demo, frame, unit, zone):
    text = Page("county", unit=unit, zones="with").text("panel_unit_stations")
    counted = frame[frame["unit"].isin([unit, zone])]["state"].value_counts()

    assert f"开放 {counted['opened']}" in text


def test_a_service_that_no_station_offers_is_a_sentence_and_no_wall_of_noughts(shown_demo):
    page = Page("stations", service="理发")

    assert page.failures == []
    assert "service=理发：在这一天没有驿站登记过这种服务。" in page.text()
    assert "没有开放驿站的镇街" not in page.text()


def test_every_page_of_the_demo_with_figures_tells_how_old_the_oldest_is(shown_demo, frame):
    """Of /tasks what was last said of a measure that is not done, of /stations the oldest ledger."""
    today = shown_demo["demo"].today()
    key = cached.Moment().key("demo", AsOf(today))
    said = [d.period.end for d in cached.list_readout(key).duties if d.period and d.light != "done"]
    ledgers = cached.station_ledgers(key).values()
    visited = [p.visits[0].on for p in cached.points(key) if p.visits]

    for name, days in (("tasks", said), ("stations", ledgers), ("points", visited)):
        assert f"最旧数据 {(today - min(days)).days} 天前" in Page(name).text("header"), name
    assert "最旧数据" in Page("changes").text("header")
    assert "最旧数据" not in Page("about").text("header")


def test_the_page_of_a_town_shows_the_stations_of_the_town(shown_demo, frame):
    town = frame[(frame["unit"] == "350582") & frame["lon"].notna()].iloc[0]["town"]
    there = frame[(frame["town"] == town) & frame["lon"].notna()]
    html = Page("county", unit="350582", town=town).html("panel_unit_stations")

    assert sorted(re.findall(r"station=([^\"&]+)", html)) == sorted(there["station"])


def test_what_a_ledger_tells_and_what_none_does_stands_on_the_page_of_each_unit(tmp_path):
    """晋江 has handed in a ledger that tells no hours, 南安 none, and nobody a monthly figure."""
    with installed(tmp_path) as stores:
        day = stores["live"].today().isoformat()
        rows = [
            *station("a", LIFE, hours=""),
            *station("b", {**LIFE, "suspended": date(2025, 9, 1)}, hours=""),
        ]
        Ledger(stores["live"], stores.catalogue).hand_in("stations", JINJIANG, *rows, on=day)
        own, other, city = (Page("county", unit=unit).text() for unit in (JINJIANG, "350583", "350500"))
        stations = facts(Page("stations"))

        assert "开放的驿站 1 个 其他状态 1 · 无坐标 0" in own
        assert "暖“新”驿站 （台账：开放 1 个） 关心关爱活动" in own
        assert "开放的驿站 未报送 ▨ 还没有收到台账" in other
        assert "（台账" not in other
        assert "开放的驿站 1 个 已报合计 1/13 其他状态 1" in city
        assert stations["24 小时开放"].endswith("未写 台账没有写开放时间")
        assert next(row for row in Page("stations").rows("panel_areas") if row[0] == "晋江")[3] == "—"
        more = [*station("c", LIFE, hours="00:00-24:00"), *station("d", LIFE)]
        Ledger(stores["live"], stores.catalogue).hand_in("stations", JINJIANG, *more, on=day)
        assert next(row for row in Page("stations").rows("panel_areas") if row[0] == "晋江")[3] == "1+"
        assert "1 个 占写了时间的 50% 1 个没有写时间" in facts(Page("stations"))["24 小时开放"]


def test_the_list_in_the_csv_comes_in_again_and_changes_nothing(shown_demo, frame, tmp_path):
    table = stations_table.as_frame(*Page("stations", unit="350521").at.session_state["here"])
    (tmp_path / "惠安.csv").write_bytes(csv_bytes(table[table["栏目"] == "名录"]))
    shapes = outlines(DATA / "geo" / "counties.geojson")
    found = prepare_stations(shown_demo["demo"], shapes, tmp_path / "惠安.csv", Asked(unit="350521"))

    assert found.rows == sum(frame["unit"] == "350521")
    assert (found.changes.new, found.changes.renamed, found.changes.closed, found.changes.missing) == (
        (),
        (),
        (),
        (),
    )
    assert found.changes.changed == ()


def test_before_the_first_ledger_the_page_of_a_unit_has_no_map(shown_demo):
    with pytest.raises(KeyError, match="panel_unit_stations"):
        Page("county", unit="350582", data="live").html("panel_unit_stations")


def test_the_stations_of_a_county_with_its_zone_are_folded_as_its_figures_are(shown_demo, frame):
    opened = frame[frame["state"] == "opened"]
    both, alone = ((opened["unit"].isin(units)).sum() for units in (["350502", "QZ-KF"], ["350502"]))

    assert f"开放的驿站（含开发区） {both} 个" in Page("county", unit="350502", zones="with").text()
    assert f"开放的驿站 {alone} 个" in Page("county", unit="350502").text()


def test_the_cards_of_an_english_reader_say_since_when_their_figures_are_known(shown_demo):
    words = Page("overview", lang="en", data="demo").text("overview")

    assert re.search(r"known \d{4}-\d\d-\d\d · \d+ units", words)
    assert "Return for known" not in words


def test_the_map_of_a_county_with_its_zone_holds_the_stations_of_both_each_linked_to_its_own(
    shown_demo, frame
):
    located = frame[frame["lon"].notna()]
    with_zone = located[located["unit"].isin(["350502", "QZ-KF"])]
    linked = {
        zones: re.findall(
            r'href="\./stations\?unit=([^&"]+)&amp;(?:zones=\w+&amp;)?station=([^"&]+)',
            Page("county", unit="350502", zones=zones).html("panel_unit_stations"),
        )
        for zones in ("with", "without")
    }

    assert sorted(linked["with"]) == sorted(zip(with_zone["unit"], with_zone["station"], strict=True))
    assert {unit for unit, _ in linked["without"]} == {"350502"}


def test_the_csv_of_a_unit_holds_the_summary_the_comparisons_and_targets_and_the_measures_on_the_page(
    shown_demo,
):
    page = Page("county", unit="350582")
    view, key = page.at.session_state["here"]
    unit = shown_demo.catalogue.organisation("350582")
    table = county_table.as_frame(view, key, unit)
    figures = table[table["栏目"] == "指标"].set_index("指标")
    duties = table[table["栏目"] == "承担的措施"]
    shown_lines = page.text("panel_lines")

    assert len(table[table["栏目"] == "概要"]) == 4
    assert figures.loc["暖“新”驿站", "比较"] in shown_lines
    assert f"{figures.loc['暖“新”驿站', '目标']:.0f}" in shown_lines
    assert len(duties) == page.html("panel_duties").count("<tr>")
    assert duties["措施序号"].iloc[0] in page.text("panel_duties")
