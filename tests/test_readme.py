"""The README is true: its commands run, its tables are those of the code, its files exist."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from PIL import Image

from dashboard import __version__
from dashboard.cli import main
from dashboard.config import ROOT, SETTINGS
from dashboard.csvfile import file_name
from dashboard.readouts.ledger import COLUMNS
from dashboard.ui.address import _ORDER
from dashboard.ui.frame import ROOMS

README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGE = ROOT / "src" / "dashboard"


def section(title: str) -> str:
    """The text under a heading of the README."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def rows(text: str) -> list[list[str]]:
    """Rows of the table in it, without head and rule."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[c.strip() for c in line.strip("|").split("|")] for line in lines[2:]]


def commands(text: str) -> list[str]:
    """Lines of its blocks, without their comments."""
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line.split("  #")[0].split(" #")[0].strip() for block in blocks for line in block.splitlines()]


# --- files ---------------------------------------------------------------------------------------------


def test_it_names_every_column_of_the_ledger_in_its_order():
    told = re.search(r"gives the list away as the ledger.*?\((.*?)\)", README, re.DOTALL)
    assert told
    words = [word.strip(",") for word in told[1].split()]

    assert [word for word in words if word in COLUMNS] == list(COLUMNS)


# --- commands ---------------------------------------------------------------------------------------


def test_every_make_target_it_names_exists_and_every_target_is_explained_by_make_help():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = dict(re.findall(r"^([a-z]+(?:-[a-z]+)*):[^#\n]*(?:## (.*))?$", makefile, re.MULTILINE))
    named = set(re.findall(r"^make ([a-z-]+)|`(?:PORT=\d+ )?make ([a-z-]+)`", README, re.MULTILINE))
    named = {word for pair in named for word in pair if word}

    assert {"run", "test", "setup", "check", "bench", "demo", "help"} <= named
    assert {name for name in named if not targets.get(name)} == set()


@pytest.mark.parametrize(("asked", "port"), [([], "8501"), (["PORT=9000"], "9000")])
def test_make_help_says_where_make_run_serves(asked, port):
    said = subprocess.run(
        ["make", "-C", str(ROOT), "help", *asked], capture_output=True, text=True, check=True
    ).stdout

    assert f"serve on http://127.0.0.1:{port}\n" in said
    assert "$(" not in said


def test_ci_runs_what_the_readme_says_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if "make" in line] == ["exec make check test"]


def test_the_two_commands_are_make_run_and_make_test():
    assert [line for line in commands(section("Two commands")) if line.startswith("make")] == [
        "make run",
        "make test",
    ]


def test_the_commands_for_windows_name_files_that_exist():
    by_hand = commands(section("Two commands"))[2:]

    assert by_hand[0] == "py -m venv .venv"
    assert "pip install -r requirements.txt" in by_hand
    for line in by_hand:
        for word in re.findall(r"\b[\w/]+\.(?:txt|py)\b", line):
            assert (ROOT / word).is_file(), word


def test_every_command_it_shows_runs(tmp_path, monkeypatch, capsys):
    shown = [line for line in commands(section("What you can ask it")) if line.startswith("dashboard ")]
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")

    assert [line.split()[1] for line in shown] == [
        "init",
        "show",
        "show",
        "snapshot",
        "demo",
        "import-list",
        "import-stations",
        "import-points",
    ]
    for line in shown:
        monkeypatch.setenv("DASHBOARD_DEMO", "on" if line.startswith("dashboard demo") else "off")
        assert main(shlex.split(line)[1:]) == 0, line
    assert '"value": 1418327' in capsys.readouterr().out
    assert (tmp_path / "june.zip").is_file()


# --- settings ---------------------------------------------------------------------------------------


def test_the_table_of_settings_is_that_of_the_code():
    told = [[cell.replace("`", "") for cell in row] for row in rows(section("Settings"))]

    assert told == [[name, default, meaning.replace("`", "")] for name, default, meaning in SETTINGS]


def test_what_a_setting_says_stands_below_does_stand_below():
    table_end = section("Settings").rindex("|\n")
    below = section("Settings")[table_end:]

    for name, default, meaning in SETTINGS:
        if "see below" in meaning:
            assert f"`{default}`" in below or name in below, name


# --- rooms and files --------------------------------------------------------------------------------


def modules() -> set[str]:
    """Rooms of the package: single modules by file, packages by folder."""
    found = {p.name for p in PACKAGE.glob("*.py") if not p.name.startswith("__")}
    return found | {f"{p.parent.name}/" for p in PACKAGE.glob("*/__init__.py")}


def map_of_rooms() -> list[list[str]]:
    return [re.findall(r"`([^`]+)`", row[0]) for row in rows(section("Map of rooms"))]


def test_every_room_on_the_map_exists_and_every_module_is_on_it():
    named = [name for row in map_of_rooms() for name in row]

    assert len(named) == len(set(named))
    assert set(named) - {"app.py", "pages/"} == modules()
    assert (ROOT / "app.py").is_file()
    assert (ROOT / "pages").is_dir()


def test_imports_go_from_the_top_of_the_map_to_its_bottom():
    rank = {
        name.removesuffix(".py").rstrip("/"): place
        for place, row in enumerate(map_of_rooms())
        for name in row
    }
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if own.startswith("__") or own not in rank:
            continue
        upwards = [t for t in imported(path) if t != own and rank.get(t, 99) < rank[own]]
        wrong += [f"{path.relative_to(PACKAGE)} imports {target}" for target in upwards]

    assert wrong == []


def imported(path: Path) -> set[str]:
    """Rooms of the package that a module imports."""
    depth = len(path.relative_to(PACKAGE).parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            found |= {node.module.split(".")[0]} if node.module else {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dashboard."):
            found.add((node.module or "").split(".")[1])
    return found


def test_every_file_it_names_exists():
    named = re.findall(r"`((?:src|data|tests|pages|docs|tools|deploy|bench|\.streamlit)/[^`\s]*)`", README)
    named += re.findall(r"\]\(([^)]+)\)", README)

    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_picture_is_one_of_the_real_screen_in_full_size():
    (name,) = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)

    with Image.open(ROOT / name) as picture:
        assert picture.format == "PNG"
        assert picture.size[0] >= 1440
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 1000


def test_there_are_five_first_changes_and_each_names_its_files():
    changes = re.split(r"^\d\. ", section("Five first changes"), flags=re.MULTILINE)[1:]

    assert len(changes) == 5
    for change in changes:
        names = [n for n in re.findall(r"`([^`]+)`", change) if "/" in n]
        assert [n for n in names if (ROOT / n).exists()] != [], change


def test_every_screen_and_every_parameter_it_names_exists():
    text = section("What you can ask it")
    screens = set(re.findall(r"`/([a-z]*)[?`]", text)) - {"healthz"}
    parameters = re.search(r"State lives in the address: ([^.]*?), and so on", text.replace("\n", " "))

    assert screens - {""} <= {name for name, _ in ROOMS}
    assert parameters is not None
    assert set(re.findall(r"`([a-z_]+)`", parameters[1])) <= {*_ORDER, "theme"}


# --- what is installed ------------------------------------------------------------------------------


def pins(name: str) -> dict[str, Version]:
    """Versions by package; every line must be pinned to one."""
    found = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            package, sign, version = line.partition("==")
            assert sign == "==", line
            found[canonicalize_name(package)] = Version(version.split(";")[0].strip())
    return found


def wanting(asked: list[str], pinned: dict[str, Version]) -> list[str]:
    """Requirements that the pins do not meet."""
    requirements = [Requirement(text) for text in asked]
    return [
        str(r)
        for r in requirements
        if (version := pinned.get(canonicalize_name(r.name))) is None or version not in r.specifier
    ]


def test_every_requirement_is_pinned_to_a_version_that_meets_the_project():
    assert wanting(PROJECT["dependencies"], pins("requirements.txt")) == []
    assert wanting(PROJECT["optional-dependencies"]["dev"], pins("requirements-dev.txt")) == []


def test_the_tests_run_on_the_same_versions_as_the_product():
    product, tests = pins("requirements.txt"), pins("requirements-dev.txt")

    assert {name: tests.get(name) for name in product} == product


def test_the_version_is_one_everywhere_and_in_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert PROJECT["version"] == __version__
    assert re.search(rf"^## {re.escape(__version__)}\b", changelog, re.MULTILINE)


def test_the_licence_is_mit():
    assert PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


@pytest.mark.parametrize("name", ["var", ".venv"])
def test_what_an_installation_makes_is_not_in_git(name):
    assert f"/{name}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_a_snapshot_left_in_the_clone_is_not_in_git():
    name = file_name("快照", as_of=date(2025, 6, 30), data="demo", ending="zip")
    asked = ["git", "-C", str(ROOT), "check-ignore", "--no-index", name]

    assert subprocess.run(asked, capture_output=True, text=True, check=False).returncode == 0
