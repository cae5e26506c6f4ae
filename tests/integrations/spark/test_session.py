"""The session that keepfit finds or starts: what a person has set holds, and what is missing is one sentence."""

import os
import subprocess
import sys

import pytest

from keepfit.errors import ProjectError
from keepfit.integrations.spark import session as sessions
from keepfit.integrations.spark.session import spark_session

pytestmark = pytest.mark.spark
OLD_JAVA = """#!/bin/sh
echo "Error: LinkageError occurred while loading main class org.apache.spark.launcher.Main" >&2
echo "	java.lang.UnsupportedClassVersionError: org/apache/spark/launcher/Main has been compiled by a more recent version" >&2
exit 1
"""


def test_a_session_that_is_there_is_the_one_from_any_thread(spark):
    from concurrent.futures import ThreadPoolExecutor

    assert spark_session() is spark
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(spark_session).result().sparkContext is spark.sparkContext


def started(**environment):
    """What a process says in which keepfit has to start a session."""
    program = "import sys; from keepfit.errors import KeepfitError\ntry:\n    from keepfit.integrations.spark.session import spark_session; spark_session()\n"
    program += "except KeepfitError as bad:\n    print(bad)\n"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK", "PYSPARK", "JAVA"))}
    done = subprocess.run([sys.executable, "-c", program], env={**kept, **environment}, capture_output=True, text=True, timeout=300, check=True)
    assert done.stderr == ""
    return done.stdout


def test_no_java_the_wrong_one_and_no_connect_are_each_one_sentence(tmp_path):
    assert started(JAVA_HOME=str(tmp_path)).startswith(
        f"there is no Java in JAVA_HOME ({tmp_path}), and Spark needs one (this machine)\n  fix: apt-get install"
    )
    assert started(PATH=str(tmp_path)).startswith("Java is not installed, and Spark needs it (this machine)\n  fix: apt-get install openjdk-17-jre-headless")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").write_text(OLD_JAVA)
    (tmp_path / "bin" / "java").chmod(0o755)
    assert started(JAVA_HOME=str(tmp_path)).startswith(f"this Java is too old for Spark ({tmp_path})\n")


def test_without_pyspark_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ProjectError, match=r"^PySpark is not installed \(this Python\)\n  fix: pip install 'keepfit\[spark\]'$"):
        spark_session()


def test_what_a_person_has_set_is_not_set_again(tmp_path, monkeypatch):
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "spark-defaults.conf").write_text("# mine\nspark.ui.enabled   true\nspark.local.dir=/data\n")
    for name, value in {"SPARK_HOME": str(tmp_path), "PYSPARK_SUBMIT_ARGS": "--master yarn --conf 'spark.app.name=mine' pyspark-shell"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SPARK_CONF_DIR", raising=False)
    assert set(sessions._settings(tmp_path)) == {"spark.driver.host", "spark.driver.bindAddress", "spark.sql.warehouse.dir"}
