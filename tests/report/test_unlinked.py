from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from keepfit.report.tables import inline
from keepfit.report.unlinked import unlinked

CALLS = re.compile(r"@\w|(?<![\w&])#\d|!\d|&\d|\$\d|~\w|://|(?:GH|gh)-\d|(?<![\w:]):[a-z0-9_+-]*[a-z][a-z0-9_+-]*:")
"""What GitHub's and GitLab's filters look for in the text that is left when Markdown has been read (their documentation: autolinked references, special
references, mentions, emoji)."""


def shown(markdown):
    """The text outside of code, as a forge's filters see it."""
    tokens = [child for token in MarkdownIt("commonmark").enable("table").parse(markdown) for child in token.children or ()]
    return "".join(child.content for child in tokens if child.type == "text")


@pytest.mark.parametrize(
    "text",
    [
        "@octocat",
        "see @org/team",
        "#12",
        "owner/repo#12",
        "!34",
        "&5",
        "$6",
        "~bug",
        "http://e.vil",
        "ftp://e.vil",
        "GH-12",
        ":tada:",
        "a@b.example",
        "%milestone",
        "@_who",
    ],
)
def test_what_a_forge_links_is_shown_and_not_linked(text):
    seen = shown(unlinked(inline(text)))
    assert seen.replace("\u200b", "") == text
    assert CALLS.search(seen) is None
    assert seen != text


@given(st.text(st.sampled_from("@#!&$~:/`\\|<>[]()*_ abgh12GH-%\n"), max_size=40))
def test_no_text_calls_anybody_and_all_of_it_is_read(text):
    markdown = unlinked(inline(text))
    tokens = [child for token in MarkdownIt("commonmark").parse(f"x {markdown} x") for child in token.children or ()]
    assert {child.type for child in tokens} <= {"text", "text_special"}
    seen = "".join(child.content for child in tokens)
    assert CALLS.search(seen) is None
    assert seen.replace("\u200b", "").split() == f"x {text} x".split()


def test_code_and_the_targets_of_own_links_stay_as_they_are():
    text = "[v2](http://h/#/models/m/2) `@x #1` and\n\n```diff\n+a: @somebody http://x #12\n```\n"
    assert unlinked(text) == text
    assert unlinked("a\\`@x\\`") == "a\\`@&#8203;x\\`", "an escaped backtick begins no code"
