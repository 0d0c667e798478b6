"""Visits through time: problems found beside problems solved, above them how many are open after each visit.

What a visit does not say has no bar; where the record does not say how many are open, the line has a gap or ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..readouts.points import Visit, open_through

SHOWN = 16


def visits(made: Sequence[Visit]) -> dict[str, Any]:
    """ECharts option; visits from left to right as time goes, the last sixteen, with the year where it changes.

    The open problems are those of all visits, also of those that are no longer shown.
    """
    last = open_through(made)[-SHOWN:]
    years = [None, *(v.on.year for v, _ in last)]
    days = [
        f"{v.on:%m-%d}" + (f"\n{v.on.year}" if v.on.year != before else "")
        for (v, _), before in zip(last, years, strict=False)
    ]
    text = {"color": "var(--secondary)", "fontSize": 16}
    hidden = {"type": "category", "data": days, "show": False, "gridIndex": 0}
    below = {
        "type": "category",
        "data": days,
        "gridIndex": 1,
        "axisLabel": {**text, "interval": 0, "lineHeight": 18},
        "axisLine": {"lineStyle": {"color": "var(--edge)"}},
        "axisTick": {"show": False},
    }
    return {
        "animation": False,
        "grid": [
            {"left": 8, "right": 8, "top": 28, "height": "22%"},
            {"left": 8, "right": 8, "top": "48%", "bottom": 40},
        ],
        "xAxis": [hidden, below],
        "yAxis": [
            {"type": "value", "show": False, "gridIndex": 0, "scale": True},
            {"type": "value", "show": False, "gridIndex": 1, "min": 0},
        ],
        "series": [
            _line([count for _, count in last]),
            _bars("found", [v.found for v, _ in last], "var(--secondary)"),
            _bars("solved", [v.solved for v, _ in last], "var(--done)"),
        ],
    }


def _line(values: Sequence[int | None]) -> dict[str, Any]:
    return {
        "type": "line",
        "name": "open",
        "xAxisIndex": 0,
        "yAxisIndex": 0,
        "data": list(values),
        "symbol": "circle",
        "symbolSize": 9,
        "lineStyle": {"color": "var(--accent)", "width": 3},
        "itemStyle": {"color": "var(--accent)"},
        "label": {
            "show": True,
            "position": "top",
            "color": "var(--text)",
            "fontSize": 18,
            "fontWeight": "bold",
        },
        "silent": True,
    }


def _bars(name: str, values: Sequence[int | None], colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "data": list(values),
        "barMaxWidth": 22,
        "barGap": "10%",
        "itemStyle": {"color": colour},
        "label": {"show": True, "position": "top", "color": "var(--text)", "fontSize": 16},
        "silent": True,
    }
