"""Rows of one ledger that are one station: of one name at one place, of one number, or called as another one was. Pure.

Each row is told once, with the row it is the same as; the first of them with the next, and how many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..store import ProblemDraft
from .station_cells import called
from .station_places import Around, Why, not_apart
from .station_row import LedgerRow

# What to do, by why two rows are taken for one.
_ADVICE: Mapping[Why, str] = {
    "coordinates": "请删去一行；坐标写错了的请改正坐标；确实是两个驿站，请写出不同的名称，如加上“东门”“西门”。",
    "address": "请删去一行；确实是两个驿站，请写出不同的名称，或各写各的地址，写到门牌或楼栋。",
    "untold": "请删去一行；确实是两个驿站，请写出不同的名称，或两行都写上地址或坐标。",
}
_RULE: Mapping[Why, str] = {
    "coordinates": "与 {}同名，坐标相距不到 50 米，重复了",
    "address": "与 {}同名同地址，重复了",
    "untold": "与 {}同名，没有写出不同的地方，重复了",
}


def told_twice(rows: Sequence[LedgerRow], *, by_number: bool) -> Iterator[ProblemDraft]:
    """Rows of one name at one place, and rows of one number, told at both cells."""
    if by_number:
        yield from _of_one_number(rows)
    by_name: dict[str, list[LedgerRow]] = defaultdict(list)
    for row in rows:
        if row.name:
            by_name[called(row.name)].append(row)
    for alike in by_name.values():
        if len(alike) > 1:
            yield from _of_one_name(alike)


def _of_one_number(rows: Iterable[LedgerRow]) -> Iterator[ProblemDraft]:
    by_number: dict[str, list[LedgerRow]] = defaultdict(list)
    for row in rows:
        if row.number:
            by_number[row.number].append(row)
    for first, *others in (found for found in by_number.values() if len(found) > 1):
        for row, against in ((first, others[0]), *((other, first) for other in others)):
            rule = f"编号重复，{_where(against, others if row is first else (), '编号')}也用了"
            yield row.cells["编号"].problem(rule, "请改正编号。")


def _of_one_name(alike: Sequence[LedgerRow]) -> Iterator[ProblemDraft]:
    """Each row that is at the place of one before it, and that one."""
    placed: Around[LedgerRow] = Around()
    firsts: list[LedgerRow] = []
    untold: list[LedgerRow] = []  # the first of those that tell no more than a town
    found: dict[str, list[tuple[LedgerRow, Why]]] = defaultdict(list)
    for row in alike:
        near = [other for _, other in placed.of(row.standing)] if row.standing.told else firsts
        same = ((o, why) for o in (*near, *untold) if (why := not_apart(row.standing, o.standing)))
        first, why = next(same, (None, None))
        if first and why:
            found[first.place].append((row, why))
            continue
        firsts.append(row)
        if not row.standing.told and not untold:
            untold.append(row)
        placed.add(row.standing, row)
    for first in firsts:
        others = found[first.place]
        for at, (row, why) in enumerate(others):
            if at == 0:
                yield _twice(first, row, why, [other for other, _ in others])
            yield _twice(row, first, why, ())


def _twice(row: LedgerRow, against: LedgerRow, why: Why, others: Sequence[LedgerRow]) -> ProblemDraft:
    rule = _RULE[why].format(_where(against, others, "名称"))
    return row.cells["名称"].problem(rule, _ADVICE[why])


def _where(against: LedgerRow, others: Sequence[LedgerRow], column: str) -> str:
    place = against.cells[column].place
    return f"{place} 等 {len(others)} 行" if len(others) > 1 else f"{place} "


def still_called_so(row: LedgerRow, renamed: LedgerRow) -> ProblemDraft:
    """Of a row that goes by the former name of another one: one station twice, unless both stand apart."""
    where, cell = renamed.cells["曾用名"].place, row.cells["名称"]
    if not_apart(row.standing, renamed.standing):
        return cell.problem(
            f"{where} 把它写成“{renamed.name}”的曾用名，两行是同一个驿站",
            "改了名的，请删去用旧名的这一行；没有改名的，请清空那个“曾用名”；用了旧名的新驿站，请写出不同的地址和坐标。",
        )
    advice = "确实是另一个驿站就照收；是同一个的，请删去一行。"
    rule = f"{where} 把它写成“{renamed.name}”的曾用名，两行地方不同，这一行按新驿站入库"
    return cell.problem(rule, advice, "warning")
