"""What a person reads of a difference is bounded, and shows values as they are and nothing else."""

from __future__ import annotations

from keepfit.records.data_diff import CellChange, ColumnChange, DataDiff, LoneColumn, RowExample, ValuePair
from keepfit.report.blocks import plain_text
from keepfit.report.data_diff import data_diff_line, data_diff_report

NONE = DataDiff(what="data/windows", before="HEAD~1", now="HEAD", key=("id",), rows_before=3, rows_now=3, added=0, removed=0, changed=0)
WILD = 'x\x1b[31m|<b>`*\u202e"' + "long " * 400


def wild_column(number):
    pairs = tuple(ValuePair(before=f"{WILD}{place}", now=None, rows=10**5) for place in range(5))
    return ColumnChange(name=f"{WILD}{number}", kind="text", stored="text", stored_before="int64", rows=10**6, filled=3, emptied=5 * 10**5, pairs=pairs)


def test_no_difference_is_one_line_and_what_was_compared():
    assert data_diff_line(NONE) == "no difference in the data"
    assert len(data_diff_report(NONE).splitlines()) < 10


def test_the_line_counts_rows_and_columns():
    found = DataDiff(
        what="tables",
        before="a",
        now="b",
        key=(),
        rows_before=2,
        rows_now=2,
        added=1,
        removed=0,
        changed=1200,
        columns_added=(LoneColumn(name="z", stored="int64", known=2),),
        columns=(ColumnChange(name="y", was="x", kind="number", stored="int64", stored_before="int64", rows=0),),
    )
    assert data_diff_line(found) == "1 row added, 1,200 changed, 1 column added, 1 column renamed"


def test_wild_data_is_bounded_and_harmless():
    cells = tuple(CellChange(column=WILD, before=WILD, now=WILD) for _ in range(4))
    lone = tuple(LoneColumn(name=f"{WILD}{number}", stored="text", known=1) for number in range(300))
    found = DataDiff(
        what=WILD,
        before=WILD,
        now=WILD,
        key=(WILD,) * 30,
        rows_before=1,
        rows_now=1,
        added=1,
        removed=1,
        changed=1,
        columns=tuple(wild_column(number) for number in range(200)),
        columns_added=lone,
        columns_removed=lone,
        examples=(RowExample(key=WILD, state="changed", file=WILD, cells=cells),) * 5,
    )
    markdown = data_diff_report(found)
    text = plain_text(markdown)
    assert len(text.splitlines()) < 60
    assert len(markdown) < 20_000
    assert not {"\x1b", "\u202e"} & set(text)
    assert "<b>" not in markdown


def test_two_numbers_that_read_the_same_are_shown_in_full():
    cells = (CellChange(column="x", before=39.00001, now=39.00002),)
    found = DataDiff(
        what="tables", before="a", now="b", key=("id",), rows_before=1, rows_now=1, added=0, removed=0, changed=1,
        examples=(RowExample(key="1", state="changed", cells=cells),),
    )  # fmt: skip
    assert "x 39.00001 → 39.00002" in plain_text(data_diff_report(found))
