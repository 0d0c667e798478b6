"""A real Chromium before the maps of the demo: a click lands where a person expects, the key t turns a map into its
table and back, and with the network cut they are drawn all the same.

What a page shows after a click is compared with what the database itself says stands there.
"""

# ruff: noqa: F811  fixtures come from another file
from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.catalogue import load
from dashboard.config import DATA
from dashboard.figures import quantity, reading_quantity
from dashboard.geo import bounds
from dashboard.maps import view_state, with_room
from dashboard.placing import apart
from dashboard.ui import points_page, station_map, stations_page
from serving import Server
from test_browser import FLAGS, GONE, MAP, SHAPES, Watch, click_on_the_map, drawn_map, overflow, table
from test_demo_screens import (  # noqa: F401  fixtures
    CUT,
    chromium,
    click_until,
    contexts,
    demo,
    drawn,
    lonely,
    on_the_map,
    stations,
    watch,
)

JINJIANG = "350582"
SIZES = [(1920, 1080), (3840, 2160), (1366, 768), (6656, 1792)]
UNITS = {u.code: u for u in load(DATA).units}
NEWEST = """
    select r.value, r.qualifier from reading r join "return" t on t.id = r.return_id
    where t.state = 'accepted' and r.indicator = ? and r.organisation = ?
    order by r.period_end desc, r.seq desc limit 1
"""


@pytest.fixture(scope="module")
def asked(current_demo_home: Path) -> Iterator[sqlite3.Connection]:
    """The database of the demo, asked without the product."""
    found = sqlite3.connect(f"file:{current_demo_home / 'demo.sqlite'}?mode=ro", uri=True)
    yield found
    found.close()


def said(asked: sqlite3.Connection, indicator: str, *units: str) -> str:
    """The newest exact figure of these units together, as the screen writes it."""
    found = [asked.execute(NEWEST, (indicator, unit)).fetchone() for unit in units]
    assert {qualifier for _, qualifier in found} == {"eq"}
    return quantity(reading_quantity(sum(value for value, _ in found), "eq"), 0)


def figure_on(page: Page, name: str) -> str:
    """A figure of the table of a unit's page."""
    expect(page.locator(".st-key-panel_lines table")).to_be_visible()
    return next(row[1].split(" ")[0] for row in table(page, "lines") if row[0] == name)


# --- a click lands ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (6656, 1792)])
def test_a_county_on_the_outlines_opens_with_the_figure_that_stood_on_it_its_zone_included(
    watch, asked, size
):
    page = watch.open("/?indicator=stations_count", watch.context(size))
    drawn_map(page)
    told = page.locator(f'{MAP} a.words[data-unit="350502"] b').inner_text()
    click_on_the_map(page, "350502")
    expect(page.locator(".pager h1")).to_have_text("鲤城区")

    assert told == said(asked, "stations_count", "350502", "QZ-KF")
    assert figure_on(page, "暖“新”驿站") == told


@pytest.mark.parametrize("code", ["350502", "QZ-KF", "350526"])
def test_a_tile_opens_its_unit_alone(watch, asked, code):
    page = watch.open("/?shape=tiles&indicator=stations_count")
    tile = page.locator(f'.tile[data-unit="{code}"]')
    told = tile.locator(".value").inner_text()
    tile.click()
    page.wait_for_url(f"**/county?unit={code}")
    expect(page.locator(".pager h1")).to_have_text(UNITS[code].name)

    assert told == said(asked, "stations_count", code)
    assert figure_on(page, "暖“新”驿站") == told


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_a_station_of_jinjiang_opens_under_the_pointer(watch, stations, size):
    wanted = lonely(stations[stations["unit"] == JINJIANG])
    page = watch.open(f"/stations?unit={JINJIANG}", watch.context(size))
    drawn(page, "stations")
    box = bounds(tuple(s for s in SHAPES if s.code == JINJIANG))
    spot = (float(wanted["lon"]), float(wanted["lat"]))
    at = on_the_map(page, "stations", spot, box, station_map.MAP_SIZE)
    click_until(page, at, f"**/stations?*station={wanted['station']}*")
    panel = page.locator(".st-key-panel_station")

    expect(panel.locator("h2")).to_have_text(wanted["name"])
    expect(panel).to_contain_text(wanted["address"])
    expect(panel).to_contain_text(stations_page.STATES[wanted["state"]][2])


