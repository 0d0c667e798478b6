"""Outlines, their coverage, a point in a unit, how far out of it. geopandas lives here and nowhere else.

Knows nothing of the store or of readings. Coordinates are WGS 84 degrees, longitude first.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from shapely import (
    contains_xy,
    coverage_is_valid,
    distance,
    from_geojson,
    intersects_xy,
    is_empty,
    is_valid,
    point_on_surface,
    points,
    prepare,
    transform,
)
from shapely.errors import GEOSException

from .datum import BD_09, GCJ_02, WGS_84, Spot, to_wgs84


class GeoError(Exception):
    """The outlines cannot be used; the message says why, and names the file and the way out where it can."""


@dataclass(frozen=True)
class Outline:
    """One county: ``polygon`` is its GeoJSON geometry, ``label`` a point inside it."""

    code: str
    name: str
    reporting: bool
    label: tuple[float, float]
    polygon: dict[str, Any] = field(hash=False)


@lru_cache(maxsize=4)
def outlines(path: Path) -> tuple[Outline, ...]:
    """The counties of the file, in its order. Raises GeoError when it is missing or malformed."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found = tuple(_outline(f["properties"], f["geometry"]) for f in features)
    except OSError as error:
        raise GeoError(
            f"读不到轮廓文件 {path.name}：请从安装包里恢复它（应在 {path.parent} 下）。"
        ) from error
    except (ValueError, KeyError, TypeError, GEOSException) as error:
        raise GeoError(f"轮廓文件 {path.name} 的内容不完整（{error}）：请从安装包里恢复它。") from error
    if not found:
        raise GeoError(f"轮廓文件 {path.name} 的内容不完整（没有一个县）：请从安装包里恢复它。")
    return found


def _outline(properties: dict[str, Any], geometry: dict[str, Any]) -> Outline:
    if geometry["type"] not in ("Polygon", "MultiPolygon") or not geometry["coordinates"]:
        raise ValueError(f"{properties['name']} 不是面")
    from_geojson(json.dumps(geometry))  # refuses coordinates that are none
    return Outline(
        code=properties["code"],
        name=properties["name"],
        reporting=bool(properties["reporting"]),
        label=(float(properties["label_lon"]), float(properties["label_lat"])),
        polygon={"type": geometry["type"], "coordinates": geometry["coordinates"]},
    )


def is_polygon(geometry: Mapping[str, Any]) -> bool:
    """Whether a GeoJSON geometry is one or several polygons with every corner it needs."""
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return False
    written = json.dumps({"type": geometry["type"], "coordinates": geometry.get("coordinates")})
    try:
        return "[]" not in written and not is_empty(from_geojson(written))
    except GEOSException:
        return False


def middle(polygon: Mapping[str, Any]) -> Spot:
    """A place inside of a polygon, for its name."""
    found = point_on_surface(from_geojson(json.dumps(polygon)))
    return float(found.x), float(found.y)


def fits(shapes: tuple[Outline, ...]) -> bool:
    """Whether every outline is sound and no two overlap or miss each other; quick, names nobody."""
    geometries = [from_geojson(json.dumps(s.polygon)) for s in shapes]
    return bool(all(is_valid(geometries)) and coverage_is_valid(geometries))


def check_coverage(shapes: tuple[Outline, ...]) -> None:
    """Raises GeoError, naming the counties, unless each outline is sound and no two overlap.

    geopandas is loaded here and not with the module: a page never needs it.
    """
    import geopandas as gpd

    features = [
        {"type": "Feature", "geometry": s.polygon, "properties": {"code": s.code, "name": s.name}}
        for s in shapes
    ]
    frame = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    unsound = frame[~frame.is_valid]
    if len(unsound):
        raise GeoError(f"{'、'.join(unsound['name'])} 的边线自相交")
    amiss = frame[~frame.geometry.invalid_coverage_edges().is_empty]
    if len(amiss):
        raise GeoError(f"{'、'.join(amiss['name'])} 互相重叠或对不齐")


def bounds(shapes: tuple[Outline, ...]) -> tuple[float, float, float, float]:
    """West, south, east, north of all outlines."""
    points = [point for shape in shapes for point in _points(shape.polygon["coordinates"])]
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons), min(lats), max(lons), max(lats)


def _points(coordinates: Any) -> list[list[float]]:
    if isinstance(coordinates[0], (int, float)):
        return [coordinates]
    return [point for part in coordinates for point in _points(part)]


