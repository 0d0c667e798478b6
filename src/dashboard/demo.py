"""演示数据: a year and more of life, written through the same doors as real returns.

Everything is repeatable: the same last month gives the same bytes. The store runs through its own past, so
that accepted_at and known_on are the days on which its returns would have come in. ``life`` lists the day
of each event; nothing here is a real figure of a real unit but the published ones it starts from.
"""

from __future__ import annotations

import calendar
import random
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from .catalogue import CITY, Assignment, Catalogue, Indicator, ListVersion, Measure, Organisation
from .csvfile import csv_bytes
from .demo_evidence import Backed, aims, backed, followed
from .demo_figures import (
    BASE_MONTH,
    FOLLOWS,
    QUALIFIED,
    Row,
    allotted,
    city_base,
    following,
    months,
    series,
    uneven,
    weights,
)
from .demo_measures import Step, as_moved, change_day, courses, re_dated, standing_step, steps
from .demo_places import Observed, Place, checked_on, points, state_on, stations, visits
from .formulas import Quantity
from .geo import Outline
from .hashing import sha256
from .importers.seed import seed_catalogue
from .models import Base, Meta
from .periods import Period, of, previous
from .store import (
    SHANGHAI,
    SYSTEM,
    Actor,
    Draft,
    FactDraft,
    Store,
    accept,
    open_store,
    receive,
    send_back,
    withdraw,
)

FIRST = date(2024, 7, 1)
EARLIEST_UNTIL = date(2025, 9, 1)  # before, not every event has happened
OFFICER = Actor("officer", "officer")
POPULATION = "resident_population_count"
TOWN_PEOPLE_OF = date(2021, 12, 31)
TOWN_INDICATORS = ("council_day_estates_count", "neighbour_teams_count")

NARROWED_FROM = date(2025, 7, 1)
NARROWED = "neighbour_teams_count"
NARROWED_DEFINITION = (
    "统计期末在册且近半年开展过活动的小区近邻志愿服务队数，按队计。半年内没有活动的不再计入。"
)


class DemoError(Exception):
    """The demo cannot be made as asked; the message says what can."""


@dataclass(frozen=True)
class Event:
    """Something that happens to a return: the unit, its month, the day, and what.

    ``silent``: nothing had come by that day, the first after the return day, and nothing came later.
    ``definition``: a changed definition is entered that holds from the month.
    """

    what: str
    unit: str
    month: Period
    day: date


@dataclass(frozen=True)
class World:
    """What the demo starts from: catalogue, outlines, people, published city figures.

    ``census`` are the returns that bring the populations, without which there is nothing per 10,000.
    """

    catalogue: Catalogue
    shapes: Mapping[str, Outline]
    people: Mapping[str, float]
    published: Mapping[str, Quantity]
    census: Sequence[Draft] = ()


def last_day(until: date) -> date:
    """The demo's today: the last day of its last month."""
    return until.replace(day=calendar.monthrange(until.year, until.month)[1])


def last_complete_month(today: date) -> date:
    """The first day of the month before that of today."""
    return previous(of("month", today)).start


def life(end: date) -> list[Event]:
    """What does not go as it should, with the day of each event; months count back from the last one due."""
    last = previous(of("month", end))

    def back(steps: int) -> Period:
        return previous(last, steps)

    def after(month: Period, days: int) -> date:
        return month.end + timedelta(days=days)

    old = of("month", date(2025, 3, 31))
    return [
        Event("silent", "350505", last, after(last, 6)),
        Event("silent", "QZ-TS", last, after(last, 6)),
        Event("silent", "QZ-TS", back(1), after(back(1), 6)),
        Event("silent", "D-HR", last, after(last, 6)),
        Event("late", "350583", last, after(last, 7)),
        Event("late", "350525", last, after(last, 12)),
        Event("late", "350503", back(3), after(back(3), 9)),
        Event("late", "350524", back(6), after(back(6), 8)),
        Event("late", "350526", back(2), after(back(2), 40)),
        Event("silent", "QZ-KF", back(8), after(back(8), 6)),
        Event("corrected", "350581", back(1), after(back(1), 14)),
        Event("corrected", "350521", old, date(2025, 9, 15)),
        Event("overstated", "350503", back(1), after(back(1), 34)),
        Event("void", "350504", back(4), after(back(4), 20)),
        Event("withdrawn", "350526", back(5), after(back(5), 4)),
        Event("sent_back", "350502", back(2), after(back(2), 2)),
        Event("definition", "D-SWB", of("month", NARROWED_FROM), date(2025, 6, 20)),
    ]


