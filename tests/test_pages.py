"""Every page, drawn by the shell on a real store: its figures, its words, and what it says when there is nothing.

AppTest runs the same scripts as the server; what only a browser can tell is in test_browser.py.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import logging
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pandas as pd
import psycopg
import pytest
from sqlalchemy import select
from streamlit.delta_generator import DeltaGenerator

from dashboard.catalogue import CITY, LIGHTS
from dashboard.config import PAGES, settings
from dashboard.knowledge import AsOf
from dashboard.language import shown
from dashboard.models import Receipt as ReceiptRow
from dashboard.periods import parse as period_of
from dashboard.receipts import find, keep
from dashboard.startup import Stores, prepare
from dashboard.store import SYSTEM, Actor, Draft, FactDraft, accept, receive, stamp
from dashboard.ui import address, cached, overview_map
from dashboard.ui.frame import ROOMS
from dashboard.ui.snapshots_page import zipped
from dashboard.ui.theme import THEMES, TOKENS
from handing_in import hand_in
from ui_fixtures import Page, installed

NAMES = [name for name, _ in ROOMS]
JUNE = {"as_of": "2025-06-30"}
OFFICIAL_ORDER = "鲤城 丰泽 洛江 泉港 石狮 晋江 南安 惠安 安溪 永春 德化 开发区 台商区".split()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as it is after the first start."""
    folder = tmp_path_factory.mktemp("pages")
    for store in prepare(settings({"DASHBOARD_HOME": str(folder), "DASHBOARD_DEMO": "off"})).by_data.values():
        store.engine.dispose()
    return folder


@pytest.fixture(scope="module")
def live(home: Path) -> Iterator[Stores]:
    """The product, opened on that home."""
    with installed(home) as stores:
        yield stores


def days(page: Page) -> int:
    """The age that the top line tells."""
    found = re.search(r"最旧数据 (-?\d+) 天前", page.text("header"))
    assert found, page.text("header")
    return int(found[1])


# --- every page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters", "heading", "figure"),
    [
        ("overview", {}, "减负：小马拉大车 60 项", "实名注册志愿者 224万+ 人 2025年1月"),
        ("county", {"unit": "350582"}, "晋江市", "社工机构 20 家 2024年3月26日"),
        ("snapshots", {}, "整库快照", "截至 2025年6月30日 · 序号 44"),
        ("about", {}, "亮灯规则", "自上而下，取第一个符合的"),
    ],
)
def test_every_page_is_drawn_with_its_heading_and_its_figure(live, name, parameters, heading, figure):
    page = Page(name, **parameters, **JUNE)

    assert page.failures == []
    assert heading in page.titles()
    assert figure in page.text()


@pytest.mark.parametrize(
    ("name", "parameters", "heading", "figure"),
    [
        ("overview", {}, "減負：小馬拉大車 60 項", "實名註冊志願者 224萬+ 人 2025年1月"),
        ("county", {"unit": "350582"}, "晉江市", "社工機構 20 家 2024年3月26日"),
        ("snapshots", {}, "整庫快照", "截至 2025年6月30日 · 序號 44"),
        ("about", {}, "亮燈規則", "自上而下，取第一個符合的"),
    ],
)
@pytest.mark.parametrize("way", ["locale", "address"])
def test_every_page_is_drawn_in_traditional_for_those_who_read_it(
    live, name, parameters, heading, figure, way
):
    asked = {"locale": "zh-TW"} if way == "locale" else {"lang": "zh-TW"}
    page = Page(name, **asked, **parameters, **JUNE)

    assert page.failures == []
    assert heading in page.titles()
    assert figure in page.text()
    assert "繁" in page.current("header")


def test_a_reader_from_hong_kong_is_told_that_this_is_the_traditional_script(live):
    page = Page("overview", locale="zh-HK", **JUNE)

    assert "224萬+" in page.text()
    assert "繁" in page.current("header")


def test_every_room_has_a_page_and_every_page_a_room():
    assert {p.stem for p in PAGES.glob("*.py")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_a_straight_script_of_fewer_than_sixty_lines_without_definitions(name):
    source = (PAGES / f"{name}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)

    assert len(source.splitlines()) < 60
    assert [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)] == []
    assert [n for n in ast.walk(tree) if isinstance(n, ast.BinOp | ast.AugAssign)] == []
    assert re.findall(r"#[0-9A-Fa-f]{6}|\bSELECT\b|\brgba?\(", source) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("day", "lang"),
    [
        ("2015-01-01", "zh-CN"),
        ("2015-01-05", "zh-TW"),
        ("2019-12-31", "zh-CN"),
        ("2025-01-10", "zh-CN"),
        ("2025-01-13", "zh-TW"),
        (None, "zh-CN"),
    ],
)
def test_every_page_can_be_drawn_as_of_every_day(live, name, day, lang):
    page = Page(name, lang=lang, **({"as_of": day} if day else {}))

    assert page.failures == []
    assert shown(dict(ROOMS)[name], lang) in page.current("header")


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_every_page_leads_to_a_page_that_understands_it(live, name):
    page = Page(
        name, unit="350502", zones="with", find="山", indicator="volunteers_count", lang="zh-CN", **JUNE
    )
    today = cached.Moment().today()
    ids = set(re.findall(r'\bid="([^"]+)"', page.html()))

    assert page.failures == []
    seen = 0
    for href in re.findall(r'<a [^>]*href="([^"]+)"', page.html()):
        href = href.replace("&amp;", "&")
        if href.startswith("#"):
            assert href[1:] in ids
        elif href.startswith("./"):
            parts = urlsplit(href)
            view = address.parse(dict(parse_qsl(parts.query)), live.catalogue, today, "live", "zh-CN", "dark")
            assert view.problems == (), href
            assert parts.path in ("./", *(f"./{n}" for n in NAMES)), href
            seen += 1
        else:
            assert href.startswith(("https://", "http://"))
    assert seen > 10


# --- overview ---------------------------------------------------------------------------------------


def test_the_eight_cards_show_what_is_published_with_qualifier_unit_and_period(live):
    text = Page("overview", **JUNE).text("overview")

    for words in (
        "暖“新”驿站 500+ 个 2025年1月",
        "关心关爱活动 800+ 场次 2025年1月",
        "议事日小区 1,600+ 个 2025年1月",
        "邻里公约小区 1,500+ 个 2025年1月",
        "实名注册志愿者 224万+ 人 2025年1月",
        "近邻服务队 1,900+ 支 2025年1月",
        "持证社会工作者 1.4万+ 人 2025年1月",
        "社工机构 88 家 2025年1月",
    ):
        assert words in text
    assert text.count("市级公开") == 8


