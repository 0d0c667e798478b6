"""The newest file of observation points, roster or record of visits, is taken back as if it had never come in.

Comes in: the store and a reason. Goes out: which file was withdrawn and which is the newest now, or a sentence why
not. Days before keep what they showed; what an older file said of a point or a day of visit holds again.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..store import Actor, Store, withdraw
from .list_versions import CONSOLE
from .list_withdrawal import TakeBackError, reason_given
from .point_import import AcceptedPoints, newest_points


@dataclass(frozen=True)
class PointsTakenBack:
    """What was withdrawn, with the ``seq`` of that; ``next`` is the file that another call would take back, or None."""

    file: AcceptedPoints
    seq: int
    next: AcceptedPoints | None


def take_back_points(store: Store, reason: str, actor: Actor = CONSOLE) -> PointsTakenBack:
    """Withdraw the newest file of points; raises TakeBackError, and DoorError for the role."""
    why = reason_given(reason, "--reason 名册发错了一版")
    last = newest_points(store)
    if last is None:
        here, there, data = (
            ("演示库", "正式库", "live") if store.kind == "demo" else ("正式库", "演示库", "demo")
        )
        raise TakeBackError(
            f"{here}里没有联系点名册或走访记录可以撤回。要撤回{there}里的，请在命令后面加 --data {data}。"
        )
    return PointsTakenBack(last, withdraw(store, actor, last.return_id, why), newest_points(store))
