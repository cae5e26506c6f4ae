"""How many models the server has counted on which rows, and the word that one more was held against some.

A gated server that counts is asked; one that is not gated, or older, counts nothing and is told nothing.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime

from keepfit.gate.history import DEFAULT_WORKSPACE
from keepfit.gate.questions import ATTEMPTS
from keepfit.gate.requests import PREFIX, UNSIGNED
from keepfit.gate.statement import stated
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.signing import KeyPair
from keepfit.records import Attempt, Attempts, Request, Scorecard, from_json

NONCE_BYTES = 16
MOST = 200
REASON = "held against frozen rows"


def counted_by_server(registry: Mlflow, model: str) -> tuple[Attempt, ...] | None:
    """Return the models that the server counts, in its order; None from one that counts none."""
    answer = registry.answer(model, ATTEMPTS)
    return None if answer is None else from_json(Attempts, answer, where=registry.uri).counted


def that_may_judge_again(counted: tuple[Attempt, ...], *, after: datetime | None) -> tuple[Attempt, ...]:
    """Return the newest attempts on rows that may judge the next candidate: those that end after the champion's data, or whose end is not known."""
    may = [one for one in counted if after is None or one.until is None or _naive(one.until) > _naive(after)]
    return tuple(may[-MOST:])


def announce(registry: Mlflow, model: str, version: str, card: Scorecard, *, certificate: str | None = None, key: KeyPair | None = None) -> bool:
    """Say that a version's model was held against the rows of its scorecard, signed where there is a key; whether the server counts such.

    Raises `RefusedError` with the server's sentence.
    """
    if not card.judged_digest or registry.answer(model, ATTEMPTS) is None:
        return False
    request = Request(
        verb="evaluate",
        workspace=os.environ.get("MLFLOW_WORKSPACE") or DEFAULT_WORKSPACE,
        model=model,
        version=version,
        reason=REASON,
        by=key.name if key else UNSIGNED,
        issued=datetime.now(UTC),
        nonce=secrets.token_hex(NONCE_BYTES),
        certificate=certificate,
        evaluated=Attempt(rows=card.judged_digest, model=card.judged_model, until=card.evaluated_until),
    )
    statement = stated("request", request, key=key.public, by=key.sign) if key else stated("request", request)
    registry.ask(model, version, f"{PREFIX}evaluate", statement.text)
    return True


def _naive(time: datetime) -> datetime:
    """The table's clock: data has no zone, and a record's time is UTC where it has one."""
    return time.replace(tzinfo=None)
