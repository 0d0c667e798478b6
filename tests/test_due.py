"""When: what falls due and what is past its day, from literals and beside plain SQL on a demo."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.knowledge import AsOf
from dashboard.readouts.due import count_of, due_readout
from dashboard.readouts.measures import list_readout
from dashboard.store import Store
from small_lists import a_list, duty, measure

DAY = date(2026, 5, 20)


def in_days(count: int) -> date:
    return DAY + timedelta(days=count)


def test_a_window_holds_its_first_and_its_last_day():
    days = (0, 30, 31, 60, 61, 90, 91)
    found = a_list(
        [measure(f"1-1-{n}", due=in_days(n)) for n in days],
        [duty(f"1-1-{n}", "U1", due=in_days(n)) for n in days],
    )
    told = due_readout(found, {}, DAY)

    assert [[row.days for row in told.within(n)] for n in (30, 60, 90)] == [
        [0, 30],
        [0, 30, 31, 60],
        [0, 30, 31, 60, 61, 90],
    ]
    assert [row.days for row in told.between(30, 60)] == [31, 60]
    assert told.past == ()


def test_this_month_ends_with_its_last_day_and_what_was_missed_in_it_stands_apart():
    days = (-20, -19, -1, 0, 11, 12)  # 30 April, 1 May, 19 May, 20 May, 31 May, 1 June
    found = a_list(
        [measure(f"1-1-{i}") for i, _ in enumerate(days)],
        [
            duty(f"1-1-{i}", "U1", "overdue" if n < 0 else "on_track", due=in_days(n))
            for i, n in enumerate(days)
        ],
    )
    told = due_readout(found, {}, DAY)

    assert [row.due for row in told.this_month] == [date(2026, 5, 20), date(2026, 5, 31)]
    assert [row.due for row in told.past_this_month] == [date(2026, 5, 1), date(2026, 5, 19)]
    assert [row.days for row in told.past] == [-20, -19, -1]


def test_what_is_done_and_what_stands_for_good_falls_due_no_more():
    found = a_list(
        [measure("1-1-1", "done"), measure("1-1-2", "standing", standing=True, due=None)],
        [duty("1-1-1", "U1", "done"), duty("1-1-2", "U1", "standing", due=None)],
    )
    told = due_readout(found, {}, DAY)

    assert (told.ahead, told.past) == ((), ())


def test_a_row_is_a_measure_and_a_day_with_those_who_have_not_delivered_by_it():
    found = a_list(
        [measure("1-1-1")],
        [
            duty("1-1-1", "U1", "behind", percent=20.0),
            duty("1-1-1", "U2", "on_track", percent=60.0),
            duty("1-1-1", "U3", "done", percent=100.0),
            duty("1-1-1", "D1", "not_reported", percent=None, due=date(2026, 8, 31)),
        ],
    )
    first, later = due_readout(found, {"1-1-1": ("D1", "D2")}, DAY).ahead

    assert (first.due, first.days, first.own) == (date(2026, 6, 30), 41, False)
    assert (first.light, first.percent, first.movers) == ("behind", 40.0, ("U1", "U2"))
    assert (later.due, later.own, later.percent, later.movers) == (date(2026, 8, 31), True, None, ("D1",))
    assert first.leads == later.leads == ("D1", "D2")
    assert count_of((first, later)) == 1


# --- beside plain SQL --------------------------------------------------------------------------------

OPEN = """
    with said as (
        select p.*, row_number() over (partition by p.measure, p.organisation
                                       order by p.period_end desc, p.seq desc) as newest
        from progress p join "return" r on r.id = p.return_id where r.state = 'accepted' and p.known_on <= :day)
    select count(distinct a.measure)
    from assignment a join measure m on m.number = a.measure
    left join said s on s.measure = a.measure and s.organisation = a.organisation and s.newest = 1
    where a.role = 'responsible' and not m.standing and coalesce(a.due, m.due) between :first and :last
      and (s.completed_on is null or s.completed_on > :day)
"""


@pytest.fixture(scope="module")
def asked(demo_home: Path):
    """The database of the demo, asked without the product."""
    found = sqlite3.connect(f"file:{demo_home / 'demo.sqlite'}?mode=ro", uri=True)
    yield found
    found.close()


def test_as_many_measures_of_the_demo_fall_due_as_the_database_says(demo: Store, asked, catalogue):
    day = demo.today()
    found = list_readout(demo.engine, AsOf(day), catalogue.light_rules)
    told = due_readout(found, found.leads, day)

    def open_between(first: date, last: date) -> int:
        (count,) = asked.execute(
            OPEN, {"day": day.isoformat(), "first": first.isoformat(), "last": last.isoformat()}
        ).fetchone()
        return int(count)

    for window in (30, 60, 90):
        assert count_of(told.within(window)) == open_between(day, day + timedelta(days=window))
    assert count_of(told.past) == open_between(date(2000, 1, 1), day - timedelta(days=1)) > 0
