"""The first known values of columns: those of the table, read no further than they reach."""

import pyarrow as pa
from tests.profiles.test_stream import Cut, InPairs

from keepfit.tables.first_values import FirstValuesPass, first_values
from keepfit.tables.passes import run_part


def test_they_are_the_first_that_are_known_of_each_column():
    values = pa.table({"a": [None] * 50 + [f"v{i}" for i in range(100)], "b": ["n/a", "x"] * 75})
    found = first_values(Cut(values, size=7), ["a", "b"], most=10, missing_words=False)
    assert found["a"].to_pylist() == [f"v{i}" for i in range(10)]
    assert found["b"].to_pylist() == ["x"] * 10
    assert first_values(Cut(values, size=7), ["b"], most=3)["b"].to_pylist() == ["n/a", "x", "n/a"]


def test_no_more_is_read_than_they_need():
    opened = []

    def batches():
        for start in range(0, 1_000, 100):
            opened.append(start)
            yield pa.table({"a": ["x"] * 100})

    run_part(FirstValuesPass(("a",), most=150), batches)
    assert opened == [0, 100]
    run_part(FirstValuesPass(("a",), within=300), batches)
    assert opened == [0, 100, 0, 100, 200]
    assert run_part(FirstValuesPass(("a",), within=300), batches, first_row=300).found["a"].to_pylist() == []
    assert opened == [0, 100, 0, 100, 200]


def test_dictionaries_may_hold_null_and_columns_come_in_groups():
    coded = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0], pa.int8()), pa.array(["x", None]))
    table = pa.table({"a": coded, "b": pa.array(["1", "2", "3", "4"], pa.string_view()), "c": pa.array(["1"] * 4, pa.large_string())})
    found = first_values(InPairs(table), ["a", "b", "c"])
    assert {name: (texts.type, texts.to_pylist()) for name, texts in found.items()} == {
        "a": (pa.string(), ["x", "x"]),
        "b": (pa.string(), ["1", "2", "3", "4"]),
        "c": (pa.string(), ["1"] * 4),
    }
