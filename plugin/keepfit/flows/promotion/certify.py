"""`keepfit certify`: the root of trust. Binds a version's bytes to a reviewed commit and signs what that commit says about them.

Run by CI on the protected branch, or by a person. A failing scorecard is signed too: the gate's refusal can then name slices.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import Any

from keepfit.errors import KeepfitError, ProjectError, RefusedError
from keepfit.flows.models.attempts import announce
from keepfit.flows.project import Project, find_project
from keepfit.flows.promotion.locked import SCORECARD, Locked, read_locked
from keepfit.flows.promotion.serving import with_served
from keepfit.gate.certificate import SignedCertificate, sign, tree_digest, unsigned
from keepfit.gate.history import DEFAULT_WORKSPACE
from keepfit.gate.outside import is_outside
from keepfit.gate.sound import contradiction, unknown_kind
from keepfit.integrations import signing
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.programs.dvc import directory_md5
from keepfit.integrations.programs.git import GitRepo
from keepfit.params import Params
from keepfit.records import Certificate, ExpectationOutcome, Scorecard, Validation


@dataclass(frozen=True, kw_only=True)
class Certified:
    """What was uploaded: the signed certificate and the artifact's name; `note` says what the server would not do."""

    signed: SignedCertificate
    artifact: str
    note: str = ""

    @property
    def summary(self) -> str:
        """One line: version, commit (or the table, where no project made it), by whom, merged or not."""
        made = self.signed.certificate
        by = f"signed by {made.signer}" if self.signed.statement.signatures else "not signed: self-attested"
        merged = "merged" if made.merged else "not merged"
        made_of = f"as evaluated outside a project on {', '.join(made.data)}" if is_outside(made) else f"from {made.commit[:10]} ({merged})"
        return f"certified {made.model} v{made.version} {made_of}, {by}: {self.artifact}"


def certify(model: str, version: str, *, ref: str = "HEAD", project: Project | None = None) -> Certified:
    """Check that the version's files are those that dvc.lock at `ref` names, then sign and upload the certificate.

    Without a `project` the one around the current folder is meant. Raises `ProjectError` if the commit is not consistent in itself,
    `KeepfitError` if the version holds another model.
    """
    project = project or _project(model, version)
    git = GitRepo(project.root)
    locked = read_locked(git, ref)
    where = f"{SCORECARD} at {locked.commit[:10]}"
    check_scorecard(locked.scorecard, where=where, fix="dvc repro -f evaluate, commit, then certify that commit")
    registry = Mlflow(project.tracking_uri)
    found = registry.version(model, version)
    if not found.run_id:
        raise KeepfitError(f"{model} v{version} has no run to keep a certificate", fix="register it with dvc repro")
    digest = _checked_digest(registry, model, version, locked)
    locked = with_served(locked, project, registry, found)
    made = certificate_of(locked, git, model=model, version=found.number, model_id=found.model_id, model_digest=digest)
    return upload(registry, found.run_id, made, key=signing.load_key(locked.params.certify.key, folder=signing.keys_folder()))


def upload(registry: Mlflow, run_id: str, made: Certificate, *, key: signing.KeyPair | None) -> Certified:
    """Sign a certificate if there is a key, announce what it is about, and put it beside the version: among its run's artifacts."""
    signed = signed_by(made, key)
    note = announced(registry, signed, key=key)
    artifact = f"keepfit/{signed.file_name}"
    registry.log_text(run_id, artifact, signed.statement.text)
    return Certified(signed=signed, artifact=artifact, note=note)


def announced(registry: Mlflow, signed: SignedCertificate, *, key: signing.KeyPair | None) -> str:
    """Tell a server that counts attempts of this one, before its certificate is uploaded; returns what it refused, empty if nothing.

    A refusal does not keep the certificate back: the gate takes an attempt that was not counted for the one after all that were.
    """
    made = signed.certificate
    try:
        announce(registry, made.model, made.version, made.scorecard, certificate=signed.identity, key=key)
    except RefusedError as refused:
        return f"the server did not count this attempt: {refused.what}"
    return ""


def _project(model: str, version: str) -> Project:
    try:
        return find_project()
    except ProjectError as nowhere:
        what = f"{model} v{version} is certified from the project that trained it, where dvc.lock, scorecard and suites lie, and there is none here"
        fix = f"run it in a checkout of that project; without one: keepfit evaluate {quote(model)} {version} --data TABLE --target COLUMN"
        raise ProjectError(what, where=nowhere.where, fix=fix) from nowhere


