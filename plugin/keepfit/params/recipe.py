"""The section `compose`: recipes by name, each of which says what rows train, and the keys that stood there before recipes.

>>> compose = ComposeParams.model_validate({"use": "mine", "recipes": {"mine": {"windows": {"last": 12}, "weights": {"recency": {"half_life_windows": 3}}}}})
>>> compose.recipes["mine"].windows.last
12
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from keepfit.params.section import Chosen, Count, Section

RECIPE_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_-]*$")
STANDARD = re.compile(r"^(?:(?P<all>all)|last(?P<last>[1-9][0-9]*)|decay(?P<decay>[1-9][0-9]*))$")
"""Recipes that are known without being written: every row; the newest n windows; every row, weighing half every n windows."""
OpenShare = Annotated[float, Field(gt=0, lt=1)]


class WindowsParams(Section):
    """Which windows may train: the newest `last` of them; None: all."""

    last: Count | None = None


class NewParams(Section):
    """The part `new`: the newest `last` windows, in full."""

    last: Count


class ReplayParams(Section):
    """The part `replay`: rows drawn from the windows before the new ones, as a share of all training rows."""

    share: OpenShare


class PartsParams(Section):
    """What the training rows are made of."""

    new: NewParams
    replay: ReplayParams | None = None


class RecipeParams(Section):
    """A recipe: of which windows, in which parts, and with what weights; what is left out changes nothing."""

    windows: WindowsParams = WindowsParams()
    parts: PartsParams | None = None
    sampler: dict[str, dict[str, Any]] = Field(default_factory=dict, max_length=1)
    weights: dict[str, dict[str, Any]] = Field(default_factory=dict)
    max_rows: Count | None = None

    @field_validator("windows", mode="before")
    @classmethod
    def _all_is_no_limit(cls, windows: Any) -> Any:
        return {} if windows in ("all", None) else windows

    @field_validator("sampler", "weights", mode="before")
    @classmethod
    def _a_member_may_stand_without_fields(cls, members: Any) -> Any:
        return {name: {} if fields is None else fields for name, fields in members.items()} if isinstance(members, dict) else members

    @model_validator(mode="after")
    def _one_way_to_draw(self) -> RecipeParams:
        if self.sampler and self.parts is not None:
            raise ValueError("a sampler says itself what trains and what is replayed: write parts or sampler, not both")
        return self


def standard(name: str) -> RecipeParams | None:
    """Return the recipe that is known by this name without being written; None: there is none.

    >>> standard("last3").windows.last, standard("decay2").weights, standard("mine")
    (3, {'recency': {'half_life_windows': 2}}, None)
    """
    found = STANDARD.match(name)
    if found is None:
        return None
    if found["decay"]:
        return RecipeParams(weights={"recency": {"half_life_windows": int(found["decay"])}})
    return RecipeParams(windows=WindowsParams(last=int(found["last"]) if found["last"] else None))


class ComposeParams(Chosen):
    """Which rows train: the recipe that `use` names; without it the keys of before, a sampler by name with its fields and a balance of the classes."""

    use: str | None = None
    recipes: dict[str, RecipeParams] = Field(default_factory=dict)
    sampler: str = "recent"
    balance: Literal["none", "class"] = "none"
    seed: int = 0

    @field_validator("recipes", mode="before")
    @classmethod
    def _a_recipe_may_be_empty(cls, recipes: Any) -> Any:
        return {name: {} if says is None else says for name, says in recipes.items()} if isinstance(recipes, dict) else recipes

    @field_validator("recipes")
    @classmethod
    def _named_as_it_is(cls, recipes: dict[str, RecipeParams]) -> dict[str, RecipeParams]:
        for name in recipes:
            if not RECIPE_NAME.match(name):
                raise ValueError(f"the recipe {name!r} needs a name of letters, digits, - and _, a letter first")
            if standard(name) not in (None, recipes[name]):
                raise ValueError(f"everybody takes the recipe {name} for what it is without being written (all, last<n>, decay<n>): give yours another name")
        return recipes
