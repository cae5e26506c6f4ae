"""What the parts of the gated store share: what it is handed, what it is asked, and how it says no."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from keepfit.errors import KeepfitError, out_of_space
from keepfit.gate.attestation import Verify
from keepfit.gate.evidence import Evidence
from keepfit.gate.limits import UnkeptNameError
from keepfit.gate.names import alike, canonical, version_number
from keepfit.gate.rules import GateRules, ModelRules
from keepfit.gate.standing import Gone, Look
from keepfit.records import JournalRow, Verdict
from keepfit.records.envelope import NewerFormError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RESERVED = "keepfit."
VERDICT_TAG = "kf.verdict"
REASON_TAG = "kf.reason"
APPROVE = "approve"
MAX_SENTENCE = 400
UNEXPECTED = {"INTERNAL_ERROR", "BAD_REQUEST", "INVALID_STATE"}
_LOG = logging.getLogger(__name__)


class JournalTable(Protocol):
    """Where verdicts are kept."""

    def prepare(self, engine: Any) -> None:
        """Make sure that the tables are there."""

    def append(self, session: Session, row: JournalRow) -> JournalRow:
        """Add a row at the chain's end in the session's transaction."""

    def rows(self, session: Session, model: str, *, workspace: str, after: int = 0) -> Sequence[JournalRow]:
        """Return a model's rows, oldest first; only those behind the row with the number `after`."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What the store is handed.

    The rules as they are now; its journal; the evidence's reader; the signatures' verifier; the clock; who asks (and by which way), and which accounts are
    there no more; who tells MLflow's webhooks of an alias that a verb for something else has moved (store, model, alias, version; None:
    deleted); the
    publisher of a verdict's page in a version's run; what runs a job after the answer; and `reached`, to which a crash test listens.
    """

    rules: Callable[[], GateRules]
    journal: JournalTable
    gather: Callable[[Any, str, Look], Evidence]
    verify: Verify
    now: Callable[[], datetime]
    who: Callable[[], tuple[str, str]]
    gone: Gone
    announce: Callable[[Any, str, str, str | None], None]
    publish: Callable[[str | None, Verdict, JournalRow], str | None]
    later: Callable[[Callable[[], None]], None]
    reached: Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Move:
    """A protected pointer (`kind` and `name`: alias champion, stage Production) asked to stand on a version."""

    kind: str
    name: str
    model: str
    version: int
    held: ModelRules
    rules: GateRules

    @property
    def target(self) -> str:
        """The pointer in words."""
        return f"{self.kind} {self.name}"


@contextmanager
def fails_closed(write_down: Callable[[str], None] | None = None) -> Iterator[None]:
    """Turn what nobody expected into a refusal: a 500 would be retried by clients and lose its reason.

    `write_down` gets the refusal's sentence, for the journal.
    """
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as known:
        if (said := _told(known)) is not None:
            raise unevaluated_for(said, write_down) from known
        if known.error_code == "TEMPORARILY_UNAVAILABLE":
            raise error("keepfit: another change of this model is under way; try again", "RESOURCE_CONFLICT") from known
        if known.error_code in UNEXPECTED:
            raise unevaluated(known, write_down) from known
        raise
    except Exception as bad:
        if (said := _told(bad)) is not None:
            raise unevaluated_for(said, write_down) from bad
        raise unevaluated(bad, write_down) from bad


def _told(bad: BaseException) -> str | None:
    """The sentence for what can be told of, wherever in the chain of causes it lies: MLflow makes its own error of what leaves its session."""
    cause: BaseException | None = bad
    while cause is not None:
        if isinstance(cause, UnkeptNameError):
            return f"[KF-G008] {cause.what} ({cause.where}) → {cause.fix}"
        if isinstance(cause, NewerFormError):
            return f"[KF-G007] gate could not evaluate: {cause.what} ({cause.where}) → {cause.fix}"
        if out_of_space(cause):
            return "[KF-G007] gate could not evaluate: no space is left on the server's disk, and nothing has changed → make room, then ask again"
        cause = cause.__cause__
    return None


def unevaluated_for(said: str, write_down: Callable[[str], None] | None) -> Exception:
    """Return the refusal with a sentence, and let it be written down if that is possible."""
    _LOG.error("keepfit: %s", said)
    text = one_line(f"keepfit refused: {said}")[:MAX_SENTENCE]
    if write_down is not None:
        write_down(text)
    return error(text, "PERMISSION_DENIED")


def unevaluated(bad: Exception, write_down: Callable[[str], None] | None = None) -> Exception:
    """Log what went wrong and return the refusal that stands for it; details that are not ours stay in the log."""
    _LOG.exception("keepfit: the gate could not evaluate")
    said = f": {bad.what}" if isinstance(bad, KeepfitError) else "; the server's log says more"
    text = one_line(f"keepfit refused: [KF-G007] gate could not evaluate: {type(bad).__name__}{said}")[:MAX_SENTENCE]
    if write_down is not None:
        write_down(text)
    return error(text, "PERMISSION_DENIED")


def one_line(text: str) -> str:
    """Return the text on one line: names may hold newlines."""
    return " ".join(text.split())


def error(message: str, code: str) -> Exception:
    """Return MLflow's exception with a code by name; PERMISSION_DENIED is answered with 403, RESOURCE_CONFLICT with 409."""
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import ErrorCode

    error: Exception = MlflowException(message, error_code=ErrorCode.Value(code))
    return error


def number_of(version: Any) -> int:
    """Return the number that a version is spelled with; what is no number is a bad request, never passed on unjudged."""
    number = version_number(version)
    if number is None:
        raise error(f"not a model version: {str(version)[:40]!r}", "INVALID_PARAMETER_VALUE")
    return number


def protects(aliases: Sequence[str], alias: str) -> bool:
    """Whether an alias is, or looks like, a protected one."""
    return any(alike(alias, name) for name in aliases)


def reserved(key: str) -> bool:
    """Whether a tag's key is, or looks like, one of the gate's own: what it trusts, and what it shows of its verdicts."""
    return canonical(key).startswith((RESERVED, VERDICT_TAG))
