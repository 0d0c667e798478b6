"""The tables of the store. Nothing in them is ever overwritten: facts are added, returns change state.

Every fact row carries the seq and known_on of the return that brought it, so that a question about a past
day is answered from one table. Column names are the words of the design. Knows no rule and no file.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

RETURN_STATES = ("received", "problems", "waiting", "accepted", "sent_back", "withdrawn")
QUALIFIERS = ("eq", "ge", "approx", "unknown")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive times, gives aware ones back on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, always in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database; SQLite forgets the zone, so it is put back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Common metadata: constraint names are fixed, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class Meta(Base):
    """One row: which store this is, and the two counters every writer takes under its lock."""

    __tablename__ = "meta"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    store_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(8))
    seq: Mapped[int]
    stamp: Mapped[int]
    created_at: Mapped[datetime]
    until: Mapped[date | None]
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class Return(Base):
    """报送件: one file of one organisation, kind and period. ``staged`` holds its facts until acceptance."""

    __tablename__ = "return"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    organisation: Mapped[str] = mapped_column(String(20))
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    grain: Mapped[str | None] = mapped_column(String(8))
    source_id: Mapped[str | None] = mapped_column(String(40))
    source_title: Mapped[str | None]
    source_grade: Mapped[str | None] = mapped_column(String(2))
    source_address: Mapped[str | None]
    published_on: Mapped[date | None]
    published_on_precision: Mapped[str | None] = mapped_column(String(8))
    file_name: Mapped[str]
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_bytes: Mapped[bytes] = mapped_column(LargeBinary)
    staged: Mapped[list[Any] | None]
    state: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    known_on: Mapped[date | None]
    seq: Mapped[int | None] = mapped_column(unique=True)
    withdrawn_on: Mapped[date | None]
    withdrawn_seq: Mapped[int | None] = mapped_column(unique=True)
    __table_args__ = (
        CheckConstraint(f"state IN {RETURN_STATES}", name="state"),
        Index(None, "withdrawn_seq", "withdrawn_on"),
        Index(None, "kind", "organisation", "period_end"),
    )


class ReturnEvent(Base):
    """One change in the life of a return; ``actor`` is an account, never a person's name."""

    __tablename__ = "return_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str]
    seq: Mapped[int | None]


class Problem(Base):
    """问题: one thing wrong in a return: where, rule, found, advice."""

    __tablename__ = "problem"
    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), index=True)
    severity: Mapped[str] = mapped_column(String(8))
    place: Mapped[str]
    rule: Mapped[str]
    found: Mapped[str]
    advice: Mapped[str]
    answer: Mapped[str | None]


class Fact:
    """Columns every fact carries: which return brought it, when it was known, whether it ends a value."""

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    known_on: Mapped[date]
    void: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(default="")

    @declared_attr
    def return_id(cls) -> Mapped[int]:  # noqa: N805
        """The return that brought this row."""
        return mapped_column(ForeignKey("return.id"), index=True)


class OrganisationRow(Fact, Base):
    """单位, dated."""

    __tablename__ = "organisation"
    KEY = ("code", "valid_from")
    code: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date | None]
    name: Mapped[str]
    short_name: Mapped[str]
    name_en: Mapped[str]
    level: Mapped[str] = mapped_column(String(12))
    parent_code: Mapped[str] = mapped_column(String(20))
    within_code: Mapped[str] = mapped_column(String(20))
    reporting: Mapped[bool]
    sort_order: Mapped[int] = mapped_column()
    label_lon: Mapped[float | None]
    label_lat: Mapped[float | None]
    tile_row: Mapped[int | None]
    tile_col: Mapped[int | None]
    area_km2: Mapped[float | None]
    note: Mapped[str]
    __table_args__ = (Index(None, "code", "known_on", "seq"),)


class IndicatorDefinition(Fact, Base):
    """口径: a version of an indicator's definition, in force from ``valid_from`` (None: always)."""

    __tablename__ = "indicator_definition"
    KEY = ("indicator", "valid_from")
    indicator: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date | None]
    title: Mapped[str]
    short_title: Mapped[str]
    title_en: Mapped[str]
    definition: Mapped[str]
    domain: Mapped[str] = mapped_column(String(20))
    measured_in: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    since: Mapped[str] = mapped_column(String(10))
    decimals: Mapped[int]
    direction: Mapped[str] = mapped_column(String(5))
    cadence: Mapped[str] = mapped_column(String(8))
    return_day: Mapped[int | None]
    owner: Mapped[str] = mapped_column(String(20))
    expected_reporters: Mapped[str] = mapped_column(String(10))
    part_of: Mapped[str] = mapped_column(String(60))
    share_of: Mapped[str] = mapped_column(String(60))
    per_10k: Mapped[bool]
    coverage_line: Mapped[float]
    town_level: Mapped[bool]
    overview_rank: Mapped[int | None]
    note: Mapped[str]
    unused_because: Mapped[str]
    __table_args__ = (Index(None, "indicator", "known_on", "seq"),)


