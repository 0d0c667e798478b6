"""What the page of changes shows as one table, to be taken away: every part of it, without the room of a screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from ..figures import QUALIFIER_WORDS, day_text
from ..formulas import Quantity
from ..readouts.amendments import Correction, FigureCorrection
from ..readouts.cards import Card
from ..readouts.list_changes import ListChange
from . import cached
from .cached import Key
from .changes_page import LIST_DAYS, LIST_ROLES, TITLES, TURNS, gone, same_reporters, stands_on, usual_text
from .list_panels import light_names
from .snapshots_page import KINDS as RETURN_KINDS

COLUMNS = (
    "栏目 自 至 变化 序号 措施 原亮灯 现亮灯 原因 涉及单位 指标 计量单位 单位 当时 当时口径词 当时数据期 当时口径 "
    "现在 现在口径词 现在数据期 现在口径 差 平常下限 平常上限 原进度 现进度 原状态 现状态 原完成日期 现完成日期 "
    "说明 类别 获知日"
).split()


def as_frame(key: Key, day: date) -> pd.DataFrame:
    """A row for everything that moved, was told otherwise, is out of the ordinary or came in."""
    parts = (_new_list, _measures, _corrections, _turns, _jumps, _mended, _figures, _returned)
    ends = {"自": day, "至": key.as_of.day}
    rows = [ends | row for part in parts for row in part(key, day)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _names() -> dict[str, str]:
    return {o.code: o.name for o in cached.stores().catalogue.organisations}


def _new_list(key: Key, day: date) -> Iterator[dict[str, Any]]:
    """The change of the list, a row for every number that cannot be compared, and for every day or duty that moved."""
    change = cached.changes(key, day).new_list
    if change is None:
        return
    since = "" if change.since is None else f"{day_text(change.since)}起"
    part = {"栏目": "清单变化", "说明": since}
    word = "清单内容有调整" if change.since is None else "清单换了版本"
    yield part | {"变化": word, "原因": f"{change.before} → {change.after}"}
    if change.official:
        yield part | {"变化": "成为正式清单"}
    for word, numbers in (("新增", change.new), ("取消", change.gone), ("改写", change.reworded)):
        yield from (part | {"变化": word, "序号": number} for number in numbers)
    yield from (part | row for row in (*_redated(change), *_reassigned(change)))


def _redated(change: ListChange) -> Iterator[dict[str, Any]]:
    names = _names()
    for one in change.redated:
        own = names.get(one.organisation, one.organisation)
        moved = f"{_a_day(one.before)} → {_a_day(one.after)}"
        yield {"变化": LIST_DAYS[one.what], "序号": one.number, "单位": own, "原因": moved}


def _a_day(day: date | None) -> str:
    return "没有时限" if day is None else day.isoformat()


def _reassigned(change: ListChange) -> Iterator[dict[str, Any]]:
    """A row for everybody who came to a measure or went."""
    names = _names()
    for one in change.reassigned:
        for word, codes in (("增加", one.came), ("不再承担", one.went)):
            for code in codes:
                own = {"单位": names.get(code, code), "原因": word}
                yield {"变化": LIST_ROLES[one.role], "序号": one.number} | own


def _measures(key: Key, day: date) -> Iterator[dict[str, Any]]:
    then, now, names = light_names(day), light_names(key.as_of.day), _names()
    for moved in cached.changes(key, day).moves or ():
        yield {
            "栏目": "措施的变化",
            "变化": TITLES[moved.kind],
            "序号": moved.measure.number,
            "措施": moved.measure.text,
            "原亮灯": then[moved.before],
            "现亮灯": now[moved.after],
            "原因": moved.measure.reason,
            "涉及单位": "、".join(names[code] for code in moved.measure.movers),
            "说明": "；".join(
                word for word, told in (("另有更正", moved.corrected), ("日期有调整", moved.redated)) if told
            ),
        }


def _corrections(key: Key, day: date) -> Iterator[dict[str, Any]]:
    found = cached.changes(key, day)
    for one in found.corrections:
        before, after = one.before, one.after
        yield {
            "栏目": "措施的更正",
            "变化": TITLES["corrected"],
            "序号": one.number,
            "措施": found.texts.get((one.list_version, one.number), ""),
            "单位": _names().get(one.organisation, one.organisation),
            "当时数据期": one.period.label,
            "原进度": before.percent,
            "现进度": after.percent if after else None,
            "原状态": before.status,
            "现状态": after.status if after else "",
            "原完成日期": before.completed_on,
            "现完成日期": after.completed_on if after else None,
            "说明": _gone(one),
        }


def _gone(one: Correction | FigureCorrection) -> str:
    return "" if one.after else gone(one)


def _turns(key: Key, day: date) -> Iterator[dict[str, Any]]:
    found = cached.changes(key, day)
    for word, turned in zip(TURNS, (found.resumed, found.fell_silent), strict=True):
        for turn in turned:
            kinds = "、".join(RETURN_KINDS[kind] for kind in turn.kinds)
            yield {"栏目": word, "单位": _names()[turn.organisation], "类别": kinds}


def _jumps(key: Key, day: date) -> Iterator[dict[str, Any]]:
    for jump in cached.jumps(key, day).found:
        yield {
            "栏目": "超出平常变动",
            "指标": jump.definition.title,
            "计量单位": jump.definition.measured_in,
            "单位": _names()[jump.organisation],
            "当时": jump.before.value,
            "现在": jump.value.value,
            "现在数据期": jump.period.label,
            "差": jump.change,
            "平常下限": jump.usual.low,
            "平常上限": jump.usual.high,
            "说明": f"超出平常变动范围，请核对；{usual_text(jump.usual, jump.definition.decimals)}",
        }


def _mended(key: Key, day: date) -> Iterator[dict[str, Any]]:
    known = cached.definitions(key)
    for one in cached.figure_corrections(key, day):
        yield {
            "栏目": "指标的更正",
            "指标": known[one.indicator].title,
            "计量单位": known[one.indicator].measured_in,
            "单位": _names().get(one.organisation, one.organisation),
            "当时数据期": one.period.label,
            **_value("当时", one.before),
            **({"现在数据期": one.period.label} | _value("现在", one.after) if one.after else {}),
            "说明": _gone(one),
        }


def _figures(key: Key, day: date) -> Iterator[dict[str, Any]]:
    for moved in cached.figure_moves(key, day):
        yield {
            "栏目": "指标的变化",
            "指标": moved.definition.title,
            "计量单位": moved.definition.measured_in,
            **_side("当时", moved.before),
            **_side("现在", moved.after),
            "差": moved.change,
            "说明": moved.why or same_reporters(moved),
        }


def _side(when: str, card: Card) -> dict[str, Any]:
    return {
        **_value(when, card.value.quantity),
        f"{when}数据期": card.period.label if card.period else "",
        f"{when}口径": stands_on(card),
    }


def _value(when: str, told: Quantity) -> dict[str, Any]:
    """The value and its qualifier as a word; an unreadable one has a word and no value."""
    absent = told.value is None and told.qualifier != "unknown"
    return {when: told.value, f"{when}口径词": "" if absent else QUALIFIER_WORDS[told.qualifier]}


def _returned(key: Key, day: date) -> Iterator[dict[str, Any]]:
    names = _names()
    found = cached.changes(key, day).returned
    for organisation, kind, known_on in found[["organisation", "kind", "known_on"]].to_numpy().tolist():
        yield {
            "栏目": "新入库",
            "单位": names.get(organisation, organisation),
            "类别": RETURN_KINDS.get(kind, kind),
            "获知日": known_on,
        }
