"""A small still map: outlines as the paths of a picture, places as shares of its width and height.

For a page where a map is one panel among many: nothing has to be started in the browser, and it prints. The
maps that people look into are made in ``maps``. Pure; knows no screen and no colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .geo import Outline, bounds
from .maps import Box, Spot, on_panel

Size = tuple[int, int]


def paths(shapes: Sequence[Outline], box: Box, size: Size) -> list[tuple[str, str]]:
    """Code and SVG path of every outline that falls into the picture in which ``box`` just fits."""
    found = []
    for shape in shapes:
        rings = [on_panel(ring, box, size) for ring in _rings(shape.polygon["coordinates"])]
        if any(_inside(spot, size) for ring in rings for spot in ring):
            found.append((shape.code, "".join(f"M{_line(ring)}Z" for ring in rings)))
    return found


def shares(spots: Sequence[Spot], box: Box, size: Size) -> list[tuple[float, float]]:
    """How far to the right and down of the picture each place lies, in percent."""
    return [(round(x / size[0] * 100, 1), round(y / size[1] * 100, 1)) for x, y in on_panel(spots, box, size)]


def around(shapes: Sequence[Outline], code: str) -> Box:
    """The box of one outline; of all of them for ""."""
    return bounds(tuple(s for s in shapes if code in ("", s.code)))


def _inside(spot: Spot, size: Size) -> bool:
    return 0 <= spot[0] <= size[0] and 0 <= spot[1] <= size[1]


def _line(ring: Sequence[Spot]) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in ring)


def _rings(coordinates: Any) -> Iterator[list[Spot]]:
    """Every ring of a polygon or of several."""
    if isinstance(coordinates[0][0], (int, float)):
        yield [(float(lon), float(lat)) for lon, lat, *_ in coordinates]
        return
    for part in coordinates:
        yield from _rings(part)
