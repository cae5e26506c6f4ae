"""A job of keepfit's on Spark: run, cancelled with whoever waits for it, its workers' answers joined in the table's order."""

from __future__ import annotations

import pickle
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from keepfit.integrations.spark.failures import sentence
from keepfit.integrations.spark.in_workers import ANSWER, WorkerFailure

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from keepfit.tables.passes import RowPass

State = TypeVar("State")
Given = TypeVar("Given")


class PartAnswer(NamedTuple):
    """What came back from a part of the table: its number, its rows, and the pickled state."""

    part: int
    rows: int
    content: bytes


def answers(session: SparkSession, frame: DataFrame, work: Callable[..., Any], *, place: Callable[[int], str], **settings: str) -> list[PartAnswer]:
    """Run the work over the frame's partitions and return their answers in the order of their numbers.

    `place` names a partition for a sentence, `settings` (dots as `__`) hold for this query alone. Raises the first part's error, if any failed, and
    `DataError` for what Spark says.
    """
    with running(session, place=place, **settings):
        rows = mapped(frame, work).collect()
    found = sorted((row for row in rows), key=lambda row: row[0])
    for part, _, failed, content in found:
        if failed:
            raise _failure(bytes(content), place(part)).error()
    return [PartAnswer(part, rows, bytes(content)) for part, rows, _, content in found]


def streamed(session: SparkSession, frame: DataFrame, work: Callable[..., Any], *, place: Callable[[int], str], **settings: str) -> Iterator[PartAnswer]:
    """Yield the answers one by one: the driver holds one partition's at a time, and what is not asked for is not computed."""
    with running(session, place=place, **settings):
        for part, rows, _, content in mapped(frame, work).toLocalIterator(prefetchPartitions=False):
            yield PartAnswer(part, rows, bytes(content))


def joined(found: list[PartAnswer], look: RowPass[State]) -> State:
    """Return the state of the whole table.

    The answers are pickles. Those who could write others in their place are the workers, which run whatever code the driver sends them, as the same user.
    """
    if not found:
        return look.start(0)
    state: State = pickle.loads(found[0].content)  # noqa: S301 - see above
    for answer in found[1:]:
        state = look.join(state, pickle.loads(answer.content))  # noqa: S301 - see above
    return state


@contextmanager
def running(session: SparkSession, *, place: Callable[[int], str], **settings: str) -> Iterator[None]:
    """Run queries in a group of their own: what interrupts them cancels them, what Spark says is one sentence, and the session's settings come back."""
    tag = f"keepfit-{uuid.uuid4().hex}"
    before = _change(session, {name.replace("__", "."): value for name, value in settings.items()})
    session.addTag(tag)
    try:
        yield
    except BaseException as bad:
        with suppress(Exception):  # what cannot be cancelled is over, or its server is away
            session.interruptTag(tag)
        said = sentence(bad, place)
        if said is None:
            raise
        raise said from bad
    finally:
        with suppress(Exception):
            session.removeTag(tag)
            _change(session, before)


def _change(session: SparkSession, settings: Mapping[str, str | None]) -> dict[str, str | None]:
    """Set these, or set them back (None), and return what held before."""
    before = {name: session.conf.get(name, None) for name in settings}
    for name, value in settings.items():
        if value is None:
            session.conf.unset(name)
        elif before[name] != value:
            session.conf.set(name, value)
    return before


def mapped(frame: DataFrame, work: Callable[..., Any], schema: str = ANSWER) -> DataFrame:
    """Return the frame of what `work` makes of each partition's batches."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # that pandas is newer than Spark knows, and we use none
        return frame.mapInArrow(work, schema)


def _failure(content: bytes, place: str) -> WorkerFailure:
    failure: WorkerFailure = pickle.loads(content)  # noqa: S301 - see `joined`
    return failure if failure.where else WorkerFailure(failure.kind, failure.what, place, failure.fix)
