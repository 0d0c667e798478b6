"""Illustrative stations and observation points: where they stand, what they offer, how they live. Repeatable.

503 stations have a place inside their unit's outline (zones: inside their parent's), 9 have none. Names say
that they are examples; only 磁灶镇 is a real point, because it was published as one. It stands where the town is.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from .catalogue import Organisation
from .demo_figures import BASE_MONTH, allotted, proportional
from .geo import Outline, inside
from .periods import Period

STATIONS = 512
WITHOUT_PLACE = 9
OPEN_IN_JULY_2024, OPEN_IN_JANUARY_2025 = 452, 500
PLANNED_ONLY, SUSPENDED, CLOSED = 2, 2, 2
FIRST_RENOVATION, RENOVATED_A_MONTH = date(2025, 3, 1), 3

KINDS = ("党群服务中心", "工会户外驿站", "商超门店", "银行网点", "加油站", "物业服务点")
SERVICES = ("饮水", "休息", "充电", "热饭", "急救", "阅读", "政策咨询", "雨具")
HOURS = ("08:00-20:00", "08:30-21:00", "07:00-22:00", "00:00-24:00")
Life = tuple[tuple[str, date], ...]  # what happened to a station, and when, in order


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
    life: Life


@dataclass(frozen=True)
class Observed:
    """An observation point with its visits: (day, found, solved, adopted, words); None: not located, or not said."""

    point: str
    name: str
    unit: str
    town: str
    national: bool
    tests: str
    measures: tuple[str, ...]
    lon: float | None
    lat: float | None
    visits: tuple[tuple[date, int | None, int | None, str, str], ...]


def stations(
    units: Sequence[Organisation],
    towns: Mapping[str, Sequence[Organisation]],
    shapes: Mapping[str, Outline],
    people: Mapping[str, float],
    end: date,
) -> list[Place]:
    """All stations, by unit in official order and by number."""
    rng = random.Random("stations")
    shares = {u.code: people[u.code] ** 0.75 * rng.lognormvariate(0, 0.25) for u in units}
    counts = allotted(STATIONS, shares)
    opened = _lives(counts, people, end)
    unplaced = set(rng.sample(range(STATIONS), WITHOUT_PLACE))
    found: list[Place] = []
    for unit in units:
        for number in range(1, counts[unit.code] + 1):
            index = len(found)
            found.append(_station(unit, number, towns, shapes, opened[index], index not in unplaced))
    return found


def _lives(counts: Mapping[str, int], people: Mapping[str, float], end: date) -> list[Life]:
    """A life line for each station in turn, so dealt out that no unit is open at its proportional share in January."""
    share = proportional(OPEN_IN_JANUARY_2025, {code: people[code] for code in counts})
    for deal in range(1000):
        found = _opening_days(end)
        random.Random(f"deal {deal}").shuffle(found)
        rest = iter([_last_of(life, BASE_MONTH) == "opened" for life in found])
        opened = {code: sum(islice(rest, count)) for code, count in counts.items()}
        if all(opened[code] != share[code] for code in counts):
            return found
    raise AssertionError("every deal of the stations is proportional")


def _opening_days(end: date) -> list[Life]:
    """A life line for each station; enough are open on the days that were published."""
    rng = random.Random("lives")
    lives = [_life(rng, date(2023, 3, 1), date(2024, 6, 28)) for _ in range(OPEN_IN_JULY_2024)]
    more = OPEN_IN_JANUARY_2025 - OPEN_IN_JULY_2024
    lives += [_life(rng, date(2024, 7, 3), date(2025, 1, 29)) for _ in range(more)]
    for i in range(SUSPENDED):
        lives[i] += (("suspended", end - timedelta(days=40 + 9 * i)),)
    for i in range(CLOSED):
        lives[SUSPENDED + i] += (("closed", end - timedelta(days=120 + 30 * i)),)
    for i in range(min(RENOVATED_A_MONTH * ((end - FIRST_RENOVATION).days // 30), OPEN_IN_JULY_2024 - 4)):
        lives[SUSPENDED + CLOSED + i] += _renovation(rng, end)
    late = STATIONS - len(lives) - PLANNED_ONLY
    lives += [_life(rng, date(2025, 2, 20), end - timedelta(days=20)) for _ in range(late)]
    lives += [(("planned", end - timedelta(days=30 + 5 * i)),) for i in range(PLANNED_ONLY)]
    return lives


def _renovation(rng: random.Random, end: date) -> Life:
    """Shut for some weeks, and open again well before the last day."""
    lasting = rng.randrange(20, 75)
    shut = FIRST_RENOVATION + timedelta(days=rng.randrange((end - FIRST_RENOVATION).days - lasting - 20))
    return (("suspended", shut), ("opened", shut + timedelta(days=lasting)))


def _life(rng: random.Random, first: date, last: date) -> Life:
    opened = first + timedelta(days=rng.randrange((last - first).days + 1))
    built = opened - timedelta(days=rng.randrange(5, 40))
    planned = built - timedelta(days=rng.randrange(20, 90))
    return (("planned", planned), ("built", built), ("opened", opened))


def _station(
    unit: Organisation,
    number: int,
    towns: Mapping[str, Sequence[Organisation]],
    shapes: Mapping[str, Outline],
    life: Life,
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


def state_on(place: Place, day: date) -> str:
    """The last thing that had happened to it by the day; empty before it was planned."""
    return _last_of(place.life, day)


def _last_of(life: Life, day: date) -> str:
    return next((name for name, on in reversed(life) if on <= day), "")


def visits(place: Place, month: Period) -> int | None:
    """How many visits were counted in a month; None where nobody counts, or it was not open."""
    own = random.Random(f"visits {place.station}")
    usual = own.lognormvariate(5.4, 0.6) * (1.6 if place.hours == HOURS[-1] else 1.0)
    counts = own.random() > 0.12
    if not counts or state_on(place, month.start) != "opened" or state_on(place, month.end) != "opened":
        return None
    season = {1: 0.85, 2: 0.7, 6: 1.1, 7: 1.25, 8: 1.25, 9: 1.1}.get(month.start.month, 1.0)
    return round(usual * season * random.Random(f"visits {place.station} {month.label}").uniform(0.8, 1.2))


def checked_on(place: Place, day: date) -> date | None:
    """The last day by then on which somebody looked after it; None before it was opened.

    Most are seen every month or two, a few are forgotten for the better part of a year.
    """
    opened = next((on for name, on in place.life if name == "opened"), None)
    if opened is None or opened > day:
        return None
    rng = random.Random(f"checked {place.station}")
    every = rng.randrange(200, 330) if rng.random() < 0.05 else rng.randrange(28, 75)
    return opened + timedelta(days=(day - opened).days // every * every)


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
    ("镇街履职清单怎样用得上", ("2-4-1", "2-4-2", "2-5-2")),
    ("报表精简后数据从哪里来", ("5-12-1", "5-12-2", "5-13-2")),
    ("小区“议事日”怎样开得起来", ("7-20-1", "7-20-2", "7-20-3")),
    ("机制牌子清理后事怎么办", ("2-6-1", "2-6-2", "2-5-3")),
    ("一支队伍怎样进网格", ("6-16-1", "6-16-2", "6-17-1")),
    ("帮办代办能少跑几趟", ("3-8-1", "3-8-2")),
)
# 磁灶镇 itself, not the place of the point within it: 24°49′17″ N, 118°29′17″ E (WGS 84) as the Chinese Wikipedia gives
# it in its article on the town, to some hundred metres.
CIZAO = (118.488, 24.821)
# One nobody has been to for long, one whose ledger gives no coordinates, one whose visits do not always count.
FORGOTTEN, UNPLACED, UNCOUNTED = "P07", "P11", "P03"
_FORGOTTEN_FOR, _USUAL_REST = 75, 3
_ADOPTED = ("", "", "推广到全县", "", "写入县级办法", "", "", "在相邻镇街试行", "", "编入工作案例")
_WORDS = (
    "听取镇村干部意见，现场查看台账。",
    "随访两个小区，核对报送数。",
    "回访上次发现的问题。",
    "旁听一次“议事日”，了解议题怎样产生。",
    "查看便民窗口，体验一次代办。",
    "对照履职清单，逐项询问办理情况。",
    "与网格员座谈，了解事项进入网格的情况。",
    "抽看三类报表，比对取消前后的填报量。",
    "走访驿站两处，了解开放时间和服务。",
    "召开现场会，商定问题的解决时限。",
    "听取社工机构意见，了解项目承接情况。",
    "查看牌子清理现场，核对保留目录。",
)


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
    spot = _spot(rng, unit, shapes[unit.within_code or unit.code])
    lon, lat = CIZAO if national else spot
    tests, measures = THEMES[index % len(THEMES)]
    visits: list[tuple[date, int | None, int | None, str, str]] = []
    rest = _FORGOTTEN_FOR if code == FORGOTTEN else _USUAL_REST
    day = date(2025, 3, 4) + timedelta(days=rng.randrange(20))
    while day <= end - timedelta(days=rest):
        found = rng.randrange(1, 7)
        solved = min(found, rng.randrange(0, 7))
        told = (found, solved) if code != UNCOUNTED or len(visits) % 4 != 1 else (None, None)
        visits.append((day, *told, rng.choice(_ADOPTED), rng.choice(_WORDS)))
        day += timedelta(days=rng.randrange(45, 85))
    east, north = (None, None) if code == UNPLACED else (lon, lat)
    return Observed(code, name, unit.code, town, national, tests, measures, east, north, tuple(visits))
