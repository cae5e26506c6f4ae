"""Every example of docs/python.md, run in its order in one folder: what the page says is what comes out."""

from __future__ import annotations

import doctest

from tests.conftest import REPOSITORY
from tests.flows.conftest import clicks, watched  # noqa: F401 - fixtures
from tests.flows.monitoring.test_monitor import rows_of, write_rows

PAGE = REPOSITORY / "docs" / "python.md"


def test_every_example_of_the_page_gives_what_it_says(watched, monkeypatch):  # noqa: F811 - the fixture
    write_rows(watched.root, rows_of(1), rows_of(2), rows_of(3, flipped=True))
    monkeypatch.chdir(watched.root)
    said = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8")
    assert (said.failed, said.attempted > 10) == (0, True)


def test_no_example_of_the_page_is_left_out():
    text = PAGE.read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in text.split("```python\n")[1:]]
    assert [block for block in blocks if not block.startswith(">>> ") or not block.endswith("\n\n")] == []
