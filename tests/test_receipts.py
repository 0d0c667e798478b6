"""Receipts, on both databases: one view, one number, and what the number opens is what was seen then."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from dashboard import receipts
from dashboard.knowledge import AsOf
from dashboard.models import AuditEvent
from dashboard.models import Receipt as ReceiptRow
from dashboard.queries import readings
from dashboard.receipts import Receipt, find, keep, spelt
from dashboard.store import (
    SYSTEM,
    Actor,
    Store,
    open_store,
    stamp,
    withdraw,
)
from handing_in import hand_in

VIEWER = Actor("screen", "viewer")
DAY = date(2026, 1, 15)


def kept(store: Store, page: str = "county", as_of: AsOf | None = None, **arguments: str) -> Receipt:
    return keep(store, VIEWER, page, arguments, as_of or AsOf(store.today()), "digest")


def figures(store: Store, as_of: AsOf) -> list[float]:
    found: list[float] = readings(store.engine, as_of)["value"].tolist()
    return found


def rows(store: Store) -> int:
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(ReceiptRow)).scalar_one()


# --- one view, one number ---------------------------------------------------------------------------


def test_a_viewer_gets_a_number_that_opens_page_arguments_day_and_seq(store):
    hand_in(store, 12)
    made = kept(store, unit="350582", indicator="stations_count")

    assert find(store, made.number) == made
    assert (made.data, made.page, made.as_of, made.seq) == ("live", "county", DAY, 1)
    assert made.arguments == (("indicator", "stations_count"), ("unit", "350582"))
    assert (made.catalogue_digest, made.made_at) == ("digest", store.clock())
    assert made.knowledge == AsOf(DAY, 1)


def test_the_same_view_gets_the_same_number_and_the_table_does_not_grow(store, clock):
    hand_in(store, 12)
    first = kept(store, unit="350582", per="10k")
    clock.now += timedelta(hours=3)
    again = kept(store, per="10k", unit="350582")

    assert again == first
    assert rows(store) == 1


def test_whatever_differs_gives_another_number(store):
    hand_in(store, 12)
    plain = kept(store, unit="350582")
    others = [
        kept(store, unit="350581"),
        kept(store, "tasks", unit="350582"),
        kept(store, as_of=AsOf(DAY - timedelta(1)), unit="350582"),
        keep(store, VIEWER, "county", {"unit": "350582"}, AsOf(DAY), "another catalogue"),
    ]
    hand_in(store, 13)
    others.append(kept(store, unit="350582"))

    assert len({plain.number, *(o.number for o in others)}) == rows(store) == 6


def test_what_came_in_later_does_not_change_the_number_of_a_past_day(store, clock):
    hand_in(store, 12)
    past = kept(store, unit="350582")
    clock.set(DAY + timedelta(days=1))
    hand_in(store, 13)

    assert kept(store, as_of=AsOf(DAY), unit="350582") == past


def test_two_who_ask_at_once_get_one_number(store):
    found: list[Receipt] = []
    both = threading.Barrier(2)

    def ask() -> None:
        both.wait()
        found.append(kept(store, unit="350582"))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2
    assert len(set(found)) == rows(store) == 1


def test_a_number_that_another_view_has_already_is_not_given_twice(store):
    mine = kept(store, unit="350582")
    with store.engine.begin() as connection:  # as if the other had been there first
        told: dict[str, Any] = {**vars(mine), "page": "about", "arguments": {}, "number": mine.number}
        del told["data"]
        connection.execute(ReceiptRow.__table__.delete())
        connection.execute(insert(ReceiptRow).values(**told))
    second = kept(store, unit="350582")

    assert second.number != mine.number
    assert find(store, mine.number).page == "about"
    assert kept(store, unit="350582") == second


def test_a_new_receipt_is_an_event_with_its_account_and_role(store):
    made = kept(store, unit="350582")
    kept(store, unit="350582")
    with store.engine.connect() as connection:
        (event,) = connection.execute(select(AuditEvent.__table__)).all()

    assert (event.actor, event.role, event.action, event.subject) == (
        "screen",
        "viewer",
        "receipt",
        made.number,
    )
    assert event.detail == "county"


def test_making_one_leaves_the_stamp_where_it_is(store):
    before = stamp(store)
    kept(store)

    assert stamp(store) == before


# --- what it opens ----------------------------------------------------------------------------------


def test_what_is_accepted_or_withdrawn_later_on_the_same_day_does_not_change_what_it_shows(store):
    first = hand_in(store, 12)
    made = kept(store, unit="350582")
    hand_in(store, 99)
    withdraw(store, SYSTEM, first, "报错")

    assert figures(store, AsOf(DAY)) == [99]
    assert figures(store, made.knowledge) == [12]


def test_a_view_of_the_morning_drawn_before_the_last_return_is_kept_as_it_was_drawn(store):
    hand_in(store, 12)
    drawn = AsOf(DAY, seq=stamp(store).seq)
    hand_in(store, 99)

    assert figures(store, kept(store, as_of=drawn).knowledge) == [12]


def test_a_view_of_a_receipt_gets_the_number_of_that_receipt(store):
    hand_in(store, 12)
    made = kept(store, unit="350582")
    hand_in(store, 99)

    assert kept(store, as_of=made.knowledge, unit="350582") == made


# --- the number -------------------------------------------------------------------------------------


def test_a_number_is_short_begins_with_the_letter_of_its_store_and_holds_no_two_signs_alike(
    store, sqlite_database, clock
):
    demo = open_store(f"{sqlite_database}.demo", "demo", clock)
    live_numbers = [kept(store, unit=str(i)).number for i in range(40)]
    demo_number = kept(demo).number
    demo.engine.dispose()

    assert {n[0] for n in live_numbers} == {"Z"}
    assert demo_number[0] == "Y"
    for number in (*live_numbers, demo_number):
        assert len(number) == 7
        assert set(number[1:]) <= set("23456789CFGHJKMNPQRTVWXY")
        assert spelt(number) == number


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("z7k2m9p", "Z7K2M9P"),
        ("Ｚ７Ｋ２Ｍ９Ｐ", "Z7K2M9P"),
        (" Z7K-2M9 P ", "Z7K2M9P"),
        ("2BSZU0O", "Z852VQQ"),
        ("", ""),
    ],
)
def test_a_number_is_understood_as_people_write_it(written, meant):
    assert spelt(written) == meant


def test_the_letter_tells_the_store():
    assert [receipts.data_of(n) for n in ("Z7K2M9P", "y7k2m9p", "27K2M9P", "K7M2P", "")] == [
        "live",
        "demo",
        "live",
        "",
        "",
    ]


@pytest.mark.parametrize("number", ["Z7K2M9P", "", "Z" * 400, "回执"])
def test_a_number_nobody_was_given_finds_nothing(store, number):
    assert find(store, number) is None
