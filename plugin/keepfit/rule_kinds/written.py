"""A rule as a preset or a style writes it out."""

from __future__ import annotations

from dataclasses import dataclass

from keepfit.records import Undecided

OVERALL, EVERY_SLICE = "overall", "*"


@dataclass(frozen=True, kw_only=True)
class Written:
    """One rule that one reviewed line stands for; without a `metric` of its own it is about the one that the caller says."""

    kind: str
    slice: str
    bound: float
    undecided: Undecided | None = None
    metric: str | None = None

    @property
    def about_any_slice(self) -> bool:
        """Whether it is about whatever slices there are: without any it has nothing to say."""
        return self.slice == EVERY_SLICE
