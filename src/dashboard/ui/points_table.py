"""What /points shows as one table, to be taken away: the points, or one, their measures beside the others, the visits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ..catalogue import CITY
from ..figures import QUALIFIER_WORDS
from ..readouts.pilots import Pilot
from ..readouts.points import PointReadout, open_through
from . import cached
from .address import View
from .cached import Key
from .list_panels import light_names
from .measure_table import cut
from .point_facts import PRINTED
from .point_page import VERDICTS, gone, why
from .points_page import kind

COLUMNS = (
    "栏目 编号 名称 单位 镇街 中央联系点 试什么 走访次数 最近走访 距今天数 走访状态 发现问题 解决问题 累计未解决 "
    "推广 走访日 记录 序号 措施 亮灯 原因 完成比例 其余单位数 其余亮灯 其余已报进度 其余中位 与其余相比 "
    "经度（WGS-84） 纬度（WGS-84） 公开数 口径词 数据期 来源"
).split()
# Somebody's own words, which stay as they are in any language.
OWN_WORDS = ("试什么", "推广", "记录", "措施")


def as_frame(view: View, key: Key) -> pd.DataFrame:
    """A row for every point, or the chosen one, for every measure it pilots and for every visit.

    亮灯, 原因 and 完成比例 are those of the point's own unit; 累计未解决 is of a visit
    what is open after it, and empty where the record does not say enough.
    """
    heads = list(_heads(view, key))
    rows = [*_points(heads, view), *_measures(heads, key), *_visits(heads)]
    return pd.DataFrame(rows or list(_printed(key)), columns=COLUMNS)


Heads = Sequence[tuple[PointReadout, dict[str, Any]]]


def _heads(view: View, key: Key) -> Iterator[tuple[PointReadout, dict[str, Any]]]:
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    for point in cached.points(key):
        if view.point in ("", point.point):
            unit, town = (names.get(code, code) for code in (point.unit, point.town))
            yield point, {"编号": point.point, "名称": point.name, "单位": unit, "镇街": town}


def _points(heads: Heads, view: View) -> Iterator[dict[str, Any]]:
    for point, head in heads:
        yield head | {
            "栏目": "联系点",
            "中央联系点": "是" if point.national else "",
            "试什么": point.tests,
            "走访次数": len(point.visits),
            "最近走访": point.visits[0].on if point.visits else None,
            "距今天数": point.days_since(view.as_of),
            "走访状态": state_words(point, view),
            "发现问题": point.found,
            "解决问题": point.solved,
            "累计未解决": _open(point),
            "推广": point.adopted[0].adopted if point.adopted else None,
            "经度（WGS-84）": point.lon,
            "纬度（WGS-84）": point.lat,
        }


def _open(point: PointReadout) -> int | None:
    """What is open; None where that is not known, or only that it is no more."""
    return None if point.balance is None or point.balance.at_least else point.balance.open


def state_words(point: PointReadout, view: View) -> str:
    """How long ago somebody was there, or that there is no visit yet, in words."""
    return kind(point, view)[2]


def _measures(heads: Heads, key: Key) -> Iterator[dict[str, Any]]:
    lights = light_names(key.as_of.shown)
    for point, head in heads:
        for one in cached.pilots(key)[point.point]:
            yield head | {"栏目": "先行先试", "序号": one.number} | _compared(one, lights, key)


def _compared(one: Pilot, lights: Mapping[str, str], key: Key) -> dict[str, Any]:
    """The unit of the point beside the others that answer for the measure."""
    if one.measure is None:
        return {"与其余相比": gone(key)}
    return {
        "措施": one.measure.text,
        "亮灯": lights[one.light],
        "原因": one.own.reason if one.own else None,
        "完成比例": cut(one.own.percent if one.own else None),
        "其余单位数": len(one.others),
        "其余亮灯": "；".join(f"{lights[light]} {count}" for light, count in one.lights),
        "其余已报进度": one.said,
        "其余中位": cut(one.median),
        "与其余相比": VERDICTS[one.verdict][2] if one.verdict else why(one, lights),
    }


def _visits(heads: Heads) -> Iterator[dict[str, Any]]:
    for point, head in heads:
        for visit, open_now in reversed(open_through(point.visits)):
            yield head | {
                "栏目": "走访",
                "走访日": visit.on,
                "发现问题": visit.found,
                "解决问题": visit.solved,
                "累计未解决": open_now,
                "推广": visit.adopted,
                "记录": visit.words,
            }


def _printed(key: Key) -> Iterator[dict[str, Any]]:
    for indicator in PRINTED:
        definition = cached.definitions(key).get(indicator)
        for said, current, void in cached.history(key, indicator, CITY) if definition else ():
            if definition and current and not void:
                yield {
                    "栏目": "公开数",
                    "名称": definition.title,
                    "公开数": said.quantity.value,
                    "口径词": QUALIFIER_WORDS[said.quantity.qualifier],
                    "数据期": said.period.label,
                    "来源": said.source,
                }
