"""What a ledger tells of a station otherwise than it was known, column by column, for a reader. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .cells import shown
from .station_cells import called
from .station_life import WORD, Life, reached

EVERY_MONTH = ("服务人次", "最近核查")
_COLUMNS = {
    "name": "名称",
    "kind": "类型",
    "town": "镇街",
    "address": "地址",
    "services": "服务内容",
    "hours": "开放时间",
    "operator": "运营单位",
    "visits": "服务人次",
    "checked_on": "最近核查",
}
_PLACE = ("lon", "lat", "datum", "lon_as_given", "lat_as_given")
_LONGEST = 24


@dataclass(frozen=True)
class Difference:
    """A column that is told otherwise: what it was and what it is. Few of many are ever read, so that they are put into
    words only then."""

    column: str
    was: object
    told: object

    @property
    def before(self) -> str:
        """What it was, fit to be read; 空 is nothing."""
        return _read(self.was)

    @property
    def now(self) -> str:
        """What it is, likewise."""
        return _read(self.told)


@dataclass(frozen=True)
class Changed:
    """A station, a point or a visit by its name, with what is told of it otherwise."""

    name: str
    differences: tuple[Difference, ...]


def differences(
    before: Mapping[str, object],
    now: Mapping[str, object],
    lives: tuple[Life, Life],
    towns: Mapping[str, str],
) -> Iterator[Difference]:
    """Columns, place and life line; ``lives`` are the one known and the one told, ``towns`` names by code.

    A new name is no difference here: a renaming is told by itself.
    """
    for field, column in _COLUMNS.items():
        renamed = field == "name" and called(str(before[field])) != called(str(now[field]))
        if before[field] != now[field] and not renamed:
            pair = (
                (towns.get(str(value), value) if field == "town" else value)
                for value in (before[field], now[field])
            )
            yield Difference(column, *pair)
    if any(before[field] != now[field] for field in _PLACE):
        yield Difference("坐标", place_given(before), place_given(now))
    if lives[0] != lives[1]:
        states = tuple(WORD[last[0]] if (last := reached(life)) else "空" for life in lives)
        if states[0] != states[1]:
            yield Difference("状态", *states)
        else:
            gone, new = (_days(life, other) for life, other in (lives, lives[::-1]))
            yield Difference("日期", gone, new)


def _read(value: object) -> str:
    if isinstance(value, tuple):
        *degrees, system = value
        return f"{','.join(str(round(degree, 6)) for degree in degrees)}（{system}）"
    text = shown("" if value is None else str(value))
    return (text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…") or "空"


def place_given(values: Mapping[str, object]) -> tuple[object, ...] | None:
    """Degrees as given and their system; None: not located."""
    if values["lon_as_given"] is None:
        return None
    return (values["lon_as_given"], values["lat_as_given"], values["datum"])


def _days(life: Life, other: Life) -> str:
    return "、".join(f"{WORD[event]} {on}" for event, on in life if (event, on) not in other) or "空"
