"""What the cells of a ledger of stations say: degrees, hours, services, states, counts. Pure; knows no table.

Each reads what can be read with certainty; for the rest it raises UnreadableError, which says what is wrong and what
to write instead.
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache

from .cells import YEARS, Value, clean, comparable, day, spelt
from .station_blanks import NOTHING

ALL_DAY = "00:00-24:00"

# The states in the order of a life line, and the words by which offices tell them; the first is ours.
STATE_WORDS = {
    "planned": "计划 规划 计划中 规划中 拟建 筹建 筹建中 在建 建设中 待建".split(),
    "built": "建成 已建成 已建 建成未开放 待开放 未开放 待启用 未启用".split(),
    "opened": "开放 已开放 开放中 运营 运营中 正常 正常运营 正常开放 在用 使用中 已启用 启用 营业 营业中 恢复开放".split(),
    "suspended": "暂停 已暂停 暂停开放 暂停运营 暂停服务 停用 暂时关闭 临时关闭 整修 装修中".split(),
    "closed": "关闭 已关闭 关停 已关停 撤销 已撤销 撤站 取消 已取消 停办".split(),
}
STATES = {comparable(word): state for state, words in STATE_WORDS.items() for word in words}
# The words the README names, whose meaning nobody doubts; the others are read, and how is told.
PLAIN_STATE_WORDS = frozenset(
    "计划 计划中 建成 已建成 已建 开放 已开放 开放中 正常 正常运营 运营 运营中 在用 恢复开放 "
    "暂停 已暂停 暂停开放 停用 关闭 已关闭 关停 撤销".split()
)


class UnreadableError(ValueError):
    """The cell does not say what it should: the rule it breaks, and the way out."""

    def __init__(self, rule: str, advice: str) -> None:
        super().__init__(rule)
        self.rule, self.advice = rule, advice


class MinutesError(UnreadableError):
    """Degrees with minutes: ``decimal`` is what they would be."""

    def __init__(self, rule: str, decimal: float) -> None:
        super().__init__(rule, f"请改写成十进制的度：{decimal:.6f}。")
        self.decimal = decimal


def full_width(text: str) -> bool:
    """Whether it holds figures or signs of double width: ２５, １１８．５８."""
    return any(c != "\u3000" and unicodedata.east_asian_width(c) == "F" for c in text)


# --- degrees ----------------------------------------------------------------------------------------

# Before NFKC, which would make letters and blanks of some of them.
_SIGNS = str.maketrans({
    **dict.fromkeys("º˚度", "°"),
    **dict.fromkeys("′’‘´分", "'"),
    **dict.fromkeys("″”“秒", '"'),
})  # fmt: skip
_SIDE = re.compile(r"^(?:东经|北纬|经度|纬度|[ENen])[:]?|[ENen]$")
_DECIMAL = re.compile(r"[+-]?\d{1,8}(?:\.\d*)?°?")
# 118°35′12″, 118:35:12, 118-35-12, 118.35.12, 118 35 12 and the same without seconds.
_SEXAGESIMAL = re.compile(
    r"(\d{1,3})(?:[°:]|-(?=\d)| )(\d{1,2}(?:\.\d+)?)(?:(?:['\":]|-(?=\d)| )(?:(\d{1,2}(?:\.\d+)?)(?:\"|'')?)?)?"
    r"|(\d{1,3})\.(\d{1,2})\.(\d{1,2}(?:\.\d+)?)"
)


def degrees(value: Value) -> float:
    """Degrees as a number; figures of double width, 118.58°, 东经118.58 and E118.58 are read.

    Degrees with minutes are not: the value they would be is told. Raises UnreadableError.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return _unpacked(float(value))
    even = " ".join(unicodedata.normalize("NFKC", clean(spelt(value)).translate(_SIGNS)).split())
    plain = _SIDE.sub("", "".join(even.split()))
    if _DECIMAL.fullmatch(plain):
        return _unpacked(float(plain.rstrip("°")))
    apart = re.sub(r" ?([°:'\".-]) ?", r"\1", _SIDE.sub("", even).strip())
    if found := _SEXAGESIMAL.fullmatch(plain) or _SEXAGESIMAL.fullmatch(apart):
        _tell_minutes(*(part for part in found.groups()[3 if found[4] else 0 :]))
    raise UnreadableError("坐标不是数", "请写成十进制的度，如经度 118.586，纬度 24.908。")


