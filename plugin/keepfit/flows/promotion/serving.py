"""What `keepfit certify` measures of the registered files, where params ask for it (`evaluate.serving`), and adds to the scorecard that it signs."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.models.served import served
from keepfit.flows.project import Project
from keepfit.flows.promotion.locked import Locked
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.mlflow.client import Mlflow, Version
from keepfit.integrations.programs.dvc import directory_md5
from keepfit.params.serving import ServingParams
from keepfit.records import Pin
from keepfit.rule_kinds.beside_metrics import ANSWERS, LATENCY, LOADS, RATIO, SIGNATURE

if TYPE_CHECKING:
    import pyarrow as pa

COMPOSED, ROWS = "build/compose", "evaluate.parquet"
MOST_ROWS = 1_000


def with_served(locked: Locked, project: Project, registry: Mlflow, version: Version) -> Locked:
    """Return what the commit says with the rows of the served version in its scorecard; as it is where params ask for none.

    Rows to time it with are those that judged it, where they lie here as dvc.lock names them; without them what is timed is a row of status error.
    """
    wanted = locked.params.evaluate.serving
    if wanted is None or not wanted.of_the_registered:
        return locked
    artifacts, card = Artifacts(registry.uri), locked.scorecard
    with tempfile.TemporaryDirectory(prefix="keepfit-serving-") as scratch:
        whole = artifacts.copy(registry.download_uri(version.model, version.number), to=_new(scratch, "version"))
        champion = _champion(card.champion, registry, artifacts, wanted, scratch)
        rows = served(whole, wanted, rows=_rows(locked, project), champion=champion, called=f"{version.model} v{version.number}")
    return replace(locked, scorecard=replace(card, rows=(*card.rows, *rows)))


def _champion(pin: Pin | None, registry: Mlflow, artifacts: Artifacts, wanted: ServingParams, scratch: str) -> Path | None:
    """The champion's files, where times are compared with its own."""
    if pin is None or wanted.max_latency_ratio is None:
        return None
    return artifacts.copy(registry.download_uri(pin.model, pin.version), to=_new(scratch, "champion"))


def _new(scratch: str, name: str) -> Path:
    folder = Path(scratch) / name
    folder.mkdir()
    return folder


def _rows(locked: Locked, project: Project) -> pa.Table | None:
    """Some of the rows that judged, None where those that lie here are others, or none."""
    from keepfit.integrations.tables import read_table

    composed = project.root / COMPOSED
    known = locked.data.get(COMPOSED)
    if known is None or not (composed / ROWS).is_file() or directory_md5(composed) != known:
        return None
    return read_table(composed / ROWS).slice(0, MOST_ROWS)


def unmeasured(locked: Locked) -> tuple[str, ...]:
    """Return what only `keepfit certify` will measure of the version that this commit makes."""
    wanted = locked.params.evaluate.serving
    if wanted is None:
        return ()
    names = ((LOADS, wanted.loads), (ANSWERS, wanted.loads), (SIGNATURE, wanted.signature), (LATENCY, wanted.max_latency_ms), (RATIO, wanted.max_latency_ratio))
    return tuple(f"serving: {name}" for name, asked in names if asked)
