"""A spreadsheet into rows of cells with addresses: real ones, with titles, merges, notes and hidden characters."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from dashboard.importers.cells import clean, comparable, day, hidden, person_number
from dashboard.importers.kept_copy import redacted
from dashboard.importers.sheet_table import Column, table_of
from dashboard.importers.sheets import SheetError, sheets

COLUMNS = (
    Column("编号", alone=True),
    Column("地区", fills=True),
    Column("街道", ("镇街",), fills=True),
    Column("责任单位"),
    Column("完成时限", needed=False),
)
HEAD = "编号 地区 街道 责任单位 完成时限".split()


def book(*rows: list, name: str = "台账", merge: tuple[str, ...] = (), more: tuple[str, ...] = ()) -> bytes:
    """A workbook of one sheet with these rows, and empty ones of these names."""
    made = Workbook()
    page = made.active
    page.title = name
    for row in rows:
        page.append(row)
    for block in merge:
        page.merge_cells(block)
    for other in more:
        made.create_sheet(other)
    return saved(made)


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def csv_of(*rows: list, encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def read(content: bytes, columns: tuple[Column, ...] = COLUMNS):
    return table_of(sheets(content, "台账.xlsx"), columns, "台账.xlsx")


def told(content: bytes, name: str) -> list[tuple[str, str]]:
    """Place and text of a column."""
    return [(row[name].place, row[name].text) for row in read(content).rows]


def refusal(content: bytes, columns: tuple[Column, ...] = COLUMNS) -> str:
    with pytest.raises(SheetError) as caught:
        read(content, columns)
    return str(caught.value)


ROW = ["1", "晋江", "青阳", "民政局", "2026-12-31"]


# --- cells ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31", "2026/12/31", "2026.12.31", "2026年12月31日", "2026年12月31号", "2026 年 12 月 31 日",
        "２０２６年１２月３１日", "2026－12－31", "2026年12月", "2026年12月底", "2026年12月末", "2026-12",
        "2026年12月底前", "2026年12月31日前", "2026年底", "2026-12-31 00:00:00", "\u200b2026-12-31\u00a0",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_spelling_and_a_month_means_its_last_day(text):
    assert day(text, last=True) == date(2026, 12, 31)


def test_a_month_is_its_first_day_where_something_begins_and_its_end_stays_the_end():
    assert day("2026年2月", last=False) == date(2026, 2, 1)
    assert day("2026年2月底", last=False) == date(2026, 2, 28)
    assert day("2028年2月", last=True) == date(2028, 2, 29)
    assert day(datetime(2026, 2, 3, 10, 30), last=False) == date(2026, 2, 3)


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "2026-13-01", "2026.1", 2026.1, 2026, "12月31日", "下半年", "2026-12/31", "", None, "2206-12-31",
     "26-12-31", "2026-12-31 之后", True],
)  # fmt: skip
def test_what_is_no_day_is_refused_and_never_guessed(value):
    with pytest.raises(ValueError):  # noqa: PT011
        day(value, last=True)


def test_text_loses_what_nobody_sees_and_keeps_what_was_written():
    assert clean("\ufeff 建立\u200b机制，\u00a0（试点）\t") == "建立机制， （试点）"
    assert clean("第一行_x000D_\n  第二行 \r\n\n") == "第一行\n第二行"
    assert comparable("５－12—1 ") == "5-12-1"
    assert comparable("各县（市、区） 和开发区") == "各县(市、区)和开发区"


def test_hidden_characters_are_named():
    assert hidden("晋\u200b江\u00a0市 好\u3000") == ["U+200B（零宽空格）", "U+00A0（不间断空格）"]
    assert hidden("晋江市\n") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("张三13800001234", "138****34"),
        ("138 0000 1234", "138****34"),
        ("138-0000-1234", "138****34"),
        ("１３８００００１２３４", "138****34"),
        ("身份证35052119900101123X。", "350****3X"),
        ("+8613912345678", "139****78"),
        ("8613912345678", "139****78"),
        ("0086 139 1234 5678", "139****78"),
        ("013912345678", "139****78"),
        ("139.1234.5678", "139****78"),
        ("139/1234/5678", "139****78"),
        ("139·1234·5678", "139****78"),
        ("139—1234—5678", "139****78"),
        ("1391234\n5678", "139****78"),
        ("共100\n13912345678", "139****78"),
        ("139-1234-5678/138-0000-1234", "139****78"),
        ("350521900101123", "350****23"),
        ("350521 1990-01-01 123x", "350****3x"),
        ("350521\n19900101\n1234", "350****34"),
        ("走访153\n2026-01-15", ""),
        ("2025.1.01-2025.12.31", ""),
        ("2025-01-01/2025-12-31", ""),
        ("共投入100000000000000元", ""),
        ("1 380 595 123 400", ""),
        ("2026-12-31", ""),
        ("投入13800001234567元", ""),
        ("0595-22500000", ""),
    ],
)
def test_a_mobile_or_id_number_is_found_and_never_printed_whole(text, number):
    assert person_number(text) == number


# --- where the table is -----------------------------------------------------------------------------


def test_every_cell_has_its_address_in_the_workbook_and_its_line_and_column_in_csv():
    assert told(book(["标题"], HEAD, ROW), "责任单位") == [("台账!D3", "民政局")]
    assert told(csv_of(["标题"], HEAD, ROW), "责任单位") == [("第3行“责任单位”列", "民政局")]


def test_a_line_of_csv_is_counted_as_a_spreadsheet_shows_it():
    content = csv_of(HEAD, [], ["1", "晋江", "青阳", "民政局\n财政局", ""], ["2", "", "", "财政局", ""])

    assert told(content, "责任单位") == [
        ("第3行“责任单位”列", "民政局\n财政局"),
        ("第4行“责任单位”列", "财政局"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_in_which_offices_write_it(encoding):
    assert told(csv_of(HEAD, ROW, encoding=encoding), "地区") == [("第2行“地区”列", "晋江")]


def test_text_copied_out_of_a_sheet_with_tabs_is_read():
    content = "\n".join("\t".join(row) for row in (HEAD, ROW)).encode()

    assert told(content, "地区") == [("第2行“地区”列", "晋江")]


@pytest.mark.parametrize(
    "head",
    [
        "完成时限 责任单位 街道 地区 编号".split(),
        ["完成时限", "责任 单位", "街　道", "地区：", "*编号"],
        ["完成时限要求", "责任单位（部门）", "镇街", "地区（县）", "编号\u200b"],
        ["完成时限", "责任单位\n（部门）", "街道", "所在地区", "编号"],
    ],
)
def test_headings_are_known_in_any_order_and_in_near_spellings(head):
    table = read(book(head, ["2026-12-31", "民政局", "青阳", "晋江", "1"]))

    assert {name: cell.text for name, cell in table.rows[0].cells.items()} == dict(
        zip(HEAD, ROW, strict=True)
    )
    assert table.unread == ()


def test_two_columns_that_may_both_be_meant_are_told_apart_by_nobody():
    two = ["编号", "地区", "街道", "责任单位（一）", "责任单位（二）"]

    assert refusal(book(two, ROW)) == (
        "台账!第1行：表头里 “责任单位”（第4列、第5列） 分不清是哪一列，请改列名，只留一列。"
    )


def test_the_exact_heading_wins_over_a_near_one():
    table = read(book([*HEAD, "责任单位（县级）"], [*ROW, "财政局"]))

    assert table.rows[0]["责任单位"].text == "民政局"
    assert table.unread == ((6, "责任单位(县级)"),)


def test_a_missing_column_is_named_with_the_ones_that_were_not_known():
    assert refusal(book(["编号", "地区", "街道", "承办处室"], ROW)) == (
        "台账!第1行：表头缺少 “责任单位” 列，没有认出的列有 “承办处室”，请补上或改成这个列名。"
    )


def test_a_file_without_any_header_is_said_with_the_columns_it_should_have():
    assert refusal(book(["姓名", "电话"], ["a", "b"])) == (
        "台账.xlsx 里没有找到表头：表头要有 编号、地区、街道、责任单位 这几列，请补上或检查是不是选错了文件。"
    )


def test_a_header_over_two_rows_is_read_from_its_lower_row_and_data_begin_below():
    rows = [
        ["任务台账"],
        ["编号", "地区", "街道", "责任分工", None, "完成时限"],
        [None, None, None, "责任单位", "联系人", None],
        ["1", "晋江", "青阳", "民政局", "张三", "2026-12-31"],
    ]
    merged = ("A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3")

    for content in (book(*rows, merge=merged), csv_of(*rows)):
        table = read(content)
        assert [row["责任单位"].text for row in table.rows] == ["民政局"]
        assert [row["完成时限"].text for row in table.rows] == ["2026-12-31"]
        assert table.unread == ((5, "联系人"),)
        assert table.header == (2, 3)
        assert read(redacted(table)).rows == table.rows


def test_a_header_merged_over_two_rows_without_a_second_line_is_no_row_of_data():
    merged = tuple(f"{c}1:{c}2" for c in "ABCDE")

    assert told(book(HEAD, [None] * 5, ROW, merge=merged), "编号") == [("台账!A3", "1")]


def test_a_remark_below_a_heading_is_of_the_header_where_the_others_are_merged_beside_it():
    merged = tuple(f"{c}1:{c}2" for c in "ABCD")

    assert told(book(HEAD, [*[None] * 4, "（年/月）"], ROW, merge=merged), "编号") == [("台账!A3", "1")]


def test_a_heading_over_two_columns_is_the_one_that_is_not_about_persons():
    rows = [[*HEAD[:4], None], [*[None] * 3, "名称", "联系人"], [*ROW[:4], "张三"]]
    merged = ("A1:A2", "B1:B2", "C1:C2", "D1:E1")

    table = read(book(*rows, merge=merged))
    assert [row["责任单位"].text for row in table.rows] == ["民政局"]
    assert table.unread == ((5, "联系人"),)


@pytest.mark.parametrize("heading", ["责任单位联系人", "责任单位（联系电话）", "责任单位负责人"])
def test_a_column_about_persons_is_never_taken_for_a_wanted_one(heading):
    assert refusal(book([*HEAD[:3], heading], ROW)).startswith("台账!第1行：表头缺少 “责任单位” 列")


def test_of_several_sheets_the_one_whose_header_fits_is_read():
    made = load_workbook(io.BytesIO(book(["说明"], name="封面")))
    page = made.create_sheet("正文")
    page.append(HEAD)
    page.append(ROW)

    assert told(saved(made), "编号") == [("正文!A2", "1")]


def test_several_sheets_that_fit_are_named_and_a_hidden_one_does_not_count():
    made = load_workbook(io.BytesIO(book(HEAD, ROW)))
    page = made.create_sheet("台账 (2)")
    page.append(HEAD)
    assert refusal(saved(made)) == "台账.xlsx 里有 2 张表都像要导入的表：“台账”、“台账 (2)”，请只留一张。"

    page.sheet_state = "hidden"
    assert told(saved(made), "编号") == [("台账!A2", "1")]


# --- rows -------------------------------------------------------------------------------------------


def test_merged_cells_are_filled_down_and_name_the_cell_that_can_be_mended():
    content = book(
        HEAD,
        ["1", "晋江", "青阳", "民政局", ""],
        ["2", None, None, "民政局", ""],
        ["3", None, "梅岭", "民政局", ""],
        merge=("B2:B4", "C2:C3"),
    )

    assert told(content, "地区") == [("台账!B2", "晋江")] * 3
    assert told(content, "街道") == [("台账!C2", "青阳"), ("台账!C2", "青阳"), ("台账!C4", "梅岭")]


def test_blank_cells_say_what_stands_above_until_the_column_before_changes():
    content = csv_of(
        HEAD,
        ["1", "晋江", "青阳", "民政局", ""],
        ["2", "", "", "民政局", ""],
        ["3", "晋江", "", "民政局", ""],
        ["4", "石狮", "", "民政局", ""],
    )

    assert [text for _, text in told(content, "地区")] == ["晋江", "晋江", "晋江", "石狮"]
    assert [text for _, text in told(content, "街道")] == ["青阳", "青阳", "青阳", ""]


def test_a_merge_in_a_column_that_does_not_fill_is_filled_as_well_because_the_file_says_so():
    content = book(HEAD, ROW, [], ["2", "晋江", "青阳", None, ""], merge=("D2:D4", "E2:E4"))

    assert [text for _, text in told(content, "责任单位")] == ["民政局", "民政局"]
    (area, date_area) = read(content).merged
    assert (area.name, area.cell.place, area.rows, area.lines) == ("责任单位", "台账!D2", (2, 4), "第2、4行")
    assert date_area.cell.text == "2026-12-31"


def test_a_merge_where_every_row_has_its_own_is_a_fault_below_the_first_row():
    table = read(book(HEAD, ROW, [None, *ROW[1:]], merge=("A2:A3",)))

    first, second = (row["编号"] for row in table.rows)
    assert (first.text, first.fault) == ("1", None)
    assert (second.place, second.text, second.fault.rule) == (
        "台账!A2",
        "",
        "“编号”列不能合并，这里合并了第2、3行",
    )


def test_sheets_that_hold_something_and_were_not_read_are_known_and_empty_ones_are_not():
    made = load_workbook(io.BytesIO(book(HEAD, ROW, more=("空表", "附表"))))
    made["附表"].append(["说明"])

    assert [sheet.name for sheet in read(saved(made)).others] == ["附表"]


@pytest.mark.parametrize(
    "below",
    [
        [["注：1. 本表由各地填写。"], ["2. 每月报送一次。"]],
        [["合计", "", "", "12 个", "3"]],
        [["填表人：", "", "审核人：", "", "2026年1月1日"]],
        [["", "", "", "", "制表时间2026年"]],
    ],
)
def test_notes_sums_and_signatures_below_the_table_are_no_rows(below):
    for content in (book(HEAD, ROW, [], *below), csv_of(HEAD, ROW, [], *below)):
        table = read(content)
        assert [row["编号"].text for row in table.rows] == ["1"]
        assert [cell.text for cell in table.around] == [text for line in below for text in line if text]


NAMED = (Column("名称", names=True), Column("镇街"), Column("状态"), Column("备注", needed=False))
TOP, FULL = ["名称", "镇街", "状态", "联系人"], ["A站", "磁灶", "开放", ""]


@pytest.mark.parametrize(
    ("under", "names", "below"),
    [
        ([["B站"], ["C站"]], ["A站", "B站", "C站"], []),
        ([["B站", "", "", "某某"], ["注：样例"]], ["A站", "B站"], []),
        ([["合计路驿站", "磁灶", "开放"]], ["A站", "合计路驿站"], []),
        ([["合计", "2", "5"]], ["A站"], []),
        ([["小计路驿站"]], ["A站", "小计路驿站"], []),
        ([["合计（个）"], ["磁灶镇小计"], ["共有驿站2个"], ["共计：2个"]], ["A站"], []),
        ([["1.每月报送一次"], ["填表人：某某"], ["2026年1月1日"], ["截至一月底"]], ["A站"], []),
        ([["本表由各镇街填写，每月初五日之前报送一次，逾期的不计入当月"]], ["A站"], []),
        ([["注：样例"], ["每月报送"]], ["A站"], []),
        ([["填报单位（盖章）"], ["晋江市委（盖章）"]], ["A站"], []),
        ([[], ["B站"], ["C站"]], ["A站"], [4, 5]),
        ([["", "磁灶"], ["", "", "", "某某"]], ["A站"], [3]),
    ],
)
def test_a_name_alone_right_below_is_a_row_and_what_else_is_no_note_is_known(under, names, below):
    table = read(csv_of(TOP, FULL, *under), NAMED)

    assert [row["名称"].text for row in table.rows] == names
    assert [cell.at[0] for cell in table.below] == below


def test_a_row_a_merged_cell_speaks_for_is_a_row_to_the_last():
    rows = [HEAD, ROW, ["2"], ["", "", "", "财政局"], ["注：样例"]]
    table = read(book(*rows, merge=("B2:B5", "C2:C5")))

    assert [row["责任单位"].text for row in table.rows] == ["民政局", "", "财政局"]
    assert [row["街道"].text for row in table.rows] == ["青阳"] * 3


def test_rows_that_the_sheet_hides_are_rows_and_known():
    made = load_workbook(io.BytesIO(book(HEAD, ROW, ["2", *ROW[1:]], ["3", *ROW[1:]], ["注：样例"])))
    for row in (3, 5, 900):
        made["台账"].row_dimensions[row].hidden = True
    made["台账"].row_dimensions[4].height = 30

    table = read(saved(made))

    assert ([row["编号"].text for row in table.rows], table.hidden) == (["1", "2", "3"], (3,))


def test_a_row_in_the_middle_is_never_taken_for_a_note():
    content = csv_of(HEAD, ROW, ["", "", "", "财政局", ""], ["3", "晋江", "青阳", "民政局", ""])

    assert told(content, "责任单位")[1] == ("第3行“责任单位”列", "财政局")


def test_a_last_row_that_holds_nothing_but_its_number_is_a_row():
    assert len(read(csv_of(HEAD, ROW, ["2", "", "", "", ""])).rows) == 2


def test_a_line_merged_over_the_table_is_told_and_left_out():
    table = read(book(HEAD, ROW, ["二、石狮"], ["2", "石狮", "湖滨", "民政局", ""], merge=("A3:E3",)))

    assert [row["编号"].text for row in table.rows] == ["1", "2"]
    assert [(cell.place, cell.text) for cell in table.skipped] == [("台账!A3", "二、石狮")]


# --- values -----------------------------------------------------------------------------------------


def with_format(value: object, shape: str) -> bytes:
    made = load_workbook(io.BytesIO(book(HEAD, ROW)))
    cell = made["台账"]["E2"]
    cell.value, cell.number_format = value, shape
    return saved(made)


def test_a_date_cell_is_that_day_and_one_shown_as_a_month_is_the_month():
    assert read(with_format(datetime(2026, 12, 31), "yyyy-mm-dd")).rows[0]["完成时限"].value == date(
        2026, 12, 31
    )
    assert told(with_format(datetime(2026, 12, 1), 'yyyy"年"m"月"'), "完成时限")[0][1] == "2026年12月"
    assert told(with_format(datetime(2026, 12, 1), "mmm-yy"), "完成时限")[0][1] == "2026年12月"


@pytest.mark.parametrize(("number", "text"), [(57, "2026年12月"), (31, "2026-12-01"), (0, "46357")])
def test_a_date_in_a_format_that_chinese_excel_keeps_by_number_is_a_date(number, text):
    """Such a format stands in the file as a number without words, and the cell would be a plain number."""

    def renumber(styles: str) -> str:
        own = styles[styles.index('<xf numFmtId="164"') :].split('"')[1]
        return styles.replace(f'numFmtId="{own}" fontId', f'numFmtId="{number}" fontId')

    content = patched(with_format(46357, "0.000"), "xl/styles.xml", renumber)
    assert told(content, "完成时限")[0][1] == text


def patched(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The workbook with one of its files rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return out.getvalue()


PAGE = "xl/worksheets/sheet1.xml"


def with_formula(cached: str) -> bytes:
    """A workbook whose E2 is a formula with this cached value, as Excel writes it."""

    def fill(page: str) -> str:
        filled = re.sub(r"<v ?/>|<v></v>", cached, page)
        assert filled != page
        return filled

    return patched(with_format("=DATE(2026,12,31)", "General"), PAGE, fill)


def test_of_a_formula_the_value_that_was_calculated_is_read_and_one_without_is_a_fault():
    assert read(with_formula("<v>46387</v>")).rows[0]["完成时限"].value == 46387

    cell = read(with_formula("")).rows[0]["完成时限"]
    assert (cell.text, cell.place, cell.fault.rule) == ("", "台账!E2", "公式没有算好的值")


def test_an_error_value_of_excel_is_a_fault_and_no_text():
    made = load_workbook(io.BytesIO(book(HEAD, ROW)))
    made["台账"]["E2"].value = "#REF!"

    for content in (saved(made), csv_of(HEAD, [*ROW[:4], "#REF!"])):
        cell = read(content).rows[0]["完成时限"]
        assert (cell.text, cell.fault.rule, cell.fault.found) == ("", "是 Excel 的出错值", "#REF!")


def test_the_number_of_a_person_in_a_wanted_column_is_a_fault_and_its_middle_is_starred():
    cell = read(csv_of(HEAD, ["1", "晋江", "青阳", "民政局 13800001234", ""])).rows[0]["责任单位"]

    assert (cell.value, cell.fault.rule, cell.fault.found) == (None, "含身份证号或手机号码", "138****34")


# --- the copy that is kept --------------------------------------------------------------------------


def test_the_copy_that_is_kept_holds_what_was_read_at_its_place_and_nothing_of_persons():
    rows = [
        ["台账", "", "", "", "", "经办 李四"],
        [*HEAD, "联系人", "经费"],
        [*ROW, "张三", "5"],
        ["2", None, None, "民政局", "", "王五", ""],
        ["注：请找赵六 13800001234"],
    ]
    for content in (book(*rows, merge=("B3:B4", "C3:C4")), csv_of(*rows)):
        table = read(content)
        kept = redacted(table, [(1, 1)])
        again = read(kept)

        assert table.unread == ((6, "联系人"), (7, "经费"))
        assert again.unread == ()
        assert [cell.text for cell in again.around] == ["台账"]
        assert [row.cells for row in again.rows] == [row.cells for row in table.rows]
        text = "".join(str(v) for sheet in sheets(kept, "") for v in sheet.values.values())
        assert not any(name in text for name in ("张三", "李四", "王五", "赵六", "联系人"))


def test_a_program_that_reads_row_by_row_finds_every_cell_of_the_copy():
    kept = redacted(read(book(["台账"], HEAD, ROW)), [(1, 1)])

    page = load_workbook(io.BytesIO(kept), read_only=True)["台账"]
    assert page.calculate_dimension() == "A1:E3"
    assert [list(row) for row in page.iter_rows(values_only=True)][1:] == [HEAD, ROW]


# --- files that are none ----------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "台账.xlsx 是空文件：请选有内容的 .xlsx 或 .csv 文件。"),
        (b"\xef\xbb\xbf", "台账.xlsx 是空文件：请选有内容的 .xlsx 或 .csv 文件。"),
        ("今天天气好".encode(), "台账.xlsx 其实是纯文本，不是 Excel 工作簿，按 CSV 读取。台账.xlsx 里没有找到表头"),
        (b"\r\n \r\n", "台账.xlsx 是空文件：请选有内容的 .xlsx 或 .csv 文件。"),
        (OLE + b"\0" * 512, "台账.xlsx 是旧格式（.xls）：请在 Excel 或 WPS 里另存为 .xlsx 后再导入。"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "台账.xlsx 有打开密码：请在 Excel 里去掉密码后再导入。"),
        (packed("word/document.xml"), "台账.xlsx 是压缩包，不是 Excel 工作簿：请另存为 .xlsx 后再导入。"),
        (packed("xl/workbook.bin"), "台账.xlsx 是压缩包，不是 Excel 工作簿：请另存为 .xlsx 后再导入。"),
        (packed("xl/workbook.xml"), "台账.xlsx 已损坏或不是完整的 Excel 文件：请在 Excel 里另存一次再导入。"),
        (book(HEAD, ROW)[:900], "台账.xlsx 已损坏或不是完整的 Excel 文件：请在 Excel 里另存一次再导入。"),
        (b"%PDF-1.7", "台账.xlsx 不是表格：请另存为 .xlsx 或 .csv。"),
        (b"<html><table>", "台账.xlsx 其实是网页或 XML：请用 Excel 打开后另存为 .xlsx。"),
        (b"a\0b\0", "台账.xlsx 不是文本，也不是 Excel 工作簿：请另存为 .xlsx 或“CSV UTF-8”。"),
        (b"\xff\xfe\xff", "台账.xlsx 不是文本，也不是 Excel 工作簿：请另存为 .xlsx 或“CSV UTF-8”。"),
        ("编号,地区\n1,\"晋江".encode(), "台账.xlsx 不是完整的 CSV：请用 Excel 打开后另存为“CSV UTF-8”。"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_one_sentence_with_the_way_out(content, said):
    assert refusal(content).startswith(said)


def test_what_the_reader_does_not_know_of_a_workbook_is_no_word_on_the_screen(recwarn):
    extension = '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    content = patched(book(HEAD, ROW), PAGE, lambda page: page.replace("</worksheet>", extension))

    assert len(read(content).rows) == 1
    assert list(recwarn) == []


def test_a_column_that_was_coloured_to_the_last_row_costs_nothing():
    made = load_workbook(io.BytesIO(book(HEAD, ROW)))
    made["台账"].cell(1_048_576, 16_384).number_format = "0.00"

    assert len(read(saved(made)).rows) == 1
