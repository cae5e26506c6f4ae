"""A suite's text changes where it must and nowhere else, and git takes the patch."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from keepfit.errors import ExpectationError
from keepfit.expect.suggest.suite_text import edited, entries_of, patch

SUITE = Path(__file__).resolve().parents[3] / "expectations" / "data" / "rows.json"


def line(name: str, **kwargs: object) -> dict[str, object]:
    return {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "x", **kwargs}, "severity": "info", "meta": {"id": name}}


def canonical(name: str, lines: list[dict[str, object]]) -> str:
    return json.dumps({"name": name, "expectations": lines}, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", ["aaa", "distance_known", "zzz"])
def test_a_new_line_leaves_a_file_as_init_writes_it(name):
    was = SUITE.read_text(encoding="utf-8")
    entries = json.loads(was)["expectations"]
    assert edited(was, "rows", [line(name)]) == canonical("rows", sorted([*entries, line(name)], key=lambda one: one["meta"]["id"]))


def test_a_changed_bound_is_a_diff_of_one_line():
    was = SUITE.read_text(encoding="utf-8")
    entry = next(one for one in entries_of(was, "rows") if one["meta"]["id"] == "flights_have_weather")
    entry["kwargs"]["mostly"] = 0.99
    changed = [row for row in patch("s.json", was, edited(was, "rows", [entry])).splitlines() if row[:1] in "+-" and row[:3] not in ("---", "+++")]
    assert changed == ['-        "mostly": 0.98', '+        "mostly": 0.99']


def test_a_file_that_a_person_laid_out_keeps_its_layout():
    was = '{"name": "rows",\n "expectations": [\n  ' + ",\n  ".join(json.dumps(line(name)) for name in "bd") + "\n ]\n}"
    now = edited(was, "rows", [line("c"), line("d", mostly=0.5), line("e")])
    assert [one["meta"]["id"] for one in json.loads(now)["expectations"]] == ["b", "c", "d", "e"]
    assert now.splitlines()[:3] == was.splitlines()[:3]
    assert len(now.splitlines()) == 8
    assert not now.endswith("\n")


def test_no_file_becomes_a_suite_and_git_applies_every_patch(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "old.json").write_text('{"name": "old", "expectations": [' + json.dumps(line("b")) + "]}")
    made = edited(None, "new", [line("b"), line("a")])
    assert made == canonical("new", [line("a"), line("b")])
    old = (tmp_path / "old.json").read_text()
    text = "# a comment\n" + patch("deep/new.json", None, made) + patch("old.json", old, edited(old, "old", [line("é")]))
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=text.encode(), check=True)
    assert (tmp_path / "deep" / "new.json").read_text() == made
    assert [one["meta"]["id"] for one in entries_of((tmp_path / "old.json").read_text(), "old")] == ["b", "é"]
    assert patch("old.json", old, old) == ""


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "rows", "expectations": [{"type": "t", "kwargs": {}, "id": null}]}', '{"name": "rows"}'])
def test_what_has_no_ids_is_refused(text):
    with pytest.raises(ExpectationError):
        entries_of(text, "rows")
