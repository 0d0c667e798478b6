"""The map of places: every county filled, named and inside its panel; the same places give the same bytes."""

from __future__ import annotations

import itertools
import json
import math
import subprocess
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import ImageFont
from shapely.geometry import Point, shape

from dashboard.config import DATA
from dashboard.english import names as english_names
from dashboard.geo import Outline, bounds, containing, outlines
from dashboard.maps import LABEL_PLACES, Area, Dot, Ink, dots_deck, view_state, with_room
from dashboard.placing import apart
from dashboard.ui.map_panels import CREDIT_HEIGHT
from dashboard.ui.points_page import MAP_SIZE as POINTS_SIZE
from dashboard.ui.station_map import MAP_SIZE as STATIONS_SIZE

SHAPES = outlines(DATA / "geo" / "counties.geojson")
MAP_SIZE = (730, 536)
SIZES = [MAP_SIZE, (1460, 1072), (400, 900), (1600, 300)]
INK = Ink(
    line=(11, 21, 38, 255), text=(244, 249, 255, 255), halo=(11, 21, 38, 255), leader=(157, 178, 206, 170)
)


def areas() -> dict[str, Area]:
    return {s.code: Area(s.code, s.name, (23, 57, 92, 255)) for s in SHAPES}


def drawn(words: dict[str, Area] | None = None, size: tuple[int, int] = MAP_SIZE) -> dict[str, Any]:
    deck = dots_deck(SHAPES, list((areas() if words is None else words).values()), [], INK, size)
    found: dict[str, Any] = json.loads(deck.to_json())
    return found


