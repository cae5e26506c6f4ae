"""cleanlab's ranking where it is installed; else the sentence that says how to get it."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from keepfit.errors import ProjectError
from keepfit.integrations.cleanlab import doubtfulness

RNG = np.random.default_rng(0)
LABEL = np.repeat([0.0, 1.0, 2.0], 40)
SCORES = np.full((120, 3), 0.1) + 0.7 * (LABEL[:, None] == np.arange(3))


@pytest.mark.parametrize("shape", ["many", "two", "numbers"])
def test_the_planted_label_is_the_most_doubtful_or_it_is_said_what_to_install(shape):
    label, scores = LABEL.copy(), SCORES + RNG.uniform(0, 0.01, SCORES.shape)
    scores /= scores.sum(axis=1, keepdims=True)
    label[7] = 1.0
    scores[3] = np.nan
    if shape == "two":
        label, scores = np.minimum(label, 1), scores[:, 1] + scores[:, 2]
    if shape == "numbers":
        label, scores = np.linspace(0, 1, 120), np.linspace(0, 1, 120)
        label[7], scores[3] = 30.0, np.nan
    if find_spec("cleanlab") is None:
        with pytest.raises(ProjectError, match=r"keepfit\[cleanlab\]"):
            doubtfulness(scores, label, numbers=shape == "numbers")
        return
    found = doubtfulness(scores, label, numbers=shape == "numbers")
    assert int(np.nanargmax(found)) == 7
    assert np.isnan(found[3])
    assert np.nanmin(found) >= 0
    assert np.nanmax(found) <= 1