# --- building and installing ------------------------------------------------------------------------


def build(world: World, until: date, folder: Path) -> Store:
    """Make the demo in a SQLite file of its own; ``until`` is any day of its last month. Raises DemoError."""
    _must_be_possible(world, until)
    end = last_day(until)
    clock = _Clock(FIRST)
    store = open_store(f"sqlite:///{folder / 'demo.sqlite'}", "demo", clock)
    seed_catalogue(store, world.catalogue)
    for draft in world.census:
        accept(store, SYSTEM, receive(store, SYSTEM, draft), "公开数据")
    for at, act in sorted(_deeds(world, end), key=lambda deed: deed[0]):
        clock.now = at
        act(store)
    clock.now = datetime.combine(end, time(12), SHANGHAI).astimezone(UTC)
    with store.engine.begin() as connection:
        connection.execute(update(Meta).values(store_id=_identity(end, world.catalogue), until=end))
    return store


def _must_be_possible(world: World, until: date) -> None:
    if until < EARLIEST_UNTIL:
        raise DemoError(f"演示数据最早做到 {EARLIEST_UNTIL:%Y-%m}，请用 --until 指定更晚的月份。")
    nowhere = [
        u.name
        for u in world.catalogue.units
        if u.code not in world.people or (u.within_code or u.code) not in world.shapes
    ]
    if nowhere:
        raise DemoError(
            f"{'、'.join(nowhere)}没有人口数或轮廓，做不出演示数据：请补上，或设 DASHBOARD_DEMO=off。"
        )


def install(source: Engine, target: Engine) -> None:
    """Put the rows of one store in place of another's, in one transaction: readers see the old or the new."""
    writing = target.connect().execution_options(writing=True)
    with source.connect() as reading, writing as connection, connection.begin():
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            for start in range(0, len(rows), 2000):
                connection.execute(insert(table), rows[start : start + 2000])
            if target.dialect.name == "postgresql" and "id" in table.c:
                # Rows that bring their ids along do not move the sequence that gives out the next one.
                sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
                connection.execute(select(func.setval(sequence, func.max(table.c.id))))


def renew(store: Store, world: World, until: date) -> None:
    """Rebuild the demo store up to the month of ``until``."""
    with tempfile.TemporaryDirectory() as folder:
        built = build(world, until, Path(folder))
        install(built.engine, store.engine)
        built.engine.dispose()


def made_until(store: Store, catalogue: Catalogue) -> date | None:
    """Last day of the demo in the store; None when there is none, or it was made from another catalogue or code."""
    with store.engine.connect() as connection:
        made = connection.execute(select(Meta.store_id, Meta.until)).one()
    return made.until if made.until and made.store_id == _identity(made.until, catalogue) else None


