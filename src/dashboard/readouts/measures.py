"""The list in force: measures with their light, counted as a whole and by aspect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from ..catalogue import LIGHTS, LightRule
from ..knowledge import AsOf
from ..lights import SEVERITY, elapsed, gap_text, rule_of, worst
from ..periods import Period, of
from ..queries import assignments, list_in_force, measures, responsible_lights
from ..returning import last_due_period_end

PRESSING = ("overdue", "far_behind", "behind", "not_reported")


@dataclass(frozen=True)
class Tally:
    """The list, or a part of it, counted. ``should`` is what is due by the day, standing ones apart."""

    name: str
    total: int
    standing: int
    done: int
    should: int
    lights: Mapping[str, int]
    time_used: float | None = None

    @property
    def countable(self) -> int:
        """What can be completed: everything but 长期坚持."""
        return self.total - self.standing


@dataclass(frozen=True)
class MeasureReadout:
    """A measure with its light: the worst of its responsible assignments.

    ``movers`` are the organisations that bear this light and can move it; ``percent`` is the mean over the
    ``said`` of ``assigned`` assignments that have one, None when none has; ``older`` of them are not of the last
    period that is due.
    """

    number: str
    aspect: str
    project: str
    text: str
    lead: str
    due: date | None
    standing: bool
    light: str
    reason: str
    movers: tuple[str, ...]
    percent: float | None
    said: int
    older: int
    assigned: int
    rank: tuple[int, float, int]


@dataclass(frozen=True)
class Duty:
    """One responsible assignment with its light; ``percent`` and ``period`` None: never reported.

    ``older``: the percent was kept from before the last period that is due. What is done does not age.
    """

    number: str
    organisation: str
    light: str
    reason: str
    due: date | None
    percent: float | None
    period: Period | None
    older: bool


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
    """The list in force: its title, whether it is the official one, and its counts."""

    list_version: str
    title: str
    official: bool
    note: str
    published: PublishedCounts
    whole: Tally
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


def list_readout(engine: Engine, as_of: AsOf, rules: Sequence[LightRule]) -> ListReadout | None:
    """The list in force counted by light and aspect; None before the first list."""
    version = list_in_force(engine, as_of)
    if version is None:
        return None
    name = str(version["list_version"])
    rows = measures(engine, as_of, name)
    due = last_due_period_end(as_of.day)
    lights = responsible_lights(engine, as_of, name, rules, due)
    lights = lights.assign(older=_older(lights, due))
    leads = assignments(engine, as_of, name)
    lead_of = {str(a.measure): str(a.organisation) for a in leads.itertuples() if a.role == "lead"}
    by_measure = {str(n): group for n, group in lights.groupby("number")}
    rule = rule_of(rules, as_of.day)
    told = tuple(
        _measure(row, by_measure.get(str(row.number)), lead_of, as_of.day, rule) for row in rows.itertuples()
    )
    silent = bool(lights["reported_period"].isna().all())
    aspects = tuple(
        _tally(str(group["aspect"].iloc[0]), [m for m in told if m.number in set(group["number"])], as_of.day)
        for _, group in rows.groupby("aspect_no")
    )
    whole = _tally("全部", told, as_of.day, _time_used(rows, version["valid_from"], as_of.day))
    return ListReadout(
        name,
        version["title"],
        bool(version["official"]),
        version["note"],
        _published_counts(version),
        whole,
        aspects,
        told,
        silent,
        _duties(lights),
    )


def _older(lights: pd.DataFrame, due: date) -> list[bool]:
    """Which percents a silent organisation has kept from an earlier period; what is done does not age."""
    told = zip(lights["percent"], lights["light"], lights["reported_period"], strict=True)
    return [bool(pd.notna(percent) and light != "done" and end < due) for percent, light, end in told]


def _duties(lights: pd.DataFrame) -> tuple[Duty, ...]:
    rows: list[Any] = list(lights.itertuples())
    return tuple(
        Duty(
            number=row.number,
            organisation=row.organisation,
            light=row.light,
            reason=row.reason,
            due=row.due,
            percent=None if row.percent is None or pd.isna(row.percent) else float(row.percent),
            period=None if row.reported_period is None else of("month", row.reported_period),
            older=row.older,
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
    row: Any, lights: pd.DataFrame | None, lead_of: Mapping[str, str], day: date, rule: LightRule
) -> MeasureReadout:
    own = _NO_LIGHTS if lights is None else lights
    top = worst(list(own["light"]))[0] if len(own) else "not_involved"
    moving = own[own["light"] == top]
    percents = [float(p) for p in own["percent"] if not pd.isna(p)]
    mean = sum(percents) / len(percents) if percents else None
    late = _late(moving, top, day)
    return MeasureReadout(
        number=row.number,
        aspect=row.aspect,
        project=row.project,
        text=row.text,
        lead=lead_of.get(row.number, ""),
        due=row.due,
        standing=bool(row.standing),
        light=top,
        reason=_reason(moving, top, late, mean, rule),
        movers=tuple(moving["organisation"]),
        percent=mean,
        said=len(percents),
        older=int(own["older"].sum()),
        assigned=len(own),
        rank=(SEVERITY.index(top), -late, -len(moving)),
    )


_NO_LIGHTS = pd.DataFrame(
    columns=["light", "reason", "percent", "organisation", "due", "start", "completed_on", "older"]
)


def _late(moving: pd.DataFrame, light: str, day: date) -> float:
    """How late the worst assignment is: days overdue, or percentage points behind."""
    if light == "overdue":
        return max(float((day - due).days) for due in moving["due"])
    if light in ("behind", "far_behind"):
        told = zip(moving["start"], moving["due"], moving["percent"], strict=True)
        return max(elapsed(start, due, day) * 100 - _or_zero(percent) for start, due, percent in told)
    return 0.0


def _or_zero(percent: float | None) -> float:
    """Progress nobody has spoken of counts as none when the gap to the time used is taken."""
    return 0.0 if percent is None or pd.isna(percent) else float(percent)


def _reason(moving: pd.DataFrame, light: str, late: float, mean: float | None, rule: LightRule) -> str:
    """One sentence with the figures of all who bear the light; who can move it stands beside it."""
    said = "" if mean is None else f"，平均进度 {int(mean)}%"  # never rounded up to done
    if light == "overdue":
        return f"逾期 {late:.0f} 天{said}"
    if light in ("behind", "far_behind"):
        return f"{gap_text(late, rule)}{said}"
    if light == "done":
        less = said if mean is not None and mean < 100 else ""
        return f"{max(moving['completed_on']).isoformat()} 完成{less}"
    if light == "standing":
        return _kept_up(list(moving["reason"]))
    if light == "not_reported":
        return str(moving["reason"].iloc[0]) + said
    return str(moving["reason"].iloc[0]) if len(moving) else ""


def _kept_up(reasons: list[str]) -> str:
    """长期坚持, with how many of the organisations are silent."""
    silent = [reason for reason in reasons if reason != "长期坚持"]
    if not silent or len(silent) == len(reasons):
        return reasons[0]
    return f"长期坚持，{len(silent)}/{len(reasons)} 个单位未报送"


def _tally(name: str, told: Iterable[MeasureReadout], day: date, time_used: float | None = None) -> Tally:
    found = list(told)
    return Tally(
        name=name,
        total=len(found),
        standing=sum(m.standing for m in found),
        done=sum(m.light == "done" for m in found if not m.standing),
        should=sum(m.due is not None and m.due <= day for m in found if not m.standing),
        lights={light: sum(m.light == light for m in found) for light in LIGHTS},
        time_used=time_used,
    )


def _time_used(rows: pd.DataFrame, start: date, day: date) -> float | None:
    """From the list's first day to its last due day."""
    dues = [due for due in rows["due"] if due is not None]
    if not dues:
        return None
    return elapsed(start, max(dues), day)
