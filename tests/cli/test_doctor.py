"""`keepfit doctor`: what the platform team types."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from keepfit.cli.doctor import doctor

HEAVY = ("mlflow", "pandas", "scipy", "sklearn", "great_expectations", "dvc", "numpy", "sqlalchemy")


def run(*arguments):
    return CliRunner().invoke(doctor, arguments)


def test_what_is_not_known_is_no_failure():
    done = run()
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "unknown  gate                no MLflow server is named here")


def test_a_failure_ends_with_one_and_shows_its_fix(tmp_path):
    done = run("--rules", str(tmp_path / "gate.yaml"))
    assert done.exit_code == 1
    assert "fix: mend the file" in done.stdout


def test_json_says_the_same():
    done = json.loads(run("--json").stdout)
    assert done["schema"] == 1
    assert done["checks"][0] == {
        "name": "gate",
        "status": "unknown",
        "found": "no MLflow server is named here",
        "fix": "set MLFLOW_TRACKING_URI, or run keepfit doctor inside a project",
    }


@pytest.mark.parametrize("uri", ["", "http://127.0.0.1:9"])
def test_it_loads_no_heavy_tool(uri, tmp_path):
    code = f"""
import os, sys
if {uri!r}:
    os.environ["MLFLOW_TRACKING_URI"] = {uri!r}
sys.argv[1:] = ["doctor"]
from keepfit.cli import main
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
print(sorted({{name.partition(".")[0] for name in sys.modules}} & set({HEAVY!r})))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert said.stdout.splitlines()[-1] == "[]"
