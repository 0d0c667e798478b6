"""A file of outlines into what maps are drawn from, or one sentence why it is not used.

The shipped file, or the installation's own in its place. It has to say whose outlines they are and under which
审图号, they have to be those of the units and of 金门县, in degrees, and they have to fit together. What is not
so is not drawn: the tiles take its place, and nothing else of the product waits for it.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..catalogue import Organisation
from ..datum import CGCS_2000, WGS_84, Spot, named
from ..geo import GeoError, Outline, check_coverage, fits, inside, is_polygon, metres_outside, middle
from .cells import clean, shown
from .names import Names, names, unseen

NAME = "counties.geojson"
FOLDER = "geo"  # in DASHBOARD_HOME
MOST_BYTES = 512 * 1024  # every map carries the outlines, and no message may be over 1 MB
FARTHEST_LABEL_M = 5_000
_TOLD = 3
# The members of the file that say whose it is, as we write them and as somebody may.
_SOURCE, _APPROVAL, _DATE = ("source", "来源"), ("approval", "审图号"), ("date", "日期", "年份")
_CODE, _NAME = ("code", "adcode", "代码"), ("name", "名称")
# GS(2024)0650号, GS京(2023)1044号, 闽S〔2024〕12号.
_APPROVED = re.compile(r"(?:审图号)?:?(\w{1,6}[(\[〔]\d{4}[)\]〕]\d{1,6})号?")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
# CRS84, EPSG:4326, urn:ogc:def:crs:EPSG::4490, http://www.opengis.net/def/crs/EPSG/0/4326.
_DEGREES = re.compile(r"CRS:?84$|EPSG[:/](0?[:/])?(4326|4490)$", re.IGNORECASE)


@dataclass(frozen=True)
class Drawing:
    """The outlines maps are drawn from and the line that stands under each; none of them when ``refused`` says why."""

    shapes: tuple[Outline, ...] = ()
    credit: str = ""
    refused: str = ""
    own: bool = False

    @property
    def briefly_refused(self) -> str:
        """The same for a page, which has room for some of many wrong names; the log has all of them."""
        parts = self.refused.split("；")
        if len(parts) <= _TOLD:
            return self.refused
        _, stop, way = parts[-1].partition("。")
        return f"{'；'.join(parts[:_TOLD])}；共 {len(parts)} 处{stop}{way}"


@dataclass(frozen=True)
class _Claim:
    """What one feature says it is the outline of."""

    code: str
    name: str
    properties: Mapping[str, Any] = field(hash=False)
    geometry: dict[str, Any] = field(hash=False)

    @property
    def called(self) -> str:
        return shown(clean(self.name)) or self.code or "没有代码和名称的一个"


def drawing(shipped: Path, home: Path, organisations: Sequence[Organisation]) -> Drawing:
    """The installation's own outlines when it has put a file there, else the shipped ones; never raises GeoError."""
    own = home / FOLDER / NAME
    replaced = _is_there(own)
    stray = [] if replaced else sorted(p.name for p in own.parent.glob("*.geojson"))
    if stray:  # a file under a name that nothing reads would be ignored without a word
        said = f"自有轮廓文件 {FOLDER}/{stray[0]}：这个名字不会被读取，应叫 {NAME}。请改正它，或把它拿走。"
        return Drawing(refused=said, own=True)
    try:
        return _drawing(own if replaced else shipped, organisations, own=replaced)
    except GeoError as error:
        if replaced:
            said = f"自有轮廓文件 {FOLDER}/{NAME}：{error}。请改正它，或把它拿走。"
        else:
            said = f"轮廓文件 {NAME}：{error}。请从安装包里恢复它。"
        return Drawing(refused=said, own=replaced)


def _is_there(path: Path) -> bool:
    """Also when it leads nowhere or may not be looked at: whoever put it there wants to know."""
    try:
        return path.is_symlink() or path.exists()
    except OSError:
        return True


def _drawing(path: Path, organisations: Sequence[Organisation], *, own: bool) -> Drawing:
    told = _read(path)
    credit = _credit(told)
    _check_system(told)
    claims = list(_claims(told))
    shapes = _matched(claims, [o for o in organisations if o.level == "county"])
    _check_places(shapes, {o.code: o for o in organisations})
    if not fits(shapes):
        check_coverage(shapes)
    return Drawing(shapes, credit, own=own)


# --- the file ---------------------------------------------------------------------------------------


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GeoError(f"读不到（{error.strerror}）") from error
    if len(content) > MOST_BYTES:
        raise GeoError(f"有 {math.ceil(len(content) / 1024)} KB，最多 {MOST_BYTES // 1024} KB，要先简化")
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise GeoError("不是 UTF-8 编码的文字") from error
    except (ValueError, RecursionError) as error:
        raise GeoError("不是 GeoJSON") from error
    if not isinstance(told, dict) or not isinstance(told.get("features"), list):
        raise GeoError("不是 GeoJSON 的 FeatureCollection")
    return told


def _member(told: Mapping[str, Any], spellings: Iterable[str]) -> str:
    found = next((told[name] for name in spellings if told.get(name)), "")
    return " ".join(str(found).split())


