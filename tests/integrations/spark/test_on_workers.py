"""keepfit on workers that do not have it: the package is sent along, and what is sent is enough to run a pass."""

import subprocess
import sys

import pytest

from keepfit.errors import ProjectError
from keepfit.integrations.spark import on_workers
from keepfit.integrations.spark.on_workers import ensure_on_workers, packed, versions_on_workers

pytestmark = pytest.mark.spark


def test_the_package_that_is_sent_counts_a_profile_with_numpy_and_pyarrow_alone(tmp_path):
    program = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pydantic", "mlflow", "pandas", "scipy", "sklearn", "click", "rich", "yaml", "sqlalchemy", "jinja2", "pyspark"):
            raise ImportError(name)
sys.path = [sys.argv[1], *[one for one in sys.path if "plugin" not in one]]
sys.meta_path.insert(0, Hidden())
import keepfit.integrations.spark.in_workers as module
import keepfit.flows.rows.piece_rows, keepfit.tables.period_rows
import pyarrow as pa
from keepfit.profiles.stream import profile_reference
from keepfit.tables.batches import TableRows
table = pa.table({"x": [1.0, 2.0], "c": ["a", "b"], "t": ["a b", "b c"]})
print(module.__file__, profile_reference(TableRows(table), {"x": "numeric", "c": "categorical", "t": "text"}, "here").rows)
"""
    archive = packed(tmp_path)
    done = subprocess.run([sys.executable, "-c", program, str(archive)], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout.startswith(str(archive)), done.stderr
    assert done.stdout.endswith(" 2\n")


def test_workers_without_it_or_with_another_version_get_it_once_and_else_one_sentence_says_so(spark, monkeypatch):
    found = iter([{"ModuleNotFoundError: No module named 'keepfit'"}, {on_workers._version()}])
    sent = []
    assert versions_on_workers(spark) == {on_workers._version()}
    monkeypatch.setattr(on_workers, "versions_on_workers", lambda _: next(found))
    monkeypatch.setattr(type(spark), "addArtifacts", lambda self, *paths, pyfile: sent.append((len(paths), pyfile)))
    monkeypatch.setattr(on_workers, "_READY", {})
    ensure_on_workers(spark)
    ensure_on_workers(spark)
    assert sent == [(1, True)]
    monkeypatch.setattr(on_workers, "_READY", {})
    found = iter([{"0.0.9"}, {"0.0.9"}])
    with pytest.raises(ProjectError, match=r"^Spark's workers do not run keepfit [\d.]+: 0\.0\.9 \(the cluster\)\n  fix: install numpy, pyarrow and keepfit"):
        ensure_on_workers(spark)
