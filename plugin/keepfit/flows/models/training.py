"""Training once: rows in, a folder out with the model, what keepfit knows of it, and the reference it will be watched by.

The stage, the monitor's scout and the backtest all train through `train_once`, so what is measured is what is shipped.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import ProjectError
from keepfit.flows.models.scoring import open_scorer
from keepfit.integrations.programs.dvc import file_md5
from keepfit.records import Composition, ModelMeta, Reference, canonical, to_json
from keepfit.tables.judged_scores import FILE as JUDGED_SCORES
from keepfit.tables.labels import labels, teachable
from keepfit.tables.model_meta import meta_of
from keepfit.tables.time_features import in_frame
from keepfit.tables.training_rows import natural, recipe_key, training_key, unseen_scores, weights_of

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.integrations.models.scorer import Scorer
    from keepfit.params import Params
    from keepfit.profiles.reference import HeldOut

CONTRACT_ROWS = 50
BESIDE = {"meta.json", "profile.json", "composition.json", JUDGED_SCORES}


def train_once(
    params: Params,
    table: pd.DataFrame,
    out: Path,
    composition: Composition | None = None,
    repo: Path | None = None,
    *,
    profile: bool = True,
    held: pd.DataFrame | None = None,
) -> ModelMeta:
    """Train on the labelled rows of `table` and write train's out to `out`, which is replaced.

    `table` has the feature columns, the target as a number, the time, and optionally `_weight` and `_judged` (a refit's: what the judged model
    answered, which the reference then holds in place of the model's own answer). `repo` is needed by `train.command` only.
    Rows that were made (`_parent`) train, and are no part of what is known of the model or of its reference.
    `profile` False leaves the reference out (scouts and backtests need none). `held` are rows that are held out: what the model answers to them is what
    its answers are watched by. Raises `TrainError`.
    """
    from keepfit.evaluate.direction import meta_as_seen
    from keepfit.profiles.reference import reference_with

    rows = in_frame(teachable(params, table), params.data.derived)
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    flavor = _fit(params, rows, out, repo=repo)
    came = natural(rows)
    meta = meta_of(params, came, composition, flavor=flavor)
    if composition is not None:
        meta = replace(meta, made_from=made_from(params, rows))
    (out / "meta.json").write_text(to_json(meta), encoding="utf-8")
    own = params.train.command is not None
    if own or profile:
        seen = came if profile else came.head(CONTRACT_ROWS)
        scorer = open_scorer(out, params.train, repo)
        answer = scorer.answer(seen)  # as evaluate will: a model that cannot predict from the features is found here
        meta = meta_as_seen(answer.meta, answer.scores, labels(params, seen), only_labels=answer.only_labels) if own else meta
        (out / "meta.json").write_text(to_json(meta), encoding="utf-8")
    if profile:
        found = reference_with(params, came, unseen_scores(came, answer.scores), _answered(scorer, params, held))
        (out / "profile.json").write_bytes(canonical(found) + b"\n")
    if composition is not None:
        (out / "composition.json").write_text(to_json(composition), encoding="utf-8")
    return meta


def _answered(scorer: Scorer, params: Params, held: pd.DataFrame | None) -> HeldOut | None:
    """What the model answers to rows that were held out; None where too few were."""
    from keepfit.profiles.reference import FEWEST_HELD, HeldOut

    if held is None or len(held) < FEWEST_HELD:
        return None
    rows = in_frame(held, params.data.derived)
    return HeldOut(rows, scorer.score(rows))


def made_from(params: Params, rows: pd.DataFrame) -> str:
    """Return what a model is made from: the digests of the recipe and of the labelled rows among these."""
    return f"{recipe_key(params)}:{training_key(params, teachable(params, rows))}"


def same_model(one: Path, other: Path) -> bool:
    """Whether two outs of train hold the same model, byte for byte; what keepfit itself writes beside it does not count."""
    return _model_files(one) == _model_files(other)


def _model_files(out: Path) -> dict[str, str]:
    files = {path.relative_to(out).as_posix(): path for path in sorted(out.rglob("*")) if path.is_file()}
    return {name: file_md5(path) for name, path in files.items() if name not in BESIDE}


def _fit(params: Params, rows: pd.DataFrame, out: Path, *, repo: Path | None) -> str:
    from keepfit.integrations.estimators import EstimatorRecipe, save_sklearn, train_sklearn

    train = params.train
    if train.command is not None:
        from keepfit.flows.models.train_command import run_train_command

        if repo is None:
            raise ProjectError("a training command needs a git repository", fix="git init, then keepfit init")
        return run_train_command(params, rows, out, repo=repo)
    recipe = EstimatorRecipe(
        estimator=train.estimator or "",
        task=params.model.task,
        features=params.data.inputs,
        params=train.params,
        max_categories=train.max_categories,
        seed=train.seed,
    )
    save_sklearn(train_sklearn(recipe, rows, labels(params, rows), weights_of(rows)), out)
    return "sklearn"


def reference_for(params: Params, rows: pd.DataFrame, model: Path, repo: Path | None) -> Reference:
    """Return the reference of a model in a folder: as `reference_with`, scored by it."""
    from keepfit.profiles.reference import reference_with

    rows = in_frame(rows, params.data.derived)
    return reference_with(params, rows, open_scorer(model, params.train, repo, classes=params.model.classes).score(rows))
