"""The observation points: where they are, when somebody was last there, what was found, solved and taken over.

Before the wall stands the head of the department, six metres away, and must say within ten seconds which
points nobody has visited for sixty days, how many of the problems found are solved, and what other places
have taken over. At a desk the same person opens one point: what it tests, how the measures it pilots stand,
and its visits one by one. Nobody having been chosen, the point of the 中央社会工作部 is open.
"""

from __future__ import annotations

from functools import lru_cache

from ..charts.visits import visits
from ..maps import Dot
from ..readouts.measures import MeasureReadout
from ..readouts.points import LONG_AGO_DAYS, PointReadout
from . import cached, draw, map_table
from .address import View
from .cached import Key
from .list_panels import light_names
from .map_panels import Places, Size, places_map
from .map_table import Cell, Column, Row
from .stations_page import printed_rows
from .theme import SHAPES, rgba

MAP_SIZE: Size = (484, 640)
RADIUS = 15
# Shape, token of its colour, words.
RECENT = ("●", "on_track", f"{LONG_AGO_DAYS} 天内走访")
LONG_AGO = ("▲", "behind", f"超过 {LONG_AGO_DAYS} 天")
HOW_IT_COMES = (
    "市委社会工作部交一份联系点名册：名称、所在镇街、试什么、先行先试的措施和坐标。",
    "每次走访记一行：日期、发现几个问题、解决几个、哪里推广了什么。不记人名和电话。",
    "入库后这一页随即有数：地图、每个点的卡片、走访记录和它的措施亮灯。",
)
PRINTED = ("observation_points_count", "national_observation_points_count")


def marks(key: Key) -> dict[str, str]:
    """What stands for each point on the map and on its card: a star for 中央社会工作部, else a number."""
    signs, ordinary = {}, 0
    for point in cached.points(key):
        ordinary += not point.national
        signs[point.point] = "★" if point.national else str(ordinary)
    return signs


def chosen(view: View, key: Key) -> PointReadout | None:
    """The point of the address; without one the first, which is that of the 中央社会工作部."""
    every = cached.points(key)
    if not view.point:
        return every[0] if every else None
    return next((p for p in every if p.point == view.point), None)


def state(point: PointReadout, view: View) -> tuple[str, str, str]:
    """Shape, token and words of how long ago somebody was there."""
    days = point.days_since(view.as_of)
    shape, token, _ = LONG_AGO if point.long_ago(view.as_of) else RECENT
    return shape, token, "从未走访" if days is None else "今天走访" if days == 0 else f"{days} 天前走访"


def measures(point: PointReadout, key: Key) -> list[MeasureReadout]:
    """The measures it pilots that stand in the list in force."""
    listed = cached.list_readout(key)
    return [m for m in listed.measures if m.number in point.measures] if listed else []


# --- the map ----------------------------------------------------------------------------------------


def map_panel(view: View, key: Key) -> None:
    """The points on the outlines, each with its sign; a click opens one."""
    with draw.panel("points"):
        _map_head(view, key)
        if view.table:
            _table(view, key)
        else:
            name = "观察联系点的位置和走访状态；同样的联系点列在走访卡片里"
            places_map(view, _places(view, key), MAP_SIZE, opens="point", name=name, key="points")
        _map_foot(view.without("point"), key)


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
    every = cached.points(key)
    nowhere = sum(p.lon is None or p.lat is None for p in every)
    aside = f"无坐标 {nowhere}" if nowhere else ""
    switches = [map_table.switch(view, "points")]
    draw.html("head.html", view, title="联系点在哪里", switches=switches, aside=aside)


@draw.remembered
def _map_foot(view: View, key: Key) -> None:
    every = cached.points(key)
    counts = [(RECENT, sum(not p.long_ago(view.as_of) for p in every))]
    counts.append((LONG_AGO, len(every) - counts[0][1]))
    signs = [(shape, token, f"{word} {count}") for (shape, token, word), count in counts]
    if not every:
        signs = [("▨", "not_reported", "名册未报送")]
    elif any(p.national for p in every):
        signs.append(("★", "text", "中央社会工作部"))
    source = f"联系点名册和走访记录 · 截至 {view.as_of.isoformat()} · {cached.map_source()}"
    draw.html("marks.html", view, marks=signs, source=source)


@lru_cache(maxsize=64)
def _places(view: View, key: Key) -> Places:
    signs, opened = marks(key), chosen(view, key)
    dots = []
    for point in cached.points(key):
        if point.lon is not None and point.lat is not None:
            shape, token, _ = state(point, view)
            colour = rgba(token, view.theme)
            dots.append(Dot(point.point, point.lon, point.lat, colour, shape, RADIUS, signs[point.point]))
    return Places(tuple(dots), (), chosen=opened.point if opened else "")


# --- cards ------------------------------------------------------------------------------------------


@draw.remembered
def cards_panel(view: View, key: Key) -> None:
    """A card a point: what it tests, how long ago somebody was there, found and solved, what was taken over."""
    every, names, signs = cached.points(key), draw.names(), marks(key)
    opened = chosen(view, key)
    with draw.sheet("point_cards"):
        if not every:
            draw.html("head.html", view, title="数怎样到这里", switches=None, aside="")
            draw.html("steps.html", view, steps=HOW_IT_COMES)
            return
        draw.html("head.html", view, title="走访", switches=None, aside="绿条为已解决，占历次走访发现的问题")
        cards = [
            {
                "href": view.link("points", point=p.point),
                "on": p == opened,
                "sign": signs[p.point],
                "point": p,
                "unit": names.get(p.unit, ""),
                "state": state(p, view),
                "share": f"{min(1.0, p.solved / p.found):.0%}" if p.found and p.solved is not None else "0%",
                "adopted": p.adopted[0].adopted if p.adopted else "",
            }
            for p in every
        ]
        draw.html("points.html", view, cards=cards)


# --- one point --------------------------------------------------------------------------------------


@draw.remembered
def detail_panel(view: View, key: Key) -> None:
    """One point: what it tests, the measures it pilots with their lights, its visits as bars and table."""
    found = chosen(view, key)
    with draw.panel("point"):
        if not cached.points(key) and not view.point:
            _published(view, key)
        elif found is None:
            back = view.here("points", point=None)
            draw.html("opened.html", view, title="没有这个联系点", back=back, back_word="× 关闭", aside="")
            draw.html("waiting.html", view, text=f"截至这一天，没有编号为 {view.point} 的联系点。")
        else:
            _point(view, key, found)


def _point(view: View, key: Key, found: PointReadout) -> None:
    aside = "中央社会工作部观察联系点" if found.national else draw.names().get(found.unit, "")
    title = f"{marks(key)[found.point]} {found.name}"
    draw.html("head.html", view, title=title, switches=None, aside=aside, own_words=True)
    names = light_names(view.as_of)
    piloted = [(SHAPES[m.light], m.light, names[m.light], m) for m in measures(found, key)]
    missing = sorted(set(found.measures) - {m.number for *_, m in piloted})
    draw.html("point.html", view, point=found, piloted=piloted, missing="、".join(missing))
    if found.visits:
        name = f"{found.name}历次走访发现与解决的问题数"
        draw.chart(visits(found.visits), view, height=150, name=name, key="visits")
    draw.html("visits.html", view, visits=found.visits)


def _published(view: View, key: Key) -> None:
    """What has been published about the points while no ledger is there."""
    draw.html("head.html", view, title="公开过的数", switches=None, aside="全市")
    draw.html("printed.html", view, rows=printed_rows(key, PRINTED))
