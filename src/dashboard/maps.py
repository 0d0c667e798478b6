"""Places on a map: readouts in, pydeck.Deck out. Colours are given; knows no screen and no store."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pydeck as pdk

from .geo import Outline, bounds, containing
from .mercator import Box, Spot, from_pixels, latitude, northing, to_pixels, world_px
from .placing import apart, beside, covered, largest, width_of

# Where the name of a small or crowded county stands, away from it, with a leader line (lon, lat).
LABEL_PLACES: Mapping[str, tuple[float, float]] = {
    "350502": (118.93, 24.645),
    "350503": (118.99, 24.80),
    "350504": (118.86, 25.38),
    "350505": (119.02, 25.235),
    "350521": (119.03, 25.02),
    "350581": (118.86, 24.485),
    "350527": (118.56, 24.40),
}

LETTERS = 17  # pixels, of the names; where larger ones are asked for and do not fit, the least
_FONT = "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif"


# Red, green, blue, alpha.
Colour = tuple[int, int, int, int]

CIRCLE = "●"


@dataclass(frozen=True)
class Area:
    """What is drawn of one outline: fill colour and the name on it."""

    code: str
    name: str
    fill: Colour


@dataclass(frozen=True)
class Dot:
    """A place on the map: its code comes back with a click.

    ``mark`` is a figure or two written inside it, for which it is moved away from others; a ``sign`` is written
    where it stands, unless another mark lies on it. ``shape`` is a circle or one sign that is written instead,
    ``ring`` the colour of its rim.
    """

    code: str
    lon: float
    lat: float
    fill: Colour
    shape: str = CIRCLE
    radius: int = 5
    mark: str = ""
    ring: Colour | None = None
    sign: str = ""


@dataclass(frozen=True)
class Filled:
    """A rectangle of the map with a figure in it: its code comes back with a click."""

    code: str
    box: Box
    fill: Colour
    text: str
    ink: Colour


# A place and where it is drawn.
Placed = tuple[Dot, Spot]


@dataclass(frozen=True)
class Ink:
    """Colours of what is not filled, and how large names are written where there is room."""

    line: Colour
    text: Colour
    halo: Colour
    leader: Colour
    mark: Colour = (0, 0, 0, 255)
    lit: Colour = (255, 255, 255, 70)  # laid over what the pointer is on
    letters: int = LETTERS


class Drawn(pdk.Deck):  # type: ignore[misc]  # pydeck is untyped
    """A map that is written out once, without blanks: what is shown again is the same text, and costs nothing."""

    def __init__(self, layers: list[pdk.Layer], view: pdk.ViewState, style: str = "") -> None:
        moved = {"scrollZoom": False, "doubleClickZoom": True}
        ground = {"map_style": style} if style else {}  # without one nothing is fetched
        super().__init__(
            layers,
            map_provider=None,
            initial_view_state=view,
            views=[pdk.View(type="MapView", controller=moved)],
            tooltip=False,
            **ground,
        )
        plain = json.loads(super().to_json())
        self._written = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    def to_json(self) -> str:
        """The map in deck.gl's words."""
        return self._written

    def on(self, style: str) -> Drawn:
        """The same above a ground: the address of a style."""
        return Drawn(self.layers, self.initial_view_state, style)


def _pairs(shapes: Sequence[Outline], areas: Sequence[Area]) -> list[tuple[Outline, Area]]:
    """Outlines with what is drawn of them, in the order of the outlines; one without words of its own is left out."""
    by_code = {a.code: a for a in areas}
    return [(s, by_code[s.code]) for s in shapes if s.code in by_code]


def _polygons(pairs: list[tuple[Outline, Area]], ink: Ink, leaders: Sequence[dict[str, Any]]) -> pdk.Layer:
    """Outlines and the lines to their names, in one layer: each kind of layer is a program the browser builds."""
    return pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": [*(_feature(s, a, ink) for s, a in pairs), *leaders]},
        id="units",
        get_fill_color="properties.fill",
        get_line_color="properties.line",
        line_width_min_pixels=1.5,
    )


def _words(labels: list[dict[str, Any]], ink: Ink, letters: int) -> pdk.Layer:
    """Names that stay readable over any fill: signed distance fields with a halo; on a ground where it is crowded."""
    rows = [{k: label[k] for k in ("at", "anchor", "text")} for label in labels]
    grounds: dict[str, Any] = {}
    if any(label.get("crowded") for label in labels):
        for row, label in zip(rows, labels, strict=True):
            row["ground"] = [*ink.halo[:3], 225 if label.get("crowded") else 0]
        grounds = {"background": True, "get_background_color": "ground", "background_padding": [3, 1]}
    return pdk.Layer(
        "TextLayer",
        rows,
        id="labels",
        get_position="at",
        get_text="text",
        get_size=letters,
        get_color=ink.text,
        get_text_anchor="anchor",
        get_pixel_offset=[0, 0],
        line_height=1.15,
        **grounds,
        **_outlined(ink.halo),
    )


