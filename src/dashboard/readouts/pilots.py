"""The measures a point pilots: the light of its own unit beside those of all others that answer for the same.

The rule, declared here and printed under the figures: of the others, those count whose light says how far they are
(逾期 严重滞后 滞后 正常 已完成). More than half of them with a worse light: the pilot is ahead of most; more than half
with a better one: it is behind most; else it is level. Ahead and level are "not worse than the rest". Where a light
says nothing of how far one is (不涉及 未报送 未启动 长期坚持), nothing is compared, and why is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ..lights import SEVERITY
from .measures import Duty, ListReadout, MeasureReadout

# Lights that say how far somebody is; the others say that there is nothing to compare.
TELLING = frozenset({"overdue", "far_behind", "behind", "on_track", "done"})
AHEAD, LEVEL, BEHIND = "ahead", "level", "behind"


@dataclass(frozen=True)
class Pilot:
    """One piloted measure. ``measure`` None: the list of the day has none of this number, then nothing else is said.

    ``own`` None: the unit of the point does not answer for it; ``others``: everybody else who does.
    """

    number: str
    measure: MeasureReadout | None
    own: Duty | None
    others: tuple[Duty, ...]

    @property
    def light(self) -> str:
        """The light of the unit of the point."""
        return self.own.light if self.own else "not_involved"

    @property
    def lights(self) -> tuple[tuple[str, int], ...]:
        """How many of the others have which light, the worst first."""
        counts = Counter(d.light for d in self.others)
        return tuple((light, counts[light]) for light in SEVERITY if counts[light])

    @property
    def compared(self) -> tuple[Duty, ...]:
        """Those of the others whose light says how far they are."""
        return tuple(d for d in self.others if d.light in TELLING)

    @property
    def verdict(self) -> str:
        """``ahead``, ``level`` or ``behind`` most of the others; empty: not compared."""
        if self.light not in TELLING or not self.compared:
            return ""
        own = SEVERITY.index(self.light)
        places = [SEVERITY.index(d.light) for d in self.compared]
        if 2 * sum(place < own for place in places) > len(places):
            return AHEAD
        return BEHIND if 2 * sum(place > own for place in places) > len(places) else LEVEL

    @property
    def not_worse(self) -> bool:
        """Whether it is ahead of most of the others or level with them."""
        return self.verdict in (AHEAD, LEVEL)

    @property
    def median(self) -> float | None:
        """The percent in the middle of the others that have one; None when none has."""
        said = self._said()
        return float(median(said)) if said else None

    @property
    def said(self) -> int:
        """How many of the others have a percent."""
        return len(self._said())

    def _said(self) -> list[float]:
        return [d.percent for d in self.others if d.percent is not None]


@dataclass(frozen=True)
class Piloted:
    """All measures of one point counted: so many, so many of them compared, so many of these not worse than the rest."""

    measures: int
    compared: int
    not_worse: int

    @property
    def worse(self) -> int:
        """How many are behind most of the others."""
        return self.compared - self.not_worse


def pilots(found: ListReadout | None, numbers: Sequence[str], unit: str) -> tuple[Pilot, ...]:
    """The piloted measures in the order of the ledger; without a list none is found."""
    by_number = {m.number: m for m in found.measures} if found else {}
    duties = found.duties if found else ()
    return tuple(_pilot(number, by_number.get(number), duties, unit) for number in numbers)


def _pilot(number: str, measure: MeasureReadout | None, duties: Sequence[Duty], unit: str) -> Pilot:
    own = [d for d in duties if d.number == number]
    mine = next((d for d in own if d.organisation == unit), None)
    return Pilot(number, measure, mine, tuple(d for d in own if d.organisation != unit))


def piloted(found: Sequence[Pilot]) -> Piloted:
    """The measures of one point, or of all points, counted."""
    return Piloted(len(found), sum(bool(p.verdict) for p in found), sum(p.not_worse for p in found))