@pytest.mark.parametrize(
    ("day", "figure"),
    [
        ("2019-12-31", "实名注册志愿者 102.5万 人 2019年4月4日"),
        ("2020-12-31", "实名注册志愿者 141.8万 人 2020年12月24日"),
        ("2025-01-12", "实名注册志愿者 223万+ 人 2024年12月"),
        ("2025-01-13", "实名注册志愿者 224万+ 人 2025年1月"),
    ],
)
def test_the_page_of_a_past_day_shows_what_was_known_then(live, day, figure):
    assert figure in Page("overview", as_of=day).text()


def test_as_long_as_nobody_reported_the_list_says_so_and_shows_no_nought(live):
    page = Page("overview", **JUNE)

    assert "尚未报送" in page.text("panel_gauge")
    assert "未报送 60" in page.text("panel_gauge")
    assert "示例，非官方清单" in page.text("panel_gauge")
    assert "0/51" not in page.text("panel_gauge")
    assert page.titles().count("7 个方面") == 1
    (done,) = [s for s in page.chart(0)["series"] if s["name"] == "done"]
    assert done["progress"]["show"] is False
    assert [bar["value"] for bar in page.chart(1)["series"][0]["data"]] == [None] * 7
    assert page.chart(1)["yAxis"][1]["data"] == [f"▨ 未报 {n}" for n in (9, 9, 6, 9, 9, 12, 6)]


def test_a_card_leads_to_the_history_and_the_source_of_its_figure(live):
    html = Page("overview", **JUNE).html("overview")
    (href,) = re.findall(r'data-indicator="volunteers_count".*?href="(./county[^"]*)"', html, re.S)[:1]
    asked = dict(parse_qsl(urlsplit(href.replace("&amp;", "&")).query))

    assert asked == {"unit": CITY, "indicator": "volunteers_count", "as_of": "2025-06-30"}


def test_a_list_nobody_has_reported_on_is_not_at_nought_on_the_page_of_changes(live):
    assert "完成 尚未报送 ▨ 还没有单位报送进展" in Page("changes", **JUNE).text()


def test_what_nobody_owed_on_a_day_is_unpublished_on_the_page_of_changes_as_on_the_overview(live):
    then = Page("overview", as_of="2024-12-01").text("overview").count("未公布 另")
    changes = Page("changes", since="2024-12-01", **JUNE).text("panel_figures")

    assert changes.count("▨ 未公布") == then > 0
    assert "未报送" not in changes


def test_the_published_size_of_the_list_carries_its_source_and_its_day(live):
    told = "7 个方面、20 个项目、60 条措施 · 2025年1月13日 · 泉州首次市委社会工作会议综述（2025年1月） · B 级"

    assert told in Page("overview", **JUNE).text("panel_gauge")
    assert told in Page("about", **JUNE).text("panel_measures")


def test_the_strip_counts_what_is_published_of_each_unit_and_names_its_month(live):
    text = Page("overview", **JUNE).text("overview")

    assert "2025年5月 已报 0/13" in text
    assert "石狮 ▨ 未报送 公开 6 项" in text
    assert "鲤城 ▨ 未报送 无公开数" in text


def test_an_expired_figure_is_filled_and_worded_unlike_an_absent_one(live):
    page = Page("overview", **JUNE)

    assert "已过期 2" in page.text("panel_map")
    assert page.map_words()["石狮"] == "12.9万+ 2024年"
    assert len({TOKENS[t][s] for t in THEMES for s in ("expired", "unreported", "unreadable")}) == 6


def test_before_the_first_list_nobody_owes_a_return(live):
    """In 2015 there was no list and no reporting: no unit was silent."""
    strip = Page("overview", as_of="2015-03-01").text()

    assert "2015年1月 报送未开始" in strip
    assert strip.count("○ 未开始") == 13
    assert "▨ 未报送 无公开数" not in strip
    assert "未开始 当时还没有清单，也没有单位报送" in Page("county", as_of="2015-03-01").text()
    assert "○ 未开始" in Page("county", as_of="2015-03-01", unit="350582").text()


def test_before_anything_was_owed_a_card_without_a_figure_is_unpublished_and_not_unreported(live):
    assert (
        "未报送"
        not in Page("overview", as_of="2015-03-01").html().split('class="kpis"')[1].split('class="head"')[0]
    )


@pytest.mark.parametrize(("page", "parameter"), [("points", "point"), ("stations", "station")])
def test_a_place_nobody_knows_is_a_sentence_also_before_the_first_ledger(live, page, parameter):
    text = Page(page, **{parameter: "X-9"}).text()

    assert "X-9" in text
    assert "没有这个" in text


def test_what_is_published_and_what_is_missing_is_told_by_unit(live):
    page = Page("overview", **JUNE)
    head, *rows = page.rows("panel_published")
    table = {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}

    assert head[1:] == OFFICIAL_ORDER
    assert len(rows) == 8
    assert table["社工机构"]["晋江"] == "20 2024-03"
    assert table["实名注册志愿者"]["石狮"] == "12.9万+ 2024-12"
    assert table["实名注册志愿者"]["晋江"] == "▨"
    some = [c for row in rows for c in row[1:] if c != "▨"]
    assert f"有数 {len(some)}/104" in page.text("panel_published")


def test_the_map_names_every_county_those_with_zones_as_such_and_kinmen_without_a_figure(live):
    page = Page("overview", indicator="social_work_agencies_count", **JUNE)

    assert page.map_words() == {
        "鲤城": "未报 已含开发区",
        "丰泽": "未报",
        "洛江": "未报",
        "泉港": "未报",
        "石狮": "未报",
        "晋江": "20",
        "南安": "未报",
        "惠安": "未报 已含台商区",
        "安溪": "未报",
        "永春": "未报",
        "德化": "未报",
        "金门": "",
    }
    source = page.text("panel_map")
    assert "社工机构（家） · 最新 2024年3月26日" in source
    assert "天地图" in source
    assert "审图号 GS(2024)0650号" in source
    assert "统计口径不含金门县" in source


def test_the_tiles_show_the_thirteen_and_lead_to_them(live):
    page = Page("overview", indicator="social_work_agencies_count", shape="tiles", **JUNE)
    tiles = {w: h for w, h in page.links("panel_map").items() if "county" in h}

    assert [words.split()[0] for words in tiles] == OFFICIAL_ORDER
    assert tiles["晋江 20"] == "./county?unit=350582&as_of=2025-06-30"
    assert sum(words.endswith(" 未报") for words in tiles) == 12
    assert "方格示意，不代表位置与面积；13 个单位互不重叠" in page.text("panel_map")


def test_an_expired_figure_names_its_month_within_the_year_and_its_year_before_it():
    newest = period_of("2026-09")

    assert overview_map.short_period(period_of("2026-08"), newest) == "8月"
    assert overview_map.short_period(period_of("2025-12"), newest) == "2025年"
    assert overview_map.short_period(period_of("2026"), newest) == "2026年"


