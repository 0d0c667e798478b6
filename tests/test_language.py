"""Traditional: nothing Simplified is left in it, and places keep their characters. English: no Chinese label is left.

The screens are read as they are drawn, on both stores; english.py itself is tested in test_english.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import urlencode

import opencc
import pandas as pd
import pytest

from dashboard.catalogue import Catalogue
from dashboard.config import ROOT, settings
from dashboard.english import HAN
from dashboard.knowledge import AsOf
from dashboard.language import LANGUAGES, of_locale, shown, to_simplified
from dashboard.startup import Stores, prepare
from dashboard.ui import cached, draw
from dashboard.ui.address import View
from dashboard.ui.frame import ROOMS
from spoken import said_by
from ui_fixtures import Page, installed

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


# --- the screens ------------------------------------------------------------------------------------

NAMES = [name for name, _ in ROOMS]
EMPTY, MIDDLE = {"as_of": "2015-01-05"}, {"as_of": "2025-06-30"}
WRONG = dict.fromkeys(
    "data as_of theme unit town indicator per shape table zones wall aspect light org measure state".split()
    + "period play present".split(),
    "x",
) | {"since": "2999-01-01"}
# Columns of tables in which clerks, editors of lists and newspapers speak for themselves.
OWN_WORDS = set("催报文字 措施 来源 出处 说明 口径 名称 内容 地址 记录 推广 试什么 文件".split())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The product with the published figures and with the demo."""
    folder = tmp_path_factory.mktemp("languages")
    for store in prepare(settings({"DASHBOARD_HOME": str(folder), "DASHBOARD_DEMO": "on"})).by_data.values():
        store.engine.dispose()
    with installed(folder, DASHBOARD_DEMO="on") as stores:
        yield stores


def states(name: str, data: str) -> list[dict[str, str]]:
    """What the page is looked at with: today, an earlier day, a day before everything, and what only it can show."""
    of = cached.Moment().key(data, AsOf(cached.Moment().today()[data]))
    stations, points = cached.stations(of), cached.points(of)
    own: dict[str, list[dict[str, str]]] = {
        "overview": [
            {"shape": "tiles"},
            {"shape": "tiles", "per": "10k"},
            {"table": "1"},
            {"shape": "tiles", "table": "1", "per": "10k"},
            {"table": "1", "indicator": "resident_population_count"},
            {"indicator": "volunteers_count"},
            {"wall": "1"},
            {"period": "2025-01"},
            {"per": "10k", "indicator": "social_work_agencies_count"},
            WRONG,
            {"as_of": "1999-01-01"},
        ],
        "tasks": [
            {"direction": "畅路", "window": "90", "scope": "county"},
            {"show": "matrix", "org": "350582"},
            {"show": "list"},
            {"show": "who"},
            {"show": "remind", "org": "350583"},
            {"show": "when"},
            {"show": "list", "aspect": "2"},
            {"show": "list", "light": "overdue"},
            {"org": "350582"},
            {"show": "list", "light": "done", "org": "D-LAW"},
            *({"measure": m} for m in ("1-1-1", "1-3-2", "2-4-1", "2-6-2", "5-12-2", "6-17-3", "6-18-3")),
            {"measure": "7-20-3"} | MIDDLE,
            {"measure": "5-12-2"} | EMPTY,
        ],
        "stations": [
            {"unit": "350582", "state": "opened", "service": "饮水"},
            {"unit": "350582", "shape": "density", "wall": "1"},
            {"cell": "12-3397-1755", "kind": "加油站", "part": "2", "state": "closed"},
            {"cell": "12-3397", "part": "0", "kind": "nope"},
            {"cell": "12-1-1", "part": "999"},
            {"part": "2", "table": "1"},
            {"unit": "350581", "table": "1"},
            {"unit": "QZ-KF"},
            {"service": "急救", "hours": "24", "state": "closed"},
            *({"station": code} for code in stations.in_order[:1]),
        ],
        "points": [{"table": "1"}]
        + [{"point": p.point} | when for p in points[:12:5] for when in ({}, MIDDLE)]
        + [{"point": p.point} for p in points if not p.located or not p.adopted]
        + [{"as_of": "2025-03-05"}, *({"as_of": "2025-02-27", "point": p.point} for p in points[:1])],
        "county": [
            {"unit": "350502", "zones": "with"},
            {"unit": "350582", "table": "1"},
            {"zones": "without"},
            {"unit": "350582", "town": "350582102"},
            {"unit": "350581", "indicator": "resident_population_count"},
            {"unit": "350500", "indicator": "grant_amount_wan_yuan"},
            {"unit": "QZ-KF", "indicator": "volunteers_count"},
            {"unit": "350502", "town": "350582102"},
        ],
        "changes": [{"since": "2025-06-30"}],
        "about": [{"find": "镇"}, {"find": "火星"}, {"find": "山"}],
    }
    return [{}, MIDDLE, EMPTY, *own.get(name, [])]


def left_on(
    name: str, data: str, lang: str, seen: Callable[[str], object], *, chinese: bool
) -> dict[str, str]:
    """Texts in which ``seen`` sees something, each with the first address where it stands."""
    left: dict[str, str] = {}
    for state in states(name, data):
        page = Page(name, **{"data": data, "lang": lang} | state)
        assert page.failures == [], state
        for place, text in said_by(page, chinese=chinese):
            if seen(text):
                left.setdefault(text, f"{place} of /{name}?{urlencode(state)}")
    return left


def listed(left: dict[str, str]) -> str:
    """One text a line, with where it stands."""
    return "\n".join(["", *(f"{text!r}  {place}" for text, place in sorted(left.items()))])


