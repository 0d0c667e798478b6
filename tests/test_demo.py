"""The demo: a year and more of invented life. Every claim is checked against the store by direct queries."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from conftest import DEMO_UNTIL, Clock
from dashboard.catalogue import Catalogue, Indicator
from dashboard.config import settings
from dashboard.demo import (
    EARLIEST_UNTIL,
    FIRST,
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
from dashboard.demo_figures import months
from dashboard.demo_measures import as_moved, change_day, re_dated
from dashboard.demo_words import GENERAL, OBSTACLES
from dashboard.geo import outlines
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.lights import SEVERITY, Standing, light, rule_of
from dashboard.models import Meta, Progress, Reading, Return
from dashboard.periods import of, previous
from dashboard.queries import (
    measures,
    progress,
    responsible_lights,
)
from dashboard.returning import last_due_period_end
from dashboard.startup import OUTLINES, Stores, prepare, prepare_as_it_is, world
from dashboard.store import SYSTEM, Draft, FactDraft, Store, accept, open_store, receive

END = last_day(DEMO_UNTIL)
NOW = AsOf(END)
LAST = previous(of("month", END))
EVENTS = life(END)
JANUARY = date(2025, 1, 31)
YEAR_TO_DATE = "town_documents_count"
POPULATION = "resident_population_count"


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


# --- what real life contains ------------------------------------------------------------------------

EVENT_KINDS = {"late", "silent", "corrected", "void", "withdrawn", "sent_back", "definition"}


@pytest.mark.parametrize("end", [last_day(EARLIEST_UNTIL), END, date(2028, 6, 30)])
def test_the_list_of_events_holds_every_kind_and_each_falls_into_the_demo(end):
    found = life(end)

    assert {e.what for e in found} == EVENT_KINDS
    assert all(e.month.start >= FIRST and e.month.end < end and e.day <= end for e in found)
    assert len({(e.what, e.unit, e.month) for e in found}) == len(found)


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
    course: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows(demo, select(*columns).order_by(Progress.period_end)):
        course[row.measure, row.organisation].append(row)
    undated = 0
    for own in course.values():
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
