"""The board of the list: how much is done and should be, what is late and whose, what falls due, project by unit.

Before it stand the heads of the department, three to six metres away, and must say within ten seconds how many
measures are done and should be, which are late, by how much and whose they are, and what falls due this month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from ..charts.gauge import gauge
from ..evidence import GAP_POINTS
from ..readouts.choice import kept, late, part
from ..readouts.due import count_of
from ..readouts.evidence import Claim
from ..readouts.matrix import Cell, Row, by_measure, by_project
from ..readouts.measures import ListReadout, MeasureReadout, Tally, by_aspect, by_direction
from . import cached, draw
from .address import View
from .cached import Key
from .due_panels import chosen_due
from .list_panels import LIGHT_NAMES, light_names, needle
from .task_bar import choice_of, organisation_of
from .theme import SHAPES

LATE_SHOWN, CLAIMS_SHOWN, DUE_SHOWN = 5, 4, 4
_WAY = {
    "overdue": "逾期 {n:.0f} 天",
    "far_behind": "落后 {n:.0f} 个百分点",
    "behind": "落后 {n:.0f} 个百分点",
}


def board(view: View, key: Key) -> None:
    """All of it: it fits its screen."""
    with st.container(key="board"):
        gauge_panel(view, key)
        _sheets(view, key)


@draw.remembered
def _sheets(view: View, key: Key) -> None:
    with draw.together():
        matrix_panel(view, key)
        late_panel(view, key)
        claims_panel(view, key)
        due_panel(view, key)


@draw.remembered
def gauge_panel(view: View, key: Key) -> None:
    """The gauge of the chosen part with its two hands, and beside it the four directions with the same two."""
    found = cached.list_readout(key)
    with draw.panel("gauge"):
        if found is None:
            draw.html("head.html", view, title="任务清单", switches=None, aside="")
            lines = ["在这一天，任务清单还没有下发。"]
            draw.html("notice.html", view, title="尚无清单", lines=lines, links=[])
            return
        rows = part(found, choice_of(view))
        whole = found.tally("", rows)
        draw.html("head.html", view, title=_title(view, whole), switches=None, aside=_aside(view, found))
        with draw.box("gaugebody"):
            name = f"{whole.countable} 项可完成，应完成 {whole.should} 项"
            draw.chart(gauge(whole, silent=found.silent), view, height=176, name=name, key="gauge")
            draw.html("needle.html", view, **{**needle(whole, found.silent, found.day), "lights": []})
            directions = [_bar(view, t, "direction", found.silent) for t in found.parts(rows, by_direction)]
            draw.html("directions.html", view, parts=directions)


def _title(view: View, whole: Tally) -> str:
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    organisation = organisation_of(view)
    if organisation:
        return f"{names[organisation]}：{whole.total} 项"
    return f"减负：小马拉大车 {whole.total} 项"


def _aside(view: View, found: ListReadout) -> str:
    period = f"按 {view.period.text} · " if view.period else ""
    return period + ("" if found.official else "示例，非官方清单 · ") + "┃应完成 ▲时间"


def _bar(view: View, tally: Tally, parameter: str, silent: bool) -> dict[str, Any]:
    """A part of the list as a bar with two hands; nobody having reported is not nought."""
    of = tally.countable
    unsaid = silent or tally.lights["not_reported"] == tally.total
    return {
        "href": view.here("tasks", **{parameter: tally.key}),
        "name": tally.name,
        "done": f"{0 if unsaid or not of else tally.done / of:.1%}",
        "should": f"{min(1.0, tally.should / of):.1%}" if of else "",
        "time": "" if tally.time_used is None else f"{tally.time_used:.1%}",
        "late": not unsaid and tally.done < tally.should,
        "told": f"▨ {tally.total}" if unsaid else f"{tally.done}/{of}",
        "owed": f"应 {tally.should}",
    }


@draw.remembered
def matrix_panel(view: View, key: Key) -> None:
    """Project by unit, in a form that is read from six metres: the worst light of each, and how many bear it."""
    found = cached.list_readout(key)
    if found is None:
        return
    chosen, names = part(found, choice_of(view)), light_names(found.day)
    units = cached.stores().catalogue.units
    rows = by_project(found, chosen, [u.code for u in units])
    tallies = {t.key: _bar(view, t, "aspect", found.silent) for t in found.parts(chosen, by_aspect)}
    groups = [
        {
            "aspect": tallies[aspect],
            "rows": [_project(view, row, [u.code for u in units], names) for row in own],
        }
        for aspect, own in _grouped(rows).items()
    ]
    with draw.sheet("matrix"):
        aside = "每格取最重的灯，数字为亮此灯的措施数；长期坚持另计"
        title = f"{len(rows)} 个项目 × {len(units)} 个单位"
        draw.html("head.html", view, title=title, switches=None, aside=aside)
        draw.html("matrix.html", view, units=_heads(view, units), groups=groups, tall=len(rows))
        draw.html("light_legend.html", view, lights=_legend(found.tally("", chosen), names))


def _grouped(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.aspect, []).append(row)
    return found


def _heads(view: View, units: Sequence[Any]) -> list[dict[str, Any]]:
    chosen = organisation_of(view)
    return [
        {"name": u.short_name, "href": view.here("tasks", org=u.code, unit=None), "on": u.code == chosen}
        for u in units
    ]


def _project(view: View, row: Row, units: Sequence[str], names: Mapping[str, str]) -> dict[str, Any]:
    href = view.here("tasks", show="list", project=row.key)
    cells = [
        _cell(cell, view.here("tasks", show="list", project=row.key, org=unit, unit=None), names)
        for cell, unit in zip(row.cells, units, strict=True)
    ]
    return {
        "key": row.key,
        "name": row.name,
        "href": href,
        "whole": _cell(row.whole, href, names),
        "cells": cells,
    }


def _cell(cell: Cell | None, href: str, names: Mapping[str, str]) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {
        "key": cell.light,
        "shape": SHAPES[cell.light],
        "name": names[cell.light],
        "count": cell.count if cell.count > 1 else "",
        "href": href,
    }


def _legend(whole: Tally, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"key": light, "shape": SHAPES[light], "name": names[light], "count": whole.lights[light]}
        for light in LIGHT_NAMES
    ]


@draw.remembered
def measures_matrix_panel(view: View, key: Key) -> None:
    """Measure by unit: a light in every cell, blank where the unit has nothing to do with it."""
    found = cached.list_readout(key)
    if found is None:
        return
    units = cached.stores().catalogue.units
    codes = [u.code for u in units]
    chosen, names = {m.number: m for m in kept(found, choice_of(view))}, light_names(found.day)
    rows = by_measure(found, list(chosen.values()), codes)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        measure = chosen[row.key]
        href = view.link("tasks", measure=row.key)
        told = {
            "key": row.key,
            "name": row.name,
            "href": href,
            "whole": _cell(row.whole, href, names),
            "cells": [_cell(cell, href, names) for cell in row.cells],
        }
        groups.setdefault((measure.aspect, f"{measure.project_no} {measure.project}"), []).append(told)
    with draw.sheet("measures_matrix"):
        mark = "" if found.official else "示例，非官方清单 · "
        title = f"{len(rows)} 条措施 × {len(units)} 个单位"
        aside = f"{mark}空格为不涉及；点一格看这条措施"
        draw.html("head.html", view, title=title, switches=None, aside=aside)
        draw.html("light_legend.html", view, lights=_legend(found.tally("", chosen.values()), names))
        draw.html("measures_matrix.html", view, units=_heads(view, units), groups=groups)


@draw.remembered
def late_panel(view: View, key: Key) -> None:
    """What is overdue or behind, by how much, and who can move it."""
    found = cached.list_readout(key)
    if found is None:
        return
    rows = late(part(found, choice_of(view)))
    names = light_names(found.day)
    counts = " · ".join(
        f"{names[light]} {count}"
        for light in ("overdue", "far_behind", "behind")
        if (count := sum(m.light == light for m in rows))
    )
    with draw.sheet("late"):
        title = "没有逾期和滞后" if not rows else f"逾期和滞后 {len(rows)} 项"
        draw.html("head.html", view, title=title, switches=None, aside=counts)
        told = [_row(view, m, found.day) | {"how": _WAY[m.light].format(n=m.late)} for m in rows[:LATE_SHOWN]]
        draw.html("board_rows.html", view, rows=told, nothing=_unsaid(found, "没有措施逾期或滞后。"))


@draw.remembered
def claims_panel(view: View, key: Key) -> None:
    """Claims that their evidence does not bear out: what is claimed, what the figures prove, and whose it is."""
    found = cached.list_readout(key)
    if found is None:
        return
    chosen = {m.number for m in part(found, choice_of(view))}
    claims = [c for c in cached.claims(key) if c.number in chosen]
    lacking = sorted((c for c in claims if c.mark == "above"), key=lambda c: -(c.gap or 0.0))
    measures = {m.number: m for m in found.measures}
    with draw.sheet("claims"):
        title = f"缺佐证 {len(lacking)} 项" if lacking else "没有填报高于佐证的"
        told = sum(c.gap is not None for c in claims)
        aside = f"填报高出佐证 {GAP_POINTS:g} 个百分点以上 · {told}/{len(claims)} 项可对照"
        draw.html("head.html", view, title=title, switches=None, aside=aside)
        rows = [
            _row(view, measures[c.number], found.day)
            | {
                "how": f"报 {c.claimed:.0f}%，佐证 {c.evidence:.0f}%",
                "who": _whose(c, measures[c.number]),
                "key": "warn",
                "shape": "≠",
            }
            for c in lacking[:CLAIMS_SHOWN]
        ]
        draw.html("board_rows.html", view, rows=rows, nothing="填报的进展都有佐证，或还没有可对照的数。")


def _whose(claim: Claim, measure: MeasureReadout) -> str:
    """The organisations whose own figures do not bear out what they claim; else who leads."""
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    own = [names[c.organisation] for c in claim.own if c.mark == "above"]
    return draw.several(own or [names[code] for code in measure.leads], 1)


@draw.remembered
def due_panel(view: View, key: Key) -> None:
    """What falls due by the end of the month and in the thirty days after the day, and is not done."""
    found, due = cached.list_readout(key), chosen_due(view, key)
    if found is None or due is None:
        return
    measures = {m.number: m for m in found.measures}
    month, soon = due.this_month, due.within(30)
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    with draw.sheet("due_soon"):
        title = f"{found.day.month} 月到期未完成 {count_of(month)} 项"
        draw.html("head.html", view, title=title, switches=None, aside=f"30 天内到期 {count_of(soon)} 项")
        told = [
            _row(view, measures[r.number], found.day)
            | {
                "key": r.light,
                "shape": SHAPES[r.light],
                "how": r.due.strftime("%m-%d"),
                "who": draw.several([names[code] for code in r.movers], 1),
            }
            for r in (*month, *(r for r in soon if r not in month))[:DUE_SHOWN]
        ]
        draw.html("board_rows.html", view, rows=told, nothing="本月和今后 30 天没有措施到期。")


def _unsaid(found: ListReadout, nothing: str) -> str:
    return "▨ 还没有单位报送进展" if found.silent else nothing


def _row(view: View, measure: MeasureReadout, day: date) -> dict[str, Any]:
    names = {o.code: o.short_name for o in cached.stores().catalogue.organisations}
    return {
        "key": measure.light,
        "shape": SHAPES[measure.light],
        "light": light_names(day)[measure.light],
        "number": measure.number,
        "what": measure.project,
        "text": measure.text,
        "href": view.link("tasks", measure=measure.number),
        "who": draw.several([names[code] for code in measure.movers], 1),
    }
