"""The panels of /tasks that say whose it is, when it is due and who is to be reminded, on a demo."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from dashboard.knowledge import AsOf
from dashboard.readouts.due import count_of
from dashboard.startup import Stores
from dashboard.ui import cached, reminder_panel
from pdf import Pdf
from test_browser import Watch
from test_demo_screens import chromium, contexts, demo, watch  # noqa: F401  fixtures
from ui_fixtures import Page, installed


@pytest.fixture(scope="module")
def shown(current_demo_home: Path) -> Iterator[Stores]:
    with installed(current_demo_home, DASHBOARD_DEMO="on") as stores:
        yield stores


@pytest.fixture
def key(shown: Stores) -> cached.Key:
    now = cached.Moment()
    return now.key("demo", AsOf(now.today()["demo"]))


def test_every_lead_has_a_row_with_its_total_and_a_segment_for_each_light(shown, key):
    page = Page("tasks", data="demo", show="who")
    rows = page.rows("panel_leads")[1:]
    leads = cached.by_lead(key)
    names = {o.code: o.short_name for o in shown.catalogue.organisations}

    assert page.failures == []
    assert [row[:2] for row in rows] == [[names[r.organisation], str(r.total)] for r in leads]
    assert page.html("panel_leads").count('<i style="flex-grow:') == sum(
        bool(count) for r in leads for count in r.lights.values()
    )
    assert "示例，非官方清单" in page.text("panel_leads")
    assert "其中" not in page.text("panel_leads")  # no measure of this list has two leads


def test_every_responsible_organisation_stands_with_the_units_or_with_the_departments(shown, key):
    page = Page("tasks", data="demo", show="who")
    rows = [row[0] for row in page.rows("panel_responsible")]
    names = {o.code: o.short_name for o in shown.catalogue.organisations}

    told = [names[r.organisation] for r in cached.by_responsible(key)]
    assert [name for name in rows if name not in ("县（市、区）", "市直部门")] == told


def test_a_row_says_what_of_the_silent_bears_another_light_than_not_reported(shown, key):
    page = Page("tasks", data="demo", show="who")
    told = {row[0]: row[-1] for row in page.rows("panel_responsible")}
    found = cached.list_readout(key)
    assert found is not None
    names = {o.code: o.short_name for o in shown.catalogue.organisations}
    both = 0
    for code, name in names.items():
        silent = [d.light for d in found.duties if d.organisation == code and d.silent]
        if not silent:
            continue
        counts = [("逾期", silent.count("overdue")), ("长期坚持", silent.count("standing"))]
        others = "、".join(f"{word} {n}" for word, n in counts if n)
        both += bool(others)
        assert told[name] == f"▨ {len(silent)} 项" + (f" 含{others}" if others else "")
        assert silent.count("not_reported") == len(silent) - sum(n for _, n in counts)

    assert both
    english = Page("tasks", data="demo", show="who", lang="en")
    assert re.search(r"<small>incl\. (\d+ overdue, )?\d+ standing</small>", english.html("panel_responsible"))


def test_the_month_and_the_windows_are_facts_and_every_day_a_row(shown, key):
    page = Page("tasks", data="demo", show="when")
    due = cached.due(key)
    counts = [count_of(due.this_month), *(count_of(due.within(n)) for n in (30, 60, 90)), count_of(due.past)]
    words = page.text()

    assert page.failures == []
    for name, count in zip(
        ["本月到期", "30 天内到期", "60 天内到期", "90 天内到期", "已逾期"], counts, strict=True
    ):
        assert f"{name} {count} 条" in words
    assert len(page.rows("panel_due")) == len(due.within(90))
    assert len(page.rows("panel_overdue")) == len(due.past)


def test_before_the_list_each_panel_says_that_there_is_none(shown):
    for show, panels in (("who", ("leads", "responsible")), ("when", ("due", "overdue"))):
        page = Page("tasks", data="demo", show=show, as_of="2024-12-31")
        assert page.failures == []
        for panel in panels:
            assert "尚无清单" in page.text(f"panel_{panel}")


def test_the_chosen_organisation_has_its_text_which_stays_chinese_in_english(shown, key):
    told = cached.reminders(key)
    for lang in ("zh-CN", "en"):
        page = Page("tasks", data="demo", show="remind", org=told[-1].organisation, lang=lang)
        assert page.failures == []
        assert f'<pre id="reminder" lang="zh">{told[-1].text}</pre>' in page.html("panel_reminders")


def test_an_organisation_bears_the_signs_of_what_it_really_owes(shown, key):
    rows = Page("tasks", data="demo", show="remind").html("panel_reminders").split("<li")[1:]
    told = cached.reminders(key)

    assert any(one.far_behind and one.behind for one in told)
    assert len(rows) == len(told)
    for row, one in zip(rows, told, strict=True):
        signs = re.findall(r"--(\w+)\)\">(.)</i>([^<]+)</b>", row)
        marks = {text: (light, shape) for light, shape, text in signs}
        expected = {
            f"逾期 {one.overdue}": (one.overdue, ("overdue", "◆")),
            f"严重滞后 {one.far_behind}": (one.far_behind, ("far_behind", "▼")),
            f"滞后 {one.behind}": (one.behind, ("behind", "▲")),
            f"未报送 {one.silent}": (one.silent, ("not_reported", "▨")),
            "月度数据": (one.figures, ("not_reported", "▨")),
        }
        assert marks == {text: mark for text, (count, mark) in expected.items() if count}


def test_what_is_called_not_reported_on_whose_it_is_is_in_the_texts(shown, key):
    told = {one.organisation: one.silent for one in cached.reminders(key)}

    assert cached.not_yet_owed(key) is None
    assert {r.organisation: len(r.silent) for r in cached.by_responsible(key) if r.silent} == {
        code: silent for code, silent in told.items() if silent
    }


def test_before_the_first_return_day_of_a_list_the_panel_says_why_its_silence_is_in_no_text(shown):
    page = Page("tasks", data="live", show="remind", as_of="2025-02-05")
    after = Page("tasks", data="live", show="remind", as_of="2025-02-06")
    english = Page("tasks", data="live", show="remind", as_of="2025-02-05", lang="en")

    assert page.failures == after.failures == english.failures == []
    assert "60 条措施亮“未报送”而未催报：清单施行或措施启动后的首个报送日（2025-02-05）未过。" in page.text(
        "panel_reminders"
    )
    assert (
        "60 measures read “not reported” and are in no reminder: the first return day since the list or the "
        "measure began (2025-02-05) has not passed." in english.text("panel_reminders")
    )
    assert "未报送2024年12月进展" not in page.html("panel_reminders")
    assert "条未报送2025年1月进展" in after.html("panel_reminders")


def test_who_owes_nothing_has_no_text_and_the_list_of_the_others_stays(shown, key):
    owing = {one.organisation for one in cached.reminders(key)}
    free = next(r.organisation for r in cached.by_responsible(key) if r.organisation not in owing)
    page = Page("tasks", data="demo", show="remind", org=free)
    name = shown.catalogue.organisation(free).short_name

    assert f"{name}没有需要催报的事项。" in page.text("panel_reminders")
    assert "<pre" not in page.html("panel_reminders")
    assert page.html("panel_reminders").count("<li") == len(owing)


def test_on_the_wall_there_is_no_text_and_nothing_to_click(shown):
    page = Page("tasks", data="demo", show="remind", wall="1")

    assert "<pre" not in page.html("panel_reminders")
    assert page.links("panel_reminders") == {}


def test_all_texts_can_be_taken_away(shown, key):
    frame = reminder_panel.as_frame(key)

    assert list(frame.columns) == ["单位", "条数", "催报文字"]
    assert list(frame["催报文字"]) == [one.text for one in cached.reminders(key)]


@pytest.mark.parametrize("secure", [True, False], ids=["on this machine", "on an intranet without https"])
def test_the_text_of_a_reminder_is_copied_as_it_stands(watch: Watch, secure):  # noqa: F811
    context = watch.context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watch.open("/tasks?show=remind", context)
    if not secure:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    text = page.locator("#reminder").text_content()
    page.get_by_role("link", name="复制催报文字", exact=True).click()
    expect(page.get_by_role("link", name="已复制", exact=True)).to_be_visible()
    other = watch.open("/about", context)
    other.bring_to_front()

    assert text.splitlines()[0].endswith("函（演示数据）")
    assert other.evaluate("navigator.clipboard.readText()") == text


def printed(tab: Tab) -> Pdf:
    return Pdf(tab.pdf(prefer_css_page_size=True, print_background=True))


def squeezed(text: str) -> str:
    """As a Pdf tells it: without blanks, in the normal form of its letters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("code", ["D-CIVIL", "QZ-TS"], ids=["two measures", "the longest of the demo"])
