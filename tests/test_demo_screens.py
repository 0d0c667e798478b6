"""A real Chromium in front of a server with the demo: the pages of stations and points, as somebody uses them.

``demo`` is that server, started once for all tests that want it; every page that a test opens is watched as
in test_browser.
"""

from __future__ import annotations

import contextlib
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, TimeoutError, expect

from dashboard import queries
from dashboard.config import DATA, settings
from dashboard.geo import bounds, outlines
from dashboard.grid import of_code
from dashboard.knowledge import AsOf
from dashboard.maps import view_state, with_room
from dashboard.mercator import Box
from dashboard.startup import prepare
from dashboard.ui import points_page, station_map
from serving import Server, serving
from test_browser import PATIENCE_MS, Watch, chromium, colours, content, contexts, overflow, saved  # noqa: F401  fixtures

SIZES = [(1920, 1080), (3840, 2160), (1366, 768)]
SHAPES = outlines(DATA / "geo" / "counties.geojson")
DEMO = {"DASHBOARD_DEMO": "on", "DASHBOARD_DEFAULT_DATA": "demo"}


@pytest.fixture(scope="session")
def demo(current_demo_home: Path) -> Iterator[Server]:
    """A server that opens on the demo."""
    with serving(current_demo_home, **DEMO) as running:
        yield running


@pytest.fixture(scope="session")
def stations(current_demo_home: Path) -> pd.DataFrame:
    """The stations of the demo as they are asked directly."""
    stores = prepare(settings({"DASHBOARD_HOME": str(current_demo_home), **DEMO}))
    found = queries.stations(stores["demo"].engine, AsOf(stores["demo"].today()))
    for store in stores.by_data.values():
        store.engine.dispose()
    return found


@pytest.fixture
def watch(chromium: Browser, demo: Server, contexts: dict[Any, BrowserContext]) -> Iterator[Watch]:  # noqa: F811
    found = Watch(chromium, demo, contexts)
    yield found
    found.close()
    assert found.trouble == []


# --- at the map -------------------------------------------------------------------------------------


def canvas(panel: str) -> str:
    return f".st-key-panel_{panel} canvas"


def drawn(page: Page, panel: str) -> None:
    """Wait until the canvas shows more than its ground."""
    page.locator(canvas(panel)).first.wait_for()
    for _ in range(200):
        if colours(page, canvas(panel)) > 100:
            return
    raise AssertionError("the map was never drawn")


def on_the_map(
    page: Page, panel: str, spot: tuple[float, float], box: Box, size: tuple[int, int]
) -> tuple[float, float]:
    """Where on the screen a place falls when the map is fitted to ``box``."""
    view = view_state(box, size)

    def down(latitude: float) -> float:
        return -math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / (2 * math.pi)

    world = (
        512 * 2**view.zoom * float(page.evaluate("document.documentElement.style.getPropertyValue('--z')"))
    )
    frame = page.locator(canvas(panel)).first.bounding_box()
    assert frame is not None
    return (
        frame["x"] + frame["width"] / 2 + (spot[0] - view.longitude) / 360 * world,
        frame["y"] + frame["height"] / 2 + (down(spot[1]) - down(view.latitude)) * world,
    )


def pointed(page: Page, at: tuple[float, float], clip: FloatRect, aside: int) -> bytes:
    """What stands under the pointer when it rests at this place, or ``aside`` pixels beside it."""
    page.mouse.move(at[0] + aside, at[1])
    return page.screenshot(clip=clip)


def click_until(page: Page, at: tuple[float, float], address: str) -> None:
    """Click as a person does: point until the place lights up, click, and again if nothing follows.

    A map drawn in software misses a click that falls into a redraw, and the pointer that came to rest during one is
    not seen until it moves again.
    """
    clip: FloatRect = {"x": at[0] - 20, "y": at[1] - 20, "width": 40, "height": 40}
    for _ in range(3):
        page.mouse.move(0, 0)
        page.wait_for_timeout(300)
        before = page.screenshot(clip=clip)
        if not any(pointed(page, at, clip, n % 2) != before for n in range(200)):
            raise AssertionError("the map never answered")
        page.mouse.click(*at)
        with contextlib.suppress(TimeoutError):
            page.wait_for_url(address, timeout=PATIENCE_MS / 3)
            return
    raise AssertionError(f"three clicks led nowhere: {page.url}")


