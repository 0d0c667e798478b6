"""What was said by one day and is told otherwise on a later one: progress of measures, figures of indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from ..figures import reading_quantity
from ..formulas import Quantity
from ..interval import Amended, Told, amended
from ..knowledge import AsOf
from ..models import Progress, Reading
from ..periods import Period


@dataclass(frozen=True)
class Said:
    """What an organisation said of a measure for a period; ``percent`` None: not said."""

    percent: float | None
    status: str
    completed_on: date | None


@dataclass(frozen=True)
class Correction:
    """更正: a measure's progress of a period, as it was known on the first day and as it is now.

    ``after`` None: nothing stands in its place, because it was voided, or, ``taken_back``, its return withdrawn.
    """

    list_version: str
    number: str
    organisation: str
    period: Period
    before: Said
    after: Said | None
    taken_back: bool


@dataclass(frozen=True)
class FigureCorrection:
    """The same of a figure: an indicator of an organisation for a period."""

    indicator: str
    organisation: str
    period: Period
    before: Quantity
    after: Quantity | None
    taken_back: bool


def corrections(engine: Engine, as_of: AsOf, since: date, order: Sequence[str]) -> tuple[Correction, ...]:
    """Every progress that says another percent, status or day of completion now, by measure and official ``order``."""
    found = [_correction(a) for a in amended(engine, as_of, since, Progress)]
    places = {code: place for place, code in enumerate(order)}
    changed = [c for c in found if c.before != c.after]
    return tuple(
        sorted(
            changed,
            key=lambda c: (_parts(c.number), places.get(c.organisation, len(places)), c.period.end),
        )
    )


def figure_corrections(
    engine: Engine, as_of: AsOf, since: date, indicators: Sequence[str], order: Sequence[str]
) -> tuple[FigureCorrection, ...]:
    """Every figure that has another value or qualifier now, by official ``order``, then by that of the indicators."""
    found = [_figure_correction(a) for a in amended(engine, as_of, since, Reading)]
    places = {code: place for place, code in enumerate(order)}
    ranks = {indicator: rank for rank, indicator in enumerate(indicators)}
    changed = [c for c in found if c.before != c.after and c.indicator in ranks]
    return tuple(
        sorted(
            changed,
            key=lambda c: (
                places.get(c.organisation, len(places)),
                ranks[c.indicator],
                c.period.end,
            ),
        )
    )


def _parts(number: str) -> list[int]:
    return [int(part) for part in number.split("-")]


def _correction(found: Amended) -> Correction:
    row = found.before.row
    stands = _standing(found)
    return Correction(
        list_version=row.list_version,
        number=row.measure,
        organisation=row.organisation,
        period=found.before.period,
        before=_said(row),
        after=None if stands is None else _said(stands.row),
        taken_back=found.after is None,
    )


def _standing(found: Amended) -> Told | None:
    return None if found.after is None or found.after.row.void else found.after


def _said(row: Any) -> Said:
    return Said(row.percent, row.status, row.completed_on)


def _figure_correction(found: Amended) -> FigureCorrection:
    row = found.before.row
    stands = _standing(found)
    return FigureCorrection(
        indicator=row.indicator,
        organisation=row.organisation,
        period=found.before.period,
        before=reading_quantity(row.value, row.qualifier),
        after=None if stands is None else reading_quantity(stands.row.value, stands.row.qualifier),
        taken_back=found.after is None,
    )
