"""Stations of one name at one place in the ledgers of two units: each would count it, so one of the two must not. Pure.

A new row is refused. One that is in the store already is only told: what was accepted stays until somebody puts it right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..store import ProblemDraft
from .cells import shown
from .station_cells import called
from .station_identity import Matched
from .station_places import Around, Place, same_place


@dataclass(frozen=True)
class Elsewhere:
    """A station of another unit that is not closed; ``unit`` is that unit's name."""

    station: str
    name: str
    unit: str
    standing: Place


def counted_elsewhere(matched: Sequence[Matched], others: Iterable[Elsewhere]) -> Iterator[ProblemDraft]:
    """Rows that another unit has too, at their names; one that is closed here is counted there alone."""
    by_name: dict[str, Around[Elsewhere]] = {}
    for other in others:
        by_name.setdefault(called(other.name), Around()).add(other.standing, other)
    for match in matched:
        there = _there(match, by_name)
        if there and match.row.state != "closed":
            rule = f"{there.unit}的台账里有同名同地的“{shown(there.name)}”（编号 {there.station}），两边各算了一个"
            advice = f"归{there.unit}的，请删去这一行；归本单位的，请{there.unit}先在它的台账里把它写成关闭，再导入这一份。"
            cell, fresh = match.row.cells["名称"], match.station is None
            yield cell.problem(rule, advice, "error" if fresh else "warning")


def _there(match: Matched, by_name: Mapping[str, Around[Elsewhere]]) -> Elsewhere | None:
    around, standing = by_name.get(called(match.name)), match.row.standing
    near = around.of(standing) if around else ()
    return next((o for place, o in near if same_place(standing, place) in ("coordinates", "address")), None)
