"""`keepfit gate explain`: what the gate would say about a version, demand by demand, judged here by the rules file that lies here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.gated_store import evidence_of
from keepfit.flows.promote import project_or_none, the_registry
from keepfit.flows.served_rules import served_rules
from keepfit.gate.decide import Evidence, Standing, decide, demands
from keepfit.gate.rules import GateRules, ModelRules, parse_rules
from keepfit.integrations.mlflow_client import Mlflow
from keepfit.integrations.mlflow_evidence import Artifacts
from keepfit.records import Reason, Verdict

PASSES, REFUSED, UNDECIDED = 0, 3, 4


@dataclass(frozen=True, kw_only=True)
class Explained:
    """The verdict, every demand with its finding (met ones too), and the file the rules are from."""

    verdict: Verdict
    demands: tuple[Reason, ...]
    rules: str

    @property
    def exit_code(self) -> int:
        """0 it would pass, 3 it would be refused, 4 only undecided rows stand in the way."""
        if self.verdict.promote:
            return PASSES
        refusing = {reason.code for reason in self.verdict.reasons if reason.blocking}
        return UNDECIDED if refusing == {"KF-G022"} else REFUSED


def explain(model: str, version: str, *, rules: Path | None = None) -> Explained:
    """Judge a version as the server would; only the server's journal knows for sure if it was champion before."""
    registry, alias = the_registry()
    served, place = _rules(rules)
    held = served.of(model)
    if held is not None and held.aliases and alias not in held.aliases:
        alias = held.aliases[0]
    evidence = _evidence(registry, model, version, held)
    standing = _standing(registry, evidence, alias)
    now = datetime.now(UTC)
    verdict = decide(evidence, standing, rules=served, target=f"alias {alias}", now=now)
    return Explained(verdict=verdict, demands=demands(evidence, standing, rules=served, now=now), rules=place)


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


def _rules(path: Path | None) -> tuple[GateRules, str]:
    """The file named, else the project's, else `KEEPFIT_GATE`'s."""
    project = project_or_none()
    place = path or (project.root / "gate.yaml" if project else None)
    if place is None:
        return served_rules(), os.environ.get("KEEPFIT_GATE") or "built-in"
    try:
        return parse_rules(place.read_text(encoding="utf-8"), where=place.name), str(place)
    except (OSError, UnicodeDecodeError) as bad:
        raise ProjectError("the gate's rules cannot be read", where=str(place), fix="keepfit gate explain --rules PATH") from bad
