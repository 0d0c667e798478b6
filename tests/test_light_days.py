"""Lights and the gauge on a real store: return days, changed rules, changed lists, dates of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.catalogue import LIGHTS, LightRule, load
from dashboard.charts.aspects import aspects
from dashboard.charts.gauge import gauge
from dashboard.config import DATA
from dashboard.knowledge import AsOf
from dashboard.readouts.measure import measure_detail
from dashboard.readouts.measures import Duty, ListReadout, MeasureReadout, list_readout
from dashboard.returning import last_due_period_end
from dashboard.store import FactDraft
from dashboard.ui.list_panels import light_names
from test_readouts import Told, seeded, told  # noqa: F401  fixtures
from ui_fixtures import Page, installed

SHISHI, JINJIANG = "350581", "350582"
# A list of our own from March 2026 on: in a hundred days from start to due one day is one percent.
NEW, FROM = "2026", date(2026, 3, 1)
DUE = FROM + timedelta(100)


@pytest.fixture
def at(told: Told, clock) -> Callable[[date], Told]:  # noqa: F811
    """Move the store's clock to noon of a day."""

    def move(day: date) -> Told:
        clock.set(day)
        return told

    return move


def on(told: Told, day: date, rules: tuple[LightRule, ...] | None = None) -> ListReadout:  # noqa: F811
    found = list_readout(told.store.engine, AsOf(day), rules or told.catalogue.light_rules)
    assert found is not None
    return found


def duty(found: ListReadout, number: str, organisation: str = SHISHI) -> Duty:
    (own,) = (d for d in found.duties if (d.number, d.organisation) == (number, organisation))
    return own


def measure(found: ListReadout, number: str) -> MeasureReadout:
    return next(m for m in found.measures if m.number == number)


def lit(found: ListReadout, number: str, organisation: str = SHISHI) -> tuple[str, str]:
    own = duty(found, number, organisation)
    return own.light, own.reason


def list_of(told: Told, version: str, valid_from: date) -> FactDraft:  # noqa: F811
    """A list version with what the first one says of its published counts."""
    values = asdict(told.catalogue.lists[0])
    return FactDraft("list_version", values | {"list_version": version, "valid_from": valid_from})


def measure_of(told: Told, number: str, **columns: Any) -> FactDraft:  # noqa: F811
    """A measure of the new list, begun with it and due a hundred days later."""
    first = told.catalogue.measures[0]
    values = asdict(first) | {"aspect_no": first.aspect_no, "project_no": first.project_no}
    own = {"list_version": NEW, "number": number, "start": FROM, "due": DUE, "standing": False}
    return FactDraft("measure", values | own | columns)


def duty_of(number: str, organisation: str = SHISHI, **columns: Any) -> FactDraft:
    own = {"list_version": NEW, "measure": number, "organisation": organisation, "role": "responsible"}
    return FactDraft("assignment", own | {"due": None} | columns)


def handed(told: Told, *facts: FactDraft) -> None:  # noqa: F811
    """A list is handed in and accepted on the day of the store's clock."""
    told.hand_in("list", "350500", list(facts), None, "2026-03")


def said(told: Told, number: str, period: str, organisation: str = SHISHI, **columns: Any) -> None:  # noqa: F811
    told.progress(organisation, [number], period, list_version=NEW, **columns)


# --- the first days of a month ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 1, 1), date(2025, 11, 30)),
        (date(2026, 1, 5), date(2025, 11, 30)),
        (date(2026, 1, 6), date(2025, 12, 31)),
        (date(2026, 2, 5), date(2025, 12, 31)),
        (date(2026, 2, 6), date(2026, 1, 31)),
        (date(2028, 3, 5), date(2028, 1, 31)),
        (date(2028, 3, 6), date(2028, 2, 29)),
        (date(2025, 12, 31), date(2025, 11, 30)),
    ],
)
def test_a_month_is_due_on_the_fifth_and_missing_from_the_sixth(day, end):
    assert last_due_period_end(day) == end


