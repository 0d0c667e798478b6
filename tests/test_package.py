"""The package as somebody installs it: a wheel that carries its data, and a command that starts anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dashboard.config import DATA, ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which a wheel was installed, without what it depends on; built from a copy, which is left dirty."""
    work = tmp_path_factory.mktemp("package")
    for name in ("src", "data"):
        shutil.copytree(
            ROOT / name, work / "copy" / name, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, work / "copy")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(work), str(work / "copy")], check=True, cwd=work)
    (wheel,) = work.glob("dashboard-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(work / "site"), str(wheel)], check=True)
    return work / "site"


def test_an_installed_package_fills_a_store_in_the_folder_it_is_started_from(installed, tmp_path):
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("DASHBOARD_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "init"],
        cwd=tmp_path,
        env={**environ, "PYTHONPATH": str(installed), "DASHBOARD_DEMO": "off"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("live：就绪，序号 44")
    assert (tmp_path / "var" / "live.sqlite").is_file()


def test_every_data_file_is_in_the_package_byte_by_byte(installed):
    inside = installed / "dashboard" / "data"
    shipped = {p.relative_to(DATA): p.read_bytes() for p in DATA.rglob("*") if p.is_file()}

    assert {p: (inside / p).read_bytes() for p in shipped if (inside / p).is_file()} == shipped


def test_every_folder_of_the_product_is_named_as_a_package():
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "packages"
    ]
    folders = {p.parent.relative_to(ROOT / "src") for p in (ROOT / "src").rglob("__init__.py")}
    folders |= {p.parent.relative_to(ROOT / "src") for p in (ROOT / "src" / "dashboard").rglob("r*_*.py")}

    assert set(named) - {"dashboard.data"} == {".".join(f.parts) for f in folders} | {"dashboard.migrations"}
