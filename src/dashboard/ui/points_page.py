"""The observation points: on the map, as cards, one with its visits."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from ..maps import Dot
from ..readouts.points import PointReadout
from . import cached, draw
from .address import View
from .cached import Key
from .map_panels import Places, places_map
from .theme import rgba

MAP_SIZE = (700, 560)


def map_panel(view: View, key: Key) -> None:
    """The points on the outlines; a click opens one."""
    found = cached.points(key)
    with draw.panel("points"):
        draw.html("head.html", view, title="观察联系点", switches=None, aside=f"{len(found)} 个")
        if not found:
            lines = ["收到联系点名册后，这里显示它们的位置和走访。"]
            draw.html("notice.html", view, title="尚无联系点数据", lines=lines, links=[])
            return
        _map(view, found)
        draw.html("legend.html", view, entries=[], sources=[cached.map_source()])


def _map(view: View, found: tuple[PointReadout, ...]) -> None:
    dots = tuple(
        Dot(
            p.point,
            p.lon,
            p.lat,
            rgba("brand" if p.national else "accent", view.theme),
            radius=9,
        )
        for p in found
        if p.lon is not None and p.lat is not None
    )
    with st.container(height=MAP_SIZE[1], border=False):
        places_map(view, Places(dots, ()), MAP_SIZE, opens="point", name="观察联系点的位置", key="points")


@draw.remembered
def cards_panel(view: View, key: Key) -> None:
    """A card a point: what it tests, its last visit, found and solved."""
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    cards = [
        {
            "href": view.link("points", point=p.point),
            "on": view.point == p.point,
            "name": p.name,
            "unit": names.get(p.unit, ""),
            "national": p.national,
            "tests": p.tests,
            "last": p.visits[0].on.isoformat() if p.visits else "",
            "count": len(p.visits),
            "found": p.found,
            "solved": p.solved,
        }
        for p in cached.points(key)
    ]
    with draw.panel("point_cards"):
        draw.html("head.html", view, title="走访", switches=None, aside="发现与解决的问题数为历次走访合计")
        draw.html("points.html", view, cards=cards)


@draw.remembered
def detail_panel(view: View, key: Key) -> None:
    """One point: what it tests, the measures it pilots with their lights, its visits."""
    found = next((p for p in cached.points(key) if p.point == view.point), None)
    if found is None:
        return
    listed = cached.list_readout(key)
    piloted = [m for m in listed.measures if m.number in found.measures] if listed else []
    with draw.panel("point"):
        draw.html("head.html", view, title=found.name, switches=None, aside=found.tests)
        draw.html("point.html", view, point=found, measures=piloted)


def as_frame(key: Key) -> pd.DataFrame:
    """Every visit, as one table; a point without visits has one row."""
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    rows: list[dict[str, Any]] = []
    for p in cached.points(key):
        base = {"编号": p.point, "名称": p.name, "单位": names.get(p.unit, p.unit), "试什么": p.tests}
        rows += [
            {
                **base,
                "走访日": v.on,
                "发现问题": v.found,
                "解决问题": v.solved,
                "推广": v.adopted,
                "记录": v.words,
            }
            for v in p.visits
        ] or [base]
    return pd.DataFrame(rows)
