"""Data periods: labels, first and last days, words, the period before."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.periods import GRAINS, Period, of, parse, previous

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("label", "start", "end", "grain", "words"),
    [
        ("2025-01-13", date(2025, 1, 13), date(2025, 1, 13), "day", "2025年1月13日"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month", "2024年2月"),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28), "month", "2025年2月"),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31), "month", "2025年12月"),
        ("2025-Q1", date(2025, 1, 1), date(2025, 3, 31), "quarter", "2025年一季度"),
        ("2025-Q2", date(2025, 4, 1), date(2025, 6, 30), "quarter", "2025年二季度"),
        ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30), "quarter", "2025年三季度"),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31), "quarter", "2025年四季度"),
        ("2025-H1", date(2025, 1, 1), date(2025, 6, 30), "half", "2025年上半年"),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31), "half", "2025年下半年"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "year", "2025年"),
    ],
)
def test_a_label_means_its_first_and_last_day_and_reads_in_words(label, start, end, grain, words):
    period = parse(label)

    assert period == Period(end, start, grain)
    assert period.label == label
    assert period.text == words


@pytest.mark.parametrize(
    ("printed", "label"), [(" 2025-01 ", "2025-01"), ("2025Q3", "2025-Q3"), ("2025H2", "2025-H2")]
)
def test_a_label_may_come_with_blanks_or_without_its_hyphen(printed, label):
    assert parse(printed).label == label


@pytest.mark.parametrize(
    "label", ["", "2025年1月", "2025-1", "2025-Q5", "2025-H3", "25-01", "2025/01", "上月"]
)
def test_what_is_no_label_is_refused_and_named(label):
    with pytest.raises(ValueError, match="不是数据期") as refused:
        parse(label)

    assert str(refused.value) == (f"“{label}”不是数据期：应为 2025-01-13、2025-01、2025-Q1、2025-H1 或 2025")


@pytest.mark.parametrize("label", ["2025-13", "2025-00", "2025-02-29", "2025-04-31", "0000", "0000-Q1"])
def test_what_is_no_day_of_the_calendar_is_refused_and_named(label):
    with pytest.raises(ValueError, match="不是日历上的日期") as refused:
        parse(label)

    assert str(refused.value) == f"“{label}”不是日历上的日期"


@pytest.mark.parametrize(
    ("label", "count", "before"),
    [
        ("2025-03-01", 1, "2025-02-28"),
        ("2024-03-01", 1, "2024-02-29"),
        ("2025-01", 1, "2024-12"),
        ("2025-01", 12, "2024-01"),
        ("2025-Q1", 1, "2024-Q4"),
        ("2025-H1", 1, "2024-H2"),
        ("2025", 2, "2023"),
        ("2025-06", 0, "2025-06"),
    ],
)
def test_the_period_before_has_the_same_grain(label, count, before):
    assert previous(parse(label), count).label == before


def test_periods_stand_in_the_order_of_their_last_day():
    labels = ["2025-12", "2025-Q1", "2025-01-31", "2025-H1", "2024"]

    assert [p.label for p in sorted(map(parse, labels))] == [
        "2024",
        "2025-01-31",
        "2025-Q1",
        "2025-H1",
        "2025-12",
    ]


@given(DAYS, st.sampled_from(GRAINS))
def test_every_day_lies_in_its_period_and_the_label_leads_back_to_it(day, grain):
    period = of(grain, day)

    assert period.start <= day <= period.end
    assert parse(period.label) == period


@given(DAYS, st.sampled_from(GRAINS))
def test_periods_of_a_grain_leave_no_day_between_them(day, grain):
    period = of(grain, day)

    assert previous(period).end.toordinal() + 1 == period.start.toordinal()
