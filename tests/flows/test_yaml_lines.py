from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from keepfit.errors import ParamsError
from keepfit.flows.yaml_lines import commented, put, put_block, scalar
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
