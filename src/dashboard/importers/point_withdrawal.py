"""The newest file of observation points, roster or record of visits, is taken back as if it had never come in.

Comes in: the store and a reason. Goes out: which file was withdrawn and which is the newest now, or a sentence why
not. Days before keep what they showed; what an older file said of a point or a day of visit holds again.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..store import Actor, Store, withdraw
from .list_versions import CONSOLE
from .point_import import AcceptedPoints, newest_points
from .taking_back import not_here, reason_given


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
        raise not_here(store, "联系点名册或走访记录可以撤回。")
    return PointsTakenBack(last, withdraw(store, actor, last.return_id, why), newest_points(store))
