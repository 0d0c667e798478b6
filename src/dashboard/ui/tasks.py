"""The list of measures as a table with lights, reasons and filters."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ..catalogue import CITY
from ..lights import SEVERITY
from ..readouts.measures import ListReadout, MeasureReadout
from . import address, cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names
from .theme import SHAPES

_NAMES_SHOWN = 3


def filters(view: View, key: Key) -> None:
    """Aspect and light as switches, the organisation as a list; all of them in the address."""
    with st.container(key="filters", horizontal=True, vertical_alignment="center"):
        _switches(view, key)
        _organisation(view)


@draw.remembered
def _switches(view: View, key: Key) -> None:
    found = cached.list_readout(key)
    if found is None:
        return
    names = light_names()
    present = {m.light for m in found.measures}
    groups = [
        {
            "name": "方面",
            "options": [
                {"href": view.here("tasks", aspect=None), "on": not view.aspect, "word": "全部"},
                *(
                    {"href": view.here("tasks", aspect=str(i)), "on": view.aspect == str(i), "word": t.name}
                    for i, t in enumerate(found.aspects, start=1)
                ),
            ],
        },
        {
            "name": "亮灯",
            "options": [
                {"href": view.here("tasks", light=None), "on": not view.light, "word": "全部"},
                *(
                    {
                        "href": view.here("tasks", light=key),
                        "on": view.light == key,
                        "word": f"{SHAPES[key]} {names[key]}",
                    }
                    for key in SEVERITY
                    if key in present
                ),
            ],
        },
    ]
    draw.html("head.html", view, title="", switches=groups, aside="")


def _organisation(view: View) -> None:
    catalogue = cached.stores().catalogue
    involved = {a.organisation for a in catalogue.assignments}
    codes = [o.code for o in catalogue.organisations if o.code in involved]
    names = {o.code: o.short_name for o in catalogue.organisations}
    st.session_state["w_org"] = organisation_of(view)
    st.selectbox(
        draw.say(view, "单位"),
        ["", *codes],
        key="w_org",
        format_func=lambda code: draw.say(view, names[code] if code else "全部单位"),
        label_visibility="collapsed",
        on_change=address.put("org", drops=("unit",)),
    )


def organisation_of(view: View) -> str:
    """The organisation whose measures are shown; a unit of the address is one, the city is all of them."""
    return view.org or ("" if view.unit == CITY else view.unit)


def chosen(view: View, found: ListReadout) -> list[MeasureReadout]:
    """The one of the address, whatever the filters; then those that meet them, the most pressing first."""
    organisation = organisation_of(view)
    own = _of_organisation(organisation)
    kept = [
        m
        for m in found.measures
        if m.number == view.measure
        or (
            (not view.aspect or m.number.split("-")[0] == view.aspect)
            and (not view.light or m.light == view.light)
            and (not organisation or m.number in own)
        )
    ]
    return sorted(kept, key=lambda m: (m.number != view.measure, m.rank))


def _of_organisation(code: str) -> set[str]:
    return {a.measure for a in cached.stores().catalogue.assignments if a.organisation == code}


@draw.remembered
def table_panel(view: View, key: Key) -> None:
    """The table: light, number, measure, who can move it, due day, progress, reason."""
    found = cached.list_readout(key)
    if found is None:
        return
    rows = chosen(view, found)
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    lights = light_names()
    told = [
        {
            "key": m.light,
            "shape": SHAPES[m.light],
            "light": lights[m.light],
            "number": m.number,
            "on": m.number == view.measure,
            "text": m.text,
            "project": f"{m.aspect} · {m.project}",
            "lead": names.get(m.lead, ""),
            "movers": _movers(m, names, whole=m.number == view.measure),
            "due": "长期坚持" if m.standing else (m.due.isoformat() if m.due else ""),
            "percent": "" if m.percent is None else f"{int(m.percent)}%",
            "said": f"{m.said}/{m.assigned}",
            "older": f"{m.older} 个为旧期" if m.older else "",
            "reason": m.reason,
        }
        for m in rows
    ]
    with draw.sheet("tasks"):
        title = "任务清单" if found.official else "任务清单（示例，非官方清单）"
        draw.html(
            "head.html", view, title=title, switches=None, aside=f"{len(rows)}/{len(found.measures)} 条"
        )
        draw.html("tasks.html", view, rows=told)


def _movers(measure: MeasureReadout, names: Mapping[str, str], *, whole: bool) -> str:
    """Who can move it; all of them where the measure was asked for, else the first few and how many there are."""
    if measure.light in ("done", "standing"):
        return ""
    said = [names[c] for c in measure.movers]
    return draw.several(said, len(said) if whole else _NAMES_SHOWN)
