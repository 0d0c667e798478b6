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
from dashboard.readouts.last_said import LastSaid, last_said, quoted
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
LETTER = Letter(DAY, NAMES, tuple(NAMES), RULE, {}, {}, demo=False)


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
TOLD = LastSaid("个别应用停用后历史数据尚未迁移", "约定迁移时间表")
UNCAUSED = LastSaid("", "按计划推进")
AIMLESS = LastSaid("系统尚未改造", "")
END = (
    "　　请于2026年5月27日前按现有渠道报送（遇法定节假日顺延），此前已报送的不再重复报送。\n"
    "　　特此函告。\n"
    "\n"
    "中共泉州市委社会工作部\n"
    "2026年5月20日\n"
)


def asked(*said, figures=None, official=True, told=(), who="U1", **letter):
    """The text for 晋江, or ``who``, of measures 1-1-1, 1-1-2, … with these lights; ``told`` its last words of each."""
    numbers = [f"1-1-{place}" for place in range(1, len(said) + 1)]
    duties = [duty(number, who, **one) for number, one in zip(numbers, said, strict=True)]
    letter["said"] = {(number, who): words for number, words in zip(numbers, told, strict=False)}
    found = a_list([measure(number) for number in numbers], duties, official=official) if said else None
    returns = replace(in_time(), units=(figures,)) if figures else in_time()
    (one,) = reminders(found, returns, replace(LETTER, **letter))
    return one


def opening(text: str) -> str:
    """The line behind the addressee."""
    return text.splitlines()[3]


