"""How far people agree beyond what they would by chance: Cohen's kappa of two, Fleiss' kappa of any number.

1 is full agreement, 0 what chance would give, below 0 less than that. Undefined (None) where everybody always gives one and the same label.
Blind to how hard the rows are: with one rare class kappa is low though almost all answers are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def cohen_kappa(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Return Cohen's kappa (1960) of two people's labels of the same rows, in the rows' order.

    >>> cohen_kappa(["a", "a", "b", "b"], ["a", "a", "b", "a"])
    0.5
    """
    n = len(one)
    if not n:
        return None
    first, second = Counter(one), Counter(other)
    chance = sum(first[label] * second[label] for label in first) / n**2
    if chance == 1:
        return None
    return (sum(a == b for a, b in zip(one, other, strict=True)) / n - chance) / (1 - chance)


def fleiss_kappa(rows: Sequence[Sequence[str]]) -> float | None:
    """Return Fleiss' kappa (1971) of rows of labels, at least two a row, whoever gave them.

    Rows may have different numbers of labels: each counts the share of its pairs that agree, and a label's share is over all labels given. Where all
    have as many, this is Fleiss' formula.

    >>> fleiss_kappa([["a", "a", "a"], ["b", "b", "b"]])
    1.0
    """
    if not rows:
        return None
    agree, given = 0.0, Counter[str]()
    for labels in rows:
        counts = Counter(labels)
        given += counts
        agree += sum(count * (count - 1) for count in counts.values()) / (len(labels) * (len(labels) - 1))
    total = sum(given.values())
    chance = sum((count / total) ** 2 for count in given.values())
    return None if len(given) == 1 else (agree / len(rows) - chance) / (1 - chance)
