"""What the page of points shows as one table, to be taken away: the points, the measures they pilot, the visits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..catalogue import CITY
from ..figures import QUALIFIER_WORDS
from . import cached
from .address import View
from .cached import Key
from .list_panels import light_names
from .points_page import LONG_AGO, PRINTED, RECENT, measures

COLUMNS = (
    "栏目 编号 名称 单位 中央联系点 试什么 走访次数 最近走访 距今天数 走访状态 发现问题 解决问题 推广 "
    "走访日 记录 序号 措施 亮灯 原因 经度 纬度 公开数 口径词 数据期 来源"
).split()


def as_frame(view: View, key: Key) -> pd.DataFrame:
    """A row for every point, for every measure it pilots and for every visit."""
    rows = [*_points(view, key), *_measures(key), *_visits(key)]
    return pd.DataFrame(rows or list(_printed(key)), columns=COLUMNS)


def _heads(key: Key) -> Iterator[tuple[Any, dict[str, Any]]]:
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    for point in cached.points(key):
        yield point, {"编号": point.point, "名称": point.name, "单位": names.get(point.unit, point.unit)}


def _points(view: View, key: Key) -> Iterator[dict[str, Any]]:
    for point, head in _heads(key):
        yield head | {
            "栏目": "联系点",
            "中央联系点": "是" if point.national else "",
            "试什么": point.tests,
            "走访次数": len(point.visits),
            "最近走访": point.visits[0].on if point.visits else None,
            "距今天数": point.days_since(view.as_of),
            "走访状态": (LONG_AGO if point.long_ago(view.as_of) else RECENT)[2],
            "发现问题": point.found,
            "解决问题": point.solved,
            "推广": point.adopted[0].adopted if point.adopted else None,
            "经度": point.lon,
            "纬度": point.lat,
        }


def _measures(key: Key) -> Iterator[dict[str, Any]]:
    lights = light_names(key.as_of.day)
    for point, head in _heads(key):
        for one in measures(point, key):
            told = {"序号": one.number, "措施": one.text, "亮灯": lights[one.light], "原因": one.reason}
            yield head | {"栏目": "先行先试"} | told


def _visits(key: Key) -> Iterator[dict[str, Any]]:
    for point, head in _heads(key):
        for visit in point.visits:
            yield head | {
                "栏目": "走访",
                "走访日": visit.on,
                "发现问题": visit.found,
                "解决问题": visit.solved,
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
