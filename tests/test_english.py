"""English: figures and dates, whole sentences or none, names as they are written, a catalogue without dead entries."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

import pytest
from babel.messages.pofile import read_po

from dashboard.config import ROOT
from dashboard.english import HAN, NAMES, PO, English, Message, english_of, messages, names

SAID = messages()
PLACE = re.compile(r"\{(\w+)\}")


@pytest.fixture(scope="module")
def english(catalogue) -> English:
    """The product's English, with the names of the shipped catalogue."""
    return english_of(catalogue)


def of(**said: str) -> English:
    """English that knows these texts only; _ stands for a blank in their names."""
    return English({text: Message(form, form) for text, form in said.items()})


# --- figures and dates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        ("224万+", "2.24M+"),
        ("1.4万+", "14K+"),
        ("1.47万", "14.7K"),
        ("1.4733万", "14,733"),
        ("141.8327万", "1,418,327"),
        ("141.8万", "1.418M"),
        ("12.9万+", "129K+"),
        ("10.4879万", "104,879"),
        ("约137万", "~1.37M"),
        ("约400", "~400"),
        ("1.2亿", "120M"),
        ("12亿+", "1.2B+"),
        ("−3.2万", "−32K"),
        ("+1.5万", "+15K"),
        ("1,600+", "1,600+"),
        ("（3.2万–206.9万）", "(32K–2.069M)"),
    ],
)
def test_a_figure_keeps_its_qualifier_and_every_digit(english, chinese, said):
    assert english.of(chinese) == said


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        ("2025年1月13日", "13 Jan 2025"),
        ("2025年1月", "Jan 2025"),
        ("2025年12月", "Dec 2025"),
        ("2025年一季度", "2025 Q1"),
        ("2025年四季度", "2025 Q4"),
        ("2025年下半年", "2025 H2"),
        ("2025年", "2025"),
        ("1月13日", "13 Jan"),
        ("2025-01-13", "2025-01-13"),
    ],
)
def test_a_period_reads_as_english_writes_it(english, chinese, said):
    assert english.of(chinese) == said


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        ("9/13 已报", "9/13 reported"),
        ("逾期 1 天，平均进度 65%", "1 day overdue, mean progress 65%"),
        ("最长逾期 123 天，平均进度 90%", "up to 123 days overdue, mean progress 90%"),
        ("最多落后 25.5 个百分点，平均进度 89%", "up to 25.5 points behind, mean progress 89%"),
        ("时序 100%，平均进度 95%", "Time 100%, mean progress 95%"),
        ("2028-03-24 或更晚", "2028-03-24 or later"),
        ("2025年10月未报送", "nothing for 2025-10"),
        ("长期坚持，2025年10月未报送", "Standing, nothing for 2025-10"),
        ("长期坚持，2/13 个单位未报送", "Standing, 2/13 units silent"),
        ("2025-07-20 完成，早于启动时间 2025-08-01，进度报 90%",
         "Done 2025-07-20, before its start 2025-08-01, progress given as 90%"),
        ("时序 49.6%，进度 99.6%，完成日期 2025-12-01 未到，落后 30.4 个百分点",
         "Time 49.6%, progress 99.6%, day of completion 2025-12-01 still to come, 30.4 points behind"),
        ("逾期 304 天，平均进度 71%", "304 days overdue, mean progress 71%"),
        ("时序 20%，已报 100%，待填完成日期，落后 12 个百分点",
         "Time 20%, 100% reported, day of completion missing, 12 points behind"),
        ("鲤城、丰泽、惠安、永春 等 6 个", "Licheng, Fengze, Hui'an, Yongchun … (6)"),
        ("实名注册志愿者（人） · 最新 2025年2月20日", "Volunteers (people) · newest 20 Feb 2025"),
        ("暖“新”驿站（个/万常住人口） · 尚无数据", "Warm stations (number per 10,000 residents) · no figure yet"),
        ("由晋江市报送，尚无数据：", "To be returned by Jinjiang City, no figure yet:"),
        ("截至 2025年6月30日 · 序号 44", "as of 30 Jun 2025 · no. 44"),
        ("2026-10-12 获知 · 11 个单位报送", "known 2026-10-12 · 11 units"),
        ("来源：单位报送", "Source: Unit return"),
        ("▲ 超过 60 天", "▲ Over 60 days ago"),
        ("▲ 示例联系点 07（75 天） 等 3 个", "▲ Sample point 07 (75 days) … (3)"),
        ("■ 还没有走访记录", "■ no visit noted yet"),
        ("■ 1 个还没有走访记录", "■ 1 has no visit noted yet"),
        ("其余 1 个在 60 天内走访过", "the other 1 was visited within 60 days"),
        ("未记录", "Not recorded"),
        ("没有驿站", "No station"),
        ("没有这个驿站", "No such station"),
        ("都在地图上", "all stand on the map"),
        ("台账里没有写到这里", "the ledger names none here"),
        ("▨ 还没有收到台账", "▨ no ledger received yet"),
        ("未记", "not noted"),
    ],
)  # fmt: skip
def test_what_the_product_puts_together_is_said_part_by_part(english, chinese, said):
    assert english.of(chinese) == said


