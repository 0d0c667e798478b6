"""Panels of the overview: what the whole city shows in ten seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import streamlit as st

from ..catalogue import CITY, DOMAINS, Organisation
from ..charts.spark import spark
from ..config import PAGES
from ..figures import ABSENT_UNPUBLISHED, coverage, number, per_10k, quantity, rate_decimals, signed
from ..formulas import change
from ..maps import Area, Colour
from ..periods import Period
from ..readouts.cards import Card, Comparison
from ..readouts.readings import Definition, Said
from ..readouts.returned import Returned
from ..readouts.unit_map import Cell, UnitMap
from . import address, cached, draw
from .address import View
from .cached import Key
from .map_panels import units_map
from .theme import SHAPES, TOKENS, rgba, var

MAP_SIZE = (730, 536)


# --- KPI cards --------------------------------------------------------------------------------------


@draw.remembered
def kpis(view: View, key: Key) -> None:
    """The cards, two to a domain."""
    found = cached.cards(key)
    owed = bool(cached.returning(key).told)
    domains = [
        {"name": name, "cards": [_card(view, c, owed) for c in own], "source": _provenance(own)}
        for name in DOMAINS
        if (own := [c for c in found if c.definition.domain == name])
    ]
    # A picture of its own does not see the variables of the page; a mask would, but costs the browser a second.
    draw.html("kpis.html", view, domains=domains, spark_ink=quote(TOKENS[view.theme]["accent"]))


def _card(view: View, card: Card, owed: bool) -> dict[str, Any]:
    """``owed``: by this day units were to hand in figures."""
    definition, value = card.definition, card.value
    return {
        "indicator": definition.indicator,
        "href": view.link("overview", indicator=definition.indicator),
        "title": definition.short_title,
        "definition": f"{definition.title}：{definition.definition}",
        "value": quantity(value.quantity, definition.decimals, absent=_absent(definition, owed)),
        "absent": value.quantity.value is None,
        "measured_in": definition.measured_in,
        "when": card.period.text if card.period else "",
        "source": card.said.source if card.said else "",
        "basis": basis(card),
        "partial": card.value.basis == "partial",
        "history": view.link("county", unit=CITY, indicator=definition.indicator),
        "coverage": covered(card),
        "beside": _beside(card),
        "compared": _compared(card),
        "spark": quote(spark([v for _, v in card.trend])),
        "goal": _goal(card),
    }


def _provenance(found: Sequence[Card]) -> str:
    """Who said the figures of these cards, and since when it is known; each named once."""
    return "；".join(dict.fromkeys(filter(None, map(provenance, found))))


def provenance(card: Card) -> str:
    """``2025-01-13 获知 · 泉州首次市委社会工作会议综述 · B 级``, ``2026-10-07 获知 · 11 个单位报送``; empty without a figure."""
    if card.known_on is None:
        return ""
    printed = card.said if card.value.basis == "published" else None
    grade = f" · {printed.grade} 级" if printed and printed.grade else ""
    return f"{card.known_on.isoformat()} 获知 · {printed.source if printed else said_by(card)}{grade}"


def said_by(card: Card) -> str:
    """How many units handed in the parts of a sum; empty when none did."""
    return f"{card.value.reported} 个单位报送" if card.value.reported else ""


def _compared(card: Card) -> dict[str, str]:
    """The comparison that says most, or why there is none; without returns, the figure per 10,000 residents."""
    if not card.comparisons:
        rate = per_10k(card.per_10k)
        return {"text": f"每万人 {rate}" if rate else "", "title": ""}
    first = card.comparisons[0]
    return {"text": compared_text(first), "title": "；".join(map(compared_title, card.comparisons))}


def compared_text(found: Comparison) -> str:
    """``较上期 +12``, ``同比 不可比``."""
    return f"{found.name} {'不可比' if found.change is None else signed(found.change)}"


def compared_title(found: Comparison) -> str:
    """The same with the period compared with, and over how many, or why not."""
    told = f"{compared_text(found)}（对 {found.before.text}）"
    if found.change is None:
        return f"{told}：{found.why}"
    return f"{told}：两期都报的 {found.organisations} 个单位相加之差"


def _beside(card: Card) -> dict[str, str]:
    """The published figure of the same period beside the sum of the units, and their difference."""
    printed = card.value.beside
    if printed.value is None or card.value.quantity.value is None:
        return {"text": "", "title": ""}
    difference = change(card.value.quantity, printed)
    title = "不可比" if difference is None else f"相差 {signed(difference)}"
    return {"text": f"公开 {quantity(printed, card.definition.decimals)}", "title": title}


def _goal(card: Card) -> str:
    value = card.value.quantity.value
    if not card.target or value is None or card.value.basis == "published":
        return ""
    return f"目标 {number(card.target)}"


def _absent(definition: Definition, owed: bool) -> str:
    return "未报送" if owed and definition.expected_reporters != "published" else ABSENT_UNPUBLISHED


def basis(card: Card) -> str:
    """What the figure of the city rests on; empty when on all of its units."""
    return {"units": "", "published": "市级公开", "partial": "已报合计", "none": ""}[card.value.basis]


def covered(card: Card) -> str:
    """How many units stand behind the figure of the city."""
    if not card.value.expected:
        return ""
    if card.value.basis == "partial":
        return f"{card.value.reported}/{card.value.expected}"
    if card.value.reported:
        return coverage(card.value.reported, card.value.expected)
    return f"另 {card.units_said}/{card.value.expected} 单位有数"


# --- the map ----------------------------------------------------------------------------------------


def map_panel(view: View, key: Key) -> None:
    """One indicator over the units, as outlines or as tiles; a click opens the unit."""
    shape, shown = chosen_map(view, key)
    with draw.panel("map"):
        _map_head(view, key, shown, shape)
        if shape == "tiles":
            _tile_grid(view, key, shown)
        else:
            _outlines(view, shown)
        _map_foot(view, shown, shape)


def chosen_map(view: View, key: Key) -> tuple[str, UnitMap]:
    """Outlines or tiles, and what they show."""
    indicator = view.indicator or cached.default_indicator(key)
    shape = view.map_shape
    per = view.per if cached.definitions(key)[indicator].per_10k else "count"
    return shape, cached.unit_map(key, indicator, per, shape == "outline")


def _map_head(view: View, key: Key, shown: UnitMap, shape: str) -> None:
    known = cached.definitions(key)
    choices = [
        i
        for i, d in known.items()
        if d.expected_reporters == "units" or d.indicator == shown.definition.indicator
    ]
    if view.wall:
        draw.html("head.html", view, title=shown.definition.title, switches=None, aside="")
        return
    with st.container(key="mapbar", horizontal=True, vertical_alignment="center"):
        st.session_state["w_indicator"] = shown.definition.indicator
        st.selectbox(
            draw.say(view, "指标"),
            choices,
            key="w_indicator",
            format_func=lambda i: draw.say(view, known[i].title),
            label_visibility="collapsed",
            on_change=address.put("indicator"),
        )
        _map_switches(view, shown, shape)


@draw.remembered
def _map_switches(view: View, shown: UnitMap, shape: str) -> None:
    groups = [
        ("样式", "shape", shape, (("outline", "轮廓"), ("tiles", "方格"))),
        ("口径", "per", shown.per, (("count", "总数"), ("10k", "每万人"))),
    ]
    if not shown.definition.per_10k:
        groups = groups[:1]
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
    clicked = units_map(view, tuple(_area(view, shown, c) for c in shown.cells), MAP_SIZE, key="map")
    if clicked and clicked.get("code") in {c.code for c in shown.cells}:
        folded = "with" if clicked["code"] in _ZONES and shown.with_zones else None
        st.switch_page(
            PAGES / "county.py",
            query_params=view.parameters(unit=clicked["code"], zones=folded or view.zones_given),
        )


CELL_STATES = {"expired": "已过期", "unreadable": "待核", "unreported": "未报"}

# Outlines that hold a zone, named by what their figure holds; a click on them opens the same figure.
_ZONES = {"350502": "开发区", "350521": "台商区"}


def _area(view: View, shown: UnitMap, cell: Cell) -> Area:
    zone = _ZONES.get(cell.code)
    name = f"{cell.name} {'含' if shown.with_zones else '不含'}{zone}" if zone else cell.name
    return Area(cell.code, draw.say(view, name), draw.say(view, _cell_text(shown, cell)), _fill(view, cell))


def _fill(view: View, cell: Cell) -> Colour:
    return rgba(f"class-{cell.class_no}" if cell.class_no is not None else cell.state, view.theme)


def _cell_text(shown: UnitMap, cell: Cell) -> str:
    text = _measured(shown, cell, absent=f"缺{cell.missing}" if cell.missing else "未报")
    return (
        f"{text}（{short_period(cell.period, shown.period)}）"
        if cell.state == "expired" and cell.period
        else text
    )


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


@draw.remembered
def _tile_grid(view: View, _key: Key, shown: UnitMap) -> None:
    places = {u.code: u for u in cached.stores().catalogue.units}
    draw.html("tiles.html", view, tiles=[_tile(view, shown, cell, places[cell.code]) for cell in shown.cells])


def _tile(view: View, shown: UnitMap, cell: Cell, unit: Organisation) -> dict[str, Any]:
    light_ink = (view.theme == "dark" and (cell.class_no or 0) < 3) or (
        view.theme == "light" and (cell.class_no or 0) > 2
    )
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
        "ink": "#F4F9FF" if light_ink else "#0B1526",
    }


@draw.remembered
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
    return [f"{told.title}（{unit}） · {newest}{alone}", drawn]


# --- what is published and what is missing ----------------------------------------------------------


@draw.remembered
def published_panel(view: View, key: Key) -> None:
    """Overview indicators by unit: the figure that is there, or the mark of the one that is not."""
    known = [c.definition for c in cached.cards(key)]
    units = cached.stores().catalogue.units
    found = cached.published_by_unit(key)
    rows: list[dict[str, Any]] = [
        {"title": d.short_title, "cells": [_published(found.get((d.indicator, u.code)), d) for u in units]}
        for d in known
    ]
    there = sum(bool(c["value"]) for row in rows for c in row["cells"])
    with draw.panel("published"):
        aside = f"▨ 未公布也未报送 · 有数 {there}/{len(rows) * len(units)} · 数下为数据期"
        draw.html("head.html", view, title="各单位：已有与缺失", switches=None, aside=aside)
        draw.html("published.html", view, units=units, rows=rows)


def _published(said: Said | None, definition: Definition) -> dict[str, str]:
    if said is None:
        return {"value": "", "when": "", "title": ""}
    return {
        "value": quantity(said.quantity, definition.decimals),
        "when": said.period.label[:7],
        "title": f"{said.period.text}，{said.source}",
    }


def below_panel(view: View, key: Key) -> None:
    """What presses most; as long as nobody has returned anything, what is published and what is missing."""
    found = cached.list_readout(key)
    if found is None or found.silent:
        published_panel(view, key)
    else:
        urgent_panel(view, key)


@draw.remembered
def urgent_panel(view: View, key: Key) -> None:
    """The five most urgent measures with their reason and who can move them."""
    found = cached.list_readout(key)
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    rows = [
        {
            "key": m.light,
            "shape": SHAPES[m.light],
            "number": m.number,
            "text": m.text,
            "reason": m.reason,
            "movers": draw.several([names[code] for code in m.movers]),
            "href": view.link("tasks", measure=m.number),
        }
        for m in (found.urgent(5) if found else ())
    ]
    with draw.panel("urgent"):
        aside = "按亮灯、逾期天数、涉及单位数"
        draw.html("head.html", view, title="最要紧的五件事", switches=None, aside=aside)
        draw.html("urgent.html", view, rows=rows)


STATES = {
    "returned": ("✔", "done", "已报"),
    "late": ("▲", "behind", "迟报"),
    "silent": ("▨", "not_reported", "未报送"),
    "before": ("○", "not_started", "未开始"),
}


@draw.remembered
def strip(view: View, key: Key) -> None:
    """The 13 units in official order: returned, late or silent for the last month that is due."""
    told = cached.returning(key)
    printed = cached.printed_indicators(key)
    units = []
    for unit in told.units:
        shape, token, word = STATES[unit.state]
        note = unit.on.strftime("%m-%d") if unit.on else _silent_note(unit, printed.get(unit.code, 0))
        state = f"{word} {unit.days_late} 天" if unit.state == "late" else word
        units.append(
            {
                "code": unit.code,
                "href": view.link("county", unit=unit.code),
                "name": unit.name,
                "shape": shape,
                "token": token,
                "state": state,
                "note": note,
            }
        )
    head = f"已报 {told.told}" if told.told else "报送未开始"
    draw.html("strip.html", view, units=units, month=told.period.text, head=head)


def _silent_note(unit: Returned, printed: int) -> str:
    if unit.silent_for is None:
        return f"公开 {printed} 项" if printed else "无公开数"
    return f"连续 {unit.silent_for} 期" if unit.silent_for > 1 else "本期"
