"""Kappas, held against scikit-learn's and a published table."""

from __future__ import annotations

import random

import pytest
from sklearn.metrics import cohen_kappa_score

from keepfit.stats.agreement import cohen_kappa, fleiss_kappa

FLEISS = [  # Fleiss (1971) as tabulated in the literature: 10 subjects, 14 raters, 5 categories; kappa .210
    (0, 0, 0, 0, 14),
    (0, 2, 6, 4, 2),
    (0, 0, 3, 5, 6),
    (0, 3, 9, 2, 0),
    (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0),
    (3, 2, 6, 3, 0),
    (2, 5, 3, 2, 2),
    (6, 5, 2, 1, 0),
    (0, 2, 2, 3, 7),
]


@pytest.mark.parametrize("seed", range(5))
def test_cohens_kappa_is_that_of_scikit_learn(seed):
    rng = random.Random(seed)
    one = [rng.choice("abc") for _ in range(40)]
    other = [label if rng.random() < 0.6 else rng.choice("abc") for label in one]
    assert cohen_kappa(one, other) == pytest.approx(cohen_kappa_score(one, other), abs=1e-12)


def test_fleiss_kappa_is_that_of_the_published_table():
    rows = [[str(label) for label, count in enumerate(counts) for _ in range(count)] for counts in FLEISS]
    assert round(fleiss_kappa(rows), 3) == 0.210


def test_fleiss_kappa_takes_rows_with_different_numbers_of_labels():
    assert fleiss_kappa([["a", "a"], ["b", "b", "b"]]) == 1.0
    assert fleiss_kappa([["a", "b"], ["b", "a"]]) == -1.0


def test_where_all_give_one_label_kappa_is_undefined():
    assert cohen_kappa(["a", "a"], ["a", "a"]) is None
    assert fleiss_kappa([["a", "a"], ["a", "a"]]) is None
    assert cohen_kappa([], []) is None
    assert fleiss_kappa([]) is None
