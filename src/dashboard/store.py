"""The doors of the store: open, receive, accept, send_back, withdraw, stamp. All writing goes through them.

Nothing of a return that was not accepted ever reaches a figure; nothing of an accepted one is lost. seq,
accepted_at and known_on are set here, under one row lock, from the clock the store was opened with.
"""

from __future__ import annotations

import json
import math
import sqlite3
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    URL,
    Connection,
    Date,
    Engine,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from .hashing import sha256
from .knowledge import AsOf, newest
from .models import FACTS, Alias, AuditEvent, Meta, OrganisationRow, Problem, Return, ReturnEvent, Station
from .periods import Period, of

SHANGHAI = ZoneInfo("Asia/Shanghai")
MIGRATIONS = Path(__file__).parent / "migrations"

Role = Literal["viewer", "clerk", "officer", "keeper"]
Clock = Callable[[], datetime]


class StoreError(Exception):
    """The store cannot do what was asked; the message is one sentence that names the way out."""


class DoorError(StoreError):
    """A door was closed to this actor, or the return is not in a state to pass it."""


@dataclass(frozen=True)
class Actor:
    """An account, never a person's name, with its role; ``organisation`` binds a clerk to the own unit."""

    account: str
    role: Role
    organisation: str = ""


SYSTEM = Actor("system", "keeper")


@dataclass(frozen=True)
class FactDraft:
    """A fact to be: the table's name in ``models.FACTS``, its columns, and where in the file it stood."""

    table: str
    values: dict[str, Any]
    place: str = ""


@dataclass(frozen=True)
class ProblemDraft:
    """问题: place, rule, found, advice, in the language of the clerk. Only errors stop a return."""

    place: str
    rule: str
    found: str
    advice: str
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True)
class Source:
    """Where a published figure was printed. ``published_on`` is the day it counts as known."""

    source_id: str
    title: str
    grade: str
    address: str
    published_on: date
    precision: str


@dataclass(frozen=True)
class Draft:
    """A file as read: what it is, the bytes to keep, its facts and every problem found."""

    kind: str
    organisation: str
    file_name: str
    file_bytes: bytes
    facts: Sequence[FactDraft]
    period: Period | None = None
    problems: Sequence[ProblemDraft] = ()
    source: Source | None = None
    file_sha256: str = ""

    @property
    def sha256(self) -> str:
        """Hash of the file as handed in; of the bytes kept, unless those were redacted."""
        return self.file_sha256 or sha256(self.file_bytes)


@dataclass(frozen=True)
class Stamp:
    """What a cached answer depends on: it moves with every accepted or withdrawn return."""

    store_id: str
    stamp: int
    seq: int


def real_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Store:
    """An open store. ``kind`` is live or demo; both never share a database."""

    engine: Engine
    kind: str
    clock: Clock = field(default=real_clock, compare=False)

    def today(self) -> date:
        """The Shanghai day of the store's own clock."""
        return self.clock().astimezone(SHANGHAI).date()


# --- opening ----------------------------------------------------------------------------------------


def open_store(url: str, kind: str, clock: Clock = real_clock) -> Store:
    """Connect, migrate and make sure this is the store that was meant.

    Raises StoreError, in one sentence that names the way out, when the database is newer than the code,
    unreachable, locked, read-only, or of the other kind.
    """
    setting = "DASHBOARD_DEMO_DATABASE_URL" if kind == "demo" else "DASHBOARD_DATABASE_URL"
    store = Store(_engine(url, setting), kind, clock)
    with _spoken(store.engine):
        _migrate(store.engine, setting)
        _claim(store)
    return store


_PATIENCE_S = 10


