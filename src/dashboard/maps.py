"""Units on a map: readings in, pydeck.Deck out. Colours are given; knows no screen and no store."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pydeck as pdk

from .geo import Outline, bounds

# Where the name of a small or crowded county stands, away from it, with a leader line (lon, lat).
LABEL_PLACES: Mapping[str, tuple[float, float]] = {
    "350502": (118.93, 24.64),
    "350503": (118.99, 24.79),
    "350504": (118.86, 25.38),
    "350505": (119.02, 25.235),
    "350521": (119.03, 25.02),
    "350581": (118.86, 24.50),
    "350527": (118.56, 24.40),
}

_FONT = "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif"


# Red, green, blue, alpha.
Colour = tuple[int, int, int, int]


@dataclass(frozen=True)
class Area:
    """What is drawn of one outline: fill colour and the words on it, name and value."""

    code: str
    name: str
    value: str
    fill: Colour


@dataclass(frozen=True)
class Dot:
    """A place on the map: its code comes back with a click; ``name`` is written beside it when there is one."""

    code: str
    lon: float
    lat: float
    fill: Colour
    name: str = ""
    radius: int = 5


@dataclass(frozen=True)
class Ink:
    """Colours of what is not filled."""

    line: Colour
    text: Colour
    halo: Colour
    leader: Colour


class Drawn(pdk.Deck):  # type: ignore[misc]  # pydeck is untyped
    """A map that is written out once, without blanks: what is shown again is the same text, and costs nothing."""

    def __init__(self, layers: list[pdk.Layer], view: pdk.ViewState) -> None:
        super().__init__(
            layers,
            map_provider=None,
            initial_view_state=view,
            views=[pdk.View(type="MapView", controller={"scrollZoom": False, "doubleClickZoom": True})],
            tooltip=False,
        )
        plain = json.loads(super().to_json())
        self._written = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    def to_json(self) -> str:
        """The map in deck.gl's words."""
        return self._written


def outline_deck(shapes: Sequence[Outline], areas: Sequence[Area], ink: Ink, size: tuple[int, int]) -> Drawn:
    """The outlines filled, named and valued, fitted to a panel of ``size`` pixels.

    Every layer has an id, so that a click can be told; names stand as they are to be read.
    """
    pairs = _pairs(shapes, areas)
    labels = [_label(shape, area) for shape, area in pairs]
    leaders = [_leader(shape, ink) for shape, _ in pairs if shape.code in LABEL_PLACES]
    layers = [
        _polygons(pairs, ink, pickable=True, leaders=leaders),
        _words(labels, "labels", ink),
    ]
    return Drawn(layers, view_state(bounds(tuple(shapes)), size))


def _pairs(shapes: Sequence[Outline], areas: Sequence[Area]) -> list[tuple[Outline, Area]]:
    """Outlines with what is drawn of them, in the order of the outlines; one without words of its own is left out."""
    by_code = {a.code: a for a in areas}
    return [(s, by_code[s.code]) for s in shapes if s.code in by_code]


def _polygons(
    pairs: list[tuple[Outline, Area]], ink: Ink, *, pickable: bool, leaders: Sequence[dict[str, Any]] = ()
) -> pdk.Layer:
    """Outlines and the lines to their names, in one layer: each kind of layer is a program the browser builds."""
    return pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": [*(_feature(s, a, ink) for s, a in pairs), *leaders]},
        id="units",
        pickable=pickable,
        auto_highlight=pickable,
        get_fill_color="properties.fill",
        get_line_color="properties.line",
        line_width_min_pixels=1.5,
    )


def _words(rows: list[dict[str, Any]], name: str, ink: Ink, offset: tuple[int, int] = (0, 0)) -> pdk.Layer:
    """Text that stays readable over any fill: signed distance fields with a halo."""
    return pdk.Layer(
        "TextLayer",
        rows,
        id=name,
        get_position="at",
        get_text="text",
        get_size=17,
        get_color=ink.text,
        get_text_anchor="anchor",
        get_alignment_baseline=pdk.types.String("center"),
        get_pixel_offset=list(offset),
        line_height=1.15,
        character_set=pdk.types.String("auto"),
        font_family=pdk.types.String(_FONT),
        font_settings={"sdf": True, "fontSize": 48, "buffer": 8, "radius": 14},
        outline_width=5,
        outline_color=ink.halo,
    )


def dots_deck(
    shapes: Sequence[Outline],
    areas: Sequence[Area],
    dots: Sequence[Dot],
    ink: Ink,
    size: tuple[int, int],
) -> Drawn:
    """Places over the plain outlines, fitted to a panel of ``size`` pixels."""
    rows = [{"code": d.code, "at": [d.lon, d.lat], "fill": d.fill, "radius": d.radius} for d in dots]
    names = [{"at": [d.lon, d.lat], "text": d.name, "anchor": "start"} for d in dots if d.name]
    layers = [
        _polygons(_pairs(shapes, areas), ink, pickable=False),
        pdk.Layer(
            "ScatterplotLayer",
            rows,
            id="dots",
            pickable=True,
            auto_highlight=True,
            get_position="at",
            get_fill_color="fill",
            get_line_color=ink.halo,
            stroked=True,
            radius_units=pdk.types.String("pixels"),
            line_width_units=pdk.types.String("pixels"),
            get_radius="radius",
            get_line_width=1,
        ),
    ]
    if names:
        layers.append(_words(names, "names", ink, offset=(14, 0)))
    return Drawn(layers, view_state(bounds(tuple(shapes)), size))


def _feature(shape: Outline, area: Area, ink: Ink) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": shape.polygon,
        "properties": {"code": shape.code, "fill": area.fill, "line": ink.line},
    }


def _leader(shape: Outline, ink: Ink) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [shape.label, LABEL_PLACES[shape.code]]},
        "properties": {"line": ink.leader},
    }


def _label(shape: Outline, area: Area) -> dict[str, Any]:
    away = LABEL_PLACES.get(shape.code)
    at, anchor = (shape.label, "middle") if away is None else (away, "start")
    return {
        "at": list(at),
        "anchor": anchor,
        "text": f"{area.name}\n{area.value}" if area.value else area.name,
    }


def view_state(
    box: tuple[float, float, float, float], size: tuple[int, int], margin: int = 14
) -> pdk.ViewState:
    """The view in which the box just fits the panel, by the web Mercator projection (512 px world)."""
    west, south, east, north = box
    top, bottom = _mercator(north), _mercator(south)
    width, height = size[0] - 2 * margin, size[1] - 2 * margin
    span_x, span_y = (east - west) / 360, (top - bottom) / (2 * math.pi)
    zoom = min(math.log2(width / 512 / span_x), math.log2(height / 512 / span_y))
    middle = math.degrees(2 * math.atan(math.exp((top + bottom) / 2)) - math.pi / 2)
    return pdk.ViewState(
        longitude=round((west + east) / 2, 6),
        latitude=round(middle, 6),
        zoom=round(zoom, 4),
        pitch=0,
        bearing=0,
    )


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
