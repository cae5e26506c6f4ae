"""`keepfit gate explain`: what the gate would say about a version, demand by demand, judged here by the rules file that lies here."""

from __future__ import annotations

from datetime import UTC, datetime

from keepfit.flows.explained import Explained, explained, protected_alias
from keepfit.flows.gated_store import evidence_of
from keepfit.flows.promote import the_registry
from keepfit.flows.rules_file import rules_file
from keepfit.gate.decide import Evidence, Standing
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow_client import Mlflow
from keepfit.integrations.mlflow_evidence import Artifacts


def explain(model: str, version: str, *, rules: str | None = None) -> Explained:
    """Judge a version as the server would; only the server's journal knows for sure if it was champion before."""
    registry, alias = the_registry()
    file = rules_file(rules)
    held = file.rules.of(model)
    alias = protected_alias(held, alias)
    evidence = _evidence(registry, model, version, held)
    standing = _standing(registry, evidence, alias)
    return explained(evidence, standing, file, subject=f"{model} v{evidence.version}", target=f"alias {alias}", now=datetime.now(UTC))


def _evidence(registry: Mlflow, model: str, version: str, held: ModelRules | None) -> Evidence:
    found = registry.stored_version(model, version)
    uri = registry.download_uri(model, version)
    return evidence_of(found, uri, held or ModelRules(), artifacts=Artifacts(registry.uri))


def _standing(registry: Mlflow, evidence: Evidence, alias: str) -> Standing:
    """A version whose page says that it was promoted is taken as a former champion; the server asks its journal instead."""
    champion = registry.alias(evidence.model, alias)
    said = str(registry.version(evidence.model, evidence.version).tags.get("kf.verdict", ""))
    former = said.startswith(("promoted", "rolled back")) and champion != evidence.version
    return Standing(champion=champion, former_digests=frozenset({evidence.model_digest} if former and evidence.model_digest else ()))
