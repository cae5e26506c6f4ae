from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from keepfit.integrations.programs.group import end_group, interrupted_by_signals, start_group

STUBBORN = "import signal, time\nfor sign in (signal.SIGINT, signal.SIGTERM): signal.signal(sign, signal.SIG_IGN)\nprint('deaf', flush=True)\ntime.sleep(60)"


def started(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)


def ended(process: subprocess.Popen[str], *, patience: float = 10) -> int:
    end_group(process, ask=[signal.SIGINT, signal.SIGTERM], patience=patience)
    process.stdout.close()
    return process.returncode


def test_a_program_that_obeys_is_only_asked():
    process = started("import time\ntry:\n    print('up', flush=True)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    raise SystemExit(7)")
    process.stdout.readline()
    assert ended(process) == 7


def test_a_program_that_hears_nothing_is_killed():
    process = started(STUBBORN)
    process.stdout.readline()
    assert ended(process, patience=0.2) == -signal.SIGKILL


def test_a_program_that_is_gone_is_fine():
    process = started("")
    process.wait()
    assert ended(process) == 0


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks for processes in /proc")
def test_a_child_that_outlives_the_program_is_killed():
    code = f"import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}], stdout=subprocess.PIPE, text=True)\n"
    process = started(code + "child.stdout.readline()\nprint(child.pid, flush=True)\nchild.wait()")
    child = Path("/proc", process.stdout.readline().strip(), "stat")
    assert child.exists()
    ended(process)
    until = time.monotonic() + 10
    while child.exists() and child.read_text().rsplit(")", 1)[1].split()[0] != "Z":
        assert time.monotonic() < until, "it lives"
        time.sleep(0.02)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_interrupts_inside_the_block_and_is_what_it_was_behind_it(sign):
    before = signal.getsignal(sign)
    with pytest.raises(KeyboardInterrupt), interrupted_by_signals():
        signal.raise_signal(sign)
    assert signal.getsignal(sign) is before


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupted_by_signals():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_another_thread_may_use_the_block():
    done: list[bool] = []

    def work() -> None:
        with interrupted_by_signals():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_a_signal_while_a_program_starts_ends_it_too(monkeypatch):
    """The interrupt arrives when the program runs but nobody holds it yet."""
    held = []
    popen = subprocess.Popen

    def interrupted(*arguments, **options):
        held.append(popen(*arguments, **options))
        signal.raise_signal(signal.SIGINT)
        return held[-1]

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        start_group([sys.executable, "-c", "import time; time.sleep(60)"])
    assert held[0].poll() is not None
    assert signal.getsignal(signal.SIGINT) is before