def test_who_is_silent_for_december_is_late_with_it_from_the_sixth_of_january(at):
    told = at(date(2025, 12, 4))  # noqa: F811
    told.progress(SHISHI, ["1-3-1"], "2025-11", percent=99.6)
    told.progress(SHISHI, ["2-5-3"], "2025-11")
    first = {day: lit(on(told, date(2026, 1, day)), "1-3-1") for day in range(1, 7)}
    kept_up = {day: lit(on(told, date(2026, 1, day)), "2-5-3") for day in (5, 6)}

    assert {light for day, (light, _) in first.items() if day < 6} == {"on_track"}
    assert first[6] == ("not_reported", "2025年12月未报送")
    assert kept_up == {5: ("standing", "长期坚持"), 6: ("standing", "长期坚持，2025年12月未报送")}


def test_who_had_not_begun_by_the_end_of_the_month_that_is_due_owes_nothing_for_it(at):
    """3-8-1 starts on 1 September 2025: until the sixth of October there is no month to report on."""
    told = at(date(2025, 8, 2))  # noqa: F811
    told.progress(SHISHI, ["1-3-1"], "2025-07", percent=30.0)

    assert lit(on(told, date(2025, 8, 31)), "3-8-1") == ("not_started", "2025-09-01 启动")
    assert [
        lit(on(told, date(2025, month, day)), "3-8-1")[0] for month, day in ((9, 1), (9, 30), (10, 5))
    ] == ["on_track"] * 3
    assert "未报进度" in lit(on(told, date(2025, 10, 5)), "3-8-1")[1]
    assert lit(on(told, date(2025, 10, 6)), "3-8-1") == ("not_reported", "2025年9月未报送")


def test_silence_is_known_behind_another_light_and_not_where_nothing_is_owed(at):
    """石狮 falls silent from August on: 2-4-1 is overdue from October, 2-5-3 is standing, 1-3-1 was done in July."""
    told = at(date(2025, 8, 2))  # noqa: F811
    told.progress(SHISHI, ["2-4-1", "2-5-3"], "2025-07", percent=30.0)
    told.progress(SHISHI, ["1-3-1"], "2025-07", percent=100.0, completed_on=date(2025, 7, 20))
    found = on(told, date(2025, 10, 20))
    silent = {
        n: (duty(found, n).light, duty(found, n).silent)
        for n in ("2-4-1", "2-5-3", "1-3-1", "3-8-1", "5-13-2")
    }

    assert silent == {
        "2-4-1": ("overdue", True),
        "2-5-3": ("standing", True),
        "1-3-1": ("done", False),
        "3-8-1": ("not_reported", True),
        "5-13-2": ("not_started", False),
    }
    assert duty(on(told, date(2025, 8, 20)), "2-4-1").silent is False


def test_december_handed_in_after_its_return_day_counts_from_the_day_it_is_accepted(at):
    at(date(2025, 12, 4)).progress(SHISHI, ["1-3-1"], "2025-11", percent=99.6)
    told = at(date(2026, 1, 8))  # noqa: F811
    told.progress(SHISHI, ["1-3-1"], "2025-12", percent=99.6)

    assert lit(on(told, date(2026, 1, 7)), "1-3-1")[0] == "not_reported"
    assert lit(on(told, date(2026, 1, 8)), "1-3-1")[0] == "on_track"


# --- a changed rule -------------------------------------------------------------------------------------

SECOND = """v2:
  valid_from: '2026-05-01'
  behind_pct: 20
  far_behind_pct: 45
  title: 亮灯规则（第二版）
  rule:
"""


@pytest.fixture
def two_rules(tmp_path: Path) -> Path:
    """An installation's own catalogue folder with a second version of the rule, in which 滞后 is called 偏慢."""
    names = {"behind": "偏慢"}
    entries = "".join(
        f"    - {{light: {e.light}, name: {names.get(e.light, e.name)}, name_en: {e.name_en!r}, rule: {e.rule!r}}}\n"
        for e in load(DATA).light_rules[0].lights
    )
    folder = tmp_path / "home" / "catalogue"
    folder.mkdir(parents=True)
    (folder / "lights.yaml").write_text(SECOND + entries, encoding="utf-8")
    return folder


