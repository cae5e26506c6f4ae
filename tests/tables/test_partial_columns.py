from __future__ import annotations

from keepfit.tables.partial_columns import partial_columns


def said(files):
    return [one.sentence for one in partial_columns(files)]


def test_a_column_of_a_later_file_is_told_with_the_file_that_it_begins_with():
    files = {"2013-01.csv": ["t"], "2013-02.csv": ["t"], "2013-03.csv": ["t", "x"]}
    assert said(files) == ["the column 'x' begins with 2013-03.csv: it is NULL in the 2 files before"]


def test_a_column_that_ends_or_comes_and_goes_is_counted():
    assert said({"a": ["x"], "b": []}) == ["the column 'x' is in 1 of 2 files (a first): it is NULL in the others"]


def test_columns_that_all_files_have_are_no_news():
    assert said({"a": ["t", "x"], "b": ["x", "t"]}) == []
    assert said({}) == []
