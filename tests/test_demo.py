"""The demo: a year and more of invented life. Every claim is checked against the store by direct queries."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import event, func, select, update

from conftest import DEMO_UNTIL, Clock
from dashboard.catalogue import CITY, Catalogue, Indicator
from dashboard.config import DATA, settings
from dashboard.demo import (
    EARLIEST_UNTIL,
    FIRST,
    NARROWED,
    NARROWED_FROM,
    POPULATION,
    TOWN_PEOPLE_OF,
    DemoError,
    Event,
    World,
    at_its_end,
    build,
    install,
    last_day,
    life,
    said,
)
from dashboard.demo_figures import FOLLOWS, months
from dashboard.demo_measures import as_moved, change_day, re_dated
from dashboard.demo_places import SERVICES
from dashboard.demo_words import GENERAL, OBSTACLES
from dashboard.geo import outlines
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.lights import SEVERITY, Standing, light, rule_of
from dashboard.models import Meta, PointVisit, Progress, Reading, Return, ReturnEvent, Station, StationEvent
from dashboard.periods import Period, of, previous
from dashboard.queries import (
    definition_changes,
    definitions,
    measures,
    meetings,
    point_visits,
    points,
    progress,
    readings,
    responsible_lights,
    station_events,
    stations,
    targets,
)
from dashboard.readouts.returned import returning
from dashboard.returning import due_day, last_due_period_end
from dashboard.snapshots import snapshot
from dashboard.startup import OUTLINES, Stores, prepare, prepare_as_it_is, world
from dashboard.store import SYSTEM, Draft, FactDraft, Store, accept, open_store, receive
from serving import command

END = last_day(DEMO_UNTIL)
NOW = AsOf(END)
LAST = previous(of("month", END))
EVENTS = life(END)
JANUARY = date(2025, 1, 31)
YEAR_TO_DATE = "town_documents_count"


def rows(store: Store, statement: Any) -> list[Any]:
    """What a statement answers, asked past the product's own questions."""
    with store.engine.connect() as connection:
        return list(connection.execute(statement))


def events(what: str) -> list[Event]:
    found = [e for e in EVENTS if e.what == what]
    assert found, what
    return found


def units(catalogue: Catalogue) -> list[str]:
    return [u.code for u in catalogue.units]


def reported(catalogue: Catalogue) -> list[Indicator]:
    """What a county can report."""
    return [d for d in catalogue.indicators.values() if d.expected_reporters == "units"]


@pytest.fixture(scope="module")
def start(catalogue: Catalogue) -> World:
    """What the demo starts from."""
    return world(catalogue, outlines(OUTLINES))


Figures = dict[tuple[str, str], dict[date, float]]


@pytest.fixture(scope="module")
def figures(demo: Store) -> Figures:
    """The figures that count on the last day, published ones apart: by indicator and organisation, by period end."""
    found: Figures = defaultdict(dict)
    frame = readings(demo.engine, NOW, latest=False)
    for row in frame[frame["kind"] == "readings"].itertuples():
        found[str(row.indicator), str(row.organisation)][row.period_end] = float(row.value)
    return found


# --- how it is made ---------------------------------------------------------------------------------


def opened(home: Path, day: date, **environ: str) -> Stores:
    return prepare(settings({"DASHBOARD_HOME": str(home), **environ}), Clock(day))


def close(stores: Stores) -> None:
    for store in stores.by_data.values():
        store.engine.dispose()


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo's home, to be written to."""
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


def stationed(unit: str) -> Draft:
    """A return of a county."""
    month = of("month", END)
    values = {
        "indicator": "stations_count",
        "organisation": unit,
        "period_start": month.start,
        "period_end": month.end,
        "grain": month.grain,
        "value": 40.0,
        "qualifier": "eq",
    }
    return Draft("readings", unit, "return.csv", b"40", [FactDraft("reading", values)], month)


def test_the_demo_opens_first_until_a_unit_has_handed_in_figures_of_its_own(home):
    stores = opened(home, END + timedelta(days=9))
    assert stores.opens_with == "demo"
    accept(stores["live"], SYSTEM, receive(stores["live"], SYSTEM, stationed("350581")))

    assert stores.opens_with == "live"
    close(stores)
    insisting = opened(home, END + timedelta(days=9), DASHBOARD_DEFAULT_DATA="demo")
    assert insisting.opens_with == "demo"
    close(insisting)


def test_without_the_demo_there_is_one_store_and_it_opens_first(home):
    stores = opened(home, END + timedelta(days=9), DASHBOARD_DEMO="off")

    assert (list(stores.by_data), stores.opens_with) == (["live"], "live")
    close(stores)


def test_a_demo_older_than_the_last_complete_month_is_made_anew_at_the_start_and_not_by_a_question(home):
    later = END + timedelta(days=40)
    stores = prepare_as_it_is(settings({"DASHBOARD_HOME": str(home)}), Clock(later))
    assert stores["demo"].today() == END
    close(stores)
    stores = opened(home, later)

    assert stores["demo"].today() == of("month", later).start - timedelta(days=1)
    assert rows(stores["demo"], select(func.max(Reading.period_end))) == [(END,)]
    close(stores)


