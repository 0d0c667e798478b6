"""The list of measures as offices keep it: a table into measures and assignments, every problem at its cell.

Comes in: the table that was read, and what the store knows of organisations, indicators and directions. Goes out:
a draft of a list version, or problems. Each row is a measure; the file says how many there must be. Group words
in 牵头单位 and 责任单位: 各县（市、区） means the 11 counties, county-level cities and districts; 各县（市、区）和开发区,
各填报单位 and 各地 mean the 13 units that report: these 11 and the two zones. An organisation may have a due date
of its own in brackets: 晋江市（2026年9月底）. Knows neither file nor store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ..catalogue import WAYS
from ..store import ProblemDraft
from .cells import Cell, comparable, day, shown
from .names import Names
from .sheet_table import Column, Row, Table

COLUMNS = (
    Column("方向", needed=False, fills=True),  # before 方面: it is the outermost, and fills over them
    Column("序号", ("编号", "措施编号", "措施序号", "任务编号"), alone=True),
    Column("方面", ("工作方面", "方面名称"), fills=True),
    Column("项目", ("项目名称", "任务项目", "重点项目"), fills=True),
    Column("措施", ("具体措施", "主要措施", "措施内容", "任务措施", "重点措施"), alone=True),
    Column("牵头单位", ("牵头部门",)),
    Column("责任单位", ("责任部门",)),
    Column("完成时限", ("完成时间", "时限", "办结时限")),
    Column("目标", ("工作目标", "目标要求", "目标任务"), needed=False),
    Column("启动时间", ("开始时间", "起始时间", "启动日期"), needed=False),
    Column("适用范围", ("适用层级",), needed=False),
    Column("佐证指标", ("印证指标",), needed=False),
    Column("备注", needed=False),
)
STANDING = ("长期坚持", "长期")
SCOPES = {"市级": "city", "县级": "county", "city": "city", "county": "county"}
COUNTIES = ("各县(市、区)", "各县市区", "各县(市,区)")
UNITS = (
    "各县(市、区)和开发区",
    "各县(市、区)及开发区",
    "各县(市、区)与开发区",
    "各县市区和开发区",
    "各填报单位",
    "各地",
)

_COUNTIES = frozenset(map(comparable, COUNTIES))
_UNITS = frozenset(map(comparable, UNITS))
_GROUPS = _COUNTIES | _UNITS

_NAMES_OF_UNITS = "请写单位的全称、简称或代码，几个单位用顿号隔开；名称可以在“口径说明”页查找。"

Role = Literal["lead", "responsible"]


@dataclass(frozen=True)
class Known:
    """What the store knows on the day of the import.

    ``units`` are the codes of the 13 in official order, ``counties`` those of the 11; ``silent`` are organisations
    that take part in nothing. ``directions`` gives the direction of an aspect of this name in the list in force.
    """

    organisations: Names
    indicators: Names
    counties: tuple[str, ...]
    units: tuple[str, ...]
    silent: frozenset[str]
    directions: Mapping[str, str]


@dataclass(frozen=True)
class Duty:
    """An organisation in a role, with a due date of its own or None: the measure's."""

    organisation: str
    role: Role
    due: date | None


@dataclass(frozen=True)
class ListedMeasure:
    """One row of the list, as the store will hold it."""

    number: str
    direction: str
    aspect: str
    project: str
    text: str
    target: str
    start: date
    due: date | None
    standing: bool
    scope: str
    evidence_indicator: str
    note: str
    duties: tuple[Duty, ...]
    place: str


@dataclass(frozen=True)
class Counts:
    """How many aspects, projects and measures; None: not said."""

    aspects: int | None
    projects: int | None
    measures: int | None

    def __bool__(self) -> bool:
        """Whether the number of measures, which decides, is said."""
        return self.measures is not None


NOT_SAID = Counts(None, None, None)


@dataclass(frozen=True)
class Listed:
    """The list as read: measures in the order of the file, the title above it, and every problem found.

    ``used`` are the cells outside the table that were read: title and declared counts.
    """

    measures: tuple[ListedMeasure, ...]
    counts: Counts
    title: str
    problems: tuple[ProblemDraft, ...]
    used: tuple[tuple[int, int], ...]


