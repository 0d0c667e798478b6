"""Coordinates in a table: degrees in two columns or one, the system they are in, the place in WGS 84 and its outline.

Comes in: rows of a table with the columns 经度, 纬度, 坐标 and 坐标系, and the outlines. Goes out: places, and a problem at
the cell of each that cannot be. Shared by every ledger that has places; knows no ledger.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from ..datum import SYSTEMS, named, to_wgs84
from ..geo import FEWEST_GAINED, Outline, better_system, bounds, containing, metres_outside
from ..store import ProblemDraft
from .cells import AS_TEXT, Cell, about_persons, clean, comparable, spelt
from .sheet_table import Column, Row, Table
from .station_cells import UnreadableError, both_degrees, degrees, full_width

FAR_OUT_M = 1000  # farther out of its unit is an error, nearer a warning

COLUMNS = (
    Column("经度", ("东经", "lon", "lng", "longitude"), needed=False, alone=True, decimal=True),
    Column("纬度", ("北纬", "lat", "latitude"), needed=False, alone=True, decimal=True),
    Column(
        "坐标",
        ("经纬度", "坐标（经度,纬度）", "位置坐标", "坐标位置"),
        needed=False,
        alone=True,
        decimal=True,
        never="[无有]坐标",  # whether or how many have some
    ),
    Column("坐标系", ("坐标系统", "坐标类型", "坐标基准"), needed=False),
)

T = TypeVar("T")
F = TypeVar("F", bound=float | None)


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two places of this city are apart; each is longitude and latitude."""
    north = (one[1] - other[1]) * 110_900
    east = (one[0] - other[0]) * 111_320 * math.cos(math.radians(one[1]))
    return math.hypot(north, east)


@dataclass(frozen=True)
class Spot:
    """Where something stands: WGS 84, and as it was given in which system."""

    lon: float
    lat: float
    system: str
    lon_as_given: float
    lat_as_given: float
    cell: Cell

    @property
    def metres_moved(self) -> float:
        """How far the conversion took it."""
        return metres_between((self.lon, self.lat), (self.lon_as_given, self.lat_as_given))


# --- the system of the coordinates ------------------------------------------------------------------


@dataclass(frozen=True)
class Declared:
    """What the file, and who hands it in, say of the system: by place, in the order of the sheet.

    ``unknown`` are the words that declare a system nobody here knows, as cells with those words alone. ``used`` are the
    cells outside the table that say a system and may be kept: not those that name somebody as well.
    """

    said: tuple[tuple[str, str], ...]
    used: tuple[tuple[int, int], ...]
    unknown: tuple[Cell, ...] = ()

    @classmethod
    def of(cls, table: Table, system: str | None) -> Declared:
        """Above or below the table a line with 坐标系 in it; in the header 经度（GCJ-02）; beside the file --datum."""
        told = [(cell, _line(cell.text)) for cell in table.around]
        told += [
            (Cell(table.sheet.place((row, column), ""), at=(row, column)), found)
            for name in ("经度", "纬度", "坐标")
            if (column := table.columns.get(name))
            for row in range(table.header[0], table.header[1] + 1)
            if (found := _bracketed(spelt(table.sheet.values.get((row, column)))))
        ]
        beside = [("--datum", system)] if system else []
        known = [(cell.place, found.system) for cell, found in told if found and found.system]
        return cls(
            said=(*beside, *known),
            used=tuple(
                cell.at
                for cell, found in told
                if found and found.system and cell.text and not about_persons(cell.text)
            ),
            unknown=tuple(
                Cell(cell.place, found.words, cell.at) for cell, found in told if found and not found.system
            ),
        )

    @property
    def system(self) -> str | None:
        """The system of the whole file; None when nothing is said, not the same everywhere, or nothing we know."""
        found = {system for _, system in self.said}
        return next(iter(found)) if len(found) == 1 and not self.unknown else None

    @property
    def silent(self) -> bool:
        """Whether nobody said anything of it."""
        return not self.said and not self.unknown

    def problems(self) -> Iterator[ProblemDraft]:
        """Systems that contradict each other, and words that are none."""
        for place, system in self.said[1:]:
            if system != self.said[0][1]:
                where, other = self.said[0]
                yield ProblemDraft(place, f"坐标系与 {where} 写的 {other} 不一致", system, "请只留对的一个。")
        for cell in dict.fromkeys(self.unknown):
            ways = [f"如果就是 {where} 写的 {system}，请删去这一处。" for where, system in self.said[:1]]
            yield cell.problem(UNKNOWN_SYSTEM, f"{WHICH_SYSTEMS}{''.join(ways)}")


