"""What the heads must be able to say of the list within ten seconds, read off its board in a real browser.

Each answer is compared with a question put to the database itself, in plain SQL, and with the rule as the design
says it: none of the product's own questions or rules is used on that side.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from test_browser import Watch
from test_demo_screens import SIZES, chromium, contexts, demo, watch  # noqa: F401  fixtures
from test_ten_seconds import SIX_METRES, asked, names_of  # noqa: F401  fixtures

# The newest accepted word of each responsible organisation on each measure, with the dates it has to keep.
DUTIES = """
    with said as (
        select p.measure, p.organisation, p.percent, p.completed_on, p.period_end, row_number() over (
            partition by p.measure, p.organisation order by p.period_end desc, p.seq desc) as place
        from progress p join "return" r on r.id = p.return_id
        where r.state = 'accepted' and p.known_on <= :day),
    dated as (
        select number, start, due, standing, row_number() over (partition by number order by seq desc) as place
        from measure where known_on <= :day)
    select a.measure, a.organisation, m.start, coalesce(a.due, m.due) as due, m.standing, s.percent,
        s.completed_on, s.period_end
    from assignment a
    join dated m on m.number = a.measure and m.place = 1
    left join said s on s.measure = a.measure and s.organisation = a.organisation and s.place = 1
    where a.role = 'responsible'
