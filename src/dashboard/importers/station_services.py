"""Services of a station told by columns to tick: 饮水, 充电, 休息 with √ in the cells. Pure; knows no file.

Comes in: how a table is read with given columns. Goes out: the table with such columns among those that are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from .cells import Cell
from .refusals import says_nothing
from .sheet_table import Column, Row, Table
from .station_blanks import NOTHING
from .station_cells import NO, YES, UnreadableError, tick

# The words whose columns are taken for services; words in 服务内容 may be any.
SERVICES = tuple("饮水 休息 充电 热饭 急救 阅读 政策咨询 雨具 热水 如厕 纳凉 取暖 避雨 上网".split())
_HEADINGS = ("{}", "{}服务", "提供{}", "是否提供{}", "可{}")
# Each under a name that no heading can hold, so that 充电桩数量 is none of them.
_BEFORE = "服务："
_COLUMNS = {
    f"{_BEFORE}{word}": Column(
        f"{_BEFORE}{word}", needed=False, otherwise=tuple(heading.format(word) for heading in _HEADINGS)
    )
    for word in SERVICES
}


def with_ticks(read: Callable[[Sequence[Column]], Table], columns: Sequence[Column]) -> Table:
    """The table that ``read`` finds with these columns and with those of services in which there are only ticks, their
    contraries and blanks; any other column of a service stays unread."""
    table = read((*columns, *_COLUMNS.values()))
    found = [name for name in _COLUMNS if name in table.columns]
    sure = [name for name in found if _only_ticks(table.rows, name)]
    return table if sure == found else read((*columns, *(_COLUMNS[name] for name in sure)))


def ticked(row: Row) -> Iterator[str]:
    """The services that are ticked in the row."""
    return (_service(name) for name in _columns_of(row) if tick(row[name].text))


def crossed(row: Row) -> Iterator[tuple[str, Cell]]:
    """Those of which the row says that they are not offered, with the cell that does."""
    return ((_service(name), row[name]) for name in _columns_of(row) if tick(row[name].text) is False)


def told_of(columns: Iterable[str]) -> frozenset[str]:
    """The services that have a column among these: of others a ledger without 服务内容 says nothing."""
    return frozenset(_service(name) for name in columns if name in _COLUMNS)


def says_ticks(cell: Cell) -> bool:
    """Whether the cell says yes or no instead of which services there are."""
    if len(cell.text) > _LONGEST_TICK:
        return False
    try:
        return tick(cell.text) is not None and cell.text not in NOTHING
    except UnreadableError:
        return False


_LONGEST_TICK = max(map(len, YES | NO))


def _columns_of(row: Row) -> Sequence[str]:
    if _COLUMNS.keys().isdisjoint(row.cells):  # asked of every row of every ledger
        return ()
    return [name for name in _COLUMNS if name in row.cells]


def _service(name: str) -> str:
    return name.removeprefix(_BEFORE)


def _only_ticks(rows: Sequence[Row], name: str) -> bool:
    return all(_is_tick(row[name]) for row in rows if not says_nothing(row, "名称"))


def _is_tick(cell: Cell) -> bool:
    try:
        tick(cell.text)
    except UnreadableError:
        return False
    return cell.fault is None