UNKNOWN_SYSTEM = "不认识这个坐标系"
WHICH_SYSTEMS = f"请写 {'、'.join(SYSTEMS)} 之一，如 GCJ-02（高德）。"


@dataclass(frozen=True)
class _Said:
    """A system that is declared, None when it is none of ours, in the words that declare it."""

    system: str | None
    words: str


# A line that names the system of the file: 坐标系：…, 坐标系统为…; not 坐标系请填写, nor 坐标系：见表.
_DECLARES = re.compile(r"坐标(?:系统?|基准|类型)(?:名称)?(?:[:]|(?:均|都|统一|全部)?(?:为|是|采用|使用))(.+)")
_DECLARES_NOTHING = re.compile(r"^(?:必填|选填|填写|请|见|如|同|各|按)")
# Datums offices have heard of and nobody converts here; with 坐标 they are a declaration in whatever words.
_FOREIGN = re.compile(
    r"西安\d*|北京54|(?:19)?(?:54|80)坐标系?|谷歌|google|墨卡托|mercator|mc\b|地方坐标系|独立坐标系"
)


def _line(text: str) -> _Said | None:
    """坐标系：GCJ-02（高德）, 坐标取自百度地图。: the system a line declares; None when it declares none."""
    for line in clean(text).split("\n"):
        _, word, told = comparable(line).partition("坐标")
        if not word:
            continue
        if system := _one_of(told):
            return _Said(system, "")
        declared = _DECLARES.search(comparable(line))
        words = re.split("[。;,、]", _BETWEEN.sub("", declared[1]))[0] if declared else ""
        foreign = _FOREIGN.search(comparable(line))
        if foreign or (words and not _DECLARES_NOTHING.search(words)):
            return _Said(None, words or (foreign[0] if foreign else ""))
    return None


def _bracketed(heading: str) -> _Said | None:
    """经度（GCJ-02）; brackets of a heading with other words in them, 经度（度）, declare nothing."""
    plain = comparable(heading)
    if "(" not in plain:
        return None
    words = plain[plain.index("(") :]
    if system := named(words):
        return _Said(system, "")
    return _Said(None, words.strip("()")) if _FOREIGN.search(words) or "坐标系" in words else None


_BETWEEN = re.compile(r"^(?:系统?|均为|全部|都|为|是|采用|使用|取自|来自|用的?|[:,])+")


def _one_of(text: str) -> str | None:
    """The system in what follows the word: as it stands, or up to the first stop."""
    words = _BETWEEN.sub("", text)
    stops = [words, *(words.partition(stop)[0] for stop in "。;,、")]
    return next((found for part in stops if (found := named(part))), None)


# --- reading cells ----------------------------------------------------------------------------------


