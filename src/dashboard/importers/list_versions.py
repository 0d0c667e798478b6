"""A list of measures from a file into the store: a new version from a day on, or nothing and every problem.

Comes in: the store, a file and how the version is to be called. Goes out: what the import would change, and on
acceptance its seq. Only what differs is written: a version imported again replaces its words from the day of the
import, rows that are gone become void, and days before keep what they showed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import select

from ..catalogue import CITY
from ..hashing import sha256
from ..knowledge import AsOf
from ..models import FACTS, ListVersionRow, Return
from ..periods import of
from ..queries import (
    aliases,
    assignments,
    definitions,
    list_in_force,
    list_versions,
    measures,
    organisations,
    progress,
)
from ..store import Actor, Draft, FactDraft, ProblemDraft, Store, accept, receive
from .cells import comparable
from .file_kinds import other_kind
from .kept_copy import redacted
from .left_behind import send_back_left
from .measure_list import COLUMNS, NOT_SAID, Counts, Known, Listed, listed
from .names import Names, names, town_called
from .refusals import RefusedError, in_order, left_out, persons_beside, refuse_errors
from .sheet_table import Table, table_of
from .sheets import SheetError, content_of, name_of, sheets

KIND = "list"
CONSOLE = Actor("console", "keeper")
TABLES = ("list_version", "measure", "assignment")


@dataclass(frozen=True)
class Asked:
    """How the version is to be called. ``version`` None: by its first day; ``title`` and ``source`` empty: from the file."""

    valid_from: date
    version: str | None = None
    title: str = ""
    official: bool = False
    counts: Counts = NOT_SAID
    source: str = ""
    published_on: date | None = None


@dataclass(frozen=True)
class Change:
    """What an import does to the measures and assignments that another list, or the same one before, has.

    ``other`` counts numbers that now mean quite another measure, which are not among the ``changed``; None for
    assignments, which have no words of their own.
    """

    name: str
    new: int
    changed: int
    other: int | None
    gone: int


@dataclass(frozen=True)
class Numbers:
    """The measures of each kind of change by their numbers, 1-1-2 before 1-1-10; ``other`` as in Change."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    other: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class Prepared:
    """A file without errors: the draft to hand in, what it holds, and how it differs.

    ``against`` is the id of the version it is compared with: itself when it replaces, else the one in force on its
    first day, None when there is none. ``draft`` holds no fact when nothing would change. ``reported`` counts the
    organisations whose progress on this version is in the store already. ``numbers`` says which measures the first
    of the ``changes`` counts; None when there is nothing to compare with.
    """

    draft: Draft
    version: str
    title: str
    valid_from: date
    official: bool
    counts: Counts
    leads: int
    answering: int
    organisations: int
    replaces: bool
    against: str | None
    reported: int
    changes: tuple[Change, ...]
    numbers: Numbers | None

    @property
    def warnings(self) -> list[ProblemDraft]:
        """What does not stop the import."""
        return [p for p in self.draft.problems if p.severity == "warning"]


def _read(path: Path, name: str) -> tuple[bytes, Table]:
    """The file and the table on it; raises RefusedError, with the command for it when it is a file of another kind."""
    try:
        content = content_of(path)
        found = sheets(content, name)
    except SheetError as error:
        raise RefusedError(str(error)) from error
    try:
        return content, table_of(found, COLUMNS, name)
    except SheetError as error:
        raise RefusedError(other_kind(found, name, "措施清单", "import-list") or str(error)) from error


def prepare_list(store: Store, path: Path, asked: Asked) -> Prepared:
    """Read and check the file; raises RefusedError with every problem when there is an error. Stores nothing."""
    name = name_of(path)
    content, table = _read(path, name)
    version = asked.version or asked.valid_from.isoformat()
    found = listed(table, known(store), asked.valid_from, asked.counts)
    told = {"--title": asked.title, "--source": asked.source}
    beside = [*_version_problems(store, asked, version), *persons_beside(name, table, told)]
    problems = in_order([*beside, *found.problems, *left_out(table, "措施", below=True)], table)
    refuse_errors(problems)
    return _prepared(store, path, asked, found, table, sha256(content), problems)


