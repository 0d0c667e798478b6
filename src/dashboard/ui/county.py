"""Panels of one unit: its figures beside the others', their history and source, its towns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..catalogue import CITY, DOMAINS, Organisation
from ..charts.trend import Point, trend
from ..figures import (
    ABSENT_OWED,
    day_text,
    number,
    per_10k,
    quantity,
    standing,
)
from ..readouts.readings import Definition, Said
from ..readouts.unit import Line, Place
from . import cached, draw
from .address import View
from .cached import Key
from .county_summary import counted_with, ledgers_of
from .list_panels import light_names
from .overview import compared_text, compared_title
from .stations_page import INDICATOR
from .stations_page import STATES as STATION_WORDS
from .theme import SHAPES

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
        town=cached.stores().catalogue.organisation(view.town) if view.town else None,
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
def duties_panel(view: View, key: Key, unit: Organisation) -> None:
    """The measures the unit answers for, each with its own light and reason, the most pressing first."""
    found = cached.list_readout(key)
    own = found.of(unit.code) if found else ()
    if found is None or not own:
        return
    texts = {m.number: m for m in found.measures}
    names = light_names(view.as_of)
    rows = [
        {
            "key": d.light,
            "shape": SHAPES[d.light],
            "light": names[d.light],
            "number": d.number,
            "text": texts[d.number].text,
            "href": view.link("tasks", org=unit.code, measure=d.number),
            "percent": "" if d.percent is None else f"{int(d.percent)}%",
            "period": d.period.text if d.period and d.older else "",
            "reason": d.reason,
        }
        for d in own
    ]
    with draw.sheet("duties"):
        mark = "" if found.official else "示例，非官方清单 · "
        draw.html("head.html", view, title="承担的措施", switches=None, aside=f"{mark}{len(rows)} 条")
        draw.html("duties.html", view, rows=rows)


@draw.remembered
def town_panel(view: View, key: Key) -> None:
    """One town of the address: what it reported through time, and its stations."""
    if not view.town:
        return
    catalogue = cached.stores().catalogue
    town = catalogue.organisation(view.town)
    known = cached.definitions(key)
    figures = [
        {"title": known[i].title, "measured_in": known[i].measured_in, "rows": rows}
        for i, d in catalogue.indicators.items()
        if d.town_level and i in known
        if (rows := _town_rows(key, i, town.code))
    ]
    standing_there = [
        {
            "name": s.name,
            "state": STATION_WORDS[s.state][2],
            "hours": s.hours,
            "href": view.link("stations", station=s.station),
        }
        for s in cached.station_details(key, _stations_of(key, town.code))
    ]
    with draw.panel("town"):
        close = [
            {
                "name": "镇街",
                "options": [
                    {
                        "href": view.here("county", town=None),
                        "on": False,
                        "word": f"返回{chosen_unit(view).name}",
                    }
                ],
            }
        ]
        draw.html("head.html", view, title=town.name, switches=close, aside=town.note)
        every = view.link("stations", unit=view.unit, town=town.code)
        draw.html("town.html", view, figures=figures, stations=standing_there, every=every)


# Of more the page of stations has the list.
_TOWN_STATIONS = 60


def _stations_of(key: Key, town: str) -> tuple[str, ...]:
    return tuple(cached.stations(key).chosen(town=town).in_order[:_TOWN_STATIONS])


_TOWN_PERIODS = 6


def _town_rows(key: Key, indicator: str, town: str) -> list[dict[str, str]]:
    known = cached.history(key, indicator, town)
    return [
        {"period": s.period.label, "value": quantity(s.quantity), "known_on": s.known_on.isoformat()}
        for s, current, void in known
        if current and not void
    ][:_TOWN_PERIODS]


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
    with draw.sheet("lines"):
        unread = sum(line.said.quantity.qualifier == "unknown" for line in there if line.said)
        checked = f" · 待核 {unread} 项" if unread else ""
        aside = f"有数 {len(there) - unread} 项{checked} · 缺 {len(missing)} 项"
        draw.html("head.html", view, title=f"{called(view, unit)}的数", switches=None, aside=aside)
        draw.html(
            "lines.html",
            view,
            groups=groups,
            missing=_missing(view, key, unit, missing),
            city=unit.code == CITY,
        )


def _missing(view: View, key: Key, unit: Organisation, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What there is no figure of, by who owes it; publications owe nothing.

    Of stations a ledger may tell what the monthly figure does not.
    """
    owed: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        item = {
            "title": line.definition.short_title,
            "href": _indicator_link(view, line),
            "beside": _in_ledgers(view, key, unit) if line.definition.indicator == INDICATOR else "",
        }
        owed.setdefault(_owed_by(unit, line), []).append(item)
    return [{"owner": owner, "items": items} for owner, items in owed.items()]


