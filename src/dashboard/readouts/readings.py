"""One reading as it counts, definitions in force, 含/不含开发区. No HTML, no colour."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from .. import formulas
from ..catalogue import CITY, Catalogue, Organisation
from ..figures import reading_quantity
from ..formulas import NOTHING, Quantity
from ..knowledge import AsOf
from ..periods import Period, of, previous
from ..queries import definitions, history, published_readings, readings
from ..returning import due_day

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

    @property
    def folds(self) -> bool:
        """Whether figures of several organisations may be added; those of a ratio never are."""
        return self.kind not in ("rate", "published_ratio")

    def in_rhythm(self, one: Said) -> bool:
        """Whether a reading was returned in the indicator's own rhythm, and not printed here or there."""
        return one.period.grain == self.cadence and not one.published


def definitions_on(engine: Engine, as_of: AsOf, catalogue: Catalogue) -> dict[str, Definition]:
    """Definitions in force on the day: those with a card first, then in the order of the catalogue."""
    names = list(Definition.__dataclass_fields__)
    rows = definitions(engine, as_of).to_dict("records")
    order = {indicator: place for place, indicator in enumerate(catalogue.indicators)}
    found = [Definition(**{n: _plain(row[n]) for n in names}) for row in rows]
    found.sort(key=lambda d: (d.overview_rank or 99, order.get(d.indicator, len(order)), d.indicator))
    return {d.indicator: d for d in found}


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


def comparable(one: Period, other: Period, definition: Definition) -> bool:
    """Whether two figures may stand side by side: they fall in one step of the indicator's rhythm."""
    first, last = step(one, definition)
    return first <= other.end <= last


def step(period: Period, definition: Definition) -> tuple[date, date]:
    """First and last day of the step of the indicator's rhythm in which the period ends."""
    if definition.cadence == "once":
        return period.end, period.end
    found = of(definition.cadence, period.end)
    return found.start, found.end


