"""The sheet that people fill in is safe in a spreadsheet, and comes back as it went."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.compose.answers.sheet import sheet as read
from keepfit.report.label_sheet import BOM, ShownRows, label_sheet
from keepfit.tables.spreadsheet import is_formula

IDS = st.text("'=+-@,;\"/:.#()0123456789eEaJNä漢 ", min_size=1, max_size=12).filter(lambda text: text == text.rstrip())


def rows(ids, values=None, columns=("x",), classes=("no", "yes")):
    return ShownRows(ids=ids, columns=columns, values=values or [("1",)] * len(ids), classes=classes, queue="q")


def cells(text):
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_excel_knows_it_for_utf_8_by_its_mark():
    assert label_sheet(rows(["r1"])).encode().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("formula", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "＝1"])
def test_no_cell_is_computed(formula):
    text = label_sheet(rows([formula], [(formula,)], columns=(formula,), classes=(formula, "yes")))
    assert [cell for line in cells(text) for cell in line if is_formula(cell)] == []


@given(st.lists(IDS, min_size=1, max_size=5, unique=True))
def test_the_ids_are_read_back_as_they_were(ids):
    header, *lines = cells(label_sheet(rows(ids)))
    out = io.StringIO()
    csv.writer(out).writerows([header, *([row, "yes", *values] for row, _, *values in lines)])
    found = read(out.getvalue().encode(), ids={"row"}, labels={"label"}, where="q.csv")
    assert [(answer.row, answer.label) for answer in found.answers] == [(one, "yes") for one in ids]


def test_a_text_of_several_lines_stays_one_cell():
    assert cells(label_sheet(rows(["r1"], [('a "b"\nc, d',)])))[1] == ["r1", "", 'a "b"\nc, d']


def test_a_column_of_the_row_that_is_named_as_one_of_ours_is_not_taken_for_it():
    assert cells(label_sheet(rows(["r1"], [("1", "2")], columns=("Label", "annotator"))))[0] == [
        "row",
        "label (no | yes)",
        "Label of the row",
        "annotator of the row",
    ]


def test_ten_thousand_classes_are_counted_not_listed():
    header = cells(label_sheet(rows(["r1"], classes=[f"class {number}" for number in range(10_000)])))[0]
    assert header[1].endswith("… 10000 in all)")
    assert len(header[1]) < 200
