"""The section `impact`: what right and wrong answers cost, so that a candidate's worth can be said in the user's own unit.

Nothing is set by default, and nothing is invented: without costs or a loss, worth is in the metric's unit.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, FiniteFloat, field_validator, model_validator

from keepfit.errors import did_you_mean
from keepfit.params.model import ModelParams, as_word
from keepfit.params.section import Count, Section

Price = Annotated[FiniteFloat, Field(ge=0)]
CELLS = ("true_negative", "false_positive", "false_negative", "true_positive")
"""The outcomes of two classes, in the order of a confusion matrix: truth 0 answered 0, 0 answered 1, 1 answered 0, 1 answered 1."""
Matrix = tuple[tuple[float, ...], ...]


class AsymmetricParams(Section):
    """What one unit of the target costs that is answered too much (`over`), and too little (`under`)."""

    over: Price
    under: Price


class PinballParams(Section):
    """The loss of the quantile `quantile`: `per_unit` times it for a unit too little, times the rest for a unit too much (Koenker & Bassett 1978)."""

    quantile: Annotated[float, Field(gt=0, lt=1)]
    per_unit: Price = 1.0


class LossParams(Section):
    """What a regression's error costs, by one of three keys: `per_unit` (both ways alike), `asymmetric` or `pinball`."""

    per_unit: Price | None = None
    asymmetric: AsymmetricParams | None = None
    pinball: PinballParams | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> LossParams:
        named = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError(f"a loss is one of per_unit, asymmetric and pinball, here are {', '.join(named) or 'none'}")
        return self

    @property
    def over(self) -> float:
        """What a unit too much costs.

        >>> LossParams(pinball=PinballParams(quantile=0.9, per_unit=10)).over, LossParams(per_unit=0.2).over
        (1.0, 0.2)
        """
        if self.pinball is not None:
            return round(self.pinball.per_unit * (1 - self.pinball.quantile), 12)
        return self.asymmetric.over if self.asymmetric is not None else self.per_unit or 0.0

    @property
    def under(self) -> float:
        """What a unit too little costs."""
        if self.pinball is not None:
            return self.pinball.per_unit * self.pinball.quantile
        return self.asymmetric.under if self.asymmetric is not None else self.per_unit or 0.0


class PriceParams(Section):
    """What a candidate costs once, in `impact.unit`: its training, its review, and each label that people gave for it."""

    training: Price = 0.0
    review: Price = 0.0
    label: Price = 0.0


class ImpactParams(Section):
    """What answers cost, how many rows there are, and what a candidate costs.

    `costs` of two classes map the four outcomes to a cost (below 0: a benefit); of more they map the true class to what each answered class costs.
    `threshold` is from which probability of class 1 on a row is acted on as positive: a number, or `best`, the one that the costs make best where
    probabilities are calibrated; None: .5. Of more classes `best` is the answer of the least expected cost, None the likeliest class.
    """

    unit: str | None = None
    costs: dict[str, FiniteFloat | dict[str, FiniteFloat]] | None = None
    threshold: Annotated[float, Field(ge=0, le=1)] | Literal["best"] | None = None
    loss: LossParams | None = None
    rows_a_window: Count | None = None
    prices: PriceParams | None = None
    horizon_windows: Count | None = None

    @field_validator("threshold", mode="before")
    @classmethod
    def _a_share_or_best(cls, value: Any) -> Any:
        if value is None or value == "best" or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1):
            return value
        raise ValueError("a threshold is a probability from 0 to 1, or best")

    @field_validator("costs", mode="before")
    @classmethod
    def _names_as_people_write_them(cls, given: Any) -> Any:
        if given is not None and not isinstance(given, dict):
            raise ValueError("costs are a map: {false_positive: 5, false_negative: 40}, or of many classes {TRUE: {ANSWERED: 5, …}, …}")
        if given is None:
            return None
        return {as_word(key): {as_word(name): cost for name, cost in cell.items()} if isinstance(cell, dict) else cell for key, cell in given.items()}

    @model_validator(mode="after")
    def _one_currency(self) -> ImpactParams:
        if self.costs is not None and self.loss is not None:
            raise ValueError("costs are of a classification, a loss is of a regression: name one of them")
        if self.priced and self.unit is None:
            raise ValueError(f"what is {'lost' if self.costs is None else 'paid'} for an answer has a unit: name it, unit: EUR")
        alone = next((key for key in ("unit", "threshold", "rows_a_window", "prices") if getattr(self, key) is not None), None)
        if alone is not None and not self.priced:
            raise ValueError(f"{alone} counts where answers have a cost: name costs (classification) or loss (regression)")
        if self.threshold is not None and self.costs is None:
            raise ValueError("a threshold is of a classification: name costs, or take it out")
        return self

    @property
    def priced(self) -> bool:
        """Whether an answer has a cost."""
        return self.costs is not None or self.loss is not None

    def matrix(self, model: ModelParams) -> Matrix:
        """Return the costs as a square: a row a true class, a column an answered one, in the order of the codes; raises `ValueError` for what is none."""
        if self.costs is None:
            return ()
        return _of_two(self.costs) if not model.many else _of_many(self.costs, model.class_names)

    def fits(self, model: ModelParams) -> None:
        """Raise `ValueError` where the section is of another task than the model's, or its costs are not of the model's classes."""
        if model.task == "regression" and self.costs is not None:
            raise ValueError("impact.costs are of a classification: a regression has impact.loss, {per_unit: …}")
        if model.task == "classification" and self.loss is not None:
            raise ValueError("impact.loss is of a regression: a classification has impact.costs")
        square = self.matrix(model)
        if model.many and isinstance(self.threshold, float | int):
            raise ValueError("impact.threshold is of two classes: of more it is best, or left out for the likeliest")
        if self.threshold == "best" and not model.many:
            best_threshold(square)


