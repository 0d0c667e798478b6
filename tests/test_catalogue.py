"""The shipped catalogue, entry by entry, and what the reader of catalogue files accepts and refuses."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path

import opencc
import pytest

from dashboard.catalogue import (
    DOMAINS,
    KINDS,
    LIGHTS,
    UNITS_OF_MEASURE,
    CatalogueError,
    Indicator,
    Meeting,
    load,
)
from dashboard.config import DATA


def published_rows() -> list[dict[str, str]]:
    path = DATA / "published" / "published_figures.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# --- indicators -------------------------------------------------------------------------------------


def test_every_indicator_keeps_the_rules_printed_at_the_head_of_its_file(catalogue):
    departments = {o.code for o in catalogue.organisations if o.level == "department"}
    for i in catalogue.indicators.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*_(count|visits|hours|pct|wan_yuan)|volunteer_hours", i.indicator)
        assert i.domain in DOMAINS
        assert i.kind in KINDS
        assert i.measured_in in UNITS_OF_MEASURE
        assert i.definition.endswith("。"), i.indicator
        assert len(i.definition) > 20, i.indicator
        assert " " not in i.title + i.definition + i.note, i.indicator
        assert i.title_en[0].isupper(), i.indicator
        assert not re.search(r"[\u4e00-\u9fff]", i.title_en), i.indicator
        assert i.decimals in (0, 1), i.indicator
        assert (i.return_day is None) == (i.cadence == "once"), i.indicator
        assert (i.expected_reporters == "published") == (i.cadence == "once"), i.indicator
        assert 0 < i.coverage_line <= 1, i.indicator
        assert i.owner in departments, i.indicator
        assert len(i.short_title) <= 7 or i.short_title == i.title, i.indicator
        assert len(i.short_title) <= 10, i.indicator


def test_the_unit_of_measure_stands_in_the_name_of_the_indicator(catalogue):
    words = {"人次": "visits", "小时": "hours", "%": "pct", "万元": "wan_yuan"}
    for i in catalogue.indicators.values():
        assert i.indicator.endswith(words.get(i.measured_in, "count")), i.indicator
        assert (i.kind == "published_ratio") == (i.measured_in == "%"), i.indicator


def test_titles_are_told_apart(catalogue):
    indicators = list(catalogue.indicators.values())

    for name in ("title", "title_en", "short_title", "definition"):
        said = Counter(getattr(i, name) for i in indicators)
        assert [text for text, times in said.items() if times > 1] == []


def test_a_rate_per_ten_thousand_is_taken_of_stocks_the_units_hand_in(catalogue):
    for i in catalogue.indicators.values():
        if i.per_10k:
            assert (i.kind, i.expected_reporters) == ("stock", "units"), i.indicator


def test_a_part_and_its_whole_are_measured_in_the_same_word(catalogue):
    for i in catalogue.indicators.values():
        for whole in filter(None, (i.part_of, i.share_of)):
            assert catalogue.indicators[whole].measured_in == i.measured_in
            assert catalogue.indicators[whole].kind == i.kind == "stock"
            assert whole != i.indicator


def test_eight_cards_stand_on_the_overview_in_their_order(catalogue):
    assert [i.overview_rank for i in catalogue.overview] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [i.short_title for i in catalogue.overview] == [
        "暖“新”驿站",
        "关心关爱活动",
        "议事日小区",
        "邻里公约小区",
        "实名注册志愿者",
        "近邻服务队",
        "持证社会工作者",
        "社工机构",
    ]


def test_burden_is_measured_by_figures_that_should_fall(catalogue):
    burden = [i for i in catalogue.indicators.values() if i.domain == "减负"]

    assert len(burden) >= 8
    assert {i.direction for i in burden} == {"down"}
    assert {i.direction for i in catalogue.indicators.values() if i.domain != "减负"} == {"up", "none"}


def test_every_published_indicator_is_in_the_catalogue_with_the_same_title_unit_and_kind(catalogue):
    printed = {(r["indicator"], r["indicator_name"], r["measured_in"], r["kind"]) for r in published_rows()}
    known = {(i.indicator, i.title, i.measured_in, i.kind) for i in catalogue.indicators.values()}

    assert len(printed) == 35
    assert printed - known == set()


def test_every_indicator_is_used_or_says_why_not(catalogue):
    indicators = catalogue.indicators.values()
    used = {r["indicator"] for r in published_rows()}
    used |= {i.indicator for i in catalogue.overview}
    used |= {m.evidence_indicator for m in catalogue.measures}
    used |= {i.part_of for i in indicators} | {i.share_of for i in indicators}
    if any(i.per_10k for i in indicators):
        used.add("resident_population_count")

    assert [i.indicator for i in indicators if i.indicator not in used and not i.unused_because] == []
    assert [i.indicator for i in indicators if i.indicator in used and i.unused_because] == []


# --- organisations ----------------------------------------------------------------------------------


def test_thirteen_units_report_in_official_order(catalogue):
    assert [u.short_name for u in catalogue.units] == (
        "鲤城 丰泽 洛江 泉港 石狮 晋江 南安 惠安 安溪 永春 德化 开发区 台商区".split()
    )
    assert [u.sort_order for u in catalogue.units] == list(range(1, 14))
    assert [u.level for u in catalogue.units] == ["county"] * 11 + ["zone"] * 2


def test_the_zones_have_no_invented_code_and_lie_inside_their_counties(catalogue):
    assert {u.code: u.within_code for u in catalogue.units if u.level == "zone"} == {
        "QZ-KF": "350502",
        "QZ-TS": "350521",
    }
    assert {u.within_code for u in catalogue.units if u.level == "county"} == {""}


def test_every_code_is_borne_by_one_organisation(catalogue):
    codes = Counter(o.code for o in catalogue.organisations)

    assert [code for code, times in codes.items() if times > 1] == []
    assert Counter(o.level for o in catalogue.organisations) == {
        "city": 1,
        "county": 12,
        "zone": 2,
        "town": 174,
        "department": 20,
    }


def test_every_organisation_has_a_parent_that_exists_and_a_name(catalogue):
    codes = {o.code for o in catalogue.organisations}
    for o in catalogue.organisations:
        assert o.name, o.code
        assert o.short_name, o.code
        assert (o.parent_code == "") == (o.level == "city"), o.code
        assert o.parent_code in codes | {""}, o.code
        assert (o.tile_row is not None) == o.reporting, o.code


def test_every_tile_of_the_grid_is_taken_once(catalogue):
    tiles = Counter((u.tile_row, u.tile_col) for u in catalogue.units)

    assert set(tiles.values()) == {1}


def test_every_department_leads_answers_or_owns_or_says_why_it_is_here(catalogue):
    used = {a.organisation for a in catalogue.assignments}
    used |= {i.owner for i in catalogue.indicators.values() if i.owner != "D-STAT"}
    departments = [o for o in catalogue.organisations if o.level == "department"]

    assert [o.code for o in departments if o.code not in used and not o.note] == []
    assert [o.code for o in departments if o.code not in used] == ["D-STAT"]


def test_every_unit_answers_for_a_measure(catalogue):
    responsible = {a.organisation for a in catalogue.assignments if a.role == "responsible"}

    assert [u.code for u in catalogue.units if u.code not in responsible] == []


def test_an_organisation_is_found_by_its_code_and_an_unknown_code_is_a_key_error(catalogue):
    assert catalogue.organisation("350582").name == "晋江市"
    with pytest.raises(KeyError):
        catalogue.organisation("999999")


# --- the list ---------------------------------------------------------------------------------------


def test_the_first_list_is_illustrative_and_counts_sixty_twenty_and_seven(catalogue):
    (version,) = catalogue.lists

    assert (version.measures, version.projects, version.aspects) == (60, 20, 7)
    assert version.official is False
    assert "示例" in version.title
    assert "非官方清单" in version.title
    assert (version.counts_published_on, version.counts_source_grade) == (date(2025, 1, 13), "B")


def test_projects_are_counted_through_and_measures_within_their_project(catalogue):
    numbers = [tuple(map(int, m.number.split("-"))) for m in catalogue.measures]

    assert numbers == sorted(numbers)
    assert [n[1] for n in numbers] == [project for project in range(1, 21) for _ in range(3)]
    assert [n[2] for n in numbers] == [1, 2, 3] * 20
    assert sorted({n[0] for n in numbers}) == [1, 2, 3, 4, 5, 6, 7]


def test_each_project_belongs_to_one_aspect_and_each_aspect_to_one_direction(catalogue):
    projects = {(m.project_no, m.project, m.aspect_no) for m in catalogue.measures}
    aspects = {(m.aspect_no, m.aspect, m.direction) for m in catalogue.measures}

    assert len(projects) == 20
    assert len({name for _, name, _ in projects}) == 20
    assert len(aspects) == 7
    assert len({name for _, name, _ in aspects}) == 7
    assert {direction for *_, direction in aspects} == {"聚力", "壮马", "轻车", "畅路"}


def test_nine_measures_stand_for_good_and_the_others_fall_due(catalogue):
    assert sum(m.standing for m in catalogue.measures) == 9
    for m in catalogue.measures:
        assert (m.due is None) == m.standing, m.number
        assert date(2025, 1, 10) <= m.start <= (m.due or date.max), m.number


def test_every_measure_is_a_sentence_of_its_own(catalogue):
    texts = Counter(m.text for m in catalogue.measures)

    assert set(texts.values()) == {1}
    assert [m.number for m in catalogue.measures if not m.text.endswith("。")] == []
    assert [
        m.number for m in catalogue.measures if not m.standing and not m.target and m.scope == "county"
    ] == []


def test_measures_of_the_city_and_of_the_counties_are_both_many(catalogue):
    assert Counter(m.scope for m in catalogue.measures) == {"county": 38, "city": 22}


def test_evidence_is_an_indicator_somebody_hands_in(catalogue):
    evidence = [
        catalogue.indicators[m.evidence_indicator] for m in catalogue.measures if m.evidence_indicator
    ]

    assert len(evidence) >= 12
    assert {i.expected_reporters for i in evidence} == {"units"}


def test_every_measure_has_one_leading_department_and_somebody_responsible(catalogue):
    departments = {o.code for o in catalogue.organisations if o.level == "department"}
    units = {u.code for u in catalogue.units}
    for m in catalogue.measures:
        own = [a for a in catalogue.assignments if a.measure == m.number]
        leads = [a.organisation for a in own if a.role == "lead"]
        responsible = {a.organisation for a in own if a.role == "responsible"}
        assert len(leads) == 1, m.number
        assert leads[0] in departments, m.number
        assert responsible, m.number
        assert responsible <= (units if m.scope == "county" else departments), m.number


def test_some_measures_are_the_duty_of_a_part_of_the_units_and_say_why(catalogue):
    counted = Counter(a.measure for a in catalogue.assignments if a.role == "responsible")
    partial = {m.number for m in catalogue.measures if m.scope == "county" and counted[m.number] < 13}

    assert partial == {"1-2-1", "1-2-2", "1-3-2", "2-4-1", "3-8-2", "5-13-1", "6-15-2", "7-19-1"}
    assert [m.number for m in catalogue.measures if m.number in partial and not m.note] == []


def test_some_duties_have_a_due_date_of_their_own_after_the_start_of_the_measure(catalogue):
    measures = {m.number: m for m in catalogue.measures}
    own = [a for a in catalogue.assignments if a.due]

    assert len(own) == 10
    for a in own:
        assert a.due != measures[a.measure].due, a
        assert a.due >= measures[a.measure].start, a
        assert not measures[a.measure].standing, a


# --- meetings, lights, words ------------------------------------------------------------------------


def test_the_two_meetings_are_there_in_order(catalogue):
    assert [(m.held_on, m.title, m.level) for m in catalogue.meetings] == [
        (date(2024, 11, 5), "中央社会工作会议", "中央"),
        (date(2025, 1, 10), "泉州首次市委社会工作会议", "市"),
    ]


def test_the_first_rule_of_lights_holds_from_the_beginning_with_ten_and_thirty(catalogue):
    (rule,) = catalogue.light_rules

    assert (rule.version, rule.valid_from, rule.behind_pct, rule.far_behind_pct) == ("v1", None, 10, 30)
    assert [light.light for light in rule.lights] == list(LIGHTS)
    assert [light.name for light in rule.lights] == (
        "不涉及 已完成 长期坚持 未启动 逾期 未报送 严重滞后 滞后 正常".split()
    )
    assert [light.light for light in rule.lights if not light.rule.endswith("。")] == []


def test_the_sentences_of_the_lights_print_the_numbers_they_are_computed_with(catalogue):
    for rule in catalogue.light_rules:
        said = {light.light: light.rule for light in rule.lights}
        assert f"{rule.far_behind_pct:g}" in said["far_behind"]
        assert f"{rule.behind_pct:g}至{rule.far_behind_pct:g}" in said["behind"]
        assert f"{rule.behind_pct:g}" in said["on_track"]


def test_the_glossary_explains_the_words_of_the_product_and_of_the_field(catalogue):
    words = {t.term: t for t in catalogue.glossary}
    for word in "单位 填报单位 指标 读数 口径词 数据期 获知日 截至日 清单版本 措施 责任 进展 亮灯".split():
        assert words[word].kind == "model"
    for word in "四微联动 议事日 五社联动 三区联创 两企三新 新业态党建共同体".split():
        assert words[word].kind == "field"
    assert [t.term for t in catalogue.glossary if not t.meaning.endswith("。")] == []


# --- the overlay ------------------------------------------------------------------------------------


def own(folder: Path) -> str:
    """How a refusal says whose file it is."""
    return f"自有目录文件 {folder}/"


def overlay(folder: Path, name: str, content: str | bytes) -> Path:
    """A folder of an installation's own files, holding this one."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


