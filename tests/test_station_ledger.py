"""A ledger of stations from a file: all of it comes in under lasting keys, or nothing and every problem at its cell."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from conftest import Clock
from dashboard.catalogue import Catalogue
from dashboard.cli import main
from dashboard.config import DATA, ROOT, SETTINGS
from dashboard.datum import from_wgs84, to_wgs84
from dashboard.demo_places import SERVICES as DEMO_SERVICES
from dashboard.geo import Outline, bounds, inside, metres_outside, outlines
from dashboard.importers.refusals import RefusedError, sentence
from dashboard.importers.seed import seed_catalogue
from dashboard.importers.station_cells import PLAIN_STATE_WORDS
from dashboard.importers.station_import import Asked, Prepared, import_stations, prepare_stations
from dashboard.importers.station_ledger import COLUMNS
from dashboard.importers.station_services import SERVICES
from dashboard.importers.station_withdrawal import take_back_stations
from dashboard.importers.taking_back import TakeBackError
from dashboard.knowledge import AsOf
from dashboard.models import Base, Return
from dashboard.queries import aliases, station_events, stations
from dashboard.readouts.stations import by_unit, known_stations, station_ledgers
from dashboard.startup import OUTLINES
from dashboard.store import (
    SHANGHAI,
    SYSTEM,
    Actor,
    DoorError,
    Draft,
    FactDraft,
    Store,
    accept,
    open_store,
    receive,
    stamp,
    withdraw,
)

SHAPES = outlines(OUTLINES)
BY_CODE = {shape.code: shape for shape in SHAPES}
JINJIANG = "350582"
TODAY = date(2026, 1, 15)
WGS = "坐标系：WGS-84"
SECRET = "13905951234"

FAR = "超过 1 公里的不收：请核对坐标、坐标系和所属单位；一时核不清的，请先把坐标留空，照常计数。"


def labelled(code: str) -> tuple[float, float]:
    """A place well inside the outline of a county."""
    spot = BY_CODE[code].label
    assert inside(BY_CODE[code], spot)
    return spot


def a_station(name: str, **told: object) -> dict[str, object]:
    """A row of a ledger: open since May 2024 in 磁灶镇, in the middle of 晋江, unless it says otherwise."""
    lon, lat = labelled(JINJIANG)
    usual = {
        "名称": name,
        "镇街": "磁灶镇",
        "地址": f"{name}路1号",
        "经度": lon,
        "纬度": lat,
        "状态": "开放",
        "开放日期": "2024-05-01",
    }
    return usual | told


def cells_of(rows: tuple[dict[str, object], ...], above: tuple[str, ...]) -> list[list[object]]:
    head = list(dict.fromkeys(name for row in rows for name in row))
    return [*([line] for line in above), head, *([row.get(name, "") for name in head] for row in rows)]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """A CSV file as Chinese Excel writes it: a line for the coordinate system, the header, these rows."""

    def write(
        *rows: dict[str, object],
        above: tuple[str, ...] = (WGS,),
        name: str = "台账.csv",
        below: tuple[str, ...] = (),
    ) -> Path:
        out = io.StringIO(newline="")
        csv.writer(out).writerows([*cells_of(rows, above), *([line] for line in below)])
        path = tmp_path / name
        path.write_bytes(out.getvalue().encode("gb18030"))
        return path

    return write


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """The same as an xlsx file with one sheet, 台账."""

    def write(*rows: dict[str, object], above: tuple[str, ...] = (WGS,), name: str = "台账.xlsx") -> Path:
        book = Workbook()
        book.active.title = "台账"
        for row in cells_of(rows, above):
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def seeded(store: Store, catalogue: Catalogue) -> Store:
    """A store that knows units and towns on 15 January 2026, once on each database."""
    seed_catalogue(store, catalogue)
    return store


@pytest.fixture
def live(sqlite_database: str, catalogue: Catalogue, clock: Clock) -> Iterator[Store]:
    """The same on SQLite alone."""
    opened = open_store(sqlite_database, "live", clock)
    seed_catalogue(opened, catalogue)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def untouched(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same once, for files that are refused or only looked at: not one row of any table comes of them."""
    store = open_store(
        f"sqlite:///{tmp_path_factory.mktemp('untouched') / 'store.sqlite'}", "live", Clock(TODAY)
    )
    seed_catalogue(store, catalogue)
    before = rows_of(store), stamp(store)
    yield store
    assert (rows_of(store), stamp(store)) == before
    store.engine.dispose()


def rows_of(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in Base.metadata.tables.items()
        }


def looked_at(store: Store, path: Path, **asked: object) -> Prepared:
    return prepare_stations(store, SHAPES, path, Asked(**({"unit": JINJIANG} | asked)))  # type: ignore[arg-type]


def taken_in(store: Store, path: Path, **asked: object) -> Prepared:
    found = looked_at(store, path, **asked)
    import_stations(store, found)
    return found


def refusals(store: Store, path: Path, **asked: object) -> list[str]:
    """What it was refused for, line by line, without the last, which counts them."""
    with pytest.raises(RefusedError) as caught:
        looked_at(store, path, **asked)
    *lines, last = str(caught.value).split("\n")
    assert last == f"共 {len(lines)} 处问题，没有入库任何内容。"
    return lines


def warned(found: Prepared) -> list[str]:
    return [sentence(p) for p in found.warnings]


def listed(store: Store, day: date = TODAY) -> dict[str, dict[str, object]]:
    """Stations as of a day by name."""
    return {row["name"]: row for row in stations(store.engine, AsOf(day)).to_dict("records")}


def live_count(store: Store, name: str) -> int:
    """How many stations of the city are called so and open."""
    found = stations(store.engine, AsOf(TODAY))
    return int(((found["name"] == name) & (found["state"] == "opened")).sum())


def life(store: Store, name: str, day: date = TODAY) -> list[tuple[str, str]]:
    frame = station_events(store.engine, AsOf(day), str(listed(store, day)[name]["station"]))
    return [(event, on.isoformat()) for event, on in frame.itertuples(index=False)]


# --- what comes in ----------------------------------------------------------------------------------


def test_a_ledger_as_an_office_keeps_it_comes_in_whole(seeded, tmp_path):
    given = from_wgs84("GCJ-02", *labelled(JINJIANG))
    book = Workbook()
    book.active.title = "驿站"
    for row in (
        ["晋江市暖“新”驿站台账"],
        ["填报单位：晋江市", "", "", "坐标系：GCJ-02（高德）"],
        ["序号", "驿站名称", "驿站类别", "所属县（市、区）", "乡镇（街道）", "详细地址", "坐标（高德）", "",
         "服务项目", "营业时间", "管理单位", "运营状态", "生命线", "", "", "最近核查日期", "月服务人次", "联系人", "联系电话"],
        ["", "", "", "", "", "", "经度", "纬度", "", "", "", "", "计划", "建成", "启用日期", "", "", "", ""],
        [1, "磁灶暖“新”驿站", "党群服务中心", "晋江市", "磁灶镇", "磁灶路1号", round(given[0], 6), round(given[1], 6),
         "饮水、充电；休息/热饭", "24小时", "磁灶镇政府", "正常运营", date(2024, 1, 5), "2024年3月", "2024-05-01",
         date(2025, 12, 20), 320, "某某", SECRET],
        [2, "青阳暖“新”驿站", "商超门店", "", "青阳街道", "青阳路2号", "", "", "饮水 充电", "8:00—20:00", "某超市", "暂停", "",
         "", "2024/6/1", "", "", "某某", SECRET],
        ["合计", 2, "", "", "", "", "", "", "", "", "", "", "", "", "", "", 320],
        ["注：人次为上月数。"],
    ):  # fmt: skip
        book.active.append(row)
    for block in ("A1:S1", "G3:H3", "M3:O3", "A3:A4", "B3:B4", "D5:D6"):
        book.active.merge_cells(block)
    path = tmp_path / "驿站.xlsx"
    book.save(path)

    found = taken_in(seeded, path, unit="")

    assert warned(found) == [
        "1 个驿站：只写了状态，没有写日期，按台账的日子记（青阳暖“新”驿站）。知道确切日子的，请补在日期列里再导入一次。",
        "1 个驿站：没有坐标，照常计数和列出，地图上不画（青阳暖“新”驿站）。有坐标时再补。",
        "驿站：第18列“联系人”未读取、未保存。",
        "驿站：第19列“联系电话”未读取、未保存。",
        "驿站!N5：“建成日期”列有 1 格只写到月，按月末记（这一格是 2024-03-31）。知道哪一天的请写上。",
    ]
    first, second = listed(seeded).values()
    assert {k: first[k] for k in "station kind town services hours operator visits state".split()} == {
        "station": "350582-0001",
        "kind": "党群服务中心",
        "town": "350582102",
        "services": "饮水 充电 休息 热饭",
        "hours": "00:00-24:00",
        "operator": "磁灶镇政府",
        "visits": 320,
        "state": "opened",
    }
    assert (first["lon"], first["lat"]) == pytest.approx(labelled(JINJIANG), abs=2e-6)
    assert (second["lon"] != second["lon"], second["hours"], second["state"]) == (
        True,
        "08:00-20:00",
        "suspended",
    )
    assert life(seeded, "磁灶暖“新”驿站") == [
        ("planned", "2024-01-05"), ("built", "2024-03-31"), ("opened", "2024-05-01"),
    ]  # fmt: skip
    assert life(seeded, "青阳暖“新”驿站") == [("opened", "2024-06-01"), ("suspended", "2026-01-15")]


def test_the_place_as_given_and_its_system_are_kept(live, file):
    given = from_wgs84("BD-09", *labelled(JINJIANG))
    taken_in(live, file(a_station("磁灶驿站", 经度=given[0], 纬度=given[1]), above=("坐标系：百度BD-09",)))

    table = Base.metadata.tables["station"]
    with live.engine.connect() as connection:
        row = connection.execute(select(table)).mappings().one()
    assert (row["datum"], row["lon_as_given"], row["lat_as_given"]) == ("BD-09", *given)
    assert (row["lon"], row["lat"]) == pytest.approx(labelled(JINJIANG), abs=1e-6)


def test_no_person_reaches_the_store(live, workbook):
    taken_in(live, workbook(a_station("磁灶驿站", 联系人="某某", 联系电话=SECRET)))

    with live.engine.connect() as connection:
        (kept,) = connection.execute(select(Return.file_bytes).where(Return.kind == "stations")).scalars()
    sheet = load_workbook(io.BytesIO(kept))["台账"]
    told = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert "磁灶驿站" in told
    assert told & {"联系人", "联系电话", "某某", SECRET} == set()


def test_a_line_that_names_somebody_beside_the_system_is_read_and_not_kept(live, workbook):
    taken_in(live, workbook(a_station("磁灶驿站"), above=("填报人：某某  坐标系：WGS-84",)))

    with live.engine.connect() as connection:
        (kept,) = connection.execute(select(Return.file_bytes).where(Return.kind == "stations")).scalars()
    assert load_workbook(io.BytesIO(kept))["台账"]["A1"].value is None


@pytest.mark.parametrize("system", ["WGS-84", "CGCS2000", "GCJ-02", "BD-09"])
def test_a_system_is_told_by_a_column_a_line_the_heading_or_beside_the_file(untouched, file, system):
    lon, lat = from_wgs84(system, *labelled(JINJIANG))
    row = a_station("磁灶驿站", 经度=lon, 纬度=lat)
    headed = {f"{name}（{system}）" if name in ("经度", "纬度") else name: told for name, told in row.items()}
    ways = (
        (file(row | {"坐标系": system}, above=(), name="a.csv"), {}),
        (file(row, above=(), below=(f"注：1.坐标系：{system}。",), name="b.csv"), {}),
        (file(headed, above=(), name="c.csv"), {}),
        (file(row, above=(), name="d.csv"), {"system": system}),
    )

    for path, beside in ways:
        (fact,) = (f for f in looked_at(untouched, path, **beside).draft.facts if f.table == "station")
        assert fact.values["datum"] == system
        assert (fact.values["lon"], fact.values["lat"]) == pytest.approx(labelled(JINJIANG), abs=1e-6)


def test_one_column_may_hold_both_degrees(untouched, file):
    lon, lat = labelled(JINJIANG)
    row = {k: v for k, v in a_station("磁灶驿站").items() if k not in ("经度", "纬度")}

    for told in (f"{lon},{lat}", f"（{lon}，{lat}）", f"{lon} {lat}", f"东经{lon}°、北纬{lat}°"):
        (fact, _) = looked_at(untouched, file(row | {"坐标": told})).draft.facts
        assert (fact.values["lon"], fact.values["lat"]) == pytest.approx((lon, lat), abs=1e-6)


def test_a_line_may_say_the_system_in_other_words(untouched, file):
    for line in ("坐标系：GCJ-02（高德）", "备注：坐标取自高德地图。", "坐标系统为火星坐标系，其他说明略"):
        (station, _) = looked_at(untouched, file(a_station("一号驿站"), above=(line,))).draft.facts
        assert station.values["datum"] == "GCJ-02"


def test_sums_between_rows_and_numbered_empty_rows_are_no_stations(untouched, workbook):
    empty = dict.fromkeys(a_station(""), "")
    path = workbook(
        {"序号": 1, **a_station("一号驿站")},
        {"序号": "", **empty, "镇街": "磁灶镇小计", "地址": "1个"},
        {"序号": 2, **a_station("二号驿站")},
        {"序号": "小计", **empty, "名称": 2},
        {"序号": 3, **empty},
        {"序号": 4, **empty},
    )

    assert looked_at(untouched, path).changes.new == ("一号驿站", "二号驿站")


def test_names_that_begin_like_a_sum_are_stations(untouched, workbook):
    empty = dict.fromkeys(a_station(""), "")
    path = workbook(
        a_station("小计路驿站"),
        a_station("二号驿站"),
        {**empty, "名称": "合计驿站", "地址": "2个"},
        {**empty, "名称": "磁灶镇合计", "地址": "2个"},
        a_station("合计驿站"),
    )

    assert looked_at(untouched, path).changes.new == ("小计路驿站", "二号驿站", "合计驿站")


def test_last_rows_that_hold_a_name_alone_are_refused_like_those_in_the_middle(untouched, file):
    names = ("A站", "B站", "C站")
    rows = [{"名称": name, "镇街": "磁灶", "状态": "开放"} for name in names]
    rows[1:] = [{"名称": name} for name in names[1:]]

    told = "请写 开放、暂停、关闭、建成 或 计划，或写上开放日期；不知道的不能算开放。"
    assert refusals(untouched, file(*rows)) == [
        f"第4行“名称”列：不知道它的状态，写的是“B站”。{told}",
        f"第5行“名称”列：不知道它的状态，写的是“C站”。{told}",
    ]


