"""The server: Streamlit's shell behind our own address, headers, health check and warm-up.

``python app.py`` serves it on PORT; ``streamlit run app.py`` finds ``app`` as well. What can stop a start is
said here in one sentence, before anything listens.
"""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parent / "src"))  # so that it runs without having been installed

from dashboard.ui import server

server.start_or_exit()
app = st.App(
    server.SHELL,
    lifespan=server.lifespan,
    routes=server.ROUTES,
    middleware=server.MIDDLEWARE,
    on_script_error=server.on_script_error,
)

if __name__ == "__main__":
    server.serve(app)
