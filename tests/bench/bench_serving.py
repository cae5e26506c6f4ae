"""What it costs `keepfit certify` to serve a version to itself: CPU seconds and wall time of the process, and what it finds of 60 trees on 15 columns.

Beside the candidate stands a champion that is the same model: their ratio shows how far the machine's load moves a time, and how little the ratio.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pyarrow as pa
from mlflow.models import infer_signature
from sklearn.ensemble import HistGradientBoostingClassifier

from keepfit.flows.models.served import served
from keepfit.params.serving import ServingParams

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
ROWS, COLUMNS, TREES = (200, 3, 2) if TINY else (5_000, 15, 60)
ASKED = {
    "serving: {}": ServingParams(),
    "all of it, beside a champion": ServingParams(signature=True, max_latency_ms=50, max_batch_latency_ms=1, max_latency_ratio=2),
}


def saved(folder: Path) -> tuple[Path, pd.DataFrame]:
    """A model as people log it, and rows to ask it about."""
    rng = np.random.default_rng(0)
    rows = pd.DataFrame(rng.normal(size=(ROWS, COLUMNS)), columns=[f"c{number}" for number in range(COLUMNS)])
    model = HistGradientBoostingClassifier(max_iter=TREES).fit(rows, rows["c0"] > 0)
    named = {"signature": infer_signature(rows), "input_example": rows.head(2), "pip_requirements": ["scikit-learn"]}
    mlflow.sklearn.save_model(model, folder / "model", serialization_format="cloudpickle", **named)
    return folder / "model", rows


def main() -> None:
    """Print the costs and the rows."""
    with tempfile.TemporaryDirectory() as scratch:
        model, rows = saved(Path(scratch))
        for name, wanted in list(ASKED.items())[: 1 if TINY else None]:
            before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            found = served(model, wanted, rows=pa.Table.from_pandas(rows.head(1000)), champion=model if wanted.timed else None, called="bench v1")
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"{name}: {cpu:.1f} CPU s, {time.perf_counter() - begin:.1f} s")
            for row in found:
                print(f"  {row.slice} {row.metric}: {row.status}, {row.detail}")


if __name__ == "__main__":
    main()
