"""The ledger of the list: its columns and rows, what was said and what was not, and who is kept by the filters."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import text

from dashboard.catalogue import Catalogue
from dashboard.csvfile import csv_bytes
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.periods import parse
from dashboard.readouts.choice import Choice, assignments, own_days
from dashboard.readouts.ledger import COLUMNS, kept, ledger
from dashboard.readouts.measures import ListReadout, list_readout
from dashboard.store import SYSTEM, Draft, FactDraft, Store, accept, open_store, receive, withdraw
from small_lists import a_list, measure
from small_lists import duty as a_duty

DAY = AsOf(date(2026, 1, 15))
LATE, JINJIANG = "1-2-1", "350582"  # due 2025-12-31, of all units with towns


class Told:
    """A store that holds the list, into which progress is told."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self.store, self.catalogue = store, catalogue

    def progress(self, organisation: str, measure: str, period: str, **said: Any) -> int:
        """Accepted progress of one organisation; the id of its return."""
        told = parse(period)
        values = {
            "list_version": "2025",
            "measure": measure,
            "organisation": organisation,
            "period_start": told.start,
            "period_end": told.end,
            "grain": told.grain,
            "percent": None,
            "status": "推进中",
            "completed_on": None,
            **said,
        }
        facts = [FactDraft("progress", values)]
        content = repr(values).encode()
        draft = Draft("progress", organisation, "台账.xlsx", content, facts, told)
        return_id = receive(self.store, SYSTEM, draft)
        accept(self.store, SYSTEM, return_id)
        return return_id

    def ledger(self, as_of: AsOf = DAY) -> pd.DataFrame:
        rules = self.catalogue.light_rules
        return ledger(self.store.engine, as_of, self.found(as_of), self.catalogue, rules)

    def found(self, as_of: AsOf = DAY) -> ListReadout | None:
        return list_readout(self.store.engine, as_of, self.catalogue.light_rules)

    def row(self, measure: str, organisation: str, as_of: AsOf = DAY) -> dict[str, Any]:
        found = kept(self.ledger(as_of), [measure])
        (row,) = found.xs(organisation, level="organisation").to_dict("records")
        return row


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """The file of a store that holds the catalogue and nothing else."""
    path = tmp_path_factory.mktemp("ledger") / "store.sqlite"
    store = open_store(f"sqlite:///{path}", "live")
    seed_catalogue(store, catalogue)
    store.engine.dispose()
    return path


@pytest.fixture
def told(seeded: Path, tmp_path: Path, clock, catalogue: Catalogue) -> Iterator[Told]:
    store = open_store(f"sqlite:///{shutil.copy(seeded, tmp_path)}", "live", clock)
    yield Told(store, catalogue)
    store.engine.dispose()


def test_it_begins_with_the_columns_that_offices_use_in_their_order(told):
    office = "序号 方面 项目 措施 牵头单位 责任单位 完成时限 进展情况 完成比例 状态 亮灯 原因 存在问题 下一步 报送时间"

    assert list(told.ledger()) == [*office.split(), *"数据期 旧期 完成日期 目标 佐证指标 清单".split()]
    assert list(told.ledger()) == list(COLUMNS)


def test_every_responsible_assignment_has_one_row_by_number_and_then_in_official_order(told):
    with told.store.engine.connect() as connection:
        query = "SELECT a.measure, o.name, o.sort_order FROM assignment a JOIN organisation o ON o.code = a.organisation"
        asked = connection.execute(text(f"{query} WHERE a.role = 'responsible' AND a.list_version = '2025'"))
        rows = sorted(asked, key=lambda r: ([int(part) for part in r[0].split("-")], r[2]))

    found = told.ledger()
    assert list(zip(found["序号"], found["责任单位"], strict=True)) == [(r[0], r[1]) for r in rows]
    assert len(rows) > 500


