"""What every metric promises, of whatever package: the same rows, the same number, in any order; bounds around it; a difference that turns its sign."""

from __future__ import annotations

import numpy as np
import pytest
from tests.stats.many_classes import drawn

from keepfit import plugins
from keepfit.errors import DataError
from keepfit.stats.classes import one_hot
from keepfit.stats.metric import measures_many, of_class, sound_of

MEMBERS = [plugins.load("metrics", name)() for name in plugins.names("metrics")]
every_metric = pytest.mark.parametrize("metric", MEMBERS, ids=[each.name for each in MEMBERS])
MANY = [each for each in MEMBERS if measures_many(each)]
every_metric_of_many = pytest.mark.parametrize("metric", MANY, ids=[each.name for each in MANY])


def two(seed=1, n=300):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.4).astype(float)
    a, b = (np.clip(0.5 * y + 0.6 * rng.random(n) - 0.05, 0.0, 1.0) for _ in range(2))
    return y, a, b


SAMPLES = [(metric, sample) for metric in MEMBERS for sample in (two, drawn) if sample is two or measures_many(metric)]
every_sample = pytest.mark.parametrize(("metric", "sample"), SAMPLES, ids=[f"{metric.name}-{sample.__name__}" for metric, sample in SAMPLES])


@every_sample
def test_the_value_lies_in_its_range_and_in_its_interval(metric, sample):
    y, a, _ = sample()
    low, high = metric.interval(y, a, 0.95)
    assert metric.range[0] <= metric.value(y, a) <= metric.range[1]
    assert low <= metric.value(y, a) <= high
    assert metric.interval(y, a, 0.99)[0] <= low


@every_sample
def test_rows_may_come_in_any_order(metric, sample):
    y, a, b = sample()
    turned, days = np.random.default_rng(3).permutation(len(y)), np.arange(len(y)) // 25
    assert metric.value(y[turned], a[turned]) == pytest.approx(metric.value(y, a), abs=1e-12)
    one = metric.difference(y, a, b, 0.95, clusters=days)
    other = metric.difference(y[turned], a[turned], b[turned], 0.95, clusters=days[turned])
    assert (one.gain, one.error) == pytest.approx((other.gain, other.error), abs=1e-12)


@every_sample
@pytest.mark.parametrize("clusters", [None, "days"])
def test_a_difference_is_of_the_values_and_turns_its_sign(metric, sample, clusters):
    y, a, b = sample()
    days = None if clusters is None else np.arange(len(y)) // 25
    forward, back = metric.difference(y, a, b, 0.95, clusters=days), metric.difference(y, b, a, 0.95, clusters=days)
    assert (forward.value_a, forward.value_b) == pytest.approx((metric.value(y, a), metric.value(y, b)))
    assert forward.gain == pytest.approx((forward.value_b - forward.value_a) * (1 if metric.greater_is_better else -1))
    assert (forward.gain, forward.low) == pytest.approx((-back.gain, -back.high))
    assert forward.low < forward.gain < forward.high


@every_sample
def test_a_model_against_itself_gains_nothing_and_is_not_harmed(metric, sample):
    y, a, _ = sample()
    found = metric.difference(y, a, a, 0.95)
    assert (found.gain, found.low, found.high, found.p_harm) == (0, 0, 0, 1)


@every_sample
def test_clusters_of_rows_that_vary_together_widen_the_interval(metric, sample):
    y, a, _ = sample()
    copies = np.repeat(np.arange(len(y)), 4)
    narrow, wide = metric.interval(y[copies], a[copies], 0.95), metric.interval(y[copies], a[copies], 0.95, clusters=copies)
    assert wide[1] - wide[0] > 1.5 * (narrow[1] - narrow[0])
    assert metric.spread(y[copies], a[copies], clusters=copies).design == pytest.approx(4, rel=0.1)


@every_metric
def test_what_decides_nothing_says_why_and_what_decides_says_nothing(metric):
    y = two()[0]
    assert metric.undecidable(y) is None
    assert metric.undecidable(y, clusters=np.arange(len(y)) // 25) is None
    assert metric.undecidable(y, clusters=np.zeros(len(y), int))
    assert metric.undecidable(y[:1])


@every_metric
def test_scores_of_many_classes_are_measured_or_refused_in_a_sentence(metric):
    y, a, _ = drawn()
    if measures_many(metric):
        assert np.isfinite(metric.value(y, a))
    else:
        with pytest.raises(DataError, match="two classes"):
            metric.value(y, a)


@every_metric_of_many
def test_a_class_that_is_not_listed_is_never_right_and_worth_no_error_message(metric):
    y, a, b = drawn()
    odd = np.where(np.arange(len(y)) % 10 == 0, 4.0, y)
    assert metric.undecidable(odd) is None
    assert np.isfinite(metric.difference(odd, a, b, 0.95, clusters=np.arange(len(y)) // 25).error)
    perfect, of_odd = one_hot(y, 4), metric.value(odd, one_hot(y, 4))
    assert of_odd <= metric.value(y, perfect) if metric.greater_is_better else of_odd > metric.value(y, perfect)


@every_metric_of_many
def test_a_class_without_a_row_or_with_one_or_on_one_day_is_no_trouble(metric):
    y, a, b = drawn()
    days = np.arange(len(y)) // 25
    for rare in (np.where(y == 2, 1.0, y), np.where((y == 2) & (np.cumsum(y == 2) > 1), 1.0, y), np.where((y == 2) & (days > 0), 1.0, y)):
        found = metric.difference(rare, a, b, 0.95, clusters=days)
        assert found.low < found.gain < found.high
        assert metric.undecidable(rare, clusters=days) is None


@every_metric_of_many
@pytest.mark.parametrize("code", [-1.0, 5.0, 0.5])
def test_labels_that_are_no_codes_are_refused(metric, code):
    y, a, _ = drawn()
    y[7] = code
    with pytest.raises(DataError, match="codes from 0 to 4"):
        metric.value(y, a)


@every_metric_of_many
def test_a_metric_that_one_class_leaves_undefined_measures_it_against_the_rest(metric):
    y, a, b = drawn()
    own = of_class(metric, 2)
    if own is None:
        assert np.isfinite(metric.value(y[y == 2], a[y == 2]))
        return
    found = own.difference(y, a, b, 0.95, clusters=np.arange(len(y)) // 25)
    assert own.range[0] <= own.value(y, a) <= own.range[1]
    assert found.low < found.gain < found.high
    assert own.undecidable(np.where(y == 2, 1.0, y))
    assert own.undecidable(y) is None
    assert own.interval(y, a, 0.95)[0] < own.value(y, a)


@every_metric_of_many
def test_what_is_sound_is_said_for_any_number_of_classes(metric):
    assert sound_of(metric, 2).low == metric.sound.low
    assert sound_of(metric, 10).low <= metric.sound.low
