"""The published figures: every row arrives with all it says, and a malformed file is refused in words."""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dashboard import startup
from dashboard.catalogue import CatalogueError
from dashboard.config import DATA, settings
from dashboard.importers.published import COLUMNS, published_returns, unit_figures
from dashboard.importers.publishing import keep_in_step, published_drafts
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.models import Reading, Return, ReturnEvent
from dashboard.periods import parse
from dashboard.queries import readings
from dashboard.startup import StartError, Stores, prepare
from dashboard.store import SYSTEM, ProblemDraft, Store, open_store, receive, stamp, withdraw

PUBLISHED = DATA / "published" / "published_figures.csv"
TODAY = AsOf(date(2026, 1, 15))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def count(store: Store, table: type) -> int:
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


# --- what is shipped --------------------------------------------------------------------------------


def test_all_68_rows_arrive_with_everything_that_was_printed(prepared):
    found = readings(prepared["live"].engine, TODAY, latest=False)
    arrived = {
        (r.indicator, r.organisation, r.period_end, r.grain): (
            None if math.isnan(r.value) else r.value,
            r.qualifier,
            r.period_start,
            r.known_on,
            r.published_on_precision,
            r.source_id,
            r.source_title,
            r.source_grade,
            r.source_address,
            r.note,
            r.kind,
            r.place,
        )
        for r in found.itertuples()
    }
    printed = rows_of(PUBLISHED)

    assert len(printed) == 68
    assert len(found) == len(arrived) == 68 + 26
    for line, row in enumerate(printed, start=2):
        period = parse(row["period"])
        key = (row["indicator"], row["unit_code"], period.end, period.grain)
        assert arrived[key] == (
            float(row["value"]) if row["value"] else None,
            row["qualifier"],
            period.start,
            date.fromisoformat(row["published_on"]),
            row["published_on_precision"],
            row["source_id"],
            row["source_title"],
            row["source_grade"],
            row["source_address"],
            row["note"],
            "published",
            f"published_figures.csv 第 {line} 行",
        )


def test_the_68_rows_are_lower_bounds_at_mixed_dates():
    printed = rows_of(PUBLISHED)

    assert Counter(r["qualifier"] for r in printed) == {"eq": 40, "ge": 22, "approx": 5, "unknown": 1}
    assert len({r["indicator"] for r in printed}) == 35
    assert min(r["period"] for r in printed) == "2015-12-27"
    assert max(r["period"] for r in printed) == "2025-12-05"


def test_the_unreadable_grant_amount_is_known_to_be_unknown(prepared):
    found = readings(prepared["live"].engine, TODAY, latest=False)
    (grant,) = found[found["indicator"] == "grant_amount_wan_yuan"].itertuples()

    assert grant.qualifier == "unknown"
    assert math.isnan(grant.value)
    assert grant.note == "原文该数字首位乱码（N00万元），待核，不得推算"
    assert grant.known_on == date(2025, 1, 13)


def test_the_68_rows_are_17_returns_one_per_source_and_unit(prepared):
    with prepared["live"].engine.connect() as connection:
        returns = connection.execute(
            select(Return.source_id, Return.organisation, Return.state, Return.seq).where(
                Return.kind == "published", Return.source_id.like("S%")
            )
        ).all()

    assert sorted(r.source_id for r in returns) == [f"S{number:02d}" for number in range(1, 18)]
    assert {r.state for r in returns} == {"accepted"}
    assert len({(r.source_id, r.organisation) for r in returns}) == 17


def test_every_return_keeps_the_rows_of_its_source_as_a_file_of_their_own(prepared):
    with prepared["live"].engine.connect() as connection:
        kept = connection.execute(
            select(Return.source_id, Return.file_name, Return.file_bytes).where(Return.source_id.like("S%"))
        ).all()
    for source_id, name, content in kept:
        own = [r for r in rows_of(PUBLISHED) if r["source_id"] == source_id]
        kept_rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert sorted(kept_rows, key=lambda r: list(r.values())) == sorted(
            own, key=lambda r: list(r.values())
        )
        assert name == f"published_figures_{source_id}_{own[0]['unit_code']}.csv"