def test_an_organisation_that_never_reported_has_empty_cells_and_not_zero(told):
    said = "进展情况 完成比例 状态 存在问题 下一步 报送时间 数据期 旧期 完成日期".split()
    told.progress("350502", LATE, "2025-12", percent=0)
    silent = told.row(LATE, JINJIANG)

    assert {name for name in said if pd.notna(silent[name])} == set()
    assert silent["亮灯"] == "逾期"
    assert silent["原因"] == "逾期 15 天，未报进度"
    assert told.row(LATE, "350502")["完成比例"] == 0
    line = csv_bytes(kept(told.ledger(), [LATE])[said]).decode("utf-8-sig").splitlines()
    assert line[1] == ",0,推进中,,,2026-01-15,2025-12,,"
    assert set(line[2:]) == {",,,,,,,,"}


def test_what_was_said_stands_with_its_words_its_period_and_the_day_it_was_known(told, clock):
    clock.set(date(2026, 1, 4))
    told.progress(
        JINJIANG, LATE, "2025-12", percent=62.5, words="过半事项完成", problem="缺场地", next_step="共用中心"
    )
    row = told.row(LATE, JINJIANG)

    assert {name: row[name] for name in "进展情况 完成比例 状态 存在问题 下一步 报送时间 数据期".split()} == {
        "进展情况": "过半事项完成",
        "完成比例": 62.5,
        "状态": "推进中",
        "存在问题": "缺场地",
        "下一步": "共用中心",
        "报送时间": date(2026, 1, 4),
        "数据期": "2025-12",
    }
    assert row["完成时限"] == date(2025, 12, 31)
    assert row["牵头单位"] == "中共泉州市委组织部"
    assert row["目标"] == "有镇街的单位全部落实"
    assert row["清单"].endswith("（示例，非官方清单）")


def test_progress_kept_from_an_older_period_says_so_and_what_is_done_does_not_age(told):
    told.progress("350502", LATE, "2025-10", percent=40)
    told.progress("350503", LATE, "2025-10", percent=100, completed_on=date(2025, 10, 9), status="已完成")
    told.progress("350504", LATE, "2025-12", percent=40)

    assert [told.row(LATE, code)["旧期"] for code in ("350502", "350503", "350504")] == ["是", None, None]
    assert told.row(LATE, "350503")["完成日期"] == date(2025, 10, 9)


def test_withdrawn_progress_does_not_count_from_the_day_it_was_taken_back(told, clock):
    clock.set(date(2026, 1, 3))
    told.progress(JINJIANG, LATE, "2025-11", percent=50, words="一半")
    clock.set(date(2026, 1, 10))
    wrong = told.progress(JINJIANG, LATE, "2025-12", percent=90, words="写错了")
    clock.set(date(2026, 1, 14))
    withdraw(told.store, SYSTEM, wrong, "写错了")
    before, after = (told.row(LATE, JINJIANG, AsOf(date(2026, 1, day))) for day in (13, 14))

    assert (before["进展情况"], before["完成比例"], before["报送时间"]) == ("写错了", 90, date(2026, 1, 10))
    assert (after["进展情况"], after["完成比例"], after["报送时间"]) == ("一半", 50, date(2026, 1, 3))


def test_a_value_that_was_ended_leaves_its_cells_empty(told):
    told.progress(JINJIANG, LATE, "2025-12", percent=50, words="一半")
    told.progress(JINJIANG, LATE, "2025-12", void=True, words="作废")
    row = told.row(LATE, JINJIANG)

    assert (row["进展情况"], row["报送时间"]) == (None, None)
    assert pd.isna(row["完成比例"])


def test_a_standing_measure_is_due_never_and_others_on_a_day(told):
    found = told.ledger()
    standing = {m.number: m.standing for m in told.catalogue.measures}
    dues = dict(zip(found["序号"], found["完成时限"], strict=True))

    assert {number for number, due in dues.items() if due == "长期坚持"} == {
        number for number, always in standing.items() if always
    }
    assert {type(due) for due in dues.values()} == {str, date}


