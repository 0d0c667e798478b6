"""Meetings entered in the product: through the doors, refused in sentences, taken back; on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from dashboard.catalogue import Catalogue
from dashboard.importers.meetings import (
    DEPARTMENT,
    LEVELS,
    Entered,
    MeetingError,
    add_meeting,
    entered,
    take_back_meeting,
)
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.models import AuditEvent, Return, ReturnEvent
from dashboard.queries import meetings
from dashboard.store import Actor, DoorError, Store, open_store, stamp

TODAY = AsOf(date(2026, 1, 15))
HELD = date(2026, 1, 12)
TITLE = "全市推进会"


def titles(store: Store, as_of: AsOf = TODAY) -> list[str]:
    return list(meetings(store.engine, as_of)["title"])


def refused(
    store: Store, actor: Actor, held_on: date | None = HELD, title: str = TITLE, level: str = "市"
) -> tuple[str, ...]:
    with pytest.raises(MeetingError) as caught:
        add_meeting(store, actor, held_on, title, level)
    return caught.value.sentences


def test_a_meeting_counts_from_the_day_it_was_entered_with_its_account_events_and_file(store, officer, clock):
    before = stamp(store)
    return_id = add_meeting(store, officer, HELD, f"  {TITLE}\n ", "市")
    with store.engine.connect() as connection:
        kept = connection.execute(select(Return.__table__).where(Return.id == return_id)).one()
        states = connection.execute(select(ReturnEvent.state, ReturnEvent.actor, ReturnEvent.role)).all()
        audit = connection.execute(select(AuditEvent.action, AuditEvent.actor)).all()

    assert titles(store) == [TITLE]
    assert titles(store, AsOf(date(2026, 1, 14))) == []  # nobody had told the store of it
    assert stamp(store).stamp == before.stamp + 1
    assert (kept.kind, kept.organisation, kept.state, kept.period_end) == (
        "meeting",
        DEPARTMENT,
        "accepted",
        HELD,
    )
    assert TITLE in kept.file_bytes.decode()
    assert [tuple(s) for s in states] == [
        (state, officer.account, "officer") for state in ("received", "waiting", "accepted")
    ]
    assert [tuple(a) for a in audit] == [
        (f"return.{state}", officer.account) for state in ("received", "waiting", "accepted")
    ]


def test_a_meeting_taken_back_counts_no_more_and_may_be_entered_again(store, officer, clock):
    return_id = add_meeting(store, officer, HELD, TITLE, "市")
    assert entered(store) == (Entered(return_id, HELD, TITLE, "市"),)
    clock.set(date(2026, 1, 20))
    take_back_meeting(store, officer, return_id)

    assert titles(store, AsOf(date(2026, 1, 20))) == []
    assert titles(store, AsOf(date(2026, 1, 19))) == [TITLE]
    assert entered(store) == ()
    with pytest.raises(MeetingError, match="这次会议已经撤回，或不是在这里录入的。"):
        take_back_meeting(store, officer, return_id)
    add_meeting(store, officer, HELD, TITLE, "县")
    assert [m.level for m in entered(store)] == ["县"]


def test_only_officers_pass_and_nothing_is_left_behind(store, officer):
    return_id = add_meeting(store, officer, HELD, TITLE, "市")
    for role in ("viewer", "clerk"):
        other = Actor("somebody", role, "350581")
        with pytest.raises(DoorError, match="无权录入会议"):
            add_meeting(store, other, HELD, "另一次会", "市")
        with pytest.raises(DoorError, match="无权撤回会议"):
            take_back_meeting(store, other, return_id)
    with store.engine.connect() as connection:
        assert connection.execute(select(Return.id)).scalars().all() == [return_id]


def test_a_day_that_cannot_be_is_refused(store, officer):
    span = "请写 2015-01-01 到 2027-01-16 之间的日期。"

    assert refused(store, officer, date(2014, 12, 31)) == (f"会议日期 2014-12-31 不对：{span}",)
    assert refused(store, officer, date(2027, 1, 17)) == (f"会议日期 2027-01-17 不对：{span}",)
    assert add_meeting(store, officer, date(2027, 1, 16), TITLE, "市")


def test_a_day_that_was_not_written_is_asked_for_with_whatever_else_is_wrong(store, officer):
    assert refused(store, officer, None) == ("会议日期没有写：请写会议日期。",)
    assert refused(store, officer, None, "") == (
        "会议日期没有写：请写会议日期。",
        "会议名称没有写：请写上名称。",
    )


@pytest.mark.parametrize("title", ["", "  \n", "\u200b"])
def test_an_empty_title_is_refused(store, officer, title):
    assert refused(store, officer, title=title) == ("会议名称没有写：请写上名称。",)


def test_a_title_of_sixty_characters_is_long_enough(store, officer):
    assert refused(store, officer, title="会" * 61) == ("会议名称有 61 个字，太长：请写在 60 个字以内。",)
    assert add_meeting(store, officer, HELD, "会" * 60, "市")


def test_the_same_meeting_is_entered_once_however_it_is_written(store, officer, catalogue: Catalogue):
    seed_catalogue(store, catalogue)
    shipped = catalogue.meetings[0]
    add_meeting(store, officer, HELD, "第1次 推进会", "市")

    assert refused(store, officer, title="第１次推进会") == ("2026-01-12 的这次会议已经有了，不用再录。",)
    assert refused(store, officer, shipped.held_on, shipped.title) == (
        f"{shipped.held_on} 的这次会议已经有了，不用再录。",
    )
    assert add_meeting(store, officer, date(2026, 1, 13), "第1次 推进会", "市")


@pytest.mark.parametrize(
    "title",
    [
        "推进会联系13805951234",
        "推进会 138 0595 1234",
        "推进会138-0595-1234",
        "推进会１３８０５９５１２３４",
        "推进会+8613805951234",
        "35050219900101123X 推进会",
        "推进会350502 19900101 1234",
        "推进会8613805951234",
        "推进会 138/0595/1234",
        "推进会350502900101123",
    ],
)
def test_a_title_that_holds_a_mobile_or_id_number_is_refused(store, officer, title):
    assert refused(store, officer, title=title) == (
        "会议名称里像是有手机号或身份证号：请去掉，本系统不存个人信息。",
    )


@pytest.mark.parametrize("title", ["2026年1月12日推进会", "泉委社〔2026〕12号部署会", "20260112 推进会"])
def test_a_date_or_the_number_of_a_paper_is_no_person(sqlite_database, clock, officer, title):
    store = open_store(sqlite_database, "live", clock)

    assert add_meeting(store, officer, HELD, title, "市")
    store.engine.dispose()


def test_everything_that_is_wrong_is_said_at_once(store, officer):
    found = refused(store, officer, date(2010, 1, 1), "", "村")

    assert [s[:8] for s in found] == ["会议日期 201", "没有“村”这一级", "会议名称没有写："]
    assert all(level in found[1] for level in LEVELS)


def test_a_meeting_to_come_is_listed_for_the_officer_and_compared_with_on_no_day_before(store, officer):
    add_meeting(store, officer, date(2026, 3, 1), TITLE, "市")

    assert [m.held_on for m in entered(store)] == [date(2026, 3, 1)]
    assert titles(store) == []


def test_what_the_catalogue_brought_is_not_taken_back_here(store, officer, catalogue: Catalogue):
    seed_catalogue(store, catalogue)
    with store.engine.connect() as connection:
        shipped = connection.execute(select(Return.id)).scalar_one()

    with pytest.raises(MeetingError):
        take_back_meeting(store, officer, shipped)
    assert entered(store) == ()
