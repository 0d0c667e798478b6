"""The stations of one unit, or of one of its towns, on a small map; each leads to its own page.

A still picture with links: beside thirty figures and a trend nobody moves a map, and the page stays quick.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..readouts.stations import StationReadout
from ..still_map import Size, around, shares
from . import cached, draw
from .address import View
from .cached import Key
from .map_panels import ground, outline_of
from .outline_picture import outline_picture
from .stations_page import STATES, map_foot, nobody_reported, place, shown, unit_of

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
        draw.html(
            "small_map.html",
            view,
            name=f"{title}的位置和状态",
            picture=_picture(view),
            dots=_dots(view, found),
            whole=not outline_of(unit_of(view)),
        )
        map_foot(view, key, found)


def _stations(view: View, key: Key) -> tuple[StationReadout, ...]:
    """Those of the unit, and of its zones where the page folds them in, as its figures do."""
    zones = [u.code for u in cached.stores().catalogue.units if u.within_code == unit_of(view)]
    folded = zones if view.folds_zones and unit_of(view) and not view.town else []
    return tuple(s for code in (view.unit, *folded) for s in shown(replace(view, unit=code), key))


def _picture(view: View) -> str:
    """The outlines as a picture to lie behind the places, in the colours of the theme."""
    chosen = outline_of(unit_of(view))
    box = around(cached.shapes(), chosen)
    return outline_picture(view.theme, lambda code: ground(code, chosen), box, MAP_SIZE)


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
