"""Figures as words: nothing is shown higher, rounder or more certain than it was printed."""

from __future__ import annotations

import math
from datetime import date

import pytest

from dashboard.figures import (
    coverage,
    day_text,
    number,
    per_10k,
    quantity,
    rate_number,
    reading_quantity,
    signed,
)
from dashboard.formulas import NOTHING, Quantity


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (0, 1, "0.0"),
        (7, 0, "7"),
        (999, 0, "999"),
        (1_600, 0, "1,600"),
        (9_999, 0, "9,999"),
        (10_000, 0, "1万"),
        (14_000, 0, "1.4万"),
        (129_492, 0, "12.9万"),
        (1_418_327, 0, "141.8万"),
        (2_240_000, 0, "224万"),
        (10_000_000, 0, "1,000万"),
        (99_990_000, 0, "9,999万"),
        (100_000_000, 0, "1亿"),
        (123_456_789, 0, "1.23亿"),
        (14_733, 0, "1.47万"),
        (147_330, 0, "14.7万"),
        (98.3, 1, "98.3"),
        (98.25, 1, "98.2"),
        (0.06, 1, "0.1"),
        (-3, 0, "-3"),
        (-14_000, 0, "-1.4万"),
    ],
)
def test_a_number_is_written_in_wan_and_yi_from_ten_thousand_up(value, decimals, text):
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(9_999.6, 0, "1万"), (9_999.96, 1, "1万"), (99_999_999, 0, "1亿"), (99_999_600, 0, "1亿")],
)
def test_a_number_that_rounds_up_to_the_next_word_takes_that_word(value, decimals, text):
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_418_327, "141.8327万"),
        (1_024_879, "102.4879万"),
        (2_240_000, "224万"),
        (123_456_789, "1.23456789亿"),
        (8_317, "8,317"),
        (98.3, "98.3"),
        (20, "20"),
    ],
)
def test_an_exact_number_keeps_every_digit(value, text):
    assert number(value, exact=True) == text


@pytest.mark.parametrize(
    ("found", "decimals", "text"),
    [
        (Quantity(2_240_000, "ge"), 0, "224万+"),
        (Quantity(1_600, "ge"), 0, "1,600+"),
        (Quantity(0, "ge"), 0, "0+"),
        (Quantity(400, "approx"), 0, "约400"),
        (Quantity(12_000, "approx"), 0, "约1.2万"),
        (Quantity(88), 0, "88"),
        (Quantity(0), 0, "0"),
        (Quantity(98.3), 1, "98.3"),
        (Quantity(None, "unknown"), 0, "待核"),
        (NOTHING, 0, "未报送"),
    ],
)
def test_a_figure_carries_its_qualifier_and_absence_is_never_zero(found, decimals, text):
    assert quantity(found, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(2_249_999, 0, "224.9万+"), (15_999, 0, "1.59万+"), (99_999_999, 0, "9,999.9万+"), (2.19, 1, "2.1+")],
)
def test_a_lower_bound_is_never_shown_higher_than_it_was_printed(value, decimals, text):
    assert quantity(Quantity(value, "ge"), decimals) == text


@pytest.mark.parametrize(
    ("found", "text", "value"),
    [
        (Quantity(2531.97, "ge"), "2,531+", 2531),
        (Quantity(2.149, "ge"), "2.14+", 2.14),
        (Quantity(2.149), "2.15", 2.15),
        (Quantity(15.83, "approx"), "约15.8", 15.8),
        (Quantity(0.0967), "0.097", 0.097),
        (Quantity(0.0145), "0.014", 0.014),
        (Quantity(0.0), "0.00", 0.0),
        (NOTHING, "", None),
        (Quantity(None, "unknown"), "待核", None),
    ],
)
def test_a_rate_is_read_with_two_digits_at_least_and_the_table_holds_what_the_screen_shows(
    found, text, value
):
    assert per_10k(found) == text
    assert rate_number(found) == value


def test_an_absent_figure_takes_the_word_of_the_place_and_an_unreadable_one_keeps_its_own():
    assert quantity(NOTHING, absent="未公布") == "未公布"
    assert quantity(Quantity(None, "unknown"), absent="未公布") == "待核"


@pytest.mark.parametrize("value", [None, math.nan])
def test_a_row_without_a_value_is_no_value(value):
    assert reading_quantity(value, "unknown") == Quantity(None, "unknown")


def test_a_row_with_a_value_keeps_it():
    assert reading_quantity(0.0, "ge") == Quantity(0.0, "ge")


@pytest.mark.parametrize(
    ("difference", "text"), [(12, "+12"), (-3, "−3"), (0, "0"), (14_000, "+1.4万"), (-14_000, "−1.4万")]
)
def test_a_change_says_its_direction(difference, text):
    assert signed(difference) == text


def test_a_day_and_a_coverage_are_written_as_they_are_spoken():
    assert day_text(date(2025, 1, 10)) == "2025年1月10日"
    assert coverage(9, 13) == "9/13 已报"
