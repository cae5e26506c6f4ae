"""What a report's Markdown shows, without the marks that it is written with."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.report.blocks import Line, TableBlock, blocks, plain_text, shown, width
from keepfit.report.tables import inline, markdown_table, plain

MARKS = st.text(st.sampled_from(list("\\`*[]~|_:./&<>$#;()-ab1 ŁW")), max_size=14)


@given(st.one_of(st.text(), MARKS))
def test_what_is_shown_is_the_text_that_was_written(text):
    assert shown(inline(text, max_chars=10**6)) == plain(text)


@given(st.lists(st.tuples(MARKS, MARKS, st.one_of(st.none(), st.integers())), max_size=4))
def test_a_table_is_read_back_whole(rows):
    (grid,) = blocks(markdown_table(["a|b", "c*", "n"], rows))
    assert grid.headers == ("a|b", "c*", "n")
    assert grid.rows == tuple(tuple(map(plain, row)) for row in rows)


@given(st.lists(st.tuples(MARKS, MARKS), min_size=1, max_size=4))
def test_plain_text_holds_no_escape_and_no_entity_that_was_not_written(rows):
    text = plain_text(f"**{inline(rows[0][0])}**\n\n{markdown_table(['a', 'b'], rows)}")
    for mark in (r"\\[`*\[\]~|_:.]", "&(?:amp|lt|gt|#36);"):
        assert len(re.findall(mark, text)) <= sum(len(re.findall(mark, plain(cell))) for row in (rows[0], *rows) for cell in row)


def test_the_cells_of_a_column_stand_below_one_another():
    text = plain_text(markdown_table(["column", "rows", "note"], [("dewp>46.94", 1234567, "[a|b]"), ("Łódź", 2, None)]))
    assert text.splitlines() == ["column           rows  note", "dewp>46.94  1,234,567  [a|b]", "Łódź                2  –"]


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("# Composition", Line(text="Composition", strong=True)),
        (r"**drift: a \*b\***", Line(text="drift: a *b*", strong=True)),
        (r"- rows where a\|b went", Line(text="- rows where a|b went")),
        ("  keepfit ack 2013-02-harm --until DATE", Line(text="  keepfit ack 2013-02-harm --until DATE")),
        ("see [the run](http://h/#/x), `keepfit gate`", Line(text="see the run (http://h/#/x), keepfit gate")),
    ],
)
def test_a_line_loses_its_marks_and_nothing_else(markdown, line):
    assert list(blocks(markdown)) == [line]


def test_what_looks_like_a_table_and_is_none_stays_as_it_is():
    assert plain_text("|x| is no table\nthe end") == "|x| is no table\nthe end\n"
    assert plain_text("") == ""


def test_wide_and_combining_characters_are_counted_as_they_are_drawn():
    assert [width(text) for text in ("abc", "東京", "e\u0301", "Łódź")] == [3, 4, 1, 4]


def test_numbers_stand_right():
    (grid,) = blocks(markdown_table(["k", "v"], [("a", 1.5), ("b", None)]))
    assert grid == TableBlock(headers=("k", "v"), rows=(("a", "1.5"), ("b", "–")), right=(False, True))
