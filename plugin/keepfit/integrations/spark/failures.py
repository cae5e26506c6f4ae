"""What Spark says of a job that failed, as one sentence: its pages of Java name neither the file nor what to do."""

from __future__ import annotations

import re
from collections.abc import Callable

from keepfit.errors import DataError, KeepfitError, ProjectError

TASK = re.compile(r"Task (\d+) in stage")
RAISED = re.compile(r"^(?:[\w.]+\.)?(\w*(?:Error|Exception|Warning|Interrupt))\b:? ?(.*)$")
LISTED = re.compile(r"\[[A-Z][A-Z_.]+\] .*")
SQLSTATE = re.compile(r";? SQLSTATE: \w+;?")
SAID = 300
DIED = ("Python worker exited unexpectedly", "Python worker failed to connect back", "ExecutorLostFailure", "EOFException", "Connection reset")
OURS = ("pyspark", "py4j", "grpc")


def sentence(bad: BaseException, place: Callable[[int], str]) -> KeepfitError | None:
    """Return what Spark, or the bridge to it, raised as an error of ours; None for what is no error of Spark's. `place` names a partition."""
    if isinstance(bad, KeepfitError) or type(bad).__module__.partition(".")[0] not in OURS:
        return None
    text = str(bad)
    task = TASK.search(text)
    where = place(int(task[1])) if task else None
    if "spark.driver.maxResultSize" in text:
        what = "the parts' states are larger together than Spark lets the driver take"
        return DataError(what, where="spark.driver.maxResultSize", fix="set it to 4g in the session that you start, or compare fewer columns")
    if "PYTHON_VERSION_MISMATCH" in text or "different version in worker" in text:
        fix = f"set PYSPARK_PYTHON to the workers' Python {_python()}, the one that runs keepfit"
        return ProjectError("Spark's workers run another version of Python than the driver", where="PYSPARK_PYTHON", fix=fix)
    if any(sign in text for sign in DIED):
        fix = "give a worker more memory (spark.executor.memoryOverhead), or more, smaller partitions; the executor's log says who ended it"
        return DataError("a worker of Spark died", where=where, fix=fix)
    if "cancelled" in text.lower() and "job" in text.lower():
        return DataError("the Spark job was cancelled", where=where, fix="run it again")
    return DataError(f"Spark: {last_said(text)}", where=where)


def last_said(text: str) -> str:
    """Return the line that says what happened: of a Python traceback the error, else one of Spark's listed errors, else the last cause, else the first."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    listed = [found[0] for line in lines if (found := LISTED.search(line))]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    errors = [line for line in lines if "Error:" in line or "Exception:" in line or line.startswith("java.lang.")]
    traced = lines[next((place for place, line in enumerate(lines) if line.startswith("Traceback (most recent")), len(lines)) :]
    raised = [line for line in traced if RAISED.match(line)]
    said = next((found[0] for found in (raised, listed, causes[::-1], errors, lines) if found), "no reason given")
    return SQLSTATE.sub("", said)[:SAID]


def _python() -> str:
    import sys

    return f"{sys.version_info.major}.{sys.version_info.minor}"
