"""The four figures of the page of stations: open, round the clock, without a place, towns without any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..figures import coverage, per_10k, quantity
from ..readouts.cards import Card
from ..readouts.readings import Said
from ..readouts.stations import AreaStations, all_day, rate
from . import cached, draw
from .address import View
from .cached import Key
from .stations_page import INDICATOR, filters, narrowed, nobody_reported, place, scope, unit_of

NAMES = ("开放驿站", "24 小时开放", "开放但无坐标", "没有开放驿站的镇街")


@draw.remembered
def above(view: View, key: Key) -> None:
    """The four, for the city, the chosen unit or the chosen town; below them what can be asked for."""
    with draw.together():
        draw.html("facts.html", view, facts=four(view, key))
        filters(view, key)


def four(view: View, key: Key) -> list[dict[str, Any]]:
    """Each with its name, what it was narrowed to, its value and two lines below."""
    return [one | {"of": _narrowed_to(view)} for one in _four(view, key)]


def _four(view: View, key: Key) -> list[dict[str, Any]]:
    if nobody_reported(key):
        return _published(view, key)
    found = [area for area in scope(view, key) if area.reported]
    if not found:
        told = unit_of(view) in cached.station_ledgers(key)
        word, line = ("没有驿站", "台账里没有写到这里") if told else ("未报送", "▨ 还没有收到台账")
        return [fact(name, word, "", line, absent=True) for name in NAMES]
    opened, round_the_clock, unlocated, without = NAMES
    return [
        fact(opened, f"{sum(a.open for a in found):,}", "个", *_open_lines(view, key, found)),
        _all_day(round_the_clock, found),
        fact(unlocated, f"{sum(a.unlocated for a in found):,}", "个", *_unlocated_lines(found)),
        _without(view, without, found),
    ]


def fact(name: str, value: str, unit: str, *lines: str, absent: bool = False) -> dict[str, Any]:
    """A figure as the template takes it; ``absent``: a word stands in its place."""
    return {"name": name, "of": "", "value": value, "unit": unit, "lines": lines, "absent": absent}


def _narrowed_to(view: View) -> str:
    """The chosen unit or town and the filters, in a line of its own: behind a name it would be cut."""
    where = place(view).short_name if unit_of(view) or view.town else ""
    return f"{where}{narrowed(view)}".removeprefix(" · ")


def _open_lines(view: View, key: Key, found: Sequence[AreaStations]) -> tuple[str, ...]:
    per, expected = _per_10k(found), len(scope(view, key))
    told = coverage(len(found), expected) if len(found) == expected else f"已报合计 {len(found)}/{expected}"
    days = cached.station_ledgers(key)
    newest = max((days[c] for c in (unit_of(view), *(a.code for a in found)) if c in days), default=None)
    last = f"最近 {newest.isoformat()}" if newest else ""
    day = "" if view.wall else f"截至 {view.as_of.isoformat()}"  # the top line of a wall says it as large
    return (
        " · ".join(filter(None, (per, day))),
        f"台账 {told}，{last}" if expected > 1 else f"台账 {last}",
        _monthly(view, key),
    )


def _per_10k(found: Sequence[AreaStations]) -> str:
    """The rate, and whose residents it divides by; nothing where nobody knows them."""
    per = per_10k(rate(found))
    years = {a.residents_of.end.year for a in found if a.residents_of}
    if not per:
        return ""
    return f"每万人 {per}（{years.pop()}年人口）" if len(years) == 1 else f"每万人 {per}（人口各期不一）"


def _monthly(view: View, key: Key) -> str:
    """What units said in their monthly figure, which is another count than that of the ledger."""
    card = _card(key)
    if unit_of(view) or narrowed(view) or card is None or card.period is None:
        return ""
    if card.value.basis not in ("units", "partial"):
        return ""
    said = f"{card.value.reported}/{card.value.expected}"
    return f"{card.period.start.month}月月报 {quantity(card.value.quantity)}（{said}）"


def _card(key: Key) -> Card | None:
    return next((c for c in cached.cards(key) if c.definition.indicator == INDICATOR), None)


def _all_day(name: str, found: Sequence[AreaStations]) -> dict[str, Any]:
    """Round the clock: of the open ones whose hours somebody wrote down, and how many others there are."""
    count, opened, told = all_day(found), sum(a.open for a in found), sum(a.hours_told for a in found)
    if count is None:
        return fact(name, "未写", "", "台账没有写开放时间", absent=True)
    share = f"{count / told:.0%}" if told else ""
    of = f"占开放的 {share}" if told == opened else f"占写了时间的 {share}"
    return fact(name, f"{count:,}", "个", of if share else "", _all_day_where(found, opened - told))


def _all_day_where(found: Sequence[AreaStations], untold: int) -> str:
    if untold:
        return f"{untold:,} 个没有写时间"
    if len(found) == 1:
        return ""
    none = [a.name for a in found if not a.all_day]
    return f"没有的单位：{draw.several(none)}" if none else f"{len(found)} 个单位都有"


def _unlocated_lines(found: Sequence[AreaStations]) -> tuple[str, str]:
    every = sum(a.unlocated_known for a in found)
    if not every:
        return "都在地图上" if any(a.known for a in found) else "", ""
    where = _whose([(a.name, a.unlocated) for a in found])
    more = f"；连未开放的共 {every}" if every > sum(a.unlocated for a in found) else ""
    return f"已计数、已列名{more}", where


def _whose(counts: Sequence[tuple[str, int]]) -> str:
    """Of several units, in their own order, how many each has; of many the first, and how many units there are."""
    named = [f"{name} {count}" for name, count in counts if count]
    return draw.several(named, 5 if len(named) <= 5 else 4) if len(counts) > 1 else ""


def _without(view: View, name: str, found: Sequence[AreaStations]) -> dict[str, Any]:
    towns, without = sum(a.towns for a in found), sum(len(a.towns_without) for a in found)
    if not towns:
        return fact(name, "不设镇街", "", absent=True)
    if view.town:
        return fact(name, "没有驿站" if without else "有驿站", "", absent=True)
    where = _whose([(a.name, len(a.towns_without)) for a in found])
    return fact(name, f"{without:,}", "个", f"共 {towns} 个镇街，{towns - without} 个有", where)


def printed(view: View, key: Key) -> list[Said | None]:
    """The published figure that stands there before the first ledger; none after it."""
    card = _card(key)
    return [card.said] if card and nobody_reported(key) and not unit_of(view) else []


def _published(view: View, key: Key) -> list[dict[str, Any]]:
    """Before the first ledger: the published figure, and for the rest who owes it."""
    card = _card(key)
    rest = [fact(name, "未报送", "", "▨ 由填报单位的台账得出", absent=True) for name in NAMES]
    if card is None or card.said is None or card.period is None or unit_of(view):
        return rest
    source = f"{card.said.source}（{card.said.grade} 级）"
    value, measured_in = quantity(card.value.quantity), card.definition.measured_in
    return [
        fact(card.definition.short_title, value, measured_in, f"{card.period.text} · 市级公开", source),
        *rest[1:],
    ]
