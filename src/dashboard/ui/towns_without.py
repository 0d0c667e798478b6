"""The towns in which no station is open, by unit, and what the open stations offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..placing import text_width
from . import cached, draw
from .address import View
from .cached import Key
from .stations_page import asking, draw_untold, narrowed, shown, turned, unit_of, untold, wanted


@dataclass(frozen=True)
class _Wall:
    """What the panel has room for on a wall, where nobody scrolls: pixels of a picture of 1920 x 1080."""

    letters: int  # size by which the names are measured
    gap: int  # between two names
    width: int  # of a line of names
    line: int
    least: int  # height of a row with one line
    room: int  # height of all rows, while what the stations offer stands below them

    def lines(self, names: list[str]) -> int:
        """How many lines the names of a row take."""
        lines, used = 1, 0.0
        for name in names:
            width = text_width(name, self.letters) + self.gap
            if used and used + width - self.gap > self.width:
                lines, used = lines + 1, 0.0
            used += width
        return lines

    def in_a_line(self, names: list[str], more: str) -> int:
        """How many of the names stand in one line, ``more`` behind them when there are others."""
        for most in range(len(names), 0, -1):
            behind = [more] if most < len(names) else []
            if self.lines([*names[:most], *behind]) == 1:
                return most
        return 0

    def height(self, rows: list[list[str]]) -> int:
        return sum(max(self.least, self.line * self.lines(names) + 8) for names in rows)


# English words are longer and have the sizes of a desk (see dashboard.css); in capitals they are wider than measured.
_WALL = _Wall(letters=24, gap=14, width=400, line=31, least=39, room=345)
_WALL_IN_ENGLISH = _Wall(letters=18, gap=16, width=424, line=23, least=39, room=345)


def towns_without(view: View, key: Key) -> None:
    """The towns in which no station is open, by unit; each leads to its unit.

    On a wall, when not all of them have room, each unit names those that stand in one line and says how many more
    there are, and what the stations offer gives way.
    """
    if untold(view, key):
        draw.html("head.html", view, title="没有驿站的镇街", switches=None, aside="")
        draw_untold(view)
        return
    units = [u for u in cached.stations_by_unit(key, wanted(view)) if u.reported]
    asked = [u for u in units if unit_of(view) in ("", u.code)]
    rows = [
        {
            "name": u.name,
            "href": asking(view, unit=u.code),
            "count": len(u.towns_without),
            "of": u.towns,
            "towns": [(name, asking(view, unit=u.code, town=code)) for code, name in u.towns_without],
            "more": 0,
        }
        for u in asked
        if u.towns_without
    ]
    title = f"没有开放驿站的镇街{narrowed(view)}"
    draw.html("head.html", view, title=title, switches=None, aside="点一个驿站，这里换成它")
    shortened = view.wall and _shorten(rows, view.lang)
    draw.html("without.html", view, rows=rows, towns=sum(u.towns for u in asked))
    if not shortened:
        _offered(view, key)


def _shorten(rows: list[dict[str, Any]], language: str) -> bool:
    """Leave in each row the towns that stand in one line, if all of them have no room."""
    wall = _WALL_IN_ENGLISH if language == "en" else _WALL
    names = [[draw.spoken(name, language) for name, _ in row["towns"]] for row in rows]
    if wall.height(names) <= wall.room:
        return False
    for row, named in zip(rows, names, strict=True):
        fit = wall.in_a_line(named, draw.spoken(f"另 {len(named)} 个", language))
        row["towns"], row["more"] = row["towns"][:fit], len(named) - fit
    return True


def _offered(view: View, key: Key) -> None:
    """The services and the kinds of the stations that are open, each with how many there are."""
    opened = shown(view.without("state"), key).opened
    services, kinds = "开放驿站的服务", "开放驿站的类型"
    if view.cell:
        services, kinds = "方格内开放驿站的服务", "方格内开放驿站的类型"
    groups = [
        (services, "service", opened.services),
        (kinds, "kind", opened.counts("kind")),
    ]
    told = [
        (title, [(name, count, turned(view, parameter, name)) for name, count in counts.items() if name])
        for title, parameter, counts in groups
    ]
    draw.html("offered.html", view, groups=told)
