"""A ledger of stations as offices keep it: a table into rows, each problem at its cell.

Comes in: the table that was read, what is known of units, towns and outlines, and the day the ledger is of. Goes out:
a row for every station with its place in WGS 84, and problems. Which station of the store a row is, and what the
ledger changes, are other questions (station_identity, station_changes). Knows neither file nor store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..geo import Outline
from ..store import ProblemDraft
from .cells import Cell, comparable, shown
from .coordinates import COLUMNS as COORDINATES
from .coordinates import CellReader, Declared, Home, SpotReader
from .names import Names, unseen
from .refusals import says_nothing
from .sheet_table import Column, Row, Table
from .station_blanks import headers_again, is_header, unclear_columns, without_empty_words
from .station_cells import (
    PLAIN_STATE_WORDS,
    STATES,
    count,
    former_names,
    hours,
    is_open,
    no_day,
    services,
    state,
    step_day,
)
from .station_life import WORD, Life, reached
from .station_row import LedgerRow
from .station_services import SERVICES, crossed, says_ticks, ticked
from .station_titles import town_of, unit_of
from .station_twice import told_twice

# Before a step: the day on which it was to be, not that on which it was; a list of steps (计划、建成、开放) says none.
_MEANT = "(?:计划|预计|预定|拟|原定)(?![/、,])"
# What has a state of its own, which is none of the station.
_NOT_OF_IT = "设备|设施|网络|监控|审核|审批|填报|上报|数据|充电"
# Headings that ask whether the station is open; 夜间是否开放 and 是否开放（24小时） ask something else.
_IS_OPEN = tuple(
    f"{before}是否{word}"
    for before in ("", "驿站", "站点", "目前", "当前", "现")
    for word in (
        *("开放", "运营", "启用", "营业", "在用", "正常开放", "正常运营", "正常营业", "已开放", "已启用"),
        *("开放运营", "开放使用", "开放营业", "开放中"),
    )
)
_NOT_ALWAYS = "24小时|全天|夜|周末|节假"
# Below a heading over all services each of them has a column of its own to tick.
_ONE_OF_THEM = rf"(?:{'|'.join(SERVICES)}|其[他它])(?:服务)?$"
# Visits in another unit or of another time than a month: 万人次, 累计, 2025年, 日均, 1-12月; 2025年12月 is a month.
_NOT_A_MONTH = r"[万千天周旬季半均总]|日(?!常)|年(?!\d{1,2}月)|累计|合计|截[至止]|\d月?[至到~-]\d|[两二三四五六七八九十\d]个月"

COLUMNS = (
    Column("序号", ("序", "顺序号"), needed=False),
    Column("编号", ("驿站编号", "站点编号", "驿站代码"), needed=False),
    Column(
        "名称",
        ("驿站名称", "站点名称", "驿站", "驿站名"),
        alone=True,
        names=True,
        otherwise=("站名", "服务站点", "站点"),
    ),
    Column("曾用名", ("原名称", "原名", "原驿站名称", "旧名称"), needed=False),
    Column("类型", ("驿站类型", "站点类型", "类别", "驿站类别"), needed=False),
    Column(
        "县（市、区）",
        ("县", "县市区", "填报单位", "所属县（市、区）", "所属单位", "单位", "区县", "所属县市区"),
        needed=False,
    ),
    Column(
        "镇街",
        (
            "所属镇街",
            "乡镇（街道）",
            "乡镇",
            "镇（街道）",
            "乡镇街道",
            "街道",
            "所属乡镇（街道）",
            "所属乡镇",
            "街镇",
        ),
        needed=False,
        otherwise=(
            "所属镇",
            "所在镇",
            "所属街道",
            "所在街道",
            "所在乡镇",
            "乡镇/街道",
            "镇/街道",
            "镇、街道",
            "乡镇、街道",
        ),
    ),
    Column("地址", ("详细地址", "驿站地址", "所在地址", "具体地址"), needed=False),
    *COORDINATES,
    Column("服务内容", ("服务", "服务项目", "服务功能", "提供服务"), needed=False, never=_ONE_OF_THEM),
    Column("开放时间", ("营业时间", "服务时间", "开放时段", "运营时间"), needed=False, never=_MEANT),
    Column("运营单位", ("运营", "管理单位", "运营主体", "运营管理单位", "管理主体"), needed=False),
    Column(
        "状态", ("驿站状态", "运营状态", "开放状态", "当前状态", "使用状态"), needed=False, never=_NOT_OF_IT
    ),
    Column("是否开放", _IS_OPEN, needed=False, whole=True, never=_NOT_ALWAYS),
    Column("计划日期", ("计划", "计划时间", "规划日期"), needed=False),
    Column("建成日期", ("建成", "建成时间", "竣工日期"), needed=False, never=_MEANT),
    Column(
        "开放日期",
        ("开放",),
        needed=False,
        never=_MEANT,
        otherwise=("启用日期", "启用时间", "投用日期", "投用时间"),
    ),
    Column("暂停日期", ("暂停", "暂停时间", "停用日期", "停用时间"), needed=False, never=_MEANT),
    Column(
        "恢复开放日期",
        ("恢复日期", "恢复开放", "恢复时间", "恢复开放时间", "重新开放日期", "重新开放时间"),
        needed=False,
        never=_MEANT,
    ),
    Column(
        "关闭日期",
        ("关闭", "关闭时间", "关停日期", "关停时间", "撤站日期", "撤站时间"),
        needed=False,
        never=_MEANT,
    ),
    Column("最近核查", ("核查日期", "最近核查日期", "核查时间", "最近核查时间"), needed=False),
    Column("服务人次", ("月服务人次", "上月服务人次", "到站人次", "人次"), needed=False, never=_NOT_A_MONTH),
)
# What happened on the day of each column; 恢复开放日期 is an opening like the first.
STEPS = {
    "计划日期": "planned",
    "建成日期": "built",
    "开放日期": "opened",
    "暂停日期": "suspended",
    "恢复开放日期": "opened",
    "关闭日期": "closed",
}
# Columns in which a dash or 无 stands for a blank.
_MAY_SAY_NOTHING = ("编号", "曾用名", "经度", "纬度", "坐标", *STEPS, "最近核查", "服务人次")
# Columns that must not stand before these others, the nearest first.
NOT_BEFORE = {
    "建成日期": ("计划日期",),
    "开放日期": ("建成日期", "计划日期"),
    "暂停日期": ("开放日期", "建成日期", "计划日期"),
    "恢复开放日期": ("暂停日期", "开放日期", "建成日期", "计划日期"),
    "关闭日期": ("恢复开放日期", "暂停日期", "开放日期", "建成日期", "计划日期"),
}
MOST_VISITS = 1_000_000  # of one station in one month; above it the figure is of another unit or time
LONGEST_KIND = LONGEST_SERVICE = 20  # an address that filters by them holds no more
# What a list and a map can show of a station; more is no name but a description of it.
LONGEST = {"名称": 60, "曾用名": 60, "运营单位": 60, "地址": 120, "开放时间": 120}


@dataclass(frozen=True)
class Known:
    """What the store knows of places on the day of the import.

    ``units`` are the names of the 13, ``towns`` those of every town with the name of the unit of each in ``unit_of``;
    ``own_towns`` those of the ledger's unit alone. ``shape`` is the outline that the unit lies in (of a zone its
    parent's), ``shapes`` are all of them.
    """

    unit: str
    unit_name: str
    units: Names
    towns: Names
    own_towns: Names
    unit_of: Mapping[str, str]
    shape: Outline
    shapes: tuple[Outline, ...]

    @property
    def home(self) -> Home:
        """Where the places of the ledger should lie."""
        return Home(self.shape, self.unit_name, is_zone=self.shape.code != self.unit)


@dataclass(frozen=True)
class Ledger:
    """The ledger as read: rows in its order and every problem found; ``used`` are the cells outside the table that were
    read, ``by_number`` whether 编号 tells stations apart. ``doubts`` are the warnings that may explain the errors."""

    rows: tuple[LedgerRow, ...]
    problems: tuple[ProblemDraft, ...]
    used: tuple[tuple[int, int], ...]
    by_number: bool
    doubts: tuple[ProblemDraft, ...] = ()


def ledger_of(table: Table, known: Known, on: date, system: str | None = None) -> Ledger:
    """Read every row of the ledger of the day ``on``; ``system`` is what was said of coordinates beside the file."""
    declared = Declared.of(table, system)
    problems: list[ProblemDraft] = []
    places = SpotReader(problems, table=table, shapes=known.shapes, declared=declared)
    reader = _Reader(problems, table=table, known=known, on=on, places=places)
    told, blanks = without_empty_words(table.rows, _MAY_SAY_NOTHING)
    again = [row for row in told if is_header(row, COLUMNS, "名称")]
    unclear = list(unclear_columns(table, COLUMNS))
    problems += [*unclear, *blanks, *headers_again(again)]
    left = {row.place for row in again}
    own = [row for row in told if row.place not in left and not says_nothing(row, "名称")]
    rows = (
        [] if unclear else [reader.row(row) for row in own]
    )  # what a column lacks would be told of every row
    reader.check_twice(rows)
    problems += _visits_of_another_time(table)
    problems += [*_states_read(rows), *reader.told_months()]
    places.check([(row.spot, known.home) for row in rows if row.spot])
    if not own:
        advice = "请在表头下面逐行填写，一个驿站一行；也请检查是不是选错了文件。"
        problems.append(ProblemDraft(table.sheet.line(table.header[0]), "表头下面没有一个驿站", "", advice))
    return Ledger(
        rows=tuple(rows),
        problems=tuple(dict.fromkeys([*problems, *declared.problems()])),
        used=declared.used,
        by_number=reader.by_number(rows),
        doubts=tuple(places.doubts),
    )


# --- the rows ---------------------------------------------------------------------------------------


@dataclass
class _Reader(CellReader):
    """Reads row after row and collects what is wrong."""

    table: Table = field(kw_only=True)
    known: Known = field(kw_only=True)
    on: date = field(kw_only=True)
    places: SpotReader = field(kw_only=True)
    _months: dict[tuple[str, str], dict[str, tuple[Cell, date]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.problems += [p for row in self.table.rows for cell in row.cells.values() for p in cell.faults]

    def row(self, row: Row) -> LedgerRow:
        """What a row says, as far as it can be read."""
        self._check_unit(row["县（市、区）"])
        self._check_length(row)
        dated = self._in_its_month(row, {name: on for name in STEPS if (on := self._day(row, name))})
        self._check_order(row, dated)
        days = tuple(dict.fromkeys((STEPS[name], on) for name, on in dated.items()))
        unread = any((row[name].text or row[name].fault) and name not in dated for name in STEPS)
        return LedgerRow(
            cells=row,
            number=self.number(row["编号"]),
            name=self._name(row["名称"]),
            former=former_names(row["曾用名"].text),
            kind=self._kind(row["类型"]),
            town=self._town(row["镇街"]),
            address=_on_one_line(row["地址"].text),
            spot=self.places.spot(row),
            services=self._services(row),
            hours=self.read(row["开放时间"], lambda cell: hours(cell.text)) or "",
            operator=_on_one_line(row["运营单位"].text),
            state=self._state(row, days, unread=unread),
            days=days,
            visits=self._visits(row["服务人次"]),
            checked_on=self._day(row, "最近核查"),
            unread=unread,
            reopened=dated.get("恢复开放日期"),
        )

    def _check_length(self, row: Row) -> None:
        for column, most in LONGEST.items():
            cell = row[column]
            if not isinstance(cell.value, str) or len(cell.value) <= most:
                continue
            parts = former_names(cell.text) if column == "曾用名" else (cell.text,)
            if any(len(part) > most for part in parts):
                rule = f"{column}超过 {most} 个字，共 {max(map(len, parts))} 个字"
                self.refuse(cell, rule, f"请只写{column}；说明的话请放在不导入的列里，如“备注”。")

    def _name(self, cell: Cell) -> str:
        if not cell.text:
            self.refuse(cell, "名称不能为空", "请补上驿站的名称。")
        return _on_one_line(cell.text)

    def _kind(self, cell: Cell) -> str:
        kind = _on_one_line(cell.text)
        if len(kind) > LONGEST_KIND:
            self.refuse(cell, f"类型超过 {LONGEST_KIND} 个字", "请只写类型，如 党群服务中心。")
        return kind

    def _services(self, row: Row) -> str:
        """Those in words and those that are ticked; where one is in words and crossed out the words hold, which is told."""
        told = self._in_words(row["服务内容"])
        for service, cell in crossed(row):
            if service in told:
                rule = f"“服务内容”里有{service}，这一格说没有，按有读取"
                self.problems.append(cell.problem(rule, "写错了的请改正其中一格。", "warning"))
        return " ".join(dict.fromkeys([*told, *ticked(row)]))

    def _in_words(self, cell: Cell) -> list[str]:
        if says_ticks(cell):
            advice = "请写出服务的名称，如 饮水、充电；或者一项服务一列，列名写服务，格里打勾。"
            self.refuse(cell, "不知道是哪一项服务", advice)
            return []
        found = services(cell.text)
        long = [service for service in found.split() if len(service) > LONGEST_SERVICE]
        if long:
            rule = f"一项服务超过 {LONGEST_SERVICE} 个字：{'、'.join(shown(service) for service in long)}"
            self.refuse(cell, rule, "请一项一项写，用顿号隔开，如 饮水、充电、休息。")
        return found.split()

    def _visits(self, cell: Cell) -> int | None:
        found = self.figure(cell, lambda cell: count(cell.value))
        if found is not None and found > MOST_VISITS:
            rule = f"一个月的服务人次超过 {MOST_VISITS:,}"
            self.refuse(cell, rule, "这里要的是上个月一个驿站的人次，以“人次”计：请核对。")
        return found

    # --- whose it is ---------------------------------------------------------------------------------

    def _check_unit(self, cell: Cell) -> None:
        if not cell.text:
            return
        codes = unit_of(cell.text, self.known.units)
        if not codes:
            advice = self.known.units.advice(str(cell.value), "请写 13 个填报单位之一的全称、简称或代码。")
            self.refuse(cell, f"没有叫“{shown(cell.text)}”的填报单位", advice)
        elif self.known.unit not in codes:
            rule = f"这一行不是{self.known.unit_name}的"
            self.refuse(cell, rule, "一份台账只收一个填报单位的驿站：请改正，或移到那个单位的台账里。")

    def _town(self, cell: Cell) -> str:
        if not cell.text:
            return ""
        own = town_of(cell.text, self.known.own_towns, self.known.units, self.known.unit)
        if len(own) == 1:
            return next(iter(own))
        elsewhere = town_of(cell.text, self.known.towns, self.known.units)
        if elsewhere:
            whose = "、".join(dict.fromkeys(self.known.unit_of[code] for code in sorted(elsewhere)))
            self.refuse(
                cell,
                f"这个镇街属于{whose}，不属于{self.known.unit_name}",
                "请改正镇街，或把这一行移到那个单位的台账里。",
            )
        else:
            said = f"{self.known.unit_name}没有叫“{shown(cell.text)}”的镇街"
            self.refuse(cell, said, self._town_advice(str(cell.value)))
        return ""

    def _town_advice(self, text: str) -> str:
        """The nearest towns of the unit, else those of other units with whose they are."""
        near = self.known.towns.near_codes(text)
        if self.known.own_towns.near(text) or not near:
            otherwise = f"请写{self.known.unit_name}的镇街，名称可以在“驿站”页的镇街筛选里查找。"
            return self.known.own_towns.advice(text, otherwise)
        titles = (f"{self.known.towns.titles[code]}（属于{self.known.unit_of[code]}）" for code in near)
        return f"{unseen(text)}是不是 {'、'.join(titles)}？是的，请把这一行移到那个单位的台账里。"

    # --- when ----------------------------------------------------------------------------------------

    def _state(self, row: Row, days: Life, *, unread: bool) -> str | None:
        """What 状态 says and, where that is blank, 是否开放; both must agree. 否 says not which state it is: where no day of
        the row does, it is a problem, unless a day of it could not be read."""
        told, cell = self.read(row["状态"], lambda own: state(own.text)), row["是否开放"]
        answer = self.read(cell, lambda own: is_open(own.text))
        if answer is None or (row["状态"].text and told is None):
            return told
        if told:
            if not (told != "opened" if answer == "shut" else told == answer):
                self.refuse(cell, f"与状态“{shown(row['状态'].text)}”矛盾", "请改正其中一格。")
            return told
        if answer != "shut":
            return answer
        last = reached(days)
        if last and last[0] != "opened":
            return last[0]
        if not unread:
            advice = "请在这一格或“状态”列写 计划、建成、暂停 或 关闭，知道日子的写在日期列里。"
            self.refuse(cell, "没有开放，不知道是哪一种", advice)
        return None

    def _check_order(self, row: Row, dated: Mapping[str, date]) -> None:
        """Days that stand before those of the steps before them."""
        for name, before in NOT_BEFORE.items():
            earlier = next(
                (b for b in before if name in dated and b in dated and dated[name] < dated[b]), None
            )
            if earlier:
                self.refuse(row[name], f"{name}早于{earlier} {dated[earlier]}", "请核对这两个日期。")

    def _day(self, row: Row, column: str) -> date | None:
        """The day of a cell, a month alone as its last day; None when it is empty, none, or still to come."""
        cell = row[column]
        if not cell.text:
            return None
        try:
            found = step_day(cell.value, last=True)
        except ValueError:
            wrong = no_day(cell.value)
            self.refuse(cell, wrong.rule, wrong.advice)
            return None
        found = self.on if _is_this_month(cell, found, self.on) else found
        if found > self.on:
            advice = (
                "这里只写已经发生的日子：请改正，还没有到的留空；台账如果是更晚的，请用 --on 写明它的日子。"
            )
            self.refuse(cell, f"晚于台账的日子 {self.on}", advice)
            return None
        self.tell_full_width(cell, found)
        if (month_ends := _month_end(cell)) is not None:
            taken_for = "月末" if found == month_ends else "台账的日子"  # of a month that has not ended
            self._months.setdefault((column, taken_for), {})[cell.place] = (cell, found)
        return found

    def _in_its_month(self, row: Row, dated: dict[str, date]) -> dict[str, date]:
        """The steps with those told as a month alone not after one that follows in the same month."""
        if not self._months:
            return dated
        steps = list(dated)
        for at, step in reversed(list(enumerate(steps))):
            cell, day = row[step], dated[step]
            after = [
                d
                for d in (dated[one] for one in steps[at + 1 :])
                if (d.year, d.month) == (day.year, day.month)
            ]
            if after and min(after) < day and _month_end(cell) is not None:
                dated[step] = min(after)
                for places in (p for (column, _), p in self._months.items() if column == step):
                    places.pop(cell.place, None)
                self._months.setdefault((step, "同月下一步的日子"), {})[cell.place] = (cell, min(after))
        return dated

    def told_months(self) -> Iterator[ProblemDraft]:
        """Columns in which days are told as months alone, with how many and what the first was taken for."""
        for (column, taken_for), cells in self._months.items():
            if not cells:
                continue
            cell, found = next(iter(cells.values()))
            rule = f"“{column}”列有 {len(cells)} 格只写到月，按{taken_for}记（这一格是 {found}）"
            yield ProblemDraft(cell.place, rule, "", "知道哪一天的请写上。", "warning")

    # --- row against row -----------------------------------------------------------------------------

    def by_number(self, rows: Sequence[LedgerRow]) -> bool:
        """Whether 编号 tells stations apart; 1, 2, 3 down the column only counts rows."""
        return any(row.number for row in rows) and not _is_running([row.number for row in rows])

    def check_twice(self, rows: Sequence[LedgerRow]) -> None:
        """Stations that stand in the ledger twice; a column of numbers that only count rows is told."""
        by_number = self.by_number(rows)
        if any(row.number for row in rows) and not by_number:
            at = (self.table.header[1], self.table.columns["编号"])
            advice = "要按编号认驿站，请写不会随行变动的编号。"
            rule = "“编号”列只是 1、2、3 的行号，按序号处理，不用来认驿站"
            self.problems.append(
                ProblemDraft(self.table.sheet.place(at, "编号"), rule, "", advice, "warning")
            )
        self.problems += told_twice(rows, by_number=by_number)


_VISITS = next(column for column in COLUMNS if column.name == "服务人次")


def _visits_of_another_time(table: Table) -> Iterator[ProblemDraft]:
    """Why columns of visits were not read, where the ledger has no other: they are not those of a month."""
    for column, heading in table.unread if "服务人次" not in table.columns else ():
        if "人次" in heading and _VISITS.is_other(heading):
            where = table.sheet.place((table.header[1], column), heading)
            rule = f"“{heading}”没有读取：服务人次要的是上个月的人次"
            advice = "不要累计的、全年的、日均的，也不要以万计的：请写一列“服务人次”，填上个月数出来的数。"
            yield ProblemDraft(where, rule, "", advice, "warning")


def _states_read(rows: Sequence[LedgerRow]) -> Iterator[ProblemDraft]:
    """Words for a state that need a judgement, each told once with what it was taken for."""
    found: dict[str, list[LedgerRow]] = {}
    for row in rows:
        word = comparable(row.state_cell.text)
        if row.state and word in STATES and word not in PLAIN_STATE_WORDS:
            found.setdefault(word, []).append(row)
    for alike in found.values():
        cell, state = alike[0].state_cell, alike[0].state
        rule = f"状态“{shown(cell.text)}”按“{WORD[state or '']}”读（{len(alike)} 行）"
        advice = f"不对的，请写 {'、'.join(WORD.values())} 之一。"
        yield ProblemDraft(cell.place, rule, "", advice, "warning")


def _is_this_month(cell: Cell, found: date, on: date) -> bool:
    """Whether the cell names only the month of the ledger, which has not ended."""
    whole = isinstance(cell.value, date) or found <= on or (found.year, found.month) != (on.year, on.month)
    return not whole and step_day(cell.value, last=False) <= on


def _month_end(cell: Cell) -> date | None:
    """The last day of the month that the cell names without a day; None where it tells a day, or 月底."""
    first, last = (step_day(cell.value, last=last) for last in (False, True))
    return last if first != last else None


def _is_running(numbers: Sequence[str]) -> bool:
    return len(numbers) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _on_one_line(text: str) -> str:
    return text.replace("\n", "")
