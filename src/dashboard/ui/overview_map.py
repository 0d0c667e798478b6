"""The map of the overview: one indicator over the units, as outlines or as tiles; each leads to its unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import streamlit as st

from ..catalogue import Organisation
from ..figures import number, per_10k, quantity, rate_decimals
from ..maps import LABEL_PLACES
from ..periods import Period
from ..readouts.readings import Definition
from ..readouts.unit_map import Cell, UnitMap
from ..still_map import Size, around, cuts, leaders, paths, words_at
from . import address, cached, draw
from .address import View
from .cached import Key
from .theme import THEMES, TOKENS, Theme, as_picture, var

# In which the outlines are measured; the map fills its panel in these proportions.
SIZE: Size = (1460, 1072)


def map_panel(view: View, key: Key) -> None:
    """One indicator over the units, as outlines or as tiles; a click opens the unit."""
    _, shown = chosen_map(view, key)
    with draw.panel("map"):
        _map_head(view, key, shown.definition)
        _map(view, key)


@draw.remembered
def _map(view: View, key: Key) -> None:
    """The map itself with its legend, as one element."""
    shape, shown = chosen_map(view, key)
    with draw.together():
        if shape == "tiles":
            _tile_grid(view, shown)
        else:
            _outlines(view, shown)
        _map_foot(view, shown, shape)


def chosen_map(view: View, key: Key) -> tuple[str, UnitMap]:
    """Outlines or tiles, and what they show; tiles when there is no outline to be drawn."""
    indicator = view.indicator or cached.default_indicator(key)
    shape = view.map_shape if cached.shapes() else "tiles"
    per = view.per if cached.definitions(key)[indicator].per_10k else "count"
    return shape, cached.unit_map(key, indicator, per, shape == "outline")


def _map_head(view: View, key: Key, drawn: Definition) -> None:
    known = cached.definitions(key)
    choices = [
        i for i, d in known.items() if d.expected_reporters == "units" or d.indicator == drawn.indicator
    ]
    if view.wall:
        draw.html("head.html", view, title=drawn.title, switches=None, aside="")
        return
    with st.container(key="mapbar", horizontal=True, vertical_alignment="center"):
        st.session_state["w_indicator"] = drawn.indicator
        st.selectbox(
            draw.say(view, "指标"),
            choices,
            key="w_indicator",
            format_func=lambda i: draw.say(view, known[i].title),
            label_visibility="collapsed",
            on_change=address.put("indicator"),
        )
        _map_switches(view, key)


@draw.remembered
def _map_switches(view: View, key: Key) -> None:
    shape, shown = chosen_map(view, key)
    groups = [
        ("样式", "shape", shape, (("outline", "轮廓"), ("tiles", "方格"))),
        ("口径", "per", shown.per, (("count", "总数"), ("10k", "每万人"))),
    ]
    if not shown.definition.per_10k:
        groups = groups[:1]
    if not cached.shapes():
        groups = groups[1:]
    switches = [
        {
            "name": name,
            "options": [
                {"href": view.here("overview", **{parameter: value}), "on": value == chosen, "word": word}
                for value, word in options
            ],
        }
        for name, parameter, chosen, options in groups
    ]
    draw.html("head.html", view, title=shown.definition.title, switches=switches, aside="")


def _outlines(view: View, shown: UnitMap) -> None:
    shapes = cached.shapes()
    cells = {c.code: c for c in shown.cells}
    at = words_at(shapes, around(shapes, ""), SIZE)
    areas = [
        {
            **_area(view, shown, cells.get(s.code)),
            "code": s.code,
            "tag": "a" if s.code in cells else "i",
            "at": at[s.code],
            "beside": s.code in LABEL_PLACES,
        }
        for s in shapes
    ]
    name = f"{shown.definition.title}，各单位"
    draw.html("outline_map.html", view, name=name, areas=areas)


def _area(view: View, shown: UnitMap, cell: Cell | None) -> dict[str, Any]:
    """What is drawn of one outline; without a cell it is 金门, which reports nothing and leads nowhere."""
    if cell is None:
        return {"name": "金门", "colour": var("outside"), "ink": var("secondary"), "href": ""}
    zone = _ZONES.get(cell.code, "")
    return {
        "name": cell.name,
        "value": "" if cell.missing else _measured(shown, cell, absent="未报"),
        "absent": cell.quantity.value is None,
        "notes": " · ".join(_notes(shown, cell, zone)),
        "colour": var(cell.state if cell.class_no is None else f"class-{cell.class_no}"),
        "ink": _ink(cell),
        "href": view.link(
            "county", unit=cell.code, zones="with" if zone and shown.with_zones else view.zones_given
        ),
        "title": f"{cell.said.period.text}，{cell.said.source}" if cell.said else "",
    }


def _notes(shown: UnitMap, cell: Cell, zone: str) -> Iterator[str]:
    """What stands below the figure: the zone that is in it, is not or should be; its period when that has expired."""
    if cell.missing:
        yield f"缺{cell.missing}"
    elif zone:
        yield f"{'已含' if shown.with_zones else '未含'}{zone}"
    if cell.state == "expired" and cell.period:
        yield short_period(cell.period, shown.period)


def stylesheet() -> str:
    """What of the map is the same for every reader: the cut of each county, the borders and lines to names.

    It goes with the stylesheet, which a browser keeps, and not with every change of the figures.
    """
    shapes = cached.shapes()
    if not shapes:
        return ""
    cut = cuts(shapes, around(shapes, ""), SIZE)
    rules = [
        f'.outline-map .area[data-unit="{code}"]{{clip-path:{polygon}}}' for code, polygon in cut.items()
    ]
    dark, light = (f'.outline-map .lines{{background-image:url("{_lines(theme)}")}}' for theme in THEMES)
    return "\n".join((*rules, dark, f":root[data-theme=light] {light}", f"@media print{{{light}}}\n"))


def _lines(theme: Theme) -> str:
    """Borders, and the lines from crowded counties to their names, as a picture that lies over the fills."""
    shapes, colours = cached.shapes(), TOKENS[theme]
    box = around(shapes, "")
    borders = "".join(path for _, path in paths(shapes, box, SIZE))
    return as_picture(
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {SIZE[0]} {SIZE[1]}' fill='none'>"
        f"<path d='{borders}' stroke='{colours['outline']}' stroke-width='3'/>"
        f"<path d='{leaders(shapes, box, SIZE)}' stroke='{colours['secondary']}' stroke-width='3'/></svg>"
    )


CELL_STATES = {"expired": "已过期", "incomplete": "合计不全", "unreadable": "待核", "unreported": "未报"}

# Outlines that hold a zone, named by what their figure holds; a click on them opens the same figure.
_ZONES = {"350502": "开发区", "350521": "台商区"}


def short_period(period: Period, newest: Period | None) -> str:
    """A period beside a name on the map: its month within the newest year, else its year."""
    if newest and period.grain == "month" and period.start.year == newest.end.year:
        return f"{period.start.month}月"
    return f"{period.start.year}年"


def _measured(shown: UnitMap, cell: Cell, absent: str) -> str:
    """The figure of a unit as every page writes it."""
    if shown.per == "10k" and cell.quantity.value is not None:
        return per_10k(cell.quantity)
    return quantity(cell.quantity, shown.definition.decimals, absent=absent)


def _tile_grid(view: View, shown: UnitMap) -> None:
    places = {u.code: u for u in cached.stores().catalogue.units}
    draw.html("tiles.html", view, tiles=[_tile(view, shown, cell, places[cell.code]) for cell in shown.cells])


def _tile(view: View, shown: UnitMap, cell: Cell, unit: Organisation) -> dict[str, Any]:
    return {
        "code": cell.code,
        "href": view.link("county", unit=cell.code),
        "name": cell.name,
        "row": (unit.tile_row or 0) + 1,
        "col": (unit.tile_col or 0) + 1,
        "state": cell.state,
        "value": _measured(shown, cell, absent="未报"),
        "note": f"{cell.period.label[:7]} 已过期" if cell.state == "expired" and cell.period else "",
        "colour": var(f"class-{cell.class_no}") if cell.class_no is not None else "",
        "ink": _ink(cell),
    }


def _ink(cell: Cell) -> str:
    """What can be read on the colour of a cell."""
    return var("text" if cell.class_no is None else f"on-class-{cell.class_no}")


def _map_foot(view: View, shown: UnitMap, shape: str) -> None:
    draw.html("legend.html", view, entries=_legend(shown), sources=_map_source(shown, shape))


def _legend(shown: UnitMap) -> list[dict[str, str]]:
    entries = [
        {
            "css": "",
            "colour": var(f"class-{i}"),
            "text": _class_text(shown, i, low, high),
        }
        for i, (low, high) in enumerate(shown.bounds)
    ]
    for state, word in CELL_STATES.items():
        count = sum(c.state == state for c in shown.cells)
        if count or state == "unreported":
            entries.append({"css": "", "colour": var(state), "text": f"{word} {count}"})
    return entries


def _class_text(shown: UnitMap, class_no: int, low: float, high: float) -> str:
    """The bounds of a class; one that holds lower bounds or estimates says so, and is never printed higher."""
    held = {c.quantity.qualifier for c in shown.cells if c.class_no == class_no}
    text = _bound(shown, low, "ge" in held)
    if low != high:
        text += f"–{_bound(shown, high, 'ge' in held)}"
    return ("约" if "approx" in held else "") + text + ("+" if "ge" in held else "")


def _bound(shown: UnitMap, value: float, floor: bool) -> str:
    places = rate_decimals(value) if shown.per == "10k" else shown.definition.decimals
    return number(value, places, floor=floor)


def _map_source(shown: UnitMap, shape: str) -> list[str]:
    told = shown.definition
    unit = f"{told.measured_in}/万常住人口" if shown.per == "10k" else told.measured_in
    newest = f"最新 {shown.period.text}" if shown.period else "尚无数据"
    drawn = cached.map_source() if shape == "outline" else "方格示意，不代表位置与面积；13 个单位互不重叠"
    alone = " · 比率不相加，两个开发区见方格" if shape == "outline" and not shown.with_zones else ""
    return [f"{told.title}（{unit}） · {newest}{alone}", *filter(None, (drawn, cached.no_outlines()))]
