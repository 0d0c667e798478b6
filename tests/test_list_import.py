"""A list of measures from a file: a new version from a day on, old ones for the days before, or nothing at all."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from conftest import Clock
from dashboard.catalogue import Catalogue
from dashboard.cli import main
from dashboard.config import DATA, SETTINGS, settings
from dashboard.hashing import sha256
from dashboard.importers.list_versions import (
    CONSOLE,
    Asked,
    Numbers,
    Prepared,
    import_list,
    prepare_list,
)
from dashboard.importers.list_withdrawal import take_back_list
from dashboard.importers.measure_list import Counts
from dashboard.importers.refusals import RefusedError, sentence
from dashboard.importers.seed import seed_catalogue
from dashboard.importers.taking_back import TakeBackError
from dashboard.knowledge import AsOf
from dashboard.models import Base, Problem, Return, ReturnEvent
from dashboard.queries import assignments, list_in_force, measures, responsible_lights
from dashboard.readouts.measures import list_readout
from dashboard.startup import prepare
from dashboard.store import (
    SHANGHAI,
    SYSTEM,
    Actor,
    DoorError,
    Draft,
    FactDraft,
    Store,
    accept,
    open_store,
    receive,
    stamp,
)

HEAD = "序号 方面 项目 措施 牵头单位 责任单位 目标 启动时间 完成时限 适用范围 佐证指标".split()
FIRST = ["1-1-1", "党建统领", "联席会议", "建立联席会议。", "市委组织部", "晋江、石狮", "每季一次",
         "2026-06-01", "2026-12-31", "县级", "stations_count"]  # fmt: skip
SECOND = ["1-1-2", "党建统领", "联席会议", "会后督办。", "市委社会工作部", "", "", "", "长期坚持", "市级", ""]
FROM = date(2026, 6, 1)
COUNTIES = "350502 350503 350504 350505 350581 350582 350583 350521 350524 350525 350526".split()


def changed(row: list[str], **cells: str) -> list[str]:
    """The row with other words in the columns named."""
    return [cells.get(name, text) for name, text in zip(HEAD, row, strict=True)]


@pytest.fixture
def listed(store: Store, catalogue: Catalogue) -> Store:
    """A store with the shipped list, seeded on 15 January 2026, once on each database."""
    seed_catalogue(store, catalogue)
    return store


@pytest.fixture(scope="module")
def untouched(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same once, for files that are refused or only looked at: it stays as it was."""
    clock = Clock(date(2026, 1, 15))
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('untouched') / 'store.sqlite'}", "live", clock)
    seed_catalogue(store, catalogue)
    before = rows_of(store), stamp(store)
    yield store
    assert (rows_of(store), stamp(store)) == before
    store.engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """A CSV file of a list with these rows, which declares how many they are."""

    def write(
        *rows: list[str], head: list[str] = HEAD, title: str | None = None, name: str = "清单.csv"
    ) -> Path:
        out = io.StringIO(newline="")
        csv.writer(out).writerows([[f"共{len(rows)}条" if title is None else title], head, *rows])
        path = tmp_path / name
        path.write_bytes(out.getvalue().encode("gb18030"))
        return path

    return write


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """An xlsx file of a list with these rows from row 3 on, these cells merged, and sheets beside it."""

    def write(
        *rows: list[str],
        title: str | None = None,
        merge: tuple[str, ...] = (),
        name: str = "清单.xlsx",
        **beside: list[str],
    ) -> Path:
        made = Workbook()
        made.active.title = "清单"
        for row in ([f"共{len(rows)}条" if title is None else title], HEAD, *rows):
            made.active.append(row)
        for block in merge:
            made.active.merge_cells(block)
        for title, row in beside.items():
            made.create_sheet(title).append(row)
        made.save(tmp_path / name)
        return tmp_path / name

    return write


def prepared(store: Store, path: Path, asked: Asked = Asked(FROM)) -> Prepared:  # noqa: B008
    return prepare_list(store, path, asked)


def taken_in(store: Store, path: Path, asked: Asked = Asked(FROM)) -> Prepared:  # noqa: B008
    found = prepare_list(store, path, asked)
    import_list(store, found)
    return found


def refusals(store: Store, path: Path, asked: Asked | None = None) -> list[str]:
    """What it was refused for, line by line, without the last, which counts them."""
    with pytest.raises(RefusedError) as caught:
        prepare_list(store, path, asked or Asked(FROM))
    *lines, last = str(caught.value).split("\n")
    assert last == f"共 {len(lines)} 处问题，没有入库任何内容。"
    return lines


def rows_of(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in Base.metadata.tables.items()
        }


def plain(frame) -> list[dict]:
    """Rows without what the store adds."""
    return [
        {k: v for k, v in row.items() if k not in ("seq", "known_on", "list_version")}
        for row in frame.to_dict("records")
    ]


# --- what comes in ----------------------------------------------------------------------------------


def as_file(catalogue: Catalogue, path: Path) -> Path:
    """The shipped list as a workbook such as an office keeps: title, merged aspects and projects, notes below."""
    names = {o.code: o.short_name for o in catalogue.organisations}
    made = Workbook()
    page = made.active
    page.title = "清单"
    page.append(["重点任务项目清单（7个方面20个项目60条措施）"])
    page.append([*HEAD, "备注", "联系人"])
    above: dict[int, tuple[str, int]] = {}
    for row, m in enumerate(catalogue.measures, start=3):
        own = [a for a in catalogue.assignments if a.measure == m.number]
        told = {
            role: "、".join(
                names[a.organisation] + (f"（{a.due}）" if a.due else "") for a in own if a.role == role
            )
            for role in ("lead", "responsible")
        }
        scope = {"city": "市级", "county": "县级"}[m.scope]
        evidence = catalogue.indicators[m.evidence_indicator].title if m.evidence_indicator else None
        page.append([m.number, m.aspect, m.project, m.text, told["lead"], told["responsible"], m.target, m.start,
                     m.due or "长期坚持", scope, evidence, m.note, "张三"])  # fmt: skip
        for column, text in ((2, m.aspect), (3, m.project)):
            if above.get(column, ("", 0))[0] == text:
                page.cell(row, column).value = None
            else:
                above[column] = (text, row)
    for column in (2, 3):
        starts = [r for r in range(3, 63) if page.cell(r, column).value]
        for first, following in zip(starts, [*starts[1:], 63], strict=True):
            page.merge_cells(start_row=first, end_row=following - 1, start_column=column, end_column=column)
    page.append(["注：联系电话见通讯录"])
    made.save(path)
    return path


def test_the_shipped_list_written_as_a_workbook_comes_back_as_it_was(listed, catalogue, tmp_path):
    found = taken_in(listed, as_file(catalogue, tmp_path / "清单.xlsx"))
    today = AsOf(listed.today())

    assert found.title == "重点任务项目清单"
    assert found.counts == Counts(7, 20, 60)
    assert (found.against, [(c.new, c.changed, c.gone) for c in found.changes]) == ("2025", [(0, 0, 0)] * 2)
    for question in (measures, assignments):
        old, new = (plain(question(listed.engine, today, v)) for v in ("2025", found.version))
        assert len(new) == {measures: 60, assignments: 579}[question]
        assert new == old


