"""A unit's ledger of stations from a file into the store: all of it, or nothing and every problem at its cell.

Comes in: the store, the outlines, a file and what was said beside it. Goes out: what the ledger would change, and on
acceptance its seq. Stations keep their keys; what a ledger no longer names stays unless it is closed with a reason.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import select

from ..geo import Outline
from ..hashing import sha256
from ..knowledge import AsOf, newest
from ..models import Return, Station, StationEvent
from ..periods import of
from ..queries import aliases, organisations
from ..store import Actor, Draft, ProblemDraft, Store, accept, receive
from .cells import clean, shown
from .coordinates import moved_m
from .file_kinds import other_kind
from .kept_copy import redacted
from .left_behind import send_back_left
from .list_versions import CONSOLE, organisation_names, town_names
from .names import Names
from .refusals import RefusedError, in_order, left_out, lines, persons_beside, refuse_errors, sentence
from .sheet_table import Table, table_of
from .sheets import Sheet, SheetError, content_of, name_of, sheets, uncollected
from .station_cells import called
from .station_changes import ALIAS, NUMBER, Changes, Unit, changes
from .station_elsewhere import Elsewhere, counted_elsewhere
from .station_identity import KnownStation, identified
from .station_ledger import COLUMNS, STEPS, Known, Ledger, ledger_of
from .station_life import Step, is_closed
from .station_life import in_order as in_order_of_days
from .station_places import Place
from .station_services import with_ticks
from .station_titles import UnitLine, around_the_table, unit_lines, unit_of
from .station_totals import totals_that_differ

KIND = "stations"
_LISTED = 30
# Columns that are merged by habit, and in which nothing is lost by not reading them.
_MERGED_BY_HABIT = ("县（市、区）", "镇街", "坐标系", "运营单位", "类型", "名称", "经度", "纬度", "坐标")


@dataclass(frozen=True)
class Asked:
    """What is said beside the file. ``unit`` empty: a column of the file says it; ``on`` None: the ledger is of today;
    ``system`` the coordinate system, None when the file says it."""

    unit: str = ""
    on: date | None = None
    system: str | None = None
    close_missing: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Accepted:
    """The newest ledger of the unit in the store: its return and seq, the day it is of, the hash of its file."""

    return_id: int
    seq: int
    on: date
    sha256: str


@dataclass(frozen=True)
class Prepared:
    """A ledger without errors: the draft to hand in, and what it would change.

    ``already`` is the ledger in the store that came from the very same file, None when there is none: then nothing is
    to be done. ``moved`` tells for each system how far the conversion took the places, in metres: least, median, most.
    """

    draft: Draft
    unit: str
    unit_name: str
    on: date
    rows: int
    changes: Changes
    moved: Mapping[str, tuple[float, float, float]]
    already: Accepted | None
    reason: str

    @property
    def warnings(self) -> list[ProblemDraft]:
        """What does not stop the import."""
        return [p for p in self.draft.problems if p.severity == "warning"]


def prepare_stations(store: Store, shapes: Sequence[Outline], path: Path, asked: Asked) -> Prepared:
    """Read and check the file; raises RefusedError with every problem when there is an error. Stores nothing."""
    with uncollected():
        name = name_of(path)
        content, table = _read(path, name)
        places = organisations(store.engine, AsOf(store.today()))
        units = reporting_units(store)
        unit = _unit(asked.unit, table, units)
        known = _known(store, tuple(shapes), places, units, unit)
        ledger = ledger_of(table, known, asked.on or store.today(), asked.system)
        return _prepared(_File(name, content, table), _Store(store, unit), asked, known, ledger)


def _read(path: Path, name: str) -> tuple[bytes, Table]:
    """The file and the table on it; raises RefusedError, with the command for it when it is a file of another kind."""
    try:
        content = content_of(path)
        found = sheets(content, name)
        try:
            table = with_ticks(lambda columns: table_of(found, columns, name), COLUMNS)
        except SheetError as error:
            raise SheetError(_other(found, name) or str(error)) from error
        if not _OWN.intersection(table.columns) and (other := _other(found, name)):
            raise SheetError(other)
    except SheetError as error:
        raise RefusedError(str(error)) from error
    return content, table


def _other(found: Sequence[Sheet], name: str) -> str:
    return other_kind(found, name, "驿站台账", "import-stations")


# Columns that only a ledger of stations has.
_OWN = frozenset(("类型", "服务内容", "开放时间", "状态", "是否开放", "服务人次", *STEPS))


def import_stations(store: Store, prepared: Prepared, actor: Actor = CONSOLE) -> int | None:
    """Hand the draft in and accept it; returns the seq, None when the very same file is in already.

    What an import that was cut off had handed in and not accepted is sent back first: its difference is stale.
    """
    if prepared.already:
        return None
    send_back_left(store, actor, KIND, prepared.unit)
    reason = f"导入{prepared.unit_name}驿站台账（{prepared.on}）"
    why = f"{reason}；关闭台账里没有的：{prepared.reason}" if prepared.changes.closed else reason
    with uncollected():
        return accept(store, actor, receive(store, actor, prepared.draft), why)


# --- whose ledger it is -----------------------------------------------------------------------------


def reporting_units(store: Store) -> Names:
    """Every name of the 13 that report."""
    places = organisations(store.engine, AsOf(store.today()))
    return organisation_names(store, places[places["reporting"].astype(bool)], AsOf(store.today()))


def _unit(asked: str, table: Table, units: Names) -> str:
    """The code of the unit: as asked, else the one that most rows name, else that of a line around it.

    Raises RefusedError when nobody says it.
    """
    if asked:
        codes = unit_of(asked, units)
        if len(codes) == 1:
            return next(iter(codes))
        advice = units.advice(asked, "请写 13 个填报单位之一的名称或代码，如 350582。")
        raise RefusedError(sentence(ProblemDraft("--unit", "没有这个填报单位", shown(clean(asked)), advice)))
    told = Counter(code for row in table.rows for code in unit_of(row["县（市、区）"].text, units))
    if told:
        return told.most_common(1)[0][0]
    said = list(unit_lines(table, units))
    titled = {code for line in said for code in line.codes}
    if len(titled) == 1:
        return titled.pop()
    raise RefusedError(sentence(_no_unit(table, said, units)))


def _no_unit(table: Table, said: Sequence[UnitLine], units: Names) -> ProblemDraft:
    """That nobody says whose ledger it is, or does in words by which no unit is called: in the column, else in a line."""
    ways = "请在命令里写 --unit，如 --unit 350582，或在表里加一列“县（市、区）”，或在表格上方写一行“填报单位：晋江市”。"
    column = (row["县（市、区）"] for row in table.rows)
    named = [(cell, str(cell.value)) for cell in column if cell.text]
    named += [(line.cell, line.written) for line in said if not line.codes]
    for cell, written in named[:1]:
        rule = f"没有叫“{shown(clean(written))}”的填报单位"
        otherwise = "请写 13 个填报单位之一的全称、简称或代码，或在命令里写 --unit，如 --unit 350582。"
        return ProblemDraft(cell.place, rule, "", units.advice(written, otherwise))
    return ProblemDraft(table.sheet.line(table.header[0]), "没有写明是哪个填报单位的台账", "", ways)


def _known(store: Store, shapes: tuple[Outline, ...], places: pd.DataFrame, units: Names, unit: str) -> Known:
    """Names of units and towns, and the outline the unit lies in."""
    towns, today = places[places["level"] == "town"], AsOf(store.today())
    named = dict(zip(places["code"], places["name"], strict=True))
    within = dict(zip(places["code"], places["within_code"], strict=True))
    return Known(
        unit=unit,
        unit_name=named[unit],
        units=units,
        towns=town_names(store, towns, today),
        own_towns=town_names(store, towns[towns["parent_code"] == unit], today),
        unit_of={
            code: named.get(parent, parent)
            for code, parent in zip(towns["code"], towns["parent_code"], strict=True)
        },
        shape=next(shape for shape in shapes if shape.code == (within[unit] or unit)),
        shapes=shapes,
    )


def newest_ledger(store: Store, unit: str) -> Accepted | None:
    """The last ledger of the unit that was accepted and not taken back; None when there is none."""
    query = (
        select(Return.id, Return.seq, Return.period_end, Return.file_sha256)
        .where(Return.kind == KIND, Return.organisation == unit, Return.state == "accepted")
        .order_by(Return.seq.desc())
        .limit(1)
    )
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None or row.seq is None or row.period_end is None:
        return None
    return Accepted(row.id, row.seq, row.period_end, row.file_sha256)


# --- what the store knows of its stations -----------------------------------------------------------


class _Store:
    """What the store knows of the stations of a unit, as of today."""

    def __init__(self, store: Store, unit: str) -> None:
        self.engine, self.unit, self.today = store.engine, unit, AsOf(store.today())
        self.newest_ledger = newest_ledger(store, unit)
        self._aliases = {s: aliases(self.engine, self.today, s) for s in (ALIAS, NUMBER)}

    def stations(self, unit_name: str) -> list[KnownStation]:
        """Every station of the unit with its life line, the names it had and its numbers."""
        rows = newest(Station, self.today)
        columns = [rows.c[name] for name in _VALUES]
        query = select(rows.c.station, *columns).where(~rows.c.void, rows.c.unit == self.unit)
        former = self._by_target(ALIAS, lambda alias: alias.removesuffix(f"（{unit_name}）"))
        numbers = self._by_target(NUMBER, lambda alias: alias.partition(" ")[2])
        lives = self._lives()
        with self.engine.connect() as connection:
            found = connection.execute(query.order_by(rows.c.station)).mappings().all()
        return [
            KnownStation(
                station=row["station"],
                values={name: row[name] for name in _VALUES},
                life=in_order_of_days(lives.get(row["station"], ())),
                former=frozenset(former.get(row["station"], ())),
                numbers=frozenset(numbers.get(row["station"], ())),
            )
            for row in found
        ]

    def elsewhere(self, names: Collection[str], unit_names: Mapping[str, str]) -> list[Elsewhere]:
        """The stations of other units that are called so, names as they are compared, and are not closed."""
        rows = newest(Station, self.today)
        columns = [rows.c[name] for name in ("station", "name", "unit", "town", "address", "lon", "lat")]
        query = select(*columns).where(~rows.c.void, rows.c.unit != self.unit)
        with self.engine.connect() as connection:
            found = [row for row in connection.execute(query) if called(row.name) in names]
        others = select(Station.station).where(Station.unit != self.unit)
        keys = sorted({row.station for row in found})
        lives = self._lives_of(keys if len(keys) <= _NAMED_MOST else others)
        return [
            Elsewhere(
                row.station, row.name, unit_names[row.unit], Place(row.town, row.address, row.lon, row.lat)
            )
            for row in found
            if not is_closed(in_order_of_days(lives.get(row.station, ())))
        ]

    def _lives(self) -> Mapping[str, list[Step]]:
        return self._lives_of(select(Station.station).where(Station.unit == self.unit))

    def _lives_of(self, stations: Any) -> Mapping[str, list[Step]]:
        """By station, of those a query finds or a list names."""
        rows = newest(StationEvent, self.today, StationEvent.station.in_(stations))
        found: dict[str, list[Step]] = defaultdict(list)
        with self.engine.connect() as connection:
            query = select(rows.c.station, rows.c.event, rows.c.happened_on).where(~rows.c.void)
            for station, event, on in connection.execute(query):
                found[station].append((event, on))
        return found

    def _by_target(self, subject: str, plain: Any) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        frame = self._aliases[subject]
        for alias, target in zip(frame["alias"], frame["target"], strict=True):
            found[target].append(plain(alias))
        return found

    def taken(self, known: Sequence[KnownStation]) -> frozenset[str]:
        """Aliases that belong to stations of other units, as they are compared."""
        own, frame = {k.station for k in known}, self._aliases[ALIAS]
        pairs = zip(frame["alias"], frame["target"], strict=True)
        return frozenset(called(alias) for alias, target in pairs if target not in own)

    def next_number(self) -> int:
        """One more than any number that was ever given, those of ledgers that were taken back or wait among them."""
        waiting = select(Return.staged).where(
            Return.kind == KIND, Return.organisation == self.unit, Return.state == "waiting"
        )
        ever = select(Station.station).where(Station.station.startswith(f"{self.unit}-")).distinct()
        with self.engine.connect() as connection:
            keys = list(connection.execute(ever).scalars())
            for staged in connection.execute(waiting).scalars():
                keys += [values["station"] for table, values, _ in staged or [] if table == "station"]
        return max((int(n[1]) for key in keys if (n := _OWN_KEY.fullmatch(key))), default=0) + 1


_NAMED_MOST = 500  # a statement takes so many values
_OWN_KEY = re.compile(r".+-(\d{1,9})")
_VALUES = (
    "name kind unit town address lon lat datum lon_as_given lat_as_given services hours operator visits checked_on"
).split()


# --- the draft --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _File:
    name: str
    content: bytes
    table: Table


def _prepared(file: _File, stored: _Store, asked: Asked, known: Known, ledger: Ledger) -> Prepared:
    table, on, digest = file.table, asked.on or stored.today.day, sha256(file.content)
    own = stored.stations(known.unit_name)
    found = identified(ledger.rows, own, by_number=ledger.by_number, towns=known.towns.titles)
    unit = Unit(known.unit, known.unit_name, stored.next_number(), stored.taken(own), known.towns.titles)
    change = changes(
        found, table.columns, on, unit, close_missing=asked.close_missing, by_number=ledger.by_number
    )
    last = stored.newest_ledger
    same = last if last and last.sha256 == digest and asked.on in (None, last.on) else None
    already = None if asked.close_missing and change.missing else same
    around = around_the_table(table, known.units, known.own_towns, known.unit, on)
    told = [*_beside(file, asked, last, on), *around, *ledger.problems, *found.problems, *change.problems]
    told += [] if asked.close_missing else _missing(change, table)
    names = {called(match.name) for match in found.matched}
    told += counted_elsewhere(found.matched, stored.elsewhere(names, known.units.titles))
    told += totals_that_differ(table, len(ledger.rows))
    problems = in_order([*told, *_merged(table), *left_out(table, "驿站", below=True)], table)
    if not already:
        refuse_errors(problems, (*ledger.doubts, *change.doubts))
    return Prepared(
        draft=Draft(
            kind=KIND,
            organisation=known.unit,
            file_name=file.name,
            file_bytes=redacted(table, ledger.used),
            facts=change.facts,
            period=of("day", on),
            problems=problems,
            file_sha256=digest,
        ),
        unit=known.unit,
        unit_name=known.unit_name,
        on=already.on if already else on,
        rows=len(ledger.rows),
        changes=change,
        moved=moved_m(row.spot for row in ledger.rows if row.spot),
        already=already,
        reason=clean(asked.reason),
    )


def _beside(file: _File, asked: Asked, last: Accepted | None, on: date) -> Iterator[ProblemDraft]:
    """What is wrong with the command, and numbers of persons in what is kept beside the table."""
    yield from persons_beside(file.name, file.table, {"--reason": asked.reason})
    if asked.close_missing and not clean(asked.reason):
        yield ProblemDraft(
            "--close-missing", "没有写关闭的原因", "", "请用 --reason 写明，如 --reason 合并撤站。"
        )
    column, cells = file.table.columns["名称"], file.table.sheet.values
    named = [cell.at[0] for cell in file.table.below if (cell.at[0], column) in cells]
    if asked.close_missing and named:
        rule = f"{lines(named)}在表格下面，未读取，可能是驿站，会被当成台账里没有的关闭"
        advice = "是驿站的，请移到表格里，中间不留空行；不是的，请删去，或在前面写“注：”。"
        yield ProblemDraft("--close-missing", rule, "", advice)
    if last and last.on > on:
        rule = f"库里已有更晚的台账（{last.on}，序号 {last.seq}），这一份是 {on} 的"
        yield ProblemDraft("--on", rule, "", "请用最新的台账；日子写错了的，请改 --on。")


def _missing(change: Changes, table: Table) -> Iterator[ProblemDraft]:
    """Stations that the ledger no longer names, by name."""
    if change.missing:
        names = "、".join(change.missing[:_LISTED])
        more = f" 等 {len(change.missing)} 个" if len(change.missing) > _LISTED else ""
        rule = f"库里的 {len(change.missing)} 个驿站台账里没有，照旧保留：{names}{more}"
        advice = "确实关了的，请写进台账（状态写“关闭”），或用 --close-missing --reason 原因，按台账的日子一并关闭。"
        yield ProblemDraft(table.sheet.name or "表", rule, "", advice, "warning")


def _merged(table: Table) -> Iterator[ProblemDraft]:
    """Cells that were taken for several stations: meant so, most often, but a slip as well."""
    for area in table.merged:
        if area.name not in _MERGED_BY_HABIT:
            rule = f"合并的单元格，{area.lines}都按它读取"
            yield area.cell.problem(rule, "各行如有不同，请取消合并，分别填写。", "warning")
