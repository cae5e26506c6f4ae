"""The Spark session that keepfit works in: the one that is there (a notebook, Databricks), a cluster's by `SPARK_REMOTE`, else one of this machine.

One that keepfit starts writes what Java prints into a file of its own: stderr is for people. What a person set (spark-defaults.conf, PYSPARK_SUBMIT_ARGS,
PYSPARK_PYTHON) holds. It is stopped, and its folder removed, when Python ends.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.errors import KeepfitError, ProjectError
from keepfit.integrations.spark.failures import last_said

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JAVA = "apt-get install openjdk-17-jre-headless, or set JAVA_HOME to a Java of version 17 or later"
INSTALL = "pip install 'keepfit[spark]'"


def spark_session() -> SparkSession:
    """Return the active session, or start one; raises `ProjectError` without PySpark or Java, and with Spark's own reason where it does not start."""
    kind = _session_class()
    active: SparkSession | None = kind.getActiveSession()
    if active is not None:
        return active
    if os.environ.get("SPARK_REMOTE") or os.environ.get("SPARK_CONNECT_MODE_ENABLED"):
        return _remote(kind)
    return _local(kind)


def _session_class() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that pandas is newer than Spark knows, and we use none
            from pyspark.sql import SparkSession
    except ImportError as missing:
        raise ProjectError("PySpark is not installed", where="this Python", fix=INSTALL) from missing
    return SparkSession


def _remote(kind: Any) -> SparkSession:
    address = os.environ.get("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED")
    try:
        session: SparkSession = kind.builder.getOrCreate()
    except ImportError as missing:
        raise ProjectError("Spark Connect needs packages that are not installed", where=address, fix="pip install 'pyspark[connect]>=4.3,<5'") from missing
    except Exception as bad:
        raise _no_start(bad, where=address, fix="check the address and that the server runs") from bad
    return session


def _local(kind: Any) -> SparkSession:
    from pyspark import SparkConf, SparkContext

    if SparkContext._active_spark_context is not None:  # noqa: SLF001 - another thread's session: there is no public way to see it
        session: SparkSession = kind.builder.getOrCreate()
        return session
    _check_java()
    folder = Path(tempfile.mkdtemp(prefix="keepfit-spark-"))
    conf = SparkConf(loadDefaults=False).setAll(list(_settings(folder).items()))
    log = folder / "spark.log"
    try:
        with log.open("ab") as file, _this_python(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context = SparkContext(conf=conf, gateway=_gateway(conf, file))
    except Exception as bad:
        said = log.read_text(encoding="utf-8", errors="replace")
        shutil.rmtree(folder, ignore_errors=True)
        raise _no_start(bad, where="a Spark of this machine", fix=JAVA, log=said) from bad
    atexit.register(_end, context, folder)
    started: SparkSession = kind.builder.getOrCreate()
    return started


def _gateway(conf: Any, log: Any) -> Any:
    """The JVM, whose stdout and stderr, and so those of the workers that it starts, go into the log."""
    from pyspark.java_gateway import launch_gateway

    launch: Any = launch_gateway  # its types are Python 2's
    return launch(conf=conf, popen_kwargs={"stdout": log, "stderr": log})


def _settings(folder: Path) -> dict[str, str]:
    """What keepfit sets for a session of its own, but for what a person has set."""
    ours = {
        "spark.master": "local[*]",
        "spark.app.name": "keepfit",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    theirs = _set_by_a_person(os.environ)
    return {name: value for name, value in ours.items() if name not in theirs}


def _set_by_a_person(environment: Mapping[str, str]) -> set[str]:
    """The settings of spark-defaults.conf and PYSPARK_SUBMIT_ARGS: what is set in Python would win over both."""
    submitted = environment.get("PYSPARK_SUBMIT_ARGS", "")
    named = {word.partition("=")[0].strip("'\"") for word in submitted.split() if word.strip("'\"").startswith("spark.")}
    named |= {"spark.master"} if "--master" in submitted or environment.get("MASTER") else set()
    home = environment.get("SPARK_CONF_DIR") or (f"{environment['SPARK_HOME']}/conf" if environment.get("SPARK_HOME") else "")
    with suppress(OSError):
        lines = (Path(home) / "spark-defaults.conf").read_text(encoding="utf-8").splitlines() if home else []
        named |= {line.replace("=", " ").split()[0] for line in lines if line.strip().startswith("spark.")}
    return named


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java") if not home else str(Path(home, "bin", "java"))
    if found is None or not Path(found).is_file():
        what = f"there is no Java in JAVA_HOME ({home}), and Spark needs one" if home else "Java is not installed, and Spark needs it"
        raise ProjectError(what, where="this machine", fix=JAVA)


@contextmanager
def _this_python() -> Iterator[None]:
    """Workers run this very Python, unless a person named another: Spark's own default is the first `python3` that there is."""
    if os.environ.get("PYSPARK_PYTHON"):
        yield
        return
    os.environ["PYSPARK_PYTHON"] = sys.executable
    try:
        yield
    finally:
        del os.environ["PYSPARK_PYTHON"]


def _no_start(bad: Exception, *, where: str, fix: str, log: str = "") -> KeepfitError:
    """Why a session did not start: what Java printed before it ended, else what Spark says."""
    if isinstance(bad, KeepfitError):
        return bad
    if "UnsupportedClassVersionError" in log:
        return ProjectError("this Java is too old for Spark", where=os.environ.get("JAVA_HOME") or "java", fix=fix)
    return ProjectError(f"Spark did not start: {last_said(log) if log.strip() else last_said(str(bad))}", where=where, fix=fix)


def _end(context: Any, folder: Path) -> None:
    with suppress(Exception):
        context.stop()
    shutil.rmtree(folder, ignore_errors=True)
