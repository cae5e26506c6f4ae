"""The rows of an `mlflow.models.evaluate` run, where the run holds them: found, read, and known again by their digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from keepfit.errors import DataError, ServerError
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.mlflow.eval_tables import FILE

SCHEME = "runs:/"
PER_ROW = "mlflow.models.evaluate(…, extra_metrics=[…]) with a metric that has a score a row writes them; or --data TABLE names the rows"


@dataclass(frozen=True, kw_only=True)
class RunTable:
    """The text of a run's table, and its place: `runs:/RUN/eval_results_table.json`."""

    place: str
    text: str

    @property
    def digest(self) -> str:
        """`sha256:` and the hex digest of the text."""
        return "sha256:" + hashlib.sha256(self.text.encode()).hexdigest()


def run_table(registry: Mlflow, run: str) -> RunTable:
    """Return the table of a run (`RUN`, or `RUN/NAME` where a run holds several).

    Raises `DataError` where the run holds none, in a sentence that says what is missing, `ServerError` for a run that is not there.
    """
    run_id, _, named = run.removeprefix(SCHEME).partition("/")
    found = [path for path in registry.list_texts(run_id, "") if path.endswith(FILE)]
    wanted = [path for path in found if not named or path == named]
    where = f"run {run_id}"
    if not wanted:
        what = "holds metrics and pictures, and no table of rows: neither the rows nor what either model answered to them"
        raise DataError(f"the run {what}", where=where, fix=PER_ROW)
    if len(wanted) > 1:
        raise DataError(f"the run holds {len(found)} tables of rows: {', '.join(found[:5])}", where=where, fix=f"--from-run {run_id}/NAME")
    text = registry.read_text(run_id, wanted[0])
    if text is None:
        raise ServerError(f"the run's {wanted[0]} is gone", where=where, fix=PER_ROW)
    return RunTable(place=f"{SCHEME}{run_id}/{wanted[0]}", text=text)
