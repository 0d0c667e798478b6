"""`dashboard import-points` and `dashboard withdraw-points`: the roster or the record of visits taken in and back."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ..config import Settings
from ..datum import SYSTEMS
from ..importers.point_import import PreparedPoints, import_points, prepare_points
from ..importers.point_withdrawal import PointsTakenBack, take_back_points
from ..store import alone
from .arguments import Commands, Parser
from .common import (
    changes_told,
    coordinate_system,
    located,
    opened,
    outlines_for,
    say_before,
    taken_in,
    which_data,
)


def add(commands: Commands) -> None:
    """The commands and their options."""
    observed = commands.add_parser("import-points", help="导入观察联系点的名册或走访记录（xlsx 或 csv）")
    _arguments(observed)
    which_data(observed)
    observed.set_defaults(run=_import)

    back = commands.add_parser("withdraw-points", help="撤回最近一份联系点名册或走访记录")
    back.add_argument("--reason", metavar="原因", default="", help="为什么撤回，必须写")
    which_data(back)
    back.set_defaults(run=_withdraw)


def _arguments(parser: Parser) -> None:
    parser.add_argument("file", metavar="文件", type=Path, help="名册或走访记录，.xlsx 或 .csv")
    parser.add_argument(
        "--datum",
        metavar="坐标系",
        type=coordinate_system,
        help=f"{'、'.join(SYSTEMS)} 之一；文件里写了就不用写",
    )
    parser.add_argument("--check", action="store_true", help="只检查，不入库")


def _import(chosen: Settings, asked: argparse.Namespace) -> None:
    stores = opened(chosen, asked.data)
    store = stores[asked.data]
    with alone(store):  # what is checked against the store must still hold when it is taken in
        found = prepare_points(store, outlines_for(stores), asked.file, asked.datum)
        if found.already is not None:
            print(f"同一份文件已经入库（序号 {found.already}），没有再入库。")
        elif say_before(found.warnings, told(found), check=asked.check):
            print(taken_in(import_points(store, found) or 0, demo=store.kind == "demo"))


def told(found: PreparedPoints) -> Iterator[str]:
    """What the roster or the record holds and what it would change."""
    where = located(found.unlocated, found.converted)
    yield f"联系点名册：{found.points} 个。{where}" if found.points else f"走访记录：{found.visits} 次。"
    if found.new:
        yield f"新增 {len(found.new)} 个：{'、'.join(found.new)}。"
    if found.renamed:
        pairs = "、".join(f"{old} → {new}" for old, new in found.renamed)
        yield f"改名 {len(found.renamed)} 个：{pairs}。"
    if found.moved:
        moves = "、".join(f"{name} {old} → {new}" for name, old, new in found.moved)
        yield f"换单位 {len(found.moved)} 个：{moves}。"
    yield from changes_told(found.changed)
    yield from changes_told(found.replaced, "其中 {count} 次库里已有、说法不同，按这一份重写（{columns}）。")
    if not any((found.new, found.renamed, found.moved, found.changed, found.added, found.replaced)):
        yield "与库里的一样，没有变化。"


def _withdraw(chosen: Settings, asked: argparse.Namespace) -> None:
    store = opened(chosen, asked.data)[asked.data]
    with alone(store):
        done = take_back_points(store, asked.reason)
    for line in _taken_back(done, store.today()):
        print(line)


def _taken_back(done: PointsTakenBack, today: date) -> Iterator[str]:
    """Of a file of points that was withdrawn."""
    yield f"已撤回联系点文件“{done.file.file_name}”（序号 {done.file.seq}），序号 {done.seq}。"
    holds = (
        f"最近一份现在是“{done.next.file_name}”（序号 {done.next.seq}）"
        if done.next
        else "此前没有别的联系点文件"
    )
    yield f"从 {today} 起它不再算数，{holds}；此前的日子仍按当时所知的显示。"
