"""Outlines, their coverage, a point in a unit. geopandas lives here and nowhere else.

Knows nothing of the store or of readings. Coordinates are WGS 84 degrees, longitude first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shapely import contains_xy, coverage_is_valid, from_geojson, is_valid, prepare
from shapely.errors import GEOSException

# The source of the shipped outlines; printed under every map that shows them.
APPROVAL = "审图号 GS(2024)0650号"
SOURCE = "天地图"


class GeoError(Exception):
    """The outlines cannot be used; the message names the file and the way out."""


@dataclass(frozen=True)
class Outline:
    """One county: ``polygon`` is its GeoJSON geometry, ``label`` a point inside it."""

    code: str
    name: str
    reporting: bool
    label: tuple[float, float]
    polygon: dict[str, Any]


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


def check_names(shapes: tuple[Outline, ...], expected: Mapping[str, str], file: str) -> None:
    """Raises GeoError unless the outlines are those of the expected places, both ways: code to name."""
    found = {s.code: s.name for s in shapes}
    for said, names in (
        ("缺少", {n for c, n in expected.items() if c not in found}),
        ("多出", {n for c, n in found.items() if c not in expected}),
        ("名称对不上的有", {n for c, n in found.items() if expected.get(c, n) != n}),
    ):
        if names:
            raise GeoError(
                f"轮廓文件 {file} {said} {'、'.join(sorted(names))}：应与 units.csv 的县一一对应，请从安装包里恢复它。"
            )


def fits(shapes: tuple[Outline, ...]) -> bool:
    """Whether every outline is sound and no two overlap or miss each other; quick, names nobody."""
    geometries = [from_geojson(json.dumps(s.polygon)) for s in shapes]
    return bool(all(is_valid(geometries)) and coverage_is_valid(geometries))


def check_coverage(shapes: tuple[Outline, ...], file: str) -> None:
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
        raise GeoError(f"轮廓文件 {file} 里 {'、'.join(unsound['name'])} 的边线自相交：请从安装包里恢复它。")
    amiss = frame[~frame.geometry.invalid_coverage_edges().is_empty]
    if len(amiss):
        raise GeoError(
            f"轮廓文件 {file} 里 {'、'.join(amiss['name'])} 互相重叠或对不齐：请从安装包里恢复它。"
        )


def bounds(shapes: tuple[Outline, ...]) -> tuple[float, float, float, float]:
    """West, south, east, north of all outlines."""
    points = [point for shape in shapes for point in _points(shape.polygon["coordinates"])]
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons), min(lats), max(lons), max(lats)


def _points(coordinates: Any) -> list[list[float]]:
    if isinstance(coordinates[0], (int, float)):
        return [coordinates]
    return [point for part in coordinates for point in _points(part)]


def inside(shape: Outline, spot: tuple[float, float]) -> bool:
    """Whether a place (longitude, latitude) lies within the outline."""
    return bool(contains_xy(_prepared(shape.code, json.dumps(shape.polygon)), spot[0], spot[1]))


@lru_cache(maxsize=64)
def _prepared(_code: str, polygon: str) -> Any:
    geometry = from_geojson(polygon)
    prepare(geometry)
    return geometry
