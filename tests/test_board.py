"""The board of the list: what is chosen of it, project against unit, and what the page says."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboard.knowledge import AsOf
from dashboard.periods import of
from dashboard.readouts.choice import LATE, Choice, in_window, kept, late, part
from dashboard.readouts.matrix import Cell, by_measure, by_project
from dashboard.readouts.measures import Duty, ListReadout, MeasureReadout, PublishedCounts, Tally, by_aspect
from dashboard.ui import cached
from dashboard.ui.theme import SHAPES
from ui_fixtures import Page, installed

DAY = date(2026, 10, 31)
COUNTS = PublishedCounts(1, 1, 1, "x", "A", date(2025, 1, 1))
EMPTY = Tally("", 0, 0, 0, 0, {})


def measure(number: str, light: str, due: date | None = date(2026, 12, 31), **other) -> MeasureReadout:
    aspect, project, _ = number.split("-")
    told = MeasureReadout(
        number=number,
        direction="轻车",
        aspect=f"方面{aspect}",
        project=f"项目{project}",
        text=number,
        scope="county",
        leads=("D-SWB",),
        start=date(2025, 1, 10),
        due=due,
        dues=() if due is None or light == "done" else (due,),
        standing=due is None,
        light=light,
        reason=light,
        movers=(),
        late=0.0,
        percent=None,
        said=0,
        older=0,
        assigned=1,
    )
    return replace(told, **other)


def duty(number: str, organisation: str, light: str, due: date | None = date(2026, 12, 31)) -> Duty:
    return Duty(
        number, organisation, light, light, date(2025, 1, 10), due, due is None, 0.0, 40.0, None, False
    )


def listed(measures: list[MeasureReadout], duties: list[Duty]) -> ListReadout:
    start = date(2025, 1, 10)
    return ListReadout(
        "1", "清单", False, "", COUNTS, start, DAY, EMPTY, (), (), tuple(measures), False, tuple(duties)
    )


# --- what is chosen ---------------------------------------------------------------------------------

LIST = listed(
    [
        measure("1-1-1", "overdue", date(2026, 10, 30), late=1.0, scope="city", direction="聚力"),
        measure("1-2-2", "on_track", DAY),
        measure("2-3-3", "far_behind", date(2026, 11, 30), late=35.0),
        measure("2-3-4", "behind", date(2027, 1, 29), late=12.0),
        measure("2-3-5", "standing", None),
        measure("2-3-6", "done", DAY),
    ],
    [duty("1-1-1", "A", "overdue"), duty("2-3-3", "A", "on_track"), duty("2-3-3", "B", "far_behind")],
)


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        (Choice(), ["1-1-1", "1-2-2", "2-3-3", "2-3-4", "2-3-5", "2-3-6"]),
        (Choice(direction="聚力"), ["1-1-1"]),
        (Choice(aspect="1"), ["1-1-1", "1-2-2"]),
        (Choice(project="3", light="behind"), ["2-3-4"]),
        (Choice(scope="city"), ["1-1-1"]),
        (Choice(organisation="A"), ["1-1-1", "2-3-3"]),
        (Choice(organisation="A", light="far_behind"), []),
        (Choice(organisation="B", light="far_behind"), ["2-3-3"]),
        (Choice(organisation="D-SWB", window="late"), ["1-1-1"]),
        (Choice(window="month"), ["1-2-2"]),
        (Choice(window="30"), ["1-2-2", "2-3-3"]),
        (Choice(window="90"), ["1-2-2", "2-3-3", "2-3-4"]),
    ],
)
def test_a_choice_keeps_what_meets_all_of_it(choice, numbers):
    assert [m.number for m in kept(LIST, choice)] == numbers


def test_an_organisation_sees_its_own_light_and_where_it_only_leads_that_of_the_measure():
    own = {m.number: (m.light, m.movers, m.assigned) for m in part(LIST, Choice(organisation="A"))}

    assert own == {"1-1-1": ("overdue", ("A",), 1), "2-3-3": ("on_track", ("A",), 1)}
    assert [m.light for m in part(LIST, Choice(organisation="D-SWB"))] == [m.light for m in LIST.measures]


def test_a_window_holds_today_and_its_last_day_and_nothing_that_is_done_or_stands():
    for window in ("30", "60", "90"):
        last = DAY + timedelta(days=int(window))
        assert in_window(measure("1-1-1", "on_track", DAY), window, DAY)
        assert in_window(measure("1-1-1", "on_track", last), window, DAY)
        assert not in_window(measure("1-1-1", "on_track", last + timedelta(days=1)), window, DAY)
        assert not in_window(measure("1-1-1", "done", DAY), window, DAY)
        assert not in_window(measure("1-1-1", "standing", None), window, DAY)
    assert not in_window(measure("1-1-1", "on_track", DAY), "late", DAY)


def test_what_is_late_stands_with_the_worst_first():
    assert [m.number for m in late(LIST.measures)] == ["1-1-1", "2-3-3", "2-3-4"]


def test_a_part_is_counted_with_both_hands():
    (first, second) = LIST.parts(LIST.measures, by_aspect)

    assert (first.key, first.name, first.total, first.done, first.should) == ("1", "方面1", 2, 0, 2)
    assert (second.countable, second.done, second.should) == (3, 1, 1)
    used = (DAY - date(2025, 1, 10)).days / (date(2027, 1, 29) - date(2025, 1, 10)).days
    assert second.time_used == used


# --- against the units ------------------------------------------------------------------------------


def test_a_square_bears_the_worst_light_and_how_many_measures_of_the_project_bear_it():
    found = listed(
        [measure(f"1-1-{i}", light) for i, light in enumerate(("overdue", "behind", "done"), start=1)],
        [
            duty("1-1-1", "A", "behind"),
            duty("1-1-2", "A", "behind"),
            duty("1-1-3", "A", "done"),
            duty("1-1-1", "B", "overdue"),
        ],
    )
    (row,) = by_project(found, found.measures, ["A", "B", "C"])

    assert (row.key, row.name, row.aspect, row.whole) == ("1", "项目1", "1", Cell("overdue", 1, 3))
    assert row.cells == (Cell("behind", 2, 3), Cell("overdue", 1, 1), None)


def test_what_stands_for_good_is_told_of_only_where_nothing_else_is():
    found = listed(
        [measure("1-1-1", "standing", None), measure("1-1-2", "done")],
        [
            duty("1-1-1", "A", "standing", None),
            duty("1-1-2", "A", "done"),
            duty("1-1-1", "B", "standing", None),
        ],
    )
    (row,) = by_project(found, found.measures, ["A", "B"])

    assert row.cells == (Cell("done", 1, 2), Cell("standing", 1, 1))


def test_measure_by_measure_a_square_is_the_light_of_the_assignment():
    rows = by_measure(LIST, LIST.measures, ["A", "B"])

    assert [r.key for r in rows] == [m.number for m in LIST.measures]
    assert rows[2].cells == (Cell("on_track", 1, 1), Cell("far_behind", 1, 1))
    assert rows[2].whole == Cell("far_behind", 1, 1)
    assert rows[1].cells == (None, None)


# --- the page ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(current_demo_home):
    with installed(current_demo_home, DASHBOARD_DEMO="on") as stores:
        yield stores


@pytest.fixture(scope="module")
def found(demo) -> ListReadout:
    now = cached.Moment()
    told = cached.list_readout(now.key("demo", AsOf(now.today()["demo"])))
    assert told is not None
    return told


def test_every_measure_stands_against_the_city_and_the_units_with_a_light_or_a_blank(demo, found):
    rows = [r for r in Page("tasks", data="demo", show="matrix").rows("panel_measures_matrix")[1:] if r]
    lights = Counter(cell for row in rows for cell in row[-13:])

    assert len(rows) == 60
    assert {len(row) for row in rows} == {15, 16}  # with the name of its project, in the first row of one
    units = {u.code for u in demo.catalogue.units}
    assert sum(n for cell, n in lights.items() if cell) == sum(d.organisation in units for d in found.duties)
    assert lights["◆"] == sum(d.light == "overdue" for d in found.duties if d.organisation in units)


def test_a_square_leads_to_the_measure_and_one_of_the_wall_to_the_project_of_the_unit(demo):
    fine = Page("tasks", data="demo", show="matrix").html("panel_measures_matrix")
    wall = Page("tasks", data="demo").html("panel_matrix")

    assert 'href="./tasks?show=matrix&amp;measure=5-12-1&amp;data=demo"' in fine
    assert 'href="./tasks?show=list&amp;project=12&amp;org=350582&amp;data=demo"' in wall


def test_a_chosen_organisation_has_its_own_gauge(demo, found):
    own = [d for d in found.duties if d.organisation == "350582" and not d.standing]
    said = Page("tasks", data="demo", org="350582").text("panel_gauge")

    assert f"晋江：{len([d for d in found.duties if d.organisation == '350582'])} 项" in said
    assert f"{sum(d.light == 'done' for d in own)}/{len(own)}" in said
    assert f"应完成 {sum(d.due <= found.day for d in own)}" in said


def test_filters_are_said_and_each_can_be_taken_out_again(demo):
    page = Page("tasks", data="demo", direction="畅路", window="90", org="350582")
    chips = {w: h for w, h in page.links().items() if w.endswith("×")}

    assert [w.split()[0] for w in chips] == ["方向", "到期", "单位"]
    assert chips["方向 畅路 ×"] == "./tasks?window=90&org=350582&data=demo"
    assert page.links()["全部去掉"] == "./tasks?data=demo"


@pytest.mark.parametrize(
    ("parameter", "value", "sentence"),
    [
        ("measure", "9-99-9", "清单里没有这条措施"),
        ("aspect", "8", "清单里没有这个方面"),
        ("project", "21", "清单里没有这个项目"),
        ("org", "350527", "这个单位没有承担措施"),
        ("org", "nobody", "没有这个单位代码"),
        ("show", "all", "可写 matrix、who、remind、when、list，不写为看板"),
        ("direction", "北", "方向可写 聚力、壮马、轻车、畅路"),
        ("window", "45", "到期可写 late、month、30、60、90"),
        ("scope", "town", "适用范围可写 city（市级）或 county（县级）"),
    ],
)
def test_what_is_not_in_the_list_is_a_sentence_with_the_way_back(demo, parameter, value, sentence):
    page = Page("tasks", data="demo", **{parameter: value})

    assert f"{parameter}={value}：{sentence}。" in page.text()
    assert page.links()["去掉这些参数，打开这一页"] == "./tasks?data=demo"


def test_every_late_measure_is_named_with_a_row_or_by_its_number(demo):
    rows = late(cached.list_readout(cached.Moment().key("demo", AsOf(demo["demo"].today()))).measures)
    page = Page("tasks", data="demo")
    shown = [row[1] for row in page.rows("panel_late")]
    rest = {SHAPES[light]: [m.number for m in rows[len(shown) :] if m.light == light] for light in LATE}
    told = "".join(f" {shape} {' '.join(numbers)}" for shape, numbers in rest.items() if numbers)

    assert shown == [m.number for m in rows[:5]]
    assert len(rows) > len(shown)
    assert page.text("panel_late").endswith(f"另有{told}")


def test_claims_say_of_how_many_they_are_and_of_which_periods(demo):
    key = cached.Moment().key("demo", AsOf(demo["demo"].today()))
    compared = [c for c in cached.claims(key) if c.gap is not None]
    lacking = [c for c in compared if c.mark == "above"]
    first, last = (f(c.proof.now.period for c in lacking).text for f in (min, max))

    assert first != last
    assert (
        Page("tasks", data="demo")
        .text("panel_claims")
        .startswith(
            f"缺佐证 {len(lacking)}/{len(compared)} 项 可对照 {len(compared)}/60 条 · 报为 {first} 至 {last} 的"
        )
    )


def last_due(demo) -> str:
    """The last day up to today on which something fell due that is still not done."""
    today = demo["demo"].today()
    found = cached.list_readout(cached.Moment().key("demo", AsOf(today)))
    return max(due for m in found.measures for due in m.dues if due <= today).isoformat()


def test_what_falls_due_today_is_counted_with_the_days_that_single_organisations_have(demo):
    page = Page("tasks", data="demo", as_of=last_due(demo))
    due = page.text("panel_due_soon").count("今天")

    assert due > 0
    assert page.text("panel_gauge").endswith(f"今天到期 {due}")


def test_where_the_filters_leave_nothing_every_panel_says_why(demo):
    page = Page(
        "tasks", data="demo", aspect="1", light="done", window="late", scope="city"
    )  # what is done is not due

    assert page.text("panel_matrix").endswith("没有符合条件的措施。")
    assert page.text("panel_claims").endswith("这些措施没有佐证指标。")


def test_of_a_chosen_period_its_last_day_is_not_called_today(demo):
    key = cached.Moment().key("demo", AsOf(demo["demo"].today()))
    ends = [of("month", due).end for m in cached.list_readout(key).measures for due in m.dues]
    pages = {
        end: Page("tasks", data="demo", period=of("month", end).label)
        for end in sorted(set(ends))
        if end < key.as_of.day
    }

    assert any(f"{end:%m-%d} 当天" in page.text("panel_due_soon") for end, page in pages.items())
    assert [end for end, page in pages.items() if "今天" in page.text("board")] == []


def test_the_notes_of_the_gauge_are_each_a_sentence_in_english(demo):
    told = Page("tasks", data="demo", lang="en", as_of=last_due(demo)).text("panel_gauge")

    assert re.search(r"\d+% of time used · plus \d+ standing · \d+ due today$", told)


def test_before_the_first_list_the_board_says_so(demo):
    page = Page("tasks", data="demo", as_of="2025-01-09", aspect="1")

    assert page.failures == []
    assert "在这一天，任务清单还没有下发。" in page.text()


def test_as_long_as_nobody_has_reported_nothing_pretends(demo):
    page = Page("tasks", data="live")

    assert "尚未报送" in page.text("panel_gauge")
    assert re.findall(r"\d+/\d+", page.text("panel_gauge") + page.text("panel_matrix")) == []
    assert "▨ 还没有单位报送进展" in page.text("panel_late")