def test_the_whole_text():
    leads = {"1-1-1": ("D2", "D1"), "1-1-2": ("D-SWB",), "1-1-3": ("U2",), "1-1-4": ("U2",)}
    figures = Returned("U1", "晋江", "silent", None, 0, 2)
    lights = (OVERDUE, FAR, BEHIND, MARCH, UPHELD)
    words = (TOLD, TOLD, UNCAUSED)
    one = asked(*lights, told=words, figures=figures, official=False, demo=True, leads=leads)

    assert (one.organisation, one.overdue, one.far_behind, one.behind, one.silent) == ("U1", 1, 1, 1, 2)
    assert (one.figures, one.count, one.copied) == (True, 6, ("D1", "D2"))
    assert one.text == (
        "关于“小马拉大车”重点任务和2026年4月月度数据的催报催办函（演示数据）\n"
        "\n"
        "晋江市：\n"
        "　　按照《重点任务清单（示例，非官方清单）》要求，截至2026年5月20日，贵单位负责的措施中，有1条已逾期、"
        "2条滞后（含严重滞后1条）、2条未报送2026年4月进展，2026年4月月度数据尚未报送，现函告如下：\n"
        "　　一、已逾期或滞后的措施\n"
        "　　1-1-1　措施1-1-1的文字。完成时限2026年5月1日，已逾期19天；2026年4月报送：进度60%，"
        "存在问题“个别应用停用后历史数据尚未迁移”，下一步“约定迁移时间表”。\n"
        "　　1-1-2　措施1-1-2的文字。完成时限2026年6月30日，进度落后于时间进度56个百分点；"
        "2026年4月报送：进度20%，存在问题“个别应用停用后历史数据尚未迁移”，下一步“约定迁移时间表”。\n"
        "　　1-1-3　措施1-1-3的文字。完成时限2026年6月30日，进度落后于时间进度19个百分点；"
        "2026年4月报送：进度76.5%，下一步“按计划推进”。\n"
        "　　1-1-3请说明原因；其余请抓紧办理，已完成的补填完成日期，未完成的更新进度。\n"
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
        ([FAR, FAR], "有2条严重滞后，"),
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


ALL_DONE = OVERDUE | {"percent": 100.0}
# A day of completion that is still to come was filled in.
TO_COME = ALL_DONE | {"completed_on": date(2026, 6, 1)}
GO_ON = "请抓紧办理，已完成的补填完成日期，未完成的更新进度"


@pytest.mark.parametrize(
    ("said", "told", "request_"),
    [
        ([BEHIND, FAR], [TOLD, TOLD], f"{GO_ON}。"),
        ([BEHIND, FAR], [], "请说明原因和下一步安排。"),
        ([BEHIND], [UNCAUSED], "请说明原因。"),
        ([BEHIND], [AIMLESS], "请说明下一步安排。"),
        ([ALL_DONE], [LastSaid("", "补报完成日期")], "请补填完成日期。"),
        ([TO_COME], [TOLD], f"{GO_ON}。"),
        ([OVERDUE, OVERDUE, OVERDUE], [TOLD, UNCAUSED, UNCAUSED], f"1-1-2、1-1-3请说明原因；其余{GO_ON}。"),
        ([OVERDUE, ALL_DONE], [], "1-1-1请说明原因和下一步安排；其余请补填完成日期。"),
        (
            [OVERDUE] * 3 + [ALL_DONE, OVERDUE],
            [TOLD, AIMLESS, UNCAUSED],
            "1-1-5请说明原因和下一步安排；1-1-3请说明原因；1-1-2请说明下一步安排；1-1-4请补填完成日期；"
            f"其余{GO_ON}。",
        ),
        ([MARCH, UPHELD], [TOLD], "请报送下列措施2026年4月的进展："),
    ],
)
def test_only_what_was_not_said_is_asked_and_each_request_stands_once(said, told, request_):
    lines = [line.strip() for line in asked(*said, told=told).text.splitlines()]
    listed = [line for line in lines if "请" in line and not line.startswith(("1-1-1　", "请于"))]

    assert listed == [request_]


@pytest.mark.parametrize(
    ("said", "told", "standing"),
    [
        (
            OVERDUE,
            TOLD,
            "2026年4月报送：进度60%，存在问题“个别应用停用后历史数据尚未迁移”，下一步“约定迁移时间表”。",
        ),
        (OVERDUE, AIMLESS, "2026年4月报送：进度60%，存在问题“系统尚未改造”。"),
        (OVERDUE, LastSaid("", ""), "2026年4月报送：进度60%。"),
        # What is older is of its own month.
        (OVERDUE | {"period": parse("2025-12")}, UNCAUSED, "2025年12月报送：进度60%，下一步“按计划推进”。"),
        (OVERDUE | {"percent": None}, UNCAUSED, "2026年4月报送：未填进度，下一步“按计划推进”。"),
        (OVERDUE | {"percent": None, "period": None}, LastSaid("", ""), "尚未报送进展。"),
    ],
)
def test_a_late_measure_says_what_was_reported_of_it_last_and_of_which_month(said, told, standing):
    first = next(line for line in asked(said, told=[told]).text.splitlines() if "1-1-1　" in line)

    assert first == f"　　1-1-1　措施1-1-1的文字。完成时限2026年5月1日，已逾期19天；{standing}"


@pytest.mark.parametrize(
    ("written", "as_quoted"),
    [
        ("", ""),
        (" 无。", ""),
        ("暂无", ""),
        ("/", ""),
        ("无物业小区缺少活动场所。", "无物业小区缺少活动场所"),
        ("1.场地不足；\n2.人手不足；", "1.场地不足； 2.人手不足"),
        ("“一窗受理”需重复录入。", "‘一窗受理’需重复录入"),
        ("建" * 40 + "。", "建" * 40),
        ("建" * 41, "建" * 40 + "……"),
        ("建" * 30 + "，" + "立" * 30, "建" * 30 + "……"),
        # A comma far in front would leave too little.
        ("建" * 10 + "，" + "立" * 60, "建" * 10 + "，" + "立" * 29 + "……"),
    ],
)
def test_their_words_are_quoted_on_one_line_and_cut_at_a_comma(written, as_quoted):
    assert quoted(written) == as_quoted


@pytest.mark.parametrize(
    ("said", "figures", "title"),
    [
        ([OVERDUE, BEHIND], None, "关于“小马拉大车”重点任务的催办函"),
        ([MARCH], None, "关于报送“小马拉大车”重点任务进展的催报函"),
        ([OVERDUE, MARCH], None, "关于“小马拉大车”重点任务的催报催办函"),
        ([OVERDUE | {"period": parse("2026-03")}], None, "关于“小马拉大车”重点任务的催报催办函"),
        ([OVERDUE], "U1", "关于“小马拉大车”重点任务和2026年4月月度数据的催报催办函"),
        ([MARCH], "U1", "关于报送“小马拉大车”重点任务进展和2026年4月月度数据的催报函"),
        ([], "U1", "关于报送2026年4月月度数据的催报函"),
    ],
)
def test_the_title_presses_for_what_is_late_and_asks_for_what_was_not_reported(said, figures, title):
    silent = figures and Returned(figures, "晋江", "silent", None, 0, 1)

    assert asked(*said, figures=silent).text.splitlines()[0] == title


def test_what_is_overdue_and_silent_stands_with_both_and_counts_once():
    one = asked(OVERDUE | {"percent": None, "period": None}, leads={"1-1-1": ("D1",)})

    assert (one.overdue, one.silent, one.count, one.copied) == (1, 1, 1, ("D1",))
    assert "　　1-1-1　措施1-1-1的文字。完成时限2026年5月1日，已逾期19天；尚未报送进展。\n" in one.text
    assert "　　二、未报送2026年4月进展的措施\n" in one.text


def test_near_a_threshold_the_gap_has_decimals_and_a_percent_is_never_rounded_up():
    text = asked(FAR | {"late": 30.4, "percent": 99.96}).text

    assert "进度落后于时间进度30.4个百分点；2026年4月报送：进度99.9%。" in text


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


def test_the_office_that_writes_reminds_itself_by_a_note_that_goes_nowhere():
    words = (TOLD, UNCAUSED)
    one = asked(OVERDUE, BEHIND, told=words, who="D-SWB", demo=True, leads={"1-1-1": ("D1",)})

    assert (one.overdue, one.behind, one.count, one.copied) == (1, 1, 2, ())
    assert one.text == (
        "关于“小马拉大车”重点任务的内部提醒（演示数据）\n"
        "\n"
        "　　按照《重点任务清单》要求，截至2026年5月20日，本部负责的措施中，有1条已逾期、1条滞后，现提醒如下：\n"
        "　　1-1-1　措施1-1-1的文字。完成时限2026年5月1日，已逾期19天；2026年4月报送：进度60%，"
        "存在问题“个别应用停用后历史数据尚未迁移”，下一步“约定迁移时间表”。\n"
        "　　1-1-2　措施1-1-2的文字。完成时限2026年6月30日，进度落后于时间进度19个百分点；"
        "2026年4月报送：进度76.5%，下一步“按计划推进”。\n"
        "　　1-1-2请说明原因；其余请抓紧办理，已完成的补填完成日期，未完成的更新进度。\n"
        "　　请于2026年5月27日前按现有渠道报送（遇法定节假日顺延），此前已报送的不再重复报送。\n"
        "\n"
        "中共泉州市委社会工作部\n"
        "2026年5月20日\n"
    )


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ([MARCH], "关于报送“小马拉大车”重点任务进展的内部提醒"),
        ([OVERDUE, MARCH], "关于“小马拉大车”重点任务的内部提醒"),
    ],
)
def test_a_note_is_never_called_a_letter(said, title):
    text = asked(*said, who="D-SWB").text

    assert text.splitlines()[0] == title
    assert [word for word in ("函", "贵单位", "抄送") if word in text] == []


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
        catalogue.official_order,
        rule_of(catalogue.light_rules, as_of.day),
        found.leads,
        last_said(demo.engine, as_of, found),
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


def test_on_the_demo_a_letter_quotes_what_the_organisation_wrote_last(
    demo: Store, demo_home: Path, catalogue
):
    as_of = AsOf(demo.today())
    found = list_readout(demo.engine, as_of, catalogue.light_rules)
    said = last_said(demo.engine, as_of, found)
    asked = sqlite3.connect(f"file:{demo_home / 'demo.sqlite'}?mode=ro", uri=True)
    written = asked.execute(
        """select measure, organisation, problem, next_step from (
             select p.*, row_number() over (partition by p.measure, p.organisation
                                            order by p.period_end desc, p.seq desc) as newest
             from progress p join "return" r on r.id = p.return_id where r.state = 'accepted') where newest = 1"""
    ).fetchall()
    asked.close()

    assert any(problem for _, _, problem, _ in written)
    assert said == {
        (number, code): LastSaid(problem.rstrip("。"), following.rstrip("。"))
        for number, code, problem, following in written
    }
    assert last_said(demo.engine, as_of, None) == {}
