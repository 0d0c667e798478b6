"""Stations and points: what is counted, from a store into which a handful was told, and from the demo."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest

from dashboard import queries
from dashboard.catalogue import Catalogue
from dashboard.config import DATA
from dashboard.csvfile import csv_bytes
from dashboard.formulas import NOTHING
from dashboard.geo import bounds, outlines
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.maps import view_state, with_room
from dashboard.periods import parse
from dashboard.readouts.points import PointReadout, Visit, point_list, visited
from dashboard.readouts.stations import (
    AreaStations,
    by_town,
    by_unit,
    chosen,
    life,
    rate,
    services,
    station_ledgers,
    station_list,
)
from dashboard.startup import Stores
from dashboard.store import SYSTEM, Draft, FactDraft, Store, accept, receive, withdraw
from dashboard.ui import cached, county_table, points_table, stations_table
from dashboard.ui.points_page import RADIUS
from dashboard.ui.stations_page import MAP_SIZE, STATES
from dashboard.ui.theme import SHAPES
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

    def hand_in(self, kind: str, organisation: str, *facts: FactDraft) -> int:
        content = f"{next(self._number)}".encode()
        draft = Draft(kind, organisation, "台账.xlsx", content, facts, parse("2026-01-10"))
        received = receive(self.store, SYSTEM, draft)
        accept(self.store, SYSTEM, received)
        return received

    def units(self) -> dict[str, AreaStations]:
        every = station_list(self.store.engine, DAY)
        told = station_ledgers(self.store.engine, DAY)
        return {a.code: a for a in by_unit(self.store.engine, DAY, self.catalogue, every, frozenset(told))}

    def towns(self, unit: str) -> dict[str, AreaStations]:
        every = station_list(self.store.engine, DAY)
        told = station_ledgers(self.store.engine, DAY)
        return {a.name: a for a in by_town(self.catalogue, unit, every, frozenset(told))}


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
    assert station_ledgers(ledger.store.engine, DAY) == {JINJIANG: date(2026, 1, 15)}
    withdraw(ledger.store, SYSTEM, received, "报错了")

    assert station_ledgers(ledger.store.engine, DAY) == {}
    assert not ledger.units()[JINJIANG].reported


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
    every = station_list(ledger.store.engine, DAY)

    assert [s.station for s in chosen(every, service="热饭")] == ["a"]
    assert [s.station for s in chosen(every, all_day=True)] == ["a"]
    assert chosen(every, service="充电", all_day=True) == ()
    assert services(every) == ("饮水", "充电", "热饭")


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


@pytest.mark.parametrize(("days", "long_ago"), [(0, False), (60, False), (61, True), (None, True)])
def test_a_visit_is_long_ago_after_sixty_days_and_one_that_never_was_is_too(days, long_ago):
    made = () if days is None else (Visit(date.fromordinal(DAY.day.toordinal() - days), 1, 1, "", ""),)
    found = PointReadout("P1", "甲", JINJIANG, "", False, "", (), None, None, made)

    assert found.days_since(DAY.day) == days
    assert found.long_ago(DAY.day) is long_ago
    assert visited([found], DAY.day).long_ago == ((found,) if long_ago else ())


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
    assert told["没有驿站的镇街"].startswith(f"{len(without)} 个 共 163 个镇街")
    assert len(opened) < len(frame)


def test_the_four_figures_of_a_unit_a_service_and_round_the_clock_are_those_of_its_stations(
    shown_demo, frame
):
    own = frame[(frame["unit"] == JINJIANG) & (frame["state"] == "opened")]
    warm = own[own["services"].str.split().map(lambda s: "热饭" in s)]
    open_always = warm[warm["hours"] == "00:00-24:00"]

    assert facts(Page("stations", unit=JINJIANG))["开放驿站 · 晋江"].startswith(f"{len(own)} 个 ")
    told = facts(Page("stations", unit=JINJIANG, service="热饭"))
    assert told["开放驿站 · 晋江 · 热饭"].startswith(f"{len(warm)} 个 ")
    told = facts(Page("stations", unit=JINJIANG, service="热饭", hours="24"))
    assert told["开放驿站 · 晋江 · 热饭 · 24 小时"].startswith(f"{len(open_always)} 个 ")


def test_the_table_counts_the_thirteen_in_official_order_and_leads_to_them(shown_demo, frame):
    page = Page("stations")
    _, *rows = page.rows("panel_areas")
    counts = frame[frame["state"] == "opened"]["unit"].value_counts()

    assert [r[0] for r in rows] == [u.short_name for u in shown_demo.catalogue.units]
    assert [int(r[1]) for r in rows] == [counts[u.code] for u in shown_demo.catalogue.units]
    assert page.links("panel_areas")["晋江"] == f"./stations?unit={JINJIANG}"


def test_a_chosen_unit_is_told_by_town_and_no_town_is_left_out(shown_demo, frame):
    page = Page("stations", unit="350526")
    _, *rows = page.rows("panel_areas")
    towns = [o for o in shown_demo.catalogue.organisations if o.parent_code == "350526" and not o.note]
    counts = frame[(frame["state"] == "opened")]["town"].value_counts()

    assert [r[0] for r in rows] == [t.name for t in towns]
    assert [r[1] for r in rows] == [str(counts[t.code]) if t.code in counts else "无" for t in towns]
    assert page.text("panel_station").startswith(
        f"没有驿站的镇街 点一个驿站，这里换成它 德化 {[r[1] for r in rows].count('无')} /18"
    )


def test_the_list_holds_every_station_and_begins_with_those_that_are_not_open_or_stand_nowhere(
    shown_demo, frame
):
    _, *rows = Page("stations").rows("panel_station_list")
    states = [row[0].split()[1] for row in rows]
    special = sum((frame["state"] != "opened") | frame["lon"].isna())

    assert len(rows) == len(frame) == 512
    assert "开放" not in states[: sum(frame["state"] != "opened")]
    assert sum("无坐标" in row[1] for row in rows) == frame["lon"].isna().sum() == 9
    assert all("无坐标" not in row[1] for row in rows[special:])
    assert {" ".join(row[0].split()) for row in rows} <= {
        f"{shape} {word}" for shape, _, word in STATES.values()
    }


def test_the_map_holds_every_station_that_has_a_place_each_state_in_its_own_look(shown_demo, frame):
    layers = [layer for layer in Page("stations").deck()["layers"] if layer.get("pickable")]
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

    assert text.startswith(f"{row['name']} × 关闭")
    assert "▲ 暂停" in text
    for service in row["services"].split():
        assert f" {service} " in text
    for event, day in life(shown_demo["demo"].engine, AsOf(shown_demo["demo"].today()), row["station"]):
        assert f"{STATES[event][0]} {STATES[event][2]} {day}" in text
    assert [la["data"][0]["at"] for la in page.deck()["layers"] if la["id"] == "ring"] == [
        [row["lon"], row["lat"]]
    ]
    assert page.links("panel_station")["× 关闭"] == "./stations"


def test_what_lies_ahead_of_a_planned_station_is_not_called_unrecorded(shown_demo, frame):
    code = frame[frame["state"] == "planned"].iloc[0]["station"]

    assert "■ 建成 尚未 ● 开放 尚未" in Page("stations", station=code).text("panel_station")


def test_a_park_without_a_station_is_not_called_unreported(shown_demo, frame):
    parks = [o for o in shown_demo.catalogue.organisations if o.level == "town" and o.note]
    park = next(o for o in parks if o.code not in set(frame["town"]))
    told = facts(Page("stations", unit=park.parent_code, town=park.code))

    assert {words.split()[0] for words in told.values()} == {"没有驿站"}


def test_a_station_that_there_is_not_is_a_sentence_with_a_way_back(shown_demo):
    page = Page("stations", station="nowhere")

    assert page.failures == []
    assert "没有编号为 nowhere 的驿站" in page.text("panel_station")
    assert page.links("panel_station")["× 关闭"] == "./stations"


def test_a_chosen_station_changes_the_map_and_the_panel_and_nothing_else(shown_demo, frame):
    """A browser keeps what is the same text: a click must not send five hundred rows again."""
    one, other = Page("stations"), Page("stations", station=frame.iloc[0]["station"])
    same = [h.value for h in one.at.get("html") if h.value in [o.value for o in other.at.get("html")]]

    for part in ('class="facts"', 'class="filters"', 'class="plain areas', 'class="plain stations"'):
        assert any(part in h for h in same), part
    assert max(len(h.value.encode()) for h in other.at.get("html") if h.value not in same) < 6_000
    assert len(other.at.get("deck_gl_json_chart")[0].proto.json.encode()) < 54_000


def test_another_unit_drops_the_town_and_the_station_that_belong_to_the_last_one(shown_demo):
    town = next(o.code for o in shown_demo.catalogue.organisations if o.name == CIZAO)
    page = Page("stations", unit=JINJIANG, town=town, station="350582-001")
    page.at.selectbox(key="w_unit").set_value(SHISHI).run()

    assert dict(page.at.query_params) == {"unit": SHISHI}
    assert page.failures == []
    page.at.selectbox(key="w_unit").set_value("").run()
    assert dict(page.at.query_params) == {}


def test_the_csv_of_the_stations_holds_the_sums_the_units_and_the_list_it_shows(shown_demo, frame):
    page = Page("stations", unit=JINJIANG)
    view, key = page.at.session_state["here"]
    table = stations_table.as_frame(view, key)
    own = frame[frame["unit"] == JINJIANG]

    assert csv_bytes(table).startswith(b"\xef\xbb\xbf")
    assert table["栏目"].value_counts().to_dict() == {"名录": len(own), "按镇街": 19, "合计": 1}
    assert table.iloc[0]["开放"] == (own["state"] == "opened").sum()
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
    found, both = visits["found"].sum(), visits.dropna(subset=["found", "solved"])
    solved, share = both["solved"].sum(), both["solved"].sum() / both["found"].sum()
    assert told["走访发现的问题"] == (
        f"{found:.0f} 个 已解决 {solved:.0f} 个，{share:.0%} 解决率按 {len(both)}/{len(visits)} 次走访，其余未记全"
    )
    assert told["被推广"].startswith(f"{(visits['adopted'] != '').sum()} 次 ")


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


def test_no_two_points_lie_on_one_another_on_the_map_and_each_has_its_sign(shown_demo):
    deck = Page("points").deck()
    drawn = [d["at"] for la in deck["layers"] if la.get("pickable") for d in la["data"]]
    signs = [d["text"] for la in deck["layers"] if la["id"] == "figures" for d in la["data"]]
    world = 512 * 2 ** deck["initialViewState"]["zoom"]

    assert sorted(signs) == sorted(["★", *map(str, range(1, 11))])
    assert Page("points").text("panel_points").startswith("联系点在哪里 无坐标 1：示例联系点 11")
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
    assert list(table["开放"].dropna()) == []


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
    assert "没有驿站的镇街" not in page.text()


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