def test_the_product_itself_accepted_them_and_says_so(prepared):
    with prepared["live"].engine.connect() as connection:
        accepted = connection.execute(
            select(ReturnEvent.actor, ReturnEvent.role, ReturnEvent.reason)
            .join(Return, Return.id == ReturnEvent.return_id)
            .where(Return.kind == "published", ReturnEvent.state == "accepted")
        ).all()

    assert Counter(map(tuple, accepted)) == {("system", "keeper", "公开数据"): 17 + 26}


def test_populations_are_readings_of_the_thirteen_and_of_the_city(prepared, catalogue):
    found = readings(prepared["live"].engine, TODAY, indicators=["resident_population_count"], latest=False)
    people = {(r.organisation, r.period_end): r.value for r in found.itertuples()}
    census, year_end = date(2020, 11, 1), date(2021, 12, 31)

    assert Counter(end for _, end in people) == {census: 12, year_end: 14}
    assert people["350500", census] == 8782285
    assert people["350500", year_end] == 8850000
    assert people["350582", census] == 2061551
    assert people["350582", year_end] == 2069000
    assert people["QZ-KF", census] == 32249
    assert people["QZ-TS", year_end] == 253000
    assert ("350521", census) not in people
    assert ("QZ-TS", census) not in people
    assert sum(people[u.code, year_end] for u in catalogue.units) == people["350500", year_end]


def test_a_population_says_where_and_when_it_was_published(prepared):
    found = readings(prepared["live"].engine, TODAY, indicators=["resident_population_count"], latest=False)
    by_key = {(r.organisation, r.source_id): r for r in found.itertuples()}
    yearbook, census = by_key["350502", "P2021"], by_key["350502", "P2020"]

    assert yearbook.source_title == "泉州统计年鉴2022 表3-5"
    assert yearbook.note == "原表以万人为单位，精确到0.1万；不含泉州经济技术开发区"
    assert census.note == "不含泉州经济技术开发区；含开发区七普428361人"
    assert census.source_title == "第七次全国人口普查分县资料（国家统计局）"
    assert {(r.source_grade, r.grain) for r in found.itertuples()} == {("A", "day")}
    assert [k for k, r in by_key.items() if r.qualifier != "eq"] == [("QZ-KF", "P2020")]
    assert by_key["QZ-KF", "P2020"].qualifier == "approx"
    assert by_key["QZ-KF", "P2020"].note == "七普数为推算"
    assert {(r.known_on, r.published_on_precision) for r in found.itertuples()} == {
        (date(2022, 12, 31), "year")
    }
    assert yearbook.place == "units.csv 第 3 行"


# --- a second start ---------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def start(home: Path, clock) -> Stores:
    return prepare(settings({"DASHBOARD_HOME": str(home), "DASHBOARD_DEMO": "off"}), clock)


def close(stores: Stores) -> None:
    for store in stores.by_data.values():
        store.engine.dispose()


def test_importing_twice_adds_nothing(store, catalogue):
    drafts = published_drafts(DATA, catalogue)
    assert keep_in_step(store, drafts) == 17 + 26
    before = stamp(store), count(store, Return), count(store, Reading)

    assert keep_in_step(store, published_drafts(DATA, catalogue)) == 0
    assert (stamp(store), count(store, Return), count(store, Reading)) == before
    assert before[2] == 68 + 26


def test_a_second_start_changes_nothing(home, clock):
    first = start(home, clock)
    before = stamp(first["live"])
    close(first)
    clock.set(date(2026, 2, 1))
    second = start(home, clock)

    assert stamp(second["live"]) == before
    close(second)