def _engine(url: str, setting: str) -> Engine:
    parsed = _address(url, setting)
    try:
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or ":memory:" in parsed.database:
                raise StoreError(
                    f"{setting} 指的是内存，关机就没有了：请写一个文件，如 sqlite:///var/live.sqlite。"
                )
            if not parsed.database.startswith("file:"):
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(parsed, connect_args={"timeout": _PATIENCE_S})
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        waits = {"connect_timeout": 5, "options": f"-c lock_timeout={_PATIENCE_S}s"}
        return create_engine(parsed, pool_pre_ping=True, pool_size=10, connect_args=waits)
    except OSError as error:
        raise StoreError(
            f"建不了存放数据的文件夹（{error}）：请把 DASHBOARD_HOME 指到一个可以写入的文件夹。"
        ) from error


_KINDS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
_WAYS = (
    "可以写 sqlite:////srv/dashboard/live.sqlite（一个文件），"
    "或 postgresql+psycopg://账户:密码@主机:5432/库名（密码里的 @ : / 写成 %40 %3A %2F）。"
)


def _address(url: str, setting: str) -> URL:
    """The address of a database; a wrong one is never printed, because it may hold a password anywhere."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError(f"{setting} 不是数据库的地址：{_WAYS}") from error
    if parsed.drivername not in _KINDS:
        raise StoreError(f"{setting} 写的是 {parsed.drivername}，用不了：{_WAYS}")
    return parsed


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


# What a database says, and the sentence for the keeper; the first that fits.
_SAYINGS = (
    (("is locked", "lock timeout"), "数据库 {name} 被另一个程序占用：请关闭占用它的程序后再启动。"),
    (
        ("unable to open database file",),
        "打不开数据库文件 {name}：请检查它所在的文件夹（DASHBOARD_HOME）是否存在、能否写入。",
    ),
    (
        ("readonly database", "read-only"),
        "数据库 {name} 是只读的：请检查文件或账户的写权限后再启动。",
    ),
    (
        ("file is not a database",),
        "{file} 不是 SQLite 数据库：请把它移到别处，启动时会另建一个；若原来是，请恢复备份。",
    ),
    (("disk image is malformed",), "数据库文件 {file} 已经损坏：请恢复备份。"),
    (("",), "连不上数据库 {name}（{said}）：请检查地址、服务和账户后再启动。"),
)


@contextmanager
def _spoken(engine: Engine) -> Iterator[None]:
    """Turn what the database says into a sentence for the keeper."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        said = str(error.orig if isinstance(error, DBAPIError) else error).strip().split("\n")[0]
        sentence = next(s for marks, s in _SAYINGS if any(mark in said for mark in marks))
        name = engine.url.render_as_string(hide_password=True)
        raise StoreError(sentence.format(name=name, file=engine.url.database, said=said)) from error


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def schema_version(engine: Engine) -> str | None:
    """The migration the database stands at; None before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _migrate(engine: Engine, setting: str) -> None:
    if engine.dialect.name == "sqlite":
        _turn_on_wal(engine)
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(20250110)"))
        config = _alembic(connection)
        script = ScriptDirectory.from_config(config)
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in {r.revision for r in script.walk_revisions()}:
            raise StoreError(
                f"数据库的结构（{current}）比程序新（{script.get_current_head()}）："
                "请安装与数据库相配的新版程序，不要用旧程序打开它。"
            )
        if current is None and (others := inspect(connection).get_table_names()):
            raise StoreError(
                f"数据库 {engine.url.render_as_string(hide_password=True)} 里是别的程序的表（{others[0]}）："
                f"请在 {setting} 里为本系统指定一个空的数据库。"
            )
        if current != script.get_current_head():
            command.upgrade(config, "head")


_START_PATIENCE_S = 120


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Hold off every other start on this database: two at once would seed it twice. Readers go on.

    SQLite has no lock that is not a write, so a small file of its own beside the database bears it.
    """
    with _spoken(store.engine):
        if store.engine.dialect.name == "sqlite":
            guard: Any = sqlite3.connect(
                f"{store.engine.url.database}.start", timeout=_START_PATIENCE_S, isolation_level=None
            )
            take = ["BEGIN EXCLUSIVE"]
        else:
            guard = store.engine.raw_connection()
            take = [f"SET lock_timeout = '{_START_PATIENCE_S}s'", "SELECT pg_advisory_xact_lock(20241105)"]
    try:
        with _spoken(store.engine):
            for statement in take:
                guard.cursor().execute(statement)
        yield
    finally:
        guard.rollback()
        guard.close()


