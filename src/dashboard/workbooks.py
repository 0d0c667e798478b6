"""A frame and its captions as the bytes of a workbook (xlsx) that is ready to be read, filtered and printed. Pure.

One sheet: title, captions, header, rows; frozen below the header and behind the first column, with a filter, on
A4 across. Nothing in it runs: text that a spreadsheet would take for a formula stays text. Equal input gives equal
bytes. Colours are plain hex and come from the caller.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from .csvfile import BEIJING, is_formula

# What XML 1.0 has no place for; a lone half of a pair among them.
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_A_TAB = re.compile(r"[\[\]:*?/\\]+")
_EPOCH = (1980, 1, 1, 0, 0, 0)
# The faces that every office machine in China has.
_BODY, _HEADING = "宋体", "黑体"
_POINTS = 10
_LINE = 14.0
_TALLEST = 409.0  # no row may be higher
# In widths of a figure; a Chinese character takes two.
_NARROWEST, _ONE_WORD, _ONE_LINE, _WIDEST = 6, 8, 14, 24
_MOST_SIGNS, _COUNTS = 32_767, "utf-16-le"  # what a cell of Excel holds, and how it counts: by two bytes
_LONGEST_AS_TEXT = 255  # older Excel shows a longer cell of the format text as ####


@dataclass(frozen=True)
class Mark:
    """How a light is shown: a shape before its word, a ground and the ink on it (``#RRGGBB``)."""

    shape: str
    ground: str
    ink: str


@dataclass(frozen=True)
class Looks:
    """The colours of the sheet, ``#RRGGBB``, and the marks of the cells of one column by their word."""

    head: str
    edge: str
    text: str
    column: str
    marks: Mapping[str, Mark]


@dataclass(frozen=True)
class Sheet:
    """What is to be written. ``lines`` stand below the title, ``percents`` are columns in percent points.

    ``printed`` is how many columns, from the first, stand on paper; ``product`` is named as the author, so that
    no person is. ``cut`` ends a text that is longer than a cell can be.
    """

    tab: str
    title: str
    lines: Sequence[str]
    frame: pd.DataFrame
    as_of: date
    product: str
    looks: Looks
    percents: Collection[str] = ()
    printed: int | None = None
    cut: str = "…"

    @property
    def head_row(self) -> int:
        """The row of the header."""
        return len(self.lines) + 2


def xlsx_bytes(sheet: Sheet) -> bytes:
    """The sheet as a file; None and NaN become empty cells."""
    book = Workbook()
    page: Worksheet = book.worksheets[0]
    page.title = _NOT_IN_A_TAB.sub("-", _clean(sheet.tab))[:31]
    for style in _styles(sheet.looks):
        book.add_named_style(style)
    _captions(page, sheet)
    _header(page, sheet)
    short = _short(sheet.frame)
    for at, row in enumerate(sheet.frame.itertuples(index=False, name=None), start=sheet.head_row + 1):
        _row(page, sheet, at, row, short)
    _widths(page, sheet)
    _for_the_screen(page, sheet)
    _for_paper(page, sheet)
    midnight = datetime(sheet.as_of.year, sheet.as_of.month, sheet.as_of.day)
    book.properties.creator = _clean(sheet.product)
    book.properties.title = _clean(sheet.title)
    book.properties.created = midnight
    return _packed(book, midnight)


def _captions(page: Worksheet, sheet: Sheet) -> None:
    for at, line in enumerate((sheet.title, *sheet.lines), start=1):
        cell = _cell(page, at, 1)
        _write(cell, line)
        cell.font = Font(name=_HEADING, size=16) if at == 1 else Font(name=_BODY, size=_POINTS)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        page.merge_cells(start_row=at, end_row=at, start_column=1, end_column=_printed(sheet))


def _cell(page: Worksheet, row: int, column: int) -> Cell:
    found = page.cell(row, column)
    assert isinstance(found, Cell)
    return found


def _printed(sheet: Sheet) -> int:
    return sheet.printed or len(sheet.frame.columns)


def _header(page: Worksheet, sheet: Sheet) -> None:
    for at, name in enumerate(sheet.frame.columns, start=1):
        cell = _cell(page, sheet.head_row, at)
        cell.style = "head"
        _write(cell, str(name))
    page.row_dimensions[sheet.head_row].height = 2 * _LINE + 6


def _row(page: Worksheet, sheet: Sheet, at: int, row: tuple[Any, ...], short: Collection[int]) -> None:
    for column, (name, value) in enumerate(zip(sheet.frame.columns, row, strict=True), start=1):
        cell, told = _cell(page, at, column), _fitting(_plain(value), sheet.cut)
        if name == sheet.looks.column and told in sheet.looks.marks:
            cell.style = f"light {told}"
            _write(cell, f"{sheet.looks.marks[told].shape} {told}".strip())
        elif told is None or isinstance(told, str):
            cell.style = "middle" if column in short else "words"
            _write(cell, told)
        else:
            cell.style = "middle"
            _write(cell, told)
            cell.number_format = _format(told, percent=name in sheet.percents)


def _short(frame: pd.DataFrame) -> set[int]:
    """The columns, counted from 1, whose texts are one short word each: they stand in the middle, as figures do."""
    texts = ([v for v in values if isinstance(v, str)] for _, values in frame.items())
    return {
        at for at, found in enumerate(texts, start=1) if max(map(_wide, found), default=0) < _ONE_LINE - 1
    }


def _styles(looks: Looks) -> Iterator[NamedStyle]:
    """A cell takes its looks by name: put together anew for every cell, they would take most of the time."""
    side = Side("thin", color=_argb(looks.edge))
    border = Border(left=side, right=side, top=side, bottom=side)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    text = _argb(looks.text)
    yield NamedStyle(
        "head",
        font=Font(name=_HEADING, size=_POINTS, bold=True, color=text),
        fill=_ground(looks.head),
        border=border,
        alignment=middle,
    )
    body = Font(name=_BODY, size=_POINTS, color=text)
    left = Alignment(vertical="center", wrap_text=True)
    yield NamedStyle("words", font=body, border=border, alignment=left)
    yield NamedStyle("middle", font=body, border=border, alignment=middle)
    for word, mark in looks.marks.items():
        ink = Font(name=_BODY, size=_POINTS, bold=True, color=_argb(mark.ink))
        fill = _ground(mark.ground)
        yield NamedStyle(f"light {word}", font=ink, fill=fill, border=border, alignment=middle)


def _plain(value: Any) -> Any:
    """The value as a cell can hold it; None for what is absent."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).replace(tzinfo=None)
    return value if isinstance(value, int | float | date) else _clean(str(value))


def _fitting(value: Any, cut: str) -> Any:
    """The value; a text that is longer than a cell can be ends with ``cut``: it would be cut without a word."""
    if not isinstance(value, str):
        return value
    counted = value.encode(_COUNTS)
    if len(counted) <= 2 * _MOST_SIGNS:
        return value
    room = 2 * _MOST_SIGNS - len(cut.encode(_COUNTS))
    return counted[:room].decode(_COUNTS, "ignore") + cut


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _write(cell: Cell, value: Any) -> None:
    """The value; a text as a text whatever it begins with, also when somebody opens the cell and leaves it."""
    cell.value = _clean(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
        if is_formula(value):
            cell.quotePrefix = True
        if len(value) <= _LONGEST_AS_TEXT:
            cell.number_format = "@"


def _format(value: Any, *, percent: bool) -> str:
    if isinstance(value, datetime):
        return "yyyy-mm-dd hh:mm:ss"
    if isinstance(value, date):
        return "yyyy-mm-dd"
    if percent:
        # With its decimal where there is one, so that 99.6 never reads 100.
        return '0"%"' if float(value).is_integer() else '0.0##"%"'
    return "General"


def _argb(colour: str) -> str:
    return f"FF{colour.lstrip('#')}"


def _ground(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=_argb(colour), end_color=_argb(colour))


# --- widths and heights -----------------------------------------------------------------------------


def _widths(page: Worksheet, sheet: Sheet) -> None:
    """Every column as wide as what stands in it, long text in several lines; every row as high as its lines."""
    last = sheet.head_row + len(sheet.frame)
    for column in range(1, len(sheet.frame.columns) + 1):
        cells = [_cell(page, at, column) for at in range(sheet.head_row + 1, last + 1)]
        longest = max((_signs(cell) for cell in cells), default=0)
        name = _wide(str(page.cell(sheet.head_row, column).value))
        head = name + 1 if name <= _ONE_WORD or not longest else math.ceil(name / 2) + 2
        page.column_dimensions[get_column_letter(column)].width = max(_width(longest), head, _NARROWEST)
    for at in range(sheet.head_row + 1, last + 1):
        page.row_dimensions[at].height = _height(page, at, len(sheet.frame.columns))


def _width(longest: int) -> int:
    if longest <= _ONE_LINE - 2:
        return longest + 2
    return min(_WIDEST, max(_ONE_LINE, math.ceil(longest / 2) + 2))


def _height(page: Worksheet, at: int, columns: int) -> float:
    most = 1
    for column in range(1, columns + 1):
        cell = page.cell(at, column)
        room = page.column_dimensions[get_column_letter(column)].width - 2
        if isinstance(cell.value, str):
            most = max(most, sum(max(1, math.ceil(_wide(part) / room)) for part in cell.value.split("\n")))
    return min(_TALLEST, most * _LINE + 4)


def _signs(cell: Cell) -> int:
    """How wide a cell is in one line; a date is ten figures."""
    if cell.value is None:
        return 0
    if isinstance(cell.value, str):
        return max(map(_wide, cell.value.split("\n")))
    return len("2026-10-31") if isinstance(cell.value, date) else len(f"{cell.value:g}%")


def _wide(text: str) -> int:
    """In widths of a figure; what may be wide or narrow is wide in a Chinese face."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


# --- screen, paper, bytes ---------------------------------------------------------------------------


def _for_the_screen(page: Worksheet, sheet: Sheet) -> None:
    head, last = sheet.head_row, sheet.head_row + len(sheet.frame)
    page.freeze_panes = f"B{head + 1}"
    page.auto_filter.ref = f"A{head}:{get_column_letter(len(sheet.frame.columns))}{last}"
    page.row_dimensions[1].height = 2 * _LINE
    letters = map(get_column_letter, range(1, _printed(sheet) + 1))
    room = sum(page.column_dimensions[letter].width for letter in letters)
    for at, line in enumerate(sheet.lines, start=2):
        page.row_dimensions[at].height = max(1, math.ceil(_wide(line) / room)) * _LINE + 4


def _for_paper(page: Worksheet, sheet: Sheet) -> None:
    """A4 across, all printed columns on one sheet; title, captions and header on every sheet, its number at its foot."""
    last = sheet.head_row + len(sheet.frame)
    page.print_area = f"A1:{get_column_letter(_printed(sheet))}{last}"
    page.print_title_rows = f"1:{sheet.head_row}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.3
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.4, 0.6, 0.3
    footer = page.oddFooter
    assert footer is not None
    foot = footer.center
    assert foot is not None
    foot.text = "&P / &N"


def _packed(book: Workbook, modified: datetime) -> bytes:
    """The bytes without the hour at which they were written."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    book.properties.modified = modified
    with zipfile.ZipFile(raw) as written, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in written.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            is_core = name == "docProps/core.xml"
            packed.writestr(entry, tostring(book.properties.to_tree()) if is_core else written.read(name))
    return out.getvalue()
