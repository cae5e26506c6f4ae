"""`keepfit certify --evaluation`: sign what `keepfit evaluate` found about a version, on a table that a person names, where there is no project.

The version's files, the table and the scorecard must still be those that were evaluated. The signer vouches that the table is what it is called and that its
rows were not trained on: nothing here can know that.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote

from keepfit.errors import KeepfitError, ProjectError
from keepfit.flows.promotion.certify import Certified, check_scorecard, upload
from keepfit.flows.promotion.keys import signing_key
from keepfit.flows.promotion.promote import project_or_none, the_registry
from keepfit.flows.promotion.run_table import SCHEME, run_table
from keepfit.flows.rows.table_digest import table_digest
from keepfit.gate.certificate import tree_digest
from keepfit.gate.history import DEFAULT_WORKSPACE
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.mlflow.client import Mlflow, Version
from keepfit.params import CertifyParams
from keepfit.records import Certificate, Evaluation, Scorecard, digest, from_json

EVALUATION, SCORECARD = "evaluation.json", "scorecard.json"


@dataclass(frozen=True, kw_only=True)
class WholeEvaluation:
    """An evaluation as it lies in a folder, with the scorecard that belongs to it."""

    evaluation: Evaluation
    scorecard: Scorecard
    folder: Path

    @property
    def again(self) -> str:
        """The command that makes it anew."""
        made = self.evaluation
        return f"keepfit evaluate {quote(made.model)} {made.version} --data TABLE --target {quote(made.target)}"


def certify_evaluation(model: str, version: str, place: Path, *, data: Path | None = None, key: str | None = None) -> Certified:
    """Check that version, table and scorecard are those that were evaluated, then sign and upload the certificate.

    `data` says where the table lies by now. Raises `ProjectError` for an evaluation that is not whole or not of this version, `KeepfitError` where the
    version's files or the table have changed since.
    """
    found = read_evaluation(place)
    registry, _ = the_registry()
    there = registry.version(model, version)
    if (found.evaluation.model, found.evaluation.version) != (there.model, there.number):
        what = f"the evaluation is of {found.evaluation.model} v{found.evaluation.version}, not of {there.model} v{there.number}"
        raise ProjectError(what, where=str(found.folder), fix="name the evaluation of this version")
    if not there.run_id:
        raise KeepfitError(f"{model} v{version} has no run to keep a certificate", fix="register it from a run")
    check_scorecard(found.scorecard, where=str(found.folder / SCORECARD), fix=found.again)
    _check_table(registry, found, data)
    _check_files(registry, there, found)
    return upload(registry, there.run_id, _certificate(found, there), key=signing_key(key))


def read_evaluation(place: Path) -> WholeEvaluation:
    """Read the evaluation in a folder, or of which the file `evaluation.json` is named; raises `ProjectError` where it is not whole."""
    folder = place if place.is_dir() else place.parent
    said, card = (_bytes(folder / name) for name in (EVALUATION, SCORECARD))
    evaluation = from_json(Evaluation, said, where=str(folder / EVALUATION))
    if evaluation.scorecard != "sha256:" + hashlib.sha256(card).hexdigest():
        what = "the scorecard is not the one that was evaluated: it was edited, or is of another run"
        raise ProjectError(what, where=str(folder / SCORECARD), fix="evaluate it again")
    return WholeEvaluation(evaluation=evaluation, scorecard=from_json(Scorecard, card, where=str(folder / SCORECARD)), folder=folder)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as bad:
        what = f"{path.name} of the evaluation cannot be read: {bad.strerror}"
        raise ProjectError(what, where=str(path.parent), fix="evaluate the version: it writes that file") from bad


def _check_table(registry: Mlflow, found: WholeEvaluation, data: Path | None) -> None:
    """The table is read again: what changed since was not evaluated."""
    name, said = next(iter(found.evaluation.data.items()))
    if found.evaluation.table.startswith(SCHEME) and data is None:
        place, now = found.evaluation.table, run_table(registry, found.evaluation.table).digest
    else:
        path = data or Path(found.evaluation.table)
        if not path.exists():
            raise ProjectError(f"the table {name} is not where it was evaluated", where=str(path), fix="--data TABLE says where it lies now")
        place, now = str(path), table_digest(path)
    if now != said:
        raise KeepfitError(f"the table {name} has changed since it was evaluated", where=place, fix=found.again)


def _check_files(registry: Mlflow, version: Version, found: WholeEvaluation) -> None:
    files = tree_digest(Artifacts(registry.uri).files(registry.download_uri(version.model, version.number)))
    if files != found.evaluation.model_digest:
        raise KeepfitError(f"the files of {version.model} v{version.number} are not those that were evaluated", where=registry.uri, fix=found.again)


def _certificate(found: WholeEvaluation, version: Version) -> Certificate:
    """What the evaluation says about the version: of no commit, and so of no training data, params or suites that one would name."""
    evaluation, now = found.evaluation, datetime.now(UTC).replace(microsecond=0)
    project = project_or_none()
    days = (project.params.certify if project else CertifyParams()).valid_days
    return Certificate(
        model=evaluation.model,
        version=evaluation.version,
        model_id=version.model_id,
        model_digest=evaluation.model_digest,
        train_md5="",
        data=evaluation.data,
        params=digest(evaluation),
        suites=evaluation.suites,
        scorecard=found.scorecard,
        expectations=(),
        commit="",
        merged=None,
        signer="self",
        workspace=os.environ.get("MLFLOW_WORKSPACE") or DEFAULT_WORKSPACE,
        issued=now,
        expires=None if days is None else now + timedelta(days=days),
    )
