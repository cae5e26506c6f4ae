"""A job of keepfit's: Ctrl-C ends it at once and leaves nothing running, and the session's settings are as they were."""

import os
import signal
import threading
import time

import pytest

from keepfit.integrations.spark.answers import answers

pytestmark = pytest.mark.spark


def asleep(batches):
    for _ in batches:
        time.sleep(60)
    yield from ()


def test_an_interrupted_job_is_cancelled_and_the_session_is_as_before(spark):
    before = spark.conf.get("spark.sql.session.timeZone")
    threading.Timer(2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        answers(spark, spark.range(0, 2, 1, 2), asleep, place=str, spark__sql__session__timeZone="Asia/Tokyo")
    until = time.monotonic() + 20
    while (jobs := list(spark.sparkContext.statusTracker().getActiveJobsIds())) and time.monotonic() < until:
        time.sleep(0.1)
    assert (jobs, spark.getTags(), spark.conf.get("spark.sql.session.timeZone")) == ([], set(), before)
    assert spark.range(3).count() == 3
