"""Questions to the store: an engine, an as_of and plain arguments in; a small tidy frame out.

Reading frames have one row per indicator, organisation and period with READING_COLUMNS; value is a float
or NaN (qualifier unknown), dates are ``datetime.date``. Void keys have no row. Knows no screen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import NoneType
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute

from .catalogue import LightRule
from .knowledge import AsOf, counted, known, last_progress, newest, withdrawn
from .lights import Standing, light, rule_of
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
    PointVisit,
    Problem,
    Progress,
    Reading,
    Return,
    ReturnEvent,
    Station,
    StationEvent,
    Target,
)
from .periods import of

Span = tuple[date, date]

READING_COLUMNS = (
    "indicator organisation period_start period_end grain value qualifier known_on seq return_id place note "
    "kind source_id source_title source_grade source_address published_on_precision"
).split()
LIGHT_COLUMNS = (
    "number organisation role start due standing percent status completed_on reported_period silent light reason"
).split()


def readings(
    engine: Engine,
    as_of: AsOf,
    *,
    indicators: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    until: date | None = None,
    since: date | None = None,
    within: Mapping[str, Span] | None = None,
    latest: bool = True,
) -> pd.DataFrame:
    """Readings known as of the day, READING_COLUMNS, ordered by indicator, organisation, period end.

    With ``latest`` one row per indicator and organisation: the newest period end not after ``until``, which
    is that of ``as_of`` unless another is given; without it every period that ends on ``since`` or later.
    None for ``indicators`` or ``organisations`` means all of them. ``within`` names the indicators, each with
    the first and the last day on which a period of it may end.
    """
    until = until or as_of.until
    conditions: list[ColumnElement[bool]] = []
    if indicators is not None:
        conditions.append(Reading.indicator.in_(indicators))
    if organisations is not None:
        conditions.append(Reading.organisation.in_(organisations))
    if until is not None:
        conditions.append(Reading.period_end <= until)
    if since is not None:
        conditions.append(Reading.period_end >= since)
    if within is not None:
        conditions.append(_ends_within(within))
    rows = newest(Reading, as_of, *conditions, latest=latest)
    return _frame(engine, _with_source(rows).where(~rows.c.void), READING_COLUMNS)


def _ends_within(within: Mapping[str, Span]) -> ColumnElement[bool]:
    """Condition: the period ends in the span of its indicator; those that share a span are asked together."""
    names: dict[Span, list[str]] = {}
    for indicator, span in within.items():
        names.setdefault(span, []).append(indicator)
    spans = (
        and_(Reading.indicator.in_(own), Reading.period_end.between(*span)) for span, own in names.items()
    )
    return or_(false(), *spans)


def published_readings(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """The readings known as of the day of every period of which something was published, READING_COLUMNS."""
    key = [getattr(Reading, k) for k in Reading.KEY]
    printed = select(*key).where(Reading.return_id.in_(select(Return.id).where(Return.kind == "published")))
    rows = newest(Reading, as_of, tuple_(*key).in_(printed))
    return _frame(engine, _with_source(rows).where(~rows.c.void), READING_COLUMNS)


def history(engine: Engine, as_of: AsOf, indicator: str, organisation: str) -> pd.DataFrame:
    """Every row known of one indicator and organisation, superseded and void ones included.

    READING_COLUMNS plus ``void`` and ``current`` (whether the row is the winning one of its key), newest
    period first, then greatest seq.
    """
    key = (Reading.indicator == indicator, Reading.organisation == organisation)
    rows = select(Reading.__table__).where(known(Reading, as_of), *key).subquery()
    wins = newest(Reading, as_of, *key)
    query = (
        _with_source(rows)
        .add_columns(rows.c.void, wins.c.id.is_not(None).label("current"))
        .outerjoin(wins, wins.c.id == rows.c.id)
        .order_by(None)
        .order_by(rows.c.period_end.desc(), rows.c.seq.desc())
    )
    return _frame(engine, query, [*READING_COLUMNS, "void", "current"])


def _with_source(rows: Subquery) -> Select[Any]:
    columns = [c for c in rows.c if c.name in READING_COLUMNS]
    source = [
        Return.kind,
        Return.source_id,
        Return.source_title,
        Return.source_grade,
        Return.source_address,
        Return.published_on_precision,
    ]
    return (
        select(*columns, *source)
        .join(Return, Return.id == rows.c.return_id)
        .order_by(rows.c.indicator, rows.c.organisation, rows.c.period_end, rows.c.grain)
    )


def organisations(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """All organisations in official order: code, name, short_name, name_en, level, parent_code, ..."""
    return _table(engine, OrganisationRow, as_of, ("sort_order", "code"))


def definitions(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """Each indicator's definition in force on the day, indexed by indicator."""
    versions = _table(engine, IndicatorDefinition, as_of, ("indicator",))
    return _in_force(versions, as_of.day, "indicator").set_index("indicator", drop=False)


