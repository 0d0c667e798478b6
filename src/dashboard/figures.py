"""A figure as words: value with its qualifier, unit of measure, period, coverage. Pure.

万 and 亿 from ten thousand up, thousands separators below; 多 and 余 are shown as +, 约 as 约; a printed but
unreadable figure reads 待核, an absent one 未报送 or 未公布.
"""

from __future__ import annotations

import math
from datetime import date

from .formulas import CityValue, Quantity

ABSENT_OWED = "未报送"
ABSENT_UNPUBLISHED = "未公布"
UNREADABLE = "待核"
# The qualifier as a word, for tables that are taken away; = alone would be taken for a formula.
QUALIFIER_WORDS = {"eq": "确数", "ge": "不少于", "approx": "约", "unknown": "待核"}
_STEPS = ((1e8, "亿"), (1e4, "万"))


def number(value: float, decimals: int = 0, *, floor: bool = False, exact: bool = False) -> str:
    """``224万``, ``1.47万``, ``1,600``, ``98.3``: three digits at least; with ``exact`` every digit: ``141.8327万``.

    ``floor`` rounds towards zero: a lower bound must not be shown higher than it was printed.
    """
    for step, word in _STEPS:
        if abs(value) >= step or (not exact and _rounds_up_to(value, step, decimals, floor)):
            places = 8 if exact else 2 if abs(value) < 10 * step else 1
            return _trim(_rounded(value / step, places, floor)) + word
    if exact:
        return _trim(_rounded(value, max(decimals, 4), floor))
    return f"{_rounded(value, decimals, floor):,.{decimals}f}"


def _rounds_up_to(value: float, step: float, decimals: int, floor: bool) -> bool:
    """Whether the number, written in the next smaller word, would reach this one: 9,999.6 is 1万."""
    if step == _STEPS[-1][0]:
        return abs(_rounded(value, decimals, floor)) >= step
    smaller = _STEPS[-1][0]
    return abs(_rounded(value / smaller, 1, floor)) * smaller >= step


def _rounded(value: float, places: int, floor: bool) -> float:
    scale = 10.0**places
    scaled = round(value * scale, 6)
    return (math.floor(scaled) if floor else round(scaled)) / scale


def _trim(value: float) -> str:
    text = f"{value:.8f}".rstrip("0").rstrip(".")
    whole, _, rest = text.partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def quantity(found: Quantity, decimals: int = 0, *, absent: str = ABSENT_OWED, exact: bool = False) -> str:
    """The value with its qualifier: ``224万+``, ``约400``, ``待核``, or the word for what is not there."""
    if found.qualifier == "unknown":
        return UNREADABLE
    if found.value is None:
        return absent
    text = number(found.value, decimals, floor=found.qualifier == "ge", exact=exact)
    return {"eq": text, "ge": f"{text}+", "approx": f"约{text}"}[found.qualifier]


def per_10k(found: Quantity) -> str:
    """A rate per 10,000 residents with two to four digits; empty when there is none."""
    return quantity(found, rate_decimals(found.value or 0), absent="")


def rate_decimals(value: float) -> int:
    """Decimals of a rate, so that at least two digits are read: 0.015, 0.56, 15.8, 2,531."""
    if 0 < value < 0.1:
        return 3 if value >= 0.01 else 4
    return 2 if value < 10 else 1 if value < 100 else 0


def rate_number(found: Quantity) -> float | None:
    """The rate as it is read on a screen, as a number for a table: a lower bound is cut and never rounded up."""
    if found.value is None or found.qualifier == "unknown":
        return None
    return _rounded(found.value, rate_decimals(found.value), floor=found.qualifier == "ge")


def reading_quantity(value: float | None, qualifier: str) -> Quantity:
    """A row's value and qualifier as a Quantity; NaN is no value."""
    missing = value is None or math.isnan(value)
    return Quantity(None if missing else value, qualifier)  # type: ignore[arg-type]


def signed(difference: float, decimals: int = 0) -> str:
    """``+12``, ``−3``, ``0``: a change."""
    if difference == 0:
        return "0"
    return ("+" if difference > 0 else "−") + number(abs(difference), decimals)


def day_text(day: date) -> str:
    """``2025年1月10日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def standing(value: CityValue) -> str:
    """What a figure of the whole city may be called: ``13/13 已报``, ``已报合计 9/13``, ``市级公开``."""
    if value.basis == "units":
        return coverage(value.reported, value.expected)
    if value.basis == "partial":
        return f"已报合计 {value.reported}/{value.expected}" if value.expected else "已报合计"
    return "市级公开" if value.basis == "published" else ""


def coverage(reported: int, expected: int) -> str:
    """``9/13 已报``."""
    return f"{reported}/{expected} 已报"
