"""Figures taken over the websocket: reruns, bytes, cold days, ten sessions, memory."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import count
from statistics import median, quantiles
from typing import TypeVar

from .literal_page import html_bodies, shows_only_a_notice
from .pages import COUNTY, OVERVIEW, PAGES, Page
from .rows import Row
from .server import Server
from .socket_client import ProtocolError, Run, Session

SESSIONS = 10
_ROUND_TIMEOUT_S = 60
_BLOCK = 15
_CITY = "350500"
_REST_S = 0.03  # for what a server does after the last run of a block
T = TypeVar("T")
TITLE = "title page"


@dataclass(frozen=True)
class Servers:
    """The product, a page of literals for each of its pages, and the title page, tuned and as it comes."""

    product: Server
    literal: Server
    title: Server
    untuned: Server

    def product_session(self, page: Page) -> Session:
        """A session on a page of the product."""
        return Session(self.product.port, page.path, page.query)

    def literal_session(self, page: Page) -> Session:
        """A session on the literal twin of a page."""
        place = PAGES.index(page)
        return Session(self.literal.port, f"literal_{place}" if place else "")


# --- one session ------------------------------------------------------------------------------------


def first_loads(port: int, pages: Sequence[Page] = PAGES) -> tuple[list[Row], dict[Page, Run]]:
    """The first run of a fresh session on each page: its bytes, and what it drew."""
    found: dict[Page, Run] = {}
    for page in pages:
        session = Session(port, page.path, page.query)
        found[page] = session.run()
        session.close()
        if shows_only_a_notice(found[page].messages):
            raise ProtocolError(f"{page.name} shows nothing but a notice")
    rows = [
        Row("first load over the socket", p.name, r.total_bytes / 1000, "KB", most=400)
        for p, r in found.items()
    ]
    return rows, found


@dataclass
class Reruns:
    """Warm reruns of one page on one server: each run, and the processor time they took in all."""

    server: Server
    session: Session
    runs: list[Run] = field(default_factory=list)
    cpu_s: float = 0.0

    @property
    def p50_ms(self) -> float:
        """Half of the reruns were finished within this."""
        return median(r.seconds for r in self.runs) * 1000

    @property
    def cpu_ms(self) -> float:
        """Processor time of one rerun."""
        return self.cpu_s / len(self.runs) * 1000

    def add_block(self) -> None:
        """Rerun some times without a pause."""
        before = self.server.cpu_s()
        self.runs += [self.session.run() for _ in range(_BLOCK)]
        time.sleep(_REST_S)
        self.cpu_s += self.server.cpu_s() - before


def warm_reruns(servers: Servers, repetitions: int) -> list[Row]:
    """Medians of one session; blocks of reruns without a pause, all pages in turn.

    Without a pause, because what a server still does after script_finished is part of what a run costs;
    in turn, so that a busy moment of the machine hits all pages alike. Streamlit sends what a run drew
    every 5 ms, so that times come in steps of about 6 ms; processor time does not.
    """
    title = Reruns(servers.title, Session(servers.title.port))
    untuned = Reruns(servers.untuned, Session(servers.untuned.port))
    pairs = {
        page: (
            Reruns(servers.product, servers.product_session(page)),
            Reruns(servers.literal, servers.literal_session(page)),
        )
        for page in PAGES
    }
    measured = [title, untuned, *(r for pair in pairs.values() for r in pair)]
    for reruns in measured:
        for _ in range(_BLOCK):
            reruns.session.run()
    for reruns in measured * -(-repetitions // _BLOCK):
        reruns.add_block()
    for reruns in measured:
        reruns.session.close()
    rows = [
        Row("warm rerun p50", TITLE, title.p50_ms, "ms"),
        Row("  processor time", TITLE, title.cpu_ms, "ms"),
        Row("  p50 on a server without tuning", TITLE, untuned.p50_ms, "ms"),
    ]
    for page, (real, literal) in pairs.items():
        rows += _rerun_rows(page, real, literal, title)
    return rows


def _rerun_rows(page: Page, real: Reruns, literal: Reruns, title: Reruns) -> list[Row]:
    kilobytes = median(r.total_bytes for r in real.runs) / 1000
    return [
        Row("warm rerun p50", page.name, real.p50_ms, "ms", most=60),
        Row("  from literals", page.name, literal.p50_ms, "ms"),
        Row("  against literals", page.name, real.p50_ms / literal.p50_ms, "×", most=1.5),
        Row("  against the title page", page.name, real.p50_ms / title.p50_ms, "×", most=7),
        Row("  processor time", page.name, real.cpu_ms, "ms"),
        Row("  processor time against literals", page.name, real.cpu_ms / literal.cpu_ms, "×"),
        Row("  bytes, cache in use", page.name, kilobytes, "KB", most=60),
    ]


def long_history(
    product: Server, longer: Server, what: str, repetitions: int, pages: Sequence[Page] = PAGES
) -> list[Row]:
    """The same pages over years of history: warm against the store of today, block by block."""
    pairs = {
        page: [Reruns(server, Session(server.port, page.path, page.query)) for server in (product, longer)]
        for page in pages
    }
    measured = [reruns for pair in pairs.values() for reruns in pair]
    for reruns in measured:
        reruns.session.run()
    for reruns in measured * -(-repetitions // _BLOCK):
        reruns.add_block()
    for reruns in measured:
        reruns.session.close()
    return [
        Row(
            f"{what}warm rerun against today's store",
            page.name,
            own[1].p50_ms / own[0].p50_ms,
            "×",
            most=1.2,
        )
        for page, own in pairs.items()
    ]


def cold_days(
    server: Server, today: date, repetitions: int, what: str = "", pages: Sequence[Page] = PAGES
) -> list[Row]:
    """Each page on days nobody has asked for, each day once, back from the store's own ``today``."""
    days = (today - timedelta(days=n) for n in count(1))
    rows = []
    for page in pages:
        session = Session(server.port, page.path, page.query)
        session.run()
        before = server.cpu_s()
        taken = [session.run(page.with_query(f"as_of={next(days)}")).seconds for _ in range(repetitions)]
        time.sleep(_REST_S)
        rows += [
            Row(f"{what}day never asked for, p50", page.name, median(taken), "s"),
            Row("  processor time", page.name, (server.cpu_s() - before) / repetitions, "s"),
            Row("  longest", page.name, max(taken), "s", most=1),
        ]
        session.close()
    return rows


