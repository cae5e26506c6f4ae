"""The promise on real days: the flights of 2013 with whole days shuffled (no drift, days intact), and with planted changes."""

from functools import reduce

import numpy as np
import pandas as pd
import pytest
from tests.monitor.flights import KINDS, counted_day, load_days
from tests.monitor.streams import allowed, opened

from keepfit.monitor.rules.e_detector import EvidenceOverTime
from keepfit.monitor.rules.rule import Watch
from keepfit.profiles.profile import learn_layout, merge
from keepfit.records import EvidenceMemory, Reference

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def days():
    """The rows of each day, in time order."""
    return load_days()


def alerts(days, *, reference, size, min_effect=0.01):
    """(columns that alert by window, number of windows): days added up to windows of `size`, the first `reference` of which are the reference."""
    layout = learn_layout(pd.concat(days[: reference * size]), KINDS)
    counted = [counted_day(day, layout, f"{i:03}") for i, day in enumerate(days)]
    windows = [reduce(merge, counted[i : i + size]) for i in range(0, len(counted) - size + 1, size)]
    return fold(windows[:reference], windows[reference:], min_effect=min_effect)


def fold(reference, windows, *, min_effect=0.01, labels=False):
    rule, memory, loud = EvidenceOverTime(Watch(reference=Reference(profiles=tuple(reference)), min_effect=min_effect, labels=labels)), EvidenceMemory(), []
    for window in windows:
        weighed = rule.step(memory, window)
        memory = weighed.memory
        loud.append(opened(weighed, window))
    return loud


@pytest.mark.parametrize(("reference", "size", "seeds"), [(31, 1, 9), (20, 7, 94)], ids=["daily", "weekly"])
def test_shuffled_days_keep_the_promise(days, reference, size, seeds):
    flagged = total = 0
    for seed in range(seeds):
        loud = alerts([days[i] for i in np.random.default_rng(seed).permutation(len(days))], reference=reference, size=size)
        flagged, total = flagged + sum(bool(names) for names in loud), total + len(loud)
    assert total >= 3000
    assert flagged <= allowed(2, total)


def relabelled(day, rng, _):
    """30 % of United's flights go by another name."""
    hit = (day["carrier"] == "UA") & (rng.random(len(day)) < 0.3)
    return day.assign(carrier=day["carrier"].mask(hit, "DL"))


def farther(day, _, sd):
    """Every flight is a tenth of a standard deviation longer."""
    return day.assign(distance=day["distance"] + 0.1 * sd)


def later(day, rng, _):
    """20 points more of the flights are late."""
    on_time = day["late"] == "False"
    return day.assign(late=day["late"].mask(on_time & (rng.random(len(day)) < 0.2 / on_time.mean()), "True"))


def wait(days, change, column, seed):
    """Weeks until the column alerts, the days shuffled, the first 20 weeks being the reference."""
    rng = np.random.default_rng(seed)
    shuffled, sd = [days[i] for i in rng.permutation(len(days))], pd.concat(days)["distance"].std()
    layout = learn_layout(pd.concat(shuffled[:140]), KINDS)
    counted = [counted_day(day if i < 140 else change(day, rng, sd), layout, f"{i:03}") for i, day in enumerate(shuffled[:238])]
    weeks = [reduce(merge, counted[i : i + 7]) for i in range(0, 238, 7)]
    loud = fold(weeks[:20], weeks[20:], labels=True)
    return next((i for i, names in enumerate(loud) if column in names), 14) + 1


@pytest.mark.parametrize(("change", "column", "must"), [(relabelled, "carrier", 3), (farther, "distance", 4), (later, "late", 8)])
def test_planted_changes_are_seen_within_so_many_weeks(days, change, column, must):
    assert np.median([wait(days, change, column, seed) for seed in range(50, 57)]) <= must
