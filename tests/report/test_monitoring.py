"""What `keepfit monitor` says of each window: whole sentences."""

from keepfit.records import Decision
from keepfit.report.monitoring import WindowLine, windows_table

LONG = "a retraining would gain 0.0210 roc_auc, at least 0.0110, worth a review is 0.005, on 9,000 rows; not before 2013-07-01 (cooldown)"


def test_the_reason_of_a_window_is_not_cut():
    decision = Decision(window="2013-04", action="continue", ground=None, cause=None, target=None, reasons=(LONG,))
    line = WindowLine(
        window="2013-04", rows=9000, status="seen", champion="1", metric=None, value=None, low=None, high=None, decision=decision, ticket=None, notes=()
    )
    assert len(LONG) > 120
    assert f"| {LONG} |" in windows_table([line]).replace("\\", "")