@pytest.mark.parametrize("shape", ["outline", "tiles"])
def test_the_legend_counts_as_unreported_only_what_is_and_not_what_has_expired(live, shape):
    page = Page("overview", indicator="volunteers_count", shape=shape, **JUNE)
    drawn = (
        list(page.map_words().values())
        if shape == "outline"
        else [w.split(" ", 1)[1] for w, h in page.links("panel_map").items() if "county" in h]
    )
    unreported = sum(words.startswith("未报") for words in drawn)

    assert any("2024" in words for words in drawn)
    assert "已过期" in page.text("panel_map")
    assert f"未报 {unreported} " in page.text("panel_map")


def test_the_map_divides_by_residents_on_request(live):
    page = Page("overview", indicator="social_work_agencies_count", per="10k", **JUNE)

    assert page.map_words()["晋江"] == "0.097"
    assert "社工机构（家/万常住人口）" in page.text("panel_map")


def test_the_unit_strip_names_the_thirteen_in_official_order_and_leads_to_them(live):
    page = Page("overview", **JUNE)
    strip = [(w.split()[0], h) for w, h in page.links("overview").items() if "▨" in w and "county" in h]

    assert [name for name, _ in strip] == OFFICIAL_ORDER
    assert strip[5][1] == "./county?unit=350582&as_of=2025-06-30"


def test_a_units_figure_beside_the_published_one_leaves_both_to_be_seen(live, home, tmp_path):
    """Where all units reported and a published figure of the same period exists, both are shown."""
    other = Path(shutil.copytree(home, tmp_path / "home"))
    with installed(other) as stores:
        period = period_of("2025-01")
        for unit in stores.catalogue.units:
            values = {
                "indicator": "stations_count",
                "organisation": unit.code,
                "period_start": period.start,
                "period_end": period.end,
                "grain": period.grain,
                "value": 40.0,
                "qualifier": "eq",
            }
            draft = Draft(
                "readings",
                unit.code,
                f"{unit.code}.xlsx",
                unit.code.encode(),
                [FactDraft("reading", values)],
                period,
            )
            accept(stores["live"], SYSTEM, receive(stores["live"], SYSTEM, draft))
        page = Page("overview")
        assert page.failures == []
        card = re.search(r'data-indicator="stations_count".*?</div>', page.html("overview"), re.DOTALL)
        assert card is not None
        assert ">520<" in card[0]
        assert "500+" in card[0]


# --- how old ----------------------------------------------------------------------------------------


def test_the_top_line_tells_the_age_of_the_oldest_figure_on_the_page(live):
    page = Page("overview", **JUNE)
    figures = cached.published_by_unit(cached.Moment().key("live", AsOf(date(2025, 6, 30)))).values()

    assert min(s.period for s in figures).text == "2021年11月22日"
    assert days(page) == (date(2025, 6, 30) - date(2021, 11, 22)).days


@pytest.mark.parametrize(
    ("parameters", "oldest"),
    [
        ({}, date(2021, 12, 31)),
        ({"unit": "350500"}, date(2021, 12, 31)),
        ({"unit": "350500", "zones": "with"}, date(2021, 12, 31)),
        ({"unit": "350500", "zones": "without"}, date(2021, 12, 31)),
        ({"unit": "350582"}, date(2021, 12, 31)),
    ],
)
def test_the_page_of_a_unit_tells_the_age_of_its_oldest_figure(live, parameters, oldest):
    page = Page("county", **parameters, **JUNE)

    assert f"{oldest.year}年{oldest.month}月{oldest.day}日" in page.text("panel_lines")
    assert days(page) == (date(2025, 6, 30) - oldest).days


@pytest.mark.parametrize("name", ["overview", "county"])
def test_a_figure_of_a_period_that_is_not_over_is_not_of_a_negative_age(live, name):
    page = Page(name, unit="350500", as_of="2025-01-13")

    assert "天前" not in page.text("header") or days(page) >= 0


# --- nothing there ----------------------------------------------------------------------------------


def test_on_a_day_before_everything_the_overview_says_what_is_not_there(live):
    page = Page("overview", as_of="2015-01-05")

    assert page.failures == []
    assert page.text("overview").count("未公布 另 0/13 单位有数") == 8
    assert "尚无数据" in page.text("panel_map")
    assert {words.split(" ")[0] for words in page.map_words().values()} == {"未报", ""}
    assert "尚无清单" in page.text()
    assert "有数 0/104" in page.text()
    assert page.at.get("echarts_chart") == []
    assert "天前" not in page.text("header")


def test_on_a_day_before_everything_a_unit_says_what_is_missing_and_who_owes_it(live):
    page = Page("county", unit="350582", as_of="2015-01-05")

    assert page.failures == []
    assert "由晋江市报送，尚无数据：" in page.text("panel_lines")
    assert "还没有数" in page.text("panel_history")
    towns = [row for row in page.rows("panel_towns")[1:] if "园区" not in row[0]]
    assert {cell for row in towns for cell in row[1:]} == {"未报送"}


def test_on_a_day_before_everything_nothing_had_come_in(live):
    page = Page("snapshots", as_of="2015-01-05")

    assert page.failures == []
    assert "截至 2015年1月5日" in page.text("panel_snapshot")
    assert "公开数据" not in page.text("panel_returns")


def test_on_a_day_before_everything_the_definitions_are_there_without_sources(live):
    page = Page("about", as_of="2015-01-05")

    assert page.failures == []
    assert "来源：尚无" in page.text("panel_indicators")


# --- a wrong address --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shape", "known"),
    [
        ("overview", "density", "outline、tiles"),
        ("overview", "points", "outline、tiles"),
        ("stations", "tiles", "points、density"),
        ("stations", "outline", "points、density"),
    ],
)
def test_a_way_to_draw_the_map_of_another_page_is_a_sentence(live, name, shape, known):
    page = Page(name, shape=shape)

    assert page.failures == []
    assert page.titles() == ["地址里有不能用的参数"]
    assert f"shape={shape}：这一页图的样式可写 {known}。" in page.text()
    assert "shape" not in page.links()["去掉这些参数，打开这一页"]