def memory(server: Server, before: int, after: int) -> list[Row]:
    """Memory of a fresh server after so many refreshes of the overview by one session."""
    session = Session(server.port, OVERVIEW.path, OVERVIEW.query)
    for _ in range(before):
        session.run()
    first = server.resident_mb()
    for _ in range(after - before):
        session.run()
    last = server.resident_mb()
    session.close()
    return [
        Row(f"memory after {before:,} refreshes", OVERVIEW.name, first, "MB"),
        Row(f"  after {after:,}", OVERVIEW.name, last, "MB"),
        Row(f"  after {after:,} against {before:,}", OVERVIEW.name, last / first, "×", most=1.05),
    ]


# --- ten sessions -----------------------------------------------------------------------------------


def throughput(servers: Servers, seconds: float, rounds: int) -> tuple[list[Row], list[str]]:
    """Runs per second with ten sessions, every page in turn in each round; medians over the rounds.

    Also a note when this client used so much of a core that it may have been the bottleneck.
    """
    openers: dict[tuple[str, str], Callable[[], Session]] = {
        ("tuned", TITLE): lambda: Session(servers.title.port),
        ("untuned", TITLE): lambda: Session(servers.untuned.port),
    }
    for page in PAGES:
        openers["real", page.name] = partial(servers.product_session, page)
        openers["literal", page.name] = partial(servers.literal_session, page)
    opened = {name: [opener() for _ in range(SESSIONS)] for name, opener in openers.items()}
    rates, busiest = _rates(opened, seconds, rounds)
    for sessions in opened.values():
        for session in sessions:
            session.close()
    title, untuned = rates["tuned", TITLE], rates["untuned", TITLE]
    rows = [
        Row("runs per second, ten sessions", TITLE, title, "/s"),
        Row("  on a server without tuning", TITLE, untuned, "/s"),
    ]
    for page in PAGES:
        real, literal = rates["real", page.name], rates["literal", page.name]
        rows += [
            Row("runs per second, ten sessions", page.name, real, "/s"),
            Row("  share of the title page's", page.name, 100 * real / title, "%", least=25),
            Row("  share when drawn from literals", page.name, 100 * literal / title, "%"),
            Row("  share of the untuned title page's", page.name, 100 * real / untuned, "%"),
        ]
    return rows, _client_note(busiest)


