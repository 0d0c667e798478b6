"""Whether two stations stand at one place: by their addresses, by their coordinates, or nobody can tell. Pure.

An address that is told for two is no proof where both have coordinates: 磁灶镇 alone is the address of a whole town.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from .cells import comparable

NEAR_M = 50  # nearer than this two of one name are one
SAME_ADDRESS_M = 500  # farther apart than this one address is too vague to make two of them one

Why = Literal["coordinates", "address", "untold"]
T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """Where a station stands: town and address, empty when they are not told; WGS 84 degrees, None: not located."""

    town: str
    address: str
    lon: float | None
    lat: float | None

    @property
    def told(self) -> bool:
        """Whether anything but the town is known."""
        return bool(self.address) or self.lon is not None

    def metres_to(self, other: Place) -> float | None:
        """How far the other is; None where one of them is not located."""
        if self.lon is None or self.lat is None or other.lon is None or other.lat is None:
            return None
        north = (self.lat - other.lat) * 110_900
        east = (self.lon - other.lon) * 111_320 * math.cos(math.radians(self.lat))
        return math.hypot(north, east)

    def same_address(self, other: Place) -> bool:
        """Whether both have one address in one town."""
        return (
            bool(self.address)
            and self.town == other.town
            and comparable(self.address) == comparable(other.address)
        )


def same_place(one: Place, other: Place) -> Why | None:
    """Why both are one place: their coordinates, their address, or that both tell no more than one town; None: they
    are two, or nobody can tell."""
    metres = one.metres_to(other)
    if metres is not None and metres <= NEAR_M:
        return "coordinates"
    if one.same_address(other) and (metres is None or metres <= SAME_ADDRESS_M):
        return "address"
    nothing = metres is None and not one.address and not other.address
    return "untold" if nothing and one.town and one.town == other.town else None


def not_apart(one: Place, other: Place) -> Why | None:
    """The same of two rows of one name, which have to tell themselves apart: not told is not apart."""
    found = same_place(one, other)
    if (
        found is None
        and not (one.told and other.told)
        and (one.town == other.town or "" in (one.town, other.town))
    ):
        return "untold"
    return found


class Around(Generic[T]):
    """Things by address, by square of some hundred metres, and by town where that is all that is told, so that a place
    is compared with its neighbours alone: with every one for which ``same_place`` may hold."""

    def __init__(self, things: Iterable[tuple[Place, T]] = ()) -> None:
        self._near: dict[_Key, list[tuple[Place, T]]] = defaultdict(list)
        for place, thing in things:
            self.add(place, thing)

    def add(self, place: Place, thing: T) -> None:
        """One more."""
        self._near[_by_words(place)].append((place, thing))
        for square in _by_coordinates(place):
            self._near[square].append((place, thing))

    def of(self, place: Place) -> Iterator[tuple[Place, T]]:
        """Those that may be at the place; one that is near by words and by coordinates comes twice."""
        yield from self._near.get(_by_words(place), ())
        for x, y in _by_coordinates(place):
            for square in ((x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                yield from self._near.get(square, ())


_Key = tuple[int, int] | tuple[str, str]


def _by_words(place: Place) -> tuple[str, str]:
    return ("address", comparable(place.address)) if place.address else ("town", place.town)


def _by_coordinates(place: Place) -> Iterator[tuple[int, int]]:
    if place.lon is not None and place.lat is not None:
        yield _square(place.lon, place.lat)


def _square(lon: float, lat: float) -> tuple[int, int]:
    return (math.floor(lon * 1000), math.floor(lat * 1000))
