"""亮灯: exactly one light per assignment and day, with its reason. Pure; thresholds come from the catalogue.

gap = elapsed % − progress %, elapsed = days since start ÷ days from start to due, kept within 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .catalogue import LightRule

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

    ``percent`` and ``completed_on`` come from the last accepted progress, None when nothing was said.
    ``silent``: nothing was accepted for the last period whose return day has passed; ``list_silent``:
    nobody has reported anything on this list version yet, so that no light can be told from time alone.
    """

    involved: bool
    start: date
    due: date | None
    standing: bool
    percent: float | None = None
    completed_on: date | None = None
    silent: bool = False
    list_silent: bool = False


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
        return Lit("done", f"{case.completed_on.isoformat()} 完成")
    if case.standing or case.due is None:
        return Lit("standing", "长期坚持" + ("，本期未报送" if case.silent else ""))
    if case.start > day:
        return Lit("not_started", f"{case.start.isoformat()} 启动")
    if case.due < day:
        return Lit("overdue", f"逾期 {(day - case.due).days} 天，{_said(case)}")
    if case.silent:
        return Lit("not_reported", "最近一期未报送")
    return _by_gap(case, case.due, day, rule)


def _by_gap(case: Standing, due: date, day: date, rule: LightRule) -> Lit:
    used = elapsed(case.start, due, day) * 100
    gap = round(used - (case.percent or 0.0), 9)
    told = f"时序 {used:.0f}%，{_said(case)}"
    if gap > rule.far_behind_pct:
        return Lit("far_behind", f"{told}，落后 {gap:.0f} 个百分点")
    if gap >= rule.behind_pct:
        return Lit("behind", f"{told}，落后 {gap:.0f} 个百分点")
    return Lit("on_track", told)


def _said(case: Standing) -> str:
    if case.percent is None:
        return "未报进度"
    if case.percent >= 100:
        return "已报 100%，待填完成日期"
    return f"进度 {case.percent:g}%"


def worst(lights: Sequence[str]) -> tuple[str, int]:
    """The most severe light among them and how many bear it; raises ValueError on an empty sequence."""
    if not lights:
        raise ValueError("no lights")
    top = min(lights, key=SEVERITY.index)
    return top, sum(1 for found in lights if found == top)
