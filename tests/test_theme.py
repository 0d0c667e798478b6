"""Colours: readable by the WCAG formula on every ground, told apart by every eye, the same in both files."""

from __future__ import annotations

import itertools
import re
import tomllib

import pytest

from dashboard.config import ROOT
from dashboard.lights import SEVERITY
from dashboard.ui.list_panels import LIGHT_NAMES
from dashboard.ui.theme import FONT, SHAPES, THEMES, TOKENS, rgba, variables

GROUNDS = ("ground", "panel")
# Where text of a colour of its own stands: on the page, on a panel, on the chosen option of a switch.
TEXT = [
    *((token, ground) for token in ("text", "secondary", "accent") for ground in GROUNDS),
    ("text", "edge"),
    ("secondary", "unreported"),
    ("warn", "warn-ground"),
    ("far_behind", "panel"),
]
# What is seen by its colour against its ground: the light of a state, bars, hands and the mark of the brand.
MARKS = [
    *((light, ground) for light in SHAPES if light != "not_involved" for ground in GROUNDS),
    *((token, "track") for token in ("text", "accent", "behind", "secondary")),
    ("brand", "ground"),
    ("accent", "edge"),
]
CLASSES = [f"class-{i}" for i in range(5)]
# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> tuple[float, ...]:
    """Linear red, green, blue, 0 to 1."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, deficiency: str) -> tuple[float, ...]:
    """CIE Lab of a colour as an eye with this deficiency sees it."""
    rgb = linear(colour)
    rgb = tuple(
        min(1.0, max(0.0, sum(w * c for w, c in zip(row, rgb, strict=True))))
        for row in DEFICIENCIES[deficiency]
    )
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        sum(w * c for w, c in zip(row, rgb, strict=True)) / n for row, n in zip(matrix, white, strict=True)
    )
    x, y, z = (c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, deficiency: str) -> float:
    """Delta E of 1976; about 2 is the least an eye tells apart."""
    pairs = zip(seen(one, deficiency), seen(other, deficiency), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def test_the_formula_gives_the_contrasts_the_guideline_names():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("token", "ground"), TEXT)
def test_text_is_readable_on_its_ground(theme, token, ground):
    assert contrast(TOKENS[theme][token], TOKENS[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("token", "ground"), MARKS)
def test_a_mark_stands_out_from_its_ground(theme, token, ground):
    assert contrast(TOKENS[theme][token], TOKENS[theme][ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("number", range(5))
def test_a_figure_is_readable_on_the_class_it_stands_on(theme, number):
    assert contrast(TOKENS[theme][f"on-class-{number}"], TOKENS[theme][f"class-{number}"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("token", [*CLASSES, "unreported", "outside"])
def test_a_word_on_the_map_is_readable_on_every_fill_by_its_own_colour_or_by_its_halo(theme, token):
    words, halo, fill = (TOKENS[theme][name] for name in ("on-map", "halo", token))

    assert contrast(words, halo) >= 4.5
    assert max(contrast(words, fill), contrast(halo, fill)) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_the_classes_of_the_map_go_one_way_and_none_looks_like_what_is_missing(theme):
    tokens = TOKENS[theme]
    steps = [luminance(tokens[name]) for name in CLASSES]

    assert steps == sorted(steps, reverse=theme == "light")
    for deficiency in DEFICIENCIES:
        for one, other in itertools.pairwise(CLASSES):
            assert distance(tokens[one], tokens[other], deficiency) > 8, (deficiency, one, other)
        for name in CLASSES:
            assert distance(tokens[name], tokens["unreported"], deficiency) > 5, (deficiency, name)


def test_every_state_has_a_shape_of_its_own_so_that_no_eye_needs_the_colour():
    assert set(SHAPES) == set(SEVERITY)
    assert len(set(SHAPES.values())) == len(SHAPES)
    assert SHAPES["not_involved"] == ""
    assert all(len(shape) == 1 for light, shape in SHAPES.items() if light != "not_involved")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_states_that_look_alike_to_some_eyes_differ_in_shape(theme, deficiency):
    alike = [
        (one, other)
        for one, other in itertools.combinations(SHAPES, 2)
        if distance(TOKENS[theme][one], TOKENS[theme][other], deficiency) < 12
    ]

    assert ("far_behind", "overdue") in alike  # one red for both, by design: the shapes tell them apart
    assert [pair for pair in alike if SHAPES[pair[0]] == SHAPES[pair[1]]] == []


def test_the_overview_names_every_light_a_measure_of_somebody_can_have():
    assert set(LIGHT_NAMES) == set(SHAPES) - {"not_involved"}


def test_both_themes_have_the_same_tokens_and_all_are_plain_colours():
    assert set(TOKENS["dark"]) == set(TOKENS["light"])
    for tokens in TOKENS.values():
        assert [c for c in tokens.values() if not re.fullmatch(r"#[0-9A-F]{6}", c)] == []


@pytest.mark.parametrize(
    ("token", "colour"),
    [
        ("ground", "#0B1526"),
        ("panel", "#101F38"),
        ("edge", "#1C3355"),
        ("text", "#E8F0FA"),
        ("secondary", "#9DB2CE"),
        ("accent", "#4FC3F7"),
        ("brand", "#E4572E"),
        ("done", "#2BB673"),
        ("on_track", "#4FC3F7"),
        ("behind", "#F2A93B"),
        ("far_behind", "#F0524F"),
        ("overdue", "#F0524F"),
        ("not_started", "#7D8CA3"),
        ("standing", "#9B8CFF"),
        ("class-0", "#17395C"),
        ("class-4", "#7FD6FF"),
    ],
)
def test_the_wall_has_the_colours_it_was_given(token, colour):
    assert TOKENS["dark"][token] == colour


def test_the_colour_of_the_brand_is_no_state():
    for tokens in TOKENS.values():
        assert tokens["brand"] not in [tokens[light] for light in SHAPES]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("key", "token"),
    [
        ("primaryColor", "accent"),
        ("linkColor", "accent"),
        ("backgroundColor", "ground"),
        ("secondaryBackgroundColor", "panel"),
        ("textColor", "text"),
        ("borderColor", "edge"),
    ],
)
def test_streamlits_own_widgets_wear_the_same_colours(theme, key, token):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    assert config["theme"][theme][key] == TOKENS[theme][token]


def test_streamlits_own_widgets_have_the_same_fonts_and_none_comes_from_the_web():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    own = [name.strip().strip('"') for name in FONT.split(",")]

    for key in ("font", "headingFont"):
        assert [name.strip().strip("'") for name in config["theme"][key].split(",")] == own


def test_the_stylesheet_knows_every_token_in_both_themes_and_prints_in_the_light_one():
    css = variables()
    dark, light, paper = css.strip().split("\n")

    assert dark.startswith(":root{--ground:#0B1526;")
    assert light.startswith(":root[data-theme=light]{--ground:#F3F6FB;")
    assert paper.startswith("@media print{:root")
    for line, theme in ((dark, "dark"), (light, "light"), (paper, "light")):
        for token, colour in TOKENS[theme].items():
            assert f"--{token}:{colour}" in line


def test_the_stylesheet_of_the_pages_names_no_colour_and_no_token_that_is_not_in_the_table():
    folder = ROOT / "src" / "dashboard" / "ui"
    sheets = ("dashboard.css", "paper.css")
    css = "".join((folder / "assets" / name).read_text(encoding="utf-8") for name in sheets)
    html = "".join(p.read_text(encoding="utf-8") for p in sorted((folder / "templates").glob("*.html")))
    own = {"font", "gap", "pad", "header", "z", "share", "picture"}

    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)", css) == []
    used = set(re.findall(r"var\(--([a-z0-9_-]+)\)", css + html))
    assert used - own - set(TOKENS["dark"]) == set()


def test_a_map_takes_plain_numbers():
    assert rgba("accent", "dark") == (79, 195, 247, 255)
    assert rgba("accent", "light", 170) == (2, 108, 168, 170)
