"""What a screen says, asked of a real store: the traps of design section 8, one by one."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.catalogue import CITY, Catalogue
from dashboard.figures import standing
from dashboard.formulas import NOTHING, Quantity
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.periods import parse
from dashboard.queries import progress
from dashboard.readouts.cards import Card, city_cards
from dashboard.readouts.measures import list_readout
from dashboard.readouts.readings import Definition, definitions_on, oldest, reading_history, said, sources
from dashboard.readouts.unit import Line, owed, places, unit_lines
from dashboard.readouts.unit_map import Cell, UnitMap, unit_map
from dashboard.store import SYSTEM, Draft, FactDraft, Source, Store, accept, open_store, receive

DAY = AsOf(date(2026, 1, 15))
PEOPLE = "resident_population_count"


class Told:
    """A store into which one reading after the other is told, and what the screens make of it."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self.store, self.catalogue = store, catalogue
        self._number = itertools.count()
        self._printed = itertools.count(1)

    @property
    def units(self) -> list[str]:
        return [u.code for u in self.catalogue.units]

    @property
    def known(self) -> dict[str, Definition]:
        return definitions_on(self.store.engine, DAY, self.catalogue)

    def reported(
        self, unit: str, indicator: str, period: str, value: float | None, qualifier: str = "eq"
    ) -> None:
        self._tell("readings", unit, indicator, period, value, qualifier, None)

    def published(
        self, unit: str, indicator: str, period: str, value: float | None, qualifier: str = "eq"
    ) -> None:
        printed = Source("S", f"报纸{next(self._printed)}", "B", "", parse(period).end, "day")
        self._tell("published", unit, indicator, period, value, qualifier, printed)

    def _tell(
        self,
        kind: str,
        unit: str,
        indicator: str,
        period: str,
        value: float | None,
        qualifier: str,
        source: Source | None,
    ) -> None:
        told = parse(period)
        values = {
            "indicator": indicator,
            "organisation": unit,
            "period_start": told.start,
            "period_end": told.end,
            "grain": told.grain,
            "value": value,
            "qualifier": qualifier,
        }
        self.hand_in(kind, unit, [FactDraft("reading", values, "B2")], source, period)

    def progress(self, unit: str, measures: list[str], period: str, **said_: Any) -> None:
        told = parse(period)
        facts = [
            FactDraft(
                "progress",
                {
                    "list_version": "2025",
                    "measure": measure,
                    "organisation": unit,
                    "period_start": told.start,
                    "period_end": told.end,
                    "grain": told.grain,
                    "percent": None,
                    "status": "推进中",
                    "completed_on": None,
                    **said_,
                },
            )
            for measure in measures
        ]
        self.hand_in("progress", unit, facts, None, period)

    def hand_in(
        self, kind: str, unit: str, facts: list[FactDraft], source: Source | None, period: str
    ) -> None:
        number = next(self._number)
        draft = Draft(
            kind=kind,
            organisation=unit,
            file_name=f"{number}.xlsx",
            file_bytes=str(number).encode(),
            facts=facts,
            period=parse(period),
            source=source,
        )
        accept(self.store, SYSTEM, receive(self.store, SYSTEM, draft))

    def card(self, indicator: str) -> Card:
        return self.card_of(indicator, DAY)

    def card_of(self, indicator: str, day: AsOf) -> Card:
        return city_cards(self.store.engine, day, self.catalogue, [self.known[indicator]])[0]

    def line(self, unit: str, indicator: str, *, with_zones: bool = False) -> Line:
        lines = unit_lines(self.store.engine, DAY, self.catalogue, self.known, unit, with_zones=with_zones)
        return next(found for found in lines if found.definition.indicator == indicator)

    def map(self, indicator: str, per: str = "count", *, with_zones: bool = False) -> UnitMap:
        definition = self.known[indicator]
        return unit_map(self.store.engine, DAY, self.catalogue, definition, per, with_zones=with_zones)

    def map_of(self, indicator: str, day: AsOf) -> UnitMap:
        definition = self.known[indicator]
        return unit_map(self.store.engine, day, self.catalogue, definition, "count", with_zones=False)

    def city_lines(self, day: AsOf) -> dict[str, Line]:
        found = unit_lines(self.store.engine, day, self.catalogue, self.known, CITY, with_zones=True)
        return {line.definition.indicator: line for line in found}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """The file of a store that holds the catalogue and nothing else."""
    path = tmp_path_factory.mktemp("readouts") / "store.sqlite"
    store = open_store(f"sqlite:///{path}", "live")
    seed_catalogue(store, catalogue)
    store.engine.dispose()
    return path


@pytest.fixture
def told(seeded: Path, tmp_path: Path, clock, catalogue: Catalogue) -> Iterator[Told]:
    path = Path(shutil.copy(seeded, tmp_path))
    store = open_store(f"sqlite:///{path}", "live", clock)
    yield Told(store, catalogue)
    store.engine.dispose()


def cell(found: UnitMap, code: str) -> Cell:
    return next(c for c in found.cells if c.code == code)


# --- a data period that is chosen --------------------------------------------------------------------


def test_a_chosen_period_leaves_aside_what_describes_a_later_one(told):
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-11", 10)
        told.reported(unit, "stations_count", "2025-12", 12)
    until = AsOf(DAY.day, until=parse("2025-11").end)

    assert told.card_of("stations_count", until).value.quantity == Quantity(130)
    assert told.card_of("stations_count", DAY).value.quantity == Quantity(156)


