"""From nothing to stores that can be asked: migrate, seed the catalogue, accept the published figures."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from .catalogue import CITY, Catalogue, CatalogueError, load
from .config import DATA, Settings
from .demo import POPULATION, DemoError, World, at_its_end, is_current, last_complete_month, renew
from .demo_figures import BASE_MONTH
from .figures import reading_quantity
from .geo import GeoError, Outline, check_coverage, outlines
from .importers.published import published_returns, unit_figures
from .importers.seed import is_seeded, seed_catalogue
from .knowledge import AsOf
from .models import Return
from .queries import has_unit_returns, readings
from .store import (
    SHANGHAI,
    SYSTEM,
    Clock,
    Draft,
    Store,
    StoreError,
    accept,
    alone,
    duplicates,
    open_store,
    real_clock,
    receive,
)

OUTLINES = DATA / "geo" / "counties.geojson"


class StartError(Exception):
    """The product cannot start; the message is one sentence that names the way out."""


@dataclass(frozen=True)
class Stores:
    """What a running product holds: the catalogue, the stores, never mixed, and which of them opens first."""

    catalogue: Catalogue
    by_data: Mapping[str, Store]
    opens_with: str

    def __getitem__(self, data: str) -> Store:
        return self.by_data[data]


def prepare(settings: Settings, clock: Clock = real_clock) -> Stores:
    """Open, migrate and seed the stores; make the demo when it is missing or old. Raises StartError."""
    try:
        catalogue = load(DATA, settings.catalogue_overlay)
        shapes = outlines(OUTLINES)
        live = open_store(settings.url("live"), "live", clock)
        with alone(live):
            if not is_seeded(live, catalogue):
                check_coverage(shapes, OUTLINES.name)
                seed_catalogue(live, catalogue)
            accept_new(live, published_drafts(DATA, load(DATA)))  # an overlay may rename what was printed
        stores = {"live": live}
        if settings.demo:
            demo = open_store(settings.url("demo"), "demo", clock)
            with alone(demo):
                stores["demo"] = refreshed(demo, world(live, catalogue, shapes), clock)
    except (CatalogueError, DemoError, GeoError, StoreError) as error:
        raise StartError(str(error)) from error
    return Stores(catalogue, stores, _opens_with(settings, live))


def _opens_with(settings: Settings, live: Store) -> str:
    """The demo until the units have handed in figures of their own, unless the installation decides."""
    if settings.default_data != "auto":
        return settings.default_data
    return "demo" if settings.demo and not has_unit_returns(live.engine) else "live"


def world(live: Store, catalogue: Catalogue, shapes: tuple[Outline, ...]) -> World:
    """What the demo starts from: populations and the city figures published for January 2025."""
    as_of = AsOf(BASE_MONTH + timedelta(days=1))
    people = readings(live.engine, AsOf(live.today()), indicators=[POPULATION], latest=True)
    city = readings(live.engine, as_of, organisations=[CITY], latest=False)
    base = city[city["period_end"] == BASE_MONTH]
    census = unit_figures(DATA / "published" / "unit_figures.csv", DATA / "geo" / "units.csv", catalogue)
    return World(
        census=census,
        catalogue=catalogue,
        shapes={s.code: s for s in shapes},
        people=dict(zip(people["organisation"], people["value"], strict=True)),
        published={
            str(row["indicator"]): reading_quantity(row["value"], row["qualifier"])
            for _, row in base.iterrows()
        },
    )


def refreshed(demo: Store, start: World, clock: Clock = real_clock) -> Store:
    """The demo store, rebuilt when it is older than the last complete month; its clock stands at its end."""
    until = last_complete_month(clock().astimezone(SHANGHAI).date())
    if not is_current(demo, start.catalogue, until):
        sys.stderr.write(f"正在生成截至 {until:%Y-%m} 的演示数据，约需十几秒……\n")
        renew(demo, start, until)
    return at_its_end(demo)


def published_drafts(data: Path, catalogue: Catalogue) -> list[Draft]:
    """Every published figure that comes with the product, one draft per source and unit.

    Raises CatalogueError at the first problem: a shipped file must be without any.
    """
    drafts = unit_figures(data / "published" / "unit_figures.csv", data / "geo" / "units.csv", catalogue)
    drafts += published_returns(data / "published" / "published_figures.csv", catalogue)
    for draft in drafts:
        for problem in (*draft.problems, *duplicates(draft.facts)):
            raise CatalogueError(
                f"{problem.place}：{problem.rule}，写的是“{problem.found}”。{problem.advice}"
            )
    return drafts


def accept_new(store: Store, drafts: list[Draft]) -> int:
    """Receive and accept what this store has not accepted before; returns how many returns were new.

    A return that was received but not accepted, because the power failed in between, is accepted now.
    """
    with store.engine.connect() as connection:
        rows = connection.execute(
            select(Return.file_name, Return.file_sha256, Return.id, Return.state).where(
                Return.kind == "published"
            )
        ).all()
    waiting = {(row.file_name, row.file_sha256): row.id for row in rows if row.state == "waiting"}
    known = {(row.file_name, row.file_sha256) for row in rows if row.state != "waiting"}
    new = [d for d in drafts if (d.file_name, d.sha256) not in known]
    for draft in new:
        return_id = waiting.get((draft.file_name, draft.sha256)) or receive(store, SYSTEM, draft)
        accept(store, SYSTEM, return_id, "公开数据")
    return len(new)
