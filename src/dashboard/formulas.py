"""Arithmetic of figures that carry a qualifier. Pure: literals in, literals out.

Rules of design section 8: absence is never zero; a zero denominator gives no value; a sum is = if all are,
≥ if = and ≥ meet, ≈ as soon as one is, and unknown gives no value; a change is taken between two = only.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Qualifier = Literal["eq", "ge", "approx", "unknown"]


@dataclass(frozen=True)
class Quantity:
    """A value with its qualifier. ``value`` None: there is none; ``unknown``: it was printed unreadably."""

    value: float | None
    qualifier: Qualifier = "eq"

    @property
    def exact(self) -> bool:
        """Whether this is a printed = figure with a value."""
        return self.value is not None and self.qualifier == "eq"


NOTHING = Quantity(None)


def total(parts: Iterable[Quantity]) -> Quantity:
    """Sum of all parts; NOTHING when there are none or one of them has no value."""
    found = list(parts)
    values = [p.value for p in found if p.value is not None]
    if not found or len(values) < len(found):
        return NOTHING
    qualifiers = {p.qualifier for p in found}
    if "unknown" in qualifiers:
        return NOTHING
    joint: Qualifier = "approx" if "approx" in qualifiers else "ge" if "ge" in qualifiers else "eq"
    return Quantity(math.fsum(values), joint)


def ratio(numerator: Quantity, denominator: Quantity, per: float = 1.0) -> Quantity:
    """``numerator / denominator × per``; NOTHING unless the denominator is an = figure above zero."""
    if not denominator.exact or not denominator.value or numerator.value is None:
        return NOTHING
    if numerator.qualifier == "unknown":
        return NOTHING
    return Quantity(numerator.value / denominator.value * per, numerator.qualifier)


def joint_ratio(pairs: Iterable[tuple[Quantity, Quantity]], per: float = 1.0) -> Quantity:
    """Sum of numerators over sum of denominators across the pairs that have both."""
    both = [(n, d) for n, d in pairs if n.value is not None and d.exact]
    return ratio(total(n for n, _ in both), total(d for _, d in both), per)


def change(now: Quantity, before: Quantity) -> float | None:
    """Difference of two = figures; None means 不可比."""
    if not (now.exact and before.exact) or now.value is None or before.value is None:
        return None
    return now.value - before.value


def paired_change(pairs: Iterable[tuple[Quantity, Quantity]]) -> tuple[float | None, int]:
    """Change over the organisations that have both figures, and how many they are.

    None, 不可比, when one of those figures is not =, or nobody has both.
    """
    both = [(n, b) for n, b in pairs if n.value is not None and b.value is not None]
    if not both:
        return None, 0
    return change(total(n for n, _ in both), total(b for _, b in both)), len(both)


def breaks(values: Sequence[float], classes: int = 5) -> list[float]:
    """Upper bounds of all classes but the last, as quantiles; fewer when values coincide."""
    distinct = sorted(set(values))
    if len(distinct) <= 1:
        return []
    if len(distinct) <= classes:
        return distinct[:-1]
    cuts = statistics.quantiles(values, n=classes, method="inclusive")
    return sorted({round(c, 6) for c in cuts if c < distinct[-1]})


def class_of(value: float, cuts: Sequence[float]) -> int:
    """Number of the class, from 0: a value on a bound belongs to the lower class."""
    return sum(value > cut for cut in cuts)


@dataclass(frozen=True)
class Spread:
    """Where one unit stands among the others."""

    median: float
    low: float
    high: float
    count: int


def spread(values: Sequence[float], least: int = 5) -> Spread | None:
    """Median and range; None when fewer than ``least`` others have a value."""
    if len(values) < least:
        return None
    return Spread(statistics.median(values), min(values), max(values), len(values))


@dataclass(frozen=True)
class UsualRange:
    """How a figure usually changes from one period to the next: median ± 3 MAD of its last ``count`` changes.

    ``spread`` is the MAD, or what stands in for it where that is 0; ``low`` and ``high`` are the lowest and the
    highest change that are still usual.
    """

    median: float
    spread: float
    count: int
    low: float
    high: float

    def holds(self, found: float) -> bool:
        """Whether a change lies within the range, its ends included."""
        slack = 1e-9 * max(1.0, abs(self.low), abs(self.high))
        return self.low - slack <= found <= self.high + slack


_MADS = 3
_JUDGED_BY, _AT_LEAST = 12, 6


def usual_range(changes: Sequence[float]) -> UsualRange | None:
    """The range of the last twelve of these changes, oldest first; None when there are fewer than six.

    MAD is the median of the distances to the median as it is, not scaled to a standard deviation. Where more than
    half of the changes are the same it is 0, and the mean of the distances stands in for it (Iglewicz and Hoaglin
    1993); a change that is among the twelve is usual as well: else every step of one of a figure that moves
    rarely would lie outside.
    """
    last = changes[-_JUDGED_BY:]
    if len(last) < _AT_LEAST:
        return None
    middle = statistics.median(last)
    distances = [abs(c - middle) for c in last]
    mad = statistics.median(distances)
    spread = mad or statistics.fmean(distances)
    ends = (middle - _MADS * spread, middle + _MADS * spread)
    seen = [] if mad else last
    return UsualRange(middle, spread, len(last), min(*ends, *seen), max(*ends, *seen))


def outlier(changes: Sequence[float], latest: float) -> UsualRange | None:
    """The usual range that the latest change lies outside of; None when it lies within or cannot be judged.

    ``changes`` are those before the latest one, oldest first. Where all of them are the same, any other lies outside.
    """
    found = usual_range(changes)
    return None if found is None or found.holds(latest) else found


@dataclass(frozen=True)
class CityValue:
    """What can be said of the whole city.

    ``basis``: ``units`` (all expected reporters), ``published`` (the city's own printed figure),
    ``partial`` (已报合计 n/N, never to be called the city's figure), ``none``.
    ``beside`` is the published figure of the same period where the sum of the units was taken.
    """

    basis: Literal["units", "published", "partial", "none"]
    quantity: Quantity
    reported: int
    expected: int
    beside: Quantity = NOTHING


def city_value(
    units: Sequence[Quantity],
    expected: int,
    published: Quantity = NOTHING,
    *,
    published_is_current: bool = True,
    coverage_line: float = 0.0,
) -> CityValue:
    """Design section 8, city value: the units' sum when all have reported, else the published figure.

    An older published figure gives way to 已报合计 n/N once the coverage line is reached: twelve of
    thirteen say more about October than a newspaper of January.
    """
    reported = len(units)
    has_published = published != NOTHING
    if expected and reported >= expected:
        beside = published if published_is_current else NOTHING
        return CityValue("units", total(units), reported, expected, beside)
    covered = bool(expected) and reported / expected >= coverage_line > 0
    if has_published and (published_is_current or not covered):
        return CityValue("published", published, reported, expected)
    if units:
        return CityValue("partial", total(units), reported, expected)
    return CityValue("none", NOTHING, 0, expected)
