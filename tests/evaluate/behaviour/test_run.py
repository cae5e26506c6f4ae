from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from tests.evaluate.behaviour.test_reading import TEST

from keepfit.compose.curation.expression import condition
from keepfit.errors import DataError, UnknownNameError
from keepfit.evaluate.behaviour import run
from keepfit.evaluate.behaviour.declared import AboutModel
from keepfit.evaluate.behaviour.reading import TestReader
from keepfit.evaluate.behaviour.run import RowsToAsk, run_tests

ABOUT = AboutModel(task="classification", features={"visib": "numeric", "wind": "numeric", "carrier": "categorical"}, classes=("0", "1"))
N = 600


def rows(n=N):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"visib": rng.uniform(0, 10, n), "wind": rng.uniform(0, 40, n), "carrier": rng.choice(["AA", "UA", "EV"], n)})
    return frame.assign(row_id=[f"r{number:04}" for number in range(n)])


def fitted(sign):
    """A real model that has learned how visibility and wind matter; `sign` 1: worse visibility, more delays."""
    frame = rows()
    late = sign * (5 - frame["visib"]) + 0.1 * (frame["wind"] - 20) > 0
    model = LogisticRegression().fit(frame[["visib", "wind"]], late)
    return lambda frame: model.predict_proba(frame[["visib", "wind"]])[:, 1]


def tests(**entries):
    reader = TestReader(condition=lambda text, where: condition(text, where=where), about=ABOUT)
    return reader.read({"tests": entries}, file="weather.yaml")


def one(entry, challenger, champion=None, **asked):
    found = run_tests(tests(it={**TEST, **entry}), RowsToAsk(**{"rows": rows(), "id_column": "row_id", "about": ABOUT, **asked}), challenger, champion)
    return found[0]


def test_the_failure_rate_is_that_of_a_recount_row_by_row():
    score = fitted(1)
    found = one({"expect": {"score": "must_rise", "by_at_least": 0.3}, "may_fail": 0.9}, score, fitted(-1), rows=rows(120))
    frame = rows(120)
    failed = asked = 0
    for _, row in frame.iterrows():
        if row["visib"] > 5:
            before, after = (score(pd.DataFrame([{"visib": visib, "wind": row["wind"]}]))[0] for visib in (row["visib"], row["visib"] - 4))
            asked, failed = asked + 1, failed + (after - before < 0.3)
    assert (found.n, found.failed) == (asked, failed)
    assert 0 < failed < asked
    assert found.champion == 1.0
    assert found.row.challenger == failed / asked


def test_a_model_with_the_wrong_sign_is_refused_and_the_right_one_passes():
    assert one({}, fitted(1), fitted(-1)).row.status == "pass"
    found = one({}, fitted(-1), fitted(1))
    assert (found.row.status, found.row.champion, found.row.challenger) == ("fail", 0.0, 1.0)
    assert (found.row.slice, found.row.metric, found.row.rule, found.row.basis) == ("test=it", "failure_rate", "at_most", "behaviour")
    assert len(found.examples) == 5
    assert found.examples[0].shown[0][0] == "visib"
    assert " → " in found.examples[0].shown[0][1]


def test_no_row_is_an_error_and_never_a_pass():
    found = one({"rows": "visib > 50"}, fitted(1))
    assert (found.status, found.n) == ("error", 0)
    assert "finds no rows" in found.row.detail


def test_rows_that_a_change_leaves_as_they_are_do_not_thin_out_the_failures():
    entry = {"type": "invariance", "rows": "all", "change": {"set": {"carrier": "AA"}}, "expect": {"tolerance": 0.0}}
    found = one(entry, lambda frame: (frame["carrier"] == "AA").to_numpy(float))
    others = int((rows()["carrier"] != "AA").sum())
    assert (found.n, found.failed, found.unchanged) == (others, others, N - others)
    only = one({**entry, "rows": 'carrier == "AA"'}, fitted(1))
    assert only.status == "error"
    assert "leaves all" in only.detail


def test_a_category_that_no_row_has_is_said():
    found = one({"type": "invariance", "rows": "all", "change": {"set": {"carrier": "ZZ"}}, "expect": {"tolerance": 0.0}}, fitted(1))
    assert found.status == "pass"
    assert "no row that judges has carrier=ZZ" in found.text


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_answers_that_are_no_numbers_are_an_error_of_the_challenger_and_a_note_of_the_champion(bad):
    def broken(frame):
        return np.where(frame["wind"] > 20, bad, 0.5)

    found = one({}, broken, fitted(1))
    assert found.row.status == "error"
    assert "the challenger: " in found.row.detail
    assert "not finite" in found.row.detail
    beside = one({}, fitted(1), broken)
    assert (beside.row.status, beside.row.champion) == ("pass", None)
    assert "champion: " in beside.row.detail


def test_a_model_that_refuses_the_rows_is_an_error_in_one_sentence():
    def refuses(frame):
        raise DataError("the model cannot score these rows: ValueError")

    found = one({}, refuses)
    assert (found.status, found.detail) == ("error", "the challenger: the model cannot score these rows: ValueError")


