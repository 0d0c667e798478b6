"""Chinese in, English out: whole texts by a gettext catalogue, names by the catalogue's own English names.

A text is said in English in full or not at all: what the catalogue does not know stays as it was written, so
that no sentence is half one and half the other. Knows no screen.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from .catalogue import Catalogue
from .config import DATA

PO = Path(__file__).parent / "locale" / "en.po"
NAMES = DATA / "catalogue" / "names_en.csv"
# Chinese characters; without one of them only the punctuation is left to be turned.
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Words of counting that English leaves out behind a figure.
COUNTERS = frozenset("个 家 支 份 栋 块 张 项 条 件 次".split())
_CACHED = 16_384


@dataclass(frozen=True)
class Message:
    """What the catalogue says for a text: ``one`` where the figure ``{n}`` is 1, ``many`` otherwise."""

    one: str
    many: str

    def filled(self, values: Mapping[str, str]) -> str:
        """The English text with its values."""
        text = self.one if values.get("n") == "1" else self.many
        return text.format_map(values)


@dataclass(frozen=True)
class _Pattern:
    """A text with places to fill in: ``pieces`` are the Chinese words in between them."""

    expression: re.Pattern[str]
    pieces: tuple[str, ...]
    message: Message


class English:
    """The English of this product: a catalogue of messages, and names that are said as they are."""

    def __init__(self, messages: Mapping[str, Message]) -> None:
        self._exact = {text: m.many for text, m in messages.items() if "{" not in text}
        patterns = [_pattern(text, m) for text, m in messages.items() if "{" in text]
        # The most words first: the pattern that says most of the text is the one that is meant.
        self._patterns = sorted(patterns, key=lambda p: -sum(map(len, p.pieces)))
        self._said = lru_cache(_CACHED)(self._say)
        self.markup = lru_cache(1024)(self._markup)

    def of(self, text: str) -> str:
        """The text in English; as it was written when the catalogue does not know it."""
        said = self._said(text)
        return text if said is None else said

    def knows(self, text: str) -> bool:
        """Whether the text can be said in English."""
        return self._said(text) is not None

    def _say(self, text: str) -> str | None:
        if not HAN.search(text):
            return punctuated(text)
        if text in self._exact:
            return self._exact[text]
        return _figure(text) or self._edged(text) or self._by_pattern(text) or self._by_part(text)

    def _by_pattern(self, text: str) -> str | None:
        for pattern in self._patterns:
            if all(piece in text for piece in pattern.pieces):
                found = pattern.expression.fullmatch(text)
                values = found and self._values(found.groupdict())
                if values:
                    return pattern.message.filled(values)
        return None

    def _values(self, captured: Mapping[str, str]) -> dict[str, str] | None:
        """What was captured, each part in English; a part in capitals is somebody's own words."""
        values: dict[str, str] = {}
        for name, part in captured.items():
            said = part if name.isupper() else self._said(part)
            if said is None:
                return None
            values[name] = said
        return values

    def _by_part(self, text: str) -> str | None:
        """Word for word at the marks at which the product puts texts together."""
        for way in (self._bracketed, self._in_sentences, self._parted):
            said = way(text)
            if said is not None:
                return said
        return None

    def _edged(self, text: str) -> str | None:
        """Without a mark at its beginning or its end."""
        found = _EDGES.fullmatch(text)
        said = self._said(found[2]) if found and (found[1] or found[3]) else None
        return None if found is None or said is None else f"{found[1] or ''}{said}{found[3] or ''}"

    def _bracketed(self, text: str) -> str | None:
        """What stands before the last pair of brackets, and what stands in it."""
        outer, inner = _in_brackets(text) if text.endswith("）") else ("", "")
        before, within = self._said(outer), self._said(inner)
        if not inner or before is None or within is None:
            return None
        return f"{before} ({within})".lstrip()

    def _in_sentences(self, text: str) -> str | None:
        """A message that ends with a full stop, and what is written behind it."""
        for place in range(len(text) - 1, 0, -1):
            if text[place - 1] == "。" and text[:place] in self._exact:
                rest = self._said(text[place:])
                if rest is not None:
                    return f"{self._exact[text[:place]]} {rest}"
        return None

    def _parted(self, text: str) -> str | None:
        """Cut at the widest mark at which every part can be said."""
        for mark, joint in _MARKS:
            parts = _apart(text, mark)
            if len(parts) > 1:
                said = self._joined(parts, joint)
                if said is not None:
                    return said
        return None

    def _joined(self, parts: list[str], joint: str) -> str | None:
        said = [self._said(part) for part in _counted(parts, joint)]
        return None if None in said else joint.join(s for s in said if s is not None).strip(" ")

    def _markup(self, text: str) -> str:
        """HTML with its text and its spoken attributes in English; inside of lang="zh" it stays Chinese."""
        if not HAN.search(text) and punctuated(text) == text:
            return text
        out: list[str] = []
        chinese: list[tuple[str, bool]] = [("", False)]
        for token in _TOKENS.findall(text):
            if not token.startswith("<"):
                out.append(token if chinese[-1][1] else self._node(token))
                continue
            tag = _TAG.match(token)
            if tag is None:
                out.append(token)
            elif tag["end"]:
                _close(chinese, tag["name"])
                out.append(token)
            else:
                stays = _stays(token, chinese[-1][1])
                out.append(token if stays else self._attributes(token))
                if tag["name"] not in _VOID and not token.endswith("/>"):
                    chinese.append((tag["name"], stays))
        return "".join(out)

    def _node(self, token: str) -> str:
        """A piece of text between two tags; a word of counting alone is left out."""
        words = " ".join(html.unescape(token).split())
        if not words:
            return token
        before = token[: len(token) - len(token.lstrip())]
        after = token[len(token.rstrip()) :]
        said = "" if words in COUNTERS else self.of(words)
        after = after or (" " if words[-1] in _TURNED_ON else "")
        return f"{before}{html.escape(said, quote=False)}{after}"

    def _attributes(self, token: str) -> str:
        def said(found: re.Match[str]) -> str:
            return f'{found[1]}="{html.escape(self.of(html.unescape(found[2])))}"'

        return _SPOKEN.sub(said, token) if HAN.search(token) else token