def _credit(told: Mapping[str, Any]) -> str:
    """The line under a map: whose outlines, of when, under which approval; what is not the original says 依据…简化."""
    source, approval, day = (_member(told, spellings) for spellings in (_SOURCE, _APPROVAL, _DATE))
    lacking = [
        word for word, value in (("来源（source）", source), ("审图号（approval）", approval)) if not value
    ]
    if lacking:
        raise GeoError(f"没有写明{'、'.join(lacking)}")
    even = unicodedata.normalize("NFKC", approval).replace(" ", "")
    number = _APPROVED.fullmatch(even)
    if number is None:
        raise GeoError(f"审图号写的是“{shown(approval)}”，应如 GS(2024)0650号")
    if day and not _DAY.fullmatch(day):
        raise GeoError(f"日期（date）写的是“{shown(day)}”，应如 2024、2024-05 或 2024-05-31")
    when = f"{day}年" if len(day) == 4 else day or "年份未注明"
    drawn = f"轮廓来源{source}" if told.get("simplified") is False else f"轮廓依据{source}简化"
    return f"{drawn}，{when}，审图号 {number[1]}号 · 统计口径不含金门县"


def _check_system(told: Mapping[str, Any]) -> None:
    """Degrees of WGS 84, which is what GeoJSON means where it says nothing, or of CGCS2000, which is the same here."""
    crs = told.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    said = str(properties.get("name") if isinstance(properties, dict) else crs)
    if not _DEGREES.search(said) and named(said) not in (WGS_84, CGCS_2000):
        raise GeoError(f"坐标系写的是“{shown(said)}”，应是 WGS-84 或 CGCS2000 的经纬度")


# --- what is drawn ----------------------------------------------------------------------------------


def _claims(told: Mapping[str, Any]) -> Iterator[_Claim]:
    for number, feature in enumerate(told["features"], 1):
        properties, geometry = (
            (feature.get("properties"), feature.get("geometry"))
            if isinstance(feature, dict)
            else (None, None)
        )
        if not isinstance(properties, dict) or not isinstance(geometry, dict):
            raise GeoError(f"第 {number} 个图形没有属性或形状")
        name = next((str(properties[key]) for key in _NAME if properties.get(key)), "")
        claim = _Claim(_member(properties, _CODE), name, properties, geometry)
        if not is_polygon(geometry):
            raise GeoError(f"{claim.called} 不是面，或它的坐标不完整")
        _check_degrees(claim)
        yield claim


def _check_degrees(claim: _Claim) -> None:
    for lon, lat, *_ in _spots(claim.geometry["coordinates"]):
        if abs(lat) > 90 >= abs(lon):
            raise GeoError(f"{claim.called} 的坐标是纬度在前（{lon:g}，{lat:g}），应是经度在前")
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise GeoError(f"{claim.called} 的坐标不是经纬度（{lon:g}，{lat:g}）")


def _spots(coordinates: Any) -> Iterator[Sequence[float]]:
    if isinstance(coordinates[0], (int, float)):
        yield coordinates
        return
    for part in coordinates:
        yield from _spots(part)


def _matched(claims: Sequence[_Claim], expected: Sequence[Organisation]) -> tuple[Outline, ...]:
    """The outline of every unit, in official order and under its own name; by code, by name, or both."""
    by_code = {o.code: o for o in expected}
    by_name = {name: o for o in expected for name in (o.name, o.short_name)}
    known = names(((name, o.code) for name, o in by_name.items()), {o.code: o.name for o in expected})
    units, wrong = [], []
    for claim in claims:
        coded, called = by_code.get(claim.code), by_name.get(claim.name)
        unit = called or (coded if not claim.name else None)
        if unit is None:
            wrong.append(_unknown(claim, known))
        elif claim.code in by_code and coded is not unit:
            wrong.append(f"“{claim.name}”的代码写的是 {claim.code}，那是{by_code[claim.code].name}")
        else:
            units.append(unit.code)
    twice = [by_code[code].name for code, count in Counter(units).items() if count > 1]
    wrong += [f"{'、'.join(twice)} 画了不止一次"] if twice else []
    missing = [o.name for o in expected if o.code not in units]
    if missing and not wrong:
        wrong.append(f"缺少 {'、'.join(missing)}")
    if wrong:
        raise GeoError("；".join(wrong))
    found = dict(zip(units, claims, strict=True))
    return tuple(_outline(found[o.code], o) for o in expected)


def _unknown(claim: _Claim, known: Names) -> str:
    """A name that is none of ours: what in it nobody sees, whether only its width is another, what it is near to."""
    said = f"“{claim.called}”对不上要画的区县" if claim.name else f"代码“{shown(claim.code)}”对不上要画的区县"
    if hides := unseen(claim.name):
        said += f"，{hides.rstrip('。')}"
    elif known.of(claim.name):
        said += "，全角半角或空格不同"
    near = known.near(claim.name)
    return f"{said}，最接近的是 {'、'.join(near)}" if near else said


def _outline(claim: _Claim, unit: Organisation) -> Outline:
    polygon = {"type": claim.geometry["type"], "coordinates": claim.geometry["coordinates"]}
    shape = Outline(unit.code, unit.name, unit.reporting, middle(polygon), polygon)
    asked = _label(claim.properties)
    return replace(shape, label=asked) if asked and inside(shape, asked) else shape


def _label(properties: Mapping[str, Any]) -> Spot | None:
    """Where the file wants the name to stand; None when it does not say."""
    try:
        return float(properties["label_lon"]), float(properties["label_lat"])
    except (KeyError, TypeError, ValueError):
        return None


def _check_places(shapes: Sequence[Outline], units: Mapping[str, Organisation]) -> None:
    """Every outline has to lie where its unit is: another projection, or another county, is far away."""
    for shape in shapes:
        unit = units[shape.code]
        if unit.label_lon is None or unit.label_lat is None:
            continue
        away = metres_outside(shape, (unit.label_lon, unit.label_lat))
        if away > FARTHEST_LABEL_M:
            raise GeoError(f"{shape.name} 的轮廓离它应在的地方有 {away / 1000:.0f} 公里")
