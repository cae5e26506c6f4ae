"""What models rely on, by shuffling: scikit-learn's numbers, with an interval that covers other rows and other shuffles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keepfit.evaluate.reliance import AskedModel, JudgingRows, ShuffleLimits, relied_on
from keepfit.stats.clusters import RowOrigins
from keepfit.stats.known_metric import metric_named

ROWS = 600


def ask(frame):
    """A model that reads `heat` much, `load` a little and `line` not at all."""
    return 1 / (1 + np.exp(-(2.0 * frame["heat"].to_numpy(float) + 0.5 * frame["load"].to_numpy(float))))


def ask_load(frame):
    return 1 / (1 + np.exp(-frame["load"].to_numpy(float)))


def rows(seed=0, n=ROWS, days=20):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"heat": rng.normal(size=n), "load": rng.normal(size=n), "line": np.where(rng.random(n) < 0.5, "a", "b")})
    logit = 2.0 * frame["heat"] + 0.5 * frame["load"]
    noisy = (frame["line"] == "b") & (rng.random(n) < 0.4)
    y = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(float)
    y = np.where(noisy, 1 - y, y)
    times = np.datetime64("2026-01-01") + (np.arange(n) * days // n).astype("timedelta64[D]")
    return JudgingRows(frame=frame, y=y, origins=RowOrigins(times=times.astype("datetime64[us]")), slices={"line": frame["line"].tolist()})


MODEL = AskedModel(ask=ask, columns=("heat", "load", "line"))
AUC = metric_named("roc_auc", where="test")


def by_column(part, which="candidate"):
    return {one.column: getattr(one, which) for one in part.columns}


@pytest.mark.parametrize("name", ["roc_auc", "log_loss"])
def test_the_values_are_those_of_scikit_learn_positive_where_the_model_gets_worse(name):
    from sklearn.inspection import permutation_importance

    class Fitted:
        def fit(self, frame, y):
            return self

    metric, judged = metric_named(name, where="test"), rows()
    sign = 1 if metric.greater_is_better else -1
    expected = permutation_importance(
        Fitted(), judged.frame, judged.y, scoring=lambda _, frame, y: sign * metric.value(y, ask(frame)), n_repeats=5, random_state=0
    )
    found = by_column(relied_on({"candidate": MODEL}, judged, metric).parts[0])
    assert [found[name].value for name in judged.frame.columns] == pytest.approx(expected.importances_mean.tolist(), abs=1e-12)
    assert found["heat"].low > found["load"].high > 0


def test_a_column_that_the_model_does_not_read_costs_nothing_and_the_largest_stands_first():
    part = relied_on({"candidate": MODEL}, rows(), AUC).parts[0]
    assert [one.column for one in part.columns] == ["heat", "load", "line"]
    assert by_column(part)["line"].value == by_column(part)["line"].high == 0.0


def test_the_slice_where_the_model_that_serves_is_worst_is_measured_too():
    found = relied_on({"champion": MODEL, "candidate": AskedModel(ask=ask_load, columns=("load",))}, rows(), AUC)
    assert [part.slice for part in found.parts] == ["overall", "line=b"]
    assert found.parts[1].champion < found.parts[0].champion
    assert by_column(found.parts[0])["heat"] is None  # the candidate does not read it
    assert by_column(found.parts[0], "champion")["heat"].value > 0


def test_the_same_rows_give_the_same_answer_and_many_are_bounded():
    limits = ShuffleLimits(rows=200, repeats=2, columns=2)
    first, again = (relied_on({"candidate": MODEL}, rows(), AUC, limits=limits) for _ in range(2))
    assert first == again
    assert (first.parts[0].rows, first.left_out, len(first.parts[0].columns)) == (200, 1, 2)
    assert (first.parts[0].unit, first.parts[0].clusters) == ("day", 20)


def test_of_a_number_a_loss_is_positive_too_and_of_many_classes_a_row_of_probabilities_is_asked_for():
    judged = rows()
    number = JudgingRows(frame=judged.frame, y=3 * judged.frame["heat"].to_numpy(), origins=judged.origins, slices={})
    three = AskedModel(ask=lambda frame: 3 * frame["heat"].to_numpy(float), columns=("heat",))
    (part,) = relied_on({"candidate": three}, number, metric_named("mae", where="test")).parts
    assert (part.candidate, by_column(part)["heat"].value > 2) == (0.0, True)

    def of_three(frame):
        found = np.column_stack([ask(frame), 1 - ask(frame), np.full(len(frame), 0.01)])
        return found / found.sum(axis=1, keepdims=True)

    many = JudgingRows(frame=judged.frame, y=1 - judged.y, origins=judged.origins, slices={})
    (part,) = relied_on({"candidate": AskedModel(ask=of_three, columns=("heat", "load"))}, many, metric_named("error_rate", where="test")).parts
    assert [one.column for one in part.columns] == ["heat", "load"]
    assert by_column(part)["heat"].low > 0


def test_what_cannot_be_measured_says_why():
    judged = rows()
    one_class = JudgingRows(frame=judged.frame, y=np.ones(ROWS), origins=judged.origins, slices={})
    (part,) = relied_on({"candidate": MODEL}, one_class, AUC).parts
    assert (part.why, part.columns) == ("one class only", ())
    nothing = JudgingRows(frame=judged.frame.head(0), y=np.empty(0), origins=RowOrigins(), slices={})
    assert relied_on({"candidate": MODEL}, nothing, AUC).parts[0].why == "no row has a label"
    assert relied_on({}, judged, AUC).parts[0].why == "there is no model"


def test_the_intervals_cover_what_many_rows_say_as_often_as_they_claim():
    """Of 120 draws of 300 independent rows, both bounds at 95 %: 90 % cover, with a standard error of 2.7 %."""
    limits = ShuffleLimits(repeats=5)
    true = by_column(relied_on({"candidate": MODEL}, rows(99, 40_000), AUC, limits=ShuffleLimits(rows=40_000)).parts[0])["heat"].value
    covered = []
    for seed in range(120):
        drawn = rows(seed, 300)
        alone = JudgingRows(frame=drawn.frame, y=drawn.y, origins=RowOrigins(), slices={})
        one = by_column(relied_on({"candidate": MODEL}, alone, AUC, limits=limits).parts[0])["heat"]
        covered.append(one.low <= true <= one.high)
    assert 0.84 <= np.mean(covered) <= 0.97
