"""`keepfit audit --files`: do the champions still have the files with which they were promoted or adopted?

The journal holds each one's digest; the files are read through the tracking server, all of them, so it takes as long as that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from keepfit.flows.promotion.promote import the_registry
from keepfit.gate.certificate import tree_digest
from keepfit.gate.history import POINTED, fold
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import JournalRow

DEFAULT_WORKSPACE = "default"
SHOWN = 19


def changed_files(said: Mapping[tuple[str, str], Sequence[JournalRow]]) -> Iterator[tuple[str, str]]:
    """Yield each model of `said` (rows by workspace and model) whose champion has other files, or none that can be read; with a sentence.

    Looks at the workspace of `MLFLOW_WORKSPACE` only, as the tracking server is asked in one.
    """
    registry, _ = the_registry()
    here = os.environ.get("MLFLOW_WORKSPACE") or DEFAULT_WORKSPACE
    for (workspace, model), rows in sorted(said.items()):
        if workspace == here:
            yield from ((model, sentence) for sentence in _changed(registry, model, rows))


def _changed(registry: Mlflow, model: str, rows: Sequence[JournalRow]) -> Iterator[str]:
    standing = fold(rows)
    for version in sorted({row.version for row in standing.values()}):
        then = [row.model_digest for row in rows if row.version == version and row.kind in POINTED][-1]
        held = " and ".join(sorted(pointer for pointer, row in standing.items() if row.version == version))
        problem = _problem(registry, model, version, then)
        if problem is not None:
            yield f"{held}, v{version}: {problem}"


def _problem(registry: Mlflow, model: str, version: str, then: str | None) -> str | None:
    try:
        now = tree_digest(Artifacts(registry.uri).files(registry.download_uri(model, version)))
    except Exception as bad:  # noqa: BLE001 - whichever way they cannot be read is a finding
        return f"its files cannot be read: {' '.join(str(bad).split())[:160]}"
    return None if then in {None, now} else f"its files were changed in place: they have the digest {now[:SHOWN]}…, it was moved with {str(then)[:SHOWN]}…"
