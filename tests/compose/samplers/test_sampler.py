"""What a sampler says of each row: in texts, as other packages may, or in codes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.contracts.pools import pool

from keepfit.compose.recipe import Recipe
from keepfit.compose.samplers.sampler import CodedDraw, Drawn
from keepfit.compose.words import Words

PART = np.array(["train", "out", "replay"], dtype=object)
REASON = np.array(["new", "old", "new"], dtype=object)
KINDS = {"object": PART, "fixed width": PART.astype(str)}


@pytest.mark.parametrize("part", KINDS.values(), ids=KINDS)
def test_texts_of_any_kind_and_codes_say_the_same(part):
    texts, codes = Drawn(part=part, reason=REASON), CodedDraw(part=Words.of(PART), reason=Words.of(REASON))
    for drawn in (texts, codes, texts.but()):
        assert drawn.trains.tolist() == [True, False, True]
        assert (drawn.part.tolist(), drawn.reason.tolist()) == (PART.tolist(), REASON.tolist())
        assert (drawn.parts.names, drawn.reasons.codes.tolist()) == (("train", "out", "replay"), [0, 1, 0])


def test_a_sampler_that_changes_what_another_said_may_do_so_in_texts():
    codes = CodedDraw(part=Words.all(3, "train"), reason=Words.of(REASON))
    changed = replace(codes, part=np.where(REASON == "old", "out", codes.part).astype(object))
    assert (changed.trains.tolist(), changed.reason.tolist()) == ([True, False, True], REASON.tolist())


def test_a_recipe_draws_the_same_from_texts_and_from_codes():
    class Half:
        name, windows_needed = "half", None

        def __init__(self, coded):
            self.coded = coded

        def draw(self, pool, *, rng):
            part, reason = np.where(pool.label > 0, "train", "out").astype(object), np.where(pool.label > 0, "yes", "no").astype(object)
            return CodedDraw(part=Words.of(part), reason=Words.of(reason)) if self.coded else Drawn(part=part, reason=reason)

    by_texts, by_codes = (Recipe(name=None, sampler=Half(coded)).draw(pool()) for coded in (False, True))
    assert by_texts.part.tolist() == by_codes.part.tolist()
    assert by_texts.reason.tolist() == by_codes.reason.tolist()
    assert by_texts.trains.sum() == (pool().label > 0).sum()


def test_a_pool_has_as_many_rows_as_labels():
    assert len(pool()) == len(pool().row_id)
