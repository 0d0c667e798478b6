"""What a roster tells of a point, and a record of a visit, otherwise than it was known, column by column. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .cells import comparable
from .station_differences import Difference, place_given

NATIONAL = "中央社会工作部观察联系点"


def point_differences(
    before: Mapping[str, object], now: Mapping[str, object], places: Mapping[str, str]
) -> Iterator[Difference]:
    """Of a point; ``places`` are names of towns by code. A new name and a new unit are told by themselves."""
    if before["name"] != now["name"] and comparable(str(before["name"])) == comparable(str(now["name"])):
        yield Difference("名称", before["name"], now["name"])
    read = {
        "镇街": lambda values: places.get(str(values["town"]), values["town"]),
        "级别": lambda values: NATIONAL if values["national"] else "其他",
        "试点内容": lambda values: values["tests"],
        "试点措施": lambda values: "、".join(values["measures"] or ()),
        "坐标": place_given,
    }
    for column, reading in read.items():
        was, told = reading(before), reading(now)
        if was != told:
            yield Difference(column, was, told)


_OF_A_VISIT = {"found": "发现问题", "solved": "解决问题", "adopted": "推广情况", "words": "走访情况"}


def visit_differences(before: Mapping[str, object], now: Mapping[str, object]) -> Iterator[Difference]:
    """Of a visit: counts, None where nobody said them, and words."""
    for name, column in _OF_A_VISIT.items():
        if before[name] != now[name]:
            yield Difference(column, before[name], now[name])
