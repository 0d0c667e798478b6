"""The list in force: measures with their light, counted as a whole and by aspect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import pandas as pd
from sqlalchemy import Engine

from ..catalogue import LIGHTS, WAYS, LightRule
from ..knowledge import AsOf
from ..lights import SEVERITY, elapsed, gap_text, mean_text, rule_of, worst
from ..periods import Period, of
from ..queries import assignments, list_in_force, measures, responsible_lights
from ..returning import last_due_period_end

PRESSING = ("overdue", "far_behind", "behind", "not_reported")


@dataclass(frozen=True)
class Tally:
    """The list, or a part of it, counted. ``should`` is what is due by the day, standing ones apart.

    ``time_used`` is the share of the time from the list's first day to the last due day of this part; None when
    nothing in it has a due day. ``key`` is what an address calls the part: a direction, or an aspect's number.
    """

    name: str
    total: int
    standing: int
    done: int
    should: int
    lights: Mapping[str, int]
    time_used: float | None = None
    key: str = ""

    @property
    def countable(self) -> int:
        """What can be completed: everything but 长期坚持."""
        return self.total - self.standing


@dataclass(frozen=True)
class MeasureReadout:
    """A measure with its light: the worst of its responsible assignments.

    ``movers`` are the organisations that bear this light and can move it; ``late`` is how late the worst of them
    is, in days overdue or percentage points behind; ``percent`` is the mean over the ``said`` of ``assigned``
    assignments that have one, None when none has; ``older`` of them are not of the last period that is due.
    ``dues`` are the days on which something of it is due and not done: an assignment may have its own.
    ``scope`` is city or county; ``direction`` is empty where the list names none.
    """

    number: str
    direction: str
    aspect: str
    project: str
    text: str
    scope: str
    leads: tuple[str, ...]
    start: date
    due: date | None
    dues: tuple[date, ...]
    standing: bool
    light: str
    reason: str
    movers: tuple[str, ...]
    late: float
    percent: float | None
    said: int
    older: int
    assigned: int

    @property
    def rank(self) -> tuple[int, float, int]:
        """The most pressing first: by light, then by how late, then by how many it concerns."""
        return SEVERITY.index(self.light), -self.late, -len(self.movers)

    @property
    def aspect_no(self) -> str:
        """First part of the number."""
        return self.number.split("-")[0]

    @property
    def project_no(self) -> str:
        """Second part of the number; projects are counted through."""
        return self.number.split("-")[1]


@dataclass(frozen=True)
class Duty:
    """One responsible assignment with its light; ``percent`` and ``period`` None: never reported.

    ``late``: days overdue or percentage points behind, else 0. ``completed_on`` None: no day of completion was
    given; one that is still to come is no completion. ``older``: the percent was kept from before the last period
    that is due. What is done does not age. ``silent``: for that period nothing was returned though it was owed.
    """

    number: str
    organisation: str
    light: str
    reason: str
    start: date
    due: date | None
    standing: bool
    late: float
    percent: float | None
    period: Period | None
    older: bool
    completed_on: date | None = None
    silent: bool = False


@dataclass(frozen=True)
class PublishedCounts:
    """What was published about the size of the list, and where; the list itself may be illustrative."""

    aspects: int
    projects: int
    measures: int
    source: str
    grade: str
    published_on: date


@dataclass(frozen=True)
class ListReadout:
    """The list in force: its title, whether it is the official one, and its counts.

    ``start`` is the first day of the version, ``day`` the one on which its lights are judged: as_of, or the last
    day of a chosen period.
    """

    list_version: str
    title: str
    official: bool
    note: str
    published: PublishedCounts
    start: date
    day: date
    whole: Tally
    directions: tuple[Tally, ...]
    aspects: tuple[Tally, ...]
    measures: tuple[MeasureReadout, ...]
    silent: bool
    duties: tuple[Duty, ...] = ()

    def of(self, organisation: str) -> tuple[Duty, ...]:
        """The duties of one organisation, the most pressing first, in the order of the list."""
        own = [d for d in self.duties if d.organisation == organisation]
        return tuple(sorted(own, key=lambda d: SEVERITY.index(d.light)))

    def urgent(self, count: int) -> tuple[MeasureReadout, ...]:
        """The most pressing measures: by light, then by how late, then by how many it concerns."""
        pressing = [m for m in self.measures if m.light in PRESSING]
        return tuple(sorted(pressing, key=lambda m: m.rank)[:count])

    @property
    def leads(self) -> Mapping[str, tuple[str, ...]]:
        """Who leads each measure, by number."""
        return {m.number: m.leads for m in self.measures}

    @property
    def asks_from(self) -> Mapping[str, date]:
        """From which day each measure asks for progress: never before the list itself was in force."""
        return {m.number: max(m.start, self.start) for m in self.measures}

    def organisations(self) -> frozenset[str]:
        """Who leads or answers for any measure."""
        return frozenset({d.organisation for d in self.duties} | {c for m in self.measures for c in m.leads})

    def seen_by(self, organisation: str) -> tuple[MeasureReadout, ...]:
        """The measures that concern an organisation, "" for all: with its own light where it answers for them,
        else, where it only leads, with that of the measure."""
        if not organisation:
            return self.measures
        own = {d.number: d for d in self.duties if d.organisation == organisation}
        return tuple(
            _own(m, own[m.number]) if m.number in own else m
            for m in self.measures
            if m.number in own or organisation in m.leads
        )

    def tally(self, name: str, counted: Iterable[_Counted], key: str = "") -> Tally:
        """Some of the measures counted on the day of the list."""
        return _tally(name, counted, self.day, self.start, key)

    def parts(
        self, rows: Sequence[MeasureReadout], part: Callable[[MeasureReadout], tuple[str, str]]
    ) -> tuple[Tally, ...]:
        """A tally for every part of the rows, by key and name, in the order in which the list names them."""
        return _parts(rows, self.day, self.start, part)


def in_order(directions: Iterable[Tally]) -> tuple[Tally, ...]:
    """Directions as they are always named, whichever the list names first."""
    return tuple(sorted(directions, key=lambda t: WAYS.index(t.key) if t.key in WAYS else len(WAYS)))


def by_direction(measure: MeasureReadout) -> tuple[str, str]:
    """Key and name of the direction of a measure."""
    return measure.direction, measure.direction


def by_aspect(measure: MeasureReadout) -> tuple[str, str]:
    """Key and name of the aspect of a measure."""
    return measure.aspect_no, measure.aspect


def _own(measure: MeasureReadout, duty: Duty) -> MeasureReadout:
    return replace(
        measure,
        start=duty.start,
        due=duty.due,
        dues=(duty.due,) if duty.due is not None and is_open(duty.due, duty.light) else (),
        light=duty.light,
        reason=duty.reason,
        movers=(duty.organisation,),
        late=duty.late,
        percent=duty.percent,
        said=int(duty.percent is not None),
        older=int(duty.older),
        assigned=1,
    )


def list_readout(engine: Engine, as_of: AsOf, rules: Sequence[LightRule]) -> ListReadout | None:
    """The list in force counted by light, direction and aspect; None before the first list.

    With a chosen period the lights are those of its last day, by what has become known of it since.
    """
    version = list_in_force(engine, as_of)
    if version is None:
        return None
    name = str(version["list_version"])
    rows = measures(engine, as_of, name)
    due = last_due_period_end(as_of.day, as_of.until)
    # A month that ended before the list began is not asked for.
    owed = due if due >= version["valid_from"] else None
    lights = responsible_lights(engine, as_of, name, rules, owed)
    lights = lights.assign(older=_older(lights, due))
    leads = _leads(assignments(engine, as_of, name))
    day, start = as_of.shown, version["valid_from"]
    rule, duties = rule_of(rules, day), _duties(lights, day)
    by_measure: dict[str, list[Duty]] = {}
    for duty in duties:
        by_measure.setdefault(duty.number, []).append(duty)
    told = tuple(
        _measure(row, by_measure.get(str(row.number), []), leads, rule, day) for row in rows.itertuples()
    )
    return ListReadout(
        list_version=name,
        title=version["title"],
        official=bool(version["official"]),
        note=version["note"],
        published=_published_counts(version),
        start=start,
        day=day,
        whole=_tally("全部", told, day, start),
        directions=in_order(_parts(told, day, start, by_direction)),
        aspects=_parts(told, day, start, by_aspect),
        measures=told,
        silent=bool(lights["reported_period"].isna().all()),
        duties=duties,
    )


def _leads(frame: pd.DataFrame) -> Mapping[str, tuple[str, ...]]:
    leading = frame[frame["role"] == "lead"]
    return {str(number): tuple(group["organisation"]) for number, group in leading.groupby("measure")}


def _parts(
    told: Sequence[MeasureReadout], day: date, start: date, part: Callable[[MeasureReadout], tuple[str, str]]
) -> tuple[Tally, ...]:
    """A tally for every part, by key and name, in the order in which the list names them."""
    found: dict[tuple[str, str], list[MeasureReadout]] = {}
    for measure in told:
        found.setdefault(part(measure), []).append(measure)
    return tuple(_tally(name, own, day, start, key) for (key, name), own in found.items() if name)


def _older(lights: pd.DataFrame, due: date) -> list[bool]:
    """Which percents a silent organisation has kept from an earlier period; what is done does not age."""
    told = zip(lights["percent"], lights["light"], lights["reported_period"], strict=True)
    return [bool(pd.notna(percent) and light != "done" and end < due) for percent, light, end in told]


# Done is said once, and nothing is owed before the start.
_OWES_NOTHING = ("done", "not_started", "not_involved")


def _duties(lights: pd.DataFrame, day: date) -> tuple[Duty, ...]:
    rows: list[Any] = list(lights.itertuples())
    return tuple(
        Duty(
            number=row.number,
            organisation=row.organisation,
            light=row.light,
            reason=row.reason,
            start=row.start,
            due=row.due,
            standing=bool(row.standing),
            late=_late_by(row.light, row.start, row.due, row.percent, day),
            percent=None if row.percent is None or pd.isna(row.percent) else float(row.percent),
            completed_on=row.completed_on,
            period=None if row.reported_period is None else of("month", row.reported_period),
            older=row.older,
            silent=bool(row.silent) and row.light not in _OWES_NOTHING,
        )
        for row in rows
    )


def _published_counts(version: Any) -> PublishedCounts:
    return PublishedCounts(
        aspects=int(version["aspects"]),
        projects=int(version["projects"]),
        measures=int(version["measures"]),
        source=version["counts_source"],
        grade=version["counts_source_grade"],
        published_on=version["counts_published_on"],
    )


def _measure(
    row: Any, own: Sequence[Duty], leads: Mapping[str, tuple[str, ...]], rule: LightRule, day: date
) -> MeasureReadout:
    """A measure from its assignments, from plain objects: sixty small frames took most of the time."""
    top = worst([d.light for d in own])[0] if own else "not_involved"
    moving = [d for d in own if d.light == top]
    percents = [d.percent for d in own if d.percent is not None]
    mean = sum(percents) / len(percents) if percents else None
    late = max((d.late for d in moving), default=0.0)
    return MeasureReadout(
        number=row.number,
        direction=row.direction,
        aspect=row.aspect,
        project=row.project,
        text=row.text,
        scope=row.scope,
        leads=leads.get(row.number, ()),
        start=row.start,
        due=row.due,
        dues=tuple(sorted({d.due for d in own if d.due is not None and is_open(d.due, d.light)})),
        standing=bool(row.standing),
        light=top,
        reason=_reason(moving, top, mean, rule, day),
        movers=tuple(d.organisation for d in moving),
        late=late,
        percent=mean,
        said=len(percents),
        older=sum(d.older for d in own),
        assigned=len(own),
    )


def is_open(due: date | None, light: str) -> bool:
    """Whether an assignment has a day to keep and is not done; 长期坚持 has none."""
    return due is not None and light not in ("done", "standing", "not_involved")


def _late_by(light: str, start: date, due: date | None, percent: float | None, day: date) -> float:
    """Days overdue, or percentage points behind; 0 for what is not late."""
    if due is not None and light == "overdue":
        return float((day - due).days)
    if due is not None and light in ("behind", "far_behind"):
        return elapsed(start, due, day) * 100 - _or_zero(percent)
    return 0.0


def _or_zero(percent: float | None) -> float:
    """Progress nobody has spoken of counts as none when the gap to the time used is taken."""
    return 0.0 if percent is None or pd.isna(percent) else float(percent)


def _reason(moving: Sequence[Duty], light: str, mean: float | None, rule: LightRule, day: date) -> str:
    """One sentence with the figures of all who bear the light; who can move it stands beside it."""
    said = "" if mean is None else f"，平均进度 {int(mean)}%"  # never rounded up to done
    if light in ("overdue", "far_behind", "behind"):
        return f"{_how_late(moving, light, rule)}{said}"
    if light == "done":
        less = said if mean is not None and mean < 100 else ""
        last = max(d.completed_on for d in moving if d.completed_on is not None)
        return f"{last.isoformat()} 完成{less}"
    if light == "standing":
        return _kept_up([d.reason for d in moving])
    if light == "not_reported":
        return moving[0].reason + said
    if light == "on_track" and mean is not None and len(moving) > 1:
        return _on_track(moving, mean, rule, day)
    return moving[0].reason if moving else ""


def _how_late(moving: Sequence[Duty], light: str, rule: LightRule) -> str:
    """By how much they are late; the most of it, said so, where not all of them are late by the same."""
    told = [f"逾期 {d.late:.0f} 天" if light == "overdue" else gap_text(d.late, rule) for d in moving]
    most = told[max(range(len(moving)), key=lambda at: moving[at].late)]
    if len(set(told)) == 1:
        return most
    return f"最长{most}" if light == "overdue" else f"最多{most}"


def _on_track(moving: Sequence[Duty], mean: float, rule: LightRule, day: date) -> str:
    """Time used beside the mean; the mean alone where their times differ, or where it would read as late."""
    used = {elapsed(d.start, d.due, day) * 100 for d in moving if d.due is not None}
    told = mean_text(used.pop(), mean, rule) if len(used) == 1 else ""
    return told or f"平均进度 {int(mean)}%"


def _kept_up(reasons: list[str]) -> str:
    """长期坚持, with how many of the organisations are silent."""
    silent = [reason for reason in reasons if reason != "长期坚持"]
    if not silent or len(silent) == len(reasons):
        return reasons[0]
    return f"长期坚持，{len(silent)}/{len(reasons)} 个单位未报送"


class _Counted(Protocol):
    """What a tally counts: measures, or the assignments of one organisation."""

    @property
    def light(self) -> str: ...
    @property
    def due(self) -> date | None: ...
    @property
    def standing(self) -> bool: ...


def _tally(name: str, counted: Iterable[_Counted], day: date, start: date, key: str = "") -> Tally:
    found = list(counted)
    dues = [c.due for c in found if c.due is not None and not c.standing]
    return Tally(
        name=name,
        total=len(found),
        standing=sum(c.standing for c in found),
        done=sum(c.light == "done" for c in found if not c.standing),
        should=sum(due <= day for due in dues),
        lights={light: sum(c.light == light for c in found) for light in LIGHTS},
        time_used=elapsed(start, max(dues), day) if dues else None,
        key=key,
    )
