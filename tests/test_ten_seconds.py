"""What somebody who has never seen the overview must be able to say within ten seconds, read off a real browser.

Each answer is compared with a question put to the database itself, in plain SQL: none of the product's own
questions or rules is used on that side.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.catalogue import Catalogue
from test_browser import Watch
from test_demo_screens import SIZES, chromium, contexts, demo, watch  # noqa: F401  fixtures

# What is read here is meant for six metres: 24 px or more on a screen of 1920 × 1080.
SIX_METRES = 24
# The newest accepted word of each responsible organisation on each measure.
SPOKEN = """
    with said as (
        select p.measure, p.organisation, p.completed_on, row_number() over (
            partition by p.measure, p.organisation order by p.period_end desc, p.seq desc) as place
        from progress p join "return" r on r.id = p.return_id
        where r.state = 'accepted' and p.known_on <= :day)
    select a.measure, a.organisation, coalesce(a.due, m.due) as due, m.standing, s.completed_on
    from assignment a
    join measure m on m.number = a.measure
    left join said s on s.measure = a.measure and s.organisation = a.organisation and s.place = 1
    where a.role = 'responsible'
"""


@pytest.fixture(scope="module")
def asked(current_demo_home: Path):
    """The database of the demo, asked without the product."""
    found = sqlite3.connect(f"file:{current_demo_home / 'demo.sqlite'}?mode=ro", uri=True)
    found.row_factory = sqlite3.Row
    yield found
    found.close()


@pytest.fixture
def overview(watch: Watch) -> tuple[Page, date]:  # noqa: F811
    """The overview of the demo as it opens, and its day."""
    page = watch.open("/")
    expect(page.locator("ol.urgent li")).to_have_count(5)
    expect(page.locator(".needle strong")).to_be_visible()
    expect(page.locator(".strip a")).to_have_count(13)
    return page, date.fromisoformat(page.locator(".as-of input").first.input_value())


def names_of(catalogue: Catalogue) -> dict[str, str]:
    return {o.code: o.short_name for o in catalogue.organisations}


def test_how_many_of_the_sixty_are_done_and_how_many_should_be(overview, asked):
    page, day = overview
    duties = asked.execute(SPOKEN, {"day": day.isoformat()}).fetchall()
    countable = {d["measure"] for d in duties if not d["standing"]}
    open_ = {d["measure"] for d in duties if not d["completed_on"] or d["completed_on"] > day.isoformat()}
    (should,) = asked.execute(
        "select count(*) from measure where due is not null and due <= ?", [day.isoformat()]
    ).fetchone()

    assert page.locator(".needle strong").inner_text() == f"{len(countable - open_)}/{len(countable)}"
    assert page.locator(".needle strong + span").inner_text() == f"应完成 {should}"


def test_what_is_most_urgent_and_whose_it_is(overview, asked, catalogue):
    page, day = overview
    duties = asked.execute(SPOKEN, {"day": day.isoformat()}).fetchall()
    overdue = [
        (d["measure"], d["organisation"], date.fromisoformat(d["due"]))
        for d in duties
        if not d["standing"] and d["due"] and d["due"] < day.isoformat() and not d["completed_on"]
    ]
    oldest = min(due for *_, due in overdue)
    urgent = {measure for measure, _, due in overdue if due == oldest}
    (number,) = urgent
    names = names_of(catalogue)
    whose = [names[organisation] for measure, organisation, _ in overdue if measure == number]
    first = page.locator("ol.urgent li").first
    told = first.locator(".who").inner_text()

    assert first.locator(".what b").inner_text() == number
    assert f"逾期 {(day - oldest).days} 天" in first.locator(".why").inner_text()
    assert set(told.split(" 等 ")[0].split("、")) <= set(whose)
    assert (f"等 {len(whose)} 个" in told) == (len(whose) > 4)
    assert len(whose) > 4 or set(told.split("、")) == set(whose)


def test_which_units_are_silent(overview, asked, catalogue):
    page, day = overview
    month = page.locator(".strip h2").inner_text()
    year, number = re.match(r"(\d{4})年(\d+)月", month).groups()
    returned = {
        row["organisation"]
        for row in asked.execute(
            """select organisation from "return" where kind = 'readings' and state = 'accepted'
               and grain = 'month' and period_start = ? and known_on <= ?""",
            [f"{year}-{int(number):02d}-01", day.isoformat()],
        )
    }
    silent = [u.short_name for u in catalogue.units if u.code not in returned]

    assert silent != []
    found = page.locator(".strip a", has_text="未报送").locator(".name").all_inner_texts()
    assert found == silent
    assert f"已报 {13 - len(silent)}/13" in month


def test_how_old_the_oldest_figure_is(overview, asked, catalogue):
    page, day = overview
    shown = [i for i, d in catalogue.indicators.items() if d.overview_rank]
    marks = ",".join("?" * len(shown))
    units = [u.code for u in catalogue.units]
    newest = asked.execute(
        f"""select indicator, reading.organisation, max(reading.period_end) as last from reading
            join "return" r on r.id = return_id
            where r.state = 'accepted' and reading.known_on <= ? and indicator in ({marks})
            and reading.organisation in ({",".join("?" * 13)}) group by 1, 2""",
        [day.isoformat(), *shown, *units],
    ).fetchall()
    oldest = min(date.fromisoformat(row["last"]) for row in newest)

    assert f"最旧数据 {(day - oldest).days} 天前" in page.locator(".age").inner_text()


@pytest.mark.parametrize("size", SIZES)
def test_the_four_answers_are_large_enough_for_six_metres(watch, size):  # noqa: F811
    page = watch.open("/", watch.context(size))
    expect(page.locator("ol.urgent li")).to_have_count(5)
    small = page.evaluate(
        """least => [...document.querySelectorAll(
            '.needle strong, .needle strong + span, ol.urgent .what, ol.urgent .who, .strip .name, .strip .state, .age')]
            .filter(e => parseFloat(getComputedStyle(e).fontSize) < least).map(e => e.innerText)""",
        SIX_METRES,
    )

    assert small == []


def test_beside_a_part_of_the_units_stands_how_many_and_the_goal_is_called_that_of_the_whole_city(overview):
    page, _ = overview
    card = page.locator(".kpi[data-indicator=stations_count]")
    basis = card.locator(".basis .partial")

    assert basis.inner_text().startswith("已报合计 11/13")
    assert float(basis.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 18
    assert card.locator(".line").last.inner_text().startswith("全市目标 ")


# --- what changed since the last meeting ----------------------------------------------------------------

# Units that had handed in figures for the month in time for it to be due on the day.
HANDED_IN = """
    select distinct organisation from "return"
    where kind = 'readings' and grain = 'month' and period_end = :end and known_on <= :day
      and seq is not null and (withdrawn_on is null or withdrawn_on > :day)