def test_the_numbers_are_those_of_the_store(told):
    for at, unit in enumerate(told.catalogue.units[:6]):
        told.progress(unit.code, "2-4-1", "2025-12", percent=10.0 * at)
        told.progress(unit.code, "2-4-1", "2025-11", percent=99)
    query = "SELECT count(*), sum(percent) FROM progress WHERE period_end = '2025-12-31'"
    with told.store.engine.connect() as connection:
        count, total = connection.execute(text(query)).one()
    found = told.ledger()["完成比例"]

    assert (found.count(), found.sum()) == (count, total) == (6, 150)


def test_a_past_day_has_its_own_ledger_and_there_is_none_before_the_first_list(told):
    before = told.ledger(AsOf(date(2025, 1, 9)))

    assert (len(before), list(before)) == (0, list(COLUMNS))
    assert len(told.ledger(AsOf(date(2025, 1, 10)))) == len(told.ledger())
    assert csv_bytes(before).decode("utf-8-sig").strip() == ",".join(COLUMNS)


def test_lights_are_called_as_the_rule_in_force_calls_them(told, clock):
    clock.set(date(2026, 1, 5))
    told.progress("350502", LATE, "2025-12", percent=10)
    (rule,) = told.catalogue.light_rules
    named = [replace(light, name="红灯") if light.light == "overdue" else light for light in rule.lights]
    rules = [rule, replace(rule, version="v2", valid_from=date(2026, 1, 10), lights=tuple(named))]
    lights = {}
    for day in (9, 10):
        as_of = AsOf(date(2026, 1, day))
        found = list_readout(told.store.engine, as_of, rules)
        frame = ledger(told.store.engine, as_of, found, told.catalogue, rules)
        lights[day] = set(kept(frame, [LATE])["亮灯"])

    assert lights == {9: {"逾期"}, 10: {"红灯"}}


def test_an_indicator_that_proves_a_measure_is_called_by_its_title(told):
    proved = next(m for m in told.catalogue.measures if m.evidence_indicator)
    (title,) = set(kept(told.ledger(), [proved.number])["佐证指标"])

    assert title == told.catalogue.indicators[proved.evidence_indicator].title


def test_an_organisation_keeps_what_it_answers_for_and_all_of_what_it_leads(told):
    every = told.ledger()
    own = kept(every, set(every["序号"]), JINJIANG)
    leads = {a.measure for a in told.catalogue.assignments if (a.organisation, a.role) == ("D-ORG", "lead")}
    led = kept(every, set(every["序号"]), "D-ORG")

    assert set(own["责任单位"]) == {"晋江市"}
    assert leads
    for number in leads:
        assert len(kept(led, [number])) == len(kept(every, [number]))
    assert set(led[~led["序号"].isin(leads)]["责任单位"]) <= {"中共泉州市委组织部"}


def test_measures_are_kept_in_the_order_of_the_list_and_nothing_is_a_table_too(told):
    every = told.ledger()

    assert list(dict.fromkeys(kept(every, ["5-12-1", "1-1-2"])["序号"])) == ["1-1-2", "5-12-1"]
    assert list(kept(every, [])) == list(COLUMNS)
    assert kept(every, []).empty


@pytest.mark.parametrize("until", [None, date(2025, 11, 30)])
def test_every_row_says_what_the_page_says_of_its_assignment_with_a_period_and_without(told, until):
    told.progress("350502", LATE, "2025-10", percent=40)
    told.progress("350503", LATE, "2025-11", percent=100, completed_on=date(2025, 11, 9), status="已完成")
    told.progress(JINJIANG, LATE, "2025-11", percent=50)
    told.progress(JINJIANG, LATE, "2025-12", percent=90)
    as_of = replace(DAY, until=until)
    found = told.found(as_of)
    assert found is not None
    names = {light.light: light.name for light in told.catalogue.light_rules[0].lights}
    frame = told.ledger(as_of).astype({"完成比例": object})
    rows = {
        (number, own): row
        for (number, own, _), row in zip(frame.index, frame.to_dict("records"), strict=True)
    }

    for duty in found.duties:
        row = rows.pop((duty.number, duty.organisation))
        percent = None if pd.isna(row["完成比例"]) else row["完成比例"]
        assert (row["亮灯"], row["原因"], percent) == (names[duty.light], duty.reason, duty.percent)
        assert (row["旧期"], row["完成日期"]) == ("是" if duty.older else None, duty.completed_on)
        assert row["数据期"] == (duty.period.label if duty.period else None)
        assert row["完成时限"] == ("长期坚持" if duty.standing else duty.due)
    assert rows == {}


