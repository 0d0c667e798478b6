"""The table on a sheet: the columns a caller asks for, as rows of cells with their addresses.

Comes in: the sheets of a file and the columns wanted. Goes out: the one sheet whose header fits, its rows, what
stands around them, and which columns were not read. Real files have a title above the header, headers over two rows,
merged cells, notes below, and columns about persons, which are never read. Knows no ledger.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from .cells import Cell, Fault, Value, about_persons, comparable, person_number, shown, spelt
from .sheets import At, Sheet, SheetError

MOST_ROWS = 50_000


@dataclass(frozen=True)
class Column:
    """A column that is wanted: its heading, other headings for the same, whether the table is none without it.

    ``fills``: an empty cell says what stands above it, as long as no such column before it changes.
    ``alone``: every row has its own words here, so a cell merged over several rows is a fault below the first.
    ``decimal``: decimal fractions stand here, whose many figures are no number of a person.
    ``names``: a short text here alone makes a row, at the end of the table as in its middle.
    ``otherwise``: headings that stand for it only where no other column does.
    ``whole``: a heading that holds more than a name of it, brackets apart, is another: 厕所是否开放 is no 是否开放.
    ``never``: a pattern of what makes a heading that holds the name another thing: 计划开放日期 is no 开放日期.
    """

    name: str
    also: tuple[str, ...] = ()
    needed: bool = True
    fills: bool = False
    alone: bool = False
    decimal: bool = False
    names: bool = False
    never: str = ""
    otherwise: tuple[str, ...] = ()
    whole: bool = False

    @cached_property
    def headings(self) -> frozenset[str]:
        """Every heading by which it is known, as they are compared."""
        return frozenset(comparable(name) for name in (self.name, *self.also, *self.otherwise))

    def is_other(self, heading: str) -> bool:
        """Whether the heading holds what it never holds."""
        return bool(self.never) and re.search(self.never, heading) is not None


@dataclass(frozen=True)
class Row:
    """One row of the table: the cells that were wanted, by the name of their column."""

    place: str
    cells: Mapping[str, Cell]

    def __getitem__(self, name: str) -> Cell:
        """The cell of this column; an empty one when the table has no such column."""
        return self.cells.get(name) or Cell(self.place)


_FEW_ROWS = 3  # so many rows are named one by one


@dataclass(frozen=True)
class Merged:
    """A cell of a wanted column that is merged over several rows of the table and says something for each.

    ``rows`` are those of the table alone, at least two, from 1; blank ones inside the merged area are not among them.
    """

    name: str
    cell: Cell
    rows: tuple[int, ...]

    @property
    def lines(self) -> str:
        """第3、4行, or 第3到9行 where they are many."""
        if len(self.rows) <= _FEW_ROWS:
            return f"第{'、'.join(map(str, self.rows))}行"
        return f"第{self.rows[0]}到{self.rows[-1]}行"


@dataclass(frozen=True)
class Table:
    """What was found: rows with the wanted columns, the cells above and below them, the columns left unread.

    ``skipped`` are rows in the middle that are a line of text over several columns and no row of the table;
    ``merged`` the cells that speak for several rows; ``others`` the sheets of the file that hold something and
    were not read. ``below`` is the first cell of each row under the table that has a wanted cell and is no note one can
    tell; ``hidden`` are the rows of the table that the sheet does not show.
    """

    sheet: Sheet
    header: tuple[int, int]
    columns: Mapping[str, int]
    unread: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]
    around: tuple[Cell, ...]
    skipped: tuple[Cell, ...]
    merged: tuple[Merged, ...]
    others: tuple[Sheet, ...]
    below: tuple[Cell, ...] = ()
    hidden: tuple[int, ...] = ()


def table_of(found: Sequence[Sheet], columns: Sequence[Column], name: str) -> Table:
    """The table on the one sheet whose header has every needed column.

    Sheets that are hidden count only when no other fits. Raises SheetError when none fits, or several do.
    """
    heads = [head for sheet in found if (head := _head(sheet, columns))]
    whole = [head for head in heads if not head.missing]
    fitting = [head for head in whole if head.sheet.visible] or whole
    if len(fitting) > 1:
        names = "、".join(f"“{head.sheet.name}”" for head in fitting)
        raise SheetError(f"{name} 里有 {len(fitting)} 张表都像要导入的表：{names}，请只留一张。")
    if not fitting:
        raise SheetError(_not_a_workbook(found, name) + _no_header(heads, columns, name))
    chosen = fitting[0].sheet
    others = tuple(sheet for sheet in found if sheet is not chosen and (sheet.values or sheet.faults))
    return _table(fitting[0], columns, others)


@dataclass(frozen=True)
class _Head:
    """A header: its rows, the column of every name, and what is wrong with it."""

    sheet: Sheet
    rows: tuple[int, int]
    columns: Mapping[str, int]
    labels: Mapping[int, str]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def worth(self) -> tuple[int, int, int, int]:
        """The better header has fewer needed columns missing, more columns, fewer rows, and stands higher."""
        first, last = self.rows
        return (-len(self.missing), len(self.columns), first - last, -first)


_LOOKED_FOR = 30
_FEWEST = 2


def _head(sheet: Sheet, columns: Sequence[Column]) -> _Head | None:
    """The best header of the sheet; None when no row has two of the columns."""
    filled = _filled(sheet)
    last = min(sheet.height, _LOOKED_FOR)
    tries = [
        _Header(sheet, filled, (first, first + more)).read(columns)
        for first in range(1, last + 1)
        for more in range(3)
        if first + more <= sheet.height
        and all(
            _like_a_heading(sheet, row) and not _names_a_thing(sheet, row, columns)
            for row in range(first + 1, first + more + 1)
        )
    ]
    best = max(tries, key=lambda head: head.worth, default=None)
    return best if best and len(best.columns) >= _FEWEST else None


_LONGEST_HEADING = 20


def _like_a_heading(sheet: Sheet, row: int) -> bool:
    """Whether a row may be a lower line of a header: words only, and short; a row of the table has a number."""
    told = [sheet.values[at] for at in ((row, c) for c in range(1, sheet.width + 1)) if at in sheet.values]
    words = [comparable(value) for value in told if isinstance(value, str)]
    return len(words) == len(told) and all(
        len(text) <= _LONGEST_HEADING and not text[:1].isdigit() for text in words
    )


def _names_a_thing(sheet: Sheet, row: int, columns: Sequence[Column]) -> bool:
    """Whether a row has words of its own right below the heading of a needed column, so that it is one of the table.

    A heading over several columns, merged or with a blank beside it, may have others below it.
    """
    needed = frozenset[str]().union(*(column.headings for column in columns if column.needed))
    known = frozenset[str]().union(*(column.headings for column in columns))
    for c in range(1, sheet.width + 1):
        above, own = (comparable(spelt(sheet.values.get((r, c)))) for r in (row - 1, row))
        alone = c == sheet.width or (row - 1, c + 1) in sheet.values
        if above in needed and own and own not in known and alone:
            return True
    return False


def _filled(sheet: Sheet) -> Mapping[At, Value]:
    """The values, with every cell of a merged block saying what the block says; blocks of the head alone."""
    values = dict(sheet.values)
    for top, left, bottom, right in sheet.blocks:
        value = sheet.values.get((top, left))
        if value is not None and top <= _LOOKED_FOR and right - left < 200:
            values |= {
                (r, c): value for r in range(top, min(bottom, top + 3) + 1) for c in range(left, right + 1)
            }
    return values


@dataclass(frozen=True)
class _Header:
    """Rows that may be a header, before they are compared with the columns."""

    sheet: Sheet
    filled: Mapping[At, Value]
    rows: tuple[int, int]

    def read(self, columns: Sequence[Column]) -> _Head:
        labels = {c: self._labels(c) for c in range(1, self.sheet.width + 1)}
        found: dict[str, int] = {}
        doubled = []
        for fits in (_is_named, _is_named_apart_from_brackets, _is_named_within, _is_named_otherwise):
            for column in columns:
                taken = set(found.values())
                own = [
                    c
                    for c, told in labels.items()
                    if c not in taken and fits(told, column, columns) and not column.is_other(told[0])
                ]
                if column.name not in found and len(own) == 1:
                    found[column.name] = own[0]
                elif column.name not in found and own:
                    doubled += [f"“{column.name}”（{self._listed(own)}）"]
        missing = tuple(c.name for c in columns if c.needed and c.name not in found)
        told = {c: told[-1] if told else "" for c, told in labels.items()}
        return _Head(self.sheet, self._whole(), found, told, missing, tuple(dict.fromkeys(doubled)))

    def _labels(self, column: int) -> tuple[str, ...]:
        """All levels joined, then the lowest: 责任分工牵头单位, 牵头单位. Empty for a column without a heading."""
        first, last = self.rows
        told = [comparable(spelt(self.filled.get((row, column)))) for row in range(first, last + 1)]
        levels = list(dict.fromkeys(text for text in told if text))
        return ("".join(levels), levels[-1]) if levels else ()

    def _listed(self, columns: Sequence[int]) -> str:
        return "、".join(f"第{c}列" for c in columns)

    def _whole(self) -> tuple[int, int]:
        """The rows with all that is merged with them, above and below: a title ends before, data begin after."""
        first, last = self.rows
        touching = [(b[0], b[2]) for b in self.sheet.blocks if b[0] <= last and b[2] >= first]
        return (min([first, *(top for top, _ in touching)]), max([last, *(end for _, end in touching)]))


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|[:*]")


@cache
def _names(column: Column) -> frozenset[str]:
    """The headings by which a column is known wherever they stand, as they are compared."""
    return frozenset(comparable(name) for name in (column.name, *column.also))


def _is_named(told: tuple[str, ...], column: Column, _columns: Sequence[Column]) -> bool:
    return bool(told) and told[-1] in _names(column)


def _is_named_apart_from_brackets(told: tuple[str, ...], column: Column, _columns: Sequence[Column]) -> bool:
    """责任单位（部门）, *牵头单位, and a heading whose lower row holds the brackets alone."""
    bare = {_BRACKETS.sub("", text) for text in told}
    return bool(bare & _names(column)) and not about_persons(told[0])


def _is_named_otherwise(told: tuple[str, ...], column: Column, _columns: Sequence[Column]) -> bool:
    """A heading that would say something else beside the column's own: 站点, 乡镇/街道（必填）."""
    return bool(told) and _bare(told[-1]) in _others(column) and not about_persons(told[0])


