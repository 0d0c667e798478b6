"""Rows of a ledger of stations without what says nothing: a dash for no coordinates, the header over again. Pure.

Comes in: the table. Goes out: its rows to be read, with such cells blank, and what is to be told of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..store import ProblemDraft
from .cells import Cell, comparable
from .sheet_table import Column, Row, Table

# What offices write into a cell of which they know nothing, as it is compared.
NOTHING = frozenset("/ // \\ - -- --- 无 不详 暂无 未知 没有 none n/a".split())


def without_empty_words(
    rows: Sequence[Row], columns: Sequence[str]
) -> tuple[tuple[Row, ...], tuple[ProblemDraft, ...]]:
    """The rows with the cells of these columns blank that only say nothing, and of each column that there were some."""
    found: dict[str, list[Cell]] = defaultdict(list)
    read = []
    for row in rows:
        empty = {
            name: cell
            for name in columns
            if (cell := row.cells.get(name)) is not None and comparable(cell.text) in NOTHING
        }
        for name, cell in empty.items():
            found[name].append(cell)
        blank = {name: replace(cell, value=None) for name, cell in empty.items()}
        read.append(replace(row, cells={**row.cells, **blank}) if blank else row)
    return tuple(read), tuple(_told(name, cells) for name, cells in found.items())


def _told(name: str, cells: Sequence[Cell]) -> ProblemDraft:
    words = "、".join(dict.fromkeys(f"“{cell.text}”" for cell in cells))
    rule = f"“{name}”列有 {len(cells)} 格只写了{words}，按空白读取"
    return ProblemDraft(cells[0].place, rule, "", "不知道的请留空。", "warning")


def is_header(row: Row, columns: Sequence[Column], name: str) -> bool:
    """Whether the row is the header over again: the column of names says what it is called, and so does every other."""
    names = {column.name: column.headings for column in columns}
    if comparable(row[name].text) not in names[name]:
        return False
    told = {column: comparable(cell.text) for column, cell in row.cells.items() if cell.text}
    return sum(text in names.get(c, {c}) for c, text in told.items()) * 2 > len(told)


def headers_again(rows: Sequence[Row]) -> Iterator[ProblemDraft]:
    """What is told of such rows."""
    for row in rows:
        yield ProblemDraft(row.place, "又是一行表头", "", "请删去这一行。")


def unclear_columns(table: Table, columns: Sequence[Column]) -> Iterator[ProblemDraft]:
    """Columns of which none was read because several are called so."""
    for column in columns:
        alike = [(c, heading) for c, heading in table.unread if heading in column.headings]
        if column.name not in table.columns and len(alike) > 1:
            listed = "、".join(f"第{c}列“{heading}”" for c, heading in alike)
            where = table.sheet.line(table.header[0])
            rule = f"表头里 {listed} 分不清是哪一列“{column.name}”"
            yield ProblemDraft(where, rule, "", "请改列名，只留一列。")
