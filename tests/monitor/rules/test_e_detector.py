"""The rule `e-detector` on profiles: calibration, restarts, unequal and missing windows, resuming, and what it shows."""

from dataclasses import replace
from functools import reduce

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.monitor.rules.budget import weights_of
from keepfit.monitor.rules.e_detector import EvidenceOverTime
from keepfit.monitor.rules.rule import Watch
from keepfit.profiles.profile import learn_layout, merge, profile_table
from keepfit.profiles.shares import pair_shares
from keepfit.records import EvidenceMemory, Reference, from_json, to_json

RNG = np.random.default_rng(7)
KINDS = {"x": "numeric", "y": "numeric", "c": "categorical"}


def rows(n=1000, *, shift=0.0, move=0.0, drop=None, rng=RNG):
    """Rows of two normal columns and a category; `shift` moves x by so many sd, `move` every column of this window."""
    table = {
        "x": rng.normal(shift + move, 1, n),
        "y": rng.normal(move, 1, n),
        "c": rng.choice(["a", "b", "c"], n, p=np.clip([0.5 + move / 4, 0.3 - move / 4, 0.2], 0, 1)).tolist(),
    }
    return pa.table({name: values for name, values in table.items() if name != drop})


LAYOUT = learn_layout(rows(20_000), KINDS)


def window(name="w", n=1000, **changes):
    return profile_table(rows(n, **changes), LAYOUT, name)


def reference(windows=20, n=1000, sd=0.0):
    return Reference(profiles=tuple(window(f"r{i:02}", n, move=sd * RNG.normal()) for i in range(windows)))


STEADY = reference()
AFTER = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def _each_test_draws_the_same():
    RNG.bit_generator.state = AFTER


def rule(profiles=STEADY, **changes):
    return EvidenceOverTime(Watch(reference=profiles, **changes))


def fold(one, *profiles, memory=None):
    memory, found = memory or EvidenceMemory(), []
    for profile in profiles:
        weighed = one.step(memory, profile)
        memory = weighed.memory
        found.append([said.subject for said in weighed.loud])
    return memory, found


def test_a_stream_like_its_reference_is_quiet_and_a_half_sd_shift_alerts_at_once():
    one = rule()
    memory, found = fold(one, *(window() for _ in range(30)))
    assert found == [[]] * 30
    weighed = one.step(memory, window(shift=0.5))
    assert [said.subject for said in weighed.loud] == ["x"]
    assert weighed.loud[0].e_value >= 1000
    assert weighed.loud[0].effect == pytest.approx(0.2, abs=0.05)  # the KS gap of half a sd


def test_evidence_adds_up_where_no_window_speaks_alone():
    found = fold(rule(), *(window(shift=0.13) for _ in range(30)))[1]
    assert found[0] == []
    assert ["x"] in found


def test_below_the_minimum_effect_nothing_is_called_drift():
    weighed = rule(min_effect=0.3).step(EvidenceMemory(), window(shift=0.5))
    assert (weighed.loud, max(said.e_value for said in weighed.evidence) >= 1000) == ((), True)


def test_a_new_category_missing_values_and_a_constant_that_drops_alert():
    table = rows(1000)
    new = profile_table(table.set_column(2, "c", pa.array(["z"] * 100 + table["c"].to_pylist()[100:])), LAYOUT, "new")
    gone = profile_table(table.set_column(1, "y", pa.array([None] * 100 + table["y"].to_pylist()[100:])), LAYOUT, "gone")
    assert fold(rule(), new)[1] == [["c"]]
    assert fold(rule(), gone)[1] == [["y"]]
    layout = learn_layout(pa.table({"k": [5.0]}), {"k": "numeric"})
    five, four = (profile_table(pa.table({"k": [value] * 500}), layout, "w") for value in (5.0, 4.0))
    assert fold(rule(Reference(profiles=(five,) * 20)), five, four)[1] == [[], ["k"]]


def test_unequal_windows_count_by_their_rows():
    one = rule()
    assert fold(one, window(n=20, shift=0.5), window(n=5000, shift=0.5))[1] == [[], ["x"]]
    assert fold(one, window(n=0), window(n=1))[1] == [[], []]


def test_a_column_that_is_missing_from_a_window_keeps_its_evidence():
    one = rule()
    memory, _ = fold(one, window(shift=0.13))
    after, _ = fold(one, profile_table(rows(drop="x"), LAYOUT, "w"), memory=memory)
    assert after.worth["x"] == memory.worth["x"]
    assert after.worth["y"] != memory.worth["y"]


