"""Scores as people read them."""

from __future__ import annotations

import numpy as np

from keepfit.tables.shown_scores import shown_scores


def test_a_probability_a_value_and_the_likeliest_of_many_classes():
    assert shown_scores(np.array([0.5, 0.0, 1234.56]), ()) == ["0.500", "0.000", "1235"]
    assert shown_scores(np.array([[0.2, 0.8], [0.6, 0.4]]), ("billing", "outage")) == ["outage 0.80", "billing 0.60"]
