"""Maps on a panel: what is drawn of the outlines and places, in the reader's colours; and what was clicked.

A map is written out once for what it shows; the next run, of whichever session, sends the same text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

from ..maps import Area, Dot, Drawn, Ink, dots_deck, outline_deck
from . import cached, draw
from .address import View
from .theme import Theme, rgba

KINMEN = "350527"
Size = tuple[int, int]


def units_map(view: View, areas: tuple[Area, ...], size: Size, *, key: str) -> dict[str, Any] | None:
    """Draw the counties, 金门 beside them; the properties of the one that was clicked."""
    kinmen = Area(KINMEN, draw.say(view, "金门"), "", rgba("outside", view.theme))
    return _picked(_outlines((*areas, kinmen), view.theme, size), "units", size, key=f"{key}_{view.theme}")


def places_map(view: View, dots: tuple[Dot, ...], size: Size, *, key: str) -> dict[str, Any] | None:
    """Draw places over the plain outlines; what was clicked."""
    return _picked(_places(dots, view.theme, size), "dots0", size, key=f"{key}_{view.theme}")


def _picked(deck: Drawn, layer: str, size: Size, *, key: str) -> dict[str, Any] | None:
    event = st.pydeck_chart(deck, height=size[1], on_select="rerun", selection_mode="single-object", key=key)
    chosen = event.selection.get("objects", {}).get(layer, [])
    return chosen[0].get("properties", chosen[0]) if chosen else None


@lru_cache(maxsize=64)
def _outlines(areas: tuple[Area, ...], theme: Theme, size: Size) -> Drawn:
    return outline_deck(cached.shapes(), areas, _ink(theme), size)


@lru_cache(maxsize=64)
def _places(dots: tuple[Dot, ...], theme: Theme, size: Size) -> Drawn:
    grounds = [
        Area(s.code, "", "", rgba("outside" if s.code == KINMEN else "unreported", theme))
        for s in cached.shapes()
    ]
    return dots_deck(cached.shapes(), grounds, dots, _ink(theme), size)


def _ink(theme: Theme) -> Ink:
    return Ink(
        line=rgba("outline", theme),
        text=rgba("on-map", theme),
        halo=rgba("halo", theme),
        leader=rgba("secondary", theme, 170),
    )
