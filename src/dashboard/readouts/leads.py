"""Whose it is: the list by the organisations that lead measures, and by those that answer for them.

Organisations stand in the official order and nobody is ranked. Pure: the list as it was read, a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..catalogue import LIGHTS
from .measures import PRESSING, Duty, ListReadout, MeasureReadout, is_open

NEXT_SHOWN = 3


@dataclass(frozen=True)
class DueDay:
    """A measure and its day; ``days`` are left until then, or past since then, never negative."""

    number: str
    due: date
    days: int


@dataclass(frozen=True)
class Lead:
    """One organisation and the ``total`` measures it leads, counted by light.

    ``next_due`` are the nearest open ones, today's included; ``overdue`` the worst first; ``silent`` the codes of
    responsible organisations that have not reported on one of its measures; ``waiting`` the numbers of all
    pressing measures, its own or others', that this organisation itself must move.
    """

    organisation: str
    total: int
    lights: Mapping[str, int]
    next_due: tuple[DueDay, ...]
    overdue: tuple[DueDay, ...]
    silent: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class Responsible:
    """One organisation and its ``total`` assignments, counted by light; ``silent`` are numbers of measures.

    Who is silent need not bear the light 未报送: ``silent_lights`` counts the lights of the silent assignments.
    """

    organisation: str
    total: int
    lights: Mapping[str, int]
    next_due: tuple[DueDay, ...]
    overdue: tuple[DueDay, ...]
    silent: tuple[str, ...]
    silent_lights: Mapping[str, int]


def shared(leads: Mapping[str, tuple[str, ...]]) -> int:
    """How many measures have several leads: each of them counts it, so that their sum is more than the list."""
    return sum(len(organisations) > 1 for organisations in leads.values())


def by_lead(
    found: ListReadout, leads: Mapping[str, tuple[str, ...]], order: Sequence[str], day: date
) -> tuple[Lead, ...]:
    """Each organisation that leads a measure, in this order; a measure with several leads counts with each."""
    led: dict[str, list[MeasureReadout]] = {}
    for measure in found.measures:
        for organisation in leads.get(measure.number, ()):
            led.setdefault(organisation, []).append(measure)
    return tuple(_lead(code, led[code], found, order, day) for code in _in_order(led, order))


def _lead(
    code: str, own: Sequence[MeasureReadout], found: ListReadout, order: Sequence[str], day: date
) -> Lead:
    numbers = {m.number for m in own}
    duties = [d for d in found.duties if d.number in numbers]
    silent = {d.organisation for d in duties if d.silent}
    return Lead(
        organisation=code,
        total=len(own),
        lights=_counted(m.light for m in own),
        next_due=_next_due(duties, day),
        overdue=_overdue(duties, day),
        silent=_in_order(silent, order),
        waiting=tuple(m.number for m in found.measures if m.light in PRESSING and code in m.movers),
    )


def by_responsible(found: ListReadout, order: Sequence[str], day: date) -> tuple[Responsible, ...]:
    """Each organisation that answers for a measure, in this order, with its assignments."""
    own: dict[str, list[Duty]] = {}
    for duty in found.duties:
        own.setdefault(duty.organisation, []).append(duty)
    return tuple(
        Responsible(
            organisation=code,
            total=len(own[code]),
            lights=_counted(d.light for d in own[code]),
            next_due=_next_due(own[code], day),
            overdue=_overdue(own[code], day),
            silent=tuple(d.number for d in own[code] if d.silent),
            silent_lights=_counted(d.light for d in own[code] if d.silent),
        )
        for code in _in_order(own, order)
    )


def _next_due(duties: Iterable[Duty], day: date) -> tuple[DueDay, ...]:
    """The nearest open days, one for each measure, today's included."""
    nearest: dict[str, date] = {}
    for duty in duties:
        if duty.due is not None and is_open(duty.due, duty.light) and duty.due >= day:
            nearest[duty.number] = min(duty.due, nearest.get(duty.number, duty.due))
    days = [DueDay(number, due, (due - day).days) for number, due in nearest.items()]
    return tuple(sorted(days, key=lambda d: d.days)[:NEXT_SHOWN])


def _overdue(duties: Iterable[Duty], day: date) -> tuple[DueDay, ...]:
    """What is past its day and not done, by the earliest day that was missed, the worst first."""
    missed: dict[str, date] = {}
    for duty in duties:
        if duty.due is not None and duty.light == "overdue":
            missed[duty.number] = min(duty.due, missed.get(duty.number, duty.due))
    days = [DueDay(number, due, (day - due).days) for number, due in missed.items()]
    return tuple(sorted(days, key=lambda d: -d.days))


def _counted(lights: Iterable[str]) -> dict[str, int]:
    """How many of each light, those that nobody bears with 0."""
    found = list(lights)
    return {light: found.count(light) for light in LIGHTS}


def _in_order(codes: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    """The codes in the official order; one that a later catalogue no longer knows comes last."""
    place = {code: i for i, code in enumerate(order)}
    return tuple(sorted(codes, key=lambda code: (place.get(code, len(place)), code)))
