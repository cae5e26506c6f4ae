"""What `keepfit monitor` says of each window: whole sentences."""

from keepfit.records import Decision
from keepfit.report.monitoring import WindowLine, windows_table

LONG = "a retraining would gain 0.0210 roc_auc, at least 0.0110, worth a review is 0.005, on 9,000 rows; not before 2013-07-01 (cooldown)"


def why(*reasons, action="continue", notes=()):
    """The last column of a window's line."""
    decision = Decision(window="2013-04", action=action, ground=None, cause=None, target=None, reasons=reasons)
    line = WindowLine(
        window="2013-04", rows=9000, status="seen", champion="1", metric=None, value=None, low=None, high=None, decision=decision, ticket=None, notes=notes
    )
    return windows_table([line]).replace("\\", "").splitlines()[-1].split(" | ")[-1].removesuffix(" |")


def test_the_reason_of_a_window_is_not_cut():
    assert len(LONG) > 120
    assert why(LONG) == LONG


def test_a_calm_line_says_what_is_noted_of_its_window_as_no_ticket_does():
    assert why("no change", notes=("x was stored as text",)) == "no change; x was stored as text"
    assert why("a loss within the margin", "drift in c", notes=("a note", "another")) == "a loss within the margin; drift in c; and 2 more"
    assert why("a harm", "drift in c", action="improve", notes=("a note",)) == "a harm"
