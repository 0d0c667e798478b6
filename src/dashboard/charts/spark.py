"""A small course of a figure as the path of an SVG line: gaps stay gaps."""

from __future__ import annotations

from collections.abc import Sequence


def spark(values: Sequence[float | None], width: int = 64, height: int = 24) -> str:
    """The ``d`` of a path through the values from left to right; empty when fewer than two are there.

    The scale runs from the least to the greatest value: a course, not a size.
    """
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = width / (len(values) - 1)
    parts, pen_down = [], False
    for place, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        y = height - 2 - (value - low) / span * (height - 4)
        parts.append(f"{'L' if pen_down else 'M'}{place * step:.1f} {y:.1f}")
        pen_down = True
    return "".join(parts)
