"""Published figures: rows of a CSV file into one return per source and unit.

Cells keep their row as address. Every problem of a source is collected; nothing is guessed: a figure that
was printed but cannot be read arrives with the qualifier unknown and no value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..catalogue import Catalogue, CatalogueError, Indicator, read_text
from ..models import QUALIFIERS
from ..periods import Period, parse
from ..store import Draft, FactDraft, ProblemDraft, Source

COLUMNS = (
    "source_id indicator indicator_name measured_in kind unit_code unit_name value qualifier period "
    "published_on published_on_precision source_title source_grade source_address note"
).split()
UNIT_FIGURE_COLUMNS = (
    "column indicator period factor source_id source_title source_grade published_on published_on_precision "
    "note unit_note"
).split()
GRADES = ("A", "B")
PRECISIONS = ("day", "month", "year")

Row = dict[str, str]


@dataclass(frozen=True)
class _Cell:
    """One row with the file it stands in, so that a problem can name its place."""

    file: str
    line: int
    row: Row

    def problem(self, column: str, rule: str, advice: str) -> ProblemDraft:
        return ProblemDraft(f"{self.file} 第 {self.line} 行 {column}", rule, self.row.get(column, ""), advice)


def published_returns(path: Path, catalogue: Catalogue) -> list[Draft]:
    """Read the file; one draft per source and unit, in the order of the file.

    Raises CatalogueError when the file is missing, holds no row or its header is not the agreed one.
    """
    groups: dict[tuple[str, str], list[_Cell]] = {}
    for line, row in _table(path, COLUMNS):
        cell = _Cell(path.name, line, {c: row[c].strip() for c in COLUMNS})
        groups.setdefault((cell.row["source_id"], cell.row["unit_code"]), []).append(cell)
    return [_draft(path.name, cells, catalogue) for cells in groups.values()]


def unit_figures(columns: Path, units: Path, catalogue: Catalogue) -> list[Draft]:
    """Figures that stand as columns of the units file (populations), one draft per source and unit.

    ``columns`` says which column is which indicator, for which period, from which source. An empty cell is
    a figure that does not exist, and makes no reading.
    """
    drafts = []
    for at, column in _table(columns, UNIT_FIGURE_COLUMNS):
        name, indicator = column["column"], catalogue.indicators.get(column["indicator"])
        table = _table(units, ("code", "name", "note"))
        if indicator is None or name not in table[0][1] or not _parses(_finite, column["factor"]):
            raise CatalogueError(
                f"{columns.name} 第 {at} 行：没有这个列“{name}”或指标“{column['indicator']}”，"
                f"或 factor“{column['factor']}”不是数字，请从安装包里恢复它。"
            )
        for line, unit in table:
            printed = unit[name].strip()
            if printed:
                row = _row_of(column, unit, indicator, _scaled(printed, column["factor"]))
                if not _parses(_finite, row["value"]):
                    raise CatalogueError(
                        f"{units.name} 第 {line} 行 {name}：应是数字，写的是“{printed}”，请改正。"
                    )
                drafts.append(_draft(units.name, [_Cell(units.name, line, row)], catalogue))
    return drafts


def _table(path: Path, columns: Sequence[str]) -> list[tuple[int, Row]]:
    """Rows of a file with the line each ends on, empty ones left out; it has these columns and at least a row."""
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""))
    missing = [c for c in columns if c not in (reader.fieldnames or ())]
    if missing:
        raise CatalogueError(f"{path.name}：表头缺少“{missing[0]}”列，请从安装包里恢复它。")
    rows = []
    for row in reader:
        if None in row or None in row.values():
            raise CatalogueError(
                f"{path.name} 第 {reader.line_num} 行：列数与表头不一致，请检查是否多写或漏写了逗号。"
            )
        if any(row.values()):
            rows.append((reader.line_num, row))
    if not rows:
        raise CatalogueError(f"{path.name}：只有表头，没有一行数，请从安装包里恢复它。")
    return rows


def _scaled(printed: str, factor: str) -> str:
    """The printed number in the indicator's unit of measure; as it stands when it is no number."""
    try:
        return str(round(float(printed) * float(factor)))
    except ValueError:
        return printed


def _row_of(column: Mapping[str, str], unit: Mapping[str, str], indicator: Indicator, printed: str) -> Row:
    # What the units file notes of this column, among other things about the unit: 推算 is an estimate.
    own = [c for c in unit["note"].split("；") if any(w in c for w in column["unit_note"].split())]
    notes = [column["note"], *own]
    return {
        "source_id": column["source_id"],
        "indicator": indicator.indicator,
        "indicator_name": indicator.title,
        "measured_in": indicator.measured_in,
        "kind": indicator.kind,
        "unit_code": unit["code"],
        "unit_name": unit["name"],
        "value": printed,
        "qualifier": "approx" if any("推算" in note for note in own) else "eq",
        "period": column["period"],
        "published_on": column["published_on"],
        "published_on_precision": column["published_on_precision"],
        "source_title": column["source_title"],
        "source_grade": column["source_grade"],
        "source_address": "",
        "note": "；".join(n for n in notes if n),
    }