def test_its_today_is_its_own_last_day_even_while_it_is_made_anew(home, catalogue, tmp_path):
    store = at_its_end(open_store(f"sqlite:///{home / 'demo.sqlite'}", "demo"))
    assert store.today() == END
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}", "demo")
    with other.engine.begin() as connection:
        connection.execute(update(Meta).values(until=date(2027, 2, 28)))
    install(other.engine, store.engine)

    assert store.today() == date(2027, 2, 28)
    for each in (store, other):
        each.engine.dispose()


@pytest.fixture
def target(store_url: str, demo_home: Path) -> Iterator[Store]:
    """A demo that may be written to, once on each database."""
    made = open_store(f"sqlite:///{demo_home / 'demo.sqlite'}", "demo")
    store = open_store(store_url, "demo")
    install(made.engine, store.engine)
    yield store
    for each in (made, store):
        each.engine.dispose()


def test_whoever_reads_while_it_is_made_anew_sees_the_old_or_the_new_and_never_half(
    target, store_url, catalogue, tmp_path
):
    new = open_store(f"sqlite:///{tmp_path / 'new.sqlite'}", "demo", Clock(FIRST))
    seed_catalogue(new, catalogue)
    reader = open_store(store_url, "demo")
    whole = select(
        select(Meta.store_id).scalar_subquery(),
        *(select(func.count()).select_from(t).scalar_subquery() for t in (Reading, Return, Progress)),
    )
    seen = []

    def look(*_: object) -> None:
        seen.extend(map(tuple, rows(reader, whole)))

    look()
    event.listen(target.engine, "after_cursor_execute", look)
    install(new.engine, target.engine)
    event.remove(target.engine, "after_cursor_execute", look)
    look()

    assert len(seen) > 20
    assert set(seen[:-1]) == {seen[0]}
    assert seen[-1] == tuple(rows(new, whole)[0])
    assert seen[-1] != seen[0]
    for each in (new, reader):
        each.engine.dispose()


def test_the_next_return_gets_in_after_the_rows_were_put_in_place_with_their_ids(target):
    before = rows(target, select(func.max(Return.id)))[0][0]
    return_id = receive(target, SYSTEM, stationed("350581"))
    accept(target, SYSTEM, return_id)

    assert return_id > before
    assert rows(target, select(Reading.value).where(Reading.return_id == return_id)) == [(40.0,)]


def test_too_early_a_month_is_refused_in_a_sentence_that_names_the_first_one(start, tmp_path):
    early = EARLIEST_UNTIL - timedelta(days=1)
    with pytest.raises(DemoError, match=rf"^演示数据最早做到 {EARLIEST_UNTIL:%Y-%m}，请用 --until"):
        build(start, early, tmp_path)


def test_a_unit_nobody_can_place_is_named_with_the_way_out(start, tmp_path):
    people = {code: n for code, n in start.people.items() if code != "350582"}
    known = {f.name: getattr(start, f.name) for f in fields(World)}
    with pytest.raises(DemoError, match=r"^晋江市没有人口数或轮廓，.*DASHBOARD_DEMO=off。$"):
        build(World(**{**known, "people": people}), EARLIEST_UNTIL, tmp_path)


OWN_FILES = {
    "indicators.yaml": "new_things_count:\n  title: 新事项\n  title_en: New things\n  definition: 新增的事项数。\n"
    "  domain: 减负\n  measured_in: 项\n  kind: stock\n  decimals: 0\n  direction: down\n  cadence: month\n"
    "  return_day: 5\n  owner: D-SWB\n  expected_reporters: units\n  valid_from: '2025-03-01'\n",
    "lists.yaml": "'own':\n  title: 正式清单\n  official: true\n  valid_from: '2025-04-01'\n  aspects: 1\n"
    "  projects: 1\n  measures: 1\n  counts_source: 文件\n  counts_published_on: '2025-04-01'\n"
    "  counts_source_grade: A\n",
    "measures.csv": "list,number,direction,aspect,project,text,target,start,due,standing,scope,"
    "evidence_indicator,note\nown,1-1-1,聚力,方面,项目,做一件事。,,2025-04-10,2026-03-31,0,county,,\n",
    "assignments.csv": "list,measure,organisation,role,due\nown,1-1-1,350581,responsible,\n",
}


def test_an_installations_own_indicator_and_list_are_part_of_its_demo_and_make_it_anew(home):
    (home / "catalogue").mkdir()
    for name, content in OWN_FILES.items():
        (home / "catalogue" / name).write_text(content, encoding="utf-8")
    stores = prepare_as_it_is(settings({"DASHBOARD_HOME": str(home)}), Clock(EARLIEST_UNTIL + timedelta(40)))
    demo, until = stores["demo"], last_day(EARLIEST_UNTIL)

    assert demo.today() == until
    found = rows(demo, select(Reading.period_end).where(Reading.indicator == "new_things_count"))
    assert {day for (day,) in found} == {
        m.end for m in months(date(2025, 3, 1), previous(of("month", until)).end)
    }
    assert {tuple(r) for r in rows(demo, select(Progress.list_version, Progress.organisation))} == {
        ("own", "350581")
    }
    close(stores)


# --- figures ----------------------------------------------------------------------------------------


