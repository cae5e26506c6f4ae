from __future__ import annotations

import numpy as np

from keepfit.slices.answers import answer_column, answer_slice
from keepfit.stats.classes import one_hot


def test_each_row_is_of_the_slice_of_the_class_that_it_is_answered_as():
    column = answer_column(one_hot([2, 0, 2], 3), ("billing", "outage", "legal"))
    assert [column.literals[code] for code in column.codes] == [answer_slice("legal"), answer_slice("billing"), answer_slice("legal")]
    assert column.name == "prediction"
    assert column.codes.dtype == np.intp
