"""Streamlit's own files: sent compressed, and announced in the head of the page that will need them.

Streamlit sends them as they are, and a browser learns of most only when the first figures arrive.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st

FOLDER = Path(st.__file__).parent / "static" / "static"
_PREFIX = "/static/"
_KINDS = {".js": "text/javascript", ".css": "text/css"}

# What a page draws with, by the name of Streamlit's module for it.
_EVERYWHERE = ("Html", "DownloadButton")
_MAP = ("DeckGlJsonChart", "webgl-device")
COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "overview": (*_EVERYWHERE, "Selectbox", "EChartsChart"),
    "tasks": (*_EVERYWHERE, "EChartsChart"),
    "stations": (*_EVERYWHERE, *_MAP, "DataFrame"),
    "points": (*_EVERYWHERE, *_MAP),
    "county": (*_EVERYWHERE, "EChartsChart"),
    "changes": (*_EVERYWHERE, "DateInput"),
    "snapshots": _EVERYWHERE,
    "about": (*_EVERYWHERE, "TextInput"),
}
_IMPORT = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')


def compressed(path: str) -> tuple[bytes, str] | None:
    """Content, compressed, and media type of a file by its address; None when it is none of Streamlit's scripts."""
    known = _scripts().get(path.removeprefix(_PREFIX)) if path.startswith(_PREFIX) else None
    return None if known is None else (_gzip(known), _KINDS[known.suffix])


@cache
def _scripts() -> Mapping[str, Path]:
    """Scripts and stylesheets by their path below the folder."""
    return {
        path.relative_to(FOLDER).as_posix(): path
        for kind in ("js", "css")
        for path in (FOLDER / kind).glob(f"*.{kind}")
    }


@cache
def _gzip(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)


@cache
def announced(page: str) -> str:
    """Links in the head by which the browser fetches a page's modules while it still reads the document."""
    names = sorted(set().union(*(_needed(component) for component in COMPONENTS.get(page, ()))))
    return "".join(
        f'<link rel="modulepreload" fetchpriority="low" crossorigin href="./static/js/{name}">'
        for name in names
    )


@cache
def _needed(component: str) -> frozenset[str]:
    """The module of a component and all that it imports; raises LookupError when Streamlit has none such."""
    found = sorted(p.name for p in (FOLDER / "js").glob(f"{component}.*.js"))
    if not found:
        raise LookupError(f"Streamlit has no module {component}")
    needed: set[str] = set()
    open_ = [found[0]]
    while open_:
        name = open_.pop()
        if name not in needed and (FOLDER / "js" / name).is_file():
            needed.add(name)
            open_ += _IMPORT.findall((FOLDER / "js" / name).read_text(encoding="utf-8"))
    return frozenset(needed)


def warm_up() -> None:
    """Compress and read once, before the first visitor asks."""
    for page in COMPONENTS:
        announced(page)
        for component in COMPONENTS[page]:
            for name in _needed(component):
                _gzip(FOLDER / "js" / name)
