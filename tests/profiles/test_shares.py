"""Questions about several columns at once, as counts beside a profile's columns."""

import numpy as np
import pyarrow as pa
import pytest

from keepfit.profiles.profile import learn_layout, profile_table, reference_of
from keepfit.profiles.shares import PAIRED, SIZES, SLICED, error_shares, pair_shares, size_shares, spread_of, with_pairs
from keepfit.records import Profile, ShareCount, from_json, to_json

RNG = np.random.default_rng(3)
TABLE = pa.table({"x": RNG.normal(size=400), "y": RNG.normal(size=400), "c": RNG.choice(["a", "b"], 400).tolist()})
LAYOUT = learn_layout(TABLE, {"x": "numeric", "y": "numeric", "c": "categorical"})


def test_a_pair_counts_the_rows_on_the_same_side_of_both_medians():
    x, y = (np.asarray(TABLE[name]) for name in ("x", "y"))
    same = (x > np.median(x)) == (y > np.median(y))
    assert pair_shares(TABLE, LAYOUT) == {"x|y": ShareCount(group="pairs", yes=int(same.sum()), n=400)}


def test_a_column_that_moves_does_not_move_its_pairs():
    moved = TABLE.set_column(0, "x", pa.array(3 * np.asarray(TABLE["x"]) + 100))
    assert pair_shares(moved, LAYOUT) == pair_shares(TABLE, LAYOUT)


def test_rows_where_one_of_both_is_missing_or_infinite_are_of_no_pair():
    odd = pa.table({"x": pa.array([1.0, 2.0, None, 4.0, np.inf]), "y": pa.array([1.0, 2.0, 3.0, np.nan, 5.0])})
    assert pair_shares(odd, LAYOUT)["x|y"].n == 2
    assert pair_shares(odd.slice(0, 0), LAYOUT)["x|y"] == ShareCount(group="pairs", yes=0, n=0)
    assert pair_shares(odd.drop_columns(["y"]), LAYOUT) == {}


def test_only_the_first_twenty_numbers_are_paired_and_columns_of_few_values_make_slices():
    wide = pa.table({f"x{i:02}": RNG.normal(size=50) for i in range(PAIRED + 5)})
    assert len(pair_shares(wide, learn_layout(wide, dict.fromkeys(wide.column_names, "numeric")))) == PAIRED * (PAIRED - 1) // 2
    many = pa.table({"few": [str(i % 3) for i in range(100)], "many": [str(i % (SLICED + 1)) for i in range(100)]})
    found = error_shares(many, learn_layout(many, dict.fromkeys(many.column_names, "categorical")), y=np.zeros(100), scores=np.zeros(100))
    assert sorted(found) == ["errors", "errors of few=0", "errors of few=1", "errors of few=2"]


def test_errors_are_counted_where_labels_are_there():
    y, scores = np.r_[np.ones(100), np.full(300, np.nan)], np.r_[np.full(30, 0.2), np.full(370, 0.8)]
    found = error_shares(TABLE, LAYOUT, y=y, scores=scores)
    assert (found["errors"].yes, found["errors"].n) == (30, 100)
    assert sum(share.n for name, share in found.items() if name != "errors") == 100
    assert error_shares(TABLE, LAYOUT, y=np.full(400, np.nan), scores=scores) == {}


def test_the_sizes_of_a_regressors_errors_are_counted_where_labels_are_there():
    y, scores = np.r_[np.zeros(4), np.nan], np.array([0.1, -0.9, 3.0, -17.0, 5.0])
    found = size_shares(y, scores, spread=8.0)
    assert {name: (share.yes, share.n) for name, share in found.items()} == {
        "errors above 0.25": (3, 4),
        "errors above 0.5": (3, 4),
        "errors above 1": (2, 4),
        "errors above 2": (2, 4),
        "errors above 4": (1, 4),
        "errors above 8": (1, 4),
        "errors above 16": (1, 4),
    }
    assert {share.group for share in found.values()} == {"performance"}
    assert size_shares(np.full(3, np.nan), np.zeros(3), spread=8.0) == {}
    assert size_shares(y, scores, spread=0.0) == {}, "a target that does not vary says no size"


@pytest.mark.parametrize("noise", [0.03, 0.1, 0.3, 1.0, 1.4])
def test_some_size_parts_the_errors_of_a_good_model_and_of_a_bad_one(noise):
    """With a noise of .03 the model explains 99.9 % of the variance, with 1.4 it is worse than the mean."""
    off = np.random.default_rng(0).normal(0, noise, 10_000)
    assert len(SIZES) == 7
    assert any(0.1 < share.yes / share.n < 0.5 for share in size_shares(off, np.zeros(10_000), spread=1.0).values())


def test_the_spread_of_a_column_is_its_standard_deviation():
    profile = profile_table(TABLE, LAYOUT, "w")
    assert spread_of(profile.columns["x"]) == pytest.approx(float(np.std(np.asarray(TABLE["x"]))))
    same = pa.table({"x": [1e9] * 5})
    assert [spread_of(one) for one in (profile.columns["c"], None, profile_table(same, learn_layout(same, {"x": "numeric"}), "w").columns["x"])] == [0.0] * 3


def test_shares_add_up_like_the_columns_and_survive_json():
    y, scores = RNG.integers(0, 2, 400).astype(float), RNG.random(400)
    cuts = [slice(0, 400), slice(0, 150), slice(150, 400)]
    shares = [error_shares(TABLE.slice(cut.start, cut.stop - cut.start), LAYOUT, y=y[cut], scores=scores[cut]) for cut in cuts]
    both = [Profile(window="w", rows=0, columns={}, shares=counted) for counted in shares]
    assert (both[1] + both[2]).shares == both[0].shares
    assert (Profile(window="w", rows=0, columns={}) + both[0]).shares == both[0].shares
    assert from_json(Profile, to_json(both[0]), where="here") == both[0]


def test_a_profile_without_shares_is_read_as_before():
    old = to_json(profile_table(TABLE, LAYOUT, "w")).replace(',"shares":{}', "").replace(', "shares": {}', "")
    assert from_json(Profile, old, where="here").shares == {}


@pytest.mark.parametrize("cut", [100, 399])
def test_a_reference_counts_its_windows_pairs(cut):
    parts = [TABLE.slice(0, cut), TABLE.slice(cut)]
    found = with_pairs(reference_of(zip("ab", parts, strict=True), LAYOUT), parts, LAYOUT)
    assert [profile.shares["x|y"].n for profile in found.profiles] == [cut, 400 - cut]