@cache
def _others(column: Column) -> frozenset[str]:
    return column.headings - _names(column)


@lru_cache(maxsize=4096)
def _bare(heading: str) -> str:
    return _BRACKETS.sub("", heading)


def _is_named_within(told: tuple[str, ...], column: Column, columns: Sequence[Column]) -> bool:
    """完成时限要求: a heading that holds the name of this column and of no other, and is about no person."""
    if not told or column.whole or about_persons(told[0]):
        return False
    names = tuple([c.name for c in columns])
    return any(_within(text, names) == {column.name} for text in told)


@lru_cache(maxsize=4096)
def _within(heading: str, names: tuple[str, ...]) -> frozenset[str]:
    """Which of these names the heading holds, brackets apart; asked of one heading for many tries at a header."""
    bare = _BRACKETS.sub("", heading)
    return frozenset(name for name in names if comparable(name) in bare)


def _not_a_workbook(found: Sequence[Sheet], name: str) -> str:
    """Of a text under the name of a workbook, which is read all the same: what it is, before what it lacks."""
    if found and not found[0].name and name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        return f"{name} 其实是纯文本，不是 Excel 工作簿，按 CSV 读取。"
    return ""


def _no_header(heads: Sequence[_Head], columns: Sequence[Column], name: str) -> str:
    wanted = "、".join(c.name for c in columns if c.needed)
    if not heads:
        wanted += " 这几列" if "、" in wanted else " 列和别的列"
        return f"{name} 里没有找到表头：表头要有 {wanted}，请补上或检查是不是选错了文件。"
    best = max(heads, key=lambda head: head.worth)
    place = best.sheet.line(best.rows[0])
    if best.doubled:
        return f"{place}：表头里 {'、'.join(best.doubled)} 分不清是哪一列，请改列名，只留一列。"
    missing = "、".join(f"“{m}”" for m in best.missing)
    others = [label for c, label in best.labels.items() if label and c not in best.columns.values()]
    there = f"没有认出的列有 {'、'.join(f'“{label}”' for label in others)}，" if others else ""
    return f"{place}：表头缺少 {missing} 列，{there}请补上或改成这个列名。"


