"""What the figures mean: search, indicators in words, the rule of lights, the words, the sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import streamlit as st

from ..catalogue import CITY, DOMAINS, Catalogue
from ..figures import day_text
from ..readouts.measures import ListReadout
from ..readouts.readings import Definition
from . import address, cached, draw
from .address import View
from .cached import Key
from .list_panels import published_counts
from .theme import SHAPES

KINDS = {
    "stock": "存量（期末有多少）",
    "flow": "流量（期内发生多少，每期从零算起）",
    "cumulative": "累计",
    "rate": "比率（由分子、分母算出）",
    "published_ratio": "公开比率（原样照录，不相加、不平均）",
}
CADENCES = {"month": "每月", "quarter": "每季", "half": "每半年", "year": "每年", "once": "不定期"}
DIRECTIONS = {"up": "越多越好", "down": "越少越好", "none": "多少不表示好坏"}
SINCE = {"ever": "有记录以来", "year": "当年 1 月 1 日起"}
_MOST = 30


def search(view: View, key: Key) -> None:
    """A box that finds a unit, a town, an indicator or a measure by any part of its name."""
    with draw.panel("find"):
        st.session_state["w_find"] = view.find
        st.text_input(
            draw.say(view, "查找"),
            key="w_find",
            placeholder=draw.say(view, "查找单位、镇街、指标或措施，如：晋江、磁灶、志愿者、报表"),
            label_visibility="collapsed",
            max_chars=60,
            on_change=address.put("find"),
        )
        if view.find.strip():
            found = list(_found(view, key, view.find.strip()))
            draw.html(
                "found.html", view, found=found[:_MOST], more=max(0, len(found) - _MOST), asked=view.find
            )


def _found(view: View, key: Key, asked: str) -> Iterator[dict[str, str]]:
    asked = cached.simplified(asked)
    yield from _places(view, asked)
    for d in cached.definitions(key).values():
        if _in(asked, d.title, d.short_title, d.indicator, d.title_en):
            href = view.link("county", unit=CITY, indicator=d.indicator)
            yield {"kind": "指标", "name": d.title, "href": href, "note": d.domain}
    listed = cached.list_readout(key)
    for m in listed.measures if listed else ():
        if _in(asked, m.number, m.text, m.project):
            yield {
                "kind": "措施",
                "name": f"{m.number} {m.text}",
                "href": view.link("tasks", measure=m.number),
                "note": _of_list(m.project, listed),
            }


def _of_list(project: str, listed: ListReadout | None) -> str:
    return project if listed is None or listed.official else f"{project}（示例清单）"


def _places(view: View, asked: str) -> Iterator[dict[str, str]]:
    every = cached.stores().catalogue.organisations
    names = {o.code: o.name for o in every}
    found = [o for o in every if _in(asked, o.name, o.short_name, o.code, draw.say(view, o.name))]
    for o in found:
        if o.level == "city" or o.reporting:
            yield {"kind": "单位", "name": o.name, "href": view.link("county", unit=o.code), "note": ""}
    for o in found:
        if o.level == "town":
            href = view.link("county", unit=o.parent_code, town=o.code)
            yield {"kind": "镇街", "name": o.name, "href": href, "note": names[o.parent_code]}


def _in(asked: str, *names: str) -> bool:
    return any(asked.lower() in name.lower() for name in names)


@draw.remembered
def indicators(view: View, key: Key) -> None:
    """Every indicator by domain: its definition, kind, rule, owner, and where its figures come from."""
    catalogue = cached.stores().catalogue
    known = cached.definitions(key)
    sources = cached.sources(key)
    groups = [
        {
            "name": domain,
            "entries": [
                _entry(view, d, catalogue, sources.get(d.indicator, ()))
                for d in known.values()
                if d.domain == domain
            ],
        }
        for domain in DOMAINS
    ]
    with draw.sheet("indicators"):
        draw.html("head.html", view, title="指标", switches=None, aside=f"{len(known)} 项")
        draw.html("indicators.html", view, groups=groups)


def _entry(view: View, d: Definition, catalogue: Catalogue, sources: tuple[str, ...]) -> dict[str, Any]:
    facts = [kind_of(d), f"计量单位：{d.measured_in}", CADENCES[d.cadence], DIRECTIONS[d.direction]]
    if d.return_day:
        facts.append(f"期后 {d.return_day} 日内报送")
    if d.part_of:
        facts.append(f"是“{catalogue.indicators[d.part_of].title}”的一部分")
    if d.share_of:
        facts.append(f"覆盖率以“{catalogue.indicators[d.share_of].title}”为分母")
    return {
        "id": d.indicator,
        "href": view.link("county", unit=CITY, indicator=d.indicator),
        "title": d.title,
        "title_en": d.title_en,
        "definition": d.definition,
        "note": d.note,
        "facts": facts,
        "rule": _city_rule(d),
        "owner": catalogue.organisation(d.owner).name,
        "sources": sources,
    }


def kind_of(d: Definition) -> str:
    """What kind of figure it is, with the day it counts from."""
    return KINDS[d.kind] + (f"：{SINCE.get(d.since, f'自 {d.since} 起')}" if d.since else "")


def _city_rule(d: Definition) -> str:
    if d.kind == "published_ratio":
        return "全市数只取市级公开数；各单位的比率不汇总。"
    if d.expected_reporters == "units":
        return (
            "全市数：13 个单位齐报时为其合计；未齐报时取市级公开数，但公开数的数据期更早、而单位已报到 "
            f"{d.coverage_line:.0%} 以上时，显示已报合计 n/13；没有公开数时也显示已报合计 n/13，不称全市数。"
            "报送截止日未过、又未齐报的一期先不用，仍用上一期。"
        )
    if d.expected_reporters == "city":
        return "全市数由市直部门报送，未报送时取市级公开数。"
    return "只见于公开数据，没有单位负责报送。"


@draw.remembered
def lights(view: View, _key: Key) -> None:
    """Every version of the rule of lights, in the order in which the lights are tried."""
    rules = [
        {
            "title": rule.title,
            "valid_from": day_text(rule.valid_from) if rule.valid_from else "",
            "lights": [
                {"key": e.light, "shape": SHAPES[e.light], "name": e.name, "rule": e.rule}
                for e in rule.lights
            ],
        }
        for rule in cached.stores().catalogue.light_rules
    ]
    with draw.sheet("lights"):
        draw.html("head.html", view, title="亮灯规则", switches=None, aside="自上而下，取第一个符合的")
        draw.html("lights.html", view, rules=rules)


@draw.remembered
def words(view: View, _key: Key) -> None:
    """The words of the product and of the field."""
    terms = cached.stores().catalogue.glossary
    groups = [
        {"name": name, "terms": [t for t in terms if t.kind == kind]}
        for kind, name in (("model", "本屏的用词"), ("field", "工作中的用词"))
    ]
    with draw.sheet("words"):
        draw.html("head.html", view, title="用词", switches=None, aside="一个词只指一件事")
        draw.html("words.html", view, groups=groups)


@draw.remembered
def measures(view: View, key: Key) -> None:
    """The list in force, sentence by sentence."""
    found = cached.list_readout(key)
    if found is None:
        return
    names = draw.names()
    rows = [
        {
            "number": m.number,
            "aspect": m.aspect,
            "project": m.project,
            "text": m.text,
            "lead": "、".join(names[c] for c in m.leads),
            "due": "长期坚持" if m.standing else (m.due.isoformat() if m.due else ""),
        }
        for m in found.measures
    ]
    with draw.sheet("measures"):
        draw.html("head.html", view, title=found.title, switches=None, aside=f"{len(rows)} 条措施")
        draw.html(
            "measures.html",
            view,
            rows=rows,
            note=found.note,
            counts=published_counts(found) if view.data == "live" else "",
            said=found.published,
        )


COLUMNS = "栏目 代号 名称 英文名 所属 内容 类型 计量单位 报送 负责单位 全市数规则 来源 说明".split()


def as_frame(key: Key) -> pd.DataFrame:
    """Everything the page explains, as one table: indicators, lights, words, measures."""
    rows = [*_indicator_rows(key), *_light_rows(), *_word_rows(), *_measure_rows(key)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _indicator_rows(key: Key) -> Iterator[dict[str, Any]]:
    catalogue, sources = cached.stores().catalogue, cached.sources(key)
    for d in cached.definitions(key).values():
        yield {
            "栏目": "指标",
            "代号": d.indicator,
            "名称": d.title,
            "英文名": d.title_en,
            "所属": d.domain,
            "内容": d.definition,
            "类型": kind_of(d),
            "计量单位": d.measured_in,
            "报送": CADENCES[d.cadence],
            "负责单位": catalogue.organisation(d.owner).name,
            "全市数规则": _city_rule(d),
            "来源": "；".join(sources.get(d.indicator, ())),
            "说明": d.note,
        }


def _light_rows() -> Iterator[dict[str, Any]]:
    for rule in cached.stores().catalogue.light_rules:
        since = f"自 {rule.valid_from.isoformat()} 起" if rule.valid_from else ""
        for light in rule.lights:
            yield {
                "栏目": "亮灯规则",
                "代号": light.light,
                "名称": light.name,
                "英文名": light.name_en,
                "所属": rule.title,
                "内容": light.rule,
                "说明": since,
            }


def _word_rows() -> Iterator[dict[str, Any]]:
    for term in cached.stores().catalogue.glossary:
        yield {"栏目": "用词", "名称": term.term, "英文名": term.term_en, "内容": term.meaning}


def _measure_rows(key: Key) -> Iterator[dict[str, Any]]:
    listed = cached.list_readout(key)
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    for m in listed.measures if listed else ():
        yield {
            "栏目": "措施",
            "代号": m.number,
            "名称": m.text,
            "所属": f"{m.aspect} · {m.project}",
            "负责单位": "、".join(names[c] for c in m.leads),
            "说明": "" if listed is None or listed.official else "示例，非官方清单",
        }
