"""How often candidates of a known worth pass: what `update/pass_rates.py` finds, and reports show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PassRate:
    """Of candidates with this true `gain` (0: equal), in the primary metric: the share that passes, and the share that a person may let pass."""

    gain: float
    passes: float
    approvals: float


@dataclass(frozen=True, kw_only=True)
class PassRates:
    """The rates of one window: its rows and clusters, the half width of the overall interval, and the loss that it finds with power .8."""

    metric: str
    rows: int
    clusters: int | None
    half_width: float
    finds: float
    rates: tuple[PassRate, ...]
