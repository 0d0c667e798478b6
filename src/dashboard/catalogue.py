"""Catalogue files into frozen dataclasses; refuses nonsense with the file, the entry and the way out.

Shipped files lie in ``data/catalogue/`` and ``data/geo/``; files of the same name in the overlay folder
add entries, change single fields (YAML) or replace whole rows (CSV). Knows nothing of the store.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml

DOMAINS = ("新兴领域党建", "基层治理", "志愿服务", "社工人才", "减负")
KINDS = ("stock", "flow", "cumulative", "rate", "published_ratio")
CADENCES = ("month", "quarter", "half", "year", "once")
DIRECTIONS = ("up", "down", "none")
REPORTERS = ("units", "city", "published")
WAYS = ("聚力", "壮马", "轻车", "畅路")
LIGHTS = (
    "not_involved",
    "done",
    "standing",
    "not_started",
    "overdue",
    "not_reported",
    "far_behind",
    "behind",
    "on_track",
)
# A closed list, so that the same quantity is measured in the same word everywhere.
UNITS_OF_MEASURE = tuple("个 家 人 人次 场 场次 支 份 栋 小时 万元 % 块 张 项".split())

CITY = "350500"

Entry = TypeVar("Entry")


class CatalogueError(Exception):
    """A catalogue file is missing or says something that cannot be; names place, rule and way out."""


# The remark of what the divisions mark as no town or street, though it stands on their level.
PARK = "乡镇一级的园区，不计入 163 个镇街"


@dataclass(frozen=True)
class Organisation:
    """单位: the city, the 13 units, 金门县 (reporting False), towns and city departments."""

    code: str
    name: str
    short_name: str
    name_en: str
    level: str
    parent_code: str
    within_code: str
    reporting: bool
    sort_order: int
    label_lon: float | None
    label_lat: float | None
    tile_row: int | None
    tile_col: int | None
    area_km2: float | None
    note: str

    @property
    def is_town_or_street(self) -> bool:
        """Whether it is one of the 163; the parks of the same level are not, and nobody owes figures of them."""
        return self.level == "town" and self.note != PARK


@dataclass(frozen=True)
class Indicator:
    """指标: a figure with a dated definition (口径), a unit of measure and a kind.

    ``since`` is set for cumulative indicators only: ``ever``, ``year`` or an ISO date.
    ``return_day`` is the day of the following month by which a return is due; None: nobody owes it.
    """

    indicator: str
    title: str
    short_title: str
    title_en: str
    definition: str
    domain: str
    measured_in: str
    kind: str
    since: str
    decimals: int
    direction: str
    cadence: str
    return_day: int | None
    owner: str
    expected_reporters: str
    part_of: str
    share_of: str
    per_10k: bool
    coverage_line: float
    town_level: bool
    overview_rank: int | None
    valid_from: date | None
    note: str
    unused_because: str


@dataclass(frozen=True)
class ListVersion:
    """清单版本: a dated edition of the list; the three counts are published facts with their source."""

    list_version: str
    title: str
    official: bool
    valid_from: date
    aspects: int
    projects: int
    measures: int
    counts_source: str
    counts_published_on: date
    counts_source_grade: str
    note: str


@dataclass(frozen=True)
class Measure:
    """措施: ``number`` is aspect-project-measure with the projects counted through (``5-12-1``)."""

    list_version: str
    number: str
    direction: str
    aspect: str
    project: str
    text: str
    target: str
    start: date
    due: date | None
    standing: bool
    scope: str
    evidence_indicator: str
    note: str

    @property
    def aspect_no(self) -> int:
        """First part of the number."""
        return int(self.number.split("-")[0])

    @property
    def project_no(self) -> int:
        """Second part of the number."""
        return int(self.number.split("-")[1])


@dataclass(frozen=True)
class Assignment:
    """责任: who leads or answers for a measure; ``due`` None means the measure's own."""

    list_version: str
    measure: str
    organisation: str
    role: str
    due: date | None


@dataclass(frozen=True)
class Meeting:
    """A meeting that figures are compared with."""

    held_on: date
    title: str
    level: str
    source: str


