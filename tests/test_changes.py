"""What moved between two days, asked of a real store: figures by the same reporters, measures, who handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date

import pandas as pd
import pytest

from dashboard.catalogue import CITY, Catalogue
from dashboard.demo import Event, life
from dashboard.formulas import Quantity
from dashboard.interval import returned
from dashboard.knowledge import AsOf
from dashboard.models import Return
from dashboard.periods import parse
from dashboard.queries import definition_changes
from dashboard.readouts.amendments import FigureCorrection, Said, corrections, figure_corrections
from dashboard.readouts.cards import cards
from dashboard.readouts.changes import (
    KINDS,
    Changes,
    FigureMove,
    Side,
    by_organisation,
    changes,
    figure_moves,
    move_kind,
    side,
)
from dashboard.readouts.jumps import Jumps, course_changes, jumps
from dashboard.readouts.list_changes import Redated
from dashboard.readouts.measures import list_readout
from dashboard.readouts.readings import Definition, definitions_on
from dashboard.readouts.returned import returning
from dashboard.store import SYSTEM, FactDraft, Store, withdraw
from test_readouts import Told, seeded, told  # noqa: F401  fixtures

SINCE, LATER = date(2025, 12, 10), AsOf(date(2026, 1, 15))
STATIONS = "stations_count"


@pytest.fixture
def at(told: Told, clock):  # noqa: F811
    """Move the store's clock to noon of a day."""

    def move(day: date) -> Told:
        clock.set(day)
        return told

    return move


def moved(told: Told, indicator: str = STATIONS, as_of: AsOf = LATER) -> FigureMove | None:  # noqa: F811
    return next((f for f in all_moved(told, as_of, told.known) if f.definition.indicator == indicator), None)


def all_moved(told: Told, as_of: AsOf, known: Mapping[str, Definition]) -> tuple[FigureMove, ...]:  # noqa: F811
    engine = told.store.engine
    then, now = (cards(engine, day, told.catalogue, known) for day in (replace(as_of, day=SINCE), as_of))
    changed = definition_changes(engine, as_of)
    return figure_moves(
        then, now, {str(n): set(group["valid_from"]) for n, group in changed.groupby("indicator")}
    )


def compared(store: Store, catalogue: Catalogue, since: date = SINCE, as_of: AsOf = LATER) -> Changes:
    def on(day: AsOf) -> Side:
        listed = list_readout(store.engine, day, catalogue.light_rules)
        return side(store.engine, day, listed, returning(store.engine, day, catalogue))

    return changes(store.engine, as_of, catalogue, on(replace(as_of, day=since)), on(as_of))


def test_a_figure_is_compared_over_the_units_that_reported_both_days_only(at):
    before = at(date(2025, 12, 3))
    for unit in before.units:
        before.reported(unit, STATIONS, "2025-11", 10)
    after = at(date(2026, 1, 4))
    for unit in after.units[:12]:
        after.reported(unit, STATIONS, "2025-12", 12)
    found = moved(after)

    assert (found.before.value.quantity, found.before.value.basis) == (Quantity(130), "units")
    assert (found.after.value.quantity, found.after.value.basis) == (Quantity(144), "partial")
    assert (found.change, found.organisations, found.why) == (24, 12, "")


def test_a_lower_bound_is_not_compared(at):
    at(date(2025, 12, 3)).reported("350502", STATIONS, "2025-11", 100, "ge")
    found = moved(at(date(2026, 1, 4)))
    assert (found.change, found.why) == (None, "有单位报的不是确数")

    at(date(2026, 1, 4)).reported("350502", STATIONS, "2025-12", 120, "ge")
    assert (moved(at(date(2026, 1, 4))).change) is None


def test_a_correction_of_the_same_period_is_a_change_of_what_is_known(at):
    at(date(2025, 12, 3)).reported("350502", STATIONS, "2025-11", 10)
    found = at(date(2026, 1, 4))
    found.reported("350502", STATIONS, "2025-11", 14)

    assert (moved(found).change, moved(found).organisations) == (4, 1)