# --- markup -----------------------------------------------------------------------------------------

_TOKENS = re.compile(r"<[^<>]*>|[^<]+|<")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)")
_VOID = frozenset("area br col hr img input link meta source wbr".split())
_SPOKEN = re.compile(r'(?<=\s)(title|aria-label|alt|placeholder|data-copied)="([^"]*)"')
_LANG = re.compile(r'\slang="([^"]*)"')


def _stays(tag: str, around: bool) -> bool:
    """Whether what stands in this element stays Chinese."""
    lang = _LANG.search(tag)
    return lang[1].startswith("zh") if lang else around


def _close(chinese: list[tuple[str, bool]], name: str) -> None:
    while len(chinese) > 1 and chinese.pop()[0] != name:
        pass


# --- texts ------------------------------------------------------------------------------------------

# Marks that lead a text on or end it.
_EDGES = re.compile(r"([·▨‹▲■] )?(.*?)( [·›])?", re.DOTALL)
# Where texts are put together, and how English does it; the widest first.
_MARKS = (
    ("\n", "\n"),
    ("。", ". "),
    ("；", "; "),
    (" · ", " · "),
    ("，", ", "),
    ("：", ": "),
    ("、", ", "),
    ("／", "/"),
    (" → ", " → "),
    ("–", "–"),
    (" ", " "),
)
_PUNCTUATION = {
    "，": ", ",
    "。": ". ",
    "、": ", ",
    "：": ": ",
    "；": "; ",
    "（": " (",
    "）": ")",
    "／": "/",
    "？": "?",
    "！": "!",
    "％": "%",
}
_TURNED = str.maketrans(_PUNCTUATION)
# Behind these English leaves a blank, Chinese does not.
_TURNED_ON = "，、：；。"


def punctuated(text: str) -> str:
    """Chinese punctuation as English writes it."""
    return text.translate(_TURNED)


def _in_brackets(text: str) -> tuple[str, str]:
    """What stands before the last pair of brackets, and in it."""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == "）") - (text[place] == "（")
        if not depth:
            return text[:place], text[place + 1 : -1]
    return "", ""


def _apart(text: str, mark: str) -> list[str]:
    """The text cut at the mark wherever it stands outside of brackets and quotation marks."""
    parts, start, depth = [], 0, 0
    for place, character in enumerate(text):
        depth += (character in "（“") - (character in "）”")
        if not depth and place >= start and text.startswith(mark, place):
            parts.append(text[start:place])
            start = place + len(mark)
    return [*parts, text[start:]]


def _counted(parts: list[str], joint: str) -> Iterable[str]:
    """Without the words of counting behind figures."""
    return [p for p in parts if p not in COUNTERS] if joint == " " else parts


