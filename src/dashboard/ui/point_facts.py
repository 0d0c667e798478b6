"""The four figures of the page of points, of all of them together; and those of one of them."""

from __future__ import annotations

import math
from typing import Any

from ..catalogue import CITY
from ..figures import quantity
from ..readouts.points import LONG_AGO_DAYS, PointReadout, Solved, Visited, visited
from ..readouts.readings import Said
from . import cached, draw
from .address import View
from .cached import Key
from .station_facts import fact

NAMES = ("观察联系点", f"超过 {LONG_AGO_DAYS} 天没有走访", "走访发现的问题", "被推广")
NAMES_FIT = 16  # characters of a line of a figure
PRINTED = ("observation_points_count", "national_observation_points_count")


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
        fact(NAMES[0], f"{told.points}", "个", _where(view, key, told), _national(told)),
        _long_ago(view, told),
        _found(told),
        _adopted(told),
    ]


def _where(view: View, key: Key, told: Visited) -> str:
    """In how many units they are; and the published count, where the roster holds another one."""
    said = _said(key, PRINTED[0])
    if said and said.quantity.value != told.points:
        return f"在 {told.units} 个填报单位 · 公开数 {quantity(said.quantity)} 个"
    return f"在 {told.units} 个填报单位 · 截至 {view.as_of.isoformat()}"


def _national(told: Visited) -> str:
    return f"★ 中央社会工作部观察联系点 {told.national} 个" if told.national else ""


def _long_ago(view: View, told: Visited) -> dict[str, Any]:
    """How many were last visited long ago; those without a visit are none of them and have a line of their own."""
    silent = f"■ {len(told.unvisited)} 个还没有走访记录" if told.unvisited else ""
    if len(told.unvisited) == told.points:
        return fact(NAMES[1], "未记录", "", silent, absent=True)
    names = [f"{p.name}（{p.days_since(view.as_of)} 天）" for p in told.long_ago]
    recent = told.points - len(told.long_ago) - len(told.unvisited)
    lines = [f"▲ {draw.fitting(names, NAMES_FIT)}" if names else "", silent, _recent(told, recent)]
    return fact(NAMES[1], f"{len(names)}", "个", *[line for line in lines if line][:2])


def _recent(told: Visited, recent: int) -> str:
    if recent == told.points:
        return f"{recent} 个都在 {LONG_AGO_DAYS} 天内走访过"
    return f"其余 {recent} 个在 {LONG_AGO_DAYS} 天内走访过"


def _found(told: Visited) -> dict[str, Any]:
    if told.found is None or told.first is None or told.last is None:
        return fact(NAMES[2], "未记录", "", f"走访 {told.visits} 次", absent=True)
    # Months: two whole dates are wider than the panel, and it is the newest that was cut.
    span = f"走访 {told.visits} 次 · {told.first:%Y-%m} 至 {told.last:%Y-%m}"
    if told.balance is None:
        return fact(NAMES[2], f"{told.found:,}", "个", "没有一个联系点记全了解决数", span)
    return fact(
        NAMES[2], f"{told.found:,}", "个", _solved_of_all(told.balance), _told_by(told.balance) or span
    )


def _solved_of_all(balance: Solved) -> str:
    """Where some points are left out, of how many found: they are fewer than those above."""
    if balance.told == balance.of:
        return _solved(balance)
    return _with_share(f"已解决 {balance.solved}{_more(balance)}/{balance.found} 个", balance)


def _solved(balance: Solved) -> str:
    return _with_share(f"已解决 {balance.solved:,}{_more(balance)} 个", balance)


def _more(balance: Solved) -> str:
    return "+" if balance.at_least else ""


def _with_share(words: str, balance: Solved) -> str:
    return words if balance.share is None else f"{words}，{_share(balance)}"


def _share(balance: Solved) -> str:
    """``57%``, as a lower bound ``57%+``, which is cut and never rounded up; empty when there is none."""
    if balance.share is None:
        return ""
    if balance.at_least:
        return f"{math.floor(balance.share * 100)}%+"
    return f"{balance.share:.0%}"


def _told_by(balance: Solved) -> str:
    """On how many points the share rests; empty when on all."""
    return "" if balance.told == balance.of else f"解决率按 {balance.told}/{balance.of} 个联系点，其余未记全"


