"""Claimed progress beside countable evidence: for every measure that an indicator can prove, and its organisations.

The figure of the city is the sum of its units only for a period that all of them have reported, else what was
published. A claim is compared as it stood when the figure was counted: a figure is always some weeks older.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine

from .. import formulas
from ..catalogue import CITY
from ..evidence import NOT_COUNTABLE, Evidence, Goal, evidence, goal, mark
from ..formulas import Quantity
from ..knowledge import AsOf
from ..periods import Period, of
from ..queries import definition_changes, last_percents, measures, readings
from .cards import Targets, targets_of
from .measures import Duty, ListReadout
from .readings import Definition, Said, said

# How far before the start of a measure its base is looked for: what is older tells of what came before it.
LOOKED_BACK = timedelta(days=400)  # holds the same season of the year before


@dataclass(frozen=True)
class Figure:
    """A figure of the city or of one organisation; ``reported`` of ``expected`` are in it (1 of 1: its own)."""

    period: Period
    quantity: Quantity
    reported: int
    expected: int
    source: str


@dataclass(frozen=True)
class Proof:
    """What the figures of one organisation, or of the city, prove of a measure.

    ``percent`` None: nothing, and ``why``. ``series``: every figure since the base. ``base_late``: there was
    no figure at the start, the base is the first one after it. ``partial``: a newer period that not everybody
    has reported, so that it is not the city's.
    """

    organisation: str
    percent: float | None
    at_least: bool
    why: str
    base: Figure | None = None
    now: Figure | None = None
    target: float | None = None
    base_late: bool = False
    partial: Figure | None = None
    series: tuple[tuple[Period, float | None], ...] = ()


@dataclass(frozen=True)
class OwnClaim:
    """What one organisation claims, and what its own figure proves. Percents are 0 to 100, None: there is none.

    ``claimed`` and ``said_for`` are of the time of the figure, ``claimed_now`` is the last word.
    """

    organisation: str
    claimed: float | None
    said_for: Period | None
    claimed_now: float | None
    proof: Proof

    @property
    def mark(self) -> str:
        """``above``, ``below`` or empty, see ``dashboard.evidence.mark``."""
        return mark(self.claimed, _evidence(self.proof))

    @property
    def gap(self) -> float | None:
        """Claimed less proven, in percentage points; None without either."""
        return _gap(self.claimed, self.proof.percent)


@dataclass(frozen=True)
class Claim:
    """A measure with an indicator that is to prove it.

    ``claimed`` is the mean over the ``said`` of ``assigned`` assignments that had a percent by the end of the
    period of the figure, ``claimed_now`` the mean of today; without a figure both are of today.
    """

    number: str
    text: str
    target_text: str
    indicator: str
    title: str
    measured_in: str
    claimed: float | None
    said: int
    assigned: int
    claimed_now: float | None
    proof: Proof
    own: tuple[OwnClaim, ...]

    @property
    def evidence(self) -> float | None:
        """Percent of the way from base to target that the figure of the city has come; None: ``why``."""
        return self.proof.percent

    @property
    def why(self) -> str:
        """Why there is no percent; empty when there is one."""
        return self.proof.why

    @property
    def mark(self) -> str:
        """``above``: more is claimed than proven by 20 points or more; ``below``: less; else empty."""
        return mark(self.claimed, _evidence(self.proof))

    @property
    def gap(self) -> float | None:
        """Claimed less proven, in percentage points; None without either."""
        return _gap(self.claimed, self.proof.percent)

    @property
    def marked(self) -> tuple[OwnClaim, ...]:
        """The organisations whose own claim and evidence differ, in the order of the list."""
        return tuple(o for o in self.own if o.mark)


def _gap(claimed: float | None, proven: float | None) -> float | None:
    return None if claimed is None or proven is None else claimed - proven


def _evidence(proof: Proof) -> Evidence:
    return Evidence(proof.percent, proof.at_least, proof.why)


@dataclass(frozen=True)
class _Asked:
    """What every claim is made from.

    ``told`` gives what was said last by a day: (period end, percent) by measure and organisation.
    """

    day: date
    units: Sequence[str]
    figures: Mapping[str, Sequence[Said]]
    breaks: Mapping[str, Sequence[date]]
    targets: Targets
    told: Callable[[date], Mapping[tuple[str, str], tuple[date, float]]]
    duties: Mapping[str, Sequence[Duty]]


def claims(
    engine: Engine,
    as_of: AsOf,
    found: ListReadout | None,
    known: Mapping[str, Definition],
    units: Sequence[str],
    number: str = "",
) -> tuple[Claim, ...]:
    """One claim per measure of the list that names an indicator, in the order of the list; or that of one ``number``.

    ``units`` are the codes of the reporting units. Judged on the day itself, whatever period was chosen.
    """
    if found is None:
        return ()
    rows: list[Any] = [
        m
        for m in measures(engine, as_of, found.list_version).itertuples()
        if m.evidence_indicator in known and number in ("", m.number)
    ]
    if not rows:
        return ()
    asked = _asked(engine, as_of, found, rows, units)
    return tuple(_claim(asked, row, known[row.evidence_indicator]) for row in rows)


def _asked(
    engine: Engine, as_of: AsOf, found: ListReadout, rows: Sequence[Any], units: Sequence[str]
) -> _Asked:
    starts: dict[str, date] = {}
    for row in rows:
        starts[row.evidence_indicator] = min(row.start, starts.get(row.evidence_indicator, row.start))
    within = {indicator: (start - LOOKED_BACK, found.day) for indicator, start in starts.items()}
    figures: dict[str, list[Said]] = {}
    everybody = [CITY, *units]
    for one in said(readings(engine, as_of, organisations=everybody, within=within, latest=False)):
        figures.setdefault(one.indicator, []).append(one)
    changed = definition_changes(engine, as_of)
    duties: dict[str, list[Duty]] = {}
    for duty in found.duties:
        duties.setdefault(duty.number, []).append(duty)
    return _Asked(
        day=found.day,
        units=units,
        figures=figures,
        breaks={str(name): tuple(group["valid_from"]) for name, group in changed.groupby("indicator")},
        targets=targets_of(engine, as_of, units),
        told=_told_by(engine, as_of, found.list_version),
        duties=duties,
    )


def _told_by(
    engine: Engine, as_of: AsOf, list_version: str
) -> Callable[[date], Mapping[tuple[str, str], tuple[date, float]]]:
    """What was said last by a day; figures end on a few days only, and each is asked for once."""

    @cache
    def told(day: date) -> Mapping[tuple[str, str], tuple[date, float]]:
        rows: Any = last_percents(engine, as_of, list_version, day).itertuples()
        return {(row.measure, row.organisation): (row.period_end, row.percent) for row in rows}

    return told


# --- one measure ------------------------------------------------------------------------------------


def _claim(asked: _Asked, row: Any, definition: Definition) -> Claim:
    aim = goal(row.target, definition.measured_in)
    figures = asked.figures.get(definition.indicator, ())
    whole = [s for s in figures if s.organisation == CITY]
    parts = [s for s in figures if s.organisation != CITY]
    expected = len(asked.units) if definition.expected_reporters == "units" and definition.folds else 0
    line, partial = _city_line(parts, whole, definition, expected)
    city = _proof(asked, row, definition, CITY, line, aim, partial)
    duties = asked.duties.get(row.number, ())
    own = tuple(_own(asked, row, definition, duty, aim, parts) for duty in duties)
    claimed_now, _ = _mean(d.percent for d in duties)
    claimed, count = _mean(_claimed(asked, row.number, d, city)[0] for d in duties)
    return Claim(
        number=row.number,
        text=row.text,
        target_text=row.target,
        indicator=definition.indicator,
        title=definition.short_title,
        measured_in=definition.measured_in,
        claimed=claimed,
        said=count,
        assigned=len(duties),
        claimed_now=claimed_now,
        proof=city,
        own=own,
    )


def _own(
    asked: _Asked, row: Any, definition: Definition, duty: Duty, aim: Goal | None, parts: Sequence[Said]
) -> OwnClaim:
    line = [_figure(s) for s in parts if s.organisation == duty.organisation]
    own_aim = _aim_of(asked, row, definition, duty, aim)
    proof = _proof(asked, row, definition, duty.organisation, line, own_aim)
    claimed, on = _claimed(asked, row.number, duty, proof)
    return OwnClaim(duty.organisation, claimed, on, duty.percent, proof)


def _aim_of(asked: _Asked, row: Any, definition: Definition, duty: Duty, aim: Goal | None) -> Goal | None:
    """A cut is the same for everybody; a level is the city's, and an organisation has its target of the year."""
    if aim is None or aim.kind == "cut":
        return aim
    due = duty.due or row.due or asked.day
    years = [
        year
        for (indicator, year), values in asked.targets.items()
        if indicator == definition.indicator and year <= due.year and duty.organisation in values
    ]
    if not years:
        return None
    return Goal("level", asked.targets[definition.indicator, max(years)][duty.organisation])


