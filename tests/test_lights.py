"""The lights: exactly one of nine for every assignment and day, at every edge of the rule."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.catalogue import LIGHTS, Light, LightRule
from dashboard.lights import (
    SEVERITY,
    Lit,
    Standing,
    elapsed,
    gap_text,
    light,
    mean_text,
    percent_text,
    rule_of,
    worst,
)
from dashboard.periods import parse

RULE = LightRule("v1", "第一版", None, 10, 30, tuple(Light(name, name, name, name) for name in LIGHTS))
DAY = date(2025, 4, 11)
MARCH = parse("2025-03")
# A hundred days from start to due; on DAY exactly half of the time is used.
CASE = Standing(involved=True, start=date(2025, 2, 20), due=date(2025, 5, 31), standing=False, percent=50)


def lit(day: date = DAY, **changes: object) -> tuple[str, str]:
    found = light(replace(CASE, **changes), day, RULE)
    return found.light, found.reason


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({}, "on_track", "时序 50%，进度 50%"),
        ({"involved": False}, "not_involved", "清单未分配给该单位"),
        ({"involved": False, "list_silent": True}, "not_involved", "清单未分配给该单位"),
        ({"completed_on": DAY, "percent": 100}, "done", "2025-04-11 完成"),
        ({"completed_on": DAY, "percent": 120}, "done", "2025-04-11 完成"),
        ({"completed_on": DAY, "percent": None}, "done", "2025-04-11 完成"),
        ({"completed_on": DAY - timedelta(1), "percent": 100}, "done", "2025-04-10 完成"),
        ({"completed_on": DAY + timedelta(1)}, "on_track", "时序 50%，进度 50%，完成日期 2025-04-12 未到"),
        (
            {"completed_on": DAY + timedelta(1), "percent": 100},
            "on_track",
            "时序 50%，已报 100%，完成日期 2025-04-12 未到",
        ),
        (
            {"completed_on": DAY + timedelta(1), "percent": None},
            "far_behind",
            "时序 50%，未报进度，完成日期 2025-04-12 未到，落后 50 个百分点",
        ),
        (
            {"completed_on": DAY + timedelta(1), "due": DAY - timedelta(1), "percent": 100},
            "overdue",
            "逾期 1 天，已报 100%，完成日期 2025-04-12 未到",
        ),
        ({"completed_on": DAY, "percent": 90}, "done", "2025-04-11 完成，进度报 90%"),
        ({"completed_on": DAY, "percent": 99.96}, "done", "2025-04-11 完成，进度报 99.9%"),
        (
            {"completed_on": date(2025, 2, 19), "percent": 100},
            "done",
            "2025-02-19 完成，早于启动时间 2025-02-20",
        ),
        (
            {"completed_on": DAY, "start": DAY + timedelta(1), "percent": 30},
            "done",
            "2025-04-11 完成，早于启动时间 2025-04-12，进度报 30%",
        ),
        ({"completed_on": DAY, "due": date(2025, 3, 1), "percent": 100}, "done", "2025-04-11 完成"),
        ({"completed_on": DAY, "silent": True, "percent": 100}, "done", "2025-04-11 完成"),
        ({"completed_on": DAY, "standing": True, "due": None, "percent": None}, "done", "2025-04-11 完成"),
        ({"standing": True, "due": None}, "standing", "长期坚持"),
        ({"standing": True, "due": None, "silent": True}, "standing", "长期坚持，最近一期未报送"),
        (
            {"standing": True, "due": None, "silent": True, "owed": MARCH},
            "standing",
            "长期坚持，2025年3月未报送",
        ),
        ({"standing": True}, "standing", "长期坚持"),
        ({"standing": True, "due": DAY - timedelta(1), "percent": 0}, "standing", "长期坚持"),
        ({"standing": True, "due": None, "start": DAY + timedelta(1)}, "standing", "长期坚持"),
        ({"start": DAY + timedelta(1)}, "not_started", "2025-04-12 启动"),
        ({"start": DAY + timedelta(1), "silent": True}, "not_started", "2025-04-12 启动"),
        ({"start": DAY, "percent": None}, "on_track", "时序 0%，未报进度"),
        ({"due": DAY, "percent": 95}, "on_track", "时序 100%，进度 95%"),
        ({"due": DAY, "percent": 100}, "on_track", "时序 100%，已报 100%，待填完成日期"),
        ({"due": DAY - timedelta(1)}, "overdue", "逾期 1 天，进度 50%"),
        ({"due": DAY - timedelta(1), "percent": 100}, "overdue", "逾期 1 天，已报 100%，待填完成日期"),
        ({"due": DAY - timedelta(1), "percent": None}, "overdue", "逾期 1 天，未报进度"),
        ({"due": DAY - timedelta(1), "silent": True}, "overdue", "逾期 1 天，进度 50%"),
        ({"silent": True}, "not_reported", "最近一期未报送"),
        ({"silent": True, "owed": MARCH}, "not_reported", "2025年3月未报送"),
        ({"silent": True, "owed": MARCH, "percent": 100}, "not_reported", "2025年3月未报送"),
        ({"silent": True, "percent": None}, "not_reported", "最近一期未报送"),
        ({"silent": True, "due": DAY}, "not_reported", "最近一期未报送"),
        ({"list_silent": True, "percent": None}, "not_reported", "清单下发以来尚无单位报送进展"),
        ({"list_silent": True, "due": DAY - timedelta(1)}, "not_reported", "清单下发以来尚无单位报送进展"),
        ({"percent": 100}, "on_track", "时序 50%，已报 100%，待填完成日期"),
        ({"percent": 60}, "on_track", "时序 50%，进度 60%"),
        ({"percent": 120}, "on_track", "时序 50%，已报 120%，待填完成日期"),
        ({"percent": 99.6}, "on_track", "时序 50%，进度 99.6%"),
        ({"percent": 99.999999}, "on_track", "时序 50%，进度 99.9%"),
        ({"percent": float("nan")}, "far_behind", "时序 50%，未报进度，落后 50 个百分点"),
        ({"percent": 40.1}, "on_track", "时序 50%，进度 40.1%"),
        ({"percent": 40.004}, "on_track", "时序 50%，进度 40.004%"),
        ({"percent": 40}, "behind", "时序 50%，进度 40%，落后 10 个百分点"),
        ({"percent": 20}, "behind", "时序 50%，进度 20%，落后 30 个百分点"),
        ({"percent": 19.9}, "far_behind", "时序 50%，进度 19.9%，落后 30.1 个百分点"),
        ({"percent": 0}, "far_behind", "时序 50%，进度 0%，落后 50 个百分点"),
        ({"percent": None}, "far_behind", "时序 50%，未报进度，落后 50 个百分点"),
        ({"start": DAY, "due": DAY}, "far_behind", "时序 100%，进度 50%，落后 50 个百分点"),
        ({"start": DAY, "due": DAY, "percent": 95}, "on_track", "时序 100%，进度 95%"),
    ],
)
def test_the_first_light_that_fits_is_given_with_its_reason(changes, name, reason):
    assert lit(**changes) == (name, reason)


@pytest.mark.parametrize(
    ("days", "used", "percent"),
    [
        # of 120 days 69 are 57.5 %, which a float makes 9.999999999999993 more than 47.5
        (120, 69, 47.5),
        (200, 113, 46.5),
        (10, 3, 20),
        # of 120 days 66 are 55 %, which a float makes 30.000000000000007 more than 25
        (120, 66, 25),
        (250, 82, 2.8),
        (10, 5, 20),
    ],
)
def test_a_gap_of_exactly_ten_or_thirty_is_behind_whatever_floats_make_of_it(days, used, percent):
    start = date(2025, 1, 1)
    day, due = start + timedelta(used), start + timedelta(days)

    assert lit(day, start=start, due=due, percent=percent)[0] == "behind"


def test_a_gap_just_below_ten_or_just_above_thirty_is_not_behind():
    assert lit(percent=40.001)[0] == "on_track"
    assert lit(percent=19.999)[0] == "far_behind"


@pytest.mark.parametrize(
    ("start", "due", "day", "share"),
    [
        (date(2025, 1, 1), date(2025, 1, 11), date(2024, 12, 31), 0.0),
        (date(2025, 1, 1), date(2025, 1, 11), date(2025, 1, 1), 0.0),
        (date(2025, 1, 1), date(2025, 1, 11), date(2025, 1, 6), 0.5),
        (date(2025, 1, 1), date(2025, 1, 11), date(2025, 1, 11), 1.0),
        (date(2025, 1, 1), date(2025, 1, 11), date(2026, 1, 1), 1.0),
        (date(2025, 1, 1), date(2025, 1, 1), date(2024, 12, 31), 0.0),
        (date(2025, 1, 1), date(2025, 1, 1), date(2025, 1, 1), 1.0),
        (date(2025, 1, 1), date(2025, 1, 1), date(2025, 1, 2), 1.0),
    ],
)
def test_the_time_used_stays_between_nothing_and_all(start, due, day, share):
    assert elapsed(start, due, day) == share


def test_the_thresholds_are_those_of_the_rule():
    milder = replace(RULE, behind_pct=20, far_behind_pct=45)

    assert light(replace(CASE, percent=40), DAY, milder) == Lit("on_track", "时序 50%，进度 40%")
    assert light(replace(CASE, percent=30), DAY, milder).light == "behind"
    assert light(replace(CASE, percent=5), DAY, milder).light == "behind"
    assert light(replace(CASE, percent=4.9), DAY, milder).light == "far_behind"


def test_a_day_is_judged_by_the_rule_in_force_on_it():
    second = replace(RULE, version="v2", valid_from=date(2026, 1, 1))
    third = replace(RULE, version="v3", valid_from=date(2027, 1, 1))
    rules = (third, RULE, second)

    assert rule_of(rules, date(2025, 12, 31)).version == "v1"
    assert rule_of(rules, date(2026, 1, 1)).version == "v2"
    assert rule_of(rules, date(2026, 12, 31)).version == "v2"
    assert rule_of(rules, date(2027, 1, 1)).version == "v3"


def test_before_any_rule_has_begun_the_first_one_judges():
    assert rule_of([replace(RULE, valid_from=date(2026, 1, 1))], date(2025, 1, 1)).version == "v1"


def test_the_worst_of_several_is_named_with_how_many_bear_it():
    assert worst(["on_track", "behind", "overdue", "behind", "overdue"]) == ("overdue", 2)
    assert worst(["done", "standing"]) == ("standing", 1)
    with pytest.raises(ValueError, match="no lights"):
        worst([])


def test_every_light_has_its_place_in_the_order_of_severity_and_red_leads_it():
    assert sorted(SEVERITY) == sorted(LIGHTS)
    assert SEVERITY[:2] == ("overdue", "far_behind")


# --- what the reader can subtract --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("used", "percent", "name", "reason"),
    [
        # of 250 days: 124 are 49.6 %, 126 are 50.4 %, 226 are 90.4 %
        (124, 40, "on_track", "时序 49.6%，进度 40%"),
        (124, 19.5, "far_behind", "时序 49.6%，进度 19.5%，落后 30.1 个百分点"),
        (126, 20, "far_behind", "时序 50.4%，进度 20%，落后 30.4 个百分点"),
        (126, 40, "behind", "时序 50%，进度 40%，落后 10 个百分点"),
        (226, 61, "behind", "时序 90%，进度 61%，落后 29 个百分点"),
        (124, 39.6, "behind", "时序 50%，进度 39.6%，落后 10 个百分点"),
        (124, 39.66, "on_track", "时序 49.6%，进度 39.66%"),
    ],
)
def test_a_gap_beside_a_threshold_has_the_decimals_that_show_on_which_side_it_lies(
    used, percent, name, reason
):
    start = date(2025, 1, 1)
    due = start + timedelta(250)

    assert lit(start + timedelta(used), start=start, due=due, percent=percent) == (name, reason)


def test_a_gap_in_words_never_contradicts_its_light():
    assert gap_text(9.6, RULE) == "落后 9.6 个百分点"
    assert gap_text(10.4, RULE) == "落后 10 个百分点"
    assert gap_text(29.6, RULE) == "落后 30 个百分点"
    assert gap_text(30.0, RULE) == "落后 30 个百分点"
    assert gap_text(30.4, RULE) == "落后 30.4 个百分点"
    assert gap_text(30.04, RULE) == "落后 30.04 个百分点"
    assert gap_text(30.00000000000001, RULE) == "落后 30 个百分点"
    assert gap_text(30.6, RULE) == "落后 31 个百分点"
    assert gap_text(14.6, replace(RULE, behind_pct=15)) == "落后 14.6 个百分点"


def test_the_mean_of_several_that_are_on_track_never_reads_as_late():
    assert mean_text(100.0, 95.2, RULE) == "时序 100%，平均进度 95%"
    assert mean_text(99.0, 99.96, RULE) == "时序 99%，平均进度 99%"
    # 60 less 50 would be 10, which is late.
    assert mean_text(60.0, 50.6, RULE) == "时序 60%，平均进度 50.6%"
    assert mean_text(59.6, 50.2, RULE) == "时序 59.6%，平均进度 50.2%"
    # Done on a day, yet told as little: the mean of all lies further behind than anybody.
    assert mean_text(60.0, 45.0, RULE) == ""


def test_a_percent_is_cut_and_never_rounded_up_to_done():
    told = [percent_text(p) for p in (0, 40.0, 40.1, 0.3, 99.6, 99.96, 99.999999999, 100, 1e-9)]
    assert told == ["0", "40", "40.1", "0.3", "99.6", "99.9", "99.9", "100", "0"]


_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")


@given(st.integers(1, 900), st.integers(0, 900), st.integers(0, 10_000).map(lambda n: n / 100))
def test_whoever_subtracts_the_printed_figures_comes_to_the_light_that_is_shown(length, used, percent):
    start = date(2025, 1, 1)
    found = lit(
        start + timedelta(min(used, length)), start=start, due=start + timedelta(length), percent=percent
    )
    time, said, *gap = (float(figure) for figure in _FIGURE.findall(found[1]))

    assert _by_thresholds(round(time - said, 6)) == found[0]
    assert [_by_thresholds(g) for g in gap] == [found[0]] * len(gap)
    assert (said == 100) == (percent == 100)


def _by_thresholds(gap: float) -> str:
    return "far_behind" if gap > 30 else "behind" if gap >= 10 else "on_track"


# --- every combination -------------------------------------------------------------------------------

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
near = st.integers(-3, 3).map(timedelta)  # so that equal days, the one before and the one after come up
percents = (
    st.none()
    | st.sampled_from([0.0, 100.0, 100.1, 250.0, -1.0, 99.6, float("nan")])
    | st.floats(0, 100)
    | st.integers(0, 100).map(float)
)


@st.composite
def cases(draw) -> tuple[Standing, date, LightRule]:
    """An assignment, a day and a rule; the dates stand far apart or within days of one another."""
    day = draw(days)

    def beside() -> date:
        return day + draw(near) if draw(st.booleans()) else draw(days)

    behind = draw(st.integers(0, 60))
    case = Standing(
        involved=draw(st.integers(0, 9)) > 0,
        start=beside(),
        due=None if draw(st.integers(0, 9)) == 0 else beside(),
        standing=draw(st.integers(0, 9)) == 0,
        percent=draw(percents),
        completed_on=beside() if draw(st.booleans()) else None,
        silent=draw(st.booleans()),
        list_silent=draw(st.integers(0, 9)) == 0,
        owed=MARCH if draw(st.booleans()) else None,
    )
    return case, day, replace(RULE, behind_pct=behind, far_behind_pct=draw(st.integers(behind, 100)))


def _gap(case: Standing, day: date) -> float:
    """Elapsed % less progress %, as the design writes it; what nobody said counts as none."""
    if case.due is None:
        return 0.0
    length = (case.due - case.start).days
    elapsed_pct = 100.0 if length <= 0 else 100 * min(1, max(0, (day - case.start).days / length))
    said = case.percent is not None and case.percent == case.percent
    return elapsed_pct - (case.percent if said else 0.0)


# Section 8 of the design, a line for each light in the order in which they are tried.
ORACLE = (
    ("not_involved", lambda c, d, r: not c.involved),
    ("not_reported", lambda c, d, r: c.list_silent),  # nobody at all has reported since the list was issued
    ("done", lambda c, d, r: c.completed_on is not None and c.completed_on <= d),
    ("standing", lambda c, d, r: c.standing or c.due is None),
    ("not_started", lambda c, d, r: c.start > d),
    ("overdue", lambda c, d, r: c.due < d),
    ("not_reported", lambda c, d, r: c.silent),
    ("far_behind", lambda c, d, r: _gap(c, d) > r.far_behind_pct + 5e-10),
    ("behind", lambda c, d, r: _gap(c, d) >= r.behind_pct - 5e-10),
    ("on_track", lambda c, d, r: True),
)
# What has no figure to tell: neither a percent nor a day belongs to it.
_WITHOUT_FIGURES = {
    "清单未分配给该单位",
    "清单下发以来尚无单位报送进展",
    "长期坚持",
    "长期坚持，最近一期未报送",
    "最近一期未报送",
}


@settings(max_examples=1000)
@given(cases())
def test_every_assignment_has_on_every_day_exactly_one_light_and_it_is_the_first_that_fits(asked):
    case, day, rule = asked
    found = light(case, day, rule)

    assert found.light == next(name for name, fits in ORACLE if fits(case, day, rule))
    assert found.light in LIGHTS
    assert re.search(r"\d", found.reason) or found.reason in _WITHOUT_FIGURES
    assert "nan" not in found.reason
    assert light(case, day, rule) == found


def test_the_oracle_tries_the_lights_in_the_order_of_the_catalogue():
    order = list(dict.fromkeys(name for name, _ in reversed(ORACLE)))
    assert tuple(reversed(order)) == LIGHTS
