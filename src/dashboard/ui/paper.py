"""What a printed page says of itself: its place and filters, where its figures come from, what opens it again.

Nothing of it is on the screen. The number of its receipt is asked for when somebody prints, see printing.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..readouts.readings import Said
from . import cached, county, stations_page, task_bar
from .address import View
from .cached import Key

# Where the figures of a page come from that no single source stands for.
HANDED_IN = {
    "tasks": "各单位进展报送",
    "stations": "各单位驿站名录",
    "points": "联系点名册和走访记录",
    "changes": "各单位报送和公开数据",
    "snapshots": "入库的报送件",
    "about": "指标、亮灯规则、用词和清单的目录；各项指标的来源见其条目",
}
_SUM = "本屏相加："
_NAMED = 8


@dataclass(frozen=True)
class Paper:
    """``scope`` is what the page was narrowed to, ``sources`` at most eight of ``of``; ``seq`` is what it was drawn with."""

    scope: tuple[str, ...]
    sources: tuple[str, ...]
    of: int
    seq: int


def paper(name: str, view: View, key: Key, figures: Iterable[Said | None]) -> Paper:
    """The paper of a page that shows these figures."""
    named = (found.source.removeprefix(_SUM) for found in figures if found)
    sources = tuple(dict.fromkeys(named)) or tuple(_handed_in(name, key))
    assert key.as_of.seq is not None
    return Paper(tuple(_scope(name, view, key)), sources[:_NAMED], len(sources), key.as_of.seq)


def _handed_in(name: str, key: Key) -> Iterator[str]:
    listed = cached.list_readout(key) if name == "tasks" else None
    if listed:
        yield listed.title
    if name in HANDED_IN:
        yield HANDED_IN[name]


def _scope(name: str, view: View, key: Key) -> Iterator[str]:
    """Unit, town and filters in words: the controls that say them on the screen are not on paper."""
    if view.period:
        yield f"数据期至 {view.period.label}"
    if name == "county":
        yield county.called(view, county.chosen_unit(view))
    elif name == "stations":
        yield from _of_stations(view)
    elif name == "points" and view.point:
        yield from (p.name for p in cached.points(key) if p.point == view.point)
    elif name == "tasks" and view.measure:
        yield view.measure
    elif name == "tasks":
        yield from _of_tasks(view, key)


def _of_stations(view: View) -> Iterator[str]:
    if stations_page.unit_of(view) or view.town:
        yield stations_page.place(view).name
    if view.state:
        yield stations_page.STATES[view.state][2]
    yield from filter(None, (view.service, "24 小时" if view.hours else "", view.kind))
    if view.cell:
        yield "图上一格"


def _of_tasks(view: View, key: Key) -> Iterator[str]:
    listed = cached.list_readout(key)
    if listed is not None:
        yield from (value for _, _, value in task_bar.words(view, listed))
