"""Streamlit's websocket protocol, as the browser speaks it: one blocking session to a thread.

The frames are read here and not by a library, so that acknowledgements are never delayed (TCP_QUICKACK is
reset by the kernel and set again before every receive) and bytes are counted as they pass the socket.
"""

from __future__ import annotations

import base64
import os
import socket
import struct
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

_TIMEOUT_S = 30
_MOST_MESSAGES = 5000
_BINARY, _CLOSE, _PING, _PONG = 2, 8, 9, 10
_GOOD_ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
_BAD_ELEMENTS = ("exception", "alert")


class ProtocolError(Exception):
    """The server said something that ends the measurement."""


@dataclass(frozen=True)
class Run:
    """One run of a page: time from sending to script_finished, bytes on the socket, what was drawn."""

    seconds: float
    received_bytes: int
    sent_bytes: int
    messages: tuple[ForwardMsg, ...]

    @property
    def total_bytes(self) -> int:
        """Both directions together."""
        return self.received_bytes + self.sent_bytes

    @property
    def largest(self) -> int:
        """Bytes of the largest message of the run."""
        return max(message.ByteSize() for message in self.messages)


class Session:
    """One browser tab: a websocket, the page it is on, and the messages it keeps."""

    def __init__(self, port: int, page: str = "", query: str = "", locale: str = "zh-CN") -> None:
        """``page`` is the path without a slash, ``query`` the query string without its question mark."""
        self.page = page
        self.query = query
        self.locale = locale
        self._hash = ""
        self._widgets: dict[str, WidgetState] = {}
        self._cache = _MessageCache()
        self._socket = _Socket(port)

    def run(self, query: str | None = None) -> Run:
        """Ask for a run, with another query string if one is given, and read until it is finished."""
        moved = query is not None and query != self.query
        self.query = self.query if query is None else query
        received, sent = self._socket.received_bytes, self._socket.sent_bytes
        began = time.perf_counter()
        self._socket.send(self._request(moved))
        messages = self._read_run()
        return Run(
            time.perf_counter() - began,
            self._socket.received_bytes - received,
            self._socket.sent_bytes - sent,
            tuple(messages),
        )

    def close(self) -> None:
        """End the connection; the server drops the session after a while."""
        self._socket.close()

    def _request(self, moved: bool) -> bytes:
        message = BackMsg()
        ask = message.rerun_script
        ask.query_string = self.query
        ask.page_script_hash = self._hash
        ask.page_name = "" if self._hash else self.page
        ask.cached_message_hashes.extend(self._cache.hashes())
        ask.widget_states.widgets.extend(self._widgets.values())
        ask.is_history_navigation = moved
        ask.context_info.timezone = "Asia/Shanghai"
        ask.context_info.timezone_offset = -480
        ask.context_info.locale = self.locale
        ask.context_info.url = f"http://127.0.0.1:{self._socket.port}/{self.page}"
        ask.context_info.color_scheme = "dark"
        return message.SerializeToString()

    def _read_run(self) -> list[ForwardMsg]:
        messages: list[ForwardMsg] = []
        for _ in range(_MOST_MESSAGES):
            message = self._cache.resolve(ForwardMsg.FromString(self._socket.receive()))
            kind = message.WhichOneof("type")
            if kind == "navigation":
                self._hash = message.navigation.page_script_hash
            elif kind == "delta" and message.delta.new_element.WhichOneof("type") in _BAD_ELEMENTS:
                raise ProtocolError(f"/{self.page}?{self.query} shows an error: {message.delta.new_element}")
            elif kind == "delta":
                self._remember_widget(message.delta.new_element)
            messages.append(message)
            if kind == "script_finished" and self._is_end(message):
                return messages
        raise ProtocolError(f"/{self.page} sent {_MOST_MESSAGES} messages without an end")

    def _remember_widget(self, element: Element) -> None:
        """Keep a value the page set, as the browser does, to send it along with the next request."""
        kind = element.WhichOneof("type")
        if kind not in ("date_input", "selectbox", "text_input"):
            return
        widget = getattr(element, kind)
        if not widget.set_value:
            return
        state = WidgetState(id=widget.id)
        if kind == "date_input":
            state.string_array_value.data.extend(widget.value)
        else:
            state.string_value = widget.raw_value if kind == "selectbox" else widget.value
        self._widgets[widget.id] = state

    def _is_end(self, message: ForwardMsg) -> bool:
        if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return False
        if message.script_finished not in _GOOD_ENDS:
            raise ProtocolError(f"/{self.page} failed: {message.script_finished}")
        self._cache.finish_run()
        return True


