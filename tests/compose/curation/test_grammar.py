from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.compose.curation.grammar import Absent, Computed, Constant, Junction, Named, Negated, OneOf, Ordered, Spelt, names_in, parse
from keepfit.errors import ParamsError

WHERE = "curation.yaml: rules.a.where"


def tree(text):
    return parse(text, where=WHERE)


def test_and_binds_closer_than_or_and_not_closer_than_and():
    a, b, c = Named("a"), Named("b"), Named("c")
    assert tree("a or not b and c") == Junction(both=False, left=a, right=Junction(both=True, left=Negated(b), right=c))
    assert tree("(a or not b) and c") == Junction(both=True, left=Junction(both=False, left=a, right=Negated(b)), right=c)


def test_times_binds_closer_than_plus_and_plus_closer_than_a_comparison():
    assert tree("a + b * 2 < -3") == Ordered("<", Computed("+", Named("a"), Computed("*", Named("b"), Constant(2))), Constant(-3))


def test_words_are_read_in_any_case_and_a_name_of_other_signs_stands_between_backquotes():
    assert tree("`Dep. time` IS NOT NULL") == Negated(Absent(Named("Dep. time")))
    assert tree("`and` == TRUE") == Ordered("==", Named("and"), Constant(True))
    assert tree("größe > 1") == Ordered(">", Named("größe"), Constant(1))


def test_a_quotation_mark_is_written_twice_within_a_text():
    assert tree("a == 'it''s'") == Ordered("==", Named("a"), Constant("it's"))
    assert tree('a contains "say ""hi"""') == Spelt("contains", Named("a"), 'say "hi"')


def test_between_holds_both_ends():
    assert tree("a between 1 and 2") == tree("a >= 1 and a <= 2")
    assert tree("a not between 1 and 2") == Negated(tree("a >= 1 and a <= 2"))


def test_a_list_holds_constants():
    assert tree("a not in ['x', -1, 2.5, true]") == Negated(OneOf(Named("a"), ("x", -1, 2.5, True)))


def test_the_columns_of_a_condition_are_those_that_it_names():
    assert names_in(tree("a + b > 1 and (c is null or d in ['e'])")) == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ends where it needs a column"),
        ("a == 1 or", "ends where it needs a column"),
        ("a == 1 b", "'b' stands at character 8"),
        ("a = 1", "'='"),
        ("a == null", "nothing is equal to null"),
        ("1 < a < 2", "not chained"),
        ("a in []", "']' stands at character 7"),
        ("a in [b]", "'b' stands at character 7"),
        ("a in (1, 2)", "where the condition needs ["),
        ("a not", "ends where it needs in, between"),
        ("a is nul", "where the condition needs null"),
        ("a starts_with b", "where the condition needs a text after starts_with"),
        ("(a == 1", "ends where it needs )"),
        ("a == 'x", "the text that begins at character 6 never ends"),
        ("a == \x00", "'\\x00' at character 6 is not understood"),
        ("a -", "ends where it needs a column"),
    ],
)
def test_a_slip_is_said_in_one_sentence_with_its_place(text, said):
    with pytest.raises(ParamsError) as bad:
        tree(text)
    assert said in bad.value.what
    assert bad.value.where == WHERE
    assert "\n" not in bad.value.what
    assert len(bad.value.what) < 200


@pytest.mark.parametrize(
    ("text", "instead"), [("a = 1", "write =="), ("a <> 1", "write !="), ("a && b", "write and"), ("a || b", "write or"), ("!a", "write not")]
)
def test_the_signs_of_other_languages_are_answered_with_ours(text, instead):
    with pytest.raises(ParamsError) as bad:
        tree(text)
    assert bad.value.fix == instead


ATTACKS = [
    "__import__('os').system('true')",
    "a.__class__.__mro__[1]",
    "().__class__",
    "open('/etc/passwd')",
    "a[0] == 1",
    "{x for x in a}",
    "lambda: 0",
    "(a := 3) == 3",
    "9**9**9 > 1",
    "2 ^ 63 > 1",
    "a == 1; b == 2",
    "a == 1 # comment",
    "a == 1 if b else c",
    "@a",
    "a == f'{b}'",
    "1" * 1000 + " > a",
    "a > 1e999",
    "a > 99999999999999999999",
    "(" * 60 + "a" + ")" * 60,
    "not " * 60 + "a",
    "-" * 60 + "a > 1",
    "a > 1" + " or a > 1" * 150,
    "a" + " + a" * 150 + " > 1",
    "a in [" + ",".join(["1"] * 1001) + "]",
    "a == '" + "x" * 2000 + "'",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_refused_in_one_sentence(text):
    start = time.process_time()
    with pytest.raises(ParamsError) as bad:
        tree(text)
    assert time.process_time() - start < 0.5
    assert "\n" not in bad.value.what
    assert len(str(bad.value)) < 400


WORDS = ["a", "not", "and", "(", ")", "==", "1", "'x'", "-", "in", "[", "]", ",", "is", "null"]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_any_text_is_read_or_refused(text):
    said = ""
    try:
        tree(text)
    except ParamsError as bad:
        said = str(bad)
    assert len(said) < 400


def test_a_condition_at_the_bounds_is_read():
    assert tree("(" * 39 + "a" + ")" * 39) == Named("a")
    assert len(names_in(tree(" or ".join(f"c{number} > 1" for number in range(100))))) == 100
