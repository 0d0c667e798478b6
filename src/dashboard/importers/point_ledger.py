"""The roster of observation points and the record of visits to them, as tables: into rows, each problem at its cell.

Comes in: the tables that were read, and what is known of units, towns, measures and points. Goes out: points and visits.
Knows neither file nor store.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..store import ProblemDraft
from .cells import Cell, comparable, day, shown
from .coordinates import COLUMNS as COORDINATES
from .coordinates import CellReader, Declared, Home, Spot, SpotReader
from .names import Names
from .refusals import says_nothing
from .sheet_table import Column, Row, Table
from .station_cells import count, former_names

ROSTER = (
    Column("序号", ("序", "顺序号"), needed=False),
    Column("编号", ("联系点编号",), needed=False, alone=True),
    Column("名称", ("联系点", "联系点名称", "观察联系点", "观察联系点名称"), alone=True),
    Column("曾用名", ("原名称", "原名"), needed=False, alone=True),
    Column("县（市、区）", ("县", "县市区", "填报单位", "所属单位", "单位", "所属县（市、区）")),
    Column("镇街", ("所属镇街", "乡镇（街道）", "乡镇", "镇（街道）"), needed=False),
    Column("级别", ("层级", "设立单位"), needed=False),
    Column("试点内容", ("观察内容", "试点任务", "联系内容"), alone=True),
    Column("试点措施", ("措施", "措施编号", "试点措施编号"), needed=False),
    *COORDINATES,
)
VISITS = (
    Column("序号", ("序", "顺序号"), needed=False),
    Column("联系点", ("名称", "联系点名称", "观察联系点"), fills=True),
    Column("走访日期", ("日期", "走访时间"), alone=True),
    Column("发现问题", ("发现问题数", "发现问题（个）"), needed=False, alone=True),
    Column("解决问题", ("解决问题数", "已解决", "解决问题（个）"), needed=False, alone=True),
    Column("推广情况", ("推广", "采纳情况", "推广采纳"), needed=False),
    Column("走访情况", ("情况", "走访记录", "走访内容"), needed=False),
)
AS_TEXT = "请把这一列的单元格格式设为“文本”，再重新写上。"
_NATIONAL = re.compile("中央|国家|全国")
_NUMBER = re.compile(r"\d{1,3}-\d{1,3}-\d{1,3}")


@dataclass(frozen=True)
class KnownPlaces:
    """Names of the 13 units and of all towns with the unit of each, the outline of each unit, and the numbers of the
    measures of the list in force."""

    units: Names
    towns: Names
    unit_of: Mapping[str, str]
    homes: Mapping[str, Home]
    measures: Collection[str]


@dataclass(frozen=True)
class PointRow:
    """One point of the roster; ``spot`` None: not located."""

    cells: Row
    number: str
    name: str
    former: tuple[str, ...]
    unit: str
    town: str
    national: bool
    tests: str
    measures: tuple[str, ...]
    spot: Spot | None

    @property
    def cell(self) -> Cell:
        """The cell by which the point is named."""
        return self.cells["名称"]


@dataclass(frozen=True)
class VisitRow:
    """One visit; ``on`` None: cannot be read, which is a problem; counts None: not said."""

    cell: Cell
    point: str
    on: date | None
    found: int | None
    solved: int | None
    adopted: str
    words: str


def roster_of(
    table: Table, known: KnownPlaces, system: str | None
) -> tuple[list[PointRow], list[ProblemDraft], Declared]:
    """Every point of the roster, and what is wrong with it."""
    problems: list[ProblemDraft] = [*_faults(table)]
    declared = Declared.of(table, system)
    shapes = tuple(dict.fromkeys(home.outline for home in known.homes.values()))
    places = SpotReader(problems, table=table, shapes=shapes, declared=declared)
    reader = _Points(problems, known=known, places=places)
    rows = reader.numbered([reader.point(row) for row in table.rows if not says_nothing(row, "名称")], table)
    places.check([(row.spot, known.homes[row.unit]) for row in rows if row.spot and row.unit])
    return rows, [*problems, *declared.problems()], declared


def visits_of(table: Table, today: date) -> tuple[list[VisitRow], list[ProblemDraft]]:
    """Every visit of the record, and what is wrong with it; whether its point is known, and whether a visit is told
    twice under two of its names, is asked elsewhere."""
    problems: list[ProblemDraft] = [*_faults(table)]
    reader = _Visits(problems, today=today)
    rows = [reader.visit(row) for row in table.rows if not says_nothing(row, "联系点")]
    return rows, problems


def _faults(table: Table) -> list[ProblemDraft]:
    return [p for row in table.rows for cell in row.cells.values() for p in cell.faults]


def told_twice(
    keyed: Iterable[tuple[object, str, Cell]], advice: str = "请只留一行。"
) -> Iterator[ProblemDraft]:
    """A problem at both of two cells of one key, by what that is called; each two of them once."""
    first: dict[object, Cell] = {}
    told: set[tuple[str, str]] = set()
    for key, what, cell in keyed:
        other = first.setdefault(key, cell)
        pair = (other.place, cell.place)
        if other is not cell and pair not in told:
            told.add(pair)
            for one, two in ((other, cell), (cell, other)):
                yield one.problem(f"{what}写了两次，{two.place} 也有", advice)


@dataclass
class _Points(CellReader):
    known: KnownPlaces = field(kw_only=True)
    places: SpotReader = field(kw_only=True)

    def point(self, row: Row) -> PointRow:
        """What a row of the roster says, as far as it can be read."""
        for name in ("名称", "县（市、区）", "试点内容"):
            if not row[name].text:
                self.refuse(row[name], f"{name}不能为空", "请补上。")
        unit = self._unit(row["县（市、区）"])
        return PointRow(
            cells=row,
            number=self._number(row["编号"]),
            name=row["名称"].text.replace("\n", ""),
            former=former_names(row["曾用名"].text),
            unit=unit,
            town=self._town(row["镇街"], unit),
            national=bool(_NATIONAL.search(row["级别"].text)),
            tests=row["试点内容"].text,
            measures=self._measures(row["试点措施"]),
            spot=self.places.spot(row),
        )

    def _number(self, cell: Cell) -> str:
        if isinstance(cell.value, date):
            self.refuse(cell, "Excel 把编号当成了日期", AS_TEXT)
            return ""
        return comparable(cell.text)

    def numbered(self, rows: list[PointRow], table: Table) -> list[PointRow]:
        """The rows; 1, 2, 3 down the column only counts them and is no number of theirs."""
        numbers = [row.number for row in rows]
        if not numbers or numbers != [str(n) for n in range(1, len(numbers) + 1)]:
            return rows
        place = table.sheet.place((table.header[1], table.columns["编号"]), "编号")
        rule = "“编号”列只是 1、2、3 的行号，按序号处理，不用来认联系点"
        advice = "要按编号认联系点，请写不会随行变动的编号。"
        self.problems.append(ProblemDraft(place, rule, "", advice, "warning"))
        return [replace(row, number="") for row in rows]

    def _unit(self, cell: Cell) -> str:
        codes = self.known.units.of(cell.text)
        if len(codes) == 1:
            return next(iter(codes))
        if cell.text:
            advice = self.known.units.advice(str(cell.value), "请写 13 个填报单位之一的全称、简称或代码。")
            self.refuse(cell, f"没有叫“{shown(cell.text)}”的填报单位", advice)
        return ""

    def _town(self, cell: Cell, unit: str) -> str:
        """The town of the unit; one of another unit is told with whose it is."""
        codes = self.known.towns.of(cell.text)
        own = [code for code in codes if self.known.unit_of[code] == unit]
        if len(own) == 1 or not cell.text or not unit:
            return own[0] if own else ""
        if codes:
            whose = "、".join(self.known.units.titles.get(self.known.unit_of[c], "") for c in sorted(codes))
            self.refuse(
                cell, f"这个镇街属于{whose}，不属于{self.known.units.titles[unit]}", "请改正镇街或单位。"
            )
        else:
            advice = self.known.towns.advice(str(cell.value), "请写镇街的全称。")
            self.refuse(cell, f"没有叫“{shown(cell.text)}”的镇街", advice)
        return ""

    def _measures(self, cell: Cell) -> tuple[str, ...]:
        numbers = tuple(dict.fromkeys(_NUMBER.findall(comparable(cell.text))))
        unknown = [number for number in numbers if number not in self.known.measures]
        if unknown:
            self.refuse(cell, f"现行清单里没有措施 {'、'.join(unknown)}", "请改正编号，如 5-12-1。")
        elif cell.text and not numbers:
            self.refuse(cell, "没有写措施的编号", "请写清单里的序号，几条用顿号隔开，如 5-12-1、5-12-2。")
        return numbers


@dataclass
class _Visits(CellReader):
    today: date = field(kw_only=True)

    def visit(self, row: Row) -> VisitRow:
        """What a row of the record says, as far as it can be read."""
        if not row["联系点"].text:
            self.refuse(row["联系点"], "联系点不能为空", "请写联系点的名称。")
        return VisitRow(
            cell=row["联系点"],
            point=row["联系点"].text,
            on=self._day(row["走访日期"]),
            found=self.figure(row["发现问题"], lambda cell: count(cell.value, "发现问题")),
            solved=self.figure(row["解决问题"], lambda cell: count(cell.value, "解决问题")),
            adopted=row["推广情况"].text,
            words=row["走访情况"].text,
        )

    def _day(self, cell: Cell) -> date | None:
        try:
            found = day(cell.value, last=False) if cell.text else None
        except ValueError:
            found = None
        if found is None:
            self.refuse(cell, "不是日期", "请写上走访的那一天，如 2026-03-05。")
        elif found > self.today:
            self.refuse(cell, "走访的日子还没有到", f"最晚写 {self.today}。")
        return found
