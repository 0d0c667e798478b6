"""The board of the list: how much is done and should be, what is late and whose, what lacks evidence, what falls due.

Before it stand the heads of the department, three to six metres away, and must say within ten seconds how many
measures are done and should be, which are late, by how much and whose they are, and what falls due this month.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ..charts.gauge import gauge
from ..evidence import GAP_POINTS
from ..lights import percent_text
from ..periods import Period
from ..readouts.choice import LATE, kept, late, part
from ..readouts.due import count_of
from ..readouts.evidence import Claim
from ..readouts.measures import ListReadout, MeasureReadout, Tally, by_direction, in_order
from . import cached, draw
from .address import View
from .cached import Key
from .due_panels import chosen_due
from .list_panels import light_names, needle, no_list, two_hands
from .matrices import matrix_panel
from .task_bar import choice_of, organisation_of
from .theme import SHAPES

LATE_SHOWN, CLAIMS_SHOWN, DUE_SHOWN = 5, 4, 4
_WAY = {
    "overdue": "逾期 {n:.0f} 天",
    "far_behind": "落后 {n:.0f} 个百分点",
    "behind": "落后 {n:.0f} 个百分点",
}
# So many characters of names fit beside a row.
_ROOM = 7


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
        soon_panel(view, key)


@draw.remembered
def gauge_panel(view: View, key: Key) -> None:
    """The gauge of the chosen part with its two hands, and beside it the four directions with the same two."""
    found = cached.list_readout(key)
    with draw.panel("gauge"):
        if found is None:
            no_list(view, "任务清单")
            return
        rows = part(found, choice_of(view))
        whole = found.tally("", rows)
        draw.html("head.html", view, title=_title(view, whole), switches=None, aside=_aside(view, found))
        told = needle(whole, found.silent, found.day)
        should, *notes = told["below"]
        today = sum(found.day in m.dues for m in rows)  # also where one of them has a day of its own
        word = "今天到期" if found.day == view.as_of else "当天到期"
        notes += [f"{word} {today}"] if today else []
        with draw.box("gaugebody"):
            name = f"{whole.countable} 项可完成，应完成 {whole.should} 项"
            draw.chart(gauge(whole, silent=found.silent), view, height=176, name=name, key="gauge")
            draw.html("needle.html", view, **{**told, "below": [should], "lights": []})
            parts = in_order(found.parts(rows, by_direction))
            directions = [two_hands(view, t, "direction", found.silent) for t in parts]
            draw.html("directions.html", view, parts=directions, notes=notes)


def _title(view: View, whole: Tally) -> str:
    organisation = organisation_of(view)
    if organisation:
        return f"{draw.names()[organisation]}：{whole.total} 项"
    return f"减负：小马拉大车 {whole.total} 项"


def _aside(view: View, found: ListReadout) -> str:
    period = f"按 {view.period.text} · " if view.period else ""
    return period + ("" if found.official else "示例，非官方清单 · ") + "┃应完成 ▲时间"


@draw.remembered
def late_panel(view: View, key: Key) -> None:
    """What is overdue or behind, by how much, and who can move it."""
    found = cached.list_readout(key)
    if found is None:
        return
    rows = late(kept(found, choice_of(view)))
    shown = rows[: LATE_SHOWN + view.wall]
    names = light_names(found.day)
    aside = [f"{names[light]} {n}" for light in LATE if (n := sum(m.light == light for m in rows))]
    with draw.sheet("late"):
        title = "逾期和滞后：尚未报送" if found.silent else f"逾期和滞后 {len(rows)} 项"
        draw.html("head.html", view, title=title, switches=None, aside=" · ".join(aside))
        told = [_row(view, m, found) | {"how": _WAY[m.light].format(n=m.late)} for m in shown]
        nothing = "▨ 还没有单位报送进展" if found.silent else "没有措施逾期或滞后。"
        draw.html("board_rows.html", view, rows=told, rest=_rest(rows[len(shown) :]), nothing=nothing)


def _rest(rows: Sequence[MeasureReadout]) -> list[dict[str, Any]]:
    """What has no row of its own any more: the numbers, by light."""
    return [
        {"key": light, "shape": SHAPES[light], "numbers": " ".join(numbers)}
        for light in LATE
        if (numbers := [m.number for m in rows if m.light == light])
    ]


@draw.remembered
def claims_panel(view: View, key: Key) -> None:
    """Claims that their evidence does not bear out: what is claimed, what the figures prove, and whose it is."""
    found = cached.list_readout(key)
    if found is None:
        return
    choice = choice_of(view)
    measures = {m.number: m for m in kept(found, choice)}
    claims = [_told_of(c, choice.organisation) for c in cached.claims(key) if c.number in measures]
    compared = [t for t in claims if t["gap"] is not None]
    lacking = sorted((t for t in compared if t["mark"] == "above"), key=lambda t: -t["gap"])
    with draw.sheet("claims"):
        title = f"缺佐证 {len(lacking)}/{len(compared)} 项" if compared else "缺佐证：尚无可对照的"
        told_for = _span([t["period"] for t in lacking])
        aside = f"可对照 {len(compared)}/{len(measures)} 条" + (f" · 报为 {told_for} 的" if told_for else "")
        draw.html("head.html", view, title=title, switches=None, aside=aside)
        rows = [
            _row(view, measures[t["number"]], found)
            | {
                "how": f"报 {percent_text(t['claimed'], 0)}%，佐证 {percent_text(t['proven'], 0)}%",
                "who": t["who"] or _named(measures[t["number"]].leads),
                "key": "warn",
                "light": f"{t['period'].text}的填报高于佐证 {GAP_POINTS:g} 个百分点及以上",
                "shape": "≠",
            }
            for t in lacking[:CLAIMS_SHOWN]
        ]
        draw.html("board_rows.html", view, rows=rows, rest=[], nothing=_no_claim(claims, compared))


def _no_claim(claims: Sequence[Any], compared: Sequence[Any]) -> str:
    """Why no claim is named."""
    if not claims:
        return "这些措施没有佐证指标。"
    return "可对照的填报都有佐证。" if compared else "佐证指标还没有可对照的读数。"


def _span(periods: Sequence[Period]) -> str:
    """From the first of these periods to the last; claims are as old as the figures they are compared with."""
    ordered = sorted(set(periods))
    return " 至 ".join(p.text for p in (ordered[:1] + ordered[1:][-1:]))


def _told_of(claim: Claim, organisation: str) -> dict[str, Any]:
    """What the measure claims and proves, or what one organisation does of it where it answers for it itself."""
    one = next((c for c in claim.own if c.organisation == organisation), None)
    marked = [organisation] if one else [c.organisation for c in claim.own if c.mark == "above"]
    told = one or claim
    return {
        "number": claim.number,
        "claimed": told.claimed,
        "proven": told.proof.percent,
        "gap": told.gap,
        "period": told.proof.now.period if told.proof.now else None,
        "mark": told.mark,
        "who": _named(marked),
    }


@draw.remembered
def soon_panel(view: View, key: Key) -> None:
    """What falls due by the end of the month and in the thirty days after the day, and is not done."""
    found, due = cached.list_readout(key), chosen_due(view, key)
    if found is None or due is None:
        return
    measures = {m.number: m for m in found.measures}
    month, soon, past = due.this_month, due.within(30), count_of(due.past_this_month)
    with draw.sheet("due_soon"):
        title = f"{found.day.month} 月到期 {count_of(month)} 项，30 天内 {count_of(soon)} 项"
        ahead = [*month, *(r for r in soon if r not in month)]
        aside = f"未完成的 · 本月已过期 {past} 项" if past else "未完成的"
        aside += f" · 列前 {DUE_SHOWN} 项" if len(ahead) > DUE_SHOWN else ""
        today = "今天" if found.day == view.as_of else "当天"
        draw.html("head.html", view, title=title, switches=None, aside=aside)
        told = [
            _row(view, measures[r.number], found)
            | {
                "key": r.light,
                "shape": SHAPES[r.light],
                "how": f"{r.due:%m-%d} {f'还有 {r.days} 天' if r.days else today}",
                "who": _named(r.movers),
            }
            for r in ahead[:DUE_SHOWN]
        ]
        draw.html("board_rows.html", view, rows=told, rest=[], nothing="本月和今后 30 天没有措施到期。")


def _row(view: View, measure: MeasureReadout, found: ListReadout) -> dict[str, Any]:
    return {
        "key": measure.light,
        "shape": SHAPES[measure.light],
        "light": light_names(found.day)[measure.light],
        "number": measure.number,
        "what": measure.project,
        "text": measure.text,
        "href": view.here("tasks", measure=measure.number),
        "who": _named(measure.movers),
    }


def _named(codes: Sequence[str]) -> str:
    """Short names of as many as there is room for."""
    return draw.fitting([draw.names()[code] for code in codes], _ROOM)
