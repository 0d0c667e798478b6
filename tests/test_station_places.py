"""Where stations stand: what is looked at as a neighbour is every one that may be at the place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.importers.station_places import Around, Place, not_apart, same_place

# Some twenty metres from one to the next, on both sides of the edges of squares.
DEGREES = st.integers(0, 12).map(lambda step: round(118.4990 + step * 0.0002, 4))
SPOTS = st.one_of(st.none(), st.tuples(DEGREES, DEGREES.map(lambda lon: lon - 94)))
PLACES = st.builds(
    lambda town, address, spot: Place(town, address, *(spot or (None, None))),
    st.sampled_from(["", "磁灶镇", "陈埭镇"]),
    st.sampled_from(["", "一路1号", "一路１号", "二路2号"]),
    SPOTS,
)


@given(st.lists(PLACES, max_size=12), PLACES)
def test_every_place_that_may_be_the_same_is_among_the_neighbours(places, one):
    around = Around((place, number) for number, place in enumerate(places))

    for why in (same_place, lambda *two: not_apart(*two) if all(p.told for p in two) else None):
        expected = {number for number, place in enumerate(places) if why(one, place)}
        assert {number for place, number in around.of(one) if why(one, place)} == expected


def test_neighbours_are_few_where_thousands_stand_apart():
    places = [Place("磁灶镇", f"一路{i}号", 118.4 + i * 0.002, 24.8) for i in range(2000)]
    around = Around((place, number) for number, place in enumerate(places))

    assert {number for _, number in around.of(places[1000])} == {1000}
