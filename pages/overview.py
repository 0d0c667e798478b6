"""总览: how things stand in the whole city, how old the figures are, and what is missing."""

from functools import partial

import streamlit as st

from dashboard.ui import draw, list_panels, overview, overview_map, overview_table
from dashboard.ui.here import here

view, key = here()
with st.container(key="overview"):
    overview.kpis(view, key)
    overview_map.map_panel(view, key)
    list_panels.gauge_panel(view, key)
    list_panels.aspects_panel(view, key)
    overview.below(view, key)
frame_of = partial(overview_table.as_frame, view, key)
draw.download(view, frame_of, "总览", "泉州市", key="csv", filters=draw.period_of(view) or None)
