"""The lights: exactly one of nine for every assignment and day, at every edge of the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.catalogue import LIGHTS, Light, LightRule
from dashboard.lights import SEVERITY, Lit, Standing, elapsed, light, rule_of, worst

RULE = LightRule("v1", "第一版", None, 10, 30, tuple(Light(name, name, name, name) for name in LIGHTS))
DAY = date(2025, 4, 11)
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
        ({"completed_on": DAY}, "done", "2025-04-11 完成"),
        ({"completed_on": DAY - timedelta(1)}, "done", "2025-04-10 完成"),
        ({"completed_on": DAY + timedelta(1)}, "on_track", "时序 50%，进度 50%"),
        ({"completed_on": DAY, "percent": 90}, "done", "2025-04-11 完成"),
        ({"completed_on": DAY, "due": date(2025, 3, 1)}, "done", "2025-04-11 完成"),
        ({"completed_on": DAY, "silent": True}, "done", "2025-04-11 完成"),
        ({"completed_on": DAY, "standing": True, "due": None}, "done", "2025-04-11 完成"),
        ({"standing": True, "due": None}, "standing", "长期坚持"),
        ({"standing": True, "due": None, "silent": True}, "standing", "长期坚持，本期未报送"),
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
        ({"silent": True, "percent": None}, "not_reported", "最近一期未报送"),
        ({"silent": True, "due": DAY}, "not_reported", "最近一期未报送"),
        ({"list_silent": True, "percent": None}, "not_reported", "清单下发以来尚无单位报送进展"),
        ({"list_silent": True, "due": DAY - timedelta(1)}, "not_reported", "清单下发以来尚无单位报送进展"),
        ({"percent": 100}, "on_track", "时序 50%，已报 100%，待填完成日期"),
        ({"percent": 60}, "on_track", "时序 50%，进度 60%"),
        ({"percent": 40.1}, "on_track", "时序 50%，进度 40.1%"),
        ({"percent": 40}, "behind", "时序 50%，进度 40%，落后 10 个百分点"),
        ({"percent": 20}, "behind", "时序 50%，进度 20%，落后 30 个百分点"),
        ({"percent": 19.9}, "far_behind", "时序 50%，进度 19.9%，落后 30 个百分点"),
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


days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(
    st.builds(
        Standing,
        involved=st.booleans(),
        start=days,
        due=st.none() | days,
        standing=st.booleans(),
        percent=st.none() | st.floats(0, 100) | st.integers(0, 100).map(float),
        completed_on=st.none() | days,
        silent=st.booleans(),
        list_silent=st.booleans(),
    ),
    days,
)
def test_every_case_has_exactly_one_of_the_nine_lights_and_it_is_the_first_that_fits(case, day):
    """The nine sentences of the design, each for itself, written down a second time."""
    told = case.involved and not case.list_silent
    dated = case.due is not None and not case.standing
    running = told and dated and case.start <= day <= (case.due or day)
    used = 0.0
    if dated and case.due:
        length = (case.due - case.start).days
        used = 100 * min(1, max(0, (day - case.start).days / length)) if length > 0 else 100
    gap = used - (case.percent or 0)
    fits = {
        "not_involved": not case.involved,
        "not_reported_at_all": case.involved and case.list_silent,
        "done": told and case.completed_on is not None and case.completed_on <= day,
        "standing": told and not dated,
        "not_started": told and dated and case.start > day,
        "overdue": told and dated and case.start <= day and case.due is not None and case.due < day,
        "not_reported": running and case.silent,
        "far_behind": running and not case.silent and gap > 30 + 5e-10,
        "behind": running and not case.silent and 10 - 5e-10 <= gap <= 30 + 5e-10,
        "on_track": running and not case.silent and gap < 10,
    }
    first = next(name for name, does in fits.items() if does)
    found = light(case, day, RULE)

    assert found.light == first.removesuffix("_at_all")
    assert found.light in LIGHTS
    assert found.reason
