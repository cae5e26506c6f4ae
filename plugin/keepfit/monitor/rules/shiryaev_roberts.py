"""The Shiryaev-Roberts e-detector: evidence that a stream has left its reference, which may be looked at after every window for ever.

For each channel (`monitor/rules/channels.py`), in both directions and for several sizes of change, a bettor bets against "the share is at
most m0". M, what the bettor is worth, is a Shiryaev-Roberts e-detector (Shin, Ramdas & Rinaldo, *E-detectors: a nonparametric framework
for sequential change detection*, 2022, eq. 12; compare Podkopaev & Ramdas 2022): M_t = (M_(t-1) + 1) exp(L_t). Before a change its mean is at
most t, and so is that of any weighted mean: a column's evidence is the mean over its bettors times the column's weight, weights sum to 1.

**Theorem.** With independent rows within windows, a reference whose error is inside the bound m0, and no change above delta, the first
alert of the whole model (evidence >= A) takes at least A windows on average: for any number of looks, unequal windows and any
dependence between columns. **Heuristic**: dividing L by a design effect above 1, learned from the reference (`profiles/variation.py`);
it is then a calibrated approximation.

Blind to changes below delta, below about 1.5 to 2 times a column's own variation, and to what no channel sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from keepfit.profiles.variation import Variation

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ALTERNATIVES = np.array([0.02, 0.05, 0.1, 0.2, 0.4])
MOVING = 1.5
"""The design effect above which no single window may alert alone, and no bound is a near one: a few windows say little about a variance."""
ONE_WINDOW = 0.6
RICHEST = 1e30
WELL_OFF = 400.0
"""The most that a bettor of the reverse test is worth."""
SURE = 2.5
"""Standard errors above the reference's share at which a bettor on the smallest size may begin to gain, where the bound is a near one."""
TOLERATED = 1.5
"""By how much the stream's windows may wobble more than the design effects allow before the reference is suspicious."""