def lonely(stations: pd.DataFrame) -> pd.Series:
    """The station that is farthest from its neighbours, so that a click means no other."""
    located = stations[stations["lon"].notna()]
    spots = list(zip(located["lon"], located["lat"], strict=True))
    gaps = [min(math.dist(a, b) for b in spots if b is not a) for a in spots]
    return located.iloc[gaps.index(max(gaps))]


@pytest.mark.parametrize("size", SIZES)
def test_a_click_on_a_station_opens_it_and_a_click_on_it_again_closes_it(watch, stations, size):
    wanted = lonely(stations)
    page = watch.open("/stations?shape=points", watch.context(size))
    drawn(page, "stations")
    box = with_room(bounds(SHAPES))
    at = on_the_map(page, "stations", (wanted["lon"], wanted["lat"]), box, station_map.MAP_SIZE)
    click_until(page, at, f"**/stations?shape=points&station={wanted['station']}")

    expect(page.locator(".st-key-panel_station h2")).to_have_text(wanted["name"])
    expect(page.locator(".st-key-panel_station .told")).to_contain_text("开放")
    click_until(page, at, "**/stations?shape=points")
    expect(page.locator(".st-key-panel_station h2")).to_have_text("没有开放驿站的镇街")


def test_a_click_on_a_square_comes_closer_and_one_on_a_station_in_it_opens_it(watch, stations):
    wanted = lonely(stations)
    page = watch.open("/stations")
    drawn(page, "stations")
    place = (wanted["lon"], wanted["lat"])
    at = on_the_map(page, "stations", place, with_room(bounds(SHAPES)), station_map.MAP_SIZE)
    click_until(page, at, "**/stations?cell=*")
    square = of_code(parse_qs(urlsplit(page.url).query)["cell"][0])
    west, south, east, north = square.box
    inside = stations[stations["lon"].between(west, east) & stations["lat"].between(south, north)]

    expect(page.locator(".st-key-panel_stations .aside")).to_contain_text(f"图上 {len(inside)} ")
    expect(page.locator(".st-key-panel_station_list tbody tr")).to_have_count(len(inside))
    drawn(page, "stations")
    click_until(
        page,
        on_the_map(page, "stations", place, square.box, station_map.MAP_SIZE),
        f"**/stations?*station={wanted['station']}*",
    )
    expect(page.locator(".st-key-panel_station h2")).to_have_text(wanted["name"])
    page.locator(".st-key-panel_stations .back").click()
    page.wait_for_url("**/stations?station=*")
    counted = stations[(stations["state"] == "opened") & stations["lon"].notna()]
    expect(page.locator(".st-key-panel_stations .aside")).to_contain_text(f"图上 {len(counted)} ")


def test_a_station_opened_from_the_list_gives_way_to_one_clicked_on_the_map_and_back_again(watch, stations):
    wanted = lonely(stations)
    page = watch.open("/stations?shape=points")
    drawn(page, "stations")
    box = with_room(bounds(SHAPES))
    at = on_the_map(page, "stations", (wanted["lon"], wanted["lat"]), box, station_map.MAP_SIZE)
    click_until(page, at, f"**/stations?shape=points&station={wanted['station']}")
    other = page.locator(".st-key-panel_station_list tbody a").first
    name = other.inner_text()
    other.click()
    expect(page.locator(".st-key-panel_station h2")).to_have_text(name)
    click_until(page, at, f"**/stations?shape=points&station={wanted['station']}")

    expect(page.locator(".st-key-panel_station h2")).to_have_text(wanted["name"])


def test_a_click_on_a_row_of_units_leaves_its_stations_on_the_map_and_in_the_list(watch, stations):
    page = watch.open("/stations")
    drawn(page, "stations")
    page.locator('tr[data-area="350582"] a').click()
    page.wait_for_url("**/stations?unit=350582")
    own = stations[stations["unit"] == "350582"]
    opened = own[own["state"] == "opened"]

    expect(page.locator(".st-key-panel_stations h2")).to_have_text("晋江市驿站")
    expect(page.locator(".st-key-panel_stations .aside")).to_contain_text(f"图上 {own['lon'].notna().sum()}")
    expect(page.locator(".fact .value").first).to_have_text(f"{len(opened)}个")
    expect(page.locator(".st-key-panel_station_list tbody tr")).to_have_count(min(len(own), 100))
    expect(page.locator(".st-key-panel_areas tbody tr")).to_have_count(19)
    page.get_by_role("link", name="‹ 全市").click()
    expect(page.locator(".st-key-panel_areas tbody tr")).to_have_count(13)


