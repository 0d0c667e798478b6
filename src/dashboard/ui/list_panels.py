"""Panels of the list that several pages draw: the gauge and the bars of the aspects."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..charts.aspects import aspects
from ..charts.gauge import gauge
from ..figures import day_text
from ..lights import rule_of
from ..readouts.measures import ListReadout, Tally
from . import cached, draw
from .address import View
from .cached import Key
from .theme import SHAPES

LIGHT_NAMES = (
    "done",
    "on_track",
    "behind",
    "far_behind",
    "overdue",
    "not_started",
    "standing",
    "not_reported",
)


@draw.remembered
def gauge_panel(view: View, key: Key) -> None:
    """The gauge of the list, with the count of each light."""
    found = cached.list_readout(key)
    with draw.panel("gauge"):
        if found is None:
            no_list(view, "任务清单")
            return
        whole = found.whole
        period = f"按 {view.period.text}" if view.period else ""
        label = " · ".join(filter(None, (period, "" if found.official else "示例，非官方清单")))
        draw.html("head.html", view, title=f"减负：小马拉大车 {whole.total} 项", switches=None, aside=label)
        name = f"{whole.countable} 项可完成，应完成 {whole.should} 项"
        with draw.box("gaugebody"):
            draw.chart(gauge(whole, silent=found.silent), view, height=256, name=name, key="gauge")
            draw.html("needle.html", view, **needle(whole, found.silent, found.day))
        if view.data == "live":
            draw.html("source.html", view, text=published_counts(found), said=found.published)


def published_counts(found: ListReadout) -> str:
    """The published size of the list, and its day; source and grade stand behind it."""
    told = found.published
    size = f"公开数：{told.aspects} 个方面、{told.projects} 个项目、{told.measures} 条措施"
    return f"{size} · {day_text(told.published_on)}"


def no_list(view: View, title: str) -> None:
    """What a panel of this title says on a day before the first list."""
    draw.html("head.html", view, title=title, switches=None, aside="")
    draw.html("notice.html", view, title="尚无清单", lines=["在这一天，任务清单还没有下发。"], links=[])


def needle(whole: Tally, silent: bool, day: date) -> dict[str, Any]:
    """What stands in the middle of the gauge and beside it."""
    names = light_names(day)
    lights = [
        {"key": key, "shape": SHAPES[key], "name": names[key], "count": whole.lights[key]}
        for key in LIGHT_NAMES
        if whole.lights[key]
    ]
    below = [f"应完成 {whole.should}"]
    if whole.time_used is not None:
        below.append(f"时间已用 {whole.time_used:.0%}")
    if whole.total > whole.countable:
        below.append(f"另 {whole.total - whole.countable} 项长期坚持")
    big = "尚未报送" if silent else f"{whole.done}/{whole.countable}"
    return {"big": big, "absent": silent, "below": below, "lights": lights}


@draw.remembered
def aspects_panel(view: View, key: Key) -> None:
    """The aspects as bars with their mark."""
    found = cached.list_readout(key)
    with draw.panel("aspects"):
        draw.html(
            "head.html",
            view,
            title="各方面" if found is None else f"{len(found.aspects)} 个方面",
            switches=None,
            aside=_aspects_aside(found),
        )
        if found is None:
            lines = ["清单下发后，这里按方面列出完成与应完成。"]
            draw.html("notice.html", view, title="尚无清单", lines=lines, links=[])
            return
        bars = aspects(found.aspects, [_aspect_words(t) for t in found.aspects])
        draw.chart(bars, view, height=286, name="各方面完成与应完成", key="aspects")


def _aspects_aside(found: ListReadout | None) -> str:
    mark = "" if found is None or found.official else "示例 · "
    return f"{mark}完成／可完成 · ┃应完成 ▲时间"


def _aspect_words(tally: Tally) -> str:
    if tally.lights["not_reported"] == tally.total:
        return f"▨ 未报 {tally.total}"
    return f"{tally.done}/{tally.countable}"


def two_hands(view: View, tally: Tally, parameter: str, silent: bool) -> dict[str, Any]:
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


def light_names(day: date) -> dict[str, str]:
    """The name of each light in the rule in force on the day."""
    rules = cached.stores().catalogue.light_rules
    return {light.light: light.name for light in rule_of(rules, day).lights}