def test_a_chosen_period_shows_the_lights_of_its_last_day_by_what_is_known_of_it_since(told):
    """1-1-2 was due on 30 June 2025; what 鲤城's department said of June came in half a year late."""
    late = AsOf(DAY.day, until=parse("2025-05").end)
    told.progress("D-SWB", ["1-1-2"], "2025-05", percent=20.0)
    told.progress("D-SWB", ["1-1-2"], "2025-12", percent=60.0)
    rules = told.catalogue.light_rules

    assert list(progress(told.store.engine, late, "2025")["percent"]) == [20.0]
    assert list(progress(told.store.engine, DAY, "2025")["percent"]) == [60.0]
    then, now = (list_readout(told.store.engine, day, rules) for day in (late, DAY))
    duty = {
        name: next(d for d in found.duties if (d.number, d.organisation) == ("1-1-2", "D-SWB"))
        for name, found in (("then", then), ("now", now))
    }
    assert then.day == date(2025, 5, 31)
    assert (duty["then"].percent, duty["then"].light) == (20.0, "far_behind")
    assert duty["now"].light == "overdue"
    assert (then.whole.should, then.whole.time_used < now.whole.time_used) == (0, True)


def test_a_period_before_the_first_list_has_none(told):
    until = AsOf(DAY.day, until=parse("2024-12").end)

    assert list_readout(told.store.engine, until, told.catalogue.light_rules) is None


def test_a_figure_stands_beside_the_target_of_its_own_year(told):
    for unit in told.units:
        for period, value in (("2025-12", 20), ("2026-01", 21)):
            told.reported(unit, "stations_count", period, value)
    for year, aim in ((2025, 25), (2026, 30)):
        for owner in (CITY, "350582"):
            told.hand_in("targets", owner, [target(owner, "stations_count", aim, str(year))], None, str(year))
    late = AsOf(date(2026, 2, 20))
    until = AsOf(date(2026, 2, 20), until=parse("2025-12").end)

    for day, aim in ((late, 30), (until, 25)):
        lines = unit_lines(told.store.engine, day, told.catalogue, told.known, "350582", with_zones=False)
        own = next(line for line in lines if line.definition.indicator == "stations_count")
        assert (own.target, told.card_of("stations_count", day).target) == (aim, aim)


def test_a_chosen_period_is_compared_with_the_year_before_it(told):
    for unit in told.units:
        for period, value in (("2022-12", 8), ("2023-12", 10)):
            told.reported(unit, "stations_count", period, value)
    until = AsOf(DAY.day + timedelta(days=365), until=parse("2023-12").end)
    lines = unit_lines(told.store.engine, until, told.catalogue, told.known, "350582", with_zones=False)
    own = next(line for line in lines if line.definition.indicator == "stations_count")

    for found, change in ((own.comparisons, 2), (told.card_of("stations_count", until).comparisons, 26)):
        assert next(c.change for c in found if c.name == "同比") == change


# --- the city's value -------------------------------------------------------------------------------


def test_twelve_of_thirteen_are_a_partial_sum_and_not_the_citys_figure(told):
    for unit in told.units[:12]:
        told.reported(unit, "stations_count", "2025-12", 10)
    card = told.card("stations_count")

    assert (card.value.basis, card.value.quantity) == ("partial", Quantity(120))
    assert (card.value.reported, card.value.expected) == (12, 13)
    assert card.period is not None
    assert card.period.label == "2025-12"
    assert card.said is None


def test_the_first_days_of_a_month_do_not_stand_for_it_before_its_return_day(told, clock):
    """Stations are due on the 5th: until then four who were early are not the city, nor are the others out of date."""
    clock.set(date(2025, 12, 4))
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-11", 10)
    clock.set(date(2026, 1, 3))
    for unit in told.units[:4]:
        told.reported(unit, "stations_count", "2025-12", 12)
    early, due, missing = (told.card_of("stations_count", AsOf(date(2026, 1, day))) for day in (3, 5, 6))

    assert (early.period.label, early.value.basis, early.value.quantity) == (
        "2025-11",
        "units",
        Quantity(130),
    )
    assert (due.period, due.value) == (early.period, early.value)
    assert (missing.period.label, missing.value.basis, missing.value.reported) == ("2025-12", "partial", 4)
    assert {c.state for c in told.map_of("stations_count", AsOf(date(2026, 1, 3))).cells} == {"value"}
    lines = told.city_lines(AsOf(date(2026, 1, 3)))
    assert lines["stations_count"].quantity == Quantity(130)


def test_a_period_that_all_have_reported_before_its_return_day_counts_at_once(told, clock):
    clock.set(date(2026, 1, 3))
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-11", 10)
        told.reported(unit, "stations_count", "2025-12", 12)

    assert told.card_of("stations_count", AsOf(date(2026, 1, 3))).value.quantity == Quantity(156)


def test_the_very_first_figures_are_shown_also_before_their_return_day(told, clock):
    clock.set(date(2026, 1, 3))
    told.reported("350502", "stations_count", "2025-12", 12)
    card = told.card_of("stations_count", AsOf(date(2026, 1, 3)))

    assert (card.value.basis, card.value.reported) == ("partial", 1)


