"""`keepfit approve`, `waive`, `retire` and `gate adopt`: what people say to the gate, through any MLflow client.

An approval is a tag that the server turns into a journal row. The other three are signed with a key that `gate.yaml` names and
travel in a tag that is never stored.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Literal

from keepfit.errors import KeepfitError
from keepfit.flows.project import find_project
from keepfit.flows.promotion.explain import evidence_there
from keepfit.flows.promotion.keys import signing_key
from keepfit.flows.promotion.promote import the_registry
from keepfit.flows.promotion.server_answers import explained_by_server
from keepfit.flows.rules.file import rules_file, where_rules_lie
from keepfit.gate.certificate import tree_digest
from keepfit.gate.requests import PREFIX
from keepfit.gate.statement import stated
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import Request

NONCE_BYTES = 16
Verb = Literal["waive", "adopt", "retire"]


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What the server carried out, and on whose word."""

    request: Request
    signed: bool

    @property
    def attested(self) -> str:
        """The words for a request that nobody signed."""
        return "" if self.signed else ", self-attested"


def approve(model: str, version: str) -> str:
    """Approve a version as champion; returns the pointer. The server binds it to the certificate that lies there, or refuses."""
    registry, alias = the_registry()
    registry.tag_version(model, version, {"approve": alias})
    return alias


def withdraw(model: str, version: str) -> None:
    """Withdraw the own approval of a version; by setting the tag, as who may set one may not always delete it."""
    registry, _ = the_registry()
    registry.tag_version(model, version, {"approve": "withdraw"})


def waive(model: str, version: str, *, rule: str, reason: str, until: datetime, key: str | None = None) -> Carried:
    """Set a rule aside for a version on the certificate that lies there, until an instant."""
    registry, _ = the_registry()
    certificate = _certificate_there(registry, model, version)
    return _ask(registry, "waive", model, version, reason=reason, key=key, rule=rule, until=until, certificate=certificate)


def adopt(model: str, version: str | None, *, reason: str, data: Path | None = None, key: str | None = None) -> Carried:
    """Take the champion that stands in the registry into the journal, with its files as they are now.

    With `data`, a table of the rows it was trained on, the project can watch it: its reference profile is kept beside it and bound
    by digest.
    """
    registry, alias = the_registry()
    number = version or registry.alias(model, alias)
    if number is None:
        raise KeepfitError(f"no version of {model} is {alias}: there is nothing to adopt", fix="keepfit promote MODEL VERSION, or name the version")
    files = tree_digest(Artifacts(registry.uri).files(registry.download_uri(model, number)))
    profile = None if data is None else _described(registry, model, number, data)
    return _ask(registry, "adopt", model, number, reason=reason, key=key, model_digest=files, profile=profile)


def retire(model: str, *, reason: str, key: str | None = None) -> Carried:
    """Give up a model's protected pointers: no version is champion any more."""
    registry, _ = the_registry()
    return _ask(registry, "retire", model, None, reason=reason, key=key)


def instant(until: datetime) -> datetime:
    """Return what people mean by "until": a day ends with its last second, a time is UTC.

    >>> instant(datetime(2026, 1, 31)).isoformat(), instant(datetime(2026, 1, 31, 18, 30)).isoformat()
    ('2026-01-31T23:59:59+00:00', '2026-01-31T18:30:00+00:00')
    """
    whole_day = until.time() == time(0)
    return (datetime.combine(until, time(23, 59, 59)) if whole_day else until).replace(tzinfo=UTC)


def _ask(
    registry: Mlflow, verb: Literal["waive", "adopt", "retire"], model: str, version: str | None, *, reason: str, key: str | None, **about: Any
) -> Carried:
    """Sign a request and set its tag; raises `RefusedError` with the server's sentence."""
    if not reason.strip():
        raise KeepfitError(f"{verb} needs a reason", fix='--reason "why"')
    pair = signing_key(key)
    request = Request(
        verb=verb,
        workspace=os.environ.get("MLFLOW_WORKSPACE") or "default",
        model=model,
        version=version,
        reason=" ".join(reason.split()),
        by=pair.name if pair else "self",
        issued=datetime.now(UTC),
        nonce=secrets.token_hex(NONCE_BYTES),
        **about,
    )
    statement = stated("request", request, key=pair.public, by=pair.sign) if pair else stated("request", request)
    registry.ask(model, version, f"{PREFIX}{verb}", statement.text)
    return Carried(request=request, signed=pair is not None)


def _certificate_there(registry: Mlflow, model: str, version: str) -> str:
    """The digest of the certificate that counts by the rules that lie here, else by the server's; the server compares it with the one that it trusts."""
    if registry.is_server and where_rules_lie(None) is None:
        found = explained_by_server(registry, model, version).verdict.certificate
    else:
        signed = evidence_there(registry, model, version, rules_file(None).rules.of(model)).signed
        found = None if signed is None else signed.identity
    if found is None:
        raise KeepfitError(f"{model} v{version} has no certificate to waive anything of", fix=f"keepfit certify {model} {version}")
    return found


def _described(registry: Mlflow, model: str, version: str, data: Path) -> str:
    from keepfit.flows.retraining.adoption import describe, upload

    found = registry.version(model, version)
    return upload(registry, found, describe(find_project(), registry, found, data))
