"""The measures a point pilots beside all others that answer for them: the rule, on lists written down, and on the demo."""

from __future__ import annotations

from statistics import median

import pytest

from dashboard.readouts.pilots import AHEAD, BEHIND, LEVEL, Pilot, piloted, pilots
from small_lists import a_list, duty, measure

HERE = "350582"


def pilot(own: str, others: str, numbers: tuple[str, ...] = ("1-1-1",)) -> Pilot:
    """Of a measure whose lights these are: that of the unit of the point, and of the others, one a word."""
    duties = [duty("1-1-1", f"U{i}", light) for i, light in enumerate(others.split())]
    duties += [duty("1-1-1", HERE, own)] if own else []
    return pilots(a_list([measure("1-1-1")], duties), numbers, HERE)[0]


@pytest.mark.parametrize(
    ("own", "others", "verdict"),
    [
        ("done", "on_track on_track behind", AHEAD),
        ("on_track", "on_track on_track behind", LEVEL),
        ("behind", "on_track on_track behind", BEHIND),
        # Half of them is not most of them.
        ("on_track", "done overdue", LEVEL),
        ("on_track", "done done overdue overdue", LEVEL),
        ("on_track", "done done overdue", BEHIND),
        ("on_track", "done overdue overdue", AHEAD),
        ("overdue", "far_behind behind done", BEHIND),
        # Who says nothing of how far he is does not count on either side.
        ("on_track", "not_reported not_reported done", BEHIND),
        ("on_track", "not_reported not_reported overdue", AHEAD),
    ],
)
def test_a_pilot_is_ahead_or_behind_when_more_than_half_of_the_others_are_worse_or_better(
    own, others, verdict
):
    found = pilot(own, others)

    assert found.verdict == verdict
    assert found.not_worse is (verdict != BEHIND)


@pytest.mark.parametrize(
    ("own", "others"),
    [
        ("", "done done"),
        ("not_reported", "done done"),
        ("standing", "standing standing"),
        ("not_started", "not_started"),
        ("done", "not_reported not_reported"),
        ("done", ""),
    ],
)
def test_what_says_nothing_of_how_far_one_is_is_not_compared(own, others):
    found = pilot(own, others)

    assert (found.verdict, found.not_worse) == ("", False)
    assert found.light == (own or "not_involved")


def test_the_lights_of_the_others_are_counted_the_worst_first_and_the_own_is_not_among_them():
    found = pilot("overdue", "done behind not_reported done overdue")

    assert found.lights == (("overdue", 1), ("behind", 1), ("not_reported", 1), ("done", 2))


def test_the_percent_in_the_middle_is_that_of_the_others_that_have_one():
    percents = (None, 10.0, 30.0, 80.0, None, 90.0)
    duties = [duty("1-1-1", f"U{i}", percent=percent) for i, percent in enumerate(percents)]
    duties.append(duty("1-1-1", HERE, percent=100.0))
    (found,) = pilots(a_list([measure("1-1-1")], duties), ("1-1-1",), HERE)

    assert (found.median, found.said, len(found.others)) == (55.0, 4, 6)
    assert pilot("done", "").median is None


def test_a_measure_that_left_the_list_is_kept_and_says_so_and_so_it_is_without_a_list():
    gone = pilot("done", "done", ("9-9-9",))
    (without,) = pilots(None, ("1-1-1",), HERE)

    assert (gone.number, gone.measure, gone.own, gone.others) == ("9-9-9", None, None, ())
    assert (without.number, without.measure, without.verdict) == ("1-1-1", None, "")


def test_the_measures_of_a_point_are_counted_with_those_that_are_compared():
    found = [pilot("done", "behind"), pilot("behind", "done"), pilot("", "done"), pilot("done", "done")]
    told = piloted(found)

    assert (told.measures, told.compared, told.not_worse, told.worse) == (4, 3, 2, 1)


# --- on the demo, counted in another way ------------------------------------------------------------

BEST_FIRST = ("done", "on_track", "behind", "far_behind", "overdue")


def test_the_verdicts_of_the_demo_are_those_of_the_ranks_in_the_list(demo, catalogue):
    """A unit is behind when the place of its light comes after that in the middle of the others, counted by hand."""
    from dashboard.knowledge import AsOf
    from dashboard.readouts.measures import list_readout
    from dashboard.readouts.points import point_list

    as_of = AsOf(demo.today())
    found = list_readout(demo.engine, as_of, catalogue.light_rules)
    assert found is not None
    seen = set()
    for point in point_list(demo.engine, as_of):
        for one in pilots(found, point.measures, point.unit):
            lights = {d.organisation: d.light for d in found.duties if d.number == one.number}
            own = lights.pop(point.unit, "")
            ranks = sorted(BEST_FIRST.index(light) for light in lights.values() if light in BEST_FIRST)
            said = [
                d.percent
                for d in found.duties
                if d.number == one.number and d.organisation != point.unit and d.percent is not None
            ]
            expected = ""
            if own in BEST_FIRST and ranks:
                better = sum(rank < BEST_FIRST.index(own) for rank in ranks) / len(ranks)
                worse = sum(rank > BEST_FIRST.index(own) for rank in ranks) / len(ranks)
                expected = AHEAD if worse > 0.5 else BEHIND if better > 0.5 else LEVEL
            assert one.verdict == expected, (point.point, one.number)
            assert one.median == (median(said) if said else None)
            seen.add(one.verdict)
    assert {"", LEVEL} <= seen