def test_the_sample_that_comes_with_the_product_comes_in(listed):
    found = taken_in(listed, DATA / "samples" / "措施清单_样例.csv", Asked(date(2026, 1, 20)))

    assert (found.counts, found.warnings) == (Counts(2, 3, 5), [])
    assert found.title == "破解基层治理“小马拉大车”措施清单"
    rows = measures(listed.engine, AsOf(listed.today()), "2026-01-20").set_index("number")
    assert list(rows.index) == ["1-1-1", "1-1-2", "1-2-1", "2-3-1", "2-3-2"]
    assert (rows["due"]["1-1-2"], rows["start"]["2-3-2"]) == (date(2026, 9, 30), date(2026, 1, 20))
    assert rows["standing"].tolist() == [True, False, False, False, False]
    assert set(rows["direction"]) == {"聚力", "轻车"}


def test_who_leads_answers_where_nobody_else_is_named(listed, file):
    found = taken_in(listed, file(FIRST, SECOND))
    rows = assignments(listed.engine, AsOf(listed.today()), found.version)

    assert rows[["measure", "organisation", "role"]].to_numpy().tolist() == [
        ["1-1-1", "350581", "responsible"],
        ["1-1-1", "350582", "responsible"],
        ["1-1-1", "D-ORG", "lead"],
        ["1-1-2", "D-SWB", "lead"],
        ["1-1-2", "D-SWB", "responsible"],
    ]
    row = measures(listed.engine, AsOf(listed.today()), found.version).iloc[1]
    assert (row["start"], row["due"], row["standing"]) == (FROM, None, True)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("各县（市、区）", COUNTIES),
        ("各县(市、区)", COUNTIES),
        ("各县（市、区）和开发区", [*COUNTIES, "QZ-KF", "QZ-TS"]),
        ("各填报单位", [*COUNTIES, "QZ-KF", "QZ-TS"]),
        ("各地", [*COUNTIES, "QZ-KF", "QZ-TS"]),
        ("市委组织部，各县（市、区）", ["D-ORG", *COUNTIES]),
        ("晋江市、石狮,350583；开发区;团市委\n泉州台商投资区", ["350582", "350581", "350583", "QZ-KF", "D-YOUTH", "QZ-TS"]),
        ("晋\u200b江 市", ["350582"]),
    ],
)  # fmt: skip
def test_organisations_are_known_by_any_of_their_names_and_by_group_words(untouched, file, written, codes):
    found = prepared(untouched, file(changed(FIRST, 责任单位=written)))
    named = [
        f.values["organisation"]
        for f in found.draft.facts
        if f.table == "assignment" and f.values["role"] == "responsible"
    ]

    assert sorted(named) == sorted(codes)


def test_an_alias_of_the_store_is_a_name(listed, file):
    known = {"subject": "organisation", "alias": "泉州开发区管委会", "target": "QZ-KF"}
    draft = Draft("alias", "350500", "别名.csv", b"x", [FactDraft("alias", known)])
    accept(listed, SYSTEM, receive(listed, SYSTEM, draft))

    found = prepared(listed, file(changed(FIRST, 责任单位="泉州开发区管委会")))
    assert found.organisations == 2


def test_two_may_lead_and_an_organisation_may_have_a_due_date_of_its_own(listed, file):
    row = changed(FIRST, 牵头单位="市委组织部、市委编办", 责任单位="晋江（2026年9月底）、石狮")
    found = taken_in(listed, file(row))
    rows = assignments(listed.engine, AsOf(listed.today()), found.version)

    assert rows.loc[rows["role"] == "lead", "organisation"].tolist() == ["D-ORG", "D-EDIT"]
    assert dict(zip(rows["organisation"], rows["due"], strict=True))["350582"] == date(2026, 9, 30)


@pytest.mark.parametrize("spelling", ["indicator", "title", "short_title"])
def test_evidence_is_known_by_key_title_or_short_title(untouched, catalogue, file, spelling):
    found = prepared(
        untouched, file(changed(FIRST, 佐证指标=getattr(catalogue.indicators["stations_count"], spelling)))
    )

    told = [f.values["evidence_indicator"] for f in found.draft.facts if f.table == "measure"]
    assert told == ["stations_count"]


def test_an_aspect_the_list_in_force_does_not_have_has_no_direction_unless_the_file_says_it(untouched, file):
    row = changed(FIRST, 方面="新的方面")
    found = prepared(untouched, file(row, changed(row, 序号="1-1-2")))
    own = prepared(untouched, file([*row, "轻车"], head=[*HEAD, "方向"]))

    directions = [
        [f.values["direction"] for f in p.draft.facts if f.table == "measure"] for p in (found, own)
    ]
    assert directions == [["", ""], ["轻车"]]
    assert [sentence(p) for p in found.warnings] == [
        "第3行“方面”列：现行清单里没有这个方面，方向留空，写的是“新的方面”。"
        "如需归入 聚力、壮马、轻车、畅路，请加一列“方向”。"
    ]


def test_a_direction_written_once_holds_for_the_aspects_below_it(untouched, file):
    other = changed(FIRST, 序号="2-2-1", 方面="减负", 项目="报表")
    found = prepared(untouched, file(["畅路", *FIRST], ["", *other], head=["方向", *HEAD]))

    assert [f.values["direction"] for f in found.draft.facts if f.table == "measure"] == ["畅路", "畅路"]


def test_a_name_that_was_broken_to_fit_its_column_is_whole_and_a_sentence_keeps_its_lines(untouched, file):
    found = prepared(untouched, file(changed(FIRST, 方面="党建\n统领", 措施="一、建立。\n二、督办。")))

    (row,) = (f.values for f in found.draft.facts if f.table == "measure")
    assert (row["aspect"], row["direction"], row["text"]) == ("党建统领", "聚力", "一、建立。\n二、督办。")


def test_a_file_named_on_an_old_windows_comes_in(listed, file):
    path = file(FIRST)
    odd = Path(os.fsdecode(os.fsencode(path.parent) + b"/" + "措施清单.csv".encode("gb18030")))
    path.rename(odd)

    assert taken_in(listed, odd).draft.file_name == "措施清单.csv"


