"""A frame as the bytes of a CSV file that Chinese Excel opens rightly and that can run nothing. Pure.

UTF-8 with BOM, no ``sep=`` line, numbers as numbers, instants in Beijing time. Text that a spreadsheet
would take for a formula is made harmless by the type of its column, so that -5 stays a number.
"""

from __future__ import annotations

import csv
import io
import math
import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

BEIJING = ZoneInfo("Asia/Shanghai")
# = + - @ and their full-width forms, tab, CR and LF, also after blanks, no-break or ideographic space.
_FORMULA = re.compile(r"[ \u00a0\u3000\u200b\ufeff]*[=+\-@＝＋－＠\t\r\n]")
# Chinese needs no blank beside a figure: 90 天 is 90天.
_NEEDLESS_BLANK = re.compile(r"(?<=\d)\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+(?=\d)")
_FORBIDDEN_IN_NAME = re.compile(r'[\\/:*?"<>|\s]+')


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """The frame without its index, in the order it has; None and NaN become empty cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_text(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str | int | float:
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    return _text(_spelt(value))


def _spelt(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(text: str) -> str:
    text = text.replace("\x00", "")
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula, or for the beginning of another cell."""
    return _FORMULA.match(text) is not None


def file_name(*parts: str, as_of: date, data: str, ending: str = "csv") -> str:
    """``总览_泉州市_截至2026-11-23_演示.csv``: page, place, as_of, and 演示 where it applies."""
    names = [in_file_name(part) for part in parts if part]
    marks = ["演示"] if data == "demo" else []
    return "_".join([*names, f"截至{as_of.isoformat()}", *marks]) + f".{ending}"


def in_file_name(text: str) -> str:
    """The text without what no file's name may hold; a blank between a figure and a Chinese word is left out."""
    return _FORBIDDEN_IN_NAME.sub("-", _NEEDLESS_BLANK.sub("", text))
