"""/tasks?measure=: what a head reads of one measure, by words and by figures, on a real store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from conftest import Clock
from dashboard.config import settings
from dashboard.english import HAN
from dashboard.knowledge import AsOf
from dashboard.readouts.ledger import OWN_WORDS
from dashboard.startup import Stores, prepare
from dashboard.ui import cached, draw, measure_table
from measured import DAY, MEASURE, tell, tell_all
from ui_fixtures import Page, installed

ON = {"as_of": DAY.isoformat(), "data": "live"}
BEFORE_ANYTHING_WAS_TOLD = {"as_of": "2025-12-01", "data": "live"}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The product on a store in which 5-12-2 has everything that can be the matter, see measured.py."""
    home = tmp_path_factory.mktemp("measure_page")
    made = prepare(settings({"DASHBOARD_HOME": str(home), "DASHBOARD_DEMO": "off"}), Clock(DAY))
    tell_all(made["live"], [u.code for u in made.catalogue.units])
    # 5-14-1 is due on 2026-01-31, of 开发区 on 2025-11-30.
    for unit in made.catalogue.units:
        on = date(2025, 11, 30) if unit.code == "QZ-KF" else date(2025, 12, 1)
        tell(made["live"], unit.code, {"2025-11": 100}, "5-14-1", completed_on=on)
    made["live"].engine.dispose()
    with installed(home) as stores:
        yield stores


def page(number: str, **asked: str) -> Page:
    found = Page("tasks", measure=number, **(ON | asked))
    assert found.failures == []
    return found


def fact(found: Page, name: str) -> list[str]:
    """The lines of one of the five facts."""
    html = found.html()
    block = re.search(rf'<section class="panel mfact"><h3>{name}</h3>(.*?)</section>', html, re.DOTALL)
    assert block, name
    lines = re.split(r"</p>|</h3>", block[1])
    return [text for line in lines if (text := re.sub(r"<[^>]+>", "", line).strip())]


def test_the_sentence_stands_first_with_target_lead_and_due_day(product):
    found = page(MEASURE)
    assert found.titles()[1] == "5-12-2对基层报表按取消、整合、优化三类逐一处理，公布保留报表目录。"
    text = found.text()
    for part in (
        "目标 全市报表种类压减30%以上",
        "牵头 市数据管理局",
        "责任单位 13 个",
        "启动 2025-07-01",
        "完成时限 2026-07-31",
        "数据报表 · 报表精简",
        "适用范围 县级",
        "示例，非官方清单",
    ):
        assert part in text


def test_five_facts_say_how_it_stands(product):
    found = page(MEASURE)
    # Nobody is overdue; 洛江 has 10 % where 167 of 395 days are used.
    assert fact(found, "亮灯") == ["▼严重滞后", "落后 32 个百分点，平均进度 53%", "洛江"]
    assert fact(found, "进度与时序") == ["53%", "时序 42%", "12/13 个单位有进度"]
    assert fact(found, "期限") == ["还有 228 天", "时限 2026-07-31"]
    assert fact(found, "预计完成") == [
        "2026-05-02 或更晚",
        "最晚的是鲤城",
        "10%–90% 范围 2026-04-28 至 2026-05-05",
        "近四周无进展：1 个 · 数据不足：2 个 · 待填完成日期：1 个",
    ]
    assert fact(found, "佐证") == [
        "16%≠ 填报高于佐证",
        "同期填报 39%（2025年三季度）",
        "启动前 1,300 → 现在 1,235 → 目标 910（已走完应走路程的 16%）",
        "报表种类，2025年二季度 → 2025年三季度；13/13 已报",
    ]


def test_everybody_who_answers_for_it_stands_there_the_worst_first(product):
    rows = page(MEASURE).rows("panel_parts")
    assert rows[0] == ["亮灯", "单位", "进度", "原因", "预计完成", "佐证", "报送时间"]
    assert rows[1] == [
        "▼ 严重滞后",
        "洛江",
        "10% 2025-11",
        "时序 42%，进度 10%，落后 32 个百分点",
        "数据不足（2 期，需 4 期）",
        "16%",
        "2025-12-15",
    ]
    assert rows[2][:2] + rows[2][4:5] == ["▲ 滞后", "丰泽", "近四周无进展，推算不出完成日"]
    assert rows[3] == [
        "▨ 未报送",
        "台商区",
        "未报",
        "2025年11月未报送",
        "数据不足（0 期，需 4 期）",
        "16%",
        "从未报送",
    ]
    last = rows[-1]
    assert last[:2] + last[3:5] == ["✔ 已完成", "石狮", "2025-11-20 完成 单独时限 2026-06-30", "已完成"]
    assert len(rows) == 14