def test_a_figure_that_counts_from_new_year_is_not_compared_with_last_years(at):
    at(date(2025, 12, 3)).reported("350502", STATIONS, "2025-11", 400)
    found = at(date(2026, 2, 4))
    found.reported("350502", STATIONS, "2026-01", 25)
    counts = {STATIONS: replace(found.known[STATIONS], since="year")}
    (moved_,) = all_moved(found, AsOf(date(2026, 2, 15)), counts)

    assert (moved_.change, moved_.why) == (None, "年初重新累计")


def test_two_published_figures_are_compared_when_both_are_exact(at):
    at(date(2025, 12, 3)).published(CITY, STATIONS, "2025-11", 500)
    at(date(2026, 1, 4)).published(CITY, STATIONS, "2025-12", 512)
    assert (moved(at(date(2026, 1, 4))).change, moved(at(date(2026, 1, 4))).organisations) == (12, 0)

    found = at(date(2026, 2, 5))
    found.published(CITY, STATIONS, "2026-01", 520, "ge")
    february = moved(found, as_of=AsOf(date(2026, 2, 15)))
    assert (february.change, february.why) == (None, "公开的不是确数")


def test_a_figure_that_was_not_known_then_says_so_and_one_nobody_knows_is_left_out(at):
    found = at(date(2026, 1, 4))
    found.reported("350502", STATIONS, "2025-12", 12)

    assert (moved(found).change, moved(found).why) == (None, "当时没有数")
    assert moved(found).before.value.quantity.value is None
    assert moved(found, "volunteers_count") is None


def test_a_measure_that_was_completed_in_between_is_named_and_counted(at):
    before = at(date(2025, 11, 20))
    chosen = next(m.number for m in before.catalogue.measures if not m.standing)
    owners = {a.organisation for a in before.catalogue.assignments if a.measure == chosen}
    for owner in owners:
        before.progress(owner, [chosen], "2025-11", percent=50.0)
    finished = {"percent": 100.0, "status": "已完成", "completed_on": date(2026, 1, 2)}
    for owner in owners:
        at(date(2026, 1, 3)).progress(owner, [chosen], "2025-12", **finished)
    found = compared(before.store, before.catalogue)

    assert [(m.kind, m.measure.number) for m in found.moves if m.measure.number == chosen] == [
        ("completed", chosen)
    ]
    assert (found.done_before, found.done_after) == (0, 1)
    assert set(found.returned["organisation"]) == owners


def test_organisations_stand_in_official_order_and_nobody_is_ranked():
    frame = pd.DataFrame({"organisation": ["b", "a", "b", "c"]})
    assert by_organisation(frame, ["a", "b", "c", "d"]) == [("a", 1), ("b", 2), ("c", 1)]


# --- what a way from one light to another is called ---------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("done", "on_track", "reopened"),
        ("done", "not_reported", "reopened"),
        ("on_track", "behind", "worse"),
        ("far_behind", "overdue", "worse"),
        ("not_reported", "overdue", "worse"),  # nothing was said: its due day passed
        ("overdue", "not_reported", "silent"),
        ("on_track", "not_reported", "silent"),
        ("not_reported", "done", "completed"),
        ("overdue", "done", "completed"),
        ("overdue", "behind", "better"),
        ("not_reported", "behind", "first"),
        ("not_reported", "on_track", "first"),
        ("not_started", "on_track", "begun"),  # its first day came
        ("not_started", "standing", "begun"),
        ("not_started", "behind", "worse"),
    ],
)
def test_every_way_from_one_light_to_another_has_one_name(before, after, kind):
    assert move_kind(before, after) == kind
    assert kind in KINDS


# --- corrections ---------------------------------------------------------------------------------------


