"""`keepfit gate explain`: what the gate would say about a version, demand by demand.

Judged here by the rules that lie here; where none do, asked of the server, which judges by its own rules, journal and clock.
"""

from __future__ import annotations

import getpass
import os
from dataclasses import replace
from datetime import UTC, datetime

from keepfit.flows.promotion.explained import Explained, explained, of_server, protected_alias
from keepfit.flows.promotion.promote import the_registry
from keepfit.flows.promotion.registry_journal import can_read, open_journal
from keepfit.flows.promotion.server_answers import explained_by_server
from keepfit.flows.rules.file import rules_file, where_rules_lie
from keepfit.flows.serving.evidence import evidence_of
from keepfit.gate.history import DEFAULT_WORKSPACE, pointers, unexplained
from keepfit.gate.rules import ModelRules
from keepfit.gate.standing import Look, Seen, Standing
from keepfit.gate.standing import standing as standing_of
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.mlflow.client import Mlflow


def explain(model: str, version: str, *, rules: str | None = None, store: str | None = None) -> Explained:
    """Judge a version as the server would. What only its journal knows (approvals, waivers) is read if its database can be.

    Without rules and without a database here the server is asked.
    """
    registry, alias = the_registry()
    if registry.is_server and store is None and where_rules_lie(rules) is None:
        return of_server(explained_by_server(registry, model, version))
    file = rules_file(rules)
    held = file.rules.of(model)
    alias = protected_alias(held, alias)
    evidence = evidence_there(registry, model, version, held)
    now = datetime.now(UTC)
    standing = _by_journal(registry, evidence, alias, held, store=store, now=now) if can_read(store) else _by_tags(registry, evidence, alias)
    return explained(evidence, standing, file, subject=f"{model} v{evidence.version}", target=f"alias {alias}", now=now)


def evidence_there(registry: Mlflow, model: str, version: str, held: ModelRules | None) -> VersionEvidence:
    """Gather a version's certificate and digest through the tracking server."""
    found = registry.stored_version(model, version)
    uri = registry.download_uri(model, version)
    look = Look(held=held or ModelRules(), workspace=os.environ.get("MLFLOW_WORKSPACE") or DEFAULT_WORKSPACE, now=datetime.now(UTC))
    return evidence_of(found, uri, look, artifacts=Artifacts(registry.uri))


def _by_journal(registry: Mlflow, evidence: VersionEvidence, alias: str, held: ModelRules | None, *, store: str | None, now: datetime) -> Standing:
    """Look at every protected pointer, as the server does: one that the journal does not explain refuses a move of the other."""
    journal, workspace = open_journal(store), os.environ.get("MLFLOW_WORKSPACE") or DEFAULT_WORKSPACE
    rows = [row for row in journal.rows() if (row.workspace, row.model) == (workspace, evidence.model)]
    protected = held.pointers if held else frozenset({f"alias {alias}"})
    stands = {pointer: versions for pointer, versions in journal.database.standing(workspace, evidence.model).items() if pointer in protected}
    mine = [row for row in rows if protected & set(pointers(row))]
    created = journal.database.created(workspace, evidence.model)
    strange = tuple(sentence for pointer, sentence in unexplained(stands, mine, created=created) if pointer in protected)
    pointed = registry.alias(evidence.model, alias)
    champion = pointed or next((stands[pointer][-1] for pointer in sorted(stands)), None)
    seen = Seen(rows=rows, pointed=pointed, champion=champion, unexplained=strange)
    return replace(standing_of(seen, version=evidence.version, evidence=evidence, requester=getpass.getuser(), now=now), outside=True)


def _by_tags(registry: Mlflow, evidence: VersionEvidence, alias: str) -> Standing:
    """A version whose page says that it stood there is taken as a former champion; the server asks its journal instead."""
    champion = registry.alias(evidence.model, alias)
    said = str(registry.version(evidence.model, evidence.version).tags.get("kf.verdict", ""))
    former = said.startswith(("promoted", "rolled back", "adopted", "replaced", "retired")) and champion != evidence.version
    return Standing(champion=champion, former_digests=frozenset({evidence.model_digest} if former and evidence.model_digest else ()), outside=True)
