from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from tests.flows.evaluating.by_hand import RULES, features, flights, models_of_flights

from keepfit.errors import DataError, ParamsError
from keepfit.evaluate.labelled_table import EvaluationQuestion
from keepfit.flows.evaluating.also import named_tables
from keepfit.flows.evaluating.evaluate import EvaluationAsked, evaluate
from keepfit.flows.rows.table_digest import table_digest

REMEMBERS = RULES.replace("  '*':\n", "      remembers: {kind: not_forgotten, metric: '*', slice: 'incident=*', bound: 0.02}\n  '*':\n", 1)


@pytest.fixture
def storm(tmp_path):
    """Rows of carrier UA alone: on them version 3, which learned it the wrong way round, is lost."""
    table = flights(4000, seed=7, month=2)
    table[table["carrier"] == "UA"].to_csv(tmp_path / "storm.csv", index=False)
    (tmp_path / "gate.yaml").write_text(REMEMBERS)
    return tmp_path / "storm.csv"


def ask(asked_here, version, storm, *, also=True, out="out"):
    wanted = EvaluationAsked(
        data=asked_here.march,
        question=EvaluationQuestion(target="late", id="id"),
        rules=str(storm.parent / "gate.yaml"),
        also={"storm": storm} if also else {},
        out=storm.parent / out,
    )
    return evaluate("late", version, wanted, say=lambda line: None)


def past(found):
    return {row.slice: (row.status, row.basis) for row in found.card.rows if row.rule == "not_forgotten"}


def test_a_version_is_refused_by_the_name_of_the_incident_that_would_come_back(asked_here, storm):
    good, bad = ask(asked_here, "2", storm, out="2"), ask(asked_here, "3", storm, out="3")
    assert past(good) == {"incident=storm": ("pass", "past")}
    assert past(bad) == {"incident=storm": ("fail", "past")}
    assert bad.exit_code == 3
    assert "incident=storm" in bad.page
    assert good.evaluation.data["incident=storm"] == table_digest(storm)
    assert list(good.evaluation.data) == ["march.csv", "incident=storm"]


def test_its_numbers_are_scikit_learns_on_the_table_that_was_named(asked_here, storm):
    little, much, _ = models_of_flights()
    table = pd.read_csv(storm)
    late = np.array(table["late"] == "yes")
    [row] = [each for each in ask(asked_here, "2", storm).card.rows if each.basis == "past"]
    categories = pd.CategoricalDtype(["AA", "B6", "UA"])
    answers = [model.predict_proba(features(table).astype({"carrier": categories}))[:, 1] for model in (little, much)]
    assert (row.champion, row.challenger) == pytest.approx(tuple(roc_auc_score(late, scores) for scores in answers), abs=1e-9)
    assert row.n == len(table)


def test_a_rule_about_the_past_without_such_rows_is_an_error_and_no_pass(asked_here, storm):
    found = ask(asked_here, "2", storm, also=False)
    assert past(found) == {"incident=*": ("error", "past")}
    assert found.exit_code == 3


def test_rows_without_labels_are_refused_by_the_name_of_their_table(asked_here, storm):
    pd.read_csv(storm).assign(late=None).to_csv(storm, index=False)
    with pytest.raises(DataError) as raised:
        ask(asked_here, "2", storm)
    assert raised.value.where == "--also storm"


@pytest.mark.parametrize("given", [["storm"], ["storm="], ["a b=x.csv"], ["=x.csv"], ["storm=a.csv", "storm=b.csv"]])
def test_what_names_no_table_is_refused(given):
    with pytest.raises(ParamsError) as raised:
        named_tables(given)
    assert raised.value.where == "--also"
