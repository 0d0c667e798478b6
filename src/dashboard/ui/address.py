"""The address bar into one frozen View, before any widget; links and receipts are built from it.

State lives in the address: a wrong or future value is a sentence with a way back, never a silent default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from .. import grid, periods
from ..catalogue import CITY, LIGHTS, WAYS, Catalogue
from ..knowledge import FIRST_DAY, AsOf
from ..language import LANGUAGES, asked_or_local, of_locale
from ..periods import Period
from ..queries import STATION_STATES
from ..receipts import Receipt, data_of
from .theme import THEMES, Theme

ZONES = ("with", "without")
# What /tasks shows instead of its board, and the windows in which a measure may fall due.
BOARDS = ("matrix", "who", "remind", "when", "list")
WINDOWS = ("late", "month", "30", "60", "90")
SCOPES = ("city", "county")
# How a map is drawn: the units as outlines or tiles; stations as points or counted on a grid.
_OF_UNITS = ("outline", "tiles")
_OF_STATIONS = ("points", "density")
SHAPES = (*_OF_UNITS, *_OF_STATIONS)
_SHAPES_OF_PAGE = {"overview": _OF_UNITS, "stations": _OF_STATIONS}


@dataclass(frozen=True)
class View:
    """What a page shows. ``given`` holds the parameters as they stand in the address, in a fixed order.

    ``table``: each map is shown as the table of its figures; ``shape`` stays that of the map.
    ``period`` None: the newest data period; ``play`` is the seconds after which the screen walks on, 0: it stays;
    ``present``: the keys of a presenter turn the pages; ``receipt``: the one whose knowledge is shown.
    """

    data: str
    as_of: date
    today: date
    lang: str
    theme: Theme
    unit: str
    town: str
    indicator: str
    per: str
    shape: str
    table: bool
    zones: str
    wall: bool
    find: str
    show: str
    direction: str
    aspect: str
    project: str
    light: str
    window: str
    scope: str
    org: str
    measure: str
    station: str
    point: str
    state: str
    service: str
    hours: str
    kind: str
    cell: str
    part: int
    since: date | None
    period: Period | None
    play: int
    present: bool
    given: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...] = ()
    receipt: Receipt | None = None

    def __hash__(self) -> int:
        """Of what tells most views apart: a run asks for it a dozen times, and there are many fields."""
        return hash((self.data, self.as_of, self.lang, self.theme, self.given))

    @property
    def folds_zones(self) -> bool:
        """含开发区: on request for a county, by default for the city, whose total holds its zones."""
        if self.unit in ("", CITY):
            return dict(self.given).get("zones") != "without"
        return self.zones == "with"

    @property
    def zones_given(self) -> str | None:
        """The switch 含/不含开发区 as it stands in the address."""
        return dict(self.given).get("zones")

    def refusing(self, parameter: str, sentence: str) -> View:
        """This view with one more parameter that cannot be used."""
        return replace(self, problems=(*self.problems, Problem(parameter, sentence)))

    def on(self, page: str) -> View:
        """This view, with a sentence where it asks a page with a map for the way another page draws its own."""
        known = _SHAPES_OF_PAGE.get(page)
        if not self.shape or known is None or self.shape in known:
            return self
        return self.refusing("shape", f"这一页图的样式可写 {'、'.join(known)}")

    def without(self, *parameters: str) -> View:
        """This view as if these parameters, words all of them, had not been given."""
        given = tuple((k, v) for k, v in self.given if k not in parameters)
        return replace(self, given=given, **dict.fromkeys(parameters, ""))  # type: ignore[arg-type]

    @property
    def knowledge(self) -> AsOf:
        """The as_of every question of this page is asked with."""
        seq = self.receipt.seq if self.receipt else None
        return AsOf(self.as_of, seq, self.period.end if self.period else None)

    @property
    def map_shape(self) -> str:
        """Outlines or tiles, which are read from further away."""
        return self.shape if self.shape in _OF_UNITS else "tiles" if self.wall else "outline"

    def arguments(self, page: str) -> dict[str, str]:
        """What a receipt keeps of the address: all that is shown, whoever looks, and on which screen."""
        kept = {k: v for k, v in self.given if k not in _OF_THE_READER}
        return {**kept, "shape": self.map_shape} if page == "overview" else kept

    def of_receipt(self, receipt: Receipt) -> dict[str, str]:
        """The parameters that open a receipt, for the same reader on the same screen."""
        own = {k: v for k, v in self.given if k in _OF_THE_READER}
        view = {"as_of": receipt.as_of.isoformat(), "data": receipt.data, "receipt": receipt.number}
        all_ = {**dict(receipt.arguments), **own, **view}
        return {k: all_[k] for k in _ORDER if k in all_}

    def shows_receipt(self, page: str) -> bool:
        """Whether this is the very view of the receipt, and no other that was gone to from there."""
        found = self.receipt
        return found is not None and (page, self.arguments(page)) == (found.page, dict(found.arguments))

    def link(self, page: str, **changes: str | None) -> str:
        """Address of a page with this view's state; None takes a parameter out."""
        return address_of(page, self.parameters(**changes))

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """The parameters that go along to another page, with these changes."""
        state = {**{k: v for k, v in self.given if k in _LASTING}, **changes}
        return {k: value for k in _ORDER if (value := state.get(k))}

    def here(self, page: str, **changes: str | None) -> str:
        """Address of this page with all its parameters and these changes."""
        return self.link(page, **{**dict(self.given), **changes})

    def lasting(self, page: str) -> str:
        """An address that shows the same another day: as_of and data always written out."""
        return self.here(page, as_of=self.as_of.isoformat(), data=self.data)


