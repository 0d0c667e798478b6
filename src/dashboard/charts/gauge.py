"""The gauge of the list: done as an arc, 应完成 as a mark on it, time used as a second, inner hand."""

from __future__ import annotations

from typing import Any

from ..readouts.measures import Tally

_ARC = {"startAngle": 215, "endAngle": -35, "min": 0, "max": 1, "center": ["50%", "58%"]}
_BARE: dict[str, Any] = {
    "axisTick": {"show": False},
    "axisLabel": {"show": False},
    "splitLine": {"show": False},
    "title": {"show": False},
    "animation": False,
    "silent": True,
}


def gauge(tally: Tally, *, silent: bool) -> dict[str, Any]:
    """ECharts option; with ``silent`` nobody has reported, and the arc stays empty rather than at zero."""
    of_all = tally.countable
    done = 0.0 if silent or not of_all else tally.done / of_all
    should = tally.should / of_all if of_all else 0.0
    late = not silent and tally.done < tally.should
    series = [
        _ring("done", "96%", 26, done, "var(--late-fill)" if late else "var(--accent)"),
        _mark(should),
    ]
    if tally.time_used is not None:
        series.append(_ring("time", "78%", 8, tally.time_used, "var(--secondary)"))
    return {"series": series}


def _ring(name: str, radius: str, width: int, share: float, colour: str) -> dict[str, Any]:
    return {
        **_ARC,
        **_BARE,
        "type": "gauge",
        "name": name,
        "radius": radius,
        "axisLine": {"roundCap": False, "lineStyle": {"width": width, "color": [[1, "var(--track)"]]}},
        "progress": {"show": share > 0, "width": width, "itemStyle": {"color": colour}},
        "pointer": {"show": False},
        "detail": {"show": False},
        "data": [{"value": round(share, 6)}],
    }


def _mark(should: float) -> dict[str, Any]:
    """A short thick stroke across the outer ring where the list should stand by now."""
    return {
        **_ARC,
        **_BARE,
        "type": "gauge",
        "name": "should",
        "radius": "96%",
        "axisLine": {"show": False},
        "progress": {"show": False},
        "pointer": {
            "show": True,
            "icon": "rect",
            "width": 5,
            "length": "24%",
            "offsetCenter": [0, "-78%"],
            "itemStyle": {"color": "var(--text)"},
        },
        "detail": {"show": False},
        "data": [{"value": round(min(should, 1.0), 6)}],
    }
