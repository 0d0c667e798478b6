"""The map of the overview: one indicator over the units, as outlines or as tiles; each leads to its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from ..catalogue import Organisation
from ..figures import number, per_10k, quantity, rate_decimals
from ..maps import LABEL_PLACES
from ..periods import Period
from ..readouts.readings import Definition
from ..readouts.unit_map import Cell, UnitMap
from ..still_map import Size, around, cuts, leaders, paths, words_at
from . import address, cached, draw, map_table
from .address import View
from .cached import Key
from .map_table import Column, Row
from .theme import THEMES, TOKENS, Theme, as_picture, var

# In which the outlines are measured; the map fills its panel in these proportions.
SIZE: Size = (1460, 1072)


def map_panel(view: View, key: Key) -> None:
    """One indicator over the units, as outlines or as tiles; a click opens the unit."""
    shape, shown = chosen_map(view, key)
    with draw.panel("map"):
        _map_head(view, key, shape, shown.definition)
        _map(view, key)


@draw.remembered
def _map(view: View, key: Key) -> None:
    """The map itself with its legend, as one element."""
    shape, shown = chosen_map(view, key)
    with draw.together():
        if view.table:
            _table(view, shown)
        elif shape == "tiles":
            _tile_grid(view, shown)
        else:
            _outlines(view, shown)
        _map_foot(view, shown, "table" if view.table else shape)


def chosen_map(view: View, key: Key) -> tuple[str, UnitMap]:
    """Outlines or tiles, and what they show; tiles when there is no outline to be drawn."""
    indicator = view.indicator or cached.default_indicator(key)
    shape = view.map_shape if cached.shapes() else "tiles"
    per = view.per if cached.definitions(key)[indicator].per_10k else "count"
    return shape, cached.unit_map(key, indicator, per, shape == "outline")


def _map_head(view: View, key: Key, shape: str, drawn: Definition) -> None:
    known = cached.definitions(key)
    choices = [
        i for i, d in known.items() if d.expected_reporters == "units" or d.indicator == drawn.indicator
    ]
    if view.wall:
        draw.html("head.html", view, title=drawn.title, switches=[_ways(view, shape)], aside="")
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
    switches = [_ways(view, shape)]
    if shown.definition.per_10k:
        options = [
            {"href": view.here("overview", per=value), "on": value == shown.per, "word": word}
            for value, word in (("count", "总数"), ("10k", "每万人"))
        ]
        switches.append({"name": "口径", "options": options})
    draw.html("head.html", view, title=shown.definition.title, switches=switches, aside="")


def _ways(view: View, shape: str) -> dict[str, Any]:
    """Outlines, tiles or the table; on a wall nobody sees the switch, but its key works."""
    shapes = {"outline": "轮廓", "tiles": "方格"} if cached.shapes() else {"tiles": "方格"}
    return map_table.switch(view, "overview", shapes, now=shape)


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
    draw.html("outline_map.html", view, name=_sentence(shown), areas=areas)


def _sentence(shown: UnitMap) -> str:
    """The map in one sentence, for those who cannot see it, and above its table."""
    newest = f"最新 {shown.period.text}" if shown.period else "尚无数据"
    return f"{shown.definition.title}（{_measured_in(shown)}） · {newest} · {_whose(shown)}"


def _whose(shown: UnitMap) -> str:
    """Which units are shown: the 13, or the counties that the outlines are of."""
    if _is_whole(shown):
        return f"{len(shown.cells)} 个单位，两个开发区单列"
    if shown.with_zones:
        return f"{len(shown.cells)} 个县（市、区），已含两个开发区"
    return f"{len(shown.cells)} 个县（市、区），不含两个开发区"


def _is_whole(shown: UnitMap) -> bool:
    return len(shown.cells) == len(cached.stores().catalogue.units)


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
        "href": _opens(view, shown, cell),
        "title": _said(cell),
    }


def _opens(view: View, shown: UnitMap, cell: Cell) -> str:
    """Where a unit leads: to its own page, with its zone where the figure that was clicked holds it."""
    held = shown.with_zones and cell.code in _ZONES
    return view.link("county", unit=cell.code, zones="with" if held else view.zones_given)


def _said(cell: Cell) -> str:
    return f"{cell.said.period.text}，{cell.said.source}" if cell.said else ""


def _notes(shown: UnitMap, cell: Cell, zone: str) -> Iterator[str]:
    """What stands below the figure: the zone that is in it, is not or should be; its period when that has expired."""
    if held := _held(shown, cell, zone):
        yield held
    if cell.state == "expired" and cell.period:
        yield short_period(cell.period, shown.period)


def _held(shown: UnitMap, cell: Cell, zone: str) -> str:
    """What a county's figure holds of its zone: ``缺开发区``, ``已含开发区``, ``未含开发区``."""
    if cell.missing or not zone:
        return f"缺{cell.missing}" if cell.missing else ""
    return f"{'已含' if shown.with_zones else '未含'}{zone}"


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


# What a sum begins its source with.
JOINED = "本屏相加："
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
    tiles = [_tile(view, shown, cell, places[cell.code]) for cell in shown.cells]
    draw.html("tiles.html", view, name=_sentence(shown), tiles=tiles)


