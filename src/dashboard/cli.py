"""The console command: stores made and asked, snapshots, and the files of lists, stations and points taken in and back.

Says what is wrong in one sentence and exits with 2.
"""

from __future__ import annotations

import argparse
import difflib
import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from . import __version__
from .arguments import Parser
from .config import ConfigError, Settings, settings
from .csvfile import file_name
from .demo import EARLIEST_UNTIL
from .geo import GeoError, Outline, outlines
from .importers.cells import clean
from .importers.list_versions import (
    Asked,
    Change,
    Numbers,
    Prepared,
    import_list,
    prepare_list,
)
from .importers.list_withdrawal import take_back_list
from .importers.measure_list import NOT_SAID, Counts
from .importers.point_import import import_points, prepare_points
from .importers.point_withdrawal import take_back_points
from .importers.refusals import RefusedError, sentence
from .importers.station_import import import_stations, prepare_stations
from .importers.station_withdrawal import take_back_stations
from .knowledge import FIRST_DAY, AsOf
from .periods import Period, parse
from .queries import history, readings
from .snapshots import snapshot
from .startup import OUTLINES, StartError, Stores, newest_demo_month, prepare, prepare_as_it_is, rebuild_demo
from .station_commands import (
    add_arguments,
    add_arguments_back,
    add_arguments_back_of_points,
    add_arguments_of_points,
    already_in,
    asked_of,
    held_against,
    points_taken_back,
    taken_back,
    taken_in,
    told,
    told_of_points,
)
from .store import Store, StoreError, alone, stamp


class UsageError(Exception):
    """A question that has no answer as it was put; the message says how to put it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    asked = _parser().parse_args(arguments)
    _say_on_stderr()
    try:
        asked.run(settings(), asked)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has read enough; nor may Python write the rest when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ConfigError, RefusedError, StartError, StoreError, UsageError) as error:
        print(str(error), file=sys.stderr)
        return 2
    return 0


def _say_on_stderr() -> None:
    """What takes its time is said as a plain sentence; the server writes it to its log."""
    log = logging.getLogger("dashboard")
    log.handlers[:] = [logging.StreamHandler(sys.stderr)]
    log.setLevel(logging.INFO)


class _Behind(argparse.Action):
    """An option of the commands that was written before the command."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Say where it belongs."""
        parser.error(
            f"{self.option_strings[0]} 要写在命令后面，如 dashboard show volunteers_count --data demo。"
        )


