"""Published figures into the store, through the same door as a return: a changed source replaces what it said.

The files that come with the product are held against what each source said last. A source that says the same
is left alone, whatever line it stands on; one that says something else, or is gone, is taken back first.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import and_, select

from ..catalogue import Catalogue, CatalogueError
from ..models import Return, ReturnEvent
from ..store import SYSTEM, Draft, Store, accept, duplicates, receive, withdraw
from .published import published_returns, unit_figures

FILES = ("published_figures_", "units_")  # what the names of returns from the shipped files begin with


def published_drafts(data: Path, catalogue: Catalogue) -> list[Draft]:
    """Every published figure that comes with the product, one draft per source and unit.

    Raises CatalogueError at the first problem: a shipped file must be without any.
    """
    people = unit_figures(data / "published" / "unit_figures.csv", data / "geo" / "units.csv", catalogue)
    printed = published_returns(data / "published" / "published_figures.csv", catalogue)
    for draft in (*people, *printed):
        for problem in (*draft.problems, *duplicates(draft.facts)):
            raise CatalogueError(
                f"{problem.place}：{problem.rule}，写的是“{problem.found}”。{problem.advice}"
            )
    return [*people, *printed]


def keep_in_step(store: Store, drafts: Sequence[Draft]) -> int:
    """Accept what is new or changed, take back what is changed or gone; returns how many were accepted.

    A return that was received but not accepted, because the power failed in between, is accepted now. What an
    officer has withdrawn stays withdrawn until its source says something else.
    """
    asked = {(d.file_name, d.sha256): d for d in drafts}
    said = _said(store)
    standing = {(row.file_name, row.file_sha256): row for row in said if row.withdrawn_by != SYSTEM.account}
    for row in said:
        if row.state == "accepted" and (row.file_name, row.file_sha256) not in asked:
            withdraw(store, SYSTEM, row.id, "公开数据表已改写或删去这一来源")
    new = [key for key in asked if key not in standing or standing[key].state == "waiting"]
    for key in new:
        return_id = standing[key].id if key in standing else receive(store, SYSTEM, asked[key])
        accept(store, SYSTEM, return_id, "公开数据")
    return len(new)


def _said(store: Store) -> Sequence[Any]:
    """Returns of the sources that are kept in step, with the account that withdrew them, None when nobody did."""
    withdrawal = and_(ReturnEvent.return_id == Return.id, ReturnEvent.state == "withdrawn")
    query = (
        select(
            Return.id,
            Return.file_name,
            Return.file_sha256,
            Return.state,
            ReturnEvent.actor.label("withdrawn_by"),
        )
        .outerjoin(ReturnEvent, withdrawal)
        .where(Return.kind == "published", Return.state.in_(("accepted", "waiting", "withdrawn")))
        .order_by(Return.id)
    )
    with store.engine.connect() as connection:
        rows = connection.execute(query).all()
    return [row for row in rows if row.file_name.startswith(FILES)]