def fold_zones(by_unit: Mapping[str, Said], units: Sequence[Organisation]) -> dict[str, Said | None]:
    """含开发区: each county with its zones added; None where one of them has no figure of that period.

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
            folded[unit.code] = joined(parts)
    return folded


def missing_zones(by_unit: Mapping[str, Said], units: Sequence[Organisation], county: str) -> str:
    """The zones without a figure, or with one of another period, that keep a county from being folded."""
    zones = [u for u in units if u.within_code == county]
    absent = [z.short_name for z in zones if z.code not in by_unit]
    return "、".join(absent or [z.short_name for z in zones])


def joined(parts: Sequence[Said | None]) -> Said | None:
    """The sum of readings of one period, with the sources of all; None unless all are there.

    It is known since the last of them was, and no better graded than the worst.
    """
    found = [p for p in parts if p is not None]
    if not found or len(found) < len(parts) or any(p.period != found[0].period for p in found):
        return None
    if len(found) == 1:
        return found[0]
    latest = max(found, key=lambda p: p.known_on)

    def each(name: str) -> str:
        return "；".join(dict.fromkeys(text for p in found if (text := getattr(p, name))))

    return replace(
        latest,
        organisation=found[0].organisation,
        quantity=formulas.total(p.quantity for p in found),
        source=f"本屏相加：{each('source')}",
        grade=max(p.grade for p in found),
        address=latest.address if len({p.address for p in found}) == 1 else "",
        place="",
        note=each("note"),
        published=any(p.published for p in found),
        seq=max(p.seq for p in found),
    )


@dataclass(frozen=True)
class People:
    """Populations of every period known, to divide by: a rate takes the latest not after its own period."""

    every: tuple[Said, ...]

    def on(self, organisation: str, day: date) -> Said | None:
        """The population with the latest period that is over by the day; None when there is none."""
        known = [s for s in self.every if s.organisation == organisation and s.period.end <= day]
        return max(known, key=lambda s: s.period.end, default=None)

    def quantity(self, organisation: str, day: date) -> Quantity:
        """The same as a quantity, NOTHING when there is none."""
        found = self.on(organisation, day)
        return found.quantity if found else NOTHING

    def folded(self, unit: str, units: Sequence[Organisation], day: date) -> Quantity:
        """Population of a county with its zones; NOTHING when one of them has none of the same period."""
        own = {u.code: found for u in units if (found := self.on(u.code, day))}
        folded = fold_zones(own, units).get(unit)
        return folded.quantity if folded else NOTHING


def people(engine: Engine, as_of: AsOf, codes: Sequence[str]) -> People:
    """Every population known of these organisations."""
    frame = readings(engine, as_of, indicators=[POPULATION], organisations=codes, latest=False)
    return People(tuple(said(frame)))


def by_unit(
    engine: Engine, as_of: AsOf, catalogue: Catalogue, known: Mapping[str, Definition]
) -> dict[tuple[str, str], Said]:
    """The latest reading of every overview indicator and unit, by (indicator, unit)."""
    ranked = [d.indicator for d in known.values() if d.overview_rank]
    frame = readings(engine, as_of, indicators=ranked, organisations=[u.code for u in catalogue.units])
    return {(s.indicator, s.organisation): s for s in said(frame)}


def printed_indicators(engine: Engine, as_of: AsOf, catalogue: Catalogue) -> dict[str, int]:
    """How many indicators of each unit have a published figure, populations apart."""
    frame = readings(engine, as_of, organisations=[u.code for u in catalogue.units])
    printed = frame[(frame["kind"] == "published") & (frame["indicator"] != POPULATION)]
    return {str(code): int(count) for code, count in printed["organisation"].value_counts().items()}


def reading_history(
    engine: Engine, as_of: AsOf, indicator: str, organisation: str
) -> list[tuple[Said, bool, bool]]:
    """Every row known: the reading, whether it counts, whether it is void."""
    frame = history(engine, as_of, indicator, organisation)
    return [(_said(row), bool(row.current), bool(row.void)) for row in frame.itertuples()]


def latest_of_all(
    engine: Engine, as_of: AsOf, chosen: Sequence[Definition], units: Sequence[str]
) -> list[Said]:
    """The newest reading of the city and of each unit, for what is said of all of them together.

    A period whose return day has not passed yet waits until every unit has reported it: until then the one
    before counts, so that the first days of a month do not stand for the month. A period that somebody
    chose is shown as it is.
    """
    found = said(
        readings(engine, as_of, indicators=[d.indicator for d in chosen], organisations=[CITY, *units])
    )
    if as_of.until is not None:
        return found
    for period, names in _early(found, chosen, len(units), as_of.day).items():
        before = said(
            readings(engine, as_of, indicators=names, organisations=units, until=previous(period).end)
        )
        told = {s.indicator for s in before}
        found = [s for s in found if s.organisation == CITY or s.indicator not in told] + before
    return found


def _early(
    found: Sequence[Said], chosen: Sequence[Definition], expected: int, day: date
) -> dict[Period, list[str]]:
    """Periods that some units have reported before they had to, with the indicators of which that is so."""
    early: dict[Period, list[str]] = {}
    for d in chosen:
        if d.return_day is None or d.expected_reporters != "units":
            continue
        told = [s.period for s in found if s.indicator == d.indicator and d.in_rhythm(s)]
        newest = max(told, default=None)
        if newest and told.count(newest) < expected and due_day(newest, d.return_day) >= day:
            early.setdefault(newest, []).append(d.indicator)
    return early


def sources(engine: Engine, as_of: AsOf, organisations: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Titles of the sources behind each indicator, newest first, each named once.

    They are what was published of any period, and what the ``organisations`` said last.
    """
    last = readings(engine, as_of, organisations=organisations)
    told = [*said(published_readings(engine, as_of)), *said(last)]
    found: dict[str, dict[str, None]] = {}
    for one in sorted(told, key=lambda s: s.known_on, reverse=True):
        name = f"{one.source}（{one.grade} 级）" if one.grade else one.source
        found.setdefault(one.indicator, {})[name] = None
    return {indicator: tuple(names) for indicator, names in found.items()}


def oldest(found: Iterable[Said | None]) -> Said | None:
    """The figure with the oldest period among those on a page."""
    present = [s for s in found if s is not None]
    return min(present, key=lambda s: s.period.end) if present else None
