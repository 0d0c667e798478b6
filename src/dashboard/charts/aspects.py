"""The aspects of the list as bars: the share done, a mark where it should stand by now, a hand for the time used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..readouts.measures import Tally

_TEXT = {"color": "var(--text)", "fontSize": 22}


def aspects(tallies: Sequence[Tally], words: Sequence[str]) -> dict[str, Any]:
    """ECharts option: one bar per tally from top to bottom; ``words`` stand at its right end.

    A tally whose measures are all unreported has no bar: absence is not zero.
    """
    shares = [None if _unsaid(t) or not t.countable else round(t.done / t.countable, 6) for t in tallies]
    marks = [[round(t.should / t.countable, 6), i] for i, t in enumerate(tallies) if t.countable]
    hands = [[round(t.time_used, 6), i] for i, t in enumerate(tallies) if t.time_used is not None]
    bars = [
        {"value": share, "itemStyle": {"color": "var(--late-fill)" if t.done < t.should else "var(--accent)"}}
        for share, t in zip(shares, tallies, strict=True)
    ]
    return {
        "animation": False,
        "grid": {"left": 0, "right": 4, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "max": 1, "show": False},
        "yAxis": [_axis([t.name for t in tallies]), _axis(list(words), position="right")],
        "series": [{**_DONE, "data": bars}, {**_SHOULD, "data": marks}, {**_TIME, "data": hands}],
    }


_DONE = {
    "type": "bar",
    "name": "done",
    "barWidth": 20,
    "showBackground": True,
    "backgroundStyle": {"color": "var(--track)"},
    "silent": True,
}
_SHOULD = {
    "type": "scatter",
    "name": "should",
    "symbol": "rect",
    "symbolSize": [5, 32],
    "itemStyle": {"color": "var(--text)"},
    "silent": True,
}
_TIME = {
    "type": "scatter",
    "name": "time",
    "symbol": "triangle",
    "symbolSize": [13, 9],
    "symbolOffset": [0, 13],
    "itemStyle": {"color": "var(--secondary)"},
    "silent": True,
}


def _axis(words: list[str], **place: str) -> dict[str, Any]:
    """Words beside the bars, from top to bottom."""
    return {
        "type": "category",
        "inverse": True,
        "data": words,
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": {**_TEXT, "margin": 14},
        **place,
    }


def _unsaid(tally: Tally) -> bool:
    return tally.lights.get("not_reported", 0) == tally.total
