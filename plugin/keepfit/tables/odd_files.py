"""Files of a folder that cannot be taken in: where their rows lie in time, and so which windows they may have rows of.

A file is odd if it cannot be read or does not fit the others. Its own times say where its rows lie; else those of the files before and after it
by name do, if files lie in the order of time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from keepfit.errors import KeepfitError
from keepfit.records import Window

Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class OddFile:
    """A file that was left out and why; `span` are the times of its rows where they are known, `between` the times of its neighbours by name.

    `gap` is the time that usually lies between the last row of a file and the first of the next; `of` says which source it is a file of.
    """

    name: str
    error: KeepfitError
    of: str = ""
    span: Span | None = None
    between: tuple[datetime | None, datetime | None] | None = None
    gap: timedelta = timedelta(days=1)

    @property
    def sentence(self) -> str:
        """What is wrong, with the file's name."""
        return self.error.what if self.error.what.startswith(self.name) else f"{self.name}: {self.error.what}"


def odd_file(name: str, error: KeepfitError, *, of: str, spans: Mapping[str, Span], odd: Collection[str]) -> OddFile:
    """Return an odd file with its own times, or else those of the files before and after it, if files lie in the order of time.

    `spans` are the times of the files whose rows could be read, by name; `odd` the names of all odd ones.
    """
    if name in spans:
        return OddFile(name=name, error=error, of=of, span=spans[name])
    sound = sorted(one for one in spans if one not in odd)
    pairs = list(pairwise(sound))
    if not sound or any(spans[first][0] > spans[second][0] for first, second in pairs):
        return OddFile(name=name, error=error, of=of)
    before, after = [spans[one][1] for one in sound if one < name], [spans[one][0] for one in sound if one > name]
    gaps = sorted(spans[second][0] - spans[first][1] for first, second in pairs if not any(first < one < second for one in odd))
    gap = max(gaps[len(gaps) // 2], timedelta()) if gaps else OddFile.gap
    return OddFile(name=name, error=error, of=of, between=(max(before, default=None), min(after, default=None)), gap=gap)


def may_hold(odd: OddFile, window: Window, *, all_after: bool) -> bool:
    """Whether an odd file may have rows of a window, or (`all_after`) of one before it, which would move the later ones.

    Where files do not lie in the order of time it may have rows of any window, and holds none back.
    """
    if window.start is None or window.end is None:
        return False
    if odd.span is not None:
        return window.end > odd.span[0] and (all_after or window.start <= odd.span[1])
    if odd.between is None:
        return False
    before, after = odd.between
    begin = window.start if before is None else max(window.start, before)
    end = window.end if after is None or all_after else min(window.end, after)
    return end - begin > odd.gap
