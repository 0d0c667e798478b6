"""Who stands at the screen: an account and its role, never a person's name.

Without sign-in whoever reaches the server is the officer; behind a proxy that signs people in, its header names
the account, and only those listed are officers. The header counts only where the installation says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..config import LONGEST_ACCOUNT, Settings, settings
from ..store import Actor

OPEN = Actor("open", "officer")
NOBODY = Actor("anonymous", "viewer")


def account() -> Actor:
    """The account of this run."""
    chosen = settings()
    return OPEN if chosen.auth == "none" else actor_of(chosen, st.context.headers.get_all(chosen.auth_header))


def actor_of(chosen: Settings, named: Sequence[str]) -> Actor:
    """The account under these settings, the header having come with these values: none or several name nobody."""
    if chosen.auth == "none":
        return OPEN
    name = named[0].strip() if len(named) == 1 else ""
    if not 0 < len(name) <= LONGEST_ACCOUNT:
        return NOBODY
    return Actor(name, "officer" if name in chosen.officers else "viewer")
