"""`keepfit gate check`: what the gate would say about a commit's candidate, from files alone, before anything is registered.

The commit is read as `keepfit certify` reads it. The demands that need the model's files, a signature or the server's journal
are named, not judged.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from keepfit.errors import ProjectError
from keepfit.flows.project import Project, find_project
from keepfit.flows.promotion.certify import certificate_of
from keepfit.flows.promotion.explained import Explained, explained, protected_alias
from keepfit.flows.promotion.locked import Locked, read_locked
from keepfit.flows.promotion.serving import unmeasured
from keepfit.flows.rules.file import about_rows, rules_file
from keepfit.gate.approvals import when_registered
from keepfit.gate.attestation import Attestation
from keepfit.gate.certificate import unsigned
from keepfit.gate.standing import Standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.integrations.programs.git import GitRepo
from keepfit.records import Baseline, Reason, from_json
from keepfit.rule_kinds.beside_metrics import CERTIFIED

BASELINE = "baseline.json"
NOT_COMPUTED = "not computed"
FROM_FILES = {"rules", "champion", "basis", "first model", "max_data_age_days", "require_merged", "scorecard"}


def gate_check(*, ref: str = "HEAD", rules: str | None = None, project: Project | None = None) -> Explained:
    """Judge the candidate at `ref` by the rules named, else the project's; raises `ProjectError` where the commit contradicts itself."""
    project = project or find_project()
    git = GitRepo(project.root)
    locked = read_locked(git, ref)
    file = rules_file(rules, here=project.root)
    model, commit = locked.params.model.name, locked.commit[:10]
    alias = protected_alias(file.rules.of(model), locked.params.mlflow.alias)
    evidence = _evidence(git, locked, model=model, version=commit)
    standing = _standing(git, locked.commit)
    said = explained(evidence, standing, file, subject=f"{model} at {commit}", target=f"alias {alias}", now=datetime.now(UTC), judged=is_from_files)
    held = file.rules.of(model)
    demands = said.demands if held is None else tuple((when_registered(demand, held), place) for demand, place in said.demands)
    unchecked = tuple(sorted({*said.unchecked, *unmeasured(locked)}))
    return replace(said, demands=demands, unchecked=unchecked, waivable=())  # what is not registered has no certificate to waive anything of


def is_from_files(demand: Reason) -> bool:
    """Whether a commit's files answer a demand; a kind of demand that is not known here is the server's, and what `certify` measures is in no file."""
    return demand.metric not in CERTIFIED and (about_rows(demand) or demand.rule in FROM_FILES or demand.rule.startswith("expectation "))


def _evidence(git: GitRepo, locked: Locked, *, model: str, version: str) -> VersionEvidence:
    """What the commit says, taken as trusted and about the right files: whether it is, is not asked here."""
    made = certificate_of(locked, git, model=model, version=version, model_id=None, model_digest=NOT_COMPUTED)
    return VersionEvidence(model=model, version=version, model_id=None, signed=unsigned(made), attestation=Attestation(by="self"), model_digest=NOT_COMPUTED)


def _standing(git: GitRepo, commit: str) -> Standing:
    """The champion is the one that the commit is pinned to."""
    text = git.show(commit, BASELINE)
    if text is None:
        raise ProjectError(f"{BASELINE} is not in the commit {commit[:10]}", where=str(git.root), fix="commit it: keepfit sync writes it")
    pin = from_json(Baseline, text, where=f"{BASELINE} at {commit[:10]}").champion
    return Standing(champion=None, outside=True) if pin is None else Standing(champion=pin.version, champion_digest=pin.digest, outside=True)
