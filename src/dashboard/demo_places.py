"""Illustrative stations and observation points: where they stand, what they offer, how they live. Repeatable.

503 stations have a place inside their unit's outline (zones: inside their parent's), 9 have none. Names say
that they are examples; only 磁灶镇 is a real point, because it was published as one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .catalogue import Organisation
from .demo_figures import allotted
from .geo import Outline, inside

STATIONS = 512
WITHOUT_PLACE = 9
OPEN_IN_JULY_2024, OPEN_IN_JANUARY_2025 = 458, 503
PLANNED_ONLY, SUSPENDED, CLOSED = 2, 2, 2

KINDS = ("党群服务中心", "工会户外驿站", "商超门店", "银行网点", "加油站", "物业服务点")
SERVICES = ("饮水", "休息", "充电", "热饭", "急救", "阅读", "政策咨询", "雨具")
HOURS = ("08:00-20:00", "08:30-21:00", "07:00-22:00", "00:00-24:00")
EVENTS = ("planned", "built", "opened", "suspended", "closed")


@dataclass(frozen=True)
class Place:
    """A station as its ledger has it; ``lon`` and ``lat`` None: not located."""

    station: str
    name: str
    kind: str
    unit: str
    town: str
    address: str
    lon: float | None
    lat: float | None
    services: str
    hours: str
    operator: str
    life: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class Observed:
    """An observation point with its visits: (day, found, solved, adopted, words)."""

    point: str
    name: str
    unit: str
    town: str
    national: bool
    tests: str
    measures: tuple[str, ...]
    lon: float
    lat: float
    visits: tuple[tuple[date, int, int, str, str], ...]


def stations(
    units: Sequence[Organisation],
    towns: Mapping[str, Sequence[Organisation]],
    shapes: Mapping[str, Outline],
    people: Mapping[str, float],
    end: date,
) -> list[Place]:
    """All stations, by unit in official order and by number."""
    rng = random.Random("stations")
    shares = {u.code: people[u.code] ** 0.8 * rng.lognormvariate(0, 0.25) for u in units}
    counts = allotted(STATIONS, shares)
    opened = _opening_days(end)
    rng.shuffle(opened)
    unplaced = set(rng.sample(range(STATIONS), WITHOUT_PLACE))
    found: list[Place] = []
    for unit in units:
        for number in range(1, counts[unit.code] + 1):
            index = len(found)
            found.append(_station(unit, number, towns, shapes, opened[index], index not in unplaced))
    return found


def _opening_days(end: date) -> list[tuple[tuple[str, date], ...]]:
    """A life line for each station; enough are open on the days that were published."""
    rng = random.Random("lives")
    lives = [_life(rng, date(2023, 3, 1), date(2024, 6, 28)) for _ in range(OPEN_IN_JULY_2024)]
    more = OPEN_IN_JANUARY_2025 - OPEN_IN_JULY_2024
    lives += [_life(rng, date(2024, 7, 3), date(2025, 1, 29)) for _ in range(more)]
    for i in range(SUSPENDED):
        lives[i] += (("suspended", end - timedelta(days=40 + 9 * i)),)
    for i in range(CLOSED):
        lives[SUSPENDED + i] += (("closed", end - timedelta(days=120 + 30 * i)),)
    late = STATIONS - len(lives) - PLANNED_ONLY
    lives += [_life(rng, date(2025, 2, 20), end - timedelta(days=20)) for _ in range(late)]
    lives += [(("planned", end - timedelta(days=30 + 5 * i)),) for i in range(PLANNED_ONLY)]
    return lives


def _life(rng: random.Random, first: date, last: date) -> tuple[tuple[str, date], ...]:
    opened = first + timedelta(days=rng.randrange((last - first).days + 1))
    built = opened - timedelta(days=rng.randrange(5, 40))
    planned = built - timedelta(days=rng.randrange(20, 90))
    return (("planned", planned), ("built", built), ("opened", opened))


def _station(
    unit: Organisation,
    number: int,
    towns: Mapping[str, Sequence[Organisation]],
    shapes: Mapping[str, Outline],
    life: tuple[tuple[str, date], ...],
    placed: bool,
) -> Place:
    rng = random.Random(f"station {unit.code} {number}")
    shape = shapes[unit.within_code or unit.code]
    lon, lat = _spot(rng, unit, shape) if placed else (None, None)
    inside_towns = towns.get(unit.code, ())
    town = rng.choice(inside_towns) if inside_towns else None
    services = ["饮水", "休息", *(s for s in SERVICES[2:] if rng.random() < 0.45)]
    return Place(
        station=f"{unit.code}-{number:03d}",
        name=f"{unit.short_name}暖“新”驿站{number:03d}（示例）",
        kind=rng.choice(KINDS),
        unit=unit.code,
        town=town.code if town else "",
        address=f"{town.name if town else unit.short_name}示例路{rng.randrange(1, 300)}号",
        lon=lon,
        lat=lat,
        services=" ".join(services),
        hours=rng.choices(HOURS, (5, 3, 2, 2))[0],
        operator=rng.choice(("街道办", "物业公司", "工会", "企业门店", "社工机构")),
        life=life,
    )


def _spot(rng: random.Random, unit: Organisation, shape: Outline) -> tuple[float, float]:
    """A place near the unit's label that lies inside the outline."""
    centre = (unit.label_lon or shape.label[0], unit.label_lat or shape.label[1])
    spread = 0.02 if unit.within_code else 0.09
    for _ in range(400):
        spot = (round(rng.gauss(centre[0], spread), 5), round(rng.gauss(centre[1], spread), 5))
        if inside(shape, spot):
            return spot
    return shape.label


