"""One unit: its figures beside the others’, and its towns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from .. import formulas
from ..catalogue import CITY, Catalogue, Organisation
from ..formulas import NOTHING, Quantity, Spread
from ..knowledge import AsOf
from ..queries import readings
from .readings import PER, Definition, People, Said, comparable, fold_zones, joined, people, said


@dataclass(frozen=True)
class Line:
    """An indicator of one unit beside the others of the same period; ``others`` None: fewer than five."""

    definition: Definition
    said: Said | None
    quantity: Quantity
    per_10k: Quantity
    others: Spread | None
    others_count: int
    missing_zone: str


def unit_lines(
    engine: Engine,
    as_of: AsOf,
    catalogue: Catalogue,
    known: Mapping[str, Definition],
    unit: str,
    *,
    with_zones: bool,
) -> tuple[Line, ...]:
    """Every indicator the unit or the city has, or owes, beside the other units."""
    units = catalogue.units
    codes = [CITY, *(u.code for u in units)]
    found = said(readings(engine, as_of, organisations=codes))
    by_indicator: dict[str, dict[str, Said]] = {}
    for one in found:
        by_indicator.setdefault(one.indicator, {})[one.organisation] = one
    residents = people(engine, as_of, codes)
    return tuple(
        _line(d, by_indicator.get(d.indicator, {}), units, unit, residents, with_zones)
        for d in known.values()
        if d.expected_reporters == "units" or unit in by_indicator.get(d.indicator, {})
    )


def _line(
    definition: Definition,
    by_unit: Mapping[str, Said],
    units: Sequence[Organisation],
    unit: str,
    residents: People,
    with_zones: bool,
) -> Line:
    mine, missing = by_unit.get(unit), ""
    zones = [u for u in units if u.within_code == unit]
    if with_zones and unit != CITY and definition.kind != "published_ratio":
        folded = fold_zones(by_unit, units).get(unit)
        if zones and mine is not None and folded is None:
            missing = "、".join(z.short_name for z in zones if z.code not in by_unit) or zones[0].short_name
        mine = folded if zones else mine
    elif not with_zones and unit == CITY and mine is not None:
        mine, missing = _city_without_zones(definition, by_unit, units)
    quantity = mine.quantity if mine else NOTHING
    beside = fold_zones(by_unit, units) if with_zones and unit != CITY else by_unit
    others = [
        other.quantity.value
        for code, other in beside.items()
        if code not in (unit, CITY)
        and other is not None
        and other.quantity.value is not None
        and mine is not None
        and comparable(other.period, mine.period, definition)
    ]
    per_10k = NOTHING
    if definition.per_10k and mine and (unit != CITY or with_zones):
        day = mine.period.end
        folds = with_zones and bool(zones)
        below = residents.folded(unit, units, day) if folds else residents.quantity(unit, day)
        per_10k = formulas.ratio(quantity, below, PER)
    spread = formulas.spread(others) if definition.kind != "published_ratio" and unit != CITY else None
    return Line(definition, mine, quantity, per_10k, spread, len(others), missing)


def _city_without_zones(
    definition: Definition, by_unit: Mapping[str, Said], units: Sequence[Organisation]
) -> tuple[Said | None, str]:
    """The city without its zones can only be added up; a printed city figure cannot be taken apart."""
    counties = [u for u in units if not u.within_code]
    parts = [by_unit.get(u.code) for u in counties]
    if definition.kind == "published_ratio" or any(p is None for p in parts):
        return None, "市级公开数含开发区，无法拆分"
    return joined(parts), ""


@dataclass(frozen=True)
class Place:
    """A town, or a unit under the city, with one quantity per column of its table."""

    code: str
    name: str
    note: str
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True)
class Places:
    """A table of places: the indicators of its columns and its rows in official order."""

    columns: tuple[Definition, ...]
    rows: tuple[Place, ...]


def places(
    engine: Engine, as_of: AsOf, catalogue: Catalogue, known: Mapping[str, Definition], unit: str
) -> Places:
    """The towns of a unit, or the units of the city, with the indicators that towns can report."""
    inside = [o for o in catalogue.organisations if o.level == "town" and o.parent_code == unit]
    rows = list(catalogue.units) if unit == CITY else inside
    columns = tuple(known[i] for i, d in catalogue.indicators.items() if d.town_level and i in known)
    frame = readings(
        engine, as_of, indicators=[d.indicator for d in columns], organisations=[o.code for o in rows]
    )
    found = {(s.indicator, s.organisation): s.quantity for s in said(frame)}
    return Places(
        columns,
        tuple(
            Place(
                o.code,
                o.name,
                o.note if unit != CITY else "",
                tuple(found.get((d.indicator, o.code), NOTHING) for d in columns),
            )
            for o in rows
        ),
    )