def _draft(file: str, cells: list[_Cell], catalogue: Catalogue) -> Draft:
    head = cells[0].row
    problems: list[ProblemDraft] = []
    facts = []
    for cell in cells:
        found = list(_problems(cell, head, catalogue))
        problems += found
        if not found:
            facts.append(_reading(cell))
    return Draft(
        kind="published",
        organisation=head["unit_code"],
        file_name=f"{Path(file).stem}_{head['source_id']}_{head['unit_code']}.csv",
        file_bytes=_slice(cells),
        facts=facts,
        problems=problems,
        source=None if problems else _source(head),
    )


def _source(head: Row) -> Source:
    return Source(
        source_id=head["source_id"],
        title=head["source_title"],
        grade=head["source_grade"],
        address=head["source_address"],
        published_on=date.fromisoformat(head["published_on"]),
        precision=head["published_on_precision"],
    )


def _reading(cell: _Cell) -> FactDraft:
    row = cell.row
    period = parse(row["period"])
    values = {
        "indicator": row["indicator"],
        "organisation": row["unit_code"],
        "period_start": period.start,
        "period_end": period.end,
        "grain": period.grain,
        "value": float(row["value"]) if row["value"] else None,
        "qualifier": row["qualifier"],
        "note": row["note"],
    }
    return FactDraft("reading", values, f"{cell.file} 第 {cell.line} 行")


def _problems(cell: _Cell, head: Row, catalogue: Catalogue) -> Iterator[ProblemDraft]:
    yield from _naming_problems(cell, catalogue)
    yield from _value_problems(cell)
    for column in ("published_on", "published_on_precision", "source_title", "source_grade"):
        if cell.row[column] != head[column]:
            yield cell.problem(column, "同一来源的各行应写同一个值", f"请改为“{head[column]}”。")
    if not _parses(date.fromisoformat, cell.row["published_on"]):
        yield cell.problem("published_on", "应是日期", "请写成 2025-01-13 的样子。")
    if cell.row["published_on_precision"] not in PRECISIONS:
        yield cell.problem("published_on_precision", "应是 day、month 或 year", "请改正。")
    if cell.row["source_grade"] not in GRADES:
        yield cell.problem("source_grade", "来源等级只有 A 和 B", "请改正。")
    if not cell.row["source_title"]:
        yield cell.problem("source_title", "没有来源的数不能入库", "请写明出处。")


def _naming_problems(cell: _Cell, catalogue: Catalogue) -> Iterator[ProblemDraft]:
    row = cell.row
    indicator = catalogue.indicators.get(row["indicator"])
    if indicator is None:
        yield cell.problem(
            "indicator", "指标目录里没有这个指标", "请对照 indicators.yaml 改正，或先在那里增加。"
        )
    else:
        for column, expected in (
            ("indicator_name", indicator.title),
            ("measured_in", indicator.measured_in),
            ("kind", indicator.kind),
        ):
            if row[column] != expected:
                yield cell.problem(column, "与指标目录不一致", f"指标目录里是“{expected}”，请核对。")
    names = {o.code: o.name for o in catalogue.organisations}
    if row["unit_code"] not in names:
        yield cell.problem("unit_code", "没有这个单位代码", "请对照 units.csv 改正。")
    elif names[row["unit_code"]] != row["unit_name"]:
        yield cell.problem("unit_name", "与单位代码不一致", f"该代码是“{names[row['unit_code']]}”，请核对。")


def _value_problems(cell: _Cell) -> Iterator[ProblemDraft]:
    row = cell.row
    if row["qualifier"] not in QUALIFIERS:
        yield cell.problem("qualifier", "口径词只有 eq、ge、approx、unknown", "请改正。")
    elif row["qualifier"] == "unknown" and row["value"]:
        yield cell.problem("value", "看不清的数不能有值", "请清空，或改写口径词。")
    elif row["qualifier"] != "unknown" and not _parses(_finite, row["value"]):
        yield cell.problem("value", "应是不小于零的数字", "请照原文填写；看不清的写 unknown 并留空。")
    if not _parses(parse, row["period"]):
        yield cell.problem("period", "应是数据期", "请写成 2025-01-13、2025-01、2025-Q1、2025-H1 或 2025。")


def _finite(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError(text)
    return value


def _parses(convert: Callable[[str], float | date | Period], text: str) -> bool:
    try:
        convert(text)
    except ValueError:
        return False
    return True


def _slice(cells: list[_Cell]) -> bytes:
    """The rows of this source, as a file of their own, to be kept with the return; in an order of their own."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted((cell.row for cell in cells), key=lambda row: [row[c] for c in COLUMNS]))
    return out.getvalue().encode("utf-8-sig")
