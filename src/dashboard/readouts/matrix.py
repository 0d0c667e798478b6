"""The list against the units: a row for every project or measure, a cell for the whole city and for each unit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..lights import worst
from .measures import ListReadout, MeasureReadout


@dataclass(frozen=True)
class Cell:
    """The worst light of ``of`` measures, and how many of them bear it; 长期坚持 is told of only where all are."""

    light: str
    count: int
    of: int


@dataclass(frozen=True)
class Row:
    """A project or a measure: ``key`` is its number, ``whole`` its light in the city, ``cells`` by unit.

    None in ``cells``: the unit has nothing to do with it.
    """

    key: str
    name: str
    aspect: str
    whole: Cell
    cells: tuple[Cell | None, ...]


def by_project(found: ListReadout, rows: Sequence[MeasureReadout], units: Sequence[str]) -> tuple[Row, ...]:
    """A row for every project that has one of these measures, in the order of the list."""
    projects: dict[tuple[str, str, str], list[str]] = {}
    for m in rows:
        projects.setdefault((m.project_no, m.project, m.aspect_no), []).append(m.number)
    lit = _lit(found)
    return tuple(
        _row(lit, number, name, aspect, own, units) for (number, name, aspect), own in projects.items()
    )


def by_measure(found: ListReadout, rows: Sequence[MeasureReadout], units: Sequence[str]) -> tuple[Row, ...]:
    """A row for every one of these measures."""
    lit = _lit(found)
    return tuple(_row(lit, m.number, m.text, m.aspect_no, [m.number], units) for m in rows)


def _lit(found: ListReadout) -> Mapping[tuple[str, str], str]:
    """The light of every measure, under "", and of every assignment."""
    whole = {(m.number, ""): m.light for m in found.measures}
    return whole | {(d.number, d.organisation): d.light for d in found.duties}


def _row(
    lit: Mapping[tuple[str, str], str],
    key: str,
    name: str,
    aspect: str,
    numbers: Sequence[str],
    units: Sequence[str],
) -> Row:
    whole, *cells = (
        _worst([lit[number, place] for number in numbers if (number, place) in lit]) for place in ("", *units)
    )
    assert whole is not None
    return Row(key, name, aspect, whole, tuple(cells))


def _worst(lights: Sequence[str]) -> Cell | None:
    if not lights:
        return None
    dated = [light for light in lights if light != "standing"]
    light, count = worst(dated or lights)
    return Cell(light, count, len(lights))
