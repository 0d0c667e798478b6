"""What was known on a day, against a slow and obvious model in plain Python, on both databases."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text

from conftest import Clock
from dashboard.knowledge import AsOf, last_progress, newest
from dashboard.models import Progress
from dashboard.periods import parse
from dashboard.queries import last_seq, meetings, progress, readings, returns
from dashboard.store import Actor, Draft, FactDraft, Source, Store, accept, open_store, receive, withdraw

OFFICER = Actor("officer-1", "officer")


def figure(value: float | None, period: str = "2025-03", **columns: Any) -> FactDraft:
    """A reading of 石狮; columns given by name take the place of these."""
    described = parse(period)
    values = {
        "indicator": "volunteers_count",
        "organisation": "350581",
        "period_start": described.start,
        "period_end": described.end,
        "grain": described.grain,
        "value": value,
        "qualifier": "eq",
    }
    return FactDraft("reading", values | columns)


def give(store: Store, *facts: FactDraft, published_on: date | None = None) -> tuple[int, int]:
    """Hand in and accept; returns the id of the return and its seq."""
    source = Source("S1", "报道", "B", "", published_on, "day") if published_on else None
    kind = "published" if source else "readings"
    return_id = receive(store, OFFICER, Draft(kind, "350581", "x.xlsx", b"x", facts, source=source))
    return return_id, accept(store, OFFICER, return_id)


def values(store: Store, day: date, seq: int | None = None, latest: bool = True) -> list[tuple[date, float]]:
    frame = readings(store.engine, AsOf(day, seq), latest=latest)
    return list(zip(frame["period_end"], frame["value"], strict=True))


def said(percent: float | None, period: str, **columns: Any) -> FactDraft:
    """Progress of 石狮 on 1-3-1; columns given by name take the place of these."""
    described = parse(period)
    values = {
        "list_version": "2025",
        "measure": "1-3-1",
        "organisation": "350581",
        "period_start": described.start,
        "period_end": described.end,
        "grain": described.grain,
        "percent": percent,
        "status": "推进中",
        "completed_on": None,
    }
    return FactDraft("progress", values | columns)


def assert_told_alike(store: Store, as_of: AsOf, version: str = "2025", until: date | None = None) -> None:
    """The last progress as it is looked up, and as ``newest`` tells it."""
    chosen = [] if until is None else [Progress.period_end <= until]
    one_expression = newest(Progress, as_of, Progress.list_version == version, *chosen, latest=True)
    with store.engine.connect() as connection:
        told = [
            connection.execute(select(rows).order_by(rows.c.id)).mappings().all()
            for rows in (last_progress(as_of, version, until), one_expression)
        ]
    assert told[0] == told[1]


# --- by example -------------------------------------------------------------------------------------


def test_a_correction_counts_from_its_own_day_on(store, clock):
    clock.set(date(2025, 4, 5))
    give(store, figure(412))
    clock.set(date(2025, 4, 9))
    give(store, figure(421))

    assert values(store, date(2025, 4, 4)) == []
    assert values(store, date(2025, 4, 8)) == [(date(2025, 3, 31), 412.0)]
    assert values(store, date(2025, 4, 9)) == [(date(2025, 3, 31), 421.0)]


def test_a_late_arrival_is_found_among_all_periods_and_is_not_the_latest(store, clock):
    clock.set(date(2025, 5, 5))
    give(store, figure(430, "2025-04"))
    clock.set(date(2025, 5, 6))
    give(store, figure(412, "2025-03"))

    assert values(store, date(2025, 5, 6)) == [(date(2025, 4, 30), 430.0)]
    assert values(store, date(2025, 5, 6), latest=False) == [
        (date(2025, 3, 31), 412.0),
        (date(2025, 4, 30), 430.0),
    ]


def test_an_old_publication_found_late_counts_from_its_day_of_publication(store, clock):
    clock.set(date(2025, 5, 5))
    give(store, figure(400, "2025-02"), published_on=date(2025, 3, 1))

    assert values(store, date(2025, 2, 28)) == []
    assert values(store, date(2025, 3, 1)) == [(date(2025, 2, 28), 400.0)]


def test_a_withdrawn_return_counts_as_never_given_from_that_day_on(store, clock):
    clock.set(date(2025, 4, 5))
    give(store, figure(412))
    clock.set(date(2025, 4, 9))
    wrong, _ = give(store, figure(999))
    clock.set(date(2025, 4, 20))
    withdraw(store, OFFICER, wrong, "报错单位")

    assert values(store, date(2025, 4, 19)) == [(date(2025, 3, 31), 999.0)]
    assert values(store, date(2025, 4, 20)) == [(date(2025, 3, 31), 412.0)]


def test_a_receipt_of_the_morning_still_shows_what_was_withdrawn_in_the_afternoon(store, clock):
    clock.set(date(2025, 4, 5))
    wrong, _ = give(store, figure(999))
    assert withdraw(store, OFFICER, wrong, "报错单位") == 2
    give(store, figure(412))

    today = date(2025, 4, 5)
    assert values(store, today, seq=0) == []
    assert values(store, today, seq=1) == [(date(2025, 3, 31), 999.0)]
    assert values(store, today, seq=2) == []
    assert values(store, today, seq=3) == [(date(2025, 3, 31), 412.0)]


def test_a_void_row_ends_a_value_until_another_is_given(store, clock):
    clock.set(date(2025, 4, 5))
    give(store, figure(412))
    clock.set(date(2025, 4, 6))
    give(store, figure(None, void=True))
    clock.set(date(2025, 4, 7))
    give(store, figure(0))

    assert values(store, date(2025, 4, 5)) == [(date(2025, 3, 31), 412.0)]
    assert values(store, date(2025, 4, 6)) == []
    assert values(store, date(2025, 4, 7)) == [(date(2025, 3, 31), 0.0)]


def test_a_void_newest_period_does_not_let_an_older_one_pass_for_the_latest(store):
    give(store, figure(400, "2025-02"))
    give(store, figure(None, "2025-03", void=True))

    assert values(store, date(2026, 1, 15)) == []
    assert values(store, date(2026, 1, 15), latest=False) == [(date(2025, 2, 28), 400.0)]


def test_the_latest_is_the_newest_period_end_not_after_the_chosen_one(store):
    give(store, figure(400, "2025-02"), figure(412, "2025-03"), figure(430, "2025-04"))
    frame = readings(store.engine, AsOf(date(2026, 1, 15)), until=date(2025, 3, 31))

    assert list(frame["value"]) == [412.0]


def test_of_two_periods_that_end_on_one_day_the_one_accepted_later_is_the_latest(store):
    give(store, figure(1, "2025-Q1"))
    give(store, figure(2, "2025-03"))
    assert values(store, date(2026, 1, 15)) == [(date(2025, 3, 31), 2.0)]
    give(store, figure(3, "2025-Q1"))
    assert values(store, date(2026, 1, 15)) == [(date(2025, 3, 31), 3.0)]


def test_two_periods_of_one_return_that_end_on_one_day_are_told_apart_whatever_their_order(store):
    orders = list(itertools.permutations(["2025-03-31", "2025-03", "2025-Q1"]))
    for number, order in enumerate(orders):
        indicator = f"i{number}"
        give(store, *(figure(1, label, indicator=indicator) for label in order))
    frame = readings(store.engine, AsOf(date(2026, 1, 15)))

    assert len(frame) == len(orders)
    assert len(set(frame["grain"])) == 1


MEETING = FactDraft("meeting", {"held_on": date(2025, 1, 10), "title": "会议", "level": "市", "source": ""})


def test_the_last_progress_is_looked_up_as_the_one_expression_tells_it(store, clock):
    clock.set(date(2025, 4, 3))
    give(store, said(10, "2025-03"), said(5, "2025-Q1"), said(70, "2025-03", measure="1-3-2"))
    clock.set(date(2025, 4, 9))
    give(store, said(12, "2025-03"), said(3, "2025-02"), said(90, "2025-03", list_version="2026"))
    clock.set(date(2025, 5, 2))
    give(store, said(44, "2025-Q1"))
    clock.set(date(2025, 5, 3))
    in_may, _ = give(store, said(30, "2025-04"), said(1, "2025-04", organisation="350582"))
    clock.set(date(2025, 5, 6))
    give(store, said(None, "2025-03", measure="1-3-2", void=True))
    _, seq = give(store, said(33, "2025-04"))
    withdraw(store, OFFICER, in_may, "错报")
    give(store, said(31, "2025-04", organisation="350583"), said(None, "2025-05"))

    days = [date(2025, 4, 3), date(2025, 4, 9), *(date(2025, 5, day) for day in (2, 3, 6)), date(2030, 1, 1)]
    for day in (date(2025, 4, 2), *days):
        for until in (None, 1, seq - 1, seq, seq + 1):
            for version in ("2025", "2026", "2027"):
                assert_told_alike(store, AsOf(day, until), version)
        for end in (date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 29)):
            assert_told_alike(store, AsOf(day), "2025", end)
    told = [progress(store.engine, AsOf(day), "2025") for day in days]
    assert [
        list(frame["percent"].astype(object).where(frame["percent"].notna(), None)) for frame in told
    ] == [
        [10, 70],
        [12, 70],
        [44, 70],
        [30, 1, 70],
        [None, 31],
        [None, 31],
    ]


def test_the_last_progress_of_a_year_is_looked_up_as_the_one_expression_tells_it(demo):
    for months in range(0, 18, 2):
        assert_told_alike(demo, AsOf(demo.today() - timedelta(days=30 * months)))
    assert len(progress(demo.engine, AsOf(demo.today()), "2025")) == 519


def test_what_the_shipped_catalogue_says_is_known_on_every_day(store):
    draft = Draft("catalogue", "350500", "catalogue.json", b"{}", [MEETING])
    accept(store, OFFICER, receive(store, OFFICER, draft))

    assert list(meetings(store.engine, AsOf(date(2025, 1, 9)))["title"]) == []
    assert list(meetings(store.engine, AsOf(date(2025, 1, 10)))["title"]) == ["会议"]


def test_what_the_catalogue_changes_later_counts_from_the_day_of_the_change(store, clock):
    def ship(source: str) -> None:
        values = {**MEETING.values, "source": source}
        draft = Draft("catalogue", "350500", "catalogue.json", b"{}", [FactDraft("meeting", values)])
        accept(store, OFFICER, receive(store, OFFICER, draft))

    def told(day: date) -> list[str]:
        return list(meetings(store.engine, AsOf(day))["source"])

    ship("as first said")
    before = last_seq(store.engine, AsOf(date(2025, 6, 1)))
    clock.set(date(2026, 3, 1))
    ship("as mended")

    assert told(date(2025, 6, 1)) == told(date(2026, 2, 28)) == ["as first said"]
    assert told(date(2026, 3, 1)) == ["as mended"]
    assert last_seq(store.engine, AsOf(date(2025, 6, 1))) == before
    assert last_seq(store.engine, AsOf(date(2026, 3, 1))) == before + 1
    assert list(returns(store.engine, AsOf(date(2026, 2, 28)))["seq"]) == [before]


def test_what_an_officer_added_to_the_catalogue_is_known_from_that_day_on(store):
    give(store, MEETING)

    assert list(meetings(store.engine, AsOf(date(2026, 1, 14)))["title"]) == []
    assert list(meetings(store.engine, AsOf(date(2026, 1, 15)))["title"]) == ["会议"]


# --- against the model ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """A return as the model remembers it."""

    facts: tuple[tuple[str, str, str, float | None], ...]  # indicator, organisation, period, value or void
    seq: int
    known_on: date
    return_id: int
    withdrawn_on: date | None = None
    withdrawn_seq: int | None = None

    def counts(self, day: date, seq: int) -> bool:
        if self.known_on > day or self.seq > seq:
            return False
        if self.withdrawn_on is None or self.withdrawn_seq is None:
            return True
        return not (self.withdrawn_on <= day and self.withdrawn_seq <= seq)


Answer = set[tuple[str, str, date, str, float, int]]


def expected(book: Iterable[Given], day: date, seq: int, until: date, latest: bool) -> Answer:
    """Read the book from its first page to its last; a later page wins over an earlier one."""
    winners: dict[tuple[Any, ...], tuple[date, str, float | None, int]] = {}
    for page in sorted(book, key=lambda g: g.seq):
        if not page.counts(day, seq):
            continue
        for indicator, organisation, label, value in page.facts:
            period = parse(label)
            if period.end > until:
                continue
            key: tuple[Any, ...] = (indicator, organisation)
            if not latest:
                key += (label,)
            standing = winners.get(key)
            if standing is None or period.end >= standing[0]:
                winners[key] = (period.end, period.grain, value, page.seq)
    return {
        (indicator, organisation, end, grain, value, seq)
        for (indicator, organisation, *_), (end, grain, value, seq) in winners.items()
        if value is not None
    }


def answered(frame: pd.DataFrame) -> Answer:
    columns = ["indicator", "organisation", "period_end", "grain", "value", "seq"]
    found = [tuple(r) for r in frame[columns].itertuples(index=False)]
    assert len(set(found)) == len(found)
    return set(found)


FIRST_DAY = date(2025, 4, 1)
# No two of these end on the same day, except the quarter and its last month.
PERIODS = ("2025-01", "2025-02", "2025-03", "2025-Q1", "2025-04-15")

facts = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from(("350581", "350582")),
        st.sampled_from(PERIODS),
        st.one_of(st.none(), st.integers(0, 9).map(float)),  # None: void
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda f: (f[0], f[1], parse(f[2]).end),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("give"), facts),
        st.tuples(st.just("give"), facts),
        st.tuples(st.just("publish"), facts, st.integers(-60, 0)),
        st.tuples(st.just("withdraw"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.integers(1, 3)),
    ),
    min_size=1,
    max_size=14,
)
questions = st.lists(
    st.tuples(
        st.integers(-65, 25),  # day
        st.none() | st.integers(0, 14),  # seq
        st.none() | st.sampled_from([parse(label).end for label in PERIODS]),  # until
    ),
    min_size=3,
    max_size=6,
)
_worlds = itertools.count()


def play(store: Store, clock: Clock, deeds: list[tuple[Any, ...]]) -> tuple[list[Given], str, int]:
    """Do it in the store and note it in the book; indicators are this world's own."""
    world = f"w{next(_worlds)}_"
    clock.set(FIRST_DAY)
    book: list[Given] = []
    first = None
    for deed, *rest in deeds:
        if deed == "wait":
            clock.now += timedelta(days=rest[0])
        elif deed == "withdraw":
            alive = [i for i, g in enumerate(book) if g.withdrawn_seq is None]
            if alive:
                which = alive[rest[0] % len(alive)]
                seq = withdraw(store, OFFICER, book[which].return_id, "x")
                book[which] = replace(book[which], withdrawn_on=store.today(), withdrawn_seq=seq)
        else:
            said = tuple((world + i, o, p, v) for i, o, p, v in rest[0])
            day = store.today() + timedelta(days=rest[1]) if deed == "publish" else None
            drafts = [
                figure(value, label, indicator=indicator, organisation=organisation, void=value is None)
                for indicator, organisation, label, value in said
            ]
            return_id, seq = give(store, *drafts, published_on=day)
            book.append(Given(said, seq, day or store.today(), return_id))
            first = first or seq
    return book, world, first or 1