class ListVersionRow(Fact, Base):
    """清单版本, with the counts of aspects, projects and measures as published."""

    __tablename__ = "list_version"
    KEY = ("list_version",)
    list_version: Mapped[str] = mapped_column(String(20))
    title: Mapped[str]
    official: Mapped[bool]
    valid_from: Mapped[date]
    aspects: Mapped[int]
    projects: Mapped[int]
    measures: Mapped[int]
    counts_source: Mapped[str]
    counts_published_on: Mapped[date]
    counts_source_grade: Mapped[str] = mapped_column(String(2))
    note: Mapped[str]
    __table_args__ = (Index(None, "list_version", "known_on", "seq"),)


class MeasureRow(Fact, Base):
    """措施 of a list version."""

    __tablename__ = "measure"
    KEY = ("list_version", "number")
    list_version: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(12))
    direction: Mapped[str] = mapped_column(String(10))
    aspect_no: Mapped[int]
    aspect: Mapped[str]
    project_no: Mapped[int]
    project: Mapped[str]
    text: Mapped[str]
    target: Mapped[str]
    start: Mapped[date]
    due: Mapped[date | None]
    standing: Mapped[bool]
    scope: Mapped[str] = mapped_column(String(10))
    evidence_indicator: Mapped[str] = mapped_column(String(60))
    note: Mapped[str]
    __table_args__ = (Index(None, "list_version", "number", "known_on", "seq"),)


class AssignmentRow(Fact, Base):
    """责任: organisation, role and an own due date, of a measure of a list version."""

    __tablename__ = "assignment"
    KEY = ("list_version", "measure", "organisation", "role")
    list_version: Mapped[str] = mapped_column(String(20))
    measure: Mapped[str] = mapped_column(String(12))
    organisation: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(12))
    due: Mapped[date | None]
    __table_args__ = (Index(None, "list_version", "measure", "organisation", "known_on", "seq"),)


class Reading(Fact, Base):
    """读数: an indicator's value for an organisation and a period. ``value`` None: unknown or void."""

    __tablename__ = "reading"
    KEY = ("indicator", "organisation", "period_end", "grain")
    indicator: Mapped[str] = mapped_column(String(60))
    organisation: Mapped[str] = mapped_column(String(20))
    period_start: Mapped[date]
    period_end: Mapped[date]
    grain: Mapped[str] = mapped_column(String(8))
    value: Mapped[float | None]
    qualifier: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        CheckConstraint(f"qualifier IN {QUALIFIERS}", name="qualifier"),
        UniqueConstraint("return_id", "indicator", "organisation", "period_end", "grain"),
        Index("ix_reading_by_indicator", "indicator", "period_end", "organisation", "known_on", "seq"),
        Index("ix_reading_by_organisation", "organisation", "indicator", "period_end", "known_on", "seq"),
    )


class Progress(Fact, Base):
    """进展: what an organisation said of a measure for a period. ``percent`` None: not said."""

    __tablename__ = "progress"
    KEY = ("list_version", "measure", "organisation", "period_end", "grain")
    list_version: Mapped[str] = mapped_column(String(20))
    measure: Mapped[str] = mapped_column(String(12))
    organisation: Mapped[str] = mapped_column(String(20))
    period_start: Mapped[date]
    period_end: Mapped[date]
    grain: Mapped[str] = mapped_column(String(8))
    percent: Mapped[float | None]
    status: Mapped[str] = mapped_column(String(12))
    completed_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        UniqueConstraint("return_id", "list_version", "measure", "organisation", "period_end", "grain"),
        Index("ix_progress_by_measure", "measure", "period_end", "organisation", "known_on", "seq"),
        Index("ix_progress_by_organisation", "organisation", "measure", "period_end", "known_on", "seq"),
    )


