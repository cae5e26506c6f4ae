"""Which rows go into a queue: a share by chance alone, the others in a strategy's order, each with its probability.

The share by chance is what the labels' estimates stand on: nobody chose it, so how often the model is wrong there is how often it is wrong. What a strategy
chose trains, and never judges. Rows come back in a random order: whoever labels them cannot tell which are which, and tires of neither.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from keepfit.compose.draws import Positions, lowest, ranks
from keepfit.compose.queue.chances import QueueSizes, chances, even_chance
from keepfit.errors import DataError, ParamsError

if TYPE_CHECKING:
    from keepfit.compose.queue.strategy import QueuePool, QueueStrategy

BY_CHANCE, SHOWN = "the share by chance", "the order in which people see them"
RANDOM_SHARE = 0.2


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Rows of a pool: their positions in a random order, which of them were drawn by chance alone, and how likely each was to be selected.

    `rows` is how many there were to select from.
    """

    positions: Positions
    by_chance: npt.NDArray[np.bool_]
    probability: npt.NDArray[np.float64]
    rows: int


def select(
    pool: QueuePool, strategy: QueueStrategy, *, rows: int, random_share: float = RANDOM_SHARE, inside: npt.NDArray[np.bool_] | None = None
) -> Selection:
    """Return at most `rows` rows of the pool; all of them where it has no more: then nobody chose.

    `inside`: the rows that are drawn beside the share by chance are of these alone (a slice's); fewer than `rows` come where these are few. A share
    above 0 gives at least one row by chance. Raises `ParamsError` for numbers that make no queue, `DataError` for a strategy that breaks its promise.
    """
    check_numbers(rows, random_share)
    n, among = min(rows, len(pool)), np.arange(len(pool), dtype=np.int64)
    by_chance = n if n == len(pool) or (inside is None and not strategy.chooses) else _share(n, random_share)
    drawn = lowest(ranks(pool.rank, BY_CHANCE), among, by_chance)
    if by_chance == n:
        return _in_random_order(pool, drawn, np.ones(n, bool), np.full(n, n / max(len(pool), 1)))
    own = among if inside is None else among[inside]
    order = own[_checked(strategy.order(_rows_of(pool, own), min(n, len(own))), min(n, len(own)), strategy.name)]
    found = np.concatenate([drawn, order[~np.isin(order, drawn)][: n - by_chance]])
    likely = _likely(found, order, own, QueueSizes(rows=len(pool), by_chance=by_chance, chosen=n - by_chance), evenly=not strategy.chooses)
    return _in_random_order(pool, found, np.isin(found, drawn), likely)


def check_numbers(rows: int, random_share: float) -> None:
    """Raise `ParamsError` for numbers that make no queue."""
    if rows < 1:
        raise ParamsError(f"a queue of {rows} rows is none", where="--rows", fix="a whole number from 1 on")
    if not 0 <= random_share <= 1:
        raise ParamsError(f"{random_share:g} is no share", where="--random-share", fix="a number from 0 to 1, such as 0.2")


def _rows_of(pool: QueuePool, own: Positions) -> QueuePool:
    """The pool of these rows alone, for a strategy that draws from a slice."""
    if len(own) == len(pool):
        return pool
    keep = np.zeros(len(pool), bool)
    keep[own] = True
    return replace(
        pool,
        rank=pool.rank[own],
        features=pool.features.take(own),
        answers=None if pool.answers is None else pool.answers[own],
        rival=None if pool.rival is None else pool.rival[own],
        doubt=None if pool.doubt is None else pool.doubt[own],
        slices={name: column.rows(keep) for name, column in pool.slices.items()},
    )


def _likely(found: Positions, order: Positions, own: Positions, sizes: QueueSizes, *, evenly: bool) -> npt.NDArray[np.float64]:
    """The probability of each row that was found: by its place in the order, or the same for all rows of a slice that are drawn from evenly."""
    if evenly:
        return np.where(np.isin(found, own), even_chance(len(own), sizes), sizes.by_chance / sizes.rows)
    places = np.full(sizes.rows, sizes.rows, np.int64)
    places[order] = np.arange(len(order))
    return chances(places[found], sizes)


def _share(rows: int, share: float) -> int:
    return 0 if share == 0 else min(rows, max(1, round(rows * share)))


def _checked(order: Positions, least: int, name: str) -> Positions:
    """A strategy of another package may be wrong, which would make every probability wrong."""
    if len(order) < least or len(np.unique(order)) != len(order):  # a row twice, or too few
        raise DataError(f"the strategy {name!r} gave {len(np.unique(order))} rows where {least} were asked for", where="--strategy", fix="docs/extend.md")
    return order


def _in_random_order(pool: QueuePool, found: Positions, by_chance: npt.NDArray[np.bool_], likely: npt.NDArray[np.float64]) -> Selection:
    turn = np.argsort(ranks(pool.rank[found], SHOWN), kind="stable")
    return Selection(positions=found[turn], by_chance=by_chance[turn], probability=likely[turn], rows=len(pool))
