"""Whose it is: by lead and by responsible organisation, from literals and beside plain SQL on a demo."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from dashboard.knowledge import AsOf
from dashboard.readouts.leads import (
    DueDay,
    by_lead,
    by_responsible,
    shared,
)
from dashboard.readouts.measures import list_readout
from dashboard.store import Store
from small_lists import a_list, duty, measure

DAY = date(2026, 5, 20)
ORDER = ("U1", "U2", "D1", "D2")


def test_leads_stand_in_official_order_and_a_measure_counts_with_each_of_its_leads():
    found = a_list([measure("1-1-1", "done"), measure("1-1-2", "behind")], [])
    leads = {"1-1-1": ("D2",), "1-1-2": ("D2", "D1")}
    rows = by_lead(found, leads, ORDER, DAY)

    assert [(r.organisation, r.total) for r in rows] == [("D1", 1), ("D2", 2)]
    assert {k: n for k, n in rows[1].lights.items() if n} == {"done": 1, "behind": 1}
    assert shared(leads) == 1


def test_what_is_due_next_is_open_and_today_counts():
    found = a_list(
        [measure(n) for n in ("1-1-1", "1-1-2", "1-1-3", "1-1-4")],
        [
            duty("1-1-1", "U1", due=date(2026, 5, 20)),
            duty("1-1-1", "U2", due=date(2026, 9, 30)),
            duty("1-1-2", "U1", due=date(2026, 5, 19), light="overdue"),
            duty("1-1-3", "U1", due=date(2026, 5, 25), light="done"),
            duty("1-1-4", "U1", due=None, light="standing"),
        ],
    )
    (row,) = by_lead(found, {n: ("D1",) for n in ("1-1-1", "1-1-2", "1-1-3", "1-1-4")}, ORDER, DAY)

    assert row.next_due == (DueDay("1-1-1", DAY, 0),)
    assert row.overdue == (DueDay("1-1-2", date(2026, 5, 19), 1),)


def test_the_longest_overdue_comes_first_counted_from_the_earliest_day_missed():
    found = a_list(
        [measure("1-1-1", "overdue"), measure("1-1-2", "overdue")],
        [
            duty("1-1-1", "U1", "overdue", due=date(2026, 5, 10)),
            duty("1-1-2", "U1", "overdue", due=date(2026, 5, 1)),
            duty("1-1-2", "U2", "overdue", due=date(2026, 4, 20)),
        ],
    )
    (row,) = by_lead(found, {"1-1-1": ("D1",), "1-1-2": ("D1",)}, ORDER, DAY)

    assert [(d.number, d.days) for d in row.overdue] == [("1-1-2", 30), ("1-1-1", 10)]


def test_a_lead_sees_who_below_it_is_silent_and_what_waits_for_itself():
    found = a_list(
        [measure("1-1-1", "not_reported", movers=("U2",)), measure("2-2-1", "overdue", movers=("D1", "U1"))],
        [
            duty("1-1-1", "U2", "not_reported", period=None, percent=None),
            duty("1-1-1", "U1"),
            duty("2-2-1", "D1", "overdue", due=date(2026, 5, 1)),
        ],
    )
    one, two = by_lead(found, {"1-1-1": ("D1",), "2-2-1": ("D2",)}, ORDER, DAY)

    assert (one.organisation, one.silent, one.waiting) == ("D1", ("U2",), ("2-2-1",))
    assert (two.organisation, two.silent, two.waiting) == ("D2", (), ())


def test_a_responsible_organisation_has_its_own_assignments_by_light():
    found = a_list(
        [measure("1-1-1"), measure("1-1-2")],
        [
            duty("1-1-1", "D1", "not_reported", period=None),
            duty("1-1-2", "D1", "overdue", due=date(2026, 5, 1)),
            duty("1-1-2", "U1", "done"),
        ],
    )
    unit, department = by_responsible(found, ORDER, DAY)

    assert (unit.organisation, unit.total, unit.next_due) == ("U1", 1, ())
    assert (department.organisation, department.total, department.silent) == ("D1", 2, ("1-1-1",))
    assert {light: n for light, n in department.silent_lights.items() if n} == {"not_reported": 1}
    assert department.next_due == (DueDay("1-1-1", date(2026, 6, 30), 41),)
    assert department.overdue == (DueDay("1-1-2", date(2026, 5, 1), 19),)


def test_of_the_silent_assignments_it_is_counted_which_light_they_bear():
    nothing = {"period": None, "percent": None}
    found = a_list(
        [measure(number) for number in ("1-1-1", "1-1-2", "1-1-3", "1-1-4")],
        [
            duty("1-1-1", "U1", "not_reported", **nothing),
            duty("1-1-2", "U1", "standing", **nothing),
            duty("1-1-3", "U1", "overdue", **nothing),
            duty("1-1-4", "U1", "standing"),
        ],
    )
    (unit,) = by_responsible(found, ORDER, DAY)

    assert unit.silent == ("1-1-1", "1-1-2", "1-1-3")
    assert {light: n for light, n in unit.silent_lights.items() if n} == {
        "not_reported": 1,
        "standing": 1,
        "overdue": 1,
    }


def test_the_thirteen_stand_before_the_departments(catalogue):
    order = catalogue.official_order

    assert order[:13] == tuple(u.code for u in catalogue.units)
    assert order.index("D-OFFICE") < order.index("D-SWB") < order.index("D-YOUTH")
    assert len(order) == len(set(order)) == len(catalogue.organisations)


# --- beside plain SQL --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked(demo_home: Path):
    """The database of the demo, asked without the product."""
    found = sqlite3.connect(f"file:{demo_home / 'demo.sqlite'}?mode=ro", uri=True)
    yield found
    found.close()


def test_each_lead_of_the_demo_has_the_measures_and_the_overdue_ones_the_database_says(
    demo: Store, asked, catalogue
):
    as_of = AsOf(demo.today())
    found = list_readout(demo.engine, as_of, catalogue.light_rules)
    rows = by_lead(found, found.leads, catalogue.official_order, as_of.day)
    led = asked.execute("select organisation, count(*) from assignment where role = 'lead' group by 1")
    overdue = asked.execute(
        """with said as (
             select p.*, row_number() over (partition by p.measure, p.organisation
                                            order by p.period_end desc, p.seq desc) as newest
             from progress p join "return" r on r.id = p.return_id where r.state = 'accepted')
           select l.organisation, count(distinct a.measure), max(julianday(:day) - julianday(coalesce(a.due, m.due)))
           from assignment l
           join assignment a on a.measure = l.measure and a.role = 'responsible'
           join measure m on m.number = a.measure
           left join said s on s.measure = a.measure and s.organisation = a.organisation and s.newest = 1
           where l.role = 'lead' and not m.standing and coalesce(a.due, m.due) < :day
             and (s.completed_on is null or s.completed_on > :day) group by 1""",
        {"day": as_of.day.isoformat()},
    )

    assert {r.organisation: r.total for r in rows} == dict(led.fetchall())
    assert {r.organisation: (len(r.overdue), r.overdue[0].days) for r in rows if r.overdue} == {
        code: (count, int(days)) for code, count, days in overdue.fetchall()
    }
    assert any(r.overdue for r in rows)