def address_of(page: str, parameters: Mapping[str, str]) -> str:
    """Address of a page with these parameters; relative, so that it works behind any address."""
    path = "./" if page == "overview" else f"./{page}"
    return f"{path}?{urlencode(parameters)}" if parameters else path


@dataclass(frozen=True)
class Problem:
    """A parameter that cannot be used: the sentence, and the parameter to change or drop."""

    parameter: str
    sentence: str


def said_of(problems: Sequence[Problem], params: Mapping[str, str]) -> list[str]:
    """One sentence a problem, with the parameter as it was written."""
    return [f"{p.parameter}={params.get(p.parameter, '')}：{p.sentence}。" for p in problems]


NO_RECEIPT = "没有这个回执号，请对照纸上或文件里的号再写一次；演示数据重新生成后，以前的回执号就没有了"

# The shortest and the longest stay on a page of a screen that walks by itself, in seconds.
PLAY = (5, 600)
_PARTS = 9999
# How often the world is halved for a square that can be looked at: from some seventy kilometres to some ten metres.
_SQUARES = (9, 22)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# In the order in which they are written; those of _LASTING go along from page to page. The theme is the browser's,
# and any other is passed over: what hands a link on, a chat or a portal, puts its own mark there.
_ORDER = (
    "unit town indicator per shape table zones show measure direction aspect project light window scope org "
    "station point state service hours kind cell part since find period as_of data receipt lang wall play present"
).split()
_LASTING = ("table", "period", "as_of", "data", "receipt", "lang", "zones", "wall", "play", "present")
_OF_THE_READER = ("table", "as_of", "data", "receipt", "lang", "wall", "play", "present")


def language() -> str:
    """The reader's language, of the address or of the browser, also where the rest of the address is wrong."""
    return asked_or_local(st.query_params.get("lang", ""), st.context.locale)


def receipt_number() -> str:
    """The number of a receipt as it stands in the address; "" without one."""
    return st.query_params.get("receipt", "")


def read(
    catalogue: Catalogue, today: Mapping[str, date], default_data: str, receipt: Receipt | None = None
) -> View:
    """Read and validate the address. ``today`` is the day of each store's own clock, ``receipt`` the one it names."""
    return parse(
        {k: st.query_params[k] for k in st.query_params},
        catalogue,
        today,
        default_data,
        of_locale(st.context.locale),
        "light" if st.context.cookies.get("theme") == "light" else "dark",
        receipt,
    )


