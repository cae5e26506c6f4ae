"""Which rows of the past train: samplers, looked up by name (params.yaml: compose.sampler; entry points `keepfit.samplers`).

A sampler takes the pool — every labelled row that may train — and says of each row: `train`, `replay` or `out`, with a reason.
It may not add rows, and must give the same answer for the same pool, params and seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from keepfit.errors import ParamsError
from keepfit.params import ComposeParams

Texts = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Rows that may train, in the order of their ids: their ids, windows and labels; `order` lists the windows, oldest first."""

    row_id: Texts
    window: Texts
    label: npt.NDArray[np.float64]
    order: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A sampler's word on each row of the pool."""

    part: Texts
    reason: Texts


class Sampler(Protocol):
    """What every sampler promises."""

    def __call__(self, pool: Pool, *, params: ComposeParams, rng: np.random.Generator) -> Drawn:
        """Say of each row where it goes."""
        ...


def recent(pool: Pool, *, params: ComposeParams, rng: np.random.Generator) -> Drawn:
    """The newest windows in full, and a replay share drawn from older ones so that they are not forgotten.

    `replay_share` is the share of all training rows; fewer are taken if the older windows have fewer. `max_rows` caps
    both, keeping the share.
    """
    if params.replay_share >= 1:
        raise ParamsError("a replay share of 1 leaves no row of the recent windows", where="params.yaml: compose.replay_share", fix="a number below 1")
    newest = pool.order if params.recent_windows is None else pool.order[-params.recent_windows :]
    is_recent = np.isin(pool.window, np.array(newest, dtype=object))
    n_recent, n_older = int(is_recent.sum()), int((~is_recent).sum())
    wanted = round(n_recent * params.replay_share / (1 - params.replay_share))
    n_replay = min(wanted, n_older)
    if params.max_rows is not None and n_recent + n_replay > params.max_rows:
        n_replay = min(n_replay, round(params.max_rows * params.replay_share))
        n_recent = min(n_recent, params.max_rows - n_replay)
    part = np.full(len(pool.row_id), "out", dtype=object)
    reason = np.where(is_recent, f"over max_rows {params.max_rows}", "older than the recent windows").astype(object)
    for which, n, name, why in ((is_recent, n_recent, "train", "recent"), (~is_recent, n_replay, "replay", "drawn from older windows")):
        chosen = _draw(which, n, rng)
        part[chosen], reason[chosen] = name, why
    return Drawn(part=part, reason=reason)


def _draw(which: Mask, n: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Positions of `n` of the marked rows, without replacement."""
    positions = np.flatnonzero(which)
    return positions if n >= len(positions) else np.sort(rng.choice(positions, size=n, replace=False))
