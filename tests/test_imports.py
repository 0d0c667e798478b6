"""Imports go one way. The line is held by reading the source, not by importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dashboard.config import ROOT

# From the bottom to the top: a room imports rooms below it, or beside it where that makes no circle.
# A folder is one room; a new file at the top of src/dashboard/ finds its place here first.
LEVELS = (
    {"config", "interruption"},
    {"catalogue", "periods", "hashing"},
    {
        "models",
        "migrations",
        "formulas",
        "lights",
        "evidence",
        "forecast",
        "figures",
        "returning",
        "csvfile",
        "workbooks",
        "datum",
        "geo",
        "grid",
        "mercator",
        "placing",
        "language",
        "english",
    },
    {"knowledge"},
    {"store"},
    {"queries", "interval", "importers", "receipts"},
    {"readouts"},
    {"charts", "maps", "still_map"},
    {"snapshots", "demo", "demo_evidence", "demo_figures", "demo_measures", "demo_places", "demo_words"},
    {"startup"},
    {"ui", "commands"},
    {"cli"},
    {"__main__", "app", "pages"},
)
LEVEL = {room: height for height, rooms in enumerate(LEVELS) for room in rooms}

ALONE = {
    "streamlit": {"ui", "pages", "app"},
    "geopandas": {"geo"},
    "shapely": {"geo"},
    "opencc": {"language"},
    "babel": {"english"},
    "openpyxl": {"workbooks", "importers"},
}


def product() -> dict[str, str]:
    """Every module of the product with its source: dashboard.ui.theme, pages.overview, app."""
    files = [p for p in (ROOT / "src").rglob("*.py") if "egg-info" not in str(p)]
    modules = {_dotted(p.relative_to(ROOT / "src")): p for p in files}
    modules |= {_dotted(p.relative_to(ROOT)): p for p in (ROOT / "pages").glob("*.py")}
    modules["app"] = ROOT / "app.py"
    return {name: path.read_text(encoding="utf-8") for name, path in modules.items()}


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    """The room a module belongs to; "" is the front door dashboard/__init__.py, which anybody may name."""
    first, _, rest = module.partition(".")
    return rest.partition(".")[0] if first == "dashboard" else first


def imported(module: str, source: str, packages: frozenset[str]) -> Iterator[str]:
    """Dotted names a module imports, wherever in the file, relative ones made absolute."""
    parent = module if module in packages else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                steps = parent.split(".")
                base = ".".join([*steps[: len(steps) - node.level + 1], *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{name.name}" for name in node.names)


def arrows(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Which modules of the product each of its modules imports; the front door left out."""
    packages = frozenset(name.rpartition(".")[0] for name in sources)
    return {
        name: ({n for n in imported(name, text, packages) if n in sources} - {"dashboard", name})
        for name, text in sources.items()
    }


def homeless(sources: Mapping[str, str]) -> list[str]:
    return [
        f"{name} stands in no level of this test: put its room “{room_of(name)}” where it belongs."
        for name in sources
        if room_of(name) and room_of(name) not in LEVEL
    ]


def upward(sources: Mapping[str, str]) -> list[str]:
    return [
        f"{name} imports {other}, a room above it."
        for name, others in arrows(sources).items()
        for other in sorted(others)
        if room_of(name) and LEVEL.get(room_of(other), 0) > LEVEL.get(room_of(name), 0)
    ]


