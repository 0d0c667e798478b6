"""The table of a map: what the map shows, as rows of text that lead where the map leads, one keystroke away.

A map takes three steps for it: ``switch`` among the switches of its head, ``table`` where the map would be drawn
when ``view.table``, and its legend and source below as ever. The key is in assets/boot.js: it follows the link
that the switch marks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import draw
from .address import View

# More rows than these are no longer read; a caller draws so many and says how many are left.
MOST = 300
# Those that stand on a wall, where nobody scrolls.
MOST_ON_A_WALL = 13


@dataclass(frozen=True)
class Column:
    """``number``: stands to the right, in figures of one width; ``own``: somebody's own words, which stay Chinese."""

    title: str
    number: bool = False
    own: bool = False


@dataclass(frozen=True)
class Cell:
    """``colour``: CSS of a patch before the text; ``mark``: a sign and the token of its colour; ``absent``: no figure."""

    text: str
    colour: str = ""
    mark: tuple[str, str] | None = None
    absent: bool = False


@dataclass(frozen=True)
class Row:
    """What one place of the map shows: a cell for every column but the first, which is ``name``.

    ``href`` is where a click on the map leads, "" for nowhere; ``on``: it is the one that is open.
    """

    code: str
    name: str
    href: str
    cells: tuple[Cell, ...]
    title: str = ""
    on: bool = False


def switch(view: View, page: str, shapes: Mapping[str, str] | None = None, now: str = "") -> dict[str, Any]:
    """Map or table, as a group of switches for head.html.

    ``shapes`` are the words of several maps by the value of ``shape`` in the address, ``now`` the one that is drawn.
    """
    maps = [(word, {"shape": value}, value == now) for value, word in (shapes or {}).items()]
    options = [
        {
            "href": view.here(page, table=None, **changes),
            "on": now and not view.table,
            "word": word,
            "turns": now and view.table,
        }
        for word, changes, now in maps or [("地图", {}, True)]
    ]
    table = {"href": view.here(page, table="1"), "on": view.table, "word": "表格", "turns": not view.table}
    return {"name": "样式", "options": [*options, table | {"key": "t"}]}


def place(lon: float | None, lat: float | None) -> str:
    """Where it lies, to a hundred metres; in words when nobody knows."""
    return "无坐标" if lon is None or lat is None else f"{lon:.3f}, {lat:.3f}"


def table(
    view: View,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    left: int = 0,
    last: Sequence[Row] = (),
) -> None:
    """Draw the table. ``caption`` is the name of the map in one sentence; ``left`` rows more are in the CSV.

    ``last`` are rows below all others that sum them up. On a wall only as many are drawn as are seen there.
    """
    room = MOST_ON_A_WALL - len(last) if view.wall else len(rows)
    seen, left = rows[:room], left + max(0, len(rows) - room)
    draw.html("map_table.html", view, caption=caption, columns=columns, rows=seen, last=last, left=left)
