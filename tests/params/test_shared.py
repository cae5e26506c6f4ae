"""Whose value of a key holds where several files say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.params import load_params
from keepfit.params.shared import at, merged, sources, staged_key

OWN = "extends: ../s.yaml\nmodel: {name: m, task: regression, target: y}\ndata: {live: r.csv, time: t}\nmonitor: {alpha: 0.01}\n"


def test_what_the_file_does_not_say_is_the_shared_ones():
    params = load_params(OWN, below={"monitor": {"alpha": 0.5, "page_on_drift": True}, "ledger": {"uri": "sqlite:///x"}})
    assert (params.monitor.alpha, params.monitor.page_on_drift, params.ledger.uri, params.monitor.min_effect) == (0.01, True, "sqlite:///x", 0.01)
    assert params.extends == "../s.yaml"


def test_entries_of_a_map_are_put_together_and_each_is_one_value():
    own = {"hooks": {"subscribers": {"me": {"hook": "file", "path": "a"}}}}
    shared = {"hooks": {"retrain": "auto", "subscribers": {"me": {"hook": "command", "command": ["x"]}, "team": {"hook": "file", "path": "b"}}}}
    assert merged([own, shared]) == {"hooks": {"subscribers": {"me": {"hook": "file", "path": "a"}, "team": {"hook": "file", "path": "b"}}, "retrain": "auto"}}


def test_a_list_and_a_null_are_values():
    assert merged([{"a": {"b": [1], "c": None}}, {"a": {"b": [2, 3], "c": {"d": 1}}}]) == {"a": {"b": [1], "c": None}}


@pytest.mark.parametrize(
    ("shared", "key"),
    [
        ({"monitor": {"min_effect": 1}}, None),
        ({"monitor": {"bins": 1}}, "monitor.bins"),
        ({"data": {"time": "t"}}, "data.time"),
        ({"data": None}, "data"),
        ({"update": {"refit": False}}, "update.refit"),
        ({"update": {"price": 1}}, None),
        ({"monitor": {}}, "monitor"),
    ],
)
def test_a_key_that_a_stage_reads_is_found_above_and_below(shared, key):
    assert staged_key(shared, ["model", "data", "monitor.bins", "update.refit"]) == key


TREES = st.recursive(st.integers() | st.none(), lambda below: st.dictionaries(st.sampled_from("abc"), below, max_size=3), max_leaves=12)
FILES = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


def by_hand(files, depth=3):
    """The same by the rule in words: the first file's value, maps above the third level put together."""
    first, *others = files
    found = dict(first)
    for other in others:
        for key, value in other.items():
            if key not in found:
                found[key] = value
            elif depth > 1 and isinstance(found[key], dict) and isinstance(value, dict):
                found[key] = by_hand([found[key], value], depth - 1)
    return found


@given(st.lists(FILES, min_size=1, max_size=2))
def test_merging_is_what_the_rule_says(files):
    assert merged(files) == by_hand(files)


@given(FILES)
def test_a_file_over_itself_or_over_nothing_is_itself(data):
    assert merged([data]) == merged([data, {}]) == merged([{}, data]) == merged([data, data]) == data


@given(FILES, FILES, FILES)
def test_a_chain_may_be_put_together_from_either_end(a, b, c):
    assert merged([a, merged([b, c])]) == merged([a, b, c])


@given(FILES, FILES)
def test_every_value_is_that_of_the_file_it_is_said_to_be_from(a, b):
    for path, number in sources([a, b]).items():
        assert at(merged([a, b]), path) == at([a, b][number], path)