# --- in full or not at all --------------------------------------------------------------------------


def test_a_sentence_of_which_a_part_is_unknown_stays_as_it_was_written(english):
    assert not english.knows("逾期 3 天，火星人")
    assert english.of("逾期 3 天，火星人") == "逾期 3 天，火星人"


def test_the_pattern_with_most_words_is_tried_first_and_its_values_are_said_in_turn():
    some = of(**{"{a}的{b}": "{b} of {a}", "{unit}的数": "figures of {unit}", "晋江": "Jinjiang"})

    assert some.of("晋江的数") == "figures of Jinjiang"
    assert some.of("火星的数") == "火星的数"


def test_messages_of_several_sentences_may_stand_one_behind_the_other():
    some = of(**{"甲。乙。": "One. Two.", "丙。丁。": "Three. Four.", "甲": "alone"})

    assert some.of("甲。乙。丙。丁。") == "One. Two. Three. Four."
    assert some.of("甲。乙。戊。") == "甲。乙。戊。"


def test_a_name_of_one_letter_takes_a_figure_only():
    some = of(**{"走访 {n} 次": "{n} visits", "多": "many"})

    assert some.of("走访 1.2万 次") == "12K visits"
    assert some.of("走访 多 次") == "走访 多 次"


def test_what_a_name_in_capitals_takes_is_kept_as_it_stands():
    some = of(**{"编号 {NUMBER}。": "number {NUMBER}."})

    assert some.of("编号 甲{0}。") == "number 甲{0}."


def test_words_of_counting_are_left_out_behind_a_figure_and_alone(english):
    assert english.of("20 家") == "20"
    assert english.markup("<b>20</b><small>家</small>") == "<b>20</b><small></small>"
    assert english.of("计量单位：家") == "Unit of measure: number"


# --- markup -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<a href="./county?find=总览">总览</a>', '<a href="./county?find=总览">Overview</a>'),
        ('<a title="总览" aria-label="驿站">x</a>', '<a title="Overview" aria-label="Stations">x</a>'),
        ('<p lang="zh" title="总览">总览<b>驿站</b></p>驿站', '<p lang="zh" title="总览">总览<b>驿站</b></p>Stations'),
        ('<p lang="zh">总览<i lang="en">驿站</i>总览</p>', '<p lang="zh">总览<i lang="en">Stations</i>总览</p>'),
        ("<p>总览<br>驿站</p>总览", "<p>Overview<br>Stations</p>Overview"),
        ("<p>来源：<i lang=\"zh\">晚报</i></p>", "<p>Source: <i lang=\"zh\">晚报</i></p>"),
        ("<p>\n  总览\n</p>", "<p>\n  Overview\n</p>"),
        ("<p>德化 &lt;b&gt;</p>", "<p>Dehua &lt;b&gt;</p>"),
        ("<b>南安</b>", "<b>Nan'an</b>"),
        ('<a title="南安">1</a>', '<a title="Nan&#x27;an">1</a>'),
    ],
)  # fmt: skip
def test_text_and_spoken_attributes_are_said_and_chinese_words_stay(english, html, said):
    assert english.markup(html) == said


# --- names ------------------------------------------------------------------------------------------


def test_every_place_and_office_has_an_english_name_in_our_letters(catalogue, english):
    every = [
        o for o in catalogue.organisations if o.level in ("city", "county", "zone", "town", "department")
    ]
    said = {name: english.of(name) for o in every for name in (o.name, o.short_name)}

    assert sum(o.level == "town" for o in every) == 174
    assert sum(o.reporting for o in every) == 13
    assert {name: text for name, text in said.items() if not re.fullmatch(r"[A-Z][A-Za-z' .-]+", text)} == {}


@pytest.mark.parametrize(("ending", "said"), [("镇", "Town"), ("乡", "Township"), ("街道", "Subdistrict")])
def test_a_town_is_called_what_it_is(catalogue, english, ending, said):
    towns = [o.name for o in catalogue.organisations if o.level == "town" and o.name.endswith(ending)]

    assert len(towns) > 20
    assert [name for name in towns if english.of(name).split()[-1] != said] == []