def _table(head: _Head, columns: Sequence[Column], others: tuple[Sheet, ...]) -> Table:
    sheet, wanted = head.sheet, set(head.columns.values())
    if sheet.height > MOST_ROWS:
        raise SheetError(f"表有 {sheet.height} 行，最多读 {MOST_ROWS} 行：请删去多余的行。")
    body = range(head.rows[1] + 1, sheet.height + 1)
    own: dict[int, list[int]] = {}
    for row, column in sorted(sheet.values):
        if row in body:
            own.setdefault(row, []).append(column)
    end = _end(_Body(head, frozenset(c.name for c in columns if c.names), own))
    lines = {row: at for row, at in own.items() if row <= end}
    aside = [row for row, at in lines.items() if _is_line(sheet, row, at)]
    rows = [row for row, at in lines.items() if row not in aside and wanted & set(at)]
    merged = tuple(_merged(head, rows))
    outside = [at for at in sorted(sheet.values) if at[0] < head.rows[0] or at[0] > end]
    labelled = {c for c, label in head.labels.items() if label} | {c for at in lines.values() for c in at}
    return Table(
        sheet=sheet,
        header=head.rows,
        columns=head.columns,
        unread=tuple((c, head.labels.get(c, "")) for c in sorted(labelled - wanted)),
        rows=tuple(_rows(head, columns, rows, merged)),
        around=tuple(_cell(sheet, at, "") for at in outside),
        skipped=tuple(_cell(sheet, (row, own[row][0]), "") for row in aside),
        merged=merged,
        others=others,
        below=tuple(_cell(sheet, (row, own[row][0]), "") for row in _untold(sheet, own, end, wanted)),
        hidden=tuple(row for row in rows if row in sheet.hidden),
    )


