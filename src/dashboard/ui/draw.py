"""The last door before the screen: templates, charts and maps, each in the reader's script.

Chinese is written once, in Simplified; what is about to be shown is turned into Traditional here, so that
no label can be forgotten. Everything a template prints is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec

import pandas as pd
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


# --- panels ----------------------------------------------------------------------------------------

P = ParamSpec("P")


@dataclass(frozen=True)
class _Html:
    text: str

    def draw(self) -> None:
        st.html(self.text)


@dataclass(frozen=True)
class _Chart:
    option: dict[str, Any]
    height: int
    name: str
    key: str

    def draw(self) -> None:
        st.echarts_chart(self.option, renderer="svg", height=self.height, alt=self.name, key=self.key)


@dataclass(frozen=True)
class _Box:
    key: str
    parts: list[Part]

    def draw(self) -> None:
        with st.container(key=self.key):
            for part in self.parts:
                part.draw()


Part = _Html | _Chart | _Box

# What a remembered function has drawn so far; None outside of one.
_tape: ContextVar[list[Part] | None] = ContextVar("tape", default=None)


def remembered(function: Callable[P, None]) -> Callable[P, None]:
    """A function that draws templates, charts and boxes only: what it drew is kept and drawn again.

    Its arguments are all that it depends on, and can be hashed; what comes from a store is asked with a Key.
    """

    @wraps(function)
    def again(*args: P.args, **kwargs: P.kwargs) -> None:
        for part in _drawn_by(function, args, tuple(kwargs.items())):
            part.draw()

    return again


@lru_cache(maxsize=512)
def _drawn_by(
    function: Callable[..., None], args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]
) -> list[Part]:
    tape: list[Part] = []
    before = _tape.set(tape)
    try:
        function(*args, **dict(named))
    finally:
        _tape.reset(before)
    return tape


def _put(part: Part) -> None:
    tape = _tape.get()
    if tape is None:
        part.draw()
    else:
        tape.append(part)


def html(template: str, view: View, **context: Any) -> None:
    """Draw a template."""
    _put(_Html(render(template, view, **context)))


def say(view: View, text: str, **values: object) -> str:
    """A label in the reader's language and script, for what is not a template."""
    return shown(words(text, view.lang, **values), view.lang)


@contextmanager
def box(key: str) -> Iterator[None]:
    """A container that the stylesheet reaches as ``.st-key-<key>``."""
    tape = _tape.get()
    if tape is None:
        with st.container(key=key):
            yield
        return
    parts: list[Part] = []
    before = _tape.set(parts)
    try:
        yield
    finally:
        _tape.reset(before)
    tape.append(_Box(key, parts))


def panel(name: str) -> AbstractContextManager[None]:
    """A panel of the grid; the stylesheet reaches it as ``.st-key-panel_<name>``."""
    return box(f"panel_{name}")


def chart(option: dict[str, Any], view: View, *, height: int, name: str, key: str) -> None:
    """An ECharts option as SVG, with its one-sentence name for those who cannot see it."""
    _put(_Chart(_in_script(option, view.lang), height, say(view, name), key))


def _in_script(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return shown(value, language)
    if isinstance(value, dict):
        return {k: _in_script(v, language) for k, v in value.items()}
    if isinstance(value, list):
        return [_in_script(v, language) for v in value]
    return value


def download(view: View, frame_of: Callable[[], pd.DataFrame], *name: str, key: str) -> None:
    """A button in the top line that builds the CSV of what the page shows only when it is pressed."""
    spoken = [say(view, part) for part in name]
    st.session_state["actions"].download_button(
        "CSV",
        data=lambda: csv_bytes(_frame_in_script(_marked(frame_of(), view), view.lang)),
        file_name=file_name(*spoken, as_of=view.as_of, data=view.data),
        mime="text/csv",
        help=say(view, "下载这一页的数据"),
        key=key,
        on_click="ignore",
    )


def _marked(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    """Figures of the demo say in their first column, row by row, what they are; those of the live store have none."""
    if view.data != "demo":
        return frame
    mark = pd.Series("演示数据", index=frame.index, name="数据", dtype=object)
    return pd.concat([mark, frame], axis="columns")


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
