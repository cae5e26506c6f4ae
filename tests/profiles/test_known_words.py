"""The words that a reference knows: all found, few others, in bounded size, however they come."""

import numpy as np
import pytest

from keepfit.profiles.known_words import LEAST, MOST, WordsLearner, are_known, digest_of, false_seen_rate


def hashes(seed, n):
    return np.random.default_rng(seed).integers(0, 2**63, n).astype(np.uint64)


def learned(*stretches):
    learner = WordsLearner()
    for number, words in enumerate(stretches):
        learner.add(words, number)
    return learner.filters()


@pytest.mark.parametrize(("n", "most"), [(100, 0.013), (20_000, 0.013), (200_000, 0.013), (400_000, 0.09)])
def test_known_words_are_found_and_others_seldom_taken_for_known(n, most):
    seen, _ = learned(hashes(1, n))
    assert are_known(hashes(1, n), seen).all()
    found = are_known(hashes(2, 50_000), seen).mean()
    assert found == pytest.approx(false_seen_rate(seen), abs=0.006)
    assert found < most


def test_a_filter_is_as_large_as_its_words_need_within_bounds():
    sizes = [len(learned(hashes(1, n))[0]) * 6 for n in (0, 3_000, 1_000_000)]
    assert sizes[0] < 1.1 * 2**LEAST < sizes[1] < sizes[2] < 1.01 * 2**MOST


def test_shared_words_are_those_of_more_than_one_stretch():
    a, b, c = (hashes(seed, 500) for seed in (1, 2, 3))
    _, shared = learned(a, np.r_[b, a[:100]], c, b[:50])
    assert are_known(np.r_[a[:100], b[:50]], shared).all()
    assert are_known(np.r_[a[100:], b[50:], c], shared).mean() < 0.02


def test_words_that_come_twice_within_a_stretch_are_not_shared():
    learner = WordsLearner()
    learner.add(hashes(1, 100), 0)
    learner.add(hashes(1, 100), 0)
    assert not are_known(hashes(1, 100), learner.filters()[1]).any()


def test_the_same_words_in_another_order_are_the_same_filter():
    words = hashes(1, 1_000)
    assert digest_of(learned(words)[0]) == digest_of(learned(words[::-1])[0]) != digest_of(learned(words[1:])[0])
