"""The catalogue into the store, through the same door as a return.

Only what changed since the last catalogue return is written: a changed entry as a new row, a vanished one
as a void row. Entries that an officer added in the product are of another kind of return and stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from ..catalogue import CITY, Catalogue
from ..knowledge import AsOf, newest
from ..models import FACTS, Fact, Return
from ..periods import of
from ..store import SYSTEM, Draft, FactDraft, Store, accept, receive

TABLES = ("organisation", "indicator_definition", "list_version", "measure", "assignment", "meeting")
KIND = "catalogue"


def is_seeded(store: Store, catalogue: Catalogue) -> bool:
    """Whether the catalogue that the store took in last is this one."""
    with store.engine.connect() as connection:
        last = connection.execute(
            select(Return.file_sha256)
            .where(Return.kind == KIND, Return.state == "accepted")
            .order_by(Return.seq.desc())
            .limit(1)
        ).scalar_one_or_none()
    return bool(last == catalogue.digest)


def seed_catalogue(store: Store, catalogue: Catalogue) -> int | None:
    """Bring the store up to this catalogue; returns the seq taken, None when nothing changed."""
    if is_seeded(store, catalogue):
        return None
    facts = list(catalogue_facts(catalogue))
    draft = Draft(
        kind=KIND,
        organisation=CITY,
        file_name="catalogue.json",
        file_bytes=_as_json(facts),
        file_sha256=catalogue.digest,
        facts=list(_changes(store, facts)),
        period=of("day", store.today()),
    )
    return accept(store, SYSTEM, receive(store, SYSTEM, draft), "随程序附带的目录")


def catalogue_facts(catalogue: Catalogue) -> Iterator[FactDraft]:
    """Every entry of the catalogue that the store keeps, as the rows it becomes."""
    for organisation in catalogue.organisations:
        yield FactDraft("organisation", {"valid_from": None, **asdict(organisation)})
    for indicator in catalogue.indicators.values():
        yield FactDraft("indicator_definition", asdict(indicator))
    for version in catalogue.lists:
        yield FactDraft("list_version", asdict(version))
    for measure in catalogue.measures:
        numbers = {"aspect_no": measure.aspect_no, "project_no": measure.project_no}
        yield FactDraft("measure", asdict(measure) | numbers)
    for assignment in catalogue.assignments:
        yield FactDraft("assignment", asdict(assignment))
    for meeting in catalogue.meetings:
        yield FactDraft("meeting", asdict(meeting))


def _changes(store: Store, facts: list[FactDraft]) -> Iterator[FactDraft]:
    for name in TABLES:
        before = _rows(store, name)
        now = {_key(name, f.values): f for f in facts if f.table == name}
        for key, fact in now.items():
            if before.get(key) != fact.values:
                yield fact
        alive = {_entity(name, fact.values): _from(fact.values) for fact in now.values()}
        for key, values in before.items():
            begun = alive.get(_entity(name, values))
            # An older version stays for its days; one that is gone, or newer than what is said now, ends.
            if key not in now and (begun is None or _from(values) > begun):
                yield FactDraft(name, {**values, "void": True})


def _from(values: dict[str, Any]) -> date:
    """The day an entry holds from; those that always held come first."""
    return values.get("valid_from") or date.min


def _rows(store: Store, name: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """What the last catalogue return of each key said, void ones left out."""
    table = FACTS[name]
    of_kind = table.return_id.in_(select(Return.id).where(Return.kind == KIND))
    rows = newest(table, AsOf(store.today()), of_kind)
    bookkeeping = set(Fact.__annotations__) | {"return_id"}
    with store.engine.connect() as connection:
        found = connection.execute(select(rows).where(~rows.c.void)).mappings()
        plain = [{k: v for k, v in row.items() if k not in bookkeeping} for row in found]
    return {_key(name, row): row for row in plain}


def _key(name: str, values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values[k] for k in FACTS[name].KEY)  # type: ignore[attr-defined]


def _entity(name: str, values: dict[str, Any]) -> tuple[Any, ...]:
    """What the entry is about, whatever day it holds from: an older version of it stays."""
    key: tuple[str, ...] = FACTS[name].KEY  # type: ignore[attr-defined]
    return tuple(values[k] for k in key if k != "valid_from")


def _as_json(facts: list[FactDraft]) -> bytes:
    plain = [[f.table, f.values] for f in facts]
    return json.dumps(plain, ensure_ascii=False, indent=0, default=str).encode()
