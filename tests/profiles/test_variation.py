"""Design effects against the variances they stand for; seeds fixed, error bars said."""

import numpy as np
import pytest

from keepfit.profiles.variation import learn_variation

STARTS = np.arange(0, 40, 4)


def windows(rng, spread, windows=20, rows=1000, alike=0.0):
    """(k, n) of 10 columns of 4 channels whose share moves by `spread` from window to window, neighbours correlated by `alike`."""
    steps = rng.normal(0, 1, (windows, 10))
    for t in range(1, windows):
        steps[t] = alike * steps[t - 1] + np.sqrt(1 - alike**2) * steps[t]
    share = np.clip(np.array([0.2, 0.4, 0.6, 0.8]) + spread * np.repeat(steps, 4, axis=1).reshape(windows, 10, 4), 0.01, 0.99).reshape(windows, 40)
    n = np.full((windows, 40), rows)
    return rng.binomial(n, share), n


def mean_design(seeds, **changes):
    return np.mean([learn_variation([windows(np.random.default_rng(seed), **changes)], starts=STARTS).design.mean() for seed in range(seeds)])


def test_independent_windows_have_a_design_effect_of_about_one():
    assert mean_design(10, spread=0.0) == pytest.approx(1.1, abs=0.15)  # it is at least 1; sd over seeds .03


def test_a_design_effect_is_the_variance_beyond_chance():
    expected = 1 + np.mean([0.02**2 * 1000 / (p * (1 - p)) for p in (0.2, 0.4, 0.6, 0.8)])  # 3.1
    assert mean_design(20, spread=0.02) == pytest.approx(expected, rel=0.25)  # sd over seeds .15; correlation of neighbours is clipped at 0


def test_neighbours_that_are_alike_raise_it():
    apart, alike = (mean_design(10, spread=0.05, alike=r) for r in (0.0, 0.5))
    assert alike / apart == pytest.approx(3.0, rel=0.4)  # (1 + r) / (1 - r)


def test_a_larger_window_does_not_average_out_what_moves_it_whole():
    learned = learn_variation([windows(np.random.default_rng(1), spread=0.05)], starts=STARTS)
    assert learned.design_of(np.full(40, 5000.0)) - 1 == pytest.approx(5 * (learned.design - 1))
    assert learned.design_of(np.full(40, 10.0)) == pytest.approx(learned.design)
    assert learned.design_of(np.full(40, 10.0), raised=2.0) == pytest.approx(2 * learned.design)


def test_one_window_teaches_nothing_and_more_groups_teach_only_variation():
    rng = np.random.default_rng(2)
    one, stream = windows(rng, 0.0, windows=1, rows=10_000), windows(rng, 0.05, windows=8)
    assert learn_variation([one], starts=STARTS).design.tolist() == [1.0] * 40
    learned = learn_variation([one, stream], starts=STARTS)
    assert learned.share == pytest.approx((one[0] / one[1])[0])
    assert learned.design.min() > 3
    assert learned.window_rows == pytest.approx(np.full(40, 1000.0))


def test_columns_without_rows_borrow_the_mean_column():
    k, n = windows(np.random.default_rng(3), 0.05)
    k[:, :4], n[:, :4] = 0, 0
    learned = learn_variation([(k, n)], starts=STARTS)
    assert np.isfinite(learned.design).all()
    assert learned.design[:4].mean() == pytest.approx(learned.design[4:].mean(), rel=0.5)
    empty = learn_variation([(k * 0, n * 0)], starts=STARTS)
    assert empty.design.tolist() == [1.0] * 40