def test_all_units_return_every_indicator_they_can_since_july_2024_but_for_the_silent(demo, catalogue):
    silent = {(e.unit, e.month.end) for e in events("silent")}
    void = {(e.unit, e.month.end, "microwish_events_count") for e in events("void")}
    owed = {
        (d.indicator, unit, period.end, period.grain)
        for d in reported(catalogue)
        for unit in units(catalogue)
        for month in months(FIRST, LAST.end)
        if (period := of(d.cadence, month.end)).end == month.end
        and (unit, month.end) not in silent
        and (unit, month.end, d.indicator) not in void
    }
    frame = readings(demo.engine, NOW, organisations=units(catalogue), latest=False)
    frame = frame[frame["kind"] == "readings"]
    columns = [frame[name] for name in ("indicator", "organisation", "period_end", "grain")]

    assert date(2024, 7, 1) == FIRST
    assert set(zip(*columns, strict=True)) == owed


def test_monthly_quarterly_half_yearly_and_year_to_date_figures_are_among_them(demo, catalogue, figures):
    grains = Counter(
        g for (g,) in rows(demo, select(Reading.grain).join(Return).where(Return.kind == "readings"))
    )
    since_new_year = [d.indicator for d in reported(catalogue) if d.since == "year"]

    assert set(grains) == {"month", "quarter", "half", "year"}  # the last one: residents of towns
    assert since_new_year == [YEAR_TO_DATE]
    for unit in units(catalogue):
        own = figures[YEAR_TO_DATE, unit]
        for day, value in own.items():
            before = own.get(of("month", day).start - timedelta(days=1))
            if before is not None:
                assert (value < before) if day.month == 1 else (value >= before), (unit, day)


def test_residents_and_three_indicators_are_returned_by_town_and_never_exceed_their_unit(
    demo, catalogue, figures
):
    by_town = {d.indicator for d in catalogue.indicators.values() if d.town_level}
    parent = {o.code: o.parent_code for o in catalogue.organisations if o.level == "town" and not o.note}
    sums: dict[tuple[str, str, date], float] = Counter()
    for (indicator, organisation), own in figures.items():
        for day, value in own.items():
            if organisation in parent:
                sums[indicator, parent[organisation], day] += value

    assert len(by_town) == 4
    assert {i for i, o in figures if o in parent} == by_town
    with_towns = set(parent.values()) & set(units(catalogue))
    assert {u for _, u, day in sums if day == previous(LAST, 2).end} == with_towns
    people = select(Reading.organisation, Reading.value).where(
        Reading.indicator == POPULATION, Reading.period_end == TOWN_PEOPLE_OF
    )
    counted = dict(rows(demo, people))
    most = {k: counted[k[1]] if k[0] == POPULATION else figures[k[:2]][k[2]] for k in sums}
    assert [key for key, total in sums.items() if total > most[key]] == []
    assert {key[1] for key in sums if key[0] == POPULATION} == with_towns