def hold_against_the_model(
    store: Store, clock: Clock, deeds: list[tuple[Any, ...]], asked: list[tuple[Any, ...]]
) -> None:
    book, world, first = play(store, clock, deeds)
    for days, steps_on, until in asked:
        day = FIRST_DAY + timedelta(days=days)
        seq = None if steps_on is None else first - 1 + steps_on
        for latest in (False, True):
            frame = readings(
                store.engine,
                AsOf(day, seq),
                indicators=[world + "a", world + "b"],
                until=until,
                latest=latest,
            )
            upto = 10**9 if seq is None else seq
            assert answered(frame) == expected(book, day, upto, until or date.max, latest)


@pytest.fixture(scope="module")
def sqlite_world(tmp_path_factory):
    clock = Clock(FIRST_DAY)
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('world')}/live.sqlite", "live", clock)
    yield store, clock
    store.engine.dispose()


@given(deeds=steps, asked=questions)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_sqlite_knows_on_every_day_what_the_model_knows(sqlite_world, deeds, asked):
    hold_against_the_model(*sqlite_world, deeds, asked)


@given(deeds=steps, asked=questions)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_postgresql_knows_on_every_day_what_the_model_knows(postgres_world, deeds, asked):
    hold_against_the_model(*postgres_world, deeds, asked)