def _claimed(asked: _Asked, number: str, duty: Duty, proof: Proof) -> tuple[float | None, Period | None]:
    """What was claimed when the figure was counted; without a figure, what is claimed now."""
    if proof.now is None or proof.percent is None:
        return duty.percent, duty.period
    found = asked.told(proof.now.period.end).get((number, duty.organisation))
    return (None, None) if found is None else (found[1], of("month", found[0]))


def _mean(values: Iterable[float | None]) -> tuple[float | None, int]:
    found = [v for v in values if v is not None]
    return (sum(found) / len(found) if found else None), len(found)


# --- figures ----------------------------------------------------------------------------------------


def _figure(one: Said) -> Figure:
    return Figure(one.period, one.quantity, 1, 1, one.source)


def _city_line(
    parts: Sequence[Said], whole: Sequence[Said], definition: Definition, expected: int
) -> tuple[list[Figure], Figure | None]:
    """The city's figures in order of time, and the newest period that only some units have reported."""
    by_period: dict[Period, list[Said]] = {}
    for one in parts:
        if definition.in_rhythm(one):
            by_period.setdefault(one.period, []).append(one)
    line = {one.period: _figure(one) for one in whole}
    partial: Figure | None = None
    for period, told in sorted(by_period.items()):
        value = formulas.city_value([s.quantity for s in told], expected)
        figure = Figure(period, value.quantity, value.reported, value.expected, "各填报单位合计")
        if value.basis == "units":
            line[period] = figure
        elif period not in line:
            partial = figure
    ordered = [line[p] for p in sorted(line)]
    newest = ordered[-1].period if ordered else None
    return ordered, partial if partial and (newest is None or newest < partial.period) else None