def _unpacked(number: float) -> float:
    """The number, unless it is degrees and minutes, or seconds too, written without a sign: 11835.2, 1183512."""
    whole = int(abs(number))
    if whole >= 100_000 and number == whole:
        _tell_minutes(str(whole // 10_000), str(whole // 100 % 100), str(whole % 100))
    elif whole >= 1_000:
        _tell_minutes(str(whole // 100), f"{abs(number) % 100:.6f}".rstrip("0").rstrip("."), None)
    return number


def _tell_minutes(*parts: str | None) -> None:
    """Raises UnreadableError with the degrees these are, when they can be degrees, minutes and seconds."""
    whole, minutes, seconds = (float(part or 0) for part in parts[:3])
    if whole <= 180 and minutes < 60 and seconds < 60:
        what = "度分秒" if parts[2] else "度分"
        said = f"{parts[0]}°{parts[1]}′{f'{parts[2]}″' if parts[2] else ''}"
        decimal = round(whole + minutes / 60 + seconds / 3600, 6)
        raise MinutesError(f"坐标写成了{what}（{said}）", decimal)


_PAIR = re.compile(r"(.+?)[,;/、|\s]+(.+)", re.DOTALL)


def pair(text: str) -> tuple[str, str]:
    """The two halves of a 坐标 cell, 118.58,24.91 or (118.58 24.91). Raises UnreadableError."""
    plain = re.sub(r"[，；]", ",", text.translate(str.maketrans("（）【】", "()[]"))).strip("()[] ")
    found = _PAIR.fullmatch(plain)
    if found is None:
        raise UnreadableError("坐标应是经度和纬度两个数", "请写成 118.586,24.908 的样子，经度在前。")
    return found[1], found[2]


def both_degrees(text: str) -> tuple[float, float]:
    """The degrees of a 坐标 cell as they stand; of two with minutes both are told. Raises UnreadableError."""
    one, other = pair(text)
    try:
        first = degrees(one)
    except MinutesError as error:
        try:
            degrees(other)
        except MinutesError as second:
            lon, lat = sorted(
                (error.decimal, second.decimal), reverse=True
            )  # here longitudes are above latitudes
            advice = f"请改写成十进制的度，经度在前：{lon:.6f},{lat:.6f}。"
            raise UnreadableError(error.rule, advice) from second
        raise
    return first, degrees(other)


# --- hours and services -----------------------------------------------------------------------------

_ROUND_THE_CLOCK = re.compile(
    r"(?:全年(?:无休)?|每天|每日|7[x*×]|全周)?(?:24(?:小时|h|个小时)|全天候?|全时|全日)(?:开放|营业|服务|运营|不打烊)?"
)
_CLOCK = r"(\d{1,2})(?:[:.点时](\d{2})?(?:分)?|[:]?)"
_FROM_TO = re.compile(rf"(?:每天|每日|全年)?{_CLOCK}(?:-|~|至|到|--){_CLOCK}")
_BY_SECONDS = re.compile(r"(\d{1,2}:\d{2}):\d{2}")


def hours(text: str) -> str:
    """Opening hours as 08:00-20:00, round the clock as 00:00-24:00; whatever is told otherwise stays in its words.

    A day is no hours: raises UnreadableError for a column that means the day of opening.
    """
    plain = comparable(text)
    if re.match(r"\d{4}[-/.年]\d", plain):
        advice = "这一列如果是启用的日子，请把列名改为“开放日期”。"
        raise UnreadableError("开放时间写的是日期", f"请写钟点，如 08:00-20:00；{advice}")
    if _ROUND_THE_CLOCK.fullmatch(plain):
        return ALL_DAY
    found = _FROM_TO.fullmatch(_BY_SECONDS.sub(r"\1", plain))
    if found is None:
        return text
    begin, begin_minute, end, end_minute = (int(part or 0) for part in found.groups())
    if begin >= 24 or end > 24 or begin_minute >= 60 or end_minute >= 60:
        return text
    spelt_out = f"{begin:02d}:{begin_minute:02d}-{end:02d}:{end_minute:02d}"
    return ALL_DAY if spelt_out in ("00:00-23:59", "00:00-00:00") else spelt_out


_BETWEEN_SERVICES = re.compile(r"[、，,；;/|\s]+")


def services(text: str) -> str:
    """What is offered, each once, with a blank between: 饮水 充电 休息."""
    return " ".join(dict.fromkeys(part for part in _BETWEEN_SERVICES.split(text) if part))


# --- states, counts, names --------------------------------------------------------------------------


def state(text: str) -> str | None:
    """The state that is meant, one of STATE_WORDS; None for an empty cell. Raises UnreadableError."""
    if not text:
        return None
    found = STATES.get(comparable(text))
    if found is None:
        words = "、".join(words[0] for words in STATE_WORDS.values())
        raise UnreadableError("没有这种状态", f"请写 {words} 之一。")
    return found


YES = frozenset("是 有 对 已 √ ✓ ✔ ☑ ✅ ● v y yes true 1".split())
NO = frozenset("否 无 没有 不是 不 未 × x ✗ ✘ ✖ ☒ ❌ ○ n no false 0".split())


_AS_A_PICTURE = "\ufe0f"  # behind a sign that a telephone writes in colour


def tick(text: str) -> bool | None:
    """Whether the cell of something to tick says yes or no; None when it says nothing. Raises UnreadableError."""
    word = comparable(text.replace(_AS_A_PICTURE, ""))
    if word and word not in YES | NO | NOTHING:
        raise UnreadableError("不是打勾的格", "有的请打 √，没有的留空。")
    return word in YES if word in YES | NO else None


def is_open(text: str) -> str | None:
    """What 是否开放 says: opened for 是, shut for 否, else the state it names; None for a cell that says nothing. Raises
    UnreadableError."""
    with suppress(UnreadableError):
        said = tick(text)
        return None if said is None else "opened" if said else "shut"
    try:
        return state(text)
    except UnreadableError as error:
        raise UnreadableError(
            "不知道是不是开放", f"请写 是，或 {error.advice.removeprefix('请写 ')}"
        ) from error


_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SERIALS = range(36526, 73415)  # of the days from 2000 to 2100
_TOGETHER = re.compile(r"(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")


_MONTH_TOGETHER = re.compile(r"(20\d\d)\.?(0[1-9]|1[0-2])")


def step_day(value: Value, *, last: bool) -> date:
    """The day that is meant, as ``day`` reads it; 2024.05 and 202405 are months too. Raises ValueError."""
    found = _MONTH_TOGETHER.fullmatch(comparable(spelt(value)))
    return day(f"{found[1]}-{found[2]}" if found else value, last=last)


def no_day(value: Value) -> UnreadableError:
    """What is wrong with a cell that is no day, and what to write; the number a program keeps for a day is told as such."""
    text = comparable(spelt(value))
    if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
        on = date(1899, 12, 30) + timedelta(days=int(float(text)))
        advice = f"在表格程序里它就是 {on}：请把这一列的单元格格式改为“日期”再保存，或直接写成 {on}。"
        return UnreadableError("是日期的序号，不是日期", advice)
    if found := _TOGETHER.fullmatch(text):
        return UnreadableError("不是日期", f"请写成 {'-'.join(found.groups())} 的样子。")
    return _unlikely(text) or UnreadableError("不是日期", "请写成 2024-05-01 或 2024年5月 的样子。")


def _unlikely(text: str) -> UnreadableError | None:
    """Why what has the form of a day or a month is none; None where it has no such form."""
    found = _FORM.match(text)
    if found and (why := _impossible(*(int(part) for part in found.groups(default="1")))):
        return why
    if _SHORT_YEAR.match(text):
        return UnreadableError("年份没有写全", f"请写成 20{text}。")
    if _ONE_FIGURE_MONTH.fullmatch(text):
        year, _, month = text.partition(".")
        likely = f"{year}-0{month} 或 {year}年{month}月"
        return UnreadableError("分不清是哪一月", f"请写成 {likely} 的样子。")
    return None


_FORM = re.compile(r"(\d{4})[-/.年](\d{2}(?=$|\D)|\d(?=[-/月]|\.\d))(?:[-/.月](\d{1,2}))?")
_SHORT_YEAR = re.compile(r"\d\d年\d{1,2}月")
_ONE_FIGURE_MONTH = re.compile(r"\d{4}\.[1-9]")


def _impossible(year: int, month: int, of_month: int) -> UnreadableError | None:
    """Why a day that has the form of one is none; None where nothing is wrong with it."""
    if not 1 <= month <= 12:
        return UnreadableError(f"没有 {month} 月", "请改正月份。")
    if not YEARS[0] <= year <= YEARS[-1]:
        limit = f"早，最早 {YEARS[0]}-01-01" if year < YEARS[0] else f"晚，最晚 {YEARS[-1]}-12-31"
        return UnreadableError(f"太{limit}", "请核对年份。")
    longest = calendar.monthrange(year, month)[1]
    if not 1 <= of_month <= longest:
        return UnreadableError("没有这一天", f"{year} 年 {month} 月只有 {longest} 天，请改正。")
    return None


def count(value: Value, what: str = "服务人次") -> int | None:
    """A count of ``what``; None for an empty cell. Raises UnreadableError for what is none, about 300 among them."""
    text = comparable(spelt(value)).replace(",", "")
    if not text:
        return None
    bare = re.sub(r"(?:人次?|个|件)$", "", text)
    if not re.fullmatch(r"\d{1,8}", bare):
        raise UnreadableError(f"{what}应是整数", "请写上数出来的数，如 320；没有数过的留空。")
    return int(bare)


def former_names(text: str) -> tuple[str, ...]:
    """Former names, several with 、 between them."""
    plain = text.replace("\n", "、").replace("；", "、").replace(";", "、")
    return tuple(part.strip() for part in plain.split("、") if part.strip())


_QUOTES = re.compile("[“”„‟\"＂'‘’「」『』《》〈〉<>·]")


@lru_cache(maxsize=65536)
def called(name: str) -> str:
    """A name as names of stations are compared: 暖“新”驿站, 暖"新"驿站 and 暖新驿站 are one."""
    return _QUOTES.sub("", comparable(name))
