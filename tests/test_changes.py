"""What moved between two days, asked of a real store: figures by the same reporters, measures, who handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.catalogue import CITY
from dashboard.formulas import Quantity
from dashboard.knowledge import AsOf
from dashboard.readouts.changes import FigureMove, by_organisation, changes, figure_moves
from test_readouts import Told, seeded, told  # noqa: F401  fixtures

SINCE, LATER = date(2025, 12, 10), AsOf(date(2026, 1, 15))
STATIONS = "stations_count"


@pytest.fixture
def at(told: Told, clock):  # noqa: F811
    """Move the store's clock to noon of a day."""

    def move(day: date) -> Told:
        clock.set(day)
        return told

    return move


def moved(told: Told, indicator: str = STATIONS, as_of: AsOf = LATER) -> FigureMove | None:  # noqa: F811
    found = figure_moves(told.store.engine, as_of, SINCE, told.catalogue, told.known)
    return next((f for f in found if f.definition.indicator == indicator), None)


def test_a_figure_is_compared_over_the_units_that_reported_both_days_only(at):
    before = at(date(2025, 12, 3))
    for unit in before.units:
        before.reported(unit, STATIONS, "2025-11", 10)
    after = at(date(2026, 1, 4))
    for unit in after.units[:12]:
        after.reported(unit, STATIONS, "2025-12", 12)
    found = moved(after)

    assert (found.before.value.quantity, found.before.value.basis) == (Quantity(130), "units")
    assert (found.after.value.quantity, found.after.value.basis) == (Quantity(144), "partial")
    assert (found.change, found.organisations, found.why) == (24, 12, "")


def test_a_lower_bound_is_not_compared(at):
    at(date(2025, 12, 3)).reported("350502", STATIONS, "2025-11", 100, "ge")
    found = moved(at(date(2026, 1, 4)))
    assert (found.change, found.why) == (None, "有单位报的不是确数")

    at(date(2026, 1, 4)).reported("350502", STATIONS, "2025-12", 120, "ge")
    assert (moved(at(date(2026, 1, 4))).change) is None


def test_a_correction_of_the_same_period_is_a_change_of_what_is_known(at):
    at(date(2025, 12, 3)).reported("350502", STATIONS, "2025-11", 10)
    found = at(date(2026, 1, 4))
    found.reported("350502", STATIONS, "2025-11", 14)

    assert (moved(found).change, moved(found).organisations) == (4, 1)


def test_a_figure_that_counts_from_new_year_is_not_compared_with_last_years(at):
    at(date(2025, 12, 3)).reported("350502", STATIONS, "2025-11", 400)
    found = at(date(2026, 2, 4))
    found.reported("350502", STATIONS, "2026-01", 25)
    counts = {STATIONS: replace(found.known[STATIONS], since="year")}
    (moved_,) = figure_moves(found.store.engine, AsOf(date(2026, 2, 15)), SINCE, found.catalogue, counts)

    assert (moved_.change, moved_.why) == (None, "年初重新累计")


def test_two_published_figures_are_compared_when_both_are_exact(at):
    at(date(2025, 12, 3)).published(CITY, STATIONS, "2025-11", 500)
    at(date(2026, 1, 4)).published(CITY, STATIONS, "2025-12", 512)
    assert (moved(at(date(2026, 1, 4))).change, moved(at(date(2026, 1, 4))).organisations) == (12, 0)

    found = at(date(2026, 2, 5))
    found.published(CITY, STATIONS, "2026-01", 520, "ge")
    february = moved(found, as_of=AsOf(date(2026, 2, 15)))
    assert (february.change, february.why) == (None, "公开的不是确数")


def test_a_figure_that_was_not_known_then_says_so_and_one_nobody_knows_is_left_out(at):
    found = at(date(2026, 1, 4))
    found.reported("350502", STATIONS, "2025-12", 12)

    assert (moved(found).change, moved(found).why) == (None, "当时没有数")
    assert moved(found).before.value.quantity.value is None
    assert moved(found, "volunteers_count") is None


def test_a_measure_that_was_completed_in_between_is_named_and_counted(at):
    before = at(date(2025, 11, 20))
    chosen = next(m.number for m in before.catalogue.measures if not m.standing)
    owners = {a.organisation for a in before.catalogue.assignments if a.measure == chosen}
    for owner in owners:
        before.progress(owner, [chosen], "2025-11", percent=50.0)
    finished = {"percent": 100.0, "status": "已完成", "completed_on": date(2026, 1, 2)}
    for owner in owners:
        at(date(2026, 1, 3)).progress(owner, [chosen], "2025-12", **finished)
    found = changes(before.store.engine, LATER, SINCE, before.catalogue.light_rules)

    assert [(m.kind, m.measure.number) for m in found.moves if m.measure.number == chosen] == [
        ("completed", chosen)
    ]
    assert (found.done_before, found.done_after) == (0, 1)
    assert set(found.returned["organisation"]) == owners


def test_organisations_stand_in_official_order_and_nobody_is_ranked():
    frame = pd.DataFrame({"organisation": ["b", "a", "b", "c"]})
    assert by_organisation(frame, ["a", "b", "c", "d"]) == [("a", 1), ("b", 2), ("c", 1)]
