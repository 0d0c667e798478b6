"""The still map: the chosen outline fills the picture, its neighbours are cut, places fall where they lie."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from shapely import Polygon, transform
from shapely.geometry import Point, shape

from dashboard.config import DATA
from dashboard.geo import bounds, outlines
from dashboard.maps import LABEL_PLACES, on_panel
from dashboard.mercator import Spot
from dashboard.still_map import around, cuts, leaders, paths, shares, words_at

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


# --- counties that are coloured and opened ----------------------------------------------------------

WIDE = (1460, 1072)
ALL = around(SHAPES, "")


def kept_by_the_browser(code: str, at: Spot) -> bool:
    """Whether a spot of the picture lies in the cut of a county, by the even-odd rule of CSS."""
    spots = re.findall(r"([\d.]+)% ([\d.]+)%", cuts(SHAPES, ALL, WIDE)[code])
    line = [(float(x) * WIDE[0] / 100, float(y) * WIDE[1] / 100) for x, y in spots]
    crossed = 0
    for (x, y), (to_x, to_y) in pairwise([*line, line[0]]):
        if (y > at[1]) != (to_y > at[1]) and at[0] < x + (at[1] - y) / (to_y - y) * (to_x - x):
            crossed += 1
    return crossed % 2 == 1


def on_picture(code: str) -> Polygon:
    """The county of the file, projected."""
    return transform(
        shape(BY_CODE[code].polygon), lambda at: np.array(on_panel([tuple(spot) for spot in at], ALL, WIDE))
    )


@pytest.mark.parametrize("code", [s.code for s in SHAPES])
def test_a_county_is_cut_out_of_the_picture_as_its_outline_runs_islands_included(code):
    meant = on_picture(code)
    left, top, right, bottom = meant.bounds
    grid = [(x, y) for x in np.linspace(left, right, 40) for y in np.linspace(top, bottom, 40)]
    far = [at for at in grid if meant.boundary.distance(Point(at)) > 0.5]

    assert [at for at in far if kept_by_the_browser(code, at) != meant.contains(Point(at))] == []
    assert sum(meant.contains(Point(at)) for at in far) > 100


def test_words_stand_in_their_county_or_at_the_end_of_a_line_that_starts_there():
    at = {c: (x * WIDE[0] / 100, y * WIDE[1] / 100) for c, (x, y) in words_at(SHAPES, ALL, WIDE).items()}
    lines = [
        [tuple(map(float, spot.split(","))) for spot in line.split()]
        for line in leaders(SHAPES, ALL, WIDE).split("M")[1:]
    ]

    assert len(lines) == len(LABEL_PLACES)
    for county in SHAPES:
        start = next((a for a, b in lines if Point(b).distance(Point(at[county.code])) < 2), at[county.code])
        assert on_picture(county.code).contains(Point(start)), county.name
        assert (start != at[county.code]) == (county.code in LABEL_PLACES)
