"""What the tests share: both databases, a clock that can be set, the shipped catalogue, two accounts.

PostgreSQL is a cluster of our own in a temporary folder, started once and thrown away. Nothing is skipped
where it is missing: `sh tools/test_system.sh` brings it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from dashboard.catalogue import Catalogue, load
from dashboard.config import DATA, settings
from dashboard.demo import at_its_end, install
from dashboard.startup import Stores, prepare, rebuild_demo
from dashboard.store import SHANGHAI, Actor, Store, open_store


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, day: date) -> None:
        self.set(day)

    def __call__(self) -> datetime:
        return self.now

    def set(self, day: date) -> None:
        """Noon of this day in Shanghai."""
        self.now = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI).astimezone(UTC)


# --- PostgreSQL -------------------------------------------------------------------------------------


def _newest_server() -> Path:
    """The folder of the newest initdb on this machine."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parent.parent.name)
    )
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise RuntimeError("no PostgreSQL server on this machine: run `sh tools/test_system.sh` first")
    return found[-1].parent if found else Path(on_path or "").resolve().parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _fast_folder() -> Path:
    """Memory where there is a gigabyte of it to spare: a hundred databases are made and dropped."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 2**30 else Path("/tmp")


@contextmanager
def _cluster() -> Iterator[str]:
    """A throw-away cluster; the URL of its server, without a database. Root hands it to `postgres`."""
    server = _newest_server()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_fast_folder()))
    who: dict[str, object] = {"cwd": folder, "capture_output": True, "text": True}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        who |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(*command: str) -> None:
        done = subprocess.run(command, check=False, **who)
        if done.returncode:
            log = folder / "log"
            said = log.read_text() if log.exists() else ""
            raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}{said}")

    control = (str(server / "pg_ctl"), "-D", str(folder / "data"), "-w")
    try:
        run(str(server / "initdb"), "-D", str(folder / "data"), "-U", "tests", "-A", "trust", "--no-sync",
            "-E", "UTF8", "--locale=C")  # fmt: skip
        port = _free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "fsync": "off",
            "full_page_writes": "off",
        }
        with (folder / "data" / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        # The server would keep a pipe of ours open: it writes to its own log.
        run(*control, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql+psycopg://tests@127.0.0.1:{port}"
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@contextmanager
def _database(server_url: str) -> Iterator[str]:
    """A new empty database on the server, dropped afterwards."""
    name = f"t{uuid.uuid4().hex}"
    server = server_url.replace("+psycopg", "") + "/postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        # From 15 on the default is to log every page of the copy: twenty times as slow.
        strategy = "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
        connection.execute(f"CREATE DATABASE {name} {strategy}")
    try:
        yield f"{server_url}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own, without a database: postgresql+psycopg://tests@127.0.0.1:port."""
    with _cluster() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """A new empty PostgreSQL database."""
    with _database(postgres_url) as url:
        yield url


@pytest.fixture
def sqlite_database(tmp_path: Path) -> str:
    """A SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A fresh empty database, once of each kind."""
    name = {"sqlite": "sqlite_database", "postgresql": "postgres_database"}[request.param]
    return request.getfixturevalue(name)


# --- the product ------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Clock:
    """Noon of 15 January 2026 in Shanghai, after the last published figure."""
    return Clock(date(2026, 1, 15))


@pytest.fixture
def store(store_url: str, clock: Clock) -> Iterator[Store]:
    """An empty live store, once on each database."""
    opened = open_store(store_url, "live", clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return load(DATA)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """What a live store holds after the first start, once on each database. To be asked, not written to."""
    environ = {"DASHBOARD_HOME": str(tmp_path_factory.mktemp("home")), "DASHBOARD_DEMO": "off"}
    with ExitStack() as stack:
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_url")
            environ["DASHBOARD_DATABASE_URL"] = stack.enter_context(_database(server))
        stores = prepare(settings(environ), Clock(date(2026, 1, 15)))
        yield stores
        for store in stores.by_data.values():
            store.engine.dispose()


DEMO_UNTIL = date(2026, 5, 1)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose demo ends in May 2026, made once. To be copied, not written to."""
    home = tmp_path_factory.mktemp("demo")
    for store in rebuild_demo(settings({"DASHBOARD_HOME": str(home)}), DEMO_UNTIL).by_data.values():
        store.engine.dispose()
    return home


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest, demo_home: Path) -> Iterator[Store]:
    """That demo, once on each database. To be asked, not written to."""
    made = open_store(f"sqlite:///{demo_home / 'demo.sqlite'}", "demo")
    with ExitStack() as stack:
        store = made
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_url")
            store = open_store(stack.enter_context(_database(server)), "demo")
            install(made.engine, store.engine)
        yield at_its_end(store)
        for opened in (made, store):
            opened.engine.dispose()


@pytest.fixture(scope="session")
def current_demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after the first start today, with a demo up to the last month, made once. To be asked, not written to."""
    home = tmp_path_factory.mktemp("current_demo")
    for opened in prepare(settings({"DASHBOARD_HOME": str(home), "DASHBOARD_DEMO": "on"})).by_data.values():
        opened.engine.dispose()
    return home


@pytest.fixture
def officer() -> Actor:
    """The data officer's account."""
    return Actor("officer-1", "officer")


@pytest.fixture
def clerk() -> Actor:
    """A clerk of 石狮."""
    return Actor("clerk-shishi", "clerk", "350581")
