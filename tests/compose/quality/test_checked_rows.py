from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa

from keepfit.compose.quality.checked_rows import CheckedRows, suspicion
from keepfit.compose.quality.folds import OutOfFold
from keepfit.params import Params
from keepfit.records.quality import Suspect

DATA = {"live": "x", "time": "t", "id": "id", "features": {"a": "numeric", "b": "categorical"}}


def params(model=None, **data):
    return Params.model_validate({"model": {"name": "m", "task": "classification", "target": "y"} | (model or {}), "data": DATA | data})


def rows(*cells):
    ids, a, b, y = zip(*cells, strict=True)
    times = pa.array([datetime(2026, 1, 1 + at) for at in range(len(cells))], pa.timestamp("us"))
    return pa.table({"id": list(ids), "t": times, "a": list(a), "b": list(b), "y": pa.array(y, pa.float64())})


TRAIN = rows(("r1", 1.0, "x", 0.0), ("r2", 1.0, "x", 1.0), ("r3", 7.0, "x", 1.0), ("r4", 9.0, "x", None))
HELD = rows(("h1", 7.0, "x", 1.0))


def kinds(checked):
    return {one.kind: one for one in checked.findings()}


def test_findings_name_the_rows_and_what_they_stand_beside():
    found = kinds(CheckedRows.of({"train": TRAIN, "evaluate": HELD, "holdout": HELD}, params()))
    assert {(kind, one.rows, one.of) for kind, one in found.items()} == {("conflicts", 2, 4), ("contamination", 1, 4), ("constants", 6, 6)}
    assert [(one.row, one.beside) for one in found["conflicts"].examples] == [("r1", "r2"), ("r2", "r1")]
    assert [(one.row, one.beside) for one in found["contamination"].examples] == [("r3", "h1")]
    assert found["contamination"].severity == "critical"
    assert found["constants"].column == "b"
    assert found["conflicts"].sentence == "2 of 4 rows have the features of another row with another label (50.00%)."


def test_rows_that_augmentation_made_are_not_checked():
    made = TRAIN.append_column("_parent", pa.array([None, None, None, "r1"]))
    checked = CheckedRows.of({"train": made}, params())
    assert checked.table["id"].to_pylist() == ["r1", "r2", "r3"]


def test_rows_without_ids_are_numbered():
    checked = CheckedRows.of({"train": TRAIN.drop_columns(["id"])}, params(id=None))
    assert [one.row for one in kinds(checked)["conflicts"].examples] == ["row 1", "row 2"]


def test_suspects_are_the_most_doubtful_with_what_the_model_would_say():
    checked = CheckedRows.of({"train": TRAIN}, params({"positive": "late"}))
    places, frame = checked.labelled()
    assert (places.tolist(), len(frame)) == ([0, 1, 2], 3)
    judged = OutOfFold(np.array([0, 1, 0]), checked.label[places])
    judged.scores[:] = [0.9, 0.8, 0.3]
    found = list(checked.suspects(places, judged, share=0.7))
    assert [(one.row, one.label, one.instead, one.score) for one in found] == [("r1", "not late", "late", 0.9), ("r3", "late", "not late", 0.7)]


def test_many_classes_are_told_by_their_texts_and_one_that_is_not_listed_is_not_judged():
    table = rows(("r1", 1.0, "x", 0.0), ("r2", 1.0, "x", 2.0), ("r3", 7.0, "x", 3.0))
    checked = CheckedRows.of({"train": table}, params({"classes": ["bill", "outage", "sales"]}))
    places, _ = checked.labelled()
    assert places.tolist() == [0, 1]
    judged = OutOfFold(np.array([0, 1]), checked.label[places], classes=3)
    judged.scores[:] = [[0.1, 0.8, 0.1], [0.2, 0.2, 0.6]]
    (first, *_) = checked.suspects(places, judged, share=0.5)
    assert (first.row, first.label, first.instead) == ("r1", "bill", "outage")


def test_folds_keep_groups_then_days_together():
    grouped = CheckedRows.of({"train": TRAIN}, params(group="b"))
    places, _ = grouped.labelled()
    assert grouped.groups(places, None).to_pylist() == ["x"] * 3
    assert grouped.groups(places, "day").to_pylist() == ["2026-01-01", "2026-01-02", "2026-01-03"]


def test_the_finding_calls_itself_a_ranking_and_says_what_it_is_expected_to_hold():
    one = Suspect(row="r1", kind="label_errors", score=0.9, label="0", instead="1")
    said = suspicion((one,), 20, 0.375, "Estimator out of 5 folds of rows")
    assert said.severity == "info"
    assert "a ranking, most of them may be right; if 3 % of all labels were wrong by chance, these would hold about 38% of them." in said.sentence
