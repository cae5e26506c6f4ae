"""Incidents: a lasting change is one alert, which ends when the column has gone back, and is told again when it grows."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from tests.monitor.incident_delays import until_back
from tests.monitor.streams import opened

from keepfit.monitor.rules.e_detector import EvidenceOverTime
from keepfit.monitor.rules.rule import Watch
from keepfit.profiles.profile import learn_layout, merge, profile_table
from keepfit.records import EvidenceMemory, Incident, Profile, Reference, ShareCount, from_json, to_json

KINDS = {"x": "numeric", "y": "numeric", "c": "categorical"}


def rows(rng, n=1000, *, shift=0.0):
    """Rows of two normal columns and a category; `shift` moves x by so many sd."""
    return pa.table({"x": rng.normal(shift, 1, n), "y": rng.normal(size=n), "c": rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]).tolist()})


LAYOUT = learn_layout(rows(np.random.default_rng(1), 20_000), KINDS)


def stream(shifts, *, seed=2, n=1000):
    """A reference of 20 windows, and a window for each shift of x."""
    rng = np.random.default_rng(seed)
    reference = Reference(profiles=tuple(profile_table(rows(rng, n), LAYOUT, f"r{i:02}") for i in range(20)))
    return reference, [profile_table(rows(rng, n, shift=shift), LAYOUT, f"w{i:02}") for i, shift in enumerate(shifts)]


def fold(shifts, *, memory=None, min_effect=0.01, **changes):
    """The weighed windows, and the name of each window with the columns whose incident it opened."""
    reference, windows = stream(shifts, **changes)
    rule, memory, found = EvidenceOverTime(Watch(reference=reference, min_effect=min_effect)), memory or EvidenceMemory(), []
    for window in windows:
        found.append(rule.step(memory, window))
        memory = found[-1].memory
    return found, [(window.window, opened(weighed, window)) for weighed, window in zip(found, windows, strict=True) if opened(weighed, window)]


def test_a_lasting_change_is_one_alert_and_stands_in_every_later_window():
    found, alerts = fold([0.0] * 5 + [0.5] * 40)
    assert alerts == [("w05", ["x"])]
    assert [[one.since for one in weighed.loud] for weighed in found[5:]] == [["w05"]] * 40
    last = found[-1].loud[0]
    assert last.effect == pytest.approx(0.2, abs=0.06)  # the gap of half a sd, now
    assert last.detail.startswith("still changed, known since w05 with an effect of 0.")


def test_it_ends_when_the_column_has_gone_back_and_the_next_change_is_an_alert_again():
    found, alerts = fold([0.5] * 5 + [0.0] * 25 + [0.5] * 5)
    assert alerts == [("w00", ["x"]), ("w30", ["x"])]
    ends = next(i for i, weighed in enumerate(found) if not weighed.loud)
    assert 5 < ends < 25
    assert next(one.detail for one in found[ends].evidence if one.subject == "x").startswith("back to normal, was changed since w00; ")
    assert not any("back to normal" in one.detail for one in found[ends + 1].evidence)
    assert found[ends].memory.incidents == {}


@pytest.mark.parametrize(("n", "shift"), [(200, 0.3), (1000, 0.15), (5000, 0.1)])
def test_a_change_that_stays_does_not_end(n, shift):
    found, alerts = fold([0.8] * 3 + [shift] * 80, n=n)
    assert (len(alerts), [one.subject for one in found[-1].loud]) == (1, ["x"])


def test_it_ends_sooner_with_more_rows():
    def windows(n):
        found, _ = fold([0.8] * 2 + [0.0] * 40, n=n)
        return sum(bool(weighed.loud) for weighed in found) - 2

    few, many = windows(200), windows(5000)
    assert many <= 6 < few <= 25


def test_a_change_that_grows_to_more_than_twice_what_was_told_is_an_alert_again():
    assert fold([0.3] * 10 + [1.5] * 20)[1] == [("w00", ["x"]), ("w10", ["x"])]
    assert "grown to more than twice what was told in w00" in fold([0.3] * 10 + [1.5])[0][-1].loud[0].detail
    assert fold([0.5] * 10 + [0.8] * 20)[1] == [("w00", ["x"])]


def test_a_change_that_begins_in_the_middle_of_a_window_is_not_told_twice():
    """The first window shows a third of it; the second says how large it is."""
    reference, _ = stream([])
    rng = np.random.default_rng(5)
    half = merge(profile_table(rows(rng, 700), LAYOUT, "w00"), profile_table(rows(rng, 300, shift=1.2), LAYOUT, "w00"))
    windows = [half, *(profile_table(rows(rng, shift=1.2), LAYOUT, f"w{i:02}") for i in range(1, 20))]
    rule, memory, found = EvidenceOverTime(Watch(reference=reference)), EvidenceMemory(), []
    for window in windows:
        weighed = rule.step(memory, window)
        memory, found = weighed.memory, [*found, opened(weighed, window)]
    assert found == [["x"]] + [[]] * 19
    assert memory.incidents["x"].effect > 0.4


def test_a_change_below_the_minimum_effect_opens_nothing():
    found, alerts = fold([0.5] * 5, min_effect=0.3)
    assert (alerts, found[-1].memory.incidents) == ([], {})


def test_an_incident_is_opened_and_ended_in_the_base_windows_of_one_large_window():
    reference, days = stream([1.0] * 4 + [0.0] * 30)
    rule = EvidenceOverTime(Watch(reference=reference))
    first, second = (days[:10], days[10:])
    month = rule.step(EvidenceMemory(), _summed(first, "m1"), steps=first)
    assert opened(month, _summed(first, "m1")) == ["x"]  # a month is judged as a whole: four days of ten
    assert "x" not in month.memory.worth  # what the days after the crossing were worth is no evidence of growth
    assert rule.step(month.memory, _summed(second, "m2"), steps=second).loud == ()


def _summed(parts, name):
    total = parts[0]
    for part in parts[1:]:
        total = merge(total, part)
    return replace(total, window=name)


def test_a_column_that_a_window_lacks_keeps_its_incident():
    reference, windows = stream([0.5] * 3)
    rule = EvidenceOverTime(Watch(reference=reference))
    before = rule.step(EvidenceMemory(), windows[0]).memory
    lacking = replace(windows[1], columns={name: one for name, one in windows[1].columns.items() if name != "x"})
    after = rule.step(before, lacking)
    assert (after.loud, after.memory.incidents["x"].since, after.memory.incidents["x"].windows) == ((), "w00", 1)
    assert [one.since for one in rule.step(after.memory, windows[2]).loud] == ["w00"]


def test_another_reference_starts_anew():
    found, _ = fold([0.5] * 3)
    other = EvidenceOverTime(Watch(reference=stream([], seed=9)[0]))
    assert found[-1].memory.incidents
    assert [one.since for one in other.step(found[-1].memory, stream([0.5], seed=9)[1][0]).loud] == ["w00"]
    assert other.step(found[-1].memory, stream([0.0], seed=9)[1][0]).memory.incidents == {}


def test_an_incident_survives_json_and_a_memory_of_an_older_keepfit_has_none():
    found, _ = fold([0.5] * 3)
    memory = found[-1].memory
    assert from_json(EvidenceMemory, to_json(memory)) == memory
    older = from_json(EvidenceMemory, '{"schema": 1, "rule": "e-detector", "reference": "r", "windows": 4, "worth": {"x": ""}}')
    assert (older.incidents, older.windows) == ({}, 4)
    assert from_json(Incident, to_json(memory.incidents["x"])).since == "w00"


def test_errors_that_rise_are_one_incident_until_they_have_fallen():
    rng = np.random.default_rng(3)

    def window(name, share):
        return Profile(window=name, rows=1000, columns={}, shares={"errors": ShareCount(group="performance", yes=int(rng.binomial(1000, share)), n=1000)})

    reference, inputs = stream([0.0] * 80)
    rule, memory, found = EvidenceOverTime(Watch(reference=reference, labels=True)), EvidenceMemory(), []
    for i, share in enumerate([0.1] * 10 + [0.2] * 20 + [0.1] * 50):
        weighed = rule.step(memory, replace(inputs[i], shares=window("", share).shares))
        memory, found = weighed.memory, [*found, [(one.subject, one.since) for one in weighed.loud]]
    assert found[:10] == [[]] * 10
    assert found[11:30] == [[("errors", found[11][0][1])]] * 19
    assert found[-1] == []


@pytest.mark.parametrize(("setting", "most"), [({"rows": 200}, 16), ({"rows": 1000}, 10), ({"rows": 5000}, 6), ({"rows": 1000, "sd": 0.1}, 14)], ids=str)
def test_a_column_that_is_as_before_is_back_within_so_many_windows(setting, most):
    assert np.median([until_back(seed, **setting) for seed in range(100, 115)]) <= most  # median of 15 seeds


@pytest.mark.parametrize("setting", [{"rows": 200, "shift": 0.3}, {"rows": 1000, "shift": 0.2}, {"rows": 5000, "shift": 0.1}], ids=str)
def test_a_change_well_beyond_the_bound_is_never_said_to_be_back(setting):
    assert all(until_back(seed, **setting) > 80 for seed in range(200, 210))
