from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import sem

from keepfit.stats.pooled import over_windows


def test_windows_of_one_size_have_the_students_interval_of_their_values():
    values = [0.71, 0.68, 0.70, 0.74, 0.69]
    mean, spread = over_windows(values, [300] * 5)
    assert (mean, spread.error, spread.freedom, spread.clusters) == (pytest.approx(np.mean(values)), pytest.approx(sem(values)), pytest.approx(4), 5)


def test_a_window_of_more_rows_counts_for_more_and_leaves_fewer_degrees_of_freedom():
    mean, spread = over_windows([0.6, 0.7, 0.7, 0.7], [3000, 100, 100, 100])
    assert mean == pytest.approx((3000 * 0.6 + 300 * 0.7) / 3300)
    assert spread.freedom < 2


def test_the_newest_eight_windows_count_and_one_alone_says_nothing():
    values = [0.1] * 5 + [0.7, 0.72] * 4
    assert over_windows(values, [100] * 13) == over_windows(values[-8:], [100] * 8)
    assert over_windows([0.7], [100]) is None