def test_columns_about_persons_are_named_and_nothing_of_them_is_kept(listed, file):
    head = [*HEAD[:5], "联系人", "联系电话", *HEAD[5:]]
    path = file([*FIRST[:5], "张三", "13800001234", *FIRST[5:]], head=head)
    found = taken_in(listed, path)

    told = ["表：第6列“联系人”未读取、未保存。", "表：第7列“联系电话”未读取、未保存。"]
    assert [sentence(p) for p in found.warnings] == told
    with listed.engine.connect() as connection:
        row = connection.execute(select(Return.__table__).order_by(Return.id.desc()).limit(1)).one()
        kept = connection.execute(select(Problem.__table__).where(Problem.return_id == row.id)).all()
    text = row.file_bytes.decode("utf-8-sig")
    assert "张三" not in text
    assert "138" not in text
    assert "联系" not in text
    assert "建立联席会议。" in text
    assert row.file_sha256 == sha256(path.read_bytes()) != sha256(row.file_bytes)
    assert [(p.severity, p.rule) for p in kept] == [
        ("warning", "第6列“联系人”未读取、未保存"),
        ("warning", "第7列“联系电话”未读取、未保存"),
    ]
    assert (row.kind, row.organisation, row.file_name, row.state) == (
        "list",
        "350500",
        "清单.csv",
        "accepted",
    )


def test_every_fact_names_the_cell_it_comes_from(untouched, catalogue, tmp_path):
    found = prepared(untouched, as_file(catalogue, tmp_path / "清单.xlsx"))

    assert [f.place for f in found.draft.facts if f.table == "measure"][:2] == ["清单!A3", "清单!A4"]


# --- days before and after --------------------------------------------------------------------------


def seen(store: Store, catalogue: Catalogue, day: date) -> tuple[str, int, int, bool]:
    """What the screens ask of a day: the version, how many measures and lights it has, whether it is official."""
    as_of = AsOf(day)
    version = list_in_force(store.engine, as_of)["list_version"]
    rows = measures(store.engine, as_of, version)
    lights = responsible_lights(store.engine, as_of, version, catalogue.light_rules, None)
    readout = list_readout(store.engine, as_of, catalogue.light_rules)
    assert readout.list_version == version
    assert [m.number for m in readout.measures] == rows["number"].tolist()
    assert set(lights["number"]) == set(rows["number"])
    return version, len(rows), len(lights), readout.official


OLD, NEW = ("2025", 60, 519, False), ("2026-06-01", 2, 3, True)


def test_a_list_known_early_comes_into_force_on_its_first_day(listed, clock, catalogue, file):
    clock.set(date(2026, 3, 1))
    taken_in(listed, file(FIRST, SECOND), Asked(FROM, official=True))
    clock.set(date(2026, 12, 1))

    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31)]
    assert [seen(listed, catalogue, day) for day in days] == [OLD] * 3
    assert [seen(listed, catalogue, day) for day in (FROM, date(2026, 12, 1))] == [NEW] * 2


def test_a_list_known_late_leaves_the_days_before_it_was_known_as_they_were(listed, clock, catalogue, file):
    clock.set(date(2026, 7, 1))
    taken_in(listed, file(FIRST, SECOND), Asked(FROM, official=True))
    clock.set(date(2026, 12, 1))

    assert seen(listed, catalogue, date(2026, 6, 30)) == OLD
    assert seen(listed, catalogue, date(2026, 7, 1)) == NEW


def test_a_new_start_leaves_an_imported_list_alone(listed, clock, catalogue, file):
    taken_in(listed, file(FIRST, SECOND), Asked(FROM))
    before = rows_of(listed)

    assert seed_catalogue(listed, catalogue) is None
    assert rows_of(listed) == before


def test_a_version_imported_again_is_replaced_from_that_day_on(listed, clock, catalogue, file):
    clock.set(date(2026, 7, 1))
    taken_in(listed, file(FIRST, SECOND))
    clock.set(date(2026, 8, 1))
    again = taken_in(
        listed, file(changed(FIRST, 措施="改过的措施。", 责任单位="晋江")), Asked(FROM, version="2026-06-01")
    )
    clock.set(date(2026, 12, 1))

    assert again.replaces
    assert [(c.name, c.new, c.changed, c.other, c.gone) for c in again.changes] == [
        ("措施", 0, 0, 1, 1),
        ("责任", 0, 0, None, 3),
    ]
    assert seen(listed, catalogue, date(2026, 7, 31))[:3] == ("2026-06-01", 2, 3)
    assert seen(listed, catalogue, date(2026, 8, 1))[:3] == ("2026-06-01", 1, 1)
    words = [measures(listed.engine, AsOf(date(2026, m, 31)), "2026-06-01")["text"][0] for m in (7, 8)]
    assert words == ["建立联席会议。", "改过的措施。"]


def test_a_number_that_now_means_another_measure_is_told_apart_from_words_that_were_mended(listed, file):
    third = changed(FIRST, 序号="1-1-3", 措施="每季通报一次。")
    taken_in(listed, file(FIRST, SECOND, third))
    mended = changed(FIRST, 措施="建立市级联席会议。")  # all 7 signs among 9: alike by 14/16
    later = changed(third, 完成时限="2027-01-31")  # the words stay
    other = changed(SECOND, 措施="把派到镇街的事项逐条核对。")
    found = prepared(listed, file(mended, other, later), Asked(FROM, version="2026-06-01"))

    (change, _) = found.changes
    assert (change.new, change.changed, change.other, change.gone) == (0, 2, 1, 0)
    assert found.numbers == Numbers(new=(), changed=("1-1-1", "1-1-3"), other=("1-1-2",), gone=())


def test_whoever_mends_a_version_need_not_tell_again_where_and_when_it_was_published(listed, clock, file):
    told = Asked(FROM, source="泉委办〔2026〕1号", published_on=date(2026, 5, 20))
    taken_in(listed, file(FIRST), told)
    clock.set(date(2026, 6, 10))
    anew = Asked(FROM, version="2026-06-01")
    again = prepared(listed, file(changed(FIRST, 目标="换一个目标")), anew)
    mended = taken_in(listed, file(changed(FIRST, 目标="再换一个目标")), replace(anew, source="更正稿"))

    assert [f.table for f in again.draft.facts] == ["measure"]
    (version,) = (f.values for f in mended.draft.facts if f.table == "list_version")
    assert (version["counts_source"], version["counts_published_on"]) == ("更正稿", date(2026, 5, 20))


def test_the_same_file_again_changes_nothing(listed, file):
    path = file(FIRST, SECOND)
    taken_in(listed, path)
    before = stamp(listed), rows_of(listed)

    found = prepared(listed, path, Asked(FROM, version="2026-06-01"))
    assert import_list(listed, found) is None
    assert (stamp(listed), rows_of(listed)) == before


# --- refusals ---------------------------------------------------------------------------------------

