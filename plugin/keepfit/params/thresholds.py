"""`style: tfx` and its thresholds, in the words of TensorFlow Model Analysis' EvalConfig, so that they can be carried over line by line.

`per_slice_thresholds` maps a slice (`overall`, `carrier=AA`, `carrier=*`) to its own; what stands beside it holds on all rows and on every slice, as there.
Between slices (`cross_slice_thresholds`) nothing is compared.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, FiniteFloat, model_validator

from keepfit.params.section import Section

Direction = Literal["HIGHER_IS_BETTER", "LOWER_IS_BETTER"]


class ValueThreshold(Section):
    """Bounds of the candidate's own value, both inclusive."""

    lower_bound: FiniteFloat | None = None
    upper_bound: FiniteFloat | None = None

    @model_validator(mode="after")
    def _some_value_is_allowed(self) -> ValueThreshold:
        if self.lower_bound is None and self.upper_bound is None:
            raise ValueError("a value_threshold needs lower_bound or upper_bound")
        if self.lower_bound is not None and self.upper_bound is not None and self.lower_bound > self.upper_bound:
            raise ValueError(f"no value is at least {self.lower_bound:g} and at most {self.upper_bound:g}: swap lower_bound and upper_bound")
        return self


class ChangeThreshold(Section):
    """Bounds of candidate - champion, and of that divided by the champion's value; both inclusive, both must hold where both are set."""

    absolute: FiniteFloat | None = None
    relative: FiniteFloat | None = None
    direction: Direction

    @model_validator(mode="after")
    def _some_change_is_named(self) -> ChangeThreshold:
        if self.absolute is None and self.relative is None:
            raise ValueError("a change_threshold needs absolute or relative")
        return self


class SliceThreshold(Section):
    """What one slice must meet."""

    value_threshold: ValueThreshold | None = None
    change_threshold: ChangeThreshold | None = None


class MetricThreshold(SliceThreshold):
    """What a metric must meet on all rows and every slice, and on slices that have thresholds of their own."""

    per_slice_thresholds: dict[str, SliceThreshold] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _some_threshold_is_set(self) -> MetricThreshold:
        for each in (self, *self.per_slice_thresholds.values()):
            if each.value_threshold is None and each.change_threshold is None and not (each is self and self.per_slice_thresholds):
                raise ValueError("a threshold needs value_threshold or change_threshold")
        return self


class Styled(Section):
    """A section whose rules may be written in another tool's style: `tfx` reads `thresholds`, by metric."""

    style: Literal["keepfit", "tfx"] = "keepfit"
    thresholds: dict[str, MetricThreshold] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _thresholds_are_of_the_style(self) -> Styled:
        if self.style == "tfx" and not self.thresholds:
            raise ValueError("style tfx needs thresholds: without any TFX blesses nothing ({METRIC: {value_threshold: {lower_bound: 0.7}}})")
        if self.style != "tfx" and self.thresholds:
            raise ValueError("thresholds are read in one style only: add style: tfx")
        return self
