"""A frame as a workbook, opened again with openpyxl: what stands in its cells, how it looks, how it prints."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.workbooks import Looks, Mark, Sheet, xlsx_bytes

LOOKS = Looks(
    head="#DFE7F1",
    edge="#CFDAE8",
    text="#14233A",
    column="亮灯",
    marks={"已完成": Mark("✔", "#137A4B", "#FFFFFF"), "逾期": Mark("◆", "#C62828", "#FFFFFF")},
)
FRAME = pd.DataFrame(
    {
        "序号": ["1-1-1", "1-2-1", "5-12-1"],
        "措施": [
            "短",
            "落实镇街对县级派驻机构负责人考核评价和任免调整的建议权。" * 3,
            "中等长短的一句话，两行",
        ],
        "完成时限": ["长期坚持", date(2025, 12, 31), date(2026, 6, 30)],
        "完成比例": [np.nan, 65.0, 99.6],
        "亮灯": ["长期坚持", "已完成", "逾期"],
        "备注": [None, "一", "二"],
    }
)
SHEET = Sheet(
    tab="任务清单",
    title="任务清单台账",
    lines=("截至：2026-10-31    回执号：Y7K2M9P", "筛选：全部"),
    frame=FRAME,
    as_of=date(2026, 10, 31),
    product="泉州市社会工作态势",
    looks=LOOKS,
    percents=("完成比例",),
    printed=5,
)


def opened(sheet: Sheet) -> Worksheet:
    page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(sheet))).active
    assert isinstance(page, Worksheet)
    return page


def holding(*values: Any) -> Sheet:
    """The sheet with these values below each other in one column."""
    frame = pd.DataFrame({"进展情况": pd.Series(list(values), dtype=object)})
    return replace(SHEET, frame=frame, printed=None)


@pytest.fixture(scope="module")
def page() -> Worksheet:
    return opened(SHEET)


def test_title_and_captions_stand_over_the_header_and_the_rows(page):
    assert [page.cell(at, 1).value for at in range(1, 6)] == [
        "任务清单台账",
        "截至：2026-10-31    回执号：Y7K2M9P",
        "筛选：全部",
        "序号",
        "1-1-1",
    ]
    assert [cell.value for cell in page[4]] == list(FRAME)
    assert page.title == "任务清单"
    assert page.max_row == 7


def test_header_and_number_stay_when_the_sheet_is_scrolled_and_every_column_can_be_filtered(page):
    assert page.freeze_panes == "B5"
    assert page.auto_filter.ref == "A4:F7"


def test_it_prints_on_a4_across_with_its_head_on_every_sheet_and_its_number_at_the_foot(page):
    assert page.print_area == "'任务清单'!$A$1:$E$7"
    assert page.print_title_rows == "$1:$4"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage is True
    assert page.oddFooter.center.text == "&P / &N"


def test_columns_are_as_wide_as_their_text_and_long_text_has_several_lines(page):
    widths = {page.cell(4, at).value: page.column_dimensions[f"{chr(64 + at)}"].width for at in range(1, 7)}

    assert widths == {"序号": 8, "措施": 24, "完成时限": 12, "完成比例": 9, "亮灯": 10, "备注": 6}
    assert page["B6"].alignment.wrap_text is True
    assert page.row_dimensions[5].height == 18
    assert page.row_dimensions[6].height == 14 * 8 + 4  # 162 wide in 22
    assert page.row_dimensions[4].height == 34


def test_a_date_is_a_date_and_a_percent_a_number_with_its_sign(page):
    assert (page["C6"].value, page["C6"].number_format) == (datetime(2025, 12, 31), "yyyy-mm-dd")
    assert (page["C5"].value, page["C5"].data_type) == ("长期坚持", "s")
    assert (page["D6"].value, page["D6"].number_format) == (65, '0"%"')
    assert (page["D7"].value, page["D7"].number_format) == (99.6, '0.0##"%"')


def test_what_is_absent_is_an_empty_cell(page):
    assert (page["D5"].value, page["F5"].value) == (None, None)


def test_a_light_is_shape_word_and_colour(page):
    assert [page[f"E{at}"].value for at in (6, 7)] == ["✔ 已完成", "◆ 逾期"]
    assert [page[f"E{at}"].fill.fgColor.rgb for at in (6, 7)] == ["FF137A4B", "FFC62828"]
    assert [page[f"E{at}"].font.color.rgb for at in (6, 7)] == ["FFFFFFFF", "FFFFFFFF"]
    assert (page["E5"].value, page["E5"].fill.fill_type) == ("长期坚持", None)


@pytest.mark.parametrize(
    "words",
    [
        "=1+1",
        "=",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "\u3000=1",
        "\t=1",
        "#N/A",
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_text_like_a_formula_is_a_text(words):
    content = xlsx_bytes(holding(words))
    cell = opened(holding(words))["A5"]

    assert (cell.value, cell.data_type) == (words, "s")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert re.findall(rb"<f[ />]|t=.(?:e|str).", archive.read("xl/worksheets/sheet1.xml")) == []
    assert cell.quotePrefix is (words != "#N/A")


def test_a_title_and_a_header_like_a_formula_are_texts_too():
    frame = pd.DataFrame({"=1": ["x"]})
    found = opened(replace(SHEET, title="=2", lines=("=3",), frame=frame, printed=None))

    assert [(found.cell(at, 1).value, found.cell(at, 1).data_type) for at in (1, 2, 3)] == [
        ("=2", "s"),
        ("=3", "s"),
        ("=1", "s"),
    ]


def test_signs_that_xml_forbids_are_left_out_and_lines_stay_lines():
    found = opened(holding("一\x00二\x0b三\ud800四\uffff五", "甲\r\n乙\r丙\n丁"))

    assert [found[f"A{at}"].value for at in (5, 6)] == ["一二三四五", "甲\n乙\n丙\n丁"]


def test_a_text_is_kept_as_text_when_somebody_writes_into_it_and_a_long_one_is_shown():
    found = opened(holding("5-12-1", "长" * 300))

    assert [found[f"A{at}"].number_format for at in (5, 6)] == ["@", "General"]
    assert found["A6"].value == "长" * 300
    assert found.row_dimensions[6].height == 28 * 14 + 4


def test_a_text_that_is_longer_than_a_cell_can_be_says_so_at_its_end():
    cut = "…（全文见CSV）"
    found = opened(replace(holding("长" * 32_767, "长" * 32_768, "𠮷" * 20_000), cut=cut))
    whole, long, rare = (str(found[f"A{at}"].value) for at in (5, 6, 7))

    assert whole == "长" * 32_767
    assert long == "长" * (32_767 - len(cut)) + cut
    # Excel counts two for a sign beyond the first plane.
    assert rare == "𠮷" * ((32_767 - len(cut)) // 2) + cut


def test_no_row_is_higher_than_a_row_can_be():
    assert opened(holding("长" * 3000)).row_dimensions[5].height == 409


def test_an_instant_is_said_in_beijing_time():
    cell = opened(holding(datetime(2026, 10, 31, 16, 30, tzinfo=UTC)))["A5"]

    assert (cell.value, cell.number_format) == (datetime(2026, 11, 1, 0, 30), "yyyy-mm-dd hh:mm:ss")


def test_a_table_without_rows_is_a_sheet_with_its_header():
    found = opened(replace(SHEET, frame=FRAME.iloc[:0]))

    assert (found.max_row, found.auto_filter.ref, found.print_area) == (4, "A4:F4", "'任务清单'!$A$1:$E$4")


def test_the_properties_name_the_product_and_the_day_and_no_person():
    told = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(SHEET))).properties

    assert (told.creator, told.lastModifiedBy, told.title) == ("泉州市社会工作态势", None, "任务清单台账")
    assert (told.created, told.modified) == (datetime(2026, 10, 31), datetime(2026, 10, 31))


def test_equal_input_gives_equal_bytes_and_the_frame_is_unchanged():
    before = FRAME.copy()
    first = xlsx_bytes(SHEET)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    assert xlsx_bytes(SHEET) == first
    pd.testing.assert_frame_equal(FRAME, before)


def test_a_tab_has_no_sign_that_a_tab_may_not_have_and_no_more_than_31():
    assert opened(replace(SHEET, tab="清单[1]/2:*?" + "长" * 40)).title == "清单-1-2-" + "长" * 24
