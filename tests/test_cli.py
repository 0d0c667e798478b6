"""The console command: init as often as one likes, the demo of a month, a figure with its source, the store as a file."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from dashboard.cli import main
from dashboard.config import ROOT, SETTINGS, settings
from dashboard.demo import EARLIEST_UNTIL, last_day
from dashboard.periods import of, previous
from dashboard.startup import newest_demo_month, prepare
from dashboard.store import SHANGHAI, Draft, FactDraft, accept, real_clock, receive
from serving import command, environment

CITY_SOURCE = "泉州首次市委社会工作会议综述（2025年1月）"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a filled live store."""
    folder = tmp_path_factory.mktemp("cli")
    for store in prepare(settings({"DASHBOARD_HOME": str(folder), "DASHBOARD_DEMO": "off"})).by_data.values():
        store.engine.dispose()
    return folder


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator:
    """Run one command on that home: exit code, stdout, stderr."""
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DASHBOARD_HOME", str(home))
    monkeypatch.setenv("DASHBOARD_DEMO", "off")

    def _run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as stopped:  # argparse ends the process itself
            code = int(stopped.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return _run


# --- init -------------------------------------------------------------------------------------------


def test_init_may_be_repeated_and_changes_nothing_the_second_time(tmp_path):
    first, second = (command(tmp_path, "init") for _ in range(2))

    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stderr == second.stderr == ""
    assert first.stdout == second.stdout
    assert first.stdout.startswith("live：就绪，序号 44，库 sqlite:///")


def test_a_home_that_does_not_exist_is_made(tmp_path):
    home = tmp_path / "home"
    done = command(home, "init")

    assert done.returncode == 0, done.stderr
    assert (home / "live.sqlite").exists()


def test_a_home_in_a_folder_that_does_not_exist_is_taken_for_a_slip_and_not_made(tmp_path):
    home = tmp_path / "svr" / "dashboard"
    done = command(home, "init")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"DASHBOARD_HOME 的值“{home}”无效：没有 {home.parent} 这个文件夹，请改正写法，或先建好它。\n"
    )
    assert list(tmp_path.iterdir()) == []


# --- demo -------------------------------------------------------------------------------------------


def month_text(day: date) -> str:
    return f"{day:%Y-%m}"


@pytest.fixture
def run_with_demo(run, tmp_path, monkeypatch):
    """The same command where the demo is not switched off, on a home of its own."""
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DASHBOARD_DEMO", "on")
    return run


def test_the_demo_is_made_up_to_the_month_asked_for_and_stays_so_for_questions(run_with_demo, tmp_path):
    end = last_day(EARLIEST_UNTIL)
    url = f"sqlite:///{tmp_path / 'home' / 'demo.sqlite'}"
    code, out, err = run_with_demo("demo", "--until", month_text(end))

    assert code == 0
    assert re.fullmatch(rf"demo：已做到 {end}，序号 \d+，库 {re.escape(url)}\n", out)
    assert err == f"正在生成截至 {month_text(end)} 的演示数据，约需十几秒……\n"
    code, out, err = run_with_demo("show", "volunteers_count", "--unit", "350582", "--data", "demo", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["period"] == previous(of("month", end)).label
    assert f"最晚可以看 {end}" in run_with_demo("snapshot", "--data", "demo", "--as-of", "2999-01-01")[2]


def test_a_question_to_the_live_store_does_not_wait_for_a_demo(run_with_demo, tmp_path):
    assert run_with_demo("show", "volunteers_count", "--as-of", "2025-06-30")[0] == 0

    assert (tmp_path / "home" / "live.sqlite").exists()
    assert not (tmp_path / "home" / "demo.sqlite").exists()


NEWEST = month_text(newest_demo_month())
SPAN = f"--until 请写 {month_text(EARLIEST_UNTIL)} 到 {NEWEST} 之间的一个月"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        *((wrong, f"“{wrong}”不是月份：{SPAN}，如 {NEWEST}。") for wrong in ("2026-13", "2026", "五月", "")),
        *((wrong, f"“{wrong}”不是月份：{SPAN}，如 {NEWEST}。") for wrong in ("2026-05-03", "2025-Q4")),
        ("2024-07", f"2024-07 太早，那时演示的事情还没有发生完：{SPAN}。"),
        ("2999-01", f"2999-01 还没有过完，演示数据只做到完整的月份：{SPAN}。"),
        (
            month_text(real_clock().astimezone(SHANGHAI)),
            f"{month_text(real_clock().astimezone(SHANGHAI))} 还没有过完，演示数据只做到完整的月份：{SPAN}。",
        ),
    ],
)
def test_a_month_the_demo_cannot_be_made_for_is_one_sentence_with_the_way_out(run_with_demo, asked, sentence):
    assert run_with_demo("demo", "--until", asked) == (2, "", sentence + "\n")


