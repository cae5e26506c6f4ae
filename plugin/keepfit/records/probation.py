"""Records of probation: what a promotion promised, and what it delivered on later labels, on which the model it displaced is scored as well."""

from __future__ import annotations

from keepfit.records.form import record


@record
class GainInterval:
    """A gain, positive: better, on `n` rows; `low` to `high` holds at `confidence`, None where there is no interval. `clusters` as in a `ScoreRow`."""

    gain: float
    low: float | None = None
    high: float | None = None
    confidence: float
    n: int
    clusters: int | None = None


@record
class PromiseKept:
    """What was promised at the promotion and what later labels say, in one unit: the metric, or what `impact` prices a row in. None: not known (yet)."""

    unit: str
    promised: GainInterval | None = None
    delivered: GainInterval | None = None


@record
class ProbationWindow:
    """A window that judges the promotion: its rows with a label, how often labels had come late by then, and the metric's gain on it alone."""

    window: str
    labelled: int
    arrivals: int
    gain: float | None


@record
class Probation:
    """A promotion on probation: a champion against the one it displaced, on the first `wanted` windows with labels after it.

    `champion` and `displaced` are digests, `version` and `displaced_version` what people call them. `kept` holds the metric first, then the user's own unit
    where params price answers. `against` is the version that the certificate compared with, where that is another one than was displaced: then nothing was
    promised of this pair. `note` says why nothing is known of what was promised.
    """

    schema: int = 1
    model: str
    champion: str
    version: str
    displaced: str
    displaced_version: str
    wanted: int
    windows: tuple[ProbationWindow, ...] = ()
    kept: tuple[PromiseKept, ...] = ()
    against: str = ""
    note: str = ""

    @property
    def over(self) -> bool:
        """Whether as many windows have judged the promotion as were wanted."""
        return len(self.windows) >= self.wanted

    @property
    def rows(self) -> int:
        """How many labelled rows have judged it."""
        return sum(one.labelled for one in self.windows)
