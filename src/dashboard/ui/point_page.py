"""One observation point, at /points?point=: what a head must know before going there, or when asked what it is for.

In ten seconds: whose point it is and what it tests, how long ago somebody was there, whether the measures it
pilots fare better or worse than with all others that answer for them, how many of the problems found are still
open, and what other places have taken over. Below stand the visits in their own words, the newest first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ..charts.visits import DESK, WALL, visits
from ..lights import percent_text
from ..readouts.pilots import AHEAD, BEHIND, LEVEL, Pilot, piloted
from ..readouts.points import PointReadout
from ..still_map import Size, around, shares
from . import cached, draw, point_facts
from .address import View
from .cached import Key
from .list_panels import light_names
from .map_panels import KINMEN, no_map, outline_of
from .outline_picture import outline_picture
from .points_page import legend, marks, nowhere, source, state
from .theme import SHAPES
from .wall_room import lines, rows_with_room

CHART_HEIGHT, CHART_HEIGHT_WALL = 232, 240
MAP_SIZE: Size = (460, 500)
# Sign, token and words of how a pilot stands beside the others; what is not compared says why instead.
VERDICTS = {
    AHEAD: ("＋", "done", "好于多数"),
    LEVEL: ("＝", "text", "与多数相当"),
    BEHIND: ("－", "warn", "差于多数"),
}
RULE = (
    "亮灯好于半数以上的其余责任单位为好于多数，差于半数以上为差于多数，都不是为相当；"
    "不涉及、未报送、未启动、长期坚持的不比。"
)
# What the lists have room for on a wall: letters, widths of what wraps, heights; see dashboard.css, "One point".
LETTERS, SMALL_IN_ENGLISH = 24, 18
LINE, ROW, REST = 30, 7, 33
TABLE_ROOM = 248
TEXT_WIDTH, REASON_WIDTH, LIGHTS_IN_A_LINE, WORDS_WIDTH = 342, 266, 3, 442
ADOPTED_ROOM, ADOPTED_ROW, ADOPTED_WIDTH = 242, 11, 342
WHOLE_NATIONAL = "中央社会工作部观察联系点"


def page(view: View, key: Key) -> None:
    """All of it: it fits its screen."""
    with st.container(key="point"):
        _sheets(view, key)
        course_panel(view, key)


def chosen(view: View, key: Key) -> PointReadout:
    """The point of the address, of which the frame has seen that it is there."""
    return next(p for p in cached.points(key) if p.point == view.point)


def name(view: View, key: Key) -> str:
    """What the point is called."""
    return chosen(view, key).name


@draw.remembered
def _sheets(view: View, key: Key) -> None:
    with draw.together():
        head(view, key)
        draw.html("facts.html", view, facts=point_facts.four_of(view, chosen(view, key)))
        pilots_panel(view, key)
        visits_panel(view, key)
        where_panel(view, key)
        adopted_panel(view, key)


# --- whose it is and what it tests ------------------------------------------------------------------


def head(view: View, key: Key) -> None:
    """The neighbours, the way back, whose it is, and what it tests."""
    point, every = chosen(view, key), cached.points(key)
    place = every.index(point)
    before, after = (every[i] if 0 <= i < len(every) else None for i in (place - 1, place + 1))
    draw.html(
        "point.html",
        view,
        point=point,
        sign=marks(key)[point.point],
        state=state(point, view),
        national=WHOLE_NATIONAL if point.national else "",
        where=_where(point),
        back=view.here("points", point=None),
        before=before and (before.name, view.here("points", point=before.point)),
        after=after and (after.name, view.here("points", point=after.point)),
    )


def _where(point: PointReadout) -> str:
    """Unit and town, by their whole names."""
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    return " · ".join(names.get(code, code) for code in (point.unit, point.town) if code)


# --- the measures it pilots -------------------------------------------------------------------------


def pilots_panel(view: View, key: Key) -> None:
    """Each measure: the light and percent of the point's unit, those of the others, and which is better."""
    point = chosen(view, key)
    found, lights = cached.pilots(key)[point.point], light_names(key.as_of.shown)
    unit = draw.names().get(point.unit, point.unit)
    with draw.sheet("pilots"):
        draw.html("head.html", view, title="先行先试的措施", switches=None, aside=summary(found))
        rows = [_pilot_row(view, key, one, lights) for one in found]
        shown = _room(view, [_pilot_height(view, row) for row in rows], TABLE_ROOM)
        rule = RULE if rows and not view.wall else ""
        draw.html("pilots.html", view, rows=rows[:shown], more=len(rows) - shown, unit=unit, rule=rule)


