"""Stations on the map, by unit and in a list; only those open on the day count."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from ..config import PAGES
from ..figures import quantity
from ..maps import Dot
from ..readouts.stations import StationReadout, chosen
from . import cached, draw
from .address import View
from .cached import Key
from .map_panels import places_map
from .theme import rgba, var

MAP_SIZE = (1040, 640)
STATES = {"opened": "开放", "suspended": "暂停", "built": "建成", "planned": "计划", "closed": "关闭"}
TOKENS = {
    "opened": "class-4",
    "suspended": "behind",
    "built": "standing",
    "planned": "not_started",
    "closed": "not_reported",
}
SERVICES = ("饮水", "充电", "休息", "热饭", "急救", "24小时")


def shown(view: View, key: Key) -> tuple[StationReadout, ...]:
    """The stations that meet the filters of the address."""
    every = cached.stations(key)
    return chosen(every, unit=view.unit, town=view.town, state=view.state, service=view.service)


def map_panel(view: View, key: Key) -> None:
    """The stations as points by state; a click opens one."""
    with draw.panel("stations"):
        _map_head(view, key)
        _map(view, key)
        _map_foot(view, key)


@draw.remembered
def _map_head(view: View, key: Key) -> None:
    found = shown(view, key)
    opened = sum(s.state == "opened" for s in found)
    unlocated = sum(s.lon is None for s in found)
    aside = f"开放 {opened} · 共 {len(found)} · 无坐标 {unlocated}"
    draw.html("head.html", view, title="暖“新”驿站", switches=_switches(view), aside=aside)


@draw.remembered
def _map_foot(view: View, key: Key) -> None:
    counts = Counter(s.state for s in shown(view, key))
    legend = [
        {"css": "", "colour": var(TOKENS[state]), "text": f"{word} {counts[state]}"}
        for state, word in STATES.items()
    ]
    draw.html("legend.html", view, entries=legend, sources=[cached.map_source()])


def _switches(view: View) -> list[dict[str, Any]]:
    return [
        {
            "name": "状态",
            "options": [
                {"href": view.here("stations", state=None), "on": not view.state, "word": "全部"},
                *(
                    {"href": view.here("stations", state=state), "on": view.state == state, "word": word}
                    for state, word in STATES.items()
                ),
            ],
        },
        {
            "name": "服务",
            "options": [
                {"href": view.here("stations", service=None), "on": not view.service, "word": "全部"},
                *(
                    {"href": view.here("stations", service=word), "on": view.service == word, "word": word}
                    for word in SERVICES
                ),
            ],
        },
    ]


def _map(view: View, key: Key) -> None:
    clicked = places_map(view, _dots(view, key), MAP_SIZE, key="stations")
    if clicked and clicked.get("code") and clicked["code"] != view.station:
        st.switch_page(
            PAGES / "stations.py", query_params=view.parameters(**dict(view.given), station=clicked["code"])
        )


@lru_cache(maxsize=64)
def _dots(view: View, key: Key) -> tuple[Dot, ...]:
    return tuple(
        Dot(s.station, s.lon, s.lat, rgba(TOKENS[s.state], view.theme))
        for s in shown(view, key)
        if s.lon is not None and s.lat is not None
    )


@draw.remembered
def units_panel(view: View, key: Key) -> None:
    """By unit: open, per 10,000, other states, without place, towns without any."""
    rows = [
        {
            "code": u.code,
            "name": u.name,
            "href": view.here("stations", unit=None if view.unit == u.code else u.code),
            "on": view.unit == u.code,
            "open": u.open,
            "others": u.others or "",
            "unlocated": u.unlocated or "",
            "per_10k": quantity(u.per_10k, 2, absent=""),
            "without": f"{len(u.towns_without)}/{u.towns}" if u.towns_without else "",
            "names": "、".join(u.towns_without),
        }
        for u in cached.stations_by_unit(key)
    ]
    total = sum(int(r["open"]) for r in rows)
    with draw.panel("station_units"):
        draw.html("head.html", view, title="按单位", switches=None, aside=f"开放合计 {total}")
        draw.html("station_units.html", view, rows=rows)


@draw.remembered
def detail_panel(view: View, key: Key) -> None:
    """One station: what it offers, who runs it, how it has lived."""
    found = next((s for s in cached.stations(key) if s.station == view.station), None)
    with draw.panel("station"):
        if found is None:
            draw.html("head.html", view, title="驿站", switches=None, aside="")
            draw.html(
                "notice.html",
                view,
                title="点地图上的一个驿站",
                lines=["这里会写出它的服务、时间和生命线。"],
                links=[],
            )
            return
        names = {o.code: o.name for o in cached.stores().catalogue.organisations}
        draw.html(
            "head.html", view, title=found.name, switches=None, aside=STATES[found.state], own_words=True
        )
        life = [{"word": STATES[e], "day": d.isoformat()} for e, d in cached.station_life(key, found.station)]
        where = f"{names.get(found.unit, '')}{names.get(found.town, '')} {found.address}"
        draw.html("station.html", view, station=found, life=life, where=where)


def list_panel(view: View, key: Key) -> None:
    """Every station that meets the filters, those without a place included."""
    found = shown(view, key)
    with draw.panel("station_list"):
        draw.html("head.html", view, title="名录", switches=None, aside=f"{len(found)} 个，未定位的也在内")
        st.dataframe(_table(view, key), hide_index=True, height=420, key="station_table")


@lru_cache(maxsize=32)
def _table(view: View, key: Key) -> pd.DataFrame:
    """The table in the reader's script; it is only shown, never changed."""
    return draw.in_script(as_frame(view, key), view)


def as_frame(view: View, key: Key) -> pd.DataFrame:
    """The stations that meet the filters, as one table."""
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    return pd.DataFrame(
        [
            {
                "编号": s.station,
                "名称": s.name,
                "类型": s.kind,
                "单位": names.get(s.unit, s.unit),
                "镇街": names.get(s.town, ""),
                "地址": s.address,
                "状态": STATES[s.state],
                "状态日期": s.since,
                "服务": " ".join(s.services),
                "开放时间": s.hours,
                "运营": s.operator,
                "经度": s.lon,
                "纬度": s.lat,
                "最近核查": s.checked_on,
            }
            for s in shown(view, key)
        ]
    )
