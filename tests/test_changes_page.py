"""The page of changes as it is drawn: its two ends, its first screen, its table, and the officer's form on it."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest

from dashboard.config import settings
from dashboard.knowledge import AsOf
from dashboard.readouts.list_changes import ListChange
from dashboard.startup import Stores, prepare
from dashboard.store import Actor
from dashboard.ui import account, cached, changes_page, changes_table
from test_readouts import Told
from ui_fixtures import Page, installed


@pytest.fixture(scope="module")
def shown_demo(current_demo_home: Path) -> Iterator[Stores]:
    with installed(current_demo_home, DASHBOARD_DEMO="on", DASHBOARD_DEFAULT_DATA="demo") as stores:
        yield stores


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as it is after the first start."""
    folder = tmp_path_factory.mktemp("changes")
    for store in prepare(settings({"DASHBOARD_HOME": str(folder), "DASHBOARD_DEMO": "off"})).by_data.values():
        store.engine.dispose()
    return folder


@pytest.fixture
def own(home: Path, tmp_path: Path) -> Iterator[Stores]:
    """A live store of this test's own."""
    folder = tmp_path / "home"
    shutil.copytree(home, folder)
    with sqlite3.connect(
        folder / "live.sqlite"
    ) as file:  # or it would share remembered answers with the next
        file.execute("update meta set store_id = ?", (str(uuid.uuid4()),))
    with installed(folder) as stores:
        yield stores


def facts(page: Page) -> dict[str, str]:
    parts = page.html("panel_changed").split('<section class="panel fact">')[1:]
    words = ([w for w in re.sub(r"<[^>]+>", "\n", part).split("\n") if w.strip()] for part in parts)
    return {name: " ".join(rest) for name, *rest in words}


def asked(href: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(href.replace("&amp;", "&")).query))


def demo_key(stores: Stores, day: date) -> cached.Key:
    return cached.Moment().key("demo", AsOf(day))


def meetings_of(home: Path) -> list[date]:
    with sqlite3.connect(f"file:{home / 'demo.sqlite'}?mode=ro", uri=True) as file:
        return [date.fromisoformat(d) for (d,) in file.execute("select held_on from meeting order by 1 desc")]


# --- the two ends ---------------------------------------------------------------------------------------


def test_both_ends_are_offered_and_keep_each_other(shown_demo, current_demo_home):
    today, held = shown_demo["demo"].today(), meetings_of(current_demo_home)
    since, until = held[2], held[1]
    page = Page("changes", as_of=until.isoformat(), since=since.isoformat())
    links = page.links("filters")
    current = page.current("filters")

    assert [c[:10] for c in current] == [since.isoformat(), until.isoformat()]
    assert asked(links["今天"]) == {"since": since.isoformat()}
    assert asked(links[held[0].isoformat()]) == {"since": since.isoformat(), "as_of": held[0].isoformat()}
    assert asked(links[held[3].isoformat()]) == {"since": held[3].isoformat(), "as_of": until.isoformat()}
    assert today.isoformat() not in links


def test_a_first_day_after_the_last_is_one_sentence_with_a_way_back(shown_demo):
    text = Page("changes", as_of="2026-01-10", since="2026-02-01").text()

    assert "since=2026-02-01：晚于截至日 2026-01-10。" in text


def test_before_the_first_meeting_it_is_a_month_ago_and_says_so(shown_demo):
    page = Page("changes", data="live", as_of="2024-10-20")

    assert "此前没有会议，与一个月前比" in page.text("filters")
    assert "自 2024年9月20日" in page.text("panel_changed")
    assert "此前没有会议" not in Page("changes", data="live", as_of="2024-10-20", since="2024-09-20").text(
        "filters"
    )


# --- the first screen -------------------------------------------------------------------------------------


def test_the_five_facts_say_how_many_which_and_whose(shown_demo):
    day = shown_demo["demo"].today()
    page = Page("changes")
    since = max(d for d, _ in cached.meetings(demo_key(shown_demo, day)) if d < day)
    found = cached.changes(demo_key(shown_demo, day), since)
    names = {o.code: o.short_name for o in shown_demo.catalogue.organisations}
    told = facts(page)
    worse = [m for m in found.moves or () if m.kind in ("reopened", "worse")]

    assert list(told) == ["完成", "变差或重新打开", "转为未报送", "恢复报送", "超出平常变动"]
    assert told["完成"].startswith(f"{found.done_after} 条 当时 {found.done_before}")
    assert told["变差或重新打开"].startswith(
        f"{len(worse)} 条 {worse[0].measure.number}" if worse else "0 条"
    )
    silent = found.fell_silent
    assert told["转为未报送"].startswith(
        f"{len(silent)} 个 {names[silent[0].organisation]}" if silent else "0 个"
    )
    jumps = cached.jumps(demo_key(shown_demo, day), since).found
    assert told["超出平常变动"].startswith(
        f"{len(jumps)} 项 {names[jumps[0].organisation]} {jumps[0].definition.short_title}"
    )