@pytest.mark.parametrize(
    ("above", "below", "said"),
    [
        ("共有驿站12个", [], "A1 12"),
        ("晋江市共12个驿站，开放10个", [], "A1 12"),
        ("全市共建有暖“新”驿站 12 个。", [], "A1 12"),
        ("共2个驿站", [], ""),
        ("台账（共5个镇街）", [], ""),
        ("其中开放的共1个，磁灶镇共3个驿站", [], ""),
        ("台账", ["合计", "5个"], "B5 5"),
        ("台账", ["合 计", 5, "", "", "", "", "", 320], "B5 5"),
        ("台账", ["总计：5个驿站"], "A5 5"),
        ("台账", ["合计（个）", 2], ""),
        ("台账", ["合计", "", "", "", "", "", "", 320], ""),
        ("台账", ["磁灶镇小计", "1个"], ""),
        ("台账", ["共计5个"], "A5 5"),
    ],
)
def test_a_total_that_is_not_what_was_read_is_told_at_its_cell(untouched, workbook, above, below, said):
    path = workbook(
        a_station("一号", 坐标系="WGS-84"), a_station("二号", 坐标系="WGS-84", 地址="二"), above=(above,)
    )
    book = load_workbook(path)
    book.active.append(below)
    book.save(path)

    at, _, number = said.partition(" ")
    told = f"台账!{at}：表里写的合计是 {number} 个，读到 2 个驿站。请核对有没有漏写、多写的行，或改正合计。"
    assert warned(looked_at(untouched, path)) == ([told] if said else [])


def test_a_total_in_the_column_of_names_between_rows_is_held_against_them(untouched, workbook):
    empty = dict.fromkeys(a_station(""), "")
    total = {"序号": "合计", **empty, "名称": "7 个"}
    path = workbook({"序号": 1, **a_station("一号")}, total, {"序号": 2, **a_station("二号", 地址="二")})

    assert warned(looked_at(untouched, path)) == [
        "台账!B4：表里写的合计是 7 个，读到 2 个驿站。请核对有没有漏写、多写的行，或改正合计。"
    ]


def test_merged_cells_hold_for_the_last_rows_too(untouched, workbook):
    path = workbook(
        {"名称": "A站", "镇街": "磁灶", "状态": "开放"}, {"名称": "B站"}, {"名称": "C站"}, above=()
    )
    book = load_workbook(path)
    for block in ("B2:B4", "C2:C4"):
        book.active.merge_cells(block)
    book.save(path)

    found = looked_at(untouched, path)

    assert found.changes.new == ("A站", "B站", "C站")
    stations_in = [f.values for f in found.draft.facts if f.table == "station"]
    assert {values["town"] for values in stations_in} == {"350582102"}


def test_what_stands_below_and_what_is_hidden_is_told(untouched, workbook):
    path = workbook(*(a_station(f"{n}号驿站", 地址=f"{n}号") for n in "一二三四五"), {}, a_station("某某"))
    book = load_workbook(path)
    for cell in book.active[9][1:]:
        cell.value = None
    for row in (3, 5, 6, 7):
        book.active.row_dimensions[row].hidden = True
    book.save(path)

    found = looked_at(untouched, path)

    assert refusals(untouched, path, close_missing=True, reason="撤站") == [
        "--close-missing：第9行在表格下面，未读取，可能是驿站，会被当成台账里没有的关闭。"
        "是驿站的，请移到表格里，中间不留空行；不是的，请删去，或在前面写“注：”。"
    ]
    assert len(found.changes.new) == 5
    assert warned(found)[-2:] == [
        "台账：表里有 4 行是隐藏的（第3、5到7行），照常读取。筛选掉的行也会入库；不要的请删去。",
        "台账!A9：第9行在表格下面，未读取。是驿站的，请移到表格里，中间不留空行，并把各列填好。",
    ]


def test_quotation_marks_make_no_other_station(live, workbook):
    taken_in(live, workbook(a_station("磁灶暖“新”驿站")))

    found = looked_at(live, workbook(a_station('磁灶暖"新"驿站'), name="b.xlsx"))

    assert (found.changes.new, found.changes.missing, found.changes.renamed) == ((), (), ())


# --- coordinates that are none ------------------------------------------------------------------------


def test_coordinates_without_a_system_are_refused(untouched, file):
    path = file(a_station("磁灶驿站"), a_station("二号驿站"), above=("晋江市驿站台账",))

    assert refusals(untouched, path) == [
        "第2行：有坐标，没有写明坐标系。请在表格上方或下方写一行，如“坐标系：GCJ-02（高德）”，或加一列“坐标系”，"
        "或在命令里写 --datum。可以写 WGS-84、CGCS2000、GCJ-02、BD-09；手机定位和天地图是 WGS-84 或 CGCS2000，"
        "高德、腾讯是 GCJ-02，百度是 BD-09。"
    ]


def test_two_systems_for_one_file_are_refused(untouched, file):
    assert refusals(untouched, file(a_station("磁灶驿站"), above=("坐标系：GCJ-02",)), system="BD-09") == [
        "第1行第1列：坐标系与 --datum 写的 BD-09 不一致，写的是“GCJ-02”。请只留对的一个。"
    ]


def test_an_unknown_system_is_refused_at_its_cell(untouched, workbook):
    assert refusals(untouched, workbook(a_station("磁灶驿站", 坐标系="西安80"))) == [
        "台账!H3：不认识这个坐标系，写的是“西安80”。请写 WGS-84、CGCS2000、GCJ-02、BD-09 之一，如 GCJ-02（高德）。"
    ]


UNKNOWN = "不认识这个坐标系，写的是“{}”。请写 WGS-84、CGCS2000、GCJ-02、BD-09 之一，如 GCJ-02（高德）。"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("坐标系：西安80", "西安80"),
        ("坐标系为北京54坐标系。", "北京54坐标系"),
        ("填表说明 坐标系统：不清楚", "不清楚"),
        ("注：坐标取自谷歌地图", "谷歌"),
    ],
)
def test_a_line_with_a_system_nobody_knows_is_told_whatever_else_names_one(untouched, workbook, line, words):
    row = a_station("磁灶驿站")
    headed = {f"{name}（GCJ-02）" if name in ("经度", "纬度") else name: told for name, told in row.items()}

    assert refusals(untouched, workbook(row, above=(line,))) == [f"台账!A1：{UNKNOWN.format(words)}"]
    assert refusals(untouched, workbook(headed, above=(line,))) == [
        f"台账!A1：{UNKNOWN.format(words)}如果就是 台账!D2 写的 GCJ-02，请删去这一处。"
    ]
    assert refusals(untouched, workbook(row, above=(line,)), system="BD-09") == [
        f"台账!A1：{UNKNOWN.format(words)}如果就是 --datum 写的 BD-09，请删去这一处。"
    ]


def test_a_heading_with_a_system_nobody_knows_is_told(untouched, workbook):
    row = {"经度（西安80）" if name == "经度" else name: told for name, told in a_station("磁灶驿站").items()}

    assert refusals(untouched, workbook(row)) == [
        f"台账!D2：{UNKNOWN.format('西安80')}如果就是 台账!A1 写的 WGS-84，请删去这一处。"
    ]


def test_words_around_that_declare_no_system_are_no_problem(untouched, workbook):
    for line in (
        "注：没有坐标的驿站照常计数",
        "坐标系：",
        "坐标系为必填项",
        "坐标系：见“坐标系”列",
        "坐标由各镇街填写",
    ):
        path = workbook(a_station("磁灶驿站") | {"坐标系": "WGS-84"}, above=(line,))
        assert warned(looked_at(untouched, path)) == []
    row = {"经度（度）" if name == "经度" else name: told for name, told in a_station("磁灶驿站").items()}
    assert warned(looked_at(untouched, workbook(row))) == []


def test_rows_of_another_system_than_the_file_says_are_taken_as_they_say_and_told(untouched, workbook):
    lon, lat = labelled(JINJIANG)
    given = from_wgs84("BD-09", lon, lat)
    other = {"经度": given[0], "纬度": given[1], "坐标系": "百度"}
    path = workbook(
        a_station("一号驿站", 坐标系="WGS-84"),
        a_station("二号驿站", 地址="二", **other),
        a_station("三号驿站", 地址="三", **other),
    )

    found = looked_at(untouched, path)

    assert warned(found) == [
        "台账!H4：这一列有 2 行写的是 BD-09，与 台账!A1 写的 WGS-84 不一致，各按自己的一行算。请核对；只该有一种的，请改正。"
    ]
    places = [(f.values["lon"], f.values["lat"]) for f in found.draft.facts if f.table == "station"]
    assert places == [pytest.approx((lon, lat), abs=1e-6)] * 3


def test_bad_coordinates_are_told_each_at_its_cell_in_the_order_of_the_sheet(untouched, workbook):
    lon, lat = labelled(JINJIANG)
    path = workbook(
        a_station("写反驿站", 经度=24.9, 纬度=118.58),
        a_station("零驿站", 经度=0, 纬度=0),
        a_station("分秒驿站", 经度="118°35′12″", 纬度="24度49分30秒"),
        a_station("外地驿站", 经度=116.4, 纬度=39.9),
        a_station("半个驿站", 经度=lon, 纬度=""),
        a_station("另半个驿站", 经度="", 纬度=lat),
        a_station("说不清驿站", 经度="镇政府旁", 纬度=lat),
    )

    west, south, east, north = (round(degree, 1) for degree in bounds(SHAPES))
    swap = "请把两个数对调；整列都反了的，把“经度”“纬度”两个列名对调就行。"
    assert refusals(untouched, path) == [
        f"台账!D3：经度和纬度写反了，写的是“24.9,118.58”。{swap}",
        "台账!D4：坐标是零，写的是“0,0”。不知道坐标的，请两个都留空。",
        "台账!D5：坐标写成了度分秒（118°35′12″），写的是“118°35′12″”。请改写成十进制的度：118.586667。",
        "台账!E5：坐标写成了度分秒（24°49′30″），写的是“24度49分30秒”。请改写成十进制的度：24.825000。",
        "台账!D6：坐标不在泉州，写的是“116.4,39.9”。"
        f"泉州的经度在 {west} 到 {east} 之间，纬度在 {south} 到 {north} 之间，请改正。",
        "台账!E7：只有经度，没有纬度。请补上；不知道的两个都留空。",
        "台账!D8：只有纬度，没有经度。请补上；不知道的两个都留空。",
        "台账!D9：坐标不是数，写的是“镇政府旁”。请写成十进制的度，如经度 118.586，纬度 24.908。",
    ]


def test_figures_of_double_width_are_read_and_told_at_their_cell(live, workbook):
    lon, _ = labelled(JINJIANG)
    wide = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
    row = a_station(
        "磁灶驿站", 经度=f"{lon:.4f}".translate(wide), 开放日期="２０２４－０５－０１", 服务人次="３２０"
    )

    found = taken_in(live, workbook(row))

    assert warned(found) == [
        f"台账!D3：数字是全角的，按 {float(f'{lon:.4f}')} 读取，写的是“{row['经度']}”。请核对。",
        "台账!G3：数字是全角的，按 2024-05-01 读取，写的是“２０２４－０５－０１”。请核对。",
        "台账!H3：数字是全角的，按 320 读取，写的是“３２０”。请核对。",
    ]
    (station,) = listed(live).values()
    assert (station["lon"], station["visits"]) == (pytest.approx(lon, abs=1e-4), 320)


def shown(lon: float, lat: float) -> str:
    """Two degrees as a message has them, to six decimals."""
    return ",".join(str(round(degree, 6)) for degree in (lon, lat))


def beside(code: str, metres: float) -> tuple[float, float]:
    """A place so far west of the westernmost corner of an outline."""
    west = min(_corners(BY_CODE[code].polygon["coordinates"]))
    return west[0] - metres / 101_000, west[1]


def _corners(coordinates: list) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], float):
        yield coordinates[0], coordinates[1]
    else:
        for part in coordinates:
            yield from _corners(part)


def test_a_place_outside_of_its_unit_is_refused_from_a_kilometre_on_and_told_below(untouched, workbook):
    there = labelled("350526")
    near = beside("350526", 300)
    path = workbook(a_station("德化里的驿站", 经度=there[0], 纬度=there[1]))
    (said,) = refusals(untouched, path)
    assert said.startswith("台账!D3：坐标在晋江市的界外 ")
    assert said.endswith(f" 公里，落在德化县，写的是“{shown(*there)}”。{FAR}")

    row = a_station("边上的驿站", 镇街="浔中镇", 经度=near[0], 纬度=near[1])
    (said,) = warned(looked_at(untouched, workbook(row), unit="德化"))
    assert said == (
        f"台账!D3：坐标在德化县的界外 299 米，落在泉州市以外，写的是“{shown(*near)}”。"
        "界线经过简化，靠近边界的请核对后照收；许多个都在界外的，坐标系可能写错了。"
    )


def test_a_zone_is_held_against_the_outline_of_its_county(untouched, workbook):
    inside_huian, in_jinjiang = labelled("350521"), labelled(JINJIANG)
    row = a_station("台商驿站", 镇街="洛阳镇", 经度=inside_huian[0], 纬度=inside_huian[1])

    assert warned(looked_at(untouched, workbook(row), unit="QZ-TS")) == []
    row |= {"经度": in_jinjiang[0], "纬度": in_jinjiang[1]}
    (said,) = refusals(untouched, workbook(row), unit="QZ-TS")
    assert said.startswith("台账!D3：坐标在惠安县（泉州台商投资区在其中）的界外 ")
    assert " 公里，落在晋江市，" in said


def at_the_border(shape: Outline) -> list[tuple[float, float]]:
    """Places inside an outline, within half a kilometre of its corners."""
    found = []
    for lon, lat in dict.fromkeys(_corners(shape.polygon["coordinates"])):
        for east, north in ((a, b) for a in range(-4, 5) for b in range(-4, 5)):
            spot = (lon + east * 0.001, lat + north * 0.001)
            if inside(shape, spot):
                found.append(spot)
    return found


def test_a_system_declared_wrongly_is_asked_about_and_never_of_a_single_place(untouched, workbook):
    # Told as WGS 84 though it is GCJ-02, each stands half a kilometre off; those at the border are outside then.
    shape = BY_CODE["350583"]
    given = [from_wgs84("GCJ-02", *spot) for spot in at_the_border(shape)]
    outside = [spot for spot in given if not inside(shape, spot)][:12]
    assert len(outside) == 12
    rows = [
        a_station(f"{i}号驿站", 镇街="溪美街道", 经度=lon, 纬度=lat)
        for i, (lon, lat) in enumerate(outside, start=1)
    ]

    said = [w for w in warned(looked_at(untouched, workbook(*rows), unit="南安市")) if "界外" not in w]
    assert said == [
        "台账!第2行：坐标系写的是 WGS-84，有 0 个在本单位界内；按 GCJ-02 算，12 个里有 12 个在界内。"
        "坐标系可能写错了，请向提供坐标的人核对；没有核对以前仍按写的算。"
    ]
    (only,) = warned(looked_at(untouched, workbook(rows[0]), unit="南安市"))
    assert "界外" in only


def test_a_system_that_may_be_wrong_is_told_beside_the_places_it_puts_outside(untouched, workbook):
    # Told as BD-09 though it is WGS 84, each stands some 1.2 km off: the places are refused, and why is said with them.
    shape = BY_CODE[JINJIANG]
    far = [
        spot
        for spot in at_the_border(shape)
        if metres_outside(shape, to_wgs84("BD-09", *spot)) > 1010
    ]  # fmt: skip
    assert len(far) >= 12
    rows = [
        a_station(f"{i}号驿站", 地址=f"{i}", 经度=lon, 纬度=lat)
        for i, (lon, lat) in enumerate(far[:12], start=1)
    ]

    with pytest.raises(RefusedError) as caught:
        looked_at(untouched, workbook(*rows, above=("坐标系：BD-09",)))

    *errors, doubt, last = str(caught.value).split("\n")
    assert len(errors) == len(rows)
    assert all("坐标在晋江市的界外 1." in error for error in errors)
    assert doubt.startswith("提醒：台账!第2行：坐标系写的是 BD-09，有 0 个在本单位界内；按 ")
    assert last == f"共 {len(rows)} 处问题，没有入库任何内容。"


