"""What moved between two days: measures first, then figures out of the ordinary, corrections, who returns, the city.

Before it stands the head of the department, back from the last meeting, and must say within ten seconds how
many measures were done then and are done now, which got worse and whose they are, who fell silent or returns
again, and which figures are to be checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from ..figures import day_text, quantity, signed
from ..formulas import UsualRange
from ..readouts.amendments import Correction, FigureCorrection, Said
from ..readouts.cards import Card
from ..readouts.changes import KINDS, Changes, FigureMove, Move, Turn, by_organisation
from ..readouts.jumps import Jump, Jumps
from ..readouts.ledger import UNOFFICIAL
from ..readouts.list_changes import ListChange
from . import address, cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names
from .overview import absent_word, basis, covered
from .snapshots_page import KINDS as RETURN_KINDS
from .station_facts import fact
from .theme import SHAPES

TITLES = {
    "reopened": "重新打开",
    "worse": "变差",
    "silent": "转为未报送",
    "corrected": "更正",
    "completed": "新完成",
    "better": "好转",
    "first": "有了报送",
    "begun": "已启动",
}
LIST_DAYS = {"due": "时限调整", "start": "启动时间调整"}
LIST_ROLES = {"lead": "牵头单位调整", "responsible": "责任单位调整"}
TURNS = ("恢复报送", "转为未报送")
_MEETINGS_OFFERED = 4
# So many characters fit on a line of a fact.
_FACT_ROOM = 13
# Rows of each panel that have room on a wall, on one sheet of A4, and those that a desk shows at most.
_ROOM = {"moves": 4, "jumps": 4, "mended": 2, "names": 6}
_ON_PAPER = {"moves": 9, "jumps": 9, "mended": 3}
_MOST = {"moves": 60, "jumps": 12, "mended": 12}


# --- the two days -----------------------------------------------------------------------------------


def since(view: View, key: Key) -> date:
    """The day compared with: that of the address, else the last meeting, else a month ago."""
    if view.since is not None:
        return view.since
    held = [day for day, _ in cached.meetings(key) if day < view.as_of]
    return max(held) if held else view.as_of - timedelta(days=30)


def choice(view: View, key: Key, day: date) -> None:
    """From when until when: the last meetings as switches, or any day."""
    if view.wall:
        return
    with st.container(key="filters", horizontal=True, vertical_alignment="center"):
        _ends(view, key, day)
        st.session_state["w_since"] = day
        st.date_input(
            draw.say(view, "自任意一天"),
            key="w_since",
            min_value=date(2014, 1, 1),
            max_value=view.as_of,
            format="YYYY-MM-DD",
            on_change=address.put("since", lambda chosen: chosen.isoformat()),
        )
        st.session_state["beside_the_ends"] = st.container(key="beside")


@draw.remembered
def _ends(view: View, key: Key, day: date) -> None:
    held = [m for m in cached.meetings(key) if m[0] < view.as_of][:_MEETINGS_OFFERED]
    later = [m for m in cached.meetings(key.on(view.today)) if day < m[0] < view.today]
    froms = [
        {
            "href": view.here("changes", since=on.isoformat()),
            "on": on == day,
            "word": on.isoformat(),
            "title": title,
        }
        for on, title in held
    ]
    untils = [
        _until(view, day, "今天", "", None),
        *(_until(view, day, on.isoformat(), title, on) for on, title in later[:_MEETINGS_OFFERED]),
    ]
    if not any(until["on"] for until in untils):  # a day of its own, chosen beside 截至
        untils.append(_until(view, day, view.as_of.isoformat(), "", view.as_of))
    ends = [{"word": "自", "options": froms}, {"word": "至", "options": untils}]
    draw.html("ends.html", view, ends=[e for e in ends if e["options"]], note=_fallback(view, key))


def _until(view: View, day: date, word: str, title: str, until: date | None) -> dict[str, Any]:
    """A later end of the span, the earlier one kept; a receipt is of its own day and does not go along."""
    then = None if until is None else until.isoformat()
    return {
        "href": view.here("changes", since=day.isoformat(), as_of=then, receipt=None),
        "on": view.as_of == (until or view.today),
        "word": word,
        "title": title,
    }


def _fallback(view: View, key: Key) -> str:
    """Why it is the day it is, where nobody chose one and no meeting is known."""
    held = [day for day, _ in cached.meetings(key) if day < view.as_of]
    return "" if held or view.since is not None else "此前没有会议，与一个月前比"


@draw.remembered
def sheets(view: View, key: Key, day: date) -> None:
    """Everything below the choice: the facts, and under them what moved in two columns."""
    with draw.together():
        facts(view, key, day)
        with draw.together("columns"):
            with draw.together("column"):
                moves_panel(view, key, day)
                figures_panel(view, key, day)
            with draw.together("column"):
                jumps_panel(view, key, day)
                mended_panel(view, key, day)
                returned_panel(view, key, day)


# --- the facts on top -------------------------------------------------------------------------------


def facts(view: View, key: Key, day: date) -> None:
    """Done then and now, what got worse, who fell silent, who returns again, which figures are to be checked."""
    found = cached.changes(key, day)
    with draw.sheet("changed"):
        draw.html("span.html", view, **_span(view, key, day))
        draw.html(
            "facts.html",
            view,
            facts=[
                _done_fact(found),
                _worse_fact(found),
                _turn_fact(found, "转为未报送", found.fell_silent, "没有单位转为未报送"),
                _turn_fact(found, "恢复报送", found.resumed, "没有单位恢复报送"),
                _jump_fact(cached.jumps(key, day)),
            ],
        )


def _span(view: View, key: Key, day: date) -> dict[str, str]:
    """The two days in words, for a wall and for paper, where the switches are not."""
    titles = dict(cached.meetings(key))
    return {
        "since": day_text(day),
        "meeting": titles.get(day, ""),
        "until": day_text(view.as_of),
        "note": _fallback(view, key),
    }


def _done_fact(found: Changes) -> dict[str, Any]:
    """How many measures were done then and are done now; nobody having reported is not nought."""
    before, after = found.done_before, found.done_after
    if after is None:
        return fact("完成", "尚未报送", "", "▨ 还没有单位报送进展", absent=True)
    then = "当时尚未报送" if before is None else f"当时 {before}"
    if found.new_list and not found.new_list.same_measures:
        return fact("完成", f"{after}", "条", f"{then}（旧清单）")
    more = "" if before is None else f"，{signed(after - before)}"
    return fact("完成", f"{after}", "条", f"{then}{more}")


def _worse_fact(found: Changes) -> dict[str, Any]:
    """How many measures got worse or were opened again, which, and whose they are."""
    name = "变差或重新打开"
    if found.moves is None:
        return fact(name, "不可比", "", "其中一天还没有清单", absent=True)
    if found.done_after is None:
        return fact(name, "尚未报送", "", "▨ 还没有单位报送进展", absent=True)
    if found.nobody_then:
        return fact(name, "不可比", "", "▨ 当时尚未报送", absent=True)
    moved = [m.measure for m in found.moves if m.kind in ("reopened", "worse")]
    if not moved:
        return fact(name, "0", "条", "没有措施变差")
    names = draw.names()
    movers = list(dict.fromkeys(names[code] for m in moved for code in m.movers))
    numbers = draw.several([m.number for m in moved], 3 if len(moved) == 3 else 2)
    return fact(name, f"{len(moved)}", "条", numbers, draw.fitting(movers, _FACT_ROOM))


def _turn_fact(found: Changes, name: str, turned: Sequence[Turn], none: str) -> dict[str, Any]:
    """How many organisations, and who, in official order."""
    names = draw.names()
    if not turned:
        if not found.anybody:
            return fact(name, "尚未报送", "", "▨ 还没有单位报送", absent=True)
        return fact(name, "0", "个", none)
    return fact(name, f"{len(turned)}", "个", draw.several([names[t.organisation] for t in turned], 4))


def _jump_fact(told: Jumps) -> dict[str, Any]:
    """How many figures lie outside of their usual changes, and the first of them; none judged is not nought."""
    name = "超出平常变动"
    if not told.new:
        return fact(name, "没有新数", "", "这段时间没有新入库的数", absent=True)
    if not told.judged:
        return fact(name, "无从比较", "", "新入库的数此前不足 6 期变动", absent=True)
    if not told.found:
        return fact(name, "0", "项", "没有要核对的数")
    names = draw.names()
    first = [
        f"{names[j.organisation]} {j.definition.short_title} {signed(j.change, j.definition.decimals)}"
        for j in told.found[:2]
    ]
    return fact(name, f"{len(told.found)}", "项", *first)


# --- rows that have room ----------------------------------------------------------------------------


def allotted(counts: Sequence[int], room: int) -> list[int]:
    """How many rows of each group are shown where there is room for so many: one of each first, then in order."""
    shown = [0] * len(counts)
    for place, count in enumerate(counts):
        if count and room:
            shown[place], room = 1, room - 1
    for place, count in enumerate(counts):
        more = min(count - shown[place], room)
        shown[place], room = shown[place] + more, room - more
    return shown


def _room(view: View, panel: str) -> int:
    """How many rows of a panel are shown on a wall; at a desk, how many of them go onto paper."""
    return _ROOM[panel] if view.wall else _ON_PAPER[panel]


def _rows(view: View, rows: list[dict[str, Any]], room: int, most: int) -> dict[str, Any]:
    """The rows of a group: those beyond the room are left out on a wall and hidden on paper, which say how many."""
    shown = rows[: room if view.wall else most]
    return {
        "count": len(rows),
        "rows": [{**row, "over": place >= room} for place, row in enumerate(shown)],
        "more": max(0, len(rows) - room),
        "capped": 0 if view.wall else max(0, len(rows) - most),
    }


# --- measures ---------------------------------------------------------------------------------------


def moves_panel(view: View, key: Key, day: date) -> None:
    """Measures whose light changed or of which something was told otherwise, what a head must know first on top."""
    found = cached.changes(key, day)
    with draw.sheet("moves"):
        aside = f"{day_text(found.since)} 至 {day_text(found.until)}"
        draw.html("head.html", view, title="措施的变化", switches=None, aside=aside)
        if found.moves is None:
            draw.html(
                "notice.html", view, title="没有可比的清单", lines=["其中一天还没有下发清单。"], links=[]
            )
            return
        rows = {kind: _move_rows(view, found, kind) for kind in KINDS}
        room = _room(view, "moves") - bool(found.new_list)  # which is told above them
        shown = allotted([len(rows[kind]) for kind in KINDS], room)
        groups = [
            {"title": TITLES[kind]} | _rows(view, rows[kind], room, _MOST["moves"])
            for kind, room in zip(KINDS, shown, strict=True)
            if rows[kind]
        ]
        draw.html(
            "moves.html",
            view,
            groups=groups,
            more=sum(g["more"] for g in groups),
            capped=sum(g["capped"] for g in groups),
            new_list=_new_list(found.new_list),
            nobody_then=found.nobody_then,
            nobody_now=found.nobody_now,
        )


def _move_rows(view: View, found: Changes, kind: str) -> list[dict[str, Any]]:
    if kind == "corrected":
        return [_corrected_row(view, found, c) for c in found.corrections]
    return [_move_row(view, found, m) for m in found.moves or () if m.kind == kind]


def _move_row(view: View, found: Changes, moved: Move) -> dict[str, Any]:
    names = draw.names()
    then, now = light_names(found.since), light_names(found.until)
    measure = moved.measure
    return {
        "before": {"key": moved.before, "shape": SHAPES[moved.before], "name": then[moved.before]},
        "after": {"key": moved.after, "shape": SHAPES[moved.after], "name": now[moved.after]},
        "href": view.link("tasks", measure=measure.number),
        "number": measure.number,
        "text": measure.text,
        "why": measure.reason,
        "corrected": moved.corrected,
        "redated": moved.redated,
        "who": draw.several([names[c] for c in measure.movers], 3) if moved.after != "done" else "",
    }


def _corrected_row(view: View, found: Changes, corrected: Correction) -> dict[str, Any]:
    names = draw.names()
    return {
        "before": None,
        "after": None,
        "href": view.link("tasks", measure=corrected.number),
        "number": corrected.number,
        "text": found.texts.get((corrected.list_version, corrected.number), ""),
        "why": f"{corrected.period.text} · {said_otherwise(corrected)}",
        "corrected": False,
        "redated": False,
        "who": names.get(corrected.organisation, corrected.organisation),
    }


def said_otherwise(corrected: Correction) -> str:
    """What was said before and what is said now: ``80% → 65%``; only what differs is named."""
    if corrected.after is None:
        return f"{_said(corrected.before)} → {gone(corrected)}"
    before, after = corrected.before, corrected.after
    pairs = [
        (_percent(before), _percent(after)),
        (before.status, after.status),
        (_completed(before), _completed(after)),
    ]
    return "，".join(f"{was} → {is_}" for was, is_ in pairs if was != is_)


def gone(corrected: Correction | FigureCorrection) -> str:
    """Why nothing stands in its place."""
    return "已撤回" if corrected.taken_back else "已撤销"


def _said(told: Said) -> str:
    return told.status if told.percent is None else _percent(told)


def _percent(told: Said) -> str:
    return "未报进度" if told.percent is None else f"{told.percent:g}%"


def _completed(told: Said) -> str:
    return "未写完成日期" if told.completed_on is None else f"{told.completed_on.isoformat()} 完成"


def _new_list(change: ListChange | None) -> dict[str, Any] | None:
    """The change of the list in words: since when, which numbers cannot be compared, and what moved in the rest."""
    if change is None:
        return None
    return {
        "since": "" if change.since is None else day_text(change.since),
        "before": change.before,
        "after": change.after,
        "official": change.official,
        "label": f"（{UNOFFICIAL}）" if change.unofficial and UNOFFICIAL not in change.after else "",
        "compared": not change.same_measures,
        "parts": [(name, draw.several(numbers, 4)) for name, numbers in _list_parts(change) if numbers],
    }


def _list_parts(change: ListChange) -> list[tuple[str, list[str]]]:
    """What is another in the list, each with its numbers, once each."""
    days, roles = change.redated, change.reassigned
    parts: list[tuple[str, Iterable[str]]] = [
        ("新增", change.new),
        ("取消", change.gone),
        ("改写", change.reworded),
        (LIST_DAYS["due"], (r.number for r in days if r.what == "due")),
        (LIST_DAYS["start"], (r.number for r in days if r.what == "start")),
        (LIST_ROLES["lead"], (r.number for r in roles if r.role == "lead")),
        (LIST_ROLES["responsible"], (r.number for r in roles if r.role == "responsible")),
    ]
    return [(name, list(dict.fromkeys(numbers))) for name, numbers in parts]


# --- figures ----------------------------------------------------------------------------------------


def jumps_panel(view: View, key: Key, day: date) -> None:
    """Figures that came in and whose change is out of the ordinary: to be checked, no accusation."""
    told = cached.jumps(key, day)
    room = _room(view, "jumps") - bool(cached.figure_corrections(key, day))  # which stand below
    group = _rows(view, [_jump_row(view, jump) for jump in told.found], room, _MOST["jumps"])
    with draw.sheet("jumps"):
        aside = "平常：此前 12 期变动的中位数 ± 3 倍绝对中位差"
        draw.html("head.html", view, title="超出平常变动范围，请核对", switches=None, aside=aside)
        draw.html("jumps.html", view, group=group, nothing=_no_jump(told))


def _no_jump(told: Jumps) -> str:
    """Why nothing is named to be checked."""
    if not told.new:
        return "这段时间没有新入库的数。"
    if not told.judged:
        return "新入库的数此前不足 6 期变动，无从比较。"
    return f"新入库的 {told.judged} 个数都在平常变动范围之内。"


def _jump_row(view: View, jump: Jump) -> dict[str, Any]:
    definition = jump.definition
    decimals = definition.decimals
    before, value = (quantity(q, decimals, exact=True) for q in (jump.before, jump.value))
    return {
        "place": draw.names()[jump.organisation],
        "title": definition.short_title,
        "href": view.link("county", unit=jump.organisation, indicator=definition.indicator),
        "change": signed(jump.change, decimals),
        "when": jump.period.text,
        "course": f"{before} → {value}",
        "usual": usual_text(jump.usual, decimals),
    }


def usual_text(usual: UsualRange, decimals: int) -> str:
    """``平常 −3 至 +12``; where most changes are one and the same, that one."""
    if not usual.spread:
        return f"平常多为 {_step(usual.median, decimals)}"
    return f"平常 {_step(usual.low, decimals)} 至 {_step(usual.high, decimals)}"


def _step(value: float, decimals: int) -> str:
    """A change, with one decimal more where it lies between two."""
    return signed(value, decimals if round(value, decimals) == value else decimals + 1)


def mended_panel(view: View, key: Key, day: date) -> None:
    """Figures that were known on the first day and are told otherwise now."""
    found = cached.figure_corrections(key, day)
    group = _rows(view, [_mended_row(view, key, c) for c in found], _room(view, "mended"), _MOST["mended"])
    with draw.sheet("mended"):
        draw.html("head.html", view, title="指标更正", switches=None, aside=f"{len(found)} 条")
        nothing = "当时已知的数，现在没有一个改过。"
        draw.html("jumps.html", view, group=group, nothing=nothing)


def _mended_row(view: View, key: Key, corrected: FigureCorrection) -> dict[str, Any]:
    definition = cached.definitions(key)[corrected.indicator]
    decimals = definition.decimals
    after = gone(corrected) if corrected.after is None else quantity(corrected.after, decimals, exact=True)
    return {
        "place": draw.names().get(corrected.organisation, corrected.organisation),
        "title": definition.short_title,
        "href": _history_of(view, corrected),
        "change": f"{quantity(corrected.before, decimals, exact=True)} → {after}",
        "when": corrected.period.text,
        "course": definition.measured_in,
        "usual": _in_between(corrected, decimals),
    }


def _history_of(view: View, corrected: FigureCorrection) -> str:
    """Where every row of the figure is listed; a town stands on the page of its unit."""
    units = {o.code: o.parent_code for o in cached.stores().catalogue.organisations if o.level == "town"}
    code = corrected.organisation
    unit, town = (units[code], code) if code in units else (code, None)
    return view.link("county", unit=unit, town=town, indicator=corrected.indicator)


def _in_between(corrected: FigureCorrection, decimals: int) -> str:
    """The difference of two = figures; why there is none."""
    before, after = corrected.before.value, corrected.after.value if corrected.after else None
    if before is None or after is None or corrected.before.qualifier != "eq":
        return "不可比"
    return f"差 {signed(round(after - before, 9), decimals)}"


def figures_panel(view: View, key: Key, day: date) -> None:
    """The city's figures as they were known then and are known now, each with its period and coverage."""
    found = cached.figure_moves(key, day)
    with draw.sheet("figures"):
        aside = "差只在两天都报的单位之间、两个确数之间算"
        draw.html("head.html", view, title="指标的变化", switches=None, aside=aside)
        draw.html("figures.html", view, rows=[_figure_row(view, key, day, moved) for moved in found])