def test_a_chosen_period_has_its_own_words_light_and_age(told, clock):
    clock.set(date(2025, 12, 3))
    told.progress(JINJIANG, LATE, "2025-11", percent=50, words="一半")
    clock.set(date(2026, 1, 4))
    told.progress(JINJIANG, LATE, "2025-12", percent=90, words="大半")
    then, now = told.row(LATE, JINJIANG, replace(DAY, until=date(2025, 11, 30))), told.row(LATE, JINJIANG)

    assert (then["进展情况"], then["完成比例"], then["数据期"]) == ("一半", 50, "2025-11")
    assert (then["报送时间"], then["旧期"], then["亮灯"]) == (date(2025, 12, 3), None, "严重滞后")
    assert (now["进展情况"], now["完成比例"], now["数据期"], now["亮灯"]) == ("大半", 90, "2025-12", "逾期")


def test_the_assignments_in_a_state_are_those_that_are_in_it_themselves(told, clock):
    clock.set(date(2025, 12, 3))
    told.progress("350502", LATE, "2025-11", percent=100, completed_on=date(2025, 11, 9), status="已完成")
    found = told.found(AsOf(date(2025, 12, 20)))
    overdue = told.found()
    assert found is not None
    assert overdue is not None
    every = {d.organisation for d in found.duties if d.number == LATE}

    def of_late(readout: ListReadout, **state: str) -> set[str]:
        return {own for number, own in assignments(readout, Choice(**state)) if number == LATE}

    assert len(every) > 2
    assert of_late(found) == every
    assert of_late(found, window="30") == of_late(found, window="month") == every - {"350502"}
    assert of_late(found, window="late") == set()
    assert of_late(overdue, light="done") == {"350502"}
    assert of_late(overdue, light="overdue") == of_late(overdue, window="late") == every - {"350502"}
    assert of_late(overdue, light="done", window="late") == set()
    assert {n for n, _ in assignments(overdue, Choice(window="90"))} & {
        m.number for m in overdue.measures if m.standing
    } == set()


def test_own_days_are_those_in_the_window_that_are_open_and_not_the_measures_own():
    # The list is of 30 April; what has no day of its own is due on 30 June.
    first, second = date(2026, 5, 10), date(2026, 5, 20)
    found = a_list(
        [measure("1-1-1", leads=("D-ORG",)), measure("1-1-2")],
        [
            a_duty("1-1-1", "U1", due=second),
            a_duty("1-1-1", "U2", due=first),
            a_duty("1-1-1", "U3", due=second),
            a_duty("1-1-1", "U4"),
            a_duty("1-1-1", "U5", "done", due=first),
            a_duty("1-1-2", "U1"),
        ],
    )

    told = {first: ("U2",), second: ("U1", "U3")}
    assert own_days(found, Choice(window="30")) == {"1-1-1": told}
    assert list(own_days(found, Choice(window="30"))["1-1-1"]) == [first, second]
    assert own_days(found, Choice(window="30", organisation="D-ORG")) == {"1-1-1": told}
    assert own_days(found, Choice(window="30", light="behind")) == {"1-1-1": told}
    for choice in (
        Choice(),
        Choice(window="month"),
        Choice(window="late"),
        Choice(window="30", organisation="U1"),
    ):
        assert own_days(found, choice) == {}
