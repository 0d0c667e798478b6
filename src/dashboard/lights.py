"""亮灯: exactly one light per assignment and day, with its reason. Pure; thresholds come from the catalogue.

gap = elapsed % − progress %, elapsed = days since start ÷ days from start to due, kept within 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from .catalogue import LightRule
from .periods import Period

# Worst first: the order in which a summary names them.
SEVERITY = (
    "overdue",
    "far_behind",
    "behind",
    "not_reported",
    "not_started",
    "on_track",
    "standing",
    "done",
    "not_involved",
)


@dataclass(frozen=True)
class Standing:
    """What is known of one assignment on a day.

    ``percent`` and ``completed_on`` come from the last accepted progress, None (or not a number) when nothing
    was said. ``silent``: nothing was accepted for the last period whose return day has passed, the month
    ``owed`` (None: not known which); ``list_silent``: nobody has reported anything on this list version yet,
    so that no light can be told from time alone.
    """

    involved: bool
    start: date
    due: date | None
    standing: bool
    percent: float | None = None
    completed_on: date | None = None
    silent: bool = False
    list_silent: bool = False
    owed: Period | None = None

    @property
    def said(self) -> float | None:
        """The percent as a number; None when nothing was said."""
        return None if self.percent is None or not math.isfinite(self.percent) else self.percent


@dataclass(frozen=True)
class Lit:
    """A light and the sentence that says why."""

    light: str
    reason: str


def rule_of(rules: Sequence[LightRule], day: date) -> LightRule:
    """The version in force on the day; the first one when none has begun."""
    begun = [r for r in rules if r.valid_from is None or r.valid_from <= day]
    return max(begun, key=lambda r: r.valid_from or date.min) if begun else rules[0]


def elapsed(start: date, due: date, day: date) -> float:
    """Share of the time used, 0 to 1; when due is the day of the start, all of it once the day has come."""
    if due <= start:
        return 1.0 if day >= due else 0.0
    return min(1.0, max(0.0, (day - start).days / (due - start).days))


def light(case: Standing, day: date, rule: LightRule) -> Lit:
    """The first light that fits, in the order of the rule."""
    if not case.involved:
        return Lit("not_involved", "清单未分配给该单位")
    if case.list_silent:
        return Lit("not_reported", "清单下发以来尚无单位报送进展")
    if case.completed_on is not None and case.completed_on <= day:
        return Lit("done", _completed(case, case.completed_on))
    if case.standing or case.due is None:
        return Lit("standing", "长期坚持" + (f"，{_unsaid(case)}" if case.silent else ""))
    if case.start > day:
        return Lit("not_started", f"{case.start.isoformat()} 启动")
    if case.due < day:
        return Lit("overdue", f"逾期 {(day - case.due).days} 天，{_said(case)}")
    if case.silent:
        return Lit("not_reported", _unsaid(case))
    return _by_gap(case, case.due, day, rule)


def gap_light(gap: float, rule: LightRule) -> str:
    """The light of so many percentage points behind the time used."""
    if gap > rule.far_behind_pct:
        return "far_behind"
    return "behind" if gap >= rule.behind_pct else "on_track"


def gap_text(gap: float, rule: LightRule) -> str:
    """The gap in words, with as many decimals as it takes to see on which side of a threshold it lies."""
    return _gap_in_words(gap, _places(gap, rule))


def gap_points(gap: float, rule: LightRule) -> str:
    """The percentage points of that gap alone: ``56``, ``30.4``."""
    return _short(gap, _places(gap, rule))


def percent_text(percent: float, places: int = 1) -> str:
    """A percent without its sign, cut and never rounded up: 99.96 is ``99.9``, because 100 would say done."""
    cut = Decimal(str(percent)).quantize(Decimal(1).scaleb(-places), ROUND_FLOOR)
    return _short(float(cut), places)


def mean_text(used: float, mean: float, rule: LightRule) -> str:
    """Time used and mean progress of several that are on track, both in percent, the mean cut; empty when the mean
    itself is not on track. With decimals where the reader's own subtraction would say something else without."""
    if gap_light(round(used - mean, _EXACT), rule) != "on_track":
        return ""
    told = [(_short(used, p), percent_text(mean, p), round(used, p)) for p in range(_EXACT + 1)]
    shown = (t for t in told if gap_light(round(t[2] - float(t[1]), _EXACT), rule) == "on_track")
    time, progress, _ = next(shown, told[-1])
    return f"时序 {time}%，平均进度 {progress}%"


_EXACT = 9  # decimals beyond which a figure is what floats make of it


def _by_gap(case: Standing, due: date, day: date, rule: LightRule) -> Lit:
    used, percent = elapsed(case.start, due, day) * 100, case.said or 0.0
    gap = round(used - percent, _EXACT)
    name, places = gap_light(gap, rule), _places(gap, rule)
    # The reader's own subtraction of what is printed must come to the same light.
    while places < _EXACT and gap_light(_subtracted(used, percent, places), rule) != name:
        places += 1
    told = f"时序 {_short(used, places)}%，{_said(case, max(1, places))}"
    return Lit(name, told if name == "on_track" else f"{told}，{_gap_in_words(gap, places)}")


def _places(gap: float, rule: LightRule) -> int:
    """The fewest decimals with which the gap still lies on its side of the thresholds."""
    exact = round(gap, _EXACT)
    return next(p for p in range(_EXACT + 1) if gap_light(round(exact, p), rule) == gap_light(exact, rule))


def _subtracted(used: float, percent: float, places: int) -> float:
    return round(round(used, places) - float(percent_text(percent, max(1, places))), _EXACT)


def _gap_in_words(gap: float, places: int) -> str:
    return f"落后 {_short(gap, places)} 个百分点"


def _short(value: float, places: int) -> str:
    """With at most so many decimals and no noughts behind them."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _completed(case: Standing, day: date) -> str:
    """Done on that day; what contradicts it is told with it and not hidden."""
    told = f"{day.isoformat()} 完成"
    if day < case.start:
        told += f"，早于启动时间 {case.start.isoformat()}"
    if case.said is not None and case.said < 100:
        told += f"，进度报 {percent_text(case.said)}%"
    return told


def _unsaid(case: Standing) -> str:
    if case.owed is None:
        return "最近一期未报送"
    return f"{case.owed.start.year}年{case.owed.start.month}月未报送"


def _said(case: Standing, places: int = 1) -> str:
    """What was said of the progress; a day of completion that is still to come is no completion."""
    coming = case.completed_on
    later = "" if coming is None else f"，完成日期 {coming.isoformat()} 未到"
    if case.said is None:
        return "未报进度" + later
    if case.said >= 100:
        return f"已报 {percent_text(case.said)}%" + (later or "，待填完成日期")
    return f"进度 {percent_text(case.said, places)}%{later}"


def worst(lights: Sequence[str]) -> tuple[str, int]:
    """The most severe light among them and how many bear it; raises ValueError on an empty sequence."""
    if not lights:
        raise ValueError("no lights")
    top = min(lights, key=SEVERITY.index)
    return top, sum(1 for found in lights if found == top)
