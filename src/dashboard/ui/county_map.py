"""The stations of one unit, or of one of its towns, on a small map; each leads to its own page.

A still picture with links: beside thirty figures and a trend nobody moves a map, and the page stays quick.
"""

from __future__ import annotations

from typing import Any

from ..mercator import Box
from ..readouts.station_grid import Density, density
from ..readouts.stations import StationReadout, Stations
from ..still_map import Size, around, shares
from . import cached, draw, map_table
from .address import View
from .cached import Key
from .map_panels import ground, no_map, outline_of
from .outline_picture import outline_picture
from .station_map import COUNTED_FROM, foot, silent_outlines, zoom_of_squares
from .station_rows import squares_table, stations_table
from .stations_page import (
    STATES,
    asking,
    counted_of,
    draw_untold,
    nobody_reported,
    place,
    shown,
    unit_of,
    untold,
)
from .theme import var

MAP_SIZE: Size = (640, 400)


@draw.remembered
def map_panel(view: View, key: Key) -> None:
    """Where the stations stand and in which state; nothing before the first ledger, which the summary says."""
    if nobody_reported(key):
        return
    found = _stations(view, key)
    located = int(found.located.sum())
    back = view.link("stations", unit=unit_of(view) or None, town=view.town or None)
    silent = untold(view, key) and not len(found)
    aside = "还没有收到台账" if silent else f"图上 {located:,} · 无坐标 {len(found) - located:,}"
    title = f"{place(view).name}驿站"
    with draw.sheet("unit_stations"):
        switches = [map_table.switch(view, "county")]
        head = {"title": title, "back": back, "back_word": "名录 ›", "aside": aside}
        draw.html("opened.html", view, switches=switches, **head)
        squares = _squares_of(view, found)
        if view.table and silent:
            draw_untold(view)
        elif view.table:
            _table(view, key, found, squares)
        else:
            _small_map(view, key, found, squares)
        foot(view, key, found, squares, zones=_folded(view))


def _squares_of(view: View, found: Stations) -> Density | None:
    """The stations counted on a grid; None where they are few enough to stand one by one, or nothing can be drawn."""
    if not cached.shapes() or int(found.located.sum()) <= COUNTED_FROM:
        return None
    return density(counted_of(view, found), zoom_of_squares(_box(view), MAP_SIZE))


def _small_map(view: View, key: Key, found: Stations, squares: Density | None) -> None:
    if not cached.shapes():
        no_map(view, cached.no_outlines())
        return
    draw.html(
        "small_map.html",
        view,
        name=_sentence(view, found),
        picture=_picture(view, key),
        dots=[] if squares else _dots(view, key, found),
        squares=_squares(view, squares) if squares else [],
        whole=not outline_of(unit_of(view)),
    )


def _sentence(view: View, stations: Stations) -> str:
    """The map in one sentence, for those who cannot see it, and above its table."""
    return f"{place(view).name} {len(stations)} 个驿站的位置和状态"


def _table(view: View, key: Key, stations: Stations, squares: Density | None) -> None:
    """The stations of the map as rows, those without a place as well; the first are not open or stand nowhere."""
    if squares:
        squares_table(view, _sentence(view, stations), stations, squares, leads=not _folded(view))
        return
    stations_table(view, key, _sentence(view, stations), stations, "town", lambda one: _opens(view, one))


def _opens(view: View, station: StationReadout) -> str:
    """Where a station of the map leads."""
    return view.link("stations", unit=station.unit if unit_of(view) else None, station=station.station)


def _stations(view: View, key: Key) -> Stations:
    """Those of the unit, and of its zones where the page folds them in, as its figures do."""
    folded = _folded(view)
    if not folded:
        return shown(view, key)
    every = cached.stations(key)
    return Stations(every.rows[every.rows["unit"].isin([view.unit, *folded])])


def _folded(view: View) -> list[str]:
    """The zones that are counted with their county, of which together there is no list to lead to."""
    zones = [u.code for u in cached.stores().catalogue.units if u.within_code == unit_of(view)]
    return zones if view.folds_zones and unit_of(view) and not view.town else []


def _picture(view: View, key: Key) -> str:
    """The outlines as a picture to lie behind the places, in the colours of the theme; without a ledger grey."""
    chosen, silent = outline_of(unit_of(view)), silent_outlines(key)
    box = around(cached.shapes(), chosen)
    return outline_picture(view.theme, lambda code: ground(code, chosen, silent), box, MAP_SIZE)


def _dots(view: View, key: Key, stations: Stations) -> list[dict[str, Any]]:
    """The places, those that are open below the others."""
    named = [*stations.in_order][::-1]
    found = [
        (s, (s.lon, s.lat))
        for s in cached.station_details(key, tuple(named))
        if s.lon is not None and s.lat is not None
    ]
    at = shares([spot for _, spot in found], _box(view), MAP_SIZE)
    return [
        {
            "href": _opens(view, s),
            "name": s.name,
            "state": STATES[s.state],
            "x": x,
            "y": y,
        }
        for (s, _), (x, y) in zip(found, at, strict=True)
    ]


def _squares(view: View, told: Density) -> list[dict[str, Any]]:
    """Each square with how many are in it leads to the list of those."""
    box = _box(view)
    made = []
    for square, count, number in told.squares:
        west, south, east, north = square.box
        (left, top), (right, bottom) = shares([(west, north), (east, south)], box, MAP_SIZE)
        made.append(
            {
                "href": "" if _folded(view) else asking(view, cell=square.code),
                "count": f"{count:,}",
                "colour": var(f"class-{number}"),
                "ink": var(f"on-class-{number}"),
                "at": (left, top, round(right - left, 1), round(bottom - top, 1)),
            }
        )
    return made


def _box(view: View) -> Box:
    return around(cached.shapes(), outline_of(unit_of(view)))
