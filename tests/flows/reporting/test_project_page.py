"""`keepfit report --html` in the small project whose ticket's retraining went through: it links what is there, and needs no gated server."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from tests.flows.projects import MODEL, TICKET
from tests.report.test_performance import window

from keepfit.flows.monitoring.runs import report_path
from keepfit.integrations.ledger.ledger import Ledger

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def written(improved, tmp_path_factory):
    """The same project, one of whose windows was judged and has its page."""
    small = improved.copy(tmp_path_factory.mktemp("reported"))
    seen = replace(window(1), model=MODEL)
    with Ledger(small.project.ledger_uri).transaction() as book:
        book.record_window(seen)
    page = report_path(small.project, seen.champion, seen.window.id)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("a window's page")
    done = small.keepfit("report", "--html", "page.html", "--json")
    return small, json.loads(done.stdout), (small.root / "page.html").read_text(encoding="utf-8")


def test_the_page_names_the_champion_its_ticket_and_the_candidate_that_answers_it(written):
    _, told, html = written
    assert told["page"] == "page.html"
    assert f"<h1>{MODEL}</h1>" in html
    assert f"keepfit data diff --of train retrain/{TICKET}^ retrain/{TICKET}" in html
    assert re.search(r'href="#ticket-\d+"[^>]*>' + TICKET, html)
    assert [sentence for sentence in told["not_read"] if sentence not in html.replace("&#39;", "'").replace("&#34;", '"')] == []


def test_links_to_windows_pages_lead_to_files_that_are_there(written):
    small, _, html = written
    links = re.findall(r'href="([^"#]+)"', html)
    assert len(links) == 1
    assert [link for link in links if not (small.root / link).is_file()] == []


def test_the_same_project_has_the_same_page(written):
    small, _, html = written
    small.keepfit("report", MODEL, "--html", "again.html")
    assert (small.root / "again.html").read_text(encoding="utf-8") == html


def test_one_of_two_readers_is_named(written):
    small, _, _ = written
    assert small.keepfit("report", check=False).returncode == 2
    assert small.keepfit("report", "--html", "x.html", "--for", "stakeholders", check=False).returncode == 2
    assert small.keepfit("report", "partz", "--html", "x.html", check=False).returncode == 2
