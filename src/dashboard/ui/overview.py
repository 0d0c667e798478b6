"""Panels of the overview: what the whole city shows in ten seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..catalogue import CITY, DOMAINS
from ..charts.spark import spark
from ..figures import ABSENT_OWED, ABSENT_UNPUBLISHED, coverage, number, per_10k, quantity, signed
from ..formulas import change
from ..readouts.cards import Card, Comparison
from ..readouts.readings import Definition, Said
from ..readouts.returned import Returned
from . import cached, draw
from .address import View
from .cached import Key
from .theme import SHAPES, TOKENS

MAP_SIZE = (730, 536)


# --- KPI cards --------------------------------------------------------------------------------------


@draw.remembered
def kpis(view: View, key: Key) -> None:
    """The cards, two to a domain."""
    found = cached.cards(key)
    domains = [
        {"name": name, "cards": [_card(view, key, c) for c in own], "source": _provenance(own)}
        for name in DOMAINS
        if (own := [c for c in found if c.definition.domain == name])
    ]
    # A picture of its own does not see the variables of the page; a mask would, but costs the browser a second.
    draw.html("kpis.html", view, domains=domains, spark_ink=quote(TOKENS[view.theme]["accent"]))


def _card(view: View, key: Key, card: Card) -> dict[str, Any]:
    definition, value = card.definition, card.value
    return {
        "indicator": definition.indicator,
        "href": view.link("overview", indicator=definition.indicator),
        "title": definition.short_title,
        "definition": f"{definition.title}：{definition.definition}",
        "value": quantity(value.quantity, definition.decimals, absent=absent_word(key, definition)),
        "absent": value.quantity.value is None,
        "measured_in": definition.measured_in,
        "when": card.period.text if card.period else "",
        "source": card.said.source if card.said else "",
        "basis": basis(card),
        "rests": card.value.basis,
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
    if card.value.basis == "partial":  # a part beside the goal of the whole would look like a gap
        return f"全市目标 {number(card.target)}"
    return f"目标 {number(card.target)}"


def absent_word(key: Key, definition: Definition) -> str:
    """What stands where the city has no figure: 未报送 only where units were to hand it in by the day."""
    owed = definition.expected_reporters != "published" and cached.returning(key).told
    return ABSENT_OWED if owed else ABSENT_UNPUBLISHED


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


# --- below the map ----------------------------------------------------------------------------------


@draw.remembered
def below(view: View, key: Key) -> None:
    """What presses most; as long as nobody has returned anything, what is published and what is missing.

    Under it the units: who has returned.
    """
    found = cached.list_readout(key)
    with draw.together():
        if found is None or found.silent:
            published_panel(view, key)
        else:
            urgent_panel(view, key)
        strip(view, key)


def published_panel(view: View, key: Key) -> None:
    """Overview indicators by unit: the figure that is there, or the mark of the one that is not."""
    known = [c.definition for c in cached.cards(key)]
    units = cached.stores().catalogue.units
    found = cached.published_by_unit(key)
    rows: list[dict[str, Any]] = [
        {"title": d.short_title, "cells": [_published(found.get((d.indicator, u.code)), d) for u in units]}
        for d in known
    ]
    cells = [c for row in rows for c in row["cells"]]
    there, unread = (sum(c["state"] == state for c in cells) for state in ("read", "unread"))
    with draw.sheet("published"):
        checked = f" · 待核 {unread}" if unread else ""
        aside = f"▨ 未公布也未报送 · 有数 {there}/{len(cells)}{checked} · 数下为数据期"
        draw.html("head.html", view, title="各单位：已有与缺失", switches=None, aside=aside)
        draw.html("published.html", view, units=units, rows=rows)


def _published(said: Said | None, definition: Definition) -> dict[str, str]:
    if said is None:
        return {"state": "none", "value": "", "when": "", "title": ""}
    return {
        "state": "unread" if said.quantity.qualifier == "unknown" else "read",
        "value": quantity(said.quantity, definition.decimals),
        "when": said.period.label[:7],
        "title": f"{said.period.text}，{said.source}",
    }


def urgent_panel(view: View, key: Key) -> None:
    """The five most urgent measures with their reason and who can move them."""
    found = cached.list_readout(key)
    names = draw.names()
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
    with draw.sheet("urgent"):
        aside = "按亮灯、逾期天数、涉及单位数 · 右为能推动的单位"
        draw.html("head.html", view, title="最要紧的五件事", switches=None, aside=aside)
        draw.html("urgent.html", view, rows=rows)


STATES = {
    "returned": ("✔", "done", "已报"),
    "late": ("▲", "behind", "迟报"),
    "silent": ("▨", "not_reported", "未报送"),
    "before": ("○", "not_started", "未开始"),
}


def strip(view: View, key: Key) -> None:
    """The 13 units in official order: returned, late or silent for the last month that is due."""
    told = cached.returning(key)
    printed = cached.printed_indicators(key)
    units = []
    for unit in told.units:
        shape, token, word = STATES[unit.state]
        note = unit.on.strftime("%m-%d") if unit.on else _silent_note(unit, printed.get(unit.code, 0))
        if unit.state == "late":
            note = f"{unit.days_late} 天 · {note}"
        units.append(
            {
                "code": unit.code,
                "href": view.link("county", unit=unit.code),
                "name": unit.name,
                "shape": shape,
                "token": token,
                "state": word,
                "note": note,
            }
        )
    head = f"已报 {told.told}" if told.told else "报送未开始"
    draw.html("strip.html", view, units=units, month=told.period.text, head=head)


def _silent_note(unit: Returned, printed: int) -> str:
    if unit.silent_for is None:
        return f"公开 {printed} 项" if printed else "无公开数"
    return f"连续 {unit.silent_for} 期" if unit.silent_for > 1 else "本期"