def test_a_period_that_somebody_chose_is_shown_as_it_is(told, clock):
    clock.set(date(2026, 1, 3))
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-11", 10)
    told.reported("350502", "stations_count", "2025-12", 12)
    card = told.card_of("stations_count", AsOf(date(2026, 1, 3), until=date(2025, 12, 31)))

    assert (card.period.label, card.value.reported) == ("2025-12", 1)


def test_all_thirteen_are_the_citys_figure(told):
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-12", 10)
    card = told.card("stations_count")

    assert (card.value.basis, card.value.quantity) == ("units", Quantity(130))
    assert (card.value.reported, card.value.expected) == (13, 13)


def test_a_published_figure_of_the_same_period_stands_for_the_city_until_all_have_reported(told):
    told.published(CITY, "stations_count", "2025-12", 500, "ge")
    for unit in told.units[:12]:
        told.reported(unit, "stations_count", "2025-12", 10)
    card = told.card("stations_count")

    assert (card.value.basis, card.value.quantity) == ("published", Quantity(500, "ge"))
    assert card.value.reported == 12


def test_city_and_units_are_never_added_and_both_are_kept_where_both_exist(told):
    told.published(CITY, "stations_count", "2025-12", 500, "ge")
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-12", 10)
    card = told.card("stations_count")

    assert (card.value.basis, card.value.quantity) == ("units", Quantity(130))
    assert card.value.beside == Quantity(500, "ge")


def test_an_old_published_figure_gives_way_to_a_sum_above_the_coverage_line_only(told):
    told.published(CITY, "stations_count", "2025-01", 500, "ge")
    for unit in told.units[:10]:
        told.reported(unit, "stations_count", "2025-12", 10)
    below = told.card("stations_count")
    told.reported(told.units[10], "stations_count", "2025-12", 10)
    above = told.card("stations_count")

    assert (below.value.basis, below.value.reported) == ("published", 10)
    assert (above.value.basis, above.value.reported) == ("partial", 11)


def test_a_published_figure_beside_three_published_units_is_the_published_figure(told):
    told.published(CITY, "volunteers_count", "2025-01", 2_240_000, "ge")
    for unit in told.units[:3]:
        told.published(unit, "volunteers_count", "2025-02", 90_000, "ge")
    card = told.card("volunteers_count")

    assert (card.value.basis, card.value.quantity) == ("published", Quantity(2_240_000, "ge"))
    assert (card.value.reported, card.units_said) == (0, 3)


def test_figures_published_here_and_there_never_add_up_to_a_city(told):
    for unit in told.units:
        told.published(unit, "volunteers_count", "2025-02", 90_000)
    card = told.card("volunteers_count")

    assert (card.value.basis, card.value.quantity) == ("none", NOTHING)
    assert card.units_said == 13


def test_a_figure_of_another_period_is_not_among_those_that_reported(told):
    for unit in told.units[:12]:
        told.reported(unit, "stations_count", "2025-12", 10)
    told.reported(told.units[12], "stations_count", "2025-11", 10)

    assert told.card("stations_count").value.reported == 12


def test_one_lower_bound_makes_the_sum_a_lower_bound_and_one_estimate_an_estimate(told):
    for unit in told.units[:12]:
        told.reported(unit, "stations_count", "2025-12", 10)
    told.reported(told.units[12], "stations_count", "2025-12", 10, "ge")
    assert told.card("stations_count").value.quantity == Quantity(130, "ge")

    told.reported(told.units[11], "stations_count", "2025-12", 10, "approx")
    assert told.card("stations_count").value.quantity == Quantity(130, "approx")


def test_nothing_at_all_is_nothing_and_never_zero(told):
    card = told.card("stations_count")

    assert (card.value.basis, card.value.quantity, card.period) == ("none", NOTHING, None)
    assert card.per_10k == NOTHING


def test_a_reported_zero_is_a_figure(told):
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-12", 0)

    assert told.card("stations_count").value.quantity == Quantity(0)
    assert {c.state for c in told.map("stations_count").cells} == {"value"}


# --- 较上期, 较年初, 同比 ------------------------------------------------------------------------------


def compared(card: Card) -> dict[str, tuple[float | None, int, str]]:
    return {c.name: (c.change, c.organisations, c.why) for c in card.comparisons}


def test_twelve_of_thirteen_are_compared_with_the_same_twelve_of_last_month(told):
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-11", 10)
    for unit in told.units[:12]:
        told.reported(unit, "stations_count", "2025-12", 12)

    assert compared(told.card("stations_count"))["较上期"] == (24, 12, "")


def test_a_period_closed_by_a_late_return_is_compared_over_all_thirteen(told):
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-11", 10)
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-12", 12)
    card = told.card("stations_count")

    assert (card.value.basis, card.value.quantity) == ("units", Quantity(156))
    assert compared(card)["较上期"] == (26, 13, "")


def test_a_lower_bound_less_a_lower_bound_is_incomparable(told):
    for period, value in (("2025-11", 100), ("2025-12", 120)):
        told.reported("350502", "stations_count", period, value, "ge")

    assert compared(told.card("stations_count"))["较上期"] == (None, 1, "有单位报的不是确数")


