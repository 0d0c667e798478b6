"""The roster of observation points, or the record of visits to them, from a file into the store: all of it, or nothing.

Comes in: the store, the outlines and a file that holds one of the two tables. Goes out: what it would
change, and on acceptance its seq. A point keeps its key through a new name; visits are added, and a visit told again
for the same day replaces what was said of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ..geo import Outline
from ..hashing import sha256
from ..knowledge import AsOf
from ..models import Point, Return
from ..periods import of
from ..queries import aliases, list_in_force, measures, organisations, point_visits, points
from ..store import Actor, Draft, FactDraft, ProblemDraft, Store, accept, receive
from .cells import Cell, comparable
from .coordinates import Home, moved_m
from .file_kinds import other_kind
from .kept_copy import redacted
from .left_behind import send_back_left
from .list_versions import CONSOLE, organisation_names, town_names
from .meetings import DEPARTMENT
from .names import names
from .point_identity import ALIAS, NUMBER, KnownPoints, keyed_of
from .point_ledger import ROSTER, KnownPlaces, roster_of
from .point_record import COLUMNS as VISITS
from .point_record import KeyedVisits, known_visits, visits_of
from .refusals import RefusedError, in_order, left_out, persons_beside, refuse_errors
from .sheet_table import Table, table_of
from .sheets import Sheet, SheetError, content_of, name_of, sheets
from .station_differences import Changed

KIND = "points"


@dataclass(frozen=True)
class PreparedPoints:
    """A file without errors: the draft, how many points and visits it holds, the names of new and renamed points.

    ``moved`` are the points that go to another unit, with the names of both; ``changed`` those of which something else
    is told otherwise; ``added`` how many visits the store did not know, ``replaced`` those of which it has said
    something else, each named by point and day; ``unlocated`` how many points have no coordinates, ``converted`` how far
    the conversion took the others of each system, in metres: least, median, most;
    ``already`` is the seq under which the very same file is in, None when it is not.
    """

    draft: Draft
    points: int
    visits: int
    new: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    moved: tuple[tuple[str, str, str], ...]
    changed: tuple[Changed, ...]
    added: int
    replaced: tuple[Changed, ...]
    unlocated: int
    converted: Mapping[str, tuple[float, float, float]]
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
    told = [*persons_beside(name, table, {}), *read.problems, *_merged(table), *_unfinished(table, is_roster)]
    problems = in_order(dict.fromkeys([*told, *left_out(table, "联系点或走访")]), table)
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
        moved=read.moved,
        changed=read.changed,
        added=read.added,
        replaced=read.replaced,
        unlocated=sum(fact.table == "point" and fact.values["lon"] is None for fact in read.facts),
        converted=read.converted,
        already=already,
    )


# Columns that are merged by habit, and in which nothing is lost by not reading them.
_MERGED_BY_HABIT = ("县（市、区）", "镇街", "坐标系", "级别")


def _merged(table: Table) -> Iterator[ProblemDraft]:
    """Cells that were taken for several rows: meant so, most often, but a slip as well."""
    alone = {column.name for column in (*ROSTER, *VISITS) if column.alone}  # told as faults
    for area in table.merged:
        if area.name not in alone and area.name not in _MERGED_BY_HABIT:
            rule = f"合并的单元格，{area.lines}都按它读取"
            yield area.cell.problem(rule, "各行如有不同，请取消合并，分别填写。", "warning")


_NOTE = re.compile(r"注|备注|说明|填表|填报|制表|审核|合计|总计|小计|共\d|.*[:。]|.{31}")


def _unfinished(table: Table, is_roster: bool) -> Iterator[ProblemDraft]:
    """Rows at the end that say so little that the table ends before them, and are no notes."""
    what = "一个联系点" if is_roster else "一次走访"
    needed = [column.name for column in (ROSTER if is_roster else VISITS) if column.needed]
    named = {table.columns[name]: name for name in needed}
    below: dict[int, list[Cell]] = {}
    for cell in table.around:
        if cell.at[0] > table.header[1] and cell.text:
            below.setdefault(cell.at[0], []).append(cell)
    for cells in below.values():
        if _NOTE.match(comparable(cells[0].text)):
            continue
        for cell in cells:
            if cell.at[1] in named:
                advice = f"请补上{'、'.join(needed)}；只是说明的，请在前面写“注：”。"
                yield cell.problem(f"这一行没有写全，不算{what}", advice)
            elif cell.at[1] in table.columns.values():
                # Without its words, which are kept nowhere: it may be somebody's signature.
                yield ProblemDraft(cell.place, f"表格下面的这一格不算{what}，未读取", "", "", "warning")


@dataclass(frozen=True)
class _Read:
    """What a table becomes: facts, problems, the cells outside of it that were used, and whose names are new."""

    facts: tuple[FactDraft, ...]
    problems: tuple[ProblemDraft, ...]
    used: tuple[tuple[int, int], ...] = ()
    new: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    moved: tuple[tuple[str, str, str], ...] = ()
    changed: tuple[Changed, ...] = ()
    added: int = 0
    replaced: tuple[Changed, ...] = ()
    converted: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)


def _roster(store: Store, shapes: Sequence[Outline], table: Table, system: str | None) -> _Read:
    rows, problems, declared = roster_of(table, _known(store, shapes), system)
    keyed = keyed_of(rows, _known_points(store), table.columns)
    return _Read(
        facts=tuple(keyed.facts()),
        problems=(*problems, *keyed.problems()),
        used=declared.used,
        new=keyed.new,
        renamed=keyed.renamed,
        moved=keyed.moved,
        changed=keyed.changed,
        converted=moved_m(row.spot for row in rows if row.spot),
    )


def _record(store: Store, table: Table) -> _Read:
    visits, problems = visits_of(table, store.today())
    known = _known_points(store)
    keyed = []
    for visit in visits:
        keys = known.meant(visit.point)
        if len(keys) == 1 and visit.on:
            keyed.append((next(iter(keys)), visit.on, visit))
        elif visit.point and len(keys) != 1:
            problems.append(_nobody(visit.cell, known) if not keys else _several(visit.cell, keys, known))
    made = KeyedVisits(tuple(keyed), _known_visits(store), table.columns)
    return _Read(
        tuple(made.facts()),
        (*problems, *made.problems()),
        added=made.added,
        replaced=tuple(Changed(f"{known.title(key)} {on}", told) for key, on, told in made.replaced),
    )


def _nobody(cell: Cell, known: KnownPoints) -> ProblemDraft:
    advice = known.names.advice(str(cell.value), "请写名册里的名称；名册还没有导入的，请先导入。")
    return cell.problem("没有这个联系点", advice)


def _several(cell: Cell, keys: Collection[str], known: KnownPoints) -> ProblemDraft:
    """Points of one name in several units: their numbers tell them apart, the office's or ours."""
    office = {key: number.upper() for number, key in known.numbers.items()}
    which = "、".join(f"{known.unit_name(key)}的是 {office.get(key, key)}" for key in sorted(keys))
    return cell.problem(f"库里有 {len(keys)} 个叫这个名称的联系点", f"请改写编号：{which}。")