def _tile(view: View, shown: UnitMap, cell: Cell, unit: Organisation) -> dict[str, Any]:
    return {
        "code": cell.code,
        "href": view.link("county", unit=cell.code),
        "name": cell.name,
        "row": (unit.tile_row or 0) + 1,
        "col": (unit.tile_col or 0) + 1,
        "state": cell.state,
        "value": _measured(shown, cell, absent="未报"),
        "note": _expired(view, shown, cell.period) if cell.state == "expired" and cell.period else "",
        "colour": var(f"class-{cell.class_no}") if cell.class_no is not None else "",
        "ink": _ink(cell),
    }


def _expired(view: View, shown: UnitMap, period: Period) -> str:
    """Of which period the figure is; on a wall in fewer and larger letters."""
    return f"{short_period(period, shown.period) if view.wall else period.label[:7]} 已过期"


def _table(view: View, shown: UnitMap) -> None:
    """What the map shows of each unit, in official order, in the same words."""
    zones = {} if _is_whole(shown) else _ZONES
    notes = {c.code: _held(shown, c, zones.get(c.code, "")) for c in shown.cells}
    columns = [Column("单位"), Column(_measured_in(shown), number=True), Column("分级"), Column("数据期")]
    columns += [Column("说明")] if any(notes.values()) else []
    columns.append(Column("来源", own=True))
    rows = [
        Row(c.code, c.name, _opens(view, shown, c), tuple(_cells(shown, c, notes)), _said(c))
        for c in shown.cells
    ]
    map_table.table(view, _sentence(shown), columns, rows)


def _cells(shown: UnitMap, cell: Cell, notes: Mapping[str, str]) -> Iterator[map_table.Cell]:
    said = cell.said
    value = "—" if cell.missing else _measured(shown, cell, absent="未报")
    yield map_table.Cell(value, absent=cell.quantity.value is None)
    yield _class_cell(shown, cell)
    yield map_table.Cell(said.period.text if said else "")
    if any(notes.values()):
        yield map_table.Cell(notes[cell.code])
    yield map_table.Cell(said.source if said else "")


def _class_cell(shown: UnitMap, cell: Cell) -> map_table.Cell:
    """Its colour, and what the legend says of it."""
    if cell.class_no is None:
        return map_table.Cell(CELL_STATES[cell.state], var(cell.state))
    return map_table.Cell(_class_text(shown, cell.class_no), var(f"class-{cell.class_no}"))


def _ink(cell: Cell) -> str:
    """What can be read on the colour of a cell."""
    return var("text" if cell.class_no is None else f"on-class-{cell.class_no}")


def _map_foot(view: View, shown: UnitMap, shape: str) -> None:
    about, drawn = _map_source(shown, shape)
    draw.html("legend.html", view, entries=_legend(shown), about=about, told_by=_told_by(shown), drawn=drawn)


def _told_by(shown: UnitMap) -> str:
    """Who said what is shown: all of them when they are few, else the first and how many there are."""
    named = (c.said.source.removeprefix(JOINED) for c in shown.cells if c.said)
    return draw.fitting(list(dict.fromkeys(named)), room=30)


def _legend(shown: UnitMap) -> list[dict[str, str]]:
    entries = [
        {"css": "", "colour": var(f"class-{i}"), "text": _class_text(shown, i)}
        for i, bounds in enumerate(shown.bounds)
        if bounds
    ]
    for state, word in CELL_STATES.items():
        count = sum(c.state == state for c in shown.cells)
        if count or state == "unreported":
            entries.append({"css": "", "colour": var(state), "text": f"{word} {count}"})
    return entries


def _class_text(shown: UnitMap, class_no: int) -> str:
    """The least and the most in a class; one that holds lower bounds or estimates says so, and is never printed higher."""
    held = shown.qualifiers[class_no]
    ends = (_bound(shown, value, "ge" in held) for value in shown.bounds[class_no] or ())
    text = "–".join(dict.fromkeys(ends))
    return ("约" if "approx" in held else "") + text + ("+" if "ge" in held else "")


def _bound(shown: UnitMap, value: float, floor: bool) -> str:
    places = rate_decimals(value) if shown.per == "10k" else shown.definition.decimals
    return number(value, places, floor=floor)


def _map_source(shown: UnitMap, shape: str) -> tuple[str, str]:
    """What the map shows, and what it is drawn from."""
    newest = f"最新 {shown.period.text}" if shown.period else "尚无数据"
    drawn = {
        "outline": cached.map_source(),
        "tiles": "方格示意，不代表位置与面积；13 个单位互不重叠",
        "table": "统计口径不含金门县",
    }
    alone = " · 比率不相加，两个开发区见方格" if shape == "outline" and not shown.with_zones else ""
    told = f"{shown.definition.title}（{_measured_in(shown)}） · {newest}{alone}"
    return told, " · ".join(filter(None, (drawn[shape], cached.no_outlines())))


def _measured_in(shown: UnitMap) -> str:
    told = shown.definition
    return f"{told.measured_in}/万常住人口" if shown.per == "10k" else told.measured_in
