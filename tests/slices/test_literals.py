from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.profiles.profile import learn_layout
from keepfit.slices.codes import code_columns
from keepfit.slices.literals import rows_of_slice

WHERE = "past.yaml: incident=storm.slice"


def table(n=400, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n).round(3)
    x[rng.random(n) < 0.1] = np.nan
    return pa.table({
        "x": pa.array(x, from_pandas=True),
        "k": pa.array(rng.integers(0, 5, n)),
        "c": pa.array([None if one < 0 else "abcd"[one] for one in rng.integers(-1, 4, n)]),
        "flag": pa.array(rng.random(n) < 0.3),
    })  # fmt: skip


def test_each_name_that_a_search_can_find_means_the_rows_that_it_was_found_with():
    rows = table()
    columns = code_columns(rows, learn_layout(rows, {"x": "numeric", "k": "numeric", "c": "categorical"}))
    seen = 0
    for column in columns:
        for code, literal in enumerate(column.literals):
            if not literal.endswith(" is other"):
                assert rows_of_slice(literal, rows, where=WHERE).tolist() == (column.codes == code).tolist(), literal
                seen += 1
    assert seen > 25


def test_all_of_several_literals_hold_and_overall_is_every_row():
    rows = table()
    both = rows_of_slice("c=a & k=3", rows, where=WHERE)
    assert both.tolist() == [(c, k) == ("a", 3) for c, k in zip(rows["c"].to_pylist(), rows["k"].to_pylist(), strict=True)]
    assert rows_of_slice("overall", rows, where=WHERE).all()
    assert rows_of_slice("c=(missing)", rows, where=WHERE).sum() == rows["c"].null_count
    assert rows_of_slice("c=nobody", rows, where=WHERE).sum() == 0


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("carier=EV", UnknownNameError, "carier"),
        ("wind>3", UnknownNameError, "wind"),
        ("c is other", ParamsError, "names no rows by itself"),
        ("the storm", ParamsError, "names no rows by itself"),
        ("c>3", ParamsError, "holds no numbers"),
        ("x>much", ParamsError, "'much' is no number"),
    ],
)
def test_what_names_no_rows_is_refused_with_its_place(name, error, said):
    with pytest.raises(error, match=said) as raised:
        rows_of_slice(name, table(), where=WHERE)
    assert raised.value.where == WHERE