@dataclass(frozen=True)
class ShiryaevRoberts:
    """A learned e-detector over arrays of channels; immutable, what it is worth (`M`, shape channels x 2 x 5) is passed in and out.

    `weights` is each column's share of the promise (sum at most 1), `starts` its first channel; `delta` the tolerated change of a share and
    `z` the reference's bound in standard errors, a value a channel; `a` the threshold: one false alert in `a` windows. `upwards`: the channels of
    which only a growing share is a change (errors); all their coins bet on that. `z_nearest`: how near the bound may come to the reference's share
    where the reference is worth many rows (`nearest_bound`) and its windows hardly differ, in standard errors; None: `z` everywhere.

    >>> rng = np.random.default_rng(3)
    >>> from keepfit.profiles.variation import learn_variation
    >>> n, starts = np.full((20, 3), 1000), np.array([0])
    >>> learned = learn_variation([(rng.binomial(n, [0.25, 0.5, 0.75]), n)], starts=starts)
    >>> detector = ShiryaevRoberts(variation=learned, starts=starts, weights=np.ones(1), delta=np.full(3, 0.01), z=np.full(3, 3.0), a=1000)
    >>> same, evidence = detector.step(detector.start, np.array([251, 497, 755]), n[0])
    >>> bool(evidence[0] < 10)
    True
    >>> bool(detector.step(same, np.array([110, 310, 570]), n[0])[1][0] >= 1000)
    True
    """

    variation: Variation
    starts: Ints
    weights: Floats
    delta: Floats
    z: Floats
    a: float
    raised: float = 1.0
    z_nearest: Floats | None = None
    upwards: npt.NDArray[np.bool_] | None = None

    @property
    def start(self) -> Floats:
        """What all bettors are worth before the first window."""
        return np.zeros((len(self.delta), 2, len(ALTERNATIVES)))

    def step(self, worth: Floats, k: Ints, n: Ints, *, tolerated: Floats | None = None) -> tuple[Floats, Floats]:
        """Fold one window in: return what the bettors are worth and the evidence, a value a column.

        A column whose evidence reaches `a` alerts and its bettors start anew; a channel without a row in the window stays as it is.
        `tolerated` is the change of a share that the bets of this window allow, a value a channel; None: `delta`.
        """
        grown = np.minimum((worth + 1) * np.exp(self._log_bets(k, n, tolerated)), RICHEST)
        grown = np.where((n > 0)[:, None, None], grown, worth)
        evidence = self.evidence(grown)
        quiet = np.repeat(evidence < self.a, self._sizes)
        return np.where(quiet[:, None, None], grown, 0.0), evidence

    def evidence(self, worth: Floats) -> Floats:
        """Return each column's evidence: the mean worth of its bettors times its weight."""
        return np.asarray(np.add.reduceat((worth.mean(axis=2) * self._coins).sum(axis=1), self.starts) / self._sizes * self.weights)

    def wobble(self, before: tuple[Ints, Ints], now: tuple[Ints, Ints]) -> Floats:
        """Return by how much two successive windows differ, a mean over channels for each column, over what the design effects allow (1)."""
        share = self.variation.share
        pairs = [(k / np.maximum(n, 1), self.variation.design_of(n, self.raised) / np.maximum(n, 1)) for k, n in (before, now)]
        allowed = share * (1 - share) * (pairs[0][1] + pairs[1][1])
        counts = (np.minimum(before[1], now[1]) * np.minimum(share, 1 - share)) >= 1
        ratio = np.divide(np.square(pairs[0][0] - pairs[1][0]), allowed, out=np.zeros_like(share), where=counts & (allowed > 0))
        seen = np.add.reduceat(counts.astype(np.float64), self.starts)
        return np.where(seen > 0, np.add.reduceat(ratio, self.starts) / np.maximum(seen, 1), np.nan)

    @cached_property
    def column_design(self) -> Floats:
        """The design effect of each column: the mean over its channels."""
        return np.asarray(np.add.reduceat(self._reference_design, self.starts) / self._sizes)

    @cached_property
    def smallest_shift(self) -> Floats:
        """The smallest change of a share (up or down, at the channel nearest one half) that makes a column's evidence grow at all."""
        lose, gain = -np.log1p(-ALTERNATIVES[0]), self._gains[:, :, 0]
        needed = lose / np.maximum(gain + lose, 1e-12) - self._directed
        best = np.minimum(needed[:, 0], needed[:, 1])
        middle = np.abs(self.variation.share - 0.5)
        ends = np.append(self.starts, len(middle))[1:]
        return np.array([best[a:b][np.argmin(middle[a:b])] for a, b in zip(self.starts, ends, strict=True)])

    def back(self, worth: Floats, k: Ints, n: Ints) -> tuple[Floats, Floats]:
        """Fold one window into the reverse test: return what its bettors are worth, shape (channels, 2), and the evidence, a value a column.

        The null is what `step` bets on: the share is at least m0 = bound + delta. The bettor bets that it lies halfway between m0 and the
        reference's share. A column is back if all its channels are, in both directions: its evidence is that of its poorest bettor.
        No bettor gets rich: one that was right for a year has to notice when its share leaves.
        """
        effect = self.variation.design_of(n, self.raised)
        sides = np.stack([k, n - k], axis=1).astype(np.float64)
        bets = (sides * self._reverse[0] + (n[:, None] - sides) * self._reverse[1]) / effect[:, None]
        most = np.where(effect > MOVING, ONE_WINDOW * np.log(self.a), 69.0)
        grown = np.minimum((worth + 1) * np.exp(np.minimum(bets, most[:, None])), WELL_OFF)
        grown = np.where((n > 0)[:, None], grown, worth)
        told = np.where((self._bounds < 1) & (self._coins > 0), grown, RICHEST).min(axis=1)
        return grown, np.asarray(np.minimum.reduceat(told, self.starts))

    @cached_property
    def _coins(self) -> Floats:
        """The part of each channel's coin that bets on more and on less."""
        upwards = np.zeros(len(self.delta), np.bool_) if self.upwards is None else self.upwards
        return np.where(upwards[:, None], [1.0, 0.0], [0.5, 0.5])

    @cached_property
    def _sizes(self) -> Ints:
        return np.asarray(np.diff(np.append(self.starts, len(self.delta))))

    @cached_property
    def _reference_design(self) -> Floats:
        return self.variation.design_of(self.variation.own_rows, self.raised)

    @cached_property
    def _directed(self) -> Floats:
        """The reference's share of "yes" and of "no": both directions are the same bet, shape (channels, 2)."""
        return np.stack([self.variation.share, 1 - self.variation.share], axis=1)

    @cached_property
    def _error(self) -> Floats:
        """The upper bound of the reference's share of "yes" and of "no"."""
        rows = self.variation.rows / self._reference_design
        if self.z_nearest is None:
            return upper_bound(self._directed, rows[:, None], self.z[:, None])
        least = np.where(self._reference_design > MOVING, self.z, self.z_nearest)
        return nearest_bound(self._directed, rows[:, None], least=least[:, None], most=self.z[:, None])

    @cached_property
    def _bounds(self) -> Floats:
        """m0, the largest share of "yes" and of "no" that is no change."""
        return np.minimum(self._error + self.delta[:, None], 1.0)

    @cached_property
    def _gains(self) -> Floats:
        return self._gains_beyond(self.delta)

    def _gains_beyond(self, tolerated: Floats) -> Floats:
        """log(m1 / m0), what a "yes" adds; a "no" adds log(1 - alternative), since m1 = m0 + (1 - m0) * alternative."""
        m0 = np.minimum(self._error + tolerated[:, None], 1.0)[:, :, None]
        return np.asarray(np.log1p((1 - m0) / m0 * ALTERNATIVES))

    @cached_property
    def _reverse(self) -> tuple[Floats, Floats]:
        """What a "yes" and a "no" add to the reverse bets; nothing where m0 is 1 and every share is tolerated."""
        m0 = np.minimum(self._bounds, 1 - 1e-12)
        half = (self._directed + m0) / 2
        return np.log(half / m0), np.log((1 - half) / (1 - m0))

    def _log_bets(self, k: Ints, n: Ints, tolerated: Floats | None = None) -> Floats:
        gains = self._gains if tolerated is None else self._gains_beyond(tolerated)
        effect = self.variation.design_of(n, self.raised)
        sides = np.stack([k, n - k], axis=1)[:, :, None].astype(np.float64)
        bets = (sides * gains + (n[:, None, None] - sides) * np.log1p(-ALTERNATIVES)) / effect[:, None, None]
        most = ONE_WINDOW * np.log(self.a * len(self.weights))
        return np.asarray(np.minimum(bets, np.where(effect > MOVING, most, 69.0)[:, None, None]))


