"""The last door before the screen: templates, charts and maps, each in the reader's script.

Chinese is written once, in Simplified; what is about to be shown is turned into Traditional here, so that
no label can be forgotten. Everything a template prints is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pydeck as pdk
import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..csvfile import csv_bytes, file_name
from ..language import shown, words
from .address import View


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, view: View, **context: Any) -> str:
    """The template filled and in the reader's script."""

    def label(text: str, **values: object) -> str:
        return words(text, view.lang, **values)

    html = _templates().get_template(template).render(view=view, _=label, **context)
    return shown(html, view.lang)


def html(template: str, view: View, **context: Any) -> None:
    """Draw a template."""
    st.html(render(template, view, **context))


def say(view: View, text: str, **values: object) -> str:
    """A label in the reader's language and script, for what is not a template."""
    return shown(words(text, view.lang, **values), view.lang)


@contextmanager
def panel(name: str) -> Iterator[None]:
    """A panel of the grid; the stylesheet reaches it as ``.st-key-panel_<name>``."""
    with st.container(key=f"panel_{name}"):
        yield


def chart(option: dict[str, Any], view: View, *, height: int, name: str, key: str) -> None:
    """An ECharts option as SVG, with its one-sentence name for those who cannot see it."""
    st.echarts_chart(
        _in_script(option, view.lang), renderer="svg", height=height, alt=say(view, name), key=key
    )


def _in_script(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return shown(value, language)
    if isinstance(value, dict):
        return {k: _in_script(v, language) for k, v in value.items()}
    if isinstance(value, list):
        return [_in_script(v, language) for v in value]
    return value


def picked(deck: pdk.Deck, layer: str, *, height: int, key: str) -> dict[str, Any] | None:
    """Draw a map and return the properties of what was clicked in the layer, None when nothing was."""
    event = st.pydeck_chart(deck, height=height, on_select="rerun", selection_mode="single-object", key=key)
    chosen = event.selection.get("objects", {}).get(layer, [])
    return chosen[0].get("properties", chosen[0]) if chosen else None


def download(view: View, frame_of: Callable[[], pd.DataFrame], *name: str, key: str) -> None:
    """A button in the top line that builds the CSV of what the page shows only when it is pressed."""
    spoken = [say(view, part) for part in name]
    st.session_state["actions"].download_button(
        "CSV",
        data=lambda: csv_bytes(_frame_in_script(frame_of(), view.lang)),
        file_name=file_name(*spoken, as_of=view.as_of, data=view.data),
        mime="text/csv",
        icon=":material/download:",
        help=say(view, "下载这一页的数据"),
        key=key,
        on_click="ignore",
    )


def in_script(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    """A frame as it is shown, names of columns included."""
    return _frame_in_script(frame, view.lang)


def _frame_in_script(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    if language == "zh-CN":
        return frame
    spoken = frame.map(lambda v: shown(v, language) if isinstance(v, str) else v)
    return spoken.rename(columns=lambda c: shown(words(str(c), language), language))


def several(names: list[str], most: int = 4) -> str:
    """The first few names, and how many there are when there are more."""
    more = f" 等 {len(names)} 个" if len(names) > most else ""
    return "、".join(names[:most]) + more
