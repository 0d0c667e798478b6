"""Places on a grid: none is lost, each is in the square that says so, squares nest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.grid import Square, counted, of_code, zoom_of

PLACES = st.lists(st.tuples(st.floats(117.5, 119.2), st.floats(24.2, 26.0)), max_size=40)


@given(PLACES, st.integers(8, 16))
def test_every_place_is_counted_once_and_lies_within_its_square(places, zoom):
    found = counted([p[0] for p in places], [p[1] for p in places], zoom)

    assert sum(count for _, count in found) == len(places)
    for square, count in found:
        west, south, east, north = square.box
        slack = 1e-9
        inside = [
            p
            for p in places
            if west - slack <= p[0] <= east + slack and south - slack <= p[1] <= north + slack
        ]
        assert len(inside) >= count > 0


@given(PLACES, st.integers(8, 15))
def test_a_square_holds_what_its_four_quarters_hold(places, zoom):
    lons, lats = [p[0] for p in places], [p[1] for p in places]
    quarters: dict[Square, int] = {}
    for square, count in counted(lons, lats, zoom + 1):
        parent = Square(zoom, square.x // 2, square.y // 2)
        quarters[parent] = quarters.get(parent, 0) + count

    assert dict(counted(lons, lats, zoom)) == quarters


def test_a_known_place_is_in_its_tile():
    # By the published formula of slippy maps for 24.8739 N 118.6757 E at zoom 12: x 3398, y 1755.
    assert counted([118.6757], [24.8739], 12) == [(Square(12, 3398, 1755), 1)]


@given(st.integers(0, 22), st.integers(0), st.integers(0))
def test_a_square_is_found_again_by_its_name(zoom, x, y):
    square = Square(zoom, x % 2**zoom, y % 2**zoom)

    assert of_code(square.code) == square
    assert square.box[0] < square.middle[0] < square.box[2]
    assert square.box[1] < square.middle[1] < square.box[3]


@pytest.mark.parametrize(
    "code", ["", "12", "12-3398", "12/3398/1755", "23-0-0", "2-4-0", "2-0-4", "-1-0-0", "a-b-c"]
)
def test_what_is_no_name_of_a_square_is_none(code):
    assert of_code(code) is None


def test_squares_are_about_as_wide_as_asked_for():
    for map_zoom in (7.3, 8.0, 9.9, 13.2):
        width = 512 * 2 ** (map_zoom - zoom_of(map_zoom, 40))
        assert 40 / 1.42 <= width <= 40 * 1.42


def test_a_square_of_zoom_12_is_nine_kilometres_wide_in_quanzhou():
    assert Square(12, 3398, 1755).kilometres == pytest.approx(8.9, abs=0.05)