def test_a_changed_rule_judges_from_its_first_day_and_old_days_keep_the_light_they_had(at, two_rules):
    told = at(FROM)  # noqa: F811
    handed(
        told,
        list_of(told, NEW, FROM),
        measure_of(told, "1-1-1"),
        duty_of("1-1-1"),
        duty_of("1-1-1", JINJIANG),
    )
    at(date(2026, 4, 5))
    said(told, "1-1-1", "2026-03", percent=45)
    said(told, "1-1-1", "2026-03", JINJIANG, percent=20.4)
    rules = load(DATA, two_rules).light_rules
    before, after = on(told, date(2026, 4, 30), rules), on(told, date(2026, 5, 1), rules)

    assert [r.version for r in rules] == ["v1", "v2"]
    assert lit(before, "1-1-1") == ("behind", "时序 60%，进度 45%，落后 15 个百分点")
    assert lit(after, "1-1-1") == ("on_track", "时序 61%，进度 45%")
    assert lit(before, "1-1-1", JINJIANG) == ("far_behind", "时序 60%，进度 20.4%，落后 40 个百分点")
    assert lit(after, "1-1-1", JINJIANG) == ("behind", "时序 61%，进度 20.4%，落后 41 个百分点")
    assert (before.whole.lights["far_behind"], after.whole.lights["far_behind"]) == (1, 0)
    assert measure(before, "1-1-1").movers == (JINJIANG,)


def test_a_light_is_called_by_the_name_of_the_rule_in_force_on_the_day(two_rules):
    with installed(two_rules.parent):
        assert light_names(date(2026, 4, 30))["behind"] == "滞后"
        assert light_names(date(2026, 5, 1))["behind"] == "偏慢"
        assert tuple(light_names(date(2020, 1, 1))) == LIGHTS


# --- a changed list -------------------------------------------------------------------------------------


def test_a_new_list_holds_from_its_first_day_and_begins_without_a_word(at):
    told = at(date(2026, 2, 4))  # noqa: F811
    told.progress(SHISHI, ["1-3-1"], "2026-01", percent=60)
    at(date(2026, 2, 20))
    handed(
        told,
        list_of(told, NEW, FROM),
        measure_of(told, "1-1-1"),
        duty_of("1-1-1"),
        duty_of("1-1-1", JINJIANG),
    )
    eve, first = on(told, date(2026, 2, 28)), on(told, FROM)

    assert (eve.list_version, len(eve.measures), eve.silent) == ("2025", 60, False)
    assert duty(eve, "1-3-1").percent == 60
    assert (first.list_version, [m.number for m in first.measures], first.silent) == (NEW, ["1-1-1"], True)
    assert lit(first, "1-1-1") == ("not_reported", "清单下发以来尚无单位报送进展")

    at(date(2026, 3, 3))
    said(told, "1-1-1", "2026-03", percent=1)
    assert lit(on(told, date(2026, 3, 2)), "1-1-1")[0] == "not_reported"
    assert lit(on(told, date(2026, 3, 3)), "1-1-1") == ("on_track", "时序 2%，进度 1%")
    assert on(told, date(2026, 2, 28)) == eve


def test_a_list_handed_in_late_does_not_change_the_days_on_which_nobody_knew_it(at):
    told = at(date(2026, 3, 10))  # noqa: F811
    handed(told, list_of(told, NEW, FROM), measure_of(told, "1-1-1"), duty_of("1-1-1"))

    assert on(told, date(2026, 3, 9)).list_version == "2025"
    assert on(told, date(2026, 3, 10)).list_version == NEW


