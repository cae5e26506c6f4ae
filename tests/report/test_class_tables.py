from __future__ import annotations

from dataclasses import replace

import pytest

from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.confusions import ByClass, Confusion
from keepfit.report.class_tables import SHOWN, classes_section

BY_CLASS = ByClass(confused=(Confusion(true="a|b", said="outage", n=40, champion=3, challenger=9),), unlisted=0, greater_is_better=True)


def of(name, value, *, n=100, metric="f1_macro"):
    status = "undecided" if value is None else "measured"
    return Comparison(slice=f"class={name}", metric=metric, n=n, status=status, detail="2 rows" if value is None else "", challenger=value)


def page(*found, by_class=BY_CLASS):
    return "\n\n".join(classes_section(found, by_class))


def names(text):
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ") and " 100 |" in line]


def test_the_weakest_class_comes_first_and_what_was_not_measured_last():
    found = page(of("good", 0.9), of("rare", None), of("bad", 0.4))
    assert names(found) == ["bad", "good", "rare"]
    assert "| rare | 100 | undecided | – | 2 rows |" in found


def test_what_keeps_a_class_from_being_measured_stands_once():
    found = page(of("good", 0.9), of("good", 0.1, metric="log_loss"), of("rare", None), of("rare", None, metric="log_loss"))
    assert "| rare | 100 | undecided | – | undecided | – | 2 rows |" in found
    assert "why" not in page(of("good", 0.9))


def test_weak_is_high_where_a_smaller_value_is_better():
    loss = replace(BY_CLASS, greater_is_better=False)
    assert names(page(of("good", 0.1), of("bad", 0.9), by_class=loss)) == ["bad", "good"]


def test_a_page_of_many_classes_stays_readable():
    found = page(*(of(f"c{at:03d}", at / 300) for at in range(200)))
    assert len(names(found)) == SHOWN
    assert "170 classes more are in `scorecard.json`" in found


def test_names_of_classes_do_not_break_the_table():
    assert "a\\|b" in page(of("a|b", 0.5))


@pytest.mark.parametrize(("rows", "said"), [(1, "1 row is of a class"), (1200, "1,200 rows are of a class")])
def test_rows_of_a_class_that_is_not_listed_are_said(rows, said):
    assert said in page(of("a", 0.5), by_class=replace(BY_CLASS, unlisted=rows))