def listed(table: Table, known: Known, start: date, declared: Counts) -> Listed:
    """Read every row; ``start`` stands for an empty 启动时间, ``declared`` is what was said beside the file."""
    reader = _Reader(table, known, start)
    rows = [(row, reader.measure(row)) for row in table.rows]
    reader.check_names(rows)
    reader.check_gaps(rows)
    measures = [m for _, m in rows]
    counts = _counted(row for row, _ in rows)
    title = _title(table)
    told = [(cell, found) for cell in table.around if (found := declared_in(cell.text))]
    said = [("--counts", declared)] * bool(declared) + [(cell.place, found) for cell, found in told]
    reader.problems += _count_problems(said, counts, table) if rows else [_no_measure(table)]
    reader.problems += _merged_problems(table)
    used = [cell for cell, _ in told] + ([title[0]] if title else [])
    reader.problems += [p for cell in used for p in cell.faults]
    return Listed(
        measures=tuple(m for m in measures if m is not None),
        counts=counts,
        title=title[1] if title else "",
        problems=tuple(dict.fromkeys(reader.problems)),
        used=tuple(cell.at for cell in used),
    )


# --- what stands around the table -------------------------------------------------------------------

_COUNTS = (
    re.compile(r"(\d+)个方面"),
    re.compile(r"(\d+)个项目"),
    re.compile(r"(\d+)[条项个]措施|共(?:计)?(\d+)[条项]"),
)


def declared_in(text: str) -> Counts | None:
    """7个方面20个项目60条措施, or 共60条: the counts a line declares; None when it says nothing of measures."""
    plain = comparable(text)
    found = [pattern.search(plain) for pattern in _COUNTS]
    numbers = [None if f is None else int(next(g for g in f.groups() if g)) for f in found]
    counts = Counts(*numbers)
    return counts if counts else None


_BRACKETED = re.compile(r"[（(][^（）()]*(?:方面|措施|条)[^（）()]*[）)]")


def _title(table: Table) -> tuple[Cell, str] | None:
    """The first line above the header that names the list, with its words; a line of counts alone names nothing."""
    for cell in table.around:
        words = _BRACKETED.sub("", cell.text).split("\n")[0].strip()
        if cell.at[0] < table.header[0] and words and not _APART_FROM_TITLES.match(comparable(words)):
            return cell, words
    return None


_APART_FROM_TITLES = re.compile(
    r"附件?\d*:?$|.{0,4}(?:单位|时间|日期):|(?!.*清单).*\d+[条项个](?:措施|方面)|共\d+"
)


def _counted(rows: Iterable[Row]) -> Counts:
    """What the table holds, told by its numbers; rows whose number cannot be read are measures all the same."""
    found = list(rows)
    numbers = [n for row in found if (n := _parts(row["序号"].text))]
    return Counts(len({n[0] for n in numbers}), len({n[1] for n in numbers}), len(found))


def _no_measure(table: Table) -> ProblemDraft:
    """Instead of every count that does not fit: below the header there is nothing."""
    rule, advice = "表头下面没有一条措施", "请在表头下面逐行填写，一条措施一行；也请检查是不是选错了文件。"
    return ProblemDraft(table.sheet.line(table.header[0]), rule, "", advice)


_MERGED_BY_HABIT = frozenset(c.name for c in COLUMNS if c.fills or c.alone)  # as it should be, or a fault


def _merged_problems(table: Table) -> Iterator[ProblemDraft]:
    """Cells that were taken for several measures, as warnings: offices mean it so, but may have slipped."""
    for area in table.merged:
        if area.name not in _MERGED_BY_HABIT:
            rule = f"合并的单元格，{area.lines}都按它读取"
            yield area.cell.problem(rule, "各行如有不同，请取消合并，分别填写。", "warning")


_KINDS = (("aspects", "个", "方面"), ("projects", "个", "项目"), ("measures", "条", "措施"))


def _count_problems(
    said: Sequence[tuple[str, Counts]], found: Counts, table: Table
) -> Iterator[ProblemDraft]:
    if not said:
        yield ProblemDraft(
            table.sheet.line(table.header[0]),
            "没有写明共有多少条措施",
            "",
            f"请在标题或表下注明“{found.aspects}个方面{found.projects}个项目{found.measures}条措施”或"
            f"“共{found.measures}条”，或在命令里写 --counts，数字以正式文件为准。",
        )
    for place, counts in said:
        for kind, word, what in _KINDS:
            declared, there = getattr(counts, kind), getattr(found, kind)
            if declared is not None and declared != there:
                rule = f"声明 {declared} {word}{what}，表里是 {there} {word}"
                yield ProblemDraft(place, rule, "", "请补齐或删去多余的行，或改正声明的数字。")


