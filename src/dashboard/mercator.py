"""The web Mercator projection: where a place falls on a map of the world that is 512 pixels wide at zoom 0. Pure."""

from __future__ import annotations

import math

# West, south, east, north; longitude, latitude, in degrees.
Box = tuple[float, float, float, float]
# Longitude and latitude, or pixels to the right and down.
Spot = tuple[float, float]


def northing(degrees: float) -> float:
    """How far north a latitude is drawn, from -pi to pi at the edges of the world."""
    return math.log(math.tan(math.pi / 4 + math.radians(degrees) / 2))


def latitude(north: float) -> float:
    """The latitude that is drawn so far north."""
    return math.degrees(2 * math.atan(math.exp(north)) - math.pi / 2)


def world_px(zoom: float) -> float:
    """How many pixels the world is wide at this zoom."""
    return float(512 * 2**zoom)


def to_pixels(spot: Spot, world: float) -> Spot:
    """Pixels to the right and down from the place without degrees."""
    return spot[0] / 360 * world, -northing(spot[1]) / (2 * math.pi) * world


def from_pixels(at: Spot, world: float) -> Spot:
    """The place so many pixels away, to a metre."""
    x, y = at
    return round(x / world * 360, 5), round(latitude(-y / world * 2 * math.pi), 5)
