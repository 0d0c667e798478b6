"""KPI cards of the whole city: the value that may be called the city’s, its period, its coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from .. import formulas
from ..catalogue import CITY, Catalogue
from ..formulas import NOTHING, CityValue, Quantity
from ..knowledge import AsOf
from ..periods import Period
from ..queries import readings
from .readings import PER, Definition, Said, denominators, said


@dataclass(frozen=True)
class Card:
    """A KPI of the whole city. ``said`` is the published reading behind it, None for a sum of units.

    ``units_said`` counts the units that have any figure at all, of whatever period.
    """

    definition: Definition
    value: CityValue
    period: Period | None
    said: Said | None
    units_said: int
    per_10k: Quantity


def cards(
    engine: Engine, as_of: AsOf, catalogue: Catalogue, known: Mapping[str, Definition]
) -> tuple[Card, ...]:
    """The KPI cards of the overview in their order."""
    chosen = sorted((d for d in known.values() if d.overview_rank), key=lambda d: d.overview_rank or 0)
    codes = [CITY, *(u.code for u in catalogue.units)]
    found = said(readings(engine, as_of, indicators=[d.indicator for d in chosen], organisations=codes))
    return tuple(_card(engine, as_of, d, [s for s in found if s.indicator == d.indicator]) for d in chosen)


def _card(engine: Engine, as_of: AsOf, definition: Definition, found: Sequence[Said]) -> Card:
    city = next((s for s in found if s.organisation == CITY), None)
    units = [s for s in found if s.organisation != CITY]
    value, period = city_value_of(definition, units, city)
    published = city if value.basis == "published" else None
    per_10k = NOTHING
    if definition.per_10k and period and value.basis in ("units", "published"):
        people = denominators(engine, as_of, [CITY], period.end).get(CITY)
        per_10k = formulas.ratio(value.quantity, people.quantity if people else NOTHING, PER)
    return Card(definition, value, period, published, len(units), per_10k)


def city_value_of(
    definition: Definition, units: Sequence[Said], city: Said | None
) -> tuple[CityValue, Period | None]:
    """The city's value and the period it describes.

    Returns of the indicator's own rhythm set the period; readings that were only published here and there,
    each for another day, are never added up to something that looks like a city.
    """
    expected = 13 if definition.expected_reporters == "units" else 0
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
