"""Stations counted on a grid: every located one once, in classes that all have a square."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.readouts.station_grid import Density, density
from dashboard.readouts.stations import Stations


def stations(*places: tuple[float, float] | None) -> Stations:
    """So many stations, each at its place or nowhere."""
    rows = [
        {"station": str(n), "lon": p[0] if p else None, "lat": p[1] if p else None}
        for n, p in enumerate(places)
    ]
    return Stations(
        pd.DataFrame(rows, columns=["station", "lon", "lat"]).astype({"lon": float, "lat": float})
    )


def test_one_that_nobody_can_place_is_in_no_square():
    found = density(stations((118.6757, 24.8739), None), 12)

    assert [(square.code, count, number) for square, count, number in found.squares] == [
        ("12-3398-1755", 1, 0)
    ]
    assert found.classes == ((1, 1),)


def test_without_a_place_there_is_neither_square_nor_class_nor_width():
    assert density(stations(), 12) == density(stations(None), 12) == Density((), (), 0.0)


@pytest.mark.parametrize("counts", [(1,), (1, 1, 1), (1, 2, 9), (1, 1, 1, 1, 2, 3, 5, 8, 13)])
def test_the_ends_of_a_class_are_counts_of_squares_in_it(counts):
    # Half a degree apart, so that each place is a square of its own at zoom 12.
    told = [(117 + n / 2, 24.9) for n, count in enumerate(counts) for _ in range(count)]
    found = density(stations(*told), 12)

    assert sorted(count for _, count, _ in found.squares) == sorted(counts)
    for number, (least, most) in enumerate(found.classes):
        own = [count for _, count, its in found.squares if its == number]
        assert (min(own), max(own)) == (least, most)
