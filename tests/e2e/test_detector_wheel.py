"""A detector from a separate wheel: docs/extend.md's own example, built, installed beside keepfit's wheel and used by name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.e2e.test_wheel import run, wheel  # noqa: F401  a fixture

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "far-detector"
version = "1.0"
[tool.hatch.build.targets.wheel]
include = ["far_detector.py"]
"""
USE = """
import pyarrow as pa, keepfit, far_detector
from keepfit import plugins
from keepfit.monitor.compare import drift_of
from keepfit.profiles.profile import learn_layout, profile_table
tables = [pa.table({"x": [1.0, 2.0, 3.0] * 50}), pa.table({"x": [4.0, 5.0, 6.0] * 50})]
layout = learn_layout(tables[0], {"x": "numeric"})
sides = [profile_table(table, layout, name) for table, name in zip(tables, ("before", "now"))]
found = drift_of(*sides, rules={"*": "mean_moved"})
print(keepfit.__file__, far_detector.__file__, sep="\\n")
print("mean_moved" in plugins.names("detectors"), [(one.detector, one.statistic, round(one.effect, 3)) for one in found.changes[0].evidence])
"""


def example(language: str) -> str:
    """The block of this language in docs/extend.md."""
    found = re.search(rf"```{language}\n(.*?)```", (REPOSITORY / "docs" / "extend.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


@pytest.fixture(scope="module")
def target(wheel, tmp_path_factory):  # noqa: F811  the fixture
    """A folder with both wheels and nothing else; what they depend on comes from the running environment."""
    source, dist, folder = (tmp_path_factory.mktemp(name) for name in ("far", "dist", "target"))
    (source / "far_detector.py").write_text(example("python"))
    (source / "pyproject.toml").write_text(PROJECT + example("toml"))
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", dist, source, cwd=dist)
    wheels = [wheel, next(dist.glob("*.whl"))]
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", folder, *wheels, cwd=dist)
    return folder


def test_a_detector_of_another_wheel_is_used_by_name(target):
    done = subprocess.run([sys.executable, "-c", USE], cwd=target, env={**os.environ, "PYTHONPATH": str(target)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    ours, far, said = done.stdout.splitlines()
    assert Path(ours).is_relative_to(target)
    assert Path(far).is_relative_to(target)
    assert said == "True [('mean_moved', 3.0, 3.674)]"