def points_where_drawn(asked: sqlite3.Connection) -> dict[str, tuple[str, tuple[float, float]]]:
    """Name and place on the map of every point: those that lie close are drawn apart."""
    rows = asked.execute(
        "select point, name, lon, lat from point where lon is not null group by point having max(seq)"
    ).fetchall()
    view = view_state(with_room(bounds(SHAPES)), points_page.MAP_SIZE)
    order = sorted(rows, key=lambda row: row[0])
    places = apart([(row[2], row[3]) for row in order], view.zoom, 2 * points_page.RADIUS + 10)
    return {row[0]: (row[1], place) for row, place in zip(order, places, strict=True)}


@pytest.mark.parametrize("code", ["P02", "P08"])
def test_a_point_opens_under_the_pointer(watch, asked, code):
    name, spot = points_where_drawn(asked)[code]
    page = watch.open("/points")
    drawn(page, "points")
    at = on_the_map(page, "points", spot, with_room(bounds(SHAPES)), points_page.MAP_SIZE)
    click_until(page, at, f"**/points?point={code}")

    expect(page.locator("h1:visible, h2:visible").filter(has_text=name).first).to_be_visible()


# --- the key t --------------------------------------------------------------------------------------

MAPS = [
    ("/?indicator=stations_count", ".outline-map"),
    ("/?indicator=stations_count&shape=tiles", ".tiles"),
    ("/?wall=1", ".tiles"),
    ("/points", ".st-key-panel_points canvas"),
    (f"/county?unit={JINJIANG}", ".small-map"),
]


@pytest.mark.parametrize(("path", "drawing"), MAPS)
def test_the_key_t_shows_the_table_and_again_the_map(watch, path, drawing):
    page = watch.open(path)
    page.evaluate("window.same = true")
    expect(page.locator(drawing).first).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator(".map-table")).to_be_focused()
    expect(page.locator(drawing)).to_have_count(0)
    page.keyboard.press("t")
    expect(page.locator(drawing).first).to_be_visible()
    expect(page.locator(".map-table")).to_have_count(0)

    assert page.evaluate("window.same") is True


def test_the_table_holds_the_figures_of_the_map_and_a_row_leads_where_the_county_led(watch):
    page = watch.open("/?indicator=stations_count")
    words = page.locator(f"{MAP} a.words")
    expect(words).to_have_count(11)
    on_map = {one.get_attribute("data-unit"): one.inner_text().split() for one in words.all()}
    ways = {one.get_attribute("data-unit"): one.get_attribute("href") for one in words.all()}
    page.keyboard.press("T")
    rows = page.locator(".map-table tbody tr")
    expect(rows).to_have_count(11)
    listed = {row.get_attribute("data-code"): row.inner_text().split("\t") for row in rows.all()}

    assert listed.keys() == on_map.keys()
    for code, (name, *figures) in on_map.items():
        cells = listed[code]
        assert cells[0].strip() == name
        assert figures[0] in (cells[1], cells[4])
    beside = rows.nth(5).locator("td").nth(2).bounding_box()  # of 晋江, far from its name
    assert beside is not None
    page.mouse.click(beside["x"] + beside["width"] / 2, beside["y"] + beside["height"] / 2)
    page.wait_for_url(f"**/county?unit={JINJIANG}&table=1")
    assert ways[JINJIANG] == f"./county?unit={JINJIANG}"
    expect(page.locator(".pager h1")).to_have_text("晋江市")


