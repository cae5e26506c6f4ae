"""Many tasks at once, each in a fork of this interpreter: libraries are loaded once, and what one task does to itself no other notices.

A fork leads a process group of its own, without a terminal to read from. It ends by itself, by its deadline, or with us: a crash, a hang and
`os._exit` are ends like any other. What it prints is heard a line at a time; what it hands over is taken before it goes on, so that a task knows that
it arrived. Forks see the memory as it is when they begin: load what they need, and start no thread, before.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from keepfit.integrations.programs.asking import SIGNALS
from keepfit.integrations.programs.group import interrupted_by_signals
from keepfit.integrations.programs.task import LENGTH, TAKEN, Work, become

GRACE_SECONDS = 5.0
LOOK_SECONDS = 0.2
HAND_OVER_SECONDS = 30.0
LONGEST = 4_000


@dataclass(frozen=True, kw_only=True)
class TaskEnd:
    """How a task ended: `code` is its exit code, -n after a signal n, `late` if that was for its deadline; its CPU seconds and largest memory."""

    name: str
    code: int
    late: bool = False
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Tasks:
    """Runs `work(name, hand_over)` for names, at most `jobs` at a time, each for at most `deadline` seconds.

    `hear(name, line)` gets what a task prints, `take(name, answer)` what it hands over; the task goes on once `take` has returned.
    """

    work: Work
    hear: Callable[[str, str], None]
    take: Callable[[str, bytes], None]
    jobs: int
    deadline: float

    def run(self, names: Sequence[str]) -> Iterator[TaskEnd]:
        """Yield each task's end, in the order they end; whoever stops asking, and a signal, ends those that run."""
        waiting, running = deque(names), list[_Running]()
        gc.freeze()  # shared memory stays shared: no search for garbage writes into it
        with interrupted_by_signals(), selectors.DefaultSelector() as choose:
            try:
                while waiting or running:
                    while waiting and len(running) < self.jobs:
                        running.append(self._begin(waiting.popleft(), choose))
                    for key, _ in choose.select(self._patience(running)):
                        key.data()
                    for each in [each for each in running if each.is_over()]:
                        running.remove(each)
                        yield each.end()
            finally:
                _stop(running)

    def _begin(self, name: str, choose: selectors.BaseSelector) -> _Running:
        (reads, writes), (ours, theirs) = os.pipe(), socket.socketpair()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            pid = os.fork()
            if pid == 0:
                ours.close()
                os.close(reads)
                become(self.work, name, writes, theirs)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        with contextlib.suppress(OSError):  # it does so itself; whoever of us comes first
            os.setpgid(pid, pid)
        os.close(writes)
        theirs.close()
        os.set_blocking(reads, False)
        ours.settimeout(HAND_OVER_SECONDS)
        return _Running(name=name, pid=pid, out=reads, way=ours, choose=choose, tasks=self, until=time.monotonic() + self.deadline)

    def _patience(self, running: Sequence[_Running]) -> float:
        return max(0.0, min(LOOK_SECONDS, *(each.until - time.monotonic() for each in running)))


@dataclass(kw_only=True)
class _Running:
    """A task that runs, and what is known of it."""

    name: str
    pid: int
    out: int
    way: socket.socket
    choose: selectors.BaseSelector
    tasks: Tasks
    until: float
    late: bool = False
    asked: float | None = None
    line: bytearray = field(default_factory=bytearray)
    found: tuple[int, float, float] | None = None

    def __post_init__(self) -> None:
        self.choose.register(self.out, selectors.EVENT_READ, self.listen)
        self.choose.register(self.way, selectors.EVENT_READ, self._take)

    def listen(self) -> None:
        """Hear what was printed so far; of an endless line its beginning."""
        with contextlib.suppress(BlockingIOError):
            while part := os.read(self.out, 65_536):
                *whole, rest = (bytes(self.line) + part).split(b"\n")
                self.line[:] = rest[:LONGEST]
                for line in whole:
                    self.tasks.hear(self.name, line[:LONGEST].decode("utf-8", "replace"))
            self._forget(self.out)

    def _take(self) -> None:
        """Take what the task hands over and let it go on; an end says only that it is over, or about to be."""
        head = _exactly(self.way, LENGTH.size)
        answer = None if head is None else _exactly(self.way, LENGTH.unpack(head)[0])
        if answer is None:
            self._forget(self.way)
            return
        self.listen()  # what it said before
        self.tasks.take(self.name, answer)
        with contextlib.suppress(OSError):
            self.way.sendall(TAKEN)

    def is_over(self) -> bool:
        """Whether it has ended; past its deadline it is asked to, then made to."""
        now = time.monotonic()
        if now > self.until:
            self.late = True
            if self.asked is None:
                self.asked = now
                self.until = now + GRACE_SECONDS
                self.tell(signal.SIGTERM)
            else:
                self.tell(signal.SIGKILL)
        return self.reaped()

    def reaped(self) -> bool:
        """Whether it has ended, whyever."""
        if self.found is None:
            pid, status, used = os.wait4(self.pid, os.WNOHANG)
            if pid:
                scale = 1024.0 if sys.platform != "darwin" else 1024.0**2
                self.found = (os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / scale)
        return self.found is not None

    def tell(self, sign: signal.Signals) -> None:
        """Send a signal to all of its group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, sign)

    def end(self) -> TaskEnd:
        """Let go of it, and of what it left running."""
        assert self.found is not None
        self.tell(signal.SIGKILL)
        if not self._is_forgotten(self.way):
            self.way.settimeout(0)
            with contextlib.suppress(OSError):
                self._take()
        if not self._is_forgotten(self.out):
            self.listen()
        if self.line:
            self.tasks.hear(self.name, self.line.decode("utf-8", "replace"))
        self.close()
        code, cpu, peak = self.found
        return TaskEnd(name=self.name, code=code, late=self.late, cpu_seconds=cpu, peak_mb=peak)

    def close(self) -> None:
        """Close both ways to it."""
        for each in (self.out, self.way):
            self._forget(each)
        os.close(self.out)
        self.way.close()

    def _is_forgotten(self, each: int | socket.socket) -> bool:
        return each not in [key.fileobj for key in self.choose.get_map().values()]

    def _forget(self, each: int | socket.socket) -> None:
        with contextlib.suppress(KeyError):
            self.choose.unregister(each)


def _stop(running: Sequence[_Running]) -> None:
    """End all that run: asked, and killed if they do not listen."""
    for each in running:
        each.tell(signal.SIGTERM)
    until = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < until and len([each for each in running if each.reaped()]) < len(running):
        select.select([], [], [], 0.02)
    for each in running:
        each.tell(signal.SIGKILL)
        if each.found is None:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(each.pid, 0)
        each.close()


def _exactly(way: socket.socket, size: int) -> bytes | None:
    """So many bytes; None where the other side ended before."""
    found = bytearray()
    while len(found) < size:
        try:
            part = way.recv(size - len(found))
        except (ConnectionError, BlockingIOError, TimeoutError):
            return None
        if not part:
            return None
        found += part
    return bytes(found)
