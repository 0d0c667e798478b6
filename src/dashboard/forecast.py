"""推算完成日: when an assignment will be done, by the slope of what has been said of it. Pure.

The slope is the median of the slopes between all pairs of readings, which one wild reading cannot move
(H. Theil, A rank-invariant method of linear and polynomial regression analysis, Proc. Kon. Ned. Akad. v.
Wetensch. 53, 1950; P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, J. Amer.
Stat. Assoc. 63, 1968). The range comes from the 10 % and the 90 % quantile of the same slopes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from statistics import median
from typing import Literal

LEAST, READ = 4, 12
STILL_DAYS = 28
# What is further away than this is no date that anybody could plan with.
FARTHEST = timedelta(days=3652)

State = Literal[
    "expected", "given", "passed", "silent", "endless", "still", "few", "undated", "done", "unsaid"
]


@dataclass(frozen=True)
class Forecast:
    """When 100 % will be reached, as far as ``readings`` readings tell.

    ``state``: ``expected``: on ``day``, between ``early`` and ``late`` (None: no late end in sight);
    ``given``: 100 % with a day of completion that is still to come, ``day``; ``passed``: by its course it should
    be done already, but nobody has said so; ``silent``: nothing was said for the last month that is due;
    ``endless``: the readings do not rise; ``still``: no progress for four weeks; ``few``: too few readings;
    ``undated``: 100 % without a day of completion; ``done``; ``unsaid``: 长期坚持, or not begun.
    """

    state: State
    readings: int = 0
    day: date | None = None
    early: date | None = None
    late: date | None = None

    @property
    def text(self) -> str:
        """The day, or in words why none can be told."""
        if self.state == "expected" and self.day:
            return self.day.isoformat()
        if self.state == "given" and self.day:
            return f"已报完成日期 {self.day.isoformat()}"
        return _WITHOUT_DAY[self.state].format(n=self.readings, m=LEAST)


_WITHOUT_DAY: Mapping[State, str] = {
    "passed": "按进度应已完成，待报",
    "silent": "近期无报送，推算不出",
    "endless": "进度没有上升，推算不出完成日",
    "still": "近四周无进展，推算不出完成日",
    "few": "数据不足（{n} 期，需 {m} 期）",
    "undated": "待填完成日期",
    "done": "已完成",
    "unsaid": "不推算",
    "expected": "",
    "given": "",
}


@dataclass(frozen=True)
class Joint:
    """The forecast of a measure, which is done when all its responsible organisations are.

    ``forecast`` is that of the one that finishes last, ``organisation``, with the range of all; without a
    day of any, its state is the one that most stands in the way. ``unknown`` counts the organisations of
    which no day can be told, by state: the measure is then done on that day at the earliest.
    """

    forecast: Forecast
    organisation: str
    open: int
    unknown: Mapping[State, int]

    @property
    def or_later(self) -> bool:
        """Whether others, of which no day can be told, may be later."""
        return self.forecast.day is not None and any(self.unknown.values())

    @property
    def text(self) -> str:
        """The day, with the word that it may be later where others may be, or in words why none can be told."""
        day = self.forecast.day
        return f"{day.isoformat()} 或更晚" if day and self.or_later else self.forecast.text


def forecast(
    readings: Sequence[tuple[date, float]],
    day: date,
    *,
    last_due: date | None = None,
    completed_on: date | None = None,
) -> Forecast:
    """The forecast of one open assignment from its (period end, percent) since its start, as of the day.

    ``last_due`` is the end of the last month for which progress should be in: whose last reading is older has
    fallen silent, and a line drawn on would tell of somebody who no longer does (None: not judged).
    ``completed_on`` is the day of completion that was given; None: none was. Readings after the day and those
    that are no number are left out; of one day the last counts.
    """
    known = {end: min(100.0, max(0.0, pct)) for end, pct in readings if end <= day and math.isfinite(pct)}
    told = sorted(known.items())
    count = len(told)
    if told and told[-1][1] >= 100:
        return _all_said(count, day, completed_on)
    if count < LEAST:
        return Forecast("few", count)
    if last_due is not None and told[-1][0] < last_due:
        return Forecast("silent", count)
    if not _moved(told):
        return Forecast("still", count)
    return _expected(told[-READ:], count, day)


def _all_said(count: int, day: date, completed_on: date | None) -> Forecast:
    """Of 100 % that is not done: the day of completion that was given, if it is still to come."""
    if completed_on is None or completed_on <= day:
        return Forecast("undated", count)
    return Forecast("given", count, completed_on, completed_on, completed_on)


def _moved(told: Sequence[tuple[date, float]]) -> bool:
    """Whether the last reading is above the newest one that is four weeks older."""
    end, last = told[-1]
    before = [pct for on, pct in told if (end - on).days >= STILL_DAYS]
    return not before or last > before[-1]


def _expected(told: Sequence[tuple[date, float]], count: int, day: date) -> Forecast:
    first = told[0][0]
    points = [((end - first).days, pct) for end, pct in told]
    slopes = sorted((v - u) / (x - w) for (w, u), (x, v) in combinations(points, 2))
    low, middle, high = (_quantile(slopes, share) for share in (0.1, 0.5, 0.9))
    likely, early, late = (_reached(points, slope, first, day) for slope in (middle, high, low))
    if likely is None:
        return Forecast("endless", count)
    if likely < day:
        return Forecast("passed", count)
    return Forecast("expected", count, likely, early and max(day, early), late)


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _reached(points: Sequence[tuple[int, float]], slope: float, first: date, day: date) -> date | None:
    """The day on which the line of this slope through the readings reaches 100; None: not in sight, as of the day."""
    if slope <= 0:
        return None
    intercept = median(pct - slope * x for x, pct in points)
    days = (100 - intercept) / slope
    if days > min((day - first + FARTHEST).days, (date.max - first).days):
        return None
    return first + timedelta(days=max(0, math.ceil(days)))


def joint(forecasts: Mapping[str, Forecast]) -> Joint:
    """The forecast of a measure from those of its responsible organisations, by their codes.

    ``done`` when all of them are; ``unsaid`` when nothing is to be expected of any.
    """
    pending = {name: f for name, f in forecasts.items() if f.state not in ("done", "unsaid")}
    unknown = {state: sum(f.state == state for f in pending.values()) for state in UNKNOWN}
    dated = {name: f.day for name, f in pending.items() if f.day}
    if not dated:
        state = _state(forecasts, unknown)
        most = max((f.readings for f in forecasts.values() if f.state == state), default=0)
        return Joint(Forecast(state, most), "", len(pending), unknown)
    last = max(dated, key=lambda name: dated[name])
    own = [pending[name] for name in dated]
    early = max(f.early for f in own if f.early)
    lates = [f.late for f in own]
    late = None if None in lates else max(day for day in lates if day)
    return Joint(replace(pending[last], early=early, late=late), last, len(pending), unknown)


# Of which no day can be told, what stands most in the way first, in a few words.
UNKNOWN: Mapping[State, str] = {
    "silent": "近期无报送",
    "still": "近四周无进展",
    "endless": "进度没有上升",
    "few": "数据不足",
    "passed": "应已完成，待报",
    "undated": "待填完成日期",
}


def _state(forecasts: Mapping[str, Forecast], unknown: Mapping[State, int]) -> State:
    """What is to be said of a measure when no day can be told of any of its organisations."""
    found = next((state for state in UNKNOWN if unknown[state]), None)
    if found:
        return found
    done = bool(forecasts) and all(f.state == "done" for f in forecasts.values())
    return "done" if done else "unsaid"
