"""When a return is due. Pure: days in, days out."""

from __future__ import annotations

from datetime import date, timedelta

from .periods import Period, of, previous

# Progress of the measures is reported monthly, by this day of the following month.
PROGRESS_RETURN_DAY = 5


def due_day(period: Period, return_day: int) -> date:
    """The day by which the return for a period is due: that day of the month after the period's end."""
    after = period.end + timedelta(days=1)
    return after.replace(day=return_day)


def last_due_period(day: date, grain: str, return_day: int) -> Period:
    """The newest period whose return day has passed: due on the 5th, it counts as missing from the 6th."""
    period = previous(of(grain, day))
    return period if due_day(period, return_day) < day else previous(period)


def last_due_period_end(day: date, until: date | None = None) -> date:
    """End of the last month for which progress should be in; of those that end by ``until`` when it is given."""
    month = last_due_period(day, "month", PROGRESS_RETURN_DAY)
    while until is not None and month.end > until:
        month = previous(month)
    return month.end
