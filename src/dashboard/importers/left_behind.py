"""What an import that was cut off had handed in and not accepted goes back: its difference to the store is stale."""

from __future__ import annotations

from sqlalchemy import select

from ..models import Return, ReturnEvent
from ..store import Actor, Store, send_back


def send_back_left(store: Store, actor: Actor, kind: str, organisation: str | None = None) -> None:
    """Send back the returns of this kind that this account handed in and that still wait; None: of whichever
    organisation."""
    own = select(ReturnEvent.return_id).where(
        ReturnEvent.state == "received", ReturnEvent.actor == actor.account
    )
    waiting = select(Return.id).where(Return.kind == kind, Return.state == "waiting", Return.id.in_(own))
    if organisation is not None:
        waiting = waiting.where(Return.organisation == organisation)
    with store.engine.connect() as connection:
        left = connection.execute(waiting).scalars().all()
    for return_id in left:
        send_back(store, actor, return_id, "上一次导入中途断了")
