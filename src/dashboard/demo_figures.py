"""Illustrative figures of the 13 units and their towns, month by month. Pure and repeatable.

In January 2025 the units add up to what was published for the city: exactly where it was printed as =,
up to 2 % above a lower bound, within 3 % of an approximate figure. No unit is the city's share by
population: a figure that could be had by dividing would look like one that was divided.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .catalogue import Indicator, Organisation
from .formulas import Quantity
from .periods import Period, of

_Step = Callable[[float, random.Random], float]
BASE_MONTH = date(2025, 1, 31)

# City values of January 2025 for indicators of which none was published for that month.
BASE: Mapping[str, int] = {
    "volunteer_teams_count": 13_240,
    "volunteer_hours": 98_400_000,
    "estates_count": 2_265,
    "community_social_work_rooms_count": 1_184,
    "stationed_social_workers_count": 436,
    "council_day_sessions_count": 1_730,
    "organisation_plaques_count": 24_600,
    "report_forms_count": 1_160,
    "report_items_count": 23_400,
    "town_duty_items_count": 55_300,
    "proof_items_count": 624,
    "inspection_items_count": 31,
    "town_documents_count": 640,
    "government_apps_count": 318,
    "work_groups_count": 5_240,
}
# Growth a month; burdens shrink, the rest grows slowly unless it says so here.
GROWTH: Mapping[str, float] = {
    "volunteers_count": 0.0015,
    "volunteer_hours": 0.012,
    "certified_social_workers_count": 0.008,
    "social_work_professionals_count": 0.004,
    "social_work_agencies_count": 0.002,
    "neighbour_teams_count": 0.003,
    "estates_count": 0.0008,
    "council_day_estates_count": 0.006,
    "covenant_estates_count": 0.005,
    "organisation_plaques_count": -0.024,
    "report_forms_count": -0.030,
    "report_items_count": -0.026,
    "town_duty_items_count": -0.008,
    "proof_items_count": -0.012,
    "government_apps_count": -0.034,
    "work_groups_count": -0.028,
}
_USUAL_GROWTH = 0.004
# One unit always hands in a lower bound, another an approximate figure, as real ledgers do.
QUALIFIED: Mapping[tuple[str, str], str] = {
    ("volunteers_count", "350526"): "ge",
    ("volunteer_hours", "350525"): "approx",
}


@dataclass(frozen=True)
class Row:
    """One figure of one organisation for one period."""

    indicator: str
    organisation: str
    period: Period
    value: float
    qualifier: str = "eq"


def allotted(
    total: int, weights: Mapping[str, float], most: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Split a whole number by weights into whole numbers that add up to it, none above its ``most``."""
    shares = dict(weights)
    result = dict.fromkeys(weights, 0)
    rest = total
    while rest > 0 and shares:
        whole = sum(shares.values())
        exact = {k: rest * w / whole for k, w in shares.items()}
        given = {k: int(v) for k, v in exact.items()}
        for k in sorted(exact, key=lambda k: (given[k] - exact[k], k))[: rest - sum(given.values())]:
            given[k] += 1
        for k, v in given.items():
            result[k] += v
        rest = 0
        for k in list(shares):
            over = result[k] - most[k] if most else 0
            if over > 0:
                result[k] -= over
                rest += over
                del shares[k]
    return result


def city_base(indicator: Indicator, published: Quantity | None) -> int | None:
    """The city's value of January 2025 that the units add up to; None when nothing is known."""
    if published is None or published.value is None:
        return BASE.get(indicator.indicator)
    margin = {"eq": 0.0, "ge": 0.008, "approx": 0.01}[published.qualifier]
    return round(published.value * (1 + margin))


def weights(
    indicator: str, units: Sequence[Organisation], people: Mapping[str, float], total: int
) -> dict[str, float]:
    """How a city figure falls to the units: by people, but unevenly, and never in exact proportion."""
    rng = random.Random(f"weights {indicator}")
    found = {}
    everybody = sum(people.values())
    for unit in units:
        found[unit.code] = people[unit.code] ** 0.85 * rng.lognormvariate(0, 0.32)
    whole = sum(found.values())
    for code, weight in found.items():
        proportion = people[code] / everybody
        if abs(weight / whole / proportion - 1) < 0.06 and total * proportion >= 1:
            found[code] = weight * 1.15
    return found


def months(first: date, last: date) -> list[Period]:
    """All months from that of ``first`` to that of ``last``."""
    found, period = [], of("month", first)
    while period.end <= of("month", last).end:
        found.append(period)
        period = of("month", date.fromordinal(period.end.toordinal() + 1))
    return found


def series(indicator: Indicator, unit: str, base: int, span: Sequence[Period]) -> dict[date, int]:
    """Values at the end of each month, through ``base`` at the end of January 2025."""
    rng = random.Random(f"series {indicator.indicator} {unit}")
    if indicator.kind == "flow":
        return {p.end: _flow(rng, base, indicator.indicator, i) for i, p in enumerate(span)}
    if indicator.since == "year":
        return _year_to_date(rng, base, span)
    if indicator.kind == "cumulative":
        return _cumulative(rng, base, span, indicator.since)
    return _stock(rng, base, span, GROWTH.get(indicator.indicator, _USUAL_GROWTH))


def _flow(rng: random.Random, base: int, _name: str, _step: int) -> int:
    return max(0, round(base * rng.uniform(0.82, 1.2)))


def _year_to_date(rng: random.Random, base: int, span: Sequence[Period]) -> dict[date, int]:
    """Counts anew every January; ``base`` is what January brings."""
    found: dict[date, int] = {}
    value = 0
    for period in span:
        value = 0 if period.start.month == 1 else value
        value += max(0, round(base * rng.uniform(0.5, 1.6)))
        if period.end == BASE_MONTH:
            value = base
        found[period.end] = value
    return found


def _cumulative(rng: random.Random, base: int, span: Sequence[Period], since: str) -> dict[date, int]:
    """Never falls; grows about as fast as it did from its start to January 2025."""
    begun = 13 if since == "2024-01-01" else 30
    step = base / begun
    return _through(
        rng,
        base,
        span,
        lambda value, r: value + step * r.uniform(0.4, 1.6),
        lambda v, r: v - step * r.uniform(0.4, 1.2),
    )


def _stock(rng: random.Random, base: int, span: Sequence[Period], growth: float) -> dict[date, int]:
    return _through(
        rng,
        base,
        span,
        lambda value, r: value * (1 + growth * r.uniform(0.2, 1.8)),
        lambda value, r: value / (1 + growth * r.uniform(0.2, 1.8)),
    )


def _through(
    rng: random.Random, base: int, span: Sequence[Period], onward: _Step, back: _Step
) -> dict[date, int]:
    ends = [p.end for p in span]
    found: dict[date, int] = {}
    value = float(base)
    for end in [e for e in ends if e >= BASE_MONTH]:
        value = value if end == BASE_MONTH else onward(value, rng)
        found[end] = round(value)
    value = float(base)
    for end in reversed([e for e in ends if e < BASE_MONTH]):
        value = max(0.0, back(value, rng))
        found[end] = min(round(value), base) if base and found else round(value)
    return found
