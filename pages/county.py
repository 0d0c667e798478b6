"""区县: one unit's figures beside the others', where each comes from, and its towns."""

from functools import partial

import streamlit as st

from dashboard.ui import county, county_map, county_summary, county_table, draw
from dashboard.ui.here import here

view, key = here()
unit = county.chosen_unit(view)

county.pager(view, key, unit)
county_summary.summary(view, key, unit)
with st.container(key="county"):
    with st.container(key="county_main"):
        county.town_panel(view, key)
        county.lines_panel(view, key, unit)
        county.towns_panel(view, key, unit)
    with st.container(key="county_side"):
        county.history_panel(view, key, unit)
        county_map.map_panel(view, key)
        county.duties_panel(view, key, unit)
frame_of, called = partial(county_table.as_frame, view, key, unit), county.called(view, unit)
draw.download(view, frame_of, "区县", called, key="csv", filters=draw.period_of(view) or None)
