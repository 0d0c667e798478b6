"""A unit's newest ledger of stations is taken back: from the day of it on it counts as never handed in.

Comes in: the store, the unit and a reason. Goes out: which ledger was withdrawn and which holds instead, or a sentence
why not. Days before keep what they showed; older ledgers are whole, so everything they said holds again.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..store import Actor, Store, withdraw
from .list_versions import CONSOLE
from .station_import import Accepted, newest_ledger, reporting_units
from .station_titles import unit_of
from .taking_back import TakeBackError, not_here, reason_given


@dataclass(frozen=True)
class LedgerTakenBack:
    """What was withdrawn, with the ``seq`` of that; ``stays`` is the ledger that holds now, None when there is none."""

    unit_name: str
    ledger: Accepted
    seq: int
    stays: Accepted | None


def take_back_stations(store: Store, unit: str, reason: str, actor: Actor = CONSOLE) -> LedgerTakenBack:
    """Withdraw the newest ledger of the unit; raises TakeBackError, and DoorError for the role."""
    units = reporting_units(store)
    codes = unit_of(unit, units)
    if len(codes) != 1:
        raise TakeBackError(
            f"没有填报单位“{unit}”：{units.advice(unit, '请写 13 个填报单位之一的名称或代码，如 350582。')}"
        )
    (code,) = codes
    name = units.titles[code]
    why = reason_given(reason, "--reason 报错了一列")
    last = newest_ledger(store, code)
    if last is None:
        raise not_here(store, f"{name}的驿站台账可以撤回。")
    seq = withdraw(store, actor, last.return_id, why)
    return LedgerTakenBack(name, last, seq, newest_ledger(store, code))
