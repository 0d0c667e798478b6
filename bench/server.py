"""A Streamlit server on a free port of 127.0.0.1 with a fresh DASHBOARD_HOME, ended by its pid.

The product shows its demo: a year of returns of all units, where the live store would be all but empty.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_START_S = 180  # the demo is a year of returns, written at the first start
_STOP_S = 15


class ServerError(Exception):
    """A server that did not start; the message carries the end of its log."""


class Server:
    """A running ``streamlit run SCRIPT``; use it in a ``with`` statement."""

    def __init__(self, script: Path, home: Path | None = None) -> None:
        """``home``: a DASHBOARD_HOME that stays; without it a fresh one that goes with the server."""
        self.script = script
        self.port = _free_port()
        self._given = home

    def __enter__(self) -> Server:
        self._fresh = tempfile.TemporaryDirectory(prefix="bench-home-")
        self.home = self._given or Path(self._fresh.name)
        self._log = (self.home / "server.log").open("wb")
        command = [sys.executable, "-m", "streamlit", "run", str(self.script)]
        self._process = subprocess.Popen(
            [*command, "--server.port", str(self.port), "--server.address", "127.0.0.1"],
            cwd=ROOT,
            env={**_environment(), "DASHBOARD_HOME": str(self.home), "DASHBOARD_DEMO": "on"},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self.pid = self._process.pid
        try:
            self._wait_until_healthy()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, kind: object = None, error: BaseException | None = None, _: object = None) -> None:
        if error is not None:
            error.add_note(f"{self.script} logged last:\n{self.log_end()}")
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_STOP_S)
        self._log.close()
        self._fresh.cleanup()

    @property
    def url(self) -> str:
        """Address of the front page, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def resident_mb(self) -> float:
        """Memory held by the server now, in MB (VmRSS)."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise ServerError("the server has ended")

    def cpu_s(self) -> float:
        """Processor time the server has used so far, in seconds, user and system."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def log_end(self) -> str:
        """The last lines the server wrote."""
        text = Path(self._log.name).read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-12:])

    def _wait_until_healthy(self) -> None:
        end = time.monotonic() + _START_S
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise ServerError(f"{self.script} ended at once:\n{self.log_end()}")
            if self._healthy():
                return
            time.sleep(0.1)
        raise ServerError(f"{self.script} did not answer within {_START_S} s:\n{self.log_end()}")

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False


def _environment() -> dict[str, str]:
    """The environment without settings of another installation."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("DASHBOARD_", "STREAMLIT_"))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
