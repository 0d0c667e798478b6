"""KPI cards of the whole city: the value that may be called the city’s, its period, coverage and course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Engine

from .. import formulas
from ..catalogue import CITY, Catalogue
from ..formulas import NOTHING, CityValue, Quantity
from ..knowledge import AsOf
from ..periods import Period, of, previous
from ..queries import definition_changes, readings, targets
from .readings import PER, Definition, People, Said, latest_of_all, people, said

TREND_STEPS = 12
LOOKED_BACK = 2 * TREND_STEPS + 3  # months: 同比 of a figure that is itself a year late

ByPeriod = Mapping[Period, Mapping[str, Quantity]]
Targets = Mapping[tuple[str, int], Mapping[str, float]]


@dataclass(frozen=True)
class Comparison:
    """``name`` is 较上期, 较年初 or 同比, over the ``organisations`` that reported both periods.

    ``before`` is the period compared with; ``change`` None: 不可比, ``why``.
    """

    name: str
    before: Period
    change: float | None
    organisations: int
    why: str = ""


@dataclass(frozen=True)
class Card:
    """A KPI of the whole city. ``said`` is the published reading behind or beside it, None when there is none.

    ``known_on`` is the day the last part of its value was known, None without a value;
    ``units_said`` counts the units that have any figure at all, of whatever period; ``trend`` holds the
    city's value for each of the last periods, None where not all units had reported; ``target`` is the
    city's for the year of the period, None where none was set; ``parts`` are the units' own figures of the period.
    """

    definition: Definition
    value: CityValue
    period: Period | None
    said: Said | None
    known_on: date | None
    units_said: int
    per_10k: Quantity
    comparisons: tuple[Comparison, ...] = ()
    target: float | None = None
    trend: tuple[tuple[Period, float | None], ...] = ()
    parts: Mapping[str, Quantity] = field(default_factory=dict)


@dataclass(frozen=True)
class _Asked:
    """What every card is made from."""

    expected: int
    latest: Sequence[Said]
    series: Sequence[Said]
    residents: People
    breaks: Mapping[str, Sequence[date]]
    targets: Targets
    day: date


def cards(
    engine: Engine, as_of: AsOf, catalogue: Catalogue, known: Mapping[str, Definition]
) -> tuple[Card, ...]:
    """The KPI cards of the overview in their order."""
    chosen = sorted((d for d in known.values() if d.overview_rank), key=lambda d: d.overview_rank or 0)
    return city_cards(engine, as_of, catalogue, chosen)


def city_cards(
    engine: Engine, as_of: AsOf, catalogue: Catalogue, chosen: Sequence[Definition]
) -> tuple[Card, ...]:
    """The card of each of these indicators."""
    names = [d.indicator for d in chosen]
    units = [u.code for u in catalogue.units]
    since = previous(of("month", as_of.shown), LOOKED_BACK).start
    changes = definition_changes(engine, as_of)
    asked = _Asked(
        expected=len(units),
        latest=latest_of_all(engine, as_of, chosen, units),
        series=said(
            readings(engine, as_of, indicators=names, organisations=units, since=since, latest=False)
        ),
        residents=people(engine, as_of, [CITY, *units]),
        breaks={str(name): list(group["valid_from"]) for name, group in changes.groupby("indicator")},
        targets=targets_of(engine, as_of, [CITY]),
        day=as_of.shown,
    )
    return tuple(_card(asked, d) for d in chosen)


def targets_of(engine: Engine, as_of: AsOf, organisations: Sequence[str]) -> Targets:
    """The target of each organisation that has one, by indicator and year: that of the period shown counts."""
    found: dict[tuple[str, int], dict[str, float]] = {}
    for row in targets(engine, as_of, organisations).itertuples():
        set_for: Any = row
        year = found.setdefault((set_for.indicator, set_for.period_end.year), {})
        year[set_for.organisation] = set_for.value
    return found


def _card(asked: _Asked, definition: Definition) -> Card:
    found = [s for s in asked.latest if s.indicator == definition.indicator]
    city = next((s for s in found if s.organisation == CITY), None)
    units = [s for s in found if s.organisation != CITY]
    expected = asked.expected if definition.expected_reporters == "units" else 0
    value, period = city_value_of(definition, units, city, expected)
    published = city if value.basis == "published" else None
    by_period = _by_period(asked, definition)
    breaks = asked.breaks.get(definition.indicator, ())
    year = (period.end if period else asked.day).year
    return Card(
        definition=definition,
        value=value,
        period=period,
        said=published or (city if value.beside != NOTHING else None),
        known_on=_known_on(value, period, city, units),
        units_said=len(units),
        per_10k=_per_10k(asked, definition, value, period, by_period),
        comparisons=() if published or period is None else comparisons(definition, period, by_period, breaks),
        target=asked.targets.get((definition.indicator, year), {}).get(CITY),
        trend=_trend(period, by_period, expected),
        parts=by_period.get(period, {}) if period and not published else {},
    )


def _known_on(
    value: CityValue, period: Period | None, city: Said | None, units: Sequence[Said]
) -> date | None:
    if value.basis == "published":
        return city.known_on if city else None
    return max((s.known_on for s in units if s.period == period and not s.published), default=None)


def _by_period(asked: _Asked, definition: Definition) -> dict[Period, dict[str, Quantity]]:
    """What units returned in the indicator's own rhythm; publications are not part of a series."""
    found: dict[Period, dict[str, Quantity]] = {}
    for one in asked.series:
        if one.indicator == definition.indicator and definition.in_rhythm(one):
            found.setdefault(one.period, {})[one.organisation] = one.quantity
    return found


