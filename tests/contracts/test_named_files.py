"""A file that a docstring, a comment or a page names is there, so that a move leaves no signpost behind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {path.relative_to(ROOT).as_posix() for place in ("plugin", "tests", "stages") for path in (ROOT / place).rglob("*.py")}
NAMED = re.compile(r"`([\w/]+\.py)`")
OF_USERS = {"train.py", "predict.py", "score.py"}
SIGNPOSTS = [*(ROOT / "plugin" / "keepfit").rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("path", SIGNPOSTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_that_is_named_is_there(path):
    named = set(NAMED.findall(path.read_text(encoding="utf-8"))) - OF_USERS
    assert {name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in FILES)} == set()