# -- calibration --------------------------------------------------------------------------------------------------------


def test_a_reference_of_few_windows_calibrates_on_the_first_eight_silently():
    one = rule(reference(2, n=10_000))
    memory, found = fold(one, *(window(f"w{i}", shift=2.0) for i in range(8)))
    assert (found, len(memory.calibrating)) == ([[]] * 8, 8)
    assert one.status(EvidenceMemory()) == "calibrating"
    assert one.status(memory) == "calibrated"
    weighed = one.step(memory, window(shift=2.0))
    assert [said.subject for said in weighed.loud] == ["x"]  # what is normal is still the reference's


def test_while_calibrating_nothing_is_claimed():
    weighed = rule(reference(1)).step(EvidenceMemory(), window())
    assert {said.e_value for said in weighed.evidence} == {None}
    assert weighed.evidence[0].detail == "calibrating: 1 of 8 windows"


def test_calibration_learns_how_much_windows_differ():
    one = rule(reference(1, n=20_000))
    memory, _ = fold(one, *(window(f"w{i}", move=0.15 * RNG.normal()) for i in range(8)))
    assert one.step(memory, window()).evidence[0].statistic > 3


def test_a_stream_that_wobbles_more_than_its_reference_makes_the_reference_suspicious():
    one = rule()
    memory, _ = fold(one, *(window(move=0.3 * RNG.normal()) for _ in range(8)))
    assert one.status(memory) == "suspicious reference"
    assert memory.raised > 1.5
    assert "suspicious reference" in one.step(memory, window()).evidence[0].detail


def test_a_stream_that_is_like_its_reference_is_seldom_called_suspicious():
    found = [rule(profiles).status(fold(rule(profiles), *(window() for _ in range(8)))[0]) for profiles in (reference() for _ in range(20))]
    assert found.count("calibrated") >= 17  # with as few as three columns about one in thirty is, by chance


# -- the memory ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profiles", [STEADY, reference(3)], ids=["calibrated", "calibrating"])
def test_folding_in_two_halves_through_json_is_folding_once(profiles):
    history = [window(f"w{i}", shift=0.02 * i) for i in range(20)]
    whole = fold(rule(profiles), *history)
    for cut in (3, 8, 15):
        kept, first = fold(rule(profiles), *history[:cut])
        end, second = fold(rule(profiles), *history[cut:], memory=from_json(EvidenceMemory, to_json(kept)))
        assert (end, first + second) == whole


def test_another_reference_starts_anew():
    memory, _ = fold(rule(), window(shift=0.2), window(shift=0.2))
    other = rule(reference())
    assert other.step(memory, window("same")).memory.windows == 1


def test_a_column_that_is_watched_later_starts_at_nothing():
    memory, _ = fold(rule(columns=("y",)), window())
    weighed = rule().step(memory, window())
    assert {said.subject for said in weighed.evidence} == {"x", "y", "c"}
    assert weighed.memory.windows == 2


def test_only_watched_columns_are_judged():
    assert fold(rule(columns=("y", "c")), window(shift=3.0))[1] == [[]]


def test_an_empty_reference_is_refused():
    with pytest.raises(DataError, match="the reference holds no profile"):
        rule(Reference(profiles=())).step(EvidenceMemory(), window())


def test_a_window_on_another_layout_is_refused():
    other = learn_layout(rows(100), KINDS)
    with pytest.raises(DataError, match="counted on two different layouts"):
        rule().step(EvidenceMemory(), profile_table(rows(), other, "w"))


# -- what is shown ------------------------------------------------------------------------------------------------------


def test_per_column_design_effect_worth_smallest_shift_and_status_are_shown():
    said = {one.subject: one for one in rule(reference(sd=0.1)).step(EvidenceMemory(), window()).evidence}["x"]
    assert said.statistic > 1.5
    assert said.n_reference < 20_000 / 1.5
    assert said.detail.startswith("calibrated; design effect ")
    assert "independent rows; sees changes of a share from" in said.detail


def test_kinds_are_kept_and_groups_have_budgets_of_their_own():
    evidence = rule(kinds={"y": "target"}).step(EvidenceMemory(), window()).evidence
    assert {one.subject: one.kind for one in evidence} == {"x": "data", "y": "target", "c": "data"}
    assert weights_of(["columns"] * 20 + ["pairs"] * 10).round(3).tolist() == [0.04] * 20 + [0.02] * 10
    assert weights_of(["columns"] * 20, beside=["performance", "slices"]).sum().round(3) == 0.571


