"""One list of the words for missing, and it is pandas'."""

from pandas._libs.parsers import STR_NA_VALUES

from keepfit.tables.missing import MISSING_WORDS


def test_the_words_are_those_that_pandas_knows():
    assert set(MISSING_WORDS) == set(STR_NA_VALUES)
    assert len(MISSING_WORDS) == len(set(MISSING_WORDS))
