"""A ledger of stations as offices keep it: a table into rows, each problem at its cell.

Comes in: the table that was read, what is known of units, towns and outlines, and the day the ledger is of. Goes out:
a row for every station with its place in WGS 84, and problems. Which station of the store a row is, and what the
ledger changes, is another question (station_identity, station_import). Knows neither file nor store.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from ..datum import SYSTEMS, named, to_wgs84
from ..geo import FEWEST_GAINED, Outline, better_system, bounds, containing, metres_outside
from ..store import ProblemDraft
from .cells import Cell, clean, comparable, day, shown, spelt
from .names import Names
from .sheets import Column, Row, Table
from .station_cells import UnreadableError, called, count, degrees, full_width, hours, pair, services, state
from .station_life import Step

COLUMNS = (
    Column("序号", ("序", "顺序号"), needed=False),
    Column("编号", ("驿站编号", "站点编号", "驿站代码"), needed=False),
    Column("名称", ("驿站名称", "站点名称", "驿站", "驿站名"), alone=True),
    Column("曾用名", ("原名称", "原名", "原驿站名称", "旧名称"), needed=False),
    Column("类型", ("驿站类型", "站点类型", "类别", "驿站类别"), needed=False),
    Column(
        "县（市、区）",
        ("县", "县市区", "填报单位", "所属县（市、区）", "所属单位", "单位", "区县", "所属县市区"),
        needed=False,
    ),
    Column(
        "镇街",
        (
            "所属镇街",
            "乡镇（街道）",
            "乡镇",
            "镇（街道）",
            "乡镇街道",
            "街道",
            "所属乡镇（街道）",
            "所属乡镇",
            "街镇",
        ),
        needed=False,
    ),
    Column("地址", ("详细地址", "驿站地址", "所在地址", "具体地址"), needed=False),
    Column("经度", ("东经", "lon", "lng", "longitude"), needed=False, alone=True, decimal=True),
    Column("纬度", ("北纬", "lat", "latitude"), needed=False, alone=True, decimal=True),
    Column(
        "坐标",
        ("经纬度", "坐标（经度,纬度）", "位置坐标", "坐标位置"),
        needed=False,
        alone=True,
        decimal=True,
    ),
    Column("坐标系", ("坐标系统", "坐标类型", "坐标基准"), needed=False),
    Column("服务内容", ("服务", "服务项目", "服务功能", "提供服务"), needed=False),
    Column("开放时间", ("营业时间", "服务时间", "开放时段", "运营时间"), needed=False),
    Column("运营单位", ("运营", "管理单位", "运营主体", "运营管理单位", "管理主体"), needed=False),
    Column("状态", ("驿站状态", "运营状态", "开放状态", "当前状态", "使用状态"), needed=False),
    Column("计划日期", ("计划", "计划时间", "规划日期"), needed=False),
    Column("建成日期", ("建成", "建成时间", "竣工日期"), needed=False),
    Column("开放日期", ("开放", "启用日期", "启用时间", "投用日期", "投用时间"), needed=False),
    Column("暂停日期", ("暂停", "暂停时间", "停用日期"), needed=False),
    Column("恢复开放日期", ("恢复日期", "恢复开放", "恢复时间", "重新开放日期"), needed=False),
    Column("关闭日期", ("关闭", "关闭时间", "关停日期", "撤站日期"), needed=False),
    Column("最近核查", ("核查日期", "最近核查日期", "核查时间", "最近核查时间"), needed=False),
    Column("服务人次", ("月服务人次", "上月服务人次", "人次"), needed=False),
)
# What happened on the day of each column; 恢复开放日期 is an opening like the first.
STEPS = {
    "计划日期": "planned",
    "建成日期": "built",
    "开放日期": "opened",
    "暂停日期": "suspended",
    "恢复开放日期": "opened",
    "关闭日期": "closed",
}
# Columns that must not stand before these others, the nearest first.
NOT_BEFORE = {
    "建成日期": ("计划日期",),
    "开放日期": ("建成日期", "计划日期"),
    "暂停日期": ("开放日期", "建成日期", "计划日期"),
    "恢复开放日期": ("开放日期", "建成日期", "计划日期"),
    "关闭日期": ("恢复开放日期", "暂停日期", "开放日期", "建成日期", "计划日期"),
}
LONGEST_KIND = 20
FAR_OUT_M = 1000  # farther out of its unit is an error, nearer a warning

T = TypeVar("T")
F = TypeVar("F", bound=float | None)


@dataclass(frozen=True)
class Known:
    """What the store knows of places on the day of the import.

    ``units`` are the names of the 13, ``towns`` those of every town with the name of the unit of each in ``unit_of``;
    ``own_towns`` those of the ledger's unit alone. ``shape`` is the outline that the unit lies in (of a zone its
    parent's), ``shapes`` are all of them.
    """

    unit: str
    unit_name: str
    units: Names
    towns: Names
    own_towns: Names
    unit_of: Mapping[str, str]
    shape: Outline
    shapes: tuple[Outline, ...]


@dataclass(frozen=True)
class Spot:
    """Where a station stands: WGS 84, and as it was given in which system."""

    lon: float
    lat: float
    system: str
    lon_as_given: float
    lat_as_given: float
    cell: Cell

    @property
    def metres_moved(self) -> float:
        """How far the conversion took it."""
        north = (self.lat - self.lat_as_given) * 110_900
        east = (self.lon - self.lon_as_given) * 111_320 * math.cos(math.radians(self.lat))
        return math.hypot(north, east)


@dataclass(frozen=True)
class LedgerRow:
    """One row of the ledger: ``state`` and ``days`` as far as it tells them, ``spot`` None: not located."""

    cells: Row
    number: str
    name: str
    former: tuple[str, ...]
    kind: str
    town: str
    address: str
    spot: Spot | None
    services: str
    hours: str
    operator: str
    state: str | None
    days: tuple[Step, ...]
    visits: int | None
    checked_on: date | None

    @property
    def place(self) -> str:
        """The cell by which the row is named."""
        return self.cells["名称"].place


@dataclass(frozen=True)
class Ledger:
    """The ledger as read: rows in its order and every problem found; ``used`` are the cells outside the table that were
    read, ``by_number`` whether 编号 tells stations apart."""

    rows: tuple[LedgerRow, ...]
    problems: tuple[ProblemDraft, ...]
    used: tuple[tuple[int, int], ...]
    by_number: bool


def ledger_of(table: Table, known: Known, on: date, system: str | None = None) -> Ledger:
    """Read every row of the ledger of the day ``on``; ``system`` is what was said of coordinates beside the file."""
    declared = _Declared.of(table, system)
    reader = _Reader(table, known, on, declared)
    rows = [reader.row(row) for row in table.rows if not _is_no_station(row)]
    reader.check_twice(rows)
    reader.check_places([row for row in rows if row.spot])
    if not rows:
        advice = "请在表头下面逐行填写，一个驿站一行；也请检查是不是选错了文件。"
        reader.problems.append(
            ProblemDraft(table.sheet.line(table.header[0]), "表头下面没有一个驿站", "", advice)
        )
    return Ledger(
        rows=tuple(rows),
        problems=tuple(dict.fromkeys([*reader.problems, *declared.problems(table, rows)])),
        used=declared.used,
        by_number=reader.by_number(rows),
    )


def _is_no_station(row: Row) -> bool:
    """合计 and 小计, between other rows as well, and rows that are numbered and empty: nothing is read of them."""
    if any(_SUM.search(comparable(row[name].text)) for name in ("序号", "编号", "县（市、区）", "镇街")):
        return True
    told = (cell for name, cell in row.cells.items() if name not in ("序号", "县（市、区）", "坐标系"))
    return bool(_SUM.search(comparable(row["名称"].text))) or not any(
        cell.text or cell.fault for cell in told
    )


_SUM = re.compile(r"^(合计|小计|总计|共计)|(合计|小计|总计)$")


# --- the system of the coordinates ------------------------------------------------------------------


@dataclass(frozen=True)
class _Declared:
    """What the file, and who hands it in, say of the system: by place, in the order of the sheet."""

    said: tuple[tuple[str, str], ...]
    used: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, table: Table, system: str | None) -> _Declared:
        """Above or below the table a line with 坐标系 in it; in the header 经度（GCJ-02）; beside the file --datum."""
        lines = [(cell, found) for cell in table.around if (found := _line(cell.text))]
        heads = [
            (table.sheet.place((row, column), ""), found)
            for name in ("经度", "纬度", "坐标")
            if (column := table.columns.get(name))
            for row in range(table.header[0], table.header[1] + 1)
            if (found := _bracketed(spelt(table.sheet.values.get((row, column)))))
        ]
        beside = [("--datum", system)] if system else []
        told = [*beside, *((cell.place, found) for cell, found in lines), *heads]
        return cls(tuple(told), tuple(cell.at for cell, _ in lines))

    @property
    def system(self) -> str | None:
        """The system of the whole file; None when nothing is said, or not the same everywhere."""
        found = {system for _, system in self.said}
        return next(iter(found)) if len(found) == 1 else None

    def problems(self, table: Table, rows: Sequence[LedgerRow]) -> Iterator[ProblemDraft]:
        """Systems that contradict each other."""
        for place, system in self.said[1:]:
            if system != self.said[0][1]:
                where, other = self.said[0]
                yield ProblemDraft(place, f"坐标系与 {where} 写的 {other} 不一致", system, "请只留对的一个。")


def _line(text: str) -> str | None:
    """坐标系：GCJ-02（高德）, 坐标取自百度地图。: the system a line declares; None when it declares none."""
    for line in clean(text).split("\n"):
        _, word, told = comparable(line).partition("坐标")
        if word and (system := _one_of(told)):
            return system
    return None


def _bracketed(heading: str) -> str | None:
    plain = comparable(heading)
    return named(plain[plain.index("(") :]) if "(" in plain else None


_BETWEEN = re.compile(r"^(?:系统?|均为|全部|都|为|是|采用|使用|取自|来自|用的?|[:,])+")


def _one_of(text: str) -> str | None:
    """The system in what follows the word: as it stands, or up to the first stop."""
    words = _BETWEEN.sub("", text)
    stops = [words, *(words.partition(stop)[0] for stop in "。;,、")]
    return next((found for part in stops if (found := named(part))), None)


# --- the rows ---------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """Reads row after row and collects what is wrong."""

    table: Table
    known: Known
    on: date
    declared: _Declared
    problems: list[ProblemDraft] = field(default_factory=list)
    _undeclared: bool = False

    def __post_init__(self) -> None:
        self.problems += [p for row in self.table.rows for cell in row.cells.values() for p in cell.faults]
        self._city = bounds(self.known.shapes)

    def refuse(self, cell: Cell, rule: str, advice: str) -> None:
        """Remember a problem; a cell at fault has told its own already."""
        if cell.fault is None:
            self.problems.append(cell.problem(rule, advice))

    def warn(self, cell: Cell, rule: str, advice: str) -> None:
        """Remember what does not stop the ledger."""
        if cell.fault is None:
            self.problems.append(cell.problem(rule, advice, "warning"))

    def row(self, row: Row) -> LedgerRow:
        """What a row says, as far as it can be read."""
        self._check_unit(row["县（市、区）"])
        days = self._days(row)
        return LedgerRow(
            cells=row,
            number=comparable(row["编号"].text),
            name=self._name(row["名称"]),
            former=_parts(row["曾用名"].text),
            kind=self._kind(row["类型"]),
            town=self._town(row["镇街"]),
            address=_on_one_line(row["地址"].text),
            spot=self._spot(row),
            services=services(row["服务内容"].text),
            hours=self._read(row["开放时间"], lambda cell: hours(cell.text)) or "",
            operator=_on_one_line(row["运营单位"].text),
            state=self._read(row["状态"], lambda cell: state(cell.text)),
            days=days,
            visits=self._figure(row["服务人次"], lambda cell: count(cell.value)),
            checked_on=self._day(row["最近核查"]),
        )

    def _read(self, cell: Cell, reading: Callable[[Cell], T]) -> T | None:
        """What the cell says; None when it cannot be read, which is a problem."""
        if cell.fault is None:
            try:
                return reading(cell)
            except UnreadableError as error:
                self.refuse(cell, error.rule, error.advice)
        return None

    def _figure(self, cell: Cell, reading: Callable[[Cell], F]) -> F | None:
        """The same of figures: those of double width are read and told."""
        found = self._read(cell, reading)
        if found is not None and isinstance(cell.value, str) and full_width(cell.value):
            self.warn(cell, f"数字是全角的，按 {spelt(found)} 读取", "请核对。")
        return found

    def _name(self, cell: Cell) -> str:
        if not cell.text:
            self.refuse(cell, "名称不能为空", "请补上驿站的名称。")
        return _on_one_line(cell.text)

    def _kind(self, cell: Cell) -> str:
        kind = _on_one_line(cell.text)
        if len(kind) > LONGEST_KIND:
            self.refuse(cell, f"类型超过 {LONGEST_KIND} 个字", "请只写类型，如 党群服务中心。")
        return kind

    # --- whose it is ---------------------------------------------------------------------------------

    def _check_unit(self, cell: Cell) -> None:
        if not cell.text:
            return
        codes = self.known.units.of(cell.text)
        if not codes:
            advice = self.known.units.advice(str(cell.value), "请写 13 个填报单位之一的全称、简称或代码。")
            self.refuse(cell, f"没有叫“{shown(cell.text)}”的填报单位", advice)
        elif self.known.unit not in codes:
            rule = f"这一行不是{self.known.unit_name}的"
            self.refuse(cell, rule, "一份台账只收一个填报单位的驿站：请改正，或移到那个单位的台账里。")

    def _town(self, cell: Cell) -> str:
        if not cell.text:
            return ""
        own = self.known.own_towns.of(cell.text)
        if len(own) == 1:
            return next(iter(own))
        elsewhere = self.known.towns.of(cell.text)
        if elsewhere:
            whose = "、".join(dict.fromkeys(self.known.unit_of[code] for code in sorted(elsewhere)))
            self.refuse(
                cell,
                f"这个镇街属于{whose}，不属于{self.known.unit_name}",
                "请改正镇街，或把这一行移到那个单位的台账里。",
            )
        else:
            otherwise = f"请写{self.known.unit_name}的镇街，名称可以在“驿站”页的镇街筛选里查找。"
            advice = self.known.own_towns.advice(str(cell.value), otherwise)
            self.refuse(cell, f"{self.known.unit_name}没有叫“{shown(cell.text)}”的镇街", advice)
        return ""

    # --- when ----------------------------------------------------------------------------------------

    def _days(self, row: Row) -> tuple[Step, ...]:
        found = {name: on for name in STEPS if (on := self._day(row[name]))}
        for name, before in NOT_BEFORE.items():
            earlier = next(
                (b for b in before if name in found and b in found and found[name] < found[b]), None
            )
            if earlier:
                self.refuse(row[name], f"{name}早于{earlier} {found[earlier]}", "请核对这两个日期。")
        return tuple(dict.fromkeys((STEPS[name], on) for name, on in found.items()))

    def _day(self, cell: Cell) -> date | None:
        """The day of a cell, a month alone as its last day; None when it is empty, none, or still to come."""
        if not cell.text:
            return None
        try:
            found = day(cell.value, last=True)
        except ValueError:
            self.refuse(cell, "不是日期", "请写成 2024-05-01 或 2024年5月 的样子。")
            return None
        found = self.on if _is_this_month(cell, found, self.on) else found
        if found > self.on:
            advice = (
                "这里只写已经发生的日子：请改正，还没有到的留空；台账如果是更晚的，请用 --on 写明它的日子。"
            )
            self.refuse(cell, f"晚于台账的日子 {self.on}", advice)
            return None
        if isinstance(cell.value, str) and full_width(cell.value):
            self.warn(cell, f"数字是全角的，按 {found} 读取", "请核对。")
        return found

    # --- where ---------------------------------------------------------------------------------------

    def _spot(self, row: Row) -> Spot | None:
        given = self._given(row)
        if given is None:
            return None
        lon, lat, cell = given
        system = self._system(row["坐标系"])
        if not self._plausible(cell, lon, lat) or system is None:
            return None
        there = to_wgs84(system, lon, lat)
        return Spot(round(there[0], 7), round(there[1], 7), system, lon, lat, cell)

    def _given(self, row: Row) -> tuple[float, float, Cell] | None:
        """The two degrees as they stand, of two columns or of one; None when there are none, or one is amiss."""
        two, both = (row["经度"], row["纬度"]), row["坐标"]
        if any(cell.text or cell.fault for cell in two):
            empty = next((cell for cell in two if not cell.text and not cell.fault), None)
            if empty:
                name = "经度" if empty is two[0] else "纬度"
                self.refuse(
                    empty,
                    f"只有{'纬度' if name == '经度' else '经度'}，没有{name}",
                    "请补上；不知道的两个都留空。",
                )
            lon, lat = (self._figure(cell, lambda c: degrees(c.value)) if cell.text else None for cell in two)
            return (lon, lat, two[0]) if lon is not None and lat is not None else None
        if not both.text:
            return None
        found = self._read(both, lambda cell: tuple(degrees(half) for half in pair(cell.text)))
        if found and full_width(both.text.translate({ord(c): None for c in "，；（）、"})):
            self.warn(both, f"数字是全角的，按 {found[0]},{found[1]} 读取", "请核对。")
        return (found[0], found[1], both) if found else None

    def _plausible(self, cell: Cell, lon: float, lat: float) -> bool:
        """Whether these may be degrees of this city, of whichever system; what is amiss is told."""
        west, south, east, north = self._city
        margin = 0.5
        given = _given_as(lon, lat)
        if lon == 0 and lat == 0:
            wrong = ProblemDraft(cell.place, "坐标是零", given, "不知道坐标的，请两个都留空。")
        elif west - margin < lat < east + margin and south - margin < lon < north + margin:
            wrong = ProblemDraft(cell.place, "经度和纬度写反了", given, self._way_out_of_swap(cell))
        elif not (west - margin < lon < east + margin and south - margin < lat < north + margin):
            span = f"经度在 {west:.1f} 到 {east:.1f} 之间，纬度在 {south:.1f} 到 {north:.1f} 之间"
            wrong = ProblemDraft(cell.place, "坐标不在泉州", given, f"泉州的{span}，请改正。")
        else:
            return True
        self.problems.append(wrong)
        return False

    def _way_out_of_swap(self, cell: Cell) -> str:
        if cell.at[1] == self.table.columns.get("坐标"):
            return "请把经度写在前面。"
        return "请把两个数对调；整列都反了的，把“经度”“纬度”两个列名对调就行。"

    def _system(self, cell: Cell) -> str | None:
        """The system of this row; a file that says nothing of it is told so once."""
        if cell.text:
            found = named(cell.text)
            if found is None:
                self.refuse(cell, "不认识这个坐标系", f"请写 {'、'.join(SYSTEMS)} 之一，如 GCJ-02（高德）。")
            return found
        if not self.declared.said and not self._undeclared and cell.fault is None:
            self._undeclared = True
            where = self.table.sheet.line(self.table.header[0])
            advice = (
                "请在表格上方或下方写一行，如“坐标系：GCJ-02（高德）”，或加一列“坐标系”，或在命令里写 --datum。"
                f"可以写 {'、'.join(SYSTEMS)}；手机定位和天地图是 WGS-84 或 CGCS2000，高德、腾讯是 GCJ-02，百度是 BD-09。"
            )
            self.problems.append(ProblemDraft(where, "有坐标，没有写明坐标系", "", advice))
        return self.declared.system

    # --- row against row -----------------------------------------------------------------------------

    def by_number(self, rows: Sequence[LedgerRow]) -> bool:
        """Whether 编号 tells stations apart; 1, 2, 3 down the column only counts rows."""
        return any(row.number for row in rows) and not _is_running([row.number for row in rows])

    def check_twice(self, rows: Sequence[LedgerRow]) -> None:
        """Stations that stand in the ledger twice, by name and place or by number, told at both."""
        if any(row.number for row in rows) and not self.by_number(rows):
            at = (self.table.header[1], self.table.columns["编号"])
            advice = "要按编号认驿站，请写不会随行变动的编号。"
            rule = "“编号”列只是 1、2、3 的行号，按序号处理，不用来认驿站"
            self.problems.append(
                ProblemDraft(self.table.sheet.place(at, "编号"), rule, "", advice, "warning")
            )
        else:
            self._tell_twice(
                rows,
                lambda row: [row.number],
                "编号",
                lambda other: f"编号重复，{other} 也用了",
                "请改正编号。",
            )
        told = "请删去一行；确实是两个驿站，请写出不同的名称或地址。"
        self._tell_twice(rows, _same_place, "名称", lambda other: f"与 {other} 同名同地，重复了", told)

    def _tell_twice(
        self,
        rows: Sequence[LedgerRow],
        keys: Callable[[LedgerRow], Sequence[object]],
        column: str,
        rule: Callable[[str], str],
        advice: str,
    ) -> None:
        first: dict[object, LedgerRow] = {}
        told: set[tuple[str, str]] = set()
        for row in rows:
            for key in filter(None, keys(row)):
                other = first.setdefault(key, row)
                pair_of = (other.place, row.place)
                if other is row or pair_of in told:
                    continue
                told.add(pair_of)
                for cell, against in ((other.cells[column], row), (row.cells[column], other)):
                    self.refuse(cell, rule(against.cells[column].place), advice)

    # --- places against outlines ---------------------------------------------------------------------

    def check_places(self, rows: Sequence[LedgerRow]) -> None:
        """Each place against the outline of the unit, and all of them against other systems."""
        spots = [row.spot for row in rows if row.spot]
        outside = {
            spot: out for spot in spots if (out := metres_outside(self.known.shape, (spot.lon, spot.lat)))
        }
        for spot, out in outside.items():
            self._check_place(spot, out)
        amiss = Counter(spot.system for spot in outside)
        for system in (s for s, many in amiss.items() if many >= FEWEST_GAINED):
            self._check_system(system, [spot for spot in spots if spot.system == system])

    def _check_place(self, spot: Spot, out: float) -> None:
        own = self.known.shape
        there = containing(self.known.shapes, (spot.lon, spot.lat))
        where = f"，落在{there.name}" if there else "，落在泉州市以外"
        whose = (
            self.known.unit_name
            if own.code == self.known.unit
            else f"{own.name}（{self.known.unit_name}在其中）"
        )
        far = f"{out / 1000:.1f} 公里" if out >= FAR_OUT_M else f"{math.ceil(out / 10) * 10} 米"
        rule = f"坐标在{whose}的界外 {far}{where}"
        at = _given_as(spot.lon_as_given, spot.lat_as_given)
        if out > FAR_OUT_M:
            advice = "请核对坐标、坐标系和所属单位。"
            self.problems.append(ProblemDraft(spot.cell.place, rule, at, advice))
        else:
            advice = "界线经过简化，靠近边界的请核对后照收。"
            self.problems.append(ProblemDraft(spot.cell.place, rule, at, advice, "warning"))

    def _check_system(self, system: str, spots: Sequence[Spot]) -> None:
        given = [(spot.lon_as_given, spot.lat_as_given) for spot in spots]
        better = better_system(system, given, [self.known.shape] * len(given))
        if better:
            rule = (
                f"坐标系写的是 {system}，有 {better.inside_declared} 个在本单位界内；"
                f"按 {better.system} 算，{better.places} 个里有 {better.inside} 个在界内"
            )
            where = self.table.sheet.line(self.table.header[0])
            advice = "坐标系可能写错了，请向提供坐标的人核对；没有核对以前仍按写的算。"
            self.problems.append(ProblemDraft(where, rule, "", advice, "warning"))


def _given_as(lon: float, lat: float) -> str:
    """Two degrees for a message, to a tenth of a metre."""
    return ",".join(f"{degree:.6f}".rstrip("0").rstrip(".") for degree in (lon, lat))


def _is_this_month(cell: Cell, found: date, on: date) -> bool:
    """Whether the cell names only the month of the ledger, which has not ended."""
    whole = isinstance(cell.value, date) or found <= on or (found.year, found.month) != (on.year, on.month)
    return not whole and day(cell.value, last=False) <= on


def _is_running(numbers: Sequence[str]) -> bool:
    return len(numbers) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _same_place(row: LedgerRow) -> list[object]:
    """What another row would have to share to be the same station: name with place, or name alone where none is told."""
    name = called(row.name)
    if not name:
        return []
    found: list[object] = []
    if row.spot:
        found.append((name, round(row.spot.lon, 4), round(row.spot.lat, 4)))
    if row.address or not row.spot:
        found.append((name, row.town, comparable(row.address)))
    return found


def _on_one_line(text: str) -> str:
    return text.replace("\n", "")


def _parts(text: str) -> tuple[str, ...]:
    """Former names, several with 、 between them."""
    plain = text.replace("\n", "、").replace("；", "、").replace(";", "、")
    return tuple(part.strip() for part in plain.split("、") if part.strip())


def moved_m(rows: Sequence[LedgerRow]) -> dict[str, tuple[float, float, float]]:
    """How far the conversion took the places of each system, in metres: least, median, most; those that stay left out."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if row.spot and (row.spot.lon, row.spot.lat) != (row.spot.lon_as_given, row.spot.lat_as_given):
            found.setdefault(row.spot.system, []).append(row.spot.metres_moved)
    return {system: (min(far), statistics.median(far), max(far)) for system, far in found.items()}