MEASURES = (
    "list,number,direction,aspect,project,text,target,start,due,standing,scope,evidence_indicator,note\n"
)
ASSIGNMENTS = "list,measure,organisation,role,due\n"
TOWNS = "code,name,level,parent_code,reporting_unit,is_town_or_street\n"
DEPARTMENTS = "code,name,short_name,name_en,level,parent_code,sort_order,note\n"
UNITS = "code,name,short_name,level,parent_code,reporting,sort_order\n"


def test_a_missing_or_empty_overlay_changes_nothing(catalogue, tmp_path):
    assert load(DATA, tmp_path / "nowhere") == catalogue
    assert load(DATA, tmp_path) == catalogue


def test_an_overlay_changes_a_single_field_and_leaves_the_others(catalogue, tmp_path):
    own = load(DATA, overlay(tmp_path / "o", "indicators.yaml", "stations_count: {decimals: 1}\n"))
    shipped = catalogue.indicators["stations_count"]

    assert own.indicators["stations_count"].decimals == 1
    for field in fields(Indicator):
        if field.name != "decimals":
            assert getattr(own.indicators["stations_count"], field.name) == getattr(shipped, field.name)
    assert list(own.indicators) == list(catalogue.indicators)


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        (9, "应在 1 到 8 之间，请改正。"),
        (2, "已被“care_events_count”占用，请先把那一条的去掉。"),
    ],
)
def test_a_card_has_one_of_eight_places_for_itself(tmp_path, place, rule):
    with pytest.raises(CatalogueError) as refused:
        load(
            DATA, overlay(tmp_path / "o", "indicators.yaml", f"stations_count: {{overview_rank: {place}}}\n")
        )

    said = (
        own(tmp_path / "o") + f"indicators.yaml，条目“stations_count”：overview_rank 写的是“{place}”，{rule}"
    )
    assert str(refused.value) == said


