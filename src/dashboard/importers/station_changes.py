"""What a ledger changes: its rows, each with its station, into facts of the store. Pure.

Every station is told again whole, so that a ledger that is taken back leaves the others complete. A column the ledger
has not leaves what was known, except the visits: they are those of one month, and of no other. Dated steps of the life
line are told again, a state without a day adds a step only when it is another one than the life line has reached.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..store import FactDraft, ProblemDraft
from .cells import Cell, comparable
from .coordinates import told_in_another_system
from .station_cells import called
from .station_differences import Changed, Difference, differences
from .station_identity import Identified, KnownStation, Matched
from .station_ledger import STEPS
from .station_life import WORD, Life, Step, amended, brought_to, in_order, out_of_order, reached
from .station_row import LedgerRow
from .station_services import told_of

ALIAS, NUMBER = "station", "station_number"
_KEPT = {
    "类型": "kind",
    "镇街": "town",
    "地址": "address",
    "服务内容": "services",
    "开放时间": "hours",
    "运营单位": "operator",
}
_PLACE = ("lon", "lat", "datum", "lon_as_given", "lat_as_given")
_NOWHERE: Mapping[str, object] = dict.fromkeys(_PLACE) | {"datum": ""}


@dataclass(frozen=True)
class Unit:
    """Whose ledger it is: code and name, the next free number of a station, aliases that belong to others, and the
    names of its towns by code."""

    code: str
    name: str
    next_number: int
    taken: frozenset[str]
    towns: Mapping[str, str]


@dataclass(frozen=True)
class Changes:
    """The facts, what they change by the names of stations, and what is amiss with states and days. A station that is
    only renamed is not among the ``changed``.

    ``renamed`` are pairs of old and new name; ``closed`` those closed because the ledger says nothing of them;
    ``by_state`` counts every station of the unit that is known after it, ``unlocated`` those among the rows of the
    ledger that have no coordinates. ``doubts`` are warnings that may explain why places are refused.
    """

    facts: tuple[FactDraft, ...]
    problems: tuple[ProblemDraft, ...]
    new: tuple[str, ...]
    changed: tuple[Changed, ...]
    renamed: tuple[tuple[str, str], ...]
    closed: tuple[str, ...]
    missing: tuple[str, ...]
    by_state: tuple[tuple[str, int], ...]
    unlocated: int
    doubts: tuple[ProblemDraft, ...] = ()


@dataclass(frozen=True)
class _Told:
    """A row made whole: the key of its station, its columns, its life; ``undated`` when its state has no day."""

    match: Matched
    station: str
    values: Mapping[str, object]
    life: Life
    undated: bool
    place_kept: bool

    @property
    def place_lost(self) -> bool:
        """Whether its coordinates hold no more: it has another address, and nobody told where that is."""
        return bool(self.known and self.known.values["lon"] is not None and self.values["lon"] is None)

    @property
    def known(self) -> KnownStation | None:
        """The station as it was; None for a new one."""
        return self.match.station


def changes(
    found: Identified, columns: Collection[str], on: date, unit: Unit, *, close_missing: bool, by_number: bool
) -> Changes:
    """What the ledger of the day ``on`` changes; ``columns`` are those it has."""
    problems: list[ProblemDraft] = []
    numbers = itertools.count(unit.next_number)
    told = [_told(match, columns, on, unit, numbers, problems) for match in found.matched]
    closing = found.missing if close_missing else ()
    title = _Titles(
        [
            *(t.values for t in told),
            *(s.values for s in (*found.missing, *found.closed)),
        ],
        unit.towns,
    ).of
    facts = [
        *(FactDraft("station", dict(t.values), t.match.row.place) for t in told),
        *itertools.chain.from_iterable(map(_events, told)),
        *(_event(s.station, ("closed", on), "--close-missing") for s in closing),
        *_aliases(told, unit, by_number=by_number),
    ]
    counted = _by_state(told, [*found.closed, *(() if close_missing else found.missing)])
    counted["closed"] += len(closing)
    placed = [(title(t.values), t.known.values, t.values) for t in told if t.known and t.match.row.spot]
    doubts = tuple(told_in_another_system(placed, "个驿站"))
    return Changes(
        facts=tuple(facts),
        problems=(*problems, *doubts, *_collected(told, columns, title)),
        new=tuple(title(t.values) for t in told if t.known is None),
        changed=tuple(_changed(told, unit, title, by_number=by_number)),
        renamed=tuple((t.known.name, t.match.name) for t in told if t.known and _renamed(t, t.known)),
        closed=tuple(title(s.values) for s in closing),
        missing=tuple(title(s.values) for s in found.missing),
        by_state=tuple((state, counted[state]) for state in WORD if counted[state]),
        unlocated=sum(t.values["lon"] is None for t in told),
        doubts=doubts,
    )


class _Titles:
    """Names of stations in lists: with the town behind where several are called so, the address where it is one town."""

    def __init__(self, stations: Sequence[Mapping[str, object]], towns: Mapping[str, str]) -> None:
        self._alike = Counter(called(str(values["name"])) for values in stations)
        self._in_town = Counter((called(str(values["name"])), values["town"]) for values in stations)
        self._towns = towns

    def of(self, values: Mapping[str, object]) -> str:
        """爱心驿站（磁灶镇）; the name alone where no other is called so, or nobody knows where it is."""
        name, town = str(values["name"]), str(values["town"])
        if self._alike[called(name)] < 2:
            return name
        alone = self._in_town[(called(name), values["town"])] < 2
        told = (self._towns.get(town, town), "" if alone else str(values["address"]))
        where = "，".join(part for part in told if part)
        return f"{name}（{where}）" if where else name


def _by_state(told: Sequence[_Told], silent: Sequence[KnownStation]) -> Counter[str]:
    """How many stations of the unit are in which state, those the ledger does not name among them."""
    lasts = (reached(life) for life in (*(t.life for t in told), *(s.life for s in silent)))
    return Counter(last[0] if last else "planned" for last in lasts)


def _told(
    match: Matched,
    columns: Collection[str],
    on: date,
    unit: Unit,
    numbers: Iterator[int],
    problems: list[ProblemDraft],
) -> _Told:
    known = match.station
    station = known.station if known else f"{unit.code}-{next(numbers):04d}"
    values, kept = _values(match, columns)
    life, undated = _life(match, on, problems)
    _check_visits(match.row, life, problems)
    whole = {"station": station, "name": match.name, "unit": unit.code, **values}
    return _Told(match, station, whole, life, undated, kept)


def _values(match: Matched, columns: Collection[str]) -> tuple[dict[str, object], bool]:
    """The columns of the station, and whether its place is the one known before."""
    row, before = match.row, match.station.values if match.station else {}
    found: dict[str, object] = {
        field: getattr(row, field) if column in columns else before.get(field, "")
        for column, field in _KEPT.items()
    }
    if "服务内容" not in columns and (asked := told_of(columns)):
        kept = [one for one in str(before.get("services", "")).split() if one not in asked]
        found["services"] = " ".join(dict.fromkeys([*kept, *row.services.split()]))
    place: Mapping[str, object] = _NOWHERE
    was, now = (comparable(str(values.get("address", ""))) for values in (before, found))
    # An address that is told for the first time, or no more, moves nobody.
    stays = before.get("lon") is not None and (was == now or not was or not now)
    if row.spot:
        spot = row.spot
        given = {"lon_as_given": spot.lon_as_given, "lat_as_given": spot.lat_as_given}
        place = {"lon": spot.lon, "lat": spot.lat, "datum": spot.system, **given}
    elif stays:
        place = {name: before[name] for name in _PLACE}
    checked = row.checked_on or before.get("checked_on")
    return {**found, **place, "visits": row.visits, "checked_on": checked}, stays and row.spot is None


# --- the life line ----------------------------------------------------------------------------------


def _life(match: Matched, on: date, problems: list[ProblemDraft]) -> tuple[Life, bool]:
    """The life line after this row, and whether a step was added whose day nobody told."""
    row = match.row
    new = amended(match.station.life if match.station else (), row.days)
    for event, was, now in new.moved:
        rule, advice = f"{WORD[event]}的日子由 {was} 改为 {now}", "请核对。"
        problems.append(_cell_of(row, event).problem(rule, advice, "warning"))
    if row.unread:  # told at its cell; what would follow from a day that is missing is no second problem
        return new.life, False
    wrong = _never_shut(row, new.life) or _against_itself(row) or _against_the_known(row, new.life)
    if wrong:
        problems.append(wrong)
        return new.life, False
    if row.state is None:
        if not new.life and row.state_cell.fault is None and not row.state_cell.text:
            advice = "请写 开放、暂停、关闭、建成 或 计划，或写上开放日期；不知道的不能算开放。"
            problems.append(row.cells["名称"].problem("不知道它的状态", advice))
        return new.life, False
    life = brought_to(new.life, row.state, on)
    return life, (row.state, on) in life and (row.state, on) not in new.life


def _check_visits(row: LedgerRow, life: Life, problems: list[ProblemDraft]) -> None:
    """Visits of a station that has never been open."""
    last = reached(life)
    if row.visits and last and last[0] in ("planned", "built"):
        rule = f"还没有开放（{WORD[last[0]]}），却有服务人次"
        advice = "开放了的，请改正状态或写上开放日期；没有开放的，请留空。"
        problems.append(row.cells["服务人次"].problem(rule, advice, "warning"))


def _cell_of(row: LedgerRow, event: str) -> Cell:
    """The cell that tells the day of this step; that of the name where none does."""
    own = (row.cells[name] for name, what in STEPS.items() if what == event and row.cells[name].text)
    return next(own, row.cells["名称"])


def _never_shut(row: LedgerRow, life: Life) -> ProblemDraft | None:
    """An opening again of what nobody ever shut."""
    on = row.reopened
    if on is None or any(event in ("suspended", "closed") and day <= on for event, day in life):
        return None
    if any(event == "suspended" for event, _ in row.days):
        return None  # the two days of the row are the wrong way round, which is told at its cell
    advice = "请补上“暂停日期”；一直开放的，请清空这一格，日子写进“开放日期”。"
    return row.cells["恢复开放日期"].problem("没有暂停过，却写了恢复开放", advice)


def _against_itself(row: LedgerRow) -> ProblemDraft | None:
    """A state that the dates of the same row contradict."""
    last = reached(row.days)
    if last is None or row.state is None or last[0] == row.state:
        return None
    rule = f"状态与日期矛盾：{WORD[last[0]]}日期是 {last[1]}"
    if last[0] == "closed":
        advice = "请改正状态或关闭日期；关闭以后又开放的，请在“恢复开放日期”列写上日子。"
        return row.state_cell.problem(rule, advice)
    if row.state in ("planned", "built"):
        return (
            row.state_cell.problem(rule, "请改正状态或日期；还没有到的日期请留空。")
            if _is_later(last, row.state)
            else None
        )
    return None


def _is_later(step: Step, state: str) -> bool:
    return list(WORD).index(step[0]) > list(WORD).index(state)


def _against_the_known(row: LedgerRow, life: Life) -> ProblemDraft | None:
    """A state that is behind the one the station had reached, and days that come before those that are known."""
    wrong = out_of_order(life)
    if wrong and not set(wrong) <= set(row.days) and set(wrong) & set(row.days):
        later, earlier = wrong
        step, other = (later, earlier) if later in row.days else (earlier, later)
        rule = f"{WORD[step[0]]}日期 {step[1]} 与库里的{WORD[other[0]]}日期 {other[1]} 先后颠倒"
        advice = f"请核对；库里的不对，请在“{WORD[other[0]]}日期”列写上对的。"
        return _cell_of(row, step[0]).problem(rule, advice)
    last = reached(life)
    if last and row.state in ("planned", "built") and _is_later(last, row.state):
        rule = f"库里从 {last[1]} 起是“{WORD[last[0]]}”，状态不能往回走"
        advice = "请改正状态；以前报的如果错了，请先用 dashboard withdraw-stations 撤回那份台账。"
        return row.state_cell.problem(rule, advice)
    return None


def _events(told: _Told) -> Iterator[FactDraft]:
    """Its steps as the ledger tells them, the one its state follows from, and an end to those that moved."""
    before = set(told.known.life if told.known else ())
    last = reached(told.life)
    retold = [step for step in told.life if step in told.match.row.days or step == last or step not in before]
    for step in retold:
        yield _event(told.station, step, told.match.row.place)
    for step in in_order(tuple(before - set(told.life))):
        yield _event(told.station, step, told.match.row.place, void=True)


def _event(station: str, step: Step, place: str, *, void: bool = False) -> FactDraft:
    values: dict[str, object] = {"station": station, "event": step[0], "happened_on": step[1]}
    return FactDraft("station_event", values | ({"void": True} if void else {}), place)


# --- names and numbers ------------------------------------------------------------------------------


def _aliases(told: Sequence[_Told], unit: Unit, *, by_number: bool) -> Iterable[FactDraft]:
    """The names a station had and the numbers of the office, as far as they are not known: once each."""
    found: dict[tuple[str, str], FactDraft] = {}
    for one in told:
        row, known = one.match.row, one.known
        old = [known.name] if known and _renamed(one, known) else []
        known_ones = {called(name) for name in known.former} if known else set()
        for name in dict.fromkeys([*old, *row.former]):
            if called(name) not in known_ones | {called(one.match.name)}:
                alias = f"{name}（{unit.name}）" if called(name) in unit.taken else name
                found.setdefault((ALIAS, alias), _alias(ALIAS, alias, one.station, row.cells["曾用名"]))
        if by_number and row.number and row.number not in _numbers(known):
            alias = f"{unit.code} {row.number}"
            found.setdefault((NUMBER, alias), _alias(NUMBER, alias, one.station, row.cells["编号"]))
    if by_number:
        claimed = {one.match.row.number for one in told}
        for one in told:
            for number in (number for number in _given_up(one) if number not in claimed):
                alias = f"{unit.code} {number}"
                end = _alias(NUMBER, alias, one.station, one.match.row.cells["编号"], void=True)
                found.setdefault((NUMBER, alias), end)
    return found.values()


def _given_up(told: _Told) -> list[str]:
    """The numbers of the office that the station had, where it has another one now."""
    number, known = told.match.row.number, told.known
    return sorted(known.numbers) if known and number and number not in _numbers(known) else []


def _numbers(known: KnownStation | None) -> set[str]:
    return {comparable(number) for number in (*known.numbers, known.station)} if known else set()


def _alias(subject: str, alias: str, station: str, cell: Cell, *, void: bool = False) -> FactDraft:
    values: dict[str, object] = {"subject": subject, "alias": alias, "target": station}
    return FactDraft("alias", values | ({"void": True} if void else {}), cell.place)


def _renamed(told: _Told, known: KnownStation) -> bool:
    return called(known.name) != called(told.match.name)


def _changed(
    told: Sequence[_Told], unit: Unit, title: Callable[[Mapping[str, object]], str], *, by_number: bool
) -> Iterator[Changed]:
    """The known stations of which anything but the name is told otherwise than it was."""
    for one in told:
        if one.known is None:
            continue
        found = []
        if by_number and (old := _given_up(one)):
            found = [Difference("编号", "、".join(old), one.match.row.cells["编号"].text)]
        if one.life != one.known.life or not one.known.values.items() <= one.values.items():
            lives = (one.known.life, one.life)
            found += differences(one.known.values, one.values, lives, unit.towns)
        if found:
            yield Changed(title(one.values), tuple(found))


# --- what many rows share ---------------------------------------------------------------------------

_FEW = 5


def _collected(
    told: Sequence[_Told], columns: Collection[str], title: Callable[[Mapping[str, object]], str]
) -> Iterator[ProblemDraft]:
    """Warnings that would be the same in many rows, told once with how many they are and the first of them."""
    groups = (
        (
            [t for t in told if t.undated],
            "只写了状态，没有写日期，按台账的日子记",
            "知道确切日子的，请补在日期列里再导入一次。",
        ),
        (
            [t for t in told if t.values["lon"] is None and not t.place_lost],
            "没有坐标，照常计数和列出，地图上不画",
            "有坐标时再补。",
        ),
        (
            [t for t in told if t.place_lost],
            "改了地址，没有写新的坐标，库里的坐标不再沿用，地图上不画",
            "请补上新的坐标；没有搬的，请把地址写回原样。",
        ),
        ([t for t in told if t.place_kept], "这次没有写坐标，沿用库里的坐标", ""),
        (
            [
                t
                for t in told
                if "服务人次" not in columns and t.known and t.known.values["visits"] is not None
            ],
            "台账没有“服务人次”列，库里的数是以前一个月的，不沿用",
            "有这个月的数，请补上这一列再导入一次。",
        ),
        ([t for t in told if not t.values["town"]], "没有写镇街", "按镇街统计时列在“未写镇街”里。"),
    )
    for own, rule, advice in groups:
        if own:
            names = "、".join(title(t.values) for t in own[:_FEW])
            more = f" 等 {len(own)} 个" if len(own) > _FEW else ""
            yield ProblemDraft(f"{len(own)} 个驿站", f"{rule}（{names}{more}）", "", advice, "warning")
