"""/points and /points?point=: what a head reads of the points, on a store into which a handful was told.

On 15 December 2025, 5-12-2 stands as in measured.py: 石狮 is done, eight units and 泉港, which gave no day, are on track,
丰泽 is behind, 洛江 far behind, 台商区 has never reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from conftest import Clock
from dashboard.config import settings
from dashboard.knowledge import AsOf
from dashboard.periods import parse
from dashboard.readouts.points import PointReadout, Solved, Visit, open_through, point_list, visited
from dashboard.startup import Stores, prepare
from dashboard.store import SYSTEM, Draft, FactDraft, Store, accept, receive
from dashboard.ui import points_table
from measured import DAY, DONE, MEASURE, NEVER, TWICE, tell_all
from ui_fixtures import Page, installed

SILENT = PointReadout("S", "没有走访过", "350524", "", False, "", (), None, None, ())
# The colour and the shape of the point whose page it is.
ON_MAP = r'aria-current="true"><i style="color:var\(--(\w+)\)">(.)</i>'
ON = {"as_of": DAY.isoformat(), "data": "live"}
JINJIANG, ANXI = "350582", "350524"
NOT_IN_LIST, OF_DEPARTMENTS, STANDING = "9-9-9", "2-4-2", "2-5-3"


def told(kind: str, **values: Any) -> FactDraft:
    usual: dict[str, Any] = {
        "point": {
            "town": "",
            "national": False,
            "tests": "试一试",
            "measures": [],
            "lon": 118.5,
            "lat": 24.8,
        },
        "point_visit": {"found": None, "solved": None, "adopted": "", "words": ""},
    }[kind]
    return FactDraft(kind, usual | values)


def hand_in(store: Store, cizao: str) -> None:
    """Seven points: one of the 中央社会工作部, one behind, one ahead, one silent, never visited and nowhere, three bare."""
    facts = [
        told("point", point="A1", name="磁灶镇", unit=JINJIANG, town=cizao, national=True, tests="清单怎样用",
             measures=[MEASURE, OF_DEPARTMENTS, STANDING, NOT_IN_LIST]),
        told("point", point="B1", name="联系点一", unit=TWICE, measures=[MEASURE]),
        told("point", point="B2", name="联系点二", unit=DONE, measures=[MEASURE]),
        told("point", point="B3", name="联系点三", unit=NEVER, measures=[MEASURE], lon=None, lat=None),
        told("point", point="B4", name="联系点四", unit=ANXI),
        told("point", point="B5", name="联系点五", unit=ANXI),
        told("point", point="B6", name="联系点六", unit=ANXI),
        told("point_visit", point="A1", visited_on=date(2025, 9, 1), found=4, solved=1, adopted="推广到全县", words="看台账。"),
        told("point_visit", point="A1", visited_on=date(2025, 11, 1), found=5, words="没有数解决的。"),
        told("point_visit", point="A1", visited_on=date(2025, 12, 1), found=2, solved=1, words="回访。"),
        told("point_visit", point="B1", visited_on=date(2025, 10, 15), found=3),
        told("point_visit", point="B2", visited_on=date(2025, 10, 16), found=1, solved=2),
        told("point_visit", point="B4", visited_on=DAY, words="只记了话。"),
        told("point_visit", point="B5", visited_on=date(2025, 12, 14), found=0, solved=0, adopted="写入县级办法"),
        told("point_visit", point="B6", visited_on=date(2025, 11, 20), found=5, solved=2),
        told("point_visit", point="B6", visited_on=date(2025, 12, 2), solved=3),
        told("point_visit", point="B6", visited_on=date(2025, 12, 10), found=4, solved=1),
    ]  # fmt: skip
    draft = Draft("points", "D-SWB", "联系点.xlsx", b"points", facts, parse("2025-12-15"))
    accept(store, SYSTEM, receive(store, SYSTEM, draft))


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    home = tmp_path_factory.mktemp("point_page")
    made = prepare(settings({"DASHBOARD_HOME": str(home), "DASHBOARD_DEMO": "off"}), Clock(DAY))
    tell_all(made["live"], [u.code for u in made.catalogue.units])
    hand_in(made["live"], next(o.code for o in made.catalogue.organisations if o.name == "磁灶镇"))
    made["live"].engine.dispose()
    with installed(home) as stores:
        yield stores


def page(point: str = "", **asked: str) -> Page:
    found = Page("points", **({"point": point} if point else {}), **(ON | asked))
    assert found.failures == []
    return found


def fact(found: Page, name: str) -> list[str]:
    """What stands under the name of one of the four figures, line by line."""
    block = re.search(rf'<section class="panel fact"><h3>{name}</h3>(.*?)</section>', found.html(), re.DOTALL)
    assert block, name
    return [text for line in block[1].split("</p>") if (text := re.sub(r"<[^>]+>", "", line).strip())]


def card(found: Page, point: str) -> str:
    html = found.html("panel_point_cards").split(f'data-point="{point}"')[1].split("</a>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", html.split(">", 1)[1]).split())


# --- readouts ---------------------------------------------------------------------------------------


def test_what_share_was_solved_is_asked_of_the_whole_record_of_a_point(product):
    every = {p.point: p for p in point_list(product["live"].engine, AsOf(DAY))}
    own, whole = {code: p.balance for code, p in every.items()}, visited(tuple(every.values()), DAY)

    # One visit tells only what it found: two of eleven are solved at least, nine are open at most.
    assert own["A1"] == Solved(found=11, solved=2, told=2, of=3, at_least=True)
    assert (own["A1"].open, own["A1"].share) == (9, 2 / 11)
    assert own["B1"] is None
    assert own["B3"] is None
    # More solved than found; and a visit that tells only what it solved: what was found is not known.
    for code in ("B2", "B6"):
        assert own[code] is not None
        assert (own[code].known, own[code].share, own[code].open) == (False, None, None)
    assert own["B5"] == Solved(found=0, solved=0, told=1, of=1)
    assert own["B5"].share is None
    # A1 and B5, of the five at which anything was counted; what the others found is in the sum of what was found.
    assert whole.balance == Solved(found=11, solved=2, told=2, of=5, at_least=True)
    assert (whole.found, whole.unlocated, whole.points) == (24, 1, 7)


def test_more_solved_than_found_on_any_day_leaves_the_share_unknown_for_good():
    """That later visits found enough does not say what the earlier ones solved."""
    early = [
        Visit(date(2025, month, 1), found, solved, "", "") for month, found, solved in ((1, 1, 3), (2, 9, 2))
    ]
    point = replace(SILENT, visits=tuple(reversed(early)))

    assert point.balance == Solved(found=10, solved=5, told=2, of=2, known=False)
    assert [left for _, left in open_through(early)] == [None, None]
    assert visited((point,), DAY).balance is None


def test_how_many_are_open_is_not_known_from_a_visit_on_that_tells_only_one_of_the_two(product):
    every = {p.point: p for p in point_list(product["live"].engine, AsOf(DAY))}

    assert [(v.on.month, left) for v, left in open_through(every["A1"].visits)] == [
        (9, 3),
        (11, None),
        (12, None),
    ]
    assert [left for _, left in open_through(every["B2"].visits)] == [None]
    assert [left for _, left in open_through(every["B6"].visits)] == [3, None, None]
    assert every["A1"].every_days == 45.5  # 91 days between the first and the third
    assert every["B1"].every_days is None


def test_a_visit_that_counts_nothing_leaves_the_share_of_the_others_and_what_is_open_after_them():
    visits = [
        Visit(date(2025, 1, 1), 4, 1, "", ""),
        Visit(date(2025, 2, 1), None, None, "", "只记了话。"),
        Visit(date(2025, 3, 1), 2, 3, "", ""),
    ]

    assert replace(SILENT, visits=tuple(visits)).balance == Solved(found=6, solved=4, told=2, of=3)
    assert [left for _, left in open_through(visits)] == [3, None, 2]


# --- all of them ------------------------------------------------------------------------------------


def test_the_four_figures_name_who_was_not_visited_and_on_how_many_visits_a_share_rests(product):
    found = page()

    assert fact(found, "观察联系点") == [
        "7个",
        "在 5 个填报单位 · 公开数 12 个",  # what was published, where the roster holds another number
        "★ 中央社会工作部观察联系点 1 个",
    ]
    # 联系点三 has no visit: nobody knows since when, and it is not one of those that are long ago.
    assert fact(found, "超过 60 天没有走访") == ["1个", "▲ 联系点一（61 天）", "■ 1 个还没有走访记录"]
    assert fact(found, "走访发现的问题") == [
        "24个",
        "已解决 2+/11 个，18%+",
        "解决率按 2/5 个联系点，其余未记全",
    ]
    assert fact(found, "被推广") == ["2次", "来自 2 个联系点 · 最近 2025-12-14", "联系点五：写入县级办法"]


def test_before_the_first_visit_no_point_counts_as_long_not_visited(product):
    """On 1 September 2025 磁灶镇 was visited, and no other point ever: that is no sixty days of silence."""
    every = point_list(product["live"].engine, AsOf(DAY))
    first = tuple(replace(p, visits=p.visits[-1:] if p.point == "A1" else ()) for p in every)
    none = visited(tuple(replace(p, visits=()) for p in every), date(2025, 9, 1))
    one = visited(first, date(2025, 9, 1))

    assert (one.points, one.long_ago, len(one.unvisited)) == (7, (), 6)
    assert (none.long_ago, len(none.unvisited)) == ((), 7)
    assert [p.point for p in visited(first, DAY).long_ago] == ["A1"]


def test_a_card_says_how_the_measures_stand_and_what_came_of_the_visits(product):
    found = page()

    assert card(found, "A1") == (
        "★ 磁灶镇 中央社会工作部 晋江 清单怎样用 ● 1 ∞ 1 可比 1 条，都不差 ● 14 天前走访 2025-12-01 解决 2+/11 推广 1 次"
    )
    assert (
        card(found, "B1")
        == "1 联系点一 洛江 试一试 ▼ 1 － 1 条差于其余 ▲ 61 天前走访 2025-10-15 发现 3，解决未记"
    )
    assert (
        card(found, "B2")
        == "2 联系点二 石狮 试一试 ✔ 1 可比 1 条，都不差 ● 60 天前走访 2025-10-16 解决多于发现，请核对"
    )
    assert card(found, "B3") == "3 联系点三 台商区 试一试 ▨ 1 1 条都不可比 ■ 还没有走访记录 未记录"
    assert card(found, "B4") == "4 联系点四 安溪 试一试 没有先行先试的措施 ● 今天走访 2025-12-15 未记录"
    assert card(found, "B5") == (
        "5 联系点五 安溪 试一试 没有先行先试的措施 ● 1 天前走访 2025-12-14 解决 0/0 推广 1 次"
    )


def test_a_point_without_coordinates_is_counted_and_named_beside_the_map(product):
    found = page()
    drawn = {d["code"] for la in found.deck()["layers"] if la.get("pickable") for d in la["data"]}

    assert drawn == {"A1", "B1", "B2", "B4", "B5", "B6"}
    assert found.text("panel_points").startswith(
        "联系点在哪里 地图 表格 t 无坐标 1：联系点三 ● 60 天内走访 5 ▲ 超过 60 天 1 ■ 还没有走访记录 1"
    )


def test_every_card_leads_to_the_page_of_its_point(product):
    hrefs = re.findall(r'data-point="(\w+)" href="([^"]+)"', page().html("panel_point_cards"))

    assert hrefs == [
        (code, f"./points?point={code}&amp;as_of={DAY}&amp;data=live")
        for code in ("A1", "B1", "B2", "B3", "B4", "B5", "B6")
    ]


# --- one of them ------------------------------------------------------------------------------------


def test_the_head_says_in_words_whose_point_it_is_where_and_what_it_tests(product):
    found = page("A1")

    assert found.titles()[1] == "磁灶镇"
    assert (
        "★ 磁灶镇 中央社会工作部观察联系点 联系点一 › ‹ 全部联系点 试什么 清单怎样用 晋江市 · 磁灶镇"
        in found.text()
    )
    assert "中央社会工作部" not in page("B1").text()


def test_the_neighbours_and_the_way_back_keep_the_day(product):
    links = page("B1").links()

    assert links["‹ 磁灶镇"] == f"./points?point=A1&as_of={DAY}&data=live"
    assert links["联系点二 ›"] == f"./points?point=B2&as_of={DAY}&data=live"
    assert links["‹ 全部联系点"] == f"./points?as_of={DAY}&data=live"
    assert 'rel="prev"' not in page("A1").html()
    assert 'rel="next"' not in page("B6").html()


def test_four_figures_of_one_point(product):
    found = page("A1")

    assert fact(found, "最近走访") == ["14天前", "2025-12-01 · 截至 2025-12-15", "在 60 天内"]
    assert fact(found, "走访次数") == ["3次", "2025-09-01 至 2025-12-01", "平均 46 天一次"]
    assert fact(found, "发现的问题") == ["11个", "已解决 2+ 个，18%+", "未解决至多 9 个 · 2/3 次记全"]
    assert fact(found, "被推广") == ["1次", "最近：推广到全县", "2025-09-01"]


def test_what_no_visit_says_is_not_nought(product):
    assert fact(page("B1"), "发现的问题") == ["3个", "没有走访记下解决几个"]
    assert fact(page("B1"), "最近走访") == ["61天前", "2025-10-15 · 截至 2025-12-15", "▲ 超过 60 天"]
    assert fact(page("B2"), "发现的问题") == ["1个", "已解决 2 个", "解决多于发现，请核对"]
    assert fact(page("B6"), "发现的问题") == ["9个", "已解决 6 个", "1 次走访没写发现几个"]
    assert fact(page("B4"), "发现的问题") == ["未记录", "没有走访记下发现几个"]
    assert fact(page("B4"), "最近走访") == ["今天", "2025-12-15 · 截至 2025-12-15", "在 60 天内"]
    assert fact(page("B4"), "被推广") == ["暂无", "还没有走访记下推广"]
    assert fact(page("B5"), "发现的问题") == ["0个", "已解决 0 个", "未解决 0 个"]


def test_a_point_that_was_never_visited_says_so_and_has_no_chart(product):
    found = page("B3")

    assert fact(found, "最近走访") == ["未记录", "■ 还没有走访记录"]
    assert fact(found, "走访次数") == ["没有"]
    assert found.at.get("echarts_chart") == []
    assert "历次走访的问题 ▨ 还没有走访记录。" in found.text()
    assert "走访没有记下发现和解决几个。" in page("B4").text()


def test_a_measure_shows_the_light_of_the_unit_beside_those_of_the_others(product):
    """晋江 has 50 %: in the middle of the others, of which one is done and two are late."""
    head, *rows = page("A1").rows("panel_pilots")

    assert head == ["措施", "试点单位 晋江", "其余责任单位", "与其余相比"]
    assert rows[0][0].startswith("5-12-2 对基层报表按取消、整合、优化三类逐一处理")
    assert rows[0][1:] == [
        "● 正常 50% 时序 42%，进度 50%",
        "▼ 1 ▲ 1 ▨ 1 ● 8 ✔ 1 中位 50%（11/12）",
        "＝ 与多数相当 进度相同",
    ]
    assert rows[1][1:2] + rows[1][3:] == ["— 不涉及", "试点单位不涉及"]
    assert rows[2][1].startswith("∞ 长期坚持")
    assert rows[2][2:] == ["∞ 12 12 个单位", "长期坚持，不比"]
    assert rows[3] == ["9-9-9", "这一天的清单里没有这条"]
    assert (
        page("A1")
        .text("panel_pilots")
        .startswith("先行先试的措施 试点单位 1 条里 1 条不比其余单位差，另 3 条不可比")
    )


@pytest.mark.parametrize(
    ("point", "summary", "cells"),
    [
        ("B1", "试点单位 1 条里 0 条不比其余单位差", ["▲ 1 ▨ 1 ● 9 ✔ 1 中位 50%（11/12）", "－ 差于多数 -40 个百分点"]),
        ("B2", "试点单位 1 条里 1 条不比其余单位差", ["▼ 1 ▲ 1 ▨ 1 ● 9 中位 50%（11/12）", "＋ 好于多数 +50 个百分点"]),
        ("B3", "1 条，都不可比", ["▼ 1 ▲ 1 ● 9 ✔ 1 中位 50%（12/12）", "未报送，不比"]),
    ],
)  # fmt: skip
def test_a_pilot_is_behind_ahead_or_not_compared(product, point, summary, cells):
    found = page(point)

    assert found.rows("panel_pilots")[1][2:] == cells
    assert found.text("panel_pilots").startswith(f"先行先试的措施 {summary}")


def test_a_measure_leads_to_its_own_page_and_the_rule_stands_below(product):
    found = page("A1")

    assert found.links("panel_pilots")["5-12-2"] == f"./tasks?measure=5-12-2&as_of={DAY}&data=live"
    assert found.text("panel_pilots").endswith(
        "亮灯好于半数以上的其余责任单位为好于多数，差于半数以上为差于多数，都不是为相当；不涉及、未报送、未启动、长期坚持的不比。"
    )
    assert page("B4").text("panel_pilots") == "先行先试的措施 名册没有写 名册没有写它先行先试哪些措施。"


def test_visits_stand_newest_first_in_their_own_words_and_as_bars_and_line(product):
    found = page("A1")
    series = {s["name"]: s["data"] for s in found.chart(0)["series"]}

    assert found.rows("panel_visits")[1:] == [
        ["2025-12-01", "2", "1", "", "回访。"],
        ["2025-11-01", "5", "—", "", "没有数解决的。"],
        ["2025-09-01", "4", "1", "推广到全县", "看台账。"],
    ]
    assert series == {"open": [3, None, None], "found": [4, 5, 2], "solved": [1, None, 1]}
    assert "累计未解决（2/3 次记全）" in found.text()
    assert found.text("panel_adopted") == "别处采用了什么 推广到全县 2025-09-01"


def test_the_small_map_shows_where_it_lies_and_the_others_as_links(product):
    html = page("A1").html("panel_where")

    assert sorted(re.findall(r"point=(\w+)&amp;", html)) == ["A1", "B1", "B2", "B4", "B5", "B6"]
    assert re.findall(ON_MAP, html) == [("on_track", "●")]
    late = page("B1").html(
        "panel_where"
    )  # nobody was there for 61 days: the shape and colour of that, as on its card
    assert re.findall(ON_MAP, late) == [("behind", "▲")]
    assert "● 60 天内走访 5 ▲ 超过 60 天 1 ■ 还没有走访记录 1" in page("B1").text("panel_where")
    assert "轮廓依据天地图简化，2024年，审图号 GS(2024)0650号 · 统计口径不含金门县" in html
    assert "联系点名册和走访记录 · 截至 2025-12-15 · 轮廓依据" in html
    assert "无坐标 1：联系点三" in page("A1").text("panel_where")
    nowhere = page("B3")
    assert nowhere.text("panel_where").startswith("在哪里 名册没有坐标，图上只标所在区县")
    assert 'aria-current="true"' not in nowhere.html("panel_where")


def test_a_point_that_there_is_not_is_a_sentence_with_a_way_back(product):
    found = page("X9")

    assert "point=X9：在这一天没有这个联系点。" in found.text()
    assert found.links()["去掉这些参数，打开这一页"] == f"./points?as_of={DAY}&data=live"


def test_the_age_of_the_page_of_a_point_is_that_of_its_own_last_visit(product):
    assert "最旧数据 14 天前 磁灶镇 走访" in page("A1").text("header")
    assert "最旧数据 61 天前 联系点一 走访" in page().text("header")
    assert "最旧数据" not in page("B3").text("header")


def test_published_figures_that_stand_in_for_ledgers_have_an_age_too(product):
    """Before the first point of the store the page shows what was published, which is of January 2025."""
    before = {"as_of": "2025-12-14"}

    assert "最旧数据 317 天前" in page(**before).text("header")  # 31 January 2025
    stations = Page("stations", **(ON | before))
    assert "最旧数据" in stations.text("header")
    assert "截至 2025-12-14 · 轮廓依据" in stations.text("panel_stations")


# --- to be taken away -------------------------------------------------------------------------------


def table(point: str = "") -> Any:
    view, key = page(point).at.session_state["here"]
    return points_table.as_frame(view, key)


def test_the_table_holds_the_comparison_of_every_pilot(product):
    found = table()
    counted = found["栏目"].value_counts().to_dict()
    pilots = found[found["栏目"] == "先行先试"].set_index(["编号", "序号"])

    assert counted == {"联系点": 7, "先行先试": 7, "走访": 10}
    behind = pilots.loc[("B1", MEASURE)]
    assert (
        behind["亮灯"],
        behind["完成比例"],
        behind["其余单位数"],
        behind["其余已报进度"],
        behind["其余中位"],
    ) == (
        "严重滞后",
        10.0,
        12,
        11,
        50.0,
    )
    assert behind["其余亮灯"] == "滞后 1；未报送 1；正常 9；已完成 1"
    assert list(pilots["与其余相比"]) == [
        "与多数相当",
        "试点单位不涉及",
        "长期坚持，不比",
        "这一天的清单里没有这条",
        "差于多数",
        "好于多数",
        "未报送，不比",
    ]


def test_the_table_of_one_point_holds_that_point_alone_with_what_is_open_after_each_visit(product):
    found = table("A1")
    visits = found[found["栏目"] == "走访"]

    assert set(found["编号"]) == {"A1"}
    assert list(visits["走访日"]) == [date(2025, 12, 1), date(2025, 11, 1), date(2025, 9, 1)]
    assert [None if v != v else v for v in visits["累计未解决"]] == [None, None, 3]
    assert list(found["走访状态"].dropna()) == ["60 天内走访"]
    assert list(table("B3")["走访状态"].dropna()) == ["还没有走访记录"]
