"""One row of a ledger of stations, read. Pure; knows neither file nor store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .cells import Cell
from .coordinates import Spot
from .sheet_table import Row
from .station_life import Step
from .station_places import Place


@dataclass(frozen=True)
class LedgerRow:
    """One row of the ledger: ``state`` and ``days`` as far as it tells them, ``spot`` None: not located.

    ``reopened`` is the day of 恢复开放, which is among the ``days`` as an opening; None where it tells none.
    ``unread``: a cell of its days could not be read, so that what it tells of its life is not all.
    """

    cells: Row
    number: str
    name: str
    former: tuple[str, ...]
    kind: str
    town: str
    address: str
    spot: Spot | None
    services: str
    hours: str
    operator: str
    state: str | None
    days: tuple[Step, ...]
    visits: int | None
    checked_on: date | None
    unread: bool = False
    reopened: date | None = None

    @property
    def place(self) -> str:
        """The cell by which the row is named."""
        return self.cells["名称"].place

    @property
    def state_cell(self) -> Cell:
        """The cell that tells the state: 状态, or 是否开放 where only that one says anything."""
        state, answer = self.cells["状态"], self.cells["是否开放"]
        return answer if not (state.text or state.fault) and (answer.text or answer.fault) else state

    @cached_property
    def standing(self) -> Place:
        """Where it stands, to be compared."""
        spot = self.spot
        return Place(self.town, self.address, spot.lon if spot else None, spot.lat if spot else None)
