"""The main script: reads the address, draws the top, runs one page. Every page runs inside it."""

import streamlit as st

from dashboard.ui import address, draw, frame
from dashboard.ui.theme import ICON

page = st.navigation(frame.pages(), position="hidden")
st.set_page_config(
    page_title=draw.spoken(f"{page.title} · 泉州市社会工作态势", address.language()),
    page_icon=ICON,
    layout="wide",
)
name = page.url_path or "overview"
with frame.store_may_fail(name):
    if frame.open_page(name):
        page.run()
