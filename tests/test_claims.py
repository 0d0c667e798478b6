"""Claims beside the figures that are to prove them, asked of a real store."""

# ruff: noqa: F811  the fixtures are those of test_readouts
from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from dashboard.catalogue import CITY
from dashboard.knowledge import AsOf
from dashboard.periods import parse
from dashboard.readouts.evidence import Claim, Figure, OwnClaim, claims
from dashboard.readouts.measures import list_readout
from dashboard.store import FactDraft
from test_readouts import Told, seeded, told  # noqa: F401  fixtures

DAY = AsOf(date(2026, 1, 15))
# 全市报表种类压减30%以上, from 2025-07-01; the indicator is quarterly.
FORMS, FORMS_MEASURE = "report_forms_count", "5-12-2"
# 全市暖“新”驿站达到700个以上, from 2025-05-01 to 2027-04-30; the indicator is monthly.
STATIONS, STATIONS_MEASURE = "stations_count", "6-18-3"


def claim(told: Told, number: str, day: AsOf = DAY) -> Claim:
    engine = told.store.engine
    listed = list_readout(engine, day, told.catalogue.light_rules)
    return next(c for c in claims(engine, day, listed, told.known, told.units) if c.number == number)


def own(found: Claim, organisation: str) -> OwnClaim:
    return next(o for o in found.own if o.organisation == organisation)


def every(told: Told, indicator: str, period: str, value: float) -> None:
    for unit in told.units:
        told.reported(unit, indicator, period, value)


def set_target(told: Told, organisation: str, value: float, year: str) -> None:
    period = parse(year)
    values = {
        "indicator": STATIONS,
        "organisation": organisation,
        "period_start": period.start,
        "period_end": period.end,
        "grain": period.grain,
        "value": value,
    }
    told.hand_in("targets", organisation, [FactDraft("target", values)], None, year)


def test_before_the_first_list_nothing_is_claimed(told):
    assert claims(told.store.engine, AsOf(date(2019, 1, 1)), None, told.known, told.units) == ()


def test_one_claim_for_each_measure_that_names_an_indicator(told):
    engine = told.store.engine
    listed = list_readout(engine, DAY, told.catalogue.light_rules)
    found = [c.number for c in claims(engine, DAY, listed, told.known, told.units)]
    assert found == [m.number for m in told.catalogue.measures if m.evidence_indicator]


def test_a_cut_is_counted_from_the_last_figure_before_the_start_for_the_city_and_each_unit(told):
    every(told, FORMS, "2025-Q1", 200)
    every(told, FORMS, "2025-Q2", 100)
    for unit in told.units[1:]:
        told.reported(unit, FORMS, "2025-Q4", 85)
    told.reported(told.units[0], FORMS, "2025-Q4", 100)
    for unit in told.units:
        told.progress(unit, [FORMS_MEASURE], "2025-12", percent=60.0)

    found = claim(told, FORMS_MEASURE)
    # The city fell from 1300 to 1120 of the 910 that 30 % less would be.
    assert found.proof.base == Figure(parse("2025-Q2"), found.proof.base.quantity, 13, 13, "各填报单位合计")
    assert (found.proof.base.quantity.value, found.proof.now.quantity.value) == (1300, 1120)
    assert found.proof.target == pytest.approx(910)
    assert found.evidence == pytest.approx(46.15, abs=0.01)
    assert (found.claimed, found.said, found.assigned, found.mark) == (60.0, 13, 13, "")
    assert own(found, told.units[1]).proof.percent == pytest.approx(50.0)
    assert own(found, told.units[0]).proof.percent == 0.0
    assert [(o.organisation, o.mark, o.gap) for o in found.marked] == [(told.units[0], "above", 60.0)]


