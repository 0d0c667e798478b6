"""A list of measures written down in a test: a few measures and duties, everything else of it as it may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboard.periods import parse
from dashboard.readouts.measures import Duty, ListReadout, MeasureReadout, PublishedCounts, Tally


def measure(number: str, light: str = "on_track", **said: Any) -> MeasureReadout:
    """A measure due on 30 June 2026 unless it says otherwise."""
    told: dict[str, Any] = {
        "direction": "轻车",
        "aspect": "减负",
        "project": "报表",
        "text": f"措施{number}的文字。",
        "scope": "county",
        "leads": (),
        "start": date(2025, 1, 10),
        "due": date(2026, 6, 30),
        "dues": (date(2026, 6, 30),),
        "standing": False,
        "reason": "",
        "movers": (),
        "late": 0.0,
        "percent": None,
        "said": 0,
        "older": 0,
        "assigned": 0,
    }
    return MeasureReadout(number=number, light=light, **told | said)


def duty(number: str, organisation: str, light: str = "on_track", **said: Any) -> Duty:
    """A duty due on 30 June 2026, half done in April 2026, unless it says otherwise; silent when April is missing."""
    told: dict[str, Any] = {
        "reason": "时序 60%，进度 50%",
        "start": date(2025, 1, 10),
        "due": date(2026, 6, 30),
        "standing": False,
        "late": 0.0,
        "percent": 50.0,
        "period": parse("2026-04"),
        "older": False,
    }
    whole = told | said
    period = whole["period"]
    missing = period is None or period.end < date(2026, 4, 30)
    whole.setdefault("silent", missing and light not in ("done", "not_started"))
    return Duty(number=number, organisation=organisation, light=light, **whole)


def a_list(
    measures: Sequence[MeasureReadout], duties: Sequence[Duty], *, official: bool = False
) -> ListReadout:
    """The list of these; its tallies are empty, since nothing here is counted by aspect."""
    nothing = Tally("全部", 0, 0, 0, 0, {})
    published = PublishedCounts(7, 20, 60, "报纸", "A", date(2025, 1, 13))
    return ListReadout(
        list_version="2025",
        title="重点任务清单",
        official=official,
        note="",
        published=published,
        start=date(2025, 1, 10),
        day=date(2026, 4, 30),
        whole=nothing,
        directions=(),
        aspects=(),
        measures=tuple(measures),
        silent=False,
        duties=tuple(duties),
    )
