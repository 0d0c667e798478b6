"""One measure, at /tasks?measure=: what a head must know who was told that it is late.

In ten seconds: what is promised till when, where it stands against plan, when it will really be done, who
holds it up and why, and whether what is claimed is backed by a figure that can be counted. Whoever answers
for it stands below, the worst first, with their own words beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from ..charts.course import course, drawn
from ..evidence import GAP_POINTS, MARKS
from ..figures import coverage, quantity
from ..forecast import UNKNOWN, Forecast
from ..formulas import Quantity
from ..readouts.evidence import Claim, Figure, OwnClaim, Proof
from ..readouts.measure import MeasureDetail, Part, Told
from . import cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names
from .task_bar import SCOPE_WORDS
from .theme import SHAPES

CHART_HEIGHT, TALL_CHART = 208, 500
# Claim and evidence differ; the word beside says which way. ▲ is the sign of a light.
MARK_SIGNS = {"above": "≠", "below": "≠", "": ""}
# Up to how many organisations leave room below them for what they say.
_FEW = 5
_NAMED = 3
_OWN_NAMED = 1


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
    names = draw.names()
    draw.html(
        "measure.html",
        view,
        m=found,
        back=view.here("tasks", measure=None),
        before=found.before and view.here("tasks", measure=found.before),
        after=found.after and view.here("tasks", measure=found.after),
        leads="、".join(names.get(code, code) for code in found.leads),
        scope=SCOPE_WORDS[found.scope],
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
    told, done = found.readout, found.completed_on
    word = light_names(found.day)[told.light]
    moving = [draw.names()[code] for code in told.movers]
    whose = "" if told.light in ("done", "standing") else draw.several(moving, _NAMED)
    return {
        "key": told.light,
        "shape": SHAPES[told.light],
        "word": word,
        "reason": f"{done.isoformat()} 全部完成" if done else "" if told.reason == word else told.reason,
        "whose": whose,
    }


def _progress(found: MeasureDetail) -> dict[str, Any]:
    told = found.readout
    absent = "不计进度" if told.standing else "未报"
    value = absent if told.percent is None else f"{int(told.percent)}%"  # never rounded up to done
    older = f" · {told.older} 个为旧期" if told.older else ""
    return {
        "value": value,
        "absent": told.percent is None,
        "done": 0 if told.percent is None else round(told.percent, 1),
        "plan": found.plan,
        "should": "长期坚持，没有时序" if found.plan is None else f"时序 {found.plan:.0f}%",
        "said": "" if told.standing else f"{told.said}/{told.assigned} 个单位有进度{older}",
    }


def _due(found: MeasureDetail) -> dict[str, Any]:
    """Days left, days overdue, or how long before or after its day it was done, each by its own due day."""
    told, left = found.readout, found.margin
    if told.due is None or left is None:
        lines = [f"{found.start.isoformat()} 启动"]
        return {"value": "长期坚持", "lines": lines, "own": "", "bad": False}
    lines = [f"时限 {told.due.isoformat()}"]
    if told.light == "not_started":
        lines.append(f"{found.start.isoformat()} 启动")
    value = _until(left) if found.completed_on is None else _finished(left, found.one_day)
    return {"value": value, "lines": lines, "own": _own_days(found.own_days), "bad": left < 0}


def _until(left: int) -> str:
    if left < 0:
        return f"逾期 {-left} 天"
    return f"还有 {left} 天" if left else "今天到期"


def _finished(early: int, one_day: bool) -> str:
    """By how much before or after the day; where days differ, only that everybody kept his."""
    if early < 0:
        return f"晚 {-early} 天完成"
    if not one_day:
        return "全部按期完成"
    return f"提前 {early} 天完成" if early else "在时限当天完成"


def _own_days(parts: Sequence[Part]) -> str:
    """Whose due day is another than that of the measure, and which; how many, where these differ as well."""
    days = {part.due.isoformat() for part in parts if part.due}
    if len(days) > 1:
        return f"另有 {len(parts)} 个单位单独时限"
    return f"单独时限 {days.pop()} {draw.several([_name(p) for p in parts], _OWN_NAMED)}" if days else ""


def _expected(found: MeasureDetail) -> dict[str, Any]:
    """When it will be done, who finishes last, the range, and of whom nothing can be told."""
    told = found.forecast
    expected = told.forecast
    due = next((p.due for p in found.parts if p.duty.organisation == told.organisation), None)
    if told.organisation:
        line = f"最晚的是{draw.names()[told.organisation]}"
        line += "（已报完成日期）" if expected.state == "given" else ""
    else:
        line = {"unsaid": "长期坚持" if found.readout.standing else "尚未启动"}.get(expected.state, "")
    return {
        "value": told.text if told.or_later or not expected.day else expected.day.isoformat(),
        "dated": expected.day is not None,
        "late": bool(expected.day and due and expected.day > due),
        "line": line,
        "span": span_of(expected),
        "others": _others(found),
    }


def _others(found: MeasureDetail) -> list[str]:
    """Of whom no day can be told, by why: their names, or how many where the names would not fit."""
    told = {
        word: names
        for state, word in UNKNOWN.items()
        if (names := [_name(p) for p in found.parts if p.forecast.state == state])
    }
    if len(told) > 2:
        return [" · ".join(f"{word}：{len(names)} 个" for word, names in told.items())]
    return [f"{word}：{draw.several(names, _NAMED)}" for word, names in told.items()]


def span_of(expected: Forecast) -> str:
    """The range of the expected day in words; empty without a day, and when it is one day only."""
    early, late = expected.early, expected.late
    if early is None or early == late:
        return ""
    if late is None:
        return f"最早 {early.isoformat()}，最晚推算不出"
    return f"10%–90% 范围 {early.isoformat()} 至 {late.isoformat()}"


def _name(part: Part) -> str:
    return draw.names()[part.duty.organisation]


def _proof(found: MeasureDetail) -> dict[str, Any]:
    """The evidence with its mark, the claim of the same time, and the figures behind."""
    claim = found.claim
    if claim is None:
        return {"value": "没有佐证指标", "absent": True, "mark": "", "sign": "", "lines": [], "source": ""}
    value = proven(claim.proof)
    if claim.proof.percent is None:
        value = "不能计数"
    return {
        "value": value,
        "absent": claim.proof.percent is None,
        "mark": MARKS[claim.mark],
        "sign": MARK_SIGNS[claim.mark],
        "lines": [claim.why or _claimed(claim), *figures_of(claim)],
        "source": now.source if (now := claim.proof.now) and now.expected == 1 else "",
    }


def _claimed(claim: Claim) -> str:
    if claim.claimed is None or claim.proof.now is None:
        return "没有填报进度可比"
    return f"同期填报 {int(claim.claimed)}%（{claim.proof.now.period.text}）"


def proven(proof: Proof) -> str:
    """The percent that the figures prove; empty when there is none."""
    if proof.percent is None:
        return ""
    share = int(proof.percent)  # never rounded up to all of it
    return f"至少 {share}%" if proof.at_least else f"{share}%"


def figures_of(claim: Claim) -> list[str]:
    """How the percent comes about, from base to now to target; without a percent the figure there is; how complete."""
    proof = claim.proof
    if proof.now is None:
        return []
    whole = _coverage(proof.now, proof.partial)
    way = _way(proof)
    if way and proof.base:
        span = f"{claim.title}，{proof.base.period.text} → {proof.now.period.text}"
        return [way, "；".join((span, *whole))]
    now = f"{claim.title} {quantity(proof.now.quantity)}（{proof.now.period.text}）"
    if proof.base is None:
        return [now, *whole]
    first = "启动后首期" if proof.base_late else "启动前"
    return [now, f"{first} {quantity(proof.base.quantity)}（{proof.base.period.text}）", *whole]


def _way(proof: Proof) -> str:
    """The way from base to target and the share of it that is behind; empty without a percent."""
    if proof.base is None or proof.now is None or proof.target is None or proof.percent is None:
        return ""
    base, now = (quantity(one.quantity, exact=True) for one in (proof.base, proof.now))
    target = quantity(Quantity(proof.target), exact=True)
    share = proven(proof)
    if proof.base_late:
        return f"启动后首期 {base} → 现在 {now} → 目标 {target}（已走完应走路程的 {share}）"
    return f"启动前 {base} → 现在 {now} → 目标 {target}（已走完应走路程的 {share}）"


def _coverage(now: Figure, partial: Figure | None) -> list[str]:
    """How many are in the sum, and that a newer period is not complete; what was published has a source instead."""
    said = [coverage(now.reported, now.expected)] if now.expected > 1 else []
    if partial:
        said.append(f"{partial.period.text}仅 {partial.reported}/{partial.expected}")
    return ["；".join(said)] if said else []


# --- through time -----------------------------------------------------------------------------------


@draw.remembered
def course_panel(view: View, key: Key) -> None:
    """Plan, claimed and proven through time, with due day and expected day."""
    found = _detail(view, key)
    series = found.claim.proof.series if found.claim else ()
    with draw.panel("course"):
        option = course(
            found.start, found.readout.due, found.course, series, found.forecast.forecast, view.as_of
        )
        empty = found.readout.standing and not series
        draw.html("measure_course.html", view, drawn=frozenset() if empty else drawn(option))
        if empty:
            draw.html("waiting.html", view, text="长期坚持的措施不报完成比例，没有时序可比。")
            return
        name = f"{found.readout.number} 的计划、填报和佐证随时间的变化"
        height = TALL_CHART if len(found.parts) <= _FEW else CHART_HEIGHT
        draw.chart(option, view, height=height, name=name, key="course")


# --- who answers for it -----------------------------------------------------------------------------


@draw.remembered
def parts_panel(view: View, key: Key) -> None:
    """Every organisation that answers for it, the worst first."""
    found = _detail(view, key)
    names, lights = draw.names(), light_names(found.day)
    rows = [_row(part, names, lights, found.readout.due) for part in found.parts]
    with draw.sheet("parts"):
        marks = [f"≠ 填报与佐证相差 {GAP_POINTS:g} 个百分点以上"]
        marks = marks if any(r["mark"] for r in rows) else []
        aside = " · ".join((f"{len(rows)} 个，最急的在前", *marks))
        draw.html("head.html", view, title="各责任单位", switches=None, aside=aside)
        proof, standing = found.claim is not None, found.readout.standing
        few = len(rows) <= _FEW
        draw.html("measure_parts.html", view, rows=rows, proof=proof, standing=standing, few=few)


def _row(part: Part, names: Mapping[str, str], lights: Mapping[str, str], due: date | None) -> dict[str, Any]:
    """One organisation; its own due day only where it is not that of the measure, ``due``."""
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
        "due": part.due if part.due != due else None,
        "expected": part.forecast.text,
        "proof": proven(part.own.proof) if part.own else "",
        "why": part.own.proof.why if part.own else "",
        "mark": part.own.mark if part.own else "",
        "word": MARKS[part.own.mark] if part.own else "",
        "sign": MARK_SIGNS[part.own.mark] if part.own else "",
        "dated": part.forecast.day is not None,
        "known_on": part.told.known_on if part.told else None,
    }


@draw.remembered
def words_panel(view: View, key: Key) -> None:
    """What those who are not done say of it: how it goes, what stands in the way, what comes next."""
    found = _detail(view, key)
    names = draw.names()
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
    shown = _whole(found, [part.told for part, _ in spoken if part.told])
    with draw.sheet("said"):
        draw.html("head.html", view, title="单位原话", switches=None, aside="有问题的在前")
        draw.html("measure_said.html", view, told=told[:shown], rest=told[shown:])


# The layout is always that of 1920 × 1080, so that what fits is known before it is drawn. In pixels and characters.
_ROOM_MANY, _ROOM_FEW, _PER_PART = 254, 440, 40
_LINE, _AROUND, _FOLD = 24.5, 38, 29
_WIDE_MANY, _WIDE_FEW, _SENTENCE = 29, 56, 54
_PROMISE_LINE = 42


def _whole(found: MeasureDetail, told: Sequence[Told]) -> int:
    """How many of the entries, from the first, fit into their panel with all their lines; at least one."""
    few = len(found.parts) <= _FEW
    room = _ROOM_FEW - _PER_PART * len(found.parts) if few else _ROOM_MANY
    room -= _PROMISE_LINE * ((len(found.readout.text) - 1) // _SENTENCE + bool(found.note))
    tall = [_tall(one, _WIDE_FEW if few else _WIDE_MANY) for one in told]
    if sum(tall) <= room:
        return len(told)
    fit = [n for n in range(1, len(tall)) if sum(tall[:n]) + _FOLD <= room]
    return max(fit, default=1)


def _tall(told: Told, wide: int) -> float:
    texts = [text for text in (told.problem, told.next_step, told.words) if text]
    return _AROUND + _LINE * sum((len(text) - 1) // wide + 1 for text in texts)


def own_words(own: OwnClaim | None) -> str:
    """The evidence of one organisation in one line, for a table that is taken away."""
    return "" if own is None else own.proof.why or proven(own.proof)
