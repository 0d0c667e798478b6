"""The console command. Says what is wrong in one sentence and exits with 2; what it can do stands in ``commands/``."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

from . import __version__
from .commands import asking, lists, points, stations, stores
from .commands.arguments import Parser
from .commands.common import UsageError
from .config import ConfigError, settings
from .importers.refusals import RefusedError
from .startup import StartError
from .store import StoreError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    asked = _parser().parse_args(arguments)
    _say_on_stderr()
    try:
        asked.run(settings(), asked)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has read enough; nor may Python write the rest when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ConfigError, RefusedError, StartError, StoreError, UsageError) as error:
        print(str(error), file=sys.stderr)
        return 2
    return 0


def _say_on_stderr() -> None:
    """What takes its time is said as a plain sentence; the server writes it to its log."""
    log = logging.getLogger("dashboard")
    log.handlers[:] = [logging.StreamHandler(sys.stderr)]
    log.setLevel(logging.INFO)


class _Behind(argparse.Action):
    """An option of the commands that was written before the command."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Say where it belongs."""
        parser.error(
            f"{self.option_strings[0]} 要写在命令后面，如 dashboard show volunteers_count --data demo。"
        )


def _parser() -> Parser:
    parser = Parser(prog="dashboard", description="社会工作态势屏的命令行")
    parser.add_argument("--version", action="version", version=__version__, help="看版本号")
    parser.add_argument(
        "--data", action=_Behind, nargs="?", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    commands = parser.add_subparsers(required=True, metavar="命令")
    for room in (stores, asking, lists, stations, points):
        room.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
