"""Which point of the store a row of the roster is, and what the roster makes of it: facts and problems. Pure.

A point keeps its key for ever. A row is the point of its number, else of its name in its unit, else of one of its
former names; else it is a new one. No point goes to another unit unless its former name is told. Numbers are the
office's, then our own keys; no key is ever given that is the number of another point. A column the roster has not
leaves what was known, one that it has says what is: a blank cell is nothing.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..store import FactDraft, ProblemDraft
from .cells import Cell, comparable
from .coordinates import told_in_another_system
from .names import Names
from .point_differences import point_differences
from .point_ledger import PointRow, told_twice
from .station_differences import Changed, Difference

ALIAS, NUMBER = "point", "point_number"
_PLACE = ("lon", "lat", "datum", "lon_as_given", "lat_as_given")
_NOWHERE: Mapping[str, object] = dict.fromkeys(_PLACE) | {"datum": ""}
_MOST_NAMES = 10
_ALIKE = 0.65  # two of three characters
_KEPT = {"级别": "national", "试点措施": "measures"}


@dataclass(frozen=True)
class KnownPoints:
    """The points of the store: the columns of each by its key, and what they go by.

    ``names`` are those they have and had, ``numbers`` those of the office, as they are compared, each with its key;
    ``ever`` are all keys that were ever given, those of rosters that were taken back among them; ``places`` the names
    of units and towns by their codes.
    """

    values: Mapping[str, Mapping[str, object]]
    names: Names
    numbers: Mapping[str, str]
    ever: Collection[str]
    places: Mapping[str, str]

    def unit(self, key: str) -> str:
        """The unit of a known point."""
        return str(self.values[key]["unit"])

    def title(self, key: str) -> str:
        """The name of a known point, with its unit where another has the same name."""
        title = self.names.titles[key]
        alike = sum(comparable(other) == comparable(title) for other in self.names.titles.values())
        return f"{title}（{self.unit_name(key)}）" if alike > 1 else title

    def unit_name(self, key: str) -> str:
        """Its name."""
        return self.places.get(self.unit(key), self.unit(key))

    def called(self, name: str, unit: str) -> frozenset[str]:
        """The keys of the points of this unit that have or had this name; of every unit where none was read."""
        return frozenset(key for key in self.names.of(name) if unit in ("", self.unit(key)))

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
        """Pairs of old and new name; blanks make no other name."""
        titles = self.known.names.titles
        return tuple(
            (titles[key], row.name)
            for key, row in self.rows
            if comparable(titles.get(key, row.name)) != comparable(row.name)
        )

    @property
    def moved(self) -> tuple[tuple[str, str, str], ...]:
        """The name of every point that goes to another unit, with the names of both."""
        places = self.known.places
        return tuple(
            (row.name, self.known.unit_name(key), places.get(row.unit, row.unit))
            for key, row in self.rows
            if key in self.known.values and self.known.unit(key) != row.unit
        )

    @property
    def changed(self) -> tuple[Changed, ...]:
        """The known points of which something else is told otherwise."""
        found = ((key, row.name, tuple(self._differences(key, row))) for key, row in self.rows)
        renamed = {new for _, new in self.renamed}
        return tuple(
            Changed(name if name in renamed else self.known.title(key), told)
            for key, name, told in found
            if told
        )

    def _differences(self, key: str, row: PointRow) -> Iterator[Difference]:
        if (before := self.known.values.get(key)) is None:
            return
        yield from point_differences(before, self._values(key, row), self.known.places)
        if row.number and self.known.numbers.get(row.number) != key:
            numbers = [number.upper() for number, own in self.known.numbers.items() if own == key]
            yield Difference("编号", "、".join(numbers), row.number.upper())
        if former := [name for name in row.former if key not in self.known.names.of(name)]:
            yield Difference("曾用名", None, "、".join(former))

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
            "name": self._spelt(key, row),
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

    def _spelt(self, key: str, row: PointRow) -> str:
        """The name; one that differs from the known in nothing but blanks is as it was."""
        title = self.known.names.titles.get(key, "")
        return title if "".join(title.split()) == "".join(row.name.split()) else row.name

    def _place(
        self, before: Mapping[str, object], told: Mapping[str, object], row: PointRow
    ) -> Mapping[str, object]:
        if row.spot:
            spot = row.spot
            given = {"lon_as_given": spot.lon_as_given, "lat_as_given": spot.lat_as_given}
            return {"lon": spot.lon, "lat": spot.lat, "datum": spot.system, **given}
        kept = not self._has_places and _stays(before, told)
        return {name: before[name] for name in _PLACE} if kept else _NOWHERE

    @property
    def _has_places(self) -> bool:
        return not {"经度", "纬度", "坐标"}.isdisjoint(self.columns)

    # --- what is amiss -------------------------------------------------------------------------------

    def problems(self) -> Iterator[ProblemDraft]:
        """Points told twice, signs that contradict each other, and what is left as it was."""
        numbers = [(row.number, f"编号“{row.number.upper()}”", row.cells["编号"]) for row in self._numbered()]
        yield from told_twice(numbers, "一个联系点一个编号，请改正。")
        yield from told_twice(self._signs())
        former = [(name, row.cells["曾用名"]) for _, row in self.rows for name in row.former]
        yield from told_twice((comparable(name), f"曾用名“{name}”", cell) for name, cell in former)
        for key, row in self.rows:
            found = [*self._contradicts(key, row)]
            yield from found
            if all(problem.severity == "warning" for problem in found):
                yield from self._elsewhere(key, row)
        known = [(key, row, self.known.values[key]) for key, row in self.rows if key in self.known.values]
        placed = [(row.name, before, self._values(key, row)) for key, row, before in known if row.spot]
        yield from told_in_another_system(placed, "个联系点")
        yield from self._places_kept()
        yield from self._missing()

    def _numbered(self) -> list[PointRow]:
        return [row for _, row in self.rows if row.number]

    def _signs(self) -> Iterator[tuple[object, str, Cell]]:
        """Names first, then keys: a row of another name and the same number is the same point."""
        named = [(key, row) for key, row in self.rows if row.name]
        yield from ((("name", comparable(row.name), row.unit), "这个联系点", row.cell) for _, row in named)
        titles, times = self.known.names.titles, Counter(row.number for row in self._numbered())
        for key, row in named:
            if key in titles and times[row.number] < 2:  # a number told twice is a problem of its own
                yield ("key", key), f"库里的联系点“{titles[key]}”", row.cell

    def _contradicts(self, key: str, row: PointRow) -> Iterator[ProblemDraft]:
        titles = self.known.names.titles
        others = self.known.called(row.name, row.unit) - {key}
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
            elif key not in keys and len(keys) > 1:
                rule = f"库里有 {len(keys)} 个叫“{name}”的联系点，分不清是哪一个"
                yield row.cells["曾用名"].problem(rule, "请写上它的编号。")
            elif key not in keys:
                whose = "、".join(titles[other] for other in sorted(keys))
                rule = f"曾用名是库里的“{whose}”，这一行却是“{titles.get(key, row.name)}”"
                yield row.cells["曾用名"].problem(rule, "请改正曾用名，或清空它。")

    def _elsewhere(self, key: str, row: PointRow) -> Iterator[ProblemDraft]:
        """A known point in another unit, unless a former name says that it is the same; and a new one that is called
        as one of another unit of which the roster says nothing."""
        cell, titles = row.cells["县（市、区）"], self.known.names.titles
        if key in titles:
            told_so = any(key in self.known.names.of(name) for name in row.former)
            if row.unit not in ("", self.known.unit(key)) and not told_so:
                way = f"确实换了单位的，请在“曾用名”列写上原来的名称“{titles[key]}”"
                advice = f"写错了请改正；{way}；是另一个联系点的，请换一个编号。"
                yield cell.problem(f"库里“{titles[key]}”在{self.known.unit_name(key)}", advice)
            return
        here = {own for own, _ in self.rows}
        yield from self._perhaps_known(row, here)
        for other in sorted(self.known.names.of(row.name) - here) if row.unit and not row.number else ():
            rule = f"库里的“{titles[other]}”在{self.known.unit_name(other)}，这一行按另一个新的联系点入库"
            advice = f"写错了单位请改正；是同一个、换了单位的，请在“曾用名”列写上“{titles[other]}”。"
            yield cell.problem(rule, advice, "warning")

    def _perhaps_known(self, row: PointRow, here: Collection[str]) -> Iterator[ProblemDraft]:
        """Known points of the unit that are called almost as a new one, and of which the roster says nothing."""
        plain = comparable(row.name)
        for key, title in self.known.names.titles.items():
            like = difflib.SequenceMatcher(None, plain, comparable(title)).ratio()
            if key not in here and self.known.unit(key) == row.unit and like >= _ALIKE:
                rule = f"与库里的“{title}”相近，这一行按新的联系点入库"
                advice = f"是同一个的话，请在“曾用名”列写上“{title}”，或写上它的编号。"
                yield row.cell.problem(rule, advice, "warning")

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
        gone = [self.known.title(key) for key in self.known.names.titles if key not in here]
        if gone:
            ends = " 等" if len(gone) > _MOST_NAMES else ""
            rule = f"库里的 {len(gone)} 个联系点名册里没有，照旧保留：{'、'.join(gone[:_MOST_NAMES])}{ends}"
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
    former = (known.called(name, row.unit) or known.names.of(name) for name in row.former)
    told = [known.called(row.name, row.unit), *former]
    return next((next(iter(keys)) for keys in told if len(keys) == 1), None)


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