def test_an_overlay_adds_an_indicator(catalogue, tmp_path):
    own = load(
        DATA,
        overlay(
            tmp_path / "o",
            "indicators.yaml",
            "canteens_count: {title: 社区食堂, title_en: Canteens, definition: 统计期末的社区食堂数。, "
            "domain: 基层治理, measured_in: 个, kind: stock, decimals: 0, direction: up, cadence: month, "
            "return_day: 5, owner: D-CIVIL, expected_reporters: units}\n",
        ),
    )

    assert own.indicators["canteens_count"].short_title == "社区食堂"
    assert len(own.indicators) == len(catalogue.indicators) + 1


def test_an_overlay_row_takes_the_place_of_the_shipped_row_and_a_new_row_is_added(catalogue, tmp_path):
    folder = overlay(
        tmp_path / "o",
        "meetings.csv",
        "held_on,title,level,source\n"
        "2025-01-10,泉州首次市委社会工作会议,市,部门会议纪要\n2026-01-20,市委社会工作会议,市,\n",
    )

    assert [(m.held_on, m.source) for m in load(DATA, folder).meetings] == [
        (date(2024, 11, 5), catalogue.meetings[0].source),
        (date(2025, 1, 10), "部门会议纪要"),
        (date(2026, 1, 20), ""),
    ]