def test_a_sum_without_one_unit_is_not_the_citys_and_the_period_before_it_counts(told):
    every(told, FORMS, "2025-Q2", 100)
    every(told, FORMS, "2025-Q3", 90)
    for unit in told.units[1:]:
        told.reported(unit, FORMS, "2025-Q4", 70)

    found = claim(told, FORMS_MEASURE)
    assert (found.proof.now.period, found.evidence) == (parse("2025-Q3"), pytest.approx(100 / 3))
    assert (found.proof.partial.period, found.proof.partial.reported, found.proof.partial.expected) == (
        parse("2025-Q4"),
        12,
        13,
    )
    assert own(found, told.units[1]).proof.percent == 100.0


def test_a_claim_is_held_against_the_figure_as_it_stood_when_that_was_counted(told):
    every(told, FORMS, "2025-Q2", 100)
    every(told, FORMS, "2025-Q3", 90)
    for unit in told.units:
        told.progress(unit, [FORMS_MEASURE], "2025-09", percent=40.0)
        told.progress(unit, [FORMS_MEASURE], "2025-12", percent=80.0)

    found = claim(told, FORMS_MEASURE)
    assert (found.claimed, found.claimed_now, found.mark) == (40.0, 80.0, "")
    assert own(found, told.units[0]).said_for == parse("2025-09")


def test_without_a_figure_at_the_start_the_first_one_after_it_is_the_base_and_says_so(told):
    every(told, FORMS, "2025-Q3", 100)
    every(told, FORMS, "2025-Q4", 85)

    found = claim(told, FORMS_MEASURE)
    assert (found.proof.base.period, found.proof.base_late) == (parse("2025-Q3"), True)
    assert found.evidence == pytest.approx(50.0)


def test_one_figure_alone_proves_nothing(told):
    every(told, FORMS, "2025-Q2", 100)
    assert claim(told, FORMS_MEASURE).why == "启动以来还没有可比的读数"


def test_a_city_that_was_never_complete_says_how_many_have_reported(told):
    told.reported(told.units[0], FORMS, "2025-Q4", 100)
    assert claim(told, FORMS_MEASURE).why == "没有一期报齐，最近一期已报 1/13"


def test_no_reading_at_all_names_the_indicator(told):
    assert claim(told, FORMS_MEASURE).why == "“报表种类”尚无读数"


def test_a_level_is_the_citys_and_a_unit_has_its_own_target_of_the_due_year_or_the_last_before_it(told):
    every(told, STATIONS, "2025-04", 40)
    every(told, STATIONS, "2025-12", 44)
    set_target(told, "350582", 48, "2026")
    set_target(told, "350582", 60, "2028")  # the measure is due in 2027

    found = claim(told, STATIONS_MEASURE)
    assert (found.proof.target, found.evidence) == (700, pytest.approx((572 - 520) / (700 - 520) * 100))
    assert (own(found, "350582").proof.target, own(found, "350582").proof.percent) == (48, 50.0)
    assert own(found, "350583").proof.why == "该单位没有自己的目标值"


def test_a_lower_bound_says_at_least(told):
    every(told, STATIONS, "2025-04", 40)
    for unit in told.units:
        told.reported(unit, STATIONS, "2025-12", 44, "ge")

    found = claim(told, STATIONS_MEASURE)
    assert found.proof.at_least
    assert found.evidence == pytest.approx(28.89, abs=0.01)


def test_an_approximate_base_gives_no_percent(told):
    told.published(CITY, STATIONS, "2025-04", 500, "approx")
    told.published(CITY, STATIONS, "2025-12", 600)
    assert claim(told, STATIONS_MEASURE).why == "启动前的基数不是确数"


def test_what_was_published_of_the_city_counts_where_its_units_say_nothing(told):
    told.published(CITY, STATIONS, "2025-04", 500)
    told.published(CITY, STATIONS, "2025-12", 600)
    found = claim(told, STATIONS_MEASURE)
    assert (found.evidence, found.proof.now.source) == (pytest.approx(50.0), "报纸2")


