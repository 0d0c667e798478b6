"""What the lines above and below a ledger say of it: whose it is and of which day, held against what is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..store import ProblemDraft
from .cells import Cell, clean, comparable, day, shown, spelt
from .names import Names
from .sheet_table import Table

_UNIT = re.compile(r"(?:填报|报送|上报|所属)单位(?:名称)?(?:[(（][^)）]*[)）])?[:：\s]+([^\s:：,，;；。]+)")
_BEFORE_UNIT = re.compile(r"^(?:中共)?(?:福建省)?(?:泉州市)?")
_DAY = re.compile(
    r"(?:截至|截止|(?:填报|报送|填表|制表|统计|数据|台账)(?:日期|时间))(?:到|至|日期|时间|[: ])*"
    r"(\d{4}(?:([-/.])\d{1,2}\2\d{1,2}|年\d{1,2}月(?:\d{1,2}[日号]|[底末])?|-\d{1,2}))"
)


@dataclass(frozen=True)
class UnitLine:
    """A line that names a reporting unit: its cell, the words, the code or codes they may mean, none for a unit nobody
    is called; ``written`` are the words with what nobody sees in them."""

    cell: Cell
    words: str
    codes: frozenset[str]
    written: str


def unit_lines(table: Table, units: Names) -> Iterator[UnitLine]:
    """填报单位：晋江市 and the like; a unit may be told by its department (晋江市委社会工作部)."""
    for cell in table.around:
        if found := _UNIT.search(_even(cell)):
            words, written = found[1], _UNIT.search(spelt(cell.value))
            codes = units.of(words) or _begins_with(_BEFORE_UNIT.sub("", words), units)
            yield UnitLine(cell, words, codes, written[1] if written else words)


def _begins_with(words: str, units: Names) -> frozenset[str]:
    plain = comparable(words)
    fitting = [spelling for spelling in units.codes if len(spelling) > 1 and plain.startswith(spelling)]
    return units.codes[max(fitting, key=len)] if fitting else frozenset()


def unit_of(words: str, units: Names) -> frozenset[str]:
    """The unit that is called so, else the only one whose name holds these words: 台商投资区, 开发区."""
    part = comparable(words)
    if (found := units.of(words)) or len(part) < _SHORTEST_PART or part.isdigit():
        return found
    holding = {code for spelling, codes in units.codes.items() if part in spelling for code in codes}
    return frozenset(holding) if len(holding) == 1 else frozenset()


def town_of(words: str, towns: Names, units: Names, unit: str = "") -> frozenset[str]:
    """The town that is called so, also behind the name of its unit and with its office: 晋江市安海镇, 罗山街办.

    With ``unit`` only the name of that unit may stand before it.
    """
    if found := towns.of(words):
        return found
    plain = _OFFICE.sub("", _BEFORE_UNIT.sub("", comparable(words)))
    own = (s for s, codes in units.codes.items() if not unit or unit in codes)
    before = ("", *sorted((s for s in own if plain.startswith(s)), key=len, reverse=True))
    return next((found for s in before if (found := towns.of(plain.removeprefix(s)))), frozenset())


_SHORTEST_PART = 2
_OFFICE = re.compile(r"(?:人民政府|政府)$|(?<=街道)办事处$|街道办$|街办$|办事处$")


def around_the_table(table: Table, units: Names, towns: Names, unit: str, on: date) -> Iterator[ProblemDraft]:
    """Lines that name another unit, which is a problem; a unit that nobody is called, or another day, which is told."""
    for line in unit_lines(table, units):
        if line.codes and unit not in line.codes:
            rule = f"这一行写的填报单位是{line.words}，台账却按{units.titles[unit]}的导入"
            advice = "请改正这一行，或改 --unit；也请检查是不是选错了文件。"
            yield ProblemDraft(line.cell.place, rule, "", advice)
        elif not line.codes and _is_a_place(line, units) and not _begins_with(line.words, towns):
            rule = f"没有叫“{shown(clean(line.written))}”的填报单位，台账按{units.titles[unit]}的导入"
            advice = units.advice(line.written, "请核对是不是选错了文件；不是的，请改正这一行。")
            yield ProblemDraft(line.cell.place, rule, "", advice, "warning")
    for cell in table.around:
        yield from _another_day(cell, on)


def _is_a_place(line: UnitLine, units: Names) -> bool:
    """Whether the words seem to name a county; others are an office of the unit."""
    return bool(units.near(line.written)) or re.search("[县市区]", line.words) is not None


def _another_day(cell: Cell, on: date) -> Iterator[ProblemDraft]:
    for found in _DAY.finditer(_even(cell)):
        try:
            begins, ends = (day(found[1], last=last) for last in (False, True))
        except ValueError:
            continue
        if not begins <= on <= ends:
            rule = f"这一行写的日子是 {found[1]}，台账按 {on} 的导入"
            yield ProblemDraft(cell.place, rule, "", f"要按它的，请写 --on {ends}。", "warning")


def _even(cell: Cell) -> str:
    """Its text on one line and half-width."""
    return " ".join(unicodedata.normalize("NFKC", clean(cell.text)).split())
