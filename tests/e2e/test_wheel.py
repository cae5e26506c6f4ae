"""The wheel works where only it is installed: it brings the command, the entry points and the template."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def run(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(part) for part in command], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy of what git tracks or would track, so that nothing is left in the repository."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=REPOSITORY).stdout.split("\0"):
        if name and (REPOSITORY / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, source / name)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source, cwd=out)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def clean(wheel, tmp_path_factory):
    """A virtual environment with the wheel; its dependencies are those of the running one, without the running keepfit."""
    venv = tmp_path_factory.mktemp("clean") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv.parent)
    python = venv / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=venv.parent)
    site = next((venv / "lib").glob("python*/site-packages"))
    # a path, not a site folder: the .pth of an editable keepfit in there is not followed
    (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return venv / "bin"


def test_the_wheel_holds_the_package_the_template_and_the_licence(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "keepfit/records/__init__.py",
        "keepfit/template/dvc.yaml",
        "keepfit/template/params.yaml",
        "keepfit/template/gate.yaml",
        "keepfit/template/curation.yaml",
        "keepfit/template/labels/README.md",
        "licenses/LICENSE",
    ):
        assert any(name.endswith(wanted) for name in names), wanted
    for stage in (REPOSITORY / "stages").glob("*.py"):
        assert f"keepfit/template/stages/{stage.name}" in names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests/")]


def test_the_installed_keepfit_is_the_wheel(clean):
    said = run(clean / "python", "-c", "import keepfit; print(keepfit.__file__)", cwd=clean).stdout
    assert Path(said.strip()).is_relative_to(clean.parent)
    assert "keepfit, version" in run(clean / "keepfit", "--version", cwd=clean).stdout


def test_mlflow_finds_the_gate_its_app_and_the_run_context(clean):
    code = """
from importlib.metadata import entry_points
for group in ("mlflow.model_registry_store", "mlflow.run_context_provider", "mlflow.app"):
    print([point.load() for point in entry_points(group=group, name="keepfit")])
"""
    said = run(clean / "python", "-c", code, cwd=clean).stdout
    assert "gated_store" in said
    assert "KeepfitRunContext" in said
    assert "create_app" in said


def test_a_project_is_made_from_the_wheel_alone(clean, tmp_path):
    # the dvc program is the running environment's, like every dependency
    path = os.pathsep.join([str(clean), str(Path(sys.executable).parent), os.environ["PATH"]])
    said = run(clean / "keepfit", "init", "flights", "--template", "flights", cwd=tmp_path, PATH=path)
    project = tmp_path / "flights"
    for name in ("dvc.yaml", "params.yaml", "gate.yaml", "baseline.json", "decision.json", "stages/ingest.py", "models/champion/NONE"):
        assert (project / name).is_file(), name
    assert "next:" in said.stdout
    status = run("git", "status", "--porcelain", cwd=project).stdout
    assert status == ""