def parse(
    params: Mapping[str, str],
    catalogue: Catalogue,
    today: Mapping[str, date],
    default_data: str,
    lang: str,
    theme: Theme,
    receipt: Receipt | None = None,
) -> View:
    """The View of these parameters; what cannot be used is listed in ``problems`` and has its default."""
    asked = _Asked(params)
    data = asked.data(today, default_data)
    units = [o.code for o in catalogue.organisations if o.level == "city" or o.reporting]
    towns = {o.code: o.parent_code for o in catalogue.organisations if o.level == "town"}
    view = View(
        data=data,
        as_of=asked.day("as_of", receipt.as_of if receipt else today[data], today[data]),
        today=today[data],
        lang=asked.choice("lang", LANGUAGES, lang, f"语言可写 {'、'.join(LANGUAGES)}"),
        theme=_theme(asked.choice("theme", THEMES, "", "配色可写 dark（深）或 light（浅）"), theme),
        unit=asked.choice("unit", units, "", "没有这个填报单位代码"),
        town=asked.choice("town", tuple(towns), "", "没有这个镇街代码"),
        indicator=asked.choice("indicator", tuple(catalogue.indicators), "", "没有这个指标"),
        per=asked.choice("per", ("count", "10k"), "count", "可写 count（总数）或 10k（每万人）"),
        shape=asked.choice("shape", SHAPES, "", f"图的样式可写 {'、'.join(SHAPES)}"),
        table=asked.switch("table"),
        zones=asked.choice("zones", ZONES, "without", "可写 with（含）或 without（不含）开发区"),
        wall=asked.switch("wall"),
        find=params.get("find", "")[:60],
        show=asked.choice("show", BOARDS, "", f"可写 {'、'.join(BOARDS)}，不写为看板"),
        direction=asked.choice("direction", WAYS, "", f"方向可写 {'、'.join(WAYS)}"),
        aspect=params.get("aspect", "")[:4],
        project=params.get("project", "")[:4],
        light=asked.choice("light", LIGHTS, "", "没有这种亮灯"),
        window=asked.choice("window", WINDOWS, "", f"到期可写 {'、'.join(WINDOWS)}"),
        scope=asked.choice("scope", SCOPES, "", "适用范围可写 city（市级）或 county（县级）"),
        org=asked.choice("org", {o.code for o in catalogue.organisations}, "", "没有这个单位代码"),
        measure=params.get("measure", "")[:12],
        station=params.get("station", "")[:40],
        point=params.get("point", "")[:20],
        state=asked.choice("state", STATION_STATES, "", "驿站没有这种状态"),
        service=params.get("service", "")[:20],
        hours=asked.choice("hours", ("24",), "", "可写 24（24 小时开放）"),
        kind=params.get("kind", "")[:20],
        cell=asked.square("cell"),
        part=asked.number("part"),
        since=asked.past_day("since", today[data]),
        period=asked.period("period", today[data]),
        play=asked.seconds("play"),
        present=asked.switch("present"),
        given=tuple((k, params[k]) for k in _ORDER if params.get(k)),
        receipt=asked.receipt(receipt),
    )
    return _agreeing(replace(view, problems=tuple(asked.problems)), towns)


def _agreeing(view: View, unit_of: Mapping[str, str]) -> View:
    """The view with its town in the unit of the town, and with a sentence where two parameters contradict each other."""
    if view.town and view.unit and unit_of[view.town] != view.unit:
        view = replace(view.refusing("town", "这个镇街不属于所选单位"), town="")
    if view.town and not view.unit:
        view = replace(view, unit=unit_of[view.town])
    if view.since and view.since > view.as_of:
        view = view.refusing("since", f"晚于截至日 {view.as_of.isoformat()}")
    kept = view.receipt
    if kept and (view.data, view.as_of) != (kept.data, kept.as_of):
        told = f"这个回执是截至 {kept.as_of.isoformat()} 的，与地址里的截至日或数据不符"
        return view.refusing("receipt", told)
    return view


def _theme(asked: str, chosen: Theme) -> Theme:
    return next((t for t in THEMES if t == asked), chosen)


