"""Staleness debt: what a model retrained at each window would have gained over the champion, added up, against what one retraining is worth.

Rent or buy: a stale champion costs its gain to a retrained one in every window, a retraining costs its `price` once. The debt and the gain that
is expected next (the last one, and what a window of newer data has brought on average over the last six) ask for a retraining when they reach
the price. Without the look-ahead, and where older models are not the better ones, the gains missed and the prices paid stay within
(2 + G / price) times those of the best schedule in hindsight, G the largest gain of one window: between two retrainings the debt stays below
price + G, and the best schedule pays the price or at least the debt (Karlin, Manasse, Rudolph & Sleator 1988; Dooly, Goldman & Scott 2001).

A price in the metric x windows is hard to name. From `reviews_a_year` it follows as what the windows until the next review would cost by
ageing: m (1 + 2 + … + L), m what a window of newer data brings, L the windows from one review to the next. Reviews are spread over the time
ahead as their worth is. What a window adds to a model of t windows falls like 1/t² (an excess loss of 1/t), so reviews come every L ~ t
windows: young models are renewed more often than `reviews_a_year`, old ones less. With n reviews to give in the h windows ahead that is
L = t ln(1 + h/t) / n. What was asked for is counted: never more than the reviews that are due by now, begun ones included, and one in advance.
Chance owes nothing: a debt that is not surely above 0 (its windows' margins add up as squares) asks for nothing.

Blind to what nobody measured: a scout is a retraining of the recipe, not of another one; the next gain is a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import hypot, log1p, sqrt

from keepfit.errors import ParamsError
from keepfit.records import DebtMemory, Evidence, EvidenceKind, Gain, Window

YEAR_DAYS = 365.25
MONTH_DAYS = YEAR_DAYS / 12
"""How long a window is taken to be that says no time."""
LAST = 6
"""Windows over which the worth of newer data is averaged: half a year of months, and few enough to follow a change."""
KEPT = 104
"""Gains that are kept one by one, two years of weeks: a window whose labels come later than that is not scored again."""
ADVANCE = 2
"""Reviews that may be asked for beyond those that are due in full: the one that is being earned, and one in advance for a young model."""
HORIZON_YEARS, HORIZON_REVIEWS = 2, 3
"""How far ahead reviews are planned: a year's plan would spend all in its last months, and one review alone is no plan."""


@dataclass(frozen=True, kw_only=True)
class Debt:
    """What is owed at the close of a window, all in the metric x windows.

    `total` is the sum since the champion's data less what candidates have cost, `ahead` the gain expected next (None: nothing is known of it),
    `margin` half of the interval of both together, `price` what one retraining is worth; None: no review is left now. `fixed`: it was set.
    `young`: reviews come as often as windows, so that a model is renewed before anything is known.
    """

    total: float
    ahead: float | None
    margin: float
    price: float | None
    fixed: bool = False
    young: bool = False

    @property
    def owed(self) -> float:
        """The debt with the gain that is expected next."""
        return self.total + (self.ahead or 0.0)

    @property
    def sure(self) -> bool:
        """Whether more is owed than chance can explain."""
        return self.owed > self.margin

    @property
    def asks(self) -> bool:
        """Whether a retraining is asked for.

        >>> Debt(total=0.3, ahead=0.1, margin=0.5, price=0.4, fixed=True).asks, Debt(total=0.3, ahead=0.1, margin=0.5, price=0.4).asks
        (True, False)
        """
        if self.fixed and self.price == 0.0:
            return True
        if self.price is None or self.owed < self.price:
            return False
        return self.fixed or self.sure or (self.young and self.ahead is None)