def test_a_stock_is_compared_with_last_month_the_beginning_and_the_same_month_of_last_year(told):
    for period, value in (("2024-12", 10), ("2025-11", 19), ("2024-11", 7)):
        told.reported("350502", "stations_count", period, value)
    told.reported("350502", "stations_count", "2025-12", 20)
    found = told.card("stations_count").comparisons

    assert [(c.name, c.before.label, c.change) for c in found] == [
        ("较上期", "2025-11", 1),
        ("较年初", "2024-12", 10),
        ("同比", "2024-12", 10),
    ]


def test_january_of_a_figure_that_counts_from_new_year_is_not_compared_with_december(told):
    for period, value in (("2025-01", 30), ("2025-12", 400), ("2026-01", 25)):
        told.reported("350502", "town_documents_count", period, value)
    card = told.card_of("town_documents_count", AsOf(date(2026, 2, 15)))

    assert compared(card) == {"同比": (-5, 1, ""), "较上期": (None, 0, "年初重新累计")}
    assert card.comparisons[0].name == "同比"


def test_what_cannot_be_compared_stands_behind_what_can(told):
    told.reported("350502", "stations_count", "2024-12", 10)
    told.reported("350502", "stations_count", "2025-12", 20)

    assert [(c.name, c.change is None) for c in told.card("stations_count").comparisons] == [
        ("较年初", False),
        ("同比", False),
        ("较上期", True),
    ]


def test_a_published_figure_is_compared_with_nothing(told):
    told.published(CITY, "stations_count", "2024-12", 400)
    told.published(CITY, "stations_count", "2025-12", 500, "ge")

    assert told.card("stations_count").comparisons == ()


# --- a unit beside its past ---------------------------------------------------------------------------


def target(unit: str, indicator: str, value: float, label: str = "2025") -> FactDraft:
    year = parse(label)
    return FactDraft(
        "target",
        {
            "indicator": indicator,
            "organisation": unit,
            "period_start": year.start,
            "period_end": year.end,
            "grain": "year",
            "value": value,
        },
    )


def test_a_unit_is_compared_with_its_own_past_and_its_target_of_the_year(told):
    for period, value in (("2025-11", 19), ("2025-12", 20)):
        told.reported("350582", "stations_count", period, value)
    told.hand_in("targets", "350582", [target("350582", "stations_count", 30)], None, "2025")
    line = told.line("350582", "stations_count")

    assert next((c.name, c.change) for c in line.comparisons) == ("较上期", 1)
    assert line.target == 30


def test_a_county_with_its_zone_is_compared_only_where_both_reported_both_periods(told):
    for unit, values in (("350502", (10, 12)), ("QZ-KF", (3, 4))):
        for period, value in zip(("2025-11", "2025-12"), values, strict=True):
            told.reported(unit, "stations_count", period, value)
    assert told.line("350502", "stations_count", with_zones=True).comparisons[0].change == 3

    told.reported("350502", "stations_count", "2024-12", 5)
    year = next(
        c for c in told.line("350502", "stations_count", with_zones=True).comparisons if c.name == "较年初"
    )
    assert (year.change, year.why) == (None, "没有两期都报的单位")


def test_a_target_of_a_county_with_its_zone_is_the_sum_and_absent_when_one_is_missing(told):
    for unit, value in (("350502", 12), ("QZ-KF", 4)):
        told.reported(unit, "stations_count", "2025-12", value)
    told.hand_in("targets", "350502", [target("350502", "stations_count", 30)], None, "2025")
    assert told.line("350502", "stations_count", with_zones=True).target is None

    told.hand_in("targets", "QZ-KF", [target("QZ-KF", "stations_count", 6)], None, "2025")
    assert told.line("350502", "stations_count", with_zones=True).target == 36


def test_a_unit_owes_what_it_has_not_returned_for_the_last_period_due(told):
    told.reported("350582", "stations_count", "2025-12", 20)
    told.reported("350582", "care_events_count", "2025-11", 5)
    told.published("350582", "volunteers_count", "2025-12", 5)
    lines = unit_lines(told.store.engine, DAY, told.catalogue, told.known, "350582", with_zones=False)
    found = {o.definition.indicator: o.last for o in owed(lines, DAY.day)}

    assert "stations_count" not in found
    assert found["care_events_count"] == parse("2025-11")
    assert found["volunteers_count"] is None


def test_on_the_return_day_nothing_is_owed_yet(told):
    told.reported("350582", "stations_count", "2025-11", 20)
    lines = unit_lines(told.store.engine, DAY, told.catalogue, told.known, "350582", with_zones=False)

    for day, owes in ((date(2026, 1, 5), False), (date(2026, 1, 6), True)):
        assert ("stations_count" in {o.definition.indicator for o in owed(lines, day)}) is owes


# --- rates ------------------------------------------------------------------------------------------


def test_a_rate_takes_the_population_with_the_latest_period_not_after_the_figures_own(told):
    told.published("350582", PEOPLE, "2020-11-01", 2_000_000)
    told.published("350582", PEOPLE, "2021-12-31", 4_000_000)
    told.published("350582", "volunteers_count", "2021-06-30", 1_000_000)

    assert told.line("350582", "volunteers_count").per_10k == Quantity(5_000)


def test_the_rate_of_a_unit_is_the_same_on_its_page_and_on_the_map_whatever_the_others_reported(told):
    told.published("350582", PEOPLE, "2020-11-01", 2_000_000)
    told.published("350582", PEOPLE, "2021-12-31", 4_000_000)
    told.published("350582", "volunteers_count", "2021-06-30", 1_000_000)
    told.published("350581", "volunteers_count", "2025-02-20", 90_000)

    assert cell(told.map("volunteers_count", "10k"), "350582").quantity == Quantity(5_000)