class _Asked:
    """Parameters with the problems found in them."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self.params = params
        self.problems: list[Problem] = []

    def data(self, today: Mapping[str, date], default: str) -> str:
        """Which store: the one asked for, else that of a receipt's number, else the one that opens first."""
        both = "数据只有 live（正式）和 demo（演示）两种"
        rule = both if "demo" in today else "本机没有开启演示数据，只有 live（正式）"
        of_number = data_of(self.params.get("receipt", ""))
        return self.choice("data", tuple(today), of_number if of_number in today else default, rule)

    def choice(self, name: str, allowed: Any, default: str, rule: str) -> str:
        found = self.params.get(name)
        if not found or found in allowed:
            return found or default
        self.problems.append(Problem(name, rule))
        return default

    def switch(self, name: str) -> bool:
        return self.choice(name, ("1", "0"), "0", "可写 1 或 0") == "1"

    def day(self, name: str, default: date, today: date) -> date:
        found = self.params.get(name)
        if not found:
            return default
        try:
            day = date.fromisoformat(found if _DAY.fullmatch(found) else "")
        except ValueError:
            self.problems.append(Problem(name, "应写成 2025-01-10 这样的日期"))
            return default
        if day < FIRST_DAY:
            self.problems.append(Problem(name, f"太早，最早可以看 {FIRST_DAY.isoformat()}"))
            return default
        if day > today:
            self.problems.append(Problem(name, f"还没有到，最晚可以看 {today.isoformat()}"))
            return default
        return day

    def past_day(self, name: str, today: date) -> date | None:
        found = self.day(name, FIRST_DAY, today) if self.params.get(name) else None
        return None if any(p.parameter == name for p in self.problems) else found

    def receipt(self, found: Receipt | None) -> Receipt | None:
        if self.params.get("receipt") and found is None:
            self.problems.append(Problem("receipt", NO_RECEIPT))
        return found

    def period(self, name: str, today: date) -> Period | None:
        found = self.params.get(name)
        if not found:
            return None
        try:
            period = periods.parse(found)
        except ValueError:
            self.problems.append(Problem(name, "应写成 2025-01、2025-Q1、2025-H1 或 2025 这样的数据期"))
            return None
        if not FIRST_DAY <= period.start <= today:
            span = f"{FIRST_DAY.isoformat()} 到 {today.isoformat()}"
            self.problems.append(Problem(name, f"不在现有数据的范围（{span}）之内"))
            return None
        return period

    def square(self, name: str) -> str:
        found = self.params.get(name, "")
        square = grid.of_code(found)
        if not found or (square and _SQUARES[0] <= square.zoom <= _SQUARES[1]):
            return found
        self.problems.append(Problem(name, "应写成 12-3398-1755 这样的方格"))
        return ""

    def number(self, name: str) -> int:
        found = self.params.get(name) or "1"
        if found.isascii() and found.isdigit() and 1 <= int(found[:9]) <= _PARTS:
            return int(found)
        self.problems.append(Problem(name, f"可写 1 到 {_PARTS} 的页码"))
        return 1

    def seconds(self, name: str) -> int:
        found = self.params.get(name) or "0"
        if found.isascii() and found.isdigit() and (found == "0" or PLAY[0] <= int(found) <= PLAY[1]):
            return int(found)
        self.problems.append(Problem(name, f"每页停留的秒数，可写 {PLAY[0]} 到 {PLAY[1]}，0 为不走"))
        return 0


def put(
    parameter: str, value: Callable[[Any], str | None] = str, drops: Sequence[str] = ()
) -> Callable[[], None]:
    """A widget's callback: write its value into the address, from which the next run reads it.

    ``drops`` are parameters that mean nothing beside another value.
    """

    def write() -> None:
        chosen = st.session_state.get(f"w_{parameter}")
        text = None if chosen is None else value(chosen)
        if text:
            st.query_params[parameter] = text
        else:
            st.query_params.pop(parameter, None)
        for name in drops:
            st.query_params.pop(name, None)

    return write
