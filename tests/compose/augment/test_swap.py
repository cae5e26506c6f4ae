"""The augmentation `swap`: a donor's columns, of the same slice and class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.augment.augmentation import SomeRows
from keepfit.compose.augment.swap import Swap
from keepfit.compose.draws import row_hashes
from keepfit.compose.strata import coded
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.params import Params

KINDS = {"town": "categorical", "route": "categorical", "miles": "numeric"}


def params(task: str = "classification", **slices: dict[str, object]) -> Params:
    data = {"live": "x.csv", "time": "t", "features": KINDS}
    return Params.model_validate({"model": {"name": "m", "task": task, "target": "y"}, "data": data, "evaluate": {"slices": slices or {"town": {}}}})


def rows(n: int = 600, prefix: str = "r", label: np.ndarray | None = None) -> SomeRows:
    """Routes of a town are its own, and of a class: town 0 and class 1 have those of 5 to 9 …"""
    at = np.arange(n)
    label = (at % 2).astype(float) if label is None else label
    town = at // 2 % 3
    route = town * 20 + (at % 2) * 5 + at * 7 % 5
    table = pa.table({"town": [f"t{each}" for each in town], "route": [f"r{each}" for each in route], "miles": route * 11.0})
    return SomeRows(features=table, label=label, hashes=row_hashes([f"{prefix}{each}" for each in at]), slices={"town": coded("town", table["town"])})


def groups(table: pa.Table, label: np.ndarray) -> list[tuple[str, float, bool]]:
    found = zip(table["town"].to_pylist(), label, table["route"].to_pylist(), strict=True)
    return [(town, kind, int(route[1:]) // 20 == int(town[1:]) and int(route[1:]) % 20 // 5 == kind) for town, kind, route in found]


def test_a_donor_is_of_the_same_slice_and_class():
    copies = rows(prefix="copy")
    route = Swap(within=("town",)).change(copies, rows(), params()).columns["route"]
    swapped = copies.features.set_column(1, "route", route)
    assert all(held for *_, held in groups(swapped, copies.label))
    changed = np.mean(np.array(route.to_pylist()) != np.array(copies.features["route"].to_pylist()))
    assert changed > 0.95, "three donors are tried for one that differs"


def test_columns_that_are_named_together_come_from_one_donor():
    changed = Swap(within=("town",), columns=("route", "miles")).change(rows(prefix="copy"), rows(), params()).columns
    assert [int(route[1:]) * 11.0 for route in changed["route"].to_pylist()] == changed["miles"].to_pylist()


def test_a_row_whose_slice_and_class_are_unknown_stays_as_it_is():
    copies, known = rows(prefix="copy"), rows()
    alone = replace(copies, label=np.full(600, 7.0))
    assert Swap(within=("town",)).change(alone, known, params()).columns["route"].to_pylist() == copies.features["route"].to_pylist()


def test_of_a_number_donors_are_of_the_same_tenth_of_the_target():
    label = np.arange(600) / 600
    copies, known = rows(prefix="copy", label=label), rows(label=label)
    wide = replace(known, features=known.features.set_column(1, "route", [[f"d{int(10 * each)}" for each in label]]))
    same = replace(copies, features=copies.features.set_column(1, "route", [["none"] * 600]))
    route = Swap(within=("town",)).change(same, wide, params("regression")).columns["route"].to_pylist()
    assert all(abs(int(value[1:]) - int(10 * each)) <= 1 for value, each in zip(route, label, strict=True))


def test_without_columns_it_swaps_every_category_but_those_that_it_swaps_within():
    plan = Swap(within=("town",)).prepared(params())
    assert (plan.columns, plan.slices) == (("route",), ("town",))
    assert Swap(within=()).prepared(params()).columns == ("town", "route")
    assert Swap(within=(), columns=("town",)).prepared(params()).slices == ()


@pytest.mark.parametrize(
    ("swap", "slices", "sentence"),
    [
        (Swap(within=(), columns=("miles",)), {}, "the feature 'miles' is numeric, not categorical"),
        (Swap(within=("town", "route")), {"town": {}, "route": {}}, "there is no categorical feature to swap"),
        (Swap(within=("town",), columns=("town",)), {}, "the column 'town' cannot be swapped within its own values"),
    ],
)
def test_what_cannot_be_swapped_is_refused(swap, slices, sentence):
    with pytest.raises(ParamsError, match=sentence):
        swap.prepared(params(**slices))


@pytest.mark.parametrize(
    ("swap", "sentence"), [(Swap(within=(), columns=("rout",)), "no feature 'rout'"), (Swap(within=("twon",)), "no slicing column 'twon'")]
)
def test_an_unknown_column_is_named(swap, sentence):
    with pytest.raises(UnknownNameError, match=sentence):
        swap.prepared(params())
