"""观察联系点: who has not been visited for long, what was found and solved, what others have taken over."""

import streamlit as st

from dashboard.ui import draw, point_facts, points_page, points_table
from dashboard.ui.here import here

view, key = here()
with st.container(key="points"):
    point_facts.facts(view.without("point"), key)
    points_page.map_panel(view, key)
    points_page.cards_panel(view, key)
    points_page.detail_panel(view, key)
draw.download(view, lambda: points_table.as_frame(view, key), "观察联系点", "泉州市", key="csv")
