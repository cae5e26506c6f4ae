"""The named rules that a section stands for without writing them: those of its preset, then those of its style's thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from keepfit.params import PresetParams
from keepfit.params.thresholds import MetricThreshold
from keepfit.rule_kinds.presets import written_out
from keepfit.rule_kinds.thresholds import threshold_rules
from keepfit.rule_kinds.written import Written


class InShort(Protocol):
    """`evaluate` of params.yaml, or a pattern of gate.yaml."""

    @property
    def preset(self) -> PresetParams | None:
        """Its preset."""

    @property
    def thresholds(self) -> Mapping[str, MetricThreshold]:
        """The thresholds of its style."""


def stands_for(section: InShort) -> dict[str, Written]:
    """Return the rules by name; none where neither is set."""
    return {**written_out(section.preset), **threshold_rules(section.thresholds)}
