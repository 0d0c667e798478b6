"""A still map: outlines as the paths or the cut of a picture, places as shares of its width and height.

For counties that are coloured and opened, and for a map that is one panel among many: nothing has to be started
in the browser, its words are text, and it prints. The maps that people move are made in ``maps``. Pure; knows no
screen and no colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .geo import Outline, bounds
from .maps import LABEL_PLACES, on_panel
from .mercator import Box, Spot

Size = tuple[int, int]


def paths(shapes: Sequence[Outline], box: Box, size: Size) -> list[tuple[str, str]]:
    """Code and SVG path of every outline that falls into the picture in which ``box`` just fits."""
    found = []
    for shape in shapes:
        rings = [on_panel(ring, box, size) for ring in _rings(shape.polygon["coordinates"])]
        if any(_inside(spot, size) for ring in rings for spot in ring):
            found.append((shape.code, "".join(f"M{_line(ring)}Z" for ring in rings)))
    return found


def cuts(shapes: Sequence[Outline], box: Box, size: Size) -> dict[str, str]:
    """By code, the CSS polygon that cuts each outline out of the whole picture.

    A polygon is one line: after each further ring it goes back to where the first began, along no width.
    """
    found = {}
    for shape in shapes:
        rings = [
            _percent(on_panel(ring, box, size), size, 2) for ring in _rings(shape.polygon["coordinates"])
        ]
        spots = [*rings[0], *(spot for ring in rings[1:] for spot in (*ring, rings[0][0]))]
        found[shape.code] = f"polygon(evenodd,{','.join(f'{x:g}% {y:g}%' for x, y in spots)})"
    return found


def leaders(shapes: Sequence[Outline], box: Box, size: Size) -> str:
    """The SVG path of the lines from crowded outlines to where their names stand."""
    ends = [on_panel([s.label, LABEL_PLACES[s.code]], box, size) for s in shapes if s.code in LABEL_PLACES]
    return "".join(f"M{_line(end)}" for end in ends)


def words_at(shapes: Sequence[Outline], box: Box, size: Size) -> dict[str, tuple[float, float]]:
    """By code, how far to the right and down the words on each outline stand, in percent.

    In the middle of them; for an outline with a place of its own in LABEL_PLACES where they begin.
    """
    spots = [LABEL_PLACES.get(s.code, s.label) for s in shapes]
    return dict(zip((s.code for s in shapes), shares(spots, box, size), strict=True))


def shares(spots: Sequence[Spot], box: Box, size: Size) -> list[tuple[float, float]]:
    """How far to the right and down of the picture each place lies, in percent."""
    return _percent(on_panel(spots, box, size), size, 1)


def around(shapes: Sequence[Outline], code: str) -> Box:
    """The box of one outline; of all of them for ""."""
    return bounds(tuple(s for s in shapes if code in ("", s.code)))


def _percent(spots: Sequence[Spot], size: Size, decimals: int) -> list[Spot]:
    return [(round(x / size[0] * 100, decimals), round(y / size[1] * 100, decimals)) for x, y in spots]


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