def test_no_two_places_of_one_unit_have_one_english_name(catalogue, english):
    towns = [o for o in catalogue.organisations if o.level == "town"]
    said = {(o.parent_code, english.of(o.name)) for o in towns}

    assert len(said) == len(towns)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("泉州市", "Quanzhou"),
        ("鲤城区", "Licheng District"),
        ("丰泽区", "Fengze District"),
        ("洛江区", "Luojiang District"),
        ("泉港区", "Quangang District"),
        ("石狮市", "Shishi City"),
        ("晋江市", "Jinjiang City"),
        ("南安市", "Nan'an City"),
        ("惠安县", "Hui'an County"),
        ("安溪县", "Anxi County"),
        ("永春县", "Yongchun County"),
        ("德化县", "Dehua County"),
        ("泉州经济技术开发区", "Quanzhou Economic and Technological Development Zone"),
        ("泉州台商投资区", "Quanzhou Taiwanese Investment Zone"),
        ("万安街道", "Wan'an Subdistrict"),
        ("百崎回族乡", "Baiqi Hui Township"),
        ("英都镇", "Yingdu Town"),
        ("九都镇", "Jiudu Town"),
        ("一都镇", "Yidu Town"),
        ("长卿镇", "Changqing Town"),
        ("坑仔口镇", "Kengzaikou Town"),
        ("小岞镇", "Xiaozuo Town"),
        ("磁灶镇", "Cizao Town"),
        ("陈埭镇", "Chendai Town"),
        ("葛坑镇", "Gekeng Town"),
    ],
)
def test_names_with_two_readings_have_the_one_of_the_place(english, name, said):
    assert english.of(name) == said


def test_every_name_of_the_file_is_that_of_a_place_or_an_office(catalogue):
    known = {name for o in catalogue.organisations for name in (o.name, o.short_name)}

    assert set(names(NAMES)) - known == {"台商投资区"}  # what 泉州台商投资区 calls itself


def test_indicators_and_lights_are_called_as_the_catalogue_calls_them(catalogue, english):
    said = {i.title: (i.title_en, english.of(i.title)) for i in catalogue.indicators.values()}
    lights = {
        light.name: (light.name_en, english.of(light.name)) for light in catalogue.light_rules[0].lights
    }

    assert [t for t, (own, used) in (said | lights).items() if own != used and t not in SAID] == []


# --- the catalogue of messages ----------------------------------------------------------------------


def test_every_message_keeps_its_places_and_holds_no_chinese():
    places = {
        text: [set(PLACE.findall(form)) for form in {m.one, m.many}]
        for text, m in SAID.items()
    }  # fmt: skip

    assert {t: p for t, p in places.items() if any(found != set(PLACE.findall(t)) for found in p)} == {}
    assert [t for t, m in SAID.items() if HAN.search(m.one + m.many)] == []


def test_a_message_with_two_forms_has_the_figure_that_decides_between_them():
    with PO.open("rb") as file:
        plural = [m.id[0] for m in read_po(file) if isinstance(m.id, tuple)]

    assert plural != []
    assert [text for text in plural if "{n}" not in text] == []


def _texts(catalogue) -> set[str]:
    """What the code, the templates and the catalogue can say; places to fill in stand as NUL."""
    found: set[str] = set()
    for path in sorted([*(ROOT / "src" / "dashboard").rglob("*.py"), *(ROOT / "pages").glob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(str(v.value) if isinstance(v, ast.Constant) else "\0" for v in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(PLACE.sub("\0", node.value))
    for path in sorted((ROOT / "src" / "dashboard" / "ui" / "templates").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"[\"'“>]([^\"'<>{}]+)[\"'”<{]", PLACE.sub("\0", text)))
        found.add(re.sub(r"\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", "\0", text))
    for part in (catalogue.measures, catalogue.lists, catalogue.meetings, catalogue.light_rules):
        found |= set(re.findall(r"'([^']*)'", repr(part)))
    for i in catalogue.indicators.values():
        found |= {i.title, i.short_title, i.domain, i.measured_in}
    return found


def test_no_message_is_dead(catalogue):
    """Its Chinese words stand in one text of the product, in their order."""
    texts = "\n\n".join(_texts(catalogue))
    dead = []
    for text in SAID:
        pieces = [p.strip() for p in PLACE.split(text)[::2] if p.strip()]
        if not re.search("[^\n]*?".join(map(re.escape, pieces)), texts):
            dead.append(text)

    assert dead == []


def test_messages_stand_once():
    with PO.open(encoding="utf-8") as file:
        ids = [line for line in file if line.startswith("msgid ")]

    assert [a for a, b in pairwise(sorted(ids)) if a == b] == []
