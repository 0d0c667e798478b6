"""The stations: how many are open, where there is none, what one of them offers.

Before the wall stands the head of the department, six metres away, and must say within ten seconds how many
stations are open today, in which towns there is none, which ones nobody can find on a map and how far the
ledgers go. At a desk the same person asks for one unit, one service, one station. Only stations open on the
day are counted; before the first ledger the page says whose is missing and shows what has been published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from ..catalogue import CITY, Organisation
from ..figures import quantity
from ..maps import Dot
from ..readouts.stations import AreaStations, StationReadout, chosen, services
from . import address, cached, draw
from .address import View
from .cached import Key
from .map_panels import Places, Size, outline_names, outline_of, places_map
from .theme import rgba

MAP_SIZE: Size = (664, 648)
INDICATOR = "stations_count"
# State: shape, token of its colour, word. In the order of the legend.
STATES = {
    "opened": ("●", "on_track", "开放"),
    "suspended": ("▲", "behind", "暂停"),
    "built": ("■", "standing", "建成"),
    "planned": ("○", "not_started", "计划"),
    "closed": ("×", "not_reported", "关闭"),
}
HOLLOW = "○"
LIFE = ("planned", "built", "opened", "suspended", "closed")
EVERY_LIFE = ("planned", "built", "opened")  # what is told of every station, known or not
FILTERS = ("unit", "town", "state", "service", "hours", "station")
RADIUS, RADIUS_NEAR = 5, 7
SERVICES_SHOWN = 8
LISTED = 600
HOW_IT_COMES = (
    "13 个填报单位各交一份现有的驿站台账，Excel 原样即可：名称、镇街、地址、坐标、服务、时间和状态。",
    "逐格核对，有问题的格子退回并写明原因；联系人和电话不读取、不保存。",
    "市委社会工作部审核入库，这一页随即有数：地图、各单位、各镇街和名录。",
)


@lru_cache(maxsize=64)
def shown(view: View, key: Key) -> tuple[StationReadout, ...]:
    """The stations that meet the filters of the address; first those that are not open or stand nowhere."""
    found = chosen(
        cached.stations(key),
        unit=unit_of(view),
        town=view.town,
        state=view.state,
        service=view.service,
        all_day=bool(view.hours),
    )
    return tuple(sorted(found, key=lambda s: (s.state == "opened", s.located, s.station)))


def unit_of(view: View) -> str:
    """The chosen unit; "" for the whole city."""
    return "" if view.unit == CITY else view.unit


def by_town(view: View) -> bool:
    """Whether the chosen unit has towns to be told apart."""
    return bool(_towns(unit_of(view)))


def areas(view: View, key: Key) -> tuple[AreaStations, ...]:
    """The units, or the towns of the chosen one, as far as service and hours let their stations through."""
    if by_town(view):
        return cached.stations_by_town(key, view.unit, view.service, bool(view.hours))
    return cached.stations_by_unit(key, view.service, bool(view.hours))


def scope(view: View, key: Key) -> tuple[AreaStations, ...]:
    """What the four figures are about: all units, one of them, or one town."""
    if view.town:
        return tuple(a for a in areas(view, key) if a.code == view.town)
    units = cached.stations_by_unit(key, view.service, bool(view.hours))
    return tuple(u for u in units if unit_of(view) in ("", u.code))


def nobody_reported(key: Key) -> bool:
    """Whether no unit at all has handed in a ledger."""
    return not cached.station_ledgers(key) and not cached.stations(key)


def narrowed(view: View) -> str:
    """What the counts are narrowed to, in words."""
    return "".join(f" · {word}" for word in (view.service, "24 小时" if view.hours else "") if word)


def place(view: View) -> Organisation:
    """The city, the chosen unit or the chosen town."""
    return cached.stores().catalogue.organisation(view.town or unit_of(view) or CITY)


def hours(station: StationReadout) -> str:
    """When it is open, in words."""
    return "24 小时" if station.all_day else station.hours


def _towns(unit: str) -> list[Organisation]:
    every = cached.stores().catalogue.organisations
    return [o for o in every if o.level == "town" and o.parent_code == unit]


# --- filters ----------------------------------------------------------------------------------------


def filters(view: View, key: Key) -> None:
    """Unit and town as lists, state, service and hours as switches; all of them in the address."""
    with st.container(key="stationbar", horizontal=True, vertical_alignment="center"):
        if nobody_reported(key):
            _waiting(view)
            return
        names = {u.code: u.short_name for u in cached.stores().catalogue.units}
        _choice(view, "unit", names, "全部单位", unit_of(view), ("town", "station"))
        towns = {a.code: a.name for a in areas(view, key) if a.code} if by_town(view) else {}
        _choice(view, "town", towns, "全部镇街", view.town, ("station",))
        _switches(view, key)


@draw.remembered
def _waiting(view: View) -> None:
    text = "还没有单位报送驿站台账。下面是公开过的数；台账入库后，这一页自动换成各单位的数。"
    draw.html("waiting.html", view, text=text)


def _choice(
    view: View, parameter: str, names: dict[str, str], whole: str, now: str, drops: tuple[str, ...]
) -> None:
    widget = f"w_{parameter}"
    st.session_state[widget] = now if now in names else ""
    st.selectbox(
        draw.say(view, whole),
        ["", *names],
        key=widget,
        format_func=lambda code: draw.say(view, names[code] if code else whole),
        label_visibility="collapsed",
        disabled=not names,
        on_change=address.put(parameter, drops=drops),
    )


@draw.remembered
def _switches(view: View, key: Key) -> None:
    offered = services(cached.stations(key))[:SERVICES_SHOWN]
    groups = [
        ("状态", "state", view.state, [(s, f"{shape} {word}") for s, (shape, _, word) in STATES.items()]),
        ("服务", "service", view.service, [(word, word) for word in offered]),
        ("时间", "hours", view.hours, [("24", "24 小时")]),
    ]
    switches = [
        {
            "name": name,
            "options": [
                {"href": view.here("stations", **{parameter: value}), "on": value == now, "word": word}
                for value, word in [("", "全部"), *options]
            ],
        }
        for name, parameter, now, options in groups
    ]
    given = set(FILTERS) & set(dict(view.given))
    cleared = view.here("stations", **dict.fromkeys(FILTERS)) if given else ""
    draw.html("filters.html", view, switches=switches, cleared=cleared)


# --- the map ----------------------------------------------------------------------------------------


def map_panel(view: View, key: Key) -> None:
    """The stations as points by state; a click opens one. A chosen unit fills the panel."""
    with draw.panel("stations"):
        _map_head(view.without("station"), key)
        name = f"{place(view).name}驿站的位置和状态；同样的驿站列在名录里"
        places_map(view, _places(view, key), MAP_SIZE, opens="station", name=name, key="stations")
        map_foot(view.without("station"), key, shown(view, key))


@draw.remembered
def _map_head(view: View, key: Key) -> None:
    found = shown(view, key)
    on_map = sum(s.located for s in found)
    aside = f"图上 {on_map} · 无坐标 {len(found) - on_map}" if found else ""
    draw.html("head.html", view, title=f"{place(view).name}驿站", switches=None, aside=aside)


def map_foot(view: View, key: Key, found: Sequence[StationReadout]) -> None:
    """What the marks mean, with how many of these stations bear each, and where the outlines come from."""
    counts = Counter(s.state for s in found)
    _map_foot(view, key, tuple(counts[state] for state in STATES))


@draw.remembered
def _map_foot(view: View, key: Key, counts: tuple[int, ...]) -> None:
    marks = [
        (shape, token, f"{word} {count}")
        for (state, (shape, token, word)), count in zip(STATES.items(), counts, strict=True)
        if view.state in ("", state)  # of the others none is drawn, which is not that there is none
    ]
    if nobody_reported(key):
        marks = [("▨", "not_reported", f"未报送 {len(cached.stores().catalogue.units)}")]
    draw.html("marks.html", view, marks=marks, source=f"{_borrowed(view)}{cached.map_source()}")


def _borrowed(view: View) -> str:
    """A zone has no outline of its own."""
    held = {u.code: u for u in cached.stores().catalogue.units}
    zone = held.get(view.unit)
    if zone is None or not zone.within_code:
        return ""
    return f"{zone.short_name}没有单独的轮廓，按{held[zone.within_code].name}显示 · "


@lru_cache(maxsize=64)
def _places(view: View, key: Key) -> Places:
    outline = outline_of(view.unit)
    radius = RADIUS_NEAR if outline else RADIUS
    dots = tuple(
        _dot(view, s, s.lon, s.lat, radius)
        for s in reversed(shown(view, key))
        if s.lon is not None and s.lat is not None
    )
    return Places(dots, outline_names(view), outline, view.station)


def _dot(view: View, station: StationReadout, lon: float, lat: float, radius: int) -> Dot:
    """A circle is filled or hollow; every other state is written as its sign."""
    shape, token, _ = STATES[station.state]
    colour = rgba(token, view.theme)
    if shape == HOLLOW:
        return Dot(station.station, lon, lat, rgba("unreported", view.theme), radius=radius + 1, ring=colour)
    return Dot(station.station, lon, lat, colour, shape, radius)


# --- by unit or town --------------------------------------------------------------------------------


@draw.remembered
def areas_panel(view: View, key: Key) -> None:
    """By unit, or by town of the chosen one: open, per 10,000, round the clock, other states, without any."""
    found = areas(view, key)
    most = max((a.open for a in found), default=0) or 1
    title = ("按镇街" if by_town(view) else "按单位") + narrowed(view)
    back = view.here("stations", unit=None, town=None) if unit_of(view) else ""
    aside = "" if nobody_reported(key) else "只计正在开放的"
    rows = [_area_row(view, a, most) for a in found]
    with draw.sheet("areas"):
        draw.html("opened.html", view, title=title, back=back, back_word="‹ 全市", aside=aside)
        draw.html("areas.html", view, rows=rows, by_town=by_town(view))


def _area_row(view: View, area: AreaStations, most: int) -> dict[str, Any]:
    towns = by_town(view)
    on = bool(area.code) and area.code == (view.town if towns else view.unit)
    changes = {"town" if towns else "unit": None if on else area.code}
    return {
        "code": area.code,
        "name": area.name,
        "href": view.here("stations", **{"town": None, **changes}) if area.code else "",
        "on": on,
        "reported": area.reported,
        "open": area.open,
        "share": f"{area.open / most:.0%}",
        "per_10k": quantity(area.per_10k, 2, absent=""),
        "all_day": area.all_day or "",
        "others": [(STATES[s][0], STATES[s][1], STATES[s][2], n) for s, n in area.by_state],
        "unlocated": area.unlocated or "",
        "without": len(area.towns_without) or "",
    }


# --- one station, or where there is none ------------------------------------------------------------


@draw.remembered
def detail_panel(view: View, key: Key) -> None:
    """One station: what it offers, who runs it, how it has lived. Until one is chosen, the towns without any."""
    with draw.sheet("station"):
        if view.station:
            _station(view, key)
        elif nobody_reported(key):
            _published(view, key)
        else:
            _without(view, key)


def _station(view: View, key: Key) -> None:
    found = next((s for s in cached.stations(key) if s.station == view.station), None)
    back = view.here("stations", station=None)
    if found is None:
        line = f"截至这一天，没有编号为 {view.station} 的驿站。"
        draw.html("opened.html", view, title="没有这个驿站", back=back, back_word="× 关闭", aside="")
        draw.html("waiting.html", view, text=line)
        return
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    life = [(*STATES[step], day) for step, day in _life(key, found)]
    where = f"{names.get(found.unit, '')}{names.get(found.town, '')} {found.address}"
    draw.html("opened.html", view, title=found.name, back=back, back_word="× 关闭", aside="")
    draw.html(
        "station.html",
        view,
        station=found,
        state=STATES[found.state],
        where=where,
        hours=hours(found),
        life=life,
    )


def _life(key: Key, station: StationReadout) -> list[tuple[str, str]]:
    """Every step it took, in order, between those nobody wrote down and those that lie ahead."""
    happened = cached.station_life(key, station.station)
    missing = [step for step in EVERY_LIFE if step not in dict(happened)]
    ahead = [step for step in missing if LIFE.index(step) > LIFE.index(station.state)]
    return [
        *((step, "未记") for step in missing if step not in ahead),
        *((step, day.isoformat()) for step, day in happened),
        *((step, "尚未") for step in ahead),
    ]


def _without(view: View, key: Key) -> None:
    """The towns in which no station is open, by unit; each leads to its unit."""
    units = [u for u in cached.stations_by_unit(key, view.service, bool(view.hours)) if u.reported]
    asked = [u for u in units if unit_of(view) in ("", u.code)]
    rows = [
        {
            "name": u.name,
            "href": view.here("stations", unit=u.code, town=None),
            "count": len(u.towns_without),
            "of": u.towns,
            "towns": [
                (name, view.here("stations", unit=u.code, town=code)) for code, name in u.towns_without
            ],
        }
        for u in sorted(asked, key=lambda u: -len(u.towns_without))
        if u.towns_without
    ]
    title = f"没有驿站的镇街{narrowed(view)}"
    draw.html("head.html", view, title=title, switches=None, aside="点一个驿站，这里换成它")
    draw.html("without.html", view, rows=rows, towns=sum(u.towns for u in asked))
    opened = [s for s in shown(view.without("state"), key) if s.state == "opened"]
    counts = [(name, sum(name in s.services for s in opened)) for name in services(opened)]
    draw.html("offered.html", view, counts=counts)


def _published(view: View, key: Key) -> None:
    """Every published figure, with its source, while no ledger is there."""
    draw.html("head.html", view, title="公开过的驿站数", switches=None, aside="全市")
    draw.html("printed.html", view, rows=printed_rows(key, (INDICATOR,)))


def printed_rows(key: Key, indicators: Sequence[str]) -> list[dict[str, str]]:
    """What has been published of the city, newest first, with period and source."""
    known = cached.definitions(key)
    return [
        {
            "name": known[indicator].title,
            "value": quantity(said.quantity, exact=True),
            "unit": known[indicator].measured_in,
            "period": said.period.text,
            "source": f"{said.source}（{said.grade} 级）" if said.grade else said.source,
        }
        for indicator in indicators
        if indicator in known
        for said, current, void in cached.history(key, indicator, CITY)
        if current and not void
    ]


# --- the list ---------------------------------------------------------------------------------------


@draw.remembered
def list_panel(view: View, key: Key) -> None:
    """Every station that meets the filters, those without a place included; it scrolls by itself."""
    found = shown(view, key)
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    with draw.sheet("station_list"):
        if nobody_reported(key):
            draw.html("head.html", view, title="数怎样到这里", switches=None, aside="")
            draw.html("steps.html", view, steps=HOW_IT_COMES)
            return
        aside = f"{len(found)} 个，未开放和无坐标的在前"
        draw.html("head.html", view, title="名录", switches=None, aside=aside)
        rows = [_list_row(view, s, names) for s in found[:LISTED]]
        draw.html("station_list.html", view, rows=rows, left=len(found) - len(rows))


def _list_row(view: View, station: StationReadout, names: dict[str, str]) -> dict[str, Any]:
    return {
        "href": view.here("stations", station=station.station),
        "state": STATES[station.state],
        "name": station.name,
        "town": names.get(station.town) or names.get(station.unit, ""),
        "hours": hours(station),
        "located": station.located,
    }
