"""What the page of stations shows as one table, to be taken away: the sums, by unit or town, the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ..catalogue import CITY
from ..figures import QUALIFIER_WORDS, rate_number
from ..readouts.stations import AreaStations, all_day, rate
from . import cached
from .address import View
from .cached import Key
from .stations_page import INDICATOR, STATES, areas, by_town, nobody_reported, place, scope, shown, unit_of

COLUMNS = (
    "栏目 编号 名称 类型 单位 镇街 地址 状态 状态日期 服务 开放时间 运营 经度（WGS-84） 纬度（WGS-84） 最近核查 到站人次 "
    "开放个数 每万人 24小时开放 时间未写 开放无坐标 其他状态 镇街数 无驿站镇街 公开数 口径词 数据期 来源"
).split()


def as_frame(view: View, key: Key) -> pd.DataFrame:
    """A row for every figure and every station on the page, by panel."""
    rows = [
        *(_printed(key) if nobody_reported(key) else _sums(view, key)),
        *_areas(view, key),
        *_list(view, key),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def called(view: View) -> str:
    """Whose stations the table holds, for the name of its file: the city, a unit, or a unit with one of its towns."""
    unit = cached.stores().catalogue.organisation(unit_of(view) or CITY).name
    return f"{unit}_{place(view).name}" if view.town else unit


def _sums(view: View, key: Key) -> Iterator[dict[str, Any]]:
    found = [a for a in scope(view, key) if a.reported]
    if found:
        yield {"栏目": "合计", "名称": place(view).name, "每万人": rate_number(rate(found)), **_counts(found)}


def _counts(found: Sequence[AreaStations]) -> dict[str, Any]:
    return {
        "开放个数": sum(a.open for a in found),
        "24小时开放": all_day(found),
        "时间未写": sum(a.open - a.hours_told for a in found),
        "开放无坐标": sum(a.unlocated for a in found),
        "其他状态": sum(a.others for a in found),
        "镇街数": sum(a.towns for a in found),
        "无驿站镇街": sum(len(a.towns_without) for a in found),
    }


def _areas(view: View, key: Key) -> Iterator[dict[str, Any]]:
    what = "按镇街" if by_town(view) else "按单位"
    for area in areas(view, key):
        head = {"栏目": what, "编号": area.code, "名称": area.name}
        if not area.reported:
            yield head | {"状态": "未报送"}
        else:
            yield head | {"每万人": rate_number(area.per_10k), **_counts([area])}


def _list(view: View, key: Key) -> Iterator[dict[str, Any]]:
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    for s in cached.station_rows(key, shown(view, key).in_order):
        yield {
            "栏目": "名录",
            "编号": s.station,
            "名称": s.name,
            "类型": s.kind,
            "单位": names.get(s.unit, s.unit),
            "镇街": names.get(s.town, ""),
            "地址": s.address,
            "状态": STATES[s.state][2],
            "状态日期": s.since,
            "服务": " ".join(s.services),
            "开放时间": s.hours,
            "运营": s.operator,
            "经度（WGS-84）": s.lon,
            "纬度（WGS-84）": s.lat,
            "最近核查": s.checked_on,
            "到站人次": s.visits,
        }


def _printed(key: Key) -> Iterator[dict[str, Any]]:
    for said, current, void in cached.history(key, INDICATOR, CITY):
        if current and not void:
            yield {
                "栏目": "公开数",
                "名称": "暖“新”驿站",
                "单位": cached.stores().catalogue.organisation(CITY).name,
                "公开数": said.quantity.value,
                "口径词": QUALIFIER_WORDS[said.quantity.qualifier],
                "数据期": said.period.label,
                "来源": said.source,
            }
