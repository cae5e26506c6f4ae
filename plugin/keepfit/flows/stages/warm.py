"""A program (dvc repro) whose stages share one interpreter and its libraries, where the system can do that."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

from keepfit.integrations.gx_suites import known_types
from keepfit.integrations.programs.collector import collect_rarely
from keepfit.integrations.programs.warm import is_possible, serve

TABLES = ("numpy", "pyarrow", "pyarrow.compute", "pyarrow.parquet", "pandas", "keepfit.flows.project", "keepfit.integrations.tables")
MODELS = (
    "sklearn.compose",
    "sklearn.ensemble",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "keepfit.integrations.estimators",
    "keepfit.integrations.models.scorer",
    "keepfit.integrations.models.keepfit_model",
)
NEEDS: dict[str, tuple[str, ...]] = {
    "ingest": (*TABLES, "keepfit.flows.stages.ingest"),
    "validate": (*TABLES, "keepfit.flows.stages.validate"),
    "compose": (*TABLES, "keepfit.flows.stages.compose", "keepfit.compose.assemble"),
    "train": (*TABLES, *MODELS, "keepfit.flows.stages.train"),
    "evaluate": (*TABLES, *MODELS, "keepfit.flows.stages.evaluate"),
    "refit": (*TABLES, *MODELS, "keepfit.flows.stages.refit", "keepfit.compose.assemble", "keepfit.evaluate.smoke"),
    "register": ("mlflow", "mlflow.pyfunc", "keepfit.flows.stages.register"),
}
JUDGED_BY_SUITES = {"validate", "evaluate"}


def load(script: str) -> None:
    """Import what a stage needs; a script of another name loads nothing beforehand."""
    stage = Path(script).stem
    for name in NEEDS.get(stage, ()):
        import_module(name)
    if stage in JUDGED_BY_SUITES:
        known_types()


def main() -> int:
    """Run the command that the arguments are; return its exit code."""
    if not is_possible():
        os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - in our place: every stage by itself
    collect_rarely()
    return serve(sys.argv[1:], load)