def test_progress_of_a_period_that_is_told_otherwise_is_a_correction_with_who_when_and_what(at):
    number, owner = owned(at(date(2025, 11, 20)))
    at(date(2025, 12, 3)).progress(owner, [number], "2025-11", percent=80.0)
    found = at(date(2026, 1, 3))
    found.progress(owner, [number], "2025-12", percent=85.0)
    found.progress(owner, [number], "2025-11", percent=65.0)
    (one,) = corrected(found)

    assert (one.number, one.organisation, one.period) == (number, owner, parse("2025-11"))
    assert (one.before, one.after) == (Said(80.0, "推进中", None), Said(65.0, "推进中", None))


def test_the_same_said_again_is_no_correction_nor_is_a_period_nobody_had_spoken_of(at):
    number, owner = owned(at(date(2025, 11, 20)))
    at(date(2025, 12, 3)).progress(owner, [number], "2025-11", percent=80.0)
    found = at(date(2026, 1, 3))
    found.progress(owner, [number], "2025-11", percent=80.0)
    found.progress(owner, [number], "2025-12", percent=85.0)

    assert corrected(found) == ()


def test_what_was_taken_back_is_a_correction_to_what_stood_before_or_to_nothing(at):
    number, owner = owned(at(date(2025, 11, 20)))
    at(date(2025, 11, 21)).progress(owner, [number], "2025-10", percent=30.0)
    at(date(2025, 12, 3)).progress(owner, [number], "2025-11", percent=80.0)
    at(date(2025, 12, 4)).progress(owner, [number], "2025-10", percent=35.0)
    found = at(date(2026, 1, 3))
    for return_id in last_returns(found, 2):
        withdraw(found.store, SYSTEM, return_id, "误报")

    assert [(c.period.label, c.before.percent, c.after and c.after.percent) for c in corrected(found)] == [
        ("2025-10", 35.0, 30.0),
        ("2025-11", 80.0, None),
    ]
    assert [c.taken_back for c in corrected(found)] == [False, True]
    assert corrected(found, AsOf(date(2026, 1, 2))) == ()


def test_a_measure_that_was_corrected_and_got_worse_is_in_both_lists(at):
    before = at(date(2025, 11, 20))
    measure = next(
        m for m in before.catalogue.measures if m.due and m.start < date(2025, 6, 1) and m.due > LATER.day
    )
    owners = [
        a.organisation
        for a in before.catalogue.assignments
        if a.measure == measure.number and a.role == "responsible"
    ]
    for owner in owners:
        at(date(2025, 12, 3)).progress(owner, [measure.number], "2025-11", percent=95.0)
        at(date(2026, 1, 3)).progress(owner, [measure.number], "2025-11", percent=1.0)
        before.progress(owner, [measure.number], "2025-12", percent=1.0)
    found = compared(before.store, before.catalogue)
    (move,) = [m for m in found.moves or () if m.measure.number == measure.number]

    assert (move.kind, move.corrected) == ("worse", True)
    assert [c.organisation for c in found.corrections] == [
        o for o in before.catalogue.official_order if o in owners
    ]


def owned(told: Told) -> tuple[str, str]:  # noqa: F811
    duty = next(a for a in told.catalogue.assignments if a.role == "responsible")
    return duty.measure, duty.organisation


def corrected(told: Told, as_of: AsOf = LATER):  # noqa: F811
    return corrections(told.store.engine, as_of, SINCE, told.catalogue.official_order)


def last_returns(told: Told, count: int) -> list[int]:  # noqa: F811
    with told.store.engine.connect() as connection:
        return list(
            connection.execute(
                Return.__table__.select().with_only_columns(Return.id).order_by(Return.id.desc()).limit(count)
            ).scalars()
        )


def mended(told: Told, since: date = SINCE) -> list[FigureCorrection]:  # noqa: F811
    order = told.catalogue.official_order
    return list(figure_corrections(told.store.engine, LATER, since, tuple(told.known), order))


