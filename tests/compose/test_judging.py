"""Quotas of the judging part: met, or short; windows are held back whole to meet them, and nothing is padded."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest
from tests.compose.test_assemble import run, sources, window

from keepfit.compose.assemble import CompositionRequest
from keepfit.errors import UnknownNameError
from keepfit.params import Params

ROWS = 100


def table(number, rare=10, y=None):
    """A week of rows, of which so many are of the rare carrier."""
    at = [window(number).start + timedelta(minutes=90 * row) for row in range(ROWS)]
    carrier = ["HA" if row % (ROWS // rare) == 0 else "UA" for row in range(ROWS)] if rare else ["UA"] * ROWS
    columns = {"id": [f"w{number}r{row:03d}" for row in range(ROWS)], "t": pa.array(at, pa.timestamp("us")), "carrier": carrier}
    return pa.table({**columns, "y": pa.array([float(row % 2) if y is None else y for row in range(ROWS)], pa.float64())})


def params(**judge):
    return Params.model_validate(
        {
            "model": {"name": "m", "task": "classification", "target": "y"},
            "data": {"live": "x.csv", "time": "t", "id": "id", "window": "week"},
            "evaluate": {"slices": {"carrier": {}}},
            "compose": {"use": "all", "judge": judge},
        }
    )


def asked(seen=0, **more):
    """A champion that has seen so many weeks; the newest week judges."""
    more = {"holds_back": True} | more
    return CompositionRequest(action="improve", target=None, champion=True, champion_trained_until=window(seen).start, **more)


def judged(made):
    return sorted(set(made.evaluate["_window"].to_pylist()))


def told(made):
    return {one.name: (one.available, one.rows, one.status) for one in made.composition.strata if one.part == "judge"}


FIVE = [table(number) for number in range(5)]


def test_without_quotas_one_window_judges_and_nothing_is_said():
    made = run(sources(*FIVE), asked(), params(windows=3))
    assert (judged(made), told(made)) == ([window(4).id], {})


def test_a_short_slice_is_reported_and_not_padded_where_one_window_may_judge():
    made = run(sources(*FIVE), asked(), params(quotas={"carrier=HA": 12, "class=1": 20}))
    assert judged(made) == [window(4).id]
    available, rows, status = told(made)["carrier=HA"]
    assert (rows, status) == (made.evaluate["carrier"].to_pylist().count("HA"), "short")
    assert available > 12 > rows
    assert told(made)["class=1"][2] == "met"
    assert len(set(made.evaluate["id"].to_pylist())) == made.evaluate.num_rows


def test_as_few_windows_as_meet_the_quota_are_held_back_whole():
    made = run(sources(*FIVE), asked(), params(quotas={"carrier=HA": 12}, windows=4))
    assert judged(made) == [window(3).id, window(4).id]
    assert told(made)["carrier=HA"][2] == "met"
    held = [row for row in made.manifest.to_pylist() if row["source"] == window(3).id]
    assert {row["part"] for row in held} == {"evaluate", "holdout"}, "the others of that window judge as well: slices come as they come"
    assert {row["reason"] for row in held if row["part"] == "evaluate"} == {"held back to judge: a slice was short"}
    assert (made.composition.trained_until, made.composition.evaluated_from) == (window(3).start, window(3).start)


def test_no_window_is_held_back_for_nothing():
    made = run(sources(*FIVE), asked(), params(quotas={"carrier=HA": 99, "carrier=ZZ": 1}, windows=4))
    assert judged(made) == [window(4).id], "four windows do not have so many either"
    assert told(made)["carrier=ZZ"] == (0, 0, "short")


def test_what_the_champion_has_seen_never_judges_and_a_window_goes_on_training():
    made = run(sources(*FIVE), asked(seen=4), params(quotas={"carrier=HA": 12}, windows=4))
    assert judged(made) == [window(4).id]
    assert told(made)["carrier=HA"][2] == "short"
    two = run(sources(*FIVE[:2]), asked(), params(quotas={"carrier=HA": 12}, windows=4))
    assert judged(two) == [window(1).id]


def test_the_holdout_is_nobodys_to_hold_back():
    made = run(sources(*FIVE), asked(), params(quotas={"carrier=*": 12}, windows=4))
    held = set(made.holdout["id"].to_pylist())
    assert held == set(run(sources(*FIVE), asked(), params()).holdout["id"].to_pylist())
    assert not held & set(made.evaluate["id"].to_pylist())


def test_a_scout_and_a_first_model_hold_nothing_back_and_say_what_is_short():
    scout = run(sources(*FIVE), asked(holds_back=False), params(quotas={"carrier=HA": 12}, windows=4))
    assert (judged(scout), told(scout)["carrier=HA"][2]) == ([window(4).id], "short")
    first = run(sources(*FIVE), CompositionRequest(action="improve", target=None, holds_back=True), params(quotas={"carrier=HA": 90}, windows=4))
    assert first.composition.basis == "same-period"
    assert told(first)["carrier=HA"][2] == "short"


def test_a_refit_takes_the_windows_that_judged_and_is_asked_for_no_quota():
    sibling = run(sources(*FIVE), asked(), params(quotas={"carrier=HA": 12}, windows=4)).composition
    refit = run(sources(*FIVE), CompositionRequest.refit(sibling), params(quotas={"carrier=HA": 12}, windows=4))
    assert refit.composition.trained_until == window(5).start
    assert {one.window for one in refit.composition.parts if one.part == "train"} == {window(number).id for number in range(5)}
    assert told(refit) == {}


@pytest.mark.parametrize(
    ("quotas", "error", "sentence"),
    [
        ({"carier=HA": 7}, UnknownNameError, r"no slicing column 'carier' \(params.yaml: compose.judge.quotas.carier=HA\)"),
        ({"window=2013-W01": 7}, ValueError, "which windows judge is said by judge.windows"),
        ({"carrier": 7}, ValueError, "rows are named column=value"),
    ],
)
def test_a_quota_of_what_is_no_slice_is_refused(quotas, error, sentence):
    with pytest.raises(error, match=sentence):
        run(sources(*FIVE), asked(), params(quotas=quotas))


def test_a_slice_that_the_rows_do_not_have_is_refused():
    odd = Params.model_validate(params().model_dump() | {"evaluate": {"slices": {"origin": {}}}, "compose": {"judge": {"quotas": {"origin=JFK": 5}}}})
    with pytest.raises(UnknownNameError, match=r"no column 'origin' \(params.yaml: evaluate.slices"):
        run(sources(*FIVE), asked(), odd)


def test_quotas_of_training_rows_never_touch_those_that_judge():
    own = params(quotas={"carrier=HA": 12}, windows=4)
    plain = run(sources(*FIVE), asked(), own)
    recipe = {
        "use": "mine",
        "judge": {"quotas": {"carrier=HA": 12}, "windows": 4},
        "recipes": {"mine": {"rows": {"carrier=HA": {"at_most": 0.02}}, "max_rows": 90}},
    }
    drawn = run(sources(*FIVE), asked(), Params.model_validate(own.model_dump() | {"compose": recipe}))
    assert drawn.evaluate.equals(plain.evaluate)
    assert drawn.train.num_rows == 90
