"""The list against the units: project by unit, read from six metres, and measure by unit, read at a desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..readouts.choice import kept
from ..readouts.matrix import Cell, Row, by_measure, by_project
from ..readouts.measures import Tally, by_aspect
from . import cached, draw
from .address import View
from .cached import Key
from .list_panels import LIGHT_NAMES, light_names, two_hands
from .task_bar import choice_of, organisation_of
from .theme import SHAPES

# A name of more characters than this is written smaller.
_LONG = 7


@draw.remembered
def matrix_panel(view: View, key: Key) -> None:
    """Project by unit, in a form that is read from six metres: the worst light of each, and how many bear it."""
    found = cached.list_readout(key)
    if found is None:
        return
    chosen, names = kept(found, choice_of(view)), light_names(found.day)
    units = cached.stores().catalogue.units
    rows = by_project(found, chosen, [u.code for u in units])
    tallies = {t.key: two_hands(view, t, "aspect", found.silent) for t in found.parts(chosen, by_aspect)}
    groups = [
        {
            "aspect": tallies[aspect],
            "rows": [_project(view, row, [u.code for u in units], names) for row in own],
        }
        for aspect, own in _grouped(rows).items()
    ]
    with draw.sheet("matrix"):
        aside = "每格取最重的灯，数字为亮此灯的措施数 · 全市含市直部门"
        title = f"{len(rows)} 个项目 × {len(units)} 个单位"
        draw.html("head.html", view, title=title, switches=None, aside=aside)
        if not rows:
            draw.html("board_rows.html", view, rows=[], nothing="没有符合条件的措施。")
            return
        draw.html("matrix.html", view, units=_heads(view, units), groups=groups, tall=len(rows))
        draw.html(
            "light_legend.html", view, count=len(chosen), lights=_legend(found.tally("", chosen), names)
        )


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
        "long": len(row.name) > _LONG,
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
        href = view.here("tasks", measure=row.key)
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
        draw.html(
            "light_legend.html",
            view,
            count=len(chosen),
            lights=_legend(found.tally("", chosen.values()), names),
        )
        draw.html("measures_matrix.html", view, units=_heads(view, units), groups=groups)
