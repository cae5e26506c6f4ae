"""The end of a program that was started in a session of its own: with it goes all that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

INTERRUPTING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def start_group(command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """Start a program in a session of its own; `options` are those of `subprocess.Popen`.

    A Ctrl-C while it starts waits until we hold it, then ends it: a program that nobody holds would outlive us.
    """
    came: list[int] = []
    with _heard_later(came):
        process = subprocess.Popen(command, start_new_session=True, **options)
    if came:
        end_group(process, ask=[signal.SIGTERM], patience=1.0)
        raise KeyboardInterrupt
    return process


@contextmanager
def _heard_later(came: list[int]) -> Iterator[None]:
    """Inside the block signals that interrupt are only noted; outside of the main thread they never arrive."""
    before: dict[signal.Signals, Any] = {}
    try:
        for sign in INTERRUPTING if threading.current_thread() is threading.main_thread() else ():
            if signal.getsignal(sign) not in (signal.SIG_IGN, signal.SIG_DFL, None):
                before[sign] = signal.signal(sign, lambda number, frame: came.append(number))  # noqa: ARG005 - the signature of a signal handler
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def end_group(process: subprocess.Popen[Any], *, ask: Sequence[signal.Signals], patience: float) -> None:
    """Ask the group to end with one signal after the other, `patience` seconds each, then kill what is left of it.

    A child that outlived the group's leader is killed too; one that left the group is not seen. Fine if all are gone.
    """
    for sign in ask:
        _tell(process, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            break
    _tell(process, signal.SIGKILL)
    process.wait()


def kill_group(process: subprocess.Popen[Any], *, patience: float) -> None:
    """Kill the group and wait at most `patience` seconds for its leader: one that hangs in the kernel (a dead network disk) does not hear it."""
    _tell(process, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)


def _tell(process: subprocess.Popen[Any], sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # gone, or only its zombie is left
        os.killpg(process.pid, sign)


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Inside the block SIGTERM and SIGHUP are what Ctrl-C is: a `KeyboardInterrupt`, so that everything is cleaned up.

    A signal that is ignored (nohup) stays ignored; outside of the main thread nothing changes, its owner handles signals.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        raise KeyboardInterrupt

    before: dict[signal.Signals, Any] = {}
    try:
        for sign in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(sign) is signal.SIG_IGN:
                continue
            try:
                before[sign] = signal.signal(sign, interrupt)
            except ValueError:  # not the main thread
                break
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
