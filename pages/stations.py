"""驿站: where the stations are, which are open, and which towns have none."""

import streamlit as st

from dashboard.ui import draw, stations_page
from dashboard.ui.here import here

view, key = here()
with st.container(key="stations"):
    stations_page.map_panel(view, key)
    stations_page.units_panel(view, key)
    stations_page.detail_panel(view, key)
stations_page.list_panel(view, key)
draw.download(view, lambda: stations_page.as_frame(view, key), "驿站", "泉州市", key="csv")
