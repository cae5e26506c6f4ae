from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import DataError
from keepfit.evaluate.serving import ServedModel, repeated_row, served_rows, size_row
from keepfit.params.serving import ServingParams

FRAME = pd.DataFrame({"x": np.linspace(-1, 1, 50)})


def steady(frame):
    return 1 / (1 + np.exp(-frame["x"].to_numpy()))


def rows(found, *, first=False, **wanted):
    return {(row.slice, row.metric): row for row in served_rows(found, ServingParams(**wanted), first=first)}


def test_a_size_is_the_bytes_in_millions_with_the_champions_beside_it():
    row = size_row(2_500_000, 1_000_000, 2.0)
    assert (row.challenger, row.champion, row.status, row.basis) == (2.5, 1.0, "fail", "serving")
    assert size_row(2_000_000, None, 2.0).status == "pass"


def test_a_model_that_answers_the_same_again_in_any_order_and_batch_passes():
    assert repeated_row(FRAME, steady).status == "pass"


def by_place(frame):
    return np.linspace(0, 1, len(frame))


def by_neighbours(frame):
    return steady(frame) - steady(frame).mean()


def by_chance():
    rng = np.random.default_rng(0)
    return lambda frame: rng.uniform(size=len(frame))


@pytest.mark.parametrize(
    ("score", "how"),
    [(by_chance(), "asked again"), (by_place, "in another order"), (by_neighbours, "in other batches")],
    ids=["dropout at inference", "the place in the batch", "normalised over the batch"],
)
def test_a_model_whose_answers_hang_on_chance_order_or_batch_fails(score, how):
    row = repeated_row(FRAME, score)
    assert (row.status, row.challenger) == ("fail", 0.0)
    assert row.detail.startswith(f"{how}, scores differ by up to")


def test_the_last_digits_of_a_sum_are_no_difference_however_large_the_scores():
    calls = iter(range(10))
    assert repeated_row(FRAME, lambda frame: 1e6 * frame["x"].to_numpy() * (1 + 1e-15 * next(calls))).status == "pass"


def test_what_cannot_be_asked_twice_is_an_error():
    def refuses(frame):
        raise DataError("no column 'z'")

    assert repeated_row(FRAME, refuses).detail == "no column 'z'"
    assert repeated_row(FRAME.head(1), steady).status == "error"
    assert repeated_row(FRAME, lambda frame: np.full(len(frame), np.nan)).status == "error"


def test_without_bounds_only_what_cannot_be_wrong_is_asked():
    found = rows(ServedModel(example=True))
    assert {key: row.status for key, row in found.items()} == {("overall", "loads"): "pass", ("overall", "answers"): "pass"}
    assert "its own input example" in found["overall", "answers"].detail


def test_a_version_that_does_not_load_fails_and_what_would_follow_is_an_error_never_a_pass():
    found = rows(ServedModel(loads="ModuleNotFoundError: no module ratios"), max_latency_ms=5, max_latency_ratio=2)
    assert {key[1]: row.status for key, row in found.items()} == {"loads": "fail", "answers": "error", "latency_ms": "error", "latency_ratio": "error"}
    assert found["batch=1", "latency_ms"].bound == 5


def test_calls_are_told_by_their_95th_of_100_a_row_and_against_the_champion_by_medians():
    calls = ServedModel(rows=1000, single=np.arange(1.0, 101), batch=np.arange(1000.0, 101_000, 1000), champion_single=[20.0] * 9)
    found = rows(calls, loads=False, max_latency_ms=95, max_batch_latency_ms=95.04, max_latency_ratio=2.5)
    assert found["batch=1", "latency_ms"].challenger == pytest.approx(95.05)
    assert (found["batch=1", "latency_ms"].status, found["batch=1", "latency_ms"].champion) == ("fail", 20.0)
    assert found["batch=1000", "latency_ms"].challenger == pytest.approx(95.05)
    assert (found["batch=1", "latency_ratio"].challenger, found["batch=1", "latency_ratio"].status) == (50.5 / 20, "fail")


def test_a_first_model_is_not_compared():
    calls = ServedModel(rows=10, single=[1.0], batch=[1.0])
    assert set(rows(calls, first=True, loads=False, max_latency_ratio=2, max_latency_ms=2)) == {("batch=1", "latency_ms")}


def test_a_signature_is_asked_for_where_params_say_so():
    found = rows(ServedModel(signature="it does not name 'wind', which the model reads"), signature=True)
    assert (found["overall", "signature"].status, "wind" in found["overall", "signature"].detail) == ("fail", True)
