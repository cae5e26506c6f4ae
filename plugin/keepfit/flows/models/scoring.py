"""One way to score rows with any model: in memory, or through the project's own predict command."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import TrainError
from keepfit.flows.models.scratch import inside, scratch_copy
from keepfit.flows.models.train_command import write_table
from keepfit.integrations.models.answer import Answer, checked_scores, no_answer
from keepfit.integrations.models.scorer import completed, load_scorer, read_meta

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from keepfit.integrations.models.scorer import Scorer
    from keepfit.params import TrainParams
    from keepfit.records import ModelMeta


WHERE = "params.yaml: train.predict"


def open_scorer(folder: Path, train: TrainParams | None = None, repo: Path | None = None, *, classes: Sequence[str] | None = None) -> Scorer:
    """Return a scorer of the model in `folder`; `train.predict` is used for models that a user's command left.

    `classes` are those that the project lists now: a model of many classes is asked in their order (`Answer.told_as`).

    Raises `TrainError` when there is no model, or it cannot be loaded.
    """
    meta = read_meta(folder)
    if meta.many and classes is not None and tuple(classes) != meta.classes:
        return AsListed(open_scorer(folder, train, repo), tuple(classes))
    if meta.flavor == "command" and train is not None and train.predict is not None and repo is not None:
        return PredictCommand(meta=meta, folder=folder, train=train, repo=repo)
    return load_scorer(folder)


@dataclass(frozen=True)
class AsListed:
    """A model of many classes that is asked in the order of the classes that the project lists now."""

    scorer: Scorer
    classes: tuple[str, ...]

    @property
    def meta(self) -> ModelMeta:
        """What keepfit knows of the model, its classes as they are listed."""
        return replace(self.scorer.meta, classes=self.classes)

    def score(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return a row of probabilities for each row, in the frame's order."""
        return self.answer(frame).scores

    def answer(self, frame: pd.DataFrame) -> Answer:
        """Return a row of probabilities for each row, and their kind; raises as the model's own scorer does."""
        return self.scorer.answer(frame).told_as(self.classes)


@dataclass(frozen=True, kw_only=True)
class PredictCommand:
    """`train.predict: CMD IN OUT`: run in a scratch copy of the repository with the model where training left it.

    IN holds the feature columns, with those that are derived from the time, OUT one score a row: in its only column, or in the one named for the
    positive class, `probability`, `score` or `prediction`; of many classes a column named for each class, or one of labels.
    Blind to code: the champion is scored by the code of today's working tree too.
    """

    meta: ModelMeta
    folder: Path
    train: TrainParams
    repo: Path

    def score(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return a score a row, in the frame's order; raises as `answer` does."""
        return self.answer(frame).scores

    def answer(self, frame: pd.DataFrame) -> Answer:
        """Return a score a row, in the frame's order, and its kind; raises `TrainError` when the command breaks the contract."""
        from keepfit.integrations.models.keepfit_model import UnclearAnswerError, read, read_many
        from keepfit.tables.frames import to_frame

        if not len(frame):
            return no_answer(self.meta)
        meta, answered = self.meta, to_frame(self._run(frame))
        try:
            if meta.many:
                scores, kind = read_many(answered, meta.classes, meta.target)
            else:
                scores, kind = read(answered, task=meta.task, classes=meta.classes, target=meta.target, typed=False)
        except UnclearAnswerError as unclear:
            raise TrainError(f"the scores of the predict command: {unclear.what}", where=WHERE, fix=unclear.fix) from unclear
        except (ValueError, TypeError) as bad:
            raise TrainError(f"the scores of the predict command are no numbers: {str(bad)[:200]}", where=WHERE, fix="write one score a row to OUT") from bad
        return Answer(meta, checked_scores(scores, rows=len(frame), meta=meta), kind)

    def _run(self, frame: pd.DataFrame) -> pa.Table:
        """Run the command on these rows and return the table that it wrote."""
        from keepfit.errors import DataError
        from keepfit.integrations.programs.commands import run_command
        from keepfit.integrations.tables import read_table

        with scratch_copy(self.repo) as scratch:
            suffix = Path(self.train.reads or "table.parquet").suffix
            rows, scores = scratch / f"keepfit-in{suffix}", scratch / f"keepfit-out{suffix}"
            write_table(completed(self.meta, frame)[list(self.meta.features)], rows, key="train.reads")
            self._place(inside(scratch, self.train.writes or "", key="train.writes"))
            run_command(self.train.predict or "", cwd=scratch, where=WHERE, arguments=[str(rows), str(scores)])
            try:
                return read_table(scores)
            except DataError as bad:
                raise TrainError(f"the predict command left no readable scores: {bad.what}", where=WHERE, fix="write one score a row to OUT") from bad

    def _place(self, target: Path) -> None:
        left = next(iter((self.folder / "model").iterdir()))
        target.parent.mkdir(parents=True, exist_ok=True)
        if left.is_dir():
            shutil.copytree(left, target, dirs_exist_ok=True)
        else:
            shutil.copy2(left, target)
