"""催报: the text for each organisation, from literals, and who gets one beside plain SQL on a demo."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard.catalogue import LIGHTS, Light, LightRule
from dashboard.knowledge import AsOf
from dashboard.lights import rule_of
from dashboard.periods import parse
from dashboard.readouts.leads import official_order
from dashboard.readouts.measures import list_readout
from dashboard.readouts.reminders import Letter, NotYetOwed, answer_by, not_yet_owed, reminders
from dashboard.readouts.returned import Returned, Returning, returning
from dashboard.store import Store
from small_lists import a_list, duty, measure

DAY = date(2026, 5, 20)
NAMES = {
    "U1": "晋江市",
    "U2": "南安市",
    "D1": "中共泉州市委组织部",
    "D2": "泉州市民政局",
    "D-SWB": "中共泉州市委社会工作部",
}
RULE = LightRule("v1", "第一版", None, 10, 30, tuple(Light(name, name, name, name) for name in LIGHTS))
LETTER = Letter(DAY, NAMES, tuple(NAMES), RULE, {}, demo=False)


def in_time(*codes: str) -> Returning:
    """All of these have returned for April."""
    units = tuple(Returned(code, NAMES[code], "returned", date(2026, 5, 4), 0, 0) for code in codes)
    return Returning(parse("2026-04"), date(2026, 5, 5), units)


LATE = Returned("U2", "南安", "late", date(2026, 5, 8), 3, 0)
OVERDUE = {"light": "overdue", "due": date(2026, 5, 1), "percent": 60.0, "late": 19.0}
FAR = {"light": "far_behind", "percent": 20.0, "late": 56.0}
BEHIND = {"light": "behind", "percent": 76.5, "late": 18.75}
MARCH = {"light": "not_reported", "percent": 30.0, "period": parse("2026-03")}
UPHELD = {"light": "standing", "due": None, "percent": None, "period": None}
TITLE = "关于报送“小马拉大车”重点任务进展的催报函"
END = (
    "　　请于2026年5月27日前按现有渠道报送（遇法定节假日顺延），此前已报送的不再重复报送。\n"
    "　　特此函告。\n"
    "\n"
    "中共泉州市委社会工作部\n"
    "2026年5月20日\n"
)


def asked(*said, figures=None, official=True, **letter):
    """The text for 晋江 of measures 1-1-1, 1-1-2, … with these lights."""
    numbers = [f"1-1-{place}" for place in range(1, len(said) + 1)]
    duties = [duty(number, "U1", **one) for number, one in zip(numbers, said, strict=True)]
    found = a_list([measure(number) for number in numbers], duties, official=official) if said else None
    returns = replace(in_time(), units=(figures,)) if figures else in_time("U1")
    (one,) = reminders(found, returns, replace(LETTER, **letter))
    return one


def opening(text: str) -> str:
    """The line behind the addressee."""
    return text.splitlines()[3]


def test_the_whole_text():
    leads = {"1-1-1": ("D2", "D1"), "1-1-2": ("D-SWB",), "1-1-3": ("U2",), "1-1-4": ("U2",)}
    figures = Returned("U1", "晋江", "silent", None, 0, 2)
    one = asked(OVERDUE, FAR, BEHIND, MARCH, UPHELD, figures=figures, official=False, demo=True, leads=leads)

    assert (one.organisation, one.overdue, one.far_behind, one.behind, one.silent) == ("U1", 1, 1, 1, 2)
    assert (one.figures, one.count, one.copied) == (True, 6, ("D1", "D2"))
    assert one.text == (
        "关于报送“小马拉大车”重点任务进展的催报函（演示数据）\n"
        "\n"
        "晋江市：\n"
        "　　按照《重点任务清单（示例，非官方清单）》要求，截至2026年5月20日，贵单位负责的措施中，有1条已逾期、"
        "2条滞后（含严重滞后1条）、2条未报送2026年4月进展，2026年4月月度数据尚未报送，现函告如下：\n"
        "　　一、已逾期或滞后的措施\n"
        "　　1-1-1　措施1-1-1的文字。完成时限2026年5月1日，已报进度60%（2026年4月），已逾期19天。\n"
        "　　1-1-2　措施1-1-2的文字。完成时限2026年6月30日，已报进度20%（2026年4月），"
        "进度落后于时间进度56个百分点。\n"
        "　　1-1-3　措施1-1-3的文字。完成时限2026年6月30日，已报进度76.5%（2026年4月），"
        "进度落后于时间进度19个百分点。\n"
        "　　请说明原因和下一步安排。\n"
        "　　二、未报送2026年4月进展的措施\n"
        "　　请报送下列措施2026年4月的进展：\n"
        "　　1-1-4　措施1-1-4的文字。\n"
        "　　1-1-5　措施1-1-5的文字。\n"
        "　　三、未报送的月度数据\n"
        "　　2026年4月月度数据应于2026年5月5日前报送，截至2026年5月20日尚未收到，已连续2个月未报送，"
        "请予补报。\n" + END + "\n抄送：中共泉州市委组织部、泉州市民政局。\n"
    )


def test_a_text_about_one_thing_has_no_headings_and_speaks_of_nothing_else():
    one = asked(MARCH, leads={"1-1-1": ("D1",)})

    assert one.text == (
        f"{TITLE}\n"
        "\n"
        "晋江市：\n"
        "　　按照《重点任务清单》要求，截至2026年5月20日，贵单位负责的措施中，有1条未报送2026年4月进展，"
        "现函告如下：\n"
        "　　请报送下列措施2026年4月的进展：\n"
        "　　1-1-1　措施1-1-1的文字。\n" + END
    )


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ([OVERDUE], "有1条已逾期，"),
        ([FAR, BEHIND], "有2条滞后（含严重滞后1条），"),
        ([BEHIND], "有1条滞后，"),
        ([MARCH, UPHELD], "有2条未报送2026年4月进展，"),
        (
            [OVERDUE | {"period": parse("2026-03")}, MARCH],
            "有1条已逾期、2条未报送2026年4月进展（其中1条已逾期），",
        ),
    ],
)
def test_the_opening_names_only_what_is_there(said, counts):
    assert opening(asked(*said).text) == (
        f"　　按照《重点任务清单》要求，截至2026年5月20日，贵单位负责的措施中，{counts}现函告如下："
    )


@pytest.mark.parametrize(
    ("said", "heading"),
    [([OVERDUE], "已逾期"), ([FAR], "滞后"), ([OVERDUE, BEHIND], "已逾期或滞后")],
)
def test_a_heading_names_only_what_is_there(said, heading):
    assert f"\n　　一、{heading}的措施\n" in asked(*said, MARCH).text


@pytest.mark.parametrize(
    ("said", "requests"),
    [
        ([BEHIND, FAR], ["请说明原因和下一步安排。"]),
        ([OVERDUE | {"percent": 100.0}], ["请补填完成日期。"]),
        (
            [OVERDUE, OVERDUE | {"percent": 100.0}],
            ["请说明原因和下一步安排；1-1-2已报进度100%，请补填完成日期。"],
        ),
        # A day of completion that is still to come was filled in.
        ([OVERDUE | {"percent": 100.0, "completed_on": date(2026, 6, 1)}], ["请说明原因和下一步安排。"]),
        ([MARCH, UPHELD], ["请报送下列措施2026年4月的进展："]),
    ],
)
def test_what_is_asked_stands_once(said, requests):
    text = asked(*said).text

    assert [line.strip() for line in text.splitlines() if "　　请" in line][:-1] == requests


def test_what_is_overdue_and_silent_stands_with_both_and_counts_once():
    one = asked(OVERDUE | {"percent": None, "period": None}, leads={"1-1-1": ("D1",)})

    assert (one.overdue, one.silent, one.count, one.copied) == (1, 1, 1, ("D1",))
    assert "　　1-1-1　措施1-1-1的文字。完成时限2026年5月1日，尚未报送进度，已逾期19天。\n" in one.text
    assert "　　二、未报送2026年4月进展的措施\n" in one.text


def test_a_return_without_a_percent_is_not_called_missing():
    assert "，2026年4月进展未填进度，已逾期19天。" in asked(OVERDUE | {"percent": None}).text


def test_near_a_threshold_the_gap_has_decimals_and_a_percent_is_never_rounded_up():
    text = asked(FAR | {"late": 30.4, "percent": 99.96}).text

    assert "已报进度99.9%（2026年4月），进度落后于时间进度30.4个百分点。" in text


def test_only_the_leads_of_what_is_overdue_or_far_behind_get_a_copy():
    leads = {f"1-1-{n}": (code,) for n, code in enumerate(("D1", "D2", "U2"), start=1)}

    assert asked(FAR, BEHIND, MARCH, leads=leads).text.endswith("\n\n抄送：中共泉州市委组织部。\n")
    assert "抄送" not in asked(BEHIND, MARCH, leads=leads).text


def test_in_a_long_list_a_long_sentence_ends_with_a_sign_that_it_goes_on():
    numbers = [f"1-1-{place}" for place in range(1, 12)]
    measures = [measure(number, text="建" * 60 + "。") for number in numbers]
    long, short = (
        reminders(a_list(measures[:count], [duty(n, "U1", **MARCH) for n in numbers[:count]]), None, LETTER)[
            0
        ].text
        for count in (11, 10)
    )

    assert f"　　1-1-11　{'建' * 48}……\n" in long
    assert f"　　1-1-10　{'建' * 60}。\n" in short
    assert long.count("请报送") == 1


def test_no_text_speaks_of_the_screen():
    text = asked(OVERDUE, FAR, BEHIND, MARCH, UPHELD).text

    assert [word for word in ("亮灯", "时序", "灯", "屏", "长期坚持而") if word in text] == []


@pytest.mark.parametrize("light", ["on_track", "done", "not_started", "standing"])
def test_who_owes_nothing_gets_no_text(light):
    assert reminders(a_list([measure("1-1-1")], [duty("1-1-1", "U1", light)]), in_time("U1"), LETTER) == ()


@pytest.mark.parametrize(
    ("start", "texts", "later"),
    [(date(2026, 4, 30), 1, None), (date(2026, 5, 1), 0, NotYetOwed(1, date(2026, 6, 5)))],
)
def test_for_a_month_before_the_start_nothing_is_owed_and_that_is_told(start, texts, later):
    silent = duty("1-1-1", "U1", "not_reported", period=None, percent=None)
    found = a_list([measure("1-1-1", start=start)], [silent])

    assert len(reminders(found, in_time("U1"), LETTER)) == texts
    assert not_yet_owed(found, DAY) == later


@pytest.mark.parametrize(("day", "texts"), [(date(2026, 5, 5), 0), (date(2026, 5, 6), 1)])
def test_a_list_nobody_has_reported_on_is_asked_for_once_its_first_return_day_has_passed(day, texts):
    silent = duty("1-1-1", "U1", "not_reported", period=None, percent=None)
    found = replace(a_list([measure("1-1-1")], [silent]), start=date(2026, 4, 20), silent=True)
    told = reminders(found, None, replace(LETTER, day=day))

    assert len(told) == texts
    assert not_yet_owed(found, day) == (None if texts else NotYetOwed(1, date(2026, 5, 5)))


def test_units_that_owe_the_monthly_figures_alone_are_asked_for_these_alone():
    one = asked(figures=Returned("U1", "晋江", "silent", None, 0, 1))

    assert (one.organisation, one.overdue, one.silent, one.figures, one.count) == ("U1", 0, 0, True, 1)
    assert one.text == (
        "关于报送2026年4月月度数据的催报函\n"
        "\n"
        "晋江市：\n"
        "　　贵单位2026年4月月度数据应于2026年5月5日前报送，截至2026年5月20日尚未收到，请予补报。\n" + END
    )


def test_who_returned_late_owes_nothing():
    assert reminders(None, replace(in_time(), units=(LATE,)), LETTER) == ()


def test_organisations_stand_in_official_order():
    duties = [duty("1-1-1", code, "behind") for code in ("D2", "U2", "D1", "U1")]
    told = reminders(a_list([measure("1-1-1")], duties), in_time(), LETTER)

    assert [one.organisation for one in told] == ["U1", "U2", "D1", "D2"]


def test_the_official_list_is_not_called_an_example_and_real_figures_not_a_demo():
    found = a_list([measure("1-1-1")], [duty("1-1-1", "U1", "behind")], official=True)
    (one,) = reminders(found, in_time(), LETTER)

    assert "《重点任务清单》" in one.text
    assert "示例" not in one.text
    assert "演示" not in one.text


def test_the_office_that_writes_does_not_call_itself_your_office():
    (one,) = reminders(a_list([measure("1-1-1")], [duty("1-1-1", "D-SWB", "behind")]), in_time(), LETTER)

    assert "中共泉州市委社会工作部：\n" in one.text
    assert "贵单位" not in one.text


@pytest.mark.parametrize(
    ("day", "by"),
    [
        (date(2026, 5, 20), date(2026, 5, 27)),  # Wednesday to Wednesday
        (date(2026, 5, 22), date(2026, 5, 29)),  # Friday to Friday
        (date(2026, 5, 23), date(2026, 5, 29)),  # Saturday: Monday is the first
        (date(2026, 5, 24), date(2026, 5, 29)),
    ],
)
def test_an_answer_is_asked_for_within_five_working_days(day, by):
    assert answer_by(day) == by


# --- beside plain SQL --------------------------------------------------------------------------------


def test_on_the_demo_whoever_is_late_gets_a_text_and_nobody_else(demo: Store, demo_home: Path, catalogue):
    as_of = AsOf(demo.today())
    found = list_readout(demo.engine, as_of, catalogue.light_rules)
    letter = Letter(
        as_of.day,
        {o.code: o.name for o in catalogue.organisations},
        official_order(catalogue),
        rule_of(catalogue.light_rules, as_of.day),
        found.leads,
        demo=True,
    )
    told = reminders(found, returning(demo.engine, as_of, catalogue), letter)
    asked = sqlite3.connect(f"file:{demo_home / 'demo.sqlite'}?mode=ro", uri=True)
    overdue = asked.execute(
        """with said as (
             select p.*, row_number() over (partition by p.measure, p.organisation
                                            order by p.period_end desc, p.seq desc) as newest
             from progress p join "return" r on r.id = p.return_id where r.state = 'accepted')
           select a.organisation, a.measure
           from assignment a join measure m on m.number = a.measure
           left join said s on s.measure = a.measure and s.organisation = a.organisation and s.newest = 1
           where a.role = 'responsible' and not m.standing and coalesce(a.due, m.due) < :day
             and (s.completed_on is null or s.completed_on > :day)""",
        {"day": as_of.day.isoformat()},
    ).fetchall()
    silent = asked.execute(
        """select code from organisation where code not in (
             select organisation from "return" where kind = 'readings' and state = 'accepted'
             and period_end = '2026-04-30') and reporting""",
    ).fetchall()
    asked.close()
    texts = {one.organisation: one.text for one in told}

    assert overdue
    assert [pair for pair in overdue if f"\n　　{pair[1]}　" not in texts[pair[0]]] == []
    assert {one.organisation for one in told if one.figures} == {code for (code,) in silent}
    assert all("（演示数据）" in text.splitlines()[0] for text in texts.values())
