"""A ticket explained: the questions of somebody on call have answers, on a terminal and on a page that stands alone."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from keepfit.records import CategoricalProfile, Evidence, FoundSlice, RootCause, Ticket
from keepfit.report.ticket_page import Figure, explain_html, explain_markdown
from keepfit.report.tickets import commands_of

HARM = Evidence(kind="performance", subject="overall", detector="roc_auc", statistic=0.61, effect=-0.09, low=-0.1, high=-0.08, n=900, n_reference=0)
MOVED = Evidence(kind="data", subject="carrier", detector="chi2", statistic=40.0, effect=0.2, p_value=1e-9, n=1000, n_reference=9000)
SLICE = FoundSlice(
    question="loss",
    slice="carrier=EV & origin=LGA",
    columns=("carrier", "origin"),
    rows=52,
    share=0.052,
    effect=0.1,
    low=0.06,
    high=0.14,
    p_value=1e-7,
    explained=0.31,
    n=1000,
    tests=4321,
    measure="squared error",
)
ROOT = RootCause(
    kind="covariate", column="carrier", where="carrier=EV: 5.0% of the rows before, 25.0% now", share=0.2, since="2013-02", harm=HARM, slices=(SLICE,)
)
SIDE = CategoricalProfile(categories=("EV", "UA"), counts=(20, 80), n=100, missing=0, other=0)


def ticket(root=ROOT, **changes):
    made = Ticket(
        id="2013-03-harm",
        model="flights",
        champion="3",
        action="improve",
        ground="harm",
        cause="harm:overall/covariate",
        window="2013-03",
        opened=datetime(2013, 4, 1),
        target=None,
        reasons=("roc_auc is worse than promised",),
        evidence=(HARM, MOVED),
        affected="1,000 rows of window 2013-03",
        next=("keepfit improve 2013-03-harm", "keepfit explain 2013-03-harm", "keepfit ack 2013-03-harm --until DATE"),
        root=root,
    )
    return replace(made, **changes)


@pytest.mark.parametrize("show", [explain_markdown, explain_html])
def test_it_says_what_where_how_sure_how_bad_since_when_and_what_to_type(show):
    text = show(ticket()).replace("&amp;", "&").replace("\\", "")
    for said in (
        "carrier – the inputs moved (X)",
        "carrier=EV: 5.0% of the rows before, 25.0% now; surely worse where carrier=EV & origin=LGA",
        "20.0%; 1,000 rows of window 2013-03",
        "chi2 0.2, p ≤0.0001 on 1,000 rows; the slice has p ≤0.0001 after control for 4,321 slices",
        "roc_auc 0.61, 0.09 worse than promised (0.08 to 0.1 worse) on 900 labelled rows; carrier=EV & origin=LGA explains 31% of the squared error",
        "window 2013-02, told in 2013-03",
        "keepfit improve 2013-03-harm",
    ):
        assert said in text
    assert "keepfit explain" not in text, "nobody is told to type what was just typed"


@pytest.mark.parametrize("show", [explain_markdown, explain_html])
def test_slices_that_moved_are_told_beside_their_own_past(show):
    moved = replace(SLICE, question="share", slice="carrier=EV", effect=0.2, share=0.25, share_before=0.05, low=0.17, high=0.23)
    text = show(ticket(replace(ROOT, slices=(replace(SLICE, share_before=0.011),), moved=(moved,))))
    assert "rows where carrier=EV went from 5.0% to 25.0%" in text
    assert "share before" in text
    assert "1.1%" in text


@pytest.mark.parametrize("show", [explain_markdown, explain_html])
def test_a_slice_whose_interval_holds_better_is_not_told_as_surely_worse(show):
    """Tickets of older keepfits hold such slices: counted on what the first one left over, with an interval of all rows."""
    unsure = replace(SLICE, slice="carrier=UA", low=-0.02)
    stays = replace(SLICE, question="share", slice="carrier=DL", effect=-0.01, low=-0.03, high=0.01)
    text = show(ticket(replace(ROOT, slices=(SLICE, unsure), moved=(stays,))))
    assert "surely worse where carrier=EV" in text.replace("\\", "")
    assert "carrier=UA" not in text
    assert "carrier=DL" not in text


@pytest.mark.parametrize("show", [explain_markdown, explain_html])
def test_a_slice_that_shrank_is_shown_with_its_share_before_in_older_tickets_too(show):
    shrunk = replace(SLICE, question="share", slice="carrier=EV", effect=-0.2, share=0.7, share_before=0.7, low=-0.23, high=-0.17)
    text = show(ticket(replace(ROOT, slices=(), moved=(shrunk,))))
    assert "rows where carrier=EV went from 90.0% to 70.0%" in text


def test_a_changed_relation_without_a_slice_says_that_it_is_everywhere():
    text = explain_markdown(ticket(RootCause(kind="concept", since="2013-03", harm=HARM)))
    assert "their relation changed (y given X)" in text
    assert "everywhere: no slice is surely worse than the rest" in text


@pytest.mark.parametrize("root", [None, RootCause(kind="none"), RootCause(kind="quality", where="no weather", share=0.03)])
def test_every_ticket_can_be_explained_old_ones_too(root):
    for text in (explain_markdown(ticket(root)), explain_html(ticket(root)).split("<body>")[1]):
        assert "None" not in text
        assert "not measured" in text


@pytest.mark.parametrize("show", [explain_markdown, explain_html])
def test_how_bad_begins_with_the_severity(show):
    assert "critical; " in show(ticket(severity="critical"))
    assert "critical" not in show(ticket())


def test_a_resolved_ticket_asks_for_nothing():
    assert "keepfit improve" not in explain_markdown(ticket(status="resolved"))


def test_the_page_stands_alone_and_is_small_even_with_all_its_figures():
    figures = [Figure(column=f"c{number}", reference=SIDE, current=SIDE) for number in range(50)]
    evidence = (HARM, *(replace(MOVED, subject=f"c{number}") for number in range(29)))
    html = explain_html(ticket(evidence=evidence), figures)
    assert html == explain_html(ticket(evidence=evidence), figures)
    assert html.count("<svg") == 8
    assert len(html.encode()) < 500_000
    assert "<script" not in html
    assert not re.search(r'(?:src|href|url)\s*[=(]\s*["\']?https?:', html)


def test_foreign_text_is_never_markup():
    bad = "</p><script>alert(1)</script><img src=x onerror=x>"
    shown = ticket(replace(ROOT, column=bad, where=bad, explains=(bad,), slices=(replace(SLICE, slice=bad),)), model=bad, reasons=(bad,), note=bad)
    for text in (explain_html(shown, [Figure(column=bad, reference=SIDE, current=SIDE)], note=bad), explain_markdown(shown)):
        assert "<script" not in text
        assert "<img" not in text


@pytest.mark.parametrize("show", [explain_markdown, explain_html])
@pytest.mark.parametrize("kind", ["none", "concept", "target", "prediction"])
def test_no_headline_contradicts_its_table(show, kind):
    quiet = replace(MOVED, subject="dewp", detector="ks", effect=0.54, p_value=0.2)
    text = show(ticket(RootCause(kind=kind, since="2013-03", harm=HARM), evidence=(HARM, quiet))).replace("\\", "")
    assert "0.54" in text
    assert "the largest change, not called drift, is ks 0.54 of dewp" in text
    for claim in ("no change of the data was seen", "the inputs did not", "inputs and labels stayed", "only the model"):
        assert claim not in text


def test_a_row_of_evidence_has_a_value_or_says_why_not():
    slice_ = replace(HARM, subject="holiday=none", effect=None, low=None, high=None)
    silent, unmeasured = replace(slice_, subject="silent", statistic=None), replace(slice_, subject="late", statistic=None, detail="no labels")
    text = explain_markdown(ticket(evidence=(HARM, slice_, silent, unmeasured)))
    assert "| performance | overall | roc_auc | 0.61 | 0.09 worse | 0.1 worse | 0.08 worse | – | 900 |  |" in text
    assert "| performance | holiday=none | roc_auc | 0.61 | – | – | – | – | 900 |  |" in text
    assert "silent" not in text
    assert "| performance | late | roc_auc | – | – | – | – | – | 900 | no labels |" in text


def test_a_small_loss_is_no_zero():
    text = explain_markdown(ticket(replace(ROOT, slices=(replace(SLICE, effect=1.234e-05, low=1.1e-05, high=1.3e-05),))))
    assert "| 1.234e-05 | 1.1e-05 | 1.3e-05 |" in text


def test_where_the_branch_is_there_accepting_takes_the_place_of_making_it():
    commands = ("keepfit improve 2013-03-harm", "keepfit explain 2013-03-harm")
    made = ticket(next=commands, branch="retrain/2013-03-harm")
    assert commands_of(ticket(next=commands)) == commands
    assert commands_of(made) == ("keepfit accept 2013-03-harm", "keepfit explain 2013-03-harm")
    assert "keepfit accept 2013-03-harm" in explain_markdown(made)
    assert commands_of(replace(made, status="resolved")) == ()