# --- the other cells ----------------------------------------------------------------------------------


def test_a_town_of_another_unit_names_it_and_an_unknown_one_what_is_near(untouched, workbook):
    path = workbook(
        a_station("一号驿站", 镇街="洛阳镇"),
        a_station("二号驿站", 镇街="磁造镇"),
        a_station("三号驿站", 镇街="磁\u200b造镇"),
        a_station("四号驿站", 镇街="", 地址="四号"),
    )

    assert refusals(untouched, path) == [
        "台账!B3：这个镇街属于泉州台商投资区，不属于晋江市，写的是“洛阳镇”。请改正镇街，或把这一行移到那个单位的台账里。",
        "台账!B4：晋江市没有叫“磁造镇”的镇街。是不是 磁灶镇？",
        "台账!B5：晋江市没有叫“磁造镇”的镇街。其中有看不见的字符 U+200B（零宽空格）。是不是 磁灶镇？",
    ]


def test_a_town_may_be_called_as_those_call_it_who_know_it(live, catalogue, workbook):
    rows = a_station("一号驿站", 镇街="磁灶"), a_station("二号驿站", 镇街="青阳")
    taken_in(live, workbook(*rows))
    (elsewhere,) = refusals(live, workbook(a_station("三号驿站", 镇街="洛阳")))

    found = stations(live.engine, AsOf(TODAY))
    named = {o.code: o.name for o in catalogue.organisations}
    assert {row.name: named[row.town] for row in found.itertuples()} == {
        "一号驿站": "磁灶镇",
        "二号驿站": "青阳街道",
    }
    assert "这个镇街属于泉州台商投资区，不属于晋江市，写的是“洛阳”" in elsewhere


def test_stations_whose_names_begin_like_a_note_are_read_at_the_end_of_the_ledger_too(live, workbook):
    names = "一号驿站", "共享驿站1号", "共富路88号驿站", "联系人民驿站", "共建点3号"
    found = taken_in(live, workbook(*(a_station(name, 地址=f"{name}旁") for name in names)))

    assert found.rows == len(names)
    assert set(stations(live.engine, AsOf(TODAY))["name"]) == set(names)


def test_a_row_of_another_unit_is_refused_at_its_cell(untouched, workbook):
    path = workbook(
        a_station("一号驿站", 单位="晋江市"),
        a_station("二号驿站", 单位="石狮"),
        a_station("三号", 单位="晋江巿"),
    )

    assert refusals(untouched, path)[0] == (
        "台账!H4：这一行不是晋江市的，写的是“石狮”。"
        "一份台账只收一个填报单位的驿站：请改正，或移到那个单位的台账里。"
    )
    assert refusals(untouched, path)[1] == "台账!H5：没有叫“晋江巿”的填报单位。是不是 晋江市？"


def test_nobody_says_whose_ledger_it_is(untouched, file):
    for unit, said in (
        (
            "",
            "第2行：没有写明是哪个填报单位的台账。请在命令里写 --unit，如 --unit 350582，或在表里加一列“县（市、区）”，"
            "或在表格上方写一行“填报单位：晋江市”。",
        ),
        ("晋江县", "--unit：没有这个填报单位，写的是“晋江县”。是不是 晋江市？"),
    ):
        with pytest.raises(RefusedError) as caught:
            looked_at(untouched, file(a_station("一号驿站")), unit=unit)
        assert str(caught.value) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("填报单位：惠按县", "没有叫“惠按县”的填报单位。是不是 惠安县？"),
        ("填报单位: 惠按县   填报人：某某", "没有叫“惠按县”的填报单位。是不是 惠安县？"),
        (
            "填报单位：惠\u200b按县",
            "没有叫“惠按县”的填报单位。其中有看不见的字符 U+200B（零宽空格）。是不是 惠安县？",
        ),
        (
            "填报单位：某某中心",
            "没有叫“某某中心”的填报单位。请写 13 个填报单位之一的全称、简称或代码，或在命令里写 --unit，如 --unit 350582。",
        ),
    ],
)
def test_a_line_by_which_no_unit_is_called_is_told_with_the_nearest(untouched, workbook, line, said):
    with pytest.raises(RefusedError) as caught:
        looked_at(untouched, workbook(a_station("一号驿站"), above=(WGS, line)), unit="")

    assert str(caught.value) == f"台账!A2：{said}"


def test_such_a_line_is_no_problem_where_the_unit_is_said_otherwise(untouched, workbook):
    office = workbook(a_station("一号驿站"), above=(WGS, "填报单位：磁灶镇党群服务中心"))
    column = workbook(a_station("一号驿站", 单位="晋江"), above=(WGS, "填报单位：惠按县"), name="b.xlsx")
    other = workbook(a_station("一号驿站"), above=(WGS, "填报单位：厦门市思明区"), name="c.xlsx")
    ends = "的填报单位，台账按晋江市的导入"

    assert warned(looked_at(untouched, office)) == []
    assert looked_at(untouched, column, unit="").unit == JINJIANG
    assert warned(looked_at(untouched, column, unit="")) == [
        f"台账!A2：没有叫“惠按县”{ends}。是不是 惠安县？"
    ]
    assert warned(looked_at(untouched, other)) == [
        f"台账!A2：没有叫“厦门市思明区”{ends}。请核对是不是选错了文件；不是的，请改正这一行。"
    ]


def test_a_column_by_which_no_unit_is_called_is_told_at_its_first_cell(untouched, workbook):
    with pytest.raises(RefusedError) as caught:
        looked_at(untouched, workbook(a_station("一号驿站", 单位="晋江巿")), unit="")

    assert str(caught.value) == "台账!H3：没有叫“晋江巿”的填报单位。是不是 晋江市？"


def test_the_same_station_twice_is_told_at_both_cells(untouched, workbook):
    path = workbook(
        a_station("一号驿站", 编号="A1"),
        a_station("二号驿站", 编号="A1", 地址="二号"),
        a_station("一号驿站", 编号="A3", 地址="另写一个地址"),
    )

    twice = "请删去一行；坐标写错了的请改正坐标；确实是两个驿站，请写出不同的名称，如加上“东门”“西门”。"
    assert refusals(untouched, path) == [
        f"台账!A3：与 台账!A5 同名，坐标相距不到 50 米，重复了，写的是“一号驿站”。{twice}",
        "台账!H3：编号重复，台账!H4 也用了，写的是“A1”。请改正编号。",
        "台账!H4：编号重复，台账!H3 也用了，写的是“A1”。请改正编号。",
        f"台账!A5：与 台账!A3 同名，坐标相距不到 50 米，重复了，写的是“一号驿站”。{twice}",
    ]


def test_of_many_that_are_one_each_is_told_once(untouched, workbook):
    said = refusals(untouched, workbook(*(a_station("一号驿站") for _ in range(4))))

    assert [line.partition("，写的是")[0] for line in said] == [
        "台账!A3：与 台账!A4 等 3 行同名，坐标相距不到 50 米，重复了",
        "台账!A4：与 台账!A3 同名，坐标相距不到 50 米，重复了",
        "台账!A5：与 台账!A3 同名，坐标相距不到 50 米，重复了",
        "台账!A6：与 台账!A3 同名，坐标相距不到 50 米，重复了",
    ]


LON, LAT = labelled(JINJIANG)
NOWHERE = {"经度": "", "纬度": ""}


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        # 49 m apart over the edge of a rounded degree, under other addresses.
        ({"地址": "东路"}, {"地址": "西路", "经度": LON + 0.00048}, "同名，坐标相距不到 50 米"),
        ({"地址": "某路1号"}, {"地址": "某路 1 号", "经度": LON + 0.003}, "同名同地址"),
        ({"地址": "某路1号"}, {"地址": "某路１号", **NOWHERE}, "同名同地址"),
        ({"地址": "", **NOWHERE}, {"地址": "", **NOWHERE}, "同名，没有写出不同的地方"),
        ({"地址": "某路1号"}, {"地址": "", **NOWHERE}, "同名，没有写出不同的地方"),
        ({"地址": "", "镇街": "", **NOWHERE}, {"地址": "某路1号"}, "同名，没有写出不同的地方"),
    ],
)  # fmt: skip
def test_two_of_one_name_that_do_not_stand_apart_are_one(untouched, workbook, one, other, why):
    said = refusals(untouched, workbook(a_station("驿站") | one, a_station("驿站") | other))

    assert [line.partition("，重复了")[0] for line in said] == [
        f"台账!A3：与 台账!A4 {why}",
        f"台账!A4：与 台账!A3 {why}",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"地址": "磁灶镇"}, {"地址": "磁灶镇", "经度": LON + 0.01}),  # a vague address a kilometre apart
        ({"地址": "东路"}, {"地址": "西路", **NOWHERE}),
        ({"地址": "", **NOWHERE}, {"地址": "", "镇街": "青阳街道", **NOWHERE}),
    ],
)  # fmt: skip
def test_two_of_one_name_that_stand_apart_are_two(untouched, workbook, one, other):
    found = looked_at(untouched, workbook(a_station("驿站") | one, a_station("驿站") | other))

    assert [name.partition("（")[0] for name in found.changes.new] == ["驿站", "驿站"]


def test_a_row_that_goes_by_the_former_name_of_another_is_refused_unless_it_stands_apart(untouched, workbook):
    renamed = a_station("甲驿站", 曾用名="乙驿站")

    assert refusals(untouched, workbook(renamed, a_station("乙驿站"))) == [
        "台账!A4：台账!H3 把它写成“甲驿站”的曾用名，两行是同一个驿站，写的是“乙驿站”。"
        "改了名的，请删去用旧名的这一行；没有改名的，请清空那个“曾用名”；用了旧名的新驿站，请写出不同的地址和坐标。"
    ]
    apart = looked_at(untouched, workbook(renamed, a_station("乙驿站", 经度=LON + 0.01)))
    assert warned(apart) == [
        "台账!A4：台账!H3 把它写成“甲驿站”的曾用名，两行地方不同，这一行按新驿站入库，写的是“乙驿站”。"
        "确实是另一个驿站就照收；是同一个的，请删去一行。"
    ]


def test_stations_of_one_vague_address_a_kilometre_apart_are_found_again_by_their_places(live, workbook):
    far = a_station("驿站", 地址="磁灶镇", 经度=LON + 0.01)
    taken_in(live, workbook(a_station("驿站", 地址="磁灶镇"), far))

    again = looked_at(
        live, workbook(far | {"服务内容": "饮水"}, a_station("驿站", 地址="磁灶镇"), name="b.xlsx")
    )
    assert [f.values["station"] for f in again.draft.facts if f.table == "station"] == [
        "350582-0002", "350582-0001",
    ]  # fmt: skip
    other = looked_at(live, workbook(a_station("新驿站", 地址="磁灶镇", 经度=LON + 0.02), name="c.xlsx"))
    assert [w for w in warned(other) if "可能是改名" in w] == []


def test_two_of_one_name_at_different_places_are_two(live, workbook):
    lon, _ = labelled(JINJIANG)
    path = workbook(a_station("驿站", 地址="东路"), a_station("驿站", 地址="西路", 经度=lon + 0.01))
    taken_in(live, path)
    again = looked_at(live, workbook(
        a_station("驿站", 地址="西路", 经度=lon + 0.01, 服务内容="饮水"), a_station("驿站", 地址="东路"), name="b.xlsx"
    ))  # fmt: skip

    assert [(f.values["station"], f.values["address"]) for f in again.draft.facts if f.table == "station"] == [
        ("350582-0002", "西路"), ("350582-0001", "东路"),
    ]  # fmt: skip
    (said,) = refusals(live, workbook(a_station("驿站", 地址="南路", 经度=lon - 0.01), name="c.xlsx"))
    assert said == (
        "台账!A3：库里有叫“驿站”的驿站（磁灶镇，东路，编号 350582-0001）、（磁灶镇，西路，编号 350582-0002），"
        "分不清是不是同一个。是库里的，请写上与库里相同的镇街和地址，或在“编号”列写它的编号；"
        "不是的，请把库里的它们也照库里的写进台账，这一行才是新的。"
    )


def test_of_two_of_one_name_in_two_towns_each_way_out_leads_out(live, workbook):
    lon, _ = labelled(JINJIANG)
    known = a_station("驿站", 地址="一路")
    new = a_station("驿站", 镇街="安海镇", 地址="二路", 经度=lon + 0.02)
    newer = a_station("驿站", 镇街="梅岭街道", 地址="三路", 经度=lon - 0.02)
    taken_in(live, workbook(known))

    said = refusals(live, workbook(new, newer, name="b.xlsx"))
    assert said[0].startswith(
        "台账!A3：库里有叫“驿站”的驿站（磁灶镇，一路，编号 350582-0001），台账里有 2 行，分不清是不是同一个。"
    )
    both = looked_at(live, workbook(known, new, name="c.xlsx"))
    assert both.changes.new == ("驿站（安海镇）",)
    assert (
        "台账!A4：库里已有叫“驿站”的驿站（磁灶镇，一路，编号 350582-0001），地方不同，这一行按新驿站入库。"
        "确实是另一个驿站就照收；是同一个的，请删去一行。"
    ) in warned(both)
    numbered = looked_at(live, workbook(new, newer | {"编号": "350582-0001"}, name="d.xlsx"))
    assert (numbered.changes.new, numbered.changes.changed[0].name) == (
        ("驿站（安海镇）",),
        "驿站（梅岭街道）",
    )


def test_other_cells_that_cannot_be_read(untouched, workbook):
    path = workbook(
        a_station(
            "一号驿站", 状态="半开", 开放时间="2024-05-01", 服务人次="约300", 最近核查="去年", 类型="一" * 21
        ),
        a_station("", 地址="某处"),
        a_station("三号驿站", 状态="", 开放日期=""),
        a_station("四号驿站", 开放日期="2026-01-16", 建成日期="2026-02"),
    )

    future = "晚于台账的日子 2026-01-15，写的是“{}”。这里只写已经发生的日子：请改正，还没有到的留空；"
    future += "台账如果是更晚的，请用 --on 写明它的日子。"
    assert refusals(untouched, path) == [
        "台账!F3：没有这种状态，写的是“半开”。请写 计划、建成、开放、暂停、关闭 之一。",
        "台账!H3：开放时间写的是日期，写的是“2024-05-01”。请写钟点，如 08:00-20:00；"
        "这一列如果是启用的日子，请把列名改为“开放日期”。",
        "台账!I3：服务人次应是整数，写的是“约300”。请写上数出来的数，如 320；没有数过的留空。",
        "台账!J3：不是日期，写的是“去年”。请写成 2024-05-01 或 2024年5月 的样子。",
        f"台账!K3：类型超过 20 个字，写的是“{'一' * 21}”。请只写类型，如 党群服务中心。",
        "台账!A4：名称不能为空。请补上驿站的名称。",
        "台账!A5：不知道它的状态，写的是“三号驿站”。请写 开放、暂停、关闭、建成 或 计划，或写上开放日期；"
        "不知道的不能算开放。",
        f"台账!G6：{future.format('2026-01-16')}",
        f"台账!L6：{future.format('2026-02')}",
    ]


