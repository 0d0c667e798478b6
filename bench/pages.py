"""The pages that are measured: every script in pages/, one measure, all against all units, and one in Traditional."""

from __future__ import annotations

from dataclasses import dataclass

from .server import ROOT


@dataclass(frozen=True)
class Page:
    """An address of the product: ``path`` without its slash, ``query`` without its question mark."""

    path: str
    query: str = ""

    @property
    def name(self) -> str:
        """The address as it is printed."""
        return f"/{self.path}" + (f"?{self.query}" if self.query else "")

    def with_query(self, addition: str) -> str:
        """The query string with one more parameter."""
        return f"{self.query}&{addition}" if self.query else addition


OVERVIEW = Page("")
COUNTY = Page("county", "unit=350582")
_OTHERS = sorted({p.stem for p in (ROOT / "pages").glob("*.py")} - {"overview", "county"})
MEASURE = Page("tasks", "measure=5-12-1")
MATRIX = Page("tasks", "show=matrix")
# The last one is the overview for a reader of Traditional Chinese, whose every text is converted.
PAGES = (OVERVIEW, COUNTY, *map(Page, _OTHERS), MEASURE, MATRIX, Page("", "lang=zh-TW"))