def test_an_assignment_is_judged_by_its_own_due_date_and_the_measure_by_the_measures(at):
    told = at(FROM)  # noqa: F811
    later = DUE + timedelta(100)
    handed(
        told,
        list_of(told, NEW, FROM),
        measure_of(told, "1-1-1"),
        duty_of("1-1-1"),
        duty_of("1-1-1", JINJIANG, due=later),
        measure_of(told, "1-1-2"),
        duty_of("1-1-2", JINJIANG, due=later),
    )
    at(DUE + timedelta(1))
    for number, organisation in (("1-1-1", SHISHI), ("1-1-1", JINJIANG), ("1-1-2", JINJIANG)):
        said(told, number, "2026-05", organisation, percent=50)
    today, tomorrow = on(told, DUE + timedelta(1)), on(told, DUE + timedelta(3))

    assert lit(today, "1-1-1") == ("overdue", "逾期 1 天，进度 50%")
    assert lit(tomorrow, "1-1-1") == ("overdue", "逾期 3 天，进度 50%")
    # Of 200 days 101 are used.
    assert lit(today, "1-1-1", JINJIANG) == ("on_track", "时序 50%，进度 50%")
    assert (duty(today, "1-1-1").due, duty(today, "1-1-1", JINJIANG).due) == (DUE, later)
    # What should be done is told by the measure's own date, whoever has been given more time.
    assert (today.whole.should, today.whole.done) == (2, 0)
    assert measure(today, "1-1-2").light == "on_track"


def test_a_date_moved_by_a_later_list_leaves_the_days_before_as_they_were(at):
    told = at(FROM)  # noqa: F811
    handed(
        told,
        list_of(told, NEW, FROM),
        measure_of(told, "1-1-1"),
        duty_of("1-1-1"),
        duty_of("1-1-1", JINJIANG),
    )
    at(date(2026, 5, 2))
    said(told, "1-1-1", "2026-04", percent=50)
    said(told, "1-1-1", "2026-04", JINJIANG, percent=50)
    moved = date(2026, 5, 20)
    later, further = FROM + timedelta(160), FROM + timedelta(320)
    at(moved)
    handed(told, measure_of(told, "1-1-1", due=later), duty_of("1-1-1", JINJIANG, due=further))
    before, after = on(told, moved - timedelta(1)), on(told, moved)

    # 79 of 100 days before; 80 of 160, or of 320, from the day of the change on.
    assert lit(before, "1-1-1") == ("behind", "时序 79%，进度 50%，落后 29 个百分点")
    assert lit(before, "1-1-1", JINJIANG) == ("behind", "时序 79%，进度 50%，落后 29 个百分点")
    assert lit(after, "1-1-1") == ("on_track", "时序 50%，进度 50%")
    assert lit(after, "1-1-1", JINJIANG) == ("on_track", "时序 25%，进度 50%")
    assert (duty(before, "1-1-1", JINJIANG).due, duty(after, "1-1-1", JINJIANG).due) == (DUE, further)
    assert (measure(before, "1-1-1").due, measure(after, "1-1-1").due) == (DUE, later)


def test_a_measure_taken_out_of_the_list_takes_its_assignments_with_it(at):
    told = at(FROM)  # noqa: F811
    out = measure_of(told, "1-1-2")
    handed(told, list_of(told, NEW, FROM), measure_of(told, "1-1-1"), duty_of("1-1-1"), out, duty_of("1-1-2"))
    at(date(2026, 4, 1))
    handed(told, replace(out, values=out.values | {"void": True}))

    assert [d.number for d in on(told, date(2026, 3, 31)).duties] == ["1-1-1", "1-1-2"]
    assert [d.number for d in on(told, date(2026, 4, 1)).duties] == ["1-1-1"]


# --- the gauge ------------------------------------------------------------------------------------------


def test_what_is_due_today_should_be_done_today_and_is_not_overdue(at):
    told = at(FROM)  # noqa: F811
    handed(told, list_of(told, NEW, FROM), measure_of(told, "1-1-1"), duty_of("1-1-1"))
    at(DUE - timedelta(1))
    said(told, "1-1-1", "2026-05", percent=95)
    eve, day = on(told, DUE - timedelta(1)), on(told, DUE)

    assert (eve.whole.should, day.whole.should) == (0, 1)
    assert lit(day, "1-1-1") == ("on_track", "时序 100%，进度 95%")
    assert (eve.whole.time_used, day.whole.time_used) == (0.99, 1.0)


