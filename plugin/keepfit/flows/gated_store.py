"""The entry point `keepfit:<inner uri>` of MLflow's model registry: the inner store with the gate in front.

MLflow imports this module while its own server module is half imported: nothing of mlflow is imported at the top.
"""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from keepfit.gate.certificate import Attestation, attestation, choose, tree_digest
from keepfit.gate.decide import Evidence
from keepfit.gate.rules import GateRules, ModelRules, read_rules
from keepfit.integrations import signing
from keepfit.integrations.mlflow_evidence import Artifacts, in_server, model_id_of

SCHEME = "keepfit:"
MAX_RULES_BYTES = 1_000_000


def gated_store(store_uri: str, tracking_uri: str | None = None) -> Any:
    """Return the store that MLflow builds for the URI behind `keepfit:`, gated; called once a process and URI."""
    from keepfit.integrations.journal import Journal
    from keepfit.integrations.mlflow_store import Gate, gate_store, inner_store

    inner = inner_store(store_uri.removeprefix(SCHEME), tracking_uri=tracking_uri)
    artifacts = Artifacts(tracking_uri)

    def gather(version: Any, uri: str, held: ModelRules) -> Evidence:
        return evidence_of(version, uri, held, artifacts=artifacts)

    return gate_store(inner, Gate(rules=served_rules, journal=Journal(), gather=gather, now=_now, who=_who))


def served_rules() -> GateRules:
    """Read the rules that `KEEPFIT_GATE` names; whatever is wrong with them, the built-in protection holds."""
    place = os.environ.get("KEEPFIT_GATE")
    if not place:
        return read_rules(None, problem="KEEPFIT_GATE names no rules file")
    try:
        if Path(place).stat().st_size > MAX_RULES_BYTES:
            return read_rules(None, problem=f"the rules file is larger than {MAX_RULES_BYTES:,} bytes")
        return read_rules(Path(place).read_text(encoding="utf-8"), where=Path(place).name)
    except (OSError, UnicodeDecodeError) as bad:
        return read_rules(None, problem=f"the rules file cannot be read: {type(bad).__name__}")


def evidence_of(version: Any, uri: str, held: ModelRules, *, artifacts: Artifacts) -> Evidence:
    """Gather what lies beside a version: its certificate and, if that is trusted, the digest of all its files now."""

    def judge(signed: Any) -> Attestation:
        return attestation(signed, keys=held.keys, self_attested=held.self_attested, verify=signing.verify)

    try:
        texts = tuple(artifacts.certificates(version.run_id)) if version.run_id else ()
        signed, judged = choose(texts, model=version.name, version=str(version.version), judge=judge)
    except Exception as bad:  # noqa: BLE001 - any way in which they cannot be read refuses, and the verdict says which
        signed, judged = None, Attestation(by=None, problem=f"the certificates cannot be read: {_said(bad)}")
    digest, problem = _digest(uri, artifacts) if judged.trusted else (None, "not read: no trusted certificate")
    return Evidence(
        model=version.name,
        version=str(version.version),
        model_id=version.model_id or model_id_of(version.source),
        signed=signed,
        attestation=judged,
        model_digest=digest,
        problem=problem,
    )


def _digest(uri: str, artifacts: Artifacts) -> tuple[str | None, str]:
    try:
        return tree_digest(artifacts.files(uri)), ""
    except Exception as bad:  # noqa: BLE001 - any way in which files cannot be read refuses, and the verdict says which
        return None, _said(bad)


def _said(bad: Exception) -> str:
    return f"{type(bad).__name__}: {' '.join(str(bad).split())[:200]}"


def _now() -> datetime:
    return datetime.now(UTC)


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
