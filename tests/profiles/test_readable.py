"""Numbers dressed as text are compared as numbers, by the reference's kind, and what cannot be read is counted."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from tests.parted_rows import PartedRows
from tests.profiles.test_stream import Cut

from keepfit.errors import DataError
from keepfit.monitor.compare import compare_rows, compare_tables
from keepfit.monitor.joint import compare_correlations, compare_slices, compare_whole_rows
from keepfit.profiles.readable import Unreadable, readable
from keepfit.tables.batches import TableRows

N = 2_000


def normal(mean, seed):
    return np.random.default_rng(seed).normal(mean, 200, N)


PLAIN, DOLLARS, GERMAN, WORDS = "plain", "dollars", "german", "words"
DRESS = {
    PLAIN: lambda x: [float(v) for v in x.round(2)],
    "text": lambda x: [f"{v:.2f}" for v in x],
    "total": lambda x: [*(f"{v:.2f}" for v in x[:-1]), "TOTAL"],
    DOLLARS: lambda x: [f"${v:,.2f}" for v in x],
    GERMAN: lambda x: [f"{v:,.2f}".translate(str.maketrans(",.", ".,")) for v in x],
    "per cent": lambda x: [f"{v:.2f} %" for v in x],
    "spaces": lambda x: [f" {v:.2f} " for v in x],
    WORDS: lambda x: [f"{v:.2f}" if i % 50 else ("None", "<NA>", "#N/A", "n/a")[i // 50 % 4] for i, v in enumerate(x)],
}


def compare(before, now):
    return compare_tables(pa.table({"amount": before}), pa.table({"amount": now}), names=("ref", "cur"))


@pytest.mark.parametrize("kind", DRESS)
@pytest.mark.parametrize("before", [PLAIN, DOLLARS, "total"])
def test_a_moved_amount_drifts_and_the_same_does_not_however_it_is_written(kind, before):
    reference = DRESS[before](normal(1_000, 0))
    moved, same = (compare(reference, DRESS[kind](normal(mean, 1))) for mean in (2_000, 1_000))
    assert (moved.verdict, moved.columns, [one.drifts for one in moved.changes]) == ("drift", (), [True])
    assert (same.verdict, same.columns) == ("no drift", ())
    plain = compare(DRESS[PLAIN](normal(1_000, 0)), DRESS[PLAIN](normal(2_000, 1)))
    assert moved.changes[0].effect == pytest.approx(plain.changes[0].effect, abs=0.01)


def test_what_is_no_number_is_counted_on_each_side_with_examples_and_is_missing():
    found = compare(["TOTAL", *(f"{i}.5" for i in range(199))], [*(f"{i}.5" for i in range(196)), "a", "b", "b", "n/a"])
    assert found.unreadable == {"amount": Unreadable(reference=1, current=3, examples=("TOTAL", "a", "b"))}
    assert (found.changes[0].reference.missing, found.changes[0].current.missing) == (1, 4)


def test_words_that_replace_numbers_are_missing_values_that_drift():
    amounts = DRESS["text"](normal(1_000, 0))
    found = compare(amounts, [text if i % 3 else "error" for i, text in enumerate(amounts)])
    assert found.verdict == "drift"
    assert found.unreadable["amount"].current == len(range(0, N, 3))


def test_a_column_that_is_no_longer_numbers_is_retyped():
    found = compare(DRESS["text"](normal(1_000, 0)), ["a", "b"] * (N // 2))
    assert [(one.subject, one.detector, one.detail) for one in found.columns] == [("amount", "retyped", "was number, is text")]


def test_the_reference_says_that_a_column_is_text():
    sizes = ["S", "M", "L", "38", "40"] * 400
    found = compare(sizes, ["38", "40"] * 1_000)
    assert (found.changes[0].reference.kind, found.verdict, found.unreadable) == ("categorical", "drift", {})


@pytest.mark.parametrize("code", ["{:05d}", "+4930{:07d}", "0x{:05x}"])
def test_codes_stay_categories(code):
    numbers = np.random.default_rng(0).integers(1_000, 1_020, N)
    found = compare([code.format(n) for n in numbers], [code.format(n) for n in numbers[::-1]])
    assert (found.changes[0].reference.kind, found.verdict) == ("categorical", "no drift")


def test_codes_that_one_sides_reader_took_for_integers_are_the_same_codes():
    numbers = np.random.default_rng(0).integers(10_000, 10_010, N)
    mixed = ["01234", *map(str, numbers[1:])] + ["02345"] * 30
    found = compare(mixed, numbers)
    assert (found.columns, found.changes[0].reference.kind, found.changes[0].current.counts[0] > 0) == ((), "categorical", True)
    assert compare(numbers, mixed).changes[0].reference.kind == "numeric"


def test_codes_that_one_side_stores_as_decimals_are_the_same_codes():
    codes = [str(2**53 + i % 5) for i in range(N)]
    found = compare(codes, pa.array([Decimal(code) for code in codes], pa.decimal128(20, 0)))
    assert (found.verdict, found.columns, found.changes[0].effect) == ("no drift", (), 0.0)


def test_a_side_whose_own_values_do_not_tell_follows_the_other_sides_decimal_comma():
    before, now = ["1,5", "2,25", "1,125"] * 100, ["1,125", "2,375"] * 150
    assert readable(*(TableRows(pa.table({"x": side})) for side in (before, now))).current.numbers == {"x": True}
    found = compare(before, now)
    assert found.changes[0].current.high == 2.375


def test_a_verdict_that_rests_on_nothing_is_no_all_clear():
    ids = [f"{i} pieces" for i in range(N)]
    assert compare(ids, ids[::-1]).verdict == "nothing compared"
    assert compare(pa.nulls(N), pa.nulls(N)).verdict == "nothing compared"
    with pytest.raises(DataError, match="no column can be compared"):
        compare([[1]] * N, [[2]] * N)


def test_an_index_without_a_name_is_left_out_on_either_side():
    table = pa.table({"x": normal(0, 0)})
    found = compare_tables(
        table.append_column("__index_level_0__", pa.array(range(N))), table.append_column("Unnamed: 0", pa.array(range(N))), names=("a", "b")
    )
    assert (found.verdict, found.columns, set(found.skipped)) == ("no drift", (), {"__index_level_0__", "Unnamed: 0"})


def test_pairs_rows_and_slices_see_the_same_numbers():
    x = normal(1_000, 0)
    tables = [pa.table({"a": side, "b": x, "c": ["u", "v"] * (N // 2)}) for side in (DRESS[DOLLARS](x), DRESS[DOLLARS](-x + 3_000))]
    sides = [TableRows(table) for table in tables]
    assert [(one.subject, one.effect > 0.9) for one in compare_correlations(*sides)] == [("a|b", True)]
    whole = compare_whole_rows(*sides, detectors=["mmd"], rng=np.random.default_rng(0))
    assert whole[0].p_value < 0.01
    moved = [TableRows(pa.table({"a": DRESS[DOLLARS](normal(mean, seed)), "c": ["u", "v"] * (N // 2)})) for seed, mean in enumerate((1_000, 2_000))]
    assert any("a>" in one.slice or "a in" in one.slice for one in compare_slices(*moved, rng=np.random.default_rng(0)))


@pytest.mark.parametrize(("texts", "kind"), [(999, "numeric"), (1_000, "categorical")])
@pytest.mark.parametrize("size", [1, 700, 100_000])
def test_the_first_thousand_known_values_say_whether_a_column_can_be_numbers_however_it_is_read(texts, kind, size):
    values = ["n/a"] * 500 + ["word"] * texts + [f"{i}.5" for i in range(15_000)]
    rows = Cut(pa.table({"v": values}), size=size) if size > 1 else PartedRows(pa.table({"v": values}), (600, 1_400, 1_499, 16_000))
    found = compare_rows(rows, rows, names=("a", "b")).changes[0]
    assert found.reference.kind == kind
    assert found.reference.missing == (500 + texts if kind == "numeric" else 0)
