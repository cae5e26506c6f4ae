from __future__ import annotations

import pytest

from keepfit.errors import UnknownNameError
from keepfit.rule_kinds.at_least import AtLeast
from keepfit.rule_kinds.known import absolute_names, kind_of, known_kind


def test_a_kind_is_found_by_its_name():
    assert isinstance(kind_of("at_least"), AtLeast)
    assert known_kind("at_lest") is None


def test_one_that_nobody_brings_is_refused_with_the_nearest_known_one_and_where_it_was_asked_for():
    with pytest.raises(UnknownNameError) as bad:
        kind_of("at_lest", where="gate.yaml: models.m.rules.floor.kind")
    assert str(bad.value) == (
        "no rule kind 'at_lest' (gate.yaml: models.m.rules.floor.kind)\n"
        "  fix: did you mean 'at_least'? known: at_least, at_most, no_proof_of_harm, not_worse_than"
    )


def test_those_that_can_judge_a_first_model_are_listed_in_the_table_s_order():
    assert absolute_names() == ("at_least", "at_most")
