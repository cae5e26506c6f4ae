"""Tasks in forks of a process: what each does to itself no other notices. Run in a process of their own: pytest's has threads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAD = """
import json, os, signal, subprocess, sys, time
from keepfit.integrations.programs.tasks import Tasks
heard, taken = [], []
def run(work, names, jobs=2, deadline=20.0):
    def take(name, answer): taken.append((name, answer.decode()))
    tasks = Tasks(work=work, hear=lambda name, line: heard.append((name, line)), take=take, jobs=jobs, deadline=deadline)
    return {end.name: end for end in tasks.run(names)}
"""


def told(code, tmp_path, **environment):
    script = tmp_path / "tasks.py"
    script.write_text(HEAD + code)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def is_there(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pid, *, seconds=10):
    until = time.monotonic() + seconds
    while is_there(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_there(pid)


def test_whatever_one_does_to_itself_the_others_are_done(tmp_path):
    code = """
def work(name, hand_over):
    print("begins")
    if name == "raises": raise ValueError("no")
    if name == "exits": os._exit(7)
    if name == "crashes": os.kill(os.getpid(), signal.SIGSEGV)
    if name == "leaves": sys.exit(3)
    if name == "hangs": time.sleep(60)
    if name == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
    hand_over(name.encode())
import keepfit.integrations.programs.tasks as module
module.GRACE_SECONDS = 0.3
ends = run(work, ["raises", "exits", "crashes", "leaves", "hangs", "deaf", "a", "b"], deadline=1.0)
print(json.dumps({"codes": {name: [end.code, end.late] for name, end in ends.items()}, "taken": sorted(taken), "heard": heard}))
"""
    found = told(code, tmp_path)
    assert found["codes"] == {
        "raises": [1, False],
        "exits": [7, False],
        "crashes": [-signal.SIGSEGV, False],
        "leaves": [3, False],
        "hangs": [-signal.SIGTERM, True],
        "deaf": [-signal.SIGKILL, True],
        "a": [0, False],
        "b": [0, False],
    }
    assert found["taken"] == [["a", "a"], ["b", "b"]]
    assert [name for name, line in found["heard"] if line == "begins"].count("a") == 1
    assert ["raises", "ValueError: no"] in found["heard"]


def test_a_task_goes_on_only_once_its_answer_was_taken(tmp_path):
    code = """
from pathlib import Path
def work(name, hand_over):
    hand_over(b"x" * 3_000_000)
    Path(sys.argv[0]).with_suffix(".after").touch()
def take(name, answer):
    time.sleep(0.3)
    taken.append((len(answer), Path(sys.argv[0]).with_suffix(".after").exists()))
ends = [end.code for end in Tasks(work=work, hear=lambda *_: None, take=take, jobs=1, deadline=20).run(["a"])]
print(json.dumps([ends, taken, Path(sys.argv[0]).with_suffix(".after").exists()]))
"""
    assert told(code, tmp_path) == [[0], [[3_000_000, False]], True]


def test_never_more_run_than_may_and_each_leads_its_own_group(tmp_path):
    code = """
def work(name, hand_over):
    time.sleep(0.1)
    hand_over(json.dumps([os.getpid() == os.getpgid(0), sys.stdin.read()]).encode())
running, most = 0, 0
import keepfit.integrations.programs.tasks as module
begin = module.Tasks._begin
def counted(self, name, choose):
    global running, most
    running += 1
    most = max(most, running)
    return begin(self, name, choose)
module.Tasks._begin = counted
for end in Tasks(work=work, hear=lambda *_: None, take=lambda name, answer: taken.append(json.loads(answer)), jobs=3, deadline=20).run("abcdefg"):
    running -= 1
print(json.dumps([most, taken]))
"""
    assert told(code, tmp_path) == [3, [[True, ""]] * 7]


def test_what_a_task_left_running_in_its_group_goes_with_it(tmp_path):
    code = """
def work(name, hand_over):
    hand_over(str(subprocess.Popen(["sleep", "60"]).pid).encode())
run(work, ["a"])
print(taken[0][1])
"""
    assert gone(told(code, tmp_path))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda sign: sign.name)
def test_no_task_outlives_who_waits_for_it(tmp_path, sign):
    script = tmp_path / "tasks.py"
    script.write_text(
        HEAD
        + """
def work(name, hand_over):
    print(os.getpid(), flush=True)
    time.sleep(60)
for _ in Tasks(work=work, hear=lambda name, line: print(line, flush=True), take=lambda *_: None, jobs=2, deadline=60).run(["a", "b"]): pass
"""
    )
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
    tasks = [int(process.stdout.readline()) for _ in "ab"]
    process.send_signal(sign)
    process.wait(20)
    assert all(gone(pid) for pid in tasks)


def test_a_line_without_an_end_is_bounded(tmp_path):
    code = """
def work(name, hand_over):
    sys.stdout.write("y" * 1_000_000)
run(work, ["a"])
print(json.dumps([len(line) for _, line in heard]))
"""
    assert told(code, tmp_path) == [4_000]
