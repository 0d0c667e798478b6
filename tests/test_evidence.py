"""What a target counts, how far figures have come, and when claim and evidence are said to differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.evidence import NOT_COUNTABLE, Evidence, Goal, evidence, goal, mark
from dashboard.formulas import Quantity

# --- what a target counts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "measured_in", "found"),
    [
        ("全市报表种类压减30%以上", "张", Goal("cut", 30)),
        ("文件和会议数量均比上年减少10%以上", "份", Goal("cut", 10)),
        ("全市证明事项压减 12.5％", "项", Goal("cut", 12.5)),
        ("全市暖“新”驿站达到700个以上", "个", Goal("level", 700)),
        ("全市累计举办培训不少于40场", "场", Goal("level", 40)),
        ("全市志愿者达到224万人", "人", Goal("level", 2_240_000)),
        ("全市持证社会工作者达到17,000人以上", "人", Goal("level", 17_000)),
        ("镇街清单公布率达到100%", "项", None),
        ("全市培训达到900人次", "人", None),
        ("每个实施单位帮办代办事项不少于20项", "项", None),
        ("完成首轮集中调整", "项", None),
        ("全市报表压减0%", "张", None),
        ("", "个", None),
    ],
)
def test_a_cut_and_a_level_are_read_and_nothing_else(text, measured_in, found):
    assert goal(text, measured_in) == found


def test_a_cut_is_taken_from_the_base_and_a_level_stands_by_itself():
    assert Goal("cut", 30).target(1000) == pytest.approx(700)
    assert Goal("level", 700).target(500) == 700


# --- how far ----------------------------------------------------------------------------------------


def far(base: float, now: float, target: float, qualifiers: tuple[str, str] = ("eq", "eq")) -> Evidence:
    given_, then = qualifiers
    return evidence(Quantity(base, given_), Quantity(now, then), target, falling=target < base)  # type: ignore[arg-type]


def test_half_of_the_way_is_fifty_percent_up_and_down():
    assert far(500, 600, 700) == Evidence(50.0)
    assert far(1000, 850, 700) == Evidence(50.0)


def test_beyond_the_target_is_a_hundred_and_the_wrong_way_is_nought():
    assert far(500, 800, 700) == Evidence(100.0)
    assert far(500, 480, 700) == Evidence(0.0)


def test_a_lower_bound_of_now_proves_a_rise_and_nothing_about_a_fall():
    assert far(500, 600, 700, ("eq", "ge")) == Evidence(50.0, at_least=True)
    assert far(1000, 850, 700, ("eq", "ge")) == Evidence(None, why="最近的读数不是确数")


@pytest.mark.parametrize("qualifier", ["ge", "approx", "unknown"])
def test_a_base_must_be_exact(qualifier):
    assert far(500, 600, 700, (qualifier, "eq")).why == "启动前的基数不是确数"


def test_an_approximate_figure_of_now_proves_nothing():
    assert far(500, 600, 700, ("eq", "approx")).why == "最近的读数不是确数"


def test_a_target_that_was_reached_at_the_start_counts_nothing():
    assert evidence(Quantity(700), Quantity(750), 700, falling=False).why == "启动时已达到目标值"
    assert evidence(Quantity(0), Quantity(3), 0, falling=True).why == "启动前的基数为 0"


@given(
    st.floats(0, 1e9),
    st.floats(0, 1e9),
    st.floats(0, 1e9),
    st.booleans(),
    st.sampled_from(["eq", "ge", "approx", "unknown"]),
)
def test_a_percent_lies_within_its_bounds_or_says_why_there_is_none(base, now, target, falling, qualifier):
    found = evidence(Quantity(base), Quantity(now, qualifier), target, falling=falling)
    assert (found.percent is None) == bool(found.why)
    assert found.percent is None or 0 <= found.percent <= 100


# --- when they differ -------------------------------------------------------------------------------


def test_twenty_points_are_a_mark_and_one_less_is_none():
    assert mark(70.0, Evidence(50.0)) == "above"
    assert mark(69.9, Evidence(50.0)) == ""
    assert mark(30.0, Evidence(50.0)) == "below"
    assert mark(30.1, Evidence(50.0)) == ""


def test_a_lower_bound_cannot_show_that_too_much_is_claimed():
    assert mark(90.0, Evidence(50.0, at_least=True)) == ""
    assert mark(30.0, Evidence(50.0, at_least=True)) == "below"


def test_without_one_of_the_two_there_is_no_mark():
    assert mark(None, Evidence(50.0)) == ""
    assert mark(100.0, Evidence(None, why=NOT_COUNTABLE)) == ""
