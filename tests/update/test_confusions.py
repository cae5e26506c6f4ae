from __future__ import annotations

import numpy as np

from keepfit.profiles.confusions import confusion_shares
from keepfit.records import Profile, RootCause, ShareCount
from keepfit.stats.classes import one_hot
from keepfit.update.confusions import asked_slices, confusions_of, grown_confusions, sentence

NAMES = tuple("0123456789")


def count(yes, n):
    return ShareCount(group="slices", yes=yes, n=n)


def counted(**classes):
    """`a=(200, {"b": 3})`: 200 rows of a, 3 of which are taken for b."""
    found = {}
    for name, (n, pairs) in classes.items():
        found[name, ""] = count(sum(pairs.values()), n)
        found |= {(name, other): count(yes, n) for other, yes in pairs.items()}
    return found


def test_the_pair_that_grew_is_named_with_both_shares():
    (found,) = grown_confusions(counted(a=(200, {"b": 4}), b=(200, {"a": 3})), counted(a=(100, {"b": 19}), b=(100, {"a": 2})))
    assert sentence(found) == "class=a taken for b: 2.0% → 19.0%"
    assert (found.label, found.taken_for, found.rows, found.rows_before, found.share) == ("a", "b", 100, 200, 0.5)
    assert found.low > 0
    assert found.explained == (0.19 - 0.02) * 100 / 21


def test_a_class_that_is_taken_for_many_others_is_named_by_itself():
    before = counted(a=(500, dict.fromkeys("bcdefg", 2)))
    (found,) = grown_confusions(before, counted(a=(300, dict.fromkeys("bcdefg", 12))))
    assert sentence(found) == "errors of class=a: 2.4% → 24.0%"


def test_errors_that_went_from_one_class_to_another_are_named_although_the_class_is_no_worse():
    (found,) = grown_confusions(counted(a=(400, {"b": 60, "c": 2})), counted(a=(400, {"b": 2, "c": 60})))
    assert found.slice == "class=a taken for c"


def test_what_costs_most_rows_comes_first_and_what_shrank_is_not_told():
    before = counted(a=(200, {"b": 2}), b=(200, {"a": 2}), c=(200, {"a": 60}))
    found = grown_confusions(before, counted(a=(80, {"b": 30}), b=(200, {"a": 60}), c=(200, {"a": 1})))
    assert [one.slice for one in found] == ["class=b taken for a", "class=a taken for b"]


def test_nothing_is_told_without_windows_that_say_what_is_normal_or_of_classes_that_these_lack():
    now = Profile(window="w", rows=1, columns={}, shares=confusion_shares(np.zeros(90), one_hot(np.ones(90), 10), NAMES))
    assert confusions_of((), now, NAMES) == ()
    assert confusions_of((Profile(window="v", rows=1, columns={}, shares=confusion_shares(np.ones(90), one_hot(np.ones(90), 10), NAMES)),), now, NAMES) == ()
    assert confusions_of((now,), None, NAMES) == ()


def test_equal_windows_seldom_name_a_class():
    rng, told = np.random.default_rng(5), 0
    for _ in range(200):
        y = rng.integers(0, 10, 1400)
        answers = np.where(rng.random(1400) < 0.9, y, rng.integers(0, 10, 1400))
        sides = [
            Profile(window="w", rows=700, columns={}, shares=confusion_shares(y[at].astype(float), one_hot(answers[at], 10), NAMES))
            for at in (slice(0, 700), slice(700, None))
        ]
        told += bool(confusions_of(sides[:1], sides[1], NAMES))
    assert told <= 6  # alpha .01: two are expected, one sigma 1.4


def test_people_are_asked_about_rows_that_are_answered_as_the_confused_classes():
    (found,) = grown_confusions(counted(a=(200, {"b": 4})), counted(a=(100, {"b": 19})))
    assert asked_slices(RootCause(kind="concept", confusions=(found,))) == ("prediction=a", "prediction=b")
    assert asked_slices(RootCause(kind="concept")) == ()