def test_a_published_return_an_officer_withdrew_does_not_come_back(store, catalogue, officer):
    drafts = published_drafts(DATA, catalogue)
    keep_in_step(store, drafts)
    with store.engine.connect() as connection:
        wrong = connection.execute(select(Return.id).where(Return.source_id == "S16")).scalar_one()
    withdraw(store, officer, wrong, "与原文不符")

    assert keep_in_step(store, drafts) == 0
    found = readings(store.engine, TODAY, indicators=["volunteers_count"], latest=False)
    assert "S16" not in set(found["source_id"])


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the shipped data whose published figures were edited."""
    folder = shutil.copytree(DATA, tmp_path / "data")

    def edit(change: Callable[[list[str]], list[str]]) -> Path:
        head, *lines = PUBLISHED.read_text(encoding="utf-8-sig").splitlines()
        changed = change(lines)
        assert changed != lines
        content = "\n".join([head, *changed]) + "\n"
        (folder / "published" / "published_figures.csv").write_text(content, encoding="utf-8")
        return folder

    return edit


def replaced(text: str, instead: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [line.replace(text, instead) for line in lines]


def volunteers_of_2019(store) -> list[float]:
    return list(readings(store.engine, AsOf(date(2019, 12, 31)), indicators=["volunteers_count"])["value"])


def test_a_source_printed_anew_takes_the_place_of_what_it_said_before(store, catalogue, edited):
    keep_in_step(store, published_drafts(DATA, catalogue))

    assert (
        keep_in_step(
            store,
            published_drafts(edited(replaced(",1024879,", ",1024880,")), catalogue),
        )
        == 1
    )
    assert volunteers_of_2019(store) == [1024880.0]


def test_an_edit_that_is_undone_brings_the_figure_back(store, catalogue, edited):
    for folder in (
        DATA,
        edited(replaced(",1024879,", ",9924879,")),
        DATA,
    ):
        keep_in_step(store, published_drafts(folder, catalogue))

    assert volunteers_of_2019(store) == [1024879.0]
    assert keep_in_step(store, published_drafts(DATA, catalogue)) == 0


def test_a_row_that_is_deleted_counts_no_more_from_that_day(store, catalogue, edited):
    keep_in_step(store, published_drafts(DATA, catalogue))
    gone = edited(lambda lines: [line for line in lines if ",1024879," not in line])
    keep_in_step(store, published_drafts(gone, catalogue))
    found = readings(store.engine, TODAY, indicators=["volunteers_count"], latest=False)

    assert 1024879.0 not in set(found["value"])


def test_rows_in_another_order_say_the_same(store, catalogue, edited):
    keep_in_step(store, published_drafts(DATA, catalogue))
    before = stamp(store)

    assert keep_in_step(store, published_drafts(edited(lambda lines: lines[::-1]), catalogue)) == 0
    assert stamp(store) == before


def test_a_start_that_was_cut_off_between_receiving_and_accepting_is_made_good_by_the_next(store, catalogue):
    drafts = published_drafts(DATA, catalogue)
    receive(store, SYSTEM, drafts[-1])  # and here the power fails

    keep_in_step(store, drafts)
    assert count(store, Reading) == 68 + 26


# --- malformed files --------------------------------------------------------------------------------

GOOD = {
    "source_id": "S01",
    "indicator": "stations_count",
    "indicator_name": "暖“新”驿站",
    "measured_in": "个",
    "kind": "stock",
    "unit_code": "350500",
    "unit_name": "泉州市",
    "value": "500",
    "qualifier": "ge",
    "period": "2025-01",
    "published_on": "2025-01-13",
    "published_on_precision": "day",
    "source_title": "综述",
    "source_grade": "B",
    "source_address": "",
    "note": "",
}
SECOND = GOOD | {
    "indicator": "estates_count",
    "indicator_name": "住宅小区",
    "value": "2265",
    "qualifier": "eq",
}


def printed(folder: Path, *rows: dict[str, str]) -> Path:
    """A file of published figures with these rows."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "published_figures.csv"
    path.write_text(out.getvalue(), encoding="utf-8-sig")
    return path


def test_a_row_in_good_order_makes_a_reading_without_problems(catalogue, tmp_path):
    (draft,) = published_returns(printed(tmp_path, GOOD, SECOND), catalogue)

    assert draft.problems == []
    assert [f.values["value"] for f in draft.facts] == [500.0, 2265.0]
    assert draft.source is not None
    assert draft.source.published_on == date(2025, 1, 13)


