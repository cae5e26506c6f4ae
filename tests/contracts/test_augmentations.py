"""What every augmentation promises, of whatever package: columns that it said, in their types, the same again, and each copy for itself."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepfit import plugins
from keepfit.compose.augment.augmentation import SomeRows
from keepfit.compose.draws import row_hashes
from keepfit.compose.strata import coded
from keepfit.params import Params

KINDS = {"x": "numeric", "count": "numeric", "shop": "categorical", "town": "categorical"}
TEXTS = "text" in str(Params.model_fields["data"].annotation.model_fields["features"].annotation)
SETTINGS = {
    "model": {"name": "m", "task": "classification", "target": "y"},
    "data": {"live": "x.csv", "time": "t", "id": "id", "features": {**KINDS, **({"body": "text"} if TEXTS else {})}},
    "evaluate": {"slices": {"town": {}}},
}
FIELDS = {"swap": {"within": ("town",)}}
"""Fields of members that need one."""
NAMES = [name for name in plugins.names("augmentations") if TEXTS or name != "word_dropout"]
every_augmentation = pytest.mark.parametrize("augmentation", [plugins.load("augmentations", name)(**FIELDS.get(name, {})) for name in NAMES], ids=NAMES)


def params() -> Params:
    return Params.model_validate(SETTINGS)


def some_rows(n: int = 400, prefix: str = "r") -> SomeRows:
    """Rows with numbers that have noise, numbers that are whole, categories, a text, and values that are missing."""
    at = np.arange(n)
    shop, town = [f"s{each % 7}" if each % 11 else None for each in at], [f"t{each % 3}" for each in at]
    table = {
        "x": pa.array([None if each % 13 == 0 else float(each % 20 + np.sin(each)) for each in at]),
        "count": pa.array((at * 7919 % 23).astype(np.int16)),
        "shop": pa.array(shop, pa.string()),
        "town": pa.array(town, pa.string()),
        "body": pa.array([None if each % 17 == 0 else f"words of the row {each % 5} that say what it is, and more" for each in at], pa.string()),
    }
    label = (at % 2).astype(float)
    return SomeRows(features=pa.table(table), label=label, hashes=row_hashes([f"{prefix}{each}" for each in at]), slices={"town": coded("town", table["town"])})


def taken(rows: SomeRows, at: np.ndarray) -> SomeRows:
    slices = {name: type(one)(one.column, one.names, one.codes[at]) for name, one in rows.slices.items()}
    return SomeRows(features=rows.features.take(pa.array(at)), label=rows.label[at], hashes=rows.hashes[at], slices=slices)


def told(augmentation, copies, known=None) -> dict[str, list]:
    changed = augmentation.change(copies, known or some_rows(), params()).columns
    return {name: values.to_pylist() for name, values in changed.items()}


@every_augmentation
def test_it_changes_columns_that_it_said_each_in_its_type_and_not_all_rows_stay_as_they_are(augmentation):
    copies = some_rows(prefix="copy")
    changed = augmentation.change(copies, some_rows(), params()).columns
    assert changed
    assert set(changed) <= set(augmentation.prepared(params()).columns)
    for name, values in changed.items():
        assert (values.type, len(values)) == (copies.features[name].type, len(copies))
    assert any(values != copies.features[name].to_pylist() for name, values in told(augmentation, copies).items())


@every_augmentation
def test_it_says_the_same_again(augmentation):
    assert told(augmentation, some_rows(prefix="copy")) == told(augmentation, some_rows(prefix="copy"))


@every_augmentation
def test_what_becomes_of_a_copy_does_not_depend_on_the_copies_beside_it_or_their_order(augmentation):
    copies, at = some_rows(prefix="copy"), np.arange(400)[::-3].copy()
    whole, part = told(augmentation, copies), told(augmentation, taken(copies, at))
    assert part == {name: [values[each] for each in at] for name, values in whole.items()}


@every_augmentation
def test_it_learns_the_same_from_known_rows_in_whatever_order(augmentation):
    copies, known = some_rows(prefix="copy"), some_rows()
    assert told(augmentation, copies, taken(known, np.arange(400)[::-1].copy())) == told(augmentation, copies, known)


@every_augmentation
def test_it_makes_no_value_that_no_row_could_have(augmentation):
    copies = some_rows(prefix="copy")
    for name, values in told(augmentation, copies).items():
        column = copies.features[name].to_pylist()
        if KINDS.get(name) == "numeric":
            known = [value for value in column if value is not None]
            assert all(value is None or min(known) <= value <= max(known) for value in values)
        if KINDS.get(name) == "categorical":
            assert {*values} <= {*column, None}


@every_augmentation
def test_it_says_in_words_what_it_does(augmentation):
    assert augmentation.words
    assert not augmentation.words.endswith(".")
