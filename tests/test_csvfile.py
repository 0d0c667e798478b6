"""CSV files: opened rightly by Chinese Excel, read back by pandas, and harmless in any spreadsheet."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from dashboard.csvfile import csv_bytes, file_name

STARTERS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"]
BLANKS = ["", " ", "   ", "\u00a0", "\u3000", " \u00a0\u3000 "]


def cell(value: object) -> object:
    """A value as text, after it went out and came back."""
    content = csv_bytes(pd.DataFrame({"x": pd.Series([value], dtype=object), "y": ["y"]}))
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)["x"].iloc[0]


def printed(value: object) -> str:
    """The line of a value as it stands in the file."""
    return (
        csv_bytes(pd.DataFrame({"x": pd.Series([value], dtype=object)})).decode("utf-8-sig").split("\r\n")[1]
    )


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("starter", STARTERS)
def test_text_a_spreadsheet_would_take_for_a_formula_is_made_harmless(starter, blank):
    text = f"{blank}{starter}cmd|'/c calc'!A1"

    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("starter", STARTERS)
def test_the_name_of_a_column_is_made_harmless_too(starter):
    frame = pd.DataFrame({f"{starter}SUM(A1)": [1]})
    columns = list(pd.read_csv(io.BytesIO(csv_bytes(frame))).columns)

    assert columns == [f"'{starter}SUM(A1)"]


@pytest.mark.parametrize(
    "text",
    ["泉州市", "a=b", "5-12-1", "２０２５", "“刺桐厝边·睦邻善治”", "1,600", "a\nb", 'say "yes"', "'quoted"],
)
def test_other_text_stays_as_it_is(text):
    assert cell(text) == text


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (-5, "-5"),
        (-5.0, "-5"),
        (-0.5, "-0.5"),
        (2_240_000.0, "2240000"),
        (0, "0"),
        (0.0, "0"),
        (98.3, "98.3"),
        (1e300, "1e+300"),
        (np.int64(-7), "-7"),
        (np.float64(2.5), "2.5"),
        (True, "1"),
        (np.bool_(False), "0"),
    ],
)
def test_a_number_stays_a_number_by_its_type_and_a_minus_is_no_formula(value, line):
    assert printed(value) == line


@pytest.mark.parametrize("value", [None, np.nan, float("nan"), pd.NaT, pd.NA])
def test_what_is_not_there_is_an_empty_cell(value):
    assert cell(value) == ""


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (date(2025, 1, 10), "2025-01-10"),
        (datetime(2025, 1, 10, 16, 30, tzinfo=UTC), "2025-01-11 00:30:00"),
        (pd.Timestamp("2025-01-10 15:59:59", tz="UTC"), "2025-01-10 23:59:59"),
    ],
)
def test_days_are_iso_days_and_instants_are_in_beijing_time(value, line):
    assert printed(value) == line


def test_the_file_begins_with_a_bom_and_has_no_sep_line():
    content = csv_bytes(pd.DataFrame({"指标": ["驿站"], "数值": [500]}))

    assert content == "\ufeff指标,数值\r\n驿站,500\r\n".encode()


def test_an_empty_frame_is_a_header():
    assert csv_bytes(pd.DataFrame(columns=["指标", "数值"])) == "\ufeff指标,数值\r\n".encode()


def test_a_nul_character_does_not_reach_the_file():
    assert cell("泉\x00州") == "泉州"
    assert cell("\x00=1") == "'=1"


def test_what_goes_out_comes_back():
    frame = pd.DataFrame(
        {
            "单位": ["晋江市", "石狮市", "QZ-KF"],
            "数值": [20.0, np.nan, -5.0],
            "序号": [36, 37, 38],
            "说明": ['逗号,引号"与\n换行', "", "末"],
        }
    )
    back = pd.read_csv(io.BytesIO(csv_bytes(frame)), keep_default_na=False, na_values={"数值": [""]})

    pd.testing.assert_frame_equal(back, frame, check_dtype=False)


def test_the_frame_that_was_handed_in_is_unchanged():
    frame = pd.DataFrame({"x": ["=1", None], "y": [1.0, np.nan]})
    before = frame.copy()
    csv_bytes(frame)

    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("parts", "data", "ending", "name"),
    [
        (("总览", "泉州市"), "live", "csv", "总览_泉州市_截至2026-11-23.csv"),
        (("总览", "泉州市"), "demo", "csv", "总览_泉州市_截至2026-11-23_演示.csv"),
        (("快照",), "live", "zip", "快照_截至2026-11-23.zip"),
        (("区县", ""), "live", "csv", "区县_截至2026-11-23.csv"),
        (('a\\b/c:d*e?f"g<h>i|j',), "live", "csv", "a-b-c-d-e-f-g-h-i-j_截至2026-11-23.csv"),
        (("a \t\r\nb",), "live", "csv", "a-b_截至2026-11-23.csv"),
        (("90 天内到期", "数据期至 2026-03"), "live", "csv", "90天内到期_数据期至2026-03_截至2026-11-23.csv"),
        (("第 3 项 甲 乙", "Due in 90 days"), "live", "csv", "第3项-甲-乙_Due-in-90-days_截至2026-11-23.csv"),
        (("../../etc",), "live", "csv", "..-..-etc_截至2026-11-23.csv"),
    ],
)
def test_a_file_is_named_after_page_place_day_and_demo(parts, data, ending, name):
    assert file_name(*parts, as_of=date(2026, 11, 23), data=data, ending=ending) == name
