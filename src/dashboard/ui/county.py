"""Panels of one unit: its figures beside the others', their history and source, its towns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..catalogue import CITY, DOMAINS, Organisation
from ..charts.trend import Point, trend
from ..figures import (
    day_text,
    number,
    per_10k,
    quantity,
    standing,
)
from ..readouts.readings import Definition, Said
from ..readouts.unit import Line
from . import cached, draw
from .address import View
from .cached import Key

SHIPPED = {
    "published_figures.csv": "公开数据表",
    "unit_figures.csv": "填报单位人口表",
    "units.csv": "填报单位表",
}
PRECISION_WORDS = {"day": "", "month": "（到月）", "year": "（到年）"}


def chosen_unit(view: View) -> Organisation:
    """The unit of the address; the city when none is named."""
    return cached.stores().catalogue.organisation(view.unit or CITY)


def called(view: View, unit: Organisation) -> str:
    """The unit's name; with its zones folded in, it says so."""
    units = cached.stores().catalogue.units
    folded = view.folds_zones and any(u.within_code == unit.code for u in units)
    if unit.code == CITY and not view.folds_zones:
        return f"{unit.name}（不含开发区）"
    return f"{unit.name}（含开发区）" if folded else unit.name


@draw.remembered
def pager(view: View, _key: Key, unit: Organisation) -> None:
    """Previous and next in official order, and the switch 含/不含开发区 where it means something."""
    order = cached.stores().catalogue.units
    codes = [u.code for u in order]
    place = codes.index(unit.code) if unit.code in codes else None
    before = order[(place - 1) % len(order)] if place is not None else order[-1]
    after = order[(place + 1) % len(order)] if place is not None else order[0]
    zoned = unit.code == CITY or any(u.within_code == unit.code for u in order)
    draw.html(
        "pager.html",
        view,
        unit=unit,
        place=None if place is None else f"{place + 1}/{len(order)}",
        before=before,
        after=after,
        units=order,
        zones=_zone_switch(view) if zoned else None,
        city=CITY,
    )


def _zone_switch(view: View) -> list[dict[str, Any]]:
    now = view.folds_zones
    return [
        {"href": view.here("county", zones="with"), "on": now, "word": "含开发区"},
        {"href": view.here("county", zones="without"), "on": not now, "word": "不含开发区"},
    ]


@draw.remembered
def lines_panel(view: View, key: Key, unit: Organisation) -> None:
    """Every figure of the unit by domain, then what is missing and who owes it."""
    found = cached.unit_lines(key, unit.code, view.folds_zones)
    there = [line for line in found if line.said is not None]
    groups = [
        {"name": domain, "rows": [_row(view, line) for line in there if line.definition.domain == domain]}
        for domain in DOMAINS
        if any(line.definition.domain == domain for line in there)
    ]
    missing = [line for line in found if line.said is None]
    with draw.panel("lines"):
        aside = f"有数 {len(there)} 项 · 缺 {len(missing)} 项"
        draw.html("head.html", view, title=f"{called(view, unit)}的数", switches=None, aside=aside)
        draw.html(
            "lines.html", view, groups=groups, missing=_missing(view, unit, missing), city=unit.code == CITY
        )


