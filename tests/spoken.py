"""Everything a drawn page says to its reader: text, spoken attributes, charts, maps, controls, tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1.element_tree import Block, Element

from ui_fixtures import Page

# Attributes that hold addresses, names for the stylesheet or looks, and nothing that is read.
_SILENT = {"href", "src", "style", "class", "id", "lang", "role", "target", "rel", "scope"}
# Fields of Streamlit's messages that hold no word for the reader.
_INNER = {"id", "formId", "value", "elementId", "default", "setValue", "url", "defaultValue"}


def said_by(page: Page, *, chinese: bool = False) -> Iterator[tuple[str, str]]:
    """Every text of the page with the kind of place where it stands.

    Without ``chinese``, what stands in lang="zh" and in the cells of tables, clerks' words, is left out.
    """
    for node in _nodes(page.at._tree):
        kind = getattr(node, "type", "") or ""
        proto = getattr(node, "proto", None)
        if proto is not None:
            yield from ((kind, text) for text in _texts(kind, node, proto, chinese) if text)


def _texts(kind: str, node: Any, proto: Any, chinese: bool) -> Iterator[str]:
    if kind == "html":
        yield from html_texts(proto.body, chinese=chinese)
    elif kind == "echarts_chart":
        yield from _strings(json.loads(proto.spec))
        yield proto.alt
    elif kind == "deck_gl_json_chart":
        yield from _map_texts(json.loads(proto.json))
    elif kind == "dataframe":
        yield from map(str, node.value.columns)
        yield from _strings(json.loads(proto.columns or "{}"))
        if chinese:
            yield from _strings(node.value.to_numpy().tolist())
    else:
        yield from _fields(MessageToDict(proto))


def _nodes(node: Any) -> Iterator[Element | Block]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _nodes(child)


def _fields(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for name, value in found.items():
            if name not in _INNER:
                yield from _fields(value)
    elif isinstance(found, list):
        for value in found:
            yield from _fields(value)


def _strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for value in found.values():
            yield from _strings(value)
    elif isinstance(found, list):
        for value in found:
            yield from _strings(value)


def _map_texts(deck: dict[str, Any]) -> Iterator[str]:
    """The words of the map, not the names of its fonts."""
    for layer in deck["layers"]:
        if layer["@@type"] == "TextLayer":
            yield from (row["text"] for row in layer["data"])


def html_texts(html: str, *, chinese: bool = False) -> list[str]:
    """Texts and spoken attributes; with ``chinese`` also those inside of lang="zh"."""
    reader = _Reader(chinese)
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    VOID = frozenset("area br col hr img input link meta source wbr".split())

    def __init__(self, chinese: bool) -> None:
        super().__init__()
        self.chinese = chinese
        self.open: list[tuple[str, bool]] = [("", False)]
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        around = self.open[-1][1]
        stays = told["lang"].startswith("zh") if "lang" in told else around
        if self.chinese or not stays:
            self.found += [v for name, v in told.items() if name not in _SILENT and v]
        if tag not in self.VOID:
            self.open.append((tag, stays))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and (self.chinese or not self.open[-1][1]):
            self.found.append(" ".join(data.split()))
