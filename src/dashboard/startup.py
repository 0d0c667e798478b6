"""From nothing to stores that can be asked: migrate, seed the catalogue, accept the published figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from .catalogue import Catalogue, CatalogueError, load
from .config import DATA, Settings
from .geo import GeoError, outlines
from .importers.published import published_returns, unit_figures
from .importers.seed import seed_catalogue
from .models import Return
from .store import SYSTEM, Clock, Draft, Store, StoreError, accept, open_store, real_clock, receive

PUBLISHED = DATA / "published" / "published_figures.csv"


class StartError(Exception):
    """The product cannot start; the message is one sentence that names the way out."""


@dataclass(frozen=True)
class Stores:
    """What a running product holds: the catalogue and the two stores, never mixed."""

    catalogue: Catalogue
    by_data: Mapping[str, Store]

    def __getitem__(self, data: str) -> Store:
        return self.by_data[data]


def prepare(settings: Settings, clock: Clock = real_clock) -> Stores:
    """Open, migrate and seed both stores. Raises StartError."""
    try:
        catalogue = load(DATA, settings.catalogue_overlay)
        outlines(DATA / "geo" / "counties.geojson")
        by_data = {kind: open_store(settings.url(kind), kind, clock) for kind in ("live", "demo")}
        for store in by_data.values():
            seed_catalogue(store, catalogue)
        accept_new(by_data["live"], published_drafts(DATA, catalogue))
    except (CatalogueError, GeoError, StoreError) as error:
        raise StartError(str(error)) from error
    return Stores(catalogue, by_data)


def published_drafts(data: Path, catalogue: Catalogue) -> list[Draft]:
    """Every published figure that comes with the product, one draft per source and unit.

    Raises CatalogueError at the first problem: a shipped file must be without any.
    """
    drafts = unit_figures(data / "published" / "unit_figures.csv", data / "geo" / "units.csv", catalogue)
    drafts += published_returns(data / "published" / "published_figures.csv", catalogue)
    for draft in drafts:
        for problem in draft.problems:
            raise CatalogueError(
                f"{problem.place}：{problem.rule}，写的是“{problem.found}”。{problem.advice}"
            )
    return drafts


def accept_new(store: Store, drafts: list[Draft]) -> int:
    """Receive and accept what this store has not accepted before; returns how many returns were new."""
    with store.engine.connect() as connection:
        known = set(
            connection.execute(
                select(Return.file_name, Return.file_sha256).where(Return.kind == "published")
            ).tuples()
        )
    new = [d for d in drafts if (d.file_name, d.sha256) not in known]
    for draft in new:
        accept(store, SYSTEM, receive(store, SYSTEM, draft), "公开数据")
    return len(new)
