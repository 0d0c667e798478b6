"""``python -m bench [--quick]``: every budget in one run, as a table and as bench/out/bench.json."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from dashboard.ui.theme import ICON

from . import browser, history, machine, rows, socket_rows
from .ledger import ledger_rows
from .literal_page import last_day, shape, write_app
from .many import many_rows
from .pages import COUNTY, OVERVIEW, PAGES
from .server import ROOT, Server
from .socket_client import Run, Session

OUT = ROOT / "bench" / "out" / "bench.json"
TITLE_PAGE = ROOT / "bench" / "title_page"
_QUIET_PCT = 10


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the repetitions")
    parser.add_argument("--no-browser", action="store_true", help="leave the browser's rows out")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    began, others = time.monotonic(), machine.Others()
    facts = machine.facts(browser.chromium_version())
    found, notes = measure(10 if asked.quick else 1, with_browser=not asked.no_browser)
    facts["others_pct"] = round(100 * others.share())
    facts["minutes"] = round((time.monotonic() - began) / 60, 1)
    print("  ".join(f"{name} {value}" for name, value in facts.items()), end="\n\n")
    print(rows.table(found), end="\n\n")
    if facts["others_pct"] > _QUIET_PCT:
        notes.append(f"other programs used {facts['others_pct']} % of the cores: times are too long")
    for note in notes:
        print(f"note: {note}")
    short = sum(bool(r.short_by) for r in found)
    print(f"{short} of {sum(bool(r.verdict) for r in found)} budgets are short")
    rows.write_json(OUT, facts, found, notes)


def measure(divisor: int, *, with_browser: bool) -> tuple[list[rows.Row], list[str]]:
    """All rows, with repetitions divided by ``divisor``; and what must be said about them."""
    found: list[rows.Row] = []
    in_browser: list[rows.Row] = []
    with Server(ROOT / "app.py") as product, Server(TITLE_PAGE / "app.py") as title:
        loads, first = socket_rows.first_loads(product.port)
        with literal_server(first) as literal, Server(TITLE_PAGE / "untuned.py") as untuned:
            servers = socket_rows.Servers(product, literal, title, untuned)
            check_twins(servers, first)
            found += socket_rows.warm_reruns(servers, 120 // divisor)
            many, notes = socket_rows.throughput(servers, 0.7, max(1, 3 // divisor))
            if with_browser:
                urls = (product.url, literal.url, title.url)
                in_browser = browser.browser_rows(*urls, first[OVERVIEW], max(1, 5 // divisor))
        found += loads + many
        found += socket_rows.changes_of_unit(product.port, first[COUNTY])
        found += socket_rows.cold_days(product, last_day(first[OVERVIEW].messages), 20 // divisor)
        found += in_browser
        for months in (36, 120):  # what the list is promised for, and what the design is
            found += over_history(product, months, last_day(first[OVERVIEW].messages), divisor)
        found += many_rows(product, last_day(first[OVERVIEW].messages), divisor, with_browser=with_browser)
    with Server(ROOT / "app.py") as fresh:
        found += socket_rows.memory(fresh, 200 // divisor, 2000 // divisor)
    found += ledger_rows(max(1, 5 // divisor))
    return found, notes


def over_history(product: Server, months: int, today: date, divisor: int) -> list[rows.Row]:
    """A demo made anew and lengthened to so many months, beside the product as it is."""
    with tempfile.TemporaryDirectory(prefix="bench-history-") as folder:
        home = Path(folder)
        with Server(ROOT / "app.py", home):
            pass
        held, what = history.lengthen(home, months), f"{months} months: "
        told = [rows.Row(f"{what}rows held", name, count, "") for name, count in held.items()]
        with Server(ROOT / "app.py", home) as longer:
            told += socket_rows.long_history(product, longer, what, 60 // divisor)
            return told + socket_rows.cold_days(longer, today, 10 // divisor, what)


@contextmanager
def literal_server(first: dict[socket_rows.Page, Run]) -> Iterator[Server]:
    """A server of literal pages, written from what the product drew; its scripts go with it."""
    with tempfile.TemporaryDirectory(prefix="bench-literal-") as folder:
        app = write_app(Path(folder), [(page.name, run.messages) for page, run in first.items()], ICON)
        with Server(app) as server:
            yield server


def check_twins(servers: socket_rows.Servers, first: dict[socket_rows.Page, Run]) -> None:
    """Refuse to compare when a literal page does not draw what its page draws, or the title page no title."""
    title = Session(servers.title.port)
    if ((0, 0), "heading") not in shape(title.run().messages):
        raise RuntimeError("the title page shows no title")
    title.close()
    for page in PAGES:
        session = servers.literal_session(page)
        drawn = shape(session.run().messages)
        session.close()
        if drawn != shape(first[page].messages):
            raise RuntimeError(f"the literal page of {page.name} draws something else")


if __name__ == "__main__":
    main()
