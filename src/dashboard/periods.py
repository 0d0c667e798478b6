"""Data periods (数据期): from a printed label to first and last day, and back. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

GRAINS = ("day", "month", "quarter", "half", "year")

_PATTERNS = (
    ("day", re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("quarter", re.compile(r"(\d{4})-?Q([1-4])")),
    ("half", re.compile(r"(\d{4})-?H([12])")),
    ("year", re.compile(r"(\d{4})")),
)
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, order=True)
class Period:
    """What a figure describes: first day, last day, grain."""

    end: date
    start: date
    grain: str

    @property
    def label(self) -> str:
        """``2025-01-13``, ``2025-01``, ``2025-Q1``, ``2025-H1`` or ``2025``."""
        year, month = self.start.year, self.start.month
        return {
            "day": self.end.isoformat(),
            "month": f"{year}-{month:02d}",
            "quarter": f"{year}-Q{(month + 2) // 3}",
            "half": f"{year}-H{(month + 5) // 6}",
            "year": f"{year}",
        }[self.grain]

    @property
    def text(self) -> str:
        """The same in words: ``2025年1月13日``, ``2025年1月``, ``2025年一季度``, ``2025年上半年``."""
        year, month = self.start.year, self.start.month
        return {
            "day": f"{year}年{month}月{self.end.day}日",
            "month": f"{year}年{month}月",
            "quarter": f"{year}年{'一二三四'[(month - 1) // 3]}季度",
            "half": f"{year}年{'上下'[month // 7]}半年",
            "year": f"{year}年",
        }[self.grain]


def parse(label: str) -> Period:
    """Read a period label; raises ValueError that names what was found."""
    text = label.strip()
    for grain, pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _period(grain, [int(part) for part in match.groups()], label)
    raise ValueError(f"“{label}”不是数据期：应为 2025-01-13、2025-01、2025-Q1、2025-H1 或 2025")


@lru_cache(maxsize=4096)  # a page asks for few periods, and for each of them hundreds of times
def of(grain: str, day: date) -> Period:
    """The period of this grain that holds this day."""
    if grain == "day":
        return Period(day, day, "day")
    months = _MONTHS[grain]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return Period(
        date(day.year, last, calendar.monthrange(day.year, last)[1]), date(day.year, first, 1), grain
    )


def previous(period: Period, count: int = 1) -> Period:
    """The period ``count`` steps of the same grain earlier."""
    for _ in range(count):
        period = of(period.grain, date.fromordinal(period.start.toordinal() - 1))
    return period


def _period(grain: str, parts: list[int], label: str) -> Period:
    try:
        month = parts[1] if len(parts) > 1 else 1
        if grain in ("quarter", "half"):
            month = (parts[1] - 1) * _MONTHS[grain] + 1
        return of(grain, date(parts[0], month, parts[2] if grain == "day" else 1))
    except ValueError as error:
        raise ValueError(f"“{label}”不是日历上的日期") from error
