"""What the page of changes shows as one table, to be taken away: measures, figures, what came in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from ..figures import QUALIFIER_WORDS
from ..readouts.cards import Card
from . import cached
from .cached import Key
from .changes_page import TITLES, stands_on
from .list_panels import light_names
from .snapshots_page import KINDS as RETURN_KINDS

COLUMNS = (
    "栏目 自 至 变化 序号 措施 原亮灯 现亮灯 原因 涉及单位 指标 计量单位 当时 当时口径词 当时数据期 当时口径 "
    "现在 现在口径词 现在数据期 现在口径 差 说明 单位 类别 获知日"
).split()


def as_frame(key: Key, day: date) -> pd.DataFrame:
    """A row for every measure that moved, every figure on both days and every return that came in."""
    rows = [*_measures(key, day), *_figures(key, day), *_returned(key, day)]
    ends = {"自": day, "至": key.as_of.day}
    return pd.DataFrame([ends | row for row in rows], columns=COLUMNS)


def _measures(key: Key, day: date) -> Iterator[dict[str, Any]]:
    lights = light_names(key.as_of.day)
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    for moved in cached.changes(key, day).moves or ():
        yield {
            "栏目": "措施的变化",
            "变化": TITLES[moved.kind],
            "序号": moved.measure.number,
            "措施": moved.measure.text,
            "原亮灯": lights[moved.before],
            "现亮灯": lights[moved.after],
            "原因": moved.measure.reason,
            "涉及单位": "、".join(names[code] for code in moved.measure.movers),
        }


def _figures(key: Key, day: date) -> Iterator[dict[str, Any]]:
    for moved in cached.figure_moves(key, day):
        over = f"{moved.organisations} 个单位" if moved.organisations else ""
        yield {
            "栏目": "指标的变化",
            "指标": moved.definition.title,
            "计量单位": moved.definition.measured_in,
            **_side("当时", moved.before),
            **_side("现在", moved.after),
            "差": moved.change,
            "说明": moved.why or over,
        }


def _side(when: str, card: Card) -> dict[str, Any]:
    known = card.value.quantity
    return {
        when: known.value,
        f"{when}口径词": "" if known.value is None else QUALIFIER_WORDS[known.qualifier],
        f"{when}数据期": card.period.label if card.period else "",
        f"{when}口径": stands_on(card),
    }


def _returned(key: Key, day: date) -> Iterator[dict[str, Any]]:
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    found = cached.changes(key, day).returned
    for organisation, kind, known_on in found[["organisation", "kind", "known_on"]].to_numpy().tolist():
        yield {
            "栏目": "新入库",
            "单位": names.get(organisation, organisation),
            "类别": RETURN_KINDS.get(kind, kind),
            "获知日": known_on,
        }
