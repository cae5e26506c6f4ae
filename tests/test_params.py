from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from keepfit.errors import ParamsError
from keepfit.params import Params, load_model, load_params
from keepfit.params.own_names import OWN_NAMES

TEMPLATE = (Path(__file__).resolve().parents[1] / "params.yaml").read_text(encoding="utf-8")
SMALL = "model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}\n"


def refusal(text: str) -> str:
    with pytest.raises(ParamsError) as caught:
        load_params(text)
    return str(caught.value)


def test_the_templates_params_are_valid():
    params = load_params(TEMPLATE)
    assert params.data.as_of == datetime(2013, 2, 1)
    assert params.model.name == "flights-late"


def test_four_lines_are_enough():
    params = load_params(SMALL)
    assert params.data.window == "month"
    assert params.update.reviews_a_year == 4


@pytest.mark.parametrize("name", sorted(set(Params.model_fields) - {"model", "data", "extends"}))
def test_a_section_left_out_has_the_defaults_of_an_empty_one(name):
    assert getattr(load_params(SMALL), name) == getattr(load_params(f"{SMALL}{name}: {{}}\n"), name)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SMALL + "updaet: {}", "no key 'updaet' (params.yaml: updaet)\n  fix: did you mean 'update'?"),
        (SMALL + "update: {reviews: 3}", "no key 'reviews' (params.yaml: update.reviews)\n  fix: did you mean 'reviews_a_year'?"),
        (
            SMALL + "evaluate: {slices: {carrier: {min_row: 3}}}",
            "no key 'min_row' (params.yaml: evaluate.slices.carrier.min_row)\n  fix: did you mean 'min_rows'?",
        ),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(text, sentence):
    assert refusal(text).startswith(sentence)


def test_keys_of_a_section_that_do_not_fit_together_are_named_without_the_sections_text():
    said = refusal(SMALL.replace("time: t", "time: t, labels: labels.csv"))
    assert said.splitlines()[0] == ("labels are joined by key: name the id column (data.id), or write them into the rows of data.live (params.yaml: data)")
    assert "got 'fortnight' (params.yaml: data.window)" in refusal(SMALL.replace("time: t", "time: t, window: fortnight"))


@pytest.mark.parametrize("name", ["prediction", "errors"])
def test_a_column_named_like_what_monitoring_counts_itself_is_refused(name):
    sentence = f"no feature or target can be named {name!r}"
    assert refusal(SMALL.replace("target: y", f"target: {name}")).startswith(sentence)
    said = refusal(SMALL.replace("time: t", f"time: t, features: {{x: numeric, {name}: numeric}}"))
    assert said.startswith(sentence)
    assert "params.yaml: data.features" in said


def test_the_target_is_no_feature():
    said = refusal(SMALL.replace("time: t", "time: t, features: {x: numeric, y: numeric}"))
    assert said.startswith("the target 'y' is among data.features")


def test_the_names_that_are_refused_are_those_monitoring_uses():
    from keepfit.profiles.shares import WRONG
    from keepfit.records import PREDICTION

    assert {PREDICTION, WRONG} == OWN_NAMES.keys()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the key 'model' is missing (params.yaml)"),
        (SMALL.replace(", target: y", ""), "the key 'model.target' is missing"),
        (SMALL.replace("name: m", "name: a/b"), "a model name has no '/'"),
        (SMALL.replace("time: t", "time: t, window: fortnight"), "a window is month, week, day or '<n> rows', got 'fortnight'"),
        (SMALL.replace("time: t", "time: t, holdout_share: 1.5"), "Input should be less than or equal to 1"),
        (SMALL + "train: {estimator: null}", "name an estimator (train.estimator) or a command (train.command)"),
        (SMALL + "hooks: {retrain: always}", "Input should be 'ask' or 'auto', got 'always' (params.yaml: hooks.retrain)"),
        (SMALL + "monitor: {reference: yearly}", "Input should be 'training' or 'last_year', got 'yearly' (params.yaml: monitor.reference)"),
        (SMALL + "update: [1, 2]", "Input should be a valid dictionary or instance of UpdateParams"),
        ("just words", "Input should be a valid dictionary or instance of Params"),
        ("model: {name: [", "not YAML: "),
        ("model: a\nmodel: b", "not YAML: "),
    ],
)
def test_bad_input_is_one_bounded_sentence(text, sentence):
    said = refusal(text)
    assert said.startswith(sentence)
    assert len(said) < 400


@pytest.mark.parametrize("window", ["month", "week", "day", "500 rows"])
def test_the_known_windows(window):
    assert load_params(SMALL.replace("time: t", f"time: t, window: {window}")).data.window == window


def test_an_unknown_key_is_named_before_any_other_misfit():
    assert refusal("model: {nam: m}").startswith("no key 'nam'")


def test_other_yaml_files_get_the_same_sentences():
    class Rules(BaseModel, extra="forbid"):
        schema_: int = 1

    with pytest.raises(ParamsError, match=r"no key 'x' \(gate.yaml: x\)"):
        load_model(Rules, "x: 1", where="gate.yaml")


@pytest.mark.parametrize("timezone", ["New York", "UTC+5", "", "../etc/passwd", "Europe"])
def test_a_timezone_that_nobody_knows_is_refused(timezone):
    with pytest.raises(ParamsError, match="a timezone is a name of the IANA database"):
        load_params(f"model: {{name: m, task: regression, target: y}}\ndata: {{live: rows.csv, time: t, timezone: {timezone!r}}}")


@pytest.mark.parametrize(
    ("update", "sentence"),
    [
        ("{min_gain: 0.1}", "the key 'min_gain' is gone: staleness debt took its place; set update.price"),
        ("{cooldown_days: 45}", "the key 'cooldown_days' is gone: the price of a retraining is the only brake; set update.price or update.reviews_a_year"),
        ("{grounds: [harm, opportunity]}", "the ground 'opportunity' is gone: staleness debt took its place; write debt in update.grounds"),
        ("{price: -0.1}", "a retraining cannot be worth less than nothing: 0 retrains at every labelled window"),
        (
            "{scout: sometimes}",
            "a scout is tried at each labelled window (true), 'every 3' of them, or never (false), got 'sometimes' (params.yaml: update.scout)",
        ),
    ],
)
def test_a_setting_of_before_debt_and_a_price_below_nothing_are_refused_by_name(update, sentence):
    assert refusal(f"{SMALL}update: {update}").startswith(sentence)
