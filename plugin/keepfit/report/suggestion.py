"""What `keepfit suggest` prints: a table of comments and below it the patch, so that all of it can be given to `git apply`."""

from __future__ import annotations

from collections.abc import Iterator

from keepfit.records.suggestion import SuggestedLine, Suggestion
from keepfit.report.tables import plain, shorten

SHOWN = 10
WIDE = 60


def suggestion_text(found: Suggestion) -> str:
    """Return the comment table and the patch.

    >>> print(suggestion_text(Suggestion(source="windows", lines=(), windows=("a",), lines_considered=3, alpha=0.02)), end="")
    # 0 lines suggested, from 1 accepted window
    # 3 lines considered share one false alarm a year: each may be false in a window with chance 0.02
    """
    return "".join(f"# {line}\n" for line in _comments(found)) + found.patch


def changed_lines(patch: str, *, most: int = 6) -> list[str]:
    r"""Return the first lines that a patch of one line of a suite adds or takes away, without the brace that opens it.

    >>> changed_lines("--- a/x\n+++ b/x\n@@ -1 +1 @@\n     {\n+    {\n+      type\n")
    ['+      type']
    """
    changed = [line for line in patch.splitlines() if line[:1] in ("+", "-") and line[:4] not in ("+++ ", "--- ") and line.strip("+- {")]
    return changed[:most]


def _comments(found: Suggestion) -> Iterator[str]:
    yield _head(found)
    yield f"{found.lines_considered} lines considered share one false alarm a year: each may be false in a window with chance {found.alpha:.2g}"
    if found.lines:
        yield from _table(found.lines)
    left = [one for one in found.not_suggested if not one.there]
    there = [one for one in found.not_suggested if one.there]
    for title, ones in (("there already", there), ("not suggested", left)):
        for one in ones[:SHOWN]:
            yield f"{title}: {plain(one.id)}: {shorten(plain(one.why), 160)}"
        if len(ones) > SHOWN:
            yield f"{title}: and {len(ones) - SHOWN} more (--json)"


def _head(found: Suggestion) -> str:
    lines = f"{len(found.lines)} line{'' if len(found.lines) == 1 else 's'} suggested"
    if not found.windows:
        return f"{lines}, from {found.source}"
    windows = f"{len(found.windows)} accepted window{'' if len(found.windows) == 1 else 's'}"
    aside = f"; left out as incidents: {', '.join(found.incidents[:SHOWN])}{' …' if len(found.incidents) > SHOWN else ''}" if found.incidents else ""
    source = "" if found.source == "windows" else f" for {plain(found.source)}"
    return f"{lines}{source}, from {windows}{aside}"


def _table(lines: tuple[SuggestedLine, ...]) -> Iterator[str]:
    """Each line with its bounds and what history says of it, those that would have caught something first."""
    ordered = sorted(lines, key=lambda one: (-len(one.caught), one.suite, one.id))
    cells = [(plain(one.id), one.change, one.severity, shorten(_bounds(one), WIDE), one.evidence) for one in ordered]
    widths = [max(len(row[at]) for row in cells) for at in range(4)]
    for row in cells:
        yield "  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]])


def _bounds(line: SuggestedLine) -> str:
    before = f" (was {line.before})" if line.before else ""
    return plain(f"{line.about} {line.bounds}{before}")