NO_DAY = "请写成 2026-12-31 或 2026年12月底的样子"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"序号": ""}, "第3行“序号”列：缺少序号。请写成“方面-项目-措施”，如 5-12-1。"),
        ({"序号": "一"}, "第3行“序号”列：序号应是“方面-项目-措施”，写的是“一”。"
         "请写成 5-12-1 的样子，项目从 1 起连续编号。"),
        ({"序号": "2005/12/1"}, "第3行“序号”列：序号被 Excel 变成了日期，写的是“2005/12/1”。"
         "请先把这一列的单元格格式设为“文本”，再重新填写，如 5-12-1。"),
        ({"方面": ""}, "第3行“方面”列：方面不能为空。请补上。"),
        ({"项目": ""}, "第3行“项目”列：项目不能为空。请补上。"),
        ({"措施": "\u200b "}, "第3行“措施”列：措施的文字不能为空。请补上。"),
        ({"牵头单位": ""}, "第3行“牵头单位”列：缺少牵头单位。请补上一个单位。"),
        ({"责任单位": "晋江、市委组织不"}, "第3行“责任单位”列：没有叫“市委组织不”的单位，写的是“晋江、市委组织不”。"
         "是不是 中共泉州市委组织部？"),
        ({"责任单位": "QWXYZ"}, "第3行“责任单位”列：没有叫“QWXYZ”的单位。"
         "请写单位的全称、简称或代码，几个单位用顿号隔开；名称可以在“口径说明”页查找。"),
        ({"责任单位": "官桥镇"}, "第3行“责任单位”列：有 2 个单位叫“官桥镇”。"
         "请改写代码：350524103、350583118。"),
        ({"责任单位": "金门县"}, "第3行“责任单位”列：“金门县”不参与填报，写的是“金门县”。"
         "请删去这个单位。"),
        ({"责任单位": "晋江、晋江市"}, "第3行“责任单位”列：同一条措施里“晋江市”写了 2 次，写的是“晋江、晋江市”。"
         "请只留一次。"),
        ({"责任单位": "各县（市、区）、晋江"},
         "第3行“责任单位”列：同一条措施里“晋江市”写了 2 次（“各县（市、区）”里已有晋江市），"
         "写的是“各县（市、区）、晋江”。请只留一次。"),
        ({"责任单位": "各县（市、区）、石狮市、无此单位"}, "第3行“责任单位”列：没有叫“无此单位”的单位，"
         "写的是“各县（市、区）、石狮市、无此单位”。请写单位的全称、简称或代码，几个单位用顿号隔开；名称可以在“口径说明”页查找。\n"
         "第3行“责任单位”列：同一条措施里“石狮市”写了 2 次（“各县（市、区）”里已有石狮市），"
         "写的是“各县（市、区）、石狮市、无此单位”。请只留一次。"),
        ({"责任单位": "各县（市、区）、各地"}, "第3行“责任单位”列：同一条措施里“鲤城区”写了 2 次"
         "（“各县（市、区）”和“各地”里都有鲤城区），写的是“各县（市、区）、各地”。请只留一次。"),
        ({"责任单位": "晋江（2026-05-01）"},
         "第3行“责任单位”列：单位后面括号里的“2026-05-01”早于启动时间 2026-06-01，写的是“晋江（2026-05-01）”。"
         "请核对这两个日期。"),
        ({"启动时间": "", "责任单位": "晋江（2026-05-01）"},
         "第3行“责任单位”列：单位后面括号里的“2026-05-01”早于清单起始日 2026-06-01（启动时间没有写），"
         "写的是“晋江（2026-05-01）”。请核对这两个日期；此前已经启动的，请加上“启动时间”一列，写明启动的日子。"),
        ({"启动时间": "下半年", "责任单位": "晋江（2026-05-01）", "完成时限": "2026-05-31"},
         f"第3行“启动时间”列：不是日期，写的是“下半年”。{NO_DAY}。"),
        ({"启动时间": "下半年"}, f"第3行“启动时间”列：不是日期，写的是“下半年”。"
         f"{NO_DAY}。"),
        ({"完成时限": "2026-02-30"}, f"第3行“完成时限”列：不是日期，写的是“2026-02-30”。"
         f"{NO_DAY}；长期坚持的写“长期坚持”。"),
        ({"完成时限": ""}, "第3行“完成时限”列：缺少完成时限。请写上日期；长期坚持的写“长期坚持”。"),
        ({"完成时限": "2026-05-31"}, "第3行“完成时限”列：早于启动时间 2026-06-01，写的是“2026-05-31”。"
         "请核对这两个日期。"),
        ({"启动时间": "", "完成时限": "2026-05-31"},
         "第3行“完成时限”列：早于清单起始日 2026-06-01（启动时间没有写），写的是“2026-05-31”。"
         "请核对这两个日期；此前已经启动的，请加上“启动时间”一列，写明启动的日子。"),
        ({"适用范围": "村级"}, "第3行“适用范围”列：适用范围只有 市级 和 县级，写的是“村级”。"
         "请改正；留空时按责任单位判断。"),
        ({"佐证指标": "发至镇街文件"}, "第3行“佐证指标”列：没有这个指标，写的是“发至镇街文件”。"
         "是不是 发至镇街的文件？"),
        ({"责任单位": "晋江 13800001234"}, "第3行“责任单位”列：含身份证号或手机号码，写的是“138****34”。"
         "本系统不收个人信息，请删去号码。"),
        ({"完成时限": "#REF!"}, "第3行“完成时限”列：是 Excel 的出错值，写的是“#REF!”。"
         "请改正公式，或直接写上内容。"),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong_is_said_at_its_cell(untouched, file, cells, said):
    assert refusals(untouched, file(changed(FIRST, **cells), SECOND)) == said.split("\n")


def test_a_due_date_before_the_first_day_of_a_list_without_starts_says_what_would_settle_it(untouched, file):
    head = [name for name in HEAD if name != "启动时间"]
    row = [text for name, text in zip(HEAD, FIRST, strict=True) if name != "启动时间"]
    row[head.index("责任单位")] = "晋江市（2026-05-01）"

    assert refusals(untouched, file(row, head=head)) == [
        "第3行“责任单位”列：单位后面括号里的“2026-05-01”早于清单起始日 2026-06-01（启动时间没有写），"
        "写的是“晋江市（2026-05-01）”。请核对这两个日期；此前已经启动的，请加上“启动时间”一列，写明启动的日子。"
    ]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ("1-1-1 1-1-2 1-2-1 2-3-1", []),
        ("1-1-2 1-1-1", []),
        ("1-1-1 1-1-2 1-1-5", ["第5行“序号”列：序号不连续，缺 1-1-3、1-1-4，写的是“1-1-5”。"]),
        ("1-1-2", ["第3行“序号”列：序号不连续，缺 1-1-1，写的是“1-1-2”。"]),
        ("1-1-9 1-1-1", ["第3行“序号”列：序号不连续，缺 1-1-2 到 1-1-8，写的是“1-1-9”。"]),
        ("1-1-1 1-3-1 1-3-2", ["第4行“序号”列：项目编号不连续，缺 2，写的是“1-3-1”。"]),
        ("1-1-1 3-2-1", ["第4行“序号”列：方面编号不连续，缺 2，写的是“3-2-1”。"]),
    ],
)
def test_a_number_left_out_is_a_warning_at_the_row_after_it(untouched, file, numbers, said):
    rows = [
        changed(FIRST, 序号=n, 方面=f"方面{n[0]}", 项目=f"项目{n.split('-')[1]}", 措施=f"措施 {n}。")
        for n in numbers.split()
    ]
    found = prepared(untouched, file(*rows))

    told = [sentence(p) for p in found.draft.problems if "不连续" in p.rule]
    assert told == [line + "请核对是漏了，还是本来就没有。" for line in said]
    assert all(p.severity == "warning" for p in found.draft.problems)