def _missing(view: View, unit: Organisation, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What there is no figure of, by who owes it; publications owe nothing."""
    owed: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        item = {
            "title": line.definition.short_title,
            "why": line.missing_zone,
            "href": _indicator_link(view, line),
        }
        owed.setdefault(_owed_by(unit, line.definition), []).append(item)
    return [{"owner": owner, "items": items} for owner, items in owed.items()]


def _owed_by(unit: Organisation, definition: Definition) -> str:
    if definition.expected_reporters == "published":
        return "只来自公开来源，尚未公布："
    if unit.code != CITY:
        return f"由{unit.name}报送，尚无数据："
    if definition.expected_reporters == "units":
        return f"由 {len(cached.stores().catalogue.units)} 个单位报送，未报齐也未公布："
    return f"由{cached.stores().catalogue.organisation(definition.owner).name}报送，尚无数据："


def _row(view: View, line: Line) -> dict[str, Any]:
    definition, said = line.definition, line.said
    assert said is not None
    spread = line.others
    return {
        "href": _indicator_link(view, line),
        "on": view.indicator == definition.indicator,
        "title": definition.title,
        "definition": definition.definition,
        "value": quantity(line.quantity, definition.decimals),
        "measured_in": definition.measured_in,
        "standing": standing(line.city) if line.city else "",
        "period": said.period.text,
        "per_10k": per_10k(line.per_10k),
        "median": number(spread.median, definition.decimals) if spread else "",
        "range": f"{number(spread.low, definition.decimals)}–{number(spread.high, definition.decimals)}"
        if spread
        else "",
        "others": f"其他 {line.others_count} 个单位有确数" if not spread else f"{spread.count} 个单位",
        "source": said.source,
        "grade": said.grade,
    }


def _indicator_link(view: View, line: Line) -> str:
    return view.here("county", indicator=line.definition.indicator, town=None)


@draw.remembered
def history_panel(view: View, key: Key, unit: Organisation) -> None:
    """Every row known of the chosen figure, with its source, and its course through time."""
    definition = chosen_indicator(view, key, unit)
    with draw.panel("history"):
        if definition is None:
            draw.html("head.html", view, title="历史与来源", switches=None, aside="")
            draw.html(
                "notice.html",
                view,
                title="还没有数",
                lines=["有了第一个数，这里会列出它的来源和变化。"],
                links=[],
            )
            return
        rows = cached.history(key, definition.indicator, unit.code)
        folded = view.folds_zones and any(u.within_code == unit.code for u in cached.stores().catalogue.units)
        alone = " · 不含开发区" if folded else ""
        draw.html(
            "head.html",
            view,
            title=definition.title,
            switches=None,
            aside=f"{definition.measured_in} · 所知 {len(rows)} 条{alone}",
        )
        points = [Point(s.period, s.quantity, s.source) for s, current, void in rows if current and not void]
        if len(points) > 1:
            draw.chart(
                trend(points), view, height=210, name=f"{unit.name}{definition.title}的变化", key="trend"
            )
        draw.html(
            "history.html",
            view,
            rows=[_past(s, current, void, definition.decimals) for s, current, void in rows],
            definition=definition,
        )


def chosen_indicator(view: View, key: Key, unit: Organisation) -> Definition | None:
    """The indicator whose history is shown: that of the address, else the first that has a figure."""
    known = cached.definitions(key)
    if view.indicator:
        return known[view.indicator]
    lines = cached.unit_lines(key, unit.code, view.folds_zones)
    there = [line.definition for line in lines if line.said is not None]
    ranked = sorted(there, key=lambda d: d.overview_rank or 99)
    return ranked[0] if ranked else None


def _past(said: Said, current: bool, void: bool, decimals: int) -> dict[str, Any]:
    exact = quantity(said.quantity, decimals, exact=True)
    return {
        "value": "撤销" if void else exact,
        "period": said.period.text,
        "known_on": day_text(said.known_on) + PRECISION_WORDS[said.precision],
        "source": said.source,
        "address": said.address,
        "grade": said.grade,
        "place": place_in_words(said.place),
        "note": said.note,
        "seq": said.seq,
        "current": current,
    }


def place_in_words(place: str) -> str:
    """Where in its file a figure stands; the files that come with the product by their names in words."""
    for file, words in SHIPPED.items():
        place = place.replace(file, words)
    return place


@draw.remembered
def towns_panel(view: View, key: Key, unit: Organisation) -> None:
    """The towns of a unit with the figures towns can report; for the city, the units."""
    with draw.panel("towns"):
        table = cached.towns(key, unit.code)
        aside = f"{len(table.rows)} 个" if table.rows else ""
        draw.html(
            "head.html", view, title="镇街" if unit.code != CITY else "填报单位", switches=None, aside=aside
        )
        if not table.rows:
            draw.html("notice.html", view, title="不设镇街", lines=[f"{unit.name}没有下辖镇街。"], links=[])
            return
        rows = [
            {
                "name": row.name,
                "href": view.link("county", unit=unit.code, town=row.code)
                if unit.code != CITY
                else view.link("county", unit=row.code),
                "on": view.town == row.code,
                "note": row.note,
                "values": [_town_value(s, d) for s, d in zip(row.said, table.columns, strict=True)],
            }
            for row in table.rows
        ]
        draw.html("towns.html", view, columns=[d.short_title for d in table.columns], rows=rows)


def _town_value(said: Said | None, definition: Definition) -> dict[str, str]:
    if said is None:
        return {"text": "未报送", "when": ""}
    return {"text": quantity(said.quantity, definition.decimals), "when": said.period.label}
