"""A bin's name holds for exactly its rows."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.monitor.recount import inside

from keepfit.profiles.edges import readable_edges
from keepfit.profiles.profile import learn_layout
from keepfit.slices.codes import code_columns

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.one_of(FLOATS, st.integers(-(10**9), 10**9).map(float), st.floats(1e6, 1e6 + 1e-3)), min_size=1, max_size=200), st.integers(2, 8))
def test_the_rows_of_a_bin_are_those_that_its_name_says(values, bins):
    values = [value + 0.0 for value in values]
    layout = learn_layout(pa.table({"x": pa.array(values)}), {"x": "numeric"}, bins=bins)
    (column,) = code_columns(pa.table({"x": pa.array([*values, None])}), layout)
    for code, literal in enumerate(column.literals):
        assert (column.codes == code).tolist() == inside({"x": [*values, None]}, literal, reference={}).tolist(), literal
    assert len(set(column.literals)) == len(column.literals)


@given(st.lists(FLOATS, min_size=1, max_size=20, unique=True).map(lambda values: tuple(sorted(value + 0.0 for value in values))))
def test_edges_stay_in_order_and_near(edges):
    found = readable_edges(edges)
    assert len(found) == len(edges)
    assert all(low < high for low, high in pairwise(found))
    assert all(new >= old for new, old in zip(found[1:], edges[1:], strict=True)), "an edge closes its bin, so it goes up"


def test_an_atom_stays_in_the_bin_that_names_it():
    """Six digits of 1234564.2 are less than it is: a third of the rows would lie outside `x<=1.23456e+06`."""
    values = np.where(np.arange(999) % 3 == 0, 1234564.2, np.linspace(1e6, 2e6, 999))
    layout = learn_layout(pa.table({"x": values}), {"x": "numeric"}, bins=4)
    (column,) = code_columns(pa.table({"x": values}), layout)
    (literal,) = {column.literals[code] for code in column.codes[values == 1234564.2]}
    assert inside({"x": values.tolist()}, literal, reference={})[values == 1234564.2].all()


@pytest.mark.parametrize("edges", [(), (0.5,), (float("-1e308"), 1e308)])
def test_none_one_and_the_largest_numbers_have_edges(edges):
    assert len(readable_edges(edges)) == len(edges)
