"""What offices write for hours, degrees and services, and what is read of it; and how a life line takes a ledger in."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.importers.station_cells import UnreadableError, called, count, degrees, hours, services, state
from dashboard.importers.station_life import Amended, amended, brought_to, out_of_order


@pytest.mark.parametrize(
    "written",
    ["24小时", "全天", "24h", "全年无休24小时", "7*24小时", "0:00～24:00", "00:00-23:59", "24小时营业"],
)
def test_round_the_clock_has_many_spellings(written):
    assert hours(written) == "00:00-24:00"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("8：00—20：00", "08:00-20:00"),
        ("8点30分至20点", "08:30-20:00"),
        ("每天8:00-22:00", "08:00-22:00"),
        ("8:00:00-20:00:00", "08:00-20:00"),
        ("工作日 8:00-18:00", "工作日 8:00-18:00"),
        ("8:00-25:00", "8:00-25:00"),
        ("", ""),
    ],
)
def test_hours_are_read_where_they_are_sure_and_kept_as_written_where_not(written, read):
    assert hours(written) == read


@pytest.mark.parametrize(
    "written", [118.58, "118.58", "１１８．５８", "118.58°", "东经118.58", "118.58E", " 118.58 "]
)
def test_degrees_have_many_spellings(written):
    assert degrees(written) == 118.58


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("118°35′12″", "请改写成十进制的度：118.586667。"),
        ("118度35分12秒", "请改写成十进制的度：118.586667。"),
        ("E118º35'12\"", "请改写成十进制的度：118.586667。"),
        ("118°35.2′", "请改写成十进制的度：118.586667。"),
        ("24°54′N", "请改写成十进制的度：24.900000。"),
        ("118 35 12", "请改写成十进制的度：118.586667。"),
        ("118 35.2", "请改写成十进制的度：118.586667。"),
        ("118-35-12", "请改写成十进制的度：118.586667。"),
        ("118.35.12", "请改写成十进制的度：118.586667。"),
        ("11835.2", "请改写成十进制的度：118.586667。"),
        (11835.2, "请改写成十进制的度：118.586667。"),
        (2454, "请改写成十进制的度：24.900000。"),
        (1183512, "请改写成十进制的度：118.586667。"),
        ("118°75′", "请写成十进制的度，如经度 118.586，纬度 24.908。"),
        ("118,58", "请写成十进制的度，如经度 118.586，纬度 24.908。"),
    ],
)
def test_degrees_with_minutes_are_refused_with_what_they_would_be(written, advice):
    with pytest.raises(UnreadableError) as caught:
        degrees(written)
    assert caught.value.advice == advice


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("118°35.2′", "坐标写成了度分（118°35.2′）"),
        (11835.2, "坐标写成了度分（118°35.2′）"),
        ("1183512", "坐标写成了度分秒（118°35′12″）"),
    ],
)
def test_degrees_with_minutes_are_told_as_what_they_were_taken_for(written, rule):
    with pytest.raises(UnreadableError) as caught:
        degrees(written)
    assert caught.value.rule == rule


def test_metres_of_a_projection_are_no_degrees_with_minutes():
    assert [degrees(metres) for metres in (13201234.5, 2766543.2, 500.5)] == [13201234.5, 2766543.2, 500.5]


@pytest.mark.parametrize(
    "written", ["饮水、充电", "饮水，充电；饮水", "饮水/充电", "饮水 充电", "饮水\n充电"]
)
def test_services_stand_once_each_with_a_blank_between(written):
    assert services(written) == "饮水 充电"


def test_states_and_counts():
    assert [state(word) for word in ("", "正常", "已建成", "停用", "撤销", "拟建")] == [
        None, "opened", "built", "suspended", "closed", "planned",
    ]  # fmt: skip
    assert [count(value) for value in ("", "1,320 人次", 320.0, "３２０")] == [None, 1320, 320, 320]


def test_quotation_marks_and_width_make_no_other_name():
    assert len({called(name) for name in ("暖“新”驿站１", '暖"新"驿站1', "暖新驿站 1")}) == 1


# --- life lines ---------------------------------------------------------------------------------------

BUILT, OPENED = ("built", date(2024, 4, 1)), ("opened", date(2024, 5, 1))
SHUT, AGAIN = ("suspended", date(2025, 2, 1)), ("opened", date(2025, 3, 1))


def test_what_is_known_changes_nothing_and_what_is_new_is_added():
    assert amended((BUILT, OPENED), [OPENED, SHUT]) == Amended((BUILT, OPENED, SHUT), ())


def test_another_day_of_the_same_step_amends_it_and_after_a_pause_is_a_step_of_its_own():
    later = ("opened", date(2024, 5, 3))

    assert amended((BUILT, OPENED), [later]) == Amended((BUILT, later), (("opened", OPENED[1], later[1]),))
    assert amended((OPENED, SHUT), [AGAIN]) == Amended((OPENED, SHUT, AGAIN), ())
    assert amended((OPENED, SHUT, AGAIN), [later]) == Amended(
        (later, SHUT, AGAIN), (("opened", OPENED[1], later[1]),)
    )


def test_a_state_adds_a_step_only_when_it_is_another_one():
    day = date(2026, 1, 15)

    assert brought_to((OPENED,), "opened", day) == (OPENED,)
    assert brought_to((OPENED,), "suspended", day) == (OPENED, ("suspended", day))
    assert brought_to((), "opened", day) == (("opened", day),)


def test_of_one_day_the_last_word_holds():
    day = date(2026, 1, 15)

    assert brought_to((OPENED, ("suspended", day)), "opened", day) == (OPENED,)


def test_a_life_in_the_wrong_order_names_both_steps():
    late = ("built", date(2024, 6, 1))

    assert out_of_order((BUILT, OPENED)) is None
    assert out_of_order((OPENED, late)) == (OPENED, late)


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_a_number_that_is_none_is_no_coordinate(value):
    with pytest.raises(UnreadableError):
        degrees(value)
