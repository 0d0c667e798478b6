"""台账: the list in force as one table, a row for every responsible assignment, in the columns that offices use."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from ..catalogue import Catalogue, LightRule
from ..knowledge import AsOf
from ..lights import rule_of
from ..periods import of
from ..queries import definitions, measures, progress
from .measures import Duty, ListReadout

# What a ledger of an office has, in its order; behind it what no figure may lose.
OFFICE_COLUMNS = (
    "序号 方面 项目 措施 牵头单位 责任单位 完成时限 进展情况 完成比例 状态 亮灯 原因 存在问题 下一步 报送时间"
).split()
COLUMNS = (*OFFICE_COLUMNS, *"数据期 旧期 完成日期 目标 佐证指标 清单".split())
# Columns in which the list and the clerks speak; they are shown as they were written.
OWN_WORDS = ("措施", "进展情况", "存在问题", "下一步", "目标")
UNOFFICIAL = "示例，非官方清单"

_Row = tuple[tuple[str, str, str], dict[str, Any]]


def ledger(
    engine: Engine,
    as_of: AsOf,
    found: ListReadout | None,
    catalogue: Catalogue,
    rules: Sequence[LightRule],
) -> pd.DataFrame:
    """The list as it was read, COLUMNS; a row per responsible assignment, by number, then in official order.

    ``found`` is the readout of the same ``as_of``, None before the first list: no row. Light, reason, percent, due
    and older period are those of its duties, so that a file never says otherwise than its page; what was said is
    the progress behind them, of a chosen period and those before when there is one.

    The index (number, organisation, leads) holds codes, the leads with a blank between them, and is what ``kept``
    asks. 完成时限 is a date or 长期坚持; 完成比例 is in percent points, NaN: not said; 报送时间 is the day on
    which the return that brought the progress was known, 数据期 what that progress describes, and 旧期 says 是
    when the percent is of a period before the last that is due and the assignment is not done. What was never
    said is None.
    """
    if found is None:
        return _framed([])
    said: dict[tuple[Any, Any], Any] = {
        (p.measure, p.organisation): p for p in progress(engine, as_of, found.list_version).itertuples()
    }
    listed: Mapping[Any, Any] = {
        m.number: m for m in measures(engine, as_of, found.list_version).itertuples()
    }
    words = _words(engine, as_of, found, catalogue, rules)
    place = {number: at for at, number in enumerate(listed)}
    duties = sorted(
        found.duties, key=lambda d: (place[d.number], words.place(d.organisation), d.organisation)
    )
    return _framed(
        [
            _row(duty, listed[duty.number], said.get((duty.number, duty.organisation)), found.leads, words)
            for duty in duties
        ]
    )


def kept(
    frame: pd.DataFrame,
    numbers: Collection[str],
    organisation: str = "",
    assignments: Collection[tuple[str, str]] | None = None,
) -> pd.DataFrame:
    """The rows of these measures; of one organisation those it answers for, and all of a measure that it leads.

    ``assignments`` (number, organisation) leaves only these among them; None: all.
    """
    wanted = set(numbers)
    rows = [
        number in wanted
        and (not organisation or organisation == own or organisation in leads.split())
        and (assignments is None or (number, own) in assignments)
        for number, own, leads in frame.index
    ]
    return frame[rows]


@dataclass(frozen=True)
class _Words:
    """How codes are called on the day: organisations in official order, lights, indicators, and the list."""

    organisations: Mapping[str, str]
    lights: Mapping[str, str]
    indicators: Mapping[str, str]
    title: str

    def place(self, code: str) -> int:
        """Its place in the official order; behind all others when the catalogue does not know it."""
        return list(self.organisations).index(code) if code in self.organisations else len(self.organisations)


def _words(
    engine: Engine, as_of: AsOf, found: ListReadout, catalogue: Catalogue, rules: Sequence[LightRule]
) -> _Words:
    ordered = sorted(catalogue.organisations, key=lambda o: o.sort_order)
    defined = definitions(engine, as_of)
    marked = found.title if found.official or UNOFFICIAL in found.title else f"{found.title}（{UNOFFICIAL}）"
    return _Words(
        organisations={o.code: o.name for o in ordered},
        lights={light.light: light.name for light in rule_of(rules, found.day).lights},
        indicators=dict(zip(defined["indicator"], defined["title"], strict=True)),
        title=marked,
    )


def _row(duty: Duty, measure: Any, last: Any, leads: Mapping[str, tuple[str, ...]], words: _Words) -> _Row:
    """One assignment: its codes and its cells; ``last`` is its last accepted progress, None when there is none."""
    leading = sorted(leads.get(measure.number, []), key=words.place)
    evidence = measure.evidence_indicator
    return (measure.number, duty.organisation, " ".join(leading)), {
        "序号": measure.number,
        "方面": measure.aspect,
        "项目": measure.project,
        "措施": measure.text,
        "牵头单位": "、".join(words.organisations.get(code, code) for code in leading) or None,
        "责任单位": words.organisations.get(duty.organisation, duty.organisation),
        "完成时限": "长期坚持" if duty.standing or duty.due is None else duty.due,
        "亮灯": words.lights[duty.light],
        "原因": duty.reason,
        "完成比例": duty.percent,
        "旧期": "是" if duty.older else None,
        "完成日期": duty.completed_on,
        "目标": measure.target or None,
        "佐证指标": words.indicators.get(evidence, evidence) or None,
        "清单": words.title,
        **({} if last is None else _said(last)),
    }


def _said(last: Any) -> dict[str, Any]:
    return {
        "进展情况": last.words or None,
        "状态": last.status or None,
        "存在问题": last.problem or None,
        "下一步": last.next_step or None,
        "报送时间": last.known_on,
        "数据期": of(last.grain, last.period_end).label,
    }


def _framed(rows: Sequence[_Row]) -> pd.DataFrame:
    names = ["number", "organisation", "leads"]
    codes = pd.DataFrame([key for key, _ in rows], columns=names, dtype=object)
    cells = [[row.get(column) for column in COLUMNS] for _, row in rows]
    frame = pd.DataFrame(cells, columns=list(COLUMNS), index=pd.MultiIndex.from_frame(codes), dtype=object)
    return frame.astype({"完成比例": float})
