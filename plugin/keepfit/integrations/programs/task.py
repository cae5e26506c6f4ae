"""The side of a task (`tasks.py`) that runs in the fork: alone in its group, heard by who waits for it, from its first line to its exit code."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from typing import NoReturn, TextIO, cast

from keepfit.integrations.programs.asking import SIGNALS

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
LENGTH = struct.Struct("!Q")
TAKEN = b"\x06"

HandOver = Callable[[bytes], None]
Work = Callable[[str, HandOver], None]


def become(work: Work, name: str, out: int, way: socket.socket) -> NoReturn:
    """Be the task, and end as an interpreter ends, without taking the libraries apart."""
    code = 1
    try:
        _alone(out)
        work(name, lambda answer: _hand_over(way, answer))
        code = 0
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else int(done.code is not None)
    except BaseException:  # noqa: BLE001 - the task's own: it is heard as the interpreter shows it
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - as multiprocessing ends its forks
            atexit._run_exitfuncs()  # noqa: SLF001 - likewise; ours were forgotten when it began
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(code & 0xFF)


def _alone(out: int) -> None:
    """Leave our group, our terminal, our signals and what we wanted to be done at our end."""
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    atexit._clear()  # noqa: SLF001 - the parent does at its end what it wanted done
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, stream in enumerate((nothing, out, out)):
        os.dup2(stream, number)
    os.close(nothing)
    os.close(out)
    sys.stdin, sys.stdout, sys.stderr = _stream(0, "r"), _stream(1, "w"), _stream(2, "w")
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # or all forks would draw the same
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _stream(number: int, mode: str) -> TextIO:
    return cast(
        "TextIO", os.fdopen(number, mode, buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
    )  # a line at a time, whoever the parent's went to


def _hand_over(way: socket.socket, answer: bytes) -> None:
    """Hand something over and wait until it was taken."""
    way.sendall(LENGTH.pack(len(answer)) + answer)
    if way.recv(len(TAKEN)) != TAKEN:
        raise ConnectionError("whoever waits for this task is gone")
