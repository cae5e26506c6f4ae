"""TFX's thresholds as rules: what `style: tfx` stands for, written out as a preset is.

Its semantics are those of TensorFlow Model Analysis (the modules `metrics_validator` and `metrics_plots_and_validations_writer`) and of TFX's Evaluator:
bounds are inclusive; an absolute and a relative change must both hold; a threshold without slices holds on all rows and on every slice; a metric or a slice
that is named and not there refuses; without a baseline the changes are ignored, and what has then no threshold left is not blessed.
It compares point values: a candidate that equals the champion falls below a bound of 0 in every second window, and one slice in many by chance alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keepfit.params.thresholds import MetricThreshold, SliceThreshold
from keepfit.rule_kinds.point_at_least import PointAtLeast
from keepfit.rule_kinds.point_at_most import PointAtMost
from keepfit.rule_kinds.point_gain import PointGain
from keepfit.rule_kinds.point_relative_gain import PointRelativeGain
from keepfit.rule_kinds.written import EVERY_SLICE, OVERALL, Written


def threshold_rules(thresholds: Mapping[str, MetricThreshold]) -> dict[str, Written]:
    """Return the rules that thresholds stand for, by name.

    >>> floor = MetricThreshold.model_validate({"value_threshold": {"lower_bound": 0.7}})
    >>> {name: (rule.slice, rule.bound) for name, rule in threshold_rules({"auc": floor}).items()}
    {'auc_lower_bound': ('overall', 0.7), 'auc_lower_bound_on_slices': ('*', 0.7)}
    """
    found: dict[str, Written] = {}
    for metric, its in thresholds.items():
        for end, where, slice_name in _places(its):
            for part, kind, bound in _bounds(where):
                found[f"{metric}_{part}{end}"] = Written(kind=kind, slice=slice_name, bound=bound, metric=metric)
    return found


def _places(its: MetricThreshold) -> Iterator[tuple[str, SliceThreshold, str]]:
    """The end of a rule's name, what holds there, and the slices."""
    yield "", its, OVERALL
    yield "_on_slices", its, EVERY_SLICE
    for number, (pattern, own) in enumerate(its.per_slice_thresholds.items(), start=1):
        yield f"_on_slice_{number}", own, pattern


def _bounds(its: SliceThreshold) -> Iterator[tuple[str, str, float]]:
    """What a threshold bounds, by which kind, at which bound; changes are signed so that positive is better."""
    value, change = its.value_threshold, its.change_threshold
    if value is not None and value.lower_bound is not None:
        yield "lower_bound", PointAtLeast.name, value.lower_bound
    if value is not None and value.upper_bound is not None:
        yield "upper_bound", PointAtMost.name, value.upper_bound
    if change is not None:
        for part, kind, bound in (("absolute", PointGain.name, change.absolute), ("relative", PointRelativeGain.name, change.relative)):
            if bound is not None:
                yield part, kind, bound if change.direction == "HIGHER_IS_BETTER" else 0.0 - bound
