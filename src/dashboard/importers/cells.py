"""What a cell of a ledger says: text without hidden characters, days, numbers of persons. Pure; knows no file.

Cells hold blanks that are none, zero-width characters, full-width digits and days in every spelling; what is
compared is compared without them, and what is stored is stored without them.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from ..store import ProblemDraft

Value = str | date | int | float | bool | None

AS_TEXT = "请把这一列的单元格格式设为“文本”，再重新写上。"
_SHOWN = 40
# What Excel writes for a line feed inside a cell, where a program did not take it back.
_ESCAPED = re.compile(r"_x00(?:0D|0A|09)_")
_HIDDEN_NAMES = {
    0x00A0: "不间断空格",
    0x00AD: "软连字符",
    0x200B: "零宽空格",
    0x200C: "零宽不连字",
    0x200D: "零宽连字",
    0x200E: "方向标记",
    0x200F: "方向标记",
    0x2060: "零宽连接符",
    0xFEFF: "字节序标记",
    0x3164: "韩文空位",
    0x2800: "盲文空格",
    **dict.fromkeys(range(0xFE00, 0xFE10), "变体选择符"),
}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")


@dataclass(frozen=True)
class Fault:
    """Why a cell cannot be read at all; what was found is already fit to be shown."""

    rule: str
    found: str
    advice: str


@dataclass(frozen=True)
class Cell:
    """A cell with the place to name when it is wrong; ``at`` is its row and column, both from 1.

    A cell with a fault has no value: its fault is told once, and nothing else is asked of it.
    """

    place: str
    value: Value = None
    at: tuple[int, int] = (0, 0)
    fault: Fault | None = None

    @property
    def text(self) -> str:
        """What it says, clean; empty when it is empty or at fault."""
        return clean(spelt(self.value))

    @property
    def faults(self) -> tuple[ProblemDraft, ...]:
        """Its fault as a problem, when it has one."""
        fault = self.fault
        return (ProblemDraft(self.place, fault.rule, fault.found, fault.advice),) if fault else ()

    def problem(
        self, rule: str, advice: str, severity: Literal["error", "warning"] = "error"
    ) -> ProblemDraft:
        """Something wrong with what it says."""
        return ProblemDraft(self.place, rule, shown(self.text), advice, severity)


def spelt(value: Value) -> str:
    """A value as its reader sees it: whole numbers without a point, days as 2026-12-31, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def shown(text: str) -> str:
    """The text for a message: on one line, and not longer than a line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def clean(text: str) -> str:
    """Without characters nobody sees and without blanks at the ends of its lines; line breaks inside stay."""
    if text.isprintable():  # no character that nobody sees, no other blank than the common one
        return _ESCAPED.sub("", text).strip() if "_x00" in text else text.strip()
    plain = _ESCAPED.sub("\n", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = ("".join(_seen(c) for c in line).strip() for line in plain.split("\n"))
    return "\n".join(line for line in kept if line)


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return " "
    return "" if category in ("Cc", "Cf") else character


def hidden(text: str) -> list[str]:
    """The characters in it that nobody sees, named: U+200B（零宽空格）."""
    found = dict.fromkeys(
        c
        for c in text
        if (unicodedata.category(c) in ("Cc", "Cf", "Zs") or ord(c) in _HIDDEN_NAMES)
        and c not in " \u3000\n\r\t"  # blanks anybody may type
    )
    return [f"U+{ord(c):04X}（{_HIDDEN_NAMES.get(ord(c), '看不见的字符')}）" for c in found]


@lru_cache(maxsize=65536)
def comparable(text: str) -> str:
    """The text as it is compared: no blanks, half-width, one kind of dash, small letters."""
    plain = unicodedata.normalize("NFKC", clean(text).translate(_DASHES)).translate(_DASHES)
    return "".join(plain.split()).casefold()


# --- days -------------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)(?:t?00:00(?::00)?)?")
_MONTH = re.compile(r"(\d{4})(?:[-/](\d{1,2})|年(\d{1,2})月份?([底末])?)")
_YEAR_END = re.compile(r"(\d{4})年[底末]")
YEARS = range(2000, 2101)


def day(value: Value, *, last: bool) -> date:
    """The day that is meant: a date, 2026-12-31, 2026/12/31, 2026.12.31, 2026年12月31日, 2026年12月底, 2026年底.

    A month alone (2026年12月, 2026-12) is its last day or its first. 前 at the end says no more than the day
    itself. A month with a point is none: of 2026.1 nobody knows whether October was meant. Raises ValueError.
    """
    if isinstance(value, datetime):
        value = value.date()
    found = value if isinstance(value, date) else _written(spelt(value), last=last)
    if found.year not in YEARS:
        raise ValueError(f"{found.year} 年不在 {YEARS[0]} 到 {YEARS[-1]} 年之间")
    return found


def _written(text: str, *, last: bool) -> date:
    plain = re.sub(r"(?:之|以)?前$", "", comparable(text))
    if whole := _DAY.fullmatch(plain):
        year, _, *parts = whole.groups()
        month, of_month = (int(p) for p in parts if p)
        return date(int(year), month, of_month)
    if part := _MONTH.fullmatch(plain):
        year, number, named, end = part.groups()
        return _of_month(int(year), int(number or named), last=last or bool(end))
    if year_end := _YEAR_END.fullmatch(plain):
        return date(int(year_end[1]), 12, 31)
    raise ValueError(f"“{text}”不是日期")


def _of_month(year: int, month: int, *, last: bool) -> date:
    first = date(year, month, 1)
    return first.replace(day=calendar.monthrange(year, month)[1]) if last else first


# --- persons ----------------------------------------------------------------------------------------

# Between figures that stand apart in groups of two or more: 138 0595 1234, 139.1234.5678, 139/1234/5678, a line break.
_GAP = re.compile(r"(?<=\d\d)[\s\-._·/]{1,3}(?=\d[\dXx])")
_APART = "~"
# A day beside a count is no number of a person: 153 2026-01-15.
_DAYS = re.compile(r"(?<!\d)(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)")


def _apart(*figures: str) -> str:
    """A pattern of figures any two of which may stand apart."""
    return f"{_APART}?".join(figures)


_FIGURE = r"\d"
_BORN = (f"(?:0{_APART}?[1-9]|1{_APART}?[0-2])", f"(?:0{_APART}?[1-9]|[12]{_APART}?\\d|3{_APART}?[01])")
_PLACE = ("[1-9]", *[_FIGURE] * 5)
_CENTURY = f"(?:1{_APART}?9|2{_APART}?0)"
# Eleven figures of a mobile, with or without the number of the country.
_MOBILE = re.compile(rf"(?<!\d)(?:0{{0,2}}86|0)?({_apart('1', '[3-9]', *[_FIGURE] * 9)})(?!\d)")
# An identity card: eighteen, the last may be X, or the fifteen of before 1999, which hold a day of birth.
_IDENTITY = re.compile(
    rf"(?<!\d)(\d{{17}}[\dXx]|{_apart(*_PLACE, _CENTURY, _FIGURE, _FIGURE, *_BORN, *[_FIGURE] * 3, '[0-9Xx]')}"
    rf"|{_apart(*_PLACE, _FIGURE, _FIGURE, *_BORN, *[_FIGURE] * 3)})(?!\d)"
)
_FEWEST = 11


def person_number(text: str) -> str:
    """The first ID or mobile number in the text, with its middle starred; empty when there is none."""
    if len(text) < _FEWEST or sum(c.isdigit() for c in text) < _FEWEST:
        return ""
    plain = unicodedata.normalize("NFKC", clean(text).translate(_DASHES)).replace(_APART, " ")
    identity = _IDENTITY.search(_GAP.sub(_APART, plain))
    found = identity or _MOBILE.search(_GAP.sub(_APART, _DAYS.sub(" | ", plain)))
    if found is None:
        return ""
    number = found[1].replace(_APART, "")
    return f"{number[:3]}****{number[-2:]}"


# Words in a heading that say: this column is about a person.
_PERSONS = (
    "联系人 联系电话 联系方式 联络员 联络人 电话 手机 姓名 身份证 负责人 责任人 负责同志 经办人 承办人 "
    "填报人 填表人 分管领导 责任领导 牵头领导 包保领导 邮箱 微信 职务"
).split()


def about_persons(heading: str) -> bool:
    """Whether a column of this heading names persons or how to reach them."""
    plain = comparable(heading)
    return any(word in plain for word in _PERSONS)