Taken = tuple[View, pd.DataFrame, Collection[str], str]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Taken]:
    """What the pages offer to take away: the view, the table as it was asked, its own words, the name of the file."""
    found: list[Taken] = []

    def download(
        view: View, frame_of: Callable[[], pd.DataFrame], *name: str, own: Collection[str] = (), **_: object
    ) -> None:
        found.append((view, frame_of(), own, draw.called(view, *name)))

    monkeypatch.setattr(draw, "download", download)
    return found


@pytest.mark.parametrize("data", ["live", "demo"])
@pytest.mark.parametrize("name", NAMES)
def test_in_english_no_label_is_left_in_chinese(both, name, data):
    """What is found here is a msgid that src/dashboard/locale/en.po does not have yet."""
    left = left_on(name, data, "en", HAN.search, chinese=False)
    assert left == {}, listed(left)


@pytest.mark.parametrize("name", NAMES)
def test_no_page_shows_how_python_writes_a_value(both, name):
    """A tuple, a list, None or NaN that nobody put into words."""
    left = left_on(
        name, "demo", "zh-CN", re.compile(r"[(\[]'|\b(None|nan|NaT|True|False)\b").search, chinese=True
    )
    assert left == {}, listed(left)


@pytest.mark.parametrize("data", ["live", "demo"])
@pytest.mark.parametrize("name", NAMES)
def test_in_traditional_no_simplified_character_is_left_on_a_page(both, name, data):
    left = left_on(name, data, "zh-TW", simplified_only, chinese=True)
    assert left == {}, listed(left)


@pytest.mark.parametrize("name", NAMES)
def test_in_hong_kong_no_simplified_character_is_left_on_a_page(both, name):
    left = left_on(name, "demo", "zh-HK", simplified_only, chinese=True)
    assert left == {}, listed(left)


@pytest.mark.parametrize("data", ["live", "demo"])
@pytest.mark.parametrize("name", NAMES)
def test_a_table_taken_away_in_english_has_chinese_only_where_others_speak(both, taken, name, data):
    Page(name, data=data, lang="en")
    ((view, frame, own, file),) = taken
    spoken = draw.in_script(frame, view.lang, own)
    labels = [place for place, column in enumerate(frame.columns) if column not in OWN_WORDS | set(own)]
    cells = {c for c in spoken.iloc[:, labels].to_numpy().ravel() if isinstance(c, str) and HAN.search(c)}

    assert len(frame) > 0 or name in ("stations", "points", "changes")
    assert [c for c in [*spoken.columns, file] if HAN.search(c)] == []
    assert cells == set()
    assert file.endswith(f"as-of-{view.as_of}{'_Demo' if data == 'demo' else ''}.csv")


@pytest.mark.parametrize("data", ["live", "demo"])
@pytest.mark.parametrize("name", NAMES)
def test_a_table_taken_away_in_traditional_has_no_simplified_character(both, taken, name, data):
    Page(name, data=data, lang="zh-TW")
    ((view, frame, own, file),) = taken
    spoken = draw.in_script(frame, view.lang, own)

    assert [c for c in [*spoken.columns, file] if simplified_only(c)] == []
    assert {c for c in spoken.to_numpy().ravel() if isinstance(c, str) and simplified_only(c)} == set()


@pytest.mark.parametrize(
    ("locale", "asked", "lang"),
    [
        ("en-GB", {}, "EN"),
        ("en-US", {"lang": "zh-CN"}, "简"),
        ("zh-CN", {"lang": "en"}, "EN"),
        ("ja", {}, "简"),
    ],
)
def test_the_switch_shows_the_language_that_was_chosen(both, locale, asked, lang):
    page = Page("about", locale=locale, data="live", **asked)

    assert [word for word in page.current("header") if word in ("简", "繁", "EN")] == [lang]
    assert page.links("header")["EN"].endswith("lang=en")


def test_english_shows_the_figures_with_their_qualifiers(both):
    text = Page("overview", data="live", lang="en", **MIDDLE).text("overview")

    for words in (
        "Warm stations 500+ Jan 2025",
        "Care activities 800+ sessions Jan 2025",
        "Volunteers 2.24M+ people Jan 2025",
        "Certified workers 14K+ people Jan 2025",
        "Agencies 88 Jan 2025",
        "Shishi ▨ Not reported 6 published",
    ):
        assert words in text


def test_a_measure_and_a_source_stay_chinese_and_say_so(both):
    tasks = Page("tasks", show="list", data="demo", lang="en").html("panel_tasks")
    history = Page("county", data="live", lang="en", unit="350500", indicator="stations_count").html(
        "panel_history"
    )

    assert tasks.count('<span lang="zh">') == len(cached.list_readout(_today("demo")).measures)
    assert '<span lang="zh">泉州首次市委社会工作会议综述（2025年1月）</span>' in history


def _today(data: str) -> cached.Key:
    return cached.Moment().key(data, AsOf(cached.Moment().today()[data]))


@pytest.mark.parametrize(
    ("page", "params", "said"),
    [
        ("stations", {"unit": "350582", "town": "350582102"}, "Has a station"),
        ("stations", {"station": "nope"}, "there is no station with the number nope."),
        ("points", {"point": "nope"}, "point=nope: there is no such point on that day."),
        ("about", {"find": "zzzz"}, "zzzz"),
        ("changes", {}, "organisations"),
        ("county", {"unit": "350582"}, "due by 20"),
    ],
)
def test_what_is_seldom_shown_is_said_in_english_too(both, page, params, said):
    found = Page(page, data="demo", lang="en", **params).text()

    assert said in found
    for left in ("有驿站", "没有编号为", "没有找到", "due before 20"):
        assert left not in found
