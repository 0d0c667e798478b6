"""Where marks and words stand on a map so that none lies on another: moved as little as possible. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from .mercator import Box, Spot, from_pixels, to_pixels, world_px


def apart(spots: Sequence[Spot], zoom: float, least: float) -> list[Spot]:
    """The places moved until no two are nearer than ``least`` pixels at this zoom; who has room stays."""
    world = world_px(zoom)
    at = [to_pixels(spot, world) for spot in spots]
    for _ in range(200):
        close = [
            (i, j) for i, j in itertools.combinations(range(len(at)), 2) if math.dist(at[i], at[j]) < least
        ]
        if not close:
            break
        for i, j in close:
            at[i], at[j] = _pushed(at[i], at[j], least, angle=float(j))
    return [
        spot if math.dist(to_pixels(spot, world), there) < 1 else from_pixels(there, world)
        for spot, there in zip(spots, at, strict=True)
    ]


def _pushed(one: Spot, other: Spot, least: float, angle: float) -> tuple[Spot, Spot]:
    """Two places pushed away from each other by half of what they lack; from one spot, in some direction."""
    gap = math.dist(one, other)
    lack = (least - gap) / 2 + 0.01
    away = (math.cos(angle), math.sin(angle))
    if gap > 0:
        away = ((other[0] - one[0]) / gap, (other[1] - one[1]) / gap)
    x, y = away[0] * lack, away[1] * lack
    return (one[0] - x, one[1] - y), (other[0] + x, other[1] + y)


# Left, top, right, bottom in pixels.
_Frame = tuple[float, float, float, float]
_LINE_PX, _STEP_PX, _FURTHEST_PX = 22, 8, 140


def beside(
    labels: Sequence[dict[str, Any]], boxes: Sequence[Box], zoom: float
) -> tuple[list[dict[str, Any]], list[tuple[Spot, Spot]]]:
    """The words on the outlines moved off the figures, as little as possible; and lines from where they were."""
    world = world_px(zoom)
    taken = [_on_screen(box, world) for box in boxes]
    taken += [_frame(label, to_pixels(label["at"], world)) for label in labels if label["anchor"] == "start"]
    found, lines = [], []
    for label in labels:
        start = to_pixels(label["at"], world)
        if label["anchor"] == "start":
            found.append(label)
            continue
        end = next((at for at in _around(start) if _free(_frame(label, at), taken)), start)
        taken.append(_frame(label, end))
        found.append({**label, "at": list(from_pixels(end, world))})
        if math.dist(start, end) > 2 * _LINE_PX:
            lines.append((from_pixels(start, world), from_pixels(end, world)))
    return found, lines


def _around(start: Spot) -> Iterator[Spot]:
    """Places around a place, the nearest first."""
    steps = range(-_FURTHEST_PX // _STEP_PX, _FURTHEST_PX // _STEP_PX + 1)
    moves = sorted(itertools.product(steps, steps), key=lambda move: (math.hypot(*move), move))
    return ((start[0] + x * _STEP_PX, start[1] + y * _STEP_PX) for x, y in moves)


def width_of(label: dict[str, Any]) -> int:
    """How many pixels the longest line of a label takes, with a little around it; rather more than less."""
    lines = label["text"].split("\n")
    return max(sum(17 if ord(character) > 255 else 9 for character in line) for line in lines) + 6


def _frame(label: dict[str, Any], at: Spot) -> _Frame:
    """What the words of a label cover when they stand in the middle of, or begin at, this place."""
    width, lines = width_of(label), label["text"].split("\n")
    left, half = at[0] - (width / 2 if label["anchor"] == "middle" else 0), _LINE_PX * len(lines) / 2
    return left, at[1] - half, left + width, at[1] + half


def _on_screen(box: Box, world: float) -> _Frame:
    west, south, east, north = box
    left, top = to_pixels((west, north), world)
    right, bottom = to_pixels((east, south), world)
    return left, top, right, bottom


def _free(frame: _Frame, taken: Sequence[_Frame]) -> bool:
    left, top, right, bottom = frame
    return not any(left < r and right > le and top < b and bottom > t for le, t, r, b in taken)
