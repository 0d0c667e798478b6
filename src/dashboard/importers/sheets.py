"""A spreadsheet or CSV file as it is: its sheets, with the values at their places.

Comes in: the path of an xlsx or csv file. Goes out: every sheet with its values by row and column, its merged blocks
and the cells that hold no value (an error of Excel, a formula never calculated). Knows no table and no ledger.
"""

from __future__ import annotations

import csv
import gc
import io
import os
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from .cells import Fault, Value, clean

At = tuple[int, int]
Block = tuple[int, int, int, int]

MOST_BYTES = 20 * 2**20
MOST_UNPACKED = 300 * 2**20


class SheetError(Exception):
    """The file cannot be read as a table; the message is one sentence that names the way out."""


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is: values by row and column from 1. ``name`` is empty for a CSV file, ``hidden`` are the rows that
    are not shown, by hand or by a filter."""

    name: str
    values: Mapping[At, Value]
    blocks: tuple[Block, ...] = ()
    faults: Mapping[At, Fault] = field(default_factory=dict)
    visible: bool = True
    hidden: frozenset[int] = frozenset()

    @cached_property
    def height(self) -> int:
        """The last row that holds something."""
        return max((row for row, _ in self.values), default=0)

    @cached_property
    def width(self) -> int:
        """The last column that holds something."""
        return max((column for _, column in self.values), default=0)

    def place(self, at: At, heading: str = "") -> str:
        """清单!D7, or 第7行“完成时限”列 of a CSV file."""
        row, column = at
        if self.name:
            return f"{self.name}!{get_column_letter(column)}{row}"
        return f"第{row}行“{heading}”列" if heading else f"第{row}行第{column}列"

    def line(self, row: int) -> str:
        """A whole row: 清单!第7行, or 第7行 of a CSV file."""
        return f"{self.name}!第{row}行" if self.name else f"第{row}行"


def sheets(content: bytes, name: str) -> tuple[Sheet, ...]:
    """The sheets of a file, told by what it holds and not by its ending; raises SheetError for what is none."""
    if not content.removeprefix(b"\xef\xbb\xbf").strip(b"\0 \r\n\t"):
        raise SheetError(f"{name} 是空文件：请选有内容的 .xlsx 或 .csv 文件。")
    if content.startswith(b"PK"):
        return _workbook(content, name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(_old_or_locked(content, name))
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"{\\rtf", b"Rar!", b"7z\xbc")):
        raise SheetError(f"{name} 不是表格：请另存为 .xlsx 或 .csv。")
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:5].lower() in (b"<html", b"<?xml", b"<!doc"):
        raise SheetError(f"{name} 其实是网页或 XML：请用 Excel 打开后另存为 .xlsx。")
    return (_csv(content, name),)


def name_of(path: Path) -> str:
    """The file's name as its writer saw it; one from an old Chinese Windows is no UTF-8."""
    raw = os.fsencode(path.name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def content_of(path: Path) -> bytes:
    """The bytes of the file; raises SheetError when it cannot be read."""
    try:
        if path.is_dir():
            raise SheetError(f"{path} 是文件夹：请写到文件名。")
        if path.stat().st_size > MOST_BYTES:
            raise SheetError(f"{path} 超过 {MOST_BYTES >> 20} MB：请只留要导入的那张表，删去图片。")
        if not path.is_file():
            raise SheetError(f"{path} 不是文件：请写 .xlsx 或 .csv 文件的路径。")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SheetError(f"没有这个文件：{path}。请检查路径和文件名。") from error
    except OSError as error:
        raise SheetError(f"读不了 {path}（{error.strerror}）：请检查权限，或关闭占用它的程序。") from error


def _old_or_locked(content: bytes, name: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return f"{name} 有打开密码：请在 Excel 里去掉密码后再导入。"
    return f"{name} 是旧格式（.xls）：请在 Excel 或 WPS 里另存为 .xlsx 后再导入。"


def _workbook(content: bytes, name: str) -> tuple[Sheet, ...]:
    no_workbook = f"{name} 是压缩包，不是 Excel 工作簿：请另存为 .xlsx 后再导入。"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = {entry.filename: entry.file_size for entry in packed.infolist()}
            if "xl/workbook.xml" not in entries:
                raise SheetError(no_workbook)
            if sum(entries.values()) > MOST_UNPACKED:
                raise SheetError(f"{name} 解开后太大：请只留要导入的那张表，删去图片和多余的行列。")
            pages = [entry for entry in entries if entry.startswith("xl/worksheets/")]
            calculated = any(re.search(rb"<(?:\w+:)?f[ >/]", packed.read(page)) for page in pages)
        # What the library passes over, in English, is no matter of the reader's.
        with warnings.catch_warnings(), uncollected():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), data_only=True)
            formulas = load_workbook(io.BytesIO(content)) if calculated else None
    except SheetError:
        raise
    except Exception as error:  # whatever the reader stumbles over: the file is the cause, not the program
        raise SheetError(f"{name} 已损坏或不是完整的 Excel 文件：请在 Excel 里另存一次再导入。") from error
    return tuple(_sheet(page, formulas[page.title] if formulas else None) for page in book.worksheets)


