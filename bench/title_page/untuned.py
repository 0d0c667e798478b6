"""The title page on a server as Streamlit sets it up."""

from pathlib import Path

import streamlit as st

app = st.App(str(Path(__file__).with_name("page.py")))
