"""The officer's form on the page of changes: a meeting is entered, or one that was entered wrongly is taken back.

Not drawn on a wall, nor for those who may not; the door of the store asks again.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..importers.meetings import LEVELS, LONGEST, MeetingError, add_meeting, take_back_meeting
from ..knowledge import FIRST_DAY
from ..store import StoreError
from . import cached, draw
from .account import account
from .address import View
from .cached import Key

_OPEN, _SAID, _ASKED = "meeting_open", "meeting_said", "meeting_asked"


def form(view: View, key: Key) -> None:
    """The button beside the two days, and below it the form when it was pressed."""
    if view.wall or view.receipt:
        return
    if account().role not in ("officer", "keeper"):
        return
    shown = bool(st.session_state.get(_OPEN))
    word = "收起" if shown else "录入会议"
    st.session_state["beside_the_ends"].button(draw.say(view, word), key="meeting", on_click=_turn)
    if shown:
        with draw.panel("meeting"):
            done, lines = st.session_state.get(_SAID, (True, ()))
            draw.html("said.html", view, title="录入会议", lines=lines, done=done)
            _fields(view)
            _entered(view, key)


def _turn() -> None:
    st.session_state[_OPEN] = not st.session_state.get(_OPEN)
    st.session_state.pop(_SAID, None)
    st.session_state.pop(_ASKED, None)


def _fields(view: View) -> None:
    """Day, title and level; what was written stays when it is refused."""
    st.session_state.setdefault("w_meeting_day", view.today)
    with (
        st.form("meeting_form", border=False),
        st.container(key="meeting_fields", horizontal=True, vertical_alignment="bottom"),
    ):
        st.date_input(
            draw.say(view, "会议日期"),
            key="w_meeting_day",
            min_value=FIRST_DAY,
            max_value=view.today.replace(year=view.today.year + 2, day=1),
            format="YYYY-MM-DD",
        )
        st.text_input(draw.say(view, "会议名称"), key="w_meeting_title", max_chars=4 * LONGEST)
        st.selectbox(
            draw.say(view, "层级"),
            LEVELS,
            index=LEVELS.index("市"),
            key="w_meeting_level",
            format_func=lambda level: draw.say(view, level),
        )
        st.form_submit_button(draw.say(view, "录入"), type="primary", on_click=_add, args=(view,))


def _add(view: View) -> None:
    """Before the page is drawn, so that it shows the meeting at once."""
    asked = st.session_state
    asked.pop(_ASKED, None)
    try:
        add_meeting(
            cached.stores()[view.data],
            account(),
            asked["w_meeting_day"],
            asked["w_meeting_title"],
            asked["w_meeting_level"],
        )
    except StoreError as error:
        asked[_SAID] = False, _sentences(error)
        return
    asked[_SAID] = True, ("会议已录入。",)
    asked["w_meeting_title"] = ""


def _sentences(error: StoreError) -> Sequence[str]:
    return error.sentences if isinstance(error, MeetingError) else (str(error),)


def _entered(view: View, key: Key) -> None:
    """The meetings that were entered here, each with a way to take it back, which asks once more."""
    for meeting in cached.entered_meetings(key):
        with st.container(key=f"entered_{meeting.return_id}", horizontal=True, vertical_alignment="center"):
            draw.html("entered.html", view, meeting=meeting, to_come=meeting.held_on > view.today)
            _taking_back(view, meeting.return_id)


def _taking_back(view: View, return_id: int) -> None:
    """The first click asks, the second does it; a third button leaves it as it is."""
    if st.session_state.get(_ASKED) != return_id:
        word = draw.say(view, "撤回")
        st.button(word, key=f"take_back_{return_id}", on_click=_ask, args=(return_id,))
        return
    word = draw.say(view, "确认撤回")
    st.button(word, key=f"confirm_{return_id}", type="primary", on_click=_take_back, args=(view, return_id))
    st.button(draw.say(view, "不撤回"), key=f"keep_{return_id}", on_click=_ask, args=(None,))


def _ask(return_id: int | None) -> None:
    """Which meeting is asked about; None: none any more."""
    st.session_state[_ASKED] = return_id
    st.session_state.pop(_SAID, None)


def _take_back(view: View, return_id: int) -> None:
    st.session_state.pop(_ASKED, None)
    try:
        take_back_meeting(cached.stores()[view.data], account(), return_id)
    except StoreError as error:
        st.session_state[_SAID] = False, _sentences(error)
        return
    st.session_state[_SAID] = True, ("会议已撤回，从今天起不再列出。",)
