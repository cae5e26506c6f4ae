"""One interpreter that has loaded its libraries runs the scripts that a program starts, each in a fork of it.

A pipeline of seven scripts loads the same libraries six times, which is most of its time. `serve` starts the program (dvc) and tells it by
the environment where to ask; a script that finds the variable hands itself over (`asking.py`). The server has imported and run nothing; what
runs in a fork is the script from its first line, so that nothing of one script is left for the next. All are one process group: a signal to
it reaches each of them, as if the script had been started afresh.

Whatever is not as it must be is answered with "run yourself": another interpreter, another environment, threads in the server.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from keepfit.integrations.programs.asking import ITSELF, LENGTH, SIGNALS, STREAMS, VARIABLE, interpreter
from keepfit.integrations.programs.forked import Fork

FREE = {"PATH", "PWD", "OLDPWD", "SHLVL", "_"}  # what may differ between two scripts of one program, beside DVC's own variables
PATIENCE_SECONDS = 10.0


def is_possible() -> bool:
    """Whether this system tells of the end of a process as the server needs it (Linux)."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def serve(command: Sequence[str], load: Callable[[str], None]) -> int:
    """Run a program to its end, and the scripts that it hands over meanwhile; return its exit code, 128 + n for a signal n.

    `load(script)` imports what the script will need, and does nothing else.
    """
    folder = Path(tempfile.mkdtemp(prefix="keepfit-warm-"))
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            env = dict(os.environ)
            with contextlib.suppress(OSError):  # a path that is too long for a socket: every script runs itself
                door.bind(str(folder / "door"))
                door.listen()
                env[VARIABLE] = str(folder / "door")
            server = Server(door=door, load=load, env=env)
            for sign in SIGNALS:
                if signal.getsignal(sign) is not signal.SIG_IGN:
                    signal.signal(sign, server.hear)
            return server.run(command)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Server:
    """The door at which scripts knock, the program behind them, and the scripts that run, each with the way to who waits for it."""

    door: socket.socket
    load: Callable[[str], None]
    env: Mapping[str, str]
    running: dict[Fork, socket.socket] = field(default_factory=dict)
    choose: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    heard: bool = False

    def hear(self, *_: object) -> None:
        """Note a signal: it was sent to the group, and all others have heard it; we end after them."""
        self.heard = True

    def run(self, command: Sequence[str]) -> int:
        """Serve until the program has ended, and end what it left running."""
        program = subprocess.Popen(command, env=dict(self.env))
        end = os.pidfd_open(program.pid)
        try:
            self.choose.register(end, selectors.EVENT_READ)
            if VARIABLE in self.env:
                self.choose.register(self.door, selectors.EVENT_READ, self._accept)
            while self._turn():
                pass
        finally:
            for fork in tuple(self.running):
                self._end(fork)
            os.close(end)
        code = program.wait()
        return code if code >= 0 else 128 - code

    def _turn(self) -> bool:
        """Do what comes next; False once the program has ended."""
        for key, _ in self.choose.select():
            if key.data is None:
                return False
            key.data()
        return True

    def _accept(self) -> None:
        way, _ = self.door.accept()
        way.settimeout(PATIENCE_SECONDS)
        streams: list[int] = []
        try:
            about, streams = _request(way)
            if self._can(about):
                self._begin(about, streams, way)
            else:
                way.sendall(ITSELF.encode())
                way.close()
        except (OSError, ValueError, KeyError):
            way.close()
        finally:
            for stream in streams:
                os.close(stream)

    def _can(self, about: Mapping[str, Any]) -> bool:
        """Whether a fork would be what the script would be by itself; imports what it needs."""
        if about["python"] != interpreter() or _deciding(about["env"]) != _deciding(self.env):
            return False
        try:
            self.load(about["script"])
        except Exception:  # noqa: BLE001 - what cannot be imported is better said by the script itself
            return False
        return threading.active_count() == 1

    def _begin(self, about: Mapping[str, Any], streams: Sequence[int], way: socket.socket) -> None:
        about = {**about, "env": {key: value for key, value in about["env"].items() if key != VARIABLE}}
        fork = Fork.of(about, streams, close=[self.door, way, *self.running.values()])
        self.running[fork] = way
        self.choose.register(fork.end, selectors.EVENT_READ, partial(self._ended, fork))
        self.choose.register(way, selectors.EVENT_READ, partial(self._left, fork))

    def _ended(self, fork: Fork) -> None:
        """Tell a script's exit code to who waits for it."""
        if fork in self.running:
            with contextlib.suppress(OSError):
                self.running[fork].sendall(str(fork.code()).encode())
            self._forget(fork)

    def _left(self, fork: Fork) -> None:
        """Nobody waits for a script any more: who asked was killed, and with it goes what it asked for."""
        if fork in self.running:
            self._end(fork)

    def _end(self, fork: Fork) -> None:
        fork.stop(ask=not self.heard)
        self._forget(fork)

    def _forget(self, fork: Fork) -> None:
        way = self.running.pop(fork)
        for each in (fork.end, way):
            self.choose.unregister(each)
        way.close()
        fork.close()


def _request(way: socket.socket) -> tuple[Mapping[str, Any], list[int]]:
    head, streams, _, _ = socket.recv_fds(way, LENGTH.size, len(STREAMS))
    if len(head) < LENGTH.size or len(streams) != len(STREAMS):
        raise ValueError("no request")
    body = bytearray()
    (length,) = LENGTH.unpack(head)
    while len(body) < length:
        part = way.recv(length - len(body))
        if not part:
            raise ValueError("cut short")
        body += part
    return json.loads(body), list(streams)


def _deciding(env: Mapping[str, str]) -> dict[str, str]:
    """What libraries may have gone by when they were loaded."""
    return {key: value for key, value in env.items() if key not in FREE and not key.startswith("DVC_")}
