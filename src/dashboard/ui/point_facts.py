"""The four figures of the page of points: how many, not visited for long, found and solved, taken over."""

from __future__ import annotations

from typing import Any

from ..catalogue import CITY
from ..figures import quantity
from ..readouts.points import LONG_AGO_DAYS, PointReadout, Visited, visited
from . import cached, draw
from .address import View
from .cached import Key
from .points_page import PRINTED
from .station_facts import fact

NAMES = ("观察联系点", f"超过 {LONG_AGO_DAYS} 天没有走访", "走访发现的问题", "被推广")


@draw.remembered
def facts(view: View, key: Key) -> None:
    """The four, of all points together."""
    draw.html("facts.html", view, facts=four(view, key))


def four(view: View, key: Key) -> list[dict[str, Any]]:
    """Each with its name, its value and two lines below."""
    every = cached.points(key)
    if not every:
        return _published(key)
    told = visited(every, view.as_of)
    return [
        fact(
            NAMES[0],
            f"{told.points}",
            "个",
            f"在 {told.units} 个填报单位 · 截至 {view.as_of.isoformat()}",
            _national(told),
        ),
        fact(NAMES[1], f"{len(told.long_ago)}", "个", *_long_ago_lines(view, told)),
        _found(told),
        _adopted(told),
    ]


def _national(told: Visited) -> str:
    return f"★ 中央社会工作部观察联系点 {told.national} 个" if told.national else ""


def _long_ago_lines(view: View, told: Visited) -> tuple[str, str]:
    if not told.long_ago:
        return f"{told.points} 个都在 {LONG_AGO_DAYS} 天内走访过", ""
    names = [f"{p.name}{_days(view, p)}" for p in told.long_ago]
    return (
        f"▲ {draw.several(names, 2)}",
        f"其余 {told.points - len(told.long_ago)} 个在 {LONG_AGO_DAYS} 天内走访过",
    )


def _days(view: View, point: PointReadout) -> str:
    days = point.days_since(view.as_of)
    return "（从未）" if days is None else f"（{days} 天）"


def _found(told: Visited) -> dict[str, Any]:
    if told.found is None or told.first is None or told.last is None:
        return fact(NAMES[2], "未记录", "", f"走访 {told.visits} 次", absent=True)
    share = f"，{told.solved / told.found:.0%}" if told.found and told.solved is not None else ""
    solved = "解决数未记录" if told.solved is None else f"已解决 {told.solved:,} 个{share}"
    span = f"走访 {told.visits} 次 · {told.first.isoformat()} 至 {told.last.isoformat()}"
    return fact(NAMES[2], f"{told.found:,}", "个", solved, span)


def _adopted(told: Visited) -> dict[str, Any]:
    if not told.adopted:
        return fact(NAMES[3], "暂无", "", "还没有走访记下推广", absent=True)
    point, visit = told.adopted[0]
    places = len({p.point for p, _ in told.adopted})
    last = f"最近：{visit.adopted}（{point.name}，{visit.on.isoformat()}）"
    return fact(NAMES[3], f"{len(told.adopted)}", "次", f"来自 {places} 个联系点", last)


def _published(key: Key) -> list[dict[str, Any]]:
    """Before the first ledger: the published counts, and for the rest who owes it."""
    owed = "▨ 由市委社会工作部的走访记录得出"
    printed = []
    for indicator in PRINTED:
        definition = cached.definitions(key).get(indicator)
        rows = cached.history(key, indicator, CITY) if definition else ()
        said = next((s for s, current, void in rows if current and not void), None)
        if definition and said:
            source = f"{said.source}（{said.grade} 级）"
            value = quantity(said.quantity)
            printed.append(
                fact(
                    definition.short_title,
                    value,
                    definition.measured_in,
                    f"{said.period.text} · 市级公开",
                    source,
                )
            )
    if not printed:
        return [fact(name, "未报送", "", owed, absent=True) for name in NAMES]
    return [*printed, *(fact(name, "未报送", "", owed, absent=True) for name in NAMES[1:3])][:4]