def _turn_on_wal(engine: Engine) -> None:
    """Switch to write-ahead logging; taking the write lock first waits for whoever is just creating the file."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
            cursor.execute("PRAGMA journal_mode=WAL")
    finally:
        raw.close()


def _claim(store: Store) -> None:
    """Write the meta row of a new store; refuse a store of the other kind. Proves that writing works."""
    new = {
        "store_id": str(uuid.uuid4()),
        "kind": store.kind,
        "seq": 0,
        "stamp": 0,
        "created_at": store.clock(),
    }
    add = sqlite_insert if store.engine.dialect.name == "sqlite" else postgresql_insert
    with writing(store) as connection:
        connection.execute(add(Meta).values(id=1, **new).on_conflict_do_nothing())
        connection.execute(update(Meta).values(stamp=Meta.stamp))
        kind = connection.execute(select(Meta.kind)).scalar_one()
    if kind != store.kind:
        raise StoreError(
            f"这个数据库存的是 {kind} 数据，不能当作 {store.kind} 打开："
            "请检查 DASHBOARD_DATABASE_URL 与 DASHBOARD_DEMO_DATABASE_URL 是否写反。"
        )


@contextmanager
def writing(store: Store) -> Iterator[Connection]:
    """One transaction that holds the store's write lock from its first statement to its commit."""
    with store.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(select(Meta.id).with_for_update())
        yield connection


# Made once: a page asks this before everything else.
_COUNTERS = select(Meta.store_id, Meta.stamp, Meta.seq)
_COUNTERS_OF_FILE = str(_COUNTERS)


def stamp(store: Store) -> Stamp:
    """The store's identity and counters; raises StoreError when it cannot be reached."""
    _follow_file(store.engine)
    with _spoken(store.engine):
        if store.engine.dialect.name == "sqlite":
            return Stamp(*_counters_of_file(store.engine))
        with store.engine.connect() as connection:
            return Stamp(*connection.execute(_COUNTERS).one())


def _counters_of_file(engine: Engine) -> tuple[str, int, int]:
    """Asked past SQLAlchemy and without a transaction: every run of a page asks both stores."""
    with closing(engine.raw_connection()) as connection:
        found: tuple[str, int, int] = connection.cursor().execute(_COUNTERS_OF_FILE).fetchone()
    return found


def _follow_file(engine: Engine) -> None:
    """Notice a SQLite file that is gone, or another one in its place: an open connection would still read the old.

    A copy that was put back in its place is opened anew; a missing file is no empty store. Raises StoreError.
    """
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path.startswith("file:"):
        return
    try:
        found = Path(path).stat()
    except OSError as error:
        engine.dispose()
        raise StoreError(f"数据库文件 {path} 不见了：请放回原处，或恢复备份。") from error
    now = (found.st_dev, found.st_ino)
    if _files.setdefault(engine, now) != now:
        engine.dispose()
        _files[engine] = now


# Device and number of the file behind each SQLite engine, as it was last seen.
_files: WeakKeyDictionary[Engine, tuple[int, int]] = WeakKeyDictionary()


# --- the doors --------------------------------------------------------------------------------------