def test_a_figure_known_then_that_is_another_now_is_listed_with_both(at):
    at(date(2025, 12, 3)).reported("350502", STATIONS, "2025-11", 10)
    at(date(2025, 12, 3)).reported("350582", STATIONS, "2025-11", 20)
    found = at(date(2026, 1, 4))
    found.reported("350502", STATIONS, "2025-11", 14, "ge")
    found.reported("350582", STATIONS, "2025-12", 21)

    assert [(c.organisation, c.period.label, c.before, c.after) for c in mended(found)] == [
        ("350502", "2025-11", Quantity(10), Quantity(14, "ge"))
    ]


def test_a_figure_voided_or_taken_back_has_nothing_in_its_place(at):
    at(date(2025, 12, 3)).reported("350502", STATIONS, "2025-11", 10)
    at(date(2025, 12, 3)).reported("350582", STATIONS, "2025-11", 20)
    found = at(date(2026, 1, 4))
    withdraw(found.store, SYSTEM, last_returns(found, 1)[0], "误报")
    month = parse("2025-11")
    void = {
        "indicator": STATIONS,
        "organisation": "350502",
        "period_start": month.start,
        "period_end": month.end,
    }
    fact = FactDraft("reading", void | {"grain": "month", "value": None, "qualifier": "eq", "void": True})
    found.hand_in("readings", "350502", [fact], None, "2025-11")

    assert [(c.organisation, c.after, c.taken_back) for c in mended(found)] == [
        ("350502", None, False),
        ("350582", None, True),
    ]


def test_the_corrections_and_voids_that_the_demo_lists_are_found(demo: Store, catalogue: Catalogue):
    end = demo.today()
    engine, order = demo.engine, catalogue.official_order

    def found(event: Event) -> list[FigureCorrection]:
        known = definitions_on(engine, AsOf(event.day), catalogue)
        before = date.fromordinal(event.day.toordinal() - 1)
        return list(figure_corrections(engine, AsOf(event.day), before, tuple(known), order))

    for event in (e for e in life(end) if e.what in ("corrected", "void", "withdrawn")):
        own = [c for c in found(event) if c.organisation == event.unit and c.period.end == event.month.end]
        assert own, event
        assert {c.after is None for c in own} == {event.what != "corrected"}
        assert {c.taken_back for c in own} == {event.what == "withdrawn"}


# --- figures out of the ordinary -------------------------------------------------------------------------


def jumped(told: Told, as_of: AsOf = LATER, **changed: Definition) -> Jumps:  # noqa: F811
    return jumps(told.store.engine, as_of, SINCE, told.catalogue, told.known | changed)


MONTHS = [f"2025-{m:02d}" for m in range(3, 12)]


def course_of(at, unit: str, values: list[float], qualifier: str = "eq", indicator: str = STATIONS) -> Told:
    """A unit's figures month by month up to November, all known by the first day."""
    for month, value in zip(MONTHS[-len(values) :], values, strict=True):
        at(date(2025, 12, 3)).reported(unit, indicator, month, value, qualifier)
    return at(date(2026, 1, 4))


def test_a_change_outside_of_three_mad_is_told_with_the_usual_range(at):
    found = course_of(at, "350582", [100, 102, 105, 107, 110, 112, 115, 117])
    found.reported("350582", STATIONS, "2025-12", 140)
    (jump,) = jumped(found).found

    assert (jump.organisation, jump.period.label, jump.change) == ("350582", "2025-12", 23)
    # 2 3 2 3 2 3 2: median 2, distances 0 1 0 1 0 1 0, their median 0: their mean stands in for it
    assert (jump.usual.median, jump.usual.spread, jump.usual.count) == (2, 3 / 7, 7)


def test_a_usual_change_is_judged_and_not_told(at):
    found = course_of(at, "350582", [100, 101, 104, 109, 110, 113, 118, 119])
    found.reported("350582", STATIONS, "2025-12", 122)

    assert jumped(found) == Jumps((), 1, 1)


