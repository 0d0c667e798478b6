"""Maps on a panel: what is drawn of the outlines and places, in the reader's colours; and what was clicked.

A map is written out once for what it shows; the next run, of whichever session, sends the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from ..geo import bounds
from ..maps import LETTERS, Area, Dot, Drawn, Filled, Ink, dots_deck, view_state, with_room
from ..mercator import Box
from . import cached, draw
from .address import View
from .theme import Theme, rgba

KINMEN = "350527"
SEEN_THROUGH = 130  # how much of 255 a county covers of the ground below it; enough to stand without it
CREDIT_HEIGHT = 30  # pixels that the line on the ground takes from the map above it
LETTERS_OF_A_WALL = 24  # pixels; what is read from six metres
Size = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Places:
    """What a map of places shows: ``unit`` is the outline it is fitted to, "" for all, unless ``box`` is given;
    ``names`` and ``silent``, the outlines of which nothing was reported, by code.

    Only equal to itself, so that a run does not compare every place: a page makes it once for what it shows.
    """

    dots: tuple[Dot, ...]
    names: tuple[tuple[str, str], ...]
    unit: str = ""
    chosen: str = ""
    squares: tuple[Filled, ...] = ()
    box: Box | None = None
    silent: frozenset[str] = frozenset()


def outline_names(view: View) -> tuple[tuple[str, str], ...]:
    """The short names of the outlines, as the reader writes them; a county that holds a zone says so below its name."""
    units = cached.stores().catalogue.units
    names = {u.code: u.short_name for u in units} | {KINMEN: "金门"}
    for zone in units:
        if zone.within_code:
            names[zone.within_code] += f"\n含{zone.short_name}"
    return tuple((s.code, draw.say(view, names[s.code])) for s in cached.shapes())


def outline_of(unit_code: str) -> str:
    """The outline a unit is drawn in: its own, for a zone that of its county, "" when no unit is chosen."""
    unit = next((u for u in cached.stores().catalogue.units if u.code == unit_code), None)
    return (unit.within_code or unit.code) if unit else ""


def places_map(view: View, shown: Places, size: Size, *, opens: str, name: str, key: str) -> None:
    """Draw places over the outlines; a click writes the code of the place into the address as ``opens``.

    ``name`` is its one sentence for those who cannot see it. Without outlines the reason stands in its place:
    dots on an empty ground would tell nobody where they are.
    """
    if not cached.shapes():
        no_map(view, cached.no_outlines())
        return
    below = cached.basemap()
    if below:
        size = (size[0], size[1] - CREDIT_HEIGHT)
    key = f"{key}_{view.theme}"
    st.pydeck_chart(
        _places(
            shown,
            view.theme,
            size,
            below.style if below else "",
            LETTERS_OF_A_WALL if view.wall else LETTERS,
        ),
        height="stretch",
        on_select=_opening(opens, key),
        selection_mode="single-object",
        key=key,
        alt=draw.say(view, name),
    )
    if below:
        _ground_credit(view, below.credit)


@draw.remembered
def _ground_credit(view: View, credit: str) -> None:
    """Whose ground is below the outlines. Its 审图号 is the installation's to know; where it is not told, that is said."""
    draw.html("ground.html", view, credit=credit)


@draw.remembered
def no_map(view: View, why: str) -> None:
    """Why there is no map, where it would stand; lists and figures beside it are whole."""
    draw.html("no_map.html", view, why=why)


def _opening(parameter: str, key: str) -> Callable[[], None]:
    """What a click does before the next run: a square is looked at more closely; a place is opened, or closed when
    it is the one that is open."""

    def write() -> None:
        objects = st.session_state[key].selection["objects"]
        square = next((one["properties"]["code"] for one in objects.get("squares", ())), "")
        if square:
            st.query_params["cell"] = str(square)
            return
        code = next((str(one["code"]) for found in objects.values() for one in found), "")
        if code and code != st.query_params.get(parameter):
            st.query_params[parameter] = code
        elif code:
            del st.query_params[parameter]

    return write


@lru_cache(maxsize=64)
def _places(shown: Places, theme: Theme, size: Size, style: str, letters: int) -> Drawn:
    names = dict(shown.names)
    alpha = SEEN_THROUGH if style else 255
    grounds = [
        Area(s.code, names.get(s.code, ""), rgba(ground(s.code, shown.unit, shown.silent), theme, alpha))
        for s in cached.shapes()
    ]
    found = dots_deck(
        cached.shapes(),
        grounds,
        shown.dots,
        _ink(theme, letters),
        size,
        box=shown.box or box_of(shown.unit),
        chosen=shown.chosen,
        squares=shown.squares,
    )
    return found.on(style) if style else found


def box_of(unit: str) -> Box | None:
    """What a map fitted to an outline shows; None for all of them."""
    own = tuple(s for s in cached.shapes() if s.code == unit)
    return bounds(own) if own else None


def map_zoom(box: Box | None, size: Size) -> float:
    """How far a map of this box, or of all outlines, is zoomed in on a panel of this size."""
    return float(view_state(box or with_room(bounds(cached.shapes())), size).zoom)


def ground(code: str, unit: str, silent: Collection[str] = ()) -> str:
    """A county is plain land, a silent one is grey; 金门, and beside a chosen unit every other, is hardly there."""
    if code == KINMEN or unit not in ("", code):
        return "outside"
    return "unreported" if code in silent else "land"


def _ink(theme: Theme, letters: int) -> Ink:
    return Ink(
        line=rgba("outline", theme),
        text=rgba("on-map", theme),
        halo=rgba("halo", theme),
        leader=rgba("secondary", theme, 170),
        mark=rgba("panel", theme),
        lit=rgba("text", theme, 70),
        letters=letters,
    )
