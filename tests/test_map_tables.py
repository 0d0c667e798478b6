"""Every map as a table: the figures of the map, in its words, leading where it leads; and what a map says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from sqlalchemy import text

from dashboard import queries
from dashboard.catalogue import Organisation
from dashboard.knowledge import AsOf
from dashboard.startup import Stores
from dashboard.ui import cached, county_map, map_table
from dashboard.ui.stations_page import STATES
from ui_fixtures import Page, installed

ABSENT = {"", "未报"}


@pytest.fixture(scope="module")
def demo(current_demo_home) -> Iterator[Stores]:
    with installed(current_demo_home, DASHBOARD_DEMO="on", DASHBOARD_DEFAULT_DATA="demo") as stores:
        yield stores


@pytest.fixture(scope="module")
def key(demo) -> cached.Key:
    moment = cached.Moment()
    return moment.key("demo", AsOf(moment.today()["demo"]))


@pytest.fixture(scope="module")
def offered(key) -> Mapping[str, bool]:
    """The indicators the map can show, each with whether it is also told per 10,000."""
    known = cached.definitions(key)
    return {i: d.per_10k for i, d in known.items() if d.expected_reporters == "units"}


def units() -> list[Organisation]:
    return list(cached.stores().catalogue.units)


def on_outlines(page: Page) -> dict[str, str]:
    """What the outlines say of each county: figure and notes by code; 金门 leads nowhere and is left out."""
    said = re.findall(r'<a class="words[^>]*data-unit="(\w+)"[^>]*>(.*?)</a>', page.html("panel_map"))
    return {code: _after_the_name(words) for code, words in said}


def on_tiles(page: Page) -> dict[str, str]:
    said = re.findall(r'<a class="tile [^>]*data-unit="([\w-]+)"[^>]*>(.*?)</a>', page.html("panel_map"))
    return {code: _after_the_name(words) for code, words in said}


def _after_the_name(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split()[1:])


def table(page: Page, panel: str) -> dict[str, dict[str, str]]:
    """The rows of a table of a map by the code of their place: cells by the name of their column."""
    html = page.html(panel)
    codes = re.findall(r'<tr data-code="([^"]*)"', html)
    head, *rows = page.rows(panel)
    return {code: dict(zip(head, row, strict=True)) for code, row in zip(codes, rows, strict=True)}


def query(href: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(href.replace("&amp;", "&")).query))


def hrefs(html: str, css: str) -> dict[str, str]:
    """Addresses by code, of links with this class."""
    found = re.findall(rf'<a class="{css}[^>]*>', html)
    return {re.search(r'data-unit="([^"]+)"', a)[1]: re.search(r'href="([^"]+)"', a)[1] for a in found}


def row_hrefs(html: str) -> dict[str, str]:
    return dict(re.findall(r'<tr data-code="([^"]*)"[^>]*><th scope="row"><a href="([^"]*)"', html))


# --- outlines, tiles and what stands in the store ---------------------------------------------------


def county_tables(zones: str) -> dict[str, dict[str, tuple[str, str]]]:
    """By unit and indicator, figure and rate as the page of each unit has them."""
    shorts = {d.short_title: i for i, d in cached.stores().catalogue.indicators.items()}
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for unit in units():
        rows = Page("county", unit=unit.code, zones=zones).rows("panel_lines")[1:]
        found[unit.code] = {shorts[r[0]]: (r[1].split(" ")[0], r[5]) for r in rows if len(r) > 1}
    return found


@pytest.mark.parametrize(
    ("shape", "zones", "read"), [("outline", "with", on_outlines), ("tiles", "without", on_tiles)]
)
def test_the_outlines_say_what_the_pages_of_the_units_say_with_zones_and_the_tiles_without(
    demo, offered, shape, zones, read
):
    of_units = county_tables(zones)
    asked = [(i, "count") for i in offered] + [(i, "10k") for i, rate in offered.items() if rate]
    differ, compared = [], 0
    for indicator, per in asked:
        shown = read(Page("overview", indicator=indicator, per=per, shape=shape))
        assert len(shown) == (11 if shape == "outline" else 13)
        for code, words in shown.items():
            told = of_units[code].get(indicator)
            meant = told[per == "10k"] if told else ""
            figure = words.split(" ")[0] if words and not words.startswith("缺") else ""
            compared += bool(meant)
            if figure != meant and {figure, meant} - ABSENT:
                differ.append((indicator, per, code, figure, meant))

    assert differ == []
    assert compared > 8 * len(asked)


NEWEST = text("""
SELECT r.indicator, r.organisation, r.value, r.void, r.period_end, r.grain, r.seq FROM reading r
JOIN "return" t ON t.id = r.return_id WHERE t.state = 'accepted' AND r.known_on <= :day
""")


def newest_rows(key: cached.Key) -> pd.DataFrame:
    """The newest row of every figure and period, as the store has them: no room of the product was asked."""
    with cached.stores()["demo"].engine.connect() as connection:
        every = pd.read_sql_query(NEWEST, connection, params={"day": key.as_of.day.isoformat()})
    last = every.sort_values("seq").groupby(["indicator", "organisation", "period_end", "grain"]).last()
    return last[last["void"] == 0].reset_index().sort_values("period_end")


def residents(rows: pd.DataFrame, code: str, until: str) -> float:
    own = rows[(rows["indicator"] == "resident_population_count") & (rows["organisation"] == code)]
    return float(own[own["period_end"] <= until]["value"].iloc[-1])


def test_tiles_hold_the_thirteen_as_the_store_has_them_and_outlines_the_counties_with_their_zones(
    demo, key, offered
):
    rows = newest_rows(key)
    newest = rows.groupby(["indicator", "organisation"]).last()
    zones = {u.within_code: u.code for u in units() if u.within_code}
    seen = 0
    for indicator, rate in offered.items():
        of = newest.loc[indicator] if indicator in newest.index.get_level_values(0) else newest.iloc[:0]
        folds = cached.definitions(key)[indicator].folds
        for per in ("count", "10k") if rate else ("count",):
            for outline in (False, True):
                for cell in cached.unit_map(key, indicator, per, outline).cells:
                    held = [
                        cell.code,
                        *([zones[cell.code]] if outline and folds and cell.code in zones else []),
                    ]
                    there = of[of.index.isin(held)]
                    if len(there) < len(held) or there["period_end"].nunique() > 1:
                        assert cell.quantity.value is None, (indicator, per, outline, cell.code)
                        continue
                    meant = there["value"].sum(skipna=False)
                    if per == "10k":
                        until = there["period_end"].iloc[0]
                        meant = meant / sum(residents(rows, code, until) for code in held) * 10_000
                    assert cell.quantity.value == pytest.approx(meant), (indicator, per, outline, cell.code)
                    seen += len(held) > 1
    assert seen > 20


@pytest.mark.parametrize("per", ["count", "10k"])
def test_outlines_and_tiles_wear_the_same_legend_broken_from_the_thirteen_and_lead_alike(demo, per):
    outline, tiles = (
        Page("overview", indicator="stations_count", per=per, shape=s) for s in ("outline", "tiles")
    )
    legends = [
        re.findall(r'--class-\d\)"></b>([^<]+)</span>', page.html("panel_map")) for page in (outline, tiles)
    ]
    to_county = {code: query(href) for code, href in hrefs(outline.html("panel_map"), "words").items()}
    to_unit = {code: query(href) for code, href in hrefs(tiles.html("panel_map"), "tile").items()}

    assert legends[0] == legends[1]
    assert len(legends[0]) == 5
    ends = [[float(end.rstrip("+")) for end in text.removeprefix("约").split("–")] for text in legends[0]]
    assert all(before[-1] < after[0] for before, after in pairwise(ends))
    assert {c: q["unit"] for c, q in to_county.items()} == {
        u.code: u.code for u in units() if not u.within_code
    }
    assert {c: q["unit"] for c, q in to_unit.items()} == {u.code: u.code for u in units()}
    assert {c for c, q in to_county.items() if q.get("zones") == "with"} == {"350502", "350521"}


def test_a_wall_prefers_the_tiles_and_takes_the_outlines_when_asked(demo):
    assert len(on_tiles(Page("overview", wall="1"))) == 13
    assert len(on_outlines(Page("overview", wall="1", shape="outline"))) == 11
    assert len(on_outlines(Page("overview"))) == 11


# --- the table of the overview ----------------------------------------------------------------------


@pytest.mark.parametrize("per", ["count", "10k"])
@pytest.mark.parametrize(
    ("shape", "read", "css"), [("outline", on_outlines, "words"), ("tiles", on_tiles, "tile")]
)
def test_the_table_says_of_each_unit_what_the_map_says_and_leads_where_it_leads(demo, shape, read, css, per):
    about = {"indicator": "stations_count", "per": per, "shape": shape}
    drawn, listed = Page("overview", **about), Page("overview", **about, table="1")
    rows = table(listed, "panel_map")
    said = {code: list(row.values()) for code, row in rows.items()}

    assert list(rows) == [u.code for u in units() if shape == "tiles" or not u.within_code]
    for code, words in read(drawn).items():
        figure, *notes = words.split()
        if figure.startswith("缺"):
            assert said[code][1:4] == ["—", "合计不全", ""]
            assert figure in said[code]
            continue
        assert said[code][1] == figure
        assert all(note in said[code] for note in notes if note.startswith(("已含", "未含")))
        assert ("已过期" in said[code]) == any(n.endswith(("月", "已过期")) for n in notes), (
            words,
            said[code],
        )
    mapped = {code: query(href) for code, href in hrefs(drawn.html("panel_map"), css).items()}
    listed_ways = {code: query(href) for code, href in row_hrefs(listed.html("panel_map")).items()}
    assert {code: way | {"table": "1"} for code, way in mapped.items()} == listed_ways
    legend = re.findall(r'<div class="legend">.*?</div>', drawn.html("panel_map"), re.S)
    assert legend == re.findall(r'<div class="legend">.*?</div>', listed.html("panel_map"), re.S)


def test_the_table_tells_class_period_and_source_of_every_figure(demo, key):
    shown = cached.unit_map(key, "stations_count", "count", False)
    rows = table(Page("overview", indicator="stations_count", shape="tiles", table="1"), "panel_map")

    assert {c.class_no for c in shown.cells} - {None}
    for cell in shown.cells:
        row = rows[cell.code]
        if cell.class_no is not None and cell.quantity.value is not None:
            low, *high = map(int, row["分级"].split("–"))
            assert low <= cell.quantity.value <= (high or [low])[0]
        assert row["数据期"] == (cell.said.period.text if cell.said else "")
        assert row["来源"] == (cell.said.source if cell.said else "")


def test_a_unit_that_did_not_report_reads_so_in_the_table_and_never_nought(live_page):
    rows = table(live_page, "panel_map")

    assert rows["350582"]["家"] == "20"
    assert {row["家"] for code, row in rows.items() if code != "350582"} == {"未报"}
    assert {row["分级"] for code, row in rows.items() if code != "350582"} == {"未报"}


@pytest.fixture
def live_page(demo) -> Page:
    about = {"data": "live", "as_of": "2025-06-30", "indicator": "social_work_agencies_count"}
    return Page("overview", **about, shape="tiles", table="1")


# --- one name, one switch, one key ------------------------------------------------------------------

WITH_A_MAP = [
    ("overview", {}),
    ("overview", {"shape": "tiles"}),
    ("overview", {"wall": "1"}),
    ("points", {}),
    ("county", {"unit": "350582"}),
]
PANELS = {"overview": "panel_map", "points": "panel_points", "county": "panel_unit_stations"}


def switch_of(html: str) -> dict[str, str]:
    """The ways of the switch of a map: address by word."""
    (group,) = re.findall(r'<span class="switch" role="group" aria-label="样式">(.*?)</span>', html)
    return {
        re.sub(r"<.*", "", word).strip(): query(href)
        for href, word in re.findall(r'href="([^"]*)"[^>]*>(.*?)</a>', group)
    }


def turning(html: str) -> list[str]:
    """The links the key follows."""
    return re.findall(r'<a href="([^"]*)"[^>]* data-turns-map aria-keyshortcuts="t"', html)


@pytest.mark.parametrize(("name", "about"), WITH_A_MAP)
def test_every_map_has_one_switch_whose_key_leads_to_its_table_and_back_to_the_very_same_map(
    demo, name, about
):
    panel = PANELS[name]
    drawn = Page(name, **about)
    (there,) = turning(drawn.html(panel))
    listed = Page(name, **query(there))
    (back,) = turning(listed.html(panel))

    assert query(there) == about | {"table": "1"}
    assert query(back) in (about, about | {"shape": "outline"}, about | {"shape": "tiles"})
    assert "map-table" in listed.html(panel)
    assert "map-table" not in drawn.html(panel)
    again = Page(name, **query(back))
    strip = re.compile(r'<div class="head">.*?</div>|\?[^"]*', re.S)
    assert strip.sub("", again.html(panel)) == strip.sub("", drawn.html(panel))


def test_the_switch_of_the_overview_has_three_ways(demo):
    ways = switch_of(Page("overview", table="1", per="10k").html("panel_map"))

    assert ways == {
        "轮廓": {"per": "10k", "shape": "outline"},
        "方格": {"per": "10k", "shape": "tiles"},
        "表格": {"per": "10k", "table": "1"},
    }


def caption(page: Page, panel: str) -> str:
    (said,) = re.findall(r"<caption>(.*?)</caption>", page.html(panel))
    return said


@pytest.mark.parametrize("shape", ["outline", "tiles"])
def test_the_map_of_the_overview_is_named_in_one_sentence_and_its_table_as_well(demo, key, shape):
    told = cached.unit_map(key, "stations_count", "count", shape == "outline")
    page = Page("overview", indicator="stations_count", shape=shape)
    (name,) = re.findall(r'role="group" aria-label="([^"]*两个开发区[^"]*)"', page.html("panel_map"))
    ends = {"outline": "11 个县（市、区），已含两个开发区", "tiles": "13 个单位，两个开发区单列"}

    assert name == f"暖“新”驿站（个） · 最新 {told.period.text} · {ends[shape]}"
    assert caption(Page("overview", indicator="stations_count", shape=shape, table="1"), "panel_map") == name


def test_a_table_has_the_marks_a_screen_reader_walks_by(demo):
    html = Page("overview", table="1").html("panel_map")
    (found,) = re.findall(r"<table.*?</table>", html, re.S)

    assert found.count('<th scope="col"') == len(re.findall(r"<th[ >]", found.split("</thead>")[0]))
    assert found.count('<th scope="row">') == 11
    assert 'role="region" aria-label="表格" tabindex="0"' in html


# --- the tables of places ---------------------------------------------------------------------------


def test_the_table_of_a_county_lists_its_stations_those_without_a_place_as_well(demo, key):
    frame = queries.stations(demo["demo"].engine, key.as_of)
    own = frame[frame["unit"] == "350582"].set_index("station")
    page = Page("county", unit="350582", table="1")
    rows, ways = table(page, "panel_unit_stations"), row_hrefs(page.html("panel_unit_stations"))

    assert set(rows) == set(own.index)
    for code, row in rows.items():
        station = own.loc[code]
        shape, _, word = STATES[station["state"]]
        assert row["状态"].split() == [shape, word]
        where = row["经纬度"]
        if pd.isna(station["lon"]):
            assert where == "无坐标"
        else:
            assert [float(x) for x in where.split(", ")] == pytest.approx(
                [station["lon"], station["lat"]], abs=6e-4
            )
        assert query(ways[code]) == {"unit": "350582", "station": code, "table": "1"}
    assert caption(page, "panel_unit_stations") == f"晋江市 {len(own)} 个驿站的位置和状态"


def test_a_table_of_very_many_stations_ends_and_says_how_many_more_there_are(demo, key, monkeypatch):
    monkeypatch.setattr(map_table, "MOST", 10)
    frame = queries.stations(demo["demo"].engine, key.as_of)
    page = Page("county", unit="350583", table="1")

    assert len(table(page, "panel_unit_stations")) == 10
    assert f"其余 {sum(frame['unit'] == '350583') - 10} 行见 CSV" in page.text("panel_unit_stations")


def test_very_many_stations_of_a_county_are_drawn_as_squares_that_count_them(demo, key, monkeypatch):
    own = queries.stations(demo["demo"].engine, key.as_of).query("unit == '350582'")
    located = own[own["lon"].notna()]
    apart = Page("county", unit="350582").html("panel_unit_stations")
    monkeypatch.setattr(county_map, "COUNTED_FROM", 10)
    counted = Page("county", unit="350582", as_of=key.as_of.day.isoformat()).html("panel_unit_stations")
    squares = re.findall(r'<a class="square num" href="([^"]*)"[^>]*>([\d,]+)</a>', counted)
    dot = r'<a href="[^"]*" lang="zh" title='

    assert (len(re.findall(dot, apart)), 'class="square' in apart) == (len(located), False)
    assert re.findall(dot, counted) == []
    assert 1 < len(squares) < len(located)
    # A square counts what counts in a KPI: the open ones.
    assert sum(int(count) for _, count in squares) == (located["state"] == "opened").sum()
    assert {query(href)["unit"] for href, _ in squares} == {"350582"}
    assert all("cell" in query(href) for href, _ in squares)


def test_the_table_of_the_points_lists_all_of_them_with_what_the_map_says(demo, key):
    page = Page("points", table="1")
    rows, ways = table(page, "panel_points"), row_hrefs(page.html("panel_points"))

    assert list(rows) == [p.point for p in cached.points(key)]
    for point in cached.points(key):
        row = rows[point.point]
        assert row["联系点"].endswith(point.name)
        days = point.days_since(key.as_of.day)
        assert ("■" if days is None else "▲" if days > 60 else "●") in row["走访"]
        assert str(days) in row["走访"] or days in (0, None)
        assert query(ways[point.point]) == {"point": point.point, "table": "1"}


@pytest.mark.parametrize("name", ["overview", "county"])
def test_the_table_leaves_file_and_receipt_as_they_are(demo, name):
    about = {"unit": "350582"} if name == "county" else {"shape": "outline"}
    with_table, without = (
        Page(name, **about, **extra).at.session_state["here"][0] for extra in ({"table": "1"}, {})
    )

    assert with_table.arguments(name) == without.arguments(name)


# --- what every map says of itself ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "panel", "about"),
    [
        ("overview", "panel_map", {"shape": "outline"}),
        ("stations", "panel_stations", {}),
        ("stations", "panel_stations", {"unit": "350582"}),
        ("points", "panel_points", {}),
        ("county", "panel_unit_stations", {"unit": "350582"}),
    ],
)
def test_every_map_with_outlines_tells_their_source_approval_and_that_they_are_simplified(
    demo, name, panel, about
):
    said = Page(name, **about).text(panel)

    assert cached.map_source().startswith("轮廓依据天地图简化，")
    assert "审图号 GS(2024)0650号" in cached.map_source()
    assert cached.map_source() in said
    assert "统计口径不含金门县" in said


def test_kinmen_is_drawn_has_no_figure_leads_nowhere_and_the_map_says_why(demo):
    page = Page("overview", shape="outline")
    html = page.html("panel_map")
    drawn = re.findall(r'<(\w+) class="(?:area|words)[^>]*data-unit="350527"[^>]*>', html)

    assert drawn == ["i", "i"]
    assert page.map_words()["金门"] == ""
    assert "统计口径不含金门县" in page.text("panel_map")
    assert "350527" not in table(Page("overview", table="1"), "panel_map")


@pytest.mark.parametrize("shape", ["outline", "tiles"])
@pytest.mark.parametrize("indicator", ["stations_count", "resident_population_count"])
def test_the_legend_always_has_the_unreported_and_the_day_of_the_newest_figure(demo, key, shape, indicator):
    shown = cached.unit_map(key, indicator, "count", shape == "outline")
    said = Page("overview", shape=shape, indicator=indicator).text("panel_map")

    assert f"未报 {sum(c.state == 'unreported' for c in shown.cells)}" in said
    assert shown.period is not None
    assert f"最新 {shown.period.text}" in said


@pytest.mark.parametrize("table", ["0", "1"])
def test_below_a_map_stands_who_said_its_figures_and_of_which_day_it_is(demo, key, table):
    overview = Page("overview", indicator="stations_count", table=table).text("panel_map")
    printed = Page("overview", data="live", indicator="social_work_agencies_count", table=table).text(
        "panel_map"
    )
    (source,) = {
        s.source for s, counts, _ in cached.history(live(), "social_work_agencies_count", "350582") if counts
    }
    points = Page("points", table=table).text("panel_points")

    assert re.search(r"暖“新”驿站（个） · 最新 \d{4}年\d+月 · 单位报送 ", overview)
    assert f"社工机构（家） · 最新 2024年3月26日 · {source} " in printed
    assert f"联系点名册和走访记录 · 截至 {key.as_of.day.isoformat()} · 轮廓依据天地图简化" in points


def live() -> cached.Key:
    moment = cached.Moment()
    return moment.key("live", AsOf(moment.today()["live"]))
