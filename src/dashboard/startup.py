"""From nothing to stores that can be asked: migrate, seed the catalogue, accept the published figures."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from .catalogue import CITY, Catalogue, CatalogueError, load
from .config import DATA, Settings
from .demo import POPULATION, DemoError, World, at_its_end, is_current, last_complete_month, renew
from .demo_figures import BASE_MONTH
from .figures import reading_quantity
from .geo import GeoError, Outline, check_coverage, check_names, fits, outlines
from .importers.published import unit_figures
from .importers.publishing import keep_in_step, published_drafts
from .importers.seed import seed_catalogue
from .knowledge import AsOf
from .queries import has_unit_returns, readings
from .store import (
    SHANGHAI,
    Clock,
    Store,
    StoreError,
    alone,
    open_store,
    real_clock,
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
        check_names(
            shapes, {o.code: o.name for o in catalogue.organisations if o.level == "county"}, OUTLINES.name
        )
        if not fits(shapes):
            check_coverage(shapes, OUTLINES.name)
        live = open_store(settings.url("live"), "live", clock)
        with alone(live):
            seed_catalogue(live, catalogue)
            keep_in_step(live, published_drafts(DATA, load(DATA)))  # an overlay may rename what was printed
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