def layer(deck: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [part for part in deck["layers"] if part["id"] == name]
    return found


def pixel(lon: float, lat: float, view: Any, size: tuple[int, int]) -> tuple[float, float]:
    """Where a place falls on the panel, by the web Mercator projection of a world of 512 px at zoom 0."""
    world = 512 * 2**view.zoom

    def across(degrees: float) -> float:
        return degrees / 360

    def down(degrees: float) -> float:
        return -math.log(math.tan(math.pi / 4 + math.radians(degrees) / 2)) / (2 * math.pi)

    return (
        size[0] / 2 + (across(lon) - across(view.longitude)) * world,
        size[1] / 2 + (down(lat) - down(view.latitude)) * world,
    )


# --- the view ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_the_outlines_just_fit_the_panel_with_a_margin(size):
    west, south, east, north = bounds(SHAPES)
    view = view_state(bounds(SHAPES), size)
    left, top = pixel(west, north, view, size)
    right, bottom = pixel(east, south, view, size)

    assert min(left, top, size[0] - right, size[1] - bottom) == pytest.approx(14, abs=0.1)
    assert left == pytest.approx(size[0] - right, abs=0.1)
    assert top == pytest.approx(size[1] - bottom, abs=0.1)
    assert (view.pitch, view.bearing) == (0, 0)


def test_the_deck_is_opened_with_room_for_the_names_in_the_sea():
    view = view_state(with_room(bounds(SHAPES)), MAP_SIZE)

    assert drawn()["initialViewState"] == {
        "longitude": view.longitude,
        "latitude": view.latitude,
        "zoom": view.zoom,
        "pitch": 0,
        "bearing": 0,
    }


# --- what is on it ----------------------------------------------------------------------------------


def test_every_county_has_a_polygon_with_its_fill_and_a_label_with_its_words(catalogue):
    deck = drawn()
    drawn_units = counties_of(deck)
    codes = {f["properties"]["code"] for f in drawn_units}
    counties = {u.code for u in catalogue.organisations if u.level == "county"}

    assert codes == counties == {s.code for s in SHAPES}
    assert len(layer(deck, "labels")["data"]) == 12
    assert {label["text"] for label in layer(deck, "labels")["data"]} == {s.name for s in SHAPES}
    assert all(f["properties"]["fill"] == [23, 57, 92, 255] for f in counties_of(deck))
    assert all(shape(f["geometry"]).is_valid for f in counties_of(deck))


def test_a_county_without_words_of_its_own_is_not_drawn():
    few = {code: area for code, area in areas().items() if code != "350527"}

    assert "350527" not in json.dumps(drawn(few))


def counties_of(deck: dict[str, Any]) -> list[dict[str, Any]]:
    features = layer(deck, "units")["data"]["features"]
    return [f for f in features if f["geometry"]["type"] != "LineString"]


def leaders(deck: dict[str, Any]) -> list[list[list[float]]]:
    features = layer(deck, "units")["data"]["features"]
    return [f["geometry"]["coordinates"] for f in features if f["geometry"]["type"] == "LineString"]


def test_a_label_stands_inside_its_county_or_at_the_end_of_a_line_that_starts_there():
    deck = drawn()
    at = {label["text"]: label["at"] for label in layer(deck, "labels")["data"]}
    lines = {tuple(end): start for start, end in leaders(deck)}

    for county in SHAPES:
        place = at[county.name]
        start = lines.get(tuple(place), place)
        assert shape(county.polygon).contains(Point(start)), county.name
        assert (tuple(place) in lines) == (county.code in LABEL_PLACES)


@cache
def font(letters: int = 17) -> ImageFont.FreeTypeFont:
    """The Chinese font of this machine, in the size of the labels."""
    asked = ("fc-match", "-f", "%{file}|%{index}", "Noto Sans CJK SC")
    file, index = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("|")
    return ImageFont.truetype(file, letters, int(index) & 0xFFFF)


def box(
    label: dict[str, Any], size: tuple[int, int] = MAP_SIZE, letters: int = 17, view: Any = None
) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a label on the panel."""
    view = view or view_state(with_room(bounds(SHAPES)), size)
    x, y = pixel(*label["at"], view, size)
    lines = label["text"].split("\n")
    width, height = max(map(font(letters).getlength, lines)), letters * 1.15 * len(lines)
    left = x if label["anchor"] == "start" else x - width / 2
    return left, y - height / 2, left + width, y + height / 2


# The panels of /stations and /points, less the line on a basemap.
PANELS = (STATIONS_SIZE, (STATIONS_SIZE[0], STATIONS_SIZE[1] - CREDIT_HEIGHT), POINTS_SIZE)


# A county without a ledger says so in a line of its own, on the map of stations only.
NAMED = [*((size, "") for size in (MAP_SIZE, *PANELS)), *((size, "\n未报") for size in PANELS[:2])]


@pytest.mark.parametrize(("size", "untold"), NAMED)
def test_no_label_leaves_the_panel_or_lies_on_another(catalogue, size, untold):
    names = {u.code: f"{u.short_name}{untold}" for u in catalogue.organisations} | {"350527": "金门"}
    names |= {"350502": f"鲤城\n含开发区{untold}", "350521": f"惠安\n含台商区{untold}"}
    words = {s.code: Area(s.code, names[s.code], (0, 0, 0, 255)) for s in SHAPES}
    boxes = {label["text"]: box(label, size) for label in layer(drawn(words, size), "labels")["data"]}

    width, height = size
    assert [n for n, (x, y, r, b) in boxes.items() if x < 0 or y < 0 or r > width or b > height] == []
    over = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes.items(), 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert over == []


@pytest.mark.parametrize("size", PANELS)
def test_no_english_name_leaves_the_panel(catalogue, size):
    said = english_names()
    names = {u.code: said[u.short_name] for u in catalogue.units} | {"350527": said["金门"]}
    for zone in (u for u in catalogue.units if u.within_code):
        names[zone.within_code] += f"\n+ {names[zone.code]}"
    words = {s.code: Area(s.code, names[s.code], (0, 0, 0, 255)) for s in SHAPES}
    deck = drawn(words, size)
    view = SimpleNamespace(**deck["initialViewState"])
    boxes = {label["text"]: box(label, size, view=view) for label in layer(deck, "labels")["data"]}

    width, height = size
    # The halo lies around the letters, and deck.gl sets them a little wider than the font does.
    room = 8
    beyond = [
        name
        for name, (left, top, right, bottom) in boxes.items()
        if left < room or top < room or right > width - room or bottom > height - room
    ]
    assert beyond == []
    # Chinese names are short: the map stays as large as it was.
    assert drawn(size=size)["initialViewState"]["zoom"] == view_state(with_room(bounds(SHAPES)), size).zoom


def test_every_layer_has_an_id_and_only_the_places_can_be_clicked():
    deck = placed(Dot("a", 118.1, 25, BLUE))

    assert [part["id"] for part in deck["layers"]] == ["units", "dots0", "labels"]
    assert [part["id"] for part in deck["layers"] if part.get("pickable")] == ["dots0"]


def test_the_map_asks_nobody_for_a_background():
    text = json.dumps(drawn())

    assert "http" not in text
    assert "mapbox" not in text.lower()
    assert "carto" not in text.lower()


# --- places -----------------------------------------------------------------------------------------

BLUE, AMBER = (79, 195, 247, 255), (242, 169, 59, 255)


def placed(*dots: Dot, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        dots_deck(SHAPES, list(areas().values()), dots, INK, MAP_SIZE, **asked).to_json()
    )
    return found


def clickable(deck: dict[str, Any]) -> dict[str, list[str]]:
    """The codes of the places in each layer that can be clicked."""
    return {la["id"]: [d["code"] for d in la["data"]] for la in deck["layers"] if la.get("pickable")}


def test_places_of_one_look_share_a_layer_that_tells_the_look_once():
    deck = placed(Dot("a", 118.1, 25, BLUE), Dot("b", 118.2, 25, AMBER, "▲"), Dot("c", 118.3, 25, BLUE))

    assert clickable(deck) == {"dots0": ["a", "c"], "signs1": ["b"]}
    assert layer(deck, "dots0")["getFillColor"] == list(BLUE)
    assert set(layer(deck, "dots0")["data"][0]) == {"code", "at"}
    assert layer(deck, "signs1")["data"][0]["text"] == "▲"


def test_layers_of_another_kind_never_share_a_name_and_a_chosen_place_gives_all_of_them_new_ones():
    circles, signs = Dot("a", 118.1, 25, BLUE), Dot("b", 118.2, 25, AMBER, "▲")
    kinds = [
        {la["id"]: la["@@type"] for la in placed(*dots)["layers"]}
        for dots in ((circles, signs), (signs, circles))
    ]
    opened = placed(circles, signs, chosen="b")

    assert [name for name in kinds[0].keys() & kinds[1] if kinds[0][name] != kinds[1][name]] == []
    assert set(clickable(placed(circles, signs))) & set(clickable(opened)) == set()
    assert layer(opened, "ring")["data"] == [{"at": [118.2, 25]}]
    assert [la["id"] for la in placed(circles)["layers"]] == ["units", "dots0", "labels"]


def test_places_with_something_written_in_them_are_moved_apart_with_a_line_to_where_they_are():
    marked = [Dot(code, 118.5, 24.9, BLUE, radius=15, mark=code) for code in "abc"]
    deck = placed(*marked)
    spots = [d["at"] for d in layer(deck, "dots0")["data"]]
    view = view_state(with_room(bounds(SHAPES)), MAP_SIZE)
    at = [pixel(*spot, view, MAP_SIZE) for spot in spots]

    assert min(math.dist(a, b) for a, b in itertools.combinations(at, 2)) >= 30
    assert all(math.dist(a, pixel(118.5, 24.9, view, MAP_SIZE)) < 60 for a in at)
    moved = [[[118.5, 24.9], spot] for spot in spots if spot != [118.5, 24.9]]
    assert [line for line in leaders(deck) if line[0] == [118.5, 24.9]] == moved
    assert len(moved) >= 2
    assert [d["text"] for d in layer(deck, "figures")["data"]] == ["a", "b", "c"]
    assert (
        len(
            {
                tuple(d["at"])
                for d in layer(placed(*(Dot(c, 118.5, 24.9, BLUE) for c in "ab")), "dots0")["data"]
            }
        )
        == 1
    )


@pytest.mark.parametrize("spots", [[], [(118.5, 24.9)], [(118.5, 24.9), (118.9, 24.9)]])
def test_places_that_have_room_stay_exactly_where_they_are(spots):
    assert apart(spots, 8.5, 30) == spots


def test_twelve_places_on_one_spot_find_room_always_in_the_same_way():
    spots = [(118.5, 24.9)] * 12
    once, again = apart(spots, 8.5, 30), apart(spots, 8.5, 30)

    assert once == again
    assert len(set(once)) == 12


def test_the_names_on_a_map_of_places_stay_inside_the_panel():
    names = {s.code: Area(s.code, "鲤城 含开发区", (0, 0, 0, 255)) for s in SHAPES}
    deck = json.loads(dots_deck(SHAPES, list(names.values()), [], INK, (664, 648)).to_json())
    view = view_state(with_room(bounds(SHAPES)), (664, 648))
    for label in layer(deck, "labels")["data"]:
        x, _ = pixel(*label["at"], view, (664, 648))
        width = font().getlength(label["text"])
        left = x if label["anchor"] == "start" else x - width / 2
        assert left >= 0, label
        assert left + width <= 664, label


def test_the_names_lie_below_places_with_something_written_in_them_and_keep_clear_of_them():
    middle = {s.code: s.label for s in SHAPES}
    marked = [Dot(c, *middle[c], BLUE, radius=15, mark="1") for c in ("350526", "350525", "350524")]
    deck = placed(*marked)
    view = view_state(with_room(bounds(SHAPES)), MAP_SIZE)
    order = [part["id"] for part in deck["layers"]]

    assert order.index("labels") < order.index("dots0") < order.index("figures")
    for dot in layer(deck, "dots0")["data"]:
        x, y = pixel(*dot["at"], view, MAP_SIZE)
        for label in layer(deck, "labels")["data"]:
            left, top, right, bottom = box(label)
            near = max(left - x, x - right, 0), max(top - y, y - bottom, 0)
            assert math.hypot(*near) >= 15, label["text"]


def test_a_sign_that_would_be_read_as_that_of_a_mark_upon_it_is_left_out():
    def kind(code: str, lon: float, sign: str) -> Dot:
        return Dot(code, lon, 25, BLUE, radius=10, sign=sign)

    # A pixel of this map is about 0.002 degrees wide: "b" lies half below the triangle, "d" in a ring, "f" below "g".
    ring = Dot("e", 118.5, 25, (0, 0, 0, 0), radius=11, ring=AMBER)
    deck = placed(
        kind("a", 118.1, "甲"),
        kind("b", 118.2, "乙"),
        Dot("c", 118.21, 25, AMBER, "▲", radius=10),
        kind("d", 118.502, "丙"),
        ring,
        kind("f", 118.7, "丁"),
        kind("g", 118.705, "戊"),
        kind("h", 118.9, "己"),
        kind("i", 118.96, "庚"),
    )

    assert sorted(row["text"] for row in layer(deck, "figures")["data"]) == ["己", "庚", "戊", "甲"]
    assert sum(map(len, clickable(deck).values())) == 9


def test_names_keep_clear_of_places_without_anything_in_them_too():
    middle = {s.code: s.label for s in SHAPES}
    dots = [
        Dot(f"{code}{step}", lon + step * 0.02, lat, BLUE)
        for code, (lon, lat) in middle.items()
        for step in (-1, 0, 1)
    ]
    deck = placed(*dots)
    view = view_state(with_room(bounds(SHAPES)), MAP_SIZE)
    inside = {s.name for s in SHAPES if s.code not in LABEL_PLACES}

    for dot, label in itertools.product(layer(deck, "dots0")["data"], layer(deck, "labels")["data"]):
        x, y = pixel(*dot["at"], view, MAP_SIZE)
        left, top, right, bottom = box(label)
        if label["text"] in inside:
            assert math.hypot(max(left - x, x - right, 0), max(top - y, y - bottom, 0)) >= 5, label["text"]
        assert min(left, top, MAP_SIZE[0] - right, MAP_SIZE[1] - bottom) >= 0, label["text"]
    assert "background" not in layer(deck, "labels")


@pytest.mark.parametrize("code", ["350524", "350525", "350526", "350583", "350582"])
def test_a_name_that_gives_way_never_stands_on_the_outline_of_another_county(code):
    shape = next(s for s in SHAPES if s.code == code)
    lon, lat = shape.label
    steps = [step * 0.03 for step in range(-4, 5)]
    for east in (-0.06, 0, 0.06):  # what covers the name leaves room on one side or the other
        dots = [Dot(f"{x} {y}", lon + x + east, lat + y, BLUE) for x in steps for y in steps]
        label = next(la for la in layer(placed(*dots), "labels")["data"] if la["text"] == shape.name)
        found = containing(SHAPES, tuple(label["at"]))

        assert math.dist(label["at"], (lon, lat)) > 0.05
        assert found is None or found.code == code


def test_a_name_for_which_there_is_no_room_among_the_places_stands_above_them_on_a_ground():
    lon, lat = next(s.label for s in SHAPES if s.code == "350524")
    steps = [step * 0.02 for step in range(-30, 31)]
    deck = placed(*(Dot(f"{x} {y}", lon + x, lat + y, BLUE) for x in steps for y in steps))
    labels = {row["text"]: row for row in layer(deck, "labels")["data"]}
    anxi, shishi = (next(s.name for s in SHAPES if s.code == code) for code in ("350524", "350581"))

    assert deck["layers"][-1]["id"] == "labels"
    assert layer(deck, "labels")["background"] is True
    assert labels[anxi]["ground"] == [*INK.halo[:3], 225]
    assert labels[shishi]["ground"][3] == 0


@pytest.mark.parametrize("size", [STATIONS_SIZE, POINTS_SIZE, (430, 560)])
def test_on_a_wall_names_are_as_large_as_there_is_room_for_and_never_smaller_than_at_a_desk(catalogue, size):
    names = {u.code: u.short_name for u in catalogue.organisations} | {"350527": "金门"}
    names |= {"350502": "鲤城\n含开发区", "350521": "惠安\n含台商区"}
    words = [Area(s.code, names[s.code], (0, 0, 0, 255)) for s in SHAPES]
    deck = json.loads(dots_deck(SHAPES, words, [], replace(INK, letters=24), size).to_json())
    letters = layer(deck, "labels")["getSize"]
    view = SimpleNamespace(**deck["initialViewState"])
    frames = [box(label, size, letters, view) for label in layer(deck, "labels")["data"]]

    assert 17 <= letters <= 24
    assert (letters == 24) == (size == STATIONS_SIZE)
    assert (letters < 20) == (size == (430, 560))  # there is less room
    for left, top, right, bottom in frames if letters > 17 else ():
        assert min(left, top, size[0] - right, size[1] - bottom) >= 0
    for one, other in itertools.combinations(frames if letters > 17 else (), 2):
        assert not (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


def test_a_map_of_one_county_is_fitted_to_it_and_has_no_lines_to_names():
    jinjiang = bounds(tuple(s for s in SHAPES if s.code == "350582"))
    deck = placed(box=jinjiang)
    view = view_state(jinjiang, MAP_SIZE)

    assert (deck["initialViewState"]["zoom"], deck["initialViewState"]["longitude"]) == (
        view.zoom,
        view.longitude,
    )
    assert leaders(deck) == []
    assert "晋江市" in [label["text"] for label in layer(deck, "labels")["data"]]
    assert "德化县" not in [label["text"] for label in layer(deck, "labels")["data"]]


# --- bytes ------------------------------------------------------------------------------------------


def test_the_same_places_give_the_same_bytes():
    one, other = (json.dumps(placed(Dot("a", 118.1, 25, BLUE))) for _ in range(2))

    assert one == other


def test_the_map_is_strict_json_and_small():
    text = dots_deck(SHAPES, list(areas().values()), [], INK, MAP_SIZE).to_json()
    json.loads(text, parse_constant=lambda name: pytest.fail(name))

    assert len(text) < 60_000


def test_outlines_of_the_map_are_those_of_the_file_unchanged():
    deck = drawn()
    kept = {f["properties"]["code"]: f["geometry"] for f in counties_of(deck)}

    assert kept == {s.code: json.loads(json.dumps(s.polygon)) for s in SHAPES}
    assert all(isinstance(s, Outline) for s in SHAPES)


def test_places_can_be_looked_at_closer_and_a_wheel_still_scrolls_the_page():
    controller = drawn()["views"][0]["controller"]

    assert (controller["doubleClickZoom"], controller["scrollZoom"]) == (True, False)


def test_what_the_pointer_is_on_is_lit_in_a_colour_of_the_palette():
    deck = placed(Dot("a", 118.1, 25, BLUE), Dot("b", 118.2, 25, AMBER, "▲"))

    assert [la["highlightColor"] for la in deck["layers"] if la.get("pickable")] == [list(INK.lit)] * 2
