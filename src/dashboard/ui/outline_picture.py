"""The outlines as a picture to lie behind places that are drawn as text; it is made for one theme."""

from __future__ import annotations

from collections.abc import Callable

from ..mercator import Box
from ..still_map import Size, paths
from . import cached
from .theme import TOKENS, Theme, as_picture


def outline_picture(theme: Theme, fill: Callable[[str], str], box: Box, size: Size) -> str:
    """The part of the outlines that ``box`` shows, as an address for a style; ``fill`` is the token of each, by code."""
    colours = TOKENS[theme]
    drawn = "".join(
        f"<path d='{path}' fill='{colours[fill(code)]}'/>" for code, path in paths(cached.shapes(), box, size)
    )
    frame = f"viewBox='0 0 {size[0]} {size[1]}'"
    line = f"stroke='{colours['outline']}' stroke-width='1.5'"
    return as_picture(f"<svg xmlns='http://www.w3.org/2000/svg' {frame}><g {line}>{drawn}</g></svg>")
