"""The worker: once for each who hears of it, in order, again when it failed, and never lost."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.flows.deliver.receivers import BOXES, NOW, Box, away, event, hangs, owe, project_with, refuses, rows_of, settle_threads, statuses

from keepfit.flows.deliver.worker import run_hooks
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.hooks import HookError
from keepfit.integrations.ledger.deliveries import OPEN
from keepfit.integrations.ledger.outbox import EVENT

ME = {"hook": "memory", "box": "me"}


def run(project, *, after=timedelta(0), **its):
    said = []
    return run_hooks(project, now=NOW + after, say=said.append, **its), said


def box(name="me", **its):
    BOXES[name] = Box(**its)
    return BOXES[name]


def test_each_who_hears_of_it_gets_it_once_and_the_event_is_settled(tmp_path):
    project, mine, theirs = project_with(tmp_path / "p", me=ME, other={**ME, "box": "other", "severity": "critical"}), box(), box("other")
    owe(project, event("a", severity="info"), event("b", severity="critical"))
    for _ in range(2):
        done, said = run(project)
        assert said == []
    assert (mine.events, theirs.events) == (["a:m", "b:m"], ["b:m"])
    assert [message.attempt for message in mine.got] == [1, 1]
    assert (done.taken, done.open, done.exit_code) == (0, 0, 0)
    owe(project, event("a"))
    run(project)
    assert len(mine.got) == 2, "what was delivered is never owed again"


def test_an_event_that_nobody_hears_of_is_settled_and_who_subscribes_later_hears_of_new_ones_only(tmp_path):
    project = project_with(tmp_path / "p", me={**ME, "severity": "critical"})
    owe(project, event("old", severity="info"))
    run(project)
    with ledger_of(project) as ledger, ledger.reading() as book:
        assert book.owed("m", EVENT) == ()
    project = project_with(tmp_path / "p", me=ME)
    owe(project, event("new", severity="info"))
    run(project)
    assert BOXES["me"].events == ["new:m"]


def test_a_receiver_that_is_away_is_tried_again_later_with_the_same_key_and_nothing_overtakes_within_a_subject(tmp_path):
    project, mine = project_with(tmp_path / "p", me=ME), box(before=away)
    owe(project, event("a"), event("b"), event("other", subject="window"))
    done, said = run(project)
    assert (done.taken, done.failed, done.open, done.exit_code) == (0, 2, 3, 0), "of two subjects one each, then it is away"
    assert said[0] == f"me: the receiver is away; attempt 1, the next one from {rows_of(project)[0].due:%Y-%m-%d %H:%M} UTC on"
    assert run(project)[0].failed == 0, "not before it is due"
    mine.before = None
    assert run(project, after=timedelta(hours=1))[0].taken == 3
    assert mine.events == ["a:m", "b:m", "other:m"]
    assert [(message.key, message.attempt) for message in mine.got] == [("a:m:me", 2), ("b:m:me", 1), ("other:m:me", 2)]


def test_what_one_receiver_does_stops_no_other(tmp_path):
    project, mine = project_with(tmp_path / "p", gone={**ME, "box": "gone"}, me=ME), box()
    box("gone", before=away)
    owe(project, *(event(name, subject=name) for name in "abcd"))
    assert run(project)[0].taken == 4
    assert len(mine.got) == 4


def test_a_message_that_is_refused_is_dead_and_those_after_it_go_on(tmp_path):
    project, mine = project_with(tmp_path / "p", me=ME), box(before=lambda message: refuses(message) if "a:m" in message.key else None)
    owe(project, event("a"), event("b"))
    done, said = run(project)
    assert (done.taken, done.dead, done.exit_code) == (1, 1, 3)
    assert said == ["me: the receiver answers 403; given up: keepfit hooks list shows it"]
    assert mine.events == ["b:m"]
    assert statuses(project) == [("a", "me", "dead"), ("b", "me", "delivered")]


def test_after_twenty_attempts_over_three_days_it_is_dead_and_the_next_is_tried(tmp_path):
    project, _ = project_with(tmp_path / "p", me=ME), box(before=away)
    owe(project, event("a"), event("b"))
    moment = timedelta(0)
    while run(project, after=moment)[0].dead == 0:
        moment = rows_of(project)[0].due - NOW
    assert rows_of(project)[0].attempts == 20
    assert timedelta(days=2.5) < moment < timedelta(days=4)
    BOXES["me"].before = None
    run(project, after=moment + timedelta(hours=7))
    assert BOXES["me"].events == ["b:m"]


def test_the_receiver_is_waited_for_as_long_as_it_asks(tmp_path):
    def busy(_message):
        raise HookError("busy", again=True, after=7200)

    project, _ = project_with(tmp_path / "p", me=ME), box(before=busy)
    owe(project, event("a"))
    run(project)
    assert rows_of(project)[0].due - NOW >= timedelta(hours=2)


@pytest.mark.parametrize("raised", [KeyError("x" * 5000), SystemExit(3), RecursionError(), "not an exception"])
def test_whatever_else_a_hook_raises_is_one_bounded_sentence_and_tried_again(tmp_path, raised):
    def breaks(_message):
        raise raised

    project, _ = project_with(tmp_path / "p", me=ME), box(before=breaks)
    owe(project, event("a"))
    done, (line,) = run(project)
    assert (done.failed, done.dead) == (1, 0)
    assert len(line) < 450
    assert "\n" not in line


def test_a_hook_that_hangs_is_left_after_its_deadline_and_what_it_still_delivers_has_the_same_key(tmp_path):
    project, mine = project_with(tmp_path / "p", me={"hook": "hasty", "box": "me"}), box(before=hangs)
    owe(project, event("a"), event("b"))
    done, said = run(project)
    assert (done.failed, done.taken) == (1, 0)
    assert said[0].startswith("me: no answer within 0.05 s; attempt 1")
    settle_threads()
    mine.before = None
    run(project, after=timedelta(minutes=5))
    assert (mine.events, len(mine.got)) == (["a:m", "b:m"], 3)


def test_two_workers_at_once_are_one_message(tmp_path):
    project, mine = project_with(tmp_path / "p", me=ME), box()
    mine.before = lambda _message: run_hooks(project, now=NOW, say=print) if not mine.got else None
    owe(project, event("a"), event("b"), event("c", subject="another"))
    run(project)
    assert sorted(message.key for message in mine.got) == ["a:m:me", "b:m:me", "c:m:me"]
    assert mine.events.index("a:m") < mine.events.index("b:m")


def test_two_processes_at_once_are_one_message_each(tmp_path):
    project = project_with(tmp_path / "p", log={"hook": "file", "path": "log.jsonl"})
    owe(project, *(event(f"e{n:02}", subject=f"s{n % 3}") for n in range(12)))
    command = [sys.executable, "-m", "keepfit", "hooks", "run"]
    both = [subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    run(project)
    lines = (project.root / "log.jsonl").read_text().splitlines()
    assert len(lines) == len(set(lines)) == 12


@pytest.mark.postgres
def test_workers_at_once_on_several_hosts_are_one_message_each(tmp_path, on_postgres):
    project, mine = project_with(tmp_path / "p", me=ME), box(before=lambda _message: time.sleep(0.002))
    path = project.root / "params.yaml"
    path.write_text(path.read_text() + f"ledger: {{uri: '{on_postgres}'}}\n")
    projects = [Project(project.root) for _ in range(3)]
    owe(projects[0], *(event(f"e{n:02}", subject=f"s{n % 4}") for n in range(24)))
    with ThreadPoolExecutor(3) as pool:
        assert sum(done.taken for done, _ in pool.map(run, projects)) == 24
    assert sorted(message.key for message in mine.got) == [f"e{n:02}:m:me" for n in range(24)]
    assert all([one for one in mine.events if int(one[1:3]) % 4 == s] == [f"e{n:02}:m" for n in range(s, 24, 4)] for s in range(4))


def test_a_lease_that_another_worker_holds_is_left_alone_until_it_ends(tmp_path):
    project, mine = project_with(tmp_path / "p", me=ME), box()
    owe(project, event("a"))
    with pytest.raises(KilledError):
        run_and_die(project, at="called")
    assert [(row.status, row.attempts) for row in rows_of(project)] == [("leased", 1)]
    assert run(project, after=timedelta(seconds=60))[0].open == 1
    assert len(mine.got) == 1
    assert run(project, after=timedelta(seconds=120))[0].taken == 1
    assert [(message.key, message.attempt) for message in mine.got] == [("a:m:me", 1), ("a:m:me", 2)]


class KilledError(BaseException):
    """The process is gone."""


def run_and_die(project, *, at, after=timedelta(0)):
    def die(_verb, name):
        if name == at:
            raise KilledError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("keepfit.flows.deliver.worker.effect", die)
        run(project, after=after)


def test_a_worker_that_was_late_says_delivered_but_takes_nothing_back(tmp_path):
    project, mine = project_with(tmp_path / "p", me=ME), box()

    def slow(_message):
        mine.before = away
        run(project, after=timedelta(minutes=5))  # another worker, when this one's lease has ended

    mine.before = slow
    owe(project, event("a"))
    run(project)
    assert statuses(project) == [("a", "me", "delivered")]
    assert rows_of(project)[0].error is None


def test_workers_that_end_in_the_midst_of_every_attempt_give_it_up(tmp_path):
    project, mine = project_with(tmp_path / "p", me=ME), box()
    owe(project, event("a"), event("b"))
    for number in range(20):
        with pytest.raises(KilledError):
            run_and_die(project, at="leased", after=timedelta(hours=number))
    done, said = run(project, after=timedelta(hours=21))
    assert (done.dead, done.taken, mine.events) == (1, 1, ["b:m"])
    assert "the worker ended in the midst of attempt 20, the last one" in said[0]


def test_an_interrupted_message_is_due_again_at_once(tmp_path, monkeypatch):
    project, mine = project_with(tmp_path / "p", me=ME), box()
    owe(project, event("a"))
    with monkeypatch.context() as patched:
        patched.setattr("keepfit.flows.deliver.worker.attempt", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(project)
    assert (rows_of(project)[0].status, rows_of(project)[0].error) == ("waiting", "interrupted")
    run(project, after=timedelta(seconds=1))
    assert [(message.key, message.attempt) for message in mine.got] == [("a:m:me", 2)]


def _interrupted(*_arguments, **_named):
    raise KeyboardInterrupt


def test_a_subscriber_that_is_gone_from_params_has_its_messages_dropped_with_a_sentence(tmp_path):
    project, _ = project_with(tmp_path / "p", me=ME), box(before=away)
    owe(project, event("a"), event("b"))
    run(project)
    project = project_with(tmp_path / "p", other={**ME, "box": "other"})
    done, said = run(project)
    assert said == ["me: params.yaml names no such subscriber any more; 2 of its messages were dropped"]
    assert (done.dropped, done.exit_code) == (2, 0)
    assert {row.status for row in rows_of(project)} == {"dropped"}


@pytest.mark.parametrize("its", [{"hook": "memmory", "box": "me"}, {"hook": "memory"}])
def test_a_hook_that_cannot_be_made_is_a_dead_letter_that_can_be_tried_again(tmp_path, its):
    project = project_with(tmp_path / "p", me=its)
    owe(project, event("a"))
    done, (line,) = run(project)
    assert (done.dead, done.exit_code) == (1, 3)
    assert line.endswith("given up: keepfit hooks list shows it")
    assert "params.yaml: hooks.subscribers.me" in str(rows_of(project)[0].error)


def test_a_digest_is_one_message_of_all_that_is_due_and_stays_the_same_when_it_is_tried_again(tmp_path):
    project, mine = project_with(tmp_path / "p", me={**ME, "digest": {"at": "09:00"}}), box(after=away)
    owe(project, event("a"), event("b", subject="window"))
    assert run(project)[0].open == 2, "it is three at night"
    run(project, after=timedelta(hours=6))
    owe(project, event("c"))
    run(project, after=timedelta(hours=6, minutes=1))
    mine.after = None
    run(project, after=timedelta(hours=30, minutes=2))
    assert [[one.key for one in message.events] for message in mine.got] == [["a:m", "b:m"], ["a:m", "b:m"], ["c:m"]]
    assert mine.got[0].key == mine.got[1].key
    assert mine.events == ["a:m", "b:m", "c:m"]


def test_what_wakes_somebody_brings_along_what_waited_of_its_subject_and_nothing_else(tmp_path):
    project, mine = project_with(tmp_path / "p", me={**ME, "quiet": {"begins": "22:00", "ends": "07:00"}}), box()
    owe(project, event("opened", severity="warning"), event("other", subject="window", severity="warning"))
    assert run(project)[0].open == 2
    owe(project, event("grown", severity="critical"))
    run(project, after=timedelta(minutes=5))
    assert mine.events == ["opened:m", "grown:m"], "it is three at night, and in order"
    run(project, after=timedelta(hours=4))
    assert mine.events[2:] == ["other:m"]


def test_a_clock_that_is_set_back_an_hour_loses_nothing_and_sends_nothing_twice(tmp_path):
    project, mine = project_with(tmp_path / "p", me=ME), box(before=away)
    owe(project, event("a"), event("b", subject="window"))
    run(project)
    mine.before = None
    run(project, after=timedelta(hours=-1))
    assert mine.got == [], "it waits until the hour has passed again"
    run(project, after=timedelta(minutes=2))
    assert sorted(mine.events) == ["a:m", "b:m"]
    assert len(mine.got) == 2


def test_a_time_from_a_clock_that_was_years_ahead_holds_nothing_up(tmp_path):
    project, mine = project_with(tmp_path / "p", me=ME), box(before=away)
    owe(project, event("a"))
    run(project, after=timedelta(days=3000))
    mine.before = None
    run(project)
    assert mine.events == ["a:m"]


def test_an_event_of_a_newer_keepfit_is_left_for_it_and_stops_no_other(tmp_path):
    from dataclasses import replace

    from keepfit.integrations.ledger.outbox import Owed
    from keepfit.records import to_data

    project, mine = project_with(tmp_path / "p", me=ME), box()
    newer = replace(event("n"), key="n:m")
    with ledger_of(project) as ledger, ledger.transaction() as book:
        book.owe(Owed(model="m", key="n:m", verb=EVENT, payload={**to_data(newer), "kind": "model_dreamt"}))
    owe(project, event("a"))
    _, said = run(project)
    assert said[0].startswith("1 events cannot be read by this keepfit and are left for a newer one: n:m: not a Event record: kind")
    assert mine.events == ["a:m"]
    with ledger_of(project) as ledger, ledger.reading() as book:
        assert [one.key for one in book.owed("m", EVENT)] == ["n:m"]
        assert book.deliveries("m", *OPEN) == ()


def test_other_models_of_the_ledger_are_delivered_where_they_are_named(tmp_path):
    project, mine = project_with(tmp_path / "p", me={**ME, "models": "bikes-*"}), box()
    owe(project, event("a"), event("b", model="bikes-north"), event("c", model="trains"))
    done, _ = run(project, models=["bikes-north", "trains"])
    assert (mine.events, done.taken) == (["b:bikes-north"], 1)
    with ledger_of(project) as ledger, ledger.reading() as book:
        assert [one.key for one in book.owed("m", EVENT)] == ["a:m"]


def test_a_message_that_cannot_be_composed_is_an_attempt_that_failed(tmp_path, monkeypatch):
    def broken(*_events, **_its):
        raise ZeroDivisionError

    monkeypatch.setattr("keepfit.flows.deliver.in_delivery.message_of", broken)
    project = project_with(tmp_path / "p", me=ME)
    owe(project, event("a"))
    assert run(project)[0].failed == 1