def _figure_row(view: View, key: Key, day: date, moved: FigureMove) -> dict[str, Any]:
    definition = moved.definition
    return {
        "title": definition.short_title,
        "measured_in": definition.measured_in,
        "href": view.link("county", indicator=definition.indicator),
        "before": _known(key.on(day), moved.before),
        "after": _known(key, moved.after),
        "same": moved.before.period == moved.after.period and moved.before.value == moved.after.value,
        "change": "不可比" if moved.change is None else signed(moved.change),
        "why": moved.why or same_reporters(moved),
    }


def same_reporters(moved: FigureMove) -> str:
    """Over how many organisations the difference is taken: those that reported both, which is why it is no other."""
    return f"同报 {moved.organisations} 个单位" if moved.organisations else ""


def stands_on(card: Card) -> str:
    """What the figure of the city rests on: a publication, or how many of its units."""
    return basis(card) if card.value.basis == "published" else f"{basis(card)} {covered(card)}".strip()


def _known(key: Key, card: Card) -> dict[str, str]:
    absent = absent_word(key, card.definition)
    if card.period is None:
        return {"value": absent, "when": "", "basis": "", "absent": "yes"}
    return {
        "absent": "",
        "value": quantity(card.value.quantity, card.definition.decimals, exact=True, absent=absent),
        "when": card.period.text,
        "basis": stands_on(card),
    }


