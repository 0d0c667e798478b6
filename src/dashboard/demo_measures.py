"""Illustrative progress of the measures, assignment by assignment and month by month. Pure and repeatable.

On the last day every light burns on at least three assignments: most of what was due is done, a few are
overdue, some of the rest lag, two units and a department are silent.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .catalogue import Assignment, Measure
from .periods import Period

OVERDUE_MEASURES, BEHIND_MEASURES, FAR_BEHIND_MEASURES, EARLY_MEASURES = 5, 4, 3, 2
UNDATED = 3


@dataclass(frozen=True)
class Course:
    """How an assignment goes: the day it is finished, or the percent it has reached on the last day."""

    start: date
    finish: date | None
    percent_at_end: float
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


def courses(
    measures: Sequence[Measure], assignments: Sequence[Assignment], end: date
) -> dict[tuple[str, str], Course]:
    """The course of every responsible assignment of a measure that has a due date."""
    by_number = {m.number: m for m in measures if not m.standing}
    duties = [a for a in assignments if a.role == "responsible" and a.measure in by_number]
    slow = _slow_measures(list(by_number.values()), end)
    found: dict[tuple[str, str], Course] = {}
    for number, measure in by_number.items():
        own = [a for a in duties if a.measure == number]
        kind = slow.get(number, "")
        laggards = {a.organisation for a in _some(own, kind, number)}
        for duty in own:
            lag = kind if duty.organisation in laggards else ""
            found[number, duty.organisation] = _course(measure, duty, lag, end)
    undated = sorted(k for k, c in found.items() if c.finish is None and 60 < c.percent_at_end < 95)[:UNDATED]
    for key in undated:
        found[key] = Course(found[key].start, None, 100.0, undated=True)
    return found


def _slow_measures(measures: Sequence[Measure], end: date) -> dict[str, str]:
    """Which measures hold laggards, and of which kind; fixed by their numbers."""
    order = sorted(measures, key=lambda m: random.Random(f"slow {m.number}").random())
    due = [m for m in order if m.due and m.due < end and m.due > end - timedelta(days=420)]
    running = [m for m in order if m.due and m.due >= end and m.start < end - timedelta(days=120)]
    found = {m.number: "overdue" for m in due[:OVERDUE_MEASURES]}
    cut = BEHIND_MEASURES + FAR_BEHIND_MEASURES
    found |= {m.number: "behind" for m in running[:BEHIND_MEASURES]}
    found |= {m.number: "far_behind" for m in running[BEHIND_MEASURES:cut]}
    found |= {m.number: "early" for m in running[cut : cut + EARLY_MEASURES]}
    return found


def _some(own: Sequence[Assignment], kind: str, number: str) -> Sequence[Assignment]:
    rng = random.Random(f"some {number}")
    if not kind:
        return ()
    if kind == "early":
        return own
    return rng.sample(list(own), min(len(own), rng.choice((2, 3, 4))))


def _course(measure: Measure, duty: Assignment, lag: str, end: date) -> Course:
    rng = random.Random(f"course {measure.number} {duty.organisation}")
    due = duty.due or measure.due
    assert due is not None
    length = max(1, (due - measure.start).days)
    used = min(1.0, max(0.0, (end - measure.start).days / length)) * 100
    if lag == "overdue" and due < end:
        return Course(measure.start, None, round(rng.uniform(52, 93)))
    if lag == "far_behind":
        return Course(measure.start, None, round(max(3.0, used - rng.uniform(36, 58))))
    if lag == "behind":
        return Course(measure.start, None, round(max(3.0, used - rng.uniform(13, 27))))
    if lag == "early":
        return Course(measure.start, end - timedelta(days=rng.randrange(40, 100)), 100)
    if due < end:
        ahead = timedelta(days=rng.randrange(3, 40))
        finish = max(measure.start, min(due - ahead, end - timedelta(days=33)))
        return Course(measure.start, finish, 100)
    return Course(measure.start, None, round(min(96.0, used + rng.uniform(-7, 5))))


def steps(number: str, organisation: str, course: Course, months: Sequence[Period], end: date) -> list[Step]:
    """What is said month by month: never less than before; done is said three times, then no more."""
    rng = random.Random(f"steps {number} {organisation}")
    found: list[Step] = []
    last, farewells = 0.0, 3
    for month in months:
        if month.end < course.start:
            continue
        done = course.finish is not None and course.finish <= month.end
        percent = 100.0 if done else _percent(rng, course, month.end, end, last)
        last = max(last, percent)
        found.append(_step(number, organisation, month, course, last, done))
        farewells -= done
        if not farewells:
            break
    return found


def _percent(rng: random.Random, course: Course, day: date, end: date, last: float) -> float:
    goal_day = course.finish or end
    goal = 98.0 if course.finish else course.percent_at_end
    share = (day - course.start).days / max(1, (goal_day - course.start).days)
    aimed = goal * min(1.0, max(0.0, share)) + rng.uniform(-3, 3)
    if course.finish is None and (end - day).days < 32:
        aimed = goal
    return float(round(max(last, min(aimed, goal), 0.0)))


def _step(number: str, organisation: str, month: Period, course: Course, percent: float, done: bool) -> Step:
    slow = not done and course.finish is None and course.percent_at_end < 94
    return Step(
        measure=number,
        organisation=organisation,
        period=month,
        percent=percent,
        status="已完成" if done else "推进中",
        completed_on=course.finish if done else None,
        words="已完成并归档。" if done else f"累计完成约{percent:.0f}%。",
        problem="协同单位较多，统一口径用时较长。" if slow else "",
        next_step="" if done else ("逐项排出完成时间，每周碰头。" if slow else "按计划推进。"),
    )


def standing_step(number: str, organisation: str, month: Period) -> Step:
    """长期坚持 has no percent; it is kept up."""
    return Step(number, organisation, month, None, "长期坚持", None, "按要求持续开展。", "", "继续坚持。")


def re_dated(measures: Sequence[Measure], end: date) -> Mapping[str, tuple[date, date]]:
    """Measures that were to start late begin after the last day, whatever that day is: (start, due)."""
    late = [m for m in measures if m.start >= date(2026, 10, 1) and m.due]
    return {
        m.number: (end + timedelta(days=10 + 5 * i), end + timedelta(days=300 + 20 * i))
        for i, m in enumerate(late)
        if m.start <= end
    }
