"""The champion that baseline.json pins, loaded: the model that scores rows, and what windows are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import ProjectError
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.project import Project
from keepfit.integrations.models.scorer import is_model
from keepfit.monitor.champion import Champion, Scores
from keepfit.profiles.identity import identity_of_bytes
from keepfit.records import Composition, Reference, from_json
from keepfit.tables.frames import to_frame

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.integrations.models.scorer import Scorer

REFERENCE = "profile.json"


@dataclass(frozen=True, kw_only=True)
class Served:
    """The champion as it is compared with, what scores rows with it, and how its training data was composed (None: nobody wrote that down)."""

    champion: Champion
    scorer: Scorer
    composition: Composition | None = None

    def scores(self, table: pa.Table) -> Scores:
        """Ask the model for the rows, read as it knows them."""
        return scored(self.scorer, self.champion.read(table).table)


def scored(scorer: Scorer, table: pa.Table) -> Scores:
    """Ask a model for rows."""
    answer = scorer.answer(to_frame(table))
    return Scores(answer.scores, only_labels=answer.only_labels)


def load_champion(project: Project) -> Served:
    """Load the champion that baseline.json pins; raises `ProjectError` if its files are not there."""
    folder = project.champion_dir
    if not is_model(folder):
        raise ProjectError("the champion's files are not here", where=str(folder), fix="dvc checkout models/champion.dvc, or keepfit sync")
    composition, scorer, stored = _composition(folder), project_scorer(project, folder), _stored_reference(folder / REFERENCE)
    basis = "later" if composition is None else composition.basis
    reference = from_json(Reference, stored, where=str(folder / REFERENCE))
    refit = composition is not None and composition.sibling_until is not None
    champion = Champion(params=project.params, meta=scorer.meta, reference=reference, basis=basis, stream=identity_of_bytes(stored), refit=refit)
    return Served(champion=champion, scorer=scorer, composition=composition)


def project_scorer(project: Project, folder: Path) -> Scorer:
    """Return a scorer of the model in `folder`, by the project's own predict command if it has one."""
    train = project.params.train
    return open_scorer(folder, train, project.repo if train.command is not None else None, classes=project.params.model.classes)


def _composition(folder: Path) -> Composition | None:
    path = folder / "composition.json"
    return from_json(Composition, path.read_bytes(), where=str(path)) if path.is_file() else None


def _stored_reference(path: Path) -> bytes:
    if not path.is_file():
        raise ProjectError("the champion has no reference profile", where=str(path), fix="train it again with this keepfit")
    return path.read_bytes()
