"""The doors of the store, on both databases: opening, receiving, accepting, sending back, withdrawing."""

from __future__ import annotations

import math
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, func, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from dashboard.config import ROOT, settings
from dashboard.importers.seed import seed_catalogue
from dashboard.models import FACTS, AuditEvent, Base, Meta, Point, Problem, Reading, Return, ReturnEvent
from dashboard.periods import parse
from dashboard.startup import Stores, prepare
from dashboard.store import (
    Actor,
    DoorError,
    Draft,
    FactDraft,
    ProblemDraft,
    Source,
    Store,
    StoreError,
    accept,
    open_store,
    reachable,
    receive,
    schema_version,
    send_back,
    stamp,
    withdraw,
    writing,
)

KEEPER = Actor("keeper-1", "keeper")
VIEWER = Actor("wall", "viewer")


def reading(value: float | None = 412, organisation: str = "350581", **columns: Any) -> FactDraft:
    """A reading of March 2025; columns given by name take the place of these."""
    march = parse("2025-03")
    values = {
        "indicator": "council_day_estates_count",
        "organisation": organisation,
        "period_start": march.start,
        "period_end": march.end,
        "grain": march.grain,
        "value": value,
        "qualifier": "eq",
    }
    return FactDraft("reading", values | columns, "台账 D7")


def ledger(*facts: FactDraft, problems: Sequence[ProblemDraft] = (), organisation: str = "350581") -> Draft:
    """The ledger of 石狮 for March 2025."""
    return Draft(
        kind="readings",
        organisation=organisation,
        file_name="三月台账.xlsx",
        file_bytes=b"as handed in",
        facts=facts or (reading(),),
        period=parse("2025-03"),
        problems=problems,
    )


NOT_A_NUMBER = ProblemDraft("台账 D7", "应是数字", "四百一十", "请写成 412。")
FALLS = ProblemDraft("台账 D7", "比上月少", "412（上月430）", "请说明原因。", "warning")


def row(store: Store, return_id: int) -> Any:
    with store.engine.connect() as connection:
        return connection.execute(select(Return.__table__).where(Return.id == return_id)).one()


def rows(store: Store, table: type[Base]) -> list[Any]:
    with store.engine.connect() as connection:
        return list(connection.execute(select(table.__table__).order_by(table.__table__.c.id)))


def facts_in(store: Store) -> int:
    """How many rows stand in all fact tables together."""
    with store.engine.connect() as connection:
        counts = (select(func.count()).select_from(table.__table__) for table in FACTS.values())
        return sum(connection.execute(count).scalar_one() for count in counts)


def states(store: Store, return_id: int) -> list[str]:
    return [e.state for e in rows(store, ReturnEvent) if e.return_id == return_id]


def put_in_state(store: Store, state: str, clerk: Actor, officer: Actor) -> int:
    """A return that has come to this state by the way that leads there."""
    problems = [NOT_A_NUMBER] if state == "problems" else []
    return_id = receive(store, clerk, ledger(problems=problems))
    if state in ("accepted", "withdrawn"):
        accept(store, officer, return_id)
    if state == "withdrawn":
        withdraw(store, officer, return_id, "报错单位")
    if state == "sent_back":
        send_back(store, officer, return_id, "请补充说明")
    return return_id


# --- receive ----------------------------------------------------------------------------------------


def test_a_return_without_problems_waits_and_nothing_of_it_reaches_a_fact_table(store, clerk):
    return_id = receive(store, clerk, ledger())

    assert row(store, return_id).state == "waiting"
    assert states(store, return_id) == ["received", "waiting"]
    assert facts_in(store) == 0


def test_a_return_with_an_error_is_kept_with_its_problem_and_does_not_wait(store, clerk):
    return_id = receive(store, clerk, ledger(problems=[NOT_A_NUMBER]))

    assert row(store, return_id).state == "problems"
    assert states(store, return_id) == ["received", "problems"]
    assert facts_in(store) == 0
    (problem,) = rows(store, Problem)
    assert problem[1:] == (return_id, "error", "台账 D7", "应是数字", "四百一十", "请写成 412。", None)


def test_a_warning_is_kept_and_does_not_stop_a_return(store, clerk, officer):
    return_id = receive(store, clerk, ledger(problems=[FALLS]))

    assert row(store, return_id).state == "waiting"
    assert [p.severity for p in rows(store, Problem)] == ["warning"]
    assert accept(store, officer, return_id) == 1


def test_what_a_return_says_of_itself_is_kept(store, clerk):
    found = row(store, receive(store, clerk, ledger()))

    assert (found.kind, found.organisation, found.file_name) == ("readings", "350581", "三月台账.xlsx")
    assert (found.period_start, found.period_end, found.grain) == (
        date(2025, 3, 1),
        date(2025, 3, 31),
        "month",
    )
    assert found.received_at == datetime(2026, 1, 15, 4, tzinfo=UTC)
    assert (found.seq, found.known_on, found.accepted_at) == (None, None, None)


def test_the_hash_is_that_of_the_file_as_handed_in_when_the_kept_copy_is_redacted(store, clerk):
    draft = Draft(
        kind="readings",
        organisation="350581",
        file_name="三月台账.xlsx",
        file_bytes=b"without the telephone column",
        file_sha256="f" * 64,
        facts=[reading()],
    )
    found = row(store, receive(store, clerk, draft))

    assert found.file_sha256 == "f" * 64
    assert found.file_bytes == b"without the telephone column"


