"""The demo: a year and more of invented life. Every claim is checked against the store by direct queries."""

from __future__ import annotations

import shutil
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
)
from dashboard.geo import outlines
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.models import Meta, Progress, Reading, Return
from dashboard.periods import of, previous
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
