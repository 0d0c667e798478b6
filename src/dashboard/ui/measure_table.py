"""What the page of a measure shows as one table, to be taken away: the measure, who answers for it, its course."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..evidence import MARKS
from ..readouts.measure import MeasureDetail, Part
from . import cached
from .list_panels import light_names
from .measure_page import own_words, proven

COLUMNS = (
    "栏目 序号 方面 项目 措施 目标 牵头单位 责任单位 启动时间 完成时限 进展情况 完成比例 数据期 旧期 状态 亮灯 原因 "
    "存在问题 下一步 报送时间 完成日期 时序比例 已报单位数 责任单位数 预计完成 最早 最晚 佐证比例 佐证 填报与佐证 清单"
).split()

PERCENTS = ("完成比例", "时序比例", "佐证比例")


def as_frame(found: MeasureDetail) -> pd.DataFrame:
    """A row for the measure, one for every organisation that answers for it, every month and every figure."""
    rows = [_whole(found), *_parts(found), *_months(found), *_figures(found)]
    head = {
        "序号": found.readout.number,
        "方面": found.readout.aspect,
        "项目": found.readout.project,
        "措施": found.readout.text,
        "清单": found.list_title,
    }
    frame = pd.DataFrame([head | row for row in rows], columns=COLUMNS, dtype=object)
    return frame.assign(**{column: frame[column].map(cut) for column in PERCENTS})


def cut(percent: float | None) -> float | None:
    """With one decimal; cut, so that what is nearly done never reads 100. None stays None."""
    return None if percent is None or pd.isna(percent) else math.floor(round(percent * 10, 6)) / 10


def _names() -> dict[str, str]:
    return {o.code: o.name for o in cached.stores().catalogue.organisations}


def _whole(found: MeasureDetail) -> dict[str, Any]:
    told, claim, joint = found.readout, found.claim, found.forecast
    return {
        "栏目": "措施",
        "目标": found.target,
        "牵头单位": "、".join(_names().get(code, code) for code in found.leads),
        "启动时间": found.start,
        "完成时限": told.due or "长期坚持",
        "完成比例": told.percent,
        "完成日期": found.completed_on,
        "亮灯": light_names(found.day)[told.light],
        "原因": told.reason,
        "时序比例": found.plan,
        "已报单位数": told.said,
        "责任单位数": told.assigned,
        "预计完成": joint.text,
        "最早": joint.forecast.early,
        "最晚": joint.forecast.late,
        "佐证比例": claim.evidence if claim else None,
        "佐证": (claim.why or proven(claim.proof)) if claim else "",
        "填报与佐证": MARKS[claim.mark] if claim else "",
    }


def _parts(found: MeasureDetail) -> Iterator[dict[str, Any]]:
    names, lights = _names(), light_names(found.day)
    for part in found.parts:
        yield {
            "栏目": "责任单位",
            "责任单位": names[part.duty.organisation],
            "启动时间": found.start,
            "完成时限": part.due or "长期坚持",
            "完成比例": part.duty.percent,
            "亮灯": lights[part.duty.light],
            "原因": part.duty.reason,
            "旧期": "是" if part.duty.older else "",
            "预计完成": part.forecast.text,
            "最早": part.forecast.early,
            "最晚": part.forecast.late,
            "佐证比例": part.own.proof.percent if part.own else None,
            "佐证": own_words(part.own),
            "填报与佐证": MARKS[part.own.mark] if part.own else "",
        } | _told(part)


def _told(part: Part) -> dict[str, Any]:
    told = part.told
    if told is None:
        return {"状态": "从未报送"}
    return {
        "数据期": told.period.label,
        "状态": told.status,
        "进展情况": told.words,
        "存在问题": told.problem,
        "下一步": told.next_step,
        "报送时间": told.known_on,
        "完成日期": told.completed_on,
    }


def _months(found: MeasureDetail) -> Iterator[dict[str, Any]]:
    for step in found.course:
        yield {
            "栏目": "逐月",
            "数据期": f"{step.end:%Y-%m}",
            "完成比例": step.actual,
            "时序比例": step.plan,
            "已报单位数": step.said,
            "责任单位数": step.assigned,
        }


def _figures(found: MeasureDetail) -> Iterator[dict[str, Any]]:
    for period, share in found.claim.proof.series if found.claim else ():
        yield {"栏目": "佐证", "数据期": period.label, "佐证比例": share}
