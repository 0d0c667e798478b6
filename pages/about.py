"""口径说明: what each figure means, by which rule, whose it is and where it comes from."""

import streamlit as st

from dashboard.ui import about, draw
from dashboard.ui.here import here

view, key = here()
about.search(view, key)
with st.container(key="about"):
    about.indicators(view, key)
    about.lights(view, key)
    about.words(view, key)
about.measures(view, key)
draw.download(view, lambda: about.as_frame(key), "口径说明", key="csv")
