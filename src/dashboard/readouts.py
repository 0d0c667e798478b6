"""What a screen says: questions gathered, rules applied, plain frozen answers. No HTML, no colour.

Every figure keeps its qualifier, period, source and coverage on the way; what is not there stays absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from . import formulas
from .catalogue import CITY, LIGHTS, Catalogue, LightRule, Organisation
from .figures import reading_quantity
from .formulas import NOTHING, CityValue, Quantity, Spread
from .knowledge import AsOf
from .periods import Period, of, previous
from .queries import (
    assignments,
    definitions,
    history,
    list_in_force,
    measures,
    readings,
    responsible_lights,
)
from .returning import last_due_period_end

POPULATION = "resident_population_count"
PER = 10_000


@dataclass(frozen=True)
class Said:
    """One reading as it counts: who said what for which period, and where it is written."""

    indicator: str
    organisation: str
    quantity: Quantity
    period: Period
    known_on: date
    precision: str
    source: str
    grade: str
    address: str
    place: str
    note: str
    published: bool
    seq: int


@dataclass(frozen=True)
class Definition:
    """The definition of an indicator in force on the day, as a screen needs it."""

    indicator: str
    title: str
    short_title: str
    title_en: str
    definition: str
    domain: str
    measured_in: str
    kind: str
    since: str
    decimals: int
    direction: str
    cadence: str
    return_day: int | None
    owner: str
    expected_reporters: str
    part_of: str
    share_of: str
    per_10k: bool
    coverage_line: float
    overview_rank: int | None
    note: str


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


@dataclass(frozen=True)
class Cell:
    """One unit on the map or in the grid. ``state``: value, expired, unreported or unreadable."""

    code: str
    name: str
    state: str
    quantity: Quantity
    period: Period | None
    class_no: int | None


@dataclass(frozen=True)
class UnitMap:
    """An indicator over the units: cells in official order, bounds of the classes, newest period."""

    definition: Definition
    per: str
    with_zones: bool
    cells: tuple[Cell, ...]
    bounds: tuple[tuple[float, float], ...]
    period: Period | None
    reported: int
    expected: int


@dataclass(frozen=True)
class Tally:
    """The list, or a part of it, counted. ``should`` is what is due by the day, standing ones apart."""

    name: str
    total: int
    standing: int
    done: int
    should: int
    lights: Mapping[str, int]
    time_used: float | None = None

    @property
    def countable(self) -> int:
        """What can be completed: everything but 长期坚持."""
        return self.total - self.standing


@dataclass(frozen=True)
class ListReadout:
    """The list in force: its title, whether it is the official one, and its counts."""

    list_version: str
    title: str
    official: bool
    note: str
    whole: Tally
    aspects: tuple[Tally, ...]
    measures: tuple[MeasureReadout, ...]
    silent: bool


@dataclass(frozen=True)
class MeasureReadout:
    """A measure with its light: the worst of its responsible assignments."""

    number: str
    aspect: str
    project: str
    text: str
    lead: str
    due: date | None
    standing: bool
    light: str
    reason: str


@dataclass(frozen=True)
class Line:
    """An indicator of one unit beside the others: spread is None when fewer than five others have one."""

    definition: Definition
    said: Said | None
    quantity: Quantity
    per_10k: Quantity
    others: Spread | None
    others_count: int
    missing_zone: str


# --- readings ---------------------------------------------------------------------------------------


def definitions_on(engine: Engine, as_of: AsOf) -> dict[str, Definition]:
    """Definitions in force on the day, by indicator, in the order of the catalogue's domains."""
    names = [f for f in Definition.__dataclass_fields__]
    frame = definitions(engine, as_of)
    return {str(row["indicator"]): Definition(**{n: _plain(row[n]) for n in names}) for _, row in frame.iterrows()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def said(frame: pd.DataFrame) -> list[Said]:
    """Rows of a readings frame as objects."""
    return [_said(row) for row in frame.itertuples()]


def _said(row: Any) -> Said:
    return Said(
        indicator=row.indicator,
        organisation=row.organisation,
        quantity=reading_quantity(row.value, row.qualifier),
        period=Period(row.period_end, row.period_start, row.grain),
        known_on=row.known_on,
        precision=row.published_on_precision or "day",
        source=row.source_title or "单位报送",
        grade=row.source_grade or "",
        address=row.source_address or "",
        place=row.place,
        note=row.note,
        published=row.kind == "published",
        seq=int(row.seq),
    )


def fold_zones(by_unit: Mapping[str, Said], units: Sequence[Organisation]) -> dict[str, Said | None]:
    """含开发区: each county with its zones added; None where the county or a zone has no figure of that period.

    Zones themselves are left out of the answer.
    """
    zones: dict[str, list[str]] = {}
    for unit in units:
        if unit.within_code:
            zones.setdefault(unit.within_code, []).append(unit.code)
    folded: dict[str, Said | None] = {}
    for unit in units:
        if not unit.within_code:
            parts = [by_unit.get(code) for code in [unit.code, *zones.get(unit.code, [])]]
            folded[unit.code] = _joined(parts)
    return folded


def _joined(parts: Sequence[Said | None]) -> Said | None:
    first = parts[0]
    found = [p for p in parts if p is not None]
    if first is None or len(found) < len(parts) or any(p.period != first.period for p in found):
        return None
    if len(parts) == 1:
        return first
    joint = formulas.total(p.quantity for p in found)
    return Said(**{**vars(first), "quantity": joint})


def denominators(
    engine: Engine, as_of: AsOf, codes: Sequence[str], until: date
) -> dict[str, Said]:
    """Populations with the latest period not after ``until``, by organisation."""
    frame = readings(engine, as_of, indicators=[POPULATION], organisations=codes, until=until)
    return {s.organisation: s for s in said(frame)}


# --- overview ---------------------------------------------------------------------------------------


def cards(engine: Engine, as_of: AsOf, catalogue: Catalogue, known: Mapping[str, Definition]) -> tuple[Card, ...]:
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


def by_unit(
    engine: Engine, as_of: AsOf, catalogue: Catalogue, known: Mapping[str, Definition]
) -> dict[tuple[str, str], Said]:
    """The latest reading of every overview indicator and unit, by (indicator, unit)."""
    ranked = [d.indicator for d in known.values() if d.overview_rank]
    frame = readings(engine, as_of, indicators=ranked, organisations=[u.code for u in catalogue.units])
    return {(s.indicator, s.organisation): s for s in said(frame)}


def default_indicator(engine: Engine, as_of: AsOf, catalogue: Catalogue, known: Mapping[str, Definition]) -> str:
    """The overview indicator for which most units have a figure; the first of them when they are equal."""
    ranked = sorted((d for d in known.values() if d.overview_rank), key=lambda d: d.overview_rank or 0)
    codes = [u.code for u in catalogue.units]
    frame = readings(engine, as_of, indicators=[d.indicator for d in ranked], organisations=codes)
    counts = frame["indicator"].value_counts()
    return max(ranked, key=lambda d: (int(counts.get(d.indicator, 0)), -(d.overview_rank or 0))).indicator


def unit_map(
    engine: Engine,
    as_of: AsOf,
    catalogue: Catalogue,
    definition: Definition,
    per: str,
    *,
    with_zones: bool,
) -> UnitMap:
    """An indicator over the 13, or over the 11 counties with their zones folded in.

    The bounds of the classes are computed once, from the 13, whatever is drawn.
    """
    units = catalogue.units
    found = said(
        readings(engine, as_of, indicators=[definition.indicator], organisations=[u.code for u in units])
    )
    by_unit = {s.organisation: s for s in found}
    newest = max((s.period for s in found), default=None)
    people = denominators(engine, as_of, [u.code for u in units], newest.end) if newest else {}
    alone = {code: (said_, _measured(said_, people.get(code), per)) for code, said_ in by_unit.items()}
    cuts = formulas.breaks(
        [q.value for s, q in alone.values() if q.value is not None and _current(s.period, newest, definition)]
    )
    shown: dict[str, tuple[Said | None, Quantity]] = dict(alone)
    if with_zones:
        folded_people = fold_zones(people, units)
        shown = {
            code: (s, _measured(s, folded_people.get(code), per) if s else NOTHING)
            for code, s in fold_zones(by_unit, units).items()
        }
    drawn = [u for u in units if not (with_zones and u.within_code)]
    cells = tuple(_cell(u, *shown.get(u.code, (None, NOTHING)), newest, definition, cuts) for u in drawn)
    values = [q.value for _, q in alone.values() if q.value is not None]
    return UnitMap(
        definition=definition,
        per=per,
        with_zones=with_zones,
        cells=cells,
        bounds=_bounds(cuts, values),
        period=newest,
        reported=sum(c.state == "value" for c in cells),
        expected=len(drawn),
    )


def _measured(found: Said, people: Said | None, per: str) -> Quantity:
    if per == "count":
        return found.quantity
    return formulas.ratio(found.quantity, people.quantity if people else NOTHING, PER)


def _current(period: Period, newest: Period | None, definition: Definition) -> bool:
    """Whether a figure may stand beside the newest one: within one step of the indicator's rhythm."""
    if newest is None:
        return False
    if definition.cadence == "once":
        return True
    return period.end >= previous(of(definition.cadence, newest.end)).end


def _cell(
    unit: Organisation,
    found: Said | None,
    measured: Quantity,
    newest: Period | None,
    definition: Definition,
    cuts: Sequence[float],
) -> Cell:
    state, class_no = "value", None
    if found is None or (measured.value is None and measured.qualifier != "unknown"):
        state = "unreported"
    elif measured.value is None:
        state = "unreadable"
    elif not _current(found.period, newest, definition):
        state = "expired"
    else:
        class_no = formulas.class_of(measured.value, cuts)
    return Cell(unit.code, unit.short_name, state, measured, found.period if found else None, class_no)


def _bounds(cuts: Sequence[float], values: Sequence[float]) -> tuple[tuple[float, float], ...]:
    if not values:
        return ()
    edges = [min(values), *cuts, max(values)]
    return tuple(zip(edges[:-1], edges[1:], strict=True))


# --- the list ---------------------------------------------------------------------------------------


def list_readout(engine: Engine, as_of: AsOf, rules: Sequence[LightRule]) -> ListReadout | None:
    """The list in force counted by light and aspect; None before the first list."""
    version = list_in_force(engine, as_of)
    if version is None:
        return None
    name = str(version["list_version"])
    rows = measures(engine, as_of, name)
    lights = responsible_lights(engine, as_of, name, rules, last_due_period_end(as_of.day))
    leads = assignments(engine, as_of, name)
    lead_of = dict(leads.loc[leads["role"] == "lead", ["measure", "organisation"]].itertuples(index=False))
    by_measure = {str(n): group for n, group in lights.groupby("number")}
    told = tuple(_measure(row, by_measure.get(row.number), lead_of) for row in rows.itertuples())
    silent = bool(lights["reported_period"].isna().all())
    aspects = tuple(
        _tally(str(group["aspect"].iloc[0]), [m for m in told if m.number in set(group["number"])], as_of.day)
        for _, group in rows.groupby("aspect_no")
    )
    whole = _tally("全部", told, as_of.day, _time_used(rows, version["valid_from"], as_of.day))
    return ListReadout(
        name, version["title"], bool(version["official"]), version["note"], whole, aspects, told, silent
    )


def _measure(row: Any, lights: pd.DataFrame | None, lead_of: Mapping[str, str]) -> MeasureReadout:
    from .lights import worst

    found = [] if lights is None else list(lights["light"])
    top = worst(found)[0] if found else "not_involved"
    done = bool(found) and all(light == "done" for light in found)
    if top == "done" and not done:
        top = "on_track"
    reason = "" if lights is None else str(lights.loc[lights["light"] == top, "reason"].iloc[0])
    return MeasureReadout(
        number=row.number,
        aspect=row.aspect,
        project=row.project,
        text=row.text,
        lead=lead_of.get(row.number, ""),
        due=row.due,
        standing=bool(row.standing),
        light=top,
        reason=reason,
    )


def _tally(
    name: str, told: Iterable[MeasureReadout], day: date, time_used: float | None = None
) -> Tally:
    found = list(told)
    return Tally(
        name=name,
        total=len(found),
        standing=sum(m.standing for m in found),
        done=sum(m.light == "done" for m in found if not m.standing),
        should=sum(m.due is not None and m.due <= day for m in found),
        lights={light: sum(m.light == light for m in found) for light in LIGHTS},
        time_used=time_used,
    )


def _time_used(rows: pd.DataFrame, start: date, day: date) -> float | None:
    """From the list's first day to its last due day."""
    dues = [due for due in rows["due"] if due is not None]
    if not dues:
        return None
    from .lights import elapsed

    return elapsed(start, max(dues), day)


# --- one unit ---------------------------------------------------------------------------------------


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
    people = denominators(engine, as_of, codes, as_of.day)
    return tuple(
        _line(d, by_indicator.get(d.indicator, {}), units, unit, people, with_zones)
        for d in known.values()
        if d.expected_reporters == "units" or unit in by_indicator.get(d.indicator, {})
    )


def _line(
    definition: Definition,
    by_unit: Mapping[str, Said],
    units: Sequence[Organisation],
    unit: str,
    people: Mapping[str, Said],
    with_zones: bool,
) -> Line:
    mine, missing = by_unit.get(unit), ""
    denominator = people.get(unit)
    if with_zones and unit != CITY and definition.kind != "published_ratio":
        zones = [u for u in units if u.within_code == unit]
        folded = fold_zones(by_unit, units).get(unit)
        if zones and mine is not None and folded is None:
            missing = "、".join(z.short_name for z in zones if z.code not in by_unit) or zones[0].short_name
        mine = folded if zones else mine
        denominator = fold_zones(people, units).get(unit) or (None if zones else denominator)
    elif not with_zones and unit == CITY and mine is not None:
        mine, missing = _city_without_zones(definition, by_unit, units)
        denominator = None
    quantity = mine.quantity if mine else NOTHING
    others = [
        s.quantity.value
        for code, s in by_unit.items()
        if code not in (unit, CITY) and s.quantity.value is not None
    ]
    per_10k = NOTHING
    if definition.per_10k and mine and denominator and denominator.period.end <= mine.period.end:
        per_10k = formulas.ratio(quantity, denominator.quantity, PER)
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
    return _joined(parts), ""


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
            Place(o.code, o.name, o.note if unit != CITY else "", tuple(found.get((d.indicator, o.code), NOTHING) for d in columns))
            for o in rows
        ),
    )


def reading_history(engine: Engine, as_of: AsOf, indicator: str, organisation: str) -> list[tuple[Said, bool, bool]]:
    """Every row known: the reading, whether it counts, whether it is void."""
    frame = history(engine, as_of, indicator, organisation)
    return [(_said(row), bool(row.current), bool(row.void)) for row in frame.itertuples()]


def sources(engine: Engine, as_of: AsOf) -> dict[str, tuple[str, ...]]:
    """Titles of the sources behind each indicator's readings, newest first, each named once."""
    found: dict[str, dict[str, None]] = {}
    for one in sorted(said(readings(engine, as_of, latest=False)), key=lambda s: s.known_on, reverse=True):
        name = f"{one.source}（{one.grade} 级）" if one.grade else one.source
        found.setdefault(one.indicator, {})[name] = None
    return {indicator: tuple(names) for indicator, names in found.items()}


def oldest(found: Iterable[Said | None]) -> Said | None:
    """The figure with the oldest period among those on a page."""
    present = [s for s in found if s is not None]
    return min(present, key=lambda s: s.period.end) if present else None
