"""The stations of one unit, or of one of its towns, on a small map; each leads to its own page.

A still picture with links: beside thirty figures and a trend nobody moves a map, and the page stays quick.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..readouts.stations import StationReadout
from ..still_map import Size, around, paths, shares
from . import cached, draw
from .address import View
from .cached import Key
from .map_panels import ground, no_map, outline_of
from .stations_page import STATES, map_foot, nobody_reported, place, shown, unit_of
from .theme import TOKENS, as_picture

MAP_SIZE: Size = (640, 400)


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
        draw.html("opened.html", view, title=title, back=back, back_word="名录 ›", aside=aside)
        _small_map(view, found, f"{title}的位置和状态")
        map_foot(view, key, found)


def _small_map(view: View, found: tuple[StationReadout, ...], name: str) -> None:
    if not cached.shapes():
        no_map(view, cached.no_outlines())
        return
    whole = not outline_of(unit_of(view))
    drawn = {"picture": _picture(view), "dots": _dots(view, found), "whole": whole}
    draw.html("small_map.html", view, name=name, **drawn)


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


def _dots(view: View, stations: tuple[StationReadout, ...]) -> list[dict[str, Any]]:
    """The places, those that are open below the others."""
    found = [s for s in reversed(stations) if s.lon is not None and s.lat is not None]
    spots = [(s.lon, s.lat) for s in found if s.lon is not None and s.lat is not None]
    at = shares(spots, around(cached.shapes(), outline_of(unit_of(view))), MAP_SIZE)
    return [
        {
            "href": view.link("stations", unit=s.unit if unit_of(view) else None, station=s.station),
            "name": s.name,
            "state": STATES[s.state],
            "x": x,
            "y": y,
        }
        for s, (x, y) in zip(found, at, strict=True)
    ]
