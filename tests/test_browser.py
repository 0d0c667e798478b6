"""A real Chromium in front of a real server: what is drawn, clicked, downloaded, and what must not leave the machine.

Every page that a test opens is watched: no exception on it, no error in the console but Streamlit's two probes
of a deep link, and no request to anywhere but this machine.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import math
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import psycopg
import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Download,
    Page,
    Route,
    expect,
    sync_playwright,
)
from shapely.geometry import shape

from dashboard.catalogue import load
from dashboard.config import DATA, ROOT
from dashboard.figures import quantity, reading_quantity
from dashboard.geo import outlines
from dashboard.still_map import around, shares
from dashboard.ui.frame import ROOMS
from dashboard.ui.overview_map import SIZE
from dashboard.ui.theme import TOKENS
from serving import Server, command, free_port, serving

FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
PATIENCE_MS = 30_000
PROBES = ("/_stcore/health", "/_stcore/host-config")
WALL = (1920, 1080)
JUNE = "as_of=2025-06-30"
MAP = ".st-key-panel_map .outline-map"
NAMES = [name for name, _ in ROOMS]
CATALOGUE = load(DATA)
SHAPES = outlines(DATA / "geo" / "counties.geojson")
OFFICIAL_ORDER = [
    "鲤城区",
    "丰泽区",
    "洛江区",
    "泉港区",
    "石狮市",
    "晋江市",
    "南安市",
    "惠安县",
    "安溪县",
    "永春县",
    "德化县",
    "泉州经济技术开发区",
    "泉州台商投资区",
]

expect.set_options(timeout=PATIENCE_MS)


def path_of(name: str) -> str:
    return "/" if name == "overview" else f"/{name}"


# --- the watch --------------------------------------------------------------------------------------


@dataclass
class Watch:
    """Opens pages and remembers what went wrong on them. ``allowed`` are words of an error that was meant."""

    browser: Browser
    server: Server
    contexts: dict[tuple[tuple[int, int], str, float], BrowserContext]
    trouble: list[str] = field(default_factory=list)
    allowed: tuple[str, ...] = ()

    def context(
        self, size: tuple[int, int] = WALL, locale: str = "zh-CN", scale: float = 1
    ) -> BrowserContext:
        """A window of this size; what it has loaded is kept from test to test, cookies are not."""
        found = self.contexts.get((size, locale, scale))
        if found is None:
            found = self.browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale=locale,
                timezone_id="Asia/Shanghai",
                device_scale_factor=scale,
            )
            found.set_default_timeout(PATIENCE_MS)
            self.contexts[size, locale, scale] = found
        return found

    def open(self, path: str, context: BrowserContext | None = None, server: Server | None = None) -> Page:
        """A page of its own, drawn to the end of its run."""
        page = (context or self.context()).new_page()
        page.on("console", lambda m: m.type == "error" and self._heard(m.text, m.location.get("url", "")))
        page.on("pageerror", lambda e: self.trouble.append(f"page error: {e}"))
        page.on("request", lambda r: self._asked(r.url))
        page.goto((server or self.server).url + path)
        settled(page)
        return page

    def _heard(self, text: str, url: str) -> None:
        if not urlsplit(url).path.endswith(PROBES) and not any(words in text for words in self.allowed):
            self.trouble.append(f"console: {text} {url}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.trouble.append(f"left the machine: {url}")

    def close(self) -> None:
        for context in self.contexts.values():
            for page in context.pages:
                self.trouble += [
                    f"exception on {page.url}: {box.inner_text()}"
                    for box in page.query_selector_all('[data-testid="stException"]')
                ]
                page.close()
            context.clear_cookies()
            context.unroute_all()


def settled(page: Page) -> None:
    """Wait until the run of the page has ended."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(page.locator(".top .brand")).to_be_visible()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    assert command(folder, "init").returncode == 0
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with serving(home) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def contexts() -> dict[tuple[tuple[int, int], str, float], BrowserContext]:
    """Windows that were opened; they end with the browser."""
    return {}


@pytest.fixture
def watch(chromium: Browser, server: Server, contexts: dict[Any, BrowserContext]) -> Iterator[Watch]:
    found = Watch(chromium, server, contexts)
    yield found
    found.close()
    assert found.trouble == []


# --- what is there ----------------------------------------------------------------------------------


def colours(page: Page, selector: str) -> int:
    """How many colours an element shows."""
    image = Image.open(io.BytesIO(page.locator(selector).first.screenshot())).convert("RGB")
    return len(image.getcolors(1 << 24) or [])


def drawn_map(page: Page) -> None:
    """Wait until the map shows more than its ground: fills, outlines and words."""
    page.locator(f"{MAP} .words").last.wait_for()
    for _ in range(200):  # each look takes a picture, which takes its time
        if colours(page, MAP) > 100:
            return
    raise AssertionError("the map was never drawn")


def on_the_map(page: Page, code: str) -> tuple[float, float]:
    """Where on the screen a county is, well inside of it and far from its name."""
    county = next(s for s in SHAPES if s.code == code)
    inside = shape(county.polygon).buffer(-0.02).exterior.coords
    spot = max(inside, key=lambda spot: math.dist(spot, county.label))
    ((right, down),) = shares([spot], around(SHAPES, ""), SIZE)
    box = page.locator(MAP).bounding_box()
    assert box is not None
    return box["x"] + right / 100 * box["width"], box["y"] + down / 100 * box["height"]