def test_where_the_demo_is_off_it_is_not_made(run):
    assert run("demo") == (
        2,
        "",
        "本机关闭了演示数据（DASHBOARD_DEMO=off）：要做演示数据，请去掉这个设置或改为 on。\n",
    )


# --- show -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "value", "qualifier", "period", "known_on"),
    [
        ("2019-12-31", 1_024_879, "eq", "2019-04-04", "2019-04-04"),
        ("2020-12-31", 1_418_327, "eq", "2020-12-24", "2020-12-24"),
        ("2025-06-30", 2_240_000, "ge", "2025-01", "2025-01-13"),
    ],
)
def test_a_figure_is_shown_as_it_was_known_on_the_day(run, day, value, qualifier, period, known_on):
    code, out, err = run("show", "volunteers_count", "--unit", "350500", "--as-of", day, "--json")
    found = json.loads(out)

    assert (code, err) == (0, "")
    assert (found["value"], found["qualifier"], found["measured_in"]) == (value, qualifier, "人")
    assert (found["period"], found["known_on"]) == (period, known_on)
    assert isinstance(found["seq"], int)
    assert found["source"]


def test_a_figure_says_everything_that_belongs_to_it(run):
    _, out, _ = run("show", "volunteers_count", "--as-of", "2025-06-30", "--json")

    found = json.loads(out)
    seq = found.pop("seq")
    assert seq > 1
    assert found == {
        "indicator": "volunteers_count",
        "unit": "350500",
        "value": 2_240_000,
        "qualifier": "ge",
        "measured_in": "人",
        "period": "2025-01",
        "known_on": "2025-01-13",
        "known_on_precision": "day",
        "source": CITY_SOURCE,
        "source_grade": "B",
        "note": "",
    }


def test_an_unreadable_figure_has_no_value_and_says_why(run):
    _, out, _ = run("show", "grant_amount_wan_yuan", "--as-of", "2025-06-30", "--json")
    found = json.loads(out)

    assert (found["value"], found["qualifier"]) == (None, "unknown")
    assert found["note"] == "原文该数字首位乱码（N00万元），待核，不得推算"


def test_history_is_every_row_known_with_the_newest_period_first(run):
    _, out, _ = run("show", "volunteers_count", "--as-of", "2025-06-30", "--history", "--json")
    found = json.loads(out)

    assert [(r["value"], r["qualifier"]) for r in found] == [
        (2_240_000, "ge"),
        (2_230_000, "ge"),
        (1_418_327, "eq"),
        (1_370_000, "approx"),
        (1_024_879, "eq"),
    ]
    assert all(r["current"] and not r["void"] and r["source"] for r in found)


def test_history_says_of_each_row_whether_it_counts(run):
    asked = ("show", "volunteers_count", "--as-of", "2025-06-30", "--history")
    _, out, _ = run(*asked)
    found = json.loads(run(*asked, "--json")[1])

    assert [r["counts"] for r in found] == [True, False, False, False, False]
    assert [line.rsplit("  ", 1)[1] for line in out.splitlines()] == ["state=采用", *["state=较早"] * 4]
    assert "current=" not in out


def test_a_row_that_was_superseded_or_is_void_says_so(run, tmp_path, monkeypatch, officer):
    home = tmp_path / "home"
    monkeypatch.setenv("DASHBOARD_HOME", str(home))
    store = prepare(settings({"DASHBOARD_HOME": str(home), "DASHBOARD_DEMO": "off"}))["live"]
    values = {"indicator": "volunteers_count", "organisation": "350582", "note": ""}
    for month, value, void in ((1, 5, False), (1, 6, False), (2, 7, False), (2, None, True)):
        period = of("month", date(2026, month, 1))
        row = {"period_start": period.start, "period_end": period.end, "grain": "month", "void": void}
        fact = FactDraft(
            "reading", {**values, **row, "value": value, "qualifier": "eq" if value else "unknown"}
        )
        accept(store, officer, receive(store, officer, Draft("readings", "350582", "x.csv", b"", [fact])))
    store.engine.dispose()
    _, out, _ = run("show", "volunteers_count", "--unit", "350582", "--history")

    assert re.findall(r"value=(\d*) .*state=(\S+)", out)[:4] == [
        ("", "撤销"),
        ("7", "已被取代"),
        ("6", "较早"),
        ("5", "已被取代"),
    ]