def test_a_key_given_twice_in_one_return_is_a_problem_at_both_places(store, clerk, officer):
    first, second = reading(412), FactDraft("reading", reading(413).values, "台账 D9")
    return_id = receive(store, clerk, ledger(first, second))

    assert row(store, return_id).state == "problems"
    assert [(p.severity, p.place, p.rule, p.found, p.advice) for p in rows(store, Problem)] == [
        (
            "error",
            place,
            "同一份报送件里，一个数只能出现一次",
            "council_day_estates_count 350581 2025-03-31 month",
            "请删去重复的一行。",
        )
        for place in ("台账 D7", "台账 D9")
    ]
    with pytest.raises(DoorError):
        accept(store, officer, return_id)


def test_two_periods_of_one_figure_are_no_duplicates(store, clerk):
    quarter = reading(900, period_start=date(2025, 1, 1), grain="quarter")

    assert row(store, receive(store, clerk, ledger(reading(), quarter))).state == "waiting"


# --- who may pass -----------------------------------------------------------------------------------


def test_a_clerk_hands_in_for_the_own_unit_only(store, clerk):
    for fact in (reading(organisation="350582"), reading()):
        with pytest.raises(DoorError) as refused:
            receive(store, clerk, ledger(fact, organisation="350582"))
        assert str(refused.value) == "账户 clerk-shishi 只能报送本单位（350581）的数据。"

    assert rows(store, Return) == []
    assert rows(store, AuditEvent) == []


def test_a_clerk_who_is_bound_to_no_unit_hands_in_nothing(store):
    with pytest.raises(DoorError) as refused:
        receive(store, Actor("clerk-new", "clerk"), ledger(reading(organisation="350500"), organisation=""))

    assert str(refused.value) == "账户 clerk-new 没有绑定单位，不能报送：请管理员先绑定。"


def town(code: str, parent: str, **columns: Any) -> FactDraft:
    values = {
        "code": code,
        "valid_from": None,
        "name": "某镇",
        "short_name": "某镇",
        "name_en": "",
        "level": "town",
        "parent_code": parent,
        "within_code": "",
        "reporting": False,
        "sort_order": 1,
        "note": "",
    }
    return FactDraft("organisation", values | columns)


def test_a_town_that_moved_to_another_unit_is_no_longer_the_clerks(store, clerk):
    for parent in ("350581", "350582"):
        accept(store, KEEPER, receive(store, KEEPER, ledger(town("T1", parent), organisation="350500")))

    with pytest.raises(DoorError, match="不属于本单位"):
        receive(store, clerk, ledger(reading(organisation="T1")))


@pytest.mark.parametrize(
    ("value", "qualifier"),
    [(None, "eq"), (math.nan, "eq"), (math.inf, "ge"), (None, "approx"), (5.0, "unknown")],
)
def test_a_value_its_qualifier_contradicts_never_reaches_a_figure(store, clerk, officer, value, qualifier):
    return_id = receive(store, clerk, ledger(reading(value, qualifier=qualifier)))

    assert row(store, return_id).state == "problems"
    with pytest.raises(DoorError):
        accept(store, officer, return_id)


@pytest.mark.parametrize(
    ("percent", "state"),
    [
        (-5.0, "problems"),
        (120.0, "problems"),
        (math.inf, "problems"),
        (math.nan, "problems"),
        (0.0, "waiting"),
        (100.0, "waiting"),
        (None, "waiting"),
    ],
)
def test_a_percent_that_is_none_never_reaches_a_light(store, clerk, percent, state):
    told = {
        "list_version": "2025",
        "measure": "5-12-1",
        "organisation": "350581",
        "period_start": date(2025, 3, 1),
        "period_end": date(2025, 3, 31),
        "grain": "month",
        "percent": percent,
        "status": "推进中",
        "completed_on": None,
    }
    return_id = receive(store, clerk, ledger(FactDraft("progress", told, "D7")))

    assert row(store, return_id).state == state


@pytest.mark.parametrize(
    ("start", "end", "grain", "state"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), "year", "problems"),
        (date(2027, 6, 1), date(2027, 6, 30), "month", "problems"),
        (date(2026, 1, 1), date(2026, 1, 31), "month", "waiting"),
    ],
)
def test_progress_of_a_month_to_come_is_stopped(store, clerk, start, end, grain, state):
    told = {
        "list_version": "2025",
        "measure": "5-12-1",
        "organisation": "350581",
        "period_start": start,
        "period_end": end,
        "grain": grain,
        "percent": 40.0,
        "status": "推进中",
        "completed_on": None,
    }

    assert row(store, receive(store, clerk, ledger(FactDraft("progress", told, "D7")))).state == state


def test_a_clerk_cannot_carry_a_figure_of_another_unit_inside_the_own_return(store, clerk):
    with pytest.raises(DoorError):
        receive(store, clerk, ledger(reading(), reading(organisation="350582")))


def test_a_clerk_may_carry_figures_of_the_towns_of_the_own_unit(store, clerk, catalogue):
    seed_catalogue(store, catalogue)
    return_id = receive(store, clerk, ledger(reading(), reading(organisation="350581100")))

    assert row(store, return_id).state == "waiting"


