"""驿站: how many are open today, where there is none, and what one of them offers."""

import streamlit as st

from dashboard.ui import draw, station_facts, stations_page, stations_table
from dashboard.ui.here import here

view, key = here()
every = view.without("station")
with st.container(key="stations"):
    station_facts.facts(every, key)
    stations_page.filters(every, key)
    stations_page.map_panel(view, key)
    stations_page.areas_panel(every, key)
    stations_page.detail_panel(view, key)
    stations_page.list_panel(every, key)
draw.download(view, lambda: stations_table.as_frame(view, key), "驿站", "泉州市", key="csv")
