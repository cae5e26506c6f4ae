"""The worker and a receiver over real HTTP that is down, answers 500, hangs, closes in the middle, or answers when nobody waits any more:

what was owed arrives once in effect, and in its order, when it is back.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from tests.flows.deliver.receivers import NOW, event, owe, project_with, rows_of
from tests.receiver import receiver

from keepfit.flows.deliver.worker import run_hooks

HOUR = timedelta(hours=1)


def subscribed(url, **fields):
    return {"hook": "webhook", "url": url, "allow": ["localhost"], "connect_seconds": 5, "read_seconds": 5, "seconds": 20} | fields


def run(project, now):
    said = []
    return run_hooks(project, now=now, say=said.append), said


def in_effect(there):
    """The events in the order in which they were taken, each message once, as a receiver does that remembers keys."""
    seen = {one.headers["idempotency-key"]: one.message["events"] for one in there.got}
    return [each["key"].partition(":")[0] for events in seen.values() for each in events]


@pytest.mark.parametrize("way", ["500", "429", "hang", "late", "drip", "close while sent", "close in the head"])
def test_what_was_not_taken_arrives_once_in_effect_and_in_order_when_the_receiver_is_back(tmp_path, way):
    with receiver(way=way, late_seconds=0.4) as there:
        project = project_with(tmp_path / "p", pager=subscribed(there.url, read_seconds=0.2, seconds=0.5))
        owe(project, event("a"), event("b"), event("other", subject="window"))
        done, said = run(project, NOW)
        assert (done.taken, done.dead, done.open, done.exit_code) == (0, 0, 3, 0)
        assert all("the next one from" in line for line in said)
        there.way = "200"
        project = project_with(tmp_path / "p", pager=subscribed(there.url))  # with patience, so that a busy machine is no receiver that hangs
        done, _ = run(project, NOW + HOUR)
        assert (done.taken, done.open) == (3, 0)
        run(project, NOW + 2 * HOUR)
        assert in_effect(there) == (["a", "other", "b"] if way == "late" else ["a", "b", "other"])
        assert len(there.got) == (5 if way == "late" else 3), "what was late had arrived: its copy has the same key"
    assert {row.status for row in rows_of(project)} == {"delivered"}


def test_one_that_is_down_for_an_hour_hears_of_all_of_it_afterwards(tmp_path):
    with receiver() as there:
        port = there.port
    project = project_with(tmp_path / "p", pager=subscribed(f"http://localhost:{port}"))
    owe(project, event("a"), event("b"))
    for minutes in range(0, 60, 15):
        assert run(project, NOW + timedelta(minutes=minutes))[0].taken == 0
    with receiver(port=port) as there:
        assert run(project, NOW + 2 * HOUR)[0].taken == 2
        assert in_effect(there) == ["a", "b"]
        assert int(there.got[0].message["attempt"]) > 1


def test_one_that_asks_for_time_is_not_called_before_it(tmp_path):
    with receiver(way="503", headers={"Retry-After": "7200"}) as there:
        project = project_with(tmp_path / "p", pager=subscribed(there.url))
        owe(project, event("a"))
        run(project, NOW)
        there.way = "200"
        assert run(project, NOW + HOUR)[0].taken == 0
        assert run(project, NOW + 2 * HOUR + timedelta(minutes=1))[0].taken == 1


def test_one_that_refuses_is_given_up_and_the_rest_goes_on(tmp_path):
    with receiver(ways=["410"]) as there:
        project = project_with(tmp_path / "p", pager=subscribed(there.url))
        owe(project, event("a"), event("b"))
        done, said = run(project, NOW)
        assert (done.taken, done.dead) == (1, 1)
        assert "it answered 410" in said[0]
        assert in_effect(there) == ["b"]


def test_two_workers_at_once_send_one_message(tmp_path):
    with receiver(way="late", late_seconds=0.3) as there:
        project = project_with(tmp_path / "p", pager=subscribed(there.url))
        owe(project, event("a"), event("b"))
        workers = [threading.Thread(target=run, args=(project, NOW)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(20)
        run(project, NOW + timedelta(seconds=1))
        assert in_effect(there) == ["a", "b"]
        assert len(there.got) == 2


@pytest.mark.slow
def test_a_worker_that_is_killed_after_the_call_sends_a_copy_with_the_same_key(tmp_path):
    with receiver() as there:
        project = project_with(tmp_path / "p", pager=subscribed(there.url))
        owe(project, event("a"), event("b"))
        env = {**os.environ, "KEEPFIT_KILL_AFTER": "hooks.called"}
        killed = subprocess.run([sys.executable, "-m", "keepfit", "hooks", "run"], cwd=project.root, env=env, capture_output=True, check=False)
        assert killed.returncode == -9
        now = datetime.now(UTC).replace(tzinfo=None)
        assert sum(run(project, now + later)[0].taken for later in (0 * HOUR, HOUR)) == 2, "at once, or when the lease of the one that was killed has ended"
        assert in_effect(there) == ["a", "b"]
        assert [one.message["attempt"] for one in there.got] == [1, 2, 1]