def test_a_day_that_cannot_be_read_is_one_problem_and_what_follows_from_it_none(untouched, workbook):
    path = workbook(
        a_station("一号驿站", 状态="", 开放日期="去年"),
        a_station("二号驿站", 地址="二", 状态="", 开放日期="2027-01-01"),
        a_station("三号驿站", 地址="三", 关闭日期="2024-06-01", 恢复开放日期="后来"),
        a_station("四号驿站", 地址="四", 状态="", 开放日期=SECRET),
    )

    assert [line.partition("，写的是")[0] for line in refusals(untouched, path)] == [
        "台账!G3：不是日期。请写成 2024-05-01 或 2024年5月 的样子。".partition("。")[0],
        "台账!G4：晚于台账的日子 2026-01-15",
        "台账!I5：不是日期",
        "台账!G6：含身份证号或手机号码",
    ]


def test_the_number_a_program_keeps_for_a_day_is_told_with_the_day_it_is(untouched, workbook, file):
    wrong = (
        "是日期的序号，不是日期，写的是“45413”。在表格程序里它就是 2024-05-01："
        "请把这一列的单元格格式改为“日期”再保存，或直接写成 2024-05-01。"
    )

    assert refusals(untouched, workbook(a_station("一号驿站", 开放日期=45413))) == [f"台账!G3：{wrong}"]
    assert refusals(untouched, file(a_station("一号驿站", 开放日期="45413"))) == [
        f"第3行“开放日期”列：{wrong}"
    ]
    (said,) = refusals(untouched, workbook(a_station("一号驿站", 开放日期=20240501)))
    assert said == "台账!G3：不是日期，写的是“20240501”。请写成 2024-05-01 的样子。"


def test_words_for_a_state_that_need_a_judgement_are_each_told_once(untouched, workbook):
    told = ("装修中", "开放", "装修中", "未启用", "正常运营")
    found = looked_at(
        untouched,
        workbook(*(a_station(f"{i}号", 地址=f"{i}", 状态=word, 开放日期="") for i, word in enumerate(told))),
    )

    advice = "不对的，请写 计划、建成、开放、暂停、关闭 之一。"
    assert [w for w in warned(found) if "读（" in w] == [
        f"台账!F3：状态“装修中”按“暂停”读（2 行）。{advice}",
        f"台账!F6：状态“未启用”按“建成”读（1 行）。{advice}",
    ]


def test_the_readme_names_every_word_for_a_state_that_is_read_without_being_told():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (row,) = (line for line in readme.splitlines() if line.startswith("| 状态 |"))

    assert [word for word in sorted(PLAIN_STATE_WORDS) if not re.search(rf"[ (]{word}[ ,;)]", row)] == []


def test_a_town_that_is_near_to_one_of_another_unit_says_whose_that_is(untouched, workbook):
    (said,) = refusals(untouched, workbook(a_station("一号驿站", 镇街="溪\u3000美街到")))

    assert said == (
        "台账!B3：晋江市没有叫“溪 美街到”的镇街。其中有看不见的字符 U+3000（全角空格）。"
        "是不是 溪美街道（属于南安市）？是的，请把这一行移到那个单位的台账里。"
    )


HIDING = ("\u200b", "\u00a0", "\ufeff", "\u3000")


@pytest.mark.parametrize("hiding", HIDING)
def test_what_nobody_sees_in_a_name_makes_no_other_one(live, workbook, hiding):
    taken_in(live, workbook(a_station("一号驿站")))
    hidden = a_station(f"一号{hiding}驿站", 镇街=f"磁灶{hiding}镇", 单位=f"晋江{hiding}市")

    found = looked_at(live, workbook(hidden, name="b.xlsx"), unit=f"晋江{hiding}市")

    assert (found.changes.new, found.changes.missing, found.changes.renamed) == ((), (), ())


def test_what_nobody_sees_in_an_unknown_name_is_named(untouched, workbook):
    unit = "填报单位。其中有看不见的字符 U+200B（零宽空格）、U+FE0F（变体选择符）。是不是 晋江市？"
    (said,) = refusals(untouched, workbook(a_station("一号驿站", 单位="晋\u200b江\ufe0f市")))
    assert said.endswith(unit)
    with pytest.raises(RefusedError) as caught:
        looked_at(untouched, workbook(a_station("一号驿站")), unit="晋\u200b江县")
    assert str(caught.value) == (
        "--unit：没有这个填报单位，写的是“晋江县”。其中有看不见的字符 U+200B（零宽空格）。是不是 晋江市？"
    )


def test_a_service_of_more_than_twenty_characters_is_a_problem_at_its_cell(live, workbook):
    long = "免费饮水充电休息热饭急救药箱等多项便民服务"
    assert len(long) == 21

    assert refusals(live, workbook(a_station("一号驿站", 服务内容=f"饮水、{long}"))) == [
        f"台账!H3：一项服务超过 20 个字：{long}，写的是“饮水、{long}”。请一项一项写，用顿号隔开，如 饮水、充电、休息。"
    ]
    taken_in(live, workbook(a_station("一号驿站", 服务内容=f"饮水、{long[:20]}")))
    assert listed(live)["一号驿站"]["services"] == f"饮水 {long[:20]}"


def test_every_station_of_the_unit_is_counted_those_that_were_closed_before_among_them(live, workbook):
    shut = a_station("二号驿站", 地址="二", 状态="关闭", 关闭日期="2025-01-01")
    taken_in(
        live,
        workbook(a_station("一号驿站"), shut, a_station("三号驿站", 地址="三", 状态="计划", 开放日期="")),
    )

    found = taken_in(live, workbook(a_station("一号驿站"), name="b.xlsx"))

    assert found.changes.missing == ("三号驿站",)
    assert found.changes.by_state == (("planned", 1), ("opened", 1), ("closed", 1))
    closing = looked_at(
        live, workbook(a_station("一号驿站"), name="c.xlsx"), close_missing=True, reason="撤站"
    )
    assert closing.changes.by_state == (("opened", 1), ("closed", 2))


def test_visits_are_those_of_one_month_and_a_ledger_without_them_says_so(live, workbook):
    taken_in(
        live, workbook(a_station("一号驿站", 服务人次=320), a_station("二号驿站", 地址="二", 服务人次=""))
    )

    again = taken_in(live, workbook(a_station("一号驿站"), a_station("二号驿站", 地址="二"), name="b.xlsx"))

    assert [sentence(w) for w in again.warnings] == [
        "1 个驿站：台账没有“服务人次”列，库里的数是以前一个月的，不沿用（一号驿站）。"
        "有这个月的数，请补上这一列再导入一次。"
    ]
    assert [row["visits"] for row in listed(live).values()] == [None, None]


def test_days_out_of_order_and_states_against_them(untouched, workbook):
    path = workbook(
        a_station("一号驿站", 建成日期="2024-06-01"),
        a_station("二号驿站", 关闭日期="2025-01-01"),
        a_station("三号驿站", 状态="建成"),
        a_station("四号驿站", 状态="关闭", 关闭日期="2023-01-01"),
    )

    assert refusals(untouched, path) == [
        "台账!G3：开放日期早于建成日期 2024-06-01，写的是“2024-05-01”。请核对这两个日期。",
        "台账!F4：状态与日期矛盾：关闭日期是 2025-01-01，写的是“开放”。"
        "请改正状态或关闭日期；关闭以后又开放的，请在“恢复开放日期”列写上日子。",
        "台账!F5：状态与日期矛盾：开放日期是 2024-05-01，写的是“建成”。请改正状态或日期；还没有到的日期请留空。",
        "台账!I6：关闭日期早于开放日期 2024-05-01，写的是“2023-01-01”。请核对这两个日期。",
    ]


def test_a_number_of_a_person_in_a_needed_column_is_refused(untouched, workbook):
    assert refusals(untouched, workbook(a_station("一号驿站", 运营单位=f"某某 {SECRET}"))) == [
        "台账!H3：含身份证号或手机号码，写的是“139****34”。本系统不收个人信息，请删去号码。"
    ]


def test_many_decimals_are_no_number_of_a_person_and_a_mobile_among_coordinates_is(untouched, file):
    lon, lat = "118.52100000013905", "24.71134567890123"

    assert warned(looked_at(untouched, file(a_station("一号驿站", 经度=lon, 纬度=lat)))) == []
    assert (
        warned(looked_at(untouched, file(a_station("一号驿站", 经度="", 纬度="", 坐标=f"{lon}，{lat}"))))
        == []
    )
    (said,) = refusals(untouched, file(a_station("一号驿站", 经度=SECRET)))
    assert said.startswith("第3行“经度”列：含身份证号或手机号码")


def test_of_many_problems_the_first_fifty_are_told_and_the_rest_counted_by_kind(untouched, workbook):
    there = labelled("350526")
    rows = [a_station(f"{i}号驿站", 地址=f"{i}", 状态=f"半开{i}") for i in range(60)]
    rows += [
        a_station(f"远{i}号", 地址=f"远{i}", 镇街=f"无此镇{i}", 经度=there[0], 纬度=there[1])
        for i in range(3)
    ]

    with pytest.raises(RefusedError) as caught:
        looked_at(untouched, workbook(*rows))

    said = str(caught.value).split("\n")
    assert len(said) == 52
    assert [line.partition("：")[0] for line in said[:50]] == [f"台账!F{row}" for row in range(3, 53)]
    assert said[50:] == [
        "另有 16 处：没有这种状态 10、晋江市没有叫“…”的镇街 3、" + said[50].rpartition("、")[2],
        "共 66 处问题，没有入库任何内容。",
    ]
    assert re.fullmatch(r"坐标在晋江市的界外 [\d.]+ 公里 3。", said[50].rpartition("、")[2])


def test_nothing_of_a_refused_ledger_reaches_the_store(seeded, workbook):
    before = rows_of(seeded), stamp(seeded)

    refusals(seeded, workbook(*(a_station(f"{i}号驿站") for i in range(30)), a_station("", 地址="某处")))

    assert (rows_of(seeded), stamp(seeded)) == before


def test_a_header_with_nothing_below_it(untouched, file):
    assert refusals(untouched, file({"名称": "", "地址": "", "状态": ""})) == [
        "第2行：表头下面没有一个驿站。请在表头下面逐行填写，一个驿站一行；也请检查是不是选错了文件。"
    ]


# --- what stands around the table, and other files ----------------------------------------------------


def test_a_line_that_names_the_unit_is_read_and_another_one_is_refused(untouched, workbook):
    row = a_station("一号驿站")
    for line in (
        "填报单位：晋江市",
        "填报单位（盖章）：泉州市晋江市委社会工作部 填报日期：2026年1月",
        "报送单位: 350582",
    ):
        assert looked_at(untouched, workbook(row, above=(WGS, line)), unit="").unit == JINJIANG
        assert warned(looked_at(untouched, workbook(row, above=(WGS, line)))) == []
    for line, words in (
        ("填报单位：石狮市", "石狮市"),
        ("填报单位：石狮市委社会工作部 填报人：某某", "石狮市委社会工作部"),
    ):
        assert refusals(untouched, workbook(row, above=(WGS, line))) == [
            f"台账!A2：这一行写的填报单位是{words}，台账却按晋江市的导入。请改正这一行，或改 --unit；也请检查是不是选错了文件。"
        ]
    for line in ("填报单位：磁灶镇", "填报单位：", "填报单位统一填写全称"):
        assert warned(looked_at(untouched, workbook(row, above=(WGS, line)))) == []


def test_a_line_that_tells_another_day_than_the_ledger_is_taken_for_is_told(untouched, workbook):
    row = a_station("一号驿站")
    for line, day, ends in (
        ("截至2025-10-31", "2025-10-31", "2025-10-31"),
        ("（数据截止时间：2025年10月）", "2025年10月", "2025-10-31"),
    ):
        assert warned(looked_at(untouched, workbook(row, above=(WGS, line)))) == [
            f"台账!A2：这一行写的日子是 {day}，台账按 2026-01-15 的导入。要按它的，请写 --on {ends}。"
        ]
    for line in ("截至2026年1月15日", "填报时间：2026年1月", "截至2026年13月", "电话截至目前未变"):
        assert warned(looked_at(untouched, workbook(row, above=(WGS, line)))) == []