@pytest.mark.parametrize(
    ("deed", "refusal"),
    [
        (
            lambda store, actor, waiting: receive(store, actor, ledger()),
            "账户 wall（viewer）无权报送：请由 clerk、officer、keeper 办理。",
        ),
        (
            lambda store, actor, waiting: accept(store, actor, waiting),
            "账户 wall（viewer）无权入库：请由 officer、keeper 办理。",
        ),
        (
            lambda store, actor, waiting: send_back(store, actor, waiting, "x"),
            "账户 wall（viewer）无权退回：请由 officer、keeper 办理。",
        ),
        (
            lambda store, actor, waiting: withdraw(store, actor, waiting, "x"),
            "账户 wall（viewer）无权撤回：请由 officer、keeper 办理。",
        ),
    ],
    ids=["receive", "accept", "send_back", "withdraw"],
)
def test_a_viewer_passes_no_door(store, clerk, deed, refusal):
    waiting = receive(store, clerk, ledger())
    with pytest.raises(DoorError) as refused:
        deed(store, VIEWER, waiting)

    assert str(refused.value) == refusal
    assert len(rows(store, Return)) == 1
    assert row(store, waiting).state == "waiting"
    assert "wall" not in {e.actor for e in rows(store, AuditEvent)}


@pytest.mark.parametrize(
    ("deed", "refusal"),
    [
        (
            lambda store, actor, waiting: accept(store, actor, waiting),
            "账户 clerk-shishi（clerk）无权入库：请由 officer、keeper 办理。",
        ),
        (
            lambda store, actor, waiting: send_back(store, actor, waiting, "x"),
            "账户 clerk-shishi（clerk）无权退回：请由 officer、keeper 办理。",
        ),
        (
            lambda store, actor, waiting: withdraw(store, actor, waiting, "x"),
            "账户 clerk-shishi（clerk）无权撤回：请由 officer、keeper 办理。",
        ),
    ],
    ids=["accept", "send_back", "withdraw"],
)
def test_a_clerk_decides_nothing_not_even_on_the_own_return(store, clerk, deed, refusal):
    waiting = receive(store, clerk, ledger())
    with pytest.raises(DoorError) as refused:
        deed(store, clerk, waiting)

    assert str(refused.value) == refusal
    assert states(store, waiting) == ["received", "waiting"]


def test_a_keeper_passes_every_door_for_every_unit(store):
    first = receive(store, KEEPER, ledger(reading(organisation="350582"), organisation="350582"))
    second = receive(store, KEEPER, ledger())

    assert accept(store, KEEPER, first) == 1
    assert withdraw(store, KEEPER, first, "报错单位") == 2
    send_back(store, KEEPER, second, "请补充说明")
    assert row(store, second).state == "sent_back"


# --- accept -----------------------------------------------------------------------------------------


def test_accepting_sets_seq_moment_and_shanghai_day_from_the_clock_of_the_store(store, clock, clerk, officer):
    return_id = receive(store, clerk, ledger())
    clock.now = datetime(2025, 4, 8, 16, 30, tzinfo=UTC)  # half past midnight of the 9th in Shanghai
    seq = accept(store, officer, return_id)

    found = row(store, return_id)
    assert (found.state, seq, found.seq) == ("accepted", 1, 1)
    assert found.accepted_at == datetime(2025, 4, 8, 16, 30, tzinfo=UTC)
    assert found.known_on == date(2025, 4, 9)


def test_accepted_facts_carry_their_return_its_seq_and_day_and_their_place(store, clerk, officer):
    return_id = receive(store, clerk, ledger())
    accept(store, officer, return_id)

    (fact,) = rows(store, Reading)
    assert (fact.return_id, fact.seq, fact.known_on, fact.place, fact.void) == (
        return_id,
        1,
        date(2026, 1, 15),
        "台账 D7",
        False,
    )
    assert (fact.indicator, fact.organisation, fact.value, fact.qualifier) == (
        "council_day_estates_count",
        "350581",
        412.0,
        "eq",
    )
    assert (fact.period_start, fact.period_end, fact.grain) == (date(2025, 3, 1), date(2025, 3, 31), "month")


def test_a_published_figure_counts_as_known_on_its_day_of_publication(store, officer):
    source = Source("S15", "泉州注册志愿者破百万(东南网)", "B", "", date(2019, 4, 4), "day")
    draft = Draft("published", "350500", "S15.csv", b"S15", [reading(organisation="350500")], source=source)
    return_id = receive(store, officer, draft)
    accept(store, officer, return_id)

    assert row(store, return_id).known_on == date(2019, 4, 4)
    assert row(store, return_id).accepted_at == datetime(2026, 1, 15, 4, tzinfo=UTC)
    assert [f.known_on for f in rows(store, Reading)] == [date(2019, 4, 4)]


def test_only_a_publication_that_no_clerk_hands_in_carries_a_day_of_its_own(store, clerk, officer):
    source = Source("S1", "自拟", "B", "", date(2019, 4, 4), "day")
    for actor, kind in ((officer, "readings"), (clerk, "readings"), (clerk, "published")):
        draft = Draft(kind, "350581", "x.xlsx", b"x", [reading()], source=source)
        with pytest.raises(DoorError) as refused:
            receive(store, actor, draft)
        assert str(refused.value) == ("只有公开数据可以写发布日和来源：单位报送的数，获知日就是入库那一天。")

    assert rows(store, Return) == []