class _MessageCache:
    """Cacheable messages by hash, kept as the browser keeps them: dropped when unused for three runs."""

    _MAX_AGE = 2  # global.maxCachedMessageAge

    def __init__(self) -> None:
        self._messages: dict[str, tuple[ForwardMsg, int]] = {}
        self._runs = 0

    def hashes(self) -> list[str]:
        return list(self._messages)

    def resolve(self, message: ForwardMsg) -> ForwardMsg:
        """The message itself, or the kept one it refers to (which keeps the place it was first drawn at)."""
        if message.WhichOneof("type") != "ref_hash":
            if message.metadata.cacheable:
                self._messages[message.hash] = (message, self._runs)
            return message
        kept, _ = self._messages[message.ref_hash]
        self._messages[message.ref_hash] = (kept, self._runs)
        return kept

    def finish_run(self) -> None:
        self._runs += 1
        self._messages = {h: m for h, m in self._messages.items() if self._runs - m[1] <= self._MAX_AGE}


class _Socket:
    """A websocket on a TCP socket without delays; counts every byte after the handshake."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received_bytes = 0
        self.sent_bytes = 0
        self._held = bytearray()
        self._tcp = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_S)
        self._tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._inflater = self._shake_hands()

    def send(self, payload: bytes, opcode: int = _BINARY) -> None:
        frame = _masked_frame(payload, opcode)
        self.sent_bytes += len(frame)
        self._tcp.sendall(frame)

    def receive(self) -> bytes:
        """The next whole binary message."""
        parts: list[bytes] = []
        packed = False
        while True:
            first, payload = self._frame()
            opcode = first & 0x0F
            if opcode == _PING:
                self.send(payload, _PONG)
                continue
            if opcode == _CLOSE:
                raise ProtocolError("the server closed the connection")
            packed = packed or bool(first & 0x40)
            parts.append(payload)
            if first & 0x80:
                return self._plain(b"".join(parts), packed)

    def close(self) -> None:
        with suppress(OSError):  # the server may be faster
            self.send(struct.pack("!H", 1000), _CLOSE)
        self._tcp.close()

    def _plain(self, payload: bytes, packed: bool) -> bytes:
        if not packed or self._inflater is None:
            return payload
        return self._inflater.decompress(payload + b"\x00\x00\xff\xff")

    def _frame(self) -> tuple[int, bytes]:
        first, length = self._exactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", self._exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._exactly(8))
        return first, self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        while len(self._held) < count:
            self._fill()
        found = bytes(self._held[:count])
        del self._held[:count]
        return found

    def _fill(self) -> None:
        self._tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        chunk = self._tcp.recv(262_144)
        if not chunk:
            raise ProtocolError("the server ended the connection")
        self.received_bytes += len(chunk)
        self._held += chunk

    def _shake_hands(self) -> zlib._Decompress | None:
        """Open the stream; compression is offered as a browser does, and used if the server takes it."""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            "GET /_stcore/stream HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Origin: http://127.0.0.1:{self.port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Protocol: streamlit",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        )
        self._tcp.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self._held:
            self._fill()
        head, _, rest = bytes(self._held).partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ProtocolError(f"no websocket: {head[:200]!r}")
        self._held = bytearray(rest)
        self.received_bytes = len(rest)
        return zlib.decompressobj(-15) if b"permessage-deflate" in head.lower() else None


def _masked_frame(payload: bytes, opcode: int) -> bytes:
    """A whole client frame. The mask is nought: it must be there, and hides nothing on loopback."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size)
    elif size < 65_536:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + b"\x00\x00\x00\x00" + payload