def test_a_second_rule_of_lights_takes_the_words_of_no_other(tmp_path):
    lights = "".join(
        f"    - {{light: {light}, name: 灯, name_en: Light, rule: 规则。}}\n" for light in LIGHTS
    )
    text = (
        f"v2:\n  title: 第二版\n  valid_from: '2026-01-01'\n"
        f"  behind_pct: 5\n  far_behind_pct: 20\n  rule:\n{lights}"
    )
    rules = load(DATA, overlay(tmp_path / "o", "lights.yaml", text)).light_rules

    assert [(r.version, r.valid_from, r.behind_pct) for r in rules] == [
        ("v1", None, 10),
        ("v2", date(2026, 1, 1), 5),
    ]


def test_two_rules_of_lights_that_begin_on_one_day_are_refused(tmp_path):
    lights = "".join(
        f"    - {{light: {light}, name: 灯, name_en: Light, rule: 规则。}}\n" for light in LIGHTS
    )
    text = (
        f"v2:\n  title: 第二版\n  behind_pct: 5\n  far_behind_pct: 20\n  valid_from: null\n  rule:\n{lights}"
    )
    with pytest.raises(CatalogueError, match="valid_from 写的是“”，与 v1 是同一天，请写这一版起用的那一天。"):
        load(DATA, overlay(tmp_path / "o", "lights.yaml", text))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_overlay_files_are_read_as_chinese_excel_and_everything_else_write_them(tmp_path, encoding):
    folder = overlay(tmp_path / "o", "indicators.yaml", "stations_count: {note: 㐇鑫}\n".encode(encoding))
    overlay(folder, "meetings.csv", "held_on,title,level,source\n2026-01-20,会议,市,纪要\n".encode(encoding))
    own = load(DATA, folder)

    assert own.indicators["stations_count"].note == "㐇鑫"
    assert own.meetings[-1] == Meeting(date(2026, 1, 20), "会议", "市", "纪要")


def test_empty_lines_that_excel_leaves_behind_are_passed_over(catalogue, tmp_path):
    folder = overlay(tmp_path / "o", "meetings.csv", "held_on,title,level,source\n,,,\n\n,,,\n")

    assert load(DATA, folder).meetings == catalogue.meetings


def test_the_digest_tells_one_edition_from_another(catalogue, tmp_path):
    changed = load(DATA, overlay(tmp_path / "o", "indicators.yaml", "stations_count: {note: 新}\n"))

    assert load(DATA).digest == catalogue.digest
    assert changed.digest != catalogue.digest
    assert re.fullmatch(r"[0-9a-f]{64}", catalogue.digest)


def test_the_digest_moves_with_a_rule_of_lights_and_with_a_word(catalogue, tmp_path):
    rule = load(DATA, overlay(tmp_path / "a", "lights.yaml", "v1: {behind_pct: 12}\n"))
    word = load(DATA, overlay(tmp_path / "b", "glossary.yaml", "单位: {meaning: 机构。}\n"))

    assert len({catalogue.digest, rule.digest, word.digest}) == 3


# --- refusals ---------------------------------------------------------------------------------------

ROW = "2025,1-1-2,聚力,党建统领,协调机制,会商。,,{start},{due},{standing},{scope},{evidence},\n"


