"""A job of keepfit's on Spark: run, cancelled with whoever waits for it, its workers' answers joined in the table's order."""

from __future__ import annotations

import pickle
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from keepfit.integrations.spark.failures import sentence
from keepfit.integrations.spark.in_workers import ANSWER, WorkerFailure

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from keepfit.tables.passes import RowPass

State = TypeVar("State")
PATIENCE_SECONDS = 0.5


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
    with running(session, place=place, **settings) as there:
        rows = there(mapped(frame, work).collect)
    found = sorted(rows, key=lambda row: int(row[0]))
    for part, _, failed, content in found:
        if failed:
            raise _failure(bytes(content), place(part)).error()
    return [PartAnswer(part, rows, bytes(content)) for part, rows, _, content in found]


def streamed(session: SparkSession, frame: DataFrame, work: Callable[..., Any], *, place: Callable[[int], str], **settings: str) -> Iterator[PartAnswer]:
    """Yield the answers one by one: the driver holds one partition's at a time, and what is not asked for is not computed."""
    with running(session, place=place, **settings) as there:
        found = there(lambda: mapped(frame, work).toLocalIterator(prefetchPartitions=False))
        while (row := there(lambda: next(found, None))) is not None:
            yield PartAnswer(row[0], row[1], bytes(row[3]))


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
def running(session: SparkSession, *, place: Callable[[int], str], **settings: str) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """Give what runs a query in a thread of its own and waits for it, so that Ctrl-C cancels it.

    In the main thread Ctrl-C would break the line to the JVM, and the job would go on. What Spark says is one sentence, and the session's settings
    come back.
    """
    tag = f"keepfit-{uuid.uuid4().hex}"
    before = _change(session, {name.replace("__", "."): value for name, value in settings.items()})
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="keepfit-spark") as pool:
        jobs: list[Future[Any]] = []

        def there(work: Callable[[], Any]) -> Any:
            jobs.append(pool.submit(_tagged(session, tag, work)))
            return jobs[-1].result()

        try:
            yield there
        except BaseException as bad:
            while jobs and not jobs[-1].done():
                with suppress(Exception):  # what cannot be cancelled is over, or its server is away
                    session.interruptTag(tag)
                wait(jobs[-1:], timeout=PATIENCE_SECONDS)
            said = sentence(bad, place)
            if said is None:
                raise
            raise said from bad
        finally:
            with suppress(Exception):
                _change(session, before)


def _tagged(session: SparkSession, tag: str, work: Callable[[], Any]) -> Callable[[], Any]:
    """The work under a tag, in a thread that has what the person's own thread has: its pool, its description, its tags."""
    from pyspark.util import inheritable_thread_target

    def under_tag() -> Any:
        session.addTag(tag)
        return work()

    made: Callable[[], Any] = inheritable_thread_target(session)(under_tag)
    return made


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
