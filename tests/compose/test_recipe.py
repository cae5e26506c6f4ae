"""Recipes by name: what a name stands for, what a project without one means, and what is refused."""

import numpy as np
import pytest
from tests.contracts.pools import pool

from keepfit import plugins
from keepfit.compose.recipe import Recipe, recipe_of
from keepfit.compose.samplers.parts import WindowParts
from keepfit.compose.samplers.recent import Recent
from keepfit.compose.weights.class_balance import ClassBalance
from keepfit.compose.weights.recency import Recency
from keepfit.errors import KeepfitError, ParamsError
from keepfit.params import Params
from keepfit.params.recipe import ComposeParams, RecipeParams, WindowsParams

SMALL = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\n"


def compose(text):
    return plugins.read_params(SMALL + "compose: " + text).compose


def params(task, **slices):
    found = Params.model_validate({"model": {"name": "m", "task": task, "target": "y"}, "data": {"live": "x.csv", "time": "t"}})
    return found.model_copy(update={"evaluate": found.evaluate.model_copy(update={"slices": slices})})


def test_a_project_without_recipes_means_what_its_keys_say():
    assert recipe_of(ComposeParams()) == Recipe(name=None, sampler=Recent())
    old = compose("{recent_windows: 3, replay_share: 0.2, balance: class, seed: 4}")
    assert recipe_of(old) == Recipe(name=None, sampler=Recent(recent_windows=3, replay_share=0.2), weights=(ClassBalance(),), seed=4)


def test_recipes_that_are_not_used_change_nothing():
    waiting = compose("{recent_windows: 3, recipes: {mine: {windows: {last: 2}}}}")
    assert recipe_of(waiting) == Recipe(name=None, sampler=Recent(recent_windows=3))
    assert recipe_of(waiting, "mine").sampler == WindowParts(windows=2)


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("all", Recipe(name="all", sampler=WindowParts())),
        ("last3", Recipe(name="last3", sampler=WindowParts(windows=3), says=RecipeParams(windows=WindowsParams(last=3)))),
        (
            "decay12",
            Recipe(
                name="decay12",
                sampler=WindowParts(),
                weights=(Recency(half_life_windows=12.0),),
                says=RecipeParams(weights={"recency": {"half_life_windows": 12}}),
            ),
        ),
    ],
)
def test_three_are_known_by_their_names(name, recipe):
    assert recipe_of(ComposeParams(), name) == recipe
    assert recipe_of(ComposeParams(use=name)) == recipe


def test_a_recipe_of_ones_own():
    weights = "{class_balance: , recency: {half_life_days: 9}}"
    text = f"{{windows: {{last: 12}}, parts: {{new: {{last: 3}}, replay: {{share: 0.2}}}}, weights: {weights}}}"
    found = recipe_of(compose(f"{{use: mine, seed: 2, recipes: {{mine: {text}}}}}"))
    assert found.sampler == WindowParts(windows=12, new=3, replays=True)
    assert found.weights == (ClassBalance(), Recency(half_life_days=9.0))
    assert (found.windows_needed, found.balances) == (12, True)
    assert recipe_of(compose("{use: mine, recipes: {mine: {sampler: {recent: {recent_windows: 2}}}}}")).sampler == Recent(recent_windows=2)


@pytest.mark.parametrize("text", ["{use: all, recipes: {all: {}}}", "{use: all, recipes: {all: }}", "{use: all, recipes: {all: {windows: all}}}"])
def test_a_known_recipe_may_be_written_out_as_what_it_is(text):
    assert recipe_of(compose(text)) == recipe_of(ComposeParams(use="all"))