def import_list(store: Store, prepared: Prepared, actor: Actor = CONSOLE) -> int | None:
    """Hand the draft in and accept it; returns the seq, None when it would change nothing.

    What an import that was cut off had handed in and not accepted is sent back first: its difference is stale.
    """
    send_back_left(store, actor, KIND)
    if not prepared.draft.facts:
        return None
    return accept(store, actor, receive(store, actor, prepared.draft), f"导入清单版本 {prepared.version}")


# --- what the store knows ---------------------------------------------------------------------------


def known(store: Store) -> Known:
    """Names of organisations and indicators, and the directions of the list in force, as known today."""
    today = AsOf(store.today())
    own = organisations(store.engine, today)
    reporting = own[own["reporting"].astype(bool)]
    counted = reporting[reporting["level"] == "county"]
    idle = own[(own["level"] == "county") & ~own["reporting"].astype(bool)]
    return Known(
        organisations=organisation_names(store, own, today),
        indicators=_indicator_names(store, today),
        counties=tuple(counted["code"]),
        units=tuple(reporting["code"]),
        silent=frozenset(idle["code"]),
        directions=_directions(store, today),
    )


def _directions(store: Store, today: AsOf) -> dict[str, str]:
    """The direction of every aspect of the list in force, by the aspect's name as it is compared."""
    version = list_in_force(store.engine, today)
    if version is None:
        return {}
    own = measures(store.engine, today, version["list_version"])
    return {comparable(aspect): way for aspect, way in _pairs(own, "aspect", "direction")}


def organisation_names(store: Store, own: pd.DataFrame, today: AsOf) -> Names:
    """Full and short names, codes and aliases."""
    return names(_spelt(store, own, today), dict(_pairs(own, "code", "name")))


def town_names(store: Store, towns: pd.DataFrame, today: AsOf) -> Names:
    """The same of towns, also without 街道, 镇 or 乡; apart, because 丰泽 alone is the district and not its town."""
    bare = [(town_called(name), code) for name, code in _pairs(towns, "name", "code")]
    return names([*_spelt(store, towns, today), *bare], dict(_pairs(towns, "code", "name")))


def _spelt(store: Store, own: pd.DataFrame, today: AsOf) -> list[tuple[str, str]]:
    other = aliases(store.engine, today, "organisation")
    spelt = [pair for column in ("name", "short_name", "code") for pair in _pairs(own, column, "code")]
    return [*spelt, *_pairs(other, "alias", "target")]


def _indicator_names(store: Store, today: AsOf) -> Names:
    own = definitions(store.engine, today)
    other = aliases(store.engine, today, "indicator")
    spelt = [p for c in ("indicator", "title", "short_title") for p in _pairs(own, c, "indicator")]
    return names([*spelt, *_pairs(other, "alias", "target")], dict(_pairs(own, "indicator", "title")))


def _pairs(frame: pd.DataFrame, first: str, second: str) -> list[tuple[str, str]]:
    return list(zip(frame[first], frame[second], strict=True))


# --- the version ------------------------------------------------------------------------------------


def _version_problems(store: Store, asked: Asked, version: str) -> Iterable[ProblemDraft]:
    """An id or a first day that is taken, and a day on which nobody would ever see the list."""
    if not re.fullmatch(r"[\w.-]{1,20}", version):
        yield ProblemDraft(
            "--version", "版本号最多 20 个字，只能有字母、数字、点和短横", version, "请换一个。"
        )
    versions = list_versions(store.engine, AsOf(store.today()))
    own = versions[versions["list_version"] == version]
    others = versions[versions["list_version"] != version]
    if len(own) and version in shipped(store):
        yield ProblemDraft(
            "--version", "这个版本号是随程序附带的清单，不能替换", version, "请用 --version 另写一个。"
        )
    elif len(own) and asked.version is None:
        yield ProblemDraft(
            "--version",
            "这个版本号已有清单",
            version,
            f"要替换它，请写明 --version {version}；要另立一版，请用 --version 另写一个，并改 --from。",
        )
    same = others[others["valid_from"] == asked.valid_from]
    for other in same["list_version"]:
        yield ProblemDraft(
            "--from",
            f"清单“{other}”也从这一天起施行，一天只能有一版",
            asked.valid_from.isoformat(),
            f"请改 --from；要替换那一版，请写 --version {other}。"
            if other not in shipped(store)
            else "请改 --from，如晚一天。",
        )
    later = others[(others["valid_from"] > asked.valid_from) & (others["valid_from"] <= store.today())]
    for other, begun in _pairs(later, "list_version", "valid_from"):
        yield ProblemDraft(
            "--from",
            f"早于现有清单“{other}”的起始日 {begun}，导入后哪一天也看不到它",
            asked.valid_from.isoformat(),
            "请改 --from。",
        )


