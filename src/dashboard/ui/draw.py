"""The last door before the screen: templates, charts and maps, each in the reader's language and script.

Text is written once, in Simplified Chinese; what is about to be shown is turned into Traditional or into
English here, so that no label can be forgotten. Everything a template prints is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec

import pandas as pd
import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ..charts.trend import ENGLISH_STEPS, STEPS
from ..csvfile import csv_bytes, file_name, in_file_name
from ..language import shown
from . import cached, here, receipt
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
    """The template filled, in the reader's language and script.

    In it ``_`` fills a sentence with its values, and ``own`` prints somebody's own words, which stay Chinese.
    """

    def own(text: str) -> str:
        return _own(text, view.lang)

    html = _templates().get_template(template).render(view=view, _=_filled, own=own, **context)
    return markup(html, view.lang)


def markup(html: str, language: str) -> str:
    """HTML in the language; English leaves what stands inside of lang="zh"."""
    return cached.english().markup(html) if language == "en" else shown(html, language)


def spoken(text: str, language: str) -> str:
    """Plain text in the language and script."""
    return cached.english().of(text) if language == "en" else shown(text, language)


def _own(text: str, language: str) -> str:
    """Somebody's own words: in English they stay Chinese and say so, but for the parts the catalogue knows."""
    if language != "en" or cached.english().knows(text):
        return text
    for mark in ("；", " · ", "："):
        parts = text.split(mark)
        if any(map(cached.english().knows, parts)):
            return escape(mark).join(_own(part, language) for part in parts)
    return Markup('<span lang="zh">%s</span>') % text


def _filled(text: str, **values: object) -> str:
    if any(isinstance(value, Markup) for value in values.values()):
        return escape(text).format(**values)
    return text.format(**values) if values else text


# --- panels ----------------------------------------------------------------------------------------

P = ParamSpec("P")


@dataclass(frozen=True)
class _Html:
    text: str

    def draw(self) -> None:
        st.html(self)

    def _repr_html_(self) -> str:
        """The text as it is: Streamlit takes the indents out of a plain string, in a run's tenth where it is long."""
        return self.text


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
            _put(part)

    return again


@lru_cache(maxsize=512)
def _drawn_by(
    function: Callable[..., None], args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]
) -> list[Part]:
    with _taped() as tape:
        function(*args, **dict(named))
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
    return spoken(_filled(text, **values), view.lang)


@contextmanager
def box(key: str) -> Iterator[None]:
    """A container that the stylesheet reaches as ``.st-key-<key>``."""
    tape = _tape.get()
    if tape is None:
        with st.container(key=key):
            yield
        return
    with _taped() as parts:
        yield
    tape.append(_Box(key, parts))


@contextmanager
def _taped() -> Iterator[list[Part]]:
    """What is drawn inside is kept in the list instead."""
    parts: list[Part] = []
    before = _tape.set(parts)
    try:
        yield parts
    finally:
        _tape.reset(before)


def panel(name: str) -> AbstractContextManager[None]:
    """A panel of the grid; the stylesheet reaches it as ``.st-key-panel_<name>``."""
    return box(f"panel_{name}")


@contextmanager
def sheet(name: str) -> Iterator[None]:
    """A panel that holds templates only; it goes to the browser as one element, since each costs it and a run its time."""
    with _taped() as parts:
        yield
    bodies = [part.text for part in parts if isinstance(part, _Html)]
    if len(bodies) != len(parts):
        raise TypeError(f"the sheet {name} holds more than templates")
    _put(_Html(f'<section class="sheet st-key-panel_{name}">{"".join(bodies)}</section>'))


@contextmanager
def together(place: str = "") -> Iterator[None]:
    """Sheets that go to the browser as one element; the stylesheet lays each of them out for itself, or all of
    them in a ``place``, the name of a class."""
    with _taped() as parts:
        yield
    bodies = [part.text for part in parts if isinstance(part, _Html)]
    if len(bodies) != len(parts):
        raise TypeError("what goes together holds more than sheets")
    body = "".join(bodies)
    if body:
        _put(_Html(f'<div class="{place}">{body}</div>' if place else body))


def chart(option: dict[str, Any], view: View, *, height: int, name: str, key: str) -> None:
    """An ECharts option as SVG, with its one-sentence name for those who cannot see it."""
    _put(_Chart(_spoken_in(option, view.lang), height, say(view, name), key))


