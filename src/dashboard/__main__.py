"""The console command, also as ``python -m dashboard``. Ctrl-C ends it with one line from its first moment on."""

import sys

from . import interruption


def main() -> int:
    """Run one command; returns the exit code."""
    interruption.ends_the_process()
    from .cli import main as run  # its imports take a second

    return run()


if __name__ == "__main__":
    sys.exit(main())
