"""A champion that keepfit did not train: described once, when it is adopted, so that it can be watched and compared with.

Its model directory holds no profile; the description lies beside the version, and the journal holds its digest.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from keepfit.errors import ServerError
from keepfit.flows.project import Project
from keepfit.integrations.mlflow.client import Mlflow, Version
from keepfit.integrations.models.scorer import is_model
from keepfit.profiles.identity import identity_of_bytes
from keepfit.records import Adopted, canonical, from_json, to_json

FOLDER, PREFIX = "keepfit", "adopted-"
LEFT_OUT = "registered_model_meta"
DIGEST_SHOWN = 12


def describe(project: Project, runs: Mlflow, version: Version, data: Path) -> Adopted:
    """Describe a version by the rows it was trained on: features and target are the project's, predictions its own.

    Raises `DataError` for rows that do not fit the project, `TrainError` for a model that cannot score them, scores them the wrong way round,
    or answers labels where the project's metrics need probabilities, `ServerError` for a version without a run to keep the description.
    """
    from keepfit.evaluate.direction import meta_as_seen
    from keepfit.evaluate.scorecard import metrics_of
    from keepfit.integrations.models.scorer import load_scorer
    from keepfit.integrations.tables import read_table
    from keepfit.profiles.reference import reference_with
    from keepfit.tables.conform import conform
    from keepfit.tables.frames import to_frame
    from keepfit.tables.labels import labels, teachable
    from keepfit.tables.model_meta import meta_of
    from keepfit.tables.time_features import in_frame

    if not version.run_id:
        raise ServerError(f"{version.model} v{version.number} has no run to keep its description", where=runs.uri, fix="adopt it without --data")
    params = project.params
    rows = in_frame(teachable(params, to_frame(conform(read_table(data), params))), params.data.derived)
    meta = meta_of(params, rows, None, flavor="mlflow")
    with tempfile.TemporaryDirectory(prefix="keepfit-adopt-") as scratch:
        out = Path(scratch, "out")
        place(runs.download(version, Path(scratch, "whole")), out)
        (out / "meta.json").write_text(to_json(meta), encoding="utf-8")
        answer = load_scorer(out).answer(rows)
    seen = meta_as_seen(answer.meta, answer.scores, labels(params, rows), only_labels=answer.only_labels)
    labels_of = f"{version.model} v{version.number}" if answer.only_labels else ""
    metrics_of(params.evaluate, params.model.task, labels_of=labels_of, many=params.model.many)
    return Adopted(meta=seen, reference=reference_with(params, rows, answer.scores))


def upload(runs: Mlflow, version: Version, adopted: Adopted) -> str:
    """Keep the description beside the version and return the digest of what was kept."""
    kept = canonical(adopted)
    named = identity_of_bytes(kept)
    path = f"{FOLDER}/{PREFIX}{named.removeprefix('sha256:')[:DIGEST_SHOWN]}.json"
    runs.log_text(version.run_id or "", path, kept.decode() + "\n")
    return named


def bring_out(runs: Mlflow, version: Version, whole: Path, out: Path) -> None:
    """Put what train left of a downloaded model into `out`; of an adopted one, its files and its description.

    Raises `ServerError` if keepfit did not train it and nobody has described it.
    """
    inside = runs.train_out(whole)
    shutil.rmtree(out, ignore_errors=True)
    if inside is not None and is_model(inside):
        shutil.copytree(inside, out)
    else:
        _bring_adopted(runs, version, whole, out)


def description(runs: Mlflow, version: Version) -> tuple[str, str] | None:
    """Return where the description of an adopted version lies, and its text; None if nobody has described it."""
    names = runs.list_texts(version.run_id, FOLDER) if version.run_id else ()
    found = [name for name in names if name.rpartition("/")[2].startswith(PREFIX)]
    text = runs.read_text(version.run_id, found[-1]) if found and version.run_id else None
    return None if text is None else (found[-1], text)


def _bring_adopted(runs: Mlflow, version: Version, whole: Path, out: Path) -> None:
    found = description(runs, version)
    if found is None:
        raise ServerError(
            f"version {version.number} of {version.model} was not trained by keepfit, and nobody has described it",
            where=runs.uri,
            fix=f"keepfit gate adopt {version.model} --data TABLE --reason … with the rows it was trained on; or promote one that keepfit registered",
        )
    where, text = found
    adopted = from_json(Adopted, text, where=where)
    place(whole, out)
    (out / "meta.json").write_text(to_json(adopted.meta), encoding="utf-8")
    (out / "profile.json").write_bytes(_reference_in(text))


def _reference_in(text: str) -> bytes:
    """The reference as the description holds it, not as it would be written today: what it goes by stays the same."""
    return json.dumps(json.loads(text)["reference"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def place(whole: Path, out: Path) -> None:
    """Put an MLflow model directory where a model of the flavour `mlflow` lies in train's out."""
    shutil.copytree(whole, out / "model", ignore=lambda folder, _: [LEFT_OUT] if Path(folder) == whole else [])