def measure(start="2025-01-10", due="2025-06-30", standing="0", scope="city", evidence="") -> str:
    return ROW.format(start=start, due=due, standing=standing, scope=scope, evidence=evidence)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        # a misspelt choice
        (
            "indicators.yaml",
            "stations_count: {kind: stok}\n",
            "indicators.yaml，条目“stations_count”：kind 写的是“stok”，"
            "不在允许的取值之内（stock、flow、cumulative、rate、published_ratio），请改正。",
        ),
        (
            "indicators.yaml",
            "stations_count: {cadence: monthly}\n",
            "indicators.yaml，条目“stations_count”：cadence 写的是“monthly”，"
            "不在允许的取值之内（month、quarter、half、year、once），请改正。",
        ),
        (
            "indicators.yaml",
            "stations_count: {measured_in: 座}\n",
            "indicators.yaml，条目“stations_count”：measured_in 写的是“座”，不在允许的取值之内"
            "（个、家、人、人次、场、场次、支、份、栋、小时、万元、%、块、张、项），请改正。",
        ),
        (
            "indicators.yaml",
            "stations_count: {direction: better}\n",
            "indicators.yaml，条目“stations_count”：direction 写的是“better”，"
            "不在允许的取值之内（up、down、none），请改正。",
        ),
        (
            "indicators.yaml",
            "stations_count: {expected_reporters: all}\n",
            "indicators.yaml，条目“stations_count”：expected_reporters 写的是“all”，"
            "不在允许的取值之内（units、city、published），请改正。",
        ),
        (
            "indicators.yaml",
            "stations_count: {domain: 党建}\n",
            "indicators.yaml，条目“stations_count”：domain 写的是“党建”，"
            "不在允许的取值之内（新兴领域党建、基层治理、志愿服务、社工人才、减负），请改正。",
        ),
        (
            "lists.yaml",
            "'2025': {counts_source_grade: D}\n",
            "lists.yaml，条目“2025”：counts_source_grade 写的是“D”，不在允许的取值之内（A、B），请改正。",
        ),
        (
            "measures.csv",
            MEASURES + measure(scope="town"),
            "measures.csv 第 2 行：scope 写的是“town”，不在允许的取值之内（city、county），请改正。",
        ),
        (
            "measures.csv",
            MEASURES + measure().replace("2025,1-1-2", "2024,1-1-2"),
            "measures.csv 第 2 行：list 写的是“2024”，不在允许的取值之内（2025），请改正。",
        ),
        (
            "assignments.csv",
            ASSIGNMENTS + "2025,1-1-2,D-SWB,boss,\n",
            "assignments.csv 第 2 行：role 写的是“boss”，不在允许的取值之内（lead、responsible），请改正。",
        ),
        (
            "assignments.csv",
            ASSIGNMENTS + "2025,1-1-9,D-SWB,lead,\n",
            "assignments.csv 第 2 行：measure 写的是“1-1-9”，清单里没有这条措施，请改正序号。",
        ),
        (
            "organisations.csv",
            DEPARTMENTS + "D-X,新局,新局,New,bureau,350500,121,\n",
            "organisations.csv 第 2 行：level 写的是“bureau”，不在允许的取值之内（department），请改正。",
        ),
        (
            "units.csv",
            UNITS + "350582,晋江市,晋江,kounty,350500,1,6\n",
            "units.csv 第 2 行：level 写的是“kounty”，不在允许的取值之内（city、county、zone），请改正。",
        ),
        (
            "glossary.yaml",
            "单位: {kind: word}\n",
            "glossary.yaml，条目“单位”：kind 写的是“word”，不在允许的取值之内（model、field），请改正。",
        ),
        # values that cannot be
        (
            "indicators.yaml",
            "stations_count: {since: ever}\n",
            "indicators.yaml，条目“stations_count”：since 写的是“ever”，"
            "累计指标必须写明起点（ever、year 或日期），其他指标不能写。",
        ),
        (
            "indicators.yaml",
            "care_events_count: {since: ''}\n",
            "indicators.yaml，条目“care_events_count”：since 写的是“”，"
            "累计指标必须写明起点（ever、year 或日期），其他指标不能写。",
        ),
        (
            "indicators.yaml",
            "care_events_count: {since: soon}\n",
            "indicators.yaml，条目“care_events_count”：since 写的是“soon”，不是日期，"
            "请写成 2025-01-10 的样子。",
        ),
        (
            "indicators.yaml",
            "stations_count: {title: ''}\n",
            "indicators.yaml，条目“stations_count”：title 写的是“”，不能为空，请补上。",
        ),
        (
            "indicators.yaml",
            "stations_count: {decimals: two}\n",
            "indicators.yaml，条目“stations_count”：decimals 写的是“two”，应是数字，请改正。",
        ),
        (
            "indicators.yaml",
            "stations_count: {decimals: null}\n",
            "indicators.yaml，条目“stations_count”：decimals 写的是“”，应是数字，请补上。",
        ),
        (
            "indicators.yaml",
            "stations_count: {per_10k: maybe}\n",
            "indicators.yaml，条目“stations_count”：per_10k 写的是“maybe”，应是 1 或 0，请改正。",
        ),
        (
            "indicators.yaml",
            "stations_count: {valid_from: 1 July}\n",
            "indicators.yaml，条目“stations_count”：valid_from 写的是“1 July”，不是日期，"
            "请写成 2025-01-10 的样子。",
        ),
        (
            "measures.csv",
            MEASURES + measure(due="2025-01-09"),
            "measures.csv 第 2 行：due 写的是“2025-01-09”，早于启动时间 2025-01-10，请改正。",
        ),
        (
            "measures.csv",
            MEASURES + measure(due=""),
            "measures.csv 第 2 行：due 写的是“”，长期坚持的不写完成时限，其他的必须写。",
        ),
        (
            "measures.csv",
            MEASURES + measure(standing="1"),
            "measures.csv 第 2 行：due 写的是“2025-06-30”，长期坚持的不写完成时限，其他的必须写。",
        ),
        (
            "measures.csv",
            MEASURES + measure(start=""),
            "measures.csv 第 2 行：start 写的是“”，应是日期，请补上，如 2025-01-10。",
        ),
        (
            "measures.csv",
            MEASURES + measure(start="2025/1/10"),
            "measures.csv 第 2 行：start 写的是“2025/1/10”，不是日期，请写成 2025-01-10 的样子。",
        ),
        (
            "measures.csv",
            MEASURES + measure().replace("1-1-2", "1-2"),
            "measures.csv 第 2 行：number 写的是“1-2”，应写成“方面-项目-措施”，如 5-12-1。",
        ),
        # counts
        (
            "measures.csv",
            MEASURES + measure().replace("1-1-2", "1-1-4"),
            "measures.csv：清单“2025”声明 7 个方面、20 个项目、60 条措施，实际是 7、20、61，"
            "请补齐或改正 lists.yaml。",
        ),
        (
            "lists.yaml",
            "'2025': {projects: 21}\n",
            "measures.csv：清单“2025”声明 7 个方面、21 个项目、60 条措施，实际是 7、20、60，"
            "请补齐或改正 lists.yaml。",
        ),
        (
            "lists.yaml",
            "'2025': {aspects: 8}\n",
            "measures.csv：清单“2025”声明 8 个方面、20 个项目、60 条措施，实际是 7、20、60，"
            "请补齐或改正 lists.yaml。",
        ),
        (
            "lights.yaml",
            "v1: {rule: []}\n",
            "lights.yaml，条目“v1”：九种亮灯应按 not_involved、done、standing、not_started、overdue、"
            "not_reported、far_behind、behind、on_track 的次序各写一条。",
        ),
        # duplicates
        (
            "measures.csv",
            MEASURES + measure() + measure(),
            "measures.csv 第 3 行：“2025 1-1-2”重复，请删去其中一行。",
        ),
        (
            "assignments.csv",
            ASSIGNMENTS + 2 * "2025,1-1-2,D-SWB,lead,\n",
            "assignments.csv 第 3 行：“2025 1-1-2 D-SWB lead”重复，请删去其中一行。",
        ),
        # files
        (
            "measures.csv",
            MEASURES + "2025,1-1-2,聚力\n",
            "measures.csv 第 2 行：列数与表头不一致，请检查是否多写或漏写了逗号。",
        ),
        (
            "measures.csv",
            MEASURES + measure().replace("\n", ",\n"),
            "measures.csv 第 2 行：列数与表头不一致，请检查是否多写或漏写了逗号。",
        ),
        ("measures.csv", "", "measures.csv：文件是空的，请写上内容或拿走它。"),
        (
            "measures.csv",
            b"\xff\xff\xff",
            "measures.csv：不是文本文件，请另存为“CSV UTF-8”或 UTF-8 文本。",
        ),
        (
            "indicators.yaml",
            "stations_count:\n  title: 新\n kind: stock\n",
            "indicators.yaml 第 3 行：YAML 写法不对，请检查缩进、冒号和引号。",
        ),
        (
            "indicators.yaml",
            "stations_count:\n  title: a: b\n",
            "indicators.yaml 第 2 行：YAML 写法不对，请检查缩进、冒号和引号。",
        ),
        (
            "indicators.yaml",
            "# nothing here\n",
            "indicators.yaml：应是“名称: 内容”的列表，文件是空的或写法不对，请写上内容或拿走它。",
        ),
        (
            "indicators.yaml",
            "- stations_count\n",
            "indicators.yaml：应是“名称: 内容”的列表，文件是空的或写法不对，请写上内容或拿走它。",
        ),
    ],
)
def test_nonsense_is_refused_in_one_sentence_that_names_its_place(tmp_path, name, content, sentence):
    with pytest.raises(CatalogueError) as refused:
        load(DATA, overlay(tmp_path / "o", name, content))

    # How many a list holds depends on two files, so that sentence names both and whose they are.
    assert str(refused.value) == sentence.replace(name, own(tmp_path / "o") + name)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "indicators.yaml",
            "stations_count: {kynd: stock}\n",
            "，条目“stations_count”：不认识的键“kynd”，可用的是 title、short_title、title_en、definition、domain、"
            "measured_in、kind、since、decimals、direction、cadence、return_day、owner、expected_reporters、part_of、"
            "share_of、per_10k、coverage_line、town_level、overview_rank、valid_from、note、unused_because。",
        ),
        (
            "lists.yaml",
            "'2025': {measurs: 60}\n",
            "，条目“2025”：不认识的键“measurs”，可用的是 title、official、valid_from、aspects、projects、measures、"
            "counts_source、counts_published_on、counts_source_grade、note。",
        ),
        (
            "glossary.yaml",
            "单位: {meening: 机构。}\n",
            "，条目“单位”：不认识的键“meening”，可用的是 meaning、term_en、kind。",
        ),
        (
            "measures.csv",
            MEASURES.replace("start", "strat") + measure(),
            "：表头有不认识的列“strat”，可用的是 list、number、direction、aspect、project、text、target、start、due、"
            "standing、scope、evidence_indicator、note。",
        ),
        (
            "assignments.csv",
            ASSIGNMENTS.replace("due", "until") + "2025,1-1-2,D-SWB,lead,\n",
            "：表头有不认识的列“until”，可用的是 list、measure、organisation、role、due。",
        ),
        (
            "meetings.csv",
            "held_on,titel,level\n2026-01-20,会议,市\n",
            "：表头有不认识的列“titel”，可用的是 held_on、title、level、source。",
        ),
        (
            "organisations.csv",
            DEPARTMENTS.replace("name", "naem", 1),
            "：表头有不认识的列“naem”，可用的是 code、name、short_name、name_en、level、parent_code、sort_order、note。",
        ),
        (
            "divisions.csv",
            TOWNS.replace("level", "levell"),
            "：表头有不认识的列“levell”，可用的是 code、name、level、parent_code、reporting_unit、is_town_or_street、"
            "short_name、name_en、note。",
        ),
        (
            "meetings.csv",
            "held_on,level\n2026-01-20,市\n",
            "：表头缺少“title”列，请补上这一列。",
        ),
    ],
)
def test_a_field_nobody_knows_is_refused_with_all_that_may_be_written(tmp_path, name, content, sentence):
    assert refusal(tmp_path / "o", name, content) == own(tmp_path / "o") + name + sentence


