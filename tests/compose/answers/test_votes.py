"""Several people on one row: most of them decide, a draw decides nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from keepfit.compose.answers.votes import Vote, counted
from keepfit.records import Tie

AT = datetime(2026, 11, 30, tzinfo=UTC)


def votes(**rows):
    """Row by row what ann, bob and cy said, a letter each (- nothing)."""
    return [
        Vote(place="", row=row, label=label, annotator=who, known_at=AT.replace(hour=hour), dated=True)
        for row, said in rows.items()
        for hour, (who, label) in enumerate(zip(("ann", "bob", "cy"), said, strict=False))
        if label != "-"
    ]


def test_the_label_that_most_give_stands_by_those_who_gave_it_from_when_the_last_had_answered():
    (decided,) = counted(votes(r="abb"), numbers=False).decided
    assert (decided.label, decided.annotator, decided.known_at) == ("b", "bob; cy", AT.replace(hour=2))


def test_a_draw_is_a_tie_with_what_each_said():
    found = counted(votes(r="ab", s="abc", t="aa"), numbers=False)
    assert found.ties == [Tie(row="r", answers={"ann": "a", "bob": "b"}), Tie(row="s", answers={"ann": "a", "bob": "b", "cy": "c"})]
    assert [one.row for one in found.decided] == ["t"]


def test_of_numbers_the_one_in_the_middle_stands():
    assert [one.label for one in counted(votes(r="193", s="91"), numbers=True).decided] == ["3", "1"]


def test_two_people_agree_by_cohens_kappa_of_the_rows_that_both_answered():
    agreement = counted(votes(r="aa", s="bb", t="ab", u="a-"), numbers=False).agreement
    assert (agreement.measure, agreement.rows, agreement.annotators) == ("Cohen's kappa", 3, 2)
    assert abs(agreement.value - 0.4) < 1e-12


def test_three_people_agree_by_fleiss_kappa():
    agreement = counted(votes(r="aaa", s="bbb", t="ab-"), numbers=False).agreement
    assert (agreement.measure, agreement.rows, agreement.annotators) == ("Fleiss' kappa", 3, 3)


def test_where_nobody_answered_a_row_twice_nothing_is_said_of_agreement():
    assert counted(votes(r="a--", s="-b-"), numbers=False).agreement is None