def test_a_number_left_out_is_kept_as_a_problem_of_the_return(listed, file):
    taken_in(listed, file(FIRST, changed(SECOND, 序号="1-1-3")))

    with listed.engine.connect() as connection:
        kept = connection.execute(select(Problem.severity, Problem.place, Problem.rule)).all()
    assert kept == [("warning", "第4行“序号”列", "序号不连续，缺 1-1-2")]


@pytest.mark.parametrize(
    ("merge", "said"),
    [
        ("D3:D4", ["清单!D3：“措施”列不能合并，这里合并了第3、4行，写的是“建立联席会议。”。"]),
        ("D3:D6", ["清单!D3：“措施”列不能合并，这里合并了第3到6行，写的是“建立联席会议。”。"]),
        ("A4:A5", ["清单!A4：“序号”列不能合并，这里合并了第4、5行，写的是“1-1-2”。"]),
    ],
)
def test_a_number_or_a_measure_that_is_merged_over_rows_is_refused_at_its_cell(
    untouched, workbook, merge, said
):
    """Every row is a measure: merged, the second would have come in with the words of the first."""
    rows = [FIRST, *(changed(SECOND, 序号=f"1-1-{n}", 措施=f"措施 {n}。") for n in (2, 3, 4))]

    assert refusals(untouched, workbook(*rows, merge=(merge,))) == [
        line + "请取消合并，每行各写各的；几行本来是一条的，请并成一行。" for line in said
    ]


def test_other_cells_merged_over_rows_hold_for_each_and_are_told_once(untouched, workbook):
    rows = [FIRST, *(changed(SECOND, 序号=f"1-1-{n}", 措施=f"措施 {n}。") for n in (2, 3, 4))]
    merge = ("B3:B6", "C3:C6", "E5:E6", "F3:F4", "G5:G6", "I3:I6", "J3:J4")  # G5, the target, is empty
    found = prepared(untouched, workbook(*rows, merge=merge))

    advice = "各行如有不同，请取消合并，分别填写。"
    assert [sentence(p) for p in found.warnings] == [
        f"清单!F3：合并的单元格，第3、4行都按它读取，写的是“晋江、石狮”。{advice}",
        f"清单!I3：合并的单元格，第3到6行都按它读取，写的是“2026-12-31”。{advice}",
        f"清单!J3：合并的单元格，第3、4行都按它读取，写的是“县级”。{advice}",
        f"清单!E5：合并的单元格，第5、6行都按它读取，写的是“市委社会工作部”。{advice}",
    ]
    rows = [f.values for f in found.draft.facts if f.table == "measure"]
    assert {row["due"] for row in rows} == {date(2026, 12, 31)}
    second = [f.values for f in found.draft.facts if f.values.get("measure") == "1-1-2"]
    assert [d["organisation"] for d in second if d["role"] == "responsible"] == ["350582", "350581"]


def test_a_measure_that_takes_two_rows_of_the_sheet_is_one(untouched, workbook):
    merge = tuple(f"{column}3:{column}4" for column in "ABCDEFGHIJK")
    found = prepared(untouched, workbook(FIRST, [""] * len(HEAD), title="共1条", merge=merge))

    assert (found.counts, found.warnings) == (Counts(1, 1, 1), [])


def test_hidden_rows_and_what_may_be_a_row_below_are_told(untouched, workbook):
    path = workbook(FIRST, SECOND, ["", "", "", "会后督办"], title="共2条")
    book = load_workbook(path)
    book["清单"].row_dimensions[4].hidden = True
    book.save(path)

    told = [sentence(warning) for warning in prepared(untouched, path).warnings]

    assert told == [
        "清单：表里有 1 行是隐藏的（第4行），照常读取。筛选掉的行也会入库；不要的请删去。",
        "清单!D5：第5行在表格下面，未读取。是措施的，请移到表格里，中间不留空行，并把各列填好。",
    ]


def test_a_sheet_that_was_not_read_is_named_unless_it_is_empty(untouched, workbook):
    path = workbook(FIRST, 附表=["1-1-2", "会后督办。"], 空表=[], 选项=["市级"])
    made = load_workbook(path)
    made["选项"].sheet_state = "hidden"
    made.save(path)

    assert [sentence(p) for p in prepared(untouched, path).warnings] == [
        "附表：这张工作表未读取、未保存。里面如有措施，请移到“清单”里。",
        "选项：这张隐藏的工作表未读取、未保存。里面如有措施，请移到“清单”里。",
    ]


def test_the_number_of_a_person_in_the_name_of_a_sheet_is_refused(untouched, workbook):
    assert refusals(untouched, workbook(FIRST, 找13800001234=["张三"])) == [
        "工作表名：含身份证号或手机号码，写的是“138****34”。本系统不收个人信息，请改去号码。"
    ]


def test_an_unknown_name_with_characters_nobody_sees_names_them(untouched, file):
    (said,) = refusals(untouched, file(changed(FIRST, 责任单位="石狮、市委\u200b组织不")))

    assert said.endswith("其中有看不见的字符 U+200B（零宽空格）。是不是 中共泉州市委组织部？")


def test_rows_that_contradict_each_other_are_told_with_the_place_of_the_other(untouched, file):
    rows = [
        FIRST,
        changed(FIRST, 方面="党建引领"),
        changed(FIRST, 序号="1-1-2", 项目="另一个"),
        changed(FIRST, 序号="2-1-3", 方面="数据报表"),
    ]

    assert refusals(untouched, file(*rows)) == [
        "第4行“序号”列：序号 1-1-1 重复，第3行“序号”列 已经用过，写的是“1-1-1”。每条措施一个序号，请改正。",
        "第4行“方面”列：方面编号 1 有两个名称，第3行“方面”列 写的是“党建统领”，写的是“党建引领”。请改正名称或序号。",
        "第5行“项目”列：项目编号 1 有两个名称，第3行“项目”列 写的是“联席会议”，写的是“另一个”。请改正名称或序号。",
        "第6行“序号”列：项目编号 1 归在两个方面下，第3行“序号”列 在方面 1，写的是“2-1-3”。请改正名称或序号。",
    ]