def test_columns_that_excel_leaves_behind_are_passed_over(catalogue, tmp_path):
    folder = overlay(tmp_path / "o", "meetings.csv", "held_on,title,level,source,,\n,,,,,\n")

    assert load(DATA, folder).meetings == catalogue.meetings


def test_a_shipped_file_may_be_copied_whole(catalogue, tmp_path):
    for name in ("geo/units.csv", "geo/divisions.csv", "catalogue/organisations.csv"):
        overlay(tmp_path / "o", Path(name).name, (DATA / name).read_bytes())

    assert load(DATA, tmp_path / "o") == catalogue


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "indicators.yaml",
            "stations_count: {owner: D-CIVL}\n",
            "，条目“stations_count”：owner 写的是“D-CIVL”，不在允许的取值之内（共 209 个，相近的有 D-CIVIL、",
        ),
        (
            "indicators.yaml",
            "stations_count: {share_of: estate_count}\n",
            "，条目“stations_count”：share_of 写的是“estate_count”，不在允许的取值之内（共 45 个，相近的有 estates_count、",
        ),
        (
            "indicators.yaml",
            "stations_count: {part_of: 小区}\n",
            "，条目“stations_count”：part_of 写的是“小区”，不在允许的取值之内（共 45 个，如 association_party_orgs_count、",
        ),
        (
            "measures.csv",
            MEASURES + measure(evidence="station_count"),
            " 第 2 行：evidence_indicator 写的是“station_count”，不在允许的取值之内（共 45 个，相近的有 stations_count、",
        ),
        (
            "assignments.csv",
            ASSIGNMENTS + "2025,1-1-2,350599,lead,\n",
            " 第 2 行：organisation 写的是“350599”，不在允许的取值之内（共 209 个，相近的有 350",
        ),
    ],
)
def test_of_a_long_list_the_names_most_like_it_are_told_and_how_many_there_are(
    tmp_path, name, content, sentence
):
    assert refusal(tmp_path / "o", name, content).startswith(own(tmp_path / "o") + name + sentence)


