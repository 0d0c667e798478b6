"""Which point of the store a row of the roster is, and what the roster makes of it: facts and problems. Pure.

A point keeps its key for ever. A row is the point of its number, else of its name, else of one of its former names;
else it is a new one under the next free number. A column the roster has not leaves what was known.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..store import FactDraft, ProblemDraft
from .cells import Cell, comparable
from .names import Names
from .point_ledger import PointRow, told_twice

ALIAS = "point"
_PLACE = ("lon", "lat", "datum", "lon_as_given", "lat_as_given")
_NOWHERE: Mapping[str, object] = dict.fromkeys(_PLACE) | {"datum": ""}
_KEPT = {"级别": "national", "试点措施": "measures"}


@dataclass(frozen=True)
class KnownPoints:
    """The points of the store: the columns of each by its key, every name they go by, the next free number."""

    values: Mapping[str, Mapping[str, object]]
    names: Names
    next_number: int


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
        yield from told_twice(self._signs())
        former = [(name, row.cells["曾用名"]) for _, row in self.rows for name in row.former]
        yield from told_twice((comparable(name), f"曾用名“{name}”", cell) for name, cell in former)
        for key, row in self.rows:
            yield from self._contradicts(key, row)
        yield from self._places_kept()
        yield from self._missing()

    def _signs(self) -> Iterator[tuple[object, str, Cell]]:
        """Names first, then keys: a row of another name and the same number is the same point."""
        named = [(key, row) for key, row in self.rows if row.name]
        yield from ((("name", comparable(row.name)), "这个联系点", row.cell) for _, row in named)
        titles = self.known.names.titles
        for key, row in named:
            if key in titles:
                yield ("key", key), f"库里的联系点“{titles[key]}”", row.cell

    def _contradicts(self, key: str, row: PointRow) -> Iterator[ProblemDraft]:
        titles = self.known.names.titles
        others = self.known.names.of(row.name) - {key}
        if others and key in titles and comparable(titles[key]) != comparable(row.name):
            rule = f"编号是库里的“{titles[key]}”，名称却是库里的另一个联系点"
            yield row.cells["编号"].problem(rule, "请改正编号或名称。")
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
    """Every row under the key of its point; only new ones take a number."""
    numbers = itertools.count(known.next_number)
    keyed = [(_key(row, known.names) or f"P{next(numbers):02d}", row) for row in rows]
    return KeyedPoints(tuple(keyed), known, columns)


def _key(row: PointRow, known: Names) -> str | None:
    """The key of the point that is meant; None for a new one."""
    for text in filter(None, (row.number, row.name, *row.former)):
        codes = known.of(text)
        if len(codes) == 1:
            return next(iter(codes))
    return None


def _stays(before: Mapping[str, object], told: Mapping[str, object]) -> bool:
    """Whether a known place is still that of the point: in the unit it was in, and in no other town."""
    return (
        before.get("lon") is not None
        and before["unit"] == told["unit"]
        and told["town"] in ("", before["town"])
    )