def test_everything_wrong_is_said_at_once_and_the_store_stays_as_it_was(listed, file):
    path = file(
        changed(FIRST, 序号="x", 责任单位="无此", 完成时限="某日"),
        changed(SECOND, 措施="", 佐证指标="无此指标"),
        title="共3条",
    )
    before = stamp(listed), rows_of(listed)

    told = refusals(listed, path)
    assert [line.split("：")[0] for line in told] == [
        "第1行第1列",
        "第3行“序号”列",
        "第3行“责任单位”列",
        "第3行“完成时限”列",
        "第4行“措施”列",
        "第4行“佐证指标”列",
    ]
    assert (stamp(listed), rows_of(listed)) == before


def test_problems_come_as_one_reads_the_sheet_and_first_those_without_a_cell(untouched, workbook):
    """A cell that cannot be read at all, in row 9, used to be told before the names of row 4."""
    numbers = [f"1-1-{n}" for n in range(2, 8)]
    rows = [changed(FIRST, 序号=number, 措施=f"措施 {number}。") for number in numbers]
    rows[0] = changed(rows[0], 责任单位="无此", 牵头单位="也无此")
    rows[5] = changed(rows[5], 完成时限="#REF!")
    path = workbook(FIRST, *rows, name="清单13800001234.xlsx")

    told = refusals(untouched, path, Asked(date(2025, 1, 10), counts=Counts(None, None, 8), version="a b"))
    assert [line.split("：")[0] for line in told] == [
        "--version", "--from", "文件名", "--counts", "清单!E4", "清单!F4", "清单!I9",
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["清单", "7个方面、20个项目、60条措施"])
def test_a_header_with_nothing_below_is_one_sentence_and_no_count(untouched, file, title):
    counts = Counts(7, 20, 60)

    assert refusals(untouched, file(title=title), Asked(FROM, counts=counts)) == [
        "第2行：表头下面没有一条措施。请在表头下面逐行填写，一条措施一行；也请检查是不是选错了文件。"
    ]


@pytest.mark.parametrize(
    ("title", "counts", "said"),
    [
        ("清单", Counts(None, None, None), ["第2行：没有写明共有多少条措施。请在标题或表下注明“1个方面1个项目2条措施”或“共2条”，"
         "或在命令里写 --counts，数字以正式文件为准。"]),
        ("2个方面的清单", Counts(None, None, None), ["第2行：没有写明共有多少条措施。"
         "请在标题或表下注明“1个方面1个项目2条措施”或“共2条”，或在命令里写 --counts，数字以正式文件为准。"]),
        ("共3条", Counts(None, None, None), ["第1行第1列：声明 3 条措施，表里是 2 条。请补齐或删去多余的行，或改正声明的数字。"]),
        ("７个方面、20个项目、2条措施", Counts(None, None, None), [
            "第1行第1列：声明 7 个方面，表里是 1 个。请补齐或删去多余的行，或改正声明的数字。",
            "第1行第1列：声明 20 个项目，表里是 1 个。请补齐或删去多余的行，或改正声明的数字。"]),
        ("共2条", Counts(None, None, 60), ["--counts：声明 60 条措施，表里是 2 条。请补齐或删去多余的行，或改正声明的数字。"]),
    ],
)  # fmt: skip
def test_a_list_says_how_many_it_holds_and_holds_them(untouched, file, title, counts, said):
    assert refusals(untouched, file(FIRST, SECOND, title=title), Asked(FROM, counts=counts)) == said


def test_the_counts_may_stand_below_the_table_or_in_the_command(untouched, file):
    below = file(FIRST, SECOND, ["注：本清单共2条措施。", *[""] * 10], title="清单")

    assert prepared(untouched, below).counts == Counts(1, 1, 2)
    other = file(FIRST, title="清单")
    assert prepared(untouched, other, Asked(FROM, counts=Counts(1, 1, 1))).title == "清单"


def test_an_id_or_a_first_day_that_is_taken_is_refused_with_the_way_out(listed, clock, file):
    path = file(FIRST, SECOND)
    taken_in(listed, path)

    assert refusals(listed, path) == [
        "--version：这个版本号已有清单，写的是“2026-06-01”。要替换它，请写明 --version 2026-06-01；"
        "要另立一版，请用 --version 另写一个，并改 --from。"
    ]
    assert refusals(listed, path, Asked(FROM, version="b")) == [
        "--from：清单“2026-06-01”也从这一天起施行，一天只能有一版，写的是“2026-06-01”。"
        "请改 --from；要替换那一版，请写 --version 2026-06-01。"
    ]
    assert refusals(listed, path, Asked(date(2026, 6, 2), version="2025")) == [
        "--version：这个版本号是随程序附带的清单，不能替换，写的是“2025”。请用 --version 另写一个。"
    ]
    assert refusals(listed, path, Asked(date(2026, 6, 2), version="有 空格")) == [
        "--version：版本号最多 20 个字，只能有字母、数字、点和短横，写的是“有 空格”。请换一个。"
    ]


def test_a_list_nobody_would_ever_see_is_refused(untouched, file):
    row = changed(SECOND, 序号="1-1-1")

    assert refusals(untouched, file(row), Asked(date(2024, 1, 1))) == [
        "--from：早于现有清单“2025”的起始日 2025-01-10，导入后哪一天也看不到它，写的是“2024-01-01”。请改 --from。"
    ]
    assert refusals(untouched, file(row), Asked(date(2025, 1, 10))) == [
        "--from：清单“2025”也从这一天起施行，一天只能有一版，写的是“2025-01-10”。请改 --from，如晚一天。"
    ]


def test_the_number_of_a_person_beside_the_table_is_refused_as_well(untouched, file):
    path = file(FIRST, title="共1条，联系 13800001234", name="清单13800001234.csv")

    assert refusals(untouched, path, Asked(FROM, counts=Counts(None, None, 1), title="找13800001234")) == [
        "文件名：含身份证号或手机号码，写的是“138****34”。本系统不收个人信息，请改去号码。",
        "--title：含身份证号或手机号码，写的是“138****34”。本系统不收个人信息，请改去号码。",
    ]


def test_a_date_cell_where_the_number_should_stand_is_told_as_what_excel_did(untouched, tmp_path):
    made = Workbook()
    for row in (["共1条"], HEAD, [date(2005, 12, 1), *FIRST[1:]]):
        made.active.append(row)
    made.save(tmp_path / "清单.xlsx")

    (said,) = refusals(untouched, tmp_path / "清单.xlsx")
    assert said.startswith("Sheet!A3：序号被 Excel 变成了日期，写的是“2005-12-01”。请先把这一列")


def test_ten_thousand_rows_are_read_and_refused_in_reasonable_time(untouched, file):
    rows = [changed(FIRST, 序号=f"1-1-{n % 900 + 1}", 责任单位=f"单位{n % 300}") for n in range(10_000)]

    with pytest.raises(RefusedError) as caught:
        prepare_list(untouched, file(*rows), Asked(FROM))
    *told, others, counted = str(caught.value).split("\n")

    assert len(told) == 50  # of the first rows each, none of which tells its number again
    assert others == "另有 19,050 处：没有叫“…”的单位 9,950、序号 … 重复 9,100。"
    assert counted == "共 19,100 处问题，没有入库任何内容。"