def upper_bound(share: Floats, rows: Floats, z: Floats | float) -> Floats:
    """Return Wilson's upper bound of a share seen in so many rows (J. Am. Stat. Assoc. 22, 1927); 1 without a row.

    >>> upper_bound(np.array([0.0, 0.5]), np.array([100.0, 100.0]), 3.0).round(4).tolist()
    [0.0826, 0.6437]
    """
    n = np.maximum(rows, 1e-9)
    middle, spread = share + z * z / (2 * n), z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return np.asarray((middle + spread) / (1 + z * z / n))


def nearest_bound(share: Floats, rows: Floats, *, least: Floats | float, most: Floats | float) -> Floats:
    """Return the bound of `most` standard errors, or a nearer one, down to `least`, where the smallest size of change keeps the distance by itself.

    A bettor on that size gains beyond the middle of what it bets against and what it bets on. Where that middle lies `SURE` standard errors above the
    share anyway, nothing is gained by a bound that is far.

    >>> few, many = (nearest_bound(np.array([0.2]), np.array([rows]), least=1.0, most=2.0) for rows in (400.0, 20_000.0))
    >>> bool(few == upper_bound(np.array([0.2]), np.array([400.0]), 2.0)), bool(many == upper_bound(np.array([0.2]), np.array([20_000.0]), 1.0))
    (True, True)
    """
    sure = upper_bound(share, rows, SURE)
    return np.asarray(np.clip(sure - (1 - sure) * ALTERNATIVES[0] / 2, upper_bound(share, rows, least), upper_bound(share, rows, most)))
