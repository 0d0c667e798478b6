"""The server: Streamlit's shell behind our own address, headers, health check and warm-up.

``python app.py`` serves it on PORT; ``streamlit run app.py`` finds ``app`` as well. What can stop a start is
said here in one sentence, before anything listens.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "src"))  # so that it runs without having been installed

from dashboard import interruption

ctrl_c = interruption.ends_the_process()  # before the imports, which take their time

import streamlit as st

from dashboard.ui import server

if __name__ == "__main__":
    server.listen_or_exit()
server.start_or_exit()
app = st.App(
    server.SHELL,
    lifespan=server.lifespan,
    routes=server.ROUTES,
    middleware=server.MIDDLEWARE,
    on_script_error=server.on_script_error,
)
interruption.is_handed_back(ctrl_c)

if __name__ == "__main__":
    server.serve(app)
