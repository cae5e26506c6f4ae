from __future__ import annotations

from keepfit.records.quality import DoubtfulRow, QualityOutcome
from keepfit.report.quality import quality_section, quality_summary

OUTCOMES = (
    QualityOutcome(kind="duplicates", action="quarantine", rows=1200, left_out=1200, examples=(DoubtfulRow(row="b|1", beside="a"),)),
    QualityOutcome(kind="conflicts", action="report", rows=3, left_out=0),
    QualityOutcome(kind="contamination", action="quarantine", rows=3, left_out=2),
)


def test_the_sentence_says_what_was_found_and_what_became_of_it():
    assert quality_summary(OUTCOMES) == (
        "Of the rows that may train, 1,200 repeat another row (left out), 3 have the features of a row with another label (reported only), "
        "3 repeat a row that judges or is held out (2 left out)."
    )
    assert quality_summary(()) == ""


def test_an_id_can_not_break_the_table():
    line = next(line for line in quality_section(OUTCOMES).splitlines() if line.startswith("| duplicates"))
    assert line == r"| duplicates | quarantine | 1,200 | 1,200 | b\|1 (a) |"