_LETTERS = {
    "get_alignment_baseline": pdk.types.String("center"),
    "character_set": pdk.types.String("auto"),
    "font_family": pdk.types.String(_FONT),
}


def _outlined(halo: Colour) -> dict[str, Any]:
    """Letters as signed distance fields with a halo."""
    fields = {"sdf": True, "fontSize": 48, "buffer": 8, "radius": 14}
    return {**_LETTERS, "font_settings": fields, "outline_width": 5, "outline_color": halo}


def dots_deck(
    shapes: Sequence[Outline],
    areas: Sequence[Area],
    dots: Sequence[Dot],
    ink: Ink,
    size: tuple[int, int],
    *,
    box: Box | None = None,
    chosen: str = "",
    squares: Sequence[Filled] = (),
) -> Drawn:
    """Places over the named outlines, fitted to a panel of ``size`` pixels: all of them, or ``box``.

    Places with a mark in them are moved apart, with a line to where they are. The names keep clear of all places and of
    the ``squares``, which lie below the places. The chosen one has a ring, and the layers other names: a browser forgets
    a click as soon as the layer clicked is gone.
    """
    whole = bounds(tuple(shapes))
    named = [(s, a) for s, a in _pairs(shapes, areas) if a.name]
    away = box is None
    roomy = room_for_names(whole, [_label(s, a) for s, a in named if s.code in LABEL_PLACES], size)
    view = view_state(box or (roomy if named else whole), size)
    placed = _moved_apart(dots, view)
    leaders = [_line((d.lon, d.lat), at, ink) for d, at in placed if at != (d.lon, d.lat)]
    leaders += [_leader(s, ink) for s, _ in named if away and s.code in LABEL_PLACES]
    labels = [_label(s, a, away=away) for s, a in named if away or _has_room(s, view, size)]
    panel = _seen(view, size)
    letters = largest(labels, range(ink.letters, LETTERS - 1, -1), view.zoom, panel)
    covers = _covers(squares, placed, view)
    labels, moved = beside(labels, covers, view.zoom, panel, letters, partial(_at_home, shapes))
    leaders += [_line(start, end, ink) for start, end in moved]
    words, marks = [_words(labels, ink, letters)], list(_dot_layers(placed, ink, chosen, view.zoom))
    below = any(d.mark or d.sign for d in dots) and not any(label.get("crowded") for label in labels)
    layers = [
        _polygons(_pairs(shapes, areas), ink, leaders),
        *_square_layers(squares, ink, view),
        *([*words, *marks] if below else [*marks, *words]),
    ]
    return Drawn([layer for layer in layers if layer.data], view)


def _covers(squares: Sequence[Filled], placed: Sequence[Placed], view: pdk.ViewState) -> list[Box]:
    """What no name may lie on."""
    return [*(square.box for square in squares), *(_around(one, view) for one in placed)]


def _at_home(shapes: Sequence[Outline], label: Mapping[str, Any], spot: Spot) -> bool:
    """Whether a name may stand there: on its own outline or on none, so that it is not read as that of another."""
    found = containing(shapes, spot)
    return found is None or found.code == label["code"]


def _seen(view: pdk.ViewState, size: tuple[int, int]) -> Box:
    """What of the world a panel shows."""
    world = world_px(view.zoom)
    x, y = to_pixels((view.longitude, view.latitude), world)
    west, north = from_pixels((x - size[0] / 2, y - size[1] / 2), world)
    east, south = from_pixels((x + size[0] / 2, y + size[1] / 2), world)
    return west, south, east, north


def _around(one: Placed, view: pdk.ViewState) -> Box:
    """What a place covers."""
    dot, at = one
    world, reach = world_px(view.zoom), _reach(dot)
    x, y = to_pixels(at, world)
    west, north = from_pixels((x - reach, y - reach), world)
    east, south = from_pixels((x + reach, y + reach), world)
    return west, south, east, north


def _reach(dot: Dot) -> float:
    """How far a mark reaches from its middle, in pixels; a sign is half as large again as its radius says."""
    return dot.radius * (1 if dot.shape == CIRCLE else 1.4) + 2


