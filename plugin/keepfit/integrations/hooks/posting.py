"""One POST to an address that was looked at before: no redirect, no proxy, no second look-up, and an end to waiting however slowly the other side answers.

A proxy of the environment is not used: it would look the name up itself, and then nobody has looked at where the message goes.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection

from keepfit.hooks import HookError

READ_BYTES = 2048
SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a message goes: the name is what the certificate must be of, the path begins with a slash."""

    tls: bool
    host: str
    port: int
    path: str

    @property
    def shown(self) -> str:
        """The address without its path, which may open a door."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Seconds to wait for a connection, for each piece of the answer, and for all of it."""

    connect: float
    read: float
    whole: float


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The status, the headers (the last of a name), and the first of the body as harmless text, read for anything but a success."""

    status: int
    headers: Mapping[str, str]
    body: str


def post(target: Target, addresses: Sequence[str], body: bytes, headers: Mapping[str, str], *, patience: Waits, authorities: str | None) -> Answered:
    """Send the body to the first address that connects; raises `HookError` where no answer came. `authorities`: a file of the certificates to trust."""
    late: list[bool] = []
    try:
        with _connected(target, addresses, patience, late, authorities) as sock:
            connection = (HTTPSConnection if target.tls else HTTPConnection)(target.host, target.port, timeout=patience.read)
            connection.sock = sock
            connection.request("POST", target.path, body, dict(headers))
            with connection.getresponse() as response:
                if late:  # cut in the middle of its headers, which http.client takes for their end
                    raise TimeoutError
                return _answered(response)
    except (OSError, HTTPException, ValueError) as bad:  # ValueError: what http.client refuses to send
        if late:
            raise HookError(f"it did not answer within {patience.whole:g} seconds", again=True, where=target.shown) from bad
        raise HookError(_said(bad, patience), again=isinstance(bad, OSError | HTTPException), where=target.shown) from bad


@contextmanager
def _connected(target: Target, addresses: Sequence[str], patience: Waits, late: list[bool], authorities: str | None) -> Iterator[socket.socket | ssl.SSLSocket]:
    """A connection that is cut, wherever it is, when the time for all of it is over; `late` then holds something."""
    plain = _first(addresses, target.port, patience.connect)
    with plain, plain.dup() as watched:  # a second handle on the same connection, which a handshake does not take away

        def end() -> None:
            late.append(True)
            with contextlib.suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(patience.whole, end)
        timer.daemon = True
        timer.start()
        try:
            sock = _secured(plain, target.host, authorities) if target.tls else plain
            with sock:
                sock.settimeout(patience.read)
                yield sock
        finally:
            timer.cancel()


def _first(addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
    """The first of the addresses that connects; they share the seconds."""
    failed: OSError = ConnectionRefusedError("there is no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=seconds / len(addresses))
        except OSError as bad:
            failed = bad
    raise failed


def _secured(plain: socket.socket, host: str, authorities: str | None) -> ssl.SSLSocket:
    """The connection behind a certificate of this very name."""
    if authorities is None:
        import certifi

        authorities = certifi.where()
    return ssl.create_default_context(cafile=authorities).wrap_socket(plain, server_hostname=host)


def _answered(response: HTTPResponse) -> Answered:
    body = b""
    if not 200 <= response.status < 300:  # of a success the rest does not matter: it was taken
        with contextlib.suppress(OSError, HTTPException):
            body = response.read(READ_BYTES)
    text = "".join(one if one.isprintable() else " " for one in body.decode("utf-8", "replace"))
    return Answered(status=response.status, headers={name.lower(): value for name, value in response.getheaders()}, body=" ".join(text.split())[:SHOWN])


def _said(bad: Exception, patience: Waits) -> str:
    """What went wrong, without anything of the address's path."""
    if isinstance(bad, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {bad.verify_message}"
    if isinstance(bad, TimeoutError):
        return f"it did not answer within {patience.read:g} seconds, or took no connection within {patience.connect:g}"
    if isinstance(bad, HTTPException):
        return "it closed the connection without an answer" if "RemoteDisconnected" in type(bad).__name__ else "its answer is no HTTP"
    return f"the message could not be sent: {getattr(bad, 'strerror', None) or type(bad).__name__}"
