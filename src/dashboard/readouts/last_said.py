"""What organisations wrote last of their measures: what stands in the way and what comes next, as a letter quotes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from ..knowledge import AsOf
from ..queries import progress
from .measures import ListReadout

# A quotation longer than this takes more than a line of a letter.
_QUOTED = 40
# What clerks write into a field that may not stay empty.
_NOTHING = frozenset({"", "无", "暂无", "没有", "无问题", "暂无问题", "不存在问题", "/", "-", "—", "——"})
_STOPS = "。；;. "
_BREAKS = "，、；。：,;"
# Within the quotation marks of a letter those of the quoted become the inner ones.
_INNER = str.maketrans("“”", "‘’")


@dataclass(frozen=True)
class LastSaid:
    """What stood in the last accepted progress of one assignment, ready to be quoted; "" where it says nothing."""

    problem: str
    next_step: str


def last_said(engine: Engine, as_of: AsOf, found: ListReadout | None) -> Mapping[tuple[str, str], LastSaid]:
    """The last words of everybody, by number and organisation; without those who never reported.

    They stand in the same return as percent and period of the duty of a readout of the same ``as_of``.
    """
    if found is None:
        return {}
    rows: list[Any] = list(progress(engine, as_of, found.list_version).itertuples())
    return {(p.measure, p.organisation): LastSaid(quoted(p.problem), quoted(p.next_step)) for p in rows}


def quoted(text: str) -> str:
    """On one line, without its last stop, cut at a comma where it is long; "" for an empty word such as 无."""
    line = " ".join(text.split()).rstrip(_STOPS).translate(_INNER)
    if line in _NOTHING:
        return ""
    if len(line) <= _QUOTED:
        return line
    kept = line[:_QUOTED]
    comma = max(kept.rfind(mark) for mark in _BREAKS)
    return (kept[:comma] if comma > _QUOTED // 2 else kept).rstrip(_BREAKS) + "……"