class Station(Fact, Base):
    """驿站 as described by a return; its life line is in ``station_event``."""

    __tablename__ = "station"
    KEY = ("station",)
    station: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(20))
    town: Mapped[str] = mapped_column(String(20))
    address: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    datum: Mapped[str] = mapped_column(String(10))
    lon_as_given: Mapped[float | None]
    lat_as_given: Mapped[float | None]
    services: Mapped[str]
    hours: Mapped[str]
    operator: Mapped[str]
    visits: Mapped[int | None]
    checked_on: Mapped[date | None]
    __table_args__ = (
        Index("ix_station_by_station", "station", "known_on", "seq"),
        Index("ix_station_by_unit", "unit", "town"),
    )


class StationEvent(Fact, Base):
    """A step in a station's life: planned, built, opened, suspended, closed."""

    __tablename__ = "station_event"
    KEY = ("station", "event", "happened_on")
    station: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(12))
    happened_on: Mapped[date]
    __table_args__ = (Index("ix_station_event_by_station", "station", "happened_on", "known_on", "seq"),)


class Point(Fact, Base):
    """观察联系点: one of the places observed; ``measures`` are the numbers it pilots."""

    __tablename__ = "point"
    KEY = ("point",)
    point: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(String(20))
    town: Mapped[str] = mapped_column(String(20))
    national: Mapped[bool]
    tests: Mapped[str]
    measures: Mapped[list[Any]]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    datum: Mapped[str] = mapped_column(String(10), server_default="")
    lon_as_given: Mapped[float | None]
    lat_as_given: Mapped[float | None]
    __table_args__ = (Index("ix_point_by_point", "point", "known_on", "seq"),)


class PointVisit(Fact, Base):
    """A visit to a point: problems found and solved, and what was taken over elsewhere."""

    __tablename__ = "point_visit"
    KEY = ("point", "visited_on")
    point: Mapped[str] = mapped_column(String(20))
    visited_on: Mapped[date]
    found: Mapped[int | None]
    solved: Mapped[int | None]
    adopted: Mapped[str]
    words: Mapped[str]
    __table_args__ = (Index("ix_point_visit_by_point", "point", "visited_on", "known_on", "seq"),)


class Target(Fact, Base):
    """A value to be reached by an organisation at the end of a period, dated by ``known_on``."""

    __tablename__ = "target"
    KEY = ("indicator", "organisation", "period_end", "grain")
    indicator: Mapped[str] = mapped_column(String(60))
    organisation: Mapped[str] = mapped_column(String(20))
    period_start: Mapped[date]
    period_end: Mapped[date]
    grain: Mapped[str] = mapped_column(String(8))
    value: Mapped[float | None]
    __table_args__ = (
        Index("ix_target_by_indicator", "indicator", "organisation", "period_end", "known_on", "seq"),
    )


class MeetingRow(Fact, Base):
    """A meeting that figures are compared with."""

    __tablename__ = "meeting"
    KEY = ("held_on", "title")
    held_on: Mapped[date]
    title: Mapped[str]
    level: Mapped[str] = mapped_column(String(10))
    source: Mapped[str]
    __table_args__ = (Index(None, "held_on", "known_on", "seq"),)


class Alias(Fact, Base):
    """Another spelling of a known name: of a unit, an indicator, a station, a point; or an office's number of one."""

    __tablename__ = "alias"
    KEY = ("subject", "alias")
    subject: Mapped[str] = mapped_column(String(20))
    alias: Mapped[str]
    target: Mapped[str] = mapped_column(String(60))
    __table_args__ = (Index(None, "subject", "alias", "known_on", "seq"),)


class Receipt(Base):
    """回执: the view an export was made from, so that its number opens exactly that view again."""

    __tablename__ = "receipt"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    page: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    as_of: Mapped[date]
    seq: Mapped[int]
    catalogue_digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class AuditEvent(Base):
    """What was done at a door, by which account in which role."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str]
    detail: Mapped[str]


# Facts by the name under which a return stages them.
FACTS: dict[str, type[Fact]] = {
    "organisation": OrganisationRow,
    "indicator_definition": IndicatorDefinition,
    "list_version": ListVersionRow,
    "measure": MeasureRow,
    "assignment": AssignmentRow,
    "reading": Reading,
    "progress": Progress,
    "station": Station,
    "station_event": StationEvent,
    "point": Point,
    "point_visit": PointVisit,
    "target": Target,
    "meeting": MeetingRow,
    "alias": Alias,
}
