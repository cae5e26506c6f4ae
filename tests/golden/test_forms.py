"""A stored form does not change unseen: what each looks like is written down beside the golden files of its version."""

from __future__ import annotations

import json

import pytest
from tests.golden.forms import FORMS, forms_of, name_of
from tests.golden.make import HERE, versions


@pytest.mark.parametrize("part", FORMS)
def test_a_form_that_changed_has_golden_files_of_its_own(part):
    newest = [folder for folder in versions(part) if (folder / name_of(part)).is_file()][-1]
    written, now = json.loads((newest / name_of(part)).read_text(encoding="utf-8")), forms_of(part)
    changed = sorted(name for name in written.keys() | now.keys() if written.get(name) != now.get(name))
    following = int(max(HERE.glob("v*"), key=lambda folder: int(folder.name[1:])).name[1:]) + 1
    make = f"python tests/golden/make.py v{following} {part}"
    assert not changed, f"what is stored as {', '.join(changed)} is not what {newest.name} says: {make} keeps one of each, and says what they look like now"


def test_a_field_more_is_a_change_and_a_docstring_is_none():
    schema = forms_of("gate")["JournalRow"]
    assert "at" in schema["properties"]
    assert "description" not in schema
    assert schema["required"] == ["at", "kind", "model", "version", "target", "who", "via", "text"]
