"""What this process and all that it started have used: CPU seconds and peak memory, from /proc (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Used:
    """CPU seconds of all processes, those that ended included, and peak MB: of this one, of the largest JVM, of the largest other child."""

    seconds: float
    driver: float
    jvm: float
    worker: float


def used_so_far() -> Used:
    """Return what was used up to now; a process that was reaped counts with the one that reaped it."""
    stats = dict(_stats())
    ours, front = {os.getpid()}, [os.getpid()]
    while front:
        front = [pid for pid, fields in stats.items() if int(fields[1]) in front and pid not in ours]
        ours |= set(front)
    children = [pid for pid in ours if pid != os.getpid()]
    javas = {pid for pid in children if _name(pid) == "java"}
    return Used(
        seconds=sum(sum(map(int, stats[pid][11:15])) for pid in ours if pid in stats) / TICKS,  # utime, stime, cutime, cstime
        driver=_peak(os.getpid()),
        jvm=max(map(_peak, javas), default=0.0),
        worker=max(map(_peak, set(children) - javas), default=0.0),
    )


def _stats() -> Iterator[tuple[int, list[str]]]:
    """Each process with the fields of its `stat` from the third (its state) on."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                yield int(folder.name), (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _peak(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)