def shipped(store: Store) -> set[str]:
    """Ids of versions that the catalogue brought: it would write its own words over others."""
    query = (
        select(ListVersionRow.list_version)
        .join(Return, Return.id == ListVersionRow.return_id)
        .where(Return.kind == "catalogue")
    )
    with store.engine.connect() as connection:
        return set(connection.execute(query).scalars())


# --- the draft --------------------------------------------------------------------------------------


def _prepared(
    store: Store,
    path: Path,
    asked: Asked,
    found: Listed,
    table: Table,
    digest: str,
    problems: list[ProblemDraft],
) -> Prepared:
    version = asked.version or asked.valid_from.isoformat()
    before = _rows(store, version)
    facts = list(_facts(_still(asked, before, store.today()), version, found))
    other = _in_force_on(store, asked.valid_from, version)
    replaces = bool(before["list_version"])
    against = version if replaces else other
    compared = before if replaces or other is None else _rows(store, other)
    duties = [f.values for f in facts if f.table == "assignment"]
    numbers = _numbers(compared["measure"], facts) if against else None
    return Prepared(
        draft=Draft(
            kind=KIND,
            organisation=CITY,
            file_name=name_of(path),
            file_bytes=redacted(table, found.used),
            facts=list(_differences(before, facts)),
            period=of("day", store.today()),
            problems=problems,
            file_sha256=digest,
        ),
        version=version,
        title=facts[0].values["title"],
        valid_from=asked.valid_from,
        official=asked.official,
        counts=found.counts,
        leads=sum(d["role"] == "lead" for d in duties),
        answering=sum(d["role"] == "responsible" for d in duties),
        organisations=len({d["organisation"] for d in duties}),
        replaces=replaces,
        against=against,
        reported=organisations_that_reported(store, version),
        changes=(_counted(numbers), _change(compared["assignment"], facts)) if numbers else (),
        numbers=numbers,
    )


def _still(asked: Asked, before: Rows, today: date) -> Asked:
    """What is asked, and of a version that is there already whatever is not told anew."""
    (was,) = before["list_version"].values() or ({},)
    return replace(
        asked,
        source=asked.source or was.get("counts_source", "导入的清单文件"),
        published_on=asked.published_on or was.get("counts_published_on", today),
    )


def _facts(asked: Asked, version: str, found: Listed) -> Iterable[FactDraft]:
    """The version, its measures and its assignments, each as a row of the store."""
    yield FactDraft("list_version", {
        "list_version": version,
        "title": asked.title or found.title or f"措施清单（{asked.valid_from}起）",
        "official": asked.official,
        "valid_from": asked.valid_from,
        "aspects": found.counts.aspects,
        "projects": found.counts.projects,
        "measures": found.counts.measures,
        "counts_source": asked.source,
        "counts_published_on": asked.published_on,
        "counts_source_grade": "A" if asked.official else "B",
        "note": "" if asked.official else "导入时没有声明为正式清单，按示例显示。",
    })  # fmt: skip
    for measure in found.measures:
        aspect, project, _ = (int(part) for part in measure.number.split("-"))
        told = {k: v for k, v in vars(measure).items() if k not in ("duties", "place")}
        numbers = {"aspect_no": aspect, "project_no": project}
        yield FactDraft("measure", {"list_version": version, **told, **numbers}, measure.place)
        for duty in measure.duties:
            own = {"list_version": version, "measure": measure.number, **vars(duty)}
            yield FactDraft("assignment", own, measure.place)


Rows = Mapping[str, Mapping[tuple[Any, ...], dict[str, Any]]]


