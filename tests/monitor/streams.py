"""Streams of counts for the tests of evidence over time: normal columns on 15 reference quantiles, drawn as multinomials.

Counts are all that the e-detector sees, so a window of 1,000 rows x 20 columns costs microseconds here, not milliseconds.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from keepfit.monitor.rules.shiryaev_roberts import ShiryaevRoberts
from keepfit.profiles.variation import learn_variation

EDGES = np.r_[-3.5, ndtri(np.arange(1, 15) / 15), 3.5]
SIZE = len(EDGES) + 1


def draw(rng, rows, shifts, *, spread=1.0):
    """(k, n) of shape (windows, columns * channels): each cell of `shifts` (windows, columns) is the mean, in reference sd."""
    ends = ndtr((EDGES - shifts[:, :, None]) / spread)
    one = np.ones((*shifts.shape, 1))
    shares = np.diff(np.concatenate([0 * one, ends, one], axis=2), axis=2)
    counts = rng.multinomial(np.broadcast_to(np.reshape(rows, (-1, 1)) if np.ndim(rows) else rows, shifts.shape), shares)
    k = np.concatenate([counts.cumsum(axis=2)[:, :, :-1], np.zeros((*shifts.shape, 1), int)], axis=2)
    n = np.repeat(counts.sum(axis=2)[:, :, None], SIZE, axis=2)
    return k.reshape(len(shifts), -1), n.reshape(len(shifts), -1)


def detector_of(reference, columns, a=1000.0):
    """A detector learned from (k, n) of `columns` columns."""
    starts = np.arange(columns) * SIZE
    every = np.ones(columns * SIZE)
    learned = learn_variation([reference], starts=starts)
    return ShiryaevRoberts(variation=learned, starts=starts, weights=np.full(columns, 1 / columns), delta=0.01 * every, z=3.0 * every, a=a)


def alerts(detector, stream):
    """By window whether each column alerts, shape (windows, columns)."""
    worth, found = detector.start, []
    for k, n in zip(*stream, strict=True):
        worth, evidence = detector.step(worth, k, n)
        found.append(evidence >= detector.a)
    return np.array(found)


def opened(weighed, profile):
    """The columns whose incident this window opened; what was told before and still stands is no alert."""
    return [one.subject for one in weighed.loud if one.since == profile.window]


def allowed(promised_per_1000, windows):
    """The most flagged windows that still pass a bar: m + 2.33 sqrt(m) + 1, a 99 % bound of a Poisson count."""
    m = promised_per_1000 * windows / 1000
    return m + 2.33 * np.sqrt(m) + 1


def flagged(seeds, *, rows, sd=0.0, reference_windows=20, reference_rows=None, windows=60, columns=20, alike=0.0, scale=1, heavy=False, weekdays=False):
    """Flagged windows without a change, over seeds each with a reference of its own; `sd` is the window-to-window variation."""
    total = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        moves = effects(rng, reference_windows + windows, columns, sd=sd, alike=alike, heavy=heavy, weekdays=weekdays)
        size = rows[0] if isinstance(rows, tuple) else rows
        first = draw(rng, (reference_rows // reference_windows) if reference_rows else size, moves[:reference_windows])
        later = rng.integers(rows[0], rows[1], windows) if isinstance(rows, tuple) else rows * scale
        total += int(alerts(detector_of(first, columns), draw(rng, later, moves[reference_windows:])).any(axis=1).sum())
    return total


def effects(rng, windows, columns, *, sd, alike, heavy, weekdays):
    """What moves each column's mean in each window."""
    steps = rng.standard_t(5, (windows, columns)) / np.sqrt(5 / 3) if heavy else rng.normal(0, 1, (windows, columns))
    for t in range(1, windows):
        steps[t] = alike * steps[t - 1] + np.sqrt(1 - alike**2) * steps[t]
    if weekdays:
        steps = rng.normal(0, 1, (7, columns))[np.arange(windows) % 7]
    return sd * steps


def delay(seeds, *, rows, shift=0.0, slope=0.0, spread=1.0, sd=0.0, reference_windows=20, windows=60, columns=20):
    """The median number of windows until the changed column (the first) alerts."""
    found = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        reference = draw(rng, rows, rng.normal(0, sd, (reference_windows, columns)))
        moves = rng.normal(0, sd, (windows, columns))
        moves[:, 0] += shift + slope * np.arange(1, windows + 1)
        stream = draw(rng, rows, moves)
        if spread != 1.0:
            changed = draw(rng, rows, moves[:, :1], spread=spread)
            for side, other in zip(stream, changed, strict=True):
                side[:, :SIZE] = other
        loud = alerts(detector_of(reference, columns), stream)[:, 0]
        found.append(int(np.argmax(loud)) + 1 if loud.any() else windows + 1)
    return float(np.median(found))
