"""The demo with so many stations that each of its own stands for a hundred: for reading times only."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from .browser import map_seconds
from .pages import COUNTY, Page
from .rows import Row
from .server import ROOT, Server
from .socket_rows import cold_days, first_loads, long_history

STATIONS = 50_000
# The pages that read stations: the city on a grid, a county on one, a county's own page.
PAGES = (Page("stations"), Page("stations", "unit=350582"), COUNTY)
_FILE = "demo.sqlite"
_LARGEST_KB = 1_000  # one message
# Each copy stands within this many degrees of its original: about four kilometres.
_SPREAD = 0.04


def many_rows(product: Server, today: date, divisor: int, *, with_browser: bool) -> list[Row]:
    """The same pages over 50,000 stations, beside the product as it is."""
    what = f"{STATIONS:,} stations: "
    with tempfile.TemporaryDirectory(prefix="bench-many-") as folder:
        home = Path(folder)
        with Server(ROOT / "app.py", home):
            pass
        held = multiply(home, STATIONS)
        with Server(ROOT / "app.py", home) as many:
            found = [Row(f"{what}rows held", name, count, "") for name, count in held.items()]
            loads, runs = first_loads(many.port, PAGES)
            found += [Row(f"{what}{row.what}", row.where, row.value, row.unit, row.most) for row in loads]
            found += [
                Row("  largest message", page.name, run.largest / 1000, "KB", most=_LARGEST_KB)
                for page, run in runs.items()
            ]
            found += long_history(product, many, what, 60 // divisor, PAGES)
            found += cold_days(many, today, 10 // divisor, what, PAGES)
            if with_browser:
                found += _paints(product, many, max(1, 5 // divisor))
    return found


def _paints(product: Server, many: Server, repetitions: int) -> list[Row]:
    """First paint of the map in a browser, against that of the demo's own 512 stations."""
    pairs = [
        (page, map_seconds(product.url, page, repetitions), map_seconds(many.url, page, repetitions))
        for page in PAGES[:2]
    ]
    what = f"browser, {STATIONS:,} stations: cold load to the map"
    return [
        row
        for page, few, all_ in pairs
        for row in (
            Row(what, page.name, all_, "s"),
            Row("  against 512 stations", page.name, all_ / few, "×", most=2),
        )
    ]


def multiply(home: Path, stations: int) -> Mapping[str, int]:
    """Copy every station of the demo of this home with its ledgers and life, until there are so many.

    How many stations, rows and steps there are then.
    """
    with sqlite3.connect(home / _FILE) as file:
        (there,) = file.execute("SELECT count(DISTINCT station) FROM station").fetchone()
        copies = -(-stations // there) - 1
        file.execute("CREATE TEMP TABLE copy (n INTEGER PRIMARY KEY)")
        file.executemany("INSERT INTO copy VALUES (?)", [(n,) for n in range(1, copies + 1)])
        for table in ("station", "station_event"):
            _copy(file, table)
        asked = {
            "stations": "SELECT count(DISTINCT station) FROM station",
            "rows of them": "SELECT count(*) FROM station",
            "steps of their lives": "SELECT count(*) FROM station_event",
        }
        return {name: file.execute(query).fetchone()[0] for name, query in asked.items()}


def _copy(file: sqlite3.Connection, table: str) -> None:
    """Every row of a table once more for every copy; places beside their original, always the same ones."""
    columns = [row[1] for row in file.execute(f'PRAGMA table_info("{table}")') if row[1] != "id"]
    changed = {
        "station": "t.station || '-' || copy.n",
        "name": "t.name || copy.n",
        "lon": f"round(t.lon + ((copy.n * 7919) % 1000 - 500) * {_SPREAD} / 500, 5)",
        "lat": f"round(t.lat + ((copy.n * 104729) % 1000 - 500) * {_SPREAD} / 500, 5)",
    }
    names = ", ".join(f'"{c}"' for c in columns)
    values = ", ".join(changed.get(c, f't."{c}"') for c in columns)
    file.execute(f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" t, copy')
