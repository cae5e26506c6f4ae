from __future__ import annotations

import numpy as np

from keepfit.tables.judged_scores import judged_scores, scores_known


def test_a_row_has_the_score_that_was_kept_of_it_whatever_the_order():
    ids = [f"r{number}" for number in range(1000)]
    scores = np.arange(1000) / 1000
    kept = judged_scores(ids, scores)
    assert scores_known(kept, reversed(ids)).tolist() == scores[::-1].tolist()
    assert np.isnan(scores_known(kept, ["another"])).all()


def test_of_many_rows_a_fixed_sample_is_kept_and_no_id():
    ids = [f"r{number}" for number in range(1000)]
    kept = judged_scores(ids, np.zeros(1000), most=100)
    assert kept.num_rows == 100
    assert kept.equals(judged_scores(reversed(ids), np.zeros(1000), most=100))
    assert kept.schema.names == ["row", "score"]
    assert str(kept.schema.field("row").type) == "int64"


def test_no_rows_are_kept_of_no_rows():
    assert judged_scores([], []).num_rows == 0
    assert np.isnan(scores_known(judged_scores([], []), ["a"])).all()


def test_of_many_classes_each_is_kept_by_its_name_whatever_the_order_of_the_list_is_by_then():
    scores = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    kept = judged_scores(["a", "b"], scores, classes=("billing", "outage", "legal"))
    assert scores_known(kept, ["b", "c"], ("press", "legal", "billing", "outage"))[0].tolist() == [0.0, 0.1, 0.6, 0.3]
    assert np.isnan(scores_known(kept, ["c"], ("press", "legal", "billing", "outage"))).all()
    assert judged_scores([], np.empty((0, 3)), classes=("billing", "outage", "legal")).num_rows == 0
