"""The words of the commands for stations and points: options, and what is said. Knows no store."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from .arguments import Parser
from .datum import SYSTEMS, named
from .importers.cells import clean
from .importers.point_import import PreparedPoints
from .importers.point_withdrawal import PointsTakenBack
from .importers.station_changes import Changes
from .importers.station_import import Asked, Prepared
from .importers.station_life import WORD
from .importers.station_withdrawal import LedgerTakenBack

_MOST_NAMES = 10


def add_arguments(parser: Parser, day: Callable[[str], date]) -> None:
    """The options of the command; ``day`` reads a day as every command reads it."""
    parser.add_argument("file", metavar="文件", type=Path, help="台账文件，.xlsx 或 .csv")
    parser.add_argument(
        "--unit", metavar="单位", default="", help="填报单位的名称或代码，如 350582；表里写了就不用写"
    )
    parser.add_argument("--on", metavar="日期", type=day, help="台账是哪一天的，默认今天")
    parser.add_argument(
        "--datum", metavar="坐标系", type=_system, help=f"{'、'.join(SYSTEMS)} 之一；文件里写了就不用写"
    )
    parser.add_argument(
        "--close-missing", action="store_true", help="库里有、台账里没有的，按台账的日子关闭；要写 --reason"
    )
    parser.add_argument("--reason", metavar="原因", default="", help="为什么关闭")
    parser.add_argument("--check", action="store_true", help="只检查，不入库")


def asked_of(asked: argparse.Namespace) -> Asked:
    """What was said on the command line."""
    return Asked(
        unit=clean(asked.unit),
        on=asked.on,
        system=asked.datum,
        close_missing=asked.close_missing,
        reason=asked.reason,
    )


def _system(text: str) -> str:
    found = named(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"不认识坐标系“{text}”，可以写 {'、'.join(SYSTEMS)}")
    return found


def told(found: Prepared) -> Iterator[str]:
    """What the ledger holds and what it would change."""
    change = found.changes
    states = "、".join(f"{WORD[state]} {count}" for state, count in change.by_state)
    yield f"{found.unit_name}驿站台账（{found.on}）：{found.rows} 个驿站。入库后{found.unit_name}共有：{states}。"
    yield f"没有坐标 {change.unlocated} 个。{_moved(found)}"
    yield from _which(change)


def _moved(found: Prepared) -> str:
    """How far the places went on their way into WGS 84."""
    parts = [
        f"{system} 换算到 WGS-84，移动 {least:.0f} 到 {most:.0f} 米（中位 {median:.0f} 米）"
        for system, (least, median, most) in found.moved.items()
    ]
    return f"{'；'.join(parts)}。" if parts else ""


def _which(change: Changes) -> Iterator[str]:
    kinds = {
        "新增": change.new,
        "改动": change.changed,
        "改名": [f"{old} → {new}" for old, new in change.renamed],
        "关闭": change.closed,
        "台账里没有、照旧保留": () if change.closed else change.missing,
    }
    for kind, names in kinds.items():
        if names:
            yield f"{kind} {len(names)} 个：{_first(names)}。"
    if not any(kinds.values()):
        yield "与库里的一样，没有变化。"


def _first(names: Sequence[str]) -> str:
    shown = "、".join(names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} 等"


def already_in(found: Prepared) -> str:
    """Of a file that came in before."""
    seq = found.already.seq if found.already else 0
    return f"同一份文件已经入库（{found.unit_name}，{found.on}，序号 {seq}），没有再入库。"


def taken_in(seq: int, *, demo: bool) -> str:
    """Of a file that is in now."""
    ends = "演示库下次重做时，这一份会一起消失。" if demo else ""
    return f"已入库，序号 {seq}。今天以前的日子仍按当时所知的显示。{ends}"


def add_arguments_back(parser: Parser) -> None:
    """The options of the command that takes a ledger back."""
    parser.add_argument("unit", metavar="单位", help="填报单位的名称或代码，如 350582")
    parser.add_argument("--reason", metavar="原因", default="", help="为什么撤回，必须写")


def taken_back(done: LedgerTakenBack, today: date) -> Iterator[str]:
    """Of a ledger that was withdrawn."""
    yield f"已撤回{done.unit_name} {done.ledger.on} 的驿站台账（序号 {done.ledger.seq}），序号 {done.seq}。"
    holds = (
        f"{done.stays.on} 的台账（序号 {done.stays.seq}）又算数" if done.stays else "此后没有这个单位的台账"
    )
    yield f"从 {today} 起它不再算数，{holds}；此前的日子仍按当时所知的显示。"


def add_arguments_of_points(parser: Parser) -> None:
    """The options of the command that takes in the roster of points or the record of visits."""
    parser.add_argument("file", metavar="文件", type=Path, help="名册或走访记录，.xlsx 或 .csv")
    parser.add_argument(
        "--datum", metavar="坐标系", type=_system, help=f"{'、'.join(SYSTEMS)} 之一；文件里写了就不用写"
    )
    parser.add_argument("--check", action="store_true", help="只检查，不入库")


def told_of_points(found: PreparedPoints) -> Iterator[str]:
    """What the roster or the record holds and what it would change."""
    yield f"联系点名册：{found.points} 个。" if found.points else f"走访记录：{found.visits} 次。"
    if found.new:
        yield f"新增 {len(found.new)} 个：{'、'.join(found.new)}。"
    if found.renamed:
        pairs = "、".join(f"{old} → {new}" for old, new in found.renamed)
        yield f"改名 {len(found.renamed)} 个：{pairs}。"
    if found.replaced:
        told = _first([f"{name} {on}" for name, on in found.replaced])
        yield f"其中 {len(found.replaced)} 次库里已有、说法不同，按这一份重写：{told}。"


def add_arguments_back_of_points(parser: Parser) -> None:
    """The options of the command that takes the newest file of points back."""
    parser.add_argument("--reason", metavar="原因", default="", help="为什么撤回，必须写")


def points_taken_back(done: PointsTakenBack, today: date) -> Iterator[str]:
    """Of a file of points that was withdrawn."""
    yield f"已撤回联系点文件“{done.file.file_name}”（序号 {done.file.seq}），序号 {done.seq}。"
    holds = (
        f"最近一份现在是“{done.next.file_name}”（序号 {done.next.seq}）"
        if done.next
        else "此前没有别的联系点文件"
    )
    yield f"从 {today} 起它不再算数，{holds}；此前的日子仍按当时所知的显示。"
