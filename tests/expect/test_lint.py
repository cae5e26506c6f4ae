"""All that is wrong with a suite is said at once, each with its line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from keepfit.expect.lint import lint

PRESENT, BETWEEN = "expect_column_values_to_not_be_null", "expect_column_values_to_be_between"
MEAN = "expect_column_mean_to_be_between"
KNOWN = {PRESENT, BETWEEN, MEAN}


def line(name: str, kind: str = PRESENT, *, severity: str = "info", meta: dict[str, object] | None = None, **kwargs: object) -> dict[str, object]:
    return {"type": kind, "kwargs": {"column": "x", **kwargs}, "severity": severity, "meta": {"id": name, **(meta or {})}}


def found(*lines: object, name: str = "rows", columns: set[str] | None = None, text: str | None = None):
    written = json.dumps({"name": name, "expectations": list(lines)}) if text is None else text
    return [(one.level, one.id, one.what) for one in lint(written, "rows", file="f", known=KNOWN, columns=columns, today=date(2026, 6, 1))]


def test_a_sound_suite_has_no_finding():
    assert found(line("a", meta={"review_after": "2026-06-01"}), columns={"x"}) == []


def test_every_wrong_line_is_said_not_the_first_alone():
    said = found(line("a", severity="fatal"), line("b", "expect_nothing"), line("c", meta={"why": 1}), line("d"), line("d"), {"type": PRESENT})
    assert [(level, name) for level, name, _ in said] == [("error", name) for name in ("a", "b", "c", "entry 6", "d")]
    assert said[4][2] == "the id 'd' is there 2 times"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "not JSON"),
        ("[]", "holds no JSON object"),
        ('{"name": "rows", "expectations": []}', "expects nothing"),
        ('{"name": "other", "expectations": [{}]}', "calls itself 'other'"),
    ],
)
def test_a_file_that_is_no_suite_is_said(text, what):
    assert any(what in said for _, _, said in found(text=text))


def test_lines_that_contradict_one_another_are_errors():
    said = found(line("low", MEAN, min_value=5), line("high", MEAN, max_value=3), line("range", BETWEEN, min_value=0, max_value=4))
    assert [one for one in said if one[0] == "error"] == [
        ("error", "high", "'high' and 'low' leave no value of x: at least 5, at most 3"),
        ("error", "low", "'low' and 'range' leave no value of x: at least 5, at most 4"),
    ]


def test_dates_and_columns_are_looked_at():
    said = found(line("late", meta={"review_after": "2026-05-31"}), line("odd", meta={"review_after": "soon"}), line("far", column="xx"), columns={"x"})
    assert sorted(said) == [
        ("error", "odd", "review_after 'soon' is no date"),
        ("warning", "far", "no window has the column 'xx'"),
        ("warning", "late", "was to be reviewed after 2026-05-31"),
    ]


def test_the_templates_own_suites_are_sound():
    folder = Path(__file__).resolve().parents[2] / "expectations"
    known = {one["type"] for path in folder.rglob("*.json") for one in json.loads(path.read_text())["expectations"]}
    for path in folder.rglob("*.json"):
        assert lint(path.read_text(), path.stem, file="f", known=known, columns=None, today=date(2026, 1, 1)) == ()
