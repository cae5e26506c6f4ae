"""What the pages say of rows that augmentations made."""

from __future__ import annotations

from dataclasses import replace

from tests.report.test_composition import CANDIDATE, CHAMPION
from tests.report.test_review import NEW, REVIEW

from keepfit.records import Augmented
from keepfit.report.composition import composition_report
from keepfit.report.review import review_text

JITTER = Augmented(name="jitter", share=0.2, rows=140, parents=140, weight=0.151, alike=3, broken=17, checked=True, notes=("left as they are: miles",))
REFUSED = Augmented(name="swap", share=0.5, rows=0, parents=0, weight=0.0, refused="they break rows/mean_x, which their parents meet: 7 | 8", checked=True)
MADE = replace(CANDIDATE, augmented=(JITTER, REFUSED))


def test_the_composition_counts_them_apart_and_says_what_was_left_out():
    said = composition_report(MADE, None)
    assert "| rows made of them | 140 |" in said
    assert "| rows that train | 80 |" in said
    assert "| jitter | 20 % | 140 | 140 | 15.1% | 3 | 17 |" in said
    assert "jitter: left as they are: miles.\n" in said
    assert "**None of the rows that swap made trains:** they break rows/mean_x, which their parents meet: 7 \\| 8." in said


def test_beside_a_champion_without_any_the_difference_is_told():
    assert "| rows made of them | 140 | 0 | +140 |" in composition_report(MADE, CHAMPION)
    assert "| rows made of them | 0 | 140 | −140 |" in composition_report(CANDIDATE, MADE)
    assert "rows made" not in composition_report(CANDIDATE, CHAMPION)


def test_without_a_suite_it_says_that_nothing_looked_them_over():
    said = composition_report(replace(CANDIDATE, augmented=(replace(JITTER, checked=False, broken=0),)), None)
    assert "| 3 | not checked |" in said
    assert "There is no data suite" in said


def test_a_review_says_in_a_sentence_how_many_were_made():
    said = review_text(replace(REVIEW, composition=replace(NEW, augmented=(JITTER,))))
    assert (
        "Beside 800 rows that came train 140 that were made of them: jitter 140 (15.1% of the weights, 17 more broke the data suite and were left out)." in said
    )
    assert "made of them" not in review_text(REVIEW)
    assert "**swap none**, as they break" in review_text(replace(REVIEW, composition=replace(NEW, augmented=(REFUSED,))))