@dataclass
class CellReader:
    """Reads cells and collects what is wrong with them."""

    problems: list[ProblemDraft] = field(default_factory=list)

    def refuse(self, cell: Cell, rule: str, advice: str) -> None:
        """Remember a problem; a cell at fault has told its own already."""
        if cell.fault is None:
            self.problems.append(cell.problem(rule, advice))

    def warn(self, cell: Cell, rule: str, advice: str) -> None:
        """Remember what does not stop the ledger."""
        if cell.fault is None:
            self.problems.append(cell.problem(rule, advice, "warning"))

    def read(self, cell: Cell, reading: Callable[[Cell], T]) -> T | None:
        """What the cell says; None when it cannot be read, which is a problem."""
        if cell.fault is None:
            try:
                return reading(cell)
            except UnreadableError as error:
                self.refuse(cell, error.rule, error.advice)
        return None

    def figure(self, cell: Cell, reading: Callable[[Cell], F]) -> F | None:
        """The same of figures: those of double width are read and told."""
        found = self.read(cell, reading)
        if found is not None:
            self.tell_full_width(cell, spelt(found))
        return found

    def tell_full_width(self, cell: Cell, found: object) -> None:
        """That figures of double width were read as ``found``."""
        if isinstance(cell.value, str) and full_width(cell.value):
            self.warn(cell, f"数字是全角的，按 {found} 读取", "请核对。")

    def number(self, cell: Cell) -> str:
        """The office's own number of a thing, as it is compared; a day that Excel made of one is a problem."""
        if isinstance(cell.value, date):
            self.refuse(cell, "Excel 把编号当成了日期", AS_TEXT)
            return ""
        return comparable(cell.text)


# --- places -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Home:
    """Where a place should lie: the outline, whether a zone is meant that is a part of it, and the unit's name."""

    outline: Outline
    unit_name: str
    is_zone: bool

    @property
    def name(self) -> str:
        """As a message has it."""
        return f"{self.outline.name}（{self.unit_name}在其中）" if self.is_zone else self.unit_name


