"""The roster of observation points and the record of visits come in from files, or nothing does."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from conftest import Clock
from dashboard.catalogue import Catalogue, load
from dashboard.cli import main
from dashboard.commands.points import told
from dashboard.config import DATA, SETTINGS
from dashboard.datum import from_wgs84
from dashboard.geo import outlines
from dashboard.importers.list_versions import CONSOLE
from dashboard.importers.point_import import PreparedPoints, import_points, prepare_points
from dashboard.importers.point_withdrawal import take_back_points
from dashboard.importers.refusals import RefusedError, sentence
from dashboard.importers.seed import seed_catalogue
from dashboard.importers.taking_back import TakeBackError
from dashboard.knowledge import AsOf
from dashboard.models import Base, Return
from dashboard.queries import aliases, point_visits, points
from dashboard.startup import OUTLINES
from dashboard.store import SHANGHAI, Store, open_store, receive, stamp

SHAPES = outlines(OUTLINES)
TODAY = AsOf(date(2026, 1, 15))
HEAD = "序号 名称 县（市、区） 镇街 级别 试点内容 试点措施 经度 纬度 坐标系 联系人".split()
LEVELS = "只区分是否中央社会工作部的，其余级别不保存。"
LON, LAT = next(s.label for s in SHAPES if s.code == "350582")
CIZAO = [
    1,
    "磁灶镇",
    "晋江市",
    "磁灶镇",
    "中央社会工作部",
    "报表精简",
    "5-12-1、5-12-2",
    LON,
    LAT,
    "WGS-84",
    "某某",
]
OTHER = [2, "样例联系点", "安溪", "", "市级", "议事日", "", "", "", "", ""]
VISITS = "联系点 走访日期 发现问题 解决问题 推广情况 走访情况".split()

FAR = "超过 1 公里的不收：请核对坐标、坐标系和所属单位；一时核不清的，请先把坐标留空，照常计数。"


@pytest.fixture
def known(store: Store, catalogue: Catalogue) -> Store:
    """A store that knows units, towns and the shipped list, once on each database."""
    seed_catalogue(store, catalogue)
    return store


@pytest.fixture
def live(sqlite_database: str, catalogue: Catalogue, clock: Clock) -> Iterator[Store]:
    """The same on SQLite alone."""
    opened = open_store(sqlite_database, "live", clock)
    seed_catalogue(opened, catalogue)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """An xlsx file with these rows on one sheet, 表, and more sheets beside it."""

    def write(*rows: list[object], name: str = "表.xlsx", **beside: list[list[object]]) -> Path:
        book = Workbook()
        book.active.title = "表"
        for row in rows:
            book.active.append(row)
        for title, more in beside.items():
            sheet = book.create_sheet(title)
            for row in more:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def taken_in(store: Store, path: Path) -> PreparedPoints:
    found = prepare_points(store, SHAPES, path)
    import_points(store, found)
    return found


def refusals(store: Store, path: Path) -> list[str]:
    with pytest.raises(RefusedError) as caught:
        prepare_points(store, SHAPES, path)
    return str(caught.value).split("\n")


def rows_of(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in Base.metadata.tables.items()
        }


def test_roster_and_visits_come_in(known, workbook):
    found = taken_in(known, workbook(["观察联系点名册"], HEAD, CIZAO, OTHER))

    assert [sentence(w) for w in found.warnings] == [
        f"表!E2：{LEVELS}",
        "表：第11列“联系人”未读取、未保存。",
    ]
    first, second = points(known.engine, TODAY).to_dict("records")
    assert {k: first[k] for k in "point name unit town national tests measures lon lat".split()} == {
        "point": "P01",
        "name": "磁灶镇",
        "unit": "350582",
        "town": "350582102",
        "national": True,
        "tests": "报表精简",
        "measures": ["5-12-1", "5-12-2"],
        "lon": pytest.approx(LON),
        "lat": pytest.approx(LAT),
    }
    assert (second["point"], second["unit"], second["national"], second["lon"] != second["lon"]) == (
        "P02", "350524", False, True,
    )  # fmt: skip

    record = workbook(
        VISITS,
        ["磁灶镇", "2025-12-03", 3, 1, "", "听取意见"],
        ["磁灶镇", date(2026, 1, 8), "", "", "推广到全县", "回访"],
        name="b.xlsx",
    )
    assert taken_in(known, record).visits == 2
    assert point_visits(known.engine, TODAY)[
        ["point", "visited_on", "found", "solved", "adopted", "words"]
    ].to_numpy().tolist() == [
        ["P01", date(2026, 1, 8), None, None, "推广到全县", "回访"],
        ["P01", date(2025, 12, 3), 3, 1, "", "听取意见"],
    ]
    assert prepare_points(known, SHAPES, record).already == stamp(known).seq


def test_a_renamed_point_keeps_its_key_and_goes_by_its_old_name(live, clock, workbook):
    taken_in(live, workbook(HEAD, CIZAO, OTHER))
    clock.set(date(2026, 2, 15))
    renamed = [2, "新名联系点", "样例联系点", "安溪县", "议事日"]
    path = workbook("序号 名称 曾用名 县（市、区） 试点内容".split(), renamed, name="b.xlsx")

    found = taken_in(live, path)

    now = AsOf(date(2026, 2, 15))
    assert (found.new, found.renamed) == ((), (("样例联系点", "新名联系点"),))
    assert [sentence(w) for w in found.warnings] == [
        "名册：库里的 1 个联系点名册里没有，照旧保留：磁灶镇。改了名的，请在“曾用名”列写上旧名。"
    ]
    assert list(points(live.engine, TODAY)["name"]) == ["磁灶镇", "样例联系点"]
    assert list(points(live.engine, now)["name"]) == ["磁灶镇", "新名联系点"]
    assert aliases(live.engine, now, "point").to_dict("records") == [{"alias": "样例联系点", "target": "P02"}]
    taken_in(live, workbook(VISITS, ["样例联系点", "2026-02-01", "", "", "", "走访"], name="c.xlsx"))
    assert list(point_visits(live.engine, now)["point"]) == ["P02"]


def shown(degree: float) -> str:
    """As a message has it, to six decimals."""
    return str(round(degree, 6))


def test_the_same_numbers_in_another_system_are_told(live, workbook):
    there = from_wgs84("BD-09", LON, LAT)
    taken_in(live, workbook(HEAD, [*CIZAO[:7], *there, "BD-09", ""], OTHER))

    found = prepare_points(live, SHAPES, workbook(HEAD, [*CIZAO[:7], *there, "GCJ-02", ""], OTHER))

    (said,) = (sentence(w) for w in found.warnings if "坐标数字" in w.rule)
    begins, _, ends = said.partition("位置会移动 ")
    assert begins == "1 个联系点：坐标数字没有变，坐标系从 BD-09 变成 GCJ-02，"
    assert ends.endswith(" 米左右（磁灶镇）。请核对写的是不是对的坐标系。")
    assert 500 < int(ends.split()[0]) < 1000  # what the second of the two shifts moves a place here


def test_how_far_points_move_and_how_many_have_no_coordinates_is_told(live, workbook):
    there = from_wgs84("GCJ-02", LON, LAT)
    found = prepare_points(live, SHAPES, workbook(HEAD, [*CIZAO[:7], *there, "GCJ-02", ""], OTHER))

    far = (
        math.hypot((there[0] - LON) * math.cos(math.radians(LAT)), there[1] - LAT) * 111_200
    )  # of a round earth
    says = re.fullmatch(
        r"联系点名册：2 个。没有坐标 1 个。GCJ-02 换算到 WGS-84，移动 (\d+) 到 \1 米（中位 \1 米）。",
        next(iter(told(found))),
    )
    assert says
    assert int(says[1]) == pytest.approx(far, abs=3)


def test_a_column_the_roster_does_not_have_leaves_what_is_known_and_new_points_take_free_numbers(
    live, workbook
):
    lon, lat = from_wgs84("GCJ-02", LON, LAT)
    taken_in(live, workbook(HEAD, [*CIZAO[:7], lon, lat, "高德", ""], OTHER))
    short = "名称 县（市、区） 试点内容".split()

    found = taken_in(
        live, workbook(short, ["新设联系点", "石狮", "议事"], ["磁灶镇", "晋江", "新内容"], name="b.xlsx")
    )

    assert [sentence(w) for w in found.warnings] == [
        "1 个联系点：这次没有写坐标，沿用库里的坐标（磁灶镇）。",
        "名册：库里的 1 个联系点名册里没有，照旧保留：样例联系点。改了名的，请在“曾用名”列写上旧名。",
    ]
    rows = {row["name"]: row for row in points(live.engine, TODAY).to_dict("records")}
    assert {name: row["point"] for name, row in rows.items()} == {
        "磁灶镇": "P01", "样例联系点": "P02", "新设联系点": "P03",
    }  # fmt: skip
    kept = rows["磁灶镇"]
    assert {
        k: kept[k] for k in "town national tests measures lon lat datum lon_as_given lat_as_given".split()
    } == {
        "town": "350582102",
        "national": True,
        "tests": "新内容",
        "measures": ["5-12-1", "5-12-2"],
        "lon": pytest.approx(LON),
        "lat": pytest.approx(LAT),
        "datum": "GCJ-02",
        "lon_as_given": pytest.approx(lon, abs=1e-9),
        "lat_as_given": pytest.approx(lat, abs=1e-9),
    }
    assert rows["新设联系点"]["datum"] == ""


MOVING = "编号 名称 曾用名 县（市、区） 试点内容".split()


def test_no_known_point_goes_to_another_unit_unless_its_former_name_is_told(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    before = rows_of(live)

    assert refusals(live, workbook(MOVING, ["P01", "磁灶镇", "", "石狮", "报表精简"], name="b.xlsx")) == [
        "表!D2：库里“磁灶镇”在晋江市，写的是“石狮”。写错了请改正；确实换了单位的，请在“曾用名”列写上原来的名称“磁灶镇”；"
        "是另一个联系点的，请换一个编号。",
        "共 1 处问题，没有入库任何内容。",
    ]
    assert rows_of(live) == before
    found = taken_in(live, workbook(MOVING, ["", "磁灶镇", "磁灶镇", "石狮", "报表精简"], name="c.xlsx"))

    assert found.warnings == []
    assert list(told(found)) == [
        "联系点名册：1 个。没有坐标 1 个。",
        "换单位 1 个：磁灶镇 晋江市 → 石狮市。",
        "改动 1 个（镇街 1、坐标 1）。",
        f"  磁灶镇：镇街 磁灶镇 → 空；坐标 {shown(LON)},{shown(LAT)}（WGS-84） → 空",
    ]
    (row,) = points(live.engine, TODAY).to_dict("records")
    assert (row["point"], row["unit"], row["town"], row["lon"] != row["lon"]) == ("P01", "350581", "", True)


def test_a_name_in_another_unit_is_another_point_and_a_visit_tells_them_apart(live, workbook):
    taken_in(live, workbook(MOVING, ["T-1", "新华社区", "", "晋江市", "甲"], ["", "丙村", "", "安溪", "丁"]))

    found = taken_in(live, workbook(MOVING, ["S-7", "新华社区", "", "石狮市", "乙"], name="b.xlsx"))
    unsigned = taken_in(
        live, workbook(MOVING[1:], ["丙村", "", "德化", "戊"], ["丙村", "", "永春", "戊"], name="c.xlsx")
    )

    assert found.new == ("新华社区",)
    assert [sentence(w) for w in unsigned.warnings if "丙村" in w.rule and "新的" in w.rule] == [
        f"表!C{row}：库里的“丙村”在安溪县，这一行按另一个新的联系点入库，写的是“{unit}”。"
        "写错了单位请改正；是同一个、换了单位的，请在“曾用名”列写上“丙村”。"
        for row, unit in ((2, "德化"), (3, "永春"))
    ]
    assert points(live.engine, TODAY)[["point", "name", "unit", "tests"]].to_numpy().tolist() == [
        ["P01", "新华社区", "350582", "甲"],
        ["P02", "丙村", "350524", "丁"],
        ["P03", "新华社区", "350581", "乙"],
        ["P04", "丙村", "350526", "戊"],
        ["P05", "丙村", "350525", "戊"],
    ]
    assert refusals(live, workbook(COUNTS, ["新华社区", "2026-01-02", 1, 0], name="d.xlsx")) == [
        "表!A2：库里有 2 个叫这个名称的联系点，写的是“新华社区”。请改写编号：晋江市的是 T-1、石狮市的是 S-7。",
        "共 1 处问题，没有入库任何内容。",
    ]
    taken_in(live, workbook(COUNTS, ["S-7", "2026-01-02", 1, 0], name="e.xlsx"))
    assert list(point_visits(live.engine, TODAY)["point"]) == ["P03"]
    # A roster of both finds each in its unit; a former name that two have says nothing.
    both = ["", "新华社区", "", "石狮", "丙"], ["", "新华社区", "", "晋江", "甲"]
    again = taken_in(live, workbook(MOVING, *both, name="f.xlsx"))
    assert list(told(again)) == [
        "联系点名册：2 个。没有坐标 2 个。", "改动 1 个（试点内容 1）。", "  新华社区（石狮市）：试点内容 乙 → 丙",
    ]  # fmt: skip
    assert refusals(live, workbook(MOVING, ["", "新村", "新华社区", "南安", "丙"], name="g.xlsx")) == [
        "表!C2：库里有 2 个叫“新华社区”的联系点，分不清是哪一个。请写上它的编号。",
        "共 1 处问题，没有入库任何内容。",
    ]


def test_what_a_roster_tells_otherwise_of_known_points_is_said(known, workbook):
    taken_in(known, workbook(HEAD, CIZAO, OTHER))
    blank = [*CIZAO[:4], "", "报表改了", "", "", "", "", ""]

    found = taken_in(known, workbook(HEAD, blank, OTHER, name="b.xlsx"))

    assert list(told(found)) == [
        "联系点名册：2 个。没有坐标 2 个。",
        "改动 1 个（级别 1、试点内容 1、试点措施 1、坐标 1）。",
        "  磁灶镇：级别 中央社会工作部观察联系点 → 其他；试点内容 报表精简 → 报表改了；"
        f"试点措施 5-12-1、5-12-2 → 空；坐标 {shown(LON)},{shown(LAT)}（WGS-84） → 空",
    ]
    (row, _) = points(known.engine, TODAY).to_dict("records")
    assert (row["measures"], row["lon"] != row["lon"]) == ([], True)
    same = taken_in(known, workbook(HEAD, blank, OTHER, ["", "", "", ""], name="c.xlsx"))
    assert list(told(same)) == ["联系点名册：2 个。没有坐标 2 个。", "与库里的一样，没有变化。"]


def test_of_many_changed_points_ten_are_listed_and_of_many_not_named_ten(live, workbook):
    names = [f"{letter}社区" for letter in "甲乙丙丁戊己庚辛壬癸子丑"]
    head = "名称 县（市、区） 试点内容".split()
    taken_in(live, workbook(head, *([name, "晋江", "旧"] for name in names)))

    found = taken_in(live, workbook(head, *([name, "晋江", "新"] for name in names), name="b.xlsx"))
    one = taken_in(live, workbook(head, ["别处联系点", "石狮", "新"], name="c.xlsx"))

    assert list(told(found))[1:] == [
        "改动 12 个（试点内容 12）。",
        *(f"  {name}：试点内容 旧 → 新" for name in names[:10]),
        "  还有 2 个没有逐个列出。",
    ]
    assert [sentence(w) for w in one.warnings] == [
        f"名册：库里的 12 个联系点名册里没有，照旧保留：{'、'.join(names[:10])} 等。改了名的，请在“曾用名”列写上旧名。"
    ]


def test_a_point_goes_by_several_former_names_and_one_nobody_knows_is_said(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO, OTHER))
    head = "名称 曾用名 县（市、区） 试点内容".split()
    path = workbook(
        head,
        ["新名联系点", "试点一号、样例联系点", "安溪", "议事日"],
        [*CIZAO[1:2], "", "晋江", "报表"],
        name="b.xlsx",
    )

    found = taken_in(live, path)

    assert found.renamed == (("样例联系点", "新名联系点"),)
    assert (
        "表!B2：库里没有叫“试点一号”的联系点，写的是“试点一号、样例联系点”。写错了的请改正；确实用过这个名称的照收，以后也认得。"
        in [sentence(w) for w in found.warnings]
    )
    assert aliases(live.engine, TODAY, "point").to_dict("records") == [
        {"alias": "样例联系点", "target": "P02"},
        {"alias": "试点一号", "target": "P02"},
    ]
    taken_in(live, workbook(VISITS, ["试点一号", "2026-01-02", "", "", "", "走访"], name="c.xlsx"))
    assert list(point_visits(live.engine, TODAY)["point"]) == ["P02"]


def test_two_rows_of_one_point_are_problems_at_their_cells_and_leave_nothing_behind(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO, OTHER))
    head = "名称 编号 曾用名 县（市、区） 试点内容".split()
    before = rows_of(live), stamp(live)

    assert refusals(
        live,
        workbook(
            head, ["磁灶镇", "", "", "晋江", "报表"], ["某村", "P01", "", "晋江", "报表"], name="b.xlsx"
        ),
    ) == [
        "表!A2：库里的联系点“磁灶镇”写了两次，表!A3 也有，写的是“磁灶镇”。请只留一行。",
        "表!A3：库里的联系点“磁灶镇”写了两次，表!A2 也有，写的是“某村”。请只留一行。",
        "表!B3：编号是本系统给“磁灶镇”的，名称却没有见过，写的是“P01”。"
        "是它改了名的，请在“曾用名”列写上“磁灶镇”；是新的联系点，请换一个编号，或清空它。",
        "共 3 处问题，没有入库任何内容。",
    ]
    wrong = ["样例联系点", "P01", "", "安溪", "报表"], ["某村", "P02", "磁灶镇", "晋江", "报表"]
    assert refusals(live, workbook(head, *wrong, name="c.xlsx")) == [
        "表!B2：编号是库里的“磁灶镇”，名称却是库里的另一个联系点，写的是“P01”。请改正编号或名称。",
        "表!C3：曾用名是库里的“磁灶镇”，这一行却是“样例联系点”，写的是“磁灶镇”。请改正曾用名，或清空它。",
        "共 2 处问题，没有入库任何内容。",
    ]
    both = ["甲村", "", "旧村", "晋江", "报表"], ["乙村", "", "旧村", "晋江", "报表"]
    assert refusals(live, workbook(head, *both, name="d.xlsx")) == [
        "表!C2：曾用名“旧村”写了两次，表!C3 也有，写的是“旧村”。请只留一行。",
        "表!C3：曾用名“旧村”写了两次，表!C2 也有，写的是“旧村”。请只留一行。",
        "共 2 处问题，没有入库任何内容。",
    ]
    assert (rows_of(live), stamp(live)) == before


def test_one_visit_under_an_old_and_a_new_name_is_a_problem_at_both_cells(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO, OTHER))
    head = "名称 曾用名 县（市、区） 试点内容".split()
    taken_in(live, workbook(head, ["新名联系点", "样例联系点", "安溪", "议事日"], name="b.xlsx"))
    before = rows_of(live)

    record = workbook(
        VISITS,
        ["样例联系点", "2026-01-02", 1, "", "", "走访"],
        ["新名联系点", "2026-01-02", 2, "", "", "走访"],
        ["新名联系点", "2026-01-03", 2, "", "", "走访"],
        name="c.xlsx",
    )
    assert refusals(live, record) == [
        "表!B2：同一天的走访写了两次，表!B3 也有，写的是“2026-01-02”。请只留一行。",
        "表!B3：同一天的走访写了两次，表!B2 也有，写的是“2026-01-02”。请只留一行。",
        "共 2 处问题，没有入库任何内容。",
    ]
    assert rows_of(live) == before


def test_what_an_import_that_was_cut_off_left_behind_is_sent_back(live, workbook):
    path = workbook(HEAD, CIZAO)
    left = receive(live, CONSOLE, prepare_points(live, SHAPES, path).draft)

    taken_in(live, path)

    with live.engine.connect() as connection:
        states = connection.execute(
            select(Return.id, Return.state).where(Return.kind == "points").order_by(Return.id)
        ).all()
    assert states == [(left, "sent_back"), (left + 1, "accepted")]


def test_the_newest_file_of_points_is_taken_back_with_a_reason(live, clock, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    clock.set(date(2026, 2, 15))
    taken_in(live, workbook(HEAD, CIZAO, OTHER, name="b.xlsx"))

    with pytest.raises(
        TakeBackError, match=r"^没有写撤回的原因：请用 --reason 写明，如 --reason 名册发错了一版。$"
    ):
        take_back_points(live, " ")
    done = take_back_points(live, "发错了")

    assert (done.file.file_name, done.next and done.next.file_name) == ("b.xlsx", "表.xlsx")
    assert list(points(live.engine, AsOf(date(2026, 2, 15)))["name"]) == ["磁灶镇"]
    assert take_back_points(live, "也不对").next is None
    with pytest.raises(TakeBackError, match=r"^正式库里没有联系点名册或走访记录可以撤回。"):
        take_back_points(live, "再来")


def test_every_problem_stands_at_its_cell_and_nothing_comes_in(known, workbook):
    before = rows_of(known), stamp(known)

    bad = [1, "", "晋江巿", "磁灶镇", "", "", "9-99-9", LAT, LON, "", ""]
    elsewhere = [2, "样例联系点", "石狮", "磁灶镇", "", "议事日", "报表", LON, LAT, "WGS-84", ""]
    again = [*OTHER[:2], "石狮", *OTHER[3:]]
    said = refusals(known, workbook(HEAD, bad, elsewhere, again))
    assert said[5].startswith("表!J2：有坐标，这一行没有写坐标系。请写 WGS-84、CGCS2000、")
    assert said[4].startswith(f"表!H2：经度和纬度写反了，写的是“{shown(LAT)},{shown(LON)}”。")
    assert said[9].startswith("表!H3：坐标在石狮市的界外 ")
    assert said[9].endswith(f" 公里，落在晋江市，写的是“{shown(LON)},{shown(LAT)}”。{FAR}")
    assert [line for at, line in enumerate(said) if at not in (4, 5, 9)] == [
        "表!B2：名称不能为空。请补上。",
        "表!C2：没有叫“晋江巿”的填报单位。是不是 晋江市？",
        "表!F2：试点内容不能为空。请补上。",
        "表!G2：现行清单里没有措施 9-99-9，写的是“9-99-9”。请改正编号，如 5-12-1。",
        "表!B3：这个联系点写了两次，表!B4 也有，写的是“样例联系点”。请只留一行。",
        "表!D3：这个镇街属于晋江市，不属于石狮市，写的是“磁灶镇”。请改正镇街或单位。",
        "表!G3：“报表”不是措施的编号，写的是“报表”。请只写清单里的序号，几条用顿号隔开，如 5-12-1、5-12-2；没有的留空。",
        "表!B4：这个联系点写了两次，表!B3 也有，写的是“样例联系点”。请只留一行。",
        "共 11 处问题，没有入库任何内容。",
    ]
    record = workbook(
        VISITS,
        ["磁造镇", "2026-01-03", "约3", "", "", "听取意见"],
        ["磁造镇", "2027-01-03", "", "", "", "还没有去"],
        name="b.xlsx",
    )
    assert refusals(known, record) == [
        "表!A2：没有这个联系点，写的是“磁造镇”。请写名册里的名称；名册还没有导入的，请先导入。",
        "表!C2：发现问题应是整数，写的是“约3”。请写数出来的整数，如 3；一个也没有的写 0，没有记的留空。",
        "表!A3：没有这个联系点，写的是“磁造镇”。请写名册里的名称；名册还没有导入的，请先导入。",
        "表!B3：走访的日子还没有到，写的是“2027-01-03”。最晚写 2026-01-15。",
        "共 4 处问题，没有入库任何内容。",
    ]

    assert (rows_of(known), stamp(known)) == before


def test_a_file_with_both_tables_or_neither_is_one_sentence(live, workbook):
    both = workbook(HEAD, CIZAO, 走访=[VISITS, ["磁灶镇", "2026-01-03", 1, 1, "", "走访"]])

    assert refusals(live, both) == ["表.xlsx 里有名册，也有走访记录：请分成两个文件，先导入名册。"]
    assert refusals(live, workbook(["甲", "乙"], [1, 2], name="b.xlsx")) == [
        "b.xlsx 里没有找到表头：表头要有 名称、县（市、区）、试点内容 这几列，请补上或检查是不是选错了文件。"
        "如果是走访记录，表头要有 联系点、走访日期 这几列。"
    ]


def test_the_command_takes_in_roster_and_visits(workbook, tmp_path, monkeypatch, capsys):
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DASHBOARD_DEMO", "off")
    path = str(workbook(HEAD[:-1], CIZAO[:-1], OTHER[:-1]))

    assert main(["import-points", path, "--check"]) == 0
    told = f"提醒：表!E1：{LEVELS}\n联系点名册：2 个。没有坐标 1 个。\n新增 2 个：磁灶镇、样例联系点。\n"
    assert capsys.readouterr().out == f"{told}只检查，没有入库。\n"
    assert main(["import-points", path]) == 0
    assert capsys.readouterr().out == f"{told}已入库，序号 45。今天以前的日子仍按当时所知的显示。\n"
    assert main(["import-points", path]) == 0
    assert capsys.readouterr().out == "同一份文件已经入库（序号 45），没有再入库。\n"

    code = main(["withdraw-points", "--reason", "发错了"])
    today = datetime.now(SHANGHAI).date()
    assert (code, capsys.readouterr().out) == (
        0,
        "已撤回联系点文件“表.xlsx”（序号 45），序号 46。\n"
        f"从 {today} 起它不再算数，此前没有别的联系点文件；此前的日子仍按当时所知的显示。\n",
    )


def test_names_that_a_ledger_of_stations_accepts_are_accepted_in_a_roster(live, workbook):
    units = {
        "A村": ("台商投资区", ""),
        "B村": ("开发区", ""),
        "C村": ("晋江", "晋江市安海镇"),
        "D村": ("洛江", "万安街办"),
    }
    rows = [
        [at, name, *where, "", "试", "", "", "", "", ""] for at, (name, where) in enumerate(units.items(), 1)
    ]
    taken_in(live, workbook(HEAD, *rows))

    found = points(live.engine, AsOf(live.today())).set_index("name")
    named = {o.code: o.name for o in load(DATA).organisations}
    assert {name: (row.unit, named.get(row.town, "")) for name, row in found.iterrows()} == {
        "A村": ("QZ-TS", ""),
        "B村": ("QZ-KF", ""),
        "C村": ("350582", "安海镇"),
        "D村": ("350504", "万安街道"),
    }


def test_a_day_in_figures_of_double_width_is_read_and_told(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    found = taken_in(
        live, workbook(VISITS, ["磁灶镇", "２０２６年１月２日", "", "", "", "走访"], name="v.xlsx")
    )

    assert "表!B2：数字是全角的，按 2026-01-02 读取，写的是“２０２６年１月２日”。请核对。" in [
        sentence(w) for w in found.warnings
    ]


NUMBERED = "编号 名称 曾用名 县（市、区） 试点内容".split()


def test_the_offices_number_is_kept_and_points_are_found_by_it(live, clock, workbook):
    first = (
        ["LXD-7", "甲村", "", "晋江", "报表"],
        ["P01", "乙村", "", "晋江", "报表"],
        ["", "丙村", "", "石狮", "报表"],
    )
    taken_in(live, workbook(NUMBERED, *first))

    # A number that looks like one of our keys is the key; nobody else gets it.
    assert dict(points(live.engine, TODAY)[["name", "point"]].to_numpy()) == {
        "甲村": "P02", "乙村": "P01", "丙村": "P03",
    }  # fmt: skip
    assert aliases(live.engine, TODAY, "point_number").to_dict("records") == [
        {"alias": "lxd-7", "target": "P02"},
        {"alias": "p01", "target": "P01"},
    ]
    record = workbook(VISITS, ["ＬＸＤ－7", "2026-01-02", "", "", "", "走访"], name="v.xlsx")
    taken_in(live, record)
    assert list(point_visits(live.engine, TODAY)["point"]) == ["P02"]

    clock.set(date(2026, 2, 15))
    renamed = taken_in(live, workbook(NUMBERED, ["lxd-7", "丁村", "", "晋江", "报表"], name="b.xlsx"))
    assert (renamed.new, renamed.renamed) == ((), (("甲村", "丁村"),))


def test_a_number_told_twice_or_of_another_point_is_a_problem_at_its_cell(live, workbook):
    taken_in(
        live, workbook(NUMBERED, ["LXD-7", "甲村", "", "晋江", "报表"], ["LXD-8", "乙村", "", "晋江", "报表"])
    )
    before = rows_of(live), stamp(live)

    again = ["LXD-7", "甲村", "", "晋江", "报表"], ["lxd-7", "戊村", "", "晋江", "报表"]
    assert refusals(live, workbook(NUMBERED, *again, name="b.xlsx")) == [
        "表!A2：编号“LXD-7”写了两次，表!A3 也有，写的是“LXD-7”。一个联系点一个编号，请改正。",
        "表!A3：编号“LXD-7”写了两次，表!A2 也有，写的是“lxd-7”。一个联系点一个编号，请改正。",
        "共 2 处问题，没有入库任何内容。",
    ]
    others = ["LXD-7", "乙村", "", "晋江", "报表"], [date(2005, 12, 1), "己村", "", "晋江", "报表"]
    assert refusals(live, workbook(NUMBERED, *others, name="c.xlsx")) == [
        "表!A2：编号是库里的“甲村”，名称却是库里的另一个联系点，写的是“LXD-7”。请改正编号或名称。",
        "表!A3：Excel 把编号当成了日期，写的是“2005-12-01”。请把这一列的单元格格式设为“文本”，再重新写上。",
        "共 2 处问题，没有入库任何内容。",
    ]
    assert (rows_of(live), stamp(live)) == before


def test_a_number_that_only_counts_the_rows_is_none(live, workbook):
    found = taken_in(
        live, workbook(NUMBERED, [1, "甲村", "", "晋江", "报表"], [2, "乙村", "", "晋江", "报表"])
    )

    assert [sentence(w) for w in found.warnings] == [
        "表!A1：“编号”列只是 1、2、3 的行号，按序号处理，不用来认联系点。要按编号认联系点，请写不会随行变动的编号。"
    ]
    assert len(aliases(live.engine, TODAY, "point_number")) == 0


def merged_names(path: Path, cells: str) -> Path:
    """The file with these cells merged."""
    book = load_workbook(path)
    book["表"].merge_cells(cells)
    book.save(path)
    return path


def test_an_empty_point_of_a_visit_is_a_problem_and_a_merged_one_speaks_for_its_rows(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    rows = [VISITS, ["磁灶镇", "2026-01-02", 1, "", "", "走访"], ["", "2026-01-03", 2, "", "", "回访"]]

    assert refusals(live, workbook(*rows, name="b.xlsx")) == [
        "表!A3：没有写是哪个联系点。请每行都写联系点的名称；几行是同一个的，也可以把这几格合并。",
        "共 1 处问题，没有入库任何内容。",
    ]
    found = taken_in(live, merged_names(workbook(*rows, name="c.xlsx"), "A2:A3"))
    assert [sentence(w) for w in found.warnings] == [
        "表!A2：合并的单元格，第2、3行都按它读取，写的是“磁灶镇”。各行如有不同，请取消合并，分别填写。"
    ]
    assert list(point_visits(live.engine, TODAY)["visited_on"]) == [date(2026, 1, 3), date(2026, 1, 2)]

    rows[2][1] = "2026-01-02"
    rows[1][0] = "某村"
    assert refusals(live, merged_names(workbook(*rows, name="d.xlsx"), "A2:A3")) == [
        "表!A2：没有这个联系点，写的是“某村”。请写名册里的名称；名册还没有导入的，请先导入。",
        "共 1 处问题，没有入库任何内容。",
    ]
    rows[1][0] = "磁灶镇"
    assert refusals(live, merged_names(workbook(*rows, name="e.xlsx"), "A2:A3")) == [
        "表!B2：同一天的走访写了两次，表!B3 也有，写的是“2026-01-02”。请只留一行。",
        "表!B3：同一天的走访写了两次，表!B2 也有，写的是“2026-01-02”。请只留一行。",
        "共 2 处问题，没有入库任何内容。",
    ]


COUNTS = "联系点 走访日期 发现问题 解决问题".split()


def test_no_more_is_solved_by_any_day_than_was_found(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO, OTHER))
    # Solved later than found, over two files: as it should be.
    taken_in(
        live,
        workbook(COUNTS, ["磁灶镇", "2025-11-03", 5, 1], ["样例联系点", "2026-01-03", "", 2], name="b.xlsx"),
    )
    taken_in(live, workbook(COUNTS, ["磁灶镇", "2025-12-03", 0, 4], name="c.xlsx"))
    before = rows_of(live)

    advice = "请核对；解决的是更早发现的问题，请把发现它们的那次走访也写进记录（日期和发现问题）。"
    assert refusals(live, workbook(COUNTS, ["磁灶镇", "2025-12-20", 1, 2], name="d.xlsx")) == [
        f"表!D2：到 2025-12-20 为止累计解决 7 个，多于累计发现的 6 个，写的是“2”。{advice}",
        "共 1 处问题，没有入库任何内容。",
    ]
    # An earlier visit that is told otherwise takes from a later one what it solved.
    assert refusals(live, workbook(COUNTS, ["磁灶镇", "2025-11-03", 3, 1], name="e.xlsx")) == [
        f"表!C2：到 2025-12-03 为止累计解决 5 个，多于累计发现的 3 个，写的是“3”。{advice}",
        "共 1 处问题，没有入库任何内容。",
    ]
    assert rows_of(live) == before
    # In the order of days the same two rows are right.
    taken_in(
        live, workbook(COUNTS, ["磁灶镇", "2025-12-20", 1, 2], ["磁灶镇", "2025-10-20", 1, 0], name="f.xlsx")
    )


def test_what_nobody_said_was_found_is_told_and_not_refused(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))

    found = taken_in(live, workbook(COUNTS, ["磁灶镇", "2026-01-03", "", 2], name="b.xlsx"))

    assert [sentence(w) for w in found.warnings] == [
        "表!D2：到 2026-01-03 为止累计解决 2 个，多于累计发现的 0 个（1 次走访没有写发现几个），写的是“2”。"
        "请补上那几次走访发现了几个。"
    ]


def test_a_visit_told_again_is_said_and_a_column_that_is_not_there_leaves_what_is_known(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    taken_in(live, workbook(VISITS, ["磁灶镇", "2026-01-03", 3, 1, "推广到全县", "走访"], name="b.xlsx"))
    short = "联系点 走访日期 走访情况".split()

    same = taken_in(live, workbook(short, ["磁灶镇", "2026-01-03", "走访"], name="c.xlsx"))
    found = taken_in(live, workbook(short, ["磁灶镇", "2026-01-03", "听取意见"], name="d.xlsx"))

    assert list(told(same)) == ["走访记录：1 次。", "与库里的一样，没有变化。"]
    assert list(told(found)) == [
        "走访记录：1 次。",
        "其中 1 次库里已有、说法不同，按这一份重写（走访情况 1）。",
        "  磁灶镇 2026-01-03：走访情况 走访 → 听取意见",
    ]
    (row,) = point_visits(live.engine, TODAY).to_dict("records")
    assert (row["found"], row["solved"], row["adopted"], row["words"]) == (3, 1, "推广到全县", "听取意见")

    # A blank cell of a column that is there wipes what was said, which is told.
    wiped = taken_in(live, workbook(VISITS, ["磁灶镇", "2026-01-03", "", "", "", ""], name="e.xlsx"))
    assert list(told(wiped))[1:] == [
        "其中 1 次库里已有、说法不同，按这一份重写（发现问题 1、解决问题 1、推广情况 1、走访情况 1）。",
        "  磁灶镇 2026-01-03：发现问题 3 → 空；解决问题 1 → 空；推广情况 推广到全县 → 空；走访情况 听取意见 → 空",
    ]


def test_days_and_counts_of_visits_that_cannot_be_are_problems_at_their_cells(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    before = rows_of(live), stamp(live)
    days = "2026-01-16", "2014-12-31", "2025年12月", "2025-12底", "去年冬天", "", 45000
    counts = -1, 2.5, "无", 1001, "三个", "20260103", True

    record = workbook(
        VISITS,
        *(["磁灶镇", on, "", "", "", "走访"] for on in days),
        *(["磁灶镇", date(2025, 1, at), n, "", "", "走访"] for at, n in enumerate(counts, start=1)),
        ["磁灶镇", "2025-02-01", "", "", "3", "走访"],
        ["磁灶镇", "2025-02-02", "", "", "", "问了张三 13805951234"],
        name="b.xlsx",
    )

    way = "请写上走访的那一天，如 2026-03-05。"
    how = "请写数出来的整数，如 3；一个也没有的写 0，没有记的留空。"
    many = "请核对；几次走访合在一起的，请分次填写。"
    assert refusals(live, record) == [
        "表!B2：走访的日子还没有到，写的是“2026-01-16”。最晚写 2026-01-15。",
        "表!B3：走访的日子太早，写的是“2014-12-31”。最早写 2015-01-01，请核对年份。",
        f"表!B4：没有写明是哪一天，写的是“2025年12月”。{way}",
        f"表!B5：不是日期，写的是“2025-12底”。{way}",
        f"表!B6：不是日期，写的是“去年冬天”。{way}",
        f"表!B7：走访日期不能为空。{way}",
        f"表!B8：不是日期，写的是“45000”。{way}",
        f"表!C9：发现问题应是整数，写的是“-1”。{how}",
        f"表!C10：发现问题应是整数，写的是“2.5”。{how}",
        f"表!C11：发现问题应是整数，写的是“无”。{how}",
        f"表!C12：一次走访的发现问题超过 1000 个，写的是“1001”。{many}",
        f"表!C13：发现问题应是整数，写的是“三个”。{how}",
        f"表!C14：一次走访的发现问题超过 1000 个，写的是“20260103”。{many}",
        f"表!C15：发现问题应是整数，写的是“True”。{how}",
        "表!E16：推广情况只有一个数，写的是“3”。请写哪里推广了什么，如 推广到全县；没有的留空。",
        "表!F17：含身份证号或手机号码，写的是“138****34”。本系统不收个人信息，请删去号码。",
        "共 16 处问题，没有入库任何内容。",
    ]
    assert (rows_of(live), stamp(live)) == before


def test_nothing_was_taken_over_where_the_cell_says_so(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))

    found = taken_in(live, workbook(VISITS, ["磁灶镇", "2026-01-03", 1, 1, "暂无", "走访"], name="b.xlsx"))

    assert [sentence(w) for w in found.warnings] == [
        "表!E2：按没有推广读取，写的是“暂无”。没有推广的，这一格留空即可。"
    ]
    assert list(point_visits(live.engine, TODAY)["adopted"]) == [""]


NOT_YET = (
    "待推广", "拟推广", "拟在全市推广", "计划12月推广", "尚未推广到县里", "未形成经验", "无经验可推广", "正在总结提炼",
    "目前还没有推广", "不具备推广条件", "磁灶的做法拟在全县推广", "经验待进一步推广", "研究中", "下一步向全县推广",
    "待推广，已列入明年推广计划", "已列入全市推广计划",
)  # fmt: skip
NOTHING = "不适用", "×", "尚未推广。", "暂未推广"
TAKEN_OVER = (
    "推广到全县", "2个镇", "无纸化报表推广到全县", "未成年人保护做法编入县级指南", "将做法编入市级手册", "总结经验推广到安海镇",
    "已推广到3个镇，其余拟明年推广", "接待群众的做法推广到全县", "正在全县推广",
)  # fmt: skip


def test_what_is_meant_to_be_taken_over_or_was_not_is_no_take_over(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    said = [*NOT_YET, *NOTHING, *TAKEN_OVER]
    rows = (["磁灶镇", date(2025, 1, at), 1, 1, text, ""] for at, text in enumerate(said, start=1))

    found = taken_in(live, workbook(VISITS, *rows, name="b.xlsx"))

    advice = {text: "还没有推广的，这一格留空即可；已经推广的，请写成“已推广到……”。" for text in NOT_YET}
    advice |= dict.fromkeys(NOTHING, "没有推广的，这一格留空即可。")
    assert [sentence(w) for w in found.warnings] == [
        f"表!E{row}：按没有推广读取，写的是“{text}”。{advice[text]}"
        for row, text in enumerate([*NOT_YET, *NOTHING], start=2)
    ]
    kept = point_visits(live.engine, TODAY).sort_values("visited_on")["adopted"]
    assert list(kept) == [*[""] * len(advice), *TAKEN_OVER]


def test_a_yes_says_not_where_to_and_what_stands_above_is_not_read(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    said = "是", "有", "√", "同上"
    rows = (["磁灶镇", date(2025, 1, at), 1, 1, text, ""] for at, text in enumerate(said, start=1))

    way = "请写推广到哪里或编入什么，如 推广到全县；没有的留空。"
    assert refusals(live, workbook(VISITS, *rows, name="b.xlsx")) == [
        *(
            f"表!E{at}：推广情况没有写推广到哪里，写的是“{text}”。{way}"
            for at, text in enumerate(said[:-1], start=2)
        ),
        f"表!E5：推广情况没有写在这一格里，写的是“同上”。{way}",
        "共 4 处问题，没有入库任何内容。",
    ]


def test_words_that_no_page_can_show_are_problems_at_their_cells(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    long = ["长" * 61, "好" * 60 + "、" + "旧" * 62, "晋江", "试" * 201]
    shorter = ["长" * 60, "", "晋江", "试" * 200]

    advice = "请写短一些，说明的话请放在不导入的列里，如“备注”。"
    assert refusals(live, workbook(MOVING[1:], long, shorter, name="b.xlsx")) == [
        f"表!A2：名称超过 60 个字，共 61 个字，写的是“{'长' * 39}…”。{advice}",
        f"表!B2：曾用名超过 60 个字，共 62 个字，写的是“{'好' * 39}…”。{advice}",
        f"表!D2：试点内容超过 200 个字，共 201 个字，写的是“{'试' * 39}…”。{advice}",
        "共 3 处问题，没有入库任何内容。",
    ]
    visit = ["磁灶镇", "2026-01-02", 1, 0, "推" * 201, "走" * 501]
    assert refusals(live, workbook(VISITS, visit, name="c.xlsx")) == [
        f"表!E2：推广情况超过 200 个字，共 201 个字，写的是“{'推' * 39}…”。{advice}",
        f"表!F2：走访情况超过 500 个字，共 501 个字，写的是“{'走' * 39}…”。{advice}",
        "共 2 处问题，没有入库任何内容。",
    ]


def test_blanks_rename_nothing_and_a_name_almost_known_is_told(live, workbook):
    rows = ["湖头样例联系点", "", "安溪", "甲"], ["磁灶样例联系点", "", "晋江", "乙"]
    taken_in(live, workbook(MOVING[1:], *rows))

    rows = ["湖头 样例联系点", "", "安溪", "甲"], ["磁灶样例联络点", "", "晋江", "乙"]
    found = taken_in(live, workbook(MOVING[1:], *rows, name="b.xlsx"))

    assert (found.renamed, found.changed, found.new) == ((), (), ("磁灶样例联络点",))
    assert [sentence(w) for w in found.warnings if w.place == "表!A3"] == [
        "表!A3：与库里的“磁灶样例联系点”相近，这一行按新的联系点入库，写的是“磁灶样例联络点”。"
        "是同一个的话，请在“曾用名”列写上“磁灶样例联系点”，或写上它的编号。"
    ]
    assert list(points(live.engine, TODAY)["name"]) == ["湖头样例联系点", "磁灶样例联系点", "磁灶样例联络点"]
    # Where the roster names both, they are two.
    both = workbook(MOVING[1:], *rows, ["磁灶样例联系点", "", "晋江", "乙"], name="c.xlsx")
    assert taken_in(live, both).warnings == []


def test_the_only_table_on_a_hidden_sheet_is_read_and_told(live, workbook):
    path = workbook(["泉州市委社会工作部"], 名册=[MOVING[1:], ["甲村", "", "晋江", "报表"]])
    book = load_workbook(path)
    book["名册"].sheet_state = "hidden"
    book.save(path)

    assert [sentence(w) for w in taken_in(live, path).warnings] == [
        "名册：这张工作表是隐藏的，要导入的表在里面，照常读取。请核对是不是要导入的那一张。",
        "表：这张工作表未读取、未保存。里面如有联系点或走访，请移到“名册”里。",
    ]


def test_rows_that_a_filter_hides_are_read_and_told(live, workbook):
    path = workbook(MOVING[1:], *([f"{n}号联系点", "", "晋江", "报表"] for n in range(1, 14)))
    book = load_workbook(path)
    for row in (*range(3, 14), 40):
        book["表"].row_dimensions[row].hidden = True
    book.save(path)

    found = taken_in(live, path)

    assert (found.points, [sentence(w) for w in found.warnings]) == (
        13,
        ["表：表里有 11 行是隐藏的（第3到13行），照常读取。筛选掉的行也会入库；不要的请删去。"],
    )


def test_slips_of_a_roster_are_told_as_what_they_are(live, workbook):
    head = "名称 县区 镇街 试点事项 经度 纬度 坐标系".split()
    rows = (
        ["甲村", "晋江市、石狮市", "", "报表", "", "", ""],
        ["乙村", "晋江", "磁灶镇、安海镇", "报表", "", "", ""],
        head,
        ["丙村", "晋江", "", "报表", LON, LAT, "高德"],
        ["丁村", "晋江", "", "报表", LON, LAT, ""],
    )

    assert refusals(live, workbook(head, *rows)) == [
        "表!B2：只能写一个单位，写的是“晋江市、石狮市”。一个联系点只属于一个单位，请只留一个；是几个联系点的，请分行写。",
        "表!C3：只能写一个镇街，写的是“磁灶镇、安海镇”。请只留联系点所在的一个。",
        "表!A4：又是一行表头，写的是“名称”。请删去这一行。",
        "表!G6：有坐标，这一行没有写坐标系。请写 WGS-84、CGCS2000、GCJ-02、BD-09 之一，如 GCJ-02（高德）。",
        "共 4 处问题，没有入库任何内容。",
    ]
    assert (
        refusals(
            live, workbook("名称 所在县（市、区） 试点事项".split(), ["甲村", "", "报表"], name="b.xlsx")
        )[0]
        == "表!B2：县（市、区）不能为空。请补上。"
    )


def test_headings_of_counts_and_a_time_beside_the_day_are_read(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    for at, solved in enumerate(("解决数", "已解决数")):
        head = ["联系点", "走访日期", "问题数", solved]
        rows = ["磁灶镇", f"2025-11-05 09:3{at}:00", 3 + at, 1], head
        assert refusals(live, workbook(head, *rows, name=f"{at}.xlsx")) == [
            "表!A3：又是一行表头，写的是“联系点”。请删去这一行。",
            "共 1 处问题，没有入库任何内容。",
        ]
        taken_in(live, workbook(head, rows[0], name=f"{at}b.xlsx"))
        (row,) = point_visits(live.engine, TODAY).to_dict("records")
        assert (row["visited_on"], row["found"], row["solved"]) == (date(2025, 11, 5), 3 + at, 1)


PILOTS = "名称 县（市、区） 试点内容 级别 试点措施".split()


def a_point(measures: object, level: str = "市级", name: str = "甲村") -> list[object]:
    return [name, "晋江", "报表", level, measures]


SPELLINGS = (
    "5-12-1、5-12-2",
    "5-12-1，5-12-2；5-12-1",
    "５－１２－１ 5-12-2",
    "5-12-1\n5-12-2",
    "5-12-1和5-12-2",
    "5—12—1/5-12-2",
)


@pytest.mark.parametrize("written", SPELLINGS)
def test_numbers_of_measures_are_read_in_every_spelling(live, workbook, written):
    taken_in(live, workbook(PILOTS, a_point(written)))

    assert list(points(live.engine, TODAY)["measures"]) == [["5-12-1", "5-12-2"]]


def test_every_piece_that_is_no_measure_is_named_and_a_day_is_excels(live, workbook):
    before = rows_of(live)
    excel = "Excel 把措施的编号当成了日期"
    text = "请把这一列的单元格格式设为“文本”，再重新写上。"
    only = "请只写清单里的序号，几条用顿号隔开，如 5-12-1、5-12-2；没有的留空。"
    told = {
        "5-12-1、报表精简、5-12": f"“报表精简”、“5-12”不是措施的编号，写的是“5-12-1、报表精简、5-12”。{only}",
        "5-12-1至5-12-2": f"“5-12-1至5-12-2”不是措施的编号，写的是“5-12-1至5-12-2”。{only}",
        "5-12-1、9-99-9": "现行清单里没有措施 9-99-9，写的是“5-12-1、9-99-9”。请改正编号，如 5-12-1。",
        date(2005, 12, 1): f"{excel}，写的是“2005-12-01”。原来写的是不是 5-12-1？{text}",
        date(1999, 12, 1): f"{excel}，写的是“1999-12-01”。{text}",
        38687: f"{excel}，写的是“38687”。原来写的是不是 5-12-1？{text}",
        "2005/12/1": f"{excel}，写的是“2005/12/1”。原来写的是不是 5-12-1？{text}",
        "5月12日": f"{excel}，写的是“5月12日”。{text}",
        "12月1日、5-12-2": f"{excel}，写的是“12月1日、5-12-2”。{text}",
        "2005年12月": f"{excel}，写的是“2005年12月”。原来写的是不是 5-12-1？{text}",
        "12-May": f"{excel}，写的是“12-May”。{text}",
    }

    said = refusals(live, workbook(PILOTS, *(a_point(m, name=f"村{n}") for n, m in enumerate(told))))

    assert said[:-1] == [f"表!E{row}：{line}" for row, line in enumerate(told.values(), start=2)]
    assert rows_of(live) == before


def test_a_level_is_national_by_its_words_and_one_that_nobody_knows_is_a_problem(live, workbook):
    levels = (
        "中央社会工作部",
        "国家级",
        "泉州市委社会工作部",
        "县级",
        "街道",
        "",
        "中央级",
        "中央层面",
        "全国试点",
    )
    found = taken_in(
        live, workbook(PILOTS, *(a_point("", level, f"村{n}") for n, level in enumerate(levels)))
    )
    assert list(points(live.engine, TODAY)["national"]) == [
        True, True, False, False, False, False, True, True, True,
    ]  # fmt: skip
    way = "不是的，请改写成 省级、市级 或 县级。"
    assert [sentence(w) for w in found.warnings] == [
        f"表!D1：{LEVELS}",
        f"表!D3：按中央社会工作部观察联系点显示，写的是“国家级”。{way}",
        f"表!D10：按中央社会工作部观察联系点显示，写的是“全国试点”。{way}",
    ]

    advice = "请写 中央社会工作部、省级、市级 或 县级；不知道的留空。"
    unknown = "是", "非中央", "央级"
    rows = (a_point("", level, f"庄{n}") for n, level in enumerate(unknown))
    assert refusals(live, workbook(PILOTS, *rows, name="b.xlsx"))[:-1] == [
        f"表!D{row}：不认识这个级别，写的是“{level}”。{advice}" for row, level in enumerate(unknown, start=2)
    ]


def test_the_samples_come_in_one_after_the_other(known):
    roster = taken_in(known, DATA / "samples" / "联系点名册_样例.csv")
    record = taken_in(known, DATA / "samples" / "走访记录_样例.csv")

    assert (roster.points, record.visits) == (3, 4)
    assert [sentence(w) for w in roster.warnings] == [
        f"第3行“级别”列：{LEVELS}",
        "第5行“曾用名”列：库里没有叫“安海老样例联系点”的联系点。写错了的请改正；确实用过这个名称的照收，以后也认得。",
    ]
    assert record.warnings == []
    # The third visit names its point by the office's number.
    visited = point_visits(known.engine, TODAY).groupby("point").size()
    assert visited.to_dict() == {"P01": 2, "P02": 1, "P03": 1}
    assert {number for row in points(known.engine, TODAY)["measures"] for number in row} == {
        "5-12-1", "5-12-2", "5-12-3", "7-20-1",
    }  # fmt: skip


def test_a_number_that_takes_the_place_of_another_is_told(live, workbook):
    taken_in(live, workbook(NUMBERED, ["LXD-7", "甲村", "", "晋江", "报表"]))

    found = taken_in(live, workbook(NUMBERED, ["LXD-9", "甲村", "", "晋江", "报表"], name="b.xlsx"))

    assert [sentence(w) for w in found.warnings] == [
        "表!A2：“甲村”原来的编号是 LXD-7，以后几个都认得，写的是“LXD-9”。写错了的请改正。"
    ]


def test_a_file_of_another_kind_is_told_with_its_command(live, workbook):
    samples = DATA / "samples"
    ends = "，不是名册或走访记录：请用 dashboard"
    assert refusals(live, samples / "措施清单_样例.csv") == [
        f"措施清单_样例.csv 像是措施清单{ends} import-list 导入。"
    ]
    assert refusals(live, samples / "驿站台账_样例.csv") == [
        f"驿站台账_样例.csv 像是驿站台账{ends} import-stations 导入。"
    ]
    assert refusals(live, workbook(["联系点", "发现问题", "解决问题"], ["磁灶镇", 1, 1])) == [
        "表!第1行：表头缺少 “走访日期” 列，请补上或改成这个列名。"
    ]
    two = workbook(
        VISITS, ["磁灶镇", "2026-01-03", 1], name="b.xlsx", 二=[VISITS, ["磁灶镇", "2026-01-04", 1]]
    )
    assert refusals(live, two) == ["b.xlsx 里有 2 张表都像要导入的表：“表”、“二”，请只留一张。"]


def test_a_last_row_that_says_too_little_is_not_passed_over(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO))
    whole = ["磁灶镇", "2026-01-03", 1, 1, "", "走访"]
    tail = "请补上联系点、走访日期；只是说明的，请在前面写“注：”。"

    for at, (row, place) in enumerate((
        (["磁灶镇"], "A3：这一行没有写全，不算一次走访，写的是“磁灶镇”"),
        (["", "2026年1月4日"], "B3：这一行没有写全，不算一次走访，写的是“2026年1月4日”"),
    )):  # fmt: skip
        assert refusals(live, workbook(VISITS, whole, row, name=f"{at}.xlsx")) == [
            f"表!{place}。{tail}",
            "共 1 处问题，没有入库任何内容。",
        ]
    found = taken_in(live, workbook(VISITS, whole, ["", "", "", "", "", "回访"], ["注：样例"], name="b.xlsx"))
    assert [sentence(w) for w in found.warnings] == ["表!F3：表格下面的这一格不算一次走访，未读取。"]

    assert refusals(live, workbook(HEAD, CIZAO, ["", "某村"], ["注：样例"], name="c.xlsx")) == [
        "表!B3：这一行没有写全，不算一个联系点，写的是“某村”。请补上名称、县（市、区）、试点内容；只是说明的，请在前面写“注：”。",
        "共 1 处问题，没有入库任何内容。",
    ]


def test_an_unknown_point_is_told_with_the_nearest_and_with_what_nobody_sees(live, workbook):
    taken_in(live, workbook(HEAD, CIZAO, OTHER))
    rows = [["样列联系点", "2026-01-02", 1, 0], ["样列\u200b联系\u00a0点", "2026-01-03", 1, 0]]

    assert refusals(live, workbook(COUNTS, *rows, name="b.xlsx")) == [
        "表!A2：没有这个联系点，写的是“样列联系点”。是不是 样例联系点？",
        "表!A3：没有这个联系点，写的是“样列联系 点”。"
        "其中有看不见的字符 U+200B（零宽空格）、U+00A0（不间断空格）。是不是 样例联系点？",
        "共 2 处问题，没有入库任何内容。",
    ]
    # What differs in nothing but what nobody sees is the same.
    taken_in(live, workbook(COUNTS, ["样例\u200b联系\u00a0点", "2026-01-03", 1, 0], name="c.xlsx"))
