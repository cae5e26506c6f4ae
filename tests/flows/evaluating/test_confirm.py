"""A share of the table that no rule sees, and which attempt on the rest it is."""

from __future__ import annotations

import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from tests.flows.evaluating.by_hand import features, flights, models_of_flights
from tests.flows.evaluating.test_evaluate import ask

from keepfit.compose.holdout import in_holdout
from keepfit.errors import DataError
from keepfit.evaluate.labelled_table import EvaluationQuestion
from keepfit.flows.evaluating import evaluate as flow
from keepfit.flows.evaluating.confirm import SALT
from keepfit.flows.evaluating.evaluate import EvaluationAsked, evaluate
from keepfit.records import Attempt


def confirmed(asked_here, version, share, **question):
    asked = EvaluationQuestion(**{"target": "late", "id": "id", **question})
    wanted = EvaluationAsked(data=asked_here.march, question=asked, rules=str(asked_here.rules), confirm=share)
    return evaluate("late", version, wanted, say=lambda line: None).card


def test_the_share_judges_nothing_and_the_gain_on_it_is_scikit_learns(asked_here):
    card = confirmed(asked_here, "2", 0.2)
    little, much, _ = models_of_flights()
    table = flights(3000, seed=2, month=3)
    aside = in_holdout(table["id"].astype(str).tolist(), share=0.2, salt=SALT)
    late = table["late"] == "yes"
    before, now = (pd.Series(model.predict_proba(features(table))[:, 1]) for model in (little, much))
    assert (card.n, card.confirmation.rows) == (int((~aside).sum()), int(aside.sum()))
    gain = roc_auc_score(late[aside], now[aside]) - roc_auc_score(late[aside], before[aside])
    assert card.confirmation.gain == pytest.approx(gain, abs=1e-9)
    row = next(row for row in card.judged_rows if (row.slice, row.metric) == ("overall", "roc_auc"))
    assert row.challenger == pytest.approx(roc_auc_score(late[~aside], now[~aside]), abs=1e-9)
    assert card.judged_digest != confirmed(asked_here, "2", 0.0).judged_digest


def test_rows_of_one_group_are_on_one_side(asked_here):
    card = confirmed(asked_here, "2", 0.3, group="carrier", slices=("carrier",))
    carriers = pd.read_csv(asked_here.march)["carrier"]
    aside = in_holdout(carriers.tolist(), share=0.3, salt=SALT)
    assert card.n == int((~aside).sum())
    assert {row.slice for row in card.rows if row.slice.startswith("carrier=")} <= {f"carrier={name}" for name in carriers[~aside]}


def test_without_a_share_it_says_so_and_a_share_that_leaves_too_little_is_refused(asked_here):
    assert "no share of the table was set aside" in confirmed(asked_here, "2", 0.0).confirmation.text
    for share in (-0.1, 0.6):
        with pytest.raises(DataError, match="cannot confirm"):
            confirmed(asked_here, "2", share)


def test_a_third_model_on_the_table_is_judged_as_such(asked_here, monkeypatch):
    first = ask(asked_here, "2").card
    assert (first.attempt, first.confidence) == (1, 0.95)
    others = tuple(Attempt(rows=first.judged_digest, model=f"sha256:{at}") for at in range(2))
    monkeypatch.setattr(flow, "counted_by_server", lambda registry, model: others)
    third = ask(asked_here, "2").card
    assert (third.attempt, third.judged_digest) == (3, first.judged_digest)
    drawn = {row.rule: row.confidence for row in third.judged_rows if row.confidence is not None}
    assert {round(value, 6) for value in drawn.values()} <= {0.95, round(1 - 0.05 / 9, 6)}
    monkeypatch.setattr(flow, "counted_by_server", lambda registry, model: (Attempt(rows=first.judged_digest, model=first.judged_model), *others))
    assert ask(asked_here, "2").card == first
