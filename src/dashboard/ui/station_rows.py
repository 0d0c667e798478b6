"""What a map of stations shows as rows: the stations one by one, or the squares in which they are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ..readouts.station_grid import Density
from ..readouts.stations import StationReadout, Stations
from . import cached, draw, map_table
from .address import View
from .cached import Key
from .map_table import Cell, Column, Row
from .stations_page import STATES, asking, counted_of, town_of
from .theme import var

# What is told of a station beside its state and its place: the column that the map beside it is about.
BESIDE = {"kind": Column("类型", own=True), "town": Column("镇街")}


def stations_table(
    view: View,
    key: Key,
    caption: str,
    found: Stations,
    beside: Literal["kind", "town"],
    opens: Callable[[StationReadout], str],
) -> None:
    """Each station as a row, those without a place as well; first those that are not open or stand nowhere.

    ``opens`` is where one leads; more than the table takes are counted below it.
    """
    columns = [Column("驿站", own=True), BESIDE[beside], Column("状态"), Column("经纬度")]
    rows = []
    for s in cached.station_details(key, tuple(found.in_order[: map_table.MOST])):
        shape, token, word = STATES[s.state]
        told = s.kind if beside == "kind" else town_of(s)
        cells = (Cell(told), Cell(word, mark=(shape, token)), Cell(map_table.place(s.lon, s.lat)))
        rows.append(Row(s.station, s.name, opens(s), cells))
    map_table.table(view, caption, columns, rows, left=len(found) - len(rows))


def squares_table(view: View, caption: str, found: Stations, told: Density, *, leads: bool = True) -> None:
    """Each square as a row: whose it is, where its middle lies, how many are in it; it leads to those.

    Below them how many are in a square, and how many in none because nobody knows their place.
    """
    names = draw.names()
    counted = counted_of(view, found)
    columns = [
        Column("单位"),
        Column("中心经纬度"),
        Column(STATES[view.state or "opened"][2], number=True),
    ]
    rows = []
    for square, count, number in sorted(told.squares, key=lambda one: -one[1]):
        units = [names[code] for code in counted.chosen(box=square.box).counts("unit")]
        cells = (Cell(map_table.place(*square.middle)), Cell(f"{count:,}", colour=var(f"class-{number}")))
        href = asking(view, cell=square.code) if leads else ""
        rows.append(Row(square.code, "、".join(units), href, cells))
    on_map = len(counted.on_map)
    sums = {"合计": on_map, "无坐标": len(counted) - on_map}
    last = [Row("", word, "", (Cell(""), Cell(f"{count:,}"))) for word, count in sums.items()]
    map_table.table(view, caption, columns, rows, last=last)
