from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.waiting import wait_for

from keepfit.integrations.programs.asking import VARIABLE
from keepfit.integrations.programs.warm import is_possible

pytestmark = pytest.mark.skipif(not is_possible(), reason="no pidfd on this system")

ASK = "import sys\nfrom keepfit.integrations.programs.asking import ask\ncode = ask()\nif code is not None:\n    sys.exit(code)\n"
SERVE = "import sys; sys.path.pop(0); from keepfit.integrations.programs.warm import serve; sys.exit(serve(sys.argv[1:], {load}))"
LOAD = "lambda script: __import__('decimal')"
WHO = "import os\nprint(os.getppid())\n"


@pytest.fixture
def scripts(tmp_path):
    """Write scripts, and run a shell line that starts some of them: warm, or each by itself."""
    return Scripts(tmp_path)


class Scripts:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(ASK + text)

    def start(self, line: str, *, warm: bool = True, load: str = LOAD, **env: str) -> subprocess.Popen:
        shell = ["sh", "-c", line.replace("python", sys.executable)]
        command = [sys.executable, "-c", SERVE.format(load=load), *shell] if warm else shell
        return subprocess.Popen(
            command, cwd=self.folder, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def run(self, line: str, **how) -> tuple[int, str, str]:
        process = self.start(line, **how)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def pid(self, name: str) -> int:
        path = self.folder / name
        wait_for(lambda: path.exists() and path.read_text().strip(), 30, what="the script never started")
        return int(path.read_text())


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_scripts_share_one_interpreter_that_has_loaded_what_they_need(scripts):
    scripts.write("who.py", WHO + "print('decimal' in sys.modules)\n")
    _, out, _ = scripts.run("python who.py; python who.py")
    first, loaded, second, again = out.split()
    assert first == second
    assert loaded == again == "True"


ENDS = {
    "quiet": "",
    "a number": "sys.exit(7)\n",
    "a sentence": "sys.exit('no rows')\n",
    "an error": "raise ValueError('no rows')\n",
    "a signal": "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n",
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
    "at once": "import os\nos._exit(5)\n",
    "what is left": "import atexit, threading, time\natexit.register(print, 'bye')\n"
    "threading.Thread(target=lambda: (time.sleep(0.3), print('done'))).start()\n",
}


@pytest.mark.parametrize("name", ENDS)
def test_a_script_ends_there_as_it_ends_by_itself(scripts, name):
    scripts.write("stage.py", f"print('hello')\nprint('words', file=sys.stderr)\n{ENDS[name]}")
    line = "python stage.py; echo $?"
    (_, warm, warm_err), (_, fresh, fresh_err) = scripts.run(line), scripts.run(line, warm=False)
    assert warm == fresh
    assert warm_err.splitlines()[:1] == fresh_err.splitlines()[:1] == ["words"]
    assert warm_err.splitlines()[-1:] == fresh_err.splitlines()[-1:]


def test_a_script_has_its_own_arguments_folder_environment_and_neighbours(scripts):
    (scripts.folder / "below").mkdir()
    (scripts.folder / "neighbour.py").write_text("NAME = 'the neighbour'\n")
    scripts.write(
        "about.py",
        "import os, neighbour\nprint(__name__, sys.argv, os.getcwd(), os.environ['DVC_STAGE'], neighbour.NAME, os.path.samefile(__file__, '../about.py'))\n",
    )
    line = "cd below && DVC_STAGE=one python ../about.py a 'b c'"
    told = scripts.run(line)
    assert told == scripts.run(line, warm=False)
    assert told[1].startswith("__main__ ['../about.py', 'a', 'b c']")


def test_nothing_of_a_script_is_left_for_the_next(scripts):
    scripts.write(
        "one.py", "import decimal, os, random\ndecimal.LEFT = os.environ['LEFT'] = 'something'\nos.chdir('/')\nsys.path.append('x')\nprint(random.random())\n"
    )
    scripts.write(
        "two.py",
        "import decimal, os, random\nprint(hasattr(decimal, 'LEFT'), 'LEFT' in os.environ, os.getcwd() != '/', 'x' in sys.path)\nprint(random.random())\n",
    )
    _, out, _ = scripts.run("python one.py; python two.py")
    one, left, two = out.splitlines()
    assert left == "False False True False"
    assert one != two


@pytest.mark.parametrize("change", ["OMP_NUM_THREADS=7 python who.py", "python -O who.py", "python -W ignore who.py", "python -c pass; python -m who"])
def test_what_would_not_be_the_same_interpreter_runs_by_itself(scripts, change):
    scripts.write("who.py", WHO)
    _, out, _ = scripts.run(f"python who.py; {change}", OMP_NUM_THREADS="1")
    server, other = out.split()
    assert server != other


def test_threads_in_the_server_or_what_it_cannot_import_leave_the_script_to_itself(scripts):
    scripts.write("who.py", WHO)
    threads = "lambda script: __import__('threading').Thread(target=__import__('time').sleep, args=(5,), daemon=True).start()"
    for load in (threads, "lambda script: __import__('no_such_library')"):
        code, out, err = scripts.run("echo $PPID; python who.py", load=load)
        server, parent = out.split()
        assert (code, err, server != parent) == (0, "", True)


def test_the_programs_own_exit_code_is_passed_on_and_the_variable_is_gone_inside(scripts):
    scripts.write("inside.py", f"import os\nprint(os.environ.get({VARIABLE!r}))\n")
    assert scripts.run("python inside.py; exit 9") == (9, "None\n", "")
    assert scripts.run("kill -9 $$")[0] == 128 + signal.SIGKILL


SLOW = "import os, time\nfrom pathlib import Path\nPath('pid.tmp').write_text(str(os.getpid())); os.replace('pid.tmp', 'pid')\ntime.sleep(300)\n"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_the_group_ends_all_of_it(scripts, sign):
    scripts.write("slow.py", SLOW)
    process = scripts.start("python slow.py")
    fork = scripts.pid("pid")
    os.killpg(process.pid, sign)
    process.communicate(timeout=20)
    assert process.returncode != 0
    wait_for(lambda: not alive(fork), 10, what="the fork outlived its group")


STARTS = """
import signal, subprocess, sys
process = subprocess.Popen([sys.executable, "tidy.py"])
signal.signal(signal.SIGINT, signal.SIG_IGN)
print(process.wait())
"""


def test_a_script_that_cleans_up_after_ctrl_c_is_given_the_time(scripts):
    (scripts.folder / "starts.py").write_text(STARTS)
    inside = SLOW.replace("\n", "\n    ").rstrip()
    scripts.write("tidy.py", f"from pathlib import Path\nimport time\ntry:\n    {inside}\nfinally:\n    time.sleep(0.5)\n    Path('tidy').touch()\n")
    process = scripts.start("exec python starts.py")
    scripts.pid("pid")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert out.strip() == str(-signal.SIGINT)
    assert "KeyboardInterrupt" in err
    assert (scripts.folder / "tidy").exists()


def test_who_is_killed_while_he_waits_takes_his_script_with_him(scripts):
    note = f"import os\nif {VARIABLE!r} in os.environ:\n    open('waiting', 'w').write(str(os.getpid()))\n"
    (scripts.folder / "slow.py").write_text(note + ASK + SLOW)
    process = scripts.start("python slow.py; echo $?")
    fork, waiting = scripts.pid("pid"), scripts.pid("waiting")
    os.kill(waiting, signal.SIGKILL)
    out, _ = process.communicate(timeout=20)
    assert out.strip() == str(128 + signal.SIGKILL)
    assert not alive(fork)


def test_a_server_that_is_killed_takes_its_forks_with_it_and_the_script_says_so(scripts):
    scripts.write("slow.py", SLOW)
    process = scripts.start("python slow.py; echo $?")
    fork = scripts.pid("pid")
    os.kill(process.pid, signal.SIGKILL)
    out, err = process.communicate(timeout=20)
    assert out.strip() == "1"
    assert "keepfit: the interpreter that ran this script was killed\n  fix: run the same command again\n" in err
    wait_for(lambda: not alive(fork), 10, what="the fork outlived its server")


def test_what_a_program_that_ended_left_running_ends_too(scripts):
    scripts.write("slow.py", SLOW)
    process = scripts.start("python slow.py & while [ ! -e pid ]; do sleep 0.1; done; exit 4")
    fork = scripts.pid("pid")
    begun = time.monotonic()
    assert process.wait(20) == 4
    assert time.monotonic() - begun < 8
    assert not alive(fork)
    process.communicate()
