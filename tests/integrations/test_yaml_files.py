from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from keepfit.errors import ParamsError
from keepfit.integrations.yaml_files import commented, key_lines, put, put_block, put_entry, put_or_add, read_map, scalar
from keepfit.params import load_params

TEMPLATE = (Path(__file__).resolve().parents[2] / "params.yaml").read_text()


def changed(before, after):
    return [new for old, new in zip(before.split("\n"), after.split("\n"), strict=True) if old != new]


def test_one_edit_changes_one_line_and_keeps_its_comment():
    assert changed(TEMPLATE, put(TEMPLATE, "data.window", "week")) == ["  window: week                  # month | week | day | '<n> rows'"]


def test_a_key_is_found_by_its_whole_path():
    edited = put(TEMPLATE, "monitor.min_rows", 7)
    assert load_params(edited).monitor.min_rows == 7
    assert load_params(edited).evaluate.min_rows == 100


def test_a_block_is_replaced_whole():
    edited = put_block(TEMPLATE, "data.features", commented([("age: numeric", "years"), ('"the plan": categorical', "")]))
    assert load_params(edited).data.features == {"age": "numeric", "the plan": "categorical"}
    assert load_params(put_block(TEMPLATE, "evaluate.slices", [])).evaluate.slices == {}


@pytest.mark.parametrize("text", ["yes", "null", "1e3", "a: b", "#x", "2013-02-01", "ü", "", "~", "0x1", "it's", 'say "x"', "- a", "*", "a\tb"])
def test_any_text_comes_back_as_it_was(text):
    edited = put(TEMPLATE, "data.group", text)
    assert load_params(edited).data.group == text


def test_dates_are_text_because_dvc_refuses_yaml_dates():
    assert scalar(datetime(2013, 2, 1)) == "'2013-02-01'"
    assert scalar(datetime(2013, 2, 1, 3)) == "'2013-02-01T03:00:00'"


def test_a_key_that_is_not_there_is_one_sentence():
    with pytest.raises(ParamsError, match=r"no line for 'data\.wndow'"):
        put(TEMPLATE, "data.wndow", "week")


def test_entries_join_an_empty_map_and_comments_stay(tmp_path):
    path = tmp_path / "windows.yaml"
    path.write_text("{}\n")
    put_entry(path, "2013-12", {"verdict": "exclude", "reason": "no: weather"})
    path.write_text("# decided by people\n" + path.read_text())
    put_entry(path, "2013-W06", {"verdict": "accept", "reason": "blizzard"})
    assert path.read_text().startswith("# decided by people\n2013-12:\n")
    assert read_map(path) == {"2013-12": {"verdict": "exclude", "reason": "no: weather"}, "2013-W06": {"verdict": "accept", "reason": "blizzard"}}


def test_an_id_that_looks_like_a_date_stays_text(tmp_path):
    put_entry(tmp_path / "w.yaml", "2013-02-05", {"verdict": "accept", "reason": "r"})
    assert list(read_map(tmp_path / "w.yaml")) == ["2013-02-05"]


def test_a_list_is_no_map(tmp_path):
    (tmp_path / "w.yaml").write_text("- a\n")
    with pytest.raises(ParamsError, match="not a map"):
        read_map(tmp_path / "w.yaml")


def test_every_key_has_its_line_in_block_and_flow_style():
    lines = key_lines((Path(__file__).resolve().parents[2] / "gate.yaml").read_text())
    text = (Path(__file__).resolve().parents[2] / "gate.yaml").read_text().split("\n")
    assert len(lines) > 10
    for path, line in lines.items():
        assert path[-1] in text[line - 1], path


@pytest.mark.parametrize("text", ["", "- a", "a: [", "x", "? [a]\n: 1"])
def test_what_is_no_map_has_no_lines(text):
    assert key_lines(text) == {}


def test_a_map_that_holds_itself_ends():
    assert len(key_lines("a: &a {b: *a}")) == 8


def test_put_or_add_is_put_where_there_is_a_line():
    text = "a:\n  b: 1  # why\n"
    assert put_or_add(text, "a.b", 2) == put(text, "a.b", 2)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n  b: 1\n", "a:\n  c: [x]\n  b: 1\n"),
        ("z: 1\n", "z: 1\na:\n  c: [x]\n"),
        ("a:  # said\n  b: 1\nz: 1", "a:  # said\n  c: [x]\n  b: 1\nz: 1"),
    ],
)
def test_a_key_without_a_line_gets_one_below_its_section(text, after):
    assert put_or_add(text, "a.c", ["x"]) == after


@pytest.mark.parametrize("text", ["a: {b: 1}\n", "a: {c: [y]}\n", "a: {b: 1,\n  c: 2}\n"])
def test_a_section_in_flow_style_takes_no_line(text):
    with pytest.raises(ParamsError, match=r"'a\.c' has no line of its own"):
        put_or_add(text, "a.c", ["x"])
