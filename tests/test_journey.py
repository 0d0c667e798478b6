"""The journey of one number: 实名注册志愿者, 224万+, from a row of a file to the wall, the CSV and the snapshot.

Read this first. Each step is one room of the product, in the order in which the number passes through them;
nothing is replaced by a stand-in. The same rooms have tests of their own, file by file.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard.catalogue import CITY, load
from dashboard.config import DATA, settings
from dashboard.csvfile import csv_bytes
from dashboard.figures import quantity, reading_quantity
from dashboard.formulas import Quantity
from dashboard.importers.published import published_returns
from dashboard.importers.seed import seed_catalogue
from dashboard.knowledge import AsOf
from dashboard.queries import history, readings
from dashboard.readouts.cards import cards
from dashboard.readouts.readings import definitions_on
from dashboard.snapshots import snapshot
from dashboard.store import SYSTEM, accept, open_store, receive, stamp
from dashboard.ui import overview_table
from ui_fixtures import Page, installed

PUBLISHED = DATA / "published" / "published_figures.csv"
LINE = 21  # of published_figures.csv, the header being line 1
SOURCE = "泉州首次市委社会工作会议综述（2025年1月）"
DAY = date(2025, 6, 30)
AS_OF = AsOf(DAY)


def test_one_number_from_a_row_of_a_file_to_the_wall_and_out_again(tmp_path: Path):
    # 1. The file. Somebody typed the row from a newspaper: “224万多”, for January, printed on the 13th.
    row = list(csv.DictReader(io.StringIO(PUBLISHED.read_text(encoding="utf-8-sig"))))[LINE - 2]
    assert row["indicator"] == "volunteers_count"
    assert (row["unit_code"], row["value"], row["qualifier"]) == (CITY, "2240000", "ge")
    assert (row["period"], row["published_on"], row["source_title"]) == ("2025-01", "2025-01-13", SOURCE)

    # 2. importers: the rows of one source and unit become one draft; each fact remembers its row.
    catalogue = load(DATA)
    (draft,) = [
        d
        for d in published_returns(PUBLISHED, catalogue)
        if d.source and (d.source.source_id, d.organisation) == ("S01", CITY)
    ]
    (fact,) = [f for f in draft.facts if f.values["indicator"] == "volunteers_count"]
    assert draft.problems == []
    assert fact.place == f"published_figures.csv 第 {LINE} 行"
    assert fact.values["value"] == 2_240_000
    assert (fact.values["period_start"], fact.values["period_end"]) == (date(2025, 1, 1), date(2025, 1, 31))

    # 3. store: received, it waits outside the fact tables; accepted, it takes the next seq, and the stamp moves.
    store = open_store(settings({"DASHBOARD_HOME": str(tmp_path)}).database_url, "live")
    assert seed_catalogue(store, catalogue) == 1
    return_id = receive(store, SYSTEM, draft)
    assert readings(store.engine, AS_OF).empty
    seq = accept(store, SYSTEM, return_id, "公开数据")
    assert seq == stamp(store).seq == stamp(store).stamp == 2

    # 4. queries: known from the day it was printed, not a day earlier; nothing was known for another period.
    asked = {"indicators": ["volunteers_count"], "organisations": [CITY]}
    assert readings(store.engine, AsOf(date(2025, 1, 12)), **asked).empty
    (found,) = readings(store.engine, AS_OF, **asked).to_dict("records")
    assert (found["value"], found["qualifier"], found["seq"]) == (2_240_000, "ge", seq)
    assert (found["known_on"], found["published_on_precision"]) == (date(2025, 1, 13), "day")
    assert (found["source_title"], found["source_grade"]) == (SOURCE, "B")
    assert len(history(store.engine, AS_OF, "volunteers_count", CITY)) == 1

    # 5. formulas and readouts: no unit has reported, so the city's own printed figure is the city's value.
    known = definitions_on(store.engine, AS_OF, catalogue)
    (card,) = [
        c for c in cards(store.engine, AS_OF, catalogue, known) if c.definition.title == "实名注册志愿者"
    ]
    assert (card.value.basis, card.value.quantity) == ("published", Quantity(2_240_000, "ge"))
    assert (card.value.reported, card.value.expected) == (0, 13)
    assert card.period is not None
    assert card.period.text == "2025年1月"

    # 6. figures: the words. The + says that more is meant than was printed.
    assert quantity(reading_quantity(found["value"], found["qualifier"])) == "224万+"
    store.engine.dispose()

    with installed(tmp_path) as stores:
        # 7. The first start accepts the other sources beside ours, which it does not take twice.
        assert len(history(stores["live"].engine, AS_OF, "volunteers_count", CITY)) == 5

        # 8. The page, drawn by the shell as a browser would ask for it.
        page = Page("overview", as_of=DAY.isoformat())
        assert page.failures == []
        assert "实名注册志愿者 224万+ 人 2025年1月 每万人 2,531+ 市级公开" in page.text()
        assert f'<span lang="zh" title="{SOURCE}"><span lang="zh-CN">2025年1月</span></span>' in page.html()

        # 9. The CSV behind the button of that page, as pandas reads it.
        content = csv_bytes(overview_table.as_frame(*page.at.session_state["here"]))
        assert content.startswith(b"\xef\xbb\xbf")
        (line,) = [
            r
            for r in pd.read_csv(io.BytesIO(content)).to_dict("records")
            if (r["栏目"], r["指标"]) == ("指标", "实名注册志愿者")
        ]
        assert (line["数值"], line["数据期"], line["来源"]) == (2_240_000, "2025-01", SOURCE)

        # 10. The snapshot: the same figure, with the square it came from.
        made = snapshot(stores["live"], AS_OF, stores.catalogue)
        rows = pd.read_csv(io.BytesIO(made.files["reading.csv"]), dtype=str).to_dict("records")
        key = ("volunteers_count", CITY, "2025-01-31")
        (kept,) = [r for r in rows if (r["indicator"], r["organisation"], r["period_end"]) == key]
        assert (kept["value"], kept["qualifier"], kept["seq"]) == ("2240000", "ge", str(seq))
        assert kept["place"] == f"published_figures.csv 第 {LINE} 行"
        assert kept["data"] == "正式数据"

        # 11. Out of the product: the manifest names file, day and seq, so that anybody can check it later.
        assert json.loads(json.dumps(made.manifest))["as_of"] == "2025-06-30"
        assert made.manifest["seq"] == stamp(stores["live"]).seq
