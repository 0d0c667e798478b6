"""Services of a station told by columns to tick: 饮水, 充电, 休息 with √ in the cells. Pure; knows no file.

Comes in: how a table is read with given columns. Goes out: the table with such columns among those that are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from .cells import comparable
from .refusals import says_nothing
from .sheet_table import Column, Row, Table
from .station_cells import NO, YES

# The words whose columns are taken for services; words in 服务内容 may be any.
SERVICES = tuple("饮水 休息 充电 热饭 急救 阅读 政策咨询 雨具 热水 如厕 纳凉 取暖 避雨 上网".split())
_HEADINGS = ("{}", "{}服务", "提供{}", "是否提供{}", "可{}")
# Each under a name that no heading can hold, so that 充电桩数量 is none of them.
_COLUMNS = {
    f"服务：{word}": Column(
        f"服务：{word}", needed=False, otherwise=tuple(heading.format(word) for heading in _HEADINGS)
    )
    for word in SERVICES
}
_BLANK = frozenset(("", "/", "-", "--", "暂无"))


def with_ticks(read: Callable[[Sequence[Column]], Table], columns: Sequence[Column]) -> Table:
    """The table that ``read`` finds with these columns and with those of services in which there are only ticks, their
    contraries and blanks; any other column of a service stays unread."""
    table = read((*columns, *_COLUMNS.values()))
    found = [name for name in _COLUMNS if name in table.columns]
    sure = [name for name in found if _only_ticks(table.rows, name)]
    return table if sure == found else read((*columns, *(_COLUMNS[name] for name in sure)))


def ticked(row: Row) -> Iterator[str]:
    """The services that are ticked in the row."""
    ticks = (name for name in _COLUMNS if name in row.cells and comparable(row[name].text) in YES)
    return (name.removeprefix("服务：") for name in ticks)


def told_by(columns: Iterable[str]) -> frozenset[str]:
    """The columns of a ledger, with 服务内容 where services are ticked."""
    return frozenset("服务内容" if name in _COLUMNS else name for name in columns)


def _only_ticks(rows: Sequence[Row], name: str) -> bool:
    cells = (row[name] for row in rows if not says_nothing(row, "名称"))
    return all(cell.fault is None and comparable(cell.text) in YES | NO | _BLANK for cell in cells)
