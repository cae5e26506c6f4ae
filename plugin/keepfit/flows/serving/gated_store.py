"""The entry point `keepfit:<inner uri>` of MLflow's model registry: the inner store with the gate in front.

MLflow imports this module while its own server module is half imported: nothing of mlflow is imported at the top.
"""

from __future__ import annotations

import getpass
import logging
import sys
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from time import monotonic, sleep
from typing import Any

from keepfit.errors import KeepfitError, out_of_space
from keepfit.flows.effects import reached
from keepfit.flows.rules.served import served_rules
from keepfit.gate.attestation import Attestation, attestation
from keepfit.gate.certificate import chosen, issued_ahead, parsed, tree_digest
from keepfit.gate.evidence import Evidence
from keepfit.gate.standing import Look
from keepfit.gate.statement import Statement
from keepfit.integrations import signing
from keepfit.integrations.mlflow.artifacts import Artifacts, in_server, model_id_of
from keepfit.records import JournalRow, Verdict
from keepfit.report.verdict_page import verdict_page

SCHEME = "keepfit:"
_LOG = logging.getLogger(__name__)
PAGE = "gate/verdict.html"


def gated_store(store_uri: str, tracking_uri: str | None = None) -> Any:
    """Return the store that MLflow builds for the URI behind `keepfit:`, gated; called once a process and URI."""
    from keepfit.integrations.journal import Journal
    from keepfit.integrations.mlflow.store import Gate, gate_store, inner_store

    inner = inner_store(store_uri.removeprefix(SCHEME), tracking_uri=tracking_uri)
    artifacts = Artifacts(tracking_uri)

    def gather(version: Any, uri: str, look: Look) -> Evidence:
        return evidence_of(version, uri, look, artifacts=artifacts)

    def publish(run_id: str | None, verdict: Verdict, row: JournalRow) -> str | None:
        return artifacts.write(run_id, PAGE, verdict_page(verdict, row)) if run_id else None

    gate = Gate(
        rules=served_rules,
        journal=Journal(),
        gather=gather,
        verify=signing.verify,
        now=_now,
        who=_who,
        gone=_gone,
        announce=_announce,
        publish=publish,
        later=_later,
        reached=reached,
    )
    return gate_store(inner, gate)


def evidence_of(version: Any, uri: str, look: Look, *, artifacts: Artifacts) -> Evidence:
    """Gather what lies beside a version: its certificate and the digest of all its files now."""
    held, subject = look.held, {"model": version.name, "version": str(version.version)}

    def judge(statement: Statement) -> Attestation:
        return attestation(statement, keys=held.keys, self_attested=held.self_attested, verify=signing.verify)

    unreadable, fix, ahead = "", "", frozenset[str]()
    try:
        texts = tuple(artifacts.certificates(version.run_id)) if version.run_id else ()
        lying = parsed(texts, judge=judge)
        ahead = look.ahead & {each.signed.identity for each in lying} | issued_ahead(lying, **subject, now=look.now)
        signed, judged = chosen(lying, **subject, ahead=ahead)
    except Exception as bad:  # noqa: BLE001 - any way in which they cannot be read refuses, and the verdict says which
        signed, unreadable, fix = None, _said(bad), _fix(bad)
        judged = Attestation(by=None, problem=f"the certificates cannot be read: {unreadable}"[:300])
    if not version.run_id:
        judged, fix = Attestation(by=None, problem="the version has no run, beside which a certificate could lie"), "register it from a run: dvc repro does"
    files, problem, mend = _digest(uri, artifacts) if judged.trusted or look.known else (None, "not read: no trusted certificate", "")
    return Evidence(
        **subject,
        model_id=version.model_id or model_id_of(version.source),
        signed=signed,
        attestation=judged,
        model_digest=files,
        problem=problem,
        unreadable=unreadable,
        fix=fix or mend,
        created=version.creation_timestamp,
        workspace=look.workspace,
        ahead=ahead,
    )


def _digest(uri: str, artifacts: Artifacts) -> tuple[str | None, str, str]:
    try:
        return tree_digest(artifacts.files(uri)), "", ""
    except Exception as bad:  # noqa: BLE001 - any way in which files cannot be read refuses, and the verdict says which
        return None, _said(bad), _fix(bad)


def _fix(bad: Exception) -> str:
    return (bad.fix or "") if isinstance(bad, KeepfitError) else ""


def _said(bad: Exception) -> str:
    """Our own sentences as they are; of others only the kind, as they may tell where the server's database is: its log has the rest."""
    if isinstance(bad, KeepfitError):
        return bad.what + (f" ({bad.where})" if bad.where else "")
    if out_of_space(bad):
        return "no space is left on the server's disk"
    _LOG.warning("keepfit: evidence could not be read", exc_info=bad)
    return f"{type(bad).__name__}; the server's log says more"


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


def _announce(store: Any, model: str, alias: str, version: str | None) -> None:
    """Let MLflow's webhooks tell of an alias; a client's moves are told by none, and a delivery that fails is logged."""
    if not in_server():
        return
    try:
        from mlflow.entities.webhook import WebhookAction, WebhookEntity, WebhookEvent
        from mlflow.webhooks.delivery import deliver_webhook

        action, about = (WebhookAction.DELETED, {}) if version is None else (WebhookAction.CREATED, {"version": version})
        payload: Any = {"name": model, "alias": alias, **about}
        deliver_webhook(event=WebhookEvent(WebhookEntity.MODEL_VERSION_ALIAS, action), payload=payload, store=store)
    except Exception:  # noqa: BLE001 - the pointer has moved, whoever hears of it
        _LOG.exception("keepfit: the webhooks were not told of the alias %s of %s", alias, model)


def _now() -> datetime:
    return datetime.now(UTC)


def _gone(accounts: Collection[str]) -> frozenset[str]:
    """Which of these accounts MLflow's basic-auth has no more; none, if it is not what knows the one who asks."""
    store: Any = getattr(sys.modules.get("mlflow.server.auth"), "store", None)
    if not in_server() or getattr(store, "engine", None) is None or not store.has_user(_who()[0]):
        return frozenset()
    return frozenset(who for who in accounts if not store.has_user(who))


def _who() -> tuple[str, str]:
    """Return who asks and by which way: the server's authenticated user, or the account that runs a client in process."""
    if not in_server():
        try:
            return getpass.getuser(), "client"
        except (KeyError, OSError):
            return "anonymous", "client"
    from flask import g, has_request_context

    user = getattr(g, "mlflow_authenticated_user", None) if has_request_context() else None
    return str(getattr(user, "username", user) or "anonymous"), "server"
