"""What the demo tells of a suggestion is what the command says, of a real project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.expect.suggest import streams
from tests.flows.expectations import small

from keepfit.flows.demo.shell import Shell
from keepfit.flows.demo.tale import Tale
from keepfit.flows.rows.windows import decide_window


def test_the_suggested_patch_that_would_have_caught_a_month_is_shown_in_six_lines(tmp_path):
    project = small.make(tmp_path, months=8)
    (project.suites / "data" / "rows.json").unlink()
    month = small.close(tmp_path, 8, streams.stuck)
    decide_window(project, month, "exclude", "the sensor was stuck", by="Ann")
    told: list[str] = []
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    Tale(shell=Shell(folder=tmp_path, env=env, say=lambda _: None), model="small", note=told.append).suggested(month)
    assert told[0] == f"suggested lines that would have caught {month}: 1; x_spread would have caught 1 of 1 incident ({month}), 0 false on 8 windows"
    assert len(told) == 7
    assert '+      "type": "expect_column_stdev_to_be_between",' in told[3]
