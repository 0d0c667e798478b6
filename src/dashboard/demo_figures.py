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
    "inspection_items_count": 260,
    "town_documents_count": 640,
    "government_apps_count": 318,
    "work_groups_count": 5_240,
}
# Growth a month; burdens shrink, the rest grows slowly unless it says so here.
GROWTH: Mapping[str, float] = {
    "volunteers_count": 0.0015,
    "certified_social_workers_count": 0.008,
    "social_work_professionals_count": 0.004,
    "social_work_agencies_count": 0.008,
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
    "inspection_items_count": -0.014,
    "town_documents_count": -0.010,
}
_USUAL_GROWTH = 0.004
# Months in which a cumulative figure came together; the usual ones are in ``series``.
BEGUN: Mapping[str, int] = {"trainings_count": 9}
# Visits are counted at the events of another indicator.
FOLLOWS: Mapping[str, str] = {"training_visits": "trainings_count"}
VISITS_PER_EVENT = 1_800
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


def proportional(total: int, people: Mapping[str, float]) -> dict[str, int]:
    """Everybody's rounded share of a total by population: what no figure of the demo may be."""
    everybody = sum(people.values())
    return {k: round(total * n / everybody) for k, n in people.items()}


def uneven(
    given: Mapping[str, int], people: Mapping[str, float], most: Mapping[str, int] | None = None
) -> dict[str, int]:
    """The same total, with no unit at its proportional share."""
    share = proportional(sum(given.values()), {k: people[k] for k in given})
    found = dict(given)

    def fits(code: str, value: int) -> bool:
        return 0 <= value <= (most[code] if most else value) and value != share[code]

    for code in [c for c in given if found[c] == share[c]]:
        for step in (1, -1, 2, -2):
            others = [o for o in given if o != code and fits(o, found[o] - step)]
            if found[code] == share[code] and others and fits(code, found[code] + step):
                other = max(others, key=lambda o: found[o] * step)  # the largest gives, the smallest takes
                found[code] += step
                found[other] -= step
    return found


def city_base(indicator: Indicator, published: Quantity | None) -> int:
    """The city's value of January 2025 that the units add up to; made up when none was published."""
    if published is None or published.value is None:
        made_up = random.Random(f"base {indicator.indicator}").randrange(300, 3000)
        return BASE.get(indicator.indicator, made_up)
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


def series(
    indicator: Indicator, unit: str, base: int, span: Sequence[Period], ceiling: int | None = None
) -> dict[date, int]:
    """Values at the end of each month, through ``base`` at the end of January 2025.

    ``ceiling``: what this is a part of; a share comes near it ever more slowly. A longer span does not
    change what it has in common with a shorter one.
    """
    rng = random.Random(f"series {indicator.indicator} {unit}")
    growth = GROWTH.get(indicator.indicator, _USUAL_GROWTH)
    if indicator.kind == "flow":
        return _flow(rng, base, span, growth)
    if indicator.since == "year":
        return _year_to_date(rng, base, span, growth)
    if indicator.kind == "cumulative":
        begun = BEGUN.get(indicator.indicator, 13 if indicator.since == "2024-01-01" else 30)
        return _cumulative(rng, base, span, begun)
    if ceiling is not None:
        return _share(rng, base, span, growth, ceiling)
    return _falling(rng, base, span, -growth) if growth < 0 else _rising(rng, base, span, growth)


def _trend(growth: float, period: Period) -> float:
    """What a steady growth a month has made of 1 since January 2025."""
    passed = (period.end.year - BASE_MONTH.year) * 12 + period.end.month - BASE_MONTH.month
    return float((1 + growth) ** passed)


def _flow(rng: random.Random, base: int, span: Sequence[Period], growth: float) -> dict[date, int]:
    found = {}
    for period in span:
        mean = base * _trend(growth, period)
        value = max(0, round(rng.gauss(mean, max(0.7, 0.4 * mean**0.5))))
        found[period.end] = base if period.end == BASE_MONTH else value
    return found


def _year_to_date(rng: random.Random, base: int, span: Sequence[Period], growth: float) -> dict[date, int]:
    """Counts anew every January; ``base`` is what January brings. The first year has begun before the span."""
    found: dict[date, int] = {}
    value = round(base * (span[0].start.month - 1) * rng.uniform(0.95, 1.15))
    for period in span:
        value = 0 if period.start.month == 1 else value
        value += max(0, round(base * _trend(growth, period) * rng.uniform(0.5, 1.6)))
        if period.end == BASE_MONTH:
            value = base
        found[period.end] = value
    return found


def _cumulative(rng: random.Random, base: int, span: Sequence[Period], begun: int) -> dict[date, int]:
    """Never falls; grows about as fast as it did in the ``begun`` months before January 2025."""
    step = max(base, 0.6) / begun
    return _through(
        rng,
        base,
        span,
        lambda value, r: value + step * r.uniform(0.4, 1.6),
        lambda value, r: value - step * r.uniform(0.4, 1.2),
    )


def _rising(rng: random.Random, base: int, span: Sequence[Period], growth: float) -> dict[date, int]:
    return _through(
        rng,
        base,
        span,
        lambda value, r: value * (1 + growth * r.uniform(0.2, 1.8)),
        lambda value, r: value / (1 + growth * r.uniform(0.2, 1.8)),
    )


def _falling(rng: random.Random, base: int, span: Sequence[Period], fall: float) -> dict[date, int]:
    """About level before 2025, then down, ever more slowly: some of it will always be needed."""
    floor = 0.45 * base
    return _through(
        rng,
        base,
        span,
        lambda value, r: value - 1.6 * fall * r.uniform(0.2, 1.8) * (value - floor),
        lambda value, r: value * r.uniform(0.996, 1.005),
    )


def _share(
    rng: random.Random, base: int, span: Sequence[Period], growth: float, ceiling: int
) -> dict[date, int]:
    """Grows as usual at first, then ever more slowly: it comes near its ceiling and never reaches it."""
    limit = ceiling - max(1, 0.02 * ceiling)

    def onward(value: float, r: random.Random) -> float:
        room = max(0.0, limit - value) / max(1e-9, limit - base)
        return value * (1 + growth * r.uniform(0.2, 1.8) * room)

    return _through(rng, base, span, onward, lambda value, r: value / (1 + growth * r.uniform(0.2, 1.8)))


def _through(
    rng: random.Random, base: int, span: Sequence[Period], onward: _Step, back: _Step
) -> dict[date, int]:
    ends = [p.end for p in span]
    found: dict[date, int] = {}
    value = float(base)
    for end in reversed([e for e in ends if e < BASE_MONTH]):
        value = max(0.0, back(value, rng))
        found[end] = round(value)
    value = float(base)
    for end in [e for e in ends if e >= BASE_MONTH]:
        value = value if end == BASE_MONTH else onward(value, rng)
        found[end] = round(value)
    return found


def following(leader: Mapping[date, int], base: int, seed: str) -> dict[date, int]:
    """Visits of events: none where there was no event, more only in a month that had one."""
    rng = random.Random(f"following {seed}")
    events = leader[BASE_MONTH]
    each = base / events if events else VISITS_PER_EVENT
    found: dict[date, int] = {}
    before, value = events, float(base)
    for day in sorted(d for d in leader if d >= BASE_MONTH):
        value += (leader[day] - before) * each * rng.uniform(0.6, 1.4)
        before = leader[day]
        found[day] = round(value)
    return found | {d: round(base * n / events) if events else 0 for d, n in leader.items() if d < BASE_MONTH}