@pytest.mark.parametrize(
    ("head", "row", "kind", "command"),
    [
        ("序号 方面 项目 措施 牵头单位 责任单位 完成时限", "1-1-1 甲 乙 丙 丁 戊 2026-12-31", "措施清单", "import-list"),
        ("编号 名称 县（市、区） 试点内容", "1 磁灶镇 晋江市 议事", "观察联系点的名册", "import-points"),
        ("联系点 走访日期", "磁灶镇 2026-01-05", "观察联系点的走访记录", "import-points"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_told_with_the_command_that_takes_it(
    untouched, tmp_path, head, row, kind, command
):
    book = Workbook()
    for line in (head, row):
        book.active.append(line.split(" "))
    book.save(tmp_path / "别的.xlsx")

    with pytest.raises(RefusedError) as caught:
        looked_at(untouched, tmp_path / "别的.xlsx")
    assert str(caught.value) == f"别的.xlsx 像是{kind}，不是驿站台账：请用 dashboard {command} 导入。"


def test_a_text_under_the_name_of_a_workbook_is_told_as_such(untouched, tmp_path):
    (tmp_path / "台账.xlsx").write_text("今天天气好", encoding="utf-8")

    with pytest.raises(RefusedError) as caught:
        looked_at(untouched, tmp_path / "台账.xlsx")
    assert str(caught.value) == (
        "台账.xlsx 其实是纯文本，不是 Excel 工作簿，按 CSV 读取。"
        "台账.xlsx 里没有找到表头：表头要有 名称 列和别的列，请补上或检查是不是选错了文件。"
    )


def test_a_name_too_long_to_be_one_is_a_problem_at_its_cell(untouched, workbook):
    long = "驿" * 300
    path = workbook(
        a_station(long, 地址="一"),
        a_station("驿" * 60, 地址="路" * 121, 曾用名=f"旧名、{long[:61]}", 运营单位="办" * 61),
    )

    told = "请只写{0}；说明的话请放在不导入的列里，如“备注”。"
    assert [re.sub("，写的是“[^”]*”", "", line) for line in refusals(untouched, path)] == [
        f"台账!A3：名称超过 60 个字，共 300 个字。{told.format('名称')}",
        f"台账!C4：地址超过 120 个字，共 121 个字。{told.format('地址')}",
        f"台账!H4：曾用名超过 60 个字，共 61 个字。{told.format('曾用名')}",
        f"台账!I4：运营单位超过 60 个字，共 61 个字。{told.format('运营单位')}",
    ]


# --- ledger after ledger ------------------------------------------------------------------------------


def test_the_same_file_twice_is_said_to_be_in(seeded, workbook):
    path = workbook(a_station("一号驿站"))
    taken_in(seeded, path)
    before = rows_of(seeded), stamp(seeded)

    again = looked_at(seeded, path)

    assert again.already is not None
    assert again.already.on == TODAY
    assert import_stations(seeded, again) is None
    assert (rows_of(seeded), stamp(seeded)) == before


def test_a_renamed_station_keeps_its_key_its_life_and_its_old_name_on_earlier_days(seeded, clock, workbook):
    taken_in(seeded, workbook(a_station("旧名驿站", 建成日期="2024-04-01")))
    clock.set(date(2026, 2, 15))
    renamed = workbook(a_station("新名驿站", 曾用名="旧名驿站", 状态="暂停"), name="b.xlsx")

    found = taken_in(seeded, renamed)

    assert (found.changes.new, found.changes.renamed) == ((), (("旧名驿站", "新名驿站"),))
    assert list(listed(seeded)) == ["旧名驿站"]
    (now,) = listed(seeded, date(2026, 2, 15)).values()
    assert (now["station"], now["name"], now["state"]) == ("350582-0001", "新名驿站", "suspended")
    assert life(seeded, "新名驿站", date(2026, 2, 15)) == [
        ("built", "2024-04-01"), ("opened", "2024-05-01"), ("suspended", "2026-02-15"),
    ]  # fmt: skip
    told = aliases(seeded.engine, AsOf(date(2026, 2, 15)), "station")
    assert told.to_dict("records") == [{"alias": "旧名驿站", "target": "350582-0001"}]

    clock.set(date(2026, 3, 15))
    late = taken_in(
        seeded, workbook(a_station("旧名驿站", 状态="恢复开放", 暂停日期="2026-02-10"), name="c.xlsx")
    )
    assert warned(late)[1] == (
        "台账!A3：这是“新名驿站”用过的名称，按现名记，写的是“旧名驿站”。"
        "台账里请改用现名；确实改回旧名的，请在“曾用名”列写上“新名驿站”。"
    )
    assert list(listed(seeded, date(2026, 3, 15))) == ["新名驿站"]
    assert life(seeded, "新名驿站", date(2026, 3, 15)) == [
        ("built", "2024-04-01"), ("opened", "2024-05-01"), ("suspended", "2026-02-10"), ("opened", "2026-03-15"),
    ]  # fmt: skip


def test_a_station_is_known_by_the_number_of_the_office_whatever_it_is_called(live, workbook):
    taken_in(
        live, workbook(a_station("旧名驿站", 编号="JJ-07"), a_station("别的驿站", 编号="JJ-08", 地址="别处"))
    )

    found = looked_at(live, workbook(
        a_station("别的驿站", 编号="JJ-08", 地址="别处"), a_station("新名驿站", 编号="jj－07"), name="b.xlsx"
    ))  # fmt: skip

    assert (found.changes.new, found.changes.renamed) == ((), (("旧名驿站", "新名驿站"),))
    (said,) = refusals(
        live, workbook(a_station("别的驿站", 编号="JJ-07"), a_station("旧名驿站", 地址="别处"), name="c.xlsx")
    )
    assert said == (
        "台账!H3：编号是库里的“旧名驿站”，名称却是库里的另一个驿站，写的是“JJ-07”。"
        "请改正编号或名称；编号如果只是行号，请把列名改为“序号”。"
    )


def test_an_old_name_may_be_given_to_a_new_station(live, clock, workbook):
    taken_in(live, workbook(a_station("中心驿站")))
    both = (a_station("老中心驿站", 曾用名="中心驿站"), a_station("中心驿站", 地址="新址", 经度=LON + 0.01))
    for day in (15, 16):
        clock.set(date(2026, 2, day))
        taken_in(live, workbook(*both, name=f"{day}.xlsx"), on=date(2026, 2, day))

        now = listed(live, date(2026, 2, day))
        assert {name: row["station"] for name, row in now.items()} == {
            "老中心驿站": "350582-0001",
            "中心驿站": "350582-0002",
        }


def test_a_former_name_of_another_station_is_refused_at_its_cell(live, workbook):
    taken_in(live, workbook(a_station("一号驿站"), a_station("二号驿站", 地址="二")))

    path = workbook(a_station("一号驿站", 曾用名="二号驿站"), a_station("二号驿站", 地址="二"), name="b.xlsx")
    assert refusals(live, path) == [
        "台账!H3：曾用名是库里的“二号驿站”，这一行却是“一号驿站”，写的是“二号驿站”。请改正曾用名，或清空它。"
    ]


def test_a_new_station_under_the_name_that_another_row_gave_up_is_told(live, workbook):
    taken_in(live, workbook(a_station("一号驿站")))

    rows = (a_station("一号驿站", 地址="别处", 经度=LON + 0.01), a_station("壹号驿站", 曾用名="一号驿站"))
    found = looked_at(live, workbook(*rows, name="b.xlsx"))
    assert found.changes.new == ("一号驿站",)
    assert warned(found) == [
        "台账!A3：台账!H4 把它写成“壹号驿站”的曾用名，两行地方不同，这一行按新驿站入库，写的是“一号驿站”。"
        "确实是另一个驿站就照收；是同一个的，请删去一行。"
    ]


def test_two_rows_of_one_station_are_told_at_both(live, workbook):
    taken_in(live, workbook(a_station("一号驿站", 编号="JJ-01")))

    rows = (a_station("甲驿站", 编号="JJ-01"), a_station("乙驿站", 曾用名="一号驿站", 编号="", 地址="别处"))
    said = (
        "是库里的同一个驿站“一号驿站”，编号“JJ-01”在库里是它的，写的是“{}”。"
        "请删去一行；确实是两个驿站，请换一个没有用过的名称，并清空“曾用名”。"
    )
    assert refusals(live, workbook(*rows, name="b.xlsx")) == [
        f"台账!A3：与 台账!A4 {said.format('甲驿站')}",
        f"台账!A4：与 台账!A3 {said.format('乙驿站')}",
    ]


def test_numbers_that_only_count_rows_tell_nothing_apart(live, workbook):
    first = workbook(a_station("一号驿站", 编号=1), a_station("二号驿站", 编号=2, 地址="二"))
    taken_in(live, first)

    found = looked_at(
        live, workbook(a_station("二号驿站", 编号=1, 地址="二"), a_station("一号驿站", 编号=2), name="b.xlsx")
    )

    assert (found.changes.renamed, found.changes.changed) == ((), ())
    assert warned(found)[0].startswith("台账!H2：“编号”列只是 1、2、3 的行号，按序号处理，不用来认驿站。")


def test_what_a_ledger_no_longer_names_stays_and_is_closed_with_a_reason_only(seeded, clock, workbook):
    taken_in(seeded, workbook(a_station("一号驿站"), a_station("二号驿站")))
    clock.set(date(2026, 2, 15))
    day = date(2026, 2, 15)
    path = workbook(a_station("一号驿站"), name="b.xlsx")

    found = taken_in(seeded, path)
    assert warned(found) == [
        "台账：库里的 1 个驿站台账里没有，照旧保留：二号驿站。"
        "确实关了的，请写进台账（状态写“关闭”），或用 --close-missing --reason 原因，按台账的日子一并关闭。"
    ]
    assert [s["state"] for s in listed(seeded, day).values()] == ["opened", "opened"]

    assert refusals(seeded, path, close_missing=True) == [
        "--close-missing：没有写关闭的原因。请用 --reason 写明，如 --reason 合并撤站。"
    ]
    closing = taken_in(seeded, path, close_missing=True, reason="合并撤站")
    assert (closing.already, closing.changes.closed) == (None, ("二号驿站",))
    assert {name: s["state"] for name, s in listed(seeded, day).items()} == {
        "一号驿站": "opened",
        "二号驿站": "closed",
    }
    assert life(seeded, "二号驿站", day) == [("opened", "2024-05-01"), ("closed", "2026-02-15")]
    assert looked_at(seeded, path, close_missing=True, reason="合并撤站").already is not None


def test_another_name_at_the_place_of_one_that_is_gone_may_be_a_renaming(live, workbook):
    taken_in(live, workbook(a_station("一号驿站", 地址="某路1号")))

    said = warned(looked_at(live, workbook(a_station("壹号驿站", 地址="某路1号"), name="b.xlsx")))

    assert said[1] == (
        "台账!A3：与台账里没有了的“一号驿站”同一个地方，可能是改名，写的是“壹号驿站”。"
        "是改名的，请加一列“曾用名”，在这一行写“一号驿站”，它的经历就接得上；不是的，照此入库就是新驿站。"
    )


def test_a_ledger_that_tells_states_alone_leaves_everything_else_as_it_was(live, clock, workbook):
    whole = a_station("一号驿站", 服务内容="饮水、休息", 运营单位="街道办", 最近核查="2025-12-01")
    taken_in(live, workbook(whole))
    clock.set(date(2026, 2, 15))
    before = listed(live, date(2026, 2, 15))["一号驿站"]

    found = looked_at(live, workbook({"名称": "一号驿站", "状态": "开放"}, above=(), name="b.xlsx"))
    assert found.changes.changed == ()
    import_stations(live, found)

    assert {k: v for k, v in listed(live, date(2026, 2, 15))["一号驿站"].items() if k != "return_id"} == {
        k: v for k, v in before.items() if k != "return_id"
    }
    assert life(live, "一号驿站", date(2026, 2, 15)) == [("opened", "2024-05-01")]


def test_taking_a_ledger_back_restores_what_it_changed_and_leaves_the_others_whole(seeded, clock, workbook):
    taken_in(seeded, workbook(a_station("一号驿站")))
    clock.set(date(2026, 2, 15))
    taken_in(
        seeded,
        workbook(a_station("新名驿站", 曾用名="一号驿站", 状态="关闭", 开放日期="2024-05-03"), name="b.xlsx"),
    )
    day = date(2026, 2, 15)
    assert life(seeded, "新名驿站", day) == [("opened", "2024-05-03"), ("closed", "2026-02-15")]
    first, second = of_kind(seeded)

    clock.set(date(2026, 2, 16))
    withdraw(seeded, SYSTEM, second, "错了")
    assert life(seeded, "一号驿站", date(2026, 2, 16)) == [("opened", "2024-05-01")]
    assert len(aliases(seeded.engine, AsOf(date(2026, 2, 16)), "station")) == 0

    taken_in(seeded, workbook(a_station("一号驿站"), a_station("二号驿站"), name="c.xlsx"))
    withdraw(seeded, SYSTEM, first, "也错了")
    assert life(seeded, "一号驿站", date(2026, 2, 16)) == [("opened", "2024-05-01")]
    assert {s["station"] for s in listed(seeded, date(2026, 2, 16)).values()} == {
        "350582-0001",
        "350582-0002",
    }


def of_kind(store: Store) -> list[int]:
    with store.engine.connect() as connection:
        return list(
            connection.execute(
                select(Return.id).where(Return.kind == "stations").order_by(Return.id)
            ).scalars()
        )


def test_a_key_is_never_given_twice(live, workbook):
    taken_in(live, workbook(a_station("一号驿站"), a_station("二号驿站", 地址="二")))
    (first,) = of_kind(live)
    withdraw(live, SYSTEM, first, "错了")

    taken_in(live, workbook(a_station("三号驿站"), name="b.xlsx"))

    assert [s["station"] for s in listed(live).values()] == ["350582-0003"]


def test_an_older_ledger_than_the_one_in_the_store_is_refused(live, workbook):
    taken_in(live, workbook(a_station("一号驿站")))

    assert refusals(live, workbook(a_station("一号驿站"), name="b.xlsx"), on=date(2026, 1, 10)) == [
        "--on：库里已有更晚的台账（2026-01-15，序号 2），这一份是 2026-01-10 的。请用最新的台账；日子写错了的，请改 --on。"
    ]


def test_a_state_does_not_go_back_on_the_life_line(live, clock, workbook):
    taken_in(live, workbook(a_station("一号驿站")))
    clock.set(date(2026, 2, 15))

    assert refusals(live, workbook({"名称": "一号驿站", "状态": "计划"}, name="b.xlsx")) == [
        "台账!B3：库里从 2024-05-01 起是“开放”，状态不能往回走，写的是“计划”。"
        "请改正状态；以前报的如果错了，请先用 dashboard withdraw-stations 撤回那份台账。"
    ]


def test_a_day_that_is_told_otherwise_is_put_right(live, clock, workbook):
    taken_in(live, workbook({"名称": "一号驿站", "状态": "开放"}))
    clock.set(date(2026, 2, 15))

    found = taken_in(live, workbook(a_station("一号驿站"), name="b.xlsx"))

    assert (
        warned(found)[0] == "台账!G3：开放的日子由 2026-01-15 改为 2024-05-01，写的是“2024-05-01”。请核对。"
    )
    assert life(live, "一号驿站", date(2026, 2, 15)) == [("opened", "2024-05-01")]


def test_the_sample_comes_in(untouched):
    found = looked_at(untouched, DATA / "samples" / "驿站台账_样例.csv", unit="")

    assert found.unit == JINJIANG
    assert found.rows == 6


# --- a clerk's own ledger -----------------------------------------------------------------------------

CLERK = Actor("clerk-jinjiang", "clerk", JINJIANG)


def test_a_clerk_hands_in_the_own_ledger_with_its_former_names(live, workbook):
    found = looked_at(live, workbook(a_station("新名驿站", 曾用名="旧名驿站", 编号="JJ-07")))

    accept(live, SYSTEM, receive(live, CLERK, found.draft))

    assert list(aliases(live.engine, AsOf(TODAY), "station")["alias"]) == ["旧名驿站"]
    assert list(aliases(live.engine, AsOf(TODAY), "station_number")["alias"]) == ["350582 jj-07"]


def test_a_name_of_another_units_station_is_no_clerks_to_take(live, workbook):
    lon, lat = labelled("350581")
    other = a_station("石狮驿站", 曾用名="老驿站", 镇街="湖滨街道", 经度=lon, 纬度=lat)
    taken_in(live, workbook(other), unit="石狮")
    own = looked_at(live, workbook(a_station("晋江驿站", 曾用名="老驿站"), name="b.xlsx"))

    accept(live, SYSTEM, receive(live, CLERK, own.draft))
    told = aliases(live.engine, AsOf(TODAY), "station").to_dict("records")
    assert told == [
        {"alias": "老驿站", "target": "350581-0001"},
        {"alias": "老驿站（晋江市）", "target": "350582-0001"},
    ]
    late = looked_at(live, workbook(a_station("老驿站"), name="c.xlsx"))
    assert (late.changes.new, late.changes.renamed) == ((), ())
    stolen = FactDraft("alias", {"subject": "station", "alias": "老驿站", "target": "350582-0001"}, "C3")
    for facts in ([stolen], [FactDraft("alias", {**stolen.values, "subject": "organisation"}, "C3")]):
        with pytest.raises(DoorError) as closed:
            receive(live, CLERK, Draft("stations", JINJIANG, "x.csv", b"x", facts))
        assert str(closed.value) == "账户 clerk-jinjiang 只能报送本单位（350582）的数据，C3 不属于本单位。"


# --- the way back -------------------------------------------------------------------------------------


def test_the_newest_ledger_is_taken_back_with_a_reason_and_the_one_before_holds(seeded, clock, workbook):
    taken_in(seeded, workbook(a_station("一号驿站")))
    clock.set(date(2026, 2, 15))
    taken_in(seeded, workbook(a_station("一号驿站", 状态="关闭"), name="b.xlsx"))

    done = take_back_stations(seeded, "晋江", "报错了一列")

    assert (done.unit_name, done.ledger.on, done.stays.on) == ("晋江市", date(2026, 2, 15), TODAY)
    assert life(seeded, "一号驿站", date(2026, 2, 15)) == [("opened", "2024-05-01")]
    again = looked_at(seeded, workbook(a_station("一号驿站", 状态="关闭"), name="b.xlsx"))
    assert again.already is None


def test_new_stations_of_a_ledger_that_is_taken_back_go_with_it_and_come_again_under_new_keys(live, workbook):
    mistaken = workbook(a_station("一号驿站"), a_station("误报驿站", 地址="二", 经度=LON + 0.01))
    taken_in(live, mistaken)
    take_back_stations(live, JINJIANG, "多报了一个")
    assert listed(live) == {}

    taken_in(live, workbook(a_station("一号驿站"), name="b.xlsx"))
    assert {name: row["station"] for name, row in listed(live).items()} == {"一号驿站": "350582-0003"}


def test_what_cannot_be_taken_back_is_a_sentence(untouched):
    for unit, reason, said in (
        ("晋江县", "错", "没有填报单位“晋江县”：是不是 晋江市？"),
        ("晋江", " ", "没有写撤回的原因：请用 --reason 写明，如 --reason 报错了一列。"),
        (
            "晋江",
            f"问 {SECRET}",
            "--reason 含身份证号或手机号码（139****34）：本系统不收个人信息，请改去号码。",
        ),
        (
            "晋江",
            "错",
            "正式库里没有晋江市的驿站台账可以撤回。要撤回演示库里的，请在命令后面加 --data demo。",
        ),
    ):
        with pytest.raises(TakeBackError) as caught:
            take_back_stations(untouched, unit, reason)
        assert str(caught.value) == said


# --- the command --------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable:
    """Run the product's command on a home of its own: exit code, stdout, stderr."""
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DASHBOARD_DEMO", "off")

    def called(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return called


def test_the_command_says_what_would_change_takes_it_in_and_takes_it_back(run, file):
    given = from_wgs84("GCJ-02", *labelled(JINJIANG))
    row = a_station("一号驿站", 经度=given[0], 纬度=given[1])
    path = str(file(row, a_station("二号驿站", 经度="", 纬度="", 状态="", 暂停日期="2025-03-01"), above=()))
    asked = ("import-stations", path, "--unit", "晋江", "--datum", "高德", "--on", "2026-01-10")
    told = (
        "提醒：1 个驿站：没有坐标，照常计数和列出，地图上不画（二号驿站）。有坐标时再补。\n"
        "晋江市驿站台账（2026-01-10）：2 个驿站。入库后晋江市共有：开放 1、暂停 1。\n"
        "没有坐标 1 个。GCJ-02 换算到 WGS-84，移动 562 到 562 米（中位 562 米）。\n"
        "新增 2 个：一号驿站、二号驿站。\n"
    )

    checked = run(*asked, "--check")
    told = told.replace("562", re.search(r"移动 (5[56]\d) 到", checked[1])[1])  # some 560 m in Quanzhou
    assert checked == (0, f"{told}只检查，没有入库。\n", "")
    assert run(*asked) == (0, f"{told}已入库，序号 45。今天以前的日子仍按当时所知的显示。\n", "")
    assert run(*asked) == (0, "同一份文件已经入库（晋江市，2026-01-10，序号 45），没有再入库。\n", "")

    changed = file(
        row | {"名称": "三号驿站", "曾用名": "一号驿站"},
        a_station("四号驿站", 地址="四"),
        above=(),
        name="b.csv",
    )
    later = ("import-stations", str(changed), "--unit", "晋江", "--datum", "高德", "--on", "2026-01-12")
    code, out, err = run(*later, "--close-missing", "--reason", "撤站")
    assert (code, err) == (0, "")
    assert out.splitlines()[-4:] == [
        "新增 1 个：四号驿站。",
        "改名 1 个：一号驿站 → 三号驿站。",
        "关闭 1 个：二号驿站。",
        "已入库，序号 46。今天以前的日子仍按当时所知的显示。",
    ]
    today = datetime.now(SHANGHAI).date()
    assert run("withdraw-stations", "晋江", "--reason", "错了") == (
        0,
        "已撤回晋江市 2026-01-12 的驿站台账（序号 46），序号 47。\n"
        f"从 {today} 起它不再算数，2026-01-10 的台账（序号 45）又算数；此前的日子仍按当时所知的显示。\n",
        "",
    )


def test_the_command_refuses_with_two_and_every_problem(run, file):
    path = str(file(a_station("", 地址="某处"), a_station("二号驿站", 状态="半开")))

    assert run("import-stations", path, "--unit", JINJIANG) == (
        2,
        "",
        "第3行“名称”列：名称不能为空。请补上驿站的名称。\n"
        "第4行“状态”列：没有这种状态，写的是“半开”。请写 计划、建成、开放、暂停、关闭 之一。\n"
        "共 2 处问题，没有入库任何内容。\n",
    )


def test_the_command_says_what_changed_and_names_the_missing_once(run, workbook):
    given = a_station("一号驿站", 服务内容="饮水", 服务人次=10)
    rows = [given, *(a_station(f"{i}号", 地址=f"{i}", 服务人次=1) for i in range(12))]
    taken = ("--unit", "晋江", "--on")
    assert run("import-stations", str(workbook(*rows)), *taken, "2026-01-10")[0] == 0

    lon = given["经度"]
    now = [
        given
        | {
            "服务内容": "饮水、充电",
            "镇街": "青阳街道",
            "经度": lon + 0.001,
            "状态": "暂停",
            "暂停日期": "2026-01-11",
        }
    ]
    now += [row | {"服务人次": 2, "地址": f"新{i}"} for i, row in enumerate(rows[1:11])]
    now += [rows[11] | {"服务人次": 3}]
    code, out, err = run("import-stations", str(workbook(*now, name="b.xlsx")), *taken, "2026-01-12")

    assert (code, err) == (0, "")
    lat = given["纬度"]
    assert out.splitlines()[-14:] == [
        "没有坐标 0 个。",
        "改动 12 个（镇街 1、服务内容 1、坐标 1、状态 1、地址 10、服务人次 11）。",
        f"  一号驿站：镇街 磁灶镇 → 青阳街道；服务内容 饮水 → 饮水 充电；"
        f"坐标 {lon},{lat}（WGS-84） → {round(lon + 0.001, 6)},{lat}（WGS-84）；状态 开放 → 暂停",
        *(f"  {i}号：地址 {i} → 新{i}" for i in range(9)),
        "  还有 1 个没有逐个列出。",
        "已入库，序号 46。今天以前的日子仍按当时所知的显示。",
    ]
    assert out.count("11号") == 1  # the one that is missing


def test_the_command_says_when_nothing_changed(run, workbook):
    taken = ("--unit", "晋江", "--on")
    both = (a_station("一号驿站"), a_station("二号驿站", 地址="二"))
    assert run("import-stations", str(workbook(*both)), *taken, "2026-01-10")[0] == 0

    assert (
        "\n与库里的一样，没有变化。\n"
        in run("import-stations", str(workbook(*both, above=(WGS, "台账"))), *taken, "2026-01-10", "--check")[
            1
        ]
    )
    assert (
        "\n台账里的与库里的一样，没有变化。\n"
        in run("import-stations", str(workbook(both[0])), *taken, "2026-01-10", "--check")[1]
    )


USAGE = (
    "用法：dashboard import-stations [-h] [--unit 单位] [--on 日期] [--datum 坐标系] [--close-missing] [--reason 原因] "
    "[--check] [--data {live,demo}] 文件\n"
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), f"缺少 文件。\n{USAGE}"),
        (
            ("x.csv", "--datum", "北京54"),
            f"--datum：不认识坐标系“北京54”，可以写 WGS-84、CGCS2000、GCJ-02、BD-09。\n{USAGE}",
        ),
        (("无.csv",), "没有这个文件：无.csv。请检查路径和文件名。\n"),
        (("/",), "/ 是文件夹：请写到文件名。\n"),
    ],
)
def test_a_command_that_cannot_be_is_one_sentence(run, arguments, said):
    assert run("import-stations", *arguments) == (2, "", said)


def test_a_ledger_of_a_day_to_come_is_a_sentence(run, file):
    code, out, err = run("import-stations", str(file(a_station("一号驿站"))), "--on", "2099-01-01")

    assert (code, out) == (2, "")
    assert err.startswith("台账的日子 2099-01-01 还没有到：--on 最晚写 ")


def test_a_ledger_of_five_thousand_rows_comes_in_whole(live, tmp_path):
    """How long it takes is held by the benches."""
    spots = at_the_border(BY_CODE[JINJIANG])[:400]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append([WGS])
    head = list(a_station(""))
    sheet.append([*head, "服务内容", "开放时间", "运营单位", "类型", "最近核查"])
    for i in range(5000):
        lon, lat = spots[i % len(spots)]
        row = a_station(f"{i}号驿站", 地址=f"某路{i}号", 经度=lon, 纬度=lat)
        sheet.append(
            [*row.values(), "饮水、充电、休息", "8:00-20:00", "街道办", "党群服务中心", "2025-12-01"]
        )
    book.save(tmp_path / "大.xlsx")

    taken_in(live, tmp_path / "大.xlsx")

    assert len(listed(live)) == 5000


def test_the_readme_names_every_column():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("**How a ledger of stations comes in.**") : readme.index("## Settings")]

    assert [c.name for c in COLUMNS if c.name not in section] == ["序号"]


