"""What stands around the Streamlit shell: start, health, headers, assets, logs. No figure passes here.

Nothing on any page leaves the machine: the content security policy allows this server only, and the origin of
the basemap where the installation has one of its own.
"""

from __future__ import annotations

import errno
import gc
import gzip
import json
import logging
import re
import secrets
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import __version__
from ..config import ConfigError, settings
from ..hashing import sha256
from ..importers.outline_file import Drawing
from ..language import asked_or_local
from ..startup import StartError
from ..store import Store, StoreError, schema_version, stamp
from . import address, cached, draw, overview_map, printing, static_files, theme
from .frame import ROOMS

SHELL = str(Path(__file__).with_name("shell.py"))
_ASSETS = Path(__file__).with_name("assets")
_STARTED = time.monotonic()
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
# A font of Streamlit that no word here is set in.
_UNUSED = re.compile(rb'<link\s+rel="preload"\s+href="[^"]*SourceSans[^>]*>')
# For what carries the hash of its content in its address.
_KEPT = {"cache-control": "public, immutable, max-age=31536000", "vary": "accept-encoding"}
_LONGEST = 8_000  # bytes of what a page says when it is printed
log = logging.getLogger("dashboard")


# --- logs -------------------------------------------------------------------------------------------


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, event, and what the event carries."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False


# --- start ------------------------------------------------------------------------------------------


def start_or_exit() -> None:
    """Open and seed the stores; on failure say why in one sentence and end the process."""
    _log_to_stderr()
    try:
        cached.stores()
    except (ConfigError, StartError, StoreError) as error:
        _refuse(str(error))


def serve(app: st.App) -> None:
    """Serve until Ctrl-C, which is a clean end and no error."""
    listen_or_exit()  # the start took its time
    chosen = settings()
    with suppress(KeyboardInterrupt):
        app.run(config={"server.port": chosen.port, "server.address": chosen.host})


def listen_or_exit() -> None:
    """Try the address that will be listened on; when it cannot be had say why in one sentence and end the process."""
    try:
        chosen = settings()
    except ConfigError as error:
        _refuse(str(error))
    host, port = chosen.host, chosen.port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            _refuse(_why_not(host, port, error))