def test_a_condition_on_a_column_that_is_not_there_is_the_tests_fault():
    with pytest.raises(UnknownNameError, match="no column 'vsib'"):
        one({"rows": "vsib > 5"}, fitted(1))
    with pytest.raises(UnknownNameError, match="no column 'vsib'"):
        one({"rows": "vsib > 5 and wind > 1"}, fitted(1))


def test_a_condition_may_name_what_is_derived_for_it():
    frame = rows()
    assert one({"rows": "hour > 12"}, fitted(1), derived=frame.assign(hour=np.arange(N) % 24)).found == sum(number % 24 > 12 for number in range(N))


def test_huge_row_sets_are_drawn_by_a_hash_the_same_ones_each_time(monkeypatch):
    monkeypatch.setattr(run, "MOST_ROWS", 50)
    first, again = (one({"rows": "all"}, fitted(1), rows=frame) for frame in (rows(), rows().sample(frac=1, random_state=1)))
    assert first.n == 50
    assert "50 of 600 rows were drawn" in first.text
    assert (first.failed, first.champion) == (again.failed, again.champion)
    drawn = []
    one({"rows": "all"}, lambda frame: (drawn.append(set(frame["row_id"])), np.zeros(len(frame)))[1])
    one({"rows": "all"}, lambda frame: (drawn.append(set(frame["row_id"])), np.zeros(len(frame)))[1], rows=rows().sample(frac=1, random_state=1))
    assert drawn[0] == drawn[1]


def test_too_few_rows_are_undecided():
    few = one({"rows": "visib > 9.9", "min_rows": 100}, fitted(1))
    assert (few.row.status, 0 < few.n < 100) == ("undecided", True)
    assert "the test asks for 100" in few.text


WRITTEN = [{"visib": 0.2, "wind": 38}, {"visib": 9.8, "wind": 2}, {"visib": 0.1, "wind": None, "carrier": "AA"}]


def test_rows_written_in_the_test_are_asked_as_they_stand():
    seen = []

    def score(frame):
        seen.append(frame)
        return np.where(frame["visib"] < 5, 0.9, 0.1)

    found = one({"type": "minimum_functionality", "rows": WRITTEN, "change": None, "expect": {"label": 1}}, score)
    assert (found.n, found.failed, found.examples[0].row) == (3, 1, "2")
    assert found.examples[0].shown == (("visib", "9.8"), ("wind", "2"))
    assert seen[0]["visib"].dtype == "float64"
    assert seen[0]["wind"].isna().tolist() == [False, False, True]
    assert seen[0]["carrier"].isna().tolist() == [True, True, False]


def test_rows_of_a_file_beside_the_test():
    frame = pd.DataFrame({"visib": [9.0, 8.0], "wind": [1.0, 2.0], "carrier": ["AA", "UA"]})
    found = one({"rows": {"file": "calm.csv"}}, fitted(1), files={"calm.csv": frame})
    assert (found.n, found.status) == (2, "pass")


def test_values_of_redacted_columns_are_never_shown():
    found = one({}, fitted(-1), redacted=["visib", "row_id"])
    assert found.hidden
    assert {example.row for example in found.examples} == {"(redacted)"}
    assert {value for example in found.examples for _, value in example.shown} == {"(redacted) → (redacted)"}


def test_a_test_that_warns_is_an_outcome_and_no_row():
    from keepfit.evaluate.behaviour.results import outcomes_of, rows_of

    results = run_tests(tests(strict=TEST, lenient={**TEST, "severity": "warning"}), RowsToAsk(rows=rows(), id_column="row_id", about=ABOUT), fitted(-1), None)
    assert [row.slice for row in rows_of(results)] == ["test=strict"]
    (outcome,) = outcomes_of(results)
    assert (outcome.suite, outcome.expectation, outcome.severity, outcome.status) == ("behaviour", "lenient", "warning", "fail")


def test_a_model_is_asked_about_all_tests_at_once_and_by_itself_about_the_one_that_it_refuses():
    sizes = []

    def counts(frame):
        sizes.append(len(frame))
        if (frame["visib"] < -3).any():
            raise DataError("no visibility is below -3")
        return fitted(1)(frame)

    everything = RowsToAsk(rows=rows(), id_column="row_id", about=ABOUT)
    both = run_tests(tests(a=TEST, b={**TEST, "rows": "wind > 20"}), everything, lambda frame: counts(frame.assign(visib=frame["visib"].abs())))
    assert sizes == [2 * (both[0].n + both[1].n)]
    fine, refused = run_tests(tests(a=TEST, b={**TEST, "rows": "visib < 2"}), everything, counts)
    assert (fine.status, refused.status, refused.detail) == ("pass", "error", "the challenger: no visibility is below -3")
    assert fine == run_tests(tests(a=TEST), everything, counts)[0]


def test_a_change_that_does_not_fit_its_column_is_an_error_that_quotes_nothing_redacted():
    entry = {"type": "invariance", "change": {"set": {"visib": "a secret"}}, "expect": {"tolerance": 0.1}}
    assert "'a secret'" in one(entry, fitted(1)).row.detail
    hidden = one(entry, fitted(1), redacted=["visib"])
    assert (hidden.status, hidden.hidden, "secret" in hidden.row.detail) == ("error", True, False)
