"""The demo with so many stations that each of its stations stands for a hundred: for reading times only."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_FILE = "demo.sqlite"
# Within this many degrees of its original stands each copy: about four kilometres.
_SPREAD = 0.04


def multiply(home: Path, stations: int) -> int:
    """Copy every station of the demo of this home with its ledgers and life, until there are so many."""
    with sqlite3.connect(home / _FILE) as file:
        (there,) = file.execute("SELECT count(DISTINCT station) FROM station").fetchone()
        copies = -(-stations // there) - 1
        file.execute("CREATE TEMP TABLE copy (n INTEGER PRIMARY KEY)")
        file.executemany("INSERT INTO copy VALUES (?)", [(n,) for n in range(1, copies + 1)])
        for table in ("station", "station_event"):
            _copy(file, table)
        (held,) = file.execute("SELECT count(DISTINCT station) FROM station").fetchone()
    with sqlite3.connect(home / _FILE) as file:
        file.execute("ANALYZE")
    return int(held)


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
