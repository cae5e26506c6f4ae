"""A report's Markdown, cut into what a page shows."""

from __future__ import annotations

from keepfit.report.markdown_page import pieces
from keepfit.report.tables import inline, markdown_table


def test_headings_lists_and_tables_come_in_their_order_as_plain_text():
    text = f"**3 rows {inline('<b>')}**\n\nWindows: 1.\n\n## Labels\n\n{markdown_table(('a', 'b'), [('x|y', 1)])}\n- one\n- two\n"
    found = pieces(text)
    assert [one.kind for one in found] == ["heading", "text", "heading", "table", "list"]
    assert found[0].lines == ("3 rows <b>",)
    assert (found[3].table.rows, found[3].table.right) == ((("x|y", "1"),), (False, True))
    assert found[4].lines == ("one", "two")


def test_nothing_is_nothing():
    assert pieces("") == ()
