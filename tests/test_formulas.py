"""Arithmetic of figures that carry a qualifier: literals in, literals out."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.formulas import (
    NOTHING,
    CityValue,
    Quantity,
    Spread,
    UsualRange,
    breaks,
    change,
    city_value,
    class_of,
    joint_ratio,
    outlier,
    paired_change,
    ratio,
    spread,
    total,
)


def eq(value: float | None) -> Quantity:
    return Quantity(value, "eq")


def ge(value: float) -> Quantity:
    return Quantity(value, "ge")


def approx(value: float) -> Quantity:
    return Quantity(value, "approx")


UNREADABLE = Quantity(None, "unknown")


@pytest.mark.parametrize(
    ("parts", "sum_of_parts"),
    [
        ([], NOTHING),
        ([eq(0)], eq(0)),
        ([eq(1), eq(2)], eq(3)),
        ([eq(1), ge(2)], ge(3)),
        ([ge(1), ge(2)], ge(3)),
        ([eq(1), approx(2)], approx(3)),
        ([ge(1), approx(2)], approx(3)),
        ([eq(1), ge(2), approx(3)], approx(6)),
        ([eq(1), UNREADABLE], NOTHING),
        ([approx(1), UNREADABLE], NOTHING),
        ([eq(1), eq(None)], NOTHING),
        ([eq(1), Quantity(2, "unknown")], NOTHING),
        ([eq(0.1)] * 10, eq(1.0)),
    ],
)
def test_a_sum_bears_the_weakest_qualifier_and_is_nothing_without_every_part(parts, sum_of_parts):
    assert total(parts) == sum_of_parts


@given(st.permutations([eq(1), ge(2), approx(3), eq(4.5)]))
def test_a_sum_does_not_depend_on_the_order_of_its_parts(parts):
    assert total(parts) == approx(10.5)


@pytest.mark.parametrize(
    ("numerator", "denominator", "per", "quotient"),
    [
        (eq(1), eq(4), 1, eq(0.25)),
        (eq(619), eq(689000), 10000, eq(619 / 689000 * 10000)),
        (eq(0), eq(4), 1, eq(0)),
        (ge(1), eq(4), 1, ge(0.25)),
        (approx(1), eq(4), 1, approx(0.25)),
        (eq(1), eq(0), 1, NOTHING),
        (eq(0), eq(0), 1, NOTHING),
        (eq(1), ge(4), 1, NOTHING),
        (eq(1), approx(4), 1, NOTHING),
        (eq(1), UNREADABLE, 1, NOTHING),
        (eq(1), eq(None), 1, NOTHING),
        (UNREADABLE, eq(4), 1, NOTHING),
        (eq(None), eq(4), 1, NOTHING),
        (Quantity(1, "unknown"), eq(4), 1, NOTHING),
    ],
)
def test_a_ratio_needs_an_exact_denominator_above_zero(numerator, denominator, per, quotient):
    assert ratio(numerator, denominator, per) == quotient


def test_a_rate_is_sum_over_sum_across_those_that_have_both():
    pairs = [(eq(1), eq(10)), (eq(8), eq(10)), (eq(100), eq(None)), (eq(None), eq(1000)), (eq(7), ge(5))]

    assert joint_ratio(pairs) == eq(0.45)


def test_a_rate_over_nobody_or_over_zeros_is_nothing():
    assert joint_ratio([]) == NOTHING
    assert joint_ratio([(eq(None), eq(10))]) == NOTHING
    assert joint_ratio([(eq(0), eq(0)), (eq(1), eq(0))]) == NOTHING


def test_a_rate_bears_the_qualifier_of_its_numerators():
    assert joint_ratio([(eq(1), eq(10)), (ge(1), eq(10))]) == ge(0.1)


@pytest.mark.parametrize(
    ("now", "before", "difference"),
    [
        (eq(5), eq(3), 2),
        (eq(3), eq(5), -2),
        (eq(3), eq(3), 0),
        (eq(0), eq(0), 0),
        *((now, before, None) for now, before in product([ge(5), approx(5), UNREADABLE, eq(None)], [eq(3)])),
        *((now, before, None) for now, before in product([eq(5)], [ge(3), approx(3), UNREADABLE, eq(None)])),
    ],
)
def test_a_change_is_taken_between_two_exact_figures_only(now, before, difference):
    assert change(now, before) == difference


def test_a_change_is_taken_over_those_that_reported_both_periods():
    pairs = [(eq(5), eq(3)), (eq(100), eq(None)), (eq(None), eq(50)), (eq(1), eq(2))]

    assert paired_change(pairs) == (1, 2)


def test_a_change_over_an_inexact_figure_is_incomparable_and_says_over_how_many():
    assert paired_change([(eq(5), eq(3)), (ge(9), eq(2))]) == (None, 2)


def test_a_change_over_nobody_is_incomparable():
    assert paired_change([]) == (None, 0)
    assert paired_change([(eq(5), eq(None))]) == (None, 0)


# --- the city ---------------------------------------------------------------------------------------


def test_the_city_is_the_sum_of_the_units_when_all_have_reported():
    assert city_value([eq(1), ge(2)], 2) == CityValue("units", ge(3), 2, 2, NOTHING)


def test_units_and_published_figure_stand_side_by_side_and_are_never_added():
    assert city_value([eq(1), eq(2)], 2, ge(500)) == CityValue("units", eq(3), 2, 2, ge(500))


def test_one_missing_unit_leaves_the_published_figure():
    assert city_value([eq(1)], 2, ge(500)) == CityValue("published", ge(500), 1, 2)


def test_one_missing_unit_without_a_published_figure_leaves_a_part_that_says_so():
    assert city_value([eq(1)], 2) == CityValue("partial", eq(1), 1, 2)


def test_a_reported_zero_is_a_part_and_no_report_is_none():
    assert city_value([eq(0)], 2) == CityValue("partial", eq(0), 1, 2)
    assert city_value([], 2) == CityValue("none", NOTHING, 0, 2)


def test_nobody_expected_leaves_the_published_figure():
    assert city_value([], 0, eq(60)) == CityValue("published", eq(60), 0, 0)


def test_an_older_published_figure_stays_until_the_coverage_line_is_reached():
    ten, eleven = [eq(1)] * 10, [eq(1)] * 11

    assert city_value(ten, 13, ge(500), published_is_current=False, coverage_line=0.8) == CityValue(
        "published", ge(500), 10, 13
    )
    assert city_value(eleven, 13, ge(500), published_is_current=False, coverage_line=0.8) == CityValue(
        "partial", eq(11), 11, 13
    )


def test_a_current_published_figure_stays_above_the_coverage_line_too():
    assert city_value([eq(1)] * 12, 13, ge(500), coverage_line=0.8).basis == "published"


def test_an_older_published_figure_does_not_stand_beside_the_full_sum():
    assert city_value([eq(1)], 1, ge(500), published_is_current=False) == CityValue("units", eq(1), 1, 1)


# --- classes and spread -----------------------------------------------------------------------------


def test_thirteen_units_fall_into_five_classes():
    cuts = breaks([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])

    assert cuts == [3.4, 5.8, 8.2, 10.6]
    assert [class_of(v, cuts) for v in (1, 3, 4, 8, 9, 13)] == [0, 0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("values", "cuts"),
    [([], []), ([7], []), ([7, 7, 7], []), ([7, 3], [3]), ([1, 2, 3, 4, 5], [1, 2, 3, 4]), ([0, 0, 5], [0])],
)
def test_few_values_make_a_class_each(values, cuts):
    assert breaks(values) == cuts


def test_a_value_on_a_bound_belongs_to_the_lower_class():
    assert [class_of(v, [3, 5]) for v in (2.9, 3, 3.1, 5, 5.1)] == [0, 0, 1, 1, 2]


@given(st.lists(st.integers(0, 40).map(float), min_size=1, max_size=13))
def test_no_class_of_the_map_stays_empty_at_its_ends(values):
    cuts = breaks(values)

    assert len(cuts) <= 4
    assert cuts == sorted(set(cuts))
    assert class_of(min(values), cuts) == 0
    assert class_of(max(values), cuts) == len(cuts)


def test_a_spread_needs_five_others():
    assert spread([1, 2, 3, 4]) is None
    assert spread([1, 2, 3, 4, 10]) == Spread(median=3, low=1, high=10, count=5)
    assert spread([1, 2, 3], least=3) == Spread(median=2, low=1, high=3, count=3)


# --- changes out of the ordinary ------------------------------------------------------------------------


def test_a_change_outside_of_median_and_three_mad_is_told_with_its_range():
    before = [1, 2, 3, 4, 5, 6, 7]  # median 4, distances 3 2 1 0 1 2 3, their median 2: not scaled
    usual = UsualRange(4, 2, 7, low=-2, high=10)

    assert [outlier(before, latest) for latest in (-2, 10, 4)] == [None, None, None]
    assert [outlier(before, latest) for latest in (-2.01, 10.01)] == [usual, usual]


def test_the_last_twelve_changes_judge_and_at_least_six():
    assert outlier([1, 2, 3, 4, 5], 1000) is None
    assert outlier([1, 2, 3, 4, 5, 6], 1000) == UsualRange(3.5, 1.5, 6, low=-1, high=8)
    assert outlier([*([500] * 20), *([1, 2, 3] * 4)], 500) == UsualRange(2, 1, 12, low=-1, high=5)


def test_where_most_changes_are_one_and_the_same_the_mean_distance_stands_in_and_what_has_been_is_usual():
    assert outlier([0, 0, 0, 0, 0, 7], 0) is None
    assert outlier([0, 0, 0, 0, 0, 6], 6) is None  # one of a figure that moves rarely
    assert outlier([0, 0, 0, 0, 0, 6], 7) == UsualRange(0, 1, 6, low=-3, high=6)
    assert outlier([0, 0, 0, 0, 0, 6], -4) == UsualRange(0, 1, 6, low=-3, high=6)
    assert outlier([5, 5, 5, 5, 5, 5], 6) == UsualRange(5, 0, 6, low=5, high=5)
    assert outlier([0.1 + 0.2] * 6, 0.3) is None  # how a computer writes three tenths is no change