# --- the rows ---------------------------------------------------------------------------------------

_FEW = 3  # so many missing numbers are named one by one
_NUMBER = re.compile(r"(\d{1,3})-(\d{1,3})-(\d{1,3})")
_APART = re.compile(r"[、，,；;\n](?![^（(]*[）)])")
_OWN_DUE = re.compile(r"(.+?)[（(]([^（）()]*\d{4}[^（）()]*)[）)]", re.DOTALL)


def _parts(text: str) -> tuple[int, int, int] | None:
    """5-12-1 as its three numbers; None when it is none."""
    found = _NUMBER.fullmatch(comparable(text))
    if found is None or 0 in (parts := tuple(int(p) for p in found.groups())):
        return None
    return parts[0], parts[1], parts[2]


@dataclass(frozen=True)
class _Begun:
    """The first day of a measure and, for a due date before it, how that day is told and what would settle it.

    ``told`` None: what stands there cannot be read, which is a problem already, and nothing is held against it.
    """

    day: date
    told: str | None
    advice: str = "请核对这两个日期。"


@dataclass(frozen=True)
class _Named:
    """A duty with the words by which the cell names it; ``group`` when these mean several organisations."""

    duty: Duty
    words: str
    group: bool


def _on_one_line(name: str) -> str:
    """A name that was broken to fit a narrow column."""
    return name.replace("\n", "")


