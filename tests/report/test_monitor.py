"""A window's page: the decision first, nothing to execute, whatever is missing."""

import re
from html import unescape

import pyarrow as pa
import pytest

from keepfit.monitor.compare import as_called, drift_of
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.records import Decision, Evidence, JudgedWindow, Window
from keepfit.report.monitor import window_html

CONTINUE = Decision(window="2013-02", action="continue", ground=None, cause=None, target=None, reasons=("no change worth acting on",))


def evidence(kind, subject="overall", **changes):
    numbers = {"statistic": 0.61, "effect": -0.09, "low": -0.1, "high": -0.08, "n": 900, "n_reference": 0, **changes}
    return Evidence(kind=kind, subject=subject, detector="roc_auc", **numbers)


def page(**changes):
    place = Window(id=changes.pop("window", "2013-02"), source="live")
    known = {"model": "flights", "champion": "sha256:aa", "version": "3", "rows": 900, "status": "seen", "decision": CONTINUE}
    return JudgedWindow(**{**known, "window": place, **changes})


def drift():
    layout = learn_layout(pa.table({"x": [1.0, 2.0] * 100}), {"x": "numeric"})
    return drift_of(*(profile_table(pa.table({"x": values}), layout, name) for name, values in (("jan", [1.0, 2.0] * 100), ("feb", [2.0] * 200))))


def text_of(html):
    """A page's text, a line for each row of a table with its cells between bars."""
    rows = re.sub(r"</t[dh]>\s*<t[dh][^>]*>", " | ", html.split("<body>")[1])
    rows = re.sub(r"</t[dh]>\s*</tr>", " |\n", re.sub(r"<tr[^>]*>\s*<t[dh][^>]*>", "| ", rows))
    return unescape(re.sub(r"<[^>]+>", "", rows))


def test_the_decision_comes_first():
    harm = Decision(window="2013-02", action="improve", ground="harm", cause="harm:overall", target="2013-02-01T00:00:00", reasons=("worse",))
    shown = page(decision=harm, ticket="2013-02-harm", evidence=(evidence("performance"),))
    assert "improve on the ground of harm (harm:overall), ticket 2013-02-harm" in text_of(window_html(shown))
    body = window_html(shown).split("<body>")[1]
    assert body.index("improve on the ground of harm") < body.index("window 2013-02") < body.index("champion against its promise")


@pytest.mark.parametrize(
    ("shown", "compared"),
    [
        (page(), None),
        (page(rows=0, status="seen", notes=("0 rows are too few to judge, 100 are needed",)), None),
        (page(evidence=(evidence("performance", statistic=None, effect=None, low=None, high=None, n=0, detail="no labels"),)), None),
        (page(evidence=(evidence("quality", subject="has_weather", effect=1.0),), status="blocked"), None),
        (page(evidence=(evidence("data", subject="x"), evidence("age", effect=40.0))), None),
        (page(), drift()),
    ],
)
def test_every_kind_of_window_has_a_page(shown, compared):
    html = window_html(shown, drift=compared)
    assert "None" not in html.split("<body>")[1]
    assert window_html(shown, drift=compared) == html


def test_what_was_not_measured_says_why():
    text = text_of(window_html(page(evidence=(evidence("performance", statistic=None, effect=None, low=None, high=None, n=0, detail="no labels"),))))
    assert "| champion against its promise | overall | roc_auc | – | – | – | – | 0 | no labels |" in text


def test_a_slice_that_nobody_promised_anything_of_is_the_champion_alone():
    text = text_of(window_html(page(evidence=(evidence("performance", subject="city=Rome", effect=None, low=None, high=None, n=900),))))
    assert "| champion | city=Rome | roc_auc |" in text


def test_foreign_text_is_never_markup():
    bad = "</p><script>alert(1)</script><img src=http://e.vil onerror=x>"
    shown = page(model=bad, window=bad, notes=(bad,), evidence=(evidence("quality", subject=bad, detail=bad),))
    html = window_html(shown, drift=drift())
    assert "<script" not in html
    assert "<img" not in html
    assert not re.search(r'(?:src|href|url)\s*[=(]\s*["\']?https?:', html.replace("&lt;img src=http://e.vil", ""))


def over_time(subject, e_value, **changes):
    numbers = {"statistic": 3.2, "effect": 0.08, "n": 900, "n_reference": 1400, "detail": "calibrated; design effect 3.2", **changes}
    return Evidence(kind="data", subject=subject, detector="e-detector", e_value=e_value, **numbers)


def test_evidence_over_time_is_a_table_strongest_first():
    shown = page(
        evidence=(over_time("x", 0.4), over_time("y", 2345.6), over_time("z", None, statistic=None, effect=None, detail="calibrating: 3 of 8 windows"))
    )
    text = text_of(window_html(shown))
    assert "| y | data |  | 0.08 | 2,346 | 3.2 | 900 | calibrated; design effect 3.2 |" in text
    assert "| z | data |  | – | – | – | 900 | calibrating: 3 of 8 windows |" in text
    assert text.index("| y |") < text.index("| x |") < text.index("| z |")
    assert "Evidence over time" in text


def test_what_changed_comes_first_by_its_effect_and_not_by_how_sure_it_is():
    sure, large = over_time("x", 1e9, since="2013-02"), over_time("y", 0.2, effect=0.3, since="2013-01")
    text = text_of(window_html(page(evidence=(over_time("z", 900.0), sure, large))))
    assert "| y | data | 2013-01 | 0.3 | 0.2 |" in text
    assert text.index("| y |") < text.index("| x |") < text.index("| z |")


def test_the_page_says_by_which_rule_a_change_is_drift():
    called = as_called(drift(), {"x"}, rule="e-detector")
    assert "that the rule e-detector calls one" in text_of(window_html(page(), drift=called))
    assert "p below 0.001 after Holm" in text_of(window_html(page(), drift=drift()))
