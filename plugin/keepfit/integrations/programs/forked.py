"""A fork of this interpreter that becomes a script: its arguments, folder, environment, streams and signals, from the first line to the exit code."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import os
import select
import signal
import socket
import sys
import threading
import traceback
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from keepfit.integrations.programs.asking import SIGNALS, end_by

GRACE_SECONDS = 8.0
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Fork:
    """A running fork: its process, and the descriptor that becomes readable when it ends."""

    pid: int
    end: int

    @classmethod
    def of(cls, about: Mapping[str, Any], streams: Sequence[int], *, close: Sequence[socket.socket]) -> Fork:
        """Fork, and run the script that `about` describes there; a signal that comes meanwhile is heard by both."""
        gc.freeze()  # shared memory stays shared: no search for garbage writes into it
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            pid = os.fork()
            if pid == 0:
                _become(about, streams, close)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return cls(pid, os.pidfd_open(pid))

    def code(self) -> int:
        """Wait for its end and return its exit code, -n for a signal n."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def stop(self, *, ask: bool) -> None:
        """End it: asked (unless it has been already), and killed if it does not listen."""
        if ask:
            os.kill(self.pid, signal.SIGTERM)
        if not select.select([self.end], [], [], GRACE_SECONDS)[0]:
            os.kill(self.pid, signal.SIGKILL)
        self.code()

    def close(self) -> None:
        """Let go of the descriptor."""
        os.close(self.end)


def _become(about: Mapping[str, Any], streams: Sequence[int], close: Sequence[socket.socket]) -> NoReturn:
    """Be the script, and end as an interpreter ends, without taking the libraries apart."""
    code = 1
    try:
        for each in close:
            each.close()
        _take_over(about, streams)
        code = _run(about)
    finally:
        with contextlib.suppress(BaseException):
            threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - as multiprocessing ends its forks
            atexit._run_exitfuncs()  # noqa: SLF001 - likewise
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        if code < 0:
            end_by(-code)
        os._exit(code)


def _take_over(about: Mapping[str, Any], streams: Sequence[int]) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(about["cwd"])
    os.environ.clear()
    os.environ.update(about["env"])
    sys.argv = list(about["argv"])
    sys.path.insert(0, str(Path(about["script"]).resolve().parent))
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # or all forks would draw the same
    for sign in SIGNALS:
        signal.signal(sign, signal.SIG_IGN if sign in about["ignored"] else signal.default_int_handler if sign == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _run(about: Mapping[str, Any]) -> int:
    """Run the script; its exit code as the interpreter would give it, -2 after Ctrl-C."""
    try:
        _execute(Path(about["script"]))
    except SystemExit as done:
        if done.code is None or isinstance(done.code, int):
            return (done.code or 0) & 0xFF
        sys.stderr.write(f"{done.code}\n")
        return 1
    except KeyboardInterrupt:
        traceback.print_exc()
        return -signal.SIGINT
    except BaseException:  # noqa: BLE001 - the script's own, as the interpreter shows it
        traceback.print_exc()
        return 1
    return 0


def _execute(script: Path) -> None:
    main = types.ModuleType("__main__")
    main.__file__ = str(script)
    sys.modules["__main__"] = main
    exec(compile(script.read_bytes(), str(script), "exec", dont_inherit=True), vars(main))  # noqa: S102 - the script that we were asked to be
