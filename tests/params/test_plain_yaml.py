"""The quick reader of params.yaml gives what ruamel gives, or leaves it to ruamel."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from keepfit.errors import ParamsError
from keepfit.params.plain_yaml import _plain, _UnusualError, load_yaml, parse_yaml

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "params.yaml").read_text(encoding="utf-8").split("\n")


def by_ruamel(text):
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("name", ["params.yaml", "gate.yaml", "curation.yaml"])
def test_the_templates_are_read_quickly_and_alike(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert _plain(text) == by_ruamel(text)


UNUSUAL = {
    "a date": "a: 2013-02-01",
    "an octal number of YAML 1.1": "a: 0123",
    "an octal number": "a: 0o17",
    "sexagesimal": "a: 1:30",
    "an exponent": "a: 1e3",
    "another true": "a: True",
    "infinity": "a: .inf",
    "an anchor": "a: &x 1\nb: *x",
    "a merge": "a: &x {b: 1}\nc:\n  <<: *x",
    "a tag": "a: !!str 1",
    "a document's mark": "---\na: 1",
    "a version": "%YAML 1.1\n---\na: yes",
    "a plus": "a: +1",
    "a list as key": "? [a]\n: 1",
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_what_the_two_could_read_differently_is_ruamels(text):
    with pytest.raises(_UnusualError):
        _plain(text)
    assert repr(parse_yaml(text)) == repr(by_ruamel(text))


@pytest.mark.parametrize("text", ["a: yes", "a: off", "a: no", "a: 'true'", 'a: "1"', "a: null", "a:", "", "# nothing", "a: 14 days", "a: ~", "- 1\n- -2.50"])
def test_what_is_plain_is_what_yaml_1_2_says(text):
    assert repr(_plain(text)) == repr(by_ruamel(text))


@pytest.mark.parametrize(
    ("text", "problem"), [("a: 1\na: 2", "duplicate key"), ("a: [", "line 1"), ("a: 1\n\tb: 2", "line 2"), ("a: 1\n--- \nb: 2", "another document")]
)
def test_what_is_no_yaml_is_refused_in_ruamels_words(text, problem):
    with pytest.raises(ParamsError, match=problem):
        load_yaml(text, where="params.yaml")


CHARACTERS = st.sampled_from(list("[]{}:,#'\"&*!|>%@`-? ~=<.\n\t0123456789abeEtTnNxXyo_/+é"))


@given(at=st.integers(0, len(LINES) - 5), lines=st.integers(1, 4), edits=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 2), CHARACTERS), max_size=3))
@settings(max_examples=300, deadline=None)
def test_a_text_with_any_slip_of_the_hand_is_read_as_ruamel_reads_it(at, lines, edits):
    chunk = LINES[at : at + lines]
    indent = min((len(line) - len(line.lstrip()) for line in chunk if line.strip()), default=0)
    letters = list("\n".join(line[indent:] for line in chunk))
    for place, how, letter in edits:
        here = place % (len(letters) + 1)
        letters[here : here + (how != 1)] = [] if how == 2 else [letter]
    text = "".join(letters)
    try:
        quick = _plain(text)
    except _UnusualError:
        return
    try:
        assert repr(quick) == repr(by_ruamel(text))
    except (YAMLError, ValueError) as bad:
        raise AssertionError(f"ruamel refuses what was read: {text!r}") from bad