def _adopted(told: Visited) -> dict[str, Any]:
    if not told.adopted:
        return fact(NAMES[3], "暂无", "", "还没有走访记下推广", absent=True)
    point, visit = told.adopted[0]
    places = len({p.point for p, _ in told.adopted})
    since = f"来自 {places} 个联系点 · 最近 {visit.on.isoformat()}"
    return fact(NAMES[3], f"{len(told.adopted)}", "次", since, f"{point.name}：{visit.adopted}")


def _published(key: Key) -> list[dict[str, Any]]:
    """Before the first ledger: the published counts, and for the rest who owes it."""
    owed = "▨ 由市委社会工作部的走访记录得出"
    printed = []
    for indicator in PRINTED:
        definition, said = cached.definitions(key).get(indicator), _said(key, indicator)
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


def printed(key: Key) -> list[Said | None]:
    """The published figures that stand there before the first ledger; none after it."""
    return [] if cached.points(key) else [_said(key, indicator) for indicator in PRINTED]


def _said(key: Key, indicator: str) -> Said | None:
    """The published figure of the city; None when there is none on the day."""
    rows = cached.history(key, indicator, CITY) if indicator in cached.definitions(key) else ()
    return next((said for said, current, void in rows if current and not void), None)


# --- one point --------------------------------------------------------------------------------------

OWN_NAMES = ("最近走访", "走访次数", "发现的问题", "被推广")


def four_of(view: View, point: PointReadout) -> list[dict[str, Any]]:
    """The four figures of one point."""
    return [_last(view, point), _visits(point), _found_there(point), _adopted_from(point)]


def _last(view: View, point: PointReadout) -> dict[str, Any]:
    days = point.days_since(view.as_of)
    if days is None:
        return fact(OWN_NAMES[0], "未记录", "", "■ 还没有走访记录", absent=True)
    on = f"{point.visits[0].on.isoformat()} · 截至 {view.as_of.isoformat()}"
    how = f"▲ 超过 {LONG_AGO_DAYS} 天" if point.long_ago(view.as_of) else f"在 {LONG_AGO_DAYS} 天内"
    if not days:
        return fact(OWN_NAMES[0], "今天", "", on, how)
    return fact(OWN_NAMES[0], f"{days}", "天前", on, how)


def _visits(point: PointReadout) -> dict[str, Any]:
    if not point.visits:
        return fact(OWN_NAMES[1], "没有", "", "", absent=True)
    span = f"{point.visits[-1].on.isoformat()} 至 {point.visits[0].on.isoformat()}"
    every = "" if point.every_days is None else f"平均 {point.every_days:.0f} 天一次"
    return fact(OWN_NAMES[1], f"{len(point.visits)}", "次", span, every)


def _found_there(point: PointReadout) -> dict[str, Any]:
    if point.found is None:
        return fact(OWN_NAMES[2], "未记录", "", "没有走访记下发现几个", absent=True)
    balance = point.balance
    if balance is None:
        return fact(OWN_NAMES[2], f"{point.found}", "个", "没有走访记下解决几个")
    if not balance.known:
        return fact(OWN_NAMES[2], f"{point.found}", "个", f"已解决 {balance.solved:,} 个", unknown(point))
    left = f"未解决至多 {balance.open} 个" if balance.at_least else f"未解决 {balance.open} 个"
    rest = "" if balance.told == balance.of else f" · {balance.told}/{balance.of} 次记全"
    return fact(OWN_NAMES[2], f"{point.found}", "个", _solved(balance), left + rest)


def unknown(point: PointReadout) -> str:
    """Why nobody can say what share was solved."""
    if only := sum(v.found is None and v.solved is not None for v in point.visits):
        return f"{only} 次走访没写发现几个"
    return "解决多于发现，请核对"


def _adopted_from(point: PointReadout) -> dict[str, Any]:
    if not point.adopted:
        return fact(OWN_NAMES[3], "暂无", "", "还没有走访记下推广", absent=True)
    last = point.adopted[0]
    return fact(OWN_NAMES[3], f"{len(point.adopted)}", "次", f"最近：{last.adopted}", last.on.isoformat())
