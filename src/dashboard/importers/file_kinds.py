"""Which kind of file this is, when it is not the one that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .measure_list import COLUMNS as MEASURES
from .point_ledger import ROSTER
from .point_record import COLUMNS as VISITS
from .sheet_table import Column, table_of
from .sheets import Sheet, SheetError
from .station_ledger import COLUMNS as STATIONS


@dataclass(frozen=True)
class _Kind:
    """A kind of file: ``own`` are columns that no other has, of which it must have more than one when there are any."""

    name: str
    command: str
    columns: tuple[Column, ...]
    own: frozenset[str] = frozenset()


_STATIONS_ALONE = frozenset(("状态", "开放时间", "服务内容", "运营单位", "开放日期"))
_KINDS = (
    _Kind("措施清单", "import-list", MEASURES),
    _Kind("观察联系点的名册", "import-points", ROSTER),
    _Kind("观察联系点的走访记录", "import-points", VISITS),
    _Kind("驿站台账", "import-stations", STATIONS, _STATIONS_ALONE),
)


def other_kind(found: Sequence[Sheet], name: str, asked: str, command: str) -> str:
    """A sentence with what the file looks like and the command that takes it; empty when it is nothing that is known.

    ``asked`` is what ``command``, which was given the file, takes: files of that command are no other kind.
    """
    for kind in _KINDS:
        if kind.command != command and _is(kind, found, name):
            return f"{name} 像是{kind.name}，不是{asked}：请用 dashboard {kind.command} 导入。"
    return ""


def _is(kind: _Kind, found: Sequence[Sheet], name: str) -> bool:
    try:
        table = table_of(found, kind.columns, name)
    except SheetError:
        return False
    return not kind.own or len(kind.own.intersection(table.columns)) > 1
