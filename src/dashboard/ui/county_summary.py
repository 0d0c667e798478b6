"""Four answers about one unit at a glance: its measures, its last return, what it owes, its stations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..catalogue import CITY, Organisation
from ..lights import SEVERITY
from ..readouts.measures import Duty
from ..readouts.stations import AreaStations
from ..readouts.unit import owed
from . import cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names
from .overview import STATES
from .theme import SHAPES

NOT_BEGUN = "当时还没有清单，也没有单位报送"
_NAMED = 3


@dataclass(frozen=True)
class Lamp:
    """A light with its shape, its name and how many bear it."""

    key: str
    shape: str
    name: str
    count: int


@dataclass(frozen=True)
class Block:
    """One answer: a word or a figure in large type, and the lines below it. ``token`` is its colour, "" the usual."""

    name: str
    value: str
    lines: tuple[str, ...] = ()
    lamps: tuple[Lamp, ...] = ()
    unit: str = ""
    token: str = ""
    absent: bool = False


@draw.remembered
def summary(view: View, key: Key, unit: Organisation) -> None:
    """The blocks side by side."""
    draw.html("summary.html", view, blocks=blocks(view, key, unit))


def blocks(view: View, key: Key, unit: Organisation) -> list[Block]:
    """The answers about one unit; those of the city count what its units did."""
    if unit.code == CITY:
        return [*_city_list(key), _city_returned(key), *_stations(view, key, unit)]
    return [*_list(key, unit), *_returned(key, unit), *_stations(view, key, unit)]


def _city_list(key: Key) -> Iterator[Block]:
    found = cached.list_readout(key)
    if found is None:
        yield Block("任务清单", "尚无清单", absent=True)
        return
    whole, names = found.whole, light_names(found.day)
    lamps = tuple(
        Lamp(light, SHAPES[light], names[light], whole.lights[light])
        for light in SEVERITY
        if whole.lights[light] and light != "done"
    )
    value = "尚未报送" if found.silent else f"{whole.done}/{whole.countable}"
    name = "措施 已完成" + ("" if found.official else "（示例清单）")
    yield Block(name, value, (f"应完成 {whole.should}",), lamps, absent=found.silent)


def _city_returned(key: Key) -> Block:
    told = cached.returning(key)
    if not told.told:
        return Block(f"{told.period.text}已报单位", "未开始", (NOT_BEGUN,), absent=True)
    late, silent = told.count("late"), told.count("silent")
    lines = (f"迟报 {late} · 未报送 {silent}", f"报送截止 {told.due.isoformat()}")
    return Block(f"{told.period.text}已报单位", told.told, lines)


def _list(key: Key, unit: Organisation) -> Iterator[Block]:
    found = cached.list_readout(key)
    if found is None:
        yield Block("承担的措施", "尚无清单", absent=True)
        return
    own = found.of(unit.code)
    name = "承担的措施 已完成" + ("" if found.official else "（示例清单）")
    if not own:
        yield Block(name, "没有承担", absent=True)
        return
    countable = [d for d in own if not d.standing]  # 长期坚持 is apart, as on the gauge
    done = sum(d.light == "done" for d in countable)
    should = sum(d.due is not None and d.due <= found.day for d in countable)
    # What others have reported says nothing of this unit.
    silent = all(d.period is None for d in own)
    value = "尚未报送" if silent else f"{done}/{len(countable)}"
    yield Block(name, value, (f"应完成 {should}",), _lamps(own, found.day), absent=silent)


def _lamps(own: tuple[Duty, ...], day: date) -> tuple[Lamp, ...]:
    counts, names = Counter(d.light for d in own), light_names(day)
    return tuple(
        Lamp(light, SHAPES[light], names[light], counts[light])
        for light in SEVERITY
        if counts[light] and light != "done"
    )


def _returned(key: Key, unit: Organisation) -> Iterator[Block]:
    told = cached.returning(key)
    own = next((u for u in told.units if u.code == unit.code), None)
    if own is None:
        return
    shape, token, word = STATES[own.state]
    if own.state == "before":
        yield Block(f"{told.period.text} 报送", f"{shape} {word}", (NOT_BEGUN,), token=token)
        return
    late = f" {own.days_late} 天" if own.state == "late" else ""
    silent = "从未报送" if own.silent_for is None else f"连续 {own.silent_for} 期"
    yield Block(
        f"{told.period.text} 报送",
        f"{shape} {word}{late}",
        (f"{own.on.isoformat()} 入库" if own.on else silent, f"报送截止 {told.due.isoformat()}"),
        token=token,
    )
    owes = owed(cached.unit_lines(key.of_the_day, unit.code, False), key.as_of.day)
    named = draw.several([o.definition.short_title for o in owes], _NAMED)
    yield Block(
        "欠报指标",
        str(len(owes)),
        (named if owes else "各项都报到了应报的一期",),
        unit="项",
        token="behind" if owes else "done",
    )


def counted_with(view: View, unit: Organisation) -> frozenset[str]:
    """The unit and, where the page folds zones in, its zones; for the city all 13."""
    units = cached.stores().catalogue.units
    if unit.code == CITY:
        return frozenset(u.code for u in units)
    return frozenset({unit.code, *(u.code for u in units if view.folds_zones and u.within_code == unit.code)})


def ledgers_of(view: View, key: Key, unit: Organisation) -> list[AreaStations]:
    """The stations of those of them that have handed in a ledger."""
    counted = counted_with(view, unit)
    return [u for u in cached.stations_by_unit(key) if u.code in counted and u.reported]


def _stations(view: View, key: Key, unit: Organisation) -> Iterator[Block]:
    """A zone's stations are its county's where the page folds zones in, as its figures are."""
    counted, told = counted_with(view, unit), ledgers_of(view, key, unit)
    if not len(cached.stations(key)):
        return
    name = "开放的驿站" + ("（含开发区）" if unit.code != CITY and len(counted) > 1 else "")
    if not told:
        yield Block(name, "未报送", ("▨ 还没有收到台账",), absent=True)
        return
    others, unlocated = sum(u.others for u in told), sum(u.unlocated for u in told)
    without = sum(len(u.towns_without) for u in told)
    partial = (f"已报合计 {len(told)}/{len(counted)}",) if len(told) < len(counted) else ()
    lines = (*partial, f"其他状态 {others} · 无坐标 {unlocated}", f"没有开放驿站的镇街 {without}")
    yield Block(name, f"{sum(u.open for u in told):,}", lines, unit="个")