def _square_layers(squares: Sequence[Filled], ink: Ink, view: pdk.ViewState) -> Iterator[pdk.Layer]:
    """The rectangles, and the figures in them as large as they fit."""
    if not squares:
        return
    yield pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": [_square(s) for s in squares]},
        id="squares",
        pickable=True,
        auto_highlight=True,
        highlight_color=list(ink.lit),
        get_fill_color="properties.fill",
        get_line_color=list(ink.line),
        line_width_min_pixels=1,
    )
    rows = [{"at": _middle(s.box), "text": s.text, "ink": s.ink} for s in squares]
    west, _, east, _ = squares[0].box
    width = (east - west) / 360 * world_px(view.zoom)
    longest = max(len(s.text) for s in squares)
    yield pdk.Layer(
        "TextLayer",
        rows,
        id="counts",
        get_position="at",
        get_text="text",
        get_size=round(min(0.6 * width, 1.5 * width / longest, 26)),
        get_color="ink",
        font_weight=600,
        **_LETTERS,
    )


def _square(square: Filled) -> dict[str, Any]:
    west, south, east, north = (round(edge, 5) for edge in square.box)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"code": square.code, "fill": square.fill},
    }


def _middle(box: Box) -> list[float]:
    """Where the middle of a rectangle is seen, which is not that of its degrees."""
    west, south, east, north = box
    return [round((west + east) / 2, 5), round(latitude((northing(south) + northing(north)) / 2), 5)]


def with_room(box: Box) -> Box:
    """The names of the crowded coast stand in the sea east of it: a fifth of the width is theirs."""
    west, south, east, north = box
    return west, south, round(east + (east - west) / 5, 6), north


def room_for_names(box: Box, labels: Sequence[dict[str, Any]], size: tuple[int, int]) -> Box:
    """The box with its room in the sea, and more where a name that begins there would end beyond the panel.

    Measured as if the width of the panel were all that bounds the box; where its height does, there is more room.
    """
    west, south, east, north = with_room(box)
    for label in labels:
        left = label["at"][0] - west
        east = max(east, round(west + left * size[0] / (size[0] - width_of(label, LETTERS)), 6))
    return west, south, east, north


def _has_room(shape: Outline, view: pdk.ViewState, size: tuple[int, int]) -> bool:
    """Whether the name of a county stands on it, near by, without reaching over the edge of the panel."""
    world = world_px(view.zoom)
    x, y = to_pixels(shape.label, world)
    middle = to_pixels((view.longitude, view.latitude), world)
    inside = abs(x - middle[0]) < size[0] / 2 - 60 and abs(y - middle[1]) < size[1] / 2 - 24
    return inside and shape.code not in LABEL_PLACES


def _dot_layers(placed: Sequence[Placed], ink: Ink, chosen: str, zoom: float) -> Iterator[pdk.Layer]:
    """A layer for the places of one look, so that colour and size are told once; then figures and the ring.

    All letters lie above all marks: where a later mark covers its own, a letter would be read as that one's.
    """
    looks: dict[tuple[str, Colour, int, Colour | None], list[Placed]] = {}
    for dot, at in placed:
        looks.setdefault((dot.shape, dot.fill, dot.radius, dot.ring), []).append((dot, at))
    for number, ((shape, *_), group) in enumerate(looks.items()):
        # A browser takes a layer of the same name for the same one: another kind needs another name.
        kind, draw = ("dots", _circles) if shape == CIRCLE else ("signs", _signs)
        yield draw(f"{kind}{number}-{chosen}" if chosen else f"{kind}{number}", group, ink)
    marked = [(d, at) for d, at in placed if d.mark or d.sign]
    size = round(1.33 * max((d.radius for d, _ in marked), default=0))
    hidden = _hidden([one for group in looks.values() for one in group], zoom)
    told = [(d.mark or d.sign, at) for d, at in marked if d.mark or d.code not in hidden]
    yield _figures([{"at": list(at), "text": text} for text, at in told], ink, size)
    yield _ring([(d, at) for d, at in placed if d.code == chosen], ink)


def _hidden(drawn: Sequence[Placed], zoom: float) -> set[str]:
    """The codes of the places, in the order they are drawn, in whose middle another one lies."""
    if not any(dot.sign for dot, _ in drawn):
        return set()
    below = covered([at for _, at in drawn], [_reach(dot) for dot, _ in drawn], zoom)
    return {dot.code for (dot, _), hides in zip(drawn, below, strict=True) if hides}


