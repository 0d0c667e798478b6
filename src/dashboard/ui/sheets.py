"""A second file of a page beside its CSV: the same rows as a workbook that is ready to be read and printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from ..store import SHANGHAI
from ..workbooks import Looks, Mark, Sheet, xlsx_bytes
from . import cached, draw, here, receipt
from .address import View
from .draw import Filters
from .theme import SHAPES, TOKENS

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAPER = TOKENS["light"]


@dataclass(frozen=True)
class Layout:
    """What a workbook says beside its rows: tab, title, the list it is of, and what its columns are.

    ``lights`` is the column of the lights, ``percents`` are those in percent points, ``own`` those of somebody's
    own words; the first ``printed`` columns stand on paper.
    """

    tab: str
    title: str
    source: str
    lights: str
    percents: tuple[str, ...]
    own: tuple[str, ...]
    printed: int


def offer(
    view: View,
    frame_of: Callable[[], pd.DataFrame],
    *name: str,
    key: str,
    filters: Filters,
    layout: Layout,
) -> None:
    """A button in the top line that builds the workbook of what the page shows, and its receipt, when it is pressed."""
    page, drawn_with = here.page(), here.here()[1]

    def content() -> bytes:
        number = receipt.keep(page, view, drawn_with).number
        lines = captions(view, layout.source, filters, number, datetime.now(SHANGHAI))
        return xlsx_bytes(sheet(view, frame_of(), layout, lines))

    st.session_state["actions"].download_button(
        "Excel",
        data=content,
        file_name=draw.called(view, *name, *draw.in_name(filters), ending="xlsx"),
        mime=MIME,
        help=draw.say(view, "下载可以直接打印的 Excel 表"),
        key=key,
        on_click="ignore",
    )


def captions(
    view: View, source: str, filters: Filters, number: str, exported_at: datetime
) -> tuple[str, str]:
    """What stands below the title: day, period if one is chosen, data, receipt and hour of export (Beijing time);
    then list and filters."""
    data = "演示数据 · 非真实" if view.data == "demo" else "正式数据"
    hour = f"{exported_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    above = (
        ("截至", view.as_of.isoformat()),
        *draw.period_of(view),
        ("数据", draw.say(view, data)),
        ("回执号", number),
        ("导出时间（北京时间）", hour),
    )
    below = (("清单", draw.say(view, source)), ("筛选", draw.told(view, filters)))
    return _line(view, above), _line(view, below)


def _line(view: View, pairs: Filters) -> str:
    colon = ": " if view.lang == "en" else "："
    return "    ".join(f"{draw.say(view, label)}{colon}{value}" for label, value in pairs)


def sheet(view: View, frame: pd.DataFrame, layout: Layout, lines: tuple[str, ...]) -> Sheet:
    """The sheet in the reader's language; words of the list and of clerks stay Chinese."""
    return Sheet(
        tab=draw.say(view, layout.tab),
        title=draw.say(view, layout.title),
        lines=lines,
        frame=draw.in_script(frame, view.lang, layout.own),
        as_of=view.as_of,
        product=draw.say(view, "泉州市社会工作态势"),
        looks=_looks(view, draw.say(view, layout.lights)),
        percents=tuple(draw.say(view, name) for name in layout.percents),
        printed=layout.printed,
        cut=draw.say(view, "…（全文见CSV）"),
    )


def _looks(view: View, column: str) -> Looks:
    """On paper the colours are those of the light theme, whatever the screen has."""
    rules = cached.stores().catalogue.light_rules
    marks = {
        draw.say(view, light.name): Mark(SHAPES[light.light], _PAPER[light.light], _PAPER["panel"])
        for rule in rules
        for light in rule.lights
    }
    return Looks(_PAPER["track"], _PAPER["edge"], _PAPER["text"], column, marks)
