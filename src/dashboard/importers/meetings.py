"""Meetings that the officer enters in the product, through the same door as a return, and takes back.

A meeting is a return of one fact: an account, its events and its file are kept like those of any other.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from ..knowledge import FIRST_DAY, AsOf, newest
from ..models import MeetingRow, Return
from ..periods import of
from ..store import Actor, Draft, FactDraft, Store, StoreError, accept, allow, receive, withdraw
from .cells import person_number

KIND = "meeting"
LEVELS = ("中央", "省", "市", "县", "镇街", "部门")
LONGEST = 60
SOURCE = "本系统录入"
DEPARTMENT = "D-SWB"
_AHEAD = timedelta(days=366)


class MeetingError(StoreError):
    """A meeting that cannot be entered; ``sentences`` say everything that is wrong with it."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Entered:
    """A meeting entered in the product that still counts, and the return that brought it."""

    return_id: int
    held_on: date
    title: str
    level: str


def add_meeting(store: Store, actor: Actor, held_on: date | None, title: str, level: str) -> int:
    """Enter a meeting; returns the id of its return. Raises MeetingError, and DoorError for all but officers.

    ``held_on`` None: no day was written, which is refused with whatever else is wrong.
    """
    allow(actor, ("officer", "keeper"), "录入会议")
    said = _tidy(title)
    wrong = tuple(_wrong(store, held_on, said, level))
    if wrong or held_on is None:
        raise MeetingError(wrong)
    values = {"held_on": held_on, "title": said, "level": level, "source": SOURCE}
    draft = Draft(
        kind=KIND,
        organisation=DEPARTMENT,
        file_name=f"会议_{held_on.isoformat()}.json",
        file_bytes=json.dumps(values, ensure_ascii=False, default=date.isoformat).encode(),
        facts=[FactDraft("meeting", values)],
        period=of("day", held_on),
    )
    return_id = receive(store, actor, draft)
    accept(store, actor, return_id, "录入会议")
    return return_id


def take_back_meeting(store: Store, actor: Actor, return_id: int) -> int:
    """Withdraw a meeting that was entered wrongly; returns the seq taken. Raises DoorError, MeetingError."""
    allow(actor, ("officer", "keeper"), "撤回会议")
    if return_id not in {e.return_id for e in entered(store)}:
        raise MeetingError(("这次会议已经撤回，或不是在这里录入的。",))
    return withdraw(store, actor, return_id, "会议录入有误")


def entered(store: Store) -> tuple[Entered, ...]:
    """Meetings entered in the product that count today, those to come included, newest first."""
    rows = newest(MeetingRow, AsOf(store.today()))
    query = (
        select(Return.id, rows.c.held_on, rows.c.title, rows.c.level)
        .join(Return, Return.id == rows.c.return_id)
        .where(~rows.c.void, Return.kind == KIND)
        .order_by(rows.c.held_on.desc(), rows.c.title)
    )
    with store.engine.connect() as connection:
        return tuple(Entered(*row) for row in connection.execute(query))


def _tidy(title: str) -> str:
    """One line, without blanks at its ends, two in a row, or signs that cannot be seen."""
    seen = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in title)
    return " ".join(seen.split())


def _wrong(store: Store, held_on: date | None, title: str, level: str) -> Iterator[str]:
    """Everything that is wrong with it, in sentences that name the way out."""
    latest = store.today() + _AHEAD
    if held_on is None:
        yield "会议日期没有写：请写会议日期。"
    elif not FIRST_DAY <= held_on <= latest:
        yield f"会议日期 {held_on.isoformat()} 不对：请写 {FIRST_DAY.isoformat()} 到 {latest.isoformat()} 之间的日期。"
    if level not in LEVELS:
        yield f"没有“{level}”这一级：请写{'、'.join(LEVELS)}之一。"
    if not title:
        yield "会议名称没有写：请写上名称。"
    elif len(title) > LONGEST:
        yield f"会议名称有 {len(title)} 个字，太长：请写在 {LONGEST} 个字以内。"
    elif person_number(title):
        yield "会议名称里像是有手机号或身份证号：请去掉，本系统不存个人信息。"
    elif held_on is not None and _is_known(store, held_on, title):
        yield f"{held_on.isoformat()} 的这次会议已经有了，不用再录。"


def _is_known(store: Store, held_on: date, title: str) -> bool:
    rows = newest(MeetingRow, AsOf(store.today()), MeetingRow.held_on == held_on)
    with store.engine.connect() as connection:
        titles = connection.execute(select(rows.c.title).where(~rows.c.void)).scalars().all()
    return _same(title) in map(_same, titles)


def _same(title: str) -> str:
    """The title as it is compared: forms of letters and blanks make no other meeting."""
    return "".join(unicodedata.normalize("NFKC", title).split()).casefold()
