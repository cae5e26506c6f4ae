"""A receiver of webhooks on this machine: real HTTP, which can be down, answer 500, hang, close in the middle, or answer after everybody stopped waiting."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LINGER = struct.pack("ii", 1, 0)
"""Closing resets the connection."""


@dataclass
class Received:
    """One request: its headers in lower case, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """What it got, and how it answers: the first of `ways` for the first request, and so on, then `way`."""

    url: str = ""
    port: int = 0
    way: str = "200"
    ways: list[str] = field(default_factory=list)
    got: list[Received] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    late_seconds: float = 1.0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def in_effect(self) -> list[str]:
        """The titles of what was taken, once each, by the idempotency key: what a receiver does that keeps the promise's other half."""
        return list({one.headers["idempotency-key"]: one.message["title"] for one in self.got}.values())


@contextmanager
def receiver(*, port: int = 0, certificate: Path | None = None, **how: Any) -> Iterator[Receiver]:
    """Run it on a port of this machine."""
    state = Receiver(**how)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(state, self)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            pass

    server = Quiet(("127.0.0.1", port), Answer)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    state.port = server.server_port
    state.url = f"http{'s' if certificate else ''}://localhost:{state.port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield state
    finally:
        state.over.set()
        server.shutdown()
        server.server_close()


def answer(state: Receiver, request: BaseHTTPRequestHandler) -> None:
    """Do what it is asked to do with one request."""
    way = state.ways.pop(0) if state.ways else state.way
    if way == "close while sent":
        reset(request.connection)
        return
    body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
    got = Received(path=request.path, headers={name.lower(): value for name, value in request.headers.items()}, body=body)
    if way in ("200", "204", "late", "close in the body"):
        state.got.append(got)
    WAYS.get(way, plainly)(state, request, way)


def hang(state, request, way) -> None:
    state.over.wait(20)


def late(state, request, way) -> None:
    state.over.wait(state.late_seconds)
    send(request, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def drip(state, request, way) -> None:
    send(request, b"HTTP/1.1 200 OK\r\n")
    while not state.over.wait(0.05) and send(request, b"X-A: b\r\n"):
        pass


def endless(state, request, way) -> None:
    send(request, b"HTTP/1.1 400 Bad Request\r\n\r\n")
    while not state.over.is_set() and send(request, b"a" * 65_536):
        pass


def plainly(state, request, way) -> None:
    if way in CUT:
        send(request, CUT[way])
        return
    more = "".join(f"{name}: {value}\r\n" for name, value in state.headers.items())
    text = b"" if way == "204" else f"it is {way}\x1b[31m".encode()
    send(request, f"HTTP/1.1 {way} X\r\n{more}Content-Length: {len(text)}\r\n\r\n".encode() + text)


WAYS = {"hang": hang, "late": late, "drip": drip, "endless": endless}
CUT = {
    "close in the head": b"HTTP/1.1 50",
    "close in the body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthank",
    "nonsense": b"SSH-2.0-OpenSSH_9.2\r\n",
}


def send(request: BaseHTTPRequestHandler, text: bytes) -> bool:
    """Whether anybody still listens."""
    try:
        request.connection.sendall(text)
    except OSError:
        return False
    return True


def reset(connection: socket.socket) -> None:
    time.sleep(0.05)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
    connection.close()