def test_fewer_than_six_changes_before_it_judge_nothing(at):
    found = course_of(at, "350582", [100, 101, 104, 109, 110, 113])
    found.reported("350582", STATIONS, "2025-12", 1000)

    assert jumped(found) == Jumps((), 0, 1)


def test_what_was_known_by_the_first_day_is_not_judged_again(at):
    course_of(at, "350582", [100, 101, 104, 109, 110, 113, 118, 1000])

    assert jumped(at(date(2026, 1, 4))) == Jumps((), 0, 0)


def test_what_came_in_and_was_taken_back_leaves_the_figure_of_before_which_is_not_judged(at):
    found = course_of(at, "350582", [100, 101, 104, 109, 110, 113, 118, 1000])
    found.reported("350582", STATIONS, "2025-11", 119)
    withdraw(found.store, SYSTEM, last_returns(found, 1)[0], "误报")

    assert jumped(found) == Jumps((), 0, 1)


def test_a_lower_bound_has_no_place_in_the_course(at):
    found = course_of(at, "350582", [100, 101, 104, 109, 110, 113, 118, 119])
    found.reported("350582", STATIONS, "2025-12", 1000, "ge")

    assert jumped(found) == Jumps((), 0, 1)


def test_the_city_is_judged_as_well_by_what_was_published_of_it(at):
    for month, value in zip(MONTHS, [100, 101, 104, 109, 110, 113, 118, 119, 122], strict=True):
        at(date(2025, 12, 3)).published(CITY, STATIONS, month, value)
    found = at(date(2026, 1, 4))
    found.published(CITY, STATIONS, "2025-12", 500)

    assert [(j.organisation, j.change) for j in jumped(found).found] == [(CITY, 378)]


def test_a_gap_a_new_year_and_a_new_definition_are_no_change(catalogue, told):  # noqa: F811
    known = replace(told.known[STATIONS], since="year")
    points = [
        (parse(m), Quantity(v))
        for m, v in (("2025-09", 5), ("2025-11", 9), ("2025-12", 11), ("2026-01", 1), ("2026-02", 4))
    ]

    assert course_changes(known, points, ()) == [2, 3]
    assert course_changes(replace(known, since=""), points, ()) == [2, -10, 3]
    assert course_changes(replace(known, since=""), points, [date(2026, 2, 1)]) == [2, -10]


# --- who returns ------------------------------------------------------------------------------------------


def test_who_was_silent_then_and_returned_since_and_the_other_way_round_in_official_order(at):
    for unit in ("350502", "350582"):
        at(date(2025, 11, 3)).reported(unit, STATIONS, "2025-10", 10)
        at(date(2025, 12, 3)).reported(unit, STATIONS, "2025-11", 10)
    found = at(date(2026, 1, 4))
    for unit in ("QZ-TS", "350503", "350582"):
        found.reported(unit, STATIONS, "2025-12", 12)
    told_ = compared(found.store, found.catalogue)

    assert [(t.organisation, t.kinds) for t in told_.resumed] == [
        ("350503", ("readings",)),
        ("QZ-TS", ("readings",)),
    ]
    assert [(t.organisation, t.kinds) for t in told_.fell_silent] == [("350502", ("readings",))]


def test_whoever_owed_nothing_then_has_not_fallen_silent(at):
    found = compared(at(date(2026, 1, 4)).store, at(date(2026, 1, 4)).catalogue, date(2024, 12, 1))

    assert (found.fell_silent, found.resumed, found.anybody) == ((), (), False)


