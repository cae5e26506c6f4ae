"""Serves one model to itself, in a process of its own: `python -P -m keepfit.integrations.models.served_process FOLDER`.

FOLDER holds `serving.json`, `model` (an MLflow model directory), perhaps `champion` and `rows.parquet`; it gets `served.json`. The model is loaded as whoever
serves it would, by `mlflow.pyfunc`, and asked for its own input example; without one for the first of the rows, or for a row of missing values.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.records import canonical, from_data

if TYPE_CHECKING:
    import pandas as pd

MODEL, CHAMPION, ROWS, QUESTION, ANSWER = "model", "champion", "rows.parquet", "serving.json", "served.json"
CALLS, WARM_UP, BATCH, BATCH_CALLS = 100, 5, 1000, 20
MOST_SECONDS, FEWEST_CALLS = 20.0, 5
SHOWN = 300


@dataclass(frozen=True, kw_only=True)
class ServingQuestion:
    """What is asked: `features` are the columns that the model reads, where they are known; `timed`: calls are timed as well."""

    features: tuple[str, ...] = ()
    timed: bool = False


@dataclass(kw_only=True)
class ServedAnswer:
    """What was found; each text says why not, empty: it does. Times of calls are in milliseconds, `rows` how many the larger ones had."""

    loads: str = ""
    answers: str = ""
    signature: str = ""
    example: bool = False
    rows: int = 0
    single: list[float] = field(default_factory=list)
    batch: list[float] = field(default_factory=list)
    champion_single: list[float] = field(default_factory=list)


def serve_here(folder: Path) -> None:
    """Answer the question in the folder."""
    question = from_data(ServingQuestion, json.loads((folder / QUESTION).read_text(encoding="utf-8")))
    found = ServedAnswer()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _serve(folder, question, found)
    (folder / ANSWER).write_bytes(canonical(asdict(found)))


def _serve(folder: Path, question: ServingQuestion, found: ServedAnswer) -> None:
    from mlflow import pyfunc
    from mlflow.models import Model

    try:
        model = pyfunc.load_model(str(folder / MODEL))
    except Exception as bad:  # noqa: BLE001 - somebody else's model: whatever it raises is for the caller to say
        found.loads = _said(bad)
        return
    signature = Model.load(str(folder / MODEL)).signature
    named = [] if signature is None or signature.inputs is None else [str(name) for name in signature.inputs.input_names() if name]
    rows = _rows(folder, named or list(question.features))
    found.signature = _unlike(named, question.features, has=signature is not None)
    example = _example(folder / MODEL, found)
    asked = example if example is not None else rows[:1] if rows is not None else _missing(named)
    if asked is None:
        found.answers = found.answers or "it has neither an input example nor a signature, and there are no rows to ask about"
    elif not found.answers:
        found.answers = _asked(model, asked)
    if question.timed and rows is not None and len(rows) and not found.answers:
        _time(folder, model, rows, found)


def _rows(folder: Path, columns: Sequence[str]) -> pd.DataFrame | None:
    """The rows to ask about, of the columns that the model reads where these are known."""
    if not (folder / ROWS).is_file():
        return None
    from pyarrow import parquet

    from keepfit.tables.frames import to_frame

    rows = to_frame(parquet.read_table(folder / ROWS))
    known = [name for name in columns if name in rows.columns]
    return rows[known] if known else rows


def _example(model: Path, found: ServedAnswer) -> Any:
    """The model's own input example, None if it has none; one that cannot be read is why it does not answer."""
    from mlflow.models import Model

    described = Model.load(str(model))
    if described.saved_input_example_info is None:
        return None
    try:
        example = described.load_input_example(str(model))
    except Exception as bad:  # noqa: BLE001 - as above
        found.answers = f"its input example cannot be read: {_said(bad)}"
        return None
    found.example = example is not None
    return example


def _missing(named: Sequence[str]) -> pd.DataFrame | None:
    import pandas as pd

    return pd.DataFrame({name: pd.Series([None], dtype=object) for name in named}) if named else None


def _asked(model: Any, rows: Any) -> str:
    """Why a model does not answer these rows, empty if it does: one answer a row."""
    try:
        answer = model.predict(rows)
    except Exception as bad:  # noqa: BLE001 - as above
        return _said(bad)
    wanted, got = _length(rows), _length(answer)
    return "" if wanted is None or got is None or wanted == got else f"it gives {got} answers to {wanted} rows"


def _length(rows: Any) -> int | None:
    if isinstance(rows, dict):  # columns by name
        return _length(next(iter(rows.values()), None))
    return len(rows) if hasattr(rows, "__len__") and not isinstance(rows, str) else None


def _unlike(named: Sequence[str], features: Sequence[str], *, has: bool) -> str:
    """What is wrong with a signature beside the columns that the model is known to read."""
    if not has:
        return "it has no signature: log it with signature=infer_signature(…)"
    if not named:
        return "its signature names no columns"
    missing, more = [name for name in features if name not in named], [name for name in named if features and name not in features]
    if missing:
        return f"it does not name {missing[0]!r}, which the model reads"
    return f"it names {more[0]!r}, which the model does not read" if more else ""


# -- time ---------------------------------------------------------------------------------------------------------------


def _time(folder: Path, model: Any, rows: pd.DataFrame, found: ServedAnswer) -> None:
    """Time calls with one row, the champion's in turn with them, and calls with a thousand."""
    import numpy as np
    from mlflow import pyfunc

    champion = None
    if (folder / CHAMPION).is_dir():
        with contextlib.suppress(Exception):  # a champion that cannot be asked is nothing against the candidate
            champion = pyfunc.load_model(str(folder / CHAMPION))
            champion.predict(rows[:1])
    for number in _while_time(CALLS + WARM_UP):
        row = rows.iloc[[number % len(rows)]]
        mine, other = _milliseconds(model, row), None if champion is None else _milliseconds(champion, row)
        if number >= WARM_UP:
            found.single.append(mine)
            found.champion_single += [] if other is None else [other]
    many = rows.iloc[np.arange(BATCH) % len(rows)].reset_index(drop=True)
    found.rows = len(many)
    for number in _while_time(BATCH_CALLS + 1):
        took = _milliseconds(model, many)
        found.batch += [took] if number else []


def _while_time(calls: int) -> Iterator[int]:
    """Number the calls, and end early where they take long."""
    end = time.monotonic() + MOST_SECONDS
    for number in range(calls):
        if number > FEWEST_CALLS + WARM_UP and time.monotonic() > end:
            return
        yield number


def _milliseconds(model: Any, rows: Any) -> float:
    begin = time.perf_counter()
    model.predict(rows)
    return (time.perf_counter() - begin) * 1e3


def _said(bad: BaseException) -> str:
    return " ".join(f"{type(bad).__name__}: {bad}".split())[:SHOWN]


if __name__ == "__main__":
    serve_here(Path(sys.argv[1]))
