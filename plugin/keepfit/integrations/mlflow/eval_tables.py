"""The table of rows that `mlflow.models.evaluate` leaves in a run, `eval_results_table.json`: features, labels, what the model answered, scores a row.

MLflow (3.17) writes it only where a metric has a score for each row: of a classifier or regressor with the usual metrics there is none, and its summary
metrics say nothing of rows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from keepfit.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

FILE = "eval_results_table.json"
ANSWERED = "outputs"
SCORED = ("/score", "/justification")


def rows_evaluated(text: str, *, where: str) -> pa.Table:
    """Return the rows with their labels, without what the model answered or was scored: it is asked anew.

    Raises `DataError` for a text that is no such table.

    >>> rows_evaluated('{"columns": ["x", "y", "outputs", "off/score"], "data": [[1, 0, 1, 1.0], [2, 1, 1, 0.0]]}', where="runs:/a").to_pylist()
    [{'x': 1, 'y': 0}, {'x': 2, 'y': 1}]
    """
    import pandas as pd
    import pyarrow as pa

    try:
        said = json.loads(text)
        frame = pd.DataFrame(said["data"], columns=said["columns"])
    except (ValueError, KeyError, TypeError) as bad:
        raise DataError("this is no table of mlflow.models.evaluate", where=where, fix="--data TABLE") from bad
    kept = [name for name in map(str, frame.columns) if name != ANSWERED and not name.endswith(SCORED)]
    return pa.Table.from_pandas(frame[kept], preserve_index=False).replace_schema_metadata(None)