def click_on_the_map(page: Page, code: str) -> None:
    """Click a county beside its name. Ends on the county's page."""
    page.mouse.click(*on_the_map(page, code))
    page.wait_for_url(f"**/county?unit={code}*", timeout=PATIENCE_MS)


def overflow(page: Page) -> dict[str, int]:
    """By how many pixels document and page are larger than the screen."""
    found: dict[str, int] = page.evaluate(
        """() => { const d = document.documentElement, m = document.querySelector('[data-testid="stMain"]');
        return { document_down: d.scrollHeight - d.clientHeight, document_across: d.scrollWidth - d.clientWidth,
                 page_down: m.scrollHeight - m.clientHeight, page_across: m.scrollWidth - m.clientWidth }; }"""
    )
    return found


def saved(page: Page, selector: str) -> Download:
    with page.expect_download() as found:
        page.locator(f"{selector} button:visible").first.click()
    return found.value


def content(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def table(page: Page, panel: str) -> list[list[str]]:
    """Rows of the tables of a panel, cell by cell."""
    rows: list[list[str]] = page.evaluate(
        """panel => [...document.querySelectorAll(`.st-key-panel_${panel} tr`)].map(
            row => [...row.cells].map(cell => cell.innerText.trim().replace(/\\s+/g, ' ')))""",
        panel,
    )
    return rows


def test_until_the_first_figures_arrive_a_sentence_stands_there(watch):
    page = watch.context().new_page()
    page.route(re.compile(r"/static/js/index\..*\.js$"), lambda route: None)  # the script never comes
    page.goto(watch.server.url, wait_until="commit")
    page.wait_for_function("document.styleSheets.length && document.querySelector('#root')")

    said = page.evaluate("getComputedStyle(document.querySelector('#root'), '::after').content")
    assert said == '"正在取数……"'


# --- every page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_drawn_without_trouble_and_scrolls_only_downwards(watch, name):
    page = watch.open(f"{path_of(name)}?{JUNE}")
    expect(page.locator("nav.pages a[aria-current=page]")).to_have_text(dict(ROOMS)[name])
    expect(page.locator("h2:visible, h1:visible").first).to_be_visible()

    found = overflow(page)
    assert (found["document_down"], found["document_across"], found["page_across"]) == (0, 0, 0)


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_the_overview_fits_the_wall_without_scrolling(watch, size):
    page = watch.open(f"/?{JUNE}", watch.context(size))
    expect(page.get_by_text("224万+")).to_be_visible()

    assert set(overflow(page).values()) == {0}
    strip = page.locator(".strip a").last.bounding_box()
    assert strip is not None
    assert strip["y"] + strip["height"] <= size[1]
    assert strip["x"] + strip["width"] <= size[0]


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (1366, 768)])
@pytest.mark.parametrize("shape", ["outline", "tiles"])
def test_no_panel_of_the_overview_cuts_off_what_it_holds(watch, size, shape):
    page = watch.open(f"/?shape={shape}", watch.context(size))
    expect(page.locator(".tiles a" if shape == "tiles" else MAP).first).to_be_visible()

    cut = page.evaluate(
        """() => [...document.querySelectorAll('[class*="st-key-panel_"], .kpi, .strip a')]
            .filter(box => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
            .map(box => box.className + ': ' + box.innerText.slice(0, 40))"""
    )
    assert cut == []


def test_before_the_first_list_the_panels_keep_their_headings(watch):
    page = watch.open("/?as_of=2015-01-01")
    for panel in ("gauge", "aspects"):
        head = page.locator(f".st-key-panel_{panel} .head").bounding_box()
        notice = page.locator(f".st-key-panel_{panel} .notice").bounding_box()
        assert head is not None
        assert notice is not None
        assert notice["y"] >= head["y"] + head["height"]


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_the_cards_stand_on_one_line(watch, size):
    page = watch.open(f"/?{JUNE}", watch.context(size))
    for part in (".value", ".line:nth-of-type(3)", ".line:last-child"):
        lines = page.locator(f".kpi {part}").evaluate_all(
            "all => all.map(e => Math.round(e.getBoundingClientRect().bottom))"
        )
        assert len(lines) == 8
        assert len(set(lines)) == 1


def test_the_wall_is_the_same_picture_at_twice_the_scale(watch):
    boxes = []
    for size, scale in ((WALL, 2.0), ((3840, 2160), 1.0)):
        page = watch.open(f"/?{JUNE}", watch.context(size, scale=scale))
        box = page.locator(".kpi .value").first.bounding_box()
        assert box is not None
        boxes.append({k: round(v * scale) for k, v in box.items()})

    assert boxes[0] == pytest.approx(boxes[1], abs=2)


