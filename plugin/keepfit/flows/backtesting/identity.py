"""What a part of params.yaml is in the key of something kept: a digest that no later key changes.

The keys of form 1 are named here and always told, at their default too: another default makes another key. A key that came later, or that a sampler of
another package has, is told where it is not at its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from keepfit import plugins

if TYPE_CHECKING:
    from keepfit.compose.recipe import Recipe
    from keepfit.params.recipe import ComposeParams

FORM_1 = {
    "model": ("name", "positive", "target", "task"),
    "data": ("features", "group", "holdout_salt", "holdout_share", "id", "id_scheme", "labels", "time", "timezone", "window"),
    "train": ("command", "estimator", "max_categories", "params", "predict", "reads", "seed", "writes"),
    "compose": ("balance", "max_rows", "recent_windows", "replay_share", "sampler", "seed"),
    "expect": ("min_rows", "suites"),
}
SOURCES = ("history", "as_of", "live")
"""Keys of `data` that say where rows come from: the digests of the rows themselves are in every key."""


def identity_of(part: str, section: BaseModel, more: Mapping[str, Any] | None = None, *, usual: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what a section of params.yaml tells of itself in a key; `more` are the fields of a member that it names, `usual` their defaults.

    >>> from keepfit.params import ExpectParams
    >>> identity_of("expect", ExpectParams())
    {'suites': 'expectations', 'min_rows': 20}
    """
    told = {**section.model_dump(mode="json"), **(more or {})}
    defaults = {**_defaults(section), **(usual or {})}
    named = FORM_1[part]
    return {key: value for key, value in told.items() if key not in SOURCES and (key in named or key not in defaults or value != defaults[key])}


def identity_of_recipe(compose: ComposeParams, recipe: Recipe) -> dict[str, Any]:
    """Return what a recipe tells of itself in a key: what it does, whatever its name; of a project without recipes its own keys of `compose`."""
    if recipe.name is not None:
        return {"recipe": recipe.told}
    own = compose.model_copy(update={name: type(compose).model_fields[name].default for name in ("use", "judge")} | {"recipes": {}})
    return identity_of("compose", own, plugins.fields_of(recipe.sampler), usual=plugins.defaults_of(recipe.sampler))


def _defaults(section: BaseModel) -> dict[str, Any]:
    """The defaults of a section as they are told."""
    fields = {name: field.get_default(call_default_factory=True) for name, field in type(section).model_fields.items() if not field.is_required()}
    return type(section).model_construct(**fields).model_dump(mode="json", include=set(fields))
