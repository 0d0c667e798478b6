"""The page of snapshots: the whole store as of the day as one zip, and what came in last."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from ..figures import day_text
from ..snapshots import snapshot
from . import cached, draw, receipt
from .address import View
from .cached import Key

# What stands in a snapshot, for those who open it.
FILES = (
    ("reading.csv", "读数：每个指标、单位、数据期一行，含口径词、获知日、序号和报送件编号"),
    ("measure.csv、assignment.csv、list_version.csv", "清单、措施和责任"),
    ("light.csv", "每项责任在截至日的亮灯和原因"),
    ("progress.csv", "各单位报送的进展"),
    ("station.csv、station_event.csv", "驿站和它的生命线"),
    ("point.csv、point_visit.csv", "观察联系点和走访"),
    ("indicator_definition.csv、target.csv", "指标口径和目标"),
    ("organisation.csv、meeting.csv、alias.csv", "单位、会议和别名"),
    ("return.csv", "报送件：编号、来源、等级、获知日、入库时刻、序号"),
    ("return_event.csv、problem.csv", "报送件的经过，以及核对时的提示"),
    ("manifest.json", "各文件行数和校验码、序号、截至日、目录校验码"),
)
KINDS = {
    "published": "公开数据",
    "catalogue": "目录",
    "readings": "指标报送",
    "progress": "进展报送",
    "stations": "驿站名录",
    "points": "联系点与走访",
    "targets": "目标",
    "meeting": "会议",
    "definition": "口径变更",
    "list": "清单调整",
}
_LAST = 20


def download_panel(view: View, key: Key) -> None:
    """What a snapshot holds, and the button that makes it when it is pressed."""
    with draw.panel("snapshot"):
        aside = f"截至 {day_text(view.as_of)} · 序号 {cached.last_seq(key)}"
        draw.html("head.html", view, title="整库快照", switches=None, aside=aside)
        draw.html("snapshot.html", view, files=FILES)
        st.download_button(
            draw.say(view, "下载快照（CSV 压缩包）"),
            data=lambda: zipped(view, key),
            file_name=draw.called(view, "快照", ending="zip"),
            mime="application/zip",
            icon=":material/archive:",
            type="primary",
            key="snapshot",
            on_click="ignore",
        )


def zipped(view: View, key: Key) -> bytes:
    """The snapshot of the page, its receipt in the manifest."""
    stores = cached.stores()
    number = receipt.keep("snapshots", view, key).number
    return snapshot(stores[view.data], key.as_of, stores.catalogue, number).zipped()


@draw.remembered
def receipt_panel(view: View, _key: Key) -> None:
    """Where a number from paper or a file is written, to open that view again."""
    with draw.sheet("receipt"):
        draw.html("head.html", view, title="按回执号打开", switches=None, aside="")
        draw.html("open_receipt.html", view)


@draw.remembered
def returns_panel(view: View, key: Key) -> None:
    """The last returns that were accepted by the day."""
    rows = _came_in(key)
    with draw.sheet("returns"):
        draw.html("head.html", view, title="最近入库", switches=None, aside=f"共 {len(rows)} 件")
        last: Any = rows.iloc[::-1].head(_LAST).to_dict("records")
        names = draw.names()
        draw.html("returns.html", view, rows=last, names=names, kinds=KINDS)


def _came_in(key: Key) -> pd.DataFrame:
    """Returns that had come in by the day; the catalogue that was read later is no news of that day."""
    rows = cached.returns(key)
    return rows[rows["known_on"] <= key.as_of.day]


def as_frame(key: Key) -> pd.DataFrame:
    """All accepted returns, as one table."""
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    rows = _came_in(key)
    return pd.DataFrame(
        {
            "序号": rows["seq"],
            "类别": rows["kind"].map(lambda k: KINDS.get(k, k)),
            "单位": rows["organisation"].map(lambda c: names.get(c, c)),
            "来源": rows["source_title"],
            "等级": rows["source_grade"],
            "获知日": rows["known_on"],
            "入库时刻": rows["accepted_at"],
            "状态": rows["state"].map({"accepted": "已入库", "withdrawn": "已撤回"}),
            "文件": rows["file_name"],
            "校验码": rows["file_sha256"],
        }
    )
