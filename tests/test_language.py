"""Traditional Chinese: nothing Simplified is left in it, and places keep the characters they are written with."""

from __future__ import annotations

import opencc
import pytest

from dashboard.catalogue import Catalogue
from dashboard.config import ROOT
from dashboard.language import LANGUAGES, of_locale, shown, to_simplified, words

TRADITIONAL = ("zh-TW", "zh-HK")
HONG_KONG = "户税"  # Hong Kong writes these two as the mainland does
_TO_TRADITIONAL = opencc.OpenCC("s2t")
_TO_SIMPLIFIED = opencc.OpenCC("t2s")


def simplified_only(text: str) -> list[str]:
    """Characters that stand for another one in Traditional and that no Traditional text is written with.

    后, 里, 台, 斗 and the like belong to both scripts, and Big5 has them: those are for the names below.
    """
    return [c for c in text if _TO_TRADITIONAL.convert(c) != c and not in_big5(c) and c not in HONG_KONG]


def in_big5(character: str) -> bool:
    try:
        character.encode("cp950")
    except UnicodeEncodeError:
        return False
    return True


def texts(catalogue: Catalogue) -> list[str]:
    """Everything of the catalogue that can stand on a screen."""
    found = [t for o in catalogue.organisations for t in (o.name, o.short_name, o.note)]
    for i in catalogue.indicators.values():
        found += [i.title, i.short_title, i.definition, i.domain, i.measured_in, i.note, i.unused_because]
    for m in catalogue.measures:
        found += [m.direction, m.aspect, m.project, m.text, m.target, m.note]
    for rule in catalogue.light_rules:
        found += [rule.title, *(t for light in rule.lights for t in (light.name, light.rule))]
    found += [t for term in catalogue.glossary for t in (term.term, term.meaning)]
    found += [t for version in catalogue.lists for t in (version.title, version.counts_source, version.note)]
    return found + [
        t for meeting in catalogue.meetings for t in (meeting.title, meeting.level, meeting.source)
    ]


def templates() -> list[str]:
    """The words of the screens themselves."""
    ui = ROOT / "src" / "dashboard" / "ui"
    return [p.read_text(encoding="utf-8") for p in sorted([*ui.glob("templates/*.html"), *ui.glob("*.py")])]


def test_the_list_of_simplified_characters_knows_what_it_should():
    assert simplified_only("国车驿鲤简") == list("国车驿鲤简")
    assert simplified_only("國車驛鯉簡台里斗后") == []


@pytest.mark.parametrize("language", TRADITIONAL)
def test_no_simplified_character_is_left_in_anything_a_screen_can_show(catalogue, language):
    left = {
        c: text for text in [*texts(catalogue), *templates()] for c in simplified_only(shown(text, language))
    }

    assert left == {}


@pytest.mark.parametrize("language", TRADITIONAL)
def test_every_place_is_the_same_place_when_it_is_turned_back(catalogue, language):
    places = [o.name for o in catalogue.organisations if o.level in ("city", "county", "zone", "town")]
    turned = {name: _TO_SIMPLIFIED.convert(shown(name, language)) for name in places}

    assert len(places) == 189  # the city, the 13, 金门 and 174 towns
    assert {n: back for n, back in turned.items() if back != n and n != "清濛经济开发区"} == {}  # 濛 is no 蒙


@pytest.mark.parametrize(
    ("name", "traditional"),
    [
        ("鲤城区", "鯉城區"),
        ("丰泽区", "豐澤區"),
        ("洛江区", "洛江區"),
        ("泉港区", "泉港區"),
        ("石狮市", "石獅市"),
        ("晋江市", "晉江市"),
        ("南安市", "南安市"),
        ("惠安县", "惠安縣"),
        ("安溪县", "安溪縣"),
        ("永春县", "永春縣"),
        ("德化县", "德化縣"),
        ("泉州经济技术开发区", "泉州經濟技術開發區"),
        ("泉州台商投资区", "泉州台商投資區"),
        ("台商区", "台商區"),
        ("金门县", "金門縣"),
    ],
)
def test_the_thirteen_are_written_as_they_write_themselves(name, traditional):
    assert shown(name, "zh-TW") == traditional


