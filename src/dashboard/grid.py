"""Places counted on a grid, so that a map stays readable, and small, however many there are. Pure.

The squares are the tiles of the web Mercator scheme (z/x/y): each has a name of its own that can stand in an
address, lies in exactly one square of the zoom above, and looks square on the map at every size of a panel.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .mercator import Box, latitude

DEEPEST = 22
_CODE = re.compile(r"(\d{1,2})-(\d{1,7})-(\d{1,7})")


@dataclass(frozen=True, order=True)
class Square:
    """One square: how often the world is halved, and its place from the west and from the north."""

    zoom: int
    x: int
    y: int

    @property
    def code(self) -> str:
        """Its name in an address."""
        return f"{self.zoom}-{self.x}-{self.y}"

    @property
    def box(self) -> Box:
        """West, south, east, north."""
        width = 360 / 2**self.zoom
        west = self.x * width - 180
        return west, _latitude(self.y + 1, self.zoom), west + width, _latitude(self.y, self.zoom)

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of its middle on the map."""
        return (self.x + 0.5) * 360 / 2**self.zoom - 180, _latitude(self.y + 0.5, self.zoom)

    @property
    def kilometres(self) -> float:
        """How wide it is on the ground, at its middle."""
        return 40_075 * math.cos(math.radians(self.middle[1])) / float(2**self.zoom)


def of_code(code: str) -> Square | None:
    """The square of a name; None when it is none."""
    found = _CODE.fullmatch(code)
    if not found:
        return None
    zoom, x, y = map(int, found.groups())
    return Square(zoom, x, y) if zoom <= DEEPEST and max(x, y) < 2**zoom else None


def counted(lons: Sequence[float], lats: Sequence[float], zoom: int) -> list[tuple[Square, int]]:
    """The squares in which there are places, each with how many, from the north-west."""
    if not len(lons):
        return []
    x, y = _place(np.asarray(lons, dtype=float), np.asarray(lats, dtype=float), zoom)
    squares, counts = np.unique(y * 2**zoom + x, return_counts=True)
    rows, columns = np.divmod(squares, 2**zoom)
    told = zip(columns.tolist(), rows.tolist(), counts.tolist(), strict=True)
    return [(Square(zoom, column, row), count) for column, row, count in told]


def zoom_of(map_zoom: float, pixels: int) -> int:
    """How often the world is halved so that a square is about so many pixels wide on a map of this zoom (512 px world)."""
    return max(0, min(DEEPEST, round(map_zoom + math.log2(512 / pixels))))


def _place(lons: Any, lats: Any, zoom: int) -> tuple[Any, Any]:
    """Column and row of each place; what lies beyond the edge of the world belongs to the last one."""
    size = 2**zoom
    up = np.arcsinh(np.tan(np.radians(np.clip(lats, -85.05, 85.05)))) / math.pi
    x = np.floor((lons + 180) / 360 * size).astype(np.int64)
    y = np.floor((1 - up) / 2 * size).astype(np.int64)
    return np.clip(x, 0, size - 1), np.clip(y, 0, size - 1)


def _latitude(row: float, zoom: int) -> float:
    return latitude(math.pi * (1 - 2 * row / 2**zoom))
