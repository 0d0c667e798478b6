"""What was known on a day: the one SQL expression by which the newest row wins.

A fact row counts as of day D, replayed up to seq n, when it was known by D, came with a seq not above n,
and its return was not withdrawn by then. For each key the row with the greatest seq wins; a void row wins
too and says that there is no value. What the shipped catalogue says (definitions, lists, meetings) carries a
validity of its own (``valid_from``, ``held_on``) and is known on every day; what an officer changed later is
known from the day of the change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Subquery, and_, func, or_, select

from .models import (
    Alias,
    AssignmentRow,
    Fact,
    IndicatorDefinition,
    ListVersionRow,
    MeasureRow,
    MeetingRow,
    OrganisationRow,
    Return,
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


def columns_of(table: type[Fact]) -> Iterable[Column[Any]]:
    """The columns of a fact table."""
    return table.__table__.columns  # type: ignore[attr-defined,no-any-return]


@dataclass(frozen=True)
class AsOf:
    """截至: the day whose knowledge is asked for, and for a receipt the seq up to which it is replayed."""

    day: date
    seq: int | None = None


def withdrawn(as_of: AsOf) -> ColumnElement[bool]:
    """Condition on a return: it had been taken back by that day, and by that seq when one is replayed."""
    gone = and_(Return.withdrawn_on.is_not(None), Return.withdrawn_on <= as_of.day)
    return gone if as_of.seq is None else and_(gone, Return.withdrawn_seq <= as_of.seq)


def known(table: type[Fact], as_of: AsOf) -> ColumnElement[bool]:
    """Condition: this row counts as of that day."""
    gone = select(Return.id).where(withdrawn(as_of))
    conditions: list[ColumnElement[bool]] = [table.return_id.not_in(gone)]
    in_time = table.known_on <= as_of.day
    if issubclass(table, TIMELESS):
        shipped = select(Return.id).where(Return.kind == "catalogue")
        in_time = or_(in_time, table.return_id.in_(shipped))
    conditions.append(in_time)
    if as_of.seq is not None:
        conditions.append(table.seq <= as_of.seq)
    return and_(*conditions)


def newest(
    table: type[Fact], as_of: AsOf, *conditions: ColumnElement[bool], latest: bool = False
) -> Subquery:
    """The winning row of every key among those that meet the conditions on the key, void rows included.

    With ``latest`` the period is no longer part of the key: the newest period end wins, then the greatest
    seq. Columns are those of the table. Conditions may only name columns of the key, else an older row
    that meets them would win over a newer one that does not.
    """
    key: tuple[str, ...] = table.KEY  # type: ignore[attr-defined]
    order = [table.seq.desc()]
    if latest:
        key = tuple(k for k in key if k not in ("period_end", "grain"))
        # Of two periods that end on one day in one return, the shorter one says it more exactly.
        order = [table.period_end.desc(), table.seq.desc(), table.period_start.desc()]  # type: ignore[attr-defined]
    columns = list(columns_of(table))
    rank = func.row_number().over(partition_by=[getattr(table, k) for k in key], order_by=order).label("rank")
    ranked = select(*columns, rank).where(known(table, as_of), *conditions).subquery()
    return select(*(c for c in ranked.columns if c.name != "rank")).where(ranked.c.rank == 1).subquery()