@pytest.mark.parametrize(
    ("name", "traditional"),
    [
        ("磁灶镇", "磁灶鎮"),
        ("玉斗镇", "玉斗鎮"),
        ("剑斗镇", "劍斗鎮"),
        ("魁斗镇", "魁斗鎮"),
        ("锦斗镇", "錦斗鎮"),
        ("五里街镇", "五里街鎮"),
        ("凤里街道", "鳳里街道"),
        ("龙门滩镇", "龍門灘鎮"),
        ("蓝田乡", "藍田鄉"),
        ("翔云镇", "翔雲鎮"),
        ("永宁镇", "永寧鎮"),
        ("东岭镇", "東嶺鎮"),
        ("丰州镇", "豐州鎮"),
        ("万安街道", "萬安街道"),
        ("仙夹镇", "仙夾鎮"),
        ("小岞镇", "小岞鎮"),
        ("张坂镇", "張坂鎮"),
        ("坑仔口镇", "坑仔口鎮"),
        ("辋川镇", "輞川鎮"),
        ("葛坑镇", "葛坑鎮"),
    ],
)
@pytest.mark.parametrize("language", TRADITIONAL)
def test_towns_whose_characters_have_two_forms_keep_the_right_one(name, traditional, language):
    assert shown(name, language) == traditional


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("群众", "群眾"),
        ("干部", "幹部"),
        ("志愿者", "志願者"),
        ("邻里公约", "鄰里公約"),
        ("任务清单", "任務清單"),
        ("观察联系点", "觀察聯繫點"),
        ("“刺桐厝边·睦邻善治”", "“刺桐厝邊·睦鄰善治”"),
        ("含台商投资区和开发区", "含台商投資區和開發區"),
        ("截至2025年1月10日", "截至2025年1月10日"),
        ("准入、核准、准确", "准入、核准、準確"),
        ("224万+ 人", "224萬+ 人"),
    ],
)
def test_words_of_the_field_are_turned_as_words(text, traditional):
    assert shown(text, "zh-TW") == traditional


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_simplified_and_english_keep_the_text_as_it_was_written(language):
    assert shown("台商区的群众", language) == "台商区的群众"


def test_turning_leaves_markup_and_addresses_alone():
    html = '<a href="./county?unit=350582&amp;as_of=2025-06-30" data-unit="QZ-TS">晋江</a>'

    assert shown(html, "zh-TW") == html.replace("晋江", "晉江")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh-CN", "zh-CN"),
        ("zh", "zh-CN"),
        ("zh-SG", "zh-CN"),
        ("zh-Hans-CN", "zh-CN"),
        ("zh-TW", "zh-TW"),
        ("zh_TW", "zh-TW"),
        ("zh-Hant", "zh-TW"),
        ("zh-Hant-TW", "zh-TW"),
        ("zh-HK", "zh-HK"),
        ("zh-MO", "zh-HK"),
        ("en-GB", "en"),
        ("EN", "en"),
        ("ja", "zh-CN"),
        ("", "zh-CN"),
        (None, "zh-CN"),
    ],
)
def test_the_browser_decides_the_language_until_somebody_chooses(locale, language):
    assert of_locale(locale) == language
    assert language in LANGUAGES


@pytest.mark.parametrize(
    ("typed", "stored"), [("晉江", "晋江"), ("誌願者", "志愿者"), ("磁竈", "磁灶"), ("報表", "报表")]
)
def test_what_a_reader_of_traditional_types_is_found_in_simplified(typed, stored):
    assert to_simplified(typed) == stored


def test_a_pattern_is_filled_after_it_was_translated():
    assert words("还有 {n} 条", "zh-CN", n=3) == "还有 3 条"
    assert words("还有 {n} 条", "en", n=3).count("3") == 1


def test_braces_in_a_value_are_text():
    assert words("没有找到“{asked}”", "zh-CN", asked="{0} %s") == "没有找到“{0} %s”"
