"""简体 is written, 繁體 is derived: OpenCC with a names file. English is derived in english.py.

Text in, text out; knows no screen. Traditional is made once, of what is about to be shown, so that no
sentence can be forgotten.
"""

from __future__ import annotations

import csv
import io
import re
from functools import cache, lru_cache

import opencc

from .config import DATA

LANGUAGES = ("zh-CN", "zh-TW", "zh-HK", "en")
_CONVERTERS = {"zh-TW": "s2tw", "zh-HK": "s2hk"}


def of_locale(locale: str | None) -> str:
    """The language for a browser's locale: zh-TW, zh-HK, zh-MO Traditional, en English, else Simplified."""
    tag = (locale or "").replace("_", "-").lower()
    if tag.startswith(("zh-hk", "zh-mo")):
        return "zh-HK"
    if tag.startswith(("zh-tw", "zh-hant")):
        return "zh-TW"
    if tag.split("-")[0] == "en":
        return "en"
    return "zh-CN"


def asked_or_local(asked: str, locale: str | None) -> str:
    """The language of the address where it is one, else that of the browser."""
    return asked if asked in LANGUAGES else of_locale(locale)


@lru_cache(maxsize=4096)
def shown(text: str, language: str) -> str:
    """What is about to be shown, in the script of the language."""
    if language not in _CONVERTERS:
        return text
    names = _names()
    parts = _name_pattern().split(text)
    convert = _converter(language).convert
    return "".join(names[part] if part in names else convert(part) for part in parts)


def to_simplified(text: str) -> str:
    """What a reader of Traditional typed, in the script in which names are stored."""
    return str(opencc.OpenCC("t2s").convert(text))


@cache
def _converter(language: str) -> opencc.OpenCC:
    return opencc.OpenCC(_CONVERTERS[language])


@cache
def _names() -> dict[str, str]:
    text = (DATA / "catalogue" / "names_hant.csv").read_text(encoding="utf-8-sig")
    return {row["name"]: row["traditional"] for row in csv.DictReader(io.StringIO(text))}


@cache
def _name_pattern() -> re.Pattern[str]:
    longest_first = sorted(_names(), key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")