def _why_not(host: str, port: int, error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError | socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return (
            f"HOST 的值“{host}”不是本机的地址：请写 127.0.0.1（只限本机）、0.0.0.0（整个内网），"
            "或本机在内网里的地址。"
        )
    return f"占用不了 {host}:{port}（{error.strerror}）：请关掉占用它的程序，或换一个 PORT。"


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"无法启动：{sentence}\n")
    sys.stderr.flush()
    sys.exit(1)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Warm up, tidy the memory once, answer without delay; say goodbye at the end."""
    cached.warm_up()
    static_files.warm_up()
    _answer_at_once()
    gc.collect()
    gc.freeze()  # Streamlit collects garbage after every run; what the start built is not garbage
    address = f"http://{st.get_option('server.address')}:{st.get_option('server.port')}"
    log.info("started", extra={"fields": {"version": __version__, "address": address}})
    yield
    log.info("stopped", extra={"fields": {"uptime_s": round(time.monotonic() - _STARTED, 1)}})


def _answer_at_once() -> None:
    """Set TCP_NODELAY on the listening socket, which accepted connections inherit."""
    for found in gc.get_objects():
        if isinstance(found, socket.socket) and found.family in (socket.AF_INET, socket.AF_INET6):
            try:
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:  # closed meanwhile
                continue


def on_script_error(error: Exception) -> bool:
    """A page failed: log it under an id, show the id in a sentence. No trace reaches the reader."""
    number = secrets.token_hex(4)
    log.error("page failed", exc_info=error, extra={"fields": {"id": number}})
    sentence = f"这一页没能画出来，已记入日志，编号 {number}。请刷新再试；仍不行时把编号告诉管理员。"
    st.error(draw.spoken(sentence, address.language()), icon=":material/error:")
    return True


# --- routes -----------------------------------------------------------------------------------------


def healthz(_request: Request) -> Response:
    """Version, stores, stamp, schema, outlines, uptime as JSON; 503 when a store is down, not when a map is missing."""
    stores = {data: _health(store) for data, store in cached.stores().by_data.items()}
    healthy = all(s["reachable"] for s in stores.values())
    body = {
        "status": "ok" if healthy else "store down",
        "version": __version__,
        "stores": stores,
        "outlines": cached.stores().drawing.refused or "ok",
        "uptime_s": round(time.monotonic() - _STARTED, 1),
    }
    return JSONResponse(body, 200 if healthy else 503, headers={"cache-control": "no-store"})


def _health(store: Store) -> dict[str, Any]:
    try:
        return {
            "reachable": True,
            "stamp": stamp(store).stamp,
            "schema_version": schema_version(store.engine),
        }
    except (StoreError, SQLAlchemyError):
        return {"reachable": False, "stamp": None, "schema_version": None}


async def give_receipt(request: Request) -> Response:
    """The receipt number of a page that is being printed, as JSON; otherwise one sentence why there is none."""
    locale = _locale(request)
    if not _from_here(request):
        sentence = draw.spoken("只有这台服务器自己的页面可以取回执号", asked_or_local("", locale))
        return JSONResponse({"sentence": sentence}, 403)
    status, told = await run_in_threadpool(printing.number_for, await _short(request), locale)
    return JSONResponse(told, status, headers={"cache-control": "no-store"})


async def _short(request: Request) -> bytes:
    """The body of a request; nothing of one that is longer than any address with its page."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST:
            return b""
    return body


def _from_here(request: Request) -> bool:
    """Whether a page of this server asks, or no page at all; browsers send Origin with every POST."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _locale(request: Request) -> str:
    """The first language of the browser."""
    return request.headers.get("accept-language", "").split(",")[0]


def _asset(name: str) -> tuple[bytes, str]:
    """Content and media type of an asset; the stylesheet begins with the tokens and ends with the map of counties."""
    return _content(name, cached.stores().drawing)


@lru_cache(maxsize=32)
def _content(name: str, _drawing: Drawing) -> tuple[bytes, str]:
    if name == "dashboard.css":
        written = (_ASSETS / name).read_text(encoding="utf-8")
        return (theme.variables() + written + overview_map.stylesheet()).encode(), "text/css"
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
    return (_ASSETS / name).read_bytes(), kinds[Path(name).suffix]


def asset_url(name: str, home: str = "./") -> str:
    """Address of an asset; it carries the content's hash, so that it may be kept for ever."""
    return f"{home}assets/{sha256(_asset(name)[0])[:12]}/{name}"


def _serve_asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in {p.name for p in _ASSETS.iterdir()}:
        return Response(status_code=404)
    content, kind = _asset(name)
    headers = dict(_KEPT)
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = gzip.compress(content, 6, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(content, media_type=kind, headers=headers)


ROUTES: list[BaseRoute] = [
    Route("/healthz", healthz),
    Route("/receipt", give_receipt, methods=["POST"]),
    Route("/assets/{digest}/{name}", _serve_asset),
]


# --- middleware -------------------------------------------------------------------------------------


def _head(home: str = "./") -> bytes:
    """What every page loads before Streamlit does; ``home`` is the way from its address to the front page."""
    return (
        f'<link rel="stylesheet" href="{asset_url("dashboard.css", home)}">'
        f'<link rel="stylesheet" media="print" href="{asset_url("paper.css", home)}">'
        f'<script src="{asset_url("boot.js", home)}"></script>'
    ).encode()


def _headers() -> tuple[tuple[bytes, bytes], ...]:
    """What every answer carries."""
    ground = cached.basemap()
    return _headers_with(ground.origin if ground else "")


@lru_cache(maxsize=4)
def _headers_with(origin: str) -> tuple[tuple[bytes, bytes], ...]:
    """A style, its tiles, letters and signs are fetched; pictures may be shown from there. Nothing else may be asked."""
    ground = (
        f"; connect-src 'self' data: blob: {origin}; img-src 'self' data: blob: {origin}" if origin else ""
    )
    return (
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"content-security-policy", f"{_POLICY}{ground}".encode()),
    )


