"""A report on terminals of any width: nothing is lost, no line is too long, no word is broken that fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.integrations.terminal import laid_out
from keepfit.report.blocks import width
from keepfit.report.tables import inline, markdown_table

WORDS = st.lists(st.text(st.sampled_from("abc|*[]ŁW東"), min_size=1, max_size=9), min_size=1, max_size=12).map(" ".join)
EVIDENCE = markdown_table(
    ["kind", "subject", "effect", "p", "note"],
    [
        ("performance", "errors of member=false", -0.5071, None, "changed; 67.9% of the labels are wrong, 27.1% in the first windows"),
        ("data", "dewp", 0.25, None, "x"),
    ],
)


@pytest.fixture
def terminal(monkeypatch):
    """Lay a report out at a width."""

    def at(columns, markdown):
        monkeypatch.setenv("COLUMNS", str(columns))
        return laid_out(markdown)

    return at


@given(st.lists(st.tuples(WORDS, WORDS, st.integers(0, 10**9), WORDS), min_size=1, max_size=4), st.integers(30, 200))
def test_a_table_fits_and_every_word_of_it_is_there(rows, columns):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COLUMNS", str(columns))
        text = laid_out(markdown_table(["slice", "note", "rows", "why"], rows))
    assert max(map(width, text.splitlines())) <= columns
    told = set(text.replace(";", " ").split())
    assert {word for row in rows for cell in row if isinstance(cell, str) for word in cell.split()} <= told


def test_a_table_with_room_has_one_line_a_row(terminal):
    assert [line.split()[0] for line in terminal(160, EVIDENCE).splitlines()] == ["kind", "performance", "data"]


def test_a_narrower_one_loses_what_is_empty_and_wraps_between_words(terminal):
    lines = terminal(80, EVIDENCE).splitlines()
    assert lines[0].split() == ["kind", "subject", "effect", "note"]
    assert lines[1].startswith("performance  errors of member=false  -0.5071  changed; 67.9% of")
    assert max(map(len, lines)) <= 80


def test_one_that_would_break_words_is_told_row_by_row(terminal):
    lines = terminal(40, EVIDENCE).splitlines()
    assert lines[:3] == ["performance  errors of member=false", "  effect: -0.5071; note: changed; 67.9%", "  of the labels are wrong, 27.1% in the"]
    assert lines[-2:] == ["data  dewp", "  effect: 0.25; note: x"]


def test_a_sentence_is_folded_under_its_bullet_and_a_command_is_left_whole(terminal):
    command = "  keepfit ack 2026-03-harm --until DATE --reason 'until the new sensor is there'"
    lines = terminal(40, f"- {inline('one two three four five six seven eight nine ten')}\nnext:\n{command}\n").splitlines()
    assert lines == ["- one two three four five six seven", "  eight nine ten", "next:", command]


def test_what_a_table_holds_is_never_a_style_or_a_link_of_the_terminal(terminal):
    text = terminal(100, markdown_table(["c"], [("[bold red]x[/] :warning: http://e.vil \x1b[31m",)]))
    assert text.splitlines()[1] == "[bold red]x[/] :warning: http://e.vil  [31m"