def _spoken_in(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return spoken(value, language)
    if isinstance(value, dict):
        return {k: _spoken_in(v, language) for k, v in value.items()}
    if isinstance(value, list):
        return [_spoken_in(v, language) for v in value]
    return value


def steps(view: View) -> tuple[tuple[float, str], ...]:
    """In which steps the reader counts: 万 and 亿, or thousands and millions."""
    return ENGLISH_STEPS if view.lang == "en" else STEPS


# The label of a chosen period among the filters of a file.
_PERIOD = "数据期至"
# What narrows a page, each filter with the name of what it narrows and what was chosen of it, as the reader sees both.
Filters = Sequence[tuple[str, str]]


def period_of(view: View) -> Filters:
    """The chosen period as a filter of a file whose figures it narrows; nothing when none is chosen."""
    return [(_PERIOD, view.period.label)] if view.period else []


def in_name(filters: Filters) -> Iterator[str]:
    """What a file is called after its filters: their values; of a period, which is a figure, its label as well."""
    return (f"{label} {value}" if label == _PERIOD else value for label, value in filters)


def download(
    view: View,
    frame_of: Callable[[], pd.DataFrame],
    *name: str,
    key: str,
    filters: Filters | None = None,
    own: Collection[str] = (),
) -> None:
    """A button in the top line that builds the CSV of what the page shows, and its receipt, only when it is pressed.

    ``filters`` go into its name and, also when there is none, into a column of every row; None: the page cannot be
    filtered. ``own`` are columns of somebody's own words.
    """
    page, drawn_with = here.page(), here.here()[1]

    def content() -> bytes:
        number = receipt.keep(page, view, drawn_with).number
        marked = _marked(in_script(frame_of(), view.lang, own), view, number, filters)
        return csv_bytes(marked)

    st.session_state["actions"].download_button(
        "CSV",
        data=content,
        file_name=called(view, *name, *in_name(filters or ())),
        mime="text/csv",
        help=say(view, "下载这一页的数据"),
        key=key,
        on_click="ignore",
    )


def _marked(frame: pd.DataFrame, view: View, number: str, filters: Filters | None) -> pd.DataFrame:
    """The receipt in the last column, row by row; figures of the demo say in their first one what they are."""

    def column(name: str, value: str) -> pd.Series[str]:
        return pd.Series(value, index=frame.index, name=say(view, name), dtype=object)

    columns: list[pd.DataFrame | pd.Series[str]] = [frame]
    if view.data == "demo":
        columns.insert(0, column("数据", say(view, "演示数据")))
    if filters is not None:
        columns.append(column("筛选", told(view, filters)))
    columns.append(column("回执号", number))
    return pd.concat(columns, axis="columns")


def told(view: View, filters: Filters) -> str:
    """The filters in one line, in the reader's language: 方向=畅路；亮灯=逾期; without one 全部."""
    said = [f"{say(view, name)}={say(view, value)}" for name, value in filters]
    return ("; " if view.lang == "en" else "；").join(said) or say(view, "全部")


def called(view: View, *name: str, ending: str = "csv") -> str:
    """The name of a file to take away, in the reader's language."""
    day = file_name(as_of=view.as_of, data=view.data, ending="").rstrip(".").split("_")
    parts = [part for part in (*name, *day) if part]
    return "_".join(in_file_name(say(view, part)) for part in parts) + f".{ending}"


def in_script(frame: pd.DataFrame, language: str, own: Collection[str] = ()) -> pd.DataFrame:
    """A frame in the reader's language and script, names of columns included.

    The columns ``own`` hold somebody's own words: in English they stay Chinese.
    """
    if language == "zh-CN":
        return frame
    kept = own if language == "en" else ()
    turned = {
        column: values if column in kept else values.map(lambda v: _spoken_cell(v, language))
        for column, values in frame.items()
    }
    return pd.DataFrame(turned, index=frame.index).rename(columns=lambda c: spoken(str(c), language))


def _spoken_cell(value: Any, language: str) -> Any:
    return spoken(value, language) if isinstance(value, str) else value


def names() -> Mapping[str, str]:
    """The short name of every organisation, by code."""
    return _short_names(cached.stores().catalogue.digest)


@lru_cache(maxsize=2)
def _short_names(_digest: str) -> Mapping[str, str]:
    return {o.code: o.short_name for o in cached.stores().catalogue.organisations}


def several(names: list[str], most: int = 4) -> str:
    """The first few names, and how many there are when there are more."""
    more = f" 等 {len(names)} 个" if len(names) > most else ""
    return "、".join(names[:most]) + more


def fitting(names: list[str], room: int) -> str:
    """All of the names where there is room for so many characters, else the first, and how many there are."""
    return several(names, len(names) if len("、".join(names)) <= room else 1)