def test_where_no_organisation_fell_silent_a_plain_sentence_says_so(shown_demo):
    day = shown_demo["demo"].today()
    told = facts(Page("changes", since=(day - timedelta(days=1)).isoformat()))

    assert told["转为未报送"] == "0 个 没有单位转为未报送"
    assert told["恢复报送"] == "0 个 没有单位恢复报送"


def test_where_nobody_has_reported_nothing_is_nought(own):
    told = facts(Page("changes", as_of="2025-06-30"))

    assert told["完成"] == "尚未报送 ▨ 还没有单位报送进展"
    assert told["转为未报送"] == told["恢复报送"] == "尚未报送 ▨ 还没有单位报送"
    assert told["超出平常变动"] == "无从比较 新入库的数此前不足 6 期变动"


def test_a_wall_shows_the_first_rows_and_how_many_more_and_nothing_to_click(shown_demo):
    day = shown_demo["demo"].today()
    since = (day - timedelta(days=400)).isoformat()
    desk, wall = Page("changes", since=since), Page("changes", since=since, wall="1")
    key = demo_key(shown_demo, day)
    found = cached.changes(key, date.fromisoformat(since))
    total = len(found.moves or ()) + len(found.corrections)
    told = bool(found.new_list)  # stands above the moves and takes the room of one
    room = 4 - bool(cached.figure_corrections(key, date.fromisoformat(since)))

    assert total > 9
    assert len(cached.jumps(key, date.fromisoformat(since)).found) >= room
    assert [wall.html(f"panel_{name}").count("<li") for name in ("moves", "jumps")] == [4 - told, room]
    assert f"另有 {total - 4 + told} 条" in wall.text("panel_moves")
    assert wall.at.button == wall.at.date_input == []
    assert desk.html("panel_moves").count("<li") == total
    assert desk.html("panel_moves").count('<li class="over"') == total - 9 + told


def test_one_row_of_each_kind_comes_first_then_the_most_important():
    assert changes_page.allotted([2, 5, 0, 3], 4) == [2, 1, 0, 1]
    assert changes_page.allotted([9, 0, 0], 4) == [4, 0, 0]
    assert changes_page.allotted([1, 1, 1, 1, 1], 4) == [1, 1, 1, 1, 0]
    assert changes_page.allotted([0, 1], 4) == [0, 1]


def test_a_corrected_measure_says_who_when_and_from_what_to_what(own):
    told = Told(own["live"], own.catalogue)
    duty = next(a for a in own.catalogue.assignments if a.role == "responsible")
    told.progress(duty.organisation, [duty.measure], "2025-11", percent=80.0)
    told.progress(duty.organisation, [duty.measure], "2025-11", percent=65.0)
    with sqlite3.connect(own["live"].engine.url.database or "") as file:
        ids = [i for (i,) in file.execute("select id from return where kind = 'progress' order by id")]
        for i, day in zip(ids, ("2025-12-03", "2026-01-04"), strict=True):
            file.execute("update return set known_on = ? where id = ?", (day, i))
            file.execute("update progress set known_on = ? where return_id = ?", (day, i))
    page = Page("changes", since="2025-12-10", as_of="2026-01-15")
    name = own.catalogue.organisation(duty.organisation).short_name

    assert "更正 1" in page.text("panel_moves")
    assert f"{name} 2025年11月 · 80% → 65%" in page.text("panel_moves")


# --- the table --------------------------------------------------------------------------------------------


def list_rows(listed: ListChange) -> int:
    """The list itself, that it is official now, every number, every day, everybody who came or went."""
    numbers = len((*listed.new, *listed.gone, *listed.reworded, *listed.redated))
    return 1 + listed.official + numbers + sum(len((*r.came, *r.went)) for r in listed.reassigned)


def test_the_table_holds_every_part_of_the_page(shown_demo):
    day = shown_demo["demo"].today()
    since = date(day.year - 1, day.month, 1)
    key = demo_key(shown_demo, day)
    frame = changes_table.as_frame(key, since)
    found = cached.changes(key, since)
    counts = frame["栏目"].value_counts().to_dict()
    listed = found.new_list  # None in a demo whose office had no days to move
    expected = {
        "清单变化": 0 if listed is None else list_rows(listed),
        "措施的变化": len(found.moves or ()),
        "措施的更正": len(found.corrections),
        "恢复报送": len(found.resumed),
        "转为未报送": len(found.fell_silent),
        "超出平常变动": len(cached.jumps(key, since).found),
        "指标的更正": len(cached.figure_corrections(key, since)),
        "指标的变化": len(cached.figure_moves(key, since)),
        "新入库": len(found.returned),
    }

    assert counts == {part: count for part, count in expected.items() if count}
    assert set(frame["自"]) == {since}
    jump = frame[frame["栏目"] == "超出平常变动"].iloc[0]
    assert "请核对" in jump["说明"]
    assert not jump["平常下限"] <= jump["差"] <= jump["平常上限"]
    assert pd.notna(jump["单位"])