def test_progress_counts_as_well_and_whoever_has_finished_owes_none(at):
    duties = [a for a in at(date(2025, 11, 3)).catalogue.assignments if a.role == "responsible"]
    first, second = (
        "D-HR",
        next(a.organisation for a in duties if a.organisation.startswith("D-") and a.organisation != "D-HR"),
    )
    own = {o: [a.measure for a in duties if a.organisation == o] for o in (first, second)}
    assert all(own.values())
    for organisation, measures in own.items():
        at(date(2025, 12, 3)).progress(organisation, measures, "2025-11", percent=50.0)
    finished = {"percent": 100.0, "status": "已完成", "completed_on": date(2025, 12, 1)}
    found = at(date(2025, 12, 4))
    dated = {m.number for m in found.catalogue.measures if not m.standing}
    found.progress(second, own[second], "2025-11", **finished)
    told_ = compared(found.store, found.catalogue)

    silent = [t.organisation for t in told_.fell_silent]
    assert first in silent
    assert second not in silent
    assert set(own[second]) & dated


def test_what_came_in_and_was_taken_back_is_no_news_nor_is_the_catalogue(at):
    found = at(date(2026, 1, 4))
    found.reported("350502", STATIONS, "2025-12", 10)
    found.reported("350582", STATIONS, "2025-12", 10)
    withdraw(found.store, SYSTEM, last_returns(found, 1)[0], "误报")

    assert list(returned(found.store.engine, LATER, SINCE)["organisation"]) == ["350502"]


# --- another edition of the list --------------------------------------------------------------------------


@pytest.fixture
def relisted(at) -> Told:
    """A second edition from New Year: one number is gone, one new, one stands for another measure."""
    found = at(date(2025, 12, 20))
    version = next(v for v in found.catalogue.lists)
    facts = [
        FactDraft(
            "list_version",
            asdict(version) | {"list_version": "2026", "title": "第二版", "valid_from": date(2026, 1, 1)},
        )
    ]
    measures = [m for m in found.catalogue.measures if m.list_version == version.list_version]
    kept = [m for m in measures if m.number != "1-1-1"]
    for m in kept:
        text = "另一件事。" if m.number == "1-1-2" else m.text
        facts.append(
            FactDraft(
                "measure",
                asdict(m)
                | {
                    "aspect_no": m.aspect_no,
                    "project_no": m.project_no,
                    "list_version": "2026",
                    "text": text,
                },
            )
        )
    extra = kept[-1]
    numbers = {"aspect_no": extra.aspect_no, "project_no": extra.project_no}
    more = {"list_version": "2026", "number": "7-20-9", "text": "新的一条。"}
    facts.append(FactDraft("measure", asdict(extra) | numbers | more))
    facts += [
        FactDraft("assignment", asdict(a) | {"list_version": "2026"})
        for a in found.catalogue.assignments
        if a.measure != "1-1-1"
    ]
    found.hand_in("list", "D-SWB", facts, None, "2025-12")
    return found


def test_across_two_editions_only_the_same_sentence_is_compared_and_the_rest_is_named(relisted, at):
    duties = [a for a in relisted.catalogue.assignments if a.role == "responsible"]
    for number in ("1-1-2", "1-1-3"):
        for owner in (a.organisation for a in duties if a.measure == number):
            at(date(2025, 12, 3)).progress(owner, [number], "2025-11", percent=99.0)
    at(date(2026, 1, 3)).progress("350502", ["1-2-1"], "2025-12", percent=9.0, list_version="2026")
    found = compared(relisted.store, relisted.catalogue)
    change = found.new_list

    assert change is not None
    assert change.unofficial
    assert (change.after, change.since) == ("第二版", date(2026, 1, 1))
    assert (change.new, change.gone, change.reworded) == (("7-20-9",), ("1-1-1",), ("1-1-2",))
    moved = {m.measure.number for m in found.moves or ()}
    assert "1-2-1" in moved
    assert not {"1-1-1", "1-1-2", "7-20-9"} & moved


