"""What the cells of a roster of points say beyond those of any ledger: numbers of measures, whose point it is. Pure.

Each reads what can be read with certainty; for the rest it raises UnreadableError, which says what is wrong and what
to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from openpyxl.utils.datetime import from_excel

from .cells import AS_TEXT, Value, comparable, shown, spelt
from .station_cells import UnreadableError

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
_BY_ITS_NAME = re.compile("中央(级|层面)?|.*(中央社会工作部|中央社工部|中社部).*")
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


def is_named_national(text: str) -> bool:
    """Whether the level is told by the name of the Central Department, and not by that of the whole country."""
    return bool(_BY_ITS_NAME.fullmatch(comparable(text)))


# What people write into a column of words when there is nothing to tell.
_NOTHING = frozenset(
    "无 暂无 没有 未 未推广 暂未推广 尚未推广 否 0 / - -- — 、 尚无 暂无推广 无推广 none × x ✗ ✘ 不适用".split()
)
_YES = frozenset("是 有 对 已 √ ✓ ✔ ☑ y yes ok".split())
_AS_ABOVE = frozenset("同上 同前 如上 〃 同上一行".split())
# Words of intention and of negation that a sentence begins with, but 无纸化 and 未成年人 ...
_BEGINS = re.compile(
    r"(目前|现在?|暂时?|还|尚|仍|均|都|正)*"
    r"(未(?!成年|来)|没|无(?!纸|障碍|人|偿|证明|感|物业|讼|访|烟|边|缝|忧|废)|不(?!动产|见面|打烊|跑|用跑|出)"
    r"|待(?!办)|拟|计划(?!生育)|打算|准备|预计|有望|争取|考虑|筹备|酝酿|将(?=在|于|由|要|向|适时|择机|逐步)"
    r"|已(经)?(列入|列为|上报|申报|计划|拟)|下一步|适时|择机|正?在(总结|提炼|梳理|研究|起草|申报|汇总|探索|酝酿|筹备)"
    r"|.{0,6}(总结|提炼|梳理|研究|起草|酝酿|筹备)中$)"
)
# ... and within it, before what would have been done.
_WITHIN = re.compile(
    r"((?<!模)拟|(?<![招接对期等款优善看])待|计划|尚未|暂未|还未|仍未|没有|未能|未(?=推广|编入|纳入|采纳|采用|复制|形成)|打算|准备|预计|争取|暂不|不再|不予|不宜)"
    r"[^，。；,;]{0,8}(推广|编入|纳入|采纳|采用|复制|印发|形成|借鉴)"
)
_DONE = re.compile(
    "已(经)?(?!列入|列为|上报|申报|计划|拟)(在|由|向|被)?"
    "[^，。；,;]{0,8}(推广|编入|纳入|采纳|采用|复制|印发|借鉴)"
)
WHERE_TO = "请写推广到哪里或编入什么，如 推广到全县；没有的留空。"


def adopted(text: str) -> tuple[str, str]:
    """What was taken over elsewhere, and why nothing was although something is written, as advice; both empty where
    nothing is. Words of intention and of negation are no take-over. Raises UnreadableError where nobody can tell."""
    plain = comparable(text).rstrip("。.!")
    if plain in _NOTHING:
        return "", "没有推广的，这一格留空即可。"
    if plain.isdecimal():
        raise UnreadableError("推广情况只有一个数", "请写哪里推广了什么，如 推广到全县；没有的留空。")
    if plain in _YES:
        raise UnreadableError("推广情况没有写推广到哪里", WHERE_TO)
    if plain in _AS_ABOVE:
        raise UnreadableError("推广情况没有写在这一格里", WHERE_TO)
    if (_BEGINS.match(plain) or _WITHIN.search(plain)) and not _DONE.search(plain):
        return "", "还没有推广的，这一格留空即可；已经推广的，请写成“已推广到……”。"
    return text, ""
