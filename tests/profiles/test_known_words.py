"""The words that a reference knows: all found, few others, in bounded size, however they come."""

import pickle
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parted_rows import travelled

from keepfit.profiles.known_words import LEAST, MOST, WordsLearner, _places, are_known, digest_of, false_seen_rate


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


STRETCH = st.lists(st.integers(0, 9), max_size=6).map(lambda words: hashes(7, 10)[words])


@settings(max_examples=15, deadline=None)
@given(st.lists(STRETCH, min_size=1, max_size=5), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=4))
def test_parts_that_are_cut_anywhere_learn_together_what_one_learns(stretches, cuts):
    each = [(number, word) for number, words in enumerate(stretches) for word in words]
    bounds = [0, *sorted(min(sum(map(len, stretches[:stretch])) + within, len(each)) for stretch, within in cuts), len(each)]
    parts = []
    for start, end in pairwise(bounds):
        learner = WordsLearner(whole=not start)
        for number, word in each[start:end]:
            learner.add(np.array([word]), number)
        parts.append(travelled(learner))
    from_the_left = reduce(add, parts)
    from_the_right = reduce(lambda after, before: before + after, parts[::-1])
    assert from_the_left.filters() == from_the_right.filters() == learned(*stretches)


def test_a_filter_that_is_half_set_by_an_earlier_part_is_completed_by_another():
    word = hashes(7, 1)
    places = _places(word, 1 << MOST)[:, 0]
    parts = [WordsLearner(whole=not number) for number in range(3)]
    for number, part in enumerate(parts):
        part.add(hashes(number, 1), number)
    for part, own in ((parts[0], places[:2]), (parts[1], places[2:])):
        part._now[own] = True
    parts[2].add(word, 3)
    assert are_known(word, ((parts[0] + parts[1]) + parts[2]).filters()[1]).all()
    assert are_known(word, (parts[0] + (parts[1] + parts[2])).filters()[1]).all()
    assert not are_known(word, (parts[1] + parts[2]).filters()[1]).any()


def test_a_learner_travels_light():
    learner = WordsLearner(whole=False)
    learner.add(hashes(1, 1_000), 3)
    assert len(pickle.dumps(learner)) < 50_000