# --- the command ------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable:
    """Run the command on a home of its own: exit code, stdout, stderr."""
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DASHBOARD_DEMO", "off")

    return partial(_run, capsys, "import-list")


@pytest.fixture
def run_back(run: Callable, capsys: pytest.CaptureFixture[str]) -> Callable:
    """Run the command that takes a list back, on the same home."""
    return partial(_run, capsys, "withdraw-list")


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_says_what_came_in_and_the_second_time_that_nothing_changed(run, file, tmp_path):
    row = changed(FIRST, 启动时间="2090-01-01", 完成时限="2090-12-31")
    asked = (str(file([*row, "张三"], head=[*HEAD, "联系人"])), "--from", "2090-01-01", "--title", "清单")
    reminder = "提醒：表：第12列“联系人”未读取、未保存。\n"
    holds = "1 个方面、1 个项目、1 条措施；3 项责任（牵头 1，责任 2），涉及 3 个单位。\n"

    first = (
        reminder
        + "清单版本 2090-01-01“清单”，自 2090-01-01 起施行，不是正式清单：屏幕上一直标“示例，非官方清单”。\n"
        + holds
        + "与此前的清单“2025”相比：措施新增 0、改动 0、换成另一条 1、撤下 59；责任新增 3、改动 0、撤下 579。\n"
        + "换成另一条的序号：1-1-1。\n"
        + "撤下的措施：1-1-2、1-1-3、1-2-1、1-2-2、1-2-3、1-3-1、1-3-2、1-3-3、2-4-1、2-4-2 等 59 条。\n"
        + "进展从零报起，旧清单的进展不会带过来。\n"
    )
    assert run(*asked, "--check") == (0, first + "只检查，没有入库。\n", "")
    assert run(*asked) == (0, first + "已入库，序号 45。\n", "")
    again = run(*asked, "--version", "2090-01-01", "--official")
    assert again[1] == (
        reminder
        + "清单版本 2090-01-01“清单”，自 2090-01-01 起施行，正式清单。\n"
        + holds
        + "替换库里的同一版：措施新增 0、改动 0、换成另一条 0、撤下 0；责任新增 0、改动 0、撤下 0。\n"
        + "已入库，序号 46。今天以前的日子仍按当时所知的清单显示。\n"
    )
    same = run(*asked, "--version", "2090-01-01", "--official")
    assert same[1].endswith("与库里的完全一样，没有入库。\n")
    store = prepare(settings({"DASHBOARD_HOME": str(tmp_path / "home"), "DASHBOARD_DEMO": "off"}))["live"]
    assert stamp(store).seq == 46
    assert list_in_force(store.engine, AsOf(store.today()))["list_version"] == "2025"
    store.engine.dispose()


def test_a_file_of_another_kind_is_told_with_its_command(untouched):
    for name, kind, command in (
        ("驿站台账_样例.csv", "驿站台账", "import-stations"),
        ("联系点名册_样例.csv", "观察联系点的名册", "import-points"),
        ("走访记录_样例.csv", "观察联系点的走访记录", "import-points"),
    ):
        with pytest.raises(RefusedError) as caught:
            prepare_list(untouched, DATA / "samples" / name, Asked(FROM))
        assert str(caught.value) == f"{name} 像是{kind}，不是措施清单：请用 dashboard {command} 导入。"


def test_the_command_names_the_measures_of_every_kind_of_change(run, file):
    dated = [changed(FIRST, 启动时间="2090-01-01", 完成时限="2090-12-31")]
    dated += [
        changed(dated[0], 序号=f"1-1-{n}", 措施=f"{word * 6}。")
        for n, word in enumerate("甲乙丙丁戊己庚辛壬癸子", 2)
    ]
    run(str(file(*dated)), "--from", "2090-01-01")
    kept = [
        changed(dated[0], 措施="建立市级联席会议。"),
        changed(dated[1], 措施="另外一件事情。"),
        *dated[3:-1],
    ]
    again = run(
        str(file(*kept, changed(FIRST, 序号="1-1-13", 完成时限="2090-12-31"))),
        "--from", "2090-01-01", "--version", "2090-01-01", "--check",
    )  # fmt: skip

    lines = again[1].split("\n")
    assert lines[lines.index("只检查，没有入库。") - 5 : -1] == [
        "替换库里的同一版：措施新增 1、改动 1、换成另一条 1、撤下 2；责任新增 3、改动 0、撤下 6。",
        "新增的措施：1-1-13。",
        "改动的措施：1-1-1。",
        "换成另一条的序号：1-1-2。",
        "撤下的措施：1-1-3、1-1-12。",
        "只检查，没有入库。",
    ]


def test_the_command_refuses_with_two_and_every_problem(run, file):
    path = file(changed(FIRST, 序号="", 措施=""), title="共2条")

    assert run(str(path), "--from", "2026-06-01") == (
        2,
        "",
        "第1行第1列：声明 2 条措施，表里是 1 条。请补齐或删去多余的行，或改正声明的数字。\n"
        "第3行“序号”列：缺少序号。请写成“方面-项目-措施”，如 5-12-1。\n"
        "第3行“措施”列：措施的文字不能为空。请补上。\n"
        "共 3 处问题，没有入库任何内容。\n",
    )


USAGE = (
    "用法：dashboard import-list [-h] --from 日期 [--version 版本号] [--title 标题] [--official] [--counts 数目] "
    "[--source 出处] [--published 日期] [--check] [--data {live,demo}] 文件\n"
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "缺少 文件、--from。\n" + USAGE),
        (("x.csv", "--from", "12月"), "--from：“12月”不是日期，请写成 2025-06-30 的样子。\n" + USAGE),
        (
            ("x.csv", "--from", "2026-12-01", "--counts", "7,20"),
            "--counts：“7,20”应是方面、项目、措施三个数，如 7,20,60，或只写措施数，如 60。\n" + USAGE,
        ),
        (("无.csv", "--from", "2026-12-01"), "没有这个文件：无.csv。请检查路径和文件名。\n"),
        (("/", "--from", "2026-12-01"), "/ 是文件夹：请写到文件名。\n"),
        (("/dev/zero", "--from", "2026-12-01"), "/dev/zero 不是文件：请写 .xlsx 或 .csv 文件的路径。\n"),
    ],
)
def test_a_command_that_cannot_be_is_one_sentence(run, arguments, said):
    assert run(*arguments) == (2, "", said)


def test_a_publication_that_has_not_come_is_a_sentence(run, file):
    code, out, err = run(str(file(FIRST)), "--from", "2026-06-01", "--published", "2999-01-01")

    assert (code, out) == (2, "")
    assert err.startswith("公布日 2999-01-01 还没有到：--published 最晚写 ")


# --- the way back -----------------------------------------------------------------------------------


