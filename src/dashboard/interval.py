"""What was told between two days: keys touched after one day up to the other, and what counts of them on each.

SQL narrows: only returns that became known, or were taken back, after ``since`` are looked at. Knows no screen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Engine, and_, func, or_, select, tuple_

from .formulas import Quantity
from .knowledge import AsOf, newest, withdrawn
from .models import Fact, Progress, Reading, Return
from .periods import Period

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Told:
    """What counted of one key on a day. ``row`` is the winning one; a void one says that there is no value."""

    key: Key
    row: Any

    @property
    def period(self) -> Period:
        """The period it describes."""
        return Period(self.row.period_end, self.row.period_start, self.row.grain)


@dataclass(frozen=True)
class Amended:
    """A key that was known on the first day and is told otherwise on the later one.

    ``after`` None: nothing counts any more, its return was taken back.
    """

    before: Told
    after: Told | None


def amended(engine: Engine, as_of: AsOf, since: date, table: type[Progress | Reading]) -> list[Amended]:
    """Every key that had a value on ``since`` and whose row is another one as of the day, ordered by key.

    Another row may say the same once more: whoever asks compares what matters to him.
    """
    returns = _ids(engine, or_(_known_between(as_of, since), _left_between(as_of, since)))
    if not returns:
        return []
    touched = _touched(table, returns, since)
    then = _rows(engine, table, replace(as_of, day=since), touched)
    now = _rows(engine, table, as_of, touched)
    return [
        Amended(told, now.get(key))
        for key, told in sorted(then.items(), key=lambda item: tuple(map(str, item[0])))
        if not told.row.void and (key not in now or now[key].row.id != told.row.id)
    ]


def came_in(engine: Engine, as_of: AsOf, since: date) -> list[tuple[str, str, str, date]]:
    """What readings became known in between: (indicator, organisation, grain, end of the newest period of these)."""
    what = (Reading.indicator, Reading.organisation, Reading.grain)
    # Every organisation, towns among them: asked for by name, the whole history of each would be looked through.
    query = (
        select(*what, func.max(Reading.period_end))
        .where(Reading.return_id.in_(_ids(engine, _known_between(as_of, since))))
        .group_by(*what)
        .order_by(*what)
    )
    with engine.connect() as connection:
        return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]


def returned(engine: Engine, as_of: AsOf, since: date) -> pd.DataFrame:
    """Returns that came in after ``since`` and still count on the day: organisation, kind, known_on, by seq.

    What the catalogue tells of itself is none of them.
    """
    query = (
        select(Return.organisation, Return.kind, Return.known_on)
        .where(_known_between(as_of, since), ~withdrawn(as_of), Return.kind != "catalogue")
        .order_by(Return.seq)
    )
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    return pd.DataFrame(rows, columns=["organisation", "kind", "known_on"], dtype=object)


def courses(
    engine: Engine,
    as_of: AsOf,
    grain: str,
    indicators: Collection[str],
    organisations: Collection[str],
    since: date,
) -> dict[tuple[str, str], list[tuple[Period, Quantity, date]]]:
    """The = figures of these that count as of the day, from the period that ends on ``since`` on, oldest first.

    By indicator and organisation: period, quantity, day it was known. A figure that is not = has no place in it.
    """
    rows = newest(
        Reading,
        as_of,
        Reading.indicator.in_(indicators),
        Reading.organisation.in_(organisations),
        Reading.grain == grain,
        Reading.period_end >= since,
    )
    names = ("indicator", "organisation", "period_start", "period_end", "value", "known_on")
    query = select(*(rows.c[n] for n in names)).where(~rows.c.void, rows.c.qualifier == "eq")
    found: dict[tuple[str, str], list[tuple[Period, Quantity, date]]] = {}
    with engine.connect() as connection:
        for indicator, organisation, start, end, value, known_on in connection.execute(
            query.order_by(rows.c.period_end)
        ):
            told = (Period(end, start, grain), Quantity(value), known_on)
            found.setdefault((indicator, organisation), []).append(told)
    return found


def _ids(engine: Engine, condition: ColumnElement[bool]) -> Sequence[int]:
    """Ids of these returns: asked once, since a look through them passes by the files they keep."""
    with engine.connect() as connection:
        return connection.execute(select(Return.id).where(condition)).scalars().all()


def _known_between(as_of: AsOf, since: date) -> ColumnElement[bool]:
    """Condition on a return: it was accepted and became known after ``since``, up to the day."""
    until = [] if as_of.seq is None else [Return.seq <= as_of.seq]
    return and_(Return.seq.is_not(None), Return.known_on > since, Return.known_on <= as_of.day, *until)


def _left_between(as_of: AsOf, since: date) -> ColumnElement[bool]:
    """Condition on a return: it was taken back after ``since``, up to the day."""
    until = [] if as_of.seq is None else [Return.withdrawn_seq <= as_of.seq]
    return and_(Return.withdrawn_on > since, Return.withdrawn_on <= as_of.day, *until)


def _touched(table: type[Progress | Reading], returns: Sequence[int], since: date) -> ColumnElement[bool]:
    """Condition: one of the returns holds a row of this key.

    Nobody could have said anything by then of a period that had not begun: those are no corrections.
    """
    keys = select(*_key_columns(table)).where(table.return_id.in_(returns), table.period_start <= since)
    return tuple_(*_key_columns(table)).in_(keys)


def _key_columns(table: type[Fact]) -> Sequence[Any]:
    names: tuple[str, ...] = table.KEY  # type: ignore[attr-defined]
    return [getattr(table, name) for name in names]


def _rows(engine: Engine, table: type[Fact], as_of: AsOf, condition: ColumnElement[bool]) -> dict[Key, Told]:
    rows = newest(table, as_of, condition)
    with engine.connect() as connection:
        return {told.key: told for told in _told(table, connection.execute(select(rows)))}


def _told(table: type[Fact], rows: Any) -> Iterator[Told]:
    names: tuple[str, ...] = table.KEY  # type: ignore[attr-defined]
    for row in rows:
        yield Told(tuple(getattr(row, name) for name in names), row)
