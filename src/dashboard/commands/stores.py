"""`dashboard init` and `dashboard demo`: from nothing to stores that can be asked."""

from __future__ import annotations

import argparse
from datetime import date

from ..config import Settings
from ..demo import EARLIEST_UNTIL
from ..periods import parse
from ..startup import newest_demo_month, prepare, rebuild_demo
from ..store import stamp
from .arguments import Commands
from .common import UsageError


def add(commands: Commands) -> None:
    """The commands and their options."""
    init = commands.add_parser("init", help="建库、写入目录和公开数据（可重复运行）")
    init.set_defaults(run=_init)

    demo = commands.add_parser("demo", help="重做演示数据")
    demo.add_argument("--until", metavar="月份", help="做到哪个月，如 2026-05，默认最近一个完整月")
    demo.set_defaults(run=_demo)


def _init(chosen: Settings, _asked: argparse.Namespace) -> None:
    stores = prepare(chosen)
    for data, store in stores.by_data.items():
        now = stamp(store)
        print(f"{data}：就绪，序号 {now.seq}，库 {store.engine.url.render_as_string(hide_password=True)}")


def _demo(chosen: Settings, asked: argparse.Namespace) -> None:
    if not chosen.demo:
        raise UsageError("本机关闭了演示数据（DASHBOARD_DEMO=off）：要做演示数据，请去掉这个设置或改为 on。")
    until = _month(asked.until, newest_demo_month())
    demo = rebuild_demo(chosen, until)["demo"]
    where = demo.engine.url.render_as_string(hide_password=True)
    print(f"demo：已做到 {demo.today()}，序号 {stamp(demo).seq}，库 {where}")


def _month(asked: str | None, newest: date) -> date:
    """First day of the month asked for, the newest when none is; raises UsageError for one that cannot be."""
    if asked is None:
        return newest
    span = f"{EARLIEST_UNTIL:%Y-%m} 到 {newest:%Y-%m}"
    try:
        month = parse(asked)
    except ValueError:
        month = None
    if month is None or month.grain != "month":
        raise UsageError(f"“{asked}”不是月份：--until 请写 {span} 之间的一个月，如 {newest:%Y-%m}。")
    if month.start < EARLIEST_UNTIL:
        raise UsageError(f"{asked} 太早，那时演示的事情还没有发生完：--until 请写 {span} 之间的一个月。")
    if month.start > newest:
        raise UsageError(f"{asked} 还没有过完，演示数据只做到完整的月份：--until 请写 {span} 之间的一个月。")
    return month.start
