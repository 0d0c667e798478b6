"""What of the list /tasks shows: its boards, and the filters, all of them in the address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..catalogue import CITY
from ..lights import SEVERITY
from ..readouts.choice import Choice
from ..readouts.measures import ListReadout, Tally
from . import cached, draw
from .address import View
from .cached import Key
from .list_panels import light_names
from .theme import SHAPES

BOARDS = (
    ("", "看板"),
    ("matrix", "逐条"),
    ("who", "谁的事"),
    ("remind", "催报"),
    ("when", "到期"),
    ("list", "清单"),
)
# What is about every organisation at once: nothing is filtered there.
_WHOLE = ("who", "remind")
WINDOW_WORDS = {
    "late": "已过期限",
    "month": "本月到期",
    "30": "30 天内到期",
    "60": "60 天内到期",
    "90": "90 天内到期",
}
SCOPE_WORDS = {"city": "市级", "county": "县级"}


def organisation_of(view: View) -> str:
    """The organisation whose measures are shown; a unit of the address is one, the city is all of them."""
    return view.org or ("" if view.unit == CITY else view.unit)


def choice_of(view: View) -> Choice:
    """What the address chose of the list."""
    return Choice(
        direction=view.direction,
        aspect=view.aspect,
        project=view.project,
        scope=view.scope,
        organisation=organisation_of(view),
        light=view.light,
        window=view.window,
    )


def words(view: View, found: ListReadout) -> Iterator[tuple[str, str, str]]:
    """Every filter that is on, in the order of the address: parameter, its label, its value in words."""
    aspects = {m.aspect_no: m.aspect for m in found.measures}
    projects = {m.project_no: m.project for m in found.measures}
    names = draw.names()
    organisation = organisation_of(view)
    told = (
        ("direction", "方向", view.direction),
        ("aspect", "方面", aspects.get(view.aspect, "")),
        ("project", "项目", projects.get(view.project, "")),
        ("light", "亮灯", light_names(found.day)[view.light] if view.light else ""),
        ("window", "到期", WINDOW_WORDS.get(view.window, "")),
        ("scope", "适用范围", SCOPE_WORDS.get(view.scope, "")),
        ("org" if view.org else "unit", "单位", names.get(organisation, "")),
    )
    return (one for one in told if one[2])


@draw.remembered
def bar(view: View, key: Key) -> None:
    """The boards as switches, what is chosen with the way back, and everything that can be chosen behind a fold."""
    found = cached.list_readout(key)
    if found is None:
        return
    boards = [
        {"href": view.here("tasks", show=name or None, measure=None), "on": view.show == name, "word": word}
        for name, word in BOARDS
    ]
    chips = [
        {"href": view.here("tasks", **{parameter: None}), "label": label, "value": value}
        for parameter, label, value in words(view, found)
        if view.show not in _WHOLE or parameter in ("org", "unit")
    ]
    cleared = view.here("tasks", **dict.fromkeys(_PARAMETERS))
    draw.html(
        "task_bar.html",
        view,
        boards=boards,
        chips=chips,
        cleared=cleared,
        groups=[] if view.show in _WHOLE else list(_groups(view, found)),
    )


_PARAMETERS = ("direction", "aspect", "project", "light", "window", "scope", "org", "unit")


def _groups(view: View, found: ListReadout) -> Iterator[dict[str, Any]]:
    names = light_names(found.day)
    lights = [light for light in SEVERITY if any(m.light == light for m in found.measures)]
    yield _group(view, "方向", "direction", _tallied(found.directions))
    yield _group(view, "方面", "aspect", _tallied(found.aspects), drops=("project",))
    shown = [(light, f"{SHAPES[light]} {names[light]}") for light in lights]
    yield _group(view, "亮灯", "light", shown, show=_of_states(view))
    yield _group(view, "到期", "window", list(WINDOW_WORDS.items()), show=_of_states(view))
    yield _group(view, "适用范围", "scope", list(SCOPE_WORDS.items()))
    known = found.organisations()
    ordered = [o for o in cached.stores().catalogue.organisations if o.code in known]
    yield _group(view, "单位", "org", [(o.code, o.short_name) for o in ordered], drops=("unit",))


def _of_states(view: View) -> str:
    """A board counts what it shows; measures of one light, or of one month, stand in a list."""
    return view.show or "list"


def _tallied(parts: Sequence[Tally]) -> list[tuple[str, str]]:
    return [(part.key, part.name) for part in parts]


def _group(
    view: View,
    name: str,
    parameter: str,
    options: Sequence[tuple[str, str]],
    drops: Sequence[str] = (),
    show: str = "",
) -> dict[str, Any]:
    now = organisation_of(view) if parameter == "org" else getattr(view, parameter)
    changed: dict[str, str | None] = {**dict.fromkeys(drops), **({"show": show} if show else {})}
    return {
        "name": name,
        "options": [
            {
                "href": view.here("tasks", **{**changed, parameter: value or None}),
                "on": now == value,
                "word": word,
            }
            for value, word in [("", "全部"), *options]
        ],
    }
