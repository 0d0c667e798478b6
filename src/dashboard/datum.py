"""Coordinate systems of Chinese maps: their names as offices write them, and the way to WGS 84 and back.

Degrees in and out, longitude first. Pure arithmetic; knows no outline and no store.

GPS gives WGS 84. CGCS2000, the national system, lies within a few decimetres of it, which is nothing here: both
are taken as one. GCJ-02 (高德, 腾讯) is WGS 84 moved by a sum of sines, some 560 m in Quanzhou; BD-09 (百度) is GCJ-02
turned and moved once more. No authority publishes the formula; it is that of the public implementations, which
agree to the last digit that is kept (tests/kept/datum_vectors.csv: three of them, in three languages). It is
written out here because none of the packages that do this is both small and kept up: those of one file were
last released in 2018 and 2019, the living ones bring a compiled library of their own for every platform.

Outside of the rectangle that all of them call China, GCJ-02 is WGS 84 and BD-09 only what Baidu adds.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable

WGS_84, CGCS_2000, GCJ_02, BD_09 = "WGS-84", "CGCS2000", "GCJ-02", "BD-09"
SYSTEMS = (WGS_84, CGCS_2000, GCJ_02, BD_09)

Spot = tuple[float, float]

# The rectangle of the public implementations, in WGS 84: west, south, east, north.
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)

# The ellipsoid in whose metres GCJ-02 is written, Krasovsky's of 1940: axis in metres, eccentricity squared.
_AXIS = 6_378_245.0
_ECCENTRICITY = 0.00669342162296594323
_DEGREE = math.pi / 180

# What Baidu adds, in degrees, and the angle its ripples go by.
_BAIDU_LON, _BAIDU_LAT = 0.0065, 0.006
_RIPPLE = 3000 * _DEGREE


# --- names ------------------------------------------------------------------------------------------

# How each is written, after full-width letters, case, blanks and punctuation are made even.
_SPELLINGS = {
    WGS_84: ("世界大地坐标系", "epsg4326", "wgs1984", "wgs84", "gps", "84"),
    CGCS_2000: (
        "2000国家大地",
        "国家大地2000",
        "国家2000",
        "大地2000",
        "epsg4490",
        "cgcs2000",
        "cgcs",
        "天地图",
        "北斗",
        "2000",
    ),
    GCJ_02: ("火星", "高德", "腾讯", "国测局", "amap", "gcj02", "gcj"),
    BD_09: ("百度", "baidu", "bd09ll", "bd09"),
}
_OF = {spelling: system for system, spellings in _SPELLINGS.items() for spelling in spellings}
# Longest first, so that 国家2000 is not read as 2000 with something left over.
_KNOWN = re.compile("|".join(sorted(_OF, key=len, reverse=True)))
# What may stand beside a name without changing it.
_BESIDE = re.compile("坐标系统|坐标系|坐标|经纬度|地图|定位|手机|国家|大地|系统|系")
_NOT_A_WORD = re.compile(r"[\W_]+")


def named(text: str) -> str | None:
    """The system somebody means, one of SYSTEMS; None when it is none of them, more than one, or not to be told.

    谷歌 is None: its map of China is GCJ-02, its pictures from the air are WGS 84. So are 北京54 and 西安80,
    which are other datums, and bd09mc, which is metres.
    """
    even = _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())
    meant = {_OF[word] for word in _KNOWN.findall(even)}
    left = _BESIDE.sub("", _KNOWN.sub(" ", even)).strip()
    return meant.pop() if len(meant) == 1 and not left else None


# --- conversion -------------------------------------------------------------------------------------


def to_wgs84(system: str, lon: float, lat: float) -> Spot:
    """A place of one of SYSTEMS in WGS 84; to well under a millimetre the place ``from_wgs84`` takes back."""
    if system in (WGS_84, CGCS_2000):
        return lon, lat
    moved = _before(_baidu, lon, lat) if system == BD_09 else (lon, lat)
    if not _in_china(*moved, margin=1):  # no shift is that long, and near a pole there is no way back
        return moved
    found = _before(_gcj, *moved)
    return found if _in_china(*found) else moved


def from_wgs84(system: str, lon: float, lat: float) -> Spot:
    """A place in WGS 84 in one of SYSTEMS."""
    if system in (WGS_84, CGCS_2000):
        return lon, lat
    moved = _gcj(lon, lat) if _in_china(lon, lat) else (lon, lat)
    return _baidu(*moved) if system == BD_09 else moved


def _in_china(lon: float, lat: float, margin: float = 0) -> bool:
    west, south, east, north = _CHINA
    return west - margin <= lon <= east + margin and south - margin <= lat <= north + margin


def _gcj(lon: float, lat: float) -> Spot:
    """WGS 84 moved to GCJ-02: the shift is made in metres and turned into degrees of Krasovsky's ellipsoid."""
    x, y = lon - 105, lat - 35
    both = 20 * (math.sin(6 * math.pi * x) + math.sin(2 * math.pi * x))
    ripples_east = both + _waves(x, 20, 40, 150, 300)
    ripples_north = both + _waves(y, 20, 40, 160, 320)
    root = math.sqrt(abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripples_east * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripples_north * 2 / 3

    flattened = 1 - _ECCENTRICITY * math.sin(lat * _DEGREE) ** 2
    metres_per_lon = _AXIS / math.sqrt(flattened) * math.cos(lat * _DEGREE) * _DEGREE
    metres_per_lat = _AXIS * (1 - _ECCENTRICITY) / flattened**1.5 * _DEGREE
    return lon + east / metres_per_lon, lat + north / metres_per_lat


def _waves(at: float, half: float, sixth: float, long: float, longest: float) -> float:
    return (
        half * math.sin(math.pi * at)
        + sixth * math.sin(math.pi * at / 3)
        + long * math.sin(math.pi * at / 12)
        + longest * math.sin(math.pi * at / 30)
    )


def _baidu(lon: float, lat: float) -> Spot:
    """GCJ-02 moved to BD-09."""
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _RIPPLE)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _RIPPLE)
    return radius * math.cos(angle) + _BAIDU_LON, radius * math.sin(angle) + _BAIDU_LAT


def _before(move: Callable[[float, float], Spot], lon: float, lat: float) -> Spot:
    """The place that ``move`` takes to this one.

    There is no formula backwards. The shift hardly changes over its own length, by under 1 % for GCJ-02 and
    2 % for BD-09, so taking off the shift of the last guess leaves a hundredth of the error each time.
    """
    x, y = lon, lat
    for _ in range(12):
        at = move(x, y)
        east, north = at[0] - lon, at[1] - lat
        x, y = x - east, y - north
        if abs(east) < 1e-10 and abs(north) < 1e-10:
            break
    return x, y
