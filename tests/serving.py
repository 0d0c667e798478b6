"""A real server of the product: a process of its own on a free port of 127.0.0.1, ended by its pid."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dashboard.config import ROOT, SETTINGS

PATIENCE_S = 180  # making a demo takes its time where others are at work


class Lines:
    """What a process writes, line by line, as it writes it."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._found: list[str] = []
        self._ended = False
        self._more = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stream:
            with self._more:
                self._found.append(line.rstrip("\n"))
                self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()

    def all(self) -> list[str]:
        """Everything up to the end of the stream; waits for it."""
        with self._more:
            self._more.wait_for(lambda: self._ended, PATIENCE_S)
        return list(self._found)

    def so_far(self) -> list[str]:
        """What has been written by now."""
        return list(self._found)

    def first_with(self, words: str) -> str:
        """The first line that holds these words, as soon as it is written."""

        def found() -> str | None:
            return next((line for line in self._found if words in line), None)

        with self._more:
            self._more.wait_for(lambda: found() or self._ended, PATIENCE_S)
        line = found()
        if line is None:
            raise AssertionError(f"“{words}” was never written:\n" + "\n".join(self._found))
        return line


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as it came over the wire: not unpacked, not followed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Server:
    """A running server of the product."""

    process: subprocess.Popen[str]
    port: int
    home: Path
    out: Lines
    err: Lines

    @property
    def url(self) -> str:
        """Address of the front page, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask once; header names in Python's spelling (``accept_encoding``)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            found = {k.lower(): v for k, v in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def cpu_s(self) -> float:
        """Processor time used so far, in seconds, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without its own settings of the product, and with these; no demo unless asked."""
    own = {name for name, _, _ in SETTINGS}
    kept = {k: v for k, v in os.environ.items() if k not in own and not k.startswith("STREAMLIT_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT / "src"),
        "DASHBOARD_HOME": str(home),
        "DASHBOARD_DEMO": "off",
        **settings,
    }


@contextmanager
def starting(
    home: Path, root: Path = ROOT, script: str = "app.py", port: int | None = None, **settings: str
) -> Iterator[Server]:
    """``python app.py``, or ``streamlit run`` of another script, in the folder ``root``; ended afterwards.

    It may not have come up yet.
    """
    port = port or free_port()
    environ = environment(home, settings)
    del environ["PYTHONPATH"]  # app.py finds its own src
    streamlit = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    words = [sys.executable, script] if script == "app.py" else streamlit
    process = subprocess.Popen(
        words,
        cwd=root,
        env={"PORT": str(port), **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stderr is not None
    server = Server(process, port, home, Lines(process.stdout), Lines(process.stderr))
    try:
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(15)


@contextmanager
def serving(
    home: Path, root: Path = ROOT, script: str = "app.py", port: int | None = None, **settings: str
) -> Iterator[Server]:
    """The same, once it says that it has started."""
    with starting(home, root, script, port, **settings) as server:
        server.err.first_with('"event": "started"')
        yield server


def command(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The console command, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dashboard", *arguments],
        cwd=home if home.is_dir() else ROOT,
        env=environment(home, settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
