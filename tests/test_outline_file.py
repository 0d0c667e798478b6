"""The outlines an installation may bring: what is drawn, what is refused in words, and what every page shows then."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

from dashboard.config import DATA, settings
from dashboard.english import HAN, english_of
from dashboard.importers.outline_file import NAME, Drawing, drawing
from dashboard.startup import prepare
from dashboard.ui import server
from serving import command
from ui_fixtures import Page, installed

SHIPPED = DATA / "geo" / NAME
OWN = "自有轮廓文件 geo/counties.geojson：{}。请改正它，或把它拿走。"
Told = dict[str, Any]


def told() -> Told:
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def put(home: Path, content: Told | str | bytes) -> Path:
    """The file where an installation keeps its own."""
    path = home / "geo" / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, dict):
        content = json.dumps(content, ensure_ascii=False)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture
def drawn(tmp_path, catalogue) -> Callable[..., Drawing]:
    """What maps are drawn from with this file in the home; with none, from the shipped one."""

    def from_(content: Told | str | bytes | None = None) -> Drawing:
        if content is not None:
            put(tmp_path, content)
        return drawing(SHIPPED, tmp_path, catalogue.organisations)

    return from_


def changed(change: Callable[[Told], object]) -> Told:
    found = told()
    change(found)
    return found


def county(found: Told, name: str) -> Told:
    return next(f for f in found["features"] if f["properties"]["name"] == name)


def of(name: str, /, **values: Any) -> Callable[[Told], object]:
    return lambda found: county(found, name)["properties"].update(values)


# --- what is drawn ----------------------------------------------------------------------------------


def test_the_shipped_file_says_itself_whose_outlines_they_are(drawn):
    found = drawn()

    assert found.credit == "轮廓依据天地图简化，2024年，审图号 GS(2024)0650号 · 统计口径不含金门县"
    assert (found.refused, found.own, len(found.shapes)) == ("", False, 12)


def test_an_own_file_takes_its_place_and_every_map_prints_what_it_says(drawn):
    found = drawn(
        changed(
            lambda f: f.update(
                source="省测绘院", approval="闽S(2026)12号", date="2026-05-31", simplified=False
            )
        )
    )

    assert found.credit == "轮廓来源省测绘院，2026-05-31，审图号 闽S(2026)12号 · 统计口径不含金门县"
    assert (found.refused, found.own) == ("", True)


@pytest.mark.parametrize(
    "approval",
    ["GS(2024)0650号", "审图号：GS（2024）0650号", "gs(2024)0650", "GS京(2022)0001号", "泉S〔2026〕3号"],
)
def test_an_approval_is_read_as_it_is_printed(drawn, approval):
    assert drawn(changed(lambda f: f.update(approval=approval))).refused == ""


def test_members_may_have_chinese_names_and_a_year_may_be_a_number_or_missing(drawn):
    found = told()
    for name in ("source", "approval", "date"):
        del found[name]
    found |= {"来源": "天地图", "审图号": "GS(2024)0650号", "年份": 2025}
    assert drawn(found).credit.startswith("轮廓依据天地图简化，2025年，审图号 ")

    del found["年份"]
    assert drawn(found).credit.startswith("轮廓依据天地图简化，年份未注明，审图号 ")


def test_units_are_known_by_code_or_by_name_in_any_order_and_bear_our_name(drawn, catalogue):
    def change(found: Told) -> None:
        found["features"].reverse()
        for number, feature in enumerate(found["features"]):
            code, name = (feature["properties"][key] for key in ("code", "name"))
            short = name.removesuffix("县").removesuffix("市").removesuffix("区")
            feature["properties"] = [{"adcode": int(code)}, {"name": name}, {"name": short, "code": "x"}][
                number % 3
            ]

    found = drawn(changed(change))

    assert found.refused == ""
    assert [(s.code, s.name) for s in found.shapes] == [
        (o.code, o.name) for o in catalogue.organisations if o.level == "county"
    ]
    assert [s.name for s in found.shapes if not s.reporting] == ["金门县"]


def test_a_name_stands_within_its_outline_whatever_the_file_says(drawn):
    found = drawn(changed(of("鲤城区", label_lon=0, label_lat="x")))

    (licheng,) = [s for s in found.shapes if s.name == "鲤城区"]
    assert shape(licheng.polygon).contains(shape({"type": "Point", "coordinates": licheng.label}))


@pytest.mark.parametrize(
    "crs",
    [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "EPSG:4326",
        "urn:ogc:def:crs:EPSG::4490",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "CGCS2000",
        "2000国家大地坐标系",
    ],
)
def test_degrees_of_wgs_84_and_cgcs2000_are_the_same_here(drawn, crs):
    written = {"type": "name", "properties": {"name": crs}}

    assert drawn(changed(lambda f: f.update(crs=written))).refused == ""


def test_a_file_with_a_byte_order_mark_is_read(drawn):
    assert drawn(b"\xef\xbb\xbf" + SHIPPED.read_bytes()).refused == ""


# --- what is refused --------------------------------------------------------------------------------


def without(*names: str) -> Callable[[Told], object]:
    return lambda found: [found.pop(name) for name in names]


def move(found: Told, east: float, names: tuple[str, ...] = ()) -> None:
    """Outlines, all of them or those named, moved to the east."""

    def moved(part: Any) -> Any:
        if isinstance(part[0], float | int):
            return [part[0] + east, part[1]]
        return [moved(p) for p in part]

    for feature in found["features"]:
        if not names or feature["properties"]["name"] in names:
            feature["geometry"]["coordinates"] = moved(feature["geometry"]["coordinates"])


def swap(found: Told) -> None:
    def swapped(part: Any) -> Any:
        return part[::-1] if isinstance(part[0], float | int) else [swapped(p) for p in part]

    for feature in found["features"]:
        feature["geometry"]["coordinates"] = swapped(feature["geometry"]["coordinates"])


def in_metres(found: Told) -> None:
    def projected(part: Any) -> Any:
        if isinstance(part[0], float | int):
            return [part[0] * 111_320, part[1] * 111_320]
        return [projected(p) for p in part]

    for feature in found["features"]:
        feature["geometry"]["coordinates"] = projected(feature["geometry"]["coordinates"])


def knot(found: Told) -> None:
    ring = county(found, "石狮市")["geometry"]["coordinates"][0]
    ring[2], ring[3] = ring[3], ring[2]


def gap(found: Told) -> None:
    county(found, "晋江市")["geometry"]["coordinates"][0][1][0] += 0.01


def drop(name: str) -> Callable[[Told], object]:
    return lambda found: found["features"].remove(county(found, name))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("source"), "没有写明来源（source）"),
        (without("approval"), "没有写明审图号（approval）"),
        (without("source", "approval"), "没有写明来源（source）、审图号（approval）"),
        (lambda f: f.update(source="  "), "没有写明来源（source）"),
        (lambda f: f.update(approval="无"), "审图号写的是“无”，应如 GS(2024)0650号"),
        (lambda f: f.update(date="去年"), "日期（date）写的是“去年”，应如 2024、2024-05 或 2024-05-31"),
        (
            lambda f: f.update(crs={"type": "name", "properties": {"name": "EPSG:3857"}}),
            "坐标系写的是“EPSG:3857”，应是 WGS-84 或 CGCS2000 的经纬度",
        ),
        (
            lambda f: f.update(crs={"type": "name", "properties": {"name": "GCJ-02"}}),
            "坐标系写的是“GCJ-02”，应是 WGS-84 或 CGCS2000 的经纬度",
        ),
        (swap, "鲤城区 的坐标是纬度在前（24.9449，118.555），应是经度在前"),
        (in_metres, "鲤城区 的坐标不是经纬度（1.31976e+07，2.77687e+06）"),
        (lambda f: move(f, 5.0), "鲤城区 的轮廓离它应在的地方有 500 公里"),
        (knot, "石狮市 的边线自相交"),
        (drop("晋江市"), "缺少 晋江市"),
        (drop("金门县"), "缺少 金门县"),
        (lambda f: f["features"].append(copy.deepcopy(f["features"][0])), "鲤城区 画了不止一次"),
        (of("晋江市", name="晋江县"), "“晋江县”对不上要画的区县，最接近的是 晋江市"),
        (
            of("晋江市", name="晋\u200b江市"),
            "“晋江市”对不上要画的区县，其中有看不见的字符 U+200B（零宽空格），最接近的是 晋江市",
        ),
        (
            of("南安市", name="\ufeff南安市\u00a0"),
            "“南安市”对不上要画的区县，其中有看不见的字符 U+FEFF（字节序标记）、U+00A0（不间断空格），最接近的是 南安市",
        ),
        (
            of("惠安县", name="惠安　县"),
            "“惠安 县”对不上要画的区县，其中有看不见的字符 U+3000（全角空格），最接近的是 惠安县、安溪县",
        ),
        (of("惠安县", name="London"), "“London”对不上要画的区县"),
        (of("惠安县", name="", code="350599"), "代码“350599”对不上要画的区县"),
        (of("惠安县", code="350582"), "“惠安县”的代码写的是 350582，那是晋江市"),
        (
            of("惠安县", name="泉州台商投资区", code="QZ-TS"),
            "“泉州台商投资区”对不上要画的区县",
        ),
        (lambda f: f.update(features=[]), None),
        (lambda f: f["features"].append(None), "第 13 个图形没有属性或形状"),
        (
            lambda f: county(f, "永春县").update(geometry={"type": "Point", "coordinates": [118.3, 25.3]}),
            "永春县 不是面，或它的坐标不完整",
        ),
        (
            lambda f: county(f, "永春县")["geometry"].update(coordinates=[[["东经", "北纬"]]]),
            "永春县 不是面，或它的坐标不完整",
        ),
        (lambda f: county(f, "永春县")["geometry"].pop("coordinates"), "永春县 不是面，或它的坐标不完整"),
        (
            lambda f: county(f, "永春县")["geometry"]["coordinates"].append([]),
            "永春县 不是面，或它的坐标不完整",
        ),
        (lambda f: f.update(x="x" * 600_000), "有 611 KB，最多 512 KB，要先简化"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_rule_and_the_way_out(drawn, catalogue, change, said):
    found = drawn(changed(change))

    names = [o.name for o in catalogue.organisations if o.level == "county"]
    assert found.refused == OWN.format(said or f"缺少 {'、'.join(names)}")
    assert (found.shapes, found.credit) == ((), "")


def test_outlines_that_do_not_fit_together_are_named(drawn):
    said = drawn(changed(gap)).refused

    assert said.endswith(" 互相重叠或对不齐。请改正它，或把它拿走。")
    assert "晋江市" in said


def test_every_name_that_is_not_known_is_told_at_once(drawn):
    def change(found: Told) -> None:
        of("晋江市", name="晋江县")(found)
        of("德化县", name="德化市")(found)

    assert drawn(changed(change)).refused == OWN.format(
        "“德化市”对不上要画的区县，最接近的是 德化县；“晋江县”对不上要画的区县，最接近的是 晋江市"
    )


def test_a_page_tells_the_first_of_many_wrong_names_and_how_many_there_are(drawn, catalogue):
    def change(found: Told) -> None:
        for name in ("鲤城区", "丰泽区", "洛江区", "泉港区"):
            of(name, name=f"{name}x")(found)

    found = drawn(changed(change))

    assert found.refused.count("对不上") == 4
    assert found.briefly_refused.count("对不上") == 3
    assert found.briefly_refused.endswith("；共 4 处。请改正它，或把它拿走。")
    assert (
        english_of(catalogue).of(found.briefly_refused).endswith("; 4 in all. Put it right, or take it away.")
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是 GeoJSON"),
        (b"<html>not found</html>", "不是 GeoJSON"),
        ("泉州".encode("gb18030"), "不是 UTF-8 编码的文字"),
        (b"[]", "不是 GeoJSON 的 FeatureCollection"),
        (b'{"type": "Topology"}', "不是 GeoJSON 的 FeatureCollection"),
        (b'{"features": null}', "不是 GeoJSON 的 FeatureCollection"),
        (b"[" * 100_000, "不是 GeoJSON"),
    ],
)
def test_what_is_no_geojson_is_refused(drawn, content, said):
    assert drawn(content).refused == OWN.format(said)


def test_a_file_that_cannot_be_read_is_refused(tmp_path, catalogue):
    path = put(tmp_path, "")
    path.unlink()
    path.mkdir()
    said = drawing(SHIPPED, tmp_path, catalogue.organisations).refused
    assert said == OWN.format("读不到（Is a directory）")

    path.rmdir()
    path.symlink_to(tmp_path / "nowhere")
    said = drawing(SHIPPED, tmp_path, catalogue.organisations).refused
    assert said == OWN.format("读不到（No such file or directory）")


def test_a_file_under_another_name_is_not_ignored_without_a_word(tmp_path, catalogue):
    put(tmp_path, told()).rename(tmp_path / "geo" / "quanzhou.geojson")

    assert drawing(SHIPPED, tmp_path, catalogue.organisations).refused == (
        "自有轮廓文件 geo/quanzhou.geojson：这个名字不会被读取，应叫 counties.geojson。请改正它，或把它拿走。"
    )


def test_a_damaged_shipped_file_is_refused_with_another_way_out(tmp_path, catalogue):
    copied = tmp_path / NAME
    copied.write_text(json.dumps(changed(without("approval"))), encoding="utf-8")

    assert drawing(copied, tmp_path, catalogue.organisations).refused == (
        "轮廓文件 counties.geojson：没有写明审图号（approval）。请从安装包里恢复它。"
    )
    assert drawing(tmp_path / "gone", tmp_path, catalogue.organisations).refused == (
        "轮廓文件 counties.geojson：读不到（No such file or directory）。请从安装包里恢复它。"
    )


def test_whatever_is_spoilt_in_a_file_it_is_used_or_refused_in_one_line(drawn):
    """Parts of the file replaced by what does not belong there, two hundred times."""
    rng = random.Random(5)
    odd = [None, True, -1, 1e308, float("nan"), "", "x", [], [[]], {}, {"a": 1}, [[[1, 2]]], "\u200b"]

    def spoil(part: Any) -> None:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        at = rng.choice(keys)
        if isinstance(part[at], dict | list) and part[at] and rng.random() < 0.8:
            spoil(part[at])
        else:
            part[at] = rng.choice(odd)

    whole = told()
    for _ in range(200):
        spoilt = copy.deepcopy(whole)
        spoil(spoilt)
        found = drawn(spoilt)
        assert bool(found.refused) != bool(found.shapes)
        assert "\n" not in found.refused


@pytest.mark.parametrize(
    "change", [gap, knot, swap, drop("金门县"), of("晋江市", name="晋\u200b江县"), without("source")]
)
def test_the_reason_can_be_said_in_english(drawn, catalogue, change):
    said = english_of(catalogue).of(drawn(changed(change)).refused)

    assert not HAN.search(said.replace("晋江县", "").replace("鲤城区 begin", ""))  # as the file calls them


# --- what the product shows -------------------------------------------------------------------------

SAID = OWN.format("没有写明来源（source）、审图号（approval）")
WITHOUT = changed(without("source", "approval"))


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    home = tmp_path_factory.mktemp("refused")
    put(home, WITHOUT)
    with installed(home, DASHBOARD_DEMO="on"):
        yield home


def test_the_start_says_it_and_goes_on(tmp_path, caplog):
    put(tmp_path, WITHOUT)
    with caplog.at_level("WARNING", logger="dashboard"):
        stores = prepare(settings({"DASHBOARD_HOME": str(tmp_path), "DASHBOARD_DEMO": "off"}))

    assert caplog.messages == [f"没有轮廓图，改用方格。{SAID}"]
    assert stores.drawing.refused == SAID
    for store in stores.by_data.values():
        store.engine.dispose()


def test_the_command_line_says_it_in_one_line_and_does_what_was_asked(tmp_path):
    put(tmp_path, WITHOUT)
    done = command(tmp_path, "init")

    assert (done.returncode, done.stderr) == (0, f"没有轮廓图，改用方格。{SAID}\n")


def test_an_import_says_which_outlines_places_are_held_against_and_nothing_of_maps(tmp_path):
    put(tmp_path, WITHOUT)
    sample = DATA / "samples" / "驿站台账_样例.csv"
    done = command(tmp_path, "import-stations", str(sample), "--check")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"提醒：{SAID}这次核对坐标用的是产品自带的轮廓。"


def test_the_overview_shows_the_tiles_with_the_reason_and_no_way_to_the_outlines(refused):
    page = Page("overview", data="demo")

    assert page.failures == []
    assert len([h for h in page.links("panel_map").values() if "county" in h]) == 13
    assert SAID in page.text("panel_map")
    assert "轮廓" not in page.links("mapbar")
    assert "outline-map" not in page.html()
    assert Page("overview", data="demo", shape="outline").text("panel_map") == page.text("panel_map")


def test_the_pages_of_places_say_why_there_is_no_map_and_show_everything_else(refused):
    for name, listed in (("stations", "station_list"), ("points", "point_cards")):
        page = Page(name, data="demo")
        assert page.failures == []
        assert page.at.get("deck_gl_json_chart") == []
        said = page.text()
        assert "没有地图，名录和各项数不受影响。" in said
        assert SAID in said
        assert "没有轮廓图" in said
        assert len(page.text(f"panel_{listed}")) > 200


def test_the_demo_has_places_all_the_same(refused):
    """It is made in the shipped outlines, whatever an installation draws."""
    assert re.search(r"有坐标 [1-9]\d\d · 无坐标 [1-9]", Page("stations", data="demo").text())


def test_the_page_of_a_unit_says_it_too(refused):
    page = Page("county", unit="350582", data="demo")

    assert page.failures == []
    assert SAID in page.text("panel_unit_stations")
    assert "small-map" not in page.html()


def test_the_stylesheet_is_whole_without_outlines(refused):
    content, kind = server._asset("dashboard.css")

    assert (kind, b".outline-map .area[data-unit=" in content) == ("text/css", False)


def test_every_map_prints_what_an_own_file_says(tmp_path):
    put(tmp_path, changed(lambda f: f.update(source="省测绘院", approval="闽S(2026)12号", date="2026")))
    line = "轮廓依据省测绘院简化，2026年，审图号 闽S(2026)12号 · 统计口径不含金门县"
    with installed(tmp_path):
        assert server._asset("dashboard.css")[0].count(b".outline-map .area[data-unit=") == 12
        for name in ("overview", "stations", "points"):
            page = Page(name)
            assert page.failures == []
            assert line in page.text()
        said = Page("overview", lang="en").text("panel_map")
        assert "Outlines simplified from 省测绘院, 2026, map approval 闽S(2026)12" in said