def _parser() -> Parser:
    parser = Parser(prog="dashboard", description="社会工作态势屏的命令行")
    parser.add_argument("--version", action="version", version=__version__, help="看版本号")
    parser.add_argument(
        "--data", action=_Behind, nargs="?", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    commands = parser.add_subparsers(required=True, metavar="命令")

    init = commands.add_parser("init", help="建库、写入目录和公开数据（可重复运行）")
    init.set_defaults(run=_init)

    demo = commands.add_parser("demo", help="重做演示数据")
    demo.add_argument("--until", metavar="月份", help="做到哪个月，如 2026-05，默认最近一个完整月")
    demo.set_defaults(run=_demo)

    show = commands.add_parser("show", help="看一个指标的数")
    show.add_argument("indicator", metavar="指标", help="指标代号，如 volunteers_count")
    show.add_argument("--unit", metavar="单位", default="350500", help="单位代码，默认全市 350500")
    show.add_argument("--history", action="store_true", help="列出所知的每一行")
    show.add_argument("--json", action="store_true", help="以 JSON 输出")
    _common(show)
    show.set_defaults(run=_show)

    snap = commands.add_parser("snapshot", help="把某日所知的全部数据存成 CSV 压缩包")
    snap.add_argument("--out", metavar="文件", type=Path, help="输出文件，默认在当前文件夹按规则命名")
    _common(snap)
    snap.set_defaults(run=_snapshot)

    _list_arguments(commands.add_parser("import-list", help="导入一版措施清单（xlsx 或 csv）"))

    back = commands.add_parser("withdraw-list", help="撤回导入错了的一版措施清单")
    back.add_argument("version", metavar="版本号", help="导入时的版本号，如 2026-12-01")
    back.add_argument("--reason", metavar="原因", default="", help="为什么撤回；已有单位报过进展的必须写")
    _which_data(back)
    back.set_defaults(run=_withdraw_list)

    ledger = commands.add_parser("import-stations", help="导入一个单位的驿站台账（xlsx 或 csv）")
    add_arguments(ledger, _day)
    _which_data(ledger)
    ledger.set_defaults(run=_import_stations)

    ledger_back = commands.add_parser("withdraw-stations", help="撤回一个单位最近一份驿站台账")
    add_arguments_back(ledger_back)
    _which_data(ledger_back)
    ledger_back.set_defaults(run=_withdraw_stations)

    observed = commands.add_parser("import-points", help="导入观察联系点的名册或走访记录（xlsx 或 csv）")
    add_arguments_of_points(observed)
    _which_data(observed)
    observed.set_defaults(run=_import_points)

    observed_back = commands.add_parser("withdraw-points", help="撤回最近一份联系点名册或走访记录")
    add_arguments_back_of_points(observed_back)
    _which_data(observed_back)
    observed_back.set_defaults(run=_withdraw_points)
    return parser


def _list_arguments(listing: Parser) -> None:
    listing.add_argument("file", metavar="文件", type=Path, help="清单文件，.xlsx 或 .csv")
    listing.add_argument(
        "--from",
        dest="valid_from",
        metavar="日期",
        type=_day,
        required=True,
        help="从哪天起施行，如 2026-12-01",
    )
    listing.add_argument("--version", metavar="版本号", help="默认用起始日；写已导入的版本号就是替换它")
    listing.add_argument("--title", metavar="标题", default="", help="默认用表头上方的标题")
    listing.add_argument("--official", action="store_true", help="是正式清单；不写就标“示例，非官方清单”")
    listing.add_argument(
        "--counts", metavar="数目", type=_counts, default=NOT_SAID,
        help="应有几个方面、项目、措施，如 7,20,60；文件里写了就不用写",
    )  # fmt: skip
    listing.add_argument("--source", metavar="出处", default="", help="清单出自哪里")
    listing.add_argument("--published", metavar="日期", type=_day, help="公布日，默认今天")
    listing.add_argument("--check", action="store_true", help="只检查，不入库")
    _which_data(listing)
    listing.set_defaults(run=_import_list)


def _common(parser: Parser) -> None:
    parser.add_argument("--as-of", metavar="日期", type=_day, help="截至日，如 2025-06-30，默认今天")
    _which_data(parser)


def _which_data(parser: Parser) -> None:
    parser.add_argument("--data", choices=("live", "demo"), default="live", help="正式或演示数据")


def _counts(text: str) -> Counts:
    found = [int(n) for n in text.replace("，", ",").split(",") if n.strip().isdecimal()]
    if len(found) not in (1, 3) or len(found) != len(text.replace("，", ",").split(",")):
        raise argparse.ArgumentTypeError(
            f"“{text}”应是方面、项目、措施三个数，如 7,20,60，或只写措施数，如 60"
        )
    return Counts(*found) if len(found) == 3 else Counts(None, None, found[0])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2025-06-30 的样子") from error


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


def _opened(chosen: Settings, data: str) -> Stores:
    """The stores for a question to one of them; who asks the live one does not wait for a demo."""
    if data == "live":
        return prepare_as_it_is(replace(chosen, demo=False))
    if not chosen.demo:
        raise UsageError("本机没有开启演示数据：请设 DASHBOARD_DEMO=on，或改用 --data live。")
    return prepare_as_it_is(chosen)


def _as_of(stores: Stores, asked: argparse.Namespace) -> AsOf:
    today = stores[asked.data].today()
    if asked.as_of and asked.as_of < FIRST_DAY:
        raise UsageError(f"截至日 {asked.as_of} 太早，最早可以看 {FIRST_DAY}。")
    if asked.as_of and asked.as_of > today:
        raise UsageError(f"截至日 {asked.as_of} 还没有到，最晚可以看 {today}。")
    return AsOf(asked.as_of or today)


def _show(chosen: Settings, asked: argparse.Namespace) -> None:
    stores = _opened(chosen, asked.data)
    known = {i: d.title for i, d in stores.catalogue.indicators.items()}
    _must_know("指标", asked.indicator, known)
    _must_know("单位", asked.unit, {o.code: o.name for o in stores.catalogue.organisations})
    as_of = _as_of(stores, asked)
    measured_in = stores.catalogue.indicators[asked.indicator].measured_in
    answers = _answers(stores[asked.data], as_of, asked, measured_in)
    if asked.json:
        one = answers[0] if answers else None
        print(json.dumps(answers if asked.history else one, ensure_ascii=False))
    elif not answers:
        print(f"{known[asked.indicator]}：截至 {as_of.day} 没有数。")
    for answer in [] if asked.json else answers:
        print("  ".join(f"{name}={'' if value is None else value}" for name, value in _plain(answer).items()))


def _answers(store: Store, as_of: AsOf, asked: argparse.Namespace, measured_in: str) -> list[dict[str, Any]]:
    """The row that counts on the day, or every row known with what became of it."""
    counting = readings(store.engine, as_of, indicators=[asked.indicator], organisations=[asked.unit])
    found = [_answer(row, measured_in) for _, row in counting.iterrows()]
    if not asked.history:
        return found
    rows = history(store.engine, as_of, asked.indicator, asked.unit)
    every = [(_answer(row, measured_in), row) for _, row in rows.iterrows()]
    return [
        answer | {"void": bool(row["void"]), "current": bool(row["current"]), "counts": answer in found}
        for answer, row in every
    ]


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as a line to read; of a history, one word for what became of the row."""
    if "current" not in answer:
        return answer
    return {k: v for k, v in answer.items() if k not in ("void", "current", "counts")} | {
        "state": _became(answer)
    }


def _became(answer: dict[str, Any]) -> str:
    """What became of a row: it counts on the day, was superseded, took the figure back, or is of an earlier period."""
    if answer["counts"]:
        return "采用"
    if not answer["current"]:
        return "已被取代"
    return "撤销" if answer["void"] else "较早"


def _must_know(what: str, found: str, known: dict[str, str]) -> None:
    if found in known:
        return
    codes = {name: code for code, name in known.items()}
    near = difflib.get_close_matches(found, [*known, *codes], n=3, cutoff=0.5)
    told = dict.fromkeys(n if n in known else f"{codes[n]}（{n}）" for n in near)
    hint = f"是不是 {'、'.join(told)}？" if told else "请到“口径说明”页查代号。"
    raise UsageError(f"没有这个{what}：“{found}”。{hint}")


def _answer(row: pd.Series[Any], measured_in: str) -> dict[str, Any]:
    value = None if pd.isna(row["value"]) else float(row["value"])
    return {
        "indicator": row["indicator"],
        "unit": row["organisation"],
        "value": int(value) if value is not None and value.is_integer() else value,
        "qualifier": row["qualifier"],
        "measured_in": measured_in,
        "period": Period(row["period_end"], row["period_start"], row["grain"]).label,
        "known_on": row["known_on"].isoformat(),
        "known_on_precision": row["published_on_precision"] or "day",
        "seq": int(row["seq"]),
        "source": row["source_title"] or "",
        "source_grade": row["source_grade"] or "",
        "note": row["note"],
    }


def _snapshot(chosen: Settings, asked: argparse.Namespace) -> None:
    stores = _opened(chosen, asked.data)
    as_of = _as_of(stores, asked)
    made = snapshot(stores[asked.data], as_of, stores.catalogue)
    out = asked.out or Path(file_name("快照", as_of=as_of.day, data=asked.data, ending="zip"))
    try:
        out.write_bytes(made.zipped())
    except OSError as error:
        raise UsageError(f"写不了 {out}（{error.strerror}）：请用 --out 指定可写的位置。") from error
    rows = sum(f["rows"] for f in made.manifest["files"])
    print(f"{out}：{len(made.files)} 个文件，{rows} 行，截至 {as_of.day}，序号 {made.manifest['seq']}")


def _import_list(chosen: Settings, asked: argparse.Namespace) -> None:
    store = _opened(chosen, asked.data)[asked.data]
    if asked.published and asked.published > store.today():
        raise UsageError(f"公布日 {asked.published} 还没有到：--published 最晚写 {store.today()}。")
    wanted = Asked(
        valid_from=asked.valid_from,
        version=asked.version,
        title=clean(asked.title),
        official=asked.official,
        counts=asked.counts,
        source=clean(asked.source),
        published_on=asked.published,
    )
    with alone(store):  # what is checked against the store must still hold when it is taken in
        found = prepare_list(store, asked.file, wanted)
        for warning in found.warnings:
            print(f"提醒：{sentence(warning)}")
        for line in _told(found):
            print(line)
        if asked.check:
            print("只检查，没有入库。")
            return
        seq = import_list(store, found)
        print("与库里的完全一样，没有入库。" if seq is None else _taken_in(store, found, seq))


def _import_stations(chosen: Settings, asked: argparse.Namespace) -> None:
    stores = _opened(chosen, asked.data)
    store = stores[asked.data]
    if asked.on and asked.on > store.today():
        raise UsageError(f"台账的日子 {asked.on} 还没有到：--on 最晚写 {store.today()}。")
    with alone(store):  # what is checked against the store must still hold when it is taken in
        found = prepare_stations(store, _outlines(stores), asked.file, asked_of(asked))
        if found.already:
            print(already_in(found))
            return
        for warning in found.warnings:
            print(f"提醒：{sentence(warning)}")
        for line in told(found):
            print(line)
        if asked.check:
            print("只检查，没有入库。")
            return
        seq = import_stations(store, found)
        print(taken_in(seq or 0, demo=store.kind == "demo"))


def _import_points(chosen: Settings, asked: argparse.Namespace) -> None:
    stores = _opened(chosen, asked.data)
    store = stores[asked.data]
    with alone(store):
        found = prepare_points(store, _outlines(stores), asked.file, asked.datum)
        if found.already is not None:
            print(f"同一份文件已经入库（序号 {found.already}），没有再入库。")
            return
        for warning in found.warnings:
            print(f"提醒：{sentence(warning)}")
        for line in told_of_points(found):
            print(line)
        if asked.check:
            print("只检查，没有入库。")
            return
        print(taken_in(import_points(store, found) or 0, demo=store.kind == "demo"))


def _outlines(stores: Stores) -> tuple[Outline, ...]:
    """What places are held against: the outlines of the maps, or the shipped ones where those cannot be used."""
    try:
        if stores.drawing.refused:
            print(f"提醒：{held_against(stores.drawing)}")
        return stores.drawing.shapes or outlines(OUTLINES)
    except GeoError as error:
        raise UsageError(str(error)) from error


def _withdraw_stations(chosen: Settings, asked: argparse.Namespace) -> None:
    store = _opened(chosen, asked.data)[asked.data]
    with alone(store):
        done = take_back_stations(store, asked.unit, asked.reason)
    for line in taken_back(done, store.today()):
        print(line)


def _withdraw_points(chosen: Settings, asked: argparse.Namespace) -> None:
    store = _opened(chosen, asked.data)[asked.data]
    with alone(store):
        done = take_back_points(store, asked.reason)
    for line in points_taken_back(done, store.today()):
        print(line)


def _told(found: Prepared) -> list[str]:
    """What the file holds and what it would change."""
    n = found.counts
    label = "正式清单" if found.official else "不是正式清单：屏幕上一直标“示例，非官方清单”"
    lines = [
        f"清单版本 {found.version}“{found.title}”，自 {found.valid_from} 起施行，{label}。",
        f"{n.aspects} 个方面、{n.projects} 个项目、{n.measures} 条措施；"
        f"{found.leads + found.answering} 项责任（牵头 {found.leads}，责任 {found.answering}），"
        f"涉及 {found.organisations} 个单位。",
    ]
    whose = "替换库里的同一版" if found.replaces else f"与此前的清单“{found.against}”相比"
    if found.against:
        lines.append(f"{whose}：{'；'.join(map(_change, found.changes))}。")
    lines += _which(found.numbers) if found.numbers else []
    if found.replaces:
        return lines
    if found.reported:
        return [*lines, f"这个版本号撤回以前，{found.reported} 个单位报过进展，会重新算数。"]
    return [*lines, "进展从零报起，旧清单的进展不会带过来。"]


def _change(told: Change) -> str:
    other = "" if told.other is None else f"、换成另一条 {told.other}"
    return f"{told.name}新增 {told.new}、改动 {told.changed}{other}、撤下 {told.gone}"


_MOST_NUMBERS = 10


def _which(numbers: Numbers) -> list[str]:
    """One line for each kind of change there is, with the numbers of its measures; of many, the first ones."""
    kinds = {
        "新增的措施": numbers.new,
        "改动的措施": numbers.changed,
        "换成另一条的序号": numbers.other,
        "撤下的措施": numbers.gone,
    }
    return [f"{kind}：{_first(found)}。" for kind, found in kinds.items() if found]


def _first(numbers: Sequence[str]) -> str:
    shown = "、".join(numbers[:_MOST_NUMBERS])
    return shown if len(numbers) <= _MOST_NUMBERS else f"{shown} 等 {len(numbers)} 条"


def _taken_in(store: Store, found: Prepared, seq: int) -> str:
    today = store.today()
    past = found.valid_from < today
    kept = "今天以前的日子仍按当时所知的清单显示。" if past or found.replaces else ""
    ends = "演示库下次重做时，这一版会一起消失。" if store.kind == "demo" else ""
    return f"已入库，序号 {seq}。{kept}{ends}"


def _withdraw_list(chosen: Settings, asked: argparse.Namespace) -> None:
    store = _opened(chosen, asked.data)[asked.data]
    done = take_back_list(store, asked.version, asked.reason)
    times = f"（导入过 {done.returns} 次，一并撤回）" if done.returns > 1 else ""
    now = f"现行清单是“{done.in_force}”" if done.in_force else "此后没有现行清单"
    print(f"已撤回清单版本“{asked.version}”{times}，序号 {done.seq}。")
    print(f"从 {store.today()} 起它不再算数，{now}；此前的日子仍按当时所知的清单显示。")
    if done.reported:
        print(f"{done.reported} 个单位报过的进展仍留在库里，不再显示；再用同一版本号导入清单时重新算数。")


if __name__ == "__main__":
    sys.exit(main())
