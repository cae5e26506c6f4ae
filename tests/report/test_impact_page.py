from __future__ import annotations

import json

from tests.report.test_impact import FOUND
from tests.report.test_probation import LAST

from keepfit.evaluate.impact.verdict import judged
from keepfit.report.impact_page import impact_data, impact_page


def test_the_page_has_the_candidate_then_the_promotions():
    page = impact_page("flights", judged(FOUND), (LAST,), judged=True)
    assert page.index("Worth it: +0.5 EUR a row") < page.index("later labels delivered +0.012") < page.index("| version |")


def test_the_page_says_what_there_is_nothing_of():
    assert "a first model" in impact_page("flights", None, (), judged=True)
    assert "dvc repro evaluates a candidate" in impact_page("flights", None, (), judged=False)
    assert "No promotion was on probation yet" in impact_page("flights", None, (), judged=False)


def test_the_json_has_the_records_and_what_follows_from_them():
    data = json.loads(json.dumps(impact_data("flights", judged(FOUND), (LAST,))))
    assert data["break_even_windows"] == {"estimate": 2, "soonest": 1, "latest": 3}
    assert data["kept"] == {"promotions": 1, "share": 0.6}
    assert data["promotions"][0]["kept"][0]["delivered"]["gain"] == 0.012
    assert impact_data("flights", None, ())["candidate"] is None
