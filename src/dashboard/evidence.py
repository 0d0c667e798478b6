"""佐证: how far a countable figure has come from where it stood to what a measure is to reach. Pure.

In: the text of a target and figures with their qualifiers; out: a percent, or why there is none. A cut is
n % of the base, for every organisation alike; a level is a value that the whole city is to reach.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .formulas import Quantity

# From here on claim and evidence are said to differ, in percentage points.
GAP_POINTS = 20.0
MARKS = {"above": "填报高于佐证", "below": "佐证高于填报", "": ""}

NOT_COUNTABLE = "目标不能用该指标计数"

_CUT = re.compile(r"(?:压减|减少|精简|压缩|核减|下降)\s*(\d+(?:\.\d+)?)\s*[%％]")
_LEVEL = r"(?:达到|达|不少于|不低于|增至|超过)\s*(\d[\d,]*(?:\.\d+)?)\s*(万|亿)?\s*{unit}(?!次)"
_STEPS = {"": 1.0, "万": 1e4, "亿": 1e8}


@dataclass(frozen=True)
class Goal:
    """What a target counts: ``cut``: a fall by ``value`` percent of the base; ``level``: a value to be reached."""

    kind: Literal["cut", "level"]
    value: float

    def target(self, base: float) -> float:
        """The value to be reached from this base."""
        return base * (1 - self.value / 100) if self.kind == "cut" else self.value


@dataclass(frozen=True)
class Evidence:
    """``percent`` of the way from base to target, 0 to 100; None: there is none, and ``why``.

    ``at_least``: the figure of now is a lower bound, and with it the percent.
    """

    percent: float | None
    at_least: bool = False
    why: str = ""


def goal(target: str, measured_in: str) -> Goal | None:
    """What the text of a target counts in this unit of measure; None when that cannot be counted.

    What is to be reached by each of several (“每个单位不少于20项”) is no figure of the city.
    """
    cut = _CUT.search(target)
    if cut and 0 < float(cut.group(1)) <= 100:
        return Goal("cut", float(cut.group(1)))
    level = re.search(_LEVEL.format(unit=re.escape(measured_in)), target)
    if level is None or "每" in target[: level.start()]:
        return None
    number, step = level.group(1).replace(",", ""), level.group(2) or ""
    return Goal("level", float(number) * _STEPS[step])


def evidence(base: Quantity, now: Quantity, target: float, *, falling: bool) -> Evidence:
    """(now − base) ÷ (target − base), kept within 0 to 100; ``falling``: the target lies below the base.

    Both must be = figures; a lower bound of now still proves a rise, and nothing about a fall.
    """
    if not base.exact or base.value is None:
        return Evidence(None, why="启动前的基数不是确数")
    if now.value is None or now.qualifier not in ("eq", "ge") or (falling and now.qualifier == "ge"):
        return Evidence(None, why="最近的读数不是确数")
    whole = target - base.value
    if whole == 0 or (whole < 0) != falling:
        return Evidence(None, why="启动时已达到目标值" if base.value else "启动前的基数为 0")
    share = (now.value - base.value) / whole * 100
    return Evidence(min(100.0, max(0.0, share)), at_least=now.qualifier == "ge")


def mark(claimed: float | None, found: Evidence) -> str:
    """``above``: more is claimed than the figure proves; ``below``: less; empty when they agree, or cannot be compared."""
    if claimed is None or found.percent is None:
        return ""
    gap = round(claimed - found.percent, 9)
    if gap >= GAP_POINTS and not found.at_least:
        return "above"
    return "below" if gap <= -GAP_POINTS else ""