@dataclass
class _Reader:
    """Reads row after row and collects what is wrong."""

    table: Table
    known: Known
    start: date
    problems: list[ProblemDraft] = field(default_factory=list)
    assumed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.problems += [p for row in self.table.rows for cell in row.cells.values() for p in cell.faults]

    def refuse(self, cell: Cell, rule: str, advice: str) -> None:
        """Remember a problem; a cell at fault has told its own already."""
        if cell.fault is None:
            self.problems.append(cell.problem(rule, advice))

    def measure(self, row: Row) -> ListedMeasure | None:
        """The measure of a row as far as it can be read; None without a number to know it by."""
        number = self._number(row["序号"])
        begun = self._begun(row["启动时间"])
        due, standing = self._due(row["完成时限"], begun)
        duties = self._duties(row, begun)
        found = {
            "aspect": _on_one_line(self._words(row["方面"], "方面")),
            "project": _on_one_line(self._words(row["项目"], "项目")),
            "text": self._words(row["措施"], "措施的文字"),
        }
        return ListedMeasure(
            number=number,
            direction=self._direction(row, found["aspect"]),
            **found,
            target=row["目标"].text,
            start=begun.day,
            due=due,
            standing=standing,
            scope=self._scope(row, duties),
            evidence_indicator=self._evidence(row["佐证指标"]),
            note=row["备注"].text,
            duties=duties,
            place=row["序号"].place,
        ) if number else None  # fmt: skip

    def _number(self, cell: Cell) -> str:
        """The number without leading noughts; empty when it cannot be read."""
        parts = _parts(cell.text)
        if parts:
            return "-".join(map(str, parts))
        if not cell.text:
            self.refuse(cell, "缺少序号", "请写成“方面-项目-措施”，如 5-12-1。")
        elif re.match(r"\d{4}[-/年]", comparable(cell.text)):
            self.refuse(
                cell,
                "序号被 Excel 变成了日期",
                "请先把这一列的单元格格式设为“文本”，再重新填写，如 5-12-1。",
            )
        else:
            self.refuse(cell, "序号应是“方面-项目-措施”", "请写成 5-12-1 的样子，项目从 1 起连续编号。")
        return ""

    def _words(self, cell: Cell, what: str) -> str:
        if not cell.text:
            self.refuse(cell, f"{what}不能为空", "请补上。")
        return cell.text

    def _day(self, cell: Cell, *, last: bool, also: str = "") -> date | None:
        """The day of a cell, None when it is none, which is a problem."""
        try:
            return day(cell.value, last=last)
        except ValueError:
            self.refuse(cell, "不是日期", f"请写成 2026-12-31 或 2026年12月底的样子{also}。")
        return None

    def _begun(self, cell: Cell) -> _Begun:
        if not cell.text:
            told = None if cell.fault else f"清单起始日 {self.start}（启动时间没有写）"
            advice = "请核对这两个日期；此前已经启动的，请加上“启动时间”一列，写明启动的日子。"
            return _Begun(self.start, told, advice)
        found = self._day(cell, last=False)
        return _Begun(found, f"启动时间 {found}") if found else _Begun(self.start, None)

    def _due(self, cell: Cell, begun: _Begun) -> tuple[date | None, bool]:
        if comparable(cell.text) in STANDING:
            return None, True
        if not cell.text:
            self.refuse(cell, "缺少完成时限", "请写上日期；长期坚持的写“长期坚持”。")
            return None, False
        due = self._day(cell, last=True, also="；长期坚持的写“长期坚持”")
        self._check_order(cell, due, begun)
        return due, False

    def _check_order(self, cell: Cell, due: date | None, begun: _Begun, what: str = "") -> None:
        if due is not None and due < begun.day and begun.told is not None:
            self.refuse(cell, f"{what}早于{begun.told}", begun.advice)

    def _duties(self, row: Row, begun: _Begun) -> tuple[Duty, ...]:
        """Who leads and who answers; where nobody else is named, who leads answers as well."""
        leads = self._named(row["牵头单位"], "lead", begun)
        if not row["牵头单位"].text:
            self.refuse(row["牵头单位"], "缺少牵头单位", "请补上一个单位。")
        answering = self._named(row["责任单位"], "responsible", begun)
        if not row["责任单位"].text and row["责任单位"].fault is None:
            answering = [Duty(lead.organisation, "responsible", lead.due) for lead in leads]
        return (*leads, *answering)

    def _named(self, cell: Cell, role: Role, begun: _Begun) -> list[Duty]:
        found: list[_Named] = []
        for part in _APART.split(cell.text):
            if name := part.strip():
                own = _OWN_DUE.fullmatch(name)
                words = own[1] if own else name
                due = self._own_due(cell, own[2], begun) if own else None
                group = comparable(words) in _GROUPS
                found += [_Named(Duty(c, role, due), words, group) for c in self._codes(cell, words)]
        once = {named.duty.organisation: named.duty for named in found}
        if len(once) < len(found):
            self._check_once(cell, found)
        return list(once.values())

    def _own_due(self, cell: Cell, text: str, begun: _Begun) -> date | None:
        what = f"单位后面括号里的“{shown(text)}”"
        try:
            due = day(text, last=True)
        except ValueError:
            self.refuse(cell, f"{what}不是日期", "请写成 晋江市（2026-09-30）的样子。")
            return None
        self._check_order(cell, due, begun, what)
        return due

    def _codes(self, cell: Cell, name: str) -> tuple[str, ...]:
        """The organisations that a name or a group word means; none when it is unknown, which is a problem."""
        if comparable(name) in _COUNTIES:
            return self.known.counties
        if comparable(name) in _UNITS:
            return self.known.units
        codes = self.known.organisations.of(name)
        if len(codes) == 1 and codes <= self.known.silent:
            self.refuse(cell, f"“{shown(name)}”不参与填报", "请删去这个单位。")
            return ()
        if len(codes) > 1:
            each = "、".join(sorted(codes))
            self.refuse(cell, f"有 {len(codes)} 个单位叫“{shown(name)}”", f"请改写代码：{each}。")
            return ()
        if not codes:
            raw = next(
                (p for p in _APART.split(str(cell.value)) if comparable(p).startswith(comparable(name))), name
            )
            advice = self.known.organisations.advice(raw, _NAMES_OF_UNITS)
            self.refuse(cell, f"没有叫“{shown(name)}”的单位", advice)
        return tuple(codes)

    def _check_once(self, cell: Cell, found: Sequence[_Named]) -> None:
        """Every organisation named twice, with the group word that holds it already; groups that overlap once."""
        words: dict[str, list[_Named]] = {}
        for named in found:
            words.setdefault(named.duty.organisation, []).append(named)
        overlapping: set[tuple[str, ...]] = set()
        for code, own in words.items():
            groups = tuple(n.words for n in own if n.group)
            if len(own) > 1 and (len(groups) < len(own) or groups not in overlapping):
                overlapping.add(groups if len(groups) == len(own) else ())
                name = self.known.organisations.titles.get(code, code)
                holding = "和".join(f"“{shown(word)}”" for word in groups)
                where = f"（{holding}里{'都' if len(groups) > 1 else '已'}有{name}）" if groups else ""
                self.refuse(cell, f"同一条措施里“{name}”写了 {len(own)} 次{where}", "请只留一次。")

    def _direction(self, row: Row, aspect: str) -> str:
        cell = row["方向"]
        if cell.text:
            if cell.text not in WAYS:
                self.refuse(cell, f"方向只有 {'、'.join(WAYS)}", "请改正。")
            return cell.text
        direction = self.known.directions.get(comparable(aspect), "")
        if aspect and not direction and cell.fault is None and aspect not in self.assumed:
            self.assumed.add(aspect)
            advice = f"如需归入 {'、'.join(WAYS)}，请加一列“方向”。"
            self.problems.append(row["方面"].problem("现行清单里没有这个方面，方向留空", advice, "warning"))
        return direction

    def _scope(self, row: Row, duties: Sequence[Duty]) -> str:
        """As written; where it is empty, that of the counties when one of the 13 answers for it."""
        cell = row["适用范围"]
        if not cell.text:
            own = {duty.organisation for duty in duties if duty.role == "responsible"}
            return "county" if own & set(self.known.units) else "city"
        scope = SCOPES.get(comparable(cell.text))
        if scope is None:
            self.refuse(cell, "适用范围只有 市级 和 县级", "请改正；留空时按责任单位判断。")
        return scope or ""

    def _evidence(self, cell: Cell) -> str:
        if not cell.text:
            return ""
        codes = self.known.indicators.of(cell.text)
        if len(codes) == 1:
            return next(iter(codes))
        if codes:
            each = "、".join(sorted(codes))
            self.refuse(cell, f"有 {len(codes)} 个指标叫这个名字", f"请改写指标代号：{each}。")
        else:
            advice = self.known.indicators.advice(str(cell.value), "请到“口径说明”页查名称；没有就留空。")
            self.refuse(cell, "没有这个指标", advice)
        return ""

    # --- row against row ----------------------------------------------------------------------------

    def check_names(self, rows: Sequence[tuple[Row, ListedMeasure | None]]) -> None:
        """Numbers once each; every aspect one name and one direction, every project one name and one aspect."""
        first: dict[tuple[str, object], tuple[str, Cell]] = {}
        for row, measure in rows:
            if measure is None:
                continue
            aspect, project, _ = _parts(measure.number) or (0, 0, 0)
            number = row["序号"]
            if (was := first.setdefault(("number", measure.number), ("", number)))[1] is not number:
                self.refuse(
                    number,
                    f"序号 {measure.number} 重复，{was[1].place} 已经用过",
                    "每条措施一个序号，请改正。",
                )
            agreements = (
                ("方面编号", aspect, measure.aspect, row["方面"], "有两个名称"),
                ("项目编号", project, measure.project, row["项目"], "有两个名称"),
                ("项目编号", project, str(aspect), number, "归在两个方面下"),
                ("方面编号", aspect, measure.direction, row["方向"], "有两个方向"),
            )
            for kind, of, says, cell, rule in agreements:
                said, where = first.setdefault((kind + rule, of), (says, cell))
                if says and said and said != says:
                    told = (
                        f"{where.place} 写的是“{said}”"
                        if cell is not number
                        else f"{where.place} 在方面 {said}"
                    )
                    self.refuse(cell, f"{kind} {of} {rule}，{told}", "请改正名称或序号。")

    def check_gaps(self, rows: Sequence[tuple[Row, ListedMeasure | None]]) -> None:
        """Numbers that are left out, told at the first row after them: a row may have been lost on the way.

        Aspects run from 1, projects are counted through over the whole list, measures from 1 in every project.
        """
        counted: dict[tuple[str, str], dict[int, Cell]] = {}
        for row, measure in rows:
            if measure is None:
                continue
            aspect, project, last = _parts(measure.number) or (0, 0, 0)
            own = ("序号", f"{aspect}-{project}-")
            for kind, number in ((("方面编号", ""), aspect), (("项目编号", ""), project), (own, last)):
                counted.setdefault(kind, {}).setdefault(number, row["序号"])
        for (what, before), cells in counted.items():
            self._check_gap(what, before, cells)

    def _check_gap(self, what: str, before: str, cells: Mapping[int, Cell]) -> None:
        numbers = sorted(cells)
        for previous, number in zip([0, *numbers], numbers, strict=False):
            missing = [f"{before}{n}" for n in range(previous + 1, number)]
            if missing:
                told = "、".join(missing) if len(missing) <= _FEW else f"{missing[0]} 到 {missing[-1]}"
                advice = "请核对是漏了，还是本来就没有。"
                self.problems.append(cells[number].problem(f"{what}不连续，缺 {told}", advice, "warning"))
