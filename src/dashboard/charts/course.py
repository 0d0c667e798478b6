"""A measure through time: plan, what was claimed, what is proven, and when it will be done.

A month nobody reported for leaves a gap in its line; the range of the expected day is a band, open to the
right where no late end is in sight. What lies beyond the picture is said at its right edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ..forecast import Forecast
from ..periods import Period, of
from ..readouts.measure import Step

_MARGIN, _LEAST = timedelta(days=20), timedelta(days=183)
_SHORTEST = timedelta(days=92)
# A tick a month at the most, in milliseconds: its label names the month, and none is to stand there twice.
_A_MONTH = 32 * 86_400_000


def course(
    start: date,
    due: date | None,
    steps: Sequence[Step],
    proven: Sequence[tuple[Period, float | None]],
    expected: Forecast,
    day: date,
) -> dict[str, Any]:
    """ECharts option; percent by day from the start to whatever comes last: due day, expected day, today."""
    last = _last(start, due, expected, day)
    text = {"color": "var(--secondary)", "fontSize": 16}
    series = [
        _line("actual", _points(steps), "var(--accent)", 4, symbol="circle"),
        _line("evidence", _proven(proven), "var(--done)", 3, symbol="diamond"),
    ]
    if due is not None:
        series.insert(0, _line("plan", _plan(start, due), "var(--secondary)", 2, dashed=True))
    series[0] |= _marks(due, expected, day, last)
    return {
        "animation": False,
        "grid": {"left": 4, "right": 36, "top": 60, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "time",
            "min": start.replace(day=1).isoformat(),
            "max": last.isoformat(),
            "minInterval": _A_MONTH,
            "axisLabel": {**text, "hideOverlap": True, "formatter": "{yyyy}-{MM}"},
            "axisLine": {"lineStyle": {"color": "var(--edge)"}},
            "splitLine": {"show": False},
            "splitNumber": 6,
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            "max": 100,
            "interval": 25,
            "axisLabel": {**text, "formatter": "{value}%"},
            "splitLine": {"lineStyle": {"color": "var(--edge)"}},
        },
        "series": series,
    }


def _last(start: date, due: date | None, expected: Forecast, day: date) -> date:
    """Room for the expected day and its range, but no more than as long again, or half a year; of what is beyond, none."""
    known = max(start, day, due or day)
    most = known + max(known - start, _LEAST)
    last = known
    if expected.early is not None and expected.early < most:
        last = min(max(filter(None, (known, expected.day, expected.late))), most)
    return _month_begins(max(last + _MARGIN, start + _SHORTEST))


def _month_begins(day: date) -> date:
    """The first day of a month that is not before the day: the axis ends on a tick that has its own month."""
    return of("month", day - timedelta(days=1)).end + timedelta(days=1)


def drawn(option: Mapping[str, Any]) -> frozenset[str]:
    """Which lines the option really holds, by name, and ``band`` for the range: what its legend has to explain."""
    lines = {s["name"] for s in option["series"] if any(value != "-" for _, value in s["data"])}
    return frozenset(lines | ({"band"} if "markArea" in option["series"][0] else set()))


def _plan(start: date, due: date) -> list[list[Any]]:
    return [[start.isoformat(), 0 if due > start else 100], [due.isoformat(), 100]]


def _points(steps: Sequence[Step]) -> list[list[Any]]:
    return [[s.end.isoformat(), "-" if s.actual is None else round(s.actual, 1)] for s in steps]


def _proven(proven: Sequence[tuple[Period, float | None]]) -> list[list[Any]]:
    return [[p.end.isoformat(), "-" if share is None else round(share, 1)] for p, share in proven]


def _line(
    name: str,
    data: list[list[Any]],
    colour: str,
    width: int,
    *,
    symbol: str = "none",
    dashed: bool = False,
) -> dict[str, Any]:
    return {
        "type": "line",
        "name": name,
        "data": data,
        "symbol": symbol,
        "symbolSize": 9,
        "showAllSymbol": True,
        "connectNulls": False,
        "lineStyle": {"color": colour, "width": width, "type": "dashed" if dashed else "solid"},
        "itemStyle": {"color": colour},
        "silent": True,
    }


def _marks(due: date | None, expected: Forecast, day: date, last: date) -> dict[str, Any]:
    """Due day, today and the expected day as upright strokes, the range of the expected day as a band."""
    strokes = [(due, "时限", "var(--text)", "solid"), (day, "截至日", "var(--secondary)", "dotted")]
    if expected.day and expected.day <= last:
        strokes.append((expected.day, "预计", "var(--behind)", "solid"))
    data = [_stroke(*stroke, place) for place, stroke in enumerate(strokes) if stroke[0]]
    beyond = _beyond(expected, last)
    if beyond:
        # The slot of the expected day when that is not in the picture, else that of the due day, which is far off.
        data.append(_edge(last, beyond, 2 if expected.day and expected.day > last else 0))
    found: dict[str, Any] = {"markLine": {"silent": True, "symbol": "none", "data": data}}
    if expected.early is not None and expected.early < last:
        band = [
            {"xAxis": expected.early.isoformat()},
            {"xAxis": min(expected.late or last, last).isoformat()},
        ]
        style = {"color": "var(--behind)", "opacity": 0.16}
        found["markArea"] = {"silent": True, "itemStyle": style, "data": [band]}
    return found


def _beyond(expected: Forecast, last: date) -> str:
    """What of the expected day and its range lies beyond the picture, in a word and a year; empty when nothing does."""
    if expected.day and expected.day > last:
        return f"预计 → {expected.day.year}"
    return f"最晚 → {expected.late.year}" if expected.late and expected.late > last else ""


def _edge(last: date, words: str, place: int) -> dict[str, Any]:
    """Words at the right edge, without a stroke."""
    found = _stroke(last, words, "var(--behind)", "solid", 0)
    found["lineStyle"]["width"] = 0
    found["label"] |= {
        "position": "insideEndTop",
        "rotate": 0,
        "align": "right",
        "distance": [0, 2 + 17 * place],
    }
    return found


def _stroke(on: date | None, word: str, colour: str, kind: str, place: int) -> dict[str, Any]:
    """Their words stand one above the other, so that near days can be read."""
    assert on is not None
    return {
        "xAxis": on.isoformat(),
        "lineStyle": {"color": colour, "type": kind, "width": 2},
        "label": {
            "show": True,
            "formatter": word,
            "color": colour,
            "fontSize": 16,
            "distance": [0, 2 + 17 * place],
        },
    }
