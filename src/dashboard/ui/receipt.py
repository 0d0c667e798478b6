"""Receipts of the screens: the number of what is taken away, and the one an address names."""

from __future__ import annotations

from .. import receipts
from ..receipts import Receipt
from ..store import Actor
from . import cached
from .address import View
from .cached import Key

# Nobody signs in to look; a receipt is the account of the screen's own.
VIEWER = Actor("screen", "viewer")


def keep(page: str, view: View, key: Key) -> Receipt:
    """The receipt of a page as it was drawn with this key."""
    store = cached.stores()[view.data]
    return receipts.keep(store, VIEWER, page, view.arguments(page), key.as_of, key.catalogue)


def find(number: str) -> Receipt | None:
    """The receipt with this number, whichever store it is of; None when there is none."""
    store = cached.stores().by_data.get(receipts.data_of(number))
    return receipts.find(store, number) if store else None
