"""Which kind of file this is, when it is not the one that was asked for: a list of measures, or points and visits."""

from __future__ import annotations

from collections.abc import Sequence

from .measure_list import COLUMNS as MEASURES
from .point_ledger import ROSTER
from .point_record import COLUMNS as VISITS
from .sheet_table import Column, table_of
from .sheets import Sheet, SheetError

_KINDS: tuple[tuple[str, str, tuple[Column, ...]], ...] = (
    ("措施清单", "import-list", MEASURES),
    ("观察联系点的名册", "import-points", ROSTER),
    ("观察联系点的走访记录", "import-points", VISITS),
)


def kind_of(found: Sequence[Sheet], name: str) -> str:
    """A sentence with what the file looks like and the command that takes it; empty when it is none of these."""
    for kind, command, columns in _KINDS:
        try:
            table_of(found, columns, name)
        except SheetError:
            continue
        return f"{name} 像是{kind}，不是驿站台账：请用 dashboard {command} 导入。"
    return ""