def test_history_of_a_past_day_holds_nothing_known_later(run):
    _, out, _ = run("show", "volunteers_count", "--as-of", "2020-07-31", "--history", "--json")

    assert [r["value"] for r in json.loads(out)] == [1_370_000, 1_024_879]


def test_without_json_a_figure_is_one_line_to_read(run):
    code, out, _ = run("show", "social_work_agencies_count", "--unit", "350582", "--as-of", "2025-06-30")

    assert code == 0
    assert out.count("\n") == 1
    assert "value=20  qualifier=eq  measured_in=家  period=2024-03-26" in out


def test_what_was_not_known_is_a_sentence_and_in_json_null(run):
    asked = ("show", "volunteers_count", "--as-of", "2015-01-05")

    assert run(*asked) == (0, "实名注册志愿者：截至 2015-01-05 没有数。\n", "")
    assert run(*asked, "--json") == (0, "null\n", "")
    assert run(*asked, "--history", "--json") == (0, "[]\n", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("show", "volunteers_countt"),
            "没有这个指标：“volunteers_countt”。是不是 volunteers_count、volunteer_teams_count、"
            "volunteer_projects_count？\n",
        ),
        (("show", "zzz"), "没有这个指标：“zzz”。请到“口径说明”页查代号。\n"),
        (
            ("show", "volunteers_count", "--data", "demo"),
            "本机没有开启演示数据：请设 DASHBOARD_DEMO=on，或改用 --data live。\n",
        ),
    ],
)
def test_what_cannot_be_answered_is_one_sentence_with_a_hint(run, arguments, sentence):
    assert run(*arguments) == (2, "", sentence)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "volunteers_count", "--unit", "晋江"), "350582"),
        (("show", "volunteers_count", "--unit", "晋江市"), "350582"),
        (("show", "实名注册志愿"), "volunteers_count"),
        (("show", "实名注册志愿者"), "volunteers_count"),
    ],
)
def test_a_hint_can_be_followed_because_it_names_the_code_that_is_asked_for(run, arguments, code):
    ended, _, err = run(*arguments)

    assert ended == 0 or code in err


@pytest.mark.parametrize("day", ["30.6.2025", "2025-02-30", "gestern"])
def test_what_is_no_day_is_a_sentence(run, day):
    code, out, err = run("show", "volunteers_count", "--as-of", day)

    assert (code, out) == (2, "")
    assert f"“{day}”不是日期，请写成 2025-06-30 的样子" in err


@pytest.mark.parametrize("command_", [("show", "volunteers_count"), ("snapshot", "--out", "x.zip")])
def test_a_day_before_everything_known_is_a_sentence_as_it_is_on_the_screen(
    run, tmp_path, monkeypatch, command_
):
    monkeypatch.chdir(tmp_path)

    assert run(*command_, "--as-of", "1900-01-01") == (
        2,
        "",
        "截至日 1900-01-01 太早，最早可以看 2015-01-01。\n",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command_", ["show", "snapshot"])
def test_a_day_that_has_not_come_is_a_sentence_as_it_is_on_the_screen(run, tmp_path, monkeypatch, command_):
    monkeypatch.chdir(tmp_path)
    asked = ("volunteers_count",) if command_ == "show" else ("--out", str(tmp_path / "x.zip"))
    code, out, err = run(command_, *asked, "--as-of", "2999-01-01")

    assert (code, out) == (2, "")
    assert "2999-01-01" in err


USAGE = (
    "用法：dashboard show [-h] [--unit 单位] [--history] [--json] [--as-of 日期] [--data {live,demo}] 指标\n"
)

BEHIND = (
    "--data 要写在命令后面，如 dashboard show volunteers_count --data demo。\n"
    "用法：dashboard [-h] [--version] 命令 ...\n"
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "缺少 命令。\n用法：dashboard [-h] [--version] 命令 ...\n"),
        (
            ("fly",),
            "命令 不能是“fly”，可以写 init、demo、show、snapshot、import-list、withdraw-list、"
            "import-stations、withdraw-stations、import-points、withdraw-points。\n"
            "用法：dashboard [-h] [--version] 命令 ...\n",
        ),
        (("show",), "缺少 指标。\n" + USAGE),
        (
            ("show", "volunteers_count", "--data", "test"),
            "--data 不能是“test”，可以写 live、demo。\n" + USAGE,
        ),
        (("show", "volunteers_count", "--unit"), "--unit 后面要写一个值。\n" + USAGE),
        (("show", "volunteers_count", "--json=1"), "--json 后面不能写“1”。\n" + USAGE),
        (
            ("show", "volunteers_count", "--as-of", "2025-02-30"),
            "--as-of：“2025-02-30”不是日期，请写成 2025-06-30 的样子。\n" + USAGE,
        ),
        (
            ("show", "volunteers_count", "--asof", "x"),
            "不认识 --asof x。\n用法：dashboard [-h] [--version] 命令 ...\n",
        ),
        (("--data", "demo", "import-list", "x.csv"), BEHIND),
        (("--data=live", "snapshot"), BEHIND),
    ],
)
def test_a_command_that_is_not_one_ends_with_two_and_says_how_it_is_written(run, arguments, said):
    assert run(*arguments) == (2, "", said)


