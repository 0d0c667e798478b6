"""Questions to the store: what the published figures said on a day, definitions, the list and its lights."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from conftest import Clock
from dashboard.catalogue import Catalogue, load
from dashboard.config import DATA
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.periods import parse
from dashboard.queries import (
    LIGHT_COLUMNS,
    READING_COLUMNS,
    assignments,
    definition_changes,
    definitions,
    has_unit_returns,
    history,
    list_in_force,
    measures,
    meetings,
    organisations,
    progress,
    readings,
    responsible_lights,
    returns,
)
from dashboard.store import SYSTEM, Draft, FactDraft, Store, accept, receive, stamp, withdraw

CITY = "350500"
TODAY = AsOf(date(2026, 1, 15))


# --- the published figures as of a day --------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "value", "qualifier"),
    [
        (date(2019, 4, 4), 1024879, "eq"),
        (date(2019, 12, 31), 1024879, "eq"),
        (date(2020, 7, 15), 1370000, "approx"),
        (date(2020, 12, 31), 1418327, "eq"),
        (date(2024, 12, 30), 1418327, "eq"),
        (date(2024, 12, 31), 2230000, "ge"),
        (date(2025, 6, 30), 2240000, "ge"),
    ],
)
def test_the_registered_volunteers_of_the_city_as_of_a_day(prepared, day, value, qualifier):
    frame = readings(
        prepared["live"].engine, AsOf(day), indicators=["volunteers_count"], organisations=[CITY]
    )

    assert list(zip(frame["value"], frame["qualifier"], strict=True)) == [(value, qualifier)]


def test_before_the_first_publication_there_is_no_row_and_no_zero(prepared):
    as_of = AsOf(date(2019, 4, 3))
    frame = readings(prepared["live"].engine, as_of, indicators=["volunteers_count"])

    assert len(frame) == 0
    assert list(frame.columns) == READING_COLUMNS


def test_the_jump_of_the_certified_social_workers_is_shown_as_printed(prepared):
    frame = readings(
        prepared["live"].engine,
        TODAY,
        indicators=["certified_social_workers_count"],
        organisations=[CITY],
        latest=False,
    )

    assert list(zip(frame["period_end"], frame["value"], frame["qualifier"], strict=True)) == [
        (date(2015, 12, 27), 1021, "eq"),
        (date(2019, 3, 22), 2078, "eq"),
        (date(2023, 3, 22), 6555, "eq"),
        (date(2025, 1, 31), 14000, "ge"),
    ]


def test_a_frame_of_readings_holds_days_as_days_and_values_as_numbers(prepared):
    frame = readings(prepared["live"].engine, TODAY)

    assert list(frame.columns) == READING_COLUMNS
    assert frame["value"].dtype == "float64"
    for column in ("period_start", "period_end", "known_on"):
        assert {type(v) for v in frame[column]} == {date}
    keys = list(zip(frame["indicator"], frame["organisation"], frame["period_end"], strict=True))
    assert keys == sorted(keys)
    assert len({key[:2] for key in keys}) == len(keys)


def test_an_unreadable_figure_alone_is_not_a_number_and_says_unknown(prepared):
    frame = readings(prepared["live"].engine, TODAY, indicators=["grant_amount_wan_yuan"])

    assert list(frame["qualifier"]) == ["unknown"]
    assert frame["value"].dtype == "float64"
    assert math.isnan(frame["value"].iloc[0])


def test_a_question_for_nobody_and_for_nothing_is_answered_with_nothing(prepared):
    engine = prepared["live"].engine

    assert len(readings(engine, TODAY, organisations=[])) == 0
    assert len(readings(engine, TODAY, indicators=[])) == 0
    assert len(readings(engine, TODAY, indicators=["no_such_count"])) == 0


def test_the_history_of_a_figure_shows_its_newest_period_first(prepared):
    frame = history(prepared["live"].engine, AsOf(date(2020, 12, 31)), "volunteers_count", CITY)

    assert list(frame.columns) == [*READING_COLUMNS, "void", "current"]
    assert list(zip(frame["source_id"], frame["value"], frame["current"], strict=True)) == [
        ("S17", 1418327, True),
        ("S16", 1370000, True),
        ("S15", 1024879, True),
    ]


def test_the_returns_of_a_day_are_the_catalogue_and_those_known_by_then(prepared):
    frame = returns(prepared["live"].engine, AsOf(date(2019, 12, 31)))

    assert sorted(frame.loc[frame["kind"] == "published", "source_id"]) == ["S13", "S14", "S15"]
    assert list(frame.loc[frame["kind"] != "published", "kind"]) == ["catalogue"]
    assert list(frame["seq"]) == sorted(frame["seq"])
    assert {"file_bytes", "staged"} & set(frame.columns) == set()


def test_publications_are_no_returns_of_the_units(prepared):
    assert has_unit_returns(prepared["live"].engine) is False


# --- organisations, meetings, definitions, the list -------------------------------------------------


def test_organisations_come_in_official_order_on_every_day(prepared, catalogue):
    for day in (date(2015, 1, 1), date(2026, 1, 15)):
        frame = organisations(prepared["live"].engine, AsOf(day))
        assert list(frame[frame["reporting"]]["code"]) == [u.code for u in catalogue.units]
        assert len(frame) == len(catalogue.organisations)


def test_meetings_held_by_the_day_come_newest_first(prepared):
    engine = prepared["live"].engine

    assert list(meetings(engine, AsOf(date(2024, 11, 4)))["title"]) == []
    assert list(meetings(engine, AsOf(date(2024, 11, 5)))["title"]) == ["中央社会工作会议"]
    assert list(meetings(engine, TODAY)["title"]) == ["泉州首次市委社会工作会议", "中央社会工作会议"]


def test_every_indicator_has_its_definition_in_force_from_the_beginning(prepared, catalogue):
    frame = definitions(prepared["live"].engine, AsOf(date(2015, 1, 1)))

    assert set(frame.index) == set(catalogue.indicators)
    for name, indicator in catalogue.indicators.items():
        assert frame.loc[name, "definition"] == indicator.definition
        assert frame.loc[name, "title"] == indicator.title


def test_no_definition_has_changed_yet(prepared):
    assert len(definition_changes(prepared["live"].engine, TODAY)) == 0


def test_the_list_is_in_force_from_its_first_day(prepared):
    engine = prepared["live"].engine

    assert list_in_force(engine, AsOf(date(2025, 1, 9))) is None
    version = list_in_force(engine, AsOf(date(2025, 1, 10)))
    assert version is not None
    assert (version["list_version"], version["measures"], version["official"]) == ("2025", 60, False)


def test_measures_come_in_the_order_of_their_numbers(prepared, catalogue):
    frame = measures(prepared["live"].engine, TODAY, "2025")

    assert list(frame["number"]) == [m.number for m in catalogue.measures]
    assert list(frame["number"])[24:30] == ["4-9-1", "4-9-2", "4-9-3", "4-10-1", "4-10-2", "4-10-3"]
    assert list(frame["due"]) == [m.due for m in catalogue.measures]
    assert len(measures(prepared["live"].engine, TODAY, "1999")) == 0


def test_sixty_lead_and_519_are_responsible(prepared):
    frame = assignments(prepared["live"].engine, TODAY, "2025")

    assert Counter(frame["role"]) == {"responsible": 519, "lead": 60}
    assert {type(d) for d in frame["due"]} == {type(None), date}


def test_an_empty_store_answers_every_question_with_nothing(store, catalogue):
    engine = store.engine

    assert len(readings(engine, TODAY)) == 0
    assert len(history(engine, TODAY, "volunteers_count", CITY)) == 0
    assert len(returns(engine, TODAY)) == 0
    assert len(organisations(engine, TODAY)) == 0
    assert len(meetings(engine, TODAY)) == 0
    assert list_in_force(engine, TODAY) is None
    assert len(measures(engine, TODAY, "2025")) == 0
    assert len(assignments(engine, TODAY, "2025")) == 0
    assert len(progress(engine, TODAY, "2025")) == 0
    assert (
        list(responsible_lights(engine, TODAY, "2025", catalogue.light_rules, None).columns) == LIGHT_COLUMNS
    )
    assert has_unit_returns(engine) is False


def test_an_empty_store_has_no_definitions(store):
    assert len(definition_changes(store.engine, TODAY)) == 0
    assert len(definitions(store.engine, TODAY)) == 0


# --- a catalogue that changes -----------------------------------------------------------------------


@pytest.fixture
def seeded(store: Store, clock: Clock, catalogue: Catalogue) -> Store:
    """A store that knows the shipped catalogue since 10 January 2025."""
    clock.set(date(2025, 1, 10))
    seed_catalogue(store, catalogue)
    return store


def edited(folder: Path, name: str, content: str) -> Catalogue:
    """The shipped catalogue under an installation's own file."""
    (folder / name).write_text(content, encoding="utf-8")
    return load(DATA, folder)


