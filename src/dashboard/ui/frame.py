"""The frame around every page: top line, switches, and what is said when there is nothing to show."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from functools import cache, lru_cache

import streamlit as st
from sqlalchemy.exc import InterfaceError, OperationalError

from ..config import PAGES
from ..knowledge import FIRST_DAY
from ..receipts import Receipt
from ..store import SHANGHAI, StoreError, reachable
from . import address, cached, draw, freshness, receipt, stations_page
from .address import View
from .freshness import Age
from .here import set_here
from .paper import Paper, paper

# Address, title; the first is the front page. The order is that of the top line.
ROOMS = (
    ("overview", "总览"),
    ("tasks", "任务清单"),
    ("stations", "驿站"),
    ("points", "联系点"),
    ("county", "区县"),
    ("changes", "变化"),
    ("snapshots", "快照"),
    ("about", "口径说明"),
)
log = logging.getLogger("dashboard")
_down_since: dict[str, datetime] = {}


def pages() -> list[st.Page]:
    """The pages, by absolute path: a deep link works after a restart. A run marks its pages, so it gets its own."""
    return [copy(page) for page in _pages()]


@cache
def _pages() -> list[st.Page]:
    return [
        st.Page(PAGES / f"{name}.py", title=title, url_path=None if not i else name, default=not i)
        for i, (name, title) in enumerate(ROOMS)
    ]


def open_page(name: str) -> bool:
    """Read the address and draw the top; False when the page must not run, the reason having been said."""
    asked = receipt.find(address.receipt_number())
    now = cached.Moment()
    view = address.read(cached.stores().catalogue, now.today(), now.opens_with(), asked).on(name)
    if asked and not view.problems and not {"as_of", "data"} <= dict(view.given).keys():
        st.switch_page(PAGES / f"{asked.page}.py", query_params=view.of_receipt(asked))
    try:
        key = now.key(view.data, view.knowledge)
    except StoreError as error:
        _draw_top(view, name, None)
        _store_is_down(view, name, error)
        return False
    _down_since.pop(view.data, None)
    view = of_its_day(view, key)
    set_here(name, view, key)
    _draw_top(view, name, None if view.problems else key)
    if view.problems:
        _wrong_address(view, name)
        return False
    if view.receipt:
        _say_receipt(view, name, view.receipt, changed=key.catalogue != view.receipt.catalogue_digest)
    if view.play:
        st.session_state["arrived"] = time.monotonic()
        _walk_on(view, name)
    return True


def of_its_day(view: View, key: cached.Key) -> View:
    """The view, with a sentence where it asks for an indicator, a service, a kind or a point that was not there yet."""
    offered = cached.services(key) if view.service else ()
    if offered and view.service not in offered:
        view = view.refusing("service", "在这一天没有驿站登记过这种服务")
    kinds = cached.kinds(key) if view.kind else ()
    if kinds and view.kind not in kinds:
        view = view.refusing("kind", "在这一天没有这种类型的驿站")
    if view.cell or view.part > 1:
        view = stations_page.of_its_day(view, key)
    if view.indicator and view.indicator not in cached.definitions(key):
        return view.refusing("indicator", "在这一天还没有这个指标")
    if view.point and view.point not in {p.point for p in cached.points(key)}:
        view = view.refusing("point", "在这一天没有这个联系点")
    return _of_its_list(view, key)


def _of_its_list(view: View, key: cached.Key) -> View:
    """The view, with a sentence for what is not in the list in force on its day; without a list the page says so."""
    if not (view.measure or view.aspect or view.project or view.org):
        return view
    found = cached.list_readout(key)
    if found is None:
        return view
    asked = (
        ("measure", {m.number for m in found.measures}, "清单里没有这条措施"),
        ("aspect", {m.aspect_no for m in found.measures}, "清单里没有这个方面"),
        ("project", {m.project_no for m in found.measures}, "清单里没有这个项目"),
        ("org", found.organisations(), "这个单位没有承担措施"),
    )
    for parameter, known, sentence in asked:
        value = getattr(view, parameter)
        if value and value not in known:
            view = view.refusing(parameter, sentence)
    return view


# The pages a screen that walks by itself shows in turn.
ROUND = ("overview", "tasks", "stations", "points", "changes")


def _walk_on(view: View, name: str) -> None:
    """Go to the next page of the round when this one has stood for as long as the address says."""
    after = ROUND[(ROUND.index(name) + 1) % len(ROUND)] if name in ROUND else ROUND[0]

    @st.fragment(run_every=view.play)
    def turn() -> None:
        if time.monotonic() - st.session_state["arrived"] > view.play / 2:
            st.switch_page(PAGES / f"{after}.py", query_params=view.parameters())

    turn()


@contextmanager
def store_may_fail(name: str) -> Iterator[None]:
    """A store that stops answering halfway through a page is down; any other error of it is the page's own."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        now = cached.Moment()
        view = address.read(cached.stores().catalogue, now.today(), now.opens_with())
        if reachable(cached.stores()[view.data]):
            raise
        _store_is_down(view, name, error)