def _identity(end: date, catalogue: Catalogue) -> str:
    """The id of the demo up to this day: the same from the same catalogue by the same code."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"demo {end} {catalogue.digest} {_edition()}"))


@cache
def _edition() -> str:
    """Hash of the code that makes the demo: a new edition of it takes the place of an old demo."""
    files = sorted(Path(__file__).parent.glob("demo*.py"))
    return sha256("".join(path.read_text(encoding="utf-8") for path in files).encode())


def at_its_end(store: Store) -> Store:
    """The same store with a clock that stands still at noon of its last day: its pages call that today."""
    return Store(store.engine, store.kind, _Noon(store.engine, store.today()))


class _Noon:
    """Noon of the demo's last day. Asked anew every time: the demo may be rebuilt while it is being read.

    While the store does not answer, it is the day it last told.
    """

    def __init__(self, engine: Engine, day: date) -> None:
        self._engine, self._day = engine, day

    def __call__(self) -> datetime:
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            self._day = connection.execute(select(Meta.until)).scalar_one() or self._day
        return datetime.combine(self._day, time(12), SHANGHAI).astimezone(UTC)


class _Clock:
    """A clock that is set by hand; every look at it is a second later, so that no two events coincide."""

    def __init__(self, day: date) -> None:
        self.now = datetime.combine(day, time(9), SHANGHAI).astimezone(UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


# --- what happens when ------------------------------------------------------------------------------

Deed = tuple[datetime, Callable[[Store], None]]


def _deeds(world: World, end: date) -> Iterator[Deed]:
    events = life(end)
    proofs = _proofs(world.catalogue, end)
    rows = _all_rows(world, end, proofs)
    yield from _figure_deeds(world, rows, end, events)
    yield from _people_deeds(world)
    yield from _target_deeds(world.catalogue, rows, end, proofs)
    yield from _progress_deeds(world, end, events)
    yield from _station_deeds(world, end)
    yield from _other_deeds(world, end)


def _at(day: date, order: int = 0) -> datetime:
    """Ten in the morning in Shanghai, a minute later for each place in the official order."""
    return (datetime.combine(day, time(10), SHANGHAI) + timedelta(minutes=order)).astimezone(UTC)


def _accepting(draft: Draft, actor: Actor) -> Callable[[Store], None]:
    def act(store: Store) -> None:
        accept(store, OFFICER, receive(store, actor, draft))

    return act


def _draft(
    kind: str, organisation: str, facts: Sequence[FactDraft], period: Period | None, name: str
) -> Draft:
    rows = pd.DataFrame([{"table": f.table, **f.values} for f in facts], dtype=object)
    return Draft(kind, organisation, f"{name}_演示.csv", csv_bytes(rows), facts, period)


def _clerk(unit: str) -> Actor:
    return Actor(f"clerk-{unit}", "clerk", unit)


def _usual_day(unit_order: int, month: Period) -> date:
    """Units have their habits: some are always first, none is later than the fifth."""
    return month.end + timedelta(days=1 + (unit_order * 7 + month.start.month) % 5)


def _event(events: Sequence[Event], what: str, unit: str, month: Period) -> Event | None:
    return next((e for e in events if (e.what, e.unit, e.month) == (what, unit, month)), None)


# --- figures ----------------------------------------------------------------------------------------


def _figure_deeds(
    world: World, rows: Mapping[str, Sequence[Row]], end: date, events: Sequence[Event]
) -> Iterator[Deed]:
    span = months(FIRST, previous(of("month", end)).end)
    for order, unit in enumerate(world.catalogue.units):
        for month in span:
            own = [r for r in rows[unit.code] if r.period.end == month.end]
            yield from _month_deeds(unit, order, month, own, events)


def _people_deeds(world: World) -> Iterator[Deed]:
    """How many live in each town, so that there are stations per 10,000; a few towns hand in nothing."""
    year = of("year", TOWN_PEOPLE_OF)
    for order, unit in enumerate(world.catalogue.units):
        towns = _towns(world.catalogue, unit.code)
        rng = random.Random(f"people {unit.code}")
        shares = {t.code: rng.lognormvariate(0, 0.6) for t in towns}
        told = allotted(int(world.people[unit.code]), shares)
        rows = [Row(POPULATION, town, year, value) for town, value in told.items() if rng.random() > 0.03]
        if rows:
            draft = _draft("readings", unit.code, _facts(rows), year, f"{unit.short_name}_镇街常住人口")
            yield _at(FIRST + timedelta(days=20), order), _accepting(draft, _clerk(unit.code))


def _month_deeds(
    unit: Organisation, order: int, month: Period, rows: Sequence[Row], events: Sequence[Event]
) -> Iterator[Deed]:
    late = _event(events, "late", unit.code, month)
    day = late.day if late else _usual_day(order, month)
    if _event(events, "silent", unit.code, month):
        return
    first = _mistaken(rows, unit.code) if _event(events, "corrected", unit.code, month) else rows
    draft = _draft("readings", unit.code, _facts(first), month, f"{unit.short_name}_{month.label}")
    clerk = _clerk(unit.code)
    sent_back = _event(events, "sent_back", unit.code, month)
    if sent_back:
        yield _at(sent_back.day - timedelta(days=1), order), _sending_back(draft, clerk)
        day = max(day, sent_back.day)
    withdrawn = _event(events, "withdrawn", unit.code, month)
    if withdrawn:
        wrong = [replace(r, value=r.value * 10) for r in rows]
        bad = _draft("readings", unit.code, _facts(wrong), month, f"{unit.short_name}_{month.label}_误报")
        yield _at(withdrawn.day - timedelta(days=1), order), _withdrawing(bad, clerk, withdrawn.day, order)
        day = max(day, withdrawn.day + timedelta(days=1))
    yield _at(day, order), _accepting(draft, clerk)
    yield from _amendments(unit, order, month, rows, events)


_CORRECTED = ("volunteer_hours", "covenant_buildings_count")


def _is_corrected(row: Row, unit: str) -> bool:
    return row.organisation == unit and row.indicator in _CORRECTED


def _mistaken(rows: Sequence[Row], unit: str) -> list[Row]:
    """What was handed in before it was corrected: a team that had been forgotten is missing."""
    return [replace(r, value=round(r.value * 0.985) - 2) if _is_corrected(r, unit) else r for r in rows]


def _sending_back(draft: Draft, clerk: Actor) -> Callable[[Store], None]:
    def act(store: Store) -> None:
        send_back(store, OFFICER, receive(store, clerk, draft), "合计行与明细不符，请核对后再报")

    return act


def _withdrawing(draft: Draft, clerk: Actor, day: date, order: int) -> Callable[[Store], None]:
    def act(store: Store) -> None:
        return_id = receive(store, clerk, draft)
        accept(store, OFFICER, return_id)
        store.clock.now = _at(day, order)  # type: ignore[attr-defined]
        withdraw(store, OFFICER, return_id, "小数点错位，全部放大十倍")

    return act


def _amendments(
    unit: Organisation, order: int, month: Period, rows: Sequence[Row], events: Sequence[Event]
) -> Iterator[Deed]:
    """Corrections and voids that come after the month's own return."""
    clerk = _clerk(unit.code)
    corrected = _event(events, "corrected", unit.code, month)
    if corrected:
        right = [r for r in rows if _is_corrected(r, unit.code)]
        draft = _draft("readings", unit.code, _facts(right), month, f"{unit.short_name}_{month.label}_更正")
        yield _at(corrected.day, order), _accepting(draft, clerk)
    void = _event(events, "void", unit.code, month)
    if void:
        gone = [r for r in rows if r.organisation == unit.code and r.indicator == "microwish_events_count"]
        facts = [FactDraft(f.table, {**f.values, "value": None, "void": True}, f.place) for f in _facts(gone)]
        draft = _draft("readings", unit.code, facts, month, f"{unit.short_name}_{month.label}_撤销")
        yield _at(void.day, order), _accepting(draft, clerk)


