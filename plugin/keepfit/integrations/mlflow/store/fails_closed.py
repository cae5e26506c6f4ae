"""How the gate says no in MLflow's words: a refusal, a conflict; what nobody expected refuses too, and its reason survives the way to the client."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from keepfit.errors import KeepfitError, out_of_space
from keepfit.gate.limits import UnkeptNameError
from keepfit.gate.names import version_number
from keepfit.records.envelope import NewerFormError

MAX_SENTENCE = 400
UNEXPECTED = {"INTERNAL_ERROR", "BAD_REQUEST", "INVALID_STATE"}
WriteDown = Callable[[str], None]
_LOG = logging.getLogger(__name__)


@contextmanager
def fails_closed(write_down: WriteDown | None = None) -> Iterator[None]:
    """Turn what nobody expected into a refusal: a 500 would be retried by clients and lose its reason.

    `write_down` gets the refusal's sentence, for the journal.
    """
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as known:
        if (said := _told(known)) is not None:
            raise _unevaluated_for(said, write_down) from known
        if known.error_code == "TEMPORARILY_UNAVAILABLE":
            raise error("keepfit: another change of this model is under way; try again", "RESOURCE_CONFLICT") from known
        if known.error_code in UNEXPECTED:
            raise _unevaluated(known, write_down) from known
        raise
    except Exception as bad:
        if (said := _told(bad)) is not None:
            raise _unevaluated_for(said, write_down) from bad
        raise _unevaluated(bad, write_down) from bad


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


def in_short(text: str) -> str:
    """Return a sentence as a dialog shows it: on one line, as names may hold newlines, and no longer than it has room for."""
    return " ".join(text.split())[:MAX_SENTENCE]


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


def _unevaluated_for(said: str, write_down: WriteDown | None) -> Exception:
    """Return the refusal with a sentence, and let it be written down if that is possible."""
    _LOG.error("keepfit: %s", said)
    return _denied(f"keepfit refused: {said}", write_down)


def _unevaluated(bad: Exception, write_down: WriteDown | None) -> Exception:
    """Log what went wrong and return the refusal that stands for it; details that are not ours stay in the log."""
    _LOG.exception("keepfit: the gate could not evaluate")
    said = f": {bad.what}" if isinstance(bad, KeepfitError) else "; the server's log says more"
    return _denied(f"keepfit refused: [KF-G007] gate could not evaluate: {type(bad).__name__}{said}", write_down)


def _denied(said: str, write_down: WriteDown | None) -> Exception:
    text = in_short(said)
    if write_down is not None:
        write_down(text)
    return error(text, "PERMISSION_DENIED")
