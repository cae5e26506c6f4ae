"""What became of a column of texts, in a sentence: the share of words that the champion's reference does not know, and the most frequent of them."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

import pyarrow as pa

from keepfit.monitor.compare import Change
from keepfit.monitor.detectors.new_words import NewWords
from keepfit.monitor.detectors.text_change import TextChange
from keepfit.profiles.unknown_words import unknown_words
from keepfit.records import ColumnProfile, TextProfile

LIKELY = 0.05
"""Something has changed where this is asked: what is left to say is whether it is the words."""


def text_where(change: Change, layout: ColumnProfile | None, table: pa.Table | None, *, redacted: Collection[str] = ()) -> str:
    """Return what moved in a column of texts: more unknown words where there likely are, else the strongest change; '' for other columns.

    `table` are the window's rows where they are at hand: with them the most frequent unknown words are named, but for columns that are `redacted`, by
    name or pattern.
    """
    if not (isinstance(change.reference, TextProfile) and isinstance(change.current, TextProfile)):
        return ""
    new = NewWords().compare(change.reference, change.current, change.column)
    if new.p_value is None or new.p_value > LIKELY:
        return TextChange().compare(change.reference, change.current, change.column).detail
    before, now = change.reference.unseen_share or 0.0, change.current.unseen_share or 0.0
    said = f"words unknown to the reference {before:.1%} → {now:.1%}"
    hidden = any(fnmatchcase(change.column, pattern) for pattern in redacted)
    if hidden or table is None or change.column not in table.column_names or not isinstance(layout, TextProfile) or not layout.seen:
        return said
    named = [f"{one.said} (in {one.share:.0%} of the texts)" for one in unknown_words(table[change.column], layout)]
    return f"{said}; the most frequent: {', '.join(named)}" if named else said
