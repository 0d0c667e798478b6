"""Paper: every page printed by a real Chromium, read back from the PDF, and the receipt number it bears.

The screen is dark while it is printed; what is asked here is whether a sheet is light and whole, says what it is, and
can be opened again.
"""

from __future__ import annotations

import http.client
import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.ui.frame import ROOMS
from dashboard.ui.theme import TOKENS
from pdf import Pdf
from serving import Answer, Server
from test_browser import Watch, chromium, contexts, path_of, settled  # noqa: F401  fixtures
from test_demo_screens import demo  # noqa: F401  fixture

TITLES = dict(ROOMS)
LYING = ("tasks", "changes")
NUMBER = re.compile(r"回执号(Y[2-9A-Z]{6})")
INVENTED = "演示数据·非真实"
HEAD_AND_FOOT = 90  # characters; a sheet that holds no more is empty


@pytest.fixture
def watch(chromium: Browser, demo: Server, contexts: dict[Any, BrowserContext]) -> Iterator[Watch]:  # noqa: F811
    found = Watch(chromium, demo, contexts)
    yield found
    found.close()
    assert found.trouble == []


def printed(page: Page) -> Pdf:
    return Pdf(page.pdf(format="A4", prefer_css_page_size=True, print_background=True))


def number_on(page: Page) -> str:
    """The number in the head of the paper; "" when it says that it has none."""
    said = page.locator(".paper [data-number=yes]:not([hidden]) [data-said=number]")
    return said.text_content() or "" if said.count() else ""


# Right edges are compared with that of the sheet; a chart hides what it does not draw, a screen reader's words are 1 px.
WIDE = """() => [...document.querySelectorAll('.stApp *')]
    .filter(e => e.getClientRects().length && !e.closest('svg, .small-map, canvas') &&
        e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.tagName + '.' + e.className + ' ' + e.getBoundingClientRect().right)"""
CLIPPED = """() => [...document.querySelectorAll('[class*="st-key-panel_"], td, th, .fact, .kpi, .card, .strip a, .paper')]
    .filter(e => e.getClientRects().length && !e.closest('.small-map') && e.scrollWidth > e.clientWidth + 2)
    .map(e => e.className + ': ' + e.innerText.slice(0, 40))"""
# What a box keeps back below its foot. Words of one line that are cut by design are higher than their line by a few pixels.
KEPT_BACK = """() => [...document.querySelectorAll('.stApp *')]
    .filter(e => e.clientHeight > 1 && !e.closest('svg, canvas, .small-map, .stDeckGlJsonChart, [_echarts_instance_]') &&
        getComputedStyle(e).overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 8)
    .map(e => e.tagName + '.' + e.className + ' ' + e.scrollHeight + ' > ' + e.clientHeight)"""
DARK = """() => { const bright = c => { const [r, g, b, a = 1] = c.match(/[\\d.]+/g).map(Number);
        return a === 0 || (r + g + b) * (c.startsWith('color(srgb') ? 255 : 1) > 600; };
    const boxes = 'html, body, .stApp, .stMain, .paper, [class*="st-key-panel_"], .panel, table, tr, td, th, .card';
    return [...document.querySelectorAll(boxes)].filter(e => !bright(getComputedStyle(e).backgroundColor))
        .map(e => e.className + ' ' + getComputedStyle(e).backgroundColor); }"""
CONTROLS = (
    ":is(nav, button, input, select, .switch a, [data-testid=stHeader], [data-testid=stToolbar]):visible"
)


