"""What an own table says about itself; as files of people say it in tests/flows/init/test_own_tables.py."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from keepfit.errors import DataError, UnknownNameError
from keepfit.expect.own_table import OwnTable, learn

N = 600
ASKED = OwnTable(time="at", target="bad", model="m")


def table(**changes):
    rng = np.random.default_rng(0)
    at = pd.date_range("2026-01-01", periods=N, freq="6h")
    frame = pd.DataFrame({"at": at, "bad": rng.integers(0, 2, N), "amount": rng.normal(1_000, 200, N), "city": rng.choice(["a", "b"], N)})
    return pa.Table.from_pandas(frame.assign(**changes), preserve_index=False)


def test_a_table_proposes_its_task_windows_features_slices_and_bounds():
    facts = learn(table(), ASKED)
    assert (facts.task, facts.window, facts.as_of, facts.last) == ("classification", "month", datetime(2026, 3, 1), datetime(2026, 5, 30, 18))
    assert (facts.features, facts.slices, facts.left_out) == ({"amount": "numeric", "city": "categorical"}, ("city",), {})
    assert (list(facts.first.bounds), facts.first.labelled_share, facts.first.repeats, facts.first.entity) == (["amount"], 1.0, 0, None)


def test_what_comes_after_the_first_windows_moves_no_bound():
    later = table(amount=np.where(np.arange(N) < 300, np.arange(N) % 100, 1e6))
    assert learn(later, ASKED).first.bounds["amount"].high < 1_000


def test_a_column_that_knows_the_target_is_doubted():
    facts = learn(table(refund=lambda frame: frame["bad"] * 10.0 + np.arange(N) % 3), ASKED)
    assert facts.first.doubts["refund"].startswith("gives the target away")


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"time": "when"}, UnknownNameError, "'when'"),
        ({"time": "bad"}, DataError, "cannot be both the time and the target"),
        ({"target": "prediction"}, DataError, "keepfit watches the model's predictions"),
        ({"id": "city"}, DataError, "are there more than once"),
    ],
)
def test_what_cannot_be_asked_of_a_table_is_named(asked, error, said):
    wanted = OwnTable(**{"time": "at", "target": "bad", "model": "m", **asked})
    with pytest.raises(error, match=said):
        learn(table(prediction=0.5), wanted)


def test_a_table_without_rows_is_named():
    with pytest.raises(DataError, match="the table has no rows"):
        learn(table().slice(0, 0), ASKED)
