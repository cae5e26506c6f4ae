"""What a strategy needs to know of models: the champion's answers, a candidate's, and how the champion's reference codes columns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import ProjectError
from keepfit.flows.project import Project
from keepfit.integrations.models.scorer import is_model

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.compose.queue.drawing import ModelsSay

CANDIDATE = Path("models/candidate")
NO_MODEL = "promote a first model, or choose a strategy that asks none (random, slices)"


def seen_by_models(project: Project, table: pa.Table, *, needs: Collection[str], candidate: Path | None, coded: bool) -> ModelsSay:
    """Return what models say of the rows; `coded`: how the champion's reference codes their columns as well, by which found slices are named.

    Raises `ProjectError` for a model that is needed and is not here.
    """
    from keepfit.compose.queue.drawing import ModelsSay

    found = ModelsSay()
    if not ({"champion", "candidate"} & {*needs} or (coded and is_model(project.champion_dir))):
        return found
    from keepfit.flows.monitoring.champion import load_champion, project_scorer, scored
    from keepfit.slices.answers import answer_column
    from keepfit.slices.codes import code_columns

    if not is_model(project.champion_dir):
        raise ProjectError("there is no champion to ask", where="--strategy", fix=NO_MODEL)
    served = load_champion(project)
    read = served.champion.read(table).table
    many = project.params.model.many
    answers = scored(served.scorer, read).values if "champion" in needs or (coded and many) else None
    if coded:
        of_answers = (answer_column(answers, project.params.model.class_names),) if many and answers is not None else ()
        found = replace(found, columns=(*code_columns(read, served.champion.layout), *of_answers))
    if "champion" in needs:
        found = replace(found, answers=answers)
    if "candidate" in needs:
        folder = project.root / CANDIDATE if candidate is None else candidate
        if not is_model(folder):
            raise ProjectError("there is no candidate to ask", where=str(folder), fix="dvc repro makes one; or --candidate FOLDER")
        found = replace(found, rival=scored(project_scorer(project, folder), read).values)
    return found