class Frontage:
    """Adds our head to Streamlit's one HTML document and our headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; only a whole HTML answer is held back until it is complete."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif script := _script(scope):
            await script(scope, receive, send)
        else:
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        held: list[Message] = []
        body = bytearray()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_headers()]
                if _is_document(scope["path"], message):
                    held.append(message)
                    return
            elif held:
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                if _is_no_page(scope["path"]):
                    await _no_page(scope)(scope, receive, send)
                else:
                    await _send_document(scope["path"], held[0], bytes(body), send)
                return
            await send(message)

        await self.app(_plain(scope), receive, answer)


_ADDRESSES = {"", *(name for name, _ in ROOMS[1:])}


def _is_no_page(path: str) -> bool:
    """An address that is none of our pages; Streamlit answers any with its document."""
    return path.strip("/") not in _ADDRESSES


def _no_page(scope: Scope) -> Response:
    """Our own words for an address that is no page, with the way back, in the language of the address or browser."""
    request = Request(scope)
    language = asked_or_local(request.query_params.get("lang", ""), _locale(request))
    home = "../" * (scope["path"].count("/") - 1) or "./"
    html = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>没有这一页</title>'
        f'{_head(home).decode()}</head><body><div class="panel notice" style="margin:24px"><h2>没有这一页</h2>'
        f'<p>地址可能写错了，或者这一页已经改名。</p><p><a href="{home}">打开总览</a></p></div></body></html>'
    )
    headers = {k.decode(): v.decode() for k, v in _headers()}
    return Response(draw.markup(html, language), 404, headers=headers, media_type="text/html")


# Where Streamlit keeps HTML that is not its document: components, and files to take away.
_OTHERS = ("/component/", "/media/", "/_stcore/bidi-components/")


def _is_document(path: str, start: Message) -> bool:
    kind = dict(start["headers"]).get(b"content-type", b"")
    return start["status"] == 200 and kind.startswith(b"text/html") and not path.startswith(_OTHERS)


def _plain(scope: Scope) -> Scope:
    """A page is always answered in full and uncompressed: Streamlit's ETag is not that of our document."""
    if "." in scope["path"].rsplit("/", 1)[-1]:
        return scope
    dropped = (b"if-none-match", b"if-modified-since", b"accept-encoding")
    return {**scope, "headers": [(k, v) for k, v in scope["headers"] if k not in dropped]}


def _script(scope: Scope) -> Response | None:
    """One of Streamlit's scripts, compressed, for a browser that takes it so; its address changes with its content."""
    accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
    found = (
        static_files.compressed(scope["path"]) if scope["method"] == "GET" and b"gzip" in accepted else None
    )
    if found is None:
        return None
    headers = {k.decode(): v.decode() for k, v in _headers()} | _KEPT | {"content-encoding": "gzip"}
    return Response(found[0], headers=headers, media_type=found[1])


async def _send_document(path: str, start: Message, body: bytes, send: Send) -> None:
    needed = static_files.announced(path.strip("/") or "overview").encode()
    body = _UNUSED.sub(b"", body)
    body = body.replace(b"<head>", b"<head>" + _head(), 1).replace(b"</head>", needed + b"</head>", 1)
    kept = [(k, v) for k, v in start["headers"] if k not in (b"content-length", b"etag", b"last-modified")]
    start["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
    await send(start)
    await send({"type": "http.response.body", "body": body})


MIDDLEWARE = [Middleware(Frontage)]