def test_a_standing_measure_with_a_date_is_no_part_of_what_should_be_done(at):
    told = at(FROM)  # noqa: F811
    handed(
        told,
        list_of(told, NEW, FROM),
        measure_of(told, "1-1-1", standing=True),
        duty_of("1-1-1"),
        duty_of("1-1-1", JINJIANG),
    )
    at(DUE + timedelta(2))
    said(told, "1-1-1", "2026-05", percent=None)
    found = on(told, DUE + timedelta(2))

    assert (found.whole.countable, found.whole.should, found.whole.done) == (0, 0, 0)
    assert lit(found, "1-1-1") == ("standing", "长期坚持")
    assert lit(found, "1-1-1", JINJIANG) == ("standing", "长期坚持，2026年5月未报送")
    assert measure(found, "1-1-1").reason == "长期坚持，1/2 个单位未报送"


def test_a_list_of_standing_measures_alone_divides_by_nothing(at):
    told = at(FROM)  # noqa: F811
    handed(
        told, list_of(told, NEW, FROM), measure_of(told, "1-1-1", standing=True, due=None), duty_of("1-1-1")
    )
    at(date(2026, 4, 2))
    said(told, "1-1-1", "2026-03")
    found = on(told, date(2026, 4, 2))
    rings = {s["name"]: s["data"][0]["value"] for s in gauge(found.whole, silent=found.silent)["series"]}
    bars = aspects(found.aspects, ["长期坚持"])["series"]

    assert (found.whole.total, found.whole.standing, found.whole.countable) == (1, 1, 0)
    assert found.whole.time_used is None
    assert rings == {"done": 0.0, "should": 0.0}
    assert [b["value"] for b in bars[0]["data"]] == [None]
    assert bars[1]["data"] == []


def test_a_measure_that_nobody_answers_for_has_no_light_of_anybody_and_stays_in_the_count(at):
    told = at(FROM)  # noqa: F811
    handed(
        told, list_of(told, NEW, FROM), measure_of(told, "1-1-1"), duty_of("1-1-1"), measure_of(told, "1-1-2")
    )
    at(date(2026, 4, 2))
    said(told, "1-1-1", "2026-03", percent=100, completed_on=date(2026, 3, 30), status="已完成")
    found = on(told, date(2026, 4, 2))
    nobodys = measure(found, "1-1-2")

    assert (nobodys.light, nobodys.reason, nobodys.assigned, nobodys.percent) == ("not_involved", "", 0, None)
    assert (found.whole.done, found.whole.countable) == (1, 2)
    assert sum(found.whole.lights.values()) == found.whole.total == 2


def test_a_measure_that_is_done_names_the_last_day_and_does_not_hide_what_was_reported(at):
    told = at(FROM)  # noqa: F811
    handed(
        told,
        list_of(told, NEW, FROM),
        measure_of(told, "1-1-1"),
        duty_of("1-1-1"),
        duty_of("1-1-1", JINJIANG),
    )
    at(date(2026, 4, 2))
    said(told, "1-1-1", "2026-03", percent=100, completed_on=date(2026, 3, 20), status="已完成")
    said(told, "1-1-1", "2026-03", JINJIANG, percent=90, completed_on=date(2026, 3, 30), status="已完成")
    found = on(told, date(2026, 4, 2))

    assert lit(found, "1-1-1", JINJIANG) == ("done", "2026-03-30 完成，进度报 90%")
    assert measure(found, "1-1-1").reason == "2026-03-30 完成，平均进度 95%"


def test_the_reason_of_a_measure_shows_on_which_side_of_a_threshold_its_worst_lies(at):
    told = at(FROM)  # noqa: F811
    handed(told, list_of(told, NEW, FROM), measure_of(told, "1-1-1"), duty_of("1-1-1"))
    at(FROM + timedelta(60))
    said(told, "1-1-1", "2026-04", percent=29.6)
    found = on(told, FROM + timedelta(60))

    assert lit(found, "1-1-1") == ("far_behind", "时序 60%，进度 29.6%，落后 30.4 个百分点")
    assert measure(found, "1-1-1").reason == "落后 30.4 个百分点，平均进度 29%"