def test_their_own_words_stay_theirs_and_problems_come_first(product):
    text = page(MEASURE).text("panel_said")
    assert text.index("没有人手。") < text.index("先摸底。")
    assert 'lang="zh">先摸底。</span>' in page(MEASURE, lang="en").html("panel_said")


def test_entries_stand_whole_and_the_others_are_counted(product):
    html = page(MEASURE).html("panel_said")
    before, _, folded = html.partition("<details>")
    shown, rest = before.count("<article>"), folded.count("<article>")
    assert (shown + rest, shown > 0) == (12, True)  # one of the 13 has never reported
    assert f"另 {rest} 个单位" in folded


def test_the_age_in_the_top_line_and_the_paper_are_of_this_measure(product):
    found = page(MEASURE)
    assert "5-12-2 进展" in found.html()
    assert re.search(r"<h1>任务清单<span>5-12-2</span></h1>", found.html())


def test_the_course_shows_plan_claim_and_evidence(product):
    option = page(MEASURE).chart(0)
    assert [s["name"] for s in option["series"]] == ["plan", "actual", "evidence"]
    assert option["series"][1]["data"][-1] == ["2025-11-30", 53.3]
    assert option["series"][2]["data"] == [["2025-09-30", 16.7]]


def test_what_is_done_says_whether_it_was_in_time(product):
    found = page("1-1-2")
    assert fact(found, "亮灯") == ["✔已完成", "2025-07-03 全部完成"]
    assert fact(found, "期限") == ["晚 3 天完成", "时限 2025-06-30"]
    assert fact(found, "预计完成") == ["已完成"]
    assert fact(found, "佐证") == ["没有佐证指标"]
    assert "佐证" not in page("1-1-2").rows("panel_parts")[0]


def test_what_is_done_is_held_against_the_days_of_each_of_its_organisations(product):
    kept = ["全部按期完成", "时限 2026-01-31", "单独时限 2025-11-30 开发区"]
    found = page("5-14-1")
    assert fact(found, "期限") == kept
    assert '<p class="value num bad">' not in found.html()
    in_english = ["all in time", "due 2026-01-31", "own deadline 2025-11-30 Dev. Zone"]
    assert fact(page("5-14-1", lang="en"), "Deadline") == in_english


def due_in_the_list(number: str, **asked: str) -> str:
    """What the list says of when the measure is due."""
    found = Page("tasks", show="list", **(ON | asked))
    assert found.failures == []
    return next(row[4] for row in found.rows("panel_tasks") if row[1] == number)


def test_in_a_due_window_the_list_says_which_own_day_of_an_assignment_lies_in_it(product):
    # 2-6-2 is due on 2026-01-31, of 南安 on 2026-02-28; 市委社会工作部 leads it.
    both = "2026-01-31 单独时限 2026-02-28 南安"
    assert due_in_the_list("2-6-2", window="90") == both
    assert due_in_the_list("2-6-2", window="90", org="D-SWB") == both
    assert due_in_the_list("2-6-2", window="60") == due_in_the_list("2-6-2") == "2026-01-31"
    assert due_in_the_list("2-6-2", window="90", unit="350583") == "2026-02-28"
    assert due_in_the_list("2-6-2", window="90", unit="350582") == "2026-01-31"
    assert due_in_the_list("2-6-2", window="90", lang="en") == "2026-01-31 own deadline 2026-02-28 Nan'an"


def test_what_is_overdue_says_by_how_many_days(product):
    found = page("1-1-3")  # due 2025-09-30, nobody has told
    assert fact(found, "期限") == ["逾期 76 天", "时限 2025-09-30"]
    assert fact(found, "进度与时序")[0] == "未报"


def test_what_stands_has_no_percent_and_no_expected_day(product):
    found = page("1-1-1")
    assert fact(found, "亮灯") == ["∞长期坚持", "长期坚持，2025年11月未报送"]
    assert fact(found, "进度与时序") == ["不计进度", "长期坚持，没有时序"]
    assert fact(found, "期限") == ["长期坚持", "2025-01-10 启动"]
    assert fact(found, "预计完成") == ["不推算", "长期坚持"]
    assert "长期坚持的措施不报完成比例，没有时序可比。" in found.text("panel_course")
    assert found.at.get("echarts_chart") == []


