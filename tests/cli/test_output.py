"""The same report on a terminal, in a pipe and as JSON: `keepfit` itself, on a pseudo-terminal."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

COLUMN = "a|b[x]"
STYLE = re.compile(r"\x1b\[[0-9;]*m")
MARKS = re.compile(r"\\[`*\[\]~|_:.]|&(?:amp|lt|gt|#36);|\*\*|^\|", re.MULTILINE)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("output")
    for name, high in (("ref.csv", 40), ("cur.csv", 80)):
        rows = [f"{number % high},{'<x>' if number % 3 else 'c&d'}" for number in range(400)]
        (folder / name).write_text("\n".join([f"{COLUMN},dew_p", *rows]) + "\n")
    return folder


COMPARE = [sys.executable, "-m", "keepfit", "compare", "ref.csv", "cur.csv", "--slices"]


def on_terminal(command, folder, *, columns, **env):
    """What a program writes to a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS")}
    process = subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env={**kept, "TERM": "xterm", **env})
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # how a terminal says that nobody writes any more
            break
        if not part:
            break
        said += part
    os.close(ours)
    process.wait(60)
    return said.decode().replace("\r\n", "\n")


def in_pipe(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_a_terminal_shows_text_and_tables_and_no_markdown(files):
    text = on_terminal(COMPARE, files, columns=100)
    assert text.startswith("\x1b[1mdrift: 1 of 2 columns changed")
    bare = STYLE.sub("", text)
    assert COLUMN in bare
    assert MARKS.findall(bare) == []
    assert max(map(len, bare.splitlines())) <= 100


def test_a_pipe_gets_plain_text_that_says_the_same(files):
    piped, shown = in_pipe(COMPARE, files), STYLE.sub("", on_terminal(COMPARE, files, columns=400))
    assert MARKS.findall(piped) == []
    assert "\x1b" not in piped
    assert piped.split() == shown.split()


def test_colour_is_left_out_where_it_is_not_wanted(files):
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", on_terminal(COMPARE, files, columns=100, NO_COLOR="1"))


def test_json_is_the_same_wherever_it_goes(files):
    command = [*COMPARE, "--json"]
    assert on_terminal(command, files, columns=40) == in_pipe(command, files)
    assert [change["column"] for change in json.loads(in_pipe(command, files))["changes"]] == [COLUMN, "dew_p"]
