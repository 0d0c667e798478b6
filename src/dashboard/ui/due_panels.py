"""When: what falls due this month and in the next 30, 60 and 90 days, and what is past its day.

Before it stands a head who asks what has to be finished by when, who can still move it, and what was missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import streamlit as st

from ..figures import day_text
from ..readouts.choice import kept
from ..readouts.due import WINDOWS, DueReadout, FallingDue, count_of
from . import cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names, no_list
from .station_facts import fact
from .task_bar import choice_of
from .theme import SHAPES
from .who_panels import left

_NAMES_SHOWN = 2
# The wall does not scroll: beyond this window only the facts say what is due.
_ON_THE_WALL = 60


def chosen_due(view: View, key: Key) -> DueReadout | None:
    """What falls due of the measures that the address chose; None before the first list."""
    choice = choice_of(view)
    found, due = cached.list_readout(key), cached.due(key, choice.organisation)
    if found is None or due is None:
        return None
    return due.only({m.number for m in kept(found, choice)})


def when(view: View, key: Key) -> None:
    """The facts, then what is ahead beside what was missed."""
    due_facts(view, key)
    with st.container(key="when"):
        due_panel(view, key, WINDOWS[-1])
        overdue_panel(view, key)


@draw.remembered
def due_facts(view: View, key: Key) -> None:
    """What falls due this month, in 30, 60 and 90 days, and what is overdue: measures, each counted once."""
    found = chosen_due(view, key)
    if found is None:
        draw.html("facts.html", view, facts=[fact("本月到期", "尚无清单", "", "清单还没有下发", absent=True)])
        return
    end = found.day + timedelta(days=found.month_left)
    told = [_fact("本月到期", found.this_month, _this_month_line(found), f"至 {day_text(end)}")]
    for after, upto in pairwise((-1, *WINDOWS)):
        until = f"至 {day_text(found.day + timedelta(days=upto))}"
        added = found.between(after, upto)
        line = _numbers(added) if after < 0 else f"{after + 1} 至 {upto} 天：{_numbers(added, 2)}"
        told.append(_fact(f"{upto} 天内到期", found.within(upto), line, until))
    longest = f"最长 {-found.past[0].days} 天：{found.past[0].number}" if found.past else "没有措施逾期"
    told.append(_fact("已逾期", found.past, longest, f"截至 {day_text(found.day)}"))
    draw.html("facts.html", view, facts=told)


def _fact(name: str, rows: Sequence[FallingDue], *lines: str) -> dict[str, Any]:
    return fact(name, f"{count_of(rows)}", "条", *lines)


def _numbers(rows: Sequence[FallingDue], most: int = 3) -> str:
    """Which measures these are, each once."""
    numbers = list(dict.fromkeys(row.number for row in rows))
    return draw.several(numbers, most) if numbers else "没有措施到期"


def _this_month_line(found: DueReadout) -> str:
    """Which they are; beside them, what fell due earlier in the month and is not done."""
    past = count_of(found.past_this_month)
    told = _numbers(found.this_month)
    return f"{told}；另 {past} 条本月已到期未完成" if past else told


@draw.remembered
def due_panel(view: View, key: Key, days: int) -> None:
    """What falls due in this many days, by windows of 30, the nearest first; what is done does not stand here."""
    days = min(days, _ON_THE_WALL) if view.wall else days
    found, listed = chosen_due(view, key), cached.list_readout(key)
    with draw.sheet("due"):
        if found is None or listed is None:
            no_list(view, "到期")
            return
        label = "" if listed.official else "（示例，非官方清单）"
        rows = found.within(days)
        aside = f"{count_of(rows)} 条，时限不同的分列 · 百分比为未完成单位的平均"
        draw.html("head.html", view, title=f"{days} 天内到期{label}", switches=None, aside=aside)
        draw.html("due.html", view, groups=_windows(view, found, days))


def _windows(view: View, found: DueReadout, days: int) -> list[dict[str, Any]]:
    groups, after = [], -1
    for upto in (*(w for w in WINDOWS if w < days), days):
        title = f"{upto} 天内" if after < 0 else f"{after + 1} 至 {upto} 天"
        groups.append(_group(view, title, found.between(after, upto), "没有措施到期。"))
        after = upto
    return groups


@draw.remembered
def overdue_panel(view: View, key: Key) -> None:
    """What fell due and is not done, the longest overdue first."""
    found = chosen_due(view, key)
    with draw.sheet("overdue"):
        if found is None:
            no_list(view, "逾期")
            return
        draw.html(
            "head.html",
            view,
            title="已到期未完成",
            switches=None,
            aside=f"{count_of(found.past)} 条，时限不同的分列",
        )
        draw.html("due.html", view, groups=[_group(view, "", found.past, "没有措施逾期。")])


def _group(view: View, title: str, rows: Sequence[FallingDue], none: str) -> dict[str, Any]:
    return {
        "title": title,
        "count": count_of(rows),
        "rows": [_row(view, row) for row in rows],
        "none": none,
    }


def _row(view: View, row: FallingDue) -> dict[str, Any]:
    names = draw.names()
    movers = [names[code] for code in row.movers]
    return {
        "key": row.light,
        "shape": SHAPES[row.light],
        "light": light_names(view.as_of)[row.light],
        "left": left(row.days) if row.days >= 0 else f"逾期 {-row.days} 天",
        "late": row.days < 0,
        "due": row.due.isoformat(),
        "own": row.own,
        "number": row.number,
        "href": view.here("tasks", measure=row.number),
        "text": row.text,
        "percent": "未报" if row.percent is None else f"{int(row.percent)}%",
        "lead": "、".join(names[code] for code in row.leads),
        "movers": draw.several(movers, _NAMES_SHOWN),
        "all_movers": "、".join(movers),
    }