def receive(store: Store, actor: Actor, draft: Draft) -> int:
    """Keep a return with its file and every problem; its facts wait outside the fact tables.

    Returns the id. Its state is ``problems`` when an error was found, else ``waiting``.
    """
    allow(actor, ("clerk", "officer", "keeper"), "报送")
    if actor.role == "clerk":
        _allow_own(store, actor, draft)
    if draft.source and (draft.kind != "published" or actor.role == "clerk"):
        raise DoorError("只有公开数据可以写发布日和来源：单位报送的数，获知日就是入库那一天。")
    problems = [
        *draft.problems,
        *duplicates(draft.facts),
        *unsound(draft.facts),
        *untimely(draft.facts, store.today()),
    ]
    state = "problems" if any(p.severity == "error" for p in problems) else "waiting"
    now = store.clock()
    with writing(store) as connection:
        return_id = _insert_return(connection, draft, state, now)
        for place in problems:
            connection.execute(insert(Problem).values(return_id=return_id, answer=None, **vars(place)))
        _record(connection, return_id, "received", actor, now, "")
        _record(connection, return_id, state, actor, now, "")
    return return_id


def accept(store: Store, actor: Actor, return_id: int, reason: str = "") -> int:
    """Move the facts of a waiting return into the fact tables; returns its seq."""
    allow(actor, ("officer", "keeper"), "入库")
    with writing(store) as connection:
        row = _in_state(connection, return_id, ("waiting",), "入库")
        now = store.clock()
        known_on = row.published_on or now.astimezone(SHANGHAI).date()
        seq = _next_seq(connection)
        common = {"return_id": return_id, "seq": seq, "known_on": known_on}
        _insert_facts(connection, row.staged or [], common)
        connection.execute(
            update(Return)
            .where(Return.id == return_id)
            .values(state="accepted", accepted_at=now, known_on=known_on, seq=seq, staged=None)
        )
        _record(connection, return_id, "accepted", actor, now, reason, seq)
    return seq


def send_back(store: Store, actor: Actor, return_id: int, reason: str) -> None:
    """Give a return back to its clerk; nothing of it reached a figure."""
    allow(actor, ("officer", "keeper"), "退回")
    with writing(store) as connection:
        _in_state(connection, return_id, ("waiting", "problems"), "退回")
        now = store.clock()
        connection.execute(
            update(Return).where(Return.id == return_id).values(state="sent_back", staged=None)
        )
        _record(connection, return_id, "sent_back", actor, now, reason)


def withdraw(store: Store, actor: Actor, return_id: int, reason: str) -> int:
    """Take an accepted return back: from this day on it counts as never given. Returns the seq taken."""
    allow(actor, ("officer", "keeper"), "撤回")
    with writing(store) as connection:
        _in_state(connection, return_id, ("accepted",), "撤回")
        now = store.clock()
        seq = _next_seq(connection)
        connection.execute(
            update(Return)
            .where(Return.id == return_id)
            .values(state="withdrawn", withdrawn_on=now.astimezone(SHANGHAI).date(), withdrawn_seq=seq)
        )
        _record(connection, return_id, "withdrawn", actor, now, reason, seq)
    return seq


def allow(actor: Actor, roles: tuple[Role, ...], deed: str) -> None:
    """Close the door to every other role; raises DoorError."""
    if actor.role not in roles:
        raise DoorError(f"账户 {actor.account}（{actor.role}）无权{deed}：请由 {'、'.join(roles)} 办理。")


def _allow_own(store: Store, actor: Actor, draft: Draft) -> None:
    """A clerk hands in the own unit's figures, its towns' among them, and nobody else's."""
    if not actor.organisation:
        raise DoorError(f"账户 {actor.account} 没有绑定单位，不能报送：请管理员先绑定。")
    if draft.organisation != actor.organisation:
        raise DoorError(f"账户 {actor.account} 只能报送本单位（{actor.organisation}）的数据。")
    own, standing = _places_of(store, actor.organisation), _standing_of(store, draft.facts)
    own_stations = {station for station, unit in standing.items() if unit == actor.organisation}
    others = set(standing) - own_stations
    known = (own_stations | {f.values["station"] for f in draft.facts if f.table == "station"}) - others
    taken = _aliases_of(store, others) if any(f.table == "alias" for f in draft.facts) else frozenset()
    for fact in draft.facts:
        if not _is_own(fact, own, known) or _key(fact) in taken:
            raise DoorError(
                f"账户 {actor.account} 只能报送本单位（{actor.organisation}）的数据，"
                f"{fact.place or fact.table} 不属于本单位。"
            )


