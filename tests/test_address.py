"""The address: one frozen View out of it, a sentence for what cannot be used, links that mean what they say."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.catalogue import Catalogue
from dashboard.periods import parse as parse_period
from dashboard.ui import address
from dashboard.ui.address import Problem, View, parse

TODAY = {"live": date(2026, 1, 15), "demo": date(2025, 12, 31)}
PAGES = ("overview", "county", "snapshots", "about")


@pytest.fixture
def read(catalogue: Catalogue):
    def _read(default_data: str = "live", browser: str = "zh-CN", chosen: str = "dark", **asked: str) -> View:
        return parse(asked, catalogue, TODAY, default_data, browser, chosen)

    return _read


def query(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query))


# --- reading ----------------------------------------------------------------------------------------


def test_an_empty_address_is_the_whole_city_today_in_the_readers_own_language(read):
    view = read(browser="zh-HK", chosen="light")

    assert (view.data, view.as_of, view.today) == ("live", date(2026, 1, 15), date(2026, 1, 15))
    assert (view.lang, view.theme, view.wall) == ("zh-HK", "light", False)
    assert (view.unit, view.town, view.indicator, view.per) == ("", "", "", "count")
    assert (view.shape, view.zones, view.find) == ("", "without", "")
    assert view.problems == view.given == ()


@pytest.mark.parametrize(
    ("parameter", "value", "field", "expected"),
    [
        ("unit", "350582", "unit", "350582"),
        ("unit", "350500", "unit", "350500"),
        ("unit", "QZ-KF", "unit", "QZ-KF"),
        ("indicator", "volunteers_count", "indicator", "volunteers_count"),
        ("per", "10k", "per", "10k"),
        ("shape", "tiles", "shape", "tiles"),
        ("zones", "with", "zones", "with"),
        ("find", "磁灶", "find", "磁灶"),
        ("hours", "24", "hours", "24"),
        ("as_of", "2015-01-05", "as_of", date(2015, 1, 5)),
        ("as_of", "2026-01-15", "as_of", date(2026, 1, 15)),
        ("data", "demo", "data", "demo"),
        ("lang", "zh-TW", "lang", "zh-TW"),
        ("wall", "1", "wall", True),
        ("table", "1", "table", True),
        ("period", "2025-Q1", "period", parse_period("2025-Q1")),
        ("play", "30", "play", 30),
        ("present", "1", "present", True),
        ("theme", "light", "theme", "light"),
    ],
)
def test_every_parameter_is_read(read, parameter, value, field, expected):
    view = read(**{parameter: value})

    assert getattr(view, field) == expected
    assert view.problems == ()


def test_a_town_is_read_with_its_unit(read, catalogue):
    town = next(o for o in catalogue.organisations if o.name == "磁灶镇")
    view = read(unit="350582", town=town.code)

    assert (view.unit, view.town, view.problems) == ("350582", town.code, ())


def test_today_is_the_day_of_the_store_that_is_shown(read):
    assert read(data="demo").as_of == date(2025, 12, 31)
    assert read(default_data="demo").as_of == date(2025, 12, 31)


# --- what cannot be used ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "value", "sentence"),
    [
        ("unit", "999999", "没有这个填报单位代码"),
        ("unit", "350527", "没有这个填报单位代码"),
        ("unit", "晋江", "没有这个填报单位代码"),
        ("town", "1", "没有这个镇街代码"),
        ("indicator", "volunteers", "没有这个指标"),
        ("per", "100k", "可写 count（总数）或 10k（每万人）"),
        ("shape", "globe", "图的样式可写 outline、tiles、points、density"),
        ("zones", "both", "可写 with（含）或 without（不含）开发区"),
        ("as_of", "10.1.2025", "应写成 2025-01-10 这样的日期"),
        ("as_of", "2025-02-30", "应写成 2025-01-10 这样的日期"),
        ("as_of", "20250110", "应写成 2025-01-10 这样的日期"),
        ("as_of", "2025-W03-1", "应写成 2025-01-10 这样的日期"),
        ("period", "2025-13", "应写成 2025-01、2025-Q1、2025-H1 或 2025 这样的数据期"),
        ("period", "2026-02", "不在现有数据的范围（2015-01-01 到 2026-01-15）之内"),
        ("period", "2014", "不在现有数据的范围（2015-01-01 到 2026-01-15）之内"),
        ("play", "1", "每页停留的秒数，可写 5 到 600，0 为不走"),
        ("play", "soon", "每页停留的秒数，可写 5 到 600，0 为不走"),
        ("present", "yes", "可写 1 或 0"),
        ("as_of", "2026-01-16", "还没有到，最晚可以看 2026-01-15"),
        ("data", "test", "数据只有 live（正式）和 demo（演示）两种"),
        ("lang", "fr", "语言可写 zh-CN、zh-TW、zh-HK、en"),
        ("wall", "yes", "可写 1 或 0"),
        ("table", "outline", "可写 1 或 0"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_and_never_a_silent_default(read, parameter, value, sentence):
    assert read(**{parameter: value}).problems == (Problem(parameter, sentence),)


def test_a_day_to_compare_with_lies_before_the_day_of_the_page(read):
    early = read(since="2025-06-01", as_of="2025-05-31")

    assert early.problems == (Problem("since", "晚于截至日 2025-05-31"),)
    assert read(since="2025-05-31", as_of="2025-05-31").problems == ()


def test_a_day_that_is_no_day_is_one_problem_and_not_also_a_late_one(read):
    wrong = read(since="abc", as_of="2024-01-01")

    assert wrong.problems == (Problem("since", "应写成 2025-01-10 这样的日期"),)
    assert wrong.since is None


def test_a_parameter_that_others_put_there_is_passed_over_and_not_handed_on(read):
    view = read(unit="350582", utm_source="wechat", colour="")

    assert view.problems == ()
    assert view.here("county") == "./county?unit=350582"
    assert view.lasting("county") == f"./county?unit=350582&as_of={view.as_of}&data=live"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2014-12-31"])
def test_a_day_before_the_first_the_control_can_show_is_a_sentence(read, day):
    assert [p.parameter for p in read(as_of=day).problems] == ["as_of"]


def test_every_problem_is_named_at_once(read):
    found = read(unit="9", as_of="x", wall="red").problems

    assert {p.parameter for p in found} == {"unit", "as_of", "wall"}


def test_a_town_of_another_unit_is_a_sentence_and_no_town(read, catalogue):
    town = next(o for o in catalogue.organisations if o.name == "磁灶镇")
    view = read(unit="350581", town=town.code)

    assert view.problems == (Problem("town", "这个镇街不属于所选单位"),)
    assert view.town == ""


def test_a_town_without_its_unit_does_not_silently_show_the_city(read, catalogue):
    town = next(o for o in catalogue.organisations if o.name == "磁灶镇")
    view = read(town=town.code)

    assert view.unit == "350582" or [p.parameter for p in view.problems] == ["town"]


def test_a_day_of_the_future_is_judged_by_the_store_that_is_shown(read):
    assert read(as_of="2026-01-10").problems == ()
    assert read(as_of="2026-01-10", data="demo").problems == (
        Problem("as_of", "还没有到，最晚可以看 2025-12-31"),
    )


def test_an_empty_value_is_no_value(read):
    assert read(unit="", as_of="", lang="").problems == ()


def test_what_the_browser_needs_for_itself_is_passed_over(read):
    assert read(embed="true", embed_options="dark_theme").problems == ()


def test_a_theme_that_there_is_not_is_said_and_the_chosen_one_kept(read):
    view = read(theme="neon")

    assert view.theme == "dark"
    assert view.problems == (Problem("theme", "配色可写 dark（深）或 light（浅）"),)


def test_a_search_is_cut_at_sixty_characters(read):
    assert read(find="晋" * 100).find == "晋" * 60


# --- links ------------------------------------------------------------------------------------------


def test_a_link_to_a_page_is_relative_so_that_it_works_behind_any_address(read):
    view = read()

    assert [view.link(page) for page in PAGES] == ["./", "./county", "./snapshots", "./about"]
    assert view.link("county", unit="350582") == "./county?unit=350582"


def test_day_data_language_zones_table_and_wall_go_along_and_the_rest_stays_behind(read):
    view = read(
        unit="350502",
        table="1",
        indicator="volunteers_count",
        per="10k",
        shape="tiles",
        find="晋江",
        as_of="2025-06-30",
        data="live",
        lang="zh-TW",
        zones="with",
        wall="1",
    )

    assert query(view.link("overview")) == {
        "as_of": "2025-06-30",
        "data": "live",
        "lang": "zh-TW",
        "zones": "with",
        "table": "1",
        "wall": "1",
    }


def test_a_link_on_the_page_keeps_everything_but_what_it_changes(read):
    view = read(indicator="volunteers_count", shape="tiles", as_of="2025-06-30")

    assert query(view.here("overview", per="10k")) == {
        "indicator": "volunteers_count",
        "per": "10k",
        "shape": "tiles",
        "as_of": "2025-06-30",
    }
    assert query(view.here("overview", indicator=None)) == {"shape": "tiles", "as_of": "2025-06-30"}


def test_a_view_without_a_parameter_neither_has_it_nor_hands_it_on(read):
    view = read(station="350582-001", unit="350582", as_of="2025-06-30").without("station")

    assert view == read(unit="350582", as_of="2025-06-30")
    assert view.here("stations") == "./stations?unit=350582&as_of=2025-06-30"


def test_parameters_stand_in_a_fixed_order_however_they_were_given(read):
    one = read(lang="zh-TW", unit="350582", as_of="2025-06-30").here("county")
    other = read(as_of="2025-06-30", lang="zh-TW", unit="350582").here("county")

    assert one == other == "./county?unit=350582&as_of=2025-06-30&lang=zh-TW"


@pytest.mark.parametrize("page", PAGES)
def test_an_address_opens_the_same_view_again(read, page):
    parameters = {
        "unit": "350582",
        "indicator": "volunteers_count",
        "per": "10k",
        "shape": "tiles",
        "table": "1",
        "zones": "with",
        "find": "a&b=c 晋江?#%",
        "as_of": "2025-06-30",
        "data": "demo",
        "lang": "zh-HK",
        "wall": "1",
        "period": "2025-Q1",
        "play": "30",
        "present": "1",
    }
    view = read(**parameters)

    assert read(**query(view.here(page))) == view
    assert read(**query(view.lasting(page))) == view


@pytest.mark.parametrize(("default_data", "data"), [("live", "live"), ("demo", "demo")])
def test_a_lasting_link_writes_day_and_data_out_even_when_they_are_the_defaults(read, default_data, data):
    view = read(default_data=default_data, unit="350582")

    assert query(view.lasting("county")) == {
        "unit": "350582",
        "as_of": TODAY[data].isoformat(),
        "data": data,
    }
    assert read(default_data="live", **query(view.lasting("county"))).as_of == TODAY[data]


def test_a_value_that_cannot_be_used_can_be_taken_out_of_the_address(read):
    view = read(unit="999999", as_of="2025-06-30")

    assert view.here("county", unit=None) == "./county?as_of=2025-06-30"


def test_a_link_never_carries_markup_out_of_the_address(read):
    view = read(find='"><script>alert(1)</script>')

    assert "<" not in view.here("about")
    assert '"' not in view.here("about")


def test_a_view_is_frozen(read):
    with pytest.raises(AttributeError):
        read().unit = "350582"


def test_every_field_that_the_address_can_set_is_among_the_parameters_that_links_can_carry():
    own = set(View.__dataclass_fields__) - {"today", "given", "problems", "theme"}

    assert own == set(address._ORDER)
