"""How old the oldest figure of a page is: readings, progress, ledgers and visits, whichever the page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ..catalogue import CITY
from ..readouts.readings import POPULATION, Said
from . import cached, changes_page, overview_map, point_facts, station_facts, stations_page, tasks
from .address import View
from .cached import Key


@dataclass(frozen=True)
class Age:
    """How old the oldest figure of a page is, and which it is."""

    days: int
    which: str
    title: str


@dataclass(frozen=True)
class _Told:
    """Something a page shows: the day it describes or was told on, whose and what, and where that is written."""

    day: date
    place: str
    what: str
    title: str


def readings(name: str, view: View, key: Key) -> list[Said | None]:
    """The readings a page shows."""
    if name == "overview":
        shown = overview_map.chosen_map(view, key)[1]
        residents = (
            cached.unit_map(key, POPULATION, "count", shown.with_zones) if shown.per == "10k" else None
        )
        cells = (*shown.cells, *(residents.cells if residents else ()))
        on_the_map = [cell.said for cell in cells]
        return [*(c.said for c in cached.cards(key)), *cached.published_by_unit(key).values(), *on_the_map]
    if name == "county":
        unit = view.unit or CITY
        below = [s for row in cached.towns(key, unit).rows for s in row.said]
        return [*(line.said for line in cached.unit_lines(key, unit, view.folds_zones)), *below]
    if name == "stations":
        return station_facts.printed(view, key)
    return point_facts.printed(key) if name == "points" else []


def age(name: str, view: View, key: Key) -> Age | None:
    """Of the oldest figure a page shows; None when it shows none."""
    told = [*_read(readings(name, view, key), key), *(_OTHERS[name](view, key) if name in _OTHERS else ())]
    if not told:
        return None
    oldest = min(told, key=lambda t: t.day)
    return Age(max(0, (view.as_of - oldest.day).days), f"{oldest.place} {oldest.what}", oldest.title)


def _read(found: Iterable[Said | None], key: Key) -> Iterator[_Told]:
    known = cached.definitions(key)
    for said in found:
        if said:
            told = known[said.indicator]
            title = f"{told.title}，{said.period.text}，{said.source}"
            yield _Told(said.period.end, _name(said.organisation), told.short_title, title)


def _progress(view: View, key: Key) -> Iterator[_Told]:
    """What was last said of measures that are not done: of those nothing more is to come. Of one on its own page."""
    listed = cached.list_readout(key)
    if listed is None:
        return
    shown = {view.measure} if view.measure else {m.number for m in tasks.chosen(view, listed)}
    for duty in listed.duties:
        if duty.number in shown and duty.period and duty.light != "done":
            title = f"{duty.number} 的进展，{duty.period.text}"
            yield _Told(duty.period.end, _name(duty.organisation), f"{duty.number} 进展", title)


def _moved(view: View, key: Key) -> Iterator[_Told]:
    for move in cached.figure_moves(key, changes_page.since(view, key)):
        if period := move.after.period:
            what = move.definition.short_title
            yield _Told(period.end, _name(CITY), what, f"{move.definition.title}，{period.text}")


def _ledgers(view: View, key: Key) -> Iterator[_Told]:
    for unit, day in cached.station_ledgers(key).items():
        if stations_page.unit_of(view) in ("", unit):
            yield _Told(day, _name(unit), "驿站名录", f"{_name(unit)}驿站名录，{day.isoformat()}")


def _visits(view: View, key: Key) -> Iterator[_Told]:
    for point in cached.points(key):
        if point.visits and view.point in ("", point.point):
            day = point.visits[0].on
            yield _Told(day, point.name, "走访", f"{point.name}最近一次走访，{day.isoformat()}")


# What is no reading, by page.
_OTHERS: Mapping[str, Callable[[View, Key], Iterator[_Told]]] = {
    "tasks": _progress,
    "changes": _moved,
    "stations": _ledgers,
    "points": _visits,
}


def _name(code: str) -> str:
    return cached.stores().catalogue.organisation(code).short_name
