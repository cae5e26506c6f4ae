"""keepfit on Spark's workers: the same version as here, sent along where a cluster has none."""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from keepfit.errors import ProjectError
from keepfit.integrations.spark.answers import mapped, running

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_READY: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
PROBES = 2


def ensure_on_workers(session: SparkSession) -> None:
    """Make sure, once a session, that workers import this version of keepfit; where they do not, a zip of the installed package is sent to them.

    Raises `ProjectError` where they still do not afterwards: no numpy or pyarrow there, or another version that comes first.
    """
    wanted = _version()
    if _READY.get(session) == wanted:
        return
    found = versions_on_workers(session)
    if found != {wanted}:
        with tempfile.TemporaryDirectory(prefix="keepfit-spark-") as folder:
            session.addArtifacts(str(packed(Path(folder))), pyfile=True)
            found = versions_on_workers(session)
    if found != {wanted}:
        what = f"Spark's workers do not run keepfit {wanted}: {', '.join(sorted(found - {wanted}))}"
        raise ProjectError(what, where="the cluster", fix=f"install numpy, pyarrow and keepfit {wanted} on every node")
    _READY[session] = wanted


def versions_on_workers(session: SparkSession) -> set[str]:
    """Return which versions of keepfit workers import, or why they import none."""
    with running(session, place=lambda _: "the probe for keepfit") as there:
        rows = there(mapped(session.range(0, PROBES, 1, PROBES), _by_value(_probe), "found string").collect)
    return {row[0] for row in rows}


def packed(folder: Path) -> Path:
    """Write a zip of the installed package, its Python alone, into the folder and return its path."""
    home = Path(str(sys.modules["keepfit"].__file__)).parent
    archive = folder / f"keepfit-{_version()}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as into:
        for path in sorted(home.rglob("*.py")):
            into.write(path, f"keepfit/{path.relative_to(home).as_posix()}")
    return archive


def _version() -> str:
    return str(sys.modules["keepfit"].__version__)  # an import of the whole package here would be one of everything that it offers


def _probe(batches: Iterable[Any]) -> Iterator[Any]:
    """Runs where there may be no keepfit: uses nothing of this module's."""
    from importlib import import_module

    import pyarrow as pa

    try:
        found = str(import_module("keepfit").__version__)
        import_module("keepfit.tables.passes")
    except Exception as bad:  # noqa: BLE001 - whatever hinders the import is the answer
        found = f"{type(bad).__name__}: {bad}"[:300]
    for batch in batches:
        yield pa.RecordBatch.from_arrays([pa.array([found] * batch.num_rows, pa.string())], names=["found"])


def _by_value(function: Any) -> Any:
    """The function as one that is sent whole: one of a module is sent by its name, which a worker without keepfit cannot import."""
    from types import FunctionType

    alone = FunctionType(function.__code__, {"__builtins__": __builtins__}, function.__name__)
    alone.__module__ = "__main__"
    return alone