def reported(store: Store, version: str, organisation: str) -> None:
    """An organisation has said how far the first measure of this version is."""
    said = {"list_version": version, "measure": "1-1-1", "organisation": organisation, "grain": "month",
            "period_start": date(2026, 6, 1), "period_end": date(2026, 6, 30), "percent": 40.0,
            "status": "doing", "completed_on": None, "words": "已开会。"}  # fmt: skip
    draft = Draft("measures", organisation, "进展.csv", b"x", [FactDraft("progress", said)])
    accept(store, SYSTEM, receive(store, SYSTEM, draft))


def test_a_list_taken_back_is_gone_from_that_day_on_with_all_its_imports(listed, clock, catalogue, file):
    clock.set(date(2026, 7, 1))
    taken_in(listed, file(FIRST, SECOND), Asked(FROM, official=True))
    clock.set(date(2026, 7, 10))
    again = Asked(FROM, version="2026-06-01", official=True)
    taken_in(listed, file(changed(FIRST, 措施="改过的措施。"), SECOND), again)
    clock.set(date(2026, 8, 1))
    done = take_back_list(listed, "2026-06-01")

    assert (done.returns, done.seq, done.reported, done.in_force) == (2, stamp(listed).seq, 0, "2025")
    days = [date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)]
    assert [seen(listed, catalogue, day) for day in days] == [NEW, NEW, OLD]
    with listed.engine.connect() as connection:
        told = select(ReturnEvent.actor, ReturnEvent.role, ReturnEvent.reason).where(
            ReturnEvent.state == "withdrawn"
        )
        assert connection.execute(told).all() == [("console", "keeper", "撤回清单版本 2026-06-01")] * 2
    taken_in(listed, file(FIRST), Asked(FROM))
    assert seen(listed, catalogue, date(2026, 8, 1))[:2] == ("2026-06-01", 1)


def test_a_list_on_which_somebody_reported_goes_only_with_a_reason(listed, clock, catalogue, file):
    clock.set(date(2026, 7, 1))
    taken_in(listed, file(FIRST, SECOND), Asked(FROM, official=True))
    for organisation in ("350581", "350582"):
        reported(listed, "2026-06-01", organisation)
    before = stamp(listed)

    with pytest.raises(TakeBackError) as refused:
        take_back_list(listed, "2026-06-01", " \u200b")
    assert str(refused.value) == (
        "清单版本“2026-06-01”已有 2 个单位报过进展，撤回后这些进展不再显示：确实要撤回，请用 --reason 写明原因。"
    )
    assert stamp(listed) == before
    clock.set(date(2026, 8, 1))
    done = take_back_list(listed, "2026-06-01", "导入了草稿")
    assert (done.returns, done.reported, done.in_force) == (1, 2, "2025")
    assert seen(listed, catalogue, date(2026, 8, 1)) == OLD
    assert prepared(listed, file(FIRST)).reported == 2


def test_what_cannot_be_taken_back_is_a_sentence(listed, clock, file):
    def refusal(version: str, reason: str = "") -> str:
        with pytest.raises(TakeBackError) as caught:
            take_back_list(listed, version, reason)
        return str(caught.value)

    other = "要撤回演示库里的，请在命令后面加 --data demo。"
    assert refusal("x") == f"正式库里没有清单版本“x”：还没有导入过可以撤回的清单。{other}"
    taken_in(listed, file(FIRST))
    taken_in(listed, file(SECOND), Asked(date(2026, 7, 1)))
    before = stamp(listed)
    assert refusal("x") == f"正式库里没有清单版本“x”：可以撤回的有 2026-06-01、2026-07-01。{other}"
    assert refusal("2025") == (
        "清单版本“2025”是随程序附带的，不能撤回：要换掉它，请用 import-list 导入新的一版。"
    )
    assert refusal("2026-06-01", "找 13800001234") == (
        "--reason 含身份证号或手机号码（138****34）：本系统不收个人信息，请改去号码。"
    )
    with pytest.raises(DoorError):
        take_back_list(listed, "2026-06-01", "", Actor("甲", "clerk", "350582"))
    assert stamp(listed) == before
    take_back_list(listed, "2026-06-01")
    assert refusal("2026-06-01") == "清单版本“2026-06-01”已在 2026-01-15 撤回，不必再撤。"


def test_a_version_that_the_demo_does_not_have_may_be_in_the_live_store(tmp_path, clock):
    store = open_store(f"sqlite:///{tmp_path / 'demo.sqlite'}", "demo", clock)
    with pytest.raises(TakeBackError) as caught:
        take_back_list(store, "x")
    store.engine.dispose()

    assert str(caught.value) == (
        "演示库里没有清单版本“x”：还没有导入过可以撤回的清单。要撤回正式库里的，请在命令后面加 --data live。"
    )


def test_the_command_takes_a_list_back(run, run_back, file):
    row = changed(FIRST, 启动时间="2090-01-01", 完成时限="2090-12-31")
    run(str(file(row)), "--from", "2090-01-01")
    today = datetime.now(SHANGHAI).date()

    assert run_back("2090-01-02") == (
        2,
        "",
        "正式库里没有清单版本“2090-01-02”：可以撤回的有 2090-01-01。"
        "要撤回演示库里的，请在命令后面加 --data demo。\n",
    )
    assert run_back("2090-01-01", "--reason", "导入了草稿") == (
        0,
        "已撤回清单版本“2090-01-01”，序号 46。\n"
        f"从 {today} 起它不再算数，现行清单是“2025”；此前的日子仍按当时所知的清单显示。\n",
        "",
    )
    assert run_back("2090-01-01") == (2, "", f"清单版本“2090-01-01”已在 {today} 撤回，不必再撤。\n")


# --- one at a time ------------------------------------------------------------------------------------


def test_what_an_import_that_was_cut_off_left_behind_is_sent_back_by_the_next(listed, file):
    cut_off = receive(listed, CONSOLE, prepared(listed, file(FIRST), Asked(FROM, version="cut")).draft)
    taken_in(listed, file(FIRST))

    with listed.engine.connect() as connection:
        state = connection.execute(select(Return.state).where(Return.id == cut_off)).scalar_one()
    assert state == "sent_back"


def test_of_two_imports_at_once_one_is_refused_and_nothing_is_mixed(tmp_path, file):
    """Two commands in the same second on one store: what the second was checked against must still hold."""
    home = {**os.environ, "DASHBOARD_HOME": str(tmp_path / "home"), "DASHBOARD_DEMO": "off"}
    command = [sys.executable, "-m", "dashboard"]
    subprocess.run([*command, "init"], env=home, check=True, capture_output=True)
    order = [*command, "import-list", str(file(FIRST)), "--from", FROM.isoformat()]
    both = [
        subprocess.Popen([*order, "--title", name], env=home, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        for name in ("甲", "乙")
    ]
    said = [one.communicate(timeout=120)[1].decode() for one in both]

    assert sorted(one.returncode for one in both) == [0, 2]
    assert "已" in next(text for text, one in zip(said, both, strict=True) if one.returncode)
