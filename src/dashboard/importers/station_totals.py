"""How many stations a ledger says it holds, held against how many were read: 合计 5 个, 共有驿站 12 个.

Comes in: the table and how many stations were read. Goes out: a warning at each cell that says another number. Only
plain totals are understood; sums of a town (磁灶镇小计) and of other columns say nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..store import ProblemDraft
from .cells import Cell, comparable, spelt
from .sheet_table import Table

_UNIT = "[个家座处]"
_NEW = '(?:暖["“”]?新["“”]?)?(?:驿站|站点)'
_TOTAL = re.compile(rf"(?:合计|总计|共计)(?:{_NEW}?数?)(?:\([^()]*\))?:?(?:(\d{{1,6}}){_UNIT}?{_NEW}?)?")
_NUMBER = re.compile(rf"(\d{{1,6}}){_UNIT}?{_NEW}?")
# Of the whole ledger: neither 其中 nor a town stands before it in its clause, and nothing else is counted.
_IN_ALL = re.compile(
    rf"(?:^|[,;。:()])(?![^,;。]*(?:其中|镇|街道|乡))[^,;。:()]{{0,12}}?共(?:有|计|建有?|建成|设有?)?(?:各类)?"
    rf"(?:{_NEW}:?(\d{{1,6}}){_UNIT}|(\d{{1,6}}){_UNIT}(?:{_NEW})?(?=$|[,;。()]))"
)
# Columns in whose cells right after the word the number of stations may stand; 服务人次 has a sum of its own.
_COUNTED_IN = ("序号", "编号", "名称", "曾用名", "类型", "县（市、区）", "镇街", "地址", "状态", "运营单位")


def totals_that_differ(table: Table, read: int) -> Iterator[ProblemDraft]:
    """Each cell in or around the table that says how many stations there are, and says another number."""
    inside = (row[name] for row in table.rows for name in ("序号", "名称", "镇街", "县（市、区）"))
    cells = {cell.at: cell for cell in (*table.around, *inside) if _may_tell(cell)}
    for cell in cells.values():
        at, number = _declared(table, cell) or (cell.at, read)
        if number != read:
            rule = f"表里写的合计是 {number} 个，读到 {read} 个驿站"
            advice = "请核对有没有漏写、多写的行，或改正合计。"
            yield ProblemDraft(table.sheet.place(at), rule, "", advice, "warning")


def _may_tell(cell: Cell) -> bool:
    """Looked at in every row of a long ledger, so at no cost."""
    return isinstance(cell.value, str) and ("计" in cell.value or "共" in cell.value)


def _declared(table: Table, cell: Cell) -> tuple[tuple[int, int], int] | None:
    """The cell where the number stands, and the number; None when this one is no total, or one without a number."""
    text = comparable(cell.text)
    if found := _TOTAL.fullmatch(text):
        return (cell.at, int(found[1])) if found[1] else _beside(table, cell)
    whole = _IN_ALL.search(text)
    return (cell.at, int(whole[1] or whole[2])) if whole else None


def _beside(table: Table, cell: Cell) -> tuple[tuple[int, int], int] | None:
    """The number in the column of names, else in the cell to the right of the word."""
    row, column = cell.at
    counted = [table.columns[name] for name in _COUNTED_IN if name in table.columns]
    for at in ((row, table.columns["名称"]), (row, column + 1)):
        found = _NUMBER.fullmatch(comparable(spelt(table.sheet.values.get(at))))
        if found and at[1] in counted and at != cell.at:
            return at, int(found[1])
    return None
