"""The record of a window whose rows stay with their engine: how many there are, how many were drawn, and what was counted of all."""

from __future__ import annotations

from keepfit.records.data import Profile
from keepfit.records.form import record


@record
class WindowCounts:
    """A window of `rows` rows of which `drawn` are kept.

    `profile` and `steps` (its base windows) are what was counted of all rows, features and predictions, on the reference that goes by `reference` with
    the model whose files have the digest `scored_by` (empty: predictions were not counted); None before it was counted.
    """

    schema: int = 1
    window: str
    rows: int
    drawn: int
    reference: str = ""
    scored_by: str = ""
    profile: Profile | None = None
    steps: tuple[Profile, ...] = ()

    @property
    def sentence(self) -> str:
        """What a reader of the window has to know."""
        told = "features and predictions are" if self.scored_by else "features are"
        counted = f"{told} counted on all" if self.profile is not None else "the source has them no more, so that nothing else was counted"
        return f"{self.drawn:,} of {self.rows:,} rows were drawn: labels, expectations and slices are those of the rows drawn; {counted}"
