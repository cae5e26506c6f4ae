"""`keepfit impact` and `keepfit report` in the small project whose ticket's retraining went through."""

from __future__ import annotations

import json

import pytest
from tests.flows.projects import MODEL, TICKET
from tests.report.test_probation import LAST

from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import Scorecard, from_json

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reviewed(improved, tmp_path_factory):
    """The same project with the candidate's branch checked out, and a promotion that was on probation."""
    from dataclasses import replace

    small = improved.copy(tmp_path_factory.mktemp("reviewed"))
    small.git("checkout", "-q", f"retrain/{TICKET}")
    with Ledger(small.project.ledger_uri).transaction() as book:
        book.save_probation(replace(LAST, model=MODEL))
    return small


def test_the_candidates_gain_is_the_scorecards_and_promotions_are_the_ledgers(reviewed):
    told = json.loads(reviewed.keepfit("impact", MODEL, "--json").stdout)
    card = from_json(Scorecard, (reviewed.root / "reports" / "scorecard.json").read_bytes())
    row = next(row for row in card.judged_rows if row.slice == "overall" and row.metric == card.metric)
    assert (told["candidate"]["unit"], told["candidate"]["gain"]) == (card.metric, row.difference)
    assert told["promotions"][0]["version"] == "2"
    assert told["kept"] == {"promotions": 1, "share": pytest.approx(0.6)}


def test_the_page_and_the_review_have_the_impact_line(reviewed):
    assert "The candidate of this checkout" in reviewed.keepfit("impact").stdout
    review = (reviewed.root / "reports" / "REVIEW.md").read_text()
    assert "- What it is worth: " in review
    assert len(review.splitlines()) < 100


def test_another_model_is_refused_with_the_nearest(reviewed):
    done = reviewed.keepfit("impact", "partz", check=False)
    assert done.returncode == 2
    assert "did you mean 'parts'?" in done.stderr


def test_the_report_for_stakeholders_needs_no_gated_registry(reviewed):
    text = reviewed.keepfit("report", "--for", "stakeholders").stdout
    assert text.startswith(f"# {MODEL}\n")
    assert "asks to improve" in text
    assert json.loads(reviewed.keepfit("report", MODEL, "--for", "stakeholders", "--json").stdout)["text"] == text
    assert reviewed.keepfit("report", check=False).returncode == 2


def test_the_demo_ends_with_what_the_command_says(reviewed):
    from keepfit.flows.demo.shell import Shell
    from keepfit.flows.demo.tale import Tale

    noted: list[str] = []
    shell = Shell(folder=reviewed.root, env=reviewed.env, say=lambda _line: None, log=[], label="", running=set())
    Tale(shell=shell, model=MODEL, note=noted.append).worth()
    assert any(" roc_auc (" in line for line in noted)
    assert len(noted) <= 12