def _room(view: View, heights: Sequence[int], room: int) -> int:
    """How many of the rows are shown: at a desk all, which can be scrolled."""
    return rows_with_room(heights, room, REST) if view.wall else len(heights)


def _pilot_height(view: View, row: Mapping[str, Any]) -> int:
    """How high its highest cell is on a wall."""
    if row["gone"]:
        return ROW + LINE
    small = SMALL_IN_ENGLISH if view.lang == "en" else LETTERS
    text = lines(f"{row['number']} {row['text']}", TEXT_WIDTH, LETTERS)
    reason = lines(draw.spoken(row["reason"], view.lang), REASON_WIDTH, small)
    own = 1 + bool(row["older"]) + reason
    others = -(-len(row["lights"]) // LIGHTS_IN_A_LINE) + 1
    return ROW + LINE * max(text, own, others)


def summary(found: Sequence[Pilot]) -> str:
    """How many of the piloted measures are not worse than the rest."""
    told = piloted(found)
    if not told.measures:
        return "名册没有写"
    if not told.compared:
        return f"{told.measures} 条，都不可比"
    aside = told.measures - told.compared
    rest = f"，另 {aside} 条不可比" if aside else ""
    return f"试点单位 {told.compared} 条里 {told.not_worse} 条不比其余单位差{rest}"


def _pilot_row(view: View, key: Key, one: Pilot, lights: Mapping[str, str]) -> dict[str, Any]:
    if one.measure is None:
        return {"number": one.number, "gone": gone(key)}
    own = one.own
    return {
        "number": one.number,
        "gone": "",
        "href": view.link("tasks", measure=one.number),
        "text": one.measure.text,
        "light": {"key": one.light, "shape": SHAPES[one.light] or "—", "name": lights[one.light]},
        "percent": "" if own is None or own.percent is None else f"{percent_text(own.percent)}%",
        "older": own.period.label if own and own.older and own.period else "",
        "reason": own.reason if own and own.reason != lights[own.light] else "",
        "others": len(one.others),
        "lights": [
            {"key": key_, "shape": SHAPES[key_], "name": lights[key_], "count": count}
            for key_, count in one.lights
        ],
        "median": middle(one),
        "verdict": VERDICTS.get(one.verdict),
        "why": why(one, lights),
        "points": points_apart(one),
    }


def gone(key: Key) -> str:
    """Why the list has no such measure."""
    return "这一天还没有清单" if cached.list_readout(key) is None else "这一天的清单里没有这条"


def middle(one: Pilot) -> str:
    """The percent in the middle of the others, and how many have one."""
    if one.median is None:
        return ""
    return f"中位 {percent_text(one.median)}%（{one.said}/{len(one.others)}）"


def points_apart(one: Pilot) -> str:
    """How far the unit's percent is from the one in the middle, as one subtracts what is printed."""
    if one.own is None or one.own.percent is None or one.median is None or not one.verdict:
        return ""
    apart = round(float(percent_text(one.own.percent)) - float(percent_text(one.median)), 1)
    return f"{apart:+g} 个百分点" if apart else "进度相同"


def why(one: Pilot, lights: Mapping[str, str]) -> str:
    """Why a pilot is not compared; empty when it is."""
    if one.verdict:
        return ""
    if one.own is None:
        return "试点单位不涉及"
    if one.light in ("not_reported", "not_started", "standing"):
        return f"{lights[one.light]}，不比"
    return "其余单位没有可比的" if one.others else "没有其余单位"


# --- visits -----------------------------------------------------------------------------------------


@draw.remembered
def course_panel(view: View, key: Key) -> None:
    """Found and solved of each visit, and how many problems are open after it."""
    point = chosen(view, key)
    with draw.panel("visited"):
        told = point.found is not None or point.solved is not None
        look = WALL if view.wall else DESK
        newest = look.shown if len(point.visits) > look.shown else 0
        draw.html("point_course.html", view, told=told, balance=point.balance, newest=newest)
        if not told:
            text = "走访没有记下发现和解决几个。" if point.visits else "还没有走访记录。"
            draw.html("waiting.html", view, text=text)
            return
        spoken = f"{point.name}历次走访发现与解决的问题数"
        height = CHART_HEIGHT_WALL if view.wall else CHART_HEIGHT
        draw.chart(visits(point.visits, look), view, height=height, name=spoken, key="visits")


def visits_panel(view: View, key: Key) -> None:
    """Every visit in its own words, the newest first."""
    point = chosen(view, key)
    with draw.sheet("visits"):
        aside = f"{len(point.visits)} 次，新的在前" if point.visits else ""
        draw.html("head.html", view, title="走访记录", switches=None, aside=aside)
        heights = [ROW + LINE * max(1, lines(v.words, WORDS_WIDTH, LETTERS)) for v in point.visits]
        shown = _room(view, heights, TABLE_ROOM)
        draw.html("visits.html", view, visits=point.visits[:shown], more=len(heights) - shown)


def adopted_panel(view: View, key: Key) -> None:
    """What was taken over elsewhere, and when, the newest first."""
    with draw.sheet("adopted"):
        point = chosen(view, key)
        draw.html("head.html", view, title="别处采用了什么", switches=None, aside="")
        heights = [ADOPTED_ROW + LINE * lines(v.adopted, ADOPTED_WIDTH, LETTERS) for v in point.adopted]
        shown = _room(view, heights, ADOPTED_ROOM)
        draw.html("adopted.html", view, visits=point.adopted[:shown], more=len(heights) - shown)


# --- where it is ------------------------------------------------------------------------------------


def where_panel(view: View, key: Key) -> None:
    """The point on the outlines of all, its county lit, the other points small; each of them leads to its page."""
    point = chosen(view, key)
    with draw.sheet("where"):
        aside = nowhere(key) if point.located else "名册没有坐标，图上只标所在区县"
        draw.html("head.html", view, title="在哪里", switches=None, aside=aside)
        if not cached.shapes():
            no_map(view, cached.no_outlines())
            return
        home = outline_of(point.unit)
        picture = outline_picture(
            view.theme, lambda code: _fill(code, home), around(cached.shapes(), ""), MAP_SIZE
        )
        spoken = f"{point.name}在全市的位置"
        drawn = {"picture": picture, "dots": _dots(view, key, point), "marks": legend(view, key)}
        draw.html("point_where.html", view, name=spoken, **drawn)
        draw.html("source.html", view, text=source(view, key))


def _fill(code: str, home: str) -> str:
    return "class-1" if code == home else "outside" if code == KINMEN else "land"


def _dots(view: View, key: Key, point: PointReadout) -> list[dict[str, Any]]:
    """Every point that has a place, this one last, so that it lies above the others."""
    every = sorted(cached.points(key), key=lambda p: p == point)
    found = [(p, (p.lon, p.lat)) for p in every if p.lon is not None and p.lat is not None]
    at = shares([spot for _, spot in found], around(cached.shapes(), ""), MAP_SIZE)
    return [
        {
            "href": view.here("points", point=p.point),
            "name": p.name,
            "state": state(p, view),
            "on": p == point,
            "x": x,
            "y": y,
        }
        for (p, _), (x, y) in zip(found, at, strict=True)
    ]