def _facts(rows: Sequence[Row]) -> list[FactDraft]:
    return [
        FactDraft(
            "reading",
            {
                "indicator": r.indicator,
                "organisation": r.organisation,
                "period_start": r.period.start,
                "period_end": r.period.end,
                "grain": r.period.grain,
                "value": float(r.value),
                "qualifier": r.qualifier,
                "note": "",
            },
            f"C{line}",
        )
        for line, r in enumerate(rows, start=2)
    ]


def _proofs(catalogue: Catalogue, end: date) -> dict[str, Backed]:
    """The measures that an indicator is to prove, with what is said of them."""
    told: dict[tuple[str, str], dict[date, float]] = {}
    for own in said(catalogue, end).values():
        for step in own:
            if step.percent is not None:
                told.setdefault((step.measure, step.organisation), {})[step.period.end] = step.percent
    return backed(as_moved(_list(catalogue, end)[1], end), catalogue.indicators, told)


def _all_rows(world: World, end: date, proofs: Mapping[str, Backed]) -> dict[str, list[Row]]:
    """Every figure of every unit, towns included, by reporting unit, up to the end of the demo's year."""
    span = months(FIRST, of("year", end).end)
    units = world.catalogue.units
    rows: dict[str, list[Row]] = {u.code: [] for u in units}
    bases: dict[str, dict[str, int]] = {}
    every: dict[tuple[str, str], Mapping[date, int]] = {}
    for indicator in _reported(world.catalogue):
        name = indicator.indicator
        whole = bases.get(indicator.share_of) or bases.get(indicator.part_of) or {}
        bases[name] = _bases(world, indicator, whole, bases)
        found: dict[str, Mapping[date, int]] = {}
        for unit, base in bases[name].items():
            if name in FOLLOWS:
                found[unit] = following(every[FOLLOWS[name], unit], base, f"{name} {unit}")
            else:
                found[unit] = series(indicator, unit, base, span, whole.get(unit))
        for unit, own in (followed(proofs[name], found, whole) if name in proofs else found).items():
            every[name, unit] = own
            rows[unit] += _unit_rows(indicator, unit, own, span)
    _cap_shares(world.catalogue, rows)
    _town_posts_rows(world.catalogue, rows, span)
    _stations_rows(world, rows, span, end)
    _town_rows(world.catalogue, rows)
    return rows