def test_the_rate_of_the_city_is_the_same_on_its_card_and_on_its_page(told):
    told.published(CITY, PEOPLE, "2020-11-01", 8_000_000)
    told.published(CITY, PEOPLE, "2021-12-31", 9_000_000)
    told.published(CITY, "volunteers_count", "2021-06-30", 1_600_000)

    assert told.card("volunteers_count").per_10k == Quantity(2_000)
    assert told.line(CITY, "volunteers_count", with_zones=True).per_10k == Quantity(2_000)


@pytest.mark.parametrize(
    ("reporting", "basis", "says"),
    [(13, "units", "13/13 已报"), (12, "partial", "已报合计 12/13"), (3, "published", "市级公开")],
)
def test_the_page_of_the_city_says_what_its_card_says(told, reporting, basis, says):
    told.published(CITY, "stations_count", "2025-01", 500, "ge")
    for unit in told.units[:reporting]:
        told.reported(unit, "stations_count", "2025-12", 10)
    card, line = told.card("stations_count"), told.line(CITY, "stations_count", with_zones=True)

    assert line.city == card.value
    assert line.quantity == card.value.quantity
    assert line.per_10k == card.per_10k
    assert line.said is not None
    assert line.said.period == card.period
    assert (card.value.basis, standing(card.value)) == (basis, says)


def test_a_rate_without_a_population_is_no_rate_and_not_zero(told):
    told.published("350582", "volunteers_count", "2025-02-20", 90_000)
    told.published("350581", PEOPLE, "2021-12-31", 600_000)
    told.published("350581", "volunteers_count", "2025-02-20", 90_000, "ge")
    shown = told.map("volunteers_count", "10k")

    assert told.line("350582", "volunteers_count").per_10k == NOTHING
    assert cell(shown, "350582").quantity == NOTHING
    assert cell(shown, "350582").class_no is None
    assert cell(shown, "350581").quantity == Quantity(1_500, "ge")


def test_a_rate_over_a_population_that_is_not_exact_is_no_rate(told):
    told.published("350582", PEOPLE, "2021-12-31", 2_000_000, "approx")
    told.published("350582", "volunteers_count", "2025-02-20", 90_000)

    assert told.line("350582", "volunteers_count").per_10k == NOTHING


# --- zones ------------------------------------------------------------------------------------------


def test_a_county_with_its_zone_is_the_sum_and_the_zone_is_not_drawn_beside_it(told):
    told.reported("350502", "stations_count", "2025-12", 30)
    told.reported("QZ-KF", "stations_count", "2025-12", 5, "ge")
    shown = told.map("stations_count", with_zones=True)

    assert cell(shown, "350502").quantity == Quantity(35, "ge")
    assert len(shown.cells) == shown.expected == 11
    assert [c.code for c in shown.cells if c.code.startswith("QZ")] == []
    assert told.line("350502", "stations_count", with_zones=True).quantity == Quantity(35, "ge")
    assert told.line("350502", "stations_count").quantity == Quantity(30)


def test_a_sum_names_the_sources_of_all_its_parts_and_is_no_better_than_the_worst(told):
    told.published("350502", "stations_count", "2025-12", 30)
    told.reported("QZ-KF", "stations_count", "2025-12", 5)
    said_ = told.line("350502", "stations_count", with_zones=True).said

    assert said_ is not None
    assert said_.organisation == "350502"
    assert (said_.source, said_.grade, said_.published) == ("本屏相加：报纸1；单位报送", "B", True)
    assert said_.known_on == DAY.day


def test_a_county_whose_zone_is_missing_has_no_sum_and_says_which_zone_is_missing(told):
    told.reported("350502", "stations_count", "2025-12", 30)
    line = told.line("350502", "stations_count", with_zones=True)

    assert (line.said, line.quantity, line.missing_zone) == (None, NOTHING, "开发区")
    assert cell(told.map("stations_count", with_zones=True), "350502").quantity == NOTHING
    assert cell(told.map("stations_count", with_zones=False), "350502").quantity == Quantity(30)


def test_the_map_tells_a_missing_zone_from_a_county_that_said_nothing(told):
    told.reported("350521", "stations_count", "2025-12", 30)
    shown = told.map("stations_count", with_zones=True)

    assert (cell(shown, "350521").state, cell(shown, "350521").missing) == ("incomplete", "台商区")
    assert (cell(shown, "350502").state, cell(shown, "350502").missing) == ("unreported", "")


def test_a_zone_without_its_county_is_no_figure_of_the_county(told):
    told.reported("QZ-KF", "stations_count", "2025-12", 5)

    assert told.line("350502", "stations_count", with_zones=True).quantity == NOTHING
    assert cell(told.map("stations_count", with_zones=True), "350502").quantity == NOTHING


def test_figures_of_two_periods_are_not_folded_into_one(told):
    told.reported("350502", "stations_count", "2025-12", 30)
    told.reported("QZ-KF", "stations_count", "2025-11", 5)

    assert told.line("350502", "stations_count", with_zones=True).quantity == NOTHING