@dataclass(frozen=True)
class Light:
    """One light of a rule: its name and the sentence that says when it is on."""

    light: str
    name: str
    name_en: str
    rule: str


@dataclass(frozen=True)
class LightRule:
    """A version of the rule of lights; the order of ``lights`` is the order in which they are tried."""

    version: str
    title: str
    valid_from: date | None
    behind_pct: float
    far_behind_pct: float
    lights: tuple[Light, ...]


@dataclass(frozen=True)
class Term:
    """A word of the product (model) or of the field (field), with its meaning."""

    term: str
    meaning: str
    term_en: str
    kind: str


@dataclass(frozen=True)
class Catalogue:
    """Everything editors can change, and ``digest``: the hash that tells one edition from another."""

    organisations: tuple[Organisation, ...]
    indicators: Mapping[str, Indicator]
    lists: tuple[ListVersion, ...]
    measures: tuple[Measure, ...]
    assignments: tuple[Assignment, ...]
    meetings: tuple[Meeting, ...]
    light_rules: tuple[LightRule, ...]
    glossary: tuple[Term, ...]
    digest: str

    def organisation(self, code: str) -> Organisation:
        """The organisation of this code; raises KeyError."""
        return {o.code: o for o in self.organisations}[code]

    @property
    def units(self) -> tuple[Organisation, ...]:
        """The 13 reporting units in official order."""
        return tuple(o for o in self.organisations if o.reporting)

    @property
    def official_order(self) -> tuple[str, ...]:
        """Codes in the order in which organisations are named: the 13 units, then all others."""
        return tuple(dict.fromkeys(o.code for o in (*self.units, *self.organisations)))

    @property
    def overview(self) -> tuple[Indicator, ...]:
        """Indicators with a card on the overview, in their order."""
        ranked = [i for i in self.indicators.values() if i.overview_rank]
        return tuple(sorted(ranked, key=lambda i: cast(int, i.overview_rank)))


def load(data: Path, overlay: Path | None = None) -> Catalogue:
    """Read all files; raises CatalogueError naming the first place that cannot be used."""
    files = _Files(data, overlay)
    files.check_names()
    _check_spellings(files)
    organisations = tuple(_organisations(files))
    codes = {o.code for o in organisations}
    indicators = {i.indicator: i for i in _indicators(files, codes)}
    lists = tuple(_lists(files))
    measures = tuple(_measures(files, {v.list_version for v in lists}, set(indicators)))
    _check_counts(files, lists, measures)
    assignments = tuple(_assignments(files, {(m.list_version, m.number): m for m in measures}, codes))
    parts: dict[str, Any] = {
        "organisations": organisations,
        "indicators": indicators,
        "lists": lists,
        "measures": measures,
        "assignments": assignments,
        "meetings": tuple(sorted(_meetings(files), key=lambda m: (m.held_on, m.title))),
        "light_rules": tuple(_light_rules(files)),
        "glossary": tuple(_glossary(files)),
    }
    return Catalogue(**parts, digest=_digest(parts))


# --- the files --------------------------------------------------------------------------------------


class _Files:
    """Shipped files under the overlay, entry by entry."""

    def __init__(self, data: Path, overlay: Path | None) -> None:
        self.data, self.overlay = data, overlay

    def check_names(self) -> None:
        """An own file under a name that nothing reads would be ignored without a word."""
        try:
            own = sorted(self.overlay.iterdir()) if self.overlay and self.overlay.is_dir() else []
        except OSError as error:
            raise CatalogueError(
                f"读不了自有目录文件夹 {self.overlay}（{error.strerror}）：请检查它的读取权限。"
            ) from error
        for path in own:
            if path.suffix.lower() in (".csv", ".yaml", ".yml") and path.name not in OVERLAID:
                raise CatalogueError(
                    f"{_File(path, own=True).called}：没有叫这个名字的目录文件，可用的是 {'、'.join(OVERLAID)}，"
                    "请改名或拿走它。"
                )

    def table(self, path: str, key: tuple[str, ...]) -> Iterator[_Row]:
        """Rows of a CSV file; overlay rows with the same key take the place of shipped ones."""
        rows = _keyed(_File(self.data / path), key)
        extra = self._overlaid(path)
        if extra is not None:
            rows |= _keyed(extra, key)
        return iter(rows.values())

    def mapping(self, path: str, key: str) -> Iterator[_Row]:
        """Entries of a YAML mapping; an overlay entry changes the fields it names."""
        shipped = _File(self.data / path)
        entries = {name: (shipped, entry) for name, entry in _yaml(shipped).items()}
        extra = self._overlaid(path)
        if extra is not None:
            for name, entry in _yaml(extra).items():
                entries[name] = (extra, {**(entries[name][1] if name in entries else {}), **entry})
        for name, (file, entry) in entries.items():
            yield _Row(f"{file.called}，条目“{name}”", {key: name, **entry}, file.own)

    def called(self, path: str) -> str:
        """The file whose word counts, in a sentence."""
        return (self._overlaid(path) or _File(self.data / path)).called

    def _overlaid(self, path: str) -> _File | None:
        extra = self.overlay / Path(path).name if self.overlay else None
        return _File(extra, own=True) if extra and extra.exists() else None


