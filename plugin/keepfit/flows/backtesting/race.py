"""`keepfit backtest --recipes`: recipes raced over the history of the live source, each composed and trained as `dvc repro` would with it.

At every window after the first each recipe's model has learned from windows before it alone, outside the permanent holdout; it is judged on all of the
window's labelled rows. So each window holds what the recipe's refit, which serves it, would have got. A recipe that cannot be trained at some
window is left out with the reason; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.errors import DataError, KeepfitError, ParamsError
from keepfit.flows.backtesting.backtest import BacktestWindow
from keepfit.flows.project import Project
from keepfit.report.race import race_json, race_sentence
from keepfit.update.backtest import Trained, named_recipe
from keepfit.update.race import REFERENCE, Race, check_windows, race

if TYPE_CHECKING:
    from keepfit.flows.backtesting.grid import Matrix
    from keepfit.update.bounded_value import BoundedValue

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class RecipeRace:
    """How the race ended, the metric by judged window and recipe, and the recipes that were `left_out`, each with the reason."""

    model: str
    metric: str
    confidence: float
    windows: tuple[BacktestWindow, ...]
    race: Race
    left_out: dict[str, str]

    @property
    def rows(self) -> list[tuple[str, int, dict[str, float | None]]]:
        """The windows as reports take them."""
        return [(one.window, one.rows, one.values) for one in self.windows]

    @property
    def names(self) -> list[str]:
        """The recipes that raced, the reference first."""
        return [REFERENCE, *self.race.recipes]

    @property
    def json_text(self) -> str:
        """All of it as one JSON object."""
        return race_json(self.metric, self.race, self.rows, left_out=self.left_out, said=self.said)

    @property
    def said(self) -> str:
        """Who won, and why."""
        return race_sentence(self.metric, self.race, [one.window for one in self.windows], confidence=self.confidence)


def race_recipes(project: Project, *, recipes: Sequence[str], until: datetime | None = None, afresh: bool = False, say: Say = lambda _: None) -> RecipeRace:
    """Race recipes by name against all history; `until` None closes the last window with its last row, `afresh` forgets what was trained before.

    Raises `UnknownNameError` for a name that stands for no recipe, `DataError` for fewer than four windows with labels after the first, and
    what keeps all history from being trained.
    """
    from keepfit.compose.recipe import recipe_of
    from keepfit.flows.backtesting.cache import BacktestCache
    from keepfit.flows.backtesting.grid import Matrix
    from keepfit.flows.backtesting.history import past_of

    rivals = _rivals(recipes)
    for name in rivals:
        recipe_of(project.params.compose, name).check(project.params)
    cache = BacktestCache(project.state / "backtest")
    if afresh:
        cache.clear()
    told = _raced(Matrix(project, past_of(project, until, cache), cache, say), rivals)
    cache.prune()
    return told


def _rivals(recipes: Sequence[str]) -> list[str]:
    """Who races against all history, each once."""
    rivals = [name for name in dict.fromkeys(recipes) if name != REFERENCE]
    if not rivals:
        raise ParamsError(f"there is no race of {REFERENCE} alone", where="--recipes", fix=f"name others beside it: {REFERENCE},last3,decay2")
    return rivals


def _raced(matrix: Matrix, rivals: Sequence[str]) -> RecipeRace:
    windows = list(_judging(matrix))
    check_windows(len(windows))
    values, gains, left_out = {REFERENCE: [matrix.score(_model(REFERENCE, at), at) for at in windows]}, {}, {}
    for name in rivals:
        matrix.say(f"recipe {name}")
        try:
            gains[name] = [_gain(matrix, name, at) for at in windows]
            values[name] = [matrix.score(_model(name, at), at) for at in windows]
        except KeepfitError as bad:
            left_out[name] = bad.what
            matrix.say(f"recipe {name} is left out: {bad.what}")
    if not gains:
        raise DataError(f"no recipe can race against {REFERENCE}: {left_out[rivals[0]]}", where="--recipes", fix="others, or mend what they are made of")
    params = matrix.project.params
    return RecipeRace(
        model=params.model.name,
        metric=params.evaluate.metric,
        confidence=params.update.confidence,
        windows=tuple(
            BacktestWindow(window=matrix.past.windows[at].id, rows=matrix.labelled(at), values={name: found[place] for name, found in values.items()})
            for place, at in enumerate(windows)
        ),
        race=race(gains, confidence=params.update.confidence),
        left_out=left_out,
    )


def _judging(matrix: Matrix) -> Iterator[int]:
    """The windows whose labels decide something, from the first that has labels before it to learn from."""
    learned = False
    for at, window in enumerate(matrix.past.windows):
        if learned and matrix.decides(at):
            yield at
        learned = learned or (window.id not in matrix.past.unusable and bool(matrix.known(at).any()))


def _gain(matrix: Matrix, name: str, at: int) -> BoundedValue:
    found = matrix.gain(_model(REFERENCE, at), _model(name, at), [at])
    assert found is not None, "a window that decides has a gain"
    return found


def _model(name: str, judged_on: int) -> Trained:
    """The recipe's model that has learned up to the window before."""
    return Trained(named_recipe(name), judged_on - 1)
