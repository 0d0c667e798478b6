"""The record of visits to observation points, as a table: into rows and facts, each problem at its cell. Pure.

Comes in: the table that was read and, by point and day, what is known of visits. Goes out: visits. A visit told again
for the same day replaces what was said of it; a column the record has not leaves what was known. No more problems
can have been solved at a point, by any day, than were found there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..knowledge import FIRST_DAY
from ..store import FactDraft, ProblemDraft
from .cells import Cell, Value, comparable, day
from .coordinates import CellReader
from .point_cells import adopted
from .point_differences import visit_differences
from .point_ledger import check_length, faults, rows_told, told_twice
from .sheet_table import Column, Row, Table
from .station_cells import UnreadableError, count
from .station_differences import Difference

COLUMNS = (
    Column("序号", ("序", "顺序号"), needed=False),
    Column("联系点", ("名称", "联系点名称", "观察联系点")),
    Column("走访日期", ("日期", "走访时间"), alone=True),
    Column("发现问题", ("发现问题数", "发现问题（个）", "问题数"), needed=False, alone=True),
    Column(
        "解决问题",
        ("解决问题数", "已解决", "解决问题（个）", "解决数", "已解决数", "已解决问题数"),
        needed=False,
        alone=True,
    ),
    Column("推广情况", ("推广", "采纳情况", "推广采纳"), needed=False, alone=True),
    Column("走访情况", ("情况", "走访记录", "走访内容"), needed=False),
)
_SAID = {"发现问题": "found", "解决问题": "solved", "推广情况": "adopted", "走访情况": "words"}
MOST = 1000  # problems of one visit; a day or a year that slipped into the column is more
_NOT_ONE_DAY = re.compile("[底末前]$")
_LONGEST = {"推广情况": 200, "走访情况": 500}
_CLOCK = re.compile(r"(?<=[\d日])[\sT]+\d{1,2}:\d{2}(:\d{2}(\.0+)?)?$")


@dataclass(frozen=True)
class VisitRow:
    """One visit; ``on`` None: cannot be read, which is a problem; counts None: not said."""

    cells: Row
    point: str
    on: date | None
    found: int | None
    solved: int | None
    adopted: str
    words: str

    @property
    def cell(self) -> Cell:
        """The cell by which the point is named; of several rows where it is merged."""
        return self.cells["联系点"]

    @property
    def on_cell(self) -> Cell:
        """The cell of its day, which is always its own."""
        return self.cells["走访日期"]


def visits_of(table: Table, today: date) -> tuple[list[VisitRow], list[ProblemDraft]]:
    """Every visit of the record, and what is wrong with it; whose point it is, is asked elsewhere."""
    problems: list[ProblemDraft] = [*faults(table)]
    reader = _Visits(problems, today=today)
    rows = [reader.visit(row) for row in rows_told(table, COLUMNS, "联系点", problems)]
    if not rows:
        advice = "请在表头下面逐行填写，一次走访一行；也请检查是不是选错了文件。"
        problems.append(ProblemDraft(table.sheet.line(table.header[0]), "表头下面没有一次走访", "", advice))
    return rows, problems


@dataclass
class _Visits(CellReader):
    today: date = field(kw_only=True)

    def visit(self, row: Row) -> VisitRow:
        """What a row of the record says, as far as it can be read."""
        if not row["联系点"].text:
            self.refuse(
                row["联系点"],
                "没有写是哪个联系点",
                "请每行都写联系点的名称；几行是同一个的，也可以把这几格合并。",
            )
        check_length(self, row, _LONGEST)
        return VisitRow(
            cells=row,
            point=row["联系点"].text,
            on=self._day(row["走访日期"]),
            found=self._count(row["发现问题"], "发现问题"),
            solved=self._count(row["解决问题"], "解决问题"),
            adopted=self._adopted(row["推广情况"]),
            words=row["走访情况"].text,
        )

    def _day(self, cell: Cell) -> date | None:
        """The one day of the visit: a month alone is none."""
        if not cell.text:
            self.refuse(cell, "走访日期不能为空", "请写上走访的那一天，如 2026-03-05。")
            return None
        told: Value = _CLOCK.sub("", cell.text) if isinstance(cell.value, str) else cell.value
        found: date | None
        last: date | None
        try:
            found, last = (day(told, last=end) for end in (False, True))
        except ValueError:
            found = last = None
        if found is None:
            self.refuse(cell, "不是日期", "请写上走访的那一天，如 2026-03-05。")
        elif found != last or _NOT_ONE_DAY.search(comparable(cell.text)):
            self.refuse(cell, "没有写明是哪一天", "请写上走访的那一天，如 2026-03-05。")
        elif found > self.today:
            self.refuse(cell, "走访的日子还没有到", f"最晚写 {self.today}。")
        elif found < FIRST_DAY:
            self.refuse(cell, "走访的日子太早", f"最早写 {FIRST_DAY}，请核对年份。")
        else:
            self.tell_full_width(cell, found)
            return found
        return None

    def _count(self, cell: Cell, what: str) -> int | None:
        found = self.figure(cell, lambda own: _counted(own, what))
        if found is not None and found > MOST:
            self.refuse(cell, f"一次走访的{what}超过 {MOST} 个", "请核对；几次走访合在一起的，请分次填写。")
            return None
        return found

    def _adopted(self, cell: Cell) -> str:
        words, why_not = (self.read(cell, lambda own: adopted(own.text)) if cell.text else None) or ("", "")
        if why_not:
            self.warn(cell, "按没有推广读取", why_not)
        return words


def _counted(cell: Cell, what: str) -> int | None:
    try:
        return count(cell.value, what)
    except UnreadableError as error:
        advice = "请写数出来的整数，如 3；一个也没有的写 0，没有记的留空。"
        raise UnreadableError(error.rule, advice) from error


# --- against each other, and against what is known --------------------------------------------------


@dataclass(frozen=True)
class KeyedVisits:
    """The visits of a record under the keys of their points.

    ``known`` are the columns of the visits of the store by point and day; ``columns`` are those the record has.
    """

    rows: tuple[tuple[str, date, VisitRow], ...]
    known: Mapping[tuple[str, date], Mapping[str, object]]
    columns: Collection[str]

    def facts(self) -> Iterator[FactDraft]:
        """The visits, whole, each from the cell of its day."""
        for key, on, row in self.rows:
            values = {"point": key, "visited_on": on, **self._values(key, on, row)}
            yield FactDraft("point_visit", values, row.on_cell.place)

    def _values(self, key: str, on: date, row: VisitRow) -> dict[str, object]:
        before = self.known.get((key, on), {})
        told = {name: getattr(row, name) for name in _SAID.values()}
        kept = {name for column, name in _SAID.items() if column not in self.columns}
        return told | {name: before[name] for name in kept if name in before}

    @property
    def replaced(self) -> tuple[tuple[str, date, tuple[Difference, ...]], ...]:
        """Point and day of every visit of which the store has said something else, with what that was."""
        both = (
            (key, on, self.known[key, on], self._values(key, on, row))
            for key, on, row in self.rows
            if (key, on) in self.known
        )
        told = ((key, on, tuple(visit_differences(before, now))) for key, on, before, now in both)
        return tuple(found for found in told if found[2])

    @property
    def added(self) -> int:
        """How many visits the store did not know."""
        return sum((key, on) not in self.known for key, on, _ in self.rows)

    def problems(self) -> Iterator[ProblemDraft]:
        """Two visits of one day, and points at which more would be solved than was found."""
        yield from told_twice(((key, on), "同一天的走访", row.on_cell) for key, on, row in self.rows)
        for key in dict.fromkeys(key for key, _, _ in self.rows):
            told = {on: row for point, on, row in self.rows if point == key}
            yield from self._oversolved(key, told)

    def _oversolved(self, key: str, told: Mapping[date, VisitRow]) -> Iterator[ProblemDraft]:
        """The first day by which more was solved than found, at the last row of the record that bears on it."""
        found = solved = silent = 0
        row: VisitRow | None = None
        for on, said in sorted(self._all(key, told).items()):
            row = told.get(on, row)
            found, solved = found + (said["found"] or 0), solved + (said["solved"] or 0)
            silent += said["found"] is None
            if solved > found and row:
                yield _more_solved(row, on, (found, solved, silent))
                return

    def _all(self, key: str, told: Mapping[date, VisitRow]) -> dict[date, dict[str, int | None]]:
        """Found and solved of every visit to the point, as they would be known."""
        whole: dict[date, Mapping[str, object]] = {
            on: values for (point, on), values in self.known.items() if point == key
        }
        whole |= {on: self._values(key, on, row) for on, row in told.items()}
        return {on: {name: _whole(v[name]) for name in ("found", "solved")} for on, v in whole.items()}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _more_solved(row: VisitRow, on: date, sums: tuple[int, int, int]) -> ProblemDraft:
    """``sums``: found and solved up to the day, and of how many visits nobody said what they found."""
    found, solved, silent = sums
    cell = row.cells["解决问题" if row.on == on and row.solved else "发现问题"]
    rule = f"到 {on} 为止累计解决 {solved} 个，多于累计发现的 {found} 个"
    if silent:
        advice = "请补上那几次走访发现了几个。"
        return cell.problem(f"{rule}（{silent} 次走访没有写发现几个）", advice, "warning")
    return cell.problem(
        rule, "请核对；解决的是更早发现的问题，请把发现它们的那次走访也写进记录（日期和发现问题）。"
    )


def known_visits(rows: Sequence[Mapping[str, object]]) -> dict[tuple[str, date], dict[str, object]]:
    """The visits of the store, each with what it says, by point and day."""
    return {
        (str(row["point"]), row["visited_on"]): {
            name: int(value) if isinstance(value := row[name], float) else value for name in _SAID.values()
        }
        for row in rows
        if isinstance(row["visited_on"], date)
    }