def test_from_the_cell_to_the_figure_only_what_is_open_counts_and_nothing_is_dropped(
    live, catalogue, workbook
):
    taken_in(live, workbook(
        a_station("一号驿站", 开放时间="全天"),
        a_station("二号驿站", 经度="", 纬度="", 地址="二"),
        a_station("三号驿站", 状态="暂停", 地址="三", 镇街="青阳街道"),
        a_station("四号驿站", 状态="计划", 开放日期="", 地址="四"),
        a_station("五号驿站", 状态="关闭", 关闭日期="2025-12-31", 地址="五", 经度="", 纬度=""),
    ))  # fmt: skip
    as_of = AsOf(TODAY)
    reported = station_ledgers(live.engine, as_of)
    areas = by_unit(live.engine, as_of, catalogue, known_stations(live.engine, as_of), reported)
    (own,) = (a for a in areas if a.code == JINJIANG)

    assert reported == {JINJIANG: TODAY}
    assert (own.open, own.known, own.all_day, own.unlocated, own.unlocated_known) == (2, 5, 1, 1, 2)
    assert own.by_state == (("suspended", 1), ("planned", 1), ("closed", 1))
    assert "青阳街道" in {name for _, name in own.towns_without}
    assert "磁灶镇" not in {name for _, name in own.towns_without}
    assert [a.reported for a in areas].count(True) == 1


@pytest.mark.parametrize(
    ("first", "then", "stays"),
    [
        ("一路1号", "一路１号", True),
        ("", "一路1号", True),
        ("一路1号", "", True),
        ("一路1号", "二路2号", False),
    ],
)
def test_a_ledger_without_coordinates_leaves_them_unless_the_address_is_another(
    live, workbook, first, then, stays
):
    taken_in(live, workbook(a_station("一号驿站", 地址=first)))
    row = a_station("一号驿站", 地址=then)
    del row["经度"], row["纬度"]

    found = taken_in(live, workbook(row, above=(), name="b.xlsx"))

    assert pd.notna(listed(live)["一号驿站"]["lon"]) is stays
    assert ("1 个驿站：这次没有写坐标，沿用库里的坐标（一号驿站）。" in warned(found)) is stays
    lost = "改了地址，没有写新的坐标，库里的坐标不再沿用，地图上不画（一号驿站）。请补上新的坐标；没有搬的，请把地址写回原样。"
    assert (f"1 个驿站：{lost}" in warned(found)) is not stays


def test_one_station_in_the_ledgers_of_two_units_is_counted_once(live, workbook):
    """开发区 lies in 鲤城, and both keep a ledger of it: whoever comes second is told where the other one is."""
    lon, lat = labelled("350502")
    row = a_station("园区驿站", 镇街="", 经度=lon, 纬度=lat)
    taken_in(live, workbook(row, name="a.xlsx"), unit="开发区")
    before = rows_of(live)

    (said,) = refusals(live, workbook(row, name="b.xlsx"), unit="鲤城")
    assert said == (
        "台账!A3：泉州经济技术开发区的台账里有同名同地的“园区驿站”（编号 QZ-KF-0001），两边各算了一个，写的是“园区驿站”。"
        "归泉州经济技术开发区的，请删去这一行；归本单位的，请泉州经济技术开发区先在它的台账里把它写成关闭，再导入这一份。"
    )
    assert rows_of(live) == before
    apart = row | {"经度": lon + 0.002, "地址": "别处2号"}
    assert not any(
        "同名同地" in w for w in warned(looked_at(live, workbook(apart, name="c.xlsx"), unit="鲤城"))
    )

    taken_in(live, workbook(row | {"状态": "关闭", "关闭日期": "2025-11-01"}, name="d.xlsx"), unit="开发区")
    taken_in(live, workbook(row, name="b.xlsx"), unit="鲤城")
    assert live_count(live, "园区驿站") == 1


def test_a_station_that_two_units_have_already_is_told_and_stays(live, workbook):
    """It was taken in while it stood apart; now one of them has put its place right."""
    lon, lat = labelled("350502")
    row = a_station("园区驿站", 镇街="", 经度=lon, 纬度=lat, 地址="")
    taken_in(live, workbook(row, name="a.xlsx"), unit="开发区")
    taken_in(live, workbook(row | {"经度": lon + 0.002}, name="b.xlsx"), unit="鲤城")

    found = taken_in(live, workbook(row, name="c.xlsx"), unit="鲤城")

    assert sum("同名同地" in said for said in warned(found)) == 1
    gone = workbook(row | {"状态": "关闭", "关闭日期": "2025-11-01"}, name="d.xlsx")
    assert not any("同名同地" in said for said in warned(looked_at(live, gone, unit="鲤城")))


def test_a_row_takes_over_the_life_of_one_station_alone(live, workbook):
    taken_in(live, workbook(a_station("甲驿站"), a_station("乙驿站", 地址="二路"), name="a.xlsx"))
    both = a_station("合并站", 曾用名="甲驿站、乙驿站")
    before = rows_of(live)

    assert refusals(live, workbook(both, name="b.xlsx")) == [
        "台账!H3：一行只能接一个驿站的经历，“乙驿站”是库里另一个没有关闭的驿站，写的是“甲驿站、乙驿站”。"
        "并进来的，请从曾用名里删去它，另加一行“乙驿站”，状态写“关闭”。"
    ]
    assert rows_of(live) == before
    gone = a_station("乙驿站", 地址="二路", 状态="关闭", 关闭日期="2025-11-01")
    taken_in(live, workbook(both | {"曾用名": "甲驿站"}, gone, name="c.xlsx"))
    assert {name: one["state"] for name, one in listed(live).items()} == {
        "合并站": "opened",
        "乙驿站": "closed",
    }


