"""Charts: the option equals the JSON kept in tests/kept/, and stays strict JSON whatever comes in.

After a change that was meant, write the kept files again and read the difference before committing it:

    .venv/bin/python tests/test_charts.py
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from dashboard.catalogue import LIGHTS
from dashboard.charts.aspects import aspects
from dashboard.charts.course import course, drawn
from dashboard.charts.gauge import gauge
from dashboard.charts.trend import Point, trend
from dashboard.charts.visits import DESK, WALL, visits
from dashboard.forecast import Forecast
from dashboard.formulas import NOTHING, Quantity
from dashboard.periods import parse
from dashboard.readouts.measure import Step
from dashboard.readouts.measures import Tally
from dashboard.readouts.points import Visit

KEPT = Path(__file__).with_name("kept")


def tally(
    total: int = 60,
    standing: int = 9,
    done: int = 20,
    should: int = 25,
    name: str = "全部",
    time_used: float | None = 0.5,
    unsaid: int = 0,
) -> Tally:
    lights = dict.fromkeys(LIGHTS, 0) | {"done": done, "not_reported": unsaid}
    return Tally(name, total, standing, done, should, lights, time_used)


LATE = tally(9, 1, 3, 5, "党建统领", None)
ON_TIME = tally(6, 0, 4, 4, "权责事项", None)
UNSAID = tally(12, 2, 0, 7, "力量保障", None, unsaid=12)
COURSE = [
    Point(parse("2019-04-04"), Quantity(1_024_879), "报纸甲"),
    Point(parse("2020-07-15"), Quantity(1_370_000, "approx"), "报纸甲"),
    Point(parse("2020-12-24"), Quantity(1_418_327), "报纸甲"),
    Point(parse("2023"), Quantity(None, "unknown"), "报纸甲"),
    Point(parse("2024-12"), Quantity(2_230_000, "ge"), "报纸甲"),
]

VISITS = [
    Visit(date(2026, 1, 24), 4, 2, "推广到全县", "回访上次发现的问题。"),
    Visit(date(2025, 12, 4), 3, 0, "", ""),
    Visit(date(2025, 8, 8), None, None, "", "没有写发现了几个。"),
    Visit(date(2025, 3, 23), 1, 0, "", ""),
]

BEGUN, DUE, TODAY = date(2025, 7, 1), date(2026, 7, 31), date(2025, 12, 15)
STEPS = [
    Step(date(2025, 9, 30), 23.04, 20.0, 12, 13),
    Step(date(2025, 10, 31), 30.89, None, 12, 13),
    Step(date(2025, 11, 30), 38.48, 31.25, 13, 13),
]
PROVEN = [(parse("2025-Q3"), 16.67), (parse("2025-Q4"), None)]
EXPECTED = Forecast("expected", 5, date(2026, 10, 1), date(2026, 8, 20), date(2026, 12, 1))

OPTIONS: dict[str, dict[str, Any]] = {
    "gauge_late": gauge(tally(), silent=False),
    "gauge_on_time": gauge(tally(done=30), silent=False),
    "gauge_silent": gauge(tally(done=0, should=35, time_used=0.63, unsaid=60), silent=True),
    "aspects": aspects([LATE, ON_TIME, UNSAID], ["3/8", "4/6", "▨ 未报 12"]),
    "trend": trend(COURSE, ["2022-01-01"]),
    "visits": visits(VISITS),
    "course": course(BEGUN, DUE, STEPS, PROVEN, EXPECTED, TODAY),
}


def strict(option: dict[str, Any]) -> dict[str, Any]:
    """The option as it leaves for the browser: no NaN, no numpy, no dates, no tuples that come back as lists."""
    back: dict[str, Any] = json.loads(json.dumps(option, allow_nan=False))
    return back


def series(option: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [s for s in option["series"] if s["name"] == name]
    return found


@pytest.mark.parametrize("name", OPTIONS)
def test_the_option_equals_the_one_that_was_kept(name):
    assert strict(OPTIONS[name]) == json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))


def test_no_file_is_kept_that_no_chart_makes():
    assert {p.stem for p in KEPT.glob("*.json")} == set(OPTIONS)


# --- visits -----------------------------------------------------------------------------------------


def test_visits_run_from_left_to_right_and_name_the_year_where_it_changes():
    above, below = visits(VISITS)["xAxis"]

    assert above["data"] == below["data"] == ["03-23\n2025", "08-08", "12-04", "01-24\n2026"]


def test_a_visit_that_says_nothing_has_no_bar_and_one_that_says_nought_has_one():
    option = strict(visits(VISITS))

    assert series(option, "found")["data"] == [1, None, 3, 4]
    assert series(option, "solved")["data"] == [0, None, 0, 2]


@pytest.mark.parametrize("look", [DESK, WALL])
@pytest.mark.parametrize("count", [0, 1, DESK.shown, DESK.shown + 5])
def test_visits_are_strict_json_however_many_there_are_and_the_newest_stay(count, look):
    made = [Visit(date(2000 + i, 1, 1), 10**12, -1, "", "") for i in range(count)]
    option = strict(visits(made, look))

    days = option["xAxis"][1]["data"]

    assert len(days) == min(count, look.shown)
    assert days[-1:] == [f"01-01\n{1999 + count}"][: min(count, 1)]


def test_what_is_open_goes_up_by_what_was_found_and_down_by_what_was_solved_with_a_gap_where_it_is_not_said():
    assert series(strict(visits(VISITS)), "open")["data"] == [
        1,
        None,
        4,
        6,
    ]


def test_what_is_open_ends_where_more_was_solved_than_is_known_to_be_found():
    made = [Visit(date(2025, month, 1), 2, solved, "", "") for month, solved in ((1, 1), (2, 4), (3, 0))]

    assert series(strict(visits(made)), "open")["data"] == [1, None, None]


def test_what_is_open_counts_the_visits_that_are_no_longer_shown():
    made = [Visit(date(2000 + i, 1, 1), 2, 1, "", "") for i in range(DESK.shown + 5)]

    assert series(strict(visits(made)), "open")["data"] == list(range(6, DESK.shown + 6))


# --- a measure through time -------------------------------------------------------------------------


def test_a_month_nobody_reported_for_is_a_gap_and_no_nought():
    option = strict(OPTIONS["course"])

    assert series(option, "actual")["data"] == [
        ["2025-09-30", 20.0],
        ["2025-10-31", "-"],
        ["2025-11-30", 31.2],
    ]
    assert series(option, "evidence")["data"] == [["2025-09-30", 16.7], ["2025-12-31", "-"]]
    assert series(option, "plan")["data"] == [["2025-07-01", 0], ["2026-07-31", 100]]


def band(expected: Forecast) -> list[str]:
    """From when to when the range is drawn, and where the picture ends."""
    option = strict(course(BEGUN, DUE, STEPS, PROVEN, expected, TODAY))
    areas = option["series"][0].get("markArea", {"data": []})["data"]
    return [end["xAxis"] for area in areas for end in area] + [option["xAxis"]["max"]]


def test_the_range_of_the_expected_day_is_a_band_open_to_the_right_without_a_late_end():
    assert band(EXPECTED) == ["2026-08-20", "2026-12-01", "2027-01-01"]
    assert band(Forecast("expected", 5, date(2026, 10, 1), date(2026, 8, 20), None)) == [
        "2026-08-20",
        "2026-11-01",
        "2026-11-01",
    ]


def test_a_day_far_away_does_not_press_what_is_known_into_a_corner():
    far = Forecast("expected", 5, date(2034, 1, 1), date(2033, 1, 1), None)
    assert band(far) == ["2026-09-01"]
    reaching = Forecast("expected", 5, date(2027, 1, 1), date(2026, 9, 1), date(2034, 1, 1))
    assert band(reaching) == ["2026-09-01", "2027-10-01", "2027-10-01"]


def marked(expected: Forecast) -> list[str]:
    """The words that stand at the strokes and at the right edge."""
    option = strict(course(BEGUN, DUE, STEPS, PROVEN, expected, TODAY))
    return [one["label"]["formatter"] for one in option["series"][0]["markLine"]["data"]]


def test_what_lies_beyond_the_picture_is_said_at_its_edge():
    far = Forecast("expected", 5, date(2034, 1, 1), date(2033, 1, 1), None)
    assert marked(far) == ["时限", "截至日", "预计 → 2034"]
    reaching = Forecast("expected", 5, date(2027, 1, 1), date(2026, 9, 1), date(2034, 1, 1))
    assert marked(reaching) == ["时限", "截至日", "预计", "最晚 → 2034"]
    assert marked(EXPECTED) == ["时限", "截至日", "预计"]


def test_the_legend_is_asked_for_what_is_drawn_only():
    assert drawn(OPTIONS["course"]) == {"plan", "actual", "evidence", "band"}
    nobody = [Step(TODAY, None, None, 0, 13)]
    assert drawn(course(BEGUN, DUE, nobody, [], Forecast("few"), TODAY)) == {"plan"}
    far = Forecast("expected", 5, date(2034, 1, 1), date(2033, 1, 1), None)
    assert "band" not in drawn(course(BEGUN, DUE, STEPS, PROVEN, far, TODAY))


def test_a_course_that_has_just_begun_has_room_for_more_than_one_month():
    option = strict(course(TODAY, None, [], [], Forecast("few"), TODAY))
    assert (option["xAxis"]["min"], option["xAxis"]["max"]) == ("2025-12-01", "2026-04-01")


@pytest.mark.parametrize("due", [None, BEGUN, DUE])
@pytest.mark.parametrize("steps", [[], STEPS[:1], [Step(TODAY, None, None, 0, 13)]])
def test_a_course_is_strict_json_whatever_is_known(due, steps):
    option = strict(course(BEGUN, due, steps, [], Forecast("unsaid"), TODAY))

    assert ("plan" in {s["name"] for s in option["series"]}) == (due is not None)
    assert option["xAxis"]["min"] == "2025-07-01"


# --- whatever comes in ------------------------------------------------------------------------------

TALLIES = {
    "empty": tally(0, 0, 0, 0, time_used=None),
    "one": tally(1, 0, 1, 1, time_used=1.0),
    "all standing": tally(9, 9, 0, 0),
    "all missing": tally(60, 9, 0, 0, unsaid=60),
    "zero": tally(60, 9, 0, 0, time_used=0.0),
    "more done than due": tally(60, 9, 51, 0),
    "negative": tally(10, 0, -1, -1, time_used=-0.5),
    "huge": tally(10**15, 0, 10**14, 10**15, time_used=1.0),
}


@pytest.mark.parametrize("silent", [True, False])
@pytest.mark.parametrize("case", TALLIES)
def test_a_gauge_is_strict_json_and_its_hands_stay_on_the_dial(case, silent):
    option = strict(gauge(TALLIES[case], silent=silent))

    for hand in option["series"]:
        (datum,) = hand["data"]
        assert hand["min"] == 0
        assert case == "negative" or hand["min"] <= datum["value"] <= hand["max"], hand["name"]


@pytest.mark.parametrize("case", TALLIES)
def test_bars_are_strict_json_for_one_tally(case):
    option = strict(aspects([TALLIES[case]], ["—"]))

    assert option["yAxis"][0]["data"] == ["全部"]


def test_bars_are_strict_json_for_none_and_for_all():
    assert strict(aspects([], []))["series"][0]["data"] == []
    every = strict(aspects(list(TALLIES.values()), list(TALLIES)))
    assert every["yAxis"][1]["data"] == list(TALLIES)


DAY = parse("2025-01-13")


@pytest.mark.parametrize(
    "points",
    [
        [],
        [Point(DAY, Quantity(88), "x")],
        [Point(DAY, NOTHING, "x"), Point(parse("2024"), Quantity(None, "unknown"), "x")],
        [Point(DAY, Quantity(0), "x"), Point(parse("2024"), Quantity(0, "ge"), "x")],
        [Point(DAY, Quantity(-5), "x"), Point(parse("2024"), Quantity(-0.5, "approx"), "x")],
        [Point(DAY, Quantity(1e300), "x"), Point(parse("2024"), Quantity(1e-300, "ge"), "x")],
    ],
    ids=["empty", "one", "all missing", "zero", "negative", "huge"],
)
def test_a_trend_is_strict_json_and_shows_as_many_figures_as_there_are(points):
    option = strict(trend(points))
    shown = [v for s in option["series"] for _, v in s["data"] if v != "-"]

    assert len(shown) == sum(p.quantity.value is not None for p in points)


# --- what they say ----------------------------------------------------------------------------------


def test_a_gauge_of_a_silent_list_has_an_empty_arc_and_not_one_at_zero():
    option = OPTIONS["gauge_silent"]

    assert series(option, "done")["progress"]["show"] is False
    assert series(option, "should")["data"] == [{"value": round(35 / 51, 6)}]
    assert series(option, "time")["data"] == [{"value": 0.63}]


def test_the_mark_decides_whether_the_gauge_is_late():
    late, on_time = (
        series(OPTIONS[n], "done")["progress"]["itemStyle"] for n in ("gauge_late", "gauge_on_time")
    )

    assert (late["color"], on_time["color"]) == ("var(--late-fill)", "var(--accent)")


def test_standing_measures_are_not_among_those_that_can_be_completed():
    assert series(OPTIONS["gauge_late"], "done")["data"] == [{"value": round(20 / 51, 6)}]


def test_a_gauge_without_a_time_has_no_second_hand():
    names = [s["name"] for s in gauge(tally(time_used=None), silent=False)["series"]]

    assert names == ["done", "should"]


def test_an_aspect_nobody_reported_on_has_no_bar_but_keeps_its_mark():
    option = OPTIONS["aspects"]

    assert [bar["value"] for bar in series(option, "done")["data"]] == [0.375, round(4 / 6, 6), None]
    assert series(option, "should")["data"] == [[0.625, 0], [round(4 / 6, 6), 1], [0.7, 2]]


def test_an_aspect_of_standing_measures_alone_has_neither_bar_nor_mark():
    option = aspects([tally(9, 9, 0, 0)], ["长期坚持 9"])

    assert series(option, "done")["data"][0]["value"] is None
    assert series(option, "should")["data"] == []


def test_a_line_joins_exact_figures_only_and_the_others_have_marks_of_their_own():
    option = OPTIONS["trend"]

    assert series(option, "eq")["data"] == [
        ["2019-04-04", 102.4879],
        ["2020-07-15", "-"],
        ["2020-12-24", 141.8327],
        ["2024-12-31", "-"],
    ]
    assert series(option, "ge")["data"] == [["2024-12-31", 223.0]]
    assert series(option, "approx")["data"] == [["2020-07-15", 137.0]]
    assert series(option, "ge")["symbol"] != series(option, "approx")["symbol"]
    assert option["yAxis"]["axisLabel"]["formatter"] == "{value}万"


@pytest.mark.parametrize(
    ("second", "joined"),
    [
        (Point(parse("2025-02"), Quantity(12), "单位报送"), True),
        (Point(parse("2025-02"), Quantity(12), "报纸甲"), False),
        (Point(parse("2025-Q1"), Quantity(12), "单位报送"), False),
        (Point(parse("2025-02"), Quantity(12, "ge"), "单位报送"), False),
    ],
)
def test_a_line_joins_figures_of_one_origin_and_one_grain(second, joined):
    course = series(trend([Point(parse("2025-01"), Quantity(10), "单位报送"), second]), "eq")["data"]

    assert course[0] == ["2025-01-31", 10]
    assert (course[1][1] != "-") is joined


def test_a_change_of_definition_is_drawn_on_its_day():
    assert series(OPTIONS["trend"], "eq")["markLine"]["data"] == [{"xAxis": "2022-01-01"}]


def test_figures_stand_in_the_order_of_their_periods_however_they_come():
    one, other = trend(COURSE), trend(COURSE[::-1])

    assert one == other


def test_the_points_handed_in_are_unchanged():
    points = list(COURSE)
    trend(points)

    assert points == COURSE
    assert points[0].period.end == date(2019, 4, 4)


@pytest.mark.parametrize("name", OPTIONS)
def test_charts_take_their_colours_from_the_tokens_and_do_not_move(name):
    text = json.dumps(OPTIONS[name])

    assert "#" not in text
    assert "rgb" not in text
    assert '"animation": false' in text


if __name__ == "__main__":
    for kept_name, made in OPTIONS.items():
        content = json.dumps(strict(made), ensure_ascii=False, indent=1)
        (KEPT / f"{kept_name}.json").write_text(content + "\n", encoding="utf-8")