def in_april(
    at: Callable[[date], Told],
    percents: dict[str, float],
    own: dict[str, date] | None = None,
) -> MeasureReadout:
    """The measure 1-1-1 on the sixtieth of its hundred days, of which these said in April how far they are."""
    told = at(FROM)  # noqa: F811
    duties = [duty_of("1-1-1", code, due=(own or {}).get(code)) for code in percents]
    handed(told, list_of(told, NEW, FROM), measure_of(told, "1-1-1"), *duties)
    at(FROM + timedelta(60))
    for code, percent in percents.items():
        said(told, "1-1-1", "2026-04", code, percent=percent)
    return measure(on(told, FROM + timedelta(60)), "1-1-1")


LICHENG = "350502"


@pytest.mark.parametrize(
    ("percents", "own", "reason"),
    [
        # Late by different figures: the most of them, called so.
        ({SHISHI: 40, JINJIANG: 31}, {}, "最多落后 29 个百分点，平均进度 35%"),
        ({SHISHI: 40, JINJIANG: 40}, {}, "落后 20 个百分点，平均进度 40%"),
        ({SHISHI: 40, JINJIANG: 40, LICHENG: 60}, {}, "落后 20 个百分点，平均进度 46%"),
        ({SHISHI: 40, JINJIANG: 40.2}, {}, "落后 20 个百分点，平均进度 40%"),
        ({SHISHI: 10, JINJIANG: 20}, {}, "最多落后 50 个百分点，平均进度 15%"),
        (
            {SHISHI: 40, JINJIANG: 50},
            {SHISHI: FROM + timedelta(20), JINJIANG: FROM + timedelta(50)},
            "最长逾期 40 天，平均进度 45%",
        ),
        (
            {SHISHI: 40, JINJIANG: 50},
            {SHISHI: FROM + timedelta(20), JINJIANG: FROM + timedelta(20)},
            "逾期 40 天，平均进度 45%",
        ),
        # On track: the mean, as the card beside it has; the time used where it is the same for all of them.
        ({SHISHI: 60, JINJIANG: 55}, {}, "时序 60%，平均进度 57%"),
        ({SHISHI: 60, JINJIANG: 55}, {JINJIANG: DUE + timedelta(20)}, "平均进度 57%"),
        ({SHISHI: 60}, {}, "时序 60%，进度 60%"),
    ],
)
def test_the_reason_of_a_measure_is_true_of_all_who_bear_its_light(at, percents, own, reason):
    assert in_april(at, percents, own).reason == reason


MARCH_DUE = FROM + timedelta(30)


@pytest.mark.parametrize(
    ("own", "done", "margin"),
    [
        # The measure falls due on 31 March. 石狮 keeps that day, 晋江 its own.
        ({}, {SHISHI: 20, JINJIANG: 25}, 5),
        ({JINJIANG: 50}, {SHISHI: 20, JINJIANG: 45}, 5),  # after the measure's day, and in time
        ({JINJIANG: 10}, {SHISHI: 20, JINJIANG: 25}, -15),  # before the measure's day, and too late
        ({JINJIANG: 50}, {SHISHI: 33, JINJIANG: 45}, -3),
        # Not all of it is done, and it is the sixtieth day.
        ({}, {SHISHI: 20}, -30),
        ({JINJIANG: 50}, {SHISHI: 20}, -10),  # overdue since its own day, not since that of the measure
        ({JINJIANG: 70}, {SHISHI: 20}, 10),  # nobody is overdue
        ({JINJIANG: 70}, {}, -30),
    ],
)
def test_each_organisation_is_held_against_its_own_due_day(at, own, done, margin):
    told = at(FROM)  # noqa: F811
    duties = [
        duty_of("1-1-1", code, due=FROM + timedelta(own[code]) if code in own else None)
        for code in (SHISHI, JINJIANG)
    ]
    handed(told, list_of(told, NEW, FROM), measure_of(told, "1-1-1", due=MARCH_DUE), *duties)
    day = FROM + timedelta(60)
    at(day)
    for code in (SHISHI, JINJIANG):
        on_day = {"completed_on": FROM + timedelta(done[code])} if code in done else {}
        said(told, "1-1-1", "2026-04", code, percent=100 if code in done else 90, **on_day)
    found = measure_detail(told.store.engine, AsOf(day), on(told, day), "1-1-1", None)

    assert found is not None
    assert (found.margin, found.one_day) == (margin, not own)
    late = {(own_part.duty.organisation, own_part.due) for own_part in found.own_days}
    assert late == {(JINJIANG, FROM + timedelta(own[JINJIANG]))} if own else late == set()