def test_an_address_that_is_no_page_is_said_in_the_language_of_the_product(watch):
    page = watch.context().new_page()
    answer = page.goto(watch.server.url + "/nothing")

    assert answer.status == 404
    assert page.locator(".notice h2").inner_text() == "没有这一页"
    page.get_by_text("打开总览").click()
    settled(page)
    expect(page.locator(".kpi").first).to_be_visible()


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("lang", "brand"), [("zh-CN", "泉州市社会工作态势"), ("en", "Quanzhou Society Work")]
)
def test_nothing_of_the_top_line_overlaps_and_no_panel_is_cut_off(watch, name, lang, brand, size):
    page = watch.open(f"{path_of(name)}?lang={lang}&{JUNE}", watch.context(size))
    expect(page.locator(".brand")).to_have_text(brand)
    found = page.evaluate(
        """() => {
        const parts = [...document.querySelectorAll(
            '.brand, nav.pages a, .ribbon, .as-of,' +
            '.st-key-actions button, .right > *')].map(e => e.getBoundingClientRect());
        const cut = [...document.querySelectorAll('[class*="st-key-panel_"], .kpi, .kpi .line, .strip a, .strip .state,' +
            '.head .aside, table.grid th')]
            .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.innerText.slice(0, 40));
        const close = parts.filter((p, i) => parts.some((q, j) => j > i && q.left < p.right - 1 && p.left < q.right - 1
            && q.top < p.bottom && p.top < q.bottom));
        const wide = [...document.querySelectorAll('[class*="st-key-panel_"] table')].filter(table =>
            table.getBoundingClientRect().right > table.closest('[class*="st-key-panel_"]').getBoundingClientRect().right);
        return { cut, wide: wide.length, close: close.length, right: Math.max(...parts.map(p => p.right)) - innerWidth };
        }"""
    )

    assert found["cut"] == []
    assert (found["close"], found["wide"]) == (0, 0)
    assert found["right"] <= 0


# --- the map ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (1366, 768)])
def test_a_click_on_jinjiang_on_the_map_opens_its_page_with_its_twenty_agencies(watch, size):
    page = watch.open("/", watch.context(size))
    drawn_map(page)
    click_on_the_map(page, "350582")

    expect(page.get_by_role("heading", name="晋江市", exact=True)).to_be_visible()
    expect(page.locator(".st-key-panel_lines table")).to_be_visible()
    lines = [[row[0], row[1], row[2].split()[0]] for row in table(page, "lines") if len(row) > 1]
    assert ["社工机构", "20 家", "2024年3月26日"] in lines


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (1366, 768)])
def test_what_opens_over_the_page_opens_at_its_own_field(watch, size):
    page = watch.open("/", watch.context(size))
    for place, opens, popup in (
        (".st-key-mapbar [data-testid=stSelectbox]", "input", "[data-testid=stSelectboxVirtualDropdown]"),
    ):
        page.locator(f"{place} {opens}").first.click()
        expect(page.locator(popup)).to_be_visible()
        at, below = page.locator(place).bounding_box(), page.locator(popup).bounding_box()
        assert at is not None
        assert below is not None
        assert below["x"] == pytest.approx(at["x"], abs=12)
        assert 0 <= below["y"] - (at["y"] + at["height"]) < 20
        assert below["x"] + below["width"] <= size[0]
        page.keyboard.press("Escape")


def test_the_map_is_drawn_with_everything_but_this_machine_cut_off(watch):
    refused: list[str] = []

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    context = watch.context()
    context.route("**/*", guard)
    drawn_map(watch.open("/", context))

    assert refused == []