def _proof(
    asked: _Asked,
    row: Any,
    definition: Definition,
    organisation: str,
    line: Sequence[Figure],
    aim: Goal | None,
    partial: Figure | None = None,
) -> Proof:
    """The proof of one organisation, or of the city, from its figures in order of time."""
    now = line[-1] if line else None
    base, late = _base(line, now, row.start, definition)
    why = _obstacle(asked, row, definition, organisation, aim, base, now, partial)
    if why or aim is None or base is None or now is None:
        return Proof(organisation, None, False, why, base, now, None, late, partial)
    target, falling = aim.target(base.quantity.value or 0.0), aim.kind == "cut"
    found = evidence(base.quantity, now.quantity, target, falling=falling)
    series = _series(line, definition, row.start, aim)
    return Proof(
        organisation, found.percent, found.at_least, found.why, base, now, target, late, partial, series
    )


def _obstacle(
    asked: _Asked,
    row: Any,
    definition: Definition,
    organisation: str,
    aim: Goal | None,
    base: Figure | None,
    now: Figure | None,
    partial: Figure | None,
) -> str:
    """Why nothing can be counted; empty when it can."""
    if goal(row.target, definition.measured_in) is None:
        return NOT_COUNTABLE
    if row.start > asked.day:
        return "尚未启动"
    if aim is None:
        return "该单位没有自己的目标值"
    if now is None:
        return _missing(definition, organisation, partial)
    if base is None or base.period.end >= now.period.end:
        return "启动以来还没有可比的读数"
    changed = [d for d in asked.breaks.get(definition.indicator, ()) if base.period.end < d <= now.period.end]
    return f"{changed[-1].isoformat()} 口径变化，前后不可比" if changed else ""


def _missing(definition: Definition, organisation: str, partial: Figure | None) -> str:
    if partial is not None:
        return f"没有一期报齐，最近一期已报 {partial.reported}/{partial.expected}"
    return f"“{definition.short_title}”尚无读数" if organisation == CITY else "该单位没有这项指标的读数"


def _base(
    line: Sequence[Figure], now: Figure | None, start: date, definition: Definition
) -> tuple[Figure | None, bool]:
    """The last figure that ends by the start, else the first one after it (and True), before that of now.

    What is counted anew with every period or year is compared with the same season only.
    """
    if now is None:
        return None, False
    fit = [f for f in line if f.period < now.period and _one_season(f.period, now.period, definition)]
    before = [f for f in fit if f.period.end <= start]
    if before:
        return before[-1], False
    return (fit[0], True) if fit else (None, False)


def _one_season(one: Period, other: Period, definition: Definition) -> bool:
    if definition.kind != "flow" and definition.since != "year":
        return True
    return one.grain == other.grain and one.end.month == other.end.month


def _series(
    line: Sequence[Figure], definition: Definition, start: date, aim: Goal
) -> tuple[tuple[Period, float | None], ...]:
    """The percent of every figure after the start, each from its own base; None where there is none."""
    found: list[tuple[Period, float | None]] = []
    for place, figure in enumerate(line):
        base, _ = _base(line[: place + 1], figure, start, definition)
        if figure.period.end <= start or base is None:
            continue
        target = aim.target(base.quantity.value or 0.0)
        told = evidence(base.quantity, figure.quantity, target, falling=aim.kind == "cut")
        found.append((figure.period, told.percent))
    return tuple(found)
