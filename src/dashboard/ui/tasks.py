"""The list of measures as a table with lights and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ..readouts.choice import kept, own_days
from ..readouts.measures import ListReadout, MeasureReadout
from . import cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names
from .task_bar import choice_of
from .theme import SHAPES

_NAMES_SHOWN, _OWN_NAMED = 3, 1
_ON_A_WALL = 10  # rows that fit a wall, where nobody scrolls


def chosen(view: View, found: ListReadout) -> list[MeasureReadout]:
    """The measures that meet the filters, the most pressing first."""
    return sorted(kept(found, choice_of(view)), key=lambda m: m.rank)


@draw.remembered
def table_panel(view: View, key: Key) -> None:
    """The table: light, number, measure, who can move it, due day, progress, reason."""
    found = cached.list_readout(key)
    if found is None:
        return
    rows = chosen(view, found)
    names = draw.names()
    lights, own = light_names(found.day), own_days(found, choice_of(view))
    told = [
        {
            "key": m.light,
            "shape": SHAPES[m.light],
            "light": lights[m.light],
            "number": m.number,
            "href": view.here("tasks", measure=m.number),
            "text": m.text,
            "project": f"{m.aspect} · {m.project}",
            "lead": "、".join(names[c] for c in m.leads),
            "movers": _movers(m, names),
            "due": "长期坚持" if m.standing else (m.due.isoformat() if m.due else ""),
            "own": _own_days(own.get(m.number, {}), names),
            "percent": "" if m.percent is None else f"{int(m.percent)}%",
            "said": f"{m.said}/{m.assigned}",
            "older": f"{m.older} 个为旧期" if m.older else "",
            "reason": m.reason,
        }
        for m in rows[: _ON_A_WALL if view.wall else None]
    ]
    with draw.sheet("tasks"):
        title = "任务清单" if found.official else "任务清单（示例，非官方清单）"
        draw.html(
            "head.html", view, title=title, switches=None, aside=f"{len(rows)}/{len(found.measures)} 条"
        )
        draw.html("tasks.html", view, rows=told, more=len(rows) - len(told))


def _own_days(days: Mapping[date, Sequence[str]], names: Mapping[str, str]) -> list[str]:
    """Which day of an assignment's own lies in the chosen window, and whose it is."""
    return [
        f"单独时限 {day.isoformat()} {draw.several([names[c] for c in codes], _OWN_NAMED)}"
        for day, codes in days.items()
    ]


def _movers(measure: MeasureReadout, names: Mapping[str, str]) -> str:
    """Who can move it."""
    if measure.light in ("done", "standing"):
        return ""
    return draw.several([names[c] for c in measure.movers], _NAMES_SHOWN)