def test_a_new_list_on_which_nobody_has_reported_has_moved_nothing(relisted, at):
    done = {"percent": 100.0, "status": "已完成", "completed_on": date(2025, 12, 1)}
    for duty in (a for a in relisted.catalogue.assignments if a.role == "responsible"):
        if duty.measure == "1-1-3":
            at(date(2025, 12, 3)).progress(duty.organisation, ["1-1-3"], "2025-11", **done)
    found = compared(relisted.store, relisted.catalogue)

    assert (found.done_before, found.done_after) == (1, None)
    assert (found.nobody_now, found.moves) == (True, ())


def test_where_all_that_was_said_of_a_list_is_taken_back_its_measures_are_open_again(at):
    found = at(date(2025, 12, 3))
    done = {"percent": 100.0, "status": "已完成", "completed_on": date(2025, 12, 1)}
    owners = [
        a.organisation for a in found.catalogue.assignments if (a.measure, a.role) == ("1-1-3", "responsible")
    ]
    for owner in owners:
        found.progress(owner, ["1-1-3"], "2025-11", **done)
    at(date(2026, 1, 4))
    for return_id in last_returns(found, len(owners)):
        withdraw(found.store, SYSTEM, return_id, "误报")
    told_ = compared(found.store, found.catalogue)

    assert not told_.nobody_now
    assert "reopened" in {m.kind for m in told_.moves or () if m.measure.number == "1-1-3"}


def test_within_one_edition_there_is_nothing_to_be_said_of_the_list(relisted):
    assert (
        compared(relisted.store, relisted.catalogue, date(2025, 11, 1), AsOf(date(2025, 12, 1))).new_list
        is None
    )


def test_where_nobody_had_reported_nothing_is_worse_only_completed_or_first_reported(at):
    found = at(date(2026, 1, 3))
    late, done = [m for m in found.catalogue.measures if m.due and m.due < LATER.day][:2]
    finished = {"percent": 100.0, "status": "已完成", "completed_on": date(2026, 1, 2)}
    for duty in (a for a in found.catalogue.assignments if a.role == "responsible"):
        if duty.measure == late.number:
            found.progress(duty.organisation, [late.number], "2025-12", percent=10.0)
        if duty.measure == done.number:
            found.progress(duty.organisation, [done.number], "2025-12", **finished)
    told_ = compared(found.store, found.catalogue)

    assert told_.nobody_then
    assert {(m.kind, m.measure.number) for m in told_.moves or ()} == {
        ("first", late.number),
        ("completed", done.number),
    }


def test_an_edition_imported_again_under_its_name_tells_what_it_changed(at):
    found = at(date(2025, 12, 20))
    version = found.catalogue.lists[0]
    first, second = [m for m in found.catalogue.measures if m.due][:2]
    duty = next(
        a for a in found.catalogue.assignments if a.measure == first.number and a.role == "responsible"
    )
    numbers = {"aspect_no": first.aspect_no, "project_no": first.project_no}
    later = date(2028, 6, 30)
    facts = [
        FactDraft("list_version", asdict(version) | {"official": True}),
        FactDraft("measure", asdict(first) | numbers | {"due": later}),
        FactDraft(
            "measure",
            asdict(second)
            | {"aspect_no": second.aspect_no, "project_no": second.project_no, "text": "另一件事。"},
        ),
        FactDraft("assignment", asdict(duty) | {"void": True}),
        FactDraft("assignment", asdict(duty) | {"organisation": "D-HR", "role": "lead"}),
    ]
    found.hand_in("list", "D-SWB", facts, None, "2025-12")
    change = compared(found.store, found.catalogue).new_list

    assert change is not None
    assert (change.since, change.official, change.reworded) == (None, True, (second.number,))
    assert Redated(first.number, "", "due", first.due, later) in change.redated
    assert [(r.number, r.role, r.came, r.went) for r in change.reassigned] == [
        (first.number, "lead", ("D-HR",), ()),
        (first.number, "responsible", (), (duty.organisation,)),
    ]
    assert not change.same_measures