def published(catalogue: Catalogue) -> Iterator[tuple[str, float, str]]:
    """What was printed of the city for January 2025 and counties can report, as it stands in the file."""
    with (DATA / "published" / "published_figures.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            by_units = catalogue.indicators[row["indicator"]].expected_reporters == "units"
            if by_units and row["value"] and (row["unit_code"], row["period"]) == (CITY, "2025-01"):
                yield row["indicator"], float(row["value"]), row["qualifier"]


def city(figures: Figures, catalogue: Catalogue, indicator: str, day: date) -> float | None:
    """The sum of the units; None when one of them has no figure of that day."""
    values = [figures[indicator, unit].get(day) for unit in units(catalogue)]
    return None if None in values else sum(v for v in values if v is not None)


def test_the_units_of_january_2025_add_up_to_what_was_printed_of_the_city(figures, catalogue):
    printed = list(published(catalogue))
    for indicator, value, qualifier in printed:
        total = city(figures, catalogue, indicator, JANUARY)
        assert total is not None, indicator
        low, high = {"eq": (1, 1), "ge": (1, 1.02), "approx": (0.97, 1.03)}[qualifier]
        assert value * low <= total <= value * high, indicator

    assert {"eq", "ge"} <= {qualifier for _, _, qualifier in printed}


def test_no_unit_is_the_citys_share_by_population(demo, figures, catalogue):
    frame = readings(demo.engine, NOW, indicators=[POPULATION], organisations=units(catalogue))
    people = dict(zip(frame["organisation"], frame["value"], strict=True))
    printed = {indicator: value for indicator, value, _ in published(catalogue)}
    monthly = [d.indicator for d in reported(catalogue) if d.cadence == "month"]
    divided = [
        (indicator, unit)
        for indicator in monthly
        for unit in units(catalogue)
        for total in (city(figures, catalogue, indicator, JANUARY), printed.get(indicator))
        if total is not None
        and figures[indicator, unit][JANUARY] == round(total * people[unit] / sum(people.values()))
    ]

    assert len(people) == 13
    assert divided == []


def test_a_part_is_never_larger_than_its_whole(figures, catalogue):
    pairs = [(d.indicator, whole) for d in reported(catalogue) if (whole := d.share_of or d.part_of)]
    checked = 0
    for part, whole in pairs:
        for unit in units(catalogue):
            for day, value in figures[part, unit].items():
                bounds = [v for d, v in figures[whole, unit].items() if d <= day]
                checked += bool(bounds)
                assert not bounds or value <= bounds[-1], (part, unit, day)

    assert len(pairs) == 3
    assert checked > 500


def test_town_posts_are_not_more_than_towns_and_visits_are_counted_at_events(figures, catalogue):
    towns = Counter(o.parent_code for o in catalogue.organisations if o.level == "town" and not o.note)
    for unit in units(catalogue):
        posts = figures["town_social_work_stations_count", unit]
        assert max(posts.values()) <= towns[unit], unit
        for followed, leader in FOLLOWS.items():
            for day, events_held in figures[leader, unit].items():
                assert bool(figures[followed, unit][day]) == bool(events_held), (followed, unit, day)


def test_no_indicator_is_frozen(figures, catalogue):
    """The city moves in many of its steps, taken over the units that are there in both periods."""
    for d in reported(catalogue):
        days = sorted({day for u in units(catalogue) for day in figures[d.indicator, u]})
        moved = 0
        for before, day in pairwise(days):
            both = [u for u in units(catalogue) if {before, day} <= figures[d.indicator, u].keys()]
            moved += sum(figures[d.indicator, u][day] - figures[d.indicator, u][before] for u in both) != 0
        assert moved >= 0.4 * (len(days) - 1), d.indicator


def test_no_larger_figure_of_a_unit_stands_still_for_a_year(figures, catalogue):
    """Visits are counted at events, and may wait for the next one."""
    for d in (d for d in reported(catalogue) if d.cadence == "month" and d.indicator not in FOLLOWS):
        for unit in units(catalogue):
            own = [value for _, value in sorted(figures[d.indicator, unit].items())]
            longest = max(len(list(same)) for _, same in groupby(own))
            assert own[-1] < 80 or longest <= 12, (d.indicator, unit)


def test_no_figure_leaps(figures, catalogue):
    """Stocks move by little, cumulative figures never fall; the definition that changed is a step of its own."""
    for d in reported(catalogue):
        for unit in units(catalogue):
            own = sorted(figures[d.indicator, unit].items())
            assert min(value for _, value in own) >= 0
            for (_, before), (day, value) in pairwise(own):
                step = value - before
                if d.kind == "cumulative" and d.since != "year":
                    assert step >= 0, (d.indicator, unit, day)
                if d.kind == "stock" and (d.indicator, of("month", day)) != (
                    NARROWED,
                    of("month", NARROWED_FROM),
                ):
                    assert abs(step) <= max(2, 0.15 * before), (d.indicator, unit, day)


def test_what_is_a_burden_grows_lighter_and_the_rest_grows(figures, catalogue):
    for d in reported(catalogue):
        own = [
            total
            for day in sorted({day for u in units(catalogue) for day in figures[d.indicator, u]})
            if (total := city(figures, catalogue, d.indicator, day)) is not None
        ]
        if d.kind == "stock" and d.direction == "down":
            assert own[-1] < 0.95 * own[0], d.indicator
        if d.kind == "cumulative" and d.since != "year":
            assert own[-1] > 1.1 * own[0], d.indicator


def test_one_unit_hands_in_a_lower_bound_and_one_an_approximate_figure(demo):
    found = rows(
        demo,
        select(Reading.qualifier, func.count())
        .join(Return)
        .where(Return.kind == "readings")
        .group_by(Reading.qualifier),
    )

    assert {q for q, _ in found} == {"eq", "ge", "approx"}
    assert dict(map(tuple, found))["eq"] > 0.95 * sum(n for _, n in found)


def test_targets_are_set_each_year_for_the_city_and_all_units(demo, catalogue):
    wanted = [d for d in reported(catalogue) if d.overview_rank]
    for year in range(2025, END.year + 1):
        day = min(END, date(year, 12, 31))
        found = year_targets(demo, day, [CITY, *units(catalogue)])
        for d in wanted:
            own = [found[d.indicator, u] for u in units(catalogue)]
            assert found[d.indicator, CITY] == sum(own), d.indicator
        assert not year_targets(demo, date(year, 1, 5), [CITY])


def year_targets(demo, day, organisations):
    """The targets of the year of the day, as they are known on it, by indicator and organisation."""
    rows = targets(demo.engine, AsOf(day), organisations).itertuples()
    return {(r.indicator, r.organisation): r.value for r in rows if r.period_end.year == day.year}


def test_targets_are_within_reach_and_not_a_matter_of_course(demo, catalogue, figures):
    """At the end of the year some units have reached their targets, and some have not."""
    day = date(END.year - 1, 12, 31)
    reached = Counter(
        figures[indicator, unit][day] >= value
        for (indicator, unit), value in year_targets(demo, day, units(catalogue)).items()
        if catalogue.indicators[indicator].direction == "up" and day in figures[indicator, unit]
    )

    assert min(reached[True], reached[False]) > 0.15 * reached.total()


def test_there_is_a_meeting_in_every_quarter(demo):
    held = meetings(demo.engine, NOW)
    own = held[held["source"] == "演示数据"]
    quarters = {of("quarter", day) for day in own["held_on"]}

    assert {
        of("quarter", m.end) for m in months(date(2025, 3, 1), previous(of("quarter", END)).end)
    } <= quarters
    assert all("演示" in title for title in own["title"])


# --- what real life contains ------------------------------------------------------------------------

EVENT_KINDS = {
    "late", "silent", "corrected", "overstated", "void", "withdrawn", "sent_back", "definition"
}  # fmt: skip


@pytest.mark.parametrize("end", [last_day(EARLIEST_UNTIL), END, date(2028, 6, 30)])
def test_the_list_of_events_holds_every_kind_and_each_falls_into_the_demo(end):
    found = life(end)

    assert {e.what for e in found} == EVENT_KINDS
    assert all(e.month.start >= FIRST and e.month.end < end and e.day <= end for e in found)
    assert len({(e.what, e.unit, e.month) for e in found}) == len(found)


def returns(store: Store, event_: Event, **conditions: Any) -> list[Any]:
    """Returns of the unit for the month of an event, as they came in; of the units figures, of others progress."""
    own = (Return.organisation == event_.unit, Return.period_end == event_.month.end, Return.grain == "month")
    more = (getattr(Return, name) == value for name, value in conditions.items())
    return rows(store, select(Return.__table__).where(*own, *more).order_by(Return.id))


def test_whoever_is_late_comes_on_the_day_that_is_listed_after_the_return_day(demo):
    for late in events("late"):
        for kind in ("readings", "progress"):
            first = min(r.known_on for r in returns(demo, late, kind=kind, state="accepted"))
            assert first == late.day > due_day(late.month, 5), (late, kind)


def test_everybody_else_is_in_time(demo):
    late = {(e.unit, e.month.end) for e in EVENTS if e.what in ("late", "withdrawn", "sent_back")}
    found = rows(
        demo,
        select(Return.organisation, Return.period_start, Return.period_end, func.min(Return.known_on))
        .where(Return.kind.in_(("readings", "progress")), Return.state == "accepted", Return.grain == "month")
        .group_by(Return.kind, Return.organisation, Return.period_start, Return.period_end),
    )
    tardy = {
        (organisation, end)
        for organisation, begin, end, on in found
        if on > due_day(Period(end, begin, "month"), 5)
    }

    assert tardy <= late


def test_the_silent_have_handed_in_nothing_for_the_month_ever(demo):
    for silent in events("silent"):
        assert returns(demo, silent) == [], silent
        assert silent.day > due_day(silent.month, 5)


def test_the_strip_of_the_last_month_holds_returned_late_and_silent_units_and_one_silent_for_two(
    demo, catalogue
):
    strip = returning(demo.engine, NOW, catalogue)

    assert strip.period == LAST
    assert {u.code for u in strip.units if u.state == "late"} == {
        e.unit for e in events("late") if e.month == LAST
    }
    assert strip.count("returned") > 6
    assert min(strip.count("late"), strip.count("silent")) >= 2
    assert [u.silent_for for u in strip.units if u.state == "silent"] == [1, 2]


def test_a_department_is_silent_as_well(demo, catalogue):
    assert [e.unit for e in events("silent") if e.month == LAST and e.unit not in units(catalogue)] != []


def value(store: Store, day: date, indicator: str, unit: str, period: Period) -> float | None:
    frame = readings(store.engine, AsOf(day), indicators=[indicator], organisations=[unit], latest=False)
    found = frame[frame["period_end"] == period.end]["value"]
    return None if found.empty else float(found.iloc[0])


def test_corrected_figures_count_from_the_day_of_their_correction(demo):
    for corrected in events("corrected"):
        first, second = returns(demo, corrected, kind="readings", state="accepted")
        assert second.known_on == corrected.day
        changed = rows(demo, select(Reading.indicator).where(Reading.return_id == second.id))
        assert len(changed) == 2
        for (indicator,) in changed:
            place = (indicator, corrected.unit, corrected.month)
            before, after = (value(demo, d, *place) for d in (corrected.day - timedelta(1), corrected.day))
            wrong = rows(
                demo,
                select(Reading.value).where(
                    Reading.return_id == first.id,
                    Reading.indicator == indicator,
                    Reading.organisation == corrected.unit,
                ),
            )
            assert [(before,)] == [tuple(w) for w in wrong]
            assert after is not None
            assert after > before


def test_one_correction_is_of_the_last_month_but_one_and_one_of_an_old_month(demo):
    ages = sorted((e.day - e.month.end).days for e in events("corrected"))

    assert ages[0] < 31
    assert ages[-1] > 150


def test_overstated_progress_is_told_as_it_is_from_the_day_of_its_correction(demo):
    for event_ in events("overstated"):
        first, second = returns(demo, event_, kind="progress", state="accepted")
        assert second.known_on == event_.day
        said_ = select(Progress.measure, Progress.percent, Progress.status)
        ((measure, right, status),) = rows(demo, said_.where(Progress.return_id == second.id))
        ((_, wrong, same),) = rows(
            demo, said_.where(Progress.return_id == first.id, Progress.measure == measure)
        )
        assert (wrong, same) == (right + 15, status)


def test_since_the_last_meeting_progress_was_corrected(demo, catalogue):
    since = max(day for day in meetings(demo.engine, NOW)["held_on"] if day < END)

    assert any(since < e.day <= END for e in events("overstated"))


def test_a_void_takes_a_figure_away_on_its_day(demo):
    (void,) = events("void")
    place = ("microwish_events_count", void.unit, void.month)
    found = rows(demo, select(Reading.indicator, Reading.organisation, Reading.known_on).where(Reading.void))

    assert [tuple(r) for r in found] == [(place[0], void.unit, void.day)]
    assert value(demo, void.day - timedelta(days=1), *place) is not None
    assert value(demo, void.day, *place) is None
    assert value(demo, NOW.day, place[0], void.unit, of("month", void.month.end + timedelta(days=1)))


def test_a_withdrawn_return_was_ten_times_too_high_until_its_day(demo):
    (gone,) = events("withdrawn")
    (bad,) = rows(demo, select(Return.__table__).where(Return.state == "withdrawn"))
    place = ("volunteers_count", gone.unit, gone.month)
    wrong, absent, right = (value(demo, d, *place) for d in (bad.known_on, gone.day, END))

    assert (bad.organisation, bad.period_end, bad.withdrawn_on) == (gone.unit, gone.month.end, gone.day)
    assert bad.known_on < gone.day
    assert absent is None
    assert right is not None
    assert wrong == 10 * right


def test_a_return_that_was_sent_back_reached_no_figure_and_came_again(demo):
    (back,) = events("sent_back")
    (refused,) = returns(demo, back, kind="readings", state="sent_back")
    said_so = rows(
        demo,
        select(ReturnEvent.reason).where(
            ReturnEvent.return_id == refused.id, ReturnEvent.state == "sent_back"
        ),
    )

    assert refused.seq is None
    assert rows(demo, select(Reading.id).where(Reading.return_id == refused.id)) == []
    assert said_so[0][0] != ""
    assert [r.known_on >= back.day for r in returns(demo, back, kind="readings", state="accepted")] == [True]


def test_a_definition_changes_its_words_on_its_day_and_the_figures_step_down(demo, catalogue, figures):
    (changed,) = events("definition")
    known = {
        day: definitions(demo.engine, AsOf(day)).loc[NARROWED, "definition"]
        for day in (NARROWED_FROM - timedelta(1), NARROWED_FROM)
    }
    told = definition_changes(demo.engine, NOW)
    before = definition_changes(demo.engine, AsOf(changed.day - timedelta(days=1)))
    june, july = (of("month", NARROWED_FROM - timedelta(1)).end, of("month", NARROWED_FROM).end)

    assert len(set(known.values())) == 2
    assert list(zip(told["indicator"], told["valid_from"], strict=True)) == [(NARROWED, NARROWED_FROM)]
    assert before.empty
    assert changed.month == of("month", NARROWED_FROM)
    both = [own for u in units(catalogue) if {june, july} <= (own := figures[NARROWED, u]).keys()]
    assert 0.9 < sum(own[july] for own in both) / sum(own[june] for own in both) < 0.96


# --- the measures -----------------------------------------------------------------------------------


def duties(catalogue: Catalogue) -> set[tuple[str, str]]:
    return {(a.measure, a.organisation) for a in catalogue.assignments if a.role == "responsible"}


def test_all_60_measures_are_reported_on_by_all_who_answer_for_them(demo, catalogue):
    found = {tuple(r) for r in rows(demo, select(Progress.measure, Progress.organisation).distinct())}

    assert found == duties(catalogue)
    assert len({measure for measure, _ in found}) == catalogue.lists[0].measures == 60
    assert {o for _, o in found if o.startswith("D-")} == {
        o for _, o in duties(catalogue) if o.startswith("D-")
    }


def test_every_light_is_on_at_least_three_assignments_on_the_last_day(demo, catalogue):
    lit = responsible_lights(demo.engine, NOW, "2025", catalogue.light_rules, last_due_period_end(END))
    counts = Counter(lit["light"])

    assert {name: counts[name] for name in SEVERITY if name != "not_involved" and counts[name] < 3} == {}


MONTHS = [
    *months(EARLIEST_UNTIL, date(2027, 6, 30))[::2],
    *months(date(2027, 7, 1), date(2033, 12, 31))[::13],
]


@pytest.mark.parametrize("until", [m.label for m in MONTHS])
def test_every_light_is_on_at_least_three_assignments_whatever_the_last_month_is(until, catalogue):
    end = last_day(date.fromisoformat(f"{until}-01"))
    last: dict[tuple[str, str], Any] = {}
    for (organisation, month), own in sorted(said(catalogue, end).items(), key=lambda said: said[0][1]):
        last |= {(step.measure, organisation): step for step in own}
        assert month.end < end
    now = {m.number: m for m in as_moved(catalogue.measures, end)}
    rule, due_end = rule_of(catalogue.light_rules, end), last_due_period_end(end)
    counts: Counter[str] = Counter()
    for duty in (a for a in catalogue.assignments if a.role == "responsible"):
        measure, step = now[duty.measure], last[duty.measure, duty.organisation]
        case = Standing(
            True,
            measure.start,
            duty.due or measure.due,
            measure.standing,
            step.percent,
            step.completed_on,
            step.period.end < due_end,
        )
        counts[light(case, end, rule).light] += 1

    assert {name: counts[name] for name in SEVERITY if name != "not_involved" and counts[name] < 3} == {}
    assert counts["overdue"] + counts["far_behind"] < 0.1 * counts.total()


def test_dates_are_moved_before_they_have_come(catalogue):
    for until in (date(2026, 11, 1), date(2027, 3, 1), date(2028, 6, 1)):
        end = last_day(until)
        moved = re_dated(catalogue.measures, end)
        day = change_day(catalogue.measures, end)
        assert moved
        assert day is not None
        for m in catalogue.measures:
            if m.number in moved:
                changed = m.start if moved[m.number][0] != m.start else m.due
                assert day < changed, m.number
    assert change_day(catalogue.measures, END) is None


def test_progress_goes_forward_and_ends_with_a_day_of_completion(demo):
    columns = (
        Progress.measure,
        Progress.organisation,
        Progress.period_end,
        Progress.percent,
        Progress.status,
        Progress.completed_on,
    )
    course: dict[tuple[str, str], dict[date, Any]] = defaultdict(dict)
    for row in rows(demo, select(*columns).order_by(Progress.period_end, Progress.seq)):
        course[row.measure, row.organisation][row.period_end] = row  # the last word of each month
    undated = 0
    for own in (list(told.values()) for told in course.values()):
        percents = [r.percent for r in own if r.percent is not None]
        assert percents == sorted(percents)
        for r in own:
            assert r.status in ("未启动", "推进中", "已完成", "长期坚持")
            assert (r.status == "已完成") == (r.completed_on is not None)
            assert r.completed_on is None or (r.percent == 100 and r.completed_on <= r.period_end)
            assert (r.status == "长期坚持") == (r.percent is None)
        undated += own[-1].percent == 100 and own[-1].completed_on is None

    assert undated == 3


def test_before_the_start_of_a_measure_it_is_said_to_wait(demo):
    starts = {m.number: m.start for m in measures(demo.engine, NOW, "2025").itertuples()}
    for r in rows(demo, select(Progress.measure, Progress.period_end, Progress.status, Progress.percent)):
        assert (r.status == "未启动") == (r.period_end < starts[r.measure]), r
        assert r.status != "未启动" or r.percent == 0


def test_words_problems_and_next_steps_are_many_and_fit_the_project(demo):
    project = {m.number: m.project for m in measures(demo.engine, NOW, "2025").itertuples()}
    found = rows(demo, select(Progress.measure, Progress.words, Progress.problem, Progress.next_step))
    problems = Counter(r.problem for r in found if r.problem)

    assert set(project.values()) == set(OBSTACLES)
    assert min(len({r.words for r in found}), len(problems), len({r.next_step for r in found})) >= 12
    assert max(problems.values()) < 0.1 * problems.total()
    general = {problem for problem, _ in GENERAL}
    for r in found:
        if r.problem and r.problem not in general:
            assert (r.problem, r.next_step) in OBSTACLES[project[r.measure]]


def test_those_who_lag_say_what_stands_in_the_way(demo, catalogue):
    lit = responsible_lights(demo.engine, NOW, "2025", catalogue.light_rules, last_due_period_end(END))
    told = {(p.measure, p.organisation): p for p in progress(demo.engine, NOW, "2025").itertuples()}
    lagging = lit[lit["light"].isin(["overdue", "far_behind", "behind"])]
    keys = list(zip(lagging["number"], lagging["organisation"], strict=True))

    assert sum(bool(told[key].problem) for key in keys) > 0.6 * len(keys)


# --- places -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def polygons() -> dict[str, Any]:
    """The outlines as they are shipped, by code."""
    content = json.loads(OUTLINES.read_text(encoding="utf-8"))
    return {
        f["properties"]["code"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in content["features"]
    }


def home_of(catalogue: Catalogue, unit: str) -> str:
    """Whose outline a unit lies in: its own, or that of the county around the zone."""
    return catalogue.organisation(unit).within_code or unit


def test_512_stations_of_which_503_stand_inside_their_units_outline_and_9_nowhere(demo, catalogue, polygons):
    found = stations(demo.engine, NOW)
    placed = found[found["lon"].notna()]

    assert (len(found), len(placed), int(found["lon"].isna().sum())) == (512, 503, 9)
    assert list(found["lon"].isna()) == list(found["lat"].isna())
    for s in placed.itertuples():
        assert shapely.contains_xy(polygons[home_of(catalogue, s.unit)], s.lon, s.lat), s.station
    assert {s.unit for s in placed.itertuples()} == set(units(catalogue))
    assert len(set(zip(placed["lon"], placed["lat"], strict=True))) == 503


def test_every_station_has_a_town_of_its_unit_services_hours_operator_and_a_life_line(demo, catalogue):
    parent = {o.code: o.parent_code for o in catalogue.organisations if o.level == "town"}
    after = {
        "planned": "built",
        "built": "opened",
        "opened": "suspended closed",
        "suspended": "opened closed",
    }
    for s in stations(demo.engine, NOW).itertuples():
        assert set(s.services.split()) <= set(SERVICES)
        assert s.services
        assert s.hours
        assert s.operator
        assert parent.get(s.town, "") == (s.unit if s.town else ""), s.station
        life_line = station_events(demo.engine, NOW, s.station)
        names, days = list(life_line["event"]), list(life_line["happened_on"])
        assert names[0] == "planned"
        assert [pair for pair in pairwise(names) if pair[1] not in after[pair[0]].split()] == []
        assert [pair for pair in pairwise(days) if pair[0] >= pair[1]] == []
        assert s.state == names[-1]
        assert days[-1] <= END


def test_stations_are_planned_open_suspended_and_closed(demo):
    states = Counter(stations(demo.engine, NOW)["state"])

    lines = rows(
        demo,
        select(StationEvent.station)
        .where(StationEvent.event == "opened")
        .group_by(StationEvent.station)
        .having(func.count() > 1),
    )

    assert set(states) == {"planned", "opened", "suspended", "closed"}
    assert states["opened"] > 490
    assert len(lines) > 20  # shut for a while and open again


def test_most_open_stations_count_visits_some_do_not_and_no_other_does(demo):
    found = stations(demo.engine, NOW)
    opened_ = found[found["state"] == "opened"]
    counted = [v for v in opened_["visits"] if v is not None]
    ledgers = rows(
        demo, select(Station.station, func.count(Station.visits.distinct())).group_by(Station.station)
    )

    assert 0.8 * len(opened_) < len(counted) < len(opened_)
    assert all(5 < v < 5000 for v in counted)
    assert len(set(counted)) > 100
    assert [v for v in found[found["state"] != "opened"]["visits"] if v is not None] == []
    assert sum(n > 3 for _, n in ledgers) > 300


def test_stations_were_looked_after_on_many_days_never_before_they_opened(demo):
    found = stations(demo.engine, NOW)
    first = select(StationEvent.station, func.min(StationEvent.happened_on)).where(
        StationEvent.event == "opened"
    )
    opened_on = dict(map(tuple, rows(demo, first.group_by(StationEvent.station))))
    days = {s.station: s.checked_on for s in found.itertuples() if s.checked_on is not None}

    assert set(days) == set(opened_on)
    assert all(opened_on[station] <= day <= END for station, day in days.items())
    assert len(set(days.values())) > 50
    ages = sorted((END - day).days for day in days.values())
    assert ages[len(ages) // 2] < 60
    assert ages[-1] > 120


def test_the_figure_of_stations_is_what_the_ledger_says(demo, catalogue, figures):
    line: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for r in rows(demo, select(StationEvent.station, StationEvent.happened_on, StationEvent.event)):
        line[r.station].append((r.happened_on, r.event))
    unit_of = dict(rows(demo, select(Station.station, Station.unit).distinct()))
    for month in months(FIRST, LAST.end):
        opened_ = Counter(
            unit_of[station]
            for station, happened in line.items()
            if (
                max((on, what) for on, what in happened if on <= month.end)
                if any(on <= month.end for on, _ in happened)
                else ("", "")
            )[1]
            == "opened"
        )
        for unit in units(catalogue):
            own = figures["stations_count", unit]
            if month.end in own:
                assert own[month.end] == opened_[unit], (unit, month.label)


def test_12_points_one_by_its_name_and_the_others_numbered_each_with_visits(demo, catalogue, polygons):
    found = points(demo.engine, NOW)
    made = point_visits(demo.engine, NOW)

    assert sorted(found["name"]) == sorted(["磁灶镇", *(f"示例联系点 {n:02d}" for n in range(1, 12))])
    (national,) = found[found["national"]].itertuples()
    assert national.name == "磁灶镇"
    assert catalogue.organisation(national.town).name == "磁灶镇"
    # In the north-west of 晋江, as the town is; the label of 晋江 and 石狮 lie to its south and east.
    assert (round(national.lon, 1), round(national.lat, 1)) == (118.5, 24.8)
    numbers = {m.number for m in catalogue.measures}
    assert list(found[found["lon"].isna()]["point"]) == ["P11"]
    assert list(found["datum"] == "WGS-84") == list(found["lon"].notna())
    located = found[found["lon"].notna()]
    assert list(located["lon_as_given"]) == list(located["lon"])
    for p in found.itertuples():
        inside = shapely.contains_xy(polygons[home_of(catalogue, p.unit)], p.lon, p.lat)
        assert inside or p.point == "P11", p.point
        assert set(p.measures) <= numbers
        own = made[made["point"] == p.point]
        assert len(own) >= 3
        said = own.dropna(subset=["found", "solved"])
        assert len(said) == len(own) or p.point == "P03"
        assert all(said["solved"] <= said["found"])
    last = made.groupby("point")["visited_on"].max()
    assert (demo.today() - last["P07"]).days > 60
    assert made["words"].nunique() >= 10
    assert made["adopted"].nunique() >= 4
    assert all(
        v.visited_on == v.known_on for v in rows(demo, select(PointVisit.visited_on, PointVisit.known_on))
    )


# --- exports ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def zipped(demo: Store, catalogue: Catalogue) -> bytes:
    return snapshot(demo, NOW, catalogue).zipped()


def test_every_row_of_every_file_of_a_snapshot_and_its_manifest_say_that_it_is_the_demo(zipped):
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = [n for n in archive.namelist() if n.endswith(".csv")]
        told = {n: list(csv.reader(io.StringIO(archive.read(n).decode("utf-8-sig")))) for n in names}

    assert manifest["data"] == "demo"
    for name, (head, *lines) in told.items():
        assert head[0] == "data", name
        assert {line[0] for line in lines} <= {"演示数据"}, name
    assert sum(len(lines) for lines in told.values()) > 10_000


def test_both_databases_export_the_same_bytes(demo_home, zipped, catalogue):
    made = open_store(f"sqlite:///{demo_home / 'demo.sqlite'}", "demo")

    assert snapshot(made, NOW, catalogue).zipped() == zipped
    made.engine.dispose()


def test_the_same_month_gives_the_same_bytes_in_any_process(tmp_path):
    """Two builds, two processes, two orders of sets and dictionaries by hash."""
    until = f"{EARLIEST_UNTIL:%Y-%m}"
    files = []
    for seed in ("1", "2"):
        home, out = tmp_path / seed, tmp_path / f"{seed}.zip"
        for arguments in (("demo", "--until", until), ("snapshot", "--data", "demo", "--out", str(out))):
            done = command(home, *arguments, DASHBOARD_DEMO="on", PYTHONHASHSEED=seed)
            assert done.returncode == 0, done.stderr
        files.append(out.read_bytes())

    assert files[0] == files[1]
    assert len(files[0]) > 100_000