# What each shipped table has; an own file under its name may leave out what it does not change.
COLUMNS = {
    "units.csv": (
        "code name short_name level parent_code reporting sort_order area_km2 note within_code label_lon "
        "label_lat tile_row tile_col"
    ).split(),
    "divisions.csv": "code name level parent_code reporting_unit is_town_or_street".split(),
    "organisations.csv": "code name short_name name_en level parent_code sort_order note".split(),
    "measures.csv": (
        "list number direction aspect project text target start due standing scope evidence_indicator note"
    ).split(),
    "assignments.csv": "list measure organisation role due".split(),
    "meetings.csv": "held_on title level source".split(),
    "names_hant.csv": "name traditional".split(),
    "names_en.csv": "name english".split(),
}
# Columns that may stand in a table as well.
ALSO = {
    "units.csv": "name_en population_2020 resident_population_2021_wan towns".split(),
    "divisions.csv": "short_name name_en note".split(),
}
OVERLAID = (
    "organisations.csv",
    "divisions.csv",
    "units.csv",
    "indicators.yaml",
    "lists.yaml",
    "measures.csv",
    "assignments.csv",
    "meetings.csv",
    "lights.yaml",
    "glossary.yaml",
)


@dataclass(frozen=True)
class _File:
    """A catalogue file: one that came with the product, or the installation's own."""

    path: Path
    own: bool = False

    @property
    def called(self) -> str:
        """Its name in a sentence; whose file it is, is the first thing to know."""
        return f"自有目录文件 {self.path}" if self.own else self.path.name

    @property
    def way_out(self) -> str:
        """What to do with a file that says nothing."""
        return "请写上内容或拿走它。" if self.own else "请从安装包里恢复它。"


