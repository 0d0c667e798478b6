"""`dashboard import-list` and `dashboard withdraw-list`: a list of measures taken in as a version, and taken back."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..config import Settings
from ..importers.cells import clean
from ..importers.list_versions import Asked, Change, Numbers, Prepared, import_list, prepare_list
from ..importers.list_withdrawal import take_back_list
from ..importers.measure_list import NOT_SAID, Counts
from ..store import Store, alone
from .arguments import Commands, Parser
from .common import UsageError, day, first_of, opened, say_before, which_data


def add(commands: Commands) -> None:
    """The commands and their options."""
    _list_arguments(commands.add_parser("import-list", help="导入一版措施清单（xlsx 或 csv）"))

    back = commands.add_parser("withdraw-list", help="撤回导入错了的一版措施清单")
    back.add_argument("version", metavar="版本号", help="导入时的版本号，如 2026-12-01")
    back.add_argument("--reason", metavar="原因", default="", help="为什么撤回；已有单位报过进展的必须写")
    which_data(back)
    back.set_defaults(run=_withdraw_list)


def _list_arguments(listing: Parser) -> None:
    listing.add_argument("file", metavar="文件", type=Path, help="清单文件，.xlsx 或 .csv")
    listing.add_argument(
        "--from",
        dest="valid_from",
        metavar="日期",
        type=day,
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
    listing.add_argument("--published", metavar="日期", type=day, help="公布日，默认今天")
    listing.add_argument("--check", action="store_true", help="只检查，不入库")
    which_data(listing)
    listing.set_defaults(run=_import_list)


def _counts(text: str) -> Counts:
    found = [int(n) for n in text.replace("，", ",").split(",") if n.strip().isdecimal()]
    if len(found) not in (1, 3) or len(found) != len(text.replace("，", ",").split(",")):
        raise argparse.ArgumentTypeError(
            f"“{text}”应是方面、项目、措施三个数，如 7,20,60，或只写措施数，如 60"
        )
    return Counts(*found) if len(found) == 3 else Counts(None, None, found[0])


def _import_list(chosen: Settings, asked: argparse.Namespace) -> None:
    store = opened(chosen, asked.data)[asked.data]
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
        if not say_before(found.warnings, _told(found), check=asked.check):
            return
        seq = import_list(store, found)
        print("与库里的完全一样，没有入库。" if seq is None else _taken_in(store, found, seq))


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


def _which(numbers: Numbers) -> list[str]:
    """One line for each kind of change there is, with the numbers of its measures; of many, the first ones."""
    kinds = {
        "新增的措施": numbers.new,
        "改动的措施": numbers.changed,
        "换成另一条的序号": numbers.other,
        "撤下的措施": numbers.gone,
    }
    return [f"{kind}：{first_of(found, '条')}。" for kind, found in kinds.items() if found]


def _taken_in(store: Store, found: Prepared, seq: int) -> str:
    today = store.today()
    past = found.valid_from < today
    kept = "今天以前的日子仍按当时所知的清单显示。" if past or found.replaces else ""
    ends = "演示库下次重做时，这一版会一起消失。" if store.kind == "demo" else ""
    return f"已入库，序号 {seq}。{kept}{ends}"


def _withdraw_list(chosen: Settings, asked: argparse.Namespace) -> None:
    store = opened(chosen, asked.data)[asked.data]
    done = take_back_list(store, asked.version, asked.reason)
    times = f"（导入过 {done.returns} 次，一并撤回）" if done.returns > 1 else ""
    now = f"现行清单是“{done.in_force}”" if done.in_force else "此后没有现行清单"
    print(f"已撤回清单版本“{asked.version}”{times}，序号 {done.seq}。")
    print(f"从 {store.today()} 起它不再算数，{now}；此前的日子仍按当时所知的清单显示。")
    if done.reported:
        print(f"{done.reported} 个单位报过的进展仍留在库里，不再显示；再用同一版本号导入清单时重新算数。")
