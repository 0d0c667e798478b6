"""What was measured, against what the design allows."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure. ``most`` or ``least`` is the budget in the same unit, None where the design names none."""

    what: str
    where: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def short_by(self) -> float:
        """How far beyond the budget, in the row's unit; 0 when it is met or there is none."""
        over = 0.0 if self.most is None else self.value - self.most
        under = 0.0 if self.least is None else self.least - self.value
        return max(0.0, over, under)

    @property
    def verdict(self) -> str:
        """``met``, ``short by …``, or nothing without a budget."""
        if self.most is None and self.least is None:
            return ""
        return f"short by {_number(self.short_by)}" if self.short_by else "met"

    @property
    def budget(self) -> str:
        """The budget as it is printed."""
        if self.most is not None:
            return f"≤ {_number(self.most)}"
        return "" if self.least is None else f"≥ {_number(self.least)}"


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    cells = [("what", "page", "value", "unit", "budget", "")]
    cells += [(r.what, r.where, _number(r.value), r.unit, r.budget, r.verdict) for r in rows]
    widths = [max(_width(line[i]) for line in cells) for i in range(len(cells[0]))]
    lines = [
        "  ".join(_padded(c, w, right=i in (2, 4)) for i, (c, w) in enumerate(zip(line, widths, strict=True)))
        for line in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)


def write_json(path: Path, machine: dict[str, Any], rows: Sequence[Row], notes: Sequence[str]) -> None:
    """The same as JSON, with the facts of the machine."""
    told = [{**asdict(r), "short_by": r.short_by, "met": not r.short_by} for r in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {"machine": machine, "rows": told, "notes": list(notes)}
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if right else text + blanks