def test_facts_of_several_tables_are_accepted_together(store, officer):
    visit = FactDraft(
        "point_visit",
        {
            "point": "P1",
            "visited_on": date(2025, 3, 5),
            "found": 3,
            "solved": 2,
            "adopted": "",
            "words": "停车",
        },
        "走访 2",
    )
    accept(store, officer, receive(store, officer, ledger(reading(), visit)))

    assert facts_in(store) == 2
    assert [f.place for f in rows(store, FACTS["point_visit"])] == ["走访 2"]


def test_a_failed_acceptance_changes_nothing_and_leaves_no_gap_in_the_numbers(store, clerk, officer):
    good = reading(412)
    bad = reading(413, organisation="350581", indicator="estates_count", qualifier="about")
    return_id = receive(store, clerk, ledger(good, bad))
    before = stamp(store)
    with pytest.raises(DBAPIError):
        accept(store, officer, return_id)

    assert (row(store, return_id).state, row(store, return_id).seq) == ("waiting", None)
    assert row(store, return_id).staged is not None
    assert states(store, return_id) == ["received", "waiting"]
    assert facts_in(store) == 0
    assert stamp(store) == before
    assert accept(store, officer, receive(store, clerk, ledger())) == 1


# --- send back, withdraw ----------------------------------------------------------------------------


def test_nothing_of_a_return_sent_back_reaches_a_fact_table(store, clerk, officer):
    return_id = receive(store, clerk, ledger())
    send_back(store, officer, return_id, "请补充说明")

    assert row(store, return_id).state == "sent_back"
    assert (row(store, return_id).seq, row(store, return_id).known_on) == (None, None)
    assert facts_in(store) == 0


def test_a_withdrawal_takes_a_seq_of_its_own_and_loses_nothing(store, clock, clerk, officer):
    return_id = receive(store, clerk, ledger())
    assert accept(store, officer, return_id) == 1
    clock.set(date(2026, 2, 3))
    assert withdraw(store, officer, return_id, "报错单位") == 2

    found = row(store, return_id)
    assert (found.state, found.seq, found.withdrawn_seq) == ("withdrawn", 1, 2)
    assert (found.known_on, found.withdrawn_on) == (date(2026, 1, 15), date(2026, 2, 3))
    assert facts_in(store) == 1
    assert accept(store, officer, receive(store, clerk, ledger())) == 3


def test_the_stamp_moves_with_acceptance_and_withdrawal_and_with_nothing_else(store, clerk, officer):
    assert (stamp(store).stamp, stamp(store).seq) == (0, 0)
    return_id, other = receive(store, clerk, ledger()), receive(store, clerk, ledger())
    send_back(store, officer, other, "请补充说明")
    assert (stamp(store).stamp, stamp(store).seq) == (0, 0)
    accept(store, officer, return_id)
    assert (stamp(store).stamp, stamp(store).seq) == (1, 1)
    withdraw(store, officer, return_id, "报错单位")
    assert (stamp(store).stamp, stamp(store).seq) == (2, 2)


@pytest.mark.parametrize(
    ("state", "deed", "words"),
    [
        ("problems", "accept", "有问题待改，不能入库"),
        ("problems", "withdraw", "有问题待改，不能撤回"),
        ("waiting", "withdraw", "等待核定，不能撤回"),
        ("accepted", "accept", "已入库，不能入库"),
        ("accepted", "send_back", "已入库，不能退回"),
        ("sent_back", "accept", "已退回，不能入库"),
        ("sent_back", "send_back", "已退回，不能退回"),
        ("sent_back", "withdraw", "已退回，不能撤回"),
        ("withdrawn", "accept", "已撤回，不能入库"),
        ("withdrawn", "send_back", "已撤回，不能退回"),
        ("withdrawn", "withdraw", "已撤回，不能撤回"),
    ],
)
def test_a_return_takes_no_way_but_that_of_its_life(store, clerk, officer, state, deed, words):
    deeds: dict[str, Callable[[int], object]] = {
        "accept": lambda return_id: accept(store, officer, return_id),
        "send_back": lambda return_id: send_back(store, officer, return_id, "x"),
        "withdraw": lambda return_id: withdraw(store, officer, return_id, "x"),
    }
    return_id = put_in_state(store, state, clerk, officer)
    before = row(store, return_id), states(store, return_id), facts_in(store), stamp(store)
    with pytest.raises(DoorError) as refused:
        deeds[deed](return_id)

    assert str(refused.value) == f"报送件 {return_id} {words}。"
    assert (row(store, return_id), states(store, return_id), facts_in(store), stamp(store)) == before


def test_a_return_with_problems_can_be_sent_back(store, clerk, officer):
    return_id = put_in_state(store, "problems", clerk, officer)
    send_back(store, officer, return_id, "请按问题逐条改正")

    assert states(store, return_id) == ["received", "problems", "sent_back"]


def test_a_number_no_return_bears_is_refused_by_every_door(store, officer):
    for deed in (accept, send_back, withdraw):
        with pytest.raises(DoorError) as refused:
            deed(store, officer, 99, "x")
        assert str(refused.value) == "没有编号为 99 的报送件。"


