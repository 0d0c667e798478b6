"""简体 is written, 繁體 and English are derived: OpenCC with a names file, and a catalogue of labels.

Text in, text out; knows no screen. Traditional is made once, of what is about to be shown, so that no
sentence can be forgotten.
"""

from __future__ import annotations

import csv
import gettext
import io
import re
from functools import cache, lru_cache
from pathlib import Path

import opencc

from .config import DATA

LANGUAGES = ("zh-CN", "zh-TW", "zh-HK", "en")
NAMES = {"zh-CN": "简体", "zh-TW": "繁體", "en": "EN"}
_CONVERTERS = {"zh-TW": "s2tw", "zh-HK": "s2hk"}
LOCALES = Path(__file__).parent / "locale"


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


def words(text: str, language: str, **values: object) -> str:
    """A label or sentence pattern in the language, with its values filled in.

    Chinese keeps the source text (Traditional is made by ``shown``); English looks it up.
    """
    pattern = _english().gettext(text) if language == "en" else text
    return pattern.format(**values) if values else pattern


@cache
def _english() -> gettext.NullTranslations:
    return gettext.translation("dashboard", LOCALES, ["en"], fallback=True)