def test_a_station_of_a_chosen_unit_is_clicked_where_the_fitted_map_shows_it(watch, stations):
    own = stations[stations["unit"] == "350524"]
    wanted = lonely(own)
    page = watch.open("/stations?unit=350524")
    drawn(page, "stations")
    box = bounds(tuple(s for s in SHAPES if s.code == "350524"))
    at = on_the_map(page, "stations", (wanted["lon"], wanted["lat"]), box, station_map.MAP_SIZE)
    click_until(page, at, f"**/stations?*station={wanted['station']}*")

    expect(page.locator(".st-key-panel_station h2")).to_have_text(wanted["name"])


def test_filters_are_chosen_and_cleared_and_stand_in_the_address(watch, stations):
    page = watch.open("/stations")
    page.locator(".menu summary", has_text="全部单位").click()
    page.locator(".menu[open]").get_by_role("link", name="南安", exact=True).click()
    page.wait_for_url("**/stations?unit=350583")
    page.locator(".filters").get_by_role("link", name="热饭", exact=True).click()
    page.locator(".filters").get_by_role("link", name="24 小时", exact=True).click()
    page.wait_for_url("**hours=24*")
    own = stations[(stations["unit"] == "350583") & (stations["hours"] == "00:00-24:00")]
    warm = own[own["services"].str.contains("热饭")]

    expect(page.locator(".st-key-panel_station_list .aside")).to_contain_text(f"{len(warm)} 个")
    page.get_by_role("link", name="清除筛选").click()
    page.wait_for_url("**/stations")
    expect(page.locator(".st-key-panel_station_list .aside")).to_contain_text("512 个")


@pytest.mark.parametrize("size", SIZES)
def test_a_click_on_a_point_opens_its_page(watch, size):
    page = watch.open("/points", watch.context(size))
    drawn(page, "points")
    lon, lat = next(s.label for s in SHAPES if s.code == "350524")
    for spot in _around((lon, lat)):
        at = on_the_map(page, "points", spot, with_room(bounds(SHAPES)), points_page.MAP_SIZE)
        page.mouse.click(*at)
        page.wait_for_timeout(600)
        if "point=" in page.url:
            break
    page.wait_for_url("**/points?point=P08")

    expect(page.locator(".st-key-point h1")).to_have_text("示例联系点 08")
    expect(page.locator(".card")).to_have_count(0)


