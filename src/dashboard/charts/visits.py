"""Visits through time: for each, problems found beside problems solved. What a visit does not say has no bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..readouts.points import Visit

SHOWN = 16


def visits(made: Sequence[Visit]) -> dict[str, Any]:
    """ECharts option; visits from left to right as time goes, the last sixteen, with the year where it changes."""
    last = sorted(made, key=lambda v: v.on)[-SHOWN:]
    years = [None, *(v.on.year for v in last)]
    days = [
        f"{v.on:%m-%d}" + (f"\n{v.on.year}" if v.on.year != before else "")
        for v, before in zip(last, years, strict=False)
    ]
    text = {"color": "var(--secondary)", "fontSize": 15}
    return {
        "animation": False,
        "grid": {"left": 0, "right": 0, "top": 24, "bottom": 0, "containLabel": True},
        "xAxis": {
            "type": "category",
            "data": days,
            "axisLabel": {**text, "interval": 0, "lineHeight": 18},
            "axisLine": {"lineStyle": {"color": "var(--edge)"}},
            "axisTick": {"show": False},
        },
        "yAxis": {"type": "value", "min": 0, "show": False},
        "series": [
            _bars("found", [v.found for v in last], "var(--secondary)"),
            _bars("solved", [v.solved for v in last], "var(--done)"),
        ],
    }


def _bars(name: str, values: Sequence[int | None], colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "data": list(values),
        "barMaxWidth": 18,
        "barGap": "10%",
        "itemStyle": {"color": colour},
        "label": {"show": True, "position": "top", "color": "var(--text)", "fontSize": 15},
        "silent": True,
    }
