"""A recipe: which of the rows that may train do so, in which parts and with what weights — named in params.yaml, so that another can be compared with it.

`compose.use` names the recipe of a project. One without it means what its own keys of `compose` say, as before recipes: the sampler with its fields, and a
balance of the classes. A recipe never touches the rows that judge and repeats no row: one that is to count for more weighs more, one that is to count for
nothing is left out. What `augment` makes is made of rows that train, after all that (`augment/made.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keepfit import plugins
from keepfit.compose.augment.asked import AskedAugmentation, asked_of
from keepfit.compose.ruled_rows import RuledColumn, drawn_by_rules, replayed, ruled_columns
from keepfit.compose.samplers.parts import WindowParts
from keepfit.compose.samplers.sampler import Drawn, Pool, Sampler
from keepfit.compose.strata import OWN, check_columns, columns_of
from keepfit.compose.weights.class_balance import ClassBalance
from keepfit.compose.weights.weight import Weight
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.params.recipe import ComposeParams, QualityParams, RecipeParams, standard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from keepfit.compose.quality.admissible import Floats
    from keepfit.params import Params

SECTION = "params.yaml: compose"
TRAINS = ("train", "replay")
PLAIN, AS_IT_CAME = RecipeParams(), QualityParams()
KNOWN = ("all", "last3", "decay2")
"""Recipes that are known without being written, as examples: any number may stand there."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a name stands for; `name` None: what a project's keys say that has no recipes."""

    name: str | None
    sampler: Sampler
    weights: tuple[Weight, ...] = ()
    augments: tuple[AskedAugmentation, ...] = ()
    says: RecipeParams = PLAIN
    seed: int = 0
    quality: QualityParams = AS_IT_CAME

    @property
    def where(self) -> str:
        """Its place in params.yaml."""
        return SECTION if self.name is None else f"{SECTION}.recipes.{self.name}"

    @property
    def windows_needed(self) -> int | None:
        """How many of the newest windows with labels it looks at, None for all: older ones need not be read."""
        return self.sampler.windows_needed

    @property
    def told(self) -> dict[str, Any]:
        """All that a draw depends on beside its rows: two recipes of the same words do the same."""
        weights = {weight.name: plugins.fields_of(weight) for weight in self.weights}
        said = self.says.model_dump(mode="json", exclude_defaults=True, exclude={"sampler", "weights", "augment", "quality"})
        made = {"augment": {one.name: one.told for one in self.augments}} if self.augments else {}
        made |= {"quality": self.quality.model_dump(mode="json", exclude_defaults=True)} if self.quality.asked else {}
        return {"sampler": {self.sampler.name: plugins.fields_of(self.sampler)}, "weights": weights, "seed": self.seed, **said, **made}

    @property
    def slices(self) -> tuple[str, ...]:
        """The slicing columns that it names."""
        return tuple(name for name in columns_of(self.says.rows) if name not in OWN)

    @property
    def balances(self) -> bool:
        """Whether its weights make the classes equal."""
        return any(isinstance(weight, ClassBalance) for weight in self.weights)

    def check(self, params: Params) -> None:
        """Raise `ParamsError` for a weight or an augmentation of what is not there, and `UnknownNameError` for rows by a column that slices nothing."""
        task = params.model.task
        for weight in self.weights:
            if task not in weight.tasks:
                where = f"{SECTION}.balance" if self.name is None else f"{self.where}.weights.{weight.name}"
                raise ParamsError(f"a {task} has no classes to balance", where=where, fix="balance: none" if self.name is None else "take it out")
        check_columns(self.says.rows, params, where=f"{self.where}.rows")
        for each in self.augments:
            each.prepared(params)

    def draw(self, pool: Pool) -> Drawn:
        """Return what becomes of each row of the pool, and what those weigh that train.

        Raises `ParamsError` for quotas that no rows can have, and where they leave none, or one class of several.
        """
        import numpy as np

        drawn = self._checked(self.sampler.draw(pool, rng=np.random.default_rng(self.seed)))
        if pool.own is not None:
            drawn = drawn.but(weight=pool.own if drawn.weight is None else np.asarray(drawn.weight, dtype=np.float64) * pool.own)
        if self.name is None:
            return drawn.but(weight=self._weigh(pool, drawn, [])) if self.weights else drawn
        ruled = ruled_columns(pool, self.says.rows, self.where)
        kept = drawn_by_rules(pool, drawn, ruled, self.says, seed=self.seed, where=self.where)
        self._check_left(pool, kept)
        weight = self._weigh(pool, kept, ruled)
        strata = [*replayed(drawn, kept, self.says), *(one for column in ruled for one in column.outcome(drawn.trains, kept.trains, weight))]
        return kept.but(weight=weight, strata=tuple(strata))

    def _check_left(self, pool: Pool, kept: Drawn) -> None:
        """Raise `ParamsError` where nothing can be learned from what the recipe leaves, though it could from what there is."""
        if not len(pool.label):
            return
        left = pool.label[kept.trains]
        if not len(left):
            raise ParamsError(f"the recipe {self.name} leaves no row to train on, of {len(pool.label):,} that may", where=self.where, fix="ask for less")
        if left.min() == left.max() and (pool.label != left[0]).any():
            what = f"the recipe {self.name} leaves only rows whose label is {left[0]:g}"
            raise ParamsError(what, where=self.where, fix="more windows, or other quotas of its classes")

    def _weigh(self, pool: Pool, drawn: Drawn, ruled: Sequence[RuledColumn]) -> Floats:
        """The weights of the pool's rows; of a named recipe their mean over those that train is 1."""
        import numpy as np

        trains, weight = drawn.trains, np.ones(len(pool))
        if not trains.any():
            return weight
        rows = pool.rows(trains) if self.weights else pool
        given = np.ones(int(trains.sum())) if drawn.weight is None else np.asarray(drawn.weight, dtype=np.float64)[trains]
        for column in ruled:
            given = given * column.factors()[trains]
        for one in sorted(self.weights, key=lambda each: each.last):
            try:
                given = one.weigh(rows, given)
            except ParamsError as bad:
                raise ParamsError(bad.what, where=f"{self.where}.weights.{one.name}", fix=bad.fix) from bad
        weight[trains] = given if self.name is None else given / given.mean()
        return weight

    def _checked(self, drawn: Drawn) -> Drawn:
        """What every sampler promises, held against what it said."""
        import numpy as np

        where = f"{self.where}.sampler"
        if isinstance(self.sampler, WindowParts):
            return drawn
        if not {*drawn.parts.names} <= {*TRAINS, "out"}:
            raise ParamsError("the sampler did not say train, replay or out of each row", where=where, fix="use another, or fix it")
        if drawn.weight is not None:
            given = np.asarray(drawn.weight, dtype=np.float64)
            if given.shape != drawn.parts.codes.shape or not (np.isfinite(given) & (given > 0))[drawn.trains].all():
                what, fix = "the sampler gave a row that trains a weight that is not above 0", "leave such rows out, or use another sampler"
                raise ParamsError(what, where=where, fix=fix)
        return drawn


