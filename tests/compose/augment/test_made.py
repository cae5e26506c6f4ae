"""The rows that a recipe's augmentations make: of rows that train alone, each with its parent, and checked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from tests.compose.test_assemble import sources, table

from keepfit.compose.assemble import CompositionRequest, compose
from keepfit.compose.augment.made import SuiteAnswer
from keepfit.compose.recipe import recipe_of
from keepfit.errors import DataError, ParamsError, UnknownNameError
from keepfit.params import Params
from keepfit.plugins import read_params

ROWS = 96


def wide(number: int, *, ids: list[str] | None = None, constant: bool = False) -> pa.Table:
    rng, at = np.random.default_rng(number), np.arange(ROWS)
    rows = table(number, [None if each % 10 == 9 else float(each % 2) for each in at])
    rows = rows if ids is None else rows.set_column(0, "id", [ids])
    return rows.append_column("x", [np.full(ROWS, 1.0) if constant else rng.normal(0, 1, ROWS)]).append_column("shop", [[f"s{each % 4}" for each in at]])


def params(augment: dict, **recipe) -> Params:
    features = {"x": "numeric", "shop": "categorical"}
    return Params.model_validate(
        {
            "model": {"name": "m", "task": "classification", "target": "y"},
            "data": {"live": "x.csv", "time": "t", "id": "id", "window": "week", "features": features},
            "compose": {"use": "mine", "recipes": {"mine": {"augment": augment, **recipe}}},
        }
    )


def made(augment: dict, tables=None, suite=None, **recipe):
    settings = params(augment, **recipe)
    parts = replace(sources(*(tables or [wide(number) for number in range(3)])), suite=suite)
    asked = CompositionRequest(action="improve", target=None, champion=True)
    return compose(parts, asked, settings, id_column="id", recipe=recipe_of(settings.compose))


JITTER = {"jitter": {"share": 0.5}}


def test_made_rows_are_copies_of_rows_that_train_with_a_parent_and_an_id_of_their_own():
    composed = made(JITTER)
    rows = composed.train.to_pylist()
    came = {row["id"]: row for row in rows if row["_parent"] is None}
    new = [row for row in rows if row["_parent"] is not None]
    assert len(new) == round(0.5 * len(came))
    for row in new:
        parent = came[row["_parent"]]
        assert row["id"] == f"{parent['id']}~jitter.1"
        assert row["x"] != parent["x"]
        assert {name: row[name] for name in ("t", "g", "y", "shop", "_weight", "_window")} == {
            name: parent[name] for name in ("t", "g", "y", "shop", "_weight", "_window")
        }


def test_no_row_is_made_of_one_that_judges_or_is_held_out():
    composed = made({"jitter": {"share": 3}})
    parents = {row["_parent"] for row in composed.train.to_pylist()} - {None}
    assert parents == {row["id"] for row in composed.train.to_pylist() if row["_parent"] is None}
    for part in (composed.evaluate, composed.holdout):
        assert part.num_rows
        assert "_parent" not in part.column_names
        assert not parents & set(part["id"].to_pylist())


def test_the_manifest_says_of_each_made_row_which_row_it_was_made_of_and_by_what():
    composed = made(JITTER, parts={"new": {"last": 1}, "replay": {"share": 0.3}})
    lines = {row["row_id"]: row for row in composed.manifest.to_pylist()}
    new = [row for row in lines.values() if row["parent"] is not None]
    assert {row["row_id"] for row in new} == {row["id"] for row in composed.train.to_pylist() if row["_parent"]}
    for row in new:
        assert row["reason"] == "made by jitter"
        assert (row["source"], row["part"], row["weight"]) == tuple(lines[row["parent"]][name] for name in ("source", "part", "weight"))
    assert {row["part"] for row in new} == {"train", "replay"}


def test_they_are_in_no_other_count_of_the_composition():
    plain, composed = made({}), made(JITTER)
    assert composed.composition.parts == plain.composition.parts
    assert composed.composition.target_share == plain.composition.target_share
    assert plain.composition.augmented == ()
    (one,) = composed.composition.augmented
    assert (one.name, one.share, one.rows, one.parents, one.alike, one.broken, one.checked) == ("jitter", 0.5, one.rows, one.rows, 0, 0, False)
    assert one.weight == pytest.approx(1 / 3, abs=0.01)
    assert composed.composition.manifest != plain.composition.manifest


def test_a_recipe_that_makes_no_row_leaves_what_it_always_left():
    plain = made({})
    assert "_parent" not in plain.train.column_names
    assert "parent" not in plain.manifest.column_names
    assert "augment" not in recipe_of(params({}).compose).told


def test_more_rows_of_one_share_are_the_same_rows_and_others():
    few, many = (set(made({"jitter": {"share": share}}).train["id"].to_pylist()) for share in (0.3, 1.4))
    assert few < many
    assert max(int(name.rpartition(".")[2]) for name in many if "~" in name) == 2


def test_what_becomes_of_a_row_does_not_depend_on_the_order_in_which_windows_hold_it():
    turned = [part.take(list(range(ROWS))[::-1]) for part in (wide(0), wide(1), wide(2))]
    assert made(JITTER, turned).train.sort_by("id").equals(made(JITTER).train.sort_by("id"))


def test_two_augmentations_work_on_the_rows_that_came_each():
    composed = made({"jitter": {"share": 0.2}, "swap": {"share": 0.3, "weight": 0.5, "within": []}})
    new = [row for row in composed.train.to_pylist() if row["_parent"] is not None]
    assert all("~" not in row["_parent"] for row in new)
    assert {row["_weight"] for row in new if "swap" in row["id"]} == {0.5}
    assert [one.name for one in composed.composition.augmented] == ["jitter", "swap"]


def test_rows_that_come_out_as_their_parents_are_left_out_and_counted():
    one_shop = [part.set_column(part.column_names.index("shop"), "shop", [["s0"] * ROWS]) for part in (wide(0), wide(1), wide(2))]
    (one,) = made({"swap": {"share": 1, "within": []}}, one_shop).composition.augmented
    assert one.rows == 0
    assert one.alike > 0


def test_rows_that_break_the_data_suite_are_left_out_and_counted():
    seen = {}

    def suite(new, parents):
        seen["columns"] = new.column_names, parents.column_names
        seen["parents"] = set(parents["id"].to_pylist())
        return SuiteAnswer(broken=frozenset(new["id"].to_pylist()[:7]))

    composed = made(JITTER, suite=suite)
    (one,) = composed.composition.augmented
    new = [row for row in composed.train.to_pylist() if row["_parent"]]
    assert (one.broken, one.checked, one.rows) == (7, True, len(new))
    assert seen["columns"] == (["id", "t", "g", "y", "x", "shop"],) * 2
    assert {row["_parent"] for row in new} < seen["parents"]


def test_none_trains_where_the_suite_refuses_them_all():
    composed = made(JITTER, suite=lambda *_: SuiteAnswer(refused="the mean of x is off"))
    assert composed.composition.augmented[0].refused == "the mean of x is off"
    assert composed.train.equals(made({}).train)


def test_an_id_that_is_taken_is_refused_by_name():
    composed = made({"jitter": {"share": 1}})
    taken = next(row["id"] for row in composed.train.to_pylist() if row["_parent"])
    ids = [f"w2r{row:03d}" for row in range(ROWS - 1)] + [taken]
    with pytest.raises(DataError, match=f"the id '{taken}' is one that an augmentation would give"):
        made({"jitter": {"share": 1}}, [wide(0), wide(1), wide(2, ids=ids)])


def test_numbers_without_noise_are_refused_with_the_place():
    with pytest.raises(ParamsError) as caught:
        made(JITTER, [wide(number, constant=True) for number in range(3)])
    assert str(caught.value).startswith("x: no noise to move within")
    assert caught.value.where == "params.yaml: compose.recipes.mine.augment.jitter"


def test_a_number_that_the_hour_decides_has_noise_only_for_a_model_that_does_not_know_the_hour():
    by_hour = [part.set_column(part.column_names.index("x"), "x", [[float(at.hour) for at in part["t"].to_pylist()]]) for part in (wide(0), wide(1), wide(2))]
    assert made(JITTER, by_hour).composition.augmented[0].rows > 0
    settings = params(JITTER)
    knows = settings.model_copy(update={"data": settings.data.model_copy(update={"time_features": {"hour": "numeric"}})})
    with pytest.raises(ParamsError, match="x: no noise to move within"):
        compose(sources(*by_hour), CompositionRequest(action="improve", target=None, champion=True), knows, id_column="id", recipe=recipe_of(knows.compose))


def test_an_unknown_column_is_refused_with_the_place():
    with pytest.raises(ParamsError) as caught:
        made({"jitter": {"share": 1, "columns": ["y"]}})
    assert (caught.value.what, caught.value.where) == ("no feature 'y'", "params.yaml: compose.recipes.mine.augment.jitter")


def test_a_feature_that_no_window_has_is_refused():
    with pytest.raises(UnknownNameError, match="no column 'x'"):
        made({"jitter": {"share": 1, "columns": ["x"]}}, [wide(number).drop_columns(["x"]) for number in range(3)])


SMALL = "model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t, features: {x: numeric}}\n"


@pytest.mark.parametrize(
    ("augment", "sentence"),
    [
        ("{jitter: {share: 11}}", "compose.recipes.mine.augment.jitter.share"),
        ("{jitter: {share: 0}}", "compose.recipes.mine.augment.jitter.share"),
        ("{jitter: {}}", "compose.recipes.mine.augment.jitter.share"),
        ("{jitter: 0.2}", "how many rows jitter makes is said by its share, in rows that train: jitter: {share: 0.2}"),
        ("{jitter: }", "how many rows jitter makes is said by its share"),
        ("{jitter: {share: 1, columns: []}}", "compose.recipes.mine.augment.jitter.columns"),
        ("{jitter: {share: 1, weight: 0}}", "compose.recipes.mine.augment.jitter.weight"),
        ("{swap: {share: 1}}", "the augmentation 'swap' needs the key 'within'"),
        ("{jiter: {share: 1}}", "no augmentation 'jiter'"),
        ("{jitter: {share: 1, witin: 2}}", "did you mean 'within'?"),
        ("{jitter: {share: 1, within: 20}}", "compose.recipes.mine.augment.jitter.within"),
        ("{word_dropout: {share: 1, rate: 1.5}}", "compose.recipes.mine.augment.word_dropout.rate"),
    ],
)
def test_what_params_cannot_mean_is_refused_with_its_place(augment, sentence):
    with pytest.raises((ParamsError, UnknownNameError)) as caught:
        recipe_of(read_params(f"{SMALL}compose: {{use: mine, recipes: {{mine: {{augment: {augment}}}}}}}\n").compose)
    assert sentence in str(caught.value)


def test_one_column_may_stand_without_brackets():
    assert recipe_of(params({"jitter": {"share": 1, "columns": "x"}}).compose).augments[0].member.columns == ("x",)