def test_the_text_of_one_organisation_is_one_upright_sheet_and_nothing_else(watch: Watch, code):  # noqa: F811
    tab = watch.open(f"/tasks?show=remind&org={code}")
    text = tab.locator("#reminder").text_content() or ""
    pdf = printed(tab)

    assert pdf.sizes_mm == [(210, 297)]
    assert squeezed(text) in pdf.texts[0]
    assert "个单位" not in pdf.texts[0]


def test_on_paper_the_foot_of_a_text_never_stands_alone(watch: Watch):  # noqa: F811
    tab = watch.open("/tasks?show=remind&org=D-CIVIL")
    text = tab.locator("#reminder").text_content() or ""
    asked, foot = re.findall("^　　请.*", text, re.MULTILINE)[0], text[text.index("　　请于") :]
    sheets = []
    for more in range(24, 48, 3):
        longer = text.replace(asked, "　　1-1-1　又一条措施。\n" * more + asked)
        tab.evaluate("text => { document.getElementById('reminder').textContent = text }", longer)
        texts = printed(tab).texts
        sheets.append(len(texts))
        assert squeezed(asked + foot) in texts[-1]

    assert set(sheets) == {1, 2}


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_on_a_wall_who_owes_what_is_read_at_six_metres_and_nothing_is_scrolled(watch: Watch, lang):  # noqa: F811
    tab = watch.open(f"/tasks?show=remind&wall=1&lang={lang}")
    sizes = tab.locator(".asked :is(li, b)").evaluate_all("all => all.map(e => getComputedStyle(e).fontSize)")

    assert min(float(size.removesuffix("px")) for size in sizes) >= 24
    assert tab.locator(".stMain").evaluate("e => e.scrollHeight - e.clientHeight") <= 0
