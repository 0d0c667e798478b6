"""The observation points: where they are, when somebody was last there, what was found, solved and taken over.

Before the wall stands the head of the department, six metres away, and must say within ten seconds which
points nobody has visited for sixty days, how many of the problems found are solved, whether the measures that
are tried there fare worse than elsewhere, and what other places have taken over. Each card and each place on
the map leads to the page of its point, where the same is told visit by visit and measure by measure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from ..lights import SEVERITY
from ..maps import Dot
from ..readouts.pilots import Pilot, piloted
from ..readouts.points import LONG_AGO_DAYS, PointReadout
from . import cached, draw, map_table, point_facts
from .address import View
from .cached import Key
from .list_panels import light_names
from .map_panels import Places, Size, outline_names, places_map
from .map_table import Cell, Column, Row
from .point_facts import PRINTED, unknown
from .printed import printed_rows
from .theme import SHAPES, rgba

MAP_SIZE: Size = (516, 640)
RADIUS = 15
# Shape, token of its colour, words.
RECENT = ("●", "on_track", f"{LONG_AGO_DAYS} 天内走访")
LONG_AGO = ("▲", "behind", f"超过 {LONG_AGO_DAYS} 天")
UNVISITED = ("■", "not_started", "还没有走访记录")
HOW_IT_COMES = (
    "市委社会工作部交一份联系点名册：名称、所在镇街、试什么、先行先试的措施和坐标。",
    "每次走访记一行：日期、发现几个问题、解决几个、哪里推广了什么。不记人名和电话。",
    "入库后这一页随即有数：地图、每个点的卡片、走访记录和它的措施亮灯。",
)


def page(view: View, key: Key) -> None:
    """All of it: it fits its screen."""
    with st.container(key="points"):
        _sheets(view, key)
        map_panel(view, key)


@draw.remembered
def _sheets(view: View, key: Key) -> None:
    with draw.together():
        point_facts.facts(view, key)
        cards_panel(view, key)
        if not cached.points(key):
            _published(view, key)


def marks(key: Key) -> dict[str, str]:
    """What stands for each point on the map and on its card: a star for 中央社会工作部, else a number."""
    signs, ordinary = {}, 0
    for point in cached.points(key):
        ordinary += not point.national
        signs[point.point] = "★" if point.national else str(ordinary)
    return signs


def state(point: PointReadout, view: View) -> tuple[str, str, str]:
    """Shape, token and words of how long ago somebody was there, or that there is no visit yet."""
    days = point.days_since(view.as_of)
    if days is None:
        return UNVISITED
    shape, token, _ = kind(point, view)
    return shape, token, "今天走访" if days == 0 else f"{days} 天前走访"


def kind(point: PointReadout, view: View) -> tuple[str, str, str]:
    """Which of the three states it is in, as the legend has it."""
    if not point.visits:
        return UNVISITED
    return LONG_AGO if point.long_ago(view.as_of) else RECENT


def legend(view: View, key: Key) -> list[tuple[str, str, str]]:
    """Shape, token and words of each state with how many points are in it; 还没有走访记录 only when one is."""
    kinds = [kind(p, view) for p in cached.points(key)]
    return [
        (one[0], one[1], f"{one[2]} {kinds.count(one)}")
        for one in (RECENT, LONG_AGO, UNVISITED)
        if one != UNVISITED or one in kinds
    ]


# --- the map ----------------------------------------------------------------------------------------


def map_panel(view: View, key: Key) -> None:
    """The points on the outlines, each with its sign; a click opens its page."""
    with draw.panel("points"):
        _map_head(view, key)
        if view.table:
            _table(view, key)
        else:
            name = "观察联系点的位置和走访状态；同样的联系点列在走访卡片里"
            places_map(view, _places(view, key), MAP_SIZE, opens="point", name=name, key="points")
        _map_foot(view, key)


@draw.remembered
def _table(view: View, key: Key) -> None:
    """The points of the map as rows, those without a place as well."""
    every, names, signs = cached.points(key), draw.names(), marks(key)
    columns = [Column("联系点", own=True), Column("单位"), Column("走访"), Column("经纬度")]
    rows = []
    for point in every:
        shape, token, word = state(point, view)
        cells = (Cell(names.get(point.unit, "")), Cell(word, mark=(shape, token)))
        where = Cell(map_table.place(point.lon, point.lat))
        name, href = f"{signs[point.point]} {point.name}", view.link("points", point=point.point)
        rows.append(Row(point.point, name, href, (*cells, where)))
    map_table.table(view, f"{len(every)} 个观察联系点的位置和走访状态", columns, rows)


@draw.remembered
def _map_head(view: View, key: Key) -> None:
    switches = [map_table.switch(view, "points")]
    draw.html("head.html", view, title="联系点在哪里", switches=switches, aside=nowhere(key))


@draw.remembered
def _map_foot(view: View, key: Key) -> None:
    every = cached.points(key)
    signs = legend(view, key)
    if not every:
        signs = [("▨", "not_reported", "名册未报送")]
    elif any(p.national for p in every):
        signs.append(("★", "text", "中央社会工作部"))
    draw.html("marks.html", view, marks=signs, source=source(view, key))


def source(view: View, key: Key) -> str:
    """Who said what is drawn, of which day it is, and where the outlines come from; nobody, before the first roster."""
    who = "联系点名册和走访记录 · " if cached.points(key) else ""
    return f"{who}截至 {view.as_of.isoformat()} · {cached.map_source()}"


def nowhere(key: Key) -> str:
    """How many points have no coordinates, and which; empty when all have."""
    names = [p.name for p in cached.points(key) if not p.located]
    return f"无坐标 {len(names)}：{draw.fitting(names, 10)}" if names else ""


@lru_cache(maxsize=64)
def _places(view: View, key: Key) -> Places:
    signs = marks(key)
    dots = []
    for point in cached.points(key):
        if point.lon is not None and point.lat is not None:
            shape, token, _ = state(point, view)
            colour = rgba(token, view.theme)
            dots.append(Dot(point.point, point.lon, point.lat, colour, shape, RADIUS, signs[point.point]))
    silent = frozenset() if cached.points(key) else frozenset(s.code for s in cached.shapes())
    return Places(tuple(dots), outline_names(view), silent=silent)


# --- cards ------------------------------------------------------------------------------------------


@draw.remembered
def cards_panel(view: View, key: Key) -> None:
    """A card a point: what it tests and how its measures stand, how long ago somebody was there, what came of it."""
    every = cached.points(key)
    with draw.sheet("point_cards"):
        if not every:
            draw.html("head.html", view, title="数怎样到这里", switches=None, aside="")
            draw.html("steps.html", view, steps=HOW_IT_COMES)
            return
        aside = "绿条：发现的问题里已解决的 · 差于其余：多数其余责任单位亮灯更好"
        draw.html("head.html", view, title="走访和先行先试", switches=None, aside=aside)
        draw.html("points.html", view, cards=[_card(view, key, p) for p in every])


def _card(view: View, key: Key, point: PointReadout) -> dict[str, Any]:
    names, signs, balance = draw.names(), marks(key), point.balance
    last = point.visits[0] if point.visits else None
    return {
        "href": view.link("points", point=point.point),
        "sign": signs[point.point],
        "point": point,
        "unit": names.get(point.unit, ""),
        "state": state(point, view),
        "last": last.on.isoformat() if last else "",
        "solved": solved_words(point),
        "share": "" if balance is None or balance.share is None else f"{balance.share:.0%}",
        "adopted": len(point.adopted),
        "lights": lights_of(cached.pilots(key)[point.point], light_names(key.as_of.shown)),
        "judged": judged(cached.pilots(key)[point.point]),
        "worse": piloted(cached.pilots(key)[point.point]).worse > 0,
    }


def solved_words(point: PointReadout) -> str:
    """Solved of found, as far as the record says; else why it does not."""
    balance = point.balance
    if balance is None:
        return "未记录" if point.found is None else f"发现 {point.found}，解决未记"
    if not balance.known:
        return unknown(point)
    return f"解决 {balance.solved}{'+' if balance.at_least else ''}/{balance.found}"


def lights_of(found: Sequence[Pilot], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """How many of the piloted measures have which light of the unit of the point, the worst first."""
    own = [p.light for p in found if p.measure is not None and p.own is not None]
    return [
        {"key": light, "shape": SHAPES[light], "name": names[light], "count": own.count(light)}
        for light in SEVERITY
        if light in own
    ]


def judged(found: Sequence[Pilot]) -> str:
    """Whether the piloted measures are worse than elsewhere, in few words."""
    told = piloted(found)
    if not told.measures:
        return "没有先行先试的措施"
    if not told.compared:
        return f"{told.measures} 条都不可比"
    if told.worse:
        return f"{told.worse} 条差于其余"
    return f"可比 {told.compared} 条，都不差"


def _published(view: View, key: Key) -> None:
    """What has been published about the points while no ledger is there."""
    with draw.sheet("point"):
        draw.html("head.html", view, title="公开过的数", switches=None, aside="全市")
        draw.html("printed.html", view, rows=printed_rows(key, PRINTED))
