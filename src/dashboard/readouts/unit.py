"""One unit: its figures beside the others’, and its towns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine

from .. import formulas
from ..catalogue import CITY, Catalogue, Organisation
from ..formulas import NOTHING, CityValue, Quantity, Spread
from ..knowledge import AsOf
from ..periods import Period, of, previous
from ..queries import definition_changes, readings
from ..returning import last_due_period
from .cards import LOOKED_BACK, ByPeriod, Comparison, Targets, city_value_of, comparisons, targets_of
from .readings import (
    PER,
    Definition,
    People,
    Said,
    fold_zones,
    joined,
    latest_of_all,
    missing_zones,
    people,
    said,
    step,
)


@dataclass(frozen=True)
class Line:
    """An indicator of one unit beside the others of the same period.

    ``others`` None: fewer than five of them have an = figure. ``city`` says, for the whole city only, what
    the figure may be called and how many units stand behind it. ``comparisons`` are empty for a published
    figure; ``target`` is that of the year, None where none was set.
    """

    definition: Definition
    said: Said | None
    quantity: Quantity
    per_10k: Quantity
    others: Spread | None = None
    others_count: int = 0
    missing_zone: str = ""
    city: CityValue | None = None
    comparisons: tuple[Comparison, ...] = ()
    target: float | None = None


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
    by_indicator: dict[str, dict[str, Said]] = {}
    if unit == CITY:
        latest = latest_of_all(engine, as_of, list(known.values()), codes[1:])
    else:
        latest = said(readings(engine, as_of, organisations=codes))
    for one in latest:
        by_indicator.setdefault(one.indicator, {})[one.organisation] = one
    residents = people(engine, as_of, codes)
    if unit == CITY:
        line = _city_line if with_zones else _city_line_without_zones
        found = [line(d, by_indicator.get(d.indicator, {}), units, residents) for d in known.values()]
    else:
        beside = _beside(engine, as_of, known, by_indicator, unit, codes[1:])
        found = [
            _line(
                d,
                by_indicator.get(d.indicator, {}),
                beside.get(d.indicator, {}),
                units,
                unit,
                residents,
                with_zones,
            )
            for d in known.values()
            if d.expected_reporters == "units" or unit in by_indicator.get(d.indicator, {})
        ]
    past = _past(engine, as_of, units, unit, with_zones)
    return tuple(_beside_its_past(line, past) for line in found)


def _beside(
    engine: Engine,
    as_of: AsOf,
    known: Mapping[str, Definition],
    by_indicator: Mapping[str, Mapping[str, Said]],
    unit: str,
    units: Sequence[str],
) -> dict[str, dict[str, Said]]:
    """What every unit said for the period of this unit's own figure, by indicator and unit; a late one has others too."""
    within = {
        name: step(by_unit[unit].period, known[name])
        for name, by_unit in by_indicator.items()
        if name in known and unit in by_unit
    }
    found: dict[str, dict[str, Said]] = {}
    for one in said(readings(engine, as_of, organisations=units, within=within)):
        found.setdefault(one.indicator, {})[one.organisation] = one
    return found


@dataclass(frozen=True)
class _Past:
    """What the figures of one unit are held against: ``parts`` are the organisations that make it up."""

    parts: tuple[str, ...]
    whole: bool
    series: Mapping[str, ByPeriod]
    breaks: Mapping[str, Sequence[date]]
    targets: Targets
    owners: tuple[str, ...]
    day: date


def _past(engine: Engine, as_of: AsOf, units: Sequence[Organisation], unit: str, with_zones: bool) -> _Past:
    zones = [u.code for u in units if u.within_code == unit] if with_zones else []
    within = [u.code for u in units if with_zones or not u.within_code]
    parts = tuple(within) if unit == CITY else (unit, *zones)
    since = previous(of("month", as_of.shown), LOOKED_BACK).start
    rows = said(readings(engine, as_of, organisations=parts, since=since, latest=False))
    series: dict[str, dict[Period, dict[str, Quantity]]] = {}
    for one in rows:
        if not one.published:
            series.setdefault(one.indicator, {}).setdefault(one.period, {})[one.organisation] = one.quantity
    owners = (CITY,) if unit == CITY and with_zones else parts
    changes = definition_changes(engine, as_of)
    return _Past(
        parts=parts,
        whole=unit != CITY,
        series=series,
        breaks={str(name): list(group["valid_from"]) for name, group in changes.groupby("indicator")},
        targets=targets_of(engine, as_of, owners),
        owners=owners,
        day=as_of.shown,
    )


def _beside_its_past(line: Line, past: _Past) -> Line:
    """The line with its comparisons and its target; a county with its zones is compared as one."""
    name = line.definition.indicator
    target = _target(name, line.said.period.end if line.said else past.day, past)
    if line.said is None or line.said.published:
        return replace(line, target=target)
    series = past.series.get(name, {})
    if past.whole:
        series = {
            period: {"": formulas.total(values.values())}
            for period, values in series.items()
            if len(values) == len(past.parts)
        }
    compared = comparisons(line.definition, line.said.period, series, past.breaks.get(name, ()))
    return replace(line, target=target, comparisons=compared)


