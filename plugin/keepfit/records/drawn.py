"""The record of a draw: which rows of a source a recipe's rows were drawn from, where they stay with their engine."""

from __future__ import annotations

from datetime import datetime

from keepfit.records.form import record


@record
class DrawnWindow:
    """How many rows of a window may train, of all that the source holds of it, and how many of them were drawn."""

    window: str
    trainable: int
    drawn: int


@record
class RecipeDraw:
    """What a recipe drew from the `source`: rows of these windows, which end by `until`. `asked` is the digest of all that the draw depends on.

    >>> found = RecipeDraw(recipe="mine", asked="sha256:0", source="lake/rows", until=datetime(2013, 2, 1), windows=(
    ...     DrawnWindow(window="2013-01", trainable=5_000_000, drawn=90_000),))
    >>> found.sentence
    '90,000 of 5,000,000 rows of lake/rows that may train were drawn by the recipe mine'
    """

    schema: int = 1
    recipe: str
    asked: str
    source: str
    until: datetime
    windows: tuple[DrawnWindow, ...]

    @property
    def sentence(self) -> str:
        """What was drawn, in a sentence."""
        drawn, trainable = (sum(getattr(one, name) for one in self.windows) for name in ("drawn", "trainable"))
        return f"{drawn:,} of {trainable:,} rows of {self.source} that may train were drawn by the recipe {self.recipe}"
