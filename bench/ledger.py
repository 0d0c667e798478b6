"""A ledger of 5,000 stations as an xlsx file: how long it takes to check it and to take it in."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook

from dashboard.config import settings
from dashboard.datum import from_wgs84
from dashboard.geo import Outline, inside
from dashboard.importers.sheets import sheets
from dashboard.importers.station_import import Asked, import_stations, prepare_stations
from dashboard.startup import Stores, prepare

from .rows import Row

STATIONS, UNIT = 5000, "350582"
HEAD = (
    "序号 名称 类型 县（市、区） 镇街 地址 经度 纬度 服务内容 开放时间 运营单位 状态 建成日期 开放日期 最近核查 服务人次"
).split()


def ledger_rows(repetitions: int) -> list[Row]:
    """The whole, the best of some, and the part of it that reads the file, which is the library's."""
    with tempfile.TemporaryDirectory(prefix="bench-ledger-") as folder:
        home = Path(folder)
        stores = prepare(settings({"DASHBOARD_HOME": folder, "DASHBOARD_DEMO": "off"}))
        shape = next(s for s in stores.drawing.shapes if s.code == UNIT)
        whole, reading = [], []
        for turn in range(repetitions):
            path = _written(home / f"{turn}.xlsx", stores, shape, turn)
            reading.append(_reading(path))
            whole.append(_taking_in(stores, path))
        stores["live"].engine.dispose()
    what = "5,000-row ledger: "
    return [
        Row(f"{what}checked and accepted", "", min(whole), "s", most=3),
        Row(f"{what}of it, reading the file", "", min(reading), "s"),
    ]


def _reading(path: Path) -> float:
    began = time.perf_counter()
    sheets(path.read_bytes(), path.name)
    return time.perf_counter() - began


def _taking_in(stores: Stores, path: Path) -> float:
    began = time.perf_counter()
    import_stations(
        stores["live"], prepare_stations(stores["live"], stores.drawing.shapes, path, Asked(unit=UNIT))
    )
    return time.perf_counter() - began


def _written(path: Path, stores: Stores, shape: Outline, turn: int) -> Path:
    """A ledger of this many stations inside the unit, with other figures in every turn."""
    rng = random.Random(turn)
    towns = [o.name for o in stores.catalogue.organisations if o.level == "town" and o.parent_code == UNIT]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(["坐标系：GCJ-02"])
    sheet.append(HEAD)
    for number in range(1, STATIONS + 1):
        lon, lat = from_wgs84("GCJ-02", *_spot(rng, shape))
        sheet.append([
            number, f"第{number}号驿站", "党群服务中心", "晋江市", rng.choice(towns), f"某路{number}号",
            round(lon, 6), round(lat, 6), "饮水、充电、休息", "8:00-20:00", "街道办", "开放", "2024-03-01", "2024-05-01",
            "2025-12-01", rng.randrange(500),
        ])  # fmt: skip
    book.save(path)
    return path


def _spot(rng: random.Random, shape: Outline) -> tuple[float, float]:
    while True:
        spot = (rng.gauss(shape.label[0], 0.06), rng.gauss(shape.label[1], 0.06))
        if inside(shape, spot):
            return spot
