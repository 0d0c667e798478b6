"""One indicator of one organisation through time: points where a figure is known, nothing in between them.

Nothing is smoothed and no gap is filled: a line joins neighbouring = figures only; a lower bound is a
triangle, an approximate figure an open circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..formulas import Quantity
from ..periods import Period

_STEPS = ((1e8, "亿"), (1e4, "万"))


def trend(points: Sequence[tuple[Period, Quantity]], breaks: Sequence[str] = ()) -> dict[str, Any]:
    """ECharts option; points without a value are left out. ``breaks`` are days of a changed definition."""
    known = sorted(((p, q) for p, q in points if q.value is not None), key=lambda pair: pair[0].end)
    step, word = next(((s, w) for s, w in _STEPS if any((q.value or 0) >= s for _, q in known)), (1.0, ""))
    data = [(p.end.isoformat(), (q.value or 0) / step, q.qualifier) for p, q in known]
    axis = {"color": "var(--secondary)", "fontSize": 15}
    return {
        "animation": False,
        "grid": {"left": 8, "right": 24, "top": 16, "bottom": 4, "containLabel": True},
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
        "series": [_line(data, breaks), *(_marks(data, q) for q in ("ge", "approx"))],
    }


def _line(data: Sequence[tuple[str, float, str]], breaks: Sequence[str]) -> dict[str, Any]:
    """= figures; a figure of another qualifier between two of them interrupts the line."""
    return {
        "type": "line",
        "name": "eq",
        "data": [[day, value if qualifier == "eq" else "-"] for day, value, qualifier in data],
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
