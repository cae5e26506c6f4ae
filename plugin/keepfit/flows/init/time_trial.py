"""The time features that init proposes for an own table: tried with the estimator that it will write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from keepfit.errors import KeepfitError
from keepfit.expect.own_table import rows_before
from keepfit.expect.time_trial import Trial, try_time_features
from keepfit.params import FeatureKind, TrainParams

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from keepfit.expect.own_table import TableFacts
    from keepfit.expect.time_trial import Floats

REGRESSOR = "sklearn.ensemble.HistGradientBoostingRegressor"
QUICK = {"max_iter": 60, "early_stopping": False}
OF_WORDS: dict[str, str] = {"classification": "sklearn.linear_model.LogisticRegression", "regression": "sklearn.linear_model.Ridge"}
"""What reads thousands of words: estimators of tables with texts."""


def proposed(table: pa.Table, facts: TableFacts) -> Trial | None:
    """Return the time features that help on the table's first rows; None where none does, or where nothing can be fitted to them."""
    from keepfit.integrations.estimators import EstimatorRecipe, train_sklearn
    from keepfit.integrations.models.keepfit_model import ask_many

    usual = TrainParams().estimator or ""
    words = "text" in facts.features.values()
    estimator = OF_WORDS[facts.task] if words else REGRESSOR if facts.task == "regression" else usual
    quick = {"max_iter": 200} if words else QUICK

    def fit(learn: pd.DataFrame, labels: Floats, judge: pd.DataFrame, features: Mapping[str, FeatureKind]) -> Floats:
        model = train_sklearn(EstimatorRecipe(estimator=estimator, task=facts.task, features=features, params=quick), learn, labels)
        rows = judge[list(features)]
        if facts.target.classes is not None:
            return ask_many(model, rows, facts.target.classes, facts.asked.target, coded=True)[0]  # type: ignore[no-any-return]
        scores: Floats = model.predict_proba(rows)[:, 1] if facts.task == "classification" else model.predict(rows)
        return scores

    try:
        return try_time_features(rows_before(table, facts), facts, fit)
    except KeepfitError:  # what cannot be learned from is said by the first training, with the place to mend it
        return None