@pytest.mark.parametrize(
    ("change", "column", "rule", "found", "advice"),
    [
        (
            {"indicator": "station_count"},
            "indicator",
            "指标目录里没有这个指标",
            "station_count",
            "请对照 indicators.yaml 改正，或先在那里增加。",
        ),
        (
            {"indicator_name": "驿站"},
            "indicator_name",
            "与指标目录不一致",
            "驿站",
            "指标目录里是“暖“新”驿站”，请核对。",
        ),
        ({"measured_in": "家"}, "measured_in", "与指标目录不一致", "家", "指标目录里是“个”，请核对。"),
        ({"kind": "flow"}, "kind", "与指标目录不一致", "flow", "指标目录里是“stock”，请核对。"),
        ({"unit_code": "350599"}, "unit_code", "没有这个单位代码", "350599", "请对照 units.csv 改正。"),
        ({"unit_name": "福州市"}, "unit_name", "与单位代码不一致", "福州市", "该代码是“泉州市”，请核对。"),
        (
            {"qualifier": "about"},
            "qualifier",
            "口径词只有 eq、ge、approx、unknown",
            "about",
            "请改正。",
        ),
        (
            {"qualifier": "unknown"},
            "value",
            "看不清的数不能有值",
            "500",
            "请清空，或改写口径词。",
        ),
        *(
            (
                {"value": value},
                "value",
                "应是不小于零的数字",
                value,
                "请照原文填写；看不清的写 unknown 并留空。",
            )
            for value in ("", "500多", "-1", "nan", "inf", "1.2万")
        ),
        (
            {"period": "2025年1月"},
            "period",
            "应是数据期",
            "2025年1月",
            "请写成 2025-01-13、2025-01、2025-Q1、2025-H1 或 2025。",
        ),
        (
            {"published_on": "2025/1/13"},
            "published_on",
            "应是日期",
            "2025/1/13",
            "请写成 2025-01-13 的样子。",
        ),
        (
            {"published_on_precision": "week"},
            "published_on_precision",
            "应是 day、month 或 year",
            "week",
            "请改正。",
        ),
        ({"source_title": ""}, "source_title", "没有来源的数不能入库", "", "请写明出处。"),
    ],
)
def test_every_kind_of_mistake_is_a_problem_at_its_place(
    catalogue, tmp_path, change, column, rule, found, advice
):
    (draft,) = published_returns(printed(tmp_path, GOOD | change), catalogue)

    assert draft.problems == [ProblemDraft(f"published_figures.csv 第 2 行 {column}", rule, found, advice)]
    assert draft.facts == []
    assert draft.source is None


@pytest.mark.parametrize("grade", ["", "D", "good"])
def test_a_source_of_no_known_grade_is_a_problem(catalogue, tmp_path, grade):
    (draft,) = published_returns(printed(tmp_path, GOOD | {"source_grade": grade}), catalogue)

    assert [(p.place, p.found) for p in draft.problems] == [
        ("published_figures.csv 第 2 行 source_grade", grade)
    ]


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("published_on", "2025-01-14"),
        ("published_on_precision", "month"),
        ("source_title", "另一篇"),
        ("source_grade", "A"),
    ],
)
def test_two_rows_of_a_source_that_contradict_each_other_are_a_problem(catalogue, tmp_path, column, other):
    (draft,) = published_returns(printed(tmp_path, GOOD, SECOND | {column: other}), catalogue)

    assert draft.problems == [
        ProblemDraft(
            f"published_figures.csv 第 3 行 {column}",
            "同一来源的各行应写同一个值",
            other,
            f"请改为“{GOOD[column]}”。",
        )
    ]


def test_all_problems_of_a_source_are_found_at_once_and_the_good_rows_are_read(catalogue, tmp_path):
    bad = SECOND | {"value": "多", "period": "去年", "unit_name": "福州市"}
    (draft,) = published_returns(printed(tmp_path, GOOD, bad), catalogue)

    assert [p.place for p in draft.problems] == [
        "published_figures.csv 第 3 行 unit_name",
        "published_figures.csv 第 3 行 value",
        "published_figures.csv 第 3 行 period",
    ]
    assert [f.values["indicator"] for f in draft.facts] == ["stations_count"]


def test_the_line_named_is_the_line_of_the_file_after_an_empty_line_too(catalogue, tmp_path):
    path = printed(tmp_path, GOOD, SECOND | {"value": "多"})
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[1], "", lines[2]]), encoding="utf-8")
    (draft,) = published_returns(path, catalogue)

    assert [p.place for p in draft.problems] == ["published_figures.csv 第 4 行 value"]


