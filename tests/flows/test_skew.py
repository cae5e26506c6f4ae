"""Online beside offline: by key, as of a time, and whether a value is one of yesterday."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import DataError, KeepfitError, ParamsError
from keepfit.flows.skew import SkewQuestion, exit_code, json_text, skew_of

BY_ID = SkewQuestion(key=("id",), tolerance=1e-6, max_share=0.01)
BY_TIME = SkewQuestion(key=("user",), time="at", tolerance=1e-6, max_share=0.01)
MONDAY = datetime(2026, 3, 2)


def written(folder, online, offline):
    pd.DataFrame(online).to_parquet(folder / "online.parquet", index=False)
    pd.DataFrame(offline).to_csv(folder / "offline.csv", index=False)
    return folder / "online.parquet", folder / "offline.csv"


def test_rows_are_held_against_one_another_by_their_key_whatever_their_order(tmp_path):
    online = {"id": [1, 2, 3, 4], "x": [1.0, 2.0, 3.0, 4.0], "word": ["a", "b", "c", "d"], "logged": [0, 0, 0, 0]}
    offline = {"word": ["c", "b", "A"], "id": [3, 2, 1], "x": [3.0, 2.5, 1.0], "more": [1, 1, 1]}
    found = skew_of(*written(tmp_path, online, offline), BY_ID)
    assert (found.rows_online, found.rows_offline, found.matched, found.verdict, exit_code(found)) == (4, 3, 3, "skew", 3)
    assert [(one.name, one.differ, one.rows, one.typical, one.online, one.offline) for one in found.features] == [
        ("word", 1, 3, None, "a", "A"),
        ("x", 1, 3, 0.5, "2.0", "2.5"),
    ]
    assert (found.only_online, found.only_offline) == (("logged",), ("more",))


def test_the_same_features_are_no_skew_and_a_table_is_not_skewed_against_itself(tmp_path):
    rows = {"id": range(500), "x": np.random.default_rng(0).normal(size=500), "word": ["a", None] * 250}
    online, offline = written(tmp_path, rows, rows)
    found = skew_of(online, offline, BY_ID)
    assert (found.verdict, exit_code(found), [one.unlike for one in found.features]) == ("no skew", 0, [0, 0])


def history(days=20, users=5):
    """Each day's balance of each user, as of midnight."""
    rng = np.random.default_rng(7)
    return pd.DataFrame([{"user": user, "at": MONDAY + timedelta(days=day), "balance": float(rng.normal())} for day in range(days) for user in range(users)])


def test_a_feature_that_was_served_a_day_late_is_called_stale_by_how_much(tmp_path):
    offline = history()
    online = offline.assign(at=offline["at"] + timedelta(hours=30))
    late = online.iloc[: -2 * 5].copy()
    found = skew_of(*written(tmp_path, late, offline), BY_TIME)
    (balance,) = found.features
    assert (found.matched, balance.differ, balance.stale, balance.stale_seconds) == (90, 90, 90, 86_400.0)


def test_a_feature_that_is_wrong_but_not_old_is_not_called_stale(tmp_path):
    offline = history()
    online = offline.assign(at=offline["at"] + timedelta(hours=6), balance=offline["balance"] + 1)
    (balance,) = skew_of(*written(tmp_path, online, offline), BY_TIME).features
    assert (balance.differ, balance.typical, balance.stale, balance.stale_seconds) == (100, pytest.approx(1.0), 0, None)


def test_nothing_of_the_future_is_what_a_row_is_held_against(tmp_path):
    offline = {"user": [1, 1], "at": [MONDAY, MONDAY + timedelta(hours=2)], "x": [1.0, 2.0]}
    online = {"user": [1, 1, 1], "at": [MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2)], "x": [1.0, 1.0, 2.0]}
    found = skew_of(*written(tmp_path, online, offline), BY_TIME)
    assert (found.matched, found.features[0].differ) == (2, 0)


def test_offline_rows_that_repeat_a_key_are_counted_and_the_first_is_taken(tmp_path):
    found = skew_of(*written(tmp_path, {"id": [1], "x": [1.0]}, {"id": [1, 1], "x": [1.0, 5.0]}), BY_ID)
    assert (found.repeated, found.verdict) == (1, "no skew")


def test_nothing_in_common_is_neither_skew_nor_none(tmp_path):
    assert exit_code(skew_of(*written(tmp_path, {"id": [1], "x": [1.0]}, {"id": [2], "x": [1.0]}), BY_ID)) == 4
    assert exit_code(skew_of(*written(tmp_path, {"id": [1], "x": [1.0]}, {"id": [1], "y": [1.0]}), BY_ID)) == 4


def test_the_record_is_json_with_its_sentence_and_the_same_each_time(tmp_path):
    files = written(tmp_path, {"id": [1, 2], "x": [1.0, float("inf")]}, {"id": [1, 2], "x": [1.5, 2.0]})
    text = json_text(skew_of(*files, BY_ID))
    assert text == json_text(skew_of(*files, BY_ID))
    found = json.loads(text)
    assert (found["verdict"], found["exit_code"], found["features"][0]["differ"]) == ("skew", 3, 2)
    assert found["sentence"] == "skew in 1 of 1 feature: x is unlike in 100 % of 2 rows"


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        (SkewQuestion(key=("ID",), tolerance=0, max_share=0), KeepfitError, "no column 'ID'"),
        (SkewQuestion(key=("id",), time="x", tolerance=0, max_share=0), DataError, "the time column 'x' holds"),
        (SkewQuestion(key=("id",), timezone="Mars", tolerance=0, max_share=0), ParamsError, "no timezone 'Mars'"),
        (SkewQuestion(key=("id",), columns=("y",), tolerance=0, max_share=0), KeepfitError, "no column 'y'"),
    ],
)
def test_a_question_that_the_tables_cannot_answer_is_said(tmp_path, asked, error, says):
    files = written(tmp_path, {"id": [1, 2], "x": [1.0, 2.0]}, {"id": [1, 2], "x": [1.5, 2.0]})
    with pytest.raises(error, match=says):
        skew_of(*files, asked)
    with pytest.raises(DataError, match=r"no file away\.csv"):
        skew_of(files[0], tmp_path / "away.csv", BY_ID)
