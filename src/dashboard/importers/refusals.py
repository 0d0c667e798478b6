"""What is told of a file that was read: every problem in the order of the sheet, what was left out, and the refusal.

Shared by every importer; knows no ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..store import ProblemDraft
from .cells import comparable, person_number
from .sheet_table import Row, Table, is_sum


class RefusedError(Exception):
    """The file was refused whole; the message is every problem, one a line."""


def sentence(problem: ProblemDraft) -> str:
    """A problem on one line: place, rule, what was found unless the rule says it is called so, what to do."""
    told = not problem.found or f"叫“{problem.found}”" in problem.rule
    found = "" if told else f"，写的是“{problem.found}”"
    return f"{problem.place}：{problem.rule}{found}。{problem.advice}"


_MOST_TOLD = 50  # more than a screen is read by nobody


def refuse_errors(problems: Iterable[ProblemDraft], doubts: Iterable[ProblemDraft] = ()) -> None:
    """Raises RefusedError when there is an error, with the first of them, how many others there are of each kind, and
    ``doubts``: the warnings that may be why there are errors at all."""
    errors = [p for p in problems if p.severity == "error"]
    if not errors:
        return
    told = [sentence(p) for p in errors[:_MOST_TOLD]]
    if others := errors[_MOST_TOLD:]:
        told.append(f"另有 {len(others):,} 处：{'、'.join(_counted(others))}。")
    told += [f"提醒：{sentence(p)}" for p in doubts]
    raise RefusedError("\n".join([*told, f"共 {len(errors):,} 处问题，没有入库任何内容。"]))


def _counted(problems: Sequence[ProblemDraft]) -> Iterator[str]:
    """Problems by kind, the most frequent first: 没有这种状态 4,000; what differs within a kind is left out."""
    kinds: dict[str, list[str]] = {}
    for problem in problems:
        kinds.setdefault(_kind(problem.rule), []).append(_head(problem.rule))
    for kind, heads in sorted(kinds.items(), key=lambda pair: -len(pair[1])):
        alike = len(set(heads)) == 1
        yield f"{heads[0] if alike else kind} {len(heads):,}"


_ELSEWHERE = re.compile(r"\S+![A-Z]+\d+|第\d+行(?:第\d+列|“[^”]*”列)?")
_QUOTED = re.compile("“[^”]*”")
_FIGURE = re.compile(r"\d[\d.,-]*")


def _head(rule: str) -> str:
    """The rule up to what it says of this cell alone."""
    return re.split("[，：]", _ELSEWHERE.sub("另一行", rule), maxsplit=1)[0]


def _kind(rule: str) -> str:
    return _FIGURE.sub("…", _QUOTED.sub("“…”", _head(rule)))


def in_order(problems: Iterable[ProblemDraft], table: Table) -> list[ProblemDraft]:
    """Those without a cell first, then as one reads the sheet: by row and, in a row, by column."""
    cells = [*table.around, *table.skipped, *(c for row in table.rows for c in row.cells.values())]
    where = {table.sheet.line(row): (row, 0) for row in range(1, table.sheet.height + 1)}
    where |= {cell.place: cell.at for cell in cells}
    return sorted(problems, key=lambda problem: where.get(problem.place, (0, 0)))


def left_out(table: Table, what: str, *, below: bool = False) -> Iterable[ProblemDraft]:
    """What stood in the file and was neither read nor kept, and what was read although nobody sees it, as warnings;
    ``what`` a row of the table is called. ``below``: what may be a row under the table."""
    where = table.sheet.name or "表"
    if not table.sheet.visible:
        rule = "这张工作表是隐藏的，要导入的表在里面，照常读取"
        yield ProblemDraft(where, rule, "", "请核对是不是要导入的那一张。", "warning")
    if table.hidden:
        rule = f"表里有 {len(table.hidden)} 行是隐藏的（{lines(table.hidden)}），照常读取"
        yield ProblemDraft(where, rule, "", "筛选掉的行也会入库；不要的请删去。", "warning")
    if below and table.below:
        # Without its words, which are kept nowhere: it may be somebody's signature.
        rule = f"{lines([cell.at[0] for cell in table.below])}在表格下面，未读取"
        advice = f"是{what}的，请移到表格里，中间不留空行，并把各列填好。"
        yield ProblemDraft(table.below[0].place, rule, "", advice, "warning")
    for column, heading in table.unread:
        told = f"第{column}列“{heading}”" if heading else f"没有列名的第{column}列"
        yield ProblemDraft(where, f"{told}未读取、未保存", "", "", "warning")
    for cell in table.skipped:
        yield cell.problem(f"这一行只有一句话，不是{what}，未读取", "", "warning")
    for sheet in table.others:
        rule = f"这张{'' if sheet.visible else '隐藏的'}工作表未读取、未保存"
        yield ProblemDraft(sheet.name, rule, "", f"里面如有{what}，请移到“{table.sheet.name}”里。", "warning")


def lines(rows: Sequence[int]) -> str:
    """第5、7到9行, of rows in order; no more than a line holds."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    told = "、".join(_run(first, last) for first, last in runs[:_MOST_RUNS])
    return f"第{told}行" + (f"等 {len(rows):,} 行" if len(runs) > _MOST_RUNS else "")


_MOST_RUNS = 10


def _run(first: int, last: int) -> str:
    """5; 5、6; 5到9."""
    if last - first > 1:
        return f"{first}到{last}"
    return f"{first}" if first == last else f"{first}、{last}"


def persons_beside(name: str, table: Table, told: Mapping[str, str]) -> Iterable[ProblemDraft]:
    """Numbers of persons in what is kept beside the table: the file's name, the names of sheets, which stand in the
    places of problems, and what was ``told`` on the command line, by its option."""
    titles = (("工作表名", sheet.name) for sheet in (table.sheet, *table.others))
    for place, text in (("文件名", name), *told.items(), *titles):
        if number := person_number(text):
            yield ProblemDraft(place, "含身份证号或手机号码", number, "本系统不收个人信息，请改去号码。")


_SUM_WORD = re.compile(r"合计|小计|总计|共计")
_COUNTS_ROWS = ("序号", "编号", "县（市、区）", "镇街")
_SAYS_NOTHING = ("序号", "县（市、区）", "坐标系")


def says_nothing(row: Row, name: str) -> bool:
    """合计 and 小计, between other rows as well, and rows that are numbered and empty; ``name`` is the column of names.
    小计路驿站 is a name, unless it has nothing but figures beside it."""
    counted = [row[column] for column in (*_COUNTS_ROWS, name)]
    if any(is_sum(cell.text) for cell in counted):
        return True
    told = [cell for column, cell in row.cells.items() if column not in _SAYS_NOTHING]
    sums = [cell for cell in counted if _SUM_WORD.match(comparable(cell.text))]
    if sums:
        beside = [cell.text for cell in row.cells.values() if cell.text and cell not in sums]
        return bool(beside) and all(_FIGURES.fullmatch(comparable(text)) for text in beside)
    return not any(cell.text or cell.fault for cell in told)


_FIGURES = re.compile(r"[\d.,%]+(?:[个家座处条项]|人次)?")
