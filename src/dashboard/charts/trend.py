"""One indicator of one organisation through time: points where a figure is known, nothing in between them.

Nothing is smoothed and no gap is filled: a line joins neighbouring = figures of one origin and one grain
only, since two newspapers are no course; a lower bound is a triangle, an approximate figure an open circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..formulas import Quantity
from ..periods import Period

# In which steps figures are written on the axis, and the word of each.
STEPS = ((1e8, "亿"), (1e4, "万"))
ENGLISH_STEPS = ((1e6, "M"), (1e3, "K"))


@dataclass(frozen=True)
class Point:
    """A figure in time; ``origin`` names who said it."""

    period: Period
    quantity: Quantity
    origin: str


def trend(
    points: Sequence[Point],
    breaks: Sequence[str] = (),
    target: tuple[str, str, float] | None = None,
    *,
    steps: Sequence[tuple[float, str]] = STEPS,
) -> dict[str, Any]:
    """ECharts option; points without a value are left out. ``breaks`` are days of a changed definition.

    ``target`` is the first and last day of a year and the value to be reached by its end.
    """
    known = sorted((p for p in points if p.quantity.value is not None), key=lambda p: p.period.end)
    largest = max((*(p.quantity.value or 0 for p in known), target[2] if target else 0))
    step, word = next(((s, w) for s, w in steps if largest >= s), (1.0, ""))
    data = [(p.period.end.isoformat(), (p.quantity.value or 0) / step, p.quantity.qualifier) for p in known]
    line = _course(known, step)
    axis = {"color": "var(--secondary)", "fontSize": 15}
    return {
        "animation": False,
        "grid": {
            "left": 8,
            "right": 52 if target else 24,
            "top": 32 if breaks else 16,
            "bottom": 4,
            "containLabel": True,
        },
        "xAxis": {
            "type": "time",
            "axisLabel": {**axis, "hideOverlap": True},
            "axisLine": {"lineStyle": {"color": "var(--edge)"}},
            "splitLine": {"show": False},
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            "axisLabel": {**axis, "formatter": "{value}" + word},
            "splitLine": {"lineStyle": {"color": "var(--edge)"}},
            "splitNumber": 3,
        },
        "series": [
            _line(line, breaks),
            *(_marks(data, q) for q in ("ge", "approx")),
            *([_target(target, step)] if target else []),
        ],
    }


def _course(known: Sequence[Point], step: float) -> list[list[Any]]:
    """= figures, interrupted by a figure of another qualifier and where origin or grain changes."""
    course: list[list[Any]] = []
    before: Point | None = None
    for point in known:
        day = point.period.end.isoformat()
        changed = before and (before.origin, before.period.grain) != (point.origin, point.period.grain)
        if changed or not point.quantity.exact:
            course.append([day, "-"])
        if point.quantity.exact:
            course.append([day, (point.quantity.value or 0) / step])
        before = point
    return course


def _line(course: list[list[Any]], breaks: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "line",
        "name": "eq",
        "data": course,
        "symbol": "circle",
        "symbolSize": 9,
        "lineStyle": {"color": "var(--accent)", "width": 3},
        "itemStyle": {"color": "var(--accent)"},
        "silent": True,
        "markLine": {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"color": "var(--behind)", "type": "dashed"},
            "label": {"formatter": "口径变化", "color": "var(--behind)", "fontSize": 15},
            "data": [{"xAxis": day} for day in breaks],
        },
    }


def _target(target: tuple[str, str, float], step: float) -> dict[str, Any]:
    """A level stroke over the year in which the value is to be reached."""
    first, last, value = target
    return {
        "type": "line",
        "name": "target",
        "data": [[first, value / step], [last, value / step]],
        "symbol": "none",
        "lineStyle": {"color": "var(--done)", "type": "dashed", "width": 2},
        "endLabel": {"show": True, "formatter": "目标", "color": "var(--done)", "fontSize": 15},
        "silent": True,
    }


def _marks(data: Sequence[tuple[str, float, str]], qualifier: str) -> dict[str, Any]:
    style = {"color": "var(--accent)"} if qualifier == "ge" else {"color": "var(--panel)", "borderWidth": 3}
    return {
        "type": "scatter",
        "name": qualifier,
        "data": [[day, value] for day, value, found in data if found == qualifier],
        "symbol": "triangle" if qualifier == "ge" else "circle",
        "symbolSize": 13,
        "itemStyle": {"borderColor": "var(--accent)", **style},
        "silent": True,
    }
