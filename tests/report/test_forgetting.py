from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from tests.certificates import pinned, row, scorecard

from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.forgetting import past_scores
from keepfit.evaluate.past import PastComparisons
from keepfit.report.forgetting import forgetting_data, forgetting_matrix, forgetting_section, forgetting_summary
from keepfit.report.scorecard import scorecard_markdown
from keepfit.stats.metric import Difference

PIN = replace(pinned("m", 1, "sha256:one"), trained_until=datetime(2013, 3, 1))


def past(slice_, status, gain, **more):
    return replace(row("not_forgotten", 0.02, status, slice_=slice_, difference=gain, **more), basis="past", confidence=0.95)


def on(slice_, gain, detail=""):
    made = Difference(value_a=0.7, value_b=0.7 + gain, gain=gain, low=gain - 0.0164, high=gain + 0.0164, p_harm=0.5, n=900, error=0.01)
    return Comparison(slice=slice_, metric="roc_auc", n=900, status="measured", detail=detail, champion=0.7, challenger=0.7 + gain, difference=made)


def card(*rows):
    return scorecard("m", champion=PIN, rows=rows)


CARD = card(row(), past("window=2013-01", "fail", -0.06), past("window=2013-02", "pass", 0.02), past("window=2013-03", "undecided", -0.01))
PAST = PastComparisons(
    judged=(on("window=2013-01", -0.06), on("window=2013-02", 0.02), on("window=2013-03", -0.3), on("incident=storm", -0.5)),
    retired=(on("window=2012-12", -0.2),),
    reasons={"window=2012-12": "the old <till>"},
)


def test_the_section_shows_both_models_on_every_window_and_what_was_retired_with_its_reason():
    judged, retired = forgetting_section(CARD, PAST)
    assert "| window=2013-01 | roc_auc | 0.7000 | 0.6400 | -0.0600 | -0.0764 … -0.0436 | 900 | fail |" in judged
    assert "| incident=storm | roc_auc | 0.7000 | 0.2000 | -0.5000 |" in judged
    assert "| window=2012-12 | roc_auc |" in retired
    assert "the old &lt;till&gt;" in retired


def test_the_transfer_is_of_windows_that_the_champion_had_learned_and_of_no_incident():
    """January and February, -.06 and +.02: March is later than the champion's training, the storm's rows are rows of a window."""
    [judged, _] = forgetting_section(CARD, PAST)
    assert "Backward transfer from the champion's roc_auc: -0.0200 (-0.0316 to -0.0084), the mean gain over 2 windows that it had learned." in judged
    none = forgetting_section(card(past("window=2013-05", "pass", 0.0)), PastComparisons(judged=(on("window=2013-05", 0.0),)))
    assert "No window that the champion had learned could be measured by roc_auc." in none[0]


def test_one_line_names_what_is_forgotten_first_and_bounds_it():
    assert forgetting_summary(CARD) == "**Forgotten**: window=2013-01 (-0.0600 roc_auc); 1 of 3 rows on the past pass, 1 cannot be told."
    many = card(*(past(f"window=2013-{month:02}", "fail", -month / 100) for month in range(1, 8)))
    said = forgetting_summary(many)
    assert said.startswith("**Forgotten**: window=2013-07 (-0.0700 roc_auc), window=2013-06")
    assert "and 4 more" in said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), ""),
        ((past("window=2013-01", "pass", 0.0),), "Nothing is shown to be forgotten: 1 of 1 rows on the past pass."),
        ((past("window=(none)", "error", None),), "Not measured: window=(none) (error); 0 of 1 rows on the past pass."),
    ],
)
def test_what_passed_and_what_could_not_be_measured_is_said_otherwise(rows, said):
    assert forgetting_summary(card(row(), *rows)) == said


def test_a_scorecard_that_was_asked_for_nothing_past_is_what_it_was():
    plain = card(row())
    assert forgetting_section(plain, PastComparisons()) == []
    assert "## What it remembers" in scorecard_markdown(CARD, sections=forgetting_section(CARD, PAST))


def test_the_matrix_has_a_row_a_model_and_says_what_was_forgotten():
    found = past_scores([CARD], "roc_auc", greater_is_better=True)
    said = forgetting_matrix(found, "roc_auc")
    assert said.startswith("| roc")
    assert said.splitlines()[0].endswith(" | 2013-01 | 2013-02 | 2013-03 |")
    assert "| candidate | 0.6400 | 0.7200 | 0.6900 |" in said
    assert said.endswith("backward transfer -0.0200, average forgetting +0.0200\n")
    data = forgetting_data(found, "roc_auc")
    assert data["models"][0] == {"model": "1", "values": {"2013-01": 0.7, "2013-02": 0.7, "2013-03": 0.7}}


def test_a_matrix_of_a_single_champion_that_had_learned_nothing_says_so():
    late = replace(CARD, champion=replace(PIN, trained_until=datetime(2012, 1, 1)))
    assert "nothing can be said of forgetting" in forgetting_matrix(past_scores([late], "roc_auc", greater_is_better=True), "roc_auc")
