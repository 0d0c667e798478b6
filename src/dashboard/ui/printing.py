"""The receipt of a page that is being printed: what the browser says is checked as an address is, then kept.

The browser sends back the address and the seq that the page was drawn with (templates/paper.html). Nothing is kept
of what could not have been shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy.exc import SQLAlchemyError

from ..language import asked_or_local
from ..store import StoreError
from . import address, cached, draw, receipt
from .address import View
from .frame import ROOMS, of_its_day

PAGES = {address.address_of(name, {}).removeprefix("./") or "": name for name, _ in ROOMS}


class RefusedError(Exception):
    """No receipt is given; the sentence says why, in Simplified Chinese. ``status`` is that of the answer."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Printed:
    """What a browser says that it prints: page, the parameters of its address, the seq it was drawn with."""

    page: str
    params: Mapping[str, str]
    seq: int


def number_for(body: bytes, locale: str) -> tuple[int, dict[str, str]]:
    """Status and answer: the number of the view, or one sentence in the reader's language."""
    language = asked_or_local("", locale)
    try:
        asked = _read(body)
        language = asked_or_local(asked.params.get("lang", ""), locale)
        return 200, {"number": _kept(asked, locale)}
    except RefusedError as refused:
        return refused.status, {"sentence": draw.spoken(str(refused), language)}
    except (StoreError, SQLAlchemyError):
        return 503, {"sentence": draw.spoken("暂时取不到数据", language)}


def _read(body: bytes) -> Printed:
    try:
        told = json.loads(body)
        where, seq = urlsplit(told["address"]), told["seq"]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RefusedError(400, "取回执号要写明地址和序号") from error
    if type(seq) is not int or not isinstance(told["address"], str):
        raise RefusedError(400, "取回执号要写明地址和序号")
    page = PAGES.get(where.path.removeprefix("./"))
    if page is None or where.netloc:
        raise RefusedError(400, "没有这一页")
    return Printed(page, dict(parse_qsl(where.query)), seq)


def _kept(asked: Printed, locale: str) -> str:
    """The number of the receipt of what is printed."""
    now = cached.Moment()
    view = _view(asked, now, locale)
    key = now.key(view.data, view.knowledge)
    view = of_its_day(view.on(asked.page), key)
    if view.problems:
        raise RefusedError(400, " ".join(address.said_of(view.problems, asked.params)))
    if not 0 <= asked.seq <= (key.as_of.seq or 0):
        raise RefusedError(400, f"序号 {asked.seq} 不在库里，最大是 {key.as_of.seq}")
    return receipt.keep(asked.page, view, replace(key, as_of=replace(key.as_of, seq=asked.seq))).number


def _view(asked: Printed, now: cached.Moment, locale: str) -> View:
    found = receipt.find(asked.params.get("receipt", ""))
    language = asked_or_local("", locale)
    return address.parse(
        asked.params, cached.stores().catalogue, now.today(), now.opens_with(), language, "light", found
    )
