"""催报: the text for each organisation, from literals, and who gets one beside plain SQL on a demo."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard.knowledge import AsOf
from dashboard.periods import parse
from dashboard.readouts.leads import official_order
from dashboard.readouts.measures import list_readout
from dashboard.readouts.reminders import Letter, answer_by, reminders
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
LIGHTS = {
    "overdue": "逾期",
    "far_behind": "严重滞后",
    "behind": "滞后",
    "not_reported": "未报送",
    "standing": "长期坚持",
    "not_started": "未启动",
    "on_track": "正常",
    "done": "已完成",
}
LETTER = Letter(DAY, NAMES, tuple(NAMES), LIGHTS, {}, {}, demo=False)


def in_time(*codes: str) -> Returning:
    """All of these have returned for April."""
    units = tuple(Returned(code, NAMES[code], "returned", date(2026, 5, 4), 0, 0) for code in codes)
    return Returning(parse("2026-04"), date(2026, 5, 5), units)


def test_the_whole_text():
    found = a_list(
        [
            measure("1-1-1", text="建立联席会议。"),
            measure("1-1-2", text="压减报表。"),
            measure("2-3-1", text="长期做好的事。", standing=True, due=None),
        ],
        [
            duty("1-1-1", "U1", "overdue", due=date(2026, 5, 1), percent=60.0, reason="逾期 19 天，进度 60%"),
            duty(
                "1-1-2", "U1", "not_reported", percent=30.0, period=parse("2026-03"), reason="最近一期未报送"
            ),
            duty(
                "2-3-1", "U1", "standing", due=None, percent=None, period=None, reason="长期坚持，本期未报送"
            ),
        ],
    )
    letter = replace(LETTER, demo=True, leads={"1-1-1": ("D2", "D1"), "1-1-2": ("D-SWB",)})
    silent = replace(in_time("U1"), units=(Returned("U1", "晋江", "silent", None, 0, 2),))
    (one,) = reminders(found, silent, letter)

    assert (one.organisation, one.late, one.silent, one.figures, one.count) == ("U1", 1, 2, True, 4)
    assert one.copied == ("D1", "D2")
    assert one.text == (
        "【演示数据，非真实】\n"
        "关于任务清单进展情况的催报函\n"
        "\n"
        "晋江市：\n"
        "　　截至2026年5月20日，《重点任务清单（示例，非官方清单）》中由贵单位负责的措施，其中3条逾期、滞后或未报送"
        "（逾期1条、未报送1条、长期坚持而未报送1条）。为便于贵单位对照办理，现将情况列后：\n"
        "一、逾期（1条）\n"
        "1．措施1-1-1：建立联席会议。\n"
        "　　完成时限：2026年5月1日。目前进展：60%（2026年4月）。亮灯原因：逾期 19 天，进度 60%。\n"
        "　　请说明原因和下一步。\n"
        "二、未报送（1条）\n"
        "1．措施1-1-2：压减报表。\n"
        "　　完成时限：2026年6月30日。目前进展：30%（2026年3月）。亮灯原因：最近一期未报送。\n"
        "　　请报送2026年4月进展。\n"
        "三、长期坚持而未报送（1条）\n"
        "1．措施2-3-1：长期做好的事。\n"
        "　　完成时限：长期坚持。目前进展：尚未报送。亮灯原因：长期坚持，本期未报送。\n"
        "　　请报送2026年4月进展。\n"
        "四、月度数据\n"
        "　　2026年4月的月度数据应于2026年5月5日前报送，尚未收到，已连续2个月未报送。\n"
        "　　请报送2026年4月数据。\n"
        "\n"
        "　　请于2026年5月27日前（5个工作日内，遇法定节假日顺延）按现有渠道报送，不另行填表；"
        "在此期间已经报送的，无需重复。感谢贵单位的支持。\n"
        "\n"
        "中共泉州市委社会工作部\n"
        "2026年5月20日\n"
        "抄送：中共泉州市委组织部、泉州市民政局\n"
    )


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"light": "behind"}, "请说明原因和下一步。"),
        ({"light": "far_behind"}, "请说明原因和下一步。"),
        ({"light": "overdue", "percent": 100.0}, "请补填完成日期。"),
        ({"light": "overdue", "period": parse("2026-03")}, "请报送2026年4月进展；说明原因和下一步。"),
        ({"light": "not_reported", "period": None, "percent": None}, "请报送2026年4月进展。"),
    ],
)
def test_only_what_is_owed_is_asked(said, asked):
    found = a_list([measure("1-1-1")], [duty("1-1-1", "U1", **said)])
    (one,) = reminders(found, in_time("U1"), LETTER)

    assert f"　　{asked}\n" in one.text
    assert one.text.count("　　请") == 2  # this, and the day by which an answer is asked for


@pytest.mark.parametrize("light", ["on_track", "done", "not_started", "standing"])
def test_who_owes_nothing_gets_no_text(light):
    assert reminders(a_list([measure("1-1-1")], [duty("1-1-1", "U1", light)]), in_time("U1"), LETTER) == ()


def test_for_a_month_before_the_start_nothing_is_owed():
    silent = duty("1-1-1", "U1", "not_reported", period=None, percent=None)
    found = a_list([measure("1-1-1")], [silent])

    begun = replace(LETTER, starts={"1-1-1": date(2026, 4, 30)})
    later = replace(LETTER, starts={"1-1-1": date(2026, 5, 1)})
    assert [len(reminders(found, in_time("U1"), letter)) for letter in (begun, later)] == [1, 0]


def test_units_that_owe_the_monthly_figures_alone_are_asked_for_these_alone():
    units = (
        Returned("U1", "晋江", "silent", None, 0, 1),
        Returned("U2", "南安", "late", date(2026, 5, 8), 3, 0),
    )
    (one,) = reminders(None, replace(in_time(), units=units), LETTER)

    assert (one.organisation, one.late, one.silent, one.figures) == ("U1", 0, 0, True)
    assert one.text.startswith("关于月度数据的催报函\n\n晋江市：\n")
    assert "一、月度数据\n　　2026年4月的月度数据应于2026年5月5日前报送，尚未收到。\n" in one.text
    assert "抄送" not in one.text


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
        LIGHTS,
        found.leads,
        found.asks_from,
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
    assert [pair for pair in overdue if f"措施{pair[1]}：" not in texts[pair[0]]] == []
    assert {one.organisation for one in told if one.figures} == {code for (code,) in silent}
    assert all(text.startswith("【演示数据，非真实】\n") for text in texts.values())