@pytest.mark.parametrize("state", ["problems", "waiting", "accepted", "sent_back", "withdrawn"])
def test_file_hash_problems_and_events_are_kept_in_every_state(store, clerk, officer, state):
    problem = NOT_A_NUMBER if state == "problems" else FALLS
    return_id = receive(store, clerk, ledger(problems=[problem]))
    if state in ("accepted", "withdrawn"):
        accept(store, officer, return_id)
    if state == "withdrawn":
        withdraw(store, officer, return_id, "报错单位")
    if state == "sent_back":
        send_back(store, officer, return_id, "请补充说明")

    found = row(store, return_id)
    assert found.state == state
    assert found.file_bytes == b"as handed in"
    assert found.file_sha256 == "b441961cfd8905396abc340f80516ad49c95294f9b3ccac7747746e1f8158da2"
    assert [p.place for p in rows(store, Problem)] == ["台账 D7"]
    assert states(store, return_id)[0] == "received"
    assert states(store, return_id)[-1] == state


def test_every_event_and_audit_row_bears_moment_actor_role_and_reason(store, clock, clerk, officer):
    first, second = receive(store, clerk, ledger()), receive(store, clerk, ledger())
    clock.set(date(2026, 1, 16))
    accept(store, officer, first, "数字已核对")
    send_back(store, officer, second, "与上月相同，请核对")
    clock.set(date(2026, 1, 17))
    withdraw(store, KEEPER, first, "报错单位")

    noon = [datetime(2026, 1, day, 4, tzinfo=UTC) for day in (15, 16, 17)]
    assert [tuple(e)[1:] for e in rows(store, ReturnEvent)] == [
        (first, "received", noon[0], "clerk-shishi", "clerk", "", None),
        (first, "waiting", noon[0], "clerk-shishi", "clerk", "", None),
        (second, "received", noon[0], "clerk-shishi", "clerk", "", None),
        (second, "waiting", noon[0], "clerk-shishi", "clerk", "", None),
        (first, "accepted", noon[1], "officer-1", "officer", "数字已核对", 1),
        (second, "sent_back", noon[1], "officer-1", "officer", "与上月相同，请核对", None),
        (first, "withdrawn", noon[2], "keeper-1", "keeper", "报错单位", 2),
    ]
    assert [tuple(e)[1:] for e in rows(store, AuditEvent)] == [
        (noon[0], "clerk-shishi", "clerk", "return.received", str(first), ""),
        (noon[0], "clerk-shishi", "clerk", "return.waiting", str(first), ""),
        (noon[0], "clerk-shishi", "clerk", "return.received", str(second), ""),
        (noon[0], "clerk-shishi", "clerk", "return.waiting", str(second), ""),
        (noon[1], "officer-1", "officer", "return.accepted", str(first), "数字已核对"),
        (noon[1], "officer-1", "officer", "return.sent_back", str(second), "与上月相同，请核对"),
        (noon[2], "keeper-1", "keeper", "return.withdrawn", str(first), "报错单位"),
    ]


def test_a_moment_without_its_time_zone_is_refused(store, clock, clerk):
    clock.now = datetime(2026, 1, 15, 12)
    with pytest.raises(StatementError, match="an instant needs its time zone"):
        receive(store, clerk, ledger())

    assert rows(store, Return) == []


# --- two writers at once ----------------------------------------------------------------------------


def committed(engine: Engine) -> list[int]:
    """All numbers a reader can see now."""
    with engine.connect() as connection:
        return sorted(connection.execute(select(Return.seq).where(Return.seq.is_not(None))).scalars())


def assert_gapless_until(done: Callable[[], bool], engine: Engine) -> None:
    """Look on while others write: what is committed is always 1, 2, 3 … without a gap."""
    finished = False
    while not finished:
        finished = done()  # asked before looking, so that the last look sees everything
        seen = committed(engine)
        assert seen == list(range(1, len(seen) + 1))


