"""What moved since a meeting or a date: measures first, then what came in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from ..figures import day_text
from ..readouts.changes import by_organisation
from . import address, cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names
from .snapshots_page import KINDS as RETURN_KINDS
from .theme import SHAPES

TITLES = {
    "reopened": "重新打开",
    "worse": "变差",
    "silent": "转为未报送",
    "completed": "新完成",
    "better": "好转",
    "first": "恢复或首次报送",
}
_MEETINGS_OFFERED = 4


def since(view: View, key: Key) -> date:
    """The day compared with: that of the address, else the last meeting, else a month ago."""
    if view.since is not None:
        return view.since
    held = [day for day, _ in cached.meetings(key) if day < view.as_of]
    return max(held) if held else view.as_of - timedelta(days=30)


def choice(view: View, key: Key, day: date) -> None:
    """Since when: the last meetings as switches, or any day."""
    offered = [m for m in cached.meetings(key) if m[0] < view.as_of][:_MEETINGS_OFFERED]
    options = [
        {
            "href": view.here("changes", since=held.isoformat()),
            "on": held == day,
            "word": f"{held.isoformat()} {title}",
        }
        for held, title in offered
    ]
    with st.container(key="filters", horizontal=True, vertical_alignment="center"):
        draw.html("head.html", view, title="自", switches=[{"name": "会议", "options": options}], aside="")
        st.session_state["w_since"] = day
        st.date_input(
            draw.say(view, "自"),
            key="w_since",
            min_value=date(2014, 1, 1),
            max_value=view.as_of,
            format="YYYY-MM-DD",
            label_visibility="collapsed",
            on_change=address.put("since", lambda chosen: chosen.isoformat()),
        )


@draw.remembered
def moves_panel(view: View, key: Key, day: date) -> None:
    """Measures whose light changed, what a head must know first on top."""
    found = cached.changes(key, day)
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    lights = light_names()
    with draw.panel("moves"):
        aside = f"{day_text(found.since)} 至 {day_text(found.until)}"
        draw.html("head.html", view, title="措施的变化", switches=None, aside=aside)
        if found.moves is None:
            draw.html(
                "notice.html", view, title="没有可比的清单", lines=["其中一天还没有下发清单。"], links=[]
            )
            return
        groups: list[dict[str, Any]] = []
        for kind, title in TITLES.items():
            rows = [
                {
                    "before": {"key": m.before, "shape": SHAPES[m.before], "name": lights[m.before]},
                    "after": {"key": m.after, "shape": SHAPES[m.after], "name": lights[m.after]},
                    "number": m.measure.number,
                    "text": m.measure.text,
                    "reason": m.measure.reason,
                    "movers": draw.several([names[c] for c in m.measure.movers]) if m.after != "done" else "",
                }
                for m in found.moves
                if m.kind == kind
            ]
            if rows:
                groups.append({"title": title, "rows": rows})
        done = [_done_words(found.done_before), _done_words(found.done_after)]
        draw.html("moves.html", view, groups=groups, done=done)


def _done_words(done: int | None) -> str:
    return "尚未报送" if done is None else str(done)


@draw.remembered
def returned_panel(view: View, key: Key, day: date) -> None:
    """What came in between the two days, by organisation and kind."""
    found = cached.changes(key, day)
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    with draw.panel("came_in"):
        draw.html("head.html", view, title="新入库", switches=None, aside=f"{len(found.returned)} 件")
        kinds = [
            (RETURN_KINDS.get(str(k), str(k)), int(n))
            for k, n in found.returned["kind"].value_counts().items()
        ]
        organisations = [(names.get(code, code), count) for code, count in by_organisation(found.returned)]
        draw.html("came_in.html", view, kinds=kinds, organisations=organisations)


def as_frame(key: Key, day: date) -> pd.DataFrame:
    """The measures that moved, as one table."""
    found = cached.changes(key, day)
    lights = light_names()
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    columns = ["变化", "序号", "措施", "原亮灯", "现亮灯", "原因", "涉及单位", "自", "至"]
    rows = [
        {
            "变化": TITLES[m.kind],
            "序号": m.measure.number,
            "措施": m.measure.text,
            "原亮灯": lights[m.before],
            "现亮灯": lights[m.after],
            "原因": m.measure.reason,
            "涉及单位": "、".join(names[c] for c in m.measure.movers),
            "自": found.since,
            "至": found.until,
        }
        for m in found.moves or ()
    ]
    return pd.DataFrame(rows, columns=columns)
