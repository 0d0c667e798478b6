"""Names as offices write them into codes: full name, short name, code or alias; what is near to an unknown one. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .cells import comparable, hidden

_NEAR = 3


@dataclass(frozen=True)
class Names:
    """Every known spelling, as it is compared, with the codes it may mean; and each code's name to be shown."""

    codes: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    _found: dict[str, list[str]] = field(default_factory=dict, compare=False)

    def of(self, text: str) -> frozenset[str]:
        """The codes this spelling may mean; empty when nobody is called so."""
        return self.codes.get(comparable(text), frozenset())

    def near(self, text: str) -> list[str]:
        """The names most like it, the nearest first."""
        return list(dict.fromkeys(self.titles[code] for code in self.near_codes(text)))[:_NEAR]

    def near_codes(self, text: str) -> list[str]:
        """Their codes; remembered, because a slip is often made in every row."""
        if text not in self._found:
            like = difflib.get_close_matches(comparable(text), self.codes, n=_NEAR, cutoff=0.6)
            codes = dict.fromkeys(code for spelling in like for code in sorted(self.codes[spelling]))
            self._found[text] = list(codes)
        return self._found[text]

    def advice(self, text: str, otherwise: str) -> str:
        """What to write instead of an unknown name; characters in it that nobody sees are named."""
        near = self.near(text)
        return unseen(text) + (f"是不是 {'、'.join(near)}？" if near else otherwise)


def unseen(text: str) -> str:
    """A sentence that names the characters in a name nobody knows that nobody sees; empty when there are none."""
    found = [*hidden(text), *(["U+3000（全角空格）"] if "\u3000" in text.strip() else [])]
    return f"其中有看不见的字符 {'、'.join(found)}。" if found else ""


_TOWN = re.compile(r"(.{2,}?)(?:[回畲]族)?(?:街道|镇|乡)")


def town_called(name: str) -> str:
    """磁灶 of 磁灶镇, 百崎 of 百崎回族乡: a town as it is called among those who know it; other names as they are."""
    found = _TOWN.fullmatch(name)
    return found[1] if found else name


def names(spellings: Iterable[tuple[str, str]], titles: Mapping[str, str]) -> Names:
    """Names from pairs of a spelling and its code; pairs of codes that are not known are left out."""
    found: dict[str, set[str]] = {}
    for spelling, code in spellings:
        if code in titles and comparable(spelling):
            found.setdefault(comparable(spelling), set()).add(code)
    return Names({spelling: frozenset(codes) for spelling, codes in found.items()}, titles)
