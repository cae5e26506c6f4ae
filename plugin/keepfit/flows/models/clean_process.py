"""A registered model, asked for its scores in a process of its own: its code runs neither in keepfit's process nor beside the labels, the keys or the server.

Blind to what it does with the account that it runs under: on one account nothing stricter is possible.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import TrainError
from keepfit.integrations.models.asked_process import ANSWER, MODEL, QUESTION, ROWS, ModelQuestion, ProcessAnswer, place_apart, read_answer
from keepfit.integrations.programs.commands import SECRETS, run_command
from keepfit.records import to_json

if TYPE_CHECKING:
    import pyarrow as pa

PROGRAM = "keepfit.integrations.models.asked_process"


def ask_apart(whole: Path, rows: pa.Table, question: ModelQuestion) -> ProcessAnswer:
    """Return what the model in an MLflow model directory answers to rows without their labels, in their order.

    Raises `DataError` for rows that it cannot read, `TrainError` for a model that cannot be loaded, ends its process, or answers what are no scores.
    """
    from keepfit.integrations.tables import write_parquet

    with tempfile.TemporaryDirectory(prefix="keepfit-ask-") as scratch:
        folder = Path(scratch)
        place_apart(whole, folder / MODEL)
        (folder / QUESTION).write_text(to_json(question), encoding="utf-8")
        write_parquet(rows, folder / ROWS)
        run_command(f"{shlex.quote(sys.executable)} -P -m {PROGRAM}", cwd=folder, where=question.called, arguments=[scratch], withheld=SECRETS)
        if not (folder / ANSWER).is_file():
            raise TrainError("the model ended its process without an answer", where=question.called, fix="load and ask it by hand: mlflow.pyfunc.load_model")
        return read_answer(folder, called=question.called)
