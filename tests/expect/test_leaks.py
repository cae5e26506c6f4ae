from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keepfit.expect.leaks import leaks, witnesses

RNG = np.random.default_rng(0)
N = 2_000
LABEL = RNG.integers(0, 3, N).astype(float)
FRAME = pd.DataFrame(
    {
        "noise": RNG.normal(size=N),
        "answer": np.array(["low", "middle", "high"])[LABEL.astype(int)],
        "near": LABEL + RNG.normal(size=N) * 0.8,
        "id": [f"r{at}" for at in range(N)],
        "at": pd.Timestamp("2026-01-01"),
    }
)


@pytest.mark.parametrize(("classes", "label"), [(3, LABEL), (2, (LABEL > 1).astype(float)), (0, LABEL)])
def test_a_column_that_tells_the_target_is_a_leak_for_any_task(classes, label):
    found = leaks(FRAME, {"noise": "numeric", "answer": "categorical", "at": "numeric", "gone": "numeric"}, label, classes=classes)
    assert [(one.column, one.severity) for one in found] == [("answer", "critical")]
    assert found[0].sentence.startswith("answer gives the target away")


def test_columns_beside_the_features_that_know_the_label_are_witnesses_and_ids_are_none():
    assert witnesses(FRAME, ["noise", "near", "id", "at", "answer"], LABEL, classes=3) == ("answer", "near")


def test_few_labels_say_nothing():
    assert leaks(FRAME.head(50), {"answer": "categorical"}, LABEL[:50], classes=3) == ()
    assert witnesses(FRAME.head(50), ["answer"], LABEL[:50], classes=3) == ()
