"""The augmentation `word_dropout`: words leave, what stays keeps its order, and one always stays."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.compose.augment.test_jitter import params
from tests.compose.augment.test_noise import rows

from keepfit.compose.augment.word_dropout import WordDropout
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.params import Params

TEXT = " ".join(f"word{number}" for number in range(40))


def texts(**kinds: str) -> Params:
    known = params(place="categorical")
    return known.model_copy(update={"data": known.data.model_copy(update={"features": {"place": "categorical", **kinds}})})


def shortened(values: list[str | None], rate: float = 0.1) -> list[str | None]:
    some = rows({"place": ["p"] * len(values), "body": pa.array(values, pa.string())})
    return WordDropout(rate=rate).change(some, some, texts(body="text")).columns["body"].to_pylist()


def test_words_leave_at_the_rate_and_those_that_stay_keep_their_order():
    found = shortened([TEXT] * 500)
    left = np.array([40 - len(text.split()) for text in found])
    assert left.mean() == pytest.approx(4, abs=0.3), "40 words at .1, a standard error of .08"
    for text in found:
        numbers = [int(word.removeprefix("word")) for word in text.split()]
        assert numbers == sorted(numbers)
    assert len(set(found)) > 300, "each row leaves out its own"


def test_one_word_stays_whatever_the_rate():
    assert {len(text.split()) for text in shortened(["a b c"] * 50, rate=0.99)} == {1}


def test_a_text_of_one_word_without_any_or_missing_stays_as_it_is():
    odd = ["word", "", None, "  ", "数据漂移监控与再训练"]
    assert shortened(odd, rate=0.9) == odd


def test_what_stays_is_spelled_and_spaced_as_it_was():
    found = shortened(["One,  two\n\tthree — four! five"] * 100, rate=0.4)
    assert all(word in "One,  two\n\tthree — four! five" for text in found for word in text.split())
    assert any("\n\t" in text for text in found)


def test_without_a_text_there_is_nothing_to_leave_words_out_of():
    with pytest.raises(ParamsError, match="there is no feature of the kind text"):
        WordDropout().prepared(texts())


def test_a_category_is_no_text_and_an_unknown_column_is_named():
    with pytest.raises(ParamsError, match="the feature 'place' is categorical, not text") as caught:
        WordDropout(columns=("place",)).prepared(texts(body="text"))
    assert caught.value.fix == "columns: [body]"
    with pytest.raises(UnknownNameError, match="no feature 'bodi'"):
        WordDropout(columns=("bodi",)).prepared(texts(body="text"))