NEW_DEFINITION = "stations_count: {definition: 统计期末挂牌的驿站数。, valid_from: '2025-07-01'}\n"


def test_seeding_the_same_catalogue_again_changes_nothing(seeded, catalogue):
    before = stamp(seeded)

    assert seed_catalogue(seeded, catalogue) is None
    assert stamp(seeded) == before


def test_a_changed_entry_is_one_new_row(seeded, tmp_path):
    before = len(returns(seeded.engine, TODAY))
    seed_catalogue(seeded, edited(tmp_path, "indicators.yaml", "stations_count: {note: 新}\n"))
    frame = definitions(seeded.engine, TODAY)

    assert len(returns(seeded.engine, TODAY)) == before + 1
    assert frame.loc["stations_count", "note"] == "新"
    assert Counter(frame["seq"]) == {1: len(frame) - 1, 2: 1}


def test_an_entry_that_vanished_is_void_from_then_on_and_may_come_back(seeded, catalogue, tmp_path):
    extra = "held_on,title,level,source\n2025-01-05,碰头会,市,\n"
    seed_catalogue(seeded, edited(tmp_path, "meetings.csv", extra))
    assert "碰头会" in list(meetings(seeded.engine, TODAY)["title"])
    seed_catalogue(seeded, catalogue)
    assert "碰头会" not in list(meetings(seeded.engine, TODAY)["title"])
    assert "碰头会" in list(meetings(seeded.engine, AsOf(TODAY.day, 2))["title"])
    seed_catalogue(seeded, load(DATA, tmp_path))
    assert "碰头会" in list(meetings(seeded.engine, TODAY)["title"])


