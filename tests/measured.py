"""A store in which a few organisations have told of their measures, through the real doors, for tests of a measure.

On 15 December 2025 measure 5-12-2 (全市报表种类压减30%以上, from 2025-07-01 to 2026-07-31) has everything that can
be the matter: eight units go steadily, one stands still, one has told twice, one has done all without saying on
which day, one is done, one has never reported. 1-1-2 is done; nobody has told of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboard.periods import Period, parse
from dashboard.store import SYSTEM, Draft, FactDraft, Store, accept, receive

DAY = date(2025, 12, 15)
MEASURE, INDICATOR = "5-12-2", "report_forms_count"
MONTHS = ("2025-07", "2025-08", "2025-09", "2025-10", "2025-11")
STEADY = "350502 350521 350524 350525 350526 350582 350583 QZ-KF".split()
STILL, TWICE, UNDATED, DONE, NEVER = "350503", "350504", "350505", "350581", "QZ-TS"


def tell_all(store: Store, units: Sequence[str]) -> None:
    """Everything named above; ``units`` are the 13."""
    for unit in STEADY:
        tell(store, unit, dict(zip(MONTHS, (10, 20, 30, 40, 50), strict=True)))
    tell(store, STILL, dict(zip(MONTHS, (10, 20, 30, 30, 30), strict=True)), problem="没有人手。")
    tell(store, TWICE, {"2025-10": 5, "2025-11": 10}, words="刚开始。", next_step="先摸底。")
    for unit, on in ((UNDATED, None), (DONE, date(2025, 11, 20))):
        tell(store, unit, dict(zip(MONTHS, (60, 70, 80, 90, 100), strict=True)), completed_on=on)
    for unit in units:
        count(store, unit, "2025-Q2", 100)
        count(store, unit, "2025-Q3", 95)
    for department, on in (("D-SWB", date(2025, 6, 20)), ("D-PETI", date(2025, 7, 3))):
        tell(store, department, {"2025-07": 100}, "1-1-2", completed_on=on)


def tell(
    store: Store, organisation: str, percents: dict[str, float], measure: str = MEASURE, **said: Any
) -> None:
    """Progress of one measure for these months; ``said`` goes into the last of them."""
    for month, percent in percents.items():
        last = month == list(percents)[-1]
        values = {
            "list_version": "2025",
            "measure": measure,
            "organisation": organisation,
            **_period(parse(month)),
            "percent": float(percent),
            "status": "推进中",
            "completed_on": None,
            **(said if last else {}),
        }
        _hand_in(store, "progress", organisation, FactDraft("progress", values), month)


def count(store: Store, unit: str, period: str, value: float) -> None:
    """A figure of the indicator that is to prove 5-12-2."""
    values = {"indicator": INDICATOR, "organisation": unit, "value": value, "qualifier": "eq"}
    fact = FactDraft("reading", values | _period(parse(period)), "B2")
    _hand_in(store, "readings", unit, fact, period)


def _period(period: Period) -> dict[str, Any]:
    return {"period_start": period.start, "period_end": period.end, "grain": period.grain}


def _hand_in(store: Store, kind: str, organisation: str, fact: FactDraft, period: str) -> None:
    content = f"{kind} {organisation} {fact.values}".encode()
    draft = Draft(kind, organisation, "表.xlsx", content, [fact], parse(period))
    accept(store, SYSTEM, receive(store, SYSTEM, draft))
