"""A window counted where its rows are: features and predictions of all its rows, on the champion's reference, the model asked beside them.

What labels say (the target, errors) and how columns go together (pairs, by medians of the rows at hand) is counted on the rows that were drawn:
labels come late, and for those rows alone. Parts of a window add up, so it is the same however the table is cut, but for the last digits of moments.
Blind to numeric features that are stored as text and are numbers in some batches only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import pyarrow as pa

from keepfit.monitor.champion import Champion, Scores
from keepfit.profiles.profile import merge
from keepfit.records import Profile, Window, WindowCounts
from keepfit.tables.base_windows import base_names, form_of
from keepfit.tables.features import taken_apart, with_numbers
from keepfit.tables.period_rows import Clock
from keepfit.tables.targets import number_names
from keepfit.tables.time_features import with_time_features

Ask = Callable[[pa.Table], Scores]
Parts = Mapping[str, Profile]


@dataclass(frozen=True, kw_only=True)
class CountWindow:
    """A pass over a window's rows that counts them for a champion; `ask` is what answers for its model (None: nobody, and predictions are not counted)."""

    champion: Champion
    window: Window
    there: tuple[str, ...]
    ask: Ask | None = None

    @classmethod
    def of(cls, champion: Champion, window: Window, there: Sequence[str], ask: Ask | None) -> CountWindow:
        """Count a window of a table that has these columns."""
        return cls(champion=replace(champion), window=window, there=tuple(there), ask=ask)  # a copy has computed nothing yet: it is sent to workers

    @property
    def columns(self) -> Sequence[str]:
        """The time and the model's features, as far as the table has them."""
        asked = dict.fromkeys([self._clock.column, *self.champion.meta.features])
        return [name for name in asked if name in self.there]

    def start(self, first_row: int) -> Parts:  # noqa: ARG002 - where a part begins is nothing to it
        """Nothing yet."""
        return {}

    def add(self, state: Parts, batch: pa.Table) -> Parts:
        """Count a batch's rows, each base window by itself."""
        if not batch.num_rows:
            return state
        table, _ = taken_apart(with_numbers(self._clock.timed(batch), [name for name in number_names(self.champion.params) if name in batch.column_names]))
        table = with_time_features(table, self.champion.meta.time_features)
        answered = None if self.ask is None else self.ask(self.champion.part_as_known(table).table).values
        names, counted = self._names(table), {}
        for name in dict.fromkeys(names.tolist()):
            rows = np.flatnonzero(names == name)
            own, scores = (table, answered) if len(rows) == len(names) else (table.take(rows), None if answered is None else answered[rows])
            counted[name] = self.champion.part(own, scores, replace(self.window, id=name))
        return self.join(state, counted)

    def join(self, before: Parts, after: Parts) -> Parts:
        """Add both up."""
        return {**before, **{name: _sum(before[name], part) if name in before else part for name, part in after.items()}}

    def counts(self, state: Parts, known: WindowCounts) -> WindowCounts:
        """Return what is known of the window with what the pass counted."""
        steps = tuple(state[name] for name in sorted(state))
        whole = replace(reduce(_sum, steps), window=self.window.id) if steps else None
        return replace(known, reference=self.champion.stream, profile=whole, steps=steps if len(steps) > 1 else ())

    @property
    def _clock(self) -> Clock:
        data = self.champion.params.data
        return Clock(data.time, data.timezone)

    def _names(self, table: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        form = form_of(self.champion.reference)
        return np.full(table.num_rows, self.window.id, object) if form is None else base_names(table[self._clock.column], form)


def _sum(one: Profile, other: Profile) -> Profile:
    return replace(merge(one, other), window=one.window)


def completed(profile: Profile, steps: Sequence[Profile], counts: WindowCounts) -> tuple[Profile, tuple[Profile, ...]]:
    """Return the profiles of the rows drawn with what was counted of all rows in their places; what only those drawn say stays."""
    if counts.profile is None:
        return profile, tuple(steps)
    drawn = {step.window: step for step in steps}
    return _over(profile, counts.profile), tuple(_over(drawn.get(step.window), step) for step in counts.steps)


def _over(drawn: Profile | None, counted: Profile) -> Profile:
    return counted if drawn is None else replace(counted, columns={**drawn.columns, **counted.columns}, shares=drawn.shares)
