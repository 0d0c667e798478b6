"""What the commands share: how a day and a store are asked for, and how a file is taken in."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ..config import Settings
from ..datum import SYSTEMS, named
from ..geo import GeoError, Outline, outlines
from ..importers.refusals import sentence
from ..importers.station_differences import Changed
from ..startup import OUTLINES, Stores, prepare_as_it_is
from ..store import ProblemDraft
from .arguments import Parser

_MOST_NAMES = 10


class UsageError(Exception):
    """A question that has no answer as it was put; the message says how to put it."""


def day(text: str) -> date:
    """A day as every command reads it: 2025-06-30."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2025-06-30 的样子") from error


def which_data(parser: Parser) -> None:
    """The option that says which store is asked: the live one, or the demo."""
    parser.add_argument("--data", choices=("live", "demo"), default="live", help="正式或演示数据")


def opened(chosen: Settings, data: str) -> Stores:
    """The stores for a question to one of them; who asks the live one does not wait for a demo."""
    if data == "live":
        return prepare_as_it_is(replace(chosen, demo=False))
    if not chosen.demo:
        raise UsageError("本机没有开启演示数据：请设 DASHBOARD_DEMO=on，或改用 --data live。")
    return prepare_as_it_is(chosen)


def outlines_for(stores: Stores) -> tuple[Outline, ...]:
    """What places are held against: the outlines of the maps, or the shipped ones where those cannot be used, which
    is said."""
    if stores.drawing.refused:
        which = "产品自带的轮廓" if stores.drawing.own else "它里面的轮廓"
        print(f"提醒：{stores.drawing.refused}这次核对坐标用的是{which}。")
    try:
        return stores.drawing.shapes or outlines(OUTLINES)
    except GeoError as error:
        raise UsageError(str(error)) from error


def say_before(warnings: Iterable[ProblemDraft], told: Iterable[str], *, check: bool) -> bool:
    """Say what a file holds and would change; whether it is to be taken in, which --check forbids."""
    for warning in warnings:
        print(f"提醒：{sentence(warning)}")
    for line in told:
        print(line)
    if check:
        print("只检查，没有入库。")
    return not check


def taken_in(seq: int, *, demo: bool) -> str:
    """Of a ledger that is in now."""
    ends = "演示库下次重做时，这一份会一起消失。" if demo else ""
    return f"已入库，序号 {seq}。今天以前的日子仍按当时所知的显示。{ends}"


def coordinate_system(text: str) -> str:
    """The name of a system of coordinates under any of its names."""
    found = named(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"不认识坐标系“{text}”，可以写 {'、'.join(SYSTEMS)}")
    return found


def located(unlocated: int, moved: Mapping[str, tuple[float, float, float]]) -> str:
    """How many places have no coordinates, and how far the others went on their way into WGS 84: by system the least,
    the most and the median in metres."""
    parts = [
        f"{system} 换算到 WGS-84，移动 {least:.0f} 到 {most:.0f} 米（中位 {median:.0f} 米）"
        for system, (least, median, most) in moved.items()
    ]
    return f"没有坐标 {unlocated} 个。{'；'.join(parts)}{'。' if parts else ''}"


def first_of(names: Sequence[str], counted: str = "") -> str:
    """The names; of many the first ten, and how many there are where the word they are counted in is given."""
    shown = "、".join(names[:_MOST_NAMES])
    if len(names) <= _MOST_NAMES:
        return shown
    return f"{shown} 等 {len(names)} {counted}" if counted else f"{shown} 等"


_MOST_CHANGED = 10


def changes_told(
    changed: Sequence[Changed], head: str = "改动 {count} 个（{columns}）。", not_listed: Collection[str] = ()
) -> Iterator[str]:
    """How many things are told otherwise and in which columns; of the first ones, from what to what. The columns
    ``not_listed`` are another figure every month: counted alone."""
    if not changed:
        return
    counted = Counter(d.column for one in changed for d in one.differences)
    columns = "、".join(f"{column} {count}" for column, count in counted.items())
    yield head.format(count=len(changed), columns=columns)
    lines = [(one.name, [d for d in one.differences if d.column not in not_listed]) for one in changed]
    listed = [(name, found) for name, found in lines if found]
    for name, found in listed[:_MOST_CHANGED]:
        yield f"  {name}：{'；'.join(f'{d.column} {d.before} → {d.now}' for d in found)}"
    if len(listed) > _MOST_CHANGED:
        yield f"  还有 {len(listed) - _MOST_CHANGED} 个没有逐个列出。"
