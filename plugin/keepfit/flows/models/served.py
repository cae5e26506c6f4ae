"""A registered version as whoever serves it would load and ask it, in a process of its own: what of it `evaluate.serving` asks for."""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import KeepfitError, TrainError
from keepfit.integrations.models.asked_process import place_apart, trained_by_keepfit
from keepfit.integrations.models.scorer import read_meta
from keepfit.integrations.models.served_process import ANSWER, CHAMPION, MODEL, QUESTION, ROWS, ServingQuestion
from keepfit.integrations.programs.commands import SECRETS, run_command
from keepfit.params.serving import ServingParams
from keepfit.records import ScoreRow, from_data, to_json
from keepfit.tables.time_features import asked_for

if TYPE_CHECKING:
    import pyarrow as pa

PROGRAM = "keepfit.integrations.models.served_process"


def served(whole: Path, wanted: ServingParams, *, rows: pa.Table | None, champion: Path | None, called: str) -> tuple[ScoreRow, ...]:
    """Return the rows of basis `serving` that only the registered files can answer.

    Args:
        whole: the version's files, an MLflow model directory.
        wanted: what is asked for.
        rows: those to ask and to time it with; None: it is asked for its own example alone, and cannot be timed.
        champion: the champion's files, timed in turn with it; None for a first model, or where nothing is compared.
        called: what messages call it.

    """
    from keepfit.evaluate.serving import ServedModel, served_rows
    from keepfit.integrations.tables import write_parquet

    with tempfile.TemporaryDirectory(prefix="keepfit-serve-") as scratch:
        folder = Path(scratch)
        place_apart(whole, folder / MODEL)
        if champion is not None and wanted.max_latency_ratio is not None:
            place_apart(champion, folder / CHAMPION)
        if rows is not None:
            write_parquet(rows, folder / ROWS)
        question = ServingQuestion(features=_features(whole), timed=wanted.timed)
        (folder / QUESTION).write_text(to_json(question), encoding="utf-8")
        try:
            run_command(f"{shlex.quote(sys.executable)} -P -m {PROGRAM}", cwd=folder, where=called, arguments=[scratch], withheld=SECRETS)
            found = from_data(ServedModel, json.loads((folder / ANSWER).read_text(encoding="utf-8")))
        except (TrainError, OSError) as ended:
            said = ended.what.splitlines()[0] if isinstance(ended, TrainError) else "it left no answer"
            found = ServedModel(loads=f"the process that was to serve it ended: {said}"[:300])
    return served_rows(found, wanted, first=champion is None)


def _features(whole: Path) -> tuple[str, ...]:
    """The columns that a model is known to read: one that keepfit trained says them; one whose word cannot be read will not load, and that is said."""
    own = trained_by_keepfit(whole)
    try:
        return () if own is None else tuple(asked_for(read_meta(own)))
    except KeepfitError:
        return ()
