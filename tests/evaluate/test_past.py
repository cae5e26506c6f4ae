from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from keepfit.errors import UnknownNameError
from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.past import PastRows, compare_past, needed
from keepfit.slices.past_entries import past_of
from keepfit.stats.clusters import RowOrigins
from keepfit.stats.metrics import RocAuc

MONTHS = ("2013-01", "2013-02", "2013-03")
N = 300
STORM = {"window": "2013-01", "slice": "origin=LGA", "rows": 40, "reason": "no wind in the features"}


def held(**changes):
    """Three months' holdouts: the last is of the window that judges."""
    rng = np.random.default_rng(0)
    columns = {
        "x": rng.normal(size=3 * N),
        "origin": rng.choice(["JFK", "LGA"], 3 * N).tolist(),
        "t": [datetime(2013, month, 1) + timedelta(hours=2 * row) for month in (1, 2, 3) for row in range(N)],
        "_window": np.repeat(MONTHS, N).tolist(),
    }
    return pa.table(columns | changes)


def past(table=None, labelled=None, judging=("2013-03",)):
    table = held() if table is None else table
    labelled = np.ones(len(table), dtype=np.bool_) if labelled is None else labelled
    return PastRows(held=table, labelled=labelled, order=sorted(set(table["_window"].to_pylist())), judging=judging, features=["x"])


def scored(rows, parts, *, worse_in=""):
    """Two models on the rows that are needed: the challenger guesses where it is `worse_in`."""
    wanted = needed(parts, rows.held.num_rows)
    rng = np.random.default_rng(1)
    y = (rng.random(len(wanted)) < 0.4).astype(float)
    good = y + rng.normal(size=len(y))
    lost = np.array([window == worse_in for window in rows.held["_window"].to_pylist()])
    other = np.where(lost, rng.normal(size=len(y)), good + 0.1 * rng.normal(size=len(y)))
    times = rows.held["t"].to_numpy().astype("datetime64[us]")
    return ScoredRows(y=y[wanted], champion=good[wanted], challenger=other[wanted]), RowOrigins(times=times[wanted])


def compared(rows, entries, patterns=("*",), **worse):
    parts = rows.parts(past_of(entries), patterns)
    judged, origins = scored(rows, parts, **worse)
    return compare_past([RocAuc()], parts, judged, origins, confidence=0.95, min_rows=100)


def outcomes(comparisons):
    return {one.slice: (one.status, one.n) for one in comparisons}


def test_every_window_before_those_that_judge_is_compared_by_its_own_rows():
    rows = past()
    found = compared(rows, {})
    assert outcomes(found.judged) == {"window=2013-01": ("measured", N), "window=2013-02": ("measured", N)}
    parts = rows.parts(past_of({}), ["*"])
    judged, _ = scored(rows, parts)
    first = slice(0, N)
    assert found.judged[0].challenger == pytest.approx(roc_auc_score(judged.y[first], judged.challenger[first]))
    assert found.judged[0].clusters == 25  # two-hourly rows: days of the window alone


def test_a_window_that_is_lost_is_the_one_that_is_worse():
    found = {one.slice: one.difference.p_harm < 0.001 for one in compared(past(), {}, worse_in="2013-02").judged}
    assert found == {"window=2013-01": False, "window=2013-02": True}


def test_a_retired_window_is_measured_and_does_not_judge():
    found = compared(past(), {"window=2013-02": {"status": "retired", "reason": "why"}}, worse_in="2013-02")
    assert outcomes(found.judged) == {"window=2013-01": ("measured", N)}
    assert outcomes(found.retired) == {"window=2013-02": ("measured", N)}


def test_an_incident_is_its_slice_of_its_window_and_past_when_that_window_is():
    both = {"incident=storm": STORM, "incident=now": STORM | {"window": "2013-03", "slice": "overall", "rows": N}}
    rows = past()
    lga = sum(origin == "LGA" and window == "2013-01" for origin, window in zip(rows.held["origin"].to_pylist(), rows.held["_window"].to_pylist(), strict=True))
    found = outcomes(compared(rows, both).judged)
    assert found.items() >= {"incident=storm": ("measured", lga), "incident=now": ("undecided", 0)}.items()


@pytest.mark.parametrize(("change", "said"), [({"rows": 290}, "of the 290 rows"), ({"window": "2012-11"}, "0 of the 40 rows that it was")])
def test_an_incident_that_lost_rows_is_an_error_and_not_a_smaller_incident(change, said):
    found = [one for one in compared(past(), {"incident=storm": STORM | change}).judged if one.slice == "incident=storm"]
    assert [one.status for one in found] == ["error"]
    assert said in found[0].detail


def test_an_incident_of_a_column_that_there_is_not_is_refused_with_its_place():
    with pytest.raises(UnknownNameError, match="orgin") as raised:
        compared(past(), {"incident=storm": STORM | {"slice": "orgin=LGA"}})
    assert raised.value.where == "past.yaml: incident=storm.slice"


def test_a_window_without_a_label_or_without_a_feature_is_undecided_and_says_why():
    labelled = np.arange(3 * N) >= N
    x = np.where((np.arange(3 * N) >= N) & (np.arange(3 * N) < 2 * N), np.nan, 1.0)
    found = compared(past(held(x=pa.array(x, from_pandas=True)), labelled), {}).judged
    assert [(one.slice, one.status, one.detail) for one in found] == [
        ("window=2013-01", "undecided", "no row of it has a label"),
        ("window=2013-02", "undecided", "its rows have no value of x, which a model reads"),
    ]


def test_one_class_in_a_window_is_undecided():
    rows = past()
    parts = rows.parts(past_of({}), ["*"])
    judged, origins = scored(rows, parts)
    judged.y[:N] = 0
    found = compare_past([RocAuc()], parts, judged, origins, confidence=0.95, min_rows=100)
    assert (found.judged[0].status, found.judged[0].detail) == ("undecided", "one class only")


@pytest.mark.parametrize(
    ("rows", "patterns", "expected"),
    [
        (
            past(held().slice(0, 0), np.zeros(0, dtype=np.bool_)),
            ["window=*"],
            ("window=(none)", "error", "no row is held out for good: data.holdout_share is 0"),
        ),
        (past(judging=MONTHS), ["*"], ("window=(none)", "undecided", "no earlier window judges: there is none yet, or all are retired")),
        (past(judging=MONTHS), ["incident=*"], ("incident=(none)", "undecided", "no incident judges: none was written down, or all are retired")),
    ],
)
def test_where_there_is_nothing_to_judge_by_that_is_said_and_never_a_pass(rows, patterns, expected):
    found = compared(rows, {}, patterns).judged
    assert expected in [(one.slice, one.status, one.detail) for one in found]
    assert all(one.status != "measured" for one in found)


def test_nothing_is_said_of_what_no_rule_is_about():
    assert "incident=(none)" not in outcomes(compared(past(), {}, ["window=*"]).judged)
    assert outcomes(compared(past(), {}, ["window=2013-01", "incident=*"]).judged).keys() == {"window=2013-01", "window=2013-02", "incident=(none)"}