@dataclass(frozen=True, kw_only=True)
class DebtRule:
    """What one retraining is worth: `price` in the metric x windows, None: as `reviews_a_year` and the past say. `window` is their size in params.yaml.

    The first model of one month, with four reviews a year, is renewed at once; what is measured then decides.

    >>> from datetime import datetime
    >>> march = Window(id="2013-03", source="live", start=datetime(2013, 3, 1), end=datetime(2013, 4, 1))
    >>> same = Evidence(kind="scout", subject="overall", detector="auc", statistic=0.0, effect=0.0, low=0.0, high=0.0, n=900, n_reference=900)
    >>> memory, debt = DebtRule(reviews_a_year=4).owed(DebtMemory(), [same], march)
    >>> debt.asks, DebtRule(reviews_a_year=1).owed(DebtMemory(), [same], march)[1].asks
    (True, False)
    """

    price: float | None = None
    reviews_a_year: float = 4.0
    window: str = ""

    def owed(self, memory: DebtMemory, evidence: Sequence[Evidence], window: Window) -> tuple[DebtMemory, Debt | None]:
        """Take in what a window says; None where it says nothing of a scout: the debt is not known there.

        Raises `ParamsError` for a price that was set for windows of another size.
        """
        scout = _measured(evidence, "scout")
        if scout is None:
            return (replace(memory, waiting=memory.waiting + 1) if _labelled_unscouted(evidence) else memory), None
        after = _taken_in(self._of_this_size(memory), scout, _measured(evidence, "newer"), window)
        return after, self._debt(after, scout, window)

    def _of_this_size(self, memory: DebtMemory) -> DebtMemory:
        """The memory for windows of this size: gains of others are not added to theirs, and a price named for others is refused."""
        if memory.window and self.window and memory.window != self.window:
            if self.price is not None and memory.price == self.price:
                raise ParamsError(
                    f"the price {self.price:g} was set for windows of a {memory.window}, and data.window is {self.window} now",
                    where="params.yaml: update.price",
                    fix=f"name what one retraining is worth in the metric x {self.window}s, or null: as update.reviews_a_year says",
                )
            memory = replace(memory, gains=(), newer=(), older=0.0, older_margin=0.0, paid=0.0, waiting=0)
        return replace(memory, window=self.window or memory.window, price=self.price)

    def _debt(self, memory: DebtMemory, scout: Evidence, window: Window) -> Debt:
        worth = _worth(memory.newer)
        last = memory.gains[-1] if memory.gains else None
        step = 0.0 if last is None else last.gain / last.windows
        known = worth is not None or any(one.gain for one in memory.gains)
        ahead = step + (worth.gain if worth is not None else 0.0) if known else None
        found = Debt(total=memory.older + sum(one.gain for one in memory.gains) - memory.paid, ahead=ahead, margin=_margin(memory, worth), price=None)
        if self.price is not None:
            return replace(found, price=self.price, fixed=True)
        interval = self.interval(memory, _windows_learned(scout, memory, window), window)
        if interval is None:
            return found
        # while nothing is known of how fast a model ages any gain that is sure is worth a review
        ageing = 0.0 if worth is None else max(worth.gain, 0.0)
        return replace(found, price=ageing * interval * (interval + 1) / 2, young=interval <= 1 and scout.n_reference > 0)

    def interval(self, memory: DebtMemory, learned: float, window: Window) -> float | None:
        """Return how many windows lie between two reviews for a model that learned from `learned` windows; None: no review is left now."""
        days = days_of(window)
        a_review = YEAR_DAYS / (self.reviews_a_year * days)  # windows
        due = memory.days / days / a_review - memory.asked
        if due + ADVANCE <= 1:  # one that begins with this very day is not begun
            return None
        horizon = max(HORIZON_YEARS * YEAR_DAYS / days, HORIZON_REVIEWS * a_review)
        return max(learned * log1p(horizon / learned) / (due + horizon / a_review), 1.0)


def asked(memory: DebtMemory, debt: Debt | None) -> DebtMemory:
    """Return the memory after a candidate was asked for: it costs one price, whatever becomes of it, and one review."""
    return replace(memory, paid=memory.paid + ((debt.price if debt is not None else None) or 0.0), asked=memory.asked + 1)


def settled(memory: DebtMemory, *, rolled_back: bool = False) -> DebtMemory:
    """Return the memory under another champion: nothing is owed yet; after a rollback neither for windows up to the newest one seen."""
    since = memory.until if rolled_back else None
    return replace(memory, gains=(), older=0.0, older_margin=0.0, paid=0.0, waiting=0, since=since)


def days_of(window: Window) -> float:
    """Return how long a window is, in days; one that says no time is taken for a month.

    >>> from datetime import datetime
    >>> days_of(Window(id="2013-02", source="live", start=datetime(2013, 2, 1), end=datetime(2013, 3, 1)))
    28.0
    """
    if window.start is None or window.end is None or window.end <= window.start:
        return MONTH_DAYS
    return (window.end - window.start).total_seconds() / 86400


def _measured(evidence: Iterable[Evidence], kind: EvidenceKind) -> Evidence | None:
    return next((one for one in evidence if one.kind == kind and one.effect is not None), None)


def _labelled_unscouted(evidence: Iterable[Evidence]) -> bool:
    """Whether a window has labels and no scout was tried on it."""
    kinds = {one.kind for one in evidence if one.kind == "scout" or (one.kind == "performance" and one.statistic is not None)}
    return kinds == {"performance"}


def _taken_in(memory: DebtMemory, scout: Evidence, newer: Evidence | None, window: Window) -> DebtMemory:
    """The memory with a window's gains, in place of those that it had; its days are counted once."""
    if _is_history(memory, window):
        return memory
    before = next((one for one in (*memory.gains, *memory.newer) if one.window == window.id), None)
    windows = memory.waiting + 1 if before is None else before.windows
    fresh = before is None and (memory.until is None or window.start is None or window.start > memory.until)
    gains = _with(memory.gains, _gain(scout, window, windows, of_all=True))
    known = memory.newer if newer is None else _with(memory.newer, _gain(newer, window, windows, of_all=False))
    over = gains[:-KEPT]
    return replace(
        memory,
        gains=gains[-KEPT:],
        newer=known[-LAST:],
        older=memory.older + sum(one.gain for one in over),
        older_margin=hypot(memory.older_margin, *(one.margin for one in over)),
        days=memory.days + (days_of(window) * windows if fresh else 0.0),
        until=window.start if fresh else memory.until,
        waiting=0 if fresh else memory.waiting,
    )


