"""From nothing to stores that can be asked: migrate, seed the catalogue, accept the published figures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import SQLAlchemyError

from .catalogue import CITY, Catalogue, CatalogueError, load
from .config import DATA, Basemap, Settings
from .demo import EARLIEST_UNTIL, DemoError, World, at_its_end, last_complete_month, made_until, renew
from .demo_figures import BASE_MONTH
from .figures import reading_quantity
from .geo import GeoError, Outline, outlines
from .importers.outline_file import Drawing, drawing
from .importers.published import published_returns, unit_figures
from .importers.publishing import keep_in_step, published_drafts
from .importers.seed import seed_catalogue
from .queries import has_unit_returns
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
log = logging.getLogger("dashboard")

_Tending = Callable[[Store, Catalogue, Clock], None]


class StartError(Exception):
    """The product cannot start; the message is one sentence that names the way out."""


@dataclass(frozen=True)
class Stores:
    """What a running product holds: the catalogue, the stores, never mixed, which of them is to open first, the
    outlines of its maps and, where the installation has one, the ground below them."""

    catalogue: Catalogue
    by_data: Mapping[str, Store]
    default_data: str
    drawing: Drawing
    basemap: Basemap | None

    def __getitem__(self, data: str) -> Store:
        return self.by_data[data]

    @property
    def opens_with(self) -> str:
        """The demo until the units have handed in figures of their own, unless the installation decides.

        Asked anew every time: the first return of a county may come while the product runs. A live store
        that does not answer opens as well, to say so.
        """
        if self.default_data != "auto":
            return self.default_data
        with suppress(SQLAlchemyError):
            if "demo" in self.by_data and not has_unit_returns(self["live"].engine):
                return "demo"
        return "live"


def prepare(settings: Settings, clock: Clock = real_clock) -> Stores:
    """Open, migrate and seed the stores; make the demo when it is missing or old. Raises StartError."""
    return _announced(_opened(settings, clock, _refresh))


def prepare_as_it_is(settings: Settings, clock: Clock = real_clock) -> Stores:
    """The same for a question, which draws no map: a demo that was made stays up to the month it was made for."""
    return _opened(settings, clock, _keep)


def rebuild_demo(settings: Settings, until: date, clock: Clock = real_clock) -> Stores:
    """The same with the demo made anew up to the month of ``until``."""

    def anew(demo: Store, catalogue: Catalogue, _clock: Clock) -> None:
        _make(demo, catalogue, until)

    return _announced(_opened(settings, clock, anew))


def _opened(settings: Settings, clock: Clock, tend: _Tending) -> Stores:
    try:
        catalogue = load(DATA, settings.catalogue_overlay)
        live = open_store(settings.url("live"), "live", clock)
        with alone(live):
            seed_catalogue(live, catalogue)
            keep_in_step(live, published_drafts(DATA, load(DATA)))  # an overlay may rename what was printed
        stores = {"live": live}
        if settings.demo:
            demo = open_store(settings.url("demo"), "demo", clock)
            with alone(demo):
                tend(demo, catalogue, clock)
            stores["demo"] = at_its_end(demo)
    except (CatalogueError, DemoError, GeoError, StoreError) as error:
        raise StartError(str(error)) from error
    drawn = drawing(OUTLINES, settings.home, catalogue.organisations)
    return Stores(catalogue, stores, settings.default_data, drawn, settings.basemap)


def _announced(stores: Stores) -> Stores:
    """The same; without outlines the product starts all the same, says so, and shows tiles."""
    if stores.drawing.refused:
        log.warning("没有轮廓图，改用方格。%s", stores.drawing.refused)
    return stores


# --- the demo ---------------------------------------------------------------------------------------


def newest_demo_month(clock: Clock = real_clock) -> date:
    """The last complete month; on a machine whose clock is far behind, the first month there can be."""
    return max(EARLIEST_UNTIL, last_complete_month(clock().astimezone(SHANGHAI).date()))


def _refresh(demo: Store, catalogue: Catalogue, clock: Clock) -> None:
    """Made when it is missing, older than the last complete month, or of another catalogue or edition."""
    until = newest_demo_month(clock)
    end = made_until(demo, catalogue)
    if end is None or end < until:
        _make(demo, catalogue, until)


def _keep(demo: Store, catalogue: Catalogue, clock: Clock) -> None:
    """Made only when there is none of this catalogue and edition."""
    if made_until(demo, catalogue) is None:
        _make(demo, catalogue, newest_demo_month(clock))


def _make(demo: Store, catalogue: Catalogue, until: date) -> None:
    """In the shipped outlines, so that the demo of a month is the same whatever an installation draws."""
    log.info("正在生成截至 %s 的演示数据，约需十几秒……", f"{until:%Y-%m}")
    renew(demo, world(catalogue, outlines(OUTLINES)), until)


def world(catalogue: Catalogue, shapes: tuple[Outline, ...]) -> World:
    """What the demo starts from: populations and the city figures published for January 2025.

    They are read from the files that come with the product and not from the live store, so that the demo
    of a month is the same everywhere.
    """
    published = DATA / "published"
    census = unit_figures(published / "unit_figures.csv", DATA / "geo" / "units.csv", catalogue)
    people = [fact.values for draft in census for fact in draft.facts]
    city = [
        fact.values
        for draft in published_returns(published / "published_figures.csv", load(DATA))
        for fact in draft.facts
        if fact.values["organisation"] == CITY and fact.values["period_end"] == BASE_MONTH
    ]
    return World(
        census=census,
        catalogue=catalogue,
        shapes={s.code: s for s in shapes},
        people={v["organisation"]: v["value"] for v in sorted(people, key=lambda v: v["period_end"])},
        published={v["indicator"]: reading_quantity(v["value"], v["qualifier"]) for v in city},
    )