"""


def last_month_due(day: date) -> date:
    """The end of the last month whose return day, the 5th of the next, has passed."""
    end = day.replace(day=1) - timedelta(days=1)
    return end if day.day > 5 else end.replace(day=1) - timedelta(days=1)


def done(asked, day: date) -> int:
    duties = asked.execute(SPOKEN, {"day": day.isoformat()}).fetchall()
    open_ = {d["measure"] for d in duties if not d["completed_on"] or d["completed_on"] > day.isoformat()}
    return len({d["measure"] for d in duties if not d["standing"]} - open_)


@pytest.mark.parametrize("query", ["", "?wall=1"])
def test_what_changed_since_the_last_meeting_and_who_fell_silent(watch, asked, catalogue, query):  # noqa: F811
    page = watch.open(f"/changes{query}")
    facts = page.locator(".fact")
    expect(facts).to_have_count(5)
    (until,) = asked.execute("select until from meta").fetchone()
    day = date.fromisoformat(until)
    (held,) = asked.execute("select max(held_on) from meeting where held_on < ?", [until]).fetchone()
    since = date.fromisoformat(held)

    assert facts.nth(0).locator(".value").inner_text() == f"{done(asked, day)}条"
    assert facts.nth(0).locator(".line").inner_text().startswith(f"当时 {done(asked, since)}，")

    heard = {
        end: {
            row[0]
            for row in asked.execute(
                HANDED_IN, {"end": last_month_due(end).isoformat(), "day": end.isoformat()}
            )
        }
        for end in (since, day)
    }
    silent = [u.short_name for u in catalogue.units if u.code in heard[since] - heard[day]]
    told = facts.nth(2).locator(".line").inner_text()
    assert silent
    assert [name for name in silent if name not in told] == []

    sizes = page.locator(".fact .value, .fact .line").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= SIX_METRES
    assert max(box["y"] + box["height"] for box in (f.bounding_box() for f in facts.all()) if box) <= 1080
    if query:
        scrolled = "() => document.querySelector('.stMain').scrollHeight - document.querySelector('.stMain').clientHeight"
        assert page.evaluate(scrolled) <= 0
