"""What rows that are alike otherwise differ by."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.augment.augmentation import SomeRows
from keepfit.compose.augment.noise import measured_noise
from keepfit.compose.draws import row_hashes


def rows(table: dict[str, object]) -> SomeRows:
    made = pa.table(table)
    return SomeRows(features=made, label=np.zeros(made.num_rows), hashes=row_hashes(np.arange(made.num_rows)))


def test_a_number_that_another_column_decides_has_no_noise():
    route = np.arange(3000) % 30
    found = measured_noise(rows({"route": [f"r{each}" for each in route], "miles": route * 117.0}), ["miles"])
    assert found == {"miles": 0.0}


@pytest.mark.parametrize("scale", [0.5, 20.0])
def test_a_reading_has_the_noise_that_it_was_given(scale):
    rng, place = np.random.default_rng(1), np.arange(3000) % 30
    found = measured_noise(rows({"place": [f"p{each}" for each in place], "reading": 1000 * place + rng.normal(0, scale, 3000)}), ["reading"])
    assert found["reading"] == pytest.approx(scale * 0.954, rel=0.1), "the median of the distance of two normal values is .954 of their deviation"


def test_what_is_missing_is_no_noise_and_too_few_values_have_none():
    some = [None if each % 3 else 1.0 for each in range(300)]
    few = [float(each) if each < 5 else None for each in range(300)]
    assert measured_noise(rows({"some": pa.array(some), "few": pa.array(few)}), ["some", "few"]) == {"some": 0.0, "few": 0.0}


def test_one_row_has_no_noise():
    assert measured_noise(rows({"x": [1.0]}), ["x"]) == {"x": 0.0}