@pytest.mark.parametrize(
    ("parameter", "value", "sentence"),
    [
        ("unit", "999999", "unit=999999：没有这个填报单位代码。"),
        ("town", "1", "town=1：没有这个镇街代码。"),
        ("indicator", "x", "indicator=x：没有这个指标。"),
        ("per", "x", "per=x：可写 count（总数）或 10k（每万人）。"),
        ("shape", "x", "shape=x：图的样式可写 outline、tiles、points、density。"),
        ("zones", "x", "zones=x：可写 with（含）或 without（不含）开发区。"),
        ("as_of", "yesterday", "as_of=yesterday：应写成 2025-01-10 这样的日期。"),
        ("as_of", "2999-01-01", "as_of=2999-01-01：还没有到，最晚可以看 "),
        ("data", "x", "data=x："),
        ("lang", "fr", "lang=fr：语言可写 "),
        ("wall", "x", "wall=x：可写 1 或 0。"),
        ("hours", "8", "hours=8：可写 24（24 小时开放）。"),
    ],
)
def test_a_wrong_parameter_is_a_sentence_with_a_way_back_and_no_page(live, parameter, value, sentence):
    name = NAMES[len(parameter) % len(NAMES)]  # the shell reads the address, whatever the page
    page = Page(name, **{"theme": "dark", "as_of": "2025-06-30"} | {parameter: value})
    way_back = page.links()["去掉这些参数，打开这一页"]

    assert page.failures == []
    assert page.titles() == ["地址里有不能用的参数"]
    assert sentence in page.text()
    assert parameter not in dict(parse_qsl(urlsplit(way_back).query))
    if parameter != "as_of":
        assert "as_of=2025-06-30" in way_back
    assert page.at.get("echarts_chart") == page.at.get("download_button") == []


@pytest.mark.parametrize("day", ["2014-12-31", "1900-01-01", "0001-01-01"])
def test_a_day_before_the_first_of_the_control_is_a_sentence_and_no_crash(live, day):
    page = Page("overview", as_of=day)

    assert page.failures == []
    assert page.titles() == ["地址里有不能用的参数"]


def test_what_stands_in_the_address_is_shown_as_text_and_not_as_markup(live):
    page = Page("about", find="<script>alert(1)</script>", **JUNE)
    wrong = Page("overview", unit="<b>x</b>")

    assert "没有找到“ <script>alert(1)</script> ”" in page.text("panel_find")
    assert "<script" not in page.html()
    assert "<b>x</b>" not in wrong.html()


def test_a_definition_that_came_later_does_not_break_the_page_of_an_earlier_day(live, home, tmp_path):
    other = Path(shutil.copytree(home, tmp_path / "home"))
    (other / "catalogue").mkdir()
    (other / "catalogue" / "indicators.yaml").write_text(
        "new_things_count:\n  title: 新事项\n  title_en: New things\n  definition: 新增的事项数，按项计。\n"
        "  domain: 减负\n  measured_in: 项\n  kind: stock\n  decimals: 0\n  direction: down\n  cadence: month\n"
        "  return_day: 5\n  owner: D-SWB\n  expected_reporters: units\n  valid_from: '2026-01-01'\n",
        encoding="utf-8",
    )
    with installed(other):
        for name in ("overview", "county"):
            page = Page(name, unit="350582", indicator="new_things_count", **JUNE)
            assert page.failures == [], name


# --- units ------------------------------------------------------------------------------------------


def test_from_unit_to_unit_the_chosen_figure_goes_along(live):
    page = Page("county", unit="350582", indicator="stations_count", town="350582102", data="live")
    to = {words: dict(parse_qsl(urlsplit(href).query)) for words, href in page.links().items()}

    for words in ("‹ 石狮", "南安 ›", "全市", "鲤城"):
        assert to[words].pop("unit") != "350582"
        assert to[words] == {"indicator": "stations_count", "data": "live"}, words


def test_previous_and_next_go_round_the_thirteen_in_official_order(live):
    codes = [u.code for u in live.catalogue.units]
    for place, code in enumerate(codes):
        html = Page("county", unit=code, **JUNE).html()
        before = re.search(r'<a href="\./county\?unit=([^"&]+)[^"]*" rel="prev">‹ ([^<]+)</a>', html)
        after = re.search(r'<a href="\./county\?unit=([^"&]+)[^"]*" rel="next">([^<]+) ›</a>', html)
        assert before is not None
        assert after is not None
        assert before.groups() == (codes[place - 1], OFFICIAL_ORDER[place - 1])
        assert after.groups() == (codes[(place + 1) % 13], OFFICIAL_ORDER[(place + 1) % 13])
        assert f"{place + 1}/13" in html


@pytest.mark.parametrize(
    ("unit", "zones", "people", "current"),
    [
        ("350502", None, "39.7万 人", "不含开发区"),
        ("350502", "without", "39.7万 人", "不含开发区"),
        ("350502", "with", "42.9万 人", "含开发区"),
        ("350521", None, "78.8万 人", "不含开发区"),
        ("350521", "with", "104.1万 人", "含开发区"),
        ("350500", None, "885万 人", "含开发区"),
        ("350500", "with", "885万 人", "含开发区"),
        ("350500", "without", "856.5万 人", "不含开发区"),
    ],
)
def test_zones_are_folded_in_where_it_is_asked_for(live, unit, zones, people, current):
    page = Page("county", unit=unit, **({"zones": zones} if zones else {}), **JUNE)
    lines = {row[0]: row for row in page.rows("panel_lines") if len(row) > 1}

    assert page.failures == []
    assert lines["常住人口"][1] == people
    assert current in page.current()


def test_a_unit_without_zones_has_no_switch_for_them(live):
    page = Page("county", unit="350582", zones="with", **JUNE)

    assert "含开发区" not in page.links()
    assert "206.9万 人" in page.text("panel_lines")


def test_the_city_without_its_zones_says_that_a_printed_figure_cannot_be_taken_apart(live):
    page = Page("county", unit="350500", zones="without", **JUNE)

    missing = page.text("panel_lines").replace(" ", "").split("市级公开数含开发区，无法拆分：")[1]
    assert "实名注册志愿者" in missing.split("▨")[0]
    assert "224万+" not in page.text("panel_lines")


def test_a_unit_shows_its_figures_beside_the_others_only_where_five_of_them_have_one(live):
    lines = {row[0]: row for row in Page("county", unit="350582", **JUNE).rows("panel_lines") if len(row) > 1}

    assert lines["常住人口"][-1] == "41万 （3.2万–152.7万）"
    assert lines["社工机构"][-1] == "其他 0 个单位有确数"


def test_a_figure_is_traced_to_the_row_of_the_file_it_came_from(live):
    page = Page("county", unit="350582", indicator="social_work_agencies_count", **JUNE)
    text = page.text("panel_history")

    assert "泉州2024年社会工作主题宣传暨晋江社工文化节(晋江新闻)" in text
    assert "来源等级 B · 公开数据表 第 46 行 · 序号" in text
    assert page.rows("panel_history")[1][0] == "20"


def test_a_population_is_traced_to_its_file_by_a_name_in_words(live):
    page = Page("county", unit="350582", indicator="resident_population_count", **JUNE)

    assert "填报单位表 第 8 行" in page.text("panel_history")
    assert ".csv" not in page.text("panel_history")


