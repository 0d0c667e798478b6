"""Stations counted on a grid of squares, so that a map of a whole city says how many are where."""

from __future__ import annotations

from dataclasses import dataclass

from .. import grid
from ..formulas import breaks, class_of
from .stations import Stations


@dataclass(frozen=True)
class Density:
    """Stations on a grid: each square with its count and class, the least and most of each class, and how wide a
    square is on the ground, 0 where there is none."""

    squares: tuple[tuple[grid.Square, int, int], ...]
    classes: tuple[tuple[int, int], ...]
    kilometres: float


def density(found: Stations, zoom: int) -> Density:
    """The stations that have coordinates, counted in the squares of a zoom (of ``grid``), in up to five classes.

    A square without a station is not told: it would be a nought where perhaps nobody has reported.
    """
    rows = found.rows[found.located]
    counts = grid.counted(rows["lon"].tolist(), rows["lat"].tolist(), zoom)
    cuts = breaks([float(count) for _, count in counts])
    squares = tuple((square, count, class_of(count, cuts)) for square, count in counts)
    by_class: dict[int, list[int]] = {}
    for _, count, number in squares:
        by_class.setdefault(number, []).append(count)
    # A class without a square would be a swatch without a meaning.
    numbers = {old: new for new, old in enumerate(sorted(by_class))}
    return Density(
        tuple((square, count, numbers[number]) for square, count, number in squares),
        tuple((min(own), max(own)) for _, own in sorted(by_class.items())),
        counts[0][0].kilometres if counts else 0.0,
    )
