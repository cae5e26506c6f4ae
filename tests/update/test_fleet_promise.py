import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.monitor.rules.shiryaev_roberts import ShiryaevRoberts
from keepfit.profiles.variation import learn_variation
from keepfit.update.fleet_promise import promise_shares


@given(st.floats(0.01, 100), st.lists(st.floats(0.1, 10), min_size=1, max_size=50))
def test_shares_add_up_to_the_whole_in_proportion_to_the_weights(total, weights):
    shares = promise_shares(total, weights)
    assert sum(shares) == pytest.approx(total)
    assert [share / shares[0] for share in shares] == pytest.approx([weight / weights[0] for weight in weights])


@pytest.mark.parametrize(("total", "weights"), [(0, [1]), (-1, [1]), (1, [1, 0]), (1, [-1])])
def test_nothing_is_promised_of_nothing(total, weights):
    with pytest.raises(ValueError, match="above 0"):
        promise_shares(total, weights)


WINDOWS, PROMISED = 150, 200.0
ALLOWED = PROMISED * WINDOWS / 1000 + 11
"""30 false alerts of all models in 150 windows of each, and 2 standard errors of that count."""


def test_models_with_shares_together_alert_no_more_often_than_promised():
    shares = promise_shares(PROMISED, [1.0] * 15 + [2.0] * 15)
    assert sum(false_alerts(np.random.default_rng(seed), share) for seed, share in enumerate(shares)) <= ALLOWED


def test_models_that_each_promised_the_whole_would_not_keep_it():
    assert sum(false_alerts(np.random.default_rng(seed), PROMISED) for seed in range(30)) > ALLOWED


def false_alerts(rng, promise):
    """How often an unchanged column of four bins alerts; after an alert it starts anew."""
    n, edges = np.full((20, 3), 1000), [0.25, 0.5, 0.75]
    learned = learn_variation([(rng.binomial(n, edges), n)], starts=np.array([0]))
    detector = ShiryaevRoberts(variation=learned, starts=np.array([0]), weights=np.ones(1), delta=np.full(3, 0.001), z=np.full(3, 1.0), a=1000 / promise)
    worth, alerts = detector.start, 0
    for _ in range(WINDOWS):
        worth, evidence = detector.step(worth, rng.binomial(n[0], edges), n[0])
        if evidence[0] >= detector.a:
            alerts, worth = alerts + 1, detector.start
    return alerts
