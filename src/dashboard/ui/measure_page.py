"""One measure, at /tasks?measure=: what a head must know who was told that it is late.

In ten seconds: what is promised till when, where it stands against plan, when it will really be done, who
holds it up and why, and whether what is claimed is backed by a figure that can be counted. Whoever answers
for it stands below, the worst first, with their own words beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ..charts.course import course
from ..evidence import MARKS
from ..figures import quantity
from ..readouts.evidence import Claim, Figure, OwnClaim, Proof
from ..readouts.measure import MeasureDetail, Part
from . import cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names
from .theme import SHAPES

CHART_HEIGHT = 300
MARK_SIGNS = {"above": "▲", "below": "△", "": ""}
SCOPES = {"city": "市级", "county": "各填报单位"}
_NAMED = 3


def short_names() -> dict[str, str]:
    """Short names by code."""
    return {o.code: o.short_name for o in cached.stores().catalogue.organisations}


@draw.remembered
def absent(view: View, key: Key) -> None:
    """The list of the day has no such measure, or there is none: a sentence, and the way back."""
    found = cached.list_readout(key)
    line = f"截至 {view.as_of.isoformat()}，清单里没有序号为 {view.measure} 的措施。"
    if found is None:
        line = "在这一天，任务清单还没有下发。"
    links = [{"href": view.here("tasks", measure=None), "word": "回到任务清单"}]
    draw.html("notice.html", view, title="没有这条措施", lines=[line], links=links)


def page(view: View, key: Key) -> None:
    """All of it: it fits its screen."""
    with st.container(key="measure"):
        head(view, key)
        facts(view, key)
        course_panel(view, key)
        parts_panel(view, key)
        words_panel(view, key)


@draw.remembered
def head(view: View, key: Key) -> None:
    """The neighbours, the way back, and what is promised till when by whom."""
    found = _detail(view, key)
    names = short_names()
    draw.html(
        "measure.html",
        view,
        m=found,
        back=view.here("tasks", measure=None),
        before=found.before and view.here("tasks", measure=found.before),
        after=found.after and view.here("tasks", measure=found.after),
        leads="、".join(names.get(code, code) for code in found.leads),
        scope=SCOPES[found.scope],
        label="" if found.official else "示例，非官方清单",
    )


def _detail(view: View, key: Key) -> MeasureDetail:
    found = cached.measure(key, view.measure)
    assert found is not None  # the page has asked
    return found


# --- five facts -------------------------------------------------------------------------------------


@draw.remembered
def facts(view: View, key: Key) -> None:
    """The light and whose it is; done against plan; days left; when it will be done; the evidence."""
    found = _detail(view, key)
    draw.html(
        "measure_facts.html",
        view,
        light=_light(found),
        progress=_progress(found),
        due=_due(found),
        expected=_expected(found),
        proof=_proof(found),
    )


def _light(found: MeasureDetail) -> dict[str, Any]:
    told = found.readout
    moving = [short_names()[code] for code in told.movers]
    whose = "" if told.light in ("done", "standing") else draw.several(moving, _NAMED)
    return {
        "key": told.light,
        "shape": SHAPES[told.light],
        "word": light_names(found.day)[told.light],
        "reason": told.reason,
        "whose": whose,
    }


def _progress(found: MeasureDetail) -> dict[str, Any]:
    told = found.readout
    value = "未报" if told.percent is None else f"{int(told.percent)}%"  # never rounded up to done
    older = f" · {told.older} 个为旧期" if told.older else ""
    return {
        "value": value,
        "absent": told.percent is None,
        "done": 0 if told.percent is None else round(told.percent, 1),
        "plan": found.plan,
        "should": "长期坚持，没有时序" if found.plan is None else f"时序 {found.plan:.0f}%",
        "said": f"{told.said}/{told.assigned} 个单位有进度{older}",
    }


def _due(found: MeasureDetail) -> dict[str, Any]:
    """Days left, days overdue, or how long before or after the due day it was done."""
    told, left, done = found.readout, found.days_left, found.completed_on
    start = f"{found.start.isoformat()} 启动"
    if told.due is None or left is None:
        return {"value": "长期坚持", "line": start, "bad": False}
    line = f"{found.start.isoformat()} 至 {told.due.isoformat()}"
    if done is not None:
        early = (told.due - done).days
        line = f"比时限早 {early} 天" if early > 0 else f"比时限晚 {-early} 天" if early else "在时限当天"
        return {"value": f"{done.isoformat()} 完成", "line": line, "bad": early < 0}
    if left < 0:
        return {"value": f"逾期 {-left} 天", "line": line, "bad": True}
    return {"value": f"还有 {left} 天" if left else "今天到期", "line": line, "bad": False}


def _expected(found: MeasureDetail) -> dict[str, Any]:
    """When it will be done, who finishes last, the range, and of how many nothing can be told."""
    told = found.forecast
    last = f"最晚的是{short_names()[told.organisation]}" if told.organisation else ""
    span = f"10%–90% 范围 {told.forecast.span}" if told.forecast.span else ""
    due = found.readout.due
    late = bool(told.forecast.day and due and told.forecast.day > due)
    return {
        "value": told.text,
        "dated": told.forecast.day is not None,
        "late": late,
        "last": last,
        "span": span,
        "others": told.others if told.at_the_earliest or not told.organisation else "",
    }


def _proof(found: MeasureDetail) -> dict[str, Any]:
    """The evidence with its mark, the claim of the same time, and the figures behind."""
    claim = found.claim
    if claim is None:
        return {"value": "无", "absent": True, "mark": "", "sign": "", "lines": ["这条措施没有佐证指标"]}
    value = proven(claim.proof)
    if claim.proof.percent is None:
        value = "不能计数"
    return {
        "value": value,
        "absent": claim.proof.percent is None,
        "mark": MARKS[claim.mark],
        "sign": MARK_SIGNS[claim.mark],
        "lines": [claim.why or _claimed(claim), *figures_of(claim)],
    }


def _claimed(claim: Claim) -> str:
    if claim.claimed is None or claim.proof.now is None:
        return "没有填报进度可比"
    return f"同期填报 {claim.claimed:.0f}%（{claim.proof.now.period.text}）"


def proven(proof: Proof) -> str:
    """The percent that the figures prove; empty when there is none."""
    if proof.percent is None:
        return ""
    return f"至少 {proof.percent:.0f}%" if proof.at_least else f"{proof.percent:.0f}%"


def figures_of(claim: Claim) -> list[str]:
    """The figures behind the evidence: base, now and target, each with its period; how complete they are."""
    proof = claim.proof
    if proof.now is None:
        return [claim.title] if not claim.why else []
    aim = "" if proof.target is None else f"，目标 {proof.target:,.0f}"
    now = f"{claim.title} {_figure(proof.now)}（{proof.now.period.text}）{aim}"
    base = ""
    if proof.base is not None:
        word = "启动后首期" if proof.base_late else "启动前"
        base = f"{word} {_figure(proof.base)}（{proof.base.period.text}）"
    return [line for line in (now, base, *_coverage(proof)) if line]


def _figure(figure: Figure) -> str:
    return quantity(figure.quantity)


def _coverage(proof: Proof) -> list[str]:
    now, partial = proof.now, proof.partial
    if now is None:
        return []
    said = f"{now.reported}/{now.expected} 已报" if now.expected > 1 else now.source
    newer = f"；{partial.period.text}仅 {partial.reported}/{partial.expected}" if partial else ""
    return [said + newer]


# --- through time -----------------------------------------------------------------------------------


@draw.remembered
def course_panel(view: View, key: Key) -> None:
    """Plan, claimed and proven through time, with due day and expected day."""
    found = _detail(view, key)
    series = found.claim.proof.series if found.claim else ()
    with draw.panel("course"):
        draw.html("measure_course.html", view, planned=found.plan is not None, proven=bool(series))
        option = course(
            found.start, found.readout.due, found.course, series, found.forecast.forecast, view.as_of
        )
        name = f"{found.readout.number} 的计划、填报和佐证随时间的变化"
        draw.chart(option, view, height=CHART_HEIGHT, name=name, key="course")


# --- who answers for it -----------------------------------------------------------------------------


@draw.remembered
def parts_panel(view: View, key: Key) -> None:
    """Every organisation that answers for it, the worst first."""
    found = _detail(view, key)
    names, lights = short_names(), light_names(found.day)
    rows = [_row(part, names, lights) for part in found.parts]
    with draw.sheet("parts"):
        aside = f"{len(rows)} 个责任单位 · 最急的在前"
        draw.html("head.html", view, title="各责任单位", switches=None, aside=aside)
        proof = found.claim is not None
        draw.html("measure_parts.html", view, rows=rows, proof=proof)


def _row(part: Part, names: Mapping[str, str], lights: Mapping[str, str]) -> dict[str, Any]:
    duty = part.duty
    return {
        "key": duty.light,
        "shape": SHAPES[duty.light],
        "light": lights[duty.light],
        "name": names[duty.organisation],
        "percent": "未报" if duty.percent is None else f"{duty.percent:g}%",
        "absent": duty.percent is None,
        "period": duty.period.label if duty.period else "",
        "older": duty.older,
        "reason": duty.reason,
        "expected": part.forecast.text,
        "proof": proven(part.own.proof) if part.own else "",
        "why": part.own.proof.why if part.own else "",
        "mark": MARKS[part.own.mark] if part.own else "",
        "sign": MARK_SIGNS[part.own.mark] if part.own else "",
        "known_on": part.told.known_on if part.told else None,
    }


@draw.remembered
def words_panel(view: View, key: Key) -> None:
    """What those who are not done say of it: how it goes, what stands in the way, what comes next."""
    found = _detail(view, key)
    names = short_names()
    spoken = [(part, part.told) for part in found.parts if part.told]
    spoken.sort(key=lambda one: (one[0].duty.light == "done", not one[1].problem))
    told = [
        {
            "name": names[part.duty.organisation],
            "key": part.duty.light,
            "shape": SHAPES[part.duty.light],
            "told": said,
        }
        for part, said in spoken
    ]
    with draw.sheet("said"):
        draw.html("head.html", view, title="单位原话", switches=None, aside="有问题的在前")
        draw.html("measure_said.html", view, told=told)


def own_words(own: OwnClaim | None) -> str:
    """The evidence of one organisation in one line, for a table that is taken away."""
    return "" if own is None else own.proof.why or proven(own.proof)
