"""What the cells of a roster of points say beyond those of any ledger: numbers of measures, whose point it is. Pure.

Each reads what can be read with certainty; for the rest it raises UnreadableError, which says what is wrong and what
to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from openpyxl.utils.datetime import from_excel

from .cells import Value, comparable, shown, spelt
from .station_cells import UnreadableError

AS_TEXT = "请把这一列的单元格格式设为“文本”，再重新写上。"
_BETWEEN = re.compile(r"[、,;|\n\s]+|(?<=\d)[和及与/](?=\d)")
_NUMBER = re.compile(r"\d{1,3}-\d{1,3}-\d{1,3}")
# What becomes of 5-12-1 where a program takes it for a day, as it is shown or saved.
_DAY = re.compile(
    r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})(?:[-/.月](?P<d>\d{1,2})日?)?(?:t?00:00(?::00)?)?月?"
    r"|\d{1,2}月(?:\d{1,2}日?)?"
    r"|(?:\d{1,2}-)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:-\d{1,4})?"
)
_SERIALS = range(20_000, 80_000)  # days of Excel from 1954 to 2119


def measure_numbers(value: Value, known: Collection[str]) -> tuple[str, ...]:
    """The numbers of measures in a cell, each once; ``known`` are those of the list in force. Raises UnreadableError.

    Nothing is passed over: whatever stands between the numbers and is none is named.
    """
    pieces = [piece for text in _pieces(value) if (piece := comparable(text))]
    days = [piece for piece in pieces if _is_day(piece, value)]
    if days:
        raise UnreadableError(_taken_for_days(days, value), f"{_perhaps(days, value, known)}{AS_TEXT}")
    strange = [piece for piece in pieces if not _NUMBER.fullmatch(piece)]
    if strange:
        told = "、".join(f"“{shown(piece)}”" for piece in strange)
        advice = "请只写清单里的序号，几条用顿号隔开，如 5-12-1、5-12-2；没有的留空。"
        raise UnreadableError(f"{told}不是措施的编号", advice)
    unknown = [piece for piece in dict.fromkeys(pieces) if piece not in known]
    if unknown:
        raise UnreadableError(f"现行清单里没有措施 {'、'.join(unknown)}", "请改正编号，如 5-12-1。")
    return tuple(dict.fromkeys(pieces))


def _pieces(value: Value) -> list[str]:
    text = spelt(value).replace("，", ",").replace("；", ";")
    whole = comparable(text)
    return [text] if _DAY.fullmatch(whole) else _BETWEEN.split(text)


def _is_day(piece: str, value: Value) -> bool:
    number = not isinstance(value, str | date | bool) and piece.isdecimal() and int(piece) in _SERIALS
    return isinstance(value, date) or number or bool(_DAY.fullmatch(piece))


def _taken_for_days(days: Collection[str], value: Value) -> str:
    told = "" if isinstance(value, date) or len(days) == 1 else f"（{'、'.join(days)}）"
    return f"Excel 把措施的编号当成了日期{told}"


def _perhaps(days: Collection[str], value: Value, known: Collection[str]) -> str:
    """What may have been written, where the list has it: 2005-12-01 was 5-12-1."""
    guesses = [guess for day in days if (guess := _undone(day, value)) in known]
    return f"原来写的是不是 {'、'.join(guesses)}？" if guesses else ""


def _undone(day: str, value: Value) -> str:
    if not isinstance(value, str | date | bool) and day.isdecimal():
        found = from_excel(int(day))
        return f"{found.year % 100}-{found.month}-{found.day}" if isinstance(found, date) else ""
    parts = _DAY.fullmatch(day)
    if parts is None or not parts["y"]:
        return ""
    return f"{int(parts['y']) % 100}-{int(parts['m'])}-{int(parts['d'] or 1)}"


_NATIONAL = re.compile("中央|国家|全国|中社部")
_OTHERS = re.compile("[省市县区镇乡村]|街道|社区|地方")
_NOT = re.compile("[非不无未没否]")


def is_national(text: str) -> bool:
    """Whether the level of a point is that of the Central Department; an empty cell is not. Raises UnreadableError."""
    plain = comparable(text)
    said = _NATIONAL.search(plain) or _OTHERS.search(plain)
    if plain and (said is None or _NOT.search(plain)):
        advice = "请写 中央社会工作部、省级、市级 或 县级；不知道的留空。"
        raise UnreadableError("不认识这个级别", advice)
    return bool(_NATIONAL.search(plain))