def test_back_from_a_county_is_the_overview_again_and_stays_there(watch):
    page = watch.open(f"/?{JUNE}")
    drawn_map(page)
    click_on_the_map(page, "350582")
    expect(page.get_by_role("heading", name="晋江市", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_text("224万+")).to_be_visible()
    drawn_map(page)

    assert urlsplit(page.url).path == "/"
    page.go_forward()
    expect(page.get_by_role("heading", name="晋江市", exact=True)).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_map_wears_the_colours_of_the_theme(watch, theme):
    page = watch.open(f"/?theme={theme}&indicator=resident_population_count")
    drawn_map(page)
    image = Image.open(io.BytesIO(page.locator(MAP).first.screenshot())).convert("RGB")
    found = {f"#{r:02X}{g:02X}{b:02X}" for count, (r, g, b) in image.getcolors(1 << 24) or [] if count > 200}

    assert {TOKENS[theme][f"class-{i}"] for i in range(5)} <= found


@pytest.mark.parametrize("lang", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize("indicator", ["resident_population_count", "volunteers_count"])
def test_no_words_on_the_map_leave_the_panel_or_lie_on_others(watch, lang, indicator):
    page = watch.open(f"/?lang={lang}&indicator={indicator}")
    drawn_map(page)
    boxes = page.evaluate(
        """map => [...document.querySelectorAll(`${map} .words`)].map(words => {
            const { left, top, right, bottom } = words.getBoundingClientRect();
            return [words.innerText, [left, top, right, bottom]]; })""",
        MAP,
    )
    panel = page.locator(".st-key-panel_map").bounding_box()

    assert len(boxes) == 12
    assert panel is not None
    edge = (panel["x"], panel["y"], panel["x"] + panel["width"], panel["y"] + panel["height"])
    out = [w for w, a in boxes if a[0] < edge[0] or a[1] < edge[1] or a[2] > edge[2] or a[3] > edge[3]]
    assert out == []
    over = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert over == []


def test_the_words_of_a_county_lead_to_it_from_the_keyboard(watch):
    page = watch.open(f"/?{JUNE}&indicator=social_work_agencies_count")
    words = page.locator(f'{MAP} a.words[data-unit="350582"]')
    words.focus()
    assert words.inner_text().split() == ["晋江", "20"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/county?unit=350582*", timeout=PATIENCE_MS)


# --- tiles, links, pages ----------------------------------------------------------------------------


def test_a_click_on_a_tile_opens_the_page_of_its_unit(watch):
    page = watch.open("/?shape=tiles&indicator=social_work_agencies_count")
    expect(page.locator(".tile")).to_have_count(13)
    page.locator('.tile[data-unit="350582"]').click()
    page.wait_for_url("**/county?unit=350582")

    expect(page.get_by_role("heading", name="晋江市", exact=True)).to_be_visible()
    assert ["社工机构", "20 家"] in [row[:2] for row in table(page, "lines")]


def test_links_change_the_page_without_loading_it_anew_and_back_takes_the_same_way(watch):
    page = watch.open(f"/?{JUNE}")
    page.evaluate("window.same = true")
    for title, address in (("区县", "/county"), ("快照", "/snapshots"), ("口径说明", "/about")):
        page.locator("nav.pages").get_by_role("link", name=title, exact=True).click()
        page.wait_for_url(f"**{address}?{JUNE}")
        expect(page.locator("nav.pages a[aria-current=page]")).to_have_text(title)
    for title in ("快照", "区县", "总览"):
        page.go_back()
        expect(page.locator("nav.pages a[aria-current=page]")).to_have_text(title)

    assert page.evaluate("window.same") is True
    assert page.url == f"{watch.server.url}/?{JUNE}"


def test_next_goes_through_the_thirteen_in_official_order_and_previous_comes_back(watch):
    page = watch.open("/county?unit=350502")
    seen = []
    for name in OFFICIAL_ORDER:
        expect(page.locator(".pager h1")).to_have_text(name)
        seen.append(page.locator(".pager .num").first.inner_text())
        page.locator('a[rel="next"]').click()
    expect(page.locator(".pager h1")).to_have_text(OFFICIAL_ORDER[0])
    page.locator('a[rel="prev"]').click()

    expect(page.locator(".pager h1")).to_have_text(OFFICIAL_ORDER[-1])
    assert seen == [f"{place}/13" for place in range(1, 14)]


def test_a_town_is_marked_when_it_is_chosen(watch):
    page = watch.open("/county?unit=350582")
    page.get_by_role("link", name="磁灶镇").click()
    page.wait_for_url("**town=*")

    expect(page.locator('tr[aria-current="true"]')).to_contain_text("磁灶镇")


# --- switches ---------------------------------------------------------------------------------------


def test_a_screen_that_walks_by_itself_goes_on_and_keeps_what_it_shows(watch):
    page = watch.open(f"/?wall=1&play=5&{JUNE}")
    for name in ("tasks", "stations"):
        page.wait_for_url(f"**/{name}?*", timeout=PATIENCE_MS)
        assert {"as_of=2025-06-30", "wall=1", "play=5"} <= set(urlsplit(page.url).query.split("&"))
    expect(page.locator("nav.pages a").first).to_be_hidden()


def test_the_keys_of_a_presenter_turn_the_pages_only_when_asked_to(watch):
    page = watch.open(f"/?present=1&{JUNE}")
    page.locator("[data-present]").wait_for(state="attached")
    page.keyboard.press("PageDown")
    page.wait_for_url("**/tasks?*", timeout=PATIENCE_MS)
    expect(page.locator("nav.pages a[aria-current=page]")).to_have_text("任务清单")
    settled(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(lambda url: urlsplit(url).path == "/", timeout=PATIENCE_MS)

    page = watch.open(f"/?{JUNE}")
    page.keyboard.press("PageDown")
    settled(page)
    assert urlsplit(page.url).path == "/"


def test_another_day_changes_the_address_and_the_figure(watch):
    page = watch.open(f"/?{JUNE}")
    expect(page.get_by_text("224万+")).to_be_visible()
    page.locator("input[data-as-of][type=date]").fill("2020-12-31")
    page.wait_for_url("**/?as_of=2020-12-31")

    expect(page.get_by_text("141.8万")).to_be_visible()
    expect(page.get_by_text("2020年12月24日")).to_be_visible()
    page.reload()
    expect(page.get_by_text("141.8万")).to_be_visible()


def test_a_day_that_is_typed_counts_from_enter_and_the_last_one_takes_it_out_of_the_address(watch):
    page = watch.open(f"/?{JUNE}")
    day = page.locator("input[data-as-of][type=text]")
    today = day.get_attribute("data-today")
    day.click(click_count=3)
    page.keyboard.type("20201231")
    assert page.url.endswith(JUNE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/?as_of=2020-12-31")
    expect(page.get_by_text("141.8万")).to_be_visible()

    page.locator("input[data-as-of][type=date]").fill(today)
    page.wait_for_url(lambda url: "as_of" not in url)
    expect(page.get_by_text("224万+")).to_be_visible()


def test_a_day_that_is_still_to_come_is_a_sentence_and_no_figure(watch):
    page = watch.open("/")
    page.locator("input[data-as-of][type=text]").fill("2099.1.1")
    page.keyboard.press("Enter")

    expect(page.get_by_text("as_of=2099-01-01：还没有到")).to_be_visible()
    expect(page.locator(".kpis")).to_have_count(0)


@pytest.mark.parametrize("secure", [True, False], ids=["on this machine", "on an intranet without https"])
def test_the_link_that_is_copied_writes_day_and_data_out(watch, secure):
    context = watch.context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watch.open("/county?unit=350582", context)
    if not secure:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    today = page.locator("input[data-as-of][type=text]").input_value()
    page.get_by_role("link", name="链接", exact=True).click()
    expect(page.get_by_role("link", name="已复制", exact=True)).to_be_visible()
    other = watch.open("/about", context)
    other.bring_to_front()
    copied = other.evaluate("navigator.clipboard.readText()")

    assert copied == f"{watch.server.url}/county?unit=350582&as_of={today}&data=live"


def test_the_language_is_switched_by_the_address_and_back(watch):
    page = watch.open(f"/?{JUNE}")
    page.get_by_role("link", name="繁", exact=True).click()
    expect(page.get_by_text("224萬+")).to_be_visible()
    assert page.url == f"{watch.server.url}/?{JUNE}&lang=zh-TW"
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    page.locator("nav.pages").get_by_role("link", name="口徑說明").click()
    expect(page.get_by_role("heading", name="亮燈規則")).to_be_visible()
    page.get_by_role("link", name="简", exact=True).or_(
        page.get_by_role("link", name="簡", exact=True)
    ).click()

    expect(page.get_by_role("heading", name="亮灯规则")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"


@pytest.mark.parametrize(
    ("locale", "figure", "tag"),
    [
        ("zh-TW", "224萬+", "zh-Hant"),
        ("zh-HK", "224萬+", "zh-Hant"),
        ("zh-CN", "224万+", "zh-Hans"),
        ("en-GB", "2.24M+", "en"),
    ],
)
def test_the_browsers_language_is_spoken_until_somebody_chooses(watch, locale, figure, tag):
    page = watch.open(f"/?{JUNE}", watch.context(locale=locale))

    expect(page.get_by_text(figure)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == tag


def test_english_is_chosen_in_the_top_line_and_named_in_the_tab(watch):
    page = watch.open(f"/tasks?show=list&{JUNE}")
    page.get_by_role("link", name="EN", exact=True).click()

    expect(page.locator(".st-key-panel_tasks").get_by_text("Who can move it")).to_be_visible()
    assert page.url == f"{watch.server.url}/tasks?show=list&{JUNE}&lang=en"
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page).to_have_title("Measures · Quanzhou Society Work")


def test_the_theme_is_switched_and_kept(watch):
    context = watch.context()
    page = watch.open(f"/snapshots?{JUNE}", context)
    for word, theme in (("浅", "light"), ("深", "dark"), ("浅", "light")):
        page.get_by_role("link", name=word, exact=True).click()
        expect(page.locator(f"html[data-theme={theme}]")).to_be_attached()
        expect(page.get_by_role("link", name=word, exact=True)).to_have_attribute("aria-current", "true")
        expect(page.locator("body")).to_have_css("background-color", rgb(TOKENS[theme]["ground"]))
        expect(page.locator(".stApp")).to_have_css("background-color", rgb(TOKENS[theme]["ground"]))
    assert page.url == f"{watch.server.url}/snapshots?{JUNE}"
    other = watch.open("/about", context)

    expect(other.locator("html[data-theme=light]")).to_be_attached()
    expect(other.locator(".stApp")).to_have_css("background-color", rgb(TOKENS["light"]["ground"]))


def rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))


def test_an_indicator_is_chosen_and_stands_in_the_address(watch):
    page = watch.open("/?shape=tiles")
    expect(page.locator(".tiles a")).to_have_count(13)
    page.wait_for_load_state("networkidle")
    page.locator(".st-key-w_indicator").get_by_role("combobox").click()
    page.get_by_role("option", name="社工机构", exact=True).click()
    page.wait_for_url("**indicator=social_work_agencies_count*")

    expect(page.locator('.tile[data-unit="350582"] .value')).to_have_text("20")


# --- keyboard ---------------------------------------------------------------------------------------


def test_the_focus_of_the_keyboard_can_be_seen_on_links_and_enter_follows_them(watch):
    page = watch.open(f"/?{JUNE}")
    page.evaluate("window.same = true")
    accent = rgb(TOKENS["dark"]["accent"])
    seen: list[str] = []
    for _ in range(8):
        page.keyboard.press("Tab")
        tag, words, style, width, colour = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return [e.closest('.top') && e.tagName, e.innerText, s.outlineStyle, s.outlineWidth, s.outlineColor]; }"""
        )
        if tag == "A":
            assert (style, width, colour) == ("solid", "3px", accent), words
            seen.append(words)
    assert seen[:3] == ["泉州市社会工作态势", "总览", dict(ROOMS)[NAMES[1]]]
    page.locator("nav.pages").get_by_role("link", name="区县", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="泉州市", exact=True)).to_be_visible()
    assert page.evaluate("window.same") is True


# --- search -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "name", "lands_on"),
    [
        ("晋江", "晋江市", "**/county?unit=350582"),
        ("磁灶", "磁灶镇", "**/county?unit=350582&town=*"),
        ("志愿者", "实名注册志愿者", "**/county?unit=350500&indicator=volunteers_count"),
    ],
)
def test_what_is_searched_for_is_found_and_a_click_opens_it(watch, asked, name, lands_on):
    page = watch.open("/about")
    box = page.locator(".st-key-w_find input")
    box.fill(asked)
    box.press("Enter")
    page.locator(".st-key-panel_find").get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(lands_on)

    expect(page.locator(".pager h1")).to_be_visible()


def test_a_measure_is_searched_for_and_a_click_opens_its_page(watch):
    page = watch.open("/about")
    box = page.locator(".st-key-w_find input")
    box.fill("保留报表目录")
    box.press("Enter")
    page.locator(".st-key-panel_find").get_by_role("link", name=re.compile("^5-12-2 ")).click()

    expect(page.locator("h1.sentence")).to_contain_text("5-12-2")


# --- files ------------------------------------------------------------------------------------------


# However the column 口径词 spells them; a lone = would have to be made harmless and no longer be that sign.
QUALIFIERS = {"确数": "eq", "不少于": "ge", "约": "approx", "待核": "unknown"}


def spoken(row: dict[str, Any], decimals: int = 0) -> str:
    """Value and qualifier of a row of a CSV, in the words of the screen."""
    return quantity(reading_quantity(row["数值"], QUALIFIERS[row["口径词"]]), decimals)


def plain(value: float) -> str:
    """A number of a CSV as the screen writes one below ten thousand."""
    return f"{value:,.0f}"


def test_the_csv_of_the_overview_is_what_the_cards_show(watch):
    page = watch.open(f"/?{JUNE}")
    download = saved(page, ".st-key-actions")
    raw = content(download)
    rows = pd.read_csv(io.BytesIO(raw)).to_dict("records")

    assert download.suggested_filename == "总览_泉州市_截至2025-06-30.csv"
    assert raw.startswith(b"\xef\xbb\xbf")
    assert not raw.startswith(b"\xef\xbb\xbfsep=")
    assert list(rows[0])[:5] == ["栏目", "领域", "指标", "单位", "数值"]
    shown = page.locator(".kpi .value").evaluate_all("all => all.map(e => e.firstChild.textContent.trim())")
    assert [spoken(row) for row in rows if row["栏目"] == "指标"] == shown
    matrix = page.locator("table.grid td").evaluate_all(
        "all => all.map(e => e.firstChild.textContent.trim())"
    )
    own = [row for row in rows if row["栏目"] == "各单位"]
    assert ["▨" if pd.isna(row["数值"]) else spoken(row) for row in own] == matrix
    strip = page.locator(".strip a").evaluate_all("all => all.map(e => e.dataset.unit)")
    assert len([row for row in rows if row["栏目"] == "报送"]) == len(strip) == 13
    rates = [t for t in page.locator(".kpi .line:nth-of-type(3) > span:last-child").all_inner_texts() if t]
    own_rates = [r for r in rows if r["栏目"] == "指标" and not pd.isna(r["每万人"])]
    assert [f"每万人 {spoken(r | {'数值': r['每万人']}, 2)}" for r in own_rates[:1]] == rates[:1]
    assert len(own_rates) == len(rates)
    on_the_map = [row for row in rows if row["栏目"] == "地图"]
    assert len(on_the_map) == 11
    assert {r["单位"]: spoken(r) for r in on_the_map if not pd.isna(r["数值"])} == {
        "石狮市": "12.9万+",
        "永春县": "9万+",
        "德化县": "5.5万+",
    }
    assert all(
        isinstance(r["来源"], str) and isinstance(r["获知日"], str)
        for r in on_the_map
        if not pd.isna(r["数值"])
    )
    done = [row for row in rows if row["栏目"] == "任务清单" and row["指标"] == "已完成"]
    assert len(done) == 8
    assert all(pd.isna(row["数值"]) for row in done)


def test_the_qualifier_is_written_the_same_way_in_every_csv(watch):
    words = []
    for path in (f"/?{JUNE}", f"/county?unit=350500&{JUNE}"):
        rows = pd.read_csv(io.BytesIO(content(saved(watch.open(path), ".st-key-actions"))))
        own = rows[(rows["单位"] == "泉州市") & (rows.get("栏目", "指标") == "指标")]
        words.append(dict(zip(own["指标"], own["口径词"], strict=True)))

    city, unit = words
    assert {name: unit[name] for name in city} == city
    assert set(city.values()) <= set(QUALIFIERS)


def test_the_csv_of_a_unit_is_what_its_table_shows(watch):
    page = watch.open(f"/county?unit=350582&{JUNE}")
    download = saved(page, ".st-key-actions")
    every = pd.read_csv(io.BytesIO(content(download))).to_dict("records")
    rows = [row for row in every if row["栏目"] == "指标"]

    assert download.suggested_filename == "区县_晋江市_截至2025-06-30.csv"
    history = [[plain(r["数值"]), r["来源"]] for r in every if r["栏目"] == "历史与来源"]
    assert history == [[row[0], row[2].split(" 来源等级")[0]] for row in table(page, "history")[1:]]
    below = [r["单位"] for r in every if r["栏目"] == "下级单位"]
    assert list(dict.fromkeys(below)) == [row[0].split(" ")[0] for row in table(page, "towns")[1:]]
    rates = [row[5] for row in table(page, "lines")[1:] if len(row) > 1 and row[5]]
    assert [f"{r['每万人']:g}" for r in rows if not pd.isna(r["每万人"])] == [f"{float(x):g}" for x in rates]
    shown = [[row[0], row[1], row[2]] for row in table(page, "lines")[1:] if len(row) > 1]
    there = [r for r in rows if isinstance(r["来源"], str)]
    short = {d.title: d.short_title for d in CATALOGUE.indicators.values()}
    told = [[short[r["指标"]], f"{spoken(r)} {r['计量单位']}", f"{r['来源']} · {r['等级']}"] for r in there]
    assert [row[:2] for row in told] == [row[:2] for row in shown]
    assert all(cell.endswith(row[2]) for row, (_, _, cell) in zip(told, shown, strict=True))
    missing = [r for r in rows if not isinstance(r["来源"], str)]
    assert f"缺 {len(missing)} 项" in page.locator(".st-key-panel_lines .aside").inner_text()
    assert [r["指标"] for r in missing if not pd.isna(r["数值"])] == []


def test_the_csv_of_the_returns_and_of_the_definitions_hold_every_row(watch):
    returns = saved(watch.open(f"/snapshots?{JUNE}"), ".st-key-actions")
    about = saved(watch.open(f"/about?{JUNE}"), ".st-key-actions")

    assert returns.suggested_filename == "入库记录_截至2025-06-30.csv"
    assert about.suggested_filename == "口径说明_截至2025-06-30.csv"
    rows = pd.read_csv(io.BytesIO(content(returns)))
    assert list(rows["序号"]) == sorted(rows["序号"])
    assert set(rows["获知日"]) == {d for d in rows["获知日"] if d <= "2025-06-30"}
    told = pd.read_csv(io.BytesIO(content(about)))
    assert dict(told["栏目"].value_counts()) == {
        "措施": 60,
        "指标": 45,
        "用词": len(CATALOGUE.glossary),
        "亮灯规则": 9,
    }


def test_a_csv_for_readers_of_traditional_is_in_traditional_with_the_same_numbers(watch):
    simplified = content(saved(watch.open(f"/county?unit=350582&{JUNE}"), ".st-key-actions"))
    download = saved(watch.open(f"/county?unit=350582&lang=zh-TW&{JUNE}"), ".st-key-actions")
    one, other = pd.read_csv(io.BytesIO(simplified)), pd.read_csv(io.BytesIO(content(download)))

    assert download.suggested_filename == "區縣_晉江市_截至2025-06-30.csv"
    assert list(other["數值"].dropna()) == list(one["数值"].dropna())
    assert "社工機構" in list(other["指標"])


def test_the_snapshot_is_downloaded_and_its_manifest_is_true(watch):
    page = watch.open(f"/snapshots?{JUNE}")
    download = saved(page, ".st-key-panel_snapshot")

    assert download.suggested_filename == "快照_截至2025-06-30.zip"
    with zipfile.ZipFile(io.BytesIO(content(download))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert (manifest["data"], manifest["as_of"], manifest["seq"]) == ("live", "2025-06-30", 44)
        assert len(manifest["files"]) == 18
        for told in manifest["files"]:
            assert hashlib.sha256(archive.read(told["file"])).hexdigest() == told["sha256"]


@pytest.mark.parametrize(
    ("lang", "titles"),
    [
        ("zh-CN", ("区县 · 泉州市社会工作态势", "口径说明 · 泉州市社会工作态势", "总览 · 泉州市社会工作态势")),
        ("en", ("Counties · Quanzhou Society Work", "Definitions · Quanzhou Society Work",
                "Overview · Quanzhou Society Work")),
    ],
)  # fmt: skip
def test_the_tab_of_the_browser_names_the_page(watch, lang, titles):
    page = watch.open(f"/county?lang={lang}")
    expect(page).to_have_title(titles[0])
    page.locator("nav.pages a").last.click()
    expect(page).to_have_title(titles[1])
    page.locator(".brand").click()
    expect(page).to_have_title(titles[2])


def test_a_number_from_a_file_is_written_into_the_field_and_opens_that_view_again(watch):
    page = watch.open(f"/county?unit=350582&{JUNE}&lang=zh-TW")
    rows = pd.read_csv(io.BytesIO(content(saved(page, ".st-key-actions"))))
    (number,) = set(rows["回執號"])
    shown = table(page, "lines")
    other = watch.open("/snapshots?lang=zh-TW")
    other.evaluate("window.same = true")
    field = other.locator("input[data-receipt]")
    field.fill(f" {number.lower()} ")
    field.press("Enter")
    other.wait_for_url(f"**/county?unit=350582&{JUNE}&data=live&receipt={number}&lang=zh-TW")

    expect(other.locator(".noted")).to_contain_text(f"回執 {number}：截至 2025-06-30")
    assert other.evaluate("window.same") is True
    assert table(other, "lines") == shown
    other.get_by_role("link", name="回到現在").click()
    other.wait_for_url("**/county?unit=350582&data=live&lang=zh-TW")
    expect(other.locator(".noted")).to_have_count(0)


def test_another_day_leaves_the_receipt(watch):
    page = watch.open(f"/about?{JUNE}")
    number = pd.read_csv(io.BytesIO(content(saved(page, ".st-key-actions"))))["回执号"][0]
    other = watch.open(f"/?receipt={number}")
    other.wait_for_url(f"**/about?{JUNE}&data=live&receipt={number}")
    day = other.locator("input[data-as-of]").first
    day.fill("2025-05-31")
    day.press("Enter")
    other.wait_for_url("**/about?as_of=2025-05-31&data=live")

    expect(other.locator(".noted")).to_have_count(0)


# --- when something fails ---------------------------------------------------------------------------


# What the console says of a server that is not there.
GONE = (
    "WebSocket",
    "ERR_CONNECTION_",
    "ERR_EMPTY_RESPONSE",
    "reaching server endpoint",
    "not responding",
)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh-CN", "与服务器的连接断开，正在重新连接；屏上仍是断开前的数字。"),
        ("zh-TW", "與服務器的連接斷開，正在重新連接；屏上仍是斷開前的數字。"),
        ("en", "The connection to the server is lost and being restored; the figures are those from before."),
    ],
)
def test_while_the_server_is_away_a_sentence_says_so_until_it_is_back(watch, home, lang, words):
    watch.allowed = GONE
    port = free_port()
    with serving(home, port=port) as first:
        page = watch.open(f"/about?lang={lang}", server=first)
        said, foreign = page.get_by_text(words), page.locator('[data-testid="stDialog"]')
        expect(said).to_be_hidden()
    expect(said).to_be_visible()
    expect(said).to_be_in_viewport(ratio=1)
    expect(foreign).to_have_count(1)  # Streamlit's own, in English, in the middle of the figures
    expect(foreign).to_be_hidden()
    with serving(home, port=port):
        expect(said).to_be_hidden()
        expect(foreign).to_have_count(0)


def test_a_deep_link_after_a_restart_is_drawn_with_the_shell_and_an_open_page_recovers(watch, home):
    watch.allowed = GONE
    port = free_port()
    with serving(home, port=port) as first:
        left_open = watch.open("/", server=first)
        drawn_map(left_open)
    with serving(home, port=port) as second:
        page = watch.open("/county?unit=350582", server=second)
        expect(page.locator("nav.pages a[aria-current=page]")).to_have_text("区县")
        expect(page.get_by_role("heading", name="晋江市", exact=True)).to_be_visible()
        left_open.locator("nav.pages").get_by_role("link", name="快照").click()
        expect(left_open.get_by_role("heading", name="整库快照")).to_be_visible()


@pytest.fixture
def closing(postgres_database: str) -> Iterator[tuple[str, Callable[[bool], None]]]:
    """A PostgreSQL database that can be closed to everybody and opened again."""
    address, name = postgres_database.replace("+psycopg", "").rsplit("/", 1)

    def let(anybody: bool) -> None:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {anybody}")
            if not anybody:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
                )

    yield postgres_database, let
    let(True)


def test_while_the_store_is_down_a_sentence_stands_there_and_the_page_comes_back_by_itself(
    watch, closing, tmp_path
):
    url, let = closing
    with serving(tmp_path, DASHBOARD_DATABASE_URL=url) as running:
        page = watch.open(f"/?{JUNE}", server=running)
        expect(page.get_by_text("224万+")).to_be_visible()
        let(False)
        page.locator("nav.pages").get_by_role("link", name="快照").click()
        expect(page.get_by_role("heading", name="暂时取不到数据")).to_be_visible()
        expect(page.get_by_text("屏幕会在它恢复后自行继续")).to_be_visible()
        expect(page.locator("nav.pages")).to_be_visible()
        let(True)
        expect(page.get_by_role("heading", name="整库快照")).to_be_visible()
        told = json.loads(running.err.first_with('"store down"'))
        assert (told["level"], told["data"]) == ("error", "live")


def test_a_page_that_fails_shows_a_number_that_stands_in_the_log_and_no_trace(watch, home, tmp_path):
    for folder in ("src", "pages", "data", ".streamlit"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", tmp_path)
    (tmp_path / "pages" / "about.py").write_text("raise RuntimeError('nothing for the reader')\n")
    with serving(home, tmp_path) as running:
        page = watch.open("/about", server=running)
        box = page.locator('[data-testid="stAlert"]')
        expect(box).to_contain_text("这一页没能画出来，已记入日志，编号 ")
        number = re.search(r"编号 ([0-9a-f]{8})。", box.inner_text())
        assert number is not None
        body = page.locator("body").inner_text()
        other = watch.open("/about?lang=zh-TW", server=running)
        traditional = other.locator('[data-testid="stAlert"]').inner_text()
        told = json.loads(running.err.first_with(number[1]))

    assert (told["event"], told["level"]) == ("page failed", "error")
    assert "RuntimeError: nothing for the reader" in told["trace"]
    assert "nothing for the reader" not in body
    assert "Traceback" not in body
    assert "RuntimeError" not in body
    assert "這一頁沒能畫出來，已記入日誌，編號 " in traditional