def test_two_threads_take_fifty_numbers_in_order_of_commit(store, clerk, officer):
    waiting = [receive(store, clerk, ledger()) for _ in range(50)]
    taken: list[list[int]] = [[], []]

    def writer(which: int) -> None:
        for return_id in waiting[which::2]:
            taken[which].append(accept(store, officer, return_id))

    threads = [threading.Thread(target=writer, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    assert_gapless_until(lambda: not any(t.is_alive() for t in threads), store.engine)

    assert sorted(taken[0] + taken[1]) == list(range(1, 51))
    assert taken == [sorted(taken[0]), sorted(taken[1])]
    assert committed(store.engine) == list(range(1, 51))
    assert stamp(store).seq == 50


WRITER = """
import sys
from dashboard.periods import parse
from dashboard.store import Actor, Draft, FactDraft, accept, open_store, receive

store, officer = open_store(sys.argv[1], "live"), Actor(sys.argv[2], "officer")
march = parse("2025-03")
values = {
    "indicator": "council_day_estates_count", "organisation": "350581", "value": 412.0, "qualifier": "eq",
    "period_start": march.start, "period_end": march.end, "grain": "month",
}
print("ready", flush=True)
sys.stdin.readline()
for _ in range(25):
    draft = Draft("readings", "350581", "x.xlsx", b"x", [FactDraft("reading", values)], march)
    print(accept(store, officer, receive(store, officer, draft)), flush=True)
"""


def test_two_processes_take_fifty_numbers_in_order_of_commit(store, store_url):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, store_url, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        for name in ("officer-1", "officer-2")
    ]
    assert [p.stdout.readline() for p in processes] == ["ready\n", "ready\n"]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert_gapless_until(lambda: all(p.poll() is not None for p in processes), store.engine)

    taken = [[int(line) for line in p.communicate()[0].split()] for p in processes]
    assert [p.returncode for p in processes] == [0, 0]
    assert sorted(taken[0] + taken[1]) == list(range(1, 51))
    assert committed(store.engine) == list(range(1, 51))
    accepted = [e for e in rows(store, ReturnEvent) if e.state == "accepted"]
    assert sorted(e.seq for e in accepted if e.actor == "officer-2") == taken[1]


def test_a_writer_waits_until_the_one_before_has_committed(store, clerk, officer):
    first, second = receive(store, clerk, ledger()), receive(store, clerk, ledger())
    accept(store, officer, first)
    after: list[int] = []
    thread = threading.Thread(target=lambda: after.append(accept(store, officer, second)))
    with writing(store) as connection:
        connection.execute(Meta.__table__.update().values(seq=Meta.seq + 1))
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        assert committed(store.engine) == [1]
    thread.join()

    assert after == [3]


def test_of_two_who_accept_the_same_return_at_once_one_is_refused(store, clerk, officer):
    return_id = receive(store, clerk, ledger())
    said: list[str] = []

    def writer() -> None:
        try:
            said.append(str(accept(store, officer, return_id)))
        except DoorError as refused:
            said.append(str(refused))

    threads = [threading.Thread(target=writer) for _ in range(2)]
    with writing(store) as connection:
        connection.execute(Meta.__table__.update().values(stamp=Meta.stamp))
        for thread in threads:
            thread.start()
            thread.join(0.2)  # let it come to the lock
    for thread in threads:
        thread.join()

    assert sorted(said) == ["1", f"报送件 {return_id} 已入库，不能入库。"]
    assert facts_in(store) == 1


# --- opening ----------------------------------------------------------------------------------------


def refusal(url: str, kind: str = "live") -> str:
    """What open_store says when it refuses: one sentence."""
    with pytest.raises(StoreError) as refused:
        open_store(url, kind)
    said = str(refused.value)
    assert "\n" not in said
    assert said.endswith("。")
    assert said.count("。") == 1
    return said


def close(store: Store) -> None:
    store.engine.dispose()


def sqlite_path(url: str) -> str:
    return str(make_url(url).database)


def test_opening_brings_the_tables_the_code_expects(store):
    with store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert differences == []
    assert schema_version(store.engine) is not None


def test_a_store_of_the_first_tables_gets_the_later_columns_and_keeps_its_points(
    store, store_url, clock, clerk, officer
):
    return_id = receive(store, clerk, ledger())
    accept(store, officer, return_id)
    with store.engine.connect().execution_options(writing=True) as old, old.begin():
        for column in ("datum", "lon_as_given", "lat_as_given"):
            old.execute(text(f"ALTER TABLE point DROP COLUMN {column}"))
        old.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        old.execute(
            text(
                "INSERT INTO point (point, name, unit, town, national, tests, measures, seq, known_on, void, place, "
                "return_id) VALUES ('P01', '磁灶镇', '350582', '', true, '', '[]', 1, '2026-01-01', false, '', :given)"
            ),
            {"given": return_id},
        )

    again = open_store(store_url, "live", clock)

    with again.engine.connect() as connection:
        kept = connection.execute(select(Point.name, Point.datum, Point.lon_as_given)).all()
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert kept == [("磁灶镇", "", None)]
    assert differences == []
    close(again)


def test_a_store_opened_again_is_the_same_and_keeps_what_it_had(store, store_url, clock, clerk, officer):
    return_id = receive(store, clerk, ledger())
    accept(store, officer, return_id)
    before = stamp(store), row(store, return_id)
    again = open_store(store_url, "live", clock)

    assert (stamp(again), row(again, return_id)) == before
    close(again)


def test_a_store_of_the_other_kind_is_refused(store_url):
    close(open_store(store_url, "demo"))

    assert refusal(store_url) == (
        "这个数据库存的是 demo 数据，不能当作 live 打开："
        "请检查 DASHBOARD_DATABASE_URL 与 DASHBOARD_DEMO_DATABASE_URL 是否写反。"
    )


def test_a_database_newer_than_the_code_is_refused(store_url):
    store = open_store(store_url, "live")
    head = schema_version(store.engine)
    with store.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    close(store)

    assert refusal(store_url) == (
        f"数据库的结构（9999）比程序新（{head}）：请安装与数据库相配的新版程序，不要用旧程序打开它。"
    )


def test_a_database_with_tables_of_somebody_else_is_refused_and_left_as_it_was(store_url):
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE wages (amount INTEGER)"))

    named = engine.url.render_as_string(hide_password=True)
    assert refusal(store_url) == (
        f"数据库 {named} 里是别的程序的表（wages）：请在 DASHBOARD_DATABASE_URL 里为本系统指定一个空的数据库。"
    )
    assert "DASHBOARD_DEMO_DATABASE_URL" in refusal(store_url, "demo")
    assert inspect(engine).get_table_names() == ["wages"]
    engine.dispose()


def test_a_closed_port_is_refused_without_showing_the_password():
    said = refusal("postgresql+psycopg://dashboard:s3cret@127.0.0.1:1/dashboard")

    assert said.startswith("连不上数据库 postgresql+psycopg://dashboard:***@127.0.0.1:1/dashboard（")
    assert said.endswith("）：请检查地址、服务和账户后再启动。")
    assert "s3cret" not in said


def test_a_database_that_does_not_exist_is_refused(postgres_url):
    said = refusal(f"{postgres_url}/nowhere")

    assert said.startswith(f"连不上数据库 {postgres_url}/nowhere（")
    assert said.endswith("）：请检查地址、服务和账户后再启动。")


def test_an_account_that_does_not_exist_is_not_called_read_only(postgres_url):
    port = make_url(postgres_url).port
    said = refusal(f"postgresql+psycopg://readonly@127.0.0.1:{port}/postgres")

    assert said.startswith(f"连不上数据库 postgresql+psycopg://readonly@127.0.0.1:{port}/postgres（")


def test_a_database_held_by_another_program_is_refused_after_ten_seconds(sqlite_database, postgres_database):
    urls = (sqlite_database, postgres_database)
    for url in urls:
        close(open_store(url, "live"))
    said: dict[str, str] = {}

    def opener(url: str) -> None:
        said[url] = refusal(url)

    holder = sqlite3.connect(sqlite_path(sqlite_database), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with psycopg.connect(postgres_database.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE meta IN ACCESS EXCLUSIVE MODE")
        threads = [threading.Thread(target=opener, args=(url,)) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    holder.close()

    assert said == {url: f"数据库 {url} 被另一个程序占用：请关闭占用它的程序后再启动。" for url in urls}


def test_opening_a_new_sqlite_file_waits_for_another_program_that_is_just_creating_it(sqlite_database):
    opened: list[Store | Exception] = []

    def opener() -> None:
        try:
            opened.append(open_store(sqlite_database, "live"))
        except Exception as error:
            opened.append(error)

    holder = sqlite3.connect(sqlite_path(sqlite_database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    thread = threading.Thread(target=opener)
    thread.start()
    thread.join(0.5)
    holder.execute("COMMIT")
    holder.close()
    thread.join()

    (store,) = opened
    assert isinstance(store, Store), repr(store)
    close(store)


def test_two_programs_may_open_an_empty_postgresql_database_at_the_same_moment(postgres_database):
    close(open_store(postgres_database, "live"))
    opened: list[Store | Exception] = []

    def opener() -> None:
        try:
            opened.append(open_store(postgres_database, "live"))
        except StoreError as error:
            opened.append(error)

    plain = postgres_database.replace("+psycopg", "")
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    threads = [threading.Thread(target=opener) for _ in range(2)]
    with psycopg.connect(plain) as gate, psycopg.connect(plain, autocommit=True) as watcher:
        # Tables are there, nobody has claimed them; nobody can before both have come to that point.
        watcher.execute("DELETE FROM meta")
        gate.execute("LOCK TABLE meta IN SHARE MODE")
        for thread in threads:
            thread.start()
        while all(t.is_alive() for t in threads) and watcher.execute(waiting).fetchone() != (2,):
            threads[0].join(0.01)
        gate.commit()
    for thread in threads:
        thread.join()

    assert [type(o) for o in opened] == [Store, Store], opened
    assert stamp(opened[0]) == stamp(opened[1])
    for store in opened:
        close(store)


@pytest.mark.parametrize("filled", [False, True], ids=["empty", "filled"])
def test_a_read_only_sqlite_file_is_refused(sqlite_database, tmp_path, monkeypatch, filled):
    Path(sqlite_path(sqlite_database)).touch()
    if filled:
        close(open_store(sqlite_database, "live"))
    monkeypatch.chdir(tmp_path)
    said = refusal(f"sqlite:///file:{sqlite_path(sqlite_database)}?mode=ro&uri=true")

    assert said.startswith("数据库 sqlite:///file")
    assert said.endswith(" 是只读的：请检查文件或账户的写权限后再启动。")


def test_opening_a_sqlite_file_by_its_uri_makes_no_folder_of_that_name(
    sqlite_database, tmp_path, monkeypatch
):
    close(open_store(sqlite_database, "live"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    close(open_store(f"sqlite:///file:{sqlite_path(sqlite_database)}?mode=rw&uri=true", "live"))

    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("filled", [False, True], ids=["empty", "filled"])
def test_a_read_only_postgresql_database_is_refused(postgres_database, filled):
    if filled:
        close(open_store(postgres_database, "live"))
    with psycopg.connect(postgres_database.replace("+psycopg", ""), autocommit=True) as connection:
        name = make_url(postgres_database).database
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")

    assert refusal(postgres_database) == (
        f"数据库 {postgres_database} 是只读的：请检查文件或账户的写权限后再启动。"
    )


WAYS = (
    "sqlite:////srv/dashboard/live.sqlite（一个文件），"
    "或 postgresql+psycopg://账户:密码@主机:5432/库名（密码里的 @ : / 写成 %40 %3A %2F）。"
)


@pytest.mark.parametrize(
    "url",
    ["nonsense", "sqlite:/live.sqlite", "postgresql+psycopg://u:s3cret@host:port/db", "u:s3cret@host/db"],
)
def test_an_address_that_is_none_is_refused_with_those_that_may_be_written(url):
    assert refusal(url) == f"DASHBOARD_DATABASE_URL 不是数据库的地址：可以写 {WAYS}"
    assert refusal(url, "demo") == f"DASHBOARD_DEMO_DATABASE_URL 不是数据库的地址：可以写 {WAYS}"


@pytest.mark.parametrize(
    "kind", ["nosuch", "mysql", "postgres", "postgresql+psycopg2", "sqlite+aiosqlite", "mssql+pyodbc"]
)
def test_a_database_of_another_kind_is_refused_with_those_that_may_be_had(kind):
    said = refusal(f"{kind}://u:s3cret@host/db")

    assert said == f"DASHBOARD_DATABASE_URL 写的是 {kind}，用不了：可以写 {WAYS}"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file::memory:?uri=true"])
def test_a_store_in_memory_is_refused_and_leaves_no_file_behind(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert refusal(url).startswith("DASHBOARD_DATABASE_URL 指的是内存，关机就没有了：")
    assert list(tmp_path.iterdir()) == []


def test_a_sqlite_file_that_cannot_be_made_is_refused_with_its_folder(tmp_path):
    (tmp_path / "live.sqlite").mkdir()

    assert refusal(f"sqlite:///{tmp_path / 'live.sqlite'}") == (
        f"打不开数据库文件 sqlite:///{tmp_path / 'live.sqlite'}："
        "请检查它所在的文件夹（DASHBOARD_HOME）是否存在、能否写入。"
    )


def test_a_store_whose_file_is_gone_is_down_and_makes_no_empty_one(sqlite_database):
    store = open_store(sqlite_database, "live")
    path = Path(sqlite_path(sqlite_database))
    before = stamp(store)
    path.rename(path.with_suffix(".away"))

    assert not reachable(store)
    with pytest.raises(StoreError, match="不见了：请放回原处，或恢复备份"):
        stamp(store)
    assert not path.exists()

    path.with_suffix(".away").rename(path)
    assert stamp(store) == before
    assert reachable(store)
    close(store)


def test_a_backup_put_in_the_place_of_the_file_is_what_is_read(sqlite_database, clerk, officer):
    store = open_store(sqlite_database, "live")
    path = Path(sqlite_path(sqlite_database))
    accept(store, officer, receive(store, clerk, ledger()))
    with sqlite3.connect(path) as running, sqlite3.connect(path.with_suffix(".backup")) as backup:
        running.backup(backup)
    accept(store, officer, receive(store, clerk, ledger(reading(413, indicator="stations_count"))))
    assert stamp(store).seq == 2
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    path.with_suffix(".backup").rename(path)

    assert stamp(store).seq == 1
    close(store)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"JFIF" * 1000)

    assert refusal(f"sqlite:///{photo}") == (
        f"{photo} 不是 SQLite 数据库：请把它移到别处，启动时会另建一个；若原来是，请恢复备份。"
    )
    assert photo.read_bytes() == b"JFIF" * 1000


def test_a_damaged_database_is_refused_with_the_way_to_a_whole_one(sqlite_database):
    close(open_store(sqlite_database, "live"))
    path = Path(sqlite_path(sqlite_database))
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\0" * (len(whole) - 4096))

    assert refusal(sqlite_database) == f"数据库文件 {path} 已经损坏：请恢复备份。"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "var").write_text("a file where a folder should be")
    said = refusal(f"sqlite:///{tmp_path}/var/live.sqlite")

    assert said.startswith("建不了存放数据的文件夹（")
    assert said.endswith("）：请把 DASHBOARD_HOME 指到一个可以写入的文件夹。")


def test_the_folder_of_a_new_sqlite_store_is_made(tmp_path: Path):
    close(open_store(f"sqlite:///{tmp_path}/deep/er/live.sqlite", "live"))

    assert (tmp_path / "deep" / "er" / "live.sqlite").is_file()


def test_a_store_says_whether_it_answers(store):
    gone = Store(create_engine("postgresql+psycopg://u@127.0.0.1:1/x"), "live")

    assert reachable(store) is True
    assert reachable(gone) is False
    with pytest.raises(StoreError, match=r"^连不上数据库 postgresql"):
        stamp(gone)


# --- two starts at once ------------------------------------------------------------------------------


def test_two_first_starts_at_once_seed_one_store(store_url, tmp_path):
    environ = {
        "DASHBOARD_HOME": str(tmp_path / "home"),
        "DASHBOARD_DEMO": "off",
        "DASHBOARD_DATABASE_URL": store_url,
    }
    ready = threading.Barrier(2)
    opened: list[Stores] = []

    def start() -> None:
        ready.wait()
        opened.append(prepare(settings(environ)))

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = rows(opened[0]["live"], Return)
    for stores in opened:
        stores["live"].engine.dispose()

    assert len(opened) == 2
    assert [r.kind for r in taken].count("catalogue") == 1
    assert len({(r.kind, r.file_name, r.file_sha256) for r in taken}) == len(taken)


# --- patience ----------------------------------------------------------------------------------------


def test_a_database_that_takes_the_call_and_says_nothing_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        said = refusal(f"postgresql+psycopg://nobody@127.0.0.1:{deaf.getsockname()[1]}/none")

    assert said.startswith("连不上数据库 postgresql+psycopg://nobody@127.0.0.1:")