def test_organisations_of_a_measure_stand_in_official_order_and_not_by_their_codes(at):
    told = at(FROM)  # noqa: F811
    huian, party, civil = "350521", "D-ORG", "D-CIVIL"
    everybody = (civil, party, "QZ-KF", huian, SHISHI)
    duties = [duty_of("1-1-1", code, role=role) for role in ("responsible", "lead") for code in everybody]
    handed(told, list_of(told, NEW, FROM), measure_of(told, "1-1-1"), *duties)
    for code in everybody:
        said(told, "1-1-1", "2026-03", code, percent=50)
    at(FROM + timedelta(60))
    found = on(told, FROM + timedelta(60))
    engine = told.store.engine
    detail = measure_detail(engine, AsOf(FROM + timedelta(60)), found, "1-1-1", None)

    official = (SHISHI, huian, "QZ-KF", party, civil)
    assert tuple(d.organisation for d in found.duties) == official
    assert measure(found, "1-1-1").leads == official
    assert measure(found, "1-1-1").movers == official
    assert detail is not None
    assert detail.leads == official
    assert tuple(p.duty.organisation for p in detail.parts) == official


def test_as_long_as_nobody_has_said_a_word_no_light_pretends_to_know(told):  # noqa: F811
    found = on(told, date(2026, 1, 15))

    assert found.silent
    assert {(d.light, d.reason) for d in found.duties} == {("not_reported", "清单下发以来尚无单位报送进展")}
    assert {(m.light, m.reason) for m in found.measures} == {("not_reported", "清单下发以来尚无单位报送进展")}
    assert {(m.percent, m.said) for m in found.measures} == {(None, 0)}
    assert [b["value"] for b in aspects(found.aspects, [""] * 7)["series"][0]["data"]] == [None] * 7


# --- what a screen says of those who said nothing -----------------------------------------------------

NO_WORD_YET = "承担的措施 已完成（示例清单） 尚未报送"


def test_on_a_store_without_progress_the_gauge_says_so_and_shows_one_light_only(tmp_path):
    with installed(tmp_path):
        for name in ("overview", "tasks"):
            words = Page(name, data="live").text("panel_gauge")
            assert "尚未报送" in words
            assert [shape for shape in "✔●▲▼◆○∞" if shape in words.replace("▲时间", "")] == []
            assert re.findall(r"\d+/\d+", words) == []  # nothing done of something is nothing that was said
        assert NO_WORD_YET in Page("county", unit=JINJIANG, data="live").text()


def test_a_unit_that_never_reported_is_not_said_to_have_done_nought_because_others_reported(tmp_path):
    with installed(tmp_path) as stores:
        own = [a.measure for a in stores.catalogue.assignments if a.organisation == SHISHI]
        dated = {m.number for m in stores.catalogue.measures if not m.standing} & set(own)
        told = Told(stores["live"], stores.catalogue)
        told.progress(SHISHI, [min(dated)], "2025-12", percent=40)
        standing = next(m.number for m in stores.catalogue.measures if m.standing and m.number in own)
        told.progress(SHISHI, [standing], "2025-12", completed_on=date(2025, 12, 1))

        assert NO_WORD_YET in Page("county", unit=JINJIANG, data="live").text()
        assert (
            f"承担的措施 已完成（示例清单） 0/{len(dated)}" in Page("county", unit=SHISHI, data="live").text()
        )
