"""A list version that was imported by mistake is taken back: from the day of it on it counts as never imported.

Comes in: the store, the version's id and a reason. Goes out: what was withdrawn and which list holds instead, or a
sentence why not. Days before keep the list they had. Progress that was reported on it stays in the store: it is
shown no more, and counts again when a list comes in under the same id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, union

from ..knowledge import AsOf
from ..models import AssignmentRow, ListVersionRow, MeasureRow, Return
from ..queries import list_in_force
from ..store import Actor, Store, withdraw
from .list_versions import CONSOLE, KIND, organisations_that_reported, shipped
from .taking_back import TakeBackError, not_here, without_persons


@dataclass(frozen=True)
class TakenBack:
    """What was withdrawn: ``returns`` imports, the last with ``seq``; ``reported`` organisations had said something.

    ``in_force`` is the id of the list that holds on the day of it, None when there is none.
    """

    returns: int
    seq: int
    reported: int
    in_force: str | None


def take_back_list(store: Store, version: str, reason: str = "", actor: Actor = CONSOLE) -> TakenBack:
    """Withdraw every import of this version, the newest first; raises TakeBackError, and DoorError for the role.

    A version on which somebody has reported goes only with a reason: their progress is shown no more.
    """
    own = _accepted(store, version)
    why = without_persons(reason)
    reported = organisations_that_reported(store, version)
    if reported and not why:
        raise TakeBackError(
            f"清单版本“{version}”已有 {reported} 个单位报过进展，撤回后这些进展不再显示："
            "确实要撤回，请用 --reason 写明原因。"
        )
    seq = max(withdraw(store, actor, row, why or f"撤回清单版本 {version}") for row in own)
    holds = list_in_force(store.engine, AsOf(store.today()))
    return TakenBack(len(own), seq, reported, None if holds is None else str(holds["list_version"]))


def _accepted(store: Store, version: str) -> list[int]:
    """The imports of this version that count, the newest first; raises TakeBackError when none does."""
    if version in shipped(store):
        raise TakeBackError(
            f"清单版本“{version}”是随程序附带的，不能撤回：要换掉它，请用 import-list 导入新的一版。"
        )
    rows = _imports(store)
    own = [row for row in rows if row.list_version == version]
    standing = [row.id for row in own if row.state == "accepted"]
    if standing:
        return sorted(standing, reverse=True)
    if own:
        gone = max(row.withdrawn_on for row in own)
        raise TakeBackError(f"清单版本“{version}”已在 {gone} 撤回，不必再撤。")
    others = sorted({row.list_version for row in rows if row.state == "accepted"})
    told = f"可以撤回的有 {'、'.join(others)}。" if others else "还没有导入过可以撤回的清单。"
    raise not_here(store, f"清单版本“{version}”：{told}")


def _imports(store: Store) -> list[Any]:
    """Accepted and withdrawn imports with the versions they wrote of: id, state, withdrawn_on, list_version."""
    written = union(
        *(select(t.return_id, t.list_version) for t in (ListVersionRow, MeasureRow, AssignmentRow))
    )
    facts = written.subquery()
    query = (
        select(Return.id, Return.state, Return.withdrawn_on, facts.c.list_version)
        .join(facts, facts.c.return_id == Return.id)
        .where(Return.kind == KIND, Return.state.in_(("accepted", "withdrawn")))
    )
    with store.engine.connect() as connection:
        return list(connection.execute(query))
