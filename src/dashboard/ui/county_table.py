"""What the page of a unit shows as one table, to be taken away: its figures, the chosen history, its towns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..catalogue import DOMAINS, Organisation
from ..figures import ABSENT_OWED, ABSENT_UNPUBLISHED, QUALIFIER_WORDS, UNREADABLE, rate_number, standing
from ..readouts.readings import Definition, Said
from ..readouts.unit import Line
from . import cached
from .address import View
from .cached import Key
from .county import called, chosen_indicator, place_in_words
from .county_summary import blocks
from .list_panels import light_names

COLUMNS = (
    "栏目 领域 指标 单位 数值 口径词 依据 计量单位 数据期 获知日 每万人 其他单位中位数 其他单位最小 其他单位最大 "
    "其他有确数单位 比较 比较值 目标 来源 等级 出处 序号 措施序号 措施 亮灯 进度 说明"
).split()


def as_frame(view: View, key: Key, unit: Organisation) -> pd.DataFrame:
    """A row for every figure on the page, absent ones included, by panel, in the order of the screen."""
    rows = [
        *_summary(view, key, unit),
        *_lines(view, key, unit),
        *_history(view, key, unit),
        *_duties(key, unit),
        *_towns(key, unit),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _summary(view: View, key: Key, unit: Organisation) -> Iterator[dict[str, Any]]:
    """The answers at the head of the page, each in the words that stand there."""
    for block in blocks(view, key, unit):
        lamps = (f"{lamp.name} {lamp.count}" for lamp in block.lamps)
        told = " · ".join(filter(None, [f"{block.value} {block.unit}".strip(), *block.lines, *lamps]))
        yield {"栏目": "概要", "指标": block.name, "单位": called(view, unit), "说明": told}


def _duties(key: Key, unit: Organisation) -> Iterator[dict[str, Any]]:
    """The measures the unit answers for."""
    found = cached.list_readout(key)
    texts = {m.number: m.text for m in found.measures} if found else {}
    names = light_names(key.as_of.day)
    for duty in found.of(unit.code) if found else ():
        yield {
            "栏目": "承担的措施",
            "单位": unit.name,
            "措施序号": duty.number,
            "措施": texts[duty.number],
            "亮灯": names[duty.light],
            "进度": duty.percent,
            "数据期": duty.period.label if duty.period else None,
            "说明": duty.reason,
        }


def _said(found: Said | None, definition: Definition) -> dict[str, Any]:
    about = {"领域": definition.domain, "指标": definition.title, "计量单位": definition.measured_in}
    if found is None:
        return about
    return about | {
        "数值": found.quantity.value,
        "口径词": QUALIFIER_WORDS[found.quantity.qualifier],
        "数据期": found.period.label,
        "获知日": found.known_on,
        "来源": found.source,
        "等级": found.grade,
    }


def _lines(view: View, key: Key, unit: Organisation) -> Iterator[dict[str, Any]]:
    found = cached.unit_lines(key, unit.code, view.folds_zones)
    for line in sorted(found, key=lambda found: (found.said is None, DOMAINS.index(found.definition.domain))):
        others, first = line.others, line.comparisons[0] if line.comparisons else None
        yield _said(line.said, line.definition) | {
            "栏目": "指标",
            "单位": called(view, unit),
            "数值": line.quantity.value,
            "口径词": QUALIFIER_WORDS[line.quantity.qualifier] if line.said else None,
            "依据": standing(line.city) if line.city else None,
            "每万人": rate_number(line.per_10k),
            "其他单位中位数": others.median if others else None,
            "其他单位最小": others.low if others else None,
            "其他单位最大": others.high if others else None,
            "其他有确数单位": line.others_count,
            "比较": first.name if first else None,
            "比较值": first.change if first else None,
            "目标": line.target,
            "说明": _remark(line),
        }


def _remark(line: Line) -> str:
    said = line.said
    if said is None:
        owed = line.definition.expected_reporters != "published"
        return line.missing_zone or ("未公布也未报送" if owed else ABSENT_UNPUBLISHED)
    if said.quantity.qualifier == "unknown":
        return f"{UNREADABLE}：{said.note}"
    return said.note


def _history(view: View, key: Key, unit: Organisation) -> Iterator[dict[str, Any]]:
    definition = chosen_indicator(view, key, unit)
    if definition is None:
        return
    for said, current, void in cached.history(key, definition.indicator, unit.code):
        yield _said(said, definition) | {
            "栏目": "历史与来源",
            "单位": unit.name,
            "出处": place_in_words(said.place),
            "序号": said.seq,
            "说明": "；".join(
                filter(None, ["撤销" if void else "", "" if current else "已被更新的数取代", said.note])
            ),
        }


def _towns(key: Key, unit: Organisation) -> Iterator[dict[str, Any]]:
    table = cached.towns(key, unit.code)
    for row in table.rows:
        for said, definition in zip(row.said, table.columns, strict=True):
            absent = ABSENT_OWED if said is None and row.owes else ""
            yield _said(said, definition) | {
                "栏目": "下级单位",
                "单位": row.name,
                "说明": "；".join(filter(None, [absent, row.note])),
            }