@pytest.mark.parametrize(
    "path",
    [
        "catalogue/indicators.yaml",
        "catalogue/lists.yaml",
        "catalogue/measures.csv",
        "catalogue/assignments.csv",
        "catalogue/meetings.csv",
        "catalogue/lights.yaml",
        "catalogue/glossary.yaml",
        "catalogue/organisations.csv",
        "geo/units.csv",
        "geo/divisions.csv",
    ],
)
def test_a_missing_file_is_named_with_the_folder_where_it_should_be(tmp_path, path):
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    (data / path).unlink()
    with pytest.raises(CatalogueError) as refused:
        load(data)

    where = data / path
    assert str(refused.value) == (
        f"读不到数据文件 {where.name}：请从安装包里恢复它（应在 {where.parent} 下）。"
    )


def refusal(folder: Path, name: str, content: str) -> str:
    """What is said of an overlay file that must not be accepted."""
    with pytest.raises(CatalogueError) as refused:
        load(DATA, overlay(folder, name, content))
    return str(refused.value)


def test_an_entry_without_fields_is_refused_at_its_place(tmp_path):
    for number, name in enumerate(("stations_count", "canteens_count")):
        said = refusal(tmp_path / str(number), "indicators.yaml", f"{name}: 五百\n")
        assert said.startswith(own(tmp_path / str(number)) + f"indicators.yaml，条目“{name}”：")