def test_history_shows_every_row_known_exactly_as_printed(live):
    page = Page("county", unit="350500", indicator="volunteers_count", **JUNE)

    assert [row[0] for row in page.rows("panel_history")[1:]] == [
        "224万+",
        "223万+",
        "141.8327万",
        "约137万",
        "102.4879万",
    ]
    assert [s["name"] for s in page.chart(0)["series"]] == ["eq", "ge", "approx"]


def test_history_keeps_the_decimals_of_a_ratio(live):
    page = Page("county", unit="350500", indicator="owners_committee_pct", **JUNE)

    assert page.rows("panel_history")[1][0] == "98.3"


def test_an_unreadable_figure_is_to_be_checked_and_says_why(live):
    page = Page("county", unit="350500", indicator="grant_amount_wan_yuan", **JUNE)
    lines = {row[0]: row for row in page.rows("panel_lines") if len(row) > 1}

    assert lines["共建共享资金"][1] == "待核 万元"
    assert "原文该数字首位乱码（N00万元），待核，不得推算" in page.text("panel_history")


def test_the_towns_of_a_unit_are_a_table_and_a_chosen_town_is_marked(live):
    town = next(o for o in live.catalogue.organisations if o.name == "磁灶镇")
    page = Page("county", unit="350582", town=town.code, **JUNE)

    assert len(page.rows("panel_towns")) == 1 + 22
    assert re.search(r'<tr aria-current="true"><td><a [^>]*>磁灶镇</a>', page.html("panel_towns"))


def test_without_a_unit_the_page_is_the_city_with_the_thirteen(live):
    page = Page("county", **JUNE)

    assert "泉州市" in page.titles()
    assert [row[0] for row in page.rows("panel_towns")[1:]] == [u.name for u in live.catalogue.units]


# --- definitions and search -------------------------------------------------------------------------


def test_every_indicator_light_word_and_measure_is_explained(live):
    page = Page("about", **JUNE)
    text = page.text()

    for i in live.catalogue.indicators.values():
        assert i.definition in text, i.indicator
        assert i.title_en in text, i.indicator
    for light in live.catalogue.light_rules[0].lights:
        assert light.rule in text
    assert [row[0].split()[-1] for row in page.rows("panel_lights")] == [
        light.name for light in live.catalogue.light_rules[0].lights
    ]
    assert len(LIGHTS) == 9
    for term in live.catalogue.glossary:
        assert term.meaning in text, term.term
    for word in (
        "四微联动",
        "议事日",
        "六步工作法",
        "睦邻善治",
        "五社联动",
        "三区联创",
        "两企三新",
        "新业态党建共同体",
    ):
        assert word in page.text("panel_words")
    assert len(page.rows("panel_measures")) == 61
    assert "示例" in page.text("panel_measures")


def test_every_published_indicator_names_its_sources(live):
    page = Page("about", **JUNE)

    assert "泉州首次市委社会工作会议综述（2025年1月）（B 级）" in page.text("panel_indicators")


@pytest.mark.parametrize(
    ("asked", "kind", "name", "href"),
    [
        ("晋江", "单位", "晋江市", "./county?unit=350582&as_of=2025-06-30"),
        ("晉江", "单位", "晋江市", "./county?unit=350582&as_of=2025-06-30"),
        ("350582", "单位", "晋江市", "./county?unit=350582&as_of=2025-06-30"),
        ("磁灶", "镇街", "磁灶镇", "./county?unit=350582&town=350582108&as_of=2025-06-30"),
        (
            "志愿者",
            "指标",
            "实名注册志愿者",
            "./county?unit=350500&indicator=volunteers_count&as_of=2025-06-30",
        ),
        (
            "volunteers",
            "指标",
            "实名注册志愿者",
            "./county?unit=350500&indicator=volunteers_count&as_of=2025-06-30",
        ),
        (
            "1-1-1",
            "措施",
            "1-1-1 建立市级破解“小马拉大车”问题联席会议，定期会商镇街反映的突出问题。",
            "./tasks?measure=1-1-1&as_of=2025-06-30",
        ),
        (
            "联席会议",
            "措施",
            "1-1-1 建立市级破解“小马拉大车”问题联席会议，定期会商镇街反映的突出问题。",
            "./tasks?measure=1-1-1&as_of=2025-06-30",
        ),
    ],
)
def test_search_finds_unit_town_indicator_and_measure_by_any_part_of_the_name(live, asked, kind, name, href):
    page = Page("about", find=asked, **JUNE)
    rows = page.rows("panel_find")

    assert [row for row in rows if row[:2] == [kind, name]] != []
    if not href.startswith("./county?unit=350582&town"):
        assert page.links("panel_find")[name] == href
    else:
        assert re.fullmatch(
            r"\./county\?unit=350582&town=350582\d{3}&as_of=2025-06-30", page.links("panel_find")[name]
        )


@pytest.mark.parametrize("asked", ["Jinjiang", "jinjiang city"])
def test_an_english_reader_finds_a_unit_by_its_english_name(live, asked):
    found = Page("about", find=asked, lang="en", **JUNE).links("panel_find")

    assert found["Jinjiang City"] == "./county?unit=350582&as_of=2025-06-30&lang=en"


def test_a_unit_in_the_address_of_the_list_shows_its_measures_as_the_filter_does(live):
    by_unit = Page("tasks", show="list", unit="350582", **JUNE)
    by_filter = Page("tasks", show="list", org="350582", **JUNE)

    assert by_unit.rows("panel_tasks") == by_filter.rows("panel_tasks")
    assert 1 < len(by_unit.rows("panel_tasks")) < 61
    assert len(Page("tasks", show="list", **JUNE).rows("panel_tasks")) == 61


def test_a_figure_that_cannot_be_read_is_not_counted_among_those_that_are_there(live):
    page = Page("county", unit="350500", **JUNE)
    told = re.search(r"有数 (\d+) 项 · 待核 (\d+) 项 · 缺", page.text("panel_lines"))
    values = [row[1] for row in page.rows("panel_lines") if len(row) > 2 and not row[0].startswith("指标")]

    assert told
    assert int(told[2]) == sum(value.startswith("待核") for value in values) == 1
    assert int(told[1]) == len(values) - 1


def test_search_says_when_it_found_nothing_and_when_it_found_more_than_it_shows(live):
    assert "没有找到“ 火星 ”" in Page("about", find="火星", **JUNE).text("panel_find")
    many = Page("about", find="镇", **JUNE)
    assert len(many.rows("panel_find")) == 30
    assert re.search(r"还有 \d+ 条，请多写几个字。", many.text("panel_find"))


def test_blanks_alone_are_no_search(live):
    page = Page("about", find="   ", **JUNE)

    assert page.failures == []
    assert page.rows("panel_find") == []


