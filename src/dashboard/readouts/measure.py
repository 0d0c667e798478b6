"""One measure of the list in force: what is promised, where it stands against plan, who holds it up and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from ..forecast import Forecast, Joint, forecast, joint
from ..knowledge import AsOf
from ..lights import SEVERITY, elapsed
from ..periods import Period, of
from ..queries import assignments, measures, progress_history
from ..returning import last_due_period_end
from .evidence import Claim, OwnClaim
from .measures import Duty, ListReadout, MeasureReadout


@dataclass(frozen=True)
class Told:
    """What an organisation said last of the measure, and the day on which it was accepted."""

    period: Period
    status: str
    completed_on: date | None
    words: str
    problem: str
    next_step: str
    known_on: date


@dataclass(frozen=True)
class Part:
    """One responsible organisation: its light, its last word, when it will be done, what its figures prove.

    ``told`` None: it never reported; ``own`` None: the measure names no indicator. ``due`` is its own due day.
    """

    duty: Duty
    due: date | None
    told: Told | None
    forecast: Forecast
    own: OwnClaim | None


@dataclass(frozen=True)
class Step:
    """The end of a month since the start: time used and mean progress in percent.

    ``plan`` None: nothing is due. ``actual`` is the mean over the ``said`` of ``assigned`` assignments that
    had a percent by then, as known on the day; None: nobody reported for the month.
    """

    end: date
    plan: float | None
    actual: float | None
    said: int
    assigned: int


@dataclass(frozen=True)
class MeasureDetail:
    """Everything of one measure on the day of its list; ``parts`` the worst first.

    ``days_left`` until its own due day, below zero once that has passed, None when it has none; ``before`` and ``after`` are
    the numbers of its neighbours in the list, empty at its ends.
    """

    readout: MeasureReadout
    day: date
    target: str
    scope: str
    direction: str
    note: str
    start: date
    days_left: int | None
    list_title: str
    official: bool
    leads: tuple[str, ...]
    parts: tuple[Part, ...]
    course: tuple[Step, ...]
    plan: float | None
    forecast: Joint
    claim: Claim | None
    before: str
    after: str

    @property
    def completed_on(self) -> date | None:
        """The day on which the last of its organisations was done; None while one of them is not."""
        days = [p.told.completed_on if p.told else None for p in self.parts]
        if self.readout.light != "done" or not days or None in days:
            return None
        return max(day for day in days if day)

    @property
    def one_day(self) -> bool:
        """Whether all its organisations have the same due day."""
        return len({p.due for p in self.parts}) <= 1

    @property
    def margin(self) -> int | None:
        """Days to its due day, each organisation held against its own; below zero: too late. None: nothing is due.

        Of what is done, the days of the one that came last against its day; of what is overdue, how long that one
        is which has been for longest; else what is left until the day of the measure, or, when only own later days
        are still open, until the nearest of these.
        """
        if self.completed_on is not None:
            kept = [(p.due - p.duty.completed_on).days for p in self.parts if p.due and p.duty.completed_on]
            return min(kept, default=None)
        if self.readout.light == "overdue":
            return -round(self.readout.late)
        open_days = self.readout.dues
        if self.days_left is None or self.days_left >= 0 or not open_days:
            return self.days_left
        return (min(open_days) - self.day).days

    @property
    def own_days(self) -> tuple[Part, ...]:
        """Those that have a due day of their own, among who is not done; of a measure that is done, among all."""
        own = [p for p in self.parts if p.due != self.readout.due]
        return tuple(p for p in own if p.duty.light != "done" or self.readout.light == "done")


def measure_detail(
    engine: Engine, as_of: AsOf, found: ListReadout | None, number: str, claim: Claim | None
) -> MeasureDetail | None:
    """The measure of this number; None before the first list and when the list of the day has none.

    ``claim`` is its own, see ``readouts.evidence``; None when it names no indicator.
    """
    readout = next((m for m in found.measures if m.number == number), None) if found else None
    if found is None or readout is None:
        return None
    day = found.day
    row: Any = next(m for m in measures(engine, as_of, found.list_version).itertuples() if m.number == number)
    roles = assignments(engine, as_of, found.list_version)
    leads = roles[(roles["measure"] == number) & (roles["role"] == "lead")]["organisation"]
    history = progress_history(engine, as_of, found.list_version, [number])
    parts = _parts(found, row, history, claim, last_due_period_end(as_of.day, as_of.until))
    numbers = ["", *(m.number for m in found.measures), ""]
    place = numbers.index(number)
    return MeasureDetail(
        readout=readout,
        day=day,
        target=row.target,
        scope=row.scope,
        direction=row.direction,
        note=row.note,
        start=row.start,
        days_left=None if row.due is None else (row.due - day).days,
        list_title=found.title,
        official=found.official,
        leads=tuple(leads),
        parts=parts,
        course=tuple(_course(row, history, parts, day)),
        plan=_plan(row, day),
        forecast=joint({p.duty.organisation: p.forecast for p in parts}),
        claim=claim,
        before=numbers[place - 1],
        after=numbers[place + 1],
    )


def _plan(row: Any, day: date) -> float | None:
    """Percent of the time from start to due that is used."""
    return None if row.due is None else elapsed(row.start, row.due, day) * 100


# --- who answers for it -----------------------------------------------------------------------------


def _parts(
    found: ListReadout, row: Any, history: pd.DataFrame, claim: Claim | None, last_due: date
) -> tuple[Part, ...]:
    day = found.day
    last = {told.organisation: _told(told) for told in _rows(history)}  # of each, the newest stands last
    told = percents(history)
    own = {o.organisation: o for o in claim.own} if claim else {}
    parts = [
        Part(
            duty=duty,
            due=duty.due,
            told=last.get(duty.organisation),
            forecast=_forecast(duty, row, told.get((row.number, duty.organisation), ()), day, last_due),
            own=own.get(duty.organisation),
        )
        for duty in found.duties
        if duty.number == row.number
    ]
    return tuple(sorted(parts, key=lambda part: _rank(part, row.start, day)))


def _rows(history: pd.DataFrame) -> list[Any]:
    return list(history.itertuples())


def _told(row: Any) -> Told:
    return Told(
        period=Period(row.period_end, row.period_start, row.grain),
        status=row.status,
        completed_on=row.completed_on,
        words=row.words,
        problem=row.problem,
        next_step=row.next_step,
        known_on=row.known_on,
    )


def _forecast(
    duty: Duty, row: Any, told: Sequence[tuple[date, float]], day: date, last_due: date
) -> Forecast:
    if duty.light == "done":
        return Forecast("done", len(told))
    if duty.due is None or row.standing or row.start > day:
        return Forecast("unsaid", len(told))
    since = [one for one in told if one[0] >= row.start]
    return forecast(since, day, last_due=last_due, completed_on=duty.completed_on)


def _rank(part: Part, start: date, day: date) -> tuple[int, float, float]:
    """The worst light first; of one light whoever is overdue for longest, then whoever is furthest behind."""
    duty = part.duty
    used = elapsed(start, duty.due, day) * 100 if duty.due else 0.0
    late = (day - duty.due).days if duty.due and duty.light == "overdue" else 0
    return SEVERITY.index(duty.light), -late, (duty.percent or 0.0) - used


# --- through time -----------------------------------------------------------------------------------


def percents(history: pd.DataFrame) -> dict[tuple[str, str], list[tuple[date, float]]]:
    """What was said through time, (period end, percent) in order, by measure and organisation."""
    found: dict[tuple[str, str], list[tuple[date, float]]] = {}
    row: Any
    for row in history.itertuples():
        if not pd.isna(row.percent):
            found.setdefault((row.measure, row.organisation), []).append((row.period_end, float(row.percent)))
    return found


def as_said_by(told: Sequence[tuple[date, float]], day: date) -> tuple[date, float] | None:
    """The newest of (period end, percent) that ends by the day; None when there is none."""
    return next((one for one in reversed(told) if one[0] <= day), None)


def _course(row: Any, history: pd.DataFrame, parts: Sequence[Part], day: date) -> Iterator[Step]:
    """Every month end from the start up to the day."""
    told = percents(history)
    reported = {r.period_end for r in _rows(history)}
    own = [told.get((row.number, part.duty.organisation), ()) for part in parts]
    for end in _month_ends(row.start, day):
        said = [found[1] for one in own if (found := as_said_by(one, end))]
        whole = bool(said) and len(said) == len(own) and min(said) >= 100
        heard = said if end in reported or whole else []
        actual = sum(heard) / len(heard) if heard else None
        yield Step(end, _plan(row, end), actual, len(said), len(own))


def _month_ends(start: date, day: date) -> Iterator[date]:
    month = of("month", start)
    while month.end <= day:
        yield month.end
        month = of("month", month.end + timedelta(days=1))