def test_a_character_yaml_cannot_hold_is_refused(tmp_path):
    said = refusal(tmp_path / "o", "indicators.yaml", "stations_count: {note: '\a'}\n")

    assert said.startswith(own(tmp_path / "o") + "indicators.yaml")


def test_an_entry_written_twice_in_one_file_is_refused(tmp_path):
    text = "stations_count:\n  note: 甲\nestates_count:\n  note: 乙\nstations_count:\n  note: 丙\n"

    assert "stations_count" in refusal(tmp_path / "o", "indicators.yaml", text)


def test_a_misspelt_key_of_a_rule_of_lights_is_refused(tmp_path):
    said = refusal(tmp_path / "o", "lights.yaml", "v1: {behind: 5}\n")

    assert said.startswith(own(tmp_path / "o") + "lights.yaml，条目“v1”：不认识的键“behind”，可用的是 ")


@pytest.mark.parametrize("rule", ["[{light: done}]", "words", "null", "[words]"])
def test_a_rule_of_lights_that_is_no_list_of_nine_is_refused(tmp_path, rule):
    said = refusal(tmp_path / "o", "lights.yaml", f"v1: {{rule: {rule}}}\n")

    assert said.startswith(own(tmp_path / "o") + "lights.yaml，条目“v1”")


def test_a_threshold_of_behind_above_that_of_far_behind_is_refused(tmp_path):
    said = refusal(tmp_path / "o", "lights.yaml", "v1: {behind_pct: 40}\n")

    assert said.startswith(own(tmp_path / "o") + "lights.yaml，条目“v1”：behind_pct 写的是“40”，")


@pytest.mark.parametrize(("key", "value"), [("return_day", 29), ("return_day", 0), ("coverage_line", 80)])
def test_a_number_out_of_bounds_is_not_called_no_number(tmp_path, key, value):
    said = refusal(tmp_path / "o", "indicators.yaml", f"stations_count: {{{key}: {value}}}\n")

    assert said.startswith(
        own(tmp_path / "o") + f"indicators.yaml，条目“stations_count”：{key} 写的是“{value}”，"
    )
    assert "应是数字" not in said


def test_a_duty_due_before_the_start_of_its_measure_is_refused(tmp_path):
    said = refusal(tmp_path / "o", "assignments.csv", ASSIGNMENTS + "2025,1-1-2,D-SWB,lead,2025-01-09\n")

    assert said.startswith(own(tmp_path / "o") + "assignments.csv 第 2 行：due 写的是“2025-01-09”，")


def test_the_line_named_is_the_line_of_the_file_after_an_empty_line_too(tmp_path):
    said = refusal(tmp_path / "o", "measures.csv", MEASURES + "\n" + measure(due="2025-01-09"))

    assert (
        said
        == own(tmp_path / "o")
        + "measures.csv 第 3 行：due 写的是“2025-01-09”，早于启动时间 2025-01-10，请改正。"
    )


def test_a_code_of_two_files_is_refused(tmp_path):
    said = refusal(
        tmp_path / "o", "organisations.csv", DEPARTMENTS + "350581,新局,新局,New,department,350500,121,\n"
    )

    assert "350581" in said


@pytest.mark.parametrize(
    ("row", "start"),
    [
        ("35058199x,新镇,town,350581,350581,1\n", "divisions.csv 第 2 行：code 写的是“35058199x”，"),
        ("350581999,新镇,town,350581,350599,1\n", "divisions.csv 第 2 行：reporting_unit 写的是“350599”，"),
        ("350581999,新镇,twon,350581,350581,1\n", "divisions.csv 第 2 行：level 写的是“twon”，"),
    ],
)
def test_a_town_that_cannot_be_is_refused(tmp_path, row, start):
    assert refusal(tmp_path / "o", "divisions.csv", TOWNS + row).startswith(own(tmp_path / "o") + start)


def test_a_department_under_nobody_is_refused(tmp_path):
    said = refusal(
        tmp_path / "o", "organisations.csv", DEPARTMENTS + "D-X,新局,新局,New,department,999999,121,\n"
    )

    assert said.startswith(own(tmp_path / "o") + "organisations.csv 第 2 行：parent_code 写的是“999999”，")


def test_an_own_file_under_a_name_that_nothing_reads_is_not_ignored(tmp_path):
    folder = overlay(tmp_path / "o", "indicator.yaml", "stations_count: {decimals: 1}\n")
    overlay(folder, "notes.txt", "kept beside the files, and read by nobody")

    said = refusal(folder, "indicator.yaml", "stations_count: {decimals: 1}\n")

    assert said.startswith(
        own(tmp_path / "o") + "indicator.yaml：没有叫这个名字的目录文件，可用的是 organisations.csv、"
    )


def test_every_name_with_a_spelling_of_its_own_is_borne_by_somebody_and_needs_it(catalogue):
    path = DATA / "catalogue" / "names_hant.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        entries = {row["name"]: row["traditional"] for row in csv.DictReader(file)}
    borne = {name for o in catalogue.organisations for name in (o.name, o.short_name)}
    converters = [opencc.OpenCC(rule) for rule in ("s2tw", "s2hk")]

    for name, traditional in entries.items():
        assert any(name in whole for whole in borne), name
        assert any(converter.convert(name) != traditional for converter in converters), name
