"""What `keepfit monitor` says of each window: whole sentences."""

from dataclasses import replace

from keepfit.records import Decision, Estimate, JudgedWindow, Window
from keepfit.report.monitoring import windows_table

APRIL = Window(id="2013-04", source="live")
LONG = "a retraining would gain 0.0210 roc_auc, at least 0.0110, worth a review is 0.005, on 9,000 rows; not before 2013-07-01 (cooldown)"


def why(*reasons, action="continue", notes=()):
    """The last column of a window's line."""
    decision = Decision(window="2013-04", action=action, ground=None, cause=None, target=None, reasons=reasons)
    line = JudgedWindow(model="m", champion="sha256:a", version="1", window=APRIL, status="seen", rows=9000, decision=decision, notes=notes)
    return windows_table([line]).replace("\\", "").splitlines()[-1].split(" | ")[-1].removesuffix(" |")


def test_the_reason_of_a_window_is_not_cut():
    assert len(LONG) > 120
    assert why(LONG) == LONG


def test_a_calm_line_says_what_is_noted_of_its_window_as_no_ticket_does():
    assert why("no change", notes=("x was stored as text",)) == "no change; x was stored as text"
    assert why("a loss within the margin", "drift in c", notes=("a note", "another")) == "a loss within the margin; drift in c; and 2 more"
    assert why("a harm", "drift in c", action="improve", notes=("a note",)) == "a harm"


def test_a_window_whose_labels_cannot_measure_it_has_labels():
    decision = Decision(window="2013-04", action="continue", ground=None, cause=None, target=None, reasons=())
    said = Estimate(metric="roc_auc", status="estimated", value=0.8, low=0.7, high=0.9, n=400, n_reference=400)
    line = JudgedWindow(model="m", champion="sha256:a", version="1", window=APRIL, status="seen", rows=400, estimate=said, decision=decision)
    assert "roc_auc about 0.8 (0.7 to 0.9), no labels yet" in windows_table([line])
    assert "roc_auc about 0.8 (0.7 to 0.9), not measured on 400 labels" in windows_table([replace(line, labelled=400)])