def _rates(
    opened: Mapping[tuple[str, str], Sequence[Session]], seconds: float, rounds: int
) -> tuple[dict[tuple[str, str], float], float]:
    """Median runs per second of each, and the largest share of a core that this process used meanwhile."""
    taken: dict[tuple[str, str], list[float]] = {name: [] for name in opened}
    busiest = 0.0
    for sessions in opened.values():
        _all_at_once(sessions, lambda s: s.run())
    for _ in range(rounds):
        for name, sessions in opened.items():
            used, began = time.process_time(), time.perf_counter()
            taken[name].append(_rate(sessions, seconds))
            busiest = max(busiest, (time.process_time() - used) / (time.perf_counter() - began))
    return {name: median(rates) for name, rates in taken.items()}, busiest


def _client_note(busiest: float) -> list[str]:
    told = f"the socket client used at most {busiest:.0%} of one core while ten sessions ran"
    return [told + (": it may have been the bottleneck" if busiest > 0.7 else "")]


def _rate(sessions: Sequence[Session], seconds: float) -> float:
    end = time.perf_counter() + seconds
    done = [0] * len(sessions)

    def work(place: int) -> None:
        while time.perf_counter() < end:
            sessions[place].run()
            done[place] += 1

    began = time.perf_counter()
    _all_at_once(range(len(sessions)), work)
    return sum(done) / (time.perf_counter() - began)


def changes_of_unit(port: int, first: Run) -> list[Row]:
    """Ten sessions on /county go to the next unit at the same moment, once around all units."""
    units = list(dict.fromkeys(re.findall(r"county\?unit=([\w-]+?)[\"&]", html_bodies(first.messages))))
    units = [u for u in units if u != _CITY]
    sessions = [Session(port, COUNTY.path, f"unit={units[i % len(units)]}") for i in range(SESSIONS)]
    _all_at_once(sessions, lambda s: s.run())
    taken: list[float] = []
    for turn in range(1, len(units) + 1):
        queries = {s: f"unit={units[(i + turn) % len(units)]}" for i, s in enumerate(sessions)}
        _all_at_once(sessions, lambda s, q=queries: taken.append(s.run(q[s]).seconds))
    for session in sessions:
        session.close()
    where = f"/county, {len(units)} rounds"
    return [
        Row("ten sessions change the unit, p50", where, median(taken), "s"),
        Row("  p95", where, quantiles(taken, n=20)[-1], "s", most=0.5),
    ]


def _all_at_once(items: Sequence[T], work: Callable[[T], object]) -> None:
    """Do the work for every item in a thread of its own, started together; raises the first error."""
    errors: list[BaseException] = []
    gate = threading.Barrier(len(items))

    def guarded(item: T) -> None:
        try:
            gate.wait(_ROUND_TIMEOUT_S)
            work(item)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(item,), daemon=True) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_ROUND_TIMEOUT_S)
    if errors:
        raise errors[0]
    if any(t.is_alive() for t in threads):
        raise TimeoutError(f"ten sessions did not finish within {_ROUND_TIMEOUT_S} s")
