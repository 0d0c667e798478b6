"""The roster of observation points, as a table: into rows, each problem at its cell.

Comes in: the table that was read, and what is known of units, towns and measures. Goes out: points. Which points of
the store they are, is another question (point_identity). Knows neither file nor store.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..store import ProblemDraft
from .cells import Cell, comparable, shown
from .coordinates import COLUMNS as COORDINATES
from .coordinates import CellReader, Declared, Home, Spot, SpotReader
from .names import Names
from .point_cells import is_named_national, is_national, measure_numbers
from .point_differences import NATIONAL
from .refusals import says_nothing
from .sheet_table import Column, Row, Table
from .station_cells import former_names
from .station_titles import town_of, unit_of

ROSTER = (
    Column("序号", ("序", "顺序号"), needed=False),
    Column("编号", ("联系点编号",), needed=False, alone=True),
    Column("名称", ("联系点", "联系点名称", "观察联系点", "观察联系点名称"), alone=True),
    Column("曾用名", ("原名称", "原名"), needed=False, alone=True),
    Column(
        "县（市、区）",
        ("县", "县区", "县市区", "所在县（市、区）", "填报单位", "所属单位", "单位", "所属县（市、区）"),
    ),
    Column("镇街", ("所属镇街", "乡镇（街道）", "乡镇", "镇（街道）"), needed=False),
    Column("级别", ("层级", "设立单位"), needed=False),
    Column("试点内容", ("观察内容", "试点任务", "试点事项", "联系内容"), alone=True),
    Column("试点措施", ("措施", "措施编号", "试点措施编号"), needed=False),
    *COORDINATES,
)


# What a card, a list and a map can show of a point.
_LONGEST = {"编号": 20, "名称": 60, "曾用名": 60, "试点内容": 200}
_BETWEEN = re.compile("[、，,；;/\n和与及]")


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


def roster_of(
    table: Table, known: KnownPlaces, system: str | None
) -> tuple[list[PointRow], list[ProblemDraft], Declared]:
    """Every point of the roster, and what is wrong with it."""
    problems: list[ProblemDraft] = [*faults(table)]
    declared = Declared.of(table, system)
    shapes = tuple(dict.fromkeys(home.outline for home in known.homes.values()))
    places = SpotReader(problems, table=table, shapes=shapes, declared=declared)
    reader = _Points(problems, known=known, places=places)
    told = rows_told(table, ROSTER, "名称", problems)
    rows = reader.numbered([reader.point(row) for row in told], table)
    reader.tell_levels(rows, table)
    if not rows:
        advice = "请在表头下面逐行填写，一个联系点一行；也请检查是不是选错了文件。"
        problems.append(ProblemDraft(table.sheet.line(table.header[0]), "表头下面没有一个联系点", "", advice))
    places.check([(row.spot, known.homes[row.unit]) for row in rows if row.spot and row.unit])
    return rows, [*problems, *declared.problems()], declared


def faults(table: Table) -> list[ProblemDraft]:
    """What cannot be read at all, wherever it stands in the table."""
    return [p for row in table.rows for cell in row.cells.values() for p in cell.faults]


def rows_told(
    table: Table, columns: Sequence[Column], name: str, problems: list[ProblemDraft]
) -> Iterator[Row]:
    """The rows that say something; a header that comes again between them, as on every sheet of paper, is a problem.

    ``name`` is the column of names.
    """
    for row in table.rows:
        if _is_header(row, columns):
            problems.append(row[name].problem("又是一行表头", "请删去这一行。"))
        elif not says_nothing(row, name):
            yield row


_FEW_HEADINGS = 2


def _is_header(row: Row, columns: Sequence[Column]) -> bool:
    headings = (column for column in columns if comparable(row[column.name].text) in column.headings)
    return sum(1 for _ in headings) >= _FEW_HEADINGS


def check_length(reader: CellReader, row: Row, longest: Mapping[str, int]) -> None:
    """Words that no page can show, as problems; ``longest`` are the most characters by column."""
    for column, most in longest.items():
        text = row[column].text
        parts = former_names(text) if column == "曾用名" else (text,)
        if (length := max(map(len, parts), default=0)) > most:
            advice = "请写短一些，说明的话请放在不导入的列里，如“备注”。"
            reader.refuse(row[column], f"{column}超过 {most} 个字，共 {length} 个字", advice)


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
        check_length(self, row, _LONGEST)
        unit = self._unit(row["县（市、区）"])
        return PointRow(
            cells=row,
            number=self.number(row["编号"]),
            name=row["名称"].text.replace("\n", ""),
            former=former_names(row["曾用名"].text),
            unit=unit,
            town=self._town(row["镇街"], unit),
            national=self._national(row["级别"]),
            tests=row["试点内容"].text,
            measures=self.read(row["试点措施"], self._measures) or (),
            spot=self.places.spot(row),
        )

    def _national(self, cell: Cell) -> bool:
        found = self.read(cell, lambda own: is_national(own.text)) or False
        if found and not is_named_national(cell.text):
            self.warn(cell, f"按{NATIONAL}显示", "不是的，请改写成 省级、市级 或 县级。")
        return found

    def tell_levels(self, rows: Sequence[PointRow], table: Table) -> None:
        """That all other levels are one, once for the column."""
        if any(row.cells["级别"].text and not row.national for row in rows):
            place = table.sheet.place((table.header[1], table.columns["级别"]), "级别")
            rule = "只区分是否中央社会工作部的，其余级别不保存"
            self.problems.append(ProblemDraft(place, rule, "", "", "warning"))

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
        codes = unit_of(cell.text, self.known.units)
        if len(codes) == 1:
            return next(iter(codes))
        if cell.text and _are_several(cell.text, self.known.units):
            self.refuse(
                cell, "只能写一个单位", "一个联系点只属于一个单位，请只留一个；是几个联系点的，请分行写。"
            )
        elif cell.text:
            advice = self.known.units.advice(str(cell.value), "请写 13 个填报单位之一的全称、简称或代码。")
            self.refuse(cell, f"没有叫“{shown(cell.text)}”的填报单位", advice)
        return ""

    def _town(self, cell: Cell, unit: str) -> str:
        """The town of the unit; one of another unit is told with whose it is."""
        codes = town_of(cell.text, self.known.towns, self.known.units)
        own = [code for code in codes if self.known.unit_of[code] == unit]
        if len(own) == 1 or not cell.text or not unit:
            return own[0] if own else ""
        if _are_several(cell.text, self.known.towns):
            self.refuse(cell, "只能写一个镇街", "请只留联系点所在的一个。")
        elif codes:
            whose = "、".join(self.known.units.titles.get(self.known.unit_of[c], "") for c in sorted(codes))
            self.refuse(
                cell, f"这个镇街属于{whose}，不属于{self.known.units.titles[unit]}", "请改正镇街或单位。"
            )
        else:
            advice = self.known.towns.advice(str(cell.value), "请写镇街的全称。")
            self.refuse(cell, f"没有叫“{shown(cell.text)}”的镇街", advice)
        return ""

    def _measures(self, cell: Cell) -> tuple[str, ...]:
        return measure_numbers(cell.value, self.known.measures)


def _are_several(text: str, known: Names) -> bool:
    """Whether the text is several names, each of which is known: 晋江市、石狮市."""
    parts = [part for part in _BETWEEN.split(text) if comparable(part)]
    return len(parts) > 1 and not known.of(text) and all(known.of(part) for part in parts)