@pytest.mark.parametrize("unseen", ["\u202a", "\u200b", "\ufeff", "\u200e"])
def test_a_character_nobody_sees_is_no_part_of_a_coordinate(live, workbook, unseen):
    lon, lat = labelled(JINJIANG)
    taken_in(live, workbook(a_station("一号驿站", 经度=f"{unseen}{lon}", 纬度=f"{lat}{unseen}")))

    assert listed(live)["一号驿站"]["lon"] == pytest.approx(lon)


def test_of_two_degrees_with_minutes_in_one_cell_both_are_told_longitude_first(untouched, file):
    for text in ("118°30′25″,24°50′22″", "24°50′22″,118°30′25″"):
        row = a_station("一号驿站") | {"坐标": text}
        del row["经度"], row["纬度"]
        (said,) = refusals(untouched, file(row))
        assert said.endswith("请改写成十进制的度，经度在前：118.506944,24.839444。")


# --- headings that mean another thing -----------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["计划开放日期", "预计开放日期", "拟开放日期", "开放日期（计划）", "预定开放日期", "拟关闭日期"],
)
def test_the_day_on_which_a_step_was_to_be_is_not_read_as_the_day_on_which_it_was(live, workbook, heading):
    row = a_station("一号驿站", 状态="计划") | {heading: "2025-12-01"}
    del row["开放日期"]

    found = looked_at(live, workbook(row))

    steps = [fact.values for fact in found.draft.facts if fact.table == "station_event"]
    assert [(step["event"], step["happened_on"]) for step in steps] == [("planned", TODAY)]
    assert any(f"“{heading.translate({0xFF08: '(', 0xFF09: ')'})}”未读取" in said for said in warned(found))


@pytest.mark.parametrize("heading", ["设备状态", "网络状态", "审核状态", "状态（设施）"])
def test_the_state_of_something_else_is_not_read_as_that_of_the_station(untouched, workbook, heading):
    row = a_station("一号驿站", 暂停日期="2025-03-01") | {heading: "正常"}
    del row["状态"]

    found = looked_at(untouched, workbook(row))

    events = [fact.values["event"] for fact in found.draft.facts if fact.table == "station_event"]
    assert events == ["opened", "suspended"]
    assert any(f"“{heading.translate({0xFF08: '(', 0xFF09: ')'})}”未读取" in said for said in warned(found))


def test_a_number_of_which_excel_made_a_day_is_none(untouched, workbook):
    assert refusals(untouched, workbook(a_station("一号驿站", 编号=date(2005, 12, 1)))) == [
        "台账!H3：Excel 把编号当成了日期，写的是“2005-12-01”。请把这一列的单元格格式设为“文本”，再重新写上。",
    ]


def test_the_day_of_the_plan_alone_stays_what_it_is(live, workbook):
    taken_in(live, workbook(a_station("一号驿站", 开放日期="", 状态="计划", 计划日期="2025-03-01")))

    assert life(live, "一号驿站") == [("planned", "2025-03-01")]


