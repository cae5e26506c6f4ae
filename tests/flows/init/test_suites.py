"""The first suite of a scorecard follows from what the metric that decides says of itself."""

from __future__ import annotations

import json

import numpy as np
import pytest

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.scorecard import compare_all, long_frame
from keepfit.flows.init.suites import scorecard_suite
from keepfit.flows.init.template import template_files
from keepfit.integrations.gx_suites import validate_suite
from keepfit.stats.metrics import AbsoluteError, RocAuc

NAMES = ("metric_there", "overall_measured", "overall_possible", "overall_there")


def frame_of(metric):
    rng = np.random.default_rng(0)
    y = (rng.random(400) < 0.4).astype(float)
    rows = ScoredRows(y=y, champion=y + rng.normal(size=400), challenger=y + 0.5 * rng.normal(size=400))
    return long_frame(compare_all([metric], rows, {"origin": (["JFK", "LGA"] * 200, None)}, confidence=0.95, min_rows=100))


def statuses(metric, frame):
    found = validate_suite(scorecard_suite(metric).decode(), "scorecard", frame, window=None, min_rows=1)
    return {one.expectation: one.status for one in found.outcomes}


@pytest.mark.parametrize("metric", [RocAuc(), AbsoluteError()])
def test_the_suite_holds_on_a_good_scorecard_and_not_without_an_overall_row(metric):
    frame = frame_of(metric)
    assert statuses(metric, frame) == dict.fromkeys(NAMES, "pass")
    assert statuses(metric, frame[1:])["overall_there"] == "fail"


def test_a_model_no_better_than_chance_fails_the_suite_and_an_unmeasured_one_too():
    frame = frame_of(RocAuc())
    for value in (0.45, float("nan")):
        found = list(statuses(RocAuc(), frame.assign(value=value)).values())
        assert found.count("pass") <= 3
        assert set(found) & {"fail", "error"}


def test_the_suite_is_sorted_json_with_an_id_each():
    ids = [entry["meta"]["id"] for entry in json.loads(scorecard_suite(RocAuc()))["expectations"]]
    assert ids == sorted(NAMES)


def test_the_templates_suite_is_the_one_of_its_metric():
    assert json.loads(template_files()["expectations/model/scorecard.json"]) == json.loads(scorecard_suite(RocAuc()))
