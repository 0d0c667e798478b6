"""Which measures of the list are looked at: by part, organisation, light, scope and the day they fall due. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..periods import of
from .measures import ListReadout, MeasureReadout, is_open

LATE = ("overdue", "far_behind", "behind")


@dataclass(frozen=True)
class Choice:
    """What somebody chose; "" leaves a thing open.

    ``window``: ``late`` is past its due day and not done, ``month`` falls due by the end of the month of the day,
    ``30``, ``60`` and ``90`` in so many days from it, today included.
    """

    direction: str = ""
    aspect: str = ""
    project: str = ""
    scope: str = ""
    organisation: str = ""
    light: str = ""
    window: str = ""


def part(found: ListReadout, choice: Choice) -> tuple[MeasureReadout, ...]:
    """The measures of the chosen part of the list, whatever their state, as the organisation sees them."""
    return tuple(
        m
        for m in found.seen_by(choice.organisation)
        if (not choice.direction or m.direction == choice.direction)
        and (not choice.aspect or m.aspect_no == choice.aspect)
        and (not choice.project or m.project_no == choice.project)
        and (not choice.scope or m.scope == choice.scope)
    )


def kept(found: ListReadout, choice: Choice) -> tuple[MeasureReadout, ...]:
    """Those of the part in the chosen state."""
    return tuple(
        m
        for m in part(found, choice)
        if (not choice.light or m.light == choice.light)
        and (not choice.window or in_window(m, choice.window, found.day))
    )


def assignments(found: ListReadout, choice: Choice) -> frozenset[tuple[str, str]]:
    """Number and organisation of every assignment that is itself in the chosen state, whatever its measure is in.

    State is light and due window; the rest of the choice is about measures and is asked of ``part``.
    """
    return frozenset(
        (d.number, d.organisation)
        for d in found.duties
        if (not choice.light or d.light == choice.light)
        and (
            not choice.window
            or (d.due is not None and is_open(d.due, d.light) and _holds(choice.window, d.due, found.day))
        )
    )


def own_days(found: ListReadout, choice: Choice) -> Mapping[str, Mapping[date, tuple[str, ...]]]:
    """The open days in the due window that are not the measure's own, the nearest first, with whose they are.

    By number; without a window none. Who answers for a measure sees it with its own day, and nobody else's.
    """
    if not choice.window:
        return {}
    theirs = {d.number for d in found.duties if d.organisation == choice.organisation}
    days = {m.number: m.due for m in found.seen_by(choice.organisation) if m.number not in theirs}
    inside = assignments(found, Choice(window=choice.window))
    told: dict[str, dict[date, tuple[str, ...]]] = {}
    for duty in sorted(found.duties, key=lambda d: d.due or date.max):
        number, due = duty.number, duty.due
        if number in days and due not in (None, days[number]) and (number, duty.organisation) in inside:
            own = told.setdefault(number, {})
            own[due] = (*own.get(due, ()), duty.organisation)
    return told


def in_window(measure: MeasureReadout, window: str, day: date) -> bool:
    """Whether something of the measure that is not done is due in the window; 长期坚持 never is."""
    return any(_holds(window, due, day) for due in measure.dues)


def _holds(window: str, due: date, day: date) -> bool:
    if window == "late":
        return due < day
    last = of("month", day).end if window == "month" else day + timedelta(days=int(window))
    return day <= due <= last


def late(rows: Sequence[MeasureReadout]) -> tuple[MeasureReadout, ...]:
    """What is overdue or behind, the worst first."""
    return tuple(sorted((m for m in rows if m.light in LATE), key=lambda m: m.rank))
