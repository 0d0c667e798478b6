"""When an assignment will be done: a line that one wild reading cannot move, and honest words where there is none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.forecast import Forecast, Joint, forecast, joint

START = date(2025, 1, 1)
DAY = date(2025, 6, 30)


def every_ten_days(*percents: float) -> list[tuple[date, float]]:
    return [(START + timedelta(days=10 * place), pct) for place, pct in enumerate(percents)]


def test_a_steady_course_is_drawn_on_until_it_reaches_a_hundred():
    found = forecast(every_ten_days(0, 10, 20, 30, 40), date(2025, 2, 15))
    assert found == Forecast("expected", 5, *[START + timedelta(days=100)] * 3)


def test_one_wild_reading_moves_the_range_and_not_the_day():
    found = forecast(every_ten_days(0, 10, 90, 30, 40, 50, 60), date(2025, 3, 15))
    assert found.day == START + timedelta(days=100)
    assert found.early is not None
    assert found.early <= START + timedelta(days=100)
    assert found.late is None or found.late >= START + timedelta(days=100)


def test_the_range_comes_from_the_slopes_at_ten_and_ninety_percent():
    found = forecast(every_ten_days(0, 10, 30, 40), date(2025, 2, 10))
    # Slopes a day, in order: 1, 1, 4/3, 1.5, 1.5, 2; their quantiles at 10, 50 and 90 %: 1, 17/12, 1.75.
    # Medians of the residuals: 5, -1.25, -6.25; 100 is reached after 95, 71.5 and 60.7 days.
    days = [START + timedelta(days=after) for after in (61, 72, 95)]
    assert [found.early, found.day, found.late] == days


def test_fewer_than_four_readings_are_too_few():
    assert forecast(every_ten_days(10, 20, 30), DAY) == Forecast("few", 3)
    assert forecast([], DAY) == Forecast("few", 0)


def test_a_last_reading_not_above_that_of_four_weeks_before_is_no_progress():
    months = [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)]
    assert forecast(list(zip(months, (10, 20, 30, 30), strict=True)), DAY) == Forecast("still", 4)
    moved = forecast(list(zip(months, (10, 20, 30, 31), strict=True)), date(2025, 5, 31))
    assert moved.state == "expected"


def test_within_four_weeks_nothing_need_have_moved():
    assert forecast(every_ten_days(0, 20, 40, 40), date(2025, 2, 5)).state == "expected"


def test_a_course_that_fell_and_rises_a_little_has_no_day():
    found = forecast(every_ten_days(90, 60, 40, 20, 10, 12, 13), DAY)
    assert (found.state, found.day) == ("still", None)
    falling = [(START + timedelta(days=30 * n), p) for n, p in enumerate((90, 80, 60, 40, 20, 30))]
    assert forecast(falling, DAY).state == "endless"


def test_a_hundred_percent_without_a_day_of_completion_waits_for_it():
    assert forecast(every_ten_days(50, 100), DAY) == Forecast("undated", 2)


def test_only_the_last_twelve_readings_are_read():
    slow = [(START + timedelta(days=30 * n), 1.0 * n) for n in range(12)]
    fast = [(START + timedelta(days=360 + 30 * n), 20 + 5.0 * n) for n in range(12)]
    late = START + timedelta(days=700)  # the last twelve rise by 5 every 30 days, and reach 100 after 840
    assert forecast([*slow, *fast], late).day == forecast(fast, late).day == START + timedelta(days=840)


def test_a_course_that_should_have_reached_a_hundred_already_has_no_day():
    found = forecast(every_ten_days(0, 30, 60, 90), DAY)
    assert found == Forecast("passed", 4)
    assert found.text == "按进度应已完成，待报"


def test_who_did_not_report_for_the_last_month_that_is_due_has_no_day():
    told = every_ten_days(0, 10, 20, 30)  # the last one on 31 January
    found = forecast(told, date(2025, 3, 5), last_due=date(2025, 1, 31))
    assert found.state == "expected"
    silent = forecast(told, date(2025, 3, 6), last_due=date(2025, 2, 28))
    assert silent == Forecast("silent", 4)
    assert silent.text == "近期无报送，推算不出"


def test_a_day_of_completion_that_is_still_to_come_is_told_as_it_was_given():
    given = date(2030, 1, 1)
    found = forecast(every_ten_days(50, 100), DAY, completed_on=given)
    assert found == Forecast("given", 2, given, given, given)
    assert found.text == "已报完成日期 2030-01-01"
    assert forecast(every_ten_days(50, 90), DAY, completed_on=given).state == "few"


def test_what_was_said_after_the_day_is_not_known():
    told = every_ten_days(0, 10, 20, 30, 40)
    assert forecast(told, START + timedelta(days=25)) == Forecast("few", 3)


def test_a_lower_slope_that_does_not_rise_leaves_the_late_end_open():
    found = forecast(every_ten_days(20, 10, 15, 30, 40, 45), date(2025, 2, 25))
    assert (found.state, found.late) == ("expected", None)


readings = st.lists(st.tuples(st.dates(), st.floats(allow_nan=True, allow_infinity=True)), max_size=30)
rising = st.lists(st.floats(0, 99.9), min_size=4, max_size=20).map(
    lambda told: [(START + timedelta(days=30 * n), pct) for n, pct in enumerate(sorted(told))]
)


@given(readings, st.dates(), st.none() | st.dates(), st.none() | st.dates())
def test_no_input_raises_and_no_day_lies_before_today(told, day, last_due, completed_on):
    _holds(forecast(told, day, last_due=last_due, completed_on=completed_on), day)


@given(rising, st.integers(0, 5000), st.dates())
def test_who_is_silent_never_has_a_day(told, later, last_due):
    day = told[-1][0] + timedelta(days=later)
    found = forecast(told, day, last_due=last_due)
    assert (found.state == "silent") == (told[-1][0] < last_due)


@given(rising, st.integers(0, 5000))
def test_the_day_lies_within_its_range(told, later):
    day = told[-1][0] + timedelta(days=later)
    _holds(forecast(told, day), day)


def _holds(found: Forecast, day: date) -> None:
    assert (found.day is not None) == (found.state in ("expected", "given"))
    if found.day is not None:
        assert found.early is not None
        assert day <= found.early <= found.day <= (found.late or date.max)


# --- of a measure -----------------------------------------------------------------------------------


def expected(day: date, late: date | None = DAY + timedelta(days=200)) -> Forecast:
    return Forecast("expected", 6, day, day - timedelta(days=9), late)


NONE = {"silent": 0, "still": 0, "endless": 0, "few": 0, "passed": 0, "undated": 0}


def test_a_measure_is_done_when_the_last_of_its_organisations_is():
    soon, late = expected(DAY + timedelta(days=9)), expected(DAY + timedelta(days=60))
    found = joint({"a": soon, "b": late, "c": Forecast("done")})
    assert found == Joint(late, "b", 2, NONE)
    assert not found.or_later


def test_the_range_of_a_measure_is_open_when_that_of_one_organisation_is():
    found = joint({"a": expected(DAY + timedelta(days=9), None), "b": expected(DAY + timedelta(days=60))})
    assert (found.organisation, found.forecast.late) == ("b", None)


@pytest.mark.parametrize("state", ["few", "silent", "still", "endless", "passed", "undated"])
def test_where_of_some_no_day_can_be_told_the_measure_is_done_then_or_later(state):
    found = joint({"a": expected(DAY), "b": Forecast(state, 3)})
    assert (found.organisation, found.unknown, found.or_later) == ("a", NONE | {state: 1}, True)


def test_a_given_day_of_completion_counts_as_the_day_of_its_organisation():
    given = Forecast("given", 3, *[date(2030, 1, 1)] * 3)
    alone = joint({"a": given, "b": Forecast("done")})
    assert (alone.organisation, alone.text) == ("a", "已报完成日期 2030-01-01")
    among = joint({"a": given, "b": expected(DAY, None), "c": Forecast("silent", 5)})
    assert (among.organisation, among.text, among.forecast.late) == ("a", "2030-01-01 或更晚", None)


def test_without_any_day_what_stands_most_in_the_way_is_said():
    assert joint({"a": Forecast("few", 2), "b": Forecast("still", 7)}).forecast.state == "still"
    assert joint({"a": Forecast("done"), "b": Forecast("undated")}).forecast.state == "undated"


def test_a_measure_of_which_all_are_done_is_done_and_one_that_stands_expects_nothing():
    assert joint({"a": Forecast("done"), "b": Forecast("done")}).forecast.state == "done"
    assert joint({"a": Forecast("unsaid")}).forecast.state == "unsaid"
    assert joint({}).forecast.state == "unsaid"
