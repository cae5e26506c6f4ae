"""The entry point `keepfit:<inner uri>` of MLflow's model registry: the inner store with the gate in front.

MLflow imports this module while its own server module is half imported: nothing of mlflow is imported at the top.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from time import monotonic, sleep
from typing import Any

from keepfit.flows.effects import reached
from keepfit.flows.rules.served import served_rules
from keepfit.flows.serving.evidence import evidence_of
from keepfit.gate.standing import Look
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.integrations import signing
from keepfit.integrations.mlflow.artifacts import Artifacts, in_server
from keepfit.integrations.mlflow.people import gone, who_asks
from keepfit.integrations.mlflow.webhooks import announce
from keepfit.records import JournalRow, Verdict
from keepfit.report.verdict_page import verdict_page

SCHEME = "keepfit:"
PAGE = "gate/verdict.html"


def gated_store(store_uri: str, tracking_uri: str | None = None) -> Any:
    """Return the store that MLflow builds for the URI behind `keepfit:`, gated; called once a process and URI."""
    from keepfit.integrations.journal import Journal
    from keepfit.integrations.mlflow.store import Gate, gate_store, inner_store

    inner = inner_store(store_uri.removeprefix(SCHEME), tracking_uri=tracking_uri)
    artifacts = Artifacts(tracking_uri)

    def gather(version: Any, uri: str, look: Look) -> VersionEvidence:
        return evidence_of(version, uri, look, artifacts=artifacts)

    def publish(run_id: str | None, verdict: Verdict, row: JournalRow) -> str | None:
        return artifacts.write(run_id, PAGE, verdict_page(verdict, row)) if run_id else None

    gate = Gate(
        rules=served_rules,
        journal=Journal(),
        gather=gather,
        verify=signing.verify,
        now=_now,
        who=who_asks,
        gone=gone,
        announce=announce,
        publish=publish,
        later=_later,
        reached=reached,
    )
    return gate_store(inner, gate)


MOMENT = 0.02
"""Seconds that an answer mostly needs to leave the server, once the registry's verb has returned."""


def _later(job: Callable[[], None]) -> None:
    """In the server a job waits for its turn, and until the answer is out: both share one interpreter. A client has nobody else to wait for."""
    if in_server():
        _after_the_answer().submit(_not_before, monotonic() + MOMENT, job)
    else:
        job()


def _not_before(due: float, job: Callable[[], None]) -> None:
    sleep(max(due - monotonic(), 0))
    job()


@cache
def _after_the_answer() -> ThreadPoolExecutor:
    """One thread a worker, so that a version's pages are written in the order of the verdicts; ended after its last job."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="keepfit-pages")


def _now() -> datetime:
    return datetime.now(UTC)
