"""Whose it is: the list by who leads and by who answers for it, each with a bar of lights.

Before it stands a head who must see within ten seconds with whom it is late, what is due next there, and who is
silent. Organisations stand in the official order: nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from ..lights import SEVERITY
from ..readouts.leads import DueDay, Lead, Responsible, shared
from . import cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names, no_list
from .task_bar import organisation_of
from .theme import SHAPES

Row = TypeVar("Row", Lead, Responsible)

_NAMES_SHOWN = 2
_NUMBERS_SHOWN = 4


def whose(view: View, key: Key) -> None:
    """Who leads and, at a desk, who answers for it: the wall does not scroll."""
    with st.container(key="who"):
        leads_panel(view, key)
        if not view.wall:
            responsible_panel(view, key)


@draw.remembered
def leads_panel(view: View, key: Key) -> None:
    """One row a lead: its measures by light, what is due next, what is overdue, who is silent, what waits for it."""
    found, rows = cached.list_readout(key), _own(view, cached.by_lead(key))
    names = draw.names()
    with draw.sheet("leads"):
        if found is None:
            no_list(view, "牵头单位")
            return
        _head(view, key, "牵头单位", _leads_aside(key), found.official)
        draw.html("legend_lights.html", view, lights=_legend([row.lights for row in rows], found.day))
        most = max((row.total for row in rows), default=1)
        told = [
            {
                "name": names[row.organisation],
                "href": view.here("tasks", show="list", org=row.organisation, unit=None),
                "total": row.total,
                "share": _share(row.total, most),
                "parts": _parts(row.lights, found.day),
                "next": [_ahead(day) for day in row.next_due],
                "overdue": _overdue(row.overdue),
                "silent": [names[code] for code in row.silent],
                "silent_told": draw.several([names[code] for code in row.silent], _NAMES_SHOWN),
                "waiting": len(row.waiting),
                "waiting_told": draw.several(list(row.waiting), _NUMBERS_SHOWN),
            }
            for row in rows
        ]
        draw.html("leads.html", view, rows=told)


def _own(view: View, rows: Sequence[Row]) -> Sequence[Row]:
    """The row of the organisation in the address; all of them where it has none here."""
    code = organisation_of(view)
    return [row for row in rows if row.organisation == code] or rows


def _leads_aside(key: Key) -> str:
    """How many lead, and how many measures: those with several leads stand with each, which is said."""
    found, leads = cached.list_readout(key), cached.leads_of(key)
    assert found is not None
    rows = cached.by_lead(key)
    told = f"{len(rows)} 个单位牵头 {len(found.measures)} 条"
    several = shared(leads)
    if several:
        told += f" · 其中 {several} 条多家牵头，各计一次，合计 {sum(r.total for r in rows)} 条"
    unled = sum(not leads.get(m.number) for m in found.measures)
    return told + (f" · 另 {unled} 条没有牵头单位" if unled else "")


@draw.remembered
def responsible_panel(view: View, key: Key) -> None:
    """One row an organisation that answers for measures: the units, and the departments beside them."""
    found, rows = cached.list_readout(key), _own(view, cached.by_responsible(key))
    with draw.sheet("responsible"):
        if found is None:
            no_list(view, "责任单位")
            return
        aside = f"{len(rows)} 个单位承担 {sum(r.total for r in rows)} 项责任"
        _head(view, key, "责任单位", aside, found.official)
        draw.html("legend_lights.html", view, lights=_legend([row.lights for row in rows], found.day))
        units = {u.code for u in cached.stores().catalogue.units}
        groups = [
            {
                "title": "县（市、区）",
                "rows": _duties(view, [r for r in rows if r.organisation in units], found.day),
            },
            {
                "title": "市直部门",
                "rows": _duties(view, [r for r in rows if r.organisation not in units], found.day),
            },
        ]
        draw.html("responsible.html", view, groups=[g for g in groups if g["rows"]])


def _duties(view: View, rows: Sequence[Responsible], day: date) -> list[dict[str, Any]]:
    names = draw.names()
    most = max((row.total for row in rows), default=1)
    return [
        {
            "name": names[row.organisation],
            "href": view.here("tasks", show="list", org=row.organisation, unit=None),
            "total": row.total,
            "share": _share(row.total, most),
            "parts": _parts(row.lights, day),
            "next": [_ahead(day) for day in row.next_due[:1]],
            "overdue": _overdue(row.overdue),
            "silent": len(row.silent),
            "silent_with": _with(row.silent_lights, day),
        }
        for row in rows
    ]


def _with(silent: Mapping[str, int], day: date) -> str:
    """What of the silent bears another light than 未报送, so that its count there is smaller; empty: nothing."""
    names = light_names(day)
    others = [
        f"{names[light]} {silent[light]}"
        for light in SEVERITY
        if light != "not_reported" and silent.get(light)
    ]
    return f"含{'、'.join(others)}" if others else ""


def _head(view: View, key: Key, title: str, aside: str, official: bool) -> None:
    label = "" if official else "（示例，非官方清单）"
    draw.html("head.html", view, title=f"{title}{label}", switches=None, aside=aside)


def _share(total: int, most: int) -> str:
    """How long the bar is beside the longest."""
    return f"{total / most:.1%}"


def _parts(lights: Mapping[str, int], day: date) -> list[dict[str, Any]]:
    """The segments of a bar, the worst light first; what nobody bears has none."""
    names = light_names(day)
    return [
        {"key": light, "shape": SHAPES[light], "count": lights[light], "name": names[light]}
        for light in SEVERITY
        if lights.get(light)
    ]


def _legend(all_lights: Sequence[Mapping[str, int]], day: date) -> list[dict[str, str]]:
    """The lights that are shown somewhere in the panel, by shape and name."""
    names = light_names(day)
    shown = [light for light in SEVERITY if any(lights.get(light) for lights in all_lights)]
    return [{"key": light, "shape": SHAPES[light], "name": names[light]} for light in shown]


def _ahead(day: DueDay) -> dict[str, str]:
    return {"number": day.number, "due": day.due.isoformat(), "left": left(day.days)}


def left(days: int) -> str:
    """How long until a day: the day itself counts as today."""
    return "今天" if days == 0 else f"还有 {days} 天"


def _overdue(days: Sequence[DueDay]) -> dict[str, Any] | None:
    """How many are overdue, and the longest; None when none is."""
    if not days:
        return None
    return {
        "count": len(days),
        "longest": days[0].days,
        "numbers": draw.several([d.number for d in days], _NUMBERS_SHOWN),
    }