def comparisons(
    definition: Definition, period: Period, by_period: ByPeriod, breaks: Sequence[date]
) -> tuple[Comparison, ...]:
    """Every comparison that means something for this indicator, the one that says most first.

    A figure that counts from January is compared with the same month of last year first; what it stood at
    when the year began is no figure. A flow has no such standing either.
    """
    found = [
        _compared(name, definition, period, before, by_period, breaks)
        for name, before in _befores(definition, period).items()
    ]
    return tuple(sorted(found, key=lambda c: c.change is None))


def _befores(definition: Definition, period: Period) -> dict[str, Period]:
    """The periods that 较上期, 较年初 and 同比 look back to, in order of preference."""
    step, year = previous(period), previous(period, _STEPS_A_YEAR[period.grain])
    if definition.since == "year":
        return {"同比": year, "较上期": step}
    if definition.kind == "flow":
        return {"较上期": step, "同比": year}
    opening = of(period.grain, date(period.end.year - 1, 12, 31))
    return {"较上期": step, "较年初": opening, "同比": year}


_STEPS_A_YEAR = {"month": 12, "quarter": 4, "half": 2, "year": 1}


def _compared(
    name: str,
    definition: Definition,
    period: Period,
    before: Period,
    by_period: ByPeriod,
    breaks: Sequence[date],
) -> Comparison:
    """One comparison by the rules of design section 8."""
    if name == "较上期" and definition.since == "year" and before.end.year != period.end.year:
        return Comparison(name, before, None, 0, "年初重新累计")
    if any(before.end < day <= period.end for day in breaks):
        return Comparison(name, before, None, 0, "口径有变化")
    now, then = by_period.get(period, {}), by_period.get(before, {})
    pairs = [(now[code], then[code]) for code in now if code in then]
    change, organisations = formulas.paired_change(pairs)
    if change is not None:
        return Comparison(name, before, change, organisations)
    return Comparison(
        name, before, None, organisations, "有单位报的不是确数" if organisations else "没有两期都报的单位"
    )


def _per_10k(
    asked: _Asked, definition: Definition, value: CityValue, period: Period | None, by_period: ByPeriod
) -> Quantity:
    """Per 10,000 residents: of the city's figure, or over the units that have both figure and population."""
    if not definition.per_10k or period is None:
        return NOTHING
    if value.basis == "published":
        return formulas.ratio(value.quantity, asked.residents.quantity(CITY, period.end), PER)
    own = by_period.get(period, {})
    pairs = ((q, asked.residents.quantity(code, period.end)) for code, q in own.items())
    return formulas.joint_ratio(pairs, PER)


def _trend(
    period: Period | None, by_period: ByPeriod, expected: int
) -> tuple[tuple[Period, float | None], ...]:
    if period is None or period not in by_period:
        return ()
    steps = [previous(period, back) for back in range(TREND_STEPS, -1, -1)]
    return tuple((p, _complete(by_period.get(p, {}), expected)) for p in steps)


def _complete(values: Mapping[str, Quantity], expected: int) -> float | None:
    return formulas.total(values.values()).value if len(values) >= expected else None


def city_value_of(
    definition: Definition, units: Sequence[Said], city: Said | None, expected: int
) -> tuple[CityValue, Period | None]:
    """The city's value and the period it describes.

    Returns of the indicator's own rhythm set the period; readings that were only published here and there,
    each for another day, are never added up to something that looks like a city.
    """
    added = units if definition.folds else ()  # a ratio is never added up
    rhythm = [s for s in added if definition.in_rhythm(s)]
    period = max((s.period for s in rhythm), default=None)
    current = [s.quantity for s in rhythm if s.period == period]
    published = city.quantity if city else NOTHING
    value = formulas.city_value(
        current,
        expected,
        published,
        published_is_current=period is None or city is None or city.period.end >= period.start,
        coverage_line=definition.coverage_line,
    )
    if value.basis == "published" and city:
        return value, city.period
    return value, period if value.basis != "none" else None


def default_indicator(
    engine: Engine, as_of: AsOf, catalogue: Catalogue, known: Mapping[str, Definition]
) -> str:
    """The overview indicator for which most units have a figure; the first of them when they are equal."""
    ranked = sorted((d for d in known.values() if d.overview_rank), key=lambda d: d.overview_rank or 0)
    codes = [u.code for u in catalogue.units]
    frame = readings(engine, as_of, indicators=[d.indicator for d in ranked], organisations=codes)
    counts = frame["indicator"].value_counts()
    return max(ranked, key=lambda d: (int(counts.get(d.indicator, 0)), -(d.overview_rank or 0))).indicator
