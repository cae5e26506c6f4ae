from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.waiting import wait_for

from keepfit.errors import TrainError
from keepfit.integrations.programs.commands import run_command


def script(folder, text):
    (folder / "job.py").write_text(text)
    return "python job.py"


def test_a_command_runs_with_keepfits_python_and_its_arguments(tmp_path):
    command = script(tmp_path, "import sys; open('out.txt', 'w').write(sys.executable + ' ' + sys.argv[1])")
    run_command(command, cwd=tmp_path, where="params.yaml: train.command", arguments=["a b"])
    assert (tmp_path / "out.txt").read_text().endswith(" a b")
    assert Path((tmp_path / "out.txt").read_text().split()[0]).parent == Path(sys.executable).parent


def test_a_failing_command_is_told_with_its_last_ten_lines(tmp_path):
    command = script(tmp_path, "for i in range(40): print('line', i)\nraise SystemExit('no such column: fare')")
    with pytest.raises(TrainError) as caught:
        run_command(command, cwd=tmp_path, where="params.yaml: train.command")
    said = str(caught.value)
    assert "ended with 1" in said
    assert "no such column: fare" in said
    assert "line 31" in said
    assert "line 30" not in said


@pytest.mark.parametrize(
    ("command", "said"), [("no-such-program x", "cannot be started"), ("python 'x", "cannot be split"), ("  ", "is empty"), ("false", "said nothing")]
)
def test_what_cannot_run_is_one_sentence(tmp_path, command, said):
    with pytest.raises(TrainError, match=said):
        run_command(command, cwd=tmp_path, where="params.yaml: train.command")


def test_the_place_of_the_keys_is_withheld(tmp_path, monkeypatch):
    monkeypatch.setenv("KEEPFIT_KEYS", "/secret")
    command = script(tmp_path, "import os; assert 'KEEPFIT_KEYS' not in os.environ; assert os.environ['KEEPFIT_TRAIN'] == 't.csv'")
    run_command(command, cwd=tmp_path, where="params.yaml: train.command", env={"KEEPFIT_TRAIN": "t.csv"})


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_and_all_it_started(tmp_path, sign):
    script(
        tmp_path,
        "import subprocess, os, time\nchild = subprocess.Popen(['sleep', '60'])\nopen('pids', 'w').write(f'{os.getpid()} {child.pid} .')\ntime.sleep(60)",
    )
    load = "from pathlib import Path; from keepfit.integrations.programs.commands import run_command"
    code = f"{load}; run_command('python job.py', cwd=Path({str(tmp_path)!r}), where='x')"
    ours = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    pids = tmp_path / "pids"
    wait_for(lambda: pids.exists() and pids.read_text().endswith("."))
    command, child = (int(word) for word in pids.read_text().split()[:2])
    ours.send_signal(sign)
    assert ours.wait(20) != 0
    wait_for(lambda: not alive(command) and not alive(child))
