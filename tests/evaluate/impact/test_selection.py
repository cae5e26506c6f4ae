"""Selected labels, on rows of which all labels are known and only some are shown: what is answered must hold for all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.evaluate.impact.test_worth import COSTS, SHAPE, TWO, part, scored

from keepfit.errors import DataError, UnknownNameError
from keepfit.evaluate.impact.costs import costs_of
from keepfit.evaluate.impact.selection import LabelSelection, largest_gain
from keepfit.evaluate.impact.worth import ServedVolume, impact_of
from keepfit.params import load_params
from keepfit.records import Composition

PARAMS = load_params(TWO + COSTS)
VOLUME = ServedVolume(rows_a_window=1000.0)
NUMBER = load_params("model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}\nimpact: {unit: EUR, loss: {per_unit: 1}}\n")


def population(seed=0, n=6000):
    """Rows with all labels, and which of them a decision by the champion's score lets have one, with the chance of it."""
    rows = replace(scored(n, seed), clusters=None, cluster="")
    chance = np.where(rows.champion < 0.11, 0.95, 0.1)
    return rows, np.random.default_rng((seed, 1)).random(n) < chance, chance


def whole_gain(rows):
    costs = costs_of(PARAMS)
    return float((costs.rows(rows.y, rows.champion) - costs.rows(rows.y, rows.challenger)).mean())


def test_weighed_by_the_recorded_probability_the_gain_of_all_rows_is_found_and_without_it_missed():
    held, missed = [], []
    for seed in range(60):
        rows, kept, chance = population(seed)
        selection, truth = LabelSelection(by="approved loans", unseen=1 - kept.mean(), probability=chance[kept]), whole_gain(rows)
        weighed, naive = (impact_of(PARAMS, rows.part(kept), VOLUME, one) for one in (selection, None))
        held.append(weighed.low <= truth <= weighed.high)
        missed.append(not naive.low <= truth <= naive.high)
    assert np.mean(held) >= 0.9  # .95 less two of its standard errors in 60 runs
    assert np.mean(missed) >= 0.9


@pytest.mark.parametrize("seed", range(5))
def test_the_worst_case_holds_the_gain_of_all_rows_whatever_the_hidden_labels_are(seed):
    rows, kept, _ = population(seed)
    selection = LabelSelection(by="approved loans", unseen=float(1 - kept.mean()))
    found = impact_of(PARAMS, rows.part(kept), VOLUME, selection)
    costs = costs_of(PARAMS)
    for hidden in (rows.y, 0 * rows.y, 0 * rows.y + 1, 1 - rows.y):
        y = np.where(kept, rows.y, hidden)
        assert found.low <= (costs.rows(y, rows.champion) - costs.rows(y, rows.challenger)).mean() <= found.high
    assert found.labels is None
    assert "whatever theirs are" in found.notes[-1]


def test_with_every_label_there_a_weight_of_one_changes_nothing():
    rows = scored()
    plain = impact_of(PARAMS, rows, VOLUME)
    weighed = impact_of(PARAMS, rows, VOLUME, LabelSelection(by="all", unseen=0.0, probability=np.ones(len(rows.y))))
    assert (weighed.gain, weighed.low, weighed.high) == pytest.approx((plain.gain, plain.low, plain.high))


def test_what_is_not_identified_is_refused_with_the_reason():
    rows = scored()
    nobody = impact_of(PARAMS, rows, VOLUME, LabelSelection(by="approved loans", unseen=0.0))
    endless = impact_of(NUMBER, rows, VOLUME, LabelSelection(by="approved loans", unseen=0.3))
    for found, why in ((nobody, "the table has no other rows"), (endless, "nothing bounds what a regression's other rows cost")):
        assert (found.gain, found.verdict) == (None, "cannot tell")
        assert why in found.notes[0]
        assert "not identified" in found.notes[0]
    assert impact_of(NUMBER, rows, VOLUME, LabelSelection(by="approved loans", unseen=0.3, probability=np.full(len(rows.y), 0.5))).gain is not None


def selected(text):
    return load_params(TWO + f"evaluate: {{selected_labels: {text}}}\n")


def test_the_share_without_a_label_is_the_compositions_and_the_probability_the_tables():
    made = Composition(parts=(replace(part("2013-02", "evaluate", 200), labelled=150), part("2013-02", "holdout", 50)), **SHAPE)
    frame = pd.DataFrame({"p": [0.5, 1.0]})
    assert LabelSelection.of(load_params(TWO), frame, made) is None
    assert LabelSelection.of(selected("{by: approved loans}"), frame, made) == LabelSelection(by="approved loans", unseen=0.25)
    assert LabelSelection.of(selected("{by: approved loans, probability: p}"), frame, made).weights.tolist() == [2.0, 1.0]


@pytest.mark.parametrize("bad", [0.0, -0.1, 1.1, None, "often"])
def test_a_column_that_is_no_probability_above_0_is_refused(bad):
    params = selected("{by: approved loans, probability: p}")
    with pytest.raises(DataError, match="1 of 2 labelled rows have no probability above 0"):
        LabelSelection.of(params, pd.DataFrame({"p": [0.5, bad]}), Composition(parts=(), **SHAPE))
    with pytest.raises(UnknownNameError):
        LabelSelection.of(params, pd.DataFrame({"pp": [0.5]}), Composition(parts=(), **SHAPE))


def test_the_largest_gain_of_a_row_is_that_of_the_costliest_mistake():
    assert largest_gain(costs_of(PARAMS)) == 40.0
