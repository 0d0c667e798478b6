"""Outlines, towns and people: what the map shows belongs together, and 金门 takes part in nothing."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from shapely import coverage_is_valid
from shapely.geometry import Point, box, shape

from dashboard.catalogue import CITY
from dashboard.config import DATA
from dashboard.datum import BD_09, CGCS_2000, GCJ_02, SYSTEMS, WGS_84, from_wgs84
from dashboard.geo import (
    FEWEST_PLACES,
    BetterSystem,
    GeoError,
    Outline,
    better_system,
    bounds,
    check_coverage,
    containing,
    inside,
    metres_outside,
    outlines,
)
from dashboard.importers.published import unit_figures

COUNTIES = DATA / "geo" / "counties.geojson"
KINMEN = "350527"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# --- units and towns --------------------------------------------------------------------------------


def test_every_town_and_every_village_reports_to_one_of_the_thirteen(catalogue):
    divisions = rows(DATA / "geo" / "divisions.csv")
    units = {u.code for u in catalogue.units}

    assert [d["code"] for d in divisions if d["reporting_unit"] not in units] == []
    assert max(Counter(d["code"] for d in divisions).values()) == 1


def test_the_towns_of_the_thirteen_are_disjoint_and_a_village_reports_where_its_town_does():
    divisions = rows(DATA / "geo" / "divisions.csv")
    towns = {d["code"]: d["reporting_unit"] for d in divisions if d["level"] == "town"}
    villages = [d for d in divisions if d["level"] == "village"]

    assert len(towns) == 174
    assert len(villages) == 2572
    assert [v["code"] for v in villages if towns[v["parent_code"]] != v["reporting_unit"]] == []
    assert [v["code"] for v in villages if v["code"][:9] != v["parent_code"]] == []


def test_there_are_163_towns_and_streets_as_many_as_each_unit_says():
    counted = Counter(
        d["reporting_unit"] for d in rows(DATA / "geo" / "divisions.csv") if d["is_town_or_street"] == "1"
    )
    said = {u["code"]: int(u["towns"]) for u in rows(DATA / "geo" / "units.csv")}

    assert sum(counted.values()) == said.pop(CITY) == 163
    assert {code: counted[code] for code in said} == said


def test_a_town_lies_in_the_county_of_its_code_unless_it_reports_to_a_zone_inside_it(catalogue):
    within = {u.code: u.within_code or u.code for u in catalogue.units}
    towns = [o for o in catalogue.organisations if o.level == "town"]

    assert [t.code for t in towns if within[t.parent_code] != t.code[:6]] == []
    assert Counter(t.parent_code for t in towns if t.parent_code.startswith("QZ")) == {"QZ-TS": 5, "QZ-KF": 1}


def test_a_park_that_is_no_town_says_so(catalogue):
    parks = {d["code"] for d in rows(DATA / "geo" / "divisions.csv") if d["is_town_or_street"] == "0"}
    noted = {o.code for o in catalogue.organisations if o.note == "乡镇一级的园区，不计入 163 个镇街"}

    assert len(noted) == 11
    assert noted == {o.code for o in catalogue.organisations if o.level == "town"} & parks


def test_the_people_of_the_thirteen_are_all_the_people_of_the_city(catalogue):
    wan = {u["code"]: float(u["resident_population_2021_wan"] or 0) for u in rows(DATA / "geo" / "units.csv")}

    assert sum(wan[u.code] for u in catalogue.units) == pytest.approx(885.0)
    assert wan[CITY] == 885.0


# --- outlines ---------------------------------------------------------------------------------------


def test_the_outlines_are_twelve_counties_that_neither_overlap_nor_leave_gaps_between_them():
    drawn = [shape(o.polygon) for o in outlines(COUNTIES)]

    assert len(drawn) == 12
    assert all(polygon.is_valid for polygon in drawn)
    assert coverage_is_valid(drawn)


def county(name: str, *corners: tuple[float, float]) -> Outline:
    polygon = {"type": "Polygon", "coordinates": [[*map(list, corners), list(corners[0])]]}
    return Outline(name, name, reporting=True, label=(0, 0), polygon=polygon)


WEST = county("西县", (0, 0), (2, 0), (2, 2), (0, 2))
EAST = county("东县", (2, 0), (3, 0), (3, 2), (2, 2))
FAR = county("远县", (9, 0), (10, 0), (10, 2), (9, 2))


def test_the_shipped_outlines_pass_the_check_of_the_first_start():
    check_coverage(outlines(COUNTIES))
    check_coverage((WEST, EAST, FAR))


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ((WEST, county("东县", (1, 0), (3, 0), (3, 2), (1, 2)), FAR), "西县、东县 互相重叠或对不齐"),
        ((WEST, county("东县", (2, 0), (3, 0), (3, 2), (2, 1)), FAR), "西县、东县 互相重叠或对不齐"),
        ((WEST, county("结县", (3, 0), (4, 2), (4, 0), (3, 2)), FAR), "结县 的边线自相交"),
    ],
    ids=["overlap", "a corner in the middle of a side", "a knot"],
)
def test_outlines_that_do_not_fit_are_refused_with_their_names(shapes, said):
    with pytest.raises(GeoError) as refused:
        check_coverage(shapes)

    assert str(refused.value) == said


def test_outlines_and_catalogue_name_the_same_eleven_counties_and_kinmen(catalogue):
    drawn = {o.code: (o.name, o.reporting) for o in outlines(COUNTIES)}
    known = {o.code: (o.name, o.reporting) for o in catalogue.organisations if o.level == "county"}

    assert drawn == known
    assert sum(reporting for _, reporting in drawn.values()) == 11


def test_labels_stand_at_the_same_place_in_both_files(catalogue):
    for outline in outlines(COUNTIES):
        county = catalogue.organisation(outline.code)
        assert outline.label == (county.label_lon, county.label_lat), county.name


def test_every_label_stands_inside_its_outline():
    for outline in outlines(COUNTIES):
        assert shape(outline.polygon).contains(Point(outline.label)), outline.name


def test_the_label_of_a_zone_stands_inside_the_county_that_holds_it(catalogue):
    drawn = {o.code: shape(o.polygon) for o in outlines(COUNTIES)}
    for zone in (u for u in catalogue.units if u.level == "zone"):
        assert drawn[zone.within_code].contains(Point(zone.label_lon, zone.label_lat)), zone.name


def test_the_bounds_hold_every_outline():
    west, south, east, north = bounds(outlines(COUNTIES))

    for outline in outlines(COUNTIES):
        assert box(west, south, east, north).contains(shape(outline.polygon)), outline.name
    assert 117 < west < 118 < 119 < east < 120
    assert 24 < south < 25 < 25.5 < north < 26.5


# --- places and outlines ----------------------------------------------------------------------------


def grid(shape_: Outline, steps: int) -> list[tuple[float, float]]:
    """Places spread evenly over the box of an outline."""
    west, south, east, north = bounds((shape_,))
    return [
        (west + (east - west) * (x + 0.5) / steps, south + (north - south) * (y + 0.5) / steps)
        for x in range(steps)
        for y in range(steps)
    ]


def within(shape_: Outline, steps: int) -> list[tuple[float, float]]:
    return [spot for spot in grid(shape_, steps) if inside(shape_, spot)]


QUANZHOU = {o.name: o for o in outlines(COUNTIES)}
LICHENG = QUANZHOU["鲤城区"]


def test_a_place_inside_or_on_the_border_is_no_metre_outside():
    assert metres_outside(LICHENG, LICHENG.label) == 0
    assert metres_outside(LICHENG, tuple(LICHENG.polygon["coordinates"][0][3])) == 0


def test_the_distance_to_an_outline_is_that_of_a_geodesic_on_the_ellipsoid():
    """Against an independent implementation, at places 10 m to 60 km away from every county."""
    from pyproj import Geod
    from shapely.ops import nearest_points

    earth = Geod(ellps="WGS84")
    for outline in QUANZHOU.values():
        polygon = shape(outline.polygon)
        for spot in grid(LICHENG, 3) + grid(QUANZHOU["德化县"], 3) + grid(QUANZHOU["惠安县"], 3):
            near, _ = nearest_points(polygon, Point(spot))
            _, _, upper = earth.inv(
                *spot, near.x, near.y
            )  # nearest in degrees: never nearer than the nearest
            found = metres_outside(outline, spot)
            assert found <= upper * 1.01 + 0.01, (outline.name, spot)
            assert found >= upper * 0.9 - 0.01, (outline.name, spot)


@pytest.mark.parametrize("away", [1, 100, 999, 1001, 5000, 50_000])
def test_metres_are_metres_to_the_north_and_to_the_west(away):
    from pyproj import Geod

    earth = Geod(ellps="WGS84")
    square = county("方县", (118.0, 24.9), (118.2, 24.9), (118.2, 25.1), (118.0, 25.1))
    square = replace(square, label=(118.1, 25.0))
    for bearing, corner in ((0, (118.1, 25.1)), (270, (118.0, 25.0))):
        lon, lat, _ = earth.fwd(*corner, bearing, away)
        assert metres_outside(square, (lon, lat)) == pytest.approx(away, rel=0.01), bearing


def test_even_a_place_on_the_other_side_of_the_world_has_a_distance():
    for spot in ((0.0, 0.0), (-60.0, -25.0), (24.9, 118.6)):
        assert metres_outside(LICHENG, spot) > 1_000_000


def test_the_outline_that_contains_a_place_is_found_and_the_sea_is_in_none():
    assert {name: containing(tuple(QUANZHOU.values()), o.label) for name, o in QUANZHOU.items()} == QUANZHOU
    assert containing(tuple(QUANZHOU.values()), (119.5, 24.5)) is None
    assert containing((WEST, EAST), (2.0, 1.0)) is WEST  # on the border of both
    assert containing((), (0.0, 0.0)) is None


# --- a system declared wrongly ----------------------------------------------------------------------


def places_of(*names: str, steps: int = 12) -> tuple[list[tuple[float, float]], list[Outline]]:
    """Places spread evenly over counties, in WGS 84, with the outline of each."""
    found = [(spot, QUANZHOU[name]) for name in names for spot in within(QUANZHOU[name], steps)]
    return [spot for spot, _ in found], [outline for _, outline in found]


@pytest.mark.parametrize(
    ("declared", "truth"), [(a, b) for a in SYSTEMS for b in (WGS_84, GCJ_02, BD_09) if a != b]
)
def test_a_file_of_one_small_district_tells_that_it_was_declared_wrongly(declared, truth):
    spots, of = places_of("鲤城区")
    better = better_system(declared, [from_wgs84(truth, *spot) for spot in spots], of)

    if {declared, truth} == {CGCS_2000, WGS_84}:
        assert better is None  # the same here
        return
    assert (better.system, better.inside, better.places) == (truth, len(spots), len(spots))
    assert better.inside_declared <= better.inside - 5


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_file_declared_rightly_is_left_in_peace(system):
    spots, of = places_of(*QUANZHOU, steps=9)

    assert better_system(system, [from_wgs84(system, *spot) for spot in spots], of) is None


def test_a_file_declared_rightly_is_left_in_peace_though_the_outlines_are_rough():
    """Streets along a border stand on its wrong side by up to 300 m, to all sides."""
    spots, of = places_of(*QUANZHOU, steps=14)
    around = [(0.003, 0.0), (0.0, 0.0027), (-0.003, 0.0), (0.0, -0.0027)]
    rough = [(x + around[i % 4][0], y + around[i % 4][1]) for i, (x, y) in enumerate(spots)]

    assert better_system(WGS_84, rough, of) is None


def test_few_places_tell_nothing_however_far_they_are_off():
    spots, of = places_of("鲤城区", steps=40)
    given = [from_wgs84(BD_09, *spot) for spot in spots]
    off = [i for i, (spot, shape_) in enumerate(zip(given, of, strict=True)) if not inside(shape_, spot)]
    assert len(off) > FEWEST_PLACES

    def judged(count: int) -> BetterSystem | None:
        return better_system(WGS_84, [given[i] for i in off[:count]], [of[i] for i in off[:count]])

    assert [judged(count) for count in range(FEWEST_PLACES)] == [None] * FEWEST_PLACES
    assert judged(FEWEST_PLACES).system == BD_09


def test_places_without_a_known_outline_and_places_of_another_county_take_no_part():
    spots, _ = places_of("鲤城区")

    assert better_system(GCJ_02, spots, [None] * len(spots)) is None
    assert better_system(GCJ_02, spots, [QUANZHOU["德化县"]] * len(spots)) is None
    assert better_system(GCJ_02, [(24.9, 118.6)] * 50, [LICHENG] * 50) is None


# --- 金门 --------------------------------------------------------------------------------------------


def test_kinmen_is_drawn_and_reports_nothing(catalogue):
    kinmen = catalogue.organisation(KINMEN)

    assert kinmen.name == "金门县"
    assert kinmen.reporting is False
    assert kinmen.code not in {u.code for u in catalogue.units}
    assert "统计口径不含" in kinmen.note
    assert [o.name for o in outlines(COUNTIES) if not o.reporting] == ["金门县"]


def test_kinmen_owes_nothing_has_no_town_and_takes_part_in_no_total(catalogue):
    published = rows(DATA / "published" / "published_figures.csv")
    people = unit_figures(DATA / "published" / "unit_figures.csv", DATA / "geo" / "units.csv", catalogue)

    assert [a for a in catalogue.assignments if a.organisation == KINMEN] == []
    assert [o for o in catalogue.organisations if o.parent_code == KINMEN] == []
    assert [r for r in published if r["unit_code"] == KINMEN] == []
    assert [d for d in people if d.organisation == KINMEN] == []


# --- files that cannot be used ----------------------------------------------------------------------


def refusal(path: Path) -> str:
    with pytest.raises(GeoError) as refused:
        outlines(path)
    return str(refused.value)


def test_a_missing_outline_file_is_refused_with_the_folder_where_it_should_be(tmp_path):
    assert refusal(tmp_path / "counties.geojson") == (
        f"读不到轮廓文件 counties.geojson：请从安装包里恢复它（应在 {tmp_path} 下）。"
    )


FEATURE = (
    '{"properties": {"code": "1", "name": "a", "reporting": true, "label_lon": 1, "label_lat": 1}, '
    '"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 0]]]}}'
)


def test_an_outline_file_in_good_order_is_read(tmp_path):
    (tmp_path / "good.geojson").write_text(f'{{"features": [{FEATURE}]}}')
    (found,) = outlines(tmp_path / "good.geojson")

    assert (found.code, found.name, found.reporting, found.label) == ("1", "a", True, (1.0, 1.0))
    assert bounds((found,)) == (0, 0, 2, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"<html>not found</html>",
        b"[]",
        b'{"type": "FeatureCollection"}',
        b'{"features": null}',
        b'{"features": [{}]}',
        b'{"features": []}',
        f'{{"features": [{FEATURE.replace("code", "kode")}]}}'.encode(),
        f'{{"features": [{FEATURE.replace("label_lon", "lon")}]}}'.encode(),
        f'{{"features": [{FEATURE.replace(": 1,", ": null,", 1)}]}}'.encode(),
        f'{{"features": [{FEATURE.replace("coordinates", "points")}]}}'.encode(),
        f'{{"features": [{FEATURE.replace("[[[0, 0], [2, 0], [2, 2], [0, 0]]]", "[]")}]}}'.encode(),
        f'{{"features": [{FEATURE.replace("Polygon", "Point")}]}}'.encode(),
    ],
    ids=[
        "empty",
        "not text",
        "not json",
        "a list",
        "no features",
        "features null",
        "feature without anything",
        "no county at all",
        "no code",
        "no label",
        "label null",
        "no coordinates",
        "empty coordinates",
        "a point",
    ],
)
def test_a_malformed_outline_file_is_refused_in_words(tmp_path, content):
    path = tmp_path / "counties.geojson"
    path.write_bytes(content)
    said = refusal(path)

    assert said.startswith("轮廓文件 counties.geojson 的内容不完整（")
    assert said.endswith("）：请从安装包里恢复它。")