@contextmanager
def uncollected() -> Iterator[None]:
    """A large file is a million small things that all stay: to look through them again and again for waste, as Python
    does while they are made, takes a third of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _sheet(page: Any, formulas: Any) -> Sheet:
    values: dict[At, Value] = {}
    faults: dict[At, Fault] = {}
    # Only the cells that are there: a whole column that was coloured would be a million rows.
    for at, cell in page._cells.items():
        value = _value(cell, page.parent.epoch)
        if cell.data_type == "e":
            faults[at] = _error_value(str(value))
        if not isinstance(value, str) or clean(value):
            values[at] = value
    for at, cell in formulas._cells.items() if formulas else ():
        if cell.data_type == "f" and values.get(at) is None:
            faults[at] = _NOT_CALCULATED
    kept = {at: value for at, value in values.items() if value is not None}
    blocks = tuple((b.min_row, b.min_col, b.max_row, b.max_col) for b in page.merged_cells.ranges)
    # Only rows that differ from the usual one are listed here.
    unseen = frozenset(row for row, line in page.row_dimensions.items() if line.hidden)
    return Sheet(page.title, kept, blocks, faults, page.sheet_state == "visible", unseen)


_NOT_CALCULATED = Fault("公式没有算好的值", "", "请在 Excel 里打开并保存一次，或直接写上内容。")
_ERROR_VALUES = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")


def _error_value(found: str) -> Fault:
    return Fault("是 Excel 的出错值", found, "请改正公式，或直接写上内容。")


# Formats of Chinese Excel that have a number and no text in the file; the reader takes them for plain numbers.
_CHINESE_MONTHS = (27, 36, 50, 52, 57)
_CHINESE_DAYS = (28, 29, 30, 31, 51, 53, 54, 58)


def _value(cell: Any, epoch: datetime) -> Value:
    """The value of a cell; a date that is shown as a month only is that month, in words."""
    value, number = cell.value, cell._style.numFmtId
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float) and number in (*_CHINESE_MONTHS, *_CHINESE_DAYS):
        value = from_excel(value, epoch)
    if isinstance(value, datetime):
        monthly = number in _CHINESE_MONTHS or _is_monthly(cell.number_format)
        return f"{value.year}年{value.month}月" if monthly else value.date()
    return value if isinstance(value, int | float | date) else str(value)


def _is_monthly(shape: str) -> bool:
    """Whether a number format shows year and month and no day."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", shape.lower()).split(";")[0]
    return "y" in bare and "m" in bare and "d" not in bare


def _csv(content: bytes, name: str) -> Sheet:
    text = _decoded(content, name)
    head = "\n".join(text.splitlines()[:10])
    values: dict[At, Value] = {}
    try:
        delimiter = "," if "," in head or "\t" not in head else "\t"
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for row, cells in enumerate(rows, start=1):
            values |= {(row, column): cell for column, cell in enumerate(cells, start=1) if clean(cell)}
    except csv.Error as error:
        raise SheetError(f"{name} 不是完整的 CSV：请用 Excel 打开后另存为“CSV UTF-8”。") from error
    faults = {at: _error_value(str(v)) for at, v in values.items() if str(v).strip() in _ERROR_VALUES}
    return Sheet("", values, faults=faults)


def _decoded(content: bytes, name: str) -> str:
    """UTF-8 with or without BOM, GB18030 as Chinese Excel writes it, or UTF-16 with BOM."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetError(f"{name} 不是文本，也不是 Excel 工作簿：请另存为 .xlsx 或“CSV UTF-8”。")
