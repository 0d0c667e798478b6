"""观察联系点: where the points are, what they test, what visits found and solved."""

import streamlit as st

from dashboard.ui import draw, points_page
from dashboard.ui.here import here

view, key = here()
with st.container(key="points"):
    points_page.map_panel(view, key)
    points_page.cards_panel(view, key)
points_page.detail_panel(view, key)
draw.download(view, lambda: points_page.as_frame(key), "观察联系点", "泉州市", key="csv")
