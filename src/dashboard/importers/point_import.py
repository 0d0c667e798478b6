"""The roster of observation points, or the record of visits to them, from a file into the store: all of it, or nothing.

Comes in: the store, the outlines and a file that holds one of the two tables. Goes out: what it would
change, and on acceptance its seq. A point keeps its key through a new name; visits are added, and a visit told again
for the same day replaces what was said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from ..geo import Outline
from ..hashing import sha256
from ..knowledge import AsOf
from ..models import Point, Return
from ..periods import of
from ..queries import aliases, list_in_force, measures, organisations, points
from ..store import Actor, Draft, FactDraft, ProblemDraft, Store, accept, receive
from .coordinates import Home
from .list_versions import CONSOLE, organisation_names
from .meetings import DEPARTMENT
from .names import Names, names
from .point_ledger import ROSTER, VISITS, KnownPlaces, PointRow, roster_of, visits_of
from .refusals import RefusedError, in_order, left_out, persons_beside, refuse_errors
from .sheets import Sheet, SheetError, Table, content_of, name_of, redacted, sheets, table_of

KIND = "points"
ALIAS = "point"


@dataclass(frozen=True)
class PreparedPoints:
    """A file without errors: the draft, how many points and visits it holds, the names of new and renamed points.

    ``already`` is the seq under which the very same file is in, None when it is not.
    """

    draft: Draft
    points: int
    visits: int
    new: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    already: int | None

    @property
    def warnings(self) -> list[ProblemDraft]:
        """What does not stop the import."""
        return [p for p in self.draft.problems if p.severity == "warning"]


def prepare_points(
    store: Store, shapes: Sequence[Outline], path: Path, system: str | None = None
) -> PreparedPoints:
    """Read and check the file; raises RefusedError with every problem when there is an error. Stores nothing."""
    name = name_of(path)
    try:
        content = content_of(path)
        table, is_roster = _table(sheets(content, name), name)
    except SheetError as error:
        raise RefusedError(str(error)) from error
    read = _roster(store, shapes, table, system) if is_roster else _record(store, table)
    problems = in_order(
        [*persons_beside(name, table, {}), *read.problems, *left_out(table, "联系点或走访")], table
    )
    already = _already(store, sha256(content))
    if already is None:
        refuse_errors(problems)
    return PreparedPoints(
        draft=Draft(
            kind=KIND,
            organisation=DEPARTMENT,
            file_name=name,
            file_bytes=redacted(table, read.used),
            facts=read.facts,
            period=of("day", store.today()),
            problems=problems,
            file_sha256=sha256(content),
        ),
        points=sum(fact.table == "point" for fact in read.facts),
        visits=sum(fact.table == "point_visit" for fact in read.facts),
        new=read.new,
        renamed=read.renamed,
        already=already,
    )


@dataclass(frozen=True)
class _Read:
    """What a table becomes: facts, problems, the cells outside of it that were used, and whose names are new."""

    facts: tuple[FactDraft, ...]
    problems: tuple[ProblemDraft, ...]
    used: tuple[tuple[int, int], ...] = ()
    new: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def _roster(store: Store, shapes: Sequence[Outline], table: Table, system: str | None) -> _Read:
    rows, problems, declared = roster_of(table, _known(store, shapes), system)
    keyed = _Keyed(store, rows)
    return _Read(
        facts=tuple(keyed.facts()),
        problems=(*problems, *keyed.missing()),
        used=declared.used,
        new=tuple(keyed.new),
        renamed=tuple(keyed.renamed),
    )


def _record(store: Store, table: Table) -> _Read:
    visits, problems = visits_of(table, store.today())
    known = _names_of_points(store)
    facts = []
    for visit in visits:
        keys = known.of(visit.point)
        if len(keys) == 1 and visit.on:
            facts.append(FactDraft("point_visit", {
                "point": next(iter(keys)),
                "visited_on": visit.on,
                "found": visit.found,
                "solved": visit.solved,
                "adopted": visit.adopted,
                "words": visit.words,
            }, visit.cell.place))  # fmt: skip
        elif visit.point and len(keys) != 1:
            advice = known.advice(str(visit.cell.value), "请写名册里的名称；名册还没有导入的，请先导入。")
            problems.append(visit.cell.problem("没有这个联系点", advice))
    return _Read(tuple(facts), tuple(problems))


def import_points(store: Store, prepared: PreparedPoints, actor: Actor = CONSOLE) -> int | None:
    """Hand the draft in and accept it; returns the seq, None when the very same file is in already."""
    if prepared.already is not None:
        return None
    return accept(store, actor, receive(store, actor, prepared.draft), "导入联系点名册和走访记录")


def _table(found: Sequence[Sheet], name: str) -> tuple[Table, bool]:
    """The table of the file and whether it is the roster; raises SheetError when it has neither, or both."""
    tables: list[Table | None] = []
    said = []
    for columns in (ROSTER, VISITS):
        try:
            tables.append(table_of(found, columns, name))
        except SheetError as error:
            tables.append(None)
            said.append(str(error))
    roster, record = tables
    if roster and record:
        raise SheetError(f"{name} 里有名册，也有走访记录：请分成两个文件，先导入名册。")
    table = roster or record
    if table is None:
        visits = "、".join(c.name for c in VISITS if c.needed)
        raise SheetError(f"{said[0]}如果是走访记录，表头要有 {visits} 这几列。")
    return table, roster is not None


def _already(store: Store, digest: str) -> int | None:
    """The seq of the newest file of points, when it is this one."""
    query = (
        select(Return.seq, Return.file_sha256)
        .where(Return.kind == KIND, Return.state == "accepted")
        .order_by(Return.seq.desc())
        .limit(1)
    )
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return row.seq if row is not None and row.file_sha256 == digest else None


def _known(store: Store, shapes: Sequence[Outline]) -> KnownPlaces:
    today = AsOf(store.today())
    places = organisations(store.engine, today)
    units, towns = places[places["reporting"].astype(bool)], places[places["level"] == "town"]
    by_code = {shape.code: shape for shape in shapes}
    version = list_in_force(store.engine, today)
    numbers = (
        () if version is None else tuple(measures(store.engine, today, version["list_version"])["number"])
    )
    return KnownPlaces(
        units=organisation_names(store, units, today),
        towns=organisation_names(store, towns, today),
        unit_of=dict(zip(towns["code"], towns["parent_code"], strict=True)),
        homes={
            code: Home(by_code[within or code], name, is_zone=bool(within))
            for code, name, within in zip(units["code"], units["name"], units["within_code"], strict=True)
            if (within or code) in by_code
        },
        measures=numbers,
    )


def _names_of_points(store: Store) -> Names:
    """Points by key, name and former name."""
    today = AsOf(store.today())
    frame, other = points(store.engine, today), aliases(store.engine, today, ALIAS)
    titles = dict(zip(frame["point"], frame["name"], strict=True))
    spelt = [(key, key) for key in titles] + [(name, key) for key, name in titles.items()]
    return names([*spelt, *zip(other["alias"], other["target"], strict=True)], titles)


class _Keyed:
    """Points under their keys: those of the store by number, name or former name, new ones under the next number."""

    def __init__(self, store: Store, rows: Sequence[PointRow]) -> None:
        self.names = _names_of_points(store)
        self.new: list[str] = []
        self.renamed: list[tuple[str, str]] = []
        self.rows = [(self._key(row, number), row) for number, row in enumerate(rows, start=_next(store))]

    def _key(self, row: PointRow, number: int) -> str:
        for text in filter(None, (row.number, row.name, row.former)):
            codes = self.names.of(text)
            if len(codes) == 1:
                (key,) = codes
                if self.names.titles[key] != row.name:
                    self.renamed.append((self.names.titles[key], row.name))
                return key
        self.new.append(row.name)
        return f"P{number:02d}"

    def missing(self) -> Iterator[ProblemDraft]:
        """Points that the roster does not name any more: they stay."""
        here = {key for key, _ in self.rows}
        gone = [name for key, name in self.names.titles.items() if key not in here]
        if gone:
            rule = f"库里的 {len(gone)} 个联系点名册里没有，照旧保留：{'、'.join(gone)}"
            advice = "改了名的，请在“曾用名”列写上旧名。"
            yield ProblemDraft("名册", rule, "", advice, "warning")

    def facts(self) -> Iterator[FactDraft]:
        """The points and the names they had."""
        for key, row in self.rows:
            values = {
                "point": key,
                "name": row.name,
                "unit": row.unit,
                "town": row.town,
                "national": row.national,
                "tests": row.tests,
                "measures": list(row.measures),
                "lon": row.spot.lon if row.spot else None,
                "lat": row.spot.lat if row.spot else None,
            }
            yield FactDraft("point", values, row.cell.place)
            old = self.names.titles.get(key, row.former)
            if old and old != row.name:
                yield FactDraft("alias", {"subject": ALIAS, "alias": old, "target": key}, row.cell.place)


def _next(store: Store) -> int:
    """One more than any number a point ever had."""
    with store.engine.connect() as connection:
        keys = connection.execute(select(Point.point).distinct()).scalars().all()
    return max((int(n[1]) for key in keys if (n := re.fullmatch(r"P(\d+)", key))), default=0) + 1