def test_a_meeting_an_officer_added_stays_when_the_catalogue_is_seeded_anew(seeded, officer, tmp_path):
    held = {"held_on": date(2025, 1, 8), "title": "调度会", "level": "市", "source": ""}
    draft = Draft("meetings", CITY, "meetings.csv", b"x", [FactDraft("meeting", held)])
    accept(seeded, officer, receive(seeded, officer, draft))
    seed_catalogue(seeded, edited(tmp_path, "indicators.yaml", "stations_count: {note: 新}\n"))

    assert "调度会" in list(meetings(seeded.engine, TODAY)["title"])


def test_a_definition_changes_on_its_day_and_the_day_is_told(seeded, tmp_path):
    seed_catalogue(seeded, edited(tmp_path, "indicators.yaml", NEW_DEFINITION))
    changes = definition_changes(seeded.engine, TODAY)

    assert [tuple(c) for c in changes.itertuples(index=False)] == [
        ("stations_count", date(2025, 7, 1), "统计期末挂牌的驿站数。")
    ]
    after = definitions(seeded.engine, AsOf(date(2025, 7, 1)))
    assert after.loc["stations_count", "definition"] == "统计期末挂牌的驿站数。"
    assert len(after) == len(set(after["indicator"]))


def test_before_a_definition_changed_the_one_before_it_is_in_force(seeded, catalogue, tmp_path):
    seed_catalogue(seeded, edited(tmp_path, "indicators.yaml", NEW_DEFINITION))
    before = definitions(seeded.engine, AsOf(date(2025, 6, 30)))

    assert set(before.index) == set(catalogue.indicators)
    assert before.loc["stations_count", "definition"] == catalogue.indicators["stations_count"].definition


def test_a_new_definition_taken_back_again_is_no_longer_in_force(seeded, catalogue, tmp_path):
    seed_catalogue(seeded, edited(tmp_path, "indicators.yaml", NEW_DEFINITION))
    seed_catalogue(seeded, catalogue)

    assert len(definition_changes(seeded.engine, TODAY)) == 0
    for day in (date(2025, 6, 30), date(2025, 7, 1)):
        found = definitions(seeded.engine, AsOf(day))
        assert found.loc["stations_count", "definition"] == catalogue.indicators["stations_count"].definition


# --- progress and lights ----------------------------------------------------------------------------

SHISHI = "350581"


def said(measure: str, percent: float | None, organisation: str = SHISHI, **columns: Any) -> FactDraft:
    """What an organisation said of a measure for July 2025."""
    july = parse("2025-07")
    values = {
        "list_version": "2025",
        "measure": measure,
        "organisation": organisation,
        "period_start": july.start,
        "period_end": july.end,
        "grain": july.grain,
        "percent": percent,
        "status": "推进中",
        "completed_on": None,
    }
    return FactDraft("progress", values | columns, f"进展 {measure}")


def report(store: Store, officer: Any, *facts: FactDraft) -> int:
    draft = Draft("progress", SHISHI, "七月进展.xlsx", b"x", facts, parse("2025-07"))
    return_id = receive(store, officer, draft)
    accept(store, officer, return_id)
    return return_id


