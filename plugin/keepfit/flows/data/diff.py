"""What changed in a project's data from one revision to another: files whose md5 differ are read row by row, the others are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import ProjectError
from keepfit.flows.data.revisions import DataFile, Dataset, ProjectData, Say
from keepfit.integrations.duckdb.row_diff import diff_tables
from keepfit.integrations.duckdb.stored_tables import TableFiles
from keepfit.integrations.duckdb.table_pair import DiffQuestion
from keepfit.params import TIME_FEATURES
from keepfit.records import TimeFeatures
from keepfit.tables.columns import id_column

if TYPE_CHECKING:
    from keepfit.flows.project import Project
    from keepfit.params import Params
    from keepfit.records.data_diff import DataDiff

NAMES: Mapping[Dataset, str] = {"windows": "data/windows", "train": "rows that train", "evaluate": "rows that judge", "holdout": "rows held out"}


def diff_revisions(project: Project, before: str | None, now: str | None, *, dataset: Dataset = "windows", say: Say = lambda _: None) -> DataDiff:
    """Return what changed from one revision (None: the work tree) to the other, by the key, target and slices of the later one's params.yaml.

    Raises `UnknownNameError` for a revision that git does not know, `ProjectError` for one without such data, or whose files are neither in DVC's cache nor
    in its remote.
    """
    states = [ProjectData(project=project, revision=revision, say=say) for revision in (before, now)]
    files = [state.files(dataset) for state in states]
    same = sorted(name for name in files[0].keys() & files[1].keys() if files[0][name].md5 == files[1][name].md5)
    sides = [_side(state.name, found, same, other) for state, found, other in zip(states, files, reversed(files), strict=True)]
    question = question_of(states[1].params, dataset)
    if states[1].params.model.many:
        question = replace(question, class_names=(states[0].params.model.class_names, states[1].params.model.class_names))
    found = diff_tables(sides[0], sides[1], question)
    return replace(found, same_files=len(same), absent_files=len(same) - len(sides[1].same))


def question_of(params: Params, dataset: Dataset) -> DiffQuestion:
    """Return what is asked of a project's data."""
    classes = params.model.task == "classification"
    derived = tuple(name for name in TIME_FEATURES if name in params.evaluate.slices)
    categories = {name for name, kind in params.data.features.items() if kind == "categorical"} | ({params.model.target} if classes else set())
    return DiffQuestion(
        what=NAMES[dataset],
        key=(id_column(params),),
        made=params.data.id is None,
        target=params.model.target,
        classes=classes,
        time=params.data.time,
        slices=tuple(params.sliced),
        derived=TimeFeatures(column=params.data.time, timezone=params.data.timezone, names=derived),
        categories=frozenset(categories),
        by_file=dataset == "windows",
    )


def _side(name: str, files: Mapping[str, DataFile], same: list[str], other: Mapping[str, DataFile]) -> TableFiles:
    """One state's files that differ, all of which must be here, and those of the same that are."""
    differing: dict[str, Path] = {}
    for each, file in files.items():
        if each in same:
            continue
        if file.path is None:
            raise ProjectError(
                f"{each} of {name} is not in DVC's cache", where=f"md5 {file.md5}", fix="dvc push from where it was made, and name that remote here"
            )
        differing[each] = file.path
    alike = (files[each].path or other[each].path for each in same)
    return TableFiles(name=name, files=differing, same=tuple(path for path in alike if path is not None))
