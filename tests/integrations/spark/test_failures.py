"""What Spark says becomes one sentence of ours, in the words that Spark 4.3 has for it."""

import pytest

from keepfit.errors import DataError
from keepfit.integrations.spark.failures import last_said, sentence

LARGE = (
    "Job aborted due to stage failure: Total size of serialized results of 3 tasks (48.0 MiB) is bigger than spark.driver.maxResultSize (16.0 MiB)\n"
    "\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:2898)"
)
OTHER = "[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.13 than that in driver: 3.11, PySpark cannot run with different minor versions."
TRACED = (
    "An exception was thrown from the Python worker:\nTraceback (most recent call last):\n  File 'x', line 1\nModuleNotFoundError: No module named 'mine'\n"
)


def said(text):
    from pyspark.errors import PySparkRuntimeError

    return sentence(PySparkRuntimeError(text), lambda part: f"part {part}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LARGE, r"^the parts' states are larger together than Spark lets the driver take \(spark.driver.maxResultSize\)\n  fix: set it to 4g"),
        (OTHER, r"^Spark's workers run another version of Python than the driver \(PYSPARK_PYTHON\)\n  fix: set PYSPARK_PYTHON"),
        (TRACED, r"^Spark: ModuleNotFoundError: No module named 'mine'$"),
        ("Task 3 in stage 5.0 failed 4 times: ExecutorLostFailure (executor 2 exited)", r"^a worker of Spark died \(part 3\)\n"),
        (
            "[TABLE_OR_VIEW_NOT_FOUND] The table `t` cannot be found. SQLSTATE: 42P01;\n'Project",
            r"^Spark: \[TABLE_OR_VIEW_NOT_FOUND\] The table `t` cannot be found\.$",
        ),
        ("", r"^Spark: no reason given$"),
    ],
)
def test_a_reason_is_one_sentence(text, expected):
    import re

    assert re.search(expected, str(said(text)))


def test_what_is_no_error_of_sparks_is_left_alone():
    assert sentence(ValueError("x"), str) is None
    assert sentence(DataError("x"), str) is None
    assert sentence(KeyboardInterrupt(), str) is None
    assert len(last_said("x" * 10_000)) == 300
