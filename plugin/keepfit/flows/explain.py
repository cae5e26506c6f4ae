"""`keepfit gate explain`: what the gate would say about a version, demand by demand, judged here by the rules file that lies here."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

from keepfit.flows.explained import Explained, explained, protected_alias
from keepfit.flows.gated_store import evidence_of
from keepfit.flows.promote import the_registry
from keepfit.flows.registry_journal import can_read, open_journal
from keepfit.flows.rules_file import rules_file
from keepfit.gate.decide import Evidence, Standing
from keepfit.gate.history import pointers, unexplained
from keepfit.gate.rules import ModelRules
from keepfit.gate.standing import Seen
from keepfit.gate.standing import standing as standing_of
from keepfit.integrations.mlflow_client import Mlflow
from keepfit.integrations.mlflow_evidence import Artifacts


def explain(model: str, version: str, *, rules: str | None = None, store: str | None = None) -> Explained:
    """Judge a version as the server would. What only its journal knows (approvals, waivers) is read if its database can be."""
    registry, alias = the_registry()
    file = rules_file(rules)
    held = file.rules.of(model)
    alias = protected_alias(held, alias)
    evidence = evidence_there(registry, model, version, held)
    now = datetime.now(UTC)
    standing = _by_journal(registry, evidence, alias, store=store, now=now) if can_read(store) else _by_tags(registry, evidence, alias)
    return explained(evidence, standing, file, subject=f"{model} v{evidence.version}", target=f"alias {alias}", now=now)


def evidence_there(registry: Mlflow, model: str, version: str, held: ModelRules | None) -> Evidence:
    """Gather a version's certificate and digest through the tracking server."""
    found = registry.stored_version(model, version)
    uri = registry.download_uri(model, version)
    return evidence_of(found, uri, held or ModelRules(), artifacts=Artifacts(registry.uri))


def _by_journal(registry: Mlflow, evidence: Evidence, alias: str, *, store: str | None, now: datetime) -> Standing:
    rows = [row for row in open_journal(store).rows() if row.model == evidence.model]
    champion = registry.alias(evidence.model, alias)
    stands = {f"alias {alias}": [champion]} if champion else {}
    mine = [row for row in rows if f"alias {alias}" in pointers(row)]
    created = {champion: str(registry.stored_version(evidence.model, champion).creation_timestamp)} if champion else {}
    strange = tuple(sentence for pointer, sentence in unexplained(stands, mine, created=created) if pointer == f"alias {alias}")
    seen = Seen(rows=rows, pointed=champion, champion=champion, unexplained=strange)
    return standing_of(seen, version=evidence.version, evidence=evidence, requester=getpass.getuser(), now=now)


def _by_tags(registry: Mlflow, evidence: Evidence, alias: str) -> Standing:
    """A version whose page says that it stood there is taken as a former champion; the server asks its journal instead."""
    champion = registry.alias(evidence.model, alias)
    said = str(registry.version(evidence.model, evidence.version).tags.get("kf.verdict", ""))
    former = said.startswith(("promoted", "rolled back", "adopted", "replaced", "retired")) and champion != evidence.version
    return Standing(champion=champion, former_digests=frozenset({evidence.model_digest} if former and evidence.model_digest else ()))
