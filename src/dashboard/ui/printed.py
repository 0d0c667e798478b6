"""What has been published of the city, for a page on which no ledger speaks yet."""

from __future__ import annotations

from collections.abc import Sequence

from ..catalogue import CITY
from ..figures import quantity
from . import cached
from .cached import Key


def printed_rows(key: Key, indicators: Sequence[str]) -> list[dict[str, str]]:
    """What has been published of the city, newest first, with period and source."""
    known = cached.definitions(key)
    return [
        {
            "name": known[indicator].title,
            "value": quantity(said.quantity, exact=True),
            "unit": known[indicator].measured_in,
            "period": said.period.text,
            "source": f"{said.source}（{said.grade} 级）" if said.grade else said.source,
        }
        for indicator in indicators
        if indicator in known
        for said, current, void in cached.history(key, indicator, CITY)
        if current and not void
    ]
