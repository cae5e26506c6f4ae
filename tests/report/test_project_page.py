"""The project's page: what serves, how well, what is open, and where each thing is seen; it stands alone and says what could not be read."""

import re
from dataclasses import replace
from html import unescape
from itertools import pairwise

import pytest
from tests.report.test_performance import TICKET, window
from tests.report.test_probation import LAST
from tests.report.test_review import CARD
from tests.report.test_stakeholders import PIN, WHOLE

from keepfit.report.performance import performance_course
from keepfit.report.project_page import CandidateView, ProjectView, project_html

DONE = replace(TICKET, id="2024-01-01-debt", window="2024-01-01", ground="debt", status="resolved", note="version 2 is the champion now")
SEEN = (window(1), replace(window(2, "2"), champion=PIN.digest, ticket=TICKET.id))
VIEW = ProjectView(
    standing=replace(WHOLE, windows=SEEN[1:], promotions=(LAST,)),
    course=performance_course(SEEN, greater_is_better=True, tickets=(DONE, TICKET), journal=WHOLE.journal),
    windows=SEEN,
    tickets=(DONE, TICKET),
    candidates=(CandidateView(ticket=TICKET.id, branch="retrain/x", card=CARD, version="3"),),
    pages={("2024-01-02", PIN.digest): ".keepfit/reports/2024-01-02 a.html"},
    worth="Worth it: +0.5 EUR a row.",
    unread=("which versions the candidates are: the server is away",),
)


def text_of(html):
    return unescape(re.sub(r"<[^>]+>", " ", html.split("<body>")[1]))


def test_it_says_what_serves_and_how_many_tickets_are_open():
    text = text_of(project_html(VIEW))
    assert "Version 2 serves, judged at roc_auc 0.71. 1 ticket is open." in text
    assert "roc_auc of 2 windows, 2024-01-01 to 2024-01-02" in text
    assert "Not read: which versions the candidates are: the server is away" in text
    assert "Worth it: +0.5 EUR a row." in text
    assert "later labels delivered" in text
    assert "Version 2 was promoted on 2013-03-02" in text


def test_windows_tickets_and_candidates_link_to_one_another_and_every_link_has_its_end():
    html = project_html(VIEW)
    ends = set(re.findall(r' id="([^"]+)"', html))
    links = re.findall(r'href="([^"]+)"', html)
    assert all(link.removeprefix("#") in ends for link in links if link.startswith("#"))
    assert ".keepfit/reports/2024-01-02%20a.html" in links
    assert links.count("#ticket-1") == 2
    assert "keepfit data diff --of train retrain/x^ retrain/x" in text_of(html)


def test_headings_are_in_order_and_every_table_says_what_its_heads_are_of():
    html = project_html(VIEW)
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(re.findall(r"<th\b", html)) == len(re.findall(r'<th scope="(?:col|row)"', html))
    assert all('role="img"' in svg and "aria-label" in svg for svg in re.findall(r"<svg[^>]*>", html))


def test_it_stands_alone_and_the_same_view_gives_the_same_bytes():
    html = project_html(VIEW)
    assert html == project_html(VIEW)
    assert not re.search(r"<script|<link|<img|https?://|@import|url\(", html)


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", '"><b>', "a\nb"])
def test_names_that_people_typed_stay_text(nasty):
    odd = replace(TICKET, id=nasty, note=nasty)
    view = replace(VIEW, tickets=(odd,), candidates=(CandidateView(ticket=nasty, branch=nasty, card=CARD),), unread=(nasty,))
    html = project_html(view)
    assert "<script" not in html
    assert '"><b>' not in html


def test_a_project_of_which_nothing_is_known_has_a_page():
    bare = replace(WHOLE, champion=None, windows=(), journal=(), silent="the server is away", promotions=(), tickets=())
    text = text_of(project_html(ProjectView(standing=bare, course=performance_course((), greater_is_better=True), windows=(), tickets=())))
    for said in (
        "No version serves yet.",
        "No tickets are open.",
        "Nothing was measured yet.",
        "Nothing is open.",
        "No window was judged yet",
        "Not known without the registry.",
    ):
        assert said in text