def lights(store: Store, catalogue: Catalogue, day: date, due_period: str | None) -> pd.DataFrame:
    end = parse(due_period).end if due_period else None
    return responsible_lights(store.engine, AsOf(day), "2025", catalogue.light_rules, end)


def light_of(frame: pd.DataFrame, number: str, organisation: str) -> tuple[str, str]:
    (found,) = frame[(frame["number"] == number) & (frame["organisation"] == organisation)].itertuples()
    return found.light, found.reason


def test_on_an_untouched_store_every_duty_is_not_reported(prepared, catalogue):
    frame = lights(prepared["live"], catalogue, date(2026, 1, 15), "2025-12")

    assert list(frame.columns) == LIGHT_COLUMNS
    assert len(frame) == 519
    assert set(frame["light"]) == {"not_reported"}
    assert set(frame["reason"]) == {"清单下发以来尚无单位报送进展"}
    assert frame["percent"].isna().all()


@pytest.fixture
def reported(seeded: Store, clock: Clock, officer: Any) -> Store:
    """石狮 has reported on five of its duties for July, on 4 August 2025."""
    clock.set(date(2025, 8, 4))
    report(
        seeded,
        officer,
        said("1-3-1", 40),
        said("3-7-1", 20),
        said("5-14-2", 10),
        said("5-12-1", 100, completed_on=date(2025, 7, 20), status="已完成"),
        said("2-6-1", 100, status="已完成"),
    )
    return seeded


def test_after_the_first_accepted_return_lights_are_told_by_the_rule(reported, catalogue):
    frame = lights(reported, catalogue, date(2025, 8, 10), "2025-07")

    # Of 1-3-1 162 of 486 days are used, of 3-7-1 162 of 274, of 5-14-2 162 of 274.
    assert light_of(frame, "1-3-1", SHISHI) == ("on_track", "时序 33%，进度 40%")
    assert light_of(frame, "3-7-1", SHISHI) == ("far_behind", "时序 59%，进度 20%，落后 39 个百分点")
    assert light_of(frame, "5-14-2", SHISHI) == ("far_behind", "时序 59%，进度 10%，落后 49 个百分点")
    assert light_of(frame, "5-12-1", SHISHI) == ("done", "2025-07-20 完成")
    assert light_of(frame, "2-6-1", SHISHI) == ("overdue", "逾期 10 天，已报 100%，待填完成日期")
    assert light_of(frame, "2-5-3", SHISHI) == ("standing", "长期坚持，2025年7月未报送")
    assert light_of(frame, "1-3-3", SHISHI) == ("not_reported", "2025年7月未报送")
    assert light_of(frame, "1-3-1", "350582") == ("not_reported", "2025年7月未报送")
    assert light_of(frame, "3-8-1", "350582") == ("not_started", "2025-09-01 启动")
    assert light_of(frame, "1-1-2", "D-PETI") == ("overdue", "逾期 41 天，未报进度")


def test_every_duty_of_the_list_has_a_row_with_its_own_due_date(reported, catalogue):
    frame = lights(reported, catalogue, date(2025, 8, 10), "2025-07")
    due = {(r.number, r.organisation): r.due for r in frame.itertuples()}
    own = {(a.measure, a.organisation): a.due for a in catalogue.assignments if a.due}

    assert len(frame) == len(due) == 519
    assert {key: due[key] for key in own} == own
    assert due["5-14-1", SHISHI] == date(2026, 1, 31)
    assert due["2-5-3", SHISHI] is None
    assert ("1-2-1", "QZ-KF") not in due
    assert set(frame["role"]) == {"responsible"}


def test_before_the_return_was_accepted_nothing_was_told(reported, catalogue):
    frame = lights(reported, catalogue, date(2025, 8, 3), "2025-06")

    assert set(frame["light"]) == {"not_reported"}


def test_until_a_return_day_has_passed_nobody_is_silent(reported, catalogue):
    frame = lights(reported, catalogue, date(2025, 8, 5), None)

    # Without a word, but not late with it: judged by time alone.
    assert light_of(frame, "1-3-1", "350582") == ("far_behind", "时序 32%，未报进度，落后 32 个百分点")
    assert light_of(frame, "2-5-3", SHISHI) == ("standing", "长期坚持")


def test_a_silent_unit_keeps_its_last_percent_with_its_period(reported, catalogue):
    frame = lights(reported, catalogue, date(2025, 9, 10), "2025-08")
    (row,) = frame[(frame["number"] == "1-3-1") & (frame["organisation"] == SHISHI)].itertuples()

    assert (row.light, row.percent, row.reported_period, row.status) == (
        "not_reported",
        40.0,
        date(2025, 7, 31),
        "推进中",
    )
    assert light_of(frame, "5-12-1", SHISHI) == ("done", "2025-07-20 完成")


