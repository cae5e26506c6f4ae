"""The section `compose`: recipes by name, each of which says what rows train, and the keys that stood there before recipes.

>>> compose = ComposeParams.model_validate({"use": "mine", "recipes": {"mine": {"windows": {"last": 12}, "weights": {"recency": {"half_life_windows": 3}}}}})
>>> compose.recipes["mine"].windows.last
12
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, FiniteFloat, field_validator, model_validator

from keepfit.params.section import Chosen, Count, Section
from keepfit.records.quality import QualityAction, QualityKind

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


def _check_names(names: Iterable[str]) -> None:
    wrong = next((name for name in names if not name.partition("=")[0] or not name.partition("=")[2]), None)
    if wrong is not None:
        raise ValueError(f"rows are named column=value, such as carrier=EV, carrier=*, class=1 or window=*: {wrong!r} is none")


def _bound(value: Any) -> Any:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0) or (isinstance(value, float) and 0 < value < 1):
        return value
    raise ValueError("it is a number of rows (a whole one, 300) or a share of all rows that train (above 0 and below 1, 0.3)")


Bound = Annotated[int | float | None, BeforeValidator(_bound)]


class RowsParams(Section):
    """What is asked of the rows of a slice, a class or a window: quotas (rows or shares of all that train), thinning, a weight."""

    at_least: Bound = None
    at_most: Bound = None
    share: OpenShare | None = None
    keep: OpenShare | None = None
    weight: Annotated[FiniteFloat, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _one_share(self) -> RowsParams:
        if self.share is not None and isinstance(self.at_least or self.at_most, float):
            raise ValueError("a share is both the least and the most: write share alone, or bounds without it")
        if self.at_least is not None and self.at_most is not None and type(self.at_least) is type(self.at_most) and self.at_least > self.at_most:
            raise ValueError(f"no rows are at least {self.at_least:g} and at most {self.at_most:g}")
        return self

    @property
    def words(self) -> str:
        """What is asked, for a table.

        >>> RowsParams(share=0.2, weight=3).words
        '20 %, weight 3'
        """
        said = [(word, bound) for word, bound in (("at least ", self.at_least), ("at most ", self.at_most), ("", self.share)) if bound is not None]
        quotas = [f"{word}{bound:,} rows" if isinstance(bound, int) else f"{word}{100 * bound:g} %" for word, bound in said]
        thinned = [] if self.keep is None else [f"keep {100 * self.keep:g} %"]
        return ", ".join([*quotas, *thinned, *([] if self.weight == 1 else [f"weight {self.weight:g}"])])


class AugmentParams(Chosen):
    """How many rows an augmentation makes, in rows that train, and what each weighs, in its parent's weight; the other keys are the member's own."""

    share: Annotated[FiniteFloat, Field(gt=0, le=10)]
    weight: Annotated[FiniteFloat, Field(gt=0)] = 1.0


def _said(action: Any) -> Any:
    return "off" if action is False else action  # off is false to a reader of YAML 1.1


Action = Annotated[Literal["quarantine", "report", "off"], BeforeValidator(_said)]


class QualityParams(Section):
    """What becomes of rows that may train and repeat or contradict others.

    `tolerance` is how far numbers of near duplicates may differ, of the range of a column's middle half.

    >>> QualityParams.model_validate({"duplicates": "quarantine", "conflicts": False}).asked
    (('duplicates', 'quarantine'),)
    """

    duplicates: Action = "off"
    near_duplicates: Action = "off"
    conflicts: Action = "off"
    contamination: Action = "off"
    tolerance: Annotated[FiniteFloat, Field(ge=0, le=1)] = 0.001

    @property
    def asked(self) -> tuple[tuple[QualityKind, QualityAction], ...]:
        """The kinds that are looked for, with what is done about each."""
        kinds: tuple[QualityKind, ...] = ("duplicates", "near_duplicates", "conflicts", "contamination")
        return tuple((kind, getattr(self, kind)) for kind in kinds if getattr(self, kind) != "off")


class RecipeParams(Section):
    """A recipe: of which windows, in which parts, with what quotas and weights; what is left out changes nothing."""

    windows: WindowsParams = WindowsParams()
    parts: PartsParams | None = None
    sampler: dict[str, dict[str, Any]] = Field(default_factory=dict, max_length=1)
    rows: dict[str, RowsParams] = Field(default_factory=dict)
    weights: dict[str, dict[str, Any]] = Field(default_factory=dict)
    augment: dict[str, AugmentParams] = Field(default_factory=dict)
    max_rows: Count | None = None
    quality: QualityParams | None = None

    @field_validator("windows", mode="before")
    @classmethod
    def _all_is_no_limit(cls, windows: Any) -> Any:
        return {} if windows in ("all", None) else windows

    @field_validator("sampler", "weights", mode="before")
    @classmethod
    def _a_member_may_stand_without_fields(cls, members: Any) -> Any:
        return {name: {} if fields is None else fields for name, fields in members.items()} if isinstance(members, dict) else members

    @field_validator("augment", mode="before")
    @classmethod
    def _how_many_rows_are_made_is_said(cls, made: Any) -> Any:
        bare = next((name for name, its in made.items() if not isinstance(its, dict | AugmentParams)), None) if isinstance(made, dict) else None
        if bare is not None:
            raise ValueError(f"how many rows {bare} makes is said by its share, in rows that train: {bare}: {{share: 0.2}}")
        return made

    @field_validator("rows")
    @classmethod
    def _rows_are_named_as_slices(cls, rows: dict[str, RowsParams]) -> dict[str, RowsParams]:
        _check_names(rows)
        return rows

    @model_validator(mode="after")
    def _one_way_to_draw(self) -> RecipeParams:
        if self.sampler and (self.parts is not None or self.windows.last is not None):
            raise ValueError("a sampler says itself which windows train and what is replayed: write a sampler, or windows and parts")
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


class JudgeParams(Section):
    """How many rows of a slice should judge, so that it can be decided, and how many windows may judge for it."""

    quotas: dict[str, Count] = Field(default_factory=dict)
    windows: Count = 1

    @field_validator("quotas")
    @classmethod
    def _rows_are_named_as_slices(cls, quotas: dict[str, int]) -> dict[str, int]:
        _check_names(quotas)
        if any(name.startswith("window=") for name in quotas):
            raise ValueError("which windows judge is said by judge.windows; quotas are of slices and classes")
        return quotas


class ComposeParams(Chosen):
    """Which rows train: the recipe that `use` names; without it the keys of before, a sampler by name with its fields and a balance of the classes."""

    use: str | None = None
    recipes: dict[str, RecipeParams] = Field(default_factory=dict)
    judge: JudgeParams = JudgeParams()
    quality: QualityParams = QualityParams()
    sampler: str = "recent"
    balance: Literal["none", "class"] = "none"
    draws_from: Literal["windows", "source"] = "windows"
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
