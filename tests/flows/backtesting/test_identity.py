"""What a backtest kept is found again by a later keepfit, whatever keys its params.yaml has gained."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from keepfit import plugins
from keepfit.compose.recipe import recipe_of, sampler_of
from keepfit.flows.backtesting.cache import key_of
from keepfit.flows.backtesting.identity import FORM_1, identity_of, identity_of_recipe
from keepfit.params import DataParams, ExpectParams, Params, TrainParams, load_params
from keepfit.params.model import ModelParams
from keepfit.params.recipe import ComposeParams

GOLDEN = Path(__file__).parents[2] / "golden" / "v1" / "params.yaml"
SECTIONS = {"model": ModelParams, "data": DataParams, "train": TrainParams, "compose": ComposeParams, "expect": ExpectParams}


@pytest.fixture
def params() -> Params:
    return load_params(GOLDEN.read_text(encoding="utf-8"))


def keys(params, **others):
    sections = {name: others.get(name, getattr(params, name)) for name in SECTIONS}
    sampler = sampler_of(params.compose)
    plain = [identity_of(name, sections[name]) for name in ("model", "data", "train")]
    composed = identity_of("compose", sections["compose"], plugins.fields_of(sampler), usual=plugins.defaults_of(sampler))
    return key_of(plain), key_of([*plain, composed]), key_of(identity_of("expect", sections["expect"]))


def test_the_keys_are_those_of_the_release(params):
    assert keys(params) == ("51a9cb97dfa33576df3c1b9aa1855eda", "00345200215368535a2a012d53e02f17", "77a1d8b5c8c088dbb634d0ea463c8717")


class More(ModelParams):
    owner: str = "nobody"


class MoreData(DataParams):
    zones: dict[str, int] = Field(default_factory=dict)


class MoreTrain(TrainParams):
    calibrate: bool = False


class MoreCompose(ComposeParams):
    half_life: int | None = None


class MoreExpect(ExpectParams):
    severity: str = "critical"


LATER = {"model": More, "data": MoreData, "train": MoreTrain, "compose": MoreCompose, "expect": MoreExpect}


@pytest.mark.parametrize("name", LATER)
def test_a_key_that_comes_later_changes_nothing_at_its_default(params, name):
    later = LATER[name].model_validate(getattr(params, name).model_dump())
    assert key_of(later.model_dump(mode="json")) != key_of(getattr(params, name).model_dump(mode="json"))
    assert keys(params, **{name: later}) == keys(params)


WRITTEN = {"model": {"owner": "rita"}, "data": {"zones": {"a": 1}}, "train": {"calibrate": True}, "compose": {"half_life": 3}, "expect": {"severity": "info"}}


@pytest.mark.parametrize(("name", "value"), WRITTEN.items())
def test_a_key_that_comes_later_is_told_once_somebody_writes_it(params, name, value):
    later = LATER[name].model_validate(getattr(params, name).model_dump() | value)
    assert keys(params, **{name: later}) != keys(params)


def test_every_key_of_the_release_is_told_at_its_default_too(params):
    told = {name: set(identity_of(name, getattr(params, name))) for name in ("model", "data", "train", "expect")}
    assert told == {name: set(FORM_1[name]) for name in told}
    sampler = sampler_of(params.compose)
    assert set(identity_of("compose", params.compose, plugins.fields_of(sampler), usual=plugins.defaults_of(sampler))) == set(FORM_1["compose"])


def test_where_rows_come_from_is_not_told_as_their_digests_are(params):
    elsewhere = params.data.model_copy(update={"live": "another.csv"})
    assert keys(params, data=elsewhere) == keys(params)


def test_recipes_that_are_not_used_and_quotas_of_what_judges_change_no_key(params):
    more = {"recipes": {"mine": {"windows": {"last": 3}}}, "judge": {"quotas": {"class=1": 9}, "windows": 2}}
    waiting = ComposeParams.model_validate(params.compose.model_dump() | more)
    told = [identity_of_recipe(compose, recipe_of(compose)) for compose in (params.compose, waiting)]
    assert told[0] == told[1]
    assert set(told[0]) == set(FORM_1["compose"])
    assert identity_of_recipe(waiting, recipe_of(waiting, "mine")) == identity_of_recipe(waiting, recipe_of(waiting, "last3")) != told[0]
