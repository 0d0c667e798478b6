"""Illustrative figures that prove what is claimed: an indicator follows the measures it is to prove. Pure.

Where a measure names an indicator, each unit's figures go the way its own reports say, a little unevenly, from
where they stood at the start to what the measure asks for; a few units, and a few measures altogether, claim
what their figures do not show. Repeatable.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .catalogue import Indicator, Measure
from .demo_figures import BASE_MONTH, allotted
from .evidence import Goal, goal
from .periods import of

# Measures whose indicators go their own way, whatever is claimed: three lag behind the claim, one is ahead of it.
UNPROVEN = frozenset(("2-6-2", "5-13-2", "7-20-2", "6-18-1"))
# One unit in so many has come only half as far as it says.
ONE_IN = 12
# The most by which a figure moves from one period to the next, so that none leaps.
STEP = 0.13

Percents = Mapping[date, float]
Series = Mapping[str, Mapping[date, int]]


@dataclass(frozen=True)
class Backed:
    """A measure and the indicator that is to prove it; ``told`` are the percents said, by organisation and month."""

    measure: Measure
    indicator: Indicator
    goal: Goal
    told: Mapping[str, Percents]

    @property
    def seasonal(self) -> bool:
        """Whether figures are compared with the same season only."""
        return self.indicator.kind == "flow" or self.indicator.since == "year"


def backed(
    measures: Sequence[Measure],
    indicators: Mapping[str, Indicator],
    told: Mapping[tuple[str, str], Percents],
) -> dict[str, Backed]:
    """The measures that an indicator can prove, by indicator."""
    found: dict[str, Backed] = {}
    for measure in measures:
        indicator = indicators.get(measure.evidence_indicator)
        aim = goal(measure.target, indicator.measured_in) if indicator else None
        if indicator and aim:
            own = {who: percents for (number, who), percents in told.items() if number == measure.number}
            found.setdefault(indicator.indicator, Backed(measure, indicator, aim, own))
    return found


def aims(proof: Backed, series: Series, whole: Mapping[str, int]) -> dict[str, int]:
    """What each unit is to reach, so that together they reach the level; empty for a cut and a level already reached.

    ``whole`` bounds what a part can grow to.
    """
    base = {unit: own[day] for unit, own in series.items() if (day := _base_day(proof, own))}
    missing = round(proof.goal.value) - sum(base.values())
    if proof.goal.kind == "cut" or missing <= 0 or len(base) < len(series):
        return {}
    room = {unit: max(0, int(0.97 * whole[unit]) - n) if whole else max(1, n) for unit, n in base.items()}
    gains = allotted(missing, room, room if whole else None)
    return {unit: n + gains[unit] for unit, n in base.items()}


def followed(proof: Backed, series: Series, whole: Mapping[str, int]) -> dict[str, Mapping[date, int]]:
    """The series of all units, from the start of the measure on as they claim; before it as they were."""
    if proof.measure.number in UNPROVEN:
        return dict(series)
    goals = aims(proof, series, whole)
    if proof.goal.kind == "level" and not goals:
        return dict(series)
    return {unit: _own(proof, unit, own, goals.get(unit)) for unit, own in series.items()}


def _base_day(proof: Backed, own: Mapping[date, int]) -> date | None:
    days = [d for d in _days(proof.indicator, own) if d <= proof.measure.start]
    return days[-1] if days else None


def _days(indicator: Indicator, own: Mapping[date, int]) -> list[date]:
    """The days for which a figure is handed in."""
    return sorted(d for d in own if of(indicator.cadence, d).end == d)


def _own(proof: Backed, unit: str, own: Mapping[date, int], aim: int | None) -> Mapping[date, int]:
    start = _base_day(proof, own)
    if start is None:
        return own
    rng = random.Random(f"evidence {proof.measure.number} {unit}")
    honest = 0.5 if proof.measure.scope == "county" and rng.randrange(ONE_IN) == 0 else 1.0
    found = dict(own)
    share, finished, before = 0.0, None, own[start]
    for day in _days(proof.indicator, own):
        if day <= max(start, BASE_MONTH):
            continue
        claimed = _claimed(proof, unit, day)
        share = max(share, min(1.0, claimed * honest / 100 + rng.uniform(-0.04, 0.04) * (claimed < 100)))
        finished = finished or (day if share == 1.0 else None)
        if proof.seasonal:
            found[day] = _of_the_season(proof, own, found, day, share)
            continue
        target = aim if aim is not None else proof.goal.target(own[start])
        value = own[start] + (target - own[start]) * share
        if finished:  # what is done goes on as it would have
            onward = own[day] - own[finished]
            value += max(0, onward) if target > own[start] else min(0, onward)
        before = found[day] = round(
            min(max(value, before * (1 - STEP)), max(before * (1 + STEP), before + 2))
        )
    return found


def _of_the_season(
    proof: Backed, own: Mapping[date, int], found: Mapping[date, int], day: date, share: float
) -> int:
    """What is counted anew: that of the first such season, less by as much as is claimed; within a year it adds up."""
    season = sorted(d for d in own if d.month == day.month and d.year < day.year)
    value = round(own[season[0]] * (1 - proof.goal.value / 100 * share)) if season else own[day]
    before = [found[d] for d in own if d.year == day.year and d < day]
    return max(value, *before) if before and proof.indicator.since == "year" else value


def _claimed(proof: Backed, unit: str, day: date) -> float:
    """What is claimed by the day: by the unit, or by all who answer for a measure of the city."""
    own = proof.told.get(unit)
    if own:
        return _by(own, day)
    every = [_by(percents, day) for percents in proof.told.values()]
    return sum(every) / len(every) if every else 0.0


def _by(percents: Percents, day: date) -> float:
    """The last percent said by the day; after the last one it goes on as before, and never quite to the end."""
    said = sorted(d for d in percents if d <= day)
    if not said:
        return 0.0
    last = said[-1]
    if percents[last] >= 100 or last == day or day <= max(percents):
        return percents[last]
    earlier = percents[said[-4]] if len(said) > 3 else 0.0
    months = (day.year - last.year) * 12 + day.month - last.month
    return min(98.0, percents[last] + (percents[last] - earlier) / 3 * months)
