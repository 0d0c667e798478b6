"""A demo store with years behind it: so many months of every indicator, measure and station for units and towns.

What is older than the demo is written straight into its SQLite file, as plain and as much as the design
names; these rows are for reading times only and mean nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from dashboard.catalogue import Catalogue, load
from dashboard.config import DATA
from dashboard.periods import Period, of, previous

_FILE = "demo.sqlite"
_CHANGES_A_YEAR = (6, 12)  # in these months every station is suspended and opened again


@dataclass
class _Past:
    """The file that is written, and the numbers that were given out: below those of the demo, downwards."""

    file: sqlite3.Connection
    catalogue: Catalogue
    template: dict[str, Any]
    ids: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    seqs: Iterator[int] = field(default_factory=lambda: count(-1, -1))

    def returned(self, kind: str, organisation: str, month: Period) -> tuple[int, int, str]:
        """A return of that month: its id, its seq and the day it was known."""
        known = (month.end + timedelta(days=4)).isoformat()
        own = {
            "id": next(self.ids),
            "kind": kind,
            "organisation": organisation,
            "period_start": month.start.isoformat(),
            "period_end": month.end.isoformat(),
            "grain": "month",
            "seq": next(self.seqs),
            "known_on": known,
        }
        self.put("return", [self.template | own])
        return own["id"], own["seq"], known

    def put(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Insert rows that all have the same columns."""
        columns = list(rows[0])
        names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
        self.file.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks})', [list(row.values()) for row in rows]
        )


def lengthen(home: Path, months: int) -> dict[str, int]:
    """Write what is missing to so many months into the demo of this home; how many rows each table has then."""
    with sqlite3.connect(home / _FILE) as file:
        file.row_factory = sqlite3.Row
        past = _Past(file, load(DATA), _template(file))
        (first,) = file.execute("SELECT min(period_start) FROM reading WHERE grain = 'month'").fetchone()
        (last,) = file.execute("SELECT max(period_end) FROM reading WHERE grain = 'month'").fetchone()
        for month in _months(date.fromisoformat(first), date.fromisoformat(last), months):
            _readings(past, month)
            _progress(past, month)
            _stations(past, month)
        tables = ("return", "reading", "progress", "station", "station_event")
        held = {t: file.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in tables}
        return held | _assignments_held(past)


def _assignments_held(past: _Past) -> dict[str, int]:
    """How many assignments the list has, and for how many months the shortest of them has its progress."""
    duties = {(a.measure, a.organisation) for a in past.catalogue.assignments if a.role == "responsible"}
    told = past.file.execute(
        "SELECT measure, organisation, count(DISTINCT period_end) FROM progress GROUP BY measure, organisation"
    )
    months = {(measure, organisation): count for measure, organisation, count in told}
    return {"assignments": len(duties), "months of each": min(months.get(duty, 0) for duty in duties)}


def _template(file: sqlite3.Connection) -> dict[str, Any]:
    row = file.execute("SELECT * FROM \"return\" WHERE kind = 'readings' AND state = 'accepted'").fetchone()
    return dict(row)


def _months(first: date, last: date, months: int) -> Iterator[Period]:
    """The months before ``first`` that make so many with those up to ``last``."""
    there = (last.year - first.year) * 12 + last.month - first.month + 1
    for back in range(1, months - there + 1):
        yield previous(of("month", first), back)


def _fact(given: tuple[int, int, str], place: int) -> dict[str, Any]:
    return {"return_id": given[0], "seq": given[1], "known_on": given[2], "void": 0, "place": f"B{place}"}


def _period(month: Period) -> dict[str, str]:
    return {"period_start": month.start.isoformat(), "period_end": month.end.isoformat(), "grain": "month"}


def _readings(past: _Past, month: Period) -> None:
    """Every indicator of every unit and of each of its towns."""
    for unit in past.catalogue.units:
        given = past.returned("readings", unit.code, month)
        towns = [o.code for o in past.catalogue.organisations if o.parent_code == unit.code]
        rows = [
            _fact(given, place)
            | _period(month)
            | {"indicator": i, "organisation": code, "value": 100.0 + place, "qualifier": "eq", "note": ""}
            for place, i in enumerate(past.catalogue.indicators)
            for code in (unit.code, *towns)
        ]
        past.put("reading", rows)


def _progress(past: _Past, month: Period) -> None:
    """Every assignment of the list, said once a month, with words as long as those of a ledger."""
    duties = [a for a in past.catalogue.assignments if a.role == "responsible"]
    for organisation in dict.fromkeys(a.organisation for a in duties):
        given = past.returned("progress", organisation, month)
        # One percent a month, each assignment from a place of its own, so that a course has a slope.
        age = month.start.year * 12 + month.start.month
        rows = [
            _fact(given, place)
            | _period(month)
            | {"list_version": a.list_version, "measure": a.measure, "organisation": organisation}
            | {"percent": float((age + place) % 100), "status": "推进中", "completed_on": None}
            | _WORDS
            for place, a in enumerate(duties)
            if a.organisation == organisation
        ]
        past.put("progress", rows)


_WORDS = {
    "words": "已召开两次调度会，完成摸底并分三批推进，首批村（社区）已经落实。",
    "problem": "个别乡镇（街道）人手不足，数据口径仍需统一。",
    "next_step": "下月底前完成第二批，并对首批开展一次回访。",
}


def _stations(past: _Past, month: Period) -> None:
    """Every station described again; twice a year each is suspended and opened."""
    described = [
        dict(row) for row in past.file.execute("SELECT * FROM station WHERE seq > 0 GROUP BY station")
    ]
    for unit in past.catalogue.units:
        own = [row for row in described if row["unit"] == unit.code]
        given = past.returned("stations", unit.code, month)
        facts = [
            {k: v for k, v in row.items() if k != "id"} | _fact(given, place) for place, row in enumerate(own)
        ]
        past.put("station", facts)
        if month.start.month in _CHANGES_A_YEAR:
            past.put(
                "station_event",
                [e for place, row in enumerate(own) for e in _events(row, given, place, month)],
            )


def _events(
    row: dict[str, Any], given: tuple[int, int, str], place: int, month: Period
) -> Iterator[dict[str, Any]]:
    for event, day in (("suspended", month.start), ("opened", month.end)):
        yield _fact(given, place) | {
            "station": row["station"],
            "event": event,
            "happened_on": day.isoformat(),
        }