# --- control of the day -----------------------------------------------------------------------------


def test_the_control_of_the_day_stands_on_the_day_of_the_page_and_knows_the_first_and_the_last(live):
    for page, day in (
        (Page("overview"), live["live"].today()),
        (Page("overview", **JUNE), date(2025, 6, 30)),
    ):
        (control,) = re.findall(r'<input type="date"[^>]*>', page.html())
        said = dict(re.findall(r'(value|min|max)="([^"]*)"', control))
        assert said == {"value": f"{day}", "min": "2015-01-01", "max": f"{live['live'].today()}"}


def test_the_control_of_the_indicator_writes_the_address(live):
    page = Page("overview", **JUNE)
    page.at.selectbox(key="w_indicator").set_value("social_work_agencies_count").run()

    assert page.at.query_params["indicator"] == "social_work_agencies_count"
    assert page.map_words()["晋江"] == "20"


# --- snapshots --------------------------------------------------------------------------------------


def test_the_last_returns_are_listed_newest_first(live):
    page = Page("snapshots")
    numbers = [int(row[0]) for row in page.rows("panel_returns")[1:]]

    assert numbers == list(range(44, 24, -1))
    assert "共 44 件" in page.text("panel_returns")


# --- the store is down ------------------------------------------------------------------------------


@pytest.fixture
def closing(postgres_database: str):
    """A PostgreSQL database that can be closed to everybody and opened again."""
    server, name = postgres_database.replace("+psycopg", "").rsplit("/", 1)

    def let(anybody: bool) -> None:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {anybody}")
            if not anybody:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
                )

    yield postgres_database, let
    let(True)


def test_a_store_that_falls_silent_halfway_through_a_page_is_the_same_sentence(
    closing, tmp_path, monkeypatch
):
    url, let = closing
    with installed(tmp_path, DASHBOARD_DATABASE_URL=url):
        answered = cached.Moment().key("live", AsOf(date(2025, 6, 29)))
        monkeypatch.setattr(cached.Moment, "key", lambda _now, _data, _as_of: answered)
        let(False)
        page = Page("overview", as_of="2025-06-29")

        assert page.failures == []
        assert "暂时取不到数据" in page.titles()


def test_a_store_that_does_not_answer_is_a_sentence_on_every_page_and_no_trace(closing, tmp_path, caplog):
    url, let = closing
    with installed(tmp_path, DASHBOARD_DATABASE_URL=url):
        assert "224万+" in Page("overview", **JUNE).text()
        let(False)
        caplog.clear()
        with caplog.at_level(logging.ERROR, "dashboard"):
            for name in NAMES:
                page = Page(name, **JUNE)
                assert page.failures == [], name
                assert page.titles() == ["暂时取不到数据"], name
                assert "起数据库没有应答，屏幕会在它恢复后自行继续。" in page.text()
                assert page.links()["现在再试一次"].endswith("as_of=2025-06-30")
                assert "Traceback" not in page.html()
                assert "psycopg" not in page.html()
                assert "127.0.0.1" not in page.html()
        assert {r.getMessage() for r in caplog.records if r.name == "dashboard"} == {"store down"}
        let(True)
        assert "224万+" in Page("overview", **JUNE).text()


def test_the_time_since_when_the_store_is_down_is_beijing_time(closing, tmp_path):
    url, let = closing
    with installed(tmp_path, DASHBOARD_DATABASE_URL=url):
        Page("overview")
        let(False)
        page = Page("overview")
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        told = re.search(r"自 \d+月\d+日 (\d\d:\d\d) 起", page.text())
        assert told is not None
        assert told[1] in {f"{now - timedelta(minutes=m):%H:%M}" for m in (0, 1, 2)}


# --- demo -------------------------------------------------------------------------------------------


def test_where_the_demo_is_off_nothing_offers_it_and_asking_for_it_is_a_sentence(live):
    page = Page("overview", **JUNE)
    asked = Page("overview", data="demo")

    assert "演示" not in page.links("header")
    assert "data=demo：本机没有开启演示数据，只有 live（正式）。" in asked.text()


@pytest.fixture(scope="module")
def with_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """A home that has a demo store as well."""
    with installed(
        tmp_path_factory.mktemp("demo"), DASHBOARD_DEMO="on", DASHBOARD_DEFAULT_DATA="live"
    ) as stores:
        yield stores


@pytest.mark.parametrize("name", NAMES)
def test_every_page_of_the_demo_says_so(with_demo, name):
    page = Page(name, data="demo")

    assert page.failures == []
    assert "演示数据 · 非真实" in page.text("header")
    assert "演示" in page.current("header")
    assert "演示数据" not in Page(name).text("header")


@pytest.fixture
def offered(monkeypatch) -> list[dict[str, Any]]:
    """What the buttons of a page offer for download, as they are drawn."""
    found: list[dict[str, Any]] = []
    drawn = DeltaGenerator.download_button

    def offering(self: DeltaGenerator, label: str, **told: Any) -> bool:
        found.append(told)
        return drawn(self, label, **told)

    monkeypatch.setattr(DeltaGenerator, "download_button", offering)
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["zh-CN", "zh-TW"])
def test_every_csv_of_the_demo_says_so_in_its_name_and_in_every_row_and_none_of_the_live_store(
    with_demo, offered, name, lang
):
    head, mark = shown("数据", lang), shown("演示数据", lang)
    for data in ("demo", "live"):
        offered.clear()
        Page(name, data=data, lang=lang)
        (told,) = [o for o in offered if o["mime"] == "text/csv"]
        rows = list(csv.reader(io.StringIO(told["data"]().decode("utf-8-sig"))))
        assert ("演示" in told["file_name"]) == (data == "demo")
        if data == "demo":
            assert len(rows) > 1
            assert rows[0][0] == head
            assert {row[0] for row in rows[1:]} == {mark}
            assert len({len(row) for row in rows}) == 1
        else:
            assert head not in rows[0]


@pytest.mark.parametrize("name", ["overview", "county"])
def test_a_file_whose_figures_a_period_narrows_names_it_and_without_one_has_no_filter(live, offered, name):
    Page(name, **JUNE)
    (whole,) = offered
    offered.clear()
    Page(name, period="2020", **JUNE)
    (told,) = offered
    rows = list(csv.DictReader(io.StringIO(told["data"]().decode("utf-8-sig"))))

    assert told["file_name"].replace("_数据期至2020", "") == whole["file_name"] != told["file_name"]
    assert {row["筛选"] for row in rows} == {"数据期至=2020"}
    assert "筛选" not in whole["data"]().decode("utf-8-sig").splitlines()[0]


