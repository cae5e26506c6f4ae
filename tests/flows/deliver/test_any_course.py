"""Whatever happens on the way — crashes at every point, two workers, receivers that are away or lose their answer, clocks set back — each event is
delivered once in effect, in order, when the receivers are back.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.flows.deliver.receivers import BOXES, NOW, Box, away, event, owe, project_with, rows_of

from keepfit.flows.deliver.worker import run_hooks
from keepfit.flows.effects import EFFECTS
from keepfit.integrations.ledger.deliveries import DeliveryRows

WRITES = ("fan_out", "lease", "taken", "put_back")
"""What the worker writes; a crash after each of these is one before its transaction ends."""
SUBSCRIBERS = {
    "plain": {"hook": "memory", "box": "plain"},
    "asleep": {"hook": "memory", "box": "asleep", "quiet": {"begins": "22:00", "ends": "03:20"}},
    "daily": {"hook": "memory", "box": "daily", "digest": {"at": "03:30"}},
}


class GoneError(BaseException):
    """The process is gone: nothing of its own runs any more."""


@contextmanager
def crashing(place: str | None, number: int) -> Iterator[None]:
    """Let the worker fall dead the given time that it comes to a place: after an effect, or within a transaction."""
    left = [number]

    def reach(reached: str) -> None:
        left[0] -= reached == place
        if reached == place and left[0] == 0:
            raise GoneError

    def writing(name: str) -> object:
        write = getattr(DeliveryRows, name)

        def wrapped(self, *arguments, **named):
            done = write(self, *arguments, **named)
            reach(name)
            return done

        return wrapped

    with pytest.MonkeyPatch.context() as patched:
        for module in ("worker", "fan_out"):
            patched.setattr(f"keepfit.flows.deliver.{module}.effect", lambda _verb, name: reach(name))
        for name in WRITES:
            patched.setattr(DeliveryRows, name, writing(name))
        yield


@dataclass(frozen=True)
class Step:
    """Some time passes (or the clock is set back), events happen, receivers change, and a worker runs: to its end, to a place where it falls dead, or with
    another one that runs while it calls a receiver, at once or when its lease is over.
    """

    minutes: int
    subjects: tuple[str, ...]
    moods: dict[str, str]
    crash: tuple[str, int] | None
    second: tuple[str, int] | None


NAMES = st.sampled_from(list(SUBSCRIBERS))
STEPS = st.builds(
    Step,
    minutes=st.sampled_from([35, 0, 1, 3, 300, 1440, -60]),
    subjects=st.lists(st.sampled_from(["ticket", "window"]), max_size=3).map(tuple),
    moods=st.dictionaries(NAMES, st.sampled_from(["away", "loses its answer", "up"]), max_size=3),
    crash=st.none() | st.tuples(st.sampled_from([*EFFECTS["hooks"], *WRITES]), st.integers(1, 3)),
    second=st.none() | st.tuples(NAMES, st.sampled_from([0, 5])),
)


class Course:
    """A project, its three receivers, and what happened so far."""

    def __init__(self, folder: Path) -> None:
        BOXES.update({name: Box() for name in SUBSCRIBERS})
        self.project, self.now = project_with(folder, **SUBSCRIBERS), NOW
        self.subjects: dict[str, str] = {}

    def take(self, step: Step) -> None:
        self.now += timedelta(minutes=step.minutes)
        for subject in step.subjects:
            name = f"e{len(self.subjects)}"
            self.subjects[f"{name}:m"] = subject
            owe(self.project, event(name, subject=subject))
        for name, mood in step.moods.items():
            BOXES[name].before = away if mood == "away" else None
            BOXES[name].after = away if mood == "loses its answer" else None
        with crashing(*(step.crash or (None, 0))), self.with_a_second(step.second), suppress(GoneError):
            self.work()

    def work(self, *, later: timedelta = timedelta(0)) -> None:
        run_hooks(self.project, now=self.now + later, say=lambda _line: None)

    @contextmanager
    def with_a_second(self, second: tuple[str, int] | None) -> Iterator[None]:
        """Let another worker run when the first one calls this receiver for the first time."""
        if second is None:
            yield
            return
        box, left = BOXES[second[0]], [1]
        before = box.before

        def meanwhile(message):
            if left and left.pop():
                self.work(later=timedelta(minutes=second[1]))
            if before is not None:
                before(message)

        box.before = meanwhile
        try:
            yield
        finally:
            box.before = before

    def end(self) -> None:
        """The receivers are back, and workers run."""
        for box in BOXES.values():
            box.before = box.after = None
        for _ in range(3):
            self.now += timedelta(hours=26)
            self.work()

    def check(self) -> None:
        """Nothing was delivered twice in effect, or out of order."""
        for name, box in BOXES.items():
            assert max(Counter(box.events).values(), default=1) == 1, name
            for subject in ("ticket", "window"):
                got, all_ = ([key for key in keys if self.subjects[key] == subject] for keys in (box.events, self.subjects))
                assert got == all_[: len(got)], name


def walk(steps: list[Step]) -> None:
    folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # a real disk only makes it slow
    try:
        course = Course(folder / "p")
        for step in steps:
            course.take(step)
            course.check()
        course.end()
        course.check()
        assert [sorted(box.events) for box in BOXES.values()] == [sorted(course.subjects)] * len(SUBSCRIBERS)
        assert {row.status for row in rows_of(course.project)} <= {"delivered"}
    finally:
        shutil.rmtree(folder)


PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]  # to explain a failure takes minutes


@settings(max_examples=20, phases=PHASES)
@given(steps=st.lists(STEPS, min_size=2, max_size=6))
def test_each_event_is_delivered_once_in_effect_and_in_order_when_the_receivers_are_back(steps):
    walk(steps)


@pytest.mark.long
@settings(max_examples=200, phases=PHASES)
@given(steps=st.lists(STEPS, min_size=2, max_size=15))
def test_so_it_is_on_long_courses(steps):
    walk(steps)


@pytest.mark.parametrize("place", [*EFFECTS["hooks"], *WRITES])
def test_the_worker_does_fall_dead_there(tmp_path, place):
    """Else the walk above would claim nothing of it."""
    project = project_with(tmp_path / "p", plain=SUBSCRIBERS["plain"])
    BOXES["plain"] = Box(before=away if place == "put_back" else None)
    owe(project, event("a"))
    with crashing(place, 1), pytest.raises(GoneError):
        run_hooks(project, now=NOW, say=lambda _line: None)
    BOXES["plain"].before = None
    run_hooks(project, now=NOW + timedelta(minutes=5), say=lambda _line: None)
    assert BOXES["plain"].events == ["a:m"]
    assert len(BOXES["plain"].got) == (2 if place in ("called", "taken") else 1)
