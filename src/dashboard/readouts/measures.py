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
from ..lights import elapsed, worst
from ..queries import assignments, list_in_force, measures, responsible_lights
from ..returning import last_due_period_end


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
    """A measure with its light: the worst of its responsible assignments."""

    number: str
    aspect: str
    project: str
    text: str
    lead: str
    due: date | None
    standing: bool
    light: str
    reason: str


@dataclass(frozen=True)
class ListReadout:
    """The list in force: its title, whether it is the official one, and its counts."""

    list_version: str
    title: str
    official: bool
    note: str
    whole: Tally
    aspects: tuple[Tally, ...]
    measures: tuple[MeasureReadout, ...]
    silent: bool


def list_readout(engine: Engine, as_of: AsOf, rules: Sequence[LightRule]) -> ListReadout | None:
    """The list in force counted by light and aspect; None before the first list."""
    version = list_in_force(engine, as_of)
    if version is None:
        return None
    name = str(version["list_version"])
    rows = measures(engine, as_of, name)
    lights = responsible_lights(engine, as_of, name, rules, last_due_period_end(as_of.day))
    leads = assignments(engine, as_of, name)
    lead_of = {str(a.measure): str(a.organisation) for a in leads.itertuples() if a.role == "lead"}
    by_measure = {str(n): group for n, group in lights.groupby("number")}
    told = tuple(_measure(row, by_measure.get(str(row.number)), lead_of) for row in rows.itertuples())
    silent = bool(lights["reported_period"].isna().all())
    aspects = tuple(
        _tally(str(group["aspect"].iloc[0]), [m for m in told if m.number in set(group["number"])], as_of.day)
        for _, group in rows.groupby("aspect_no")
    )
    whole = _tally("全部", told, as_of.day, _time_used(rows, version["valid_from"], as_of.day))
    return ListReadout(
        name, version["title"], bool(version["official"]), version["note"], whole, aspects, told, silent
    )


def _measure(row: Any, lights: pd.DataFrame | None, lead_of: Mapping[str, str]) -> MeasureReadout:
    found = [] if lights is None else list(lights["light"])
    top = worst(found)[0] if found else "not_involved"
    done = bool(found) and all(light == "done" for light in found)
    if top == "done" and not done:
        top = "on_track"
    reason = "" if lights is None else str(lights.loc[lights["light"] == top, "reason"].iloc[0])
    return MeasureReadout(
        number=row.number,
        aspect=row.aspect,
        project=row.project,
        text=row.text,
        lead=lead_of.get(row.number, ""),
        due=row.due,
        standing=bool(row.standing),
        light=top,
        reason=reason,
    )


def _tally(name: str, told: Iterable[MeasureReadout], day: date, time_used: float | None = None) -> Tally:
    found = list(told)
    return Tally(
        name=name,
        total=len(found),
        standing=sum(m.standing for m in found),
        done=sum(m.light == "done" for m in found if not m.standing),
        should=sum(m.due is not None and m.due <= day for m in found),
        lights={light: sum(m.light == light for m in found) for light in LIGHTS},
        time_used=time_used,
    )


def _time_used(rows: pd.DataFrame, start: date, day: date) -> float | None:
    """From the list's first day to its last due day."""
    dues = [due for due in rows["due"] if due is not None]
    if not dues:
        return None
    return elapsed(start, max(dues), day)