_PIXELS = {"radius_units": pdk.types.String("pixels"), "line_width_units": pdk.types.String("pixels")}


def _circles(name: str, group: Sequence[Placed], ink: Ink) -> pdk.Layer:
    look = group[0][0]
    return pdk.Layer(
        "ScatterplotLayer",
        [{"code": d.code, "at": list(at)} for d, at in group],
        id=name,
        pickable=True,
        auto_highlight=True,
        highlight_color=list(ink.lit),
        get_position="at",
        get_fill_color=list(look.fill),
        get_line_color=list(look.ring or ink.halo),
        get_line_width=3 if look.ring else 1,
        get_radius=look.radius,
        stroked=True,
        **_PIXELS,
    )


def _signs(name: str, group: Sequence[Placed], ink: Ink) -> pdk.Layer:
    """Places that are a sign: larger than their radius says, since a sign fills its square badly."""
    look = group[0][0]
    return pdk.Layer(
        "TextLayer",
        [{"code": d.code, "at": list(at), "text": d.shape} for d, at in group],
        id=name,
        pickable=True,
        auto_highlight=True,
        highlight_color=list(ink.lit),
        get_position="at",
        get_text="text",
        get_size=round(1.4 * look.radius + 19),
        get_color=list(look.fill),
        font_weight=700,
        **_outlined(ink.halo),
    )


def _figures(rows: list[dict[str, Any]], ink: Ink, size: int) -> pdk.Layer:
    """What is written inside of the places."""
    return pdk.Layer(
        "TextLayer",
        rows,
        id="figures",
        get_position="at",
        get_text="text",
        get_size=size,
        get_color=list(ink.mark),
        font_weight=700,
        **_LETTERS,
    )


def _ring(group: Sequence[Placed], ink: Ink) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        [{"at": list(at)} for _, at in group],
        id="ring",
        get_position="at",
        get_line_color=list(ink.text),
        get_line_width=4,
        get_radius=max((d.radius for d, _ in group), default=0) + 7,
        filled=False,
        stroked=True,
        **_PIXELS,
    )


def _moved_apart(dots: Sequence[Dot], view: pdk.ViewState) -> list[Placed]:
    """Each place with where it is drawn."""
    spots = [(d.lon, d.lat) for d in dots]
    if any(d.mark for d in dots):
        spots = apart(spots, view.zoom, 2 * max(d.radius for d in dots) + 10)
    return list(zip(dots, spots, strict=True))


def _feature(shape: Outline, area: Area, ink: Ink) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": shape.polygon,
        "properties": {"code": shape.code, "fill": area.fill, "line": ink.line},
    }


def _leader(shape: Outline, ink: Ink) -> dict[str, Any]:
    return _line(shape.label, LABEL_PLACES[shape.code], ink)


def _line(start: Spot, end: Spot, ink: Ink) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [list(start), list(end)]},
        "properties": {"line": ink.leader},
    }


def _label(shape: Outline, area: Area, *, away: bool = True) -> dict[str, Any]:
    """The words on an outline: where they do not fit they stand beside it, unless ``away`` is False."""
    beside = LABEL_PLACES.get(shape.code) if away else None
    at, anchor = (shape.label, "middle") if beside is None else (beside, "start")
    return {
        "code": shape.code,
        "at": list(at),
        "anchor": anchor,
        "text": area.name,
    }


def view_state(box: Box, size: tuple[int, int], margin: int = 14) -> pdk.ViewState:
    """The view in which the box just fits the panel, by the web Mercator projection (512 px world)."""
    west, south, east, north = box
    top, bottom = northing(north), northing(south)
    width, height = size[0] - 2 * margin, size[1] - 2 * margin
    span_x, span_y = (east - west) / 360, (top - bottom) / (2 * math.pi)
    zoom = min(math.log2(width / 512 / span_x), math.log2(height / 512 / span_y))
    middle = latitude((top + bottom) / 2)
    return pdk.ViewState(
        longitude=round((west + east) / 2, 6),
        latitude=round(middle, 6),
        zoom=round(zoom, 4),
        pitch=0,
        bearing=0,
    )


def on_panel(spots: Sequence[Spot], box: Box, size: tuple[int, int]) -> list[Spot]:
    """Where places fall on a panel that ``box`` just fits: pixels to the right and down from its corner."""
    view = view_state(box, size)
    world = world_px(view.zoom)
    x, y = to_pixels((view.longitude, view.latitude), world)
    found = (to_pixels(spot, world) for spot in spots)
    return [(right - x + size[0] / 2, down - y + size[1] / 2) for right, down in found]
