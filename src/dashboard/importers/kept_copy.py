"""The copy of a file that is kept beside what was taken over from it: nothing in it but what was read.

Comes in: the table that was read. Goes out: the bytes of an xlsx or CSV file with every cell at its place and the
columns that were not read left empty, so that no person stands in it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from .cells import Value, spelt
from .sheet_table import Table
from .sheets import At


def redacted(table: Table, also: Collection[At] = ()) -> bytes:
    """The file with nothing in it but what was read: every cell at its place, the other columns empty.

    ``also`` are cells outside the table that were used. An xlsx stays one, with its vertical merges; a CSV
    becomes UTF-8 with BOM.
    """
    first, last = table.header
    wanted = set(table.columns.values())
    lines = set(range(first, last + 1)) | {c.at[0] for row in table.rows for c in row.cells.values()}
    lines |= {row for top, left, bottom, _ in table.sheet.blocks if left in wanted and top in lines
              for row in range(top, bottom + 1)}  # fmt: skip
    kept = {
        at: value
        for at, value in table.sheet.values.items()
        if at in also or (at[0] in lines and at[1] in wanted)
    }
    return _as_xlsx(table, kept) if table.sheet.name else _as_csv(kept)


def _as_xlsx(table: Table, kept: Mapping[At, Value]) -> bytes:
    """The library makes the workbook; the rows, which take it most of its time, are written here."""
    book = Workbook()
    page: Any = book.active
    page.title = table.sheet.name
    dated = page.cell(1, 1, date(2000, 1, 1))
    for top, left, bottom, right in table.sheet.blocks:
        if left == right and (top, left) in kept:
            page.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    empty, out = io.BytesIO(), io.BytesIO()
    style = dated.style_id
    book.save(empty)
    rows = f"<sheetData>{''.join(_xml_rows(kept, style))}</sheetData>"
    with zipfile.ZipFile(empty) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for entry in made.namelist():
            content = made.read(entry)
            if entry == "xl/worksheets/sheet1.xml":
                text = _SHEET_DATA.sub(lambda _: rows, content.decode())
                content = _DIMENSION.sub(f'<dimension ref="{_reach(kept)}" />', text).encode()
            whole.writestr(entry, content)
    return out.getvalue()


_SHEET_DATA = re.compile(r"<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(r"<dimension [^>]*/>")


def _reach(kept: Collection[At]) -> str:
    """The range the cells lie in, such as A1:N20; programs that read row by row go by it."""
    if not kept:
        return "A1"
    rows, columns = zip(*kept, strict=True)
    first, last = (f"{get_column_letter(of(columns))}{of(rows)}" for of in (min, max))
    return f"{first}:{last}"


def _xml_rows(kept: Mapping[At, Value], dated: int) -> Iterator[str]:
    """Rows with their cells in order; ``dated`` is the style by which a number is a day."""
    by_row: dict[int, list[int]] = {}
    for row, column in sorted(kept):
        by_row.setdefault(row, []).append(column)
    for row, columns in by_row.items():
        cells = (
            _xml_cell(f"{get_column_letter(column)}{row}", kept[(row, column)], dated) for column in columns
        )
        yield f'<row r="{row}">{"".join(cells)}</row>'


def _xml_cell(at: str, value: Value, dated: int) -> str:
    """Text as text, never a formula."""
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        serial = to_excel(value)  # type: ignore[no-untyped-call]
        return f'<c r="{at}" s="{dated}"><v>{serial}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value!r}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value or "")}</t></is></c>'


def _as_csv(kept: Mapping[At, Value]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    width = max((column for _, column in kept), default=0)
    for row in range(1, max((row for row, _ in kept), default=0) + 1):
        writer.writerow([spelt(kept.get((row, column))) for column in range(1, width + 1)])
    return out.getvalue().encode("utf-8-sig")
