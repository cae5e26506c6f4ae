from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepfit.records import Composition, Part
from keepfit.report.composition import composition_report


def part(window, name):
    return Part(window=window, part=name, reason="", rows=80, labelled=80)


CANDIDATE = Composition(
    action="improve",
    basis="later",
    trained_from=datetime(2013, 1, 1),
    trained_until=datetime(2013, 4, 1),
    evaluated_from=datetime(2013, 4, 1),
    evaluated_until=datetime(2013, 5, 1),
    parts=(part("2013-03", "train"), part("2013-04", "evaluate")),
)
CHAMPION = replace(
    CANDIDATE,
    trained_until=datetime(2013, 3, 1),
    evaluated_from=datetime(2013, 2, 1),
    evaluated_until=datetime(2013, 3, 1),
    parts=(part("2013-01", "train"), part("2013-02", "train")),
    sibling_until=datetime(2013, 2, 1),
)


def test_beside_a_refit_stands_until_when_the_model_was_trained_that_was_judged():
    said = composition_report(CANDIDATE, CHAMPION)
    assert "| trained until, when judged | 2013-04-01 | 2013-02-01 | changed |" in said
    assert "| rows that judge | 80 | – | changed |" in said, "the rows that judged a refit are among those that train it"
    assert "when judged" not in composition_report(CANDIDATE, replace(CHAMPION, sibling_until=None))