def _known_visits(store: Store) -> dict[tuple[str, date], dict[str, object]]:
    frame = point_visits(store.engine, AsOf(store.today()))
    rows: list[Any] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return known_visits(rows)


def import_points(store: Store, prepared: PreparedPoints, actor: Actor = CONSOLE) -> int | None:
    """Hand the draft in and accept it; returns the seq, None when the very same file is in already.

    What an import that was cut off had handed in and not accepted is sent back first.
    """
    if prepared.already is not None:
        return None
    send_back_left(store, actor, KIND)
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
        raise SheetError(_neither(said, found, name))
    return table, roster is not None


def _neither(said: Sequence[str], found: Sequence[Sheet], name: str) -> str:
    """What is amiss with a file that holds neither table, where it is another's with whose; ``said`` of each table."""
    if other := other_kind(found, name, "名册或走访记录", "import-points"):
        return other
    roster, record = said
    if _NO_HEADER in roster and _NO_HEADER not in record:
        return record
    visits = "、".join(c.name for c in VISITS if c.needed)
    return f"{roster}如果是走访记录，表头要有 {visits} 这几列。"


_NO_HEADER = "没有找到表头"


@dataclass(frozen=True)
class AcceptedPoints:
    """A file of points in the store: its return and seq, its name, the hash of its file."""

    return_id: int
    seq: int
    file_name: str
    sha256: str


def newest_points(store: Store) -> AcceptedPoints | None:
    """The last file of points that was accepted and not taken back; None when there is none."""
    query = (
        select(Return.id, Return.seq, Return.file_name, Return.file_sha256)
        .where(Return.kind == KIND, Return.state == "accepted")
        .order_by(Return.seq.desc())
        .limit(1)
    )
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None or row.seq is None:
        return None
    return AcceptedPoints(row.id, row.seq, row.file_name, row.file_sha256)


def _already(store: Store, digest: str) -> int | None:
    """The seq of the newest file of points, when it is this one."""
    last = newest_points(store)
    return last.seq if last and last.sha256 == digest else None


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
        towns=town_names(store, towns, today),
        unit_of=dict(zip(towns["code"], towns["parent_code"], strict=True)),
        homes={
            code: Home(by_code[within or code], name, is_zone=bool(within))
            for code, name, within in zip(units["code"], units["name"], units["within_code"], strict=True)
            if (within or code) in by_code
        },
        measures=numbers,
    )


def _known_points(store: Store) -> KnownPoints:
    """The points of the store with every name they go by; what is called so today is not meant by a former name."""
    today = AsOf(store.today())
    frame, other = points(store.engine, today), aliases(store.engine, today, ALIAS)
    places = organisations(store.engine, today)
    titles = dict(zip(frame["point"], frame["name"], strict=True))
    now = [(name, key) for key, name in titles.items()]
    taken = {comparable(spelling) for spelling, _ in now}
    former = zip(other["alias"], other["target"], strict=True)
    spelt = [*now, *((alias, key) for alias, key in former if comparable(alias) not in taken)]
    numbers = aliases(store.engine, today, NUMBER)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    with store.engine.connect() as connection:
        ever = connection.execute(select(Point.point).distinct()).scalars().all()
    return KnownPoints(
        values={str(row["point"]): {str(name): told for name, told in row.items()} for row in rows},
        names=names(spelt, titles),
        numbers={
            comparable(number): key
            for number, key in zip(numbers["alias"], numbers["target"], strict=True)
            if key in titles
        },
        ever=frozenset(ever),
        places=dict(zip(places["code"], places["name"], strict=True)),
    )
