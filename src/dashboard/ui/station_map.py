"""The stations on the map: counted on a grid as long as they stand for a whole city, one by one when looked at closely.

A click on a square comes closer, a click on a station opens it. Which of the two is drawn follows from what is
looked at and how many there are, so that the map stays readable, and small, with 50,000 of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from string import ascii_uppercase
from typing import Any

from .. import grid
from ..maps import Dot, Filled
from ..mercator import Box
from ..readouts.station_grid import Density, density
from ..readouts.stations import Stations
from . import cached, draw, map_table
from .address import View
from .cached import Key
from .map_panels import Places, Size, box_of, map_zoom, outline_names, outline_of, places_map
from .station_rows import squares_table, stations_table
from .stations_page import STATES, asking, counted_of, draw_untold, narrowed, place, shown, unit_of, untold
from .theme import rgba, var

MAP_SIZE: Size = (664, 568)
HOLLOW = "○"
# Fewer are drawn one by one even for the whole city; more are never.
COUNTED_FROM, POINTS_MOST = 150, 1_500
# Up to so many there is room for the sign of their kind within each.
SIGNED_MOST = 120
RADIUS, RADIUS_NEAR, RADIUS_SIGNED = 5, 7, 10
SQUARE_PX = 34
# How many of the kinds are told below the map.
KINDS_SHOWN = 6


def map_panel(view: View, key: Key) -> None:
    """The stations on a grid or as points; a chosen unit or square fills the panel."""
    every = view.without("station")
    with draw.panel("stations"):
        _head(view, key)
        if view.table:
            _table(every, key)
        else:
            named = name(every, key)
            places_map(view, _places(view, key), MAP_SIZE, opens="station", name=named, key="stations")
        _foot(every, key)


def name(view: View, key: Key) -> str:
    """The map in one sentence."""
    if on_grid(view, key):
        km, counted = f"{_grid(view, key).kilometres:.1f}", STATES[view.state or "opened"][2]
        return f"{place(view).name}每格 {km} 公里见方里{counted}的驿站数；驿站列在名录里"
    return f"{place(view).name}驿站的位置和状态；同样的驿站列在名录里"


def on_grid(view: View, key: Key) -> bool:
    """Whether the stations are counted on a grid: too many for the place that is looked at."""
    if not cached.shapes():
        return False
    count = int(drawn(view, key).located.sum())
    if count > POINTS_MOST or count <= COUNTED_FROM:
        return count > POINTS_MOST
    return view.shape == "density" or (view.shape != "points" and not _closer(view))


def _closer(view: View) -> bool:
    """Whether less than the whole city is looked at."""
    return bool(unit_of(view) or view.cell)


def drawn(view: View, key: Key) -> Stations:
    """What the map is about: all that meet the filters."""
    return shown(view.without("station"), key)


@draw.remembered
def _head(view: View, key: Key) -> None:
    found = drawn(view, key)
    located = int(found.located.sum())
    both = COUNTED_FROM < located <= POINTS_MOST and cached.shapes()
    ways = {"density": "密度", "points": "点位"} if both else None
    drawn_as = "density" if on_grid(view, key) else "points"
    told = counted_of(view, found) if on_grid(view, key) else found
    on_map = len(told.on_map)
    aside = ""
    if len(told):
        nowhere = len(told) - on_map
        drawn_ones = f"图上 {on_map:,} · 无坐标 {nowhere:,}"
        aside = drawn_ones if cached.shapes() else f"有坐标 {on_map:,} · 无坐标 {nowhere:,}"
    switches = [map_table.switch(view, "stations", ways, now=drawn_as)]
    square = grid.of_code(view.cell)
    title = f"{place(view).name}驿站{_asked(view)}"
    if square:
        names = [draw.names()[code] for code in found.counts("unit")]
        title = (
            f"{draw.several(names, 3) or place(view).name} · {square.kilometres:.1f} 公里见方{_asked(view)}"
        )
    back = view.here("stations", cell=None, part=None) if square else ""
    # A kind and a service are somebody's own words.
    draw.html("head.html", view, title=title, switches=switches, aside=aside, back=back, own_words=True)


def _asked(view: View) -> str:
    """The filters and the state that the map was narrowed to, behind its title."""
    return narrowed(view) + (f" · {STATES[view.state][2]}" if view.state else "")


@draw.remembered
def _table(view: View, key: Key) -> None:
    """What the map shows as rows: the squares, or the stations, of which the list has the rest."""
    found = shown(view, key)
    if untold(view, key):
        draw_untold(view)
        return
    if on_grid(view, key):
        squares_table(view, name(view, key), found, _grid(view, key))
        return
    named = name(view, key)
    stations_table(view, key, named, found, "kind", lambda one: view.here("stations", station=one.station))


@draw.remembered
def _foot(view: View, key: Key) -> None:
    """What is seen, with how many of these stations bear each mark, and where the outlines come from."""
    found = shown(view, key)
    if on_grid(view, key):
        foot(view, key, found, _grid(view, key))
        return
    counts = found.opened.counts("kind")
    signs = _signs(view, found).items()
    # Those that are open bear the sign of their kind, and they alone.
    foot(view, key, found, kinds=[(sign, kind, counts[kind]) for kind, sign in signs])


def foot(
    view: View,
    key: Key,
    found: Stations,
    squares: Density | None = None,
    kinds: Sequence[tuple[str, str, int]] = (),
    *,
    zones: Sequence[str] = (),
) -> None:
    """What is seen below a map: the classes of its squares, the states, the signs of the kinds, the source.

    ``zones`` are counted with the chosen unit: of them together there is no list to which a mark can lead.
    """
    draw.html(
        "station_foot.html",
        view,
        swatches=list(_swatches(squares)) if squares else [],
        square=f"{squares.kilometres:.1f}" if squares else "",
        counted=STATES[view.state or "opened"][2],
        marks=marks(view, key, found, zones, counted=squares is not None),
        kinds=[(sign, kind, n, asking(view, kind=kind)) for sign, kind, n in kinds],
        source=f"{_ledgers(view, key)}{borrowed(view)}{cached.map_source()}",
    )


def _ledgers(view: View, key: Key) -> str:
    """Who said what is drawn, and of which day it is."""
    who = "" if untold(view, key) else "各单位驿站名录 · "
    return f"{who}截至 {view.as_of.isoformat()} · "


def marks(
    view: View, key: Key, found: Stations, zones: Sequence[str] = (), *, counted: bool = False
) -> list[dict[str, Any]]:
    """Every state with its sign and how many of these stations are in it; a click asks for that state alone.

    Where they are ``counted`` in squares the map bears none of the signs, and there is none here either.
    Without a ledger of what is looked at no state has a count, not even nought.
    """
    told = cached.station_ledgers(key)
    asked = (unit_of(view), *zones)
    units = [u.code for u in cached.stores().catalogue.units if not asked[0] or u.code in asked]
    silent = [code for code in units if code not in told]
    counts = found.counts("state")
    known = len(silent) < len(units) or bool(len(found))
    rows = [
        {
            "shape": "" if counted else shape,
            "token": token,
            "text": f"{word} {counts.get(state, 0):,}",
            "href": "" if zones else asking(view, state=None if view.state else state),
        }
        for state, (shape, token, word) in STATES.items()
        # Of the others none is drawn, which is not that there is none.
        if view.state in ("", state) and known
    ]
    if silent:
        text = f"未报送 {len(silent)}" if len(units) > 1 else "未报送"
        rows.append({"shape": "▨", "token": "not_reported", "text": text, "href": ""})
    return rows


def _swatches(told: Density) -> Iterator[tuple[str, str]]:
    for number, (least, most) in enumerate(told.classes):
        yield var(f"class-{number}"), f"{least:,}" if least == most else f"{least:,}–{most:,}"


def borrowed(view: View) -> str:
    """A zone has no outline of its own."""
    held = {u.code: u for u in cached.stores().catalogue.units}
    zone = held.get(view.unit)
    if zone is None or not zone.within_code:
        return ""
    return f"{zone.short_name}没有单独的轮廓，按{held[zone.within_code].name}显示 · "


def silent_outlines(key: Key) -> frozenset[str]:
    """The outlines whose own unit has handed in no ledger."""
    told = cached.station_ledgers(key)
    return frozenset(u.code for u in cached.stores().catalogue.units if u.code not in told)


@lru_cache(maxsize=64)
def _grid(view: View, key: Key) -> Density:
    return density(counted_of(view, drawn(view, key)), zoom_of_squares(_box(view), MAP_SIZE))


def zoom_of_squares(box: Box | None, size: Size) -> int:
    """Of which zoom the squares are that are read well on a map of this box and size."""
    return grid.zoom_of(map_zoom(box, size), SQUARE_PX)


def _box(view: View) -> Box | None:
    square = grid.of_code(view.cell)
    return square.box if square else box_of(outline_of(view.unit))


@lru_cache(maxsize=64)
def _places(view: View, key: Key) -> Places:
    every, unit = view.without("station"), outline_of(view.unit)
    squares: tuple[Filled, ...] = ()
    dots: tuple[Dot, ...] = ()
    if on_grid(every, key):
        squares = tuple(_filled(view, *one) for one in _grid(every, key).squares)
        dots = tuple(_chosen_dot(view, key))
    else:
        dots = tuple(_dots(view, drawn(view, key)))
    silent = silent_outlines(key)
    names = tuple((code, _on_outline(view, key, code, said)) for code, said in outline_names(view))
    return Places(dots, names, unit, view.station, squares, _box(view), silent)


def _on_outline(view: View, key: Key, code: str, name: str) -> str:
    """What is written on an outline; of the chosen unit, whose name heads the panel, only what is more than that."""
    told = _told_name(view, key, code, name)
    return told.partition("\n")[2] if code == view.unit else told


def _told_name(view: View, key: Key, code: str, name: str) -> str:
    """The name of an outline; below it, that its unit, or the zone in it, has handed in no ledger."""
    told, unreported = cached.station_ledgers(key), draw.say(view, "未报")
    units = [u for u in cached.stores().catalogue.units if code in (u.code, u.within_code)]
    owed = {u.code: u for u in units if u.code not in told}
    if code in owed:
        return f"{name}\n{unreported}"
    short = name.partition("\n")[0]
    zones = [f"{draw.say(view, u.short_name)} {unreported}" for u in owed.values()]
    return "\n".join((short, *zones)) if zones else name


def _filled(view: View, square: grid.Square, count: int, number: int) -> Filled:
    colour, ink = rgba(f"class-{number}", view.theme, 225), rgba(f"on-class-{number}", view.theme)
    return Filled(square.code, square.box, colour, f"{count}", ink)


def _chosen_dot(view: View, key: Key) -> Iterator[Dot]:
    """The station that is open, also where the others are counted."""
    named = cached.station_details(key, (view.station,)) if view.station else ()
    for found in named:
        if found.lon is not None and found.lat is not None:
            yield _dot(view, found.station, found.lon, found.lat, found.state, RADIUS_NEAR, "")


def _dots(view: View, found: Stations) -> Iterator[Dot]:
    """Those that are open first, so that the others lie upon them."""
    rows = found.rows[found.located]
    rows = rows.iloc[::-1].sort_values("state", key=lambda s: s != "opened", kind="stable")
    signs = _signs(view, found)
    radius = RADIUS_SIGNED if signs else RADIUS_NEAR if _closer(view) else RADIUS
    columns = (rows[c].tolist() for c in ("station", "lon", "lat", "state", "kind"))
    for station, lon, lat, state, kind in zip(*columns, strict=True):
        yield _dot(view, station, lon, lat, state, radius, signs.get(kind, ""))


def _dot(view: View, code: str, lon: float, lat: float, state: str, radius: int, sign: str) -> Dot:
    """A circle is filled, with the sign of its kind, or hollow: what lies below it is seen faintly, or it would be read
    as the ring of the one that is chosen. Every other state is written as its sign."""
    shape, token, _ = STATES[state]
    colour = rgba(token, view.theme)
    if shape == HOLLOW:
        return Dot(code, lon, lat, rgba("panel", view.theme, 190), radius=radius + 1, ring=colour)
    return Dot(code, lon, lat, colour, shape, radius, sign=sign if state == "opened" else "")


def _told_kinds(found: Stations) -> list[str]:
    """The most frequent kinds of those that bear a sign: they are open and have a place."""
    return [kind for kind in found.opened.on_map.counts("kind") if kind][:KINDS_SHOWN]


def _signs(view: View, found: Stations) -> dict[str, str]:
    """The sign of each kind, a character of its name that no more frequent kind has; none where there is no room.

    Whoever does not read Chinese is given letters.
    """
    if not _closer(view) or int(found.located.sum()) > SIGNED_MOST:
        return {}
    if view.lang == "en":
        return {kind: letter for letter, kind in zip(ascii_uppercase, _told_kinds(found), strict=False)}
    signs: dict[str, str] = {}
    for kind in _told_kinds(found):
        free = (character for character in draw.say(view, kind) if character not in signs.values())
        signs[kind] = next(free, "")
    return signs