def test_demo_and_live_are_never_mixed(with_demo):
    live_page, demo_page = Page("overview", data="live", **JUNE), Page("overview", data="demo", **JUNE)

    assert "224万+" in live_page.text()
    assert "泉州首次市委社会工作会议综述" in live_page.html()
    assert "泉州首次市委社会工作会议综述" not in demo_page.html()


def test_a_day_the_demo_has_not_reached_is_a_sentence(with_demo):
    end = with_demo["demo"].today()
    page = Page("overview", data="demo", as_of=(end + timedelta(days=1)).isoformat())

    assert f"还没有到，最晚可以看 {end.isoformat()}。" in page.text()


# --- provenance, wall, period ------------------------------------------------------------------------


def test_every_group_of_cards_says_on_the_screen_who_said_its_figures_and_since_when_it_is_known(live):
    words = Page("overview", **JUNE).text("overview")

    assert words.count("2025-01-13 获知 · 泉州首次市委社会工作会议综述（2025年1月） · B 级") == 4


def test_a_wall_shows_the_ten_most_pressing_of_the_list_and_how_many_more_there_are(with_demo):
    desk, wall = (Page("tasks", show="list", data="demo", wall=on).rows("panel_tasks") for on in ("0", "1"))

    assert [row[:5] for row in wall] == [row[:5] for row in desk[: len(wall)]]
    assert len(wall) == 1 + 10
    assert "按轻重列前 10 条，另有 50 条" in Page("tasks", show="list", data="demo", wall="1").text(
        "panel_tasks"
    )
    assert "另有" not in Page("tasks", show="list", data="demo").text("panel_tasks")


def test_on_a_wall_the_measures_by_unit_have_the_form_that_is_read_from_six_metres(with_demo):
    assert "20 个项目 × 13 个单位" in Page("tasks", show="matrix", data="demo", wall="1").text("panel_matrix")


def test_the_wall_names_its_indicator_and_its_day_in_words(live):
    page = Page("overview", wall="1", indicator="volunteers_count", **JUNE)

    assert page.text("panel_map").startswith("实名注册志愿者")
    assert "截至 2025-06-30" in page.text("header")


def test_a_chosen_period_is_said_in_the_top_line_with_the_way_back(live):
    page = Page("overview", period="2020", indicator="volunteers_count", **JUNE)

    assert "数据期至 2020 ×" in page.text("header")
    assert "141.8万" in page.text("overview")
    assert "224万" not in page.text("overview")
    (back,) = [h for w, h in page.links("header").items() if "数据期至" in w]
    assert "period" not in back


def test_a_wall_says_the_chosen_period_in_words(live):
    page = Page("overview", period="2020", wall="1", indicator="volunteers_count", **JUNE)

    assert "数据期至 2020" in page.text("header")
    assert not [words for words in page.links("header") if "数据期至" in words]


def test_a_chosen_period_moves_the_lights_and_says_so_but_not_what_is_owed(with_demo):
    """A wall that was narrowed to March used to say that nothing was done, because it was judged on the day."""
    unit = dict(data="demo", unit="350582")
    then, now = (
        _between(Page("county", **p, **unit).text(), "欠报指标", "开放的驿站")
        for p in ({"period": "2025-09"}, {})
    )
    gauge = Page("overview", data="demo", period="2025-09").text("panel_gauge")

    assert then == now
    assert "按 2025年9月" in gauge
    assert gauge != Page("overview", data="demo").text("panel_gauge")
    assert re.search(r"[1-9]\d*/51 应完成 \d", gauge)


def test_a_percent_that_was_kept_from_an_older_period_says_so_on_the_page_and_in_its_file(with_demo, offered):
    """台商区 of the demo falls silent: its last percent is shown with its month."""
    page = Page("county", data="demo", unit="QZ-TS")
    kept = [row for row in page.rows("panel_duties") if "未报送" in row[0] and row[2]]

    assert kept
    assert all(re.fullmatch(r"\d+% \d{4}年\d+月", row[2]) for row in kept)
    told = pd.read_csv(io.BytesIO(offered[-1]["data"]()))
    duties = told[told["栏目"] == "承担的措施"]
    assert duties.loc[duties["进度"].notna(), "数据期"].notna().all()

    assert re.search(r"\d+/\d+ \d+ 个为旧期", Page("tasks", show="list", data="demo").text("panel_tasks"))
    (told,) = [o for o in offered[1:] if o["mime"] == "text/csv"]
    assert "是" in set(pd.read_csv(io.BytesIO(told["data"]()))["旧期"])


def _between(text, first, last):
    return text[text.index(first) : text.index(last)]


# --- the whole page of a unit ------------------------------------------------------------------------


def test_a_unit_that_never_returned_owes_every_indicator_and_is_named_silent(live):
    text = Page("county", unit="350505", **JUNE).text()
    owed = [d for d in live.catalogue.indicators.values() if d.expected_reporters == "units" and d.return_day]

    assert f"欠报指标 {len(owed)} 项" in text
    assert "▨ 未报送 从未报送 报送截止 2025-06-05" in text


def test_a_unit_lists_the_measures_it_answers_for_and_no_others(live):
    page = Page("county", unit="350582", **JUNE)
    own = {
        a.measure for a in live.catalogue.assignments if (a.organisation, a.role) == ("350582", "responsible")
    }

    assert {row[1].split()[0] for row in page.rows("panel_duties")} == own
    assert "示例，非官方清单" in page.text("panel_duties")


def test_a_park_that_is_no_town_owes_nothing_and_its_cells_are_blank(live, offered):
    places = [o for o in live.catalogue.organisations if o.level == "town"]
    park = next(o for o in places if not o.is_town_or_street and not o.parent_code.startswith("QZ"))
    page = Page("county", unit=park.parent_code, **JUNE)
    cells = {row[0].split()[0]: row[1:] for row in page.rows("panel_towns")}
    told = pd.read_csv(io.BytesIO(offered[-1]["data"]()))
    own = told[(told["栏目"] == "下级单位") & (told["单位"] == park.name)]

    assert set(cells.pop(park.name)) == {""}
    assert ["未报送"] * 4 in cells.values()
    assert set(own["说明"]) == {park.note}


def test_a_town_without_figures_says_so(live):
    town = next(o for o in live.catalogue.organisations if o.name == "磁灶镇")
    page = Page("county", unit="350582", town=town.code, **JUNE)

    assert "磁灶镇" in page.text("panel_town")
    assert "这个镇街还没有报送指标" in page.text("panel_town")


def test_a_chosen_town_stands_in_the_heading_and_before_the_figures_of_its_county(live):
    town = next(o for o in live.catalogue.organisations if o.name == "磁灶镇")
    page = Page("county", unit="350582", town=town.code, **JUNE)
    text = page.text()

    assert "晋江市 · 磁灶镇" in text
    assert text.index("返回晋江市") < text.index("晋江市的数")
    assert "town" not in page.links("panel_town")["返回晋江市"]


