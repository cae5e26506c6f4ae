from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.gate.overlap import is_literal, name_of, tokens

PATTERNS = st.text(alphabet="ab*?[!]-", max_size=6)
NAMES = st.text(alphabet="ab-!]", min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("patterns", "but_not", "name"),
    [
        (["flights-*", "*-late"], [], "flights-late"),
        (["a?c", "ab*"], [], "abc"),
        (["m[a-c]", "m[!a-b]"], [], "mc"),
        (["a", "b"], [], None),
        (["flights-late"], ["flights-*"], None),
        (["flights-??*"], ["flights-*"], None),
        (["m[ab]"], ["m?"], None),
        (["*"], ["?", "??"], "xxx"),
        (["*", "*"], [], "x"),
        ([""], [], None),
    ],
)
def test_the_name_is_found_or_there_is_none(patterns, but_not, name):
    assert name_of(patterns, but_not=but_not) == name


@settings(max_examples=200, deadline=None)
@given(PATTERNS, PATTERNS, NAMES)
def test_a_name_that_is_found_matches_and_one_that_matches_is_not_missed(one, other, name):
    found = name_of([one], but_not=[other])
    if found is None:
        assert not (fnmatchcase(name, one) and not fnmatchcase(name, other))
    else:
        assert fnmatchcase(found, one)
        assert not fnmatchcase(found, other)
    both = name_of([one, other])
    assert fnmatchcase(both, one) and fnmatchcase(both, other) if both else not (fnmatchcase(name, one) and fnmatchcase(name, other))


def test_a_pattern_without_wildcards_is_a_name():
    assert is_literal("flights-late")
    assert not any(is_literal(pattern) for pattern in ("f*", "f?", "f[a]"))


def test_a_bracket_that_never_closes_is_a_letter():
    assert tokens("a[!") == ("a", "[[]", "!")
    assert name_of(["a[!"]) == "a[!"