def _is_history(memory: DebtMemory, window: Window) -> bool:
    """Whether a window lies before a rollback, or among those whose gains are one sum by now."""
    summed = memory.gains[0].start if len(memory.gains) >= KEPT else None
    before = window.start is not None and memory.since is not None and window.start <= memory.since
    return before or (window.start is not None and summed is not None and window.start < summed)


def _gain(one: Evidence, window: Window, windows: int, *, of_all: bool) -> Gain:
    """The gain of a piece of evidence: of all windows that it stands for, or of one of them."""
    times = windows if of_all else 1.0 / windows
    effect = one.effect or 0.0
    margin = abs(effect) if one.low is None else max(effect - one.low, 0.0)  # without an interval a gain is known to within itself
    return Gain(window=window.id, start=window.start, gain=effect * times, margin=margin * times, windows=windows)


def _with(gains: tuple[Gain, ...], one: Gain) -> tuple[Gain, ...]:
    """The gains in the order of time, with this one in place of the same window's."""
    others = (each for each in gains if each.window != one.window)
    return tuple(sorted((*others, one), key=lambda each: ("" if each.start is None else each.start.isoformat(), each.window)))


def newer_harms(memory: DebtMemory) -> bool:
    """Whether a window of newer data has surely made models worse on the last labelled windows: then what was judged is shipped, and not its refit.

    >>> from datetime import datetime
    >>> worse = Gain(window="2013-03", start=datetime(2013, 3, 1), gain=-0.02, margin=0.01)
    >>> newer_harms(DebtMemory(newer=(worse,))), newer_harms(DebtMemory(newer=(replace(worse, margin=0.03),))), newer_harms(DebtMemory())
    (True, False, False)
    """
    worth = _worth(memory.newer)
    return worth is not None and worth.gain + worth.margin < 0


def newer_worth(memory: DebtMemory) -> float | None:
    """Return what a window of newer data has brought on average, on the last labelled windows; None before the first was measured.

    >>> newer_worth(DebtMemory()) is None
    True
    """
    worth = _worth(memory.newer)
    return None if worth is None else worth.gain


def _worth(newer: Sequence[Gain]) -> Gain | None:
    """What a window of newer data has brought on average; None before the first was measured."""
    if not newer:
        return None
    newest, count = newer[-1], len(newer)
    mean, margin = sum(one.gain for one in newer) / count, hypot(*(one.margin for one in newer)) / count
    return Gain(window=newest.window, start=newest.start, gain=mean, margin=margin)


def _margin(memory: DebtMemory, worth: Gain | None) -> float:
    """The margin of the debt and the next gain together; the last gain is in both."""
    *before, last = memory.gains or (None,)
    parts = [memory.older_margin, *(one.margin for one in before if one is not None), 0.0 if worth is None else worth.margin]
    twice = 0.0 if last is None else last.margin * (1 + 1 / last.windows)
    return sqrt(sum(part * part for part in (*parts, twice)))


def _windows_learned(scout: Evidence, memory: DebtMemory, window: Window) -> float:
    """How many windows a model retrained now learns from: the rows that trained the scout against those that it is judged on, and this window.

    Where the scout does not say what trained it: the windows seen, and one before them.
    """
    if scout.n_reference and scout.n:
        return scout.n_reference / scout.n + 1
    return max(memory.days / days_of(window), 1.0) + 1


def debt_in_words(debt: Debt, *, champion: str, metric: str, window: str = "") -> str:
    """Return the sentence of a debt: what a retrained model would have gained since a champion was promoted, and what one retraining is worth.

    >>> debt_in_words(Debt(total=0.0208, ahead=0.004, margin=0.01, price=0.02), champion="v3", metric="roc_auc", window="month")
    'since v3 was promoted, a retrained model would have gained 0.0208 roc_auc·months, 0.004 more is expected next; one retraining is worth 0.02'
    """
    unit = f"{metric}·{f'{window}s' if window in ('day', 'week', 'month') else 'windows'}"
    if debt.young and debt.ahead is None:
        return f"{champion} has learned from so few {unit.partition('·')[2]} that it is renewed at each, before its ageing is known"
    more = "" if debt.ahead is None else f", {debt.ahead:.4g} more is expected next"
    said = f"since {champion} was promoted, a retrained model would have gained {debt.total:.4g} {unit}{more}"
    if debt.price is None:
        return f"{said}; no review is left for now"
    chance = "" if debt.fixed or debt.sure or debt.owed < debt.price else f", but the debt may be chance (its margin is {debt.margin:.4g})"
    return f"{said}; one retraining is worth {debt.price:.4g}{chance}"
