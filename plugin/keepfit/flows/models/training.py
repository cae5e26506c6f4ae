"""Training once: rows in, a folder out with the model, what keepfit knows of it, and the reference it will be watched by.

The stage, the monitor's scout and the backtest all train through `train_once`, so what is measured is what is shipped.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ProjectError, UnknownNameError
from keepfit.flows.models.answers import meta_as_seen
from keepfit.flows.models.scoring import open_scorer
from keepfit.records import PREDICTION, Composition, ModelMeta, Reference, canonical, to_json
from keepfit.tables.labels import labels
from keepfit.tables.written_targets import classes_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from keepfit.params import Params

FEWEST_PROFILES = 8
CONTRACT_ROWS = 50


def train_once(
    params: Params, table: pd.DataFrame, out: Path, composition: Composition | None = None, repo: Path | None = None, *, profile: bool = True
) -> ModelMeta:
    """Train on the labelled rows of `table` and write train's out to `out`, which is replaced.

    `table` has the feature columns, the target as a number, the time, and optionally `_weight`. `repo` is needed by
    `train.command` only. `profile` False leaves the reference out (scouts and backtests need none). Raises `TrainError`.
    """
    rows = labelled(params, table)
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    flavor = _fit(params, rows, out, repo=repo)
    meta = meta_of(params, rows, composition, flavor=flavor)
    (out / "meta.json").write_text(to_json(meta), encoding="utf-8")
    own = params.train.command is not None
    if own or profile:
        seen = rows if profile else rows.head(CONTRACT_ROWS)
        answer = open_scorer(out, params.train, repo).answer(seen)  # as evaluate will: a model that cannot predict from the features is found here
        meta = meta_as_seen(answer, labels(params, seen)) if own else meta
        (out / "meta.json").write_text(to_json(meta), encoding="utf-8")
    if profile:
        (out / "profile.json").write_bytes(canonical(reference_with(params, rows, answer.scores)) + b"\n")
    if composition is not None:
        (out / "composition.json").write_text(to_json(composition), encoding="utf-8")
    return meta


def labelled(params: Params, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have a label; raises `DataError` when none has, or a feature's column is not there."""
    import numpy as np

    for name in (*params.data.features, params.data.time):
        if name not in table.columns:
            raise UnknownNameError("column", name, known=map(str, table.columns), where="params.yaml: data")
    values = labels(params, table)
    rows = table[~np.isnan(values)].reset_index(drop=True)
    if not len(rows):
        what = "no training rows" if not len(table) else f"none of the {len(table)} training rows has a label"
        raise DataError(what, where=f"params.yaml: model.target ({params.model.target})", fix="wait for labels, or compose more windows")
    return rows


def _fit(params: Params, rows: pd.DataFrame, out: Path, *, repo: Path | None) -> str:
    from keepfit.integrations.estimators import Recipe, save_sklearn, train_sklearn

    train = params.train
    if train.command is not None:
        from keepfit.flows.models.train_command import run_train_command

        if repo is None:
            raise ProjectError("a training command needs a git repository", fix="git init, then keepfit init")
        return run_train_command(params, rows, out, repo=repo)
    recipe = Recipe(
        estimator=train.estimator or "",
        task=params.model.task,
        features=params.data.features,
        params=train.params,
        max_categories=train.max_categories,
        seed=train.seed,
    )
    weights = rows["_weight"].to_numpy(float) if "_weight" in rows else None
    save_sklearn(train_sklearn(recipe, rows, labels(params, rows), weights), out)
    return "sklearn"


def meta_of(params: Params, rows: pd.DataFrame, composition: Composition | None, *, flavor: str) -> ModelMeta:
    """Return what is known of a model trained on these rows, or composed as said."""
    from keepfit.tables.frames import forms_of_frame

    times = rows[params.data.time]
    return ModelMeta(
        model=params.model.name,
        task=params.model.task,
        target=params.model.target,
        features=dict(params.data.features),
        flavor=flavor,  # type: ignore[arg-type]
        estimator=params.train.command or params.train.estimator or "",
        classes=_classes(params, rows, flavor),
        rows=len(rows),
        trained_from=_moment(times.min()) if composition is None else composition.trained_from,
        trained_until=_moment(times.max()) if composition is None else composition.trained_until,
        values=forms_of_frame(rows, params.data.features),
    )


def _classes(params: Params, rows: pd.DataFrame, flavor: str) -> tuple[str, ...]:
    """The target's values as the model's own code may know them, the one that counts as 1 last; keepfit's own estimators get numbers."""
    if params.model.task == "regression":
        return ()
    return ("0", "1") if flavor == "sklearn" else classes_of(params, rows)


def _moment(value: object) -> datetime:
    import pandas as pd

    return pd.Timestamp(value).to_pydatetime()  # type: ignore[arg-type]


def reference_for(params: Params, rows: pd.DataFrame, model: Path, repo: Path | None) -> Reference:
    """Return the reference of a model in a folder: as `reference_with`, scored by it."""
    return reference_with(params, rows, open_scorer(model, params.train, repo).score(rows))


def reference_with(params: Params, rows: pd.DataFrame, scores: npt.NDArray[np.float64]) -> Reference:
    """Return the reference: profiles of the training rows' days, with target, the model's own predictions and the features' pairs, unweighted."""
    from keepfit.profiles.profile import learn_layout, reference_of
    from keepfit.profiles.shares import with_pairs
    from keepfit.tables.arrow import as_table
    from keepfit.tables.values import in_own_form

    ordered = rows.reset_index(drop=True).assign(**{PREDICTION: scores}).sort_values(params.data.time, kind="stable", ignore_index=True)
    target = params.model.target
    seen = in_own_form(as_table(ordered[[*params.data.features, PREDICTION]].assign(**{target: labels(params, ordered)})), params.data.features)
    kinds = {**params.data.features, target: _target_kind(params), PREDICTION: "numeric"}
    layout = learn_layout(seen, kinds, bins=params.monitor.bins, max_categories=params.monitor.max_categories)  # type: ignore[arg-type]
    places = ordered.groupby(batch_names(ordered[params.data.time]).to_numpy(), sort=True).indices
    batches = [(str(name), seen.take(rows)) for name, rows in sorted(places.items())]
    features = {name: layout[name] for name in params.data.features}
    return with_pairs(reference_of(batches, layout), [part for _, part in batches], features)


def _target_kind(params: Params) -> str:
    return "categorical" if params.model.task == "classification" else "numeric"


def batch_names(times: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """Return the batch of each row for the reference: its day; its hour, or its tenth of the rows, if there are too few days.

    Times must be in order.

    >>> import pandas as pd
    >>> batch_names(pd.Series(pd.date_range("2013-01-01", periods=40, freq="12h"))).nunique()
    20
    """
    import pandas as pd

    for form in ("%Y-%m-%d", "%Y-%m-%dT%H"):
        names = times.dt.strftime(form)
        if names.nunique() >= FEWEST_PROFILES:
            return names
    return pd.Series([f"part-{int(row * 10 / len(times))}" for row in range(len(times))], index=times.index)
