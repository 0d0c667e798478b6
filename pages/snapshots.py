"""快照: everything that was known on a day, to take away."""

import streamlit as st

from dashboard.ui import draw, snapshots_page
from dashboard.ui.here import here

view, key = here()
with st.container(key="snapshots"):
    snapshots_page.download_panel(view, key)
    snapshots_page.returns_panel(view, key)
    snapshots_page.receipt_panel(view, key)
draw.download(view, lambda: snapshots_page.as_frame(key), "入库记录", key="csv")
