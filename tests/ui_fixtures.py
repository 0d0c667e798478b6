"""Pages without a browser: the shell run by AppTest on a home of its own, and what stands on it, read back."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.config import PAGES, SETTINGS
from dashboard.startup import Stores
from dashboard.ui import cached
from dashboard.ui.server import SHELL


@contextmanager
def installed(home: Path, **settings: str) -> Iterator[Stores]:
    """The product of this process opened on a home of its own, through its own settings; no demo unless asked."""
    with pytest.MonkeyPatch.context() as patch:
        for name, _, _ in SETTINGS:
            patch.delenv(name, raising=False)
        patch.setenv("DASHBOARD_HOME", str(home))
        patch.setenv("DASHBOARD_DEMO", "off")
        for name, value in settings.items():
            patch.setenv(name, value)
        _forget()
        stores = cached.stores()
        try:
            yield stores
        finally:
            for store in stores.by_data.values():
                store.engine.dispose()
            _forget()


def _forget() -> None:
    """What a process keeps for as long as it lives: the stores, the outlines that are drawn, what was drawn of them."""
    cached.stores.cache_clear()
    for room in [m for name, m in sys.modules.items() if name.startswith("dashboard.ui.")]:
        for kept in vars(room).values():
            if callable(getattr(kept, "cache_clear", None)) and kept.__module__ == room.__name__:
                kept.cache_clear()


class Page:
    """A page as it was drawn, addressed like in a browser: ``Page("county", unit="350582")``."""

    def __init__(self, name: str, locale: str = "zh-CN", **parameters: str) -> None:
        self.at = AppTest.from_file(SHELL, default_timeout=60)
        self.at.context = {"locale": locale}
        for parameter, value in parameters.items():
            self.at.query_params[parameter] = value
        self.at.switch_page(str(PAGES / f"{name}.py")).run()

    @property
    def failures(self) -> list[str]:
        """Exceptions and error boxes; none on a page in good order."""
        return [str(found.value) for found in (*self.at.exception, *self.at.error)]

    def html(self, key: str = "") -> str:
        """The HTML of the page, or of the container or the sheet with this key; KeyError when there is none."""
        for found in self.at.get("html") if key else ():
            for sheet in re.split('(?=<section class="sheet )', found.value):
                if sheet.startswith(f'<section class="sheet st-key-{key}"'):
                    return sheet
        holder = self.at.get_by_key(key) if key else self.at
        return "\n".join(found.value for found in holder.get("html"))

    def text(self, key: str = "") -> str:
        """Its words, blank by blank."""
        return " ".join(_read(self.html(key)).words)

    def links(self, key: str = "") -> dict[str, str]:
        """Address by the words of the link."""
        return {words: href for words, href, _ in _read(self.html(key)).links}

    def current(self, key: str = "") -> list[str]:
        """The words of links that say they are the current one."""
        return [words for words, _, current in _read(self.html(key)).links if current]

    def rows(self, key: str) -> list[list[str]]:
        """Rows of its tables, cell by cell."""
        return _read(self.html(key)).rows

    def titles(self) -> list[str]:
        """The headings."""
        return _read(self.html()).titles

    def chart(self, place: int) -> dict[str, Any]:
        """The option of a chart, by its place on the page."""
        option: dict[str, Any] = json.loads(self.at.get("echarts_chart")[place].proto.spec)
        return option

    def deck(self) -> dict[str, Any]:
        """The map."""
        found: dict[str, Any] = json.loads(self.at.get("deck_gl_json_chart")[0].proto.json)
        return found

    def map_words(self) -> dict[str, str]:
        """What stands on the map of counties: figure and notes by name."""
        said = re.findall(r'<(?:a|i) class="words[^>]*>(.*?)</(?:a|i)>', self.html())
        parts = [re.sub(r"<[^>]+>", "", words).split() for words in said]
        return {name: " ".join(rest) for name, *rest in parts}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str, bool]] = []
        self.rows: list[list[str]] = []
        self.titles: list[str] = []
        self._link: list[Any] | None = None
        self._cell = self._title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "a":
            self._link = [[], told.get("href") or "", "aria-current" in told]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._cell = True
            self.rows[-1].append("")
        if tag in ("h1", "h2"):
            self._title = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link:
            words, href, current = self._link
            self.links.append((" ".join(words), href, current))
            self._link = None
        if tag in ("td", "th"):
            self._cell = False
        if tag in ("h1", "h2"):
            self._title = False

    def handle_data(self, data: str) -> None:
        word = " ".join(data.split())
        if not word:
            return
        self.words.append(word)
        if self._link:
            self._link[0].append(word)
        if self._cell:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {word}".strip()
        if self._title:
            self.titles[-1] += word


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader
