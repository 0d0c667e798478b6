"""Who has returned for the last month that is due: in time, late or silent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine

from ..catalogue import Catalogue
from ..knowledge import AsOf
from ..periods import Period, previous
from ..queries import first_returned, list_in_force
from ..returning import PROGRESS_RETURN_DAY, due_day, last_due_period

_LOOKED_BACK = 12


@dataclass(frozen=True)
class Returned:
    """One unit's state: ``returned``, ``late`` (``days_late`` after the return day), ``silent`` or ``before``.

    ``before``: no list was in force yet and nobody had returned anything, so that nothing was owed.

    ``silent_for`` counts the months without a return up to the last one due; None: never returned.
    """

    code: str
    name: str
    state: str
    on: date | None
    days_late: int
    silent_for: int | None


@dataclass(frozen=True)
class Returning:
    """The last month that is due, and every unit's state for it."""

    period: Period
    due: date
    units: tuple[Returned, ...]

    @property
    def told(self) -> str:
        """How many have returned, late ones included: ``11/13``; empty before anything was owed."""
        if self.count("before"):
            return ""
        return f"{self.count('returned') + self.count('late')}/{len(self.units)}"

    def count(self, state: str) -> int:
        """How many units are in this state."""
        return sum(u.state == state for u in self.units)


def returning(engine: Engine, as_of: AsOf, catalogue: Catalogue) -> Returning:
    """The state of the 13 for the last month whose return day has passed."""
    period = last_due_period(as_of.day, "month", PROGRESS_RETURN_DAY)
    due = due_day(period, PROGRESS_RETURN_DAY)
    frame = first_returned(engine, as_of, "readings", previous(period, _LOOKED_BACK).end)
    days: dict[tuple[str, date], date] = {(row[0], row[1]): row[2] for row in frame.to_numpy().tolist()}
    units = tuple(_returned(u.code, u.short_name, period, due, days) for u in catalogue.units)
    if not days and list_in_force(engine, as_of) is None:
        units = tuple(replace(u, state="before") for u in units)
    return Returning(period, due, units)


def _returned(
    code: str, name: str, period: Period, due: date, days: dict[tuple[str, date], date]
) -> Returned:
    on = days.get((code, period.end))
    if on is not None:
        late = max(0, (on - due).days)
        return Returned(code, name, "late" if late else "returned", on, late, 0)
    silent, month = 0, period
    while (code, month.end) not in days:
        silent += 1
        if silent > _LOOKED_BACK:
            return Returned(code, name, "silent", None, 0, None)
        month = previous(month)
    return Returned(code, name, "silent", None, 0, silent)
