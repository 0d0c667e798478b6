"""The small map: the chosen outline fills the picture, its neighbours are cut, places fall where they lie."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from dashboard.config import DATA
from dashboard.geo import bounds, outlines
from dashboard.small_map import around, paths, shares

SHAPES = outlines(DATA / "geo" / "counties.geojson")
SIZE = (640, 400)
BY_CODE = {s.code: s for s in SHAPES}


def extent(path: str) -> tuple[float, float, float, float]:
    spots = [tuple(map(float, spot.split(","))) for spot in re.findall(r"-?\d+,-?\d+", path)]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return min(xs), min(ys), max(xs), max(ys)


@pytest.mark.parametrize("code", [s.code for s in SHAPES if s.reporting])
def test_the_chosen_outline_fills_the_picture_and_is_not_cut(code):
    drawn = dict(paths(SHAPES, around(SHAPES, code), SIZE))
    left, top, right, bottom = extent(drawn[code])

    assert (left >= 0, top >= 0, right <= SIZE[0], bottom <= SIZE[1]) == (True,) * 4
    assert right - left > 0.9 * SIZE[0] or bottom - top > 0.9 * SIZE[1]
    assert (left + right) / 2 == pytest.approx(SIZE[0] / 2, abs=2)


def test_outlines_that_do_not_fall_into_the_picture_are_left_out():
    drawn = dict(paths(SHAPES, around(SHAPES, "350526"), SIZE))

    assert "350526" in drawn
    assert "350581" not in drawn
    assert len(dict(paths(SHAPES, around(SHAPES, ""), SIZE))) == len(SHAPES)


def test_a_place_falls_within_its_outline_north_is_up_and_east_is_right():
    box = around(SHAPES, "350582")
    west, south, east, north = bounds((BY_CODE["350582"],))
    corners = shares([(west, north), (east, north), (east, south)], box, SIZE)
    ((x, y),) = shares([BY_CODE["350582"].label], box, SIZE)

    assert [a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(corners)] == [True, True]
    assert corners[0][0] < x < corners[2][0]
    assert corners[0][1] < y < corners[2][1]


def test_every_ring_is_closed_and_of_whole_pixels():
    for _, path in paths(SHAPES, around(SHAPES, ""), SIZE):
        assert re.fullmatch(r"(M(-?\d+,-?\d+ ?)+Z)+", path)
