"""Sheets of answers as spreadsheets save them: what is read, and what is named by its line."""

from __future__ import annotations

import pytest

from keepfit.compose.answers.sheet import sheet
from keepfit.errors import DataError


def read(content, **changed):
    content = content if isinstance(content, bytes) else content.encode()
    return sheet(content, **{"ids": {"row", "id"}, "labels": {"label", "topic"}, "where": "a.csv", **changed})


def said(content):
    return [(answer.place, answer.row, answer.label) for answer in read(content).answers]


@pytest.mark.parametrize(
    "content",
    [
        b"id,label\r\n7,yes\r\n8,\r\n",
        b"\xef\xbb\xbfid,label\n7,yes\n8,\n",
        "id\tlabel\r\n7\tyes\r\n8\t\r\n".encode("utf-16"),
        b"id;label\r\n7;yes\r\n8;\r\n",
        b'"id"|"label"\n"7"|"yes"\n"8"|""\n',
        b"note,ID ,Label (no | yes)\n,7, yes \n,8,\xc2\xa0\n",
    ],
)
def test_a_sheet_says_the_same_however_it_was_saved(content):
    assert [pair[1:] for pair in said(content)] == [("7", "yes"), ("8", "")]


def test_excels_sep_line_and_lines_above_the_header_are_passed_over_and_counted():
    assert said("sep=;\nPlease fill in;\nid;label\n7;yes\n") == [("line 4", "7", "yes")]


def test_windows_1252_is_read_and_said():
    found = read("id;label\n7;Störung\n".encode("cp1252"))
    assert [answer.label for answer in found.answers] == ["Störung"]
    assert found.remarks == ["read as Windows-1252"]


def test_a_line_is_counted_as_an_editor_counts_it_where_a_cell_has_several():
    assert said('text,id,label\n"two\nlines",7,yes\nplain,8,no\n') == [("line 2", "7", "yes"), ("line 4", "8", "no")]


def test_a_cell_of_a_million_characters_is_named_and_the_other_lines_are_read():
    found = read(f"id,label\n7,{'x' * 1_000_000}\n8,yes\n{'9' * 1_000_000},no\n")
    assert [answer.row for answer in found.answers] == ["8"]
    assert [(one.place, one.why) for one in found.misread] == [
        ("line 2", "the label has 1,000,000 characters, at most 1,000 are read"),
        ("line 4", "the id has 1,000,000 characters, at most 1,000 are read"),
    ]
    assert all(len(one.row) < 100 for one in found.misread)


def test_a_long_text_beside_the_answer_is_nobodys_business():
    assert said(f"id,text,label\n7,{'x' * 1_000_000},yes\n") == [("line 2", "7", "yes")]


def test_a_line_with_more_cells_than_the_header_and_one_without_an_id_are_named():
    found = read("id,label\n7,yes,no\n,yes\n8,no,,\n\n,\n")
    assert [(one.place, one.why) for one in found.misread] == [("line 2", "3 cells, the header line names 2"), ("line 3", "it has a label but no id")]
    assert [answer.row for answer in found.answers] == ["8"]


def test_a_formula_that_was_guarded_by_the_export_is_the_id_that_it_was():
    assert said("id,label\n'=7,yes\n") == [("line 2", "=7", "yes")]


def test_who_answered_and_when_is_read_where_the_sheet_says_it():
    found = read("id,label,annotator,known_at\n7,yes,ann,2026-11-30T12:00:00+02:00\n8,no,bob,\n9,no,,yesterday\n")
    assert [(one.annotator, one.known_at and one.known_at.isoformat()) for one in found.answers] == [("ann", "2026-11-30T10:00:00+00:00"), ("bob", None)]
    assert [(one.place, one.why) for one in found.misread] == [("line 4", "known_at is 'yesterday', no time")]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"PK\x03\x04rest", "a workbook, not a table in text"),
        (b"\x00\x01\x02id,label\n", "it holds NUL characters"),
        (b"\x81\x8d\x8f\n", "no text"),
        (b"7,yes\n8,no\n", "no line names a column of ids and one of answers: '7,yes'"),
        (b"id,answer\n7,yes\n", "no line names a column of ids and one of answers"),
        (b'id,label\n7,"yes\n8,no\n', "a quotation mark of line 2 does not end where its cell ends"),
        (b'id,label\n7,"yes"no\n', "a quotation mark of line 2 does not end where its cell ends"),
    ],
)
def test_what_is_no_sheet_is_refused_in_one_sentence(content, what):
    with pytest.raises(DataError) as bad:
        read(content)
    assert what in bad.value.what
    assert bad.value.where == "a.csv"
    assert bad.value.fix
