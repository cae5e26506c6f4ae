#!/usr/bin/env bash
# One expects Ctrl-C to cancel what Spark is doing: PySpark installs a handler for it that calls `cancelAllJobs` and raises KeyboardInterrupt.
# While an action runs, the main thread is inside a call to the JVM; the handler makes a second call on the same line, which is refused ("reentrant call"), and
# two tracebacks are written. KeyboardInterrupt comes, but the job runs on to its end, and with as many tasks as there are cores the next query waits for it.
# Hurt: whoever stops a query in a script or a console in order to start another. From another thread the same job is cancelled at once.
# Needs a Java runtime (17 or later) beside Python.
set -eu
java -version >/dev/null 2>&1 || { echo "no Java runtime: apt-get install openjdk-17-jre-headless"; exit 1; }
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet pyspark==4.3.0 pyarrow==25.0.1 pandas==3.1.1 >/dev/null
SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON="$home/venv/bin/python" "$home/venv/bin/python" - 2>/dev/null <<'PY'
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pyspark
from pyspark.sql import SparkSession


def slow(batches):
    for _ in batches:
        time.sleep(25)
    yield from ()


def interrupted(run):
    """Whether a job still runs two seconds after Ctrl-C."""
    threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        run(spark.range(0, 2, 1, 2).mapInArrow(slow, "x int").collect)
    except KeyboardInterrupt:
        time.sleep(2)
    return bool(spark.sparkContext.statusTracker().getActiveJobsIds())


spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
spark.range(0, 2, 1, 2).mapInArrow(lambda batches: batches, "id long").collect()
pool = ThreadPoolExecutor(1)
aside = interrupted(lambda action: pool.submit(action).result())
main = interrupted(lambda action: action())
print("pyspark", pyspark.__version__, "- a job runs on after Ctrl-C: in the main thread", main, "- in another thread", aside, flush=True)
os._exit(0 if main and not aside else 1)
PY