def test_a_heading_that_lists_the_steps_above_their_days_makes_none_of_them_a_plan(untouched, tmp_path):
    path = tmp_path / "a.csv"
    lines = [
        "名称,镇街,生命线（计划、建成、开放）,",
        ",,建成日期,开放日期",
        "一号驿站,磁灶镇,2024-04-01,2024-05-01",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")

    steps = [fact.values for fact in looked_at(untouched, path).draft.facts if fact.table == "station_event"]
    assert [step["event"] for step in steps] == ["built", "opened"]


@pytest.mark.parametrize(
    "heading",
    [
        "服务人次（万人次）",
        "累计服务人次",
        "年服务人次",
        "服务人次（2025年全年）",
        "日均服务人次",
        "服务人次（1-12月）",
    ],
)
def test_visits_of_another_unit_or_time_are_not_read_and_told_why(live, workbook, heading):
    found = looked_at(live, workbook(a_station("一号驿站") | {heading: 12}))

    (station,) = (fact.values for fact in found.draft.facts if fact.table == "station")
    assert station["visits"] is None
    assert any(
        "没有读取：服务人次要的是上个月的人次。" in said and said.startswith("台账!H2：")
        for said in warned(found)
    )


@pytest.mark.parametrize(
    "heading",
    ["服务人次", "上月服务人次", "服务人次（人次）", "2025年12月服务人次", "服务人次（2025年12月）"],
)
def test_visits_of_one_month_are_read(live, workbook, heading):
    found = looked_at(live, workbook(a_station("一号驿站") | {heading: 12}))

    (station,) = (fact.values for fact in found.draft.facts if fact.table == "station")
    assert station["visits"] == 12


def test_visits_that_cannot_be_are_told_at_their_cell(untouched, workbook):
    found = looked_at(untouched, workbook(a_station("一号驿站", 状态="建成", 开放日期="", 服务人次=12)))
    assert (
        "台账!H3：还没有开放（建成），却有服务人次，写的是“12”。开放了的，请改正状态或写上开放日期；没有开放的，请留空。"
        in warned(found)
    )
    assert refusals(untouched, workbook(a_station("一号驿站", 服务人次=1_000_001))) == [
        "台账!H3：一个月的服务人次超过 1,000,000，写的是“1000001”。这里要的是上个月一个驿站的人次，以“人次”计：请核对。"
    ]


# --- 是否开放 -------------------------------------------------------------------------------------------


def asked_whether(name: str, answer: str, heading: str = "是否开放", **told: object) -> dict[str, object]:
    """A row with neither 状态 nor a day, but an answer to whether it is open."""
    row = a_station(name, **told)
    return {k: v for k, v in row.items() if k in told or k not in ("状态", "开放日期")} | {heading: answer}


WHICH = "没有开放，不知道是哪一种，写的是“{}”。请在这一格或“状态”列写 计划、建成、暂停 或 关闭，知道日子的写在日期列里。"


@pytest.mark.parametrize("heading", ["是否开放", "是否运营", "是否启用", "是否营业", "是否开放（是/否）"])
def test_no_to_whether_it_is_open_is_never_an_open_station(live, workbook, heading):
    rows = asked_whether("一号驿站", "是", heading), asked_whether("二号驿站", "√", heading, 地址="二")
    no = (
        asked_whether("三号驿站", "否", heading, 地址="三"),
        asked_whether("四号驿站", "×", heading, 地址="四"),
    )

    assert refusals(live, workbook(*rows, *no)) == [
        f"台账!F5：{WHICH.format('否')}",
        f"台账!F6：{WHICH.format('×')}",
    ]
    taken_in(live, workbook(*rows, name="b.xlsx"))
    assert {name: row["state"] for name, row in listed(live).items()} == {
        "一号驿站": "opened", "二号驿站": "opened",
    }  # fmt: skip


def test_no_with_a_day_or_a_word_that_says_which_is_that_state(live, workbook):
    shut = asked_whether("一号驿站", "否", 开放日期="2024-05-01", 关闭日期="2025-08-31")
    built = asked_whether("二号驿站", "否", 地址="二", 建成日期="2025-08-31")
    word = asked_whether("三号驿站", "暂停", 地址="三")
    opened = asked_whether("四号驿站", "否", 地址="四", 开放日期="2024-05-01")

    taken_in(live, workbook(shut, built, word))
    assert [row["state"] for row in listed(live).values()] == ["closed", "built", "suspended"]
    (said,) = refusals(live, workbook(opened, name="b.xlsx"))
    assert said == f"台账!G3：{WHICH.format('否')}"


def test_no_says_nothing_of_a_station_that_was_open_before(live, workbook):
    taken_in(live, workbook(a_station("一号驿站")))

    (said,) = refusals(live, workbook(asked_whether("一号驿站", "否", 建成日期="2024-01-31"), name="b.xlsx"))
    assert said.startswith("台账!G3：库里从 2024-05-01 起是“开放”，状态不能往回走，写的是“否”。")


@pytest.mark.parametrize(
    ("answer", "state"),
    [("否", "开放"), ("是", "暂停"), ("是", "关闭"), ("是", "计划"), ("是", "建成"), ("暂停", "关闭")],
)
def test_a_state_and_an_answer_that_disagree_are_told_at_the_answer(untouched, workbook, answer, state):
    row = asked_whether("一号驿站", answer, 状态=state)

    assert refusals(untouched, workbook(row)) == [
        f"台账!G3：与状态“{state}”矛盾，写的是“{answer}”。请改正其中一格。"
    ]


@pytest.mark.parametrize(
    ("answer", "state"), [("否", "暂停"), ("是", "开放"), ("", "关闭"), ("否", "未开放")]
)
def test_a_state_and_an_answer_that_agree_are_the_state(live, workbook, answer, state):
    taken_in(live, workbook(asked_whether("一号驿站", answer, 状态=state)))

    words = {"暂停": "suspended", "开放": "opened", "关闭": "closed", "未开放": "built"}
    assert listed(live)["一号驿站"]["state"] == words[state]


def test_an_answer_that_is_none_is_a_problem_and_another_question_is_not_read(untouched, workbook):
    (said,) = refusals(untouched, workbook(asked_whether("一号驿站", "看情况")))
    assert said == (
        "台账!F3：不知道是不是开放，写的是“看情况”。请写 是，或 计划、建成、开放、暂停、关闭 之一。"
    )
    for other in ("是否开放空调", "厕所是否开放", "夜间是否开放", "是否开放（24小时）", "设备是否启用"):
        found = looked_at(untouched, workbook(a_station("一号驿站", **{other: "否"})))
        assert any("第8列" in said and "未读取" in said for said in warned(found)), (other, warned(found))


@pytest.mark.parametrize("heading", ["是否开放", "驿站是否开放", "目前是否正常运营", "是否启用（是/否）"])
@pytest.mark.parametrize("answer", ["是", "√", "✔\ufe0f", "●", "✅"])
def test_whether_it_is_open_is_asked_in_many_ways(untouched, workbook, heading, answer):
    row = a_station("一号驿站", 状态=None, 开放日期=None, **{heading: answer})
    assert looked_at(untouched, workbook(row)).changes.by_state == (("opened", 1),)
    assert looked_at(untouched, workbook(row | {heading: "/", "状态": "暂停"})).changes.by_state == (
        ("suspended", 1),
    )


def test_a_station_out_of_use_by_the_words_of_offices_is_not_open(untouched, workbook):
    """停用时间 was unread while 启用时间 was read, and the station stood as open."""
    row = a_station("一号驿站", 状态=None, 开放日期=None, 启用时间="2024-01-02", 停用时间="2025-01-01")
    assert looked_at(untouched, workbook(row)).changes.by_state == (("suspended", 1),)


def test_steps_of_one_month_of_which_one_tells_no_day_are_in_order(untouched, workbook):
    found = looked_at(untouched, workbook(a_station("一号驿站", 建成日期="2024年5月", 开放日期="2024-05-10")))
    (said,) = [one for one in warned(found) if "只写到月" in one]

    assert "“建成日期”列有 1 格只写到月，按同月下一步的日子记（这一格是 2024-05-10）" in said
    assert (
        "早于"
        in refusals(untouched, workbook(a_station("一号驿站", 建成日期="2024年6月", 开放日期="2024-05-10")))[
            0
        ]
    )


# --- days -----------------------------------------------------------------------------------------------


def test_what_opens_again_was_shut_before(live, clock, workbook):
    both = a_station("一号驿站", 暂停日期="2025-06-01", 恢复开放日期="2025-03-01")
    never = a_station("二号驿站", 地址="二", 恢复开放日期="2025-03-01")

    assert refusals(live, workbook(both)) == [
        "台账!I3：恢复开放日期早于暂停日期 2025-06-01，写的是“2025-03-01”。请核对这两个日期。"
    ]
    (said,) = refusals(live, workbook(never))
    assert said == (
        "台账!H3：没有暂停过，却写了恢复开放，写的是“2025-03-01”。"
        "请补上“暂停日期”；一直开放的，请清空这一格，日子写进“开放日期”。"
    )
    taken_in(live, workbook(a_station("二号驿站", 地址="二", 状态="暂停", 暂停日期="2025-02-01")))
    taken_in(live, workbook(never, name="b.xlsx"))
    assert life(live, "二号驿站") == [
        ("opened", "2024-05-01"), ("suspended", "2025-02-01"), ("opened", "2025-03-01"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2025-02-30", "没有这一天，写的是“2025-02-30”。2025 年 2 月只有 28 天，请改正。"),
        ("2025年13月", "没有 13 月，写的是“2025年13月”。请改正月份。"),
        ("2025-13-01", "没有 13 月，写的是“2025-13-01”。请改正月份。"),
        ("1999-01-01", "太早，最早 2000-01-01，写的是“1999-01-01”。请核对年份。"),
        (date(1999, 1, 1), "太早，最早 2000-01-01，写的是“1999-01-01”。请核对年份。"),
        ("24年5月", "年份没有写全，写的是“24年5月”。请写成 2024年5月。"),
        ("2024.5", "分不清是哪一月，写的是“2024.5”。请写成 2024-05 或 2024年5月 的样子。"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_told_with_why(untouched, workbook, written, said):
    assert refusals(untouched, workbook(a_station("一号驿站", 开放日期=written))) == [f"台账!G3：{said}"]


@pytest.mark.parametrize("written", ["2024.05", "202405", 202405, 2024.05, "2024年5月"])
def test_a_month_is_read_as_its_last_day(live, workbook, written):
    found = taken_in(live, workbook(a_station("一号驿站", 开放日期=written)))

    assert life(live, "一号驿站") == [("opened", "2024-05-31")]
    assert warned(found) == [
        "台账!G3：“开放日期”列有 1 格只写到月，按月末记（这一格是 2024-05-31）。知道哪一天的请写上。"
    ]


def test_months_are_told_once_a_column_and_days_not_at_all(untouched, workbook):
    found = looked_at(
        untouched,
        workbook(
            a_station("一号驿站", 建成日期="2024年4月底"),
            a_station("二号驿站", 地址="二", 建成日期="2024年3月"),
            a_station("三号驿站", 地址="三", 建成日期="2024.04", 开放日期="2026年1月"),
            a_station("四号驿站", 地址="四", 建成日期="2024-04-30"),
        ),
    )

    assert [said for said in warned(found) if "只写到月" in said] == [
        "台账!H4：“建成日期”列有 2 格只写到月，按月末记（这一格是 2024-03-31）。知道哪一天的请写上。",
        "台账!G5：“开放日期”列有 1 格只写到月，按台账的日子记（这一格是 2026-01-15）。知道哪一天的请写上。",
    ]


def test_a_ledger_of_a_day_before_all_days_is_a_sentence(run, file):
    code, _, said = run(
        "import-stations", str(file(a_station("一号驿站"))), "--unit", "晋江", "--on", "1990-12-02"
    )

    assert (code, said) == (2, "台账的日子 1990-12-02 太早：--on 最早写 2015-01-01。\n")


# --- what says nothing ------------------------------------------------------------------------------------


def test_a_dash_or_a_word_for_nothing_is_a_blank_and_told_once_a_column(live, workbook):
    nothing = {"经度": "/", "纬度": "—", "服务人次": "暂无", "曾用名": "无", "编号": "不详", "暂停日期": "-"}
    path = workbook(
        a_station("一号驿站", **nothing), a_station("二号驿站", 地址="二", **nothing | {"经度": "不详"})
    )

    found = looked_at(live, path)

    assert (found.changes.new, found.changes.unlocated) == (("一号驿站", "二号驿站"), 2)
    assert [fact for fact in found.draft.facts if fact.table == "alias"] == []
    told = [said for said in warned(found) if "按空白读取" in said]
    assert told[0] == "台账!D3：“经度”列有 2 格只写了“/”、“不详”，按空白读取。不知道的请留空。"
    assert len(told) == len(nothing)


@pytest.mark.parametrize("many", [1, 2])
def test_two_columns_of_one_name_are_told_and_no_row_is_taken_for_a_header(untouched, tmp_path, many):
    path = tmp_path / "a.csv"
    names = ("一号驿站", "二号驿站")[:many]
    lines = ["名称,镇街,状态,状态", *(f"{name},磁灶镇,开放,开放" for name in names)]
    path.write_text("\n".join(lines), encoding="utf-8")

    assert refusals(untouched, path) == [
        "第1行：表头里 第3列“状态”、第4列“状态” 分不清是哪一列“状态”。请改列名，只留一列。"
    ]


def test_the_header_over_again_is_one_problem(untouched, workbook):
    rows = a_station("一号驿站"), a_station("二号驿站", 地址="二")
    again = {name: name for name in rows[0]}

    assert refusals(untouched, workbook(rows[0], again, rows[1])) == [
        "台账!第4行：又是一行表头。请删去这一行。"
    ]


# --- services that are ticked -----------------------------------------------------------------------------------


def services_told(found: Prepared) -> list[str]:
    return [str(fact.values["services"]) for fact in found.draft.facts if fact.table == "station"]


def test_ticks_below_a_merged_heading_are_services_and_are_kept(live, tmp_path):
    book = Workbook()
    book.active.title = "台账"
    for row in (
        ["名称", "镇街", "地址", "服务内容", "", "", "", "状态", "开放日期"],
        ["", "", "", "饮水", "充电", "热饭", "其他", "", ""],
        ["一号驿站", "磁灶镇", "一号", "√", "有", "否", "√", "开放", "2024-05-01"],
        ["二号驿站", "磁灶镇", "二号", "×", "✓", "", "", "开放", "2024-05-01"],
        ["合计", 2, "", 1, 2, 0, "", "", ""],
    ):
        book.active.append(row)
    for block in ("A1:A2", "B1:B2", "C1:C2", "D1:G1", "H1:H2", "I1:I2"):
        book.active.merge_cells(block)
    book.save(tmp_path / "a.xlsx")

    found = taken_in(live, tmp_path / "a.xlsx")

    assert services_told(found) == ["饮水 充电", "充电"]
    assert [said for said in warned(found) if "未读取" in said] == ["台账：第7列“其他”未读取、未保存。"]
    with live.engine.connect() as connection:
        (kept,) = connection.execute(select(Return.file_bytes).where(Return.kind == "stations")).scalars()
    sheet = load_workbook(io.BytesIO(kept))["台账"]
    assert [sheet[at].value for at in ("D2", "D3", "E4", "G3")] == ["饮水", "√", "✓", None]


def test_a_column_to_tick_says_nothing_of_other_services(live, workbook):
    taken_in(live, workbook(a_station("一号驿站", 服务内容="饮水、热饭、洗衣、充电")))
    row = a_station("一号驿站", 饮水="√", 热饭="×", 充电="2个插座")
    found = looked_at(live, workbook(row, name="b.xlsx"))

    assert [set(told.split()) for told in services_told(found)] == [{"饮水", "洗衣", "充电"}]


def test_a_tick_without_the_name_of_a_service_is_a_problem_and_one_column_below_the_heading_is_none(
    untouched, workbook, tmp_path
):
    assert refusals(untouched, workbook(a_station("一号驿站", 服务内容="√"))) == [
        "台账!H3：不知道是哪一项服务，写的是“√”。请写出服务的名称，如 饮水、充电；或者一项服务一列，列名写服务，格里打勾。"
    ]
    book = Workbook()
    for line in (
        ["名称", "镇街", "状态", "服务内容", ""],
        ["", "", "", "饮水", "开放时间"],
        ["一号驿站", "磁灶镇", "开放", "√", "24小时"],
    ):
        book.active.append(line)
    for block in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
        book.active.merge_cells(block)
    book.save(tmp_path / "one.xlsx")
    assert services_told(looked_at(untouched, tmp_path / "one.xlsx")) == ["饮水"]


def test_a_service_in_words_that_is_crossed_out_is_told(untouched, workbook):
    found = looked_at(untouched, workbook(a_station("一号驿站", 服务内容="饮水、充电", 充电="否")))

    assert services_told(found) == ["饮水 充电"]
    assert (
        "台账!I3：“服务内容”里有充电，这一格说没有，按有读取，写的是“否”。写错了的请改正其中一格。"
        in warned(found)
    )


def test_ticks_beside_words_count_together_and_each_once(untouched, workbook):
    ticks = {"饮水": 1, "休息服务": "是", "提供急救": "无", "热饭（√）": "✔"}
    found = looked_at(untouched, workbook(a_station("一号驿站", 服务内容="缝纫、饮水") | ticks))

    assert services_told(found) == ["缝纫 饮水 休息 热饭"]


def test_a_column_of_a_service_with_anything_else_in_it_stays_unread_and_is_told(untouched, workbook):
    row = a_station("一号驿站", 饮水="√", 充电="2个插座", 充电桩数量=1)
    found = looked_at(untouched, workbook(row, a_station("二号驿站", 地址="二", 饮水="", 充电="√")))

    assert services_told(found) == ["饮水", ""]
    assert [said for said in warned(found) if "未读取" in said] == [
        "台账：第9列“充电”未读取、未保存。",
        "台账：第10列“充电桩数量”未读取、未保存。",
    ]


def test_services_that_are_no_longer_ticked_are_gone(live, workbook):
    taken_in(live, workbook(a_station("一号驿站", 饮水="√", 充电="√")))
    found = looked_at(live, workbook(a_station("一号驿站", 饮水="√", 充电=""), name="b.xlsx"))

    (changed,) = found.changes.changed
    assert [(d.column, d.before, d.now) for d in changed.differences] == [("服务内容", "饮水 充电", "饮水")]


def test_every_service_of_the_demo_may_be_ticked():
    assert set(DEMO_SERVICES) <= set(SERVICES)


# --- headings ---------------------------------------------------------------------------------------------------


def headed(row: dict[str, object], **headings: str) -> dict[str, object]:
    """The row under other headings."""
    return {headings.get(name, name): told for name, told in row.items()}


@pytest.mark.parametrize(
    "town", ["所属镇", "所在街道", "乡镇/街道", "所属乡镇", "镇、街道", "所属镇（必填）"]
)
@pytest.mark.parametrize("name", ["站名", "服务站点", "站点", "*站点"])
def test_other_headings_are_read_where_no_column_has_the_usual_one(untouched, workbook, town, name):
    found = looked_at(untouched, workbook(headed(a_station("一号驿站"), 名称=name, 镇街=town)))

    (station,) = (fact.values for fact in found.draft.facts if fact.table == "station")
    assert (station["name"], station["town"]) == ("一号驿站", "350582102")
    assert not [said for said in warned(found) if "未读取" in said]


def test_the_usual_heading_goes_before_the_others(untouched, workbook):
    others = {"站点": "甲", "所在街道": "乙", "启用时间": "2020-01-01"}
    found = looked_at(untouched, workbook(a_station("一号驿站") | others))

    (station,) = (fact.values for fact in found.draft.facts if fact.table == "station")
    assert (station["name"], station["town"]) == ("一号驿站", "350582102")
    assert [f.values["happened_on"] for f in found.draft.facts if f.table == "station_event"] == [
        date(2024, 5, 1)
    ]
    assert warned(found) == [
        f"台账：第{column}列“{heading}”未读取、未保存。" for column, heading in enumerate(others, 8)
    ]


@pytest.mark.parametrize("heading", ["启用时间", "启用日期", "投用日期"])
def test_the_day_of_coming_into_use_is_that_of_opening(untouched, workbook, heading):
    found = looked_at(untouched, workbook(headed(a_station("一号驿站"), 开放日期=heading)))

    (step,) = (fact.values for fact in found.draft.facts if fact.table == "station_event")
    assert (step["event"], step["happened_on"]) == ("opened", date(2024, 5, 1))


def test_two_of_the_other_headings_are_told(untouched, workbook):
    row = headed(a_station("一号驿站"), 镇街="所属镇") | {"所在街道": ""}

    assert refusals(untouched, workbook(row)) == [
        "台账!第2行：表头里 第2列“所属镇”、第8列“所在街道” 分不清是哪一列“镇街”。请改列名，只留一列。"
    ]


def test_the_readme_names_every_heading_of_name_and_town():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| (?:名称|镇街) \(([^)]*)\)", readme, re.MULTILINE)
    columns = [column for column in COLUMNS if column.name in ("名称", "镇街")]

    assert [re.split(r"[,;] (?:else )?", line) for line in told] == [
        [*column.also, *column.otherwise] for column in columns
    ]


# --- names of towns and units ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("晋江市安海镇", "安海镇"),
        ("泉州市晋江市安海镇", "安海镇"),
        ("晋江安海", "安海镇"),
        ("梅岭街道办事处", "梅岭街道"),
        ("罗山街办", "罗山街道"),
        ("罗山街道办", "罗山街道"),
        ("安海镇人民政府", "安海镇"),
    ],
)  # fmt: skip
def test_a_town_may_stand_behind_its_unit_and_with_its_office(live, catalogue, workbook, written, name):
    found = looked_at(live, workbook(a_station("一号驿站", 镇街=written)))

    (station,) = (fact.values for fact in found.draft.facts if fact.table == "station")
    assert {o.code: o.name for o in catalogue.organisations}[station["town"]] == name


def test_a_town_behind_another_unit_is_told_as_one_of_that(untouched, workbook):
    (said,) = refusals(untouched, workbook(a_station("一号驿站", 镇街="石狮市灵秀镇")))

    assert said.startswith("台账!B3：这个镇街属于石狮市，不属于晋江市")


def test_a_part_of_a_name_that_only_one_unit_has_is_that_unit(live, untouched, workbook):
    zone = a_station("一号驿站", 镇街="", 经度="", 纬度="")

    assert looked_at(live, workbook(zone), unit="台商投资区").unit_name == "泉州台商投资区"
    with pytest.raises(RefusedError, match=r"^--unit：没有这个填报单位，写的是“泉州”。"):
        looked_at(untouched, workbook(zone), unit="泉州")


# --- another system of coordinates --------------------------------------------------------------------------------


def in_system(system: str, *, lon: float | None = None) -> Callable[..., dict[str, object]]:
    """Rows of a ledger in the middle of 晋江 by one system, with a column that says so."""
    given = from_wgs84(system, lon or labelled(JINJIANG)[0], labelled(JINJIANG)[1])
    return lambda name, **told: a_station(name, 经度=given[0], 纬度=given[1], **{"坐标系": system} | told)


def test_the_same_numbers_in_another_system_are_told_once(live, workbook):
    row = in_system("BD-09")
    names = [f"{n}号驿站" for n in "一二三四五六七八"]
    taken_in(live, workbook(*(row(name) for name in names), above=()))
    now = [row(name, 坐标系="WGS-84") for name in names]

    found = looked_at(live, workbook(*now, above=(), name="b.xlsx"))

    lon, lat = row("")["经度"], row("")["纬度"]
    there = to_wgs84("BD-09", lon, lat)
    far = math.hypot((lat - there[1]) * 111, (lon - there[0]) * 111 * math.cos(math.radians(lat)))
    assert far > 1
    assert [said for said in warned(found) if "坐标数字" in said] == [
        f"8 个驿站：坐标数字没有变，坐标系从 BD-09 变成 WGS-84，位置会移动 {far:.1f} 公里左右"
        "（一号驿站、二号驿站、三号驿站、四号驿站、五号驿站 等）。请核对写的是不是对的坐标系。"
    ]


def test_other_numbers_and_systems_that_are_one_here_are_not_told(live, workbook):
    taken_in(live, workbook(in_system("WGS-84")("一号驿站"), in_system("WGS-84")("二号驿站"), above=()))
    same = in_system("WGS-84")("一号驿站", 坐标系="CGCS2000")
    moved = in_system("GCJ-02", lon=labelled(JINJIANG)[0] + 0.001)("二号驿站")

    found = looked_at(live, workbook(same, moved, above=(), name="b.xlsx"))

    assert not [said for said in warned(found) if "坐标数字" in said]


def test_places_that_are_refused_for_another_system_are_told_with_it(live, workbook):
    shape = BY_CODE[JINJIANG]
    lon, lat = labelled(JINJIANG)
    edge = max(lon + step / 2000 for step in range(1000) if inside(shape, (lon + step / 2000, lat)))
    row = in_system("BD-09", lon=edge)("一号驿站")
    taken_in(live, workbook(row, above=()))

    with pytest.raises(RefusedError) as caught:
        looked_at(live, workbook(row | {"坐标系": "WGS-84"}, above=(), name="b.xlsx"))

    said = str(caught.value).split("\n")
    assert said[0].startswith("台账!D2：坐标在晋江市的界外")
    assert said[1].startswith("提醒：1 个驿站：坐标数字没有变，坐标系从 BD-09 变成 WGS-84，位置会移动")


# --- numbers that change ----------------------------------------------------------------------------------------


def test_another_number_is_told_and_the_old_one_is_free_again(live, clock, workbook):
    taken_in(live, workbook(a_station("甲驿站", 编号="1号")))
    first = looked_at(live, workbook(a_station("甲驿站", 编号="9号"), name="b.xlsx"))

    (changed,) = first.changes.changed
    assert [(d.column, d.before, d.now) for d in changed.differences] == [("编号", "1号", "9号")]
    new = a_station("乙驿站", 编号="1号", 地址="别处", 经度=LON + 0.01)
    together = looked_at(live, workbook(new, a_station("甲驿站", 编号="9号"), name="c.xlsx"))
    assert (together.changes.new, together.changes.renamed) == (("乙驿站",), ())
    import_stations(live, first)
    assert list(aliases(live.engine, AsOf(TODAY), "station_number")["alias"]) == ["350582 9号"]
    clock.set(date(2026, 1, 16))
    taken_in(live, workbook(new, a_station("甲驿站", 编号="9号"), name="d.xlsx"))
    now = listed(live, date(2026, 1, 16))
    assert {name: row["station"] for name, row in now.items()} == {
        "甲驿站": "350582-0001", "乙驿站": "350582-0002",
    }  # fmt: skip


def test_a_number_that_makes_two_rows_one_station_is_named(live, workbook):
    taken_in(live, workbook(a_station("甲驿站", 编号="1号")))

    rows = a_station("乙驿站", 编号="1号"), a_station("甲驿站", 编号="9号", 地址="别处", 经度=LON + 0.01)
    found = looked_at(live, workbook(*rows, name="b.xlsx"))
    assert any(
        "这是另一行改名以前的名称，编号“1号”在库里是它的，这一行按新驿站入库" in said
        for said in warned(found)
    )
