"""Ctrl-C during a start: one line and code 130, wherever it strikes. Knows nothing else, so that it is there first."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, NoReturn

LINE = "已中断。没有做完的，下次启动会接着做。\n"
CODE = 130


def ends_the_process() -> Any:
    """From now on Ctrl-C ends the process; returns what it did before."""
    return signal.signal(signal.SIGINT, _end)


def is_handed_back(before: Any) -> None:
    """Ctrl-C does again what it did before."""
    signal.signal(signal.SIGINT, before)


def _end(*_: object) -> NoReturn:
    """End through what is open, transactions and folders.

    Python prints and forgets what is raised in a callback of its garbage collection, and SQLAlchemy has many:
    there, and when somebody presses twice, the process ends at once.
    """
    sys.unraisablehook = _end_at_once
    signal.signal(signal.SIGINT, _end_at_once)
    os.write(
        2, LINE.encode(sys.stderr.encoding or "utf-8", "replace")
    )  # the stream may be in the middle of a line
    raise SystemExit(CODE)


def _end_at_once(*_: object) -> NoReturn:
    os._exit(CODE)
