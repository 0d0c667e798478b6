"""催报: for what is late or silent, one text for each organisation that can move it.

It asks for nothing new: only for what is owed already, by the list, by the day of the monthly return, and not for
what the organisation has said: that is quoted. Readouts in, Chinese texts out, written as offices write to each
other (函) and not in the words of a screen; the office that writes reminds itself by a note. Names organisations and
never a person. Whose telephone stands below is for the office to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..catalogue import LightRule
from ..figures import day_text
from ..lights import SEVERITY, gap_points, percent_text
from ..periods import Period, of
from ..returning import PROGRESS_RETURN_DAY, due_day, last_due_period
from .choice import LATE
from .last_said import LastSaid
from .measures import Duty, ListReadout
from .returned import Returned, Returning

# The office that writes, in the catalogue of organisations.
SENDER = "D-SWB"
# Whose leads get a copy: silence alone is no matter for them.
_COPIED = ("overdue", "far_behind")
WORKING_DAYS = 5
# A list of more silent measures than this has no sentence longer than so many characters.
_LONG_LIST = 10
_SENTENCE = 48
_NUMERALS = "一二三"
_PROGRAMME = "“小马拉大车”重点任务"
# What is asked of a late measure, by what its last return left out. A finished one lacks its day alone, and one whose
# cause and next step are told is to be done, or to say how far it is.
_UNDATED = "请补填完成日期"
# By whether its problem and its next step are told.
_BY_TOLD = {
    (False, False): "请说明原因和下一步安排",
    (False, True): "请说明原因",
    (True, False): "请说明下一步安排",
    (True, True): "请抓紧办理，已完成的补填完成日期，未完成的更新进度",
}
_REQUESTS = (*list(_BY_TOLD.values())[:3], _UNDATED, _BY_TOLD[True, True])


@dataclass(frozen=True)
class Letter:
    """What every text has in common.

    ``names`` are full names by code, ``order`` the official one, ``rule`` the one by which a gap is told; ``leads``
    by number of the measure, ``said`` by number and organisation what was said last.
    """

    day: date
    names: Mapping[str, str]
    order: Sequence[str]
    rule: LightRule
    leads: Mapping[str, tuple[str, ...]]
    said: Mapping[tuple[str, str], LastSaid]
    demo: bool


@dataclass(frozen=True)
class Reminder:
    """The text for one organisation, and how many of its assignments are overdue, far behind, behind and silent.

    What is overdue and silent counts with both. ``count``: how many things it is asked for, each once;
    ``figures``: whether its monthly figures are owed as well; ``copied`` are the leads that get a copy, none of a
    note to the office itself.
    """

    organisation: str
    overdue: int
    far_behind: int
    behind: int
    silent: int
    figures: bool
    count: int
    copied: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class NotYetOwed:
    """How many measures read 未报送 and are asked of nobody yet, and the first return day among theirs."""

    measures: int
    by: date


@dataclass(frozen=True)
class _Owed:
    """One assignment that is late or silent. ``silent``: its progress of the last month that is due is missing.

    ``place`` is that of its measure in the list, ``text`` the measure's sentence, ``said`` what it said last.
    """

    place: int
    text: str
    duty: Duty
    silent: bool
    said: LastSaid

    @property
    def late(self) -> bool:
        return self.duty.light in LATE

    @property
    def finished(self) -> bool:
        """All done by its own words, only the day is missing."""
        duty = self.duty
        return duty.percent is not None and duty.percent >= 100 and duty.completed_on is None

    @property
    def request(self) -> str:
        """What is asked of it when it is late, one of _REQUESTS."""
        told = bool(self.said.problem), bool(self.said.next_step)
        return _UNDATED if self.finished else _BY_TOLD[told]


def answer_by(day: date) -> date:
    """The day by which an answer is asked for: the fifth working day after the day of the text.

    Saturdays and Sundays do not count; public holidays are not known here, and the text says that they do not
    count either. It is never shortened to a monthly return day that comes before.
    """
    found, left = day, WORKING_DAYS
    while left:
        found += timedelta(days=1)
        left -= found.weekday() < 5
    return found


def reminders(found: ListReadout | None, returning: Returning | None, letter: Letter) -> tuple[Reminder, ...]:
    """One text for each organisation that owes something, in the official order; none for who owes nothing.

    ``found`` None: no list yet; ``returning`` None: nobody is asked for monthly figures.
    """
    owed = _owed(found, letter)
    figures = {u.code: u for u in returning.units if u.state == "silent"} if returning else {}
    place = {code: i for i, code in enumerate(letter.order)}
    codes = sorted({*owed, *figures}, key=lambda code: (place.get(code, len(place)), code))
    return tuple(
        _reminder(code, found, owed.get(code, []), (returning, figures.get(code)), letter) for code in codes
    )


def not_yet_owed(found: ListReadout | None, day: date) -> NotYetOwed | None:
    """What a screen calls 未报送 while its first return day has not passed; None when there is no such thing.

    A measure asks for progress from the month in which both it and the list began, by that month's return day.
    """
    if found is None:
        return None
    starts = found.asks_from
    numbers = {d.number for d in found.duties if d.light == "not_reported" and not _owes(d, found, day)}
    if not numbers:
        return None
    first = min(starts[number] for number in numbers)
    return NotYetOwed(len(numbers), due_day(of("month", first), PROGRESS_RETURN_DAY))


def _owes(duty: Duty, found: ListReadout, day: date) -> bool:
    """Whether progress is missing that was owed: for a month before its start, or before the list, nothing was."""
    begun = found.asks_from[duty.number] <= _period(day).end
    return begun and duty.silent


def _period(day: date) -> Period:
    """The month whose progress is due."""
    return last_due_period(day, "month", PROGRESS_RETURN_DAY)


def _owed(found: ListReadout | None, letter: Letter) -> dict[str, list[_Owed]]:
    """What each organisation owes of the list, the worst light first, then in the order of the list."""
    if found is None:
        return {}
    told = {m.number: (place, m.text) for place, m in enumerate(found.measures)}
    owed: dict[str, list[_Owed]] = {}
    for duty in sorted(found.duties, key=lambda d: SEVERITY.index(d.light)):
        said = letter.said.get((duty.number, duty.organisation), LastSaid("", ""))
        one = _Owed(*told[duty.number], duty, _owes(duty, found, letter.day), said)
        if one.late or one.silent:
            owed.setdefault(duty.organisation, []).append(one)
    return owed


def _reminder(
    code: str,
    found: ListReadout | None,
    owed: Sequence[_Owed],
    figures: tuple[Returning | None, Returned | None],
    letter: Letter,
) -> Reminder:
    counts = {light: sum(o.duty.light == light for o in owed) for light in LATE}
    led = {lead for o in owed if o.duty.light in _COPIED for lead in letter.leads.get(o.duty.number, ())}
    copied = () if code == SENDER else tuple(c for c in letter.order if c in led - {code, SENDER})
    missing = _figures(*figures, letter.day)
    lines = [
        *_heading(code, owed, missing, letter),
        _opening(code, found, owed, missing, letter),
        *_sections(owed, missing, letter),
        *_closing(code, letter),
        *(["", f"抄送：{'、'.join(letter.names[c] for c in copied)}。"] if copied else []),
    ]
    return Reminder(
        organisation=code,
        **counts,
        silent=sum(o.silent for o in owed),
        figures=figures[1] is not None,
        count=len(owed) + (figures[1] is not None),
        copied=copied,
        text="\n".join(lines) + "\n",
    )


def _heading(code: str, owed: Sequence[_Owed], missing: str, letter: Letter) -> Iterator[str]:
    """The title, and whom it is for: a note that stays in the house is for nobody else."""
    yield f"{_named(code, owed, missing, letter)}{'（演示数据）' if letter.demo else ''}"
    yield ""
    if code != SENDER:
        yield f"{letter.names[code]}："


def _named(code: str, owed: Sequence[_Owed], missing: str, letter: Letter) -> str:
    """催办 where something is late, 催报 where something was not reported, both where it is both."""
    late, unreported = any(o.late for o in owed), bool(missing) or any(o.silent for o in owed)
    listed = [_PROGRAMME if late else f"{_PROGRAMME}进展"] if owed else []
    figures = [f"{_period(letter.day).text}月度数据"] if missing else []
    about = f"关于{'' if late else '报送'}{'和'.join(listed + figures)}的"
    if code == SENDER:
        return f"{about}内部提醒"
    return f"{about}{'催报' if unreported else ''}{'催办' if late else ''}函"


def _opening(
    code: str, found: ListReadout | None, owed: Sequence[_Owed], missing: str, letter: Letter
) -> str:
    """One sentence that names only what is there."""
    day = day_text(letter.day)
    own, told = ("本部", "现提醒") if code == SENDER else ("贵单位", "现函告")
    if found is None or not owed:
        return f"　　{own}{missing}。"
    counts = "、".join(_counts(owed, _period(letter.day)))
    also = f"，{_period(letter.day).text}月度数据尚未报送" if missing else ""
    return f"　　按照《{_title(found)}》要求，截至{day}，{own}负责的措施中，有{counts}{also}，{told}如下："


def _counts(owed: Sequence[_Owed], period: Period) -> Iterator[str]:
    """The counts above nought: overdue, behind with those far behind, silent with those that are overdue too."""
    lights = [o.duty.light for o in owed]
    overdue, far = lights.count("overdue"), lights.count("far_behind")
    behind = far + lights.count("behind")
    silent = sum(o.silent for o in owed)
    both = sum(o.silent and o.late for o in owed)
    if overdue:
        yield f"{overdue}条已逾期"
    if behind == far > 0:
        yield f"{far}条严重滞后"
    elif behind:
        yield f"{behind}条滞后" + (f"（含严重滞后{far}条）" if far else "")
    if silent:
        yield f"{silent}条未报送{period.text}进展" + (f"（其中{both}条已逾期）" if both else "")


def _title(found: ListReadout) -> str:
    """The title of the list, which says that it is not the official one when it is not."""
    label = "（示例，非官方清单）"
    return found.title if found.official or label in found.title else f"{found.title}{label}"


def _sections(owed: Sequence[_Owed], missing: str, letter: Letter) -> Iterator[str]:
    """What is late, what was not reported, the monthly figures; a single one needs no heading."""
    late, silent = [o for o in owed if o.late], [o for o in owed if o.silent]
    parts: list[tuple[str, list[str]]] = []
    if late:
        parts.append((f"{_called(late)}的措施", [*_late(late, letter), f"　　{_asked(late)}"]))
    if silent:
        parts.append((f"未报送{_period(letter.day).text}进展的措施", [*_silent(silent, _period(letter.day))]))
    if owed and missing:
        parts.append(("未报送的月度数据", [f"　　{missing}。"]))
    for place, (name, lines) in enumerate(parts):
        if len(parts) > 1:
            yield f"　　{_NUMERALS[place]}、{name}"
        yield from lines


def _called(late: Sequence[_Owed]) -> str:
    """已逾期, 滞后 or both: never a word for what is not there."""
    overdue = {o.duty.light == "overdue" for o in late}
    return "已逾期或滞后" if len(overdue) > 1 else "已逾期" if True in overdue else "滞后"


def _late(owed: Sequence[_Owed], letter: Letter) -> Iterator[str]:
    """Each with its day, how late it is, where it stands and what was said of it last."""
    brief = len(owed) > _LONG_LIST
    for one in owed:
        duty = one.duty
        due = "" if duty.due is None else f"完成时限{day_text(duty.due)}，"
        told = f"{due}{_lateness(duty, letter.rule, letter.day)}；{_reported(one)}。"
        yield f"　　{duty.number}　{_brief(one.text) if brief else _sentence(one.text)}{told}"


def _sentence(text: str) -> str:
    """With one stop behind it, whether the list wrote it or not."""
    return text.rstrip("。；") + "。"


def _lateness(duty: Duty, rule: LightRule, day: date) -> str:
    if duty.light == "overdue" and duty.due is not None:
        return f"已逾期{(day - duty.due).days}天"
    return f"进度落后于时间进度{gap_points(duty.late, rule)}个百分点"


def _reported(one: _Owed) -> str:
    """How far it is, what stands in the way and what comes next by its last return, with the month of that."""
    duty, said = one.duty, one.said
    if duty.period is None:
        return "尚未报送进展"
    told = ["未填进度" if duty.percent is None else f"进度{percent_text(duty.percent)}%"]
    if said.problem:
        told.append(f"存在问题“{said.problem}”")
    if said.next_step:
        told.append(f"下一步“{said.next_step}”")
    return f"{duty.period.text}报送：{'，'.join(told)}"


def _asked(late: Sequence[_Owed]) -> str:
    """What is asked, each request once with its measures: all of them need no number, the last of several is 其余."""
    wanted = {r: [o.duty.number for o in late if o.request == r] for r in _REQUESTS}
    asked = [(request, numbers) for request, numbers in wanted.items() if numbers]
    if len(asked) == 1:
        return f"{asked[0][0]}。"
    *named, (rest, _) = asked
    return "；".join([*(f"{'、'.join(numbers)}{request}" for request, numbers in named), f"其余{rest}。"])


def _silent(owed: Sequence[_Owed], period: Period) -> Iterator[str]:
    """The request once, then a plain list in the order of the list of measures."""
    brief = len(owed) > _LONG_LIST
    yield f"　　请报送下列措施{period.text}的进展："
    for one in sorted(owed, key=lambda o: o.place):
        yield f"　　{one.duty.number}　{_brief(one.text) if brief else _sentence(one.text)}"


def _brief(text: str) -> str:
    """The sentence, or as many of its characters as a line takes, and a sign that it goes on."""
    return _sentence(text) if len(text) <= _SENTENCE else f"{text[:_SENTENCE].rstrip('，、；。')}……"


def _figures(returning: Returning | None, unit: Returned | None, day: date) -> str:
    """What is asked of the unit's monthly figures, a sentence without its stop; empty when they are not owed."""
    if returning is None or unit is None:
        return ""
    if unit.silent_for is None:
        since = "，近一年均未收到"
    else:
        since = f"，已连续{unit.silent_for}个月未报送" if unit.silent_for > 1 else ""
    month, due = returning.period.text, day_text(returning.due)
    return f"{month}月度数据应于{due}前报送，截至{day_text(day)}尚未收到{since}，请予补报"


def _closing(code: str, letter: Letter) -> Iterator[str]:
    yield f"　　请于{day_text(answer_by(letter.day))}前按现有渠道报送（遇法定节假日顺延），此前已报送的不再重复报送。"
    if code != SENDER:
        yield "　　特此函告。"
    yield ""
    yield letter.names[SENDER]
    yield day_text(letter.day)
