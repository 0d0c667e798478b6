"""One measure, asked of a real store: plan and progress through time, who holds it up, when it will be done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from conftest import Clock
from dashboard.catalogue import Catalogue
from dashboard.forecast import Forecast
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.models import Progress
from dashboard.periods import parse
from dashboard.readouts.evidence import claims
from dashboard.readouts.measure import MeasureDetail, Part, measure_detail
from dashboard.readouts.measures import list_readout
from dashboard.readouts.readings import definitions_on
from dashboard.store import SYSTEM, Store, open_store, withdraw
from measured import DAY, DONE, MEASURE, MONTHS, NEVER, STEADY, STILL, TWICE, UNDATED, tell, tell_all


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """The file of a store in which everything has been told."""
    path = tmp_path_factory.mktemp("measure") / "store.sqlite"
    store = open_store(f"sqlite:///{path}", "live", Clock(DAY))
    seed_catalogue(store, catalogue)
    tell_all(store, [u.code for u in catalogue.units])
    store.engine.dispose()
    return path


@pytest.fixture
def store(filled: Path, tmp_path: Path, clock) -> Iterator[Store]:  # type: ignore[override]
    clock.set(DAY)
    opened = open_store(f"sqlite:///{shutil.copy(filled, tmp_path)}", "live", clock)
    yield opened
    opened.engine.dispose()


def detail(store: Store, catalogue: Catalogue, number: str = MEASURE, day: date = DAY) -> MeasureDetail:
    as_of, engine = AsOf(day), store.engine
    listed = list_readout(engine, as_of, catalogue.light_rules)
    known = definitions_on(engine, as_of, catalogue)
    units = [u.code for u in catalogue.units]
    own = next(iter(claims(engine, as_of, listed, known, units, number)), None)
    found = measure_detail(engine, as_of, listed, number, own)
    assert found is not None
    return found


def part(found: MeasureDetail, organisation: str) -> Part:
    return next(p for p in found.parts if p.duty.organisation == organisation)


def test_what_is_promised_till_when_and_how_many_days_are_left(store, catalogue):
    found = detail(store, catalogue)
    assert (found.readout.text, found.target) == (
        "对基层报表按取消、整合、优化三类逐一处理，公布保留报表目录。",
        "全市报表种类压减30%以上",
    )
    assert (found.start, found.readout.due, found.days_left) == (date(2025, 7, 1), date(2026, 7, 31), 228)
    assert (found.direction, found.scope, found.before, found.after) == ("畅路", "county", "5-12-1", "5-12-3")


def test_the_worst_stands_first_and_what_is_done_last(store, catalogue):
    order = [p.duty.organisation for p in detail(store, catalogue).parts]
    assert order[:3] == [TWICE, STILL, NEVER]
    assert order[-2:] == [UNDATED, DONE]
    steady = {*STEADY}
    assert order[3:-2] == [u.code for u in catalogue.units if u.code in steady]  # alike: the official order


def test_each_has_its_last_word_with_the_day_it_came_in(store, catalogue):
    found = detail(store, catalogue)
    told = part(found, TWICE).told
    assert told is not None
    assert (told.period, told.words, told.next_step) == (parse("2025-11"), "刚开始。", "先摸底。")
    assert (told.known_on, told.status) == (DAY, "推进中")
    assert part(found, NEVER).told is None


def test_each_has_the_day_on_which_it_will_be_done_or_why_none_can_be_told(store, catalogue):
    found = detail(store, catalogue)
    # Ten points a month from 10 on 31 July: the median slope is 20 points in 61 days, 90 take 275.
    assert part(found, STEADY[0]).forecast.day == date(2025, 7, 31) + timedelta(days=275)
    states = {who: part(found, who).forecast.state for who in (STILL, TWICE, UNDATED, DONE, NEVER)}
    assert states == {STILL: "still", TWICE: "few", UNDATED: "undated", DONE: "done", NEVER: "few"}


def test_the_measure_is_done_when_the_last_of_those_is_of_whom_a_day_can_be_told_or_later(store, catalogue):
    joint = detail(store, catalogue).forecast
    assert joint.text == "2026-05-02 或更晚"
    assert joint.organisation in STEADY
    assert joint.unknown == {"silent": 0, "passed": 0, "still": 1, "endless": 0, "few": 2, "undated": 1}
    assert joint.open == 12


def test_plan_and_progress_have_a_step_for_every_month_end_since_the_start(store, catalogue):
    course = detail(store, catalogue).course
    assert [s.end for s in course] == [parse(month).end for month in MONTHS]
    assert course[0].plan == pytest.approx(30 / 395 * 100)
    # Eight at 10, one at 10, two at 60; in October the one that tells twice comes in with 5.
    assert (course[0].actual, course[0].said, course[0].assigned) == (pytest.approx(210 / 11), 11, 13)
    assert (course[3].actual, course[3].said) == (pytest.approx((8 * 40 + 30 + 5 + 90 + 90) / 12), 12)


def test_a_month_nobody_reported_for_has_no_progress_and_what_is_done_stays(store, catalogue, clock):
    clock.set(date(2026, 2, 20))
    later = date(2026, 2, 20)
    assert [s.actual for s in detail(store, catalogue, day=later).course[-2:]] == [None, None]
    done = detail(store, catalogue, "1-1-2", later)
    assert [s.actual for s in done.course[-2:]] == [100.0, 100.0]


def test_progress_is_as_it_was_known_on_the_day(store, catalogue, clock):
    clock.set(date(2026, 1, 20))
    tell(store, STEADY[0], {"2025-08": 90})
    before, after = detail(store, catalogue), detail(store, catalogue, day=date(2026, 1, 20))
    assert before.course[1].actual == pytest.approx((9 * 20 + 140) / 11)
    assert after.course[1].actual == pytest.approx((8 * 20 + 90 + 140) / 11)


def test_a_withdrawn_return_is_no_part_of_the_course(store, catalogue):
    with store.engine.connect() as connection:
        query = select(Progress.return_id).where(
            Progress.organisation == TWICE, Progress.period_end == parse("2025-11").end
        )
        return_id = connection.execute(query).scalar_one()
    withdraw(store, SYSTEM, return_id, "报错")
    found = part(detail(store, catalogue), TWICE)
    assert found.told is not None
    assert found.told.period == parse("2025-10")


def test_evidence_stands_beside_what_was_claimed_at_the_time(store, catalogue):
    claim = detail(store, catalogue).claim
    assert claim is not None
    # 5 of the 30 that are to go; by September eleven had claimed (8 × 30 + 30 + 80 + 80) ÷ 11.
    assert (claim.evidence, claim.claimed) == (pytest.approx(100 / 6), pytest.approx(430 / 11))
    assert (claim.mark, claim.claimed_now) == ("above", pytest.approx(640 / 12))
    assert [(p.label, round(share)) for p, share in claim.proof.series if share] == [("2025-Q3", 17)]
    assert [o.organisation for o in claim.own] == [u.code for u in catalogue.units]


def test_what_has_not_begun_and_what_stands_expects_nothing(store, catalogue):
    waiting, standing = detail(store, catalogue, "5-13-2"), detail(store, catalogue, "1-1-1")
    assert (waiting.forecast.forecast, waiting.course) == (Forecast("unsaid"), ())
    assert (standing.forecast.forecast, standing.days_left, standing.plan) == (Forecast("unsaid"), None, None)


def test_a_measure_is_completed_on_the_day_of_its_last_organisation(store, catalogue):
    found = detail(store, catalogue, "1-1-2")
    assert (found.completed_on, found.forecast.text) == (date(2025, 7, 3), "已完成")
    assert detail(store, catalogue).completed_on is None


def test_a_number_that_is_not_in_the_list_and_a_day_before_the_list_have_no_measure(store, catalogue):
    engine = store.engine
    listed = list_readout(engine, AsOf(DAY), catalogue.light_rules)
    assert measure_detail(engine, AsOf(DAY), listed, "9-99-1", None) is None
    assert measure_detail(engine, AsOf(date(2019, 1, 1)), None, MEASURE, None) is None


def test_a_chosen_period_shows_the_measure_on_its_last_day(store, catalogue):
    engine = store.engine
    until = replace(AsOf(DAY), until=parse("2025-08").end)
    listed = list_readout(engine, until, catalogue.light_rules)
    found = measure_detail(engine, until, listed, MEASURE, None)

    assert found is not None
    assert found.day == date(2025, 8, 31)
    assert found.days_left == (date(2026, 7, 31) - date(2025, 8, 31)).days
    assert max(step.end for step in found.course) <= date(2025, 8, 31)


def test_three_questions_tell_everything_however_many_answer_for_it(store, catalogue):
    engine = store.engine
    listed = list_readout(engine, AsOf(DAY), catalogue.light_rules)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    measure_detail(engine, AsOf(DAY), listed, MEASURE, None)
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 3
