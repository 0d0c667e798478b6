"""快照: the whole store as of a day, as CSV files with a manifest in one zip.

Rows and columns stand in a fixed order and the zip carries no time of its own, so that the same knowledge
gives the same bytes. Knows no screen.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select

from . import __version__
from .catalogue import Catalogue
from .csvfile import csv_bytes
from .hashing import sha256
from .knowledge import TIMELESS, AsOf, newest
from .models import FACTS, Fact
from .queries import (
    last_seq,
    list_in_force,
    problems,
    responsible_lights,
    return_events,
    returns,
    unofficial_lists,
)
from .returning import last_due_period_end
from .store import Store, stamp

# Bookkeeping of the database that says nothing about the figure.
_LEFT_OUT = ("id", "void")
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Snapshot:
    """The files of a snapshot by name, and the manifest that describes them."""

    files: dict[str, bytes]
    manifest: dict[str, Any]

    def zipped(self) -> bytes:
        """All files and ``manifest.json`` in one zip; equal knowledge gives equal bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            manifest = json.dumps(self.manifest, ensure_ascii=False, indent=2).encode()
            for name, content in [*self.files.items(), ("manifest.json", manifest)]:
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        return out.getvalue()


def snapshot(store: Store, as_of: AsOf, catalogue: Catalogue, receipt: str = "") -> Snapshot:
    """Everything the store knew on the day: one CSV per table, returns without their files but with their life, lights.

    ``receipt`` is the number under which a screen opens the same knowledge again; the manifest names it.
    """
    files, described = {}, []
    now = stamp(store)
    # Up to this seq the answer never changes again, whoever writes meanwhile: every table shows one moment.
    as_of = AsOf(as_of.day, last_seq(store.engine, as_of))
    unofficial = unofficial_lists(store.engine, as_of)
    for name, frame_of in _tables(store, as_of, catalogue).items():
        frame = frame_of()
        frame.insert(0, "data", _marks(frame, store.kind, unofficial))
        content = csv_bytes(frame)
        files[f"{name}.csv"] = content
        described.append(
            {"file": f"{name}.csv", "rows": len(frame), "columns": list(frame), "sha256": sha256(content)}
        )
    manifest = {
        "product": f"dashboard {__version__}",
        "data": store.kind,
        "as_of": as_of.day.isoformat(),
        "seq": as_of.seq,
        "store_id": now.store_id,
        "catalogue_sha256": catalogue.digest,
        # What the catalogue said first of these holds on every day, by the days that its rows themselves name.
        "known_on_every_day": sorted(table.__tablename__ for table in TIMELESS),
        **({"receipt": receipt} if receipt else {}),
        "files": described,
    }
    return Snapshot(files, manifest)


def _marks(frame: pd.DataFrame, kind: str, unofficial: frozenset[str]) -> pd.Series[str]:
    """What each row is: demo data, a row of a list that is not the official one, or live data."""
    mark = "演示数据" if kind == "demo" else "正式数据"
    marks = pd.Series(mark, index=frame.index, dtype=object)
    if kind == "live" and "list_version" in frame:
        marks[frame["list_version"].isin(unofficial)] = "示例，非官方清单"
    return marks


def _tables(store: Store, as_of: AsOf, catalogue: Catalogue) -> dict[str, Callable[[], pd.DataFrame]]:
    facts = {name: _facts_of(store, table, as_of) for name, table in sorted(FACTS.items())}
    return {
        **facts,
        "light": lambda: _lights(store, as_of, catalogue),
        "problem": lambda: problems(store.engine, as_of),
        "return_event": lambda: return_events(store.engine, as_of),
        "return": lambda: returns(store.engine, as_of).rename(columns={"id": "return_id"}),
    }


def _facts_of(store: Store, table: type[Fact], as_of: AsOf) -> Callable[[], pd.DataFrame]:
    def frame() -> pd.DataFrame:
        rows = newest(table, as_of)
        columns = [c for c in rows.c if c.name not in _LEFT_OUT]
        key: tuple[str, ...] = table.KEY  # type: ignore[attr-defined]
        with store.engine.connect() as connection:
            result = connection.execute(select(*columns).where(~rows.c.void))
            names = list(result.keys())
            # Sorted here: databases have alphabets of their own.
            places = [names.index(k) for k in (*key, "seq")]
            found = sorted(result.all(), key=lambda row: [_sortable(row[p]) for p in places])
        return pd.DataFrame(found, columns=names, dtype=object)

    return frame


def _sortable(value: Any) -> tuple[bool, Any]:
    """Absent values first; the rest by itself."""
    return value is not None, "" if value is None else value


def _lights(store: Store, as_of: AsOf, catalogue: Catalogue) -> pd.DataFrame:
    version = list_in_force(store.engine, as_of)
    if version is None:
        return pd.DataFrame(columns=["list_version", "number", "organisation", "light", "reason"])
    due = last_due_period_end(as_of.day)
    lights = responsible_lights(store.engine, as_of, version["list_version"], catalogue.light_rules, due)
    lights.insert(0, "list_version", version["list_version"])
    return lights.sort_values(["number", "organisation"], ignore_index=True)
