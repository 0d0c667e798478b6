"""回执: the view that figures were taken away from, kept under a short number that opens exactly that view again.

A receipt holds page, arguments, day, the seq up to which the store is replayed, and the hash of the catalogue.
The number follows from these, so that the same view is never kept twice. Knows no screen.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, insert, select

from .hashing import sha256
from .knowledge import AsOf
from .models import AuditEvent
from .models import Receipt as ReceiptRow
from .queries import last_seq
from .store import Actor, Store, allow, stamp, writing

# The first letter tells the store: 正式 zhèngshì, 演示 yǎnshì.
LETTERS = {"live": "Z", "demo": "Y"}
# Of signs that are taken for each other by eye only one: no 0 O D, 1 I L, B, S, Z, U; without vowels no number is a word.
_SIGNS = "23456789CFGHJKMNPQRTVWXY"
_LENGTH = 6
_MEANT = str.maketrans("BSZUO0", "852VQQ")


@dataclass(frozen=True)
class Receipt:
    """A view that was kept: ``arguments`` are the page's parameters, ``made_at`` the first time it was asked for."""

    number: str
    data: str
    page: str
    arguments: tuple[tuple[str, str], ...]
    as_of: date
    seq: int
    catalogue_digest: str
    made_at: datetime

    @property
    def knowledge(self) -> AsOf:
        """What was known: the day, replayed up to the seq."""
        return AsOf(self.as_of, self.seq)


def keep(
    store: Store, actor: Actor, page: str, arguments: Mapping[str, str], as_of: AsOf, digest: str
) -> Receipt:
    """The receipt of this view of the store; the one that is there already when nothing about it differs.

    Every role may have one. ``as_of`` is what the view was drawn with; ``digest`` the hash of its catalogue.
    """
    allow(actor, ("viewer", "clerk", "officer", "keeper"), "取回执号")
    seen = Receipt(
        number="",
        data=store.kind,
        page=page,
        arguments=tuple(sorted(arguments.items())),
        as_of=as_of.day,
        seq=last_seq(store.engine, as_of),
        catalogue_digest=digest,
        made_at=store.clock(),
    )
    store_id = stamp(store).store_id
    with store.engine.connect() as connection:
        found = _kept_or_free(connection, store_id, seen)
    if isinstance(found, Receipt):
        return found
    with writing(store) as connection:
        found = _kept_or_free(connection, store_id, seen)
        return found if isinstance(found, Receipt) else _write(connection, actor, replace(seen, number=found))


def _kept_or_free(connection: Connection, store_id: str, seen: Receipt) -> Receipt | str:
    """The receipt of this view, or the first number that is free for it."""
    for number in _numbers(store_id, seen):
        found = _read(connection, seen.data, number)
        if found is None:
            return number
        if replace(found, made_at=seen.made_at) == replace(seen, number=number):
            return found
    raise AssertionError("the numbers never end")


def _numbers(store_id: str, seen: Receipt) -> Iterator[str]:
    """Numbers for a view: the first, and further ones for when another view has it already."""
    told = [store_id, seen.page, seen.arguments, str(seen.as_of), seen.seq, seen.catalogue_digest]
    for attempt in count():
        rest = int(sha256(json.dumps([*told, attempt]).encode()), 16)
        signs = ""
        for _ in range(_LENGTH):
            rest, place = divmod(rest, len(_SIGNS))
            signs += _SIGNS[place]
        yield LETTERS[seen.data] + signs


def _write(connection: Connection, actor: Actor, receipt: Receipt) -> Receipt:
    values: dict[str, Any] = {k: v for k, v in vars(receipt).items() if k not in ("data", "arguments")}
    connection.execute(insert(ReceiptRow).values(arguments=dict(receipt.arguments), **values))
    who = {"at": receipt.made_at, "actor": actor.account, "role": actor.role}
    connection.execute(
        insert(AuditEvent).values(action="receipt", subject=receipt.number, detail=receipt.page, **who)
    )
    return receipt


def find(store: Store, number: str) -> Receipt | None:
    """The receipt with this number, as somebody may have written or read it out; None when there is none."""
    with store.engine.connect() as connection:
        return _read(connection, store.kind, spelt(number))


def _read(connection: Connection, data: str, number: str) -> Receipt | None:
    row = connection.execute(select(ReceiptRow.__table__).where(ReceiptRow.number == number)).one_or_none()
    if row is None:
        return None
    return Receipt(
        number=row.number,
        data=data,
        page=row.page,
        arguments=tuple(sorted(row.arguments.items())),
        as_of=row.as_of,
        seq=row.seq,
        catalogue_digest=row.catalogue_digest,
        made_at=row.made_at,
    )


def spelt(text: str) -> str:
    """A number as it is stored: full width, small letters, blanks and signs taken for another are put right."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
    return plain[:1].replace("2", "Z") + plain[1:].translate(_MEANT)


def data_of(number: str) -> str:
    """Which store the number belongs to; "" when it begins with neither letter."""
    return next((data for data, letter in LETTERS.items() if spelt(number).startswith(letter)), "")