def _places_of(store: Store, unit: str) -> set[str]:
    """The unit and its towns."""
    places = newest(OrganisationRow, AsOf(store.today()))
    towns = select(places.c.code).where(places.c.parent_code == unit, ~places.c.void)
    with store.engine.connect() as connection:
        return {unit, *connection.execute(towns).scalars()}


def _standing_of(store: Store, facts: Sequence[FactDraft]) -> dict[str, str]:
    """Every station there is with its unit; none where the facts are about something else."""
    if not any(f.table in ("station", "station_event", "alias") for f in facts):
        return {}
    ledger = newest(Station, AsOf(store.today()))
    with store.engine.connect() as connection:
        found = connection.execute(select(ledger.c.station, ledger.c.unit).where(~ledger.c.void))
        return {row.station: row.unit for row in found}


def _aliases_of(store: Store, stations: set[str]) -> frozenset[tuple[Any, ...]]:
    """The keys of the aliases that stand for one of these stations."""
    rows = newest(Alias, AsOf(store.today()))
    query = select(rows.c.subject, rows.c.alias, rows.c.target).where(
        ~rows.c.void, rows.c.subject.in_(_OF_STATIONS)
    )
    with store.engine.connect() as connection:
        found = connection.execute(query).all()
    return frozenset(("alias", row.subject, row.alias) for row in found if row.target in stations)


def _is_own(fact: FactDraft, own: set[str], stations: set[str]) -> bool:
    if fact.table in ("reading", "progress"):
        return fact.values["organisation"] in own
    if fact.table == "station":
        return fact.values["unit"] in own and fact.values["station"] in stations
    if fact.table == "alias":
        return fact.values["subject"] in _OF_STATIONS and fact.values["target"] in stations
    return fact.table == "station_event" and fact.values["station"] in stations


# What an alias may be of that a clerk hands in: a former name of an own station, and the office's number of it.
_OF_STATIONS = ("station", "station_number")


def duplicates(facts: Sequence[FactDraft]) -> list[ProblemDraft]:
    """Every place of a key given twice in one return: it would depend on chance which of the two wins."""
    keys = Counter(_key(f) for f in facts)
    return [
        ProblemDraft(
            f.place,
            "同一份报送件里，一个数只能出现一次",
            " ".join(map(str, _key(f)[1:])),
            "请删去重复的一行。",
        )
        for f in facts
        if keys[_key(f)] > 1
    ]


def unsound(facts: Sequence[FactDraft]) -> list[ProblemDraft]:
    """Every reading whose value and qualifier contradict each other, and every percent that is none, whoever read
    the file."""
    percents = [
        ProblemDraft(
            f.place, "完成比例应在 0 到 100 之间", f"{f.values['percent']}", "请改为 0 到 100 的数，或留空。"
        )
        for f in facts
        if f.table == "progress" and not f.values.get("void") and not _is_percent(f.values.get("percent"))
    ]
    return percents + [
        ProblemDraft(
            f.place,
            "口径词与数值对不上",
            f"{f.values['qualifier']} {f.values['value']}",
            "有数写确数，看不清写 unknown 并留空。",
        )
        for f in facts
        if f.table == "reading"
        and not f.values.get("void")
        and not _sound(f.values["value"], f.values["qualifier"])
    ]


def untimely(facts: Sequence[FactDraft], today: date) -> list[ProblemDraft]:
    """Every progress of a period that ends after the month of today: it would count as the newest for ever."""
    last = of("month", today).end
    return [
        ProblemDraft(
            f.place,
            "数据期还没有到",
            Period(f.values["period_end"], f.values["period_start"], f.values["grain"]).label,
            f"最晚写 {of('month', today).label}。",
        )
        for f in facts
        if f.table == "progress" and not f.values.get("void") and f.values["period_end"] > last
    ]


