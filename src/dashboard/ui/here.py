"""What this run is about: the page, the view of the address and the key of its answers. Set by the shell."""

from __future__ import annotations

import streamlit as st

from .address import View
from .cached import Key


def set_here(name: str, view: View, key: Key) -> None:
    """Called once a run, before the page."""
    st.session_state["page"] = name
    st.session_state["here"] = (view, key)


def here() -> tuple[View, Key]:
    """The view and the key; called by pages."""
    found: tuple[View, Key] = st.session_state["here"]
    return found


def page() -> str:
    """The name of the page, as it stands in the address."""
    name: str = st.session_state["page"]
    return name
