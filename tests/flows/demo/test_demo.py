from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from keepfit.errors import ParamsError, ProjectError, ServerError
from keepfit.flows.demo.demo import MARK, Demo, choose_folder, months, run_demo, with_rivals
from keepfit.flows.demo.server import choose_port
from keepfit.flows.demo.shell import DemoError, Shell, environment
from keepfit.report.story import StoryRow

NOBODY = "http://127.0.0.1:1"


def silent(line):
    pass


def shell(folder):
    return Shell(folder=folder, env=environment(keys=folder / "keys", server=NOBODY), say=silent)


def test_a_new_folder_is_made(tmp_path):
    assert choose_folder(tmp_path / "demo", say=silent).is_dir()


def test_an_earlier_demo_is_cleared_after_saying_so(tmp_path):
    said = []
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / MARK).write_text(json.dumps({"server": NOBODY}))
    assert choose_folder(folder, say=said.append) == folder
    assert list(folder.iterdir()) == []
    assert "starting afresh" in said[0]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "thesis.tex").write_text("mine")
    assert choose_folder(folder, say=silent) == tmp_path / "demo-2"
    assert (folder / "thesis.tex").read_text() == "mine"


def test_an_earlier_demo_whose_server_still_runs_is_left_alone(tmp_path, gated_server):
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / MARK).write_text(json.dumps({"server": gated_server.uri}))
    assert choose_folder(folder, say=silent) == tmp_path / "demo-2"


def test_a_file_in_the_way_is_one_sentence(tmp_path):
    (tmp_path / "demo").write_text("")
    with pytest.raises(ProjectError, match="is a file"):
        choose_folder(tmp_path / "demo", say=silent)


def test_a_port_in_use_is_one_sentence_and_the_default_evades():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServerError, match="is in use"):
            choose_port(taken.getsockname()[1])
    assert choose_port(None) >= 5000


def test_only_months_that_have_ended_are_lived():
    assert [name for name, _ in months(date(2014, 1, 1))] == [f"2013-{month:02d}" for month in range(2, 13)]
    assert list(months(date(2013, 2, 28))) == []


def test_a_year_of_no_month_is_one_sentence_and_makes_nothing(tmp_path):
    with pytest.raises(ParamsError, match="no month after January 2013"):
        run_demo(Demo(folder=tmp_path / "demo", until=date(2013, 2, 28)), say=silent)
    assert not (tmp_path / "demo").exists()


def test_the_rivals_numbers_stand_beside_the_months():
    row = StoryRow(month="2013-02", decision="continue", value=0.6)
    told = {"policies": {"never": {"windows": [{"window": "2013-02", "value": 0.61}]}, "calendar": {"windows": []}}}
    (filled,) = with_rivals([row], told)
    assert (filled.value, filled.static, filled.calendar) == (0.6, 0.61, None)


def test_a_command_is_printed_timed_and_read(tmp_path):
    said = []
    one = Shell(folder=tmp_path, env=environment(keys=tmp_path, server=NOBODY), say=said.append)
    assert one.run(["python", "-c", "print('{\"a\": 1}')"]).data == {"a": 1}
    assert said[0].startswith("$ python -c ")
    assert one.log[0]["exit"] == 0


def test_an_unexpected_exit_code_shows_the_last_words(tmp_path):
    with pytest.raises(DemoError, match=r"ended with 7:\n    alas"):
        shell(tmp_path).run(["python", "-c", "import sys; print('alas'); sys.exit(7)"])


def test_output_that_is_no_json_is_one_sentence(tmp_path):
    with pytest.raises(DemoError, match="no JSON: 'hello"):
        shell(tmp_path).run(["python", "-c", "print('hello')"]).data  # noqa: B018 - the property raises


@pytest.mark.slow
def test_ctrl_c_leaves_no_process_and_a_rerun_starts(tmp_path):
    command, quiet = [sys.executable, "-m", "keepfit", "demo", "--dir", "year"], subprocess.DEVNULL
    demo = subprocess.Popen(command, cwd=tmp_path, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, text=True, start_new_session=True)
    for line in demo.stderr:
        if "dvc repro evaluate" in line:
            break
    time.sleep(2)  # the stages, the rivals and the server have begun
    assert len(working_in(tmp_path / "year")) >= 3
    demo.send_signal(signal.SIGINT)
    said = demo.stderr.read()
    assert demo.wait(60) == 130, said
    assert "interrupted" in said
    assert working_in(tmp_path / "year") == []
    assert choose_folder(tmp_path / "year", say=silent) == tmp_path / "year"


def working_in(folder: Path) -> list[str]:
    """The processes whose current folder lies in `folder`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            here = str((process / "cwd").readlink())
        except OSError:
            continue
        if here.startswith(str(folder)):
            found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:100])
    return found
