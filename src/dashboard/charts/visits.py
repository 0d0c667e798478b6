"""Visits through time: problems found beside problems solved, above them how many are open after each visit.

What a visit does not say has no bar; where the record does not say how many are open, the line has a gap or ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..readouts.points import Visit, open_through


@dataclass(frozen=True)
class Look:
    """How many visits have room, and the pixels of letters, bars and lines."""

    shown: int
    letters: int
    open_letters: int
    line: int
    bar: int
    open_top: int
    open_height: str
    bars_top: str
    bars_bottom: int


DESK = Look(16, letters=16, open_letters=18, line=18, bar=22, open_top=28, open_height="22%", bars_top="48%",
            bars_bottom=40)  # fmt: skip
WALL = Look(9, letters=24, open_letters=26, line=26, bar=28, open_top=34, open_height="14%", bars_top="43%",
            bars_bottom=58)  # fmt: skip


def visits(made: Sequence[Visit], look: Look = DESK) -> dict[str, Any]:
    """ECharts option; visits from left to right as time goes, the last that have room, with the year where it changes.

    The open problems are those of all visits, also of those that are no longer shown.
    """
    last = open_through(made)[-look.shown :]
    years = [None, *(v.on.year for v, _ in last)]
    days = [
        f"{v.on:%m-%d}" + (f"\n{v.on.year}" if v.on.year != before else "")
        for (v, _), before in zip(last, years, strict=False)
    ]
    text = {"color": "var(--secondary)", "fontSize": look.letters}
    hidden = {"type": "category", "data": days, "show": False, "gridIndex": 0}
    below = {
        "type": "category",
        "data": days,
        "gridIndex": 1,
        "axisLabel": {**text, "interval": 0, "lineHeight": look.line},
        "axisLine": {"lineStyle": {"color": "var(--edge)"}},
        "axisTick": {"show": False},
    }
    return {
        "animation": False,
        "grid": [
            {"left": 8, "right": 8, "top": look.open_top, "height": look.open_height},
            {"left": 8, "right": 8, "top": look.bars_top, "bottom": look.bars_bottom},
        ],
        "xAxis": [hidden, below],
        "yAxis": [
            {"type": "value", "show": False, "gridIndex": 0, "scale": True},
            {"type": "value", "show": False, "gridIndex": 1, "min": 0},
        ],
        "series": [
            _line([count for _, count in last], look),
            _bars("found", [v.found for v, _ in last], "var(--secondary)", look),
            _bars("solved", [v.solved for v, _ in last], "var(--done)", look),
        ],
    }


def _line(values: Sequence[int | None], look: Look) -> dict[str, Any]:
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
            "fontSize": look.open_letters,
            "fontWeight": "bold",
        },
        "silent": True,
    }


def _bars(name: str, values: Sequence[int | None], colour: str, look: Look) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "data": list(values),
        "barMaxWidth": look.bar,
        "barGap": "10%",
        "itemStyle": {"color": colour},
        "label": {"show": True, "position": "top", "color": "var(--text)", "fontSize": look.letters},
        "silent": True,
    }
