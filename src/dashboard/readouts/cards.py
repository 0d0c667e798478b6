"""KPI cards of the whole city: the value that may be called the city’s, its period, coverage and course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from .. import formulas
from ..catalogue import CITY, Catalogue
from ..formulas import NOTHING, CityValue, Quantity
from ..knowledge import AsOf
from ..periods import Period, of, previous
from ..queries import definition_changes, readings, targets
from .readings import PER, Definition, People, Said, people, said

TREND_STEPS = 12

ByPeriod = Mapping[Period, Mapping[str, Quantity]]


@dataclass(frozen=True)
class Comparison:
    """较上期, over the ``organisations`` that reported both; ``change`` None: 不可比, ``why``."""

    change: float | None
    organisations: int
    why: str = ""


@dataclass(frozen=True)
class Card:
    """A KPI of the whole city. ``said`` is the published reading behind or beside it, None when there is none.

    ``units_said`` counts the units that have any figure at all, of whatever period; ``trend`` holds the
    city's value for each of the last periods, None where not all units had reported; ``target`` is the
    city's for the year, None where none was set.
    """

    definition: Definition
    value: CityValue
    period: Period | None
    said: Said | None
    units_said: int
    per_10k: Quantity
    comparison: Comparison | None = None
    target: float | None = None
    trend: tuple[tuple[Period, float | None], ...] = ()


@dataclass(frozen=True)
class _Asked:
    """What every card is made from."""

    expected: int
    latest: Sequence[Said]
    series: Sequence[Said]
    residents: People
    breaks: Mapping[str, Sequence[date]]
    targets: Mapping[str, float]


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
    since = previous(of("month", as_of.day), TREND_STEPS + 3).start
    changes = definition_changes(engine, as_of)
    year = targets(engine, as_of, [CITY], as_of.day)
    asked = _Asked(
        expected=len(units),
        latest=said(readings(engine, as_of, indicators=names, organisations=[CITY, *units])),
        series=said(
            readings(engine, as_of, indicators=names, organisations=units, since=since, latest=False)
        ),
        residents=people(engine, as_of, [CITY, *units]),
        breaks={str(name): list(group["valid_from"]) for name, group in changes.groupby("indicator")},
        targets=dict(zip(year["indicator"], year["value"], strict=True)),
    )
    return tuple(_card(asked, d) for d in chosen)


def _card(asked: _Asked, definition: Definition) -> Card:
    found = [s for s in asked.latest if s.indicator == definition.indicator]
    city = next((s for s in found if s.organisation == CITY), None)
    units = [s for s in found if s.organisation != CITY]
    expected = asked.expected if definition.expected_reporters == "units" else 0
    value, period = city_value_of(definition, units, city, expected)
    published = city if value.basis == "published" else None
    by_period = _by_period(asked, definition)
    breaks = asked.breaks.get(definition.indicator, ())
    return Card(
        definition=definition,
        value=value,
        period=period,
        said=published or (city if value.beside != NOTHING else None),
        units_said=len(units),
        per_10k=_per_10k(asked, definition, value, period, by_period),
        comparison=None if published or period is None else comparison(definition, period, by_period, breaks),
        target=asked.targets.get(definition.indicator),
        trend=_trend(period, by_period, expected),
    )


def _by_period(asked: _Asked, definition: Definition) -> dict[Period, dict[str, Quantity]]:
    """What units returned in the indicator's own rhythm; publications are not part of a series."""
    found: dict[Period, dict[str, Quantity]] = {}
    for one in asked.series:
        rhythm = one.indicator == definition.indicator and one.period.grain == definition.cadence
        if rhythm and not one.published:
            found.setdefault(one.period, {})[one.organisation] = one.quantity
    return found


def comparison(
    definition: Definition, period: Period, by_period: ByPeriod, breaks: Sequence[date]
) -> Comparison:
    """较上期: this period against the one before it, by the rules of design section 8."""
    before = previous(period)
    if definition.since == "year" and before.end.year != period.end.year:
        return Comparison(None, 0, "年初重新累计")
    if any(before.end < day <= period.end for day in breaks):
        return Comparison(None, 0, "口径有变化")
    now, then = by_period.get(period, {}), by_period.get(before, {})
    pairs = [(now[code], then[code]) for code in now if code in then]
    change, organisations = formulas.paired_change(pairs)
    if change is not None:
        return Comparison(change, organisations)
    return Comparison(None, organisations, "有单位报的不是确数" if organisations else "没有两期都报的单位")


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
    rhythm = [s for s in units if s.period.grain == definition.cadence and not s.published]
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