def _around(spot: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Places outwards from a spot, near enough to one another that a dot of thirty pixels is met."""
    for ring in range(1, 9):
        for step in range(8 * ring):
            angle = 2 * math.pi * step / (8 * ring)
            yield spot[0] + 0.03 * ring * math.cos(angle), spot[1] + 0.03 * ring * math.sin(angle)


def test_a_click_on_a_card_opens_its_point(watch):
    page = watch.open("/points")
    page.locator('.card[data-point="P04"]').click()
    page.wait_for_url("**/points?point=P04")

    expect(page.locator(".st-key-point h1")).to_have_text("示例联系点 04")
    expect(page.locator(".st-key-panel_visits tbody tr").first).to_be_visible()
    page.get_by_role("link", name="‹ 全部联系点").click()
    page.wait_for_url("**/points")
    expect(page.locator(".card")).to_have_count(12)


# --- on the wall ------------------------------------------------------------------------------------


CUT = """() => [...document.querySelectorAll('[class*="st-key-panel_"], .fact, .card, .filters')]
    .filter(box => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
    .map(box => box.className + ': ' + box.innerText.slice(0, 40))"""
# What is wider than its place inside of a part that scrolls downwards only.
ACROSS = """() => [...document.querySelectorAll('[class*="st-key-panel_"] *')]
    .filter(e => getComputedStyle(e).overflowY === 'auto' && e.scrollWidth > e.clientWidth + 1)
    .map(e => e.innerText.slice(0, 40))"""
PANELS = """page => [...document.querySelectorAll(`.st-key-${page} [class*="st-key-panel_"]`)].map(panel => {
    const box = panel.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom].map(Math.round); })"""
ADDRESSES = [
    ("stations", "/stations"),
    ("stations", "/stations?unit=350583&station=350583-001"),
    ("stations", "/stations?data=live"),
    ("points", "/points"),
    ("points", "/points?data=live"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "path"), ADDRESSES)
def test_both_pages_fit_their_screen_and_nothing_in_a_panel_is_cut_off(watch, name, path, size):
    page = watch.open(path, watch.context(size))
    expect(page.locator(".fact .value")).to_have_count(4)
    expect(page.locator(canvas(name)).first).to_be_visible()

    assert set(overflow(page).values()) == {0}
    assert page.evaluate(CUT) == []
    assert page.evaluate(ACROSS) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/points?point=P00", "/points?point=P08", "/points?point=P11&lang=en"])
def test_the_page_of_a_point_fits_its_screen_and_nothing_in_a_panel_is_cut_off(watch, path, size):
    page = watch.open(path, watch.context(size))
    expect(page.locator(".fact .value")).to_have_count(4)
    expect(page.locator(".st-key-panel_visited [_echarts_instance_]").first).to_be_visible()

    assert set(overflow(page).values()) == {0}
    assert page.evaluate(CUT) == []
    assert page.evaluate(ACROSS) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "columns"), [("stations", 3), ("points", 2)])
def test_the_panels_of_both_pages_end_on_one_line_at_the_foot_of_the_screen(watch, name, columns, size):
    page = watch.open(f"/{name}", watch.context(size))
    expect(page.locator(canvas(name)).first).to_be_visible()
    panels = page.evaluate(PANELS, name)
    foot = max(bottom for *_, bottom in panels)
    zoom = float(page.evaluate("document.documentElement.style.getPropertyValue('--z')"))

    ends = sorted(bottom for *_, bottom in panels)[-columns:]
    assert ends == pytest.approx([foot] * columns, abs=1)
    assert 0 <= size[1] - foot <= 20 * zoom
    assert max(right for _, _, right, _ in panels) == pytest.approx(size[0] - 24 * zoom, abs=2)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/points", "/points?wall=1", "/points?lang=en"])
def test_no_line_below_the_figures_of_all_points_loses_its_end(watch, path, size):
    page = watch.open(path, watch.context(size))
    expect(page.locator(".fact .value")).to_have_count(4)
    lines = page.locator(".fact .line")
    expect(lines.filter(has_text=re.compile(r"\d{4}-\d\d (至|to) \d{4}-\d\d$"))).to_have_count(1)
    cut = lines.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)")

    assert cut == []


NARROWED = {
    "unit": "350582",
    "town": "350582102",
    "kind": "党群服务中心",
    "service": "政策咨询",
    "hours": "24",
    "state": "opened",
}


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_title_that_names_many_filters_leaves_the_links_of_its_panel_in_it(watch, size, lang):
    page = watch.open(f"/stations?{urlencode({**NARROWED, 'lang': lang})}", watch.context(size))
    expect(page.locator(".st-key-panel_areas .back")).to_be_visible()
    beyond = page.locator(".st-key-stations .head :is(.back, .switch)").evaluate_all(
        """all => all.filter(e => e.getBoundingClientRect().right
            > e.closest('.head').getBoundingClientRect().right + 1).map(e => e.innerText)"""
    )

    assert beyond == []
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("wall", [{}, {"wall": "1"}])
def test_the_figures_of_a_narrowed_page_have_their_name_and_the_filters_in_full(watch, wall, size, lang):
    page = watch.open(f"/stations?{urlencode({**NARROWED, **wall, 'lang': lang})}", watch.context(size))
    expect(page.locator(".fact .of")).to_have_count(4)
    cut = page.locator(".fact :is(h3, .of)").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)"
    )

    assert cut == []
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_in_english_nothing_of_a_card_and_no_mark_of_the_list_is_cut(watch, size):
    points = watch.open("/points?lang=en", watch.context(size))
    expect(points.locator(".card")).to_have_count(12)
    cut = points.locator(".card, .card .last, .card .last > *, .card em").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.innerText)"
    )
    stations = watch.open("/stations?lang=en", watch.context(size))
    marks = stations.locator("table.stations em")
    expect(marks).to_have_count(9)
    beyond = marks.evaluate_all(
        """all => all.filter(e => e.getBoundingClientRect().right > e.closest('td').getBoundingClientRect().right
            - parseFloat(getComputedStyle(e.closest('td')).paddingRight)).map(e => e.innerText)"""
    )

    assert (cut, beyond) == ([], [])


def test_nothing_is_there_to_be_clicked_on_a_wall_and_the_screen_stays_full(watch):
    page = watch.open("/stations?wall=1")
    expect(page.locator(".fact .value")).to_have_count(4)
    expect(page.locator(".st-key-stationbar")).to_be_hidden()
    expect(watch.open("/stations?wall=1&data=live").get_by_text("还没有单位报送驿站台账")).to_be_visible()

    assert set(overflow(page).values()) == {0}
    panels = page.evaluate(PANELS, "stations")
    assert max(bottom for *_, bottom in panels) == pytest.approx(1080 - 14, abs=12)


WRITTEN = """(all, beside) => all.filter(e => e.getClientRects().length && !e.closest(beside)
    && [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim()))
    .map(e => [parseFloat(getComputedStyle(e).fontSize), e.textContent])"""


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({}, 3),
        ({"unit": "350582"}, 8),
        ({"unit": "350583"}, 7),
        ({"unit": "350524"}, 6),
        ({"unit": "350526", "kind": "银行网点"}, 1),
        ({"unit": "QZ-KF"}, 4),
    ],
)
def test_whatever_stands_on_the_wall_of_stations_is_large_and_none_of_it_is_cut(watch, asked, rows):
    page = watch.open(f"/stations?wall=1&{urlencode(asked)}")
    expect(page.locator("table.stations tbody tr")).to_have_count(rows)
    # A source, the signs within a mark, and what a figure is counted in.
    written = page.locator(".st-key-stations *").evaluate_all(
        WRITTEN, ".source, .station-kinds i, .value small"
    )
    cut = page.locator(".fact, .listed, .st-key-panel_areas > :last-child, .without").evaluate_all(
        "all => all.filter(e => e.scrollHeight > e.clientHeight + 1).map(e => e.className)"
    )

    assert len(written) > 50
    assert [text for size, text in written if size < 24] == []
    assert cut == []


@pytest.mark.parametrize("indicator", ["stations_count", "volunteers_count"])
def test_what_the_tiles_of_the_wall_cannot_be_read_without_is_large_and_none_of_it_is_cut(watch, indicator):
    page = watch.open(f"/?wall=1&indicator={indicator}")
    expect(page.locator(".tile")).to_have_count(13)
    sizes = {
        part: page.locator(part).evaluate_all("all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
        for part in (".legend span", ".tile .name", ".tile .value", ".tile .note", ".kpi .line:last-child")
    }
    cut = page.locator(".tile, .kpi, .kpi .line, .legend, .st-key-panel_map").evaluate_all(
        "all => all.filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)"
        ".map(e => e.className + ': ' + e.innerText)"
    )

    assert set(overflow(page).values()) == {0}
    assert cut == []
    assert min(sizes[".legend span"] + sizes[".tile .name"] + sizes[".tile .value"]) >= 24
    assert min(sizes[".tile .note"] + sizes[".kpi .line:last-child"]) >= 20


def test_an_open_station_on_the_wall_is_large_and_none_of_it_is_cut(watch, stations):
    longest = stations.assign(length=stations["services"].str.len()).sort_values("length").iloc[-1]
    nowhere = stations[stations["lon"].isna()].iloc[0]
    for station in (longest, nowhere):
        page = watch.open(f"/stations?wall=1&station={station['station']}")
        expect(page.locator(".st-key-panel_station .life li").first).to_be_visible()
        written = page.locator(".st-key-panel_station *").evaluate_all(WRITTEN, ".source")
        cut = page.locator(".st-key-panel_station, .told, .services, .life").evaluate_all(
            "all => all.filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)"
            ".map(e => e.className)"
        )

        assert len(written) > 10
        assert [text for size, text in written if size < 24] == []
        assert cut == []


# What stands in a panel of a point and is larger than its place, or ends below its panel.
CUT_AT_POINT = """() => [...document.querySelectorAll('.st-key-point :is(.sheet, .sheet div, .sheet ol, .fact)')]
    .filter(e => !e.closest('td') && !e.matches('.point-where')
        && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1
        || [...e.children].some(c => c.getBoundingClientRect().bottom > e.getBoundingClientRect().bottom + 1)))
    .map(e => e.className + ': ' + e.innerText.slice(0, 40))"""


@pytest.mark.parametrize("size", [(1920, 1080), (6656, 1792)])
@pytest.mark.parametrize("path", ["P00", "P07", "P08&theme=light", "P11", "P08&lang=en"])
def test_whatever_stands_on_the_wall_of_a_point_is_large_and_what_has_no_room_is_counted(watch, path, size):
    page = watch.open(f"/points?wall=1&point={path}", watch.context(size))
    expect(page.locator(".st-key-panel_visited [_echarts_instance_] text").first).to_be_visible()
    beside = ".source, .value small, .small-map"
    written = page.locator(".st-key-point *").evaluate_all(WRITTEN, beside)
    visits = page.locator(".st-key-panel_visits")
    more = re.search(r"(?:另 )?(\d+) (?:次|more)\s*$", visits.inner_text())
    faded = page.locator(".st-key-point *").evaluate_all(
        "all => all.filter(e => getComputedStyle(e).maskImage != 'none').map(e => e.className)"
    )

    assert set(overflow(page).values()) == {0}
    assert page.evaluate(CUT_AT_POINT) == []
    assert faded == []
    assert len(written) > 60
    assert "lang=en" in path or [text for size_, text in written if size_ < 24] == []
    visited = int(page.locator(".fact").nth(1).locator(".value").inner_text().split()[0].rstrip("次×"))
    assert visits.locator("tbody tr").count() + int(more[1] if more else 0) == visited


@pytest.mark.parametrize("lang", ["", "en"])
def test_towns_that_have_no_room_on_a_wall_are_counted_and_those_at_a_desk_fade(watch, lang):
    crowded = {"kind": "银行网点", "lang": lang}
    wall = watch.open(f"/stations?wall=1&{urlencode(crowded)}").locator(".without")
    shown, more = wall.locator("dd a"), wall.locator("dd small")
    expect(more.first).to_be_visible()
    said = sum(int(re.findall(r"\d+", words)[0]) for words in more.all_inner_texts())
    without = sum(map(int, wall.locator("dt b").all_inner_texts()))
    heights = wall.locator("dd").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")

    assert shown.count() + said == without > 60
    assert max(heights) < 40  # a line
    assert wall.evaluate("e => e.scrollHeight - e.clientHeight") <= 1
    desk = watch.open(f"/stations?{urlencode(crowded)}").locator(".without")
    assert desk.locator("dd a").count() == without
    assert desk.evaluate("e => e.scrollHeight > e.clientHeight && getComputedStyle(e).maskImage != 'none'")


@pytest.mark.parametrize("size", SIZES)
def test_what_must_be_read_at_six_metres_is_large_enough(watch, size):
    for name in ("stations", "points"):
        page = watch.open(f"/{name}", watch.context(size))
        zoom = float(page.evaluate("document.documentElement.style.getPropertyValue('--z')"))
        sizes = page.locator(".fact .value").evaluate_all(
            "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert zoom == pytest.approx(min(size[0] / 1920, size[1] / 1080), abs=0.01)
        assert min(sizes) >= 44


def test_the_csv_of_the_stations_is_named_for_the_demo_and_holds_every_station(watch, stations):
    download = saved(watch.open("/stations"), ".st-key-actions")
    rows = pd.read_csv(io.BytesIO(content(download)))

    assert download.suggested_filename.startswith("驿站_泉州市_截至")
    assert download.suggested_filename.endswith("_演示.csv")
    assert set(rows[rows["栏目"] == "名录"]["编号"]) == set(stations["station"])
    assert rows[rows["栏目"] == "按单位"]["开放个数"].sum() == (stations["state"] == "opened").sum()
    assert rows[rows["栏目"] == "名录"]["经度（WGS-84）"].notna().sum() == stations["lon"].notna().sum()
    of_one = saved(watch.open("/stations?unit=350521"), ".st-key-actions")
    assert of_one.suggested_filename.startswith("驿站_惠安县_截至")