@pytest.fixture
def postgres_world(postgres_database):
    clock = Clock(FIRST_DAY)
    store = open_store(postgres_database, "live", clock)
    yield store, clock
    store.engine.dispose()


# --- speed ------------------------------------------------------------------------------------------


def test_a_question_for_one_indicator_is_answered_by_an_index(store):
    units = [f"3505{number:02d}" for number in range(13)]
    months = [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)]
    give(
        store,
        *(
            figure(1, month, indicator=f"i{number}", organisation=unit)
            for number in range(10)
            for unit in units
            for month in months
        ),
    )
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect() as connection, connection.begin():
            connection.execute(text("ANALYZE"))
    asked: list[tuple[str, Any]] = []

    def listen(_connection, _cursor, statement, parameters, _context, _many):
        asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", listen)
    frame = readings(store.engine, AsOf(date(2026, 1, 15)), indicators=["i7"])
    event.remove(store.engine, "before_cursor_execute", listen)
    statement, parameters = next(a for a in asked if a[0].startswith("SELECT"))
    explain = "EXPLAIN " if store.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    with store.engine.connect() as connection:
        plan = "\n".join(str(r) for r in connection.exec_driver_sql(explain + statement, parameters))

    assert len(frame) == 13
    assert "ix_reading_by_indicator" in plan or "ix_reading_by_organisation" in plan, plan
