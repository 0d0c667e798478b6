"""A measure's page in a real browser: what stands in the first screen and how large, and what its sheets hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pdf import Pdf
from serving import Server
from test_browser import Watch, chromium, contexts  # noqa: F401  fixtures
from test_demo_screens import demo  # noqa: F401  fixture
from test_paper import wrong_on_paper

ADDRESS = "/tasks?measure=6-18-3"
# What must be read at six metres: sentence, light with its reason, done and plan, days left, expected day, evidence.
LARGE = ".promise .sentence, .mfact .value, .mfact .value em, .mfact .line"
SIX_METRES = 24  # px of a layout for 1920 × 1080, which is scaled to the screen
SIZES = "all => all.map(e => [e.innerText, parseFloat(getComputedStyle(e).fontSize)])"


@pytest.fixture
def watch(chromium: Browser, demo: Server, contexts: dict[Any, BrowserContext]) -> Iterator[Watch]:  # noqa: F811
    found = Watch(chromium, demo, contexts)
    yield found
    found.close()
    assert found.trouble == []


def opened(watch: Watch, size: tuple[int, int]) -> Page:
    page = watch.open(ADDRESS, watch.context(size))
    expect(page.locator("table.parts tbody tr")).to_have_count(13)
    expect(page.locator(".st-key-panel_course [_echarts_instance_] svg")).to_be_visible()
    return page


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (1366, 768)])
def test_the_first_screen_holds_everything_and_what_matters_is_large_enough_for_six_metres(watch, size):
    page = opened(watch, size)
    told = page.locator(LARGE).evaluate_all(SIZES)
    small = [(text, px) for text, px in told if px < SIX_METRES]
    last = page.locator("table.parts tbody tr").last.bounding_box()
    chart = page.locator(".st-key-panel_course [_echarts_instance_] svg").bounding_box()

    assert len(told) >= 10
    assert small == []
    assert last is not None
    assert chart is not None
    assert max(box["y"] + box["height"] for box in (last, chart)) <= size[1]


def test_who_unfolds_the_words_of_the_others_sees_the_first_of_them(watch):
    page = opened(watch, (1920, 1080))
    others = page.locator(".spoken > details")
    expect(others.locator("article").first).not_to_be_in_viewport()
    others.locator("summary").click()

    expect(others.locator("article").first).to_be_in_viewport(ratio=0.9)


def test_a_measure_stands_upright_on_paper_with_all_who_answer_for_it_on_the_first_sheet(watch):
    page = opened(watch, (1920, 1080))
    pdf = Pdf(page.pdf(format="A4", prefer_css_page_size=True, print_background=True))
    first = pdf.texts[0]

    assert set(pdf.sizes_mm) == {(210, 297)}
    for words in ("6-18-3", "全市暖“新”驿站达到700个以上", "预计完成", "佐证", "计划与实际", "各责任单位"):
        assert words in first
    names = page.locator("table.parts tbody th").all_inner_texts()
    assert [name for name in names if name not in first] == []
    assert "单位原话" in "".join(pdf.texts)
    assert wrong_on_paper(page, "measure") == []