def _bases(
    world: World, indicator: Indicator, whole: Mapping[str, int], bases: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    """What each unit has in January 2025: the city's figure, unevenly, never nearly all of what it is a part of."""
    people = {u.code: world.people[u.code] for u in world.catalogue.units}
    total = city_base(indicator, world.published.get(indicator.indicator))
    shares = weights(indicator.indicator, world.catalogue.units, people, total)
    if indicator.indicator in FOLLOWS:
        shares = {u: n * shares[u] / people[u] for u, n in bases[FOLLOWS[indicator.indicator]].items()}
    most = {u: int(0.85 * n) for u, n in whole.items()}
    return uneven(allotted(total, shares, most), people, most)


POSTS = "town_social_work_stations_count"
_FROM_OTHER_LEDGERS = ("stations_count", POSTS)


def _reported(catalogue: Catalogue) -> list[Indicator]:
    """What a county can report and what is not counted elsewhere, what others depend on first."""
    found = [
        d
        for d in catalogue.indicators.values()
        if d.expected_reporters == "units"
        and d.kind in ("stock", "flow", "cumulative")
        and d.cadence != "once"
        and d.indicator not in _FROM_OTHER_LEDGERS
    ]
    return sorted(found, key=lambda d: bool(d.share_of or d.part_of or d.indicator in FOLLOWS))


def _unit_rows(indicator: Indicator, unit: str, own: Mapping[date, int], span: Sequence[Period]) -> list[Row]:
    qualifier = QUALIFIED.get((indicator.indicator, unit), "eq")
    found = []
    for month in span:
        period = of(indicator.cadence, month.end)
        begun = indicator.valid_from is None or indicator.valid_from <= period.end
        if period.end == month.end and begun:
            value = own[month.end] * _narrowed(indicator.indicator, month.end)
            found.append(Row(indicator.indicator, unit, period, round(value), qualifier))
    return found


def _town_posts_rows(catalogue: Catalogue, rows: dict[str, list[Row]], span: Sequence[Period]) -> None:
    """A post of social workers in every town, but for one that is being moved now and then."""
    indicator = catalogue.indicators[POSTS]
    for unit, own in rows.items():
        rng = random.Random(f"posts {unit}")
        towns = len(_towns(catalogue, unit))
        moving = {month.end: int(towns > 1 and rng.random() < 0.3) for month in span}
        own.extend(_unit_rows(indicator, unit, {day: towns - gone for day, gone in moving.items()}, span))


def _narrowed(indicator: str, day: date) -> float:
    """From July 2025 idle teams no longer count: the definition changed, not the work."""
    return 0.93 if indicator == NARROWED and day >= NARROWED_FROM else 1.0


def _cap_shares(catalogue: Catalogue, rows: dict[str, list[Row]]) -> None:
    """A part can never be larger than its whole of the same day."""
    for own in rows.values():
        whole: dict[str, dict[date, float]] = {}
        for row in own:
            whole.setdefault(row.indicator, {})[row.period.end] = row.value
        for i, row in enumerate(own):
            entry = catalogue.indicators[row.indicator]
            bound = _latest(whole.get(entry.share_of or entry.part_of, {}), row.period.end)
            if bound is not None and row.value > bound:
                own[i] = replace(row, value=bound)


def _latest(values: Mapping[date, float], day: date) -> float | None:
    days = [d for d in values if d <= day]
    return values[max(days)] if days else None


def _towns(catalogue: Catalogue, unit: str) -> list[Organisation]:
    return [o for o in catalogue.organisations if o.level == "town" and o.parent_code == unit and not o.note]


def _stations_rows(world: World, rows: dict[str, list[Row]], span: Sequence[Period], end: date) -> None:
    """stations_count is what the ledger of stations says: open at the month's end."""
    every = _places(world, end)
    for month in span:
        for unit in world.catalogue.units:
            own = [p for p in every if p.unit == unit.code and state_on(p, month.end) == "opened"]
            rows[unit.code].append(Row("stations_count", unit.code, month, len(own)))
            for town in _towns(world.catalogue, unit.code):
                count = sum(p.town == town.code for p in own)
                rows[unit.code].append(Row("stations_count", town.code, month, count))


def _town_rows(catalogue: Catalogue, rows: dict[str, list[Row]]) -> None:
    """Two more indicators by town; a few towns hand in nothing."""
    for unit in catalogue.units:
        towns = _towns(catalogue, unit.code)
        if not towns:
            continue
        for row in [r for r in rows[unit.code] if r.indicator in TOWN_INDICATORS]:
            rng = random.Random(f"towns {row.indicator} {unit.code}")
            shares = {t.code: rng.lognormvariate(0, 0.5) for t in towns}
            silent = {t.code for t in towns if rng.random() < 0.04}
            for town, value in allotted(int(row.value), shares).items():
                if town not in silent:
                    rows[unit.code].append(Row(row.indicator, town, row.period, value))


# --- progress, stations, points and the rest --------------------------------------------------------


def _progress_deeds(world: World, end: date, events: Sequence[Event]) -> Iterator[Deed]:
    version = _list(world.catalogue, end)[0].list_version
    order = {o.code: i for i, o in enumerate(world.catalogue.organisations)}
    for (organisation, month), own in said(world.catalogue, end).items():
        late = _event(events, "late", organisation, month)
        day = late.day if late else _usual_day(order[organisation], month)
        at, clerk = order[organisation] % 300 + 30, _clerk(organisation)
        overstated = _event(events, "overstated", organisation, month)
        wrong = next((s for s in own if _can_be_overstated(s)), None) if overstated else None
        first = [replace(s, percent=(s.percent or 0) + _TOO_MUCH) if s is wrong else s for s in own]
        yield _at(day, at), _accepting(_progress_draft(version, organisation, month, first), clerk)
        if overstated and wrong:
            right = _progress_draft(version, organisation, month, [wrong], "_更正")
            yield _at(overstated.day, at), _accepting(right, clerk)


_TOO_MUCH = 15.0


def _can_be_overstated(step: Step) -> bool:
    """Whether somebody could say more of it without saying that it is done."""
    return step.percent is not None and step.completed_on is None and 0 < step.percent < 100 - _TOO_MUCH


def _progress_draft(
    version: str, organisation: str, month: Period, own: Sequence[Step], mark: str = ""
) -> Draft:
    facts = [_progress_fact(version, step, line) for line, step in enumerate(own, start=2)]
    return _draft("progress", organisation, facts, month, f"进展_{organisation}_{month.label}{mark}")


def said(catalogue: Catalogue, end: date) -> dict[tuple[str, Period], list[Step]]:
    """What every organisation says of its measures up to the last day, by organisation and month."""
    version, measures, duties = _list(catalogue, end)
    last = previous(of("month", end))
    span = months(version.valid_from, last.end)
    mute = {(e.unit, e.month) for e in life(end) if e.what == "silent"}
    now = {m.number: m for m in as_moved(measures, end)}
    gone = {unit for unit, month in mute if month == last}
    every = [
        step
        for (number, organisation), course in courses(list(now.values()), duties, end, gone).items()
        for step in steps(now[number], organisation, course, span, end)
    ]
    every += [
        standing_step(now[duty.measure], duty.organisation, month)
        for duty in duties
        for month in span
        if duty.role == "responsible" and now[duty.measure].standing
    ]
    found: dict[tuple[str, Period], list[Step]] = {}
    for step in every:
        if (step.organisation, step.period) not in mute:
            found.setdefault((step.organisation, step.period), []).append(step)
    return found


def _list(catalogue: Catalogue, end: date) -> tuple[ListVersion, list[Measure], list[Assignment]]:
    """The list in force on the last day, its measures and its assignments."""
    version = max((v for v in catalogue.lists if v.valid_from <= end), key=lambda v: v.valid_from)
    measures = [m for m in catalogue.measures if m.list_version == version.list_version]
    return version, measures, [a for a in catalogue.assignments if a.list_version == version.list_version]


def _progress_fact(version: str, step: Step, line: int) -> FactDraft:
    values = asdict(step)
    period = values.pop("period")
    values |= {
        "list_version": version,
        "period_start": period["start"],
        "period_end": period["end"],
        "grain": period["grain"],
    }
    return FactDraft("progress", values, f"H{line}")


def _places(world: World, end: date) -> list[Place]:
    towns = {u.code: _towns(world.catalogue, u.code) for u in world.catalogue.units}
    people = {u.code: world.people[u.code] for u in world.catalogue.units}
    return stations(world.catalogue.units, towns, world.shapes, people, end)


def _station_deeds(world: World, end: date) -> Iterator[Deed]:
    """The full ledger of each unit, every quarter."""
    every = _places(world, end)
    days = [d for d in (date(2024, 7, 25), *_quarter_days(end)) if d <= end]
    for order, unit in enumerate(world.catalogue.units):
        own = [p for p in every if p.unit == unit.code]
        before = date.min
        for day in days:
            facts = [f for p in own for f in _station_facts(p, before, day)]
            if facts:
                draft = _draft("stations", unit.code, facts, of("day", day), f"驿站_{unit.short_name}_{day}")
                yield _at(day, order + 60), _accepting(draft, _clerk(unit.code))
            before = day


def _quarter_days(end: date) -> list[date]:
    found, day = [], date(2024, 10, 8)
    while day < end:
        found.append(day)
        day = of("quarter", day).end + timedelta(days=8)
    return [*found, end - timedelta(days=2)]


def _station_facts(place: Place, before: date, day: date) -> Iterator[FactDraft]:
    """Its row in the ledger of the day, and what has happened to it since the one before."""
    if state_on(place, day) == "" or state_on(place, before) == "closed":
        return
    values = asdict(place)
    del values["life"]
    values |= {
        "datum": "WGS-84",
        "lon_as_given": place.lon,
        "lat_as_given": place.lat,
        "visits": visits(place, previous(of("month", day))) if state_on(place, day) == "opened" else None,
        "checked_on": checked_on(place, day),
    }
    yield FactDraft("station", values, place.station)
    for name, on in place.life:
        if before < on <= day:
            values = {"station": place.station, "event": name, "happened_on": on}
            yield FactDraft("station_event", values, place.station)


def _other_deeds(world: World, end: date) -> Iterator[Deed]:
    towns = {u.code: _towns(world.catalogue, u.code) for u in world.catalogue.units}
    observed = points(world.catalogue.units, towns, world.shapes, end)
    facts = [f for p in observed for f in _point_facts(p)]
    yield _at(date(2025, 2, 26)), _accepting(_draft("points", "D-SWB", facts, None, "观察联系点"), OFFICER)
    for point in observed:
        for visit in point.visits:
            on, found, solved, adopted, words = visit
            values = {
                "point": point.point,
                "visited_on": on,
                "found": found,
                "solved": solved,
                "adopted": adopted,
                "words": words,
            }
            draft = _draft(
                "points",
                "D-SWB",
                [FactDraft("point_visit", values)],
                of("day", on),
                f"走访_{point.point}_{on}",
            )
            yield _at(on, 90), _accepting(draft, OFFICER)
    yield from _office_deeds(world, end)


def _point_facts(point: Observed) -> Iterator[FactDraft]:
    values = asdict(point)
    del values["visits"]
    values["measures"] = list(point.measures)
    datum = "" if point.lon is None else "WGS-84"
    values |= {"datum": datum, "lon_as_given": point.lon, "lat_as_given": point.lat}
    yield FactDraft("point", values)


def _target_deeds(
    catalogue: Catalogue, rows: Mapping[str, Sequence[Row]], end: date, proofs: Mapping[str, Backed]
) -> Iterator[Deed]:
    """Targets of each year for the city and its units, for indicators of which more, or less, is better."""
    for year in range(2025, end.year + 1):
        day = date(year, 2, 10) if year == 2025 else date(year, 1, 20)
        if day <= end:
            facts = list(_targets(catalogue, rows, of("year", day), proofs))
            draft = _draft("targets", "D-SWB", facts, of("year", day), f"目标_{year}")
            yield _at(day), _accepting(draft, OFFICER)


def _targets(
    catalogue: Catalogue, rows: Mapping[str, Sequence[Row]], year: Period, proofs: Mapping[str, Backed]
) -> Iterator[FactDraft]:
    """Somewhat more, or less, than what the year will bring: about half of the units will get there.

    Where a measure sets a level to the city, each unit has its part of that instead.
    """
    for indicator in [*_reported(catalogue), catalogue.indicators["stations_count"]]:
        if indicator.direction == "none" or indicator.kind == "flow":
            continue
        values = {unit: _own_values(own, indicator.indicator, unit) for unit, own in rows.items()}
        found = _parts(catalogue, rows, proofs.get(indicator.indicator), values, year) or {
            unit: value
            for unit, own in values.items()
            if (value := _aim(indicator, unit, own, year)) is not None
        }
        for unit, value in found.items():
            yield _target(indicator.indicator, unit, year, value)
        if found:
            yield _target(indicator.indicator, CITY, year, sum(found.values()))


def _parts(
    catalogue: Catalogue,
    rows: Mapping[str, Sequence[Row]],
    proof: Backed | None,
    values: Mapping[str, Mapping[date, float]],
    year: Period,
) -> dict[str, int]:
    """Each unit's part of the level that a measure of the counties sets to the city, from the year of its start."""
    if proof is None or proof.measure.scope == "city" or year.end < proof.measure.start:
        return {}
    whole = proof.indicator.share_of or proof.indicator.part_of
    bounds = {u: int(_latest(_own_values(own, whole, u), BASE_MONTH) or 0) for u, own in rows.items()}
    series = {unit: {day: round(value) for day, value in own.items()} for unit, own in values.items()}
    return aims(proof, series, bounds if whole else {})


def _aim(indicator: Indicator, unit: str, own: Mapping[date, float], year: Period) -> int | None:
    """A unit's target of the year; None when it had no figure at the end of the year before."""
    start = _latest(own, year.start - timedelta(days=1))
    if start is None:
        return None
    rng = random.Random(f"target {indicator.indicator} {unit} {year.label}")
    if indicator.since == "year":
        return round(start * rng.uniform(0.85, 0.95))
    course = (_latest(own, year.end) or start) - start
    aim = start + course * rng.uniform(0.85, 1.15)
    return max(round(aim), round(start) + 1) if indicator.direction == "up" else round(min(aim, start))


def _own_values(rows: Sequence[Row], indicator: str, unit: str) -> dict[date, float]:
    return {r.period.end: r.value for r in rows if r.indicator == indicator and r.organisation == unit}


def _target(indicator: str, organisation: str, year: Period, value: int) -> FactDraft:
    values = {
        "indicator": indicator,
        "organisation": organisation,
        "period_start": year.start,
        "period_end": year.end,
        "grain": year.grain,
        "value": float(value),
    }
    return FactDraft("target", values)


def _office_deeds(world: World, end: date) -> Iterator[Deed]:
    """What the department itself enters: meetings, a changed definition, measures moved to a later start."""
    day = date(2025, 3, 20)
    while day <= end:
        values = {"held_on": day, "title": "全市社会工作推进会（演示）", "level": "市", "source": "演示数据"}
        yield _at(day, 120), _entering("meeting", [FactDraft("meeting", values)], day)
        day = of("quarter", of("quarter", day).end + timedelta(days=1)).end.replace(day=20)
    for event in (e for e in life(end) if e.what == "definition"):
        entry = asdict(world.catalogue.indicators[NARROWED])
        entry |= {"valid_from": NARROWED_FROM, "definition": NARROWED_DEFINITION}
        entry["note"] = "演示：2025年7月起口径收窄"
        yield (
            _at(event.day, 121),
            _entering("definition", [FactDraft("indicator_definition", entry)], event.day),
        )
    _, measures, _ = _list(world.catalogue, end)
    moved, on = re_dated(measures, end), change_day(measures, end)
    if on:
        facts = [_moved(m, *moved[m.number]) for m in measures if m.number in moved]
        yield _at(on, 122), _entering("list", facts, on)


def _entering(kind: str, facts: Sequence[FactDraft], day: date) -> Callable[[Store], None]:
    return _accepting(_draft(kind, "D-SWB", facts, of("day", day), f"{kind}_{day}"), OFFICER)


def _moved(measure: Measure, start: date, due: date) -> FactDraft:
    numbers = {"aspect_no": measure.aspect_no, "project_no": measure.project_no}
    return FactDraft("measure", asdict(measure) | numbers | {"start": start, "due": due})
