"""Where marks and words stand on a map so that none lies on another: moved as little as possible. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
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


def covered(spots: Sequence[Spot], reaches: Sequence[float], zoom: float) -> list[bool]:
    """Of marks in the order they are drawn: whether one drawn later, reaching so many pixels, lies on its middle."""
    world = world_px(zoom)
    at = [to_pixels(spot, world) for spot in spots]
    return [any(math.dist(at[i], at[j]) < reaches[j] for j in range(i + 1, len(at))) for i in range(len(at))]


# Left, top, right, bottom in pixels.
_Frame = tuple[float, float, float, float]
_STEP_PX, _FURTHEST_PX = 8, 140
_LINE = 1.3  # a line of words is so many times as high as its letters


def largest(labels: Sequence[dict[str, Any]], sizes: Sequence[int], zoom: float, panel: Box) -> int:
    """The first of these sizes in pixels, else the last, in which the words that stand beside their outline fit.

    They have a place of their own: they may lie neither on one another nor over the edge of the panel.
    """
    world = world_px(zoom)
    edges, fixed = _on_screen(panel, world), [one for one in labels if one["anchor"] == "start"]

    def fit(size: int) -> bool:
        frames = [_frame(label, to_pixels(label["at"], world), size) for label in fixed]
        apart_ = all(_free(one, [other]) for one, other in itertools.combinations(frames, 2))
        return apart_ and all(_within(frame, edges) for frame in frames)

    return next((size for size in sizes if fit(size)), sizes[-1])


def beside(
    labels: Sequence[dict[str, Any]],
    boxes: Sequence[Box],
    zoom: float,
    panel: Box,
    size: int,
    owned: Callable[[dict[str, Any], Spot], bool] = lambda label, spot: True,
) -> tuple[list[dict[str, Any]], list[tuple[Spot, Spot]]]:
    """The words on the outlines, ``size`` pixels high, moved off the marks, as little as possible and within the panel;
    and lines from where they were. Where nothing is free near by they stay, and say that they are ``crowded``.

    ``owned``: whether the middle of the words may lie on this ground, which must not be another outline's.
    """
    world = world_px(zoom)
    edges = _on_screen(panel, world)
    taken = [_on_screen(box, world) for box in boxes]
    fixed = [label for label in labels if label["anchor"] == "start"]
    taken += [_frame(label, to_pixels(label["at"], world), size) for label in fixed]
    found, lines = [], []
    for label in labels:
        if label["anchor"] == "start":
            found.append(label)
            continue
        start = to_pixels(label["at"], world)
        spots = _free_places(label, start, taken, edges, size)
        free = next((at for at in spots if owned(label, from_pixels(at, world))), None)
        end = free or start
        taken.append(_frame(label, end, size))
        found.append({**label, "at": list(from_pixels(end, world)), "crowded": free is None})
        if math.dist(start, end) > 2 * _LINE * size:
            lines.append((from_pixels(start, world), from_pixels(end, world)))
    return found, lines


def _free_places(
    label: dict[str, Any], start: Spot, taken: Sequence[_Frame], edges: _Frame, size: int
) -> Iterator[Spot]:
    """The places near ``start`` where the words cover nothing, the nearest first."""
    left, top, right, bottom = _frame(label, start, size)
    reach = (left - _FURTHEST_PX, top - _FURTHEST_PX, right + _FURTHEST_PX, bottom + _FURTHEST_PX)
    near = [frame for frame in taken if not _free(frame, [reach])]
    frames = ((at, _frame(label, at, size)) for at in _around(start))
    return (at for at, frame in frames if _within(frame, edges) and _free(frame, near))


def _around(start: Spot) -> Iterator[Spot]:
    """Places around a place, the nearest first."""
    steps = range(-_FURTHEST_PX // _STEP_PX, _FURTHEST_PX // _STEP_PX + 1)
    moves = sorted(itertools.product(steps, steps), key=lambda move: (math.hypot(*move), move))
    return ((start[0] + x * _STEP_PX, start[1] + y * _STEP_PX) for x, y in moves)


def width_of(label: dict[str, Any], size: int) -> float:
    """How many pixels the longest line of a label takes, with a little around it; rather more than less."""
    return max(text_width(line, size) for line in label["text"].split("\n")) + 6


def text_width(line: str, size: int) -> float:
    """How many pixels a line in letters of this size takes; rather more than less."""
    return sum(size if ord(character) > 255 else 0.53 * size for character in line)


def _frame(label: dict[str, Any], at: Spot, size: int) -> _Frame:
    """What the words of a label cover when they stand in the middle of, or begin at, this place."""
    width, lines = width_of(label, size), label["text"].split("\n")
    left, half = at[0] - (width / 2 if label["anchor"] == "middle" else 0), _LINE * size * len(lines) / 2
    return left, at[1] - half, left + width, at[1] + half


def _on_screen(box: Box, world: float) -> _Frame:
    west, south, east, north = box
    left, top = to_pixels((west, north), world)
    right, bottom = to_pixels((east, south), world)
    return left, top, right, bottom


def _free(frame: _Frame, taken: Sequence[_Frame]) -> bool:
    left, top, right, bottom = frame
    return not any(left < r and right > le and top < b and bottom > t for le, t, r, b in taken)


def _within(frame: _Frame, edges: _Frame) -> bool:
    return all(a >= b for a, b in zip(frame[:2], edges[:2], strict=True)) and all(
        a <= b for a, b in zip(frame[2:], edges[2:], strict=True)
    )