# --- who returns ------------------------------------------------------------------------------------


def returned_panel(view: View, key: Key, day: date) -> None:
    """Who returns again, who no more, and what came in between the two days, by organisation and kind."""
    found = cached.changes(key, day)
    catalogue = cached.stores().catalogue
    units, names = catalogue.units, draw.names()
    counts = by_organisation(found.returned, list(dict.fromkeys([*(u.code for u in units), *names])))
    told = {code for code, _ in counts}
    with draw.sheet("came_in"):
        aside = f"新入库 {len(found.returned):,} 件，{len(counts)} 个单位和部门"
        draw.html("head.html", view, title="谁在报送", switches=None, aside=aside)
        kinds = [
            (RETURN_KINDS.get(str(k), str(k)), int(n))
            for k, n in found.returned["kind"].value_counts().items()
        ]
        draw.html(
            "came_in.html",
            view,
            turns=[(n, _turned(t)) for n, t in zip(TURNS, (found.resumed, found.fell_silent), strict=True)],
            room=_ROOM["names"],
            kinds=kinds,
            organisations=[] if view.wall else [(names[code], count) for code, count in counts],
            silent=[u.short_name for u in units if u.code not in told] if counts else [],
        )


def _turned(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """Organisations by name; of what, where a unit turned in one kind of return only."""
    names = draw.names()
    units = {u.code for u in cached.stores().catalogue.units}
    return [
        {
            "name": names[t.organisation],
            "only": "、".join(RETURN_KINDS[k] for k in t.kinds)
            if t.organisation in units and len(t.kinds) == 1
            else "",
        }
        for t in turns
    ]
