"""What a categorical column is counted on, learned in one pass: how often each text occurs, exactly while they are few.

Past `DISTINCT` different texts it is Misra & Gries' summary (1982; merged as in Agarwal et al., *Mergeable summaries*, 2012): a text of more than one row in
`DISTINCT` / 2 is never lost. That there are so many is found however the rows are cut; which of the rarer ones are kept can then depend on it.

>>> sketch = CategorySketch(max_categories=2) + CategorySketch(max_categories=2)
>>> sketch.add({"a": 2, "b": 1, None: 1})
>>> sketch.layout().categories, sketch.exact
(('a', 'b'), True)
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping

from keepfit.profiles.kernel import categories_of
from keepfit.records import CategoricalProfile

DISTINCT = 100_000
KNOWN = 500


class CategorySketch:
    """How often each text of a column occurs; past `DISTINCT` texts the rarest are let go, and `exact` is False."""

    def __init__(self, max_categories: int) -> None:
        self._most = max_categories
        self._seen: dict[str | None, int] = {}
        self.exact = True

    def add(self, found: Mapping[str | None, int]) -> None:
        """Take in how often each text of a batch occurs."""
        for text, count in found.items():
            self._seen[text] = self._seen.get(text, 0) + count
        if len(self._seen) > DISTINCT:
            self._let_go()

    def __add__(self, other: CategorySketch) -> CategorySketch:
        """Return the sketch of both parts' texts; neither is changed."""
        found = CategorySketch(self._most)
        found._seen, found.exact = dict(self._seen), self.exact and other.exact
        found.add(other._seen)
        return found

    def _let_go(self) -> None:
        self.exact = False
        kept = DISTINCT // 2
        floor = heapq.nlargest(kept + 1, (count for text, count in self._seen.items() if text is not None))[-1]
        self._seen = {text: count - floor for text, count in self._seen.items() if text is not None and count > floor}

    def layout(self) -> CategoricalProfile:
        """Return the column's categories, most frequent first (then by name), and its rare values, with nothing counted."""
        known = [(text, count) for text, count in self._seen.items() if text is not None]
        categories = tuple(text for text, _ in heapq.nsmallest(self._most, known, key=lambda pair: (-pair[1], pair[0])))
        named = set(categories)
        rare = tuple(sorted(text for text, _ in known if text not in named)) if self.exact and len(known) <= KNOWN else None
        return CategoricalProfile(categories=categories, counts=(0,) * len(categories), n=0, missing=0, other=0, rare=rare)

    def profile(self) -> CategoricalProfile:
        """Return the counts of all that was taken in, on the own layout; right only while `exact`."""
        return categories_of(self._seen, self.layout())