def test_a_row_with_a_comma_too_many_loses_nothing_in_silence(catalogue, tmp_path):
    path = printed(tmp_path, GOOD | {"note": "口径一"})
    path.write_text(path.read_text(encoding="utf-8").replace("口径一", "口径一,口径二"), encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        published_returns(path, catalogue)

    assert str(refused.value) == (
        "published_figures.csv 第 2 行：列数与表头不一致，请检查是否多写或漏写了逗号。"
    )


@pytest.mark.parametrize("column", COLUMNS)
def test_a_file_without_an_agreed_column_is_refused(catalogue, tmp_path, column):
    path = tmp_path / "published_figures.csv"
    path.write_text(",".join(c for c in COLUMNS if c != column) + "\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        published_returns(path, catalogue)

    assert str(refused.value) == f"published_figures.csv：表头缺少“{column}”列，请从安装包里恢复它。"


def test_a_missing_file_is_refused_with_the_folder_where_it_should_be(catalogue, tmp_path):
    with pytest.raises(CatalogueError) as refused:
        published_returns(tmp_path / "published_figures.csv", catalogue)

    assert str(refused.value) == (
        f"读不到数据文件 published_figures.csv：请从安装包里恢复它（应在 {tmp_path} 下）。"
    )


def test_a_file_chinese_excel_wrote_is_read(catalogue, tmp_path):
    path = printed(tmp_path, GOOD)
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("gb18030"))
    (draft,) = published_returns(path, catalogue)

    assert draft.problems == []
    assert draft.source is not None
    assert draft.source.title == "综述"


# --- a start with a malformed file ------------------------------------------------------------------


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped data from which the product starts, to be spoilt."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    monkeypatch.setattr(startup, "DATA", data)
    monkeypatch.setattr(startup, "OUTLINES", data / "geo" / "counties.geojson")
    return data


def spoil(path: Path, text: str, instead: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert text in content
    path.write_text(content.replace(text, instead, 1), encoding="utf-8")


def refusal(home: Path, clock) -> str:
    with pytest.raises(StartError) as refused:
        start(home, clock)
    said = str(refused.value)
    assert "\n" not in said
    return said


def test_a_start_from_the_copy_succeeds(shipped, home, clock):
    close(start(home, clock))


def test_a_start_with_a_malformed_published_figure_is_refused_with_its_place(shipped, home, clock):
    spoil(shipped / "published" / "published_figures.csv", "泉州市,500,ge", "泉州市,500多,ge")

    assert refusal(home, clock) == (
        "published_figures.csv 第 2 行 value：应是不小于零的数字，写的是“500多”。"
        "请照原文填写；看不清的写 unknown 并留空。"
    )


def test_a_start_with_a_figure_printed_twice_is_refused_with_its_place_every_time(shipped, home, clock):
    path = shipped / "published" / "published_figures.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    for _ in range(2):
        said = refusal(home, clock)
        assert re.match(r"published_figures\.csv 第 (2|70) 行", said)
        assert "同一份报送件里，一个数只能出现一次" in said


def test_a_start_with_a_malformed_population_is_refused_with_its_place(shipped, home, clock):
    spoil(shipped / "geo" / "units.csv", ",396112,39.7,", ",396112,39.7万,")

    assert refusal(home, clock).startswith("units.csv 第 3 行 resident_population_2021_wan：")


def test_a_population_of_an_unknown_column_or_indicator_is_refused(catalogue, tmp_path):
    for text, instead in (("population_2020,", "population,"), ("resident_population_count", "people_count")):
        columns = tmp_path / "unit_figures.csv"
        columns.write_text(
            (DATA / "published" / "unit_figures.csv").read_text(encoding="utf-8").replace(text, instead, 1),
            encoding="utf-8",
        )
        with pytest.raises(CatalogueError, match=r"^unit_figures\.csv 第 2 行"):
            unit_figures(columns, DATA / "geo" / "units.csv", catalogue)


def test_a_start_without_its_files_is_refused(shipped, home, clock):
    (shipped / "published" / "unit_figures.csv").unlink()

    assert refusal(home, clock) == (
        f"读不到数据文件 unit_figures.csv：请从安装包里恢复它（应在 {shipped / 'published'} 下）。"
    )


def test_a_first_demo_cannot_be_made_without_the_shipped_outlines_and_the_start_says_so(shipped, home, clock):
    (shipped / "geo" / "counties.geojson").unlink()
    with pytest.raises(StartError) as refused:
        prepare(settings({"DASHBOARD_HOME": str(home), "DASHBOARD_DEMO": "on"}), clock)
    assert str(refused.value) == (
        f"读不到轮廓文件 counties.geojson：请从安装包里恢复它（应在 {shipped / 'geo'} 下）。"
    )

    stores = start(home, clock)  # without the demo there is nothing that cannot do without them
    assert stores.drawing.refused == (
        "轮廓文件 counties.geojson：读不到（No such file or directory）。请从安装包里恢复它。"
    )
    close(stores)


def without_column(name: str) -> Callable[[str], str]:
    """The text of a CSV file without one of its columns."""

    def cut(text: str) -> str:
        rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
        place = rows[0].index(name)
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(
            [c for i, c in enumerate(r) if i != place] for r in rows
        )
        return out.getvalue()

    return cut


def header_only(text: str) -> str:
    return text.splitlines()[0] + "\n"


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("published/unit_figures.csv", without_column("column"), "unit_figures.csv：表头缺少“column”列，"),
        ("published/unit_figures.csv", without_column("factor"), "unit_figures.csv：表头缺少“factor”列，"),
        ("published/unit_figures.csv", lambda t: t + "population_2020,\n", "unit_figures.csv 第 4 行：列数"),
        (
            "published/unit_figures.csv",
            lambda t: t.replace("10000", "万"),
            "unit_figures.csv 第 3 行：没有这个列",
        ),
        ("published/unit_figures.csv", lambda _: "", "unit_figures.csv：表头缺少“column”列，"),
        ("published/unit_figures.csv", header_only, "unit_figures.csv：只有表头，"),
        ("published/published_figures.csv", header_only, "published_figures.csv：只有表头，"),
        ("catalogue/meetings.csv", header_only, "meetings.csv：只有表头，"),
        (
            "catalogue/names_hant.csv",
            without_column("traditional"),
            "names_hant.csv：表头缺少“traditional”列，",
        ),
        (
            "catalogue/names_hant.csv",
            lambda t: t + "晋江市,\n",
            "names_hant.csv 第 9 行：traditional 写的是“”，",
        ),
        ("catalogue/names_en.csv", without_column("english"), "names_en.csv：表头缺少“english”列，"),
        ("geo/divisions.csv", header_only, "divisions.csv：只有表头，"),
        ("geo/units.csv", without_column("tile_row"), "units.csv：表头缺少“tile_row”列，"),
    ],
)
def test_a_start_with_a_shipped_file_that_lost_something_is_refused_the_first_time_and_later(
    shipped, home, clock, file, change, said
):
    path = shipped / file
    whole = path.read_text(encoding="utf-8")
    path.write_text(change(whole), encoding="utf-8")
    assert refusal(home, clock).startswith(said)

    path.write_text(whole, encoding="utf-8")
    close(start(home, clock))
    path.write_text(change(whole), encoding="utf-8")
    assert refusal(home, clock).startswith(said)


