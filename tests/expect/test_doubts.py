"""What a person should look at in an own table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keepfit.expect.doubts import bounds_of, doubts_of, entity_of

N = 600


def frame():
    rng = np.random.default_rng(1)
    bad = rng.integers(0, 2, N).astype(float)
    return pd.DataFrame({"bad": bad, "sound": rng.normal(size=N), "leak": bad + rng.normal(0, 0.01, N), "customer": [f"c{number // 3}" for number in range(N)]})


def test_numeric_features_with_a_value_have_bounds():
    first = frame().assign(empty=np.nan)
    assert list(bounds_of(first, {"sound": "numeric", "empty": "numeric", "customer": "categorical"})) == ["sound"]


def test_a_leak_is_doubted_and_what_is_missing_where_labels_are_missing_is_known_afterwards():
    rows = frame()
    rows.loc[::4, "bad"] = np.nan
    rows["refund"] = rows["bad"].where(rows["bad"].isna(), 1.0)
    found = doubts_of(rows, rows, {"sound": "numeric", "leak": "numeric", "refund": "numeric"}, "bad", classes=2)
    assert set(found) == {"leak", "refund"}
    assert found["leak"].startswith("gives the target away")


def test_an_entity_that_comes_again_would_stand_on_both_sides_of_the_holdout():
    name, rows, share = entity_of(frame().drop(columns="bad"))
    assert (name, rows) == ("customer", 3.0)
    assert share > 0.9
    assert entity_of(frame()[["sound"]]) is None
