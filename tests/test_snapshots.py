"""Snapshots: the whole store as of a day; the same knowledge gives the same bytes, on either database."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import psycopg
import pytest

from dashboard.catalogue import Catalogue
from dashboard.config import settings
from dashboard.hashing import sha256
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.models import FACTS
from dashboard.periods import parse
from dashboard.snapshots import snapshot
from dashboard.startup import Stores, prepare
from dashboard.store import (
    SYSTEM,
    Draft,
    FactDraft,
    ProblemDraft,
    Store,
    accept,
    open_store,
    receive,
    stamp,
    withdraw,
)
from dashboard.ui.snapshots_page import FILES

DAY = AsOf(date(2025, 6, 30))


def table(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)


def hand_in(store: Store, value: float | None, *, void: bool = False) -> int:
    """A return of 晋江 for March 2025 with one figure; its id."""
    period = parse("2025-03")
    values = {
        "indicator": "stations_count",
        "organisation": "350582",
        "period_start": period.start,
        "period_end": period.end,
        "grain": period.grain,
        "value": value,
        "qualifier": "eq",
        "void": void,
    }
    draft = Draft(
        kind="readings",
        organisation="350582",
        file_name="晋江3月.xlsx",
        file_bytes=uuid.uuid4().bytes,
        facts=[FactDraft("reading", values, "B2")],
        period=period,
    )
    return_id = receive(store, SYSTEM, draft)
    accept(store, SYSTEM, return_id)
    return return_id


# --- the bytes --------------------------------------------------------------------------------------


def test_the_same_knowledge_gives_the_same_bytes(prepared: Stores):
    one, other = (snapshot(prepared["live"], DAY, prepared.catalogue).zipped() for _ in range(2))

    assert one == other


def test_entries_carry_no_time_of_their_own_and_stand_in_a_fixed_order(prepared: Stores):
    made = snapshot(prepared["live"], DAY, prepared.catalogue)
    with zipfile.ZipFile(io.BytesIO(made.zipped())) as archive:
        assert archive.testzip() is None
        assert {e.date_time for e in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == [
            *(f"{name}.csv" for name in sorted(FACTS)),
            "light.csv",
            "problem.csv",
            "return_event.csv",
            "return.csv",
            "manifest.json",
        ]
        assert json.loads(archive.read("manifest.json")) == json.loads(json.dumps(made.manifest))


def test_both_databases_give_the_same_files(tmp_path: Path, clock, postgres_database: str):
    made = []
    for environ in ({}, {"DASHBOARD_DATABASE_URL": postgres_database}):
        home = tmp_path / str(len(environ))
        stores = prepare(settings({"DASHBOARD_HOME": str(home), "DASHBOARD_DEMO": "off", **environ}), clock)
        made.append(snapshot(stores["live"], DAY, stores.catalogue))
        stores["live"].engine.dispose()

    assert made[0].files == made[1].files
    ours, theirs = ({k: v for k, v in m.manifest.items() if k != "store_id"} for m in made)
    assert ours == theirs


@pytest.fixture
def database_with_another_alphabet(postgres_url: str) -> Iterator[str]:
    """A PostgreSQL database that sorts as a dictionary does, passing over - and _: it belongs to its host."""
    name, server = f"t{uuid.uuid4().hex}", postgres_url.replace("+psycopg", "") + "/postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-u-ka-shifted' LOCALE 'C.UTF-8'"
        )
    try:
        yield f"{postgres_url}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_order_of_rows_is_not_that_of_the_databases_alphabet(
    tmp_path: Path, clock, database_with_another_alphabet: str
):
    made = []
    for environ in ({}, {"DASHBOARD_DATABASE_URL": database_with_another_alphabet}):
        home = tmp_path / str(len(environ))
        stores = prepare(settings({"DASHBOARD_HOME": str(home), "DASHBOARD_DEMO": "off", **environ}), clock)
        made.append(snapshot(stores["live"], DAY, stores.catalogue))
        stores["live"].engine.dispose()

    assert [name for name in made[0].files if made[0].files[name] != made[1].files[name]] == []


# --- what stands in it ------------------------------------------------------------------------------


def test_the_manifest_tells_rows_columns_and_hash_of_every_file(prepared: Stores):
    made = snapshot(prepared["live"], DAY, prepared.catalogue)

    assert [f["file"] for f in made.manifest["files"]] == list(made.files)
    for told in made.manifest["files"]:
        content = made.files[told["file"]]
        back = table(content)
        assert told["sha256"] == sha256(content)
        assert told["rows"] == len(back)
        assert told["columns"] == list(back.columns)
        assert content.startswith(b"\xef\xbb\xbf")


def test_the_manifest_tells_store_day_seq_and_catalogue(prepared: Stores):
    made = snapshot(prepared["live"], DAY, prepared.catalogue)
    now = stamp(prepared["live"])

    assert made.manifest["data"] == "live"
    assert made.manifest["as_of"] == "2025-06-30"
    assert (made.manifest["seq"], made.manifest["store_id"]) == (now.seq, now.store_id)
    assert made.manifest["catalogue_sha256"] == prepared.catalogue.digest


def test_every_published_figure_known_by_the_day_is_there_with_its_source_row(prepared: Stores):
    rows = table(snapshot(prepared["live"], AsOf(date(2026, 1, 1)), prepared.catalogue).files["reading.csv"])
    published = rows[rows["place"].str.startswith("published_figures.csv")]

    assert len(published) == 68
    assert sorted(int(p.split()[2]) for p in published["place"]) == list(range(2, 70))
    (unread,) = published[published["qualifier"] == "unknown"].to_dict("records")
    assert (unread["indicator"], unread["value"]) == ("grant_amount_wan_yuan", "")


def test_a_past_day_holds_nothing_that_became_known_later(prepared: Stores):
    day = date(2020, 12, 31)
    made = snapshot(prepared["live"], AsOf(day), prepared.catalogue)
    rows, returns = table(made.files["reading.csv"]), table(made.files["return.csv"])
    assert set(rows["return_id"]) <= set(returns["return_id"])
    city = rows[(rows["indicator"] == "volunteers_count") & (rows["organisation"] == "350500")]

    assert max(rows["known_on"]) <= "2020-12-31"
    assert list(city["value"]) == ["1024879", "1370000", "1418327"]
    dated = returns[returns["kind"] != "catalogue"]  # what the catalogue first says holds on every day
    assert max(dated["known_on"]) <= "2020-12-31"
    assert len(returns) - len(dated) == 1
    assert len(table(made.files["light.csv"])) == 0
    assert table(made.files["light.csv"]).columns[0] == "data"


def test_rows_stand_in_the_order_of_their_keys(prepared: Stores):
    made = snapshot(prepared["live"], DAY, prepared.catalogue)
    for name, fact in FACTS.items():
        rows = table(made.files[f"{name}.csv"])
        keys = list(rows[list(fact.KEY)].itertuples(index=False, name=None))
        assert keys == sorted(keys), name
        assert len(keys) == len(set(keys)), name


def test_a_replay_up_to_a_seq_holds_only_what_was_there_then(prepared: Stores):
    made = snapshot(prepared["live"], AsOf(date(2026, 1, 15), 10), prepared.catalogue)

    assert made.manifest["seq"] == 10
    assert max(int(s) for s in table(made.files["reading.csv"])["seq"]) == 10
    assert max(int(s) for s in table(made.files["return.csv"])["seq"]) == 10


def test_every_responsible_assignment_has_one_light_with_its_reason(prepared: Stores, catalogue: Catalogue):
    rows = table(snapshot(prepared["live"], DAY, prepared.catalogue).files["light.csv"])
    duties = {(a.measure, a.organisation) for a in catalogue.assignments if a.role == "responsible"}

    assert set(zip(rows["number"], rows["organisation"], strict=True)) == duties
    assert len(rows) == len(duties)
    assert set(rows["light"]) == {"not_reported"}
    assert set(rows["reason"]) == {"清单下发以来尚无单位报送进展"}


def test_no_file_of_a_return_leaves_the_store(prepared: Stores):
    rows = table(snapshot(prepared["live"], DAY, prepared.catalogue).files["return.csv"])

    assert {"file_name", "file_sha256", "known_on", "accepted_at", "seq", "state"} <= set(rows.columns)
    assert {"file_bytes", "staged"}.isdisjoint(rows.columns)


def test_instants_are_in_beijing_time(prepared: Stores):
    rows = table(snapshot(prepared["live"], DAY, prepared.catalogue).files["return.csv"])

    assert set(rows["accepted_at"]) == {"2026-01-15 12:00:00"}


def test_the_page_describes_every_file_and_no_other(prepared: Stores):
    made = snapshot(prepared["live"], DAY, prepared.catalogue)
    described = [name for names, _ in FILES for name in names.split("、")]

    assert sorted(described) == sorted([*made.files, "manifest.json"])


# --- life of a return -------------------------------------------------------------------------------


def test_void_figures_and_withdrawn_returns_are_not_figures_and_the_withdrawal_is_told(
    store, catalogue, clock
):
    seed_catalogue(store, catalogue)
    day = AsOf(date(2026, 1, 15))

    def figures() -> list[str]:
        return list(table(snapshot(store, day, catalogue).files["reading.csv"])["value"])

    first = hand_in(store, 40.0)
    assert figures() == ["40"]
    hand_in(store, 41.0)
    assert figures() == ["41"]
    voided = hand_in(store, None, void=True)
    assert figures() == []
    withdraw(store, SYSTEM, voided, "误报")
    assert figures() == ["41"]
    withdraw(store, SYSTEM, first, "误报")
    assert figures() == ["41"]

    returns = table(snapshot(store, day, catalogue).files["return.csv"])
    assert list(returns["state"]) == ["accepted", "withdrawn", "accepted", "withdrawn"]


def test_a_snapshot_of_yesterday_does_not_know_todays_withdrawal(store, catalogue, clock):
    seed_catalogue(store, catalogue)
    return_id = hand_in(store, 40.0)
    yesterday = AsOf(date(2026, 1, 15))
    before = snapshot(store, yesterday, catalogue)
    clock.set(date(2026, 1, 16))
    withdraw(store, SYSTEM, return_id, "误报")

    assert snapshot(store, yesterday, catalogue).zipped() == before.zipped()
    after = snapshot(store, AsOf(date(2026, 1, 16)), catalogue)
    assert list(table(after.files["reading.csv"])["value"]) == []


def test_the_life_of_a_return_is_told_as_far_as_it_had_come_by_the_day(store, catalogue, clock):
    seed_catalogue(store, catalogue)
    return_id = hand_in(store, 412)
    before = AsOf(store.today())
    clock.set(date(2026, 2, 1))
    withdraw(store, SYSTEM, return_id, "报错了")

    def life(as_of: AsOf) -> list[tuple[str, str]]:
        rows = table(snapshot(store, as_of, catalogue).files["return_event.csv"])
        own = rows[rows["return_id"] == str(return_id)]
        return list(zip(own["state"], own["reason"], strict=True))

    lived = [("received", ""), ("waiting", ""), ("accepted", "")]
    assert life(before) == lived
    assert life(AsOf(store.today())) == [*lived, ("withdrawn", "报错了")]


def test_a_warning_that_was_answered_goes_along(store, catalogue):
    falls = ProblemDraft("D7", "低于上月", "3", "请说明。", "warning")
    period = parse("2025-03")
    draft = Draft("readings", "350582", "晋江3月.xlsx", b"x", [], period, problems=[falls])
    return_id = receive(store, SYSTEM, draft)
    accept(store, SYSTEM, return_id)
    rows = table(snapshot(store, AsOf(store.today()), catalogue).files["problem.csv"])

    assert list(rows[["return_id", "place", "rule", "found"]].iloc[0]) == [
        str(return_id),
        "D7",
        "低于上月",
        "3",
    ]


def test_a_demo_says_so_in_every_row_and_in_the_manifest(sqlite_database, clock, catalogue):
    demo = open_store(sqlite_database, "demo", clock)
    seed_catalogue(demo, catalogue)
    made = snapshot(demo, DAY, catalogue)

    assert made.manifest["data"] == "demo"
    for name, content in made.files.items():
        rows = table(content)
        assert rows.columns[0] == "data", name
        assert set(rows["data"]) <= {"演示数据"}, name


def test_live_rows_are_marked_as_live(prepared: Stores):
    for name, content in snapshot(prepared["live"], DAY, prepared.catalogue).files.items():
        illustrative = name in (
            "list_version.csv",
            "measure.csv",
            "assignment.csv",
            "light.csv",
            "progress.csv",
        )
        assert set(table(content)["data"]) <= {"示例，非官方清单" if illustrative else "正式数据"}, name


def test_an_empty_store_is_files_with_a_header(store: Store, catalogue: Catalogue):
    made = snapshot(store, DAY, catalogue)

    assert [f["rows"] for f in made.manifest["files"]] == [0] * len(made.files)
    assert all(content.count(b"\r\n") == 1 for content in made.files.values())
    assert made.manifest["seq"] == 0
