"""A map server of an installation's own, on 127.0.0.1: a raster and a vector style with their tiles, and who asked."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

RASTER_RED = (200, 30, 40)
VECTOR_GREEN = (20, 150, 60)


def _picture() -> bytes:
    """A tile of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (256, 256), RASTER_RED).save(out, "PNG")
    return out.getvalue()


def _part(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer that has a length."""
    return _number(number << 3 | 2) + _number(len(content)) + content


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _tile() -> bytes:
    """A vector tile whose layer ``land`` is one polygon that fills it, by the specification of Mapbox, version 2."""

    def zigzag(value: int) -> int:
        return value << 1 ^ value >> 63

    corners = [(0, 0), (4096, 0), (0, 4096), (-4096, 0)]
    move, line, close = 1 << 3 | 1, 3 << 3 | 2, 1 << 3 | 7
    steps = [move, *map(zigzag, corners[0]), line, *(zigzag(v) for c in corners[1:] for v in c), close]
    feature = _number(3 << 3) + _number(3) + _part(4, b"".join(map(_number, steps)))
    layer = (
        _number(15 << 3)
        + _number(2)
        + _part(1, b"land")
        + _part(2, feature)
        + _number(5 << 3)
        + _number(4096)
    )
    return _part(3, layer)


@dataclass
class Ground:
    """A running map server; ``asked`` are the paths it was asked for, in their order.

    ``tiles_of`` is another address its styles name for their tiles.
    """

    port: int
    asked: list[str] = field(default_factory=list)
    tiles_of: str = ""

    @property
    def url(self) -> str:
        """Its address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def style(self, name: str) -> dict[str, object]:
        """The style ``raster`` or ``vector``."""
        tiles = self.tiles_of or self.url
        if name == "raster":
            source = {"type": "raster", "tiles": [f"{tiles}/tiles/{{z}}/{{x}}/{{y}}.png"], "tileSize": 256}
            layer = {"id": "ground", "type": "raster", "source": "ground"}
        else:
            source = {"type": "vector", "tiles": [f"{tiles}/tiles/{{z}}/{{x}}/{{y}}.pbf"], "maxzoom": 14}
            green = f"rgb{VECTOR_GREEN}"
            paint = {"fill-color": green, "fill-antialias": False}
            layer = {
                "id": "ground",
                "type": "fill",
                "source": "ground",
                "source-layer": "land",
                "paint": paint,
            }
        return {"version": 8, "sources": {"ground": source}, "layers": [layer]}


class _Answers(BaseHTTPRequestHandler):
    def __init__(self, ground: Ground, *args: object) -> None:
        self.ground = ground
        super().__init__(*args)

    def do_GET(self) -> None:
        self.ground.asked.append(self.path)
        name = self.path.strip("/").removesuffix(".json")
        if name in ("raster", "vector"):
            self._send(json.dumps(self.ground.style(name)).encode(), "application/json")
        elif self.path.endswith(".png"):
            self._send(_picture(), "image/png")
        elif self.path.endswith(".pbf"):
            self._send(_tile(), "application/x-protobuf")
        else:
            self.send_error(404)

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.send_header("access-control-allow-origin", "*")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving_maps() -> Iterator[Ground]:
    """A map server on a free port, ended with the block."""
    ground = Ground(0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answers, ground))
    ground.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield ground
    finally:
        server.shutdown()
        server.server_close()
