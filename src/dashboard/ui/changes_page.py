"""What moved since a meeting or a date: measures first, then the city's figures, then what came in.

Before it stands the head of the department, back from the last meeting, and must say within ten seconds how
many measures were done then and are done now, which got worse and whose they are, and who has handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from ..figures import day_text, quantity, signed
from ..readouts.cards import Card
from ..readouts.changes import Changes, FigureMove, by_organisation
from . import address, cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names
from .overview import absent_word, basis, covered
from .snapshots_page import KINDS as RETURN_KINDS
from .station_facts import fact
from .theme import SHAPES

TITLES = {
    "reopened": "重新打开",
    "worse": "变差",
    "silent": "转为未报送",
    "completed": "新完成",
    "better": "好转",
    "first": "恢复或首次报送",
}
# Name of the figure, the kinds of moves it counts, what stands below when there are none.
FACTS = (
    ("变差", ("reopened", "worse"), "没有措施变差"),
    ("转为未报送", ("silent",), "没有新的沉默"),
    ("好转或完成", ("completed", "better", "first"), "没有措施好转"),
)
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
def facts(view: View, key: Key, day: date) -> None:
    """Done then and now, how many measures got worse, better and silent, and what came in."""
    found = cached.changes(key, day)
    came_in, organisations = len(found.returned), found.returned["organisation"].nunique()
    lines = (f"{organisations} 个单位和部门", f"{day_text(found.since)} 至 {day_text(found.until)}")
    draw.html(
        "facts.html",
        view,
        facts=[
            _done_fact(found),
            *(_moved_fact(found, *told) for told in FACTS),
            fact("新入库", f"{came_in:,}", "件", *lines)
            if came_in
            else fact("新入库", "没有", "", *lines[1:], absent=True),
        ],
    )


def _done_fact(found: Changes) -> dict[str, Any]:
    """How many measures were done then and are done now; nobody having reported is not nought."""
    before, after = found.done_before, found.done_after
    if after is None:
        return fact("完成", "尚未报送", "", "▨ 还没有单位报送进展", absent=True)
    then = "当时尚未报送" if before is None else f"当时 {before}"
    more = "" if before is None else f"，{signed(after - before)}"
    return fact("完成", f"{after}", "条", f"{then}{more}", "")


def _moved_fact(found: Changes, name: str, kinds: Sequence[str], none: str) -> dict[str, Any]:
    """How many measures moved so, and which."""
    if found.moves is None:
        return fact(name, "不可比", "", "其中一天还没有清单", absent=True)
    if found.done_after is None:
        return fact(name, "尚未报送", "", "▨ 还没有单位报送进展", absent=True)
    numbers = [m.measure.number for m in found.moves if m.kind in kinds]
    return fact(name, f"{len(numbers)}", "条", draw.several(numbers, 5) if numbers else none)


@draw.remembered
def moves_panel(view: View, key: Key, day: date) -> None:
    """Measures whose light changed, what a head must know first on top."""
    found = cached.changes(key, day)
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    lights = light_names(key.as_of.day)
    with draw.sheet("moves"):
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
        draw.html("moves.html", view, groups=groups)


@draw.remembered
def figures_panel(view: View, key: Key, day: date) -> None:
    """The city's figures as they were known then and are known now, each with its period and coverage."""
    found = cached.figure_moves(key, day)
    with draw.sheet("figures"):
        aside = "差只在两天都报的单位之间、两个确数之间算"
        draw.html("head.html", view, title="指标的变化", switches=None, aside=aside)
        draw.html("figures.html", view, rows=[_figure_row(view, key, day, moved) for moved in found])


def _figure_row(view: View, key: Key, day: date, moved: FigureMove) -> dict[str, Any]:
    definition = moved.definition
    return {
        "title": definition.short_title,
        "measured_in": definition.measured_in,
        "href": view.link("county", indicator=definition.indicator),
        "before": _known(key.on(day), moved.before),
        "after": _known(key, moved.after),
        "same": moved.before.period == moved.after.period and moved.before.value == moved.after.value,
        "change": "不可比" if moved.change is None else signed(moved.change),
        "why": moved.why or (f"{moved.organisations} 个单位" if moved.organisations else ""),
    }


def stands_on(card: Card) -> str:
    """What the figure of the city rests on: a publication, or how many of its units."""
    return basis(card) if card.value.basis == "published" else f"{basis(card)} {covered(card)}".strip()


def _known(key: Key, card: Card) -> dict[str, str]:
    absent = absent_word(key, card.definition)
    if card.period is None:
        return {"value": absent, "when": "", "basis": "", "absent": "yes"}
    return {
        "absent": "",
        "value": quantity(card.value.quantity, card.definition.decimals, exact=True, absent=absent),
        "when": card.period.text,
        "basis": stands_on(card),
    }


@draw.remembered
def returned_panel(view: View, key: Key, day: date) -> None:
    """What came in between the two days, by organisation and kind."""
    found = cached.changes(key, day)
    catalogue = cached.stores().catalogue
    units, names = catalogue.units, {o.code: o.short_name for o in catalogue.organisations}
    counts = by_organisation(found.returned, list(dict.fromkeys([*(u.code for u in units), *names])))
    told = {code for code, _ in counts}
    with draw.sheet("came_in"):
        draw.html("head.html", view, title="新入库", switches=None, aside=f"{len(found.returned)} 件")
        kinds = [
            (RETURN_KINDS.get(str(k), str(k)), int(n))
            for k, n in found.returned["kind"].value_counts().items()
        ]
        organisations = [(names[code], count) for code, count in counts]
        silent = [u.short_name for u in units if u.code not in told]
        draw.html("came_in.html", view, kinds=kinds, organisations=organisations, silent=silent)