def _target(name: str, day: date, past: _Past) -> float | None:
    """The target of the year that holds the day; None unless every owner has one."""
    found = past.targets.get((name, day.year), {})
    return sum(found.values()) if set(found) == set(past.owners) else None


@dataclass(frozen=True)
class Owed:
    """A figure whose return day has passed: the period that is missing, and the last one that came, None if none."""

    definition: Definition
    due: Period
    last: Period | None


def owed(lines: Sequence[Line], day: date) -> tuple[Owed, ...]:
    """What a unit has not returned for the last period due, in the order of its lines."""
    found = []
    for line in lines:
        told = line.definition
        if told.expected_reporters != "units" or told.return_day is None or told.cadence == "once":
            continue
        due = last_due_period(day, told.cadence, told.return_day)
        last = line.said.period if line.said and not line.said.published else None
        if last is None or last.end < due.end:
            found.append(Owed(told, due, last))
    return tuple(found)


def _city_line(
    definition: Definition, by_unit: Mapping[str, Said], units: Sequence[Organisation], residents: People
) -> Line:
    """The whole city, by the same rule as its card on the overview."""
    city, parts = by_unit.get(CITY), [s for u in units if (s := by_unit.get(u.code))]
    expected = len(units) if definition.expected_reporters == "units" else 0
    value, period = city_value_of(definition, parts, city, expected)
    current = [s for s in parts if s.period == period and not s.published]
    said = city if value.basis == "published" else joined(current)
    return Line(
        definition, said, value.quantity, _per_10k_of(definition, said, current, residents), city=value
    )


def _per_10k_of(
    definition: Definition, said: Said | None, parts: Sequence[Said], residents: People
) -> Quantity:
    if said is None or not definition.per_10k:
        return NOTHING
    day = said.period.end
    if said.organisation == CITY:
        return formulas.ratio(said.quantity, residents.quantity(CITY, day), PER)
    pairs = ((s.quantity, residents.quantity(s.organisation, day)) for s in parts)
    return formulas.joint_ratio(pairs, PER)


def _city_line_without_zones(
    definition: Definition, by_unit: Mapping[str, Said], units: Sequence[Organisation], residents: People
) -> Line:
    """The city without its zones can only be added up; a printed city figure cannot be taken apart."""
    parts = [by_unit.get(u.code) for u in units if not u.within_code]
    said = joined(parts) if definition.folds else None
    if said is None:
        why = "市级公开数含开发区，无法拆分" if CITY in by_unit else ""
        return Line(definition, None, NOTHING, NOTHING, missing_zone=why)
    found = [p for p in parts if p is not None]
    return Line(definition, said, said.quantity, _per_10k_of(definition, said, found, residents))


def _line(
    definition: Definition,
    by_unit: Mapping[str, Said],
    same_period: Mapping[str, Said],
    units: Sequence[Organisation],
    unit: str,
    residents: People,
    with_zones: bool,
) -> Line:
    mine, missing = by_unit.get(unit), ""
    zones = [u for u in units if u.within_code == unit]
    if with_zones and definition.folds:
        folded = fold_zones(by_unit, units).get(unit)
        if zones and mine is not None and folded is None:
            missing = missing_zones(by_unit, units, unit)
        mine = folded if zones else mine
    quantity = mine.quantity if mine else NOTHING
    beside = fold_zones(same_period, units) if with_zones else same_period
    others = [
        other.quantity.value
        for code, other in beside.items()
        if code != unit and other is not None and other.quantity.exact and other.quantity.value is not None
    ]
    others = others if mine is not None else []
    per_10k = NOTHING
    if definition.per_10k and mine:
        day = mine.period.end
        folds = with_zones and bool(zones)
        below = residents.folded(unit, units, day) if folds else residents.quantity(unit, day)
        per_10k = formulas.ratio(quantity, below, PER)
    spread = formulas.spread(others) if definition.folds else None
    return Line(definition, mine, quantity, per_10k, spread, len(others), missing)


@dataclass(frozen=True)
class Place:
    """A town, or a unit under the city, with one reading per column of its table; None where there is none.

    ``owes`` False: a park, of which nobody has to hand in anything.
    """

    code: str
    name: str
    note: str
    owes: bool
    said: tuple[Said | None, ...]


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
    found = {(s.indicator, s.organisation): s for s in said(frame)}
    return Places(
        columns,
        tuple(
            Place(
                o.code,
                o.name,
                o.note if unit != CITY else "",
                unit == CITY or o.is_town_or_street,
                tuple(found.get((d.indicator, o.code)) for d in columns),
            )
            for o in rows
        ),
    )