def test_from_the_table_the_keyboard_goes_on_to_its_rows(watch):
    page = watch.open("/?shape=tiles")
    expect(page.locator(".tile")).to_have_count(13)
    page.keyboard.press("t")
    expect(page.locator(".map-table")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".map-table a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/county?unit=350502&table=1")


def test_a_t_that_is_written_or_pressed_with_another_key_turns_nothing(watch):
    page = watch.open("/?shape=tiles")
    expect(page.locator(".tile")).to_have_count(13)
    page.keyboard.press("Alt+t")
    page.keyboard.press("Control+t")
    page.locator("input[data-as-of]").first.focus()
    page.keyboard.press("t")
    page.keyboard.press("Backspace")
    page.locator(".st-key-w_indicator input").first.focus()
    page.keyboard.press("t")
    page.wait_for_timeout(500)

    expect(page.locator(".tile")).to_have_count(13)
    assert "table=1" not in page.url


def test_on_a_page_without_a_map_the_key_does_nothing(watch):
    page = watch.open("/about")
    page.keyboard.press("t")
    page.wait_for_timeout(300)

    assert page.url.endswith("/about")


@pytest.mark.parametrize("path", ["/points", f"/stations?unit={JINJIANG}"])
def test_a_map_that_is_painted_is_a_figure_with_a_name_of_one_sentence(watch, path):
    figure = watch.open(path).get_by_role("figure", name=re.compile("的位置和状态|的位置和走访状态"))

    expect(figure.locator("canvas").first).to_be_visible()


# --- the table on every screen ----------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", ["outline", "tiles"])
def test_all_rows_of_the_overviews_table_are_seen_at_once_on_every_screen(watch, size, shape, lang):
    page = watch.open(f"/?shape={shape}&table=1&per=10k&lang={lang}", watch.context(size))
    last = page.locator(".map-table tbody tr").last
    expect(last).to_be_visible()
    row, area = last.bounding_box(), page.locator(".map-table").bounding_box()
    assert row is not None
    assert area is not None

    assert row["y"] + row["height"] <= area["y"] + area["height"] + 1
    assert set(overflow(page).values()) == {0}
    assert [box for box in page.evaluate(CUT) if "panel_map" in box] == []
    names = page.locator(".map-table tbody th").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    assert names >= 24


# --- with the network cut ---------------------------------------------------------------------------


@pytest.fixture
def cut_off(chromium: Browser) -> Iterator[Browser]:
    """A browser for which no name and no address but this machine's exists, whoever asks."""
    rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    browser = chromium.browser_type.launch(executable_path="/usr/bin/chromium", args=[*FLAGS, rules])
    yield browser
    browser.close()


def outline_colours(page: Page) -> list[str]:
    """The colour of every outline, as the browser paints it."""
    found: list[str] = page.locator(f"{MAP} .area").evaluate_all(
        "all => all.map(e => e.dataset.unit + getComputedStyle(e).backgroundColor + e.offsetWidth)"
    )
    return found


def test_every_map_is_drawn_where_nothing_but_this_machine_exists_and_stays_when_that_goes_too(
    cut_off: Browser,
    demo: Server,
):
    watched = Watch(cut_off, demo, {})
    tried: list[str] = []
    context: BrowserContext = watched.context()
    context.on("request", lambda request: tried.append(request.url))
    page = watched.open("/?shape=outline")
    drawn_map(page)
    before = outline_colours(page)
    for path, panel in (("/points", "points"), (f"/stations?unit={JINJIANG}", "stations")):
        drawn(watched.open(path), panel)
    watched.allowed = GONE
    context.set_offline(True)
    asked_for = len(tried)
    page.bring_to_front()
    page.wait_for_timeout(1500)
    drawn_map(page)
    after = outline_colours(page)
    context.set_offline(False)
    foreign = [url for url in tried if url.startswith(("http", "ws")) and "//127.0.0.1:" not in url]
    watched.close()

    assert len(before) == 12
    assert after == before
    assert foreign == []
    assert [url for url in tried[asked_for:] if "/_stcore/" not in url] == []
    assert watched.trouble == []
