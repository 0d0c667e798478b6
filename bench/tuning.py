"""The product's tuning of a server, for the bare pages it is compared with.

Without it a ratio would compare garbage collection and delayed acknowledgements, and not pages.
"""

from __future__ import annotations

import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

_frozen: set[str] = set()


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Answer without delay, and keep what the start built out of the garbage collection."""
    for found in gc.get_objects():
        if isinstance(found, socket.socket) and found.family == socket.AF_INET:
            with suppress(OSError):
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    freeze_once("start")
    yield


def freeze_once(occasion: str) -> None:
    """Take all that is there now out of the garbage collection, once for each occasion.

    Streamlit loads the modules of an element when it is first drawn, so a literal page calls this at its end.
    """
    if occasion not in _frozen:
        _frozen.add(occasion)
        gc.collect()
        gc.freeze()
