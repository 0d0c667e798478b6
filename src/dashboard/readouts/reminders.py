"""催报: for what is late or silent, one text for each organisation that can move it.

It asks for nothing new: only for what is owed already, by the list, by the day of the monthly return. Readouts in,
Chinese texts out; names organisations and never a person. Knows no screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..figures import day_text
from ..lights import SEVERITY
from ..periods import Period
from ..returning import PROGRESS_RETURN_DAY, last_due_period
from .measures import Duty, ListReadout, MeasureReadout
from .returned import Returned, Returning

# The office that writes, in the catalogue of organisations.
SENDER = "D-SWB"
LATE = ("overdue", "far_behind", "behind")
WORKING_DAYS = 5
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Letter:
    """What every text has in common.

    ``names`` are full names by code, ``order`` the official one, ``lights`` the names of the lights; ``leads`` and
    ``starts`` by number of the measure, a start never before the list itself was in force.
    """

    day: date
    names: Mapping[str, str]
    order: Sequence[str]
    lights: Mapping[str, str]
    leads: Mapping[str, tuple[str, ...]]
    starts: Mapping[str, date]
    demo: bool


@dataclass(frozen=True)
class Reminder:
    """The text for one organisation: how many of its assignments are ``late``, how many others ``silent``.

    ``figures``: whether its monthly figures are owed as well; ``copied`` are the leads that get a copy.
    """

    organisation: str
    late: int
    silent: int
    figures: bool
    copied: tuple[str, ...]
    text: str

    @property
    def count(self) -> int:
        """How many things it is asked for."""
        return self.late + self.silent + self.figures


@dataclass(frozen=True)
class _Owed:
    """One assignment that is late or silent. ``silent``: its progress of the last month that is due is missing."""

    measure: MeasureReadout
    duty: Duty
    silent: bool


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


def _owed(found: ListReadout | None, letter: Letter) -> dict[str, list[_Owed]]:
    """What each organisation owes of the list, the worst light first, then in the order of the list."""
    if found is None:
        return {}
    period = last_due_period(letter.day, "month", PROGRESS_RETURN_DAY)
    by_number = {m.number: m for m in found.measures}
    owed: dict[str, list[_Owed]] = {}
    for duty in sorted(found.duties, key=lambda d: SEVERITY.index(d.light)):
        # For a month before its start, or before the list, nothing was to be reported.
        begun = letter.starts.get(duty.number, date.min) <= period.end
        silent = begun and duty.silent
        if duty.light in LATE or silent:
            owed.setdefault(duty.organisation, []).append(_Owed(by_number[duty.number], duty, silent))
    return owed


def _reminder(
    code: str,
    found: ListReadout | None,
    owed: Sequence[_Owed],
    figures: tuple[Returning | None, Returned | None],
    letter: Letter,
) -> Reminder:
    late = sum(o.duty.light in LATE for o in owed)
    led = {lead for o in owed for lead in letter.leads.get(o.measure.number, ())} - {code, SENDER}
    copied = tuple(c for c in letter.order if c in led)
    parts = [*_sections(owed, letter), *_figures(*figures)]
    numbered = [f"{_NUMERALS[i]}、{part}" for i, part in enumerate(parts)]
    lines = [
        *_opening(code, found, owed, letter),
        *numbered,
        *_closing(code, letter),
        *([f"抄送：{'、'.join(letter.names[c] for c in copied)}"] if copied else []),
    ]
    return Reminder(code, late, len(owed) - late, figures[1] is not None, copied, "\n".join(lines) + "\n")


def _opening(code: str, found: ListReadout | None, owed: Sequence[_Owed], letter: Letter) -> Iterator[str]:
    if letter.demo:
        yield "【演示数据，非真实】"
    yield "关于任务清单进展情况的催报函" if owed else "关于月度数据的催报函"
    yield ""
    yield f"{letter.names[code]}："
    own = _own(code)
    if found is None or not owed:
        yield f"　　截至{day_text(letter.day)}，{own}尚有以下数据未报送，请予支持："
        return
    counts = "、".join(
        f"{_called(light, letter)}{count}条"
        for light in SEVERITY
        if (count := sum(o.duty.light == light for o in owed))
    )
    yield (
        f"　　截至{day_text(letter.day)}，《{_title(found)}》中由{own}负责的措施，"
        f"其中{len(owed)}条逾期、滞后或未报送（{counts}）。为便于{own}对照办理，现将情况列后："
    )


def _called(light: str, letter: Letter) -> str:
    """The name of the light; where it does not say itself that nothing was reported, that is added."""
    return letter.lights[light] + ("" if light in (*LATE, "not_reported") else "而未报送")


def _title(found: ListReadout) -> str:
    """The title of the list, which says that it is not the official one when it is not."""
    label = "（示例，非官方清单）"
    return found.title if found.official or label in found.title else f"{found.title}{label}"


def _own(code: str) -> str:
    """How the organisation is addressed; the office that writes does not call itself 贵单位."""
    return "本部" if code == SENDER else "贵单位"


def _sections(owed: Sequence[_Owed], letter: Letter) -> Iterator[str]:
    """One for each light, the worst first, with its measures."""
    period = last_due_period(letter.day, "month", PROGRESS_RETURN_DAY)
    for light in SEVERITY:
        rows = [o for o in owed if o.duty.light == light]
        if rows:
            items = [_item(i, o, period) for i, o in enumerate(rows, start=1)]
            yield "\n".join([f"{_called(light, letter)}（{len(rows)}条）", *items])


def _item(place: int, owed: _Owed, period: Period) -> str:
    duty = owed.duty
    due = "长期坚持" if owed.measure.standing or duty.due is None else day_text(duty.due)
    return "\n".join(
        (
            f"{place}．措施{duty.number}：{owed.measure.text}",
            f"　　完成时限：{due}。目前进展：{_progress(duty)}。亮灯原因：{duty.reason}。",
            f"　　请{'；'.join(_asked(owed, period))}。",
        )
    )


def _progress(duty: Duty) -> str:
    """Where it stands, with the month that this was said of."""
    if duty.period is None:
        return "尚未报送"
    if duty.percent is None:
        return f"未报进度（{duty.period.text}）"
    return f"{duty.percent:g}%（{duty.period.text}）"


def _asked(owed: _Owed, period: Period) -> Iterator[str]:
    """What is asked, each of it owed already: the progress, why it is late and what comes next, or the day it was done."""
    if owed.silent:
        yield f"报送{period.text}进展"
    if owed.duty.light in LATE:
        finished = owed.duty.percent is not None and owed.duty.percent >= 100
        yield "补填完成日期" if finished else "说明原因和下一步"


def _figures(returning: Returning | None, unit: Returned | None) -> Iterator[str]:
    """The monthly figures, where the unit owes them."""
    if returning is None or unit is None:
        return
    if unit.silent_for is None:
        since = "，近一年也未收到过"
    else:
        since = f"，已连续{unit.silent_for}个月未报送" if unit.silent_for > 1 else ""
    month, due = returning.period.text, day_text(returning.due)
    yield f"月度数据\n　　{month}的月度数据应于{due}前报送，尚未收到{since}。\n　　请报送{month}数据。"


def _closing(code: str, letter: Letter) -> Iterator[str]:
    by = day_text(answer_by(letter.day))
    yield ""
    yield (
        f"　　请于{by}前（{WORKING_DAYS}个工作日内，遇法定节假日顺延）按现有渠道报送，不另行填表；"
        f"在此期间已经报送的，无需重复。感谢{'大家的' if code == SENDER else '贵单位的'}支持。"
    )
    yield ""
    yield letter.names[SENDER]
    yield day_text(letter.day)