def test_a_looser_promise_is_an_earlier_alert():
    def first(promise):
        rng = np.random.default_rng(11)
        found = fold(rule(false_alerts_per_1000_windows=promise), *(profile_table(rows(shift=0.11, rng=rng), LAYOUT, "w") for _ in range(60)))[1]
        return next((i for i, loud in enumerate(found) if "x" in loud), 60)

    assert first(100) < first(0.001)


def correlated_rows(rho, n=1000, rng=RNG):
    x, y = rng.normal(size=n), rng.normal(size=n)
    return pa.table({"x": x, "y": rho * x + np.sqrt(1 - rho**2) * y, "c": rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]).tolist()})


def paired(rho, name="w", rng=RNG):
    table = correlated_rows(rho, rng=rng)
    return replace(profile_table(table, LAYOUT, name), shares=pair_shares(table, LAYOUT))


def test_a_correlation_that_no_column_shows_alerts_the_pair_at_once():
    one = rule(Reference(profiles=tuple(paired(0.0, f"r{i}") for i in range(20))))
    assert fold(one, *(paired(0.0) for _ in range(20)), paired(0.5))[1] == [[]] * 20 + [["x|y"]]


def test_of_many_pairs_only_the_ten_with_the_most_evidence_are_told():
    kinds = {f"x{i}": "numeric" for i in range(8)}
    tables = [pa.table({name: RNG.normal(size=200) for name in kinds}) for _ in range(21)]
    layout = learn_layout(tables[0], kinds)
    *before, now = [replace(profile_table(table, layout, "w"), shares=pair_shares(table, layout)) for table in tables]
    told = rule(Reference(profiles=tuple(before))).step(EvidenceMemory(), now).evidence
    assert sum("|" in one.subject for one in told) == 10
    assert {one.subject for one in told} >= set(kinds)


def test_pairs_teach_columns_nothing_about_variation():
    moving = [window(f"r{i}", move=0.1 * RNG.normal()) for i in range(20)]
    alone, beside = rule(Reference(profiles=tuple(moving))), rule(Reference(profiles=tuple(replace(p, shares=paired(0.0).shares) for p in moving)))
    seen = window()
    designs = [{one.subject: one.statistic for one in each.step(EvidenceMemory(), seen).evidence} for each in (alone, beside)]
    assert designs[0] == designs[1]


# -- windows larger than the reference's --------------------------------------------------------------------------------


def summed(parts):
    return reduce(merge, parts)


def test_a_month_is_as_many_steps_as_it_has_days():
    days = [window(f"d{i:02}", shift=0.13) for i in range(30)]
    one = rule()
    by_day, _ = fold(one, *days)
    month = one.step(EvidenceMemory(), summed(days), steps=days)
    quiet = ("y", "c")  # a column that alerts opens its incident at the window's end
    assert (month.memory.windows, [month.memory.worth[name] for name in quiet]) == (30, [by_day.worth[name] for name in quiet])
    assert [said.subject for said in month.loud] == ["x"]


def test_under_natural_variation_a_month_in_days_hears_what_the_month_as_one_window_does_not():
    one = rule(reference(31, sd=0.1))
    days = [window(f"d{i:02}", shift=0.2 + 0.1 * RNG.normal()) for i in range(30)]
    assert one.step(EvidenceMemory(), summed(days)).loud == ()
    assert [said.subject for said in one.step(EvidenceMemory(), summed(days), steps=days).loud] == ["x"]


def test_the_minimum_effect_is_asked_of_the_whole_window_not_of_its_loudest_day():
    days = [window(f"d{i:02}", shift=1.0 if i == 0 else 0.0) for i in range(30)]
    assert rule(min_effect=0.05).step(EvidenceMemory(), summed(days), steps=days).loud == ()
    assert [said.subject for said in rule(min_effect=0.005).step(EvidenceMemory(), summed(days), steps=days).loud] == ["x"]


def test_a_short_reference_calibrates_on_the_windows_first_eight_days():
    days = [window(f"d{i:02}", shift=0.5) for i in range(30)]
    weighed = rule(reference(2, n=10_000)).step(EvidenceMemory(), summed(days), steps=days)
    assert len(weighed.memory.calibrating) == 8
    assert [said.subject for said in weighed.loud] == ["x"]
