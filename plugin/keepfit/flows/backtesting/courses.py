"""What each policy would have done over a history: the update policy is folded, schedules and baselines follow their own rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.errors import ParamsError
from keepfit.params import Params, UpdateParams
from keepfit.update.adwin import Adwin, ErrorShare
from keepfit.update.backtest import ALL_HISTORY, Course, History, Trained, calendar, folded, never, scheduled
from keepfit.update.cara import PRICE, cumulative
from keepfit.update.policies import NamedPolicy
from keepfit.update.policy import UpdatePolicy
from keepfit.update.schedules import every

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.flows.backtesting.grid import Matrix

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Courses:
    """The courses of policies over one matrix."""

    matrix: Matrix

    def of(self, policy: NamedPolicy) -> Course:
        """Return what the policy would have done."""
        windows = len(self.matrix.past.windows)
        if policy.folds:
            return self._folded(policy)
        if policy.kind == "adwin":
            return scheduled(windows, self._rising())
        if policy.kind == "cara":
            return scheduled(windows, cumulative(self._costs, price=PRICE if policy.number is None else policy.number))
        if policy.kind == "every":
            return scheduled(windows, every(windows, int(policy.number or 1)))
        return (never if policy.kind == "never" else calendar)(windows)

    def _folded(self, policy: NamedPolicy) -> Course:
        params = self.matrix.project.params
        check_recipe(params)
        update = update_of(policy, params.update)
        history = History(
            windows=self.matrix.past.windows,
            metric=params.evaluate.metric,
            greater_is_better=self.matrix.metric.greater_is_better,
            refit=params.update.refit,
            limits=params.monitor,
            confidence=params.update.confidence,
        )
        return folded(UpdatePolicy.of(update, params.monitor, window=params.data.window), history, self.matrix, scout_every=scout_every(update))

    # -- baselines --------------------------------------------------------------------------------------------------------

    def _rising(self) -> tuple[int, ...]:
        """The closes of windows in which adaptive windowing finds that the errors of the model that served have risen."""
        window, until, closes = Adwin(), 0, []
        for number in range(1, len(self.matrix.past.windows) - 1):
            window, rose = window.after(self._scale.share(self.matrix.errors(Trained(ALL_HISTORY, until), number)))
            if rose:
                until = number
                closes.append(number)
        return tuple(closes)

    @cached_property
    def _scale(self) -> ErrorShare:
        """Errors are measured by those of the first model in the first window that has labels."""
        first = (self.matrix.errors(Trained(ALL_HISTORY, 0), window) for window in range(1, len(self.matrix.past.windows)))
        return next((ErrorShare.of(errors) for errors in first if len(errors)), ErrorShare(0.0))

    @cached_property
    def _costs(self) -> list[list[float | None]]:
        windows = range(len(self.matrix.past.windows))
        return [
            [self.matrix.mean_share(Trained(ALL_HISTORY, model), window, self._scale) if window > model else None for window in windows] for model in windows
        ]


def update_of(policy: NamedPolicy, update: UpdateParams) -> UpdateParams:
    """Return the section `update` of params.yaml as a policy has it."""
    if policy.kind in ("params", "all"):
        return update
    if policy.kind == "reviews":
        return update.model_copy(update={"grounds": ("debt",), "price": None, "reviews_a_year": policy.number})
    price = {} if policy.number is None else {"price": policy.number}
    return update.model_copy(update={"grounds": (policy.kind,), **price})


def scout_every(update: UpdateParams) -> int | None:
    """Return on how many labelled windows a scout is tried once; None: never, as nothing asks what one would gain."""
    return update.scout_every if "debt" in update.grounds else None


def check_recipe(params: Params) -> None:
    """Raise `ParamsError` for a recipe that would do without a word something else than it says."""
    fields = params.compose.fields
    if params.compose.use is None and fields.get("replay_share") and fields.get("recent_windows", None) is None:
        what = f"replay_share {fields['replay_share']:g} replays nothing: recent_windows null trains on all windows, so there are none before them"
        raise ParamsError(what, where="params.yaml: compose.replay_share", fix="recent_windows: 3 (or another number), or replay_share: 0.0")