def test_a_county_without_zones_is_the_same_with_and_without(told):
    told.reported("350582", "stations_count", "2025-12", 30)

    assert told.line("350582", "stations_count", with_zones=True).quantity == Quantity(30)


def test_the_rate_of_a_county_with_its_zone_divides_by_both_populations(told):
    for unit, people, count in (("350502", 400_000, 20), ("QZ-KF", 100_000, 30)):
        told.published(unit, PEOPLE, "2021-12-31", people)
        told.reported(unit, "stations_count", "2025-12", count)

    assert told.line("350502", "stations_count", with_zones=True).per_10k == Quantity(1)
    assert told.line("350502", "stations_count").per_10k == Quantity(0.5)


def test_the_printed_city_figure_cannot_be_taken_apart(told):
    told.published(CITY, "stations_count", "2025-01", 500, "ge")
    line = told.line(CITY, "stations_count")

    assert (line.said, line.quantity) == (None, NOTHING)
    assert line.missing_zone == "市级公开数含开发区，无法拆分"
    assert told.line(CITY, "stations_count", with_zones=True).quantity == Quantity(500, "ge")


def test_the_city_without_its_zones_is_the_sum_of_the_eleven(told):
    told.published(CITY, "stations_count", "2025-12", 500, "ge")
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-12", 10)

    assert told.line(CITY, "stations_count").quantity == Quantity(110)


def test_a_ratio_is_never_folded_and_never_compared(told):
    for unit in told.units:
        told.published(unit, "owners_committee_pct", "2025", 90)
    with_zone, alone = (told.line("350502", "owners_committee_pct", with_zones=z) for z in (True, False))

    assert with_zone.quantity == alone.quantity == Quantity(90)
    assert with_zone.others is alone.others is None


# --- the others -------------------------------------------------------------------------------------


def test_a_ratio_is_not_folded_on_the_map_either(told):
    told.reported("350521", "owners_committee_pct", "2025", 98.0)
    told.reported("QZ-TS", "owners_committee_pct", "2025", 98.3)
    found = told.map("owners_committee_pct", with_zones=True)

    assert cell(found, "350521").quantity == Quantity(98.0)
    assert not found.with_zones
    assert [c.code for c in found.cells] == [u.code for u in told.catalogue.units if not u.within_code]


def test_ratios_of_all_units_are_never_added_up_to_a_city(told):
    for unit in told.units:
        told.reported(unit, "owners_committee_pct", "2025-12", 98.0)

    assert told.card("owners_committee_pct").value.basis == "none"
    assert told.line(CITY, "owners_committee_pct", with_zones=True).quantity == NOTHING


def test_median_and_range_of_the_others_need_five_of_them(told):
    for unit, value in zip(told.units[1:5], (1, 2, 3, 4), strict=True):
        told.reported(unit, "stations_count", "2025-12", value)
    told.reported(told.units[0], "stations_count", "2025-12", 99)
    four = told.line(told.units[0], "stations_count")
    told.reported(told.units[5], "stations_count", "2025-12", 100)
    five = told.line(told.units[0], "stations_count")

    assert (four.others, four.others_count) == (None, 4)
    assert five.others is not None
    assert (five.others.median, five.others.low, five.others.high, five.others.count) == (3, 1, 100, 5)


def test_a_median_is_taken_of_exact_figures_only(told):
    for unit in told.units[:6]:
        told.reported(unit, "stations_count", "2025-12", 10)
    assert told.line(told.units[0], "stations_count").others_count == 5
    told.reported(told.units[1], "stations_count", "2025-12", 10, "ge")

    line = told.line(told.units[0], "stations_count")
    assert (line.others, line.others_count) == (None, 4)


def test_the_city_and_the_unit_itself_are_not_among_the_others(told):
    told.published(CITY, "stations_count", "2025-12", 10_000)
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-12", 10)

    assert told.line("350502", "stations_count").others_count == 12


def test_a_zone_folded_into_its_county_is_not_one_of_the_others(told):
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-12", 10)
    line = told.line("350502", "stations_count", with_zones=True)

    assert line.others_count == 10
    assert line.others is not None
    assert (line.others.low, line.others.high) == (10, 20)


def test_figures_of_other_periods_are_not_among_the_others(told):
    for unit in told.units[:6]:
        told.reported(unit, "stations_count", "2025-12", 10)
    for unit in told.units[6:]:
        told.reported(unit, "stations_count", "2024-12", 1_000)

    assert told.line(told.units[0], "stations_count").others_count == 5


def test_a_unit_two_months_behind_is_held_against_what_the_others_said_of_its_own_period(told, clock):
    for number, unit in enumerate(told.units):
        told.reported(unit, "stations_count", "2025-10", 10 + number)
    for period in ("2025-11", "2025-12"):
        for unit in told.units[1:]:
            told.reported(unit, "stations_count", period, 1_000)
    line = told.line(told.units[0], "stations_count")

    assert (line.said.period, line.others_count) == (parse("2025-10"), 12)
    assert (line.others.low, line.others.high, line.others.count) == (11, 22, 12)


# --- the map ----------------------------------------------------------------------------------------


def test_a_figure_of_an_older_window_is_expired_keeps_its_value_and_has_no_class(told):
    told.reported("350582", "stations_count", "2025-12", 20)
    told.reported("350581", "stations_count", "2024-12", 30)
    shown = told.map("stations_count")

    assert (cell(shown, "350582").state, cell(shown, "350582").class_no) == ("value", 0)
    old = cell(shown, "350581")
    assert (old.state, old.quantity, old.class_no) == ("expired", Quantity(30), None)
    assert old.period is not None
    assert old.period.label == "2024-12"
    assert cell(shown, "350583").state == "unreported"