def recipe_of(compose: ComposeParams, name: str | None = None) -> Recipe:
    """Return the recipe of this name; None: the one that `compose.use` names, or what a project says that names none.

    Raises `UnknownNameError` for a name that stands for none, and `ParamsError` for a member's field that does not fit, or where a project names a
    recipe and says something else beside it.
    """
    if name is None:
        if compose.use is None:
            weights = (ClassBalance(),) if compose.balance == "class" else ()
            return Recipe(name=None, sampler=sampler_of(compose), weights=weights, seed=compose.seed, quality=compose.quality)
        _check_alone(compose)
    wanted = name or compose.use or ""
    says = compose.recipes.get(wanted) or standard(wanted)
    if says is None:
        where = f"{SECTION}.use" if name is None else f"{SECTION}.recipes"
        raise UnknownNameError("recipe", wanted, known=[*compose.recipes, *KNOWN], where=where)
    return replace(_named(wanted, says, seed=compose.seed), quality=says.quality or compose.quality)


def _named(name: str, says: RecipeParams, *, seed: int) -> Recipe:
    where = f"{SECTION}.recipes.{name}"

    def made(family: plugins.Family, member: str, fields: Mapping[str, Any], key: str) -> Any:
        return plugins.make(family, member, fields, where=f"{where}.{key}.{member}", section=f"{where}.{key}.{member}")

    samplers = [made("samplers", member, fields, "sampler") for member, fields in says.sampler.items()]
    weights = tuple(made("weights", member, fields, "weights") for member, fields in sorted(says.weights.items()))
    augments = asked_of(says.augment, seed=seed, where=f"{where}.augment")
    return Recipe(name=name, sampler=samplers[0] if samplers else parts_of(says), weights=weights, augments=augments, says=says, seed=seed)


def parts_of(says: RecipeParams) -> WindowParts:
    """Return the parts that a recipe has without a sampler of its own."""
    parts = says.parts
    return WindowParts(windows=says.windows.last, new=None if parts is None else parts.new.last, replays=parts is not None and parts.replay is not None)


def sampler_of(compose: ComposeParams) -> Sampler:
    """Return the sampler of a project without recipes; raises `UnknownNameError`, or `ParamsError` for a field that does not fit."""
    sampler: Sampler = plugins.make("samplers", compose.sampler, compose.fields, where=f"{SECTION}.sampler", beside=type(compose).model_fields)
    return sampler


def _check_alone(compose: ComposeParams) -> None:
    """Whoever names a recipe says nothing else beside it; keys at their defaults say nothing."""
    sampler, plain = sampler_of(compose), ComposeParams()
    usual = plugins.defaults_of(sampler)
    said = [key for key, value in plugins.fields_of(sampler).items() if value != usual.get(key)]
    said += [key for key in ("sampler", "balance") if getattr(compose, key) != getattr(plain, key)]
    if said:
        what = f"the recipe {compose.use} says what trains, and compose.{said[0]} says something else"
        raise ParamsError(what, where=f"{SECTION}.{said[0]}", fix=f"remove {said[0]}, or say it in the recipe")