def _is_percent(value: float | None) -> bool:
    """Whether it is a percent, or was not said."""
    return value is None or (math.isfinite(value) and 0 <= value <= 100)


def _sound(value: float | None, qualifier: str) -> bool:
    if qualifier == "unknown":
        return value is None
    return value is not None and math.isfinite(value)


def _key(fact: FactDraft) -> tuple[Any, ...]:
    return (fact.table, *(fact.values.get(k) for k in FACTS[fact.table].KEY))  # type: ignore[attr-defined]


def _insert_return(connection: Connection, draft: Draft, state: str, now: datetime) -> int:
    period, source = draft.period, draft.source
    result = connection.execute(
        insert(Return).values(
            kind=draft.kind,
            organisation=draft.organisation,
            period_start=period.start if period else None,
            period_end=period.end if period else None,
            grain=period.grain if period else None,
            source_id=source.source_id if source else None,
            source_title=source.title if source else None,
            source_grade=source.grade if source else None,
            source_address=source.address if source else None,
            published_on=source.published_on if source else None,
            published_on_precision=source.precision if source else None,
            file_name=draft.file_name,
            file_sha256=draft.sha256,
            file_bytes=draft.file_bytes,
            staged=_staged(draft.facts),
            state=state,
            received_at=now,
        )
    )
    (return_id,) = result.inserted_primary_key or (0,)
    return int(return_id)


def _staged(facts: Sequence[FactDraft]) -> list[list[Any]]:
    """The facts as plain rows: no JSON knows NaN; a return that holds one is never accepted."""
    rows = [[fact.table, fact.values, fact.place] for fact in facts]
    plain: list[list[Any]] = json.loads(
        json.dumps(rows, default=date.isoformat), parse_constant=lambda _: None
    )
    return plain


def _insert_facts(connection: Connection, staged: list[Any], common: dict[str, Any]) -> None:
    by_table: dict[str, list[dict[str, Any]]] = {}
    for table, values, place in staged:
        by_table.setdefault(table, []).append({**values, **common, "place": place})
    for name, rows in by_table.items():
        days = [c.name for c in FACTS[name].__table__.columns if isinstance(c.type, Date)]  # type: ignore[attr-defined]
        for row in rows:
            row.setdefault("void", False)
            for column in days:
                if isinstance(row.get(column), str):
                    row[column] = date.fromisoformat(row[column])
        connection.execute(insert(FACTS[name]), rows)


_STATE_WORDS = {
    "received": "刚收到",
    "problems": "有问题待改",
    "waiting": "等待核定",
    "accepted": "已入库",
    "sent_back": "已退回",
    "withdrawn": "已撤回",
}


def _in_state(connection: Connection, return_id: int, states: tuple[str, ...], deed: str) -> Any:
    row = connection.execute(select(Return.__table__).where(Return.id == return_id)).one_or_none()
    if row is None:
        raise DoorError(f"没有编号为 {return_id} 的报送件。")
    if row.state not in states:
        raise DoorError(f"报送件 {return_id} {_STATE_WORDS[row.state]}，不能{deed}。")
    return row


def _next_seq(connection: Connection) -> int:
    connection.execute(update(Meta).values(seq=Meta.seq + 1, stamp=Meta.stamp + 1))
    return int(connection.execute(select(Meta.seq)).scalar_one())


def _record(
    connection: Connection,
    return_id: int,
    state: str,
    actor: Actor,
    at: datetime,
    reason: str,
    seq: int | None = None,
) -> None:
    who = {"at": at, "actor": actor.account, "role": actor.role}
    connection.execute(
        insert(ReturnEvent).values(return_id=return_id, state=state, reason=reason, seq=seq, **who)
    )
    connection.execute(
        insert(AuditEvent).values(action=f"return.{state}", subject=str(return_id), detail=reason, **who)
    )


def reachable(store: Store) -> bool:
    """Whether the store answers now."""
    try:
        _follow_file(store.engine)
        with store.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (StoreError, SQLAlchemyError):
        return False
    return True