def test_a_printed_but_unreadable_figure_is_not_called_unreported(told):
    told.published("350582", "stations_count", "2025-12", None, "unknown")

    assert cell(told.map("stations_count"), "350582").state == "unreadable"


def test_the_classes_are_broken_once_from_the_thirteen_whatever_is_drawn(told):
    for place, unit in enumerate(told.units):
        told.reported(unit, "stations_count", "2025-12", 10 * (place + 1))
    alone, folded = told.map("stations_count"), told.map("stations_count", with_zones=True)

    # One legend for both: the 13 cut at 34, 58, 82 and 106, and 鲤城 with its zone 130, 惠安 with its zone 210.
    assert alone.bounds == folded.bounds == ((10, 30), (40, 50), (60, 80), (90, 100), (110, 210))
    assert max(c.quantity.value for c in folded.cells) == 210
    assert [c.class_no for c in alone.cells] == sorted(
        c.class_no for c in alone.cells if c.class_no is not None
    )
    assert {c.class_no for c in alone.cells} == {0, 1, 2, 3, 4}


def test_a_class_with_a_lower_bound_in_it_says_so_on_both_drawings(told):
    """鲤城 is printed as 500多 and its zone as 20: on the outlines they are one figure, on the tiles two."""
    for place, unit in enumerate(told.units):
        told.reported(unit, "stations_count", "2025-12", 10 * (place + 1))
    told.published("350502", "stations_count", "2025-12", 500, "ge")
    alone, folded = told.map("stations_count"), told.map("stations_count", with_zones=True)
    ends = [value for bounds in alone.bounds if bounds for value in bounds]
    drawn = {c.quantity.value for shown in (alone, folded) for c in shown.cells}

    assert (alone.bounds, alone.qualifiers) == (folded.bounds, folded.qualifiers)
    assert "ge" in alone.qualifiers[-1]
    assert set(ends) <= drawn


def test_the_bounds_printed_are_those_of_the_figures_that_are_classed(told):
    told.reported("350582", "stations_count", "2025-12", 20)
    told.reported("350581", "stations_count", "2024-12", 9_000)

    assert told.map("stations_count").bounds == ((20, 20),)


def test_no_figure_is_printed_in_two_classes_and_a_class_without_any_has_no_bounds(told):
    """Cut at 10, 10.4 and so on: the second class lies between two figures and is empty."""
    for unit, value in zip(told.units, (1, 10, 10, 11, 12, 13, 14), strict=False):
        told.reported(unit, "stations_count", "2025-12", value)
    shown = told.map("stations_count")

    assert shown.bounds == ((1, 10), None, (11, 11), (12, 12), (13, 14))
    assert {c.class_no for c in shown.cells if c.quantity.value is not None} == {0, 2, 3, 4}


def test_equal_figures_are_one_class(told):
    for unit in told.units:
        told.reported(unit, "stations_count", "2025-12", 7)
    shown = told.map("stations_count")

    assert shown.bounds == (
        (7, 14),
    )  # the legend is that of the outlines too, on which two counties hold their zones
    assert {c.class_no for c in shown.cells} == {0}


def test_an_empty_map_has_no_classes_and_thirteen_cells_in_official_order(told):
    shown = told.map("stations_count")

    assert (shown.bounds, shown.period, shown.reported, shown.expected) == ((), None, 0, 13)
    assert [c.code for c in shown.cells] == told.units
    assert {(c.state, c.class_no) for c in shown.cells} == {("unreported", None)}


# --- readings, sources, age -------------------------------------------------------------------------


def test_history_tells_which_row_counts_and_which_was_replaced(told):
    told.reported("350582", "stations_count", "2025-12", 20)
    told.reported("350582", "stations_count", "2025-12", 21)
    rows = reading_history(told.store.engine, DAY, "stations_count", "350582")

    assert [(s.quantity.value, current, void) for s, current, void in rows] == [
        (21, True, False),
        (20, False, False),
    ]


def test_a_figure_without_a_printed_source_comes_from_the_unit_itself(told):
    told.reported("350582", "stations_count", "2025-12", 20)
    ((found, _, _),) = reading_history(told.store.engine, DAY, "stations_count", "350582")

    assert (found.source, found.place, found.published) == ("单位报送", "B2", False)


def test_sources_are_named_once_and_the_newest_first(told):
    told.published("350582", "stations_count", "2025-01", 20)
    told.published("350581", "stations_count", "2025-02", 20)

    found = sources(told.store.engine, DAY, told.units)["stations_count"]
    assert found == ("报纸2（B 级）", "报纸1（B 级）")


def test_what_units_said_last_is_a_source_and_a_publication_of_an_older_period_stays_one(told):
    told.published("350582", "stations_count", "2025-01", 20)
    told.reported("350582", "stations_count", "2025-11", 22)
    told.reported("350582", "stations_count", "2025-12", 23)
    found = sources(told.store.engine, DAY, told.units)["stations_count"]

    assert found == ("单位报送", "报纸1（B 级）")