def test_a_target_that_the_indicator_does_not_count_gives_no_percent(told):
    every(told, "town_duty_items_count", "2024-Q4", 100)
    every(told, "town_duty_items_count", "2025-Q4", 90)
    found = claim(told, "2-4-1")
    assert (found.why, found.proof.now.quantity.value) == ("目标不能用该指标计数", 1170)


def test_figures_counted_anew_every_year_are_compared_with_the_same_month(told):
    # 文件和会议数量均比上年减少10%以上, from 2025-01-20: December 2024 holds a whole year.
    every(told, "town_documents_count", "2024-11", 100)
    every(told, "town_documents_count", "2024-12", 120)
    every(told, "town_documents_count", "2025-11", 95)
    found = claim(told, "4-10-1")
    assert (found.proof.base.period, found.evidence) == (parse("2024-11"), pytest.approx(50.0))


def test_a_changed_definition_breaks_the_comparison(told):
    entry = next(i for i in told.catalogue.indicators.values() if i.indicator == "neighbour_teams_count")
    values = {**vars(entry), "valid_from": date(2025, 7, 1)}
    told.hand_in("definition", "D-SWB", [FactDraft("indicator_definition", values)], None, "2025-07-01")
    every(told, "neighbour_teams_count", "2025-05", 100)
    every(told, "neighbour_teams_count", "2025-12", 150)
    assert claim(told, "7-20-3").why == "2025-07-01 口径变化，前后不可比"


def test_the_course_of_the_evidence_has_a_point_for_every_period_since_the_start(told):
    for period, value in (("2025-Q2", 100), ("2025-Q3", 94), ("2025-Q4", 85)):
        every(told, FORMS, period, value)
    told_of = [(p.label, round(v)) for p, v in claim(told, FORMS_MEASURE).proof.series]
    assert told_of == [("2025-Q3", 20), ("2025-Q4", 50)]


def test_with_a_chosen_period_only_what_describes_it_proves_anything(told):
    every(told, FORMS, "2025-Q2", 100)
    every(told, FORMS, "2025-Q4", 85)
    september, december = (AsOf(DAY.day, until=parse(month).end) for month in ("2025-09", "2025-12"))

    assert claim(told, FORMS_MEASURE, september).why == "启动以来还没有可比的读数"
    assert claim(told, FORMS_MEASURE, december).evidence == pytest.approx(50)
    assert claim(told, FORMS_MEASURE, december) == claim(told, FORMS_MEASURE, DAY)


def test_the_claim_of_one_measure_is_the_one_among_all(told):
    every(told, FORMS, "2025-Q2", 100)
    every(told, FORMS, "2025-Q4", 85)
    engine = told.store.engine
    listed = list_readout(engine, DAY, told.catalogue.light_rules)
    alone = claims(engine, DAY, listed, told.known, told.units, FORMS_MEASURE)

    assert alone == (claim(told, FORMS_MEASURE),)
    assert claims(engine, DAY, listed, told.known, told.units, "1-1-1") == ()


def test_four_questions_and_one_for_each_day_on_which_figures_end_tell_every_claim(told):
    every(told, FORMS, "2025-Q2", 100)
    every(told, FORMS, "2025-Q4", 85)
    every(told, STATIONS, "2025-04", 30)
    every(told, STATIONS, "2025-12", 40)
    engine = told.store.engine
    listed = list_readout(engine, DAY, told.catalogue.light_rules)
    known, asked = told.known, []
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    claims(engine, DAY, listed, known, told.units)
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 4 + 1


def test_a_figure_of_the_very_day_of_the_start_is_the_base(told):
    told.published(CITY, FORMS, "2025-06-20", 1400)
    told.published(CITY, FORMS, "2025-07-01", 1300)
    told.published(CITY, FORMS, "2025-12-01", 1105)
    found = claim(told, FORMS_MEASURE)
    assert (found.proof.base.period, found.proof.base_late, found.evidence) == (
        parse("2025-07-01"),
        False,
        pytest.approx(50.0),
    )
