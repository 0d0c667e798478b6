"""Times in a real browser at 1920 × 1080, taken inside the page: from navigation or click to what is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from .literal_page import has_map, panels
from .pages import Page as Asked
from .rows import Row
from .socket_client import Run

CHROMIUM = "/usr/bin/chromium"
_TIMEOUT_MS = 60_000
_FLAGS = [
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

# A canvas can be read only until it is composited: a microtask after a draw call comes early enough.
_WATCH = """
(() => {
  const bench = window.bench = { painted: false, called: null, drawn: null, clicked: null, redrawn: null };

  const look = canvas => {
    const small = new OffscreenCanvas(64, 48).getContext("2d");
    small.drawImage(canvas, 0, 0, 64, 48);
    const pixels = new Uint32Array(small.getImageData(0, 0, 64, 48).data.buffer);
    bench.painted ||= new Set(pixels).size > 3;
  };
  for (const name of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"]) {
    const draw = WebGL2RenderingContext.prototype[name];
    let waiting = false;
    WebGL2RenderingContext.prototype[name] = function (...given) {
      draw.apply(this, given);
      bench.called ??= performance.now();
      if (bench.painted || waiting) return;
      waiting = true;
      queueMicrotask(() => { waiting = false; look(this.canvas); });
    };
  }

  const there = selector => document.querySelector(selector) !== null;
  const text = selector => document.querySelector(selector)?.textContent ?? "";
  bench.panels = [];
  const allPanels = () => bench.panels.length && bench.panels.every(there) && bench.painted;

  const unit = () => new URLSearchParams(location.search).get("unit");
  const county = () => {
    const name = text(".pager h1");
    return name !== bench.before && text(".st-key-panel_lines h2").startsWith(name)
      && there(".st-key-panel_lines table tbody tr")
      && there(`.st-key-panel_towns a[href*="unit=${unit()}"]`);
  };
  document.addEventListener("click", event => {
    if (!event.target.closest?.("a[rel=next]")) return;
    bench.before = text(".pager h1");
    bench.redrawn = null;
    bench.clicked = event.timeStamp;
  }, true);

  const watch = () => {
    if (bench.drawn === null && allPanels()) bench.drawn = performance.now();
    if (bench.clicked !== null && bench.redrawn === null && county()) bench.redrawn = performance.now();
    requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
})();
"""
_RESOURCES = """() => {
  const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return [loaded.length, loaded.reduce((sum, entry) => sum + entry.transferSize, 0)];
}"""


def chromium_version() -> str:
    """Version of the browser that is driven."""
    with sync_playwright() as playwright, _browser(playwright) as browser:
        return browser.version


@dataclass
class Loads:
    """Seconds of cold loads in new profiles and of one reload after each; requests and bytes of a cold load.

    ``map_called`` are the seconds of a reload until the map's first draw call: on a machine with a
    graphics card the map is there then, here the software renderer still has to do it.
    """

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    map_called: list[float] = field(default_factory=list)
    requests: int = 0
    bytes: int = 0


def browser_rows(product: str, literal: str, title: str, overview: Run, repetitions: int) -> list[Row]:
    """Cold load, warm reload and change of unit, medians of ``repetitions``.

    Beside them the same page drawn from literals, whose server sends files as Streamlit does, and the title page.

    ``overview`` is a run of the front page over the socket: it says which panels there are.
    """
    wanted = panels(overview.messages)
    with sync_playwright() as playwright:
        ours = _loads(playwright, product, wanted, repetitions, with_map=has_map(overview.messages))
        plain = _loads(playwright, literal, wanted, repetitions, with_map=has_map(overview.messages))
        bare = _loads(playwright, title, ("h1",), repetitions, with_map=False)
        changes = _changes(playwright, product, repetitions)
    return [
        Row("browser: cold load to every panel drawn", "/", median(ours.cold), "s", most=2.4),
        Row("  requests", "/", ours.requests, ""),
        Row("  bytes of them", "/", ours.bytes / 1e6, "MB"),
        Row("  from literals", "/", median(plain.cold), "s"),
        Row("  bytes of them", "/", plain.bytes / 1e6, "MB"),
        Row("browser: cold load", "title page", median(bare.cold), "s"),
        Row("  bytes", "title page", bare.bytes / 1e6, "MB"),
        Row("browser: warm reload to every panel drawn", "/", median(ours.warm), "s", most=1.3),
        *(
            Row("  to the map's first draw call", "/", median(ours.map_called), "s")
            for _ in ours.map_called[:1]
        ),
        Row("  from literals", "/", median(plain.warm), "s"),
        Row("browser: warm reload", "title page", median(bare.warm), "s"),
        Row("browser: change of unit to redrawn", "/county", median(changes), "s", most=0.29),
    ]


def map_seconds(url: str, page_asked: Asked, repetitions: int) -> float:
    """Seconds of a cold load of the page of stations until its panels stand and its map is painted; the median."""
    wanted = (
        ".st-key-panel_stations .source",
        ".st-key-panel_areas table",
        ".st-key-panel_station_list table",
    )
    taken = []
    with sync_playwright() as playwright:
        for _ in range(repetitions):
            with _browser(playwright) as browser:
                page = _page(browser, wanted, with_map=True)
                page.goto(f"{url}{page_asked.name}", timeout=_TIMEOUT_MS)
                taken.append(_drawn_after(page, wanted))
    return median(taken)


def _loads(
    playwright: Playwright, url: str, wanted: tuple[str, ...], repetitions: int, *, with_map: bool
) -> Loads:
    taken = Loads()
    for _ in range(repetitions):
        with _browser(playwright) as browser:
            page = _page(browser, wanted, with_map=with_map)
            page.goto(url, timeout=_TIMEOUT_MS)
            taken.cold.append(_drawn_after(page, wanted))
            taken.requests, taken.bytes = page.evaluate(_RESOURCES)
            page.wait_for_timeout(1500)
            page.reload(timeout=_TIMEOUT_MS)
            taken.warm.append(_drawn_after(page, wanted))
            called = page.evaluate("bench.called")
            taken.map_called += [] if called is None else [called / 1000]
    return taken


def _changes(playwright: Playwright, url: str, repetitions: int) -> list[float]:
    """Seconds from the click on the next unit to its heading, figures and towns; the first click warms up."""
    taken = []
    with _browser(playwright) as browser:
        page = _page(browser, (), with_map=False)
        page.goto(f"{url}/county?unit=350502", timeout=_TIMEOUT_MS)
        for _ in range(repetitions + 1):
            page.wait_for_selector(".st-key-panel_towns table", timeout=_TIMEOUT_MS)
            page.wait_for_timeout(700)
            page.click("a[rel=next]", timeout=_TIMEOUT_MS)
            page.wait_for_function("bench.redrawn !== null", timeout=_TIMEOUT_MS)
            taken.append(page.evaluate("bench.redrawn - bench.clicked") / 1000)
    return taken[1:]


def _drawn_after(page: Page, wanted: tuple[str, ...]) -> float:
    """Seconds from the start of the navigation."""
    try:
        page.wait_for_function("bench.drawn !== null", timeout=_TIMEOUT_MS)
    except Exception as error:
        missing = [s for s in wanted if page.query_selector(s) is None] or ["the map"]
        raise RuntimeError(f"never drawn: {', '.join(missing)}") from error
    return page.evaluate("bench.drawn") / 1000


@contextmanager
def _browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser with a profile of its own, which goes with it."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
    try:
        yield browser
    finally:
        browser.close()


def _page(browser: Browser, wanted: tuple[str, ...], *, with_map: bool) -> Page:
    settings: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}, "locale": "zh-CN"}
    page = browser.new_context(**settings, timezone_id="Asia/Shanghai").new_page()
    page.add_init_script(_WATCH)
    page.add_init_script(f"bench.panels = {list(wanted)!r}; bench.painted = {str(not with_map).lower()};")
    return page
