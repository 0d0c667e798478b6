"""One indicator over the units: cells, classes, what is expired and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from .. import formulas
from ..catalogue import CITY, Catalogue, Organisation
from ..formulas import NOTHING, Quantity
from ..knowledge import AsOf
from ..periods import Period
from .readings import (
    PER,
    Definition,
    People,
    Said,
    comparable,
    fold_zones,
    latest_of_all,
    missing_zones,
    people,
)


@dataclass(frozen=True)
class Cell:
    """One unit on the map or in the grid. ``state``: value, expired, incomplete, unreported or unreadable.

    ``missing`` names the zones for want of which a county that has a figure shows none with them: it is
    incomplete, and not the one that did not report.
    """

    code: str
    name: str
    state: str
    quantity: Quantity
    said: Said | None
    class_no: int | None
    missing: str = ""

    @property
    def period(self) -> Period | None:
        """The period its figure describes; None when there is none."""
        return self.said.period if self.said else None


@dataclass(frozen=True)
class UnitMap:
    """An indicator over the units: cells in official order, bounds of the classes, newest period.

    ``bounds``: the least and the most in each class, of the 13 and of the counties with their zones, whichever are
    drawn, so that both drawings have one legend; None for a class between two cuts into which nothing falls.
    ``qualifiers``: those of the figures in each class, of both drawings as well.
    ``with_zones``: the counties hold their zones. A ratio's never do.
    """

    definition: Definition
    per: str
    with_zones: bool
    cells: tuple[Cell, ...]
    bounds: tuple[tuple[float, float] | None, ...]
    qualifiers: tuple[frozenset[str], ...]
    period: Period | None
    reported: int
    expected: int


def unit_map(
    engine: Engine,
    as_of: AsOf,
    catalogue: Catalogue,
    definition: Definition,
    per: str,
    *,
    with_zones: bool,
) -> UnitMap:
    """An indicator over the 13, or over the 11 counties with their zones folded in.

    The cuts between the classes are computed once, from the 13, whatever is drawn. A ratio is never folded: its
    counties are shown as they are.
    """
    units = catalogue.units
    codes = [u.code for u in units]
    found = [s for s in latest_of_all(engine, as_of, [definition], codes) if s.organisation != CITY]
    by_unit = {s.organisation: s for s in found}
    newest = max((s.period for s in found), default=None)
    residents = people(engine, as_of, codes)
    alone = {c: _Shown(s, _measured(s, residents.quantity(c, s.period.end), per)) for c, s in by_unit.items()}
    classed = _classed(alone.values(), newest, definition)
    cuts = formulas.breaks([value for value, _ in classed])
    folds = with_zones and definition.folds
    folded = _folded(by_unit, units, residents, per) if definition.folds else {}
    shown = folded if folds else alone
    classes = _classes(cuts, [*classed, *_classed(folded.values(), newest, definition)])
    drawn = [u for u in units if not (with_zones and u.within_code)]
    cells = tuple(_cell(u, shown.get(u.code, _Shown()), newest, definition, cuts) for u in drawn)
    return UnitMap(
        definition=definition,
        per=per,
        with_zones=folds,
        cells=cells,
        bounds=tuple((min(own)[0], max(own)[0]) if own else None for own in classes),
        qualifiers=tuple(frozenset(qualifier for _, qualifier in own) for own in classes),
        period=newest,
        reported=sum(c.state == "value" for c in cells),
        expected=len(drawn),
    )


@dataclass(frozen=True)
class _Shown:
    """What one unit shows: the reading behind it, what was measured of it, the zones for want of which it has none."""

    said: Said | None = None
    quantity: Quantity = NOTHING
    missing: str = ""


# A figure that has a class: its value and its qualifier.
_Classed = tuple[float, str]


def _classed(shown: Iterable[_Shown], newest: Period | None, definition: Definition) -> list[_Classed]:
    return [
        (one.quantity.value, one.quantity.qualifier)
        for one in shown
        if one.said is not None
        and one.quantity.value is not None
        and newest is not None
        and comparable(one.said.period, newest, definition)
    ]


def _folded(
    by_unit: Mapping[str, Said], units: Sequence[Organisation], residents: People, per: str
) -> dict[str, _Shown]:
    """Each county with its zones; one whose zone is missing shows nothing and says which."""
    shown = {}
    for code, joint in fold_zones(by_unit, units).items():
        if joint is not None:
            below = residents.folded(code, units, joint.period.end)
            shown[code] = _Shown(joint, _measured(joint, below, per))
        elif code in by_unit:
            shown[code] = _Shown(missing=missing_zones(by_unit, units, code))
    return shown


def _measured(found: Said, residents: Quantity, per: str) -> Quantity:
    return found.quantity if per == "count" else formulas.ratio(found.quantity, residents, PER)


def _cell(
    unit: Organisation,
    shown: _Shown,
    newest: Period | None,
    definition: Definition,
    cuts: Sequence[float],
) -> Cell:
    found, measured = shown.said, shown.quantity
    state, class_no = "value", None
    if shown.missing:
        state = "incomplete"
    elif found is None or (measured.value is None and measured.qualifier != "unknown"):
        state = "unreported"
    elif measured.value is None:
        state = "unreadable"
    elif newest is None or not comparable(found.period, newest, definition):
        state = "expired"
    else:
        class_no = formulas.class_of(measured.value, cuts)
    return Cell(unit.code, unit.short_name, state, measured, found, class_no, shown.missing)


def _classes(cuts: Sequence[float], figures: Sequence[_Classed]) -> list[list[_Classed]]:
    """The figures of each class; no figure at all has no classes."""
    if not figures:
        return []
    classes: list[list[_Classed]] = [[] for _ in range(len(cuts) + 1)]
    for figure in figures:
        classes[formulas.class_of(figure[0], cuts)].append(figure)
    return classes