@dataclass(frozen=True)
class _Row:
    """One entry with the place to name when it cannot be used."""

    place: str
    raw: Mapping[str, Any]
    own: bool = False

    def refuse(self, key: str, rule: str) -> CatalogueError:
        found = self.raw.get(key)
        return CatalogueError(f"{self.place}：{key} 写的是“{'' if found is None else found}”，{rule}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.raw.get(key)
        if value is None or value == "":
            if default is None:
                raise self.refuse(key, "不能为空，请补上。")
            return default
        return str(value).strip()

    def choice(self, key: str, allowed: tuple[str, ...] | set[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value != default and value not in allowed:
            raise self.refuse(key, f"不在允许的取值之内（{_told(allowed, value)}），请改正。")
        return value

    def number(self, key: str, convert: Callable[[Any], Entry], default: Entry | None = None) -> Entry:
        value = self.raw.get(key)
        if value is None or value == "":
            if default is None:
                raise self.refuse(key, "应是数字，请补上。")
            return default
        try:
            return convert(value)
        except _OutOfBoundsError as error:
            raise self.refuse(key, str(error)) from error
        except (TypeError, ValueError) as error:
            raise self.refuse(key, "应是数字，请改正。") from error

    def optional(self, key: str, convert: Callable[[Any], Entry]) -> Entry | None:
        value = self.raw.get(key)
        return None if value is None or value == "" else self.number(key, convert)

    def flag(self, key: str) -> bool:
        value = self.raw.get(key)
        if value in (None, "", 0, "0", False, "false"):
            return False
        if value in (1, "1", True, "true"):
            return True
        raise self.refuse(key, "应是 1 或 0，请改正。")

    def day(self, key: str) -> date:
        value = self.optional_day(key)
        if value is None:
            raise self.refuse(key, "应是日期，请补上，如 2025-01-10。")
        return value

    def optional_day(self, key: str) -> date | None:
        value = self.raw.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise self.refuse(key, "不是日期，请写成 2025-01-10 的样子。") from error

    def known(self, key: str, names: Sequence[str]) -> None:
        """Refuse fields that are none of these: a misspelt one would be silently without effect."""
        unknown = [name for name in self.raw if name not in names and name != key]
        if unknown:
            raise CatalogueError(f"{self.place}：不认识的键“{unknown[0]}”，可用的是 {'、'.join(names)}。")


def _fields(cls: type) -> list[str]:
    """What may stand in an entry, but for its key, which is the first."""
    return [f.name for f in fields(cls)][1:]


_SHOWN = 24


def _told(allowed: tuple[str, ...] | set[str], found: str) -> str:
    """All values that are allowed, or, where they are many, how many and those most like what was found."""
    names = list(allowed) if isinstance(allowed, tuple) else sorted(allowed)
    if len(names) <= _SHOWN:
        return "、".join(names)
    near = difflib.get_close_matches(found, names, n=5, cutoff=0.4)
    return f"共 {len(names)} 个，{'相近的有 ' if near else '如 '}{'、'.join(near or names[:5])}"


def read_text(path: Path, called: str = "") -> str:
    """The text of a file that Chinese Excel (GB18030) or anything else (UTF-8, with BOM or not) wrote."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CatalogueError(
            f"读不到数据文件 {path.name}：请从安装包里恢复它（应在 {path.parent} 下）。"
        ) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CatalogueError(f"{called or path.name}：不是文本文件，请另存为“CSV UTF-8”或 UTF-8 文本。")


def _csv(file: _File, key: Sequence[str]) -> Iterator[_Row]:
    reader = csv.DictReader(io.StringIO(read_text(file.path, file.called), newline=""))
    _check_head(file, [name.strip() for name in reader.fieldnames or ()], key)
    for raw in reader:
        line = reader.line_num
        if None in raw or None in raw.values():
            raise CatalogueError(
                f"{file.called} 第 {line} 行：列数与表头不一致，请检查是否多写或漏写了逗号。"
            )
        if any(v.strip() for v in raw.values()):
            yield _Row(
                f"{file.called} 第 {line} 行", {k.strip(): v.strip() for k, v in raw.items()}, file.own
            )


def _check_head(file: _File, head: Sequence[str], key: Sequence[str]) -> None:
    """Every column is known, and none is missing; an own file needs its key and what it changes."""
    if not head:
        raise CatalogueError(f"{file.called}：文件是空的，{file.way_out}")
    columns = COLUMNS[file.path.name]
    known = [*columns, *ALSO.get(file.path.name, ())]
    unknown = [name for name in head if name and name not in known]
    if unknown:
        raise CatalogueError(f"{file.called}：表头有不认识的列“{unknown[0]}”，可用的是 {'、'.join(known)}。")
    missing = [name for name in (key if file.own else columns) if name not in head]
    if missing:
        way_out = "请补上这一列。" if file.own else file.way_out
        raise CatalogueError(f"{file.called}：表头缺少“{missing[0]}”列，{way_out}")


def _keyed(file: _File, key: tuple[str, ...]) -> dict[tuple[str, ...], _Row]:
    rows: dict[tuple[str, ...], _Row] = {}
    for row in _csv(file, key):
        name = tuple(row.raw.get(k, "") for k in key)
        if name in rows:
            raise CatalogueError(f"{row.place}：“{' '.join(name)}”重复，请删去其中一行。")
        rows[name] = row
    if not rows and not file.own:
        raise CatalogueError(f"{file.called}：只有表头，没有一行内容，{file.way_out}")
    return rows


def _yaml(file: _File) -> dict[str, dict[str, Any]]:
    try:
        content = yaml.load(read_text(file.path, file.called), _OnceLoader)  # noqa: S506, a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = str(error.problem) if isinstance(error, _Twice) else "YAML 写法不对，请检查缩进、冒号和引号。"
        raise CatalogueError(f"{file.called} 第 {line} 行：{what}") from error
    except yaml.YAMLError as error:
        raise CatalogueError(f"{file.called}：含有不能出现的字符，请删去看不见的控制字符。") from error
    if not isinstance(content, dict) or not content:
        raise CatalogueError(f"{file.called}：应是“名称: 内容”的列表，文件是空的或写法不对，{file.way_out}")
    for name, entry in content.items():
        if not isinstance(entry, dict):
            place = f"{file.called}，条目“{name}”"
            raise CatalogueError(f"{place}：应是“键: 值”的形式，请对照文件开头的说明修改。")
    return {str(name): entry for name, entry in content.items()}


class _Twice(yaml.MarkedYAMLError):
    """A key written twice: YAML would let the last one win in silence."""


class _OnceLoader(yaml.SafeLoader):
    """A safe loader that refuses a key written twice."""


def _mapping_once(loader: _OnceLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise _Twice(problem=f"“{key}”写了两次，请删去其中一处。", problem_mark=key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_OnceLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_once)


# --- the entries ------------------------------------------------------------------------------------


def _organisations(files: _Files) -> Iterator[Organisation]:
    units = list(_units(files))
    codes = {u.code for u in units}
    yield from units
    for row in files.table("geo/divisions.csv", ("code",)):
        if row.choice("level", ("town", "village")) == "town":
            parent = row.choice("reporting_unit", codes)
            yield _place(row, "town", parent, row.number("code", int), codes)
    for row in files.table("catalogue/organisations.csv", ("code",)):
        row.choice("level", ("department",))
        parent = row.choice("parent_code", codes)
        yield _place(row, "department", parent, row.number("sort_order", int), codes)


def _units(files: _Files) -> Iterator[Organisation]:
    for row in files.table("geo/units.csv", ("code",)):
        yield Organisation(
            code=row.text("code"),
            name=row.text("name"),
            short_name=row.text("short_name"),
            name_en=row.text("name_en", ""),
            level=row.choice("level", ("city", "county", "zone")),
            parent_code=row.text("parent_code", ""),
            within_code=row.text("within_code", ""),
            reporting=row.flag("reporting"),
            sort_order=row.number("sort_order", int),
            label_lon=row.optional("label_lon", float),
            label_lat=row.optional("label_lat", float),
            tile_row=row.optional("tile_row", int),
            tile_col=row.optional("tile_col", int),
            area_km2=row.optional("area_km2", float),
            note=row.text("note", ""),
        )


def _place(row: _Row, level: str, parent: str, sort_order: int, taken: set[str]) -> Organisation:
    """A town or a department: no outline, no tile, not among the 13."""
    if row.text("code") in taken:
        raise row.refuse("code", "已是另一个单位的代码，请换一个。")
    note = PARK if row.raw.get("is_town_or_street") == "0" else row.text("note", "")
    return Organisation(
        code=row.text("code"),
        name=row.text("name"),
        short_name=row.text("short_name", row.text("name")),
        name_en=row.text("name_en", ""),
        level=level,
        parent_code=parent,
        within_code="",
        reporting=False,
        sort_order=sort_order,
        label_lon=None,
        label_lat=None,
        tile_row=None,
        tile_col=None,
        area_km2=None,
        note=note,
    )


def _indicators(files: _Files, codes: set[str]) -> Iterator[Indicator]:
    rows = list(files.mapping("catalogue/indicators.yaml", "indicator"))
    names = {row.text("indicator") for row in rows}
    _check_cards(rows)
    for row in rows:
        row.known("indicator", _fields(Indicator))
        kind = row.choice("kind", KINDS)
        since = row.text("since", "")
        if (kind == "cumulative") != bool(since):
            raise row.refuse("since", "累计指标必须写明起点（ever、year 或日期），其他指标不能写。")
        if since not in ("", "ever", "year"):
            row.day("since")
        title = row.text("title")
        yield Indicator(
            indicator=row.text("indicator"),
            title=title,
            short_title=row.text("short_title", title),
            title_en=row.text("title_en"),
            definition=row.text("definition"),
            domain=row.choice("domain", DOMAINS),
            measured_in=row.choice("measured_in", UNITS_OF_MEASURE),
            kind=kind,
            since=since,
            decimals=row.number("decimals", int),
            direction=row.choice("direction", DIRECTIONS),
            cadence=row.choice("cadence", CADENCES),
            return_day=row.optional("return_day", _day_of_month),
            owner=row.choice("owner", codes),
            expected_reporters=row.choice("expected_reporters", REPORTERS),
            part_of=row.choice("part_of", names, ""),
            share_of=row.choice("share_of", names, ""),
            per_10k=row.flag("per_10k"),
            coverage_line=row.number("coverage_line", _share, 0.0),
            town_level=row.flag("town_level"),
            overview_rank=row.optional("overview_rank", _card),
            valid_from=row.optional_day("valid_from"),
            note=row.text("note", ""),
            unused_because=row.text("unused_because", ""),
        )


class _OutOfBoundsError(ValueError):
    """A number where no such number can be; the message is the rule."""


def _check_cards(rows: Sequence[_Row]) -> None:
    """There are eight places for cards, and each holds one. Of two, the installation's own entry is at fault."""
    taken: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: row.own):
        place = row.optional("overview_rank", _card)
        if place in taken:
            raise row.refuse("overview_rank", f"已被“{taken[place]}”占用，请先把那一条的去掉。")
        if place is not None:
            taken[place] = row.text("indicator")


def _card(value: Any) -> int:
    place = int(value)
    if not 1 <= place <= CARDS:
        raise _OutOfBoundsError(f"应在 1 到 {CARDS} 之间，请改正。")
    return place


CARDS = 8


def _day_of_month(value: Any) -> int:
    day = int(value)
    if not 1 <= day <= 28:
        raise _OutOfBoundsError("应在 1 到 28 之间，请改正。")
    return day


def _share(value: Any) -> float:
    share = float(value)
    if not 0 <= share <= 1:
        raise _OutOfBoundsError("应在 0 到 1 之间，如 0.8，请改正。")
    return share


def _lists(files: _Files) -> Iterator[ListVersion]:
    for row in files.mapping("catalogue/lists.yaml", "list_version"):
        row.known("list_version", _fields(ListVersion))
        yield ListVersion(
            list_version=row.text("list_version"),
            title=row.text("title"),
            official=row.flag("official"),
            valid_from=row.day("valid_from"),
            aspects=row.number("aspects", int),
            projects=row.number("projects", int),
            measures=row.number("measures", int),
            counts_source=row.text("counts_source"),
            counts_published_on=row.day("counts_published_on"),
            counts_source_grade=row.choice("counts_source_grade", ("A", "B")),
            note=row.text("note", ""),
        )


def _measures(files: _Files, lists: set[str], indicators: set[str]) -> Iterator[Measure]:
    for row in files.table("catalogue/measures.csv", ("list", "number")):
        if not re.fullmatch(r"\d+-\d+-\d+", row.text("number")):
            raise row.refuse("number", "应写成“方面-项目-措施”，如 5-12-1。")
        start, due, standing = row.day("start"), row.optional_day("due"), row.flag("standing")
        if standing == bool(due):
            raise row.refuse("due", "长期坚持的不写完成时限，其他的必须写。")
        if due and due < start:
            raise row.refuse("due", f"早于启动时间 {start}，请改正。")
        yield Measure(
            list_version=row.choice("list", lists),
            number=row.text("number"),
            direction=row.choice("direction", WAYS),
            aspect=row.text("aspect"),
            project=row.text("project"),
            text=row.text("text"),
            target=row.text("target", ""),
            start=start,
            due=due,
            standing=standing,
            scope=row.choice("scope", ("city", "county")),
            evidence_indicator=row.choice("evidence_indicator", indicators, ""),
            note=row.text("note", ""),
        )


def _check_counts(files: _Files, lists: tuple[ListVersion, ...], measures: tuple[Measure, ...]) -> None:
    for version in lists:
        own = [m for m in measures if m.list_version == version.list_version]
        found = (len({m.aspect_no for m in own}), len({m.project_no for m in own}), len(own))
        declared = (version.aspects, version.projects, version.measures)
        if found != declared:
            raise CatalogueError(
                f"{files.called('catalogue/measures.csv')}：清单“{version.list_version}”声明 {declared[0]} 个方面、"
                f"{declared[1]} 个项目、{declared[2]} 条措施，实际是 {found[0]}、{found[1]}、{found[2]}，"
                f"请补齐或改正 {files.called('catalogue/lists.yaml')}。"
            )


def _assignments(
    files: _Files, measures: Mapping[tuple[str, str], Measure], codes: set[str]
) -> Iterator[Assignment]:
    for row in files.table("catalogue/assignments.csv", ("list", "measure", "organisation", "role")):
        measure = measures.get((row.text("list"), row.text("measure")))
        if measure is None:
            raise row.refuse("measure", "清单里没有这条措施，请改正序号。")
        due = row.optional_day("due")
        if due and due < measure.start:
            raise row.refuse("due", f"早于措施的启动时间 {measure.start}，请改正。")
        yield Assignment(
            list_version=row.text("list"),
            measure=row.text("measure"),
            organisation=row.choice("organisation", codes),
            role=row.choice("role", ("lead", "responsible")),
            due=due,
        )


def _meetings(files: _Files) -> Iterator[Meeting]:
    for row in files.table("catalogue/meetings.csv", ("held_on", "title")):
        yield Meeting(row.day("held_on"), row.text("title"), row.text("level"), row.text("source", ""))


def _light_rules(files: _Files) -> Iterator[LightRule]:
    begun: dict[date | None, str] = {}
    for row in files.mapping("catalogue/lights.yaml", "version"):
        row.known("version", _RULE_KEYS)
        behind, far = row.number("behind_pct", float), row.number("far_behind_pct", float)
        if behind > far:
            raise row.refuse("behind_pct", f"大于 far_behind_pct（{far:g}），请改正。")
        version, start = row.text("version"), row.optional_day("valid_from")
        if begun.setdefault(start, version) != version:
            raise row.refuse("valid_from", f"与 {begun[start]} 是同一天，请写这一版起用的那一天。")
        yield LightRule(
            version=version,
            title=row.text("title"),
            valid_from=start,
            behind_pct=behind,
            far_behind_pct=far,
            lights=_nine(row),
        )


_RULE_KEYS = ("title", "valid_from", "behind_pct", "far_behind_pct", "rule")


def _nine(row: _Row) -> tuple[Light, ...]:
    rule = row.raw.get("rule")
    entries = rule if isinstance(rule, list) else []
    names = ("light", "name", "name_en", "rule")
    whole = [e for e in entries if isinstance(e, dict) and all(e.get(n) for n in names)]
    if [e["light"] for e in whole] != list(LIGHTS) or len(entries) != len(whole):
        raise CatalogueError(f"{row.place}：九种亮灯应按 {'、'.join(LIGHTS)} 的次序各写一条。")
    return tuple(Light(*(str(e[n]) for n in names)) for e in whole)


def _glossary(files: _Files) -> Iterator[Term]:
    for row in files.mapping("catalogue/glossary.yaml", "term"):
        row.known("term", _fields(Term))
        yield Term(
            row.text("term"), row.text("meaning"), row.text("term_en"), row.choice("kind", ("model", "field"))
        )


def _check_spellings(files: _Files) -> None:
    """The names that OpenCC would get wrong, and the English ones; read again where texts are converted."""
    for file, spelling in (("names_hant.csv", "traditional"), ("names_en.csv", "english")):
        for row in files.table(f"catalogue/{file}", ("name",)):
            row.text("name")
            row.text(spelling)


def _digest(parts: dict[str, Any]) -> str:
    plain = {
        name: [asdict(e) for e in (value.values() if isinstance(value, dict) else value)]
        for name, value in parts.items()
    }
    return hashlib.sha256(json.dumps(plain, default=str, sort_keys=True).encode()).hexdigest()