def best_threshold(square: Matrix) -> float:
    """Return the probability of class 1 from which on answering 1 costs less on average (Elkan, IJCAI 2001, eq. 2).

    Raises `ValueError` where a wrong answer costs no more than the right one: then one answer is best whatever the probability.

    >>> best_threshold(((0.0, 5.0), (40.0, 0.0)))
    0.1111111111111111
    """
    (true_negative, false_positive), (false_negative, true_positive) = square
    extra, missed = false_positive - true_negative, false_negative - true_positive
    if extra <= 0 or missed <= 0:
        raise ValueError(
            "with these impact.costs a wrong answer costs no more than the right one, so no threshold is best: name a number, or correct the costs"
        )
    return extra / (extra + missed)


def _of_two(costs: dict[str, Any]) -> Matrix:
    unknown = next((name for name in costs if name not in CELLS), None)
    if unknown is not None:
        raise ValueError(f"impact.costs has no {unknown[:40]!r} ({did_you_mean(unknown, CELLS)})")
    nested = next((name for name, cost in costs.items() if isinstance(cost, dict)), None)
    if nested is not None:
        raise ValueError(f"impact.costs.{nested} is one number: what such a row costs")
    missing = next((name for name in CELLS[1:3] if name not in costs), None)
    if missing is not None:
        raise ValueError(f"impact.costs lacks {missing}: what such a row costs")
    cells = [float(costs.get(name, 0.0)) for name in CELLS]
    return ((cells[0], cells[1]), (cells[2], cells[3]))


def _of_many(costs: dict[str, Any], classes: tuple[str, ...]) -> Matrix:
    stranger = next((truth for truth in costs if truth not in classes), None)
    if stranger is not None:
        raise ValueError(f"impact.costs: no class {stranger[:40]!r} ({did_you_mean(stranger, classes)})")
    flat = next((truth for truth, row in costs.items() if not isinstance(row, dict)), None)
    if flat is not None:
        raise ValueError(f"impact.costs.{flat} is a map from the answered class to its cost, for each of {len(classes)} classes")
    for truth, row in costs.items():
        unknown = next((name for name in row if name not in classes), None)
        if unknown is not None:
            raise ValueError(f"impact.costs.{truth}: no class {unknown[:40]!r} ({did_you_mean(unknown, classes)})")
    for truth in classes:
        lacks = next((name for name in classes if name != truth and name not in costs.get(truth, {})), None)
        if lacks is not None:
            what = "is a square of all classes (the diagonal may be left out)"
            raise ValueError(f"impact.costs {what}: it does not say what {lacks!r} costs where {truth!r} is true")
    return tuple(tuple(float(costs[truth].get(name, 0.0)) for name in classes) for truth in classes)