"""


@pytest.fixture
def board(watch: Watch) -> tuple[Page, date]:  # noqa: F811
    """The board of the demo as it opens, and its day."""
    page = watch.open("/tasks")
    expect(page.locator("table.matrix tbody tr")).to_have_count(20)
    expect(page.locator(".needle strong")).to_be_visible()
    return page, date.fromisoformat(page.locator(".as-of input").first.input_value())


@pytest.fixture
def duties(board, asked):  # noqa: F811
    """Every responsible assignment as the database has it."""
    return [dict(row) for row in asked.execute(DUTIES, {"day": board[1].isoformat()}).fetchall()]


def is_done(duty, day: date) -> bool:
    return bool(duty["completed_on"]) and duty["completed_on"] <= day.isoformat()


def month_due(day: date) -> date:
    """End of the last month whose return day, the fifth of the next, has passed."""
    year, month = day.year, day.month - (1 if day.day > 5 else 2)
    year, month = (year, month) if month > 0 else (year - 1, month + 12)
    return date(year, month, calendar.monthrange(year, month)[1])


def gap(duty, day: date) -> float:
    start, due = date.fromisoformat(duty["start"]), date.fromisoformat(duty["due"])
    used = min(1.0, max(0.0, (day - start).days / (due - start).days)) * 100
    return used - (duty["percent"] or 0.0)


def how_late(duty, day: date) -> tuple[str, float] | None:
    """The red or yellow light of an assignment with its amount, by the rule of the design; None: another light."""
    if is_done(duty, day) or duty["standing"] or duty["start"] > day.isoformat():
        return None
    if duty["due"] < day.isoformat():
        return "逾期", (day - date.fromisoformat(duty["due"])).days
    if duty["period_end"] is None or duty["period_end"] < month_due(day).isoformat():
        return None
    behind = gap(duty, day)
    return ("严重滞后" if behind > 30 else "滞后", behind) if behind >= 10 else None


def rows(page: Page, panel: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in row.locator("td").all_inner_texts()]
        for row in page.locator(f".st-key-panel_{panel} tbody tr").all()
    ]


def test_how_many_are_done_and_should_be(board, duties):
    page, day = board
    countable = {d["measure"] for d in duties if not d["standing"]}
    open_ = {d["measure"] for d in duties if not is_done(d, day)}
    dues = page.locator(".needle strong + span").inner_text()

    assert page.locator(".needle strong").inner_text() == f"{len(countable - open_)}/{len(countable)}"
    assert re.fullmatch(r"应完成 \d+", dues)


def test_how_many_should_be_done_is_a_count_of_measures_that_are_due(board, asked):  # noqa: F811
    page, day = board
    (should,) = asked.execute(
        """select count(*) from (select number, due, standing,
            row_number() over (partition by number order by seq desc) as place
            from measure where known_on <= ?) where place = 1 and not standing and due <= ?""",
        [day.isoformat()] * 2,
    ).fetchone()

    assert page.locator(".needle strong + span").inner_text() == f"应完成 {should}"


def test_which_are_late_by_how_much_and_whose(board, duties, catalogue):
    page, day = board
    late = defaultdict(list)
    for duty in duties:
        if told := how_late(duty, day):
            late[duty["measure"]].append((*told, duty["organisation"]))
    order = ("逾期", "严重滞后", "滞后")
    worst = {number: min(told, key=lambda t: (order.index(t[0]), -t[1])) for number, told in late.items()}
    counts = {light: sum(w[0] == light for w in worst.values()) for light in order}
    head = page.locator(".st-key-panel_late .head").inner_text()

    assert f"逾期和滞后 {len(worst)} 项" in head
    assert all(f"{light} {count}" in head for light, count in counts.items() if count)
    names = names_of(catalogue)
    shown = rows(page, "late")
    assert len(shown) == min(5, len(worst))
    for _, number, _, how, who in shown:
        light, amount, _ = worst[number]
        movers = {names[code] for same, _, code in late[number] if same == light}
        unit = "天" if light == "逾期" else "个百分点"
        assert how == f"{'逾期' if light == '逾期' else '落后'} {amount:.0f} {unit}"
        assert set(who.split(" 等 ")[0].split("、")) <= movers
        assert who.count("、") + 1 == len(movers) or f"等 {len(movers)} 个" in who
    amounts = [worst[number][1] for _, number, *_ in shown if worst[number][0] == "逾期"]
    assert amounts == sorted((w[1] for w in worst.values() if w[0] == "逾期"), reverse=True)[: len(amounts)]


def test_which_claims_lack_evidence(board, duties, asked):  # noqa: F811
    """2-6-2 is to halve the plaques: done everywhere, it says; the plaques that are left are asked of the database."""
    page, day = board
    told = {row[1]: row[3] for row in rows(page, "claims")}
    own = [d for d in duties if d["measure"] == "2-6-2"]
    counted = asked.execute(
        """with told as (
            select reading.organisation as unit, reading.period_end as month, value, row_number() over (
                partition by reading.organisation, reading.period_end order by reading.seq desc) as place
            from reading join "return" r on r.id = return_id
            where indicator = 'organisation_plaques_count' and r.state = 'accepted' and reading.known_on <= ?
            and (unit like '3505__' or unit like 'QZ-__') and unit != '350500')
        select month, sum(value) as total from told where place = 1
        group by month having count(*) = 13 order by month""",
        [day.isoformat()],
    ).fetchall()
    base = [row["total"] for row in counted if row["month"] <= own[0]["start"]][-1]
    proven = (base - counted[-1]["total"]) / (base * 0.5) * 100

    assert {is_done(d, day) for d in own} == {True}
    assert 100 - proven >= 20
    assert told["2-6-2"] == f"报 100%，佐证 {proven:.0f}%"


def test_what_falls_due_this_month(board, duties):
    page, day = board
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    due = [
        d
        for d in duties
        if not d["standing"] and not is_done(d, day) and day.isoformat() <= d["due"] <= last.isoformat()
    ]
    month = {d["measure"] for d in due}

    head = page.locator(".st-key-panel_due_soon h2").inner_text()
    assert head.startswith(f"{day.month} 月到期 {len(month)} 项，30 天内 ")
    first = rows(page, "due_soon")[: len(month)]
    assert {number for _, number, *_ in first} == month
    assert {how.split()[0] for *_, how, _ in first} == {d["due"][5:] for d in due}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", ["/tasks", "/tasks?wall=1"])
def test_the_answers_are_large_enough_for_six_metres_and_stand_in_the_first_screen(watch, size, address):  # noqa: F811
    page = watch.open(address, watch.context(size))
    expect(page.locator("table.matrix tbody tr")).to_have_count(20)
    expect(page.locator(".needle strong")).to_be_visible()
    small, below = page.evaluate(
        """least => {
            const told = [...document.querySelectorAll(
                '.needle strong, .needle strong + span, .directions .name, .directions b, .directions small, '
                + '.st-key-board .head h2, '
                + 'table.matrix td a, table.matrix thead th a, '
                + 'table.board-rows td')];
            const foot = innerHeight;
            return [told.filter(e => parseFloat(getComputedStyle(e).fontSize) < least).map(e => e.innerText),
                    told.filter(e => e.getBoundingClientRect().bottom > foot).map(e => e.innerText)];
        }""",
        SIX_METRES,
    )
    hidden = page.evaluate(
        """() => [...document.querySelectorAll('.st-key-board .sheet, .st-key-board [class*=st-key-panel_]')]
            .filter(e => e.scrollHeight > e.clientHeight + 1).map(e => e.className)"""
    )

    assert (small, below, hidden) == ([], [], [])