# --- places and outlines ----------------------------------------------------------------------------

# WGS 84: half the long axis in metres, eccentricity squared.
_AXIS = 6_378_137.0
_ECCENTRICITY = 0.00669437999014


def inside(shape: Outline, spot: Spot) -> bool:
    """Whether a place (longitude, latitude) lies within the outline."""
    return bool(contains_xy(_prepared(shape), *spot))


def containing(shapes: Sequence[Outline], spot: Spot) -> Outline | None:
    """The outline a place lies in, the first of those whose border it stands on; None when it is in none."""
    return next((shape for shape in shapes if _holds(shape, spot)), None)


def metres_outside(shape: Outline, spot: Spot) -> float:
    """How far a place is from the outline, in metres; 0 inside and on the border.

    Measured on a plane that is true to scale at the label of the outline: within 100 km of a county no length
    is off by more than 1 %, which is 10 m at the kilometre that counts. Farther away it is only "far".
    """
    if _holds(shape, spot):
        return 0.0
    east, north = _metres_per_degree(shape.label[1])
    return float(distance(_on_a_plane(shape), points(spot[0] * east, spot[1] * north)))


def _holds(shape: Outline, spot: Spot) -> bool:
    return bool(intersects_xy(_prepared(shape), *spot))


@lru_cache(maxsize=64)
def _prepared(shape: Outline) -> Any:
    geometry = from_geojson(json.dumps(shape.polygon))
    prepare(geometry)
    return geometry


@lru_cache(maxsize=64)
def _on_a_plane(shape: Outline) -> Any:
    """The outline in metres."""
    geometry = transform(_prepared(shape), lambda degrees: degrees * _metres_per_degree(shape.label[1]))
    prepare(geometry)
    return geometry


@lru_cache(maxsize=64)
def _metres_per_degree(lat: float) -> tuple[float, float]:
    """Length of a degree of longitude and of one of latitude at a latitude, on the ellipsoid of WGS 84."""
    flattened = 1 - _ECCENTRICITY * math.sin(math.radians(lat)) ** 2
    east = _AXIS / math.sqrt(flattened) * math.cos(math.radians(lat))
    return math.radians(east), math.radians(_AXIS * (1 - _ECCENTRICITY) / flattened**1.5)


# --- a system declared wrongly ----------------------------------------------------------------------

# Fewer places than this tell nothing of a file.
FEWEST_PLACES = 10
# The places that another system brings in, and how many they must be to one that it puts out.
FEWEST_GAINED = 5
GAINED_TO_LOST = 5


@dataclass(frozen=True)
class BetterSystem:
    """A system that fits better than the one declared: of ``places``, how many lie in their outline by either."""

    system: str
    inside: int
    inside_declared: int
    places: int


def better_system(
    declared: str, spots: Sequence[Spot], outlines_of: Sequence[Outline | None]
) -> BetterSystem | None:
    """Whether the places, as given, lie clearly better in their outlines when they are taken for another system.

    ``outlines_of`` has the outline each place should lie in, None where it is not known. None when the declared
    system fits, or when too little speaks against it.

    The systems are 0.5 to 1.3 km apart in Quanzhou, so only places near a border tell, and the rest are left
    out of the judgement: it compares those that another system brings in with those that it puts out. If
    neither fitted better, each would be as likely as the other; five to none come about once in 32 times, ten
    to two once in 52. Below that nothing is said, because the outlines are simplified and a street along a border
    may stand on its wrong side whatever its coordinates are. Places far away from their unit are outside by
    every system and take no part. It is a question to the clerk, never a reason to convert.
    """
    asked = [(spot, shape) for spot, shape in zip(spots, outlines_of, strict=True) if shape]
    if len(asked) < FEWEST_PLACES:
        return None
    now = _which_lie_inside(declared, asked)
    found = []
    for system in (WGS_84, GCJ_02, BD_09):
        then = _which_lie_inside(system, asked)
        gained = sum(b and not a for a, b in zip(now, then, strict=True))
        lost = sum(a and not b for a, b in zip(now, then, strict=True))
        if gained >= FEWEST_GAINED and gained >= GAINED_TO_LOST * lost:
            found.append(BetterSystem(system, sum(then), sum(now), len(asked)))
    return max(found, key=lambda better: better.inside, default=None)


def _which_lie_inside(system: str, asked: Sequence[tuple[Spot, Outline]]) -> list[bool]:
    return [_holds(shape, to_wgs84(system, *spot)) for spot, shape in asked]