def test_the_help_is_in_one_language(run):
    for arguments in (
        (),
        ("init",),
        ("demo",),
        ("show",),
        ("snapshot",),
        ("import-list",),
        ("withdraw-list",),
        ("import-stations",),
        ("withdraw-stations",),
        ("import-points",),
        ("withdraw-points",),
    ):
        code, out, _ = run(*arguments, "--help")
        words = set(re.findall(r"\b[a-z]{4,}\b", out))
        assert code == 0
        assert out.startswith("用法：dashboard")
        assert words <= set("dashboard help init demo show snapshot version unit history json data live until "
                            "volunteers_count import list from title official counts "
                            "source published check xlsx withdraw reason "
                            "stations datum close missing points".split())  # fmt: skip


def test_who_reads_the_first_line_only_gets_no_trace(home):
    words = [sys.executable, "-m", "dashboard", "show", "volunteers_count", "--history"]
    with subprocess.Popen(
        words, env=environment(home, {}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, "")


def test_the_version_is_that_of_the_package(run):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert run("--version")[:2] == (0, f"{version}\n")


# --- snapshot ---------------------------------------------------------------------------------------


def test_a_snapshot_is_a_zip_whose_manifest_is_true(run, tmp_path):
    out = tmp_path / "june.zip"
    code, said, err = run("snapshot", "--as-of", "2025-06-30", "--data", "live", "--out", str(out))

    assert (code, err) == (0, "")
    with zipfile.ZipFile(out) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = [n for n in archive.namelist() if n != "manifest.json"]
        assert [f["file"] for f in manifest["files"]] == names
        for told in manifest["files"]:
            content = archive.read(told["file"])
            assert hashlib.sha256(content).hexdigest() == told["sha256"]
            assert len(pd.read_csv(io.BytesIO(content), dtype=str)) == told["rows"]
    rows = sum(f["rows"] for f in manifest["files"])
    assert said == f"{out}：{len(names)} 个文件，{rows} 行，截至 2025-06-30，序号 {manifest['seq']}\n"


def test_a_snapshot_without_a_name_is_named_by_the_rule_in_the_current_folder(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("snapshot", "--as-of", "2025-06-30")

    assert [p.name for p in tmp_path.iterdir()] == ["快照_截至2025-06-30.zip"]


def test_a_place_that_cannot_be_written_is_one_sentence(run, tmp_path):
    out = tmp_path / "missing" / "x.zip"

    assert run("snapshot", "--out", str(out)) == (
        2,
        "",
        f"写不了 {out}（No such file or directory）：请用 --out 指定可写的位置。\n",
    )


# --- how it is called -------------------------------------------------------------------------------


def test_the_package_installs_a_command_named_dashboard():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    module, function = scripts["dashboard"].split(":")

    assert callable(getattr(import_module(module), function))
    assert import_module(module).__doc__.startswith("The console command")


def test_the_module_is_the_same_command(home):
    done = command(home, "show", "volunteers_count", "--as-of", "2025-06-30", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["value"] == 2_240_000
    assert command(home, "show", "zzz").returncode == 2
