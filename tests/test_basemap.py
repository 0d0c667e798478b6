"""A basemap of the installation's own: which addresses are taken, what may be asked for, what is drawn above it."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.config import Basemap, ConfigError, settings
from dashboard.ui import server
from dashboard.ui.map_panels import SEEN_THROUGH
from dashboard.ui.theme import rgba
from map_ground import RASTER_RED, VECTOR_GREEN, Ground, serving_maps
from serving import Server, serving
from test_browser import FLAGS, PATIENCE_MS, PROBES, WALL, settled
from ui_fixtures import Page as Drawn
from ui_fixtures import installed

STYLE = "http://maps.example:8080/style.json"
CREDIT = "天地图·福建，审图号 闽S(2026)12号"


# --- the setting ------------------------------------------------------------------------------------


def basemap(home: Path, style: str, credit: str = "") -> Basemap | None:
    return settings(
        {"DASHBOARD_HOME": str(home), "DASHBOARD_MAP_STYLE": style, "DASHBOARD_MAP_CREDIT": credit}
    ).basemap


def test_without_the_setting_there_is_no_basemap(tmp_path):
    assert settings({"DASHBOARD_HOME": str(tmp_path)}).basemap is None
    assert basemap(tmp_path, " ", CREDIT) is None


@pytest.mark.parametrize(
    ("style", "origin"),
    [
        (STYLE, "http://maps.example:8080"),
        ("https://10.1.2.3/a/b/style.json?key=x&v=1", "https://10.1.2.3"),
        ("http://maps", "http://maps"),
        ("http://[fd00::1]:81/s.json", "http://[fd00::1]:81"),
        ("http://Maps.Example/s.json", "http://maps.example"),
    ],
)
def test_the_address_of_a_style_allows_its_origin(tmp_path, style, origin):
    assert basemap(tmp_path, f" {style} ", f" {CREDIT}\n") == Basemap(style, origin, CREDIT)


FULL = "请写样式（JSON）的完整地址，如 http://maps.example/style.json"


@pytest.mark.parametrize(
    ("style", "why"),
    [
        ("dark", FULL),
        ("/style.json", FULL),
        ("//maps.example/style.json", FULL),
        ("ftp://maps.example/style.json", FULL),
        ("file:///etc/passwd", FULL),
        ("http://", FULL),
        ("http://maps.example:99999/style.json", FULL),
        ("http://maps.example/style.json; script-src *", FULL),
        ("http://maps.example/a b", FULL),
        ("http://*/style.json", FULL),
        ("http://地图.example/style.json", FULL),
        ("http://maps.example/{z}/{x}/{y}.png", "这是瓦片的地址，请写引用它的样式（JSON）的地址"),
        ("http://me:secret@maps.example/s.json", "地址里不能有账户或密码，它们会送到每个浏览器"),
        ("mapbox://styles/a/b", "地址里有 mapbox 或 cartocdn 时，页面会把它当作要密钥的外部服务"),
        (
            "https://basemaps.cartocdn.com/style.json",
            "地址里有 mapbox 或 cartocdn 时，页面会把它当作要密钥的外部服务",
        ),
    ],
)
def test_an_address_that_is_none_is_refused_with_the_way_out(tmp_path, style, why):
    with pytest.raises(ConfigError) as refused:
        basemap(tmp_path, style)

    assert str(refused.value) == f"DASHBOARD_MAP_STYLE 的值“{style}”无效：{why}。"


def test_words_that_would_fill_the_map_are_refused(tmp_path):
    with pytest.raises(ConfigError) as refused:
        basemap(tmp_path, STYLE, "字" * 121)

    assert str(refused.value) == "DASHBOARD_MAP_CREDIT 太长：请写 120 个字以内。"


# --- without a browser ------------------------------------------------------------------------------


def policy() -> dict[str, str]:
    told = dict(server._headers())[b"content-security-policy"].decode()
    return dict(part.strip().split(" ", 1) for part in told.split(";"))


def test_the_headers_allow_that_origin_to_be_asked_and_nothing_else(tmp_path):
    with installed(tmp_path / "with", DASHBOARD_MAP_STYLE=STYLE):
        allowed = {name: value for name, value in policy().items() if "http" in value}
    with installed(tmp_path / "without"):
        closed = policy()

    assert allowed == dict.fromkeys(("connect-src", "img-src"), "'self' data: blob: http://maps.example:8080")
    assert "http" not in json.dumps(closed)
    assert set(closed) == {"default-src", "frame-ancestors", "object-src", "base-uri", "form-action"}


@pytest.mark.parametrize("name", ["stations", "points"])
def test_the_line_below_the_map_says_whose_ground_it_is_or_that_nobody_told(tmp_path, name):
    said = []
    for credit in (CREDIT, ""):
        home = tmp_path / (credit and "told")
        home.mkdir(exist_ok=True)
        with installed(home, DASHBOARD_MAP_STYLE=STYLE, DASHBOARD_MAP_CREDIT=credit):
            page = Drawn(name)
            assert page.failures == []
            assert page.deck()["mapStyle"] == STYLE
            said.append(page.text())

    assert f"底图：{CREDIT}" in said[0]
    assert "底图由本单位自备，来源与审图号未注明" in said[1]


def test_without_the_setting_nothing_is_fetched_and_nothing_said(tmp_path):
    with installed(tmp_path):
        page = Drawn("stations")

    assert page.deck()["mapStyle"] == "__MAP_STYLE__"  # Streamlit's word for: none was asked for
    assert "底图" not in page.text()


# --- in a browser -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("basemap")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with serving_maps() as running:
        yield running


class Visit:
    """A page of stations with what it asked for and what was complained of."""

    def __init__(self, page: Page, running: Server) -> None:
        self.page, self.running = page, running
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", self._asked)
        page.on("console", lambda m: m.type == "error" and self._heard(m.text, m.location.get("url", "")))
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.goto(f"{running.url}/stations?data=demo&shape=points")
        settled(page)

    def _asked(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(parts.netloc)

    def _heard(self, text: str, url: str) -> None:
        if not urlsplit(url).path.endswith(PROBES):
            self.complaints.append(text)

    def colours(self) -> Counter[tuple[int, int, int]]:
        """How many pixels of the map have each colour."""
        shown = self.page.locator('[data-testid="stDeckGlJsonChart"]').screenshot()
        image = Image.open(io.BytesIO(shown)).convert("RGB")
        return Counter({colour: count for count, colour in image.getcolors(1 << 24) or []})

    def click(self, colour: tuple[int, ...]) -> None:
        """Click the first place on the map where nothing but this colour is within two pixels."""
        chart = self.page.locator('[data-testid="stDeckGlJsonChart"]')
        image = Image.open(io.BytesIO(chart.screenshot())).convert("RGB")
        around = [(x, y) for x in range(-2, 3) for y in range(-2, 3)]
        x, y = next(
            (x, y)
            for y in range(60, image.height - 60)
            for x in range(60, image.width - 60)
            if all(image.getpixel((x + i, y + j)) == colour[:3] for i, j in around)
        )
        box = chart.bounding_box()
        assert box
        self.page.mouse.move(box["x"] + x, box["y"] + y)
        self.page.wait_for_timeout(
            1000
        )  # what the pointer is on is found out by drawing it, here without a card
        self.page.mouse.click(box["x"] + x, box["y"] + y)

    def until(self, drawn: Callable[[Counter[tuple[int, int, int]]], bool]) -> Counter[tuple[int, int, int]]:
        """The colours as soon as the map is drawn, at the latest after twenty seconds."""
        for _ in range(20):
            found = self.colours()
            if drawn(found):
                return found
            self.page.wait_for_timeout(1000)
        return found


@contextmanager
def visiting(chromium: Browser, home: Path, style: str) -> Iterator[Visit]:
    with serving(home, DASHBOARD_DEMO="on", DASHBOARD_MAP_STYLE=style) as running:
        page = chromium.new_page(viewport={"width": WALL[0], "height": WALL[1]}, locale="zh-CN")
        try:
            yield Visit(page, running)
        finally:
            page.close()


def near(found: Counter[tuple[int, int, int]], colour: tuple[int, ...]) -> int:
    """Pixels of this colour, give or take what blending rounds."""
    return sum(n for c, n in found.items() if all(abs(a - b) <= 3 for a, b in zip(c, colour, strict=False)))


def above(colour: tuple[int, int, int]) -> tuple[int, ...]:
    """A county over this ground."""
    fill = rgba("land", "dark")
    return tuple(
        round(f * SEEN_THROUGH / 255 + g * (1 - SEEN_THROUGH / 255))
        for f, g in zip(fill, colour, strict=False)
    )


@pytest.mark.parametrize(
    ("name", "colour", "tile"), [("raster", RASTER_RED, ".png"), ("vector", VECTOR_GREEN, ".pbf")]
)
def test_counties_and_stations_are_drawn_above_the_ground_and_nobody_else_is_asked(
    chromium, home, ground, name, colour, tile
):
    ground.asked.clear()
    with visiting(chromium, home, f"{ground.url}/{name}.json") as visit:
        found = visit.until(lambda c: near(c, colour) > 20_000 and near(c, above(colour)) > 20_000)

        assert near(found, colour) > 20_000  # the sea and the neighbours
        assert near(found, above(colour)) > 20_000  # the counties
        assert near(found, rgba("on_track", "dark")) > 2_000  # the stations that are open
        assert visit.hosts == {urlsplit(visit.running.url).netloc, urlsplit(ground.url).netloc}
        assert visit.complaints == []
        visit.click(rgba("on_track", "dark"))
        visit.page.wait_for_function("location.search.includes('station=')")
    assert ground.asked[0] == f"/{name}.json"
    assert [path for path in ground.asked if path.endswith(tile)] != []


def test_a_style_that_cannot_be_fetched_leaves_the_map_without_a_ground(chromium, home, ground):
    with visiting(chromium, home, f"{ground.url}/nothing.json") as visit:
        panel = rgba("panel", "dark")
        found = visit.until(lambda c: near(c, above(panel[:3])) > 20_000)

        assert near(found, above(panel[:3])) > 20_000
        assert near(found, rgba("on_track", "dark")) > 2_000
        assert visit.page.locator('[data-testid="stException"]').count() == 0


def test_a_style_that_names_another_host_gets_nothing_from_there(chromium, home, ground):
    with serving_maps() as stranger:
        ground.tiles_of = stranger.url
        try:
            with visiting(chromium, home, f"{ground.url}/raster.json") as visit:
                visit.until(lambda _: any("Content Security Policy" in c for c in visit.complaints))
                complaints = visit.complaints
        finally:
            ground.tiles_of = ""

    assert any("Content Security Policy" in words for words in complaints)
    assert stranger.asked == []