def wrong_on_paper(page: Page, name: str) -> list[str]:
    """What is too wide for its sheet or its box, dark, or there to be clicked, as the page is laid out for a sheet."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047 if name in LYING else 718, "height": 1000})
    expect(page.locator(".paper")).to_be_visible()
    clicked = page.locator(CONTROLS).evaluate_all("all => all.map(e => e.outerHTML)")
    return [*page.evaluate(WIDE), *page.evaluate(CLIPPED), *page.evaluate(DARK), *clicked]


# --- the sheets -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TITLES)
def test_every_sheet_is_a4_says_what_it_is_and_bears_the_number_that_opens_it(watch, name):
    page = watch.open(path_of(name))
    pdf = printed(page)
    as_of = page.locator("input[data-as-of]").first.input_value()
    first, number = pdf.texts[0], number_on(page)

    assert set(pdf.sizes_mm) == {(297, 210) if name in LYING else (210, 297)}
    assert [t for t in pdf.texts if INVENTED not in t or f"{TITLES[name]}·" not in t or number not in t] == []
    assert [n for n, text in enumerate(pdf.texts, 1) if len(text) < HEAD_AND_FOOT] == []
    assert NUMBER.findall(first)[0] == number
    assert f"/?receipt={number}" in first
    for words in (f"截至{as_of}", "来源:", "数据演示", "打印于2", "北京时间"):
        assert words in first
    if name in ("overview", "stations", "points"):
        assert "审图号GS(2024)0650号" in "".join(pdf.texts)
    assert wrong_on_paper(page, name) == []


@pytest.mark.parametrize("name", TITLES)
def test_nothing_on_paper_is_dark_cut_off_or_there_to_be_clicked_in_english_either(watch, name):
    page = watch.open(f"{path_of(name)}?lang=en")

    assert wrong_on_paper(page, name) == []


@pytest.mark.parametrize("path", ["/points?point=P08", "/points?point=P11&lang=en"])
def test_the_paper_of_a_point_names_it_and_holds_every_visit_and_its_chart(watch, path):
    page = watch.open(path)
    visits = page.locator("table.visits tbody td:first-child").all_inner_texts()
    name = page.locator(".st-key-point h1").inner_text().replace(" ", "")
    pdf = printed(page)
    text = "".join(pdf.texts)

    assert name in pdf.texts[0]
    assert [day for day in visits if day not in text] == []
    assert len(visits) >= 3
    assert "GS(2024)0650" in text
    assert text.count(visits[0][5:]) >= 2  # in the table and under its bars
    assert wrong_on_paper(page, "points") == []


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_no_sheet_keeps_back_what_the_window_had_no_room_for(watch, size):
    kept = {}
    for name in TITLES:
        page = watch.open(path_of(name), watch.context(size))
        page.emulate_media(media="print")
        expect(page.locator(".paper")).to_be_visible()
        if name == "points":
            cards = page.locator(".card").evaluate_all(
                "all => all.map(e => e.getBoundingClientRect().bottom)"
            )
            panel = page.locator(".st-key-panel_point_cards").bounding_box()
            assert panel is not None
            assert len(cards) == 12
            assert max(cards) <= panel["y"] + panel["height"]
        kept[name] = page.evaluate(KEPT_BACK)
        page.close()

    assert {name: boxes for name, boxes in kept.items() if boxes} == {}


@pytest.mark.parametrize("query", ["", "?lang=en", "?data=live", "{quarter}", "{year}"])
def test_the_changes_since_a_meeting_stand_on_one_sheet_that_says_how_many_more_there_are(watch, query):
    """Also where half a year brings more than there is room for."""
    day = date.fromisoformat(watch.open("/changes").locator("input[data-as-of]").first.input_value())
    spans = {"quarter": 130, "year": 400}
    asked = query.format(**{n: f"?since={day - timedelta(days=back)}" for n, back in spans.items()})
    page = watch.open(f"/changes{asked}")
    rows = page.locator(".st-key-panel_moves li.over").count()
    (text,) = printed(page).texts

    if query in ("{quarter}", "{year}"):
        assert rows > 0
        assert f"另有{rows}条" in text  # a PDF may write 见 as a radical
    if query == "":
        assert "自20" in text
        assert "超出平常变动范围,请核对" in text


def test_the_ink_of_a_tile_is_that_of_its_ground_whatever_the_screen_was(watch):
    page = watch.open("/?shape=tiles")
    page.emulate_media(media="print")
    pairs = page.locator(".tile").evaluate_all(
        "all => all.map(getComputedStyle).map(s => [s.color, s.backgroundColor])"
    )

    def luminance(colour: str) -> float:
        return sum(
            w * int(c) / 255 for w, c in zip((0.21, 0.72, 0.07), re.findall(r"\d+", colour), strict=False)
        )

    assert len(pairs) == 13
    assert [p for p in pairs if abs(luminance(p[0]) - luminance(p[1])) < 0.25] == []
    light = {TOKENS["light"][name] for name in (*(f"class-{i}" for i in range(5)), "unreported", "expired")}
    assert {"#{:02X}{:02X}{:02X}".format(*map(int, re.findall(r"\d+", p[1])[:3])) for p in pairs} <= light


def test_long_tables_repeat_their_head_and_closed_parts_are_opened(watch):
    tasks = printed(watch.open("/tasks?show=list"))
    about = printed(watch.open("/about"))

    assert len(tasks.texts) > 2
    assert [t for t in tasks.texts[1:] if "完成时限" not in t] == []
    assert "工作中的用词" in "".join(about.texts)
    assert "三区联创" in "".join(about.texts)


def test_what_the_list_is_narrowed_to_is_said_because_the_switches_are_not_there(watch):
    text = printed(watch.open("/tasks?aspect=5&light=overdue&org=350582")).texts[0]

    assert "任务清单数据报表逾期晋江截至" in text


def test_a_page_of_live_figures_says_so_and_names_its_sources_in_english(watch):
    page = watch.open("/county?data=live&unit=350500&lang=en")
    text = "".join(printed(page).texts)

    assert "Demo" not in text.replace("Demographic", "")
    assert "DataLive" in text
    assert re.search(r"Source:.*;泉州统计年鉴2022表3-5;.*ReceiptZ[2-9A-Z]{6}opensat", text)


# --- the number -------------------------------------------------------------------------------------


def test_the_number_of_the_paper_opens_exactly_its_view_again(watch):
    page = watch.open("/county?unit=350582&indicator=volunteers_count&as_of=2026-01-31")
    printed(page)
    first = number_on(page)
    printed(page)
    assert number_on(page) == first

    page.goto(f"{watch.server.url}/?receipt={first}")
    page.wait_for_url("**/county?*")
    expect(page.locator(".noted")).to_contain_text(first)
    settled(page)
    params = dict(parse_qsl(urlsplit(page.url).query))
    assert params == {"unit": "350582", "indicator": "volunteers_count", "as_of": "2026-01-31",
                      "data": "demo", "receipt": first}  # fmt: skip
    printed(page)
    assert number_on(page) == first


def test_looking_at_a_page_makes_no_receipt(watch):
    before = receipts(watch.server)
    watch.open("/stations?unit=350525")

    assert receipts(watch.server) == before


def test_without_an_answer_the_paper_says_that_it_has_no_number(watch):
    watch.allowed = ("Failed to load resource",)
    page = watch.open("/changes")
    page.route("**/receipt", lambda route: route.abort())
    text = printed(page).texts[0]

    assert "回执号没有取到" in text
    assert "?receipt=" not in text
    assert number_on(page) == ""


# --- the route --------------------------------------------------------------------------------------


def ask(server: Server, told: object, method: str = "POST", **headers: str) -> Answer:
    """One request for a receipt."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    connection.request(method, "/receipt", body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    connection.close()
    return found


