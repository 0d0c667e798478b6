"""变化: what moved since the last meeting, or any other day, and what came in."""

import streamlit as st

from dashboard.ui import changes_page, changes_table, draw
from dashboard.ui.here import here

view, key = here()
day = changes_page.since(view, key)

changes_page.choice(view, key, day)
changes_page.facts(view, key, day)
with st.container(key="changes"):
    with st.container(key="changes_main"):
        changes_page.moves_panel(view, key, day)
        changes_page.figures_panel(view, key, day)
    changes_page.returned_panel(view, key, day)
draw.download(view, lambda: changes_table.as_frame(key, day), "变化", f"自{day}", key="csv")
