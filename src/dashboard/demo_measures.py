"""Illustrative progress of the measures, assignment by assignment and month by month. Pure and repeatable.

On the last day, whichever it is, every light burns on at least three assignments: most of what was due is
done, a few are overdue, some of the rest lag, two units and a department are silent, and the list is in the
middle of its life because an officer has moved the dates of some measures where it would be at its end.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from . import demo_words
from .catalogue import Assignment, Measure
from .lights import elapsed
from .periods import Period, of

# What is to be seen on the last day, in measures: still running, and of the others how many lag in which way.
RUNNING, LATELY_DUE = 12, 5
OVERDUE = 5
LAGS = (("far_behind", 3, 45), ("behind", 4, 20), ("early", 2, 45))  # kind, measures, least % of time used
UNDATED = 3
LATE_START = date(2026, 10, 1)
_LATELY = timedelta(days=200)
_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Course:
    """How an assignment goes: the day it is finished, or the percent it has reached on the last day.

    ``lag`` is ``overdue``, ``far_behind`` or ``behind`` for one that does not keep up; ``undated``: all is
    done, but the day of completion has not been said.
    """

    start: date
    finish: date | None
    percent_at_end: float
    lag: str = ""
    undated: bool = False


@dataclass(frozen=True)
class Step:
    """What an organisation says of a measure for one month."""

    measure: str
    organisation: str
    period: Period
    percent: float | None
    status: str
    completed_on: date | None
    words: str
    problem: str
    next_step: str


# --- dates ------------------------------------------------------------------------------------------


def re_dated(measures: Sequence[Measure], end: date) -> Mapping[str, tuple[date, date]]:
    """Measures whose dates are moved, so that the list is in the middle of its life: (start, due).

    Those that were to start late begin after the last day; of those that would all be due by then, the last
    ones stay open and a few fall due shortly before.
    """
    late = [m for m in measures if m.due and m.start >= LATE_START]
    moved = {
        m.number: (end + timedelta(days=10 + 5 * i), end + timedelta(days=300 + 20 * i))
        for i, m in enumerate(late)
        if m.start <= end
    }
    begun = sorted((m for m in measures if m.due and m.start < LATE_START), key=_by_due)
    over = [m for m in begun if m.due and m.due < end]
    missing = max(0, RUNNING - (len(begun) - len(over)))
    for i, measure in enumerate(_last(over, missing)):
        moved[measure.number] = (measure.start, end + timedelta(days=40 + 25 * i))
    over = over[: max(0, len(over) - missing)]
    lately = [m for m in over if m.due and m.due > end - _LATELY]
    for i, measure in enumerate(_last(over, 2 * LATELY_DUE if missing and len(lately) < LATELY_DUE else 0)):
        moved[measure.number] = (measure.start, end - timedelta(days=150 - 14 * i))
    return moved


def _by_due(measure: Measure) -> tuple[date, str]:
    return measure.due or date.max, measure.number


def _last(found: Sequence[Measure], count: int) -> Sequence[Measure]:
    return found[max(0, len(found) - count) :]


def change_day(measures: Sequence[Measure], end: date) -> date | None:
    """The day on which the officer moves those dates, before any of them has come; None when none is moved."""
    moved = re_dated(measures, end)
    old = [m.start if moved[m.number][0] != m.start else m.due or end for m in measures if m.number in moved]
    return min(end - timedelta(days=50), min(old) - timedelta(days=20)) if old else None


def as_moved(measures: Sequence[Measure], end: date) -> list[Measure]:
    """The measures with the dates they have on the last day."""
    moved = re_dated(measures, end)
    return [
        replace(m, start=moved[m.number][0], due=moved[m.number][1]) if m.number in moved else m
        for m in measures
    ]


# --- courses ----------------------------------------------------------------------------------------


def courses(
    measures: Sequence[Measure], assignments: Sequence[Assignment], end: date, silent: Collection[str]
) -> dict[tuple[str, str], Course]:
    """The course of every responsible assignment of a measure that has a due date.

    ``silent`` are the organisations that say nothing for the last month: nobody can tell that they lag.
    """
    found: dict[tuple[str, str], Course] = {}
    kinds = _kinds(measures, end)
    for measure in measures:
        own = [a for a in assignments if a.measure == measure.number and a.role == "responsible"]
        if measure.standing:
            continue
        kind = kinds.get(measure.number, "")
        heard = [a for a in own if a.organisation not in silent]
        lagging = {a.organisation for a in (own if kind == "early" else _some(heard, kind, measure.number))}
        for duty in own:
            lag = kind if duty.organisation in lagging else ""
            found[measure.number, duty.organisation] = _course(measure, duty, lag, end)
    return found | _undated(found, silent)


def _kinds(measures: Sequence[Measure], end: date) -> dict[str, str]:
    """Which measures hold laggards, and of which kind; fixed by their numbers."""
    dated = [m for m in measures if m.due and m.start < end]
    order = sorted(dated, key=lambda m: random.Random(f"slow {m.number}").random())
    due = [m for m in order if m.due and end - _LATELY < m.due < end]
    found = {m.number: "overdue" for m in due[: min(OVERDUE, max(1, len(due) // 2))]}
    running = [m for m in order if m.due and m.due >= end]
    for kind, count, least in LAGS:
        fit = [m for m in running if m.number not in found and _used(m.start, m.due, end) >= least]
        found |= {m.number: kind for m in fit[:count]}
    return found


def _used(start: date, due: date | None, day: date) -> float:
    return elapsed(start, due, day) * 100 if due else 0.0


def _some(own: Sequence[Assignment], kind: str, number: str) -> Sequence[Assignment]:
    rng = random.Random(f"some {number}")
    return rng.sample(list(own), min(len(own), rng.choice((2, 3, 4)))) if kind else ()


def _course(measure: Measure, duty: Assignment, lag: str, end: date) -> Course:
    rng = random.Random(f"course {measure.number} {duty.organisation}")
    start, due = measure.start, duty.due or measure.due or end
    if start > end:
        return Course(start, None, 0)
    used = _used(start, due, end)
    if lag == "overdue" and due < end:
        return Course(start, None, round(rng.uniform(52, 93)), lag)
    if lag == "far_behind":
        return Course(start, None, round(max(3.0, used - rng.uniform(36, 58))), lag)
    if lag == "behind":
        return Course(start, None, round(max(3.0, used - rng.uniform(13, 27))), lag)
    if lag == "early":
        return Course(start, max(start, end - timedelta(days=rng.randrange(40, 100))), 100)
    if due < end:
        ahead = timedelta(days=rng.randrange(3, 40))
        return Course(start, max(start, min(due - ahead, end - timedelta(days=33))), 100)
    return Course(start, None, round(max(0.0, min(96.0, used + rng.uniform(-7, 5)))))


def _undated(
    found: Mapping[tuple[str, str], Course], silent: Collection[str]
) -> dict[tuple[str, str], Course]:
    """A few that have done all and have not said on which day."""
    ready = [
        key
        for key, c in found.items()
        if c.finish is None and not c.lag and c.percent_at_end > 60 and key[1] not in silent
    ]
    chosen = sorted(ready, key=lambda key: random.Random(f"undated {key}").random())[:UNDATED]
    return {key: replace(found[key], percent_at_end=100.0, undated=True) for key in chosen}


# --- what is said -----------------------------------------------------------------------------------


def steps(
    measure: Measure, organisation: str, course: Course, months: Sequence[Period], end: date
) -> list[Step]:
    """What is said month by month: never less than before; done is said three times, then no more."""
    rng = random.Random(f"steps {measure.number} {organisation}")
    found: list[Step] = []
    last, farewells = 0.0, 3
    for month in months:
        if month.end < course.start:
            found.append(_waiting(measure.number, organisation, month))
            continue
        done = course.finish is not None and course.finish <= month.end
        last = 100.0 if done else _percent(rng, course, month.end, end, last)
        found.append(_step(measure, organisation, month, course, last, done))
        farewells -= done
        if not farewells:
            break
    return found


def _percent(rng: random.Random, course: Course, day: date, end: date, last: float) -> float:
    """Whoever keeps up is where the next return will find time to be: figures of a month are read in the next."""
    goal_day = course.finish or end
    goal = 98.0 if course.finish else course.percent_at_end
    share = (day + _MONTH - course.start).days / max(1, (goal_day - course.start).days)
    aimed = goal * min(1.0, share) + rng.uniform(-3, 3)
    if course.finish is None and day + _MONTH >= end:
        aimed = goal
    return float(round(max(last, min(aimed, goal), 0.0)))


def _step(
    measure: Measure, organisation: str, month: Period, course: Course, percent: float, done: bool
) -> Step:
    number = measure.number
    rng = random.Random(f"words {number} {organisation} {month.label}")
    problem, next_step = "", "" if done else rng.choice(demo_words.ONWARD)
    if not done and rng.random() < (0.9 if course.lag else 0.15):
        quarter = of("quarter", month.end).label
        problem, next_step = demo_words.obstacle(measure.project, number, organisation, quarter)
    undated = course.undated and percent >= 100
    words = demo_words.told(percent, rng)
    return Step(
        measure=number,
        organisation=organisation,
        period=month,
        percent=percent,
        status="已完成" if done else "推进中",
        completed_on=course.finish if done else None,
        words=rng.choice(demo_words.DONE if done else demo_words.UNDATED) if done or undated else words,
        problem="" if undated else problem,
        next_step="补报完成日期。" if undated else next_step,
    )


def _waiting(number: str, organisation: str, month: Period) -> Step:
    rng = random.Random(f"waiting {number} {organisation} {month.label}")
    words, next_step = rng.choice(demo_words.NOT_STARTED), rng.choice(demo_words.BEFORE_THE_START)
    return Step(number, organisation, month, 0.0, "未启动", None, words, "", next_step)


def standing_step(measure: Measure, organisation: str, month: Period) -> Step:
    """长期坚持 has no percent; once it has begun it is kept up."""
    number = measure.number
    if month.end < measure.start:
        return _waiting(number, organisation, month)
    words, next_step = random.Random(f"kept {number} {organisation} {month.label}").choice(demo_words.KEPT_UP)
    return Step(number, organisation, month, None, "长期坚持", None, words, "", next_step)