def receipts(server: Server) -> int:
    """How many receipts both stores keep."""
    count = 0
    for data in ("live", "demo"):
        with sqlite3.connect(f"file:{server.home / data}.sqlite?mode=ro", uri=True) as connection:
            count += connection.execute("SELECT COUNT(*) FROM receipt").fetchone()[0]
    return count


def test_a_view_gets_its_number_from_its_own_server(demo):  # noqa: F811
    told = {"address": "./county?unit=350582&as_of=2026-01-31&data=demo", "seq": 900}
    first = ask(demo, told, origin=demo.url)
    again = ask(demo, told)

    assert first.status == again.status == 200
    assert first.headers["cache-control"] == "no-store"
    assert json.loads(first.body) == json.loads(again.body)
    assert re.fullmatch(r"Y[2-9A-Z]{6}", json.loads(first.body)["number"])


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"address": "./nowhere?data=demo", "seq": 5}, "没有这一页"),
        ({"address": "https://elsewhere.example/county", "seq": 5}, "没有这一页"),
        ({"address": "./county?data=demo&unit=999", "seq": 5}, "unit=999：没有这个填报单位代码。"),
        ({"address": "./?data=demo&indicator=nothing", "seq": 5}, "indicator=nothing：没有这个指标。"),
        ({"address": "./?data=demo&as_of=2999-01-01", "seq": 5}, "as_of=2999-01-01：还没有到，最晚可以看 "),
        ({"address": "./?receipt=Y222222", "seq": 5}, "receipt=Y222222：没有这个回执号"),
        ({"address": "./?data=demo", "seq": 10**9}, "序号 1000000000 不在库里，最大是 "),
        ({"address": "./?data=demo", "seq": -1}, "序号 -1 不在库里，最大是 "),
        ({"address": "./?data=demo", "seq": "5"}, "取回执号要写明地址和序号"),
        ({"address": "./?data=demo", "seq": True}, "取回执号要写明地址和序号"),
        ({"address": 5, "seq": 5}, "取回执号要写明地址和序号"),
        ({"address": "//[", "seq": 5}, "取回执号要写明地址和序号"),
        ({"seq": 5}, "取回执号要写明地址和序号"),
        ([], "取回执号要写明地址和序号"),
        (b"\xff{", "取回执号要写明地址和序号"),
        ({"address": "./?data=demo", "seq": 5, "more": "x" * 9_000}, "取回执号要写明地址和序号"),
    ],
)
def test_what_could_not_have_been_shown_gets_one_sentence_and_nothing_is_kept(demo, told, sentence):  # noqa: F811
    before = receipts(demo)
    answer = ask(demo, told, origin=demo.url)

    assert answer.status == 400
    assert json.loads(answer.body)["sentence"].startswith(sentence)
    assert receipts(demo) == before


def test_the_sentence_is_in_the_readers_language(demo):  # noqa: F811
    asked = ask(demo, {"address": "./county?lang=en&unit=999", "seq": 5})
    local = ask(demo, b"", accept_language="en-GB,en;q=0.8")

    assert json.loads(asked.body)["sentence"] == "unit=999: there is no unit with this code."
    assert json.loads(local.body)["sentence"].startswith("a receipt is asked for")


def test_another_site_and_another_method_get_none(demo):  # noqa: F811
    told = {"address": "./?data=demo", "seq": 5}
    before = receipts(demo)
    foreign = ask(demo, told, origin="https://elsewhere.example")
    got = ask(demo, told, "GET")

    assert foreign.status == 403
    assert json.loads(foreign.body)["sentence"] == "只有这台服务器自己的页面可以取回执号"
    assert got.status in (404, 405)
    assert receipts(demo) == before