def _rows(store: Store, version: str) -> Rows:
    """What the store says of a version today, by table and key without the version's id."""
    today = AsOf(store.today())
    versions = list_versions(store.engine, today)
    frames = {
        "list_version": versions[versions["list_version"] == version],
        "measure": measures(store.engine, today, version),
        "assignment": assignments(store.engine, today, version),
    }
    return {
        name: {
            _key(name, row): {str(k): v for k, v in row.items() if k not in ("seq", "known_on")}
            for row in frame.to_dict("records")
        }
        for name, frame in frames.items()
    }


def _key(name: str, values: Mapping[Any, Any]) -> tuple[Any, ...]:
    return tuple(values[k] for k in FACTS[name].KEY if k != "list_version")  # type: ignore[attr-defined]


def _differences(before: Rows, facts: list[FactDraft]) -> Iterable[FactDraft]:
    """What is new or changed, and, as void rows, what is gone."""
    now = {(f.table, _key(f.table, f.values)) for f in facts}
    for fact in facts:
        if before[fact.table].get(_key(fact.table, fact.values)) != fact.values:
            yield fact
    for name in TABLES:
        for key, values in before[name].items():
            if (name, key) not in now:
                yield FactDraft(name, {**values, "void": True})


def _in_force_on(store: Store, day: date, version: str) -> str | None:
    """The id of the other version in force on the day, as known today."""
    versions = list_versions(store.engine, AsOf(store.today()))
    begun = versions[(versions["valid_from"] <= day) & (versions["list_version"] != version)]
    return None if begun.empty else str(begun.iloc[-1]["list_version"])


@dataclass(frozen=True)
class _Apart:
    """Keys of rows that are new or gone, and of those that stand on both sides with other words: now, and before."""

    new: list[tuple[Any, ...]]
    differing: dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, Any]]]
    gone: list[tuple[Any, ...]]


def _apart(before: Mapping[tuple[Any, ...], dict[str, Any]], facts: list[FactDraft], table: str) -> _Apart:
    """How the rows of a table differ from what is compared, the version's id apart."""
    now = {_key(table, f.values): _without_version(f.values) for f in facts if f.table == table}
    was = {key: _without_version(row) for key, row in before.items()}
    return _Apart(
        new=[key for key in now if key not in was],
        differing={key: (row, was[key]) for key, row in now.items() if key in was and row != was[key]},
        gone=[key for key in was if key not in now],
    )


def _without_version(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k != "list_version"}


def _numbers(before: Mapping[tuple[Any, ...], dict[str, Any]], facts: list[FactDraft]) -> Numbers:
    """Which measures differ from those that are compared, and how."""
    apart = _apart(before, facts, "measure")
    other = [key for key, (row, was) in apart.differing.items() if not _alike(row["text"], was["text"])]
    changed = [key for key in apart.differing if key not in other]
    return Numbers(*(_as_counted(keys) for keys in (apart.new, changed, other, apart.gone)))


def _as_counted(keys: Iterable[tuple[Any, ...]]) -> tuple[str, ...]:
    """The numbers that are these keys, as the list counts them."""
    return tuple(sorted((str(n) for (n,) in keys), key=lambda n: [int(part) for part in n.split("-")]))


def _counted(numbers: Numbers) -> Change:
    told = (len(numbers.new), len(numbers.changed), len(numbers.other), len(numbers.gone))
    return Change("措施", *told)


def _change(before: Mapping[tuple[Any, ...], dict[str, Any]], facts: list[FactDraft]) -> Change:
    apart = _apart(before, facts, "assignment")
    return Change("责任", len(apart.new), len(apart.differing), None, len(apart.gone))


_ALIKE = 0.6


def _alike(text: str, was: str) -> bool:
    """Whether two sentences are one measure in other words; the cheap upper bounds are asked first."""
    match = difflib.SequenceMatcher(None, text, was, autojunk=False)
    return match.real_quick_ratio() >= _ALIKE and match.quick_ratio() >= _ALIKE and match.ratio() >= _ALIKE


# --- what was reported ------------------------------------------------------------------------------


def organisations_that_reported(store: Store, version: str) -> int:
    """How many organisations have progress on this version that counts today."""
    return int(progress(store.engine, AsOf(store.today()), version)["organisation"].nunique())
