"""Markdown tables keep their shape whatever the cells hold."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.report.tables import Raw, inline, markdown_table, number, plain, shorten


def cells_of(line):
    return re.split(r"(?<!\\)\|", line)[1:-1]


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=6))
def test_any_text_leaves_the_table_rectangular(rows):
    lines = markdown_table(["a", "b", "c"], rows).rstrip("\n").split("\n")
    assert len(lines) == len(rows) + 2
    # an escaped backslash before a pipe would unescape it: every backslash in the input is doubled first
    assert all(len(cells_of(line.replace("\\\\", ""))) == 3 for line in lines)


@given(st.text())
def test_no_html_survives(text):
    assert "<" not in inline(text)
    assert ">" not in inline(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](http://e.vil/a.png)", r"!\[x\](http\://e.vil/a.png)"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("`code`", r"\`code\`"),
        ("**bold** _it_ dep_delay", r"\*\*bold\*\* \_it\_ dep_delay"),
        ("a\r\nb\tc\u202eevil", "a b c evil"),
        ("www.evil.example", r"www\.evil.example"),
        ("$x$ ~~y~~ &lt;", r"&#36;x&#36; \~\~y\~\~ &amp;lt;"),
        ("back\\slash|", r"back\\slash\|"),
    ],
)
def test_marks_are_shown_not_obeyed(text, shown):
    assert inline(text) == shown


def test_raw_markdown_is_kept_on_one_line():
    assert inline(Raw("[run](http://host/#/x)\n|")) == r"[run](http://host/#/x) \|"


def test_rows_and_cells_are_bounded_and_the_rest_is_counted():
    text = markdown_table(["n"], ([i] for i in range(1000)), max_rows=3)
    assert text.endswith("| 2 |\n\n… and 997 more rows\n")
    assert len(markdown_table(["t"], [["x" * 10_000]])) < 250


def test_numbers_align_right_and_missing_is_a_dash():
    assert markdown_table(["k", "v"], [("a", 1.5), ("b",)]).split("\n")[1:] == ["|---|--:|", "| a | 1.5 |", "| b | – |", ""]


def test_a_row_with_too_many_cells_is_an_error():
    with pytest.raises(ValueError, match="2 cells in a table of 1 columns"):
        markdown_table(["k"], [("a", "b")])


def test_an_empty_table_has_its_header():
    assert markdown_table(["k"], []) == "| k |\n|---|\n"


def test_numbers_are_short_and_whole():
    assert [number(v) for v in (0, -3, 1e6, 0.1 + 0.2, 123456.789, float("inf"))] == ["0", "-3", "1,000,000", "0.3", "123,457", "–"]
    assert plain(True) == "yes"


@given(st.lists(st.text(st.sampled_from("abc,;"), min_size=1, max_size=8), min_size=1, max_size=40), st.integers(20, 200))
def test_a_sentence_is_cut_between_words(words, most):
    text = " ".join(words)
    cut = shorten(text, most)
    assert len(cut) <= most
    assert cut == text or text.startswith(cut.removesuffix("…"))
    assert cut == text or text[len(cut) - 1] in " ,;"


def test_what_keepfit_says_is_not_cut_and_a_name_is():
    sentence = "a retraining would gain 0.0210 roc_auc, at least 0.0110, worth a review is 0.005, on 9,000 rows; not before 2013-07-01 (cooldown), and " * 2
    assert inline(sentence.strip()).replace("\\", "") == sentence.strip()
    assert len(inline("x" * 10_000)) == 160
    assert len(inline("many words " * 1000)) <= 600


@pytest.mark.parametrize("value", [-5e-324, 5e-324, 1e-320])
def test_what_lies_a_hair_beside_zero_is_zero(value):
    assert number(value) == "0"
