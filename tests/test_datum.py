"""Coordinate systems: the names offices write, agreement with three implementations, and the way there and back."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.datum import BD_09, CGCS_2000, GCJ_02, SYSTEMS, WGS_84, from_wgs84, named, to_wgs84

VECTORS = Path(__file__).parent / "kept" / "datum_vectors.csv"
METRES_PER_DEGREE = 111_320


def vectors() -> list[dict[str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spot(row: dict[str, str], system: str) -> tuple[float, float]:
    return float(row[f"{system}_lon"]), float(row[f"{system}_lat"])


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Near enough for places that are next to each other."""
    east = (a[0] - b[0]) * METRES_PER_DEGREE * math.cos(math.radians(a[1]))
    return math.hypot(east, (a[1] - b[1]) * METRES_PER_DEGREE)


# --- three implementations --------------------------------------------------------------------------


def test_the_vectors_are_of_three_implementations_each_at_the_same_places_most_of_them_in_quanzhou():
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in vectors():
        places[row["place"]].add((row["implementation"], row["version"]))
    near = {
        r["place"] for r in vectors() if 117.6 < float(r["wgs_lon"]) < 119.2 and 24 < float(r["wgs_lat"]) < 26
    }

    assert {frozenset(found) for found in places.values()} == {
        frozenset({("gcoord", "1.0.7"), ("geocoordinates-rs", "0.14.2"), ("prcoords", "1.0.2")})
    }
    assert len(places) == 37
    assert len(near) >= 16


# The vectors are kept to 1e-10 of a degree, a hundredth of a millimetre: what is left is rounding.
@pytest.mark.parametrize("row", vectors(), ids=lambda r: f"{r['place']} {r['implementation']}")
def test_every_implementation_says_the_same_to_the_last_digit_kept(row):
    wgs = spot(row, "wgs")

    assert from_wgs84(GCJ_02, *wgs) == pytest.approx(spot(row, "gcj"), abs=1e-9)
    assert from_wgs84(BD_09, *wgs) == pytest.approx(spot(row, "bd"), abs=1e-9)
    assert metres(to_wgs84(GCJ_02, *spot(row, "gcj")), wgs) < 0.001
    assert metres(to_wgs84(BD_09, *spot(row, "bd")), wgs) < 0.001


# --- there and back ---------------------------------------------------------------------------------

china = st.tuples(st.floats(72.1, 137.7), st.floats(0.9, 55.7))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(st.sampled_from(SYSTEMS), china)
def test_a_place_in_china_comes_back_to_a_tenth_of_a_millimetre(system, place):
    assert metres(to_wgs84(system, *from_wgs84(system, *place)), place) < 0.0001


@given(st.sampled_from(SYSTEMS), anywhere)
def test_no_place_is_too_odd_to_be_converted(system, place):
    assert all(map(math.isfinite, (*to_wgs84(system, *place), *from_wgs84(system, *place))))


@given(anywhere)
def test_cgcs2000_and_wgs84_are_taken_as_one(place):
    for system in (WGS_84, CGCS_2000):
        assert to_wgs84(system, *place) == place == from_wgs84(system, *place)


def test_outside_of_china_gcj_is_wgs_and_baidu_still_adds_its_own():
    paris = (2.35, 48.85)

    assert to_wgs84(GCJ_02, *paris) == from_wgs84(GCJ_02, *paris) == paris
    assert 600 < metres(from_wgs84(BD_09, *paris), paris) < 1100
    assert to_wgs84(BD_09, *from_wgs84(BD_09, *paris)) == pytest.approx(paris, abs=1e-9)


def test_in_quanzhou_amap_is_off_by_560_metres_and_baidu_by_more_than_a_kilometre():
    hall = (118.6757, 24.8741)

    assert metres(hall, from_wgs84(GCJ_02, *hall)) == pytest.approx(560, abs=15)
    assert 1000 < metres(hall, from_wgs84(BD_09, *hall)) < 1400


# --- names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "spellings"),
    [
        (
            WGS_84,
            "WGS-84 wgs84 WGS_84 WGS1984 ＷＧＳ－８４ GPS 手机GPS定位 84坐标系 EPSG:4326 WGS84经纬度坐标",
        ),
        (
            CGCS_2000,
            "CGCS2000 cgcs_2000 大地2000 国家2000 2000国家大地坐标系 国家大地坐标系2000 2000坐标系 "
            "天地图 ＣＧＣＳ２０００ EPSG:4490 CGCS2000国家大地坐标系 北斗",
        ),
        (
            GCJ_02,
            "GCJ-02 gcj02 GCJ_02 高德 高德地图 腾讯 腾讯地图坐标 火星坐标系 国测局坐标 GCJ-02（高德、腾讯） ＧＣＪ０２",
        ),
        (BD_09, "BD-09 bd09 BD_09 bd09ll 百度 百度坐标 百度地图坐标系 百度（BD-09） ＢＤ－０９"),
    ],
)
def test_a_system_is_understood_as_offices_write_it(system, spellings):
    assert {word: named(word) for word in spellings.split()} == dict.fromkeys(spellings.split(), system)


def test_blanks_and_characters_nobody_sees_do_not_matter():
    assert named(" \u200bWGS 84\u00a0\ufeff") == WGS_84


@pytest.mark.parametrize(
    "text",
    [
        "",
        "坐标系",
        "国家大地坐标系",
        "不详",
        "谷歌",
        "北京54",
        "西安80",
        "80",
        "1984",
        "bd09mc",
        "非百度",
        "高德或百度",
        "WGS-84/GCJ-02",
        "GPS转高德",
        "118.6",
    ],
)
def test_what_is_none_of_them_or_more_than_one_is_not_guessed(text):
    assert named(text) is None


def test_each_system_is_understood_by_its_own_name():
    assert [named(system) for system in SYSTEMS] == list(SYSTEMS)