THEMES = (
    ("镇街履职清单怎样用得上", ("2-4-1", "2-4-2")),
    ("报表精简后数据从哪里来", ("5-12-1", "5-12-2")),
    ("小区“议事日”怎样开得起来", ("7-20-1", "7-20-2")),
    ("机制牌子清理后事怎么办", ("2-6-1", "2-6-2")),
    ("一支队伍怎样进网格", ("6-16-1", "6-16-2")),
    ("帮办代办能少跑几趟", ("3-8-1", "3-8-2")),
)
_ADOPTED = ("", "", "推广到全县", "", "写入县级办法", "")
_WORDS = ("听取镇村干部意见，现场查看台账。", "随访两个小区，核对报送数。", "回访上次发现的问题。")


def points(
    units: Sequence[Organisation],
    towns: Mapping[str, Sequence[Organisation]],
    shapes: Mapping[str, Outline],
    end: date,
) -> list[Observed]:
    """The 12 points: 磁灶镇 by its name, the others numbered, one to a unit but the smaller zone."""
    homes = [u for u in units if u.code not in ("350582", "QZ-KF")]
    jinjiang = next(u for u in units if u.code == "350582")
    cizao = next(t for t in towns["350582"] if t.name == "磁灶镇")
    found = [_point("P00", "磁灶镇", jinjiang, cizao.code, True, shapes, end, 0)]
    for i, unit in enumerate(homes, start=1):
        found.append(_point(f"P{i:02d}", f"示例联系点 {i:02d}", unit, "", False, shapes, end, i))
    return found


def _point(
    code: str,
    name: str,
    unit: Organisation,
    town: str,
    national: bool,
    shapes: Mapping[str, Outline],
    end: date,
    index: int,
) -> Observed:
    rng = random.Random(f"point {code}")
    lon, lat = _spot(rng, unit, shapes[unit.within_code or unit.code])
    tests, measures = THEMES[index % len(THEMES)]
    visits = []
    day = date(2025, 3, 4) + timedelta(days=rng.randrange(20))
    while day <= end - timedelta(days=3):
        found = rng.randrange(1, 7)
        solved = min(found, rng.randrange(0, 7))
        visits.append((day, found, solved, rng.choice(_ADOPTED), rng.choice(_WORDS)))
        day += timedelta(days=rng.randrange(45, 85))
    return Observed(code, name, unit.code, town, national, tests, measures, lon, lat, tuple(visits))
