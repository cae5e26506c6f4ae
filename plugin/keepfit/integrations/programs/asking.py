"""A script hands itself over to the interpreter that is warm (`warm.py`), if one serves: its arguments, folder, environment and streams.

Every stage imports this before anything else: it imports little itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Sequence

VARIABLE = "KEEPFIT_WARM"
ITSELF = "itself"
LENGTH = struct.Struct("!I")
STREAMS = (0, 1, 2)
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KILLED = "keepfit: the interpreter that ran this script was killed\n  fix: run the same command again\n"


def ask() -> int | None:
    """Let the warm interpreter run this script to its end; return its exit code, None where the script must run itself.

    A script that a signal ended there ends by the same signal here.
    """
    address, script = os.environ.get(VARIABLE), sys.argv[0]
    by_name = getattr(sys.modules["__main__"], "__spec__", None) is not None  # python -m
    if not address or by_name or not os.path.isfile(script):  # noqa: PTH113 - pathlib costs more than all of this
        return None
    ignored = [int(sign) for sign in SIGNALS if signal.getsignal(sign) is signal.SIG_IGN]
    about = {"script": os.path.abspath(script), "argv": sys.argv, "cwd": os.getcwd(), "env": dict(os.environ), "ignored": ignored}  # noqa: PTH100, PTH109
    body = json.dumps({**about, "python": interpreter()}).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as way:
        try:
            way.connect(address)
        except OSError:  # nobody serves any more
            return None
        with contextlib.suppress(OSError):
            socket.send_fds(way, [LENGTH.pack(len(body))], STREAMS)
            way.sendall(body)
        _end_at_once(ignored)
        answer = b"".join(iter(lambda: way.recv(64), b"")).decode()
    return None if answer == ITSELF else _code(answer)


def _end_at_once(ignored: Sequence[int]) -> None:
    """From here on a signal ends us: the fork has heard it too, or is told by the server, which sees that nobody waits any more."""
    for sign in SIGNALS:
        if sign not in ignored:
            signal.signal(sign, signal.SIG_DFL)


def _code(answer: str) -> int:
    if not answer:
        sys.stderr.write(KILLED)
        return 1
    code = int(answer)
    if code < 0:
        end_by(-code)
    return code


def end_by(sign: int) -> None:
    """End this process by a signal."""
    with contextlib.suppress(OSError):  # nobody can handle SIGKILL
        signal.signal(sign, signal.SIG_DFL)
    os.kill(os.getpid(), sign)


def interpreter() -> list[str]:
    """Which Python, in which mode, with which keepfit."""
    return [sys.executable, sys.version, sys.prefix, *sys.warnoptions, repr(sys.flags), __file__]