_PLACES = re.compile(r"\{(\w+)\}")
_NUMBER = r"约?[+−-]?\d[\d,]*(?:\.\d+)?[万亿]?\+?(?:/\d+)?"


def _pattern(text: str, message: Message) -> _Pattern:
    """A name of one letter is a figure, any other stands for words."""
    pieces = _PLACES.split(text)
    names = pieces[1::2]
    expression = "".join(
        re.escape(piece) if i % 2 == 0 else f"(?P<{piece}>{_NUMBER if len(piece) == 1 else '.+?'})"
        for i, piece in enumerate(pieces)
    )
    words = tuple(piece for piece in pieces[::2] if piece)
    assert len(set(names)) == len(names), text
    return _Pattern(re.compile(expression, re.DOTALL), words, message)


# --- figures and dates ------------------------------------------------------------------------------

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_STEPS = {"万": 10_000, "亿": 100_000_000}
_SHORT = 2  # a shortened figure has that many decimals, see figures.number
_FIGURE = re.compile(r"(约?)([+−-]?)(\d[\d,]*(?:\.\d+)?)([万亿]?)(\+?)")


def number(value: float, *, short: bool = False) -> str:
    """``2.24M``, ``14K``, ``1,418,327``: as short as it goes without losing a digit.

    ``short``: the value was shortened before, so thousands keep their decimals, ``14.7K``, and do not look exact.
    """
    for step, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        shown = f"{value / step:.3f}".rstrip("0").rstrip(".")
        if (
            value >= step
            and abs(float(shown) * step - value) < 1e-6 * step
            and (short or letter != "K" or "." not in shown)
        ):
            return shown + letter
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _count(found: re.Match[str]) -> str:
    about, sign, digits, step, more = found.groups()
    short = len(digits.partition(".")[2]) <= _SHORT
    said = number(round(float(digits.replace(",", "")) * _STEPS[step], 4), short=short) if step else digits
    return f"{'~' if about else ''}{sign}{said}{more}"


def _month(name: str) -> str:
    return _MONTHS[int(name) - 1]


_FIGURES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_FIGURE, _count),
    (re.compile(r"(\d{4})年(1[0-2]|[1-9])月(\d{1,2})日"), lambda m: f"{m[3]} {_month(m[2])} {m[1]}"),
    (re.compile(r"(\d{4})年(1[0-2]|[1-9])月"), lambda m: f"{_month(m[2])} {m[1]}"),
    (re.compile(r"(1[0-2]|[1-9])月(\d{1,2})日"), lambda m: f"{m[2]} {_month(m[1])}"),
    (re.compile(r"(1[0-2]|[1-9])月"), lambda m: _month(m[1])),
    (re.compile(r"(\d{4})年([一二三四])季度"), lambda m: f"{m[1]} Q{'一二三四'.index(m[2]) + 1}"),
    (re.compile(r"(\d{4})年([上下])半年"), lambda m: f"{m[1]} H{'上下'.index(m[2]) + 1}"),
    (re.compile(r"(\d{4})年"), lambda m: m[1]),
)


def _figure(text: str) -> str | None:
    """A figure with its qualifier, or a date or period, in English; None when the text is neither."""
    for expression, said in _FIGURES:
        found = expression.fullmatch(text)
        if found:
            return said(found)
    return None


# --- where the English comes from -------------------------------------------------------------------


def messages(path: Path = PO) -> dict[str, Message]:
    """The gettext catalogue by its Chinese texts."""
    with path.open("rb") as file:
        found = read_po(file, locale="en")
    said: dict[str, Message] = {}
    for message in found:
        if message.id and message.string:
            text = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
            said[text] = Message(forms[0], forms[-1])
    return said


def names(path: Path = NAMES) -> dict[str, str]:
    """Names of places and of offices, as they are written in English."""
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    return {row["name"]: row["english"] for row in rows}


def _catalogue_names(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """What the catalogue itself gives an English name."""
    for o in catalogue.organisations:
        yield from ((o.name, o.name_en), (o.short_name, o.name_en))
    for i in catalogue.indicators.values():
        yield from ((i.title, i.title_en), (i.short_title, i.title_en))
    for rule in catalogue.light_rules:
        yield from ((light.name, light.name_en) for light in rule.lights)


def english_of(catalogue: Catalogue) -> English:
    """English for the texts of this product and the names of this catalogue."""
    known = {text: Message(said, said) for text, said in _catalogue_names(catalogue) if said}
    known |= {text: Message(said, said) for text, said in names().items()}
    return English(known | messages())
