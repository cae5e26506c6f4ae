"""Every example of docs/python.md, run in its order in one folder: what the page says is what comes out."""

from __future__ import annotations

import doctest

from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "python.md"


def test_every_example_of_the_page_gives_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8")
    assert (said.failed, said.attempted > 10) == (0, True)


def test_no_example_of_the_page_is_left_out():
    text = PAGE.read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in text.split("```python\n")[1:]]
    assert [block for block in blocks if not block.startswith(">>> ") or not block.endswith("\n\n")] == []
