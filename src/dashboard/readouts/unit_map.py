"""One indicator over the units: cells, classes, what is expired and what is missing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from .. import formulas
from ..catalogue import Catalogue, Organisation
from ..formulas import NOTHING, Quantity
from ..knowledge import AsOf
from ..periods import Period
from ..queries import readings
from .readings import PER, Definition, Said, comparable, fold_zones, missing_zones, people, said


@dataclass(frozen=True)
class Cell:
    """One unit on the map or in the grid. ``state``: value, expired, unreported or unreadable.

    ``missing`` names the zones for want of which a county that has a figure shows none with them.
    """

    code: str
    name: str
    state: str
    quantity: Quantity
    period: Period | None
    class_no: int | None
    missing: str = ""


@dataclass(frozen=True)
class UnitMap:
    """An indicator over the units: cells in official order, bounds of the classes, newest period."""

    definition: Definition
    per: str
    with_zones: bool
    cells: tuple[Cell, ...]
    bounds: tuple[tuple[float, float], ...]
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

    The cuts between the classes are computed once, from the 13, whatever is drawn; the outer bounds hold
    every figure that is coloured.
    """
    units = catalogue.units
    found = said(
        readings(engine, as_of, indicators=[definition.indicator], organisations=[u.code for u in units])
    )
    by_unit = {s.organisation: s for s in found}
    newest = max((s.period for s in found), default=None)
    residents = people(engine, as_of, [u.code for u in units])
    alone = {
        code: (s, _measured(s, residents.quantity(code, s.period.end), per)) for code, s in by_unit.items()
    }
    classed = [
        q.value
        for s, q in alone.values()
        if q.value is not None and newest is not None and comparable(s.period, newest, definition)
    ]
    cuts = formulas.breaks(classed)
    shown: dict[str, tuple[Said | None, Quantity]] = dict(alone)
    lacking: dict[str, str] = {}
    if with_zones:
        folded = fold_zones(by_unit, units)
        shown = {
            code: (s, _measured(s, residents.folded(code, units, s.period.end), per) if s else NOTHING)
            for code, s in folded.items()
        }
        lacking = {
            code: missing_zones(by_unit, units, code)
            for code, s in folded.items()
            if s is None and code in by_unit
        }
    drawn = [u for u in units if not (with_zones and u.within_code)]
    cells = tuple(
        replace(
            _cell(u, *shown.get(u.code, (None, NOTHING)), newest, definition, cuts),
            missing=lacking.get(u.code, ""),
        )
        for u in drawn
    )
    coloured = [c.quantity.value for c in cells if c.class_no is not None and c.quantity.value is not None]
    return UnitMap(
        definition=definition,
        per=per,
        with_zones=with_zones,
        cells=cells,
        bounds=_bounds(cuts, [*classed, *coloured]),
        period=newest,
        reported=sum(c.state == "value" for c in cells),
        expected=len(drawn),
    )


def _measured(found: Said, residents: Quantity, per: str) -> Quantity:
    return found.quantity if per == "count" else formulas.ratio(found.quantity, residents, PER)


def _cell(
    unit: Organisation,
    found: Said | None,
    measured: Quantity,
    newest: Period | None,
    definition: Definition,
    cuts: Sequence[float],
) -> Cell:
    state, class_no = "value", None
    if found is None or (measured.value is None and measured.qualifier != "unknown"):
        state = "unreported"
    elif measured.value is None:
        state = "unreadable"
    elif newest is None or not comparable(found.period, newest, definition):
        state = "expired"
    else:
        class_no = formulas.class_of(measured.value, cuts)
    return Cell(unit.code, unit.short_name, state, measured, found.period if found else None, class_no)


def _bounds(cuts: Sequence[float], values: Sequence[float]) -> tuple[tuple[float, float], ...]:
    if not values:
        return ()
    edges = [min(values), *cuts, max(values)]
    return tuple(itertools.pairwise(edges))
