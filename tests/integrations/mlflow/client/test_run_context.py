from __future__ import annotations

import subprocess
import sys

import pytest

SAME = """
import sys
from keepfit.integrations.mlflow.client.run_context import context_tags, own_context
mine = own_context()
assert "mlflow" not in sys.modules
from mlflow.tracking.context.registry import resolve_tags
assert mine == resolve_tags({}), (mine, resolve_tags({}))
assert context_tags({"mlflow.user": "x", "kf.a": "b"}) == {**mine, "mlflow.user": "x", "kf.a": "b"}
print(sorted(mine))
"""


def said_by(script, *, cwd, **env) -> list[str]:
    import ast
    import os

    script.write_text(SAME)
    done = subprocess.run([sys.executable, str(script)], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return ast.literal_eval(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["nowhere", "committed", "ignored", "no commit"])
def test_the_tags_are_those_that_mlflow_would_stamp(tmp_path, where):
    def git(*arguments):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    (tmp_path / "bin").mkdir()
    if where != "nowhere":
        git("init", "-q", "-b", "main")
        git("remote", "add", "origin", "https://somebody:" + "secret" + "@example.com/repo.git")
    if where == "ignored":
        (tmp_path / ".gitignore").write_text("bin/\n")
    if where in {"committed", "ignored"}:
        git("commit", "-q", "--allow-empty", "-m", "x")
    tags = said_by(tmp_path / "bin" / "program.py", cwd=tmp_path, MLFLOW_TRACKING_USERNAME="Ann" if where == "nowhere" else "")
    assert ("mlflow.source.git.commit" in tags) == (where == "committed")