def certificate_of(locked: Locked, git: GitRepo, *, model: str, version: str, model_id: str | None, model_digest: str) -> Certificate:
    """Return what a commit says about a version, not signed by anybody; from files alone."""
    return Certificate(
        model=model,
        version=version,
        model_id=model_id,
        model_digest=model_digest,
        train_md5=locked.train_md5,
        data=locked.data,
        params=_sha256(locked.params_text),
        suites=locked.suites,
        scorecard=locked.scorecard,
        expectations=data_outcomes(locked.validation),
        commit=locked.commit,
        merged=_merged(git, locked.commit, locked.params),
        signer="self",
        workspace=os.environ.get("MLFLOW_WORKSPACE") or DEFAULT_WORKSPACE,
        **_times(locked.params),
    )


def data_outcomes(validation: Validation) -> tuple[ExpectationOutcome, ...]:
    """Return the outcomes that count: of windows that were not excluded; what a person accepted is no longer critical and says so."""
    outcomes: list[ExpectationOutcome] = []
    for window in validation.windows:
        if window.decision == "exclude":
            continue
        for outcome in window.outcomes:
            if window.decision == "accept" and outcome.status != "pass":
                said = f"accepted by a person: {window.reason}"
                outcomes.append(replace(outcome, severity="warning", detail=f"{outcome.detail} {said}".strip()))
            else:
                outcomes.append(outcome)
    return tuple(outcomes)


def _checked_digest(registry: Mlflow, model: str, version: str, locked: Locked) -> str:
    """Download the version, compare the out of refit (or train) inside with dvc.lock, and return the digest of all files."""
    artifacts = Artifacts(registry.uri)
    with tempfile.TemporaryDirectory(prefix="keepfit-certify-") as scratch:
        folder = artifacts.copy(registry.download_uri(model, version), to=Path(scratch))
        inside = folder / "data" / locked.train_out.rsplit("/", 1)[-1]
        if not inside.is_dir():
            raise KeepfitError(
                f"{model} v{version} holds no {locked.train_out}", where=f"data/{inside.name} in the version's files", fix="register it with dvc repro"
            )
        md5 = directory_md5(inside)
        if md5 != locked.train_md5:
            raise KeepfitError(
                f"{model} v{version} is not the model of this commit: its {locked.train_out} has md5 {md5}, dvc.lock says {locked.train_md5}",
                where=f"dvc.lock at {locked.commit[:10]}",
                fix=f"name the commit that registered it: keepfit certify {model} {version} --ref REF",
            )
        return tree_digest(artifacts.files(str(folder)))


def check_scorecard(scorecard: Scorecard, *, where: str, fix: str) -> None:
    """Raise `ProjectError` for a scorecard that nobody signs: of rows that cannot be judged here, or that contradict themselves."""
    unknown = unknown_kind(scorecard)
    if unknown is not None:
        raise ProjectError(f"the scorecard cannot be judged here: {unknown}", where=where, fix="install the package that brings it, then certify again")
    problem = contradiction(scorecard)
    if problem is not None:
        raise ProjectError(f"the scorecard contradicts itself, so nobody signs it: {problem}", where=where, fix=fix)


def _merged(git: GitRepo, commit: str, params: Params) -> bool | None:
    """Whether the commit is part of the protected branch (the remote's, if there is one here); None if there is no such branch."""
    branch = params.certify.branch
    found = next((name for name in (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}") if git.succeeds("rev-parse", "--verify", "--quiet", name)), None)
    return None if found is None else git.is_ancestor(commit, found)


def signed_by(made: Certificate, pair: signing.KeyPair | None) -> SignedCertificate:
    """Sign a certificate with a key, if there is one."""
    return unsigned(made) if pair is None else sign(replace(made, signer=pair.name), key=pair.public, by=pair.sign)


def _times(params: Params) -> Mapping[str, Any]:
    now = datetime.now(UTC).replace(microsecond=0)
    days = params.certify.valid_days
    return {"issued": now, "expires": None if days is None else now + timedelta(days=days)}


def _sha256(text: bytes) -> str:
    return "sha256:" + hashlib.sha256(text).hexdigest()
