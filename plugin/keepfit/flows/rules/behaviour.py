"""The behaviour tests of a project: `expectations/behaviour/*.yaml`, reviewed in git, with the files of rows beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import KeepfitError, ProjectError
from keepfit.flows.project import Project
from keepfit.params import Params

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from keepfit.evaluate.behaviour.declared import AboutModel, BehaviourTest
    from keepfit.evaluate.behaviour.results import BehaviourResult
    from keepfit.evaluate.behaviour.run import RowsToAsk

    ScoreRows = Callable[[pd.DataFrame], np.ndarray]

FOLDER = "behaviour"


def behaviour_folder(project: Project) -> Path:
    """Return where a project's tests lie."""
    return project.suites / FOLDER


def behaviour_files(folder: Path) -> list[Path]:
    """Return the files that hold tests, in the order of their names."""
    return sorted(path for path in folder.glob("*.y*ml") if path.suffix in (".yaml", ".yml"))


def behaviour_tests(folder: Path, about: AboutModel | None = None) -> tuple[BehaviourTest, ...]:
    """Return the tests in a folder; raises `KeepfitError` with the place of what is none. `about` None checks no column and no class."""
    from keepfit.evaluate.behaviour.reading import require_unlike

    tests = tuple(test for path in behaviour_files(folder) for test in _read(path, about))
    require_unlike(tests)
    return tests


def behaviour_problems(project: Project) -> Iterator[KeepfitError]:
    """Yield what is wrong with the files of tests, one sentence a file, and with names that two of them share."""
    from keepfit.evaluate.behaviour.reading import require_unlike

    about, tests = about_model(project.params), list["BehaviourTest"]()
    folder = behaviour_folder(project)
    for path in behaviour_files(folder):
        try:
            found = _read(path, about)
            for test in found:
                _require_file(folder, test)
        except KeepfitError as bad:
            yield bad
        else:
            tests += found
    try:
        require_unlike(tuple(tests))
    except KeepfitError as bad:
        yield bad


def _read(path: Path, about: AboutModel | None) -> tuple[BehaviourTest, ...]:
    from keepfit.compose.curation.expression import condition
    from keepfit.evaluate.behaviour.reading import TestReader
    from keepfit.integrations.yaml_files import read_map

    where = f"{path.parent.parent.name}/{FOLDER}/{path.name}"
    return TestReader(condition=lambda text, place: condition(text, where=place), about=about).read(read_map(path), file=where)


def _require_file(folder: Path, test: BehaviourTest) -> Path:
    path = folder / test.rows.file
    if test.rows.file and not path.is_file():
        raise ProjectError(f"there is no {test.rows.file} beside the test", where=f"{test.where}.rows", fix=f"keep the rows in {folder.name}/")
    return path


def about_model(params: Params) -> AboutModel:
    """Return what tests are checked against, as params say it; two classes are named 0 and 1, or by the word that counts as 1."""
    from keepfit.evaluate.behaviour.declared import TIME, AboutModel

    model, features = params.model, dict[str, str](params.data.features)
    if params.data.time_features:
        features[params.data.time] = TIME
    two = ("0", "1") if model.positive is None else (f"not {model.positive}", model.positive)
    classes = () if model.task == "regression" else model.classes or two
    return AboutModel(task=model.task, features=features, classes=tuple(classes), many=model.many)


def run_behaviour(folder: Path, asked: RowsToAsk, *, challenger: ScoreRows, champion: ScoreRows | None) -> tuple[BehaviourResult, ...]:
    """Return what came of the tests in a folder on the rows that judge, with the files of rows beside them; none without tests."""
    if not behaviour_files(folder):
        return ()
    from keepfit.evaluate.behaviour.run import run_tests
    from keepfit.integrations.tables import read_table
    from keepfit.tables.frames import to_frame

    tests = behaviour_tests(folder, asked.about)
    files = {test.rows.file: to_frame(read_table(_require_file(folder, test))) for test in tests if test.rows.file}
    return run_tests(tests, replace(asked, files=files), challenger, champion)
