"""What was known on a day: the one SQL expression by which the newest row wins.

A fact row counts as of day D, replayed up to seq n, when it was known by D, came with a seq not above n,
and its return was not withdrawn by then. For each key the row with the greatest seq wins; a void row wins
too and says that there is no value. What the catalogue says first of an entry (definitions, lists, meetings)
carries a validity of its own (``valid_from``, ``held_on``) and is known on every day; what the catalogue or an
officer changes later is known from the day of the change, so that a past day keeps the words it had.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Subquery, and_, func, or_, select, tuple_, union
from sqlalchemy.orm import aliased

from .models import (
    Alias,
    AssignmentRow,
    Fact,
    IndicatorDefinition,
    ListVersionRow,
    MeasureRow,
    MeetingRow,
    OrganisationRow,
    Point,
    Progress,
    Return,
    Station,
)

TIMELESS = (
    OrganisationRow,
    IndicatorDefinition,
    ListVersionRow,
    MeasureRow,
    AssignmentRow,
    MeetingRow,
    Alias,
)

# What every ledger tells again from the beginning: many rows of few keys.
RETOLD = (Station, Point)


def columns_of(table: type[Fact]) -> Iterable[Column[Any]]:
    """The columns of a fact table."""
    return table.__table__.columns  # type: ignore[attr-defined,no-any-return]


# Before the first published figure there is nothing to be seen.
FIRST_DAY = date(2015, 1, 1)


@dataclass(frozen=True)
class AsOf:
    """截至: the day whose knowledge is asked for, and for a receipt the seq up to which it is replayed.

    ``until`` is the end of the chosen data period: figures and progress of a later one are left aside, and
    lights are those of its last day. None: the newest. Who has returned, and what is owed, is that of the day.
    """

    day: date
    seq: int | None = None
    until: date | None = None

    @property
    def shown(self) -> date:
        """The day on which the figures that are shown may end at the latest."""
        return self.day if self.until is None else min(self.day, self.until)

    @property
    def of_the_day(self) -> AsOf:
        """The same without a chosen period."""
        return replace(self, until=None)


def withdrawn(as_of: AsOf) -> ColumnElement[bool]:
    """Condition on a return: it had been taken back by that day, and by that seq when one is replayed."""
    gone = and_(Return.withdrawn_on.is_not(None), Return.withdrawn_on <= as_of.day)
    return gone if as_of.seq is None else and_(gone, Return.withdrawn_seq <= as_of.seq)


def known(table: type[Fact], as_of: AsOf) -> ColumnElement[bool]:
    """Condition: this row counts as of that day."""
    # By the row's own id, which every index holds: only rows of withdrawn returns are looked up.
    gone = select(table.id).where(table.return_id.in_(select(Return.id).where(withdrawn(as_of))))
    conditions: list[ColumnElement[bool]] = [table.id.not_in(gone)]
    in_time = table.known_on <= as_of.day
    if issubclass(table, TIMELESS):
        in_time = or_(in_time, table.id.in_(_first_of_the_catalogue(table)))
    conditions.append(in_time)
    if as_of.seq is not None:
        conditions.append(table.seq <= as_of.seq)
    return and_(*conditions)


def counted(as_of: AsOf) -> ColumnElement[bool]:
    """Condition on an accepted return: something of it may count as of that day."""
    timeless = union(*(select(t.return_id).where(t.id.in_(_first_of_the_catalogue(t))) for t in TIMELESS))
    in_time = or_(Return.known_on <= as_of.day, Return.id.in_(timeless))
    conditions = [Return.seq.is_not(None), in_time]
    if as_of.seq is not None:
        conditions.append(Return.seq <= as_of.seq)
    return and_(*conditions)


def _first_of_the_catalogue(table: type[Fact]) -> Select[int]:
    """Ids of the rows by which the catalogue first named each key."""
    key: tuple[str, ...] = table.KEY  # type: ignore[attr-defined]
    shipped = select(Return.id).where(Return.kind == "catalogue", Return.seq.is_not(None))
    named = select(func.min(table.id)).where(table.return_id.in_(shipped))
    return named.group_by(*(getattr(table, k) for k in key))


def newest(
    table: type[Fact], as_of: AsOf, *conditions: ColumnElement[bool], latest: bool = False
) -> Subquery:
    """The winning row of every key among those that meet the conditions on the key, void rows included.

    With ``latest`` the period is no longer part of the key: the newest period end wins, then the greatest
    seq. Columns are those of the table. Conditions may only name columns of the key, else an older row
    that meets them would win over a newer one that does not.
    """
    key: tuple[str, ...] = table.KEY  # type: ignore[attr-defined]
    counts = and_(known(table, as_of), *conditions)
    if latest:
        key = tuple(k for k in key if k not in ("period_end", "grain"))
        # Of two periods that end on one day in one return, the shorter one says it more exactly.
        order = [table.seq.desc(), table.period_start.desc()]  # type: ignore[attr-defined]
        return _first(table, key, order, counts, _reached(table, key, "period_end", counts))
    if table in RETOLD:
        return _last_told(table, key, counts)
    return _first(table, key, [table.seq.desc()], counts)


def last_progress(as_of: AsOf, list_version: str, until: date | None = None) -> Subquery:
    """The last progress of every measure and organisation of a list version, void rows included.

    The same rows as ``newest(Progress, …, latest=True)``; with ``until`` among the periods that end by then.
    The keys are few and their histories long, so each is looked up from the newest end of its own piece of the
    index, whatever lies behind it.
    """
    told = aliased(Progress)
    keys = select(told.organisation, told.measure).distinct().subquery()
    last = (
        select(Progress.id)
        .where(
            Progress.organisation == keys.c.organisation,
            Progress.measure == keys.c.measure,
            Progress.list_version == list_version,
            known(Progress, as_of),
            *([] if until is None else [Progress.period_end <= until]),
        )
        .order_by(Progress.period_end.desc(), Progress.seq.desc(), Progress.period_start.desc())
        .limit(1)
        .correlate(keys)
        .scalar_subquery()
    )
    return select(*columns_of(Progress)).where(Progress.id.in_(select(last).select_from(keys))).subquery()


def _first(
    table: type[Fact],
    key: tuple[str, ...],
    order: list[ColumnElement[Any]],
    counts: ColumnElement[bool],
    reached: ColumnElement[bool] | None = None,
) -> Subquery:
    """The first row of every key in that order, among those that count and have ``reached`` the top of their key."""
    columns = list(columns_of(table))
    rank = func.row_number().over(partition_by=[getattr(table, k) for k in key], order_by=order).label("rank")
    ranked = select(*columns, rank).where(counts, *([] if reached is None else [reached])).subquery()
    return select(*(c for c in ranked.columns if c.name != "rank")).where(ranked.c.rank == 1).subquery()


def _reached(
    table: type[Fact], key: tuple[str, ...], top: str, counts: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Condition: no row of the same key has more of ``top``; found in the index alone, however long the history."""
    named = [getattr(table, k) for k in key]
    most = select(*named, func.max(getattr(table, top))).where(counts).group_by(*named)
    return tuple_(*named, getattr(table, top)).in_(most)


def _last_told(table: type[Fact], key: tuple[str, ...], counts: ColumnElement[bool]) -> Subquery:
    """The row with the greatest seq of every key, which the index names without the rows: no two returns share a
    seq, and the store refuses a return that tells a key twice."""
    named = [getattr(table, k) for k in key]
    last = select(*named, func.max(table.seq).label("last")).where(counts).group_by(*named).subquery()
    same = and_(*(getattr(table, k) == last.c[k] for k in key), table.seq == last.c.last)
    return select(*columns_of(table)).join(last, same).subquery()
