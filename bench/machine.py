"""On what the figures were taken."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .server import ROOT


def facts(chromium: str) -> dict[str, Any]:
    """Cores, memory, versions, and the commit that is measured."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "processor": _first("/proc/cpuinfo", "model name"),
        "memory_mb": int(_first("/proc/meminfo", "MemTotal").split()[0]) // 1024,
        "python": platform.python_version(),
        "streamlit": version("streamlit"),
        "chromium": chromium,
        "commit": _commit(),
    }


class Others:
    """How much of the processors other programs used while this one and its children ran."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy_s = _busy_s()

    def share(self) -> float:
        """Their share of all cores since the start, 0 to 1. Asked when all children have ended."""
        own = sum(
            sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        cores = len(os.sched_getaffinity(0))
        return max(0.0, (_busy_s() - self._busy_s - own) / (time.monotonic() - self._began) / cores)


def _busy_s() -> float:
    """Seconds all processors together were not idle since the machine started: user, nice, system."""
    ticks = Path("/proc/stat").read_text().splitlines()[0].split()[1:4]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _first(path: str, name: str) -> str:
    for line in Path(path).read_text().splitlines():
        if line.startswith(name):
            return line.split(":", 1)[1].strip()
    return "0"


def _commit() -> str:
    """The commit, with ``-dirty`` when files differ from it; empty outside a checkout."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip()
