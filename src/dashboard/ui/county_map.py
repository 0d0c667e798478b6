"""The stations of one unit, or of one of its towns, on a small map; each leads to its own page.

A still picture with links: beside thirty figures and a trend nobody moves a map, and the page stays quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..maps import Spot
from ..readouts.stations import StationReadout
from ..still_map import Size, around, paths, shares
from . import cached, draw, map_table
from .address import View
from .cached import Key
from .map_panels import ground, outline_of
from .map_table import Cell, Column, Row
from .stations_page import STATES, map_foot, nobody_reported, place, shown, unit_of
from .theme import TOKENS, as_picture

MAP_SIZE: Size = (640, 400)
# More places than these lie on one another; those within so many percent of width and height are drawn as one.
CROWDED = 400
NEAR = (2.0, 3.2)


@draw.remembered
def map_panel(view: View, key: Key) -> None:
    """Where the stations stand and in which state; nothing before the first ledger, which the summary says."""
    if nobody_reported(key):
        return
    found = _stations(view, key)
    located = sum(s.located for s in found)
    back = view.link("stations", unit=unit_of(view) or None, town=view.town or None)
    aside = f"图上 {located} · 无坐标 {len(found) - located}"
    title = f"{place(view).name}驿站"
    with draw.sheet("unit_stations"):
        switches = [map_table.switch(view, "county")]
        head = {"title": title, "back": back, "back_word": "名录 ›", "aside": aside}
        draw.html("opened.html", view, switches=switches, **head)
        if view.table:
            _table(view, found)
        else:
            draw.html(
                "small_map.html",
                view,
                name=_sentence(view, found),
                picture=_picture(view),
                dots=_dots(view, found),
                whole=not outline_of(unit_of(view)),
            )
        map_foot(view, key, found)


def _sentence(view: View, stations: tuple[StationReadout, ...]) -> str:
    """The map in one sentence, for those who cannot see it, and above its table."""
    return f"{place(view).name} {len(stations)} 个驿站的位置和状态"


def _table(view: View, stations: tuple[StationReadout, ...]) -> None:
    """The stations of the map as rows, those without a place as well; the first are not open or stand nowhere."""
    names = draw.names()
    columns = [Column("驿站", own=True), Column("镇街"), Column("状态"), Column("经纬度")]
    rows = []
    for s in stations[: map_table.MOST]:
        shape, token, word = STATES[s.state]
        where = map_table.place(s.lon, s.lat)
        town = names.get(s.town) or names.get(s.unit, "")
        cells = (Cell(town), Cell(word, mark=(shape, token)), Cell(where))
        rows.append(Row(s.station, s.name, _opens(view, s), cells))
    left = len(stations) - len(rows)
    map_table.table(view, _sentence(view, stations), columns, rows, left=left)


def _opens(view: View, station: StationReadout) -> str:
    """Where a station of the map leads."""
    return view.link("stations", unit=station.unit if unit_of(view) else None, station=station.station)


def _stations(view: View, key: Key) -> tuple[StationReadout, ...]:
    """Those of the unit, and of its zones where the page folds them in, as its figures do."""
    zones = [u.code for u in cached.stores().catalogue.units if u.within_code == unit_of(view)]
    folded = zones if view.folds_zones and unit_of(view) and not view.town else []
    return tuple(s for code in (view.unit, *folded) for s in shown(replace(view, unit=code), key))


def _picture(view: View) -> str:
    """The outlines as a picture to lie behind the places, in the colours of the theme."""
    chosen, colours = outline_of(unit_of(view)), TOKENS[view.theme]
    shapes = cached.shapes()
    drawn = "".join(
        f"<path d='{path}' fill='{colours[ground(code, chosen)]}'/>"
        for code, path in paths(shapes, around(shapes, chosen), MAP_SIZE)
    )
    size = f"viewBox='0 0 {MAP_SIZE[0]} {MAP_SIZE[1]}'"
    line = f"stroke='{colours['outline']}' stroke-width='1.5'"
    return as_picture(f"<svg xmlns='http://www.w3.org/2000/svg' {size}><g {line}>{drawn}</g></svg>")


# A place of the map with the station that stands there.
Placed = tuple[StationReadout, Spot]


def _dots(view: View, stations: tuple[StationReadout, ...]) -> list[dict[str, Any]]:
    """The places, those that are open below the others."""
    found = [s for s in reversed(stations) if s.lon is not None and s.lat is not None]
    spots = [(s.lon, s.lat) for s in found if s.lon is not None and s.lat is not None]
    at = shares(spots, around(cached.shapes(), outline_of(unit_of(view))), MAP_SIZE)
    return [_dot(view, group) for group in _thinned(list(zip(found, at, strict=True)))]


def _thinned(placed: Sequence[Placed]) -> list[list[Placed]]:
    """Each place by itself; of more than CROWDED those of one state that would lie on one another are one."""
    if len(placed) <= CROWDED:
        return [[one] for one in placed]
    groups: dict[tuple[str, int, int], list[Placed]] = {}
    for station, (x, y) in placed:
        where = (station.state, int(x / NEAR[0]), int(y / NEAR[1]))
        groups.setdefault(where, []).append((station, (x, y)))
    return list(groups.values())


def _dot(view: View, group: Sequence[Placed]) -> dict[str, Any]:
    """One place, which leads to its station; several lead to the map on which they are told apart."""
    station, (x, y) = group[0]
    several = len(group) > 1
    return {
        "href": view.link("stations", unit=unit_of(view) or None) if several else _opens(view, station),
        "name": f"{station.name} 等 {len(group)} 个" if several else station.name,
        "state": STATES[station.state],
        "x": x,
        "y": y,
    }