# --- the officer's form -------------------------------------------------------------------------------------


def opened(**parameters: str) -> Page:
    page = Page("changes", **parameters)
    page.at.button(key="meeting").click().run()
    return page


def fill(page: Page, held_on: date | None, title: str) -> None:
    page.at.date_input(key="w_meeting_day").set_value(held_on)
    page.at.text_input(key="w_meeting_title").set_value(title)
    next(b for b in page.at.button if b.label == "录入").click().run()
    assert page.failures == []


def test_a_meeting_that_is_entered_stands_among_the_ends_at_once_and_can_be_taken_back(own):
    day = own["live"].today() - timedelta(days=3)
    page = opened()
    fill(page, day, "全市调度会")

    assert "会议已录入。" in page.text("panel_meeting")
    assert page.current("filters")[0] == f"{day.isoformat()} 全市调度会"
    (entry,) = cached.entered_meetings(cached.Moment().key("live", AsOf(own["live"].today())))
    page.at.button(key=f"take_back_{entry.return_id}").click().run()
    assert day.isoformat() in page.text("filters")  # asked once more, nothing done yet
    page.at.button(key=f"keep_{entry.return_id}").click().run()
    page.at.button(key=f"take_back_{entry.return_id}").click().run()
    page.at.button(key=f"confirm_{entry.return_id}").click().run()
    assert "会议已撤回，从今天起不再列出。" in page.text("panel_meeting")
    assert day.isoformat() not in page.text("filters")


def test_a_meeting_without_its_day_is_one_sentence_that_is_no_success(own):
    page = opened()
    fill(page, None, "全市调度会")

    assert '<p class="said" role="alert">! 会议日期没有写：请写会议日期。</p>' in page.html("panel_meeting")


def test_where_nobody_had_reported_then_nothing_got_worse_and_first_words_are_first(own):
    told = Told(own["live"], own.catalogue)
    duty = next(a for a in own.catalogue.assignments if a.role == "responsible")
    told.progress(duty.organisation, [duty.measure], "2025-11", percent=80.0)
    with sqlite3.connect(own["live"].engine.url.database or "") as file:
        file.execute("update return set known_on = '2025-12-03' where kind = 'progress'")
        file.execute("update progress set known_on = '2025-12-03'")
    page = Page("changes", since="2025-11-20", as_of="2025-12-15")

    assert facts(page)["变差或重新打开"] == "不可比 ▨ 当时尚未报送"
    assert "▨ 当时尚未报送，不比好坏，只列新报送和新完成。" in page.text("panel_moves")
    assert page.html("panel_moves").count("<li") == 1


def test_a_meeting_that_cannot_be_is_refused_in_the_readers_language_and_what_was_written_stays(own):
    page = opened(lang="en")
    page.at.date_input(key="w_meeting_day").set_value(own["live"].today())
    page.at.text_input(key="w_meeting_title").set_value("推进会 13805951234")
    next(b for b in page.at.button if b.label == "Add").click().run()

    assert "The title seems to hold a mobile or ID number" in page.text("panel_meeting")
    assert page.at.text_input(key="w_meeting_title").value == "推进会 13805951234"


def test_a_meeting_entered_by_another_process_is_there_on_the_next_run(own, tmp_path):
    page = Page("changes")
    before = page.current("filters")[0]
    day = own["live"].today() - timedelta(days=2)
    code = (
        "import sys; from datetime import date; from dashboard.store import Actor, open_store;"
        "from dashboard.importers.meetings import add_meeting;"
        "add_meeting(open_store(sys.argv[1], 'live'), Actor('officer-1', 'officer'),"
        " date.fromisoformat(sys.argv[2]), '别处录的会', '部门')"
    )
    url = own["live"].engine.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", code, url, day.isoformat()], check=True)
    page.at.run()

    assert before != f"{day.isoformat()} 别处录的会"
    assert page.current("filters")[0] == f"{day.isoformat()} 别处录的会"


def test_whoever_may_not_write_sees_no_form(own, monkeypatch):
    monkeypatch.setenv("DASHBOARD_AUTH", "header")
    monkeypatch.setenv("DASHBOARD_OFFICERS", "wang")
    page = Page("changes")

    assert account.actor_of(settings(), []) == Actor("anonymous", "viewer")
    assert [b.key for b in page.at.button] == []
    assert page.failures == []


def test_a_wall_has_no_form(own):
    assert [b.key for b in Page("changes").at.button] == ["meeting"]
    assert Page("changes", wall="1").at.button == []
