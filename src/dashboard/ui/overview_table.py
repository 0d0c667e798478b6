"""What the overview shows as one table, to be taken away: cards, map, figures by unit, the list, the returns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..catalogue import CITY
from ..figures import QUALIFIER_WORDS, rate_number
from ..formulas import Quantity
from ..readouts.measures import Tally
from ..readouts.readings import Said
from . import cached
from .address import View
from .cached import Key
from .list_panels import light_names
from .overview import STATES, basis, covered, said_by
from .overview_map import CELL_STATES, chosen_map

COLUMNS = (
    "栏目 领域 指标 单位 数值 口径词 计量单位 每万人 数据期 获知日 状态 已报 比较 比较值 目标 来源 等级"
).split()


def as_frame(view: View, key: Key) -> pd.DataFrame:
    """A row for every figure and every state on the page, by panel, in the order of the screen."""
    rows = [*_cards(key), *_map(view, key), *_units(key), *_list(key), *_returns(key)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _name(code: str) -> str:
    return cached.stores().catalogue.organisation(code).name


def _figure(found: Quantity, said: Said | None) -> dict[str, Any]:
    there = found.value is not None or found.qualifier == "unknown"
    return {
        "数值": found.value,
        "口径词": QUALIFIER_WORDS[found.qualifier] if there else None,
        "数据期": said.period.label if said else None,
        "获知日": said.known_on if said else None,
        "来源": said.source if said else None,
        "等级": said.grade if said else None,
    }


def _cards(key: Key) -> Iterator[dict[str, Any]]:
    for card in cached.cards(key):
        told = card.definition
        first = card.comparisons[0] if card.comparisons else None
        printed = card.said if card.value.basis == "published" else None
        yield _figure(card.value.quantity, printed) | {
            "栏目": "指标",
            "领域": told.domain,
            "指标": told.title,
            "单位": _name(CITY),
            "计量单位": told.measured_in,
            "每万人": rate_number(card.per_10k),
            "数据期": card.period.label if card.period else None,
            "获知日": card.known_on,
            "状态": basis(card),
            "已报": covered(card),
            "比较": first.name if first else None,
            "比较值": first.change if first else None,
            "目标": card.target,
            "来源": printed.source if printed else said_by(card),
        }


def _map(view: View, key: Key) -> Iterator[dict[str, Any]]:
    _, shown = chosen_map(view, key)
    told = shown.definition
    for cell in shown.cells:
        rate = shown.per == "10k"
        yield _figure(cell.quantity, cell.said) | {
            "栏目": "地图",
            "领域": told.domain,
            "指标": told.title,
            "单位": _name(cell.code),
            "数值": rate_number(cell.quantity) if rate else cell.quantity.value,
            "计量单位": f"{told.measured_in}/万常住人口" if rate else told.measured_in,
            "状态": f"缺{cell.missing}" if cell.missing else CELL_STATES.get(cell.state),
        }


def _units(key: Key) -> Iterator[dict[str, Any]]:
    found = cached.published_by_unit(key)
    for card in cached.cards(key):
        told = card.definition
        for unit in cached.stores().catalogue.units:
            said = found.get((told.indicator, unit.code))
            head = {"栏目": "各单位", "领域": told.domain, "指标": told.title, "单位": unit.name}
            if said is None:
                yield head | {"计量单位": told.measured_in, "状态": "未公布也未报送"}
            else:
                yield head | {"计量单位": told.measured_in} | _figure(said.quantity, said)


def _list(key: Key) -> Iterator[dict[str, Any]]:
    found = cached.list_readout(key)
    if found is None:
        return
    names = light_names(key.as_of.day)
    status = None if found.official else "示例，非官方清单"

    def row(part: Tally, what: str, count: int | None) -> dict[str, Any]:
        return {
            "栏目": "任务清单",
            "领域": part.name,
            "指标": what,
            "单位": _name(CITY),
            "数值": count,
            "计量单位": "项",
            "状态": status,
        }

    if found.whole.time_used is not None:
        used = round(found.whole.time_used * 100)
        yield row(found.whole, "时间已用", used) | {"计量单位": "%"}
    for part in (found.whole, *found.aspects):
        silent = part.lights["not_reported"] == part.total
        yield row(part, "措施", part.total)
        yield row(part, "可完成", part.countable)
        yield row(part, "已完成", None if silent else part.done)
        yield row(part, "应完成", part.should)
        for light, count in part.lights.items():
            if count:
                yield row(part, names[light], count)


def _returns(key: Key) -> Iterator[dict[str, Any]]:
    told = cached.returning(key)
    for unit in told.units:
        _, _, word = STATES[unit.state]
        yield {
            "栏目": "报送",
            "单位": _name(unit.code),
            "数据期": told.period.label,
            "获知日": unit.on,
            "状态": f"{word} {unit.days_late} 天" if unit.state == "late" else word,
        }
