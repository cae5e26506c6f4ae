"""What an import of labels made of a file, in words."""

from __future__ import annotations

from keepfit.records import Agreement, LabelImport, RefusedAnswer, Tie
from keepfit.report.label_import import label_import_report, refusal


def test_what_was_taken_and_left_is_said():
    found = LabelImport(source="a.csv", file="labels/a.csv", taken=1_200, known=1, changed=2, empty=3, repeated=1)
    text = label_import_report(found)
    assert text.startswith("1,200 labels of a.csv written to labels/a.csv.")
    for line in (
        "1 label had been imported before",
        "2 rows had another label of people before",
        "3 answers are empty: no answer",
        "1 answer is the same twice",
    ):
        assert f"- {line}" in text


def test_ten_refused_answers_are_shown_and_the_others_counted():
    refused = tuple(RefusedAnswer(place=f"line {n}", row="'9'", why="no row has this id") for n in range(2, 14))
    text = label_import_report(LabelImport(source="a.csv", taken=7, refused=refused))
    assert text.startswith("Nothing was written: 12 answers are refused, and 7 labels of a.csv could be taken.")
    assert "Refused (12):" in text
    assert text.count("no row has this id") == 10
    assert "and 2 more" in text
    assert refusal(LabelImport(source="a.csv", refused=refused)) == "12 answers are refused, so none was taken"


def test_kappa_comes_with_its_n_and_ties_with_what_each_said():
    agreement = Agreement(measure="Fleiss' kappa", value=0.4321, rows=40, annotators=3)
    text = label_import_report(LabelImport(source="a.csv", agreement=agreement, ties=(Tie(row="7", answers={"ann": "yes", "bob": "no"}),)))
    assert "Fleiss' kappa 0.43 (n = 40 rows that at least two of 3 people answered)" in text
    assert "People disagree on 1 row, which will be asked about again:" in text
    assert "- 7: ann yes, bob no" in text


def test_what_a_file_says_is_no_markup():
    text = label_import_report(LabelImport(source="a.csv", refused=(RefusedAnswer(place="line 2", row="'<b>|x'", why="no row has this id"),)))
    assert "<b>" not in text
