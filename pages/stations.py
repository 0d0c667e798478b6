"""驿站: how many are open today, where there is none, and what one of them offers."""

import streamlit as st

from dashboard.ui import draw, station_facts, station_map, station_panel, stations_page, stations_table
from dashboard.ui.here import here

view, key = here()
every = view.without("station")
with st.container(key="stations"):
    station_facts.above(every, key)
    station_map.map_panel(view, key)
    stations_page.beside(every, key)
    station_panel.detail_panel(view, key)
draw.download(
    view, lambda: stations_table.as_frame(view, key), "驿站", stations_table.called(view), key="csv"
)
