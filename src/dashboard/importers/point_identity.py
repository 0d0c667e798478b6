"""Which point of the store a row of the roster is, and what the roster makes of it: facts and problems. Pure.

A point keeps its key for ever. A row is the point of its number, else of its name, else of one of its former names;
else it is a new one. Numbers are the office's, then our own keys; no key is ever given that is the number of another
point. A column the roster has not leaves what was known.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..store import FactDraft, ProblemDraft
from .cells import Cell, comparable
from .names import Names
from .point_ledger import PointRow, told_twice

ALIAS, NUMBER = "point", "point_number"
_PLACE = ("lon", "lat", "datum", "lon_as_given", "lat_as_given")
_NOWHERE: Mapping[str, object] = dict.fromkeys(_PLACE) | {"datum": ""}
_KEPT = {"级别": "national", "试点措施": "measures"}


@dataclass(frozen=True)
class KnownPoints:
    """The points of the store: the columns of each by its key, and what they go by.

    ``names`` are those they have and had, ``numbers`` those of the office, as they are compared, each with its key;
    ``ever`` are all keys that were ever given, those of rosters that were taken back among them.
    """

    values: Mapping[str, Mapping[str, object]]
    names: Names
    numbers: Mapping[str, str]
    ever: Collection[str]

    def numbered(self, number: str) -> str | None:
        """The key of the point of this number: the office's, else our own."""
        plain = comparable(number)
        return self.numbers.get(plain) or next((key for key in self.values if comparable(key) == plain), None)

    def meant(self, text: str) -> frozenset[str]:
        """The keys of the points that a record means by this: by a name, else by a number."""
        return self.names.of(text) or frozenset(filter(None, (self.numbered(text),)))


@dataclass(frozen=True)
class KeyedPoints:
    """The rows of a roster under their keys; ``columns`` are those the roster has."""

    rows: tuple[tuple[str, PointRow], ...]
    known: KnownPoints
    columns: Collection[str]

    @property
    def new(self) -> tuple[str, ...]:
        """The names of points the store did not know."""
        return tuple(row.name for key, row in self.rows if key not in self.known.values)

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """Pairs of old and new name."""
        titles = self.known.names.titles
        return tuple(
            (titles[key], row.name) for key, row in self.rows if titles.get(key, row.name) != row.name
        )

    def facts(self) -> Iterator[FactDraft]:
        """The points, whole, and the names they had: each once."""
        known_as = {key: {key} for key in self.known.values}
        for spelling, keys in self.known.names.codes.items():
            for key in keys:
                known_as[key].add(spelling)
        for key, row in self.rows:
            yield FactDraft("point", {"point": key, **self._values(key, row)}, row.cell.place)
            title = self.known.names.titles.get(key)
            known = known_as.get(key, set()) - {comparable(title or "")} | {comparable(row.name)}
            for name in [*([title] if title else []), *row.former]:
                if comparable(name) not in known:
                    known.add(comparable(name))
                    values = {"subject": ALIAS, "alias": name, "target": key}
                    yield FactDraft("alias", values, row.cell.place)
            if row.number and self.known.numbers.get(row.number) != key:
                values = {"subject": NUMBER, "alias": row.number, "target": key}
                yield FactDraft("alias", values, row.cells["编号"].place)

    def _values(self, key: str, row: PointRow) -> dict[str, object]:
        before = self.known.values.get(key, {})
        told: dict[str, object] = {
            "name": row.name,
            "unit": row.unit,
            "town": row.town,
            "national": row.national,
            "tests": row.tests,
            "measures": list(row.measures),
        }
        kept = {field for column, field in _KEPT.items() if column not in self.columns}
        if "镇街" not in self.columns and before.get("unit") == row.unit:
            kept.add("town")
        told |= {field: before[field] for field in kept if field in before}
        return {**told, **self._place(before, told, row)}

    def _place(
        self, before: Mapping[str, object], told: Mapping[str, object], row: PointRow
    ) -> Mapping[str, object]:
        if row.spot:
            spot = row.spot
            given = {"lon_as_given": spot.lon_as_given, "lat_as_given": spot.lat_as_given}
            return {"lon": spot.lon, "lat": spot.lat, "datum": spot.system, **given}
        return {name: before[name] for name in _PLACE} if _stays(before, told) else _NOWHERE

    # --- what is amiss -------------------------------------------------------------------------------

    def problems(self) -> Iterator[ProblemDraft]:
        """Points told twice, signs that contradict each other, and what is left as it was."""
        numbers = [(row.number, f"编号“{row.number.upper()}”", row.cells["编号"]) for row in self._numbered()]
        yield from told_twice(numbers, "一个联系点一个编号，请改正。")
        yield from told_twice(self._signs())
        former = [(name, row.cells["曾用名"]) for _, row in self.rows for name in row.former]
        yield from told_twice((comparable(name), f"曾用名“{name}”", cell) for name, cell in former)
        for key, row in self.rows:
            yield from self._contradicts(key, row)
        yield from self._places_kept()
        yield from self._missing()

    def _numbered(self) -> list[PointRow]:
        return [row for _, row in self.rows if row.number]

    def _signs(self) -> Iterator[tuple[object, str, Cell]]:
        """Names first, then keys: a row of another name and the same number is the same point."""
        named = [(key, row) for key, row in self.rows if row.name]
        yield from ((("name", comparable(row.name)), "这个联系点", row.cell) for _, row in named)
        titles, times = self.known.names.titles, Counter(row.number for row in self._numbered())
        for key, row in named:
            if key in titles and times[row.number] < 2:  # a number told twice is a problem of its own
                yield ("key", key), f"库里的联系点“{titles[key]}”", row.cell

    def _contradicts(self, key: str, row: PointRow) -> Iterator[ProblemDraft]:
        titles = self.known.names.titles
        others = self.known.names.of(row.name) - {key}
        if others and key in titles and comparable(titles[key]) != comparable(row.name):
            rule = f"编号是库里的“{titles[key]}”，名称却是库里的另一个联系点"
            yield row.cells["编号"].problem(rule, "请改正编号或名称。")
        elif not others:
            yield from self._numbered_anew(key, row)
        for name in row.former:
            keys = self.known.names.of(name)
            if not keys:
                advice = "写错了的请改正；确实用过这个名称的照收，以后也认得。"
                rule = f"库里没有叫“{name}”的联系点"
                yield row.cells["曾用名"].problem(rule, advice, "warning")
            elif key not in keys:
                whose = "、".join(titles[other] for other in sorted(keys))
                rule = f"曾用名是库里的“{whose}”，这一行却是“{titles.get(key, row.name)}”"
                yield row.cells["曾用名"].problem(rule, "请改正曾用名，或清空它。")

    def _numbered_anew(self, key: str, row: PointRow) -> Iterator[ProblemDraft]:
        """A key of ours beside a name that nobody knows may be a number the office has just given; and a number that
        takes the place of another."""
        title, cell = self.known.names.titles.get(key), row.cells["编号"]
        if title is None or not row.number or row.number in self.known.numbers:
            return
        named = {own for name in (row.name, *row.former) for own in self.known.names.of(name)}
        if not named:  # a former name of another point is told as that
            rule = f"编号是本系统给“{title}”的，名称却没有见过"
            advice = f"是它改了名的，请在“曾用名”列写上“{title}”；是新的联系点，请换一个编号，或清空它。"
            yield cell.problem(rule, advice)
        elif earlier := [number.upper() for number, own in self.known.numbers.items() if own == key]:
            rule = f"“{title}”原来的编号是 {'、'.join(earlier)}，以后几个都认得"
            yield cell.problem(rule, "写错了的请改正。", "warning")

    def _places_kept(self) -> Iterator[ProblemDraft]:
        """Points whose place is the one that was known before."""
        kept = [
            row.name
            for key, row in self.rows
            if row.spot is None and self._values(key, row)["lon"] is not None
        ]
        if kept:
            rule = f"这次没有写坐标，沿用库里的坐标（{'、'.join(kept)}）"
            yield ProblemDraft(f"{len(kept)} 个联系点", rule, "", "", "warning")

    def _missing(self) -> Iterator[ProblemDraft]:
        """Points that the roster does not name any more: they stay."""
        here = {key for key, _ in self.rows}
        gone = [name for key, name in self.known.names.titles.items() if key not in here]
        if gone:
            rule = f"库里的 {len(gone)} 个联系点名册里没有，照旧保留：{'、'.join(gone)}"
            advice = "改了名的，请在“曾用名”列写上旧名。"
            yield ProblemDraft("名册", rule, "", advice, "warning")