def test_the_grade_of_a_source_stands_outside_of_what_is_cut_when_it_is_long(live):
    html = Page("county", unit="350581", **JUNE).html("panel_lines")

    assert re.search(r'<span class="from"[^>]*><span[^>]*>[^<]+</span><b>· [A-D]</b></span>', html)


# --- receipts ---------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """The product with a store that may be written to, once on each database."""
    told = {}
    if request.param == "postgresql":
        told["DASHBOARD_DATABASE_URL"] = request.getfixturevalue("postgres_database")
    with installed(tmp_path, **told) as stores:
        yield stores


def report(stores: Stores, value: float) -> None:
    hand_in(stores["live"], value, "social_work_agencies_count")


def taken_away(offered: list[dict[str, Any]], name: str, **parameters: str) -> list[dict[str, str]]:
    """Rows of the CSV that a page offers."""
    offered.clear()
    Page(name, **parameters)
    (told,) = [o for o in offered if o["mime"] == "text/csv"]
    return list(csv.DictReader(io.StringIO(told["data"]().decode("utf-8-sig"))))


def number_in(rows: list[dict[str, str]]) -> str:
    """The receipt of a CSV: in its last column, the same in every row."""
    (number,) = {row["回执号"] for row in rows}
    assert list(rows[0])[-1] == "回执号"
    return number


AGENCIES = {"unit": "350582", "indicator": "social_work_agencies_count"}


def test_a_receipt_opens_what_was_taken_away_whatever_came_in_on_the_same_day(both, offered):
    report(both, 23)
    rows = taken_away(offered, "county", **AGENCIES)
    number = number_in(rows)
    report(both, 77)
    page = Page("overview", receipt=number)

    assert page.failures == []
    assert "晋江市" in page.titles()
    assert page.at.query_params["indicator"] == "social_work_agencies_count"
    assert "23 家 2025年12月" in page.text("panel_lines")
    assert "77 家" not in page.text()
    assert "77 家 2025年12月" in Page("county", **AGENCIES).text("panel_lines")
    assert taken_away(offered, "county", **dict(page.at.query_params)) == rows


def test_a_receipt_says_what_it_is_and_leads_back_to_the_present(both, offered):
    number = number_in(taken_away(offered, "county", **AGENCIES))
    found = find(both["live"], number)
    moment = found.made_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")
    page = Page("about", receipt=number.lower(), lang="zh-TW")

    told = f"回执 {number}：截至 {found.as_of}，{moment} 所见，其后入库的数不在内。"
    assert shown(told, "zh-TW") in page.text()
    assert "目錄改過" not in page.text()
    assert "回到回執的那一屏" not in page.links()
    back = dict(parse_qsl(urlsplit(page.links()["回到現在"]).query))
    assert back == {**AGENCIES, "data": "live", "lang": "zh-TW"}
    assert f"receipt={number}" in page.links()["總覽"]


def test_on_another_page_of_a_receipt_a_way_leads_back_to_its_own(both, offered):
    number = number_in(taken_away(offered, "county", **AGENCIES))
    day = find(both["live"], number).as_of.isoformat()
    page = Page("tasks", receipt=number, as_of=day, data="live", lang="en")
    back = urlsplit(page.links()["Back to the view of the receipt"])

    assert f"Receipt {number}: as of {day}, as seen at {day} " in page.text()
    assert back.path == "./county"
    assert dict(parse_qsl(back.query)) == {
        **AGENCIES, "as_of": day, "data": "live", "receipt": number, "lang": "en",
    }  # fmt: skip


def test_a_receipt_of_another_catalogue_says_so(both):
    store = both["live"]
    made = keep(store, Actor("screen", "viewer"), "tasks", {}, AsOf(store.today()), "as it was")

    assert "此后口径、清单或规则的目录改过" in Page("overview", receipt=made.number).text()


def test_the_same_file_fetched_twice_has_the_same_receipt_and_looking_makes_none(both, offered):
    for name in NAMES:
        Page(name)
    with both["live"].engine.connect() as connection:
        assert connection.execute(select(ReceiptRow.number)).all() == []
    numbers = [number_in(taken_away(offered, "about")) for _ in range(2)]

    assert numbers[0] == numbers[1]


def test_a_file_fetched_late_holds_what_the_page_showed(both, offered):
    report(both, 23)
    offered.clear()
    Page("county", **AGENCIES)
    (told,) = offered
    report(both, 77)
    for name in ("unit_lines", "definitions", "history", "towns"):  # as after a day with many visitors
        getattr(cached, name).cache_clear()
    rows = list(csv.DictReader(io.StringIO(told["data"]().decode("utf-8-sig"))))

    assert {r["数值"] for r in rows if r["数据期"] == "2025-12" and r["指标"] == "社工机构"} == {"23"}
    assert find(both["live"], number_in(rows)).seq == stamp(both["live"]).seq - 1


@pytest.mark.parametrize("number", ["Z7K2M9P", "Y7K2M9P", "K7M2P", "' OR 1=1"])
def test_a_number_nobody_was_given_is_a_sentence_with_a_way_out(live, number):
    page = Page("overview", receipt=number)

    assert page.failures == []
    assert f"receipt={number}：没有这个回执号，请对照纸上或文件里的号再写一次" in page.text()
    assert page.links()["去掉这些参数，打开这一页"] == "./"
    assert page.links()["到“快照”页再写一次回执号"] == "./snapshots"
    assert "there is no such receipt: please compare" in Page("overview", receipt=number, lang="en").text()


def test_a_receipt_beside_a_day_that_is_not_its_own_is_a_sentence(both, offered):
    number = number_in(taken_away(offered, "about", as_of="2025-06-30"))
    page = Page("about", receipt=number, as_of="2025-07-01", data="live")

    assert "这个回执是截至 2025-06-30 的，与地址里的截至日或数据不符" in page.text()
    assert page.links()["去掉这些参数，打开这一页"] == "./about?as_of=2025-07-01&data=live"


def test_the_manifest_of_a_snapshot_names_its_receipt(both):
    page = Page("snapshots", as_of="2025-06-30")
    with zipfile.ZipFile(io.BytesIO(zipped(*page.at.session_state["here"]))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    found = find(both["live"], manifest["receipt"])

    assert (found.page, str(found.as_of), found.seq) == ("snapshots", manifest["as_of"], manifest["seq"])


def test_a_receipt_of_the_wall_shows_its_tiles_at_the_desk_and_the_other_way_round(both, offered):
    number = number_in(taken_away(offered, "overview", wall="1"))
    desk = number_in(taken_away(offered, "overview"))

    assert 'class="tiles"' in Page("overview", receipt=number).html()
    assert 'class="tiles"' not in Page("overview", receipt=desk, wall="1").html()
