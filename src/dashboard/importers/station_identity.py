"""Which station of the store a row of a ledger is: by its number, by its name, by a former name; else a new one. Pure.

A station keeps its key for ever. A name stands for a station as it is called now, then for one that was called so.
Several of one name are told apart by their place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from ..store import ProblemDraft
from .cells import comparable, shown
from .station_cells import called
from .station_life import Life, is_closed
from .station_places import Around, Place, same_place
from .station_row import LedgerRow
from .station_twice import still_called_so

_FEW = 3  # so many stations are described one by one


@dataclass(frozen=True)
class KnownStation:
    """A station of the unit as the store knows it; ``values`` are the columns of its newest row, without its key.

    ``life`` is its whole life line, ``former`` are names it had and goes by still, ``numbers`` those of the office.
    """

    station: str
    values: Mapping[str, object]
    life: Life
    former: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """As it is called now."""
        return str(self.values["name"])

    @property
    def closed(self) -> bool:
        """Whether it is gone for good."""
        return is_closed(self.life)


@dataclass(frozen=True)
class Matched:
    """A row and its station, None for a new one; ``name`` is how it is to be called from now on."""

    row: LedgerRow
    station: KnownStation | None
    name: str


@dataclass(frozen=True)
class Identified:
    """Every row with its station, and the known ones of which the ledger says nothing: ``closed`` are those among them
    that were closed before, ``missing`` the others."""

    matched: tuple[Matched, ...]
    missing: tuple[KnownStation, ...]
    closed: tuple[KnownStation, ...]
    problems: tuple[ProblemDraft, ...]


def identified(
    rows: Sequence[LedgerRow],
    known: Sequence[KnownStation],
    *,
    by_number: bool,
    towns: Mapping[str, str] = MappingProxyType({}),
) -> Identified:
    """Who is who; rows that contradict themselves, or each other, are problems at their cells. ``towns`` are names by
    code."""
    finder = _Finder(rows, known, by_number, towns)
    found = finder.find()
    taken = {station.station for station in found.values()}
    silent = [k for k in known if k.station not in taken]
    missing = [k for k in silent if not k.closed]
    closed = tuple(k for k in silent if k.closed)
    matched = [finder.named(row, found.get(at)) for at, row in enumerate(rows)]
    fresh = [m.row for m in matched if m.station is None]
    problems = (*finder.problems, *_renamed_perhaps(fresh, missing))
    return Identified(tuple(matched), tuple(missing), closed, problems)


@dataclass
class _Finder:
    """Looks for the station of each row, the surest sign first; what one row has taken, no other gets."""

    rows: Sequence[LedgerRow]
    known: Sequence[KnownStation]
    by_number: bool
    towns: Mapping[str, str]
    problems: list[ProblemDraft] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_name: dict[str, list[KnownStation]] = defaultdict(list)
        self.by_former: dict[str, list[KnownStation]] = defaultdict(list)
        self.numbered: dict[str, KnownStation] = {}
        for station in self.known:
            self.by_name[called(station.name)].append(station)
            for name in station.former:
                self.by_former[called(name)].append(station)
            for number in (*station.numbers, station.station):
                self.numbered[comparable(number)] = station
        self.rows_called: dict[str, list[LedgerRow]] = defaultdict(list)
        for row in self.rows:
            self.rows_called[called(row.name)].append(row)
        self.renamed = {
            former: row
            for row in self.rows
            for former in map(called, row.former)
            if former != called(row.name)
        }
        self.clashed: set[str] = set()
        self.found: dict[int, KnownStation] = {}
        self.taken: dict[str, int] = {}
        self.alike: dict[str, tuple[list[KnownStation], bool]] = {}

    def find(self) -> Mapping[int, KnownStation]:
        """The station of each row by its place among them; rows without one are new."""
        if self.by_number:
            for at, row in enumerate(self.rows):
                self._take(at, self._by_own_number(row))
        for at, row in enumerate(self.rows):
            if at not in self.found and called(row.name) not in self.by_name:
                self._take(at, self._once_called(row))
        self._by_current_names()
        for at, row in enumerate(self.rows):
            if at not in self.found:
                self._take(at, next(iter(self.by_former.get(called(row.name), ())), None))
        self._check()
        return self.found

    def _by_own_number(self, row: LedgerRow) -> KnownStation | None:
        """The station of its number, unless that went on: its station stands in another row, under its own name, at its
        place and with a new number, and this row is neither called as it was nor where it was."""
        station = self.numbered.get(row.number) if row.number else None
        if station is None or called(station.name) in {called(n) for n in (row.name, *row.former)}:
            return station
        there = _standing(station)
        moved = any(
            other.number and other.number not in self.numbered and same_place(other.standing, there)
            for other in self.rows_called.get(called(station.name), ())
        )
        return None if moved and not same_place(row.standing, there) else station

    def _take(self, at: int, station: KnownStation | None) -> None:
        if station is None:
            return
        other = self.taken.get(station.station)
        if other is None:
            self.found[at] = station
            self.taken[station.station] = at
            return
        for one, two in ((other, at), (at, other)):
            cell, against = self.rows[one].cells["名称"], self.rows[two].place
            self.clashed.add(cell.place)
            rule = f"与 {against} 是库里的同一个驿站“{station.name}”{self._why(station, (at, other))}"
            advice = "请删去一行；确实是两个驿站，请换一个没有用过的名称，并清空“曾用名”。"
            self.problems.append(cell.problem(rule, advice))

    def _why(self, station: KnownStation, own: Sequence[int]) -> str:
        """Which number it was known by; empty when it was known by its name."""
        numbered = (
            self.rows[at].cells["编号"].text for at in own if self._is_numbered(self.rows[at], station)
        )
        number = next(numbered, "")
        return f"，编号“{shown(number)}”在库里是它的" if number else ""

    def _once_called(self, row: LedgerRow) -> KnownStation | None:
        """The station that 曾用名 tells of, by its name now or by one it had."""
        for name in map(called, row.former):
            own = self.by_name.get(name) or self.by_former.get(name) or ()
            if own:
                return _nearest(row, _around(own), ()) if len(own) > 1 else own[0]
        return None

    def _by_current_names(self) -> None:
        groups: dict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(self.rows):
            if at not in self.found and row.name:
                groups[called(row.name)].append(at)
        for name, own in groups.items():
            free = [s for s in self.by_name.get(name, ()) if s.station not in self.taken]
            if free:
                self._pair(own, free)

    def _pair(self, own: Sequence[int], free: Sequence[KnownStation]) -> None:
        """Rows and stations of one name: by place where there are several, the last of both belong together."""
        rest = list(own)
        if len(own) > 1 or len(free) > 1:
            around = _around(free)
            for at in own:
                self._take(at, _nearest(self.rows[at], around, self.taken))
            rest = [at for at in own if at not in self.found]
            free = [s for s in free if s.station not in self.taken]
        if len(rest) == 1 and len(free) == 1:
            self._take(rest[0], free[0])
        elif rest and free:
            self.problems += [self._unclear(at, len(rest), free) for at in rest]

    def _unclear(self, at: int, many: int, free: Sequence[KnownStation]) -> ProblemDraft:
        """A row of which nobody can tell whether it is one of these, with what tells it: place, number, or all of them."""
        cell = self.rows[at].cells["名称"]
        known = "、".join(self._described(station) for station in free[:_FEW])
        more = f" 等 {len(free)} 个" if len(free) > _FEW else ""
        rows = f"，台账里有 {many} 行" if many > 1 else ""
        rule = f"库里有叫“{shown(cell.text)}”的驿站{known}{more}{rows}，分不清是不是同一个"
        every = "它" if len(free) == 1 else "它们"
        advice = (
            "是库里的，请写上与库里相同的镇街和地址，或在“编号”列写它的编号；"
            f"不是的，请把库里的{every}也照库里的写进台账，这一行才是新的。"
        )
        return cell.problem(rule, advice)

    def _described(self, station: KnownStation) -> str:
        """（磁灶镇，一路1号，编号 350582-0001）."""
        town, address = (str(station.values[name]) for name in ("town", "address"))
        number = min(station.numbers, default=station.station)
        told = (self.towns.get(town, town), shown(address), f"编号 {number}")
        return f"（{'，'.join(part for part in told if part)}）"

    def _check(self) -> None:
        """Rows whose number or former name means another station than the row is."""
        for at, station in self.found.items():
            row = self.rows[at]
            name = called(row.name)
            if name != called(station.name) and name in self.by_name and self._is_numbered(row, station):
                rule = f"编号是库里的“{station.name}”，名称却是库里的另一个驿站"
                advice = "请改正编号或名称；编号如果只是行号，请把列名改为“序号”。"
                self.problems.append(row.cells["编号"].problem(rule, advice))
            former = [s for name in row.former for s in self._ever_called(name)]
            if former and station not in former:
                rule = f"曾用名是库里的“{former[0].name}”，这一行却是“{station.name}”"
                self.problems.append(row.cells["曾用名"].problem(rule, "请改正曾用名，或清空它。"))
            elif still := [s for s in former if not (s is station or s.closed or s.station in self.taken)]:
                rule = f"一行只能接一个驿站的经历，“{still[0].name}”是库里另一个没有关闭的驿站"
                advice = f"并进来的，请从曾用名里删去它，另加一行“{still[0].name}”，状态写“关闭”。"
                self.problems.append(row.cells["曾用名"].problem(rule, advice))

    def _ever_called(self, name: str) -> list[KnownStation]:
        return [*self.by_name.get(called(name), ()), *self.by_former.get(called(name), ())]

    def _is_numbered(self, row: LedgerRow, station: KnownStation) -> bool:
        return self.by_number and self.numbered.get(row.number) is station

    def named(self, row: LedgerRow, station: KnownStation | None) -> Matched:
        """The row with the name to be kept: one that is told by a name it had keeps the one it has now."""
        if station is None:
            self._check_new(row)
        if station is None or called(row.name) == called(station.name):
            return Matched(row, station, row.name)
        old = {called(name) for name in station.former}
        back = called(station.name) in {called(name) for name in row.former}
        if called(row.name) not in old or back:
            return Matched(row, station, row.name)
        advice = f"台账里请改用现名；确实改回旧名的，请在“曾用名”列写上“{station.name}”。"
        rule = f"这是“{station.name}”用过的名称，按现名记"
        self.problems.append(row.cells["名称"].problem(rule, advice, "warning"))
        return Matched(row, station, station.name)

    def _check_new(self, row: LedgerRow) -> None:
        """A new station under a name that another row, or the store, knows as that of another one."""
        renamed = self.renamed.get(called(row.name))
        if row.place in self.clashed:
            return
        if renamed and renamed is not row:
            self.problems.append(still_called_so(row, renamed))
            return
        alike, kept = self._alike(row.name)
        if alike and kept:
            where = "、".join(self._described(s) for s in alike[:_FEW])
            rule = f"库里已有叫“{shown(row.name)}”的驿站{where}，地方不同，这一行按新驿站入库"
            advice = "确实是另一个驿站就照收；是同一个的，请删去一行。"
            self.problems.append(row.cells["名称"].problem(rule, advice, "warning"))
        elif alike:
            at = self.taken.get(alike[0].station)
            why = self._why(alike[0], [at]) if at is not None else ""
            rule = f"这是另一行改名以前的名称{why}，这一行按新驿站入库"
            advice = "确实是另一个驿站就照收；是同一个的，请删去一行。"
            self.problems.append(row.cells["名称"].problem(rule, advice, "warning"))

    def _alike(self, name: str) -> tuple[list[KnownStation], bool]:
        """The stations that are called exactly so, and whether every one of them is in the ledger under that name."""
        if name not in self.alike:
            alike = [s for s in self._ever_called(name) if s.name == name]
            self.alike[name] = alike, all(self._keeps_name(s) for s in alike)
        return self.alike[name]

    def _keeps_name(self, station: KnownStation) -> bool:
        """Whether the row of this station calls it as it is called now."""
        at = self.taken.get(station.station)
        return at is not None and called(self.rows[at].name) == called(station.name)


# --- places -----------------------------------------------------------------------------------------


def _standing(station: KnownStation) -> Place:
    lon, lat = station.values["lon"], station.values["lat"]
    located = isinstance(lon, float) and isinstance(lat, float)
    return Place(
        str(station.values["town"]),
        str(station.values["address"]),
        lon if located and isinstance(lon, float) else None,
        lat if located and isinstance(lat, float) else None,
    )


def _around(stations: Iterable[KnownStation]) -> Around[KnownStation]:
    return Around((_standing(station), station) for station in stations)


def _nearest(row: LedgerRow, around: Around[KnownStation], taken: Container[str]) -> KnownStation | None:
    """The one of these, without those that are taken, at the place of the row; None when none is, or nobody can tell.

    Coordinates may have been put right since, so the only one of its address is the one, however far it stood.
    """
    free = {s.station: (s, place) for place, s in around.of(row.standing) if s.station not in taken}
    at = [(s, why) for s, place in free.values() if (why := same_place(row.standing, place))]
    near = [s for s, why in at if why == "coordinates"]
    addressed = [s for s, place in free.values() if row.standing.same_address(place)]
    return next((found[0] for found in (near, [s for s, _ in at], addressed) if len(found) == 1), None)


def _renamed_perhaps(fresh: Sequence[LedgerRow], missing: Sequence[KnownStation]) -> Iterable[ProblemDraft]:
    """New stations that stand where one stood of which the ledger says nothing any more."""
    around = _around(missing)
    for row in fresh:
        near = around.of(row.standing)
        there = {s.station: s for place, s in near if same_place(row.standing, place)}
        if len(there) == 1:
            (was,) = there.values()
            rule = f"与台账里没有了的“{was.name}”同一个地方，可能是改名"
            advice = f"是改名的，请加一列“曾用名”，在这一行写“{was.name}”，它的经历就接得上；不是的，照此入库就是新驿站。"
            yield row.cells["名称"].problem(rule, advice, "warning")