def keyed_of(rows: Sequence[PointRow], known: KnownPoints, columns: Collection[str]) -> KeyedPoints:
    """Every row under the key of its point."""
    free = _free(rows, known)
    keyed = [(_key(row, known) or _as_key(row, known) or next(free), row) for row in rows]
    return KeyedPoints(tuple(keyed), known, columns)


def _key(row: PointRow, known: KnownPoints) -> str | None:
    """The key of the point that is meant; None for a new one."""
    if row.number and (key := known.numbered(row.number)):
        return key
    for text in filter(None, (row.name, *row.former)):
        codes = known.names.of(text)
        if len(codes) == 1:
            return next(iter(codes))
    return None


_OWN_KEY = re.compile(r"p(\d{1,9})")
_LIKE_A_KEY = re.compile(r"p(\d{2,4})")


def _as_key(row: PointRow, known: KnownPoints) -> str | None:
    """The office's number as the key of a new point, where it looks like one of ours and never was one."""
    key = row.number.upper()
    return key if _LIKE_A_KEY.fullmatch(row.number) and key not in known.ever else None


def _free(rows: Sequence[PointRow], known: KnownPoints) -> Iterator[str]:
    """Keys that nobody has had and that are no number of the office's."""
    given = (n for key in known.ever if (n := _OWN_KEY.fullmatch(comparable(key))))
    told = (*known.numbers, *(row.number for row in rows))
    numbers = (n for number in told if (n := _LIKE_A_KEY.fullmatch(number)))
    last = max((int(n[1]) for n in itertools.chain(given, numbers)), default=0)
    return (f"P{number:02d}" for number in itertools.count(last + 1))


def _stays(before: Mapping[str, object], told: Mapping[str, object]) -> bool:
    """Whether a known place is still that of the point: in the unit it was in, and in no other town."""
    return (
        before.get("lon") is not None
        and before["unit"] == told["unit"]
        and told["town"] in ("", before["town"])
    )
