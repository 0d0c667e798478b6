"""Colours, shapes and sizes by name: one table of tokens for stylesheet, charts and maps.

Charts and HTML refer to tokens as CSS variables, so that a theme or a printed page changes them without a
new run. Maps are drawn on a canvas and take the plain colours. States are colour and shape and word.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from ..maps import Colour

Theme = Literal["dark", "light"]
THEMES: tuple[Theme, ...] = ("dark", "light")

# As an address of its own: Streamlit would read and hash a file at every run.
ICON = "data:image/png;base64," + b64encode(
    Path(__file__).with_name("assets").joinpath("icon.png").read_bytes()
).decode("ascii")

TOKENS: dict[Theme, dict[str, str]] = {
    "dark": {
        "ground": "#0B1526",
        "panel": "#101F38",
        "edge": "#1C3355",
        "track": "#1C3355",
        "text": "#E8F0FA",
        "secondary": "#9DB2CE",
        "accent": "#4FC3F7",
        "brand": "#E4572E",
        "late-fill": "#F2A93B",
        "warn-ground": "#3A2B12",
        "warn": "#F2C76B",
        "done": "#2BB673",
        "on_track": "#4FC3F7",
        "behind": "#F2A93B",
        "far_behind": "#F0524F",
        "overdue": "#F0524F",
        "not_started": "#7D8CA3",
        "standing": "#9B8CFF",
        "not_reported": "#7285A3",
        "not_involved": "#7D8CA3",
        "class-0": "#17395C",
        "class-1": "#265F8C",
        "class-2": "#3A86B7",
        "class-3": "#56AEDD",
        "class-4": "#7FD6FF",
        "on-class-0": "#F4F9FF",
        "on-class-1": "#F4F9FF",
        "on-class-2": "#0B1526",
        "on-class-3": "#0B1526",
        "on-class-4": "#0B1526",
        "land": "#1D3047",
        "unreported": "#2B3648",
        "expired": "#4B4A63",
        "unreadable": "#5C4A2A",
        "incomplete": "#3D3F2E",
        "outside": "#131E30",
        "outline": "#0B1526",
        "on-map": "#F4F9FF",
        "halo": "#0B1526",
    },
    "light": {
        "ground": "#F3F6FB",
        "panel": "#FFFFFF",
        "edge": "#CFDAE8",
        "track": "#DFE7F1",
        "text": "#14233A",
        "secondary": "#4A5E79",
        "accent": "#026CA8",
        "brand": "#C8401A",
        "late-fill": "#CC7A00",
        "warn-ground": "#FFF1D6",
        "warn": "#7A4B00",
        "done": "#137A4B",
        "on_track": "#026CA8",
        "behind": "#A35F00",
        "far_behind": "#C62828",
        "overdue": "#C62828",
        "not_started": "#5B6B82",
        "standing": "#5B4BC4",
        "not_reported": "#5B6B82",
        "not_involved": "#5B6B82",
        "class-0": "#D3E6F7",
        "class-1": "#A5CCEB",
        "class-2": "#6FABDA",
        "class-3": "#3B84BF",
        "class-4": "#17588F",
        "on-class-0": "#0B1526",
        "on-class-1": "#0B1526",
        "on-class-2": "#0B1526",
        "on-class-3": "#0B1526",
        "on-class-4": "#F4F9FF",
        "land": "#E3EBF4",
        "unreported": "#DDE2EA",
        "expired": "#C9C2DC",
        "unreadable": "#EBD9B0",
        "incomplete": "#E3E6C8",
        "outside": "#EEF1F6",
        "outline": "#FFFFFF",
        "on-map": "#14233A",
        "halo": "#FFFFFF",
    },
}

# The shape of each light; its colour is the token of the same name.
SHAPES = {
    "done": "✔",
    "on_track": "●",
    "behind": "▲",
    "far_behind": "▼",
    "overdue": "◆",
    "not_started": "○",
    "standing": "∞",
    "not_reported": "▨",
    "not_involved": "",
}

FONT = '"Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif'


def var(token: str) -> str:
    """The token as a CSS variable, for HTML and for charts drawn as SVG."""
    return f"var(--{token})"


def rgba(token: str, theme: Theme, alpha: int = 255) -> Colour:
    """The token as red, green, blue, alpha, for a map."""
    red, green, blue = bytes.fromhex(TOKENS[theme][token][1:])
    return red, green, blue, alpha


def as_picture(svg: str) -> str:
    """An SVG, its attributes in single quotes, as an address for a style in double ones. It sees no CSS variables."""
    return "data:image/svg+xml," + quote(svg, safe=" =:/',.-")


# On paper these keep the colours of a dark screen beside the picture of its map; paper.css turns both light alike.
AS_THE_MAP = ".st-key-panel_stations .marks i,.st-key-panel_points .marks i"


def variables() -> str:
    """The tokens as CSS: dark by default, light on request and always on paper."""
    dark, light = (_block(theme) for theme in THEMES)
    return "\n".join(
        (
            f":root{{{dark};--font:{FONT}}}",
            f":root[data-theme=light]{{{light}}}",
            f"@media print{{:root{{{light}}}:root[data-theme=dark] :is({AS_THE_MAP}){{{dark}}}}}\n",
        )
    )


def _block(theme: Theme) -> str:
    return ";".join(f"--{name}:{value}" for name, value in TOKENS[theme].items())
