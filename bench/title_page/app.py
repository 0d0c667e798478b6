"""The least a Streamlit server can be asked for: a page that holds a title."""

from pathlib import Path

import streamlit as st
from bench.tuning import lifespan

# Streamlit recognises an App only where this file calls st.App itself.
app = st.App(str(Path(__file__).with_name("page.py")), lifespan=lifespan)