@dataclass
class SpotReader(CellReader):
    """Reads the places of a table and holds them against outlines.

    ``doubts`` are those of the warnings that may be why places are refused: they are to be told beside problems too.
    """

    table: Table = field(kw_only=True)
    shapes: tuple[Outline, ...] = field(kw_only=True)
    declared: Declared = field(kw_only=True)
    doubts: list[ProblemDraft] = field(default_factory=list)
    _undeclared: bool = False
    _apart: dict[str, list[Cell]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._city = bounds(self.shapes)
        self._by_row = any(row["坐标系"].text for row in self.table.rows)

    def spot(self, row: Row) -> Spot | None:
        """Where the row says that something stands; None when it does not say, or what it says is a problem."""
        given = self._given(row)
        if given is None:
            return None
        lon, lat, cell = given
        system = self._system(row["坐标系"])
        if not self._plausible(cell, lon, lat) or system is None:
            return None
        there = to_wgs84(system, lon, lat)
        return Spot(round(there[0], 7), round(there[1], 7), system, lon, lat, cell)

    def _given(self, row: Row) -> tuple[float, float, Cell] | None:
        """The two degrees as they stand, of two columns or of one; None when there are none, or one is amiss."""
        two, both = (row["经度"], row["纬度"]), row["坐标"]
        if any(cell.text or cell.fault for cell in two):
            empty = next((cell for cell in two if not cell.text and not cell.fault), None)
            if empty:
                name = "经度" if empty is two[0] else "纬度"
                self.refuse(
                    empty,
                    f"只有{'纬度' if name == '经度' else '经度'}，没有{name}",
                    "请补上；不知道的两个都留空。",
                )
            lon, lat = (self.figure(cell, lambda c: degrees(c.value)) if cell.text else None for cell in two)
            return (lon, lat, two[0]) if lon is not None and lat is not None else None
        if not both.text:
            return None
        found = self.read(both, lambda cell: both_degrees(cell.text))
        if found and full_width(both.text.translate({ord(c): None for c in "，；（）、"})):
            self.warn(both, f"数字是全角的，按 {found[0]},{found[1]} 读取", "请核对。")
        return (found[0], found[1], both) if found else None

    def _plausible(self, cell: Cell, lon: float, lat: float) -> bool:
        """Whether these may be degrees of this city, of whichever system; what is amiss is told."""
        west, south, east, north = self._city
        margin = 0.5
        given = _given_as(lon, lat)
        if lon == 0 and lat == 0:
            wrong = ProblemDraft(cell.place, "坐标是零", given, "不知道坐标的，请两个都留空。")
        elif west - margin < lat < east + margin and south - margin < lon < north + margin:
            wrong = ProblemDraft(cell.place, "经度和纬度写反了", given, self._way_out_of_swap(cell))
        elif not (west - margin < lon < east + margin and south - margin < lat < north + margin):
            span = f"经度在 {west:.1f} 到 {east:.1f} 之间，纬度在 {south:.1f} 到 {north:.1f} 之间"
            wrong = ProblemDraft(cell.place, "坐标不在泉州", given, f"泉州的{span}，请改正。")
        else:
            return True
        self.problems.append(wrong)
        return False

    def _way_out_of_swap(self, cell: Cell) -> str:
        if cell.at[1] == self.table.columns.get("坐标"):
            return "请把经度写在前面。"
        return "请把两个数对调；整列都反了的，把“经度”“纬度”两个列名对调就行。"

    def _system(self, cell: Cell) -> str | None:
        """The system of this row; a file that says nothing of it is told so once."""
        if cell.text:
            found = named(cell.text)
            if found is None:
                self.refuse(cell, UNKNOWN_SYSTEM, WHICH_SYSTEMS)
            elif self.declared.system not in (None, found):
                self._apart.setdefault(found, []).append(cell)
            return found
        if self.declared.silent and self._by_row and cell.fault is None:
            self.refuse(cell, "有坐标，这一行没有写坐标系", WHICH_SYSTEMS)
        elif self.declared.silent and not self._undeclared and cell.fault is None:
            self._undeclared = True
            where = self.table.sheet.line(self.table.header[0])
            advice = (
                "请在表格上方或下方写一行，如“坐标系：GCJ-02（高德）”，或加一列“坐标系”，或在命令里写 --datum。"
                f"可以写 {'、'.join(SYSTEMS)}；手机定位和天地图是 WGS-84 或 CGCS2000，高德、腾讯是 GCJ-02，百度是 BD-09。"
            )
            self.problems.append(ProblemDraft(where, "有坐标，没有写明坐标系", "", advice))
        return self.declared.system

    def _doubt(self, doubt: ProblemDraft) -> None:
        self.problems.append(doubt)
        self.doubts.append(doubt)

    def _check_apart(self) -> None:
        """Rows that are of another system than the file says: taken as they say it, and told."""
        for system, cells in self._apart.items():
            where, whole = self.declared.said[0]
            rule = (
                f"这一列有 {len(cells)} 行写的是 {system}，与 {where} 写的 {whole} 不一致，各按自己的一行算"
            )
            self._doubt(ProblemDraft(cells[0].place, rule, "", "请核对；只该有一种的，请改正。", "warning"))

    def check(self, places: Sequence[tuple[Spot, Home]]) -> None:
        """Each place against the outline it should lie in, and all of them against other systems."""
        self._check_apart()
        amiss: Counter[str] = Counter()
        for spot, home in places:
            if out := metres_outside(home.outline, (spot.lon, spot.lat)):
                self._check_place(spot, home, out)
                amiss[spot.system] += 1
        for system in (s for s, many in amiss.items() if many >= FEWEST_GAINED):
            self._check_system(system, [(spot, home) for spot, home in places if spot.system == system])

    def _check_place(self, spot: Spot, home: Home, out: float) -> None:
        there = containing(self.shapes, (spot.lon, spot.lat))
        where = f"，落在{there.name}" if there else "，落在泉州市以外"
        far = _far(out)
        rule = f"坐标在{home.name}的界外 {far}{where}"
        at = _given_as(spot.lon_as_given, spot.lat_as_given)
        if out > FAR_OUT_M:
            advice = (
                "超过 1 公里的不收：请核对坐标、坐标系和所属单位；一时核不清的，请先把坐标留空，照常计数。"
            )
            self.problems.append(ProblemDraft(spot.cell.place, rule, at, advice))
        else:
            advice = "界线经过简化，靠近边界的请核对后照收；许多个都在界外的，坐标系可能写错了。"
            self.problems.append(ProblemDraft(spot.cell.place, rule, at, advice, "warning"))

    def _check_system(self, system: str, places: Sequence[tuple[Spot, Home]]) -> None:
        given = [(spot.lon_as_given, spot.lat_as_given) for spot, _ in places]
        better = better_system(system, given, [home.outline for _, home in places])
        if better:
            rule = (
                f"坐标系写的是 {system}，有 {better.inside_declared} 个在本单位界内；"
                f"按 {better.system} 算，{better.places} 个里有 {better.inside} 个在界内"
            )
            where = self.table.sheet.line(self.table.header[0])
            advice = "坐标系可能写错了，请向提供坐标的人核对；没有核对以前仍按写的算。"
            self._doubt(ProblemDraft(where, rule, "", advice, "warning"))


def _far(metres: float) -> str:
    """Rounded up, so that no more than a kilometre is never told as more and the other way round."""
    if metres <= FAR_OUT_M:
        return f"{math.ceil(metres)} 米"
    return (
        f"{math.ceil(metres / 10) / 100:.2f} 公里" if metres < 2 * FAR_OUT_M else f"{metres / 1000:.1f} 公里"
    )


def _given_as(lon: float, lat: float) -> str:
    """Two degrees for a message, to a tenth of a metre."""
    return ",".join(f"{degree:.6f}".rstrip("0").rstrip(".") for degree in (lon, lat))


def moved_m(spots: Iterable[Spot]) -> dict[str, tuple[float, float, float]]:
    """How far the conversion took the places of each system, in metres: least, median, most; those that stay left out."""
    found: dict[str, list[float]] = {}
    for spot in spots:
        if (spot.lon, spot.lat) != (spot.lon_as_given, spot.lat_as_given):
            found.setdefault(spot.system, []).append(spot.metres_moved)
    return {system: (min(far), statistics.median(far), max(far)) for system, far in found.items()}


Given = tuple[str, Mapping[str, object], Mapping[str, object]]  # a name, its columns as known and as told now
_FEW = 5


def told_in_another_system(things: Iterable[Given], what: str) -> Iterator[ProblemDraft]:
    """Places told by the very numbers that are known and in another system, which moves them: once for each two systems.

    ``what`` they are; none of two systems that are one here (WGS-84, CGCS2000).
    """
    found: dict[tuple[object, object], list[tuple[str, float]]] = {}
    for name, known, told in things:
        numbers = (known.get("lon_as_given"), told.get("lon_as_given"))
        if None in numbers or told["datum"] == known["datum"]:
            continue
        was, now, was_given, now_given = (
            (_number(values[f"lon{how}"]), _number(values[f"lat{how}"]))
            for how in ("", "_as_given")
            for values in (known, told)
        )
        if was_given == now_given and (metres := metres_between(was, now)) >= 1:
            found.setdefault((known["datum"], told["datum"]), []).append((name, metres))
    for (before, after), moved in found.items():
        names = "、".join(name for name, _ in moved[:_FEW]) + (" 等" if len(moved) > _FEW else "")
        far = statistics.median(metres for _, metres in moved)
        about = f"{far / 1000:.1f} 公里" if far >= FAR_OUT_M else f"{far:.0f} 米"
        rule = f"坐标数字没有变，坐标系从 {before} 变成 {after}，位置会移动 {about}左右（{names}）"
        yield ProblemDraft(f"{len(moved)} {what}", rule, "", "请核对写的是不是对的坐标系。", "warning")


def _number(value: object) -> float:
    return round(float(str(value)), 7)