# --- where the table ends ---------------------------------------------------------------------------

_NOTE = re.compile(r"注[:\d一二]|注$|备注:?|说明[:\d]|填表|填报(人|单位|时间|日期)|制表|审核(人)?:")
# What a name may begin like as well (共享驿站1号, 联系人民驿站): a note only where little else is told of the row.
_MAYBE_NOTE = re.compile(r"联系(人|电话|方式)|共(有|计)?(\d|\D{0,6}\d+[个家座处条项])|.{0,20}\(盖章\)")
_FEW_CELLS = 3
# What a name does not look like: numbered lines, days, sentences, labels.
_SENTENCE = re.compile(r"\d+[.、)]|\d{4}[年\-/.]|截[至止]|.*[:。;]|.{25}")
_SUM = re.compile(
    r".{0,12}(?:合计|小计|总计|共计)(?:(?:驿站|站点)?数)?(?:\([^()]*\))?:?(?:\d[\d,]*(?:[个家座处条项]|人次)?(?:驿站|站点)?)?"
)


def is_sum(text: str) -> bool:
    """合计, 磁灶镇小计, 合计（个）：5; not 小计路驿站, which only begins so."""
    return "计" in text and bool(_SUM.fullmatch(comparable(text)))


@dataclass(frozen=True)
class _Body:
    """All rows below the header with their filled columns, in order; ``naming`` are the columns that make a row."""

    head: _Head
    naming: frozenset[str]
    own: Mapping[int, list[int]]

    @cached_property
    def spoken_for(self) -> frozenset[int]:
        """Rows for which a wanted cell merged with those above speaks."""
        wanted, last = set(self.head.columns.values()), max(self.own, default=0)
        return frozenset(
            row
            for top, left, bottom, right in self.head.sheet.blocks
            if left == right and left in wanted and top > self.head.rows[1]
            for row in range(top + 1, min(bottom, last) + 1)
        )

    def first(self, row: int) -> str:
        """The first text of the row, as it is compared."""
        return comparable(spelt(self.head.sheet.values[(row, self.own[row][0])]))

    def wanted(self, row: int) -> list[int]:
        """The wanted columns that say something in the row."""
        return [column for column in self.own[row] if column in self.head.columns.values()]


def _end(body: _Body) -> int:
    """The last row of the table; that of the header when nothing follows it."""
    rows = sorted(body.own)
    end = next((row for row in reversed(rows) if not _is_note(body, row)), body.head.rows[1])
    while end + 1 in body.own and _is_named_only(body, end + 1):
        end += 1
    return end


def _is_note(body: _Body, row: int) -> bool:
    """Whether this row, should nothing follow it, stands below the table: notes, sums, who filled it in."""
    first, wanted = body.first(row), body.wanted(row)
    if _is_noted(first, len(wanted)) or is_sum(first):
        return True
    if wanted and row in body.spoken_for:
        return False
    return len(wanted) < _FEWEST and not re.fullmatch(r"\d[\d./-]*", first)


def _is_noted(first: str, cells: int) -> bool:
    """Whether the first text of a row with so many wanted ``cells`` begins like a note."""
    return bool(_NOTE.match(first) or (cells < _FEW_CELLS and _MAYBE_NOTE.match(first)))


def _is_named_only(body: _Body, row: int) -> bool:
    """Whether nothing is told of the row but a name; notes that follow the table at once are longer or labelled."""
    naming = {body.head.columns[name] for name in body.naming if name in body.head.columns}
    first = body.first(row)
    return (
        bool(naming.intersection(body.wanted(row)))
        and not (_is_noted(first, len(body.wanted(row))) or is_sum(first) or _SENTENCE.match(first))
        and not _is_line(body.head.sheet, row, body.own[row][:1])
    )


