"""The e-detector's algebra and its theorem where it is one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.monitor.rules.shiryaev_roberts import ALTERNATIVES, RICHEST, ShiryaevRoberts, upper_bound
from keepfit.profiles.variation import Variation

STARTS = np.array([0, 2])


def detector(share=(0.3, 0.5, 0.01), rows=10_000.0, design=1.0, **changes):
    every = np.ones(3)
    learned = Variation(share=np.array(share), rows=rows * every, own_rows=500 * every, window_rows=500 * every, design=design * every)
    return ShiryaevRoberts(
        **{"variation": learned, "starts": STARTS, "weights": np.array([0.5, 0.5]), "delta": 0.01 * every, "z": 3.0 * every, "a": 1000.0, **changes}
    )


def test_wilsons_bound_is_the_published_one():
    assert upper_bound(np.array([0.1]), np.array([50.0]), 1.96)[0] == pytest.approx(0.2136, abs=1e-4)  # 5 of 50 at 95 %, the textbook example
    assert upper_bound(np.array([0.5]), np.array([0.0]), 3.0)[0] == pytest.approx(1.0, abs=1e-6)


def test_one_step_by_hand():
    one = detector(share=(0.3, 0.3, 0.3))
    m0 = float(upper_bound(np.array([0.3]), np.array([10_000.0]), 3.0)[0]) + 0.01
    m1 = m0 + (1 - m0) * ALTERNATIVES
    by_hand = np.exp(40 * np.log(m1 / m0) + 60 * np.log((1 - m1) / (1 - m0)))
    worth, evidence = one.step(one.start, np.array([40, 40, 40]), np.array([100, 100, 100]))
    assert worth[0, 0] == pytest.approx(by_hand)
    assert evidence == pytest.approx([0.5 * worth[:2].mean(), 0.5 * worth[2].mean()])


def test_a_change_down_is_a_change_up_of_the_rest():
    up, down = detector(share=(0.3,) * 3), detector(share=(0.7,) * 3)
    n = np.full(3, 200)
    assert up.step(up.start, np.full(3, 90), n)[1] == pytest.approx(down.step(down.start, np.full(3, 110), n)[1])


def test_an_alerted_column_starts_anew_and_the_others_go_on():
    one = detector()
    worth, evidence = one.step(one.start, np.array([390, 300, 5]), np.array([500, 500, 500]))
    assert (evidence >= 1000).tolist() == [True, False]
    assert worth[:2].max() == 0
    assert worth[2].max() > 0


def test_a_channel_without_rows_stays_as_it_is():
    one = detector()
    before, _ = one.step(one.start, np.array([160, 260, 6]), np.full(3, 500))
    after, evidence = one.step(before, np.zeros(3, np.int64), np.zeros(3, np.int64))
    assert np.array_equal(after, before)
    assert evidence == pytest.approx(one.evidence(before))


def test_where_windows_vary_no_single_window_alerts_alone():
    steady, moving = detector(), detector(design=1.6)
    everything = np.array([500, 500, 500])
    assert steady.step(steady.start, everything, everything)[1].min() >= 1000
    worth, first = moving.step(moving.start, everything, everything)
    assert first.max() < 1000
    assert moving.step(worth, everything, everything)[1].min() >= 1000


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.floats(1, 50))
def test_evidence_stays_finite_and_positive(k, more, design):
    one = detector(design=design)
    worth = one.start
    for _ in range(3):
        worth, evidence = one.step(worth, np.full(3, k), np.full(3, k + more))
        assert np.isfinite(evidence).all()
        assert (evidence >= 0).all()


def test_a_share_that_was_always_one_can_only_fall():
    constant = detector(share=(1.0, 1.0, 0.0))
    assert constant.step(constant.start, np.array([500, 500, 0]), np.full(3, 500))[1].max() < 1000
    assert (constant.step(constant.start, np.array([0, 500, 500]), np.full(3, 500))[1] >= 1000).all()


def test_the_reverse_bet_by_hand():
    one = detector(share=(0.3, 0.3, 0.3), upwards=np.full(3, True))
    m0 = float(upper_bound(np.array([0.3]), np.array([10_000.0]), 3.0)[0]) + 0.01
    half = (0.3 + m0) / 2
    by_hand = np.exp(30 * np.log(half / m0) + 70 * np.log((1 - half) / (1 - m0)))
    worth, evidence = one.back(np.zeros((3, 2)), np.full(3, 30), np.full(3, 100))
    assert worth[:, 0] == pytest.approx(by_hand)
    assert evidence == pytest.approx([by_hand, by_hand])


def test_the_mean_reverse_evidence_of_a_share_that_is_changed_is_at_most_the_number_of_windows():
    one = detector(share=(0.3, 0.3, 0.3), upwards=np.full(3, True))
    m0 = float(upper_bound(np.array([0.3]), np.array([10_000.0]), 3.0)[0]) + 0.01
    rng, totals = np.random.default_rng(8), []
    for _ in range(400):
        worth = np.zeros((3, 2))
        for k in rng.binomial(200, m0, (10, 3)):
            worth, evidence = one.back(worth, k, np.full(3, 200))
        totals.append(evidence[1])
    assert np.mean(totals) + 3 * np.std(totals) / 20 <= 12  # ten windows; three standard errors above, 400 streams
    assert np.mean(totals) - 3 * np.std(totals) / 20 <= 10


def test_a_share_that_was_as_before_for_long_is_not_back_soon_after_it_leaves():
    one, n = detector(share=(0.3, 0.3, 0.3)), np.full(3, 2000)
    worth = np.zeros((3, 2))
    for _ in range(100):
        worth, evidence = one.back(worth, np.full(3, 600), n)
    assert (evidence >= 20).all()
    worth, evidence = one.back(worth, np.full(3, 720), n)
    assert (evidence < 20).all()


def test_a_column_is_back_only_if_all_its_channels_are():
    one = detector(share=(0.3, 0.5, 0.3))
    worth, n = np.zeros((3, 2)), np.full(3, 2000)
    for _ in range(20):
        worth, evidence = one.back(worth, np.array([600, 1200, 600]), n)
    assert (evidence[0] < 1, evidence[1] >= 20) == (True, True)


def test_the_mean_evidence_of_a_fair_stream_is_at_most_the_number_of_windows():
    one = replace(detector(), a=1e12)  # never restarts
    rng = np.random.default_rng(5)
    totals = []
    for _ in range(400):
        worth = one.start
        for k in rng.binomial(200, [0.3, 0.5, 0.01], (10, 3)):
            worth, evidence = one.step(worth, k, np.full(3, 200))
        totals.append(evidence.sum())
    assert np.mean(totals) + 3 * np.std(totals) / 20 <= 10  # three standard errors above, 400 streams


def test_the_smallest_shift_is_where_evidence_begins_to_grow():
    one = detector(share=(0.5, 0.5, 0.5))
    shift, many = one.smallest_shift[0], 1_000_000
    for change, grows in ((1.05, True), (0.95, False)):
        bets = one._log_bets(np.full(3, int(many * (0.5 + change * shift))), np.full(3, many))
        assert bool(bets[0, 0].max() > 0) is grows
    assert 0.01 < shift < detector(share=(0.5,) * 3, rows=100.0).smallest_shift[0]


def test_wobble_is_one_where_windows_vary_as_learned():
    rng = np.random.default_rng(6)
    n, one = np.full(3, 500), detector(share=(0.3, 0.5, 0.2))
    pairs = rng.binomial(500, [0.3, 0.5, 0.2], (400, 2, 3))
    assert np.mean([one.wobble((a, n), (b, n)) for a, b in pairs]) == pytest.approx(1.0, abs=0.1)  # standard error .04
    assert np.isnan(one.wobble((pairs[0, 0], n * 0), (pairs[0, 1], n))).all()


@given(st.lists(st.tuples(*[st.integers(5, 35)] * 3), min_size=16, max_size=16))
def test_windows_of_four_say_nothing_that_their_parts_do_not(windows):
    """L adds up over windows and M sums over all starts: every coin of the larger windows is one of the base windows' coins."""
    one = detector(share=(0.3, 0.5, 0.4), a=np.inf)
    n = np.full(3, 50)
    base, large, capped = one.start, one.start, one.start > 0
    for start in range(0, 16, 4):
        four = np.array(windows[start : start + 4])
        for k in four:
            base, _ = one.step(base, k, n)
            capped |= base >= RICHEST
        large, _ = one.step(large, four.sum(axis=0), 4 * n)
        assert ((base >= large * (1 - 1e-9)) | capped).all()
