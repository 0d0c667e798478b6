"""`dashboard show` and `dashboard snapshot`: a figure with its history, and the whole store as of a day."""

from __future__ import annotations

import argparse
import difflib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from ..config import Settings
from ..csvfile import file_name
from ..knowledge import FIRST_DAY, AsOf
from ..periods import Period
from ..queries import history, readings
from ..snapshots import snapshot
from ..startup import Stores
from ..store import Store
from .arguments import Commands, Parser
from .common import UsageError, day, opened, which_data


def add(commands: Commands) -> None:
    """The commands and their options."""
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


def _common(parser: Parser) -> None:
    parser.add_argument("--as-of", metavar="日期", type=day, help="截至日，如 2025-06-30，默认今天")
    which_data(parser)


def _as_of(stores: Stores, asked: argparse.Namespace) -> AsOf:
    today = stores[asked.data].today()
    if asked.as_of and asked.as_of < FIRST_DAY:
        raise UsageError(f"截至日 {asked.as_of} 太早，最早可以看 {FIRST_DAY}。")
    if asked.as_of and asked.as_of > today:
        raise UsageError(f"截至日 {asked.as_of} 还没有到，最晚可以看 {today}。")
    return AsOf(asked.as_of or today)


def _show(chosen: Settings, asked: argparse.Namespace) -> None:
    stores = opened(chosen, asked.data)
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
    stores = opened(chosen, asked.data)
    as_of = _as_of(stores, asked)
    made = snapshot(stores[asked.data], as_of, stores.catalogue)
    out = asked.out or Path(file_name("快照", as_of=as_of.day, data=asked.data, ending="zip"))
    try:
        out.write_bytes(made.zipped())
    except OSError as error:
        raise UsageError(f"写不了 {out}（{error.strerror}）：请用 --out 指定可写的位置。") from error
    rows = sum(f["rows"] for f in made.manifest["files"])
    print(f"{out}：{len(made.files)} 个文件，{rows} 行，截至 {as_of.day}，序号 {made.manifest['seq']}")