def circles(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules that are left when those that import nothing any more are taken away again and again."""
    left = {name: set(others) for name, others in graph.items()}
    while free := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in free}
    return sorted(left)


def strangers(sources: Mapping[str, str]) -> list[str]:
    packages = frozenset(name.rpartition(".")[0] for name in sources)
    return [
        f"{name} imports {library}: only {'、'.join(sorted(rooms))} may."
        for name, text in sources.items()
        for library, rooms in ALONE.items()
        if room_of(name) not in rooms
        and any(n.partition(".")[0] == library for n in imported(name, text, packages))
    ]


def environment_readers(sources: Mapping[str, str]) -> list[str]:
    names = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
    return [
        f"{name} touches the environment: only config does."
        for name, text in sources.items()
        if room_of(name) != "config"
        and any(
            (isinstance(node, ast.Attribute) and node.attr in names and ast.unparse(node.value) == "os")
            or (
                isinstance(node, ast.ImportFrom)
                and node.module == "os"
                and {a.name for a in node.names} & names
            )
            for node in ast.walk(ast.parse(text))
        )
    ]


# --- the product ------------------------------------------------------------------------------------


def test_every_module_has_its_room_in_a_level():
    assert homeless(product()) == []


def test_no_room_imports_a_room_above_it():
    assert upward(product()) == []


def test_no_modules_import_each_other_in_a_circle():
    assert circles(arrows(product())) == []


def test_no_two_rooms_of_a_level_import_each_other():
    between: dict[str, set[str]] = {}
    for name, others in arrows(product()).items():
        own = between.setdefault(room_of(name), set())
        own |= {room_of(other) for other in others} - {room_of(name), ""}

    assert circles(between) == []


def test_streamlit_geopandas_shapely_and_opencc_are_each_imported_in_one_place():
    assert strangers(product()) == []


def test_only_config_touches_the_environment():
    assert environment_readers(product()) == []


def test_the_whole_product_is_read():
    names = set(product())

    assert {"app", "dashboard.config", "dashboard.importers.published", "dashboard.ui.shell"} <= names
    assert "dashboard.catalogue" in arrows(product())["dashboard.importers.published"]
    assert {room_of(name) for name in names} >= {"pages", "ui", "store", "queries", "migrations"}


# --- the tests above, tested ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "from .queries import readings",
        "from . import queries",
        "import dashboard.queries",
        "from dashboard import queries",
        "from dashboard.queries import readings",
        "def late():\n    from .queries import readings",
        "if TYPE_CHECKING:\n    from .queries import readings",
    ],
)
def test_an_import_of_a_higher_room_is_seen_however_it_is_written(text):
    sources = {"dashboard": "", "dashboard.store": text, "dashboard.queries": ""}

    assert upward(sources) == ["dashboard.store imports dashboard.queries, a room above it."]


def test_a_relative_import_out_of_a_folder_is_seen():
    sources = {
        "dashboard.importers.seed": "from ..ui import theme",
        "dashboard.ui.theme": "",
        "dashboard.ui": "",
    }

    assert upward(sources) == [
        "dashboard.importers.seed imports dashboard.ui, a room above it.",
        "dashboard.importers.seed imports dashboard.ui.theme, a room above it.",
    ]


def test_a_relative_import_in_the_front_room_of_a_folder_is_seen():
    sources = {
        "dashboard.importers": "from ..ui import theme",
        "dashboard.importers.seed": "",
        "dashboard.ui.theme": "",
    }

    assert upward(sources) == ["dashboard.importers imports dashboard.ui.theme, a room above it."]


def test_a_room_without_a_level_is_named():
    assert homeless({"dashboard.helpers": ""}) == [
        "dashboard.helpers stands in no level of this test: put its room “helpers” where it belongs."
    ]


def test_a_circle_is_found():
    sources = {
        "dashboard.formulas": "from .lights import light",
        "dashboard.lights": "from .formulas import total",
        "dashboard.geo": "from .lights import light",
    }

    assert upward(sources) == []
    assert circles(arrows(sources)) == ["dashboard.formulas", "dashboard.geo", "dashboard.lights"]


@pytest.mark.parametrize(
    "text", ["import streamlit as st", "from streamlit import cache_data", "import streamlit.components.v1"]
)
def test_streamlit_outside_its_rooms_is_seen(text):
    assert strangers({"dashboard.charts.gauge": text}) == [
        "dashboard.charts.gauge imports streamlit: only app、pages、ui may."
    ]
    assert strangers({"dashboard.ui.shell": text, "pages.county": text, "app": text}) == []


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.environ['X']",
        "from os import environ",
        "import os\nos.getenv('X')",
        "from os import getenv",
    ],
)
def test_a_look_at_the_environment_is_seen(text):
    assert environment_readers({"dashboard.store": text}) == [
        "dashboard.store touches the environment: only config does."
    ]
    assert environment_readers({"dashboard.config": text}) == []