def test_one_that_never_reported_has_no_percent(reported, catalogue):
    frame = lights(reported, catalogue, date(2025, 8, 10), "2025-07")
    (row,) = frame[(frame["number"] == "1-3-1") & (frame["organisation"] == "350582")].itertuples()

    assert pd.isna(row.percent)
    assert pd.isna(row.reported_period)


def test_a_later_word_on_a_measure_takes_the_place_of_an_earlier_one(reported, clock, officer, catalogue):
    clock.set(date(2025, 8, 9))
    report(reported, officer, said("3-7-1", 60, words="补报"))
    frame = lights(reported, catalogue, date(2025, 8, 10), "2025-07")

    assert light_of(frame, "3-7-1", SHISHI) == ("on_track", "时序 59%，进度 60%")
    assert light_of(frame, "5-14-2", SHISHI)[0] == "far_behind"
    told = progress(reported.engine, AsOf(date(2025, 8, 10)), "2025")
    assert len(told) == 5
    assert Counter(told["words"]) == {"": 4, "补报": 1}


def test_progress_taken_back_counts_as_never_given(reported, clock, officer, catalogue):
    clock.set(date(2025, 8, 20))
    own = returns(reported.engine, AsOf(date(2025, 8, 20)))
    (return_id,) = own[own["kind"] == "progress"]["id"]
    withdraw(reported, officer, int(return_id), "报错单位")

    assert set(lights(reported, catalogue, date(2025, 8, 20), "2025-07")["light"]) == {"not_reported"}
    before = lights(reported, catalogue, date(2025, 8, 19), "2025-07")
    assert light_of(before, "5-12-1", SHISHI)[0] == "done"


def test_a_return_withdrawn_later_still_reads_accepted_on_the_days_before(reported, clock, officer):
    clock.set(date(2025, 8, 20))
    withdraw(reported, officer, 2, "报错单位")
    day_before, day = (returns(reported.engine, AsOf(date(2025, 8, d))) for d in (19, 20))

    assert list(day_before["state"]) == ["accepted", "accepted"]
    assert list(day_before["withdrawn_on"]) == [None, None]
    assert list(day["state"]) == ["accepted", "withdrawn"]
    assert list(day["withdrawn_on"]) == [None, date(2025, 8, 20)]
    replayed = returns(reported.engine, AsOf(date(2025, 8, 20), 2))
    assert list(replayed["state"]) == ["accepted", "accepted"]


def test_a_return_of_a_unit_is_told_from_publications(reported):
    assert has_unit_returns(reported.engine) is True


def test_the_history_tells_current_superseded_and_void_rows_apart(store, clock, officer):
    def figure(value: float | None, **columns: Any) -> FactDraft:
        march = parse("2025-03")
        values = {
            "indicator": "volunteers_count",
            "organisation": SHISHI,
            "period_start": march.start,
            "period_end": march.end,
            "grain": march.grain,
            "value": value,
            "qualifier": "eq",
        }
        return FactDraft("reading", values | columns, "台账 D7")

    for day, fact in (
        (date(2025, 4, 5), figure(412)),
        (date(2025, 4, 6), figure(None, void=True)),
        (date(2025, 4, 7), figure(421)),
    ):
        clock.set(day)
        accept(store, officer, receive(store, officer, Draft("readings", SHISHI, "x.xlsx", b"x", [fact])))

    def told(day: int) -> list[tuple[int, float | None, bool, bool]]:
        frame = history(store.engine, AsOf(date(2025, 4, day)), "volunteers_count", SHISHI)
        return [
            (r.seq, None if pd.isna(r.value) else r.value, bool(r.void), bool(r.current))
            for r in frame.itertuples()
        ]

    assert told(6) == [(2, None, True, True), (1, 412.0, False, False)]
    assert told(7) == [(3, 421.0, False, True), (2, None, True, False), (1, 412.0, False, False)]


def test_a_ledger_of_stations_is_something_a_unit_has_handed_in(store, catalogue):
    seed_catalogue(store, catalogue)
    assert has_unit_returns(store.engine) is False
    values = {"station": "a", "event": "opened", "happened_on": date(2025, 5, 1)}
    draft = Draft("stations", "350582", "台账.csv", b"a", (FactDraft("station_event", values),), None)
    accept(store, SYSTEM, receive(store, SYSTEM, draft))

    assert has_unit_returns(store.engine) is True
