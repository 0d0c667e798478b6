"""The stations: how many are open, where there is none, what one of them offers.

Before the wall stands the head of the department, six metres away, and must say within ten seconds how many
stations are open today, in which towns there is none, which ones nobody can find on a map and how far the
ledgers go. At a desk the same person asks for one unit, one service, one kind, one station. Only stations open on
the day are counted; before the first ledger the page says whose is missing and shows what has been published.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from .. import grid
from ..catalogue import CITY, Organisation
from ..figures import per_10k
from ..readouts.stations import AreaStations, StationReadout, Stations, Wanted, all_day
from . import cached, draw
from .address import View
from .cached import Key

INDICATOR = "stations_count"
# State: shape, token of its colour, word. In the order of the legend.
STATES = {
    "opened": ("●", "on_track", "开放"),
    "suspended": ("▲", "behind", "暂停"),
    "built": ("■", "standing", "建成"),
    "planned": ("○", "not_started", "计划"),
    "closed": ("×", "not_reported", "关闭"),
}
FILTERS = ("unit", "town", "state", "service", "hours", "kind", "cell", "part", "station")
# What means nothing beside another unit or another place on the map.
OF_A_PLACE = ("town", "cell", "part", "station")
SERVICES_SHOWN = 8
LISTED = 100
# Nobody scrolls a wall: what it has room for, and that of one unit, of which a line of towns takes one.
LISTED_ON_A_WALL, LISTED_OF_A_UNIT = 3, 8
TOWNS_IN_A_LINE = 4
HOW_IT_COMES = (
    "13 个填报单位各交一份现有的驿站台账，Excel 原样即可：名称、镇街、地址、坐标、服务、时间和状态。",
    "逐格核对，有问题的格子退回并写明原因；联系人和电话不读取、不保存。",
    "市委社会工作部审核入库，这一页随即有数：地图、各单位、各镇街和名录。",
)


# --- what the address asks for ----------------------------------------------------------------------


def wanted(view: View) -> Wanted:
    """What a station must offer to be counted at all."""
    return Wanted(view.service, bool(view.hours), view.kind)


@lru_cache(maxsize=32)
def shown(view: View, key: Key) -> Stations:
    """The stations that meet the filters of the address."""
    square = grid.of_code(view.cell)
    return cached.stations(key).chosen(
        wanted(view),
        unit=unit_of(view),
        town=view.town,
        state=view.state,
        box=square.box if square else None,
    )


def unit_of(view: View) -> str:
    """The chosen unit; "" for the whole city."""
    return "" if view.unit == CITY else view.unit


def by_town(view: View) -> bool:
    """Whether the chosen unit has towns to be told apart; a park alone is none."""
    unit = unit_of(view)
    return any(o.is_town_or_street and o.parent_code == unit for o in cached.stores().catalogue.organisations)


def areas(view: View, key: Key) -> tuple[AreaStations, ...]:
    """The units, or the towns of the chosen one, as far as their stations offer what is wanted."""
    if by_town(view):
        return cached.stations_by_town(key, view.unit, wanted(view))
    return cached.stations_by_unit(key, wanted(view))


def scope(view: View, key: Key) -> tuple[AreaStations, ...]:
    """What the four figures are about: all units, one of them, or one town."""
    if view.town:
        return tuple(a for a in areas(view, key) if a.code == view.town)
    units = cached.stations_by_unit(key, wanted(view))
    return tuple(u for u in units if unit_of(view) in ("", u.code))


def nobody_reported(key: Key) -> bool:
    """Whether no unit at all has handed in a ledger."""
    return not cached.station_ledgers(key) and not len(cached.stations(key))


def untold(view: View, key: Key) -> bool:
    """Whether nothing at all is known of the chosen unit, or of the city: no ledger, and no station from elsewhere."""
    unit = unit_of(view)
    if not unit:
        return nobody_reported(key)
    return unit not in cached.station_ledgers(key) and not len(cached.stations(key).chosen(unit=unit))


def draw_untold(view: View) -> None:
    """In the place of what a ledger would tell: that the unit has not handed one in."""
    name = cached.stores().catalogue.organisation(unit_of(view) or CITY).short_name
    draw.html("waiting.html", view, text=f"{name}还没有报送驿站台账。")


def narrowed(view: View) -> str:
    """What the counts are narrowed to, in words."""
    words = (view.service, "24 小时" if view.hours else "", view.kind)
    return "".join(f" · {word}" for word in words if word)


def place(view: View) -> Organisation:
    """The city, the chosen unit or the chosen town."""
    return cached.stores().catalogue.organisation(view.town or unit_of(view) or CITY)


def hours(station: StationReadout) -> str:
    """When it is open, in words."""
    return "24 小时" if station.all_day else station.hours


def town_of(station: StationReadout) -> str:
    """The name of its town, or of its unit where nobody wrote down the town."""
    names = draw.names()
    return names.get(station.town) or names.get(station.unit, "")


def counted_of(view: View, found: Stations) -> Stations:
    """What a grid counts: those that are open, unless another state is asked for."""
    return found if view.state else found.opened


def asking(view: View, **changes: str | None) -> str:
    """The page of stations with the filters of this view and these changes; None or "" takes one out.

    It opens with no station, at the first part of the list, and another unit or town drops what belongs to the last.
    """
    drops = OF_A_PLACE if {"unit", "town"} & changes.keys() else ("part", "station")
    kept = {name: value for name, value in view.given if name in (*FILTERS, "shape")}
    return view.link("stations", **{**kept, **dict.fromkeys(drops), **changes})


def turned(view: View, parameter: str, value: str) -> str:
    """The page of stations narrowed to one value, or no longer when it is."""
    return asking(view, **{parameter: None if getattr(view, parameter) == value else value})


# --- filters ----------------------------------------------------------------------------------------


def filters(view: View, key: Key) -> None:
    """Unit, town and kind as lists that unfold, state, service and hours as switches; all of them in the address."""
    if nobody_reported(key):
        text = "还没有单位报送驿站台账。下面是公开过的数；台账入库后，这一页自动换成各单位的数。"
        draw.html("waiting.html", view, text=text)
        return
    units = {u.code: u.short_name for u in cached.stores().catalogue.units}
    towns = {a.code: a.name for a in areas(view, key) if a.code} if by_town(view) else {}
    kinds = {kind: kind for kind in cached.kinds(key)}
    menus = [
        _menu(view, "单位", "unit", units, "全部单位", unit_of(view)),
        _menu(view, "镇街", "town", towns, "全部镇街", view.town),
        _menu(view, "类型", "kind", kinds, "全部类型", view.kind),
    ]
    offered = cached.services(key)[:SERVICES_SHOWN]
    states = {state: f"{shape} {word}" for state, (shape, _, word) in STATES.items()}
    switches = [
        _switch(view, "状态", "state", states, view.state),
        _switch(view, "服务", "service", {word: word for word in offered}, view.service),
        _switch(view, "时间", "hours", {"24": "24 小时"}, view.hours),
    ]
    given = set(FILTERS) & set(dict(view.given))
    cleared = asking(view, **dict.fromkeys(FILTERS)) if given else ""
    draw.html("filters.html", view, menus=menus, switches=switches, cleared=cleared)


def _menu(
    view: View, name: str, parameter: str, names: dict[str, str], whole: str, now: str
) -> dict[str, Any]:
    return _switch(view, name, parameter, names, now, whole) | {"now": names.get(now, whole)}


def _switch(
    view: View, name: str, parameter: str, words: dict[str, str], now: str, whole: str = "全部"
) -> dict[str, Any]:
    """A choice among a few."""
    return {
        "name": name,
        "options": [
            {"href": asking(view, **{parameter: value}), "on": value == now, "word": word}
            for value, word in [("", whole), *words.items()]
        ],
    }


@draw.remembered
def beside(view: View, key: Key) -> None:
    """What stands beside the map: the units or towns, and the list."""
    with draw.together():
        areas_panel(view, key)
        list_panel(view, key)


# --- by unit or town --------------------------------------------------------------------------------


def areas_panel(view: View, key: Key) -> None:
    """By unit, or by town of the chosen one: open, per 10,000, round the clock, other states, without any."""
    found = areas(view, key)
    most = max((a.open for a in found), default=0) or 1
    towns = by_town(view)
    title = ("按镇街" if towns else "按单位") + narrowed(view)
    back = asking(view, unit=None) if unit_of(view) else ""
    with_rates = any(a.residents.value is not None for a in found)
    told = any(a.reported for a in found)
    aside = "只计正在开放的" + _without_residents(found) if told else ""
    rows = [_area_row(view, a, most) for a in found]
    with draw.sheet("areas"):
        draw.html("opened.html", view, title=title, back=back, back_word="‹ 全市", aside=aside)
        draw.html("areas.html", view, rows=rows, by_town=towns, per_10k=with_rates)


def _without_residents(found: Sequence[AreaStations]) -> str:
    """That nobody knows how many live there, and there is no rate: of all, or of those with a dash."""
    unknown = [a for a in found if a.reported and a.residents.value is None]
    if not unknown:
        return ""
    return " · 镇街人口未报" if all(a.residents.value is None for a in found) else " · —：人口未报"


def _all_day(area: AreaStations) -> str:
    """How many are open round the clock; at least so many where hours were not told of all, and no nought then."""
    count = all_day([area])
    if area.hours_told < area.open:
        return f"{count:,}+" if count else "—"
    return f"{count:,}"


def _area_row(view: View, area: AreaStations, most: int) -> dict[str, Any]:
    parameter = "town" if by_town(view) else "unit"
    return {
        "code": area.code,
        "name": area.name,
        "href": turned(view, parameter, area.code) if area.code else "",
        "on": bool(area.code) and area.code == getattr(view, parameter),
        "reported": area.reported,
        "open": f"{area.open:,}" if area.open else "",
        "share": f"{area.open / most:.0%}",
        "per_10k": per_10k(area.per_10k) or "—",
        "all_day": _all_day(area),
        "others": [(STATES[s][0], STATES[s][1], STATES[s][2], n) for s, n in area.by_state],
        "unlocated": f"{area.unlocated:,}",
        "without": f"{len(area.towns_without)}",
    }


# --- the list ---------------------------------------------------------------------------------------


def list_panel(view: View, key: Key) -> None:
    """Every station that meets the filters, those without a place included, so many at a time."""
    with draw.sheet("station_list"):
        if nobody_reported(key):
            draw.html("head.html", view, title="数怎样到这里", switches=None, aside="")
            draw.html("steps.html", view, steps=HOW_IT_COMES)
            return
        if untold(view, key):
            draw.html("head.html", view, title="名录", switches=None, aside="")
            draw_untold(view)
            return
        found, parts = shown(view, key).in_order, parts_of(view, key)
        part = min(view.part, parts)
        first = (part - 1) * LISTED
        named = tuple(found[first : first + LISTED])
        if view.wall:
            named = named[: _room_on_a_wall(view, key)]
        title = "方格内的名录" if view.cell else "名录"
        aside = f"{len(found):,} 个，未开放和无坐标的在前"
        draw.html("head.html", view, title=title, switches=None, aside=aside)
        rows = [_list_row(view, s) for s in cached.station_details(key, named)]
        told = f"第 {first + 1:,}–{first + len(named):,} 个" if parts > 1 else ""
        before = view.here("stations", part=str(part - 1)) if part > 1 else ""
        after = view.here("stations", part=str(part + 1)) if part < parts else ""
        draw.html("station_list.html", view, rows=rows, told=told, before=before, after=after)


def _room_on_a_wall(view: View, key: Key) -> int:
    """How many rows of the list stand on a wall: below the towns without any of one unit there is room for more."""
    if not unit_of(view) or view.station or view.lang == "en":
        return LISTED_ON_A_WALL
    own = (a for a in cached.stations_by_unit(key, wanted(view)) if a.code == unit_of(view))
    towns = sum(len(a.towns_without) for a in own)
    return max(LISTED_ON_A_WALL, LISTED_OF_A_UNIT - math.ceil(towns / TOWNS_IN_A_LINE))


def parts_of(view: View, key: Key) -> int:
    """In how many parts the list is told."""
    return max(1, -(-len(shown(view, key)) // LISTED))


def of_its_day(view: View, key: Key) -> View:
    """The view, with a sentence where it asks for a square without a station or a part the list does not have."""
    if view.cell and not len(shown(view, key)):
        square = grid.of_code(view.cell)
        if square is None or not len(cached.stations(key).chosen(unit=unit_of(view), box=square.box)):
            return view.refusing("cell", "这个方格里没有驿站")
    if view.part > (parts := parts_of(view, key)):
        return view.refusing("part", f"名录只有 {parts} 页")
    return view


def _list_row(view: View, station: StationReadout) -> dict[str, Any]:
    return {
        "href": view.here("stations", station=station.station),
        "state": STATES[station.state],
        "name": station.name,
        "town": town_of(station),
        "hours": hours(station),
        "located": station.located,
    }