def _untold(sheet: Sheet, own: Mapping[int, list[int]], end: int, wanted: set[int]) -> Iterator[int]:
    """Rows below the table that are no notes one can tell and follow none."""
    for row, at in ((row, at) for row, at in own.items() if row > end):
        first = comparable(spelt(sheet.values[(row, at[0])]))
        if is_sum(first):
            continue
        if _is_noted(first, len(wanted.intersection(at))):
            return
        if wanted.intersection(at) and not _SENTENCE.match(first) and not _is_line(sheet, row, at):
            yield row


def _is_line(sheet: Sheet, row: int, at: Sequence[int]) -> bool:
    """One text merged over several columns: a heading between rows."""
    return len(at) == 1 and any(
        top <= row <= bottom and left == at[0] and right - left >= _FEWEST
        for top, left, bottom, right in sheet.blocks
    )


def _merged(head: _Head, rows: Sequence[int]) -> Iterator[Merged]:
    """The cells that say something for several of these rows, which come in order; blank ones say nothing."""
    names = {column: name for name, column in head.columns.items()}
    for top, left, bottom, _ in sorted(head.sheet.blocks):
        over = rows[bisect_left(rows, top) : bisect_right(rows, bottom)]
        if left not in names or top <= head.rows[1] or len(over) < _FEWEST:
            continue
        cell = _cell(head.sheet, (top, left), names[left])
        if cell.text:
            yield Merged(names[left], cell, tuple(over))


def _taken_twice(columns: Sequence[Column], merged: Sequence[Merged]) -> dict[tuple[int, str], Cell]:
    """Of columns in which every row has its own words, the cells below the first of a merged one, by row and name."""
    alone = {column.name for column in columns if column.alone}
    advice = "请取消合并，每行各写各的；几行本来是一条的，请并成一行。"
    return {
        (row, area.name): Cell(
            area.cell.place,
            None,
            area.cell.at,
            Fault(f"“{area.name}”列不能合并，这里合并了{area.lines}", shown(area.cell.text), advice),
        )
        for area in merged
        if area.name in alone
        for row in area.rows[1:]
    }


def _rows(
    head: _Head, columns: Sequence[Column], rows: Sequence[int], merged: Sequence[Merged]
) -> Iterator[Row]:
    upper, twice = _upper(head), _taken_twice(columns, merged)
    above: dict[str, Cell] = {}
    filling = [c.name for c in columns if c.fills and c.name in head.columns]
    decimals = {c.name for c in columns if c.decimal}
    for row in rows:
        cells = {
            name: twice.get((row, name))
            or _cell(head.sheet, upper.get((row, column), (row, column)), name, decimal=name in decimals)
            for name, column in head.columns.items()
        }
        for outer, name in enumerate(filling):
            if not cells[name].text and cells[name].fault is None:
                cells[name] = above.get(name, cells[name])
            elif cells[name].text != above.get(name, Cell("")).text:
                above = {n: c for n, c in above.items() if n not in filling[outer + 1 :]}
            above[name] = cells[name]
        yield Row(head.sheet.line(row), cells)


def _upper(head: _Head) -> dict[At, At]:
    """Of every cell merged with those above it, the uppermost; of several columns merged, only the first says it."""
    return {
        (row, left): (top, left)
        for top, left, bottom, _ in head.sheet.blocks
        if top > head.rows[1] and left in head.columns.values()
        for row in range(top + 1, bottom + 1)
    }


_DECIMALS = re.compile(r"[^\d.]*(?:\d{1,3}\.\d+[^\d.]*){1,2}")


def _is_decimal(value: Value) -> bool:
    """A fraction, or one or two of them in words: 118.58123456789012,24.91; no mobile or ID number has this form."""
    return isinstance(value, float) or (
        isinstance(value, str) and bool(_DECIMALS.fullmatch(comparable(value)))
    )


def _cell(sheet: Sheet, at: At, heading: str, *, decimal: bool = False) -> Cell:
    """The cell with its fault: an error value, a formula without a value, the number of a person."""
    value = sheet.values.get(at)
    fault = sheet.faults.get(at)
    if fault is None and not (decimal and _is_decimal(value)) and (number := person_number(spelt(value))):
        fault = Fault("含身份证号或手机号码", number, "本系统不收个人信息，请删去号码。")
    return Cell(sheet.place(at, heading), None if fault else value, at, fault)
