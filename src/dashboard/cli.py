"""The console command: init, show, snapshot. Says what is wrong in one sentence and exits with 2."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from . import __version__
from .config import ConfigError, settings
from .csvfile import file_name
from .knowledge import AsOf
from .periods import Period
from .queries import history, readings
from .snapshots import snapshot
from .startup import StartError, Stores, prepare
from .store import StoreError, stamp


class UsageError(Exception):
    """A question that has no answer as it was put; the message says how to put it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        stores = prepare(settings())
        asked.run(stores, asked)
    except (ConfigError, StartError, StoreError, UsageError) as error:
        print(str(error), file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dashboard", description="社会工作态势屏的命令行")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="命令")

    init = commands.add_parser("init", help="建库、写入目录和公开数据（可重复运行）")
    init.set_defaults(run=_init)

    show = commands.add_parser("show", help="看一个指标的数")
    show.add_argument("indicator", help="指标代号，如 volunteers_count")
    show.add_argument("--unit", default="350500", help="单位代码，默认全市 350500")
    show.add_argument("--history", action="store_true", help="列出所知的每一行")
    show.add_argument("--json", action="store_true", help="以 JSON 输出")
    _common(show)
    show.set_defaults(run=_show)

    snap = commands.add_parser("snapshot", help="把某日所知的全部数据存成 CSV 压缩包")
    snap.add_argument("--out", type=Path, help="输出文件，默认在当前文件夹按规则命名")
    _common(snap)
    snap.set_defaults(run=_snapshot)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=_day, help="截至日，如 2025-06-30，默认今天")
    parser.add_argument("--data", choices=("live", "demo"), default="live", help="正式或演示数据")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2025-06-30 的样子") from error


def _init(stores: Stores, _asked: argparse.Namespace) -> None:
    for data, store in stores.by_data.items():
        now = stamp(store)
        print(f"{data}：就绪，序号 {now.seq}，库 {store.engine.url.render_as_string(hide_password=True)}")


def _as_of(stores: Stores, asked: argparse.Namespace) -> AsOf:
    if asked.data not in stores.by_data:
        raise UsageError("本机没有开启演示数据：请设 DASHBOARD_DEMO=on，或改用 --data live。")
    today = stores[asked.data].today()
    if asked.as_of and asked.as_of > today:
        raise UsageError(f"截至日 {asked.as_of} 还没有到，最晚可以看 {today}。")
    return AsOf(asked.as_of or today)


def _show(stores: Stores, asked: argparse.Namespace) -> None:
    known = {i: d.title for i, d in stores.catalogue.indicators.items()}
    _must_know("指标", asked.indicator, known)
    _must_know("单位", asked.unit, {o.code: o.name for o in stores.catalogue.organisations})
    as_of = _as_of(stores, asked)
    engine = stores[asked.data].engine
    if asked.history:
        rows = history(engine, as_of, asked.indicator, asked.unit)
    else:
        rows = readings(engine, as_of, indicators=[asked.indicator], organisations=[asked.unit])
    measured_in = stores.catalogue.indicators[asked.indicator].measured_in
    answers = [_answer(row, measured_in) for _, row in rows.iterrows()]
    if asked.json:
        one = answers[0] if answers else None
        print(json.dumps(answers if asked.history else one, ensure_ascii=False))
    elif not answers:
        print(f"{known[asked.indicator]}：截至 {as_of.day} 没有数。")
    for answer in [] if asked.json else answers:
        print("  ".join(f"{name}={'' if value is None else value}" for name, value in answer.items()))


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
    answer = {
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
    if "current" in row:
        answer |= {"void": bool(row["void"]), "current": bool(row["current"])}
    return answer


def _snapshot(stores: Stores, asked: argparse.Namespace) -> None:
    as_of = _as_of(stores, asked)
    made = snapshot(stores[asked.data], as_of, stores.catalogue)
    out = asked.out or Path(file_name("快照", as_of=as_of.day, data=asked.data, ending="zip"))
    try:
        out.write_bytes(made.zipped())
    except OSError as error:
        raise UsageError(f"写不了 {out}（{error.strerror}）：请用 --out 指定可写的位置。") from error
    rows = sum(f["rows"] for f in made.manifest["files"])
    print(f"{out}：{len(made.files)} 个文件，{rows} 行，截至 {as_of.day}，序号 {made.manifest['seq']}")


if __name__ == "__main__":
    sys.exit(main())