def test_what_has_not_begun_says_when_it_will(product):
    found = page("5-13-2")
    assert fact(found, "亮灯")[:2] == ["○未启动", "2026-01-01 启动"]
    assert fact(found, "期限") == ["还有 412 天", "时限 2027-01-31", "2026-01-01 启动"]
    assert fact(found, "预计完成") == ["不推算", "尚未启动"]
    assert fact(found, "佐证") == ["不能计数", "尚未启动"]


def test_a_list_nobody_has_reported_on_says_so(product):
    found = page(MEASURE, **BEFORE_ANYTHING_WAS_TOLD)
    assert fact(found, "亮灯")[:2] == ["▨未报送", "清单下发以来尚无单位报送进展"]
    assert fact(found, "预计完成")[0] == "数据不足（0 期，需 4 期）"
    assert fact(found, "佐证") == ["不能计数", "“报表种类”尚无读数"]
    assert "还没有单位报送进展。" in found.text("panel_said")


def test_a_published_figure_stands_with_its_source(product):
    lines = fact(page("6-18-3"), "佐证")
    assert lines[:2] == ["不能计数", "启动以来还没有可比的读数"]
    assert lines[2] == "暖“新”驿站 500+（2025年1月）"
    assert len(lines) == 4


def test_before_the_first_list_and_of_no_such_measure_a_sentence_leads_back(product):
    found = page(MEASURE, as_of="2015-01-05")
    assert "在这一天，任务清单还没有下发。" in found.text()
    assert found.links()["回到任务清单"] == "./tasks?as_of=2015-01-05&data=live"


def test_the_neighbours_and_the_way_back_keep_the_filters(product):
    links = page(MEASURE, aspect="5").links()
    assert links["‹ 5-12-1"] == f"./tasks?measure=5-12-1&aspect=5&as_of={DAY}&data=live"
    assert links["5-12-3 ›"] == f"./tasks?measure=5-12-3&aspect=5&as_of={DAY}&data=live"
    assert links["← 回到任务清单"] == f"./tasks?aspect=5&as_of={DAY}&data=live"
    assert 'rel="prev"' not in page("1-1-1").html()


def test_the_table_to_take_away_holds_measure_organisations_months_and_figures(product):
    key = cached.Moment().key("live", AsOf(DAY))
    found = cached.measure(key, MEASURE)
    assert found is not None
    frame = measure_table.as_frame(found)

    assert list(frame["栏目"].value_counts()[["措施", "责任单位", "逐月", "佐证"]]) == [1, 13, 5, 1]
    whole, worst = frame.iloc[0], frame.iloc[1]
    assert (whole["预计完成"], whole["填报与佐证"], whole["牵头单位"]) == (
        "2026-05-02 或更晚",
        "填报高于佐证",
        "泉州市数据管理局",
    )
    assert (worst["责任单位"], worst["完成比例"], worst["进展情况"], worst["报送时间"]) == (
        "洛江区",
        10.0,
        "刚开始。",
        DAY,
    )


def test_the_table_in_english_has_chinese_only_where_others_speak(product):
    key = cached.Moment().key("live", AsOf(DAY))
    found = cached.measure(key, MEASURE)
    assert found is not None
    chinese = measure_table.as_frame(found)
    frame = draw.in_script(chinese, "en", OWN_WORDS)
    labels = [place for place, column in enumerate(chinese.columns) if column not in OWN_WORDS]
    cells = frame.iloc[:, labels].to_numpy().ravel()

    assert [c for c in frame.columns if HAN.search(c)] == []
    assert {c for c in cells if isinstance(c, str) and HAN.search(c)} == set()


def test_a_day_in_the_past_shows_what_was_known_then(product):
    assert fact(page(MEASURE, as_of=date(2025, 12, 14).isoformat()), "进度与时序")[0] == "未报"


def test_the_first_screen_is_asked_for_by_name_only_once_a_moment(product):
    key = cached.Moment().key("live", AsOf(DAY))
    assert cached.measure(key, MEASURE) is cached.measure(key, MEASURE)
