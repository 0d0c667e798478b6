"""The stations of one unit on the map of its page, or of one of its towns; a click opens the station on its own page."""

from __future__ import annotations

import streamlit as st

from ..catalogue import Organisation
from ..config import PAGES
from . import draw
from .address import View
from .cached import Key
from .map_panels import Size, places_elsewhere
from .stations_page import map_foot, nobody_reported, place, places, shown

MAP_SIZE: Size = (640, 400)


def map_panel(view: View, key: Key, unit: Organisation) -> None:
    """Where the stations stand and in which state; nothing before the first ledger, which the summary says."""
    if nobody_reported(key):
        return
    with draw.panel("unit_stations"):
        _head(view, key)
        name = f"{place(view).name}驿站的位置和状态；同样的驿站列在驿站页的名录里"
        clicked = places_elsewhere(view, places(view, key), MAP_SIZE, name=name, key="unit_stations")
        map_foot(view, key)
    if clicked:
        unit_code = unit.code if view.unit else None
        st.switch_page(PAGES / "stations.py", query_params=view.parameters(unit=unit_code, station=clicked))


@draw.remembered
def _head(view: View, key: Key) -> None:
    found = shown(view, key)
    located = sum(s.located for s in found)
    back = view.link("stations", unit=view.unit or None, town=view.town or None)
    aside = f"图上 {located} · 无坐标 {len(found) - located}"
    draw.html(
        "opened.html", view, title=f"{place(view).name}驿站", back=back, back_word="名录 ›", aside=aside
    )