def test_a_start_with_a_malformed_catalogue_file_of_the_own_is_refused(home, clock):
    (home / "catalogue").mkdir(parents=True)
    (home / "catalogue" / "indicators.yaml").write_text("stations_count: {kind: stok}\n", encoding="utf-8")

    assert refusal(home, clock) == (
        f"自有目录文件 {home}/catalogue/indicators.yaml，条目“stations_count”：kind 写的是“stok”，"
        "不在允许的取值之内（stock、flow、cumulative、rate、published_ratio），请改正。"
    )


def test_a_start_with_the_two_stores_in_one_database_is_refused(home, clock):
    url = f"sqlite:///{home / 'one.sqlite'}"
    environ = {
        "DASHBOARD_HOME": str(home),
        "DASHBOARD_DEMO": "on",
        "DASHBOARD_DATABASE_URL": url,
        "DASHBOARD_DEMO_DATABASE_URL": url,
    }
    with pytest.raises(StartError) as refused:
        prepare(settings(environ), clock)

    assert str(refused.value) == (
        "这个数据库存的是 live 数据，不能当作 demo 打开："
        "请检查 DASHBOARD_DATABASE_URL 与 DASHBOARD_DEMO_DATABASE_URL 是否写反。"
    )


def test_an_installation_may_call_a_published_indicator_by_a_name_of_its_own(home, clock):
    (home / "catalogue").mkdir(parents=True)
    (home / "catalogue" / "indicators.yaml").write_text(
        "stations_count: {title: 暖心驿站}\n", encoding="utf-8"
    )

    close(start(home, clock))


def test_a_store_that_knows_the_catalogue_only_is_filled_by_the_start(home, clock, catalogue):
    home.mkdir()
    store = open_store(f"sqlite:///{home / 'live.sqlite'}", "live", clock)
    assert seed_catalogue(store, catalogue) == 1
    store.engine.dispose()
    stores = start(home, clock)

    assert stamp(stores["live"]).seq == 1 + 17 + 26
    close(stores)
