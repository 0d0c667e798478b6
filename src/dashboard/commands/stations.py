"""`dashboard import-stations` and `dashboard withdraw-stations`: the ledger of one unit taken in, and taken back."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ..config import Settings
from ..datum import SYSTEMS
from ..importers.station_changes import Changes
from ..importers.station_differences import EVERY_MONTH
from ..importers.station_import import Asked, Prepared, import_stations, prepare_stations
from ..importers.station_life import WORD
from ..importers.station_withdrawal import LedgerTakenBack, take_back_stations
from ..knowledge import FIRST_DAY
from ..store import alone
from .arguments import Commands, Parser
from .common import (
    UsageError,
    changes_told,
    coordinate_system,
    day,
    first_of,
    located,
    opened,
    outlines_for,
    say_before,
    taken_in,
    which_data,
)


def add(commands: Commands) -> None:
    """The commands and their options."""
    ledger = commands.add_parser("import-stations", help="导入一个单位的驿站台账（xlsx 或 csv）")
    _ledger_arguments(ledger)
    which_data(ledger)
    ledger.set_defaults(run=_import)

    back = commands.add_parser("withdraw-stations", help="撤回一个单位最近一份驿站台账")
    _back_arguments(back)
    which_data(back)
    back.set_defaults(run=_withdraw)


def _ledger_arguments(parser: Parser) -> None:
    parser.add_argument("file", metavar="文件", type=Path, help="台账文件，.xlsx 或 .csv")
    parser.add_argument(
        "--unit", metavar="单位", default="", help="填报单位的名称或代码，如 350582；表里写了就不用写"
    )
    parser.add_argument("--on", metavar="日期", type=day, help="台账是哪一天的，默认今天")
    parser.add_argument(
        "--datum",
        metavar="坐标系",
        type=coordinate_system,
        help=f"{'、'.join(SYSTEMS)} 之一；文件里写了就不用写",
    )
    parser.add_argument(
        "--close-missing", action="store_true", help="库里有、台账里没有的，按台账的日子关闭；要写 --reason"
    )
    parser.add_argument("--reason", metavar="原因", default="", help="为什么关闭")
    parser.add_argument("--check", action="store_true", help="只检查，不入库")


def _back_arguments(parser: Parser) -> None:
    parser.add_argument("unit", metavar="单位", help="填报单位的名称或代码，如 350582")
    parser.add_argument("--reason", metavar="原因", default="", help="为什么撤回，必须写")


def _import(chosen: Settings, asked: argparse.Namespace) -> None:
    stores = opened(chosen, asked.data)
    store = stores[asked.data]
    if asked.on and asked.on > store.today():
        raise UsageError(f"台账的日子 {asked.on} 还没有到：--on 最晚写 {store.today()}。")
    if asked.on and asked.on < FIRST_DAY:
        raise UsageError(f"台账的日子 {asked.on} 太早：--on 最早写 {FIRST_DAY}。")
    with alone(store):  # what is checked against the store must still hold when it is taken in
        found = prepare_stations(store, outlines_for(stores), asked.file, _asked(asked))
        if found.already:
            print(_already_in(found))
        elif say_before(found.warnings, _told(found), check=asked.check):
            print(taken_in(import_stations(store, found) or 0, demo=store.kind == "demo"))


def _asked(asked: argparse.Namespace) -> Asked:
    """What was said on the command line."""
    return Asked(
        unit=asked.unit.strip(),  # what hides in it is named where nobody is called so
        on=asked.on,
        system=asked.datum,
        close_missing=asked.close_missing,
        reason=asked.reason,
    )


def _told(found: Prepared) -> Iterator[str]:
    """What the ledger holds and what it would change."""
    change = found.changes
    states = "、".join(f"{WORD[state]} {count}" for state, count in change.by_state)
    yield f"{found.unit_name}驿站台账（{found.on}）：{found.rows} 个驿站。入库后{found.unit_name}共有：{states}。"
    yield located(change.unlocated, found.moved)
    yield from _which(change)


def _which(change: Changes) -> Iterator[str]:
    kinds = {
        "新增": change.new,
        "改名": [f"{old} → {new}" for old, new in change.renamed],
        "关闭": change.closed,
    }
    for kind, names in kinds.items():
        if names:
            yield f"{kind} {len(names)} 个：{first_of(names)}。"
    yield from changes_told(change.changed, not_listed=EVERY_MONTH)
    if not any(kinds.values()) and not change.changed:
        yield "台账里的与库里的一样，没有变化。" if change.missing else "与库里的一样，没有变化。"


def _already_in(found: Prepared) -> str:
    """Of a file that came in before."""
    seq = found.already.seq if found.already else 0
    return f"同一份文件已经入库（{found.unit_name}，{found.on}，序号 {seq}），没有再入库。"


def _withdraw(chosen: Settings, asked: argparse.Namespace) -> None:
    store = opened(chosen, asked.data)[asked.data]
    with alone(store):
        done = take_back_stations(store, asked.unit, asked.reason)
    for line in _taken_back(done, store.today()):
        print(line)


def _taken_back(done: LedgerTakenBack, today: date) -> Iterator[str]:
    """Of a ledger that was withdrawn."""
    yield f"已撤回{done.unit_name} {done.ledger.on} 的驿站台账（序号 {done.ledger.seq}），序号 {done.seq}。"
    holds = (
        f"{done.stays.on} 的台账（序号 {done.stays.seq}）又算数" if done.stays else "此后没有这个单位的台账"
    )
    yield f"从 {today} 起它不再算数，{holds}；此前的日子仍按当时所知的显示。"
