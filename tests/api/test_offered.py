"""`import keepfit`: what it offers, what it costs, and what a type checker knows of it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from tests.conftest import REPOSITORY
from tests.contracts.test_light_imports import loaded

import keepfit

HEAVY = ("mlflow", "pandas", "numpy", "scipy", "sklearn", "pyarrow", "great_expectations", "dvc", "sqlalchemy", "pydantic", "click", "jinja2", "polars")
TIME = """
import sys, time
started = time.process_time()
import keepfit
print(time.process_time() - started)
"""


def test_the_import_loads_no_library_and_costs_no_time():
    assert loaded("import keepfit; dir(keepfit)", heavy=HEAVY) == set()
    runs = [float(subprocess.run([sys.executable, "-c", TIME], capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    assert min(runs) < 0.03


def test_what_is_offered_is_listed_and_can_be_had():
    assert set(keepfit.__all__) <= set(dir(keepfit))
    assert [name for name in keepfit.__all__ if getattr(keepfit, name, None) is None] == []
    with pytest.raises(AttributeError, match="module 'keepfit' has no attribute 'comapre'; it offers compare"):
        keepfit.comapre  # noqa: B018 - asking is the claim


def test_all_that_is_offered_is_documented():
    assert [name for name in keepfit.__all__ if not name.startswith("__") and not getattr(keepfit, name).__doc__] == []


USER = """
from pathlib import Path

import keepfit


class Rows:  # as pandas and Polars declare theirs
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


found = keepfit.compare(Rows(), "a.parquet", columns=["x"], target="x")
keepfit.compare(Path("a.parquet"), Rows(), slices=True)
reveal_type(found)
reveal_type(found.passed)
reveal_type(found.drift.changes[0].effect)
project = keepfit.Project(".")
reveal_type(project.monitor(until="2026-03-01").tickets[0].id)
reveal_type(project.windows()[0].value)
reveal_type(project.backtest(["never"]).winner)
found = keepfit.compare(7, "b.parquet")
found.pased
keepfit.compare("a", "b", colums=["x"])
"""


@pytest.mark.slow
def test_a_strict_type_checker_knows_what_is_offered(tmp_path):
    """With the cache that the check of the package left, where there is one: what a user's checker reads of it is the same."""
    (tmp_path / "user.py").write_text(USER)
    command = [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "user.py")]
    said = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False).stdout
    assert (REPOSITORY / "plugin" / "keepfit" / "py.typed").is_file()
    assert re.findall(r'Revealed type is "(.*?)"', said) == [
        "keepfit.api.comparison.TableComparison",
        "bool",
        "float | None",
        "str",
        "float | None",
        "str | None",
    ]
    assert re.findall(r"user.py:(\d+): error: .*\[([a-z-]+)\]", said) == [("20", "arg-type"), ("21", "attr-defined"), ("22", "call-arg")]
