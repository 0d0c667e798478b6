"""Figures handed in by a unit through the real doors, for tests that need one to be there."""

from __future__ import annotations

from dashboard.periods import parse
from dashboard.store import SYSTEM, Draft, FactDraft, Store, accept, receive


def hand_in(store: Store, value: float, indicator: str = "stations_count") -> int:
    """A figure of 晋江 for December 2025, accepted; the id of its return."""
    period = parse("2025-12")
    values = {
        "indicator": indicator,
        "organisation": "350582",
        "period_start": period.start,
        "period_end": period.end,
        "grain": period.grain,
        "value": value,
        "qualifier": "eq",
    }
    facts = [FactDraft("reading", values, "B2")]
    draft = Draft("readings", "350582", "晋江12月.xlsx", b"as handed in", facts, period)
    return_id = receive(store, SYSTEM, draft)
    accept(store, SYSTEM, return_id)
    return return_id
