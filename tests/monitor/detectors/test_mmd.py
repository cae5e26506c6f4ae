"""MMD by random features: close to the exact kernel, its level where nothing changed, its power where something did."""

import numpy as np
import pytest

from keepfit.monitor.detectors.mmd import MeanDiscrepancy, embed, unbiased, width

QUICK = MeanDiscrepancy(permutations=200, stop=10)


def exact(a, b, w):
    """The unbiased MMD squared under the Gaussian kernel itself."""

    def kernel(x, y):
        return np.exp(-((x[:, None] - y[None]) ** 2).sum(axis=2) / (2 * w * w))

    n, m = len(a), len(b)
    within = [(kernel(x, x).sum() - len(x)) / (len(x) * (len(x) - 1)) for x in (a, b)]
    return sum(within) - 2 * kernel(a, b).sum() / (n * m)


@pytest.mark.parametrize("shift", [0.0, 0.5, 2.0])
def test_it_is_near_the_exact_kernels(shift):
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(200, 4)), rng.normal(size=(150, 4)) + shift
    both = np.concatenate([a, b])
    w = width(both, rng=np.random.default_rng(2))
    found = unbiased(embed(both, 20_000, rng=np.random.default_rng(2)), len(a))
    # 10,000 waves: a standard error below .01 for each kernel value, less for their mean
    assert found == pytest.approx(exact(a, b, w), abs=0.01)


def test_the_width_is_the_median_distance():
    assert width(np.array([[0.0], [3.0], [3.0]]), rng=np.random.default_rng(0)) == pytest.approx(3)
    assert width(np.zeros((5, 2)), rng=np.random.default_rng(0)) == 1.0


def test_it_keeps_its_level_without_a_change():
    rng = np.random.default_rng(3)
    p_values = [QUICK.compare(*rng.standard_t(3, size=(2, 60, 3)), rng=rng).p_value for _ in range(400)]
    # standard error .011
    assert np.mean(np.array(p_values) <= 0.05) == pytest.approx(0.05, abs=0.03)


@pytest.mark.parametrize(("change", "power"), [(lambda x: x + 0.3, 0.9), (lambda x: x * 1.4, 0.9)], ids=["+.3 sd", "sd x 1.4"])
def test_it_sees_a_change_of_every_column(change, power):
    rng = np.random.default_rng(4)
    seen = [QUICK.compare(rng.normal(size=(300, 5)), change(rng.normal(size=(300, 5))), rng=rng).p_value <= 0.05 for _ in range(50)]
    assert np.mean(seen) >= power


def test_stopping_early_changes_no_verdict():
    rng = np.random.default_rng(5)
    for shift in (0.0, 0.05, 0.5):
        a, b = rng.normal(size=(200, 3)), rng.normal(size=(200, 3)) + shift
        early, late = (MeanDiscrepancy(permutations=1000, stop=stop).compare(a, b, rng=np.random.default_rng(6)).p_value for stop in (20, None))
        assert (early <= 0.02) == (late <= 0.02)
        assert early == pytest.approx(late, abs=0.25)