def test_weights_are_multiplied_have_a_mean_of_one_and_a_balance_goes_last():
    rows = pool()
    recipe = recipe_of(compose("{use: mine, recipes: {mine: {windows: {last: 3}, weights: {class_balance: {}, recency: {half_life_windows: 1}}}}}"))
    drawn = recipe.draw(rows)
    weight, label = drawn.weight[drawn.trains], rows.label[drawn.trains]
    assert weight.mean() == pytest.approx(1)
    assert weight[label == 1].sum() == pytest.approx(weight[label == 0].sum())
    newest, older = (weight[(label == 1) & (rows.ages[drawn.trains] == age)] for age in (0, 1))
    assert newest / older.mean() == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{use: lst3}", "no recipe 'lst3' (params.yaml: compose.use)\n  fix: did you mean 'last3'?"),
        ("{use: mien, recipes: {mine: {}}}", "no recipe 'mien' (params.yaml: compose.use)\n  fix: did you mean 'mine'?"),
        ("{use: last0}", "no recipe 'last0' (params.yaml: compose.use)"),
        (
            "{use: all, recent_windows: 3}",
            "the recipe all says what trains, and compose.recent_windows says something else (params.yaml: compose.recent_windows)",
        ),
        ("{use: all, balance: class}", "the recipe all says what trains, and compose.balance says something else (params.yaml: compose.balance)"),
        ("{recipes: {last3: {windows: {last: 4}}}}", "everybody takes the recipe last3 for what it is without being written"),
        ("{recipes: {'my recipe': {}}}", "the recipe 'my recipe' needs a name of letters"),
        ("{recipes: {mine: {part: {}}}}", "no key 'part' (params.yaml: compose.recipes.mine.part)\n  fix: did you mean 'parts'?"),
        (
            "{recipes: {mine: {parts: {new: {last: 3}, replay: {shares: 0.2}}}}}",
            "no key 'shares' (params.yaml: compose.recipes.mine.parts.replay.shares)\n  fix: did you mean 'share'?",
        ),
        ("{recipes: {mine: {parts: {replay: {share: 0.2}}}}}", "the key 'compose.recipes.mine.parts.new' is missing"),
        (
            "{recipes: {mine: {parts: {new: {last: 3}, replay: {share: 1.0}}}}}",
            "Input should be less than 1, got '1.0' (params.yaml: compose.recipes.mine.parts.replay.share)",
        ),
        ("{recipes: {mine: {windows: {last: 0}}}}", "Input should be greater than or equal to 1, got '0' (params.yaml: compose.recipes.mine.windows.last)"),
        (
            "{recipes: {mine: {weights: {recency: {half_lif_days: 2}}}}}",
            "no key 'half_lif_days' (params.yaml: compose.recipes.mine.weights.recency.half_lif_days)\n  fix: did you mean 'half_life_days'?",
        ),
        (
            "{recipes: {mine: {weights: {recency: {half_life_days: 0}}}}}",
            "Input should be greater than 0, got '0' (params.yaml: compose.recipes.mine.weights.recency.half_life_days)",
        ),
        (
            "{recipes: {mine: {weights: {recency: }}}}",
            "recency needs one half-life: half_life_windows or half_life_days (params.yaml: compose.recipes.mine.weights.recency)",
        ),
        (
            "{use: mine, recipes: {mine: {weights: {recncy: {}}}}}",
            "no weight 'recncy' (params.yaml: compose.recipes.mine.weights.recncy)\n  fix: did you mean 'recency'?",
        ),
        (
            "{use: mine, recipes: {mine: {sampler: {recnt: {}}}}}",
            "no sampler 'recnt' (params.yaml: compose.recipes.mine.sampler.recnt)\n  fix: did you mean 'recent'?",
        ),
        (
            "{recipes: {mine: {parts: {new: {last: 3}}, sampler: {recent: {}}}}}",
            "a sampler says itself which windows train and what is replayed: write a sampler, or windows and parts",
        ),
    ],
)
def test_what_a_recipe_cannot_be_is_one_sentence_with_its_place(text, sentence):
    with pytest.raises(KeepfitError) as caught:
        recipe_of(compose(text))
    assert str(caught.value).startswith(sentence)


def test_a_regression_has_no_classes_to_balance():
    recipe = recipe_of(compose("{use: mine, recipes: {mine: {weights: {class_balance: {}}}}}"))
    recipe.check(params("classification"))
    with pytest.raises(ParamsError, match=r"no classes to balance \(params.yaml: compose.recipes.mine.weights.class_balance\)"):
        recipe.check(params("regression"))


def test_two_recipes_that_do_the_same_say_the_same_of_themselves():
    same = compose("{recipes: {mine: {windows: {last: 3}}, other: {windows: {last: 3}, max_rows: 9}}}")
    assert recipe_of(same, "mine").told == recipe_of(same, "last3").told != recipe_of(same, "other").told


def test_a_recipe_without_rows_to_draw_from_draws_none():
    none = pool().rows(np.zeros(240, bool))
    assert recipe_of(ComposeParams(use="decay2")).draw(none).part.tolist() == []


def test_a_half_life_that_is_too_short_is_named_where_it_stands():
    recipe = recipe_of(compose("{use: mine, recipes: {mine: {weights: {recency: {half_life_windows: 1.0e-9}}}}}"))
    with pytest.raises(ParamsError, match=r"would count for nothing \(params.yaml: compose.recipes.mine.weights.recency\)"):
        recipe.draw(pool())