def test_the_oldest_figure_is_the_one_with_the_oldest_period_and_nothing_has_no_age(told):
    told.published("350582", "stations_count", "2025-01", 20)
    told.published("350581", "stations_count", "2024-01", 20)
    rows = [
        r
        for code in ("350582", "350581")
        for r, _, _ in reading_history(told.store.engine, DAY, "stations_count", code)
    ]

    found = oldest([None, *rows])
    assert found is not None
    assert found.organisation == "350581"
    assert oldest([None]) is None
    assert said(pd.DataFrame()) == []


def test_towns_are_listed_with_what_they_reported_and_add_nothing_to_their_unit(told):
    town = next(o.code for o in told.catalogue.organisations if o.name == "磁灶镇")
    told.reported(town, "stations_count", "2025-12", 3)
    table = places(told.store.engine, DAY, told.catalogue, told.known, "350582")
    column = [d.indicator for d in table.columns].index("stations_count")

    assert len(table.rows) == 22
    given = next(r.said[column] for r in table.rows if r.code == town)
    assert given is not None
    assert given.quantity == Quantity(3)
    assert next(r.said[column] for r in table.rows if r.code != town) is None
    assert told.line("350582", "stations_count").quantity == NOTHING


# --- the list ---------------------------------------------------------------------------------------


def read_list(told: Told, day: AsOf = DAY):
    return list_readout(told.store.engine, day, told.catalogue.light_rules)


def test_before_the_first_list_there_is_none(told):
    assert read_list(told, AsOf(date(2025, 1, 9))) is None
    assert read_list(told, AsOf(date(2025, 1, 10))) is not None


def test_as_long_as_nobody_reported_all_sixty_are_unreported_and_that_is_not_nought_done(told):
    found = read_list(told)
    dues = [m.due for m in told.catalogue.measures if m.due is not None]

    assert found.silent
    assert not found.official
    assert (found.whole.total, found.whole.standing, found.whole.countable) == (60, 9, 51)
    assert found.whole.lights["not_reported"] == 60
    assert found.whole.should == sum(due <= DAY.day for due in dues)
    assert [t.total for t in found.aspects] == [9, 9, 6, 9, 9, 12, 6]
    assert len(found.measures) == 60


def test_a_measure_is_done_when_all_its_responsible_organisations_are(told):
    duties: dict[str, list[str]] = {}
    for a in told.catalogue.assignments:
        if a.role == "responsible":
            duties.setdefault(a.measure, []).append(a.organisation)
    ending = {m.number for m in told.catalogue.measures if m.due and m.start < date(2025, 6, 1)}
    number = next(n for n, who in duties.items() if len(who) > 1 and n in ending)
    first, *rest = duties[number]

    told.progress(first, [number], "2025-12", percent=100, completed_on=date(2025, 12, 1), status="已完成")
    before = read_list(told)
    for unit in rest:
        told.progress(unit, [number], "2025-12", percent=100, completed_on=date(2025, 12, 2), status="已完成")
    after = read_list(told)

    assert not before.silent
    assert (before.whole.done, after.whole.done) == (0, 1)
    assert next(m.light for m in after.measures if m.number == number) == "done"


def test_a_silent_organisation_keeps_its_last_percent_and_the_period_of_it_is_told(told):
    number, who = next(iter(_duties(told).items()))
    told.progress(who[0], [number], "2025-10", percent=40)
    for other in who[1:]:
        told.progress(other, [number], "2025-12", percent=80)
    found = read_list(told)
    duty = next(d for d in found.of(who[0]) if d.number == number)
    measure = next(m for m in found.measures if m.number == number)

    assert (duty.percent, duty.period, duty.older) == (40, parse("2025-10"), True)
    assert (measure.said, measure.assigned, measure.older) == (len(who), len(who), 1)


def test_what_is_done_does_not_age(told):
    number, who = next(iter(_duties(told).items()))
    told.progress(who[0], [number], "2025-10", percent=100, completed_on=date(2025, 10, 9), status="已完成")
    found = read_list(told)

    assert not next(d for d in found.of(who[0]) if d.number == number).older
    assert next(m.older for m in found.measures if m.number == number) == 0


def _duties(told: Told) -> dict[str, list[str]]:
    """Who answers for each measure that can be done and has begun, by its number."""
    begun = {m.number for m in told.catalogue.measures if not m.standing and m.start < DAY.day}
    found: dict[str, list[str]] = {}
    for a in told.catalogue.assignments:
        if a.role == "responsible" and a.measure in begun:
            found.setdefault(a.measure, []).append(a.organisation)
    return {number: who for number, who in found.items() if len(who) > 1}


def test_a_hundred_percent_without_a_day_of_completion_is_not_done(told):
    number, organisation = next(
        (a.measure, a.organisation) for a in told.catalogue.assignments if a.role == "responsible"
    )
    told.progress(organisation, [number], "2025-12", percent=100)

    assert read_list(told).whole.done == 0


def test_only_the_count_of_done_moves_the_gauge_and_standing_measures_are_apart(told):
    standing = {m.number for m in told.catalogue.measures if m.standing}
    for a in told.catalogue.assignments:
        if a.role == "responsible" and a.measure in standing:
            told.progress(a.organisation, [a.measure], "2025-12", percent=100, completed_on=date(2025, 12, 1))
    found = read_list(told)

    assert (found.whole.done, found.whole.standing, found.whole.countable) == (0, 9, 51)
