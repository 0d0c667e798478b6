"""What /tasks offers to take away: the ledger as CSV and as a workbook, filtered as the page is, in three languages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from streamlit.delta_generator import DeltaGenerator

from dashboard.knowledge import AsOf
from dashboard.language import shown
from dashboard.periods import Period, of, previous
from dashboard.readouts.ledger import COLUMNS, OFFICE_COLUMNS
from dashboard.receipts import find
from dashboard.startup import Stores
from dashboard.store import SYSTEM, Draft, FactDraft, accept, receive
from dashboard.ui import address, cached, draw, measure_table, sheets, tasks_table
from dashboard.ui.theme import SHAPES, TOKENS
from ui_fixtures import Page, installed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEASURE, JINJIANG, LUOJIANG = "1-2-1", "350582", "350504"
DONE_ON = date(2025, 12, 20)


def tell(stores: Stores, organisation: str, values: dict[str, Any], period: Period) -> None:
    """Progress of one organisation, accepted."""
    content = repr(values).encode()
    draft = Draft("progress", organisation, "台账.xlsx", content, [FactDraft("progress", values)], period)
    accept(stores["live"], SYSTEM, receive(stores["live"], SYSTEM, draft))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The product without a demo; of the last month 晋江 tells in words like a formula, and 洛江 that it is done."""
    with installed(tmp_path_factory.mktemp("files")) as stores:
        period = previous(of("month", stores["live"].today()))
        values = {
            "list_version": "2025",
            "measure": MEASURE,
            "organisation": JINJIANG,
            "period_start": period.start,
            "period_end": period.end,
            "grain": period.grain,
            "percent": 65.0,
            "status": "推进中",
            "words": "=HYPERLINK(1)",
            "problem": "逾期",
        }
        tell(stores, JINJIANG, values, period)
        done = {
            **values,
            "organisation": LUOJIANG,
            "percent": 100.0,
            "completed_on": DONE_ON,
            "status": "已完成",
        }
        tell(stores, LUOJIANG, done, period)
        yield stores


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What each button of the page offers, by its label."""
    found: dict[str, dict[str, Any]] = {}
    drawn = DeltaGenerator.download_button

    def offering(self: DeltaGenerator, label: str, **told: Any) -> bool:
        found[label] = told
        return drawn(self, label, **told)

    monkeypatch.setattr(DeltaGenerator, "download_button", offering)
    return found


def rows(offered: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(offered["CSV"]["data"]().decode("utf-8-sig"))))


def workbook(offered: dict[str, dict[str, Any]]) -> Worksheet:
    page = openpyxl.load_workbook(io.BytesIO(offered["Excel"]["data"]())).active
    assert isinstance(page, Worksheet)
    return page


def cells(page: Worksheet, organisation: str) -> dict[str, Any]:
    """The cells of the row of the measure and the organisation, by the header."""
    header, *told = list(page.iter_rows(min_row=4))
    names = [str(cell.value) for cell in header]
    (found,) = [row for row in told if (row[0].value, row[5].value) == (MEASURE, organisation)]
    return dict(zip(names, found, strict=True))


def test_the_csv_begins_with_the_columns_of_an_office_and_ends_with_filters_and_receipt(live, offered):
    assert Page("tasks").failures == []
    told = rows(offered)

    assert list(told[0])[:15] == list(OFFICE_COLUMNS)
    assert list(told[0]) == [*COLUMNS, "筛选", "回执号"]
    assert {row["筛选"] for row in told} == {"全部"}
    (number,) = {row["回执号"] for row in told}
    assert find(live["live"], number).page == "tasks"


def test_the_workbook_holds_the_rows_of_the_csv_and_its_receipt(live, offered):
    Page("tasks")
    told, page = rows(offered), workbook(offered)
    above, below = page["A2"].value, page["A3"].value

    assert page["A1"].value == "任务清单台账（示例，非官方清单）"
    assert above.startswith(
        f"截至：{live['live'].today()}    数据：正式数据    回执号：{told[0]['回执号']}    "
    )
    assert "    导出时间（北京时间）：" in above
    assert below == "清单：破解基层治理“小马拉大车”突出问题重点任务项目清单（示例，非官方清单）    筛选：全部"
    assert [cell.value for cell in page[4]] == list(COLUMNS)
    assert page.max_row == 4 + len(told)
    assert page.print_area == f"'任务清单'!$A$1:$Q${page.max_row}"
    assert page["Q4"].value == "旧期"


def test_a_row_of_the_workbook_is_what_was_said(live, offered):
    Page("tasks")
    found = cells(workbook(offered), "晋江市")

    assert (found["进展情况"].value, found["进展情况"].data_type) == ("=HYPERLINK(1)", "s")
    assert (found["完成比例"].value, found["完成比例"].number_format) == (65, '0"%"')
    assert found["完成时限"].value == datetime(2025, 12, 31)
    assert found["报送时间"].value.date() == live["live"].today()
    assert found["亮灯"].value == "◆ 逾期"
    assert found["亮灯"].fill.fgColor.rgb == f"FF{TOKENS['light']['overdue'][1:]}"
    assert found["存在问题"].fill.fill_type is None
    assert found["旧期"].value is None


def test_every_light_has_its_shape_and_its_colour_for_paper(live):
    view = address.parse({}, live.catalogue, {"live": date(2026, 1, 15)}, "live", "zh-CN", "dark")
    looks = sheets.sheet(view, cached.ledger(_key()), _layout(), ()).looks

    assert {word: (mark.shape, mark.ground) for word, mark in looks.marks.items()} == {
        light.name: (SHAPES[light.light], TOKENS["light"][light.light])
        for light in live.catalogue.light_rules[0].lights
    }


def test_filters_narrow_both_files_and_stand_in_their_names_and_in_every_row(live, offered):
    day = live["live"].today()
    Page("tasks", aspect="1", light="overdue", org=JINJIANG)
    told, page = rows(offered), workbook(offered)

    assert offered["CSV"]["file_name"] == f"任务清单_泉州市_党建统领_逾期_晋江市_截至{day}.csv"
    assert offered["Excel"]["file_name"] == f"任务清单_泉州市_党建统领_逾期_晋江市_截至{day}.xlsx"
    assert {row["筛选"] for row in told} == {"方面=党建统领；亮灯=逾期；单位=晋江市"}
    assert page["A3"].value.endswith("    筛选：方面=党建统领；亮灯=逾期；单位=晋江市")
    assert {(row["方面"], row["责任单位"]) for row in told} == {("党建统领", "晋江市")}
    assert page.max_row == 4 + len(told)


def test_a_chosen_period_stands_in_the_names_in_every_row_and_over_the_rows_of_the_workbook(live, offered):
    day = live["live"].today()
    assert Page("tasks", period="2025-11", light="not_reported").failures == []
    told, page = rows(offered), workbook(offered)

    name = f"任务清单_泉州市_数据期至2025-11_未报送_截至{day}"
    assert (offered["CSV"]["file_name"], offered["Excel"]["file_name"]) == (f"{name}.csv", f"{name}.xlsx")
    assert {row["筛选"] for row in told} == {"数据期至=2025-11；亮灯=未报送"}
    assert page["A2"].value.startswith(f"截至：{day}    数据期至：2025-11    数据：正式数据    ")
    assert page["A3"].value.endswith("    筛选：数据期至=2025-11；亮灯=未报送")
    assert {row["亮灯"] for row in told} == {"未报送"}

    Page("tasks", period="2025-11", lang="en")
    assert offered["CSV"]["file_name"] == f"Measures_Quanzhou_Period-to-2025-11_as-of-{day}.csv"
    assert workbook(offered)["A2"].value.startswith(f"As of: {day}    Period to: 2025-11    ")


def test_a_chosen_period_stands_in_the_file_of_a_measure_and_without_one_it_has_no_filters(live, offered):
    day = live["live"].today()
    Page("tasks", measure=MEASURE, period="2025-11")
    assert offered["CSV"]["file_name"] == f"措施_{MEASURE}_数据期至2025-11_截至{day}.csv"
    assert {row["筛选"] for row in rows(offered)} == {"数据期至=2025-11"}

    Page("tasks", measure=MEASURE)
    assert offered["CSV"]["file_name"] == f"措施_{MEASURE}_截至{day}.csv"
    assert "筛选" not in rows(offered)[0]


def test_of_whose_measures_they_are_the_files_hold_all_but_for_the_organisation(live, offered):
    day = live["live"].today()
    narrowed = {"show": "who", "aspect": "1", "light": "overdue", "window": "late", "scope": "city"}
    every = cached.ledger(cached.Moment().key("live", AsOf(day)))
    assert Page("tasks", **narrowed).failures == []
    told = rows(offered)
    assert len(told) == len(every) == workbook(offered).max_row - 4
    assert {row["筛选"] for row in told} == {"全部"}
    assert offered["Excel"]["file_name"] == f"任务清单_泉州市_截至{day}.xlsx"

    Page("tasks", **narrowed, org=JINJIANG)
    own = rows(offered)
    assert {(row["责任单位"], row["筛选"]) for row in own} == {("晋江市", "单位=晋江市")}
    assert len(own) == (every["责任单位"] == "晋江市").sum()


def test_a_light_or_a_due_window_leaves_the_assignments_that_are_in_it_themselves(live, offered):
    day = live["live"].today()
    Page("tasks", light="overdue")
    assert {row["亮灯"] for row in rows(offered)} == {"逾期"}
    assert workbook(offered).max_row == 4 + len(rows(offered))

    Page("tasks", window="late")
    told = rows(offered)
    assert MEASURE in {row["序号"] for row in told}
    assert {row["完成时限"] < day.isoformat() for row in told} == {True}
    assert {row["责任单位"] for row in told if row["序号"] == MEASURE}.isdisjoint({"洛江区"})

    Page("tasks")
    assert "洛江区" in {row["责任单位"] for row in rows(offered) if row["序号"] == MEASURE}


def test_a_light_leaves_every_assignment_that_bears_it_though_its_measure_bears_a_worse_one(live, offered):
    found = cached.list_readout(_today(live))
    assert found is not None
    worse = {m.number for m in found.measures if m.light != "done"}
    assert Page("tasks", light="done").failures == []
    told = rows(offered)

    # 1-2-1 is overdue, since all but 洛江 have not done it.
    assert MEASURE in worse
    assert [(row["序号"], row["责任单位"]) for row in told] == [(MEASURE, "洛江区")]
    assert workbook(offered).max_row == 4 + 1
    Page("tasks", light="done", aspect="2")
    assert rows(offered) == []


@pytest.mark.parametrize("light", ["overdue", "not_reported", "standing", "done", "not_started"])
def test_with_a_light_the_file_has_as_many_rows_as_the_whole_ledger_has_of_it(live, offered, light):
    word = next(rule.name for rule in live.catalogue.light_rules[-1].lights if rule.light == light)
    Page("tasks", scope="county")
    every = [row for row in rows(offered) if row["亮灯"] == word]
    Page("tasks", scope="county", light=light)

    assert [{**row, "筛选": "", "回执号": ""} for row in rows(offered)] == [
        {**row, "筛选": "", "回执号": ""} for row in every
    ]


def test_the_name_of_a_file_has_no_hyphen_between_a_figure_and_its_word(live, offered):
    day = live["live"].today()
    Page("tasks", window="90")
    assert offered["CSV"]["file_name"] == f"任务清单_泉州市_90天内到期_截至{day}.csv"

    Page("tasks", window="90", lang="en")
    assert offered["CSV"]["file_name"] == f"Measures_Quanzhou_Due-in-90-days_as-of-{day}.csv"


def test_the_percents_of_a_measure_have_one_decimal_and_are_cut():
    shown = [measure_table.cut(value) for value in (92.92307692307692, 99.97, 100.0, 0.0, 57.9, None)]

    assert shown == [92.9, 99.9, 100.0, 0.0, 57.9, None]


def test_no_percent_of_the_file_of_a_measure_has_more_than_one_decimal(live, offered):
    Page("tasks", measure=MEASURE)
    found = {row[column] for row in rows(offered) for column in ("完成比例", "时序比例", "佐证比例")}

    assert {"65", "82.5"} <= found
    assert {value for value in found if len(value.partition(".")[2]) > 1} == set()


def test_filters_that_nothing_meets_give_files_without_rows(live, offered):
    assert Page("tasks", light="far_behind").failures == []

    assert rows(offered) == []
    assert workbook(offered).max_row == 4


def test_in_english_labels_are_english_and_clerks_words_stay(live, offered):
    Page("tasks", lang="en", light="overdue", org=JINJIANG)
    told, page = rows(offered), workbook(offered)
    row = next(row for row in told if row["No."] == MEASURE)
    found = cells(page, "Jinjiang City")

    assert list(told[0])[:15] == (
        "No.,Aspect,Project,Measure,Lead,Responsible,Due,Progress in words,Percent done,State,Light,Reason,"
        "Problem,Next step,Returned on"
    ).split(",")
    assert row["Filters"] == "Light=Overdue; Unit=Jinjiang City"
    assert (row["Light"], row["State"], row["Problem"]) == ("Overdue", "Under way", "逾期")
    assert row["Measure"] == "落实镇街对县级派驻机构负责人考核评价和任免调整的建议权。"
    assert offered["Excel"]["file_name"].startswith("Measures_Quanzhou_Overdue_Jinjiang-City_as-of-")
    assert (found["Light"].value, found["Problem"].value) == ("◆ Overdue", "逾期")
    assert (found["Percent done"].value, found["Percent done"].number_format) == (65, '0"%"')
    assert page.title == "Measures"
    assert page["A1"].value == "Ledger of the measures (Sample list, not official)"
    assert page["A2"].value.startswith("As of: ")
    assert page["A3"].value.endswith("    Filters: Light=Overdue; Unit=Jinjiang City")


def test_in_traditional_everything_is_traditional(live, offered):
    Page("tasks", lang="zh-TW", org=JINJIANG)
    told, page = rows(offered), workbook(offered)
    found = cells(page, "晉江市")

    assert list(told[0])[:15] == [shown(name, "zh-TW") for name in OFFICE_COLUMNS]
    assert {row["篩選"] for row in told} == {"單位=晉江市"}
    assert found["亮燈"].value == "◆ 逾期"
    assert found["狀態"].value == "推進中"
    assert page["A1"].value == "任務清單臺賬（示例，非官方清單）"
    assert offered["Excel"]["file_name"].startswith("任務清單_泉州市_晉江市_截至")


def test_the_workbook_of_the_demo_says_so_over_its_rows_and_in_its_name(live):
    today = {"live": date(2026, 1, 15), "demo": date(2025, 12, 31)}
    view = address.parse({}, live.catalogue, today, "demo", "zh-CN", "dark")
    at = datetime(2026, 1, 15, 16, 30, tzinfo=UTC)

    assert sheets.captions(view, "清单", (), "Y7K2M9P", at)[0] == (
        "截至：2025-12-31    数据：演示数据 · 非真实    回执号：Y7K2M9P    导出时间（北京时间）：2026-01-16 00:30"
    )
    assert draw.called(view, "任务清单", ending="xlsx") == "任务清单_截至2025-12-31_演示.xlsx"


def test_both_buttons_say_what_they_give(live, offered):
    Page("tasks")

    assert (offered["CSV"]["mime"], offered["Excel"]["mime"]) == ("text/csv", XLSX)
    assert offered["Excel"]["help"] == "下载可以直接打印的 Excel 表"


def _today(stores: Stores) -> cached.Key:
    return cached.Moment().key("live", AsOf(stores["live"].today()))


def _key() -> cached.Key:
    return cached.Moment().key("live", AsOf(date(2026, 1, 15)))


def _layout() -> sheets.Layout:
    found = cached.list_readout(_key())
    assert found is not None
    return tasks_table.layout(found)