def _in_ledgers(view: View, key: Key, unit: Organisation) -> str:
    told, asked = ledgers_of(view, key, unit), counted_with(view, unit)
    count = f"{sum(a.open for a in told):,}"
    if 0 < len(told) < len(asked):
        return f"（台账 {len(told)}/{len(asked)}：开放 {count} 个）"
    return f"（台账：开放 {count} 个）" if told else ""


def _owed_by(unit: Organisation, line: Line) -> str:
    definition = line.definition
    if line.missing_zone:
        zones = [u.short_name for u in cached.stores().catalogue.units if u.within_code]
        named = line.missing_zone in zones
        return (
            f"缺{line.missing_zone}同一期的数，含开发区的合计算不出：" if named else f"{line.missing_zone}："
        )
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
    first = line.comparisons[0] if line.comparisons else None
    return {
        "href": _indicator_link(view, line),
        "on": view.indicator == definition.indicator,
        "title": definition.short_title,
        "definition": f"{definition.title}：{definition.definition}",
        "value": quantity(line.quantity, definition.decimals),
        "measured_in": definition.measured_in,
        "standing": standing(line.city) if line.city else "",
        "period": said.period.text,
        "per_10k": per_10k(line.per_10k),
        "compared": compared_text(first) if first else "",
        "compared_title": "；".join(map(compared_title, line.comparisons)),
        "target": "" if line.target is None else number(line.target, definition.decimals),
        "others": f"其他 {line.others_count} 个单位有确数",
        **_spread(line),
        "source": said.source,
        "grade": said.grade,
    }


def _spread(line: Line) -> dict[str, Any]:
    """Median and range of the others in words, and where they and the own figure fall on one scale, in percent."""
    spread, own = line.others, line.quantity.value
    if spread is None:
        return {"median": "", "range": "", "scale": None}
    decimals = line.definition.decimals
    told = {
        "median": number(spread.median, decimals),
        "range": f"{number(spread.low, decimals)}–{number(spread.high, decimals)}",
        "scale": None,
    }
    if own is None:
        return told
    low, high = min(spread.low, own), max(spread.high, own)
    reach = (high - low) or 1.0
    marks = {"low": spread.low, "high": spread.high, "median": spread.median, "own": own}
    return told | {"scale": {name: round((v - low) / reach * 100, 1) for name, v in marks.items()}}


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
            breaks = [day.isoformat() for day in cached.definition_changes(key).get(definition.indicator, ())]
            told = f"{unit.name} {definition.title}的变化"
            drawn = trend(points, breaks, _year_target(key, unit, definition), steps=draw.steps(view))
            draw.chart(drawn, view, height=230, name=told, key="trend")
        draw.html(
            "history.html",
            view,
            rows=[_past(s, current, void, definition.decimals) for s, current, void in rows],
            definition=definition,
        )


def _year_target(key: Key, unit: Organisation, definition: Definition) -> tuple[str, str, float] | None:
    """First and last day of the year of the figure and the unit's own target for it."""
    lines = cached.unit_lines(key, unit.code, unit.code == CITY)
    line = next((found for found in lines if found.definition.indicator == definition.indicator), None)
    if line is None or line.target is None:
        return None
    year = (line.said.period.end if line.said else key.as_of.shown).year
    return f"{year}-01-01", f"{year}-12-31", line.target


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
    with draw.sheet("towns"):
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
                "values": [_town_value(row, s, d) for s, d in zip(row.said, table.columns, strict=True)],
            }
            for row in table.rows
        ]
        draw.html("towns.html", view, columns=[d.short_title for d in table.columns], rows=rows)


def _town_value(place: Place, said: Said | None, definition: Definition) -> dict[str, str]:
    if said is None:
        return {"text": ABSENT_OWED if place.owes else "", "when": ""}
    return {"text": quantity(said.quantity, definition.decimals), "when": said.period.label}
