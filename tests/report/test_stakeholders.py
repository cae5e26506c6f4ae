from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.report.test_probation import LAST
from tests.report.test_review import TICKET

from keepfit.records import Decision, JournalRow, JudgedWindow, Pin, Window
from keepfit.report.stakeholders import ModelStanding, stakeholders_text

PIN = Pin(model="flights", version="2", digest="sha256:bb", trained_until=None, evaluated_until=None, metric="roc_auc", value=0.71)
MARCH = Window(id="2013-03", source="live", start=datetime(2013, 3, 1), end=datetime(2013, 4, 1))
DECISION = Decision(window="2013-03", action="continue", ground=None, cause=None, target=None, reasons=())
SEEN = JudgedWindow(model="flights", champion="sha256:bb", version="2", window=MARCH, status="seen", rows=900, labelled=880, decision=DECISION)
ABOUT = {"model": "flights", "target": "alias champion", "via": "browser", "text": "said"}
APPROVED = JournalRow(at=datetime(2013, 3, 1, tzinfo=UTC), kind="approved", version="2", who="rita", **ABOUT)
PROMOTED = JournalRow(at=datetime(2013, 3, 2, tzinfo=UTC), kind="promoted", version="2", who="paul", previous="1", **ABOUT)
REFUSED = replace(PROMOTED, kind="refused", version="3")
WHOLE = ModelStanding(
    model="flights",
    task="classification",
    target="late",
    features=15,
    metric="roc_auc",
    champion=PIN,
    windows=(replace(SEEN, value=0.69, low=0.67, high=0.71), replace(SEEN, window=replace(MARCH, id="2013-04"))),
    journal=(APPROVED, PROMOTED, REFUSED),
    promotions=(LAST,),
    tickets=(TICKET,) * 5,
)


def test_half_a_page_answers_six_questions_in_at_most_2000_characters():
    text = stakeholders_text(WHOLE)
    assert text.startswith("# flights\n\n**What it does.** It tells late from 15 columns; version 2 serves.")
    for said in (
        "judged at roc_auc 0.71. In 2013-03, the newest window with labels, it reached 0.69 (0.67 to 0.71) on 880 rows with a label.",
        "Version 2 was promoted on 2013-03-02, in the place of version 1; it serves since.",
        "later labels delivered +0.012",
        "2013-02-harm asks to improve, since 2013-02; 2013-02-harm asks to improve, since 2013-02;",
        "and 2 more.",
        "**Who decided.** paul; approved by rita.",
    ):
        assert said in text
    assert len(text) < 2000


def test_what_is_not_known_is_said_to_be_so_and_nothing_is_made_up():
    text = stakeholders_text(replace(WHOLE, champion=None, windows=(), journal=(), silent="the server is away", promotions=(), tickets=()))
    for said in (
        "no version serves yet",
        "Nothing has been measured yet.",
        "could not be read: the server is away.",
        "**What is open.** Nothing.",
        "Not known",
    ):
        assert said in text


def test_names_that_people_typed_stay_text():
    text = stakeholders_text(replace(WHOLE, journal=(replace(PROMOTED, who="[x](javascript:y) <b>"),)))
    assert "](javascript" not in text.replace("\\](", "")
    assert "<b>" not in text