@lru_cache(maxsize=512)
def _told(name: str, view: View, key: cached.Key) -> tuple[Age | None, Paper]:
    """How old the oldest figure of a page is, and what its paper says."""
    return freshness.age(name, view, key), paper(name, view, key, freshness.readings(name, view, key))


def _draw_top(view: View, name: str, key: cached.Key | None) -> None:
    """The top line; without a key, which is the case where no page follows, no figure is told of and no paper is made."""
    age, told = _told(name, view, key) if key else (None, None)
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        _titles(view, name, age, told)
        st.session_state["actions"] = st.container(key="actions", horizontal=True)
        both = len(cached.stores().by_data) > 1
        _switches(view, name, age, both)


@draw.remembered
def _titles(view: View, name: str, age: Age | None, told: Paper | None) -> None:
    title = dict(ROOMS)[name]
    draw.html("top.html", view, pages=ROOMS, page=name, title=title, oldest=age, paper=told, first=FIRST_DAY)


@draw.remembered
def _switches(view: View, name: str, age: Age | None, both: bool) -> None:
    draw.html("switches.html", view, page=name, oldest=age, both=both)


@draw.remembered
def _say_receipt(view: View, name: str, found: Receipt, changed: bool) -> None:
    """Whose view of which moment this is, and the way back to the present."""
    draw.html(
        "receipt.html",
        view,
        receipt=found,
        made=found.made_at.astimezone(SHANGHAI),
        changed=changed,
        there=None if view.shows_receipt(name) else address.address_of(found.page, view.of_receipt(found)),
        present=view.here(name, receipt=None, as_of=None),
    )


def _wrong_address(view: View, name: str) -> None:
    """Name every parameter that cannot be used, and the way back."""
    lines = address.said_of(view.problems, dict(st.query_params))
    good = {p.parameter: None for p in view.problems}
    links = [{"href": view.here(name, **good), "word": "去掉这些参数，打开这一页"}]
    if "receipt" in good:
        links.append({"href": view.link("snapshots", **good), "word": "到“快照”页再写一次回执号"})
    draw.html("notice.html", view, title="地址里有不能用的参数", lines=lines, links=links)


def _store_is_down(view: View, name: str, error: Exception) -> None:
    since = _down_since.setdefault(view.data, datetime.now(SHANGHAI))
    log.error("store down", extra={"fields": {"data": view.data, "error": str(error)}})
    lines = [
        f"自 {since.month}月{since.day}日 {since:%H:%M} 起数据库没有应答，屏幕会在它恢复后自行继续。",
        "若持续不恢复，请联系管理员检查数据库服务。",
    ]
    links = [{"href": view.here(name), "word": "现在再试一次"}]
    draw.html("notice.html", view, title="暂时取不到数据", lines=lines, links=links)
    _wait_for(view.data)


@st.fragment(run_every="5s")
def _wait_for(data: str) -> None:
    """Run the page again as soon as the store answers."""
    if reachable(cached.stores()[data]):
        st.rerun()
