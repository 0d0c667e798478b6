"""One indicator of one organisation through time: points where a figure is known, nothing in between them.

Steps are not drawn and gaps are not filled: a line joins = figures only; a lower bound is an arrow up, an
approximate figure an open circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..formulas import Quantity
from ..periods import Period

_SYMBOLS = {"eq": "circle", "ge": "triangle", "approx": "emptyCircle"}


def trend(points: Sequence[tuple[Period, Quantity]], breaks: Sequence[str] = ()) -> dict[str, Any]:
    """ECharts option; points without a value are left out. ``breaks`` are days on which the definition changed."""
    known = [(p, q) for p, q in points if q.value is not None]
    data = [
        {
            "value": [p.end.isoformat(), q.value],
            "symbol": _SYMBOLS.get(q.qualifier, "circle"),
        }
        for p, q in sorted(known, key=lambda pair: pair[0].end)
    ]
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
            "axisLabel": axis,
            "splitLine": {"lineStyle": {"color": "var(--edge)"}},
            "splitNumber": 3,
        },
        "series": [
            {
                "type": "line",
                "data": data,
                "symbolSize": 11,
                "lineStyle": {"color": "var(--accent)", "width": 2, "type": "dotted"},
                "itemStyle": {"color": "var(--accent)"},
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "lineStyle": {"color": "var(--behind)", "type": "dashed"},
                    "label": {"formatter": "口径变化", "color": "var(--behind)", "fontSize": 15},
                    "data": [{"xAxis": day} for day in breaks],
                },
            }
        ],
    }