def definition_changes(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """Days on which a definition changed: indicator, valid_from (never None), definition."""
    versions = _table(engine, IndicatorDefinition, as_of, ("indicator", "valid_from"))
    return versions.loc[versions["valid_from"].notna(), ["indicator", "valid_from", "definition"]]


def _in_force(versions: pd.DataFrame, day: date, key: str) -> pd.DataFrame:
    started = [start is None or start <= day for start in versions["valid_from"]]
    begun = versions.loc[pd.Series(started, index=versions.index, dtype=bool)]
    order = begun["valid_from"].map(lambda start: start or date.min)
    return begun.assign(_from=order).sort_values([key, "_from"]).drop_duplicates(key, keep="last")


def meetings(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """Meetings held by the day, newest first: held_on, title, level, source."""
    rows = _table(engine, MeetingRow, as_of, ("held_on", "title"))
    return rows[rows["held_on"] <= as_of.day].iloc[::-1]


def aliases(engine: Engine, as_of: AsOf, subject: str) -> pd.DataFrame:
    """Other spellings of known names of one subject (organisation, indicator, station, point): alias, target."""
    rows = _table(engine, Alias, as_of, ("alias",), Alias.subject == subject)
    return rows[["alias", "target"]]


def list_versions(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """Every list version known as of the day, those that come into force later among them, by valid_from."""
    return _table(engine, ListVersionRow, as_of, ("valid_from", "list_version"))


def list_in_force(engine: Engine, as_of: AsOf) -> pd.Series[Any] | None:
    """The list version in force on the day, or on the last day of a chosen period; None before the first."""
    versions = list_versions(engine, as_of)
    begun = versions[versions["valid_from"] <= as_of.shown]
    return None if begun.empty else begun.iloc[-1]


def measures(engine: Engine, as_of: AsOf, list_version: str) -> pd.DataFrame:
    """The measures of a list version in the order of their numbers."""
    rows = _table(engine, MeasureRow, as_of, ("number",), MeasureRow.list_version == list_version)
    order = rows["number"].map(lambda number: [int(part) for part in number.split("-")])
    return rows.assign(_order=order).sort_values("_order").drop(columns="_order").reset_index(drop=True)


def assignments(engine: Engine, as_of: AsOf, list_version: str) -> pd.DataFrame:
    """Who leads and who answers for each measure: measure, organisation, role, due (None: the measure's).

    Of a measure in official order, so that whoever lists its organisations names them as they are always named;
    one that is no longer known comes last.
    """
    rows = newest(AssignmentRow, as_of, AssignmentRow.list_version == list_version)
    known_ones = newest(OrganisationRow, as_of)
    places = (
        select(known_ones.c.code, func.min(known_ones.c.sort_order).label("place"))
        .where(~known_ones.c.void)
        .group_by(known_ones.c.code)
        .subquery()
    )
    query = (
        select(*_told_columns(rows))
        .outerjoin(places, places.c.code == rows.c.organisation)
        .where(~rows.c.void)
        .order_by(rows.c.measure, places.c.place.is_(None), places.c.place, rows.c.organisation, rows.c.role)
    )
    return _frame(engine, query)


def progress(engine: Engine, as_of: AsOf, list_version: str) -> pd.DataFrame:
    """The last accepted progress of every measure and organisation, with the period it describes.

    Of a chosen period: what is known of it, and of those before, on the day.
    """
    rows = last_progress(as_of, list_version, as_of.until)
    return _frame(engine, select(rows).where(~rows.c.void).order_by(rows.c.measure, rows.c.organisation))


def last_percents(engine: Engine, as_of: AsOf, list_version: str, until: date) -> pd.DataFrame:
    """How far every measure and organisation said last that it was, of the periods that end by ``until``.

    Columns measure, organisation, period_end, percent; without a row where the last word names no percent.
    """
    rows = last_progress(as_of, list_version, until)
    columns = (rows.c.measure, rows.c.organisation, rows.c.period_end, rows.c.percent)
    return _frame(engine, select(*columns).where(~rows.c.void, rows.c.percent.is_not(None)))


def progress_history(
    engine: Engine, as_of: AsOf, list_version: str, numbers: Collection[str]
) -> pd.DataFrame:
    """What was said of these measures for every period, as known on the day, by measure, organisation and period.

    Columns are those of the progress table; of a period that was corrected the last word counts. With a chosen
    period those after it are left aside.
    """
    own = [Progress.list_version == list_version, Progress.measure.in_(numbers)]
    if as_of.until is not None:
        own.append(Progress.period_end <= as_of.until)
    rows = newest(Progress, as_of, *own)
    order = (rows.c.measure, rows.c.organisation, rows.c.period_end)
    return _frame(engine, select(rows).where(~rows.c.void).order_by(*order))


def responsible_lights(
    engine: Engine, as_of: AsOf, list_version: str, rules: Sequence[LightRule], due_period_end: date | None
) -> pd.DataFrame:
    """One light per responsible assignment of a list version on the day, LIGHT_COLUMNS.

    With a chosen period the day is its last one. ``due_period_end`` is the end of the last period whose return
    day has passed: an organisation without accepted progress for it is silent. None: no return day has passed yet.
    A measure that was taken out of the list takes its assignments with it.
    """
    told = progress(engine, as_of, list_version)
    said = {(p.measure, p.organisation): p for p in told.itertuples()}
    duties = assignments(engine, as_of, list_version)
    by_number = {m.number: m for m in measures(engine, as_of, list_version).itertuples()}
    day = as_of.shown
    rule = rule_of(rules, day)
    rows = []
    duty: Any
    alive = (duties["role"] == "responsible") & duties["measure"].isin(list(by_number))
    for duty in duties[alive].itertuples():
        measure: Any = by_number[str(duty.measure)]
        last: Any = said.get((duty.measure, duty.organisation))
        told_of = _standing(duty, measure, last, due_period_end, list_silent=told.empty)
        lit = light(told_of, day, rule)
        rows.append(
            {
                "number": measure.number,
                "organisation": duty.organisation,
                "role": duty.role,
                "start": told_of.start,
                "due": told_of.due,
                "standing": told_of.standing,
                "percent": told_of.percent,
                "status": None if last is None else last.status,
                "completed_on": told_of.completed_on,
                "reported_period": None if last is None else last.period_end,
                "silent": told_of.silent,
                "light": lit.light,
                "reason": lit.reason,
            }
        )
    return pd.DataFrame(rows, columns=LIGHT_COLUMNS)


def _standing(
    duty: Any, measure: Any, last: Any, due_period_end: date | None, *, list_silent: bool
) -> Standing:
    """What is known of one assignment; ``last`` is its last accepted progress, None when there is none.

    Who had not begun by the end of the period that is due owes nothing for it, and is not silent.
    """
    owes = due_period_end is not None and measure.start <= due_period_end
    return Standing(
        involved=True,
        start=measure.start,
        due=measure.due if duty.due is None else duty.due,
        standing=bool(measure.standing),
        percent=None if last is None or pd.isna(last.percent) else float(last.percent),
        completed_on=None if last is None else last.completed_on,
        silent=owes and (last is None or last.period_end < due_period_end),
        list_silent=list_silent,
        owed=None if due_period_end is None else of("month", due_period_end),
    )


def targets(engine: Engine, as_of: AsOf, organisations: Collection[str]) -> pd.DataFrame:
    """Targets of every year: indicator, organisation, period_end, value."""
    rows = newest(Target, as_of, Target.organisation.in_(organisations))
    names = ("indicator", "organisation", "period_end", "value")
    query = select(*(rows.c[name] for name in names)).where(~rows.c.void)
    return _frame(engine, query.order_by(*(rows.c[name] for name in names)))


def first_returned(engine: Engine, as_of: AsOf, kind: str, since: date) -> pd.DataFrame:
    """Day on which each organisation's monthly return was first accepted: organisation, period_end, on.

    Returns withdrawn by the day count as never given; corrections do not make a return later.
    """
    query = (
        select(Return.organisation, Return.period_end, func.min(Return.known_on).label("on"))
        .where(
            Return.kind == kind,
            Return.seq.is_not(None),
            Return.grain == "month",
            Return.period_end >= since,
            Return.known_on <= as_of.day,
            ~withdrawn(as_of),
        )
        .group_by(Return.organisation, Return.period_end)
        .order_by(Return.organisation, Return.period_end)
    )
    if as_of.seq is not None:
        query = query.where(Return.seq <= as_of.seq)
    return _frame(engine, query)  # type: ignore[arg-type]


# The day that it says it is of, which may be long before it came in.
_DAY_OF_A_LEDGER = func.coalesce(Return.period_end, Return.known_on)


def ledger_days(engine: Engine, kind: str) -> dict[int, date]:
    """The day each ledger of this kind is of, by the id of its return."""
    query = select(Return.id, _DAY_OF_A_LEDGER).where(Return.kind == kind)
    with engine.connect() as connection:
        return {found: day for found, day in connection.execute(query)}


def ledgers(engine: Engine, as_of: AsOf, kind: str) -> pd.DataFrame:
    """Who has handed in a ledger of this kind that still counts: organisation, on (the day the newest is of)."""
    query = (
        select(Return.organisation, func.max(_DAY_OF_A_LEDGER).label("on"))
        .where(Return.kind == kind, counted(as_of), ~withdrawn(as_of))
        .group_by(Return.organisation)
        .order_by(Return.organisation)
    )
    return _frame(engine, query)  # type: ignore[arg-type]


STATION_STATES = ("opened", "suspended", "built", "planned", "closed")


def stations(
    engine: Engine,
    as_of: AsOf,
    *,
    only: Collection[str] | None = None,
) -> pd.DataFrame:
    """Stations known, with the state their life line has reached by the day, by station.

    Columns: station, name, kind, unit, town, address, lon, lat (None: not located), services, hours,
    operator, visits, checked_on, return_id, state (None: no event yet), state_since. ``only`` names the stations
    that are asked for; None: all of them.
    """
    named = [] if only is None else [Station.station.in_(only)]
    rows = newest(Station, as_of, *named)
    told = [rows.c[name] for name in _STATION_COLUMNS]
    found = _frame(engine, select(*told).where(~rows.c.void).order_by(rows.c.station))
    # Put together here: joined there, a long history is read once for every station.
    reached = _last_events(engine, as_of, only).set_index("station").reindex(found["station"])
    return found.assign(
        state=_objects(reached["event"]),
        state_since=_objects(reached["happened_on"]),
    )


def station_places(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """What is counted of every station known, by station: PLACE_COLUMNS and state (None: no event yet).

    Words and numbers only, read as the driver gives them: there may be 50,000 stations.
    """
    rows = newest(Station, as_of)
    told = [rows.c[name] for name in PLACE_COLUMNS]
    found = _plain(engine, select(*told).where(~rows.c.void).order_by(rows.c.station))
    reached = _plain(engine, _last_steps(as_of, StationEvent.station, StationEvent.event))
    states = _last_of_a_day(reached).set_index("station")["event"]
    return found.assign(state=_objects(states.reindex(found["station"])))


PLACE_COLUMNS = ("station", "kind", "unit", "town", "lon", "lat", "services", "hours")


def _objects(values: pd.Series[Any]) -> pd.Series[Any]:
    """By position, with None for what is missing."""
    return pd.Series(values.astype(object).where(values.notna(), None).to_numpy(), dtype=object)


def _last_events(engine: Engine, as_of: AsOf, only: Collection[str] | None) -> pd.DataFrame:
    """The step that each station's life line has reached by the day: station, event, happened_on."""
    columns = (StationEvent.station, StationEvent.event, StationEvent.happened_on)
    named = [] if only is None else [StationEvent.station.in_(only)]
    return _last_of_a_day(_frame(engine, _last_steps(as_of, *columns, named=named)))


def _last_steps(
    as_of: AsOf, *columns: InstrumentedAttribute[Any], named: Sequence[ColumnElement[bool]] = ()
) -> Select[Any]:
    """The steps of each station on the last day on which it took one that still stands; the index tells that day."""
    conditions = [
        known(StationEvent, as_of),
        StationEvent.happened_on <= as_of.day,
        *_not_void(as_of),
        *named,
    ]
    day = func.max(StationEvent.happened_on).label("day")
    last = select(StationEvent.station, day).where(*conditions).group_by(StationEvent.station).subquery()
    on_it = and_(StationEvent.station == last.c.station, StationEvent.happened_on == last.c.day)
    return select(*columns).join(last, on_it).where(*conditions)


def _last_of_a_day(steps: pd.DataFrame) -> pd.DataFrame:
    """Of several steps of a station the last in the order of a life."""
    place = steps["event"].map({name: i for i, name in enumerate(_LIFE)})
    return steps.assign(_place=place).sort_values("_place").drop_duplicates("station", keep="last")


def _not_void(as_of: AsOf) -> list[ColumnElement[bool]]:
    """Conditions: the step still stands. The few keys that were ever taken back are looked at one by one."""
    key = [getattr(StationEvent, k) for k in StationEvent.KEY]
    doubted = newest(StationEvent, as_of, tuple_(*key).in_(select(*key).where(StationEvent.void)))
    gone = select(*(doubted.c[k] for k in StationEvent.KEY)).where(doubted.c.void)
    return [StationEvent.void.is_(False), tuple_(*key).not_in(gone)]


_LIFE = ("planned", "built", "opened", "suspended", "closed")
_STATION_COLUMNS = (
    "station name kind unit town address lon lat services hours operator visits checked_on return_id"
).split()


def station_events(engine: Engine, as_of: AsOf, station: str) -> pd.DataFrame:
    """The life line of one station up to the day: event, happened_on, in order."""
    rows = newest(StationEvent, as_of, StationEvent.station == station, StationEvent.happened_on <= as_of.day)
    query = select(rows.c.event, rows.c.happened_on).where(~rows.c.void).order_by(rows.c.happened_on)
    return _frame(engine, query)


def points(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """The observation points known: point, name, unit, town, national, tests, measures, lon, lat."""
    return _table(engine, Point, as_of, ("point",))


def point_visits(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """Visits made by the day: point, visited_on, found, solved, adopted, words, newest first."""
    rows = _table(engine, PointVisit, as_of, ("point", "visited_on"))
    return rows[rows["visited_on"] <= as_of.day].sort_values(["visited_on", "point"], ascending=[False, True])


def returns(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """Returns that count as of the day, by seq: kind, organisation, period, source, known_on, state.

    ``state`` is that of the day: a return withdrawn later still reads accepted.
    """
    gone = withdrawn(as_of)
    columns = [
        case((gone, "withdrawn"), else_="accepted").label("state")
        if c.name == "state"
        else case((gone, c), else_=None).label(c.name)
        if c.name in ("withdrawn_on", "withdrawn_seq")
        else c
        for c in Return.__table__.columns
        if c.name not in ("file_bytes", "staged")
    ]
    return _frame(engine, select(*columns).where(counted(as_of)).order_by(Return.seq))


def return_events(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """The life of the returns that count as of the day: return_id, state, at, actor, role, reason, seq, in order."""
    lived = or_(ReturnEvent.state != "withdrawn", withdrawn(as_of))
    columns = [c for c in ReturnEvent.__table__.columns if c.name != "id"]
    query = select(*columns).join(Return, Return.id == ReturnEvent.return_id).where(counted(as_of), lived)
    return _frame(engine, query.order_by(Return.seq, ReturnEvent.id))


def problems(engine: Engine, as_of: AsOf) -> pd.DataFrame:
    """What was amiss in the returns that count as of the day and was answered: return_id, place, rule, ..."""
    columns = [c for c in Problem.__table__.columns if c.name != "id"]
    query = select(*columns).join(Return, Return.id == Problem.return_id).where(counted(as_of))
    return _frame(engine, query.order_by(Return.seq, Problem.id))


def unofficial_lists(engine: Engine, as_of: AsOf) -> frozenset[str]:
    """The list versions that are not the official one and must say so wherever they are shown."""
    versions = _table(engine, ListVersionRow, as_of, ("list_version",))
    return frozenset(versions.loc[~versions["official"].astype(bool), "list_version"])


def last_seq(engine: Engine, as_of: AsOf) -> int:
    """The greatest seq that counts on the day, 0 when nothing does: what a receipt replays up to."""
    accepted = select(func.max(Return.seq)).where(counted(as_of))
    taken_back = select(func.max(Return.withdrawn_seq)).where(Return.withdrawn_on <= as_of.day)
    if as_of.seq is not None:
        taken_back = taken_back.where(Return.withdrawn_seq <= as_of.seq)
    with engine.connect() as connection:
        found = [connection.execute(query).scalar() for query in (accepted, taken_back)]
    return max((int(seq) for seq in found if seq is not None), default=0)


def has_unit_returns(engine: Engine) -> bool:
    """Whether any of the units has handed in figures, progress or stations of its own, publications apart."""
    own = select(Return.id).where(
        Return.state == "accepted", Return.kind.in_(("readings", "progress", "stations"))
    )
    with engine.connect() as connection:
        return connection.execute(own.limit(1)).first() is not None


def _table(
    engine: Engine, table: type[Fact], as_of: AsOf, order: tuple[str, ...], *conditions: Any
) -> pd.DataFrame:
    rows = newest(table, as_of, *conditions)
    query = select(*_told_columns(rows)).where(~rows.c.void)
    return _frame(engine, query.order_by(*(rows.c[o] for o in order)))


def _told_columns(rows: Subquery) -> list[ColumnElement[Any]]:
    """What a fact says, without the bookkeeping of the store."""
    skipped = ("id", "return_id", "void", "place")
    return [c for c in rows.c if c.name not in skipped]


def _frame(engine: Engine, query: Select[Any], columns: list[str] | None = None) -> pd.DataFrame:
    """Rows as they come; objects stay objects, so that a missing date is None and not a time stamp."""
    with engine.connect() as connection:
        result = connection.execute(query)
        names = list(result.keys())
        frame = pd.DataFrame(
            {
                name: pd.Series(list(values), dtype=_dtype(name, values))
                for name, values in _columns(result, names)
            }
        )
    return frame[columns] if columns else frame


def _plain(engine: Engine, query: Select[Any]) -> pd.DataFrame:
    """A frame of words and numbers as the driver gives them, without a row object for each of many rows."""
    with engine.connect() as connection:
        result = connection.execute(query)
        rows = result.cursor.fetchall()
        names = list(result.keys())
    values = np.array(rows, dtype=object).T if rows else [()] * len(names)
    return pd.DataFrame(
        {
            name: pd.Series(list(column), dtype=_dtype(name, column))
            for name, column in zip(names, values, strict=True)
        }
    )


def _columns(result: Any, names: list[str]) -> list[tuple[str, Sequence[Any]]]:
    rows = result.all()
    values: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [() for _ in names]
    return list(zip(names, values, strict=True))


_MEASURED = ("value", "percent", "lon", "lat")


def _dtype(name: str, values: Sequence[Any]) -> str:
    """Numbers as numbers, everything else as it is; a column of None and float is float with NaN."""
    every = set(map(type, values))
    kinds = every - {NoneType}
    if kinds == {float} or (not kinds and name in _MEASURED):
        return "float64"
    if every == {int}:
        return "int64"
    return "bool" if every == {bool} else "object"
